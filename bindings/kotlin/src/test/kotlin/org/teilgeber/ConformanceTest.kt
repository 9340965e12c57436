package org.teilgeber

import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import kotlin.random.Random

private const val START = 1_795_255_200_000uL

/** The conformance scenario: what every binding must do, told in Kotlin. */
class ConformanceTest : Scene() {
    @Test
    fun `a note is typed and found and is there after a restart`() =
        play {
            val note =
                withDevice(home("ada")) { ada ->
                    val note = ada.createNote(Note(text = "Merging 🦊", tags = listOf("crdt")))
                    ada.spliceNote(note, TextUnit.SCALARS, listOf(Splice(at = 9u, delete = 0u, insert = " offline")))
                    ada.spliceNote(note, TextUnit.UTF16, listOf(Splice(at = 0u, delete = 7u, insert = "Talking")))
                    note
                }
            withDevice(home("ada")) { ada ->
                assertEquals(Opened.Existing, ada.opened())
                assertEquals("Talking 🦊 offline", ada.noteText(note))
                assertEquals(listOf(note), ada.notes(NoteFilter(tag = "crdt"), null, 10u).map { it.id })
                val hit = ada.search("offl", Narrow(), 10u).single()
                assertEquals(Kind.NOTE to note, hit.kind to hit.id)
                val places = ada.places(Kind.NOTE, note)
                assertEquals(0u to false, places.devices to places.others)
            }
        }

    @Test
    fun `errors are codes and leave all as it was`() =
        play {
            val ada = openDevice(home("ada"))
            failsWith<CoreException.OtherProgramHasIt> { openDevice(home("ada")) }
            failsWith<CoreException.Invalid> { ada.note("no id") }
            failsWith<CoreException.NotHere> { ada.note("00".repeat(32)) }
            failsWith<CoreException.ScanAgain> { ada.join("no code") }
            failsWith<CoreException.ShowName> { ada.showCode(emptyList(), null) }
            failsWith<CoreException.CheckAddress> { ada.syncWith("127.0.0.1:1") }
            val note = ada.createNote(Note(text = "short"))
            failsWith<CoreException.ReadAgain> {
                ada.spliceNote(note, TextUnit.SCALARS, listOf(Splice(at = 9u, delete = 0u, insert = "!")))
            }
            assertEquals("short", ada.noteText(note))
            ada.shut()
            failsWith<CoreException.Shut> { ada.me() }
        }

    @Test
    fun `two devices swap by a picture and sync over a lent stream`() =
        play {
            withTwo { ada, bob ->
                ada.setProfile(profile("Ada", Audience.EVENT))
                bob.setProfile(profile("Bob", Audience.CONTACTS))
                val camp = Event(name = "Mill", first = "2026-11-21", last = "2026-11-22", timeZone = "Europe/Berlin")
                val event = ada.createEvent(camp)
                ada.appearIn(event, true)
                val session = ada.pitchSession(event, Session(title = "Offline first"))
                ada.placeSession(session, Placement(room = "Barn", start = START, minutes = 45u))
                ada.splicePad(session, TextUnit.SCALARS, listOf(Splice(at = 0u, delete = 0u, insert = "Hello")))
                ada.writePost(event, NewPost(text = "The coffee is ready"))

                // Offline: bob joins by a code and scans ada's from a picture before anything has passed.
                assertEquals("Mill", bob.join(scanned(ada.joinCode(event, emptyList()))).name)
                val code = scanned(ada.showCode(emptyList(), event).text)
                val person = bob.scan(code, MetAt(place = "at the stairs"))
                bob.answer(person)
                assertFalse(bob.contact(person).contact.confirmed)

                ada.withLinks { here ->
                    bob.withLinks { there ->
                        val out = Wire()
                        val back = Wire()
                        val atAda = here.linkOpened(out, true, MTU)
                        val atBob = there.linkOpened(back, false, MTU)
                        val carrying = listOf(launch { out.carry(atAda, atBob) }, launch { back.carry(atBob, atAda) })

                        until {
                            ada.contacts().map { it.contact.name } == listOf("Bob") &&
                                bob.posts(event, PostFilter(), null, 9u).size == 1
                        }
                        val item = bob.board(event, Part()).single()
                        assertEquals("Offline first" to "Barn", item.session.session.title to item.placement?.room)
                        assertEquals(listOf(session), bob.nowNext(event, START).now.map { it.session.id })
                        assertEquals("Hello", bob.pad(session).text)
                        assertEquals(listOf(Rung.RADIO), here.standing().links.map { it.rung })

                        // What is written now passes over the link that stays, with news of it.
                        val told = async { bob.changes(Filter(kinds = listOf(Kind.POST))).first { !it.everything } }
                        until {
                            ada.writePost(event, NewPost(text = "And there is cake"))
                            told.isCompleted
                        }
                        assertEquals(
                            setOf(Kind.POST),
                            told
                                .await()
                                .changes
                                .map { it.kind }
                                .toSet(),
                        )
                        assertTrue(maxOf(out.longest, back.longest) <= MTU.toInt())
                        carrying.forEach { it.cancel() }
                    }
                }
            }
        }

