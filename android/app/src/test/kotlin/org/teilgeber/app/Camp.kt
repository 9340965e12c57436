package org.teilgeber.app

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import org.teilgeber.About
import org.teilgeber.Anchor
import org.teilgeber.Audience
import org.teilgeber.Config
import org.teilgeber.Device
import org.teilgeber.Event
import org.teilgeber.Id
import org.teilgeber.Interest
import org.teilgeber.Level
import org.teilgeber.NewPost
import org.teilgeber.Note
import org.teilgeber.Placement
import org.teilgeber.Policy
import org.teilgeber.Profile
import org.teilgeber.Room
import org.teilgeber.Session
import org.teilgeber.Slot
import org.teilgeber.app.core.Choices
import org.teilgeber.app.core.Core
import java.io.File
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId

/** A moment of the camp's day, where the camp is. */
fun at(
    hour: Int,
    minute: Int = 0,
): ULong =
    LocalDate
        .of(2026, 11, 21)
        .atTime(LocalTime.of(hour, minute))
        .atZone(ZoneId.of("Europe/Berlin"))
        .toInstant()
        .toEpochMilli()
        .toULong()

/** A real device of the core in a folder of its own, with the screens' [core] over it. */
class Home(
    private val folder: File,
    val device: Device,
    now: () -> ULong,
) {
    private val context: Context = ApplicationProvider.getApplicationContext()
    val core = Core(device, Choices(context.getSharedPreferences(folder.name, Context.MODE_PRIVATE)), now = now)

    suspend fun shut() {
        device.shut()
        folder.deleteRecursively()
    }

    /** The phone's storage as it stands at this moment, in another home: what is there after the process was killed. */
    suspend fun afterKill(): Home {
        val copy = File("${folder.path}-killed")
        folder.copyRecursively(copy)
        return at(copy, core.now)
    }

    companion object {
        suspend fun open(now: () -> ULong = { at(11, 20) }): Home {
            val folder = File.createTempFile("home", "").apply { delete() }
            return at(folder, now)
        }

        private suspend fun at(
            folder: File,
            now: () -> ULong,
        ) = Home(folder, Device.open(Config(folder.path)), now)
    }
}

/** What a camp holds once it was filled. */
class Camp(
    val event: Id,
    val sessions: Map<String, Id>,
)

private val rooms = listOf("Aula", "Bibliothek", "Cafeteria", "Dachboden", "Experimentierküche", "Foyer").map { Room(it, it.take(1)) }
private val starts = listOf(at(10), at(11), at(12), at(14), at(15), at(16))

private class Pitch(
    val room: Int?,
    val slot: Int?,
    val title: String,
    val about: String,
    val tags: List<String>,
    val level: Level? = null,
    val policy: Policy = Policy.OPEN,
)

