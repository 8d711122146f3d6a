//! Take applications of a credit memo or payment back (`settlement.md` 3.7).

use crate::calendar::Date;
use crate::command::ApplyRequest;
use crate::command::spread::Spread;
use crate::document::{
    Application, DocumentIndex, LineIndex, Part, PartItem, Rule, Settlement, negated, sum_pairs,
};
use crate::error::{Code, Error, Path, Result, SiteField};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::journal::{Context, Journal, Notice};
use crate::settle::plan::capacity::IncrementUnit;
use crate::settle::plan::located::Located;
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::Spreader;
use crate::settle::plan::targets::{ApplyPlan, Target};

/// All that the request names, or none of it. What comes back from a target is spread over the part's items: first
/// applied, first released by default.
///
/// # Errors
/// Those of [`ApplyPlan::resolve`], `dateTooEarly`, those of [`ApplyPlan::measure`], `exceedsApplied`, `noSourceItem`,
/// `nothingToSettle`.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    settle: &ApplyRequest,
) -> Result<DocumentIndex> {
    let (settlement, notices) = plan(journal.context(), at, settle)?;
    journal.conclude(settlement, notices)
}

fn plan(
    context: Context<'_>,
    at: Date,
    settle: &ApplyRequest,
) -> Result<(Settlement, Vec<Notice>)> {
    let spread = &settle.spread;
    let rule = spread.rule.unwrap_or(Rule::Fifo);
    let mut request = match &settle.targets {
        Some(targets) => ApplyPlan::resolve(context, settle, targets)?,
        None if rule == Rule::Explicit => {
            let path = Path::Root.field(SiteField::Invoices);
            return Err(Error::new(
                Code::MissingField,
                &path,
                "the documents with their items",
                "none",
            ));
        }
        None => ApplyPlan::all_applied(context, settle)?,
    };
    check_date(context, request.source.index, at)?;
    if settle.targets.is_some() {
        request.measure(context)?;
    } else {
        request.check_part_items(context)?;
    }
    let currency = request.currency();
    let empty = Part::default();
    let part = |entry: &Target<'_>| {
        context
            .documents
            .part(request.source.index, entry.target.index)
            .unwrap_or(&empty)
    };
    request
        .entries
        .iter()
        .try_for_each(|entry| check_applied(entry, part(entry), currency))?;

    let mut spreader = Spreader::new(IncrementUnit::of(currency));
    let mut settlement = Settlement::new(at, request.source.index);
    let mut notices = Vec::new();
    for entry in &request.entries {
        let part = part(entry);
        let amount = entry.amount.unwrap_or_else(|| part.amount());
        if part.items().is_empty() {
            notices.push(Notice::NothingApplied(entry.target.index));
            continue;
        }
        let (rule, items) = match &entry.items {
            Some(_) => (
                Rule::Explicit,
                entry.part_items().map(PartItem::negated).collect(),
            ),
            None if entry.amount.is_none() => (rule, negated(part.items())),
            None => {
                let sides = [request.source, entry.target];
                (
                    rule,
                    release(
                        &mut spreader,
                        spread,
                        rule,
                        amount,
                        part,
                        sides,
                        entry,
                        currency,
                    )?,
                )
            }
        };
        settlement.add(Application {
            target: entry.target.index,
            rule,
            amount: amount.negated(),
            items: &items,
        });
    }
    let header = request.source.document.header();
    let path = Path::Root.field(header.kind.id_field());
    if settlement.is_empty() {
        return Err(Error::new(
            Code::NothingToSettle,
            &path,
            "an amount that is applied",
            "none",
        ));
    }
    Ok((settlement, notices))
}

/// What is taken back cannot be taken back before it was applied (`settlement.md` 0, rule 22).
pub(in crate::settle) fn check_date(
    context: Context<'_>,
    source: DocumentIndex,
    at: Date,
) -> Result<()> {
    let documents = context.documents;
    if documents.last_settled(source) <= Some(at) {
        return Ok(());
    }
    let settled = documents
        .entries_of(source)
        .map(|entry| &entry.settlement)
        .filter(|settlement| settlement.source == source && !documents.takes_back(settlement));
    match settled.map(|settlement| settlement.at).max() {
        Some(last) if at < last => {
            let needed = format!("{last}, the day of the last application or refund, or later");
            Err(Error::new(
                Code::DateTooEarly,
                &Path::Root.field(SiteField::At),
                needed,
                at.to_string(),
            ))
        }
        _ => Ok(()),
    }
}

