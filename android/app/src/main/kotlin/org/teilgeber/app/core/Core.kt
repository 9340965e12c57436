package org.teilgeber.app.core

import androidx.annotation.StringRes
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import org.teilgeber.Device
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Links
import org.teilgeber.Millis
import org.teilgeber.Standing
import org.teilgeber.app.platform.Platform

/** What every screen is made over: the open device, what the phone can do, the time, and what is said at the bottom. */
class Core(
    val device: Device,
    val choices: Choices,
    val platform: Platform = Platform(),
    val now: () -> Millis = { System.currentTimeMillis().toULong() },
) {
    val notices = Notices()

    /** Where the device stands among those near; null while nobody keeps links. Set by who keeps them. */
    val standing = MutableStateFlow<Standing?>(null)

    /** The links, while they are kept. Set by who keeps them. */
    val links = MutableStateFlow<Links?>(null)

    /** Whether the person wants Bluetooth too. */
    val radio = MutableStateFlow(false)

    /** Outlives every screen: for what must be finished though its screen was left. */
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)

    /** Does what must be finished though its screen is left. What fails is said. */
    fun inBackground(work: suspend () -> Unit) {
        scope.launch { notices.saying(work) }
    }

    /** Erases a thing in a moment, says so, and has it back where that is wished. */
    suspend fun eraseSoon(
        kind: Kind,
        id: Id,
        @StringRes words: Int,
    ) {
        val pending = device.eraseSoon(kind, id)
        notices.say(words) { inBackground { device.undo(pending) } }
    }
}
