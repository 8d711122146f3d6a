//! One amount over a row of weights or caps: the kernel under every settlement.
//!
//! The amount and the total are the same for all weights of a split, so one division gives a reciprocal, and each share
//! is a product with it that can be one too small; its remainder, which is exact modulo 2⁶⁴, tells. No product of 128
//! bits is ever formed, and nothing is sorted: a histogram of the remainders' leading bits finds those who get the
//! units left over. Per weight that takes 18 bytes: 8 in, 8 out, 2 for the histogram's bucket.

/// Splits `amount` over `weights` in proportion, by largest remainder: every share is the floor of
/// `amount × weight ÷ total`, and the units left over go one each to the largest remainders, ties to the earlier.
///
/// The shares sum to `amount` exactly, each less than one unit from its exact share. With `amount` ≤ total, no share
/// exceeds its weight. `None` if there is something to split and all weights are zero, or if the weights sum to 2⁶³ or
/// more.
///
/// ```
/// use setoff::allocate::proportional;
/// // 100 over three equal weights: the one unit left over goes to the first.
/// assert_eq!(proportional(100, &[1, 1, 1]), Some(vec![34, 33, 33]));
/// // 10 × 3/7 = 4.29, 10 × 2/7 = 2.86 twice: 4 + 2 + 2, and one each to the two larger remainders.
/// assert_eq!(proportional(10, &[3, 2, 2]), Some(vec![4, 3, 3]));
/// ```
#[must_use]
pub fn proportional(amount: u64, weights: &[u64]) -> Option<Vec<u64>> {
    let mut shares = Vec::new();
    Splitter::default().proportional(amount, weights, &mut shares).map(|()| shares)
}

/// Splits `amount` over `caps` first in, first out: each takes what is left, up to its cap.
///
/// `None` if the caps together are less than the amount.
///
/// ```
/// use setoff::allocate::in_order;
/// assert_eq!(in_order(70, &[20, 100, 5]), Some(vec![20, 50, 0]));
/// assert_eq!(in_order(126, &[20, 100, 5]), None);
/// ```
#[must_use]
pub fn in_order(amount: u64, caps: &[u64]) -> Option<Vec<u64>> {
    let mut shares = Vec::new();
    Splitter::default().in_order(amount, caps, &mut shares).map(|()| shares)
}

/// What is the same for all amounts that are split over the same weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    sum: u64,
    /// The bits that any of the weights has.
    bits: u64,
}

impl Total {
    /// The total of weights; `None` if it is 2⁶⁴ or more.
    #[must_use]
    pub fn of(weights: &[u64]) -> Option<Self> {
        let mut total = Self { sum: 0, bits: 0 };
        for &weight in weights {
            total.sum = total.sum.checked_add(weight)?;
            total.bits |= weight;
        }
        Some(total)
    }

    /// The sum of the weights.
    #[must_use]
    pub const fn sum(self) -> u64 {
        self.sum
    }
}

/// Splits one amount after another in the same memory.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    /// The bucket of each weight's remainder.
    buckets: Vec<u16>,
    /// How many there are in each bucket.
    histogram: Vec<u32>,
    /// The places of those in one bucket.
    among: Vec<usize>,
}

/// The bits of a bucket.
const BUCKET: u64 = 0xfff;

impl Splitter {
    /// As [`proportional`], into `shares`.
    #[must_use]
    pub fn proportional(&mut self, amount: u64, weights: &[u64], shares: &mut Vec<u64>) -> Option<()> {
        shares.clear();
        shares.resize(weights.len(), 0);
        self.proportional_into(amount, weights, shares)
    }

    /// As [`proportional`], into `shares`: one for each weight, else `None`.
    #[must_use]
    pub fn proportional_into(&mut self, amount: u64, weights: &[u64], shares: &mut [u64]) -> Option<()> {
        if amount == 0 && shares.len() == weights.len() {
            shares.fill(0);
            return Some(());
        }
        self.proportional_of(amount, weights, Total::of(weights)?, shares)
    }

