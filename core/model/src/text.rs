//! Texts that people wrote, made harmless: a line and a prose.
//!
//! Making one goes through these steps, and none of them changes a text that went through before:
//!
//! 1. the length in bytes is bounded, so that normalising costs a stranger's text little;
//! 2. line ends become `\n` ([`Prose`]); bidirectional overrides are removed ([`Line`]);
//! 3. Unicode normalisation form C (UAX #15), so that what looks the same compares the same;
//! 4. surrounding white space is removed ([`Line`]);
//! 5. the length in scalar values and the control characters are checked.
//!
//! Which characters exist, and so what is normal form, grows with Unicode: an older program may
//! refuse, in a value that travels, a letter that was encoded after it was built.
//!
//! A text that is edited in place, character by character, is held elsewhere: normalising moves
//! positions.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::error::Invalid;
use crate::list::Distinct;

/// One line: 1 to `MAX` scalar values, trimmed, without control characters, in normal form C.
///
/// Overrides of the writing direction (U+202A to U+202E, U+2066 to U+2069) are removed, so that
/// a name cannot show itself as another. At least one character is visible.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line<const MAX: usize>(String);

impl<const MAX: usize> Line<MAX> {
    /// The most scalar values that a line of this type holds.
    pub const MAX: usize = MAX;

    /// Makes a line of `text`.
    ///
    /// # Errors
    /// [`Invalid::TooLong`], [`Invalid::ControlCharacter`] (line and paragraph separators count
    /// as such), or [`Invalid::Empty`] when nothing visible is left.
    pub fn new(text: &str) -> Result<Self, Invalid> {
        check_bytes::<MAX>(text)?;
        let text: String = text.chars().filter(|c| !is_bidi_override(*c)).collect();
        let text = nfc(text);
        let text = text.trim();
        if text.chars().any(breaks_line) {
            return Err(Invalid::ControlCharacter);
        }
        check_chars::<MAX>(text)?;
        if !is_visible(text) {
            return Err(Invalid::Empty);
        }
        Ok(Self(text.to_owned()))
    }

