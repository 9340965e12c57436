//! The words of the dialogue on the wire.
//!
//! ```text
//! frame     kind 1 ‖ length of body, varint ‖ body
//!
//! kind 0x01 hello     version 1 ‖ capabilities varint ‖ count varint ‖ blinded name 8 …; what
//!                     follows is a newer minor version's and passed over
//!      0x02 spaces    count varint ‖ (blinded name 8 ‖ standing) …
//!      0x03 answer    count varint ‖ standing …
//!      0x04 author    space varint ‖ author 32 ‖ signature 64
//!      0x05 turn      space varint ‖ pass varint ‖ turn varint ‖ ranges
//!      0x06 entries   space varint ‖ batch
//!      0x07 payloads  space varint ‖ batch
//!      0x08 ack       window varint ‖ idle 1 (0 no, 1 yes) ‖ fingerprint 32
//!      0x09 state     space varint ‖ gave up 1 (0 no, 1 yes) ‖ fingerprint 32
//!      0x0a want      space varint ‖ count varint ‖ id 32 …
//!      0x0b served    space varint
//!      0x0c quiet     (nothing)
//!      0x0d farewell  code 1, and where it is 1 (another version): the sender's version 1; what follows is
//!                     a newer version's and passed over
//!      0x80 lacking   space varint ‖ of others 1 (0 no, 1 yes) ‖ words varint ‖ chunks varint
//!      0x81 and above: passed over where they are not known
//!
//! standing  proven 1 (0 no, 1 yes) ‖ proof 32 if proven ‖ fingerprint 32
//! ```
//!
//! A *space* is its place in the `spaces` frame. A *window* is the number, from 0, of an `entries` or
//! `payloads` frame among all that its sender sent on the link.

use teilgeber_entry::codec::{Reader, Write};
use teilgeber_entry::{AuthorId, EntryId, Fingerprint, Signature};

use crate::fault::Fault;
use crate::hello::{Hello, Standing};
use crate::limits::{
    DRIP_BYTES, FRAME_MAX, SPACES_MAX, TURN_BYTES_MAX, WANTS_MAX, WINDOW_FRAME_MAX,
};
use crate::range::{Range, read_ranges, write_ranges};
use crate::set::{Cargo, Lacking};

const HELLO: u8 = 0x01;
const SPACES: u8 = 0x02;
const ANSWER: u8 = 0x03;
const AUTHOR: u8 = 0x04;
const TURN: u8 = 0x05;
const ENTRIES: u8 = 0x06;
const PAYLOADS: u8 = 0x07;
const ACK: u8 = 0x08;
const STATE: u8 = 0x09;
const WANT: u8 = 0x0a;
const SERVED: u8 = 0x0b;
const QUIET: u8 = 0x0c;
const FAREWELL: u8 = 0x0d;
const LACKING: u8 = 0x80;
const SKIPPABLE: u8 = 0x80;

/// The bytes of the head of a turn's frame: space, pass and turn.
const TURN_HEAD_MAX: usize = 16;

/// One thing that one side tells the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// Version, capabilities, and the initiator's blinded names.
    Hello(Hello),
    /// The responder's: the spaces that match.
    Spaces(Vec<([u8; 8], Standing)>),
    /// The initiator's: its own standing in each of them, in the same order.
    Answer(Vec<Standing>),
    /// Who the sender is in a space that the receiver has proven.
    Author { space: usize, author: AuthorId, signature: Signature },
    /// A turn of a reconciliation.
    Turn { space: usize, pass: u32, turn: u32, ranges: Vec<Range> },
    /// A window of entries or payloads.
    Window { space: usize, cargo: Cargo, batch: &'a [u8] },
    /// A window is committed; the set is now this, and `idle` says that nothing more comes.
    Ack { window: u32, idle: bool, fingerprint: Fingerprint },
    /// All that is owed in this space was sent; the set is now this.
    State { space: usize, gave_up: bool, fingerprint: Fingerprint },
    /// Asks for payloads.
    Want { space: usize, ids: Vec<EntryId> },
    /// All asked payloads that are here were sent.
    Served { space: usize },
    /// Of what the sender may lack payloads, said before it is quiet.
    Lacking { space: usize, lacking: Lacking },
    /// Nothing is open on this side, in any space.
    Quiet,
    /// The sender ends the exchange for a fault of the receiver.
    Farewell { code: u8, version: Option<u8> },
    /// A newer capability's, to be passed over.
    Skipped,
}

