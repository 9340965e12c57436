package org.teilgeber.app.frame

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.compositionLocalOf
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import org.teilgeber.Standing
import org.teilgeber.app.R
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.MainAct
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.SyncLine

/** What the bar at the top of a page shows and leads to. Null leaves it out. */
class TopBar(
    val standing: Standing? = null,
    val initial: String? = null,
    val onBack: (() -> Unit)? = null,
    val onSearch: (() -> Unit)? = null,
    val onMe: (() -> Unit)? = null,
    val onSync: (() -> Unit)? = null,
)

val LocalTopBar = compositionLocalOf { TopBar() }

/** A screen's page: its bar, the sync line, what it shows, and its main [act]. [actions] are the page's own, before search. */
@Composable
fun Page(
    title: String,
    actions: @Composable RowScope.() -> Unit = {},
    act: Act? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    val bar = LocalTopBar.current
    val colours = LocalColours.current
    Column(
        Modifier
            .fillMaxSize()
            .background(colours.paper)
            .windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Top)),
    ) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = 56.dp).padding(horizontal = Space.tiny),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            bar.onBack?.let {
                IconButton(it, Modifier.size(Space.target)) {
                    Sign(R.drawable.ic_back, label = stringResource(R.string.back))
                }
            }
            Text(
                title,
                Modifier
                    .weight(1f)
                    .padding(start = if (bar.onBack == null) Space.between else Space.tiny)
                    .semantics { heading() },
                style = MaterialTheme.typography.headlineSmall,
                maxLines = 2,
                overflow = TextOverflow.Ellipsis,
            )
            actions()
            bar.onSearch?.let {
                IconButton(it, Modifier.size(Space.target)) {
                    Sign(R.drawable.ic_search, label = stringResource(R.string.search))
                }
            }
            bar.onMe?.let { IconButton(it, Modifier.size(Space.target)) { Portrait(bar.initial) } }
        }
        if (bar.onBack == null && !LocalShort.current) SyncLine(bar.standing, bar.onSync)
        val shown = act.takeIf { LocalActs.current }
        BoxWithConstraints(Modifier.weight(1f).fillMaxWidth()) {
            // Under the thumb where the page is narrow; in the corner where it is wide, and where height is dear.
            val across = maxWidth < WIDE && !LocalShort.current
            Column(Modifier.fillMaxSize()) {
                content()
                if (across) shown?.Button(Modifier.fillMaxWidth().padding(Space.edge, Space.small))
            }
            if (!across) shown?.Button(Modifier.align(Alignment.BottomEnd).padding(Space.edge))
        }
    }
}

@Composable
private fun Act.Button(modifier: Modifier) = MainAct(word, icon, onClick, modifier, enabled)

/** The one main act of a page. */
class Act(
    val word: String,
    @DrawableRes val icon: Int,
    val enabled: Boolean = true,
    val onClick: () -> Unit,
)

/** Whether the window is a phone on its side, where every line counts. */
val LocalShort = compositionLocalOf { false }

/** Whether pages show their main act: not the list beside a detail on a phone on its side. */
val LocalActs = compositionLocalOf { true }

/** What a list leaves free below its end, so that an act in the corner hides nothing. */
val BELOW = 88.dp

private val WIDE = 600.dp

@Composable
private fun Portrait(initial: String?) {
    val colours = LocalColours.current
    Box(
        Modifier.size(32.dp).border(1.5.dp, colours.fadedInk, CircleShape).background(colours.card, CircleShape),
        Alignment.Center,
    ) {
        Sign(R.drawable.ic_person, label = stringResource(R.string.me), size = if (initial == null) 20.dp else 0.dp)
        initial?.let { Text(it, style = MaterialTheme.typography.titleSmall, maxLines = 1) }
    }
}
