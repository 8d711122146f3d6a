//! The requests of proration, as tables.

use super::{count, day_of_month, fraction, moment, only, terms, terms_of_plan};
use crate::calendar;
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Currency, Fraction};
use crate::prorate;
use crate::prorate::change;
use crate::prorate::change::{ChangeTime, Discount, PlanEvent, PlanEventKind, PlanUpdate};
use crate::prorate::{PeriodChoice, Reference, ServiceTime, Terms};
use crate::wire::Value;
use crate::wire::fields::{Fields, choice, date, decimal, whole};
use crate::wire::object::{Build, Object, Shape, object};
use crate::wire::readers::{
    Boolean, Day, DecimalText, Id, ListOf, Text, ValueReader, Whole, reader,
};
use rust_decimal::Decimal;

reader! {
    /// A moment.
    MomentText: Moment as "IsoMoment" by moment
}

reader! {
    /// An exact number.
    FractionText: Fraction as "FractionString" by fraction
}

reader! {
    /// The terms of a request.
    StatedTerms: Terms as "TermsRequest" by terms
}

reader! {
    /// The terms of a plan.
    StatedPlanTerms: Terms as "PlanTermsRequest" by terms_of_plan
}

reader! {
    /// How long a period is.
    Every: calendar::Every as "Every" by every
}

reader! {
    /// A period, or one end of it and its length.
    PeriodOrLength: Reference as "PeriodRequest" by reference
}

reader! {
    /// What comes off a price.
    StatedDiscount: Discount as
        "{ readonly amount: DecimalString } | { readonly rate: DecimalString } | null" by discount
}

reader! {
    /// A change of a plan.
    PlanChange: change::PlanChange as "PlanChange" by plan_change
}

/// For how many months a price is.
type Months = Whole<u32, 1, 1_000_000>;

/// A number of days that are counted.
type DayCount = Whole<i64, 0, 1_000_000>;

/// A day of the month.
type DayOfMonth = Whole<u8, 1, 31>;

fn every(value: &Value<'_>, path: &Site<'_>) -> Result<calendar::Every> {
    let (place, fields) = only(value, &["months", "days"], &[], path)?;
    Ok(match place {
        0 => calendar::Every::Months(fields.required("months", count)?),
        _ => calendar::Every::Days(fields.required("days", count)?),
    })
}

object! {
    /// From a moment to another. Whether the end is part of it, the `interval` of the terms says
    /// (left out: it is not).
    export interface Period => prorate::Period {
        from: required MomentText = "from",
        to: required MomentText = "to",
    }
}

fn reference(value: &Value<'_>, path: &Site<'_>) -> Result<Reference> {
    let fields = Fields::open(value, path)?;
    if !fields.has("every") {
        return Period::read(value, path).map(Reference::Given);
    }
    let fields = fields.allow(&[&["from", "to", "every"]])?;
    let length = fields.required("every", every)?;
    match (fields.optional("from", date)?, fields.optional("to", date)?) {
        (Some(from), None) => Ok(Reference::From(from, length)),
        (None, Some(to)) => Ok(Reference::To(to, length)),
        (None, None) => Err(fields.missing("from")),
        (Some(_), Some(_)) => Err(fields.refused("to", Reason::EndBesideEvery {})),
    }
}

object! {
    /// What all requests have that make amounts.
    export interface PricedRequest {
        /// Left out: `"default"`.
        terms: defaulted StatedTerms = "terms",
        /// A code of ISO 4217: amounts are whole minor units of it. Needed unless `increment` is
        /// given.
        currency: optional Id = "currency",
        /// The least step between two amounts, such as `"0.05"`. Left out: the currency's minor
        /// unit.
        increment: optional DecimalText = "increment",
    }
}

/// The least step between two amounts: stated, or that of a currency.
fn increment(request: Object<'_, '_, PricedRequest>) -> Result<Decimal> {
    known_increment(request)?.ok_or_else(|| request.missing("currency"))
}