impl Frame<'_> {
    /// Appends the frame.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        let kind = self.write_body(&mut body);
        out.put_u8(kind);
        out.put_sized(&body);
    }

    /// What it is called in a fault.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Spaces(_) => "spaces",
            Self::Answer(_) => "answer",
            Self::Author { .. } => "author",
            Self::Turn { .. } => "turn",
            Self::Window { .. } => "window",
            Self::Ack { .. } => "ack",
            Self::State { .. } => "state",
            Self::Want { .. } => "want",
            Self::Served { .. } => "served",
            Self::Lacking { .. } => "lacking",
            Self::Quiet => "quiet",
            Self::Farewell { .. } => "farewell",
            Self::Skipped => "skipped",
        }
    }

    fn write_body(&self, body: &mut Vec<u8>) -> u8 {
        match self {
            Self::Hello(hello) => {
                hello.write(body);
                HELLO
            }
            Self::Spaces(spaces) => {
                body.put_varint(spaces.len() as u64);
                for (name, standing) in spaces {
                    body.put_bytes(name);
                    standing.write(body);
                }
                SPACES
            }
            Self::Answer(standings) => {
                body.put_varint(standings.len() as u64);
                standings.iter().for_each(|standing| standing.write(body));
                ANSWER
            }
            Self::Author { space, author, signature } => {
                body.put_varint(*space as u64);
                body.put_bytes(author.as_bytes());
                body.put_bytes(&signature.0);
                AUTHOR
            }
            Self::Turn { space, pass, turn, ranges } => {
                body.put_varint(*space as u64);
                body.put_varint((*pass).into());
                body.put_varint((*turn).into());
                write_ranges(ranges, body);
                TURN
            }
            Self::Window { space, cargo, batch } => {
                body.put_varint(*space as u64);
                body.put_bytes(batch);
                match cargo {
                    Cargo::Entries => ENTRIES,
                    Cargo::Payloads => PAYLOADS,
                }
            }
            Self::Ack { window, idle, fingerprint } => {
                body.put_varint((*window).into());
                body.put_u8((*idle).into());
                body.put_bytes(&fingerprint.0);
                ACK
            }
            Self::State { space, gave_up, fingerprint } => {
                body.put_varint(*space as u64);
                body.put_u8((*gave_up).into());
                body.put_bytes(&fingerprint.0);
                STATE
            }
            Self::Want { space, ids } => {
                body.put_varint(*space as u64);
                body.put_varint(ids.len() as u64);
                ids.iter().for_each(|id| body.put_bytes(id.as_bytes()));
                WANT
            }
            Self::Served { space } => {
                body.put_varint(*space as u64);
                SERVED
            }
            Self::Lacking { space, lacking } => {
                body.put_varint(*space as u64);
                body.put_u8(lacking.of_others.into());
                body.put_varint(lacking.words);
                body.put_varint(lacking.chunks);
                LACKING
            }
            Self::Quiet | Self::Skipped => QUIET,
            Self::Farewell { code, version } => {
                body.put_u8(*code);
                version.iter().for_each(|version| body.put_u8(*version));
                FAREWELL
            }
        }
    }
}

