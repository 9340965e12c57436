//! Runs each target on stable Rust: its seeds, its corpus, and mutations of both.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use teilgeber_fuzz::{Mutator, TARGETS, Target};

/// No input may keep a phone busy for so long, even on a slow machine under load without optimisation.
const FAR_TOO_LONG: Duration = Duration::from_secs(20);

#[test]
fn no_target_is_broken_by_seeds_corpus_or_mutations() {
    let cases = setting("FUZZ_CASES", 200);
    let seed = setting("FUZZ_SEED", 1);
    let only = std::env::var("FUZZ_TARGET").ok();
    for target in TARGETS.iter().filter(|target| only.as_deref().is_none_or(|it| it == target.name))
    {
        let mut inputs = (target.seeds)();
        inputs.extend(corpus(target).into_iter().map(|path| fs::read(path).unwrap()));
        assert!(!inputs.is_empty(), "{} has nothing to begin with", target.name);
        let began = Instant::now();
        for input in &inputs {
            run(target, input);
        }
        let mut mutator = Mutator::new(seed);
        for _ in 0..cases {
            run(target, &mutator.draw(&inputs));
        }
        let (took, inputs) = (began.elapsed().as_secs_f64(), inputs.len());
        println!("{:<12} {inputs} inputs, {cases} mutations, {took:.1} s", target.name);
    }
}

#[test]
fn each_folder_of_the_corpus_belongs_to_a_target() {
    for folder in fs::read_dir(corpora()).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(Target::named(&name).is_some(), "corpus/{name}");
    }
}

/// Runs it; what breaks it is written down beside the corpus.
fn run(target: &Target, input: &[u8]) {
    let began = Instant::now();
    let ended = catch_unwind(|| (target.run)(input));
    let took = began.elapsed();
    if ended.is_err() || took > FAR_TOO_LONG {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken").join(target.name);
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{:x}", fnv(input)));
        fs::write(&path, input).unwrap();
        panic!("{} is broken (after {took:?}) by {}", target.name, path.display());
    }
}

fn corpus(target: &Target) -> Vec<PathBuf> {
    let Ok(files) = fs::read_dir(corpora().join(target.name)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
}

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// A name for some bytes (FNV-1a).
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
