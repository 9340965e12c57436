//! Long texts: Automerge texts in a document's root map, edited by splices.
//!
//! Automerge counts positions in Unicode scalar values, because the store opens every document so
//! (`guard`). A screen counts in what its platform's strings are made of: [`TextUnit`] says which, and
//! positions are converted here. A UTF-16 position inside of a surrogate pair is refused; one between
//! the scalar values of an emoji's ZWJ sequence, or between a letter and its accent, is a position like
//! any other.
//!
//! What is stored is **raw**: the characters as they were typed on several devices and merged. What
//! is shown is the model's normalised form of it, and the two need not be of one length. So an
//! editor shows the raw text, and only reads the model's value where nobody types.

use automerge::transaction::Transactable;
use automerge::{AutomergeError, ObjId, ObjType, ROOT, ReadDoc, TextEncoding, Value};

/// In what the positions and lengths of a text are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextUnit {
    /// Unicode scalar values: Rust's `char`, Python's strings, Swift's `unicodeScalars`.
    Scalars,
    /// UTF-16 code units: Kotlin, Java, JavaScript, `NSString`.
    Utf16,
}

/// One change of a text: at a position, some characters go and others come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// Where, in units from the beginning.
    pub at: usize,
    /// How many units go.
    pub delete: usize,
    /// What comes in their place.
    pub insert: String,
}

/// Why a splice was not made.
#[derive(Debug, thiserror::Error)]
pub enum SpliceError {
    /// It reaches beyond the end of the text.
    #[error("beyond the end of the text")]
    OutOfRange,
    /// It begins or ends between the two code units of one character.
    #[error("inside of a character")]
    InsideCharacter,
    /// The text would have more than `max` scalar values.
    #[error("longer than {max}")]
    TooLong {
        /// The most scalar values that the text may have.
        max: usize,
    },
    /// The document has no such text.
    #[error("no such text")]
    Missing,
    /// Automerge refused it.
    #[error(transparent)]
    Automerge(#[from] AutomergeError),
}

impl TextUnit {
    /// The length of `text` in this unit.
    pub fn count(self, text: &str) -> usize {
        text.chars().map(|c| self.width(c)).sum()
    }