/// The increment, if the request says one.
fn known_increment(request: Object<'_, '_, PricedRequest>) -> Result<Option<Decimal>> {
    let currency = match request.currency()? {
        Some(code) => Some(Currency::iso(&code).ok_or_else(|| {
            let path = Site::Command.field(SiteField::Currency);
            let code = code.as_str().into();
            Error::of(Reason::NotIsoCurrency { code }, &path)
        })?),
        None => None,
    };
    let unit = currency
        .and_then(|currency| Decimal::try_from_i128_with_scale(1, currency.scale().into()).ok());
    Ok(request.increment()?.or(unit))
}

object! {
    /// An amount to be prorated, and the time: a service, a count of days, or a factor.
    export interface ProrateRequest extends PricedRequest {
        /// Of one unit, for the whole period.
        price: required DecimalText = "price",
        /// Left out: 1.
        quantity: optional DecimalText = "quantity",
        /// When something was served.
        service: optional Period = "service",
        /// The period that the price is for. Needed where a cell is as long as its period.
        period: optional PeriodOrLength = "period",
        /// For how many months the price is. Left out: as many as the period has, else 1. Refused
        /// where the terms do not count months: with a grid of months, `fixed` or `strict30` days,
        /// or `wholeMonths` they do.
        months: optional Months = "months",
        /// The days served, instead of a service; with `periodDays`.
        days: optional DayCount = "days",
        period_days: optional DayCount = "periodDays",
        /// The share of the price, where it is known.
        factor: optional FractionText = "factor",
    }
}

