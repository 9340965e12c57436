//! Two ends of a link, and what may stand between them.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use teilgeber_link::{Config, Link, LinkError, LinkInfo, Receiver, Sender, initiate, respond};
use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, ReadHalf, WriteHalf,
    duplex, split,
};

/// Bytes that a stream in memory holds, like the buffers of a socket.
pub(crate) const PIPE: usize = 64 * 1024;

/// Both ends of a link over any two ends of a stream.
pub(crate) async fn link_over<S, T>(left: S, right: T) -> (Link, Link)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (left, right) = try_link_over(left, right).await;
    (left.expect("the initiator links"), right.expect("the responder links"))
}

/// What comes of a handshake on either end.
pub(crate) async fn try_link_over<S, T>(
    left: S,
    right: T,
) -> (Result<Link, LinkError>, Result<Link, LinkError>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let config = Config::default();
    tokio::join!(initiate(left, &config, LinkInfo::LAN), respond(right, &config, LinkInfo::LAN))
}

/// The halves of both ends of a link in memory.
pub(crate) async fn halves() -> ((Sender, Receiver), (Sender, Receiver)) {
    let (left, right) = duplex(PIPE);
    let (left, right) = link_over(left, right).await;
    (left.split(), right.split())
}

/// Receives exactly `len` bytes, however they are cut.
pub(crate) async fn receive_exactly(receiver: &mut Receiver, len: usize) -> Vec<u8> {
    let mut received = Vec::new();
    while received.len() < len {
        let piece = receiver.receive().await.expect("the link holds");
        received.extend(piece.expect("the link is open"));
    }
    assert_eq!(received.len(), len, "more was received than was sent");
    received
}

/// Receives until the link ends.
pub(crate) async fn receive_all(receiver: &mut Receiver) -> (Vec<u8>, Result<(), LinkError>) {
    let mut received = Vec::new();
    loop {
        match receiver.receive().await {
            Ok(Some(piece)) => received.extend(piece),
            Ok(None) => return (received, Ok(())),
            Err(error) => return (received, Err(error)),
        }
    }
}

/// What the one in the middle does to one direction of the bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// Ends this direction, and the whole connection, after so many bytes.
    CutAfter(usize),
    /// Flips a bit of the byte at this place.
    FlipAt(usize),
    /// Lets so many bytes through and then none, without ending anything.
    HoldAfter(usize),
}

/// What was seen in the middle, per direction.
pub(crate) type Captured = Arc<Mutex<Vec<u8>>>;

/// Two streams with someone in the middle, who sees all bytes and does `there` to those of the
/// left end and `back` to those of the right end.
pub(crate) fn with_middleman(
    there: Fault,
    back: Fault,
) -> (DuplexStream, DuplexStream, Captured, Captured) {
    let (left, middle_left) = duplex(PIPE);
    let (middle_right, right) = duplex(PIPE);
    let captured = (Captured::default(), Captured::default());
    let (there_captured, back_captured) = captured.clone();
    tokio::spawn(async move {
        let (left_in, left_out) = split(middle_left);
        let (right_in, right_out) = split(middle_right);
        // The first direction that ends drops both streams.
        tokio::select! {
            () = carry(left_in, right_out, there, there_captured) => {}
            () = carry(right_in, left_out, back, back_captured) => {}
        }
    });
    (left, right, captured.0, captured.1)
}

async fn carry(
    mut from: ReadHalf<DuplexStream>,
    mut to: WriteHalf<DuplexStream>,
    fault: Fault,
    captured: Captured,
) {
    let mut place = 0;
    while let Ok(mut byte) = from.read_u8().await {
        match fault {
            Fault::CutAfter(limit) if place == limit => return,
            Fault::FlipAt(target) if place == target => byte ^= 1,
            Fault::HoldAfter(limit) if place >= limit => std::future::pending().await,
            _ => {}
        }
        captured.lock().expect("no test panicked here").push(byte);
        if to.write_u8(byte).await.is_err() {
            return;
        }
        place += 1;
    }
}

/// A stream that takes and gives bytes in pieces of the given sizes, over and over; a size of 0
/// makes the caller come again.
pub(crate) struct Choppy<S> {
    inner: S,
    sizes: Vec<usize>,
    turn: usize,
}

impl<S> Choppy<S> {
    pub(crate) fn new(inner: S, sizes: Vec<usize>) -> Self {
        Self { inner, sizes, turn: 0 }
    }

    /// The next size; `None` after asking to be called again.
    fn next_size(&mut self, context: &Context<'_>) -> Option<usize> {
        let size = self.sizes[self.turn % self.sizes.len()];
        self.turn += 1;
        if size == 0 {
            context.waker().wake_by_ref();
        }
        (size > 0).then_some(size)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Choppy<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Some(size) = self.next_size(context) else { return Poll::Pending };
        let mut piece = vec![0; size.min(buffer.remaining())];
        let mut piece = ReadBuf::new(&mut piece);
        let polled = Pin::new(&mut self.inner).poll_read(context, &mut piece);
        buffer.put_slice(piece.filled());
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Choppy<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(size) = self.next_size(context) else { return Poll::Pending };
        Pin::new(&mut self.inner).poll_write(context, &bytes[..size.min(bytes.len())])
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// A stream that notes the length of each write it is asked for.
pub(crate) struct Noting<S> {
    inner: S,
    lengths: Arc<Mutex<Vec<usize>>>,
}

impl<S> Noting<S> {
    pub(crate) fn new(inner: S) -> (Self, Arc<Mutex<Vec<usize>>>) {
        let lengths = Arc::default();
        (Self { inner, lengths: Arc::clone(&lengths) }, lengths)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Noting<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noting<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.lengths.lock().expect("no test panicked here").push(bytes.len());
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