    /// The same over weights whose total is known.
    #[must_use]
    pub fn proportional_of(&mut self, amount: u64, weights: &[u64], of: Total, shares: &mut [u64]) -> Option<()> {
        (shares.len() == weights.len()).then_some(())?;
        let divider = Divider::new(amount, of.sum)?;
        // As many buckets as weights or a few times more: clearing and counting them must not cost more than dividing.
        let bits = match weights.len() {
            0..32 => 5,
            32..2048 => 8,
            _ => 12,
        };
        let shift = u64::BITS.saturating_sub(of.sum.leading_zeros()).saturating_sub(bits);
        self.clear(bits);
        self.buckets.resize(weights.len(), 0);
        // The narrow product is the faster one, and weights are rarely wider. Nor is there often more than one each.
        let given = match (of.bits <= u64::from(u32::MAX), divider.whole) {
            (true, 0) => self.share_out(weights, shares, shift, |weight| divider.narrow_rest(weight)),
            (true, _) => self.share_out(weights, shares, shift, |weight| divider.narrow(weight)),
            (false, _) => self.share_out(weights, shares, shift, |weight| divider.wide(weight)),
        };
        let left = usize::try_from(amount.wrapping_sub(given)).ok()?;
        self.hand_out(weights, shares, left, shift, &divider)
    }

    /// Empties the buckets that so many bits have.
    fn clear(&mut self, bits: u32) {
        self.histogram.clear();
        self.histogram.resize(1 << bits, 0);
    }

    /// As [`in_order`], into `shares`.
    #[must_use]
    pub fn in_order(&mut self, amount: u64, caps: &[u64], shares: &mut Vec<u64>) -> Option<()> {
        let mut left = amount;
        shares.clear();
        shares.extend(caps.iter().map(|&cap| {
            let share = left.min(cap);
            left = left.saturating_sub(share);
            share
        }));
        (left == 0).then_some(())
    }

    /// Gives each its floor share and counts the remainders by their leading bits. Answers the sum of the shares.
    #[inline]
    fn share_out(
        &mut self,
        weights: &[u64],
        shares: &mut [u64],
        shift: u32,
        divide: impl Fn(u64) -> (u64, u64),
    ) -> u64 {
        let mut given = 0_u64;
        for ((&weight, share), bucket) in weights.iter().zip(shares).zip(&mut self.buckets) {
            let (floor, remainder) = divide(weight);
            *share = floor;
            given = given.wrapping_add(floor);
            *bucket = bucket_of(remainder, shift);
            if let Some(count) = self.histogram.get_mut(usize::from(*bucket)) {
                *count = count.wrapping_add(1);
            }
        }
        given
    }

    /// Gives one unit more to each of the `count` largest remainders, the earlier first among equals.
    fn hand_out(
        &mut self,
        weights: &[u64],
        shares: &mut [u64],
        count: usize,
        shift: u32,
        divider: &Divider,
    ) -> Option<()> {
        if count == 0 {
            return Some(());
        }
        let (last, mut left) = self.threshold(count)?;
        self.among.clear();
        for (place, (share, &bucket)) in shares.iter_mut().zip(&self.buckets).enumerate() {
            // Added, not asked: half of them get one, and no processor guesses which.
            *share = share.wrapping_add(u64::from(bucket > last));
            if bucket == last {
                self.among.push(place);
            }
        }
        // Within the bucket, by the bits that follow, until all who are left are equal or get their unit.
        let remainder = |place: usize| weights.get(place).map_or(0, |&weight| divider.wide(weight).1);
        let mut shift = shift;
        while left < self.among.len() && shift > 0 {
            let next = shift.saturating_sub(8);
            let mask = (1_u64 << shift.saturating_sub(next)).wrapping_sub(1);
            let bucket = |place: usize| bucket_of((remainder(place) >> next) & mask, 0);
            self.clear(8);
            for &place in &self.among {
                let count = self.histogram.get_mut(usize::from(bucket(place)))?;
                *count = count.wrapping_add(1);
            }
            let (last, rest) = self.threshold(left)?;
            self.among.retain(|&place| {
                let bucket = bucket(place);
                if bucket > last
                    && let Some(share) = shares.get_mut(place)
                {
                    *share = share.wrapping_add(1);
                }
                bucket == last
            });
            (shift, left) = (next, rest);
        }
        for &place in self.among.iter().take(left) {
            let share = shares.get_mut(place)?;
            *share = share.wrapping_add(1);
        }
        Some(())
    }

