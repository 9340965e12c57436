package org.teilgeber.app.session

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextDecoration
import org.teilgeber.BoardItem
import org.teilgeber.EventRecord
import org.teilgeber.Placement
import org.teilgeber.app.R
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.end
import org.teilgeber.app.look.rememberTimes

/** Rooms and slots to choose from: by time, those that are free. One that is taken says by what, and can be claimed all the same. */
@Composable
fun PlacePicker(
    event: EventRecord,
    rooms: Rooms,
    taken: List<BoardItem>,
    now: ULong,
    chosen: Placement?,
    onChoose: (Placement?) -> Unit,
) {
    val times = rememberTimes(event.event?.timeZone)
    val slots = event.event?.slots.orEmpty().filter { it.start >= now }.sortedBy { it.start }
    Column(verticalArrangement = Arrangement.spacedBy(Space.tiny)) {
        slots.forEachIndexed { index, slot ->
            if (index == 0 || times.date(slots[index - 1].start) != times.date(slot.start)) {
                Faded(times.day(slot.start))
            }
            Row(
                Modifier.horizontalScroll(rememberScrollState()).heightIn(min = Space.target),
                Arrangement.spacedBy(Space.small),
                Alignment.CenterVertically,
            ) {
                Text(
                    times.clock(slot.start),
                    Modifier.width(times.width * LocalDensity.current.fontScale),
                    style = MaterialTheme.typography.titleSmall,
                )
                rooms.all.forEach { room ->
                    val place = Placement(room.name, slot.start, slot.minutes)
                    val by = taken.find { it.placement?.clashes(place) == true }?.session?.session?.title
                    val words =
                        if (by == null) {
                            stringResource(R.string.free_choice, room.name, times.clock(slot.start))
                        } else {
                            stringResource(R.string.taken_choice, room.name, times.clock(slot.start), by)
                        }
                    FilterChip(
                        chosen == place,
                        { onChoose(place.takeIf { it != chosen }) },
                        {
                            Text(
                                room.letter,
                                style = MaterialTheme.typography.titleSmall,
                                textDecoration = if (by == null) null else TextDecoration.LineThrough,
                            )
                        },
                        Modifier.semantics { contentDescription = words },
                        enabled = by == null || chosen == place,
                    )
                }
            }
        }
        if (slots.isEmpty()) Faded(stringResource(R.string.no_slots))
    }
}

private fun Placement.clashes(other: Placement) = room == other.room && start < other.end && other.start < end

@Composable
private fun Faded(words: String) =
    Text(
        words,
        Modifier.padding(top = Space.small),
        LocalColours.current.fadedInk,
        style = MaterialTheme.typography.labelMedium,
    )
