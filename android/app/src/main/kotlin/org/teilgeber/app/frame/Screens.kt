package org.teilgeber.app.frame

import androidx.compose.runtime.Composable
import org.teilgeber.app.board.BoardPlace
import org.teilgeber.app.core.Core
import org.teilgeber.app.event.EventPlace
import org.teilgeber.app.event.FeedbackPlace
import org.teilgeber.app.event.InvitePlace
import org.teilgeber.app.event.ReportPlace
import org.teilgeber.app.first.CreatePlace
import org.teilgeber.app.first.JoinPlace
import org.teilgeber.app.me.MeFieldPlace
import org.teilgeber.app.me.MePlace
import org.teilgeber.app.messages.ConversationPlace
import org.teilgeber.app.messages.MessagesPlace
import org.teilgeber.app.notes.NotePlace
import org.teilgeber.app.notes.NotesPlace
import org.teilgeber.app.offers.MakeOfferPlace
import org.teilgeber.app.offers.OfferPlace
import org.teilgeber.app.offers.OffersPlace
import org.teilgeber.app.open.OpenPlace
import org.teilgeber.app.people.PeoplePlace
import org.teilgeber.app.people.PersonPlace
import org.teilgeber.app.rooms.RoomsPlace
import org.teilgeber.app.search.SearchPlace
import org.teilgeber.app.session.ChoosePlace
import org.teilgeber.app.session.DocumentationPlace
import org.teilgeber.app.session.PadPlace
import org.teilgeber.app.session.PitchPlace
import org.teilgeber.app.session.SessionPlace
import org.teilgeber.app.settings.SettingsPlace
import org.teilgeber.app.swap.ScannedPlace
import org.teilgeber.app.swap.SwapPlace
import org.teilgeber.app.sync.SyncPlace
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
        Screen.SWAP -> SwapPlace(place)
        Screen.SCANNED -> ScannedPlace(place)
        Screen.PEOPLE -> PeoplePlace(place)
        Screen.NOTES -> NotesPlace(place)
        Screen.NOTE -> NotePlace(place)
        Screen.SEARCH -> SearchPlace(place)
        Screen.OPEN -> OpenPlace(place)
        Screen.SESSION -> SessionPlace(place)
        Screen.PAD -> PadPlace(place)
        Screen.PITCH -> PitchPlace(place)
        Screen.CHOOSE_PLACE -> ChoosePlace(place)
        Screen.DOCUMENTATION -> DocumentationPlace(place)
        Screen.SYNC -> SyncPlace(place)
        Screen.JOIN -> JoinPlace(place)
        Screen.CREATE -> CreatePlace(place)
        Screen.PERSON -> PersonPlace(place)
        Screen.MESSAGES -> MessagesPlace(place)
        Screen.CONVERSATION -> ConversationPlace(place)
        Screen.ME -> MePlace(place)
        Screen.ME_FIELD -> MeFieldPlace(place)
        Screen.SETTINGS -> SettingsPlace(place)
        Screen.EVENT -> EventPlace(place)
        Screen.INVITE -> InvitePlace(place)
        Screen.FEEDBACK -> FeedbackPlace(place)
        Screen.REPORT -> ReportPlace(place)
        Screen.OFFERS -> OffersPlace(place)
        Screen.OFFER -> OfferPlace(place)
        Screen.MAKE_OFFER -> MakeOfferPlace(place)
        Screen.ROOMS -> RoomsPlace(place)
    }
}
