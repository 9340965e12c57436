package org.teilgeber.app.look

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier

/** A line that says something beside. */
@Composable
fun FadedText(
    words: String,
    modifier: Modifier = Modifier,
) = Text(words, modifier, LocalColours.current.fadedInk, style = MaterialTheme.typography.labelMedium)
