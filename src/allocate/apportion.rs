//! Apportions an amount by exact shares: the one place that decides floors, remainders, ties and leftovers.
//!
//! A split starts from exact shares that sum to the amount. A first pass makes each of them whole. The units that this
//! leaves over then go round, one each, in the order of the method: by default to the largest remainders, and among
//! equal ones to the earlier (`allocation.md#largest-remainder`). [`Steps`] keep all of that for a caller who asks why.
//!
//! The kernel (`split.rs`) gives the same parts, without steps and many times faster, where no weight is negative and
//! no cap binds. Tests compare the two.

use super::method::{FirstPass, Leftover, Method};
use crate::money::{Fraction, divide, multiply};
use crate::order::sort_places;
use std::cmp::Ordering;

/// A split amount, and how its parts came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apportionment {
    /// One for each share.
    pub parts: Vec<i64>,
    /// How they came about.
    pub steps: Steps,
}

/// How the parts of a split came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// One for each part.
    pub portions: Vec<PortionTrace>,
    /// The units that the first pass left over. They have the other sign than the amount where it gave too many.
    pub leftover: i64,
}

/// How a portion came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortionTrace {
    /// What the share is proportional to; zero where shares do not come from weights.
    pub weight: i64,
    /// The exact share is this over [`PortionTrace::denominator`].
    pub numerator: i128,
    /// See [`PortionTrace::numerator`].
    pub denominator: i128,
    /// What the first pass gave.
    pub first_pass: i64,
    /// The rank among those who may receive units left over, from 0; absent for those who may not.
    pub rank: Option<usize>,
    /// Whether the cap took the place of the share.
    pub is_capped: bool,
    /// Whether the cap kept units left over from it.
    pub is_full: bool,
}

/// Where a portion stands among those who may receive units left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    /// The rank of the first of its equals, from 0.
    pub first: usize,
    /// Its index among its equals, in their order.
    pub index: usize,
    /// How many equals there are, itself among them.
    pub count: usize,
}

/// A split under way: what the first pass has given so far.
pub(super) struct FirstShares<'a> {
    method: &'a Method,
    parts: Vec<i64>,
    taken: Taken,
    /// Only if they are asked for: they take eight times the memory of the parts.
    portions: Option<Vec<PortionTrace>>,
}

/// What the first pass took off the shares; empty where the method does not go by that.
enum Taken {
    /// Over the one denominator that all shares have.
    Numerators(Vec<i128>),
    /// Over denominators of their own.
    Fractions(Vec<Fraction>),
}

/// Who may receive units left over, beyond what the method says.
#[derive(Clone, Copy, Default)]
pub(super) struct Recipients<'a> {
    /// The weights; zero may be excluded by the method.
    pub weights: &'a [i64],
    /// The most that each may get.
    pub caps: Option<&'a [i64]>,
    /// Those whose caps have taken the place of their shares.
    pub capped: &'a [bool],
    /// The order among equals. Absent: as they come.
    pub order: Option<&'a [usize]>,
}

/// Largest remainder over shares of any sign: all are rounded down, so that there is never a unit too many. Everybody
/// may receive one, as nobody without a remainder comes to.
pub(crate) const LARGEST_REMAINDER: Method = Method {
    first_pass: FirstPass::Floor,
    zero_may_receive: true,
    ..Method::DEFAULT
};

/// Splits `amount` in proportion to `weights` of any sign by largest remainder, and says how.
///
/// Every exact share `amount × weight ÷ sum` is rounded down (towards −∞). The units that are left over go to the
/// largest remainders, of equal ones to the earlier. So each part is less than one unit from its exact share.
///
/// `None` if there is an amount and the weights do not sum to more than zero, or if a part is out of range.
///
/// ```
/// use setoff::allocate::apportion;
/// // 100 over three equal weights: 33⅓ each, and the one unit left over goes to the first.
/// let split = apportion(100, &[1, 1, 1]).unwrap();
/// assert_eq!((split.parts, split.steps.leftover), (vec![34, 33, 33], 1));
/// assert_eq!(split.steps.portions[0].first_pass, 33);
/// ```
#[must_use]
pub fn apportion(amount: u64, weights: &[i64]) -> Option<Apportionment> {
    apportion_weights(amount, weights, true)
}

