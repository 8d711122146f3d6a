//! Day counts other than the plain difference of two days.

use super::Date;

/// The days from `from` to before `to` where each month has 30, as Zuora's strict 30: the last day of any month counts
/// as its 30th (`proration.md#days-of-a-month`). 27–28 February are 4 days, all of it 30.
///
/// ```
/// use setoff::calendar::{Date, strict30};
/// let days = |from, to| Ok::<_, setoff::Error>(strict30(Date::parse(from)?, Date::parse(to)?));
/// assert_eq!(days("2021-01-27", "2021-02-01")?, Some(4));
/// assert_eq!(days("2021-02-27", "2021-03-01")?, Some(4));
/// assert_eq!(days("2021-02-01", "2021-03-01")?, Some(30));
/// # Ok::<(), setoff::Error>(())
/// ```
#[must_use]
pub fn strict30(from: Date, to: Date) -> Option<i32> {
    if from == to {
        return Some(0);
    }

    // Zuora counts to the last day, which is included. The 31st is a 30th, and so is the last day of a shorter month.
    let last = to.plus_days(-1)?;
    let (_, _, from_day) = from.parts();
    let (_, _, last_day) = last.parts();
    let last_day = if last_day == last.days_in_month() {
        30
    } else {
        last_day.min(30)
    };

    let months = from.months_until(last).checked_mul(30)?;
    months
        .checked_add(i32::from(last_day))?
        .checked_sub(i32::from(from_day.min(30)))?
        .checked_add(1)
}

/// The days from `from` to before `to` where the month of `from` has `fixed`, as Kill Bill counts them for its fixed
/// days of proration: only if the two lie in months of different names (`proration.md#days-of-a-month`).
#[must_use]
pub fn fixed_start_month(from: Date, to: Date, fixed: u16) -> Option<i32> {
    let days = from.days_until(to);
    let ((_, from_month, _), (_, to_month, _)) = (from.parts(), to.parts());
    if from_month == to_month {
        return Some(days);
    }

    // The month of `from` is as long as the fixed number says, and the days of the others count as they are.
    days.checked_sub(i32::from(from.days_in_month()))?
        .checked_add(fixed.into())
}
