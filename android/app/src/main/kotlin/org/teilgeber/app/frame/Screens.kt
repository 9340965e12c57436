package org.teilgeber.app.frame

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.teilgeber.app.R
import org.teilgeber.app.board.BoardPlace
import org.teilgeber.app.core.Core
import org.teilgeber.app.notes.NotePlace
import org.teilgeber.app.notes.NotesPlace
import org.teilgeber.app.today.TodayPlace

/** What a screen is made with. */
class Frame(
    val core: Core,
    val navigator: Navigator,
    val models: Models,
)

/** Draws the screen of a place. */
@Composable
fun Frame.Show(place: Place) {
    when (place.screen) {
        Screen.TODAY -> TodayPlace(place)
        Screen.BOARD -> BoardPlace(place)
        Screen.SWAP -> Page(stringResource(R.string.swap)) {}
        Screen.PEOPLE -> Page(stringResource(R.string.people)) {}
        Screen.NOTES -> NotesPlace(place)
        Screen.NOTE -> NotePlace(place)
    }
}
