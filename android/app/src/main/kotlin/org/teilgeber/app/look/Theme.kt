package org.teilgeber.app.look

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.LocalContentColor
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.Hyphens
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** Ink on paper: wraps everything that is drawn. */
@Composable
fun TeilgeberTheme(
    dark: Boolean = isSystemInDarkTheme(),
    content: @Composable () -> Unit,
) {
    val colours = if (dark) Dark else Light
    CompositionLocalProvider(LocalColours provides colours, LocalContentColor provides colours.ink) {
        MaterialTheme(
            colorScheme = material(colours, if (dark) darkColorScheme() else lightColorScheme()),
            typography = Type,
            shapes = Corners,
            content = content,
        )
    }
}

/** Distances: a grid of 4, 16 at the edges, 12 between cards. */
object Space {
    val edge = 16.dp
    val between = 12.dp
    val small = 8.dp
    val tiny = 4.dp
    val target = 48.dp
}

val Corner = RoundedCornerShape(14.dp)

private val Corners =
    Shapes(extraSmall = RoundedCornerShape(8.dp), small = Corner, medium = Corner, large = Corner, extraLarge = Corner)

/** Every role of Material that a component may take, so that none shows a colour of its own. */
private fun material(
    colours: Colours,
    base: ColorScheme,
) = base.copy(
    primary = colours.marker,
    onPrimary = colours.onMarker,
    primaryContainer = colours.marker,
    onPrimaryContainer = colours.onMarker,
    inversePrimary = colours.marker,
    secondary = colours.marker,
    onSecondary = colours.onMarker,
    secondaryContainer = colours.outline,
    onSecondaryContainer = colours.ink,
    tertiary = colours.tape,
    onTertiary = colours.tapePaper,
    tertiaryContainer = colours.tapePaper,
    onTertiaryContainer = colours.tape,
    background = colours.paper,
    onBackground = colours.ink,
    surface = colours.paper,
    onSurface = colours.ink,
    surfaceVariant = colours.card,
    onSurfaceVariant = colours.fadedInk,
    surfaceTint = colours.paper,
    surfaceBright = colours.card,
    surfaceDim = colours.paper,
    surfaceContainerLowest = colours.card,
    surfaceContainerLow = colours.card,
    surfaceContainer = colours.card,
    surfaceContainerHigh = colours.card,
    surfaceContainerHighest = colours.card,
    inverseSurface = colours.ink,
    inverseOnSurface = colours.paper,
    error = colours.stop,
    onError = colours.card,
    errorContainer = colours.card,
    onErrorContainer = colours.stop,
    // Lines that say what can be touched need 3:1, which the outline of a card has not.
    outline = colours.fadedInk,
    outlineVariant = colours.outline,
)

private fun style(
    size: Int,
    line: Int,
    weight: FontWeight = FontWeight.Normal,
) = TextStyle(fontSize = size.sp, lineHeight = line.sp, fontWeight = weight, hyphens = Hyphens.Auto)

/** Card title 18, body 16, label 13, nothing under 12. */
private val Type =
    Typography(
        displayLarge = style(40, 48, FontWeight.Bold),
        displayMedium = style(34, 40, FontWeight.Bold),
        displaySmall = style(28, 34, FontWeight.Bold),
        headlineLarge = style(26, 32, FontWeight.SemiBold),
        headlineMedium = style(24, 30, FontWeight.SemiBold),
        headlineSmall = style(22, 28, FontWeight.SemiBold),
        titleLarge = style(20, 26, FontWeight.SemiBold),
        titleMedium = style(18, 24, FontWeight.SemiBold),
        titleSmall = style(16, 22, FontWeight.SemiBold),
        bodyLarge = style(16, 24),
        bodyMedium = style(16, 22),
        bodySmall = style(14, 20),
        labelLarge = style(16, 20, FontWeight.SemiBold),
        labelMedium = style(13, 18, FontWeight.Medium),
        labelSmall = style(12, 16, FontWeight.Medium),
    )
