//! Writes the seeds of each target into a folder, as a corpus for a fuzzer that reads files:
//! `cargo run -p teilgeber-fuzz --example seeds -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

use teilgeber_fuzz::TARGETS;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("corpus"), PathBuf::from);
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder)?;
        for (number, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{number}")), seed)?;
        }
    }
    Ok(())
}
