package org.teilgeber.app.editor

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.BasicTextField
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.text.input.TextFieldState
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
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Space

/** A whole page of text to type in. */
@Composable
fun EditedText(
    text: TextFieldState,
    saved: Saved,
    @StringRes label: Int,
    @StringRes hint: Int,
    modifier: Modifier = Modifier,
) {
    val colours = LocalColours.current
    val focus = remember { FocusRequester() }
    val words = stringResource(label)
    val type = MaterialTheme.typography
    Box(modifier.fillMaxWidth()) {
        if (text.text.isEmpty() && saved != Saved.READING) {
            Text(stringResource(hint), Modifier.padding(Space.edge), colours.fadedInk, style = type.bodyLarge)
        }
        BasicTextField(
            text,
            Modifier
                .fillMaxSize()
                .padding(Space.edge)
                .focusRequester(focus)
                .semantics { contentDescription = words },
            textStyle = type.bodyLarge.copy(color = colours.ink),
            cursorBrush = SolidColor(colours.marker),
            keyboardOptions = KeyboardOptions(KeyboardCapitalization.Sentences),
        )
    }
    // An empty page wants to be written on; a full one to be read first.
    LaunchedEffect(saved == Saved.READING) {
        if (saved != Saved.READING && text.text.isEmpty()) focus.requestFocus()
    }
}
