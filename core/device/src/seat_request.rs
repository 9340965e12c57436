//! Asking for a place that somebody offers, and answering.
//!
//! Requests made at once all stand; whose offer it is settles who gets a place, and everybody sees what was
//! said. Withdrawing a request frees its places.

use serde::Serialize;
use teilgeber_entry::{Origin, PersonId};
use teilgeber_model::{Answer, Id, List, Millis, Name, Places, Prose, Published as _, SeatRequest};
use teilgeber_store::nouns::{SEAT_REQUEST, card, offer, seat_request};
use teilgeber_store::{Edit, StoreError, View};

use crate::device::{Device, document_id, model_id, moment};
use crate::error::{Error, Result};
use crate::offer::{offer_in, own_offer, standing_answers};

/// A request for a place, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatRecord {
    /// Which one.
    pub id: Id,
    /// In which event.
    pub event: Id,
    /// Of which offer.
    pub offer: Id,
    /// Who asks.
    pub person: Id,
    /// What they are called, if they appear in the event.
    pub name: Option<Name>,
    /// Whether it is mine.
    pub mine: bool,
    /// When they asked, as they say.
    pub asked: Millis,
    /// For how many places.
    pub places: Places,
    /// A word to the owner.
    pub word: Prose<500>,
    /// What became of it.
    pub state: SeatState,
    /// How many places it got.
    pub granted: u8,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// Not answered yet.
    Asked,
    /// The owner said yes.
    Yes,
    /// The owner said no.
    No,
    /// The offer was withdrawn.
    Withdrawn,
    /// Not answered before the offer's time was past.
    Over,
}

impl Device {
    /// Asks for places of an offer; everybody in the event sees that. As long as the owner has not said
    /// no, asking again changes what I asked. Returns the request's id.
    ///
    /// # Errors
    /// [`Error::NoPlaceLeft`] where it never had so many places, [`Error::NotAllowed`] for an offer of
    /// one's own, [`Error::NotHere`] also for one that is past or has no places, or
    /// [`Error::FreeSpace`].
    pub fn ask_for_seat(&self, offer: Id, places: Places, word: &Prose<500>) -> Result<Id> {
        let now = moment(self.now());
        let id = self.write(|edit| {
            let offered = offer_in(edit, offer)?;
            let me = edit.identity()?.ok_or(Error::NotHere("your identity"))?.person;
            if offered.person == me {
                return Err(Error::NotAllowed("somebody else"));
            }
            if offered.offer.until() <= now {
                return Err(Error::NotHere("that offer, whose time is past,"));
            }
            let all = offered.offer.offering().places();
            if places > all.ok_or(Error::NotHere("a place to ask for"))? {
                return Err(Error::NoPlaceLeft);
            }
            let request = SeatRequest { offer, places, word: word.clone() };
            let space = offered.space;
            let mine = seat_request::of_person(edit.connection(), &space, &me);
            let mine = mine.map_err(StoreError::from)?.into_iter();
            if let Some(old) = mine.rev().find(|old| old.request.offer == offer) {
                if offered.offer.answer_to(&model_id(old.id.as_bytes())) != Some(0) {
                    edit.put_again(&space, &old.id, request.encode())?;
                    return Ok(old.id);
                }
                edit.erase(&space, &old.id)?;
            }
            let origin = Origin::Singleton { generation: edit.fresh_number(&space, SEAT_REQUEST)? };
            Ok(edit.put(&space, SEAT_REQUEST, origin, request.encode())?)
        })?;
        Ok(model_id(id.as_bytes()))
    }

