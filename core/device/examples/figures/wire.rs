//! The wire between two devices: passes every byte on after a delay, and counts them and the time that a sync
//! takes.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::Result;

/// A place to dial that leads to a device.
pub(crate) struct Wire {
    address: SocketAddr,
    passed: Arc<Mutex<Passed>>,
}

/// What passed between two devices.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passed {
    /// Bytes, both ways: what TCP carries.
    pub(crate) bytes: u64,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Passed {
    /// From the first word of the device that dialled to its last, which is its goodbye: by then it
    /// knows all that it asked for.
    pub(crate) fn duration(&self) -> Duration {
        self.first.zip(self.last).map_or(Duration::ZERO, |(first, last)| last - first)
    }
}

impl Wire {
    /// Leads to `device`, every byte `delay` later, each way.
    pub(crate) async fn to(device: SocketAddr, delay: Duration) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let passed = Arc::default();
        tokio::spawn(pass_on(listener, device, delay, Arc::clone(&passed)));
        Ok(Self { address, passed })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What passed since the last time.
    pub(crate) fn take(&self) -> Passed {
        std::mem::take(&mut *self.passed.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Links that break are the devices' to notice.
async fn pass_on(
    listener: TcpListener,
    device: SocketAddr,
    delay: Duration,
    passed: Arc<Mutex<Passed>>,
) -> std::io::Result<()> {
    loop {
        let (near, _) = listener.accept().await?;
        let far = TcpStream::connect(device).await?;
        near.set_nodelay(true)?;
        far.set_nodelay(true)?;
        let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
        let (there, back) = (passed.clone(), passed.clone());
        pass_one_way(near_in, far_out, delay, move |bytes, now| {
            let mut passed = there.lock().unwrap_or_else(PoisonError::into_inner);
            passed.bytes += bytes as u64;
            passed.first.get_or_insert(now);
            passed.last = Some(now);
        });
        pass_one_way(far_in, near_out, delay, move |bytes, _| {
            back.lock().unwrap_or_else(PoisonError::into_inner).bytes += bytes as u64;
        });
    }
}

fn pass_one_way(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    delay: Duration,
    count: impl Fn(usize, Instant) + Send + 'static,
) {
    let (taken, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            let now = Instant::now();
            count(read, now);
            if taken.send((now + delay, buffer[..read].to_vec())).is_err() {
                return;
            }
        }
    });
    tokio::spawn(async move {
        while let Some((at, chunk)) = due.recv().await {
            tokio::time::sleep_until(at).await;
            if to.write_all(&chunk).await.is_err() {
                return;
            }
        }
    });
}
