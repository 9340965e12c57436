//! Events that a hub carries and cannot read.

use std::sync::Arc;

use teilgeber_device::model::*;
use teilgeber_device::nearby::{Host, NearbyConfig, Rung, Situation};
use teilgeber_device::{Code, Config, Device, Error, Kind, MetAt, Outcome, Server, SpaceKind};

use crate::support::{Home, Phone, StoryClock, camp, contains, everything_in, line};

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
async fn what_goes_beyond_the_budget_is_let_go_of_and_is_said_to_be_nowhere() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    let small = Phone::holding(|config| config.with_carried_bytes(3_000));
    small.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    let sessions: Vec<Id> = (0..40)
        .map(|n| {
            ada.clock.pass(60_000);
            let title = format!("Session {n} with a title of some length");
            ada.device.pitch_session(event, &Session::new(line(&title))).unwrap()
        })
        .collect();
    let hubs = |n: usize| ada.device.places(Kind::Session, sessions[n]).unwrap().hubs;

    let server = small.hub().await;
    ada.reaches(&server).await;

    let carried = small.device.carried().unwrap().remove(0);
    assert!(carried.bytes <= 3_000, "{carried:?}");
    assert!(carried.entries > 40, "no envelope is let go of: {carried:?}");
    let let_go = small.device.let_go().unwrap().remove(0);
    assert!(let_go.event == event && let_go.carried && let_go.bytes > 0, "{let_go:?}");
    assert_eq!((hubs(0), hubs(39)), (0, 1), "the oldest goes, and its author knows that");
    server.stop().await;

    let Phone { device, clock, home } = small;
    drop(device);
    let config = Config::new(home.path()).with_clock(clock.clone()).with_carried_bytes(1_000_000);
    let large = Phone { device: Device::open(config).unwrap().0, clock, home };
    large.device.make_room().unwrap();
    let server = large.hub().await;
    ada.reaches(&server).await;
    assert_eq!(large.device.let_go().unwrap(), [], "there is room for all");
    assert_eq!((hubs(0), hubs(39)), (1, 1));
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_carried_is_let_go_of_when_it_is_too_old() {
    const DAY: u64 = 24 * 60 * 60 * 1_000;
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let hub = Phone::holding(|config| config.with_carried_days(30));
    hub.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let old = ada.device.pitch_session(event, &Session::new(line("Old"))).unwrap();
    let server = hub.hub().await;
    ada.reaches(&server).await;
    let hubs = |id: Id| ada.device.places(Kind::Session, id).unwrap().hubs;
    assert_eq!(hubs(old), 1);
    server.stop().await;

    for phone in [&ada, &bob, &hub] {
        phone.clock.pass(40 * DAY);
    }
    let new = ada.device.pitch_session(event, &Session::new(line("New"))).unwrap();
    let server = hub.hub().await;
    ada.reaches(&server).await;
    assert_eq!((hubs(old), hubs(new)), (0, 1), "an hour after the last time, with the first link");
    server.stop().await;
    assert!(hub.device.let_go().unwrap()[0].bytes > 0);
    bob.sync(&hub).await;
    let titles: Vec<String> = bob
        .device
        .sessions(event)
        .unwrap()
        .iter()
        .map(|it| it.session.title().to_string())
        .collect();
    assert_eq!(titles, ["New"]);

    bob.sync(&ada).await;
    assert_eq!(bob.device.sessions(event).unwrap().len(), 2, "others hold it");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_an_event_that_they_carried_wants_all_of_it() {
    let ada = Phone::of("Ada");
    let event = ada.device.create_event(&camp()).unwrap();
    for n in 0..20 {
        ada.clock.pass(60_000);
        let title = format!("Session {n} with a title of some length");
        ada.device.pitch_session(event, &Session::new(line(&title))).unwrap();
    }
    let bob = Phone::holding(|config| config.with_carried_bytes(2_000));
    bob.device.carry(&ada.device.carry_code(event).unwrap()).unwrap();
    bob.sync(&ada).await;
    assert!(bob.device.let_go().unwrap()[0].bytes > 0);

    let Phone { device, clock, home } = bob;
    drop(device);
    let bob = Phone::open(home, clock);
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    bob.sync(&ada).await;

    assert_eq!(bob.device.sessions(event).unwrap().len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_flood_an_event_are_kept_out_and_the_person_is_told() {
    let (ada, known) = (Phone::of("Ada"), Phone::of("Known"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    let bob = Phone::holding(|config| config.with_event_bytes(6_000));
    let early = Phone::of("Early");
    let late: Vec<Phone> = (0..8).map(|n| Phone::of(&format!("Late {n}"))).collect();
    for phone in [&bob, &early, &known].into_iter().chain(&late) {
        phone.device.join(&code).unwrap();
    }
    let pitch = |phone: &Phone, title: &str| {
        phone.device.pitch_session(event, &Session::new(line(title))).unwrap()
    };
    let knows = |other: &Phone| {
        let showing = other.device.show_code(&[], None).unwrap();
        bob.device.scan(&showing.text, &MetAt::default()).unwrap();
    };
    knows(&known);
    pitch(&ada, "The organiser's");
    pitch(&early, "Of whom was here");
    bob.sync(&ada).await;
    bob.sync(&early).await;
    let mine = pitch(&bob, "My own");
    let let_go = || bob.device.let_go().unwrap();
    assert_eq!(let_go(), []);

    let mut flooded = Vec::new();
    for phone in &late {
        flooded =
            (0..10).map(|n| pitch(phone, &format!("Flood {n} {}", "x".repeat(100)))).collect();
        bob.sync(phone).await;
    }
    let theirs = pitch(&known, "My contact's");
    bob.sync(&known).await;
    bob.sync(&ada).await;

    let titles: Vec<String> = bob
        .device
        .sessions(event)
        .unwrap()
        .iter()
        .map(|it| it.session.title().to_string())
        .collect();
    for title in ["The organiser's", "Of whom was here", "My own", "My contact's"] {
        assert!(titles.iter().any(|it| it == title), "{title} in {titles:?}");
    }
    assert!(titles.iter().filter(|title| title.starts_with("Flood")).count() < 40);
    let told = let_go().remove(0);
    assert!(!told.carried && told.bytes > 0 && told.kept_out >= 4, "{told:?}");
    let people = bob.device.rebuild().unwrap().different;
    assert!(people.is_empty(), "{people:?}");

    let devices = |phone: &Phone, id: Id| phone.device.places(Kind::Session, id).unwrap().devices;
    bob.sync(late.last().unwrap()).await;
    assert_eq!(
        devices(late.last().unwrap(), flooded[9]),
        0,
        "who is kept out is not told otherwise"
    );
    assert_eq!(devices(&known, theirs), 1, "and a contact's word is there");
    assert!(bob.device.places(Kind::Session, mine).unwrap().devices >= 1);

    knows(late.last().unwrap());
    bob.device.make_room().unwrap();
    bob.sync(late.last().unwrap()).await;
    let titles = bob.device.sessions(event).unwrap();
    assert!(titles.iter().any(|it| it.id == flooded[9]), "whom I know comes in");
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
    /// A new device that is opened with other bounds.
    fn holding(bounds: impl FnOnce(Config) -> Config) -> Self {
        let (home, clock) = (Home::new(), Arc::new(StoryClock::default()));
        let config = bounds(Config::new(home.path()).with_clock(clock.clone()));
        Self { device: Device::open(config).unwrap().0, clock, home }
    }

    async fn hub(&self) -> Server {
        let here = "127.0.0.1:0".parse().unwrap();
        self.device.serve_as_hub(here, 8.try_into().unwrap(), |_| {}).await.unwrap()
    }

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
