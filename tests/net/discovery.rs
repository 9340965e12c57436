//! Who is near finds each other, whatever the network lacks.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;

use crate::hall::{Hall, Phone, Running, example, script};

#[test]
fn two_phones_find_each_other_without_a_default_route() {
    let hall = Hall::open("plain");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));
    ada.add_address("10.0.0.1/24");
    bela.add_address("10.0.0.2/24");
    assert!(!ada.has_default_route() && !bela.has_default_route());

    let (mut ada, mut bela) = (Neighbour::on(&ada), Neighbour::on(&bela));

    ada.finds_at(&bela.tag, |ip| ip == "10.0.0.2");
    bela.finds_at(&ada.tag, |ip| ip == "10.0.0.1");
    one_dials(ada, bela);
}

#[test]
fn a_network_of_ipv6_link_local_addresses_is_enough() {
    let hall = Hall::open("six");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));

    let (mut ada, mut bela) = (Neighbour::on(&ada), Neighbour::on(&bela));

    ada.finds_at(&bela.tag, |ip| ip.starts_with("fe80::"));
    bela.finds_at(&ada.tag, |ip| ip.starts_with("fe80::"));
    one_dials(ada, bela);
}

#[test]
fn a_network_of_ipv4_link_local_addresses_is_enough() {
    let hall = Hall::open("four");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));
    for (phone, address) in [(&ada, "169.254.7.1/16"), (&bela, "169.254.7.2/16")] {
        phone.without_ipv6();
        phone.add_address(address);
    }

    let (mut ada, mut bela) = (Neighbour::on(&ada), Neighbour::on(&bela));

    ada.finds_at(&bela.tag, |ip| ip == "169.254.7.2");
    bela.finds_at(&ada.tag, |ip| ip == "169.254.7.1");
    one_dials(ada, bela);
}

#[test]
fn who_leaves_is_lost_and_who_takes_another_tag_is_found_again() {
    let hall = Hall::open("leave");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));
    let (mut ada, mut bela) = (Neighbour::on(&ada), Neighbour::on(&bela));
    ada.finds_at(&bela.tag, |_| true);

    let first = bela.turn();
    ada.loses(&first);
    ada.finds_at(&bela.tag, |_| true);

    let last = bela.tag.clone();
    bela.running.leave();
    ada.loses(&last);
}

#[test]
fn a_phone_that_gets_another_address_is_found_there() {
    let hall = Hall::open("moves");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));
    ada.add_address("10.0.0.1/24");
    bela.add_address("10.0.0.2/24");
    let (mut ada, bela_at) = (Neighbour::on(&ada), Neighbour::on(&bela));
    ada.finds_at(&bela_at.tag, |ip| ip == "10.0.0.2");

    bela.remove_address("10.0.0.2/24");
    bela.add_address("10.0.0.77/24");

    ada.finds_at(&bela_at.tag, |ip| ip == "10.0.0.77");
}

#[test]
fn a_phone_that_comes_into_reach_is_found() {
    let hall = Hall::open("reach");
    let (ada, bela) = (hall.enter("ada"), hall.enter("bela"));
    bela.cut();
    let (mut ada, mut bela_at) = (Neighbour::on(&ada), Neighbour::on(&bela));
    bela_at.is_told("blocked NoNetwork");

    bela.heal();

    bela_at.is_told("searching");
    ada.finds_at(&bela_at.tag, |_| true);
    bela_at.finds_at(&ada.tag, |_| true);
}

#[test]
fn thirty_phones_that_come_at_once_all_find_each_other() {
    let hall = Hall::open("crowd");
    let phones: Vec<Phone<'_>> = (0..30).map(|number| hall.enter(&format!("p{number}"))).collect();
    for (number, phone) in phones.iter().enumerate() {
        phone.add_address(&format!("10.0.0.{}/24", number + 1));
    }

    let mut devices: Vec<Neighbour> = phones.iter().map(Neighbour::on).collect();

    let tags: Vec<String> = devices.iter().map(|device| device.tag.clone()).collect();
    for device in &mut devices {
        let own = device.tag.clone();
        for tag in tags.iter().filter(|tag| **tag != own) {
            device.finds_at(tag, |ip| ip.starts_with("10.0.0."));
        }
    }
}

