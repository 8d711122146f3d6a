//! How a [`Method`] splits whole numbers.
//!
//! A split checks its input, finds the amount that weights and caps allow, and has it apportioned (`apportion.rs`).
//! The kernel (`split.rs`) does what it can, unless the steps are asked for: it keeps none.

use super::apportion::{
    self, Apportionment, FirstShares, PortionTrace, Recipients, Steps, product, sum,
};
use super::caps::{FilledCaps, is_any_exceeded, room_under};
use super::method::{AllZero, FirstPass, Leftover, Method};
use super::refusal::SplitRefusal;
use super::split::Splitter;
use crate::money::gcd;
use crate::words::closed_set;

/// What is to be split, in whole units.
#[derive(Clone, Copy, Debug)]
pub struct SplitInput<'a> {
    /// The amount.
    pub amount: i64,
    /// The weights.
    pub weights: &'a [i64],
    /// The most that each may get, if there are caps: 0 or more.
    pub caps: Option<&'a [i64]>,
    /// The order among equals and of [`Leftover::First`]: the indices of the weights. Absent: as they come.
    pub order: Option<&'a [usize]>,
}

/// A split amount, in whole units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholeSplit {
    /// One for each weight.
    pub parts: Vec<i64>,
    /// What nobody got; zero unless the method allows it.
    pub unallocated: i64,
    /// Why something is unallocated.
    pub reason: Option<UnallocatedReason>,
    /// Whether all weights were zero and the amount was split evenly.
    pub is_even: bool,
}

closed_set! {
    /// Why something is unallocated.
    UnallocatedReason {
        /// Nobody gets what is left over ([`Leftover::Separate`]).
        Separate = "separate",
        /// The first pass gave nothing ([`Method::abandon_if_nothing`]).
        Abandoned = "abandoned",
        /// It is more than the weights together ([`Method::cap_total`]).
        OverWeights = "overWeights",
        /// It is more than the caps together ([`Method::allow_unallocated`]).
        OverCaps = "overCaps",
        /// All weights are zero ([`AllZero::Zeros`]).
        AllZero = "allZero",
        /// There are no weights ([`Method::allow_empty`]).
        NoWeights = "noWeights",
    }
}

impl Method {
    /// Splits an amount.
    ///
    /// The parts and what is unallocated sum to the amount. By the default method each part is less than one unit from
    /// its exact share, has the sign of the amount, and exceeds no cap.
    ///
    /// # Errors
    /// See [`SplitRefusal`].
    ///
    /// ```
    /// use setoff::allocate::{Leftover, Method, SplitInput};
    /// let input = SplitInput { amount: 5, weights: &[7, 3], caps: None, order: None };
    /// assert_eq!(Method::default().split(&input).unwrap().parts, [4, 1]);
    /// let last = Method { leftover: Leftover::Last, ..Method::default() };
    /// assert_eq!(last.split(&input).unwrap().parts, [3, 2]);
    /// ```
    pub fn split(&self, input: &SplitInput<'_>) -> Result<WholeSplit, SplitRefusal> {
        self.split_signed(input, false).map(|(split, _)| split)
    }

    /// As [`Method::split`], and how each part came about.
    ///
    /// # Errors
    /// See [`SplitRefusal`].
    pub fn trace(&self, input: &SplitInput<'_>) -> Result<(WholeSplit, Steps), SplitRefusal> {
        self.split_signed(input, true)
    }

    /// Whether it splits as the kernel does where neither signs nor caps matter. (That a zero weight may receive makes
    /// no difference there: fewer units are left over than there are remainders.)
    pub(super) fn is_kernel(&self) -> bool {
        self.first_pass == FirstPass::Down
            && self.leftover == Leftover::LargestRemainder
            && !self.from_back
            && !self.abandon_if_nothing
    }

    /// Splits an amount of any sign. The steps are there only if they are wanted, or were needed.
    fn split_signed(
        &self,
        input: &SplitInput<'_>,
        wants_steps: bool,
    ) -> Result<(WholeSplit, Steps), SplitRefusal> {
        input.check(self)?;
        if !self.mirror || input.amount >= 0 {
            return self.split_checked(input, wants_steps);
        }

        let amount = input.amount.checked_neg();
        let amount = amount.ok_or(SplitRefusal::OutOfRange)?;
        let positive = SplitInput { amount, ..*input };
        let (split, steps) = self.split_checked(&positive, wants_steps)?;
        mirrored(split, steps).ok_or(SplitRefusal::OutOfRange)
    }

