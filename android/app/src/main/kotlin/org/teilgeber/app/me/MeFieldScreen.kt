package org.teilgeber.app.me

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.listSaver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.Level
import org.teilgeber.PhotoConsent
import org.teilgeber.app.R
import org.teilgeber.app.board.levels
import org.teilgeber.app.board.word
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.CardFace
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.sign
import org.teilgeber.app.look.word

/**
 * One field: what it says and for whom. Narrower is saved at once, with the words that stood there; wider takes the main
 * act, below exactly what those will see.
 */
@Composable
fun MeFieldScreen(
    state: MeState,
    field: ProfileField,
    onNarrow: (FieldDraft) -> Unit,
    onSave: (FieldDraft) -> Unit,
) {
    val stored = state.profile?.draft(field) ?: return Page(stringResource(field.word)) {}
    var draft by rememberSaveable(stateSaver = draftSaver) { mutableStateOf(stored) }
    val word = if (draft.audience > stored.audience) R.string.me_share else R.string.save
    Page(
        stringResource(field.word),
        act = Act(stringResource(word, stringResource(draft.audience.word)), R.drawable.ic_check) { onSave(draft) },
    ) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            Value(field, draft) { draft = it }
            PartTitle(stringResource(R.string.me_for))
            FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
                Audience.entries.forEach { one ->
                    FilterChip(
                        one == draft.audience,
                        {
                            if (one < stored.audience) onNarrow(stored.copy(audience = one))
                            draft = draft.copy(audience = one)
                        },
                        { Text(stringResource(one.word)) },
                        leadingIcon = { Sign(one.sign, size = 18.dp) },
                    )
                }
            }
            val seen = state.seen[draft.audience]
            if (seen == null) {
                FadedText(stringResource(R.string.audience_me_sentence))
            } else {
                PartTitle(stringResource(R.string.me_preview, stringResource(draft.audience.word)))
                PaperCard { CardFace(seen.with(field, draft)) }
            }
        }
    }
}

@Composable
private fun ColumnScope.Value(
    field: ProfileField,
    draft: FieldDraft,
    onChange: (FieldDraft) -> Unit,
) {
    if (field == ProfileField.PHOTO) {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
            PhotoConsent.entries.forEach { one ->
                FilterChip(one == draft.consent, { onChange(draft.copy(consent = one)) }, { Text(stringResource(one.word)) })
            }
        }
        return
    }
    OutlinedTextField(
        draft.words,
        { onChange(draft.copy(words = it)) },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(field.word)) },
        supportingText =
            when (field) {
                ProfileField.HASHTAGS -> ({ Text(stringResource(R.string.me_hashtags_hint)) })
                ProfileField.LINKS -> ({ Text(stringResource(R.string.me_links_hint)) })
                else -> null
            },
        singleLine = field == ProfileField.NAME,
        minLines = if (field == ProfileField.NAME || field == ProfileField.HASHTAGS) 1 else 3,
    )
    if (field == ProfileField.HASHTAGS) draft.tags.take(MOST_TAGS).forEach { Levels(it, draft, onChange) }
}

@Composable
private fun Levels(
    tag: String,
    draft: FieldDraft,
    onChange: (FieldDraft) -> Unit,
) {
    FadedText("#$tag")
    FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
        levels.forEach { one ->
            val chosen = draft.levels[tag] == one
            FilterChip(
                chosen,
                { onChange(draft.copy(levels = if (chosen) draft.levels - tag else draft.levels + (tag to one))) },
                { Text(stringResource(one.word)) },
            )
        }
    }
}

private const val MOST_TAGS = 3

private val draftSaver =
    listSaver<FieldDraft, String>(
        save = { draft ->
            val levels = draft.levels.flatMap { (tag, level) -> listOf(tag, level.name) }
            listOf(draft.audience.name, draft.words, draft.consent?.name.orEmpty()) + levels
        },
        restore = { saved ->
            FieldDraft(
                Audience.valueOf(saved[0]),
                saved[1],
                saved.drop(3).chunked(2).associate { (tag, level) -> tag to Level.valueOf(level) },
                saved[2].ifEmpty { null }?.let(PhotoConsent::valueOf),
            )
        },
    )
