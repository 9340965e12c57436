package org.teilgeber.app.platform

import android.Manifest.permission
import android.app.Application
import android.app.NotificationManager
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.net.ConnectivityManager
import android.net.Uri
import android.net.wifi.WifiManager
import android.util.Size
import androidx.activity.ComponentActivity
import androidx.test.core.app.ApplicationProvider
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.teilgeber.BundleOf
import org.teilgeber.Config
import org.teilgeber.Device
import org.teilgeber.Event
import org.teilgeber.NewPost
import org.teilgeber.PostFilter
import org.teilgeber.Wifi
import java.io.File
import java.io.IOException

/** What of the phone's own parts can be tried without a phone: what they ask for, say, and let go of. */
@RunWith(RobolectricTestRunner::class)
class PhoneTest {
    private val context: Context = ApplicationProvider.getApplicationContext()

    @Test
    fun `nothing is asked for that the system does not want`() {
        assertEquals(listOf(permission.ACCESS_FINE_LOCATION), Need.HOTSPOT.permissions(32))
        assertEquals(listOf(permission.NEARBY_WIFI_DEVICES), Need.HOTSPOT.permissions(33))
        assertEquals(listOf(permission.ACCESS_FINE_LOCATION), Need.BLUETOOTH.permissions(30))
        assertEquals(3, Need.BLUETOOTH.permissions(31).size)
        assertEquals(emptyList<String>(), Need.NOTIFICATION.permissions(32))
        assertEquals(emptyList<String>(), Need.LOCAL_NETWORK.permissions(36))
        assertEquals(listOf("android.permission.ACCESS_LOCAL_NETWORK"), Need.LOCAL_NETWORK.permissions(37))
    }

    @Test
    fun `the manifest names all that is asked for, and each refusal has a way on in words`() {
        // What is limited to older systems is not in the manifest that this one read.
        val manifest = File("src/main/AndroidManifest.xml").readText()
        for (need in Need.entries) {
            (26..37).flatMap(need::permissions).forEach { assertTrue("$need: $it", "\"$it\"" in manifest) }
            assertTrue(context.getString(need.wayOn).isNotBlank())
        }
    }

    @Test
    fun `what is allowed is not asked for, and a refusal is told`() =
        runBlocking {
            val controller = Robolectric.buildActivity(ComponentActivity::class.java)
            val permissions = ActivityPermissions(controller.get())
            controller.setup()
            val activity = shadowOf(controller.get())
            val application = shadowOf(controller.get().application)
            assertFalse(permissions.has(Need.CAMERA))
            val asking = async(Dispatchers.Unconfined) { permissions.ask(Need.CAMERA) }
            val request = activity.lastRequestedPermission
            assertArrayEquals(arrayOf(permission.CAMERA), request.requestedPermissions)
            controller.get().onRequestPermissionsResult(
                request.requestCode,
                request.requestedPermissions,
                intArrayOf(-1),
            )
            assertEquals(Answer.REFUSED_FOR_GOOD, asking.await())
            application.grantPermissions(permission.CAMERA)
            assertEquals(Answer.ALLOWED, permissions.ask(Need.CAMERA))
            assertEquals(Answer.ALLOWED, permissions.ask(Need.LOCAL_NETWORK))
        }

    @Test
    fun `it stays in the foreground until the person ends it at the notification`() {
        val staying = SyncService.Starter(context)
        staying.begin()
        assertTrue(staying.wanted.value)
        val started = shadowOf(context as Application).nextStartedService
        val controller = Robolectric.buildService(SyncService::class.java, started).create().startCommand(0, 1)
        val service = shadowOf(controller.get())
        assertFalse(service.isForegroundStopped)
        assertEquals(ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE, controller.get().foregroundServiceType)
        val notification = service.lastForegroundNotification
        assertNotNull(
            context.getSystemService(NotificationManager::class.java).getNotificationChannel(notification.channelId),
        )

        val end = shadowOf(notification.actions.single().actionIntent).savedIntent
        controller.get().onStartCommand(end, 0, 2)
        assertFalse(staying.wanted.value)
        assertTrue(service.isForegroundStopped)
        assertTrue(service.isStoppedBySelf)
    }

