//! Saved is saved: a phone is killed at random moments while it edits and syncs.
//!
//! A process of its own, `restless`, says what it is about to write and what was saved. It is killed
//! (SIGKILL), its home is opened and held against what it said: everything that was saved is there
//! as it was last saved, and beyond that at most the one edit that was under way. Then the same
//! home goes on. `KILLS` sets how often, `KILL_SEED` from which seed the moments are drawn; where
//! in its work a process is at that moment is up to the system.
//!
//! This is a program of its own, beside the other system tests: a process that is being started has,
//! for a moment, all files that its parent has open, and with them the locks of other tests' homes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use teilgeber_device::Device;
use teilgeber_device::model::Id;
use teilgeber_tests::dice::Dice;
use teilgeber_tests::story::{camp, notes_of, talk};
use teilgeber_tests::support::*;

/// A process lives at most so long, in ms: long enough to start, to edit, and to sync twice.
const LIFE_MAX: usize = 200;

/// Kills after which another home begins, so that first starts are killed as well.
const KILLS_PER_HOME: u64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_killed_at_any_moment_keeps_what_it_reported_saved() {
    let (kills, seed) = (setting("KILLS", 40), setting("KILL_SEED", 1));
    println!("KILLS={kills} KILL_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut seen = Seen::default();

    let mut left = kills;
    while left > 0 {
        let rounds = left.min(KILLS_PER_HOME);
        kill_one_home(&mut dice, rounds, &mut seen).await;
        left -= rounds;
    }

    println!("{seen:?}");
    assert!(seen.saved > kills && seen.synced > 0, "hardly anything happened: {seen:?}");
}

/// What happened, to see that something did.
#[derive(Debug, Default)]
struct Seen {
    saved: u64,
    synced: u64,
    landed_unreported: u64,
    killed_in_a_sync: u64,
}

async fn kill_one_home(dice: &mut Dice, rounds: u64, seen: &mut Seen) {
    let (home, peer_home) = (Home::new(), Home::new());
    let peer = peer_home.open();
    let event = peer.create_event(&camp()).unwrap();
    let code = peer.join_code(event, &[]).unwrap();
    let server = serve(&peer).await;
    let mut expected = Content::default();

    for round in 0..rounds {
        let brought = peer.pitch_session(event, &talk(&format!("peer's {round}"))).unwrap();
        let run = dice.any();
        let child = start(&home, run, &code, server.local_addr());
        tokio::time::sleep(Duration::from_millis(dice.below(LIFE_MAX) as u64)).await;
        let said = Said::until_killed(child);

        let device = home.open();
        let found = Content::of(&device, event, &code);
        seen.saved += said.saved.len() as u64;
        seen.synced += said.synced;
        seen.killed_in_a_sync += u64::from(said.is_syncing);
        seen.landed_unreported += u64::from(expected.take(&said, &found));
        assert_eq!(found, expected, "run {run}, after {:?}", said.under_way);
        if said.synced > 0 {
            device.session(brought).unwrap();
        }
        assert_sound(&device);
    }

    let device = home.open();
    device.join(&code).unwrap();
    assert!(is_same(&device.sync_with(server.local_addr()).await.unwrap()));
    assert!(is_quiet(&device.sync_with(server.local_addr()).await.unwrap()));
    assert_eq!(picture(&device, event), picture(&peer, event));
    assert_sound(&peer);
    server.stop().await;
}

fn start(home: &Home, run: u64, code: &str, peer: SocketAddr) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_restless"));
    command.arg(home.path()).args([&run.to_string(), code, &peer.to_string()]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// An edit in a process's own words: its kind, what it is of, and the text.
type Saved = (String, Id, String);

/// What a process said before it was killed.
#[derive(Default)]
struct Said {
    saved: Vec<Saved>,
    /// The edit that was begun last and not reported: its kind and its text.
    under_way: Option<(String, String)>,
    synced: u64,
    is_syncing: bool,
}

impl Said {
    fn until_killed(mut child: Child) -> Self {
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        let mut said = Self::default();
        for line in BufReader::new(output.stdout.as_slice()).lines() {
            let line = line.unwrap();
            let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let (kind, rest) = rest.split_once(' ').unwrap_or_default();
            match word {
                "begin" => said.under_way = Some((kind.to_owned(), rest.to_owned())),
                "saved" => {
                    let (id, text) = rest.split_once(' ').unwrap();
                    said.saved.push((kind.to_owned(), id.parse().unwrap(), text.to_owned()));
                    said.under_way = None;
                }
                "syncing" => said.is_syncing = true,
                "synced" => {
                    said.synced += 1;
                    said.is_syncing = false;
                }
                "cut" => said.is_syncing = false,
                other => panic!("a word that nobody agreed on: {other}"),
            }
        }
        said
    }
}

/// What a person wrote on a phone: each thing's kind and id, and its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Content(BTreeMap<(String, Id), String>);

impl Content {
    /// All of it that is in a home.
    fn of(device: &Device, event: Id, code: &str) -> Self {
        let mut content = BTreeMap::new();
        for (id, text) in notes_of(device).unwrap() {
            content.insert(("note".to_owned(), id), text);
        }
        let me = device.me().unwrap();
        if let Some(name) = me.name {
            content.insert(("name".to_owned(), me.person), name.to_string());
        }
        // Killed before it could join, it joins now and finds nothing of its own.
        device.join(code).unwrap();
        for talk in device.sessions(event).unwrap() {
            if talk.pitcher == Some(me.person) {
                content.insert(("talk".to_owned(), talk.id), talk.session.title().to_string());
            }
        }
        Self(content)
    }

    /// Takes over what was said to be saved, and the edit under way if it is `found`. Returns
    /// whether it was.
    fn take(&mut self, said: &Said, found: &Self) -> bool {
        for (kind, id, text) in &said.saved {
            self.0.insert((kind.clone(), *id), text.clone());
        }
        let Some((kind, text)) = &said.under_way else { return false };
        let landed = found
            .0
            .iter()
            .find(|(key, found)| key.0 == *kind && *found == text && self.0.get(key) != Some(text));
        let Some((key, text)) = landed else { return false };
        self.0.insert(key.clone(), text.clone());
        true
    }
}