/// As [`apportion`], with steps only if they are asked for.
pub(super) fn apportion_weights(
    amount: u64,
    weights: &[i64],
    wants_steps: bool,
) -> Option<Apportionment> {
    if amount == 0 {
        return Some(nothing(weights.len()));
    }
    let sum = sum(weights);
    if sum <= 0 {
        return None;
    }

    let mut shares = FirstShares::new(&LARGEST_REMAINDER, weights.len(), wants_steps);
    for &weight in weights {
        shares.add(weight, product(amount.into(), weight.into())?, sum)?;
    }
    shares.apportion(amount.into(), Recipients::default())
}

/// Splits `amount` over exact shares by largest remainder. It is `exact`, the sum of the shares, made whole: less than
/// one unit more or less. A negative sum is split as the mirror of its positive, also where it becomes zero.
///
/// `None` if a share is lost or a part is out of range.
pub(crate) fn apportion_fractions(
    amount: i128,
    exact: Fraction,
    fractions: &[Fraction],
) -> Option<Vec<i64>> {
    let sign = if exact.is_negative() { -1 } else { 1 };
    let mut shares = FirstShares {
        taken: Taken::Fractions(Vec::with_capacity(fractions.len())),
        ..FirstShares::new(&LARGEST_REMAINDER, fractions.len(), false)
    };
    for share in fractions {
        let numerator = share.numerator().checked_mul(sign)?;
        // `None` for a lost fraction, whose denominator is zero.
        shares.add(0, numerator, share.denominator())?;
    }

    let magnitude = amount.checked_mul(sign)?;
    let mut split = shares.apportion(magnitude, Recipients::default())?;
    if sign < 0 {
        split.negate()?;
    }
    Some(split.parts)
}

/// Everybody gets nothing.
pub(super) fn nothing(count: usize) -> Apportionment {
    Apportionment {
        parts: vec![0; count],
        steps: Steps {
            portions: vec![PortionTrace::NOTHING; count],
            leftover: 0,
        },
    }
}

impl<'a> FirstShares<'a> {
    /// Room for `count` shares by `method`.
    pub(super) fn new(method: &'a Method, count: usize, wants_steps: bool) -> Self {
        let by_remainder = method.leftover == Leftover::LargestRemainder;
        Self {
            method,
            parts: Vec::with_capacity(count),
            taken: Taken::Numerators(Vec::with_capacity(if by_remainder { count } else { 0 })),
            portions: wants_steps.then(|| Vec::with_capacity(count)),
        }
    }

    /// Gives the share `numerator ÷ denominator` of a weight, made whole.
    pub(super) fn add(&mut self, weight: i64, numerator: i128, denominator: i128) -> Option<()> {
        let first_pass = self.method.first_pass;
        let (first, beyond) = first_pass.round(numerator, denominator)?;

        let portion = PortionTrace {
            weight,
            numerator,
            denominator,
            first_pass: i64::try_from(first).ok()?,
            ..PortionTrace::NOTHING
        };
        self.push(portion, first_pass.taken(beyond, denominator)?)
    }

    /// Gives what the first pass gives otherwise than by rounding the share: nobody goes by the remainder then.
    pub(super) fn give(&mut self, portion: PortionTrace) -> Option<()> {
        self.push(portion, 0)
    }

    /// Keeps a portion, and what the first pass took off it where units left over go by that.
    fn push(&mut self, portion: PortionTrace, taken: i128) -> Option<()> {
        self.parts.push(portion.first_pass);

        if self.method.leftover == Leftover::LargestRemainder {
            match &mut self.taken {
                Taken::Numerators(numerators) => numerators.push(taken),
                Taken::Fractions(fractions) => {
                    fractions.push(Fraction::new(taken, portion.denominator));
                }
            }
        }
        if let Some(portions) = &mut self.portions {
            portions.push(portion);
        }

        Some(())
    }

