package org.teilgeber.app

import android.content.Intent
import android.net.Uri
import androidx.compose.ui.test.hasText
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.teilgeber.NearLink
import org.teilgeber.Rung
import org.teilgeber.Situation
import org.teilgeber.Standing
import org.teilgeber.Wifi
import org.teilgeber.app.core.Core
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.platform.Bundles
import org.teilgeber.app.platform.HotspotState
import org.teilgeber.app.platform.Platform
import org.teilgeber.app.sync.HostShown
import org.teilgeber.app.sync.SyncActs
import org.teilgeber.app.sync.SyncModel
import org.teilgeber.app.sync.SyncScreen
import org.teilgeber.app.sync.SyncState
import org.teilgeber.app.sync.keepLinksWhile
import org.teilgeber.qrModules
import org.teilgeber.wifiCode
import java.io.File
import java.time.Duration

/** Where a phone stands with others, and the ways that a person has. */
class SyncTest : ScreenTest() {
    private val ada = runBlocking { Home.open() }
    private val bob = runBlocking { Home.open() }
    private val file = File.createTempFile("handed", ".teilgeber")

    @After
    fun shut() =
        runBlocking {
            ada.shut()
            bob.shut()
            file.delete()
            Unit
        }

    @Test
    fun whatOneHandsOverAsAFileTheOtherOneReads() {
        val camp = runBlocking { ada.device.camp() }
        runBlocking { bob.device.join(ada.device.joinCode(camp.event, emptyList())) }
        val handed = mutableListOf<Intent>()
        val adas = SyncModel(ada.over(OneFile(file)))
        adas.share { handed += it }
        rule.until { handed.isNotEmpty() }
        adas.close()
        val bobs = SyncModel(bob.over(OneFile(file)))
        bobs.open(Uri.fromFile(file))
        rule.until { bobs.state.value.read != null }
        val report = bobs.state.value.read!!
        bobs.close()
        assertTrue(report.check.whole)
        assertEquals("Barcamp Mühlental", report.spaces.single().name)
        assertTrue(runBlocking { bob.device.sessionsCalled("Local first", 9u) }.isNotEmpty())
    }

    @Test
    fun whileTheAppIsSeenItStandsSomewhereAndPausesAndGoesOn() {
        val seen = MutableStateFlow(true)
        val keeping = CoroutineScope(Dispatchers.Main)
        keeping.launch { ada.core.keepLinksWhile(seen) }
        val model = SyncModel(ada.core)
        try {
            rule.until { model.state.value.standing != null && ada.core.links.value != null }
            model.pause(true)
            rule.until { model.state.value.paused }
            model.pause(false)
            rule.until { !model.state.value.paused }
            seen.value = false
            rule.passes(LONGER_THAN_A_TURN)
            rule.until { model.state.value.standing == null && ada.core.links.value == null }
        } finally {
            model.close()
            keeping.cancel()
        }
    }

    @Test
    fun pictures() {
        runBlocking { ada.device.camp() }
        val code = qrModules("a code as large as that of a host is, with its key and its addresses")
        states().forEach { (name, state) -> pictures("sync-$name", looks = SOME) { SyncScreen(state, NoSyncActs) } }
        val wifi = Wifi("AndroidShare_4711", "eight mills")
        val shown = SyncState(stands(Situation.ALONE), host = HostShown(code, wifi, qrModules(wifiCode(wifi))))
        pictures("sync-hotspot", looks = SOME) { SyncScreen(shown, NoSyncActs) }
        pictures("sync", { until { shows(hasText("Bluetooth", substring = true)) } }) {
            ada.InFrame(Place(Screen.TODAY), Place(Screen.SYNC))
        }
    }

    private fun states() =
        mapOf(
            "alone" to SyncState(stands(Situation.ALONE)),
            "blocked" to SyncState(stands(Situation.BLOCKED), hotspot = HotspotState.Closed(HotspotState.Why.OTHER_PHONE)),
            "passing" to SyncState(stands(Situation.PASSING, Rung.NETWORK, Rung.RADIO), listOf("Ada", "Bob")),
            "paused" to SyncState(stands(Situation.PAUSED)),
        )

    private fun stands(
        situation: Situation,
        vararg rungs: Rung,
    ) = Standing(situation, rungs.map { NearLink(it, false, null) }, null, null)

    private fun Home.over(bundles: Bundles) = Core(device, core.choices, Platform(bundles = bundles), core.now)

    private companion object {
        val SOME = listOf(Look.LIGHT, Look.LARGE)
        val LONGER_THAN_A_TURN: Duration = Duration.ofSeconds(6)
    }
}

/** Hands over by one file that both know. */
private class OneFile(
    private val file: File,
) : Bundles {
    override suspend fun sharing(
        name: String,
        write: suspend (path: String) -> Unit,
    ): Intent {
        write(file.path)
        return Intent(Intent.ACTION_SEND)
    }

    override suspend fun <T> reading(
        bundle: Uri,
        read: suspend (path: String) -> T,
    ): T = read(file.path)
}

private object NoSyncActs : SyncActs {
    override fun pause(pause: Boolean) = Unit

    override fun showHost() = Unit

    override fun hideHost() = Unit

    override fun openHotspot() = Unit

    override fun bluetooth(on: Boolean) = Unit

    override fun dial(address: String) = Unit

    override fun scan() = Unit

    override fun share() = Unit

    override fun openBundle() = Unit

    override fun join() = Unit
}
