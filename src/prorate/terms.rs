//! The parameters of proration (`proration.md#the-formula`), one type each.

use crate::error::{Error, NameFigure, Reason, Result, Site, SiteField};
use crate::money::{Fraction, Rounding};
use crate::words::closed_set;

closed_set! {
    /// How the end of a period is written.
    #[derive(Default)]
    Interval {
        /// The end is the first day (or instant) that is not part of it.
        #[default]
        HalfOpen = "halfOpen",
        /// The end is the last day of it. An instant is never part of the period that it ends.
        Closed = "closed",
    }
}

closed_set! {
    /// In what time is counted.
    #[derive(Default)]
    Unit {
        /// Civil days, as the text of an instant shows them; daylight saving does not matter.
        #[default]
        Day = "day",
        /// Hours that have passed.
        Hour = "hour",
        /// Minutes that have passed.
        Minute = "minute",
        /// Seconds that have passed.
        Second = "second",
        /// Milliseconds that have passed.
        Millisecond = "millisecond",
    }
}

closed_set! {
    /// How days are counted.
    #[derive(Default)]
    Count {
        /// From the first to before the last.
        #[default]
        Between = "between",
        /// Both ends count: one more.
        BothEnds = "bothEnds",
        /// Every 24 hours of the local clock that have begun; an end at midnight begins its day.
        Started = "started",
    }
}

closed_set! {
    /// What the cells are.
    #[derive(Default)]
    Grid {
        /// One cell: the period.
        #[default]
        Period = "period",
        /// The months from grid day to grid day.
        Month = "month",
    }
}

closed_set! {
    /// Whether time matters at all.
    #[derive(Default)]
    Basis {
        /// Yes.
        #[default]
        Prorate = "prorate",
        /// No: always the full price.
        Full = "full",
        /// No: never anything.
        Nothing = "none",
    }
}

closed_set! {
    /// What comes of a service or a period without length, and of a service as long as its period or longer.
    #[derive(Default)]
    Degenerate {
        /// Nothing of a period without length; the rest as it is counted.
        #[default]
        Zero = "zero",
        /// The full price.
        Full = "full",
        /// A refusal.
        Refuse = "refuse",
    }
}

closed_set! {
    /// Which plan the day of a change belongs to.
    #[derive(Default)]
    ChangeDayOwner {
        /// The plan that begins.
        #[default]
        New = "new",
        /// The plan that ends.
        Old = "old",
    }
}

closed_set! {
    /// Where the first whole period of a schedule begins.
    #[derive(Default)]
    FirstBoundary {
        /// On the billing day of the month of the start, or one period later if that is past.
        #[default]
        Period = "period",
        /// On the next billing day, even if that is within the first period.
        Month = "month",
    }
}

closed_set! {
    /// The period that a part of it before the first or after the last boundary belongs to.
    #[derive(Default)]
    StubPeriod {
        /// That of the rhythm, from the anchor.
        #[default]
        Anchored = "anchored",
        /// From the boundary, shifted by a period, without memory of the billing day.
        Shifted = "shifted",
    }
}

closed_set! {
    /// What is rounded.
    #[derive(Default)]
    Stage {
        /// Each line.
        #[default]
        Line = "line",
        /// Each line, and the sum: a line of its own has the difference.
        Invoice = "invoice",
    }
}

closed_set! {
    /// How the credit of a line that ends early is calculated.
    #[derive(Default)]
    CreditFormula {
        /// What was billed, less the cost of the time served.
        #[default]
        Residual = "residual",
        /// The cost of the time not served.
        Direct = "direct",
    }
}

closed_set! {
    /// The amount that the credit of the time not served is a share of.
    #[derive(Default)]
    CreditBase {
        /// Of the plan's price, over its period.
        #[default]
        List = "list",
        /// Of what was billed, over the time for which that was.
        Billed = "billed",
    }
}

closed_set! {
    /// The moment from which a line is credited.
    #[derive(Default)]
    CreditFrom {
        /// From the change.
        #[default]
        Change = "change",
        /// From the next whole month of the period.
        NextMonth = "nextMonth",
        /// Never.
        Never = "never",
    }
}

closed_set! {
    /// What becomes of a fixed discount when a line ends early.
    #[derive(Default)]
    DiscountCredit {
        /// It goes back in proportion.
        #[default]
        Prorate = "prorate",
        /// What is kept of the charge keeps it, as far as it reaches.
        Keep = "keep",
    }
}

closed_set! {
    /// How a change from one plan to another is shown. All money is that of the credit and the charge, each rounded.
    #[derive(Default)]
    Present {
        /// A credit and a charge.
        #[default]
        Gross = "gross",
        /// Their sum, where both plans have the same taxes: a line has one set of them.
        Net = "net",
        /// A change of nothing but the quantity as the units that come or go; any other, and one whose difference is
        /// not what these units cost, as `Gross`.
        Quantity = "quantity",
    }
}

