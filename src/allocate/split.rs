//! One amount over a row of weights or caps: the kernel under every settlement.
//!
//! The amount and the total are the same for all weights of a split, so one division gives a reciprocal, and a product
//! with it gives the floor of a share and the fraction behind it. No product of 128 bits is formed and nothing is
//! sorted: who gets the units left over is a matter of rounding up from the right fraction on. A first pass counts the
//! fractions by their leading bits, which tells within a bucket where that is; a second one rounds, and only for those
//! in that bucket, the candidates, are exact remainders compared. Per weight that takes 24 bytes: 8 in, twice, and
//! 8 out.

/// Splits `amount` over `weights` in proportion, by largest remainder: every share is the floor of
/// `amount × weight ÷ total`, and the units left over go one each to the largest remainders, ties to the earlier.
///
/// The shares sum to `amount` exactly, each less than one unit from its exact share. With `amount` ≤ total, no share
/// exceeds its weight. `None` if there is something to split and all weights are zero or sum to 2⁶³ or more.
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
    Splitter::default()
        .proportional(amount, weights, &mut shares)
        .map(|()| shares)
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
    Splitter::default()
        .in_order(amount, caps, &mut shares)
        .map(|()| shares)
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
    /// How many there are in each bucket.
    histogram: Vec<u32>,
    /// Those whose remainders have to be compared.
    candidates: Vec<RemainderCandidate>,
}

#[derive(Clone, Copy, Debug)]
struct RemainderCandidate {
    /// What `rest × weight` is more than its floor × total.
    remainder: u64,
    index: usize,
}

/// The most buckets that a histogram has.
const BUCKETS: usize = 0x1000;

/// The weights that are rounded at once: their candidates are the bits of a word. A block needs no histogram.
const BLOCK: usize = 64;

/// A whole unit in keys.
const ONE: u64 = 1 << 32;

/// All bits of a key.
const KEY: u64 = 0xffff_ffff;

impl Splitter {
    /// As [`proportional`], into `shares`.
    #[must_use]
    pub fn proportional(
        &mut self,
        amount: u64,
        weights: &[u64],
        shares: &mut Vec<u64>,
    ) -> Option<()> {
        shares.resize(weights.len(), 0);
        self.proportional_into(amount, weights, shares)
    }

    /// As [`proportional`], into `shares`: one for each weight, else `None`.
    #[must_use]
    pub fn proportional_into(
        &mut self,
        amount: u64,
        weights: &[u64],
        shares: &mut [u64],
    ) -> Option<()> {
        // Nothing is split over any weights.
        let total = if amount == 0 {
            Total { sum: 0, bits: 0 }
        } else {
            Total::of(weights)?
        };
        self.proportional_of(amount, weights, total, shares)
    }

    /// As [`Splitter::proportional_into`], over weights whose total is known: `total` is [`Total::of`] them.
    #[must_use]
    pub fn proportional_of(
        &mut self,
        amount: u64,
        weights: &[u64],
        total: Total,
        shares: &mut [u64],
    ) -> Option<()> {
        if shares.len() != weights.len() {
            return None;
        }
        if amount == 0 {
            shares.fill(0);
            return Some(());
        }

        // Where there is more than one unit for one of weight, each share has its whole multiple, and the rest is
        // divided. The sum cannot wrap: all shares together are the amount.
        let ratio = Ratio::new(amount, total.sum)?;
        let leftover = self.divide_shortly(weights, shares, ratio, total)?;
        if ratio.whole > 0 {
            for (share, &weight) in shares.iter_mut().zip(weights) {
                *share = share.wrapping_add(ratio.whole.wrapping_mul(weight));
            }
        }

        self.hand_out(shares, usize::try_from(leftover).ok()?)
    }

