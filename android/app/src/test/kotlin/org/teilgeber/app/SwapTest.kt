package org.teilgeber.app

import android.graphics.Bitmap
import android.graphics.Canvas
import android.view.Surface
import androidx.activity.ComponentActivity
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.teilgeber.Audience
import org.teilgeber.Field
import org.teilgeber.Wifi
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.platform.Camera
import org.teilgeber.app.platform.Luma
import org.teilgeber.app.platform.Platform
import org.teilgeber.app.swap.Scanned
import org.teilgeber.app.swap.ScannedActs
import org.teilgeber.app.swap.ScannedModel
import org.teilgeber.app.swap.ScannedScreen
import org.teilgeber.app.swap.ScannedState
import org.teilgeber.app.swap.Sight
import org.teilgeber.app.swap.SwapActs
import org.teilgeber.app.swap.SwapModel
import org.teilgeber.app.swap.SwapScreen
import org.teilgeber.app.swap.SwapState
import org.teilgeber.app.swap.codes
import org.teilgeber.app.swap.scannedOf
import org.teilgeber.wifiCode

/** Swapping contacts, as two people do it: over two real devices. */
class SwapTest : ScreenTest() {
    private val ada = runBlocking { Home.open() }
    private val bob = runBlocking { Home.open() }

    @After
    fun shut() =
        runBlocking {
            ada.shut()
            bob.shut()
        }

    @Test
    fun twoSwapByTheCodeAsTheScreenShowsItAndBothHaveTheContactAfterASync() {
        runBlocking { ada.device.camp() }
        name(bob, "Bob")
        lateinit var code: String
        show(content = { ada.InFrame(Place(Screen.SWAP)) }) { activity ->
            rule.until { rule.shows(CODE) }
            code = activity.picture().codes().single()
            val adas = runBlocking { ada.device.me() }
            assertEquals(Scanned.Person("Ada"), scannedOf(code))
            // The code is on the screen while the other one scans and answers, and both phones meet.
            val person = scanned(code)
            runBlocking {
                assertEquals("Ada", bob.device.contact(person).contact.name)
                assertEquals(adas.person, person)
                val server = ada.device.serve("127.0.0.1:0", null)
                bob.device.syncWith(server.localAddr())
                server.stop()
                assertEquals("Bob", ada.device.contact(bob.device.me().person).contact.name)
            }
        }
    }

    /** Bob takes the code, writes something down, and adds and answers. */
    private fun scanned(code: String): String {
        val model = ScannedModel(bob.core, code)
        model.add("Knows about the two clocks", "Send the paper", answer = true)
        rule.until { model.state.value.way != null }
        val contact = model.state.value.contact!!.contact
        assertEquals("Knows about the two clocks", contact.memo)
        assertEquals("Send the paper", contact.promises.single().text)
        model.close()
        return contact.person
    }

    @Test
    fun withoutACameraMyCodeStaysAndTheOtherOneIsTyped() {
        name(ada, "Ada")
        name(bob, "Bob")
        val code = runBlocking { bob.device.showCode(listOf(Field.NAME), null).text }
        show(content = { ada.InFrame(Place(Screen.SWAP)) }) {
            rule.until { rule.shows(CODE) && rule.shows(hasText("The camera cannot be used now", substring = true)) }
            rule.onNode(hasSetTextAction()).performScrollTo().performTextInput(code)
            rule.onNodeWithText("See what it is").performScrollTo().performClick()
            rule.until { rule.shows(hasText("Bob")) }
            rule.onNodeWithText("Only add").performScrollTo().performClick()
            rule.until { runBlocking { ada.device.contacts() }.singleOrNull()?.contact?.name == "Bob" }
        }
    }

    @Test
    fun theCodeIsNotShownAnyMoreOnceTheScreenIsLeft() {
        name(ada, "Ada")
        val model = SwapModel(ada.core)
        model.show()
        rule.until { model.state.value.code != null }
        model.hide()
        rule.until { model.state.value.code == null }
        model.close()
    }

