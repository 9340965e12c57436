package org.teilgeber

import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext

/**
 * Opens a home as [Device.open] does, after [checkLibrary]. Whoever opens one shuts it: [withDevice] does that by
 * itself.
 */
suspend fun openDevice(config: Config): Device {
    checkLibrary()
    return Device.open(config)
}

/**
 * Opens a home for as long as [block] runs. Afterwards it can be opened again at once, also where the block failed or
 * was cancelled.
 */
suspend fun <T> withDevice(
    config: Config,
    block: suspend (Device) -> T,
): T = openDevice(config).use { device -> finally(device::shut) { block(device) } }

/** Keeps links with those who are found for as long as [block] runs, as [Device.keepLinks] does. */
suspend fun <T> Device.withLinks(
    config: LinksConfig = LinksConfig(),
    block: suspend (Links) -> T,
): T = keepLinks(config).use { links -> finally(links::stop) { block(links) } }

/**
 * Makes sure that the native library is the one that this code was generated from. Calls into another one end the
 * whole process without a word, so call this before what needs no device, such as [qrReadLuma]. It is done once.
 *
 * @throws IllegalStateException where the library is missing, or is another.
 */
fun checkLibrary() {
    try {
        uniffiEnsureInitialized()
    } catch (cause: LinkageError) {
        throw IllegalStateException("build the native library and this code from one commit", cause)
    }
}

/** Does what [last] does, whatever comes of [block]; also where the coroutine was cancelled. */
private suspend fun <T> finally(
    last: suspend () -> Unit,
    block: suspend () -> T,
): T =
    try {
        block()
    } finally {
        withContext(NonCancellable) { last() }
    }
