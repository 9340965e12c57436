package org.teilgeber.app.swap

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import org.teilgeber.Card
import org.teilgeber.Way
import org.teilgeber.Wifi
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space

/** What a person does with a code. */
interface ScannedActs {
    fun add(memo: String, promise: String, answer: Boolean)

    fun join()

    fun dial()

    fun keep()

    fun done()
}

/** After a scan: who or what it is, and what to do with it. */
@Composable
fun ScannedScreen(
    state: ScannedState,
    code: String,
    acts: ScannedActs,
) {
    val contact = state.contact
    when (val scanned = state.scanned) {
        is Scanned.Person ->
            if (contact == null) NewPerson(scanned.name.orEmpty(), state.here, acts) else Added(state, acts)
        is Scanned.Event -> {
            val name = scanned.name ?: stringResource(R.string.untitled)
            Other(name, stringResource(R.string.code_event), Act(stringResource(R.string.join), R.drawable.ic_check, onClick = acts::join))
        }
        is Scanned.Host ->
            Other(
                stringResource(R.string.code_host),
                stringResource(R.string.code_host_hint),
                Act(stringResource(R.string.connect), R.drawable.ic_swap, onClick = acts::dial),
                scanned.wifi,
                first = true,
            )
        Scanned.Carry -> Other(stringResource(R.string.code_carry), stringResource(R.string.code_carry_hint), done(acts))
        is Scanned.Network ->
            Other(stringResource(R.string.code_wifi), stringResource(R.string.code_wifi_hint), done(acts), scanned.wifi)
        Scanned.Card -> Other(stringResource(R.string.code_card), stringResource(R.string.code_card_hint), keep(acts), text = code)
        Scanned.Other -> Other(stringResource(R.string.code_other), stringResource(R.string.code_other_hint), keep(acts), text = code)
        is Scanned.Wrong -> Other(stringResource(R.string.code_wrong), stringResource(scanned.words), done(acts))
    }
}

@Composable
private fun done(acts: ScannedActs) = Act(stringResource(R.string.good), R.drawable.ic_check, onClick = acts::done)

@Composable
private fun keep(acts: ScannedActs) = Act(stringResource(R.string.keep_as_note), R.drawable.ic_notes, onClick = acts::keep)

@Composable
private fun NewPerson(
    name: String,
    here: Here?,
    acts: ScannedActs,
) {
    var memo by rememberSaveable { mutableStateOf("") }
    var promise by rememberSaveable { mutableStateOf("") }
    val both = Act(stringResource(R.string.add_and_answer), R.drawable.ic_swap) { acts.add(memo, promise, true) }
    Sheet(stringResource(R.string.somebody_met), both) {
        PaperCard {
            Text(name, style = MaterialTheme.typography.titleLarge)
            here?.let { SignedWord(R.drawable.ic_door, it.words(), Modifier.padding(top = Space.small)) }
        }
        OutlinedTextField(memo, { memo = it }, Modifier.fillMaxWidth(), label = { Text(stringResource(R.string.memo)) }, maxLines = 4)
        OutlinedTextField(promise, { promise = it }, Modifier.fillMaxWidth(), label = { Text(stringResource(R.string.i_promise)) }, maxLines = 3)
        SignedWord(R.drawable.ic_lock, stringResource(R.string.memo_is_mine))
        Text(stringResource(R.string.answer_hint), color = LocalColours.current.fadedInk, style = MaterialTheme.typography.bodyMedium)
        SideAct(stringResource(R.string.add_only), { acts.add(memo, promise, false) }, Modifier.fillMaxWidth())
    }
}

@Composable
private fun Added(
    state: ScannedState,
    acts: ScannedActs,
) {
    val contact = state.contact?.contact ?: return
    Sheet(stringResource(R.string.added), done(acts)) {
        PaperCard {
            Text(contact.name, style = MaterialTheme.typography.titleLarge)
            contact.card?.let { CardLines(it) }
            state.here?.let { SignedWord(R.drawable.ic_door, it.words(), Modifier.padding(top = Space.small)) }
        }
        Text(stringResource(state.way.words()), style = MaterialTheme.typography.bodyLarge)
        if (contact.memo.isNotEmpty()) {
            PartTitle(stringResource(R.string.memo))
            Text(contact.memo, style = MaterialTheme.typography.bodyLarge)
        }
        contact.promises.forEach { SignedWord(R.drawable.ic_anchor, it.text) }
    }
}

@Composable
private fun CardLines(card: Card) =
    Column(Modifier.padding(top = Space.small), Arrangement.spacedBy(Space.tiny)) {
        if (card.hashtags.isNotEmpty()) {
            Text(card.hashtags.joinToString("  ") { "#${it.tag}" }, color = LocalColours.current.marker, style = MaterialTheme.typography.labelMedium)
        }
        if (card.bio.isNotEmpty()) Text(card.bio, style = MaterialTheme.typography.bodyLarge)
    }

@Composable
private fun Other(
    title: String,
    words: String,
    act: Act,
    wifi: Wifi? = null,
    text: String? = null,
    first: Boolean = false,
) = Sheet(stringResource(R.string.a_code), act) {
    PaperCard {
        Text(title, style = MaterialTheme.typography.titleLarge)
        Text(words, Modifier.padding(top = Space.small), LocalColours.current.fadedInk, style = MaterialTheme.typography.bodyLarge)
    }
    wifi?.let { Network(it, first) }
    text?.let { Text(it, style = MaterialTheme.typography.bodyMedium, maxLines = 12, overflow = TextOverflow.Ellipsis) }
}

/** What is to be joined in the phone's settings. */
@Composable
fun Network(
    wifi: Wifi,
    first: Boolean = false,
) = PaperCard {
    if (first) Text(stringResource(R.string.wifi_first), color = LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)
    Text(wifi.name, style = MaterialTheme.typography.titleMedium)
    wifi.password?.let { Text(stringResource(R.string.wifi_password, it), style = MaterialTheme.typography.bodyLarge) }
}

@Composable
private fun Sheet(
    title: String,
    act: Act,
    content: @Composable () -> Unit,
) = Page(title, act = act) {
    Column(
        Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
        Arrangement.spacedBy(Space.between),
    ) { content() }
}

@Composable
private fun Here.words(): String {
    val name = event.event?.name ?: return stringResource(R.string.untitled)
    return room?.let { stringResource(R.string.met_at_in, name, it) } ?: stringResource(R.string.met_at, name)
}

private fun Way?.words(): Int =
    when (this) {
        null -> R.string.added_only
        is Way.Event -> R.string.answered_event
        Way.DirectLink -> R.string.answered_link
    }
