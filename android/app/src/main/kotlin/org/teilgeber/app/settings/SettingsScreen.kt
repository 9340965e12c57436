package org.teilgeber.app.settings

import android.text.format.Formatter
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import org.teilgeber.Id
import org.teilgeber.Quiet
import org.teilgeber.Usage
import org.teilgeber.app.R
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space

@Composable
fun SettingsScreen(
    state: SettingsState,
    keys: Boolean,
    onKeys: (Boolean) -> Unit,
    onExport: () -> Unit,
    onClear: () -> Unit,
    onUnmute: (Id) -> Unit,
) = Page(stringResource(R.string.settings)) {
    val usage = state.usage ?: return@Page
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge, Space.tiny, Space.edge, BELOW),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        item {
            PartTitle(stringResource(R.string.settings_space))
            PaperCard { Space(usage, state, onClear) }
        }
        item {
            PartTitle(stringResource(R.string.settings_export))
            PaperCard { Export(keys, onKeys, onExport) }
        }
        if (state.muted.isNotEmpty()) item { PartTitle(stringResource(R.string.settings_quiet)) }
        items(state.muted, { it.person }) { one ->
            PaperCard {
                val name = state.names[one.person] ?: stringResource(R.string.person_nameless)
                Text(name, style = MaterialTheme.typography.titleMedium)
                val word = if (one.quiet == Quiet.BLOCK) R.string.person_is_blocked else R.string.person_is_muted
                FadedText(stringResource(word))
                TextButton({ onUnmute(one.person) }) { Text(stringResource(R.string.person_unmute)) }
            }
        }
    }
}

@Composable
private fun Space(
    usage: Usage,
    state: SettingsState,
    onClear: () -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.tiny)) {
    Text(usage.total.bytes(), style = MaterialTheme.typography.titleLarge)
    Part(stringResource(R.string.settings_own), usage.own)
    usage.events.forEach { Part(state.events[it.event] ?: stringResource(R.string.settings_left_event), it.words + it.photos) }
    Part(stringResource(R.string.settings_carried), usage.carried)
    Part(stringResource(R.string.settings_rest), usage.cards + usage.search + usage.lists + usage.free)
    val clearable = usage.events.sumOf { it.clearable }
    if (clearable > 0uL) {
        SideAct(stringResource(R.string.settings_clear, clearable.bytes()), onClear, Modifier.fillMaxWidth())
        FadedText(stringResource(R.string.settings_clear_hint))
    }
}

@Composable
private fun Part(
    words: String,
    bytes: ULong,
) = Row(horizontalArrangement = Arrangement.spacedBy(Space.between)) {
    Text(words, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
    Text(bytes.bytes(), style = MaterialTheme.typography.bodyLarge)
}

@Composable
private fun ULong.bytes(): String = Formatter.formatShortFileSize(LocalContext.current, toLong())

@Composable
private fun Export(
    keys: Boolean,
    onKeys: (Boolean) -> Unit,
    onExport: () -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
    Text(stringResource(R.string.settings_export_what), style = MaterialTheme.typography.bodyLarge)
    Row(
        Modifier.fillMaxWidth().heightIn(min = Space.target).toggleable(keys, role = Role.Switch, onValueChange = onKeys),
        Arrangement.spacedBy(Space.between),
        Alignment.CenterVertically,
    ) {
        Column(Modifier.weight(1f)) {
            Text(stringResource(R.string.settings_keys), style = MaterialTheme.typography.bodyLarge)
            FadedText(stringResource(R.string.settings_keys_hint))
        }
        Switch(keys, null, Modifier.padding(Space.tiny))
    }
    SideAct(stringResource(R.string.settings_export_do), onExport, Modifier.fillMaxWidth(), R.drawable.ic_share)
}
