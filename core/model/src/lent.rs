//! What one event lends to another: a session's title, or words that their author marked for everyone.
//!
//! A loan is embedded in the event that borrows, and says where it comes from. Words keep the signature
//! of their author, so that nobody can put any into their mouth on the way; a title is the word of
//! whoever lends it.
//!
//! On the wire both are maps as `wire` describes them.
//!
//! | key | of `PublicWords` | form |
//! |---|---|---|
//! | 0 | text | text |
//! | 1 | name of the author | text |
//!
//! | key | of `Lent` | form |
//! |---|---|---|
//! | 0 | the event that lends | 32 bytes |
//! | 1 | what it is called | text |
//! | 2 | the document there | 32 bytes |
//! | 3 | a session's title | text |
//! | 4 | words and their signature | array of `PublicWords` as bytes, author 32 bytes, signature 64 bytes |

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::card::Name;
use crate::id::Id;
use crate::published::Published;
use crate::session::Title;
use crate::text::{Line, Prose};
use crate::wire::{self, WireError};

/// Words that may leave their event, as their author signs them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[cbor(map)]
pub struct PublicWords {
    /// What was said.
    #[n(0)]
    pub text: Prose<500>,
    /// What the author wants to be called.
    #[n(1)]
    pub by: Option<Name>,
}

/// Who signed something for everyone, and the signature. Says nothing about whether it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Signed {
    /// The author, by their key in the event.
    pub author: Id,
    /// The 64 bytes of an Ed25519 signature.
    pub signature: [u8; 64],
}

/// Something of another event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lent {
    /// The event that lends.
    pub from: Id,
    /// What it is called.
    pub camp: Line<120>,
    /// Which document it is there.
    pub document: Id,
    /// What is lent.
    pub loan: Loan,
}

/// What is lent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loan {
    /// A session's title.
    Session(Title),
    /// Words for everyone.
    Words {
        /// The words.
        #[serde(flatten)]
        words: PublicWords,
        /// Their signature.
        #[serde(skip)]
        signed: Signed,
    },
}

impl PublicWords {
    /// The most bytes: 500 and 80 letters of up to four bytes each, and their heads.
    pub const MAX_BYTES: usize = 4 * 1024;
}

impl Published for PublicWords {
    const MAX_BYTES: usize = Self::MAX_BYTES;

    fn encode(&self) -> Vec<u8> {
        wire::encode(self)
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        // Exactly: the signature is over every byte, so that none may be skipped.
        wire::decode(bytes, Self::MAX_BYTES)
    }
}

impl Published for Lent {
    /// A title of 200 letters, an event's name, words in full, and room for what a newer version adds.
    const MAX_BYTES: usize = 8 * 1024;

    fn encode(&self) -> Vec<u8> {
        let (title, words) = match &self.loan {
            Loan::Session(title) => (Some(title.clone()), None),
            Loan::Words { words, signed } => (None, Some(Quoted::of(words, signed))),
        };
        let (from, camp, document) = (self.from, self.camp.clone(), self.document);
        wire::encode(&OnTheWire { from, camp, document, title, words })
    }

    fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let read: OnTheWire = wire::decode_map(bytes, Self::MAX_BYTES, OnTheWire::KEYS)?;
        let loan = match (read.title, read.words) {
            (Some(title), None) => Loan::Session(title),
            (None, Some(quoted)) => {
                let words = <PublicWords as Published>::decode(&quoted.words)?;
                Loan::Words {
                    words,
                    signed: Signed { author: quoted.author, signature: *quoted.signature },
                }
            }
            _ => return Err(WireError::Malformed),
        };
        Ok(Self { from: read.from, camp: read.camp, document: read.document, loan })
    }
}

impl<Ctx> Encode<Ctx> for Signed {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.bytes(self.author.as_bytes())?.bytes(&self.signature)?.ok()
    }
}

impl<'b, Ctx> Decode<'b, Ctx> for Signed {
    fn decode(
        d: &mut minicbor::Decoder<'b>,
        ctx: &mut Ctx,
    ) -> Result<Self, minicbor::decode::Error> {
        if d.array()? != Some(2) {
            return Err(minicbor::decode::Error::message("an author and a signature"));
        }
        let author = d.decode_with(ctx)?;
        let signature = d.bytes()?.try_into().map_err(minicbor::decode::Error::message)?;
        Ok(Self { author, signature })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct OnTheWire {
    #[n(0)]
    from: Id,
    #[n(1)]
    camp: Line<120>,
    #[n(2)]
    document: Id,
    #[n(3)]
    title: Option<Title>,
    #[n(4)]
    words: Option<Quoted>,
}

impl OnTheWire {
    const KEYS: u32 = 5;
}

/// Words, byte for byte as they were signed.
#[derive(Encode, Decode)]
#[cbor(array)]
struct Quoted {
    #[n(0)]
    words: minicbor::bytes::ByteVec,
    #[n(1)]
    author: Id,
    #[n(2)]
    signature: minicbor::bytes::ByteArray<64>,
}

impl Quoted {
    fn of(words: &PublicWords, signed: &Signed) -> Self {
        Self {
            words: Published::encode(words).into(),
            author: signed.author,
            signature: signed.signature.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::id;

    fn lent() -> impl Strategy<Value = Lent> {
        let title = "[a-z]{1,20}".prop_map(|title| Loan::Session(Title::new(&title).unwrap()));
        let words = ("[a-zä ]{0,30}", prop::option::of("[a-z]{1,9}"), id(), any::<[u8; 32]>());
        let words = words.prop_map(|(text, by, author, half)| {
            let by = by.map(|name| Name::new(&name).unwrap());
            let mut signature = [7; 64];
            signature[..32].copy_from_slice(&half);
            let words = PublicWords { text: Prose::new(&text).unwrap(), by };
            Loan::Words { words, signed: Signed { author, signature } }
        });
        (id(), id(), prop_oneof![title, words]).prop_map(|(from, document, loan)| Lent {
            from,
            camp: Line::new("Other camp").unwrap(),
            document,
            loan,
        })
    }

    proptest! {
        #[test]
        fn a_loan_reads_back(lent in lent()) {
            prop_assert_eq!(Lent::decode(&lent.encode()), Ok(lent));
        }

        #[test]
        fn any_bytes_are_a_loan_in_its_one_form_or_an_error(
            lent in lent(),
            at: prop::sample::Index,
            with: Vec<u8>,
        ) {
            let mut bytes = lent.encode();
            let at = at.index(bytes.len());
            bytes.splice(at.., with);

            if let Ok(read) = Lent::decode(&bytes) {
                let again = read.encode();
                prop_assert!(again == bytes || bytes[1..].starts_with(&again[1..]));
            }
        }
    }

    #[test]
    fn a_loan_of_nothing_or_of_two_things_is_none() {
        let id = Id::new([1; 32]);
        let camp = Line::new("Other camp").unwrap();
        let title = Title::new("Seeds").unwrap();
        let quoted = || {
            let words = PublicWords { text: Prose::new("Hello").unwrap(), by: None };
            Quoted::of(&words, &Signed { author: id, signature: [2; 64] })
        };
        for (title, words) in [(None, None), (Some(title), Some(quoted()))] {
            let both = OnTheWire { from: id, camp: camp.clone(), document: id, title, words };

            assert_eq!(Lent::decode(&wire::encode(&both)), Err(WireError::Malformed));
        }
    }
}
