//! What strangers, and those in the middle, can do: end this link, and learn nothing lasting.

use std::collections::HashSet;
use std::io::ErrorKind;

use proptest::prelude::*;
use teilgeber_link::{CloseReason, Config, LinkError, LinkInfo, VERSION, initiate, respond};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use crate::support::{Fault, PIPE, link_over, receive_all, try_link_over, with_middleman};

/// Bytes of the two handshake messages, clear bytes included.
const THERE: usize = 37;
const BACK: usize = 53;

#[tokio::test]
async fn a_handshake_cut_at_any_byte_there_ends_both_sides() {
    for place in 0..THERE {
        let (left, right, ..) = with_middleman(Fault::CutAfter(place), Fault::None);

        let (left, right) = try_link_over(left, right).await;

        assert!(matches!(left.err(), Some(LinkError::Cut(_))), "initiator, cut after {place}");
        assert_eq!(right.err(), Some(LinkError::Cut(ErrorKind::UnexpectedEof)), "after {place}");
    }
}

#[tokio::test]
async fn a_handshake_cut_at_any_byte_back_ends_both_sides() {
    for place in 0..BACK {
        let (left, right, ..) = with_middleman(Fault::None, Fault::CutAfter(place));

        let (left, right) = try_link_over(left, right).await;

        assert_eq!(left.err(), Some(LinkError::Cut(ErrorKind::UnexpectedEof)), "after {place}");
        let (_sender, mut receiver) = right.expect("the responder has answered").split();
        assert!(matches!(receiver.receive().await, Err(LinkError::Cut(_))));
    }
}

