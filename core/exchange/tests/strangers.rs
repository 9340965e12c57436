//! What a peer that lies, floods, stalls or only probes can learn and cost.

mod common;

use common::*;
use proptest::prelude::*;
use teilgeber_entry::codec::Write;
use teilgeber_entry::{DecodeError, SpaceKey};
use teilgeber_exchange::{Error, Event, Fault, Millis, Role, SpaceOffer, limits};

/// A day in 2026, in ms.
const DAY: u64 = 1_790_000_000_000;

const HELLO: u8 = 0x01;
const SPACES: u8 = 0x02;
const ANSWER: u8 = 0x03;
const AUTHOR: u8 = 0x04;
const TURN: u8 = 0x05;
const ENTRIES: u8 = 0x06;
const PAYLOADS: u8 = 0x07;
const ACK: u8 = 0x08;
const STATE: u8 = 0x09;
const WANT: u8 = 0x0a;
const SERVED: u8 = 0x0b;
const QUIET: u8 = 0x0c;
const FAREWELL: u8 = 0x0d;

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    bytes.put_sized(body);
    bytes
}

fn hello(names: &[[u8; 8]]) -> Vec<u8> {
    let mut body = vec![0, 0];
    body.put_varint(names.len() as u64);
    names.iter().for_each(|name| body.put_bytes(name));
    frame(HELLO, &body)
}

/// Two members with equal sets after hello, on link 7.
fn met() -> (Side, Side) {
    let set = set_of(space_key(1).space(), entries(100, 5, DAY));
    let mut a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);
    run(&mut a, &mut b);
    (a, b)
}

fn responder(offers: Vec<SpaceOffer>, link: u8) -> Side {
    let set = set_of(space_key(1).space(), entries(100, 5, DAY));
    Side::new(Role::Responder, set, offers, link)
}

