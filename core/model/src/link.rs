//! Links that people put on their cards and sessions.

use crate::error::{Invalid, Shape};
use crate::list::Distinct;
use crate::text::{is_invisible, nfc};

/// A link: a URL of at most 200 bytes with one of the known schemes.
///
/// Only the shape is checked (RFC 3986, with letters of any script allowed): no white space, no
/// control, no invisible character, nothing that must be escaped in HTML but `&` and `'`. Web
/// links name a host and no user, because `https://bank.example@elsewhere` only serves deceit.
/// The scheme is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(String);

impl Link {
    /// The most bytes that a link has: five of them fit on a card beside the rest.
    pub const MAX_BYTES: usize = 200;

    /// The schemes that a link may have: places on the web and ways to reach somebody. Never one
    /// that a phone would run, such as `javascript` or `intent`.
    pub const SCHEMES: [&str; 12] = [
        "https", "http", "mailto", "xmpp", "matrix", "tel", "sip", "sips", "irc", "ircs", "gemini",
        "geo",
    ];

    /// Makes a link of `text`; white space around it does not count.
    ///
    /// # Errors
    /// [`Invalid::TooLong`], or [`Invalid::Malformed`] if it is no link as described above.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        const MALFORMED: Invalid = Invalid::Malformed(Shape::Link);

        let text = text.trim();
        if text.len() > Self::MAX_BYTES {
            return Err(Invalid::TooLong { max: Self::MAX_BYTES });
        }
        let text = nfc(text.to_owned());
        let (scheme, rest) = text.split_once(':').ok_or(MALFORMED)?;
        let scheme = scheme.to_ascii_lowercase();
        if !Self::SCHEMES.contains(&scheme.as_str()) || rest.chars().any(is_foreign) {
            return Err(MALFORMED);
        }
        let complete = match rest.strip_prefix("//") {
            Some(rest) => names_a_host(rest),
            None => !is_hierarchical(&scheme) && !rest.is_empty(),
        };
        if !complete {
            return Err(MALFORMED);
        }
        let link = format!("{scheme}:{rest}");
        // Normalising can lengthen.
        if link.len() > Self::MAX_BYTES {
            return Err(Invalid::TooLong { max: Self::MAX_BYTES });
        }
        Ok(Self(link))
    }

    /// The link.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme, one of [`SCHEMES`](Self::SCHEMES).
    pub fn scheme(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

text_traits!({} Link);

impl Distinct for Link {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

fn is_hierarchical(scheme: &str) -> bool {
    matches!(scheme, "https" | "http" | "irc" | "ircs" | "gemini")
}

fn names_a_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !authority.is_empty() && !authority.starts_with(':') && !authority.contains('@')
}

fn is_foreign(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_invisible(c)
        || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ways_to_reach_somebody_are_links() {
        for text in [
            "https://barcamp.example/2026?day=1#grid",
            "http://münchen.example:8080",
            "mailto:ada@example.org",
            "xmpp:ada@example.org?join",
            "matrix:u/ada:example.org",
            "tel:+49-30-123",
            "geo:52.5,13.4",
        ] {
            assert_eq!(Link::new(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn the_scheme_is_in_lower_case() {
        let link = Link::new(" HTTPS://Example.org/A ").unwrap();

        assert_eq!(link.as_str(), "https://Example.org/A");
        assert_eq!(link.scheme(), "https");
    }

    #[test]
    fn what_is_no_link_or_does_harm_is_refused() {
        for text in [
            "",
            "example.org",
            "javascript:alert(1)",
            "data:text/html,x",
            "intent://scan",
            "https:example.org",
            "https://",
            "https:///path",
            "https://:80",
            "https://bank.example@evil.example",
            "https://a b",
            "https://a\n.example",
            "https://a\u{202e}.example",
            "https://a\"><script>",
            "mailto:",
        ] {
            assert_eq!(Link::new(text), Err(Invalid::Malformed(Shape::Link)), "{text:?}");
        }
    }

    #[test]
    fn a_link_holds_200_bytes_and_not_one_more() {
        let longest = format!("https://{}", "a".repeat(192));

        assert!(Link::new(&longest).is_ok());
        assert_eq!(Link::new(&(longest + "a")), Err(Invalid::TooLong { max: 200 }));
    }

    proptest! {
        #[test]
        fn making_a_link_of_a_made_one_changes_nothing(rest in "\\PC{0,40}") {
            for scheme in ["HTTPS://", "mailto:"] {
                if let Ok(link) = Link::new(&format!("{scheme}{rest}")) {
                    prop_assert_eq!(&Link::new(link.as_str()).unwrap(), &link);
                    prop_assert!(link.as_str().len() <= Link::MAX_BYTES);
                }
            }
        }
    }
}
