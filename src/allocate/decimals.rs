//! Splitting decimals: an amount in steps of an increment over weights of any scale, and why each part is what it is.

use super::method::gcd;
use super::{Input, Method, Refusal, Shares};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::text;
use crate::order::sort_by;
use rust_decimal::Decimal;

/// An amount to be split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// What.
    pub amount: Decimal,
    /// Over which weights.
    pub weights: Vec<Decimal>,
    /// The most that each may get.
    pub caps: Option<Vec<Decimal>>,
    /// Equals are ordered by these, then as they come.
    pub keys: Option<Vec<String>>,
    /// The least step of a part. Absent: one unit of the amount's last decimal.
    pub increment: Option<Decimal>,
}

/// A split amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    shares: Shares,
    increment: Decimal,
    method: Method,
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

impl Request {
    /// Splits the amount.
    ///
    /// # Errors
    /// `missingField` without weights, and for lists of different lengths; `outOfRange`, also for negative weights and
    /// caps; `offIncrement`; `unknownField` for caps where the method knows none; `nothingToSettle` if all weights are
    /// zero; `exceedsItem` if the amount exceeds the caps.
    pub fn split(&self) -> Result<Split> {
        let increment = self.increment.unwrap_or_else(|| unit(self.amount.scale()));
        let root = Path::Root;
        if increment.mantissa() <= 0 {
            let found = text::write_decimal(increment);
            return Err(Error::new(Code::OutOfRange, &root.field("increment"), "more than zero", found));
        }
        let amount = in_steps(self.amount, increment, &root.field("amount"))?;
        let caps = self.caps.as_ref().map(|caps| each_in_steps(caps, increment, &root.field("caps"))).transpose()?;
        // A total that is capped is compared with the weights, so they count in the same steps; else only their
        // proportions matter, and any scale will do.
        let weights = match self.method.cap_total {
            true => each_in_steps(&self.weights, increment, &root.field("weights"))?,
            false => {
                let scale = self.weights.iter().map(Decimal::scale).max().unwrap_or_default();
                each_in_steps(&self.weights, unit(scale), &root.field("weights"))?
            }
        };
        let order = self.keys.as_ref().map(|keys| {
            let mut order: Vec<usize> = (0..keys.len()).collect();
            sort_by(&mut order, |&a, &b| keys.get(a).cmp(&keys.get(b)));
            order
        });
        let input = Input { amount, weights: &weights, caps: caps.as_deref(), order: order.as_deref() };
        let shares = self.method.split(&input).map_err(|refusal| self.refuse(refusal, increment))?;
        Ok(Split { shares, increment, method: self.method })
    }

    #[cold]
    fn refuse(&self, refusal: Refusal, increment: Decimal) -> Error {
        let root = Path::Root;
        let negative = |field: &'static str, list: &[Decimal], place: usize| {
            let found = list.get(place).copied().map(text::write_decimal).unwrap_or_default();
            Error::new(Code::OutOfRange, &root.field(field).index(place), "zero or more", found)
        };
        match refusal {
            Refusal::NoWeights => Error::new(Code::MissingField, &root.field("weights"), "at least one weight", "none"),
            Refusal::AllZero => {
                Error::new(Code::NothingToSettle, &root.field("weights"), "a weight that is not zero", "zeros alone")
            }
            Refusal::NegativeWeight(place) => negative("weights", &self.weights, place),
            Refusal::NegativeCap(place) => negative("caps", self.caps.as_deref().unwrap_or_default(), place),
            Refusal::Lengths => {
                let needed = format!("as many caps and keys as weights, {}", self.weights.len());
                Error::general(Code::MissingField, needed, "another number")
            }
            Refusal::CapsUnknown => {
                Error::new(Code::UnknownField, &root.field("caps"), "no caps with a first pass from the back", "caps")
            }
            Refusal::OverCaps(most) => {
                let needed = format!("at most {}, the sum of the caps", steps_text(most, increment));
                let found = text::write_decimal(self.amount);
                Error::new(Code::ExceedsItem, &root.field("amount"), needed, found)
            }
            Refusal::OutOfRange => {
                let found = quoted(&text::write_decimal(self.amount));
                Error::general(Code::OutOfRange, "parts of less than 2⁶³ increments", found)
            }
        }
    }
}

impl Split {
    /// The parts, in the order of the weights.
    pub fn parts(&self) -> impl Iterator<Item = String> {
        self.shares.parts.iter().map(|&part| self.write(part))
    }

    /// What nobody got.
    #[must_use]
    pub fn unallocated(&self) -> String {
        self.write(self.shares.unallocated)
    }

    /// Why the part at `place` is what it is; `None` if there is none.
    #[must_use]
    pub fn why(&self, place: usize) -> Option<Why> {
        let step = self.shares.steps.get(place)?;
        let part = *self.shares.parts.get(place)?;
        let extra = part.checked_sub(step.first)?;
        let share = lowest_terms(step.numerator, step.denominator);
        let increment = text::write_decimal(self.increment);
        let mut sentence = if step.capped {
            format!("Its cap of {} is less than its share", self.write(step.first))
        } else {
            let (numerator, denominator) = share;
            format!("Its exact share is {numerator}/{denominator} × {increment}")
        };
        if step.capped || denominator_is_one(share) {
            sentence.push('.');
        } else {
            sentence.push_str(&format!(", made {} by the first pass.", self.write(step.first)));
        }
        match (step.rank.map(|rank| rank.saturating_add(1)), extra) {
            (_, 0) if denominator_is_one(share) => {}
            (Some(rank), 0) => sentence.push_str(&format!(
                " It ranks {rank} for what was left over ({}), and that went to those before it.",
                self.method.leftover.sentence()
            )),
            (Some(rank), _) => sentence.push_str(&format!(
                " It ranks {rank} for what was left over ({}), and received {}.",
                self.method.leftover.sentence(),
                self.write(extra)
            )),
            (None, _) => {}
        }
        Some(Why {
            part: self.write(part),
            share,
            first: self.write(step.first),
            leftover: self.write(extra),
            rank: step.rank.map(|rank| rank.saturating_add(1)),
            capped: step.capped,
            sentence,
        })
    }