    /// Withdraws a request of mine: it is erased, and its places are free again.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] to all but who asked, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn withdraw_seat(&self, request: Id) -> Result<()> {
        self.write(|edit| {
            let requested = request_in(edit, request)?;
            let me = edit.identity()?.ok_or(Error::NotHere("your identity"))?.person;
            if requested.person != me {
                return Err(Error::NotAllowed("who asked"));
            }
            edit.erase(&requested.space, &requested.id)?;
            Ok(())
        })
    }

    /// Answers a request for an offer of mine: yes gives all the places that it asks for. An answer can
    /// be changed.
    ///
    /// # Errors
    /// [`Error::NoPlaceLeft`] where fewer places are free, [`Error::NotAllowed`] to all but the
    /// offer's owner, [`Error::NotHere`] or [`Error::FreeSpace`].
    pub fn answer_seat(&self, request: Id, yes: bool) -> Result<()> {
        self.write(|edit| {
            let requested = request_in(edit, request)?;
            let offered = own_offer(edit, requested.request.offer)?;
            if offered.space != requested.space {
                return Err(Error::NotHere("that offer"));
            }
            let mut answers = standing_answers(edit, &offered)?;
            let granted = if yes { requested.request.places.get() } else { 0 };
            match answers.iter_mut().find(|answer| answer.request == request) {
                Some(answer) => answer.granted = granted,
                None => answers.push(Answer { request, granted }),
            }
            let answers = List::new(answers).map_err(|_| Error::Shorten)?;
            let offer = offered.offer.with_answers(answers).map_err(|_| Error::NoPlaceLeft)?;
            Ok(edit.put_again(&offered.space, &offered.id, offer.encode())?)
        })
    }

    /// The requests for my offers in an event, offer by offer, the first in front; also those that I
    /// answered.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn seat_requests_to_me(&self, event: Id) -> Result<Vec<SeatRecord>> {
        let space = self.event_space(event)?.id;
        let (me, now) = (self.person(), moment(self.now()));
        self.read(|view| {
            let db = view.connection();
            let mut requests = Vec::new();
            for offered in offer::in_space(db, &space, Millis::EPOCH)? {
                if offered.person == me {
                    requests.extend(seat_request::of_offer(db, &space, &offered.id)?);
                }
            }
            seats_of(view, requests, &me, now)
        })
    }

    /// My requests in an event, the first in front.
    ///
    /// # Errors
    /// [`Error::NotHere`].
    pub fn my_seat_requests(&self, event: Id) -> Result<Vec<SeatRecord>> {
        let space = self.event_space(event)?.id;
        let (me, now) = (self.person(), moment(self.now()));
        self.read(|view| {
            let requests = seat_request::of_person(view.connection(), &space, &me)?;
            seats_of(view, requests, &me, now)
        })
    }
}

/// Requests with what became of them.
pub(crate) fn seats_of(
    view: &View<'_>,
    requests: Vec<seat_request::Requested>,
    me: &PersonId,
    now: Millis,
) -> teilgeber_store::Result<Vec<SeatRecord>> {
    let db = view.connection();
    let mut records = Vec::new();
    for requested in requests {
        let (state, granted) = state_of(view, &requested, now)?;
        records.push(SeatRecord {
            id: model_id(requested.id.as_bytes()),
            event: model_id(requested.space.as_bytes()),
            offer: requested.request.offer,
            person: model_id(requested.person.as_bytes()),
            name: card::name_in(db, &requested.space, &requested.person)?,
            mine: requested.person == *me,
            asked: requested.asked,
            places: requested.request.places,
            word: requested.request.word,
            state,
            granted,
        });
    }
    Ok(records)
}

fn state_of(
    view: &View<'_>,
    requested: &seat_request::Requested,
    now: Millis,
) -> teilgeber_store::Result<(SeatState, u8)> {
    let id = document_id(requested.request.offer);
    let offered = offer::get(view.connection(), &id)?;
    let Some(offered) = offered.filter(|offered| offered.space == requested.space) else {
        let gone = view.is_gone(&view.space(&requested.space)?, &id)?;
        return Ok((if gone { SeatState::Withdrawn } else { SeatState::Asked }, 0));
    };
    let answer = offered.offer.answer_to(&model_id(requested.id.as_bytes()));
    Ok(match answer {
        Some(0) => (SeatState::No, 0),
        Some(granted) => (SeatState::Yes, granted),
        None if offered.offer.until() <= now => (SeatState::Over, 0),
        None => (SeatState::Asked, 0),
    })
}

