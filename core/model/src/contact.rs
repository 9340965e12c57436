//! Somebody I met, as I remember them.
//!
//! A contact is mine alone: it lives in the self space and its person never sees it. The card in
//! it is theirs.

use serde::{Deserialize, Serialize};

use crate::card::{Card, Name};
use crate::id::Id;
use crate::list::{Distinct, List};
use crate::text::{Line, Prose};
use crate::time::Millis;

/// What I want to remember of somebody.
pub type Memo = Prose<5000>;

/// When and where we met: once or twice a day over years of camps.
pub type Meetings = List<Meeting, 200>;

/// What we promised each other.
pub type Promises = List<Promise, 100>;

/// Somebody I met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    person: Id,
    name: Name,
    #[serde(default)]
    card: Option<Card>,
    #[serde(default)]
    memo: Memo,
    #[serde(default)]
    meetings: Meetings,
    #[serde(default)]
    promises: Promises,
    #[serde(default)]
    confirmed: bool,
    #[serde(default)]
    followed: bool,
}

/// Once that we met.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Meeting {
    /// When.
    pub when: Millis,
    /// At which event, if at one.
    #[serde(default)]
    pub event: Option<Id>,
    /// In which session, if in one.
    #[serde(default)]
    pub session: Option<Id>,
    /// Where, in my words.
    #[serde(default)]
    pub place: Option<Line<80>>,
}

/// Something promised when we met.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Promise {
    /// Who promised.
    pub by: Whose,
    /// What.
    pub text: Line<200>,
    /// When it was promised.
    pub made: Millis,
    /// Whether it was kept.
    #[serde(default)]
    pub kept: bool,
}

/// Whose a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// I promised it to them.
    Mine,
    /// They promised it to me.
    Theirs,
}

impl Contact {
    /// A contact of whom only the name is known.
    pub fn new(person: Id, name: Name) -> Self {
        Self {
            person,
            name,
            card: None,
            memo: Memo::default(),
            meetings: List::default(),
            promises: List::default(),
            confirmed: false,
            followed: false,
        }
    }

    /// The same contact shown under this name.
    pub fn with_name(self, name: Name) -> Self {
        Self { name, ..self }
    }

    /// The same contact with this card.
    pub fn with_card(self, card: Option<Card>) -> Self {
        Self { card, ..self }
    }

    /// The same contact with this memo.
    pub fn with_memo(self, memo: Memo) -> Self {
        Self { memo, ..self }
    }

    /// The same contact with these meetings.
    pub fn with_meetings(self, meetings: Meetings) -> Self {
        Self { meetings, ..self }
    }

    /// The same contact with these promises.
    pub fn with_promises(self, promises: Promises) -> Self {
        Self { promises, ..self }
    }

    /// The same contact, confirmed or not.
    pub fn with_confirmed(self, confirmed: bool) -> Self {
        Self { confirmed, ..self }
    }

    /// The same contact, followed by me or not.
    pub fn with_followed(self, followed: bool) -> Self {
        Self { followed, ..self }
    }

    /// Who it is.
    pub fn person(&self) -> Id {
        self.person
    }

    /// The name that I see: theirs at first, then what I made of it.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The last card that came from them.
    pub fn card(&self) -> Option<&Card> {
        self.card.as_ref()
    }

    /// What I want to remember.
    pub fn memo(&self) -> &Memo {
        &self.memo
    }

    /// When and where we met.
    pub fn meetings(&self) -> &Meetings {
        &self.meetings
    }

    /// What we promised each other.
    pub fn promises(&self) -> &Promises {
        &self.promises
    }

    /// Whether the person's key has signed a letter to me, so that it is really theirs.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// Whether I follow what they do.
    pub fn is_followed(&self) -> bool {
        self.followed
    }
}

impl Distinct for Meeting {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

impl Distinct for Promise {
    /// Whether it was kept does not make it another promise.
    fn same(&self, other: &Self) -> bool {
        (self.by, &self.text, self.made) == (other.by, &other.text, other.made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Invalid;

    fn promise(kept: bool) -> Promise {
        Promise {
            by: Whose::Mine,
            text: Line::new("Send the slides").unwrap(),
            made: Millis::EPOCH,
            kept,
        }
    }

    #[test]
    fn a_contact_reads_back_from_json() {
        let meeting = Meeting {
            when: Millis::EPOCH,
            event: Some(Id::new([1; 32])),
            session: None,
            place: Some(Line::new("at the coffee").unwrap()),
        };
        let contact = Contact::new(Id::new([7; 32]), Name::new("Grace").unwrap())
            .with_card(Some(Card::default().with_name(Some(Name::new("Grace H.").unwrap()))))
            .with_memo(Memo::new("Knows compilers.\nLikes tea.").unwrap())
            .with_meetings(List::new(vec![meeting]).unwrap())
            .with_promises(List::new(vec![promise(false)]).unwrap())
            .with_confirmed(true)
            .with_followed(true);

        let json = serde_json::to_string(&contact).unwrap();

        assert_eq!(serde_json::from_str::<Contact>(&json).unwrap(), contact);
    }

    #[test]
    fn a_promise_that_was_kept_is_still_the_same_promise() {
        assert_eq!(Promises::new(vec![promise(false), promise(true)]), Err(Invalid::Duplicate));
    }

    #[test]
    fn a_contact_from_before_anyone_was_followed_reads() {
        let json = format!(r#"{{"person":"{}","name":"Grace"}}"#, Id::new([7; 32]));

        let old: Contact = serde_json::from_str(&json).unwrap();

        assert_eq!(old, Contact::new(Id::new([7; 32]), Name::new("Grace").unwrap()));
        assert!(!old.is_followed());
    }

    #[test]
    fn a_contact_with_an_invalid_part_does_not_read() {
        let json = format!(r#"{{"person":"{}","name":" "}}"#, Id::new([7; 32]));

        assert!(serde_json::from_str::<Contact>(&json).is_err());
    }
}
