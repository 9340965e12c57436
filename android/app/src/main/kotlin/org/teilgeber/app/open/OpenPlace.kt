package org.teilgeber.app.open

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.AnchorRecord
import org.teilgeber.Holds
import org.teilgeber.OpenPromise
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.OpenPlace(place: Place) {
    val model = models.of(place) { OpenModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : OpenActs {
            override fun add(words: String) {
                model.add(words)
            }

            override fun done(
                record: AnchorRecord,
                done: Boolean,
            ) {
                model.done(record, done)
            }

            override fun erase(record: AnchorRecord) {
                model.erase(record)
            }

            override fun follow(record: AnchorRecord) {
                when (val held = record.anchor.held) {
                    is Holds.Session -> navigator.open(Place(Screen.SESSION, held.v1))
                    is Holds.Note -> navigator.open(Place(Screen.NOTE, held.v1))
                    else -> Unit
                }
            }

            override fun kept(open: OpenPromise) {
                model.kept(open)
            }
        }
    OpenScreen(state, acts)
}
