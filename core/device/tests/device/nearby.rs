//! Links that are kept with whoever is near.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

use teilgeber_device::End;
use teilgeber_device::model::{Audience, Id, Session};
use teilgeber_device::nearby::{
    Host, Listen, Nearby, NearbyConfig, Rung, Situation, Standing, Tag,
};
use tokio::time::timeout;

use crate::support::{Phone, camp, line, profile};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_found_is_linked_and_news_passes_at_once() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);

    meet(&at_ada, &at_bob);
    until(&at_bob, |standing| standing.situation == Situation::Same).await;
    let pitched = ada.device.pitch_session(event, &session("Clocks")).unwrap();

    eventually(|| has(&bob, event, pitched)).await;
    at_ada.stop().await;
    at_bob.stop().await;
    drop(ada.restart());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_says_whose_device_is_at_the_other_end_once_they_said_something_there() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);
    meet(&at_ada, &at_bob);

    let seen = until(&at_bob, |standing| standing.situation == Situation::Same).await;
    assert_eq!(seen.links[0].person, Some(ada.person()), "she founded the event");
    let unseen = until(&at_ada, |standing| standing.situation == Situation::Same).await;
    assert_eq!(unseen.links[0].person, None, "he said nothing yet");
    assert_eq!(unseen.links[0].rung, Rung::Network);
    drop((at_ada, at_bob, event));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_says_reaches_those_who_are_linked_by_way_of_another() {
    let [ada, bob] = friends();
    let cleo = Phone::of("Cleo");
    let event = together(&ada, &[&bob, &cleo]);
    let (at_ada, at_bob, at_cleo) = (ada.keep().await, bob.keep().await, cleo.keep().await);
    meet(&at_ada, &at_bob);
    meet(&at_bob, &at_cleo);
    until(&at_cleo, |standing| standing.situation == Situation::Same).await;

    let pitched = ada.device.pitch_session(event, &session("Clocks")).unwrap();

    eventually(|| has(&cleo, event, pitched)).await;
    drop((at_ada, at_bob, at_cleo));
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_background_there_is_no_link_and_what_was_said_meanwhile_comes_on_return() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);
    meet(&at_ada, &at_bob);
    until(&at_bob, |standing| standing.situation == Situation::Same).await;

    at_bob.pause();
    until(&at_bob, |standing| {
        standing.situation == Situation::Paused && standing.address.is_none()
    })
    .await;
    until(&at_ada, |standing| standing.links.is_empty()).await;
    let pitched = ada.device.pitch_session(event, &session("Clocks")).unwrap();
    at_bob.resume();
    let back = until(&at_bob, |standing| standing.address.is_some()).await;
    at_ada.found(at_bob.tag(), &[local(back.address)]);

    eventually(|| has(&bob, event, pitched)).await;
    drop((at_ada, at_bob));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_dial_each_other_keep_one_link() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    bob.device.pitch_session(event, &session("So that he shows himself")).unwrap();
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);

    let (ada_is, bob_is) = (address(&at_ada), address(&at_bob));
    at_ada.add_host(Host::at(bob_is, Rung::Network));
    at_bob.add_host(Host::at(ada_is, Rung::Network));

    for at in [&at_ada, &at_bob] {
        let same = |standing: &Standing| {
            standing.situation == Situation::Same && standing.links.len() == 1
        };
        until(at, same).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((at_ada.standing().links.len(), at_bob.standing().links.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_the_phone_lends_is_a_link_like_any_other() {
    let [ada, bob] = friends();
    let event = together(&ada, &[&bob]);
    let silent = NearbyConfig { listen: None, ..NearbyConfig::default() };
    let at_ada = ada.device.keep_links(silent, |_| {}).await.unwrap();
    let at_bob = bob.device.keep_links(silent, |_| {}).await.unwrap();
    let (one, other) = tokio::io::duplex(512);

    at_ada.lend(one, End::Dialled, Rung::Radio, NonZeroUsize::new(185));
    at_bob.lend(other, End::Accepted, Rung::Radio, None);

    let standing = until(&at_bob, |standing| standing.situation == Situation::Same).await;
    assert_eq!(standing.links[0].rung, Rung::Radio);
    assert_eq!(bob.device.participants(event, None, 9).unwrap().0.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_that_those_near_are_strangers_or_cannot_be_reached() {
    let [ada, bob] = friends();
    ada.device.create_event(&camp()).unwrap();
    let (at_ada, at_bob) = (ada.keep().await, bob.keep().await);
    meet(&at_ada, &at_bob);
    until(&at_ada, |standing| standing.situation == Situation::Strangers).await;
    until(&at_bob, |standing| standing.situation == Situation::Strangers).await;

    let cleo = Phone::of("Cleo");
    let at_cleo = cleo.keep().await;
    // Nobody listens at a port that was just given back.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    at_cleo.found(Tag::new([255; 8]), &[gone]);
    until(&at_cleo, |standing| standing.situation == Situation::Blocked).await;
}

#[tokio::test(start_paused = true)]
async fn a_person_is_told_when_nobody_is_found() {
    let ada = Phone::of("Ada");
    let at_ada = ada.keep().await;
    assert_eq!(at_ada.standing().situation, Situation::Looking);
    until(&at_ada, |standing| standing.situation == Situation::Alone).await;
}

impl Phone {
    /// Keeps links on this machine.
    pub(super) async fn keep(&self) -> Nearby {
        let here = Some(Listen::At("127.0.0.1:0".parse().unwrap()));
        let config = NearbyConfig { listen: here, ..NearbyConfig::default() };
        self.device.keep_links(config, |_| {}).await.unwrap()
    }
}

pub(super) fn friends() -> [Phone; 2] {
    ["Ada", "Bob"].map(Phone::of)
}

/// An event of the first, which the others have joined by its code.
pub(super) fn together(first: &Phone, others: &[&Phone]) -> Id {
    let event = first.device.create_event(&camp()).unwrap();
    first.device.set_profile(&profile("Ada", Audience::Event)).unwrap();
    first.device.appear_in(event, true).unwrap();
    let code = first.device.join_code(event, &[]).unwrap();
    for other in others {
        other.device.join(&code).unwrap();
    }
    event
}

/// Both find the other.
fn meet(one: &Nearby, other: &Nearby) {
    one.found(other.tag(), &[address(other)]);
    other.found(one.tag(), &[address(one)]);
}

pub(super) fn address(at: &Nearby) -> SocketAddr {
    local(at.standing().address)
}

fn local(address: Option<SocketAddr>) -> SocketAddr {
    address.expect("it listens")
}

pub(super) async fn until(at: &Nearby, is_so: impl FnMut(&Standing) -> bool) -> Standing {
    let mut watch = at.watch();
    let standing = timeout(Duration::from_secs(30), watch.wait_for(is_so)).await;
    let standing = standing.unwrap_or_else(|_| panic!("it stays {:?}", at.standing())).unwrap();
    standing.clone()
}

async fn eventually(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(30), waiting).await.expect("it does not happen");
}

pub(super) fn has(phone: &Phone, event: Id, session: Id) -> bool {
    phone.device.session(session).is_ok_and(|session| session.event == event)
}

fn session(title: &str) -> Session {
    Session::new(line(title))
}