    /// Splits an amount as it is.
    fn split_checked(
        &self,
        input: &SplitInput<'_>,
        wants_steps: bool,
    ) -> Result<(WholeSplit, Steps), SplitRefusal> {
        if input.weights.is_empty() {
            return Ok(nothing(input, UnallocatedReason::NoWeights));
        }

        // Negative weights can sum to zero, too: shares of nothing have no proportion.
        let total = sum(input.weights);
        if total != 0 {
            return self.split_over(input, input.weights, total, wants_steps);
        }

        match self.all_zero {
            AllZero::Refuse => Err(SplitRefusal::AllZero),
            AllZero::Zeros => Ok(nothing(input, UnallocatedReason::AllZero)),
            AllZero::Even => {
                let even = vec![1; input.weights.len()];

                let (mut split, steps) = self.split_over(input, &even, sum(&even), wants_steps)?;
                split.is_even = true;
                Ok((split, steps))
            }
        }
    }

    /// Splits an amount over weights, those of the input or even ones, that sum to `total`.
    fn split_over(
        &self,
        input: &SplitInput<'_>,
        weights: &[i64],
        total: i128,
        wants_steps: bool,
    ) -> Result<(WholeSplit, Steps), SplitRefusal> {
        let (amount, reason) = self.allowed(input, weights)?;
        let checked = CheckedSplit {
            method: self,
            weights,
            caps: input.caps,
            order: input.order,
            amount,
            total,
            wants_steps,
        };
        let Apportionment { parts, steps } = checked.apportion()?;

        // What nobody got, and why: what weights or caps did not allow, or else what the method hands out to nobody.
        let allocated = sum(&parts);
        let unallocated = i128::from(input.amount).checked_sub(allocated);
        let unallocated = unallocated.and_then(|units| i64::try_from(units).ok());
        let unallocated = unallocated.ok_or(SplitRefusal::OutOfRange)?;
        let reason = match reason {
            None if unallocated == 0 => None,
            None if self.abandon_if_nothing && allocated == 0 => Some(UnallocatedReason::Abandoned),
            None => Some(UnallocatedReason::Separate),
            known => known,
        };

        let split = WholeSplit {
            parts,
            unallocated,
            reason,
            is_even: false,
        };
        Ok((split, steps))
    }

    /// The amount that weights and caps allow, and what keeps the rest of it from being allocated.
    fn allowed(
        &self,
        input: &SplitInput<'_>,
        weights: &[i64],
    ) -> Result<(i64, Option<UnallocatedReason>), SplitRefusal> {
        let mut allowed = i128::from(input.amount);
        let mut reason = None;

        if self.cap_total {
            // Where zero weights count as even ones, their sum is still nothing.
            let most = sum(input.weights);
            if allowed > most {
                (allowed, reason) = (most, Some(UnallocatedReason::OverWeights));
            }
        }

        // Only then the caps: they may have room for the amount that the weights leave of a larger one.
        if let Some(caps) = input.caps {
            let room = room_under(caps, weights);
            if allowed > room {
                if !self.allow_unallocated {
                    return Err(SplitRefusal::OverCaps(room));
                }
                (allowed, reason) = (room, Some(UnallocatedReason::OverCaps));
            }
        }

        let amount = i64::try_from(allowed).map_err(|_| SplitRefusal::OutOfRange)?;
        Ok((amount, reason))
    }
}

impl SplitInput<'_> {
    /// Refuses what no method splits, and what `method` does not.
    fn check(&self, method: &Method) -> Result<(), SplitRefusal> {
        let count = self.weights.len();

        if count == 0 && !method.allow_empty {
            return Err(SplitRefusal::NoWeights);
        }
        if self.caps.is_some_and(|caps| caps.len() != count) {
            return Err(SplitRefusal::CapsCount);
        }
        if self.order.is_some_and(|order| !is_order(order, count)) {
            return Err(SplitRefusal::KeysCount);
        }

        if self.caps.is_some() && method.from_back {
            return Err(SplitRefusal::CapsFromBack);
        }
        // They would silently limit nothing, and no published method says what they mean here (splits.md, "Caps of a
        // split").
        if self.caps.is_some() && self.amount < 0 && !method.mirror {
            return Err(SplitRefusal::CapsWithoutMirror);
        }

        if !method.allow_negative
            && let Some(index) = first_negative(self.weights)
        {
            return Err(SplitRefusal::NegativeWeight(index));
        }
        if let Some(index) = self.caps.and_then(first_negative) {
            return Err(SplitRefusal::NegativeCap(index));
        }
        Ok(())
    }
}

