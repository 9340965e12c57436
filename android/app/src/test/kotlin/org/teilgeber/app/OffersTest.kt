package org.teilgeber.app

import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Test
import org.teilgeber.About
import org.teilgeber.NewPost
import org.teilgeber.Offer
import org.teilgeber.Offering
import org.teilgeber.PostFilter
import org.teilgeber.SeatState
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import java.time.LocalDate

/** What is offered, wanted and said among those who are in an event. */
class OffersTest : TwoHomesTest() {
    @Test
    fun offers() {
        inFrame("offers-no-event", "No event yet|Noch keine", Place(Screen.TODAY), Place(Screen.OFFERS), looks = SOME)
        val camp = runBlocking { campOfTwo() }
        inFrame("offers-empty", "Nothing is offered|Noch bietet", Place(Screen.TODAY), Place(Screen.OFFERS), looks = SOME)
        inFrame("make-offer", "Leaves on|Fährt am", Place(Screen.TODAY), Place(Screen.MAKE_OFFER), looks = SOME)
        val ride =
            runBlocking {
                val ride = bobsRide(camp.event)
                val bed = Offering.Bed(LocalDate.now().plusDays(1).toString(), LocalDate.now().plusDays(2).toString(), 2u)
                home.device.makeOffer(camp.event, Offer(bed, "A couch, and a cat.", home.device.offerEnds(camp.event, bed)))
                home.device.offerTopic(camp.event, "Bread", null)
                other.device.wantTopic(camp.event, "bread", null)
                sync()
                ride
            }
        inFrame("offers", "Köln", Place(Screen.TODAY), Place(Screen.OFFERS))
        inFrame("offer", "Köln", Place(Screen.TODAY), Place(Screen.OFFER, ride), looks = SOME)
    }

    @Test
    fun anOfferIsAskedForAndAnsweredBetweenTwoDevices() {
        val event = runBlocking { campOfTwo() }.event
        val ride = runBlocking { bobsRide(event).also { sync() } }
        show(content = { At(Place(Screen.TODAY), Place(Screen.OFFERS)) }) {
            rule.wait("Mühlental → Köln")
            rule.onNodeWithText("Mühlental → Köln").performClick()
            rule.wait("Ask for it")
            rule.onNode(hasSetTextAction() and hasText("A word with it")).performTextInput("With one small bag")
            rule.onNodeWithText("Ask for it").performClick()
            rule.wait("not answered yet")
        }
        runBlocking { sync() }
        show(content = { At(Place(Screen.TODAY), Place(Screen.OFFER, ride), of = other) }) {
            rule.wait("With one small bag")
            rule.onNodeWithText("Say yes").performClick()
            rule.until { runBlocking { other.device.offer(ride) }.free == 1u }
        }
        runBlocking { sync() }
        assertEquals(SeatState.YES, runBlocking { home.device.offer(ride) }.requests.single().state)
        show(content = { At(Place(Screen.TODAY), Place(Screen.OFFER, ride)) }) { rule.wait("yes") }
    }

    @Test
    fun rooms() {
        val camp = runBlocking { home.device.camp() }
        inFrame("rooms", "Room A is full", Place(Screen.TODAY), Place(Screen.ROOMS))
        val session = camp.sessions.getValue("Local first: apps that need no server")
        show(content = { At(Place(Screen.TODAY), Place(Screen.ROOMS, session)) }) {
            rule.wait("Kneading live")
            rule.onNode(hasSetTextAction()).performTextInput("The tea is ready")
            rule.onNodeWithText("Post").performClick()
            rule.until { runBlocking { said(camp.event) }.any { it.post.text == "The tea is ready" && it.post.replyTo == null } }
        }
    }

    @Test
    fun anAnswerStandsWithWhatItAnswers() {
        val camp = runBlocking { campOfTwo() }
        val bread = camp.sessions.getValue("Sourdough for people without patience")
        val kneading = runBlocking { said(camp.event) }.single { it.post.text == "Kneading live, come over" }
        runBlocking { other.device.writePost(camp.event, NewPost("Is there rye?", About.Session(bread), kneading.id)) }
        runBlocking { sync() }
        val local = camp.sessions.getValue("Local first: apps that need no server")
        show(content = { At(Place(Screen.TODAY), Place(Screen.ROOMS, local)) }) { rule.wait("Is there rye?") }
    }

    private suspend fun said(event: String) = home.device.posts(event, PostFilter(), null, 99u)

    /** By the clock of the machine, after which the core says whether an offer is over. */
    private val tomorrow = (System.currentTimeMillis() + DAY).toULong()

    private suspend fun bobsRide(event: String): String {
        val ride = Offering.Ride("Mühlental", "Köln", tomorrow, 2u)
        return other.device.makeOffer(event, Offer(ride, "Non-smoking, with a bicycle on the roof.", other.device.offerEnds(event, ride)))
    }

    private companion object {
        const val DAY = 86_400_000L
    }
}
