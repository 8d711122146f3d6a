//! Splitting decimals: an amount in steps of an increment over weights of any scale, and why each part is what it is.

use super::sentence::Narrator;
use super::{Because, Input, Method, Refusal, Shares, Steps};
use crate::error::{Code, Error, Path, Result};
use crate::memory;
use crate::money::{gcd, text};
use crate::order::sort_places;
use rust_decimal::Decimal;

/// An amount to be split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<'a> {
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
    pub because: Option<Because>,
    /// Whether all weights were zero and the amount was split evenly.
    pub evenly: bool,
    /// The decimals of the figures above.
    pub scale: u32,
}

/// Why a part is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The part.
    pub part: String,
    /// The exact share in increments: numerator and denominator in lowest terms.
    pub share: (i128, i128),
    /// What the first pass gave.
    pub first: String,
    /// What came on top of that, or went off it.
    pub leftover: String,
    /// The rank among those who may receive units left over, from 1.
    pub rank: Option<usize>,
    /// Whether the cap decided.
    pub capped: bool,
    /// All this as a sentence.
    pub sentence: String,
}

/// What a weight may take while it is split by the kernel: in whole units, its part, and its words on the way out.
const PLAIN_WEIGHT: usize = 64;

/// What a weight may take while it is split in 128 bits.
const SIGNED_WEIGHT: usize = 192;

impl Request<'_> {
    /// Splits the amount.
    ///
    /// # Errors
    /// `missingField` without weights; `lengthMismatch`; `outOfRange`, also for negative weights and caps;
    /// `offIncrement`; `unknownField` for caps where the method knows none; `allWeightsZero`; `exceedsCaps`.
    ///
    /// ```
    /// use setoff::allocate::{Method, Request};
    /// use setoff::money::text;
    /// let weights = ["1", "1", "1"].map(|weight| text::parse(weight).unwrap()).to_vec();
    /// let amount = text::parse("100.00")?;
    /// let request = Request { method: Method::default(), amount, weights, caps: None, keys: None, increment: None };
    /// let split = request.split()?;
    /// assert_eq!((split.parts, split.scale), (vec![3334, 3333, 3333], 2));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    pub fn split(&self) -> Result<Split> {
        let units = self.units()?;
        let shares = self
            .method
            .split(&units.input())
            .map_err(|refusal| self.refuse(refusal, units.increment))?;
        let out_of_range = || self.refuse(Refusal::OutOfRange, units.increment);
        let Shares {
            mut parts,
            mut unallocated,
            because,
            evenly,
        } = shares;
        let step = i64::try_from(units.increment.mantissa()).map_err(|_| out_of_range())?;
        if step != 1 {
            for part in parts.iter_mut().chain([&mut unallocated]) {
                *part = part.checked_mul(step).ok_or_else(out_of_range)?;
            }
        }
        Ok(Split {
            parts,
            unallocated,
            because,
            evenly,
            scale: units.increment.scale(),
        })
    }

    /// Why the part at `place` is what it is. Splits the amount again: nothing of this is kept by [`Request::split`].
    ///
    /// # Errors
    /// As [`Request::split`], and `outOfRange` if there is no such part.
    pub fn why(&self, place: usize) -> Result<Why> {
        let units = self.units()?;
        let refuse = |refusal| self.refuse(refusal, units.increment);
        let (shares, steps) = self.method.trace(&units.input()).map_err(refuse)?;
        let Some(&part) = shares.parts.get(place) else {
            return Err(Error::new(
                Code::OutOfRange,
                &Path::Root.field("place"),
                "the place of a part",
                "none there",
            ));
        };
        Why::of(&self.method, &steps, place, part, units.increment)
            .ok_or_else(|| refuse(Refusal::OutOfRange))
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
    fn units(&self) -> Result<Units> {
        memory::reserve(self.room())?;
        let increment = self.increment.unwrap_or_else(|| unit(self.amount.scale()));
        let root = Path::Root;
        if increment.mantissa() <= 0 {
            let found = text::write_decimal(increment);
            return Err(Error::new(
                Code::OutOfRange,
                &root.field("increment"),
                "more than zero",
                found,
            ));
        }
        let amount = in_steps(self.amount, increment, &root.field("amount"))?;
        let caps = self
            .caps
            .as_ref()
            .map(|caps| each_in_steps(caps, increment, &root.field("caps")))
            .transpose()?;
        // A total that is capped is compared with the weights, so they count in the same steps; else only their
        // proportions matter, and any scale will do.
        let weight = match self.method.cap_total {
            true => increment,
            false => unit(
                self.weights
                    .iter()
                    .map(Decimal::scale)
                    .max()
                    .unwrap_or_default(),
            ),
        };
        let weights = each_in_steps(&self.weights, weight, &root.field("weights"))?;
        let order = self.keys.as_ref().map(|keys| {
            let mut order: Vec<usize> = (0..keys.len()).collect();
            sort_places(&mut order, &|a, b| keys.get(a).cmp(&keys.get(b)));
            order
        });
        Ok(Units {
            increment,
            amount,
            weights,
            caps,
            order,
        })
    }

    #[cold]
    #[inline(never)]
    fn refuse(&self, refusal: Refusal, increment: Decimal) -> Error {
        let found = text::write_decimal(self.amount);
        refusal.error(&Path::Root.field("amount"), 0, &found, &|steps| {
            steps_text(steps, increment)
        })
    }
}