    /// As [`Splitter::divide`], by the shortest division that is exact enough for these weights.
    #[inline]
    fn divide_shortly(
        &mut self,
        weights: &[u64],
        shares: &mut [u64],
        ratio: Ratio,
        total: Total,
    ) -> Option<u64> {
        let weight_bits = bits(total.bits);
        let count_bits = bits(u64::try_from(weights.len()).ok()?);
        // A longer reciprocal is worth its division from some more weights on.
        let spare = if weights.len() <= BLOCK {
            0
        } else {
            32_u32.saturating_sub(weight_bits)
        };
        let error_bits = weight_bits.saturating_sub(spare);

        // The errors of all weights together must stay below one unit, which is 2³² keys (see `Division`).
        if error_bits.saturating_add(count_bits) < 32 {
            let division = Short {
                reciprocal: ratio.reciprocal(spare.saturating_add(32))?,
                spare,
                margin: 1 << error_bits,
            };
            return self.divide(weights, shares, ratio, division);
        }
        // A product with each half of the reciprocal fits 64 bits as long as a weight has 32.
        if weight_bits <= 32 && count_bits < 32 {
            let (high, low) = halves(ratio.reciprocal(64)?);
            return self.divide(weights, shares, ratio, Long { high, low });
        }

        let division = Exact {
            ratio,
            reciprocal: ratio.reciprocal(64)?,
            shift: bits(total.sum).saturating_sub(32),
        };
        self.divide(weights, shares, ratio, division)
    }

    /// As [`in_order`], into `shares`.
    #[must_use]
    pub fn in_order(&mut self, amount: u64, caps: &[u64], shares: &mut Vec<u64>) -> Option<()> {
        let mut remaining = amount;
        shares.clear();
        shares.extend(caps.iter().map(|&cap| {
            let share = remaining.min(cap);
            remaining = remaining.saturating_sub(share);
            share
        }));
        (remaining == 0).then_some(())
    }

    /// Gives each its share of the rest, rounded, and collects the candidates. Returns the units that are left for
    /// them.
    ///
    /// The largest fractions are those from some key on that the tally has found to be at least `from` and at most
    /// `to`. As a fraction is less than `1 + margin` keys more than its own key, whoever has `to + margin` or more is
    /// one of them for certain, and whoever has less than `from - margin` is not.
    #[inline]
    fn divide(
        &mut self,
        weights: &[u64],
        shares: &mut [u64],
        ratio: Ratio,
        division: impl Division,
    ) -> Option<u64> {
        let (from, to) = if weights.len() <= BLOCK {
            tally_few(weights, shares, ratio, division)?
        } else {
            self.tally_many(weights, shares, ratio, division)?
        };

        let margin = division.margin();
        let from = from.saturating_sub(margin);
        let to = to.saturating_add(margin).min(ONE);
        // Moved up so that who is certain to get a unit reaches the next one, and candidates come right below it.
        let up = ONE.saturating_sub(to);
        let limit = up.saturating_add(from);

        // Candidates are marked as bits of a word and looked at behind the block, so that the loop over the weights has
        // no branch.
        let mut leftover = ratio.rest;
        self.candidates.clear();
        for (block, (weights, shares)) in weights
            .chunks(BLOCK)
            .zip(shares.chunks_mut(BLOCK))
            .enumerate()
        {
            let mut candidates = 0_u64;
            for ((&weight, share), lane) in weights.iter().zip(shares).zip(0_u32..) {
                let (rounded, key) = division.round(weight, *share, up);
                *share = rounded;
                leftover = leftover.wrapping_sub(rounded);
                candidates |= u64::from(key >= limit).wrapping_shl(lane);
            }

            while candidates != 0 {
                let lane = usize::try_from(candidates.trailing_zeros()).ok()?;
                let weight = *weights.get(lane)?;
                let remainder = ratio.remainder(weight, division.floor(weight, &mut 0).0);

                let index = block.wrapping_mul(BLOCK).wrapping_add(lane);
                self.candidates
                    .push(RemainderCandidate { remainder, index });
                candidates &= candidates.wrapping_sub(1);
            }
        }
        Some(leftover)
    }

    /// Between which two keys the units that the floors leave run out, for more than [`BLOCK`] weights.
    #[inline]
    fn tally_many(
        &mut self,
        weights: &[u64],
        shares: &mut [u64],
        ratio: Ratio,
        division: impl Division,
    ) -> Option<(u64, u64)> {
        let bits = bucket_bits(weights.len());
        let shift = 32_u32.saturating_sub(bits);
        let histogram = cleared(&mut self.histogram, bits)?;
        let leftover = tally(weights, shares, ratio, division, histogram, shift);

        // Where the whole bucket gets a unit, its lower edge is the threshold. Only keys within the margin of that have
        // to be compared.
        let (bucket, wanted) = threshold(histogram, bits, usize::try_from(leftover).ok()?)?;
        let is_whole = usize::try_from(*histogram.get(bucket)?).ok()? == wanted;
        let from = u64::try_from(bucket).ok()? << shift;
        let to = if is_whole {
            from
        } else {
            from.saturating_add(1 << shift)
        };

        Some((from, to))
    }

