//! Letters: what people write to one reader, sent and read.
//!
//! | topic | body |
//! |---|---|
//! | 1 answer | a card, sized: here is mine, for the code that you showed |
//! | 2 card key | the card space's key 32 ‖ how many came before it 4 ‖ a card, sized: follow what I show my contacts |
//! | 3 card request | a card, sized: may I follow yours? |
//! | 4 message | its number 32 ‖ when it was written 8 ‖ text, sized |
//! | 5 feedback | how many answers, varint ‖ each: question 32 ‖ text, sized ‖ text, sized |
//! | 6 conduct report | text, sized |
//! | 7 arrived | the author key of each letter, 32 |
//!
//! The numbers stay. A letter of another topic is left alone until an update knows it.
//!
//! A letter is read once, in the transaction that also writes down that it was read and puts what it
//! leads to, a reply too. So a device that is killed between a letter's arrival and its reading reads
//! it at the next occasion, and never twice.

use std::sync::atomic::Ordering;

use serde::Serialize;
use teilgeber_entry::codec::{DecodeError, Reader, Write};
use teilgeber_entry::letter::{self, Letter, LetterDraft, LetterError, Signer, TIME_STEP, Topic};
use teilgeber_entry::limits::{BATCH_BYTES_MAX, BATCH_ENTRIES_MAX};
use teilgeber_entry::{
    AuthorId, AuthorKey, EntryId, Kind, LetterKey, LetterPublic, PersonId, SpaceId, SpaceKey, batch,
};
use teilgeber_model::{Card, Feedback, MessageText, Millis, Published as _, ReportText};
use teilgeber_store::{Edit, Identity, Prepared, Role, Sending, StoreError, Voice};

use crate::device::Device;
use crate::error::{Error, Result};
use crate::sent::{WORK_WHEN_FULL, WORK_WHEN_WRITTEN, worked};
use crate::{arrival, feedback, message, report, swap};

/// Whether a letter says who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Authorship {
    /// Its reader knows, and nobody else.
    Signed,
    /// Nobody knows, the reader neither.
    Anonymous,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// Here is my card, for the code that you showed.
    Answer(Card),
    /// Follow what I show my contacts.
    CardKey(Box<Following>),
    /// May I follow yours?
    CardRequest(Card),
    /// Words to read.
    Direct(Direct),
    /// For the organisers.
    Feedback(Feedback),
    /// For one person alone, about how somebody behaved.
    Report(ReportText),
    /// These letters of yours arrived.
    Arrived(Vec<AuthorId>),
}

/// A letter that was sealed, with what is needed to give it more work.
pub(crate) struct Sealed {
    pub(crate) id: EntryId,
    key: AuthorKey,
    tries: u64,
    prepared: Prepared,
}

/// What one person writes to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Direct {
    /// Drawn at random: the letters of several spaces that say this are one message.
    pub(crate) number: [u8; 32],
    /// When it was written: its writer's word.
    pub(crate) written: Millis,
    /// What it says.
    pub(crate) text: MessageText,
}

/// A card space's key, and the card as it stands.
#[derive(Debug, Clone)]
pub(crate) struct Following {
    pub(crate) key: SpaceKey,
    /// How many card spaces this person had before: of two that come in any order, the later counts.
    pub(crate) moves: u32,
    pub(crate) card: Card,
}

impl PartialEq for Following {
    fn eq(&self, other: &Self) -> bool {
        (self.key.space(), self.moves, &self.card) == (other.key.space(), other.moves, &other.card)
    }
}

impl Eq for Following {}

/// A letter to this person that has come, and where.
pub(crate) struct Incoming {
    pub(crate) id: EntryId,
    /// The author key that was made for it.
    pub(crate) author: AuthorId,
    /// Its day, in ms since 1970.
    pub(crate) day: u64,
    pub(crate) space: SpaceId,
    pub(crate) role: Role,
    pub(crate) letter: Letter,
    pub(crate) message: Message,
}

impl Device {
    /// Seals a letter for `space`, to be [sent](Sealed::send).
    pub(crate) fn seal_letter(
        &self,
        space: &SpaceId,
        reader: &LetterPublic,
        message: &Message,
    ) -> Result<Sealed> {
        self.seal_letter_as(space, reader, message, Authorship::Signed)
    }

