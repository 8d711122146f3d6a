//! The part of a period at one of its ends: whether it is billed at all, and for how much (`proration.md#stubs`).

use super::period::{Span, fits};
use super::terms::{Reached, Stub, StubPosition, Terms};
use crate::calendar::{Every, Moment};
use crate::error::Result;
use crate::money::{Fraction, Rounding};

impl Terms {
    /// Which part of its period a service is: leading if it begins within it and ends with it, trailing if it begins
    /// with it and ends within it.
    #[inline(never)]
    pub(super) fn part(&self, service: Span, period: Span) -> StubPosition {
        if !self.is_before(service.from, service.to) {
            StubPosition::Any
        } else if self.is_before(period.from, service.from) && self.is_same(service.to, period.to) {
            StubPosition::Leading
        } else if self.is_same(service.from, period.from) && self.is_before(service.to, period.to) {
            StubPosition::Trailing
        } else {
            StubPosition::Any
        }
    }

    /// Whether two moments are one, in the time that these terms count.
    fn is_same(&self, moment: Moment, other: Moment) -> bool {
        !self.is_before(moment, other) && !self.is_before(other, moment)
    }

    /// A trailing part up to the end of the month of its period in which it ends.
    #[inline(never)]
    pub(super) fn up_to_month_end(&self, service: Span, period: Span) -> Result<Span> {
        let anchor = self.month_anchor(period.from.day());
        let month_end = anchor.boundary_from(Every::Months(1), service.to.day());
        let month_end = Moment::Day(fits(month_end)?);

        // A period can end within a month of the grid, and nothing beyond it is billed.
        let to = if self.is_before(month_end, period.to) {
            month_end
        } else {
            period.to
        };

        Ok(Span { to, ..service })
    }
}

impl Stub {
    /// The factor of a part of which `share` of the period and a number of days were served, where the period has a
    /// number of months.
    #[inline(never)]
    pub(super) fn factor(self, share: Fraction, days: Fraction, months: u32) -> Fraction {
        match self {
            // `share` is that up to the end of the month already, where months are billed.
            Self::Prorate | Self::Months => share,
            Self::Full => Fraction::ONE,
            Self::Skip => Fraction::ZERO,
            Self::FromDays(least, _) if Fraction::whole(least.into()).exceeds(days) => {
                Fraction::ZERO
            }
            Self::FromShare(least, _) if least.exceeds(share) => Fraction::ZERO,
            Self::FromDays(_, Reached::Full) | Self::FromShare(_, Reached::Full) => Fraction::ONE,
            Self::FromDays(_, Reached::Prorate) | Self::FromShare(_, Reached::Prorate) => share,
            Self::WholeMonths(least) => {
                whole_months(days, least).over(Fraction::whole(months.into()))
            }
        }
    }
}

/// The months of 30.4 days in a number of days, and one more if at least `least` days remain.
fn whole_months(days: Fraction, least: u16) -> Fraction {
    let month = Fraction::new(304, 10);
    let Some(whole) = days.over(month).round(Rounding::Down) else {
        // Lost: so is all that follows from it.
        return days;
    };

    let whole = Fraction::whole(whole);
    let remaining_days = days.minus(whole.times(month));
    if Fraction::whole(least.into()).exceeds(remaining_days) {
        whole
    } else {
        whole.plus(Fraction::ONE)
    }
}
