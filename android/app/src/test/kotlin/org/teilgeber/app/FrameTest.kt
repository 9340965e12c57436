package org.teilgeber.app

import androidx.compose.runtime.remember
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeTestRule
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.teilgeber.Part
import org.teilgeber.Placement
import org.teilgeber.app.first.FirstRunScreen
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Models
import org.teilgeber.app.frame.Navigator
import org.teilgeber.app.frame.Panes
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen
import org.teilgeber.app.session.code
import java.io.File

/** All screens in the frame around them, over a real device with a camp in it, and over an empty one. */
class FrameTest : ScreenTest() {
    private val home = runBlocking { Home.open() }

    @After
    fun shut() = runBlocking { home.shut() }

    @Test
    fun today() = filled { inFrame("today", "Open today|Heute offen", Place(Screen.TODAY)) }

    @Test
    fun board() = filled { inFrame("board", LOCAL, Place(Screen.BOARD)) }

    @Test
    fun notes() =
        filled { camp ->
            inFrame("notes", "things are open|Sachen sind offen", Place(Screen.NOTES), looks = SOME)
            val note = runBlocking { home.device.notes(org.teilgeber.NoteFilter(session = camp.sessions[LOCAL]), null, 1u).single() }
            inFrame("note", "two clocks", Place(Screen.NOTES), Place(Screen.NOTE, note.id))
            inFrame("open", "Pick up again|Wieder aufnehmen", Place(Screen.NOTES), Place(Screen.OPEN), looks = SOME)
        }

    @Test
    fun session() =
        filled { camp ->
            val board = Place(Screen.BOARD)
            inFrame("session", "Merging", board, Place(Screen.SESSION, camp.sessions[LOCAL]))
            inFrame("off-the-record", "Nothing of it|Nichts davon", board, Place(Screen.SESSION, camp.sessions["Burned out in volunteer work"]), looks = SOME)
            inFrame("conflict", "Which shall stand|Welche soll", board, Place(Screen.SESSION, camp.sessions["Mesh networks after the flood"]), looks = SOME)
            inFrame("long-title", "Donaudampf", board, Place(Screen.SESSION, camp.sessions.keys.first { "Donaudampf" in it }.let(camp.sessions::get)), looks = SOME)
            inFrame("documentation", "merging is not magic", board, Place(Screen.DOCUMENTATION, camp.sessions[LOCAL]), looks = SOME)
            inFrame("pad", "merging is not magic", board, Place(Screen.PAD, camp.sessions[LOCAL]), looks = SOME)
        }

    /** A schedule as a conference published it. */
    @Test
    fun imported() {
        val file = File("../../tests/data/pretalx-democon.json").readBytes()
        val event = runBlocking { home.device.createEventFromSchedule(file).event }
        val first = runBlocking { home.device.board(event, Part()) }.first { it.placement != null }
        home.core.choices.event = event
        inFrame("imported-board", "Starred|Gemerkt", Place(Screen.BOARD), looks = SOME)
        inFrame("imported-session", first.session.session.title, Place(Screen.BOARD), Place(Screen.SESSION, first.session.id), looks = SOME)
    }

    @Test
    fun pitch() =
        filled { camp ->
            val free = Placement("Cafeteria", at(12), 45u).code()
            inFrame("pitch", "Put it up|Aufhängen", Place(Screen.BOARD), Place(Screen.PITCH, more = free), looks = SOME)
            inFrame("choose-place", "beekeeping", Place(Screen.BOARD), Place(Screen.CHOOSE_PLACE, camp.sessions.keys.first { "beekeeping" in it }.let(camp.sessions::get)), looks = SOME)
        }

    @Test
    fun empty() {
        inFrame("empty-today", "No event yet|Noch keine", Place(Screen.TODAY), looks = SOME)
        inFrame("empty-board", "The wall hangs|Die Wand", Place(Screen.BOARD), looks = SOME)
        inFrame("empty-notes", "No notes yet|Noch keine", Place(Screen.NOTES), looks = SOME)
        inFrame("search", "looking for|suchst", Place(Screen.SEARCH), looks = SOME)
        inFrame("join", "Join an event|beitreten", Place(Screen.TODAY), Place(Screen.JOIN), looks = SOME)
        inFrame("create", "Begin an event|anfangen", Place(Screen.TODAY), Place(Screen.CREATE), looks = SOME)
        pictures("first-run", looks = SOME) { FirstRunScreen({}, {}) }
    }

    private fun filled(work: (Camp) -> Unit) = work(runBlocking { home.device.camp() })

    /** Draws the last place of [way], once one of [words] stands there. */
    private fun inFrame(
        name: String,
        words: String,
        vararg way: Place,
        looks: List<Look> = Look.entries,
    ) = pictures(name, { until { words.split('|').any { has(it) } } }, looks) {
        remember { Frame(home.core, Navigator(way.toList()), Models()) }.Panes()
    }

    private fun ComposeTestRule.has(words: String) =
        onAllNodes(hasText(words, substring = true, ignoreCase = true)).fetchSemanticsNodes().isNotEmpty()

    private companion object {
        const val LOCAL = "Local first: apps that need no server"
        val SOME = listOf(Look.LIGHT, Look.LARGE, Look.LANDSCAPE)
    }
}
