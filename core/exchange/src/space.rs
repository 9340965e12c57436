//! One space that both sides hold, on one link.
//!
//! Each side tells the other its fingerprint and whether it is *idle*: nothing to send, nothing
//! waiting for its commit, no turn to take. Both start idle. From there:
//!
//! - Both idle, fingerprints equal: *finished*, and said so once for each fingerprint.
//! - Both idle, unequal: the initiator begins a pass. Its turns go back and forth, then both send
//!   what the other lacks, and each says its state again when it is done.
//! - Passes that change nothing end in giving up, until either set changes.
//! - News go into the same queue, at any time.

use std::collections::{BTreeSet, VecDeque};

use teilgeber_entry::batch::Form;
use teilgeber_entry::{AuthorId, EntryId, Fingerprint, SpaceId};

use crate::exchange::Event;
use crate::fault::{Error, Fault};
use crate::frame::Frame;
use crate::hello::Role;
use crate::limits::{FRUITLESS_MAX, NEWS_MAX, PASSES_MAX, TURNS_MAX, WANTS_MAX};
use crate::range::Range;
use crate::reconcile::{Answer, Snapshot};
use crate::set::{Cargo, KnownSet, Lacking};

/// A space on a link, from the answer to hello on.
pub(crate) struct Shared {
    /// The space's number on this link.
    number: usize,
    id: SpaceId,
    peer_is_member: bool,
    /// Who the peer is here, once it showed that.
    peer_author: Option<AuthorId>,
    /// What the peer was told last of what may lack here.
    told_lacking: Lacking,
    own: Fingerprint,
    /// The own set may have changed since `own` was read.
    is_stale: bool,
    told: Fingerprint,
    told_idle: bool,
    peer: Fingerprint,
    peer_idle: bool,
    peer_gave_up: bool,
    finished: Option<Fingerprint>,
    passes: Passes,
    queue: VecDeque<EntryId>,
    serving: Option<VecDeque<EntryId>>,
    want: Want,
    /// Whether to ask from the first again: at the start, and for what came in since.
    want_again: bool,
    /// Whether payloads came from elsewhere that the peer may have asked for in vain.
    payloads_came: bool,
    unacked: usize,
    unstored: usize,
    sent: u64,
    received: u64,
}

/// The reconciliations of a space: the one that runs, and what came of those before.
#[derive(Default)]
struct Passes {
    begun: u32,
    running: Option<Pass>,
    /// The fingerprints that the last pass began with.
    tried: Option<(Fingerprint, Fingerprint)>,
    fruitless: u32,
    gave_up: bool,
}

struct Pass {
    snapshot: Snapshot,
    /// The number of the peer's next turn.
    awaited: u32,
    lacking: BTreeSet<EntryId>,
}

/// Where this side stands with the payloads that it wants.
enum Want {
    /// To be asked for, after this entry.
    Due(Option<EntryId>),
    /// Asked for, up to this entry.
    Asked(EntryId),
    /// All that were wanted were asked for.
    Rest,
}

impl Shared {
    pub(crate) fn new(
        number: usize,
        id: SpaceId,
        peer_is_member: bool,
        own: Fingerprint,
        peer: Fingerprint,
    ) -> Self {
        Self {
            number,
            id,
            peer_is_member,
            peer_author: None,
            told_lacking: Lacking::default(),
            own,
            is_stale: true,
            told: own,
            told_idle: true,
            peer,
            peer_idle: true,
            peer_gave_up: false,
            finished: None,
            passes: Passes::default(),
            queue: VecDeque::new(),
            serving: None,
            want: Want::Rest,
            want_again: true,
            payloads_came: false,
            unacked: 0,
            unstored: 0,
            sent: 0,
            received: 0,
        }
    }

    pub(crate) fn id(&self) -> SpaceId {
        self.id
    }

    pub(crate) fn peer_is_member(&self) -> bool {
        self.peer_is_member
    }

    /// The peer shows its author: once, and only where both proved the key.
    pub(crate) fn handle_author(&mut self, author: AuthorId) -> Result<(), Fault> {
        match self.peer_is_member && self.peer_author.is_none() {
            true => {
                self.peer_author = Some(author);
                Ok(())
            }
            false => Err(Fault::OutOfTurn { frame: "author" }),
        }
    }

