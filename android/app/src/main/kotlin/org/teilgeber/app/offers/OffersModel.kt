package org.teilgeber.app.offers

import org.teilgeber.EventRecord
import org.teilgeber.Experience
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Offer
import org.teilgeber.OfferFilter
import org.teilgeber.OfferRecord
import org.teilgeber.Offering
import org.teilgeber.Stance
import org.teilgeber.TopicRecord
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent

/** What is offered in the event, and which topics are offered and wanted; [read] is false until the core was asked. */
data class OffersState(
    val read: Boolean = false,
    val event: EventRecord? = null,
    val offers: List<OfferRecord> = emptyList(),
    /** Mine that are past. */
    val over: List<OfferRecord> = emptyList(),
    val topics: List<TopicRecord> = emptyList(),
)

class OffersModel(
    core: Core,
) : Model(core) {
    val state =
        reading(OffersState(), Kind.OFFER, Kind.SEAT_REQUEST, Kind.TOPICS, Kind.EVENT, Kind.MUTED, everyMillis = MINUTE) {
            val device = core.device
            val event = device.shownEvent(core.choices)
            if (event == null) {
                OffersState(true)
            } else {
                OffersState(
                    true,
                    event,
                    device.offers(event.id, OfferFilter(), core.now()),
                    device.previewIn(event.id).offers.filter { it.over },
                    device.topics(event.id),
                )
            }
        }

    /** Offers or wants a topic; null takes back what I said of it. */
    fun say(
        topic: String,
        stance: Stance?,
    ) = inEvent { event ->
        when (stance) {
            Stance.OFFER -> core.device.offerTopic(event, topic, null as Experience?)
            Stance.WANT -> core.device.wantTopic(event, topic, null as Experience?)
            null -> core.device.dropTopic(event, topic)
        }
    }

    fun offer(
        offering: Offering,
        words: String,
        then: () -> Unit,
    ) = inEvent { event ->
        core.device.makeOffer(event, Offer(offering, words.trim(), core.device.offerEnds(event, offering)))
        then()
    }

    private fun inEvent(work: suspend (Id) -> Unit) = act { core.device.shownEvent(core.choices)?.let { work(it.id) } }

    private companion object {
        const val MINUTE = 60_000L
    }
}

/** One offer, and who asked for a place of it; null until it was read, or once it is gone. */
data class OfferState(
    val record: OfferRecord? = null,
)

class OfferModel(
    core: Core,
    private val offer: Id,
) : Model(core) {
    val state = reading(OfferState(), Kind.OFFER, Kind.SEAT_REQUEST) { OfferState(core.device.offer(offer)) }

    fun ask(
        places: Int,
        words: String,
    ) = act { core.device.askForSeat(offer, places.toUByte(), words.trim()) }

    fun answer(
        request: Id,
        yes: Boolean,
    ) = act { core.device.answerSeat(request, yes) }

    fun withdrawRequest(request: Id) = act { core.device.withdrawSeat(request) }

    fun withdraw() {
        core.inBackground { core.eraseSoon(Kind.OFFER, offer, R.string.offer_withdrawn) }
    }
}
