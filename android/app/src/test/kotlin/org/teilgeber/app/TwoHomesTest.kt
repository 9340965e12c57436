package org.teilgeber.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.performScrollToNode
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.teilgeber.Audience
import org.teilgeber.Interest
import org.teilgeber.Level
import org.teilgeber.PhotoConsent
import org.teilgeber.Profile
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Models
import org.teilgeber.app.frame.Navigator
import org.teilgeber.app.frame.Panes
import org.teilgeber.app.frame.Place

/** Screens of mine, over a real device, while somebody else has another one. */
abstract class TwoHomesTest : ScreenTest() {
    protected val home = runBlocking { Home.open() }
    protected val other = runBlocking { Home.open() }

    @After
    fun shut() =
        runBlocking {
            home.shut()
            other.shut()
        }

    /** A camp of mine in which somebody else is, who appears as Bob. */
    protected suspend fun campOfTwo(): Camp {
        val camp = home.device.camp()
        other.device.setProfile(profile("Bob Ümlaut", "Asks about clocks until somebody has the time.", Audience.EVENT))
        other.device.join(home.device.joinCode(camp.event, emptyList()))
        sync()
        other.device.appearIn(camp.event, true)
        sync()
        return camp
    }

    /** Both know the same afterwards. */
    protected suspend fun sync() {
        other.device.serve("127.0.0.1:0", null).use { server ->
            home.device.syncWith(server.localAddr())
            server.stop()
        }
    }

    protected fun profile(
        name: String,
        bio: String,
        bioFor: Audience,
    ) = Profile(
        name = name,
        nameFor = Audience.EVENT,
        hashtags = listOf(Interest("crdt", Level.EXPERT), Interest("clocks", null)),
        hashtagsFor = Audience.EVENT,
        bio = bio,
        bioFor = bioFor,
        linksFor = Audience.ME,
        photoConsent = PhotoConsent.ASK,
        photoConsentFor = Audience.EVENT,
    )

    @Composable
    protected fun At(
        vararg way: Place,
        of: Home = home,
    ) = remember { Frame(of.core, Navigator(way.toList()), Models()) }.Panes()

    protected fun inFrame(
        name: String,
        words: String,
        vararg way: Place,
        looks: List<Look> = Look.entries,
    ) = pictures(name, { until { words.split('|').any { has(it) } } }, looks) { At(*way) }

    protected fun ComposeTestRule.wait(words: String) = until { has(words) }

    protected fun ComposeTestRule.has(words: String) =
        onAllNodes(hasText(words, substring = true)).fetchSemanticsNodes().isNotEmpty()

    protected fun ComposeTestRule.scrollTo(words: String) = onNode(hasScrollToNodeAction()).performScrollToNode(hasText(words))

    protected companion object {
        val SOME = listOf(Look.LIGHT, Look.LARGE, Look.LANDSCAPE)
    }
}
