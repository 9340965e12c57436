package org.teilgeber.app.platform

import android.content.Context
import android.content.pm.PackageManager

/**
 * What only the phone can do, as small interfaces: a screen gets this holder and nothing else of the system.
 * A test passes fakes. What a phone has not, is null.
 */
class Platform(
    val camera: Camera? = null,
    val discovery: Discovery? = null,
    val hotspot: Hotspot? = null,
    val bluetooth: Bluetooth? = null,
    val networks: Networks? = null,
    val bundles: Bundles? = null,
    val staying: Staying? = null,
) {
    companion object {
        /** What this phone can do. Nothing is begun and no permission is asked for by this. */
        fun of(context: Context): Platform {
            val app = context.applicationContext

            fun has(feature: String) = app.packageManager.hasSystemFeature(feature)
            return Platform(
                camera = if (has(PackageManager.FEATURE_CAMERA_ANY)) PhoneCamera(app) else null,
                discovery = NsdDiscovery(app),
                hotspot = if (has(PackageManager.FEATURE_WIFI)) LocalHotspot(app) else null,
                bluetooth = if (has(PackageManager.FEATURE_BLUETOOTH_LE)) PhoneBluetooth.of(app) else null,
                networks = PhoneNetworks(app),
                bundles = SharedBundles(app),
                staying = SyncService.Starter(app),
            )
        }
    }
}