    /// Appends of what payloads may lack here, where the peer was told otherwise.
    pub(crate) fn say_what_lacks<S: KnownSet>(
        &mut self,
        set: &S,
        out: &mut Vec<u8>,
    ) -> Result<(), S::Error> {
        let lacking = set.lacking(&self.id, self.peer_author.as_ref())?;
        if lacking != self.told_lacking {
            self.told_lacking = lacking;
            Frame::Lacking { space: self.number, lacking }.write(out);
        }
        Ok(())
    }

    /// Opened between members, sealed where either side is a courier.
    pub(crate) fn form(&self) -> Form {
        if self.peer_is_member { Form::Opened } else { Form::Sealed }
    }

    /// Whether nothing is open here on this side.
    pub(crate) fn is_quiet(&self) -> bool {
        self.is_settled()
            && !self.is_stale
            && self.is_idle()
            && self.unacked == 0
            && self.serving.is_none()
            && matches!(self.want, Want::Rest)
            && !self.want_again
            && !self.payloads_came
    }

    /// Entries that came to be known elsewhere, for the peer.
    pub(crate) fn add_news(&mut self, ids: &[EntryId]) {
        self.is_stale = true;
        self.peer_gave_up = false;
        if self.queue.len() + ids.len() <= NEWS_MAX {
            self.queue.extend(ids);
        }
    }

    /// Payloads came to be here that were not, for the peer to ask for.
    pub(crate) fn add_payloads(&mut self) {
        self.payloads_came = true;
    }

    /// The peer takes a turn. What is to be answered is appended to `out`.
    pub(crate) fn handle_turn<S: KnownSet>(
        &mut self,
        role: Role,
        (pass, turn, ranges): (u32, u32, &[Range]),
        (set, handshake_hash): (&S, &[u8; 32]),
        out: &mut Vec<u8>,
    ) -> Result<(), Error<S::Error>> {
        const OUT_OF_TURN: Fault = Fault::OutOfTurn { frame: "turn" };
        self.unsettle();
        if turn == 0 {
            if role == Role::Initiator || self.passes.running.is_some() {
                return Err(OUT_OF_TURN.into());
            }
            self.begin_pass(set, handshake_hash)?;
        }
        let begun = self.passes.begun;
        let running = self.passes.running.as_mut().ok_or(OUT_OF_TURN)?;
        if pass != begun || turn != running.awaited {
            return Err(OUT_OF_TURN.into());
        }
        if turn + 1 >= TURNS_MAX {
            return Err(Fault::Endless.into());
        }
        let Answer { ranges: answer, lacking } =
            running.snapshot.answer(ranges).map_err(|_| OUT_OF_TURN)?;
        running.lacking.extend(lacking);
        running.awaited = turn + 2;
        let asks = |ranges: &[Range]| ranges.iter().any(|range| range.matter.is_question());
        let goes_on = asks(ranges) && asks(&answer);
        if asks(ranges) {
            Frame::Turn { space: self.number, pass, turn: turn + 1, ranges: answer }.write(out);
        }
        if !goes_on {
            self.end_pass(set)?;
        }
        Ok(())
    }

    /// The peer sent a window.
    pub(crate) fn handle_window(&mut self, cargo: Cargo) -> Result<(), Fault> {
        match cargo {
            Cargo::Entries => self.unsettle_peer(),
            Cargo::Payloads if matches!(self.want, Want::Asked(_)) => {}
            Cargo::Payloads => return Err(Fault::OutOfTurn { frame: "payloads" }),
        }
        self.unstored += 1;
        Ok(())
    }

    /// A window of the peer was committed. Gives what the acknowledgement says.
    pub(crate) fn handle_stored<S: KnownSet>(
        &mut self,
        cargo: Cargo,
        new: u32,
        set: &S,
    ) -> Result<(bool, Fingerprint), S::Error> {
        self.unstored = self.unstored.saturating_sub(1);
        self.is_stale = true;
        self.refresh(set)?;
        if cargo == Cargo::Entries {
            self.received += u64::from(new);
            self.want_again |= new > 0;
        }
        self.told = self.own;
        self.told_idle = self.is_idle();
        Ok((self.told_idle, self.own))
    }

