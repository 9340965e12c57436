package org.teilgeber.app.me

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import org.teilgeber.Id
import org.teilgeber.app.frame.Frame
import org.teilgeber.app.frame.Place
import org.teilgeber.app.frame.Screen

@Composable
fun Frame.MePlace(place: Place) {
    val model = models.of(place) { MeModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    val acts =
        object : MeActs {
            override fun change(field: ProfileField) = navigator.open(Place(Screen.ME_FIELD, field.name))

            override fun openEvent(event: Id) = navigator.open(Place(Screen.EVENT, event))

            override fun settings() = navigator.open(Place(Screen.SETTINGS))

            override fun erase() {
                model.erase()
            }
        }
    MeScreen(state, acts)
}

@Composable
fun Frame.MeFieldPlace(place: Place) {
    val field = ProfileField.entries.find { it.name == place.id } ?: return
    val model = models.of(place) { MeModel(core) }
    val state by model.state.collectAsStateWithLifecycle()
    MeFieldScreen(
        state,
        field,
        onNarrow = { model.save(field, it) },
        onSave = { model.save(field, it, navigator::back) },
    )
}
