package org.teilgeber.app.board

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Placement
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place

@Composable
fun Frame.BoardPlace(place: Place) {
    val model = models.of(place) { BoardModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : BoardActs {
            override fun open(session: Id) = Unit

            override fun star(
                session: Id,
                star: Boolean,
            ) {
                model.star(session, star)
            }

            override fun pitch(place: Placement?) = Unit

            override fun show(filter: BoardFilter) = model.show(filter)
        }
    BoardScreen(state, acts)
}