    /// As [`seal_letter`](Self::seal_letter), signed or not.
    pub(crate) fn seal_letter_as(
        &self,
        space: &SpaceId,
        reader: &LetterPublic,
        message: &Message,
        authorship: Authorship,
    ) -> Result<Sealed> {
        let (space, identity, bar) =
            self.read(|view| Ok((view.space(space)?, view.identity()?, view.letter_bar(space)?)))?;
        let key = space.key.as_ref().ok_or(Error::NotHere("that space's key"))?;
        let identity = identity.ok_or(Error::NotHere("your identity"))?;
        let (topic, body) = message.encode();
        let signer = match authorship {
            Authorship::Signed => signer(&identity),
            Authorship::Anonymous => Signer::Anonymous,
        };
        let draft = LetterDraft { signer, topic, body: &body };
        let author = AuthorKey::from_bytes(self.seed()?);
        let mut parcel = draft.seal(key, &author, reader, self.now(), &self.seed()?)?;
        // All letters alike: the work of one must not say what it is.
        if let Some(worked) = letter::add_work(&parcel.envelope, &author, 0, WORK_WHEN_WRITTEN)? {
            parcel.envelope = worked;
        }
        let start = u64::from(WORK_WHEN_WRITTEN);
        let (envelope, tries) =
            worked(parcel.envelope, &author, bar.as_ref(), start, WORK_WHEN_FULL)?;
        parcel.envelope = envelope;
        let id = parcel.envelope.id();
        let (bytes, _) = batch::encode(&[parcel], None, BATCH_BYTES_MAX);
        let prepared = self.store().prepare(&space.id, &bytes, false)?;
        Ok(Sealed { id, key: author, tries, prepared })
    }

    /// Reads what an earlier run left unread. Once in a run.
    pub(crate) fn catch_up_with_letters(&self) -> Result<()> {
        if self.caught_up().swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let all = self.read(|view| view.spaces()).and_then(|spaces| {
            let mut with_letters = spaces
                .iter()
                .filter(|space| matches!(space.role, Role::Event | Role::Code | Role::ContactCard));
            with_letters.try_for_each(|space| self.read_letters_of(&space.id))
        });
        if all.is_err() {
            self.caught_up().store(false, Ordering::Release);
        }
        all
    }

    /// Reads all letters of a space.
    pub(crate) fn read_letters_of(&self, space: &SpaceId) -> Result<()> {
        let items = self.read(|view| view.items(&view.space(space)?))?;
        // Every letter's time is a whole day; of other entries hardly any.
        let candidates = items.into_iter().filter(|(time, _)| time % TIME_STEP == 0);
        let ids: Vec<EntryId> = candidates.map(|(_, id)| id).collect();
        self.read_letters(space, &ids)
    }

    /// Reads the letters among these entries of a space.
    pub(crate) fn read_letters(&self, space: &SpaceId, entries: &[EntryId]) -> Result<()> {
        for incoming in self.open_letters(space, entries)? {
            match &incoming.message {
                Message::Direct(direct) => message::receive(self, &incoming, direct)?,
                Message::Feedback(_) => feedback::receive(self, &incoming)?,
                Message::Report(_) => report::receive(self, &incoming)?,
                Message::Arrived(letters) => arrival::receive(self, &incoming, letters)?,
                _ => swap::receive(self, &incoming)?,
            }
        }
        Ok(())
    }

    fn open_letters(&self, space: &SpaceId, entries: &[EntryId]) -> Result<Vec<Incoming>> {
        self.read(|view| {
            let space = view.space(space)?;
            let keys = view.letter_keys()?;
            let keys: Vec<&LetterKey> = keys.iter().map(|(_, key)| key).collect();
            let read = handled(view.keepsake(&handled_name(&space.id))?);
            let mut incoming = Vec::new();
            let mut rest = entries;
            while !rest.is_empty() {
                let some = &rest[..rest.len().min(BATCH_ENTRIES_MAX)];
                let (bytes, count) = view.pack(&space, some, false, BATCH_BYTES_MAX)?;
                rest = &rest[count.clamp(1, some.len())..];
                for parcel in batch::decode(&bytes, &space.id, None)? {
                    let header = parcel.envelope.header();
                    let payload = parcel.payload.bytes().filter(|_| header.kind == Kind::Letter);
                    let Some(payload) = payload.filter(|_| !read.contains(&header.author)) else {
                        continue;
                    };
                    // One for somebody else, a forged one, and one of a later version say nothing.
                    let Ok(letter) = letter::open(header, payload, &keys) else { continue };
                    let Ok(message) = Message::decode(letter.topic, &letter.body) else { continue };
                    let (id, role) = (parcel.envelope.id(), space.role);
                    let (author, day) = (header.author, header.time);
                    let space = space.id;
                    incoming.push(Incoming { id, author, day, space, role, letter, message });
                }
            }
            Ok(incoming)
        })
    }
}

