package org.teilgeber.app.event

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.rememberFilePicker
import org.teilgeber.app.frame.rememberZipSaver

@Composable
fun Frame.EventPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { EventModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    val pick = rememberFilePicker("*/*") { model.import(it) }
    val save = rememberZipSaver { model.archive(it) }
    val acts =
        object : EventActs {
            override fun invite() = navigator.open(Place(Screen.INVITE, id))

            override fun appear(appear: Boolean) {
                model.appear(appear)
            }

            override fun changeMe() = navigator.open(Place(Screen.ME))

            override fun withdraw() {
                model.withdraw()
            }

            override fun show() = model.show()

            override fun keep(keep: Boolean) {
                model.keep(keep)
            }

            override fun import() = pick()

            override fun archive() = save(state.record?.name.orEmpty())

            override fun feedback() = navigator.open(Place(Screen.FEEDBACK, id))

            override fun report() = navigator.open(Place(Screen.REPORT, id))

            override fun join() = navigator.open(Place(Screen.JOIN))

            override fun create() = navigator.open(Place(Screen.CREATE))

            override fun leave() {
                model.leave(navigator::back)
            }
        }
    EventScreen(state, acts)
}

@Composable
fun Frame.InvitePlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { InviteModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    InviteScreen(state)
}

@Composable
fun Frame.FeedbackPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { EventModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    FeedbackScreen(state) { answers, words, signed -> model.feedback(answers, words, signed, navigator::back) }
}

@Composable
fun Frame.ReportPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { EventModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    ReportScreen(state) { to, words, signed -> model.report(to, words, signed, navigator::back) }
}
