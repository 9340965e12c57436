package org.teilgeber.app.offers

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.Id
import org.teilgeber.OfferRecord
import org.teilgeber.SeatRecord
import org.teilgeber.SeatState
import org.teilgeber.app.R
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.rememberTimes

/** What I can do about one offer. */
interface OfferActs {
    fun ask(
        places: Int,
        words: String,
    )

    fun answer(
        request: Id,
        yes: Boolean,
    )

    fun withdrawRequest(request: Id)

    fun withdraw()
}

@Composable
fun OfferScreen(
    state: OfferState,
    acts: OfferActs,
) {
    val record = state.record ?: return Page(stringResource(R.string.offers)) {}
    val times = rememberTimes()
    Page(record.offer.offering.title()) {
        LazyColumn(
            Modifier.weight(1f),
            contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
            verticalArrangement = Arrangement.spacedBy(Space.between),
        ) {
            item {
                PaperCard {
                    OfferLine(record, times)
                    if (record.offer.text.isNotEmpty()) Text(record.offer.text, style = MaterialTheme.typography.bodyLarge)
                }
            }
            if (record.requests.isNotEmpty()) item { PartTitle(stringResource(R.string.offer_requests)) }
            items(record.requests, { it.id }) { Request(it, record, acts) }
            if (record.mayAsk) item { Ask(acts) }
            if (record.mine) {
                item { SideAct(stringResource(R.string.offer_withdraw), acts::withdraw, Modifier.fillMaxWidth(), R.drawable.ic_bin) }
            }
        }
    }
}

/** Something that is not mine and has places, and I did not ask yet. */
private val OfferRecord.mayAsk get() = !mine && !over && free != null && requests.none { it.mine }

@Composable
private fun Request(
    request: SeatRecord,
    record: OfferRecord,
    acts: OfferActs,
) = PaperCard {
    val who = if (request.mine) stringResource(R.string.offer_i_asked) else request.name ?: stringResource(R.string.person_nameless)
    Text(who, style = MaterialTheme.typography.titleMedium)
    if (request.word.isNotEmpty()) Text(request.word, style = MaterialTheme.typography.bodyLarge)
    val places = request.places.toInt()
    FadedText(pluralStringResource(R.plurals.offer_places, places, places) + " · " + stringResource(request.state.word))
    if (record.mine && !record.over) {
        Row(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
            val answers = listOf(SeatState.YES to R.string.offer_yes, SeatState.NO to R.string.offer_no)
            for ((state, word) in answers.filter { it.first != request.state }) {
                SideAct(stringResource(word), { acts.answer(request.id, state == SeatState.YES) }, Modifier.weight(1f))
            }
        }
    }
    if (request.mine) {
        SideAct(stringResource(R.string.offer_withdraw_request), { acts.withdrawRequest(request.id) }, Modifier.fillMaxWidth())
    }
}

private val SeatState.word
    get() =
        when (this) {
            SeatState.ASKED -> R.string.seat_asked
            SeatState.YES -> R.string.seat_yes
            SeatState.NO -> R.string.seat_no
            SeatState.WITHDRAWN -> R.string.seat_withdrawn
            SeatState.OVER -> R.string.seat_over
        }

@Composable
private fun Ask(acts: OfferActs) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        var words by rememberSaveable { mutableStateOf("") }
        var places by rememberSaveable { mutableIntStateOf(1) }
        PartTitle(stringResource(R.string.offer_how_many))
        Numbers(places) { places = it }
        OutlinedTextField(
            words,
            { words = it },
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.offer_word)) },
            leadingIcon = { AudienceSign(Audience.EVENT) },
        )
        SideAct(stringResource(R.string.offer_ask), { acts.ask(places, words) }, Modifier.fillMaxWidth())
    }
