//! A person's card as a vCard, for address books that know nothing of this app.
//!
//! Version 4.0 (RFC 6350) or 3.0 (RFC 2426 with IMPP of RFC 4770), in UTF-8:
//!
//! | card | vCard |
//! |---|---|
//! | name | `FN`; in 3.0 also `N`, whole in the given name's place |
//! | links | `EMAIL`, `TEL` and `IMPP` by their scheme, else `URL` |
//! | bio | `NOTE` |
//! | hashtags | `CATEGORIES`, without levels |
//!
//! Links are not escaped, as the standard has it; some readers cut them at a comma all the same.
//! What no address book has a place for is left out: photo consent, letter address. Nothing is
//! read here.

use teilgeber_model::{Card, Interest, Link};
use thiserror::Error;

use crate::qr::{self, QrError};

/// The longest line in bytes, without its end (RFC 6350, section 3.2).
const MAX_LINE: usize = 75;

/// Which version of the format to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// vCard 3.0, which every address book reads.
    V3,
    /// vCard 4.0.
    V4,
}

/// Why there is no vCard.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VcardError {
    /// The card has no name, but a vCard must have one.
    #[error("a contact without a name cannot be written as a vCard")]
    NoName,
    /// Not even the name fits into the QR code.
    #[error("the name does not fit into a QR code")]
    TooLong(#[from] QrError),
}

/// Writes a card, in folded lines that end with CRLF.
///
/// # Errors
///
/// [`VcardError::NoName`].
pub fn write(card: &Card, version: Version) -> Result<String, VcardError> {
    let lines = lines(card, version, &Parts::all(card))?;
    Ok(lines.iter().map(|line| fold(line)).collect())
}

/// Writes as much of a card as fits into a QR code for a phone without the app: version 3.0, since
/// scanners know it best, without folding. If it is too much, the hashtags are left out, then the
/// bio, then links from the last on.
///
/// # Errors
///
/// [`VcardError`], the second kind when the name alone is too long.
pub fn small(card: &Card, largest: qr::Version) -> Result<String, VcardError> {
    let all = Parts::all(card);
    let without_tags = Parts { hashtags: &[], ..all };
    let links = (0..=all.links.len()).rev().map(|count| &all.links[..count]);
    let fewer_links = links.map(|links| Parts { bio: "", links, ..without_tags });
    let mut result = Err(VcardError::NoName);
    for parts in [all, without_tags].into_iter().chain(fewer_links) {
        let text = lines(card, Version::V3, &parts)?
            .iter()
            .fold(String::new(), |text, line| text + line + "\r\n");
        result = qr::render(&text, largest).map(|_| text).map_err(VcardError::from);
        if result.is_ok() {
            break;
        }
    }
    result
}

/// What is written besides the name.
#[derive(Clone, Copy)]
struct Parts<'a> {
    links: &'a [Link],
    bio: &'a str,
    hashtags: &'a [Interest],
}

impl<'a> Parts<'a> {
    fn all(card: &'a Card) -> Self {
        Self { links: card.links(), bio: card.bio().as_str(), hashtags: card.hashtags() }
    }
}

/// The lines of a vCard, neither folded nor ended.
fn lines(card: &Card, version: Version, parts: &Parts<'_>) -> Result<Vec<String>, VcardError> {
    let name = escape(card.name().ok_or(VcardError::NoName)?.as_str());
    let mut lines = vec!["BEGIN:VCARD".to_owned()];
    match version {
        Version::V3 => {
            lines.push("VERSION:3.0".to_owned());
            lines.push(format!("N:;{name};;;"));
        }
        Version::V4 => lines.push("VERSION:4.0".to_owned()),
    }
    lines.push(format!("FN:{name}"));
    lines.extend(parts.links.iter().map(|link| link_line(link, version)));
    if !parts.bio.is_empty() {
        lines.push(format!("NOTE:{}", escape(parts.bio)));
    }
    if !parts.hashtags.is_empty() {
        let tags: Vec<String> =
            parts.hashtags.iter().map(|interest| escape(interest.tag.as_str())).collect();
        lines.push(format!("CATEGORIES:{}", tags.join(",")));
    }
    lines.push("END:VCARD".to_owned());
    Ok(lines)
}

fn link_line(link: &Link, version: Version) -> String {
    let rest = link.as_str().split_once(':').map_or("", |(_, rest)| rest);
    // An address with parameters or escapes is more than an address book's field holds.
    let plain = !rest.contains(['?', ';', '%', ',', '/']);
    match (link.scheme(), version) {
        ("mailto", _) if plain => format!("EMAIL:{rest}"),
        ("tel", Version::V3) if plain => format!("TEL:{rest}"),
        ("tel", Version::V4) => format!("TEL;VALUE=uri:{link}"),
        ("xmpp" | "sip" | "sips" | "matrix", _) => format!("IMPP:{link}"),
        _ => format!("URL:{link}"),
    }
}

/// Escapes a text (RFC 6350, section 3.4).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\\' | ',' | ';' => escaped.extend(['\\', character]),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Ends a line, and breaks it before it gets longer than allowed, never inside a character.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / MAX_LINE * 3 + 2);
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > MAX_LINE {
            folded.push_str("\r\n ");
            length = 1;
        }
        folded.push(character);
        length += character.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}
