//! What the bytes of a change claim, before anything of them is decoded.
//!
//! ```text
//! change = 85 6f 4a 83 ‖ checksum (4) ‖ 01 ‖ length ‖ body
//! body   = n ‖ dependency (32) × n ‖ actor ‖ seq ‖ start_op ‖ time ‖ message
//!          ‖ n ‖ other actor × n ‖ n ‖ (column, length) × n ‖ column data … ‖ footer
//! ```
//!
//! Integers are LEB128, strings and actors have a length before them. The columns are run-length
//! encoded: nine bytes claim 2^62 operations, and Automerge would begin to decode them all. So the
//! run lengths are added up here, and only what stays within [`limits`](super::limits) goes on.
//! Time, message and footer must be empty: an entry says when it was written, and a change has
//! nothing to hide in.
//!
//! Format: <https://automerge.org/automerge-binary-format-spec/>. What a column holds is not looked
//! at here.

use super::Reason;
use super::limits::{
    ACTOR_BYTES, CHANGE_BYTES, CHANGE_OPS, CHANGE_PREDS, DOCUMENT_ACTORS, KEY_BYTES,
};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;
const HASH_BYTES: u64 = 32;

/// Where the four bytes of the checksum stand.
pub(super) const CHECKSUM: std::ops::Range<usize> = 4..8;

/// Checks that `bytes` are laid out as one uncompressed change within the limits.
///
/// # Errors
///
/// [`Reason::TooLarge`] beyond a limit, [`Reason::Unsupported`] for a column, message, time or footer
/// that our documents do not use, [`Reason::Malformed`] otherwise.
pub(super) fn survey(bytes: &[u8]) -> Result<(), Reason> {
    if bytes.len() > CHANGE_BYTES {
        return Err(Reason::TooLarge);
    }
    let mut chunk = Reader(bytes);
    if chunk.take(4)? != MAGIC {
        return Err(Reason::Malformed);
    }
    chunk.take(4)?;
    if chunk.take(1)? != [CHANGE_CHUNK] {
        return Err(Reason::Malformed);
    }
    if chunk.unsigned()? != chunk.0.len() as u64 {
        return Err(Reason::Malformed);
    }
    body(chunk)
}

fn body(mut body: Reader<'_>) -> Result<(), Reason> {
    let dependencies = within(body.unsigned()?, DOCUMENT_ACTORS as u64)?;
    body.take(dependencies * HASH_BYTES)?;
    actor(&mut body)?;
    let (_seq, _start_op) = (body.unsigned()?, body.unsigned()?);
    let (time, message) = (body.signed()?, body.unsigned()?);
    if time != 0 || message != 0 {
        return Err(Reason::Unsupported);
    }
    let others = within(body.unsigned()?, DOCUMENT_ACTORS as u64)?;
    for _ in 0..others {
        actor(&mut body)?;
    }
    columns(&mut body)?;
    match body.0 {
        [] => Ok(()),
        _ => Err(Reason::Unsupported),
    }
}

fn actor(body: &mut Reader<'_>) -> Result<(), Reason> {
    let length = body.unsigned()?;
    if length != ACTOR_BYTES as u64 {
        return Err(Reason::ForeignActor);
    }
    body.take(length).map(|_| ())
}