/// Whether of every line comes back between nothing and what the part has of it. Where all items of a part have one
/// sign, that follows from them; where a negative line was set off against others, it does not, and what is left could
/// no longer be taken back.
pub(in crate::settle) fn keeps_signs(part: &Part, back: &[PartItem]) -> bool {
    if part.items().iter().all(|item| item.amount.is_positive()) {
        return true;
    }
    let fits = |line: fn(&PartItem) -> LineIndex| {
        let applied = part
            .items()
            .iter()
            .map(|item| (line(item), item.amount, Amount::ZERO));
        let back = back
            .iter()
            .map(|item| (line(item), Amount::ZERO, item.amount.negated()));
        let mut all: Vec<_> = applied.chain(back).collect();
        sort_by(&mut all, |a, b| a.0.cmp(&b.0));
        all.chunk_by(|a, b| a.0 == b.0).all(|run| {
            let applied = Amount::sum(run.iter().map(|(_, applied, _)| *applied));
            let back = Amount::sum(run.iter().map(|(.., back)| *back));
            applied.zip(back).is_some_and(|(applied, back)| {
                (applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&back)
            })
        })
    };
    fits(|item| item.source) && fits(|item| item.target)
}

/// What is to come back must be there: of the part, and of each of its items that is named.
fn check_applied(entry: &Target<'_>, part: &Part, currency: &Currency) -> Result<()> {
    for stated in entry.items.iter().flatten() {
        let item = stated.item;
        let applied = part.amount_between(&item);
        if !(applied.min(Amount::ZERO)..=applied.max(Amount::ZERO)).contains(&item.amount) {
            let needed = format!(
                "at most {}, what is applied between these lines",
                currency.write(applied)
            );
            return entry.refuse_item(
                stated,
                Code::ExceedsApplied,
                &needed,
                currency.write(item.amount),
            );
        }
    }
    if let Some(amount) = entry.amount.filter(|amount| *amount > part.amount()) {
        let needed = format!("at most {}", currency.write(part.amount()));
        let found = || currency.write(amount);
        return entry.refuse(Code::ExceedsApplied, "amount", &needed, found);
    }
    let stated: Vec<_> = entry.part_items().map(PartItem::negated).collect();
    if !keeps_signs(part, &stated) {
        let needed = "no more of each line than is applied of it";
        let found = || "lines of both signs".to_owned();
        return entry.refuse(Code::ExceedsApplied, "items", needed, found);
    }
    Ok(())
}

