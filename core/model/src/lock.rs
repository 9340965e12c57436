//! A part of the board that organisers keep as it is.

use serde::{Deserialize, Serialize};

use crate::event::RoomName;
use crate::list::{Distinct, List};
use crate::session::Placement;
use crate::time::Millis;

/// The locked parts of a board.
pub type Locks = List<Lock, 50>;

/// A part of the board: what is in the room, if one is named, at a time that overlaps the span. What is
/// not set does not restrict, so a lock of nothing in particular is one of the whole board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Lock {
    /// In which room only.
    pub room: Option<RoomName>,
    /// What ends after that.
    pub from: Option<Millis>,
    /// What begins before that.
    pub until: Option<Millis>,
}

impl Lock {
    /// Whether that place lies in the locked part.
    pub fn covers(&self, place: &Placement) -> bool {
        self.room.as_ref().is_none_or(|room| *room == place.room)
            && self.from.is_none_or(|from| place.end() > from)
            && self.until.is_none_or(|until| place.start < until)
    }
}

impl Distinct for Lock {
    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Line;
    use crate::time::Minutes;

    #[test]
    fn a_lock_covers_what_overlaps_its_room_and_time() {
        let millis = |minutes: u64| Millis::new(minutes * 60_000).unwrap();
        let room = |name| Line::new(name).unwrap();
        let at = |name, start| Placement {
            room: room(name),
            start: millis(start),
            minutes: Minutes::new(45).unwrap(),
        };
        let plenum =
            Lock { room: Some(room("Hall")), from: Some(millis(60)), until: Some(millis(120)) };

        assert!(plenum.covers(&at("Hall", 60)) && plenum.covers(&at("Hall", 119)));
        assert!(plenum.covers(&at("Hall", 16)), "ends a minute inside");
        assert!(!plenum.covers(&at("Hall", 15)) && !plenum.covers(&at("Hall", 120)));
        assert!(!plenum.covers(&at("Attic", 60)));
        assert!(Lock::default().covers(&at("Attic", 0)));
    }
}
