package org.teilgeber.app.platform

import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.last
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.teilgeber.AnimatedQrReceiver
import org.teilgeber.AnimatedQrSender
import org.teilgeber.QrModules
import org.teilgeber.qrModules
import java.nio.ByteBuffer
import kotlin.random.Random

/** Rows as a camera pads them: longer than the picture is wide, and the last one only as long. */
private const val PADDING = 24

class LumaTest {
    @Test
    fun `a code is read out of padded rows, and what shows none is passed over`() =
        runBlocking {
            val dark = Luma(64, 64, 64, ByteArray(64 * 64))
            val code = seen(qrModules("Hello"))
            assertEquals(emptyList<String>(), flowOf(dark).codes().toList())
            assertEquals(listOf("Hello"), flowOf(code).codes().toList())
        }

    @Test
    fun `codes that follow one another are followed until they are whole`() =
        runBlocking {
            val payload = Random.nextBytes(1200)
            val sender = AnimatedQrSender(payload)
            val receiver = AnimatedQrReceiver()
            val shown = (0 until 500).asFlow()
            val pictures = flow { shown.collect { if (it != 1) emit(seen(sender.frame(it.toUShort()))) } }
            assertTrue(pictures.following(receiver).last().isDone)
            assertArrayEquals(payload, receiver.payload())
        }

    @Test
    fun `of a plane its own bytes are taken`() {
        val plane = ByteBuffer.allocateDirect(10).apply { put(ByteArray(10) { it.toByte() }).flip().position(2) }
        val luma = Luma.of(2, 2, 6, plane.slice())
        assertArrayEquals(ByteArray(8) { (it + 2).toByte() }, luma.bytes)
    }

    private fun seen(code: QrModules): Luma {
        val modules = code.side.toInt()
        val side = (modules + 8) * 4
        val stride = side + PADDING
        val bytes = ByteArray(stride * (side - 1) + side) { -1 }
        for (row in 0 until modules * 4) {
            for (column in 0 until modules * 4) {
                val isDark = code.dark[row / 4 * modules + column / 4] == 1.toByte()
                if (isDark) bytes[(row + 16) * stride + column + 16] = 0
            }
        }
        return Luma(side, side, stride, bytes)
    }
}
