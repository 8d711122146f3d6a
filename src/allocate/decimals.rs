//! Splitting decimals: an amount in increments over weights of any scale, and why each part is what it is.

use super::refusal::{SentSplit, no_such_part};
use super::sentence::Narrator;
use super::{Method, SplitInput, SplitRefusal, Steps, UnallocatedReason, WholeSplit};
use crate::error::{CountFigure, Error, Reason, Result, Site, SiteField, TextFigure};
use crate::memory;
use crate::money::{gcd, text};
use crate::order::sort_places;
use rust_decimal::Decimal;

/// An amount to be split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllocateRequest<'a> {
    /// How.
    pub method: Method,
    /// What.
    pub amount: Decimal,
    /// Over which weights.
    pub weights: Vec<Decimal>,
    /// The most that each may get.
    pub caps: Option<Vec<Decimal>>,
    /// Equals are ordered by these, then as they come.
    pub keys: Option<Vec<&'a str>>,
    /// The least step of a part. Absent: one unit of the amount's last decimal.
    pub increment: Option<Decimal>,
}

/// A split amount, in units of its last decimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// One for each weight.
    pub parts: Vec<i64>,
    /// What nobody got.
    pub unallocated: i64,
    /// Why something is unallocated.
    pub reason: Option<UnallocatedReason>,
    /// Whether all weights were zero and the amount was split evenly.
    pub is_even: bool,
    /// The decimals of the figures above.
    pub scale: u32,
}

/// Why a part is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortionReason {
    /// The part.
    pub part: String,
    /// The exact share in increments: numerator and denominator in lowest terms.
    pub share: (i128, i128),
    /// What the first pass gave.
    pub first_pass: String,
    /// What came on top of that, or went off it.
    pub leftover: String,
    /// The rank among those who may receive units left over, from 1.
    pub rank: Option<usize>,
    /// Whether the cap decided.
    pub is_capped: bool,
    /// All this as a sentence.
    pub sentence: String,
}

/// What a weight may take while it is split by the kernel: in whole units, its part, and its words on the way out.
const PLAIN_WEIGHT: usize = 64;

/// What a weight may take while it is split in 128 bits.
const SIGNED_WEIGHT: usize = 192;

impl AllocateRequest<'_> {
    /// Splits the amount.
    ///
    /// # Errors
    /// `missingField` without weights; `lengthMismatch`; `outOfRange`, also for negative weights and caps;
    /// `offIncrement`; `unknownField` for caps where the method knows none; `allWeightsZero`; `exceedsCaps`.
    ///
    /// ```
    /// use setoff::allocate::{AllocateRequest, Method};
    /// use setoff::money::text;
    /// let weights = ["1", "1", "1"].map(|weight| text::parse(weight).unwrap()).to_vec();
    /// let amount = text::parse("100.00")?;
    /// let method = Method::default();
    /// let request = AllocateRequest { method, amount, weights, caps: None, keys: None, increment: None };
    /// let split = request.split()?;
    /// assert_eq!((split.parts, split.scale), (vec![3334, 3333, 3333], 2));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    pub fn split(&self) -> Result<Split> {
        let counted = self.counted()?;
        let increment = counted.increment;

        let split = self
            .method
            .split(&counted.input())
            .map_err(|refusal| self.refused(refusal, increment))?;

        in_units(split, increment).ok_or_else(|| self.refused(SplitRefusal::OutOfRange, increment))
    }

    /// Why the part at `index` is what it is. Splits the amount again: nothing of this is kept by
    /// [`AllocateRequest::split`].
    ///
    /// # Errors
    /// As [`AllocateRequest::split`], and `outOfRange` if there is no such part.
    pub fn why(&self, index: usize) -> Result<PortionReason> {
        let counted = self.counted()?;
        let increment = counted.increment;

        let (split, steps) = self
            .method
            .trace(&counted.input())
            .map_err(|refusal| self.refused(refusal, increment))?;

        let Some(&part) = split.parts.get(index) else {
            return Err(no_such_part(index, split.parts.len()));
        };

        PortionReason::new(&self.method, &steps, index, part, increment)
            .ok_or_else(|| self.refused(SplitRefusal::OutOfRange, increment))
    }

    /// What splitting it may take, in bytes.
    fn room(&self) -> usize {
        let is_plain =
            self.method.is_kernel() && !self.method.allow_negative && self.caps.is_none();
        let each = if is_plain {
            PLAIN_WEIGHT
        } else {
            SIGNED_WEIGHT
        };
        self.weights.len().saturating_mul(each)
    }

    /// The request in whole increments.
    fn counted(&self) -> Result<CountedRequest> {
        memory::reserve(self.room())?;

        // `"10"` is split into whole numbers, and `"10.00"` into cents.
        let increment = self.increment.unwrap_or_else(|| unit(self.amount.scale()));
        if increment.mantissa() <= 0 {
            let increment = text::write_decimal(increment).into();
            let site = Site::Command.field(SiteField::Increment);
            return Err(Error::of(Reason::IncrementNotPositive { increment }, &site));
        }

        let amount = Site::Command.field(SiteField::Amount);
        let amount = in_increments(self.amount, increment, &amount)?;
        let caps = match &self.caps {
            Some(caps) => Some(all_in_increments(caps, increment, SiteField::Caps)?),
            None => None,
        };

        let weight = self.weight_unit(increment);
        let weights = all_in_increments(&self.weights, weight, SiteField::Weights)?;
        let order = self.keys.as_deref().map(order_of);

        Ok(CountedRequest {
            increment,
            amount,
            weights,
            caps,
            order,
        })
    }

    /// What weights are counted in. A total that is capped is compared with them, so they count in increments; else
    /// only their proportions matter, and the finest of their scales will do.
    fn weight_unit(&self, increment: Decimal) -> Decimal {
        if self.method.cap_total {
            return increment;
        }
        let scales = self.weights.iter().map(Decimal::scale);
        unit(scales.max().unwrap_or(0))
    }

    #[cold]
    #[inline(never)]
    fn refused(&self, refusal: SplitRefusal, increment: Decimal) -> Error {
        let sent = SentRequest {
            request: self,
            increment,
        };
        refusal.error(&sent, &Site::Command.field(SiteField::Amount))
    }
}