    fn write(&self, steps: i64) -> String {
        steps_text(steps.into(), self.increment)
    }
}

/// 10⁻ˢᶜᵃˡᵉ.
fn unit(scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(1, scale).unwrap_or(Decimal::ONE)
}

/// The text of a number of increments. An amount is at most 2⁶³ increments of less than 2⁹⁶, so that no product is
/// lost; out of range it would be shown as the largest there is.
fn steps_text(steps: i128, increment: Decimal) -> String {
    text::write(steps.saturating_mul(increment.mantissa()), increment.scale())
}

/// A decimal as a whole number of increments.
fn in_steps(value: Decimal, increment: Decimal, path: &Path<'_>) -> Result<i64> {
    let scale = value.scale().max(increment.scale());
    let units =
        |decimal: Decimal| 10_i128.checked_pow(scale.checked_sub(decimal.scale())?)?.checked_mul(decimal.mantissa());
    let divided = || {
        let (value, increment) = (units(value)?, units(increment)?);
        Some((value.checked_div(increment)?, value.checked_rem(increment)?))
    };
    let out_of_range = || Error::new(Code::OutOfRange, path, "less than 2⁶³ increments", text::write_decimal(value));
    let (steps, rest) = divided().ok_or_else(out_of_range)?;
    if rest != 0 {
        let needed = format!("a multiple of {}", text::write_decimal(increment));
        return Err(Error::new(Code::OffIncrement, path, needed, text::write_decimal(value)));
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

const fn denominator_is_one(share: (i128, i128)) -> bool {
    share.1 == 1
}

/// The fraction in lowest terms, its denominator positive.
fn lowest_terms(numerator: i128, denominator: i128) -> (i128, i128) {
    let divisor = gcd(numerator, denominator).saturating_mul(denominator.signum());
    let divide = |value: i128| value.checked_div(divisor).unwrap_or(value);
    (divide(numerator), divide(denominator))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(amount: &str, weights: &[&str]) -> Request {
        let decimals = |texts: &[&str]| texts.iter().map(|text| text::parse(text).unwrap()).collect::<Vec<_>>();
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
        let split = request("100.00", &["1", "1", "1"]).split().unwrap();
        let first = split.why(0).unwrap();
        assert_eq!((&*first.part, first.share, &*first.first), ("33.34", (10_000, 3), "33.33"));
        assert_eq!((&*first.leftover, first.rank, first.capped), ("0.01", Some(1), false));
        let sentence = "Its exact share is 10000/3 × 0.01, made 33.33 by the first pass. It ranks 1 for what was left \
                        over (the largest remainder first), and received 0.01.";
        assert_eq!(first.sentence, sentence);
        let second = split.why(1).unwrap();
        assert_eq!((&*second.part, &*second.leftover, second.rank), ("33.33", "0.00", Some(2)));
        assert_eq!(split.why(3), None);
    }

    #[test]
    fn a_whole_share_a_mirror_and_a_cap_say_why() {
        // 30 over 1 and 2: 10 and 20, nothing is left over.
        let whole = request("30", &["1", "2"]).split().unwrap().why(1).unwrap();
        assert_eq!((whole.share, &*whole.sentence), ((20, 1), "Its exact share is 20/1 × 1."));
        // −0.05 over two: −2.5 cents each, cut to −0.02; the cent left over, negative too, goes to the first.
        let mirror = request("-0.05", &["1", "1"]).split().unwrap().why(0).unwrap();
        assert_eq!(
            (&*mirror.part, mirror.share, &*mirror.first, &*mirror.leftover),
            ("-0.03", (-5, 2), "-0.02", "-0.01")
        );
        let caps = Some(vec![text::parse("10").unwrap(), text::parse("100").unwrap()]);
        let capped = Request { caps, ..request("90", &["1", "1"]) }.split().unwrap();
        assert_eq!(capped.parts().collect::<Vec<_>>(), ["10", "80"]);
        assert!(capped.why(0).unwrap().capped && !capped.why(1).unwrap().capped);
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        let refused = |request: Request| request.split().unwrap_err();
        assert_eq!(refused(request("1", &[])).code(), Code::MissingField);
        assert_eq!(refused(request("1", &["0", "0"])).code(), Code::NothingToSettle);
        let negative = refused(request("1", &["1", "-1"]));
        assert_eq!((negative.code(), negative.path()), (Code::OutOfRange, "weights[1]"));
        let increment = Some(text::parse("0.05").unwrap());
        assert_eq!(refused(Request { increment, ..request("0.01", &["1"]) }).code(), Code::OffIncrement);
        let caps = Some(vec![text::parse("5").unwrap()]);
        assert_eq!(refused(Request { caps, ..request("6", &["1"]) }).code(), Code::ExceedsItem);
    }
}