closed_set! {
    /// What becomes of a credit.
    #[derive(Default)]
    Destination {
        /// It settles the bill that it credits as far as that is open, then what is charged; the rest stays on account.
        #[default]
        Settle = "settle",
        /// It stays on account, whole: a balance, or a wallet.
        Account = "account",
        /// It settles the bill that it credits as far as that is open, then what is charged; what was paid too much
        /// goes back to the payer.
        Refund = "refund",
        /// No money: it pays for time of the plan that begins, which is not charged.
        Time = "time",
    }
}

/// Which part of a period a service is, where its terms have a rule for that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StubPosition {
    /// None, or one without a rule: it is prorated.
    #[default]
    Any,
    /// It ends with the period.
    Leading,
    /// It begins with the period.
    Trailing,
}

closed_set! {
    /// What is billed of a part of a period that reaches a threshold.
    #[derive(Default)]
    Reached {
        /// The full price.
        #[default]
        Full = "full",
        /// Its share.
        Prorate = "prorate",
    }
}

/// How long a cell is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellDays {
    /// As long as it is.
    #[default]
    Actual,
    /// The same number of days in every month. Time served is counted as it is.
    Fixed(u16),
    /// 30 days a month, and time served is counted so too: [`strict30`](crate::calendar::strict30).
    Strict30,
    /// The same number of days for every period. Where the service crosses into another month, the month in which it
    /// begins has this number, too: [`fixed_start_month`](crate::calendar::fixed_start_month).
    FixedStartMonth(u16),
    /// The same number of days in every period, independent of the calendar.
    Nominal(u16),
}

/// What comes of a part of a period at either end of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stub {
    /// Its share of the price.
    #[default]
    Prorate,
    /// The full price.
    Full,
    /// Nothing: it is free.
    Skip,
    /// The share of the months that have begun (at the end only).
    Months,
    /// Something from this number of days on, else nothing (Oracle Subscription Management, *Partial Period Billing
    /// with Thresholds*).
    FromDays(u16, Reached),
    /// Something from that share of the period on, else nothing.
    FromShare(Fraction, Reached),
    /// Whole months of 30.4 days, and one more if at least this number of days remains (Certinia Billing Central,
    /// *Whole Month Threshold Proration*, where it is 16).
    WholeMonths(u16),
}

/// How a part of a period is priced. [`Terms::default`] is half-open, by civil days, over the period as it is, exact,
/// rounded half up once, with residual credits that are capped at what was billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How the end of a period is written.
    pub interval: Interval,
    /// In what time is counted.
    pub unit: Unit,
    /// How days are counted.
    pub count: Count,
    /// Whether begun units do not count.
    pub whole_units: bool,
    /// Moves the end of every period that ends with an instant.
    pub end_shift_seconds: i32,
    /// Which plan the day of a change belongs to.
    pub change_day: ChangeDayOwner,
    /// What the cells are.
    pub grid: Grid,
    /// The day on which the months of the grid begin, 1 to 31 (31 is always the last of the month). Absent: that of the
    /// period, else of the service.
    pub grid_day: Option<u8>,
    /// How long a cell is.
    pub cell_days: CellDays,
    /// Whether a cell that is served whole counts one, however its days are counted.
    pub whole_cell_is_one: bool,
    /// Whether time matters at all.
    pub basis: Basis,
    /// What comes of time without length.
    pub degenerate: Degenerate,
    /// Whether the factor is kept from 0 to 1, and a service outside its period is allowed to say so.
    pub clamp: bool,
    /// The part of a period in which something starts: before the first boundary of a schedule, or a service that ends
    /// with its period.
    pub leading: Stub,
    /// The part of a period in which something ends: after the last boundary of a schedule, or a service that begins
    /// with its period.
    pub trailing: Stub,
    /// Where the first whole period of a schedule begins.
    pub first_boundary: FirstBoundary,
    /// The period that these parts belong to.
    pub stub_period: StubPeriod,
    /// The decimals to which the factor is rounded. Absent: exact.
    pub factor_scale: Option<u8>,
    /// How the factor is rounded.
    pub factor_rounding: Rounding,
    /// The decimals to which the price of one unit of time is rounded. Absent: exact.
    pub rate_scale: Option<u8>,
    /// How amounts are rounded.
    pub rounding: Rounding,
    /// What is rounded.
    pub stage: Stage,
    /// How the credit of a line that ends early is calculated.
    pub credit_formula: CreditFormula,
    /// The amount that the credit of the time not served is a share of.
    pub credit_base: CreditBase,
    /// The moment from which a line is credited.
    pub credit_from: CreditFrom,
    /// Whether a credit is at most what was billed less earlier credits.
    pub cap: bool,
    /// What becomes of a fixed discount.
    pub discount: DiscountCredit,
    /// How a change from one plan to another is shown.
    pub present: Present,
    /// What becomes of a credit.
    pub destination: Destination,
}

