//! The program keeps links in a hall, and nobody does anything about it.

use crate::hall::{Hall, Phone};
use crate::person::{Person, Syncing};

/// The schedule of a conference of a hundred sessions.
const SCHEDULE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/debconf23.xml");

#[test]
fn an_event_passes_between_two_phones_without_a_default_route() {
    let hall = Hall::open("pass");
    let (at_ada, at_bela) = (hall.enter("ada"), hall.enter("bela"));
    at_ada.add_address("10.0.0.1/24");
    at_bela.add_address("10.0.0.2/24");
    assert!(!at_ada.has_default_route() && !at_bela.has_default_route());
    let (ada, code) = Person::who_founded_a_camp("Ada");
    let bela = Person::who_joined(&code);
    let pitched = ada.pitches("Clocks without hands");

    let ada = ada.syncs(&at_ada);
    let mut bela_syncs = bela.syncs(&at_bela);

    bela_syncs.hears_of(&pitched);
    drop((ada, bela_syncs));
    assert_eq!(bela.sessions(), [pitched]);
}

#[test]
fn what_was_said_during_a_cut_comes_after_it_by_itself() {
    let hall = Hall::open("cut");
    let (at_ada, at_bela, at_cleo) = (hall.enter("ada"), hall.enter("bela"), hall.enter("cleo"));
    only_ada_is_between(&at_bela, &at_cleo);
    let (ada, code) = Person::who_founded_a_camp("Ada");
    let (bela, cleo) = (Person::who_joined(&code), Person::who_joined(&code));
    let first = ada.pitches("Clocks without hands");
    let (mut ada, mut bela) = (ada.syncs(&at_ada), bela.syncs(&at_bela));
    bela.hears_of(&first);

    at_bela.cut();
    bela.is_hindered_by("no_network");
    let second = cleo.pitches("Knots");
    let _cleo = cleo.syncs(&at_cleo);
    ada.hears_of(&second);
    at_bela.heal();

    bela.hears_of(&second);
}

#[test]
fn a_phone_that_gets_another_address_is_linked_again_there() {
    let hall = Hall::open("else");
    let (at_ada, at_bela, at_cleo) = (hall.enter("ada"), hall.enter("bela"), hall.enter("cleo"));
    only_ada_is_between(&at_bela, &at_cleo);
    for (phone, address) in
        [(&at_ada, "10.0.0.1/24"), (&at_bela, "10.0.0.2/24"), (&at_cleo, "10.0.0.3/24")]
    {
        phone.without_ipv6();
        phone.add_address(address);
    }
    let (ada, code) = Person::who_founded_a_camp("Ada");
    let (bela, cleo) = (Person::who_joined(&code), Person::who_joined(&code));
    let first = ada.pitches("Clocks without hands");
    let (mut ada, mut bela) = (ada.syncs(&at_ada), bela.syncs(&at_bela));
    bela.hears_of(&first);

    at_bela.remove_address("10.0.0.2/24");
    at_bela.add_address("10.0.0.77/24");
    let second = cleo.pitches("Knots");
    let _cleo = cleo.syncs(&at_cleo);

    ada.hears_of(&second);
    bela.hears_of(&second);
}

#[test]
fn who_is_kept_apart_is_told_so_and_reaches_who_shows_a_code() {
    let hall = Hall::open("apart");
    let (at_ada, at_bela, at_cleo) = (hall.enter("ada"), hall.enter("bela"), hall.enter("cleo"));
    at_ada.is_kept_apart();
    at_bela.is_kept_apart();
    at_cleo.add_address("10.0.0.3/24");
    at_ada.add_address("10.0.0.1/24");
    at_bela.add_address("10.0.0.2/24");
    let (ada, code) = Person::who_founded_a_camp("Ada");
    let (bela, cleo) = (Person::who_joined(&code), Person::who_joined(&code));
    let pitched = ada.pitches("Clocks without hands");

    let (mut ada_syncs, mut bela_syncs) = (ada.syncs(&at_ada), bela.syncs(&at_bela));
    for syncing in [&mut ada_syncs, &mut bela_syncs] {
        is_offered_a_code(syncing, "alone");
    }
    drop((ada_syncs, bela_syncs));
    let mut cleo = cleo.syncs_as(&at_cleo, &["--show-host", "--no-search"]);
    let host = cleo.shows_a_code();
    let _ada = ada.syncs_as(&at_ada, &["--host", &host]);
    let mut bela = bela.syncs_as(&at_bela, &["--host", &host]);

    bela.hears_of(&pitched);
}

