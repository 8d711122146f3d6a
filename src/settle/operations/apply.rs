//! Apply a credit memo or payment to invoices and debit memos (`settlement.md` 3.6, 3.17).

use crate::calendar::Date;
use crate::command::ApplyRequest;
use crate::command::settings::Limit;
use crate::command::spread::Spread;
use crate::document::{DocumentIndex, Kind, PartItem, Rule, Settlement, sum_pairs};
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::guard::effective_dates;
use crate::settle::journal::{Context, Journal, Notice};
use crate::settle::plan::capacity::{Capacity, IncrementUnit, settleable};
use crate::settle::plan::source_item;
use crate::settle::plan::spreader::{SpreadSide, Spreader, Workspace};
use crate::settle::plan::targets::{ApplyPlan, Target};

/// All targets or none. Explicit items are set aside first, so that no rule can take what they name; then the other
/// targets settle one after another, in their order.
///
/// # Errors
/// Those of [`ApplyPlan::resolve`], then the first of `exceedsItem`, `exceedsUnapplied`, `exceedsBalance`,
/// `noSourceItem`, `nothingToSettle`.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    settle: &ApplyRequest,
) -> Result<DocumentIndex> {
    let (settlement, notices) =
        journal.plan(|context, workspace| plan(context, workspace, at, settle))?;
    journal.conclude(settlement, notices)
}

fn plan(
    context: Context<'_>,
    workspace: &mut Workspace,
    at: Date,
    settle: &ApplyRequest,
) -> Result<(Settlement, Vec<Notice>)> {
    let targets = settle.targets.as_deref().unwrap_or_default();
    let mut request = ApplyPlan::resolve(context, settle, targets)?;
    check_posted_again(context, &request, at)?;
    request.measure(context)?;
    let spread = &settle.spread;
    let mut planner = Planner::new(&request, spread, workspace);
    request
        .entries
        .iter()
        .try_for_each(|entry| planner.set_aside(entry, settle.source.kind))?;
    let mut left = check_unapplied(&request, settleable(request.source.document, spread))?;
    check_balances(&request, spread)?;

    let (rule, mut notices) = limited(context, &request, spread);
    let mut settlement = room(at, &request);
    for entry in &request.entries {
        let possible = entry
            .amount
            .unwrap_or_else(|| left.min(settleable(entry.target.document, spread)));
        let items = settlement.open();
        let first = items.len();
        let (rule, amount) = if entry.items.is_some() {
            items.extend(entry.part_items());
            (Rule::Explicit, possible)
        } else if possible.is_positive() {
            let amount = planner.by_rule(rule, entry, possible, items, &mut notices)?;
            (rule, amount)
        } else {
            (rule, Amount::ZERO)
        };
        if entry.amount.is_none() {
            left = left.minus(amount).unwrap_or_default();
        }
        if !settlement.close(entry.target.index, rule, amount, first) {
            notices.push(Notice::NothingApplied(entry.target.index));
        }
    }

    // Everything was left out or is settled already: an operation that did nothing is not recorded.
    if settlement.is_empty() {
        return Err(nothing_to_settle(rule, &request, spread));
    }
    settlement.fit();
    Ok((settlement, notices))
}

/// Refuses a day on which one of the documents was a draft, because it was posted again later.
fn check_posted_again(context: Context<'_>, request: &ApplyPlan<'_>, at: Date) -> Result<()> {
    let targets = request.entries.iter().map(|entry| entry.target.index);
    for index in [request.source.index].into_iter().chain(targets) {
        effective_dates::check_posted_again(context.documents, index, at)?;
    }
    Ok(())
}

/// Plans the targets of a request one after another, by what the lines of the source have left.
struct Planner<'a, 'w> {
    request: &'a ApplyPlan<'a>,
    spread: &'a Spread,
    spreader: &'w mut Spreader,
    source: &'w mut Capacity,
    target: &'w mut Capacity,
}

impl<'a, 'w> Planner<'a, 'w> {
    fn new(request: &'a ApplyPlan<'a>, spread: &'a Spread, workspace: &'w mut Workspace) -> Self {
        let units = IncrementUnit::of(request.currency());
        workspace.spreader.count_in(units);
        workspace
            .source
            .load(request.source.document, spread, units);
        Self {
            request,
            spread,
            spreader: &mut workspace.spreader,
            source: &mut workspace.source,
            target: &mut workspace.target,
        }
    }

    /// Sets the lines of the source aside that an entry names.
    fn set_aside(&mut self, entry: &Target<'_>, kind: Kind) -> Result<()> {
        take_explicit(
            entry,
            kind,
            self.source,
            self.spread,
            self.request.currency(),
        )
    }