/// A request in whole increments.
struct CountedRequest {
    increment: Decimal,
    amount: i64,
    weights: Vec<i64>,
    caps: Option<Vec<i64>>,
    order: Option<Vec<usize>>,
}

impl CountedRequest {
    fn input(&self) -> SplitInput<'_> {
        SplitInput {
            amount: self.amount,
            weights: &self.weights,
            caps: self.caps.as_deref(),
            order: self.order.as_deref(),
        }
    }
}

/// The indices of keys in the order of their texts; equal ones stay as they come.
fn order_of(keys: &[&str]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    sort_places(&mut order, &|a, b| keys.get(a).cmp(&keys.get(b)));
    order
}

/// A split of increments, in units of the last decimal of the increment; `None` if that is out of range.
fn in_units(split: WholeSplit, increment: Decimal) -> Option<Split> {
    let WholeSplit {
        mut parts,
        mut unallocated,
        reason,
        is_even,
    } = split;

    let units = i64::try_from(increment.mantissa()).ok()?;
    if units != 1 {
        for part in &mut parts {
            *part = part.checked_mul(units)?;
        }
        unallocated = unallocated.checked_mul(units)?;
    }

    Some(Split {
        parts,
        unallocated,
        reason,
        is_even,
        scale: increment.scale(),
    })
}

/// A request whose split was refused, for the figures of the refusal.
struct SentRequest<'r> {
    request: &'r AllocateRequest<'r>,
    increment: Decimal,
}

impl SentSplit for SentRequest<'_> {
    fn amount(&self) -> TextFigure {
        text::write_decimal(self.request.amount).into()
    }

    fn increments(&self, count: i128) -> TextFigure {
        increments_text(count, self.increment).into()
    }

    fn number(&self, list: SiteField, index: usize) -> Option<TextFigure> {
        let numbers = match list {
            SiteField::Weights => &self.request.weights,
            SiteField::Caps => self.request.caps.as_ref()?,
            _ => return None,
        };

        let number = numbers.get(index)?;
        Some(text::write_decimal(*number).into())
    }

    fn count(&self, list: SiteField) -> Option<CountFigure> {
        let count = match list {
            SiteField::Weights => self.request.weights.len(),
            SiteField::Caps => self.request.caps.as_ref()?.len(),
            SiteField::Keys => self.request.keys.as_ref()?.len(),
            _ => return None,
        };
        Some(count.into())
    }
}

/// The text of a number of increments. No product is lost: less than 2⁶³ increments of less than 2⁹⁶ would have to be
/// more than 2¹²⁷ units.
#[inline(never)]
fn increments_text(count: i128, increment: Decimal) -> String {
    let units = count.saturating_mul(increment.mantissa());
    text::write(units, increment.scale())
}

