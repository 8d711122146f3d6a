//! Take applications of a credit memo back (`settlement.md` 3.7).

use super::command::Settle;
use super::request::{Entry, Request};
use super::rule::{Rule, Spreader, Units};
use super::{Application, Context, Notice, Plan, Settlement};
use crate::calendar::Date;
use crate::document::{Part, PartItem};
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency};

/// All that the request names, or none of it. What comes back from an invoice is spread over the part's items: first
/// applied, first released by default.
///
/// # Errors
/// Those of [`Request::resolve`], then `exceedsApplied`, `nothingToSettle`.
pub(super) fn plan(context: Context<'_>, at: Date, settle: &Settle) -> Result<Plan> {
    let rule = settle.rule.unwrap_or(Rule::Fifo);
    let request = match &settle.invoices {
        Some(invoices) => Request::resolve(context, settle, invoices)?,
        None if rule == Rule::Explicit => {
            let path = Path::Root.field("invoices");
            return Err(Error::new(Code::MissingField, &path, "the invoices with their items", "none"));
        }
        None => Request::all_applied(context, settle)?,
    };
    let currency = request.currency();
    let empty = Part::default();
    let part = |entry: &Entry<'_>| context.documents.part(request.source, entry.target).unwrap_or(&empty);
    request.entries.iter().try_for_each(|entry| check_applied(entry, part(entry), currency))?;

    let (mut spreader, units) = (Spreader::default(), Units::of(currency));
    let mut applications = Vec::with_capacity(request.entries.len());
    let mut notices = Vec::new();
    for entry in &request.entries {
        let part = part(entry);
        let amount = entry.amount.unwrap_or_else(|| part.amount());
        if amount.is_zero() {
            notices.push(Notice::NothingApplied { target: entry.target });
            continue;
        }
        let back = |item: PartItem| PartItem { amount: item.amount.negated(), ..item };
        let (rule, items) = match &entry.items {
            Some(_) => (Rule::Explicit, entry.part_items().map(back).collect()),
            None => (rule, release(&mut spreader, rule, amount, part, units)?),
        };
        applications.push(Application { target: entry.target, rule, amount: amount.negated(), items });
    }
    if applications.is_empty() {
        let path = Path::Root.field("creditMemoId");
        return Err(Error::new(Code::NothingToSettle, &path, "an amount that is applied", "none"));
    }
    Ok(Plan::settle(Settlement { at, source: request.source, applications }, notices))
}

/// What is to come back must be there: of the part, and of each of its items that is named.
fn check_applied(entry: &Entry<'_>, part: &Part, currency: &Currency) -> Result<()> {
    for stated in entry.items.iter().flatten() {
        let item = stated.item;
        let place = part.items().binary_search_by_key(&item.order(), PartItem::order).ok();
        let applied = place.and_then(|place| part.items().get(place)).map_or(Amount::ZERO, |applied| applied.amount);
        if item.amount > applied {
            let needed = format!("at most {}, what is applied between these lines", currency.write(applied));
            return entry.refuse_item(stated, Code::ExceedsApplied, &needed, currency.write(item.amount));
        }
    }
    match entry.amount {
        Some(amount) if amount > part.amount() => {
            let needed = format!("at most {}", currency.write(part.amount()));
            entry.refuse(Code::ExceedsApplied, "amount", &needed, || currency.write(amount))
        }
        _ => Ok(()),
    }
}

/// Spreads `amount` over the items of a part by `rule`.
fn release(spreader: &mut Spreader, rule: Rule, amount: Amount, part: &Part, units: Units) -> Result<Vec<PartItem>> {
    let caps: Vec<_> = part.items().iter().map(|item| units.count(item.amount)).collect();
    let shares = spreader.shares(rule, units.count(amount), &caps)?;
    let released = part.items().iter().zip(shares).filter(|&(_, &count)| count > 0);
    released.map(|(item, &count)| Ok(PartItem { amount: units.amount(count)?.negated(), ..*item })).collect()
}
