package org.teilgeber.app.session

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.foundation.verticalScroll
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import org.teilgeber.Audience
import org.teilgeber.Format
import org.teilgeber.Id
import org.teilgeber.Kind
import org.teilgeber.Reach
import org.teilgeber.app.R
import org.teilgeber.app.core.Core
import org.teilgeber.app.core.Model
import org.teilgeber.app.frame.Page
import org.teilgeber.app.look.AudienceSign
import org.teilgeber.app.look.Markdown
import org.teilgeber.app.look.Space

/** A session written down for those who are in its event, in Markdown; null until it was. */
class DocumentationModel(
    core: Core,
    id: Id,
) : Model(core) {
    val state =
        reading<String?>(null, Kind.SESSION, Kind.PAD, Kind.POST) {
            core.device.documentSession(id, Format.MARKDOWN, Reach.EVENT, false)
        }
}

@Composable
fun DocumentationScreen(text: String?) =
    Page(stringResource(R.string.documentation), actions = { AudienceSign(Audience.EVENT) }) {
        if (text == null) return@Page
        SelectionContainer(Modifier.weight(1f)) {
            Markdown(text, Modifier.verticalScroll(rememberScrollState()).padding(Space.edge))
        }
    }
