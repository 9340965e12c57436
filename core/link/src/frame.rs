//! What travels after the handshake, as pure steps.
//!
//! ```text
//! frame      length (2 bytes, big-endian)  Noise transport message of that length
//! plaintext  kind (1 byte)  body
//!
//! kind  0 data    body 1 to 16,384 bytes of the stream; where one frame ends means nothing
//!       1 ping    no body; a sign of life
//!       2 close   body 1 byte, the reason; nothing follows it
//!       3 ask     body 32 bytes: which host the initiator wants to have dialled; once at most
//!       4 proof   body 64 bytes: the responder's signature as that host; answers an ask
//! ```
//!
//! Nonces count from 0 in each direction and are not sent: a frame that is lost, repeated, moved
//! or altered does not open. The length is in the clear; one that no link can have meant is taken
//! for an alteration as well. What opens but has another shape than above is the other end's own
//! fault.

use std::sync::Arc;

use snow::StatelessTransportState;
use teilgeber_entry::Signature;

use crate::error::{CloseReason, LinkError};

/// Most bytes of the stream in one frame. Large enough that the 19 bytes around it do not matter,
/// small enough that a radio of 1 KiB/s delivers a frame within the silence limit, and that what
/// one link may hold in memory stays small.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// Length in bytes of the prefix before each frame.
pub(crate) const PREFIX_LEN: usize = 2;
/// Longest Noise message that a link sends.
pub(crate) const MAX_SEALED: usize = 1 + MAX_BODY + TAG_LEN;

const TAG_LEN: usize = 16;
const MIN_SEALED: usize = 1 + TAG_LEN;

const DATA: u8 = 0;
const PING: u8 = 1;
const CLOSE: u8 = 2;
const ASK: u8 = 3;
const PROOF: u8 = 4;

/// One thing that one end tells the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    /// The next bytes of the stream: at least one, at most [`MAX_BODY`].
    Data(&'a [u8]),
    Ping,
    Close(CloseReason),
    /// Which host was meant: see `host.rs`.
    Ask([u8; 32]),
    /// That it is this one.
    Proof(Signature),
}

/// Makes frames, in order.
pub(crate) struct Sealer {
    transport: Arc<StatelessTransportState>,
    nonce: u64,
    plain: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new(transport: Arc<StatelessTransportState>) -> Self {
        Self { transport, nonce: 0, plain: Vec::with_capacity(1 + MAX_BODY) }
    }

    /// Appends `frame` to `out` as it goes over the wire.
    pub(crate) fn seal(&mut self, frame: Frame<'_>, out: &mut Vec<u8>) {
        self.plain.clear();
        match frame {
            Frame::Data(body) => {
                self.plain.push(DATA);
                self.plain.extend_from_slice(body);
            }
            Frame::Ping => self.plain.push(PING),
            Frame::Close(reason) => self.plain.extend_from_slice(&[CLOSE, reason.code()]),
            Frame::Ask(host) => {
                self.plain.push(ASK);
                self.plain.extend_from_slice(&host);
            }
            Frame::Proof(signature) => {
                self.plain.push(PROOF);
                self.plain.extend_from_slice(&signature.0);
            }
        }
        let start = out.len() + PREFIX_LEN;
        let sealed_len = self.plain.len() + TAG_LEN;
        let prefix = u16::try_from(sealed_len).expect("a body is at most MAX_BODY long");
        out.extend_from_slice(&prefix.to_be_bytes());
        out.resize(start + sealed_len, 0);
        self.transport
            .write_message(self.nonce, &self.plain, &mut out[start..])
            .expect("the room fits, and nobody sends 2^64 frames");
        self.nonce += 1;
    }
}

/// Opens frames, in the same order.
pub(crate) struct Opener {
    transport: Arc<StatelessTransportState>,
    nonce: u64,
    plain: Vec<u8>,
}

impl Opener {
    pub(crate) fn new(transport: Arc<StatelessTransportState>) -> Self {
        Self { transport, nonce: 0, plain: vec![0; 1 + MAX_BODY] }
    }

