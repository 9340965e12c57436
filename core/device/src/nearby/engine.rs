//! Carries out what the keeper orders: one task, and one more for each link.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use teilgeber_entry::HostId;
use teilgeber_link::keeper::{Ended, LinkId, Order, Tag, Whom};
use teilgeber_link::lan::{self, Blocked, Discovery, State};
use teilgeber_link::tcp::{Limits, Listener, dial, dial_host, has_address};
use teilgeber_link::{CloseReason, Config, Link, LinkError, LinkInfo, Pulse};
use teilgeber_model::Id;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::sleep;

use super::{Hindrance, Lent, Listen, NearLink, NearbyConfig, Rung, Shared, Standing};
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
    listen: Option<Listen>,
    listener: Option<Listener>,
    discovery: Option<Discovery>,
    hindrance: Option<Hindrance>,
    /// By which tag and at which port this device is announced.
    announced: Option<(Tag, u16)>,
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
    /// At which addresses of this device links end.
    ends_at: BTreeMap<LinkId, SocketAddr>,
    /// Pings of all links go together.
    pulse: Arc<Pulse>,
    news: Arc<Mailbox<Entries>>,
}

/// What came first.
enum Wake {
    Told,
    Accepted(std::result::Result<(Link, SocketAddr), LinkError>),
    Said(LinkId, Said),
    Ended(std::result::Result<(task::Id, Result<SyncReport>), JoinError>),
    Near(lan::Event),
    News,
    Time,
}

impl Engine {
    pub(super) fn new(
        device: Device,
        shared: Arc<Shared>,
        config: &NearbyConfig,
        told: Box<dyn Fn(Result<SyncReport>) + Send>,
        alive: mpsc::Sender<Infallible>,
    ) -> Self {
        let news = device.observers().add_link();
        let (said, heard) = mpsc::unbounded_channel();
        Self {
            device,
            shared,
            listen: config.listen,
            listener: None,
            discovery: config.mdns.map(Discovery::mdns),
            hindrance: None,
            announced: None,
            told,
            alive,
            tasks: JoinSet::new(),
            links: HashMap::new(),
            stops: BTreeMap::new(),
            said,
            heard,
            people: BTreeMap::new(),
            ends_at: BTreeMap::new(),
            pulse: Arc::default(),
            news,
        }
    }

    /// Listens, where it should and does not yet.
    pub(super) async fn listen(&mut self) -> Result<()> {
        let Some(listen) = self.listen.filter(|_| self.listener.is_none()) else { return Ok(()) };
        let (config, info, limits) = (self.config(), LinkInfo::LAN, Limits::default());
        let listener = match listen {
            Listen::Everywhere(port) => {
                Listener::bind_everywhere(port, &config, info, limits).await
            }
            Listen::At(address) => Listener::bind(address, &config, info, limits).await,
        };
        let mut listener = listener.map_err(|error| Error::OtherAddress(error.kind()))?;
        listener.prove_host(self.shared.key.clone());
        self.listener = Some(listener);
        Ok(())
    }

    /// Says where the device stands, where that has changed.
    pub(super) fn publish(&self) {
        let (situation, mut links) = {
            let keeper = self.shared.keeper();
            let open = self.stops.keys().filter_map(|link| {
                let (kind, same) = keeper.link(*link)?;
                let person = self.people.get(link).copied();
                Some(NearLink { rung: Rung::of(kind), same, person })
            });
            let open: Vec<NearLink> = open.collect();
            (keeper.situation(self.shared.now()), open)
        };
        links.sort_by_key(|link| (link.rung, link.person));
        let (address, hindrance) = (self.address(), self.hindrance);
        let standing = Standing { situation: situation.into(), links, address, hindrance };
        self.shared.standing.send_if_modified(|present| {
            let is_news = *present != standing;
            *present = standing;
            is_news
        });
    }