    /// The bucket in which the last of the `count` largest lies, and how many of it are wanted. `None` if there are
    /// fewer in all.
    fn threshold(&self, count: usize) -> Option<(u16, usize)> {
        let mut left = count;
        for (bucket, &counted) in self.histogram.iter().enumerate().rev() {
            let counted = usize::try_from(counted).ok()?;
            if left <= counted {
                return Some((u16::try_from(bucket).ok()?, left));
            }
            left = left.saturating_sub(counted);
        }
        None
    }
}

/// The bucket of a remainder: its leading bits, at most twelve as `shift` was chosen.
#[inline]
fn bucket_of(remainder: u64, shift: u32) -> u16 {
    u16::try_from((remainder >> shift) & BUCKET).unwrap_or(0)
}

/// `amount × weight ÷ total` for one amount and one total, and any weight up to the total.
///
/// With amount = whole × total + rest, the share is `whole × weight` and the floor of `rest × weight ÷ total`. For the
/// latter stands the reciprocal `floor(rest × 2ᵏ ÷ total)`: its product with a weight below 2ᵏ, divided by 2ᵏ, is less
/// than one below the exact quotient. Hence its floor is the floor wanted or one less, and the remainder, at most
/// 2 × total < 2⁶⁴, says which.
struct Divider {
    total: u64,
    whole: u64,
    rest: u64,
    narrow: u64,
    wide: u64,
}

impl Divider {
    /// `None` unless 0 < total < 2⁶³.
    fn new(amount: u64, total: u64) -> Option<Self> {
        let (whole, rest) = (amount.checked_div(total)?, amount.checked_rem(total)?);
        let reciprocal = |bits: u32| u64::try_from((u128::from(rest) << bits).checked_div(total.into())?).ok();
        (total < 1 << 63).then_some(())?;
        Some(Self { total, whole, rest, narrow: reciprocal(32)?, wide: reciprocal(64)? })
    }

    /// The share and the remainder of a weight below 2³² where the amount is less than the total.
    #[inline]
    const fn narrow_rest(&self, weight: u64) -> (u64, u64) {
        self.mend(weight, self.narrow.wrapping_mul(weight) >> 32)
    }

    /// The share and the remainder of a weight below 2³².
    #[inline]
    const fn narrow(&self, weight: u64) -> (u64, u64) {
        self.add_whole(weight, self.narrow_rest(weight))
    }

    /// The share and the remainder of any weight.
    #[inline]
    const fn wide(&self, weight: u64) -> (u64, u64) {
        self.add_whole(weight, self.mend(weight, high_product(self.wide, weight)))
    }

    /// Mends a quotient that may be one too small.
    #[inline]
    const fn mend(&self, weight: u64, quotient: u64) -> (u64, u64) {
        let remainder = self.rest.wrapping_mul(weight).wrapping_sub(quotient.wrapping_mul(self.total));
        if remainder >= self.total {
            (quotient.wrapping_add(1), remainder.wrapping_sub(self.total))
        } else {
            (quotient, remainder)
        }
    }

    #[inline]
    const fn add_whole(&self, weight: u64, (share, remainder): (u64, u64)) -> (u64, u64) {
        (self.whole.wrapping_mul(weight).wrapping_add(share), remainder)
    }
}

