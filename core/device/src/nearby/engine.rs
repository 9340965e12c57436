//! Carries out what the keeper orders: one task, and one more for each link.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use teilgeber_link::keeper::{Ended, LinkId, Order};
use teilgeber_link::tcp::{Limits, Listener, dial};
use teilgeber_link::{CloseReason, Link, LinkError, LinkInfo};
use teilgeber_model::Id;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::sleep;

use super::{Lent, Shared};
use crate::device::{Device, model_id};
use crate::drive::Said;
use crate::error::{Cut, Error, Result};
use crate::observe::{Entries, Mailbox};
use crate::sync::{End, Outcome, Stay, SyncReport};

/// How long one address of a device may take: in a network it answers in far less, and there may be others.
const ADDRESS_ANSWERS_WITHIN: Duration = Duration::from_secs(4);

/// The one who carries out.
pub(super) struct Engine {
    device: Device,
    shared: Arc<Shared>,
    listen: Option<SocketAddr>,
    listener: Option<Listener>,
    told: Box<dyn Fn(Result<SyncReport>) + Send>,
    /// Held by every link's thread.
    alive: mpsc::Sender<Infallible>,
    tasks: JoinSet<Result<SyncReport>>,
    links: HashMap<task::Id, LinkId>,
    /// Ends a link in peace.
    stops: BTreeMap<LinkId, oneshot::Sender<()>>,
    /// What the links say. They wait for nothing that happens here, so that all of it is heard soon.
    said: mpsc::UnboundedSender<(LinkId, Said)>,
    heard: mpsc::UnboundedReceiver<(LinkId, Said)>,
    people: BTreeMap<LinkId, Id>,
    news: Arc<Mailbox<Entries>>,
}

/// What came first.
enum Wake {
    Told,
    Accepted(std::result::Result<(Link, SocketAddr), LinkError>),
    Said(LinkId, Said),
    Ended(std::result::Result<(task::Id, Result<SyncReport>), JoinError>),
    News,
    Time,
}

impl Engine {
    pub(super) fn new(
        device: Device,
        shared: Arc<Shared>,
        listen: Option<SocketAddr>,
        told: Box<dyn Fn(Result<SyncReport>) + Send>,
        alive: mpsc::Sender<Infallible>,
    ) -> Self {
        let news = device.observers().add_link();
        let (said, heard) = mpsc::unbounded_channel();
        Self {
            device,
            shared,
            listen,
            listener: None,
            told,
            alive,
            tasks: JoinSet::new(),
            links: HashMap::new(),
            stops: BTreeMap::new(),
            said,
            heard,
            people: BTreeMap::new(),
            news,
        }
    }

    /// Listens, where it should and does not yet.
    pub(super) async fn listen(&mut self) -> Result<()> {
        let Some(address) = self.listen.filter(|_| self.listener.is_none()) else { return Ok(()) };
        let config = teilgeber_link::Config::default();
        let listener = Listener::bind(address, &config, LinkInfo::LAN, Limits::default()).await;
        self.listener = Some(listener.map_err(|error| Error::OtherAddress(error.kind()))?);
        Ok(())
    }

