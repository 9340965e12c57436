package org.teilgeber.app.notes

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Tag
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.NotesPlace(place: Place) {
    val model = models.of(place) { NotesModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : NotesActs {
            override fun open(note: Id) = navigator.open(Place(Screen.NOTE, note))

            override fun write() = navigator.open(Place(Screen.NOTE))

            override fun openThings() = navigator.open(Place(Screen.OPEN))

            override fun show(tag: Tag?) = model.show(tag)

            override fun more() = model.more()
        }
    NotesScreen(state, acts)
}

@Composable
fun Frame.NotePlace(place: Place) {
    val model =
        models.of(place) {
            NoteModel(core, place.id, session = place.more) { navigator.became(place, place.copy(id = it)) }
        }
    val state by model.state.collectAsStateWithLifecycle()
    // Whatever takes the screen away, the words are on disk: another app, the screen going dark, going back.
    LifecycleStartEffect(model) { onStopOrDispose { model.save() } }
    NoteScreen(
        state,
        model.editor.text,
        onErase = {
            navigator.back()
            model.erase()
        },
    )
}
