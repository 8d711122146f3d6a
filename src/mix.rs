//! A fast hash with the same value in every runtime, for what is compared within one version of the engine.
//!
//! It tells apart what differs by accident. It is no protection against someone who looks for two values that meet:
//! where that matters, the state hash and the checksum of a snapshot, SHA-256 is used.

/// Odd numbers without a pattern, from the digits of π and of the golden ratio.
const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0x2436_6a88_85a3_08d3 | 1;
const THIRD: u64 = 0xa409_3822_299f_31d1;

/// Mixes words and texts, one after another, into 64 bits.
#[derive(Clone, Copy, Debug)]
pub struct Mixer {
    state: u64,
}

impl Default for Mixer {
    fn default() -> Self {
        Self { state: THIRD }
    }
}

impl Mixer {
    /// The hash of everything that was mixed.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.state
    }

    /// Mixes one word.
    #[inline]
    pub const fn word(&mut self, word: u64) {
        self.state = scatter(self.state ^ word, FIRST);
    }

    /// Mixes a row of four words. The rows of a list do not wait for each other: only one product and one sum of each
    /// depend on the row before, so that a list takes half the time of its words one by one.
    #[inline]
    pub const fn row(&mut self, [first, second, third, fourth]: [u64; 4]) {
        let row = scatter(first, FIRST) ^ second;
        let row = scatter(row, SECOND) ^ third;
        let row = scatter(row, THIRD) ^ fourth;
        self.state = self
            .state
            .wrapping_mul(SECOND)
            .wrapping_add(scatter(row, FIRST));
    }

    /// Mixes a text and its length.
    #[inline]
    pub fn text(&mut self, text: &str) {
        let (words, last_bytes) = text.as_bytes().as_chunks();
        words
            .iter()
            .for_each(|word| self.word(u64::from_le_bytes(*word)));

        // The length tells apart texts that differ in zeros at their end alone.
        let last_word = last_bytes
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte));
        self.word(last_word);
        self.count(text.len());
    }

    /// Mixes a number of things.
    #[inline]
    pub fn count(&mut self, count: usize) {
        self.word(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Mixes whether something is there and, if it is, the thing.
    pub fn optional<T>(&mut self, value: Option<T>, mix: impl FnOnce(&mut Self, T)) {
        self.word(u64::from(value.is_some()));
        if let Some(value) = value {
            mix(self, value);
        }
    }
}

/// Lets every bit of a word reach others above it, by the product, and below it, by the shift.
#[inline]
const fn scatter(word: u64, factor: u64) -> u64 {
    let product = word.wrapping_mul(factor);
    product ^ (product >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn mixed(mix: impl FnOnce(&mut Mixer)) -> u64 {
        let mut mixer = Mixer::default();
        mix(&mut mixer);
        mixer.value()
    }

    #[test]
    fn values_that_differ_in_one_bit_differ() {
        let mut values = BTreeSet::from([mixed(|mixer| mixer.row([0; 4]))]);
        let mut rows = 1;
        for word in 0..4 {
            for bit in 0..64 {
                let mut row = [0; 4];
                row[word] = 1 << bit;
                values.insert(mixed(|mixer| mixer.row(row)));
                rows += 1;
            }
        }
        assert_eq!(values.len(), rows);
    }

    #[test]
    fn order_and_boundaries_count() {
        let two = |first: &str, second: &str| {
            mixed(|mixer| {
                mixer.text(first);
                mixer.text(second);
            })
        };
        let texts = ["", "a", "b", "ab", "12345678", "123456789", "\0"];
        let pairs: Vec<_> = texts
            .iter()
            .flat_map(|first| texts.map(|second| two(first, second)))
            .collect();
        assert_eq!(BTreeSet::from_iter(&pairs).len(), pairs.len());

        let rows = |rows: [[u64; 4]; 2]| mixed(|mixer| rows.iter().for_each(|row| mixer.row(*row)));
        let (one, other) = ([1, 2, 3, 4], [4, 3, 2, 1]);
        assert_ne!(rows([one, other]), rows([other, one]));
    }

    /// The same natively and in WebAssembly: a host may keep a fingerprint and commit its plan in another process.
    #[test]
    fn the_value_is_the_same_everywhere() {
        let value = mixed(|mixer| {
            mixer.text("setoff");
            mixer.row([1, 2, 3, u64::MAX]);
            mixer.optional(Some(7), Mixer::word);
        });
        // Calculated with arbitrary-precision integers from the definitions above.
        assert_eq!(value, 11_932_060_036_811_583_570);
    }
}
