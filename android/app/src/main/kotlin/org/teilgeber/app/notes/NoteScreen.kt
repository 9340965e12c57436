package org.teilgeber.app.notes

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.app.R
import org.teilgeber.app.editor.EditedText
import org.teilgeber.app.editor.EditorTools
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
    stringResource(R.string.note),
    actions = {
        SavedWord(state.saved)
        AudienceSign(Audience.ME)
        IconButton(onErase, Modifier.size(Space.target)) {
            Sign(R.drawable.ic_bin, label = stringResource(R.string.erase_note), colour = LocalColours.current.fadedInk)
        }
    },
) {
    state.session?.let {
        Text(
            it.session.title,
            Modifier.padding(horizontal = Space.edge),
            LocalColours.current.fadedInk,
            style = MaterialTheme.typography.labelMedium,
        )
    }
    EditedText(text, state.saved, R.string.note, R.string.note_hint, Modifier.weight(1f))
    EditorTools(text)
}
