package org.teilgeber.app

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.luminance
import org.junit.Assert.assertEquals
import org.junit.Test
import org.teilgeber.app.look.Colours
import org.teilgeber.app.look.Dark
import org.teilgeber.app.look.Light

/** Text has a contrast of 4.5:1 on whatever it stands, signs of 3:1. */
class LookTest {
    @Test
    fun textIsReadable() {
        for (colours in listOf(Light, Dark)) {
            with(colours) {
                val pairs =
                    listOf(ink, fadedInk, marker, tape, stop).flatMap { listOf(it to paper, it to card) } +
                        listOf(tape to tapePaper, ink to tapePaper, fadedInk to tapePaper, onMarker to marker, paper to ink) +
                        rooms.map { onRoom to it }
                val weak = pairs.filter { (text, ground) -> contrast(text, ground) < TEXT }
                assertEquals(name(), emptyList<Any>(), weak.map { (a, b) -> "$a on $b ${contrast(a, b)}" })
            }
        }
    }

    @Test
    fun signsAreSeen() {
        for (colours in listOf(Light, Dark)) {
            with(colours) {
                val weak = (rooms + marker + tape + stop + fadedInk).filter { contrast(it, paper) < SIGN || contrast(it, card) < SIGN }
                assertEquals(name(), emptyList<Color>(), weak)
            }
        }
    }

    private fun Colours.name() = if (this === Light) "light" else "dark"

    private fun contrast(
        a: Color,
        b: Color,
    ): Float {
        val (dark, bright) = listOf(a.luminance(), b.luminance()).sorted()
        return (bright + 0.05f) / (dark + 0.05f)
    }

    private companion object {
        const val TEXT = 4.5f
        const val SIGN = 3f
    }
}
