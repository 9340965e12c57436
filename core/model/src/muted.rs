//! From whom I want some quiet: for myself, and never told to anyone.

use serde::{Deserialize, Serialize};

use crate::id::Id;

/// How much quiet. The lesser is the milder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quiet {
    /// What they post is left out.
    Mute,
    /// They themselves as well: among the people of an event, and with their letters and requests.
    Block,
}

/// Somebody from whom I want some quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Muted {
    /// Whom.
    pub person: Id,
    /// How much.
    pub quiet: Quiet,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_muted_person_reads_back_and_nothing_else_does() {
        let muted = Muted { person: Id::new([7; 32]), quiet: Quiet::Block };

        let json = serde_json::to_string(&muted).unwrap();

        assert_eq!(serde_json::from_str::<Muted>(&json).unwrap(), muted);
        assert!(serde_json::from_str::<Muted>(&json.replace("block", "shout")).is_err());
        assert!(Quiet::Mute < Quiet::Block);
    }
}
