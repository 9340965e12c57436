package org.teilgeber.app.search

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Hit
import org.teilgeber.Kind
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.SearchPlace(place: Place) {
    val model = models.of(place) { SearchModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    SearchScreen(state, model::search) { hit -> placeOf(hit)?.let(navigator::open) }
}

/** Where a thing that was found is shown. */
private fun placeOf(hit: Hit): Place? =
    when (hit.kind) {
        Kind.NOTE -> Place(Screen.NOTE, hit.id)
        Kind.SESSION -> Place(Screen.SESSION, hit.id)
        Kind.PAD -> Place(Screen.PAD, hit.id)
        Kind.ANCHOR -> Place(Screen.OPEN)
        else -> null
    }
