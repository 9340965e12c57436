package org.teilgeber.app.today

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.TodayPlace(place: Place) {
    val model = models.of(place) { TodayModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : TodayActs {
            override fun write(session: Id?) = navigator.open(Place(Screen.NOTE, more = session))

            override fun openSession(session: Id) = navigator.open(Place(Screen.SESSION, session))

            override fun seen(session: Id) {
                model.seen(session)
            }

            override fun settle(session: Id) = navigator.open(Place(Screen.SESSION, session))

            override fun openThings() = navigator.open(Place(Screen.OPEN))

            override fun join() = navigator.open(Place(Screen.JOIN))

            override fun create() = navigator.open(Place(Screen.CREATE))
        }
    TodayScreen(state, acts)
}
