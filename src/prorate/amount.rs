//! One amount: price, quantity and time to money, and why.

use super::share::{GridCell, Period, Reference, Share, months_unread};
use super::stub::StubText;
use super::terms::{Basis, Grid, StubPosition, Terms};
use crate::error::{Error, Path, Reason, Result, Site};
use crate::money::{Fraction, Rounding, text};
use rust_decimal::Decimal;
use std::fmt::{self, Write};

/// For which time something is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceTime {
    /// A service, as a part of a period.
    Service {
        /// When it was served.
        service: Period,
        /// The period that the price is for. It may be left out where the terms do not ask for it.
        reference: Option<Reference>,
        /// How many months that period has. Absent: as many as it shows, else one.
        months: Option<u32>,
    },
    /// A number of units, out of the number that the period has.
    Units {
        /// Those served.
        covered: Decimal,
        /// Those of the period.
        length: Decimal,
    },
    /// A factor that is known; the terms do not change it.
    Factor(Fraction),
}

/// An amount to be prorated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProrateRequest {
    /// How.
    pub terms: Terms,
    /// For one unit, over the whole period.
    pub price: Decimal,
    /// How many units.
    pub quantity: Decimal,
    /// The least step between two amounts.
    pub increment: Decimal,
    /// For which time.
    pub time: ServiceTime,
}

/// Money: a whole number of increments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalAmount {
    steps: i64,
    increment: Decimal,
}

/// A prorated amount and its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prorated {
    /// The amount.
    pub amount: DecimalAmount,
    /// The same before it was rounded.
    pub exact: Fraction,
    /// Which share of the price it is.
    pub share: Share,
    /// The parts of the grid that the service covers; none where the time was not asked.
    pub cells: Vec<GridCell>,
    /// The price of one unit of time, where the terms round it.
    pub rate: Option<Fraction>,
    request: ProrateRequest,
}

impl DecimalAmount {
    /// The amount nearest to `exact`, as the terms round.
    ///
    /// # Errors
    /// `outOfRange` for 2⁶³ increments or more.
    pub fn round(exact: Fraction, increment: Decimal, terms: &Terms) -> Result<Self> {
        let steps = exact.over(Fraction::of(increment)).round(terms.rounding);
        let steps = steps
            .and_then(|steps| i64::try_from(steps).ok())
            .filter(|&steps| steps != i64::MIN);
        let steps = steps.ok_or_else(|| Error::of(Reason::TooManyIncrements {}, &Site::Command))?;
        Ok(Self { steps, increment })
    }

    /// The amount exactly.
    #[must_use]
    pub fn exact(self) -> Fraction {
        Fraction::whole(self.steps.into()).times(Fraction::of(self.increment))
    }

    /// In increments.
    #[must_use]
    pub const fn steps(self) -> i64 {
        self.steps
    }

    /// The same with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self {
            steps: self.steps.saturating_neg(),
            increment: self.increment,
        }
    }
}

impl fmt::Display for DecimalAmount {
    /// The text, with the decimals of the increment.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = i128::from(self.steps).saturating_mul(self.increment.mantissa());
        f.write_str(&text::write(units, self.increment.scale()))
    }
}

/// Refuses an increment that is none.
pub(super) fn check_increment(increment: Decimal) -> Result<()> {
    if increment.mantissa() > 0 {
        return Ok(());
    }
    let increment = text::write_decimal(increment).into();
    let reason = Reason::IncrementNotPositive { increment };
    Err(Error::of(reason, &Path::Root.field("increment")))
}

impl ProrateRequest {
    /// Prorates the amount.
    ///
    /// # Errors
    /// `invalidTerms`, also for a rounded rate of a factor that is stated; `outOfRange`; those of [`Terms::share`].
    pub fn prorate(&self) -> Result<Prorated> {
        self.terms.check()?;
        check_increment(self.increment)?;
        let mut cells = Vec::new();
        let share = self.share(&mut cells)?;
        let price = Fraction::of(self.price).times(Fraction::of(self.quantity));
        let rate = self.terms.rate(price, &share)?;
        let exact = match rate {
            Some(rate) => rate.times(share.covered),
            None => price.times(share.factor),
        };
        let amount = DecimalAmount::round(exact, self.increment, &self.terms)?;
        Ok(Prorated {
            amount,
            exact,
            share,
            cells,
            rate,
            request: *self,
        })
    }

    fn share(&self, cells: &mut Vec<GridCell>) -> Result<Share> {
        let terms = &self.terms;
        match self.time {
            ServiceTime::Service {
                service,
                reference,
                months,
            } => {
                if months.is_some() && !terms.reads_months() {
                    return Err(months_unread());
                }
                let period = reference
                    .map(|reference| reference.period(terms))
                    .transpose()?;
                terms.share(
                    service,
                    period,
                    terms.months(reference, months)?,
                    Some(cells),
                )
            }
            ServiceTime::Units { covered, length } => {
                let (covered, length) = (Fraction::of(covered), Fraction::of(length));
                if length.is_zero() || length.is_negative() {
                    let path = Path::Root.field("periodDays");
                    let days = length.to_string().into();
                    return Err(Error::of(Reason::PeriodDaysNotPositive { days }, &path));
                }
                terms.finish(covered, length)
            }
            ServiceTime::Factor(factor) if terms.rate_scale.is_none() => Ok(Share::stated(factor)),
            ServiceTime::Factor(_) => {
                let path = Path::Root.field("factor");
                Err(Error::of(Reason::FactorAndRoundedRate {}, &path))
            }
        }
    }
}

