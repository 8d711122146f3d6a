//! Each line with the line that it credits (`settlement.md#apply-to-source-items`), over any number of
//! documents and for any part of the amount.

use crate::allocate;
use crate::document::{LineIndex, PartItem, Rule, sum_pairs};
use crate::error::{Error, Result};
use crate::order::sort_by;
use crate::settle::guard::credit::credited_line;
use crate::settle::plan::capacity::Capacity;
use crate::settle::plan::located::Located;
use crate::settle::plan::spreader::{SpreadSide, Spreader};

/// What can go between two lines that belong together; below zero where both are.
#[derive(Clone, Copy)]
struct Pair {
    source: LineIndex,
    target: LineIndex,
    count: i64,
}

/// Pairs the lines of the source with the lines of the target that they credit, up to `count` increments, and takes
/// them from both sides. Adds the items behind `items`, by target line, then source line, and returns what found no
/// place.
///
/// An amount that is less than the pairs have together is split over them in proportion, negative ones with their sign:
/// half of an invoice is half of its rebate too. If the pairs have nothing together, because negative ones outweigh the
/// others, they can only be settled next to an amount that goes by the fallback.
///
/// A tax item that names no source meets the same tax (name, location, jurisdiction, rate) of its item's source item,
/// and the rounding item of a memo that of the document which it was made from. Where one line meets several, what it
/// has is split over them by largest remainder. Where several meet one, what that has open is split over them in
/// proportion to what each has, also where one of them alone has more: 40.00 and 80.00 share 60.00 as 20.00 and 40.00.
///
/// # Errors
/// A fault if a side has less than it said.
pub(in crate::settle) fn pair(
    spreader: &mut Spreader,
    count: u64,
    source: &mut SpreadSide<'_>,
    target: &mut SpreadSide<'_>,
    has_fallback: bool,
    items: &mut Vec<PartItem>,
) -> Result<u64> {
    let mut pairs = pairs(spreader, source, target)?;
    let possible = sum(pairs.iter().map(|pair| pair.count));
    if possible <= 0 && !has_fallback {
        return Ok(count);
    }

    let unpaired =
        u64::try_from(i128::from(count).saturating_sub(possible.into())).unwrap_or_default();
    // Less than the pairs have, or all of it: each gets its share, so that a part of an invoice is a part of each line.
    if unpaired == 0 {
        let caps = pairs.iter().map(|pair| pair.count).collect();
        let shares = spreader.shares(Rule::Proration, count, caps)?;
        set_counts(&mut pairs, shares);
    }

    let first = items.len();
    items.reserve(pairs.len());
    for pair in pairs.into_iter().filter(|pair| pair.count != 0) {
        source.capacity.take(pair.source, pair.count)?;
        target.capacity.take(pair.target, pair.count)?;
        items.push(PartItem {
            source: pair.source,
            target: pair.target,
            amount: spreader.units().amount(pair.count)?,
        });
    }
    sort_by(items.get_mut(first..).unwrap_or_default(), |a, b| {
        a.order().cmp(&b.order())
    });
    Ok(unpaired)
}

/// Closes the lines of a document that has nothing left while some of its lines do, those below zero as much as the
/// others: they are set off against each other. The lines of two documents of that kind meet each other; those of one
/// meet the first line of the other that takes part, and move nothing of it. `items` are all that is settled between
/// them so far.
///
/// # Errors
/// A fault if that is nothing.
pub(in crate::settle) fn close(
    spreader: &mut Spreader,
    source: &mut SpreadSide<'_>,
    target: &mut SpreadSide<'_>,
    items: &mut Vec<PartItem>,
) -> Result<()> {
    let (rows, given) = source.capacity.unbalanced();
    let (columns, needed) = target.capacity.unbalanced();
    if rows.is_empty() && columns.is_empty() {
        return Ok(());
    }

    let closing = if rows.is_empty() {
        let row = first_settled(items, |item| item.source)?;
        columns
            .into_iter()
            .zip(needed)
            .map(|(column, count)| (row, column, count))
            .collect()
    } else if columns.is_empty() {
        let column = first_settled(items, |item| item.target)?;
        rows.into_iter()
            .zip(given)
            .map(|(row, count)| (row, column, count))
            .collect()
    } else {
        let cells = spreader.pair(given, needed)?.into_iter();
        cells
            .filter_map(|(row, column, count)| {
                Some((*rows.get(row)?, *columns.get(column)?, count))
            })
            .collect::<Vec<_>>()
    };

    for (row, column, count) in closing {
        source.capacity.take(row, count)?;
        target.capacity.take(column, count)?;
        items.push(PartItem {
            source: row,
            target: column,
            amount: spreader.units().amount(count)?,
        });
    }
    sum_pairs(items)
}

