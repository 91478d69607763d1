//! Uniform random choice.
//!
//! # Derivation
//!
//! The generator is ChaCha with 8 rounds (`rand_chacha::ChaCha8Rng`), stream 0. Its 32-byte key is the seed as 8 little-endian
//! bytes followed by the 24 ASCII bytes `raddle/schedule/random/1`. Each 64-bit output is used as four 16-bit draws, lowest
//! first. A draw among n options is `(draw * n) >> 16`, and is drawn again if the low half of the product is below `65536 mod n`
//! (Lemire, "Fast random integer generation in an interval", 2019), so that no option is favoured, not even slightly.
//! With more than 65,536 options, 32-bit draws from fresh outputs are used in the same way.
//!
//! A golden test pins the first choices: changing them changes what every seed means.

use rand::Rng;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::choice::ChoicePoint;
use super::strategy::{Mismatch, Strategy};

/// Picks each option with the same probability.
#[derive(Clone, Debug)]
pub struct Random {
    rng: ChaCha8Rng,
    buffer: u64,
    /// How many 16-bit draws are left in the buffer.
    left: u8,
}

/// The key of the generator for `seed`; `purpose` keeps streams of different uses apart.
pub(super) fn key(seed: u64, purpose: &[u8; 24]) -> [u8; 32] {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..].copy_from_slice(purpose);
    key
}

impl Random {
    /// The name in the registry.
    pub const NAME: &'static str = "random";

    /// Makes it ready for a run with `seed`.
    pub fn new(seed: u64) -> Self {
        Random {
            rng: ChaCha8Rng::from_seed(key(seed, b"raddle/schedule/random/1")),
            buffer: 0,
            left: 0,
        }
    }

    /// A number below `n`, each with the same probability.
    ///
    /// # Panics
    /// When `n` is 0 or above 2^32.
    #[inline]
    pub fn below(&mut self, n: usize) -> usize {
        if n > 1 << 16 {
            return self.below_wide(n);
        }
        let n = n as u32;
        loop {
            let product = u32::from(self.draw()) * n;
            // The remainder is computed only for draws that might be among the surplus.
            if (product & 0xFFFF) >= n || (product & 0xFFFF) >= (1 << 16) % n {
                return (product >> 16) as usize;
            }
        }
    }

    #[inline]
    fn draw(&mut self) -> u16 {
        if self.left == 0 {
            self.buffer = self.rng.next_u64();
            self.left = 4;
        }
        let draw = self.buffer as u16;
        self.buffer >>= 16;
        self.left -= 1;
        draw
    }

    #[cold]
    fn below_wide(&mut self, n: usize) -> usize {
        let n = u64::try_from(n)
            .ok()
            .filter(|n| *n <= 1 << 32)
            .expect("fewer than 2^32 options");
        loop {
            let product = (self.rng.next_u64() >> 32) * n;
            if (product & 0xFFFF_FFFF) >= (1 << 32) % n {
                return (product >> 32) as usize;
            }
        }
    }
}

impl Strategy for Random {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn begin(&mut self, seed: u64) {
        *self = Random::new(seed);
    }

    #[inline]
    fn choose(&mut self, point: &ChoicePoint) -> Result<usize, Mismatch> {
        Ok(self.below(point.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers were computed by a second implementation of the derivation above, of ChaCha included.
    #[test]
    fn first_choices_of_a_seed_never_change() {
        let firsts = |seed, n| {
            let mut random = Random::new(seed);
            (0..24).map(|_| random.below(n)).collect::<Vec<_>>()
        };
        assert_eq!(
            firsts(0, 2),
            [
                0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0
            ]
        );
        assert_eq!(
            firsts(1, 3),
            [
                0, 2, 0, 2, 0, 0, 1, 1, 0, 2, 2, 0, 0, 0, 1, 2, 2, 2, 1, 2, 0, 2, 1, 0
            ]
        );
        assert_eq!(
            firsts(u64::MAX, 10)[..12],
            [6, 0, 5, 5, 5, 7, 9, 5, 1, 2, 1, 9]
        );
        assert_eq!(firsts(7, 100_000)[..4], [92_184, 71_724, 93_063, 52_074]);
    }

    #[test]
    fn every_option_is_as_likely_as_any_other() {
        for n in [2usize, 3, 7, 40_000] {
            let mut random = Random::new(5);
            let draws = 200_000;
            let mut counts = vec![0u32; n.min(8)];
            for _ in 0..draws {
                counts[random.below(n) * n.min(8) / n] += 1;
            }
            let expected = f64::from(draws) / counts.len() as f64;
            let chi2: f64 = counts
                .iter()
                .map(|c| f64::from(*c) - expected)
                .map(|off| off * off / expected)
                .sum();
            assert!(chi2 < 30.0, "{n} options: {counts:?}");
        }
    }
}
