package org.teilgeber.app.look

import androidx.annotation.DrawableRes
import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import org.teilgeber.app.core.RoomSign

/** The one main act of a screen, under the thumb. */
@Composable
fun MainAct(
    word: String,
    @DrawableRes icon: Int,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
) = Button(onClick, modifier.heightIn(min = 56.dp), enabled, shape = Corner) {
    Sign(icon)
    Text(word, Modifier.padding(start = Space.small), textAlign = TextAlign.Center)
}

/** A further act, beside or below the main one. */
@Composable
fun SideAct(
    word: String,
    onClick: () -> Unit,
    modifier: Modifier = Modifier,
    @DrawableRes icon: Int? = null,
) = OutlinedButton(
    onClick,
    modifier.heightIn(min = Space.target),
    shape = Corner,
    colors = ButtonDefaults.outlinedButtonColors(contentColor = LocalColours.current.marker),
    border = BorderStroke(1.dp, LocalColours.current.fadedInk),
) {
    icon?.let { Sign(it, size = 20.dp) }
    Text(word, Modifier.padding(start = if (icon == null) 0.dp else Space.small), textAlign = TextAlign.Center)
}

/** What a part of a page is about. */
@Composable
fun PartTitle(
    words: String,
    modifier: Modifier = Modifier,
) = Text(
    words,
    modifier.padding(top = Space.small).semantics { heading() },
    LocalColours.current.fadedInk,
    style = MaterialTheme.typography.titleSmall,
)

/** Says what is not here yet, and what to do about it. */
@Composable
fun EmptyHint(
    title: String,
    words: String,
    modifier: Modifier = Modifier,
    acts: @Composable () -> Unit = {},
) = Column(
    modifier.fillMaxWidth().padding(Space.edge, Space.edge * 2),
    Arrangement.spacedBy(Space.between, Alignment.CenterVertically),
    Alignment.CenterHorizontally,
) {
    val type = MaterialTheme.typography
    Text(title, style = type.headlineSmall, textAlign = TextAlign.Center)
    Text(words, color = LocalColours.current.fadedInk, style = type.bodyLarge, textAlign = TextAlign.Center)
    acts()
}

/** One line of a session: the room's letter, the title and one line below. */
@Composable
fun SessionLine(
    room: RoomSign?,
    title: String,
    below: String,
    modifier: Modifier = Modifier,
    large: Boolean = false,
) = Row(modifier, Arrangement.spacedBy(Space.between), Alignment.CenterVertically) {
    room?.let { RoomLetter(it.letter, it.index, large = true) }
    Column(Modifier.weight(1f)) {
        val type = MaterialTheme.typography
        Text(
            title,
            style = if (large) type.titleLarge else type.titleMedium,
            maxLines = if (large) 4 else 3,
            overflow = TextOverflow.Ellipsis,
        )
        Text(below, color = LocalColours.current.fadedInk, style = type.labelMedium)
    }
}
