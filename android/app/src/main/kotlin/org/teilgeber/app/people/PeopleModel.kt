package org.teilgeber.app.people

import org.teilgeber.ContactRecord
import org.teilgeber.Device
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Participant
import org.teilgeber.ParticipantFilter
import org.teilgeber.Tag
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent

/** Somebody in a list: by what name, and what stands below it. */
data class PersonLine(
    val person: Id,
    val name: String?,
    val below: String,
)

/** People, each where I know them from; [read] is false until the core was asked for the first time. */
data class PeopleState(
    val read: Boolean = false,
    val event: EventRecord? = null,
    val here: List<PersonLine> = emptyList(),
    val before: List<PersonLine> = emptyList(),
    val others: List<PersonLine> = emptyList(),
    /** Contacts who do not appear in this event. */
    val elsewhere: List<PersonLine> = emptyList(),
    val tag: Tag? = null,
    val tags: List<Tag> = emptyList(),
    val more: Boolean = false,
) {
    val nobodyAppears get() = here.isEmpty() && before.isEmpty() && others.isEmpty()
}

class PeopleModel(
    core: Core,
) : Model(core) {
    private var tag: Tag? = null
    private var limit = PAGE

    val state = reading(PeopleState(), Kind.CARD, Kind.CONTACT, Kind.EVENT, Kind.MUTED) { read() }

    private suspend fun read(): PeopleState {
        val device = core.device
        val contacts = device.contacts()
        val event =
            device.shownEvent(core.choices)
                ?: return PeopleState(true, elsewhere = contacts.map { it.line() }.filterNot { device.isBlocked(it.person) })
        val me = device.me().person
        val all = device.appearing(event.id)
        val shown = (if (tag == null) all else device.appearing(event.id, tag)).filter { it.person != me }
        val met = device.metIn(event.id).associateBy { it.person }
        val (here, before) =
            shown.filter { it.person in met }.partition { one -> met.getValue(one.person).meetings.any { it.event == event.id } }
        val appearing = all.map { it.person }.toSet()
        val elsewhere = contacts.filter { tag == null && it.contact.person !in appearing && !device.isBlocked(it.contact.person) }
        return PeopleState(
            true,
            event,
            here.map { it.line(met.getValue(it.person).name) },
            before.map { it.line(met.getValue(it.person).name) },
            shown.filter { it.person !in met }.map { it.line() },
            elsewhere.map { it.line() },
            tag,
            all.filter { it.person != me }.flatMap { one -> one.card.hashtags.map { it.tag } }.commonestFirst(),
            more = all.size.toUInt() == limit,
        )
    }

    private suspend fun Device.appearing(
        event: Id,
        tag: Tag? = null,
    ): List<Participant> = participantsMatching(event, ParticipantFilter(tag = tag), null, limit).use { it.people() }

    fun show(tag: Tag?) {
        this.tag = tag
        readAgain()
    }

    /** The list was read to its end. */
    fun more() {
        limit += PAGE
        readAgain()
    }

    private companion object {
        const val PAGE = 200u
    }
}

private fun List<Tag>.commonestFirst() = groupingBy { it }.eachCount().entries.sortedByDescending { it.value }.map { it.key }

private fun Participant.line(known: String? = null) =
    PersonLine(person, known ?: card.name, card.hashtags.joinToString(" ") { "#${it.tag}" })

private fun ContactRecord.line() =
    PersonLine(contact.person, contact.name, contact.card?.hashtags.orEmpty().joinToString(" ") { "#${it.tag}" })
