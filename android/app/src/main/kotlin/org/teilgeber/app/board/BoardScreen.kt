package org.teilgeber.app.board

import androidx.compose.foundation.gestures.rememberTransformableState
import androidx.compose.foundation.gestures.transformable
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.FilterChip
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.BoardItem
import org.teilgeber.Id
import org.teilgeber.Placement
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SessionLine
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.TapeCard
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.left
import org.teilgeber.app.look.rememberTimes
import org.teilgeber.app.look.runs
import java.time.LocalDate

/** What a person can do on the board. */
interface BoardActs {
    fun open(session: Id)

    fun star(
        session: Id,
        star: Boolean,
    )

    /** Pitches a session, for a free place where one was touched. */
    fun pitch(place: Placement?)

    fun show(filter: BoardFilter)
}

@Composable
fun BoardScreen(
    state: BoardState,
    acts: BoardActs,
) {
    // A wall where there is room for it and the letters are small, else a list; until somebody pinches or chooses.
    var chosen by rememberSaveable { mutableStateOf<Boolean?>(null) }
    val wall = chosen ?: (LocalDensity.current.fontScale <= LARGE)
    Page(
        stringResource(R.string.board),
        actions = {
            if (state.event != null) {
                TextButton({ chosen = !wall }) { Text(stringResource(if (wall) R.string.as_list else R.string.as_wall)) }
            }
        },
        act = Act(stringResource(R.string.pitch), R.drawable.ic_add) { acts.pitch(null) }.takeIf { state.event != null },
    ) {
        if (!state.read) return@Page
        if (state.event == null) {
            EmptyHint(stringResource(R.string.no_event), stringResource(R.string.board_no_event))
            return@Page
        }
        val times = rememberTimes(state.event.event?.timeZone)
        Filters(state, times, acts)
        var zoom = 1f
        val pinch =
            rememberTransformableState { by, _, _ ->
                zoom *= by
                if (zoom < PINCHED) chosen = false
                if (zoom > SPREAD) chosen = true
            }
        Box(Modifier.weight(1f).transformable(pinch, { false })) {
            if (wall && state.rooms.all.isNotEmpty()) {
                Wall(state, times, acts, Modifier.fillMaxSize())
            } else {
                ByTime(state, times, acts)
            }
        }
    }
}

@Composable
private fun Filters(
    state: BoardState,
    times: Times,
    acts: BoardActs,
) = Row(
    Modifier.horizontalScroll(rememberScrollState()).padding(horizontal = Space.edge),
    Arrangement.spacedBy(Space.small),
    Alignment.CenterVertically,
) {
    val filter = state.filter
    if (state.days.size > 1) {
        state.days.forEach { day ->
            Chip(times.weekday(LocalDate.parse(day)), day == state.day) { acts.show(filter.copy(day = day)) }
        }
    }
    Chip(stringResource(R.string.starred), filter.starred, R.drawable.ic_star) {
        acts.show(filter.copy(starred = !filter.starred))
    }
    state.tags.take(MOST_TAGS).forEach { tag ->
        Chip("#$tag", tag == filter.tag) { acts.show(filter.copy(tag = tag.takeIf { it != filter.tag })) }
    }
    levels.forEach { level ->
        Chip(stringResource(level.word), level == filter.level) {
            acts.show(filter.copy(level = level.takeIf { it != filter.level }))
        }
    }
}

@Composable
private fun Chip(
    word: String,
    selected: Boolean,
    icon: Int? = null,
    onClick: () -> Unit,
) = FilterChip(
    selected,
    onClick,
    { Text(word, maxLines = 1) },
    leadingIcon = icon?.let { { Sign(it, size = 18.dp) } },
)

/** The board as a list by time: for a narrow screen and large letters. */
@Composable
private fun ByTime(
    state: BoardState,
    times: Times,
    acts: BoardActs,
) = LazyColumn(
    Modifier.fillMaxSize(),
    contentPadding = PaddingValues(Space.edge, Space.small, Space.edge, BELOW),
    verticalArrangement = Arrangement.spacedBy(Space.between),
) {
    state.placed.groupBy { it.placement!!.start }.forEach { (start, items) ->
        item { PartTitle(times.clock(start)) }
        cards(items, state, acts)
    }
    if (state.unplaced.isNotEmpty()) {
        item { PartTitle(stringResource(R.string.unplaced)) }
        cards(state.unplaced, state, acts)
    }
    if (state.items.isEmpty()) {
        item {
            val words = if (state.filter.narrows) R.string.nothing_matches else R.string.board_empty
            EmptyHint(stringResource(words), stringResource(R.string.board_empty_hint))
        }
    }
}

private fun LazyListScope.cards(
    items: List<BoardItem>,
    state: BoardState,
    acts: BoardActs,
) = items(items) { item ->
    val open = { acts.open(item.session.id) }
    if (item.session.id in state.unsettled) {
        TapeCard(onClick = open) {
            SignedWord(R.drawable.ic_attention, stringResource(R.string.to_settle), colour = LocalColours.current.tape)
            CardLine(item, state, acts)
        }
    } else {
        val running = item.placement?.runs(state.now) == true
        PaperCard(onClick = open, border = LocalColours.current.run { if (running) marker else outline }) {
            CardLine(item, state, acts)
        }
    }
}

@Composable
private fun CardLine(
    item: BoardItem,
    state: BoardState,
    acts: BoardActs,
) = Row(verticalAlignment = Alignment.CenterVertically) {
    val place = item.placement
    val running = place?.takeIf { it.runs(state.now) }?.left(state.now)
    val tags = item.session.session.tags.joinToString(" ") { "#$it" }
    SessionLine(
        place?.let { state.rooms[it.room] },
        item.session.session.title,
        listOfNotNull(running, place?.room, tags.ifEmpty { null }).joinToString(" · "),
        Modifier.weight(1f),
    )
    StarButton(item.starred) { acts.star(item.session.id, it) }
}

/** Whether I look forward to it. For me alone. */
@Composable
fun StarButton(
    starred: Boolean,
    onStar: (Boolean) -> Unit,
) = IconButton({ onStar(!starred) }, Modifier.size(Space.target)) {
    val colours = LocalColours.current
    if (starred) {
        Sign(R.drawable.ic_starred, label = stringResource(R.string.unstar), colour = colours.marker)
    } else {
        Sign(R.drawable.ic_star, label = stringResource(R.string.star), colour = colours.fadedInk)
    }
}

private const val LARGE = 1.3f
private const val PINCHED = 0.8f
private const val SPREAD = 1.25f
private const val MOST_TAGS = 12
