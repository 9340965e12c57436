package org.teilgeber.app.messages

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.MessagesPlace(place: Place) {
    val model = models.of(place) { MessagesModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    MessagesScreen(state) { navigator.open(Place(Screen.CONVERSATION, it)) }
}

@Composable
fun Frame.ConversationPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { ConversationModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    ConversationScreen(state, { words, then -> model.write(words, then) }, { model.erase(it) })
}
