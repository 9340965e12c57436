package org.teilgeber.app.session

import org.teilgeber.BoardItem
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Level
import org.teilgeber.Millis
import org.teilgeber.Part
import org.teilgeber.Placement
import org.teilgeber.Policy
import org.teilgeber.Session
import org.teilgeber.SessionRecord
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.core.shownEvent

/** What a pitch is made with. */
data class PitchState(
    val read: Boolean = false,
    val now: Millis = 0u,
    val event: EventRecord? = null,
    val rooms: Rooms = Rooms(null),
    val taken: List<BoardItem> = emptyList(),
    /** The session that is changed or moved; null for a new one. */
    val record: SessionRecord? = null,
    val place: Placement? = null,
)

/** What a person wrote on the card. */
data class Draft(
    val title: String = "",
    val about: String = "",
    val tags: String = "",
    val level: Level? = null,
    val policy: Policy = Policy.OPEN,
)

/** Pitches a session, changes one, or chooses its place. */
class PitchModel(
    core: Core,
    private val id: Id?,
) : Model(core) {
    val state = reading(PitchState(), Kind.EVENT, Kind.SESSION, Kind.PLACEMENT) { read() }

    private suspend fun read(): PitchState {
        val device = core.device
        val record = id?.let { device.session(it) }
        val event = (record?.let { device.event(it.event) } ?: device.shownEvent(core.choices)) ?: return PitchState(true)
        val items = device.board(event.id, Part())
        return PitchState(
            true,
            core.now(),
            event,
            Rooms(event),
            items.filter { it.placement != null && it.session.id != id },
            record,
            items.find { it.session.id == id }?.placement,
        )
    }

    /** Puts the card on the wall; the title is all that it needs. */
    fun pitch(
        draft: Draft,
        place: Placement?,
        then: (Id) -> Unit,
    ) = act {
        val event = state.value.event ?: return@act
        val session = core.device.pitchSession(event.id, draft.onto(Session(title = draft.title.trim())))
        if (place != null) core.device.placeSession(session, place)
        core.notices.say(R.string.pitched)
        then(session)
    }

    fun change(
        draft: Draft,
        then: () -> Unit,
    ) = act {
        val old = state.value.record ?: return@act
        core.device.editSession(old.id, draft.onto(old.session))
        then()
    }

    fun place(
        place: Placement?,
        then: () -> Unit,
    ) = act {
        core.device.placeSession(id ?: return@act, place)
        then()
    }
}

/** What stands on a card already. */
fun Session.draft() = Draft(title, about, tags.joinToString(" "), level, policy ?: Policy.OPEN)

private fun Draft.onto(session: Session) =
    session.copy(
        title = title.trim(),
        about = about.trim(),
        tags = tags.split(' ', ',', '#').filter { it.isNotBlank() }.distinct(),
        level = level,
        policy = policy,
    )
