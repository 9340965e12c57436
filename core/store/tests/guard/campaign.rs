//! Hostile changes by the thousand, beside honest ones.
//!
//! `GUARD_CASES` says how many hostile changes to try, `GUARD_SEED` where to begin.

use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{ROOT, ReadDoc};
use teilgeber_store::guard::{Loaded, Verdict};

use crate::hostile::mutate;
use crate::rng::Rng;
use crate::world::{DOCUMENT, Post, Writer, all_count, honest_world, judge_all};

/// Hostile changes that are judged beside each other.
const AT_ONCE: usize = 4;
/// Sets of them for one honest world.
const SETS: usize = 8;

type Tally = BTreeMap<String, usize>;

#[test]
fn hostile_changes_never_break_a_document_nor_its_honest_part() {
    crate::silence_caught_panics();
    let number = |name: &str, usual| match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => usual,
    };
    let (cases, first_seed) = (number("GUARD_CASES", 3_000u64), number("GUARD_SEED", 1u64));
    let mut tally = Tally::new();
    for world in 0..cases.div_ceil((AT_ONCE * SETS) as u64) {
        attack_one_world(first_seed + world, &mut tally);
    }
    println!("{tally:#?}");
}

/// Tells the seed when a test fails in its midst.
struct Seed(u64);

#[expect(clippy::print_stdout, reason = "the seed is what makes a failure repeatable")]
impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("failed with GUARD_SEED={} GUARD_CASES=1", self.0);
        }
    }
}

fn attack_one_world(seed: u64, tally: &mut Tally) {
    let _told_on_failure = Seed(seed);
    let mut rng = Rng::new(seed);
    let times = rng.below(9);
    let honest = honest_world(&mut rng, 3, times);
    let seen = judge_all(&honest[..=rng.below(honest.len())]).document;
    let seen = seen.expect("honest changes make a document");
    let known: Vec<_> = honest.iter().map(|post| post.bytes.clone()).collect();
    let base = judge_all(&honest).document.expect("honest changes make a document");
    for _ in 0..SETS {
        let hostile = hostile_posts(&mut rng, &seen, &known);
        check(&mut rng, &honest, &hostile, &base, tally);
    }
}

/// What some attackers post, one or two changes each, who have seen that much of the honest ones.
fn hostile_posts(rng: &mut Rng, seen: &Loaded, known: &[Vec<u8>]) -> Vec<Post> {
    let mut posts = Vec::new();
    while posts.len() < AT_ONCE {
        let mut attacker = Writer { loaded: seen.clone(), ..Writer::new(100 + rng.below(3) as u8) };
        attacker.position = posts.len() as u64;
        for _ in 0..=rng.below(2) {
            let mut post = attacker.post_something(rng);
            if !rng.one_in(8) {
                post.bytes = mutate(rng, &post.bytes, known);
            }
            posts.push(post);
        }
    }
    posts.truncate(AT_ONCE);
    posts
}

fn check(rng: &mut Rng, honest: &[Post], hostile: &[Post], base: &Loaded, tally: &mut Tally) {
    let posts = [honest, hostile].concat();
    let judged = judge_all(&posts);
    let (for_honest, for_hostile) = judged.verdicts.split_at(honest.len());
    for verdict in for_hostile {
        *tally.entry(format!("{verdict:?}")).or_default() += 1;
    }
    assert!(all_count(for_honest), "honest changes count: {:?}", judged.verdicts);
    let document = judged.document.expect("the honest part at least");

    check_order_and_duplicates(rng, &posts, &judged.verdicts, &document);
    check_extend(rng, hostile, base, &judged.verdicts[honest.len()..], &document);
    check_that_it_lives_on(&posts, &judged.verdicts, document);
}

fn check_order_and_duplicates(
    rng: &mut Rng,
    posts: &[Post],
    verdicts: &[Verdict],
    document: &Loaded,
) {
    let mut shuffled: Vec<_> = posts.iter().zip(verdicts).collect();
    let again: Vec<_> = (0..rng.below(4)).map(|_| *rng.pick(&shuffled)).collect();
    shuffled.extend(again);
    rng.shuffle(&mut shuffled);
    let (posts, expected): (Vec<_>, Vec<_>) =
        shuffled.into_iter().map(|(post, verdict)| (post.clone(), *verdict)).unzip();
    let judged = judge_all(&posts);
    assert_eq!(judged.verdicts, expected);
    assert_same(&judged.document.expect("as before"), document);
}

/// Adding all at once, or one after the other, agrees with judging all.
fn check_extend(
    rng: &mut Rng,
    hostile: &[Post],
    base: &Loaded,
    verdicts: &[Verdict],
    document: &Loaded,
) {
    let mut at_once = base.clone();
    let mut candidates: Vec<_> = hostile.iter().map(Post::candidate).collect();
    rng.shuffle(&mut candidates);
    let extended = at_once.extend(&DOCUMENT, &candidates);
    assert_eq!(extended.is_some(), all_count(verdicts), "extend and judge agree: {verdicts:?}");

    let mut one_by_one = base.clone();
    for (post, verdict) in hostile.iter().zip(verdicts) {
        let extended = one_by_one.extend(&DOCUMENT, &[post.candidate()]);
        if *verdict == Verdict::Counts {
            assert!(extended.is_some(), "what counts in the whole counts alone");
        }
    }
    if extended.is_some() {
        assert_same(&at_once, document);
        assert_same(&one_by_one, document);
    }
}

/// The document loads, its copy is the same, and the next honest edit counts for everybody.
fn check_that_it_lives_on(posts: &[Post], verdicts: &[Verdict], mut document: Loaded) {
    let reopened = Loaded::open(document.save()).expect("a document that counts opens");
    assert_same(&reopened, &document);
    let mut writer = Writer { loaded: reopened, position: 1000, ..Writer::new(50) };
    let keys: Vec<_> = writer.loaded.document().keys(ROOT).collect();
    let next = writer.post(|tx| {
        for key in &keys {
            tx.put(ROOT, key, "over")?;
        }
        tx.put(ROOT, "next", true)
    });
    let judged = judge_all(&[posts, &[next]].concat());
    assert_eq!(judged.verdicts[..posts.len()], *verdicts);
    assert_eq!(judged.verdicts[posts.len()], Verdict::Counts);
    assert_same(&judged.document.expect("a document"), &writer.loaded);
}

fn assert_same(left: &Loaded, right: &Loaded) {
    let (left, right) = (left.document(), right.document());
    assert_eq!(left.get_heads(), right.get_heads());
    assert_eq!(left.hydrate(None), right.hydrate(None));
}
