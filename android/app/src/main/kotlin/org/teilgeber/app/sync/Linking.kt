package org.teilgeber.app.sync

import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.transformLatest
import org.teilgeber.Links
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.platform.Bluetooth
import org.teilgeber.app.platform.keepLinks
import org.teilgeber.app.platform.lendAll
import java.io.IOException
import kotlin.time.Duration.Companion.seconds

/**
 * Keeps links while the app is [seen], and longer where the person wants it to stay; the sync line says where the phone
 * stands. Turning the phone does not end them.
 */
@OptIn(ExperimentalCoroutinesApi::class)
suspend fun Core.keepLinksWhile(seen: Flow<Boolean>) {
    val lasting =
        seen.transformLatest {
            if (!it) delay(A_TURN)
            emit(it)
        }
    combine(lasting, platform.staying?.wanted ?: flowOf(false)) { now, stays -> now || stays }
        .distinctUntilChanged()
        .collectLatest { if (it) notices.saying { keepLinks() } }
}

private suspend fun Core.keepLinks() =
    try {
        coroutineScope {
            platform.keepLinks(device, { standing.value = it }) { kept ->
                links.value = kept
                platform.bluetooth?.let { lendWhileWanted(kept, it) }
            }
        }
    } finally {
        links.value = null
    }

private suspend fun Core.lendWhileWanted(
    kept: Links,
    bluetooth: Bluetooth,
) = radio.collectLatest { wanted ->
    if (!wanted) return@collectLatest
    try {
        kept.lendAll(bluetooth)
    } catch (_: IOException) {
        radio.value = false
        notices.say(R.string.bluetooth_off)
    }
}

private val A_TURN = 5.seconds
