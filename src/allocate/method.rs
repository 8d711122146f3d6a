//! Every published way to split an amount, as values of one small vocabulary.
//!
//! A split has a first pass, which gives each weight a whole share, and a rule for the units that the first pass leaves
//! over. Signs, zero weights and caps are parameters of their own, so that each library and system (`proration.md` 1.7)
//! is one [`Method`], and the default is a choice that can be named.

use crate::order::sort_by;
use std::cmp::Ordering;

/// How to split. [`Method::default`] is largest remainder, ties to the earlier, mirrored for negative amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// What each weight gets at first.
    pub first_pass: FirstPass,
    /// Who gets the units that are left over then.
    pub leftover: Leftover,
    /// Whether a negative amount is split as the mirror of its positive, or by the same steps as it is.
    pub mirror: bool,
    /// Whether a zero weight may receive one of the units left over.
    pub zero_may_receive: bool,
    /// What happens when all weights are zero.
    pub all_zero: AllZero,
    /// Whether negative weights are allowed.
    pub negative_weights: bool,
    /// Whether an amount larger than the sum of the weights is reduced to it; the rest stays unallocated.
    pub cap_total: bool,
    /// Whether what exceeds all caps together stays unallocated instead of being refused.
    pub allow_unallocated: bool,
    /// Whether nothing is split when the first pass gives nothing at all.
    pub abandon_if_nothing: bool,
}

/// What each weight gets at first: its exact share, made whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstPass {
    /// Rounded toward zero.
    Down,
    /// Rounded toward minus infinity.
    Floor,
    /// Rounded to the nearest, halves toward zero.
    HalfDown,
    /// One after another from the back: the share of what is left by the weights that are left, rounded toward zero.
    FromBack,
    /// The same, rounded to the nearest, halves away from zero.
    FromBackHalfUp,
}

/// Who gets the units left over: one each, in this order, again from the start if there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// By what the first pass took from the exact share, the most first.
    LargestRemainder,
    /// By weight, the largest first.
    LargestWeight,
    /// The first in order.
    First,
    /// The last in order.
    Last,
    /// Nobody: they stay unallocated.
    Separate,
    /// Nobody, and the first pass gives whole multiples of the weights alone, so that all shares are in exact
    /// proportion.
    SeparateBlocks,
}

/// What happens when all weights are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllZero {
    /// It is refused.
    Refuse,
    /// Everybody gets nothing, and the amount stays unallocated.
    Zeros,
    /// The amount is split evenly.
    Even,
}

impl FirstPass {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Down, Self::Floor, Self::HalfDown, Self::FromBack, Self::FromBackHalfUp];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Floor => "floor",
            Self::HalfDown => "halfDown",
            Self::FromBack => "fromBack",
            Self::FromBackHalfUp => "fromBackHalfUp",
        }
    }
}

impl Leftover {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::LargestRemainder, Self::LargestWeight, Self::First, Self::Last, Self::Separate, Self::SeparateBlocks];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LargestRemainder => "largestRemainder",
            Self::LargestWeight => "largestWeight",
            Self::First => "first",
            Self::Last => "last",
            Self::Separate => "separate",
            Self::SeparateBlocks => "separateBlocks",
        }
    }

    /// Who is meant, for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::LargestRemainder => "the largest remainder first",
            Self::LargestWeight => "the largest weight first",
            Self::First => "from the first",
            Self::Last => "from the last",
            Self::Separate | Self::SeparateBlocks => "nobody",
        }
    }
}

impl AllZero {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Refuse, Self::Zeros, Self::Even];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Zeros => "zeros",
            Self::Even => "even",
        }
    }
}

impl Default for Method {
    fn default() -> Self {
        DEFAULT
    }
}

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
    /// Where each unit came from, for [`Shares::parts`] one for one.
    pub steps: Vec<Step>,
}