impl Sealed {
    /// Puts the letter into its space, and keeps it until `reader` says that it arrived. `called` is what
    /// its writer asks for it by later.
    pub(crate) fn send(
        self,
        edit: &mut Edit<'_>,
        reader: &PersonId,
        called: Option<EntryId>,
    ) -> Result<()> {
        let sending = Sending { key: Some(&self.key), reader, called, tries: self.tries };
        Ok(edit.send_letter(self.prepared, &sending)?)
    }

    /// Puts the letter into its space. It is sent once, whatever becomes of it.
    pub(crate) fn send_once(self, edit: &mut Edit<'_>, reader: &PersonId) -> Result<()> {
        let sending = Sending { key: None, reader, called: None, tries: self.tries };
        Ok(edit.send_letter(self.prepared, &sending)?)
    }

    /// Gives the entry alone. Nothing of the letter is kept.
    pub(crate) fn into_entry(self) -> Prepared {
        self.prepared
    }
}

/// Writes down that a letter was read. `false` where it had been read before, also with less work.
pub(crate) fn mark_read(edit: &mut Edit<'_>, incoming: &Incoming) -> Result<bool> {
    let name = handled_name(&incoming.space);
    let mut read = handled(edit.keepsake(&name)?);
    if read.contains(&incoming.author) {
        return Ok(false);
    }
    read.push(incoming.author);
    let bytes: Vec<u8> = read.iter().flat_map(|author| *author.as_bytes()).collect();
    edit.keep(&name, &bytes)?;
    Ok(true)
}

/// Forgets that a letter was read. Only of one that [cannot be opened](Edit::unconfide) any more.
pub(crate) fn forget_read(edit: &mut Edit<'_>, space: &SpaceId, letter: &AuthorId) -> Result<()> {
    let name = handled_name(space);
    let mut read = handled(edit.keepsake(&name)?);
    read.retain(|author| author != letter);
    let bytes: Vec<u8> = read.iter().flat_map(|author| *author.as_bytes()).collect();
    Ok(edit.keep(&name, &bytes)?)
}

impl Message {
    fn encode(&self) -> (Topic, Vec<u8>) {
        let mut body = Vec::new();
        let topic = match self {
            Self::Answer(card) => {
                body.put_sized(&card.encode());
                1
            }
            Self::CardKey(following) => {
                body.put_bytes(following.key.as_bytes());
                body.put_bytes(&following.moves.to_be_bytes());
                body.put_sized(&following.card.encode());
                2
            }
            Self::CardRequest(card) => {
                body.put_sized(&card.encode());
                3
            }
            Self::Direct(direct) => {
                direct.encode(&mut body);
                4
            }
            Self::Feedback(said) => {
                body = feedback::encode(said);
                feedback::TOPIC.0
            }
            Self::Report(text) => {
                body = report::encode(text);
                report::TOPIC.0
            }
            Self::Arrived(letters) => {
                body = arrival::encode(letters);
                arrival::TOPIC.0
            }
        };
        (Topic(topic), body)
    }

    fn decode(topic: Topic, body: &[u8]) -> std::result::Result<Self, DecodeError> {
        let mut reader = Reader::new(body);
        let card = |reader: &mut Reader<'_>| {
            let bytes = reader.sized("card", Card::MAX_BYTES)?;
            Card::decode(bytes).map_err(|_| DecodeError::Invalid { field: "card" })
        };
        let message = match topic {
            Topic(1) => Self::Answer(card(&mut reader)?),
            Topic(2) => Self::CardKey(Box::new(Following {
                key: SpaceKey::from_bytes(reader.array("card space's key")?),
                moves: u32::from_be_bytes(reader.array("card space's number")?),
                card: card(&mut reader)?,
            })),
            Topic(3) => Self::CardRequest(card(&mut reader)?),
            Topic(4) => Self::Direct(Direct::decode(&mut reader)?),
            feedback::TOPIC => Self::Feedback(feedback::decode(&mut reader)?),
            report::TOPIC => Self::Report(report::decode(&mut reader)?),
            arrival::TOPIC => Self::Arrived(arrival::decode(&mut reader)?),
            _ => return Err(DecodeError::Invalid { field: "topic" }),
        };
        reader.end("letter")?;
        Ok(message)
    }
}

