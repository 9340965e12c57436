package org.teilgeber.app.notes

import org.teilgeber.Kind
import org.teilgeber.NoteFilter
import org.teilgeber.NoteHeadline
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** Null until the notes were read. */
data class NotesState(
    val notes: List<NoteHeadline>? = null,
)

class NotesModel(
    core: Core,
) : Model(core) {
    val state =
        reading(NotesState(), Kind.NOTE) {
            NotesState(core.device.notes(NoteFilter(), null, LIMIT))
        }

    private companion object {
        const val LIMIT = 200u
    }
}
