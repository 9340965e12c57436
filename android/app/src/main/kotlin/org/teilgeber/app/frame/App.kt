package org.teilgeber.app.frame

import androidx.activity.compose.PredictiveBackHandler
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.consumeWindowInsets
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.imePadding
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.layout.width
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableFloatStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.graphicsLayer
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Deferred
import org.teilgeber.CoreException
import org.teilgeber.app.core.Core
import org.teilgeber.app.first.FirstRun
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.UndoBar

/** From this width on the bar is a rail, and from the next one on lists stand beside their details. */
private val RAIL: Dp = 600.dp
private val TWO_PANES: Dp = 720.dp

/** The whole app: opens the core, and shows where a person is. */
@Composable
fun App(
    open: () -> Deferred<Core>,
    models: Models,
) {
    var attempt by remember { mutableFloatStateOf(0f) }
    val opened by produceState<Result<Core>?>(null, attempt) {
        value =
            try {
                Result.success(open().await())
            } catch (e: CancellationException) {
                throw e
            } catch (e: CoreException) {
                Result.failure(e)
            }
    }
    Box(Modifier.fillMaxSize().background(LocalColours.current.paper)) {
        opened?.fold({ Opened(it, models) }, { NotOpened(it as CoreException) { attempt += 1 } })
    }
}

@Composable
private fun Opened(
    core: Core,
    models: Models,
) {
    val navigator = rememberSaveable(saver = Navigator.saver) { Navigator() }
    var begun by remember { mutableStateOf(core.choices.begun) }
    if (!begun) {
        FirstRun(core) { place ->
            place?.let(navigator::open)
            begun = true
        }
        return
    }
    val frame = remember(core) { Frame(core, navigator, models) }
    LaunchedEffect(navigator.way) { models.keep(navigator.way) }
    frame.Panes()
}

/** The bar or the rail, and one or two panes. */
@Composable
fun Frame.Panes() {
    val saved = rememberSaveableStateHolder()
    val back = backProgress()
    BoxWithConstraints(
        Modifier.fillMaxSize().windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal)),
    ) {
        val short = maxHeight < SHORT
        val twoPanes = maxWidth >= TWO_PANES && navigator.deep
        val list = maxWidth * LIST_SHARE
        val pane: @Composable (Place) -> Unit = { place ->
            saved.SaveableStateProvider(place.toString()) {
                CompositionLocalProvider(LocalTopBar provides topBar(place), LocalShort provides short) { Show(place) }
            }
        }
        if (maxWidth >= RAIL) {
            Row(Modifier.fillMaxSize()) {
                Rail(navigator)
                if (twoPanes) {
                    Box(Modifier.width(list).fillMaxHeight()) {
                        CompositionLocalProvider(LocalActs provides !short) { pane(navigator.root) }
                    }
                    VerticalDivider(color = LocalColours.current.outline)
                }
                Box(Modifier.weight(1f).imePadding()) {
                    Box(Modifier.going(back)) { pane(navigator.top) }
                    Notices(Modifier.align(Alignment.BottomCenter))
                }
            }
        } else {
            Column(Modifier.fillMaxSize()) {
                Box(Modifier.weight(1f).imeAware(navigator.deep)) {
                    Box(Modifier.going(back)) { pane(navigator.top) }
                    Notices(Modifier.align(Alignment.BottomCenter))
                }
                if (!navigator.deep) Bar(navigator)
            }
        }
    }
}

@Composable
private fun Modifier.imeAware(deep: Boolean) =
    if (deep) {
        windowInsetsPadding(WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom))
    } else {
        consumeWindowInsets(WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom))
    }

@Composable
private fun Frame.Notices(modifier: Modifier) {
    val notice by core.notices.current.collectAsStateWithLifecycle()
    UndoBar(notice, core.notices::dismiss, modifier)
}

/** How far a person has drawn the screen aside on the way back, from 0 to 1. */
@Composable
private fun Frame.backProgress(): Float {
    var progress by remember { mutableFloatStateOf(0f) }
    PredictiveBackHandler(navigator.deep || navigator.root.screen != Tab.TODAY.screen) { events ->
        try {
            events.collect { progress = it.progress }
            if (navigator.deep) navigator.back() else navigator.go(Tab.TODAY)
        } finally {
            progress = 0f
        }
    }
    return progress
}

private fun Modifier.going(progress: Float) =
    graphicsLayer {
        val scale = 1f - progress * SHRINK
        scaleX = scale
        scaleY = scale
        translationX = progress * AWAY.toPx()
    }

@Composable
private fun Frame.topBar(place: Place): TopBar {
    val standing by core.standing.collectAsStateWithLifecycle()
    return TopBar(
        standing,
        onBack = if (place == navigator.root) null else navigator::back,
        onSync = { navigator.open(Place(Screen.SYNC)) },
        onSearch = { navigator.open(Place(Screen.SEARCH)) }.takeIf { place == navigator.root },
        onMe = { navigator.open(Place(Screen.ME)) }.takeIf { place == navigator.root },
    )
}

/** A phone on its side. */
private val SHORT = 480.dp
private const val LIST_SHARE = 0.42f
private const val SHRINK = 0.08f
private val AWAY = 24.dp
