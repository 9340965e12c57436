package org.teilgeber.app.search

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.withStyle
import org.teilgeber.Hit
import org.teilgeber.Kind
import org.teilgeber.Piece
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.EmptyHint
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.SignedWord
import org.teilgeber.app.look.Space

@Composable
fun SearchScreen(
    state: SearchState,
    onSearch: (String) -> Unit,
    onOpen: (Hit) -> Unit,
) = Page(stringResource(R.string.search)) {
    var query by rememberSaveable { mutableStateOf(state.query) }
    val focus = remember { FocusRequester() }
    OutlinedTextField(
        query,
        {
            query = it
            onSearch(it)
        },
        Modifier.fillMaxWidth().padding(horizontal = Space.edge).focusRequester(focus),
        label = { Text(stringResource(R.string.search_what)) },
        leadingIcon = { Sign(R.drawable.ic_search) },
        singleLine = true,
        keyboardOptions = KeyboardOptions(imeAction = ImeAction.Search),
    )
    LaunchedEffect(Unit) { if (query.isEmpty()) focus.requestFocus() else onSearch(query) }
    LazyColumn(
        Modifier.weight(1f),
        contentPadding = PaddingValues(Space.edge),
        verticalArrangement = Arrangement.spacedBy(Space.between),
    ) {
        items(state.hits.orEmpty()) { Found(it, onOpen) }
        if (state.hits?.isEmpty() == true) {
            item { EmptyHint(stringResource(R.string.nothing_found), stringResource(R.string.nothing_found_hint)) }
        }
    }
}

@Composable
private fun Found(
    hit: Hit,
    onOpen: (Hit) -> Unit,
) = PaperCard(onClick = { onOpen(hit) }) {
    val kind = known[hit.kind]
    if (kind != null) SignedWord(kind.second, stringResource(kind.first))
    if (hit.title.isNotBlank()) {
        Spacer(Modifier.height(Space.tiny))
        Text(hit.title, style = MaterialTheme.typography.titleMedium)
    }
    val text = hit.snippet.joinToString("") { it.text }
    if (text.isNotBlank() && text != hit.title) Snippet(hit.snippet)
}

/** The words around, with what was looked for in the marker's colour and bold. */
@Composable
private fun Snippet(pieces: List<Piece>) {
    val colours = LocalColours.current
    val words =
        buildAnnotatedString {
            pieces.forEach { piece ->
                if (piece.found) {
                    withStyle(SpanStyle(colours.marker, fontWeight = FontWeight.Bold)) { append(piece.text) }
                } else {
                    append(piece.text)
                }
            }
        }
    Text(words, style = MaterialTheme.typography.bodyLarge)
}

/** What kinds of things are called, and their signs. */
private val known =
    mapOf(
        Kind.NOTE to (R.string.note to R.drawable.ic_notes),
        Kind.SESSION to (R.string.session to R.drawable.ic_board),
        Kind.PAD to (R.string.together to R.drawable.ic_heads),
        Kind.POST to (R.string.a_post to R.drawable.ic_post),
        Kind.CONTACT to (R.string.a_contact to R.drawable.ic_person),
        Kind.CARD to (R.string.a_person to R.drawable.ic_person),
        Kind.ANCHOR to (R.string.an_anchor to R.drawable.ic_anchor),
        Kind.EVENT to (R.string.an_event to R.drawable.ic_hall),
        Kind.PHOTO to (R.string.a_photo to R.drawable.ic_photo),
        Kind.OFFER to (R.string.an_offer to R.drawable.ic_share),
        Kind.MESSAGE to (R.string.a_message to R.drawable.ic_post),
    )
