package org.teilgeber

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.channels.Channel

/** The smallest MTU that Bluetooth on an iPhone gives. */
const val MTU = 185u

/** One end of a radio in memory: what is sent here is received at the other end. */
class Wire : NativeLink {
    private val chunks = Channel<ByteArray>(Channel.UNLIMITED)

    val ended = CompletableDeferred<Unit>()

    @Volatile
    var longest = 0
        private set

    override fun send(chunk: ByteArray) {
        longest = maxOf(longest, chunk.size)
        chunks.trySend(chunk).getOrThrow()
    }

    override fun end() {
        ended.complete(Unit)
    }

    /** Gives a credit for each chunk that arrived, until it is cancelled. */
    suspend fun carry(
        sender: LinkHandle,
        receiver: LinkHandle,
    ) {
        sender.writable(4u)
        for (chunk in chunks) {
            receiver.received(chunk)
            sender.writable(1u)
        }
    }
}
