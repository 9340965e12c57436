package org.teilgeber.app.today

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import org.teilgeber.BoardItem
import org.teilgeber.Conflict
import org.teilgeber.Id
import org.teilgeber.StarNews
import org.teilgeber.Whose
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.RoomLetter
import org.teilgeber.app.look.SessionLine
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.TapeCard
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.end
import org.teilgeber.app.look.left
import org.teilgeber.app.look.rememberTimes
import org.teilgeber.app.look.runs

/** What a person can do on Today. */
interface TodayActs {
    /** Writes a note; about a session, where they are in one. */
    fun write(session: Id?)

    fun openSession(session: Id)

    /** A move was read. */
    fun seen(session: Id)

    /** To the board, where a conflict is settled. */
    fun settle(session: Id)

    fun openThings()

    fun join()

    fun create()
}

@Composable
fun TodayScreen(
    state: TodayState,
    acts: TodayActs,
) = Page(
    state.event?.name ?: stringResource(R.string.today),
    act = Act(stringResource(R.string.write_note), R.drawable.ic_edit) { acts.write(state.here) },
) {
    if (!state.read) return@Page
    val times = rememberTimes(state.board?.zone)
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        if (state.event == null) item { NoEvent(acts) }
        items(state.moves) { News(it, state, times, acts) }
        state.mine?.let { mine -> item { Mine(mine, state, times, acts) } }
        due(state, acts)
        running(state, times, acts)
        lastWords(state, acts)
        coming(state, times, acts)
    }
}

@Composable
private fun NoEvent(acts: TodayActs) =
    EmptyHint(stringResource(R.string.no_event), stringResource(R.string.no_event_hint)) {
        SideAct(stringResource(R.string.join_event), acts::join, Modifier.fillMaxWidth())
        SideAct(stringResource(R.string.create_event), acts::create, Modifier.fillMaxWidth())
    }

/** Where I go next: the letter as big as on a door, and how long there is. */
@Composable
private fun Mine(
    item: BoardItem,
    state: TodayState,
    times: Times,
    acts: TodayActs,
) {
    val place = item.placement ?: return
    val room = state.rooms[place.room]
    val type = MaterialTheme.typography
    PaperCard(onClick = { acts.openSession(item.session.id) }, border = LocalColours.current.marker) {
        val title = if (place.runs(state.now)) R.string.you_are_in else R.string.your_next
        Text(stringResource(title), color = LocalColours.current.marker, style = type.titleSmall)
        Spacer(Modifier.height(Space.small))
        Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
            RoomLetter(room.letter, room.index)
            Column(Modifier.weight(1f)) {
                Text(item.session.session.title, style = type.titleLarge, maxLines = 4, overflow = TextOverflow.Ellipsis)
                Text(room.name, color = LocalColours.current.fadedInk, style = type.bodyMedium)
            }
        }
        Spacer(Modifier.height(Space.between))
        Text(place.left(state.now), style = type.headlineSmall)
        Faded("${times.clock(place.start)} – ${times.clock(place.end)}")
    }
}

private fun LazyListScope.running(
    state: TodayState,
    times: Times,
    acts: TodayActs,
) {
    if (state.runningElsewhere.isEmpty()) return
    item { PartTitle(stringResource(if (state.mine == null) R.string.running else R.string.running_elsewhere)) }
    items(state.runningElsewhere) { item ->
        val place = item.placement ?: return@items
        Line(item, state, stringResource(R.string.until, times.clock(place.end), place.room), acts)
    }
}

private fun LazyListScope.coming(
    state: TodayState,
    times: Times,
    acts: TodayActs,
) {
    if (state.comingElsewhere.isEmpty()) return
    item { PartTitle(stringResource(R.string.coming)) }
    items(state.comingElsewhere) { item ->
        val place = item.placement ?: return@items
        Line(item, state, stringResource(R.string.from, times.clock(place.start), place.room), acts)
    }
}

