//! A short text that everybody in an event sees, as on a card on the wall.
//!
//! On the wire a map as `wire` describes it:
//!
//! | key | field | form |
//! |---|---|---|
//! | 0 | text | text |
//! | 1 | said | milliseconds |
//! | 2 | about a session | 32 bytes |
//! | 3 | about a topic | text |
//! | 4 | about a person | 32 bytes |
//! | 5 | reply to | 32 bytes |
//! | 6 | mentions | array of 32 bytes |
//! | 7 | signed for everyone | array of author 32 bytes, signature 64 bytes |
//! | 8 | name for everyone | text |

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::card::Name;
use crate::error::Invalid;
use crate::id::Id;
use crate::lent::{PublicWords, Signed};
use crate::list::List;
use crate::published::Published;
use crate::tag::Tag;
use crate::text::Prose;
use crate::time::Millis;
use crate::wire::{self, WireError};

/// What a post says: a few sentences.
pub type PostText = Prose<500>;

/// Who is named in a post, to be told of it.
pub type Mentions = List<Id, 10>;

/// A post. Its text is not empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Post {
    text: PostText,
    said: Millis,
    about: Option<About>,
    reply_to: Option<Id>,
    mentions: Mentions,
    everyone: Option<ForEveryone>,
}

/// What a post is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A session.
    Session(Id),
    /// A topic.
    Topic(Tag),
    /// A person.
    Person(Id),
}

/// That a post may leave its event: under which name, and by whose signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForEveryone {
    /// What its author wants to be called elsewhere.
    pub by: Option<Name>,
    /// Over the [words](Post::public_words). Says nothing about whether it holds.
    #[serde(skip)]
    pub signed: Signed,
}

impl Post {
    /// A post that says this, about nothing, for this event alone.
    ///
    /// # Errors
    /// [`Invalid::Empty`] where nothing could be seen.
    pub fn new(text: PostText, said: Millis) -> Result<Self, Invalid> {
        if text.as_str().trim().is_empty() {
            return Err(Invalid::Empty);
        }
        let mentions = List::default();
        Ok(Self { text, said, about: None, reply_to: None, mentions, everyone: None })
    }

    /// The same post with this text. What was signed for everyone no longer is.
    ///
    /// # Errors
    /// [`Invalid::Empty`] where nothing could be seen.
    pub fn with_text(self, text: PostText) -> Result<Self, Invalid> {
        let Self { said, about, reply_to, mentions, .. } = self;
        let post = Self::new(text, said)?;
        Ok(Self { about, reply_to, mentions, ..post })
    }

    /// The same post about this.
    pub fn with_about(self, about: Option<About>) -> Self {
        Self { about, ..self }
    }

    /// The same post, said then.
    pub fn with_said(self, said: Millis) -> Self {
        Self { said, ..self }
    }

    /// The same post as a reply.
    pub fn with_reply_to(self, reply_to: Option<Id>) -> Self {
        Self { reply_to, ..self }
    }

    /// The same post with these people named.
    pub fn with_mentions(self, mentions: Mentions) -> Self {
        Self { mentions, ..self }
    }

    /// The same post, which may leave its event.
    pub fn with_everyone(self, everyone: Option<ForEveryone>) -> Self {
        Self { everyone, ..self }
    }

    /// What it says.
    pub fn text(&self) -> &PostText {
        &self.text
    }

    /// When it was said first, as its author says.
    pub fn said(&self) -> Millis {
        self.said
    }

    /// What it is about.
    pub fn about(&self) -> Option<&About> {
        self.about.as_ref()
    }

    /// The session that it is about.
    pub fn session(&self) -> Option<Id> {
        match self.about {
            Some(About::Session(session)) => Some(session),
            _ => None,
        }
    }

    /// The post that it answers.
    pub fn reply_to(&self) -> Option<Id> {
        self.reply_to
    }

    /// Who is named in it.
    pub fn mentions(&self) -> &Mentions {
        &self.mentions
    }

    /// Whether and how it may leave its event.
    pub fn everyone(&self) -> Option<&ForEveryone> {
        self.everyone.as_ref()
    }

    /// What of it leaves the event where it is for everyone, under this name: what is signed.
    pub fn public_words(&self, by: Option<Name>) -> PublicWords {
        PublicWords { text: self.text.clone(), by }
    }
}

impl Published for Post {
    /// At its bounds it takes some 3 kB; the rest is room for what newer versions add.
    const MAX_BYTES: usize = 8 * 1024;

