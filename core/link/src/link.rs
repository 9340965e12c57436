//! One encrypted stream: its birth and its two halves.
//!
//! [`initiate`] and [`respond`] make a [`Link`] from any stream of bytes; [`Link::split`] gives a
//! [`Sender`] and a [`Receiver`]. Between these and the wire runs one task, so that pings go out
//! and are answered while nobody is sending or receiving, and so that [`Sender::send`] and
//! [`Receiver::receive`] can be given up at any point without harm to the stream.
//!
//! The link lives as long as its sender. It ends with a goodbye ([`Sender::close`], by either
//! end), without one (the sender is dropped, the way below is cut), or by a fault that is then
//! reported by both halves.

use std::fmt;
use std::net::SocketAddr;

use teilgeber_entry::{HostId, HostKey, Signature};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot, watch};
use tokio::time::timeout;

use crate::config::{Config, LinkInfo};
use crate::error::{CloseReason, LinkError};
use crate::handshake::{
    self, Ephemeral, FIRST_LEN, HandshakeHash, Initiator, PREAMBLE, PREAMBLE_LEN, Role, SECOND_LEN,
    Secured, check_preamble,
};
use crate::host::{self, Hosting};
use crate::pump::{LINGER, Outcome, Outgoing, Pump, RECEIVE_QUEUE, SEND_QUEUE, write_pieces};

/// Makes a link over `stream` as the end that speaks first. Takes one round trip, and runs inside
/// a tokio runtime with time enabled.
///
/// # Errors
/// [`LinkError::OtherVersion`], [`LinkError::Foreign`], [`LinkError::Late`],
/// [`LinkError::Tampered`], [`LinkError::Cut`] or [`LinkError::NoRandomness`]; the stream is
/// dropped.
pub async fn initiate<S>(stream: S, config: &Config, info: LinkInfo) -> Result<Link, LinkError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, secured) = shake_hands(stream, Role::Initiator, config, info).await?;
    Ok(Link::run(stream, secured, config, info, Hosting::Nothing, None))
}

/// Makes a link over `stream` as the end that speaks first, with the host whose code was scanned
/// and nobody else. Takes two round trips, each bounded as a handshake.
///
/// # Errors
/// As for [`initiate`]; [`LinkError::OtherHost`] if the other end does not hold the host's key.
pub async fn initiate_with_host<S>(
    stream: S,
    host: &HostId,
    config: &Config,
    info: LinkInfo,
) -> Result<Link, LinkError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, secured) = shake_hands(stream, Role::Initiator, config, info).await?;
    let (awaits, proof) = oneshot::channel();
    let link = Link::run(stream, secured, config, info, Hosting::Awaits(awaits), None);
    let proof = timeout(config.handshake_limit(), link.ask(host, proof));
    host::check(host, &link.hash, proof.await.map_err(|_| LinkError::Late)??)?;
    Ok(link)
}

/// Makes a link over `stream` as the end that answers.
///
/// # Errors
/// As for [`initiate`]. A peer of another version is told ours before the stream is dropped; a
/// foreign one is told nothing.
pub async fn respond<S>(stream: S, config: &Config, info: LinkInfo) -> Result<Link, LinkError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, secured) = shake_hands(stream, Role::Responder, config, info).await?;
    Ok(Link::run(stream, secured, config, info, Hosting::Answers(None), None))
}

/// Makes a link over `stream` as the end that answers, and proves the host's key to those who ask
/// for this host.
///
/// # Errors
/// As for [`respond`].
pub async fn respond_as_host<S>(
    stream: S,
    host: &HostKey,
    config: &Config,
    info: LinkInfo,
) -> Result<Link, LinkError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (stream, secured) = shake_hands(stream, Role::Responder, config, info).await?;
    let hosting = Hosting::as_host(Some(host), &secured.hash);
    Ok(Link::run(stream, secured, config, info, hosting, None))
}

