package org.teilgeber.app.platform

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runInterruptible
import kotlinx.coroutines.withContext
import org.teilgeber.CoreException
import org.teilgeber.LinkHandle
import org.teilgeber.Links
import org.teilgeber.NativeLink
import java.io.Closeable
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream

/** A stream to one other phone, over whatever radio. Closing it wakes who reads. */
class Stream(
    val input: InputStream,
    val output: OutputStream,
    /** The most bytes that are written at once. */
    val mtu: Int,
    /** Whether this phone opened it: exactly one of both did. */
    val initiator: Boolean,
    private val closing: Closeable,
) : Closeable by closing

/** Lends a stream to the core as a link, until one of both ends it or this is cancelled. */
suspend fun Links.lend(stream: Stream) {
    val link = StreamLink(stream)
    try {
        linkOpened(link, stream.initiator, stream.mtu.toUInt()).use { handle ->
            link.begin(handle)
            try {
                handOn(stream, handle)
            } finally {
                withContext(NonCancellable) { handle.closed() }
            }
        }
    } finally {
        stream.close()
    }
}

/** What comes is handed in one after the other: so a fast radio fills no memory. */
private suspend fun handOn(
    stream: Stream,
    handle: LinkHandle,
) = coroutineScope {
    // A read of a socket is not interrupted, but ends when the socket is closed.
    val closer = launch { awaitCancellationThen(stream::close) }
    val buffer = ByteArray(stream.mtu)
    try {
        withContext(Dispatchers.IO) {
            while (true) {
                val length = runInterruptible { stream.input.read(buffer) }
                if (length < 0) break
                handle.received(buffer.copyOf(length))
            }
        }
    } catch (_: IOException) {
        // The other phone went.
    } catch (_: CoreException.Shut) {
        // The core ended the link.
    } finally {
        closer.cancel()
    }
}

private suspend fun awaitCancellationThen(close: () -> Unit) {
    try {
        awaitCancellation()
    } finally {
        close()
    }
}

/** Writes what the core has to say. A write returns once the radio took it, and that is the next credit. */
private class StreamLink(
    private val stream: Stream,
) : NativeLink {
    @Volatile
    private var handle: LinkHandle? = null

    fun begin(handle: LinkHandle) {
        this.handle = handle
        handle.writable(1u)
    }

    override fun send(chunk: ByteArray) {
        stream.output.write(chunk)
        stream.output.flush()
        handle?.writable(1u)
    }

    override fun end() = stream.close()
}
