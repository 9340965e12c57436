package org.teilgeber.app

import android.graphics.Bitmap
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.teilgeber.Note
import org.teilgeber.NoteFilter
import org.teilgeber.Splice
import org.teilgeber.TextUnit
import org.teilgeber.app.frame.App
import org.teilgeber.app.frame.Models
import org.teilgeber.app.session.thumbnailOf
import java.io.ByteArrayOutputStream

/** What a person does with the whole app, over a real device. */
class PersonTest : ScreenTest() {
    private val homes = mutableListOf(runBlocking { Home.open() })
    private val home get() = homes.first()

    @After
    fun shut() = runBlocking { homes.forEach { it.shut() } }

    @Test
    fun beginsInThreeTapsAndWithoutAnAccount() =
        show(content = { TheApp() }) {
            rule.wait("What shall people call you?")
            rule.onNode(hasSetTextAction()).performTextInput("Grace")
            rule.onNodeWithText("Start").performClick()
            rule.wait("No event yet")
            assertEquals("Grace", runBlocking { home.device.me() }.name)
            assertTrue(home.core.choices.begun)
        }

    @Test
    fun aNoteIsFoundAgainAfterTheAppWasKilled() {
        home.core.choices.begun = true
        show(content = { TheApp() }) {
            rule.wait("Write a note")
            rule.onNodeWithText("Write a note").performClick()
            rule.wait("Write. It is saved as you go.")
            rule.onNode(hasSetTextAction()).performTextInput("Where two clocks disagree")
            rule.onNode(hasSetTextAction()).performTextInput(", ask a third 🦊")
            rule.until { runBlocking { home.device.notes(NoteFilter(), null, 9u) }.isNotEmpty() }
            rule.wait("saved")
            // Nothing is closed and nobody is told, as when the system kills a process.
            homes += runBlocking { home.afterKill() }
        }
        val again = homes.last()
        again.core.choices.begun = true
        show(content = { TheApp(again) }) {
            rule.wait("Notes")
            rule.onNodeWithText("Notes").performClick()
            rule.wait("Where two clocks disagree, ask a third 🦊")
        }
    }

    @Test
    fun wordsTypedBeforeAnyPauseAreSavedOnLeaving() {
        home.core.choices.begun = true
        show(content = { TheApp() }) {
            rule.wait("Write a note")
            rule.onNodeWithText("Write a note").performClick()
            rule.wait("Write. It is saved as you go.")
            rule.onNode(hasSetTextAction()).performTextInput("Quickly")
            rule.onNodeWithContentDescription("Back").performClick()
            rule.until { texts() == listOf("Quickly") }
        }
    }

    @Test
    fun whatAnotherDeviceWritesComesInAroundWhatIsTyped() {
        home.core.choices.begun = true
        val note = runBlocking { home.device.createNote(Note("bread and salt")) }
        show(content = { TheApp() }) {
            rule.open("Notes", "bread and salt")
            rule.wait("saved")
            runBlocking { home.device.spliceNote(note, TextUnit.UTF16, listOf(Splice(0u, 0u, "Bring "))) }
            rule.wait("Bring bread and salt")
            rule.onNode(hasSetTextAction()).performTextInput(", and tea")
            rule.until { texts() == listOf("Bring bread and salt, and tea") }
        }
    }

    @Test
    fun anErasedNoteComesBackByUndo() {
        home.core.choices.begun = true
        runBlocking { home.device.createNote(Note("Do not lose me")) }
        show(content = { TheApp() }) {
            rule.open("Notes", "Do not lose me")
            rule.onNodeWithContentDescription("Erase this note").performClick()
            rule.wait("Note erased")
            rule.until { texts().isEmpty() }
            rule.onNodeWithText("Undo").performClick()
            rule.wait("Do not lose me")
        }
    }

    @Test
    fun aSessionThatIsPitchedAndStarredShowsInToday() {
        home.core.choices.begun = true
        runBlocking { home.device.camp() }
        show(content = { TheApp() }) {
            rule.wait("Board")
            rule.onNodeWithText("Board").performClick()
            rule.wait("Pitch a session")
            rule.onNodeWithText("Pitch a session").performClick()
            rule.wait("Title")
            rule.onNode(hasSetTextAction() and hasText("Title")).performTextInput("How bees vote")
            rule.onNodeWithContentDescription("Foyer at 2:00 PM, free").performClick()
            rule.onNodeWithText("Put it up").performClick()
            rule.wait("Foyer, 2:00 PM – 2:45 PM")
            rule.onNodeWithContentDescription("Look forward to it").performClick()
            rule.until { rule.onAllNodes(hasContentDescription("Look forward to it no more")).fetchSemanticsNodes().isNotEmpty() }
            rule.onNodeWithContentDescription("Back").performClick()
            rule.wait("Today")
            rule.onNodeWithText("Today").performClick()
            val mine = runBlocking { home.device.nowNext(home.device.events().first().id, at(11, 20)) }.mine
            assertTrue(mine.any { it.session.session.title == "How bees vote" && it.starred })
        }
    }

    @Test
    fun aPhotoGetsAThumbnailThatTheCoreTakes() {
        val camp = runBlocking { home.device.camp() }
        val session = camp.sessions.values.first()
        val bitmap = Bitmap.createBitmap(IntArray(900 * 600) { it * 31 }, 900, 600, Bitmap.Config.ARGB_8888)
        val picture = ByteArrayOutputStream().also { bitmap.compress(Bitmap.CompressFormat.JPEG, 90, it) }.toByteArray()
        runBlocking { home.device.addPhoto(session, picture, thumbnailOf(picture), "The wall") }
        val photo = runBlocking { home.device.photos(session) }.single()
        assertEquals("The wall", photo.caption)
        assertTrue(photo.thumbnail != null)
    }

    @Composable
    private fun TheApp(of: Home = home) = App({ CompletableDeferred(of.core) }, remember { Models() })

    private fun texts() =
        runBlocking { home.device.notes(NoteFilter(), null, 9u).map { home.device.noteText(it.id) } }

    private fun ComposeTestRule.wait(words: String) =
        until { onAllNodes(hasText(words, substring = true)).fetchSemanticsNodes().isNotEmpty() }

    private fun ComposeTestRule.open(
        tab: String,
        words: String,
    ) {
        wait(tab)
        onNodeWithText(tab).performClick()
        wait(words)
        onAllNodesWithText(words).onFirst().performClick()
    }
}
