package org.teilgeber.app.board

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.teilgeber.BoardItem
import org.teilgeber.Conflict
import org.teilgeber.Day
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Level
import org.teilgeber.Millis
import org.teilgeber.Part
import org.teilgeber.Tag
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.core.shownEvent
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

/** Which part of the board a person wants to see. */
data class BoardFilter(
    val day: Day? = null,
    val starred: Boolean = false,
    val tag: Tag? = null,
    val level: Level? = null,
) {
    val narrows get() = starred || tag != null || level != null
}

/** What the board shows. [items] are of the chosen day, and of no day yet. */
data class BoardState(
    val read: Boolean = false,
    val now: Millis = 0u,
    val event: EventRecord? = null,
    val rooms: Rooms = Rooms(null),
    val days: List<Day> = emptyList(),
    val day: Day? = null,
    val filter: BoardFilter = BoardFilter(),
    val items: List<BoardItem> = emptyList(),
    /** All that stands on this day, whatever the filter: what is free depends on it. */
    val taken: List<BoardItem> = emptyList(),
    val conflicts: List<Conflict> = emptyList(),
    val tags: List<Tag> = emptyList(),
) {
    /** Sessions that somebody must settle. */
    val unsettled: Set<Id> =
        conflicts.flatMapTo(mutableSetOf()) { conflict ->
            when (conflict) {
                is Conflict.Claims -> listOf(conflict.session)
                is Conflict.Overlap -> conflict.sessions
            }
        }

    val placed get() = items.filter { it.placement != null }
    val unplaced get() = items.filter { it.placement == null }
    val zone: ZoneId get() = zoneOf(event)
}

class BoardModel(
    core: Core,
) : Model(core) {
    private val filter = MutableStateFlow(BoardFilter())

    val state: StateFlow<BoardState> =
        reading(
            BoardState(),
            Kind.EVENT,
            Kind.SESSION,
            Kind.PLACEMENT,
            Kind.STARRED,
            everyMillis = HALF_A_MINUTE,
        ) { read() }

    private suspend fun read(): BoardState {
        val device = core.device
        val now = core.now()
        val event = device.shownEvent(core.choices) ?: return BoardState(true, now)
        val days = daysOf(event)
        val today = LocalDate.ofInstant(Instant.ofEpochMilli(now.toLong()), zoneOf(event)).toString()
        val wanted = filter.value
        val day = wanted.day?.takeIf { it in days } ?: today.takeIf { it in days } ?: days.firstOrNull()
        val all = device.board(event.id, Part())
        val shown =
            if (wanted.narrows) {
                device.board(event.id, Part(tag = wanted.tag, level = wanted.level, starred = wanted.starred))
            } else {
                all
            }
        val taken = device.board(event.id, Part(day = day))
        val that = taken.mapTo(mutableSetOf()) { it.session.id to it.placement }
        return BoardState(
            true,
            now,
            event,
            Rooms(event),
            days,
            day,
            wanted,
            items = shown.filter { it.placement == null || (it.session.id to it.placement) in that },
            taken = taken,
            conflicts = device.conflicts(event.id),
            tags = all.flatMap { it.session.session.tags }.groupingBy { it }.eachCount().entries
                .sortedWith(compareBy({ -it.value }, { it.key })).map { it.key },
        )
    }

    fun show(filter: BoardFilter) {
        this.filter.value = filter
        readAgain()
    }

    fun star(
        session: Id,
        star: Boolean,
    ) = act { core.device.star(session, star) }

    private companion object {
        const val HALF_A_MINUTE = 30_000L
    }
}

private fun zoneOf(record: EventRecord?): ZoneId =
    record?.event?.timeZone?.takeIf { it in ZoneId.getAvailableZoneIds() }?.let(ZoneId::of) ?: ZoneId.systemDefault()

private fun daysOf(record: EventRecord): List<Day> {
    val event = record.event ?: return emptyList()
    val last = LocalDate.parse(event.last)
    return generateSequence(LocalDate.parse(event.first)) { it.plusDays(1) }
        .takeWhile { !it.isAfter(last) }
        .take(MOST_DAYS)
        .map { it.toString() }
        .toList()
}

private const val MOST_DAYS = 31
