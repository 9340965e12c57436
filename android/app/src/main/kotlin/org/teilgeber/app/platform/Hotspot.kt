package org.teilgeber.app.platform

import android.annotation.SuppressLint
import android.content.Context
import android.net.wifi.WifiManager
import android.os.Build
import android.os.Handler
import android.os.Looper
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import org.teilgeber.Wifi

/** How a hotspot of this phone is. */
sealed interface HotspotState {
    data object Opening : HotspotState

    /** Others can join it: by the code of [wifi], or by the host code that holds it too. */
    data class Open(
        val wifi: Wifi,
    ) : HotspotState

    /** It cannot be opened (any more), and why. */
    data class Closed(
        val why: Why,
    ) : HotspotState

    /** Named by what the person does next. */
    enum class Why {
        /** [Need.HOTSPOT] was not allowed, or the location is switched off: allow it, or use another way. */
        ALLOW_IT,

        /** The phone's own hotspot is on: others join that, or it is switched off. */
        SHARING_ALREADY,

        /** This phone may not, or cannot now: let the other one open theirs, or use another way. */
        OTHER_PHONE,

        /** It was open and ended: open it again. */
        AGAIN,
    }
}

/** A network of this phone without the internet, for those around. */
interface Hotspot {
    /** Open for as long as this is collected. The person allowed [Need.HOTSPOT] before. */
    fun open(): Flow<HotspotState>
}

/** Android's local-only hotspot, whose name and password the system makes up. */
class LocalHotspot(
    private val context: Context,
) : Hotspot {
    @SuppressLint("MissingPermission") // Without it this is a SecurityException, which is told.
    override fun open(): Flow<HotspotState> =
        callbackFlow {
            var reservation: WifiManager.LocalOnlyHotspotReservation? = null

            fun close(why: HotspotState.Why) {
                trySend(HotspotState.Closed(why))
                close()
            }
            val callback =
                object : WifiManager.LocalOnlyHotspotCallback() {
                    override fun onStarted(started: WifiManager.LocalOnlyHotspotReservation) {
                        reservation = started
                        val wifi = started.wifi()
                        if (wifi == null) close(HotspotState.Why.OTHER_PHONE) else trySend(HotspotState.Open(wifi))
                        if (isClosedForSend) started.close()
                    }

                    override fun onStopped() = close(HotspotState.Why.AGAIN)

                    override fun onFailed(reason: Int) = close(whyOf(reason))
                }
            trySend(HotspotState.Opening)
            try {
                context
                    .getSystemService(WifiManager::class.java)
                    .startLocalOnlyHotspot(callback, Handler(Looper.getMainLooper()))
            } catch (_: SecurityException) {
                close(HotspotState.Why.ALLOW_IT)
            } catch (_: IllegalStateException) {
                // This app has one open already.
                close(HotspotState.Why.AGAIN)
            }
            awaitClose { reservation?.close() }
        }

    private fun WifiManager.LocalOnlyHotspotReservation.wifi(): Wifi? =
        if (Build.VERSION.SDK_INT >= 30) {
            @Suppress("DEPRECATION") // The one that replaces it is of API 33.
            softApConfiguration.run { wifiOf(ssid, passphrase) }
        } else {
            @Suppress("DEPRECATION")
            wifiConfiguration?.run { wifiOf(SSID, preSharedKey) }
        }
}

/** What the code needs to know. */
fun wifiOf(
    ssid: String?,
    password: String?,
): Wifi? = ssid?.takeIf { it.isNotEmpty() }?.let { Wifi(it, password) }

fun whyOf(reason: Int): HotspotState.Why =
    when (reason) {
        WifiManager.LocalOnlyHotspotCallback.ERROR_INCOMPATIBLE_MODE -> HotspotState.Why.SHARING_ALREADY
        else -> HotspotState.Why.OTHER_PHONE
    }
