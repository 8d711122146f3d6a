//! Refund a credit memo or payment (`settlement.md` 3.11, 3.17).

use super::command::{Named, NewRefund, RefundItem, Settle, TargetAmount};
use super::create::{check_comment, check_names, check_new_id, date_field};
use super::payment::{check_positive, header};
use super::request::{Lookup, check_live, find, placed};
use super::rule::{Capacity, Spreader, Units, settleable};
use super::settings::Limit;
use super::spread::Placed;
use super::{Context, Journal, Rule, unapply};
use crate::calendar::Date;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Header, Kind, LineIndex, PartItem, Settlement,
};
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use std::sync::Arc;

/// Pays out of what is unapplied. First takes applications back, as far as the request says so.
///
/// # Errors
/// `invalidChoice`, `documentNotFound`, `duplicateId`, `itemNotFound`, `duplicateEntry`, `invalidStatus`,
/// `dateTooEarly`, `limitExceeded`, those of [`Currency::amount`], `amountNotPositive`, `sumMismatch`, `exceedsItem`,
/// `exceedsUnapplied`, `nothingToSettle`, and those of [`unapply::run`].
pub(super) fn run(journal: &mut Journal<'_>, at: Date, new: &NewRefund) -> Result<DocumentIndex> {
    let path = Path::Root.field(new.source.kind.id_field());
    let rule = if new.items.is_some() {
        Rule::Explicit
    } else {
        new.spread.one_sided(Rule::Fifo)?
    };
    let context = journal.context();
    context.settings.check_reason(
        new.notes.reason_code.as_deref(),
        &Path::Root.field("reasonCode"),
    )?;
    check_new_id(context, Kind::Refund, &new.id, new.number.as_deref())?;
    check_names(&new.id, new.number.as_deref(), None)?;
    let source = find(context.documents, &new.source, &path)?;
    let index = source.index;
    check_live(&source, &path)?;
    let currency = Arc::clone(&source.document.header().currency);
    let date = new.date.unwrap_or(at);
    let first = source.document.header().date;
    if date < first {
        let needed = format!(
            "{first}, the date of the {}, or later",
            new.source.kind.name()
        );
        let path = Path::Root.field(date_field(new.date));
        return Err(Error::new(
            Code::DateTooEarly,
            &path,
            needed,
            date.to_string(),
        ));
    }
    let read = |decimal| {
        currency
            .amount(decimal)
            .map_err(|error| error.at(&Path::Root.field("amount")))
    };
    let stated = new.amount.map(read).transpose()?;
    if let Some(amount) = stated {
        check_positive(amount, &currency, &Path::Root.field("amount"))?;
    }
    let settle = |targets| Settle {
        source: new.source.clone(),
        targets,
        spread: new.spread.clone(),
    };
    if let Some(targets) = &new.unapply {
        unapply::run(journal, at, &settle(Some(targets.clone())))?;
    } else if new.auto_unapply {
        let targets = needed(journal.context(), index, stated, &new.spread)?;
        if !targets.is_empty() {
            // They are in no list of the request.
            let is_target = |path: &str| {
                path.contains('[')
                    .then(|| new.source.kind.id_field().to_owned())
            };
            unapply::run(journal, at, &settle(Some(targets)))
                .map_err(|error| error.found_at(&is_target))?;
        }
    }

    let context = journal.context();
    let source = placed(context.documents, index)?;
    check_comment(context, new.notes.comment.as_deref())?;
    context
        .settings
        .limits
        .check(Limit::RefundItems, source.document.lines().len(), &path)?;
    let (amount, items) = shares(&source, new, rule, stated, &currency)?;
    let day = effective_day(context.documents, index, date);
    let own = Header {
        account_id: source.document.header().account_id.clone(),
        refers_to: Some(index),
        origin: crate::document::Origin::Document,
        ..header(
            Kind::Refund,
            &new.id,
            new.number.as_deref(),
            currency,
            date,
            new.notes.clone(),
        )
    };
    let refund =
        Document::whole(own, amount).ok_or_else(|| Error::fault("a refund out of range"))?;
    let target = journal.create(refund)?;
    let refunded = Application {
        target,
        rule,
        amount,
        items: &items,
    };
    journal
        .settle(Settlement::new(day, index).with(refunded))
        .map_err(|error| error.at(&Path::Root.field(date_field(new.date))))?;
    Ok(target)
}

