//! The dialogue of one link: hello, then each space in turn, within the bounds of the link.

use std::collections::{BTreeMap, VecDeque};

use teilgeber_entry::batch::Form;
use teilgeber_entry::{AuthorId, EntryId, Fingerprint, SpaceId};

use crate::fault::{Error, Fault, OfferError};
use crate::frame::{Frame, Inbox};
use crate::hello::{Hello, Offers, Role, SpaceOffer, Standing, VERSION};
use crate::limits::{
    REFUSED_MAX, STALL_MS, WINDOW_BYTES, WINDOW_BYTES_FIRST, WINDOW_BYTES_MAX, WINDOW_BYTES_MIN,
    WINDOW_DOUBLINGS, WINDOWS_MAX,
};
use crate::set::{Cargo, KnownSet, Lacking, Packed, Stored, WindowId};
use crate::space::Shared;

/// How many ids [`KnownSet::pack`] is shown at once: as many as one batch may hold.
const PACK_IDS_MAX: usize = teilgeber_entry::limits::BATCH_ENTRIES_MAX;

/// A moment, in ms since any beginning that the caller keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(pub u64);

/// What the caller may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Most bytes of a window, between [`WINDOW_BYTES_MIN`] and [`WINDOW_BYTES_MAX`]: fewer on a slow
    /// link, where a cut loses what is not committed yet. A link begins with
    /// [`WINDOW_BYTES_FIRST`] and doubles up to this.
    pub window_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { window_bytes: WINDOW_BYTES }
    }
}

/// What the caller is to do, beside moving bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// Verify this batch, store what holds in one transaction, and report it to
    /// [`Exchange::handle_stored`].
    Store {
        /// To report with.
        window: WindowId,
        /// The space of the batch.
        space: SpaceId,
        /// What is in the batch.
        cargo: Cargo,
        /// How it must be packed: opened only on a link where both sides proved the key.
        form: Form,
        /// The batch, as a peer's bytes: not looked at here.
        batch: Vec<u8>,
        /// Whether authors who are not known yet must bring their admission, because the peer did
        /// not prove the key.
        admission_needed: bool,
    },
}

/// What happened, to show or to note down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The peer holds this space too.
    Met {
        /// The space.
        space: SpaceId,
        /// Whether it proved the key, and so did this side; else one of the two is a courier.
        peer_is_member: bool,
    },
    /// The peer showed who it is in this space.
    Shown {
        /// The space.
        space: SpaceId,
        /// The peer's author there. Its signature holds for this link.
        author: AuthorId,
    },
    /// Some entries came or went.
    Progress {
        /// The space.
        space: SpaceId,
        /// Entries sent since the last [`Event::Finished`].
        sent: u64,
        /// Entries that wait to be sent.
        waiting: u64,
        /// Entries received and new since then.
        received: u64,
    },
    /// Both sides know the same set, and both have committed it.
    Finished {
        /// The space.
        space: SpaceId,
        /// The fingerprint of that set. An edit made here meanwhile is not in it.
        fingerprint: Fingerprint,
        /// Entries sent since the last time.
        sent: u64,
        /// Entries received and new since then.
        received: u64,
    },
    /// The two sides stay unequal in this space until one of them changes: one refuses what the
    /// other has.
    Unequal {
        /// The space.
        space: SpaceId,
    },
    /// The peer may lack payloads of some of what it knows. It says so before [`Event::Quiet`], and again
    /// where that changed; one that says nothing lacks nothing.
    Lacking {
        /// The space.
        space: SpaceId,
        /// Of what.
        lacking: Lacking,
    },
    /// Nothing is open on either side, in any space. Closing the link now costs nothing; keeping it
    /// lets news pass at once.
    Quiet,
}

/// Where hello stands.
enum Stage {
    /// For the peer's hello.
    AwaitingHello,
    /// The initiator, for the spaces that match.
    AwaitingSpaces,
    /// The responder, for the answer about these of its offers.
    AwaitingAnswer(Vec<(usize, Fingerprint)>),
    /// Done.
    Met,
}

/// The exchange with one peer over one link. See the [crate's documentation](crate) for the loop.
pub struct Exchange {
    role: Role,
    handshake_hash: [u8; 32],
    offers: Offers,
    config: Config,
    stage: Stage,
    spaces: Vec<Shared>,
    inbox: Inbox,
    out: Vec<u8>,
    plans: VecDeque<Plan>,
    events: VecDeque<Event>,
    windows: Windows,
    refused: u32,
    told_quiet: bool,
    peer_quiet: bool,
    waits_since: Millis,
    fault: Option<Fault>,
}