    /// Makes the best of any text: runs of white space and control characters become one space,
    /// and what is too long is cut. `None` when nothing visible is left.
    pub fn lossy(text: &str) -> Option<Self> {
        let words = text.split(|c: char| c.is_whitespace() || breaks_line(c));
        let words = words.filter(|word| !word.is_empty());
        let spaced = words.flat_map(|word| [" ", word]).skip(1);
        let chars = spaced.flat_map(str::chars).filter(|c| !is_bidi_override(*c));
        let line: String = chars.take(MAX * NORMALISING_SLACK).nfc().take(MAX).collect();
        let line = line.trim();
        is_visible(line).then(|| Self(line.to_owned()))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> Distinct for Line<MAX> {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// Many lines: 0 to `MAX` scalar values in normal form C; of the control characters only `\n`
/// and `\t`. White space stays as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> Prose<MAX> {
    /// The most scalar values that a prose of this type holds.
    pub const MAX: usize = MAX;

    /// Makes a prose of `text`; `\r\n` becomes `\n`.
    ///
    /// # Errors
    /// [`Invalid::TooLong`] or [`Invalid::ControlCharacter`].
    pub fn new(text: &str) -> Result<Self, Invalid> {
        check_bytes::<MAX>(text)?;
        let text = nfc(text.replace("\r\n", "\n"));
        if text.chars().any(is_foreign_to_prose) {
            return Err(Invalid::ControlCharacter);
        }
        check_chars::<MAX>(&text)?;
        Ok(Self(text))
    }

    /// Makes the best of any text: all line ends become `\n`, control characters are dropped, and
    /// what is too long is cut.
    pub fn lossy(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let chars = text.chars().filter(|c| !is_foreign_to_prose(*c));
        Self(chars.take(MAX * NORMALISING_SLACK).nfc().take(MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no character at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

text_traits!({const MAX: usize} Line<MAX>);
text_traits!({const MAX: usize} Prose<MAX>);

/// How many times longer a text may be before it is normalised than after.
///
/// No character decomposes into more than four (UAX #15, canonical forms), so a decomposed text
/// that fits afterwards fits before.
const NORMALISING_SLACK: usize = 4;

/// `text` in normal form C, copied only when it is not so already.
pub(crate) fn nfc(text: String) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => text.nfc().collect(),
    }
}

/// Characters that show nothing and change nothing but how their neighbours join: a text of these
/// alone looks empty, and two texts that differ in these alone look the same.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_visible(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && !is_invisible(c))
}

fn is_bidi_override(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_foreign_to_prose(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

fn check_bytes<const MAX: usize>(text: &str) -> Result<(), Invalid> {
    const UTF8_MAX_BYTES: usize = 4;
    let bound = MAX * NORMALISING_SLACK * UTF8_MAX_BYTES;
    if text.len() > bound { Err(Invalid::TooLong { max: MAX }) } else { Ok(()) }
}

fn check_chars<const MAX: usize>(text: &str) -> Result<(), Invalid> {
    // A text of no more bytes than MAX needs no counting.
    let fits = text.len() <= MAX || text.chars().nth(MAX).is_none();
    if fits { Ok(()) } else { Err(Invalid::TooLong { max: MAX }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::messy_text;

    #[test]
    fn a_line_is_trimmed_and_normalised() {
        let line = Line::<10>::new("  Zoe\u{308} \t").unwrap();

        assert_eq!(line.as_str(), "Zoë");
    }

    #[test]
    fn a_line_holds_its_bound_and_not_one_more() {
        assert!(Line::<3>::new("äöü").is_ok());
        assert!(Line::<3>::new("a\u{308}o\u{308}u\u{308}").is_ok());
        assert_eq!(Line::<3>::new("äöüß"), Err(Invalid::TooLong { max: 3 }));
    }

    #[test]
    fn a_line_without_anything_visible_is_empty() {
        for text in ["", " \t ", "\u{200b}", "\u{202e} \u{2066}", "\u{feff}\u{3164}"] {
            assert_eq!(Line::<9>::new(text), Err(Invalid::Empty), "{text:?}");
            assert_eq!(Line::<9>::lossy(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_line_has_no_second_line() {
        for text in ["a\nb", "a\rb", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\0b", "a\u{1b}[1m"] {
            assert_eq!(Line::<9>::new(text), Err(Invalid::ControlCharacter), "{text:?}");
        }
    }

    #[test]
    fn a_name_cannot_turn_the_direction_of_writing() {
        let line = Line::<20>::new("ada\u{202e}moc\u{2069}").unwrap();

        assert_eq!(line.as_str(), "adamoc");
    }

    #[test]
    fn a_hostile_text_is_refused_before_it_is_normalised() {
        let marks = "\u{301}".repeat(10_000_000);

        assert_eq!(Line::<80>::new(&marks), Err(Invalid::TooLong { max: 80 }));
        assert_eq!(Prose::<80>::new(&marks), Err(Invalid::TooLong { max: 80 }));
    }

    #[test]
    fn a_messy_line_comes_in_as_one_line() {
        let line = Line::<12>::lossy("\r\n  Opening\u{0}\u{7}\n\n ceremony, day 1").unwrap();

        assert_eq!(line.as_str(), "Opening cere");
    }

    #[test]
    fn a_prose_keeps_its_white_space_and_mends_its_line_ends() {
        let prose = Prose::<20>::new(" a\r\n\tb\n\n").unwrap();

        assert_eq!(prose.as_str(), " a\n\tb\n\n");
        assert_eq!(Prose::<20>::new("a\rb"), Err(Invalid::ControlCharacter));
        assert_eq!(Prose::<20>::lossy("a\rb\0c").as_str(), "a\nbc");
        assert_eq!(Prose::<2>::lossy("abc").as_str(), "ab");
    }

    proptest! {
        #[test]
        fn making_a_text_of_a_made_one_changes_nothing(text in messy_text()) {
            if let Ok(line) = Line::<16>::new(&text) {
                prop_assert_eq!(&Line::new(line.as_str()).unwrap(), &line);
            }
            if let Ok(prose) = Prose::<16>::new(&text) {
                prop_assert_eq!(&Prose::new(prose.as_str()).unwrap(), &prose);
            }
        }

        #[test]
        fn what_comes_in_lossily_is_valid(text in messy_text()) {
            if let Some(line) = Line::<16>::lossy(&text) {
                prop_assert_eq!(&Line::new(line.as_str()).unwrap(), &line);
            }
            let prose = Prose::<16>::lossy(&text);
            prop_assert_eq!(&Prose::new(prose.as_str()).unwrap(), &prose);
        }

        #[test]
        fn a_text_reads_back_from_json_and_cbor(text in messy_text()) {
            let prose = Prose::<20>::lossy(&text);
            let (json, cbor) = (serde_json::to_string(&prose).unwrap(), crate::wire::encode(&prose));

            prop_assert_eq!(&serde_json::from_str::<Prose<20>>(&json).unwrap(), &prose);
            prop_assert_eq!(&minicbor::decode::<Prose<20>>(&cbor).unwrap(), &prose);
        }

        #[test]
        fn equal_looking_texts_are_equal(text in "\\PC{1,16}") {
            let composed: String = text.nfc().collect();
            let decomposed: String = text.nfd().collect();

            prop_assert_eq!(Prose::<64>::new(&composed), Prose::<64>::new(&decomposed));
            prop_assert_eq!(Line::<64>::new(&composed), Line::<64>::new(&decomposed));
        }
    }
}
