//! Random numbers that are the same for the same seed and case, and random changes of bytes.

use std::hash::{BuildHasher, RandomState};

/// A seed that nobody chose.
pub fn some_seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// SplitMix64.
pub struct Random(u64);

impl Random {
    /// The numbers of one case.
    pub fn new(seed: u64, case: u64) -> Self {
        let mut random = Self(seed ^ case.wrapping_mul(0xd134_2543_de82_ef95));
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0, less than `count`, which is more than 0.
    pub fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(count).unwrap()).unwrap()
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    /// A number from 0 of any size: small ones, edges of powers of two, all bits.
    pub fn size(&mut self) -> u64 {
        let shift = u32::try_from(self.below(64)).unwrap();
        match self.below(4) {
            0 => self.next() % 20,
            1 => (1_u64 << shift)
                .wrapping_add(self.next() % 3)
                .wrapping_sub(1),
            _ => self.next() >> shift,
        }
    }

    /// The same of both signs.
    pub fn signed(&mut self) -> i64 {
        let magnitude = (self.size() >> 1).cast_signed();
        if self.chance(2) {
            magnitude
        } else {
            magnitude
                .wrapping_neg()
                .wrapping_sub(i64::from(self.chance(9)))
        }
    }

    /// A word: small, or anything.
    pub fn word(&mut self) -> u32 {
        let wide = if self.chance(3) {
            self.next()
        } else {
            self.next() % 6
        };
        u32::try_from(wide & 0xffff_ffff).unwrap()
    }

    pub fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.byte()).collect()
    }

    /// Few values more often: tags, lengths, flags.
    fn byte(&mut self) -> u8 {
        let wide = if self.chance(2) {
            self.next() % 10
        } else {
            self.next() % 256
        };
        u8::try_from(wide).unwrap()
    }

    /// Changes, takes out and puts in some bytes.
    pub fn edit(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let start = self.below(bytes.len() + 1);
            let end = (start + self.below(4)).min(bytes.len());
            let put = if self.chance(6) {
                bytes[self.below(start + 1)..start].to_vec()
            } else {
                self.bytes(4)
            };
            bytes.splice(start..end, put);
        }
    }

    /// Puts a piece of `other` into `bytes`.
    pub fn splice(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let [start, from] = [bytes.len(), other.len()].map(|length| self.below(length + 1));
        let [end, to] = [
            self.below(bytes.len() - start + 1) + start,
            self.below(other.len() - from + 1) + from,
        ];
        bytes.splice(start..end, other[from..to].iter().copied());
    }
}