/// The day from which a refund counts: its date, or if that is later, the last day on which something of the source was
/// applied or taken back, or on which the source was posted again (`settlement.md` 0, rule 23). Other refunds do not
/// move it.
fn effective_day(documents: &Documents, source: DocumentIndex, date: Date) -> Date {
    let is_refund = |settlement: &Settlement| {
        let target = settlement.application(0).map(|first| first.target);
        let target = target.and_then(|target| documents.header(target));
        target.is_some_and(|target| target.kind == Kind::Refund)
    };
    let entries = documents.entries_of(source).map(|entry| &entry.settlement);
    let applied = entries.filter(|settlement| !is_refund(settlement));
    let posted = documents.header(source).and_then(Header::posted_again_on);
    applied
        .map(|settlement| settlement.at)
        .chain(posted)
        .fold(date, Date::max)
}

/// What is refunded of each line of the source.
fn shares(
    source: &Placed<'_>,
    new: &NewRefund,
    rule: Rule,
    stated: Option<Amount>,
    currency: &Currency,
) -> Result<(Amount, Vec<PartItem>)> {
    let units = Units::of(currency);
    let capacity = Capacity::of(source.document, &new.spread, units);
    let unapplied = settleable(source.document, &new.spread);
    let path = Path::Root.field("amount");
    let (items, amount) = match &new.items {
        Some(items) => {
            let (items, sum) = explicit(
                source,
                items,
                ["creditMemoItemId", "creditTaxItemId"],
                stated,
                currency,
            )?;
            (Some(items), sum)
        }
        None => (None, stated.unwrap_or(unapplied)),
    };
    if amount > unapplied {
        let needed = format!("at most {}, what is unapplied", currency.write(unapplied));
        return Err(Error::new(
            Code::ExceedsUnapplied,
            &path,
            needed,
            currency.write(amount),
        ));
    }
    if !amount.is_positive() {
        let path = Path::Root.field(new.source.kind.id_field());
        return Err(Error::new(
            Code::NothingToSettle,
            &path,
            "an amount that is unapplied",
            "none",
        ));
    }
    let shares = match items {
        Some(items) => items,
        None => {
            let (lines, left) = capacity.into_parts();
            let shares = Spreader::new(units).shares(rule, units.whole(amount), left)?;
            let amounts = lines
                .into_iter()
                .zip(shares)
                .filter(|(_, share)| *share != 0);
            amounts
                .map(|(line, share)| Ok((line, units.amount(share)?)))
                .collect::<Result<Vec<_>>>()?
        }
    };
    let item = |(line, amount)| PartItem {
        source: line,
        target: LineIndex(0),
        amount,
    };
    let mut items: Vec<_> = shares.into_iter().map(item).collect();
    sort_by(&mut items, |a, b| a.order().cmp(&b.order()));
    Ok((amount, items))
}

/// A line that a request names.
struct Stated<'a> {
    /// Its place in the request, for the paths of refusals.
    place: usize,
    item: &'a RefundItem,
    line: LineIndex,
    amount: Amount,
}