@Composable
private fun Line(
    item: BoardItem,
    state: TodayState,
    below: String,
    acts: TodayActs,
) = PaperCard(onClick = { acts.openSession(item.session.id) }) {
    SessionLine(item.placement?.let { state.rooms[it.room] }, item.session.session.title, below)
}

private fun LazyListScope.due(
    state: TodayState,
    acts: TodayActs,
) {
    if (state.due.isEmpty() && state.promises.isEmpty()) return
    item {
        PaperCard(onClick = acts::openThings) {
            SignedWord(R.drawable.ic_anchor, stringResource(R.string.due))
            state.due.forEach { Fact(it.anchor.words) }
            state.promises.take(MOST_PROMISES).forEach { open ->
                val words = if (open.promise.by == Whose.MINE) R.string.promised_to else R.string.promised_by
                Fact(stringResource(words, open.name, open.promise.text))
            }
        }
    }
}

private fun LazyListScope.lastWords(
    state: TodayState,
    acts: TodayActs,
) {
    if (state.said.isEmpty()) return
    item { PartTitle(stringResource(R.string.other_rooms)) }
    items(state.said) { said ->
        val room = state.rooms[said.room]
        PaperCard(onClick = { acts.openSession(said.session) }) {
            Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
                RoomLetter(room.letter, room.index, large = false)
                Column(Modifier.weight(1f), Arrangement.spacedBy(Space.tiny)) {
                    said.posts.forEach { post ->
                        Text(post.post.text, style = MaterialTheme.typography.bodyLarge)
                        post.name?.let { Faded(it) }
                    }
                }
            }
        }
    }
}

@Composable
private fun Fact(words: String) =
    Text(words, Modifier.padding(top = Space.small), style = MaterialTheme.typography.bodyLarge)

@Composable
private fun Faded(words: String) =
    Text(words, color = LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)

/** What happened to a session that I look forward to. */
@Composable
private fun News(
    news: StarNews,
    state: TodayState,
    times: Times,
    acts: TodayActs,
) = when (news) {
    is StarNews.Moved -> Moved(news, state, times, acts)
    is StarNews.Conflict ->
        TapeCard(onClick = { acts.settle(news.session) }) {
            SignedWord(R.drawable.ic_attention, stringResource(R.string.to_settle), colour = LocalColours.current.tape)
            Spacer(Modifier.height(Space.small))
            Text(news.title, style = MaterialTheme.typography.titleMedium)
            Text(news.conflict.words(state, times), style = MaterialTheme.typography.bodyLarge)
        }
}

@Composable
private fun Moved(
    news: StarNews.Moved,
    state: TodayState,
    times: Times,
    acts: TodayActs,
) = TapeCard(onClick = { acts.openSession(news.session) }) {
    val type = MaterialTheme.typography
    SignedWord(R.drawable.ic_attention, stringResource(R.string.moved), colour = LocalColours.current.tape)
    Spacer(Modifier.height(Space.small))
    val to = news.to
    val from = news.from?.let { stringResource(R.string.moved_from, state.rooms[it.room].letter, times.clock(it.start)) }
    if (to == null) {
        Text(news.title, style = type.titleMedium)
        Text(stringResource(R.string.moved_nowhere), style = type.bodyLarge)
    } else {
        SessionLine(state.rooms[to.room], news.title, "${times.clock(to.start)}, ${to.room}")
    }
    from?.let { Faded(it) }
    TextButton({ acts.seen(news.session) }, Modifier.padding(top = Space.tiny)) { Text(stringResource(R.string.seen)) }
}

@Composable
private fun Conflict.words(
    state: TodayState,
    times: Times,
) = when (this) {
    is Conflict.Claims -> {
        val places = placements.joinToString { "${state.rooms[it.room].letter} ${times.clock(it.start)}" }
        stringResource(R.string.claims, places)
    }
    is Conflict.Overlap -> {
        val place = placements.first()
        stringResource(R.string.overlap, place.room, times.clock(place.start))
    }
}

private const val MOST_PROMISES = 3
