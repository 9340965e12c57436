package org.teilgeber.app

import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.teilgeber.app.core.mergedTexts
import org.teilgeber.app.core.spliceBetween
import kotlin.random.Random

/** One splice makes one text of another, and what two typed at once is merged without losing a word. */
@RunWith(RobolectricTestRunner::class) // Kotlin's Random looks for Android's version.
class SplicesTest {
    @Test
    fun aSpliceMakesTheOtherText() {
        val random = Random(7)
        repeat(CASES) {
            val from = random.text()
            val to = random.edited(from)
            val splice = spliceBetween(from, to)
            if (splice == null) {
                assertEquals(from, to)
            } else {
                val end = (splice.at + splice.delete).toInt()
                assertEquals(to, from.replaceRange(splice.at.toInt(), end, splice.insert))
                assertTrue("'$from' to '$to'", whole(from, splice.at.toInt()) && whole(from, end))
            }
        }
        assertNull(spliceBetween("the same", "the same"))
    }

    @Test
    fun noWordOfEitherIsLost() {
        val random = Random(8)
        repeat(CASES) {
            val base = random.text()
            val mine = random.inserted(base, "<mine>")
            val theirs = random.inserted(base, "<theirs>")
            val merged = mergedTexts(base, mine, theirs)
            assertTrue("'$merged'", "<mine>" in merged && "<theirs>" in merged)
            assertEquals(base, merged.replace("<mine>", "").replace("<theirs>", ""))
        }
    }

    @Test
    fun whatOneTookOutIsOut() {
        assertEquals("one three four", mergedTexts("one two three", "one two three four", "one three"))
        assertEquals("zero one three", mergedTexts("one two three", "zero one two three", "one three"))
    }

    private fun Random.text() = (0..nextInt(8)).joinToString("") { PIECES.random(this) }

    private fun Random.edited(text: String): String {
        val cuts = text.indices.filter { whole(text, it) } + text.length
        val (from, to) = listOf(cuts.random(this), cuts.random(this)).sorted()
        return text.replaceRange(from, to, if (nextBoolean()) text() else "")
    }

    private fun Random.inserted(
        text: String,
        words: String,
    ): String {
        val at = (text.indices.filter { whole(text, it) } + text.length).random(this)
        return text.replaceRange(at, at, words)
    }

    /** Whether no character is cut in two at [index]. */
    private fun whole(
        text: String,
        index: Int,
    ) = index == 0 || index == text.length || !(text[index - 1].isHighSurrogate() && text[index].isLowSurrogate())

    private companion object {
        const val CASES = 20_000
        val PIECES = listOf("a", "b", " ", "🦊", "🦉", "ä", "\n", "ab")
    }
}
