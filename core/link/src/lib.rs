//! Encrypted, ordered byte streams to one other device.
//!
//! A link begins on any stream of bytes: a TCP connection that [`tcp`] dialled or accepted, or a
//! stream lent by a phone. [`initiate`] or [`respond`] shake hands over it; what comes out is a
//! [`Link`], and everything above a link sees the same: bytes in order, a handshake hash, who
//! dialled, and [`LinkInfo`].
//!
//! ```
//! use teilgeber_link::tcp::{Limits, Listener, dial};
//! use teilgeber_link::{CloseReason, Config, LinkInfo};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let config = Config::default();
//! let anywhere = "127.0.0.1:0".parse()?;
//! let mut listener = Listener::bind(anywhere, &config, LinkInfo::LAN, Limits::default()).await?;
//! let address = listener.local_address()?;
//!
//! let (dialled, accepted) =
//!     tokio::join!(dial(address, &config, LinkInfo::LAN), listener.accept());
//! let (dialled, (accepted, _from)) = (dialled?, accepted?);
//! assert_eq!(dialled.handshake_hash(), accepted.handshake_hash());
//!
//! let ((sender, _), (_answers, mut receiver)) = (dialled.split(), accepted.split());
//! sender.send(*b"Wer gibt einen Teil?").await?;
//! assert_eq!(receiver.receive().await?, Some(b"Wer gibt einen Teil?".to_vec()));
//!
//! sender.close(CloseReason::DONE).await?;
//! assert_eq!(receiver.receive().await?, None);
//! # Ok(())
//! # }
//! ```
//!
//! # On the wire
//!
//! 1. **Handshake**, one round trip: each side sends `TLGB` and its version in the clear, then its
//!    message of `Noise_NN_25519_ChaChaPoly_SHA256` (37 bytes there, 53 back). The prologue is both
//!    sides' clear bytes, the initiator's first. No static keys: whoever listens in or completes a
//!    handshake learns no lasting key.
//! 2. **Frames** both ways: length (2 bytes, big-endian), then a Noise message of that length,
//!    whose plaintext is one byte of kind (0 data, 1 ping, 2 close, 3 ask and 4 proof of a host)
//!    and a body of at most 16,384 bytes.
//!
//! The modules `handshake` and `frame` hold the details, `vectors/` holds golden bytes.
//!
//! # What can go wrong
//!
//! [`LinkError`] has a kind for each next step. Strange bytes cost the link they came over and
//! nothing else, all that a peer can make a link hold is bounded, and no limit but one's own
//! patience ([`Config`]) is set by the peer.
//!
//! # Out of scope
//!
//! Who the other end is, and whether it deserves the link: the layer above proves keys, bound to
//! the handshake hash, and closes links that prove nothing. (One key is checked here: that of a
//! host whose code was scanned, because such a link is wanted with nobody else.) Hiding how much is
//! said, and when. Dialling again.

mod config;
mod error;
mod frame;
mod handshake;
mod host;
pub mod keeper;
pub mod lan;
mod link;
mod primitives;
mod pulse;
mod pump;
mod rate;
pub mod tcp;
#[cfg(test)]
mod vectors;

pub use config::{Config, Cost, LinkInfo, LinkKind, PING_AFTER};
pub use error::{CloseReason, LinkError};
pub use handshake::{HANDSHAKE_HASH_LEN, HandshakeHash, Role, VERSION};
pub use link::{Link, Receiver, Sender, initiate, initiate_with_host, respond, respond_as_host};
pub use pulse::Pulse;
