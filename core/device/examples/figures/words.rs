//! Texts that are distributed as people's are: few words often, most words rarely. The same texts in
//! every run.

/// Words of the vocabulary: of a size that 100,000 notes share.
const VOCABULARY: usize = 8_000;

/// A source of words and numbers, the same for the same seed (SplitMix64).
pub(crate) struct Words(u64);

impl Words {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, each as likely.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// A word; the n-th of the vocabulary 1/n as likely as its first (Zipf's law).
    pub(crate) fn word(&mut self) -> String {
        word(self.rank(VOCABULARY))
    }

    /// So many words with full stops among them.
    pub(crate) fn text(&mut self, words: usize) -> String {
        let mut text = String::new();
        for n in 1..=words {
            text.push_str(&self.word());
            text.push_str(if n.is_multiple_of(9) || n == words { "." } else { "" });
            text.push_str(if n == words { "" } else { " " });
        }
        text
    }

    /// A number below `bound`, small ones more often.
    pub(crate) fn rank(&mut self, bound: usize) -> usize {
        let chance = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((bound as f64).powf(chance) as usize - 1).min(bound - 1)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The word with this number, of one to four syllables.
pub(crate) fn word(number: usize) -> String {
    const HEADS: [&str; 16] =
        ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "w", "st", "sch", "tr"];
    const TAILS: [&str; 10] = ["a", "e", "i", "o", "u", "en", "er", "ung", "ist", "al"];
    let mut left = number + 7;
    let mut word = String::new();
    while left > 0 {
        word.push_str(HEADS[left % 16]);
        word.push_str(TAILS[left / 16 % 10]);
        left /= 160;
    }
    word
}