/// Spreads `amount` over the items of a part by `rule`.
#[allow(
    clippy::too_many_arguments,
    reason = "all of them are what one release is about"
)]
fn release(
    spreader: &mut Spreader,
    spread: &Spread,
    rule: Rule,
    amount: Amount,
    part: &Part,
    sides: [Located<'_>; 2],
    entry: &Target<'_>,
    currency: &Currency,
) -> Result<Vec<PartItem>> {
    let units = spreader.units();
    let count = units.whole(amount);
    if rule != Rule::SourceItem && part.items().iter().any(|item| !item.amount.is_positive()) {
        return release_signed(spreader, spread, rule, count, part, sides);
    }
    let [_, target] = sides;
    let mut items = part.items().to_vec();
    spread.sort(target.document, &mut items, |item| {
        (item.target, item.amount.minor())
    });
    let caps: Vec<_> = items.iter().map(|item| units.count(item.amount)).collect();
    let shares = if rule == Rule::SourceItem {
        let linked = linked(&items, &caps, sides);
        let possible = linked.iter().copied().fold(0_i64, i64::saturating_add);
        if spread.fallback.is_none() && count > possible.max(0).unsigned_abs() {
            let most = currency.write(units.amount(possible.max(0))?);
            let needed = format!("at most {most}, or a fallback");
            return entry.refuse(Code::NoSourceItem, "amount", &needed, || {
                currency.write(amount)
            });
        }
        shares_of_linked(spreader, spread.fallback, count, &caps, linked)?
    } else {
        spreader.shares(rule, count, caps)?
    };
    let released = items.iter().zip(shares).filter(|&(_, count)| count != 0);
    let mut released = released
        .map(|(item, count)| {
            Ok(PartItem {
                amount: units.amount(count)?.negated(),
                ..*item
            })
        })
        .collect::<Result<Vec<_>>>()?;
    sort_by(&mut released, |a, b| a.order().cmp(&b.order()));
    if keeps_signs(part, &released) {
        return Ok(released);
    }
    // A line that gave to one of its own and carried what was set off elsewhere has less than its items say.
    let rule = spread.fallback.unwrap_or(Rule::Proration);
    release_signed(spreader, spread, rule, count, part, sides)
}

/// What is applied between lines one of which credits the other, item by item; nothing of the other items.
fn linked(items: &[PartItem], caps: &[i64], [source, target]: [Located<'_>; 2]) -> Vec<i64> {
    let is_linked = |item: &PartItem| {
        source_item::targets(&source, &target, item.source).contains(&item.target)
    };
    items
        .iter()
        .zip(caps)
        .map(|(item, cap)| if is_linked(item) { *cap } else { 0 })
        .collect()
}

/// Spreads `count` over what is applied between such lines in proportion, and what is more over the others by the
/// fallback. All that is applied comes back whole, also what closed lines that cancel out.
fn shares_of_linked(
    spreader: &mut Spreader,
    fallback: Option<Rule>,
    count: u64,
    caps: &[i64],
    linked: Vec<i64>,
) -> Result<Vec<i64>> {
    let sum = |counts: &[i64]| {
        let sum = counts.iter().copied().fold(0_i64, i64::saturating_add);
        i128::from(sum)
    };
    if i128::from(count) == sum(caps) {
        return Ok(caps.to_vec());
    }
    let rest = i128::from(count).saturating_sub(sum(&linked));
    let Some(fallback) = fallback.filter(|_| rest > 0) else {
        return spreader.shares(Rule::Proration, count, linked);
    };

    let left = caps
        .iter()
        .zip(&linked)
        .map(|(cap, share)| cap.saturating_sub(*share));
    // The items are in the order of the request's own rule, which is not that one.
    let is_backwards = fallback == Rule::Lifo;
    let left = if is_backwards {
        left.rev().collect()
    } else {
        left.collect()
    };
    let rest = u64::try_from(rest).unwrap_or_default();
    let mut more = spreader.shares(fallback, rest, left)?;
    if is_backwards {
        more.reverse();
    }
    Ok(linked
        .iter()
        .zip(more)
        .map(|(first, second)| first.saturating_add(second))
        .collect())
}

/// The same where a negative line was set off against others, so that no item can come back by itself: the rule says
/// how much of every line of both sides comes back, and what stays applied of them is paired anew.
fn release_signed(
    spreader: &mut Spreader,
    spread: &Spread,
    rule: Rule,
    count: u64,
    part: &Part,
    [source, target]: [Located<'_>; 2],
) -> Result<Vec<PartItem>> {
    let units = spreader.units();
    let mut side = |of: Located<'_>, line: fn(&PartItem) -> LineIndex| {
        let mut counts: Vec<_> = part
            .items()
            .iter()
            .map(|item| (line(item), units.count(item.amount)))
            .collect();
        sort_by(&mut counts, |a, b| a.0.cmp(&b.0));
        counts.dedup_by(|again, first| {
            let same = again.0 == first.0;
            if same {
                first.1 = first.1.saturating_add(again.1);
            }
            same
        });
        spread.sort(of.document, &mut counts, |&both| both);
        let back = spreader.shares(
            rule,
            count,
            counts.iter().map(|(_, count)| *count).collect(),
        )?;
        counts
            .iter_mut()
            .zip(back)
            .for_each(|((_, count), back)| *count = count.saturating_sub(back));
        sort_by(&mut counts, |a, b| a.0.cmp(&b.0));
        Ok::<_, Error>(counts.into_iter().unzip())
    };
    let (rows, given): (Vec<LineIndex>, Vec<i64>) = side(source, |item| item.source)?;
    let (columns, needed): (Vec<LineIndex>, Vec<i64>) = side(target, |item| item.target)?;
    let before = part.items().iter().copied().map(PartItem::negated);
    let after = spreader
        .pair(given, needed)?
        .into_iter()
        .filter_map(|(row, column, count)| {
            let (source, target) = (*rows.get(row)?, *columns.get(column)?);
            Some(units.amount(count).map(|amount| PartItem {
                source,
                target,
                amount,
            }))
        });
    let mut items: Vec<_> = before.map(Ok).chain(after).collect::<Result<_>>()?;
    sum_pairs(&mut items)?;
    Ok(items)
}
