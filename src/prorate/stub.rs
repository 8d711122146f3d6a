//! The part of a period at one of its ends: whether it is billed at all, and for how much (`proration.md` 3, 10).

use super::amount::{FractionText, UnitsText};
use super::share::{Share, Span, fits};
use super::terms::{Reached, Stub, StubPosition, Terms};
use crate::calendar::{Anchor, Every, Moment};
use crate::error::Result;
use crate::money::{Fraction, Rounding};
use std::fmt;

const MONTH: Every = Every::Months(1);

impl Terms {
    /// Whether a moment comes before another, in the time that these terms count.
    pub(super) fn is_before(&self, a: Moment, b: Moment) -> bool {
        if self.counts_days() {
            a.day() < b.day()
        } else {
            a.is_before(b)
        }
    }

    /// Which part of its period a service is: leading if it begins within it and ends with it, trailing if it begins
    /// with it and ends within it.
    #[inline(never)]
    pub(super) fn part(&self, service: Span, period: Span) -> StubPosition {
        let is_same = |a, b| !self.is_before(a, b) && !self.is_before(b, a);
        if !self.is_before(service.from, service.to) {
            StubPosition::Any
        } else if self.is_before(period.from, service.from) && is_same(service.to, period.to) {
            StubPosition::Leading
        } else if is_same(service.from, period.from) && self.is_before(service.to, period.to) {
            StubPosition::Trailing
        } else {
            StubPosition::Any
        }
    }

    /// A trailing part up to the end of the month of its period in which it ends.
    #[inline(never)]
    pub(super) fn month_end(&self, service: Span, period: Span) -> Result<Span> {
        let from = period.from.day();
        let anchor = self
            .grid_day
            .map_or_else(|| Anchor::new(from), |day| Anchor::on_day(from, day));
        let end = anchor
            .number_from(MONTH, service.to.day())
            .and_then(|number| anchor.boundary(MONTH, number));
        let end = Moment::Day(fits(end)?);
        Ok(Span {
            to: if self.is_before(end, period.to) {
                end
            } else {
                period.to
            },
            ..service
        })
    }
}

impl Stub {
    /// The factor of a part of which `share` of the period, or `days`, were served, in a period of `months`.
    #[inline(never)]
    pub(super) fn factor(self, share: Fraction, days: Fraction, months: u32) -> Fraction {
        let from = |is_reached: bool, reached: Reached| match reached {
            _ if !is_reached => Fraction::ZERO,
            Reached::Full => Fraction::ONE,
            Reached::Prorate => share,
        };
        match self {
            Self::Prorate | Self::Months => share,
            Self::Full => Fraction::ONE,
            Self::Skip => Fraction::ZERO,
            Self::FromDays(least, reached) => {
                from(!Fraction::whole(least.into()).exceeds(days), reached)
            }
            Self::FromShare(least, reached) => from(!least.exceeds(share), reached),
            Self::WholeMonths(least) => {
                let month = Fraction::new(304, 10);
                let whole =
                    Fraction::whole(days.over(month).round(Rounding::Down).unwrap_or_default());
                let is_more =
                    !Fraction::whole(least.into()).exceeds(days.minus(whole.times(month)));
                whole
                    .plus(Fraction::whole(is_more.into()))
                    .over(Fraction::whole(months.into()))
            }
        }
    }
}

/// What the rule for a part of a period made of a share, within a sentence; nothing where it is prorated.
pub(super) struct StubText<'a>(pub &'a Terms, pub &'a Share);

impl fmt::Display for StubText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Share { factor, part, .. } = self.1;
        let mut from = |least: &dyn fmt::Display, reached: Reached| match reached {
            _ if factor.is_zero() => write!(f, ", a part below {least}, which is not billed"),
            Reached::Full => write!(f, ", a part that is billed in full from {least} on"),
            Reached::Prorate => write!(f, ", a part that is billed from {least} on"),
        };
        match self.0.rule_for(*part) {
            Stub::Prorate => Ok(()),
            Stub::Full => f.write_str(", a part that is billed in full"),
            Stub::Skip => f.write_str(", a part that is not billed"),
            Stub::Months => f.write_str(", a part that is billed to the end of its month"),
            Stub::FromDays(least, reached) => {
                from(&UnitsText(Fraction::whole(least.into()), "day"), reached)
            }
            Stub::FromShare(least, reached) => from(
                &format_args!("{} of the period", FractionText(least)),
                reached,
            ),
            Stub::WholeMonths(least) => {
                let least = UnitsText(Fraction::whole(least.into()), "day");
                write!(
                    f,
                    ", a part billed by whole months, of which {least} make one: {} of the period",
                    FractionText(*factor)
                )
            }
        }
    }
}