    /// The byte at which the position `at` lies in `text`.
    ///
    /// # Errors
    /// [`SpliceError::OutOfRange`] or [`SpliceError::InsideCharacter`].
    pub fn byte(self, text: &str, at: usize) -> Result<usize, SpliceError> {
        let mut passed = 0;
        for (byte, c) in text.char_indices() {
            if passed == at {
                return Ok(byte);
            }
            passed += self.width(c);
            if passed > at {
                return Err(SpliceError::InsideCharacter);
            }
        }
        if passed == at { Ok(text.len()) } else { Err(SpliceError::OutOfRange) }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Scalars => 1,
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// The raw text under `key`. Of several that were made at once, Automerge's winner.
pub(super) fn get(doc: &impl ReadDoc, key: &str) -> Option<String> {
    doc.text(object(doc, key)?).ok()
}

/// The length of the raw text under `key` in scalar values; 0 where there is none.
pub(super) fn length(doc: &impl ReadDoc, key: &str) -> usize {
    object(doc, key).map_or(0, |object| doc.length(object))
}

/// Makes the splices one after another; positions of each count in the text that the one before
/// has left. After an error the transaction must be rolled back, for some may have been made.
pub(super) fn splice(
    tx: &mut impl Transactable,
    key: &str,
    max: usize,
    unit: TextUnit,
    splices: &[Splice],
) -> Result<(), SpliceError> {
    let object = object(tx, key).ok_or(SpliceError::Missing)?;
    let mut text = tx.text(&object)?;
    for splice in splices {
        let from = unit.byte(&text, splice.at)?;
        let to = from + unit.byte(&text[from..], splice.delete)?;
        let removed = text[from..to].chars().count();
        tx.splice_text(&object, text[..from].chars().count(), removed as isize, &splice.insert)?;
        text.replace_range(from..to, &splice.insert);
    }
    match exceeds(&text, max) {
        true => Err(SpliceError::TooLong { max }),
        false => Ok(()),
    }
}

/// Makes of the text `old` under `key` the text `new`, by what differs. `None` as `old` says that the
/// document is new: then the text is made, even when it is empty, so that later edits meet in it.
///
/// `old` is what was read in the same transaction: a text that others changed since would be set
/// back. Whoever edits over some time sends splices.
pub(super) fn put(
    tx: &mut impl Transactable,
    key: &str,
    old: Option<&str>,
    new: &str,
) -> Result<(), AutomergeError> {
    debug_assert_eq!(tx.text_encoding(), TextEncoding::UnicodeCodePoint);
    if old == Some(new) {
        return Ok(());
    }
    let object = match object(tx, key) {
        Some(object) => object,
        None => tx.put_object(ROOT, key, ObjType::Text)?,
    };
    let raw = tx.text(&object)?;
    let Difference { before, removed, added } = difference(&raw, new);
    if removed.len() + added.len() <= FINE_BYTES {
        return tx.update_text(&object, new);
    }
    let removed = removed.chars().count() as isize;
    tx.splice_text(&object, before.chars().count(), removed, added)
}

/// Up to this many changed bytes the smallest difference is looked for, by which concurrent edits of
/// one paragraph merge best. Its cost is quadratic (Myers): at this size some milliseconds.
const FINE_BYTES: usize = 2_000;

struct Difference<'a> {
    before: &'a str,
    removed: &'a str,
    added: &'a str,
}

/// What lies between the beginning and the end that both have in common.
fn difference<'a>(old: &'a str, new: &'a str) -> Difference<'a> {
    let same = |(a, b): &(char, char)| a == b;
    let width = |(c, _): (char, char)| c.len_utf8();
    let start: usize = old.chars().zip(new.chars()).take_while(same).map(width).sum();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let pairs = old_rest.chars().rev().zip(new_rest.chars().rev());
    let end: usize = pairs.take_while(same).map(width).sum();
    Difference {
        before: &old[..start],
        removed: &old_rest[..old_rest.len() - end],
        added: &new_rest[..new_rest.len() - end],
    }
}

pub(super) fn object(doc: &impl ReadDoc, key: &str) -> Option<ObjId> {
    match doc.get(ROOT, key).ok()?? {
        (Value::Object(ObjType::Text), object) => Some(object),
        _ => None,
    }
}

fn exceeds(text: &str, max: usize) -> bool {
    text.len() > max && text.chars().nth(max).is_some()
}

#[cfg(test)]
mod tests {
    use automerge::Automerge;
    use proptest::prelude::*;

    use super::*;
    use crate::nouns::samples::{blank, edit, merged, try_edit};

    const FAMILY: &str = "👩\u{200d}👩\u{200d}👧";

    fn doc(text: &str) -> Automerge {
        let mut doc = blank();
        edit(&mut doc, |tx| put(tx, "text", None, text));
        doc
    }

    fn spliced(
        text: &str,
        unit: TextUnit,
        at: usize,
        delete: usize,
        insert: &str,
    ) -> Result<String, SpliceError> {
        let mut doc = doc(text);
        let splice_one = Splice { at, delete, insert: insert.to_owned() };
        try_edit(&mut doc, |tx| splice(tx, "text", 100, unit, &[splice_one]))?;
        Ok(get(&doc, "text").unwrap())
    }

    #[test]
    fn positions_are_counted_in_the_unit_that_was_said() {
        let text = "a𝄞b";

        assert_eq!(spliced(text, TextUnit::Scalars, 2, 1, "c").unwrap(), "a𝄞c");
        assert_eq!(spliced(text, TextUnit::Utf16, 3, 1, "c").unwrap(), "a𝄞c");
        assert_eq!(spliced(text, TextUnit::Utf16, 1, 2, "").unwrap(), "ab");
    }

    #[test]
    fn a_position_between_two_surrogates_is_refused() {
        let error = spliced("a𝄞b", TextUnit::Utf16, 2, 0, "x").unwrap_err();
        assert!(matches!(error, SpliceError::InsideCharacter));

        let error = spliced("a𝄞b", TextUnit::Utf16, 1, 1, "x").unwrap_err();
        assert!(matches!(error, SpliceError::InsideCharacter));
    }