/// Whether indices name each of `count` things once.
fn is_order(order: &[usize], count: usize) -> bool {
    if order.len() != count {
        return false;
    }

    let mut is_named = vec![false; count];
    for &index in order {
        match is_named.get_mut(index) {
            Some(is_named) if !*is_named => *is_named = true,
            _ => return false,
        }
    }
    true
}

/// The index of the first negative number.
pub(super) fn first_negative(numbers: &[i64]) -> Option<usize> {
    numbers.iter().position(|&number| number < 0)
}

/// Everybody gets nothing.
fn nothing(input: &SplitInput<'_>, reason: UnallocatedReason) -> (WholeSplit, Steps) {
    let Apportionment { parts, steps } = apportion::nothing(input.weights.len());

    let split = WholeSplit {
        parts,
        unallocated: input.amount,
        reason: (input.amount != 0).then_some(reason),
        is_even: false,
    };
    (split, steps)
}

/// A split with all signs turned round; `None` if that is out of range.
fn mirrored(split: WholeSplit, steps: Steps) -> Option<(WholeSplit, Steps)> {
    let unallocated = split.unallocated.checked_neg()?;

    let mut apportioned = Apportionment {
        parts: split.parts,
        steps,
    };
    apportioned.negate()?;
    let Apportionment { parts, steps } = apportioned;

    let split = WholeSplit {
        parts,
        unallocated,
        reason: split.reason,
        is_even: split.is_even,
    };
    Some((split, steps))
}

/// A split whose input is checked and whose amount is within the caps.
struct CheckedSplit<'a> {
    method: &'a Method,
    weights: &'a [i64],
    caps: Option<&'a [i64]>,
    order: Option<&'a [usize]>,
    amount: i64,
    /// The sum of the weights; not zero.
    total: i128,
    wants_steps: bool,
}

