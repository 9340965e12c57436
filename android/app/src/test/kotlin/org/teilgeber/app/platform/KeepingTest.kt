package org.teilgeber.app.platform

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.teilgeber.Config
import org.teilgeber.Device
import org.teilgeber.Event
import org.teilgeber.Links
import org.teilgeber.NewPost
import org.teilgeber.PostFilter
import org.teilgeber.Standing
import java.net.Inet6Address
import java.net.InetAddress

/** A network in which those who search see those who announce themselves. */
private class Hall {
    val announced = MutableStateFlow(emptyMap<String, Int>())

    inner class Search : Discovery {
        override fun sightings(): Flow<Sighting> =
            flow {
                var before = emptySet<String>()
                announced.collect { now ->
                    now.forEach { (tag, port) -> emit(Sighting.Found(tag, listOf("127.0.0.1:$port"))) }
                    (before - now.keys).forEach { emit(Sighting.Lost(it)) }
                    before = now.keys
                }
            }

        override fun announced(
            tag: String,
            port: Int,
        ): Flow<Nothing> =
            flow {
                announced.value += tag to port
                try {
                    awaitCancellation()
                } finally {
                    announced.value -= tag
                }
            }
    }
}

class KeepingTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `two phones find each other by what their systems say, and leave nothing behind`() =
        runBlocking {
            withTimeout(90_000) {
                val hall = Hall()
                val ada = open("ada")
                val bob = open("bob")
                val event = ada.createEvent(Event("Mill", "2026-11-21", "2026-11-22", "Europe/Berlin"))
                bob.join(ada.joinCode(event, emptyList()))
                ada.writePost(event, NewPost(text = "The coffee is ready"))
                var stands: Standing? = null
                val keeping =
                    listOf(
                        launch { Platform(discovery = hall.Search()).keepLinks(ada, { stands = it }) },
                        launch { Platform(discovery = hall.Search()).keepLinks(bob, {}) },
                    )
                while (bob.posts(event, PostFilter(), null, 9u).isEmpty()) delay(20)
                assertEquals(2, hall.announced.value.size)
                assertFalse(stands?.links.isNullOrEmpty())
                keeping.forEach { it.cancelAndJoin() }
                assertEquals(emptyMap<String, Int>(), hall.announced.value)
                assertNull(stands)
                listOf(ada, bob).forEach { it.shut() }
            }
        }

    @Test
    fun `a network that changes does not end what keeps links, and Bluetooth is begun by a person only`() =
        runBlocking {
            withTimeout(60_000) {
                val ada = open("ada")
                val states = Channel<NetworkState>(Channel.UNLIMITED)
                val networks =
                    object : Networks {
                        override fun states() = flow { for (state in states) emit(state) }
                    }
                val asked = CompletableDeferred<String>()
                val bluetooth =
                    object : Bluetooth {
                        override fun streams(tag: String): Flow<Stream> = flow { asked.complete(tag) }
                    }
                val kept = CompletableDeferred<Links>()
                val keeping =
                    launch {
                        Platform(
                            networks = networks,
                            bluetooth = bluetooth,
                        ).keepLinks(ada, {}) { kept.complete(it) }
                    }
                val links = kept.await()
                states.send(NetworkState(null))
                states.send(NetworkState(1, listOf("192.168.1.5"), metered = true))
                states.send(NetworkState(2, listOf("10.0.0.7")))
                states.send(NetworkState(null))
                while (!states.isEmpty) delay(20)
                assertTrue(asked.isActive)
                links.lendAll(bluetooth)
                assertEquals(links.tag(), asked.await())
                assertTrue(keeping.isActive)
                keeping.cancelAndJoin()
                ada.shut()
            }
        }

    @Test
    fun `names that are no tags are nobody`() {
        assertEquals("0123456789abcdef", tagOf("0123456789abcdef"))
        listOf(null, "", "0123456789abcdef (2)", "0123456789ABCDEF", "Ada's laptop").forEach { assertNull(tagOf(it)) }
    }

    @Test
    fun `addresses are written as the core reads them`() {
        val raw =
            ByteArray(16).also {
                it[0] = 0xFE.toByte()
                it[1] = 0x80.toByte()
                it[15] = 1
            }
        assertEquals("192.168.1.5:4000", socketAddress(InetAddress.getByName("192.168.1.5"), 4000))
        assertEquals("[2001:db8:0:0:0:0:0:1]:4000", socketAddress(InetAddress.getByName("2001:db8::1"), 4000))
        assertEquals("[fe80:0:0:0:0:0:0:1%3]:4000", socketAddress(Inet6Address.getByAddress(null, raw, 3), 4000))
        assertNull(socketAddress(InetAddress.getByAddress(raw), 4000))
        assertNull(socketAddress(InetAddress.getByName("192.168.1.5"), 0))
        assertNull(sighting("0123456789abcdef", emptyList(), 4000))
    }

    private suspend fun open(name: String) = Device.open(Config(folder.root.resolve(name).path))
}
