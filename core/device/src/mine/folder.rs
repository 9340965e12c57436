//! The folder: written under another name until all is in it, and read with bounds.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use teilgeber_formats::mine::{
    FILE, KEYS_FILE, KEYS_MAX_BYTES, Keys, MAX_BYTES, Mine, MineError, MyPhoto,
};
use teilgeber_model::PHOTO_MAX_BYTES;

use crate::error::{Error, Result};

/// A folder that is being written.
pub(super) struct Unfinished {
    at: PathBuf,
    target: PathBuf,
    files: usize,
}

impl Unfinished {
    /// Begins a folder that is new or empty.
    pub(super) fn begin(target: &Path) -> Result<Self> {
        match fs::read_dir(target) {
            Ok(mut inside) => {
                if inside.next().is_some() {
                    return Err(MineError::NotEmpty.into());
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) if error.kind() == ErrorKind::NotADirectory => {
                return Err(MineError::NotEmpty.into());
            }
            Err(error) => return Err(failed(target, error)),
        }
        let name = target.file_name().ok_or_else(|| Error::CannotWrite(target.to_owned()))?;
        let mut name = name.to_owned();
        name.push(".unfinished");
        let at = target.with_file_name(name);
        match fs::create_dir(&at) {
            Ok(()) => Ok(Self { at, target: target.to_owned(), files: 0 }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                Err(MineError::Unfinished(at.display().to_string()).into())
            }
            Err(error) => Err(failed(&at, error)),
        }
    }

    /// Writes a file, down to the disk.
    pub(super) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        self.write(path, bytes, OpenOptions::new().write(true).create_new(true))
    }

    /// Writes a file that nobody else on this machine may read.
    pub(super) fn put_secret(&mut self, path: &str, bytes: &[u8]) -> Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        self.write(path, bytes, &options)
    }

    /// How many files were written.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// Gives the folder its name.
    pub(super) fn finish(self) -> Result<()> {
        // An empty folder is in the way of a rename on some systems.
        match fs::remove_dir(&self.target) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&self.target, error)),
        }
        fs::rename(&self.at, &self.target).map_err(|error| failed(&self.target, error))
    }

    /// Removes what was written. What cannot be removed is called unfinished, so nobody takes it for whole.
    pub(super) fn discard(self) {
        let _left_unfinished = fs::remove_dir_all(&self.at);
    }

    fn write(&mut self, path: &str, bytes: &[u8], options: &OpenOptions) -> Result<()> {
        let path = self.at.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        }
        let written = options.open(&path).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        self.files += 1;
        written.map_err(|error| failed(&path, error))
    }
}

/// What an export wrote, with the keys where they are there.
pub(super) fn read(folder: &Path) -> Result<(Mine, Option<Keys>)> {
    let bytes = bounded(folder, FILE, MAX_BYTES)?.ok_or(MineError::NoExport)?;
    let mine = Mine::read(&bytes)?;
    let keys = keys(folder)?;
    if let Some(keys) = &keys {
        super::belong_together(&mine, keys)?;
    }
    Ok((mine, keys))
}

/// The keys that an export wrote, where they were asked for.
pub(super) fn keys(folder: &Path) -> Result<Option<Keys>> {
    let bytes = bounded(folder, KEYS_FILE, KEYS_MAX_BYTES)?;
    Ok(bytes.map(|bytes| Keys::read(&bytes)).transpose()?)
}

/// The bytes of a photo; `None` where they are not there or are others than were announced.
pub(super) fn photo(folder: &Path, photo: &MyPhoto) -> Result<Option<Vec<u8>>> {
    let bytes = bounded(folder, &photo.file(), PHOTO_MAX_BYTES.into());
    let bytes = match bytes {
        Err(Error::Folder(MineError::TooLarge { .. })) => None,
        other => other?,
    };
    Ok(bytes.filter(|bytes| blake3::hash(bytes) == *photo.hash.as_bytes()))
}

/// A file of at most so many bytes; `None` where there is none.
fn bounded(folder: &Path, path: &str, max: u64) -> Result<Option<Vec<u8>>> {
    let file = match File::open(folder.join(path)) {
        Ok(file) => file,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let name = if path == KEYS_FILE { KEYS_FILE } else { FILE };
    let mut bytes = Vec::new();
    // Not what the file system says of its length: it may grow, or be no plain file.
    file.take(max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max {
        return Err(MineError::TooLarge { file: name }.into());
    }
    Ok(Some(bytes))
}

fn failed(path: &Path, error: std::io::Error) -> Error {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotFound => {
            Error::CannotWrite(path.to_owned())
        }
        _ => error.into(),
    }
}
