package org.teilgeber.app.event

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.toggleable
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateMapOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import org.teilgeber.Id
import org.teilgeber.Question
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.Space

/** What an event asks of those who were there, and who reads it. */
@Composable
fun FeedbackScreen(
    state: EventState,
    onGive: (answers: Map<Id, String>, words: String, signed: Boolean) -> Unit,
) {
    val form = state.form ?: return Page(stringResource(R.string.event_feedback)) {}
    val answers = remember { mutableStateMapOf<Id, String>() }
    var words by rememberSaveable { mutableStateOf("") }
    var signed by rememberSaveable { mutableStateOf(false) }
    val said = words.isNotBlank() || answers.values.any { it.isNotBlank() }
    val act = Act(stringResource(R.string.event_feedback_give), R.drawable.ic_check, said) { onGive(answers, words, signed) }
    Page(stringResource(R.string.event_feedback), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            FadedText(stringResource(R.string.event_read_by, form.readers.joinToString { it.name }))
            if (form.given != null) FadedText(stringResource(R.string.event_feedback_already))
            form.questions.forEach { Answer(it, answers[it.id].orEmpty()) { said -> answers[it.id] = said } }
            Words(words, R.string.event_feedback_words) { words = it }
            Signed(signed) { signed = it }
        }
    }
}

@Composable
private fun Answer(
    question: Question,
    answer: String,
    onChange: (String) -> Unit,
) = Column {
    PartTitle(question.text)
    if (question.choices.isEmpty()) {
        OutlinedTextField(answer, onChange, Modifier.fillMaxWidth(), label = { Text(stringResource(R.string.event_answer)) })
    } else {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
            question.choices.forEach { one ->
                FilterChip(one == answer, { onChange(if (one == answer) "" else one) }, { Text(one) })
            }
        }
    }
}

/** Confides to one of those whom the event trusts how somebody behaved. */
@Composable
fun ReportScreen(
    state: EventState,
    onReport: (to: Id, words: String, signed: Boolean) -> Unit,
) {
    if (state.record == null) return Page(stringResource(R.string.event_report)) {}
    var to by rememberSaveable { mutableStateOf<Id?>(null) }
    // Not kept beyond the screen: nothing of a report stays on the phone.
    var words by remember { mutableStateOf("") }
    var signed by rememberSaveable { mutableStateOf(true) }
    val reader = state.trusted.find { it.person == to } ?: state.trusted.singleOrNull()
    val act =
        Act(stringResource(R.string.message_send), R.drawable.ic_check, reader != null && words.isNotBlank()) {
            reader?.let { onReport(it.person, words, signed) }
        }
    Page(stringResource(R.string.event_report), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            Text(stringResource(R.string.event_report_what), style = MaterialTheme.typography.bodyLarge)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
                state.trusted.forEach { one -> FilterChip(one == reader, { to = one.person }, { Text(one.name) }) }
            }
            Words(words, R.string.event_report_words) { words = it }
            Signed(signed) { signed = it }
        }
    }
}

@Composable
private fun Words(
    words: String,
    label: Int,
    onChange: (String) -> Unit,
) = OutlinedTextField(words, onChange, Modifier.fillMaxWidth(), label = { Text(stringResource(label)) }, minLines = 4)

@Composable
private fun Signed(
    signed: Boolean,
    onChange: (Boolean) -> Unit,
) = Row(
    Modifier.fillMaxWidth().heightIn(min = Space.target).toggleable(signed, role = Role.Switch, onValueChange = onChange),
    Arrangement.spacedBy(Space.between),
    Alignment.CenterVertically,
) {
    Column(Modifier.weight(1f)) {
        Text(stringResource(R.string.event_sign), style = MaterialTheme.typography.bodyLarge)
        FadedText(stringResource(if (signed) R.string.event_signed else R.string.event_anonymous))
    }
    Switch(signed, null)
}
