//! A vector file: `name = value` lines, a `#` before what is for people. Values are lowercase hex
//! (numbers big-endian) but for `part` and `error`, which are words.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The lines of one file, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Vectors(Vec<(String, String)>);

impl Vectors {
    /// Adds bytes.
    pub(crate) fn add(&mut self, name: &str, bytes: impl AsRef<[u8]>) {
        let hex = bytes.as_ref().iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        self.0.push((name.to_owned(), hex));
    }

    /// Adds words.
    pub(crate) fn say(&mut self, name: &str, words: &str) {
        self.0.push((name.to_owned(), words.to_owned()));
    }

    /// The words under this name.
    pub(crate) fn words(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The bytes under this name.
    pub(crate) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let hex = self.words(name)?;
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        Some((0..hex.len()).step_by(2).map(byte).collect())
    }

    /// The 32 bytes under this name.
    pub(crate) fn id(&self, name: &str) -> [u8; 32] {
        self.bytes(name).unwrap().try_into().unwrap()
    }

    /// Reads the file `name` below the folder of the vectors.
    pub(crate) fn read(name: &str) -> Self {
        let text = std::fs::read_to_string(path(name)).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let pair = |line: &str| {
            let (name, value) = line.split_once(" =").unwrap();
            (name.to_owned(), value.trim_start().to_owned())
        };
        Self(lines.map(pair).collect())
    }

    /// Compares these with the file `name`; with `TEILGEBER_PRINT_VECTORS=1` prints them into the
    /// file first.
    pub(crate) fn compare(&self, name: &str) {
        self.print_if_asked(name);
        for ((found, value), (said, expected)) in self.0.iter().zip(&Self::read(name).0) {
            assert_eq!((found, value), (said, expected), "in {name}");
        }
        assert_eq!(self.0.len(), Self::read(name).0.len(), "lines in {name}");
    }

    /// With `TEILGEBER_PRINT_VECTORS=1` prints these into the file `name`.
    pub(crate) fn print_if_asked(&self, name: &str) {
        if std::env::var_os("TEILGEBER_PRINT_VECTORS").is_some_and(|asked| asked == "1") {
            let lines = self.0.iter().map(|(name, value)| format!("{name} = {value}\n"));
            std::fs::write(path(name), lines.collect::<String>()).unwrap();
        }
    }
}

/// The names of the files in a folder of the vectors.
pub(crate) fn names(folder: &str) -> Vec<String> {
    let files = std::fs::read_dir(path(folder)).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name)
}