/// The upper 64 of the 128 bits of a product, from four products of 32 bits: WebAssembly has no wider one.
#[inline]
const fn high_product(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0xffff_ffff;
    let (a_low, a_high, b_low, b_high) = (a & LOW, a >> 32, b & LOW, b >> 32);
    let low = a_low.wrapping_mul(b_low) >> 32;
    let middle = a_high.wrapping_mul(b_low).wrapping_add(low);
    let other = a_low.wrapping_mul(b_high).wrapping_add(middle & LOW);
    a_high.wrapping_mul(b_high).wrapping_add(middle >> 32).wrapping_add(other >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_splits_into_nothing() {
        assert_eq!(proportional(0, &[]), Some(vec![]));
        assert_eq!(proportional(0, &[0, 0]), Some(vec![0, 0]));
        assert_eq!(in_order(0, &[]), Some(vec![]));
    }

    #[test]
    fn something_over_nothing_is_refused() {
        assert_eq!(proportional(1, &[]), None);
        assert_eq!(proportional(1, &[0, 0]), None);
        assert_eq!(in_order(1, &[0]), None);
    }

    #[test]
    fn a_zero_weight_gets_nothing() {
        assert_eq!(proportional(5, &[0, 3, 0, 4]), Some(vec![0, 2, 0, 3]));
    }

    #[test]
    fn the_whole_range_is_exact() {
        let max = u64::MAX;
        let half = (1 << 63) - 1;
        assert_eq!(proportional(max, &[1]), Some(vec![max]));
        assert_eq!(proportional(max, &[half]), Some(vec![max]));
        // max = 2k + 1 over two equal weights: k + 1 and k.
        assert_eq!(proportional(max, &[half / 2, half / 2]), Some(vec![max / 2 + 1, max / 2]));
        assert_eq!(proportional(1, &[half, 1]), None, "a total of 2⁶³");
        assert_eq!(proportional(half - 1, &[half - 1, 1]), Some(vec![half - 2, 1]));
    }

    #[test]
    fn the_reciprocals_agree_with_long_division() {
        let edges = [1, 2, 3, 7, 10, 100, 65_535, (1 << 31) + 1, u64::from(u32::MAX), 1 << 32, (1 << 52) + 1];
        let totals = edges.iter().copied().chain([(1 << 62) + 12_345, (1 << 63) - 1]);
        for total in totals {
            for amount in edges.iter().copied().chain([total - 1, total, u64::MAX]) {
                let divider = Divider::new(amount, total).unwrap();
                for weight in edges.iter().copied().chain([0, total / 2, total - 1, total]).filter(|&w| w <= total) {
                    let product = u128::from(amount) * u128::from(weight);
                    let exact = (product / u128::from(total), product % u128::from(total));
                    let wide = divider.wide(weight);
                    assert_eq!((wide.0.into(), wide.1.into()), exact, "{amount} × {weight} ÷ {total}");
                    if weight <= u64::from(u32::MAX) {
                        assert_eq!(divider.narrow(weight), wide);
                    }
                }
            }
        }
    }

    #[test]
    fn many_equal_remainders_go_by_order() {
        // 60 % of equal weights: remainders in few clusters, the bad case for a histogram.
        let weights = vec![5_u64; 10_000];
        let shares = proportional(30_007, &weights).unwrap();
        assert!(shares[..7].iter().all(|&share| share == 4) && shares[7..].iter().all(|&share| share == 3));
    }

    #[test]
    fn remainders_that_differ_in_their_last_bits_alone() {
        // Weights around 2⁵⁰ that differ by 1: their remainders share the leading bits.
        let weights: Vec<u64> = (0..500).map(|place| (1 << 50) + (place * 37) % 500).collect();
        let total: u64 = weights.iter().sum();
        let amount = total / 3;
        let shares = proportional(amount, &weights).unwrap();
        let exact = |weight: u64| u128::from(amount) * u128::from(weight);
        let mut expected: Vec<u64> =
            weights.iter().map(|&weight| u64::try_from(exact(weight) / u128::from(total)).unwrap()).collect();
        let left = usize::try_from(amount - expected.iter().sum::<u64>()).unwrap();
        let mut places: Vec<usize> = (0..weights.len()).collect();
        places.sort_by_key(|&place| std::cmp::Reverse(exact(weights[place]) % u128::from(total)));
        places[..left].iter().for_each(|&place| expected[place] += 1);
        assert_eq!(shares, expected);
    }
}