impl Terms {
    /// The advised terms; also [`Terms::default`].
    pub const DEFAULT: Self = Self {
        interval: Interval::HalfOpen,
        unit: Unit::Day,
        count: Count::Between,
        whole_units: false,
        end_shift_seconds: 0,
        change_day: ChangeDayOwner::New,
        grid: Grid::Period,
        grid_day: None,
        cell_days: CellDays::Actual,
        whole_cell_is_one: true,
        basis: Basis::Prorate,
        degenerate: Degenerate::Zero,
        clamp: false,
        leading: Stub::Prorate,
        trailing: Stub::Prorate,
        first_boundary: FirstBoundary::Period,
        stub_period: StubPeriod::Anchored,
        factor_scale: None,
        factor_rounding: Rounding::HalfUp,
        rate_scale: None,
        rounding: Rounding::HalfUp,
        stage: Stage::Line,
        credit_formula: CreditFormula::Residual,
        credit_base: CreditBase::List,
        credit_from: CreditFrom::Change,
        cap: true,
        discount: DiscountCredit::Prorate,
        present: Present::Gross,
        destination: Destination::Settle,
    };

    pub(super) const fn counts_days(&self) -> bool {
        matches!(self.unit, Unit::Day)
    }

    /// The same, with the rule for one part of a period alone.
    pub(super) const fn with_rule_for(mut self, part: StubPosition) -> Self {
        if !matches!(part, StubPosition::Leading) {
            self.leading = Stub::Prorate;
        }
        if !matches!(part, StubPosition::Trailing) {
            self.trailing = Stub::Prorate;
        }
        self
    }

    /// The rule for a part of a period.
    pub(super) const fn rule_for(&self, part: StubPosition) -> Stub {
        match part {
            StubPosition::Any => Stub::Prorate,
            StubPosition::Leading => self.leading,
            StubPosition::Trailing => self.trailing,
        }
    }

    /// Refuses terms that contradict each other.
    ///
    /// # Errors
    /// `invalidTerms`: cells of a month have their actual days, a fixed number, or 30; time that is not counted in days
    /// has no months; a rounded rate needs one cell, and so does time that a credit pays for.
    pub fn check(&self) -> Result<()> {
        self.check_cell_days()?;
        self.check_unit()?;
        self.check_rate()?;

        if self.leading == Stub::Months {
            return Err(contradiction(SiteField::Leading, Reason::LeadingMonths {}));
        }
        if self.destination == Destination::Time && self.grid == Grid::Month {
            let reason = Reason::TimeWithMonths {};
            return Err(contradiction(SiteField::Destination, reason));
        }
        Ok(())
    }

    /// Refuses cells without days, and days of a whole period where the cells are months.
    fn check_cell_days(&self) -> Result<()> {
        let has_no_days = matches!(
            self.cell_days,
            CellDays::Fixed(0) | CellDays::FixedStartMonth(0) | CellDays::Nominal(0)
        );
        if has_no_days {
            return Err(contradiction(SiteField::CellDays, Reason::NoCellDays {}));
        }

        let is_of_period = matches!(
            self.cell_days,
            CellDays::FixedStartMonth(_) | CellDays::Nominal(_)
        );
        if self.grid == Grid::Month && is_of_period {
            let reason = Reason::CellDaysOfMonths {};
            return Err(contradiction(SiteField::CellDays, reason));
        }
        Ok(())
    }

    /// Refuses months, and ways to count days, where time is not counted in days.
    fn check_unit(&self) -> Result<()> {
        if self.counts_days() {
            return Ok(());
        }

        let counts_months = matches!(
            self.cell_days,
            CellDays::Strict30 | CellDays::FixedStartMonth(_)
        );
        if self.grid == Grid::Month || counts_months {
            let unit = NameFigure(self.unit.as_str());
            return Err(contradiction(
                SiteField::Unit,
                Reason::UnitWithMonths { unit },
            ));
        }
        if self.count != Count::Between {
            let count = NameFigure(self.count.as_str());
            return Err(contradiction(
                SiteField::Count,
                Reason::CountOfUnits { count },
            ));
        }
        Ok(())
    }

    /// Refuses a rounded rate of several cells, and one beside a rounded factor.
    fn check_rate(&self) -> Result<()> {
        if self.rate_scale.is_none() {
            return Ok(());
        }

        if self.grid == Grid::Month {
            let reason = Reason::RoundedRateOfMonths {};
            return Err(contradiction(SiteField::RateScale, reason));
        }
        if self.factor_scale.is_some() {
            let reason = Reason::RateAndFactorRounded {};
            return Err(contradiction(SiteField::RateScale, reason));
        }
        Ok(())
    }
}

/// The refusal of terms of which `field` contradicts the others.
#[cold]
fn contradiction(field: SiteField, reason: Reason) -> Error {
    let terms = Site::Command.field(SiteField::Terms);
    Error::of(reason, &terms.field(field))
}

impl Default for Terms {
    fn default() -> Self {
        Self::DEFAULT
    }
}