/// `ProrateRequest`.
///
/// # Errors
/// The shape of the value.
pub fn request(value: &Value<'_>) -> Result<prorate::ProrateRequest> {
    ProrateRequest::read(value, &Site::Command)
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
    if let Some(factor) = request.factor()? {
        let others = ["service", "period", "months", "days", "periodDays"];
        refuse_others(*request, "factor", &others)?;
        return Ok(ServiceTime::Factor(factor));
    }

    if request.has("days") || request.has("periodDays") {
        let covered = request.days()?.ok_or_else(|| request.missing("days"))?;
        let length = request.period_days()?;
        let length = length.ok_or_else(|| request.missing("periodDays"))?;
        refuse_others(*request, "days", &["service", "period", "months"])?;
        return Ok(ServiceTime::Units {
            covered: Decimal::from(covered),
            length: Decimal::from(length),
        });
    }

    let service = request.service()?;
    Ok(ServiceTime::Service {
        service: service.ok_or_else(|| request.missing("service"))?,
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
    /// The periods of a subscription.
    export interface ScheduleRequest extends PricedRequest {
        start: required Day = "start",
        /// Written as the `interval` of the terms says. Left out: it does not end.
        end: optional Day = "end",
        /// In advance: every period that has begun by that day. Left out: all, up to the end.
        until: optional Day = "until",
        every: required Every = "every",
        /// The day of the month on which periods of months begin, 1 to 31. Left out: that of the
        /// start.
        billing_day: optional DayOfMonth = "billingDay",
        /// The day of the week on which periods of days begin, 1 for Monday to 7. Left out: that of
        /// the start.
        weekday: optional Whole<u8, 1, 7> = "weekday",
        /// Of a whole period. Left out: no amounts.
        price: optional DecimalText = "price",
    }
}

/// `ScheduleRequest`.
///
/// # Errors
/// The shape of the value.
pub fn schedule(value: &Value<'_>) -> Result<prorate::ScheduleRequest> {
    ScheduleRequest::read(value, &Site::Command)
}

impl Build for ScheduleRequest {
    type Output = prorate::ScheduleRequest;

    fn build(request: Object<'_, '_, Self>) -> Result<prorate::ScheduleRequest> {
        let priced = request.part::<PricedRequest>();
        let price = match request.price()? {
            Some(price) => Some((price, increment(priced)?)),
            None => {
                request.none_of(&["currency", "increment"], |field| {
                    Reason::AmountsWithoutPrice { field }
                })?;
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

object! {
    /// Changes within one period, as a book takes them.
    export interface PlanChanges extends PricedRequest {
        /// It may be left out if every change says what is left of it.
        period: optional PeriodOrLength = "period",
        /// For how many months the prices are, as in {@link ProrateRequest}. Left out: as many as
        /// the period has, else 1.
        months: optional Months = "months",
        /// The plan that runs before the first change. Left out: none.
        plan: optional PricePlan = "plan",
        /// Since when it runs in this period. Left out: from its begin.
        since: optional MomentText = "since",
        /// What it was billed for this period, without tax. Left out: what the terms charge. This,
        /// `credited` and `open` have the sign of the price.
        billed: optional DecimalText = "billed",
        /// What of that was credited before. Left out: nothing.
        credited: defaulted DecimalText = "credited",
        /// What of the item that billed it, with its taxes, is still to be paid (not the balance of
        /// its invoice). Left out: nothing. Commands of a book know it.
        still_open: defaulted DecimalText = "open",
        /// The earlier first.
        changes: required ListOf<PlanChange> = "changes",
    }
}

object! {
    /// Changes within one period.
    export interface ChangeRequest extends PlanChanges {
        /// Whether tax rates of 1 (100 %) and more are meant. Left out: they are refused, as 19 for
        /// 19 % is a slip. In a book its option of this name decides.
        allow_tax_rate_from_1: defaulted Boolean = "allowTaxRateFrom1",
    }
}

/// `ChangeRequest`.
///
/// # Errors
/// The shape of the value.
pub fn change(value: &Value<'_>) -> Result<change::ChangeRequest> {
    ChangeRequest::read(value, &Site::Command)
}

impl Build for ChangeRequest {
    type Output = change::ChangeRequest;

    fn build(request: Object<'_, '_, Self>) -> Result<change::ChangeRequest> {
        let increment = increment(request.part())?;
        let mut change = changes(request.part(), increment)?;
        change.allow_tax_rate_from_1 = request.allow_tax_rate_from_1()?;
        Ok(change)
    }
}

/// What changes in a command of a book, and the currency that it names. It may leave that to the book: its increment is
/// zero then.
///
/// # Errors
/// The shape of the value.
pub(in crate::wire) fn change_of_book(
    value: &Value<'_>,
) -> Result<(change::ChangeRequest, Option<String>)> {
    let request = Object::<PlanChanges>::open(value, &Site::Command)?;
    let priced = request.part::<PricedRequest>();
    let change = changes(request, known_increment(priced)?.unwrap_or_default())?;
    Ok((change, priced.currency()?))
}

fn changes(
    request: Object<'_, '_, PlanChanges>,
    increment: Decimal,
) -> Result<change::ChangeRequest> {
    // These speak of the plan that runs before the first change.
    const OF_A_BILL: &[&str] = &["since", "billed", "credited", "open"];
    if !request.has("plan") {
        request.none_of(OF_A_BILL, |field| Reason::BillWithoutPlan { field })?;
    }
    Ok(change::ChangeRequest {
        terms: request.part::<PricedRequest>().terms()?,
        increment,
        period: request.period()?,
        months: request.months()?,
        plan: request.plan()?,
        since: request.since()?,
        billed: request.billed()?,
        credited: request.credited()?,
        open: request.still_open()?,
        allow_tax_rate_from_1: false,
        events: request.changes()?,
    })
}

object! {
    /// What is subscribed to.
    export interface PricePlan {
        /// Of one unit, for the whole period.
        price: required DecimalText = "price",
        /// Left out: 1.
        quantity: optional DecimalText = "quantity",
        /// Off the whole period: an amount, or a fraction (`"0.1"` is 10 %); `null`: none. An
        /// amount of more than the price takes all of it: the price stops at zero, and the sentence
        /// of the line says how much was taken off.
        discount: optional StatedDiscount = "discount",
        taxes: optional ListOf<PlanTax> = "taxes",
        /// How its time is counted. Left out: as the terms of the request say.
        terms: optional StatedPlanTerms = "terms",
    }
}

impl Build for PricePlan {
    type Output = change::PricePlan;

    fn build(plan: Object<'_, '_, Self>) -> Result<change::PricePlan> {
        let update = plan_update(plan)?;
        Ok(change::PricePlan {
            price: plan.price()?,
            quantity: update.quantity.unwrap_or(Decimal::ONE),
            discount: update.discount.unwrap_or_default(),
            taxes: update.taxes.unwrap_or_default(),
            terms: update.terms,
        })
    }
}

/// What changes of a plan: any of its fields can be left out.
fn plan_update(plan: Object<'_, '_, PricePlan>) -> Result<PlanUpdate> {
    Ok(PlanUpdate {
        price: plan.optional("price", decimal)?,
        quantity: plan.quantity()?,
        discount: plan.discount()?,
        taxes: plan.taxes()?,
        terms: plan.terms()?,
    })
}

/// A discount, or `null` for none.
fn discount(value: &Value<'_>, path: &Site<'_>) -> Result<Discount> {
    if matches!(value, Value::Null) {
        return Ok(Discount::None);
    }
    let (place, fields) = only(value, &["amount", "rate"], &[], path)?;
    Ok(match place {
        0 => Discount::Amount(fields.required("amount", decimal)?),
        _ => Discount::Rate(fields.required("rate", decimal)?),
    })
}

object! {
    /// A tax on top of a plan's price.
    export interface PlanTax => change::PlanTax {
        name: optional Text = "name",
        /// As a fraction: `"0.19"` is 19 %. One of 1 or more needs `allowTaxRateFrom1`.
        rate: required DecimalText = "rate",
    }
}

fn plan_change(value: &Value<'_>, path: &Site<'_>) -> Result<change::PlanChange> {
    const COMMON: &[&str] = &["type", "at", "unused"];
    let fields = Fields::open(value, path)?;
    let kind = fields.required("type", |value, path| {
        choice(PlanEventKind::ALL, PlanEventKind::as_str, value, path)
    })?;
    let fields = match kind {
        PlanEventKind::Start => fields.allow(&[COMMON, &["plan"]])?,
        PlanEventKind::Switch => fields.allow_beside(&[COMMON], PricePlan::KNOWN)?,
        PlanEventKind::Pause => fields.allow(&[COMMON, &["until"]])?,
        PlanEventKind::Cancel | PlanEventKind::Resume => fields.allow(&[COMMON])?,
    };
    Ok(change::PlanChange {
        when: change_time(fields)?,
        kind: match kind {
            PlanEventKind::Start => PlanEvent::Start(fields.required("plan", PricePlan::read)?),
            PlanEventKind::Switch => PlanEvent::Switch(plan_update(Object::known(fields))?),
            PlanEventKind::Cancel => PlanEvent::Cancel,
            PlanEventKind::Pause => PlanEvent::Pause(fields.optional("until", moment)?),
            PlanEventKind::Resume => PlanEvent::Resume,
        },
    })
}

/// When a change is: at a moment, or when a share of the period is left.
fn change_time(fields: Fields<'_, '_>) -> Result<ChangeTime> {
    let at = fields.optional("at", moment)?;
    let unused = fields.optional("unused", fraction)?;
    match (at, unused) {
        (Some(at), None) => Ok(ChangeTime::At(at)),
        (None, Some(unused)) => {
            fields.none_of(&["until"], |_| Reason::UntilWithoutMoment {})?;
            Ok(ChangeTime::Unused(unused))
        }
        (None, None) => Err(fields.missing("at")),
        (Some(_), Some(_)) => Err(fields.either("unused", "at")),
    }
}

/// `BillingPeriodRequest`.
///
/// # Errors
/// The shape of the value.
pub fn billing_period_request(value: &Value<'_>) -> Result<prorate::BillingPeriodRequest> {
    const KNOWN: &[&str] = &["anchor", "billingDay", "every", "containing", "number"];
    let fields = Fields::open(value, &Site::Command)?.allow(&[KNOWN])?;
    Ok(prorate::BillingPeriodRequest {
        anchor: fields.required("anchor", moment)?.day(),
        billing_day: fields.optional("billingDay", day_of_month)?,
        every: fields.required("every", every)?,
        choice: period_choice(fields)?,
    })
}

/// Which period of a rhythm is meant.
fn period_choice(fields: Fields<'_, '_>) -> Result<PeriodChoice> {
    let containing = fields.optional("containing", moment)?;
    let number = fields.optional("number", |value, path| {
        whole(-1_000_000, 1_000_000, value, path)
    })?;
    match (containing, number) {
        (Some(moment), None) => Ok(PeriodChoice::Containing(moment.day())),
        (None, Some(number)) => Ok(PeriodChoice::Number(number)),
        (None, None) => Err(fields.missing("containing")),
        (Some(_), Some(_)) => Err(fields.either("number", "containing")),
    }
}
