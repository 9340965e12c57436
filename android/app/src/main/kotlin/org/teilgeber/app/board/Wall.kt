package org.teilgeber.app.board

import androidx.compose.foundation.ScrollState
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.offset
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AssistChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.draw.rotate
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import org.teilgeber.BoardItem
import org.teilgeber.Placement
import org.teilgeber.app.R
import org.teilgeber.app.core.RoomSign
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.LocalShort
import org.teilgeber.app.look.Corner
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.RoomLetter
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.end
import org.teilgeber.app.look.runs

/** The board as a wall: rooms beside each other, time running down, a line where it is now. */
@Composable
fun Wall(
    state: BoardState,
    times: Times,
    acts: BoardActs,
    modifier: Modifier = Modifier,
) {
    val font = LocalDensity.current.fontScale
    val column = COLUMN * font
    val rooms = state.rooms.all + state.placed.map { it.placement!!.room }.distinct().filter { name -> state.rooms.all.none { it.name == name } }.map { state.rooms[it] }
    val free = remember(state) { freePlaces(state) }
    val scale = remember(state, font) { Scale(state.taken.mapNotNull { it.placement } + free, font) }
    val across = rememberScrollState()
    val down = rememberScrollState()
    ShowNow(state, scale, down)
    Column(modifier) {
        Unplaced(state, acts)
        Row {
            Box(Modifier.width(times.width * font))
            Row(Modifier.horizontalScroll(across)) { rooms.forEach { RoomHead(it, column) } }
        }
        Row(Modifier.weight(1f).verticalScroll(down)) {
            Box(Modifier.width(times.width * font).height(scale.height + BELOW)) {
                scale.starts.forEach { start ->
                    Text(
                        times.clock(start),
                        Modifier.offset(y = scale.y(start)).padding(start = Space.small, top = 2.dp),
                        LocalColours.current.fadedInk,
                        style = MaterialTheme.typography.labelMedium,
                    )
                }
                NowMark(state, scale, times)
            }
            Box(Modifier.horizontalScroll(across)) {
                Box(Modifier.size(column * rooms.size, scale.height + BELOW)) {
                    NowLine(state, scale, column * rooms.size)
                    free.forEach { place ->
                        val x = column * rooms.indexOfFirst { it.name == place.room }
                        FreePlace(place, place == free.first(), times, Modifier.at(x, place, scale, column)) { acts.pitch(place) }
                    }
                    rooms.forEachIndexed { index, room ->
                        Cards(state.placed.filter { it.placement?.room == room.name }, column * index, column, scale, state, acts)
                    }
                }
            }
        }
    }
}

/** Cards that hang nowhere yet, in a row above the wall. */
@Composable
private fun Unplaced(
    state: BoardState,
    acts: BoardActs,
) {
    if (state.unplaced.isEmpty() || LocalShort.current) return
    Row(
        Modifier.horizontalScroll(rememberScrollState()).padding(Space.edge, Space.tiny),
        Arrangement.spacedBy(Space.small),
        Alignment.CenterVertically,
    ) {
        Text(
            stringResource(R.string.unplaced),
            color = LocalColours.current.fadedInk,
            style = MaterialTheme.typography.labelMedium,
        )
        state.unplaced.forEach { item ->
            AssistChip({ acts.open(item.session.id) }, { Text(item.session.session.title, maxLines = 1) })
        }
    }
}

/** Scrolls to what runs now, once. */
@Composable
private fun ShowNow(
    state: BoardState,
    scale: Scale,
    down: ScrollState,
) {
    val density = LocalDensity.current
    LaunchedEffect(state.day) {
        val y = scale.nowY(state.now) ?: return@LaunchedEffect
        down.scrollTo(with(density) { (y - ABOVE_NOW).coerceAtLeast(0.dp).roundToPx() })
    }
}

@Composable
private fun RoomHead(
    room: RoomSign,
    width: Dp,
) = Row(
    Modifier.width(width).padding(horizontal = Space.tiny, vertical = Space.small),
    Arrangement.spacedBy(Space.small),
    Alignment.CenterVertically,
) {
    RoomLetter(room.letter, room.index)
    Text(room.name, style = MaterialTheme.typography.labelMedium, maxLines = 2, overflow = TextOverflow.Ellipsis)
}

private fun Modifier.at(
    x: Dp,
    place: Placement,
    scale: Scale,
    width: Dp,
) = offset(x, scale.y(place.start)).size(width, scale.y(place.end) - scale.y(place.start)).padding(3.dp)