/// The windows on their way, by number.
#[derive(Default)]
struct Windows {
    next_sent: u32,
    /// Each window's space, until it is acknowledged.
    unacked: BTreeMap<u32, usize>,
    next_received: u32,
    /// Each window's space and cargo, until it is committed.
    unstored: BTreeMap<u32, (usize, Cargo)>,
}

impl Exchange {
    /// Begins the exchange on a link whose handshake is done.
    ///
    /// `handshake_hash` is the same on both sides and on no other link. `seed` is 32 secret random
    /// bytes, used for this link only: the padding among the blinded names is drawn from it.
    ///
    /// # Errors
    /// [`OfferError`] when `spaces` are too many or name one twice.
    pub fn new(
        role: Role,
        handshake_hash: [u8; 32],
        spaces: Vec<SpaceOffer>,
        config: Config,
        seed: [u8; 32],
        now: Millis,
    ) -> Result<Self, OfferError> {
        let offers = Offers::new(role, handshake_hash, spaces)?;
        let mut out = Vec::new();
        if role == Role::Initiator {
            Frame::Hello(Hello { names: offers.names(&seed) }).write(&mut out);
        }
        let window_bytes = config.window_bytes.clamp(WINDOW_BYTES_MIN, WINDOW_BYTES_MAX);
        Ok(Self {
            role,
            handshake_hash,
            offers,
            config: Config { window_bytes },
            stage: Stage::AwaitingHello,
            spaces: Vec::new(),
            inbox: Inbox::default(),
            out,
            plans: VecDeque::new(),
            events: VecDeque::new(),
            windows: Windows::default(),
            refused: 0,
            told_quiet: false,
            peer_quiet: false,
            waits_since: now,
            fault: None,
        })
    }

