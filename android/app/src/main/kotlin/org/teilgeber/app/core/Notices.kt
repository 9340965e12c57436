package org.teilgeber.app.core

import android.util.Log
import androidx.annotation.StringRes
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import org.teilgeber.CoreException

/** Something said at the bottom of the screen, until the next or for ten seconds. */
class Notice(
    @StringRes val words: Int,
    /** Takes back what was done. */
    val undo: (() -> Unit)? = null,
)

/** What is said at the bottom, one at a time: that something was done and can be undone, or why it was not. */
class Notices {
    private val mutable = MutableStateFlow<Notice?>(null)
    val current: StateFlow<Notice?> = mutable

    fun say(
        @StringRes words: Int,
        undo: (() -> Unit)? = null,
    ) {
        mutable.value = Notice(words, undo)
    }

    /** Does something; what fails is said in words, and is in the log without them. */
    suspend fun saying(work: suspend () -> Unit) {
        try {
            work()
        } catch (e: CoreException) {
            Log.w("Teilgeber", e)
            say(e.words)
        }
    }

    fun dismiss(notice: Notice) {
        mutable.compareAndSet(notice, null)
    }
}
