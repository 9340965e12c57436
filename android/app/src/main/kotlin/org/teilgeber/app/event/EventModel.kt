package org.teilgeber.app.event

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.teilgeber.Authorship
import org.teilgeber.EventRecord
import org.teilgeber.Feedback
import org.teilgeber.FeedbackAnswer
import org.teilgeber.FeedbackForm
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.LetterReader
import org.teilgeber.Preview
import org.teilgeber.QrModules
import org.teilgeber.Reach
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.core.shownEvent
import org.teilgeber.app.core.zip
import org.teilgeber.qrModules
import java.io.IOException
import java.io.OutputStream

/** An event, and exactly what others see or will see of me there; [record] is null until it was read. */
data class EventState(
    val record: EventRecord? = null,
    val preview: Preview? = null,
    val form: FeedbackForm? = null,
    /** To whom reports may go. */
    val trusted: List<LetterReader> = emptyList(),
    /** Whether it is the one that the screens show. */
    val shown: Boolean = true,
    /** How many people appear there. */
    val people: ULong = 0u,
)

class EventModel(
    core: Core,
    private val event: Id,
) : Model(core) {
    val state =
        reading(EventState(), Kind.EVENT, Kind.CARD, Kind.PROFILE, Kind.POST, Kind.OFFER, Kind.TOPICS, Kind.SEAT_REQUEST) {
            val device = core.device
            EventState(
                device.event(event),
                device.previewIn(event),
                device.feedbackForm(event),
                device.trusted(event),
                device.shownEvent(core.choices)?.id == event,
                device.participantCount(event),
            )
        }

    /** Shows me there as the preview says, or no more: what was seen is asked back. */
    fun appear(appear: Boolean) =
        act {
            core.device.appearIn(event, appear)
            val words = if (appear) R.string.event_appears else R.string.event_appears_no_more
            core.notices.say(words) { core.inBackground { core.device.appearIn(event, !appear) } }
        }

    /** Takes back all that I wrote there, in a moment. */
    fun withdraw() =
        act {
            val withdrawing = core.device.eraseEventSoon(event)
            core.notices.say(R.string.event_withdrawn) { core.inBackground { core.device.undo(withdrawing.pending) } }
        }

    fun show() {
        core.choices.event = event
        readAgain()
    }

    fun keep(keep: Boolean) =
        act {
            core.device.keepEvent(event, keep)
            readAgain()
        }

    fun import(file: ByteArray) =
        act {
            core.device.importSchedule(event, file)
            core.notices.say(R.string.event_imported)
        }

    fun leave(then: () -> Unit) =
        act {
            core.device.leave(event)
            then()
            core.notices.say(R.string.event_left)
        }

    /** Packs the event as pages to read without this app. */
    fun archive(open: () -> OutputStream?) {
        core.inBackground {
            val files = core.device.archive(event, Reach.EVENT, false)
            try {
                withContext(Dispatchers.IO) {
                    (open() ?: throw IOException("no file")).zip(files.asSequence().map { it.path to it.bytes })
                }
                core.notices.say(R.string.event_archived)
            } catch (_: IOException) {
                core.notices.say(R.string.error_file)
            }
        }
    }

    fun feedback(
        answers: Map<Id, String>,
        words: String,
        signed: Boolean,
        then: () -> Unit,
    ) = act {
        val given = answers.filterValues { it.isNotBlank() }.map { (question, text) -> FeedbackAnswer(question, text.trim()) }
        core.device.giveFeedback(event, Feedback(given, words.trim()), authorship(signed))
        core.notices.say(R.string.event_feedback_given)
        then()
    }

    fun report(
        to: Id,
        words: String,
        signed: Boolean,
        then: () -> Unit,
    ) = act {
        val receipt = core.device.report(event, to, words.trim(), authorship(signed))
        core.notices.say(R.string.event_reported) { core.inBackground { core.device.takeBackReport(receipt) } }
        then()
    }

    private fun authorship(signed: Boolean) = if (signed) Authorship.SIGNED else Authorship.ANONYMOUS
}

/** The code that lets others in, as text and as squares. */
data class InviteState(
    val name: String = "",
    val code: String? = null,
    val drawn: QrModules? = null,
)

class InviteModel(
    core: Core,
    event: Id,
) : Model(core) {
    val state =
        reading(InviteState(), Kind.EVENT) {
            val code = core.device.joinCode(event, emptyList())
            InviteState(core.device.event(event).name, code, qrModules(code))
        }
}
