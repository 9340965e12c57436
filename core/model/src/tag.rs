//! Hashtags.

use core::cmp::Ordering;
use core::hash::{Hash, Hasher};

use unicode_normalization::char::is_combining_mark;

use crate::error::{Invalid, Shape};
use crate::list::Distinct;
use crate::text::{is_invisible, nfc};

/// A hashtag without its `#`: 1 to 32 letters, digits, `_` and `-`, in normal form C.
///
/// Shown as typed, compared in lower case: `Rust` and `rust` are equal and sort the same.
/// Marks that belong to a letter (vowel signs, accents) may follow one.
///
/// Because of this equality, whether an edit changed how a tag is written is seen by
/// [`as_str`](Self::as_str), not by `==`; the same holds for what is made of tags.
#[derive(Clone, Debug)]
pub struct Tag {
    typed: String,
    folded: String,
}

impl Tag {
    /// The most scalar values that a tag holds: more is a sentence.
    pub const MAX: usize = 32;

    /// Makes a tag of `text`; white space around it and one `#` before it do not count.
    ///
    /// # Errors
    /// [`Invalid::Empty`], [`Invalid::TooLong`], or [`Invalid::Malformed`] if it holds anything
    /// else or begins with a mark.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        let text = text.trim();
        let text = text.strip_prefix('#').unwrap_or(text);
        // No scalar value takes more than 4 bytes, none decomposes into more than 4.
        if text.len() > Self::MAX * 16 {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        let typed = nfc(text.to_owned());
        if typed.chars().nth(Self::MAX).is_some() {
            return Err(Invalid::TooLong { max: Self::MAX });
        }
        let first = typed.chars().next().ok_or(Invalid::Empty)?;
        if is_mark(first) || !typed.chars().all(|c| is_letter(c) || is_mark(c)) {
            return Err(Invalid::Malformed(Shape::Tag));
        }
        let folded = nfc(typed.to_lowercase());
        Ok(Self { typed, folded })
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// In lower case: equal for tags that are equal. To look one up by.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

text_traits!({} Tag);

impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Tag {}

impl PartialOrd for Tag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Tag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded.cmp(&other.folded)
    }
}

impl Hash for Tag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded.hash(state);
    }
}

impl Distinct for Tag {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

fn is_letter(c: char) -> bool {
    // Some fillers count as letters and show nothing.
    (c.is_alphanumeric() || matches!(c, '_' | '-')) && !is_invisible(c)
}

fn is_mark(c: char) -> bool {
    is_combining_mark(c) && !is_invisible(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::messy_text;

    #[test]
    fn a_tag_is_shown_as_typed_and_compared_folded() {
        let tag = Tag::new("#BarCamp").unwrap();

        assert_eq!(tag.as_str(), "BarCamp");
        assert_eq!(tag.folded(), "barcamp");
        assert_eq!(tag, Tag::new("barcamp").unwrap());
    }

    #[test]
    fn a_tag_may_be_written_in_any_script() {
        for text in ["öffentlich", "हिन्दी", "日本語", "a11y", "non-profit", "snake_case"]
        {
            assert!(Tag::new(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_but_letters_and_digits_is_refused() {
        for text in
            ["a b", "##a", "c++", "a\u{200b}", "a\u{fe0f}", "\u{301}a", "🚲", "a\n#b", "<b>"]
        {
            assert_eq!(Tag::new(text), Err(Invalid::Malformed(Shape::Tag)), "{text:?}");
        }
        assert_eq!(Tag::new(" # "), Err(Invalid::Empty));
    }

    #[test]
    fn a_tag_holds_32_characters_and_not_one_more() {
        assert!(Tag::new(&"ü".repeat(32)).is_ok());
        assert_eq!(Tag::new(&"ü".repeat(33)), Err(Invalid::TooLong { max: 32 }));
    }

    proptest! {
        #[test]
        fn making_a_tag_of_a_made_one_changes_nothing(text in messy_text()) {
            if let Ok(tag) = Tag::new(&text) {
                let again = Tag::new(tag.as_str()).unwrap();
                prop_assert_eq!(again.as_str(), tag.as_str());
                prop_assert_eq!(&again, &tag);
            }
        }
    }
}
