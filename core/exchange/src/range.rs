//! Ranges of a set ordered by time, and how they are written.
//!
//! A turn of a reconciliation covers the whole order, newest first, with ranges that touch each
//! other. Each says where it begins and what its writer has to say about it:
//!
//! ```text
//! ranges = range …, until one that begins at zero
//! range  = head 1 (matter + 4 × shift) ‖ lower bound ‖ matter
//! lower bound, where shift is
//!   0 to 48  difference varint: the time is ((upper time >> shift) - difference) << shift
//!   49       (nothing): zero, the oldest end. Nothing follows this range
//!   50       difference varint: the time is upper time - difference; then the length of the key's
//!            prefix 1 (1 to 8) ‖ prefix, for a bound between entries of one millisecond
//! matter   = 0 nothing ‖ (nothing)
//!            1 sum     ‖ the low six bytes of the sum, big-endian
//!            2 ids     ‖ count varint ‖ the low five bytes of each key, big-endian
//!            3 asks    ‖ length varint ‖ a bit for each id of the other's list, low bits first
//! ```
//!
//! A bound is any point between two entries, so the writer takes the roundest, which makes two or
//! three bytes of most bounds.

use teilgeber_entry::codec::{DecodeError, Reader, Write};

use crate::limits::{RANGES_MAX, TURN_BYTES_MAX};

/// Bits of a sum on the wire. Two sets that differ have one sum once in 2^48 ranges; the next pass
/// has other keys and finds it.
const SUM_BITS: u32 = 48;

/// Bits of an id in a list. Two of 10,000 ids on each side look the same once in 10,000 links; the
/// next pass has other keys and finds it.
const ID_BITS: u32 = 40;

const SHIFT_MAX: u8 = 48;
const SHIFT_END: u8 = 49;
const SHIFT_KEYED: u8 = 50;

/// A point in the order: a time in ms below 2^48, and the key of an id within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) time: u64,
    pub(crate) key: u64,
}

impl Position {
    /// Before everything.
    pub(crate) const OLDEST: Self = Self { time: 0, key: 0 };
    /// After everything.
    pub(crate) const END: Self = Self { time: 1 << SHIFT_MAX, key: 0 };

    /// The roundest bound above `below` and not above `above`, which must not be the lower one.
    pub(crate) fn between(below: Self, above: Self) -> Self {
        if below.time < above.time {
            Self { time: round_between(below.time, above.time), key: 0 }
        } else if below.key < above.key {
            Self { time: above.time, key: round_between(below.key, above.key) }
        } else {
            above
        }
    }
}

/// The multiple of the highest power of two that is in `below + 1 ..= above`.
fn round_between(below: u64, above: u64) -> u64 {
    let highest_difference = (below ^ above).ilog2();
    above >> highest_difference << highest_difference
}

/// A sum as far as it is sent.
pub(crate) fn short_sum(sum: u64) -> u64 {
    sum & ((1 << SUM_BITS) - 1)
}

/// An id's key as far as it is listed.
pub(crate) fn short_id(key: u64) -> u64 {
    key & ((1 << ID_BITS) - 1)
}

/// What one side says about the entries from `lower` up to where the range before began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) lower: Position,
    pub(crate) matter: Matter,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Nothing is open here.
    Nothing,
    /// The [short sum](short_sum) of my keys.
    Sum(u64),
    /// My [short ids](short_id), in order.
    Ids(Vec<u64>),
    /// Which of the ids that you listed here I lack.
    Asks(Vec<u8>),
}

impl Matter {
    /// Whether the other side has to answer.
    pub(crate) fn is_question(&self) -> bool {
        matches!(self, Self::Sum(_) | Self::Ids(_))
    }

    /// An upper bound of the bytes that a range with this matter takes.
    pub(crate) fn cost(&self) -> usize {
        const BOUND: usize = 1 + 8 + 9;
        BOUND
            + match self {
                Self::Nothing => 0,
                Self::Sum(_) => SUM_BITS as usize / 8,
                Self::Ids(ids) => 5 + ids.len() * ID_BITS as usize / 8,
                Self::Asks(bits) => 5 + bits.len(),
            }
    }
}

/// Writes ranges that cover everything.
pub(crate) fn write_ranges(ranges: &[Range], out: &mut Vec<u8>) {
    let mut upper = Position::END;
    for Range { lower, matter } in ranges {
        write_lower(upper, *lower, matter_code(matter), out);
        match matter {
            Matter::Nothing => {}
            Matter::Sum(sum) => out.put_bytes(&sum.to_be_bytes()[2..]),
            Matter::Ids(ids) => {
                out.put_varint(ids.len() as u64);
                ids.iter().for_each(|id| out.put_bytes(&id.to_be_bytes()[3..]));
            }
            Matter::Asks(bits) => out.put_sized(bits),
        }
        upper = *lower;
    }
}

/// Reads ranges that cover everything.
pub(crate) fn read_ranges(reader: &mut Reader<'_>) -> Result<Vec<Range>, DecodeError> {
    let mut ranges = Vec::new();
    let mut upper = Position::END;
    while upper != Position::OLDEST {
        if ranges.len() == RANGES_MAX {
            let (value, max) = (RANGES_MAX as u64 + 1, RANGES_MAX as u64);
            return Err(DecodeError::Beyond { field: "ranges", value, max });
        }
        let range = read_range(reader, upper)?;
        upper = range.lower;
        ranges.push(range);
    }
    Ok(ranges)
}

