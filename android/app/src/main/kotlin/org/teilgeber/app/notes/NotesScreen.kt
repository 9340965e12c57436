package org.teilgeber.app.notes

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Id
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.Space

@Composable
fun NotesScreen(
    state: NotesState,
    onOpen: (Id) -> Unit,
    onNew: () -> Unit,
) = Page(stringResource(R.string.notes)) {
    LazyColumn(
        Modifier.fillMaxSize(),
        contentPadding = PaddingValues(Space.edge),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        items(state.notes.orEmpty(), { it.id }) { note ->
            PaperCard(onClick = { onOpen(note.id) }) {
                Text(note.title ?: stringResource(R.string.untitled), style = MaterialTheme.typography.titleMedium)
            }
        }
    }
}