#[test]
fn where_announcements_come_through_and_nothing_else_the_program_says_so() {
    let hall = Hall::open("block");
    let (at_ada, at_bela) = (hall.enter("ada"), hall.enter("bela"));
    for (phone, own, other) in
        [(&at_ada, "10.0.0.1", "10.0.0.2"), (&at_bela, "10.0.0.2", "10.0.0.1")]
    {
        phone.without_ipv6();
        phone.add_address(&format!("{own}/24"));
        phone.does_not_reach(other);
    }
    let (ada, code) = Person::who_founded_a_camp("Ada");
    let bela = Person::who_joined(&code);

    let (mut ada, mut bela) = (ada.syncs(&at_ada), bela.syncs(&at_bela));

    is_offered_a_code(&mut ada, "blocked");
    is_offered_a_code(&mut bela, "blocked");
}

#[test]
fn who_is_killed_while_something_passes_loses_nothing_and_gets_the_rest() {
    let hall = Hall::open("kill");
    let (at_ada, at_bela) = (hall.enter("ada"), hall.enter("bela"));
    let ada = Person::new();
    ada.does(&["event", "import", SCHEDULE]);
    let code = ada.does(&["event", "code"])["code"].as_str().expect("a code").to_owned();
    let all = ada.sessions();
    let bela = Person::who_joined(&code);
    let note = bela.does(&["note", "add", "Feed the starter."]);

    let _ada = ada.syncs(&at_ada);
    let mut known = 0;
    for _ in 0..3 {
        let mut syncing = bela.syncs(&at_bela);
        syncing.stands("passing");
        drop(syncing);
        let now = bela.sessions().len();
        assert!(now >= known, "it had {known} and has {now}");
        known = now;
    }
    let mut syncing = bela.syncs(&at_bela);
    syncing.stands("same");
    drop(syncing);

    assert_eq!(sorted(bela.sessions()), sorted(all));
    let notes = bela.does(&["note", "list"]);
    assert!(notes.to_string().contains(note["id"].as_str().expect("an id")), "{notes}");
}

#[test]
fn what_one_of_thirty_says_reaches_all() {
    let hall = Hall::open("thirty");
    let size = std::env::var("NET_PHONES").map_or(30, |text| text.parse().expect("a number"));
    let phones: Vec<Phone<'_>> = (0..size).map(|n| hall.enter(&format!("p{n}"))).collect();
    for (n, phone) in phones.iter().enumerate() {
        phone.add_address(&format!("10.0.{}.{}/16", n / 200, n % 200 + 1));
    }
    let (founder, code) = Person::who_founded_a_camp("Ada");
    let others: Vec<Person> = (1..size).map(|_| Person::who_joined(&code)).collect();
    let pitched = founder.pitches("Clocks without hands");

    let mut syncing: Vec<Syncing> =
        others.iter().zip(&phones[1..]).map(|(person, phone)| person.syncs(phone)).collect();
    let _founder = founder.syncs(&phones[0]);

    for phone in &mut syncing {
        phone.hears_of(&pitched);
    }
    // And now that all are linked, what somebody among them says.
    drop(syncing.pop());
    let last = others.last().expect("somebody");
    let later = last.pitches("Knots");
    let _last = last.syncs(&phones[size - 1]);
    for phone in &mut syncing {
        phone.hears_of(&later);
    }
}

/// What these two say to each other goes by way of the third.
fn only_ada_is_between(bela: &Phone<'_>, cleo: &Phone<'_>) {
    bela.is_kept_apart();
    cleo.is_kept_apart();
}

/// It says that it stands like this, and what helps.
fn is_offered_a_code(syncing: &mut Syncing, situation: &str) {
    let standing = syncing.stands(situation);
    let help = standing["help"].as_str().expect("help");
    assert!(help.contains("--show-host") && help.contains("hotspot"), "{help}");
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}