fn columns(body: &mut Reader<'_>) -> Result<(), Reason> {
    let count = within(body.unsigned()?, COLUMNS.len() as u64)?;
    let mut found = Vec::with_capacity(COLUMNS.len());
    for _ in 0..count {
        found.push((body.unsigned()?, body.unsigned()?));
    }
    if !found.is_sorted_by(|left, right| left.0 < right.0) {
        return Err(Reason::Malformed);
    }
    for (id, length) in found {
        let data = body.take(length)?;
        let (_, cells) = COLUMNS.iter().find(|known| known.0 == id).ok_or(Reason::Unsupported)?;
        count_cells(Reader(data), *cells)?;
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Cells {
    /// One number for each operation.
    Number,
    /// As [`Cells::Number`], as the difference from the one before.
    Difference,
    /// One key for each operation.
    Key,
    Flag,
    /// The number of predecessors of each operation.
    PredCount,
    PredNumber,
    PredDifference,
    /// Bytes whose lengths another column gives.
    Raw,
}

/// The columns that our documents use, by their number in the format. Missing are those of marks
/// and whatever the format may yet come to hold.
const COLUMNS: [(u64, Cells); 12] = [
    (0x01, Cells::Number),         // actor of the object
    (0x02, Cells::Number),         // counter of the object
    (0x11, Cells::Number),         // actor of the element
    (0x13, Cells::Difference),     // counter of the element
    (0x15, Cells::Key),            // key in a map
    (0x34, Cells::Flag),           // whether it inserts
    (0x42, Cells::Number),         // action
    (0x56, Cells::Number),         // type and length of the value
    (0x57, Cells::Raw),            // value
    (0x70, Cells::PredCount),      // number of predecessors
    (0x71, Cells::PredNumber),     // actors of the predecessors
    (0x73, Cells::PredDifference), // counters of the predecessors
];

/// Adds up the runs of a column: a positive length repeats the cell after it, a negative one
/// announces as many cells, and 0 is followed by a number of empty cells.
fn count_cells(mut column: Reader<'_>, cells: Cells) -> Result<(), Reason> {
    let limit = match cells {
        Cells::Raw => return Ok(()),
        Cells::PredNumber | Cells::PredDifference => CHANGE_PREDS,
        _ => CHANGE_OPS,
    };
    let (mut rows, mut preds) = (0u64, 0u64);
    while !column.0.is_empty() {
        if let Cells::Flag = cells {
            rows = within(rows.saturating_add(column.unsigned()?), limit)?;
            continue;
        }
        let run = column.signed()?;
        let length = match run {
            0 => column.unsigned()?,
            _ => run.unsigned_abs(),
        };
        rows = within(rows.saturating_add(length), limit)?;
        let (written, repeats) = match run {
            0 => (0, 0),
            1.. => (1, length),
            _ => (length, 1),
        };
        for _ in 0..written {
            let number = column.cell(cells)?;
            if let Cells::PredCount = cells {
                preds = within(preds.saturating_add(number.saturating_mul(repeats)), CHANGE_PREDS)?;
            }
        }
    }
    Ok(())
}

fn within(number: u64, limit: u64) -> Result<u64, Reason> {
    match number <= limit {
        true => Ok(number),
        false => Err(Reason::TooLarge),
    }
}

/// Moves forward only; a rest that is too short is [`Reason::Malformed`].
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], Reason> {
        let length = usize::try_from(length).map_err(|_| Reason::Malformed)?;
        let (head, rest) = self.0.split_at_checked(length).ok_or(Reason::Malformed)?;
        self.0 = rest;
        Ok(head)
    }

    /// One cell; its value where the cell is a number.
    fn cell(&mut self, cells: Cells) -> Result<u64, Reason> {
        match cells {
            Cells::Difference | Cells::PredDifference => self.signed().map(|_| 0),
            Cells::Key => {
                let length = within(self.unsigned()?, KEY_BYTES)?;
                self.take(length).map(|_| 0)
            }
            _ => self.unsigned(),
        }
    }

    fn unsigned(&mut self) -> Result<u64, Reason> {
        let (value, _, _) = self.leb128()?;
        u64::try_from(value).map_err(|_| Reason::Malformed)
    }

    fn signed(&mut self) -> Result<i64, Reason> {
        let (value, bits, negative) = self.leb128()?;
        let value = value as i128 - if negative { 1 << bits } else { 0 };
        i64::try_from(value).map_err(|_| Reason::Malformed)
    }

    /// At most ten bytes of seven bits each, lowest first; the bits read, their number, and the
    /// highest of them, which is the sign where there is one.
    fn leb128(&mut self) -> Result<(u128, u32, bool), Reason> {
        let mut value = 0;
        for bits in (7..=70).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u128::from(byte & 0x7f) << (bits - 7);
            if byte & 0x80 == 0 {
                return Ok((value, bits, byte & 0x40 != 0));
            }
        }
        Err(Reason::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn leb(mut number: u64, out: &mut Vec<u8>) {
        while number > 0x7f {
            out.push(number as u8 | 0x80);
            number >>= 7;
        }
        out.push(number as u8);
    }

    /// A change that holds one column, with a checksum of zeros.
    fn change_with(column: u64, data: &[u8]) -> Vec<u8> {
        let mut body = vec![0, ACTOR_BYTES as u8];
        body.extend([0; ACTOR_BYTES]);
        body.extend([1, 1, 0, 0, 0, 1]);
        leb(column, &mut body);
        leb(data.len() as u64, &mut body);
        body.extend(data);
        let mut bytes = [&MAGIC[..], &[0; 4], &[CHANGE_CHUNK]].concat();
        leb(body.len() as u64, &mut bytes);
        bytes.extend(body);
        bytes
    }

    /// A run of `length` cells that hold `cell`.
    fn run(length: i64, cell: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        // A positive number needs a last byte whose sign bit is clear.
        let mut rest = length as u64;
        while rest > 0x3f {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
        out.extend(cell);
        out
    }

    #[test]
    fn as_many_operations_as_allowed_pass_and_one_more_does_not() {
        assert_eq!(survey(&change_with(0x42, &run(CHANGE_OPS as i64, &[1]))), Ok(()));
        let beyond = run(CHANGE_OPS as i64 + 1, &[1]);
        assert_eq!(survey(&change_with(0x42, &beyond)), Err(Reason::TooLarge));
    }

    #[test]
    fn a_few_bytes_cannot_claim_many_operations() {
        for column in [0x01, 0x02, 0x11, 0x13, 0x42, 0x56, 0x70, 0x71, 0x73] {
            let bomb = change_with(column, &run(i64::MAX, &[1]));
            assert_eq!(survey(&bomb), Err(Reason::TooLarge), "column {column:#x}");
        }
        let mut nothing = vec![0];
        leb(u64::MAX, &mut nothing);
        assert_eq!(survey(&change_with(0x42, &nothing)), Err(Reason::TooLarge));
        assert_eq!(survey(&change_with(0x34, &nothing)), Err(Reason::TooLarge));
    }

    #[test]
    fn a_few_bytes_cannot_claim_many_predecessors_nor_a_long_key() {
        let mut many = Vec::new();
        leb(CHANGE_PREDS / 4 + 1, &mut many);
        assert_eq!(survey(&change_with(0x70, &run(4, &many))), Err(Reason::TooLarge));
        let mut long = Vec::new();
        leb(1 << 40, &mut long);
        assert_eq!(survey(&change_with(0x15, &run(1, &long))), Err(Reason::TooLarge));
    }

    #[test]
    fn columns_of_marks_and_of_the_future_are_not_supported() {
        for column in [0x94, 0xa5, 0x4a, 0x1ff] {
            assert_eq!(survey(&change_with(column, &[1, 1])), Err(Reason::Unsupported));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_surveyed(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _verdict = survey(&bytes);
        }

        #[test]
        fn any_column_is_surveyed(
            column in proptest::sample::select(COLUMNS.map(|known| known.0).to_vec()),
            data in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let _verdict = survey(&change_with(column, &data));
        }
    }
}