impl From<LetterError> for Error {
    fn from(error: LetterError) -> Self {
        match error {
            LetterError::TooLong { .. } => Self::Shorten,
            error => Self::Report(error.into()),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        StoreError::from(error).into()
    }
}

fn signer(identity: &Identity) -> Signer<'_> {
    let answer_to = identity.letter.public();
    match &identity.voice {
        Voice::Person(key) => Signer::Person { key, answer_to },
        Voice::Device(key, signed) => {
            Signer::Device { person: identity.person, key, device_signature: *signed, answer_to }
        }
    }
}

/// The letters to this person that were read in a space, by their author keys. Few: only what was sealed
/// to them.
fn handled(bytes: Option<Vec<u8>>) -> Vec<AuthorId> {
    let bytes = bytes.unwrap_or_default();
    bytes.as_chunks().0.iter().map(|id| AuthorId::from_bytes(*id)).collect()
}

fn handled_name(space: &SpaceId) -> String {
    format!("letters read/{space}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use teilgeber_model::{AnswerText, Bio, FeedbackAnswer, Id, List, Name, Prose};

    use super::*;

    fn card() -> Card {
        let bio = Bio::new("Takes part.").unwrap();
        Card::default().with_name(Some(Name::new("Ada").unwrap())).with_bio(bio)
    }

    fn direct(text: &str) -> Message {
        let text = MessageText::new(text).unwrap();
        Message::Direct(Direct { number: [7; 32], written: Millis::MAX, text })
    }

    #[test]
    fn what_a_letter_says_reads_back() {
        let key = SpaceKey::from_bytes([7; 32]);
        for message in [
            Message::Answer(card()),
            Message::CardKey(Box::new(Following { key, moves: 3, card: card() })),
            Message::CardRequest(card()),
            direct("Bread?"),
            direct(&"🍞".repeat(MessageText::MAX)),
            Message::Report(ReportText::new(&"🍞".repeat(ReportText::MAX)).unwrap()),
            Message::Arrived(vec![AuthorId::from_bytes([7; 32]); arrival::IN_ONE_MAX]),
        ] {
            let (topic, body) = message.encode();
            assert!(body.len() <= letter::BODY_MAX);
            assert_eq!(Message::decode(topic, &body), Ok(message));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_bytes_are_a_message_or_an_error(topic in 0_u8..8, body: Vec<u8>) {
            let _either = Message::decode(Topic(topic), &body);
        }

        #[test]
        fn feedback_and_reports_read_back(
            answers in prop::collection::vec((any::<[u8; 32]>(), "\\PC{0,40}"), 0..8),
            text in "\\PC{0,80}",
        ) {
            let answers = answers.iter().filter_map(|(question, text)| {
                let text = AnswerText::new(text).ok()?;
                Some(FeedbackAnswer { question: Id::new(*question), text })
            });
            let answers = List::lossy(answers);
            let feedback = Feedback { answers, text: Prose::new(&text).unwrap() };
            for message in [
                Message::Feedback(feedback),
                Message::Report(ReportText::new(&text).unwrap()),
            ] {
                let (topic, body) = message.encode();
                prop_assert_eq!(Message::decode(topic, &body), Ok(message));
            }
        }

        #[test]
        fn whatever_is_read_as_feedback_has_one_form(
            said in prop::collection::vec((0..3_u8, "[a-c]{0,3}"), 0..6),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let answers = said.iter().map(|(question, text)| FeedbackAnswer {
                question: Id::new([*question; 32]),
                text: AnswerText::new(text).unwrap(),
            });
            let feedback = Feedback { answers: List::lossy(answers), ..Feedback::default() };
            let (topic, mut body) = Message::Feedback(feedback).encode();
            let at = at.index(body.len());
            body.splice(at.., with);

            if let Ok(read) = Message::decode(topic, &body) {
                prop_assert_eq!(read.encode(), (topic, body));
            }
        }
    }
}
