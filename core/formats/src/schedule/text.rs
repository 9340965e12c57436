//! Texts as schedules write them, made plain and bounded.
//!
//! [`line`] is for names and titles: white space becomes single blanks, nothing else is touched,
//! because `Vec<T>` is a title. [`long`] is for abstracts, which may be plain text, Markdown, HTML
//! or a mixture: entities are decoded; known HTML tags go, and leave a line or paragraph break, a
//! list item or a Markdown link where they stood for one; what looks like a tag and is none stays.

use super::entity;
use super::{MAX_LINE, MAX_TEXT};

/// A text and whether something was cut off to meet its bound.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Bounded {
    pub(super) text: String,
    pub(super) cut: bool,
}

/// A name, title or address on one line.
pub(super) fn line(raw: &str) -> Bounded {
    let mut text = String::new();
    let blank = |c: char| c.is_whitespace() || c.is_control();
    for word in raw.split(blank).filter(|word| !word.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    bound(text, MAX_LINE)
}

/// A text of several paragraphs.
pub(super) fn long(raw: &str) -> Bounded {
    let mut page = Page::default();
    let mut rest = raw;
    while let Some(at) = rest.find(['<', '&']) {
        page.write(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some((tag, after)) = Tag::read(rest) {
            page.apply(&tag);
            rest = after;
            if tag.hides() {
                rest = after.find("</").map_or("", |at| &after[at..]);
            }
        } else if let Some((character, length)) = entity::read(rest) {
            page.put(character);
            rest = &rest[length..];
        } else {
            page.write(&rest[..1]);
            rest = &rest[1..];
        }
    }
    page.write(rest);
    bound(page.finish(), MAX_TEXT)
}

fn bound(mut text: String, most: usize) -> Bounded {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
    Bounded { text, cut: end.is_some() }
}

/// A tag of HTML.
struct Tag<'a> {
    name: String,
    closes: bool,
    attributes: &'a str,
}

/// Tags that begin a paragraph and end one.
const BLOCKS: [&str; 22] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "table",
    "pre",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "hr",
    "figure",
];
/// Tags that leave nothing, or a line break, list item or link.
const INLINE: [&str; 29] = [
    "a", "abbr", "b", "big", "br", "center", "cite", "code", "del", "em", "font", "i", "img",
    "ins", "kbd", "li", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "tbody", "td",
    "th", "tr", "u",
];
/// Tags whose content is not for reading.
const HIDDEN: [&str; 3] = ["script", "style", "head"];

impl<'a> Tag<'a> {
    /// Reads a known tag at the start of a text, and returns what comes after it. It ends at the
    /// next angle bracket, so that unclosed tags cost no second look at the rest.
    fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let inner = text.strip_prefix('<')?;
        let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = inner[..length].to_ascii_lowercase();
        if ![&BLOCKS[..], &INLINE, &HIDDEN].iter().any(|known| known.contains(&name.as_str())) {
            return None;
        }
        let rest = &inner[length..];
        let end = rest.find(['<', '>']).filter(|&end| rest[end..].starts_with('>'))?;
        let attributes = &rest[..end];
        let apart = attributes.is_empty()
            || attributes.starts_with(|c: char| c == '/' || c.is_whitespace());
        apart.then_some((Self { name, closes, attributes }, &rest[end + 1..]))
    }

    fn hides(&self) -> bool {
        !self.closes && HIDDEN.contains(&self.name.as_str())
    }

    /// The address of a link that a reader may follow.
    fn href(&self) -> Option<String> {
        let at = self.attributes.to_ascii_lowercase().find("href=")?;
        let value = &self.attributes[at + "href=".len()..];
        let value = match value.chars().next()? {
            quote @ ('"' | '\'') => value[1..].split(quote).next()?,
            _ => value.split_whitespace().next()?,
        };
        let href = line(&entity::decode(value)).text;
        ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| href.starts_with(scheme))
            .then_some(href)
    }
}

/// The text as it is written.
#[derive(Default)]
struct Page {
    text: String,
    /// White space is dropped, because a break or list item was just begun.
    fresh: bool,
    /// The link that is open: its address and where its `[` stands.
    link: Option<(String, usize)>,
}

impl Page {
    fn write(&mut self, text: &str) {
        for character in text.chars() {
            self.put(character);
        }
    }

    fn put(&mut self, character: char) {
        let character = if character == '\u{a0}' { ' ' } else { character };
        let dropped = character.is_control() && !matches!(character, '\n' | '\t');
        if dropped || (self.fresh && character.is_whitespace()) {
            return;
        }
        self.fresh = false;
        self.text.push(character);
    }

