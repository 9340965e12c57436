//! What swapping remembers beside the log: a record for each showing, each address and what waits.
//!
//! | name | record |
//! |---|---|
//! | `showing/` and the fresh key | shown at 8 ‖ visible until 8 ‖ answers until 8 ‖ event 32, if there is one |
//! | `address/` and the person | letter key 32 ‖ code's space ‖ event, each 0 or 1 ‖ 32 |
//! | `follows/` and the person | the space 32 in which they keep their card up to date ‖ how many they had before it 4 |
//! | `code open/` and the space | until when letters may pass in a code's space 8 |
//! | `requests` | each: wants 1 ‖ person 32 ‖ address ‖ card, sized |
//!
//! Times are in ms since 1970, big-endian.

use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::{LetterPublic, PersonId, SpaceId};
use teilgeber_model::{Card, Id, Meeting, Published as _};
use teilgeber_store::{Edit, Keys, NewSpace, Role, View};

use crate::code::space_of;
use crate::device::{model_id, moment};
use crate::error::Result;
use crate::lockout::CardSpace;
use crate::swap::{REQUESTS_MAX, Request, Wants};

/// A showing of a code, by its fresh key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) at: u64,
    pub(crate) visible_until: u64,
    pub(crate) until: u64,
    pub(crate) event: Option<SpaceId>,
}

impl Shown {
    pub(crate) fn name(fresh: &LetterPublic) -> String {
        format!("showing/{}", model_id(fresh.as_bytes()))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for time in [self.at, self.visible_until, self.until] {
            bytes.put_bytes(&time.to_be_bytes());
        }
        self.event.iter().for_each(|event| bytes.put_bytes(event.as_bytes()));
        bytes
    }

    pub(crate) fn decode(bytes: &[u8]) -> std::result::Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let mut time = || reader.array("time").map(u64::from_be_bytes);
        let (at, visible_until, until) = (time()?, time()?, time()?);
        let event = match reader.left() {
            0 => None,
            _ => Some(SpaceId::read(&mut reader, "event")?),
        };
        reader.end("showing")?;
        Ok(Self { at, visible_until, until, event })
    }

    pub(crate) fn meeting(&self) -> Meeting {
        let event = self.event.map(|event| model_id(event.as_bytes()));
        Meeting { when: moment(self.at), event, session: None, place: None }
    }
}

/// Where to write to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) reader: LetterPublic,
    pub(crate) code: Option<SpaceId>,
    pub(crate) event: Option<SpaceId>,
}

impl Address {
    pub(crate) fn name(person: &PersonId) -> String {
        format!("address/{person}")
    }

    pub(crate) fn of(kept: Option<Vec<u8>>) -> std::result::Result<Option<Self>, DecodeError> {
        let kept = kept.filter(|bytes| !bytes.is_empty());
        kept.map(|bytes| Self::decode(&mut Reader::new(&bytes))).transpose()
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.put_bytes(self.reader.as_bytes());
        for space in [&self.code, &self.event] {
            bytes.put_u8(space.is_some().into());
            space.iter().for_each(|space| bytes.put_bytes(space.as_bytes()));
        }
        bytes
    }

    pub(crate) fn decode(reader: &mut Reader<'_>) -> std::result::Result<Self, DecodeError> {
        let public = LetterPublic::from_bytes(reader.array("reader")?);
        let mut space = || match reader.u8("space")? {
            0 => Ok(None),
            _ => SpaceId::read(reader, "space").map(Some),
        };
        Ok(Self { reader: public, code: space()?, event: space()? })
    }
}

/// Under which name the requests are kept.
pub(crate) const REQUESTS: &str = "requests";

/// A request that waits, and where its answer goes.
pub(crate) struct Waiting {
    pub(crate) request: Request,
    pub(crate) address: Address,
}