fn initiator(offers: Vec<SpaceOffer>, link: u8) -> Side {
    Side::new(Role::Initiator, MemorySet::default(), offers, link)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn two_who_share_no_space_say_nothing_that_lasts() {
    let dialogue = |link| {
        let mut a = initiator(vec![member(3, 13), courier(4)], link);
        let mut b = responder(vec![member(1, 11), member(2, 12)], link);
        run(&mut a, &mut b);
        assert!(a.exchange.is_quiet() && b.exchange.is_quiet());
        (a.sent[0].clone(), a.sent.iter().chain(&b.sent).flatten().copied().collect::<Vec<u8>>())
    };

    let ((named, all), (named_again, _)) = (dialogue(7), dialogue(8));

    for key in [1, 2, 3, 4].map(space_key) {
        for lasting in [key.space().as_bytes(), key.as_bytes(), key.carry_key().as_bytes()] {
            assert!(!contains(&all, &lasting[..8]));
        }
    }
    for author in [11, 12, 13].map(author_key) {
        assert!(!contains(&all, &author.id().as_bytes()[..8]));
    }
    let head = hello(&[[0; 8]; 8]).len() - 8 * 8;
    for name in named[head..].chunks(8) {
        assert!(!named_again[head..].chunks(8).any(|again| again == name));
    }
    // Beyond the names there are only words that everybody says.
    let answer = [hello(&[]), frame(SPACES, &[0]), frame(QUIET, &[])].concat();
    assert_eq!(all, [named, frame(QUIET, &[]), answer].concat());
}

#[test]
fn the_number_of_spaces_does_not_show_in_hello() {
    let said = |offers| initiator(offers, 7).transmit().unwrap().len();

    assert_eq!(said(vec![]), said((1..=8).map(courier).collect()));
}

#[test]
fn a_name_heard_on_another_link_or_from_the_other_side_meets_no_answer() {
    let carry = space_key(1).carry_key();
    for name in [carry.blinded_name(&[6; 32], 0), carry.blinded_name(&[7; 32], 1)] {
        let mut b = responder(vec![member(1, 12)], 7);

        b.receive(&hello(&[name]));

        assert_eq!(
            b.transmit().unwrap(),
            [hello(&[]), frame(SPACES, &[0]), frame(QUIET, &[])].concat()
        );
        assert!(b.events.is_empty());
    }
}

#[test]
fn a_responder_that_gives_the_names_back_is_cut_off() {
    let (mut a, _) = met_not_yet();
    let said = a.transmit().unwrap();
    let mut spaces = vec![1];
    spaces.put_bytes(&said[said.len() - 8..]);
    spaces.put_u8(0);
    spaces.put_bytes(&[0; 32]);

    a.receive(&[hello(&[]), frame(SPACES, &spaces)].concat());

    assert_eq!(a.fault, Some(Fault::UnknownName));
    assert_eq!(a.transmit().unwrap(), frame(FAREWELL, &[Fault::UnknownName.code()]));
    assert_eq!(a.transmit(), None);
}

fn met_not_yet() -> (Side, Side) {
    let set = set_of(space_key(1).space(), entries(100, 5, DAY));
    let a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    (a, Side::new(Role::Responder, set, vec![member(1, 12)], 7))
}

/// An answer with this proof in the one space.
fn answer(proof: Option<[u8; 32]>) -> Vec<u8> {
    let mut body = vec![1, u8::from(proof.is_some())];
    proof.iter().for_each(|proof| body.put_bytes(proof));
    body.put_bytes(&[0; 32]);
    frame(ANSWER, &body)
}

#[test]
fn a_proof_that_does_not_hold_or_was_this_sides_own_costs_the_link() {
    let key: SpaceKey = space_key(1);
    let name = key.carry_key().blinded_name(&[7; 32], 0);
    for proof in [[9; 32], key.prove(&[7; 32], 1), key.prove(&[6; 32], 0)] {
        let mut b = responder(vec![member(1, 12)], 7);

        b.receive(&[hello(&[name]), answer(Some(proof))].concat());

        assert_eq!(b.fault, Some(Fault::BadProof));
    }
}

#[test]
fn who_proves_no_key_is_shown_no_author() {
    let name = space_key(1).carry_key().blinded_name(&[7; 32], 0);
    let mut b = responder(vec![member(1, 12)], 7);

    b.receive(&[hello(&[name]), answer(None)].concat());
    while b.transmit().is_some() {}

    let said = b.sent.concat();
    assert!(!contains(&said, author_key(12).id().as_bytes()));
    assert!(matches!(b.events[0], Event::Met { peer_is_member: false, .. }));
}

#[test]
fn an_author_from_who_proves_no_key_is_refused() {
    let name = space_key(1).carry_key().blinded_name(&[7; 32], 0);
    let mut b = responder(vec![member(1, 12)], 7);

    b.receive(&[hello(&[name]), answer(None), author(13, &[7; 32])].concat());

    assert_eq!(b.fault, Some(Fault::OutOfTurn { frame: "author" }));
}

fn author(n: u8, handshake_hash: &[u8; 32]) -> Vec<u8> {
    let mut body = vec![0];
    body.put_bytes(author_key(n).id().as_bytes());
    body.put_bytes(&author_key(n).show_on_link(handshake_hash).0);
    frame(AUTHOR, &body)
}

#[test]
fn an_author_of_another_link_or_given_back_is_refused() {
    for bytes in [author(12, &[6; 32]), author(11, &[7; 32])] {
        let mut a = initiator(vec![member(1, 11)], 7);
        let mut b = responder(vec![SpaceOffer::member(space_key(1), None)], 7);
        run(&mut a, &mut b);

        a.receive(&bytes);

        assert_eq!(a.fault, Some(Fault::BadAuthor));
    }
}

#[test]
fn an_author_is_shown_once() {
    let (mut a, _) = met();

    a.receive(&author(12, &[7; 32]));

    assert_eq!(a.fault, Some(Fault::OutOfTurn { frame: "author" }));
}

#[test]
fn each_lie_has_its_fault_and_the_liar_is_told() {
    let fingerprint = [3; 32];
    let ask =
        |count: u8| [&[0, 1, 0, 3 + 4 * 49, count], vec![255; count.into()].as_slice()].concat();
    let out_of_turn = |frame| Fault::OutOfTurn { frame };
    let malformed = |field| Fault::Malformed(DecodeError::Invalid { field });
    let cases = [
        (hello(&[]), out_of_turn("hello")),
        (frame(SPACES, &[0]), out_of_turn("spaces")),
        (frame(ANSWER, &[0]), out_of_turn("answer")),
        (frame(ENTRIES, &[1, 9]), out_of_turn("window")),
        (frame(PAYLOADS, &[0, 9]), out_of_turn("payloads")),
        (frame(ACK, &[&[0, 1], &fingerprint[..]].concat()), out_of_turn("ack")),
        (frame(SERVED, &[0]), out_of_turn("served")),
        (frame(WANT, &[0, 0]).repeat(2), out_of_turn("want")),
        (frame(TURN, &[0, 2, 0, 4 * 49]), out_of_turn("turn")),
        (frame(TURN, &[0, 1, 1, 4 * 49]), out_of_turn("turn")),
        (frame(TURN, &ask(3)), out_of_turn("turn")),
        (frame(TURN, &[0, 1, 0, 4 * 48, 0]), malformed("range bound")),
        (frame(TURN, &[0, 1, 0, 4 * 63]), malformed("range bound")),
        (vec![0x0e, 0], Fault::UnknownFrame { kind: 0x0e }),
        (vec![0x00, 0], Fault::UnknownFrame { kind: 0 }),
        (frame(FAREWELL, &[7]), Fault::Farewell { code: 7, version: None }),
        (frame(FAREWELL, &[1, 9, 9]), Fault::Farewell { code: 1, version: Some(9) }),
    ];
    for (bytes, fault) in cases {
        let (_, mut b) = met();

        b.receive(&bytes);

        assert_eq!(b.fault, Some(fault.clone()));
        let told = match fault {
            Fault::Farewell { .. } => None,
            fault => Some(frame(FAREWELL, &[fault.code()])),
        };
        assert_eq!(b.transmit(), told);
        let again = b.exchange.handle_bytes(&[], &b.set, Millis(0));
        assert!(matches!(again, Err(Error::Peer(_))));
    }
}

#[test]
fn a_frame_longer_than_its_kind_allows_is_refused_before_it_is_kept() {
    for (kind, max) in
        [(ENTRIES, limits::WINDOW_FRAME_MAX as u64), (HELLO, 16 * 1024), (0x90, 16 * 1024)]
    {
        let (mut a, _) = met();
        let mut head = vec![kind];
        head.put_varint(max + 1);

        a.receive(&head);

        let beyond = DecodeError::Beyond { field: "frame length", value: max + 1, max };
        assert_eq!(a.fault, Some(Fault::Malformed(beyond)));
    }
}

#[test]
fn windows_beyond_the_bound_are_a_flood() {
    let (mut a, _) = met();
    a.stores_late = true;

    for _ in 0..limits::WINDOWS_MAX {
        a.receive(&frame(ENTRIES, &[0, 1, 2]));
        assert_eq!(a.fault, None);
    }
    a.receive(&frame(ENTRIES, &[0, 1, 2]));

    assert_eq!(a.fault, Some(Fault::Flood));
}

#[test]
fn too_many_refused_entries_cost_the_link() {
    let (mut a, _) = met();

    for _ in 0..limits::REFUSED_MAX {
        a.receive(&frame(ENTRIES, &[0, 1, 2]));
        assert_eq!(a.fault, None);
    }
    a.receive(&frame(ENTRIES, &[0, 1, 2]));

    assert_eq!(a.fault, Some(Fault::Refused { count: limits::REFUSED_MAX + 1 }));
}

/// A turn that has nothing to say.
fn closing_turn(pass: u32, turn: u8) -> Vec<u8> {
    let mut body = vec![0];
    body.put_varint(pass.into());
    body.put_bytes(&[turn, 4 * 49]);
    frame(TURN, &body)
}

#[test]
fn a_peer_that_begins_pass_after_pass_comes_to_an_end() {
    let (_, mut b) = met();

    for pass in 1..=limits::PASSES_MAX {
        b.receive(&closing_turn(pass, 0));
        while b.transmit().is_some() {}
        assert_eq!(b.fault, None);
    }
    b.receive(&closing_turn(limits::PASSES_MAX + 1, 0));

    assert_eq!(b.fault, Some(Fault::Endless));
}

#[test]
fn a_peer_that_asks_turn_after_turn_comes_to_an_end() {
    let (_, mut b) = met();

    for turn in (0..=limits::TURNS_MAX).step_by(2) {
        b.receive(&frame(TURN, &[0, 1, turn as u8, 1 + 4 * 49, 0, 0, 0, 0, 0, 1 + turn as u8]));
        while b.transmit().is_some() {}
    }

    assert_eq!(b.fault, Some(Fault::Endless));
}

#[test]
fn an_answer_to_a_turn_is_bounded_however_much_there_is() {
    let set = set_of(space_key(1).space(), entries(20_000, 5, DAY));
    let mut a = Side::new(Role::Initiator, set.clone(), vec![member(1, 11)], 7);
    let mut b = Side::new(Role::Responder, set, vec![member(1, 12)], 7);
    run(&mut a, &mut b);
    let (mut asked, mut answered, mut turns) = (0, 0, 0);

    for turn in (0..limits::TURNS_MAX).step_by(2) {
        let ask = frame(TURN, &[0, 1, turn as u8, 1 + 4 * 49, 0, 0, 0, 0, 0, 1 + turn as u8]);
        asked += ask.len();
        b.receive(&ask);
        while let Some(said) = b.transmit() {
            turns += usize::from(said[0] == TURN);
            answered += said.len();
        }
    }

    assert!(turns > 0 && asked < answered, "{asked} bytes asked for {answered}");
    assert!(answered <= turns * (limits::TURN_BYTES_MAX + 32), "{answered} bytes in {turns}");
}

#[test]
fn what_one_hides_comes_from_whoever_else_has_it() {
    let space = space_key(1).space();
    let all = || set_of(space, entries(100, 5, DAY));
    let hidden = set_of(space, entries(100, 5, DAY).filter(|entry| entry.author != 3));
    let mut bob = MemorySet::default();

    for (link, theirs, known) in [(7, hidden, 80), (8, all(), 100)] {
        let mut them = Side::new(Role::Initiator, theirs, vec![member(1, 11)], link);
        let mut me = Side::new(Role::Responder, bob, vec![member(1, 12)], link);
        run(&mut them, &mut me);
        assert_eq!(me.fault, None);
        bob = me.set;
        assert_eq!(bob.ids(&space).len(), known);
    }

    assert_eq!(bob.ids(&space), all().ids(&space));
}

#[test]
fn a_peer_with_always_another_fingerprint_is_given_up() {
    let (mut a, _) = met();
    let mut passes = 0;

    for n in 1..=limits::PASSES_MAX + 10 {
        let fingerprint = blake3::hash(&n.to_be_bytes());
        a.receive(&frame(STATE, &[&[0, 0], fingerprint.as_bytes().as_slice()].concat()));
        while let Some(said) = a.transmit() {
            if said[0] == TURN {
                passes += 1;
                a.receive(&closing_turn(n, 1));
            }
        }
    }

    assert_eq!(passes, limits::PASSES_MAX);
    assert_eq!(a.fault, None);
    assert!(a.events.iter().any(|event| matches!(event, Event::Unequal { .. })));
}

#[test]
fn a_silent_peer_stalls_and_one_that_shows_life_does_not() {
    let (mut a, mut b) = met_not_yet();
    let deadline = Millis(limits::STALL_MS);
    a.transmit();

    assert_eq!(a.exchange.poll_timeout(), Some(deadline));
    assert_eq!(a.exchange.handle_time(Millis(limits::STALL_MS - 1)), Ok(()));
    assert_eq!(a.exchange.handle_time(deadline), Err(Fault::Stalled));
    assert_eq!(a.exchange.poll_timeout(), None);

    let (mut c, _) = met_not_yet();
    run(&mut c, &mut b);
    assert_eq!(c.exchange.poll_timeout(), None);
}

#[test]
fn one_byte_at_a_time_is_no_sign_of_life() {
    let (mut a, _) = met();
    let mut head = vec![ENTRIES];
    head.put_varint(100_000);
    a.receive(&head);

    for n in 0..100 {
        a.exchange.handle_bytes(&[0], &a.set, Millis(n * 2000)).unwrap();
    }

    assert_eq!(a.exchange.handle_time(Millis(200_000)), Err(Fault::Stalled));
}

#[test]
fn this_side_being_slow_to_store_is_not_the_peers_fault() {
    let (mut a, _) = met();
    a.stores_late = true;

    a.receive(&frame(ENTRIES, &[0, 1, 2]));

    assert_eq!(a.exchange.poll_timeout(), None);
}

#[test]
fn another_version_is_told_apart_whatever_follows() {
    let mut b = responder(vec![member(1, 12)], 7);

    b.receive(&frame(HELLO, &[1, 200, 200, 200]));

    assert_eq!(b.fault, Some(Fault::Version { theirs: 1 }));
    assert_eq!(b.transmit(), Some(frame(FAREWELL, &[1, 0])));
}

#[test]
fn newer_words_of_the_same_version_are_passed_over() {
    let name = space_key(1).carry_key().blinded_name(&[7; 32], 0);
    let mut body = vec![0, 0x7f, 1];
    body.put_bytes(&name);
    body.put_bytes(b"more");
    let mut b = responder(vec![member(1, 12)], 7);

    b.receive(&[frame(HELLO, &body), frame(0x81, b"?"), answer(None), frame(0xff, &[])].concat());

    assert_eq!(b.fault, None);
    assert!(matches!(b.events[0], Event::Met { .. }));
}

/// One frame of any kind with a body that is often nearly right.
fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let kind = prop_oneof![9 => 1_u8..=0x0c, 1 => any::<u8>()];
    let small =
        prop::collection::vec(prop_oneof![Just(0_u8), Just(1), Just(197), any::<u8>()], 0..50);
    (kind, prop_oneof![Just(vec![0]), Just(vec![0, 1]), Just(vec![])], small)
        .prop_map(|(kind, head, tail)| frame(kind, &[head, tail].concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_bytes_are_taken_or_refused(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..5)) {
        for mut side in [met().0, met().1, responder(vec![member(1, 12)], 7)] {
            for chunk in &chunks {
                side.receive(chunk);
                while side.transmit().is_some() {}
            }
        }
    }

    #[test]
    fn any_frames_are_taken_or_refused(frames in prop::collection::vec(any_frame(), 0..20)) {
        for mut side in [met().0, met().1] {
            for frame in &frames {
                side.receive(frame);
                for _ in 0..100 {
                    if side.transmit().is_none() {
                        break;
                    }
                }
                prop_assert_eq!(side.transmit(), None);
            }
        }
    }

    #[test]
    fn a_dialogue_with_bytes_altered_ends_and_harms_nobody(
        alterations in prop::collection::vec((0_usize..4000, any::<u8>()), 1..4),
        chance: u64,
    ) {
        let space = space_key(1).space();
        let a_set = set_of(space, entries(60, 5, DAY));
        let b_set = set_of(space, entries(90, 5, DAY).skip(30));
        let mut a = Side::new(Role::Initiator, a_set, vec![member(1, 11)], 7);
        let mut b = Side::new(Role::Responder, b_set, vec![member(1, 12)], 7);
        let mut chance = Chance::new(chance);
        let mut passed = 0;

        for _ in 0..200 {
            for to_b in [true, false] {
                let (from, to) = if to_b { (&mut a, &mut b) } else { (&mut b, &mut a) };
                while let Some(mut chunk) = from.transmit() {
                    for (at, byte) in &alterations {
                        if let Some(place) = at.checked_sub(passed).and_then(|at| chunk.get_mut(at)) {
                            *place ^= byte;
                        }
                    }
                    passed += chunk.len();
                    let middle = chance.below(chunk.len());
                    to.receive(&chunk[..middle]);
                    to.receive(&chunk[middle..]);
                }
            }
        }

        prop_assert_eq!((a.transmit(), b.transmit()), (None, None));
        for side in [&a, &b] {
            prop_assert!(side.set.ids(&space).len() <= 90);
        }
    }
}
