//! Bundles: what is written reads back; what is damaged says so, and all that is whole is there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, Read};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::prelude::*;
use teilgeber_entry::bundle::{
    BundleError, Found, MAGIC, Reader, Readers, Seal, Section, VERSION, Writer,
};
use teilgeber_entry::limits::SECTION_BYTES_MAX;
use teilgeber_entry::{CarryKey, SpaceKey};

fn space(number: u8) -> SpaceKey {
    SpaceKey::from_bytes([number; 32])
}

/// A bundle with these batches, alternately of two spaces and for members and couriers.
fn bundle(batches: &[Vec<u8>]) -> Vec<u8> {
    let keys = [space(1), space(2)];
    let carry: Vec<CarryKey> = keys.iter().map(SpaceKey::carry_key).collect();
    let mut writer = Writer::new(Vec::new(), [9; 32]).unwrap();
    for (at, batch) in batches.iter().enumerate() {
        let seal = match at % 4 {
            0 | 1 => Seal::Members(&keys[at % 2]),
            _ => Seal::Couriers(&carry[at % 2]),
        };
        writer.add(seal, batch).unwrap();
    }
    writer.finish().unwrap().0
}

fn open(section: &Section) -> Vec<u8> {
    static KEYS: LazyLock<[(SpaceKey, CarryKey); 2]> =
        LazyLock::new(|| [1, 2].map(|number| (space(number), space(number).carry_key())));
    let (key, carry) = KEYS.iter().find(|(_, carry)| section.is_of(carry)).unwrap();
    let seal = match section.readers() {
        Readers::Members => Seal::Members(key),
        _ => Seal::Couriers(carry),
    };
    section.open(seal).unwrap()
}

fn read(input: impl Read) -> Result<Vec<Found>, BundleError> {
    let mut reader = Reader::new(input);
    let mut found = Vec::new();
    while let Some(next) = reader.next_found()? {
        found.push(next);
    }
    Ok(found)
}

/// Gives out a few bytes at a time, and is interrupted each time before.
struct Trickle<'a> {
    rest: &'a [u8],
    is_interrupted: bool,
}

impl Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let len = into.len().min(997);
        self.rest.read(&mut into[..len])
    }
}

fn sections(found: &[Found]) -> Vec<Vec<u8>> {
    let section = |found: &Found| match found {
        Found::Section(section) => Some(open(section)),
        _ => None,
    };
    found.iter().filter_map(section).collect()
}

fn has_end(found: &[Found]) -> bool {
    matches!(found.last(), Some(Found::End { .. }))
}

fn is_damaged(found: &[Found]) -> bool {
    found.iter().any(|found| matches!(found, Found::Damaged(_)))
}

/// Whether these are some of those, in order.
fn are_among(some: &[Vec<u8>], all: &[Vec<u8>]) -> bool {
    let mut all = all.iter();
    some.iter().all(|one| all.any(|other| other == one))
}

fn three() -> Vec<Vec<u8>> {
    vec![b"the first".to_vec(), b"the second, a little longer".to_vec(), b"third".to_vec()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_reads_back(batches in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..9)) {
        let whole = bundle(&batches);
        let found = read(Trickle { rest: &whole, is_interrupted: false }).unwrap();

        prop_assert_eq!(sections(&found), batches.clone());
        prop_assert_eq!(found.last(), Some(&Found::End { sections: batches.len() as u32 }));
        prop_assert!(!is_damaged(&found));
    }

    #[test]
    fn any_bytes_are_no_bundle_and_no_panic(bytes: Vec<u8>, begins: bool) {
        let bytes = if begins { [&bundle(&[])[..16], &bytes].concat() } else { bytes };
        match read(&bytes[..]) {
            Ok(found) => prop_assert!(begins && sections(&found).is_empty() && !has_end(&found)),
            Err(error) => prop_assert!(!begins && matches!(error, BundleError::NotABundle)),
        }
    }
}

