//! What a change of plan comes to: the items of its documents.

use crate::calendar::{Date, Moment};
use crate::command::ChangePlan;
use crate::document::{ItemRecord, Processing, TaxIdentity};
use crate::error::Result;
use crate::money::text;
use crate::prorate::change::{ChangeLine, ChangePreview, LineKind, PlanTax};
use crate::prorate::{DecimalAmount, Interval};
use crate::settle::plan::draft::{DraftAmount, DraftItem, DraftTax};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// What a change comes to: the items of the documents that it makes.
pub(super) struct PricedChange<'p> {
    /// The items of the credit memo.
    pub credits: Vec<ChangeItem<'p>>,
    /// The items of the invoice.
    pub charges: Vec<ChangeItem<'p>>,
    /// Whether all that is credited is credited of the bill. A memo is then made from it; what else a memo has, the
    /// bill did not bill.
    pub credits_bill_alone: bool,
}

impl<'p> PricedChange<'p> {
    pub(super) fn of(preview: &'p ChangePreview, request: &ChangePlan) -> Result<Self> {
        let (credits, charges) = items(preview, request.change.terms.interval)?;
        let mut credited = preview.lines.iter().filter(|line| line.is_credited);
        Ok(Self {
            credits,
            charges,
            credits_bill_alone: credited
                .all(|line| line.credits_bill() || line.kind == LineKind::Rounding),
        })
    }
}

/// An item of a document of a change.
pub(super) struct ChangeItem<'p> {
    /// The item, as yet without source.
    pub item: DraftItem<'p>,
    /// It credits the item that the plan was billed by.
    pub credits_bill: bool,
}

/// The items of the credit memo and of the invoice. What takes back a charge of the same change is a negative item of
/// the invoice that has the charge: nothing else was billed for it.
fn items<'p>(
    preview: &'p ChangePreview,
    interval: Interval,
) -> Result<(Vec<ChangeItem<'p>>, Vec<ChangeItem<'p>>)> {
    let (mut credits, mut charges) = (Vec::new(), Vec::new());
    for (line_number, line) in (1_usize..).zip(&preview.lines) {
        if !line.has_amount() {
            continue;
        }

        let item = ChangeItem {
            item: item(line, line_number, interval)?,
            credits_bill: line.credits_bill(),
        };
        if line.is_credited {
            credits.push(item);
        } else {
            charges.push(item);
        }
    }
    Ok((credits, charges))
}

/// The item of a line of a change, as yet without source.
fn item(line: &ChangeLine, line_number: usize, interval: Interval) -> Result<DraftItem<'_>> {
    let id = format!("{}-{line_number}", line.kind.as_str());
    let amount = DraftAmount::Stated(amount_on_document(line, &line.amount)?);

    Ok(DraftItem {
        amount: Some(amount),
        // The item is a part of the period, so its amount is not the product of the plan's price and quantity.
        is_priced: false,
        reduces: None,
        processing: match line.kind {
            LineKind::Rounding => Processing::Rounding,
            _ => Processing::Charge,
        },
        source: None,
        record: Cow::Owned(record(line, interval)),
        taxes: taxes(line, &id)?,
        states_taxes: true,
        tax_rounding: None,
        settled_before: Vec::new(),
        id: Cow::Owned(id),
    })
}

/// What the item of a line says next to its amount.
fn record(line: &ChangeLine, interval: Interval) -> ItemRecord {
    let plan = line.plan.as_ref();
    let mut record = ItemRecord {
        // Not the sentence of the line. It is no text for a bill. A later version may say it better, but the entry of a
        // log must have the same effect for ever.
        description: plan.and_then(|plan| plan.description.clone()),
        quantity: plan.map(|plan| plan.quantity),
        unit_price: plan.map(|plan| plan.price),
        ..ItemRecord::default()
    };
    if let Some(service) = line.service {
        record.service_start = day_of(service.from);
        record.service_end = last_day(service.to, interval);
    }
    record
}

/// The day of a moment that is one.
const fn day_of(moment: Moment) -> Option<Date> {
    match moment {
        Moment::Day(day) => Some(day),
        Moment::Instant(_) => None,
    }
}

/// The last day of a service. Items name it, even where the terms name the day after it.
fn last_day(end: Moment, interval: Interval) -> Option<Date> {
    let day = day_of(end)?;
    match interval {
        Interval::HalfOpen => day.plus_days(-1),
        Interval::Closed => Some(day),
    }
}

/// The tax items of a line, under the identifier of its item.
fn taxes<'p>(line: &'p ChangeLine, item_id: &str) -> Result<Vec<DraftTax<'p>>> {
    let Some(plan) = &line.plan else {
        return Ok(Vec::new());
    };

    let mut taxes = Vec::with_capacity(line.taxes.len());
    for (number, (tax, amount)) in (1_usize..).zip(plan.taxes.iter().zip(&line.taxes)) {
        let amount = DraftAmount::Stated(amount_on_document(line, amount)?);
        taxes.push(DraftTax {
            id: Cow::Owned(format!("{item_id}/{number}")),
            identity: Cow::Owned(identity(tax)),
            amount: Some(amount),
            source: None,
            settled_before: Vec::new(),
        });
    }
    Ok(taxes)
}

fn identity(tax: &PlanTax) -> TaxIdentity {
    TaxIdentity {
        name: tax.name.clone(),
        rate: Some(tax.rate),
        ..TaxIdentity::default()
    }
}

/// An amount of a line with the sign that it has on its document: what a memo gives back is positive there.
fn amount_on_document(line: &ChangeLine, amount: &DecimalAmount) -> Result<Decimal> {
    if line.is_credited {
        text::parse(&amount.negated().to_string())
    } else {
        text::parse(&amount.to_string())
    }
}
