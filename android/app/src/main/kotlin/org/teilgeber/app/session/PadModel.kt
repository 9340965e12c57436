package org.teilgeber.app.session

import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import org.teilgeber.Filter
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.PadRecord
import org.teilgeber.SessionRecord
import org.teilgeber.Splice
import org.teilgeber.TextUnit
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.editor.Editor
import org.teilgeber.app.editor.Kept
import org.teilgeber.app.editor.Saved
import org.teilgeber.changes

data class PadState(
    val saved: Saved = Saved.READING,
    val session: SessionRecord? = null,
    val pad: PadRecord? = null,
)

/** The shared notes of a session, which everybody in the event writes. */
class PadModel(
    core: Core,
    private val session: Id,
) : Model(core),
    Kept {
    val editor = Editor(this)

    private val about =
        reading<Pair<SessionRecord, PadRecord>?>(null, Kind.SESSION, Kind.PAD) {
            core.device.session(session) to core.device.pad(session)
        }

    val state: StateFlow<PadState> =
        combine(editor.saved, about) { saved, about -> PadState(saved, about?.first, about?.second) }
            .stateIn(scope, SharingStarted.WhileSubscribed(), PadState())

    init {
        act {
            editor.begin()
            scope.launch {
                core.device.changes(Filter(kinds = listOf(Kind.PAD))).collect { core.notices.saying { editor.readAgain() } }
            }
            editor.saveAtPauses()
        }
    }

    override suspend fun read() = core.device.padText(session)

    override suspend fun splice(splice: Splice) = core.device.splicePad(session, TextUnit.UTF16, listOf(splice))

    /** Saves now, though the screen is left at once. */
    fun save() = core.inBackground { editor.save() }

    override fun close() {
        save()
        super.close()
    }
}
