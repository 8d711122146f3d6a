//! Time to a factor: which share of a period a service is.

use super::period::{DaySpan, Period, Span, fits};
use super::terms::{Basis, CellDays, Degenerate, Grid, Stub, StubPosition, Terms};
use crate::calendar::{Anchor, Every, Moment, fixed_start_month, strict30};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;

/// A part of the grid, and what was served of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridCell {
    /// The cell itself, half-open. Absent where its length does not follow from its days.
    pub cell: Option<(Moment, Moment)>,
    /// What was served of it, half-open.
    pub served: (Moment, Moment),
    /// How many units of time that is.
    pub covered: Fraction,
    /// The length of the cell in units.
    pub length: Fraction,
}

/// Which share of a period a service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The factor of the price: covered ÷ length, clamped and rounded as the terms say.
    pub factor: Fraction,
    /// The units of time served, or of months where there are several cells.
    pub covered: Fraction,
    /// The units of the period.
    pub length: Fraction,
    /// The part of a period whose rule decided the factor.
    pub part: StubPosition,
}

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self::stated(Fraction::ONE);

    /// A share that is stated.
    #[must_use]
    pub const fn stated(factor: Fraction) -> Self {
        Self {
            factor,
            covered: factor,
            length: Fraction::ONE,
            part: StubPosition::Any,
        }
    }
}

impl Terms {
    /// Which share of its period a service is, and, if asked for, of which cells it consists. The rules
    /// [`leading`](Self::leading) and [`trailing`](Self::trailing) say what is billed of a part of a period at one of
    /// its ends.
    ///
    /// # Errors
    /// `invalidPeriod` for a period that ends before it begins, and where the terms refuse time without length;
    /// `missingField` without a period where one is needed; `outOfRange`.
    pub fn share(
        &self,
        service: Period,
        period: Option<Period>,
        months: u32,
        cells: Option<&mut Vec<GridCell>>,
    ) -> Result<Share> {
        match self.basis {
            Basis::Prorate => {}
            Basis::Full => return Ok(Share::stated(Fraction::ONE)),
            Basis::Nothing => return Ok(Share::stated(Fraction::ZERO)),
        }

        let service = self.span(service, SiteField::Service)?;
        let period = match period {
            Some(period) => Some(self.span(period, SiteField::Period)?),
            None => None,
        };
        if self.degenerate != Degenerate::Zero
            && let Some(share) = self.degenerate_share(service, period)?
        {
            return Ok(share);
        }

        let part = period.map_or(StubPosition::Any, |period| self.part(service, period));
        let rule = self.rule_for(part);
        // A part that is billed by begun months counts as a longer service; all other rules look at its share.
        let billed = match (rule, period) {
            (Stub::Months, Some(period)) => self.up_to_month_end(service, period)?,
            _ => service,
        };

        let mut share = self.counted_share(billed, period, months, cells)?;
        if rule == Stub::Prorate {
            return Ok(share);
        }

        // Thresholds are in days, in whatever unit time is counted.
        let units_per_day = Fraction::whole(self.units_per_day());
        let days = self.length(service)?.over(units_per_day);
        (share.factor, share.part) = (rule.factor(share.factor, days, months), part);
        Ok(share)
    }

    /// The share that the cells of the grid count.
    fn counted_share(
        &self,
        service: Span,
        period: Option<Span>,
        months: u32,
        cells: Option<&mut Vec<GridCell>>,
    ) -> Result<Share> {
        if self.grid == Grid::Month {
            let covered = self.months_of_grid(service, period, cells)?;
            return self.share_of_length(covered, Fraction::whole(months.into()));
        }

        let cell = self.single_cell(service, period, months)?;
        if let Some(cells) = cells {
            cells.push(cell);
        }
        self.share_of_length(cell.covered, cell.length)
    }

    /// Clamps and rounds the factor as the terms say. Of time without length, the factor is zero.
    pub(super) fn share_of_length(&self, covered: Fraction, length: Fraction) -> Result<Share> {
        let mut factor = if length.is_zero() {
            Fraction::ZERO
        } else {
            covered.over(length)
        };

        if self.clamp {
            factor = factor.at_least(Fraction::ZERO).at_most(Fraction::ONE);
        }
        if let Some(scale) = self.factor_scale {
            factor = factor.to_scale(scale, self.factor_rounding);
        }

        Ok(Share {
            factor: fits(factor.known())?,
            covered,
            length,
            part: StubPosition::Any,
        })
    }

