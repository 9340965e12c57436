package org.teilgeber.app.frame

import android.content.Context
import android.content.pm.PackageManager
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
    val permissions = remember(need) { need.permissions(Build.VERSION.SDK_INT) }
    var allowed by remember { mutableStateOf(context.allows(permissions)) }
    var refused by rememberSaveable { mutableStateOf(false) }
    val launcher =
        rememberLauncherForActivityResult(RequestMultiplePermissions()) {
            allowed = context.allows(permissions)
            refused = !allowed
            if (allowed) onAllowed()
        }
    return Asking(allowed, refused) {
        if (context.allows(permissions)) onAllowed() else launcher.launch(permissions.toTypedArray())
    }
}

private fun Context.allows(permissions: List<String>) =
    permissions.all { checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }
