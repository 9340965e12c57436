//! One link's exchange, driven: the store's side of the run loop that the exchange asks for.
//!
//! Runs on a blocking thread of its own, because every step reads or writes the database; it waits
//! on the runtime for whatever comes first: bytes, room for bytes, news, a timeout, or the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use teilgeber_entry::{AuthorId, AuthorKey, EntryId, Fingerprint, HostId, PersonId, SpaceId};
use teilgeber_exchange::limits::SPACES_MAX;
use teilgeber_exchange::{
    Cargo, Config, Error as ExchangeError, Event, Exchange, Form, Item, KnownSet, Lacking, Millis,
    Packed, Plan, SpaceOffer, Stored,
};
use teilgeber_link::{CloseReason, LinkError, Receiver};
use teilgeber_store::nouns::{contact, event};
use teilgeber_store::{Packing, Prepared, Report, Role, Space, StoreError, View};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::device::{Device, model_id};
use crate::error::{Cut, Error, NOTHING_IN_COMMON, Result};
use crate::observe::{Entries, Mailbox};
use crate::sync::{
    BROKE_THE_RULES, GRACE, Outcome, Progress, SpaceKind, SpaceReport, Stay, SyncReport,
};
use crate::unseen::Unseen;
use crate::{lent, remembered};

/// How long the last word to a peer that broke the rules may take to get into the link.
const FAREWELL: Duration = Duration::from_secs(1);

/// An exchange, with everything that it needs.
pub(crate) struct Drive {
    device: Device,
    exchange: Exchange,
    known: Known,
    mailbox: Arc<Mailbox<Entries>>,
    stay: Stay,
    /// Whom the other end proved to be, beside what it shows in each space.
    host: Option<HostId>,
    told: Box<dyn FnMut(Said) + Send>,
    started: Instant,
    met: BTreeMap<SpaceId, Met>,
    bytes: (u64, u64),
    /// Whether the exchange may have something to send.
    is_ready: bool,
}

/// What an exchange says while it runs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said {
    /// Entries pass.
    Progress(Progress),
    /// So many bytes passed, in either direction.
    Bytes(u64),
    /// The other end showed this author.
    Shown(AuthorId),
    /// Whose device the other one is.
    Person(PersonId),
    /// At which of this device's addresses the link ends.
    At(std::net::SocketAddr),
    /// Both sides know the same.
    Quiet,
}

/// What came of a link.
pub(crate) struct Driven {
    pub(crate) report: SyncReport,
    pub(crate) ended: Result<()>,
    pub(crate) reason: CloseReason,
}

/// A space that both sides hold.
#[derive(Default)]
struct Met {
    peer: Option<AuthorId>,
    /// It holds the space without its key.
    carries: bool,
    finished: Option<Fingerprint>,
    lacking: teilgeber_store::Lacking,
    is_unequal: bool,
    /// Sent and received, of what is finished, and of what is under way.
    done: (u64, u64),
    under_way: (u64, u64),
}

enum Wake<'a> {
    /// This side is told to end: in peace, or because nobody waits for it any more.
    Stopped(bool),
    Room(mpsc::Permit<'a, Vec<u8>>),
    Received(std::result::Result<Option<Vec<u8>>, LinkError>),
    News,
    Time,
    /// The link takes no more; why, its receiving half says.
    Deaf,
}

impl Drive {
    pub(crate) fn new(
        device: Device,
        role: teilgeber_link::Role,
        handshake_hash: [u8; 32],
        stay: Stay,
        host: Option<HostId>,
        told: Box<dyn FnMut(Said) + Send>,
    ) -> Result<Self> {
        device.erase_what_is_due()?;
        device.catch_up_with_letters()?;
        device.mind_room_hourly()?;
        let unseen = device.leaves_unseen()?;
        // What this device signs must not come over the link that shows nobody.
        if unseen.is_none() {
            device.mind_letters()?;
        }
        // News from before the offers are read is in the sets, from after it in the mailbox.
        let mailbox = device.observers().add_link();
        let (known, offers) = offers(&device, unseen)?;
        let role = match role {
            teilgeber_link::Role::Initiator => teilgeber_exchange::Role::Initiator,
            teilgeber_link::Role::Responder => teilgeber_exchange::Role::Responder,
        };
        let seed = device.seed()?;
        let config = Config::default();
        let exchange = Exchange::new(role, handshake_hash, offers, config, seed, Millis(0))
            .map_err(|error| Error::Report(error.into()))?;
        Ok(Self {
            device,
            exchange,
            known,
            mailbox,
            stay,
            host,
            told,
            started: Instant::now(),
            met: BTreeMap::new(),
            bytes: (0, 0),
            is_ready: true,
        })
    }

    /// Drives the exchange until the link ends.
    pub(crate) fn run(
        mut self,
        runtime: &Handle,
        mut receiver: Receiver,
        to_send: mpsc::Sender<Vec<u8>>,
        mut stopped: oneshot::Receiver<()>,
    ) -> Driven {
        let ended = self.turn(runtime, &mut receiver, &to_send, &mut stopped);
        let reason = match &ended {
            Err(Error::NothingInCommon) => NOTHING_IN_COMMON,
            Err(Error::TryAgain(Cut::Peer(_)) | Error::UpdateApp | Error::PeerMustUpdate) => {
                self.say_farewell(runtime, &to_send);
                BROKE_THE_RULES
            }
            // This device's own trouble is no fault of the peer.
            Ok(()) | Err(_) => CloseReason::DONE,
        };
        let report = self.report();
        Driven { ended, reason, report: report.unwrap_or_default() }
    }

    fn turn(
        &mut self,
        runtime: &Handle,
        receiver: &mut Receiver,
        to_send: &mpsc::Sender<Vec<u8>>,
        stopped: &mut oneshot::Receiver<()>,
    ) -> Result<()> {
        loop {
            self.settle()?;
            if self.is_over()? {
                return Ok(());
            }
            match self.wait(runtime, receiver, to_send, stopped) {
                Wake::Stopped(true) => return Ok(()),
                Wake::Stopped(false) => return Err(Error::TryAgain(Cut::Stopped)),
                Wake::Room(room) => self.transmit(room)?,
                Wake::Received(Ok(Some(bytes))) => self.receive(&bytes)?,
                Wake::Received(Ok(None)) => return self.closed(),
                Wake::Received(Err(error)) => return Err(error.into()),
                Wake::News => {}
                Wake::Deaf => self.is_ready = false,
                Wake::Time => self.exchange.handle_time(self.now())?,
            }
        }
    }

    /// Does what the exchange asks for, until it asks for nothing.
    fn settle(&mut self) -> Result<()> {
        loop {
            self.read_events()?;
            if let Some(news) = self.mailbox.take() {
                for (space, ids) in news {
                    match ids.is_empty() {
                        true => self.exchange.handle_payloads(&space),
                        false => self.exchange.handle_news(&space, &ids),
                    }
                }
                self.is_ready = true;
            }
            match self.exchange.poll_plan() {
                Some(plan) => self.store(plan)?,
                None => return Ok(()),
            }
        }
    }

