package org.teilgeber.app

import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Test
import org.teilgeber.Audience
import org.teilgeber.MetAt
import org.teilgeber.NewPost
import org.teilgeber.Promise
import org.teilgeber.Session
import org.teilgeber.Whose
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

/** What concerns other people: who they are, what they see of me, and what we share, over two real devices. */
class OthersTest : TwoHomesTest() {
    @Test
    fun people() {
        inFrame("empty-people", "Nobody yet|Noch niemand", Place(Screen.PEOPLE), looks = SOME)
        val met = runBlocking { meet() }
        inFrame("people", "Met here|Hier getroffen", Place(Screen.PEOPLE))
        inFrame("person", "Bring the sourdough", Place(Screen.PEOPLE), Place(Screen.PERSON, met))
        inFrame("messages", "No messages yet|Noch keine", Place(Screen.PEOPLE), Place(Screen.MESSAGES), looks = SOME)
        runBlocking { home.device.writeMessage(met, "Are you still in the library?") }
        inFrame("conversation", "in the library", Place(Screen.PEOPLE), Place(Screen.CONVERSATION, met), looks = SOME)
    }

    @Test
    fun nobodyHasSharedAProfile() {
        runBlocking {
            val event = home.device.camp().event
            home.device.appearIn(event, false)
        }
        inFrame("nobody", "Nobody has shared|Noch zeigt", Place(Screen.PEOPLE), looks = SOME)
    }

    @Test
    fun me() {
        val event = runBlocking { home.device.camp() }.event
        inFrame("me", "Tap a line|Tipp eine", Place(Screen.TODAY), Place(Screen.ME))
        inFrame("me-field", "Who sees it|Wer es sieht", Place(Screen.TODAY), Place(Screen.ME_FIELD, "HASHTAGS"), looks = SOME)
        inFrame("settings", "Space on|Platz auf", Place(Screen.TODAY), Place(Screen.SETTINGS), looks = SOME)
        inFrame("event", "What I share|Was ich hier", Place(Screen.TODAY), Place(Screen.EVENT, event))
        inFrame("invite", "Whoever has|Wer diesen", Place(Screen.TODAY), Place(Screen.INVITE, event), looks = SOME)
        runBlocking {
            home.device.setTrusted(event, listOf(home.device.me().person))
            home.device.setFeedbackReaders(event, listOf(home.device.me().person))
            home.device.askQuestion(event, "Did you find the way in?", listOf("Yes", "No"))
        }
        inFrame("feedback", "find the way", Place(Screen.TODAY), Place(Screen.FEEDBACK, event), looks = SOME)
        inFrame("report", "What happened|Was geschah", Place(Screen.TODAY), Place(Screen.REPORT, event), looks = SOME)
    }

    @Test
    fun aFieldIsSharedExactlyAsThePreviewShowedIt() {
        runBlocking {
            home.device.setProfile(profile("Ada", "Bakes bread and breaks protocols", Audience.CONTACTS))
        }
        val before = runBlocking { home.device.cardSeenBy(Audience.EVENT) }
        assertEquals("", before.bio)
        show(content = { At(Place(Screen.TODAY), Place(Screen.ME_FIELD, "BIO")) }) {
            rule.wait("Who sees it")
            rule.onNodeWithText("This event").performClick()
            rule.wait("Exactly what they will see: This event")
            // Once in its field, once on the card that is shown; and nobody sees it by a look at the preview.
            rule.until { rule.onAllNodesWithText("Bakes bread and breaks protocols").fetchSemanticsNodes().size == 2 }
            assertEquals(before, runBlocking { home.device.cardSeenBy(Audience.EVENT) })
            rule.onNodeWithText("Show it: This event").performClick()
            rule.until { runBlocking { home.device.profile() }.bioFor == Audience.EVENT }
        }
        assertEquals(before.copy(bio = "Bakes bread and breaks protocols"), runBlocking { home.device.cardSeenBy(Audience.EVENT) })
    }

    @Test
    fun toNarrowAFieldIsImmediate() {
        runBlocking { home.device.setProfile(profile("Ada", "Hello", Audience.EVENT)) }
        show(content = { At(Place(Screen.TODAY), Place(Screen.ME_FIELD, "BIO")) }) {
            rule.wait("Who sees it")
            rule.onNodeWithText("Only me").performClick()
            rule.until { runBlocking { home.device.profile() }.bioFor == Audience.ME }
        }
    }

    @Test
    fun anEventIsJoinedByItsCodeAndWhoIsThereIsSeen() {
        val code = runBlocking { other.device.joinCode(other.device.camp().event, emptyList()) }
        home.core.choices.begun = true
        show(content = { At(Place(Screen.TODAY), Place(Screen.JOIN)) }) {
            rule.wait("Join an event")
            rule.onNode(hasSetTextAction()).performTextInput(code)
            rule.onNodeWithText("Join").performClick()
            rule.until { runBlocking { home.device.events() }.map { it.name } == listOf("Barcamp Mühlental") }
        }
        runBlocking { sync() }
        show(content = { At(Place(Screen.PEOPLE)) }) { rule.wait("Ada") }
    }

    @Test
    fun aBlockedPersonIsGoneFromTheListUntilThatIsUndone() {
        val met = runBlocking { meet() }
        show(content = { At(Place(Screen.PEOPLE), Place(Screen.PERSON, met)) }) {
            rule.wait("Write to them")
            rule.scrollTo("Block")
            rule.onNodeWithText("Block").performClick()
            rule.wait("You no longer see them")
            assertFalse(runBlocking { home.device.participants(event(), null, 99u).people() }.any { it.person == met })
            rule.onNodeWithText("Undo").performClick()
            rule.until { runBlocking { home.device.muted() }.isEmpty() }
        }
        runBlocking { home.device.block(met) }
        show(content = { At(Place(Screen.PEOPLE)) }) {
            rule.wait("You are the first")
            assertEquals(0, rule.onAllNodes(hasText("Bob Ümlaut")).fetchSemanticsNodes().size)
        }
    }

    private suspend fun event() = home.device.events().first().id

    /** A camp in which somebody else is, whom I met there and who shows a card, pitches and posts. Returns who. */
    private suspend fun meet(): String {
        val camp = campOfTwo()
        other.device.pitchSession(camp.event, Session("Two clocks disagree"))
        other.device.writePost(camp.event, NewPost("The library is quiet and warm"))
        sync()
        val met = home.device.scan(other.device.badgeCode(), MetAt(camp.event, camp.sessions.values.first(), null))
        home.device.setPromises(met, listOf(Promise(Whose.MINE, "Bring the sourdough", at(11), false)))
        return met
    }
}
