package org.teilgeber.app.swap

import androidx.annotation.StringRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.FilterChip
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import org.teilgeber.Field
import org.teilgeber.app.R
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.Corner
import org.teilgeber.app.look.LocalColours
import org.teilgeber.app.look.PaperCard
import org.teilgeber.app.look.PartTitle
import org.teilgeber.app.look.QrCode
import org.teilgeber.app.look.SideAct
import org.teilgeber.app.look.Space

/** What a person does at Swap. */
interface SwapActs {
    fun choose(field: Field, give: Boolean)

    fun name(name: String)

    fun useCamera()

    fun openPicture()

    fun take(code: String)
}

/** How the camera is. */
enum class Sight {
    /** The phone has none, or it cannot be used now. */
    NONE,
    ASK,
    REFUSED,
    SEES,
}

/** My code above, what the camera sees below. [camera] draws that. Whatever the camera does, a code can be typed or opened. */
@Composable
fun SwapScreen(
    state: SwapState,
    sight: Sight,
    acts: SwapActs,
    camera: @Composable (Modifier) -> Unit,
) = Page(stringResource(R.string.swap)) {
    BoxWithConstraints(Modifier.weight(1f).fillMaxWidth()) {
        val edge = Modifier.padding(Space.edge, 0.dp, Space.edge, Space.edge)
        if (maxWidth > maxHeight) {
            Row(Modifier.fillMaxSize().then(edge), Arrangement.spacedBy(Space.edge)) {
                Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) { Mine(state, acts) }
                Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) { Theirs(sight, acts, camera) }
            }
        } else {
            Column(Modifier.verticalScroll(rememberScrollState()).then(edge), Arrangement.spacedBy(Space.between)) {
                Mine(state, acts)
                Theirs(sight, acts, camera)
            }
        }
    }
}

@Composable
private fun Mine(
    state: SwapState,
    acts: SwapActs,
) = PaperCard {
    val profile = state.profile
    if (profile != null && profile.name == null) {
        NameFirst(acts::name)
        return@PaperCard
    }
    Column(Modifier.fillMaxWidth(), Arrangement.spacedBy(Space.small), Alignment.CenterHorizontally) {
        Box(Modifier.widthIn(max = 264.dp).fillMaxWidth().heightIn(min = 200.dp)) {
            state.code?.let { QrCode(it, stringResource(R.string.my_code, profile?.name.orEmpty()), Modifier.fillMaxWidth()) }
        }
        profile?.name?.let { Text(it, style = MaterialTheme.typography.titleLarge, textAlign = TextAlign.Center) }
        if (state.code != null) {
            Text(
                state.givesAway(),
                color = LocalColours.current.fadedInk,
                style = MaterialTheme.typography.bodyMedium,
                textAlign = TextAlign.Center,
            )
        }
        Fields(state, acts)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Fields(
    state: SwapState,
    acts: SwapActs,
) = FlowRow(horizontalArrangement = Arrangement.spacedBy(Space.small, Alignment.CenterHorizontally)) {
    state.choices.forEach { field ->
        val given = field in state.fields
        FilterChip(
            given,
            { acts.choose(field, !given) },
            { Text(stringResource(field.word)) },
            Modifier.heightIn(min = Space.target),
        )
    }
}

@Composable
private fun NameFirst(onName: (String) -> Unit) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.between)) {
        var name by rememberSaveable { mutableStateOf("") }
        Text(stringResource(R.string.swap_needs_name), style = MaterialTheme.typography.bodyLarge)
        OutlinedTextField(name, { name = it }, Modifier.fillMaxWidth(), label = { Text(stringResource(R.string.your_name)) }, singleLine = true)
        SideAct(stringResource(R.string.show_my_code), { if (name.isNotBlank()) onName(name) }, Modifier.fillMaxWidth())
    }

@Composable
private fun Theirs(
    sight: Sight,
    acts: SwapActs,
    camera: @Composable (Modifier) -> Unit,
) = Column(verticalArrangement = Arrangement.spacedBy(Space.between)) {
    PartTitle(stringResource(R.string.their_code))
    when (sight) {
        Sight.SEES -> {
            camera(Modifier.fillMaxWidth().height(240.dp).clip(Corner))
            Hint(R.string.hold_together)
        }
        Sight.ASK -> {
            Hint(R.string.camera_why)
            SideAct(stringResource(R.string.use_camera), acts::useCamera, Modifier.fillMaxWidth(), R.drawable.ic_photo)
        }
        Sight.REFUSED -> Hint(R.string.refused_camera)
        Sight.NONE -> Hint(R.string.camera_none)
    }
    Typed(acts::take)
    SideAct(stringResource(R.string.open_picture), acts::openPicture, Modifier.fillMaxWidth())
}

@Composable
private fun Hint(
    @StringRes words: Int,
) = Text(stringResource(words), color = LocalColours.current.fadedInk, style = MaterialTheme.typography.bodyMedium)

/** A code typed or pasted. */
@Composable
fun Typed(onCode: (String) -> Unit) =
    Column(verticalArrangement = Arrangement.spacedBy(Space.small)) {
        var code by rememberSaveable { mutableStateOf("") }
        OutlinedTextField(
            code,
            { code = it },
            Modifier.fillMaxWidth(),
            label = { Text(stringResource(R.string.type_code)) },
            maxLines = 4,
        )
        if (code.isNotBlank()) SideAct(stringResource(R.string.look_at_code), { onCode(code.trim()) }, Modifier.fillMaxWidth())
    }

/** What the code gives away, in words. */
@Composable
private fun SwapState.givesAway(): String {
    val given = choices.filter { it in fields }.map { stringResource(it.word) }
    return if (given.isEmpty()) stringResource(R.string.gives_name) else stringResource(R.string.gives_more, given.joinToString(", "))
}

@get:StringRes
private val Field.word: Int
    get() =
        when (this) {
            Field.NAME -> R.string.your_name
            Field.HASHTAGS -> R.string.field_hashtags
            Field.BIO -> R.string.field_bio
            Field.LINKS -> R.string.field_links
            Field.PHOTO_CONSENT -> R.string.field_photo
        }