/// The lines that a request names, items and tax items in such fields, each once, with no more than they have open, and
/// their sum: the amount, if one is stated beside.
///
/// # Errors
/// The first of `itemNotFound`, `duplicateEntry`, `kindMismatch`, those of [`Currency::amount`], `amountNotPositive`,
/// `sumMismatch`, `exceedsItem`.
pub(super) fn explicit(
    of: &Placed<'_>,
    items: &[RefundItem],
    [item_field, tax_field]: [&str; 2],
    stated: Option<Amount>,
    currency: &Currency,
) -> Result<(Vec<(LineIndex, Amount)>, Amount)> {
    let lookup = Lookup::of(of.document);
    let list = Path::Root.field("items");
    let field = |item: &RefundItem| if item.tax { tax_field } else { item_field };
    // By identifiers, so that a refusal does not depend on how the request was sorted.
    let mut by_id: Vec<_> = items.iter().enumerate().collect();
    sort_by(&mut by_id, |(_, a), (_, b)| a.id.cmp(&b.id));
    let mut lines = Vec::with_capacity(items.len());
    for (place, item) in by_id {
        let line = lookup.find(&item.id, &list.index(place).field(field(item)))?;
        lines.push(Stated {
            place,
            item,
            line,
            amount: Amount::ZERO,
        });
    }
    sort_by(&mut lines, |a, b| a.line.cmp(&b.line));
    if let Some([_, again]) = lines
        .windows(2)
        .find(|pair| matches!(pair, [first, again] if first.line == again.line))
    {
        return Err(Error::new(
            Code::DuplicateEntry,
            &list.index(again.place),
            "each line once",
            "twice",
        ));
    }
    for stated in &lines {
        let is_tax = of
            .document
            .line(stated.line)
            .is_some_and(|line| line.detail.is_tax());
        if is_tax != stated.item.tax {
            let kind = |tax| if tax { "a tax item" } else { "an item" };
            let entry = list.index(stated.place);
            let path = entry.field(field(stated.item));
            return Err(Error::new(
                Code::KindMismatch,
                &path,
                kind(stated.item.tax),
                kind(is_tax),
            ));
        }
    }
    for stated in &mut lines {
        let path = list.index(stated.place);
        stated.amount = currency
            .amount(stated.item.amount)
            .map_err(|error| error.at(&path.field("amount")))?;
    }
    let refuse = |stated: &Stated<'_>, code, needed: &str| {
        let path = list.index(stated.place);
        Err(Error::new(
            code,
            &path.field("amount"),
            needed,
            currency.write(stated.amount),
        ))
    };
    let figures = |stated: &Stated<'_>| {
        of.document
            .line_figures(stated.line)
            .copied()
            .unwrap_or_default()
    };
    for stated in &lines {
        let net = figures(stated)
            .amount()
            .plus(figures(stated).netted())
            .unwrap_or_default();
        if stated.amount.is_zero() || (stated.amount < Amount::ZERO && net >= Amount::ZERO) {
            return refuse(stated, Code::AmountNotPositive, "more than zero");
        }
    }
    let sum = Amount::sum(lines.iter().map(|stated| stated.amount));
    let Some(sum) = sum.filter(|&sum| stated.is_none_or(|stated| stated == sum)) else {
        let write = |amount: Option<Amount>| {
            amount.map_or_else(|| "out of range".to_owned(), |sum| currency.write(sum))
        };
        let needed = format!("the sum of the items, {}", write(sum));
        return Err(Error::new(
            Code::SumMismatch,
            &Path::Root.field("amount"),
            needed,
            write(stated),
        ));
    };
    for stated in &lines {
        let open = figures(stated).open();
        if !(open.min(Amount::ZERO)..=open.max(Amount::ZERO)).contains(&stated.amount) {
            let needed = format!(
                "between zero and {}, what the line has open",
                currency.write(open)
            );
            return refuse(stated, Code::ExceedsItem, &needed);
        }
    }
    Ok((
        lines
            .into_iter()
            .map(|stated| (stated.line, stated.amount))
            .collect(),
        sum,
    ))
}

/// What has to be unapplied for a refund of `amount` (absent: of everything): from the documents that would be settled
/// last first.
fn needed(
    context: Context<'_>,
    source: DocumentIndex,
    amount: Option<Amount>,
    spread: &super::Spread,
) -> Result<Vec<TargetAmount>> {
    let source = placed(context.documents, source)?;
    let header = source.document.header();
    let mut missing = match amount {
        Some(amount) => amount
            .minus(header.figures.open().max(Amount::ZERO))
            .unwrap_or_default(),
        None => header.figures.applied(),
    };
    let mut parts = Vec::new();
    for (target, part) in context.documents.parts_of(source.index) {
        let of = placed(context.documents, target)?;
        if of.document.header().kind.is_demand() {
            parts.push((of, part.amount()));
        }
    }
    sort_by(&mut parts, |(a, _), (b, _)| {
        spread.compare(
            b.document.header(),
            a.document.header(),
            header.figures.applied(),
        )
    });
    let mut targets = Vec::new();
    for (place, (of, applied)) in parts.into_iter().enumerate() {
        let back = missing.min(applied);
        if back.is_positive() {
            missing = missing.minus(back).unwrap_or_default();
            let header = of.document.header();
            let document = Named {
                kind: header.kind,
                id: header.id.to_string(),
            };
            targets.push(TargetAmount {
                document,
                place,
                amount: Some(header.currency.decimal(back)),
                items: None,
            });
        }
    }
    Ok(targets)
}
