package org.teilgeber.app.session

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
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
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.Id
import org.teilgeber.Placement
import org.teilgeber.PostRecord
import org.teilgeber.SessionRecord
import org.teilgeber.app.R
import org.teilgeber.app.board.PolicyWord
import org.teilgeber.app.board.StarButton
import org.teilgeber.app.board.sentence
import org.teilgeber.app.board.word
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Markdown
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.RoomLetter
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedTitle
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.TapeCard
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.end
import org.teilgeber.app.look.left
import org.teilgeber.app.look.rememberTimes

/** What a person can do with a session. */
interface SessionActs {
    fun star(star: Boolean)

    /** A note of theirs, or a new one. */
    fun note(id: Id?)

    fun openPad()

    fun openSession(id: Id)

    /** Chooses where it is held. */
    fun choosePlace()

    /** Settles claims: this place shall stand. */
    fun place(place: Placement)

    fun post(text: String)

    fun erasePost(id: Id)

    fun addPhoto()

    /** What all may have of it, written down. */
    fun document()

    /** Does not lose sight of it. */
    fun anchor()

    fun edit()

    fun erase()
}

@Composable
fun SessionScreen(
    state: SessionState,
    acts: SessionActs,
) = Page(
    stringResource(R.string.session),
    actions = { if (state.record != null) StarButton(state.starred, acts::star) },
    act =
        Act(stringResource(R.string.my_note), R.drawable.ic_edit) { acts.note(state.notes.firstOrNull()?.id) }
            .takeIf { state.record != null },
) {
    val record = state.record ?: return@Page
    val times = rememberTimes(state.event?.event?.timeZone)
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item { Head(state, record, times, acts) }
        if (state.places.size > 1) item { Claims(state, times, acts) }
        state.rival?.let { item { Rival(state, it, acts) } }
        if (record.session.about.isNotBlank()) item { Markdown(record.session.about) }
        together(state, acts)
        notes(state, acts)
        posts(state, acts)
        if (!state.offTheRecord) item { Photos(state.photos, state.consent, acts::addPhoto) }
        item { Further(state, acts) }
        item { Facts(state, record) }
        if (state.mine) item { Mine(acts) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Head(
    state: SessionState,
    record: SessionRecord,
    times: Times,
    acts: SessionActs,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
    val type = MaterialTheme.typography
    Text(record.session.title, style = type.headlineMedium)
    state.pitcher?.let { Text(it, color = LocalColours.current.fadedInk, style = type.bodyLarge) }
    val place = state.places.singleOrNull()
    if (place != null) {
        val room = state.rooms[place.room]
        Row(horizontalArrangement = Arrangement.spacedBy(Space.between), verticalAlignment = Alignment.CenterVertically) {
            RoomLetter(room.letter, room.index)
            Column(Modifier.weight(1f)) {
                Text("${place.room}, ${times.clock(place.start)} – ${times.clock(place.end)}", style = type.titleSmall)
                Text("${times.day(place.start)} · ${place.left(state.now)}", color = LocalColours.current.fadedInk, style = type.labelMedium)
            }
        }
    } else if (state.places.isEmpty()) {
        SideAct(stringResource(R.string.choose_place), acts::choosePlace, Modifier.fillMaxWidth(), R.drawable.ic_door)
    }
    FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.between), itemVerticalAlignment = Alignment.CenterVertically) {
        record.session.policy?.let { PolicyWord(it) }
        record.session.level?.let { Faded(stringResource(it.word)) }
        record.session.tags.forEach { Faded("#$it") }
        if (place != null) TextButton(acts::choosePlace) { Text(stringResource(R.string.move)) }
    }
}

/** Several places were claimed for it: which shall stand? */
@Composable
private fun Claims(
    state: SessionState,
    times: Times,
    acts: SessionActs,
) = TapeCard {
    SignedWord(R.drawable.ic_attention, stringResource(R.string.to_settle), colour = LocalColours.current.tape)
    Text(stringResource(R.string.which_place), style = MaterialTheme.typography.bodyLarge)
    state.places.forEach { place ->
        SideAct("${place.room}, ${times.clock(place.start)}", { acts.place(place) }, Modifier.fillMaxWidth())
    }
}

