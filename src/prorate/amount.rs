//! One amount: price, quantity and time to money, and why.

use super::share::{Cell, Period, Reference, Share};
use super::terms::{Basis, CellDays, Grid, Terms};
use crate::error::{Code, Error, Path, Result};
use crate::money::{Fraction, text};
use rust_decimal::Decimal;

/// For which time something is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// A service, as a part of a period.
    Service {
        /// When it was served.
        service: Period,
        /// The period that the price is for. It may be left out where the terms do not ask for it.
        reference: Option<Reference>,
        /// How many months that period has. Absent: as many as it shows, else one.
        months: Option<u32>,
    },
    /// So many units of so many.
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
pub struct Request {
    /// How.
    pub terms: Terms,
    /// For one unit, over the whole period.
    pub price: Decimal,
    /// How many units.
    pub quantity: Decimal,
    /// The least step between two amounts.
    pub increment: Decimal,
    /// For which time.
    pub time: Time,
}

/// Money: a whole number of increments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    steps: i64,
    increment: Decimal,
}

/// A prorated amount and its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prorated {
    /// The amount.
    pub amount: Amount,
    /// The same before it was rounded.
    pub exact: Fraction,
    /// Which share of the price it is.
    pub share: Share,
    /// The parts of the grid that the service covers; none where the time was not asked.
    pub cells: Vec<Cell>,
    /// The price of one unit of time, where the terms round it.
    pub rate: Option<Fraction>,
    request: Request,
}

impl Amount {
    /// The amount nearest to `exact`, as the terms round.
    ///
    /// # Errors
    /// `outOfRange` for 2⁶³ increments or more.
    pub fn round(exact: Fraction, increment: Decimal, terms: &Terms) -> Result<Self> {
        let steps = exact.over(Fraction::of(increment)).round(terms.rounding);
        let steps = steps.and_then(|steps| i64::try_from(steps).ok()).filter(|&steps| steps != i64::MIN);
        let steps =
            steps.ok_or_else(|| Error::general(Code::OutOfRange, "an amount of less than 2⁶³ increments", "more"))?;
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

    /// The text, with the decimals of the increment.
    #[must_use]
    pub fn text(self) -> String {
        text::write(i128::from(self.steps).saturating_mul(self.increment.mantissa()), self.increment.scale())
    }

    /// The same with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { steps: self.steps.saturating_neg(), increment: self.increment }
    }
}

/// Refuses an increment that is none.
pub(super) fn check_increment(increment: Decimal) -> Result<()> {
    if increment.mantissa() > 0 {
        return Ok(());
    }
    let found = text::write_decimal(increment);
    Err(Error::new(Code::OutOfRange, &Path::Root.field("increment"), "more than zero", found))
}

impl Request {
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
        let amount = Amount::round(exact, self.increment, &self.terms)?;
        Ok(Prorated { amount, exact, share, cells, rate, request: *self })
    }

    fn share(&self, cells: &mut Vec<Cell>) -> Result<Share> {
        let terms = &self.terms;
        match self.time {
            Time::Service { service, reference, months } => {
                let period = reference.map(|reference| reference.period(terms)).transpose()?;
                terms.share(service, period, terms.months(reference, months)?, Some(cells))
            }
            Time::Units { covered, length } => {
                let (covered, length) = (Fraction::of(covered), Fraction::of(length));
                if length.is_zero() || length.is_negative() {
                    let path = Path::Root.field("periodDays");
                    return Err(Error::new(Code::OutOfRange, &path, "more than zero", length.to_string()));
                }
                terms.finish(covered, length, covered.over(length))
            }
            Time::Factor(factor) if terms.rate_scale.is_none() => Ok(Share::stated(factor, Fraction::ONE, factor)),
            Time::Factor(_) => {
                let path = Path::Root.field("factor");
                Err(Error::new(Code::InvalidTerms, &path, "days, where the terms round a daily rate", "a factor"))
            }
        }
    }
}

