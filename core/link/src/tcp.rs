//! Links over TCP: dial an address, or listen for those who dial.
//!
//! A listener is open to everyone in the network, so each of its resources is bounded by
//! [`Limits`]. Links that exist share nothing with newcomers and feel no flood of them. Newcomers
//! share the handshakes under way: where these are all taken, the next one ends the oldest of
//! whichever address has most of them, so that silence buys no place, and a flood from one address
//! crowds out itself. Whoever completes a handshake when all links are taken is told
//! [`CloseReason::BUSY`].

use std::cmp::Reverse;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Arc;

use socket2::{Domain, Protocol, Socket, Type};
use teilgeber_entry::{HostId, HostKey};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use crate::config::{Config, LinkInfo};
use crate::error::{CloseReason, LinkError};
use crate::handshake::Role;
use crate::host::Hosting;
use crate::link::{Link, initiate, initiate_with_host, shake_hands};
use crate::rate::TokenBucket;

/// Connects to `address` and makes a link as its initiator.
///
/// Connecting and the handshake may each take as long as the `config` allows a handshake. A
/// dialled link counts against no [`Limits`]: otherwise strangers who take all places could keep
/// this device from dialling.
///
/// # Errors
/// [`LinkError::Unreachable`] if no connection comes about, else as for [`initiate`].
pub async fn dial(address: SocketAddr, config: &Config, info: LinkInfo) -> Result<Link, LinkError> {
    let stream = connect(address, config).await?;
    let local = local(&stream);
    Ok(initiate(stream, config, info).await?.at(local))
}

/// Makes a link with the host whose code was scanned, at whichever of its `addresses` (the first
/// [`HOST_ADDRESSES_MAX`]) is the fastest to prove its key. All are dialled at once, because which
/// of them can be reached from here is not known.
///
/// # Errors
/// The most telling of what became of the addresses: [`LinkError::OtherHost`] before
/// [`LinkError::OtherVersion`], [`LinkError::Foreign`] (a captive portal) and the rest;
/// [`LinkError::Unreachable`] where there is none.
pub async fn dial_host(
    addresses: &[SocketAddr],
    host: &HostId,
    config: &Config,
    info: LinkInfo,
) -> Result<Link, LinkError> {
    let mut attempts = JoinSet::new();
    for &address in addresses.iter().take(HOST_ADDRESSES_MAX) {
        let (host, config) = (*host, config.clone());
        attempts.spawn(async move {
            let stream = connect(address, &config).await?;
            let local = local(&stream);
            Ok(initiate_with_host(stream, &host, &config, info).await?.at(local))
        });
    }
    let mut failure = LinkError::Unreachable(io::ErrorKind::AddrNotAvailable);
    while let Some(attempt) = attempts.join_next().await {
        match attempt {
            Ok(Ok(link)) => return Ok(link),
            Ok(Err(error)) if how_telling(&error) >= how_telling(&failure) => failure = error,
            Ok(Err(_)) => {}
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_cancelled) => {}
        }
    }
    Err(failure)
}

/// The most addresses of a host that are dialled.
pub const HOST_ADDRESSES_MAX: usize = 8;

async fn connect(address: SocketAddr, config: &Config) -> Result<TcpStream, LinkError> {
    let stream = timeout(config.handshake_limit(), TcpStream::connect(address))
        .await
        .map_err(|_| LinkError::Unreachable(io::ErrorKind::TimedOut))?
        .map_err(|error| LinkError::Unreachable(error.kind()))?;
    send_at_once(&stream)?;
    Ok(stream)
}

/// Whether this device still has an address on which a link of its ended.
pub fn has_address(mut address: SocketAddr) -> bool {
    address.set_port(0);
    // Nothing is sent: the system gives a port at an address that is its own, and at no other.
    match UdpSocket::bind(address) {
        Err(error) => error.kind() != io::ErrorKind::AddrNotAvailable,
        Ok(_) => true,
    }
}

fn local(stream: &TcpStream) -> Option<SocketAddr> {
    stream.local_addr().ok().map(canonical)
}

/// How much an error says about what is at an address.
fn how_telling(error: &LinkError) -> u8 {
    match error {
        LinkError::Unreachable(_) => 0,
        LinkError::Foreign => 2,
        LinkError::OtherVersion { .. } => 3,
        LinkError::OtherHost => 4,
        _ => 1,
    }
}

