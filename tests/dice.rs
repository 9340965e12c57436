//! Chance that can be repeated: the same seed gives the same throws.

use std::sync::{Mutex, PoisonError};

use teilgeber_device::{NoRandomness, Randomness};

/// SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets that matter.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as `seed` says.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.any() % bound.max(1)).unwrap_or_default()
    }

    /// So many letters, which no compression can make much shorter.
    pub fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b"Aa"[self.below(2)] + self.below(26) as u8)).collect()
    }
}

/// Keys from dice, for a device in a test.
#[derive(Debug)]
pub struct Seeds(Mutex<Dice>);

impl Seeds {
    /// Keys that follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(Dice::new(seed)))
    }
}

impl Randomness for Seeds {
    fn seed(&self) -> Result<[u8; 32], NoRandomness> {
        let mut dice = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut seed = [0; 32];
        for part in seed.chunks_exact_mut(8) {
            part.copy_from_slice(&dice.any().to_le_bytes());
        }
        Ok(seed)
    }
}
