package org.teilgeber.app.people

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.Tag
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.PeoplePlace(place: Place) {
    val model = models.of(place) { PeopleModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : PeopleActs {
            override fun open(person: Id) = navigator.open(Place(Screen.PERSON, person))

            override fun messages() = navigator.open(Place(Screen.MESSAGES))

            override fun offers() = navigator.open(Place(Screen.OFFERS))

            override fun rooms() = navigator.open(Place(Screen.ROOMS))

            override fun me() = navigator.open(Place(Screen.ME))

            override fun show(tag: Tag?) = model.show(tag)

            override fun more() = model.more()
        }
    PeopleScreen(state, acts)
}

@Composable
fun Frame.PersonPlace(place: Place) {
    val id = place.id ?: return
    val model = models.of(place) { PersonModel(core, id) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : PersonActs {
            override fun write() = navigator.open(Place(Screen.CONVERSATION, id))

            override fun openSession(id: Id) = navigator.open(Place(Screen.SESSION, id))

            override fun follow(follow: Boolean) {
                model.follow(follow)
            }

            override fun mute() {
                model.mute()
            }

            override fun block() {
                model.block()
            }

            override fun unmute() {
                model.unmute()
            }

            override fun remove() {
                navigator.back()
                model.remove()
            }

            override fun promise(
                words: String,
                mine: Boolean,
            ) {
                model.promise(words, mine)
            }

            override fun kept(
                at: Int,
                kept: Boolean,
            ) {
                model.kept(at, kept)
            }
        }
    PersonScreen(state, acts)
}