    /// Gives one unit more to each of the `count` candidates with the largest remainders, the earlier first among
    /// equals. `None` if there are fewer.
    fn hand_out(&mut self, shares: &mut [u64], count: usize) -> Option<()> {
        let mut wanted = self.narrow_down(shares, count)?;

        // Few are left, or all are equal: the largest remainder after the largest, without a sort.
        let mut below = u64::MAX;
        while wanted > 0 {
            let remainders = self.candidates.iter().map(|candidate| candidate.remainder);
            let most = remainders.filter(|&remainder| remainder < below).max()?;

            for candidate in self
                .candidates
                .iter()
                .filter(|candidate| candidate.remainder == most)
                .take(wanted)
            {
                let share = shares.get_mut(candidate.index)?;
                *share = share.wrapping_add(1);
                wanted = wanted.wrapping_sub(1);
            }

            below = most;
        }
        Some(())
    }

    /// Gives a unit to those of many candidates that are certain to get one, bucket by bucket of their remainders,
    /// until few are left or all are equal. Returns how many units the others still get.
    fn narrow_down(&mut self, shares: &mut [u64], count: usize) -> Option<usize> {
        let mut wanted = count;
        while wanted > 0 && self.candidates.len() > BLOCK {
            let (mut least, mut most) = (u64::MAX, 0);
            for candidate in &self.candidates {
                least = least.min(candidate.remainder);
                most = most.max(candidate.remainder);
            }
            if least == most {
                break;
            }

            let bits_of_bucket = bucket_bits(self.candidates.len());
            let shift = bits(most.saturating_sub(least)).saturating_sub(bits_of_bucket);
            let histogram = cleared(&mut self.histogram, bits_of_bucket)?;
            for candidate in &self.candidates {
                let count = histogram.get_mut(candidate.bucket(least, shift))?;
                *count = count.wrapping_add(1);
            }

            let (last, remaining) = threshold(histogram, bits_of_bucket, wanted)?;
            self.candidates.retain(|candidate| {
                let bucket = candidate.bucket(least, shift);
                if bucket > last
                    && let Some(share) = shares.get_mut(candidate.index)
                {
                    *share = share.wrapping_add(1);
                }
                bucket == last
            });

            wanted = remaining;
        }
        Some(wanted)
    }
}

impl RemainderCandidate {
    /// The bucket of its remainder, in steps of 2ˢʰⁱᶠᵗ from the least one.
    fn bucket(&self, least: u64, shift: u32) -> usize {
        usize::try_from(self.remainder.saturating_sub(least) >> shift).unwrap_or(usize::MAX)
    }
}

/// Counts the keys of all weights by bucket. Returns the units that the floors leave.
#[inline]
fn tally(
    weights: &[u64],
    shares: &mut [u64],
    ratio: Ratio,
    division: impl Division,
    histogram: &mut [u32; BUCKETS],
    shift: u32,
) -> u64 {
    let mut leftover = ratio.rest;
    for (&weight, share) in weights.iter().zip(shares) {
        let (floor, key) = division.floor(weight, share);
        leftover = leftover.wrapping_sub(floor);
        // The mask excludes what cannot be, so that nothing has to be asked here.
        if let Some(count) = histogram.get_mut(usize::try_from((key >> shift) & 0xfff).unwrap_or(0))
        {
            *count = count.wrapping_add(1);
        }
    }

    leftover
}

/// Between which two keys the units that the floors leave run out, for at most [`BLOCK`] weights: eight buckets, whose
/// counts are the bytes of a word, the largest keys in the lowest.
#[inline]
fn tally_few(
    weights: &[u64],
    shares: &mut [u64],
    ratio: Ratio,
    division: impl Division,
) -> Option<(u64, u64)> {
    let (mut leftover, mut counts) = (ratio.rest, 0_u64);
    for (&weight, share) in weights.iter().zip(shares) {
        let (floor, key) = division.floor(weight, share);
        leftover = leftover.wrapping_sub(floor);
        // One more in the byte that the three leading bits of the key name.
        counts = counts.wrapping_add((1 << 56) >> ((key >> 26) & 0b11_1000));
    }

    run_out(counts, leftover)
}