    /// Waits for what comes first.
    fn wait<'a>(
        &self,
        runtime: &Handle,
        receiver: &mut Receiver,
        to_send: &'a mpsc::Sender<Vec<u8>>,
        stopped: &mut oneshot::Receiver<()>,
    ) -> Wake<'a> {
        runtime.block_on(async {
            tokio::select! {
                biased;
                stopped = stopped => Wake::Stopped(stopped.is_ok()),
                room = to_send.reserve(), if self.is_ready => room.map_or(Wake::Deaf, Wake::Room),
                received = receiver.receive() => Wake::Received(received),
                () = self.mailbox.filled() => Wake::News,
                () = tokio::time::sleep_until(self.deadline()) => Wake::Time,
            }
        })
    }

    fn deadline(&self) -> Instant {
        // A day: no link waits for nothing for so long.
        const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
        let stalled = self.exchange.poll_timeout();
        let stalled = stalled.map(|due| self.started + Duration::from_millis(due.0));
        let grace = self.met.is_empty().then(|| self.started + GRACE);
        stalled.into_iter().chain(grace).min().unwrap_or_else(|| Instant::now() + NEVER)
    }

    fn is_over(&self) -> Result<bool> {
        let is_quiet = self.exchange.is_quiet() && !self.is_ready;
        let is_stranger = self.met.is_empty() && (is_quiet || self.started.elapsed() >= GRACE);
        match self.stay {
            // What the two have in common may not have been offered: the next link shows it.
            _ if is_stranger && self.known.unseen.is_some() => Err(Error::TryAgain(Cut::Stopped)),
            _ if is_stranger => Err(Error::NothingInCommon),
            // What this device says next would come from the same hand as the letter.
            _ if self.known.unseen.is_some() => Ok(is_quiet),
            Stay::UntilSame => Ok(is_quiet),
            Stay::UntilClosed => Ok(false),
        }
    }

    /// The other end said goodbye.
    fn closed(&self) -> Result<()> {
        let all_done = !self.met.is_empty() && self.exchange.is_quiet();
        match self.stay {
            _ if self.met.is_empty() => Err(Error::NothingInCommon),
            Stay::UntilSame if !all_done => Err(LinkError::Closed(CloseReason::DONE).into()),
            _ => Ok(()),
        }
    }

    fn transmit(&mut self, room: mpsc::Permit<'_, Vec<u8>>) -> Result<()> {
        let now = self.now();
        match self.exchange.poll_transmit(&self.known, now)? {
            Some(chunk) => {
                self.bytes.0 += chunk.len() as u64;
                (self.told)(Said::Bytes(chunk.len() as u64));
                room.send(chunk);
            }
            None => self.is_ready = false,
        }
        Ok(())
    }

    fn receive(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes.1 += bytes.len() as u64;
        (self.told)(Said::Bytes(bytes.len() as u64));
        self.is_ready = true;
        let now = self.now();
        Ok(self.exchange.handle_bytes(bytes, &self.known, now)?)
    }

    /// Verifies and commits a window, reads the letters in it, and reports it.
    fn store(&mut self, plan: Plan) -> Result<()> {
        let Plan::Store { window, space, batch, admission_needed, .. } = plan;
        let stored = match self.device.store().prepare(&space, &batch, !admission_needed) {
            Ok(prepared) => {
                let report = self.device.take_in(Some(&self.mailbox), &space, prepared)?;
                stored_as(&report)
            }
            Err(StoreError::Decode(_)) => Stored { refused: 1, ..Stored::default() },
            Err(error) => return Err(error.into()),
        };
        self.is_ready = true;
        let now = self.now();
        Ok(self.exchange.handle_stored(window, stored, &self.known, now)?)
    }

    fn read_events(&mut self) -> Result<()> {
        while let Some(event) = self.exchange.poll_event() {
            match event {
                Event::Met { space, peer_is_member } => {
                    let is_member = self.known.space(&space)?.key.is_some();
                    self.met.entry(space).or_default().carries = is_member && !peer_is_member;
                }
                Event::Shown { space, author } => {
                    self.met.entry(space).or_default().peer = Some(author);
                    (self.told)(Said::Shown(author));
                }
                Event::Progress { space, sent, waiting, received } => {
                    self.met.entry(space).or_default().under_way = (sent, received);
                    let space = model_id(space.as_bytes());
                    (self.told)(Said::Progress(Progress { space, sent, waiting, received }));
                }
                Event::Finished { space, fingerprint, sent, received } => {
                    let met = self.met.entry(space).or_default();
                    met.done = (met.done.0 + sent, met.done.1 + received);
                    met.under_way = (0, 0);
                    met.is_unequal = false;
                    met.finished = Some(fingerprint);
                    self.let_go(&space, &fingerprint)?;
                }
                Event::Lacking { space, lacking } => {
                    let Lacking { words, chunks, of_others } = lacking;
                    self.met.entry(space).or_default().lacking =
                        teilgeber_store::Lacking { words, chunks, of_others };
                }
                Event::Unequal { space } => {
                    self.met.entry(space).or_default().is_unequal = true;
                }
                Event::Quiet => {
                    self.write_down_who_knows()?;
                    if let Some(person) = self.peer()? {
                        (self.told)(Said::Person(person));
                    }
                    (self.told)(Said::Quiet);
                }
            }
        }
        Ok(())
    }

    /// The letter that left over this link is an entry like any once the other side knows the same.
    fn let_go(&self, space: &SpaceId, fingerprint: &Fingerprint) -> Result<()> {
        let Some(unseen) = self.known.unseen.filter(|unseen| unseen.space == *space) else {
            return Ok(());
        };
        if self.known.fingerprint(space)? == *fingerprint {
            let mailbox = Some(&self.mailbox);
            self.device.write_from(mailbox, |edit| Ok(edit.let_go(&unseen.letter)?))?;
        }
        Ok(())
    }

    /// Once all is said, who showed themselves is known too.
    fn write_down_who_knows(&mut self) -> Result<()> {
        let (met, host) = (&self.met, self.host);
        self.device.write(|edit| {
            for (space, met) in met {
                if let Some(fingerprint) = met.finished.as_ref().filter(|_| !met.is_unequal) {
                    // Who carries without reading, and proved a key, is a hub: the same the next time.
                    let hub = host.filter(|_| met.carries);
                    let hub = hub.map(|host| AuthorId::from_bytes(*host.as_bytes()));
                    let peer = met.peer.as_ref().or(hub.as_ref());
                    edit.met(space, peer, hub.is_some(), &met.lacking, fingerprint)?;
                }
            }
            Ok(())
        })
    }

    /// Whose device the other one is, by what it showed and what is known of its authors.
    fn peer(&self) -> Result<Option<PersonId>> {
        self.device.read(|view| {
            for (id, met) in &self.met {
                let Some(author) = &met.peer else { continue };
                if let Some(person) = view.person_of(self.known.space(id)?, author)? {
                    return Ok(Some(person));
                }
            }
            Ok(None)
        })
    }

    /// What is left to say tells the peer why.
    fn say_farewell(&mut self, runtime: &Handle, to_send: &mpsc::Sender<Vec<u8>>) {
        let now = self.now();
        if let Ok(Some(chunk)) = self.exchange.poll_transmit(&self.known, now) {
            // A peer that does not take it is closed all the same.
            let _taken = runtime
                .block_on(async { tokio::time::timeout(FAREWELL, to_send.send(chunk)).await });
        }
    }

    fn report(&self) -> Result<SyncReport> {
        let spaces = self.met.iter().map(|(id, met)| {
            let space = self.known.space(id)?;
            let outcome = match met {
                Met { is_unequal: true, .. } => Outcome::Unequal,
                Met { finished: Some(_), under_way: (0, 0), .. } => Outcome::Same,
                _ => Outcome::Unfinished,
            };
            Ok(SpaceReport {
                space: model_id(id.as_bytes()),
                kind: kind(space.role),
                name: self.device.name_of_space(space)?,
                outcome,
                sent: met.done.0 + met.under_way.0,
                received: met.done.1 + met.under_way.1,
                peer: met.peer.map(|author| model_id(author.as_bytes())),
            })
        });
        let spaces = spaces.collect::<Result<_>>()?;
        Ok(SyncReport { spaces, bytes_sent: self.bytes.0, bytes_received: self.bytes.1 })
    }

    fn now(&self) -> Millis {
        Millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl Device {
    /// Commits what came from another device and was verified, and does what follows from it: reads the
    /// letters, minds what is lent. `link` has the mailbox of the link over which it came.
    pub(crate) fn take_in(
        &self,
        link: Option<&Arc<Mailbox<Entries>>>,
        space: &SpaceId,
        prepared: Prepared,
    ) -> Result<Report> {
        let (report, changes) = self.write_from(link, |edit| Ok(edit.ingest(prepared)?))?;
        if report.payloads > 0 {
            self.read_letters_of(space)?;
        } else if changes.letters {
            self.read_letters(space, &report.new)?;
        }
        if changes.documents.iter().any(|(_, noun, _)| lent::may_change_a_loan(*noun)) {
            self.mind_loans(Some(space))?;
        }
        self.mind_pads()?;
        self.mind_room()?;
        Ok(report)
    }

    /// What a space is called, where it has a name.
    pub(crate) fn name_of_space(&self, space: &Space) -> Result<Option<String>> {
        self.read(|view| {
            let db = view.connection();
            Ok(match (space.role, &space.owner) {
                (Role::Event, _) => {
                    event::get(db, &space.id)?.map(|camp| camp.event.name().to_string())
                }
                (Role::ContactCard, Some(person)) => {
                    contact::of_person(db, person)?.map(|known| known.contact.name().to_string())
                }
                _ => None,
            })
        })
    }
}

fn stored_as(report: &Report) -> Stored {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Stored {
        new: count(report.new.len() + report.payloads),
        known: count(report.known),
        refused: count(report.refused),
    }
}

impl From<ExchangeError<StoreError>> for Error {
    fn from(error: ExchangeError<StoreError>) -> Self {
        match error {
            ExchangeError::Peer(fault) => fault.into(),
            ExchangeError::Set(error) => error.into(),
        }
    }
}

pub(crate) fn kind(role: Role) -> SpaceKind {
    match role {
        Role::Own => SpaceKind::Own,
        Role::Card => SpaceKind::Card,
        Role::ContactCard => SpaceKind::ContactCard,
        Role::Event => SpaceKind::Event,
        Role::Code => SpaceKind::Code,
        Role::Carried => SpaceKind::Carried,
    }
}

/// The spaces that this device offers to others, those that matter most to its person in front.
pub(crate) fn offered(device: &Device) -> Result<Vec<Space>> {
    let (now, seed) = (device.now(), device.seed()?);
    device.read(|view| {
        let mut offered = Vec::new();
        for space in view.spaces()?.into_iter().filter(|space| !space.faded) {
            let is_offered = match (space.role, &space.owner) {
                (Role::Code, _) => remembered::is_open(view, &space.id, now)?,
                (Role::ContactCard, Some(person)) => {
                    remembered::followed(view, person)? == Some(space.id)
                }
                _ => true,
            };
            if is_offered {
                offered.push(space);
            }
        }
        // Where they are too many for one link, chance decides which cards wait for another.
        offered.sort_by_key(|space| {
            let chance = blake3::keyed_hash(&seed, space.id.as_bytes());
            (rank(space.role), *chance.as_bytes())
        });
        Ok(offered)
    })
}

/// What this device offers on a link. It shows its author only where it wrote something, and on an unseen
/// link nowhere.
fn offers(device: &Device, unseen: Option<Unseen>) -> Result<(Known, Vec<SpaceOffer>)> {
    let mut offered = offered(device)?;
    offered.retain(|space| unseen.is_none_or(|unseen| unseen.space == space.id));
    offered.truncate(SPACES_MAX);
    let own = |view: &View<'_>, space| match unseen {
        Some(_) => Ok(None),
        None => view.own_author(space),
    };
    let authors: Vec<Option<AuthorKey>> =
        device.read(|view| offered.iter().map(|space| own(view, space)).collect())?;
    let offer = |(space, author): (&Space, Option<AuthorKey>)| match &space.key {
        Some(key) => SpaceOffer::member(key.clone(), author),
        None => SpaceOffer::courier(space.id, space.carry.clone()),
    };
    let offers = offered.iter().zip(authors).map(offer).collect();
    let spaces = offered.into_iter().map(|space| (space.id, space)).collect();
    Ok((Known { device: device.clone(), spaces, unseen }, offers))
}

