package org.teilgeber.app.core

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.BufferOverflow
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.flow.transform
import kotlinx.coroutines.launch
import org.teilgeber.Filter
import org.teilgeber.Kind
import org.teilgeber.changes

/**
 * One screen's view model over the core. It lives as long as its place is on the way back, turns of the phone
 * included. It holds no rule that the core could hold: it reads, and it passes on what a person does.
 */
abstract class Model(
    protected val core: Core,
) : AutoCloseable {
    protected val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)
    private val again = MutableSharedFlow<Unit>(extraBufferCapacity = 1, onBufferOverflow = BufferOverflow.DROP_OLDEST)

    /**
     * What the screen shows: read at first, then each time that a thing of [kinds] changed, and each [everyMillis] where
     * time passes on the screen. Where reading fails, what stood there stays and the reason is said.
     */
    protected fun <T> reading(
        initial: T,
        vararg kinds: Kind,
        everyMillis: Long? = null,
        read: suspend () -> T,
    ): StateFlow<T> {
        val changes = core.device.changes(Filter(kinds = kinds.toList()))
        val ticks: Flow<Unit> =
            flow {
                while (everyMillis != null) {
                    delay(everyMillis)
                    emit(Unit)
                }
            }
        return merge(again, changes, ticks)
            .transform { core.notices.saying { emit(read()) } }
            .stateIn(scope, SharingStarted.WhileSubscribed(STAYS_MS), initial)
    }

    /** Reads again what no change of the core announces. */
    protected fun readAgain() {
        again.tryEmit(Unit)
    }

    /** Does what a person asked for. What fails is said in words, and is in the log without them. */
    protected fun act(work: suspend () -> Unit) = scope.launch { core.notices.saying(work) }

    override fun close() = scope.cancel()

    private companion object {
        /** A turn of the phone is shorter. */
        const val STAYS_MS = 5_000L
    }
}
