//! Apply a credit memo to invoices (`settlement.md` 3.6).

use super::command::Settle;
use super::request::{Entry, Request};
use super::rule::{Capacity, Rule, spread};
use super::{Application, Context, Event, Notice, Plan, Settlement};
use crate::calendar::Date;
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency};
use std::sync::Arc;

/// All invoices or none. Explicit items are set aside first, so that no rule can take what they name; then the other
/// invoices settle one after another, in document order.
///
/// # Errors
/// Those of [`Request::resolve`], then the first of `exceedsItem`, `exceedsUnapplied`, `exceedsBalance`,
/// `nothingToSettle`.
pub(super) fn plan(context: Context<'_>, at: Date, settle: &Settle) -> Result<Plan> {
    let request = Request::resolve(context, settle, settle.invoices.as_deref().unwrap_or_default())?;
    let currency = request.currency();
    let mut memo = Capacity::of(request.memo);
    let mut invoices: Vec<_> = request.entries.iter().map(|entry| Capacity::of(entry.invoice)).collect();
    // Both limits: with negative lines, a header has less open than its positive lines together.
    let unapplied = memo.total().min(request.memo.header().figures.open());
    let balances: Vec<_> = request
        .entries
        .iter()
        .zip(&invoices)
        .map(|(entry, capacity)| capacity.total().min(entry.invoice.header().figures.open()))
        .collect();

    for (entry, invoice) in request.entries.iter().zip(&mut invoices) {
        take_explicit(entry, &mut memo, invoice, currency)?;
    }
    let left = check_unapplied(&request, unapplied)?;
    check_balances(&request, &balances)?;
    let amounts = fill_amounts(&request, &balances, left);

    let rule = settle.rule.unwrap_or(Rule::Proration);
    let mut applications = Vec::with_capacity(request.entries.len());
    let mut notices = Vec::new();
    for ((entry, invoice), amount) in request.entries.iter().zip(&mut invoices).zip(amounts) {
        if !amount.is_positive() {
            notices.push(Notice::NothingApplied { target: entry.target });
            continue;
        }
        let (rule, items) = match &entry.items {
            Some(_) => (Rule::Explicit, entry.part_items().collect()),
            None => (rule, spread(rule, amount, &mut memo, invoice, currency)?),
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
    let settlement = Settlement { at, source: request.source, applications };
    Ok(Plan { subject: request.source, events: vec![Event::Settled(Arc::new(settlement))], notices })
}

/// Sets the lines aside that an entry names.
fn take_explicit(entry: &Entry<'_>, memo: &mut Capacity, invoice: &mut Capacity, currency: &Currency) -> Result<()> {
    for stated in entry.items.iter().flatten() {
        let item = stated.item;
        for (side, line, capacity) in
            [("credit memo", item.source, &mut *memo), ("invoice", item.target, &mut *invoice)]
        {
            let left = capacity.left(line);
            if left < item.amount {
                let needed = format!("at most {}, what the {side}'s line has open", currency.write(left));
                return entry.refuse_item(stated, Code::ExceedsItem, &needed, currency.write(item.amount));
            }
            capacity.take(line, item.amount)?;
        }
    }
    Ok(())
}

/// The stated amounts must fit the memo together. Answers with what they leave of it.
fn check_unapplied(request: &Request<'_>, unapplied: Amount) -> Result<Amount> {
    let mut left = unapplied.max(Amount::ZERO);
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
            let needed = format!("at most {}", write(balance.max(Amount::ZERO)));
            entry.refuse(Code::ExceedsBalance, "amount", &needed, || write(amount))
        }
        _ => Ok(()),
    })
}

/// The amount of every entry: as stated, or all that the invoice can take of what is left, in document order.
fn fill_amounts(request: &Request<'_>, balances: &[Amount], mut left: Amount) -> Vec<Amount> {
    let fill = |(entry, &balance): (&Entry<'_>, &Amount)| {
        entry.amount.unwrap_or_else(|| {
            let amount = left.min(balance.max(Amount::ZERO));
            left = left.minus(amount).unwrap_or_default();
            amount
        })
    };
    request.entries.iter().zip(balances).map(fill).collect()
}
