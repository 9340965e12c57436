package org.teilgeber.app.look

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextOverflow
import org.teilgeber.Situation
import org.teilgeber.Standing
import org.teilgeber.app.R

/** How the phone stands with others, in one quiet line. It says no more than is known. */
@Composable
fun SyncLine(
    standing: Standing?,
    onClick: (() -> Unit)?,
) {
    val touch = onClick?.let { Modifier.clickable(role = Role.Button, onClick = it) } ?: Modifier
    Box(
        Modifier.fillMaxWidth().then(touch).padding(horizontal = Space.edge, vertical = Space.small),
        Alignment.CenterStart,
    ) {
        Text(
            standing.words(),
            color = LocalColours.current.fadedInk,
            style = MaterialTheme.typography.labelMedium,
            maxLines = 2,
            overflow = TextOverflow.Ellipsis,
        )
    }
}

@Composable
fun Standing?.words(): String {
    val near = this?.links?.size ?: 0
    return when (this?.situation) {
        null -> stringResource(R.string.sync_off)
        Situation.PAUSED -> stringResource(R.string.sync_paused)
        Situation.LOOKING -> stringResource(R.string.sync_looking)
        Situation.ALONE -> stringResource(R.string.sync_alone)
        Situation.BLOCKED -> stringResource(R.string.sync_blocked)
        Situation.STRANGERS -> stringResource(R.string.sync_strangers)
        Situation.OTHER_VERSION -> stringResource(R.string.sync_other_version)
        Situation.PASSING -> pluralStringResource(R.plurals.sync_passing, near, near)
        Situation.SAME -> pluralStringResource(R.plurals.sync_same, near, near)
        Situation.RESTING -> stringResource(R.string.sync_resting)
        Situation.SPENT -> stringResource(R.string.sync_spent)
    }
}
