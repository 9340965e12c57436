package org.teilgeber.app.core

import org.teilgeber.Splice

/**
 * The one splice that makes [to] of [from], counted in UTF-16 units as Kotlin's strings are; null where they are equal.
 * It never cuts a character outside of the first plane in two.
 */
fun spliceBetween(
    from: String,
    to: String,
): Splice? {
    if (from == to) return null
    var start = from.commonPrefixWith(to).length
    if (start > 0 && from[start - 1].isHighSurrogate()) start -= 1
    val most = minOf(from.length, to.length) - start
    var end = 0
    while (end < most && from[from.length - 1 - end] == to[to.length - 1 - end]) end += 1
    if (end > 0 && from[from.length - end].isLowSurrogate()) end -= 1
    return Splice(start.toUInt(), (from.length - end - start).toUInt(), to.substring(start, to.length - end))
}

/**
 * What is on the screen, [mine], with what came from elsewhere since both were [base]: what [theirs] put in is put in,
 * what they took out and this person did not touch is taken out. No word of either is lost.
 */
fun mergedTexts(
    base: String,
    mine: String,
    theirs: String,
): String {
    val ours = spliceBetween(base, mine) ?: return theirs
    val other = spliceBetween(base, theirs) ?: return mine
    val (mineAt, mineEnd) = ours.range()
    val (at, end) = other.range()
    return when {
        end <= mineAt -> mine.replaceRange(at, end, other.insert)
        at >= mineEnd -> {
            val moved = mine.length - base.length
            mine.replaceRange(at + moved, end + moved, other.insert)
        }
        // Both changed one place: what they wrote comes before what was typed here.
        else -> mine.replaceRange(mineAt, mineAt, other.insert)
    }
}

private fun Splice.range() = at.toInt() to (at + delete).toInt()