/// Why a part is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The exact share is this over [`Step::denominator`].
    pub numerator: i128,
    /// See [`Step::numerator`].
    pub denominator: i128,
    /// What the first pass gave.
    pub first: i64,
    /// The rank among those who may receive units left over, from 0; absent for those who may not.
    pub rank: Option<usize>,
    /// Whether the cap decided.
    pub capped: bool,
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
    /// Caps and weights, or order and weights, differ in number; or the order is not one.
    Lengths,
    /// This first pass knows no caps.
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
        input.check(self)?;
        if self.mirror && input.amount < 0 {
            let amount = input.amount.checked_neg().ok_or(Refusal::OutOfRange)?;
            return self.split_checked(&Input { amount, ..*input })?.negated().ok_or(Refusal::OutOfRange);
        }
        self.split_checked(input)
    }

    fn split_checked(&self, input: &Input<'_>) -> Result<Shares, Refusal> {
        let even: Vec<i64>;
        let mut weights = input.weights;
        let mut total = sum(weights);
        if total == 0 {
            match self.all_zero {
                AllZero::Refuse => return Err(Refusal::AllZero),
                AllZero::Zeros => return Ok(Shares::nothing(input)),
                AllZero::Even => {
                    even = vec![1; weights.len()];
                    weights = &even;
                    total = sum(weights);
                }
            }
        }
        let mut amount = i128::from(input.amount);
        if self.cap_total {
            amount = amount.min(total);
        }
        if let Some(caps) = input.caps {
            // The cap of who may not receive anything is of no use.
            let useful = |(&cap, &weight): (&i64, &i64)| if weight == 0 { 0 } else { i128::from(cap) };
            let most = caps.iter().zip(weights).map(useful).fold(0_i128, i128::saturating_add);
            if amount > most && !self.allow_unallocated {
                return Err(Refusal::OverCaps(most));
            }
            amount = amount.min(most);
        }
        let job = Job { method: self, weights, caps: input.caps, order: input.order, amount, total };
        let mut shares = match self.first_pass {
            FirstPass::FromBack | FirstPass::FromBackHalfUp => job.split_from_back(),
            _ => job.share_out(),
        }
        .ok_or(Refusal::OutOfRange)?;
        let placed = sum(&shares.parts);
        let left = i128::from(input.amount).checked_sub(placed).and_then(|left| i64::try_from(left).ok());
        shares.unallocated = left.ok_or(Refusal::OutOfRange)?;
        Ok(shares)
    }
}

impl Input<'_> {
    fn check(&self, method: &Method) -> Result<(), Refusal> {
        let count = self.weights.len();
        if count == 0 {
            return Err(Refusal::NoWeights);
        }
        if self.caps.is_some_and(|caps| caps.len() != count) || self.order.is_some_and(|order| order.len() != count) {
            return Err(Refusal::Lengths);
        }
        let mut seen = vec![false; count];
        let mut is_new = |&place: &usize| seen.get_mut(place).is_some_and(|seen| !std::mem::replace(seen, true));
        if !self.order.is_none_or(|order| order.iter().all(&mut is_new)) {
            return Err(Refusal::Lengths);
        }
        if self.caps.is_some() && matches!(method.first_pass, FirstPass::FromBack | FirstPass::FromBackHalfUp) {
            return Err(Refusal::CapsUnknown);
        }
        let negative = |values: &[i64]| values.iter().position(|&value| value < 0);
        if let Some(place) = negative(self.weights).filter(|_| !method.negative_weights) {
            return Err(Refusal::NegativeWeight(place));
        }
        self.caps.and_then(negative).map_or(Ok(()), |place| Err(Refusal::NegativeCap(place)))
    }
}

impl Shares {
    fn nothing(input: &Input<'_>) -> Self {
        let step = Step { numerator: 0, denominator: 1, first: 0, rank: None, capped: false };
        let count = input.weights.len();
        Self { parts: vec![0; count], unallocated: input.amount, steps: vec![step; count] }
    }

    fn negated(mut self) -> Option<Self> {
        for part in self.parts.iter_mut().chain([&mut self.unallocated]) {
            *part = part.checked_neg()?;
        }
        for step in &mut self.steps {
            step.numerator = step.numerator.checked_neg()?;
            step.first = step.first.checked_neg()?;
        }
        Some(self)
    }
}

/// A split under way: everything checked, the amount within the caps.
struct Job<'a> {
    method: &'a Method,
    weights: &'a [i64],
    caps: Option<&'a [i64]>,
    order: Option<&'a [usize]>,
    amount: i128,
    total: i128,
}