/// As [`tally_few`], from the counts.
fn run_out(counts: u64, leftover: u64) -> Option<(u64, u64)> {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = EACH << 7;
    if leftover > 64 {
        return None;
    }

    // In each byte the count of its bucket and of those before. None is more than 64, so no byte borrows from the next.
    let sums = counts.wrapping_mul(EACH);
    let enough = (sums | TOP).wrapping_sub(leftover.wrapping_mul(EACH)) & TOP;
    let byte = enough
        .trailing_zeros()
        .checked_sub(7)
        .filter(|&byte| byte < u64::BITS)?;

    let from = u64::from(56_u32.saturating_sub(byte)) << 26;
    let is_whole = (sums >> byte) & 0xff == leftover;
    let to = if is_whole {
        from
    } else {
        from.saturating_add(1 << 29)
    };

    Some((from, to))
}

/// The leading bits by which candidates are counted: clearing and searching the buckets must not cost more than
/// dividing.
const fn bucket_bits(count: usize) -> u32 {
    if count < BUCKETS { 8 } else { 12 }
}

/// A histogram whose first buckets, as many as `bits` count, are empty.
fn cleared(histogram: &mut Vec<u32>, bits: u32) -> Option<&mut [u32; BUCKETS]> {
    histogram.resize(BUCKETS, 0);
    histogram.get_mut(..1 << bits)?.fill(0);
    histogram.first_chunk_mut()
}

/// The bucket in which the last of the `count` largest lies, and how many of it are wanted. `None` if there are fewer
/// in all.
fn threshold(histogram: &[u32], bits: u32, count: usize) -> Option<(usize, usize)> {
    let mut wanted = count;
    for (bucket, &counted) in histogram.get(..1 << bits)?.iter().enumerate().rev() {
        let counted = usize::try_from(counted).ok()?;
        if wanted <= counted {
            return Some((bucket, wanted));
        }
        wanted = wanted.saturating_sub(counted);
    }
    None
}

/// `amount ÷ total` as a whole number and a rest: the share of a weight is `whole × weight` and the floor of
/// `rest × weight ÷ total`, which is what is divided.
#[derive(Clone, Copy)]
struct Ratio {
    total: u64,
    whole: u64,
    rest: u64,
}

impl Ratio {
    /// `None` unless 0 < total < 2⁶³.
    fn new(amount: u64, total: u64) -> Option<Self> {
        if total == 0 || total >= 1 << 63 {
            return None;
        }

        // Asking costs less than dividing, and there is rarely more than one unit for one of weight.
        let (whole, rest) = if amount < total {
            (0, amount)
        } else {
            (amount.checked_div(total)?, amount.checked_rem(total)?)
        };

        Some(Self { total, whole, rest })
    }

    /// The floor of `rest × 2ᵏ ÷ total`, for k of at most 64.
    fn reciprocal(self, bits: u32) -> Option<u64> {
        if self.rest.leading_zeros() < bits {
            u64::try_from((u128::from(self.rest) << bits).checked_div(self.total.into())?).ok()
        } else {
            self.rest
                .checked_shl(bits)
                .unwrap_or(0)
                .checked_div(self.total)
        }
    }

    /// What is left of the product of a weight with the rest. It is less than 2 × total, hence than 2⁶⁴, if the floor
    /// is right or one too small.
    #[inline]
    const fn remainder(self, weight: u64, floor: u64) -> u64 {
        self.rest
            .wrapping_mul(weight)
            .wrapping_sub(floor.wrapping_mul(self.total))
    }
}

/// A way to divide by a reciprocal: the floor of a share and its key, which is the fraction behind it in 2³²nds.
///
/// The product with a rounded reciprocal is never too large, and too small by a known error. So the fraction is the
/// key's or more, and where that makes it one or more, the floor is one too small. This weight comes first when
/// units are handed out, and gets the one that it lacks. No more is due to it as long as the errors of all weights
/// together are less than one: a fraction smaller than the error gets a unit only if all larger ones do. All units
/// together are the sum of all fractions; so the small ones, up to this one, would have to sum to one.
trait Division: Copy {
    /// A fraction is less than `margin + 1` keys more than its key says.
    fn margin(self) -> u64;

    /// The floor and the key. Whatever is left in `share` is there for [`Division::round`].
    fn floor(self, weight: u64, share: &mut u64) -> (u64, u64);

