package org.teilgeber.app.look

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Card
import org.teilgeber.Interest
import org.teilgeber.PhotoConsent
import org.teilgeber.app.R
import org.teilgeber.app.board.word

/** What somebody shows of themselves, as it stands on an index card. */
@Composable
fun CardFace(
    card: Card,
    modifier: Modifier = Modifier,
) = Column(modifier, Arrangement.spacedBy(Space.tiny)) {
    val type = MaterialTheme.typography
    Text(card.name ?: stringResource(R.string.person_nameless), style = type.titleLarge)
    if (card.hashtags.isNotEmpty()) {
        Text(card.hashtags.map { it.words() }.joinToString(" "), color = LocalColours.current.marker, style = type.bodyLarge)
    }
    if (card.bio.isNotEmpty()) Text(card.bio, style = type.bodyLarge)
    card.links.forEach { FadedText(it) }
    SignedWord(R.drawable.ic_photo, stringResource(card.photoConsent.word))
}

/** A hashtag, and how much they know of it. */
@Composable
fun Interest.words(): String = level?.let { "#$tag (${stringResource(it.word)})" } ?: "#$tag"

val PhotoConsent.word
    @StringRes get() =
        when (this) {
            PhotoConsent.YES -> R.string.photo_yes
            PhotoConsent.ASK -> R.string.photo_ask
            PhotoConsent.NO -> R.string.photo_no
        }
