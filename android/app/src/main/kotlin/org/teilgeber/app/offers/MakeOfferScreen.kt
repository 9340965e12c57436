package org.teilgeber.app.offers

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.Day
import org.teilgeber.Event
import org.teilgeber.OfferKind
import org.teilgeber.Offering
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SignedTitle
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.rememberDays
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
import java.time.format.DateTimeParseException

/** What I can offer to the others, in one short form for each kind. */
@Composable
fun MakeOfferScreen(
    state: OffersState,
    onOffer: (Offering, String) -> Unit,
) {
    val event = state.event?.event ?: return Page(stringResource(R.string.offer_make)) {}
    var kind by rememberSaveable { mutableStateOf(OfferKind.RIDE) }
    var from by rememberSaveable { mutableStateOf("") }
    var to by rememberSaveable { mutableStateOf("") }
    var clock by rememberSaveable { mutableStateOf("17:00") }
    var day by rememberSaveable { mutableStateOf(event.last) }
    var places by rememberSaveable { mutableIntStateOf(1) }
    var words by rememberSaveable { mutableStateOf("") }
    val offering =
        when (kind) {
            OfferKind.RIDE ->
                event.moment(day, clock)?.takeIf { from.isNotBlank() && to.isNotBlank() }?.let {
                    Offering.Ride(from.trim(), to.trim(), it, places.toUByte())
                }
            OfferKind.BED -> Offering.Bed(day, LocalDate.parse(day).plusDays(1).toString(), places.toUByte())
            OfferKind.TIP -> from.trim().takeIf { it.isNotEmpty() }?.let { Offering.Tip(it) }
            OfferKind.OTHER -> from.trim().takeIf { it.isNotEmpty() }?.let { Offering.Other(it, places.toUByte()) }
        }
    val act = Act(stringResource(R.string.offer_do), R.drawable.ic_check, offering != null) { offering?.let { onOffer(it, words) } }
    Page(stringResource(R.string.offer_make), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            SignedTitle(Audience.EVENT) { FadedText(stringResource(R.string.offer_seen)) }
            Chips(OfferKind.entries, kind, { stringResource(it.word) }) { kind = it }
            when (kind) {
                OfferKind.RIDE -> {
                    Field(from, R.string.offer_from) { from = it }
                    Field(to, R.string.offer_to) { to = it }
                    Days(event, R.string.offer_leaves, day) { day = it }
                    Field(clock, R.string.offer_clock) { clock = it }
                }
                OfferKind.BED -> Days(event, R.string.offer_night, day) { day = it }
                else -> Field(from, R.string.offer_what) { from = it }
            }
            if (kind != OfferKind.TIP) {
                PartTitle(stringResource(R.string.offer_how_many))
                Numbers(places) { places = it }
            }
            Field(words, R.string.offer_beside) { words = it }
        }
    }
}

/** So many places. */
@Composable
fun Numbers(
    chosen: Int,
    onChoose: (Int) -> Unit,
) = Chips((1..MOST).toList(), chosen, { "$it" }, onChoose)

@Composable
private fun Days(
    event: Event,
    @StringRes title: Int,
    chosen: Day,
    onChoose: (Day) -> Unit,
) {
    val days = rememberDays()
    val first = LocalDate.parse(event.first).minusDays(1)
    val all = generateSequence(first) { it.plusDays(1) }.takeWhile { it <= LocalDate.parse(event.last).plusDays(1) }
    PartTitle(stringResource(title))
    Chips(all.map { it.toString() }.toList(), chosen, { days(it) }, onChoose)
}

@Composable
private fun <T> Chips(
    all: List<T>,
    chosen: T,
    word: @Composable (T) -> String,
    onChoose: (T) -> Unit,
) = FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
    all.forEach { one -> FilterChip(one == chosen, { onChoose(one) }, { Text(word(one)) }) }
}

@Composable
private fun Field(
    words: String,
    @StringRes label: Int,
    onChange: (String) -> Unit,
) = OutlinedTextField(words, onChange, Modifier.fillMaxWidth(), label = { Text(stringResource(label)) })

/** A time of day where the event is; null while it is none. */
private fun Event.moment(
    day: Day,
    clock: String,
): ULong? =
    try {
        val time = LocalTime.parse(clock.trim().padStart(CLOCK, '0'))
        val zone = if (timeZone in ZoneId.getAvailableZoneIds()) ZoneId.of(timeZone) else ZoneId.systemDefault()
        LocalDate.parse(day).atTime(time).atZone(zone).toInstant().toEpochMilli().toULong()
    } catch (_: DateTimeParseException) {
        null
    }

private const val CLOCK = 5
private const val MOST = 8
