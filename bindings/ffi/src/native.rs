//! Streams that the phone lends: Bluetooth, Wi-Fi Aware, Multipeer and the like.
//!
//! The app opens a link of its own and says so with `link_opened`. What comes over it the app hands in
//! with `received`, and awaits that: so a fast radio fills no memory. What is to go out comes as chunks of at most
//! the MTU, as many as the app gave credit for with `writable`. Both directions keep their order. Strange bytes
//! end this link and nothing else.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use teilgeber_device::End;
use teilgeber_device::nearby::Rung;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::sync::{Mutex, Semaphore, watch};
use tokio::task::{AbortHandle, spawn_blocking};
use tokio::time::timeout;

use crate::error::{CoreError, ForeignError, Result};
use crate::nearby::Links;
use crate::runtime::{EndOnDrop, runtime};

/// What waits in each direction between the core and the radio, in bytes: a second of the fastest Bluetooth.
const WAITING_BYTES: usize = 64 * 1024;

/// The most credit that is remembered, in chunks. Beyond it an app counts wrongly, and no radio is so far behind.
const CREDIT_MAX: usize = 1 << 20;

/// How long a chunk waits for credit. A radio that takes nothing for so long is gone, whether its system says so or
/// not.
const STALLED_AFTER: Duration = Duration::from_secs(60);

/// A link of the phone. Called on a thread of the core, one call after the other; it may block.
#[uniffi::export(foreign)]
pub trait NativeLink: Send + Sync {
    /// Sends these bytes, no more than the MTU. Where it throws, the link ends.
    fn send(&self, chunk: Vec<u8>) -> std::result::Result<(), ForeignError>;
    /// The core has no more to say, or gives the link up: close it. Not called where the app said so itself.
    fn end(&self) -> std::result::Result<(), ForeignError>;
}

/// The core's end of a lent link. Dropping it ends the link.
#[derive(Debug, uniffi::Object)]
pub struct LinkHandle {
    incoming: Arc<Incoming>,
    credit: Arc<Semaphore>,
    on: AbortHandle,
    _sending: EndOnDrop,
}

#[uniffi::export]
impl Links {
    /// The phone opened a link to another one. `initiator` is whether this side opened it: exactly one of both is.
    /// Nothing is sent before the first credit, and a chunk that gets none for a minute ends the link.
    ///
    /// Errors: `Invalid` for an MTU of 0, `Shut`.
    pub fn link_opened(
        &self,
        native: Arc<dyn NativeLink>,
        initiator: bool,
        mtu: u32,
    ) -> Result<Arc<LinkHandle>> {
        let mtu = NonZeroUsize::new(mtu as usize)
            .ok_or_else(|| CoreError::Invalid("the MTU is at least one byte".to_owned()))?;
        let (ours, theirs) = tokio::io::duplex(WAITING_BYTES);
        let end = if initiator { End::Dialled } else { End::Accepted };
        self.with(|nearby| nearby.lend(theirs, end, Rung::Radio, Some(mtu)))?;
        let (outgoing, incoming) = tokio::io::split(ours);
        let incoming = Arc::new(Incoming::of(incoming));
        let credit = Arc::new(Semaphore::new(0));
        let (to_end, taken) = (incoming.clone(), credit.clone());
        let sending = runtime()?.spawn(async move {
            send_out(outgoing, &native, &taken, mtu.get()).await;
            to_end.end().await;
            // Where the app cannot close it, the phone's system will.
            let _thrown = spawn_blocking(move || native.end()).await;
        });
        let on = sending.abort_handle();
        Ok(Arc::new(LinkHandle { incoming, credit, _sending: EndOnDrop(on.clone()), on }))
    }
}

#[uniffi::export]
impl LinkHandle {
    /// These bytes came. Returns once there is room for more: await it before the next.
    ///
    /// Errors: `Shut` when the link has ended.
    pub async fn received(&self, bytes: Vec<u8>) -> Result<()> {
        self.incoming.take(&bytes).await
    }

    /// The link takes so many more chunks.
    pub fn writable(&self, credit: u32) {
        let room = CREDIT_MAX.saturating_sub(self.credit.available_permits());
        self.credit.add_permits(room.min(credit as usize));
    }

    /// The link has ended: nothing is sent any more, and a `received` that waits fails with `Shut`.
    pub async fn closed(&self) {
        self.on.abort();
        self.incoming.end().await;
    }
}

/// The way in: what the radio hands over, until one of both sides ends it.
#[derive(Debug)]
struct Incoming {
    stream: Mutex<Option<WriteHalf<DuplexStream>>>,
    ended: watch::Sender<bool>,
}

impl Incoming {
    fn of(stream: WriteHalf<DuplexStream>) -> Self {
        Self { stream: Mutex::new(Some(stream)), ended: watch::Sender::new(false) }
    }

    async fn take(&self, bytes: &[u8]) -> Result<()> {
        let mut ended = self.ended.subscribe();
        let mut stream = self.stream.lock().await;
        let writing = stream.as_mut().ok_or(CoreError::Shut)?.write_all(bytes);
        let written = tokio::select! {
            written = writing => written.is_ok(),
            _ = ended.wait_for(|ended| *ended) => false,
        };
        if !written {
            *stream = None;
            return Err(CoreError::Shut);
        }
        Ok(())
    }

    async fn end(&self) {
        self.ended.send_replace(true);
        *self.stream.lock().await = None;
    }
}

/// Hands out what the core has to say, as the credit allows, until one of both ends it.
async fn send_out(
    mut outgoing: ReadHalf<DuplexStream>,
    native: &Arc<dyn NativeLink>,
    credit: &Semaphore,
    mtu: usize,
) {
    let mut chunk = vec![0; mtu.min(WAITING_BYTES)];
    // Read before there is credit: so the end is heard of without any.
    while let Ok(length @ 1..) = outgoing.read(&mut chunk).await {
        let Ok(Ok(permit)) = timeout(STALLED_AFTER, credit.acquire()).await else { break };
        permit.forget();
        let (native, bytes) = (native.clone(), chunk[..length].to_vec());
        if !matches!(spawn_blocking(move || native.send(bytes)).await, Ok(Ok(()))) {
            break;
        }
    }
}
