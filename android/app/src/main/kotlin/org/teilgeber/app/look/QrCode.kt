package org.teilgeber.app.look

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import org.teilgeber.QrModules

/** A code to be scanned, black on white in the dark too, with its quiet zone. [label] says what it is for. */
@Composable
fun QrCode(
    code: QrModules,
    label: String,
    modifier: Modifier = Modifier,
) = Canvas(
    modifier
        .aspectRatio(1f)
        .clip(Corner)
        .background(Color.White)
        .semantics { contentDescription = label },
) {
    val side = code.side.toInt()
    // Whole pixels: what is blurred between two modules is what a camera stumbles over.
    val module = (size.minDimension / (side + 2 * QUIET)).toInt().coerceAtLeast(1).toFloat()
    val left = ((size.width - side * module) / 2).toInt()
    val top = ((size.height - side * module) / 2).toInt()
    for (at in 0 until side * side) {
        if (code.dark[at].toInt() == 0) continue
        drawRect(Color.Black, Offset(left + at % side * module, top + at / side * module), Size(module, module))
    }
}

/** Modules that must stay light around a code. */
private const val QUIET = 4