impl Job<'_> {
    /// The first pass gives each its share, made whole; then the units left over go round.
    fn share_out(&self) -> Option<Shares> {
        let (full, amount, total) = self.fill_caps()?;
        let blocks = self.method.leftover == Leftover::SeparateBlocks;
        // In blocks: the largest whole multiple of the weights in lowest terms.
        let divisor = if blocks { self.divisor() } else { 1 };
        let whole = total.checked_div(divisor)?;
        let factor = if blocks && whole != 0 { amount.checked_div(whole)? } else { 0 };
        let mut shares = Shares { parts: Vec::new(), unallocated: 0, steps: Vec::new() };
        for (place, &weight) in self.weights.iter().enumerate() {
            let cap = self.caps.and_then(|caps| caps.get(place)).copied();
            let step = match cap {
                Some(cap) if full.get(place) == Some(&true) => {
                    Step { numerator: cap.into(), denominator: 1, first: cap, rank: None, capped: true }
                }
                _ => {
                    let numerator = amount.checked_mul(weight.into())?;
                    let first = if blocks {
                        factor.checked_mul(i128::from(weight).checked_div(divisor)?)?
                    } else if total == 0 {
                        0
                    } else {
                        self.method.first_pass.round(numerator, total)?
                    };
                    let first = i64::try_from(first).ok()?;
                    Step {
                        numerator,
                        denominator: if total == 0 { 1 } else { total },
                        first,
                        rank: None,
                        capped: false,
                    }
                }
            };
            shares.parts.push(step.first);
            shares.steps.push(step);
        }
        let left = self.amount.checked_sub(sum(&shares.parts))?;
        let abandoned = self.method.abandon_if_nothing && left == self.amount;
        if !abandoned {
            self.hand_out(&mut shares, left)?;
        }
        Some(shares)
    }

    /// Fills the caps that the exact shares exceed: the tightest first, each time by the amount and weights that are
    /// left. Answers which are full, and the amount and total weight for the others.
    fn fill_caps(&self) -> Option<(Vec<bool>, i128, i128)> {
        let (mut amount, mut total) = (self.amount, self.total);
        let mut full = vec![false; self.weights.len()];
        let Some(caps) = self.caps else { return Some((full, amount, total)) };
        let pair = |place: usize| Some((i128::from(*caps.get(place)?), i128::from(*self.weights.get(place)?)));
        let mut tightest: Vec<usize> = (0..self.weights.len()).collect();
        // cap ÷ weight, compared crosswise; both are below 2⁶³.
        let crosswise = |a: usize, b: usize| {
            let ((cap_a, weight_a), (cap_b, weight_b)) = (pair(a)?, pair(b)?);
            Some(cap_a.checked_mul(weight_b)?.cmp(&cap_b.checked_mul(weight_a)?))
        };
        sort_by(&mut tightest, |&a, &b| crosswise(a, b).unwrap_or(Ordering::Equal));
        for place in tightest {
            let (cap, weight) = pair(place)?;
            if weight == 0 || amount.checked_mul(weight)? <= cap.checked_mul(total)? {
                continue;
            }
            *full.get_mut(place)? = true;
            amount = amount.checked_sub(cap)?;
            total = total.checked_sub(weight)?;
        }
        Some((full, amount, total))
    }

    /// Hands the units left over out, one each in the order of the rule, round after round.
    fn hand_out(&self, shares: &mut Shares, mut left: i128) -> Option<()> {
        let mut queue = self.queue(&shares.steps);
        for (rank, &place) in queue.iter().enumerate() {
            shares.steps.get_mut(place)?.rank = Some(rank);
        }
        let unit: i64 = if left < 0 { -1 } else { 1 };
        while left != 0 && !queue.is_empty() {
            let rounds = left.checked_div(i128::try_from(queue.len()).ok()?)?;
            if self.caps.is_none() && rounds.abs() > 1 {
                // More than one each: whole rounds at once.
                let rounds = i64::try_from(rounds).ok()?;
                for &place in &queue {
                    let part = shares.parts.get_mut(place)?;
                    *part = part.checked_add(rounds)?;
                    left = left.checked_sub(rounds.into())?;
                }
                continue;
            }
            queue.retain(|&place| {
                let cap = self.caps.and_then(|caps| caps.get(place)).copied();
                let part = shares.parts.get(place).copied().unwrap_or_default();
                unit < 0 || cap.is_none_or(|cap| part < cap)
            });
            for &place in &queue {
                if left == 0 {
                    break;
                }
                let part = shares.parts.get_mut(place)?;
                *part = part.checked_add(unit)?;
                left = left.checked_sub(unit.into())?;
            }
        }
        Some(())
    }

    /// The places of those who may receive units left over, in the order of the rule.
    fn queue(&self, steps: &[Step]) -> Vec<usize> {
        let mut queue: Vec<usize> = match self.order {
            Some(order) => order.to_vec(),
            None => (0..self.weights.len()).collect(),
        };
        let weight = |place: usize| self.weights.get(place).copied().unwrap_or_default();
        let taken = |place: usize| {
            let step = steps.get(place)?;
            let given = i128::from(step.first).checked_mul(step.denominator)?;
            let taken = step.numerator.checked_sub(given)?;
            Some(if self.method.first_pass == FirstPass::Floor { taken } else { taken.abs() })
        };
        let is_capped = |place: usize| steps.get(place).is_some_and(|step| step.capped);
        queue.retain(|&place| (self.method.zero_may_receive || weight(place) != 0) && !is_capped(place));
        match self.method.leftover {
            Leftover::LargestRemainder => sort_by(&mut queue, |&a, &b| taken(b).cmp(&taken(a))),
            Leftover::LargestWeight => {
                sort_by(&mut queue, |&a, &b| weight(b).unsigned_abs().cmp(&weight(a).unsigned_abs()));
            }
            Leftover::First => {}
            Leftover::Last => queue.reverse(),
            Leftover::Separate | Leftover::SeparateBlocks => queue.clear(),
        }
        queue
    }

    /// Each from the last to the first gets its share of what is left; the first gets the rest.
    fn split_from_back(&self) -> Option<Shares> {
        let (mut amount, mut total) = (self.amount, self.total);
        let step = Step { numerator: 0, denominator: 1, first: 0, rank: None, capped: false };
        let mut steps = vec![step; self.weights.len()];
        for (&weight, step) in self.weights.iter().zip(&mut steps).rev() {
            if total <= 0 {
                break;
            }
            let numerator = amount.checked_mul(weight.into())?;
            let first = i64::try_from(self.method.first_pass.round(numerator, total)?).ok()?;
            *step = Step { numerator, denominator: total, first, rank: None, capped: false };
            amount = amount.checked_sub(first.into())?;
            total = total.checked_sub(weight.into())?;
        }
        let parts = steps.iter().map(|step| step.first).collect();
        Some(Shares { parts, unallocated: 0, steps })
    }

    /// The greatest common divisor of the weights; 1 or more.
    fn divisor(&self) -> i128 {
        self.weights.iter().fold(0, |divisor, &weight| gcd(divisor, weight.into())).max(1)
    }
}

