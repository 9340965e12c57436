//! A session that I look forward to: for me alone, unless I [share my stars](crate::Stars).

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::list::Distinct;
use crate::session::Placement;

/// A session that I starred, and where I last saw it on the board, so that I can be told when it moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Star {
    /// Which session.
    pub session: Id,
    /// In which event.
    pub event: Id,
    /// Where I last saw it; `None`: nowhere.
    #[serde(default)]
    pub seen: Option<Placement>,
}

impl Distinct for Star {
    fn same(&self, other: &Self) -> bool {
        self.session == other.session
    }
}
