//! The task behind a link: seals what is to be sent, opens what comes in, keeps the link alive and
//! notices its death.
//!
//! Liveness has two rules. An end that has said nothing for [`PING_AFTER`] says *ping*. An end that
//! has heard no frame for its silence limit, while it was listening, gives up. Pings are signs of
//! life and no questions: an answer would wait behind whatever the other end has not read yet, and
//! a peer whose app is slow to receive would look dead.

use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use teilgeber_entry::Signature;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::config::{Config, PING_AFTER};
use crate::error::{CloseReason, LinkError};
use crate::frame::{Frame, MAX_BODY, MAX_SEALED, Opener, PREFIX_LEN, Sealer, sealed_len};
use crate::host::Hosting;
use crate::pulse::Pulse;

/// Frames that may wait to be received; then the peer is slowed down.
pub(crate) const RECEIVE_QUEUE: usize = 8;
/// Buffers that may wait to be sent; then the sender waits.
pub(crate) const SEND_QUEUE: usize = 4;
/// How long the last words may take, from this end or the other, once a link is ending.
pub(crate) const LINGER: Duration = Duration::from_secs(2);

/// What is ready to be sent is written at once, up to about so many bytes.
const BATCH: usize = 64 * 1024;

/// How a link ended. `Ok` means in peace: closed by this end, or by the other as done.
pub(crate) type Outcome = Result<(), LinkError>;

/// What the sending half asks for.
pub(crate) enum Outgoing {
    Data(Vec<u8>),
    Close(CloseReason),
    Ask([u8; 32]),
    Proof(Signature),
}

/// All that the task works with, except the stream.
pub(crate) struct Pump {
    pub(crate) sealer: Sealer,
    pub(crate) opener: Opener,
    pub(crate) to_send: mpsc::Receiver<Outgoing>,
    pub(crate) received: mpsc::Sender<Vec<u8>>,
    pub(crate) config: Config,
    pub(crate) mtu: Option<NonZeroUsize>,
    pub(crate) hosting: Hosting,
    /// Where an answer about the host goes out. It does not keep the link alive.
    pub(crate) answers: mpsc::WeakSender<Outgoing>,
}

impl Pump {
    /// Pumps until the link ends; the stream is gone when this returns.
    pub(crate) async fn run<S: AsyncRead + AsyncWrite>(self, stream: S) -> Outcome {
        let Self { sealer, opener, to_send, received, config, mtu, hosting, answers } = self;
        let (reader, writer) = tokio::io::split(stream);
        let reading =
            Reading { reader, opener, received, config: config.clone(), hosting, answers };
        let writing = Writing { writer, sealer, to_send, config, mtu };

        let mut reading = pin!(reading.run());
        let ended = tokio::select! {
            outcome = &mut reading => return outcome,
            ended = writing.run() => ended,
        };
        match ended {
            Ok(Goodbye::Said) => {
                // Whatever the other end answers to a goodbye, the link was closed in peace.
                let _answer = timeout(LINGER, reading).await;
                Ok(())
            }
            Ok(Goodbye::Unsaid) => Ok(()),
            // Where writing fails, the reason may be waiting to be read: the other end's goodbye.
            Err(error) => timeout(LINGER, reading).await.unwrap_or(Err(error)),
        }
    }
}

/// Writes `bytes` in pieces no longer than the `mtu`.
pub(crate) async fn write_pieces<W>(
    writer: &mut W,
    bytes: &[u8],
    mtu: Option<NonZeroUsize>,
) -> Result<(), LinkError>
where
    W: AsyncWrite + Unpin,
{
    let write = async {
        for piece in bytes.chunks(mtu.map_or(BATCH, NonZeroUsize::get)) {
            writer.write_all(piece).await?;
        }
        writer.flush().await
    };
    write.await.map_err(|error| LinkError::cut(&error))
}

/// The incoming direction.
struct Reading<R> {
    reader: R,
    opener: Opener,
    received: mpsc::Sender<Vec<u8>>,
    config: Config,
    hosting: Hosting,
    answers: mpsc::WeakSender<Outgoing>,
}

