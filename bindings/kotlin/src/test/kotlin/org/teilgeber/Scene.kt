package org.teilgeber

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What the tests of devices have in common: homes in a folder that goes afterwards, and a limit for all waiting. */
abstract class Scene {
    @get:Rule
    val folder = TemporaryFolder()

    fun home(name: String) = Config(home = folder.root.resolve(name).path)

    fun play(scene: suspend CoroutineScope.() -> Unit) = runBlocking { withTimeout(90.seconds) { scene() } }

    suspend fun withTwo(scene: suspend (Device, Device) -> Unit) =
        withDevice(home("ada")) { ada -> withDevice(home("bob")) { bob -> scene(ada, bob) } }

    /** Waits until something is so; the limit of the test ends it. */
    suspend fun until(holds: suspend () -> Boolean) {
        while (!holds()) delay(20.milliseconds)
    }

    /** Fails where it does not fail as it should, and returns how it did. */
    suspend inline fun <reified T : Throwable> failsWith(noinline block: suspend () -> Unit): T {
        val failed = runCatching { block() }.exceptionOrNull()
        return failed as? T ?: throw AssertionError("${T::class.simpleName} expected, but there was $failed", failed)
    }
}

fun profile(
    name: String,
    audience: Audience,
): Profile {
    val me = Audience.ME
    return Profile(name = name, nameFor = audience, hashtagsFor = me, bioFor = me, linksFor = me, photoConsentFor = me)
}

/** A picture of brightness alone, as a camera gives it. */
class Picture(
    val side: UInt,
    val luma: ByteArray,
)

/** A code as a camera sees it: four pixels for each module, and a margin. */
fun pictureOf(code: QrModules): Picture {
    val scale = 4
    val margin = 4
    val modules = code.side.toInt()
    val side = (modules + 2 * margin) * scale
    val luma = ByteArray(side * side) { -1 }
    for (row in 0 until modules * scale) {
        for (column in 0 until modules * scale) {
            val at = (row + margin * scale) * side + column + margin * scale
            if (code.dark[row / scale * modules + column / scale] == 1.toByte()) luma[at] = 0
        }
    }
    return Picture(side.toUInt(), luma)
}

/** What a camera reads when this is on the screen. */
fun scanned(text: String): String {
    val picture = pictureOf(qrModules(text))
    return qrReadLuma(picture.side, picture.side, picture.side, picture.luma).single()
}

fun threads() = count("/proc/self/task")

fun openFiles() = count("/proc/self/fd")

private fun count(folder: String) = Files.list(Path.of(folder)).use { it.count() }