impl Terms {
    /// The price of one unit of time, where the terms round it and time counts.
    fn rate(&self, price: Fraction, share: &Share) -> Result<Option<Fraction>> {
        let Some(scale) = self.rate_scale.filter(|_| self.basis == Basis::Prorate) else { return Ok(None) };
        if share.length.is_zero() {
            return Ok(None);
        }
        Ok(Some(price.over(share.length).to_scale(scale, self.rounding)))
    }
}

impl Prorated {
    /// Why the amount is what it is, as a sentence that a customer understands.
    #[must_use]
    pub fn sentence(&self) -> String {
        let Request { terms, price, quantity, time, .. } = &self.request;
        let mut price = text::write_decimal(*price);
        if *quantity != Decimal::ONE {
            price = format!("{} × {price}", text::write_decimal(*quantity));
        }
        let mut sentence = match (terms.basis, time) {
            (_, Time::Factor(factor)) => format!("{factor} of {price}"),
            (Basis::Full, _) => format!("The full price of {price}: this is not prorated"),
            (Basis::Nothing, _) => "Nothing: this is not prorated".to_owned(),
            (Basis::Prorate, Time::Service { .. }) if self.cells.is_empty() && !self.share.factor.is_zero() => {
                format!("The full price of {price}: the time has no length, or is no shorter than its period")
            }
            (Basis::Prorate, _) if terms.grid == Grid::Month => {
                let of = self.share.length;
                let months = if of == Fraction::ONE { "a month" } else { "months" };
                let of = if of == Fraction::ONE { String::new() } else { format!(" of {of}") };
                format!("{} {months}{of} ({}) at {price}", decimal(self.share.covered), self.months())
            }
            (Basis::Prorate, _) => {
                let unit = terms.unit.as_str();
                let days = |count: Fraction| {
                    let plural = if count == Fraction::ONE { "" } else { "s" };
                    format!("{} {unit}{plural}", decimal(count))
                };
                format!("{} of {} of {price}", decimal(self.share.covered), days(self.share.length))
            }
        };
        if let Some(rate) = self.rate {
            sentence.push_str(&format!(", at {} a {}", decimal(rate), terms.unit.as_str()));
        } else if self.share.factor != self.share.exact {
            sentence.push_str(&format!(", a factor of {}", decimal(self.share.factor)));
        }
        let amount = self.amount.text();
        if self.exact == self.amount.exact() {
            sentence.push_str(&format!(": {amount}."));
        } else {
            let rounding = terms.rounding.sentence();
            sentence.push_str(&format!(": {}, rounded {rounding}: {amount}.", decimal(self.exact)));
        }
        sentence
    }

    /// The cells of months, for people: whole ones are counted, the others say their days.
    fn months(&self) -> String {
        let whole = self.cells.iter().filter(|cell| cell.covered == cell.length).count();
        let mut parts = Vec::new();
        for cell in self.cells.iter().filter(|cell| cell.covered != cell.length) {
            let days = if matches!(self.request.terms.cell_days, CellDays::Actual) { "" } else { " counted" };
            parts.push(format!("{} of {}{days} days", cell.covered, cell.length));
        }
        match (whole, parts.is_empty()) {
            (0, _) => {}
            (1, _) => parts.insert(0, "1 whole month".to_owned()),
            (whole, _) => parts.insert(0, format!("{whole} whole months")),
        }
        parts.join(" + ")
    }
}

/// A number for people: exact if it has at most nine decimals, else cut after six, with an ellipsis.
pub(super) fn decimal(value: Fraction) -> String {
    for scale in 0..=9 {
        let power = 10_i128.saturating_pow(scale);
        let units = value.times(Fraction::whole(power));
        if units.denominator() == 1 {
            return text::write(units.numerator(), scale);
        }
    }
    let cut = value.times(Fraction::whole(1_000_000)).round(crate::money::Rounding::Down);
    cut.map_or_else(|| value.to_string(), |units| format!("{}…", text::write(units, 6)))
}