/** Another session hangs in the same place. */
@Composable
private fun Rival(
    state: SessionState,
    rival: SessionRecord,
    acts: SessionActs,
) = TapeCard {
    SignedWord(R.drawable.ic_attention, stringResource(R.string.to_settle), colour = LocalColours.current.tape)
    val room = state.places.firstOrNull()?.room.orEmpty()
    Text(
        stringResource(R.string.rival, rival.session.title, room),
        Modifier.padding(vertical = Space.small),
        style = MaterialTheme.typography.bodyLarge,
    )
    SideAct(stringResource(R.string.move_this), acts::choosePlace, Modifier.fillMaxWidth())
    TextButton({ acts.openSession(rival.id) }, Modifier.fillMaxWidth()) { Text(stringResource(R.string.open_other)) }
}

private fun LazyListScope.together(
    state: SessionState,
    acts: SessionActs,
) {
    if (state.offTheRecord) {
        item {
            PaperCard(border = LocalColours.current.stop) {
                SignedWord(R.drawable.ic_off_record, stringResource(R.string.policy_off), colour = LocalColours.current.stop)
                Text(
                    stringResource(state.record!!.session.policy!!.sentence),
                    Modifier.padding(top = Space.small),
                    style = MaterialTheme.typography.bodyLarge,
                )
            }
        }
        return
    }
    item {
        PaperCard(onClick = acts::openPad) {
            SignedTitle(Audience.EVENT) {
                Text(stringResource(R.string.together), style = MaterialTheme.typography.titleMedium)
            }
            val pad = state.pad
            if (pad == null) Faded(stringResource(R.string.together_empty)) else Markdown(pad.text, maxLines = 8)
            pad?.authors?.mapNotNull { it.name }?.takeIf { it.isNotEmpty() }?.let { Faded(it.joinToString()) }
        }
    }
}

private fun LazyListScope.notes(
    state: SessionState,
    acts: SessionActs,
) = items(state.notes, { it.id }) { note ->
    PaperCard(onClick = { acts.note(note.id) }) {
        SignedTitle(Audience.ME) {
            Text(note.title ?: stringResource(R.string.untitled), style = MaterialTheme.typography.titleMedium)
        }
    }
}

private fun LazyListScope.posts(
    state: SessionState,
    acts: SessionActs,
) {
    if (state.offTheRecord) return
    item { PartTitle(stringResource(R.string.said_here)) }
    items(state.posts, { it.id }) { Post(it, acts) }
    item { SayHere(acts) }
}

@Composable
private fun Post(
    post: PostRecord,
    acts: SessionActs,
) = PaperCard {
    Text(post.post.text, style = MaterialTheme.typography.bodyLarge)
    Row(verticalAlignment = Alignment.CenterVertically) {
        Faded(post.name.orEmpty(), Modifier.weight(1f))
        if (post.mine) TextButton({ acts.erasePost(post.id) }) { Text(stringResource(R.string.erase)) }
    }
}

/** A field for a few words to the others. */
@Composable
private fun SayHere(acts: SessionActs) {
    var words by rememberSaveable { mutableStateOf("") }
    OutlinedTextField(
        words,
        { words = it },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.say)) },
        leadingIcon = { AudienceSign(Audience.EVENT) },
        trailingIcon = {
            if (words.isNotBlank()) {
                TextButton({
                    acts.post(words.trim())
                    words = ""
                }) { Text(stringResource(R.string.post)) }
            }
        },
    )
}

@Composable
private fun Facts(
    state: SessionState,
    record: SessionRecord,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.tiny)) {
    if (state.comes.isNotEmpty()) {
        val names = state.comes.mapNotNull { it.name }
        val comes = state.comes.size
        Faded(pluralStringResource(R.plurals.comes, comes, comes) + if (names.isEmpty()) "" else ": " + names.joinToString())
    }
    record.session.language?.let { Faded(stringResource(R.string.language, it)) }
    record.session.link?.let { Faded(it) }
    if (record.hidden) Faded(stringResource(R.string.hidden))
}

@Composable
private fun Further(
    state: SessionState,
    acts: SessionActs,
) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        SideAct(stringResource(R.string.pick_up_again), acts::anchor, Modifier.fillMaxWidth(), R.drawable.ic_anchor)
        if (!state.offTheRecord) {
            SideAct(stringResource(R.string.documentation), acts::document, Modifier.fillMaxWidth(), R.drawable.ic_notes)
        }
    }

@Composable
private fun Mine(acts: SessionActs) =
    Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
        SideAct(stringResource(R.string.change), acts::edit, Modifier.weight(1f))
        SideAct(stringResource(R.string.take_back), acts::erase, Modifier.weight(1f))
    }

@Composable
private fun Faded(
    words: String,
    modifier: Modifier = Modifier,
) = Text(words, modifier, LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)