    /// Takes the next bytes of the stream, in chunks of any size.
    ///
    /// # Errors
    /// [`Error::Peer`] when the peer lost its link: send what [`poll_transmit`](Self::poll_transmit)
    /// still has, which tells the peer why, and close. [`Error::Set`] when `set` could not be read.
    pub fn handle_bytes<S: KnownSet>(
        &mut self,
        bytes: &[u8],
        set: &S,
        now: Millis,
    ) -> Result<(), Error<S::Error>> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone().into());
        }
        if self.inbox.add(bytes) {
            self.waits_since = now;
        }
        let result = self.handle_frames(set, now);
        if let Err(Error::Peer(fault)) = &result {
            self.fail(fault.clone());
        }
        result
    }

    /// Takes the caller's report that a batch was stored and committed. Only then is it
    /// acknowledged. A window that is not waiting is passed over.
    ///
    /// # Errors
    /// As [`handle_bytes`](Self::handle_bytes).
    pub fn handle_stored<S: KnownSet>(
        &mut self,
        window: WindowId,
        stored: Stored,
        set: &S,
        now: Millis,
    ) -> Result<(), Error<S::Error>> {
        let Some((space, cargo)) = self.windows.unstored.remove(&window.0) else { return Ok(()) };
        self.waits_since = now;
        self.refused = self.refused.saturating_add(stored.refused);
        if self.refused > REFUSED_MAX {
            let fault = Fault::Refused { count: self.refused };
            self.fail(fault.clone());
            return Err(fault.into());
        }
        let shared = &mut self.spaces[space];
        let (idle, fingerprint) =
            shared.handle_stored(cargo, stored.new, set).map_err(Error::Set)?;
        Frame::Ack { window: window.0, idle, fingerprint }.write(&mut self.out);
        self.note_progress(space);
        Ok(())
    }

    /// Entries came to be known that did not come over this link: by an edit here, or from another
    /// link. The peer is sent them at once. Each author's in order.
    pub fn handle_news(&mut self, space: &SpaceId, ids: &[EntryId]) {
        if let Some(shared) = self.spaces.iter_mut().find(|shared| shared.id() == *space) {
            shared.add_news(ids);
            self.told_quiet = false;
        }
    }

    /// Payloads came that did not come over this link, of entries that were known. The peer is told that
    /// there may be what it asked for in vain.
    pub fn handle_payloads(&mut self, space: &SpaceId) {
        if let Some(shared) = self.spaces.iter_mut().find(|shared| shared.id() == *space) {
            shared.add_payloads();
            self.told_quiet = false;
        }
    }

    /// Tells the time, at [`poll_timeout`](Self::poll_timeout) or later.
    ///
    /// # Errors
    /// [`Fault::Stalled`] when the peer left this side waiting for too long.
    pub fn handle_time(&mut self, now: Millis) -> Result<(), Fault> {
        match self.poll_timeout() {
            Some(deadline) if now >= deadline => {
                self.fail(Fault::Stalled);
                Err(Fault::Stalled)
            }
            _ => Ok(()),
        }
    }

    /// The next bytes for the peer, to be handed to the link whole: at most one window and what goes
    /// with it. Call again once the link took them, until there are none.
    ///
    /// # Errors
    /// When `set` could not be read, or [`Error::Peer`] when passes have no end.
    pub fn poll_transmit<S: KnownSet>(
        &mut self,
        set: &S,
        now: Millis,
    ) -> Result<Option<Vec<u8>>, Error<S::Error>> {
        let mut out = std::mem::take(&mut self.out);
        if self.fault.is_none() && matches!(self.stage, Stage::Met) {
            self.send_window(set, &mut out).map_err(Error::Set)?;
            for shared in &mut self.spaces {
                let context = (set, &self.handshake_hash);
                self.events.extend(shared.advance(self.role, context, &mut out)?);
            }
            self.say_quiet(set, &mut out).map_err(Error::Set)?;
        }
        if out.is_empty() {
            return Ok(None);
        }
        self.waits_since = now;
        Ok(Some(out))
    }

    /// The next thing to do.
    pub fn poll_plan(&mut self) -> Option<Plan> {
        self.plans.pop_front()
    }

    /// The next thing that happened. Poll after every other call, until there is none.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`handle_time`](Self::handle_time) is due, if this side is waiting for its peer.
    pub fn poll_timeout(&self) -> Option<Millis> {
        let waits_for_peer = !(self.told_quiet && self.peer_quiet) || self.inbox.is_inside_frame();
        let waits = self.fault.is_none() && self.windows.unstored.is_empty() && waits_for_peer;
        waits.then(|| Millis(self.waits_since.0.saturating_add(STALL_MS)))
    }

    /// Whether nothing is open on either side: see [`Event::Quiet`].
    pub fn is_quiet(&self) -> bool {
        self.told_quiet && self.peer_quiet && self.rests()
    }

    fn handle_frames<S: KnownSet>(&mut self, set: &S, now: Millis) -> Result<(), Error<S::Error>> {
        while let Some(slot) = self.inbox.next()? {
            // The frame borrows the inbox, which nothing else touches while it is handled.
            let inbox = std::mem::take(&mut self.inbox);
            let handled = inbox.read(&slot).map_err(Error::Peer).and_then(|frame| {
                self.waits_since = now;
                self.peer_quiet &= matches!(frame, Frame::Quiet | Frame::Skipped);
                self.handle_frame(frame, set)
            });
            self.inbox = inbox;
            handled?;
        }
        Ok(())
    }

    fn handle_frame<S: KnownSet>(
        &mut self,
        frame: Frame<'_>,
        set: &S,
    ) -> Result<(), Error<S::Error>> {
        let out_of_turn = Fault::OutOfTurn { frame: frame.name() };
        match (frame, &self.stage) {
            (Frame::Skipped, _) => Ok(()),
            (Frame::Farewell { code, version }, _) => Err(Fault::Farewell { code, version }.into()),
            (Frame::Hello(hello), Stage::AwaitingHello) => self.handle_hello(&hello, set),
            (Frame::Spaces(spaces), Stage::AwaitingSpaces) => self.handle_spaces(&spaces, set),
            (Frame::Answer(answers), Stage::AwaitingAnswer(_)) => {
                Ok(self.handle_answers(&answers)?)
            }
            (Frame::Quiet, Stage::Met) => {
                self.peer_quiet = true;
                self.note_quiet();
                Ok(())
            }
            (frame, Stage::Met) => self.handle_in_space(frame, out_of_turn, set),
            _ => Err(out_of_turn.into()),
        }
    }

    fn handle_hello<S: KnownSet>(&mut self, hello: &Hello, set: &S) -> Result<(), Error<S::Error>> {
        if self.role == Role::Initiator {
            self.stage = Stage::AwaitingSpaces;
            return Ok(());
        }
        let mut matching = Vec::new();
        let mut spaces = Vec::new();
        for at in self.offers.matching(&hello.names)? {
            let own = set.fingerprint(&self.offers.id(at)).map_err(Error::Set)?;
            spaces.push((self.offers.own_name(at), self.offers.standing(at, own)));
            matching.push((at, own));
        }
        Frame::Hello(Hello { names: Vec::new() }).write(&mut self.out);
        Frame::Spaces(spaces).write(&mut self.out);
        self.stage = match matching.is_empty() {
            true => Stage::Met,
            false => Stage::AwaitingAnswer(matching),
        };
        Ok(())
    }

    fn handle_spaces<S: KnownSet>(
        &mut self,
        spaces: &[([u8; 8], Standing)],
        set: &S,
    ) -> Result<(), Error<S::Error>> {
        let mut answers = Vec::new();
        let mut met = Vec::new();
        for (name, theirs) in spaces {
            let at = self.offers.find(name).ok_or(Fault::UnknownName)?;
            if met.contains(&at) {
                return Err(Fault::UnknownName.into());
            }
            let own = set.fingerprint(&self.offers.id(at)).map_err(Error::Set)?;
            self.meet(at, own, theirs)?;
            answers.push(self.offers.standing(at, own));
            met.push(at);
        }
        if !answers.is_empty() {
            Frame::Answer(answers).write(&mut self.out);
        }
        self.show_authors(&met);
        self.stage = Stage::Met;
        Ok(())
    }

    fn handle_answers(&mut self, answers: &[Standing]) -> Result<(), Fault> {
        let Stage::AwaitingAnswer(matching) = std::mem::replace(&mut self.stage, Stage::Met) else {
            return Ok(());
        };
        if answers.len() != matching.len() {
            return Err(Fault::OutOfTurn { frame: "answer" });
        }
        for ((at, own), theirs) in matching.iter().zip(answers) {
            self.meet(*at, *own, theirs)?;
        }
        let met: Vec<usize> = matching.iter().map(|(at, _)| *at).collect();
        self.show_authors(&met);
        Ok(())
    }

    fn meet(&mut self, at: usize, own: Fingerprint, theirs: &Standing) -> Result<(), Fault> {
        let peer_is_member = self.offers.check_proof(at, theirs)?;
        let space = self.offers.id(at);
        let number = self.spaces.len();
        self.spaces.push(Shared::new(number, space, peer_is_member, own, theirs.fingerprint));
        self.events.push_back(Event::Met { space, peer_is_member });
        Ok(())
    }

    /// Shows the own authors, where the peer has proven the key and they are to be shown.
    fn show_authors(&mut self, met: &[usize]) {
        for (space, at) in met.iter().enumerate().filter(|(n, _)| self.spaces[*n].peer_is_member())
        {
            if let Some((author, signature)) = self.offers.author(*at) {
                Frame::Author { space, author, signature }.write(&mut self.out);
            }
        }
    }

    fn handle_in_space<S: KnownSet>(
        &mut self,
        frame: Frame<'_>,
        out_of_turn: Fault,
        set: &S,
    ) -> Result<(), Error<S::Error>> {
        let count = self.spaces.len();
        let known = |space: usize| if space < count { Ok(space) } else { Err(out_of_turn.clone()) };
        match frame {
            Frame::Author { space, author, signature } => {
                let shared = &mut self.spaces[known(space)?];
                shared.handle_author(author)?;
                self.offers.check_author(&author, &signature)?;
                self.events.push_back(Event::Shown { space: shared.id(), author });
            }
            Frame::Turn { space, pass, turn, ranges } => {
                let shared = &mut self.spaces[known(space)?];
                let context = (set, &self.handshake_hash);
                shared.handle_turn(self.role, (pass, turn, &ranges), context, &mut self.out)?;
            }
            Frame::Window { space, cargo, batch } => {
                self.handle_window(known(space)?, cargo, batch)?;
            }
            Frame::Ack { window, idle, fingerprint } => {
                let space = self.windows.unacked.remove(&window).ok_or(out_of_turn)?;
                self.spaces[space].handle_ack(idle, fingerprint);
                self.note_progress(space);
            }
            Frame::State { space, gave_up, fingerprint } => {
                let event = self.spaces[known(space)?].handle_state(gave_up, fingerprint);
                self.events.extend(event);
            }
            Frame::Want { space, ids } => self.spaces[known(space)?].handle_want(ids)?,
            Frame::Served { space } => self.spaces[known(space)?].handle_served()?,
            Frame::Lacking { space, lacking } => {
                let space = self.spaces[known(space)?].id();
                // The last word counts.
                let is_older = |event: &Event| matches!(event, Event::Lacking { space: of, .. } if *of == space);
                self.events.retain(|event| !is_older(event));
                self.events.push_back(Event::Lacking { space, lacking });
            }
            _ => return Err(out_of_turn.into()),
        }
        Ok(())
    }

    fn handle_window(&mut self, space: usize, cargo: Cargo, batch: &[u8]) -> Result<(), Fault> {
        if self.windows.unstored.len() == WINDOWS_MAX {
            return Err(Fault::Flood);
        }
        let shared = &mut self.spaces[space];
        shared.handle_window(cargo)?;
        let window = self.windows.next_received;
        self.windows.next_received = window.wrapping_add(1);
        self.windows.unstored.insert(window, (space, cargo));
        self.plans.push_back(Plan::Store {
            window: WindowId(window),
            space: shared.id(),
            cargo,
            form: shared.form(),
            batch: batch.to_vec(),
            admission_needed: !shared.peer_is_member(),
        });
        Ok(())
    }

    /// Appends one window, from the first space that has something to send: entries before payloads.
    fn send_window<S: KnownSet>(&mut self, set: &S, out: &mut Vec<u8>) -> Result<(), S::Error> {
        if self.windows.unacked.len() >= WINDOWS_MAX {
            return Ok(());
        }
        let window_bytes = self.next_window_bytes();
        for cargo in [Cargo::Entries, Cargo::Payloads] {
            for (space, shared) in self.spaces.iter_mut().enumerate() {
                let Some(batch) = next_batch(shared, cargo, window_bytes, set)? else {
                    continue;
                };
                Frame::Window { space, cargo, batch: &batch }.write(out);
                self.windows.unacked.insert(self.windows.next_sent, space);
                self.windows.next_sent = self.windows.next_sent.wrapping_add(1);
                return Ok(());
            }
        }
        Ok(())
    }

    /// A link begins with a small window and doubles it: what breaks at once has brought something.
    fn next_window_bytes(&self) -> usize {
        let doublings = self.windows.next_sent.min(WINDOW_DOUBLINGS);
        self.config.window_bytes.min(WINDOW_BYTES_FIRST.saturating_mul(1 << doublings))
    }

    /// Ends what is said with the word that nothing is open, whenever that is so.
    fn say_quiet<S: KnownSet>(&mut self, set: &S, out: &mut Vec<u8>) -> Result<(), S::Error> {
        let rests = self.rests();
        if rests && (!self.told_quiet || !out.is_empty()) {
            for shared in &mut self.spaces {
                shared.say_what_lacks(set, out)?;
            }
            Frame::Quiet.write(out);
            self.told_quiet = true;
            self.note_quiet();
        } else if !rests {
            self.told_quiet = false;
        }
        Ok(())
    }

    /// Whether nothing is open on this side.
    fn rests(&self) -> bool {
        self.windows.unacked.is_empty()
            && self.windows.unstored.is_empty()
            && self.spaces.iter().all(Shared::is_quiet)
    }

    fn note_quiet(&mut self) {
        if self.is_quiet() && self.events.back() != Some(&Event::Quiet) {
            self.events.push_back(Event::Quiet);
        }
    }

    /// Replaces what was noted of the same space and not read yet, so that events stay few.
    fn note_progress(&mut self, space: usize) {
        let shared = &self.spaces[space];
        let (space, waiting) = (shared.id(), shared.waiting());
        let (sent, received) = shared.counts();
        let is_same =
            |event: &Event| matches!(event, Event::Progress { space: of, .. } if *of == space);
        self.events.retain(|event| !is_same(event));
        self.events.push_back(Event::Progress { space, sent, waiting, received });
    }

    /// Ends the exchange: all that is left to say is why.
    fn fail(&mut self, fault: Fault) {
        self.out.clear();
        if !matches!(fault, Fault::Farewell { .. }) {
            // Whoever is told that the versions differ can tell from it which one is to be updated.
            let version = matches!(fault, Fault::Version { .. }).then_some(VERSION);
            Frame::Farewell { code: fault.code(), version }.write(&mut self.out);
        }
        self.plans.clear();
        self.fault = Some(fault);
    }
}

/// Packs the first of what is to be sent in a space; passes over what is not there any more.
fn next_batch<S: KnownSet>(
    shared: &mut Shared,
    cargo: Cargo,
    window_bytes: usize,
    set: &S,
) -> Result<Option<Vec<u8>>, S::Error> {
    loop {
        let ids = shared.to_send(cargo, PACK_IDS_MAX);
        if ids.is_empty() {
            return Ok(None);
        }
        let Packed { batch, count } =
            set.pack(&shared.id(), &ids, cargo, shared.form(), window_bytes)?;
        shared.shipped(cargo, count, !batch.is_empty());
        if !batch.is_empty() {
            return Ok(Some(batch));
        }
    }
}
