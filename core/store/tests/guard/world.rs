//! Honest people who edit one document, and what they post.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, AutomergeError, ObjId, ObjType, ROOT, ReadDoc, Value};
use teilgeber_store::guard::{Candidate, Judgement, Loaded, Verdict, actor_id, judge};

use crate::rng::Rng;

pub(crate) const DOCUMENT: [u8; 32] = [9; 32];

/// A candidate that owns its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) author: [u8; 32],
    pub(crate) position: u64,
    pub(crate) bytes: Vec<u8>,
}

impl Post {
    pub(crate) fn candidate(&self) -> Candidate<'_> {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.author).update(&self.position.to_le_bytes()).update(&self.bytes);
        let entry = *hasher.finalize().as_bytes();
        Candidate { author: self.author, position: self.position, entry, bytes: &self.bytes }
    }
}

pub(crate) fn judge_all(posts: &[Post]) -> Judgement {
    let candidates: Vec<_> = posts.iter().map(Post::candidate).collect();
    judge(&DOCUMENT, None, &candidates)
}

pub(crate) fn all_count(verdicts: &[Verdict]) -> bool {
    verdicts.iter().all(|verdict| *verdict == Verdict::Counts)
}

/// One device: its document and how much it has posted.
#[derive(Clone)]
pub(crate) struct Writer {
    pub(crate) author: [u8; 32],
    pub(crate) loaded: Loaded,
    pub(crate) position: u64,
}

impl Writer {
    pub(crate) fn new(number: u8) -> Self {
        Self { author: [number; 32], loaded: Loaded::empty(), position: 0 }
    }

    pub(crate) fn actor(&self) -> ActorId {
        actor_id(&self.author, &DOCUMENT, [7; 4])
    }

    pub(crate) fn post(
        &mut self,
        edit: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>,
    ) -> Post {
        let edited = self.loaded.edit(&self.actor(), edit).expect("an honest edit is made");
        let bytes = edited.change.expect("an edit that changes something");
        self.position += 1;
        Post { author: self.author, position: self.position, bytes }
    }

    pub(crate) fn post_something(&mut self, rng: &mut Rng) -> Post {
        self.post(|tx| {
            for _ in 0..=rng.below(4) {
                edit_something(tx, rng)?;
            }
            // So that there is a change even where the others came to nothing.
            tx.put(ROOT, "last", rng.next() as i64)
        })
    }

    pub(crate) fn learn(&mut self, posts: &[Post]) {
        let candidates: Vec<_> = posts.iter().map(Post::candidate).collect();
        let verdicts = self.loaded.extend(&DOCUMENT, &candidates);
        assert!(all_count(&verdicts.expect("honest changes extend an honest document")));
    }
}

/// What some people posted who wrote `times` in all, each knowing only part of the others', in an
/// order in which each change comes after those that it was made upon.
pub(crate) fn honest_world(rng: &mut Rng, people: u8, times: usize) -> Vec<Post> {
    let mut founder = Writer::new(1);
    let mut posts = vec![founder.post(found)];
    let mut writers = vec![(founder, 1)];
    writers.extend((2..=people).map(|number| (Writer::new(number), 0)));
    for _ in 0..times {
        let (writer, known) = &mut writers[rng.below(people.into())];
        // Whoever knows nothing yet learns something, so that all edit the same lists and texts.
        if *known == 0 || rng.one_in(2) {
            let more = *known + 1 + rng.below(posts.len() - *known);
            let news = posts[*known..more.min(posts.len())].iter();
            writer.learn(
                &news.filter(|post| post.author != writer.author).cloned().collect::<Vec<_>>(),
            );
            *known = more.min(posts.len());
        }
        posts.push(writer.post_something(rng));
    }
    posts
}

pub(crate) fn found(tx: &mut Transaction<'_>) -> Result<(), AutomergeError> {
    tx.put(ROOT, "title", "A pad")?;
    let text = tx.put_object(ROOT, "text", ObjType::Text)?;
    tx.splice_text(&text, 0, 0, "Words, und größere 🦀.")?;
    let list = tx.put_object(ROOT, "list", ObjType::List)?;
    tx.insert(&list, 0, "first")?;
    let map = tx.insert_object(&list, 1, ObjType::Map)?;
    tx.put(&map, "inner", 1)
}

fn edit_something(tx: &mut Transaction<'_>, rng: &mut Rng) -> Result<(), AutomergeError> {
    let (object, kind) = somewhere(tx, rng)?;
    let length = tx.length(&object);
    match kind {
        ObjType::Text => {
            let at = rng.below(length + 1);
            let delete = rng.below(4).min(length - at);
            tx.splice_text(&object, at, delete as isize, ["", "a", "né", "🦀 ok"][rng.below(4)])
        }
        ObjType::List => edit_list(tx, rng, &object, length),
        _ => edit_map(tx, rng, &object),
    }
}

/// A random object, found by going down from the root.
fn somewhere(tx: &Transaction<'_>, rng: &mut Rng) -> Result<(ObjId, ObjType), AutomergeError> {
    let (mut object, mut kind) = (ROOT, ObjType::Map);
    for _ in 0..rng.below(4) {
        let inner: Vec<_> = match kind {
            ObjType::Map => {
                let keys: Vec<_> = tx.keys(&object).collect();
                keys.into_iter().filter_map(|key| tx.get(&object, key).ok()?).collect()
            }
            ObjType::List => {
                (0..tx.length(&object)).filter_map(|index| tx.get(&object, index).ok()?).collect()
            }
            _ => Vec::new(),
        };
        let made = inner.into_iter().filter_map(|(value, id)| match value {
            Value::Object(kind) => Some((id, kind)),
            Value::Scalar(_) => None,
        });
        let made: Vec<_> = made.collect();
        if made.is_empty() {
            break;
        }
        (object, kind) = rng.pick(&made).clone();
    }
    Ok((object, kind))
}

fn edit_list(
    tx: &mut Transaction<'_>,
    rng: &mut Rng,
    list: &ObjId,
    length: usize,
) -> Result<(), AutomergeError> {
    match (rng.below(5), length) {
        (0, 1..) => tx.delete(list, rng.below(length)),
        (1, 1..) => tx.put(list, rng.below(length), rng.next() as i64),
        (2, _) => tx.insert_object(list, rng.below(length + 1), ObjType::Map).map(|_| ()),
        (3, 1..) => tx.put_object(list, rng.below(length), ObjType::Text).map(|_| ()),
        _ => tx.insert(list, rng.below(length + 1), rng.next() as f64),
    }
}

fn edit_map(tx: &mut Transaction<'_>, rng: &mut Rng, map: &ObjId) -> Result<(), AutomergeError> {
    let key = ["a", "b", "c", "text"][rng.below(4)];
    match rng.below(7) {
        0 => tx.delete(map, key),
        1 => tx.put(map, key, true),
        2 => tx.put(map, key, vec![1u8, 2, 3]),
        3 if rng.one_in(2) => tx.put_object(map, key, ObjType::List).map(|_| ()),
        4 if rng.one_in(2) => {
            let text = tx.put_object(map, key, ObjType::Text)?;
            tx.splice_text(&text, 0, 0, "new")
        }
        5 => tx.put(map, key, ()),
        _ => tx.put(map, key, format!("value {}", rng.below(9))),
    }
}
