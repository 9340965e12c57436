//! The way between two devices, in the hands of a test: overheard, cut, or stopped short.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use teilgeber_device::{Device, End, Result, Stay, SyncReport};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Bytes that a way in memory takes before its writer waits; some 4 windows of TCP on a bad day.
const PIPE_BYTES: usize = 16 * 1024;

/// What a way does once so many bytes have passed in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It lasts.
    Whole,
    /// It is cut for both.
    CutAfter(usize),
    /// Nothing passes any more, and nobody is told.
    DeadAfter(usize),
}

/// All bytes that passed.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    pub(crate) there: Vec<u8>,
    pub(crate) back: Vec<u8>,
}

/// Two devices meet over a way in memory. Returns what the one that dialled and the other found.
pub(crate) async fn meet(
    dialling: &Device,
    accepting: &Device,
    fate: Fate,
) -> (Result<SyncReport>, Result<SyncReport>) {
    let (near, middle) = tokio::io::duplex(PIPE_BYTES);
    let (rest, far) = tokio::io::duplex(PIPE_BYTES);
    let tape = Mutex::default();
    let (dialled, accepted, _end) = tokio::join!(
        dialling.sync_over(near, End::Dialled, Stay::UntilSame, |_| {}),
        accepting.sync_over(far, End::Accepted, Stay::UntilClosed, |_| {}),
        carry(middle, rest, fate, &tape),
    );
    (dialled, accepted)
}

/// A proxy before a device. Whoever dials it reaches the device, and all bytes are written down.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    pub(crate) tape: Arc<Mutex<Tape>>,
    carrying: JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn before(target: SocketAddr, fate: Fate) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let tape = Arc::new(Mutex::new(Tape::default()));
        let written = tape.clone();
        let carrying = tokio::spawn(async move {
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let far = TcpStream::connect(target).await.unwrap();
                let written = written.clone();
                tokio::spawn(async move { carry(near, far, fate, &written).await });
            }
        });
        Self { address, tape, carrying }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

/// Carries bytes both ways until both ends are done, or its fate meets it.
async fn carry<A, B>(near: A, far: B, fate: Fate, tape: &Mutex<Tape>) -> io::Result<()>
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let (near_out, near_in) = tokio::io::split(near);
    let (far_out, far_in) = tokio::io::split(far);
    tokio::try_join!(
        pass(near_out, far_in, fate, |bytes| tape.lock().unwrap().there.extend(bytes)),
        pass(far_out, near_in, fate, |bytes| tape.lock().unwrap().back.extend(bytes)),
    )?;
    Ok(())
}

async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    fate: Fate,
    mut write_down: impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut left = match fate {
        Fate::Whole => usize::MAX,
        Fate::CutAfter(bytes) | Fate::DeadAfter(bytes) => bytes,
    };
    let mut buffer = [0; 4096];
    while left > 0 {
        let room = left.min(buffer.len());
        let count = from.read(&mut buffer[..room]).await?;
        if count == 0 {
            return to.shutdown().await;
        }
        write_down(&buffer[..count]);
        to.write_all(&buffer[..count]).await?;
        left -= count;
    }
    match fate {
        Fate::DeadAfter(_) => std::future::pending().await,
        Fate::Whole | Fate::CutAfter(_) => Err(io::ErrorKind::ConnectionReset.into()),
    }
}
