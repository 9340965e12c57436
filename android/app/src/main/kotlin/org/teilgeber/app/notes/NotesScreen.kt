package org.teilgeber.app.notes

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import org.teilgeber.Id
import org.teilgeber.NoteHeadline
import org.teilgeber.Tag
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberTimes

/** What a person can do among their notes. */
interface NotesActs {
    fun open(note: Id)

    fun write()

    fun openThings()

    fun show(tag: Tag?)

    fun more()
}

@Composable
fun NotesScreen(
    state: NotesState,
    acts: NotesActs,
) = Page(
    stringResource(R.string.notes),
    act = Act(stringResource(R.string.write_note), R.drawable.ic_edit, onClick = acts::write),
) {
    val notes = state.notes ?: return@Page
    val times = rememberTimes()
    if (state.tags.isNotEmpty()) Tags(state, acts)
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item { OpenLine(state, acts) }
        if (notes.isEmpty()) {
            item { EmptyHint(stringResource(R.string.no_notes), stringResource(R.string.no_notes_hint)) }
        }
        notes.groupBy { it.event }.forEach { (event, group) ->
            val name = state.events.find { it.id == event }?.name
            item { PartTitle(name ?: stringResource(R.string.without_event)) }
            items(group, { it.id }) { Headline(it, state, times, acts) }
        }
        if (state.more) item { TextButton(acts::more, Modifier.fillMaxWidth()) { Text(stringResource(R.string.older)) } }
    }
}

@Composable
private fun Tags(
    state: NotesState,
    acts: NotesActs,
) = Row(
    Modifier.horizontalScroll(rememberScrollState()).padding(horizontal = Space.edge),
    Arrangement.spacedBy(Space.small),
) {
    state.tags.forEach { tag ->
        FilterChip(tag == state.tag, { acts.show(tag.takeIf { it != state.tag }) }, { Text("#$tag") })
    }
}

/** What is open stands on top. */
@Composable
private fun OpenLine(
    state: NotesState,
    acts: NotesActs,
) = PaperCard(onClick = acts::openThings) {
    val open = state.open
    val count = open?.run { due.size + later.size + promises.size } ?: 0
    val words = if (count == 0) stringResource(R.string.nothing_open) else pluralStringResource(R.plurals.open_count, count, count)
    SignedWord(R.drawable.ic_anchor, words)
    open?.due?.firstOrNull()?.let {
        Text(it.anchor.words, Modifier.padding(top = Space.tiny), style = MaterialTheme.typography.bodyLarge)
    }
}

@Composable
private fun Headline(
    note: NoteHeadline,
    state: NotesState,
    times: Times,
    acts: NotesActs,
) = PaperCard(onClick = { acts.open(note.id) }) {
    Text(
        note.title ?: stringResource(R.string.untitled),
        style = MaterialTheme.typography.titleMedium,
        maxLines = 2,
        overflow = TextOverflow.Ellipsis,
    )
    val below =
        listOfNotNull(
            state.sessions[note.session],
            "${times.day(note.updated)}, ${times.clock(note.updated)}",
            note.tags.joinToString(" ") { "#$it" }.ifEmpty { null },
        )
    Text(
        below.joinToString(" · "),
        color = LocalColours.current.fadedInk,
        style = MaterialTheme.typography.labelMedium,
    )
}
