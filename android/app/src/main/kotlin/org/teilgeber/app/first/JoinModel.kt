package org.teilgeber.app.first

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.teilgeber.Day
import org.teilgeber.Event
import org.teilgeber.Room
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.words
import org.teilgeber.CoreException
import java.time.LocalDate
import java.time.ZoneId

/** Why a code led nowhere, in words; null where it did not. */
data class JoinState(
    val wrong: Int? = null,
)

/** Joins an event by its code, or begins one. */
class JoinModel(
    core: Core,
) : Model(core) {
    private val mutable = MutableStateFlow(JoinState())
    val state: StateFlow<JoinState> = mutable

    fun join(
        code: String,
        then: () -> Unit,
    ) = act {
        try {
            val joined = core.device.join(code.trim())
            core.choices.event = joined.event
            core.notices.say(R.string.joined)
            then()
        } catch (e: CoreException) {
            mutable.value = JoinState(e.words)
        }
    }

    /** Founds an event out of a published schedule. */
    fun import(
        file: ByteArray,
        then: () -> Unit,
    ) = act {
        try {
            core.choices.event = core.device.createEventFromSchedule(file).event
            then()
        } catch (e: CoreException) {
            mutable.value = JoinState(e.words)
        }
    }

    fun create(
        name: String,
        days: Int,
        rooms: String,
        then: () -> Unit,
    ) = act {
        val first = LocalDate.now()
        val event =
            Event(
                name = name.trim(),
                first = first.day(),
                last = first.plusDays(days - 1L).day(),
                timeZone = ZoneId.systemDefault().id,
                rooms = rooms.split(',', '\n').map { it.trim() }.filter { it.isNotEmpty() }.distinct().map { Room(it) },
            )
        core.choices.event = core.device.createEvent(event)
        then()
    }

    private fun LocalDate.day(): Day = toString()
}