    /// Spreads an amount of a target over the lines of both sides. Adds the items behind `items` and returns what is
    /// settled.
    fn by_rule(
        &mut self,
        rule: Rule,
        entry: &Target<'_>,
        amount: Amount,
        items: &mut Vec<PartItem>,
        notices: &mut Vec<Notice>,
    ) -> Result<Amount> {
        let (spread, spreader) = (self.spread, &mut *self.spreader);
        let units = spreader.units();
        let count = units.whole(amount);
        self.target.load(entry.target.document, spread, units);
        let mut source = SpreadSide {
            of: self.request.source,
            capacity: self.source,
        };
        let mut target = SpreadSide {
            of: entry.target,
            capacity: self.target,
        };
        if rule != Rule::SourceItem {
            spreader.spread(rule, count, &mut source, &target, spread.matrix, items)?;
            return Ok(amount);
        }

        let mut paired = Vec::new();
        let unpaired = by_source_item(
            spreader,
            spread,
            count,
            &mut source,
            &mut target,
            &mut paired,
        )?;
        items.append(&mut paired);
        if unpaired == 0 {
            return Ok(amount);
        }
        if spread.fallback.is_some() {
            notices.push(Notice::FallbackUsed(entry.target.index));
            return Ok(amount);
        }
        if entry.amount.is_some() {
            return refuse_rest(entry, amount, unpaired, self.request.currency());
        }
        units.amount(count.saturating_sub(unpaired).cast_signed())
    }
}

/// Pairs each line with the line that it credits, and spreads what finds no place by the fallback. Returns what found
/// none. Where nothing goes by the fallback, a side that has nothing left has its lines closed, as by every other rule.
fn by_source_item(
    spreader: &mut Spreader,
    spread: &Spread,
    count: u64,
    source: &mut SpreadSide<'_>,
    target: &mut SpreadSide<'_>,
    items: &mut Vec<PartItem>,
) -> Result<u64> {
    let elsewhere = spread.fallback.is_some();
    let unpaired = source_item::pair(spreader, count, source, target, elsewhere, items)?;
    let Some(fallback) = spread.fallback.filter(|_| unpaired > 0) else {
        if !items.is_empty() {
            source_item::close(spreader, source, target, items)?;
        }
        return Ok(unpaired);
    };

    // The lines of both are in the order of the request's own rule, which is not that one.
    let is_backwards = fallback == Rule::Lifo;
    if is_backwards {
        source.capacity.reverse();
        target.capacity.reverse();
    }
    spreader.spread(fallback, unpaired, source, target, spread.matrix, items)?;
    if is_backwards {
        source.capacity.reverse();
    }
    sum_pairs(items)?;
    Ok(unpaired)
}

/// A settlement with room for what a request can settle: each target has an item for each line, and some of them one
/// more for each line of the source but one.
fn room(at: Date, request: &ApplyPlan<'_>) -> Settlement {
    let mut settlement = Settlement::new(at, request.source.index);
    let (targets, lines) = (request.entries.len(), request.lines());
    let of_source = request.source.document.lines().len();
    let more = of_source.saturating_sub(1).saturating_mul(targets);
    settlement.reserve(targets, lines.saturating_add(more.min(lines)));
    settlement
}

/// The refusal of a request by which nothing can be settled.
fn nothing_to_settle(rule: Rule, request: &ApplyPlan<'_>, spread: &Spread) -> Error {
    let (needed, found) = if rule == Rule::SourceItem && spread.fallback.is_none() {
        (
            "lines that one was made from the other, or a fallback",
            "none that have something open",
        )
    } else {
        (
            "something unapplied, and a document with a balance",
            "neither amount nor room",
        )
    };
    let list = request
        .entries
        .first()
        .map_or("invoices", Target::list_field);
    Error::new(
        Code::NothingToSettle,
        &Path::Root.field(list),
        needed,
        found,
    )
}

/// The rule, or what a limit of the book makes of it.
fn limited(context: Context<'_>, request: &ApplyPlan<'_>, spread: &Spread) -> (Rule, Vec<Notice>) {
    let rule = spread.rule.unwrap_or(Rule::Proration);
    let cells = request
        .lines()
        .saturating_mul(request.source.document.lines().len());
    if rule == Rule::Proration && !context.settings.limits.allows(Limit::ProrationCells, cells) {
        let by_rule = request.entries.iter().filter(|entry| entry.items.is_none());
        let notices = by_rule
            .map(|entry| Notice::FifoInsteadOfProration(entry.target.index))
            .collect();
        return (Rule::Fifo, notices);
    }
    (rule, Vec::new())
}

