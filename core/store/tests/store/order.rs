//! Rule 8: the same set of entries gives the same state, whatever the order, the batches and the
//! repetitions in which it came. Edits of three devices, one of them restored from a backup beside
//! itself (forks), with erasures, grants, revocations, hides and withdrawals.

use proptest::prelude::*;
use proptest::sample::Index;
use teilgeber_entry::statement::{Cut, Target};
use teilgeber_entry::{DocumentId, EntryId, SpaceId, Statement};

use crate::world::{EventKey, Phone, founded};

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Pitch,
    Retitle(Index),
    Place(Index, u8),
    Appear(u8),
    Erase(Index),
    Withdraw(Index),
    Hide(Index),
    Unhide,
    Grant(Index),
    Revoke(Index, Option<Index>),
    Policy(Index),
    Meet(Index),
}

pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    let index = any::<Index>;
    prop_oneof![
        4 => Just(Step::Pitch),
        6 => index().prop_map(Step::Retitle),
        4 => (index(), 0_u8..3).prop_map(|(session, room)| Step::Place(session, room)),
        3 => (0_u8..4).prop_map(Step::Appear),
        1 => index().prop_map(Step::Erase),
        1 => index().prop_map(Step::Withdraw),
        1 => index().prop_map(Step::Hide),
        1 => Just(Step::Unhide),
        2 => index().prop_map(Step::Grant),
        2 => (index(), prop::option::of(index())).prop_map(|(who, at)| Step::Revoke(who, at)),
        1 => index().prop_map(Step::Policy),
        5 => index().prop_map(Step::Meet),
    ]
}

/// The devices and what they have made.
pub(crate) struct Camp {
    pub(crate) event: EventKey,
    phones: Vec<Phone>,
    sessions: Vec<DocumentId>,
    hides: Vec<EntryId>,
}

impl Camp {
    /// Ada founds, Bela and Cleo come, and Cleo's backup is restored beside her phone.
    pub(crate) fn new() -> Self {
        let (event, mut ada) = founded(1);
        let space = event.id();
        let sessions = vec![ada.pitch(&space, "Opening")];
        let mut bela = Phone::new(2, &event);
        let mut cleo = Phone::new(3, &event);
        bela.take_all(&space, &ada);
        cleo.take_all(&space, &ada);
        cleo.appear(&space, "Cleo");
        let twin = cleo.copy(4);
        Self { event, phones: vec![ada, bela, cleo, twin], sessions, hides: Vec::new() }
    }

    pub(crate) fn step(&mut self, who: usize, at: usize, step: &Step) {
        let space = self.event.id();
        let session = |index: &Index| self.sessions[index.index(self.sessions.len())];
        match step {
            Step::Pitch => {
                // Who was revoked is told so, and nothing is written.
                self.sessions.extend(self.phones[who].try_pitch(&space, &format!("Session {at}")));
            }
            Step::Retitle(of) => {
                let id = session(of);
                self.phones[who].retitle(&space, &id, &format!("Title {at}"));
            }
            Step::Place(of, room) => {
                let id = session(of);
                let room_name = format!("Room {room}");
                let _ = self.phones[who].try_place(&space, &id, &room_name, u64::from(*room));
            }
            Step::Appear(name) => {
                let _ = self.phones[who].try_appear(&space, &format!("Person {who} {name}"));
            }
            Step::Erase(of) => {
                let id = session(of);
                self.phones[who].say(&space, Statement::Erase(id));
            }
            Step::Withdraw(of) => {
                let target = Target::Document(session(of));
                self.phones[who].say(&space, Statement::Withdraw(target));
            }
            Step::Hide(of) => {
                let target = Target::Document(session(of));
                self.hides.push(self.phones[who].say(&space, Statement::Hide(target)));
            }
            Step::Unhide => {
                let mut hides = self.hides.clone();
                hides.sort_unstable();
                hides.dedup();
                hides.truncate(2);
                if !hides.is_empty() {
                    self.phones[who].say(&space, Statement::Unhide(hides));
                }
            }
            Step::Grant(to) => {
                let to = to.index(self.phones.len());
                let author = self.phones[to].author(&space);
                self.phones[who].say(&space, Statement::Grant(author));
            }
            Step::Revoke(whom, at) => {
                let whom = whom.index(self.phones.len());
                let author = self.phones[whom].author(&space);
                let cut = at.and_then(|at| cut_of(&self.phones[whom], &space, at));
                self.phones[who].say(&space, Statement::Revoke(author, cut));
            }
            Step::Policy(of) => {
                let policy = teilgeber_entry::statement::Strictness::OffTheRecord;
                let id = session(of);
                self.phones[who].say(&space, Statement::Policy(id, policy));
            }
            Step::Meet(other) => {
                let other = other.index(self.phones.len());
                if other != who {
                    let entries = self.phones[other].entries(&space);
                    self.phones[who].take(&space, &entries);
                }
            }
        }
    }

    /// All meet all, until nobody has words to write again that were lost in a fork.
    pub(crate) fn meet(&mut self) {
        let space = self.event.id();
        loop {
            let entries = self.entries();
            for phone in &mut self.phones {
                phone.take(&space, &entries);
            }
            let prints: Vec<_> =
                self.phones.iter().map(|phone| phone.fingerprint(&space)).collect();
            if prints.iter().all(|print| *print == prints[0]) {
                return;
            }
        }
    }

