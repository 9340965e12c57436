package org.teilgeber.app.today

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.Tab

@Composable
fun Frame.TodayPlace(place: Place) {
    val model = models.of(place) { TodayModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : TodayActs {
            override fun write(session: Id?) = navigator.open(Place(Screen.NOTE, more = session))

            override fun openSession(session: Id) = Unit

            override fun seen(session: Id) {
                model.seen(session)
            }

            override fun settle(session: Id) = navigator.go(Tab.BOARD)

            override fun openThings() = Unit

            override fun join() = Unit

            override fun create() = Unit
        }
    TodayScreen(state, acts)
}
