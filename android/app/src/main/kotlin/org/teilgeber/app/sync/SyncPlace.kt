package org.teilgeber.app.sync

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.Tab
import org.teilgeber.app.frame.rememberAsking
import org.teilgeber.app.platform.Need

@Composable
fun Frame.SyncPlace(place: Place) {
    val model = models.of(place) { SyncModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val context = LocalContext.current
    val hotspot = rememberAsking(Need.HOTSPOT, model::openHotspot)
    val bluetooth = rememberAsking(Need.BLUETOOTH) { model.radio(true) }
    val pick = rememberLauncherForActivityResult(ActivityResultContracts.OpenDocument()) { uri -> uri?.let(model::open) }
    val acts =
        object : SyncActs {
            override fun pause(pause: Boolean) {
                model.pause(pause)
            }

            override fun showHost() {
                model.showHost()
            }

            override fun hideHost() = model.hideHost()

            override fun openHotspot() = if (core.platform.hotspot == null) refuse(Need.HOTSPOT) else hotspot.ask()

            override fun bluetooth(on: Boolean) =
                when {
                    !on -> model.radio(false)
                    core.platform.bluetooth == null -> refuse(Need.BLUETOOTH)
                    else -> bluetooth.ask()
                }

            override fun dial(address: String) {
                model.dial(address)
            }

            override fun scan() = navigator.go(Tab.SWAP)

            override fun share() {
                model.share(context::startActivity)
            }

            override fun openBundle() = pick.launch(arrayOf("*/*"))

            override fun join() = navigator.open(Place(Screen.JOIN))
        }
    SyncScreen(state, acts)
}

/** Says what goes without it. */
private fun Frame.refuse(need: Need) = core.notices.say(need.wayOn)