impl Waiting {
    pub(crate) fn all(kept: Option<Vec<u8>>) -> std::result::Result<Vec<Self>, DecodeError> {
        let bytes = kept.unwrap_or_default();
        let mut reader = Reader::new(&bytes);
        let mut all = Vec::new();
        while reader.left() > 0 {
            let wants = match reader.u8("wants")? {
                1 => Wants::Contact,
                _ => Wants::Card,
            };
            let person = Id::new(reader.array("person")?);
            let address = Address::decode(&mut reader)?;
            let card = Card::decode(reader.sized("card", Card::MAX_BYTES)?);
            let card = card.map_err(|_| DecodeError::Invalid { field: "card" })?;
            all.push(Self { request: Request { person, card, wants }, address });
        }
        Ok(all)
    }

    pub(crate) fn keep(edit: &mut Edit<'_>, all: &[Self]) -> Result<()> {
        let mut bytes = Vec::new();
        for Self { request, address } in all {
            bytes.put_u8(match request.wants {
                Wants::Contact => 1,
                Wants::Card => 2,
            });
            bytes.put_bytes(request.person.as_bytes());
            bytes.put_bytes(&address.encode());
            bytes.put_sized(&request.card.encode());
        }
        Ok(edit.keep(REQUESTS, &bytes)?)
    }
}

/// Adds a request; an earlier one of the same kind by its person goes.
pub(crate) fn add_request(edit: &mut Edit<'_>, address: Address, request: Request) -> Result<()> {
    let mut all = Waiting::all(edit.keepsake(REQUESTS)?)?;
    all.retain(|it| (it.request.person, it.request.wants) != (request.person, request.wants));
    if all.len() < REQUESTS_MAX {
        all.push(Waiting { request, address });
    }
    Waiting::keep(edit, &all)
}

/// Drops what a person asked for.
pub(crate) fn drop_requests(edit: &mut Edit<'_>, person: &PersonId, wants: Wants) -> Result<()> {
    let person = model_id(person.as_bytes());
    let mut all = Waiting::all(edit.keepsake(REQUESTS)?)?;
    all.retain(|it| (it.request.person, it.request.wants) != (person, wants));
    Waiting::keep(edit, &all)
}
/// The space in which a person keeps the card that they gave up to date.
pub(crate) fn followed(
    view: &View<'_>,
    person: &PersonId,
) -> teilgeber_store::Result<Option<SpaceId>> {
    let kept = CardSpace::decode(view.keepsake(&followed_name(person))?)?;
    Ok(kept.map(|kept| kept.space))
}

/// Under which name [`followed`] finds it.
pub(crate) fn followed_name(person: &PersonId) -> String {
    format!("follows/{person}")
}

/// Whether letters may still pass in a code's space.
pub(crate) fn is_open(view: &View<'_>, space: &SpaceId, now: u64) -> teilgeber_store::Result<bool> {
    let until = view.keepsake(&open_name(space))?.and_then(|bytes| bytes.try_into().ok());
    Ok(until.is_some_and(|until| now <= u64::from_be_bytes(until)))
}

/// Holds the space of a code, and offers it on links until then.
pub(crate) fn hold_code(edit: &mut Edit<'_>, code: &[u8], until: u64) -> Result<()> {
    let keys = Keys::Member(space_of(code));
    let new = NewSpace { role: Role::Code, keys, founder: None, owner: None };
    let space = edit.hold_space(&new)?;
    Ok(edit.keep(&open_name(&space), &until.to_be_bytes())?)
}

fn open_name(space: &SpaceId) -> String {
    format!("code open/{space}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn what_is_remembered_reads_back(
            times: [u64; 3],
            event: Option<[u8; 32]>,
            code: Option<[u8; 32]>,
            reader: [u8; 32],
        ) {
            let [at, visible_until, until] = times;
            let event = event.map(SpaceId::from_bytes);
            let shown = Shown { at, visible_until, until, event };
            let reader = LetterPublic::from_bytes(reader);
            let address = Address { reader, code: code.map(SpaceId::from_bytes), event };

            prop_assert_eq!(Shown::decode(&shown.encode()), Ok(shown));
            prop_assert_eq!(Address::of(Some(address.encode())), Ok(Some(address)));
        }

        #[test]
        fn any_bytes_are_remembered_or_an_error(bytes: Vec<u8>) {
            let _either = Shown::decode(&bytes);
            let _either = Address::of(Some(bytes.clone()));
            let _either = Waiting::all(Some(bytes));
        }
    }
}