    @Test
    fun `the system's callback for networks is taken back`() =
        runBlocking {
            val manager = shadowOf(context.getSystemService(ConnectivityManager::class.java))
            val states = mutableListOf<NetworkState>()
            val following =
                launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) {
                    PhoneNetworks(context).states().collect { states += it }
                }
            assertEquals(NetworkState(null), states.first())
            val callback = manager.networkCallbacks.single()
            val network = context.getSystemService(ConnectivityManager::class.java).activeNetwork!!
            callback.onAvailable(network)
            callback.onLost(network)
            assertEquals(listOf(null, network.networkHandle, null), states.map { it.network })
            following.cancelAndJoin()
            assertTrue(manager.networkCallbacks.isEmpty())
        }

    @Test
    fun `what one phone shares the other one takes in`() =
        runBlocking {
            val ada = Device.open(Config(File(context.filesDir, "ada").path))
            val bob = Device.open(Config(File(context.filesDir, "bob").path))
            val event = ada.createEvent(Event("Mill", "2026-11-21", "2026-11-22", "Europe/Berlin"))
            bob.join(ada.joinCode(event, emptyList()))
            ada.writePost(event, NewPost(text = "The coffee is ready"))
            val bundles = SharedBundles(context)
            val chooser = bundles.sharing("Mill / 2026") { ada.writeBundle(BundleOf.Event(event), it) }
            val send = chooser.getParcelableExtra(Intent.EXTRA_INTENT, Intent::class.java)!!
            assertEquals(BUNDLE_TYPE, send.type)
            assertTrue(send.flags and Intent.FLAG_GRANT_READ_URI_PERMISSION != 0)
            val uri = handedOver(send)!!
            assertEquals("Mill - 2026.teilgeber", uri.lastPathSegment)
            assertTrue(bundles.reading(uri) { bob.readBundle(it) }.check.whole)
            assertEquals(1, bob.posts(event, PostFilter(), null, 9u).size)
            assertEquals(emptyList<String>(), context.cacheDir.list()!!.filter { it.startsWith("opened") })
            listOf(ada, bob).forEach { it.shut() }
        }

    @Test
    fun `a bundle that is gone is an error of the file`() =
        runBlocking {
            val gone = Uri.parse("content://${context.packageName}.bundles/bundles/gone.teilgeber")
            val failed = runCatching { SharedBundles(context).reading(gone) { } }.exceptionOrNull()
            assertTrue("$failed", failed is IOException)
        }

    @Test
    fun `only content of other apps is taken in`() {
        assertNull(handedOver(Intent(Intent.ACTION_MAIN)))
        assertNull(
            handedOver(Intent(Intent.ACTION_VIEW, Uri.parse("file:///data/data/org.teilgeber.app/files/home/db"))),
        )
        val content = Uri.parse("content://there/x.teilgeber")
        assertEquals(content, handedOver(Intent(Intent.ACTION_VIEW, content)))
        assertEquals("bundle", fileName("///"))
        val resolved =
            context.packageManager.queryIntentActivities(
                Intent(Intent.ACTION_VIEW).setDataAndType(content, BUNDLE_TYPE),
                0,
            )
        assertEquals(listOf("org.teilgeber.app.MainActivity"), resolved.map { it.activityInfo.name })
    }

    @Test
    fun `why there is no hotspot is named by what to do`() {
        val incompatible = WifiManager.LocalOnlyHotspotCallback.ERROR_INCOMPATIBLE_MODE
        assertEquals(HotspotState.Why.SHARING_ALREADY, whyOf(incompatible))
        assertEquals(HotspotState.Why.OTHER_PHONE, whyOf(WifiManager.LocalOnlyHotspotCallback.ERROR_NO_CHANNEL))
        assertNull(wifiOf(null, "secret"))
        assertEquals(Wifi("AndroidShare_1234", "secret"), wifiOf("AndroidShare_1234", "secret"))
    }

    @Test
    fun `pictures are about a megapixel`() {
        val sizes = listOf(Size(4000, 3000), Size(1280, 960), Size(320, 240), Size(1280, 720))
        assertEquals(Size(1280, 720), sizeForCodes(sizes))
        assertEquals(Size(1280, 720), sizeForCodes(emptyList()))
    }

    @Test
    fun `a phone's parts are made without asking or beginning anything`() {
        val platform = Platform.of(context)
        assertNotNull(platform.discovery)
        assertNotNull(platform.bundles)
        assertTrue(shadowOf(context.getSystemService(ConnectivityManager::class.java)).networkCallbacks.isEmpty())
    }
}
