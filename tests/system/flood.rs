//! Strangers take nobody's place for long, whatever they send and however many they are.

use std::time::Duration;

use teilgeber_device::model::Id;
use teilgeber_device::{Device, Filter, Stay};
use teilgeber_tests::dice::Dice;
use teilgeber_tests::story::{camp, talk};
use teilgeber_tests::support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::wire::{Fate, Proxy};

/// Connections that say nothing, and as many that say what nobody understands.
const STRANGERS: usize = 200;

/// Links that a device gives to all who call: strangers hold no more.
const PLACES: usize = 8;

/// A stranger's bytes up to here: the handshake (a few dozen) and the beginning of a first frame.
const HANDSHAKE_AND_A_BIT: usize = 100;

/// Far longer than anything here takes: a test that hangs fails.
const PATIENCE: Duration = Duration::from_secs(90);

#[tokio::test(flavor = "multi_thread")]
async fn silence_and_garbage_disturb_neither_who_is_connected_nor_who_comes() {
    let venue = Venue::new().await;
    let staying = venue.stay();
    venue.news_reach_bob().await;

    let mut strangers = Vec::new();
    let mut dice = Dice::new(1);
    for n in 0..2 * STRANGERS {
        let mut stranger = TcpStream::connect(venue.server.local_addr()).await.unwrap();
        if n % 2 == 1 {
            // It may have been shown the door already.
            let _sent = stranger.write_all(&garbage(&mut dice)).await;
        }
        strangers.push(stranger);
    }
    venue.news_reach_bob().await;
    venue.cleo_syncs().await;
    venue.news_reach_bob().await;

    drop(strangers);
    venue.server.stop().await;
    assert!(staying.await.unwrap().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_shake_hands_and_fall_silent_keep_no_place() {
    let venue = Venue::new().await;
    let staying = venue.stay();
    venue.news_reach_bob().await;
    let homes: Vec<Home> = (0..PLACES).map(|_| Home::new()).collect();

    let mut strangers = Vec::new();
    for home in &homes {
        let fate = Fate::DeadAfter(HANDSHAKE_AND_A_BIT);
        let proxy = Proxy::before(venue.server.local_addr(), fate).await;
        let (device, address) = (home.open(), proxy.address);
        strangers.push((tokio::spawn(async move { device.sync_with(address).await }), proxy));
    }
    venue.news_reach_bob().await;
    venue.cleo_syncs().await;
    venue.news_reach_bob().await;

    for (stranger, proxy) in strangers {
        assert!(!proxy.tape.lock().unwrap().back.is_empty(), "it was answered");
        stranger.abort();
    }
    venue.server.stop().await;
    assert!(staying.await.unwrap().is_err());
}

/// Ada takes in whoever comes; Bob and Cleo are in her event.
struct Venue {
    ada: Device,
    bob: Device,
    cleo: Device,
    _homes: [Home; 3],
    event: Id,
    server: teilgeber_device::Server,
}

impl Venue {
    async fn new() -> Self {
        let homes = [Home::new(), Home::new(), Home::new()];
        let [ada, bob, cleo] = [homes[0].open(), homes[1].open(), homes[2].open()];
        let event = ada.create_event(&camp()).unwrap();
        let code = ada.join_code(event, &[]).unwrap();
        for device in [&bob, &cleo] {
            device.join(&code).unwrap();
        }
        let server = serve(&ada).await;
        Self { ada, bob, cleo, _homes: homes, event, server }
    }

    /// Bob dials and stays.
    fn stay(&self) -> JoinHandle<teilgeber_device::Result<teilgeber_device::SyncReport>> {
        let (device, address) = (self.bob.clone(), self.server.local_addr());
        tokio::spawn(async move { device.sync_telling(address, Stay::UntilClosed, |_| {}).await })
    }

    /// What Ada writes comes to Bob over the link that stands.
    async fn news_reach_bob(&self) {
        let news = self.bob.observe(Filter::default());
        let session = self.ada.pitch_session(self.event, &talk("Flour")).unwrap();
        let (bob, event) = (self.bob.clone(), self.event);
        let arrived = tokio::task::spawn_blocking(move || {
            let is_here = || bob.sessions(event).unwrap().iter().any(|talk| talk.id == session);
            while !is_here() {
                news.wait(PATIENCE).expect("news");
            }
        });
        arrived.await.unwrap();
    }

    /// Cleo dials until she is taken in, and then knows what Ada knows.
    async fn cleo_syncs(&self) {
        let syncing = async {
            while let Err(error) = self.cleo.sync_with(self.server.local_addr()).await {
                assert!(matches!(error, teilgeber_device::Error::TryAgain(_)), "{error:?}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        tokio::time::timeout(PATIENCE, syncing).await.expect("she is taken in");
        assert_eq!(picture(&self.cleo, self.event), picture(&self.ada, self.event));
    }
}

/// Another protocol, a bare beginning, or chance.
fn garbage(dice: &mut Dice) -> Vec<u8> {
    match dice.below(3) {
        0 => b"GET / HTTP/1.1\r\nHost: venue\r\n\r\n".to_vec(),
        1 => vec![0; 1 + dice.below(300)],
        _ => (0..dice.below(5_000)).map(|_| dice.any() as u8).collect(),
    }
}
