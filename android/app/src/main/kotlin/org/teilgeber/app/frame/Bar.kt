package org.teilgeber.app.frame

import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.NavigationBar
import androidx.compose.material3.NavigationBarItem
import androidx.compose.material3.NavigationBarItemDefaults
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.NavigationRailItemDefaults
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.foundation.layout.Column
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.dp
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Sign

/** The bar of five, under the thumb. */
@Composable
fun Bar(navigator: Navigator) {
    val colours = LocalColours.current
    Column {
        HorizontalDivider(color = colours.outline)
        NavigationBar(containerColor = colours.card, tonalElevation = 0.dp) {
            for (tab in Tab.entries) {
                NavigationBarItem(
                    selected = navigator.root.screen == tab.screen,
                    onClick = { navigator.go(tab) },
                    icon = { Sign(tab.icon) },
                    label = { Word(tab) },
                    colors =
                        NavigationBarItemDefaults.colors(
                            selectedIconColor = colours.onMarker,
                            selectedTextColor = colours.marker,
                            indicatorColor = colours.marker,
                            unselectedIconColor = colours.fadedInk,
                            unselectedTextColor = colours.fadedInk,
                        ),
                )
            }
        }
    }
}

/** The same five at the side of a wide screen. */
@Composable
fun Rail(navigator: Navigator) {
    val colours = LocalColours.current
    NavigationRail(
        containerColor = colours.card,
        windowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Vertical),
    ) {
        Spacer(Modifier.weight(1f))
        for (tab in Tab.entries) {
            NavigationRailItem(
                selected = navigator.root.screen == tab.screen,
                onClick = { navigator.go(tab) },
                icon = { Sign(tab.icon) },
                label = { Word(tab) },
                colors =
                    NavigationRailItemDefaults.colors(
                        selectedIconColor = colours.onMarker,
                        selectedTextColor = colours.marker,
                        indicatorColor = colours.marker,
                        unselectedIconColor = colours.fadedInk,
                        unselectedTextColor = colours.fadedInk,
                    ),
            )
        }
        Spacer(Modifier.weight(1f))
    }
}

@Composable
private fun Word(tab: Tab) {
    // Five words share the width: beyond this they would be cut. The system shows them large on a long press.
    val density = LocalDensity.current
    CompositionLocalProvider(LocalDensity provides Density(density.density, density.fontScale.coerceAtMost(LARGEST))) {
        Text(
            stringResource(tab.word),
            style = MaterialTheme.typography.labelSmall,
            maxLines = 1,
            overflow = TextOverflow.Ellipsis,
        )
    }
}

private const val LARGEST = 1.3f
