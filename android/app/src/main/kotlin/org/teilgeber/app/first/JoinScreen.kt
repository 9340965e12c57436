package org.teilgeber.app.first

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space

/** Takes the code of an event, typed or pasted. What is wrong with one is said below it. */
@Composable
fun JoinScreen(
    state: JoinState,
    onJoin: (String) -> Unit,
    onImport: () -> Unit,
) {
    var code by rememberSaveable { mutableStateOf("") }
    val act = Act(stringResource(R.string.join), R.drawable.ic_check, code.isNotBlank()) { onJoin(code) }
    Page(stringResource(R.string.join_event), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            Text(
                stringResource(R.string.join_hint),
                color = LocalColours.current.fadedInk,
                style = MaterialTheme.typography.bodyLarge,
            )
            OutlinedTextField(
                code,
                { code = it },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.code)) },
                minLines = 3,
                maxLines = 6,
                isError = state.wrong != null,
                supportingText = state.wrong?.let { { Text(stringResource(it)) } },
            )
            PartTitle(stringResource(R.string.or_schedule))
            Text(
                stringResource(R.string.schedule_hint),
                color = LocalColours.current.fadedInk,
                style = MaterialTheme.typography.bodyLarge,
            )
            SideAct(stringResource(R.string.import_schedule), onImport, Modifier.fillMaxWidth())
        }
    }
}

/** Begins an event: a name is enough, all else can be said later. */
@Composable
fun CreateScreen(onCreate: (name: String, days: Int, rooms: String) -> Unit) {
    var name by rememberSaveable { mutableStateOf("") }
    var days by rememberSaveable { mutableIntStateOf(2) }
    var rooms by rememberSaveable { mutableStateOf("") }
    val act = Act(stringResource(R.string.begin), R.drawable.ic_check, name.isNotBlank()) { onCreate(name, days, rooms) }
    Page(stringResource(R.string.create_event), act = act) {
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
        ) {
            OutlinedTextField(
                name,
                { name = it },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.event_name)) },
            )
            PartTitle(stringResource(R.string.from_today))
            Row(horizontalArrangement = Arrangement.spacedBy(Space.small)) {
                (1..MOST_DAYS).forEach { count ->
                    FilterChip(
                        count == days,
                        { days = count },
                        { Text(pluralStringResource(R.plurals.days, count, count)) },
                    )
                }
            }
            OutlinedTextField(
                rooms,
                { rooms = it },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.rooms)) },
                supportingText = { Text(stringResource(R.string.rooms_hint)) },
                minLines = 2,
            )
        }
    }
}

private const val MOST_DAYS = 3
