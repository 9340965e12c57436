package org.teilgeber.app.rooms

import org.teilgeber.About
import org.teilgeber.EventRecord
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.NewPost
import org.teilgeber.OtherRoom
import org.teilgeber.PostFilter
import org.teilgeber.PostRecord
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.Rooms
import org.teilgeber.app.core.shownEvent

/** What is said in other rooms now, and on the wall of the event; [read] is false until the core was asked. */
data class RoomsState(
    val read: Boolean = false,
    val event: EventRecord? = null,
    val signs: Rooms = Rooms(null),
    val rooms: List<OtherRoom> = emptyList(),
    /** The last posts of the event that are not shown with a room, the newest last. */
    val posts: List<PostRecord> = emptyList(),
    /** The post that is answered. */
    val answered: PostRecord? = null,
    val more: Boolean = false,
)

class RoomsModel(
    core: Core,
    private val here: Id?,
) : Model(core) {
    private var answered: PostRecord? = null
    private var limit = PAGE

    val state =
        reading(RoomsState(), Kind.POST, Kind.PLACEMENT, Kind.EVENT, Kind.MUTED, everyMillis = HALF_A_MINUTE) { read() }

    private suspend fun read(): RoomsState {
        val device = core.device
        val event = device.shownEvent(core.choices) ?: return RoomsState(true)
        val rooms = device.otherRooms(event.id, here, core.now(), OF_EACH).filter { it.posts.isNotEmpty() }
        val inRooms = rooms.flatMap { room -> room.posts.map { it.id } }.toSet()
        val all = device.posts(event.id, PostFilter(), null, limit)
        val others = all.filter { it.id !in inRooms && !it.hidden }
        return RoomsState(true, event, Rooms(event), rooms, others, answered, all.size.toUInt() == limit)
    }

    /** What is written next answers this post; null: none. */
    fun answer(post: PostRecord?) {
        answered = post
        readAgain()
    }

    /** Posts for everyone in the event. [then] is told once it is saved. */
    fun post(
        words: String,
        then: () -> Unit,
    ) = act {
        val event = core.device.shownEvent(core.choices) ?: return@act
        // An answer is about what the post is about that it answers.
        val about: About? = answered?.post?.about
        core.device.writePost(event.id, NewPost(words, about, answered?.id))
        answered = null
        then()
        readAgain()
    }

    fun erase(post: Id) = act { core.eraseSoon(Kind.POST, post, R.string.post_erased) }

    fun mute(person: Id) =
        act {
            core.device.mute(person)
            core.notices.say(R.string.person_muted) { core.inBackground { core.device.unmute(person) } }
        }

    /** The wall was read to its beginning. */
    fun more() {
        limit += PAGE
        readAgain()
    }

    private companion object {
        const val HALF_A_MINUTE = 30_000L
        const val OF_EACH = 10u
        const val PAGE = 50u
    }
}
