package org.teilgeber.app.swap

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.teilgeber.Audience
import org.teilgeber.Field
import org.teilgeber.Profile
import org.teilgeber.QrModules
import org.teilgeber.Showing
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent
import org.teilgeber.qrModules

/** What Swap shows. [code] is null until it was made, and without a name. */
data class SwapState(
    val profile: Profile? = null,
    val fields: Set<Field> = emptySet(),
    val code: QrModules? = null,
) {
    /** What can be given away beside the name: what the profile holds. */
    val choices: List<Field>
        get() =
            listOfNotNull(
                Field.HASHTAGS.takeIf { profile?.hashtags?.isNotEmpty() == true },
                Field.BIO.takeIf { !profile?.bio.isNullOrEmpty() },
                Field.LINKS.takeIf { profile?.links?.isNotEmpty() == true },
                Field.PHOTO_CONSENT.takeIf { profile?.photoConsent != null },
            )
}

/** Shows my code for as long as it is seen. */
class SwapModel(
    core: Core,
) : Model(core) {
    private val mutable = MutableStateFlow(SwapState())
    val state: StateFlow<SwapState> = mutable

    /** One showing at a time. */
    private val one = Mutex()
    private var showing: Showing? = null

    /** The code comes on the screen. */
    fun show() = act { one.withLock { showAnew() } }

    /** The code is gone from the screen, though the model may be too. */
    fun hide() =
        core.inBackground {
            one.withLock {
                hideOld()
                mutable.update { it.copy(code = null) }
            }
        }

    /** Gives a field away with the code, or no longer. */
    fun choose(
        field: Field,
        give: Boolean,
    ) = act {
        one.withLock {
            mutable.update { it.copy(fields = if (give) it.fields + field else it.fields - field) }
            showAnew()
        }
    }

    /** Without a name there is no code: contacts see it from now on. */
    fun name(name: String) =
        act {
            one.withLock {
                val profile = core.device.profile()
                core.device.setProfile(profile.copy(name = name.trim(), nameFor = Audience.CONTACTS))
                showAnew()
            }
        }

    /** Looks for a code in a picture; [then] gets the first. */
    fun picture(
        file: ByteArray,
        then: (String) -> Unit,
    ) = act {
        when (val code = codesIn(file).firstOrNull()) {
            null -> core.notices.say(R.string.no_code_in_picture)
            else -> then(code)
        }
    }

    private suspend fun showAnew() {
        hideOld()
        val device = core.device
        val profile = device.profile()
        mutable.update { it.copy(profile = profile, code = null) }
        if (profile.name == null) return
        val chosen = mutable.value.run { choices.filter { it in fields } }
        val shown = device.showCode(listOf(Field.NAME) + chosen, device.shownEvent(core.choices)?.id)
        showing = shown
        val drawn = qrModules(shown.text)
        mutable.update { it.copy(code = drawn) }
    }

    private suspend fun hideOld() {
        showing?.let { core.device.hideCode(it.id) }
        showing = null
    }
}
