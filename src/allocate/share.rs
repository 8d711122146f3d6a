//! How a [`Method`] splits whole numbers.
//!
//! Checks the input, finds the exact shares (caps take their own first) and has them apportioned (`apportion.rs`). What
//! the kernel (`split.rs`) can do, it does, unless the steps are asked for.

use super::apportion::{
    self, Apportionment, FirstShares, PortionTrace, Recipients, Steps, product, sum,
};
use super::method::{AllZero, FirstPass, Leftover, Method};
use super::split::Splitter;
use crate::money::gcd;
use crate::order::sort_places;
use std::cmp::Ordering;

/// What is to be split, in whole units.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The amount.
    pub amount: i64,
    /// The weights.
    pub weights: &'a [i64],
    /// The most that each may get, if there are caps: 0 or more.
    pub caps: Option<&'a [i64]>,
    /// The order among equals and of [`Leftover::First`]: the places of the weights. Absent: as they come.
    pub order: Option<&'a [usize]>,
}

/// How an amount was split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    /// One for each weight.
    pub parts: Vec<i64>,
    /// What nobody got; zero unless the method allows it.
    pub unallocated: i64,
    /// Why something is unallocated.
    pub because: Option<Because>,
    /// Whether all weights were zero and the amount was split evenly.
    pub evenly: bool,
}

/// Why something is unallocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// Nobody gets what is left over ([`Leftover::Separate`]).
    Separate,
    /// The first pass gave nothing ([`Method::abandon_if_nothing`]).
    Abandoned,
    /// It is more than the weights together ([`Method::cap_total`]).
    OverWeights,
    /// It is more than the caps together ([`Method::allow_unallocated`]).
    OverCaps,
    /// All weights are zero ([`AllZero::Zeros`]).
    AllZero,
    /// There are no weights ([`Method::allow_empty`]).
    NoWeights,
}

impl Because {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Separate,
        Self::Abandoned,
        Self::OverWeights,
        Self::OverCaps,
        Self::AllZero,
        Self::NoWeights,
    ];
}

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There are no weights.
    NoWeights,
    /// All weights are zero.
    AllZero,
    /// A weight is negative: its place.
    NegativeWeight(usize),
    /// A cap is negative: its place.
    NegativeCap(usize),
    /// Caps and weights differ in number.
    CapsCount,
    /// Keys and weights differ in number, or the order is not one.
    KeysCount,
    /// A first pass from the back knows no caps, and with negative weights none may be exceeded.
    CapsUnknown,
    /// The amount exceeds the caps: their sum.
    OverCaps(i128),
    /// A share is out of range.
    OutOfRange,
}

impl Method {
    /// Splits an amount.
    ///
    /// The parts and what is unallocated sum to the amount. By the default method each part is less than one unit from
    /// its exact share, has the sign of the amount, and exceeds no cap.
    ///
    /// # Errors
    /// See [`Refusal`].
    ///
    /// ```
    /// use setoff::allocate::{Input, Leftover, Method};
    /// let input = Input { amount: 5, weights: &[7, 3], caps: None, order: None };
    /// assert_eq!(Method::default().split(&input).unwrap().parts, [4, 1]);
    /// let last = Method { leftover: Leftover::Last, ..Method::default() };
    /// assert_eq!(last.split(&input).unwrap().parts, [3, 2]);
    /// ```
    pub fn split(&self, input: &Input<'_>) -> Result<Shares, Refusal> {
        self.run(input, false).map(|(shares, _)| shares)
    }

