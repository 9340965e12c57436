//! A device that speaks another version of the link or of the exchange.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use teilgeber_device::model::Session;
use teilgeber_device::nearby::{Situation, Tag};
use teilgeber_device::{Error, Outcome};
use teilgeber_link::tcp::{Limits, Listener, dial};
use teilgeber_link::{CloseReason, Config, LinkInfo};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::nearby::{address, friends, has, together, until};
use crate::support::line;

/// A version that is not there yet, of the link and of the exchange.
const NEWER: u8 = 1;

/// A hello of that version: kind, length, version, and what nobody knows yet.
const HELLO: [u8; 6] = [0x01, 4, NEWER, 200, 200, 200];

/// That the other side speaks another version: kind, length, code, the version of who says so.
const FAREWELL: [u8; 4] = [0x0d, 2, 1, 0];

/// Longer than a device waits before it dials again where a link broke off.
const A_WHILE: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread")]
async fn another_version_of_the_link_is_said_and_left_alone_and_after_the_update_all_comes() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let pitched = ada.device.pitch_session(event, &Session::new(line("Clocks"))).unwrap();
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);
    let newer = Newer::link(address(&at_ada)).await;

    let said = bob.device.sync_with(newer.address).await;
    assert!(matches!(said, Err(Error::UpdateApp)), "{said:?}");
    at_bob.found(Tag::new([255; 8]), &[newer.address]);
    until(&at_bob, |standing| standing.situation == Situation::OtherVersion).await;
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(newer.calls(), 2, "one by the sync, one by who keeps links");
    assert!(at_ada.standing().links.is_empty());

    at_bob.found(Tag::new([254; 8]), &[address(&at_ada)]);
    until(&at_bob, |standing| standing.situation == Situation::Same).await;
    assert!(has(&bob, event, pitched));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_exchange_is_said_by_whoever_is_dialled() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let at_ada = ada.keep().await;

    let link = dial(address(&at_ada), &Config::default(), LinkInfo::LAN).await.unwrap();
    let (sender, mut receiver) = link.split();
    sender.send(HELLO).await.unwrap();
    let mut told = Vec::new();
    while let Ok(Some(bytes)) = receiver.receive().await {
        told.extend(bytes);
    }

    assert_eq!(told, FAREWELL, "and not a word more");
    until(&at_ada, |standing| standing.links.is_empty()).await;
    let report = bob.device.sync_with(address(&at_ada)).await.unwrap();
    assert_eq!(report.spaces[0].outcome, Outcome::Same, "it costs nobody else anything");
    assert!(bob.device.event(event).unwrap().event.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_refuses_the_exchange_of_this_version_is_left_alone_like_one_who_is_newer() {
    let [ada, bob] = friends();
    together(&ada, &[&bob]);
    let at_bob = bob.keep().await;
    let newer = Newer::exchange().await;

    let said = bob.device.sync_with(newer.address).await;
    assert!(matches!(said, Err(Error::UpdateApp)), "{said:?}");
    at_bob.found(Tag::new([255; 8]), &[newer.address]);
    until(&at_bob, |standing| standing.situation == Situation::OtherVersion).await;
    tokio::time::sleep(A_WHILE).await;

    assert_eq!(newer.calls(), 2);
}

/// Somebody of a newer version, and how often they were called.
struct Newer {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
    running: JoinHandle<()>,
}

impl Newer {
    /// A device as it were with a newer link: each end is told that the other one speaks it.
    async fn link(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, calls) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let counted = calls.clone();
        let running = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let far = TcpStream::connect(target).await.unwrap();
                let ((near_out, near_in), (far_out, far_in)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(as_newer(near_out, far_in));
                tokio::spawn(as_newer(far_out, near_in));
            }
        });
        Self { address, calls, running }
    }

    /// A device with a newer exchange over the same link.
    async fn exchange() -> Self {
        let here = "127.0.0.1:0".parse().unwrap();
        let (config, info, limits) = (Config::default(), LinkInfo::LAN, Limits::default());
        let mut listener = Listener::bind(here, &config, info, limits).await.unwrap();
        let (address, calls) = (listener.local_address().unwrap(), Arc::new(AtomicUsize::new(0)));
        let counted = calls.clone();
        let running = tokio::spawn(async move {
            while let Ok((link, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let (sender, mut receiver) = link.split();
                receiver.receive().await.unwrap();
                sender.send([FAREWELL[0], FAREWELL[1], FAREWELL[2], NEWER]).await.unwrap();
                let broke_the_rules = CloseReason::FIRST_OF_APPLICATION + 1;
                sender.close(CloseReason::from_code(broke_the_rules)).await.unwrap();
            }
        });
        Self { address, calls, running }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Drop for Newer {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Passes on what somebody says, with the version in the clear bytes of the link changed.
async fn as_newer(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
) -> std::io::Result<()> {
    let mut clear = [0; 5];
    from.read_exact(&mut clear).await?;
    clear[4] = NEWER;
    to.write_all(&clear).await?;
    copy(&mut from, &mut to).await?;
    to.shutdown().await
}
