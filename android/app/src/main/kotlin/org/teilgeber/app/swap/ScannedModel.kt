package org.teilgeber.app.swap

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import org.teilgeber.CodeKind
import org.teilgeber.ContactRecord
import org.teilgeber.CoreException
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.MetAt
import org.teilgeber.Note
import org.teilgeber.Promise
import org.teilgeber.Way
import org.teilgeber.Whose
import org.teilgeber.Wifi
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.core.shownEvent
import org.teilgeber.app.core.words
import org.teilgeber.app.look.runs
import org.teilgeber.readCode
import org.teilgeber.readHostCode
import org.teilgeber.readWifiCode
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId

/** What a code is, for somebody who decides what to do with it. */
sealed interface Scanned {
    data class Person(
        val name: String?,
    ) : Scanned

    data class Event(
        val name: String?,
    ) : Scanned

    /** For hubs. */
    data object Carry : Scanned

    data class Host(
        val wifi: Wifi?,
    ) : Scanned

    data class Network(
        val wifi: Wifi,
    ) : Scanned

    /** A contact of another app: a vCard or the like. */
    data object Card : Scanned

    data object Other : Scanned

    /** It cannot be read, and why. */
    data class Wrong(
        val words: Int,
    ) : Scanned
}

/** Where I am, as far as the event says: where somebody is met. */
data class Here(
    val event: EventRecord,
    val session: Id? = null,
    val room: String? = null,
)

data class ScannedState(
    val scanned: Scanned,
    val here: Here? = null,
    /** Once they are a contact. */
    val contact: ContactRecord? = null,
    /** Once they were answered. */
    val way: Way? = null,
)

/** A code that was scanned, typed or opened: nothing is done with it until a person says so. */
class ScannedModel(
    core: Core,
    private val code: String,
) : Model(core) {
    private val mutable = MutableStateFlow(ScannedState(scannedOf(code)))
    val state: StateFlow<ScannedState> = mutable

    init {
        act { mutable.update { it.copy(here = here()) } }
    }

    /** Makes them a contact, with what is to be remembered; and answers with my card where [answer] says so. */
    fun add(
        memo: String,
        promise: String,
        answer: Boolean,
    ) = act {
        val device = core.device
        val here = mutable.value.here
        val person = device.scan(code, MetAt(here?.event?.id, here?.session))
        remember(person, memo, promise)
        mutable.update { it.copy(contact = device.contact(person)) }
        if (answer) {
            val way = device.answer(person)
            mutable.update { it.copy(way = way) }
        }
    }

    fun join(then: () -> Unit) =
        act {
            core.choices.event = core.device.join(code).event
            core.notices.say(R.string.joined)
            then()
        }

    /** Dials a host. Whoever keeps the links goes on trying until they are given up. */
    fun dial(then: () -> Unit) =
        act {
            when (val links = core.links.value) {
                null -> core.notices.say(R.string.sync_off)
                else -> {
                    links.addHostOfCode(code)
                    core.notices.say(R.string.dialling)
                    then()
                }
            }
        }

    /** Keeps what this app can do nothing else with. */
    fun keep(then: () -> Unit) =
        act {
            core.device.createNote(Note(code, event = mutable.value.here?.event?.id))
            core.notices.say(R.string.kept_as_note)
            then()
        }

    private suspend fun remember(
        person: Id,
        memo: String,
        promise: String,
    ) {
        if (memo.isBlank() && promise.isBlank()) return
        val contact = core.device.contact(person).contact
        val memos = listOf(contact.memo, memo.trim()).filter { it.isNotBlank() }
        val made = Promise(Whose.MINE, promise.trim(), core.now(), false).takeIf { promise.isNotBlank() }
        core.device.setContact(
            contact.copy(memo = memos.joinToString("\n"), promises = contact.promises + listOfNotNull(made)),
        )
    }

    private suspend fun here(): Here? {
        val event = core.device.shownEvent(core.choices)?.takeIf { it.isOn(core.now()) } ?: return null
        val mine = core.device.nowNext(event.id, core.now()).mine.firstOrNull { it.placement?.runs(core.now()) == true }
        return Here(event, mine?.session?.id, mine?.placement?.room?.let { Rooms(event)[it].letter })
    }
}

/** Says what a code is, and does nothing with it. */
fun scannedOf(code: String): Scanned =
    try {
        val read = readCode(code)
        when (read.kind) {
            CodeKind.JOIN -> Scanned.Event(read.name)
            CodeKind.SCREEN, CodeKind.BADGE -> Scanned.Person(read.name)
            CodeKind.CARRY -> Scanned.Carry
        }
    } catch (e: CoreException.ScanAgain) {
        hostOf(code) ?: networkOf(code) ?: foreign(code, e)
    } catch (e: CoreException) {
        Scanned.Wrong(e.words)
    }

private fun hostOf(code: String): Scanned? =
    try {
        Scanned.Host(readHostCode(code).wifi)
    } catch (_: CoreException.ScanAgain) {
        null
    } catch (e: CoreException) {
        Scanned.Wrong(e.words)
    }

private fun networkOf(code: String): Scanned? =
    try {
        Scanned.Network(readWifiCode(code))
    } catch (_: CoreException.ScanAgain) {
        null
    } catch (e: CoreException) {
        Scanned.Wrong(e.words)
    }

private fun foreign(
    code: String,
    error: CoreException,
): Scanned =
    when {
        CARDS.any { code.startsWith(it, ignoreCase = true) } -> Scanned.Card
        code.startsWith("teilgeber", ignoreCase = true) -> Scanned.Wrong(error.words)
        else -> Scanned.Other
    }

private val CARDS = listOf("BEGIN:VCARD", "MECARD:")

private fun EventRecord.isOn(now: ULong): Boolean {
    val event = event ?: return false
    val zone = event.timeZone.takeIf { it in ZoneId.getAvailableZoneIds() }?.let(ZoneId::of) ?: ZoneId.systemDefault()
    val day = Instant.ofEpochMilli(now.toLong()).atZone(zone).toLocalDate()
    return day in LocalDate.parse(event.first)..LocalDate.parse(event.last)
}
