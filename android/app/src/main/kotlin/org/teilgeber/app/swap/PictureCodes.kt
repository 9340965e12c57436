package org.teilgeber.app.swap

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.teilgeber.qrReadLuma

/** The texts of the codes in a picture; none where it is no picture. */
suspend fun codesIn(file: ByteArray): List<String> =
    withContext(Dispatchers.Default) {
        val bounds = BitmapFactory.Options().apply { inJustDecodeBounds = true }
        BitmapFactory.decodeByteArray(file, 0, file.size, bounds)
        val options = BitmapFactory.Options()
        options.inSampleSize = generateSequence(1) { it * 2 }.first { maxOf(bounds.outWidth, bounds.outHeight) / it <= LARGEST }
        val picture = BitmapFactory.decodeByteArray(file, 0, file.size, options)
        picture?.codes().orEmpty()
    }

/** The texts of the codes in this picture. */
fun Bitmap.codes(): List<String> {
    val pixels = IntArray(width * height)
    getPixels(pixels, 0, width, 0, 0, width, height)
    val luma = ByteArray(pixels.size) { pixels[it].brightness().toByte() }
    return qrReadLuma(width.toUInt(), height.toUInt(), width.toUInt(), luma)
}

/** By how bright the three colours are to the eye, in parts of 1000. */
private fun Int.brightness() = ((this shr 16 and 0xff) * 299 + (this shr 8 and 0xff) * 587 + (this and 0xff) * 114) / 1000

/** Enough for any code, and little to read. */
private const val LARGEST = 2048
