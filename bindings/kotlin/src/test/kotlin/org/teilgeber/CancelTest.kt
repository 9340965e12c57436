package org.teilgeber

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.IOException
import java.net.InetAddress
import java.net.ServerSocket

/** What becomes of a call whose coroutine is cancelled. */
class CancelTest : Scene() {
    @Test
    fun `a sync that is cancelled ends its link`() =
        play {
            withDevice(home("ada")) { ada ->
                ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { silent ->
                    val syncing = launch { ada.syncWith("127.0.0.1:${silent.localPort}") }
                    runInterruptible(Dispatchers.IO) { silent.accept() }.use { link ->
                        assertTrue(runInterruptible(Dispatchers.IO) { link.getInputStream().read() } >= 0)
                        syncing.cancelAndJoin()
                        runInterruptible(Dispatchers.IO) { readToTheEnd(link.getInputStream()::read) }
                    }
                }
            }
            // Nothing holds the home any more.
            withDevice(home("ada")) { assertEquals(Opened.Existing, it.opened()) }
        }

    @Test
    fun `a write that is cancelled is done`() =
        play {
            withDevice(home("ada")) { ada ->
                val writing =
                    async(start = CoroutineStart.UNDISPATCHED) { ada.createNote(Note(text = "written all the same")) }
                writing.cancelAndJoin()
                until { ada.notes(NoteFilter(), null, 10u).size == 1 }
            }
        }

    @Test
    fun `a home is shut also where what used it was cancelled or failed`() =
        play {
            val using = launch(start = CoroutineStart.UNDISPATCHED) { withDevice(home("ada")) { until { false } } }
            using.cancelAndJoin()
            until { runCatching { withDevice(home("ada")) {} }.isSuccess }
            failsWith<IllegalStateException> { withDevice(home("ada")) { error("a mistake of the app") } }
            withDevice(home("ada")) { assertEquals(Opened.Existing, it.opened()) }
        }

    /** A link that was reset has ended too. */
    private fun readToTheEnd(read: () -> Int) {
        try {
            while (read() >= 0) Unit
        } catch (_: IOException) {
            return
        }
    }
}