#[tokio::test]
async fn no_altered_handshake_becomes_a_link() {
    for place in 0..THERE + BACK {
        let (there, back) = match place.checked_sub(THERE) {
            None => (Fault::FlipAt(place), Fault::None),
            Some(place) => (Fault::None, Fault::FlipAt(place)),
        };
        let (left, right, ..) = with_middleman(there, back);

        let (left, right) = try_link_over(left, right).await;

        let error = left.err().unwrap_or_else(|| panic!("linked over a flip at {place}"));
        match place {
            0..5 => {
                assert!(right.is_err(), "the responder answered clear bytes altered at {place}");
            }
            37..41 => assert_eq!(error, LinkError::Foreign),
            41 => assert_eq!(error, LinkError::OtherVersion { theirs: VERSION ^ 1 }),
            _ => assert_eq!(error, LinkError::Tampered),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_byte_altered_anywhere_in_a_frame_ends_the_link_and_delivers_nothing_wrong() {
    let frame = 2 + 1 + 100 + 16;
    for place in 0..frame {
        let fault = Fault::FlipAt(THERE + frame + place);
        let (left, right, ..) = with_middleman(fault, Fault::None);
        let (left, right) = link_over(left, right).await;
        let ((sender, _left_receiver), (_right_sender, mut receiver)) =
            (left.split(), right.split());

        sender.send([1; 100]).await.unwrap();
        assert_eq!(receiver.receive().await, Ok(Some(vec![1; 100])));
        sender.send([2; 100]).await.unwrap();
        let (received, end) = receive_all(&mut receiver).await;

        assert!(received.is_empty(), "something altered at {place} was delivered");
        // A length that has grown is waited for, and pings alone do not fill it.
        let expected = if place == 0 { LinkError::Silent } else { LinkError::Tampered };
        assert_eq!(end, Err(expected), "altered at {place}");
    }
}

#[tokio::test]
async fn an_altered_link_leaves_another_one_alone() {
    let (left, right, ..) = with_middleman(Fault::FlipAt(THERE + 20), Fault::None);
    let (hurt_left, hurt_right) = link_over(left, right).await;
    let (left, right) = duplex(PIPE);
    let (left, right) = link_over(left, right).await;
    let ((hurt_sender, _hurt_keep), (_hurt_sender, mut hurt)) =
        (hurt_left.split(), hurt_right.split());
    let ((sender, _left_receiver), (_right_sender, mut receiver)) = (left.split(), right.split());

    hurt_sender.send([1; 100]).await.unwrap();
    assert_eq!(hurt.receive().await, Err(LinkError::Tampered));
    sender.send([1; 100]).await.unwrap();

    assert_eq!(receiver.receive().await, Ok(Some(vec![1; 100])));
}

#[tokio::test]
async fn frames_of_another_link_do_not_open() {
    let (left, right, there, _) = with_middleman(Fault::None, Fault::None);
    let (left, right) = link_over(left, right).await;
    let ((sender, _left_receiver), (_right_sender, mut receiver)) = (left.split(), right.split());
    sender.send([1; 100]).await.unwrap();
    receiver.receive().await.unwrap();
    let recorded = there.lock().unwrap().clone();

    let (mut replaying, stream) = duplex(PIPE);
    replaying.write_all(&recorded).await.unwrap();
    let replayed = respond(stream, &Config::default(), LinkInfo::LAN).await.unwrap();
    let (_sender, mut receiver) = replayed.split();

    assert_eq!(receiver.receive().await, Err(LinkError::Tampered));
}

#[tokio::test]
async fn a_responder_tells_another_version_its_own() {
    let (mut newer, stream) = duplex(PIPE);
    let mut hello = [7; 100];
    hello[..5].copy_from_slice(&[b'T', b'L', b'G', b'B', 9]);
    let newer = async {
        newer.write_all(&hello).await.unwrap();
        let mut told = [0; 5];
        newer.read_exact(&mut told).await.unwrap();
        told
    };
    let config = Config::default();

    let (answered, told) = tokio::join!(respond(stream, &config, LinkInfo::LAN), newer);

    assert_eq!(answered.err(), Some(LinkError::OtherVersion { theirs: 9 }));
    assert_eq!(told, [b'T', b'L', b'G', b'B', VERSION]);
}

#[tokio::test]
async fn an_initiator_learns_the_version_of_a_responder() {
    let (mut newer, stream) = duplex(PIPE);
    newer.write_all(b"TLGB\x09").await.unwrap();

    let linked = initiate(stream, &Config::default(), LinkInfo::LAN).await;

    assert_eq!(linked.err(), Some(LinkError::OtherVersion { theirs: 9 }));
}

#[tokio::test]
async fn a_foreign_prober_is_told_nothing() {
    let (mut prober, stream) = duplex(PIPE);
    prober.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();

    let answered = respond(stream, &Config::default(), LinkInfo::LAN).await;

    assert_eq!(answered.err(), Some(LinkError::Foreign));
    let mut told = Vec::new();
    prober.read_to_end(&mut told).await.unwrap();
    assert_eq!(told, b"");
}

#[tokio::test]
async fn two_handshakes_of_the_same_devices_share_no_bytes_but_the_clear_ones() {
    const RUN: usize = 16;
    let mut runs = HashSet::new();

    for _ in 0..50 {
        let (left, right, there, back) = with_middleman(Fault::None, Fault::None);
        let (left, right) = link_over(left, right).await;
        let (sender, _keep) = left.split();
        let (_keep, mut receiver) = right.split();
        sender.send([0; 200]).await.unwrap();
        sender.close(CloseReason::DONE).await.unwrap();
        assert_eq!(receive_all(&mut receiver).await, (vec![0; 200], Ok(())));

        let (there, back) = (there.lock().unwrap().clone(), back.lock().unwrap().clone());
        assert!(there.len() > THERE + 200 && back.len() >= BACK);
        for run in there[5..].windows(RUN).chain(back[5..].windows(RUN)) {
            assert!(runs.insert(run.to_vec()), "16 bytes were seen twice: {run:02x?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn garbage_never_becomes_a_link(garbage in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (answered, linked) = paused(async {
            let (mut stranger, stream) = duplex(PIPE);
            stranger.write_all(&garbage).await.unwrap();
            stranger.shutdown().await.unwrap();
            let answered = respond(stream, &Config::default(), LinkInfo::LAN).await;
            let (mut stranger, stream) = duplex(PIPE);
            stranger.write_all(&garbage).await.unwrap();
            stranger.shutdown().await.unwrap();
            (answered, initiate(stream, &Config::default(), LinkInfo::LAN).await)
        });
        prop_assert!(matches!(answered.err(), Some(LinkError::Foreign | LinkError::Cut(_))));
        prop_assert!(matches!(linked.err(), Some(LinkError::Foreign | LinkError::Cut(_))));
    }

    #[test]
    fn garbage_behind_the_right_clear_bytes_is_no_answer(
        garbage in proptest::collection::vec(any::<u8>(), 48..200),
    ) {
        let linked = paused(async {
            let (mut stranger, stream) = duplex(PIPE);
            stranger.write_all(&[b'T', b'L', b'G', b'B', VERSION]).await.unwrap();
            stranger.write_all(&garbage).await.unwrap();
            initiate(stream, &Config::default(), LinkInfo::LAN).await
        });
        prop_assert_eq!(linked.err(), Some(LinkError::Tampered));
    }

    #[test]
    fn garbage_after_a_handshake_delivers_nothing(
        first in proptest::collection::vec(any::<u8>(), 32),
        garbage in proptest::collection::vec(any::<u8>(), 0..2000),
    ) {
        let (received, end) = paused(async {
            let (mut stranger, stream) = duplex(PIPE);
            stranger.write_all(&[b'T', b'L', b'G', b'B', VERSION]).await.unwrap();
            stranger.write_all(&first).await.unwrap();
            stranger.write_all(&garbage).await.unwrap();
            stranger.shutdown().await.unwrap();
            let link = respond(stream, &Config::default(), LinkInfo::LAN).await.unwrap();
            let (_sender, mut receiver) = link.split();
            receive_all(&mut receiver).await
        });
        prop_assert!(received.is_empty());
        prop_assert!(matches!(end, Err(LinkError::Tampered | LinkError::Cut(_))));
    }
}

/// Runs `future` where waiting costs no time.
fn paused<T>(future: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().expect("a runtime").block_on(future)
}