    @Test
    fun aCodeOfAnotherKindSaysWhatItIs() {
        val camp = runBlocking { ada.device.camp() }
        val join = runBlocking { ada.device.joinCode(camp.event, emptyList()) }
        assertEquals(Scanned.Event("Barcamp Mühlental"), scannedOf(join))
        assertEquals(Scanned.Carry, scannedOf(runBlocking { ada.device.carryCode(camp.event) }))
        assertEquals(Scanned.Network(WIFI), scannedOf(wifiCode(WIFI)))
        assertEquals(Scanned.Card, scannedOf("BEGIN:VCARD\nFN:Eve\nEND:VCARD"))
        assertEquals(Scanned.Other, scannedOf("https://example.org"))
        assertTrue(scannedOf(join.dropLast(3)).toString(), scannedOf(join.dropLast(3)) is Scanned.Wrong)
    }

    @Test
    fun pictures() {
        runBlocking { ada.device.camp() }
        val wait = { rule.until { rule.shows(CODE) } }
        pictures("swap", { wait() }) { ada.InFrame(Place(Screen.SWAP)) }
        pictures("swap-camera", { until { shows(hasText("Use the camera")) || shows(hasText("Kamera benutzen")) } }, SOME) {
            ada.InFrame(Place(Screen.SWAP), platform = Platform(camera = Dark))
        }
        pictures("swap-refused", looks = SOME) { SwapScreen(SwapState(), Sight.REFUSED, NoSwapActs) {} }
        name(bob, "Bob")
        pictures("swap-nameless", { until { shows(hasSetTextAction()) } }, SOME) {
            SwapScreen(SwapState(runBlocking { bob.device.profile() }.copy(name = null)), Sight.ASK, NoSwapActs) {}
        }
        runBlocking { bob.device.join(ada.device.joinCode(ada.device.events().single().id, emptyList())) }
        val code = runBlocking { bob.device.showCode(listOf(Field.NAME), null).text }
        pictures("scanned", { until { shows(hasText("Bob")) && shows(hasText("Barcamp", substring = true)) } }) {
            ada.InFrame(Place(Screen.SWAP), Place(Screen.SCANNED, more = code))
        }
        pictures("scanned-wifi", looks = SOME) { ScannedScreen(ScannedState(Scanned.Network(WIFI)), "", NoScannedActs) }
        pictures("scanned-card", looks = SOME) { ScannedScreen(ScannedState(Scanned.Card), "BEGIN:VCARD\nFN:Eve\nEND:VCARD", NoScannedActs) }
    }

    private fun name(
        home: Home,
        name: String,
    ) = runBlocking { home.device.setProfile(home.device.profile().copy(name = name, nameFor = Audience.CONTACTS)) }

    private fun ComponentActivity.picture(): Bitmap {
        val view = window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        rule.runOnUiThread { view.draw(Canvas(bitmap)) }
        return bitmap
    }

    private companion object {
        val CODE = hasContentDescription("Code of Ada, to be scanned") or hasContentDescription("Code von Ada zum Einlesen")
        val WIFI = Wifi("Mühlental", "eight mills")
        val SOME = listOf(Look.LIGHT, Look.LARGE, Look.LANDSCAPE)
    }
}

private object Dark : Camera {
    override fun pictures(preview: Surface?): Flow<Luma> = flow { awaitCancellation() }
}

private object NoSwapActs : SwapActs {
    override fun choose(field: Field, give: Boolean) = Unit

    override fun name(name: String) = Unit

    override fun useCamera() = Unit

    override fun openPicture() = Unit

    override fun take(code: String) = Unit
}

private object NoScannedActs : ScannedActs {
    override fun add(memo: String, promise: String, answer: Boolean) = Unit

    override fun join() = Unit

    override fun dial() = Unit

    override fun keep() = Unit

    override fun done() = Unit
}
