package org.teilgeber.app.platform

import android.Manifest.permission
import android.content.Context
import android.content.pm.PackageManager
import android.os.Build
import android.os.Build.VERSION_CODES.S
import android.os.Build.VERSION_CODES.TIRAMISU
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.annotation.StringRes
import kotlinx.coroutines.CompletableDeferred
import org.teilgeber.app.R

/**
 * What a person may be asked to allow, at the moment in which it is needed and never before.
 * [wayOn] says what goes without it.
 */
enum class Need(
    @StringRes val wayOn: Int,
) {
    CAMERA(R.string.refused_camera),
    HOTSPOT(R.string.refused_hotspot),
    BLUETOOTH(R.string.refused_bluetooth),
    LOCAL_NETWORK(R.string.refused_local_network),

    /** To be seen while it syncs. It syncs without it too. */
    NOTIFICATION(R.string.refused_notification),
    ;

    /** What a system of this version wants to be asked for. */
    fun permissions(sdk: Int): List<String> =
        when (this) {
            CAMERA -> listOf(permission.CAMERA)
            HOTSPOT -> listOf(if (sdk >= TIRAMISU) permission.NEARBY_WIFI_DEVICES else permission.ACCESS_FINE_LOCATION)
            BLUETOOTH -> if (sdk >= S) bluetooth else listOf(permission.ACCESS_FINE_LOCATION)
            LOCAL_NETWORK -> listOf("android.permission.ACCESS_LOCAL_NETWORK").takeIf { sdk >= API_37 }.orEmpty()
            NOTIFICATION -> listOf(permission.POST_NOTIFICATIONS).takeIf { sdk >= TIRAMISU }.orEmpty()
        }

    /** Whether all of it is allowed already. */
    fun isAllowed(
        context: Context,
        sdk: Int = Build.VERSION.SDK_INT,
    ) = permissions(sdk).all { context.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }

    private companion object {
        const val API_37 = 37
        val bluetooth =
            listOf(permission.BLUETOOTH_SCAN, permission.BLUETOOTH_ADVERTISE, permission.BLUETOOTH_CONNECT)
    }
}

/** What came of asking. */
enum class Answer {
    ALLOWED,

    /** Not now: it may be asked again when the person wants the thing again. */
    REFUSED,

    /** The system asks no more: only its settings can change it. */
    REFUSED_FOR_GOOD,
}

/** Asks a person to allow what is needed now. */
interface Permissions {
    fun has(need: Need): Boolean

    /** Asks, unless it is allowed already. */
    suspend fun ask(need: Need): Answer
}

/** Asks by the system's dialogues. Made in `onCreate` of the activity, as its results want it. One question at a time. */
class ActivityPermissions(
    private val activity: ComponentActivity,
    private val sdk: Int = Build.VERSION.SDK_INT,
) : Permissions {
    private var waiting: CompletableDeferred<Map<String, Boolean>>? = null
    private val launcher =
        activity.registerForActivityResult(RequestMultiplePermissions()) { waiting?.complete(it) }

    override fun has(need: Need) = need.isAllowed(activity, sdk)

    override suspend fun ask(need: Need): Answer {
        if (has(need)) return Answer.ALLOWED
        val permissions = need.permissions(sdk)
        val answers = CompletableDeferred<Map<String, Boolean>>()
        waiting?.cancel()
        waiting = answers
        launcher.launch(permissions.toTypedArray())
        answers.await()
        return when {
            has(need) -> Answer.ALLOWED
            permissions.any(activity::shouldShowRequestPermissionRationale) -> Answer.REFUSED
            else -> Answer.REFUSED_FOR_GOOD
        }
    }
}