impl PortionReason {
    /// Why the part at `index` is what it is; `None` if that is out of range.
    pub(super) fn new(
        method: &Method,
        steps: &Steps,
        index: usize,
        part: i64,
        increment: Decimal,
    ) -> Option<Self> {
        let portion = steps.portions.get(index)?;
        let leftover = part.checked_sub(portion.first_pass)?;

        let [part_text, first_pass, leftover] = [part, portion.first_pass, leftover]
            .map(|count| increments_text(count.into(), increment));
        let rank = match portion.rank {
            Some(rank) => Some(rank.checked_add(1)?),
            None => None,
        };

        let narrator = Narrator::new(method, steps, "portion", increment)?;
        Some(Self {
            part: part_text,
            share: lowest_terms(portion.numerator, portion.denominator),
            first_pass,
            leftover,
            rank,
            is_capped: portion.is_capped,
            sentence: narrator.sentence(index, part, None)?,
        })
    }
}

/// 10⁻ˢᶜᵃˡᵉ.
fn unit(scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(1, scale).unwrap_or(Decimal::ONE)
}

/// A decimal as a whole number of increments.
fn in_increments(number: Decimal, increment: Decimal, site: &Site<'_>) -> Result<i64> {
    // Nearly all numbers have the decimals of their increment: asking takes less time than dividing 128 bits.
    if number.scale() == increment.scale()
        && increment.mantissa() == 1
        && let Ok(count) = i64::try_from(number.mantissa())
    {
        return Ok(count);
    }

    let Some((count, remainder)) = divided(number, increment) else {
        return Err(too_many_increments(number, site));
    };
    if remainder != 0 {
        return Err(not_of_increment(number, increment, site));
    }
    i64::try_from(count).map_err(|_| too_many_increments(number, site))
}

/// How many whole increments a number has, and what remains in units of the finer scale of the two; `None` if 128 bits
/// do not hold it.
fn divided(number: Decimal, increment: Decimal) -> Option<(i128, i128)> {
    let scale = number.scale().max(increment.scale());
    let (number, increment) = (units(number, scale)?, units(increment, scale)?);
    let count = number.checked_div(increment)?;
    Some((count, number.checked_rem(increment)?))
}

/// A number in units of a scale that is at least its own.
fn units(number: Decimal, scale: u32) -> Option<i128> {
    let power = scale.checked_sub(number.scale())?;
    10_i128.checked_pow(power)?.checked_mul(number.mantissa())
}

#[cold]
#[inline(never)]
fn too_many_increments(number: Decimal, site: &Site<'_>) -> Error {
    let number = text::write_decimal(number).into();
    Error::of(Reason::NumberOfTooManyIncrements { number }, site)
}

#[cold]
#[inline(never)]
fn not_of_increment(number: Decimal, increment: Decimal, site: &Site<'_>) -> Error {
    let [number, increment] = [number, increment].map(|text| text::write_decimal(text).into());
    Error::of(Reason::NotOfIncrement { increment, number }, site)
}

/// The numbers of a list as whole numbers of increments.
fn all_in_increments(numbers: &[Decimal], increment: Decimal, list: SiteField) -> Result<Vec<i64>> {
    let site = Site::Command.field(list);
    let mut counts = Vec::with_capacity(numbers.len());
    for (index, &number) in numbers.iter().enumerate() {
        counts.push(in_increments(number, increment, &site.entry(index))?);
    }
    Ok(counts)
}

