package org.teilgeber.app.look

import androidx.annotation.DrawableRes
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.defaultMinSize
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.app.R

/** A sign, drawn in the colour of the text around it. Without a [label] it stands beside its word and is silent. */
@Composable
fun Sign(
    @DrawableRes icon: Int,
    modifier: Modifier = Modifier,
    label: String? = null,
    colour: Color = LocalContentColor.current,
    size: Dp = 24.dp,
) = Icon(painterResource(icon), label, modifier.size(size.withLetters()), colour)

/** Who may read a thing. A tap says it in one sentence; [onChange] leads to where it is changed. */
@Composable
fun AudienceSign(
    audience: Audience,
    modifier: Modifier = Modifier,
    onChange: (() -> Unit)? = null,
) {
    var explained by remember { mutableStateOf(false) }
    IconButton({ explained = true }, modifier.size(Space.target)) {
        Sign(audience.sign, label = stringResource(audience.word), colour = LocalColours.current.fadedInk, size = 20.dp)
    }
    if (!explained) return
    AlertDialog(
        onDismissRequest = { explained = false },
        icon = { Sign(audience.sign) },
        title = { Text(stringResource(audience.word)) },
        text = { Text(stringResource(audience.sentence)) },
        confirmButton = { TextButton({ explained = false }) { Text(stringResource(R.string.good)) } },
        dismissButton =
            onChange?.let {
                {
                    TextButton({
                        explained = false
                        it()
                    }) { Text(stringResource(R.string.change)) }
                }
            },
    )
}

val Audience.sign
    @DrawableRes get() =
        when (this) {
            Audience.ME -> R.drawable.ic_lock
            Audience.CONTACTS -> R.drawable.ic_heads
            Audience.EVENT -> R.drawable.ic_hall
            Audience.EVERYONE -> R.drawable.ic_globe
        }

val Audience.word
    get() =
        when (this) {
            Audience.ME -> R.string.audience_me
            Audience.CONTACTS -> R.string.audience_contacts
            Audience.EVENT -> R.string.audience_event
            Audience.EVERYONE -> R.string.audience_everyone
        }

private val Audience.sentence
    get() =
        when (this) {
            Audience.ME -> R.string.audience_me_sentence
            Audience.CONTACTS -> R.string.audience_contacts_sentence
            Audience.EVENT -> R.string.audience_event_sentence
            Audience.EVERYONE -> R.string.audience_everyone_sentence
        }

/** A room's letter, as big as on a door. Its hue is that of its [index] among the rooms and never says anything alone. */
@Composable
fun RoomLetter(
    letter: String,
    index: Int,
    modifier: Modifier = Modifier,
    large: Boolean = true,
) {
    val colours = LocalColours.current
    val side = (if (large) 44.dp else 28.dp).withLetters()
    Box(
        modifier
            .defaultMinSize(side, side)
            .background(colours.rooms[index.mod(colours.rooms.size)], RoundedCornerShape(if (large) 10.dp else 7.dp))
            .padding(horizontal = Space.tiny)
            .clearAndSetSemantics {},
        Alignment.Center,
    ) {
        val type = MaterialTheme.typography
        Text(letter, style = if (large) type.headlineMedium else type.titleSmall, color = colours.onRoom, maxLines = 1)
    }
}

/** An audience's sign left of what it is about, so that the sign and not its target stands at the edge. */
@Composable
fun SignedTitle(
    audience: Audience,
    title: @Composable () -> Unit,
) = Row(Modifier.offset(x = (-14).dp), verticalAlignment = Alignment.CenterVertically) {
    AudienceSign(audience)
    title()
}

/** What stands beside letters grows with them, up to a half more. */
@Composable
fun Dp.withLetters(): Dp = this * LocalDensity.current.fontScale.coerceIn(1f, MOST_GROWTH)

private const val MOST_GROWTH = 1.6f

/** A word with a sign before it. */
@Composable
fun SignedWord(
    @DrawableRes icon: Int,
    word: String,
    modifier: Modifier = Modifier,
    colour: Color = LocalColours.current.fadedInk,
) {
    Row(modifier, verticalAlignment = Alignment.CenterVertically) {
        Sign(icon, colour = colour, size = 18.dp)
        Text(word, Modifier.padding(start = 6.dp), colour, style = MaterialTheme.typography.labelMedium)
    }
}
