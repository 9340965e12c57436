package org.teilgeber.app.notes

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.NotesPlace(place: Place) {
    val model = models.of(place) { NotesModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    NotesScreen(
        state,
        onOpen = { navigator.open(Place(Screen.NOTE, it)) },
        onNew = { navigator.open(Place(Screen.NOTE)) },
    )
}

@Composable
fun Frame.NotePlace(place: Place) {
    val model = models.of(place) { NoteModel(core, place.id, session = place.more) }
    val state by model.state.collectAsStateWithLifecycle()
    // Whatever takes the screen away, the words are on disk: another app, the screen going dark, going back.
    LifecycleStartEffect(model) { onStopOrDispose { model.save() } }
    NoteScreen(
        state,
        model.editor.text,
        onErase = {
            model.erase()
            navigator.back()
        },
    )
}
