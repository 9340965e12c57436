//! The stream of bytes: in order, whole, in any pieces, and closed in peace.

use std::num::NonZeroUsize;
use std::time::Duration;

use proptest::prelude::*;
use teilgeber_link::{
    CloseReason, Config, Cost, LinkError, LinkInfo, LinkKind, Role, initiate, respond,
};
use tokio::io::duplex;
use tokio::time::timeout;

use crate::support::{Choppy, Noting, PIPE, halves, link_over, receive_all, receive_exactly};

#[tokio::test]
async fn both_ends_see_one_handshake_hash_and_two_roles() {
    let (left, right) = duplex(PIPE);

    let (left, right) = link_over(left, right).await;

    assert_eq!(left.handshake_hash(), right.handshake_hash());
    assert_eq!((left.role(), right.role()), (Role::Initiator, Role::Responder));
}

#[tokio::test]
async fn megabytes_cross_in_both_directions_at_once() {
    let ((left_sender, mut left_receiver), (right_sender, mut right_receiver)) = halves().await;
    let there: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let back: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 241) as u8).collect();

    let (sent_there, sent_back, received_there, received_back) = tokio::join!(
        left_sender.send(there.clone()),
        right_sender.send(back.clone()),
        receive_exactly(&mut right_receiver, there.len()),
        receive_exactly(&mut left_receiver, back.len()),
    );

    assert_eq!((sent_there, sent_back), (Ok(()), Ok(())));
    assert!(received_there == there && received_back == back);
}

#[tokio::test]
async fn what_was_sent_before_a_goodbye_arrives_before_it() {
    let ((sender, _left_receiver), (_right_sender, mut receiver)) = halves().await;
    let sent = vec![7; 500_000];

    sender.send(&sent[..]).await.unwrap();
    let (closed, (received, end)) =
        tokio::join!(sender.close(CloseReason::DONE), receive_all(&mut receiver));

    assert_eq!((closed, end), (Ok(()), Ok(())));
    assert!(received == sent);
}

#[tokio::test]
async fn a_reason_reaches_both_halves_of_the_other_end() {
    let ((left, _left_receiver), (right, mut receiver)) = halves().await;
    let reason = CloseReason::from_code(CloseReason::FIRST_OF_APPLICATION + 4);

    left.close(reason).await.unwrap();

    assert_eq!(receiver.receive().await, Err(LinkError::Closed(reason)));
    assert_eq!(right.send(*b"too late").await, Err(LinkError::Closed(reason)));
}

#[tokio::test]
async fn after_a_peaceful_end_nothing_more_can_be_sent() {
    let ((left, _left_receiver), (right, mut receiver)) = halves().await;

    left.close(CloseReason::DONE).await.unwrap();

    assert_eq!(receiver.receive().await, Ok(None));
    assert_eq!(right.send(*b"too late").await, Err(LinkError::Closed(CloseReason::DONE)));
    assert_eq!(right.close(CloseReason::DONE).await, Ok(()));
}

#[tokio::test]
async fn both_ends_may_close_at_once() {
    let ((left, _left_receiver), (right, _right_receiver)) = halves().await;

    let closed = tokio::join!(left.close(CloseReason::DONE), right.close(CloseReason::DONE));

    assert_eq!(closed, (Ok(()), Ok(())));
}

#[tokio::test]
async fn a_dropped_sender_ends_the_link_without_a_goodbye() {
    let ((sender, mut own_receiver), (_right_sender, mut receiver)) = halves().await;

    sender.send(*b"last words").await.unwrap();
    drop(sender);

    let (received, end) = receive_all(&mut receiver).await;
    assert_eq!(received, b"last words");
    assert_eq!(end, Err(LinkError::Cut(std::io::ErrorKind::UnexpectedEof)));
    assert_eq!(own_receiver.receive().await, Ok(None));
}

#[tokio::test]
async fn a_dropped_receiver_does_not_hinder_sending() {
    let ((left, left_receiver), (right, mut right_receiver)) = halves().await;
    drop(left_receiver);

    right.send(vec![1; 1_000_000]).await.unwrap();
    left.send(*b"still here").await.unwrap();

    assert_eq!(receive_exactly(&mut right_receiver, 10).await, b"still here");
}

#[tokio::test]
async fn a_send_that_was_given_up_sent_all_or_nothing() {
    let ((sender, _left_receiver), (_right_sender, mut receiver)) = halves().await;
    let buffer = [9; 100_000];

    let mut sent = 0;
    for _ in 0..20 {
        let patience = Duration::from_millis(1);
        sent += usize::from(timeout(patience, sender.send(buffer)).await.is_ok());
    }
    let (_closed, (received, _end)) =
        tokio::join!(sender.close(CloseReason::DONE), receive_all(&mut receiver));

    assert!(sent < 20, "the queue never filled");
    assert_eq!(received.len(), sent * buffer.len());
}

#[tokio::test]
async fn no_write_is_longer_than_the_mtu() {
    let mtu = NonZeroUsize::new(20).unwrap();
    let info = LinkInfo { kind: LinkKind::Nearby, mtu: Some(mtu), cost: Cost::Free };
    let (left, right) = duplex(PIPE);
    let ((left, left_writes), (right, right_writes)) = (Noting::new(left), Noting::new(right));
    let config = Config::default();

    let (left, right) = tokio::join!(initiate(left, &config, info), respond(right, &config, info));
    let ((sender, _left_receiver), (_right_sender, mut receiver)) =
        (left.unwrap().split(), right.unwrap().split());
    sender.send([3; 40_000]).await.unwrap();
    receive_exactly(&mut receiver, 40_000).await;

    for writes in [left_writes, right_writes] {
        let longest = writes.lock().unwrap().iter().copied().max();
        assert_eq!(longest, Some(mtu.get()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_cutting_of_the_transport_gives_the_same_bytes(
        sent in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40_000), 1..6),
        left_sizes in sizes(),
        right_sizes in sizes(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let received = runtime.block_on(async {
            let (left, right) = duplex(4096);
            let (left, right) =
                link_over(Choppy::new(left, left_sizes), Choppy::new(right, right_sizes)).await;
            let ((sender, _left_receiver), (_right_sender, mut receiver)) =
                (left.split(), right.split());
            let sending = async {
                for bytes in &sent {
                    sender.send(bytes.clone()).await.unwrap();
                }
                sender.close(CloseReason::DONE).await
            };
            let (closed, (received, end)) = tokio::join!(sending, receive_all(&mut receiver));
            assert_eq!((closed, end), (Ok(()), Ok(())));
            received
        });
        prop_assert!(received == sent.concat());
    }
}

/// Sizes of pieces, with pauses among them.
fn sizes() -> impl Strategy<Value = Vec<usize>> {
    let size = prop_oneof![1 => Just(0_usize), 2 => 1_usize..8, 4 => 8_usize..3000];
    proptest::collection::vec(size, 1..12)
        .prop_filter("some piece must pass", |sizes| sizes.iter().any(|size| *size > 0))
}
