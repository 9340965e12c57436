//! The golden bytes in `vectors/link-0.txt`: what must never change within a version.

use std::fmt::Write;

use teilgeber_entry::Signature;

use crate::error::CloseReason;
use crate::frame::{Frame, PREFIX_LEN, sealed_len};
use crate::handshake::{Ephemeral, Initiator, PREAMBLE, Secured, answer};

const GOLDEN: &str = include_str!("../vectors/link-0.txt");

const INITIATOR_SECRET: [u8; 32] = [0x11; 32];
const RESPONDER_SECRET: [u8; 32] = [0x22; 32];

const INITIATOR_SAYS: &[Frame<'_>] = &[
    Frame::Data("Wer gibt einen Teil?".as_bytes()),
    Frame::Ping,
    Frame::Data(&[0xa5; 300]),
    Frame::Ask([0x33; 32]),
    Frame::Close(CloseReason::DONE),
];
const RESPONDER_SAYS: &[Frame<'_>] = &[
    Frame::Data("Ich.".as_bytes()),
    Frame::Proof(Signature([0x44; 64])),
    Frame::Close(CloseReason::BUSY),
];

#[test]
fn fixed_keys_and_a_fixed_exchange_give_the_golden_bytes() {
    let (first, second, mut initiator, mut responder) = fixed_handshake();

    let mut text = String::from(HEAD);
    put(&mut text, "initiator.ephemeral_secret", &INITIATOR_SECRET);
    put(&mut text, "responder.ephemeral_secret", &RESPONDER_SECRET);
    put(&mut text, "initiator.first_bytes", &first);
    put(&mut text, "responder.first_bytes", &second);
    put(&mut text, "handshake_hash", &initiator.hash);
    put_frames(&mut text, "initiator", &mut initiator, INITIATOR_SAYS);
    put_frames(&mut text, "responder", &mut responder, RESPONDER_SAYS);

    assert_eq!(text, GOLDEN, "the bytes of a link changed; they now are:\n{text}");
}

#[test]
fn the_golden_frames_open_at_the_other_end() {
    let (_, _, mut initiator, mut responder) = fixed_handshake();

    for (from, to, said) in [
        ("initiator", &mut responder, INITIATOR_SAYS),
        ("responder", &mut initiator, RESPONDER_SAYS),
    ] {
        for (number, frame) in said.iter().enumerate() {
            let wire = golden(&format!("{from}.frame_{number}.wire"));
            let (prefix, sealed) = wire.split_at(PREFIX_LEN);

            assert_eq!(sealed_len(prefix.try_into().unwrap()), Ok(sealed.len()));
            assert_eq!(to.opener.open(sealed), Ok(*frame));
        }
    }
}

const HEAD: &str = "\
# Golden bytes of the link, version 0: Noise_NN_25519_ChaChaPoly_SHA256.
# name = hexadecimal bytes. Frames are numbered as they are sent in each direction.
";

fn fixed_handshake() -> (Vec<u8>, Vec<u8>, Secured, Secured) {
    let (initiator, first) = Initiator::start(&Ephemeral::Fixed(INITIATOR_SECRET)).unwrap();
    let (second, responder) = answer(&first, &Ephemeral::Fixed(RESPONDER_SECRET)).unwrap();
    let initiator = initiator.finish(&second).unwrap();
    assert_eq!(initiator.hash, responder.hash);
    ([&PREAMBLE[..], &first].concat(), [&PREAMBLE[..], &second].concat(), initiator, responder)
}

fn put_frames(text: &mut String, from: &str, end: &mut Secured, frames: &[Frame<'_>]) {
    for (number, frame) in frames.iter().enumerate() {
        let plaintext = match frame {
            Frame::Data(body) => [&[0], *body].concat(),
            Frame::Ping => vec![1],
            Frame::Close(reason) => vec![2, reason.code()],
            Frame::Ask(host) => [&[3], &host[..]].concat(),
            Frame::Proof(signature) => [&[4], &signature.0[..]].concat(),
        };
        let mut wire = Vec::new();
        end.sealer.seal(*frame, &mut wire);
        put(text, &format!("{from}.frame_{number}.plaintext"), &plaintext);
        put(text, &format!("{from}.frame_{number}.wire"), &wire);
    }
}

fn put(text: &mut String, name: &str, bytes: &[u8]) {
    write!(text, "{name} = ").unwrap();
    for byte in bytes {
        write!(text, "{byte:02x}").unwrap();
    }
    text.push('\n');
}

fn golden(name: &str) -> Vec<u8> {
    let line = GOLDEN.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
    let digits = line.expect("the vector file has this name");
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}