#[test]
fn a_byte_that_was_changed_costs_one_section_and_is_told() {
    let (batches, whole) = (three(), bundle(&three()));
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut damaged = whole.clone();
            damaged[at] ^= change;

            let found = read(&damaged[..]).unwrap();

            let left = sections(&found);
            assert!(are_among(&left, &batches), "byte {at}");
            assert!(left.len() + 1 >= batches.len(), "byte {at}");
            assert!(is_damaged(&found), "byte {at}");
            for part in &found {
                if let Found::Damaged(part) = part {
                    assert!(part.contains(&(at as u64)), "byte {at}: {part:?}");
                }
            }
        }
    }
}

#[test]
fn a_bundle_cut_anywhere_gives_what_came_before_the_cut() {
    let (batches, whole) = (three(), bundle(&three()));
    let mut most = 0;
    for length in 0..whole.len() {
        match read(&whole[..length]) {
            Ok(found) => {
                let left = sections(&found);
                assert_eq!(left, batches[..left.len()]);
                assert!(left.len() >= most && !has_end(&found), "length {length}");
                most = left.len();
            }
            Err(error) => assert!(length < 16 && matches!(error, BundleError::NotABundle)),
        }
    }
    assert_eq!(most, batches.len());
}

#[test]
fn bytes_that_were_lost_or_added_cost_no_more_than_where_they_are() {
    let (batches, whole) = (three(), bundle(&three()));
    for at in 16..whole.len() - 69 {
        let lost = [&whole[..at], &whole[at + 1..]].concat();
        let added = [&whole[..at], b"x", &whole[at..]].concat();
        for damaged in [lost, added] {
            let found = read(&damaged[..]).unwrap();
            let left = sections(&found);
            assert!(are_among(&left, &batches) && left.len() + 1 >= batches.len(), "byte {at}");
            assert!(is_damaged(&found) && has_end(&found), "byte {at}");
        }
    }
}

#[test]
fn another_version_says_which_and_another_file_that_it_is_none() {
    let mut newer = [&MAGIC[..], &[VERSION + 1]].concat();
    let check = blake3::hash(&newer);
    newer.extend_from_slice(&check.as_bytes()[..7]);
    newer.extend_from_slice(b"whatever comes in that version");

    assert!(matches!(read(&newer[..]), Err(BundleError::Newer { version: 1 })));
    for other in
        [&b""[..], b"x", &MAGIC[..], b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"]
    {
        assert!(matches!(read(other), Err(BundleError::NotABundle)));
    }
}

#[test]
fn a_file_without_end_that_is_no_bundle_is_given_up_soon() {
    let mut reader = Reader::new(io::repeat(b'x'));
    assert!(matches!(reader.next_found(), Err(BundleError::NotABundle)));
    assert!(reader.offset() < 2 * SECTION_BYTES_MAX as u64);
}

#[test]
fn a_reader_is_never_further_ahead_than_a_section() {
    struct Counts<'a>(&'a [u8], &'a AtomicU64);
    impl Read for Counts<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(into)?;
            self.1.fetch_add(read as u64, Ordering::Relaxed);
            Ok(read)
        }
    }
    let batches: Vec<Vec<u8>> = (0..40).map(|at| vec![at; 100_000]).collect();
    let mut bytes = bundle(&batches);
    bytes[1_500_000..1_700_000].fill(0x89);
    let pulled = AtomicU64::new(0);
    let mut reader = Reader::new(Counts(&bytes, &pulled));

    while reader.next_found().unwrap().is_some() {
        let ahead = pulled.load(Ordering::Relaxed) - reader.offset();
        assert!(ahead <= 2 * SECTION_BYTES_MAX as u64);
    }
    assert_eq!(reader.offset(), bytes.len() as u64);
}

#[test]
fn a_length_beyond_its_bound_is_no_section() {
    let mut writer = Writer::new(Vec::new(), [9; 32]).unwrap();
    let too_long = vec![0; SECTION_BYTES_MAX];
    assert!(writer.add(Seal::Members(&space(1)), &too_long).is_err());

    // As a stranger would write it: a head whose check holds and whose body has no end.
    let mut head = bundle(&three())[16..16 + 61].to_vec();
    head[9..13].copy_from_slice(&u32::MAX.to_be_bytes());
    let check = blake3::hash(&head);
    head.extend_from_slice(&check.as_bytes()[..8]);
    let hostile = [&bundle(&[])[..16], &head, &bundle(&three())[16..]].concat();
    assert_eq!(sections(&read(&hostile[..]).unwrap()), three());
}

