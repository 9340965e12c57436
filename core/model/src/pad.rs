//! The shared notes of a session.

use crate::text::Prose;

/// The most scalar values in a pad. Beyond it nothing is added, because a document is loaded and merged
/// whole.
pub const PAD_MAX_CHARS: usize = 200_000;

/// The text of a pad, in Markdown.
pub type PadText = Prose<PAD_MAX_CHARS>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pad_holds_its_bound_and_not_one_more() {
        assert!(PadText::new(&"ä".repeat(PAD_MAX_CHARS)).is_ok());
        assert!(PadText::new(&"ä".repeat(PAD_MAX_CHARS + 1)).is_err());
    }
}