    /// The share of a service or a period without length, or of a service as long as its period or longer, where the
    /// terms have a rule for these. `None` for any other.
    fn degenerate_share(&self, service: Span, period: Option<Span>) -> Result<Option<Share>> {
        let served = self.length(service)?;
        let length = match period {
            Some(period) => Some(self.length(period)?),
            None => None,
        };

        let is_within = length.is_none_or(|length| !length.is_zero() && length.exceeds(served));
        if is_within && !served.is_zero() {
            return Ok(None);
        }

        if self.degenerate == Degenerate::Refuse {
            // A service of all its period is nothing to refuse.
            if length == Some(served) && !served.is_zero() {
                return Ok(None);
            }
            let service = Site::Command.field(SiteField::Service);
            return Err(Error::of(Reason::ServiceDegenerate {}, &service));
        }

        Ok(Some(Share {
            factor: Fraction::ONE,
            covered: served,
            length: length.unwrap_or(served),
            part: StubPosition::Any,
        }))
    }

    /// What was served of a grid of one cell, the period.
    fn single_cell(&self, service: Span, period: Option<Span>, months: u32) -> Result<GridCell> {
        let (from, to) = (service.from.day(), service.to.day());
        let months = Fraction::whole(months.into());

        // Only an actual period has a length between two moments that a result can show. Where the days of a month are
        // fixed, a period of several months has that many for each of them.
        let mut cell = None;
        let (covered, length) = match self.cell_days {
            CellDays::Actual => {
                let period = period.ok_or_else(period_missing)?;
                cell = Some((period.from, period.to));
                (self.length(service)?, self.length(period)?)
            }
            CellDays::Fixed(days) => {
                let length = self.units_of_days(days).times(months);
                (self.length(service)?, length)
            }
            CellDays::Nominal(days) => (self.length(service)?, self.units_of_days(days)),
            CellDays::Strict30 => {
                let covered = Fraction::whole(fits(strict30(from, to))?.into());
                (covered, Fraction::whole(30).times(months))
            }
            CellDays::FixedStartMonth(days) => {
                let covered = fits(fixed_start_month(from, to, days))?;
                (Fraction::whole(covered.into()), self.units_of_days(days))
            }
        };

        Ok(GridCell {
            cell,
            served: (service.from, service.to),
            covered,
            length,
        })
    }

    fn units_of_days(&self, days: u16) -> Fraction {
        // Cannot overflow: a day has fewer than 2²⁷ units.
        Fraction::whole(i128::from(days).saturating_mul(self.units_per_day()))
    }

    /// The months of the grid that a service covers.
    fn months_of_grid(
        &self,
        service: Span,
        period: Option<Span>,
        mut cells: Option<&mut Vec<GridCell>>,
    ) -> Result<Fraction> {
        let (from, to) = (service.from.day(), service.to.day());
        let grid_start = period.map_or(from, |period| period.from.day());
        let grid_day = self.grid_day.unwrap_or(grid_start.parts().2);
        let (anchor, monthly) = (Anchor::on_day(from, grid_day), Every::Months(1));

        // From the month in which the service begins. Each boundary follows from the anchor and its number, so that a
        // short month does not move those after it.
        let mut number = fits(anchor.number_at(monthly, from))?;
        let mut start = fits(anchor.boundary(monthly, number))?;
        let mut months = Fraction::ZERO;
        while start < to {
            number = fits(number.checked_add(1))?;
            let end = fits(anchor.boundary(monthly, number))?;
            let month = DaySpan {
                from: start,
                to: end,
            };
            let served = DaySpan {
                from: start.max(from),
                to: end.min(to),
            };

            let cell = self.month_cell(month, served)?;
            months = months.plus(cell.covered.over(cell.length));
            if let Some(cells) = cells.as_deref_mut() {
                cells.push(cell);
            }

            start = end;
        }
        Ok(months)
    }

    /// What was served of a month of the grid.
    fn month_cell(&self, month: DaySpan, served: DaySpan) -> Result<GridCell> {
        let (covered, length) = match self.cell_days {
            CellDays::Strict30 => {
                let covered = fits(strict30(served.from, served.to))?;
                (Fraction::whole(covered.into()), Fraction::whole(30))
            }
            CellDays::Fixed(days) => (served.count(), Fraction::whole(days.into())),
            _ => (served.count(), month.count()),
        };

        // A whole January of 31 days is one month, even where a month has 30.
        let counts_one = self.whole_cell_is_one && served == month;
        Ok(GridCell {
            cell: Some(month.ends()),
            served: served.ends(),
            covered: if counts_one { length } else { covered },
            length,
        })
    }
}

/// The refusal of a service without the period that it is a part of.
#[cold]
fn period_missing() -> Error {
    let period = Site::Command.field(SiteField::Period);
    Error::of(Reason::PeriodMissing {}, &period)
}
