package org.teilgeber.app.open

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.Checkbox
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import org.teilgeber.AnchorRecord
import org.teilgeber.OpenPromise
import org.teilgeber.Whose
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import java.time.LocalDate
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle

/** What a person can do with what is open. */
interface OpenActs {
    fun add(words: String)

    fun done(
        record: AnchorRecord,
        done: Boolean,
    )

    fun erase(record: AnchorRecord)

    /** To what an anchor holds on to. */
    fun follow(record: AnchorRecord)

    fun kept(open: OpenPromise)
}

@Composable
fun OpenScreen(
    state: OpenState,
    acts: OpenActs,
) = Page(stringResource(R.string.open_things)) {
    val open = state.open ?: return@Page
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item { Add(acts) }
        if (open.due.isEmpty() && open.later.isEmpty() && open.promises.isEmpty()) {
            item { EmptyHint(stringResource(R.string.nothing_open), stringResource(R.string.nothing_open_hint)) }
        }
        anchors(R.string.due_now, open.due, acts)
        if (open.promises.isNotEmpty()) {
            item { PartTitle(stringResource(R.string.promises)) }
            items(open.promises) { Promised(it, acts) }
        }
        anchors(R.string.later, open.later, acts)
        anchors(R.string.done, state.done, acts)
    }
}

@Composable
private fun Add(acts: OpenActs) {
    var words by rememberSaveable { mutableStateOf("") }
    OutlinedTextField(
        words,
        { words = it },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.pick_up_again)) },
        trailingIcon = {
            if (words.isNotBlank()) {
                TextButton({
                    acts.add(words.trim())
                    words = ""
                }) { Text(stringResource(R.string.add)) }
            }
        },
    )
}

private fun LazyListScope.anchors(
    title: Int,
    anchors: List<AnchorRecord>,
    acts: OpenActs,
) {
    if (anchors.isEmpty()) return
    item { PartTitle(stringResource(title)) }
    items(anchors, { it.id }) { record ->
        val anchor = record.anchor
        PaperCard(onClick = if (anchor.held == null) null else ({ acts.follow(record) })) {
            Row(horizontalArrangement = Arrangement.spacedBy(Space.tiny), verticalAlignment = Alignment.CenterVertically) {
                val words = stringResource(R.string.done_label, anchor.words)
                Checkbox(anchor.done, { acts.done(record, it) }, Modifier.semantics { contentDescription = words })
                Column(Modifier.weight(1f)) {
                    Text(anchor.words, style = MaterialTheme.typography.bodyLarge)
                    anchor.due?.let {
                        val day = LocalDate.parse(it).format(DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM))
                        Text(day, color = LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)
                    }
                }
                IconButton({ acts.erase(record) }, Modifier.size(Space.target)) {
                    val erase = stringResource(R.string.erase_this, anchor.words)
                    Sign(R.drawable.ic_bin, label = erase, colour = LocalColours.current.fadedInk)
                }
            }
        }
    }
}

@Composable
private fun Promised(
    open: OpenPromise,
    acts: OpenActs,
) = PaperCard {
    val mine = open.promise.by == Whose.MINE
    Row(horizontalArrangement = Arrangement.spacedBy(Space.tiny), verticalAlignment = Alignment.CenterVertically) {
        val words = stringResource(R.string.done_label, open.promise.text)
        Checkbox(false, { acts.kept(open) }, Modifier.semantics { contentDescription = words })
        Column(Modifier.weight(1f)) {
            Text(open.promise.text, style = MaterialTheme.typography.bodyLarge)
            Text(
                stringResource(if (mine) R.string.i_promised else R.string.they_promised, open.name),
                color = LocalColours.current.fadedInk,
                style = MaterialTheme.typography.labelMedium,
            )
        }
    }
}