    @Test
    fun `two devices sync over a socket and know what is where`() =
        play {
            withTwo { ada, bob ->
                val camp = Event(name = "Mill", first = "2026-11-21", last = "2026-11-22", timeZone = "Europe/Berlin")
                val event = ada.createEvent(camp)
                bob.join(ada.joinCode(event, emptyList()))
                val post = ada.writePost(event, NewPost(text = "The coffee is ready"))
                assertEquals(0u, ada.places(Kind.POST, post).devices)

                ada.withLinks(LinksConfig(listen = Listen.At("127.0.0.1:0"))) { links ->
                    val standing = links.standings().first { it.address != null }
                    val report = bob.syncWith(checkNotNull(standing.address))
                    val space = report.spaces.single { it.space == event }
                    assertEquals(Outcome.SAME, space.outcome)
                    assertTrue(space.received > 0uL)
                }
                assertEquals(listOf(post), bob.posts(event, PostFilter(), null, 9u).map { it.id })
                assertEquals(1u, bob.places(Kind.POST, post).devices)
            }
        }

    @Test
    fun `strange bytes end the link and nothing else`() =
        play {
            withDevice(home("ada")) { ada ->
                ada.withLinks { links ->
                    val wire = Wire()
                    val handle = links.linkOpened(wire, false, MTU)
                    handle.writable(100u)
                    failsWith<CoreException.Shut> { while (true) handle.received(Random.nextBytes(4096)) }
                    ada.createNote(Note(text = "still here"))
                    wire.ended.await()
                }
            }
        }

    @Test
    fun `a link that throws ends, and nothing else`() =
        play {
            withTwo { ada, bob ->
                val camp = Event(name = "Mill", first = "2026-11-21", last = "2026-11-22", timeZone = "Europe/Berlin")
                bob.join(ada.joinCode(ada.createEvent(camp), emptyList()))
                ada.withLinks { links ->
                    val wire = Wire()
                    val broken =
                        object : NativeLink {
                            override fun send(chunk: ByteArray): Unit = error("the radio is off")

                            override fun end() = wire.end()
                        }
                    links.linkOpened(broken, true, MTU).use { handle ->
                        handle.writable(1u)
                        wire.ended.await()
                    }
                    ada.createNote(Note(text = "still here"))
                }
            }
        }

    @Test
    fun `a thousand devices opened and shut leak no threads or files`() =
        play {
            repeat(10) { withDevice(home("ada")) {} }
            System.gc()
            val threads = threads()
            val files = openFiles()
            repeat(1_000) { withDevice(home("ada")) {} }
            assertTrue(threads() < threads + 8)
            assertTrue(openFiles() < files + 8)
        }

    @Test
    fun `bytes pass by codes that follow one another`() {
        checkLibrary()
        val payload = Random.nextBytes(1500)
        val sender = AnimatedQrSender(payload)
        val receiver = AnimatedQrReceiver()
        for (number in generateSequence(0) { it + 1 }.takeWhile { !receiver.progress().isDone }) {
            if (number == 1) continue // One that the camera missed.
            val picture = pictureOf(sender.frame(number.toUShort()))
            receiver.takeLuma(picture.side, picture.side, picture.side, picture.luma)
        }
        assertArrayEquals(payload, receiver.payload())
    }
}