/// Which spaces matter most to their person.
fn rank(role: Role) -> u8 {
    match role {
        Role::Own => 0,
        Role::Event => 1,
        Role::Code => 2,
        Role::Card => 3,
        Role::ContactCard => 4,
        Role::Carried => 5,
    }
}

/// The store, as the exchange reads it.
struct Known {
    device: Device,
    spaces: BTreeMap<SpaceId, Space>,
    /// On this link alone this letter is known as well.
    unseen: Option<Unseen>,
}

impl Known {
    fn space(&self, id: &SpaceId) -> std::result::Result<&Space, StoreError> {
        self.spaces.get(id).ok_or(StoreError::Missing("the space"))
    }

    /// The letter that is known in this space on this link alone.
    fn letter(&self, space: &SpaceId) -> Option<EntryId> {
        self.unseen.filter(|unseen| unseen.space == *space).map(|unseen| unseen.letter)
    }

    fn read<T>(
        &self,
        id: &SpaceId,
        read: impl FnOnce(&View<'_>, &Space) -> teilgeber_store::Result<T>,
    ) -> teilgeber_store::Result<T> {
        let space = self.space(id)?;
        self.device.store().read(|view| read(view, space))
    }
}

impl KnownSet for Known {
    type Error = StoreError;

    fn fingerprint(&self, space: &SpaceId) -> teilgeber_store::Result<Fingerprint> {
        let letter = self.letter(space);
        self.read(space, |view, space| match letter {
            Some(letter) => view.fingerprint_with(space, &letter),
            None => view.fingerprint(space),
        })
    }

