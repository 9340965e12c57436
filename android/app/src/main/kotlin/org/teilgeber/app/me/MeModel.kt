package org.teilgeber.app.me

import org.teilgeber.Audience
import org.teilgeber.Card
import org.teilgeber.EventRecord
import org.teilgeber.Kind
import org.teilgeber.Profile
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** My profile, and the card that each audience sees of it; [profile] is null until it was read. */
data class MeState(
    val profile: Profile? = null,
    val seen: Map<Audience, Card> = emptyMap(),
    val events: List<EventRecord> = emptyList(),
)

class MeModel(
    core: Core,
) : Model(core) {
    val state =
        reading(MeState(), Kind.PROFILE, Kind.EVENT, Kind.CARD) {
            val device = core.device
            MeState(device.profile(), others.associateWith { device.cardSeenBy(it) }, device.events())
        }

    /** Makes one field say what is drafted, for those for whom it is drafted. [then] is told once it is saved. */
    fun save(
        field: ProfileField,
        draft: FieldDraft,
        then: () -> Unit = {},
    ) = act {
        core.device.setProfile(core.device.profile().with(field, draft))
        then()
    }

    /** Unsets all of it; what was seen of it is asked back from others. */
    fun erase() =
        act {
            val old = core.device.profile()
            val none = Audience.ME
            core.device.setProfile(
                Profile(nameFor = none, hashtagsFor = none, bioFor = none, linksFor = none, photoConsentFor = none),
            )
            core.notices.say(R.string.me_erased) { core.inBackground { core.device.setProfile(old) } }
        }

    companion object {
        /** Who else may see something, from few to many. */
        val others = listOf(Audience.CONTACTS, Audience.EVENT, Audience.EVERYONE)
    }
}
