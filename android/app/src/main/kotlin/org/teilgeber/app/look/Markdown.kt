package org.teilgeber.app.look

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.LinkAnnotation
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.TextLinkStyles
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDecoration
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.text.withLink
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.sp
import org.commonmark.node.BlockQuote
import org.commonmark.node.BulletList
import org.commonmark.node.Code
import org.commonmark.node.Emphasis
import org.commonmark.node.FencedCodeBlock
import org.commonmark.node.HardLineBreak
import org.commonmark.node.Heading
import org.commonmark.node.HtmlBlock
import org.commonmark.node.HtmlInline
import org.commonmark.node.IndentedCodeBlock
import org.commonmark.node.Link
import org.commonmark.node.ListItem
import org.commonmark.node.Node
import org.commonmark.node.OrderedList
import org.commonmark.node.Paragraph
import org.commonmark.node.SoftLineBreak
import org.commonmark.node.StrongEmphasis
import org.commonmark.parser.Parser
import org.commonmark.node.Text as Words

/** What was written in Markdown, as it is meant to be read. HTML in it is shown as it was typed, and does nothing. */
@Composable
fun Markdown(
    text: String,
    modifier: Modifier = Modifier,
    maxLines: Int = Int.MAX_VALUE,
) {
    val marker = LocalColours.current.marker
    val words = remember(text, marker) { rendered(text, marker) }
    Text(words, modifier, style = MaterialTheme.typography.bodyLarge, maxLines = maxLines, overflow = TextOverflow.Ellipsis)
}

private val parser: Parser = Parser.builder().build()

internal fun rendered(
    text: String,
    link: Color,
): AnnotatedString = AnnotatedString.Builder().apply { children(parser.parse(text), link) }.toAnnotatedString()

private fun AnnotatedString.Builder.children(
    node: Node,
    link: Color,
) {
    var child = node.firstChild
    while (child != null) {
        append(child, link)
        if (child.next != null && child.isBlock) append(if (child.parent.isTight) "\n" else "\n\n")
        child = child.next
    }
}

private fun AnnotatedString.Builder.append(
    node: Node,
    link: Color,
) {
    when (node) {
        is Words -> append(node.literal)
        is SoftLineBreak, is HardLineBreak -> append("\n")
        is Emphasis -> withStyle(SpanStyle(fontStyle = FontStyle.Italic)) { children(node, link) }
        is StrongEmphasis -> withStyle(bold) { children(node, link) }
        is Heading -> withStyle(bold.copy(fontSize = if (node.level == 1) 20.sp else 18.sp)) { children(node, link) }
        is Code -> withStyle(code) { append(node.literal) }
        is FencedCodeBlock -> withStyle(code) { append(node.literal.trimEnd()) }
        is IndentedCodeBlock -> withStyle(code) { append(node.literal.trimEnd()) }
        is HtmlInline -> append(node.literal)
        is HtmlBlock -> append(node.literal)
        is BlockQuote -> withStyle(SpanStyle(fontStyle = FontStyle.Italic)) { children(node, link) }
        is ListItem -> item(node, link)
        is Link -> {
            val shown = TextLinkStyles(SpanStyle(link, textDecoration = TextDecoration.Underline))
            withLink(LinkAnnotation.Url(node.destination, shown)) { children(node, link) }
        }
        else -> children(node, link)
    }
}

private fun AnnotatedString.Builder.item(
    item: ListItem,
    link: Color,
) {
    val list = item.parent
    val depth = generateSequence<Node>(list) { it.parent }.count { it is ListItem }
    append("   ".repeat(depth))
    val first = (item.firstChild as? Paragraph)?.firstChild as? Words
    val box = first?.literal?.take(3)
    when {
        list is OrderedList -> {
            val number = generateSequence<Node>(item) { it.previous }.count() - 1 + (list.markerStartNumber ?: 1)
            append("$number. ")
        }
        first != null && box == "[ ]" -> tick("☐ ", first)
        first != null && box.equals("[x]", ignoreCase = true) -> tick("☑ ", first)
        else -> append("• ")
    }
    children(item, link)
}

private fun AnnotatedString.Builder.tick(
    sign: String,
    first: Words,
) {
    append(sign)
    first.literal = first.literal.drop(3).trimStart()
}

private val Node.isBlock get() = this is org.commonmark.node.Block

private val Node.isTight get() = this is BulletList && isTight || this is OrderedList && isTight || this is ListItem

private val bold = SpanStyle(fontWeight = FontWeight.SemiBold)
private val code = SpanStyle(fontFamily = FontFamily.Monospace)