    /// Hands out what the first pass leaves of `amount`.
    pub(super) fn apportion(
        self,
        amount: i128,
        recipients: Recipients<'_>,
    ) -> Option<Apportionment> {
        let leftover = i64::try_from(amount.checked_sub(sum(&self.parts))?).ok()?;
        // A first pass that gave nothing at all leaves the whole amount.
        let is_abandoned = self.method.abandon_if_nothing && amount == leftover.into();
        let queue = if is_abandoned {
            Vec::new()
        } else {
            self.queue(recipients)
        };

        let mut split = Apportionment {
            parts: self.parts,
            steps: Steps {
                portions: self.portions.unwrap_or_default(),
                leftover,
            },
        };
        split.hand_out(queue, recipients.caps)?;
        Some(split)
    }

    /// The indices of those who may receive units left over, in the order of the method.
    fn queue(&self, recipients: Recipients<'_>) -> Vec<usize> {
        let Recipients {
            weights,
            capped,
            order,
            ..
        } = recipients;

        // In the order of the request. All sorts are stable, so that it decides among equals.
        let mut queue: Vec<usize> = match order {
            Some(order) => order.to_vec(),
            None => (0..self.parts.len()).collect(),
        };
        if !self.method.zero_may_receive {
            queue.retain(|&index| weights.get(index) != Some(&0));
        }
        // A cap that took the place of a share has no room for a unit more.
        if !capped.is_empty() {
            queue.retain(|&index| capped.get(index) != Some(&true));
        }

        match self.method.leftover {
            Leftover::LargestRemainder => match &self.taken {
                Taken::Numerators(taken) => {
                    sort_places(&mut queue, &|a, b| taken.get(b).cmp(&taken.get(a)));
                }
                Taken::Fractions(taken) => {
                    sort_places(&mut queue, &|a, b| match (taken.get(a), taken.get(b)) {
                        (Some(a), Some(b)) => b.exceeds(*a).cmp(&a.exceeds(*b)),
                        _ => Ordering::Equal,
                    });
                }
            },
            Leftover::LargestWeight => {
                let weight = |index: usize| weights.get(index).map(|weight| weight.unsigned_abs());
                sort_places(&mut queue, &|a, b| weight(b).cmp(&weight(a)));
            }
            Leftover::First => {}
            Leftover::Last => queue.reverse(),
            Leftover::Separate | Leftover::SeparateBlocks => queue.clear(),
        }
        queue
    }
}

impl Apportionment {
    /// Turns all signs round.
    pub(super) fn negate(&mut self) -> Option<()> {
        for part in &mut self.parts {
            *part = part.checked_neg()?;
        }
        for portion in &mut self.steps.portions {
            portion.numerator = portion.numerator.checked_neg()?;
            portion.first_pass = portion.first_pass.checked_neg()?;
        }
        self.steps.leftover = self.steps.leftover.checked_neg()?;
        Some(())
    }

    /// Hands the units left over out to the `queue`, one each, round after round.
    fn hand_out(&mut self, mut queue: Vec<usize>, caps: Option<&[i64]>) -> Option<()> {
        let Self { parts, steps } = self;
        if !steps.portions.is_empty() {
            for (rank, &index) in queue.iter().enumerate() {
                steps.portions.get_mut(index)?.rank = Some(rank);
            }
        }

        // Units that are taken back never exceed a cap, so only units that are given look at the caps: round by round,
        // whoever is full leaves the queue.
        let mut left = steps.leftover;
        while left != 0 && !queue.is_empty() {
            if left > 0
                && let Some(caps) = caps
            {
                queue.retain(|&index| {
                    let has_room = parts.get(index) < caps.get(index);
                    if !has_room && let Some(portion) = steps.portions.get_mut(index) {
                        portion.is_full = true;
                    }
                    has_room
                });
            }

            // More than one each: whole rounds at once, unless a cap may come between.
            let count = i64::try_from(queue.len()).ok()?;
            let rounds = match caps {
                Some(_) => 0,
                None => left.checked_div(count)?,
            };

            let unit = if rounds == 0 { left.signum() } else { rounds };
            for &index in &queue {
                if left == 0 {
                    break;
                }
                let part = parts.get_mut(index)?;
                *part = part.checked_add(unit)?;
                left = left.checked_sub(unit)?;
            }
        }

        Some(())
    }
}

