//! Discovery by multicast DNS, with the crate `mdns-sd`.
//!
//! The name of the service and of the host are the tag, so nothing that is sent names the machine or
//! its person. Names are random, so they are not probed for first, and nobody can make this
//! device take another one.
//!
//! The library keeps whatever anybody says of the service, without a bound of its own. So it is
//! asked how much that is, and where it is more than any honest network says, it is ended with all
//! that it holds and begun again after a pause.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV6};
use std::time::Duration;

use mdns_sd::{
    IfKind, Receiver, ResolvedService, ScopedIp, ServiceDaemon, ServiceEvent, ServiceInfo,
};
use socket2::{Domain, Protocol, Socket, Type};
use std::sync::Arc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::lan::vicinity::Vicinity;
use crate::lan::{Announcement, Blocked, SERVICE, Shared, State, Tag};

/// The version of what is announced: `v` in the TXT record. Later ones may add properties.
const VERSION: &str = "0";

/// How often this device looks at its interfaces and at what the library holds.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The most records that the library may hold: some five for each of two thousand devices. At
/// worst a flood makes it hold these, and what comes within [`LOOK_EVERY`].
const RECORDS_MAX: i64 = 10_000;

/// The first pause after discovery was blocked. Each further one is twice as long.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// How multicast DNS is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mdns {
    /// The UDP port: 5353, which all of the world uses, unless told.
    pub port: u16,
    /// Whether other programs on this machine are searched for on its loopback interface, and
    /// addresses there are reported: for tests. Those that are in a network find each other anyway.
    pub with_loopback: bool,
}

impl Default for Mdns {
    fn default() -> Self {
        Self { port: mdns_sd::MDNS_PORT, with_loopback: false }
    }
}

/// Searches and announces for ever.
pub(super) async fn run(shared: Arc<Shared>, config: Mdns) {
    let mut pause = PAUSE_FIRST;
    loop {
        let began = Instant::now();
        let blocked = search(&shared, config).await;
        shared.tell(|neighbours| {
            neighbours.all_lost();
            neighbours.set_state(State::Blocked(blocked));
        });
        if began.elapsed() > PAUSE_MAX {
            pause = PAUSE_FIRST;
        }
        sleep(pause).await;
        pause = (2 * pause).min(PAUSE_MAX);
    }
}

/// Searches and announces until that is not possible any more.
async fn search(shared: &Shared, config: Mdns) -> Blocked {
    match try_search(shared, config).await {
        Ok(blocked) => blocked,
        // The library's thread has gone, or does not take commands any more.
        Err(_) => Blocked::NotAllowed,
    }
}

async fn try_search(shared: &Shared, config: Mdns) -> mdns_sd::Result<Blocked> {
    if !may_listen(config.port) {
        return Ok(Blocked::NotAllowed);
    }
    let mut vicinity = look_around(config);
    shared.tell(|neighbours| neighbours.move_to(vicinity.clone()));
    let responder = Responder::start(config)?;
    let mut found = responder.browse()?;
    let mut announcement = shared.announcement.subscribe();
    announcement.mark_changed();
    let mut announced = None;
    let mut look = interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = found.recv_async() => match event {
                Ok(event) => take(event, shared),
                // The library gives up on a subscriber that is a thousand events behind.
                Err(_) => return Ok(Blocked::Flooded),
            },
            Ok(()) = announcement.changed() => {
                let wanted = *announcement.borrow_and_update();
                responder.announce(announced, wanted)?;
                announced = wanted;
            }
            _ = look.tick() => {
                if responder.records().await? > RECORDS_MAX {
                    return Ok(Blocked::Flooded);
                }
                let here = look_around(config);
                let state = match here.networks.is_empty() && !config.with_loopback {
                    true => State::Blocked(Blocked::NoNetwork),
                    false => State::Searching,
                };
                shared.tell(|neighbours| neighbours.set_state(state));
                if here != vicinity {
                    vicinity = here;
                    shared.tell(|neighbours| neighbours.move_to(vicinity.clone()));
                    // What was too far before is told again.
                    found = responder.browse()?;
                }
            }
        }
    }
}

/// What the library found out, for the table.
fn take(event: ServiceEvent, shared: &Shared) {
    match event {
        ServiceEvent::ServiceResolved(service) => {
            if let Some(tag) = tag_in(&service.fullname) {
                let addresses = addresses(&service);
                shared.tell(|neighbours| neighbours.seen(tag, addresses));
            }
        }
        ServiceEvent::ServiceRemoved(_, fullname) => {
            if let Some(tag) = tag_in(&fullname) {
                shared.tell(|neighbours| neighbours.lost(tag));
            }
        }
        _ => {}
    }
}

/// The tag that a service is named after; others than ours may use any name.
fn tag_in(fullname: &str) -> Option<Tag> {
    let (name, service) = fullname.split_once('.')?;
    service.eq_ignore_ascii_case(&domain()).then(|| name.parse().ok())?
}

