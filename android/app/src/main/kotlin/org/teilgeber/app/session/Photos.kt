package org.teilgeber.app.session

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import androidx.compose.foundation.Image
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.asImageBitmap
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.ConsentRecord
import org.teilgeber.PhotoRecord
import org.teilgeber.app.R
import org.teilgeber.app.look.Corner
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedTitle
import org.teilgeber.app.look.Space
import java.io.ByteArrayOutputStream

/** What was photographed of the board and the slides, and who wants to be in no picture. */
@Composable
fun Photos(
    photos: List<PhotoRecord>,
    consent: ConsentRecord?,
    onAdd: () -> Unit,
) = PaperCard {
    SignedTitle(Audience.EVENT) { Text(stringResource(R.string.photos), style = MaterialTheme.typography.titleMedium) }
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        if (photos.isNotEmpty()) {
            Row(Modifier.horizontalScroll(rememberScrollState()), Arrangement.spacedBy(Space.small)) {
                photos.forEach { Thumbnail(it) }
            }
        }
        consent?.no?.mapNotNull { it.name }?.takeIf { it.isNotEmpty() }?.let { Faded(stringResource(R.string.in_no_picture, it.joinToString())) }
        consent?.ask?.mapNotNull { it.name }?.takeIf { it.isNotEmpty() }?.let { Faded(stringResource(R.string.ask_before, it.joinToString())) }
        SideAct(stringResource(R.string.add_photo), onAdd, Modifier.fillMaxWidth(), R.drawable.ic_photo)
    }
}

@Composable
private fun Thumbnail(photo: PhotoRecord) {
    val picture = remember(photo.id) { photo.thumbnail?.let { BitmapFactory.decodeByteArray(it, 0, it.size) }?.asImageBitmap() }
    val words = photo.caption.ifEmpty { stringResource(R.string.a_photo) }
    if (picture == null) {
        Faded(words)
    } else {
        Image(picture, words, Modifier.size(96.dp).clip(Corner), contentScale = ContentScale.Crop)
    }
}

@Composable
private fun Faded(words: String) =
    Text(words, color = LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)

/** A small picture of one, of at most [THUMBNAIL_BYTES]; null where it cannot be read or made so small. */
fun thumbnailOf(picture: ByteArray): ByteArray? {
    val size = BitmapFactory.Options().apply { inJustDecodeBounds = true }
    BitmapFactory.decodeByteArray(picture, 0, picture.size, size)
    val longest = maxOf(size.outWidth, size.outHeight)
    if (longest <= 0) return null
    val coarse = BitmapFactory.Options().apply { inSampleSize = (longest / (2 * SIDE)).coerceAtLeast(1) }
    val bitmap = BitmapFactory.decodeByteArray(picture, 0, picture.size, coarse) ?: return null
    val scale = minOf(1f, SIDE.toFloat() / maxOf(bitmap.width, bitmap.height))
    val width = (bitmap.width * scale).toInt().coerceAtLeast(1)
    val small = Bitmap.createScaledBitmap(bitmap, width, (bitmap.height * scale).toInt().coerceAtLeast(1), true)
    return QUALITIES
        .map { quality -> ByteArrayOutputStream().also { small.compress(Bitmap.CompressFormat.JPEG, quality, it) }.toByteArray() }
        .firstOrNull { it.size <= THUMBNAIL_BYTES }
}

/** What the core takes at most. */
private const val THUMBNAIL_BYTES = 8 * 1024
private const val SIDE = 192
private val QUALITIES = listOf(70, 50, 30, 10)
