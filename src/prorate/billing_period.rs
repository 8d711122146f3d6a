//! The billing period of a rhythm that a day lies in, or the one with a number.

use crate::calendar::{Anchor, Date, Every};
use crate::error::{Error, Reason, Result, Site, SiteField};

/// Which period of a rhythm is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodChoice {
    /// The one in which a day lies.
    Containing(Date),
    /// The one with this number. The period of the anchor has the number 0.
    Number(i32),
}

/// A rhythm of billing periods, and one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillingPeriodRequest {
    /// The day from which all periods follow.
    pub anchor: Date,
    /// The day of the month on which periods of months begin, 1 to 31. Absent: that of the anchor.
    pub billing_day: Option<u8>,
    /// How long a period is.
    pub every: Every,
    /// The period that is asked for.
    pub choice: PeriodChoice,
}

/// A billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BillingPeriod {
    /// Its number. The period of the anchor has the number 0.
    pub number: i32,
    /// Its first day.
    pub from: Date,
    /// The first day that is not part of it.
    pub to: Date,
}

impl BillingPeriod {
    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i32 {
        self.from.days_until(self.to)
    }
}

impl BillingPeriodRequest {
    /// Finds the period.
    ///
    /// # Errors
    /// `conflictingFields` for a billing day of periods that are counted in days; `outOfRange` for a period outside the
    /// calendar.
    pub fn find(&self) -> Result<BillingPeriod> {
        if let (Every::Days(_), Some(_)) = (self.every, self.billing_day) {
            return Err(billing_day_of_days());
        }
        self.find_in_calendar()
            .ok_or_else(|| Error::of(Reason::PeriodOutsideCalendar {}, &Site::Command))
    }

    /// The period; `None` outside the calendar.
    fn find_in_calendar(&self) -> Option<BillingPeriod> {
        let anchor = match self.billing_day {
            Some(day) => Anchor::on_day(self.anchor, day),
            None => Anchor::new(self.anchor),
        };

        let number = match self.choice {
            PeriodChoice::Containing(day) => anchor.number_at(self.every, day)?,
            PeriodChoice::Number(number) => number,
        };

        Some(BillingPeriod {
            number,
            from: anchor.boundary(self.every, number)?,
            to: anchor.boundary(self.every, number.checked_add(1)?)?,
        })
    }
}

/// The refusal of a billing day, which only periods of months have.
#[cold]
pub(super) fn billing_day_of_days() -> Error {
    let site = Site::Command.field(SiteField::BillingDay);
    Error::of(Reason::BillingDayOfDays {}, &site)
}