impl Terms {
    /// What a part of a period costs of the price of the whole. A rate that is rounded is that of a part: the whole is
    /// its price, and so is a share that a rule for parts of periods decided.
    pub(super) fn part_of(&self, price: Fraction, share: &Share) -> Result<Fraction> {
        let is_counted = share.factor == share.covered.over(share.length);
        match self.rate(price, share)? {
            Some(rate) if is_counted && share.factor != Fraction::ONE => {
                Ok(rate.times(share.covered))
            }
            _ => Ok(price.times(share.factor)),
        }
    }

    /// The price of one unit of time, where the terms round it and time counts.
    fn rate(&self, price: Fraction, share: &Share) -> Result<Option<Fraction>> {
        let Some(scale) = self.rate_scale.filter(|_| self.basis == Basis::Prorate) else {
            return Ok(None);
        };
        if share.length.is_zero() {
            return Ok(None);
        }
        Ok(Some(
            price.over(share.length).to_scale(scale, self.rounding),
        ))
    }
}

impl Prorated {
    /// Why the amount is what it is, as a sentence that a customer understands.
    #[must_use]
    pub fn sentence(&self) -> String {
        let ProrateRequest {
            terms,
            price,
            quantity,
            time,
            ..
        } = &self.request;
        let Share {
            factor,
            covered,
            length,
            ..
        } = self.share;
        let unit = terms.unit.as_str();
        let mut sentence = String::new();
        // Writing to a text cannot fail.
        let mut say = |text: fmt::Arguments<'_>| _ = sentence.write_fmt(text);
        match (time, terms.basis) {
            (ServiceTime::Factor(_), _) => say(format_args!("{factor} of ")),
            (_, Basis::Full) => say(format_args!("Not prorated: the full price of ")),
            (_, Basis::Nothing) => say(format_args!("Not prorated: nothing of ")),
            (_, Basis::Prorate) if terms.grid == Grid::Month && !self.cells.is_empty() => {
                say(format_args!(
                    "{} of {} (",
                    FractionText(covered),
                    UnitsText(length, "month")
                ));
                // Whole months are counted, the others say their days.
                let is_whole = |cell: &&GridCell| cell.covered == cell.length;
                let whole = self.cells.iter().filter(is_whole).count();
                let parts = self.cells.iter().filter(|cell| !is_whole(cell)).enumerate();
                if whole > 0 {
                    say(format_args!("{whole} whole"));
                }
                for (place, cell) in parts {
                    let plus = if place > 0 || whole > 0 { " + " } else { "" };
                    say(format_args!(
                        "{plus}{} of {}",
                        cell.covered,
                        UnitsText(cell.length, "day")
                    ));
                }
                say(format_args!(") at "));
            }
            (ServiceTime::Service { .. }, Basis::Prorate) if self.cells.is_empty() => {
                say(format_args!(
                    "Time without length, or of the whole period: the full price of "
                ));
            }
            (_, Basis::Prorate) => say(format_args!(
                "{} of {} of ",
                FractionText(covered),
                UnitsText(length, unit)
            )),
        }
        if quantity.mantissa() != 1 {
            say(format_args!("{} × ", text::write_decimal(*quantity)));
        }
        say(format_args!("{}", text::write_decimal(*price)));
        if let Some(rate) = self.rate {
            say(format_args!(", at {} a {unit}", FractionText(rate)));
        } else if self.share.part == StubPosition::Any
            && terms.factor_scale.is_some()
            && factor != covered.over(length)
        {
            say(format_args!(", a factor of {}", FractionText(factor)));
        }
        say(format_args!("{}", StubText(terms, &self.share)));
        if self.exact != self.amount.exact() {
            say(format_args!(
                ": {}, rounded {}",
                FractionText(self.exact),
                terms.rounding.sentence()
            ));
        }
        say(format_args!(": {}.", self.amount));
        sentence
    }
}

/// A number of units of time, written for people: `1 day`, `31 days`.
pub(super) struct UnitsText(pub Fraction, pub &'static str);

impl fmt::Display for UnitsText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, unit) = *self;
        write!(
            f,
            "{} {unit}{}",
            FractionText(count),
            if count == Fraction::ONE { "" } else { "s" }
        )
    }
}

/// An amount for people: with the decimals of its increment, unless it is no whole number of them.
pub(super) struct AmountText(pub Fraction, pub Decimal);

impl fmt::Display for AmountText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(amount, increment) = *self;
        let steps = amount.over(Fraction::of(increment));
        match i64::try_from(steps.numerator()) {
            Ok(whole) if steps.denominator() == 1 => DecimalAmount {
                steps: whole,
                increment,
            }
            .fmt(f),
            _ => FractionText(amount).fmt(f),
        }
    }
}

/// A number for people: exact if it has at most nine decimals, else cut after six, with an ellipsis.
pub(super) struct FractionText(pub Fraction);

impl fmt::Display for FractionText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for scale in 0..=9 {
            let units = self.0.times(Fraction::whole(10_i128.saturating_pow(scale)));
            if units.denominator() == 1 {
                return f.write_str(&text::write(units.numerator(), scale));
            }
        }
        match self
            .0
            .times(Fraction::whole(1_000_000))
            .round(Rounding::Down)
        {
            Some(units) => write!(f, "{}…", text::write(units, 6)),
            None => self.0.fmt(f),
        }
    }
}
