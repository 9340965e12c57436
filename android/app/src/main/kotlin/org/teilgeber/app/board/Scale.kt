package org.teilgeber.app.board

import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.teilgeber.Millis
import org.teilgeber.Placement
import org.teilgeber.Slot
import org.teilgeber.app.look.end
import java.time.Instant

/** Where on the wall a time is: true to scale where something can be held, short where the house rests. */
class Scale(
    places: List<Placement>,
    font: Float,
) {
    private val times = (places.map { it.start } + places.map { it.end }).distinct().sorted()
    private val ys: List<Dp>

    /** When something begins. */
    val starts: List<Millis> = places.map { it.start }.distinct().sorted()
    val height: Dp

    init {
        var y = 0.dp
        ys =
            times.mapIndexed { index, time ->
                if (index > 0) {
                    val before = times[index - 1]
                    val long = MINUTE * ((time - before) / MILLIS).toInt() * font
                    val held = places.any { it.start <= before && it.end >= time }
                    y += if (held) long else minOf(long, REST)
                }
                y
            }
        height = y + REST
    }

    fun y(time: Millis): Dp {
        val next = times.indexOfFirst { it >= time }
        return when {
            times.isEmpty() || next == 0 -> 0.dp
            next < 0 -> ys.last()
            else -> {
                val (from, to) = times[next - 1] to times[next]
                val part = (time - from).toFloat() / (to - from).toFloat()
                ys[next - 1] + (ys[next] - ys[next - 1]) * part
            }
        }
    }

    /** Where it is now; null before the first and after the last. */
    fun nowY(now: Millis): Dp? = if (times.isNotEmpty() && now in times.first()..times.last()) y(now) else null

    private companion object {
        val MINUTE = 2.5.dp
        val REST = 24.dp
        const val MILLIS: ULong = 60_000u
    }
}

/** The places of the shown day that nobody claimed and that are not over, the next in front. */
fun freePlaces(state: BoardState): List<Placement> {
    val taken = state.taken.mapNotNull { it.placement }
    return state.slots().flatMap { slot -> state.rooms.all.map { Placement(it.name, slot.start, slot.minutes) } }
        .filter { place -> taken.none { it.room == place.room && it.start < place.end && place.start < it.end } }
        .filter { it.start >= state.now }
}

/** The slots of the shown day, by start. */
fun BoardState.slots(): List<Slot> =
    event?.event?.slots.orEmpty()
        .filter { Instant.ofEpochMilli(it.start.toLong()).atZone(zone).toLocalDate().toString() == day }
        .sortedBy { it.start }