/// A request in whole increments.
struct Units {
    increment: Decimal,
    amount: i64,
    weights: Vec<i64>,
    caps: Option<Vec<i64>>,
    order: Option<Vec<usize>>,
}

impl Units {
    fn input(&self) -> Input<'_> {
        let Self {
            amount,
            weights,
            caps,
            order,
            ..
        } = self;
        Input {
            amount: *amount,
            weights,
            caps: caps.as_deref(),
            order: order.as_deref(),
        }
    }
}

impl Refusal {
    /// As an error of the `found` amount at `amount`, over weights from the place `from` on. `write` makes text of a
    /// number of increments.
    #[cold]
    pub(super) fn error(
        self,
        amount: &Path<'_>,
        from: usize,
        found: &str,
        write: &dyn Fn(i128) -> String,
    ) -> Error {
        let (weights, caps, keys) = (
            Path::Root.field("weights"),
            Path::Root.field("caps"),
            Path::Root.field("keys"),
        );
        let room = if let Refusal::OverCaps(room) = self {
            ["at most ", &write(room)].concat()
        } else {
            String::new()
        };
        let (code, path, needed, found) = match self {
            Refusal::NoWeights => (Code::MissingField, weights, "at least one weight", "none"),
            Refusal::AllZero => (
                Code::AllWeightsZero,
                weights,
                "a weight that is not zero",
                "zeros alone",
            ),
            Refusal::NegativeWeight(place) | Refusal::NegativeCap(place) => {
                let list = if matches!(self, Refusal::NegativeCap(_)) {
                    &caps
                } else {
                    &weights
                };
                let path = list.index(from.saturating_add(place));
                return Error::new(Code::OutOfRange, &path, "zero or more", "less than zero");
            }
            Refusal::CapsCount => (
                Code::LengthMismatch,
                caps,
                "as many caps as weights",
                "another number",
            ),
            Refusal::KeysCount => (
                Code::LengthMismatch,
                keys,
                "as many keys as weights",
                "another number",
            ),
            Refusal::CapsUnknown => (
                Code::UnknownField,
                caps,
                "no caps from the back, or that negative weights exceed",
                "caps",
            ),
            Refusal::OverCaps(_) => (Code::ExceedsCaps, *amount, &*room, found),
            Refusal::OutOfRange => (
                Code::OutOfRange,
                *amount,
                "parts of less than 2⁶³ units",
                found,
            ),
        };
        Error::new(code, &path, needed, found)
    }
}

/// The text of a number of increments. No product is lost: less than 2⁶³ increments of less than 2⁹⁶ would have to be
/// more than 2¹²⁷ units.
#[inline(never)]
fn steps_text(steps: i128, increment: Decimal) -> String {
    text::write(
        steps.saturating_mul(increment.mantissa()),
        increment.scale(),
    )
}