private val pitches =
    listOf(
        Pitch(0, 0, "Welcome, and who are we", "Three hashtags each, one round.", listOf("community")),
        Pitch(0, 1, "Local first: apps that need no server", "What changes when a phone is the *place* where data lives, and a server is only one more phone.\n\nI bring three small programs that merge, and we break them together.", listOf("crdt", "offline"), Level.PRACTISED),
        Pitch(1, 1, "Werkstatt: Offline first im Verein", "Wir sammeln, was in Vereinen ohne Netz gehen muss.", listOf("verein", "offline"), Level.CURIOUS),
        Pitch(2, 1, "Sourdough for people without patience", "", listOf("bread", "food"), Level.BEGINNER),
        Pitch(3, 1, "Burned out in volunteer work", "We talk. Nothing is written down.", listOf("community"), policy = Policy.OFF_THE_RECORD),
        Pitch(4, 1, "Öffentlich-rechtliche Donaudampfschifffahrtsgesellschaftsdaten und was man mit ihnen anfangen kann, wenn man sie hat", "Offene Daten, geschlossene Häfen.", listOf("opendata"), Level.EXPERT),
        Pitch(0, 2, "Reading a wire format with your bare hands", "Bring a hex editor, or paper.", listOf("protocols"), Level.EXPERT),
        Pitch(1, 2, "Mesh networks after the flood", "What worked in the Ahr valley, and what did not.", listOf("mesh", "resilience"), policy = Policy.CHATHAM_HOUSE),
        Pitch(1, 2, "Knitting with two colours", "", listOf("craft"), Level.BEGINNER),
        Pitch(5, 2, "A choir in twenty minutes", "", listOf("music")),
        Pitch(2, 3, "How we moderate without moderators", "", listOf("community")),
        Pitch(0, 3, "Rust on a bicycle", "Sensors, a battery and one weekend.", listOf("rust", "bikes"), Level.PRACTISED),
        Pitch(3, 3, "Wie pitcht man eine Session?", "", listOf("meta"), Level.CURIOUS),
        Pitch(4, 4, "Fermenting things that should not be fermented", "", listOf("food")),
        Pitch(0, 4, "Open source and the tax office", "", listOf("verein", "money"), Level.BEGINNER),
        Pitch(0, 5, "Good bye, and who cleans up", "", listOf("community")),
        Pitch(null, null, "Does anybody know about beekeeping?", "I would like to listen more than talk.", listOf("bees"), Level.CURIOUS),
        Pitch(null, null, "Letterpress in a garage", "", listOf("craft")),
    )

/** A realistic event: six rooms, six slots, a conflict, something off the record, notes, posts, and what is open. */
suspend fun Device.camp(): Camp {
    setProfile(
        Profile(
            name = "Ada",
            nameFor = Audience.EVENT,
            hashtags = listOf(Interest("crdt", Level.PRACTISED), Interest("bread", Level.BEGINNER)),
            hashtagsFor = Audience.EVENT,
            bio = "Builds small things that last.",
            bioFor = Audience.CONTACTS,
            linksFor = Audience.ME,
            photoConsentFor = Audience.EVENT,
        ),
    )
    val event =
        createEvent(
            Event(
                name = "Barcamp Mühlental",
                first = "2026-11-21",
                last = "2026-11-22",
                timeZone = "Europe/Berlin",
                rooms = rooms,
                slots = starts.map { Slot(it, 45u) },
                place = "Alte Mühle",
            ),
        )
    appearIn(event, true)
    val sessions =
        pitches.associate { pitch ->
            val session =
                Session(
                    title = pitch.title,
                    about = pitch.about,
                    tags = pitch.tags,
                    level = pitch.level,
                    policy = pitch.policy,
                )
            val id = pitchSession(event, session)
            if (pitch.room != null && pitch.slot != null) {
                placeSession(id, Placement(rooms[pitch.room].name, starts[pitch.slot], 45u))
            }
            pitch.title to id
        }
    val local = sessions.getValue("Local first: apps that need no server")
    val mesh = sessions.getValue("Mesh networks after the flood")
    star(local, true)
    star(mesh, true)
    setPad(local, "## Local first\n\n- data lives on the phone\n- merging is not magic\n- [ ] who knows a good example?\n\nSomebody asked about **large teams**.")
    createNote(Note("# Merging\n\nAsk Bob about the *two clocks*.", listOf("crdt"), event, local))
    createNote(Note("Things to bring next time\n- [x] tea\n- [ ] a longer cable", listOf("packing"), event))
    createNote(Note("A thought on the train, before anything began"))
    writePost(event, NewPost("The coffee machine upstairs works again"))
    writePost(event, NewPost("Room A is full, people sit in the window", About.Session(local)))
    writePost(event, NewPost("Somebody just merged two phones without a network. It worked.", About.Session(local)))
    writePost(event, NewPost("Kneading live, come over", About.Session(sessions.getValue("Sourdough for people without patience"))))
    addAnchor(Anchor("Write to Bob about the two clocks", due = "2026-11-21"))
    addAnchor(Anchor("Try the sourdough at home"))
    return Camp(event, sessions)
}
