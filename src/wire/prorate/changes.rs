//! Changes of plan within a period, as tables.

use super::periods::{MomentText, Months, PeriodRequest};
use super::requests::{PricedRequest, increment, known_increment};
use super::terms::{FractionText, PlanTermsRequest};
use crate::error::{Reason, Result, Site};
use crate::prorate::change;
use crate::prorate::change::{Discount, PlanEvent, PlanEventKind, PlanUpdate};
use crate::wire::Value;
use crate::wire::faults::read_all;
use crate::wire::fields::{Fields, TYPE, only};
use crate::wire::object::{Build, Object, Shape, object, union};
use crate::wire::readers::{Boolean, DecimalText, ListOf, Nullable, OneOf, Text, ValueReader};
use rust_decimal::Decimal;

object! {
    /// Changes within one period, as the command `changePlan` takes them.
    export interface PlanChanges extends PricedRequest {
        /// The period. You may leave it out if every change states its `unused` share.
        period: optional PeriodRequest = "period",
        /// The number of months that the prices are for; see {@link ProrateRequest}. Default: the
        /// months of the period, else 1.
        months: optional Months = "months",
        /// The plan that runs before the first change. Default: none.
        plan: optional PricePlan = "plan",
        /// The moment from which the plan runs in this period. Default: the start of the period.
        since: optional MomentText = "since",
        /// The amount that the plan was billed for this period, without tax. Like `credited` and
        /// `open`, it has the sign of the price. Default: the amount that the terms charge; in a
        /// book the amount of the billed item, if that is the same, rounded by another rule.
        billed: optional DecimalText = "billed",
        /// The part of `billed` that was credited before. Default: zero.
        credited: defaulted DecimalText = "credited",
        /// The part of the billed item, with its taxes, that is still to be paid. This is not the
        /// balance of its invoice. Default: zero; a book looks it up itself.
        still_open: defaulted DecimalText = "open",
        /// The changes, the earliest first.
        changes: required ListOf<PlanChange> = "changes",
    }
}

object! {
    /// Changes within one period.
    export interface ChangeRequest extends PlanChanges {
        /// Whether tax rates may be 1 (100 %) or more. In a book, its option of this name decides.
        /// Default: `false`; a rate of 1 or more is refused, because a 19 for 19 % is a slip.
        allow_tax_rate_from_1: defaulted Boolean = "allowTaxRateFrom1",
    }
}

/// `ChangeRequest`.
///
/// # Errors
/// The shape of the value.
pub fn change(value: &Value<'_>) -> Result<change::ChangeRequest> {
    read_all(value, |value| ChangeRequest::read(value, &Site::Command))
}

