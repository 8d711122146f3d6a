//! Periods: as they are, by one end and their length, or of a rhythm.

use super::moment;
use super::terms::DayOfMonth;
use crate::calendar;
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site};
use crate::prorate;
use crate::prorate::{PeriodChoice, Reference};
use crate::wire::Value;
use crate::wire::faults::read_all;
use crate::wire::fields::{Fields, only};
use crate::wire::object::{Object, Shape, object, union};
use crate::wire::readers::{Day, ValueReader, Whole, reader};

reader! {
    /// A moment.
    MomentText: Moment as "MomentInput" by moment
}

/// For how many months a price is.
pub(super) type Months = Whole<u32, 1, 1_000_000>;

object! {
    form EveryMonths {
        months: required Months = "months",
    }
}

object! {
    form EveryDays {
        days: required Whole<u32, 1, 1_000_000> = "days",
    }
}

union! {
    /// The length of a period.
    export type Every = EveryMonths | EveryDays;
}

impl<'v, 'a> ValueReader<'v, 'a> for Every {
    type Output = calendar::Every;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<calendar::Every> {
        if let Value::Text(text) = value {
            let text = (*text).into();
            return Err(Error::of(Reason::WordForLength { text }, path));
        }
        let (form, fields) = only(value, &[EveryMonths::months, EveryDays::days], &[], path)?;
        Ok(match form {
            0 => calendar::Every::Months(Object::<EveryMonths>::known(fields).months()?),
            _ => calendar::Every::Days(Object::<EveryDays>::known(fields).days()?),
        })
    }
}

object! {
    /// The time from one moment to another. The `interval` of the terms says whether the end
    /// belongs to it; by default it does not.
    export interface PeriodInput => prorate::Period {
        /// The start.
        from: required MomentText = "from",
        /// The end.
        to: required MomentText = "to",
    }
}

object! {
    form PeriodFrom {
        from: required Day = "from",
        every: required Every = "every",
    }
}

object! {
    form PeriodTo {
        to: required Day = "to",
        every: required Every = "every",
    }
}

union! {
    /// A period: its two ends, or one end and its length. Give the length for the period of a plan
    /// (`{ from: "2026-01-15", every: { months: 1 } }`), or for the whole period that a stub
    /// belongs to.
    export type PeriodRequest = PeriodInput | PeriodFrom | PeriodTo;
}

impl<'v, 'a> ValueReader<'v, 'a> for PeriodRequest {
    type Output = Reference;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Reference> {
        const ALL: [&str; 3] = [PeriodFrom::from, PeriodTo::to, PeriodFrom::every];
        let fields = Fields::open(value, path)?;

        // A length takes the place of one end. Without it, both ends are stated.
        if !fields.has(PeriodFrom::every) {
            return PeriodInput::read(value, path).map(Reference::Given);
        }
        let fields = fields.allow(&[&ALL])?;
        let (from, to) = (
            Object::<PeriodFrom>::known(fields),
            Object::<PeriodTo>::known(fields),
        );

        if !fields.has(PeriodTo::to) {
            let length = from.every()?;
            return Ok(Reference::From(from.from()?, length));
        }

        let length = to.every()?;
        if fields.has(PeriodFrom::from) {
            return Err(fields.refused(PeriodTo::to, Reason::EndBesideEvery {}));
        }
        Ok(Reference::To(to.to()?, length))
    }
}

object! {
    /// The rhythm of the periods of a subscription.
    export interface Rhythm {
        /// The start of the period number 0.
        anchor: required MomentText = "anchor",
        /// The day of the month on which periods begin, 1 to 31. Default: the day of the anchor.
        billing_day: optional DayOfMonth = "billingDay",
        /// The length of a period.
        every: required Every = "every",
    }
}

object! {
    form PeriodNumber {
        number: required Whole<i32, -1_000_000, 1_000_000> = "number",
    }
}

object! {
    form PeriodContaining {
        day: required MomentText = "containing",
    }
}

union! {
    /// A rhythm of periods, and one of them: by its number, or by a day in it.
    export type BillingPeriodRequest = Rhythm & (PeriodNumber | PeriodContaining);
}

/// `BillingPeriodRequest`.
///
/// # Errors
/// The shape of the value.
pub fn billing_period_request(value: &Value<'_>) -> Result<prorate::BillingPeriodRequest> {
    read_all(value, read_billing_period)
}

fn read_billing_period(value: &Value<'_>) -> Result<prorate::BillingPeriodRequest> {
    let tables = [Rhythm::KNOWN, PeriodContaining::KNOWN, PeriodNumber::KNOWN];
    let fields = Fields::open(value, &Site::Command)?.allow_tables(&tables)?;
    let rhythm = Object::<Rhythm>::known(fields);
    Ok(prorate::BillingPeriodRequest {
        anchor: rhythm.anchor()?.day(),
        billing_day: rhythm.billing_day()?,
        every: rhythm.every()?,
        choice: period_choice(fields)?,
    })
}

/// Which period of a rhythm is meant.
fn period_choice(fields: Fields<'_, '_>) -> Result<PeriodChoice> {
    if !fields.has(PeriodNumber::number) {
        let containing = Object::<PeriodContaining>::known(fields);
        return Ok(PeriodChoice::Containing(containing.day()?.day()));
    }
    let number = Object::<PeriodNumber>::known(fields).number()?;
    if fields.has(PeriodContaining::day) {
        return Err(fields.either(PeriodNumber::number, PeriodContaining::day));
    }
    Ok(PeriodChoice::Number(number))
}
