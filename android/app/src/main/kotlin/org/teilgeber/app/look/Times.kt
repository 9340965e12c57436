package org.teilgeber.app.look

import android.text.format.DateFormat
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.teilgeber.Millis
import org.teilgeber.Placement
import org.teilgeber.TimeZone
import org.teilgeber.app.R
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.ZonedDateTime
import java.time.format.DateTimeFormatter
import java.util.Locale

/** Times as they are read off a clock where the event is, written as the person's phone writes them. */
class Times(
    private val zone: ZoneId,
    locale: Locale,
    private val twentyFour: Boolean,
) {
    private val clock = DateTimeFormatter.ofPattern(if (twentyFour) "H:mm" else "h:mm a", locale)
    private val weekday = DateTimeFormatter.ofPattern("EEEE", locale)
    private val day = DateTimeFormatter.ofPattern(DateFormat.getBestDateTimePattern(locale, "EEEdMMM"), locale)

    /** How wide a time is, as long as letters have their usual size. */
    val width: Dp get() = if (twentyFour) 56.dp else 76.dp

    fun clock(at: Millis): String = clock.format(zoned(at))

    fun weekday(at: LocalDate): String = weekday.format(at)

    fun day(at: Millis): String = day.format(zoned(at))

    fun date(at: Millis): LocalDate = zoned(at).toLocalDate()

    private fun zoned(at: Millis): ZonedDateTime = Instant.ofEpochMilli(at.toLong()).atZone(zone)
}

/** Times in [zone], or where the phone is. */
@Composable
fun rememberTimes(zone: TimeZone? = null): Times {
    val context = LocalContext.current
    val locale = LocalConfiguration.current.locales[0]
    return remember(zone, locale) {
        // The phone may know fewer zones than the core.
        val id = zone?.takeIf { it in ZoneId.getAvailableZoneIds() }
        Times(id?.let(ZoneId::of) ?: ZoneId.systemDefault(), locale, DateFormat.is24HourFormat(context))
    }
}

val Placement.end: Millis get() = start + minutes * MINUTE

fun Placement.runs(now: Millis) = now in start..<end

/** How long until it begins, or until it ends, in words. */
@Composable
fun Placement.left(now: Millis): String =
    when {
        now >= end -> stringResource(R.string.over)
        now >= start -> minutesLeft(R.plurals.minutes_left, end - now)
        start - now < HOUR * 2u -> minutesLeft(R.plurals.in_minutes, start - now)
        start - now < HOUR * 24u -> ((start - now) / HOUR).toInt().let { pluralStringResource(R.plurals.in_hours, it, it) }
        else -> ((start - now) / (HOUR * 24u)).toInt().let { pluralStringResource(R.plurals.in_days, it, it) }
    }

/** Begun minutes count whole: nobody is late because of this. */
@Composable
private fun minutesLeft(
    words: Int,
    left: ULong,
): String = ((left + MINUTE - 1u) / MINUTE).toInt().let { pluralStringResource(words, it, it) }

private const val MINUTE: ULong = 60_000u
private const val HOUR: ULong = 3_600_000u
