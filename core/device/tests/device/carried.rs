//! Events that a hub carries and cannot read.

use teilgeber_device::model::*;
use teilgeber_device::nearby::{Host, NearbyConfig, Rung, Situation};
use teilgeber_device::{Code, Config, Device, Error, Kind, Outcome, Server, SpaceKind};

use crate::support::{Home, Phone, camp, contains, everything_in, line};

#[tokio::test(flavor = "multi_thread")]
async fn what_one_says_reaches_by_a_hub_who_comes_after_they_left() {
    let (ada, hub, bob) = (Phone::of("Ada"), Phone::silent(), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let session = Session::new(line("Clocks without hands"));
    let session = ada.device.pitch_session(event, &session).unwrap();
    assert_eq!(hub.device.carry(&ada.device.carry_code(event).unwrap()).unwrap(), event);
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();

    let report = ada.sync(&hub).await;
    assert_eq!(report.spaces[0].outcome, Outcome::Same);
    assert_eq!(report.spaces[0].peer, None, "a hub shows no author");
    let report = bob.sync(&hub).await;

    assert_eq!(report.spaces[0].outcome, Outcome::Same);
    assert_eq!(
        bob.device.session(session).unwrap().session.title().as_str(),
        "Clocks without hands"
    );
    let carried = hub.device.carried().unwrap();
    assert_eq!((carried.len(), carried[0].event), (1, event));
    assert!(carried[0].entries >= 2 && carried[0].bytes > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_a_hub_is_said_to_be_there_if_the_hub_proved_itself() {
    let (ada, hub) = (Phone::of("Ada"), Phone::silent());
    let event = ada.device.create_event(&camp()).unwrap();
    let session = ada.device.pitch_session(event, &Session::new(line("Clocks"))).unwrap();
    hub.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    let places = || ada.device.places(Kind::Session, session).unwrap();
    let serve = || async {
        let here = "127.0.0.1:0".parse().unwrap();
        hub.device.serve_as_hub(here, 8.try_into().unwrap(), |_| {}).await.unwrap()
    };

    let server = serve().await;
    ada.device.sync_with(server.local_addr()).await.unwrap();
    assert_eq!(
        (places().devices, places().hubs, places().others),
        (0, 0, true),
        "it may be anyone"
    );

    let first = ada.reaches(&server).await;
    assert_eq!((places().devices, places().hubs), (1, 1));
    server.stop().await;
    let server = serve().await;
    let again = ada.reaches(&server).await;
    assert_eq!(first, again, "it is the same hub, by a key that lasts");
    assert_eq!((places().devices, places().hubs), (1, 1));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_reads_nothing_and_is_in_no_event() {
    let (ada, hub) = (Phone::of("Ada"), Phone::silent());
    let event = ada.device.create_event(&camp()).unwrap();
    ada.device.pitch_session(event, &Session::new(line("Clocks without hands"))).unwrap();
    hub.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    let report = ada.sync(&hub).await;
    assert_eq!(report.spaces[0].kind, SpaceKind::Event);

    assert!(matches!(hub.device.event(event), Err(Error::NotHere(_))));
    assert_eq!(hub.device.events().unwrap(), []);
    let home = everything_in(hub.home.path());
    for word in ["Clocks", "Barcamp", "Ada"] {
        assert!(!contains(&home, word), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_obeys_who_erases_their_own_and_the_organisers_who_withdraw() {
    let (ada, hub, bob) = (Phone::of("Ada"), Phone::silent(), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    hub.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.sync(&ada).await;
    let [first, second] = ["One", "Two"]
        .map(|title| bob.device.pitch_session(event, &Session::new(line(title))).unwrap());
    bob.sync(&hub).await;
    ada.sync(&hub).await;
    let before = hub.device.carried().unwrap()[0].bytes;

    bob.device.erase_session(first).unwrap();
    bob.sync(&hub).await;
    let after_erasing = hub.device.carried().unwrap()[0].bytes;
    assert!(after_erasing < before, "{after_erasing} of {before}");
    ada.device.withdraw(Kind::Session, second).unwrap();
    ada.sync(&hub).await;
    assert!(hub.device.carried().unwrap()[0].bytes < after_erasing);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_beyond_the_budget_is_refused_and_the_rest_goes_on() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.carry_code(event).unwrap();
    let home = Home::new();
    let with = |bytes| Device::open(Config::new(home.path()).with_carried_bytes(bytes)).unwrap().0;

    let small = Phone { device: with(2_000), clock: ada.clock.clone(), home: Home::new() };
    small.device.carry(&code).unwrap();
    for n in 0..40 {
        let title = format!("Session {n} with a title of some length");
        ada.device.pitch_session(event, &Session::new(line(&title))).unwrap();
        if n == 0 {
            assert_eq!(ada.sync(&small).await.spaces[0].outcome, Outcome::Same);
        }
    }
    assert_eq!(ada.sync(&small).await.spaces[0].outcome, Outcome::Unequal);
    assert!(small.device.carried().unwrap()[0].bytes <= 2_000);
    drop(small);

    let large = Phone { device: with(1_000_000), clock: ada.clock.clone(), home: Home::new() };
    assert_eq!(ada.sync(&large).await.spaces[0].outcome, Outcome::Same);
}

#[test]
fn a_carry_code_opens_nothing_and_says_what_it_is_for() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.carry_code(event).unwrap();

    assert!(matches!(Code::read(&code), Ok(Code::Carry(_))));
    let refused = bob.device.join(&code).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "this code is for a hub: it lets one carry an event, not read it"
    );
    let join = ada.device.join_code(event, &[]).unwrap();
    assert!(matches!(bob.device.carry(&join), Err(Error::OtherCode(_))));
}

impl Phone {
    /// Keeps a link with the hub of this server, by its key, until both know the same. Returns the key.
    async fn reaches(&self, server: &Server) -> [u8; 32] {
        let key = server.host().expect("a hub");
        let host =
            Host { addresses: vec![server.local_addr()], rung: Rung::Internet, key: Some(key) };
        let config = NearbyConfig { listen: None, ..NearbyConfig::default() };
        let nearby = self.device.keep_links(config, |_| {}).await.unwrap();
        nearby.add_host(host);
        let mut watch = nearby.watch();
        watch.wait_for(|standing| standing.situation == Situation::Same).await.unwrap();
        nearby.stop().await;
        *key.as_bytes()
    }
}
