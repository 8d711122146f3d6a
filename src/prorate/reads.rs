//! Which terms matter together with which others. What nothing would read is refused where it is stated, because the
//! caller expects an effect that it would not have.

use super::terms::{Basis, CellDays, CreditBase, Grid, Stub, Terms, Unit};
use crate::error::{Error, Reason, Result, Site, SiteField};

impl Terms {
    /// Whether it matters for how many months a price is.
    #[must_use]
    pub fn reads_months(&self) -> bool {
        let counts_whole_months = [self.leading, self.trailing]
            .iter()
            .any(|rule| matches!(rule, Stub::WholeMonths(_)));

        // A fixed length, and that of 30 days, is the length of one month. A period has it once for each of its months.
        let has_months = self.grid == Grid::Month
            || matches!(self.cell_days, CellDays::Fixed(_) | CellDays::Strict30)
            || counts_whole_months;

        has_months && self.basis == Basis::Prorate
    }

    /// Whether it matters how days are counted.
    fn reads_count(&self) -> bool {
        let counts_days = matches!(
            self.cell_days,
            CellDays::Actual | CellDays::Fixed(_) | CellDays::Nominal(_)
        );
        self.grid == Grid::Period && counts_days
    }

    /// Whether it matters on which day months begin.
    fn reads_grid_day(&self) -> bool {
        self.reads_months() || self.trailing == Stub::Months
    }

    /// Whether it matters how long a whole month is.
    fn reads_whole_cell(&self) -> bool {
        self.grid == Grid::Month && self.cell_days != CellDays::Actual
    }

    /// Refuses what is different from `base` and never read. A value that `base` has anyway may be stated.
    ///
    /// # Errors
    /// `conflictingFields` at the field.
    pub fn check_read(&self, base: &Self) -> Result<()> {
        if self.count != base.count && !self.reads_count() {
            return Err(unread(SiteField::Count, Reason::CountUnread {}));
        }
        if self.grid_day != base.grid_day && !self.reads_grid_day() {
            return Err(unread(SiteField::GridDay, Reason::GridDayUnread {}));
        }
        if self.whole_cell_is_one != base.whole_cell_is_one && !self.reads_whole_cell() {
            let reason = Reason::WholeCellUnread {};
            return Err(unread(SiteField::WholeCellIsOne, reason));
        }
        // Days are whole already.
        if self.whole_units != base.whole_units && self.unit == Unit::Day {
            return Err(unread(SiteField::WholeUnits, Reason::WholeUnitsUnread {}));
        }

        if self.factor_rounding != base.factor_rounding && self.factor_scale.is_none() {
            let reason = Reason::FactorRoundingUnread {};
            return Err(unread(SiteField::FactorRounding, reason));
        }
        // A share of what was billed has its share of the discount in it.
        if self.discount != base.discount && self.credit_base != CreditBase::List {
            return Err(unread(SiteField::Discount, Reason::DiscountUnread {}));
        }
        Ok(())
    }
}

#[cold]
fn unread(field: SiteField, reason: Reason) -> Error {
    Error::of(reason, &Site::Command.field(field))
}

/// The refusal of months that the terms do not read.
#[cold]
pub(super) fn months_unread() -> Error {
    unread(SiteField::Months, Reason::MonthsUnread {})
}