/// An encrypted, ordered stream of bytes to one other device.
///
/// Nothing is proved about who that is: proofs are made by the layer above and bound to
/// [`Link::handshake_hash`].
#[derive(Debug)]
pub struct Link {
    hash: HandshakeHash,
    role: Role,
    info: LinkInfo,
    local: Option<SocketAddr>,
    sender: Sender,
    receiver: Receiver,
}

impl Link {
    /// What binds proofs to this link: equal on both ends and on no other link.
    pub fn handshake_hash(&self) -> &HandshakeHash {
        &self.hash
    }

    /// Which end this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// What is known of the way below.
    pub fn info(&self) -> LinkInfo {
        self.info
    }

    /// At which of this device's addresses it ends; `None` where the way below has none.
    pub fn local_address(&self) -> Option<SocketAddr> {
        self.local
    }

    pub(crate) fn at(self, local: Option<SocketAddr>) -> Self {
        Self { local, ..self }
    }

    /// The two halves, for two tasks or for one that waits for both.
    pub fn split(self) -> (Sender, Receiver) {
        (self.sender, self.receiver)
    }

    /// Starts the task that pumps. It holds `permit` until the stream below is gone.
    pub(crate) fn run<S>(
        stream: S,
        secured: Secured,
        config: &Config,
        info: LinkInfo,
        hosting: Hosting,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let Secured { sealer, opener, hash, role } = secured;
        let (outgoing, to_send) = mpsc::channel(SEND_QUEUE);
        let (received, incoming) = mpsc::channel(RECEIVE_QUEUE);
        let (ended, outcome) = watch::channel(None);
        let answers = outgoing.downgrade();
        let pump = Pump {
            sealer,
            opener,
            to_send,
            received,
            config: config.clone(),
            mtu: info.mtu,
            hosting,
            answers,
        };
        tokio::spawn(async move {
            let outcome = pump.run(stream).await;
            drop(permit);
            ended.send_replace(Some(outcome));
        });
        let sender = Sender { outgoing, outcome: outcome.clone() };
        let receiver = Receiver { incoming, outcome };
        Self { hash, role, info, local: None, sender, receiver }
    }

    /// Asks for `host` and waits for its proof, or for what the link ended by.
    async fn ask(
        &self,
        host: &HostId,
        proof: oneshot::Receiver<Signature>,
    ) -> Result<Signature, LinkError> {
        let ask = Outgoing::Ask(host.asked_on_link(&self.hash));
        if self.sender.outgoing.send(ask).await.is_ok()
            && let Ok(proof) = proof.await
        {
            return Ok(proof);
        }
        match ended(&mut self.sender.outcome.clone()).await {
            Err(LinkError::Closed(CloseReason::OTHER_HOST)) => Err(LinkError::OtherHost),
            outcome => Err(outcome.err().unwrap_or(PEACE)),
        }
    }
}