impl FirstPass {
    /// `numerator ÷ denominator`, made whole.
    fn round(self, numerator: i128, denominator: i128) -> Option<i128> {
        let (quotient, remainder) = (numerator.checked_div(denominator)?, numerator.checked_rem(denominator)?);
        let away = if (remainder < 0) == (denominator < 0) { 1 } else { -1 };
        let half = remainder.unsigned_abs().checked_mul(2)?.cmp(&denominator.unsigned_abs());
        let moves = match self {
            FirstPass::Down | FirstPass::FromBack => 0,
            FirstPass::Floor if remainder != 0 && away < 0 => -1,
            FirstPass::HalfDown if half.is_gt() => away,
            FirstPass::FromBackHalfUp if half.is_ge() => away,
            _ => 0,
        };
        quotient.checked_add(moves)
    }
}

/// The greatest common divisor; 0 only of two zeros.
pub(super) fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or_default());
    }
    a.saturating_abs()
}

/// The sum of fewer than 2⁶⁴ numbers below 2⁶³ fits an i128.
fn sum(values: &[i64]) -> i128 {
    values.iter().fold(0_i128, |sum, &value| sum.saturating_add(value.into()))
}

/// The methods of published libraries and systems, by name (`proration.md` 1.7 and `vectors/presets.json`).
pub const PRESETS: &[(&str, Method)] = &[
    ("default", DEFAULT),
    ("openMeter", DEFAULT),
    ("polarFixedDiscount", Method { cap_total: true, ..DEFAULT }),
    ("dinero", Method { leftover: Leftover::LargestWeight, mirror: false, ..DEFAULT }),
    ("moneyPhp", Method { first_pass: FirstPass::Floor, mirror: false, zero_may_receive: true, ..DEFAULT }),
    ("rubyMoney", Method { first_pass: FirstPass::FromBack, mirror: false, all_zero: AllZero::Even, ..DEFAULT }),
    ("goMoney", Method { all_zero: AllZero::Zeros, ..FIRST }),
    ("rustyMoney", Method { first_pass: FirstPass::Floor, ..FIRST }),
    (
        "vendure",
        Method {
            first_pass: FirstPass::Floor,
            mirror: false,
            zero_may_receive: true,
            all_zero: AllZero::Even,
            ..DEFAULT
        },
    ),
    (
        "syliusProportional",
        Method { first_pass: FirstPass::HalfDown, all_zero: AllZero::Zeros, abandon_if_nothing: true, ..FIRST },
    ),
    ("fowler", FIRST),
    ("numscript", Method { zero_may_receive: false, ..FIRST }),
    ("brickFloorToFirst", Method { zero_may_receive: false, ..FIRST }),
    ("brickFloorToLargestRatio", Method { leftover: Leftover::LargestWeight, mirror: false, ..DEFAULT }),
    ("brickFloorSeparate", Method { leftover: Leftover::Separate, ..DEFAULT }),
    ("brickBlockSeparate", Method { leftover: Leftover::SeparateBlocks, ..DEFAULT }),
];

