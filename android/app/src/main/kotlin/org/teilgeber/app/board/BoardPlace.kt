package org.teilgeber.app.board

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Placement
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.session.code

@Composable
fun Frame.BoardPlace(place: Place) {
    val model = models.of(place) { BoardModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : BoardActs {
            override fun open(session: Id) = navigator.open(Place(Screen.SESSION, session))

            override fun star(
                session: Id,
                star: Boolean,
            ) {
                model.star(session, star)
            }

            override fun pitch(place: Placement?) = navigator.open(Place(Screen.PITCH, more = place?.code()))

            override fun show(filter: BoardFilter) = model.show(filter)
        }
    BoardScreen(state, acts)
}