impl Steps {
    /// Where each portion stands among those who may receive units left over; `None` for those who may not.
    pub(crate) fn ranks(&self, method: &Method) -> Option<Vec<Option<Rank>>> {
        let mut by_rank = vec![None; self.portions.len()];
        for (index, portion) in self.portions.iter().enumerate() {
            if let Some(rank) = portion.rank {
                *by_rank.get_mut(rank)? = Some((index, portion));
            }
        }

        // Equals stand side by side, because the queue was sorted by what makes them equal.
        let ranked: Vec<_> = by_rank.into_iter().flatten().collect();
        let mut ranks = vec![None; self.portions.len()];
        let mut first = 0_usize;
        for equals in ranked.chunk_by(|(_, a), (_, b)| method.has_no_choice_between(a, b)) {
            for (index, (portion, _)) in equals.iter().enumerate() {
                *ranks.get_mut(*portion)? = Some(Rank {
                    first,
                    index,
                    count: equals.len(),
                });
            }
            first = first.checked_add(equals.len())?;
        }

        Some(ranks)
    }
}

impl Method {
    /// Whether two portions have the same claim to a unit left over, so that their order decides.
    fn has_no_choice_between(&self, a: &PortionTrace, b: &PortionTrace) -> bool {
        match self.leftover {
            // Shares over weights have one denominator.
            Leftover::LargestRemainder => a.taken(self.first_pass) == b.taken(self.first_pass),
            Leftover::LargestWeight => a.weight.unsigned_abs() == b.weight.unsigned_abs(),
            _ => false,
        }
    }
}

impl PortionTrace {
    /// A share of nothing.
    pub(super) const NOTHING: Self = Self {
        weight: 0,
        numerator: 0,
        denominator: 1,
        first_pass: 0,
        rank: None,
        is_capped: false,
        is_full: false,
    };

    /// Whether the first pass gave the share itself.
    pub(crate) fn is_exact(&self) -> bool {
        product(self.first_pass.into(), self.denominator) == Some(self.numerator)
    }

    /// What the first pass took off the share, over its denominator.
    fn taken(&self, first_pass: FirstPass) -> Option<i128> {
        let first = product(self.first_pass.into(), self.denominator)?;
        let beyond = self.numerator.checked_sub(first)?;
        first_pass.taken(beyond, self.denominator)
    }
}

impl FirstPass {
    /// `numerator ÷ denominator`, made whole, and what of the numerator is beyond that.
    pub(super) fn round(self, numerator: i128, denominator: i128) -> Option<(i128, i128)> {
        if denominator == 0 {
            return None;
        }

        let (quotient, remainder) = divide(numerator, denominator);
        if remainder == 0 {
            return Some((quotient, 0));
        }

        let is_positive = (remainder < 0) == (denominator < 0);
        let goes_away = match self {
            FirstPass::Down => false,
            FirstPass::Up => true,
            FirstPass::Floor => !is_positive,
            FirstPass::Ceiling => is_positive,
            FirstPass::HalfUp | FirstPass::HalfDown | FirstPass::HalfEven => {
                let half = remainder
                    .unsigned_abs()
                    .checked_mul(2)?
                    .cmp(&denominator.unsigned_abs());
                let is_odd = quotient & 1 == 1;
                half.is_gt() || (half.is_eq() && self.takes_half(is_odd))
            }
        };
        if !goes_away {
            return Some((quotient, remainder));
        }

        // The quotient was cut toward zero; one further from it is one more or less.
        let one = if is_positive { 1 } else { -1 };
        let beyond = remainder.checked_sub(denominator.checked_mul(one)?)?;
        Some((quotient.checked_add(one)?, beyond))
    }

    /// Whether a half goes away from zero, next to an odd number or an even one.
    const fn takes_half(self, is_odd: bool) -> bool {
        match self {
            FirstPass::HalfUp => true,
            FirstPass::HalfEven => is_odd,
            _ => false,
        }
    }

    /// How much of a remainder counts for units left over. The floor of a share takes something off it, whatever its
    /// sign; of the other ways, the distance counts.
    fn taken(self, beyond: i128, denominator: i128) -> Option<i128> {
        if self == FirstPass::Floor {
            return if denominator < 0 {
                beyond.checked_neg()
            } else {
                Some(beyond)
            };
        }
        beyond.checked_abs()
    }
}