    fn address(&self) -> Option<SocketAddr> {
        self.listener.as_ref().and_then(|listener| listener.local_address().ok())
    }

    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        loop {
            self.follow().await;
            match self.wait().await {
                Wake::Told | Wake::Accepted(Err(_)) => {}
                Wake::Time => self.shared.tell(|keeper, now| keeper.handle_time(now)),
                Wake::Near(event) => self.notice(event),
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
        let tag = self.shared.tags().next_change();
        let pause = due.map_or(tag, |due| due.min(tag)).saturating_sub(now);
        let accepting = async {
            match &mut self.listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        let searching = async {
            match &mut self.discovery {
                Some(discovery) => discovery.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = self.shared.wake.notified() => Wake::Told,
            Some(ended) = self.tasks.join_next_with_id() => Wake::Ended(ended),
            Some((link, said)) = self.heard.recv() => Wake::Said(link, said),
            newcomer = accepting => Wake::Accepted(newcomer),
            event = searching => Wake::Near(event),
            () = self.news.filled() => Wake::News,
            () = sleep(pause) => Wake::Time,
        }
    }

    /// Does what is ordered, takes up what is lent, and says where the device stands.
    async fn follow(&mut self) {
        let lent = std::mem::take(&mut *self.shared.lent());
        lent.into_iter().for_each(|lent| self.take_up(lent));
        if self.shared.has_moved.swap(false, Ordering::Relaxed) {
            self.cut_what_lost_its_address();
        }
        loop {
            let order = self.shared.keeper().poll_order();
            match order {
                Some(Order::Dial { link, whom, addresses }) => self.dial(link, whom, addresses),
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
        self.announce(is_paused);
        self.publish();
    }

    /// Ends the links at addresses that this device does not have any more: they would end by silence only.
    fn cut_what_lost_its_address(&mut self) {
        let lost = self.ends_at.iter().filter(|(_, address)| !has_address(**address));
        for (link, _) in lost {
            self.shared.tell(|keeper, now| keeper.handle_cut(*link, now));
        }
    }

    fn config(&self) -> Config {
        Config::default().with_pulse(self.pulse.clone())
    }

    /// Announces where this device is, under the tag that it has now.
    fn announce(&mut self, is_paused: bool) {
        let now = self.shared.now();
        let mut tags = self.shared.tags();
        if tags.advance(now) {
            let tag = tags.current();
            self.shared.keeper().set_tag(tag, now);
        }
        let Some(discovery) = &self.discovery else { return };
        let here = self.address().filter(|_| !is_paused).map(|here| (tags.current(), here.port()));
        if here != self.announced {
            match here {
                Some((_, port)) => discovery.announce(&tags, port),
                None => discovery.hide(),
            }
            drop(tags);
            self.announced = here;
        }
    }

    fn notice(&mut self, event: lan::Event) {
        match event {
            lan::Event::Found { tag, addresses } => {
                self.shared.tell(|keeper, now| keeper.handle_found(tag, &addresses, now));
            }
            lan::Event::Lost { tag } => {
                self.shared.tell(|keeper, now| keeper.handle_lost(tag, now));
            }
            lan::Event::NetworkChanged => self.shared.moved(),
            lan::Event::State(State::Searching) => self.hindrance = None,
            lan::Event::State(State::Blocked(why)) => self.hindrance = Some(why.into()),
        }
    }

    fn dial(&mut self, link: LinkId, whom: Whom, addresses: Vec<SocketAddr>) {
        let host = match whom {
            Whom::Host(number) => self.shared.hosts().get(&number).and_then(|host| host.key),
            Whom::Near(_) => None,
        };
        let config = self.config().handshake_within(ADDRESS_ANSWERS_WITHIN);
        self.begin(link, host, async move { dial_first(&addresses, host, &config).await });
    }

    fn accept(&mut self, accepted: Link, from: Option<SocketAddr>) {
        let (kind, hash) = (accepted.info().kind, *accepted.handshake_hash());
        let link = self.shared.tell(|keeper, now| keeper.handle_accepted(from, kind, hash, now));
        self.ends_at.extend(accepted.local_address().map(|address| (link, address)));
        let (stop, stopped) = oneshot::channel();
        let (device, told) = (self.device.clone(), self.teller(link));
        let alive = Some(self.alive.clone());
        self.spawn(link, stop, async move {
            device.run_until(accepted, Stay::UntilClosed, None, told, alive, stopped).await
        });
    }

    fn take_up(&mut self, lent: Lent) {
        let Lent { stream, end, info } = lent;
        let link = self.shared.tell(|keeper, _| keeper.handle_lent(info.kind));
        let config = self.config();
        self.begin(link, None, async move {
            match end {
                End::Dialled => teilgeber_link::initiate(stream, &config, info).await,
                End::Accepted => teilgeber_link::respond(stream, &config, info).await,
            }
        });
    }

    /// Makes a link, unless it is called off before, and speaks over it. `host` is whom the other end
    /// proves to be.
    fn begin(
        &mut self,
        link: LinkId,
        host: Option<HostId>,
        beginning: impl Future<Output = std::result::Result<Link, LinkError>> + Send + 'static,
    ) {
        let (stop, mut stopped) = oneshot::channel();
        let (device, shared) = (self.device.clone(), self.shared.clone());
        let (mut told, alive) = (self.teller(link), Some(self.alive.clone()));
        self.spawn(link, stop, async move {
            let begun = tokio::select! {
                begun = beginning => begun?,
                _ = &mut stopped => return Err(Error::TryAgain(Cut::Stopped)),
            };
            let hash = *begun.handshake_hash();
            shared.tell(|keeper, now| keeper.handle_linked(link, hash, now));
            begun.local_address().into_iter().for_each(|address| told(Said::At(address)));
            device.run_until(begun, Stay::UntilClosed, host, told, alive, stopped).await
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
            Said::At(address) => {
                self.ends_at.insert(link, address);
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
        self.ends_at.remove(&link);
        let how = how(&ended);
        self.shared.tell(|keeper, now| keeper.handle_ended(link, how, now));
        (self.told)(ended);
    }
}

/// The first of these addresses that answers, as the host with this key where one is named.
async fn dial_first(
    addresses: &[SocketAddr],
    host: Option<HostId>,
    config: &Config,
) -> std::result::Result<Link, LinkError> {
    if let Some(host) = host {
        return dial_host(addresses, &host, config, LinkInfo::LAN).await;
    }
    let mut failure = LinkError::Unreachable(std::io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match dial(*address, config, LinkInfo::LAN).await {
            Ok(link) => return Ok(link),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

impl From<Blocked> for Hindrance {
    fn from(why: Blocked) -> Self {
        match why {
            Blocked::NoNetwork => Self::NoNetwork,
            Blocked::NotAllowed => Self::NotAllowed,
            Blocked::Flooded => Self::Flooded,
        }
    }
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
        Err(Error::TryAgain(Cut::Link(LinkError::Closed(_)))) => Ended::Unfinished,
        Err(Error::TryAgain(Cut::Link(_))) => Ended::Broken,
        Err(_) => Ended::Unfinished,
    }
}
