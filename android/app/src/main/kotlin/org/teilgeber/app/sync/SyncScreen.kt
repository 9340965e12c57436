package org.teilgeber.app.sync

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.dp
import org.teilgeber.BundleReport
import org.teilgeber.Rung
import org.teilgeber.Situation
import org.teilgeber.app.R
import org.teilgeber.app.frame.Act
import org.teilgeber.app.frame.BELOW
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.QrCode
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.Space
import org.teilgeber.app.look.TapeCard
import org.teilgeber.app.look.words
import org.teilgeber.app.platform.HotspotState
import org.teilgeber.app.swap.Network

/** What a person does at Sync. */
interface SyncActs {
    fun pause(pause: Boolean)

    fun showHost()

    fun hideHost()

    fun openHotspot()

    fun bluetooth(on: Boolean)

    fun dial(address: String)

    fun scan()

    fun share()

    fun openBundle()

    fun join()
}

/** Where the phone stands, by which way, who is near, and what would help now. */
@Composable
fun SyncScreen(
    state: SyncState,
    acts: SyncActs,
) = Page(stringResource(R.string.sync), act = state.helps(acts)) {
    Column(
        Modifier.weight(1f).verticalScroll(rememberScrollState()).padding(Space.edge, 0.dp, Space.edge, BELOW),
        Arrangement.spacedBy(Space.between),
    ) {
        PaperCard {
            Text(state.standing.words(), style = MaterialTheme.typography.titleLarge)
            Text(
                stringResource(state.standing?.situation.meaning),
                Modifier.padding(top = Space.tiny),
                LocalColours.current.fadedInk,
                style = MaterialTheme.typography.bodyLarge,
            )
            if (state.near.isNotEmpty()) {
                Text(
                    stringResource(R.string.near_you, state.near.joinToString(", ")),
                    Modifier.padding(top = Space.small),
                    style = MaterialTheme.typography.bodyLarge,
                )
            }
        }
        state.host?.let { Host(it, acts::hideHost) }
        (state.hotspot as? HotspotState.Closed)?.let { TapeCard { Text(stringResource(it.why.words)) } }
        state.read?.let { Read(it) }
        PartTitle(stringResource(R.string.ways))
        Ladder(state)
        PartTitle(stringResource(R.string.more_ways))
        Ways(state, acts)
    }
}

/** The one thing that would help now; null where nothing is to be done. */
@Composable
private fun SyncState.helps(acts: SyncActs): Act? =
    when (standing?.situation) {
        Situation.PAUSED -> Act(stringResource(R.string.go_on), R.drawable.ic_swap) { acts.pause(false) }
        Situation.ALONE, Situation.BLOCKED ->
            Act(stringResource(R.string.show_host), R.drawable.ic_share, onClick = acts::showHost).takeIf { host == null }
        Situation.STRANGERS -> Act(stringResource(R.string.join_event), R.drawable.ic_hall, onClick = acts::join)
        else -> null
    }

@Composable
private fun Ladder(state: SyncState) =
    PaperCard {
        Column(verticalArrangement = Arrangement.spacedBy(Space.between)) {
            Rung(R.string.rung_network, state.stands(Rung.NETWORK))
            Rung(R.string.rung_internet, state.stands(Rung.INTERNET))
            Rung(R.string.rung_bluetooth, state.stands(Rung.RADIO))
            Rung(R.string.rung_file, false)
        }
    }

@Composable
private fun Rung(
    @StringRes word: Int,
    stands: Boolean,
) {
    val words = stringResource(word)
    val said = if (stands) stringResource(R.string.rung_stands, words) else words
    Row(Modifier.clearAndSetSemantics { contentDescription = said }, verticalAlignment = Alignment.CenterVertically) {
        val colours = LocalColours.current
        if (stands) Sign(R.drawable.ic_check, colour = colours.marker) else Text("–", Modifier.size(24.dp).padding(start = 6.dp), colours.fadedInk)
        Text(
            words,
            Modifier.padding(start = Space.between),
            if (stands) colours.ink else colours.fadedInk,
            style = MaterialTheme.typography.bodyLarge,
        )
    }
}