#[test]
fn nothing_that_is_announced_names_the_machine() {
    let hall = Hall::open("quiet");
    let (ada, bela, eve) = (hall.enter("ada"), hall.enter("bela"), hall.enter("eve"));
    let mut eve = eve.run(Path::new("python3"), &[&script("listen.py")]);
    eve.wait_for("the listener", |line| (line == "listening").then_some(()));
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").expect("a name");
    assert_eq!(machine.trim(), "adas-laptop", "a name that would be recognised");

    let (mut ada, mut bela) = (Neighbour::on(&ada), Neighbour::on(&bela));
    ada.finds_at(&bela.tag, |_| true);
    bela.finds_at(&ada.tag, |_| true);
    let before = bela.turn();
    ada.loses(&before);
    ada.finds_at(&bela.tag, |_| true);
    let tags = [ada.tag.clone(), before, bela.tag.clone()];
    ada.running.leave();
    bela.running.leave();

    let packets = eve.said();
    let words: BTreeSet<String> = packets.iter().flat_map(|packet| words_in(packet)).collect();
    let mut expected = BTreeSet::from(["_teilgeber", "_tcp", "local"].map(str::to_owned));
    expected.extend(tags);
    assert_eq!(words, expected, "in {} packets", packets.len());
}

#[test]
fn a_flood_of_names_is_told_and_outlasted() {
    let hall = Hall::open("flood");
    let (ada, bela, eve) = (hall.enter("ada"), hall.enter("bela"), hall.enter("eve"));
    let mut ada = Neighbour::on(&ada);

    let flood = eve.run(Path::new("python3"), &[&script("flood.py")]);
    ada.is_told("blocked Flooded");
    drop(flood);

    ada.is_told("searching");
    let mut bela = Neighbour::on(&bela);
    ada.finds_at(&bela.tag, |_| true);
    bela.finds_at(&ada.tag, |_| true);
}

/// A process that finds others.
struct Neighbour {
    running: Running,
    tag: String,
    port: String,
}

impl Neighbour {
    fn on(phone: &Phone<'_>) -> Self {
        let mut running = phone.run(&example("neighbour"), &[]);
        let (tag, port) = running.wait_for("an announcement", announcement);
        Self { running, tag, port }
    }

    /// Waits until it finds who has this tag, at an address that is fitting.
    fn finds_at(&mut self, tag: &str, is_fitting: impl Fn(&str) -> bool) {
        let start = format!("found {tag} ");
        self.running.wait_for(&start, |line| {
            let addresses = line.strip_prefix(&start)?.split(' ');
            let ips = addresses.map(|address| {
                let address: SocketAddr = address.parse().expect("an address");
                address.ip().to_string()
            });
            ips.into_iter().any(|ip| is_fitting(&ip)).then_some(())
        });
    }

    fn loses(&mut self, tag: &str) {
        self.is_told(&format!("lost {tag}"));
    }

    fn is_told(&mut self, expected: &str) {
        self.running.wait_for(expected, |line| (line == expected).then_some(()));
    }

    /// Takes the next tag; the one that it had.
    fn turn(&mut self) -> String {
        self.running.tell("turn");
        let (tag, _) = self.running.wait_for("another announcement", announcement);
        std::mem::replace(&mut self.tag, tag)
    }
}

fn announcement(line: &str) -> Option<(String, String)> {
    let (tag, port) = line.strip_prefix("announced ")?.split_once(' ')?;
    Some((tag.to_owned(), port.to_owned()))
}

/// The one with the lower tag has dialled, and the other one has not.
fn one_dials(one: Neighbour, other: Neighbour) {
    let (mut lower, mut higher) = if one.tag < other.tag { (one, other) } else { (other, one) };
    lower.running.wait_for("a link dialled", |line| {
        (line.starts_with("dialled ") && line.ends_with(&format!(":{}", higher.port))).then_some(())
    });
    higher.running.wait_for("a link accepted", |line| line.starts_with("accepted ").then_some(()));
    let dialled = |line: &String| line.starts_with("dialled ");
    assert!(!higher.running.said().iter().any(dialled), "both have dialled");
}

/// Runs of four or more printable characters in the hexadecimal bytes of a packet.
fn words_in(packet: &str) -> Vec<String> {
    let byte = |at: usize| u8::from_str_radix(&packet[at..at + 2], 16).expect("hexadecimal");
    let bytes: Vec<u8> = (0..packet.len()).step_by(2).map(byte).collect();
    let runs = bytes.split(|byte| !byte.is_ascii_graphic());
    runs.filter(|run| run.len() >= 4)
        .map(|run| String::from_utf8(run.to_vec()).expect("ASCII"))
        .collect()
}
