//! What is left to chance, from a seed.

/// Numbers that look random: SplitMix64 (Steele, Lea, Flood: *Fast splittable pseudorandom number
/// generators*, OOPSLA 2014). No secret depends on them.
#[derive(Debug)]
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: [u8; 32]) -> Self {
        let words = seed.chunks_exact(8).map(|word| word.try_into().map_or(0, u64::from_le_bytes));
        Self(words.fold(0, |mixed, word| mixed.rotate_left(17) ^ word))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From three quarters of `duration` to five quarters of it: devices that failed together do not
    /// try again together.
    pub(super) fn around(&mut self, duration: std::time::Duration) -> std::time::Duration {
        let thousandths = u32::try_from(750 + self.next() % 501).unwrap_or(1000);
        duration * thousandths / 1000
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        let mut chance = Chance(1_234_567);
        let numbers: Vec<u64> = (0..3).map(|_| chance.next()).collect();
        let expected =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(numbers, expected);
    }

    #[test]
    fn what_is_around_a_minute_is_between_45_and_75_seconds() {
        let mut chance = Chance::new([3; 32]);
        let around: Vec<_> = (0..500).map(|_| chance.around(Duration::from_secs(60))).collect();
        assert!(around.iter().all(|d| (45..=75).contains(&d.as_secs())));
        assert!(around.iter().any(|d| d.as_secs() < 50) && around.iter().any(|d| d.as_secs() > 70));
    }
}