    pub(crate) fn handle_ack(&mut self, idle: bool, fingerprint: Fingerprint) {
        self.unacked = self.unacked.saturating_sub(1);
        self.peer_idle = idle && self.passes.running.is_none();
        self.peer = fingerprint;
    }

    pub(crate) fn handle_state(
        &mut self,
        gave_up: bool,
        fingerprint: Fingerprint,
    ) -> Option<Event> {
        self.peer_idle = self.passes.running.is_none();
        self.peer = fingerprint;
        // The peer may have payloads now that it had not when it was asked.
        self.want_again = true;
        let is_news = gave_up && !self.peer_gave_up;
        self.peer_gave_up = gave_up;
        is_news.then_some(Event::Unequal { space: self.id })
    }

    pub(crate) fn handle_want(&mut self, ids: Vec<EntryId>) -> Result<(), Fault> {
        match self.serving {
            Some(_) => Err(Fault::OutOfTurn { frame: "want" }),
            None => {
                self.serving = Some(ids.into());
                Ok(())
            }
        }
    }

    pub(crate) fn handle_served(&mut self) -> Result<(), Fault> {
        match self.want {
            Want::Asked(last) => {
                self.want = Want::Due(Some(last));
                Ok(())
            }
            _ => Err(Fault::OutOfTurn { frame: "served" }),
        }
    }

    /// The first ids that the next window may carry, at most `most`. None while a pass runs, so that
    /// all that it finds is sent in one order.
    pub(crate) fn to_send(&self, cargo: Cargo, most: usize) -> Vec<EntryId> {
        let queue = match cargo {
            Cargo::Entries if self.passes.running.is_some() => None,
            Cargo::Entries => Some(&self.queue),
            Cargo::Payloads => self.serving.as_ref(),
        };
        queue.into_iter().flatten().take(most).copied().collect()
    }

    /// The first `count` of what was to be sent are dealt with; `is_sent` if a window went out.
    pub(crate) fn shipped(&mut self, cargo: Cargo, count: usize, is_sent: bool) {
        let queue = match cargo {
            Cargo::Entries => &mut self.queue,
            Cargo::Payloads => self.serving.get_or_insert_default(),
        };
        queue.drain(..count.max(1).min(queue.len()));
        if is_sent {
            self.unacked += 1;
            if cargo == Cargo::Entries {
                self.sent += count as u64;
                self.told_idle = false;
            }
        }
    }

