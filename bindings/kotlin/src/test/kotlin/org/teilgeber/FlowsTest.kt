package org.teilgeber

import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.launch
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test

/** What is told, and that nothing of it is lost on the way. */
class FlowsTest : Scene() {
    @Test
    fun `a slow collector is told of each thing once`() =
        play {
            withDevice(home("ada")) { ada ->
                val written = mutableSetOf<Id>()
                val go = Channel<Unit>()
                val told = mutableListOf<Id>()
                val collecting =
                    launch {
                        ada.changes(Filter(kinds = listOf(Kind.NOTE))).collect { news ->
                            if (news.everything) go.send(Unit)
                            told += news.changes.map { it.id }
                            go.receive()
                        }
                    }
                go.receive()
                repeat(20) { written += ada.createNote(Note(text = "Note $it")) }
                until {
                    go.trySend(Unit)
                    told.containsAll(written)
                }
                assertEquals(written, told.toSet())
                assertTrue("${told.size} told", told.size < 40)
                collecting.cancel()
            }
        }

    @Test
    fun `too much that waits becomes everything`() =
        play {
            withDevice(home("ada")) { ada ->
                val items = Channel<News>(Channel.RENDEZVOUS)
                val collecting = launch { ada.changes().collect(items::send) }
                assertTrue(items.receive().everything)
                repeat(600) { ada.createNote(Note(text = "Note $it")) }
                until { items.receive().everything }
                collecting.cancel()
            }
        }

    @Test
    fun `a filter holds, and who is cancelled is told no more`() =
        play {
            withDevice(home("ada")) { ada ->
                val one = ada.createNote(Note(text = "One"))
                val told = Channel<News>(Channel.UNLIMITED)
                val collecting: Job = launch { ada.changes(Filter(id = one)).collect(told::send) }
                told.receive()
                ada.createNote(Note(text = "Another"))
                ada.spliceNote(one, TextUnit.SCALARS, listOf(Splice(at = 3u, delete = 0u, insert = "!")))
                assertEquals(listOf(one), told.receive().changes.map { it.id })
                collecting.cancel()
                collecting.join()
                ada.spliceNote(one, TextUnit.SCALARS, listOf(Splice(at = 0u, delete = 0u, insert = "¡")))
                // Another collector is told of it, so the first would have been.
                ada.changes(Filter(id = one)).onEach { if (it.everything) ada.eraseNote(one) }.first { !it.everything }
                assertTrue(told.isEmpty)
            }
        }

    @Test
    fun `thousands of collectors take no threads`() =
        play {
            withDevice(home("ada")) { ada ->
                val one = listOf(ada.changes().produceIn(this@play)).onEach { it.receive() }
                val threads = threads()
                val many = List(5_000) { ada.changes(Filter(kinds = listOf(Kind.EVENT))).produceIn(this@play) }
                many.forEach { assertTrue(it.receive().everything) }
                assertTrue(threads() < threads + 8)
                (one + many).forEach { it.cancel() }
            }
        }

    @Test
    fun `a listener that throws is told the next news all the same`() =
        play {
            withDevice(home("ada")) { ada ->
                val told = Channel<News>(Channel.UNLIMITED)
                val listener =
                    object : ChangeListener {
                        override fun changed(news: News) {
                            told.trySend(news)
                            error("a mistake of the app")
                        }
                    }
                ada.observe(Filter(), listener).use {
                    repeat(2) {
                        ada.createNote(Note(text = "told"))
                        assertEquals(
                            Kind.NOTE,
                            told
                                .receive()
                                .changes
                                .first()
                                .kind,
                        )
                    }
                }
            }
        }

    @Test
    fun `where links stand is told at once and when it changes`() =
        play {
            withDevice(home("ada")) { ada ->
                ada.withLinks { links ->
                    links
                        .standings()
                        .onEach { if (it.situation != Situation.PAUSED) links.pause() }
                        .first { it.situation == Situation.PAUSED }
                }
            }
        }
}
