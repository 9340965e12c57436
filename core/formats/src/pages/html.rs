//! What all HTML pages are made of.

use std::fmt::Write as _;

use teilgeber_model::TimeZone;

use super::prose::{bare_links, may_lead_to};
use super::{EventPages, Held, Saying, moment};

/// Colours, cards and letters of the paper wall.
const STYLE: &str = include_str!("style.css");

/// How many hues there are for rooms.
const HUES: usize = 8;

/// A page of an event's archive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Board,
    People,
    Topics,
    Posts,
}

/// The ways from one page of an event to the others that it has; the board's is its name.
pub(super) fn ways(event: &EventPages, here: Page) -> Vec<String> {
    [
        (Page::Board, "index.html", event.name.as_str(), true),
        (Page::People, "people.html", "People", !event.people.is_empty()),
        (Page::Topics, "topics.html", "Topics", !event.topics.is_empty()),
        (Page::Posts, "posts.html", "Posts", !event.posts.is_empty()),
    ]
    .into_iter()
    .filter(|(page, .., is_there)| *is_there && *page != here)
    .map(|(_, file, name, _)| format!("<a href=\"{file}\" dir=\"auto\">{}</a>", escape(name)))
    .collect()
}

/// A page of an event beside its board, under its title.
pub(super) fn side_page(event: &EventPages, here: Page, title: &str, body: &str) -> String {
    let ways = ways(event, here).concat();
    let body = format!("<nav class=\"ways\">{ways}</nav><h1>{title}</h1>{body}");
    whole(&format!("{title} – {}", event.name), &body)
}

/// The letter of a room as large as on its door: its own, else the first of its name, which stands beside it. Its
/// hue is that of its place among the rooms.
pub(super) fn letter(held: &Held, rooms: &[String]) -> String {
    let place = rooms.iter().position(|room| *room == held.room).unwrap_or_default();
    let first = || held.room.chars().find(|c| c.is_alphanumeric());
    let sign = held.letter.or_else(first).or_else(|| held.room.chars().next());
    let Some(sign) = sign else { return String::new() };
    let sign = escape(&sign.to_uppercase().to_string());
    format!("<span class=\"door hue{}\" aria-hidden=\"true\">{sign}</span>", place % HUES)
}

/// What people said, each with who and when, as far as that is told.
pub(super) fn sayings(sayings: &[Saying], zone: &TimeZone, links: bool) -> String {
    let one = |saying: &Saying| {
        let text = if links { bare_links(&saying.text) } else { escape(&saying.text) };
        let said = saying.at.map(|at| moment(at.get(), zone, "%a %-d %b, %H:%M"));
        let by = (!saying.by.is_empty()).then(|| format!("<bdi>{}</bdi>", escape(&saying.by)));
        let cite = [by, said].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let cite = if cite.is_empty() { cite } else { format!("<cite>{cite}</cite>") };
        format!("<blockquote><p dir=\"auto\">{}</p>{cite}</blockquote>", text.replace('\n', "<br>"))
    };
    sayings.iter().map(one).collect()
}

/// Hashtags, and what else is short.
pub(super) fn tags<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let tags: Vec<String> =
        words.into_iter().map(|word| format!("<i dir=\"auto\">{}</i>", escape(word))).collect();
    if tags.is_empty() {
        String::new()
    } else {
        format!("<p class=\"tags\">{}</p>", tags.join(" "))
    }
}

/// Says in which language a text is, as an attribute, where that is known.
pub(super) fn language(code: &str) -> String {
    if code.is_empty() { String::new() } else { format!(" lang=\"{}\"", escape(code)) }
}

/// Names with commas between, each in its own direction.
pub(super) fn names(people: &[String]) -> String {
    let one = |name: &String| format!("<bdi>{}</bdi>", escape(name));
    people.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// An address that can be followed where a page may lead there, and is only shown elsewhere.
pub(super) fn link(address: &str) -> String {
    let target = escape(address);
    let shown = escape(address.strip_prefix("mailto:").unwrap_or(address));
    if may_lead_to(address) {
        format!("<a href=\"{target}\" rel=\"noreferrer\">{shown}</a>")
    } else {
        shown
    }
}

pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("<li dir=\"auto\">{item}</li>")).collect();
    if items.is_empty() { items } else { format!("<ul>{items}</ul>") }
}

/// A part of a page under its title; nothing where there is nothing.
pub(super) fn section(out: &mut String, title: &str, content: &str) {
    if content.is_empty() {
        return;
    }
    out.push_str("<section>");
    if !title.is_empty() {
        let _ = write!(out, "<h2>{title}</h2>");
    }
    let _ = write!(out, "<div dir=\"auto\">{content}</div></section>");
}

/// A whole page. It may load nothing and run nothing, whatever stands in it.
pub(super) fn whole(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; \
         style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n",
        escape(title)
    )
}

/// A text in HTML, also between double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Bytes in Base64 (RFC 4648), with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = group >> (18 - 6 * place) & 63;
            text.push(if place > chunk.len() { '=' } else { DIGITS[digit as usize] as char });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let pairs =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in pairs {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
