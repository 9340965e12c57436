package org.teilgeber.app.session

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.teilgeber.About
import org.teilgeber.Anchor
import org.teilgeber.BoardItem
import org.teilgeber.Conflict
import org.teilgeber.ConsentRecord
import org.teilgeber.EventRecord
import org.teilgeber.Fan
import org.teilgeber.Holds
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Millis
import org.teilgeber.NewPost
import org.teilgeber.NoteFilter
import org.teilgeber.NoteHeadline
import org.teilgeber.PadRecord
import org.teilgeber.Part
import org.teilgeber.PhotoRecord
import org.teilgeber.Placement
import org.teilgeber.Policy
import org.teilgeber.PostFilter
import org.teilgeber.PostRecord
import org.teilgeber.SessionRecord
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms

/** What a session's page shows; [record] is null until it was read. */
data class SessionState(
    val now: Millis = 0u,
    val record: SessionRecord? = null,
    val event: EventRecord? = null,
    val rooms: Rooms = Rooms(null),
    /** Where it is held; several where claims are to be settled. */
    val places: List<Placement> = emptyList(),
    /** Another session that claims the same room and time. */
    val rival: SessionRecord? = null,
    val starred: Boolean = false,
    /** Whether it is mine to take back. */
    val mine: Boolean = false,
    val pitcher: String? = null,
    val notes: List<NoteHeadline> = emptyList(),
    val pad: PadRecord? = null,
    val posts: List<PostRecord> = emptyList(),
    val photos: List<PhotoRecord> = emptyList(),
    val consent: ConsentRecord? = null,
    val comes: List<Fan> = emptyList(),
) {
    val offTheRecord get() = record?.session?.policy == Policy.OFF_THE_RECORD
}

class SessionModel(
    core: Core,
    private val id: Id,
) : Model(core) {
    val state =
        reading(
            SessionState(),
            Kind.SESSION,
            Kind.PLACEMENT,
            Kind.STARRED,
            Kind.STARS,
            Kind.NOTE,
            Kind.PAD,
            Kind.POST,
            Kind.PHOTO,
            everyMillis = A_MINUTE,
        ) { read() }

    private suspend fun read(): SessionState {
        val device = core.device
        val record = device.session(id)
        val event = device.event(record.event)
        val items: List<BoardItem> = device.board(record.event, Part()).filter { it.session.id == id }
        val me = device.me()
        return SessionState(
            now = core.now(),
            record = record,
            event = event,
            rooms = Rooms(event),
            places = items.mapNotNull { it.placement },
            rival = rival(record.event)?.let { device.session(it) },
            starred = items.any { it.starred },
            mine = record.pitcher == me.person,
            pitcher = pitcher(record),
            notes = device.notes(NoteFilter(session = id), null, MOST),
            pad = device.pad(id).takeIf { it.text.isNotBlank() },
            posts = device.posts(record.event, PostFilter(session = id), null, MOST),
            photos = device.photos(id),
            consent = device.photoConsentIn(id),
            comes = device.starredBy(id),
        )
    }

    private suspend fun rival(event: Id): Id? =
        core.device.conflicts(event).filterIsInstance<Conflict.Overlap>().find { id in it.sessions }
            ?.sessions?.find { it != id }

    private suspend fun pitcher(record: SessionRecord): String? {
        record.session.speakers.takeIf { it.isNotEmpty() }?.let { return it.joinToString() }
        val person = record.pitcher ?: return null
        val me = core.device.me()
        if (person == me.person) return me.name
        return core.device.participants(record.event, null, MANY).use { page ->
            page.people().find { it.person == person }?.card?.name
        }
    }

    fun star(star: Boolean) = act { core.device.star(id, star) }

    fun place(place: Placement?) = act { core.device.placeSession(id, place) }

    fun post(text: String) =
        act { core.device.writePost(core.device.session(id).event, NewPost(text, About.Session(id))) }

    /** The core leaves out of it where it was taken and all else that is no picture. */
    fun addPhoto(picture: ByteArray) =
        act {
            val thumbnail = withContext(Dispatchers.Default) { thumbnailOf(picture) }
            core.device.addPhoto(id, picture, thumbnail, "")
        }

    fun anchor() =
        act {
            core.device.addAnchor(Anchor(core.device.session(id).session.title, Holds.Session(id)))
            core.notices.say(R.string.anchored)
        }

    fun erasePost(post: Id) = act { core.eraseSoon(Kind.POST, post, R.string.post_erased) }

    /** Takes the session back; the page of a session that is gone is left before. */
    fun erase() {
        core.inBackground { core.eraseSoon(Kind.SESSION, id, R.string.session_erased) }
    }

    private companion object {
        const val A_MINUTE = 60_000L
        const val MOST = 50u
        const val MANY = 500u
    }
}
