//! A stream of bytes drawn from a hash, for code that wants a source of randomness: what it gives is
//! a function of what was hashed, and cannot be told from random by who does not know that.

use rand_core::{Infallible, TryCryptoRng, TryRng};

/// BLAKE3's extendable output as a source of randomness.
pub(crate) struct Xof(pub(crate) blake3::OutputReader);

impl TryRng for Xof {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Xof {}