    #[test]
    fn a_family_can_lose_a_child() {
        assert_eq!(TextUnit::Scalars.count(FAMILY), 5);
        assert_eq!(TextUnit::Utf16.count(FAMILY), 8);

        let scalars = spliced(FAMILY, TextUnit::Scalars, 3, 2, "").unwrap();
        let utf16 = spliced(FAMILY, TextUnit::Utf16, 5, 3, "").unwrap();

        assert_eq!(scalars, "👩\u{200d}👩");
        assert_eq!(utf16, scalars);
    }

    #[test]
    fn a_splice_beyond_the_end_is_refused() {
        for (at, delete) in [(4, 0), (3, 1), (0, 4), (usize::MAX, 1), (1, usize::MAX)] {
            for unit in [TextUnit::Scalars, TextUnit::Utf16] {
                let error = spliced("abc", unit, at, delete, "").unwrap_err();
                assert!(matches!(error, SpliceError::OutOfRange), "{at} {delete}");
            }
        }
    }

    #[test]
    fn a_text_holds_its_bound_and_not_one_more() {
        assert!(spliced("", TextUnit::Scalars, 0, 0, &"ä".repeat(100)).is_ok());

        let error = spliced("x", TextUnit::Scalars, 0, 0, &"ä".repeat(100)).unwrap_err();
        assert!(matches!(error, SpliceError::TooLong { max: 100 }));
    }

    #[test]
    fn what_is_no_text_cannot_be_spliced() {
        let mut doc = blank();
        edit(&mut doc, |tx| tx.put(ROOT, "text", "a string"));

        let error = try_edit(&mut doc, |tx| splice(tx, "text", 9, TextUnit::Scalars, &[]));

        assert!(matches!(error, Err(SpliceError::Missing)));
        assert_eq!(get(&doc, "text"), None);
    }

    #[test]
    fn edits_of_two_paragraphs_merge_though_both_wrote_the_whole_text() {
        let base = "The first line.\nThe second line.\nThe third line.";
        let mut one = doc(base);
        let mut other = one.fork();

        let mine = base.replace("first", "1st").replace("third", "3rd");
        edit(&mut one, |tx| put(tx, "text", Some(base), &mine));
        let theirs = base.replace("second", "2nd");
        edit(&mut other, |tx| put(tx, "text", Some(base), &theirs));

        let both = get(&merged(&mut one, &mut other), "text").unwrap();
        assert_eq!(both, "The 1st line.\nThe 2nd line.\nThe 3rd line.");
    }

    #[test]
    fn a_long_text_is_replaced_without_looking_for_the_smallest_difference() {
        let (old, new) = ("ab ".repeat(30_000), "ba\n".repeat(30_000));
        let mut doc = doc(&old);

        edit(&mut doc, |tx| put(tx, "text", Some(&old), &new));

        assert_eq!(get(&doc, "text").unwrap(), new);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn any_text_becomes_any_other(old in "[ab𝄞\u{308}\u{200d}👩]{0,12}", new in "[ab𝄞\u{308}\u{200d}👩]{0,12}") {
            let mut doc = doc(&old);
            edit(&mut doc, |tx| put(tx, "text", Some(&old), &new));
            prop_assert_eq!(get(&doc, "text").unwrap(), new);
        }

        #[test]
        fn a_splice_does_what_it_does_to_a_string(
            text in "[ab𝄞👩\u{308}]{0,12}",
            at in 0..26_usize,
            delete in 0..26_usize,
            insert in "[xy𝄞]{0,3}",
        ) {
            let utf16: Vec<u16> = text.encode_utf16().collect();
            let expected = (at + delete <= utf16.len()).then(|| {
                let mut units = utf16.clone();
                units.splice(at..at + delete, insert.encode_utf16());
                String::from_utf16(&units).ok()
            });
            let done = spliced(&text, TextUnit::Utf16, at, delete, &insert);
            // Removing half of one pair and half of the next leaves a string again, but is refused.
            if let Ok(done) = done {
                prop_assert_eq!(expected.flatten(), Some(done));
            } else {
                let cuts = |at: usize| String::from_utf16(&utf16[..at.min(utf16.len())]).is_err();
                prop_assert!(expected.is_none() || cuts(at) || cuts(at + delete));
            }
        }
    }
}
