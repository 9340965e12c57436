//! "Pick this up again": what I do not want to lose sight of.
//!
//! An anchor is mine alone, and lives in the self space.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::tag::Tag;
use crate::text::Line;
use crate::time::Day;

/// Something to pick up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    words: Line<200>,
    #[serde(default)]
    holds: Option<Holds>,
    #[serde(default)]
    due: Option<Day>,
    #[serde(default)]
    done: bool,
}

/// To what an anchor holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// A note.
    Note(Id),
    /// A person.
    Person(Id),
    /// A session.
    Session(Id),
    /// A topic.
    Topic(Tag),
}

impl Anchor {
    /// An anchor that holds to nothing, without a day, not done.
    pub fn new(words: Line<200>) -> Self {
        Self { words, holds: None, due: None, done: false }
    }

    /// The same anchor in these words.
    pub fn with_words(self, words: Line<200>) -> Self {
        Self { words, ..self }
    }

    /// The same anchor, holding to this.
    pub fn with_holds(self, holds: Option<Holds>) -> Self {
        Self { holds, ..self }
    }

    /// The same anchor for this day.
    pub fn with_due(self, due: Option<Day>) -> Self {
        Self { due, ..self }
    }

    /// The same anchor, done or not.
    pub fn with_done(self, done: bool) -> Self {
        Self { done, ..self }
    }

    /// What to do.
    pub fn words(&self) -> &Line<200> {
        &self.words
    }

    /// To what it holds.
    pub fn holds(&self) -> Option<&Holds> {
        self.holds.as_ref()
    }

    /// On which day, if on one.
    pub fn due(&self) -> Option<Day> {
        self.due
    }

    /// Whether it was picked up.
    pub fn is_done(&self) -> bool {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_reads_back_from_json() {
        let anchor = Anchor::new(Line::new("Write to Ada").unwrap())
            .with_holds(Some(Holds::Person(Id::new([1; 32]))))
            .with_due(Some("2026-12-01".parse().unwrap()))
            .with_done(true);

        let json = serde_json::to_string(&anchor).unwrap();

        assert_eq!(serde_json::from_str::<Anchor>(&json).unwrap(), anchor);
        assert!(serde_json::from_str::<Anchor>(r#"{"words":" "}"#).is_err());
    }
}
