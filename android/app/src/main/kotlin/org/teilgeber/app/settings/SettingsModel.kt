package org.teilgeber.app.settings

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.teilgeber.CoreException
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Muted
import org.teilgeber.Usage
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.filesWithin
import org.teilgeber.app.core.zip
import java.io.File
import java.io.IOException
import java.io.OutputStream

/** What takes space, and from whom I want quiet; [usage] is null until it was read. */
data class SettingsState(
    val usage: Usage? = null,
    /** What the events are called. */
    val events: Map<Id, String> = emptyMap(),
    val muted: List<Muted> = emptyList(),
    /** What they are called, where that is known. */
    val names: Map<Id, String> = emptyMap(),
)

class SettingsModel(
    core: Core,
    /** Where an export lies until it is packed. */
    private val scratch: File,
) : Model(core) {
    val state =
        reading(SettingsState(), Kind.MUTED, Kind.PHOTO_DATA) {
            val device = core.device
            val muted = device.muted()
            SettingsState(
                device.usage(),
                device.events().associate { it.id to it.name },
                muted,
                muted.mapNotNull { one -> nameOf(one.person)?.let { one.person to it } }.toMap(),
            )
        }

    private suspend fun nameOf(person: Id): String? =
        try {
            core.device.contact(person).contact.name
        } catch (_: CoreException.NotHere) {
            core.device.cardsOf(person).firstNotNullOfOrNull { it.card.name }
        }

    fun unmute(person: Id) = act { core.device.unmute(person) }

    /** Clears pictures of others that somebody else has as well. */
    fun clearPhotos() =
        act {
            core.device.clearPhotos(null, false)
            core.notices.say(R.string.settings_cleared)
            readAgain()
        }

    /** Packs everything of mine. With [keys], who has the file is me. */
    fun export(
        keys: Boolean,
        open: () -> OutputStream?,
    ) {
        core.inBackground {
            val folder = withContext(Dispatchers.IO) { File.createTempFile("export", null, scratch).apply { delete() } }
            try {
                core.device.exportMine(folder.path, keys)
                withContext(Dispatchers.IO) { (open() ?: throw IOException("no file")).zip(folder.filesWithin()) }
                core.notices.say(R.string.settings_exported)
            } catch (_: IOException) {
                core.notices.say(R.string.error_file)
            } finally {
                withContext(Dispatchers.IO) { folder.deleteRecursively() }
            }
        }
    }
}
