//! One amount: price, quantity and time to money.

use super::amount::{DecimalAmount, check_increment};
use super::period::{Period, Reference};
use super::reads::months_unread;
use super::share::{GridCell, Share};
use super::terms::{Basis, Terms};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;
use rust_decimal::Decimal;

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
    /// A number of units of time, out of those of the whole period.
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

/// A prorated amount, and how it came about.
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
    /// What was asked.
    pub(super) request: ProrateRequest,
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

        let rate = self.terms.rounded_rate(price, &share);
        let exact = match rate {
            Some(rate) => rate.times(share.covered),
            None => price.times(share.factor),
        };

        Ok(Prorated {
            amount: DecimalAmount::round(exact, self.increment, &self.terms)?,
            exact,
            share,
            cells,
            rate,
            request: *self,
        })
    }

    /// Which share of the price the time is.
    fn share(&self, cells: &mut Vec<GridCell>) -> Result<Share> {
        match self.time {
            ServiceTime::Service {
                service,
                reference,
                months,
            } => self.share_of_service(service, reference, months, cells),
            ServiceTime::Units { covered, length } => {
                let (covered, length) = (Fraction::of(covered), Fraction::of(length));
                self.share_of_units(covered, length)
            }
            ServiceTime::Factor(factor) => self.share_of_factor(factor),
        }
    }

    /// The share that a service is of its period.
    fn share_of_service(
        &self,
        service: Period,
        reference: Option<Reference>,
        months: Option<u32>,
        cells: &mut Vec<GridCell>,
    ) -> Result<Share> {
        let terms = &self.terms;
        if months.is_some() && !terms.reads_months() {
            return Err(months_unread());
        }

        let period = match reference {
            Some(reference) => Some(reference.period(terms)?),
            None => None,
        };

        let months = terms.months(reference, months)?;
        terms.share(service, period, months, Some(cells))
    }

    /// The share that a number of units of time is of those of a period.
    fn share_of_units(&self, covered: Fraction, length: Fraction) -> Result<Share> {
        if length.is_zero() || length.is_negative() {
            let days = length.to_string().into();
            let reason = Reason::PeriodDaysNotPositive { days };
            let site = Site::Command.field(SiteField::PeriodDays);
            return Err(Error::of(reason, &site));
        }

        self.terms.share_of_length(covered, length)
    }

    /// The share that is stated. It has no time that a rounded rate could be the price of.
    fn share_of_factor(&self, factor: Fraction) -> Result<Share> {
        if self.terms.rate_scale.is_some() {
            let site = Site::Command.field(SiteField::Factor);
            return Err(Error::of(Reason::FactorAndRoundedRate {}, &site));
        }

        Ok(Share::stated(factor))
    }
}

impl Terms {
    /// What a part of a period costs of the price of the whole. A rate that is rounded is that of a part: the whole is
    /// its price, and so is a share that a rule for parts of periods decided.
    pub(super) fn price_of_part(&self, price: Fraction, share: &Share) -> Fraction {
        let is_counted = share.factor == share.covered.over(share.length);
        match self.rounded_rate(price, share) {
            Some(rate) if is_counted && share.factor != Fraction::ONE => rate.times(share.covered),
            _ => price.times(share.factor),
        }
    }

    /// The price of one unit of time, where the terms round it and time counts.
    fn rounded_rate(&self, price: Fraction, share: &Share) -> Option<Fraction> {
        let scale = self.rate_scale?;
        if self.basis != Basis::Prorate || share.length.is_zero() {
            return None;
        }

        Some(price.over(share.length).to_scale(scale, self.rounding))
    }
}
