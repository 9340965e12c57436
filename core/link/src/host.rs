//! The host of a code: a device with a key for this run, which a code names and which proves itself
//! on each link that was made by the code.
//!
//! ```text
//! initiator → responder   ask    derive("teilgeber 0 host asked on link", host ‖ h)
//! responder → initiator   proof  signature "teilgeber 0 host on link" over h
//! ```
//!
//! `h` is the handshake hash. Someone in the middle has another hash on either side, so neither can
//! be passed on. Who does not know the code cannot ask, and so does not learn which host this is;
//! who asks for another host is told goodbye.

use teilgeber_entry::key::host_claim;
use teilgeber_entry::{HostId, HostKey, Signature};
use tokio::sync::oneshot;

use crate::error::{CloseReason, LinkError};
use crate::handshake::HandshakeHash;
use crate::pump::Outgoing;

/// What one end of a link still has to do with hosts. Each thing is done once at most, so that
/// nobody can make a phone sign without end.
#[derive(Default)]
pub(crate) enum Hosting {
    /// Nothing, or nothing any more.
    #[default]
    Nothing,
    /// It asked, and waits for the proof.
    Awaits(oneshot::Sender<Signature>),
    /// It answers who asks: with the proof that it is the host, where it is one.
    Answers(Option<Box<Answer>>),
}

/// What a host waits to be asked, and its answer.
pub(crate) struct Answer {
    asked: [u8; 32],
    key: HostKey,
    hash: HandshakeHash,
}

impl Hosting {
    /// An end that answers, on the link with this hash.
    pub(crate) fn as_host(key: Option<&HostKey>, hash: &HandshakeHash) -> Self {
        let answer = |key: &HostKey| Answer {
            asked: key.id().asked_on_link(hash),
            key: key.clone(),
            hash: *hash,
        };
        Self::Answers(key.map(answer).map(Box::new))
    }

    /// What is said to who asks.
    pub(crate) fn answer(&mut self, ask: &[u8; 32]) -> Result<Outgoing, LinkError> {
        match std::mem::take(self) {
            Self::Answers(Some(answer)) if answer.asked == *ask => {
                Ok(Outgoing::Proof(answer.key.prove_on_link(&answer.hash)))
            }
            Self::Answers(_) => Ok(Outgoing::Close(CloseReason::OTHER_HOST)),
            Self::Nothing | Self::Awaits(_) => Err(LinkError::Malformed),
        }
    }

    /// A proof came in, which is checked by who waits for it.
    pub(crate) fn proved(&mut self, signature: Signature) -> Result<(), LinkError> {
        let Self::Awaits(proof) = std::mem::take(self) else {
            return Err(LinkError::Malformed);
        };
        // Who gave up waiting has dropped the link as well.
        let _gave_up = proof.send(signature);
        Ok(())
    }
}

/// Whether `proof` shows that `host` is at the other end of the link with this hash.
pub(crate) fn check(
    host: &HostId,
    hash: &HandshakeHash,
    proof: Signature,
) -> Result<(), LinkError> {
    host_claim(host, hash, &proof).verify().map_err(|_| LinkError::OtherHost)
}
