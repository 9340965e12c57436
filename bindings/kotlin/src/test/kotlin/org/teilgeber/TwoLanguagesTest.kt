package org.teilgeber

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import org.junit.Assert.assertEquals
import org.junit.Test
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.EOFException
import java.util.concurrent.TimeUnit

/**
 * A link that two languages lend to their cores: this JVM, and a process of Python in which the wheel of the same core
 * is installed (the Maven property `python` says which).
 */
class TwoLanguagesTest : Scene() {
    @Test
    fun `Kotlin and Python sync over a lent stream`() =
        play {
            withDevice(home("ada")) { ada ->
                val camp = Event(name = "Mill", first = "2026-11-21", last = "2026-11-22", timeZone = "Europe/Berlin")
                val event = ada.createEvent(camp)
                ada.writePost(event, NewPost(text = "Who is there?"))
                val neighbour = neighbour(ada.joinCode(event, emptyList()))
                try {
                    ada.withLinks { links ->
                        val lending = lend(links, neighbour)
                        val texts = setOf("Who is there?", "Python read: Who is there?")
                        ada.changes(Filter(kinds = listOf(Kind.POST))).first {
                            check(neighbour.isAlive) { "the neighbour ended: see what it wrote above" }
                            texts == ada.posts(event, PostFilter(), null, 9u).map { it.post.text }.toSet()
                        }
                        neighbour.outputStream.close()
                        lending.cancelAndJoin()
                    }
                    runInterruptible(Dispatchers.IO) { neighbour.waitFor(20, TimeUnit.SECONDS) }
                    assertEquals(0, neighbour.exitValue())
                } finally {
                    neighbour.destroyForcibly()
                }
            }
        }

    private fun neighbour(code: String): Process =
        ProcessBuilder(System.getProperty("python"), "src/test/python/neighbour.py", home("bob").home, code)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()

    /** Lends the streams of a process: chunks follow their length in two bytes. */
    private fun CoroutineScope.lend(
        links: Links,
        process: Process,
    ) = launch(Dispatchers.IO) {
        val link = Streams(DataOutputStream(process.outputStream))
        val incoming = DataInputStream(process.inputStream)
        links.linkOpened(link, true, MTU).use { handle ->
            link.sent = { handle.writable(1u) }
            handle.writable(4u)
            while (true) handle.received(runInterruptible { incoming.chunk() } ?: break)
            handle.closed()
        }
    }

    private fun DataInputStream.chunk(): ByteArray? =
        try {
            ByteArray(readUnsignedShort()).also(::readFully)
        } catch (_: EOFException) {
            null
        }

    private class Streams(
        private val out: DataOutputStream,
    ) : NativeLink {
        @Volatile
        var sent: () -> Unit = {}

        override fun send(chunk: ByteArray) {
            out.writeShort(chunk.size)
            out.write(chunk)
            out.flush()
            sent()
        }

        override fun end() = out.close()
    }
}
