package org.teilgeber.app.offers

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Stance
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.OffersPlace(place: Place) {
    val model = models.of(place) { OffersModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : OffersActs {
            override fun open(offer: Id) = navigator.open(Place(Screen.OFFER, offer))

            override fun offer() = navigator.open(Place(Screen.MAKE_OFFER))

            override fun say(
                topic: String,
                stance: Stance?,
            ) {
                model.say(topic, stance)
            }
        }
    OffersScreen(state, acts)
}

@Composable
fun Frame.OfferPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { OfferModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : OfferActs {
            override fun ask(
                places: Int,
                words: String,
            ) {
                model.ask(places, words)
            }

            override fun answer(
                request: Id,
                yes: Boolean,
            ) {
                model.answer(request, yes)
            }

            override fun withdrawRequest(request: Id) {
                model.withdrawRequest(request)
            }

            override fun withdraw() {
                navigator.back()
                model.withdraw()
            }
        }
    OfferScreen(state, acts)
}

@Composable
fun Frame.MakeOfferPlace(place: Place) {
    val model = models.of(place) { OffersModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    MakeOfferScreen(state) { offering, words -> model.offer(offering, words, navigator::back) }
}