impl<R: AsyncRead + Unpin> Reading<R> {
    async fn run(mut self) -> Outcome {
        let mut reader = BufReader::with_capacity(PREFIX_LEN + MAX_SEALED, self.reader);
        let mut sealed = Vec::with_capacity(MAX_SEALED);
        loop {
            timeout(self.config.silence_limit(), read_sealed(&mut reader, &mut sealed))
                .await
                .map_err(|_| LinkError::Silent)??;
            self.config.pulse().into_iter().for_each(Pulse::beat);
            match self.opener.open(&sealed)? {
                Frame::Data(body) => {
                    // Nobody receives any more: the bytes are thrown away, as documented.
                    let _dropped = self.received.send(body.to_vec()).await;
                }
                Frame::Ping => {}
                Frame::Ask(host) => {
                    let answer = self.hosting.answer(&host)?;
                    if let Some(answers) = self.answers.upgrade() {
                        // Who is leaving gives no answer any more.
                        let _leaving = answers.send(answer).await;
                    }
                }
                Frame::Proof(signature) => self.hosting.proved(signature)?,
                Frame::Close(CloseReason::DONE) => return Ok(()),
                Frame::Close(reason) => return Err(LinkError::Closed(reason)),
            }
        }
    }
}

/// Reads the next Noise message into `sealed`.
async fn read_sealed<R>(reader: &mut R, sealed: &mut Vec<u8>) -> Result<(), LinkError>
where
    R: AsyncRead + Unpin,
{
    let mut prefix = [0; PREFIX_LEN];
    reader.read_exact(&mut prefix).await.map_err(|error| LinkError::cut(&error))?;
    sealed.resize(sealed_len(prefix)?, 0);
    reader.read_exact(sealed).await.map_err(|error| LinkError::cut(&error))?;
    Ok(())
}

/// The next beat of a pulse; never where there is none.
async fn beat(beats: &mut Option<watch::Receiver<()>>) {
    if let Some(beats) = beats
        && beats.changed().await.is_ok()
    {
        return;
    }
    std::future::pending::<()>().await;
}

/// How the outgoing direction ended.
enum Goodbye {
    Said,
    Unsaid,
}

/// The outgoing direction.
struct Writing<W> {
    writer: W,
    sealer: Sealer,
    to_send: mpsc::Receiver<Outgoing>,
    config: Config,
    mtu: Option<NonZeroUsize>,
}

impl<W: AsyncWrite + Unpin> Writing<W> {
    async fn run(mut self) -> Result<Goodbye, LinkError> {
        let mut batch = Vec::new();
        let mut beats = self.config.pulse().map(Pulse::beats);
        let mut said_at = Instant::now();
        loop {
            tokio::select! {
                next = self.to_send.recv() => match next {
                    Some(Outgoing::Data(bytes)) => self.put(&bytes, &mut batch).await?,
                    Some(Outgoing::Close(reason)) => {
                        self.sealer.seal(Frame::Close(reason), &mut batch);
                        self.write(&mut batch).await?;
                        self.writer.shutdown().await.map_err(|error| LinkError::cut(&error))?;
                        return Ok(Goodbye::Said);
                    }
                    Some(Outgoing::Ask(host)) => self.sealer.seal(Frame::Ask(host), &mut batch),
                    Some(Outgoing::Proof(proof)) => self.sealer.seal(Frame::Proof(proof), &mut batch),
                    None => return Ok(Goodbye::Unsaid),
                },
                () = sleep_until(said_at + PING_AFTER) => self.sealer.seal(Frame::Ping, &mut batch),
                () = beat(&mut beats) => {
                    if !Pulse::is_early(said_at.elapsed()) {
                        continue;
                    }
                    self.sealer.seal(Frame::Ping, &mut batch);
                }
            }
            if self.to_send.is_empty() {
                self.write(&mut batch).await?;
            }
            said_at = Instant::now();
        }
    }

    /// Seals `bytes`, and writes whenever a batch is full.
    async fn put(&mut self, bytes: &[u8], batch: &mut Vec<u8>) -> Result<(), LinkError> {
        for body in bytes.chunks(MAX_BODY) {
            self.sealer.seal(Frame::Data(body), batch);
            if batch.len() >= BATCH {
                self.write(batch).await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self, batch: &mut Vec<u8>) -> Result<(), LinkError> {
        timeout(self.config.stall_limit(), write_pieces(&mut self.writer, batch, self.mtu))
            .await
            .map_err(|_| LinkError::Stalled)??;
        self.config.pulse().into_iter().for_each(Pulse::beat);
        batch.clear();
        Ok(())
    }
}
