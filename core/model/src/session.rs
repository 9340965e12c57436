//! A barcamp session, and where in the grid it is held.
//!
//! The two are documents of their own, because others write them: a session belongs to its
//! pitcher, its placement to everyone.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::card::{Level, Name};
use crate::error::{Invalid, Shape};
use crate::event::{Policy, RoomName};
use crate::link::Link;
use crate::list::List;
use crate::tag::Tag;
use crate::text::{Line, Prose};
use crate::time::{Millis, Minutes};
use crate::wire::{self, WireError};

/// What a session is called.
pub type Title = Line<200>;

/// What a session is about.
pub type Abstract = Prose<5000>;

/// Who gives a session, by name: they need not be in the event's space.
pub type Speakers = List<Name, 16>;

/// A barcamp session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    title: Title,
    #[serde(default, rename = "abstract")]
    abstract_text: Abstract,
    #[serde(default)]
    tags: List<Tag, 8>,
    #[serde(default)]
    level: Option<Level>,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    speakers: Speakers,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    source: Option<Source>,
    #[serde(default)]
    link: Option<Link>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    brought: Option<Brought>,
}

/// What the last import of a schedule brought to a session: a digest of each value. A field that is no
/// longer what was brought was changed by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Brought {
    /// Of the title.
    pub title: u64,
    /// Of the abstract.
    #[serde(rename = "abstract")]
    pub about: u64,
    /// Of the tags.
    pub tags: u64,
    /// Of the speakers.
    pub speakers: u64,
    /// Of the language.
    pub language: u64,
    /// Of the link.
    pub link: u64,
    /// Of where it is held.
    pub place: u64,
}

/// A language by its tag, `de` or `pt-BR` (BCP 47, the shape only).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(String);

/// What a session is called in the schedule that it was imported from. It is found again by its
/// guid, else by its id; one of them at least is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SourceOnTheWire", into = "SourceOnTheWire")]
pub struct Source {
    guid: Option<Line<64>>,
    id: Option<Line<32>>,
}

/// Where and when a session is held: a room by its name, and a time.
///
/// On the wire a map as `wire` describes it: 0 room (text), 1 start (milliseconds), 2 minutes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct Placement {
    /// In which room.
    #[n(0)]
    pub room: RoomName,
    /// When it begins.
    #[n(1)]
    pub start: Millis,
    /// How long it lasts.
    #[n(2)]
    pub minutes: Minutes,
}

impl Session {
    /// A session of which only the title is known.
    pub fn new(title: Title) -> Self {
        Self {
            title,
            abstract_text: Abstract::default(),
            tags: List::default(),
            level: None,
            policy: Policy::default(),
            speakers: List::default(),
            language: None,
            source: None,
            link: None,
            brought: None,
        }
    }

    /// The same session with this title.
    pub fn with_title(self, title: Title) -> Self {
        Self { title, ..self }
    }

    /// The same session with this abstract.
    pub fn with_abstract(self, abstract_text: Abstract) -> Self {
        Self { abstract_text, ..self }
    }

    /// The same session with these tags.
    pub fn with_tags(self, tags: List<Tag, 8>) -> Self {
        Self { tags, ..self }
    }

    /// The same session for this level.
    pub fn with_level(self, level: Option<Level>) -> Self {
        Self { level, ..self }
    }

    /// The same session under this policy.
    pub fn with_policy(self, policy: Policy) -> Self {
        Self { policy, ..self }
    }

    /// The same session by these speakers.
    pub fn with_speakers(self, speakers: Speakers) -> Self {
        Self { speakers, ..self }
    }

    /// The same session in this language.
    pub fn with_language(self, language: Option<Language>) -> Self {
        Self { language, ..self }
    }

    /// The same session, imported from there.
    pub fn with_source(self, source: Option<Source>) -> Self {
        Self { source, ..self }
    }

    /// The same session with this link.
    pub fn with_link(self, link: Option<Link>) -> Self {
        Self { link, ..self }
    }

    /// The same session, to which an import brought that.
    pub fn with_brought(self, brought: Option<Brought>) -> Self {
        Self { brought, ..self }
    }

    /// What it is called.
    pub fn title(&self) -> &Title {
        &self.title
    }

    /// What it is about.
    pub fn abstract_text(&self) -> &Abstract {
        &self.abstract_text
    }

    /// The tags.
    pub fn tags(&self) -> &List<Tag, 8> {
        &self.tags
    }

    /// How much one should know to follow it.
    pub fn level(&self) -> Option<Level> {
        self.level
    }

    /// What may leave the event of it, as its pitcher says; the strictest word of all holds.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// Who gives it.
    pub fn speakers(&self) -> &Speakers {
        &self.speakers
    }

    /// In which language.
    pub fn language(&self) -> Option<&Language> {
        self.language.as_ref()
    }

    /// What it is called in the schedule that it was imported from.
    pub fn source(&self) -> Option<&Source> {
        self.source.as_ref()
    }

    /// Its page.
    pub fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }

    /// What the last import brought, where it was imported.
    pub fn brought(&self) -> Option<Brought> {
        self.brought
    }
}

impl Language {
    /// The most bytes in a tag: what RFC 5646, 4.4.1 asks everyone to support.
    pub const MAX_BYTES: usize = 35;

    /// Makes a language of its tag.
    ///
    /// # Errors
    /// [`Invalid::Malformed`] if it has not the shape of one.
    pub fn new(tag: &str) -> Result<Self, Invalid> {
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default();
        let shaped = tag.len() <= Self::MAX_BYTES
            && (2..=8).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(is_subtag);
        if shaped { Ok(Self(tag.to_owned())) } else { Err(Invalid::Malformed(Shape::Language)) }
    }

