package org.teilgeber.app.notes

import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.NoteFilter
import org.teilgeber.NoteHeadline
import org.teilgeber.Open
import org.teilgeber.Tag
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** Notes, each group about one session or event; [notes] is null until they were read. */
data class NotesState(
    val notes: List<NoteHeadline>? = null,
    val events: List<EventRecord> = emptyList(),
    /** What the sessions are called that notes are about. */
    val sessions: Map<Id, String> = emptyMap(),
    val open: Open? = null,
    val tag: Tag? = null,
    val tags: List<Tag> = emptyList(),
    val more: Boolean = false,
)

class NotesModel(
    core: Core,
) : Model(core) {
    private var tag: Tag? = null
    private var limit = PAGE

    val state = reading(NotesState(), Kind.NOTE, Kind.ANCHOR, Kind.EVENT, Kind.SESSION) { read() }

    private suspend fun read(): NotesState {
        val device = core.device
        val all = device.notes(NoteFilter(tag = tag), null, limit)
        val events = device.events()
        val about = all.mapNotNull { it.session }.toSet()
        val sessions =
            all.filter { it.session != null }.mapNotNull { it.event }.toSet().intersect(events.map { it.id }.toSet())
                .flatMap { device.sessions(it) }
                .filter { it.id in about }
                .associate { it.id to it.session.title }
        return NotesState(
            all,
            events,
            sessions,
            device.openThings(core.now()),
            tag,
            (all.flatMap { it.tags } + listOfNotNull(tag)).distinct().sorted(),
            more = all.size.toUInt() == limit,
        )
    }

    fun show(tag: Tag?) {
        this.tag = tag
        readAgain()
    }

    /** The list was read to its end. */
    fun more() {
        limit += PAGE
        readAgain()
    }

    private companion object {
        const val PAGE = 100u
    }
}