impl CheckedSplit<'_> {
    /// Apportions the amount by the fastest way that gives what is wanted.
    fn apportion(&self) -> Result<Apportionment, SplitRefusal> {
        if !self.wants_steps
            && let Some(parts) = self.by_kernel()
        {
            let steps = Steps::default();
            return Ok(Apportionment { parts, steps });
        }
        if self.method.from_back {
            return self.split_from_back().ok_or(SplitRefusal::OutOfRange);
        }

        // What a cap keeps from one weight goes to the others. A negative weight would turn that round, and no
        // published method says what happens then (splits.md, "Caps of a split").
        let has_negative = self.weights.iter().any(|&weight| weight < 0);
        if let Some(caps) = self.caps
            && has_negative
        {
            let exceeded = is_any_exceeded(self.weights, caps, self.amount, self.total);
            if exceeded.ok_or(SplitRefusal::OutOfRange)? {
                return Err(SplitRefusal::CapsWithNegativeWeights);
            }
        }

        self.by_shares().ok_or(SplitRefusal::OutOfRange)
    }

    /// The parts, if the kernel can find them.
    fn by_kernel(&self) -> Option<Vec<i64>> {
        if !self.method.is_kernel() || self.may_exceed_caps() {
            return None;
        }

        let amount = u64::try_from(self.amount).ok()?;
        let weights = self.ordered_weights()?;
        let mut shares = vec![0; weights.len()];
        Splitter::default().proportional_into(amount, &weights, &mut shares)?;

        // The kernel gave ties to the earlier in that order; each part goes back to its weight.
        let Some(order) = self.order else {
            let parts = shares.into_iter();
            return parts.map(|part| i64::try_from(part).ok()).collect();
        };
        let mut parts = vec![0; shares.len()];
        for (&index, part) in order.iter().zip(shares) {
            *parts.get_mut(index)? = i64::try_from(part).ok()?;
        }
        Some(parts)
    }

    /// Whether a share may exceed its cap. None does whose weight is within the cap, while the amount is at most the
    /// total.
    fn may_exceed_caps(&self) -> bool {
        let Some(caps) = self.caps else {
            return false;
        };
        let mut pairs = caps.iter().zip(self.weights);
        i128::from(self.amount) > self.total || pairs.any(|(cap, weight)| cap < weight)
    }

    /// The weights in the order in which equals receive units; `None` if one is negative.
    fn ordered_weights(&self) -> Option<Vec<u64>> {
        let mut weights = Vec::with_capacity(self.weights.len());

        match self.order {
            None => {
                for &weight in self.weights {
                    weights.push(u64::try_from(weight).ok()?);
                }
            }
            Some(order) => {
                for &index in order {
                    weights.push(u64::try_from(*self.weights.get(index)?).ok()?);
                }
            }
        }

        Some(weights)
    }

    /// Gives each weight its exact share, made whole, or its cap where that is less; then the units left over go round.
    #[inline(never)]
    fn by_shares(&self) -> Option<Apportionment> {
        let filled = FilledCaps::new(self.weights, self.caps, self.amount, self.total)?;
        let blocks = match self.method.leftover {
            Leftover::SeparateBlocks => Some(Blocks::new(self.weights, &filled)?),
            _ => None,
        };

        let mut shares = FirstShares::new(self.method, self.weights.len(), self.wants_steps);
        for (index, &weight) in self.weights.iter().enumerate() {
            if filled.is_full.get(index) == Some(&true) {
                let cap = *self.caps?.get(index)?;
                shares.give(capped(weight, cap))?;
                continue;
            }

            let numerator = product(filled.amount.into(), weight.into())?;
            match &blocks {
                Some(blocks) => shares.give(PortionTrace {
                    weight,
                    numerator,
                    denominator: filled.total,
                    first_pass: blocks.part(weight)?,
                    ..PortionTrace::NOTHING
                })?,
                None => shares.add(weight, numerator, filled.total)?,
            }
        }

        let recipients = Recipients {
            weights: self.weights,
            caps: self.caps,
            capped: &filled.is_full,
            order: self.order,
        };
        shares.apportion(self.amount.into(), recipients)
    }

    /// Gives each weight, from the last to the first, its share of the rest by the weights that are left. The first
    /// gets what remains, so nothing is left over.
    fn split_from_back(&self) -> Option<Apportionment> {
        let (mut amount, mut total) = (self.amount, self.total);
        let mut parts = vec![0; self.weights.len()];
        let traced = if self.wants_steps { parts.len() } else { 0 };
        let mut portions = vec![PortionTrace::NOTHING; traced];

        for ((index, &weight), part) in self.weights.iter().enumerate().zip(&mut parts).rev() {
            // Where this weight and the earlier ones are zero, the others have got everything.
            if total > 0 {
                let numerator = product(amount.into(), weight.into())?;
                let (first_pass, _) = self.method.first_pass.round(numerator, total)?;
                *part = i64::try_from(first_pass).ok()?;
                amount = amount.checked_sub(*part)?;

                if let Some(portion) = portions.get_mut(index) {
                    *portion = PortionTrace {
                        weight,
                        numerator,
                        denominator: total,
                        first_pass: *part,
                        ..PortionTrace::NOTHING
                    };
                }
            }
            total = total.checked_sub(weight.into())?;
        }

        let steps = Steps {
            portions,
            leftover: 0,
        };
        Some(Apportionment { parts, steps })
    }
}

/// The portion of a weight whose cap has taken the place of its share.
fn capped(weight: i64, cap: i64) -> PortionTrace {
    PortionTrace {
        weight,
        numerator: cap.into(),
        first_pass: cap,
        is_capped: true,
        ..PortionTrace::NOTHING
    }
}

/// The largest whole multiple of the weights in lowest terms that an amount has room for.
struct Blocks {
    /// The greatest common divisor of the weights; 1 or more.
    divisor: i128,
    count: i128,
}

impl Blocks {
    fn new(weights: &[i64], filled: &FilledCaps) -> Option<Self> {
        let mut divisor = 0;
        for &weight in weights {
            divisor = gcd(divisor, weight.into());
        }

        // Cannot be zero: the weights do not sum to zero.
        let divisor = divisor.max(1);
        let block = filled.total.checked_div(divisor)?;
        let count = i128::from(filled.amount).checked_div(block)?;
        Some(Self { divisor, count })
    }