    /// The tag, as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_traits!({} Language);

impl Source {
    /// What a session is called in its schedule.
    ///
    /// # Errors
    /// [`Invalid::Empty`] if it is called nothing.
    pub fn new(guid: Option<Line<64>>, id: Option<Line<32>>) -> Result<Self, Invalid> {
        if guid.is_none() && id.is_none() { Err(Invalid::Empty) } else { Ok(Self { guid, id }) }
    }

    /// The globally unique id.
    pub fn guid(&self) -> Option<&Line<64>> {
        self.guid.as_ref()
    }

    /// The id within the schedule.
    pub fn id(&self) -> Option<&Line<32>> {
        self.id.as_ref()
    }
}

impl Placement {
    /// The most bytes that a placement has: a room's name in full takes 240, the rest is room for
    /// what a newer version adds.
    pub const MAX_BYTES: usize = 1024;

    /// Keys on the wire that this version knows: 0 up to, not including, this one.
    const KEYS: u32 = 3;

    /// When it ends.
    pub fn end(&self) -> Millis {
        self.start.plus(self.minutes)
    }

    /// The one form of this placement on the wire, at most [`MAX_BYTES`](Self::MAX_BYTES) long.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    /// Reads a placement. What a newer version added is ignored.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        wire::decode_map(bytes, Self::MAX_BYTES, Self::KEYS)
    }
}

fn is_subtag(part: &str) -> bool {
    (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// How a [`Source`] is written, before it is checked.
#[derive(Serialize, Deserialize)]
struct SourceOnTheWire {
    #[serde(default)]
    guid: Option<Line<64>>,
    #[serde(default)]
    id: Option<Line<32>>,
}

impl TryFrom<SourceOnTheWire> for Source {
    type Error = Invalid;

    fn try_from(source: SourceOnTheWire) -> Result<Self, Invalid> {
        Self::new(source.guid, source.id)
    }
}

impl From<Source> for SourceOnTheWire {
    fn from(source: Source) -> Self {
        Self { guid: source.guid, id: source.id }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::placement;

    #[test]
    fn a_session_reads_back_from_json() {
        let source = Source::new(None, Some(Line::new("35").unwrap())).unwrap();
        let session = Session::new(Title::new("Merging without meeting").unwrap())
            .with_abstract(Abstract::new("What two phones\nsay.").unwrap())
            .with_tags(List::new(vec![Tag::new("crdt").unwrap()]).unwrap())
            .with_level(Some(Level::Beginner))
            .with_policy(Policy::OffTheRecord)
            .with_speakers(List::new(vec![Name::new("Ada").unwrap()]).unwrap())
            .with_language(Some(Language::new("de").unwrap()))
            .with_source(Some(source))
            .with_link(Some(Link::new("https://camp.example/35").unwrap()));

        let json = serde_json::to_string(&session).unwrap();

        assert_eq!(serde_json::from_str::<Session>(&json).unwrap(), session);
        assert!(json.contains(r#""abstract":"What"#));
    }

    #[test]
    fn a_language_has_the_shape_of_a_tag() {
        for tag in ["de", "pt-BR", "zh-Hant-TW", "de-CH-1996"] {
            assert_eq!(Language::new(tag).unwrap().as_str(), tag);
        }
        for tag in ["", "d", "german language", "de_DE", "de-", "-de", "12", "überall"] {
            assert!(Language::new(tag).is_err(), "{tag}");
        }
    }

    #[test]
    fn a_source_without_any_name_is_none() {
        assert_eq!(Source::new(None, None), Err(Invalid::Empty));
        assert!(serde_json::from_str::<Source>("{}").is_err());
    }

    #[test]
    fn the_form_of_a_placement_on_the_wire_does_not_change() {
        let placement = Placement {
            room: Line::new("Attic").unwrap(),
            start: Millis::new(1_000).unwrap(),
            minutes: Minutes::new(45).unwrap(),
        };

        let golden = b"\xa3\x00\x65Attic\x01\x19\x03\xe8\x02\x18\x2d";
        assert_eq!(placement.encode(), golden);
        assert_eq!(Placement::decode(golden), Ok(placement));
    }

    #[test]
    fn a_placement_that_lacks_or_breaks_something_is_refused() {
        let broken: [(&str, &[u8]); 5] = [
            ("minutes_missing", b"\xa2\x00\x65Attic\x01\x00"),
            ("minutes_zero", b"\xa3\x00\x65Attic\x01\x00\x02\x00"),
            (
                "start_too_late",
                b"\xa3\x00\x65Attic\x01\x1b\x00\x01\x00\x00\x00\x00\x00\x00\x02\x01",
            ),
            ("room_empty", b"\xa3\x00\x60\x01\x00\x02\x01"),
            ("cut_short", b"\xa3\x00\x65Attic\x01\x00\x02"),
        ];
        for (name, bytes) in broken {
            assert_eq!(Placement::decode(bytes), Err(WireError::Malformed), "{name}");
        }
        let long = b"\xa3\x00\x65Attic\x01\x18\x00\x02\x01";
        assert_eq!(Placement::decode(long), Err(WireError::NotCanonical));
    }

    proptest! {
        #[test]
        fn a_placement_reads_back(placement in placement()) {
            prop_assert_eq!(&Placement::decode(&placement.encode()).unwrap(), &placement);
        }

        #[test]
        fn any_bytes_give_a_placement_or_an_error(
            placement in placement(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = placement.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Placement::decode(&bytes) {
                prop_assert!(bytes[1..].starts_with(&read.encode()[1..]));
            }
        }
    }
}
