package org.teilgeber.app.sync

import android.content.Intent
import android.net.Uri
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import org.teilgeber.BundleOf
import org.teilgeber.BundleReport
import org.teilgeber.Device
import org.teilgeber.Id
import org.teilgeber.QrModules
import org.teilgeber.Rung
import org.teilgeber.Situation
import org.teilgeber.Standing
import org.teilgeber.Wifi
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent
import org.teilgeber.app.platform.HotspotState
import org.teilgeber.ownAddresses
import org.teilgeber.qrModules
import org.teilgeber.wifiCode
import java.io.IOException

/** A code for others to reach this phone, and where it is on a hotspot, the code to join that first. */
data class HostShown(
    val code: QrModules,
    val wifi: Wifi? = null,
    val wifiCode: QrModules? = null,
)

data class SyncState(
    val standing: Standing? = null,
    /** Those near who show themselves, by name. */
    val near: List<String> = emptyList(),
    val host: HostShown? = null,
    val hotspot: HotspotState? = null,
    val radio: Boolean = false,
    /** What came of the bundle that was opened last. */
    val read: BundleReport? = null,
) {
    val paused get() = standing?.situation == Situation.PAUSED

    fun stands(rung: Rung) = standing?.links.orEmpty().any { it.rung == rung }
}

/** Where the phone stands with others, and all that helps when it stands alone. */
class SyncModel(
    core: Core,
) : Model(core) {
    private val mutable = MutableStateFlow(SyncState())
    val state: StateFlow<SyncState> = mutable
    private var hotspot: Job? = null

    init {
        scope.launch {
            core.standing.collect { standing ->
                val people = standing?.links.orEmpty().mapNotNull { it.person }.distinct()
                mutable.update { it.copy(standing = standing) }
                core.notices.saying {
                    val names = people.mapNotNull { core.device.nameOf(it) }
                    mutable.update { it.copy(near = names) }
                }
            }
        }
        scope.launch { core.radio.collect { wanted -> mutable.update { it.copy(radio = wanted) } } }
    }

    fun pause(pause: Boolean) = act { core.links.value?.run { if (pause) pause() else resume() } ?: core.notices.say(R.string.sync_off) }

    /** Shows the code by which others dial this phone in the network that it is in. */
    fun showHost() = act { host(null) }

    fun hideHost() {
        hotspot?.cancel()
        mutable.update { it.copy(host = null, hotspot = null) }
    }

    /** Opens a hotspot for as long as its code is shown. It was allowed before. */
    fun openHotspot() {
        val own = core.platform.hotspot ?: return
        hotspot?.cancel()
        hotspot =
            act {
                own.open().collect { now ->
                    mutable.update { it.copy(hotspot = now, host = null) }
                    if (now is HotspotState.Open) host(now.wifi)
                }
            }
    }

    /** Dials a hub by its address. */
    fun dial(address: String) =
        act {
            val links = core.links.value
            if (links == null) {
                core.notices.say(R.string.sync_off)
            } else {
                links.addHost(listOf(address), Rung.INTERNET)
                core.notices.say(R.string.dialling)
            }
        }

    /** Begins or ends Bluetooth. It was allowed before. */
    fun radio(on: Boolean) {
        core.radio.value = on
    }

    /** Writes what others may lack into a file; [then] lets the person choose where it goes. */
    fun share(then: (Intent) -> Unit) =
        files {
            val event = core.device.shownEvent(core.choices)
            val of = event?.let { BundleOf.Event(it.id) } ?: BundleOf.Everything
            val bundles = core.platform.bundles ?: return@files
            then(bundles.sharing(event?.event?.name ?: "Teilgeber") { core.device.writeBundle(of, it) })
        }

    fun open(bundle: Uri) =
        files {
            val bundles = core.platform.bundles ?: return@files
            val report = bundles.reading(bundle) { core.device.readBundle(it) }
            mutable.update { it.copy(read = report) }
        }

    private fun files(work: suspend () -> Unit) =
        act {
            try {
                work()
            } catch (_: IOException) {
                core.notices.say(R.string.bundle_gone)
            }
        }

    private suspend fun host(wifi: Wifi?) {
        val links = core.links.value
        if (links == null) {
            core.notices.say(R.string.sync_off)
            return
        }
        val code = links.hostCode(ownAddresses(), wifi)
        val shown = HostShown(qrModules(code.text), wifi, wifi?.let { qrModules(wifiCode(it)) })
        mutable.update { it.copy(host = shown) }
    }
}

/** What somebody is called who shows themselves. */
private suspend fun Device.nameOf(person: Id): String? = cardsOf(person).firstNotNullOfOrNull { it.card.name }
