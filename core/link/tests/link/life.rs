//! Quiet links live, dead ones are noticed. Time is paused here: it jumps to whatever is due.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use teilgeber_link::{CloseReason, Config, LinkError, LinkInfo, PING_AFTER, initiate, respond};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf, duplex};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use crate::support::{Fault, PIPE, halves, link_over, receive_exactly, with_middleman};

/// Bytes of the two handshake messages.
const THERE: usize = 37;
const BACK: usize = 53;

#[tokio::test(start_paused = true)]
async fn pings_keep_a_quiet_link_alive() {
    let ((sender, mut own_receiver), (_right_sender, mut receiver)) = halves().await;

    let quiet = timeout(Duration::from_secs(3600), own_receiver.receive()).await;

    assert!(quiet.is_err(), "the quiet link ended: {quiet:?}");
    sender.send(*b"still here").await.unwrap();
    assert_eq!(receive_exactly(&mut receiver, 10).await, b"still here");
}

#[tokio::test(start_paused = true)]
async fn the_pings_of_all_links_of_a_device_go_and_come_together() {
    let new = || Config::default().with_pulse(Arc::default());
    let here = new();
    let (noted, mut notes) = mpsc::unbounded_channel();
    let mut links = Vec::new();
    // One device, linked with four others, each begun at a time of its own.
    for _ in 0..4 {
        let (near, far) = duplex(PIPE);
        let (near, far) = (Noted(near, noted.clone()), Noted(far, noted.clone()));
        let there = new();
        let link =
            tokio::join!(initiate(near, &here, LinkInfo::LAN), respond(far, &there, LinkInfo::LAN));
        links.push((link.0.unwrap().split(), link.1.unwrap().split()));
        sleep(Duration::from_millis(2_700)).await;
    }
    sleep(Duration::from_secs(60)).await;
    while notes.try_recv().is_ok() {}

    sleep(Duration::from_secs(100)).await;
    let mut pings = 0;
    let mut moments: Vec<Instant> = Vec::new();
    while let Ok(at) = notes.try_recv() {
        pings += 1;
        if moments.last().is_none_or(|last| at > *last + Duration::from_secs(1)) {
            moments.push(at);
        }
    }

    assert!((80..=96).contains(&pings), "both ends of four links in ten seconds, {pings}");
    assert!(moments.len() <= 12, "and one wake-up for all of them, {moments:?}");
    drop(links);
}

/// A stream that notes when something is written.
struct Noted<S>(S, mpsc::UnboundedSender<Instant>);

impl<S: AsyncRead + Unpin> AsyncRead for Noted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Noted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.1.send(Instant::now()).expect("who counts is there");
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_vanishes_is_noticed_within_the_silence_limit() {
    let (left, right, ..) = with_middleman(Fault::HoldAfter(THERE), Fault::HoldAfter(BACK));
    let (left, right) = link_over(left, right).await;
    let began = Instant::now();
    let ((_left_sender, mut left), (_right_sender, mut right)) = (left.split(), right.split());

    let ends = tokio::join!(left.receive(), right.receive());

    assert_eq!(ends, (Err(LinkError::Silent), Err(LinkError::Silent)));
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_only_takes_is_noticed_too() {
    let (left, right, ..) = with_middleman(Fault::None, Fault::HoldAfter(BACK));
    let (left, right) = link_over(left, right).await;
    let ((sender, _left_receiver), (_right_sender, mut right)) = (left.split(), right.split());

    let ended = async {
        loop {
            sleep(Duration::from_secs(1)).await;
            if let Err(error) = sender.send(*b"hello?").await {
                return error;
            }
        }
    };
    let heard = async { while right.receive().await.is_ok() {} };
    let (ended, ()) = tokio::join!(ended, heard);

    assert_eq!(ended, LinkError::Silent);
}

#[tokio::test(start_paused = true)]
async fn an_app_that_is_slow_to_receive_does_not_look_dead() {
    let ((sender, _left_receiver), (_right_sender, mut receiver)) = halves().await;
    let sent = vec![5; 2_000_000];

    let slow = async {
        sleep(Duration::from_secs(100)).await;
        receive_exactly(&mut receiver, sent.len()).await
    };
    let (sending, received) = tokio::join!(sender.send(&sent[..]), slow);

    assert_eq!(sending, Ok(()));
    assert!(received == sent);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_never_takes_stalls_the_link() {
    let ((sender, mut own_receiver), (_right_sender, _never_asked)) = halves().await;

    sender.send(vec![5; 2_000_000]).await.unwrap();

    assert_eq!(own_receiver.receive().await, Err(LinkError::Stalled));
    assert_eq!(sender.send(*b"more").await, Err(LinkError::Stalled));
}

#[tokio::test(start_paused = true)]
async fn a_silent_newcomer_is_late_on_either_end() {
    let config = Config::default().handshake_within(Duration::from_secs(4));
    let began = Instant::now();
    let ((left, _left_keep), (right, _right_keep)) = (duplex(PIPE), duplex(PIPE));

    let (left, right) = tokio::join!(
        initiate(left, &config, LinkInfo::LAN),
        respond(right, &config, LinkInfo::LAN)
    );

    assert_eq!(left.err(), Some(LinkError::Late));
    assert_eq!(right.err(), Some(LinkError::Late));
    assert_eq!(began.elapsed(), Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn an_idle_link_costs_one_ping_each_way_per_interval() {
    let (left, right, there, back) = with_middleman(Fault::None, Fault::None);
    let _ends = link_over(left, right).await;

    sleep(20 * PING_AFTER + PING_AFTER / 2).await;

    let frame = 2 + 1 + 16;
    assert_eq!(there.lock().unwrap().len(), THERE + 20 * frame);
    assert_eq!(back.lock().unwrap().len(), BACK + 20 * frame);
}

#[tokio::test(start_paused = true)]
async fn the_silence_limit_leaves_room_for_pings() {
    let config = Config::default().silent_after(Duration::ZERO);
    let (left, right) = duplex(PIPE);
    let (left, right) = tokio::join!(
        initiate(left, &config, LinkInfo::LAN),
        respond(right, &config, LinkInfo::LAN)
    );
    let ((_left_sender, mut left), (_right_sender, _right)) =
        (left.unwrap().split(), right.unwrap().split());

    let quiet = timeout(Duration::from_secs(600), left.receive()).await;

    assert!(quiet.is_err(), "the quiet link ended: {quiet:?}");
}

#[tokio::test(start_paused = true)]
async fn a_goodbye_does_not_wait_for_ever_for_a_dead_peer() {
    let (left, right, ..) = with_middleman(Fault::HoldAfter(THERE), Fault::HoldAfter(BACK));
    let (left, _right) = link_over(left, right).await;
    let (sender, mut receiver) = left.split();
    let began = Instant::now();

    let closed = sender.close(CloseReason::DONE).await;

    assert_eq!(closed, Ok(()));
    assert_eq!(began.elapsed(), Duration::from_secs(2));
    assert_eq!(receiver.receive().await, Ok(None));
}