    fn encode(&self) -> Vec<u8> {
        let (session, topic, person) = match self.about.clone() {
            None => (None, None, None),
            Some(About::Session(session)) => (Some(session), None, None),
            Some(About::Topic(topic)) => (None, Some(topic), None),
            Some(About::Person(person)) => (None, None, Some(person)),
        };
        let everyone = self.everyone.as_ref();
        wire::encode(&OnTheWire {
            text: self.text.clone(),
            said: self.said,
            session,
            topic,
            person,
            reply_to: self.reply_to,
            mentions: self.mentions.clone(),
            signed: everyone.map(|everyone| everyone.signed),
            by: everyone.and_then(|everyone| everyone.by.clone()),
        })
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let read: OnTheWire = wire::decode_map(bytes, Self::MAX_BYTES, OnTheWire::KEYS)?;
        let about = match (read.session, read.topic, read.person) {
            (None, None, None) => None,
            (Some(session), None, None) => Some(About::Session(session)),
            (None, Some(topic), None) => Some(About::Topic(topic)),
            (None, None, Some(person)) => Some(About::Person(person)),
            _ => return Err(WireError::Malformed),
        };
        let everyone = match (read.signed, read.by) {
            (None, None) => None,
            (Some(signed), by) => Some(ForEveryone { by, signed }),
            (None, Some(_)) => return Err(WireError::Malformed),
        };
        let post = Self::new(read.text, read.said).map_err(|_| WireError::Malformed)?;
        let (reply_to, mentions) = (read.reply_to, read.mentions);
        Ok(Self { about, reply_to, mentions, everyone, ..post })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct OnTheWire {
    #[n(0)]
    text: PostText,
    #[n(1)]
    said: Millis,
    #[n(2)]
    session: Option<Id>,
    #[n(3)]
    topic: Option<Tag>,
    #[n(4)]
    person: Option<Id>,
    #[n(5)]
    reply_to: Option<Id>,
    #[n(6)]
    mentions: Mentions,
    #[n(7)]
    signed: Option<Signed>,
    #[n(8)]
    by: Option<Name>,
}

impl OnTheWire {
    /// Keys on the wire that this version knows.
    const KEYS: u32 = 9;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::post;

    #[test]
    fn the_form_on_the_wire_does_not_change() {
        let post = Post::new(PostText::new("Hi").unwrap(), Millis::new(7).unwrap())
            .unwrap()
            .with_about(Some(About::Topic(Tag::new("tea").unwrap())))
            .with_mentions(List::new(vec![Id::new([1; 32])]).unwrap());

        let golden = [&b"\xa4\x00\x62Hi\x01\x07\x03\x63tea\x06\x81\x58\x20"[..], &[1; 32]].concat();
        assert_eq!(Published::encode(&post), golden);
        assert_eq!(<Post as Published>::decode(&golden), Ok(post));
    }

    #[test]
    fn a_post_of_nothing_or_about_two_things_is_none() {
        let about_two = [&b"\xa4\x00\x62Hi\x01\x07\x02\x58\x20"[..], &[1; 32], b"\x03\x63tea"];

        assert_eq!(Post::new(PostText::new(" \n").unwrap(), Millis::EPOCH), Err(Invalid::Empty));
        for bytes in [&b"\xa2\x00\x61 \x01\x07"[..], &about_two.concat(), b"\xa1\x01\x07"] {
            assert_eq!(<Post as Published>::decode(bytes), Err(WireError::Malformed));
        }
    }

    #[test]
    fn a_changed_text_is_for_everyone_no_more() {
        let signed = Signed { author: Id::new([1; 32]), signature: [2; 64] };
        let post = Post::new(PostText::new("Hi").unwrap(), Millis::EPOCH).unwrap();
        let public = post.clone().with_everyone(Some(ForEveryone { by: None, signed }));

        let changed = public.with_text(PostText::new("Hi").unwrap()).unwrap();

        assert_eq!(changed, post);
    }

    proptest! {
        #[test]
        fn a_post_reads_back(post in post()) {
            prop_assert_eq!(<Post as Published>::decode(&Published::encode(&post)), Ok(post));
        }

        #[test]
        fn any_bytes_are_a_post_in_its_one_form_or_an_error(
            post in post(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = Published::encode(&post);
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = <Post as Published>::decode(&bytes) {
                let again = Published::encode(&read);
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }
    }
}
