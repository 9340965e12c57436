package org.teilgeber.app.first

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.rememberCoroutineScope
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import kotlinx.coroutines.launch
import org.teilgeber.Audience
import org.teilgeber.app.core.Core
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.rememberFilePicker

/** Before anything else, once. [onBegun] leads into the app, to a place where one is wanted. */
@Composable
fun FirstRun(
    core: Core,
    onBegun: (Place?) -> Unit,
) {
    val scope = rememberCoroutineScope()

    fun begin(
        name: String?,
        place: Place? = null,
    ) {
        scope.launch {
            core.notices.saying {
                if (name != null) {
                    val profile = core.device.profile()
                    core.device.setProfile(profile.copy(name = name, nameFor = Audience.CONTACTS))
                }
                core.choices.begun = true
                onBegun(place)
            }
        }
    }
    FirstRunScreen({ begin(it) }, { begin(it, Place(Screen.JOIN)) })
}

@Composable
fun Frame.JoinPlace(place: Place) {
    val model = models.of(place) { JoinModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val pick = rememberFilePicker("*/*") { model.import(it, navigator::back) }
    JoinScreen(state, { model.join(it, navigator::back) }, pick)
}

@Composable
fun Frame.CreatePlace(place: Place) {
    val model = models.of(place) { JoinModel(core) }
    CreateScreen { name, days, rooms -> model.create(name, days, rooms, navigator::back) }
}
