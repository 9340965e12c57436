package org.teilgeber.app.look

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.unit.dp

/** An index card: one outline, no shadow. With [onClick] the whole card is one target. */
@Composable
fun PaperCard(
    modifier: Modifier = Modifier,
    onClick: (() -> Unit)? = null,
    colour: Color = LocalColours.current.card,
    border: Color = LocalColours.current.outline,
    content: @Composable ColumnScope.() -> Unit,
) {
    val stroke = BorderStroke(1.dp, border)
    val inner = @Composable { Column(Modifier.fillMaxWidth().padding(Space.edge), content = content) }
    if (onClick == null) {
        Surface(modifier.fillMaxWidth(), Corner, colour, LocalColours.current.ink, border = stroke, content = inner)
    } else {
        Surface(
            onClick,
            modifier.fillMaxWidth(),
            shape = Corner,
            color = colour,
            contentColor = LocalColours.current.ink,
            border = stroke,
            content = inner,
        )
    }
}

/** A card with tape on it: something needs attention. */
@Composable
fun TapeCard(
    modifier: Modifier = Modifier,
    onClick: (() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) = PaperCard(modifier, onClick, LocalColours.current.tapePaper, LocalColours.current.tape, content)