    /// Everything that any device made.
    pub(crate) fn entries(&self) -> Vec<Vec<u8>> {
        self.phones.iter().flat_map(|phone| phone.entries(&self.event.id())).collect()
    }
}

/// Some entry of the phone's own author, as a revocation would name it.
fn cut_of(phone: &Phone, space: &SpaceId, at: Index) -> Option<Cut> {
    let parcels: Vec<_> = phone
        .entries(space)
        .iter()
        .flat_map(|bytes| teilgeber_entry::batch::decode(bytes, space, None).unwrap())
        .collect();
    let parcel = parcels.get(at.index(parcels.len().max(1)))?;
    Some(Cut { seq: parcel.envelope.header().seq, entry: parcel.envelope.id() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_same_entries_give_the_same_state_in_any_order(
        steps in prop::collection::vec((0_usize..4, any_step()), 1..30),
        orders in prop::collection::vec(any::<u64>(), 3),
    ) {
        let mut camp = Camp::new();
        for (at, (who, step)) in steps.iter().enumerate() {
            camp.step(*who, at, step);
        }
        let space = camp.event.id();
        // Taken before the meeting: with the branches that will lose their forks.
        let mut entries = camp.entries();
        camp.meet();
        entries.extend(camp.entries());

        let mut observers: Vec<Phone> = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            let mut observer = Phone::new(10 + number as u8, &camp.event);
            for batch in shuffled(&entries, *order).chunks(1 + (*order as usize % 7)) {
                observer.take(&space, batch);
            }
            // Repetitions, and payloads that are wanted again once a fork is decided.
            observer.take(&space, &entries);
            observers.push(observer);
        }

        for phone in &mut camp.phones {
            phone.take(&space, &entries);
            phone.take(&space, &entries);
        }
        let expected = observers[0].state(&space);
        for phone in observers.iter_mut().chain(&mut camp.phones) {
            prop_assert_eq!(phone.fingerprint(&space), observers_fingerprint(&expected, phone, &space));
            prop_assert_eq!(&phone.state(&space), &expected);
            prop_assert_eq!(phone.rebuild(), Vec::<String>::new());
        }
    }
}

/// Found by the property above: a put that had superseded another loses its fork to a statement.
#[test]
fn a_put_is_wanted_again_when_the_one_after_it_loses_its_fork() {
    for number in 0..8 {
        let mut camp = Camp::new();
        let space = camp.event.id();
        let session = camp.sessions[0];
        camp.phones[3].pitch(&space, &format!("So that hashes differ {number}"));
        camp.phones[3].say(&space, Statement::Erase(session));
        camp.phones[2].appear(&space, "Cleo again");
        let mut entries = camp.entries();
        camp.meet();
        entries.extend(camp.entries());
        let mut observer = Phone::new(10, &camp.event);
        observer.take(&space, &entries);
        observer.take(&space, &entries);
        for phone in &mut camp.phones {
            // What is wanted again is only known once the fork is decided.
            phone.take(&space, &entries);
            phone.take(&space, &entries);
            assert_eq!(phone.state(&space), observer.state(&space));
        }
    }
}

/// Found by the property above: a policy counts from the moment its speaker is an organiser.
#[test]
fn a_policy_counts_whether_its_speaker_was_granted_before_or_after() {
    let policy = teilgeber_entry::statement::Strictness::OffTheRecord;
    let mut camp = Camp::new();
    let (space, opening) = (camp.event.id(), camp.sessions[0]);
    let belas = camp.phones[1].author(&space);
    camp.phones[1].say(&space, Statement::Policy(opening, policy));
    let said = camp.entries();
    let mut early = Phone::new(10, &camp.event);
    early.take(&space, &said);
    camp.phones[0].say(&space, Statement::Grant(belas));
    let all = camp.entries();
    early.take(&space, &all);
    let mut late = Phone::new(11, &camp.event);
    late.take(&space, &all);
    assert_eq!(early.state(&space), late.state(&space));
}

/// The fingerprint must be that of the entries in `expected`; equal digests of all entries say so.
fn observers_fingerprint(
    expected: &std::collections::BTreeMap<String, [u8; 32]>,
    phone: &Phone,
    space: &SpaceId,
) -> teilgeber_entry::Fingerprint {
    let mut state = teilgeber_entry::LtHash::empty();
    let items = phone.store.read(|view| view.items(&view.space(space)?)).unwrap();
    items.iter().for_each(|(_, id)| state.add(id));
    assert_eq!(phone.state(space).get("entries"), expected.get("entries"));
    state.fingerprint()
}

/// How many cases: a few by default, `STORE_CASES` for a long run.
pub(crate) fn cases() -> u32 {
    std::env::var("STORE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}

pub(crate) fn shuffled(entries: &[Vec<u8>], seed: u64) -> Vec<Vec<u8>> {
    let mut keyed: Vec<_> = entries
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&seed.to_be_bytes()).update(&at.to_be_bytes());
            (*hasher.finalize().as_bytes(), entry.clone())
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|(_, entry)| entry).collect()
}
