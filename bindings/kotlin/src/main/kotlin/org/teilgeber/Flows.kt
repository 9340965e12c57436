package org.teilgeber

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.flow

/** The most changes that wait for a slow collector; beyond it, it is told to read everything again. */
private const val WAITING_MAX = 256

/**
 * What changes, from the moment in which this is collected until that is cancelled. Its first item comes at once and
 * says to read everything; so whoever reads the present state at each item misses nothing.
 *
 * News that wait for a slow collector are folded into one: each thing that changed is in it once, and none is left out.
 */
fun Device.changes(filter: Filter = Filter()): Flow<News> =
    flow {
        val waiting = WaitingNews()
        observe(filter, waiting).use {
            emit(News(changes = emptyList(), everything = true))
            while (true) emit(waiting.take())
        }
    }

/** Where this device stands: now, and each time that it changes. A slow collector sees the last. */
fun Links.standings(): Flow<Standing> =
    callbackFlow {
        val listener =
            object : LinksListener {
                override fun stands(standing: Standing) {
                    trySend(standing)
                }
            }
        val subscription = watch(listener)
        awaitClose { subscription.close() }
    }.conflate()

/** Folds what nobody has taken yet into one. */
private class WaitingNews : ChangeListener {
    private val filled = Channel<Unit>(Channel.CONFLATED)
    private val changes = LinkedHashSet<Change>()
    private var everything = false

    override fun changed(news: News) {
        synchronized(this) {
            changes += news.changes
            everything = everything || news.everything || changes.size > WAITING_MAX
            if (everything) changes.clear()
        }
        filled.trySend(Unit)
    }

    suspend fun take(): News {
        var news: News
        do {
            filled.receive()
            news = drain()
        } while (news.changes.isEmpty() && !news.everything)
        return news
    }

    private fun drain(): News =
        synchronized(this) {
            News(changes.toList(), everything).also {
                changes.clear()
                everything = false
            }
        }
}
