package org.teilgeber.app.first

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import org.teilgeber.Audience
import org.teilgeber.app.R
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.MainAct
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.SignedTitle
import org.teilgeber.app.look.Space

/** Asks for a name, or for nothing. No account, no permission, no page to swipe through. */
@Composable
fun FirstRunScreen(
    onStart: (name: String?) -> Unit,
    onJoin: (name: String?) -> Unit,
) {
    var name by rememberSaveable { mutableStateOf("") }
    val said = name.trim().ifEmpty { null }
    val type = MaterialTheme.typography
    Column(
        Modifier
            .fillMaxSize()
            .windowInsetsPadding(WindowInsets.safeDrawing)
            .imePadding()
            .verticalScroll(rememberScrollState())
            .padding(Space.edge * 1.5f),
        Arrangement.spacedBy(Space.between, Alignment.CenterVertically),
        Alignment.CenterHorizontally,
    ) {
        Column(Modifier.widthIn(max = 480.dp), Arrangement.spacedBy(Space.between)) {
            Text(
                stringResource(R.string.what_name),
                Modifier.semantics { heading() },
                style = type.headlineLarge,
            )
            Text(stringResource(R.string.first_hint), color = LocalColours.current.fadedInk, style = type.bodyLarge)
            OutlinedTextField(
                name,
                { name = it },
                Modifier.fillMaxWidth(),
                label = { Text(stringResource(R.string.your_name)) },
                singleLine = true,
                keyboardOptions = KeyboardOptions(KeyboardCapitalization.Words, imeAction = ImeAction.Done),
                keyboardActions = KeyboardActions(onDone = { onStart(said) }),
            )
            SignedTitle(Audience.CONTACTS) {
                Text(stringResource(R.string.name_seen), color = LocalColours.current.fadedInk, style = type.labelMedium)
            }
            MainAct(
                stringResource(if (said == null) R.string.later_name else R.string.start),
                R.drawable.ic_check,
                { onStart(said) },
                Modifier.fillMaxWidth(),
            )
            SideAct(stringResource(R.string.have_code), { onJoin(said) }, Modifier.fillMaxWidth())
        }
    }
}