#[test]
fn heads_inside_of_heads_cost_no_more_than_a_bound() {
    // Each promises the longest body, and each body is full of further ones. A hash of each would be
    // a hundred thousand times the file.
    let mut head = bundle(&three())[16..16 + 61].to_vec();
    head[9..13].copy_from_slice(&(SECTION_BYTES_MAX as u32).to_be_bytes());
    let check = blake3::hash(&head);
    head.extend_from_slice(&check.as_bytes()[..8]);
    let hostile = [&bundle(&[])[..16], &head.repeat(40_000), &bundle(&three())[16..]].concat();

    let found = read(&hostile[..]).unwrap();

    assert!(is_damaged(&found) && are_among(&sections(&found), &three()));
}

#[test]
fn a_section_shows_no_space_and_opens_for_no_other_key() {
    let (key, carry) = (space(1), space(1).carry_key());
    let mut writer = Writer::new(Vec::new(), [9; 32]).unwrap();
    for _ in 0..2 {
        writer.add(Seal::Members(&key), b"the same words").unwrap();
        writer.add(Seal::Couriers(&carry), b"the same words").unwrap();
    }
    let bytes = writer.finish().unwrap().0;
    for secret in [key.space().as_bytes(), carry.as_bytes(), key.as_bytes()] {
        assert!(!bytes.windows(8).any(|window| window == &secret[..8]));
    }
    assert!(!bytes.windows(4).any(|window| window == b"same"));

    let found = read(&bytes[..]).unwrap();
    let mut heads = Vec::new();
    for (at, found) in found.iter().enumerate() {
        let Found::Section(section) = found else { continue };
        assert!(section.is_of(&carry) && !section.is_of(&space(2).carry_key()));
        let is_for_members = at % 2 == 0;
        assert_eq!(section.open(Seal::Members(&key)).is_ok(), is_for_members);
        assert_eq!(section.open(Seal::Couriers(&carry)).is_ok(), !is_for_members);
        assert!(section.open(Seal::Members(&space(2))).is_err());
        heads.push(format!("{section:?}"));
    }
    heads.sort();
    heads.dedup();
    assert_eq!(heads.len(), 4);
}

/// What happens to files on their way, many times over, by seed: `BUNDLE_CASES`, `BUNDLE_SEED`.
#[test]
fn damaged_bundles_never_give_what_was_not_in_them() {
    let number = |name: &str, usual: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => usual,
    };
    let (cases, first) = (number("BUNDLE_CASES", 3_000), number("BUNDLE_SEED", 1));
    for seed in first..first + cases {
        let mut dice = Dice(seed);
        let batches: Vec<Vec<u8>> =
            (0..dice.below(6)).map(|at| vec![at as u8; dice.below(400)]).collect();
        let mut bytes = bundle(&batches);
        let changes = 1 + dice.below(4);
        for _ in 0..changes {
            damage(&mut dice, &mut bytes);
        }
        let Ok(found) = read(&bytes[..]) else { continue };
        for section in sections(&found) {
            assert!(batches.contains(&section), "BUNDLE_SEED={seed} BUNDLE_CASES=1");
        }
    }
}

fn damage(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let (at, other) = (dice.below(bytes.len() + 1), dice.below(bytes.len() + 1));
    let (from, to) = (at.min(other), at.max(other));
    match dice.below(7) {
        0 if from < bytes.len() => bytes[from] ^= 1 << dice.below(8),
        1 => bytes.truncate(to),
        2 => drop(bytes.drain(from..to)),
        3 => {
            let piece = bytes[from..to].to_vec();
            bytes.splice(at..at, piece);
        }
        4 => bytes[from..to].fill(dice.below(256) as u8),
        5 => bytes[from..to].reverse(),
        _ => {
            let noise: Vec<u8> = (0..dice.below(200)).map(|_| dice.below(256) as u8).collect();
            bytes.splice(at..at, noise);
        }
    }
}

/// Draws numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}
