package org.teilgeber.app.frame

import androidx.lifecycle.ViewModel
import org.teilgeber.app.core.Model

/** The view models of all places on the way back. They survive turning the phone, and end when their place is left. */
class Models : ViewModel() {
    private val models = mutableMapOf<Place, Model>()

    @Suppress("UNCHECKED_CAST") // A place has one kind of model.
    fun <M : Model> of(
        place: Place,
        make: () -> M,
    ): M = models.getOrPut(place, make) as M

    /** Ends the models of places that were left. */
    fun keep(way: List<Place>) {
        (models.keys - way.toSet()).forEach { models.remove(it)?.close() }
    }

    override fun onCleared() = keep(emptyList())
}