/// Reads the body of a frame of this kind.
pub(crate) fn read(kind: u8, body: &[u8]) -> Result<Frame<'_>, Fault> {
    let mut reader = Reader::new(body);
    let frame = match kind {
        HELLO => return Ok(Frame::Hello(Hello::read(&mut reader)?)),
        SPACES => {
            let count = reader.count("spaces", SPACES_MAX)?;
            let spaces =
                (0..count).map(|_| Ok((reader.array("name")?, Standing::read(&mut reader)?)));
            Frame::Spaces(spaces.collect::<Result<_, Fault>>()?)
        }
        ANSWER => {
            let count = reader.count("answers", SPACES_MAX)?;
            let standings = (0..count).map(|_| Standing::read(&mut reader));
            Frame::Answer(standings.collect::<Result<_, _>>()?)
        }
        AUTHOR => Frame::Author {
            space: space(&mut reader)?,
            author: AuthorId::read(&mut reader, "author")?,
            signature: Signature(reader.array("author signature")?),
        },
        TURN => Frame::Turn {
            space: space(&mut reader)?,
            pass: reader.varint("pass", u32::MAX.into())? as u32,
            turn: reader.varint("turn", u32::MAX.into())? as u32,
            ranges: read_ranges(&mut reader)?,
        },
        ENTRIES | PAYLOADS => Frame::Window {
            space: space(&mut reader)?,
            cargo: if kind == ENTRIES { Cargo::Entries } else { Cargo::Payloads },
            batch: reader.rest(),
        },
        ACK => Frame::Ack {
            window: reader.varint("window", u32::MAX.into())? as u32,
            idle: flag(&mut reader, "idle")?,
            fingerprint: Fingerprint(reader.array("fingerprint")?),
        },
        STATE => Frame::State {
            space: space(&mut reader)?,
            gave_up: flag(&mut reader, "gave up")?,
            fingerprint: Fingerprint(reader.array("fingerprint")?),
        },
        WANT => {
            let space = space(&mut reader)?;
            let count = reader.count("wants", WANTS_MAX)?;
            let ids = (0..count).map(|_| EntryId::read(&mut reader, "wanted"));
            Frame::Want { space, ids: ids.collect::<Result<_, _>>()? }
        }
        SERVED => Frame::Served { space: space(&mut reader)? },
        LACKING => Frame::Lacking {
            space: space(&mut reader)?,
            lacking: Lacking {
                of_others: flag(&mut reader, "of others")?,
                words: reader.varint("words", u64::MAX)?,
                chunks: reader.varint("chunks", u64::MAX)?,
            },
        },
        QUIET => Frame::Quiet,
        FAREWELL => {
            let code = reader.u8("code")?;
            let is_version = code == Fault::OTHER_VERSION;
            let version = reader.u8("version").ok().filter(|_| is_version);
            return Ok(Frame::Farewell { code, version });
        }
        kind if kind >= SKIPPABLE => return Ok(Frame::Skipped),
        kind => return Err(Fault::UnknownFrame { kind }),
    };
    reader.end("frame")?;
    Ok(frame)
}

fn space(reader: &mut Reader<'_>) -> Result<usize, Fault> {
    Ok(reader.count("space", SPACES_MAX)?)
}

pub(crate) fn flag(reader: &mut Reader<'_>, field: &'static str) -> Result<bool, Fault> {
    Ok(reader.varint(field, 1)? == 1)
}

/// Bytes that came in and are not a whole frame yet. Holds at most one frame beyond the last chunk.
#[derive(Default)]
pub(crate) struct Inbox {
    bytes: Vec<u8>,
    taken: usize,
    drip: usize,
}

/// Where a whole frame lies in an [`Inbox`].
pub(crate) struct Slot {
    kind: u8,
    from: usize,
    to: usize,
}

impl Inbox {
    /// Adds what came in. Says whether so much of a large frame did that it is a sign of life.
    pub(crate) fn add(&mut self, bytes: &[u8]) -> bool {
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
        self.drip += bytes.len();
        let is_life = self.drip >= DRIP_BYTES;
        self.drip %= DRIP_BYTES;
        is_life
    }