    /// Opens the Noise message that followed a prefix.
    pub(crate) fn open(&mut self, sealed: &[u8]) -> Result<Frame<'_>, LinkError> {
        let len = self
            .transport
            .read_message(self.nonce, sealed, &mut self.plain)
            .map_err(|_| LinkError::Tampered)?;
        self.nonce += 1;
        match &self.plain[..len] {
            [DATA, body @ ..] if !body.is_empty() => Ok(Frame::Data(body)),
            [PING] => Ok(Frame::Ping),
            [CLOSE, code] => Ok(Frame::Close(CloseReason::from_code(*code))),
            [ASK, host @ ..] => host.try_into().map(Frame::Ask).map_err(|_| LinkError::Malformed),
            [PROOF, signature @ ..] => signature
                .try_into()
                .map(|signature| Frame::Proof(Signature(signature)))
                .map_err(|_| LinkError::Malformed),
            _ => Err(LinkError::Malformed),
        }
    }
}

/// How many bytes follow `prefix`; never more than [`MAX_SEALED`].
pub(crate) fn sealed_len(prefix: [u8; PREFIX_LEN]) -> Result<usize, LinkError> {
    let len = usize::from(u16::from_be_bytes(prefix));
    if (MIN_SEALED..=MAX_SEALED).contains(&len) { Ok(len) } else { Err(LinkError::Tampered) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::handshake::{Ephemeral, Initiator, answer};

    #[test]
    fn every_frame_opens_as_what_it_was() {
        let (mut sealer, mut opener) = one_direction();
        let frames = [
            Frame::Data(&[1]),
            Frame::Data(&[2; MAX_BODY]),
            Frame::Ping,
            Frame::Close(CloseReason::from_code(255)),
            Frame::Ask([3; 32]),
            Frame::Proof(Signature([4; 64])),
        ];

        for frame in frames {
            assert_eq!(opener.open(&sealed(&mut sealer, frame)), Ok(frame));
        }
    }

    #[test]
    fn a_repeated_frame_does_not_open() {
        let (mut sealer, mut opener) = one_direction();
        let ping = sealed(&mut sealer, Frame::Ping);

        assert_eq!(opener.open(&ping), Ok(Frame::Ping));
        assert_eq!(opener.open(&ping), Err(LinkError::Tampered));
    }

    #[test]
    fn a_frame_after_a_lost_one_does_not_open() {
        let (mut sealer, mut opener) = one_direction();
        let _lost = sealed(&mut sealer, Frame::Ping);

        let next = sealed(&mut sealer, Frame::Ping);

        assert_eq!(opener.open(&next), Err(LinkError::Tampered));
    }

    #[test]
    fn what_no_link_says_is_malformed() {
        let no_frames: [&[u8]; 12] = [
            &[],
            &[DATA],
            &[PING, 0],
            &[CLOSE],
            &[CLOSE, 0, 0],
            &[ASK],
            &[ASK; 32],
            &[ASK; 34],
            &[PROOF; 64],
            &[PROOF; 66],
            &[PROOF + 1],
            &[255, 1, 2],
        ];

        for plaintext in no_frames {
            let (sealer, mut opener) = one_direction();
            let mut sealed = vec![0; plaintext.len() + TAG_LEN];
            sealer.transport.write_message(0, plaintext, &mut sealed).unwrap();

            assert_eq!(opener.open(&sealed), Err(LinkError::Malformed), "{plaintext:?}");
        }
    }

    #[test]
    fn a_length_that_no_link_can_mean_is_refused() {
        let len = |len: usize| sealed_len(u16::try_from(len).unwrap().to_be_bytes());

        assert_eq!(len(MIN_SEALED - 1), Err(LinkError::Tampered));
        assert_eq!(len(MIN_SEALED), Ok(MIN_SEALED));
        assert_eq!(len(MAX_SEALED), Ok(MAX_SEALED));
        assert_eq!(len(MAX_SEALED + 1), Err(LinkError::Tampered));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_other_bytes_are_tampered(bytes in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let (_, mut opener) = one_direction();

            prop_assert_eq!(opener.open(&bytes), Err(LinkError::Tampered));
        }
    }

    fn sealed(sealer: &mut Sealer, frame: Frame<'_>) -> Vec<u8> {
        let mut wire = Vec::new();
        sealer.seal(frame, &mut wire);
        let sealed = wire.split_off(PREFIX_LEN);
        assert_eq!(sealed_len(wire.try_into().unwrap()), Ok(sealed.len()));
        sealed
    }

    fn one_direction() -> (Sealer, Opener) {
        let (initiator, first) = Initiator::start(&Ephemeral::Fresh).unwrap();
        let (second, responder) = answer(&first, &Ephemeral::Fresh).unwrap();
        (initiator.finish(&second).unwrap().sealer, responder.opener)
    }
}
