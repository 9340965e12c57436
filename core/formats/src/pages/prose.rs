//! Long texts of people, in Markdown: as HTML that can do nothing, and as Markdown that cannot either.

use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

use super::html::escape;

/// Markdown as HTML: its HTML shown as text, its pictures as their words, its links only to the web and to
/// mail addresses, its headings below those of the page. With `bare`, an address of the web that stands
/// in the text is a link, too.
pub(super) fn to_html(text: &str, bare: bool) -> String {
    let mut links = Vec::new();
    let events = Parser::new_ext(text, options()).filter_map(|event| harmless(event, &mut links));
    // In how many of what may hold no link this is.
    let mut closed = 0_usize;
    let with_bare = TextMergeStream::new(events).map(|event| {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => closed -= 1,
            Event::Text(text) if bare && closed == 0 => {
                return Event::Html(CowStr::from(bare_links(text)));
            }
            _ => {}
        }
        event
    });
    let mut out = String::new();
    html::push_html(&mut out, with_bare);
    out
}

/// A plain text in HTML, in which each address of the web that stands alone is a link.
pub(super) fn bare_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|it| rest.find(it)).min() {
        let (before, from) = rest.split_at(at);
        out.push_str(&escape(before));
        let begins = !before.ends_with(|c: char| c.is_alphanumeric());
        let length = if begins { address_length(from) } else { 0 };
        let (address, after) = from.split_at(length.max("http".len()));
        let shown = escape(address);
        if length > 0 && may_lead_to(address) {
            out.push_str(&format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>"));
        } else {
            out.push_str(&shown);
        }
        rest = after;
    }
    out + &escape(rest)
}

/// How many bytes at the beginning of a text are an address: not the signs that end a sentence, nor a bracket that
/// was opened before it. None where there is nothing behind the scheme.
fn address_length(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"`{}|\\^".contains(c);
    let mut address = text.split(ends).next().unwrap_or_default();
    while let Some(last) = address.chars().next_back() {
        let opened = address.matches('(').count() < address.matches(')').count();
        let is_over = ".,;:!?'*_~]…“”»«’".contains(last) || (last == ')' && opened);
        if !is_over {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    let host = address.split_once("://").map(|(_, host)| host).unwrap_or_default();
    if host.starts_with(|c: char| c.is_alphanumeric() || c == '[') { address.len() } else { 0 }
}

/// Markdown as Markdown: as it is where it is harmless, whatever stands before and after; else every sign
/// of it is escaped.
pub(crate) fn to_markdown(text: &str) -> String {
    // What is indented at the beginning would continue a list that stands before it.
    let text = text.trim();
    if is_harmless(text) { text.to_owned() } else { literal(text) }
}

/// A text whose every sign stands for itself in Markdown.
pub(crate) fn literal(text: &str) -> String {
    let mut escaped = String::new();
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            escaped.push('\n');
        }
        for character in line.trim().chars() {
            if character.is_ascii_punctuation() && !",'()/?:;".contains(character) {
                escaped.push('\\');
            }
            escaped.push(character);
        }
    }
    escaped
}

fn options() -> Options {
    Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH
}

fn harmless<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
        Event::Start(Tag::Link { dest_url, link_type, .. }) => {
            let target = target(&dest_url, link_type);
            links.push(target.is_some());
            let dest_url = CowStr::from(target?);
            let (empty, link_type) = (CowStr::from(""), LinkType::Inline);
            Event::Start(Tag::Link { link_type, dest_url, title: empty.clone(), id: empty })
        }
        Event::End(TagEnd::Link) if links.pop() != Some(true) => return None,
        Event::Start(Tag::Heading { level, .. }) => {
            let (id, classes, attrs) = (None, Vec::new(), Vec::new());
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::CodeBlock(_)) => {
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))
        }
        other => other,
    })
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// Where a link leads, if it may.
fn target(url: &str, kind: LinkType) -> Option<String> {
    if kind == LinkType::Email && !url.contains(':') {
        return Some(format!("mailto:{url}"));
    }
    may_lead_to(url).then(|| url.to_owned())
}