fn addresses(service: &ResolvedService) -> impl Iterator<Item = SocketAddr> {
    service.addresses.iter().filter_map(|ip| match ip {
        ScopedIp::V4(ip) => Some(SocketAddr::from((*ip.addr(), service.port))),
        ScopedIp::V6(ip) => {
            // Only a link-local address needs the interface, and any other is the same without.
            let scope = if ip.addr().is_unicast_link_local() { ip.scope_id().index } else { 0 };
            Some(SocketAddrV6::new(*ip.addr(), service.port, 0, scope).into())
        }
        _ => None,
    })
}

/// The library's thread. It says goodbye to the network when this is dropped.
struct Responder(ServiceDaemon);

impl Responder {
    fn start(config: Mdns) -> mdns_sd::Result<Self> {
        let responder = Self(ServiceDaemon::new_with_port(config.port)?);
        if !config.with_loopback {
            responder.0.disable_interface(vec![IfKind::LoopbackV4, IfKind::LoopbackV6])?;
        }
        Ok(responder)
    }

    /// Searches, and tells again what is known already.
    fn browse(&self) -> mdns_sd::Result<Receiver<ServiceEvent>> {
        self.0.browse(&domain())
    }

    fn announce(
        &self,
        before: Option<Announcement>,
        now: Option<Announcement>,
    ) -> mdns_sd::Result<()> {
        if let Some(before) = before {
            // Whether the network was told is not waited for.
            let _told = self.0.unregister(&format!("{}.{}", before.tag, domain()))?;
        }
        if let Some(Announcement { tag, port }) = now {
            let properties = [("v", VERSION)];
            let (name, host) = (tag.to_string(), format!("{tag}.local."));
            let mut service = ServiceInfo::new(&domain(), &name, &host, "", port, &properties[..])?
                .enable_addr_auto();
            service.set_requires_probe(false);
            self.0.register(service)?;
        }
        Ok(())
    }

    /// How many records the library holds of what others said.
    async fn records(&self) -> mdns_sd::Result<i64> {
        let metrics = self.0.get_metrics()?;
        // A thread that is too busy to answer is taken for one that holds too much.
        let Ok(Ok(metrics)) = timeout(LOOK_EVERY, metrics.recv_async()).await else {
            return Ok(i64::MAX);
        };
        Ok(metrics
            .iter()
            .filter(|(name, _)| name.starts_with("cached-"))
            .map(|(_, held)| held)
            .sum())
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        // Where the thread has ended already there is nobody to say goodbye.
        let _ended = self.0.shutdown();
    }
}

/// The service with its domain.
fn domain() -> String {
    format!("{SERVICE}.local.")
}

/// Whether this program may share the port of multicast DNS, over IPv4 or IPv6. The library does
/// not tell.
fn may_listen(port: u16) -> bool {
    let listens = |domain, address: SocketAddr| {
        let socket = Socket::new(domain, Type::DGRAM, Some(Protocol::UDP))?;
        socket.set_reuse_address(true)?;
        #[cfg(unix)]
        socket.set_reuse_port(true)?;
        socket.bind(&address.into())
    };
    listens(Domain::IPV4, (Ipv4Addr::UNSPECIFIED, port).into()).is_ok()
        || listens(Domain::IPV6, (std::net::Ipv6Addr::UNSPECIFIED, port).into()).is_ok()
}

/// The networks that this device is in, as far as this program can tell.
fn look_around(config: Mdns) -> Vicinity {
    Vicinity { networks: own_networks(), with_loopback: config.with_loopback }
}

/// The addresses of this machine in the networks that it is in, each with the length of its prefix.
pub(super) fn own_networks() -> Vec<(IpAddr, u8)> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut networks: Vec<(IpAddr, u8)> = interfaces
        .into_iter()
        .filter(|interface| {
            interface.is_oper_up() && !interface.is_p2p() && !interface.is_loopback()
        })
        .map(|interface| match interface.addr {
            if_addrs::IfAddr::V4(address) => (address.ip.into(), address.prefixlen),
            if_addrs::IfAddr::V6(address) => (address.ip.into(), address.prefixlen),
        })
        .collect();
    networks.sort_unstable();
    networks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_that_is_a_tag_is_a_peer() {
        let tag = Tag::new([0xab; 8]);
        assert_eq!(tag_in("abababababababab._teilgeber._tcp.local."), Some(tag));
        assert_eq!(tag_in("ABABABABABABABAB._Teilgeber._TCP.local."), Some(tag));
        for other in [
            "",
            "abababababababab",
            "abababababababab._http._tcp.local.",
            "abababababababab (2)._teilgeber._tcp.local.",
            "Ada's laptop._teilgeber._tcp.local.",
            "a.b._teilgeber._tcp.local.",
        ] {
            assert_eq!(tag_in(other), None, "{other}");
        }
    }
}
