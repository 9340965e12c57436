package org.teilgeber.app.messages

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.Id
import org.teilgeber.MessageRecord
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.Times
import org.teilgeber.app.look.rememberTimes
import org.teilgeber.app.people.Line
import org.teilgeber.app.people.PersonLine

@Composable
fun MessagesScreen(
    state: MessagesState,
    onOpen: (Id) -> Unit,
) = Page(stringResource(R.string.messages)) {
    val conversations = state.conversations ?: return@Page
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        if (conversations.isEmpty()) {
            item { EmptyHint(stringResource(R.string.messages_none), stringResource(R.string.messages_none_hint)) }
        }
        items(conversations, { it.person }) { with ->
            Line(PersonLine(with.person, with.name, with.last.message.text.take(SHOWN))) { onOpen(with.person) }
        }
    }
}

/** What was written, the newest at the bottom, and a field to write in. */
@Composable
fun ConversationScreen(
    state: ConversationState,
    onWrite: (words: String, then: () -> Unit) -> Unit,
    onErase: (Id) -> Unit,
) = Page(state.name ?: stringResource(R.string.person_nameless)) {
    val messages = state.messages ?: return@Page
    val times = rememberTimes()
    val at = rememberLazyListState()
    LaunchedEffect(messages.size) { if (messages.isNotEmpty()) at.scrollToItem(messages.size) }
    LazyColumn(
        Modifier.weight(1f),
        at,
        PaddingValues(Space.edge, Space.tiny),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item { FadedText(stringResource(R.string.message_between)) }
        items(messages, { it.id }) { Message(it, times, onErase) }
    }
    var words by rememberSaveable { mutableStateOf("") }
    OutlinedTextField(
        words,
        { words = it },
        Modifier.fillMaxWidth().padding(Space.edge, Space.small),
        label = { Text(stringResource(R.string.message)) },
        maxLines = 6,
        trailingIcon = {
            if (words.isNotBlank()) {
                val sent = words
                TextButton({ onWrite(sent.trim()) { if (words == sent) words = "" } }) { Text(stringResource(R.string.message_send)) }
            }
        },
    )
}

@Composable
private fun Message(
    record: MessageRecord,
    times: Times,
    onErase: (Id) -> Unit,
) = PaperCard(if (record.message.mine) Modifier.padding(start = ASIDE) else Modifier.padding(end = ASIDE)) {
    val message = record.message
    Text(message.text, style = MaterialTheme.typography.bodyLarge)
    Row(verticalAlignment = Alignment.CenterVertically) {
        val state =
            when {
                !message.mine -> null
                record.arrived -> stringResource(R.string.message_arrived)
                else -> stringResource(R.string.message_on_the_way)
            }
        val words = listOfNotNull("${times.day(message.written)}, ${times.clock(message.written)}", state)
        FadedText(words.joinToString(" · "), Modifier.weight(1f))
        TextButton({ onErase(record.id) }) { Text(stringResource(R.string.erase)) }
    }
}

/** Mine stand to the right, theirs to the left. */
private val ASIDE = 48.dp

/** As much of a message as a list shows. */
private const val SHOWN = 80