    fn apply(&mut self, tag: &Tag<'_>) {
        match (tag.name.as_str(), tag.closes) {
            ("br", _) | ("tr", true) => self.start("\n"),
            ("td" | "th", true) => self.put(' '),
            ("li", false) => self.start("\n- "),
            ("a", false) => self.open_link(tag.href()),
            ("a", true) => self.close_link(),
            (name, _) if BLOCKS.contains(&name) && !self.text.ends_with("- ") => self.start("\n\n"),
            _ => {}
        }
    }

    /// Goes to a new line, with what begins it.
    fn start(&mut self, with: &str) {
        self.text.truncate(self.text.trim_end_matches([' ', '\t']).len());
        if with != "\n" {
            self.text.truncate(self.text.trim_end().len());
        }
        self.text.push_str(with);
        self.fresh = true;
    }

    fn open_link(&mut self, href: Option<String>) {
        self.close_link();
        if let Some(href) = href {
            self.link = Some((href, self.text.len()));
            self.text.push('[');
            self.fresh = false;
        }
    }

    fn close_link(&mut self) {
        let Some((href, start)) = self.link.take() else { return };
        let label = self.text.split_off(start);
        let label = label.trim_start_matches('[').trim();
        let target =
            if href.contains(['(', ')', ' ']) { format!("<{href}>") } else { href.clone() };
        if label.is_empty() || label == href {
            self.text.push_str(&href);
        } else {
            self.text.push_str(&format!("[{label}]({target})"));
        }
    }

    /// The text with lines trimmed at their ends and never two empty ones together.
    fn finish(mut self) -> String {
        self.close_link();
        let mut text = String::with_capacity(self.text.len());
        let mut empty = 0;
        for line in self.text.trim_matches(['\n', ' ', '\t']).lines().map(str::trim_end) {
            empty = if line.is_empty() { empty + 1 } else { 0 };
            if empty < 2 {
                text.push_str(line);
                text.push('\n');
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_becomes_text_with_paragraphs_lists_and_links() {
        let html = "<p>Über&nbsp;<b>uns</b></p>\r\n<p class=\"x\">Zwei<br/>Zeilen</p>\
                    <ul>\n <li>eins</li>\n<li><p>zwei</p></li></ul>\
                    See <a href='https://a.example/?x=1&amp;y=2'>there</a>, \
                    <A HREF=https://b.example>https://b.example</A>\
                    <script>alert(1)</script><!-- no -->!";

        let expected = "Über uns\n\nZwei\nZeilen\n- eins\n- zwei\n\n\
                        See [there](https://a.example/?x=1&y=2), https://b.example!";
        assert_eq!(long(html).text, expected);
    }

    #[test]
    fn plain_text_and_markdown_stay_as_they_are() {
        for text in [
            "a < b && c > d",
            "# Vec<u8>\n\n- one\n- two <https://x.example>",
            "I <3 you",
            "<bogus>",
            "5 <a",
        ] {
            assert_eq!(long(text), Bounded { text: text.to_owned(), cut: false });
        }
    }

    #[test]
    fn no_link_leads_where_a_reader_may_not_go() {
        assert_eq!(long("<a href=\"javascript:alert(1)\">click</a>").text, "click");
    }

    #[test]
    fn texts_are_cut_at_their_bounds() {
        assert_eq!(line(&"ü".repeat(MAX_LINE)), Bounded { text: "ü".repeat(MAX_LINE), cut: false });
        assert!(line(&"ü".repeat(MAX_LINE + 1)).cut);
        assert_eq!(
            long(&"ü".repeat(MAX_TEXT + 1)),
            Bounded { text: "ü".repeat(MAX_TEXT), cut: true }
        );
    }

    #[test]
    fn hostile_markup_is_read_in_linear_time() {
        for piece in ["<a ", "<!--", "&", "<p>", "<a href=x>", "<script>", "&#"] {
            let raw = piece.repeat(1_000_000 / piece.len());
            assert!(long(&raw).text.chars().count() <= MAX_TEXT);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn any_text_becomes_a_bounded_one_and_a_line_has_no_breaks(
            raw in "(<|>|/|&|;|#x|a|b|p|li|br|href=|'|\"|https://|script|<!--|-->|\\PC|\n| ){0,60}"
        ) {
            long(&raw);
            prop_assert!(!line(&raw).text.contains(char::is_control));
            prop_assert_eq!(line(&line(&raw).text).text, line(&raw).text);
        }
    }
}
