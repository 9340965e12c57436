//! What somebody wrote down for themselves.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::list::List;
use crate::tag::Tag;
use crate::text::{Line, Prose};

/// The most scalar values in a note. Beyond it a further note begins, because a document is loaded
/// and merged whole.
pub const NOTE_MAX_CHARS: usize = 200_000;

/// The text of a note, in Markdown.
pub type NoteText = Prose<NOTE_MAX_CHARS>;

/// What a list of notes shows for one.
pub type NoteTitle = Line<120>;

/// A private note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Note {
    text: NoteText,
    tags: List<Tag, 16>,
    event: Option<Id>,
    session: Option<Id>,
}

impl Note {
    /// A note of this text, without tags, belonging nowhere.
    pub fn new(text: NoteText) -> Self {
        Self { text, ..Self::default() }
    }

    /// The same note with this text.
    pub fn with_text(self, text: NoteText) -> Self {
        Self { text, ..self }
    }

    /// The same note with these tags.
    pub fn with_tags(self, tags: List<Tag, 16>) -> Self {
        Self { tags, ..self }
    }

    /// The same note, belonging to this event.
    pub fn with_event(self, event: Option<Id>) -> Self {
        Self { event, ..self }
    }

    /// The same note, belonging to this session.
    pub fn with_session(self, session: Option<Id>) -> Self {
        Self { session, ..self }
    }

    /// The text, in Markdown.
    pub fn text(&self) -> &NoteText {
        &self.text
    }

    /// The tags.
    pub fn tags(&self) -> &List<Tag, 16> {
        &self.tags
    }

    /// The event it belongs to.
    pub fn event(&self) -> Option<Id> {
        self.event
    }

    /// The session it belongs to.
    pub fn session(&self) -> Option<Id> {
        self.session
    }

    /// The first line that shows anything, without the marks of a Markdown heading and cut to
    /// fit; `None` if there is none.
    pub fn title(&self) -> Option<NoteTitle> {
        self.text.as_str().lines().find_map(|line| NoteTitle::lossy(without_heading_marks(line)))
    }
}

/// An ATX heading's content (CommonMark 4.2): up to six `#` before it, any number after it, each
/// set apart by a space. A hashtag is no heading.
fn without_heading_marks(line: &str) -> &str {
    let line = line.trim();
    let content = line.trim_start_matches('#');
    let is_heading = (1..=6).contains(&(line.len() - content.len()))
        && (content.is_empty() || content.starts_with([' ', '\t']));
    if !is_heading {
        return line;
    }
    let content = content.trim();
    let before = content.trim_end_matches('#');
    if before.is_empty() || before.ends_with([' ', '\t']) { before.trim_end() } else { content }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> Option<String> {
        let note = Note::new(NoteText::new(text).unwrap());
        note.title().map(|title| title.as_str().to_owned())
    }

    #[test]
    fn a_note_is_called_by_its_first_line_that_shows_anything() {
        for (text, expected) in [
            ("Shopping\nmilk", "Shopping"),
            ("\n \n\t\nLater", "Later"),
            ("# Local first", "Local first"),
            ("###### Deep ##", "Deep"),
            ("#\n##  \nAfter empty headings", "After empty headings"),
            ("#hashtag stays", "#hashtag stays"),
            ("####### seven", "####### seven"),
            ("# C#", "C#"),
            ("\u{200b}\nseen", "seen"),
        ] {
            assert_eq!(title(text).as_deref(), Some(expected), "{text:?}");
        }
        assert_eq!(title(" \n#\n"), None);
        assert_eq!(title(""), None);
    }

    #[test]
    fn a_title_is_cut_to_fit() {
        let long = title(&"ä".repeat(NOTE_MAX_CHARS)).unwrap();

        assert_eq!(long.chars().count(), NoteTitle::MAX);
    }

    #[test]
    fn a_note_holds_its_bound_and_not_one_more() {
        assert!(NoteText::new(&"ä".repeat(NOTE_MAX_CHARS)).is_ok());
        assert!(NoteText::new(&"ä".repeat(NOTE_MAX_CHARS + 1)).is_err());
    }

    #[test]
    fn a_note_reads_back_from_json() {
        let note = Note::new(NoteText::new("# Hi\n\tthere").unwrap())
            .with_tags(List::new(vec![Tag::new("idea").unwrap()]).unwrap())
            .with_session(Some(Id::new([3; 32])));

        let json = serde_json::to_string(&note).unwrap();

        assert_eq!(serde_json::from_str::<Note>(&json).unwrap(), note);
        assert_eq!(serde_json::from_str::<Note>("{}").unwrap(), Note::default());
    }
}