/// What a listener gives to strangers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections that are taken from the system's queue in a second; 100 unless told.
    ///
    /// At worst a flood costs so many handshakes of about 0.1 ms each, and honest newcomers wait
    /// in the queue behind it: 200 connections delay them by two seconds.
    pub accepts_per_second: NonZeroU32,
    /// Connections that are taken at once after a quiet time; 32 unless told.
    pub accept_burst: NonZeroU32,
    /// Handshakes under way at a time; 16 unless told. Each ends by itself after
    /// [`Config::handshake_within`].
    ///
    /// At worst a flood from many addresses leaves each handshake `handshakes /
    /// accepts_per_second` of time (160 ms), which is enough in a local network.
    pub handshakes: NonZeroUsize,
    /// Accepted links at a time; 8 unless told. A link keeps its place until its connection is
    /// gone, which is shortly after its [`Sender`](crate::Sender) is dropped.
    ///
    /// At worst strangers who complete handshakes and say pings hold all places, half a megabyte
    /// each, until the layer above closes links that prove nothing. Who is turned away may keep
    /// its connection for two seconds more, so `2 * accepts_per_second` of them are open at most.
    pub links: NonZeroUsize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            accepts_per_second: const { NonZeroU32::new(100).expect("not zero") },
            accept_burst: const { NonZeroU32::new(32).expect("not zero") },
            handshakes: const { NonZeroUsize::new(16).expect("not zero") },
            links: const { NonZeroUsize::new(8).expect("not zero") },
        }
    }
}

/// Listens on a TCP address. Dropping it ends the handshakes under way; links live on.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    config: Config,
    info: LinkInfo,
    limits: Limits,
    bound_at: Instant,
    bucket: TokenBucket,
    places: Arc<Semaphore>,
    host: Option<HostKey>,
    handshakes: JoinSet<Result<Option<Link>, LinkError>>,
    /// What is known of each of `handshakes`, oldest first.
    newcomers: Vec<Newcomer>,
}

#[derive(Debug)]
struct Newcomer {
    address: SocketAddr,
    handshake: AbortHandle,
}

impl Listener {
    /// Listens on `address`; port 0 lets the system choose. Accepted links bear `info`.
    ///
    /// # Errors
    /// Those of the system: the address is taken, is not ours, or is not allowed.
    pub async fn bind(
        address: SocketAddr,
        config: &Config,
        info: LinkInfo,
        limits: Limits,
    ) -> io::Result<Self> {
        Ok(Self::new(TcpListener::bind(address).await?, config, info, limits))
    }