    pub(super) fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().and_then(|listener| listener.local_address().ok())
    }

    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        loop {
            self.follow().await;
            match self.wait().await {
                Wake::Told | Wake::Accepted(Err(_)) => {}
                Wake::Time => self.shared.tell(|keeper, now| keeper.handle_time(now)),
                Wake::News => {
                    if self.news.take().is_some() {
                        self.shared.tell(|keeper, now| keeper.handle_news(now));
                    }
                }
                Wake::Accepted(Ok((link, from))) => self.accept(link, Some(from)),
                Wake::Said(link, said) => self.hear(link, &said),
                Wake::Ended(ended) => self.end(ended),
            }
        }
    }

    async fn wait(&mut self) -> Wake {
        let now = self.shared.now();
        let due = self.shared.keeper().poll_timeout(now);
        // A day: whatever happens wakes it before.
        let pause = due.map_or(Duration::from_secs(24 * 60 * 60), |due| due.saturating_sub(now));
        let accepting = async {
            match &mut self.listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.shared.wake.notified() => Wake::Told,
            Some(ended) = self.tasks.join_next_with_id() => Wake::Ended(ended),
            Some((link, said)) = self.heard.recv() => Wake::Said(link, said),
            newcomer = accepting => Wake::Accepted(newcomer),
            () = self.news.filled() => Wake::News,
            () = sleep(pause) => Wake::Time,
        }
    }

    /// Does what is ordered, takes up what is lent, and says where the device stands.
    async fn follow(&mut self) {
        let lent = std::mem::take(&mut *self.shared.lent());
        lent.into_iter().for_each(|lent| self.take_up(lent));
        loop {
            let order = self.shared.keeper().poll_order();
            match order {
                Some(Order::Dial { link, addresses, .. }) => self.dial(link, addresses),
                Some(Order::Close { link }) => {
                    if let Some(stop) = self.stops.remove(&link) {
                        // Where it has ended already there is nobody to tell.
                        let _told = stop.send(());
                    }
                }
                None => break,
            }
        }
        let is_paused = self.shared.keeper().is_paused();
        match is_paused {
            true => self.listener = None,
            // Where the system gives no place now, it may later; until then this device only dials.
            false => drop(self.listen().await),
        }
        let links = self.stops.keys().map(|link| (*link, self.people.get(link).copied()));
        let links: BTreeSet<_> = links.collect();
        self.shared.publish(self.address(), &links);
    }

    fn dial(&mut self, link: LinkId, addresses: Vec<SocketAddr>) {
        let (stop, mut stopped) = oneshot::channel();
        let (device, shared) = (self.device.clone(), self.shared.clone());
        let (told, alive) = (self.teller(link), Some(self.alive.clone()));
        self.spawn(link, stop, async move {
            let dialled = tokio::select! {
                dialled = dial_in_turn(&addresses) => dialled?,
                _ = &mut stopped => return Err(Error::TryAgain(Cut::Stopped)),
            };
            let hash = *dialled.handshake_hash();
            shared.tell(|keeper, now| keeper.handle_linked(link, hash, now));
            device.run_until(dialled, Stay::UntilClosed, told, alive, stopped).await
        });
    }

    fn accept(&mut self, accepted: Link, from: Option<SocketAddr>) {
        let (kind, hash) = (accepted.info().kind, *accepted.handshake_hash());
        let link = self.shared.tell(|keeper, now| keeper.handle_accepted(from, kind, hash, now));
        let (stop, stopped) = oneshot::channel();
        let (device, told) = (self.device.clone(), self.teller(link));
        let alive = Some(self.alive.clone());
        self.spawn(link, stop, async move {
            device.run_until(accepted, Stay::UntilClosed, told, alive, stopped).await
        });
    }

    fn take_up(&mut self, lent: Lent) {
        let Lent { stream, end, kind } = lent;
        let link = self.shared.tell(|keeper, _| keeper.handle_lent(kind));
        let (stop, mut stopped) = oneshot::channel();
        let (device, shared) = (self.device.clone(), self.shared.clone());
        let (told, alive) = (self.teller(link), Some(self.alive.clone()));
        self.spawn(link, stop, async move {
            let config = teilgeber_link::Config::default();
            let info = LinkInfo { kind, ..LinkInfo::LAN };
            let shaking = async {
                match end {
                    End::Dialled => teilgeber_link::initiate(stream, &config, info).await,
                    End::Accepted => teilgeber_link::respond(stream, &config, info).await,
                }
            };
            let begun = tokio::select! {
                begun = shaking => begun?,
                _ = &mut stopped => return Err(Error::TryAgain(Cut::Stopped)),
            };
            let hash = *begun.handshake_hash();
            shared.tell(|keeper, now| keeper.handle_linked(link, hash, now));
            device.run_until(begun, Stay::UntilClosed, told, alive, stopped).await
        });
    }

    fn spawn(
        &mut self,
        link: LinkId,
        stop: oneshot::Sender<()>,
        run: impl Future<Output = Result<SyncReport>> + Send + 'static,
    ) {
        // Dropped in reverse: the device before the word that it was.
        let alive = self.alive.clone();
        let task = self.tasks.spawn(async move {
            let _alive = alive;
            run.await
        });
        self.links.insert(task.id(), link);
        self.stops.insert(link, stop);
    }

    fn teller(&self, link: LinkId) -> impl FnMut(Said) + Send + 'static {
        let said = self.said.clone();
        move |what| {
            // Nobody hears it any more where the engine was dropped.
            let _heard = said.send((link, what));
        }
    }

    fn hear(&mut self, link: LinkId, said: &Said) {
        match *said {
            Said::Progress(_) => self.shared.tell(|keeper, _| keeper.handle_busy(link)),
            Said::Quiet => self.shared.tell(|keeper, now| keeper.handle_quiet(link, now)),
            Said::Bytes(bytes) => {
                self.shared.tell(|keeper, now| keeper.handle_bytes(link, bytes, now));
            }
            Said::Shown(author) => {
                self.shared.tell(|keeper, now| keeper.handle_shown(link, *author.as_bytes(), now));
            }
            Said::Person(person) => {
                self.people.insert(link, model_id(person.as_bytes()));
            }
        }
    }

    fn end(&mut self, ended: std::result::Result<(task::Id, Result<SyncReport>), JoinError>) {
        let (id, ended) = match ended {
            Ok((id, ended)) => (id, ended),
            Err(error) => (error.id(), Err(Error::Report(error.into()))),
        };
        let Some(link) = self.links.remove(&id) else { return };
        self.stops.remove(&link);
        self.people.remove(&link);
        let how = how(&ended);
        self.shared.tell(|keeper, now| keeper.handle_ended(link, how, now));
        (self.told)(ended);
    }
}

/// The first of these addresses that answers.
async fn dial_in_turn(addresses: &[SocketAddr]) -> std::result::Result<Link, LinkError> {
    let config = teilgeber_link::Config::default().handshake_within(ADDRESS_ANSWERS_WITHIN);
    let mut failure = LinkError::Unreachable(std::io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match dial(*address, &config, LinkInfo::LAN).await {
            Ok(link) => return Ok(link),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn how(ended: &Result<SyncReport>) -> Ended {
    match ended {
        Ok(report) => {
            let is_open = report.spaces.iter().any(|s| s.outcome == Outcome::Unfinished);
            if is_open { Ended::Unfinished } else { Ended::Same }
        }
        Err(Error::NothingInCommon) => Ended::Stranger,
        Err(Error::UpdateApp | Error::PeerMustUpdate) => Ended::OtherVersion,
        Err(Error::TryAgain(Cut::Link(LinkError::Closed(CloseReason::BUSY)))) => Ended::Busy,
        Err(_) => Ended::Unfinished,
    }
}
