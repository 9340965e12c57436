package org.teilgeber.app.look

import android.text.format.DateFormat
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalConfiguration
import org.teilgeber.Day
import java.time.LocalDate
import java.time.format.DateTimeFormatter

/** Writes a day of the core as the person's phone writes days. */
@Composable
fun rememberDays(): (Day) -> String {
    val locale = LocalConfiguration.current.locales[0]
    return remember(locale) {
        val written = DateTimeFormatter.ofPattern(DateFormat.getBestDateTimePattern(locale, "EEEdMMM"), locale)
        ({ day: Day -> written.format(LocalDate.parse(day)) })
    }
}