impl Why {
    /// Why the part at `index` is what it is; `None` if that is out of range.
    pub(super) fn of(
        method: &Method,
        steps: &Steps,
        index: usize,
        part: i64,
        increment: Decimal,
    ) -> Option<Self> {
        let portion = steps.portions.get(index)?;
        let leftover = part.checked_sub(portion.first)?;
        let narrator = Narrator::new(method, steps, "portion", increment)?;
        let write = |count: i64| steps_text(count.into(), increment);
        Some(Self {
            part: write(part),
            share: lowest_terms(portion.numerator, portion.denominator),
            first: write(portion.first),
            leftover: write(leftover),
            rank: portion.rank.map(|rank| rank.saturating_add(1)),
            capped: portion.is_capped,
            sentence: narrator.sentence(index, part, None)?,
        })
    }
}

/// 10⁻ˢᶜᵃˡᵉ.
fn unit(scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(1, scale).unwrap_or(Decimal::ONE)
}

/// A decimal as a whole number of increments.
fn in_steps(value: Decimal, increment: Decimal, path: &Path<'_>) -> Result<i64> {
    if value.scale() == increment.scale()
        && increment.mantissa() == 1
        && let Ok(steps) = i64::try_from(value.mantissa())
    {
        return Ok(steps);
    }
    let scale = value.scale().max(increment.scale());
    let units = |decimal: Decimal| {
        10_i128
            .checked_pow(scale.checked_sub(decimal.scale())?)?
            .checked_mul(decimal.mantissa())
    };
    let divided = || {
        let (value, increment) = (units(value)?, units(increment)?);
        Some((value.checked_div(increment)?, value.checked_rem(increment)?))
    };
    let out_of_range = || {
        Error::new(
            Code::OutOfRange,
            path,
            "less than 2⁶³ increments",
            text::write_decimal(value),
        )
    };
    let (steps, rest) = divided().ok_or_else(out_of_range)?;
    if rest != 0 {
        let needed = ["a multiple of ", &text::write_decimal(increment)].concat();
        return Err(Error::new(
            Code::OffIncrement,
            path,
            needed,
            text::write_decimal(value),
        ));
    }
    i64::try_from(steps).map_err(|_| out_of_range())
}

fn each_in_steps(values: &[Decimal], increment: Decimal, path: &Path<'_>) -> Result<Vec<i64>> {
    let mut steps = Vec::with_capacity(values.len());
    for (place, &value) in values.iter().enumerate() {
        steps.push(in_steps(value, increment, &path.index(place))?);
    }
    Ok(steps)
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

    fn request(amount: &str, weights: &[&str]) -> Request<'static> {
        let decimals = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text::parse(text).unwrap())
                .collect::<Vec<_>>()
        };
        let amount = text::parse(amount).unwrap();
        Request {
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
            (&*first.part, first.share, &*first.first),
            ("33.34", (10_000, 3), "33.33")
        );
        assert_eq!(
            (&*first.leftover, first.rank, first.capped),
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
                &*mirror.first,
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
        let back = Request {
            method: up,
            ..request("7", &["1", "1"])
        }
        .why(0)
        .unwrap();
        assert_eq!(
            (&*back.part, &*back.first, &*back.leftover),
            ("3", "4", "-1")
        );
        let from_back = Method {
            from_back: true,
            ..Method::default()
        };
        let back = Request {
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
        let both = Request {
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
        let capped = Request {
            caps,
            ..request("90", &["1", "1"])
        };
        assert_eq!(capped.split().unwrap().parts, [10, 80]);
        let [full, rest] = [0, 1].map(|place| capped.why(place).unwrap());
        assert_eq!(
            (full.capped, full.share, rest.capped),
            (true, (10, 1), false)
        );
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        let refused = |request: Request<'_>| request.split().unwrap_err();
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
            refused(Request {
                increment,
                ..request("0.01", &["1"])
            })
            .code(),
            Code::OffIncrement
        );
        let caps = Some(vec![text::parse("5").unwrap()]);
        assert_eq!(
            refused(Request {
                caps,
                ..request("6", &["1"])
            })
            .code(),
            Code::ExceedsCaps
        );
    }
}
