package org.teilgeber.app.frame

import android.os.Build
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import org.teilgeber.app.platform.Need

/** Whether a person allowed something. [refused] once they were asked and said no. */
class Asking(
    val allowed: Boolean,
    val refused: Boolean,
    val ask: () -> Unit,
)

/** Asks a person to allow what is needed, when they want the thing and not before. [onAllowed] is told the answer *yes*. */
@Composable
fun rememberAsking(
    need: Need,
    onAllowed: () -> Unit = {},
): Asking {
    val context = LocalContext.current
    var allowed by remember { mutableStateOf(need.isAllowed(context)) }
    var refused by rememberSaveable { mutableStateOf(false) }
    val launcher =
        rememberLauncherForActivityResult(RequestMultiplePermissions()) {
            allowed = need.isAllowed(context)
            refused = !allowed
            if (allowed) onAllowed()
        }
    return Asking(allowed, refused) {
        if (need.isAllowed(context)) onAllowed() else launcher.launch(need.permissions(Build.VERSION.SDK_INT).toTypedArray())
    }
}
