package org.teilgeber.app.people

import androidx.annotation.StringRes
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.FilterChip
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import org.teilgeber.Id
import org.teilgeber.Tag
import org.teilgeber.app.R
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.withLetters

/** What a person can do among people. */
interface PeopleActs {
    fun open(person: Id)

    fun messages()

    fun offers()

    fun rooms()

    fun me()

    fun show(tag: Tag?)

    fun more()
}

@Composable
fun PeopleScreen(
    state: PeopleState,
    acts: PeopleActs,
) = Page(
    stringResource(R.string.people),
    actions = {
        IconButton(acts::messages, Modifier.size(Space.target)) {
            Sign(R.drawable.ic_post, label = stringResource(R.string.messages))
        }
    },
) {
    if (!state.read) return@Page
    if (state.tags.isNotEmpty()) Tags(state, acts)
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        if (state.event != null) item { Together(acts) }
        if (state.nobodyAppears && state.tag == null) item { Nobody(state, acts) }
        group(R.string.people_here, state.here, acts)
        group(R.string.people_before, state.before, acts)
        group(R.string.people_others, state.others, acts)
        if (state.more) {
            item { TextButton(acts::more, Modifier.fillMaxWidth()) { Text(stringResource(R.string.people_more)) } }
        }
        group(R.string.people_elsewhere, state.elsewhere, acts)
    }
}

/** What people in the event offer, want and say. */
@Composable
private fun Together(acts: PeopleActs) =
    FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
        SideAct(stringResource(R.string.offers), acts::offers)
        SideAct(stringResource(R.string.rooms_said), acts::rooms)
    }

@Composable
private fun Nobody(
    state: PeopleState,
    acts: PeopleActs,
) = when {
    state.event == null -> EmptyHint(stringResource(R.string.people_no_event), stringResource(R.string.people_no_event_hint))
    state.event.appearing -> EmptyHint(stringResource(R.string.people_only_me), stringResource(R.string.people_only_me_hint))
    else ->
        EmptyHint(stringResource(R.string.people_nobody), stringResource(R.string.people_nobody_hint)) {
            SideAct(stringResource(R.string.people_be_first), acts::me, icon = R.drawable.ic_person)
        }
}

@Composable
private fun Tags(
    state: PeopleState,
    acts: PeopleActs,
) = Row(
    Modifier.horizontalScroll(rememberScrollState()).padding(horizontal = Space.edge),
    Arrangement.spacedBy(Space.small),
) {
    state.tags.forEach { tag ->
        FilterChip(tag == state.tag, { acts.show(tag.takeIf { it != state.tag }) }, { Text("#$tag") })
    }
}

private fun LazyListScope.group(
    @StringRes title: Int,
    people: List<PersonLine>,
    acts: PeopleActs,
) {
    if (people.isEmpty()) return
    item { PartTitle(stringResource(title)) }
    items(people, { "$title ${it.person}" }) { Line(it) { acts.open(it.person) } }
}

/** One person: an initial in a circle, the name, and what stands below it. */
@Composable
fun Line(
    person: PersonLine,
    onClick: () -> Unit,
) = PaperCard(onClick = onClick) {
    Row(horizontalArrangement = Arrangement.spacedBy(Space.between), verticalAlignment = Alignment.CenterVertically) {
        Initial(person.name)
        Column(Modifier.weight(1f)) {
            Text(
                person.name ?: stringResource(R.string.person_nameless),
                style = MaterialTheme.typography.titleMedium,
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
            )
            if (person.below.isNotEmpty()) FadedText(person.below)
        }
    }
}

@Composable
private fun Initial(name: String?) =
    Box(
        Modifier
            .size(40.dp.withLetters())
            .background(LocalColours.current.paper, CircleShape)
            .border(1.dp, LocalColours.current.outline, CircleShape)
            .clearAndSetSemantics {},
        Alignment.Center,
    ) {
        val initial = name?.take(1)?.uppercase()
        if (initial == null) Sign(R.drawable.ic_person) else Text(initial, style = MaterialTheme.typography.titleMedium, maxLines = 1)
    }
