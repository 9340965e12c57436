package org.teilgeber.app.search

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.collectLatest
import org.teilgeber.Hit
import org.teilgeber.Narrow
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** What was looked for, and what was found; null before anything was. */
data class SearchState(
    val query: String = "",
    val hits: List<Hit>? = null,
)

/** Searches everything that is on this phone, while one types. */
class SearchModel(
    core: Core,
) : Model(core) {
    private val queries = MutableStateFlow("")
    private val mutable = MutableStateFlow(SearchState())
    val state: StateFlow<SearchState> = mutable

    init {
        act {
            // What is typed meanwhile ends a search that is under way.
            queries.collectLatest { query ->
                val hits = if (query.isBlank()) null else core.device.search(query, Narrow(), MOST)
                mutable.value = SearchState(query, hits)
            }
        }
    }

    fun search(query: String) {
        queries.value = query
    }

    private companion object {
        const val MOST = 60u
    }
}
