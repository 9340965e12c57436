//! What the guard costs beside the floor: apply, save and load by Automerge alone.
//!
//! `cargo run --release -p teilgeber-store --example guard_cost`

#![expect(clippy::print_stdout, reason = "prints its measurements")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use automerge::transaction::Transactable;
use automerge::{ActorId, Automerge, AutomergeError, Change, ObjType, ROOT, ReadDoc};
use teilgeber_store::guard::{Candidate, Loaded, actor_id, inspect, judge};

const AUTHOR: [u8; 32] = [1; 32];
const DOCUMENT: [u8; 32] = [2; 32];

fn main() {
    let actor = actor_id(&AUTHOR, &DOCUMENT, [0; 4]);
    let mut session = Loaded::empty();
    let changes = vec![make_session(&mut session, &actor)];
    report("a session, 1 change", &changes, 2_000);

    let mut changes = changes;
    for round in 0..9 {
        changes.push(edit_session(&mut session, &actor, round));
    }
    report("a session, 10 changes", &changes, 1_000);

    let mut pad = Loaded::empty();
    let mut changes = vec![make_pad(&mut pad, &actor)];
    for round in 0..1_000 {
        changes.push(type_a_sentence(&mut pad, &actor, round));
    }
    report("a pad of 100,000 characters, 1,001 changes", &changes, 3);
    let pause = median(50, || type_a_sentence(&mut pad, &actor, 7));
    println!("  edit of such a pad at a pause: {pause:?}");
    let clone = median(50, || pad.document().clone());
    println!("  copy of such a document:       {clone:?}");
}

fn report(what: &str, changes: &[Vec<u8>], times: usize) {
    let candidates: Vec<_> = (0u64..)
        .zip(changes)
        .map(|(position, bytes)| {
            let mut entry = [0; 32];
            entry[..8].copy_from_slice(&position.to_le_bytes());
            Candidate { author: AUTHOR, position, entry, bytes }
        })
        .collect();
    let floor = median(times, || {
        let mut document = Automerge::new();
        let changes: Vec<_> = changes.iter().map(|one| Change::try_from(&one[..])).collect();
        let changes: Result<Vec<_>, _> = changes.into_iter().collect();
        document.apply_changes(changes.expect("own changes")).expect("own changes");
        Automerge::load(&document.save()).expect("own document")
    });
    let inspected = median(times, || {
        candidates.iter().map(|one| inspect(one.bytes, &AUTHOR, &DOCUMENT)).collect::<Vec<_>>()
    });
    let judged = median(times, || judge(&DOCUMENT, None, &candidates));
    let (last, others) = candidates.split_last().expect("one at least");
    let open = judge(&DOCUMENT, None, others).document.unwrap_or_else(Loaded::empty);
    let extended = median(times, || open.clone().extend(&DOCUMENT, &[*last]));
    println!("{what}: {} bytes", changes.iter().map(Vec::len).sum::<usize>());
    println!("  floor (parse, apply, save, load): {floor:?}");
    println!("  inspect all, of the verdict:      {inspected:?}");
    println!(
        "  judge:                            {judged:?}, {:.2} of the floor",
        ratio(judged, floor)
    );
    println!("  extend by the last:               {extended:?}");
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn median<T>(times: usize, mut f: impl FnMut() -> T) -> Duration {
    let mut all: Vec<_> = (0..times)
        .map(|_| {
            let start = Instant::now();
            black_box(f());
            start.elapsed()
        })
        .collect();
    all.sort_unstable();
    all[all.len() / 2]
}

fn make_session(session: &mut Loaded, actor: &ActorId) -> Vec<u8> {
    let edited = session.edit(actor, |tx| {
        tx.put(ROOT, "title", "How we plan a barcamp with three rooms")?;
        tx.put(ROOT, "level", 2)?;
        let tags = tx.put_object(ROOT, "tags", ObjType::List)?;
        for (index, tag) in ["barcamp", "planning", "rooms"].into_iter().enumerate() {
            tx.insert(&tags, index, tag)?;
        }
        let text = tx.put_object(ROOT, "abstract", ObjType::Text)?;
        tx.splice_text(&text, 0, 0, &"What went well, what did not. ".repeat(8))
    });
    edited.expect("an honest edit").change.expect("a change")
}

fn edit_session(session: &mut Loaded, actor: &ActorId, round: usize) -> Vec<u8> {
    let text = text_of(session, "abstract");
    let edited = session.edit(actor, |tx| {
        tx.put(ROOT, "level", round as i64)?;
        tx.splice_text(&text, round * 5, 3, "and more")
    });
    edited.expect("an honest edit").change.expect("a change")
}

fn make_pad(pad: &mut Loaded, actor: &ActorId) -> Vec<u8> {
    let edited = pad.edit(actor, |tx| {
        let text = tx.put_object(ROOT, "text", ObjType::Text)?;
        tx.splice_text(&text, 0, 0, &"Notes of a session. ".repeat(3_000))
    });
    edited.expect("an honest edit").change.expect("a change")
}

fn type_a_sentence(pad: &mut Loaded, actor: &ActorId, round: usize) -> Vec<u8> {
    let text = text_of(pad, "text");
    let edited = pad.edit(actor, |tx| {
        tx.splice_text(&text, round * 50, 0, "A sentence of forty characters, or so it ")
    });
    edited.expect("an honest edit").change.expect("a change")
}

fn text_of(loaded: &Loaded, key: &str) -> automerge::ObjId {
    let found: Result<_, AutomergeError> = loaded.document().get(ROOT, key);
    found.ok().flatten().expect("a text").1
}
