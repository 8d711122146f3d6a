//! Apply a credit memo to invoices (`settlement.md` 3.6).

use super::command::Settle;
use super::request::{Entry, Request};
use super::rule::{Capacity, Rule, Spreader, Units, settleable};
use super::{Application, Context, Notice, Plan, Settlement};
use crate::calendar::Date;
use crate::document::PartItem;
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency};

/// All invoices or none. Explicit items are set aside first, so that no rule can take what they name; then the other
/// invoices settle one after another, in document order.
///
/// # Errors
/// Those of [`Request::resolve`], then the first of `exceedsItem`, `exceedsUnapplied`, `exceedsBalance`,
/// `nothingToSettle`.
pub(super) fn plan(context: Context<'_>, at: Date, settle: &Settle) -> Result<Plan> {
    let request = Request::resolve(context, settle, settle.invoices.as_deref().unwrap_or_default())?;
    let units = Units::of(request.currency());
    let mut memo = Capacity::of(request.memo, units);
    let balances: Vec<_> = request.entries.iter().map(|entry| settleable(entry.invoice)).collect();
    request.entries.iter().try_for_each(|entry| take_explicit(entry, &mut memo, request.currency()))?;
    let left = check_unapplied(&request, settleable(request.memo))?;
    check_balances(&request, &balances)?;
    let amounts = fill_amounts(&request, &balances, left);

    let rule = settle.rule.unwrap_or(Rule::Proration);
    let (mut spreader, mut invoice) = (Spreader::default(), Capacity::default());
    let mut applications = Vec::with_capacity(request.entries.len());
    let mut notices = Vec::new();
    for (entry, amount) in request.entries.iter().zip(amounts) {
        if !amount.is_positive() {
            notices.push(Notice::NothingApplied { target: entry.target });
            continue;
        }
        let (rule, items) = match &entry.items {
            Some(_) => (Rule::Explicit, entry.part_items().collect()),
            None => {
                invoice.load(entry.invoice, units);
                (rule, spreader.spread(rule, units.count(amount), &mut memo, &mut invoice, units)?)
            }
        };
        applications.push(Application { target: entry.target, rule, amount, items });
    }
    if applications.is_empty() {
        let needed = "something unapplied, and an invoice with a balance";
        return Err(Error::new(
            Code::NothingToSettle,
            &Path::Root.field("invoices"),
            needed,
            "neither amount nor room",
        ));
    }
    Ok(Plan::settle(Settlement { at, source: request.source, applications }, notices))
}

/// Sets the lines of the memo aside that an entry names.
fn take_explicit(entry: &Entry<'_>, memo: &mut Capacity, currency: &Currency) -> Result<()> {
    let Some(items) = &entry.items else { return Ok(()) };
    let units = Units::of(currency);
    let mut invoice = Capacity::of(entry.invoice, units);
    for stated in items {
        let PartItem { source, target, amount } = stated.item;
        let count = units.count(amount);
        for (side, line, capacity) in [("credit memo", source, &mut *memo), ("invoice", target, &mut invoice)] {
            let left = capacity.left(line);
            if left < count {
                let open = currency.write(units.amount(left)?);
                let needed = format!("at most {open}, what the {side}'s line has open");
                return entry.refuse_item(stated, Code::ExceedsItem, &needed, currency.write(amount));
            }
            capacity.take(line, count);
        }
    }
    Ok(())
}

/// The stated amounts must fit the memo together. Answers with what they leave of it.
fn check_unapplied(request: &Request<'_>, unapplied: Amount) -> Result<Amount> {
    let mut left = unapplied;
    for entry in &request.entries {
        let Some(amount) = entry.amount else { continue };
        match left.minus(amount).filter(|&rest| rest >= Amount::ZERO) {
            Some(rest) => left = rest,
            None => {
                let write = |amount| request.currency().write(amount);
                let needed = format!("at most {} of the {} unapplied", write(left), write(unapplied));
                return entry.refuse(Code::ExceedsUnapplied, "amount", &needed, || write(amount));
            }
        }
    }
    Ok(left)
}

/// Each stated amount must fit its invoice.
fn check_balances(request: &Request<'_>, balances: &[Amount]) -> Result<()> {
    request.entries.iter().zip(balances).try_for_each(|(entry, &balance)| match entry.amount {
        Some(amount) if amount > balance => {
            let write = |amount| request.currency().write(amount);
            let needed = format!("at most {}", write(balance));
            entry.refuse(Code::ExceedsBalance, "amount", &needed, || write(amount))
        }
        _ => Ok(()),
    })
}

/// The amount of every entry: as stated, or all that the invoice can take of what is left, in document order.
fn fill_amounts(request: &Request<'_>, balances: &[Amount], mut left: Amount) -> Vec<Amount> {
    let fill = |(entry, &balance): (&Entry<'_>, &Amount)| {
        entry.amount.unwrap_or_else(|| {
            let amount = left.min(balance);
            left = left.minus(amount).unwrap_or_default();
            amount
        })
    };
    request.entries.iter().zip(balances).map(fill).collect()
}
