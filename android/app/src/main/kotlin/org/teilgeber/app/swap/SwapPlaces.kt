package org.teilgeber.app.swap

import android.app.Activity
import android.view.WindowManager
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.compose.LifecycleStartEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Field
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.frame.rememberAsking
import org.teilgeber.app.frame.rememberFilePicker
import org.teilgeber.app.platform.Need
import org.teilgeber.app.platform.codes

@Composable
fun Frame.SwapPlace(place: Place) {
    val model = models.of(place) { SwapModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val asking = rememberAsking(Need.CAMERA)
    var gone by remember { mutableStateOf(false) }
    val camera = core.platform.camera
    val take = { code: String -> navigator.open(Place(Screen.SCANNED, more = code)) }
    val pick = rememberFilePicker("image/*") { model.picture(it, take) }
    LifecycleStartEffect(model) {
        model.show()
        onStopOrDispose { model.hide() }
    }
    Bright()
    val acts =
        object : SwapActs {
            override fun choose(field: Field, give: Boolean) {
                model.choose(field, give)
            }

            override fun name(name: String) {
                model.name(name)
            }

            override fun useCamera() = asking.ask()

            override fun openPicture() = pick()

            override fun take(code: String) = take(code)
        }
    val sight =
        when {
            camera == null || gone -> Sight.NONE
            asking.allowed -> Sight.SEES
            asking.refused -> Sight.REFUSED
            else -> Sight.ASK
        }
    SwapScreen(state, sight, acts) { modifier ->
        camera?.let {
            CameraView(it, { gone = true }, modifier) { pictures ->
                // Beside a detail this goes on looking: not while a code is being looked at.
                pictures.codes().collect { code -> if (navigator.top == place) take(code) }
            }
        }
    }
}

@Composable
fun Frame.ScannedPlace(place: Place) {
    val code = place.more ?: return
    val model = models.of(place) { ScannedModel(core, code) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : ScannedActs {
            override fun add(memo: String, promise: String, answer: Boolean) {
                model.add(memo, promise, answer)
            }

            override fun join() {
                model.join(navigator::back)
            }

            override fun dial() {
                model.dial(navigator::back)
            }

            override fun keep() {
                model.keep(navigator::back)
            }

            override fun done() = navigator.back()
        }
    ScannedScreen(state, code, acts)
}

/** The screen as bright as it goes, for cameras, while this is shown. */
@Composable
private fun Bright() {
    val window = (LocalContext.current as? Activity)?.window ?: return
    DisposableEffect(window) {
        fun shine(brightness: Float) {
            window.attributes = window.attributes.apply { screenBrightness = brightness }
        }
        shine(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_FULL)
        onDispose { shine(WindowManager.LayoutParams.BRIGHTNESS_OVERRIDE_NONE) }
    }
}
