package org.teilgeber.app.frame

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext
import java.io.OutputStream

/** Lets a person choose where a ZIP file is put, and hands over what to write it to. Nothing where none was chosen. */
@Composable
fun rememberZipSaver(onFile: (open: () -> OutputStream?) -> Unit): (name: String) -> Unit {
    val context = LocalContext.current
    val launcher =
        rememberLauncherForActivityResult(ActivityResultContracts.CreateDocument("application/zip")) { uri ->
            uri?.let { onFile { context.contentResolver.openOutputStream(it) } }
        }
    return { launcher.launch("$it.zip") }
}