fn request_in(edit: &Edit<'_>, id: Id) -> Result<seat_request::Requested> {
    let found = seat_request::get(edit.connection(), &document_id(id)).map_err(StoreError::from)?;
    found.ok_or(Error::NotHere("that request"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;
    use teilgeber_entry::EntryId;
    use teilgeber_model::{Days, Event, Line, Offer, Offering, TimeZone};
    use teilgeber_store::Report;

    use super::*;
    use crate::config::Config;
    use crate::device::space_id;

    /// How many seats there are.
    const SEATS: u8 = 3;

    /// What somebody does. The owner is device 0, who asks 1 or 2.
    #[derive(Debug, Clone)]
    enum Step {
        Ask { by: usize, places: u8, heard: bool },
        Withdraw { by: usize },
        Answer { which: prop::sample::Index, yes: bool },
        Seats { places: u8 },
        Carry { from: usize, to: usize, backward: bool },
    }

    fn step() -> impl Strategy<Value = Step> {
        let pairs = vec![(0, 1), (0, 2), (1, 0), (2, 0), (1, 2), (2, 1)];
        let carry = (prop::sample::select(pairs), any::<bool>());
        prop_oneof![
            3 => (1..3usize, 1..=SEATS, any::<bool>())
                .prop_map(|(by, places, heard)| Step::Ask { by, places, heard }),
            1 => (1..3usize).prop_map(|by| Step::Withdraw { by }),
            3 => any::<(prop::sample::Index, bool)>()
                .prop_map(|(which, yes)| Step::Answer { which, yes }),
            1 => (1..=SEATS + 2).prop_map(|places| Step::Seats { places }),
            4 => carry.prop_map(|((from, to), backward)| Step::Carry { from, to, backward }),
        ]
    }

    /// Three devices in homes of their own, in one event.
    struct Camp {
        devices: Vec<Device>,
        event: Id,
        offer: Id,
        homes: PathBuf,
    }

    impl Camp {
        fn new() -> Self {
            let number: [u8; 8] =
                Config::new("unused").random().seed().unwrap()[..8].try_into().unwrap();
            let homes = std::env::temp_dir().join(format!("teilgeber-seats-{number:02x?}"));
            let open = |name| Device::open(Config::new(homes.join(name))).unwrap().0;
            let devices: Vec<Device> = ["ada", "bela", "chloe"].map(open).into();
            let day = "2030-11-21".parse().unwrap();
            let zone = TimeZone::new("UTC").unwrap();
            let camp = Event::new(Line::new("Mill").unwrap(), Days::new(day, day).unwrap(), zone);
            let event = devices[0].create_event(&camp).unwrap();
            let code = devices[0].join_code(event, &[]).unwrap();
            devices[1..].iter().for_each(|device| drop(device.join(&code).unwrap()));
            let offer = devices[0].make_offer(event, &seats(SEATS)).unwrap();
            let camp = Self { devices, event, offer, homes };
            camp.carry(0, 1, false);
            camp.carry(0, 2, false);
            camp
        }

        /// Lets `to` know all that `from` knows of the event, last things first if `backward`.
        fn carry(&self, from: usize, to: usize, backward: bool) {
            let space = space_id(self.event);
            let batches = self.devices[from].read(|view| {
                let held = view.space(&space)?;
                let ids: Vec<EntryId> = view.items(&held)?.into_iter().map(|(_, id)| id).collect();
                let mut ids = view.in_sending_order(&held, &ids)?;
                if backward {
                    ids.reverse();
                }
                ids.iter().map(|id| Ok(view.pack(&held, &[*id], false, usize::MAX)?.0)).collect()
            });
            let batches: Vec<Vec<u8>> = batches.unwrap();
            for batch in &batches {
                let device = &self.devices[to];
                let prepared = device.store().prepare(&space, batch, false).unwrap();
                let _: Report = device.write(|edit| Ok(edit.ingest(prepared)?)).unwrap();
            }
        }

        fn take(&self, step: &Step) {
            match step {
                Step::Ask { by, places, heard } => {
                    let places = Places::new(*places).unwrap();
                    let asked =
                        self.devices[*by].ask_for_seat(self.offer, places, &Prose::default());
                    assert!(matches!(asked, Ok(_) | Err(Error::NoPlaceLeft)), "{asked:?}");
                    if *heard {
                        self.carry(*by, 0, false);
                    }
                }
                Step::Withdraw { by } => {
                    let mine = self.devices[*by].my_seat_requests(self.event).unwrap();
                    mine.iter().for_each(|it| self.devices[*by].withdraw_seat(it.id).unwrap());
                }
                Step::Answer { which, yes } => {
                    let requests = self.devices[0].seat_requests_to_me(self.event).unwrap();
                    if !requests.is_empty() {
                        let request = which.get(&requests).id;
                        let answered = self.devices[0].answer_seat(request, *yes);
                        assert!(*yes || answered.is_ok(), "{answered:?}");
                        assert!(
                            matches!(answered, Ok(()) | Err(Error::NoPlaceLeft)),
                            "{answered:?}"
                        );
                    }
                }
                Step::Seats { places } => {
                    let edited = self.devices[0].edit_offer(self.offer, &seats(*places));
                    assert!(matches!(edited, Ok(()) | Err(Error::NoPlaceLeft)), "{edited:?}");
                }
                Step::Carry { from, to, backward } => self.carry(*from, *to, *backward),
            }
        }

        /// What each device sees of the offer never grants more than there is.
        fn check(&self) {
            for device in &self.devices {
                let seen = device.offer(self.offer).unwrap();
                let all = u32::from(seen.offer.offering().places().unwrap().get());
                let granted: u32 = seen.requests.iter().map(|it| u32::from(it.granted)).sum();
                assert!(granted <= all, "{seen:?}");
                assert!(seen.free.unwrap() + granted <= all, "{seen:?}");
                let yes = seen.requests.iter().filter(|it| it.state == SeatState::Yes);
                assert!(yes.into_iter().all(|it| it.granted > 0), "{seen:?}");
            }
        }
    }

    impl Drop for Camp {
        fn drop(&mut self) {
            self.devices.clear();
            let _gone = std::fs::remove_dir_all(&self.homes);
        }
    }

    fn seats(places: u8) -> Offer {
        let (from, to) = (Line::new("Ulm").unwrap(), Line::new("Mill").unwrap());
        let places = Places::new(places).unwrap();
        Offer::new(Offering::Ride { from, to, when: Millis::MAX, places }, Millis::MAX)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_owner_ever_sees_more_yes_than_seats_and_in_the_end_all_agree(
            steps in prop::collection::vec(step(), 5..30),
        ) {
            let camp = Camp::new();
            for step in &steps {
                camp.take(step);
                camp.check();
            }
            for (from, to) in [(1, 0), (2, 0), (0, 1), (0, 2)] {
                camp.carry(from, to, false);
            }
            camp.check();

            let seen = |device: &Device| {
                let offer = device.offer(camp.offer).unwrap();
                let seats = offer.requests.iter().map(|it| (it.id, it.state, it.granted));
                (offer.offer.clone(), offer.free, seats.collect::<Vec<_>>())
            };
            for device in &camp.devices {
                prop_assert_eq!(seen(device), seen(&camp.devices[0]));
                let digests = device.digests(camp.event).unwrap();
                prop_assert_eq!(digests, camp.devices[0].digests(camp.event).unwrap());
                prop_assert!(device.rebuild().unwrap().different.is_empty());
            }
        }
    }
}
