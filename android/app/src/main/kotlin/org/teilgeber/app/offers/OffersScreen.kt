package org.teilgeber.app.offers

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
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
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.Id
import org.teilgeber.OfferKind
import org.teilgeber.Stance
import org.teilgeber.TopicPerson
import org.teilgeber.TopicRecord
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberTimes

/** What I can do about what is offered and wanted. */
interface OffersActs {
    fun open(offer: Id)

    fun offer()

    fun say(
        topic: String,
        stance: Stance?,
    )
}

@Composable
fun OffersScreen(
    state: OffersState,
    acts: OffersActs,
) {
    val offer = Act(stringResource(R.string.offer_make), R.drawable.ic_add, onClick = acts::offer).takeIf { state.event != null }
    Page(stringResource(R.string.offers), act = offer) {
        if (!state.read) return@Page
        if (state.event == null) {
            EmptyHint(stringResource(R.string.no_event), stringResource(R.string.offers_no_event))
            return@Page
        }
        val times = rememberTimes(state.event.event?.timeZone)
        var past by rememberSaveable { mutableStateOf(false) }
        LazyColumn(
            Modifier.weight(1f),
            contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
            verticalArrangement = Arrangement.spacedBy(Space.between),
        ) {
            offers(state, times, acts)
            if (state.over.isNotEmpty()) {
                item { TextButton({ past = !past }) { Text(stringResource(if (past) R.string.offers_fold else R.string.offers_past)) } }
                if (past) items(state.over, { it.id }) { one -> PaperCard(onClick = { acts.open(one.id) }) { OfferLine(one, times) } }
            }
            topics(state, acts)
        }
    }
}

private fun LazyListScope.offers(
    state: OffersState,
    times: Times,
    acts: OffersActs,
) {
    if (state.offers.isEmpty()) {
        item { PartTitle(stringResource(R.string.offers_none)) }
        item { PaperCard { FadedText(stringResource(R.string.offers_example)) } }
    }
    val groups =
        listOf(
            R.string.offers_rides to listOf(OfferKind.RIDE),
            R.string.offers_beds to listOf(OfferKind.BED),
            R.string.offers_others to listOf(OfferKind.TIP, OfferKind.OTHER),
        )
    for ((title, kinds) in groups) {
        val some = state.offers.filter { it.offer.offering.kind in kinds && !it.hidden }
        if (some.isEmpty()) continue
        item { PartTitle(stringResource(title)) }
        items(some, { it.id }) { one -> PaperCard(onClick = { acts.open(one.id) }) { OfferLine(one, times) } }
    }
}

private fun LazyListScope.topics(
    state: OffersState,
    acts: OffersActs,
) {
    item { PartTitle(stringResource(R.string.topics)) }
    if (state.topics.isEmpty()) item { PaperCard { FadedText(stringResource(R.string.topics_example)) } }
    items(state.topics, { "topic ${it.topic}" }) { Topic(it, acts) }
    item { NewTopic(acts) }
}

/** A topic: who offers it on the left, who wants it on the right. */
@Composable
private fun Topic(
    topic: TopicRecord,
    acts: OffersActs,
) = PaperCard {
    Text(topic.topic, style = MaterialTheme.typography.titleMedium)
    Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
        Side(R.string.topic_offered, topic.offeredBy, Modifier.weight(1f))
        Side(R.string.topic_wanted, topic.wantedBy, Modifier.weight(1f))
    }
    Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
        for ((stance, word) in listOf(Stance.OFFER to R.string.topic_offer, Stance.WANT to R.string.topic_want)) {
            val mine = topic.mine == stance
            SideAct(
                stringResource(if (mine) R.string.topic_drop else word),
                { acts.say(topic.topic, stance.takeIf { !mine }) },
                Modifier.weight(1f),
            )
        }
    }
}

@Composable
private fun Side(
    @StringRes title: Int,
    people: List<TopicPerson>,
    modifier: Modifier,
) = Column(modifier) {
    FadedText(stringResource(title))
    val nameless = stringResource(R.string.person_nameless)
    Text(people.joinToString { it.name ?: nameless }.ifEmpty { "–" }, style = MaterialTheme.typography.bodyLarge)
}

@Composable
private fun NewTopic(acts: OffersActs) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        var words by rememberSaveable { mutableStateOf("") }
        OutlinedTextField(
            words,
            { words = it },
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.topic_new)) },
            leadingIcon = { AudienceSign(Audience.EVENT) },
            singleLine = true,
        )
        if (words.isNotBlank()) {
            Row(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
                for ((stance, word) in listOf(Stance.OFFER to R.string.topic_offer, Stance.WANT to R.string.topic_want)) {
                    SideAct(
                        stringResource(word),
                        {
                            acts.say(words.trim(), stance)
                            words = ""
                        },
                        Modifier.weight(1f),
                    )
                }
            }
        }
    }
