package org.teilgeber.app.editor

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.foundation.text.input.placeCursorAtEnd
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.text.TextRange
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.debounce
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.teilgeber.CoreException
import org.teilgeber.Splice
import org.teilgeber.app.core.mergedTexts
import org.teilgeber.app.core.spliceBetween
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/** Where a text is kept: a note, or the pad of a session. */
interface Kept {
    /** The text as it was typed and merged; empty where nothing is there yet. */
    suspend fun read(): String

    /** Edits it in place, or begins it. When this returns, it is on disk. */
    suspend fun splice(splice: Splice)
}

/** Whether what stands on the screen is on disk. */
enum class Saved { READING, TYPING, SAVED }

/**
 * A text that is typed and never loses a word: what was typed goes to the core at each pause, and on leaving; what others
 * write in the meantime comes in around it.
 */
class Editor(
    private val kept: Kept,
) {
    val text = TextFieldState()
    private val one = Mutex()
    private val mutable = MutableStateFlow(Saved.READING)
    val saved: StateFlow<Saved> = mutable

    /** What the core and this screen both know. */
    private var base = ""
    private var lastSaved = TimeSource.Monotonic.markNow()

    /** Reads the text at first. */
    suspend fun begin() =
        one.withLock {
            if (mutable.value != Saved.READING) return@withLock
            base = kept.read()
            text.edit {
                replace(0, length, base)
                placeCursorAtEnd()
            }
            clearUndo()
            mutable.value = Saved.SAVED
        }

    /** Saves at each pause, as long as it is not cancelled. */
    @OptIn(FlowPreview::class)
    suspend fun saveAtPauses() {
        snapshotFlow { text.text.toString() }.drop(1).debounce { typed ->
            if (mutable.value != Saved.READING && typed != base) mutable.value = Saved.TYPING
            if (lastSaved.elapsedNow() > longest) 0L else PAUSE_MS
        }.collect { save() }
    }

    /** Saves what was typed since. Where the text has changed meanwhile, both are merged and it is tried again. */
    suspend fun save() =
        one.withLock {
            if (mutable.value == Saved.READING) return@withLock
            while (true) {
                val typed = text.text.toString()
                val splice = spliceBetween(base, typed) ?: break
                try {
                    kept.splice(splice)
                    base = typed
                } catch (_: CoreException.ReadAgain) {
                    takeIn()
                }
            }
            lastSaved = TimeSource.Monotonic.markNow()
            mutable.value = Saved.SAVED
        }

    /** Something changed elsewhere: brings it in around what was typed here. */
    suspend fun readAgain() = one.withLock { if (mutable.value != Saved.READING) takeIn() }

    @OptIn(ExperimentalFoundationApi::class)
    private fun clearUndo() = text.undoState.clearHistory()

    private suspend fun takeIn() {
        val theirs = kept.read()
        val typed = text.text.toString()
        val merged = mergedTexts(base, typed, theirs)
        base = theirs
        val splice = spliceBetween(typed, merged) ?: return
        text.edit {
            val before = selection
            val (at, end) = splice.at.toInt() to (splice.at + splice.delete).toInt()
            replace(at, end, splice.insert)
            selection = TextRange(before.start.moved(at, end, splice), before.end.moved(at, end, splice))
        }
    }

    private fun Int.moved(
        at: Int,
        end: Int,
        splice: Splice,
    ) = when {
        this <= at -> this
        this < end -> at
        else -> this - (end - at) + splice.insert.length
    }

    private companion object {
        /** Shorter than the moment in which a phone is put away, longer than that between two keys. */
        const val PAUSE_MS = 350L

        /** Whoever types without a pause is saved all the same. */
        val longest = 3.seconds
    }
}
