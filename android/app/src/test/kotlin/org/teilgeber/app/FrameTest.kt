package org.teilgeber.app

import androidx.compose.runtime.remember
import androidx.compose.ui.test.hasText
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Test
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Models
import org.teilgeber.app.frame.Navigator
import org.teilgeber.app.frame.Panes
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

/** The screens in the frame around them, over a real device with a camp in it. */
class FrameTest : ScreenTest() {
    private val home = runBlocking { Home.open().apply { device.camp() } }

    @After
    fun shut() = runBlocking { home.shut() }

    @Test
    fun today() = inFrame("today", Screen.TODAY, "Local first: apps that need no server")

    @Test
    fun board() = inFrame("board", Screen.BOARD, "Local first: apps that need no server")

    @Test
    fun notes() = inFrame("notes", Screen.NOTES, "Merging")

    private fun inFrame(
        name: String,
        screen: Screen,
        words: String,
    ) = pictures(name, { until { onAllNodes(hasText(words, true)).fetchSemanticsNodes().isNotEmpty() } }) {
        remember { Frame(home.core, Navigator(listOf(Place(screen))), Models()) }.Panes()
    }
}
