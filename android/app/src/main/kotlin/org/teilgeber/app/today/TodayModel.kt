package org.teilgeber.app.today

import org.teilgeber.AnchorRecord
import org.teilgeber.BoardItem
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Millis
import org.teilgeber.NowNext
import org.teilgeber.OpenPromise
import org.teilgeber.OtherRoom
import org.teilgeber.StarNews
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.core.shownEvent
import org.teilgeber.app.look.runs

/** What Today shows. [read] is false until the core was asked for the first time. */
data class TodayState(
    val read: Boolean = false,
    val now: Millis = 0u,
    val event: EventRecord? = null,
    val rooms: Rooms = Rooms(null),
    val board: NowNext? = null,
    val moves: List<StarNews> = emptyList(),
    val due: List<AnchorRecord> = emptyList(),
    val promises: List<OpenPromise> = emptyList(),
    val said: List<OtherRoom> = emptyList(),
) {
    /** Where I am to go next, or where I should be. */
    val mine: BoardItem? get() = board?.mine?.firstOrNull { it.placement != null }

    /** The session that I am in, as far as the board says: what a new note is about. */
    val here: Id? get() = board?.mine?.firstOrNull { it.placement?.runs(now) == true }?.session?.id

    val runningElsewhere get() = board?.now.orEmpty().filter { it.session.id != mine?.session?.id }
    val comingElsewhere get() = board?.next.orEmpty().filter { it.session.id != mine?.session?.id }
}

class TodayModel(
    core: Core,
) : Model(core) {
    val state =
        reading(
            TodayState(),
            Kind.EVENT,
            Kind.SESSION,
            Kind.PLACEMENT,
            Kind.STARRED,
            Kind.POST,
            Kind.ANCHOR,
            Kind.CONTACT,
            everyMillis = HALF_A_MINUTE,
        ) { read() }

    private suspend fun read(): TodayState {
        val device = core.device
        val now = core.now()
        val open = device.openThings(now)
        val state = TodayState(true, now, due = open.due, promises = open.promises)
        val event = device.shownEvent(core.choices) ?: return state
        val board = device.nowNext(event.id, now)
        val here = state.copy(board = board).here
        return state.copy(
            event = event,
            rooms = Rooms(event),
            board = board,
            moves = device.moves(event.id),
            said = device.otherRooms(event.id, here, now, LAST_WORDS).filter { it.posts.isNotEmpty() },
        )
    }

    fun seen(session: Id) = act { core.device.seenMove(session) }

    private companion object {
        const val HALF_A_MINUTE = 30_000L
        const val LAST_WORDS = 2u
    }
}
