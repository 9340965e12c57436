package org.teilgeber.app.platform

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import org.teilgeber.Device
import org.teilgeber.Links
import org.teilgeber.LinksConfig
import org.teilgeber.Listen
import org.teilgeber.Standing
import org.teilgeber.standings
import org.teilgeber.withLinks
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** The most bytes in an hour that are spent on a network that costs money. */
const val METERED_BYTES_AN_HOUR = 5_000_000uL

/**
 * Keeps links with whoever is near in the network that the phone is in, until it is cancelled, and tells where it
 * stands. The one place in which the system's search, its networks and the core's links meet. [begun] gets the
 * links, for what only a person begins: Bluetooth, a hotspot's code, a host's code.
 */
suspend fun Platform.keepLinks(
    device: Device,
    stands: (Standing?) -> Unit,
    begun: suspend (Links) -> Unit = {},
) = try {
    device.withLinks(LinksConfig(listen = Listen.Everywhere(0u))) { links ->
        coroutineScope {
            launch { links.standings().collect { stands(it) } }
            discovery?.let { search(links, it) }
            networks?.let { launch { follow(links, it) } }
            begun(links)
        }
    }
} finally {
    stands(null)
}

/** Hands on who is found, and announces this phone by its tag of the moment. */
fun CoroutineScope.search(
    links: Links,
    discovery: Discovery,
    every: Duration = 5.seconds,
) {
    launch {
        while (true) {
            discovery.sightings().collect { handOn(links, it) }
            // The system stopped searching: there may be no network. It is asked again.
            delay(every)
        }
    }
    launch {
        links.announcement(every).distinctUntilChanged().collectLatest { (tag, port) ->
            while (true) {
                discovery.announced(tag, port).collect {}
                delay(every)
            }
        }
    }
}

/** The lending of each stream that Bluetooth opens, until it is cancelled. */
suspend fun Links.lendAll(bluetooth: Bluetooth) =
    coroutineScope {
        bluetooth.streams(tag()).collect { stream -> launch { lend(stream) } }
    }

private fun handOn(
    links: Links,
    sighting: Sighting,
) = when (sighting) {
    is Sighting.Lost -> links.lost(sighting.tag)
    is Sighting.Found -> if (sighting.tag != links.tag()) links.found(sighting.tag, sighting.addresses) else Unit
}

/** By what and at which port this device is to be announced. The tag changes each quarter of an hour. */
private fun Links.announcement(every: Duration): Flow<Pair<String, Int>> =
    flow {
        while (true) {
            standing().address?.let { emit(tag() to it.substringAfterLast(':').toInt()) }
            delay(every)
        }
    }

/** Says when the network is another, and spares what costs money. */
private suspend fun follow(
    links: Links,
    networks: Networks,
) {
    var before: NetworkState? = null
    networks.states().distinctUntilChanged().collect { now ->
        val last = before
        before = now
        if (now.metered != last?.metered) links.spare(false, METERED_BYTES_AN_HOUR.takeIf { now.metered })
        if (last != null && last.copy(metered = now.metered) != now) links.networkChanged()
    }
}