@Composable
private fun Host(
    host: HostShown,
    onHide: () -> Unit,
) = PaperCard {
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.between), Alignment.CenterHorizontally) {
        val code = Modifier.widthIn(max = 264.dp).fillMaxWidth()
        val wifi = host.wifi
        if (wifi != null && host.wifiCode != null) {
            Text(stringResource(R.string.host_first), style = MaterialTheme.typography.titleMedium)
            QrCode(host.wifiCode, stringResource(R.string.wifi_code), code)
            Network(wifi)
            Text(stringResource(R.string.host_then), style = MaterialTheme.typography.titleMedium)
        } else {
            Text(stringResource(R.string.host_hint), style = MaterialTheme.typography.bodyLarge)
        }
        QrCode(host.code, stringResource(R.string.host_code), code)
        SideAct(stringResource(R.string.hide_code), onHide, Modifier.fillMaxWidth())
    }
}

@Composable
private fun Read(report: BundleReport) =
    PaperCard {
        val fresh = report.spaces.sumOf { it.new.toLong() }.toInt()
        Text(
            when {
                report.isForOthers -> stringResource(R.string.bundle_for_others)
                fresh == 0 -> stringResource(R.string.bundle_known)
                else -> pluralStringResource(R.plurals.bundle_new, fresh, fresh)
            },
            style = MaterialTheme.typography.titleMedium,
        )
        val names = report.spaces.mapNotNull { it.name }.distinct()
        if (names.isNotEmpty()) Text(names.joinToString(", "), style = MaterialTheme.typography.bodyLarge)
        if (!report.check.whole) Text(stringResource(R.string.bundle_damaged), style = MaterialTheme.typography.bodyLarge)
    }

@Composable
private fun Ways(
    state: SyncState,
    acts: SyncActs,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
    val wide = Modifier.fillMaxWidth()
    SideAct(stringResource(R.string.scan_code), acts::scan, wide)
    SideAct(stringResource(R.string.show_host), acts::showHost, wide)
    SideAct(stringResource(R.string.open_hotspot), acts::openHotspot, wide)
    SideAct(stringResource(if (state.radio) R.string.bluetooth_end else R.string.bluetooth_begin), { acts.bluetooth(!state.radio) }, wide)
    SideAct(stringResource(R.string.share_bundle), acts::share, wide)
    SideAct(stringResource(R.string.open_bundle), acts::openBundle, wide)
    Hub(acts::dial)
    if (state.standing != null && !state.paused) SideAct(stringResource(R.string.pause_sync), { acts.pause(true) }, wide)
}

@Composable
private fun Hub(onDial: (String) -> Unit) {
    var address by rememberSaveable { mutableStateOf("") }
    OutlinedTextField(
        address,
        { address = it },
        Modifier.fillMaxWidth(),
        label = { Text(stringResource(R.string.hub_address)) },
        singleLine = true,
    )
    if (address.isNotBlank()) SideAct(stringResource(R.string.connect), { onDial(address.trim()) }, Modifier.fillMaxWidth().heightIn(min = Space.target))
}

@get:StringRes
private val Situation?.meaning: Int
    get() =
        when (this) {
            null -> R.string.means_off
            Situation.PAUSED -> R.string.means_paused
            Situation.LOOKING -> R.string.means_looking
            Situation.ALONE -> R.string.means_alone
            Situation.BLOCKED -> R.string.means_blocked
            Situation.STRANGERS -> R.string.means_strangers
            Situation.OTHER_VERSION -> R.string.means_other_version
            Situation.PASSING -> R.string.means_passing
            Situation.SAME, Situation.RESTING -> R.string.means_same
            Situation.SPENT -> R.string.means_spent
        }

@get:StringRes
private val HotspotState.Why.words: Int
    get() =
        when (this) {
            HotspotState.Why.ALLOW_IT -> R.string.refused_hotspot
            HotspotState.Why.SHARING_ALREADY -> R.string.hotspot_sharing
            HotspotState.Why.OTHER_PHONE -> R.string.hotspot_other
            HotspotState.Why.AGAIN -> R.string.hotspot_again
        }
