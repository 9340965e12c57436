//! The keys of a person: whoever has them is that person, and reads all that they could read.

use core::fmt;

use serde::{Deserialize, Serialize};
use teilgeber_model::{Id, LetterAddress, Line};

use super::{KEYS_FILE, KEYS_MAX_BYTES, MineError, VERSION, parse, pretty};

const FORMAT: &str = "teilgeber-keys";

/// What stands first in the file, for whoever opens it.
const WARNING: &str = "SECRET. Whoever has this file can be you: read your events, sign in your name. \
    Keep it where nobody else reads, never send it, and delete it when your new device has it.";

/// The keys of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    #[serde(default)]
    warning: String,
    format: String,
    version: u32,
    /// Whose.
    pub person: Id,
    /// What the person signs with; `None` where their device was only lent a right to speak for them.
    #[serde(default)]
    pub person_key: Option<Secret>,
    /// What letters to the person are sealed to.
    pub letter_key: Secret,
    /// The space in which my contacts see me.
    #[serde(default)]
    pub card: Option<CardKey>,
    /// Who was given the key of that space.
    #[serde(default)]
    pub card_given: Vec<Id>,
    /// The events that I am in.
    #[serde(default)]
    pub events: Vec<EventKey>,
    /// Where contacts let me see them and where to write to them.
    #[serde(default)]
    pub contacts: Vec<ContactKey>,
}

/// A space in which somebody keeps their card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardKey {
    /// Its key.
    pub key: Secret,
    /// How many they had before it.
    #[serde(default)]
    pub moves: u32,
}

/// The code that lets anybody into an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventKey {
    /// Which event.
    pub event: Id,
    /// What it is called.
    pub name: Line<120>,
    /// The code.
    pub code: String,
}

/// What reaches a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactKey {
    /// Who.
    pub person: Id,
    /// The space in which they keep the card that they gave me.
    #[serde(default)]
    pub card: Option<CardKey>,
    /// What letters to them are sealed to.
    #[serde(default)]
    pub letters: Option<LetterAddress>,
    /// The event in which letters to them travel.
    #[serde(default)]
    pub event: Option<Id>,
}

/// 32 bytes that nobody else may know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(Id);

impl Secret {
    /// These bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Id::new(bytes))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl Keys {
    /// The keys of a person who is in no event.
    pub fn new(person: Id, person_key: Option<Secret>, letter_key: Secret) -> Self {
        Self {
            warning: WARNING.to_owned(),
            format: FORMAT.to_owned(),
            version: VERSION,
            person,
            person_key,
            letter_key,
            card: None,
            card_given: Vec::new(),
            events: Vec::new(),
            contacts: Vec::new(),
        }
    }

    /// The bytes of [`KEYS_FILE`].
    ///
    /// # Errors
    /// [`MineError::TooLarge`] when no program would read it back.
    pub fn write(&self) -> Result<Vec<u8>, MineError> {
        let text = pretty(self, KEYS_FILE)?;
        let fits = text.len() as u64 <= KEYS_MAX_BYTES;
        if fits { Ok(text) } else { Err(MineError::TooLarge { file: KEYS_FILE }) }
    }

    /// Reads the bytes of [`KEYS_FILE`].
    ///
    /// # Errors
    /// Any [`MineError`] that says what to do about it.
    pub fn read(bytes: &[u8]) -> Result<Self, MineError> {
        parse(bytes, KEYS_FILE, FORMAT, KEYS_MAX_BYTES)
    }
}
