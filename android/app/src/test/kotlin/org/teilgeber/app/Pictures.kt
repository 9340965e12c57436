package org.teilgeber.app

import android.content.ComponentName
import android.content.Context
import android.graphics.Bitmap
import android.graphics.Canvas
import android.os.Looper
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.runtime.Composable
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.test.core.app.ActivityScenario
import androidx.test.core.app.ApplicationProvider
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.teilgeber.app.look.TeilgeberTheme
import java.io.File
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.TimeSource

/** How a phone is held and set. [qualifiers] are those of Android's resources. */
enum class Look(
    val qualifiers: String,
    val fontScale: Float = 1f,
) {
    LIGHT("en-w411dp-h891dp-port-notnight-xhdpi"),
    DARK("en-w411dp-h891dp-port-night-xhdpi"),
    GERMAN("de-rDE-w411dp-h891dp-port-notnight-xhdpi"),
    LARGE("de-rDE-w411dp-h891dp-port-notnight-xhdpi", 2f),
    LANDSCAPE("en-w891dp-h411dp-land-notnight-xhdpi"),
    TABLET("en-w1180dp-h820dp-land-notnight-mdpi"),
}

/** Screens, each in a real activity. What is drawn is a picture in `target/pictures`, and is walked for labels and sizes. */
@RunWith(RobolectricTestRunner::class)
abstract class ScreenTest {
    @get:Rule
    val rule = createEmptyComposeRule()

    /** Draws [content] in each of [looks]. [ready] is a text that stands there once everything was read. */
    fun pictures(
        name: String,
        ready: ComposeTestRule.() -> Unit = {},
        looks: List<Look> = Look.entries,
        content: @Composable () -> Unit,
    ) = looks.forEach { look ->
        show(look, content) { activity ->
            rule.ready()
            rule.settle()
            save(activity, "$name-${look.name.lowercase()}")
            rule.assertLabelsAndTargets("$name in $look")
        }
    }

    /** Shows [content] as [look] would, and does something with it. */
    fun show(
        look: Look = Look.LIGHT,
        content: @Composable () -> Unit,
        work: (ComponentActivity) -> Unit,
    ) {
        // The resource APK holds the app's own manifest, which knows no bare activity.
        val context = ApplicationProvider.getApplicationContext<Context>()
        shadowOf(context.packageManager).addActivityIfNotPresent(ComponentName(context, ComponentActivity::class.java))
        RuntimeEnvironment.setQualifiers(look.qualifiers)
        RuntimeEnvironment.setFontScale(look.fontScale)
        ActivityScenario.launch(ComponentActivity::class.java).use { scenario ->
            lateinit var activity: ComponentActivity
            scenario.onActivity {
                activity = it
                it.setContent { TeilgeberTheme(content = content) }
            }
            work(activity)
        }
    }


    /** The whole window as a picture. */
    fun save(
        activity: ComponentActivity,
        name: String,
    ) {
        val view = activity.window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        rule.runOnUiThread { view.draw(Canvas(bitmap)) }
        val file = File(System.getProperty("pictures", "build/pictures"), "$name.png")
        file.parentFile?.mkdirs()
        file.outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }
}

/** Waits for the core: the rule knows nothing of its threads. Meanwhile time passes on the main thread, as it does on a phone. */
fun ComposeTestRule.until(holds: () -> Boolean) =
    waitUntil(LONGEST_WAIT) {
        runOnUiThread { shadowOf(Looper.getMainLooper()).idleFor(STEP) }
        waitForIdle()
        holds()
    }

/** Time passes for the app, at once. */
fun ComposeTestRule.passes(time: Duration) = runOnUiThread { shadowOf(Looper.getMainLooper()).idleFor(time) }

/** Lets the other pane read too, before a picture is drawn. */
private fun ComposeTestRule.settle() {
    val until = TimeSource.Monotonic.markNow() + MOMENT
    until { until.hasPassedNow() }
}

private val MOMENT = 250.milliseconds
private const val LONGEST_WAIT = 20_000L
private val STEP = Duration.ofMillis(50)

/** Whatever can be touched says what it is, and is 48 dp wide and high. */
fun ComposeTestRule.assertLabelsAndTargets(where: String) {
    val wrong =
        onAllNodes(hasClickAction()).fetchSemanticsNodes().flatMap { node ->
            val smallest = with(node.layoutInfo.density) { SMALLEST_DP * density }
            val bounds = node.touchBoundsInRoot
            // What is scrolled half out of sight is measured where it is whole.
            val visible = node.boundsInRoot
            val cut = visible.width < node.size.width || visible.height < node.size.height
            listOfNotNull(
                "${node.words()} has no label".takeIf { node.words().isBlank() },
                "${node.words()} is ${bounds.width / node.layoutInfo.density.density} by ${bounds.height / node.layoutInfo.density.density}"
                    .takeIf { !cut && (bounds.width < smallest || bounds.height < smallest) },
            )
        }
    if (wrong.isNotEmpty()) throw AssertionError("$where: $wrong")
}

private fun SemanticsNode.words(): String {
    val texts = config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
    val described = config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()
    val edited = listOfNotNull(config.getOrNull(SemanticsProperties.EditableText)?.text)
    val onClick = listOfNotNull(config.getOrNull(SemanticsActions.OnClick)?.label)
    return (texts + described + edited + onClick).joinToString(" ")
}

private const val SMALLEST_DP = 47.5f
