package org.teilgeber.app.offers

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import org.teilgeber.OfferKind
import org.teilgeber.OfferRecord
import org.teilgeber.Offering
import org.teilgeber.app.R
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberDays

/** What is offered, when, by whom, and how many places are left. */
@Composable
fun OfferLine(
    record: OfferRecord,
    times: Times,
) = Column {
    val offering = record.offer.offering
    val type = MaterialTheme.typography
    FadedText(stringResource(offering.kind.word))
    Text(offering.title(), style = type.titleMedium)
    offering.days(times)?.let { Text(it, style = type.bodyLarge) }
    val free = record.free?.toInt()
    val places =
        when {
            record.over -> stringResource(R.string.offer_over)
            free == null -> null
            free == 0 -> stringResource(R.string.offer_taken)
            else -> pluralStringResource(R.plurals.offer_free, free, free)
        }
    val by = if (record.mine) stringResource(R.string.offer_mine) else record.name ?: stringResource(R.string.person_nameless)
    FadedText(listOfNotNull(by, places).joinToString(" · "))
}

@Composable
fun Offering.title(): String =
    when (this) {
        is Offering.Ride -> stringResource(R.string.offer_from_to, from, to)
        is Offering.Bed -> pluralStringResource(R.plurals.offer_bed_for, places.toInt(), places.toInt())
        is Offering.Tip -> title
        is Offering.Other -> title
    }

/** When it leaves, or which nights it is. */
@Composable
private fun Offering.days(times: Times): String? {
    val days = rememberDays()
    return when (this) {
        is Offering.Ride -> "${times.day(`when`)}, ${times.clock(`when`)}"
        is Offering.Bed -> "${days(from)} – ${days(until)}"
        else -> null
    }
}

val Offering.kind
    get() =
        when (this) {
            is Offering.Ride -> OfferKind.RIDE
            is Offering.Bed -> OfferKind.BED
            is Offering.Tip -> OfferKind.TIP
            is Offering.Other -> OfferKind.OTHER
        }

val OfferKind.word
    @StringRes get() =
        when (this) {
            OfferKind.RIDE -> R.string.offer_ride
            OfferKind.BED -> R.string.offer_bed
            OfferKind.TIP -> R.string.offer_tip
            OfferKind.OTHER -> R.string.offer_other
        }
