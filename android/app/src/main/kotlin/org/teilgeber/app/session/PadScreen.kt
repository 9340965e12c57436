package org.teilgeber.app.session

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.input.TextFieldState
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
import org.teilgeber.app.look.Space

/** What all write together. It says who sees it, and who wrote. */
@Composable
fun PadScreen(
    state: PadState,
    text: TextFieldState,
) = Page(
    stringResource(R.string.together),
    actions = {
        SavedWord(state.saved)
        AudienceSign(Audience.EVENT)
    },
) {
    val names = state.pad?.authors.orEmpty().mapNotNull { it.name }
    val title = state.session?.session?.title.orEmpty()
    Text(
        if (names.isEmpty()) title else "$title · ${names.joinToString()}",
        Modifier.fillMaxWidth().padding(horizontal = Space.edge),
        LocalColours.current.fadedInk,
        style = MaterialTheme.typography.labelMedium,
    )
    EditedText(text, state.saved, R.string.together, R.string.together_empty, Modifier.weight(1f))
    EditorTools(text)
}
