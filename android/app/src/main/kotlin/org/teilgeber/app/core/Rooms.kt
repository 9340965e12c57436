package org.teilgeber.app.core

import org.teilgeber.EventRecord

/** A room of an event: its letter as on the door, and its place among the rooms, by which it has its hue. */
data class RoomSign(
    val name: String,
    val letter: String,
    val index: Int,
)

/** The rooms of an event by name. Where one has no letter, its first; where two then share one, their number. */
class Rooms(
    record: EventRecord?,
) {
    val all: List<RoomSign>

    init {
        val rooms = record?.event?.rooms.orEmpty()
        val letters = rooms.map { it.letter ?: it.name.take(1).uppercase() }
        all =
            rooms.mapIndexed { index, room ->
                val mine = letters[index]
                val letter = if (room.letter == null && letters.count { it == mine } > 1) "${index + 1}" else mine
                RoomSign(room.name, letter, index)
            }
    }

    /** A room that the event does not list, as a claim may name one, has its first letter. */
    operator fun get(name: String): RoomSign =
        all.find { it.name == name } ?: RoomSign(name, name.take(1).uppercase(), all.size)
}