/** The cards of one room. Those that claim one time lie over each other, with tape on them. */
@Composable
private fun Cards(
    items: List<BoardItem>,
    x: Dp,
    column: Dp,
    scale: Scale,
    state: BoardState,
    acts: BoardActs,
) {
    for (pile in piles(items)) {
        pile.forEachIndexed { index, item ->
            val place = item.placement ?: return@forEachIndexed
            val shift = PILE * index
            val less = PILE * (pile.size - 1)
            WallCard(
                item,
                state,
                Modifier
                    .offset(x + shift, scale.y(place.start) + shift * 1.6f)
                    .size(column - less, scale.y(place.end) - scale.y(place.start) - less)
                    .padding(3.dp),
            ) { acts.open(item.session.id) }
        }
    }
}

/** Items of a room that overlap in time, together; by start. */
private fun piles(items: List<BoardItem>): List<List<BoardItem>> {
    val piles = mutableListOf<MutableList<BoardItem>>()
    for (item in items.sortedBy { it.placement!!.start }) {
        val last = piles.lastOrNull()
        if (last != null && last.any { it.placement!!.end > item.placement!!.start }) last += item else piles += mutableListOf(item)
    }
    return piles
}

@Composable
private fun WallCard(
    item: BoardItem,
    state: BoardState,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colours = LocalColours.current
    val taped = item.session.id in state.unsettled
    val running = item.placement?.runs(state.now) == true
    Box(modifier) {
        Surface(
            onClick,
            Modifier.fillMaxSize(),
            shape = RoundedCornerShape(10.dp),
            color = if (taped) colours.tapePaper else colours.card,
            contentColor = colours.ink,
            border =
                androidx.compose.foundation.BorderStroke(
                    if (running) 1.5.dp else 1.dp,
                    when {
                        taped -> colours.tape
                        running -> colours.marker
                        else -> colours.outline
                    },
                ),
        ) {
            Column(Modifier.padding(Space.small, if (taped) Space.between else Space.small, Space.small, Space.tiny)) {
                Text(
                    item.session.session.title,
                    Modifier.weight(1f),
                    style = MaterialTheme.typography.titleSmall,
                    overflow = TextOverflow.Ellipsis,
                )
                Row(Modifier.align(Alignment.End), Arrangement.spacedBy(Space.tiny)) {
                    PolicySign(item.session.session.policy)
                    if (item.starred) {
                        Sign(R.drawable.ic_starred, label = stringResource(R.string.starred), colour = colours.marker, size = 18.dp)
                    }
                    if (item.locked) Sign(R.drawable.ic_lock, label = stringResource(R.string.locked), colour = colours.fadedInk, size = 18.dp)
                }
            }
        }
        if (taped) Tape(Modifier.align(Alignment.TopCenter))
    }
}

/** A strip of tape: whoever put this up did not know of the other. */
@Composable
private fun Tape(modifier: Modifier) {
    val label = stringResource(R.string.to_settle)
    Box(
        modifier
            .offset(y = (-5).dp)
            .rotate(-3f)
            .size(72.dp, 14.dp)
            .background(LocalColours.current.tape)
            .semantics { contentDescription = label },
    )
}

@Composable
private fun FreePlace(
    place: Placement,
    first: Boolean,
    times: Times,
    modifier: Modifier,
    onClick: () -> Unit,
) {
    val colours = LocalColours.current
    val colour = if (first) colours.marker else colours.outline
    val words = stringResource(R.string.free_place, place.room, times.clock(place.start))
    Box(
        modifier
            .drawBehind {
                val dashes = Stroke(1.5.dp.toPx(), pathEffect = PathEffect.dashPathEffect(floatArrayOf(6.dp.toPx(), 5.dp.toPx())))
                drawRoundRect(colour, style = dashes, cornerRadius = CornerRadius(10.dp.toPx()))
            }.clickable(onClickLabel = words, role = Role.Button, onClick = onClick)
            .semantics { contentDescription = words },
        Alignment.Center,
    ) {
        if (first) {
            Column(horizontalAlignment = Alignment.CenterHorizontally) {
                Sign(R.drawable.ic_add, colour = colour)
                Text(stringResource(R.string.free), color = colour, style = MaterialTheme.typography.labelMedium)
            }
        }
    }
}

/** The hand of the clock, where the hours stand. */
@Composable
private fun NowMark(
    state: BoardState,
    scale: Scale,
    times: Times,
) {
    val y = scale.nowY(state.now) ?: return
    val colours = LocalColours.current
    Text(
        times.clock(state.now),
        Modifier
            .offset(y = y - 10.dp)
            .padding(start = Space.tiny)
            .background(colours.marker, RoundedCornerShape(6.dp))
            .padding(horizontal = Space.tiny),
        colours.onMarker,
        style = MaterialTheme.typography.labelMedium,
        maxLines = 1,
        softWrap = false,
    )
}

@Composable
private fun NowLine(
    state: BoardState,
    scale: Scale,
    width: Dp,
) {
    val y = scale.nowY(state.now) ?: return
    Box(Modifier.offset(y = y).size(width, 2.dp).background(LocalColours.current.marker, Corner))
}

private val COLUMN = 152.dp
private val PILE = 14.dp
private val ABOVE_NOW = 120.dp
