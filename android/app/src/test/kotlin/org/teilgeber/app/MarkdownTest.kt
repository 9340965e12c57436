package org.teilgeber.app

import androidx.compose.ui.graphics.Color
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.teilgeber.app.look.rendered

/** Marks are read as they are meant; what is no mark stays as it was typed. */
@RunWith(RobolectricTestRunner::class)
class MarkdownTest {
    @Test
    fun marksAreMeantAndNotShown() {
        val words = rendered("# Merging\n\nAsk *Bob* about **clocks**.\n\n- tea\n- [x] done\n- [ ] open\n\n1. one\n2. two", Color.Black)
        assertEquals("Merging\n\nAsk Bob about clocks.\n\n• tea\n☑ done\n☐ open\n\n1. one\n2. two", words.text)
        assertTrue(words.spanStyles.size >= 3)
    }

    @Test
    fun htmlDoesNothing() = assertEquals("<b>loud</b> a < b", rendered("<b>loud</b> a < b", Color.Black).text)
}