    /// The floor and the key of a fraction that is `up` keys more. `share` is what [`Division::floor`] has left there.
    fn round(self, weight: u64, share: u64, up: u64) -> (u64, u64);
}

/// For weights of few bits: a reciprocal of 32 bits and some to spare, so that its products do not exceed 64.
#[derive(Clone, Copy)]
struct Short {
    reciprocal: u64,
    spare: u32,
    /// The reciprocal is less than one too small, so a product is less than the weight too small.
    margin: u64,
}

impl Division for Short {
    #[inline]
    fn margin(self) -> u64 {
        self.margin
    }

    #[inline]
    fn floor(self, weight: u64, _: &mut u64) -> (u64, u64) {
        self.round(weight, 0, 0)
    }

    #[inline]
    fn round(self, weight: u64, _: u64, up: u64) -> (u64, u64) {
        halves((self.reciprocal.wrapping_mul(weight) >> self.spare).wrapping_add(up))
    }
}

/// For weights below 2³²: a reciprocal of 64 bits in halves. The product is less than one too small for the reciprocal,
/// and less than one for the bits that it leaves out.
#[derive(Clone, Copy)]
struct Long {
    high: u64,
    low: u64,
}

impl Division for Long {
    #[inline]
    fn margin(self) -> u64 {
        1
    }

    #[inline]
    fn floor(self, weight: u64, _: &mut u64) -> (u64, u64) {
        self.round(weight, 0, 0)
    }

    #[inline]
    fn round(self, weight: u64, _: u64, up: u64) -> (u64, u64) {
        halves(
            self.high
                .wrapping_mul(weight)
                .wrapping_add(self.low.wrapping_mul(weight) >> 32)
                .wrapping_add(up),
        )
    }
}

/// For any weights. The floor of a product with the reciprocal of 64 bits is right or one too small, which the
/// remainder tells. The key is its leading bits: of 2³², as those of the total are.
#[derive(Clone, Copy)]
struct Exact {
    ratio: Ratio,
    reciprocal: u64,
    shift: u32,
}

impl Division for Exact {
    #[inline]
    fn margin(self) -> u64 {
        0
    }

    #[inline]
    fn floor(self, weight: u64, share: &mut u64) -> (u64, u64) {
        let quotient = high_product(self.reciprocal, weight);
        let floor = quotient.wrapping_add(u64::from(
            self.ratio.remainder(weight, quotient) >= self.ratio.total,
        ));
        *share = floor;
        self.round(weight, floor, 0)
    }

    #[inline]
    fn round(self, weight: u64, floor: u64, up: u64) -> (u64, u64) {
        let (more, key) =
            halves((self.ratio.remainder(weight, floor) >> self.shift).wrapping_add(up));
        (floor.wrapping_add(more), key)
    }
}

/// How many binary digits a number has.
const fn bits(number: u64) -> u32 {
    u64::BITS.saturating_sub(number.leading_zeros())
}

/// The upper and the lower 32 bits.
#[inline]
const fn halves(number: u64) -> (u64, u64) {
    (number >> 32, number & KEY)
}

