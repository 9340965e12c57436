package org.teilgeber.app.session

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Placement
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.rememberFilePicker

@Composable
fun Frame.SessionPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { SessionModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    val pick = rememberFilePicker("image/*") { model.addPhoto(it) }
    val acts =
        object : SessionActs {
            override fun star(star: Boolean) {
                model.star(star)
            }

            override fun note(id: Id?) = navigator.open(Place(Screen.NOTE, id, place.id))

            override fun openPad() = navigator.open(Place(Screen.PAD, id))

            override fun openSession(id: Id) = navigator.open(Place(Screen.SESSION, id))

            override fun choosePlace() = navigator.open(Place(Screen.CHOOSE_PLACE, id))

            override fun place(place: Placement) {
                model.place(place)
            }

            override fun post(text: String) {
                model.post(text)
            }

            override fun erasePost(id: Id) {
                model.erasePost(id)
            }

            override fun addPhoto() = pick()

            override fun document() = navigator.open(Place(Screen.DOCUMENTATION, id))

            override fun anchor() {
                model.anchor()
            }

            override fun edit() = navigator.open(Place(Screen.PITCH, id))

            override fun erase() {
                navigator.back()
                model.erase()
            }
        }
    SessionScreen(state, acts)
}

/** A new session, for the place that [Place.more] names, or one that is changed. */
@Composable
fun Frame.PitchPlace(place: Place) {
    val model = models.of(place) { PitchModel(core, place.id) }
    val state by model.state.collectAsStateWithLifecycle()
    PitchScreen(state, place.more?.let(::placementOf)) { draft, where ->
        if (place.id == null) {
            model.pitch(draft, where) { navigator.replace(Place(Screen.SESSION, it)) }
        } else {
            model.change(draft, navigator::back)
        }
    }
}

@Composable
fun Frame.ChoosePlace(place: Place) {
    val model = models.of(place) { PitchModel(core, place.id) }
    val state by model.state.collectAsStateWithLifecycle()
    PlaceScreen(state) { model.place(it, navigator::back) }
}

@Composable
fun Frame.PadPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { PadModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    LifecycleStartEffect(model) { onStopOrDispose { model.save() } }
    PadScreen(state, model.editor.text)
}

@Composable
fun Frame.DocumentationPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { DocumentationModel(core, id) }
    val text by model.state.collectAsStateWithLifecycle()
    DocumentationScreen(text)
}

/** A placement as a place on the way can hold it. */
fun Placement.code() = "$start $minutes $room"

private fun placementOf(code: String): Placement {
    val (start, minutes, room) = code.split(' ', limit = 3)
    return Placement(room, start.toULong(), minutes.toUShort())
}
