package org.teilgeber.app.rooms

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.PostRecord
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.RoomsPlace(place: Place) {
    val model = models.of(place) { RoomsModel(core, place.id) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : RoomsActs {
            override fun openSession(session: Id) = navigator.open(Place(Screen.SESSION, session))

            override fun openPerson(person: Id) = navigator.open(Place(Screen.PERSON, person))

            override fun answer(post: PostRecord?) = model.answer(post)

            override fun post(
                words: String,
                then: () -> Unit,
            ) {
                model.post(words, then)
            }

            override fun erase(post: Id) {
                model.erase(post)
            }

            override fun mute(person: Id) {
                model.mute(person)
            }

            override fun more() = model.more()
        }
    RoomsScreen(state, acts)
}