    /// As [`Method::split`], and how each part came about.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn trace(&self, input: &Input<'_>) -> Result<(Shares, Steps), Refusal> {
        self.run(input, true)
    }

    /// Whether it splits as the kernel does where neither signs nor caps matter. (That a zero weight may receive makes
    /// no difference there: fewer units are left over than there are remainders.)
    pub(super) fn is_kernel(&self) -> bool {
        self.first_pass == FirstPass::Down
            && self.leftover == Leftover::LargestRemainder
            && !self.from_back
            && !self.abandon_if_nothing
    }

    /// The steps are only there if they are wanted, or were needed.
    fn run(&self, input: &Input<'_>, wants_steps: bool) -> Result<(Shares, Steps), Refusal> {
        input.check(self)?;
        if !self.mirror || input.amount >= 0 {
            return self.run_checked(input, wants_steps);
        }
        let amount = input.amount.checked_neg().ok_or(Refusal::OutOfRange)?;
        let (mut shares, steps) = self.run_checked(&Input { amount, ..*input }, wants_steps)?;
        let mut split = Apportionment {
            parts: shares.parts,
            steps,
        };
        let unallocated = shares.unallocated.checked_neg();
        let negated = split.negate().and(unallocated);
        shares.unallocated = negated.ok_or(Refusal::OutOfRange)?;
        shares.parts = split.parts;
        Ok((shares, split.steps))
    }

    fn run_checked(
        &self,
        input: &Input<'_>,
        wants_steps: bool,
    ) -> Result<(Shares, Steps), Refusal> {
        let even: Vec<i64>;
        let mut weights = input.weights;
        let mut total = sum(weights);
        let evenly = total == 0 && self.all_zero == AllZero::Even;
        if weights.is_empty() {
            return Ok(nothing(input, Because::NoWeights));
        }
        if evenly {
            even = vec![1; weights.len()];
            weights = &even;
            total = sum(weights);
        } else if total == 0 {
            return match self.all_zero {
                AllZero::Zeros => Ok(nothing(input, Because::AllZero)),
                _ => Err(Refusal::AllZero),
            };
        }
        let mut most = i128::from(input.amount);
        let mut because = None;
        if self.cap_total && most > sum(input.weights) {
            most = sum(input.weights);
            because = Some(Because::OverWeights);
        }
        if let Some(caps) = input.caps {
            // The cap of who may not receive anything is of no use.
            let useful =
                |(&cap, &weight): (&i64, &i64)| if weight == 0 { 0 } else { i128::from(cap) };
            let room = caps
                .iter()
                .zip(weights)
                .map(useful)
                .fold(0_i128, i128::saturating_add);
            if most > room {
                because = Some(Because::OverCaps);
                most = room;
                if !self.allow_unallocated {
                    return Err(Refusal::OverCaps(room));
                }
            }
        }
        let amount = i64::try_from(most).map_err(|_| Refusal::OutOfRange)?;
        let job = Job {
            method: self,
            weights,
            caps: input.caps,
            order: input.order,
            amount,
            total,
            wants_steps,
        };
        let kernel = if wants_steps { None } else { job.by_kernel() };
        let split = match kernel {
            Some(parts) => Some(Apportionment {
                parts,
                steps: Steps::default(),
            }),
            None if self.from_back => job.split_from_back(),
            None if job.lacks_order().ok_or(Refusal::OutOfRange)? => {
                return Err(Refusal::CapsUnknown);
            }
            None => job.share_out(),
        };
        let Apportionment { parts, steps } = split.ok_or(Refusal::OutOfRange)?;
        let placed = sum(&parts);
        let left = i128::from(input.amount)
            .checked_sub(placed)
            .and_then(|left| i64::try_from(left).ok());
        let unallocated = left.ok_or(Refusal::OutOfRange)?;
        if because.is_none() && unallocated != 0 {
            because = Some(if self.abandon_if_nothing && placed == 0 {
                Because::Abandoned
            } else {
                Because::Separate
            });
        }
        Ok((
            Shares {
                parts,
                unallocated,
                because,
                evenly,
            },
            steps,
        ))
    }
}

impl Input<'_> {
    fn check(&self, method: &Method) -> Result<(), Refusal> {
        let count = self.weights.len();
        if count == 0 && !method.allow_empty {
            return Err(Refusal::NoWeights);
        }
        if self.caps.is_some_and(|caps| caps.len() != count) {
            return Err(Refusal::CapsCount);
        }
        if let Some(order) = self.order {
            let mut seen = vec![false; count];
            let mut is_new = |&place: &usize| {
                seen.get_mut(place)
                    .is_some_and(|seen| !std::mem::replace(seen, true))
            };
            if order.len() != count || !order.iter().all(&mut is_new) {
                return Err(Refusal::KeysCount);
            }
        }
        if self.caps.is_some() && method.from_back {
            return Err(Refusal::CapsUnknown);
        }
        let negative = |values: &[i64]| values.iter().position(|&value| value < 0);
        if let Some(place) = negative(self.weights).filter(|_| !method.allow_negative) {
            return Err(Refusal::NegativeWeight(place));
        }
        self.caps
            .and_then(negative)
            .map_or(Ok(()), |place| Err(Refusal::NegativeCap(place)))
    }
}

