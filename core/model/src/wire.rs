//! The canonical CBOR form (RFC 8949) of values that travel: one value, one form.
//!
//! A value that travels is a map with small integer keys in ascending order; a field that is unset
//! is left out. Reading is strict where it must be and open where it can be:
//!
//! ```text
//! 1 byte    0xa0 + number of pairs, at most 23
//! pairs     keys that this version knows, byte for byte as it would write them
//! pairs     higher keys that a newer version may add, ascending, skipped
//! ```
//!
//! So whoever adds a field gives it the next key; what is nested inside a known key never changes.
//! A second form of a known value is refused, because signatures and comparison see bytes.

use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// Why bytes were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WireError {
    /// More bytes than such a value may have.
    #[error("more than {max} bytes")]
    TooLarge {
        /// The most bytes that are allowed.
        max: usize,
    },
    /// Not CBOR, or not such a value, or one that breaks its rules.
    #[error("not such a value")]
    Malformed,
    /// Such a value, but written in another way than the one way.
    #[error("not in canonical form")]
    NotCanonical,
}

/// The one form of `value`.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing to memory does not fail")
}

/// Reads a value that fills all of `bytes` in its one form.
pub(crate) fn decode<T>(bytes: &[u8], max: usize) -> Result<T, WireError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let value = read(bytes, max)?;
    if encode(&value) == bytes { Ok(value) } else { Err(WireError::NotCanonical) }
}

/// Reads a map whose keys below `keys` this version knows, and skips higher ones.
pub(crate) fn decode_map<T>(bytes: &[u8], max: usize, keys: u32) -> Result<T, WireError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    let value = read(bytes, max)?;
    let known = encode(&value);
    let (pairs, body) = split_map(bytes)?;
    let (known_pairs, known_body) = split_map(&known)?;
    let rest = body.strip_prefix(known_body).ok_or(WireError::NotCanonical)?;
    let more = pairs.checked_sub(known_pairs).ok_or(WireError::NotCanonical)?;
    skip_pairs(rest, more, keys)?;
    Ok(value)
}

/// Of the map `latest` those pairs whose keys stand in every one of `maps`. `None` where one is not a
/// map as this module writes them.
pub(crate) fn fields_in_all(latest: &[u8], maps: &[Vec<u8>]) -> Option<Vec<u8>> {
    let keys: Vec<Vec<u32>> = maps
        .iter()
        .map(|map| Some(pairs(map)?.into_iter().map(|(key, _)| key).collect()))
        .collect::<Option<_>>()?;
    let mut kept = pairs(latest)?;
    kept.retain(|(key, _)| keys.iter().all(|keys| keys.contains(key)));
    let mut form = vec![0xa0 + u8::try_from(kept.len()).ok()?];
    kept.iter().for_each(|(_, pair)| form.extend_from_slice(pair));
    Some(form)
}

/// Each key of a map, with the bytes of the whole pair.
fn pairs(map: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let (count, body) = split_map(map).ok()?;
    let mut decoder = Decoder::new(body);
    let mut pairs = Vec::new();
    for _ in 0..count {
        let from = decoder.position();
        let key = decoder.u32().ok()?;
        decoder.skip().ok()?;
        pairs.push((key, &body[from..decoder.position()]));
    }
    Some(pairs)
}

fn read<T: for<'b> Decode<'b, ()>>(bytes: &[u8], max: usize) -> Result<T, WireError> {
    if bytes.len() > max {
        return Err(WireError::TooLarge { max });
    }
    minicbor::decode(bytes).map_err(|_| WireError::Malformed)
}

/// The number of pairs and what follows it.
fn split_map(bytes: &[u8]) -> Result<(u8, &[u8]), WireError> {
    match bytes {
        [head @ 0xa0..=0xb7, body @ ..] => Ok((head - 0xa0, body)),
        _ => Err(WireError::NotCanonical),
    }
}

/// Checks that `rest` is exactly `pairs` pairs with ascending keys, none below `least`.
fn skip_pairs(rest: &[u8], pairs: u8, mut least: u32) -> Result<(), WireError> {
    let mut decoder = Decoder::new(rest);
    for _ in 0..pairs {
        let key = decoder.u32().map_err(|_| WireError::Malformed)?;
        if key < least {
            return Err(WireError::NotCanonical);
        }
        least = key.checked_add(1).ok_or(WireError::NotCanonical)?;
        decoder.skip().map_err(|_| WireError::Malformed)?;
    }
    if decoder.position() == rest.len() { Ok(()) } else { Err(WireError::NotCanonical) }
}
