package org.teilgeber.app.core

import android.content.SharedPreferences
import androidx.core.content.edit
import org.teilgeber.Device
import org.teilgeber.EventRecord
import org.teilgeber.Id

/** What this phone remembers of its own screens. Nothing of it is a person's: that is the core's. */
class Choices(
    private val kept: SharedPreferences,
) {
    /** Whether the first run is behind us. */
    var begun: Boolean
        get() = kept.getBoolean("begun", false)
        set(value) = kept.edit { putBoolean("begun", value) }

    /** The event that was last looked at. */
    var event: Id?
        get() = kept.getString("event", null)
        set(value) = kept.edit { putString("event", value) }
}

/** The event that the screens show: the one last looked at, else the latest. */
suspend fun Device.shownEvent(choices: Choices): EventRecord? {
    val events = events()
    return events.find { it.id == choices.event } ?: events.firstOrNull()
}
