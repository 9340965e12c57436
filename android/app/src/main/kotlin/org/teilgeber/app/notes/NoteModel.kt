package org.teilgeber.app.notes

import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.teilgeber.Filter
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Note
import org.teilgeber.SessionRecord
import org.teilgeber.Splice
import org.teilgeber.TextUnit
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent
import org.teilgeber.app.editor.Editor
import org.teilgeber.app.editor.Kept
import org.teilgeber.app.editor.Saved
import org.teilgeber.changes

data class NoteState(
    val saved: Saved = Saved.READING,
    /** The session that it is about. */
    val session: SessionRecord? = null,
)

/** A note that is there, or one that begins with its first word. */
class NoteModel(
    core: Core,
    id: Id?,
    private val session: Id? = null,
    /** Is told which one a new note became. */
    private val onBegun: (Id) -> Unit = {},
) : Model(core),
    Kept {
    private var id: Id? = id
    val editor = Editor(this)

    private val about =
        reading<SessionRecord?>(null, Kind.NOTE, Kind.SESSION) {
            val of = this.id?.let { core.device.note(it).note.session } ?: session
            of?.let { core.device.session(it) }
        }

    val state: StateFlow<NoteState> =
        combine(editor.saved, about) { saved, about -> NoteState(saved, about) }
            .stateIn(scope, SharingStarted.WhileSubscribed(), NoteState())

    init {
        act {
            editor.begin()
            scope.launch { core.device.changes(Filter(kinds = listOf(Kind.NOTE))).collect { heard() } }
            editor.saveAtPauses()
        }
    }

    override suspend fun read() = id?.let { core.device.noteText(it) }.orEmpty()

    override suspend fun splice(splice: Splice) {
        val known = id
        if (known == null) {
            val event = core.device.shownEvent(core.choices)?.id
            id = core.device.createNote(Note(splice.insert, event = event, session = session)).also(onBegun)
        } else {
            core.device.spliceNote(known, TextUnit.UTF16, listOf(splice))
        }
    }

    private suspend fun heard() {
        if (id != null) core.notices.saying { editor.readAgain() }
    }

    /** Saves now, though the screen is left at once. */
    fun save() {
        core.inBackground { editor.save() }
    }

    fun erase() {
        core.inBackground { id?.let { core.eraseSoon(Kind.NOTE, it, R.string.note_erased) } }
    }

    override fun close() {
        save()
        super.close()
    }
}
