package org.teilgeber.app.look

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kotlinx.coroutines.delay
import org.teilgeber.app.R
import org.teilgeber.app.core.Notice

/** How long something can be undone. */
const val UNDO_MS = 10_000L

/** Says what was done and, where that goes, takes it back: instead of asking before. */
@Composable
fun UndoBar(
    notice: Notice?,
    onGone: (Notice) -> Unit,
    modifier: Modifier = Modifier,
) {
    if (notice == null) return
    LaunchedEffect(notice) {
        delay(UNDO_MS)
        onGone(notice)
    }
    val colours = LocalColours.current
    Surface(
        modifier.fillMaxWidth().padding(Space.between).semantics { liveRegion = LiveRegionMode.Polite },
        Corner,
        colours.ink,
        colours.paper,
    ) {
        Row(
            Modifier.heightIn(min = 56.dp).padding(start = Space.edge, end = Space.small),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            Text(
                stringResource(notice.words),
                Modifier.weight(1f).padding(vertical = Space.between),
                style = MaterialTheme.typography.bodyMedium,
            )
            TextButton({
                onGone(notice)
                notice.undo?.invoke()
            }) {
                val word = if (notice.undo == null) R.string.good else R.string.undo
                Text(stringResource(word), color = colours.paper)
            }
        }
    }
}