    /// The next whole frame.
    pub(crate) fn next(&mut self) -> Result<Option<Slot>, Fault> {
        let mut reader = Reader::new(&self.bytes[self.taken..]);
        let Ok(kind) = reader.u8("kind") else { return Ok(None) };
        let len = match reader.count("frame length", longest(kind)?) {
            Ok(len) => len,
            Err(teilgeber_entry::DecodeError::Short { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if reader.left() < len {
            return Ok(None);
        }
        let from = self.bytes.len() - reader.left();
        self.taken = from + len;
        Ok(Some(Slot { kind, from, to: from + len }))
    }

    /// Reads a frame, until more bytes are added.
    pub(crate) fn read(&self, slot: &Slot) -> Result<Frame<'_>, Fault> {
        read(slot.kind, &self.bytes[slot.from..slot.to])
    }

    /// Whether a frame has begun and is not whole.
    pub(crate) fn is_inside_frame(&self) -> bool {
        self.taken < self.bytes.len()
    }
}

/// The bound of a frame's body. Looked at before anything of it is kept.
fn longest(kind: u8) -> Result<usize, Fault> {
    match kind {
        TURN => Ok(TURN_BYTES_MAX + TURN_HEAD_MAX),
        ENTRIES | PAYLOADS => Ok(WINDOW_FRAME_MAX),
        HELLO..=FAREWELL | SKIPPABLE.. => Ok(FRAME_MAX),
        kind => Err(Fault::UnknownFrame { kind }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::range::{Matter, Position};

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn every_frame_has_its_golden_bytes_and_reads_back() {
        let fingerprint = Fingerprint([0xfa; 32]);
        let proven = Standing { proof: Some([0x9f; 32]), fingerprint };
        let courier = Standing { proof: None, fingerprint };
        let (fa, id) = ("fa".repeat(32), "1d".repeat(32));
        let bound = Position { time: 0xa5 << 40, key: 0 };
        let keyed = Position { time: (0xa5 << 40) - 2, key: 0xab << 56 };
        let ranges = vec![
            Range { lower: bound, matter: Matter::Ids(vec![1, 2]) },
            Range { lower: keyed, matter: Matter::Asks(vec![5]) },
            Range { lower: Position::OLDEST, matter: Matter::Sum(3) },
        ];
        let author = AuthorId::from_bytes([0xaa; 32]);
        let signature = Signature([0x55; 64]);
        let cases = [
            (
                Frame::Hello(Hello { names: vec![[7; 8]] }),
                "010b000001".to_owned() + &"07".repeat(8),
            ),
            (
                Frame::Spaces(vec![([7; 8], proven)]),
                format!("024a01{}01{}{fa}", "07".repeat(8), "9f".repeat(32)),
            ),
            (Frame::Answer(vec![courier]), format!("03220100{fa}")),
            (
                Frame::Author { space: 1, author, signature },
                format!("046101{}{}", "aa".repeat(32), "55".repeat(64)),
            ),
            (
                Frame::Turn { space: 1, pass: 2, turn: 3, ranges },
                "051d010203a25b0200000000010000000002cb0201ab0105c5000000000003".to_owned(),
            ),
            (Frame::Window { space: 1, cargo: Cargo::Entries, batch: b"b" }, "06020162".to_owned()),
            (
                Frame::Window { space: 1, cargo: Cargo::Payloads, batch: b"b" },
                "07020162".to_owned(),
            ),
            (Frame::Ack { window: 200, idle: true, fingerprint }, format!("0823c80101{fa}")),
            (Frame::State { space: 1, gave_up: false, fingerprint }, format!("09220100{fa}")),
            (
                Frame::Want { space: 1, ids: vec![EntryId::from_bytes([0x1d; 32])] },
                format!("0a220101{id}"),
            ),
            (Frame::Served { space: 1 }, "0b0101".to_owned()),
            (
                Frame::Lacking {
                    space: 1,
                    lacking: Lacking { words: 300, chunks: 2, of_others: true },
                },
                "80050101ac0202".to_owned(),
            ),
            (Frame::Quiet, "0c00".to_owned()),
            (Frame::Farewell { code: 4, version: None }, "0d0104".to_owned()),
            (Frame::Farewell { code: 1, version: Some(7) }, "0d020107".to_owned()),
        ];
        for (frame, golden) in cases {
            let mut bytes = Vec::new();
            frame.write(&mut bytes);
            assert_eq!(hex(&bytes), golden, "{}", frame.name());
            let mut inbox = Inbox::default();
            bytes.iter().for_each(|byte| {
                inbox.add(&[*byte]);
            });
            let slot = inbox.next().unwrap().unwrap();
            assert_eq!(inbox.read(&slot), Ok(frame));
            assert!(!inbox.is_inside_frame());
        }
    }

    #[test]
    fn bytes_left_over_in_a_frame_are_refused() {
        assert!(matches!(read(QUIET, &[0]), Err(Fault::Malformed(_))));
        assert!(matches!(read(SERVED, &[0, 0]), Err(Fault::Malformed(_))));
    }
}
