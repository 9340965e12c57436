package org.teilgeber.app.platform

import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.teilgeber.Config
import org.teilgeber.Device
import org.teilgeber.Event
import org.teilgeber.LinksConfig
import org.teilgeber.NewPost
import org.teilgeber.PostFilter
import java.io.OutputStream
import java.net.InetAddress
import java.net.ServerSocket
import java.net.Socket

/** Two real devices, and the streams of a radio, for which sockets of this machine stand. */
class LendingTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `two phones sync over a lent stream, in chunks that the radio takes`() =
        runBlocking {
            withTimeout(60_000) {
                val ada = open("ada")
                val bob = open("bob")
                val event = ada.createEvent(Event("Mill", "2026-11-21", "2026-11-22", "Europe/Berlin"))
                bob.join(ada.joinCode(event, emptyList()))
                ada.writePost(event, NewPost(text = "The coffee is ready"))
                val (here, there) = radio()
                val links = listOf(ada.keepLinks(LinksConfig()), bob.keepLinks(LinksConfig()))
                val lending = listOf(launch { links[0].lend(here) }, launch { links[1].lend(there) })
                while (bob.posts(event, PostFilter(), null, 9u).isEmpty()) delay(20)

                // Where one phone ends it, the other hears of that.
                lending[0].cancelAndJoin()
                lending[1].join()
                assertTrue(longest in 1..MTU)
                links.forEach { it.stop() }
                listOf(ada, bob).forEach { it.shut() }
            }
        }

    @Test
    fun `a radio that fails ends its link and nothing else`() =
        runBlocking {
            withTimeout(60_000) {
                val ada = open("ada")
                val links = ada.keepLinks(LinksConfig())
                val (here, there) = radio()
                there.close()
                links.lend(here)
                assertEquals(0, links.standing().links.size)
                links.stop()
                ada.shut()
            }
        }

    private suspend fun open(name: String) = Device.open(Config(folder.root.resolve(name).path))

    private fun radio(): Pair<Stream, Stream> =
        ServerSocket(0, 1, InetAddress.getLoopbackAddress()).use { server ->
            val here = Socket(server.inetAddress, server.localPort)
            stream(here, true) to stream(server.accept(), false)
        }

    private fun stream(
        socket: Socket,
        initiator: Boolean,
    ) = Stream(socket.getInputStream(), Measured(socket.getOutputStream()), MTU, initiator, socket)

    @Volatile
    private var longest = 0

    private inner class Measured(
        private val out: OutputStream,
    ) : OutputStream() {
        override fun write(byte: Int) = out.write(byte)

        override fun write(
            bytes: ByteArray,
            at: Int,
            length: Int,
        ) {
            longest = maxOf(longest, length)
            out.write(bytes, at, length)
        }
    }

    private companion object {
        const val MTU = 185
    }
}
