package org.teilgeber.app.core

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import org.teilgeber.ChangeListener
import org.teilgeber.Device
import org.teilgeber.Filter
import org.teilgeber.News

/** What changes from the moment of collecting on. News that nobody took yet are dropped for the next. */
fun Device.changes(filter: Filter): Flow<News> =
    callbackFlow {
        val subscription =
            observe(
                filter,
                object : ChangeListener {
                    override fun changed(news: News) {
                        trySend(news)
                    }
                },
            )
        awaitClose { subscription.end() }
    }.buffer(Channel.CONFLATED)