fn matter_code(matter: &Matter) -> u8 {
    match matter {
        Matter::Nothing => 0,
        Matter::Sum(_) => 1,
        Matter::Ids(_) => 2,
        Matter::Asks(_) => 3,
    }
}

fn write_lower(upper: Position, lower: Position, code: u8, out: &mut Vec<u8>) {
    if lower == Position::OLDEST {
        out.put_u8(code + 4 * SHIFT_END);
    } else if lower.key == 0 {
        let shift = lower.time.trailing_zeros().min(SHIFT_MAX.into()) as u8;
        out.put_u8(code + 4 * shift);
        out.put_varint((upper.time >> shift) - (lower.time >> shift));
    } else {
        out.put_u8(code + 4 * SHIFT_KEYED);
        out.put_varint(upper.time - lower.time);
        let prefix_len = 8 - lower.key.trailing_zeros() as usize / 8;
        out.put_u8(prefix_len as u8);
        out.put_bytes(&lower.key.to_be_bytes()[..prefix_len]);
    }
}

fn read_range(reader: &mut Reader<'_>, upper: Position) -> Result<Range, DecodeError> {
    let head = reader.u8("range")?;
    let lower = read_lower(reader, upper, head >> 2)?;
    if lower >= upper {
        return Err(DecodeError::Invalid { field: "range bound" });
    }
    let matter = match head & 3 {
        0 => Matter::Nothing,
        1 => Matter::Sum(reader.u48("range sum")?),
        2 => {
            let count = reader.count("range ids", TURN_BYTES_MAX)?;
            let bytes = reader.bytes("range ids", count * ID_BITS as usize / 8)?;
            Matter::Ids(bytes.chunks_exact(ID_BITS as usize / 8).map(big_endian).collect())
        }
        _ => Matter::Asks(reader.sized("range asks", TURN_BYTES_MAX)?.to_vec()),
    };
    Ok(Range { lower, matter })
}

fn read_lower(
    reader: &mut Reader<'_>,
    upper: Position,
    shift: u8,
) -> Result<Position, DecodeError> {
    match shift {
        0..=SHIFT_MAX => {
            let coarse = upper.time >> shift;
            let difference = reader.varint("range bound", coarse)?;
            Ok(Position { time: (coarse - difference) << shift, key: 0 })
        }
        SHIFT_END => Ok(Position::OLDEST),
        SHIFT_KEYED => {
            let time = upper.time - reader.varint("range bound", upper.time)?;
            let prefix_len = reader.count("range key", 8)?;
            let prefix = reader.bytes("range key", prefix_len)?;
            let mut key = [0; 8];
            key[..prefix_len].copy_from_slice(prefix);
            Ok(Position { time, key: u64::from_be_bytes(key) })
        }
        _ => Err(DecodeError::Invalid { field: "range bound" }),
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn position() -> impl Strategy<Value = Position> {
        let time = prop_oneof![0_u64..4, 0_u64..1 << 48];
        let key = prop_oneof![Just(0_u64), any::<u64>(), (0_u64..256).prop_map(|top| top << 56)];
        (time, key).prop_map(|(time, key)| Position { time, key })
    }

    fn matter() -> impl Strategy<Value = Matter> {
        prop_oneof![
            Just(Matter::Nothing),
            any::<u64>().prop_map(|sum| Matter::Sum(short_sum(sum))),
            prop::collection::vec(any::<u64>().prop_map(short_id), 0..5).prop_map(Matter::Ids),
            prop::collection::vec(any::<u8>(), 0..5).prop_map(Matter::Asks),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn ranges_read_back(
            bounds in prop::collection::btree_set(position(), 0..10),
            matters in prop::collection::vec(matter(), 11),
        ) {
            let lowers = bounds.into_iter().rev().filter(|at| *at != Position::OLDEST);
            let ranges: Vec<Range> = lowers
                .chain([Position::OLDEST])
                .zip(matters)
                .map(|(lower, matter)| Range { lower, matter })
                .collect();
            let mut bytes = Vec::new();
            write_ranges(&ranges, &mut bytes);
            prop_assert!(bytes.len() <= ranges.iter().map(|range| range.matter.cost()).sum());
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(read_ranges(&mut reader), Ok(ranges));
            prop_assert_eq!(reader.left(), 0);
        }

        #[test]
        fn any_bytes_are_ranges_that_descend_to_zero_or_an_error(bytes: Vec<u8>) {
            if let Ok(ranges) = read_ranges(&mut Reader::new(&bytes)) {
                prop_assert!(ranges.is_sorted_by(|newer, older| newer.lower > older.lower));
                prop_assert_eq!(ranges.last().map(|range| range.lower), Some(Position::OLDEST));
            }
        }

        #[test]
        fn a_bound_lies_above_the_one_and_not_above_the_other(a in position(), b in position()) {
            prop_assume!(a < b);
            let bound = Position::between(a, b);
            prop_assert!(a < bound && bound <= b);
        }
    }
}
