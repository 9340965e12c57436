package org.teilgeber.app.messages

import org.teilgeber.Conversation
import org.teilgeber.CoreException
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.MessageRecord
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model

/** With whom I wrote, the latest first; null until it was read. */
data class MessagesState(
    val conversations: List<Conversation>? = null,
)

class MessagesModel(
    core: Core,
) : Model(core) {
    val state =
        reading(MessagesState(), Kind.MESSAGE, Kind.CONTACT, Kind.MUTED) { MessagesState(core.device.conversations()) }
}

/** What one person and I wrote to each other, the oldest first; [messages] is null until they were read. */
data class ConversationState(
    val name: String? = null,
    val messages: List<MessageRecord>? = null,
)

class ConversationModel(
    core: Core,
    private val person: Id,
) : Model(core) {
    val state =
        reading(ConversationState(), Kind.MESSAGE, Kind.CONTACT, Kind.CARD) {
            ConversationState(name(), core.device.messages(person))
        }

    private suspend fun name() =
        try {
            core.device.contact(person).contact.name
        } catch (_: CoreException.NotHere) {
            // Not everybody is a contact.
            core.device.cardsOf(person).firstNotNullOfOrNull { it.card.name }
        }

    /** Writes to them. [then] is told once it is saved: until then the words stay where they were typed. */
    fun write(
        words: String,
        then: () -> Unit,
    ) = act {
        core.device.writeMessage(person, words)
        then()
    }

    fun erase(id: Id) = act { core.eraseSoon(Kind.MESSAGE, id, R.string.message_erased) }
}