/// The upper 64 of the 128 bits of a product, from four products of 32 bits: WebAssembly has no wider one.
#[inline]
const fn high_product(a: u64, b: u64) -> u64 {
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let low = a_low.wrapping_mul(b_low) >> 32;
    let middle = a_high.wrapping_mul(b_low).wrapping_add(low);
    let other = a_low.wrapping_mul(b_high).wrapping_add(middle & KEY);
    a_high
        .wrapping_mul(b_high)
        .wrapping_add(middle >> 32)
        .wrapping_add(other >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_its_upper_half() {
        let edges = [
            0,
            1,
            3,
            0xffff_ffff,
            1 << 32,
            (1 << 32) + 1,
            0x1234_5678_9abc_def1,
            u64::MAX - 1,
            u64::MAX,
        ];
        for (a, b) in edges
            .iter()
            .flat_map(|&a| edges.iter().map(move |&b| (a, b)))
        {
            let exact = (u128::from(a) * u128::from(b)) >> 64;
            assert_eq!(u128::from(high_product(a, b)), exact, "{a} × {b}");
        }
    }

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
        assert_eq!(
            proportional(max, &[half / 2, half / 2]),
            Some(vec![max / 2 + 1, max / 2])
        );
        assert_eq!(proportional(1, &[half, 1]), None, "a total of 2⁶³");
        assert_eq!(
            proportional(half - 1, &[half - 1, 1]),
            Some(vec![half - 2, 1])
        );
    }

    #[test]
    fn the_reciprocals_agree_with_long_division() {
        let edges = [
            1,
            2,
            3,
            7,
            10,
            100,
            65_535,
            (1 << 31) + 1,
            u64::from(u32::MAX),
            1 << 32,
            (1 << 52) + 1,
        ];
        let totals = edges
            .iter()
            .copied()
            .chain([(1 << 62) + 12_345, (1 << 63) - 1]);
        for total in totals {
            for amount in edges.iter().copied().chain([0, total - 1, total, u64::MAX]) {
                let ratio = Ratio::new(amount, total).unwrap();
                assert_eq!(
                    u128::from(ratio.whole) * u128::from(total) + u128::from(ratio.rest),
                    amount.into()
                );
                let reciprocal = ratio.reciprocal(64).unwrap();
                for weight in edges
                    .iter()
                    .copied()
                    .chain([0, total / 2, total - 1, total])
                    .filter(|&w| w <= total)
                {
                    let product = u128::from(ratio.rest) * u128::from(weight);
                    let (floor, remainder) =
                        (product / u128::from(total), product % u128::from(total));
                    let (shift, mut kept) = (bits(total).saturating_sub(32), 0);
                    let exact = Exact {
                        ratio,
                        reciprocal,
                        shift,
                    }
                    .floor(weight, &mut kept);
                    assert_eq!(
                        (u128::from(exact.0), u128::from(exact.1)),
                        (floor, remainder >> shift)
                    );
                    assert_eq!(u128::from(kept), floor, "{amount} × {weight} ÷ {total}");
                    assert_eq!(u128::from(ratio.remainder(weight, kept)), remainder);
                    if weight <= KEY {
                        let (high, low) = halves(reciprocal);
                        is_within_margin(Long { high, low }, ratio, weight);
                        for spare in 0..=32 - bits(weight) {
                            let (error, reciprocal) = (
                                bits(weight).saturating_sub(spare),
                                ratio.reciprocal(32 + spare),
                            );
                            let reciprocal = reciprocal.unwrap();
                            is_within_margin(
                                Short {
                                    reciprocal,
                                    spare,
                                    margin: 1 << error,
                                },
                                ratio,
                                weight,
                            );
                        }
                    }
                }
            }
        }
    }

    /// Floor and key, in 2³²nds, are the exact share or less, by no more than the margin says.
    fn is_within_margin(division: impl Division, ratio: Ratio, weight: u64) {
        let (floor, key) = division.floor(weight, &mut 0);
        let exact = ((u128::from(ratio.rest) * u128::from(weight)) << 32) / u128::from(ratio.total);
        let error = exact.checked_sub((u128::from(floor) << 32) + u128::from(key));
        assert!(
            error.is_some_and(|error| error <= division.margin().into()),
            "{weight} of {}",
            ratio.total
        );
    }

    #[test]
    fn many_equal_remainders_go_by_order() {
        // 60 % of equal weights: remainders in few clusters, the bad case for a histogram.
        let weights = vec![5_u64; 10_000];
        let shares = proportional(30_007, &weights).unwrap();
        assert!(
            shares[..7].iter().all(|&share| share == 4)
                && shares[7..].iter().all(|&share| share == 3)
        );
    }

    #[test]
    fn remainders_that_differ_in_their_last_bits_alone() {
        // Weights around 2⁵⁰ that differ by 1: their remainders share the leading bits.
        let weights: Vec<u64> = (0..500)
            .map(|place| (1 << 50) + (place * 37) % 500)
            .collect();
        let total: u64 = weights.iter().sum();
        let amount = total / 3;
        let shares = proportional(amount, &weights).unwrap();
        let exact = |weight: u64| u128::from(amount) * u128::from(weight);
        let mut expected: Vec<u64> = weights
            .iter()
            .map(|&weight| u64::try_from(exact(weight) / u128::from(total)).unwrap())
            .collect();
        let left = usize::try_from(amount - expected.iter().sum::<u64>()).unwrap();
        let mut places: Vec<usize> = (0..weights.len()).collect();
        places.sort_by_key(|&place| std::cmp::Reverse(exact(weights[place]) % u128::from(total)));
        places[..left]
            .iter()
            .for_each(|&place| expected[place] += 1);
        assert_eq!(shares, expected);
    }
}
