//! Bytes that are nearly right.

/// Draws mutations: SplitMix64 (Steele, Lea and Flood, 2014), the same for the same seed.
#[derive(Debug, Clone)]
pub struct Mutator(u64);

/// Numbers at which programs go wrong, as bytes.
const EDGES: &[&[u8]] = &[
    &[0x00],
    &[0x7f],
    &[0x80],
    &[0xff],
    &[0xff, 0xff],
    &[0xff, 0xff, 0xff, 0xff, 0x0f],
    &[0xff, 0xff, 0xff, 0x7f],
    &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    &[0xc0, 0x80],
    &[0xe2, 0x80, 0xae],
];

impl Mutator {
    /// What this seed gives.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// One of `inputs`, changed in a few places. At most 64 KiB more than it was.
    pub fn draw(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = inputs.get(self.below(inputs.len())).cloned().unwrap_or_default();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes, inputs);
        }
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>, inputs: &[Vec<u8>]) {
        let at = self.below(bytes.len() + 1);
        let end = at + self.below((bytes.len() - at).min(64) + 1);
        match self.below(9) {
            0 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.below(8);
                }
            }
            1 => {
                let byte = self.any() as u8;
                bytes.get_mut(at).into_iter().for_each(|it| *it = byte);
            }
            2 => drop(bytes.drain(at..end)),
            3 => bytes.truncate(at),
            4 => {
                let again = bytes[at..end].to_vec();
                let times = 1 + self.below(64);
                bytes.splice(at..at, again.repeat(times));
            }
            5 => {
                let edge = EDGES[self.below(EDGES.len())];
                bytes.splice(at..at, edge.iter().copied());
            }
            6 => {
                let edge = EDGES[self.below(EDGES.len())];
                let end = (at + edge.len()).min(bytes.len());
                bytes.splice(at..end, edge.iter().copied());
            }
            7 => {
                let other = &inputs[self.below(inputs.len())];
                let from = self.below(other.len() + 1);
                let to = from + self.below((other.len() - from).min(1024) + 1);
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            _ => {
                let noise = (0..self.below(16)).map(|_| self.any() as u8).collect::<Vec<_>>();
                bytes.splice(at..at, noise);
            }
        }
    }

    fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.any() % (bound.max(1) as u64)).unwrap_or_default()
    }
}