    /// How many entries wait to be sent.
    pub(crate) fn waiting(&self) -> u64 {
        self.queue.len() as u64
    }

    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.sent, self.received)
    }

    /// Goes on where nothing else is to be waited for: says the own state, finishes, begins a pass,
    /// asks for payloads. Appends frames to `out`.
    pub(crate) fn advance<S: KnownSet>(
        &mut self,
        role: Role,
        (set, handshake_hash): (&S, &[u8; 32]),
        out: &mut Vec<u8>,
    ) -> Result<Option<Event>, Error<S::Error>> {
        self.refresh(set).map_err(Error::Set)?;
        if self.serving.as_ref().is_some_and(VecDeque::is_empty) {
            self.serving = None;
            Frame::Served { space: self.number }.write(out);
        }
        let mut event = None;
        if self.is_idle() {
            if self.unacked == 0 && self.peer_idle {
                event = self.compare(role, (set, handshake_hash), out)?;
            }
            let is_told = self.told == self.own && self.told_idle && !self.payloads_came;
            if self.is_idle() && !is_told {
                self.say_state(out);
            }
        }
        if self.is_settled() {
            self.ask(set, out).map_err(Error::Set)?;
        }
        Ok(event)
    }

    fn compare<S: KnownSet>(
        &mut self,
        role: Role,
        (set, handshake_hash): (&S, &[u8; 32]),
        out: &mut Vec<u8>,
    ) -> Result<Option<Event>, Error<S::Error>> {
        if self.own == self.peer {
            return Ok(self.finish());
        }
        let now = Some((self.own, self.peer));
        if role == Role::Responder || (self.passes.gave_up && self.passes.tried == now) {
            return Ok(None);
        }
        self.passes.fruitless =
            if self.passes.tried == now { self.passes.fruitless + 1 } else { 0 };
        self.passes.tried = now;
        self.passes.gave_up =
            self.passes.fruitless >= FRUITLESS_MAX || self.passes.begun == PASSES_MAX;
        if self.passes.gave_up {
            self.say_state(out);
            return Ok(Some(Event::Unequal { space: self.id }));
        }
        self.begin_pass(set, handshake_hash)?;
        let (space, pass) = (self.number, self.passes.begun);
        if let Some(running) = &mut self.passes.running {
            running.awaited = 1;
            let ranges = running.snapshot.opening();
            Frame::Turn { space, pass, turn: 0, ranges }.write(out);
        }
        Ok(None)
    }

    fn finish(&mut self) -> Option<Event> {
        if self.finished == Some(self.own) {
            return None;
        }
        self.finished = Some(self.own);
        self.passes.gave_up = false;
        self.passes.tried = None;
        self.peer_gave_up = false;
        let (sent, received) = (std::mem::take(&mut self.sent), std::mem::take(&mut self.received));
        Some(Event::Finished { space: self.id, fingerprint: self.own, sent, received })
    }

    fn ask<S: KnownSet>(&mut self, set: &S, out: &mut Vec<u8>) -> Result<(), S::Error> {
        if self.want_again && matches!(self.want, Want::Rest) {
            (self.want, self.want_again) = (Want::Due(None), false);
        }
        let Want::Due(after) = self.want else { return Ok(()) };
        let ids = set.wanted(&self.id, after, WANTS_MAX)?;
        self.want = match ids.last() {
            Some(last) => Want::Asked(*last),
            None => Want::Rest,
        };
        if !ids.is_empty() {
            Frame::Want { space: self.number, ids }.write(out);
        }
        Ok(())
    }

    fn begin_pass<S: KnownSet>(
        &mut self,
        set: &S,
        handshake_hash: &[u8; 32],
    ) -> Result<(), Error<S::Error>> {
        if self.passes.begun == PASSES_MAX {
            return Err(Fault::Endless.into());
        }
        self.passes.begun += 1;
        self.unsettle();
        let items = set.items(&self.id).map_err(Error::Set)?;
        let snapshot = Snapshot::new(items, handshake_hash, &self.id, self.passes.begun);
        self.passes.running = Some(Pass { snapshot, awaited: 0, lacking: BTreeSet::new() });
        Ok(())
    }

    /// Queues what the peer lacks, together with what was queued before.
    fn end_pass<S: KnownSet>(&mut self, set: &S) -> Result<(), Error<S::Error>> {
        let Some(Pass { mut lacking, .. }) = self.passes.running.take() else { return Ok(()) };
        if !lacking.is_empty() {
            lacking.extend(self.queue.drain(..));
            let ids = lacking.into_iter().collect();
            self.queue = set.in_sending_order(&self.id, ids).map_err(Error::Set)?.into();
        }
        Ok(())
    }

    fn say_state(&mut self, out: &mut Vec<u8>) {
        (self.told, self.told_idle) = (self.own, true);
        self.payloads_came = false;
        let (space, gave_up, fingerprint) = (self.number, self.passes.gave_up, self.own);
        Frame::State { space, gave_up, fingerprint }.write(out);
    }

    fn unsettle(&mut self) {
        self.told_idle = false;
        self.unsettle_peer();
    }

    fn unsettle_peer(&mut self) {
        self.peer_idle = false;
        self.peer_gave_up = false;
    }

    /// Whether the two sides have agreed, or agreed to differ.
    fn is_settled(&self) -> bool {
        (self.finished == Some(self.own) && self.peer == self.own)
            || self.passes.gave_up
            || self.peer_gave_up
    }

    fn is_idle(&self) -> bool {
        self.passes.running.is_none() && self.queue.is_empty() && self.unstored == 0
    }

    fn refresh<S: KnownSet>(&mut self, set: &S) -> Result<(), S::Error> {
        if self.is_stale {
            self.own = set.fingerprint(&self.id)?;
            self.is_stale = false;
            if self.passes.tried.is_some_and(|(own, _)| own != self.own) {
                self.passes.gave_up = false;
            }
        }
        Ok(())
    }
}
