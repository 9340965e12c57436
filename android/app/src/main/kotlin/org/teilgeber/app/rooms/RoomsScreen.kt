package org.teilgeber.app.rooms

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
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
import org.teilgeber.Audience
import org.teilgeber.Id
import org.teilgeber.OtherRoom
import org.teilgeber.PostRecord
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SessionLine
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberTimes

/** What I can do about what is said. */
interface RoomsActs {
    fun openSession(session: Id)

    fun openPerson(person: Id)

    fun answer(post: PostRecord?)

    fun post(
        words: String,
        then: () -> Unit,
    )

    fun erase(post: Id)

    fun mute(person: Id)

    fun more()
}

@Composable
fun RoomsScreen(
    state: RoomsState,
    acts: RoomsActs,
) = Page(stringResource(R.string.rooms_said)) {
    if (!state.read) return@Page
    if (state.event == null) {
        EmptyHint(stringResource(R.string.no_event), stringResource(R.string.rooms_no_event))
        return@Page
    }
    val times = rememberTimes(state.event.event?.timeZone)
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        if (state.rooms.isEmpty()) item { EmptyHint(stringResource(R.string.rooms_quiet), stringResource(R.string.rooms_quiet_hint)) }
        state.rooms.forEach { room(it, state, times, acts) }
        if (state.posts.isNotEmpty()) item { PartTitle(stringResource(R.string.rooms_wall)) }
        if (state.more) item { TextButton(acts::more, Modifier.fillMaxWidth()) { Text(stringResource(R.string.rooms_older)) } }
        items(state.posts, { it.id }) { Post(it, times, acts) }
    }
    Say(state.answered, acts)
}

private fun LazyListScope.room(
    room: OtherRoom,
    state: RoomsState,
    times: Times,
    acts: RoomsActs,
) {
    item {
        PaperCard(onClick = { acts.openSession(room.session) }) { SessionLine(state.signs[room.room], room.title, room.room) }
    }
    items(room.posts, { it.id }) { Post(it, times, acts) }
}

@Composable
private fun Post(
    post: PostRecord,
    times: Times,
    acts: RoomsActs,
) = PaperCard(Modifier.padding(start = if (post.post.replyTo == null) Space.tiny else Space.edge * 2)) {
    Text(post.post.text, style = MaterialTheme.typography.bodyLarge)
    FadedText("${post.name ?: stringResource(R.string.person_nameless)} · ${times.clock(post.said)}")
    Row(horizontalArrangement = Arrangement.spacedBy(Space.small), verticalAlignment = Alignment.CenterVertically) {
        TextButton({ acts.answer(post) }) { Text(stringResource(R.string.rooms_answer)) }
        if (post.mine) {
            TextButton({ acts.erase(post.id) }) { Text(stringResource(R.string.erase)) }
        } else {
            TextButton({ acts.openPerson(post.author) }) { Text(stringResource(R.string.rooms_who)) }
            TextButton({ acts.mute(post.author) }) { Text(stringResource(R.string.rooms_mute)) }
        }
    }
}

/** A field for a few words, to everyone or in answer to a post. */
@Composable
private fun Say(
    answered: PostRecord?,
    acts: RoomsActs,
) = Column(Modifier.padding(Space.edge, Space.small)) {
    var words by rememberSaveable { mutableStateOf("") }
    answered?.let { post ->
        Row(verticalAlignment = Alignment.CenterVertically) {
            FadedText(stringResource(R.string.rooms_answers, post.post.text.take(SHOWN)), Modifier.weight(1f))
            TextButton({ acts.answer(null) }) { Text(stringResource(R.string.cancel)) }
        }
    }
    OutlinedTextField(
        words,
        { words = it },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.say)) },
        leadingIcon = { AudienceSign(Audience.EVENT) },
        maxLines = 4,
        trailingIcon = {
            if (words.isNotBlank()) {
                val said = words
                TextButton({ acts.post(said.trim()) { if (words == said) words = "" } }) { Text(stringResource(R.string.post)) }
            }
        },
    )
}

/** As much of a post as is shown of it where it is answered. */
private const val SHOWN = 60