/// The first line that gives or receives more than nothing.
fn first_settled(items: &[PartItem], line: fn(&PartItem) -> LineIndex) -> Result<LineIndex> {
    let mut lines: Vec<_> = items
        .iter()
        .map(|item| (line(item), item.amount.minor()))
        .collect();
    sort_by(&mut lines, |a, b| a.0.cmp(&b.0));

    let is_settled = |run: &&[(LineIndex, i64)]| sum(run.iter().map(|(_, amount)| *amount)) > 0;
    lines
        .chunk_by(|a, b| a.0 == b.0)
        .find(is_settled)
        .and_then(|run| run.first())
        .map(|(line, _)| *line)
        .ok_or_else(|| Error::fault("a document that is settled by nothing"))
}

/// The pairs of lines that belong together, with what can go between them.
fn pairs(
    spreader: &mut Spreader,
    source: &SpreadSide<'_>,
    target: &SpreadSide<'_>,
) -> Result<Vec<Pair>> {
    let mut pairs: Vec<Pair> = Vec::new();
    for (line, left) in source.capacity.open() {
        let (targets, open) = open_targets(&source.of, &target.of, target.capacity, line, left);
        let brought = split_over(left, &open)?;
        pairs.extend(targets.into_iter().zip(brought).map(|(to, count)| Pair {
            source: line,
            target: to,
            count,
        }));
    }

    sort_by(&mut pairs, |a, b| {
        (a.target, a.source).cmp(&(b.target, b.source))
    });
    for run in pairs.chunk_by_mut(|a, b| a.target == b.target) {
        if let Some(pair) = run.first() {
            let open = target.capacity.left(pair.target);
            fit(spreader, run, open)?;
        }
    }
    Ok(pairs)
}

/// The lines of the target that a line of the source credits, and how much each has open, without its sign: those of
/// the line's own sign, or if there are none, those of the other.
fn open_targets(
    source: &Located<'_>,
    target: &Located<'_>,
    capacity: &Capacity,
    line: LineIndex,
    left: i64,
) -> (Vec<LineIndex>, Vec<i64>) {
    let (alike, others): (Vec<_>, Vec<_>) = targets(source, target, line)
        .into_iter()
        .map(|line| (line, capacity.left(line)))
        .filter(|(_, open)| *open != 0)
        .partition(|(_, open)| (*open < 0) == (left < 0));

    let all = if alike.is_empty() { others } else { alike };
    all.into_iter()
        .map(|(line, open)| (line, open.saturating_abs()))
        .unzip()
}

/// Splits all that a line has over the lines that it meets, with its sign. It is not capped by what they have open:
/// beside others that meet them, it counts with all that it has.
fn split_over(left: i64, open: &[i64]) -> Result<Vec<i64>> {
    match open {
        [] => Ok(Vec::new()),
        [_] => Ok(vec![left]),
        several => {
            let split = allocate::apportion(left.unsigned_abs(), several);
            let split = split.ok_or_else(|| Error::fault("open amounts that split nothing"))?;
            let shares = split.parts.into_iter();
            Ok(shares.map(|share| with_sign_of(left, share)).collect())
        }
    }
}

/// What several lines bring to one must fit it together. What they bring against its sign takes off the rest; if it
/// outweighs the rest, none of them can be settled there.
fn fit(spreader: &mut Spreader, run: &mut [Pair], open: i64) -> Result<()> {
    let brought = run.iter().map(|pair| with_sign_of(open, pair.count));
    let brought: Vec<_> = brought.collect();

    let fitting = sum(brought.iter().copied()).min(open.saturating_abs());
    let shares = if fitting > 0 {
        spreader.shares(Rule::Proration, fitting.unsigned_abs(), brought)?
    } else {
        vec![0; run.len()]
    };

    let shares = shares.into_iter();
    let counts = shares.map(|share| with_sign_of(open, share)).collect();
    set_counts(run, counts);
    Ok(())
}

/// A count with the other sign if `sign` is below zero. What goes towards a line below zero is below zero.
const fn with_sign_of(sign: i64, count: i64) -> i64 {
    if sign < 0 {
        count.saturating_neg()
    } else {
        count
    }
}

fn set_counts(pairs: &mut [Pair], counts: Vec<i64>) {
    pairs
        .iter_mut()
        .zip(counts)
        .for_each(|(pair, count)| pair.count = count);
}

/// A sum of what lines of one document have, which is in range.
fn sum(counts: impl Iterator<Item = i64>) -> i64 {
    counts.fold(0, i64::saturating_add)
}

/// The lines of the target that a line of the source credits.
pub(in crate::settle) fn targets(
    source: &Located<'_>,
    target: &Located<'_>,
    line: LineIndex,
) -> Vec<LineIndex> {
    if let Some(credited) = line_credited_by(source, target, line) {
        return vec![credited];
    }

    // A tax item that names no line credits the same tax of the item that its own item credits.
    let line = source.document.line(line);
    let Some((item, tax)) = line.and_then(|line| line.detail.tax()) else {
        return Vec::new();
    };
    match line_credited_by(source, target, item) {
        Some(item) => target.document.same_taxes(item, tax).collect(),
        None => Vec::new(),
    }
}

/// The line of the target that a line of the source names.
fn line_credited_by(
    source: &Located<'_>,
    target: &Located<'_>,
    line: LineIndex,
) -> Option<LineIndex> {
    let line = source.document.line(line)?;
    credited_line(source.document, line, target)
}
