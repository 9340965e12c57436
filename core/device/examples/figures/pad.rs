//! A long pad that fifty people write in: whether their words, as they come in, keep somebody who types
//! from going on.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use teilgeber_device::model::*;
use teilgeber_device::{Config, Device, Splice, Stay, TextUnit};
use teilgeber_entry::content::Body;
use teilgeber_entry::{Content, DocumentId, Draft, Origin, Parcel, SpaceKey};
use teilgeber_store::guard::{First, Loaded, actor_id, judge};
use teilgeber_store::nouns::{PAD, pad};

use crate::Result;
use crate::crowd::{self, author, binding, blind, person};
use crate::screens::Times;
use crate::table::{Table, ms, ratio};
use crate::words::Words;

/// Characters of the pad.
const LONG: usize = 100_000;

/// Who wrote it.
const AUTHORS: usize = 50;

/// Changes that come in at once, from all of them, when somebody was away for a while.
const MISSED: usize = 500;

/// Pauses measured of each kind.
const PAUSES: usize = 150;

/// Between two pauses of the one who types: so long nobody typed when an editor of the apps commits.
const TYPING: Duration = Duration::from_millis(350);

/// Between two changes of the others: fifty people, each with a pause in two seconds.
const OTHERS: Duration = Duration::from_millis(40);

/// What a pause may take when the words of others come in.
const MOST: Duration = Duration::from_millis(50);

/// Measures pauses in the pad while nothing comes in, while much is caught up with, and while others type.
pub(crate) async fn add(table: &mut Table, typing: &Path, others: &Path) -> Result<()> {
    eprintln!("{}", typing.display());
    let founded = crowd::found(others)?;
    let pitch = crowd::sessions(&founded.key, 1)?;
    let session = pitch[0].envelope.header().document;
    let mut crowd = Crowd::new(&founded.key, session)?;
    let written = crowd.write(AUTHORS * 20, LONG / (AUTHORS * 20))?;
    Device::open(Config::new(typing))?.0.join(&founded.code)?;
    for home in [typing, others] {
        crowd::take_in(home, &founded.key, &pitch)?;
        crowd::take_in(home, &founded.key, &written)?;
    }
    crowd::take_in(others, &founded.key, &crowd.write(MISSED, 20)?)?;

    let session = Id::new(*session.as_bytes());
    let (typist, _) = Device::open(Config::new(typing))?;
    let (other, _) = Device::open(Config::new(others))?;
    let alone = pauses(&typist, session, 1, |typed| typed < PAUSES)?;
    let server = other.serve("127.0.0.1:0".parse()?, |_| {}).await?;
    let (met, address) = (typist.clone(), server.local_addr());
    let catching_up = tokio::spawn(async move { met.sync_with(address).await });
    // A sync goes on as long as somebody has something new to say: it ends after the last of these.
    let goes_on = |typed| typed < PAUSES && !catching_up.is_finished();
    let caught_up = pauses(&typist, session, 2, goes_on)?;
    catching_up.await??;
    let met = typist.clone();
    let link =
        tokio::spawn(async move { met.sync_telling(address, Stay::UntilClosed, |_| {}).await });
    let done = AtomicBool::new(false);
    let live = std::thread::scope(|scope| -> Result<Times> {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let splice = Splice { at: 50_000, delete: 0, insert: "word ".to_owned() };
                let _written = other.splice_pad(session, TextUnit::Scalars, &[splice]);
                std::thread::sleep(OTHERS);
            }
        });
        let live = pauses(&typist, session, 3, |typed| typed < PAUSES);
        done.store(true, Ordering::Relaxed);
        live
    })?;
    server.stop().await;
    let _closed = link.await?;
    rows(table, &alone, &caught_up, &live);
    Ok(())
}

