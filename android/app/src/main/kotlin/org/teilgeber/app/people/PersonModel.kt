package org.teilgeber.app.people

import org.teilgeber.Card
import org.teilgeber.ContactRecord
import org.teilgeber.CoreException
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.PostFilter
import org.teilgeber.PostRecord
import org.teilgeber.Promise
import org.teilgeber.Quiet
import org.teilgeber.SessionRecord
import org.teilgeber.Whose
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent

/** Somebody, as they show themselves and as I remember them. */
data class PersonState(
    val read: Boolean = false,
    /** The latest card that they show me; null where they show none. */
    val card: Card? = null,
    val contact: ContactRecord? = null,
    val quiet: Quiet? = null,
    val events: List<EventRecord> = emptyList(),
    val sessions: List<SessionRecord> = emptyList(),
    val posts: List<PostRecord> = emptyList(),
) {
    val name: String? get() = contact?.contact?.name ?: card?.name
}

class PersonModel(
    core: Core,
    private val person: Id,
) : Model(core) {
    val state =
        reading(PersonState(), Kind.CARD, Kind.CONTACT, Kind.MUTED, Kind.SESSION, Kind.POST, Kind.EVENT) { read() }

    private suspend fun read(): PersonState {
        val device = core.device
        val contact =
            try {
                device.contact(person)
            } catch (_: CoreException.NotHere) {
                null // Not everybody is a contact.
            }
        val event = device.shownEvent(core.choices)?.id
        val shown = device.cardsOf(person).filterNot { it.hidden }
        return PersonState(
            true,
            // One that is not followed stays as it was when we met.
            contact?.takeIf { it.follows }?.contact?.card ?: (shown.find { it.space == event } ?: shown.firstOrNull())?.card ?: contact?.contact?.card,
            contact,
            device.muted().find { it.person == person }?.quiet,
            device.events(),
            event?.let { device.sessions(it) }.orEmpty().filter { it.pitcher == person && !it.hidden },
            event?.let { device.posts(it, PostFilter(author = person), null, LAST) }.orEmpty().filterNot { it.hidden },
        )
    }

    fun follow(follow: Boolean) = act { if (follow) core.device.follow(person) else core.device.unfollow(person) }

    fun mute() =
        act {
            core.device.mute(person)
            core.notices.say(R.string.person_muted, ::unmute)
        }

    fun block() =
        act {
            core.device.block(person)
            core.notices.say(R.string.person_blocked, ::unmute)
        }

    fun unmute() {
        core.inBackground { core.device.unmute(person) }
    }

    /** Erases what I hold of them, for good, and lets them see no later change of my card. */
    fun remove() {
        core.inBackground {
            core.device.removeContact(person)
            core.notices.say(R.string.person_removed)
        }
    }

    fun promise(
        words: String,
        mine: Boolean,
    ) = act {
        val promise = Promise(if (mine) Whose.MINE else Whose.THEIRS, words, core.now(), false)
        core.device.setPromises(person, promises() + promise)
    }

    fun kept(
        at: Int,
        kept: Boolean,
    ) = act {
        core.device.setPromises(person, promises().mapIndexed { i, one -> if (i == at) one.copy(kept = kept) else one })
    }

    private suspend fun promises() = core.device.contact(person).contact.promises

    private companion object {
        const val LAST = 20u
    }
}
