package org.teilgeber.app.platform

import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test

private const val LOW = "0000000000000001"
private const val HIGH = "ffffffffffffff00"

class BluetoothTest {
    @Test
    fun `an announcement is read as it was written, and fits`() {
        val announcement = Announcement(0xC1, HIGH)
        assertEquals(10, announcement.bytes().size)
        assertEquals(announcement, Announcement.of(announcement.bytes()))
    }

    @Test
    fun `what no phone announces is nothing`() {
        assertNull(Announcement.of(null))
        assertNull(Announcement.of(ByteArray(9)))
        assertNull(Announcement.of(ByteArray(10)))
    }

    @Test
    fun `the lower tag dials, once, and again after a while`() {
        var now = 0L
        val dialling = Dialling(LOW) { now }
        assertFalse(Dialling(HIGH) { now }.begins(LOW))
        assertFalse(dialling.begins(LOW))
        assertTrue(dialling.begins(HIGH))
        assertFalse(dialling.begins(HIGH))
        dialling.ended(HIGH)
        assertFalse(dialling.begins(HIGH))
        now = 60_001
        assertTrue(dialling.begins(HIGH))
    }

    @Test
    fun `a hall full of strangers is dialled a few at a time`() {
        val dialling = Dialling(LOW) { 0 }
        val dialled = (0x10..0xFF).count { dialling.begins("%016x".format(it)) }
        assertEquals(4, dialled)
    }
}
