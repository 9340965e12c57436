package org.teilgeber.app.people

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Checkbox
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import org.teilgeber.Audience
import org.teilgeber.ContactRecord
import org.teilgeber.Id
import org.teilgeber.Meeting
import org.teilgeber.Quiet
import org.teilgeber.Whose
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.CardFace
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberTimes

/** What I can do about a person. */
interface PersonActs {
    fun write()

    fun openSession(id: Id)

    fun follow(follow: Boolean)

    fun mute()

    fun block()

    fun unmute()

    fun remove()

    fun promise(
        words: String,
        mine: Boolean,
    )

    fun kept(
        at: Int,
        kept: Boolean,
    )
}

@Composable
fun PersonScreen(
    state: PersonState,
    acts: PersonActs,
) {
    val write =
        Act(stringResource(R.string.person_write), R.drawable.ic_post, onClick = acts::write)
            .takeIf { state.read && state.quiet != Quiet.BLOCK }
    Page(state.name ?: stringResource(R.string.person_nameless), act = write) {
        if (!state.read) return@Page
        val times = rememberTimes()
        LazyColumn(
            Modifier.weight(1f),
            contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
            verticalArrangement = Arrangement.spacedBy(Space.between),
        ) {
            item { PaperCard { state.card?.let { CardFace(it) } ?: FadedText(stringResource(R.string.person_shows_nothing)) } }
            if (state.quiet != null) item { Quiet(state.quiet, acts) }
            state.contact?.let { remembered(it, state, times, acts) }
            said(state, acts)
            item { Further(state, acts) }
        }
    }
}

@Composable
private fun Quiet(
    quiet: Quiet,
    acts: PersonActs,
) = PaperCard {
    Text(stringResource(if (quiet == Quiet.BLOCK) R.string.person_is_blocked else R.string.person_is_muted))
    TextButton(acts::unmute) { Text(stringResource(R.string.person_unmute)) }
}

/** When and where we met, what I remember, and promises: mine alone. */
private fun LazyListScope.remembered(
    record: ContactRecord,
    state: PersonState,
    times: Times,
    acts: PersonActs,
) {
    val contact = record.contact
    if (contact.meetings.isNotEmpty() || contact.memo.isNotEmpty()) {
        item {
            PartTitle(stringResource(R.string.person_met))
            contact.meetings.forEach { FadedText(it.words(state, times)) }
            if (contact.memo.isNotEmpty()) Text(contact.memo, style = MaterialTheme.typography.bodyLarge)
        }
    }
    item { Promises(record, acts) }
}

private fun Meeting.words(
    state: PersonState,
    times: Times,
) = listOfNotNull(
    "${times.day(`when`)}, ${times.clock(`when`)}",
    state.events.find { it.id == event }?.name,
    state.sessions.find { it.id == session }?.session?.title,
    place,
).joinToString(" · ")

@Composable
private fun Promises(
    record: ContactRecord,
    acts: PersonActs,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.tiny)) {
    PartTitle(stringResource(R.string.promises))
    record.contact.promises.forEachIndexed { at, promise ->
        Row(
            Modifier
                .fillMaxWidth()
                .heightIn(min = Space.target)
                .toggleable(promise.kept, role = Role.Checkbox) { acts.kept(at, it) },
            Arrangement.spacedBy(Space.between),
            Alignment.CenterVertically,
        ) {
            Checkbox(promise.kept, null)
            Column {
                FadedText(stringResource(if (promise.by == Whose.MINE) R.string.i_promised else R.string.they_promised, record.contact.name))
                Text(promise.text, style = MaterialTheme.typography.bodyLarge)
            }
        }
    }
    var words by rememberSaveable { mutableStateOf("") }
    OutlinedTextField(
        words,
        { words = it },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.person_promise)) },
        leadingIcon = { AudienceSign(Audience.ME) },
    )
    if (words.isNotBlank()) {
        Row(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
            for ((mine, word) in listOf(true to R.string.person_promise_mine, false to R.string.person_promise_theirs)) {
                SideAct(
                    stringResource(word),
                    {
                        acts.promise(words.trim(), mine)
                        words = ""
                    },
                    Modifier.weight(1f),
                )
            }
        }
    }
}

private fun LazyListScope.said(
    state: PersonState,
    acts: PersonActs,
) {
    if (state.sessions.isNotEmpty()) item { PartTitle(stringResource(R.string.person_sessions)) }
    items(state.sessions, { it.id }) { record ->
        PaperCard(onClick = { acts.openSession(record.id) }) {
            Text(record.session.title, style = MaterialTheme.typography.titleMedium)
        }
    }
    if (state.posts.isNotEmpty()) item { PartTitle(stringResource(R.string.person_posts)) }
    items(state.posts, { it.id }) { PaperCard { Text(it.post.text, style = MaterialTheme.typography.bodyLarge) } }
}

@Composable
private fun Further(
    state: PersonState,
    acts: PersonActs,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
    val wide = Modifier.fillMaxWidth()
    state.contact?.let { contact ->
        val word = if (contact.followed) R.string.person_unfollow else R.string.person_follow
        SideAct(stringResource(word), { acts.follow(!contact.followed) }, wide, R.drawable.ic_star)
    }
    if (state.quiet == null) SideAct(stringResource(R.string.person_mute), acts::mute, wide)
    if (state.quiet != Quiet.BLOCK) SideAct(stringResource(R.string.person_block), acts::block, wide)
    if (state.contact != null) Remove(acts, wide)
}

/** Others hear of it by letter, so it cannot be undone: it asks once. */
@Composable
private fun Remove(
    acts: PersonActs,
    modifier: Modifier,
) {
    var asked by remember { mutableStateOf(false) }
    SideAct(stringResource(R.string.person_remove), { asked = true }, modifier, R.drawable.ic_bin)
    if (!asked) return
    AlertDialog(
        { asked = false },
        confirmButton = { TextButton(acts::remove) { Text(stringResource(R.string.person_remove)) } },
        dismissButton = { TextButton({ asked = false }) { Text(stringResource(R.string.cancel)) } },
        text = { Text(stringResource(R.string.person_remove_what)) },
    )
}
