package org.teilgeber.app.open

import org.teilgeber.Anchor
import org.teilgeber.AnchorRecord
import org.teilgeber.Holds
import org.teilgeber.Kind
import org.teilgeber.Open
import org.teilgeber.OpenPromise
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** What is open; null until it was read. */
data class OpenState(
    val open: Open? = null,
    val done: List<AnchorRecord> = emptyList(),
)

class OpenModel(
    core: Core,
) : Model(core) {
    val state =
        reading(OpenState(), Kind.ANCHOR, Kind.CONTACT) {
            OpenState(core.device.openThings(core.now()), core.device.anchors(true))
        }

    fun add(words: String) = act { core.device.addAnchor(Anchor(words)) }

    /** Ticks it off, or takes the tick back. */
    fun done(
        record: AnchorRecord,
        done: Boolean,
    ) = act { core.device.setAnchor(record.id, record.anchor.copy(done = done)) }

    fun erase(record: AnchorRecord) = act { core.eraseSoon(Kind.ANCHOR, record.id, R.string.anchor_erased) }

    /** A promise was kept. */
    fun kept(open: OpenPromise) =
        act {
            val contact = core.device.contact(open.person).contact
            val promises = contact.promises.map { if (it == open.promise) it.copy(kept = true) else it }
            core.device.setContact(contact.copy(promises = promises))
        }
}

/** The session or note that an anchor holds on to. */
val Anchor.held get() = holds as? Holds.Session ?: holds as? Holds.Note
