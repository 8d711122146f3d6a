//! Requests for amounts of parts of periods, and for the periods of a subscription, as tables.

use super::periods::{Every, Months, PeriodInput, PeriodRequest};
use super::terms::{DayOfMonth, FractionText, TermsRequest};
use crate::error::{Reason, Result, Site, SiteField};
use crate::money::Currency;
use crate::prorate;
use crate::prorate::ServiceTime;
use crate::wire::Value;
use crate::wire::faults::read_all;
use crate::wire::fields::{Fields, not_iso};
use crate::wire::object::{Build, Object, object};
use crate::wire::readers::{Day, DecimalText, Id, ValueReader, Whole};
use rust_decimal::Decimal;

/// A number of days that are counted.
type DayCount = Whole<i64, 0, 1_000_000>;

object! {
    /// The fields of every request that calculates amounts.
    export interface PricedRequest {
        /// The terms. Default: `"default"`.
        terms: defaulted TermsRequest = "terms",
        /// A code of ISO 4217. Amounts are whole minor units of this currency. Required unless you
        /// state an `increment`.
        currency: optional Id = "currency",
        /// The smallest step between two amounts, such as `"0.05"`. Default: the minor unit of the
        /// currency.
        increment: optional DecimalText = "increment",
    }
}

/// The least step between two amounts: stated, or that of a currency.
pub(super) fn increment(request: Object<'_, '_, PricedRequest>) -> Result<Decimal> {
    known_increment(request)?.ok_or_else(|| request.missing(PricedRequest::currency))
}

/// The increment, if the request says one.
pub(super) fn known_increment(request: Object<'_, '_, PricedRequest>) -> Result<Option<Decimal>> {
    let currency = match request.currency()? {
        Some(code) => Some(Currency::iso(&code).ok_or_else(|| {
            let path = Site::Command.field(SiteField::Currency);
            not_iso(&code, &path)
        })?),
        None => None,
    };
    let stated = request.increment()?;
    Ok(stated.or(currency.map(|currency| currency.increment_decimal())))
}

object! {
    /// An amount to prorate, and the time: a service, a number of days, or a factor.
    export interface ProrateRequest extends PricedRequest {
        /// The price of one unit for the whole period.
        price: required DecimalText = "price",
        /// The quantity. Default: 1.
        quantity: optional DecimalText = "quantity",
        /// The time that was served.
        service: optional PeriodInput = "service",
        /// The period that the price is for. Required if the length of a cell depends on its
        /// period.
        period: optional PeriodRequest = "period",
        /// The number of months that the price is for. Only terms that count months can have it:
        /// terms with a grid of months, with `fixed` or `strict30` days, or with `wholeMonths`.
        /// Default: the months of the period, else 1.
        months: optional Months = "months",
        /// The number of days served, in place of a `service`. State `periodDays` too.
        days: optional DayCount = "days",
        /// The number of days of the period; with `days`.
        period_days: optional DayCount = "periodDays",
        /// The share of the price, if you know it.
        factor: optional FractionText = "factor",
    }
}

/// `ProrateRequest`.
///
/// # Errors
/// The shape of the value.
pub fn request(value: &Value<'_>) -> Result<prorate::ProrateRequest> {
    read_all(value, |value| ProrateRequest::read(value, &Site::Command))
}

impl Build for ProrateRequest {
    type Output = prorate::ProrateRequest;

    fn build(request: Object<'_, '_, Self>) -> Result<prorate::ProrateRequest> {
        let time = service_time(request)?;
        let priced = request.part::<PricedRequest>();
        Ok(prorate::ProrateRequest {
            terms: priced.terms()?,
            price: request.price()?,
            quantity: request.quantity()?.unwrap_or(Decimal::ONE),
            increment: increment(priced)?,
            time,
        })
    }
}

/// For which time: a service, a number of days or a factor, and not two of them.
fn service_time(request: Object<'_, '_, ProrateRequest>) -> Result<ServiceTime> {
    // A factor is all that the price is multiplied by, so nothing would read a time next to it.
    if let Some(factor) = request.factor()? {
        const OTHERS: [&str; 5] = [
            ProrateRequest::service,
            ProrateRequest::period,
            ProrateRequest::months,
            ProrateRequest::days,
            ProrateRequest::period_days,
        ];
        refuse_others(*request, ProrateRequest::factor, &OTHERS)?;
        return Ok(ServiceTime::Factor(factor));
    }

    if request.has(ProrateRequest::days) || request.has(ProrateRequest::period_days) {
        const OTHERS: [&str; 3] = [
            ProrateRequest::service,
            ProrateRequest::period,
            ProrateRequest::months,
        ];

        let covered = request.days()?;
        let covered = covered.ok_or_else(|| request.missing(ProrateRequest::days))?;
        let length = request.period_days()?;
        let length = length.ok_or_else(|| request.missing(ProrateRequest::period_days))?;

        refuse_others(*request, ProrateRequest::days, &OTHERS)?;
        return Ok(ServiceTime::Units {
            covered: Decimal::from(covered),
            length: Decimal::from(length),
        });
    }

    let service = request.service()?;
    Ok(ServiceTime::Service {
        service: service.ok_or_else(|| request.missing(ProrateRequest::service))?,
        reference: request.period()?,
        months: request.months()?,
    })
}

/// Refuses fields that say the same thing as another.
fn refuse_others(
    fields: Fields<'_, '_>,
    stated: &'static str,
    others: &[&'static str],
) -> Result<()> {
    match others.iter().find(|name| fields.has(name)) {
        Some(other) => Err(fields.either(other, stated)),
        None => Ok(()),
    }
}

object! {
    /// The start, the end and the rhythm of a subscription.
    export interface ScheduleRequest extends PricedRequest {
        /// The first day.
        start: required Day = "start",
        /// The end, written as the `interval` of the terms says. Default: none; the subscription
        /// does not end.
        end: optional Day = "end",
        /// The day up to which periods are listed: all periods that have begun by then, as when
        /// billing in advance. Default: all periods up to the end.
        until: optional Day = "until",
        /// The length of a whole period.
        every: required Every = "every",
        /// The day of the month on which periods of months begin, 1 to 31. Default: the day of the
        /// start.
        billing_day: optional DayOfMonth = "billingDay",
        /// The day of the week on which periods of days begin, from 1 for Monday to 7. Default: the
        /// day of the start.
        weekday: optional Whole<u8, 1, 7> = "weekday",
        /// The price of a whole period. Default: none; the result has no amounts.
        price: optional DecimalText = "price",
    }
}

/// `ScheduleRequest`.
///
/// # Errors
/// The shape of the value.
pub fn schedule(value: &Value<'_>) -> Result<prorate::ScheduleRequest> {
    read_all(value, |value| ScheduleRequest::read(value, &Site::Command))
}

impl Build for ScheduleRequest {
    type Output = prorate::ScheduleRequest;

    fn build(request: Object<'_, '_, Self>) -> Result<prorate::ScheduleRequest> {
        let priced = request.part::<PricedRequest>();

        let price = match request.price()? {
            Some(price) => Some((price, increment(priced)?)),
            None => {
                const OF_AMOUNTS: [&str; 2] = [PricedRequest::currency, PricedRequest::increment];
                request.none_of(&OF_AMOUNTS, |field| Reason::AmountsWithoutPrice { field })?;
                None
            }
        };

        Ok(prorate::ScheduleRequest {
            terms: priced.terms()?,
            start: request.start()?,
            end: request.end()?,
            until: request.until()?,
            every: request.every()?,
            billing_day: request.billing_day()?,
            weekday: request.weekday()?,
            price,
        })
    }
}
