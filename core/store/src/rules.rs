//! Who may write what, where: one row for each noun. What breaks its rule is kept and carried, and
//! does not count.

use teilgeber_entry::{Kind, Noun, Origin, PersonId};

use crate::nouns;
use crate::space::Role;

/// How a document of a noun comes to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Birth {
    Made,
    Singleton,
    Attached,
}

/// Who may write a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Any author whose person is known.
    Anyone,
    /// The devices of the person whose document it is.
    Maker,
    /// The devices of its maker, and organisers.
    MakerAndOrganisers,
    /// Organisers; the founder makes it.
    Organisers,
}

/// A noun's rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) kind: Kind,
    pub(crate) birth: Birth,
    pub(crate) writers: Writers,
    homes: &'static [Role],
}

/// The rule of a noun; `None` for one of a later version.
pub(crate) fn rule(noun: Noun) -> Option<Rule> {
    let rule = |kind, birth, writers, homes| Some(Rule { kind, birth, writers, homes });
    match noun {
        nouns::PROFILE_DRAFT => rule(Kind::Change, Birth::Singleton, Writers::Anyone, &[Role::Own]),
        nouns::CONTACT => rule(Kind::Change, Birth::Attached, Writers::Anyone, &[Role::Own]),
        nouns::ANCHOR => rule(Kind::Change, Birth::Made, Writers::Anyone, &[Role::Own]),
        nouns::NOTE => rule(Kind::Change, Birth::Made, Writers::Anyone, &[Role::Own]),
        nouns::CARD => rule(
            Kind::Put,
            Birth::Singleton,
            Writers::Maker,
            &[Role::Event, Role::Card, Role::ContactCard],
        ),
        nouns::EVENT => rule(Kind::Change, Birth::Singleton, Writers::Organisers, &[Role::Event]),
        nouns::SESSION => {
            rule(Kind::Change, Birth::Made, Writers::MakerAndOrganisers, &[Role::Event])
        }
        nouns::PAD => rule(Kind::Change, Birth::Attached, Writers::Anyone, &[Role::Event]),
        nouns::PLACEMENT => rule(Kind::Change, Birth::Attached, Writers::Anyone, &[Role::Event]),
        nouns::POST | nouns::OFFER | nouns::SEAT_REQUEST | nouns::INTERESTS | nouns::STARS => {
            rule(Kind::Put, Birth::Singleton, Writers::Maker, &[Role::Event])
        }
        nouns::PHOTO => rule(Kind::Put, Birth::Singleton, Writers::Maker, &[Role::Event]),
        nouns::PHOTO_DATA => rule(Kind::Chunk, Birth::Singleton, Writers::Maker, &[Role::Event]),
        nouns::STARRED => rule(Kind::Change, Birth::Singleton, Writers::Anyone, &[Role::Own]),
        nouns::MUTED => rule(Kind::Change, Birth::Singleton, Writers::Anyone, &[Role::Own]),
        nouns::LENT => rule(Kind::Put, Birth::Singleton, Writers::Maker, &[Role::Event]),
        nouns::MESSAGE => rule(Kind::Put, Birth::Attached, Writers::Anyone, &[Role::Own]),
        _ => None,
    }
}

/// What of an author matters to a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Writer {
    pub(crate) person: Option<PersonId>,
    pub(crate) organiser: bool,
}

impl Rule {
    /// Whether documents of this noun live in such a space.
    pub(crate) fn lives_in(&self, role: Role) -> bool {
        self.homes.contains(&role)
    }

    /// Whether an entry with this origin may be its document's first.
    pub(crate) fn begins(&self, origin: Origin) -> bool {
        matches!(
            (self.birth, origin),
            (Birth::Made, Origin::Made)
                | (Birth::Singleton, Origin::Singleton { .. })
                | (Birth::Attached, Origin::Attached { .. })
        )
    }

    /// Whether `writer` may write a document that `maker` made, or would make.
    pub(crate) fn admits(&self, writer: &Writer, maker: Option<&PersonId>) -> bool {
        let Some(person) = &writer.person else { return false };
        let is_maker = maker == Some(person);
        match self.writers {
            Writers::Anyone => true,
            Writers::Maker => is_maker,
            Writers::MakerAndOrganisers => is_maker || writer.organiser,
            Writers::Organisers => writer.organiser,
        }
    }
}
