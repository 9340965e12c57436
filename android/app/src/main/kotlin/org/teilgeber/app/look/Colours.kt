package org.teilgeber.app.look

import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color

/** The colours by what they are for. All that is drawn takes them from here or from Material's roles, which are set from these. */
data class Colours(
    val paper: Color,
    val card: Color,
    val outline: Color,
    val ink: Color,
    val fadedInk: Color,
    val marker: Color,
    val onMarker: Color,
    /** Attention: conflict, moved, only here. Text on [tapePaper]. */
    val tape: Color,
    val tapePaper: Color,
    /** Erase, off the record. */
    val stop: Color,
    /** Rooms, by turns; always with the room's letter on it. */
    val rooms: List<Color>,
    val onRoom: Color,
)

val Light =
    Colours(
        paper = Color(0xFFFAF7F2),
        card = Color(0xFFFFFFFF),
        outline = Color(0xFFE3DDD3),
        ink = Color(0xFF1C1F22),
        fadedInk = Color(0xFF5A6067),
        marker = Color(0xFF0A6C55),
        onMarker = Color(0xFFFFFFFF),
        tape = Color(0xFFB3541E),
        tapePaper = Color(0xFFFFF1E6),
        stop = Color(0xFFA4262C),
        rooms =
            listOf(
                Color(0xFF0B6A8F),
                Color(0xFF9A3B6B),
                Color(0xFF4E6B12),
                Color(0xFF5B4BA8),
                Color(0xFF9A5200),
                Color(0xFF0A6C55),
                Color(0xFF8A3A2B),
                Color(0xFF3F5A78),
            ),
        onRoom = Color(0xFFFFFFFF),
    )

val Dark =
    Colours(
        paper = Color(0xFF14171A),
        card = Color(0xFF1D2226),
        outline = Color(0xFF2E353B),
        ink = Color(0xFFECEFF1),
        fadedInk = Color(0xFFA9B2B9),
        marker = Color(0xFF5FD3B3),
        onMarker = Color(0xFF00382A),
        tape = Color(0xFFFFB68A),
        tapePaper = Color(0xFF3A2414),
        stop = Color(0xFFFF9C9F),
        rooms =
            listOf(
                Color(0xFF7CC7E8),
                Color(0xFFF0A3C7),
                Color(0xFFB4D468),
                Color(0xFFBDB2F5),
                Color(0xFFF2B66B),
                Color(0xFF5FD3B3),
                Color(0xFFF0A594),
                Color(0xFFA9C2DE),
            ),
        onRoom = Color(0xFF14171A),
    )

val LocalColours = staticCompositionLocalOf { Light }