    /// Listens on all addresses of this machine, those that it is yet to get included, over IPv6 and
    /// IPv4; over IPv4 alone where the system has no IPv6. Port 0 lets the system choose.
    ///
    /// # Errors
    /// Those of the system: the port is taken, or is not allowed.
    pub async fn bind_everywhere(
        port: u16,
        config: &Config,
        info: LinkInfo,
        limits: Limits,
    ) -> io::Result<Self> {
        let socket = match listen(Domain::IPV6, (Ipv6Addr::UNSPECIFIED, port).into()) {
            Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                listen(Domain::IPV4, (Ipv4Addr::UNSPECIFIED, port).into())
            }
            listens => listens,
        };
        Ok(Self::new(socket?, config, info, limits))
    }

    fn new(socket: TcpListener, config: &Config, info: LinkInfo, limits: Limits) -> Self {
        Self {
            socket,
            config: config.clone(),
            info,
            limits,
            bound_at: Instant::now(),
            bucket: TokenBucket::new(limits.accepts_per_second, limits.accept_burst),
            places: Arc::new(Semaphore::new(limits.links.get().min(Semaphore::MAX_PERMITS))),
            host: None,
            handshakes: JoinSet::new(),
            newcomers: Vec::new(),
        }
    }

    /// Proves from now on, to those newcomers who ask for it, that this is the host with this key.
    /// Others do not learn that there is one.
    pub fn prove_host(&mut self, key: HostKey) {
        self.host = Some(key);
    }

    /// The address to which others dial, with the port that the system chose.
    ///
    /// # Errors
    /// Those of the system.
    pub fn local_address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// The next link, and from where it came.
    ///
    /// Nobody is taken in while this is not called. A call that is given up loses nothing.
    ///
    /// # Errors
    /// Why one newcomer did not become a link ([`LinkError::OtherVersion`] may be worth showing),
    /// or why the system gave none. The listener goes on: call again.
    pub async fn accept(&mut self) -> Result<(Link, SocketAddr), LinkError> {
        loop {
            tokio::select! {
                // What is finished leaves first, so that only what is under way is counted.
                biased;
                Some(finished) = self.handshakes.join_next_with_id() => {
                    if let Some(outcome) = self.leave(finished) {
                        return outcome;
                    }
                }
                connection = next_connection(&self.socket, &mut self.bucket, self.bound_at) => {
                    let (stream, address) = connection.map_err(|error| LinkError::cut(&error))?;
                    self.enter(stream, address);
                }
            }
        }
    }

    /// Starts a newcomer's handshake, at the cost of another where there are too many.
    fn enter(&mut self, stream: TcpStream, address: SocketAddr) {
        if self.newcomers.len() >= self.limits.handshakes.get() {
            self.crowd_out();
        }
        let (config, info, places) = (self.config.clone(), self.info, self.places.clone());
        let host = self.host.clone();
        let handshake = self.handshakes.spawn(welcome(stream, config, info, host, places));
        self.newcomers.push(Newcomer { address, handshake });
    }

    /// Ends the oldest handshake of whichever address has most of them.
    fn crowd_out(&mut self) {
        let from = |ip: IpAddr| self.newcomers.iter().filter(|n| n.address.ip() == ip).count();
        let victim = (0..self.newcomers.len())
            .max_by_key(|&index| (from(self.newcomers[index].address.ip()), Reverse(index)));
        if let Some(index) = victim {
            self.newcomers.remove(index).handshake.abort();
        }
    }

    /// What came of a handshake; `None` if it was crowded out or its peer turned away.
    fn leave(
        &mut self,
        finished: Result<(Id, Result<Option<Link>, LinkError>), JoinError>,
    ) -> Option<Result<(Link, SocketAddr), LinkError>> {
        let (id, outcome) = match finished {
            Ok(finished) => finished,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_crowded_out) => return None,
        };
        let index = self.newcomers.iter().position(|newcomer| newcomer.handshake.id() == id)?;
        let address = self.newcomers.remove(index).address;
        outcome.map(|link| link.map(|link| (link, address))).transpose()
    }
}

/// Waits for the bucket, then for a connection. Every try takes a token, so that a system that
/// only gives errors is not asked without end.
async fn next_connection(
    socket: &TcpListener,
    bucket: &mut TokenBucket,
    bound_at: Instant,
) -> io::Result<(TcpStream, SocketAddr)> {
    sleep(bucket.wait(bound_at.elapsed())).await;
    let connection = socket.accept().await;
    bucket.take(bound_at.elapsed());
    connection.map(|(stream, address)| (stream, canonical(address)))
}

/// An IPv4 address as such, also where it came over a socket of IPv6.
fn canonical(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::from((ip, address.port())),
        // With its scope, without which nobody could dial back.
        IpAddr::V6(_) => address,
    }
}

/// Listens on one socket; over IPv6, on the same one for IPv4, whatever the system's default is.
fn listen(domain: Domain, address: SocketAddr) -> io::Result<TcpListener> {
    /// Connections that wait in the system's queue: as many as tokio asks for.
    const BACKLOG: i32 = 1024;
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    if domain == Domain::IPV6 {
        socket.set_only_v6(false)?;
    }
    // Elsewhere this would let another program take the port away.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}

/// The handshake with a newcomer, and a link if there is a place for it.
async fn welcome(
    stream: TcpStream,
    config: Config,
    info: LinkInfo,
    host: Option<HostKey>,
    places: Arc<Semaphore>,
) -> Result<Option<Link>, LinkError> {
    send_at_once(&stream)?;
    let local = local(&stream);
    let (stream, secured) = shake_hands(stream, Role::Responder, &config, info).await?;
    let place = places.try_acquire_owned().ok();
    let is_welcome = place.is_some();
    let hosting = Hosting::as_host(host.as_ref(), &secured.hash);
    let link = Link::run(stream, secured, &config, info, hosting, place).at(local);
    if is_welcome {
        return Ok(Some(link));
    }
    let (sender, _) = link.split();
    sender.close(CloseReason::BUSY).await?;
    Ok(None)
}

/// Frames are batched already; that the system waits for more would only delay them.
fn send_at_once(stream: &TcpStream) -> Result<(), LinkError> {
    stream.set_nodelay(true).map_err(|error| LinkError::cut(&error))
}