    /// What a weight gets of all blocks.
    fn part(&self, weight: i64) -> Option<i64> {
        let in_block = i128::from(weight).checked_div(self.divisor)?;
        i64::try_from(product(self.count, in_block)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(method: Method, amount: i64, weights: &[i64]) -> Vec<i64> {
        let shares = method
            .split(&SplitInput {
                amount,
                weights,
                caps: None,
                order: None,
            })
            .unwrap();
        assert_eq!(
            sum(&shares.parts) + i128::from(shares.unallocated),
            i128::from(amount)
        );
        shares.parts
    }

    fn preset(name: &str) -> Method {
        Method::preset(name).unwrap()
    }

    #[test]
    fn brick_money_modes() {
        // By hand: 100.00 by 30, 20, 40; −100.00 by 30, 20, 40, 40.
        let weights = [30, 20, 40];
        assert_eq!(
            split(preset("brickFloorToFirst"), 10_000, &weights),
            [3334, 2222, 4444]
        );
        assert_eq!(
            split(Method::default(), 10_000, &weights),
            [3333, 2222, 4445]
        );
        let weights = [30, 20, 40, 40];
        assert_eq!(
            split(Method::default(), -10_000, &weights),
            [-2308, -1538, -3077, -3077]
        );
        assert_eq!(
            split(preset("brickFloorToFirst"), -10_000, &weights),
            [-2308, -1539, -3077, -3076]
        );
        // Floor shares of 10.00 by 1, 1, 1 are 3.33 each, 0.01 stays; in blocks of 30 + 20 + 40 = 9 tenths: 1111 each.
        let separate = preset("brickFloorSeparate").split(&SplitInput {
            amount: 1000,
            weights: &[1, 1, 1],
            caps: None,
            order: None,
        });
        assert_eq!(
            separate.map(|shares| (shares.parts, shares.unallocated)),
            Ok((vec![333, 333, 333], 1))
        );
        assert_eq!(
            split(preset("brickBlockSeparate"), 10_000, &[30, 20, 40]),
            [3333, 2222, 4444]
        );
    }

    #[test]
    fn numscript_gives_to_the_first() {
        assert_eq!(split(preset("numscript"), 15, &[80, 8, 12]), [13, 1, 1]);
        assert_eq!(split(Method::default(), 15, &[80, 8, 12]), [12, 1, 2]);
    }

    /// What sets each source apart (`allocation.md#splits-by-name`), each figure by hand: the published ones rarely do.
    #[test]
    fn presets_are_their_sources() {
        let parts = |name: &str, amount: i64, weights: &[i64]| {
            let shares = preset(name)
                .split(&SplitInput {
                    amount,
                    weights,
                    caps: None,
                    order: None,
                })
                .unwrap();
            (shares.parts, shares.unallocated)
        };
        let all = |parts: &[i64]| (parts.to_vec(), 0);
        // 1.67 and 3.33: the unit goes to the largest weight, or to the largest remainder.
        for name in ["dinero", "brickFloorToLargestRatio"] {
            assert_eq!(parts(name, 5, &[1, 2]), all(&[1, 4]), "{name}");
        }
        assert_eq!(parts("openMeter", 5, &[1, 2]), all(&[2, 3]));
        // −0.67 each: floors of −1 take one back from the first; cut to 0 they leave two for the first two.
        for name in ["moneyPhp", "vendure", "rustyMoney"] {
            assert_eq!(parts(name, -2, &[1, 1, 1]), all(&[0, -1, -1]), "{name}");
        }
        assert_eq!(parts("default", -2, &[1, 1, 1]), all(&[-1, -1, 0]));
        // From the back: 7 × 2/5 = 2.8, then 5 × 2/3 = 3.3, and what is left.
        assert_eq!(parts("rubyMoney", 7, &[1, 2, 2]), all(&[2, 3, 2]));
        // 2.5 each, and the first of all gets the unit, though it has no weight; or the first that has one.
        for name in ["goMoney", "rustyMoney", "fowler", "syliusProportional"] {
            assert_eq!(parts(name, 5, &[0, 1, 1]), all(&[1, 2, 2]), "{name}");
        }
        for name in ["numscript", "brickFloorToFirst"] {
            assert_eq!(parts(name, 5, &[0, 1, 1]), all(&[0, 3, 2]), "{name}");
        }
        // 5.33 and 2.67 to the nearest leave nothing; a half each goes down, and then nothing is given at all.
        assert_eq!(parts("syliusProportional", 8, &[2, 1]), all(&[5, 3]));
        assert_eq!(parts("syliusProportional", 1, &[1, 1]), (vec![0, 0], 1));
        assert_eq!(
            parts("brickFloorSeparate", 100, &[1, 1, 1]),
            (vec![33, 33, 33], 1)
        );
        // Blocks of 1 + 2.
        assert_eq!(parts("brickBlockSeparate", 10, &[2, 4]), (vec![3, 6], 1));
        assert_eq!(parts("polarFixedDiscount", 9, &[2, 3]), (vec![2, 3], 4));
        for name in ["goMoney", "syliusProportional"] {
            assert_eq!(parts(name, 5, &[0, 0]), (vec![0, 0], 5), "{name}");
        }
        for name in ["rubyMoney", "vendure"] {
            assert_eq!(parts(name, 5, &[0, 0]), all(&[3, 2]), "{name}");
        }
    }

    #[test]
    fn caps_are_filled_and_the_rest_goes_on() {
        // 90 by 1, 1, 1 with a cap of 10 on the first: 10, and 80 over the other two.
        let input = SplitInput {
            amount: 90,
            weights: &[1, 1, 1],
            caps: Some(&[10, 100, 100]),
            order: None,
        };
        assert_eq!(
            Method::default().split(&input).map(|shares| shares.parts),
            Ok(vec![10, 40, 40])
        );
        // By hand: 30.75 over caps of 26 and 4.74 leaves 0.01.
        let input = SplitInput {
            amount: 3075,
            weights: &[2600, 474],
            caps: Some(&[2600, 474]),
            order: None,
        };
        assert_eq!(
            Method::default().split(&input),
            Err(SplitRefusal::OverCaps(3074))
        );
        let shares = Method {
            allow_unallocated: true,
            ..Method::default()
        }
        .split(&input)
        .unwrap();
        assert_eq!((shares.parts, shares.unallocated), (vec![2600, 474], 1));
    }

    /// All lists of 1 to 3 weights of 0…5.
    fn small_weights() -> impl Iterator<Item = Vec<i64>> {
        let digits = |mut code: u32, count: u32| {
            (0..count)
                .map(|_| {
                    let digit = i64::from(code % 6);
                    code /= 6;
                    digit
                })
                .collect()
        };
        (1..=3).flat_map(move |count| (0..6_u32.pow(count)).map(move |code| digits(code, count)))
    }

    #[test]
    fn the_default_is_the_kernel() {
        for weights in small_weights().filter(|weights| sum(weights) > 0) {
            let unsigned: Vec<u64> = weights
                .iter()
                .map(|&weight| u64::try_from(weight).unwrap())
                .collect();
            for amount in 0..=30 {
                let kernel =
                    crate::allocate::proportional(u64::try_from(amount).unwrap(), &unsigned)
                        .unwrap();
                let kernel: Vec<i64> = kernel
                    .into_iter()
                    .map(|share| i64::try_from(share).unwrap())
                    .collect();
                assert_eq!(
                    split(Method::default(), amount, &weights),
                    kernel,
                    "{amount} over {weights:?}"
                );
            }
        }
    }

    #[test]
    fn no_method_loses_a_unit() {
        for &first_pass in FirstPass::ALL {
            for &leftover in Leftover::ALL {
                for from_back in [false, true] {
                    let method = Method {
                        first_pass,
                        from_back,
                        leftover,
                        all_zero: AllZero::Even,
                        ..Method::default()
                    };
                    for weights in small_weights() {
                        // `split` asserts that parts and what is unallocated sum to the amount.
                        for amount in [-7, 0, 1, 5, 29] {
                            split(method, amount, &weights);
                        }
                    }
                }
            }
        }
    }

    /// A share is `amount × weight ÷ sum`: turning the signs of all weights round turns both above and below.
    #[test]
    fn weights_of_the_other_sign_share_alike() {
        for &first_pass in FirstPass::ALL {
            for &leftover in Leftover::ALL {
                let method = Method {
                    first_pass,
                    leftover,
                    allow_negative: true,
                    mirror: false,
                    ..Method::default()
                };
                for weights in small_weights().filter(|weights| sum(weights) > 0) {
                    let turned: Vec<i64> = weights.iter().map(|weight| -weight).collect();
                    for amount in [-7, 1, 5, 29] {
                        let (shares, others) = (
                            split(method, amount, &weights),
                            split(method, amount, &turned),
                        );
                        assert_eq!(shares, others, "{method:?}: {amount} over {weights:?}");
                    }
                }
            }
        }
    }
}
