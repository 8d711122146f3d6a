//! Each line with the line that it credits (`settlement.md` 0, rule 15, and 4.2, SOURCE-ITEM), over any number of
//! documents and for any part of the amount.

use super::Rule;
use super::rule::{Side, Spreader};
use super::spread::Placed;
use crate::document::{LineIndex, PartItem};
use crate::error::Result;
use crate::order::sort_by;

/// Pairs the lines of the source with those lines of the target that they credit, up to `count` increments, and takes
/// them from both sides. Adds the items behind `items`, by target line, then source line, and answers with what found
/// no place.
///
/// A tax item that names no source meets the same tax (name, location, jurisdiction, rate) of its item's source item.
/// Where several lines meet one, or one meets several, what there is room for is split over them by largest remainder,
/// and so is an amount that is less than all of it.
///
/// # Errors
/// A fault if a side has less than it said.
pub(super) fn pair(
    spreader: &mut Spreader,
    count: u64,
    source: &mut Side<'_>,
    target: &mut Side<'_>,
    items: &mut Vec<PartItem>,
) -> Result<u64> {
    let mut cells = cells(spreader, source, target)?;
    let possible = cells.iter().fold(0_u64, |sum, (.., count)| {
        sum.saturating_add(count.unsigned_abs())
    });
    let settled = count.min(possible);
    let caps = cells.iter().map(|(.., count)| *count).collect();
    let shares = spreader.shares(Rule::Proration, settled, caps)?;
    cells
        .iter_mut()
        .zip(shares)
        .for_each(|((.., count), share)| *count = share);
    let first = items.len();
    items.reserve(cells.len());
    for (from, to, share) in cells.into_iter().filter(|(.., share)| *share > 0) {
        source.capacity.take(from, share);
        target.capacity.take(to, share);
        items.push(PartItem {
            source: from,
            target: to,
            amount: spreader.units().amount(share)?,
        });
    }
    sort_by(items.get_mut(first..).unwrap_or_default(), |a, b| {
        a.order().cmp(&b.order())
    });
    Ok(count.saturating_sub(settled))
}

/// The pairs of lines that belong together, with what can go between them.
fn cells(
    spreader: &mut Spreader,
    source: &Side<'_>,
    target: &Side<'_>,
) -> Result<Vec<(LineIndex, LineIndex, i64)>> {
    let mut cells: Vec<(LineIndex, LineIndex, i64)> = Vec::new();
    for (line, left) in source.capacity.positive() {
        let targets = targets(&source.of, &target.of, line);
        let open: Vec<_> = targets
            .iter()
            .map(|&line| target.capacity.left(line).max(0))
            .collect();
        let room = open
            .iter()
            .fold(0_i64, |sum, &open| sum.saturating_add(open));
        let shares = spreader.shares(Rule::Proration, left.min(room).unsigned_abs(), open)?;
        cells.extend(
            targets
                .into_iter()
                .zip(shares)
                .map(|(to, share)| (line, to, share)),
        );
    }
    // What several lines bring to one must fit it together.
    sort_by(&mut cells, |a, b| (a.1, a.0).cmp(&(b.1, b.0)));
    for run in cells.chunk_by_mut(|a, b| a.1 == b.1) {
        let Some((_, to, _)) = run.first() else {
            continue;
        };
        let open = target.capacity.left(*to).max(0);
        let brought: Vec<_> = run.iter().map(|(.., count)| *count).collect();
        let sum = brought
            .iter()
            .fold(0_i64, |sum, &count| sum.saturating_add(count));
        let shares = spreader.shares(Rule::Proration, sum.min(open).unsigned_abs(), brought)?;
        run.iter_mut()
            .zip(shares)
            .for_each(|((.., count), share)| *count = share);
    }
    Ok(cells)
}

/// The lines of the target that a line of the source credits.
pub(super) fn targets(source: &Placed<'_>, target: &Placed<'_>, line: LineIndex) -> Vec<LineIndex> {
    let of_target = |line: LineIndex| {
        let place = source.document.line(line)?.source?;
        (place.document == target.index).then_some(place.line)
    };
    if let Some(line) = of_target(line) {
        return vec![line];
    }
    let tax = source
        .document
        .line(line)
        .and_then(|line| line.detail.tax());
    let Some((item, tax)) = tax.and_then(|(item, tax)| Some((of_target(item)?, tax))) else {
        return Vec::new();
    };
    let is_same = |line: &LineIndex| {
        let detail = target.document.line(*line).map(|line| &line.detail);
        detail
            .and_then(|detail| detail.tax())
            .is_some_and(|(_, other)| other.is_same(tax))
    };
    target.document.tax_items(item).filter(is_same).collect()
}
