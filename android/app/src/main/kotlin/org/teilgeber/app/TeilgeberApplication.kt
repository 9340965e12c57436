package org.teilgeber.app

import android.app.Application
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import org.teilgeber.Config
import org.teilgeber.app.core.Choices
import org.teilgeber.app.core.Core
import org.teilgeber.app.platform.Platform
import org.teilgeber.app.sync.keepLinksWhile
import org.teilgeber.openDevice
import java.io.File

/** Holds the one open device of this process, for the screens and for what goes on behind them. */
open class TeilgeberApplication : Application() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private var opening: Deferred<Core>? = null

    /** Whether a screen is seen: links are kept then. */
    val seen = MutableStateFlow(false)

    /** The core, opened on the first call; a new try where the last one failed. */
    @Synchronized
    fun core(): Deferred<Core> {
        opening?.takeUnless { it.isCompleted && it.getCompletionExceptionOrNull() != null }?.let { return it }
        return scope.async { open() }.also { opening = it }
    }

    private suspend fun open(): Core {
        val device = openDevice(Config(File(filesDir, "home").path))
        val core = Core(device, Choices(getSharedPreferences("choices", MODE_PRIVATE)), Platform.of(this))
        scope.launch(Dispatchers.Main) { core.keepLinksWhile(seen) }
        return core
    }
}