    fn items(&self, space: &SpaceId) -> teilgeber_store::Result<Vec<Item>> {
        let letter = self.letter(space);
        let items = self.read(space, |view, space| match letter {
            Some(letter) => view.items_with(space, &letter),
            None => view.items(space),
        })?;
        Ok(items.into_iter().map(|(time, id)| Item { time, id }).collect())
    }

    fn in_sending_order(
        &self,
        space: &SpaceId,
        ids: Vec<EntryId>,
    ) -> teilgeber_store::Result<Vec<EntryId>> {
        let letter = self.letter(space).filter(|letter| ids.contains(letter));
        self.read(space, |view, space| {
            let mut sorted = view.in_sending_order(space, &ids)?;
            sorted.extend(letter.filter(|letter| !sorted.contains(letter)));
            Ok(sorted)
        })
    }

    fn pack(
        &self,
        space: &SpaceId,
        ids: &[EntryId],
        cargo: Cargo,
        form: Form,
        max_bytes: usize,
    ) -> teilgeber_store::Result<Packed> {
        // One envelope has more bytes than this, a batch of none fewer.
        const EMPTY_MAX: usize = 64;
        let letter = self.letter(space);
        self.read(space, |view, space| {
            let opened = form == Form::Opened;
            // It is in no batch with entries: it is not in the log.
            let letter = match letter {
                Some(letter) if view.is_waiting(&letter)? => Some(letter),
                _ => None,
            };
            let before = ids.iter().position(|id| Some(*id) == letter).unwrap_or(ids.len());
            if let (0, Some(letter), false) = (before, letter, ids.is_empty()) {
                return Ok(Packed { batch: view.pack_waiting(space, &letter, opened)?, count: 1 });
            }
            let ids = &ids[..before];
            let packing = match cargo {
                Cargo::Entries => Packing::ChunksLater,
                Cargo::Payloads => Packing::Payloads,
            };
            let (batch, count) = view.pack_as(space, ids, packing, opened, max_bytes)?;
            let batch = if batch.len() < EMPTY_MAX { Vec::new() } else { batch };
            Ok(Packed { batch, count: count.max(1) })
        })
    }

    fn lacking(
        &self,
        space: &SpaceId,
        author: Option<&AuthorId>,
    ) -> teilgeber_store::Result<Lacking> {
        let lacking = self.read(space, |view, space| view.lacking(space, author))?;
        let teilgeber_store::Lacking { words, chunks, of_others } = lacking;
        Ok(Lacking { words, chunks, of_others })
    }

    fn wanted(
        &self,
        space: &SpaceId,
        after: Option<EntryId>,
        limit: usize,
    ) -> teilgeber_store::Result<Vec<EntryId>> {
        self.read(space, |view, space| view.wanted(space, after, limit))
    }
}