/// Everybody gets nothing.
fn nothing(input: &Input<'_>, because: Because) -> (Shares, Steps) {
    let Apportionment { parts, steps } = apportion::nothing(input.weights.len());
    let shares = Shares {
        parts,
        unallocated: input.amount,
        because: (input.amount != 0).then_some(because),
        evenly: false,
    };
    (shares, steps)
}

/// A split under way: everything checked, the amount within the caps.
struct Job<'a> {
    method: &'a Method,
    weights: &'a [i64],
    caps: Option<&'a [i64]>,
    order: Option<&'a [usize]>,
    amount: i64,
    total: i128,
    wants_steps: bool,
}

impl Job<'_> {
    /// The parts, if the kernel can tell them.
    fn by_kernel(&self) -> Option<Vec<i64>> {
        let Self {
            method,
            weights,
            caps,
            order,
            amount,
            total,
            ..
        } = *self;
        let unsigned = |weight: i64| u64::try_from(weight).ok();
        // A cap of at least the weight binds nobody while the amount is at most the total.
        let binds = |caps: &[i64]| {
            i128::from(amount) > total || caps.iter().zip(weights).any(|(cap, weight)| cap < weight)
        };
        if !method.is_kernel() || caps.is_some_and(binds) {
            return None;
        }
        let mut ordered = Vec::with_capacity(weights.len());
        match order {
            None => weights
                .iter()
                .try_for_each(|&weight| unsigned(weight).map(|weight| ordered.push(weight)))?,
            Some(order) => order.iter().try_for_each(|&place| {
                unsigned(*weights.get(place)?).map(|weight| ordered.push(weight))
            })?,
        }
        let mut shares = vec![0; weights.len()];
        Splitter::default().proportional_into(
            u64::try_from(amount).ok()?,
            &ordered,
            &mut shares,
        )?;
        let Some(order) = order else {
            return shares
                .into_iter()
                .map(|share| i64::try_from(share).ok())
                .collect();
        };
        let mut parts = vec![0; shares.len()];
        for (&place, share) in order.iter().zip(shares) {
            *parts.get_mut(place)? = i64::try_from(share).ok()?;
        }
        Some(parts)
    }

    /// The first pass gives each its share, made whole; then the units left over go round. A cap that is less takes the
    /// place of a share.
    #[inline(never)]
    fn share_out(&self) -> Option<Apportionment> {
        let (capped, amount, total) = self.fill_caps()?;
        let is_in_blocks = self.method.leftover == Leftover::SeparateBlocks;
        // In blocks: the largest whole multiple of the weights in lowest terms.
        let divisor = if is_in_blocks { self.divisor() } else { 1 };
        let factor = i128::from(amount).checked_div(total.checked_div(divisor)?)?;

        let mut shares = FirstShares::new(self.method, self.weights.len(), self.wants_steps);
        for (index, &weight) in self.weights.iter().enumerate() {
            let cap = self.caps.and_then(|caps| caps.get(index)).copied();
            match cap {
                Some(cap) if capped.get(index) == Some(&true) => shares.give(PortionTrace {
                    weight,
                    numerator: cap.into(),
                    first: cap,
                    is_capped: true,
                    ..PortionTrace::NOTHING
                })?,
                _ if is_in_blocks => {
                    let first = product(factor, i128::from(weight).checked_div(divisor)?)?;
                    shares.give(PortionTrace {
                        weight,
                        numerator: product(amount.into(), weight.into())?,
                        denominator: total,
                        first: i64::try_from(first).ok()?,
                        ..PortionTrace::NOTHING
                    })?;
                }
                _ => shares.add(weight, product(amount.into(), weight.into())?, total)?,
            }
        }
        let recipients = Recipients {
            weights: self.weights,
            caps: self.caps,
            capped: &capped,
            order: self.order,
        };
        shares.apportion(self.amount.into(), recipients)
    }

    /// Whether a cap decides where weights are negative: what others get instead could be anything then.
    fn lacks_order(&self) -> Option<bool> {
        let Some(caps) = self
            .caps
            .filter(|_| self.weights.iter().any(|&weight| weight < 0))
        else {
            return Some(false);
        };
        for (&cap, &weight) in caps.iter().zip(self.weights) {
            let (share, most) = (
                product(self.amount.into(), weight.into())?,
                product(cap.into(), self.total)?,
            );
            if if self.total < 0 {
                share < most
            } else {
                share > most
            } {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Fills the caps that the exact shares exceed: the tightest first, each time by the amount and weights that are
    /// left. Answers which are full, and the amount and total weight for the others: never zero, since an
    /// amount within all caps leaves the last of them no more than its own.
    fn fill_caps(&self) -> Option<(Vec<bool>, i64, i128)> {
        let (mut amount, mut total) = (self.amount, self.total);
        let mut full = vec![false; self.weights.len()];
        let Some(caps) = self
            .caps
            .filter(|_| self.weights.iter().all(|&weight| weight >= 0))
        else {
            return Some((full, amount, total));
        };
        let pair = |place: usize| Some((*caps.get(place)?, *self.weights.get(place)?));
        // Without a weight there is nothing to compare a cap with.
        let mut tightest: Vec<usize> = (0..self.weights.len())
            .filter(|&place| pair(place).is_some_and(|(_, w)| w > 0))
            .collect();
        // cap ÷ weight, compared crosswise.
        let crosswise = |a: usize, b: usize| {
            let ((cap_a, weight_a), (cap_b, weight_b)) = (pair(a)?, pair(b)?);
            Some(
                product(cap_a.into(), weight_b.into())?
                    .cmp(&product(cap_b.into(), weight_a.into())?),
            )
        };
        sort_places(&mut tightest, &|a, b| {
            crosswise(a, b).unwrap_or(Ordering::Equal)
        });
        for place in tightest {
            let (cap, weight) = pair(place)?;
            if product(amount.into(), weight.into())? <= product(cap.into(), total)? {
                continue;
            }
            *full.get_mut(place)? = true;
            amount = amount.checked_sub(cap)?;
            total = total.checked_sub(weight.into())?;
        }
        Some((full, amount, total))
    }

    /// Each from the last to the first gets its share of what is left; the first gets the rest.
    fn split_from_back(&self) -> Option<Apportionment> {
        let (mut amount, mut total) = (self.amount, self.total);
        let mut parts = vec![0; self.weights.len()];
        let mut portions =
            vec![PortionTrace::NOTHING; if self.wants_steps { parts.len() } else { 0 }];
        for ((index, &weight), part) in self.weights.iter().enumerate().zip(&mut parts).rev() {
            if total > 0 {
                let numerator = product(amount.into(), weight.into())?;
                let (first, _) = self.method.first_pass.round(numerator, total)?;
                *part = i64::try_from(first).ok()?;
                amount = amount.checked_sub(*part)?;
                if let Some(portion) = portions.get_mut(index) {
                    *portion = PortionTrace {
                        weight,
                        numerator,
                        denominator: total,
                        first: *part,
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

    /// The greatest common divisor of the weights; 1 or more.
    fn divisor(&self) -> i128 {
        self.weights
            .iter()
            .fold(0, |divisor, &weight| gcd(divisor, weight.into()))
            .max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(method: Method, amount: i64, weights: &[i64]) -> Vec<i64> {
        let shares = method
            .split(&Input {
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
        // peers.md 4B, V3: 100.00 by 30, 20, 40; −100.00 by 30, 20, 40, 40.
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
        let separate = preset("brickFloorSeparate").split(&Input {
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
        assert_eq!(split(preset("numscript"), 15, &[80, 8, 12]), [13, 1, 1]); // peers.md 4B, V1
        assert_eq!(split(Method::default(), 15, &[80, 8, 12]), [12, 1, 2]);
    }

    /// What sets each source apart (`proration.md` 1.7), each figure by hand: the published ones rarely do.
    #[test]
    fn presets_are_their_sources() {
        let parts = |name: &str, amount: i64, weights: &[i64]| {
            let shares = preset(name)
                .split(&Input {
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
        let input = Input {
            amount: 90,
            weights: &[1, 1, 1],
            caps: Some(&[10, 100, 100]),
            order: None,
        };
        assert_eq!(
            Method::default().split(&input).map(|shares| shares.parts),
            Ok(vec![10, 40, 40])
        );
        // peers.md 4B, V24: 30.75 over caps of 26 and 4.74 leaves 0.01.
        let input = Input {
            amount: 3075,
            weights: &[2600, 474],
            caps: Some(&[2600, 474]),
            order: None,
        };
        assert_eq!(
            Method::default().split(&input),
            Err(Refusal::OverCaps(3074))
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
        for first_pass in FirstPass::ALL {
            for leftover in Leftover::ALL {
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
        for first_pass in FirstPass::ALL {
            for leftover in Leftover::ALL {
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