/// Refuses a stated amount that source items cannot take.
fn refuse_rest<T>(entry: &Target<'_>, amount: Amount, rest: u64, currency: &Currency) -> Result<T> {
    let rest = IncrementUnit::of(currency).amount(rest.cast_signed())?;
    let taken = amount.minus(rest).unwrap_or_default();
    let needed = format!(
        "at most {}, what source items have open, or a fallback",
        currency.write(taken)
    );
    entry.refuse(Code::NoSourceItem, "amount", &needed, || {
        currency.write(amount)
    })
}

/// Sets the lines of the source aside that an entry names.
fn take_explicit(
    entry: &Target<'_>,
    kind: Kind,
    memo: &mut Capacity,
    spread: &Spread,
    currency: &Currency,
) -> Result<()> {
    let Some(items) = &entry.items else {
        return Ok(());
    };
    let units = IncrementUnit::of(currency);
    let signed = Spread {
        signs: crate::command::spread::Signs::Aware,
        ..spread.clone()
    };
    let mut target = Capacity::of(entry.target.document, &signed, units);
    let own = entry.target.document.header().kind;
    // What negative lines give back, the others can use: of the source, each line is asked once all are taken.
    let (negative, positive): (Vec<_>, Vec<_>) = items
        .iter()
        .partition(|stated| !stated.item.amount.is_positive());
    let gives_back = !negative.is_empty();
    let mut taken = Vec::new();
    for stated in negative.into_iter().chain(positive) {
        let PartItem {
            source,
            target: line,
            amount,
        } = stated.item;
        let count = units.count(amount);
        let refuse = |kind: Kind, open: i64| {
            let open = currency.write(units.amount(open)?);
            let needed = format!("at most {open}, what the {}'s line has open", kind.name());
            entry.refuse_item(stated, Code::ExceedsItem, &needed, currency.write(amount))
        };
        let (given, needed) = (memo.left(source), target.left(line));
        if gives_back {
            taken.push((source, count, given, stated));
        } else if given < count {
            return refuse(kind, given);
        }
        if if count < 0 {
            needed > count
        } else {
            needed < count
        } {
            return refuse(own, needed);
        }
        target.take(line, count)?;
        if !gives_back {
            memo.take(source, count)?;
        }
    }
    sort_by(&mut taken, |a, b| a.0.cmp(&b.0));
    for run in taken.chunk_by(|a, b| a.0 == b.0) {
        let Some((line, _, open, stated)) = run.last() else {
            continue;
        };
        let sum = run
            .iter()
            .fold(0_i64, |sum, (_, count, ..)| sum.saturating_add(*count));
        if !(0.min(*open)..=0.max(*open)).contains(&sum) {
            let [open, sum] = [*open, sum].map(|count| units.amount(count));
            let needed = format!(
                "between zero and {} of the {}'s line together",
                currency.write(open?),
                kind.name()
            );
            return entry.refuse_item(stated, Code::ExceedsItem, &needed, currency.write(sum?));
        }
        memo.take(*line, sum)?;
    }
    Ok(())
}

/// The stated amounts must fit the source together. Answers with what they leave of it.
fn check_unapplied(request: &ApplyPlan<'_>, unapplied: Amount) -> Result<Amount> {
    let mut left = unapplied;
    for entry in &request.entries {
        let Some(amount) = entry.amount else { continue };
        match left.minus(amount).filter(|&rest| rest >= Amount::ZERO) {
            Some(rest) => left = rest,
            None => {
                let write = |amount| request.currency().write(amount);
                let needed = format!(
                    "at most {} of the {} unapplied",
                    write(left),
                    write(unapplied)
                );
                return entry.refuse(Code::ExceedsUnapplied, "amount", &needed, || write(amount));
            }
        }
    }
    Ok(left)
}

/// Each stated amount must fit its target.
fn check_balances(request: &ApplyPlan<'_>, spread: &Spread) -> Result<()> {
    request.entries.iter().try_for_each(|entry| {
        let Some(amount) = entry.amount else {
            return Ok(());
        };
        let balance = settleable(entry.target.document, spread);
        if amount <= balance {
            return Ok(());
        }
        let write = |amount| request.currency().write(amount);
        let needed = format!("at most {}", write(balance));
        entry.refuse(Code::ExceedsBalance, "amount", &needed, || write(amount))
    })
}