/// Whether a page may lead there: to the web, and to mail addresses.
pub(crate) fn may_lead_to(url: &str) -> bool {
    let starts = |scheme: &str| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let odd = |c: char| c.is_control() || c.is_whitespace();
    ["https://", "http://", "mailto:"].into_iter().any(starts) && !url.contains(odd)
}

/// Whether a text as Markdown holds no HTML, no link elsewhere, and ends what it begins.
fn is_harmless(text: &str) -> bool {
    // Whatever is left open swallows this tag, which else is seen as one.
    let probe = format!("{text}\n\n<i>");
    let parser = Parser::new_ext(&probe, options());
    let definitions = parser.reference_definitions().iter();
    let mut harmless = definitions.into_iter().all(|(_, it)| may_lead_to(&it.dest));
    let mut tags = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => tags.push(range.start),
            Event::Start(Tag::Link { dest_url, link_type, .. }) => {
                harmless &= target(&dest_url, link_type).is_some();
            }
            Event::Start(Tag::Image { .. }) => harmless = false,
            _ => {}
        }
    }
    harmless && tags == [probe.len() - "<i>".len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_good_of_markdown_stays() {
        let html = to_html(
            "# Plan\n\n*Now* **here** `x < y`\n\n- [ ] ask\n- [w](https://w.example)\n",
            false,
        );

        assert!(html.contains("<h3>Plan</h3>") && html.contains("<em>Now</em>"), "{html}");
        assert!(html.contains("<code>x &lt; y</code>"), "{html}");
        assert!(html.contains("<a href=\"https://w.example\">w</a>"), "{html}");
        assert!(html.contains("type=\"checkbox\""), "{html}");
    }

    #[test]
    fn html_is_shown_and_links_lead_only_to_the_web_and_to_mail() {
        let html = to_html(
            "<script>x</script>\n\n<b>a</b> [x](javascript:alert) ![p](https://p.example)",
            true,
        );

        assert!(
            !html.contains("<script") && !html.contains("<b>") && !html.contains("<img"),
            "{html}"
        );
        assert!(!html.contains("javascript") && html.contains("&lt;script&gt;"), "{html}");
        assert!(to_html("<ada@mill.example>", true).contains("href=\"mailto:ada@mill.example\""));
    }

    #[test]
    fn an_address_in_a_text_is_a_link_without_the_signs_around_it() {
        let link = |to: &str| format!("<a href=\"{to}\" rel=\"noreferrer\">{to}</a>");
        for (text, to, before, after) in [
            ("See https://w.example/a_b?c=d_e.", "https://w.example/a_b?c=d_e", "See ", "."),
            ("(https://w.example/a_(b))", "https://w.example/a_(b)", "(", ")"),
            ("“http://w.example”", "http://w.example", "“", "”"),
            ("https://ü.example, too", "https://ü.example", "", ", too"),
        ] {
            assert_eq!(bare_links(text), format!("{before}{}{after}", link(to)));
        }
        for text in ["https://", "xhttps://w.example", "http:w", "https://."] {
            assert!(!bare_links(text).contains("<a "), "{text}");
        }
        let html = to_html("https://w.example/a_b_c\n\n`https://code.example`", true);
        assert!(
            html.contains(&link("https://w.example/a_b_c")) && !html.contains("code.example\"")
        );
        let once = to_html("[https://w.example](https://w.example) <https://v.example>", true);
        assert_eq!(once.matches("<a ").count(), 2, "{once}");
        assert!(!to_html("https://w.example", false).contains("<a "));
    }

    #[test]
    fn markdown_that_leaves_something_open_is_written_literally() {
        for text in
            ["```\ncode", "<!-- begun", "[a]: javascript:x", "<i>", "![x](https://x.example)"]
        {
            assert!(!is_harmless(text), "{text}");
            assert!(is_harmless(&to_markdown(text)), "{text}");
        }
        assert_eq!(to_markdown("# All *well*\n\n- [ ] ask"), "# All *well*\n\n- [ ] ask");
    }
}
