package org.teilgeber.app.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Profile
import org.teilgeber.app.R
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.CardFace
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.sign
import org.teilgeber.app.look.word
import org.teilgeber.app.look.words

/** What I can do about myself. */
interface MeActs {
    fun change(field: ProfileField)

    fun openEvent(event: Id)

    fun settings()

    fun erase()
}

/** What others see, field by field, each with for whom it is. */
@Composable
fun MeScreen(
    state: MeState,
    acts: MeActs,
) = Page(stringResource(R.string.me)) {
    val profile = state.profile ?: return@Page
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item { FadedText(stringResource(R.string.me_tap)) }
        items(ProfileField.entries) { Field(it, profile, acts) }
        item { Seen(state) }
        if (state.events.isNotEmpty()) item { PartTitle(stringResource(R.string.me_events)) }
        items(state.events, { it.id }) { Appearing(it, acts) }
        item { Further(acts) }
    }
}

@Composable
private fun Field(
    field: ProfileField,
    profile: Profile,
    acts: MeActs,
) = PaperCard(onClick = { acts.change(field) }) {
    val draft = profile.draft(field)
    SignedWord(draft.audience.sign, "${stringResource(field.word)} · ${stringResource(draft.audience.word)}")
    val words =
        when (field) {
            ProfileField.PHOTO -> draft.consent?.let { stringResource(it.word) }.orEmpty()
            ProfileField.HASHTAGS -> draft.hashtags.map { it.words() }.joinToString(" ")
            else -> draft.words
        }
    if (words.isEmpty()) {
        FadedText(stringResource(R.string.me_unset))
    } else {
        Text(words, style = MaterialTheme.typography.bodyLarge)
    }
}

/** The card as each audience sees it now. */
@Composable
private fun Seen(state: MeState) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        var reader by rememberSaveable { mutableStateOf(Audience.CONTACTS) }
        PartTitle(stringResource(R.string.me_seen))
        FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
            MeModel.others.forEach { one -> FilterChip(one == reader, { reader = one }, { Text(stringResource(one.word)) }) }
        }
        state.seen[reader]?.let { PaperCard { CardFace(it) } }
    }

@Composable
private fun Appearing(
    event: EventRecord,
    acts: MeActs,
) = PaperCard(onClick = { acts.openEvent(event.id) }) {
    Text(event.name, style = MaterialTheme.typography.titleMedium)
    FadedText(stringResource(if (event.appearing) R.string.me_appears else R.string.me_appears_not))
}

@Composable
private fun Further(acts: MeActs) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        SideAct(stringResource(R.string.settings), acts::settings, Modifier.fillMaxWidth())
        SideAct(stringResource(R.string.me_erase), acts::erase, Modifier.fillMaxWidth(), R.drawable.ic_bin)
    }