/// One copy: an exact product of 128 bits is half a page of instructions.
#[inline(never)]
pub(super) fn product(a: i128, b: i128) -> Option<i128> {
    multiply(a, b)
}

/// The sum of fewer than 2⁶⁴ numbers below 2⁶³ fits an i128.
pub(super) fn sum(values: &[i64]) -> i128 {
    values
        .iter()
        .fold(0_i128, |sum, &value| sum.saturating_add(value.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::proportional;

    fn whole(value: i64) -> Fraction {
        Fraction::whole(value.into())
    }

    /// All weights of 0 to 5 on three lines, all amounts to 20: the kernel gives the same parts, and the steps lead to
    /// them.
    #[test]
    fn the_kernel_gives_the_same_parts() {
        for code in 1..216_i64 {
            let weights = [code % 6, code / 6 % 6, code / 36];
            let unsigned = weights.map(i64::unsigned_abs);
            for amount in 0..=20 {
                let Apportionment { parts, steps } = apportion(amount, &weights).unwrap();
                let kernel = proportional(amount, &unsigned).unwrap();
                let signed: Vec<_> = kernel.iter().map(|part| part.cast_signed()).collect();
                assert_eq!(parts, signed, "{amount} over {weights:?}");

                let mut received = 0;
                for (portion, part) in steps.portions.iter().zip(parts) {
                    received += part - portion.first_pass;
                    let is_among = portion
                        .rank
                        .is_some_and(|rank| i64::try_from(rank).unwrap() < steps.leftover);
                    assert_eq!(part - portion.first_pass, i64::from(is_among), "{steps:?}");
                }
                assert_eq!(received, steps.leftover);
            }
        }
    }

    #[test]
    fn equals_are_told_apart_by_their_order() {
        // 10 × 3/7 = 4.29, 10 × 2/7 = 2.86 twice.
        let split = apportion(10, &[3, 2, 2]).unwrap();
        let rank = |first, index, count| {
            Some(Rank {
                first,
                index,
                count,
            })
        };
        assert_eq!(
            split.steps.ranks(&LARGEST_REMAINDER),
            Some(vec![rank(2, 0, 1), rank(0, 0, 2), rank(0, 1, 2)])
        );
    }

    #[test]
    fn fractions_of_several_denominators_are_compared_exactly() {
        // 1/3, 1/2 and 1/6 sum to 1: the half has the largest remainder.
        let shares = [(1, 3), (1, 2), (1, 6)].map(|(above, below)| Fraction::new(above, below));
        let parts = apportion_fractions(1, whole(1), &shares);
        assert_eq!(parts, Some(vec![0, 1, 0]));
        // The mirror of it.
        let shares = shares.map(Fraction::negated);
        let parts = apportion_fractions(-1, whole(-1), &shares);
        assert_eq!(parts, Some(vec![0, -1, 0]));
    }

    /// A sum of −0.3 becomes zero. Its mirror is 0.6, 0.6 and −0.9: floors of 0, 0 and −1 leave one unit for the first
    /// of the two larger remainders. Split as it is, −1, −1 and 0 would leave two, for the third and the first.
    #[test]
    fn a_negative_sum_that_becomes_zero_is_a_mirror_too() {
        let shares = [-6, -6, 9].map(|tenths| Fraction::new(tenths, 10));
        let parts = apportion_fractions(0, Fraction::new(-3, 10), &shares);
        assert_eq!(parts, Some(vec![-1, 0, 1]));
    }

    #[test]
    fn what_is_lost_or_out_of_range_is_not_split() {
        assert_eq!(
            apportion_fractions(1, whole(1), &[Fraction::new(1, 0)]),
            None
        );
        assert_eq!(apportion(1, &[1, -1]), None);
        assert_eq!(apportion(1, &[]), None);
        assert_eq!(apportion(u64::MAX, &[1]), None);
        assert_eq!(apportion(0, &[]).map(|split| split.parts), Some(vec![]));
    }
}