/// The half that sends. Dropping it ends the link without a goodbye.
pub struct Sender {
    outgoing: mpsc::Sender<Outgoing>,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Sender {
    /// Sends `bytes` as the next part of the stream.
    ///
    /// Returns once they are queued, and waits while the queue is full: four buffers of whatever
    /// size the caller chose. A call that is given up has sent all of its bytes or none. Receive
    /// meanwhile, or two ends that only send wait for each other until both have
    /// [stalled](LinkError::Stalled).
    ///
    /// # Errors
    /// Why the link ended, [`LinkError::Closed`] also where the other end closed it in peace.
    pub async fn send(&self, bytes: impl Into<Vec<u8>>) -> Result<(), LinkError> {
        if self.outgoing.send(Outgoing::Data(bytes.into())).await.is_ok() {
            return Ok(());
        }
        Err(ended(&mut self.outcome.clone()).await.err().unwrap_or(PEACE))
    }

    /// Sends what is queued, says goodbye, and waits up to two seconds for the other end to hear
    /// it. What still comes in meanwhile is delivered. Drop the sender to end the link at once.
    ///
    /// # Errors
    /// Why the link ended before the goodbye was out; [`LinkError::Closed`] if the other end was
    /// faster with a reason of its own.
    pub async fn close(mut self, reason: CloseReason) -> Result<(), LinkError> {
        // If the queue is closed the link has ended already, and the outcome says how.
        let _ended_already = self.outgoing.send(Outgoing::Close(reason)).await;
        ended(&mut self.outcome).await
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// The half that receives. When it is dropped, what comes in is thrown away.
pub struct Receiver {
    incoming: mpsc::Receiver<Vec<u8>>,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Receiver {
    /// The next bytes of the stream, at least one; `None` once the link was closed in peace, by
    /// the other end with [`CloseReason::DONE`] or by this one. How the stream is cut into pieces
    /// means nothing. A call that is given up has taken nothing.
    ///
    /// While nobody receives, at most eight pieces of 16 KiB are held and the other end is slowed
    /// down.
    ///
    /// # Errors
    /// Why the link ended, after all that came before.
    pub async fn receive(&mut self) -> Result<Option<Vec<u8>>, LinkError> {
        match self.incoming.recv().await {
            Some(bytes) => Ok(Some(bytes)),
            None => ended(&mut self.outcome).await.map(|()| None),
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

const PEACE: LinkError = LinkError::Closed(CloseReason::DONE);

/// Waits for the end of the link.
async fn ended(outcome: &mut watch::Receiver<Option<Outcome>>) -> Outcome {
    match outcome.wait_for(Option::is_some).await {
        Ok(outcome) => outcome.unwrap_or(Ok(())),
        // The task went without a word: its runtime was shut down.
        Err(_) => Err(LinkError::Cut(std::io::ErrorKind::BrokenPipe)),
    }
}

/// The handshake over a stream, within its time.
pub(crate) async fn shake_hands<S>(
    mut stream: S,
    role: Role,
    config: &Config,
    info: LinkInfo,
) -> Result<(S, Secured), LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let handshake = async {
        match role {
            Role::Initiator => speak_first(&mut stream, info).await,
            Role::Responder => answer(&mut stream, info).await,
        }
    };
    let secured =
        timeout(config.handshake_limit(), handshake).await.map_err(|_| LinkError::Late)??;
    Ok((stream, secured))
}

async fn speak_first<S>(stream: &mut S, info: LinkInfo) -> Result<Secured, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (initiator, first) = Initiator::start(&Ephemeral::Fresh)?;
    write_pieces(stream, &[&PREAMBLE[..], &first].concat(), info.mtu).await?;
    check_preamble(read::<_, PREAMBLE_LEN>(stream).await?)?;
    initiator.finish(&read::<_, SECOND_LEN>(stream).await?)
}

async fn answer<S>(stream: &mut S, info: LinkInfo) -> Result<Secured, LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let compatible = check_preamble(read::<_, PREAMBLE_LEN>(stream).await?);
    if let Err(LinkError::OtherVersion { .. }) = compatible {
        tell_version(stream, info).await?;
    }
    compatible?;
    let first = read::<_, FIRST_LEN>(stream).await?;
    let (second, secured) = handshake::answer(&first, &Ephemeral::Fresh)?;
    write_pieces(stream, &[&PREAMBLE[..], &second].concat(), info.mtu).await?;
    Ok(secured)
}

/// Tells a peer of another version which one this is.
///
/// Its first message has to be read off the stream before that is dropped, or TCP answers it with
/// a reset, which may overtake what was told here.
async fn tell_version<S>(stream: &mut S, info: LinkInfo) -> Result<(), LinkError>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    /// No first message of any version is longer, in bytes.
    const LONGEST_FIRST: u64 = 4096;
    write_pieces(stream, &PREAMBLE, info.mtu).await?;
    stream.shutdown().await.map_err(|error| LinkError::cut(&error))?;
    let rest = &mut stream.take(LONGEST_FIRST);
    // Whether the peer waits for the end of it, or how it leaves, changes nothing any more.
    let _heard = timeout(LINGER, tokio::io::copy(rest, &mut tokio::io::sink())).await;
    Ok(())
}

async fn read<S, const N: usize>(stream: &mut S) -> Result<[u8; N], LinkError>
where
    S: AsyncRead + Unpin,
{
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).await.map_err(|error| LinkError::cut(&error))?;
    Ok(bytes)
}
