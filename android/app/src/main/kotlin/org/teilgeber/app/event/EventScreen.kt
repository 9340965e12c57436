package org.teilgeber.app.event

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.EventRecord
import org.teilgeber.Held
import org.teilgeber.Preview
import org.teilgeber.Retention
import org.teilgeber.app.R
import org.teilgeber.app.board.sentence
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.CardFace
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.rememberDays
import org.teilgeber.app.look.sign

/** What I can do about an event. */
interface EventActs {
    fun invite()

    fun appear(appear: Boolean)

    fun changeMe()

    fun withdraw()

    fun show()

    fun keep(keep: Boolean)

    fun import()

    fun archive()

    fun feedback()

    fun report()

    fun join()

    fun create()

    fun leave()
}

@Composable
fun EventScreen(
    state: EventState,
    acts: EventActs,
) {
    val record = state.record ?: return Page("") {}
    Page(record.name, act = Act(stringResource(R.string.event_invite), R.drawable.ic_share, onClick = acts::invite)) {
        LazyColumn(
            Modifier.weight(1f),
            contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
            verticalArrangement = Arrangement.spacedBy(Space.between),
        ) {
            if (!state.shown) item { SideAct(stringResource(R.string.event_show), acts::show, Modifier.fillMaxWidth()) }
            item { PaperCard { Facts(record, state) } }
            state.preview?.let { item { Mine(record, it, acts) } }
            item { Further(record, state, acts) }
        }
    }
}

/** When and where it is, who organises it, and by which rules. */
@Composable
private fun Facts(
    record: EventRecord,
    state: EventState,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.tiny)) {
    val event = record.event
    if (event == null) {
        FadedText(stringResource(R.string.event_not_here))
        return@Column
    }
    val days = rememberDays()
    val when_ = if (event.first == event.last) days(event.first) else "${days(event.first)} – ${days(event.last)}"
    Text(when_, style = MaterialTheme.typography.titleMedium)
    event.place?.let { Text(it, style = MaterialTheme.typography.bodyLarge) }
    event.link?.let { FadedText(it) }
    val people = state.people.toInt()
    FadedText(pluralStringResource(R.plurals.event_people, people, people))
    if (record.organiser) FadedText(stringResource(R.string.event_organiser))
    if (state.trusted.isNotEmpty()) {
        FadedText(stringResource(R.string.event_trusted, state.trusted.joinToString { it.name }))
    }
    event.rules?.let { rules ->
        FadedText(stringResource(rules.policy.sentence))
        val kept = rules.retention
        FadedText(
            when (kept) {
                is Retention.Days -> kept.v1.toInt().let { pluralStringResource(R.plurals.event_fades, it, it) }
                Retention.Kept -> stringResource(R.string.event_kept)
            },
        )
    }
    when (val held = record.held) {
        is Held.FadesOn -> FadedText(stringResource(R.string.event_fades_on, days(held.v1)))
        is Held.Faded -> FadedText(stringResource(R.string.event_faded, days(held.v1)))
        else -> Unit
    }
}

/** Exactly what others see of me there, or will see. */
@Composable
private fun Mine(
    record: EventRecord,
    preview: Preview,
    acts: EventActs,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
    PartTitle(stringResource(R.string.event_mine))
    PaperCard {
        val seen = if (record.appearing) R.string.event_seen else R.string.event_would_be_seen
        SignedWord((if (record.appearing) Audience.EVENT else Audience.ME).sign, stringResource(seen))
        CardFace(preview.card)
    }
    val more = preview.topics.size + preview.offers.size + preview.seatRequests.size + preview.more.size
    if (more > 0) FadedText(pluralStringResource(R.plurals.event_more, more, more))
    val word = if (record.appearing) R.string.event_hide_me else R.string.event_show_me
    SideAct(stringResource(word), { acts.appear(!record.appearing) }, Modifier.fillMaxWidth(), R.drawable.ic_person)
    SideAct(stringResource(R.string.event_change_me), acts::changeMe, Modifier.fillMaxWidth(), R.drawable.ic_edit)
    if (more > 0) SideAct(stringResource(R.string.event_withdraw), acts::withdraw, Modifier.fillMaxWidth(), R.drawable.ic_bin)
}

@Composable
private fun Further(
    record: EventRecord,
    state: EventState,
    acts: EventActs,
) = Column(Modifier.padding(top = Space.small), Arrangement.spacedBy(Space.small)) {
    val wide = Modifier.fillMaxWidth()
    if (state.form?.readers.orEmpty().isNotEmpty()) SideAct(stringResource(R.string.event_feedback), acts::feedback, wide)
    if (state.trusted.isNotEmpty()) SideAct(stringResource(R.string.event_report), acts::report, wide)
    if (record.organiser) SideAct(stringResource(R.string.event_import), acts::import, wide)
    SideAct(stringResource(R.string.event_archive), acts::archive, wide, R.drawable.ic_share)
    val held = record.held
    if (held is Held.FadesOn || held is Held.Faded) SideAct(stringResource(R.string.event_keep), { acts.keep(true) }, wide)
    SideAct(stringResource(R.string.event_join_another), acts::join, wide)
    SideAct(stringResource(R.string.create_event), acts::create, wide)
    Leave(acts)
}

/** What leaves the phone for good asks once. */
@Composable
private fun Leave(acts: EventActs) {
    var asked by remember { mutableStateOf(false) }
    SideAct(stringResource(R.string.event_leave), { asked = true }, Modifier.fillMaxWidth(), R.drawable.ic_door)
    if (!asked) return
    AlertDialog(
        { asked = false },
        confirmButton = { TextButton(acts::leave) { Text(stringResource(R.string.event_leave)) } },
        dismissButton = { TextButton({ asked = false }) { Text(stringResource(R.string.cancel)) } },
        text = { Text(stringResource(R.string.event_leave_what)) },
    )
}
