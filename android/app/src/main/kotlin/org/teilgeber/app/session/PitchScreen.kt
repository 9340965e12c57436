package org.teilgeber.app.session

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.listSaver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.Level
import org.teilgeber.Placement
import org.teilgeber.Policy
import org.teilgeber.app.R
import org.teilgeber.app.board.levels
import org.teilgeber.app.board.sentence
import org.teilgeber.app.board.word
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SignedTitle
import org.teilgeber.app.look.Space

/** A card for the wall. A title is enough. What was typed outlives the process. */
@Composable
fun PitchScreen(
    state: PitchState,
    wanted: Placement?,
    onPitch: (Draft, Placement?) -> Unit,
) {
    if (!state.read) return Page(stringResource(R.string.pitch)) {}
    val old = state.record?.session
    var draft by rememberSaveable(stateSaver = draftSaver) { mutableStateOf(old?.draft() ?: Draft()) }
    var place by rememberSaveable(stateSaver = placeSaver) { mutableStateOf(wanted) }
    val act = Act(
        stringResource(if (old == null) R.string.put_up else R.string.save),
        R.drawable.ic_check,
        draft.title.isNotBlank(),
    ) { onPitch(draft, place) }
    Page(stringResource(if (old == null) R.string.pitch else R.string.change_session), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            SignedTitle(Audience.EVENT) {
                Text(
                    stringResource(R.string.pitch_seen),
                    color = LocalColours.current.fadedInk,
                    style = MaterialTheme.typography.labelMedium,
                )
            }
            Field(draft.title, R.string.title, lines = 1) { draft = draft.copy(title = it) }
            Field(draft.about, R.string.about, lines = 4) { draft = draft.copy(about = it) }
            if (old == null && state.event != null) {
                PartTitle(stringResource(R.string.where_when))
                PlacePicker(state.event, state.rooms, state.taken, state.now, place) { place = it }
            }
            PartTitle(stringResource(R.string.for_whom))
            Chips(levels, draft.level, { stringResource(it.word) }) { level ->
                draft = draft.copy(level = level.takeIf { it != draft.level })
            }
            Field(draft.tags, R.string.tags, lines = 1) { draft = draft.copy(tags = it) }
            PartTitle(stringResource(R.string.policy))
            // A policy is made stricter, never looser.
            val least = old?.policy ?: Policy.OPEN
            Chips(Policy.entries.filter { it >= least }, draft.policy, { stringResource(it.word) }) {
                draft = draft.copy(policy = it)
            }
            Text(
                stringResource(draft.policy.sentence),
                color = LocalColours.current.fadedInk,
                style = MaterialTheme.typography.bodySmall,
            )
        }
    }
}

/** Where a session that is there shall be held. */
@Composable
fun PlaceScreen(
    state: PitchState,
    onPlace: (Placement?) -> Unit,
) = Page(stringResource(R.string.where_when)) {
    val event = state.event ?: return@Page
    Column(
        Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge),
        Arrangement.spacedBy(Space.between),
    ) {
        state.record?.let { Text(it.session.title, style = MaterialTheme.typography.titleLarge) }
        PlacePicker(event, state.rooms, state.taken, state.now, state.place) { if (it != null) onPlace(it) }
        if (state.place != null) TextButton({ onPlace(null) }) { Text(stringResource(R.string.take_off)) }
    }
}

@Composable
private fun Field(
    text: String,
    label: Int,
    lines: Int,
    onChange: (String) -> Unit,
) = OutlinedTextField(
    text,
    onChange,
    Modifier.fillMaxWidth(),
    label = { Text(stringResource(label)) },
    minLines = lines,
    maxLines = maxOf(lines, 3),
    keyboardOptions = KeyboardOptions(KeyboardCapitalization.Sentences),
)

@Composable
private fun <T> Chips(
    all: List<T>,
    chosen: T?,
    word: @Composable (T) -> String,
    onChoose: (T) -> Unit,
) = Row(Modifier.horizontalScroll(rememberScrollState()), Arrangement.spacedBy(Space.small)) {
    all.forEach { FilterChip(it == chosen, { onChoose(it) }, { Text(word(it)) }) }
}

private val draftSaver =
    listSaver<Draft, String?>(
        { listOf(it.title, it.about, it.tags, it.level?.name, it.policy.name) },
        { (title, about, tags, level, policy) ->
            Draft(title!!, about!!, tags!!, level?.let(Level::valueOf), Policy.valueOf(policy!!))
        },
    )

private val placeSaver =
    listSaver<Placement?, String>(
        { it?.let { listOf(it.room, it.start.toString(), it.minutes.toString()) }.orEmpty() },
        { it.takeIf { it.size == 3 }?.let { (room, start, minutes) -> Placement(room, start.toULong(), minutes.toUShort()) } },
    )
