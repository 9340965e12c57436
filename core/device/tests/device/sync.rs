//! Two and three devices come to know the same.

use std::time::Duration;

use teilgeber_device::model::*;
use teilgeber_device::{End, Error, Filter, GRACE, Kind, Outcome, SpaceKind, Stay};

use teilgeber_link::LinkInfo;
use teilgeber_link::tcp::dial;

use crate::support::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_to_whoever_joined_it() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    assert_eq!(bob.device.join(&code).unwrap().event, event);
    assert_eq!(bob.device.event(event).unwrap().event, None);

    let report = bob.sync(&ada).await;

    assert_eq!(bob.device.event(event).unwrap().event, Some(camp()));
    let [space] = report.spaces.as_slice() else { panic!("{report:?}") };
    assert_eq!((space.space, space.kind, space.outcome), (event, SpaceKind::Event, Outcome::Same));
    assert_eq!((space.sent, space.received), (0, 1));
    assert_eq!(space.peer, ada.device.author_in(event).unwrap());
    assert_eq!(report.to_string(), "Barcamp Mill: received 1");
    assert_eq!(bob.sync(&ada).await.to_string(), "Barcamp Mill: same");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_years_off_keeps_nobody_from_knowing_the_same() {
    const TWENTY_YEARS: u64 = 20 * 365 * 24 * 3600 * 1000;
    let (ada, bob, cleo) = (Phone::of("Ada"), Phone::of("Bob"), Phone::of("Cleo"));
    let event = ada.device.create_event(&camp()).unwrap();
    let code = ada.device.join_code(event, &[]).unwrap();
    bob.device.join(&code).unwrap();
    cleo.device.join(&code).unwrap();
    bob.clock.pass(TWENTY_YEARS);
    bob.sync(&ada).await;

    let ahead = bob.device.pitch_session(event, &Session::new(line("From the future"))).unwrap();
    let now = ada.device.pitch_session(event, &Session::new(line("From today"))).unwrap();
    bob.sync(&ada).await;
    cleo.sync(&ada).await;

    for phone in [&ada, &bob, &cleo] {
        assert!(phone.device.session(ahead).is_ok() && phone.device.session(now).is_ok());
        assert!(phone.device.rebuild().unwrap().different.is_empty());
    }
    assert_eq!(bob.sync(&ada).await.to_string(), "Barcamp Mill: same");
    let later = cleo.device.pitch_session(event, &Session::new(line("After all"))).unwrap();
    bob.sync(&cleo).await;
    assert!(bob.device.session(later).is_ok(), "an older time is no reason to leave it out");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_share_nothing_are_told_so() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));

    let refused = bob.try_sync(&ada).await;

    assert!(matches!(refused, Err(Error::NothingInCommon)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_an_address_is_told_so() {
    let ada = Phone::of("Ada");
    let server = ada.serve().await;
    let address = server.local_addr();
    server.stop().await;

    let refused = ada.device.sync_with(address).await;

    assert!(matches!(refused, Err(Error::CheckAddress)), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_devices_of_one_event_converge_whoever_meets_whom() {
    let phones = [Phone::of("Ada"), Phone::of("Bob"), Phone::of("Cleo")];
    let event = phones[0].device.create_event(&camp()).unwrap();
    let code = phones[0].device.join_code(event, &[]).unwrap();
    for phone in &phones[1..] {
        phone.device.join(&code).unwrap();
    }
    for (n, phone) in phones.iter().enumerate() {
        let session = Session::new(line(&format!("Session {n}")));
        let id = phone.device.pitch_session(event, &session).unwrap();
        phone.device.place_session(id, Some(&attic(MORNING))).unwrap();
        phone.device.appear_in(event, true).unwrap();
    }

    let [ada, bob, cleo] = &phones;
    for _ in 0..2 {
        ada.sync(bob).await;
        bob.sync(cleo).await;
        cleo.sync(ada).await;
    }

    let board = ada.device.board(event).unwrap();
    assert_eq!(board.len(), 3);
    let conflicts = ada.device.conflicts(event).unwrap();
    assert_eq!(conflicts.len(), 3);
    for phone in &phones {
        assert_eq!(phone.device.board(event).unwrap(), board);
        assert_eq!(phone.device.digests(event).unwrap(), ada.device.digests(event).unwrap());
        assert_eq!(phone.device.conflicts(event).unwrap(), conflicts);
        assert_eq!(phone.device.participant_count(event).unwrap(), 3);
        assert!(phone.device.rebuild().unwrap().different.is_empty());
        let session = board[0].session.id;
        assert_eq!(phone.device.places(Kind::Session, session).unwrap().devices, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_new_passes_at_once_while_a_link_stays() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let server = ada.serve().await;
    let here = bob.device.observe(Filter { kinds: [Kind::Session].into(), ..Filter::default() });
    let staying = {
        let (device, address) = (bob.device.clone(), server.local_addr());
        tokio::spawn(async move { device.sync_telling(address, Stay::UntilClosed, |_| {}).await })
    };

    while bob.device.event(event).unwrap().event.is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let session = ada.device.pitch_session(event, &Session::new(line("Flour"))).unwrap();

    let news = tokio::task::spawn_blocking(move || here.wait(Duration::from_secs(10)));
    let news = news.await.unwrap().expect("news");
    assert!(news.changes.iter().any(|change| change.id == session));
    assert_eq!(bob.device.session(session).unwrap().session.title().as_str(), "Flour");
    drop(server);
    assert!(staying.await.unwrap().is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sync_over_a_pipe_in_memory() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let (one, other) = tokio::io::duplex(1024);

    let (dialled, accepted) = tokio::join!(
        bob.device.sync_over(one, End::Dialled, Stay::UntilSame, |_| {}),
        ada.device.sync_over(other, End::Accepted, Stay::UntilSame, |_| {}),
    );

    assert_eq!(dialled.unwrap().spaces[0].outcome, Outcome::Same);
    assert_eq!(accepted.unwrap().spaces[0].sent, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_cut_anywhere_costs_nothing_that_was_committed() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    for n in 0..20 {
        ada.device.pitch_session(event, &Session::new(line(&format!("Session {n}")))).unwrap();
    }

    for ms in [1, 3, 5, 10, 20] {
        let (one, other) = tokio::io::duplex(256);
        let both = async {
            tokio::join!(
                bob.device.sync_over(one, End::Dialled, Stay::UntilSame, |_| {}),
                ada.device.sync_over(other, End::Accepted, Stay::UntilSame, |_| {}),
            )
        };
        let _cut = tokio::time::timeout(Duration::from_millis(ms), both).await;
        bob.device.check().unwrap();
    }
    bob.sync(&ada).await;

    assert_eq!(bob.device.sessions(event).unwrap(), ada.device.sessions(event).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_is_told() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let server = ada.serve().await;
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();

    let progress = move |progress| tell.send(progress).unwrap();
    bob.device.sync_telling(server.local_addr(), Stay::UntilSame, progress).await.unwrap();

    let last = std::iter::from_fn(|| told.try_recv().ok()).last().unwrap();
    assert_eq!((last.space, last.received), (event, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_who_says_nothing_loses_its_place() {
    let ada = Phone::of("Ada");
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let ended = move |ended| tell.send(ended).unwrap();
    let server = ada.device.serve("127.0.0.1:0".parse().unwrap(), ended).await.unwrap();
    let config = teilgeber_link::Config::default();
    let link = dial(server.local_addr(), &config, LinkInfo::LAN).await.unwrap();

    let ended = tokio::time::timeout(GRACE + Duration::from_secs(5), told.recv()).await;

    let ended = ended.unwrap().unwrap();
    assert!(matches!(ended, Err(Error::NothingInCommon)), "{ended:?}");
    drop(link);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_breaks_the_rules_costs_its_own_link_only() {
    let (ada, bob) = (Phone::of("Ada"), Phone::of("Bob"));
    let event = ada.device.create_event(&camp()).unwrap();
    bob.device.join(&ada.device.join_code(event, &[]).unwrap()).unwrap();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let ended = move |ended| tell.send(ended).unwrap();
    let server = ada.device.serve("127.0.0.1:0".parse().unwrap(), ended).await.unwrap();
    let config = teilgeber_link::Config::default();
    let link = dial(server.local_addr(), &config, LinkInfo::LAN).await.unwrap();
    let (sender, _receiver) = link.split();

    sender.send(vec![0xff; 4096]).await.unwrap();

    let ended = told.recv().await.unwrap();
    assert!(matches!(ended, Err(Error::TryAgain(_))), "{ended:?}");
    bob.device.sync_with(server.local_addr()).await.unwrap();
    assert!(bob.device.event(event).unwrap().event.is_some());
}
