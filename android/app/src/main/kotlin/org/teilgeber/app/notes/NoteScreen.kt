package org.teilgeber.app.notes

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.KeyboardCapitalization
import org.teilgeber.Audience
import org.teilgeber.app.R
import org.teilgeber.app.editor.EditorTools
import org.teilgeber.app.editor.Saved
import org.teilgeber.app.editor.SavedWord
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space

/** The text, and nothing else. */
@Composable
fun NoteScreen(
    state: NoteState,
    text: TextFieldState,
    onErase: () -> Unit,
) = Page(
    state.session?.session?.title ?: stringResource(R.string.note),
    actions = {
        SavedWord(state.saved)
        AudienceSign(Audience.ME)
        IconButton(onErase, Modifier.size(Space.target)) {
            Sign(R.drawable.ic_bin, label = stringResource(R.string.erase_note), colour = LocalColours.current.fadedInk)
        }
    },
) {
    val ink = LocalColours.current
    val focus = remember { FocusRequester() }
    val label = stringResource(R.string.note)
    Box(Modifier.weight(1f).fillMaxWidth()) {
        if (text.text.isEmpty() && state.saved != Saved.READING) {
            Text(
                stringResource(R.string.note_hint),
                Modifier.padding(Space.edge),
                ink.fadedInk,
                style = MaterialTheme.typography.bodyLarge,
            )
        }
        BasicTextField(
            text,
            Modifier
                .fillMaxSize()
                .padding(Space.edge)
                .focusRequester(focus)
                .semantics { contentDescription = label },
            textStyle = MaterialTheme.typography.bodyLarge.copy(color = ink.ink),
            cursorBrush = SolidColor(ink.marker),
            keyboardOptions = KeyboardOptions(KeyboardCapitalization.Sentences),
        )
    }
    EditorTools(text)
    // An empty page wants to be written on; a full one to be read first.
    LaunchedEffect(state.saved == Saved.READING) {
        if (state.saved != Saved.READING && text.text.isEmpty()) focus.requestFocus()
    }
}