/// The fraction in lowest terms, its denominator positive.
#[inline(never)]
fn lowest_terms(numerator: i128, denominator: i128) -> (i128, i128) {
    let divisor = gcd(numerator, denominator);
    let divisor = if denominator < 0 {
        divisor.wrapping_neg()
    } else {
        divisor
    };

    let [numerator, denominator] =
        [numerator, denominator].map(|value| value.checked_div(divisor).unwrap_or(value));
    (numerator, denominator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::FirstPass;
    use crate::error::Code;

    fn request(amount: &str, weights: &[&str]) -> AllocateRequest<'static> {
        let decimals = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text::parse(text).unwrap())
                .collect::<Vec<_>>()
        };
        let amount = text::parse(amount).unwrap();
        AllocateRequest {
            method: Method::default(),
            amount,
            weights: decimals(weights),
            caps: None,
            keys: None,
            increment: None,
        }
    }

    #[test]
    fn a_share_says_why() {
        // 100.00 is 10,000 cents, a third of them 10000/3 = 3333.33…; the cent left over goes to the first of equals.
        let split = request("100.00", &["1", "1", "1"]);
        let first = split.why(0).unwrap();
        assert_eq!(
            (&*first.part, first.share, &*first.first_pass),
            ("33.34", (10_000, 3), "33.33")
        );
        assert_eq!(
            (&*first.leftover, first.rank, first.is_capped),
            ("0.01", Some(1), false)
        );
        let sentence = "Its exact share is 33.333…; rounded down, 33.33. One unit of 0.01 was left over and went to \
                        this portion (largest remainder, first of three equal ones).";
        assert_eq!(first.sentence, sentence);
        let second = split.why(1).unwrap();
        assert_eq!(
            (&*second.part, &*second.leftover, second.rank),
            ("33.33", "0.00", Some(2))
        );
        let sentence = "Its exact share is 33.333…; rounded down, 33.33. One unit of 0.01 was left over and did not go \
                        to this portion (largest remainder, second of three equal ones).";
        assert_eq!(second.sentence, sentence);
        let beyond = split.why(3).unwrap_err();
        assert_eq!(
            (beyond.code(), beyond.path().as_str()),
            (Code::OutOfRange, "place")
        );
    }

    #[test]
    fn a_whole_share_a_mirror_and_a_cap_say_why() {
        // 30 over 1 and 2: 10 and 20, nothing is left over.
        let whole = request("30", &["1", "2"]).why(1).unwrap();
        assert_eq!(
            (whole.share, &*whole.sentence),
            ((20, 1), "Its exact share is 20.")
        );
        // −0.05 over two: −2.5 cents each, cut to −0.02; the cent left over, negative too, goes to the first.
        let mirror = request("-0.05", &["1", "1"]).why(0).unwrap();
        assert_eq!(
            (
                &*mirror.part,
                mirror.share,
                &*mirror.first_pass,
                &*mirror.leftover
            ),
            ("-0.03", (-5, 2), "-0.02", "-0.01")
        );
        let sentence = "Its exact share is -0.025; rounded toward zero, -0.02. One unit of 0.01 was left over and went \
                        to this portion (largest remainder, first of two equal ones).";
        assert_eq!(mirror.sentence, sentence);
        // 7 over 1, 1, each up: 4 and 4; one goes back, from the first.
        let up = Method {
            first_pass: FirstPass::Up,
            ..Method::default()
        };
        let back = AllocateRequest {
            method: up,
            ..request("7", &["1", "1"])
        }
        .why(0)
        .unwrap();
        assert_eq!(
            (&*back.part, &*back.first_pass, &*back.leftover),
            ("3", "4", "-1")
        );
        let from_back = Method {
            from_back: true,
            ..Method::default()
        };
        let back = AllocateRequest {
            method: from_back,
            ..request("7", &["1", "1"])
        }
        .why(1)
        .unwrap();
        assert_eq!(
            back.sentence,
            "Its exact share of what the later ones left is 3.5; rounded down, 3."
        );
        // 13 × −7/−12 = 91/12.
        let signed = Method {
            allow_negative: true,
            ..Method::default()
        };
        let both = AllocateRequest {
            method: signed,
            ..request("13", &["-7", "-5"])
        }
        .why(0)
        .unwrap();
        assert_eq!(both.share, (91, 12));
        let caps = Some(vec![
            text::parse("10").unwrap(),
            text::parse("100").unwrap(),
        ]);
        let capped = AllocateRequest {
            caps,
            ..request("90", &["1", "1"])
        };
        assert_eq!(capped.split().unwrap().parts, [10, 80]);
        let [full, rest] = [0, 1].map(|place| capped.why(place).unwrap());
        assert_eq!(
            (full.is_capped, full.share, rest.is_capped),
            (true, (10, 1), false)
        );
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        let refused = |request: AllocateRequest<'_>| request.split().unwrap_err();
        assert_eq!(refused(request("1", &[])).code(), Code::MissingField);
        assert_eq!(
            refused(request("1", &["0", "0"])).code(),
            Code::AllWeightsZero
        );
        let negative = refused(request("1", &["1", "-1"]));
        assert_eq!(
            (negative.code(), negative.path().as_str()),
            (Code::OutOfRange, "weights[1]")
        );
        let increment = Some(text::parse("0.05").unwrap());
        assert_eq!(
            refused(AllocateRequest {
                increment,
                ..request("0.01", &["1"])
            })
            .code(),
            Code::OffIncrement
        );
        let caps = Some(vec![text::parse("5").unwrap()]);
        assert_eq!(
            refused(AllocateRequest {
                caps,
                ..request("6", &["1"])
            })
            .code(),
            Code::ExceedsCaps
        );
    }
}
