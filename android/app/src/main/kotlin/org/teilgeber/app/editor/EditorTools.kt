package org.teilgeber.app.editor

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import org.teilgeber.app.R
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Space

/** Above the keyboard: what is tedious to type in Markdown. */
@Composable
fun EditorTools(text: TextFieldState) {
    HorizontalDivider(color = LocalColours.current.outline)
    Row(
        Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()).padding(horizontal = Space.small),
        Arrangement.spacedBy(Space.tiny),
    ) {
        TextButton({ text.beginLine("- [ ] ") }) { Text(stringResource(R.string.checklist)) }
        TextButton({ text.beginLine("## ") }) { Text(stringResource(R.string.heading)) }
        TextButton({ text.beginLine("- ") }) { Text(stringResource(R.string.list)) }
    }
}

/** Whether it is on disk, in one word. */
@Composable
fun SavedWord(saved: Saved) {
    val word =
        when (saved) {
            Saved.READING -> return
            Saved.TYPING -> R.string.saving
            Saved.SAVED -> R.string.saved
        }
    Text(
        stringResource(word),
        Modifier.semantics { liveRegion = LiveRegionMode.Polite },
        LocalColours.current.fadedInk,
        style = MaterialTheme.typography.labelMedium,
    )
}

/** Puts [mark] at the beginning of the line in which the cursor is, or takes it away where it is there. */
internal fun TextFieldState.beginLine(mark: String) =
    edit {
        val at = toString().lastIndexOf('\n', selection.start - 1) + 1
        val cursor = selection.start
        if (toString().startsWith(mark, at)) {
            replace(at, at + mark.length, "")
            selection = TextRange((cursor - mark.length).coerceAtLeast(at))
        } else {
            replace(at, at, mark)
            selection = TextRange(cursor + mark.length)
        }
    }
