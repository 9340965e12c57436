package org.teilgeber.app.frame

import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import org.teilgeber.app.R
import org.teilgeber.app.board.BoardPlace
import org.teilgeber.app.core.Core
import org.teilgeber.app.first.CreatePlace
import org.teilgeber.app.first.JoinPlace
import org.teilgeber.app.notes.NotePlace
import org.teilgeber.app.notes.NotesPlace
import org.teilgeber.app.open.OpenPlace
import org.teilgeber.app.search.SearchPlace
import org.teilgeber.app.session.ChoosePlace
import org.teilgeber.app.session.DocumentationPlace
import org.teilgeber.app.session.PadPlace
import org.teilgeber.app.session.PitchPlace
import org.teilgeber.app.session.SessionPlace
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
        Screen.SEARCH -> SearchPlace(place)
        Screen.OPEN -> OpenPlace(place)
        Screen.SESSION -> SessionPlace(place)
        Screen.PAD -> PadPlace(place)
        Screen.PITCH -> PitchPlace(place)
        Screen.CHOOSE_PLACE -> ChoosePlace(place)
        Screen.DOCUMENTATION -> DocumentationPlace(place)
        Screen.JOIN -> JoinPlace(place)
        Screen.CREATE -> CreatePlace(place)
    }
}
