package org.teilgeber.app

import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.junit4.ComposeTestRule
import org.teilgeber.app.core.Core
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Models
import org.teilgeber.app.frame.Navigator
import org.teilgeber.app.frame.Panes
import org.teilgeber.app.frame.Place
import org.teilgeber.app.platform.Platform

/** The last place of [way] in the frame around it, over this home and what [platform] can do. */
@Composable
fun Home.InFrame(
    vararg way: Place,
    platform: Platform = Platform(),
    core: Core = remember { Core(device, this.core.choices, platform, this.core.now) },
) = remember { Frame(core, Navigator(way.toList()), Models()) }.Panes()

/** Whether something like this stands there. */
fun ComposeTestRule.shows(what: SemanticsMatcher) = onAllNodes(what).fetchSemanticsNodes().isNotEmpty()