const DEFAULT: Method = Method {
    first_pass: FirstPass::Down,
    leftover: Leftover::LargestRemainder,
    mirror: true,
    zero_may_receive: false,
    all_zero: AllZero::Refuse,
    negative_weights: false,
    cap_total: false,
    allow_unallocated: false,
    abandon_if_nothing: false,
};

const FIRST: Method = Method { leftover: Leftover::First, mirror: false, zero_may_receive: true, ..DEFAULT };

#[cfg(test)]
mod tests {
    use super::*;

    fn split(method: Method, amount: i64, weights: &[i64]) -> Vec<i64> {
        let shares = method.split(&Input { amount, weights, caps: None, order: None }).unwrap();
        assert_eq!(sum(&shares.parts) + i128::from(shares.unallocated), i128::from(amount));
        shares.parts
    }

    fn preset(name: &str) -> Method {
        PRESETS.iter().find(|(known, _)| *known == name).unwrap().1
    }

    #[test]
    fn brick_money_modes() {
        // peers.md 4B, V3: 100.00 by 30, 20, 40; −100.00 by 30, 20, 40, 40.
        let weights = [30, 20, 40];
        assert_eq!(split(preset("brickFloorToFirst"), 10_000, &weights), [3334, 2222, 4444]);
        assert_eq!(split(Method::default(), 10_000, &weights), [3333, 2222, 4445]);
        let weights = [30, 20, 40, 40];
        assert_eq!(split(Method::default(), -10_000, &weights), [-2308, -1538, -3077, -3077]);
        assert_eq!(split(preset("brickFloorToFirst"), -10_000, &weights), [-2308, -1539, -3077, -3076]);
        // Floor shares of 10.00 by 1, 1, 1 are 3.33 each, 0.01 stays; in blocks of 30 + 20 + 40 = 9 tenths: 1111 each.
        let separate =
            preset("brickFloorSeparate").split(&Input { amount: 1000, weights: &[1, 1, 1], caps: None, order: None });
        assert_eq!(separate.map(|shares| (shares.parts, shares.unallocated)), Ok((vec![333, 333, 333], 1)));
        assert_eq!(split(preset("brickBlockSeparate"), 10_000, &[30, 20, 40]), [3333, 2222, 4444]);
    }

    #[test]
    fn numscript_gives_to_the_first() {
        assert_eq!(split(preset("numscript"), 15, &[80, 8, 12]), [13, 1, 1]); // peers.md 4B, V1
        assert_eq!(split(Method::default(), 15, &[80, 8, 12]), [12, 1, 2]);
    }

    #[test]
    fn caps_are_filled_and_the_rest_goes_on() {
        // 90 by 1, 1, 1 with a cap of 10 on the first: 10, and 80 over the other two.
        let input = Input { amount: 90, weights: &[1, 1, 1], caps: Some(&[10, 100, 100]), order: None };
        assert_eq!(Method::default().split(&input).map(|shares| shares.parts), Ok(vec![10, 40, 40]));
        // peers.md 4B, V24: 30.75 over caps of 26 and 4.74 leaves 0.01.
        let input = Input { amount: 3075, weights: &[2600, 474], caps: Some(&[2600, 474]), order: None };
        assert_eq!(Method::default().split(&input), Err(Refusal::OverCaps(3074)));
        let shares = Method { allow_unallocated: true, ..Method::default() }.split(&input).unwrap();
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
            let unsigned: Vec<u64> = weights.iter().map(|&weight| u64::try_from(weight).unwrap()).collect();
            for amount in 0..=30 {
                let kernel = crate::allocate::proportional(u64::try_from(amount).unwrap(), &unsigned).unwrap();
                let kernel: Vec<i64> = kernel.into_iter().map(|share| i64::try_from(share).unwrap()).collect();
                assert_eq!(split(Method::default(), amount, &weights), kernel, "{amount} over {weights:?}");
            }
        }
    }

    #[test]
    fn no_method_loses_a_unit() {
        for first_pass in FirstPass::ALL {
            for leftover in Leftover::ALL {
                let method = Method { first_pass, leftover, all_zero: AllZero::Even, ..Method::default() };
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
