//! The side with the camera.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use raptorq::{EncodingPacket, PayloadId, SourceBlockDecoder};

use super::super::read::{PictureError, decode_luma, decode_png};
use super::frame::{Frame, Refused, Transfer, TransferId};
use super::send::measures;

/// How many symbols more than there were at first are waited for. Two more fail once in a million
/// times, so what is not whole after these was never going to be.
const FURTHER_MAX: usize = 32;

/// Puts a payload together from frames in any order.
///
/// It follows the transfer whose frame it sees first; for another one, make another receiver. It
/// holds at most some 140 kB, whatever it is shown.
#[derive(Default)]
pub struct AnimatedReceiver {
    following: Option<Following>,
    unreadable: usize,
}

/// What became of a picture or a text, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// No code can be read in the picture. The next one may be better.
    Unreadable,
    /// It is a code of another kind.
    Foreign,
    /// It begins like a frame, and is none.
    Damaged,
    /// A newer version of the program made it: the receiver's is to be updated.
    Newer,
    /// It is a frame of another transfer than the one that is followed.
    Other,
    /// All frames were there, and do not give what was announced: one of them was made up. The
    /// receiver has forgotten them and begins again.
    Spoiled,
    /// It is a frame that was there already, or of what is whole.
    Known,
    /// It is a further frame.
    New,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How many different frames it takes, as far as is known by now: mostly no more than the payload
    /// has symbols. Zero before the first frame.
    pub needed: usize,
    /// How many different frames are there.
    pub have: usize,
    /// Whether the payload is whole and verified.
    pub is_done: bool,
    /// In how many pictures there was nothing to be read.
    pub unreadable: usize,
}

/// What is there of a transfer.
struct Following {
    transfer: Transfer,
    numbers: BTreeSet<u16>,
    state: State,
}

enum State {
    Collecting(Box<SourceBlockDecoder>),
    Whole(Vec<u8>),
}

/// The frames do not give what was announced.
struct Spoiled;

impl AnimatedReceiver {
    /// One that has seen nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the text of a code.
    pub fn take_text(&mut self, text: &str) -> Taken {
        let frame = match Frame::read(text) {
            Ok(frame) => frame,
            Err(refused) => return refused.into(),
        };
        let following = self.following.get_or_insert_with(|| Following::new(frame.transfer));
        if following.transfer != frame.transfer {
            return Taken::Other;
        }
        following.take(frame).unwrap_or_else(|Spoiled| {
            self.following = None;
            Taken::Spoiled
        })
    }

    /// Takes a grey picture, such as a camera's luma plane, as [`decode_luma`] has it. What cannot be
    /// read, or has measures beyond bounds, is counted and no error.
    pub fn take_luma(&mut self, width: usize, height: usize, stride: usize, luma: &[u8]) -> Taken {
        self.take_texts(decode_luma(width, height, stride, luma))
    }

    /// Takes a PNG, as [`decode_png`] has it. What cannot be read is counted and no error.
    pub fn take_png(&mut self, bytes: &[u8]) -> Taken {
        self.take_texts(decode_png(bytes))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let Some(following) = &self.following else {
            return Progress { unreadable: self.unreadable, ..Progress::default() };
        };
        let have = following.numbers.len();
        let is_done = self.payload().is_some();
        let symbols = usize::from(following.transfer.symbols());
        let needed = if is_done { have } else { symbols.max(have + 1) };
        Progress { needed, have, is_done, unreadable: self.unreadable }
    }

    /// The transfer that is followed.
    pub fn transfer(&self) -> Option<TransferId> {
        self.following.as_ref().map(|following| following.transfer.id)
    }

    /// The payload, once it is whole and verified.
    pub fn payload(&self) -> Option<&[u8]> {
        match &self.following.as_ref()?.state {
            State::Whole(payload) => Some(payload),
            State::Collecting(_) => None,
        }
    }

    /// Takes all codes of a picture. The best of them counts.
    fn take_texts(&mut self, texts: Result<Vec<String>, PictureError>) -> Taken {
        let texts = texts.unwrap_or_default();
        let best = texts.iter().map(|text| self.take_text(text)).max();
        best.unwrap_or_else(|| {
            self.unreadable += 1;
            Taken::Unreadable
        })
    }
}

impl Following {
    fn new(transfer: Transfer) -> Self {
        let measures = measures(&transfer);
        let decoder = SourceBlockDecoder::new(0, &measures, measures.transfer_length());
        let state = State::Collecting(Box::new(decoder));
        Self { transfer, numbers: BTreeSet::new(), state }
    }

    /// Takes a frame of this transfer.
    fn take(&mut self, frame: Frame) -> Result<Taken, Spoiled> {
        let State::Collecting(decoder) = &mut self.state else { return Ok(Taken::Known) };
        if !self.numbers.insert(frame.number) {
            return Ok(Taken::Known);
        }
        let packet = EncodingPacket::new(PayloadId::new(0, frame.number.into()), frame.symbol);
        // The fountain code takes each symbol for true, and asserts what follows from that. It is not
        // looked at again when it has panicked.
        let solved = catch_unwind(AssertUnwindSafe(|| decoder.decode([packet])));
        if let Some(mut payload) = solved.map_err(|_| Spoiled)? {
            payload.truncate(self.transfer.length.into());
            if TransferId::of(&payload) != self.transfer.id {
                return Err(Spoiled);
            }
            self.state = State::Whole(payload);
        } else if self.numbers.len() >= usize::from(self.transfer.symbols()) + FURTHER_MAX {
            return Err(Spoiled);
        }
        Ok(Taken::New)
    }
}

impl From<Refused> for Taken {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Foreign => Self::Foreign,
            Refused::Newer => Self::Newer,
            Refused::Damaged => Self::Damaged,
        }
    }
}
