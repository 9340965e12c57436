package org.teilgeber.app.board

import androidx.annotation.StringRes
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import org.teilgeber.Level
import org.teilgeber.Policy
import org.teilgeber.app.R
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.Sign
import org.teilgeber.app.look.SignedWord

/** What may be told of a session outside, as a small sign; none where all may be told. */
@Composable
fun PolicySign(policy: Policy?) {
    val colours = LocalColours.current
    when (policy) {
        null, Policy.OPEN -> Unit
        Policy.CHATHAM_HOUSE -> Sign(R.drawable.ic_chatham, label = stringResource(policy.word), colour = colours.fadedInk, size = 18.dp)
        Policy.OFF_THE_RECORD -> Sign(R.drawable.ic_off_record, label = stringResource(policy.word), colour = colours.stop, size = 18.dp)
    }
}

/** The same with its word. */
@Composable
fun PolicyWord(policy: Policy) {
    val colours = LocalColours.current
    when (policy) {
        Policy.OPEN -> SignedWord(R.drawable.ic_hall, stringResource(policy.word))
        Policy.CHATHAM_HOUSE -> SignedWord(R.drawable.ic_chatham, stringResource(policy.word))
        Policy.OFF_THE_RECORD -> SignedWord(R.drawable.ic_off_record, stringResource(policy.word), colour = colours.stop)
    }
}

val Policy.word
    @StringRes get() =
        when (this) {
            Policy.OPEN -> R.string.policy_open
            Policy.CHATHAM_HOUSE -> R.string.policy_chatham
            Policy.OFF_THE_RECORD -> R.string.policy_off
        }

val Policy.sentence
    @StringRes get() =
        when (this) {
            Policy.OPEN -> R.string.policy_open_sentence
            Policy.CHATHAM_HOUSE -> R.string.policy_chatham_sentence
            Policy.OFF_THE_RECORD -> R.string.policy_off_sentence
        }

/** In the order in which one learns. */
val levels = listOf(Level.CURIOUS, Level.BEGINNER, Level.PRACTISED, Level.EXPERT)

val Level.word
    @StringRes get() =
        when (this) {
            Level.CURIOUS -> R.string.level_curious
            Level.BEGINNER -> R.string.level_beginner
            Level.PRACTISED -> R.string.level_practised
            Level.EXPERT -> R.string.level_expert
        }
