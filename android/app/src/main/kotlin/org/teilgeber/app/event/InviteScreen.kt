package org.teilgeber.app.event

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.app.R
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.FadedText
import org.teilgeber.app.look.QrCode
import org.teilgeber.app.look.Space

/** The code that lets others in, to be scanned or read out. */
@Composable
fun InviteScreen(state: InviteState) =
    Page(state.name) {
        val code = state.code ?: return@Page
        Column(
            Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
            Arrangement.spacedBy(Space.between),
            Alignment.CenterHorizontally,
        ) {
            Text(stringResource(R.string.event_code_what), style = MaterialTheme.typography.bodyLarge)
            state.drawn?.let {
                QrCode(it, stringResource(R.string.event_code_label, state.name), Modifier.widthIn(max = 360.dp).fillMaxWidth())
            }
            SelectionContainer { FadedText(code) }
        }
    }
