//! Reading and writing bytes: a reader that only moves forward, and a plain buffer to write to.
//!
//! Integers are big-endian or, where small values are common, unsigned LEB128 in its shortest form
//! (one value, one encoding). A length that a peer sends is compared with a bound before anything is
//! allocated for it.

/// Why bytes are not the value that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end inside a field.
    #[error("{field}: {needed} bytes needed, {have} left")]
    Short {
        /// The field being read.
        field: &'static str,
        /// Bytes that the field needs.
        needed: usize,
        /// Bytes that are left.
        have: usize,
    },
    /// Bytes are left over after the value.
    #[error("{left} bytes after the end of {field}")]
    Trailing {
        /// The value that was read.
        field: &'static str,
        /// Bytes that are left.
        left: usize,
    },
    /// A count or a length is beyond its bound.
    #[error("{field}: {value} is beyond the bound of {max}")]
    Beyond {
        /// The field being read.
        field: &'static str,
        /// What was said.
        value: u64,
        /// The bound.
        max: u64,
    },
    /// A value that does not exist, or not in this form.
    #[error("{field}: not a valid value")]
    Invalid {
        /// The field being read.
        field: &'static str,
    },
    /// A newer version that this program does not know.
    #[error("{field}: version {version} is not known here")]
    Newer {
        /// The field being read.
        field: &'static str,
        /// The version that was said.
        version: u8,
    },
}

/// Reads fields from the front of a slice.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the front of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// [`DecodeError::Short`] when fewer are left.
    pub fn bytes(&mut self, field: &'static str, len: usize) -> Result<&'a [u8], DecodeError> {
        let Some((taken, rest)) = self.rest.split_at_checked(len) else {
            return Err(DecodeError::Short { field, needed: len, have: self.rest.len() });
        };
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    /// [`DecodeError::Short`] when fewer are left.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(field, N)?);
        Ok(array)
    }

    /// One byte.
    ///
    /// # Errors
    /// [`DecodeError::Short`] at the end.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        Ok(self.array::<1>(field)?[0])
    }

    /// A big-endian `u32`.
    ///
    /// # Errors
    /// [`DecodeError::Short`] when fewer than four bytes are left.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        Ok(u32::from_be_bytes(self.array(field)?))
    }

    /// A time in milliseconds as six big-endian bytes.
    ///
    /// # Errors
    /// [`DecodeError::Short`] when fewer than six bytes are left.
    pub fn u48(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        let mut wide = [0; 8];
        wide[2..].copy_from_slice(self.bytes(field, 6)?);
        Ok(u64::from_be_bytes(wide))
    }

    /// An unsigned LEB128 integer of at most `max`, in its shortest form.
    ///
    /// # Errors
    /// [`DecodeError`] when it is cut, longer than needed, or beyond `max`.
    pub fn varint(&mut self, field: &'static str, max: u64) -> Result<u64, DecodeError> {
        let mut value: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.u8(field)?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part || (byte == 0 && shift > 0) {
                return Err(DecodeError::Invalid { field });
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                if value > max {
                    return Err(DecodeError::Beyond { field, value, max });
                }
                return Ok(value);
            }
        }
        Err(DecodeError::Invalid { field })
    }

    /// A [`varint`](Self::varint) that counts things.
    ///
    /// # Errors
    /// As [`varint`](Self::varint).
    pub fn count(&mut self, field: &'static str, max: usize) -> Result<usize, DecodeError> {
        Ok(self.varint(field, max as u64)? as usize)
    }

    /// A length as a [`varint`](Self::varint), then that many bytes.
    ///
    /// # Errors
    /// As [`varint`](Self::varint) and [`bytes`](Self::bytes).
    pub fn sized(&mut self, field: &'static str, max: usize) -> Result<&'a [u8], DecodeError> {
        let len = self.count(field, max)?;
        self.bytes(field, len)
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// Ends the reading of `field`.
    ///
    /// # Errors
    /// [`DecodeError::Trailing`] when bytes are left.
    pub fn end(self, field: &'static str) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(DecodeError::Trailing { field, left }),
        }
    }
}

/// Writes what [`Reader`] reads.
pub trait Write {
    /// Appends bytes as they are.
    fn put_bytes(&mut self, bytes: &[u8]);

    /// Appends one byte.
    fn put_u8(&mut self, value: u8) {
        self.put_bytes(&[value]);
    }

    /// Appends a big-endian `u32`.
    fn put_u32(&mut self, value: u32) {
        self.put_bytes(&value.to_be_bytes());
    }

    /// Appends the low six bytes of a time, big-endian.
    fn put_u48(&mut self, value: u64) {
        self.put_bytes(&value.to_be_bytes()[2..]);
    }

    /// Appends an unsigned LEB128 integer in its shortest form.
    fn put_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.put_u8(value as u8 | 0x80);
            value >>= 7;
        }
        self.put_u8(value as u8);
    }

    /// Appends the length as a varint, then the bytes.
    fn put_sized(&mut self, bytes: &[u8]) {
        self.put_varint(bytes.len() as u64);
        self.put_bytes(bytes);
    }
}

impl Write for Vec<u8> {
    fn put_bytes(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_varint_reads_back_and_has_one_encoding(value: u64) {
            let mut bytes = Vec::new();
            bytes.put_varint(value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.varint("n", u64::MAX), Ok(value));
            prop_assert_eq!(reader.end("n"), Ok(()));
            *bytes.last_mut().unwrap() |= 0x80;
            bytes.push(0);
            prop_assert!(Reader::new(&bytes).varint("n", u64::MAX).is_err());
        }

        #[test]
        fn any_bytes_are_a_varint_or_an_error(bytes: Vec<u8>) {
            if let Ok(value) = Reader::new(&bytes).varint("n", u64::MAX) {
                let mut again = Vec::new();
                again.put_varint(value);
                prop_assert!(bytes.starts_with(&again));
            }
        }
    }

    #[test]
    fn a_length_beyond_its_bound_is_refused_before_it_is_allocated() {
        let mut bytes = Vec::new();
        bytes.put_varint(u64::MAX);
        assert_eq!(
            Reader::new(&bytes).sized("text", 10),
            Err(DecodeError::Beyond { field: "text", value: u64::MAX, max: 10 })
        );
    }
}
