package org.teilgeber.app.frame

import androidx.annotation.DrawableRes
import androidx.annotation.StringRes
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.setValue
import org.teilgeber.app.R

/** Every screen. A new one gets its line here and its line in `Screens.kt`. */
enum class Screen {
    TODAY,
    BOARD,
    SWAP,
    PEOPLE,
    NOTES,

    /** A note by its [Place.id], or a new one about the session [Place.more]. */
    NOTE,
    SEARCH,

    /** What is open: anchors and promises. */
    OPEN,
    SESSION,

    /** The shared notes of a session. */
    PAD,

    /** A session to pitch, for the place [Place.more], or one to change. */
    PITCH,

    /** Where a session shall be held. */
    CHOOSE_PLACE,

    /** A session written down. */
    DOCUMENTATION,
    /** The code [Place.more], after it was scanned. */
    SCANNED,
    /** Where the phone stands with others. */
    SYNC,
    JOIN,
    CREATE,
    PERSON,

    /** With whom I wrote. */
    MESSAGES,

    /** What a person and I wrote to each other. */
    CONVERSATION,
    ME,

    /** One field of my profile. */
    ME_FIELD,

    /** Space, export and quiet. */
    SETTINGS,
    EVENT,

    /** The code that lets others into an event. */
    INVITE,
    FEEDBACK,
    REPORT,

    /** Offers and topics. */
    OFFERS,
    OFFER,
    MAKE_OFFER,

    /** What is said in other rooms than that of the session [Place.id]. */
    ROOMS,
}

/** The five of the bar. */
enum class Tab(
    val screen: Screen,
    @StringRes val word: Int,
    @DrawableRes val icon: Int,
) {
    TODAY(Screen.TODAY, R.string.today, R.drawable.ic_today),
    BOARD(Screen.BOARD, R.string.board, R.drawable.ic_board),
    SWAP(Screen.SWAP, R.string.swap, R.drawable.ic_swap),
    PEOPLE(Screen.PEOPLE, R.string.people, R.drawable.ic_people),
    NOTES(Screen.NOTES, R.string.notes, R.drawable.ic_notes),
}

/** A screen, and of which thing: an id, and what else it needs to know. */
data class Place(
    val screen: Screen,
    val id: String? = null,
    val more: String? = null,
)

/** Where a person is: a tab and what was opened above it. It survives the end of the process. */
@Stable
class Navigator(
    initial: List<Place> = listOf(Place(Tab.TODAY.screen)),
) {
    var way by mutableStateOf(initial)
        private set
    private val became = mutableMapOf<Place, Place>()

    val root get() = way.first()
    val top get() = way.last()
    val deep get() = way.size > 1

    /** Opens a screen above this one; the same one is not opened twice. */
    fun open(place: Place) {
        if (place != top) way = way + place
    }

    /** Opens a screen in the place of this one. */
    fun replace(place: Place) {
        way = way.dropLast(1) + place
    }

    /** To a tab. The one on which one is already goes back to its beginning. */
    fun go(tab: Tab) {
        way = listOf(Place(tab.screen))
    }

    /** A place for something new is from now on the place of what it became: so it is found again after the process ended. */
    fun became(
        place: Place,
        later: Place,
    ) {
        became[place] = later
    }

    fun back() {
        if (deep) way = way.dropLast(1)
    }

    companion object {
        val saver =
            Saver<Navigator, ArrayList<String?>>(
                save = { navigator ->
                    navigator.way
                        .map { navigator.became[it] ?: it }
                        .flatMapTo(ArrayList()) { listOf(it.screen.name, it.id, it.more) }
                },
                restore = { saved ->
                    Navigator(saved.chunked(3) { (screen, id, more) -> Place(Screen.valueOf(screen!!), id, more) })
                },
            )
    }
}