/// What changes come to. A refusal has all faults of the fields of the request.
///
/// # Errors
/// As [`change()`] and [`ChangeRequest::preview`](change::ChangeRequest::preview).
pub fn change_preview(value: &Value<'_>) -> Result<change::ChangePreview> {
    read_all(value, |value| {
        ChangeRequest::read(value, &Site::Command)?.preview()
    })
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
    const OF_A_BILL: [&str; 4] = [
        PlanChanges::since,
        PlanChanges::billed,
        PlanChanges::credited,
        PlanChanges::still_open,
    ];
    if !request.has(PlanChanges::plan) {
        request.none_of(&OF_A_BILL, |field| Reason::BillWithoutPlan { field })?;
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
    /// A plan to which somebody subscribes.
    export interface PricePlan {
        /// The description for the customer, such as `"Team plan"`. In a book, the items that credit
        /// or charge the plan have it. `null` means none. Default: none; an item that credits a
        /// billed item has the description of that item.
        description: optional Nullable<Text> = "description",
        /// The price of one unit for the whole period.
        price: required DecimalText = "price",
        /// The quantity. Default: 1.
        quantity: optional DecimalText = "quantity",
        /// The discount for the whole period: `{ rate: "0.1" }` takes 10 % off the price, and
        /// `{ amount: "5.00" }` takes that amount off. `null` means none. If the amount is more than
        /// the price, the price becomes zero, and the sentence of the line says how much was taken
        /// off. Default: none.
        discount: optional Nullable<PlanDiscount> = "discount",
        /// The taxes on the price. Default: none.
        taxes: optional ListOf<PlanTax> = "taxes",
        /// How the time of this plan is counted. Default: by the terms of the request.
        terms: optional PlanTermsRequest = "terms",
    }
}

impl Build for PricePlan {
    type Output = change::PricePlan;

    fn build(plan: Object<'_, '_, Self>) -> Result<change::PricePlan> {
        let update = plan_update(plan)?;
        Ok(change::PricePlan {
            description: update.description.flatten(),
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
        description: plan.description()?,
        price: plan.optional(PricePlan::price, DecimalText::read)?,
        quantity: plan.quantity()?,
        discount: plan.discount()?.map(Option::unwrap_or_default),
        taxes: plan.taxes()?,
        terms: plan.terms()?,
    })
}

object! {
    form DiscountAmount {
        amount: required DecimalText = "amount",
    }
}

object! {
    form DiscountRate {
        rate: required DecimalText = "rate",
    }
}

union! {
    /// A discount on the price of a plan: an amount, or a rate as a fraction of the price (`"0.1"` is
    /// 10 %).
    export type PlanDiscount = DiscountAmount | DiscountRate;
}

impl<'v, 'a> ValueReader<'v, 'a> for PlanDiscount {
    type Output = Discount;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Discount> {
        let (form, fields) = only(
            value,
            &[DiscountAmount::amount, DiscountRate::rate],
            &[],
            path,
        )?;
        Ok(match form {
            0 => Discount::Amount(Object::<DiscountAmount>::known(fields).amount()?),
            _ => Discount::Rate(Object::<DiscountRate>::known(fields).rate()?),
        })
    }
}

object! {
    /// A tax on the price of a plan. The price does not contain it.
    export interface PlanTax => change::PlanTax {
        /// The name of the tax, such as `"VAT"`.
        name: optional Text = "name",
        /// The rate as a fraction: `"0.19"` is 19 %. A rate of 1 or more needs `allowTaxRateFrom1`.
        rate: required DecimalText = "rate",
    }
}

object! {
    form ChangeAt {
        at: required MomentText = "at",
    } without ChangeWhenUnused::unused
}

object! {
    form ChangeWhenUnused {
        unused: required FractionText = "unused",
    } without ChangeAt::at
}

union! {
    /// The time of a change: a moment or, if you know it, the share of the period that is left
    /// then. The engine uses this share as it is, without the rules of the terms for a stub.
    export type ChangeTime = ChangeAt | ChangeWhenUnused;
}

object! {
    /// A plan starts.
    export interface StartPlan typed "start" {
        /// The plan that starts.
        plan: required PricePlan = "plan",
    }
}

object! {
    /// The running plan changes: an upgrade, a downgrade, another quantity or price. Fields that
    /// you leave out stay as they are.
    export interface SwitchPlan extends PricePlan as "Partial<PricePlan>" typed "change" {}
}

object! {
    /// The running plan is cancelled.
    export interface CancelPlan typed "cancel" {}
}

object! {
    /// The running plan pauses.
    export interface PausePlan typed "pause" {
        /// The end of the pause. Default: none; the plan pauses until it resumes.
        until: optional MomentText = "until",
    }
}

object! {
    /// The pausing plan resumes.
    export interface ResumePlan typed "resume" {}
}

union! {
    /// A change, and its time.
    ///
    /// You can also change or cancel a plan that pauses. Nothing is billed until the pause ends, so
    /// the change counts from that moment on. Another pause makes the pause longer, or sets its
    /// end. A plan that pauses `until` a moment goes on by itself, so you do not resume it.
    export type PlanChange =
        ChangeTime & (StartPlan | SwitchPlan | CancelPlan | PausePlan | ResumePlan);
}

impl<'v, 'a> ValueReader<'v, 'a> for PlanChange {
    type Output = change::PlanChange;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<change::PlanChange> {
        const OF_ALL: [&str; 3] = [TYPE, ChangeAt::at, ChangeWhenUnused::unused];
        let fields = Fields::open(value, path)?;

        // The type decides which fields there are, so it is read before they are.
        let kind = fields.required(TYPE, OneOf::<PlanEventKind>::read)?;
        let table = match kind {
            PlanEventKind::Start => StartPlan::KNOWN,
            PlanEventKind::Switch => SwitchPlan::KNOWN,
            PlanEventKind::Cancel => CancelPlan::KNOWN,
            PlanEventKind::Pause => PausePlan::KNOWN,
            PlanEventKind::Resume => ResumePlan::KNOWN,
        };
        let fields = fields.allow_beside(&[&OF_ALL], &[table])?;

        Ok(change::PlanChange {
            when: change_time(fields)?,
            kind: plan_event(kind, fields)?,
        })
    }
}

/// What happens to a plan.
fn plan_event(kind: PlanEventKind, fields: Fields<'_, '_>) -> Result<PlanEvent> {
    Ok(match kind {
        PlanEventKind::Start => PlanEvent::Start(Object::<StartPlan>::known(fields).plan()?),
        PlanEventKind::Switch => PlanEvent::Switch(plan_update(Object::known(fields))?),
        PlanEventKind::Cancel => PlanEvent::Cancel,
        PlanEventKind::Pause => PlanEvent::Pause(Object::<PausePlan>::known(fields).until()?),
        PlanEventKind::Resume => PlanEvent::Resume,
    })
}

/// When a change is: at a moment, or when a share of the period is left.
fn change_time(fields: Fields<'_, '_>) -> Result<change::ChangeTime> {
    if !fields.has(ChangeWhenUnused::unused) {
        let at = Object::<ChangeAt>::known(fields).at()?;
        return Ok(change::ChangeTime::At(at));
    }

    let unused = Object::<ChangeWhenUnused>::known(fields).unused()?;
    if fields.has(ChangeAt::at) {
        return Err(fields.either(ChangeWhenUnused::unused, ChangeAt::at));
    }

    // A share cannot be compared with the moment at which a pause ends.
    fields.none_of(&[PausePlan::until], |_| Reason::UntilWithoutMoment {})?;
    Ok(change::ChangeTime::Unused(unused))
}