fn rows(table: &mut Table, alone: &Times, caught_up: &Times, live: &Times) {
    let pad = format!("a pause in a pad of {AUTHORS} authors and {LONG} characters");
    let mut row = |what: String, times: &Times, percent| {
        let (time, peer) = (times.percentile(percent), alone.percentile(percent));
        let beside = format!("while nothing comes in: {}", ms(peer));
        let reach = "p99 under 50 ms";
        table.add(&what, ms(time), beside, Some(ratio(time, peer)), reach, time < MOST);
    };
    row(format!("{pad} while others type 25 times a second, p50"), live, 50);
    row("the same, p99".to_owned(), live, 99);
    row(format!("{pad} while {MISSED} changes are caught up with, p50"), caught_up, 50);
    row("the same, p99".to_owned(), caught_up, 99);
}

/// Pauses of somebody who types as long as `goes_on` says of how many there were.
fn pauses(
    device: &Device,
    session: Id,
    seed: u64,
    goes_on: impl Fn(usize) -> bool,
) -> Result<Times> {
    let mut words = Words::new(seed);
    let mut times = Vec::new();
    while times.is_empty() || goes_on(times.len()) {
        let splice = Splice { at: words.below(LONG), delete: 0, insert: words.text(4) };
        let start = Instant::now();
        device.splice_pad(session, TextUnit::Scalars, &[splice])?;
        times.push(start.elapsed());
        std::thread::sleep(TYPING);
    }
    Ok(Times::of(times))
}

/// People who write in one pad in turn.
struct Crowd<'a> {
    key: &'a SpaceKey,
    document: DocumentId,
    session: DocumentId,
    pad: Loaded,
    characters: usize,
    words: Words,
    /// How often each wrote, and the id of their last entry.
    heads: Vec<(u32, [u8; 32])>,
}

impl<'a> Crowd<'a> {
    fn new(key: &'a SpaceKey, session: DocumentId) -> Result<Self> {
        let document = pad::id_of(key, &session, 0).ok_or("a pad has an id")?;
        let first = First::new(pad::FIRST_CHANGE)?;
        let pad = judge(document.as_bytes(), Some(&first), &[]).document.ok_or("an empty pad")?;
        let heads = vec![(0, [0; 32]); AUTHORS];
        Ok(Self { key, document, session, pad, characters: 0, words: Words::new(50), heads })
    }

    /// So many changes of so many characters, by each of them in turn.
    fn write(&mut self, changes: usize, characters: usize) -> Result<Vec<Parcel>> {
        (0..changes).map(|turn| self.write_once(turn % AUTHORS, characters)).collect()
    }

    fn write_once(&mut self, who: usize, characters: usize) -> Result<Parcel> {
        // Not those who pitch.
        let number = 1_000_000 + who;
        let (author, person) = (author(number), person(number));
        let text = self.words.text(characters);
        let mut insert: String = text.chars().take(characters - 1).collect();
        insert.push('\n');
        let splice = Splice { at: self.words.below(self.characters + 1), delete: 0, insert };
        self.characters += characters;
        let actor = actor_id(author.id().as_bytes(), self.document.as_bytes(), [0; 4]);
        let edited = self.pad.edit(&actor, |tx| pad::splice(tx, TextUnit::Scalars, &[splice]))?;
        let change = edited.change.ok_or("words are a change")?;
        let (before, prev) = self.heads[who];
        let seq = before + 1;
        let origin = match seq {
            1 => Origin::Attached { parent: self.session, generation: 0 },
            _ => Origin::Later,
        };
        let content = Content { noun: PAD, origin, body: Body::Change(change) };
        let draft = Draft {
            document: self.document,
            seq,
            prev,
            time: crowd::MORNING + u64::from(seq) * 1_000,
            binding: binding(self.key, &author, &person, seq),
        };
        let parcel = draft.sign(self.key, &author, &content, &blind(number, seq))?;
        self.heads[who] = (seq, *parcel.envelope.id().as_bytes());
        Ok(parcel)
    }
}
