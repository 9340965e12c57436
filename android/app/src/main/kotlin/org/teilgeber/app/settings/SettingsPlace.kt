package org.teilgeber.app.settings

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.rememberZipSaver

@Composable
fun Frame.SettingsPlace(place: Place) {
    val scratch = LocalContext.current.cacheDir
    val model = models.of(place) { SettingsModel(core, scratch) }
    val state by model.state.collectAsStateWithLifecycle()
    var keys by rememberSaveable { mutableStateOf(false) }
    val save = rememberZipSaver { model.export(keys, it) }
    SettingsScreen(
        state,
        keys,
        onKeys = { keys = it },
        onExport = { save("teilgeber") },
        onClear = { model.clearPhotos() },
        onUnmute = { model.unmute(it) },
    )
}
