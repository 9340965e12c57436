package org.teilgeber.app.frame

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.CoreException
import org.teilgeber.app.R
import org.teilgeber.app.core.words
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Space

/** The core could not be opened: why, and once more. */
@Composable
fun NotOpened(
    reason: CoreException,
    onAgain: () -> Unit,
) {
    Column(
        Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(Space.edge * 2),
        Arrangement.spacedBy(Space.edge, Alignment.CenterVertically),
    ) {
        val colours = LocalColours.current
        Text(
            stringResource(R.string.not_opened),
            color = colours.ink,
            style = MaterialTheme.typography.headlineSmall,
        )
        Text(stringResource(reason.words), color = colours.ink, style = MaterialTheme.typography.bodyLarge)
        Button(onAgain) { Text(stringResource(R.string.again)) }
    }
}
