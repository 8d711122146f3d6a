//! Pairs what the lines of a source give with what the lines of a target receive.

use crate::allocate::{self, Likeness, MatrixCell};
use crate::document::{Line, LineIndex, PartItem, TaxIdentity};
use crate::money::Amount;
use crate::settle::guard::credit::credited_line;
use crate::settle::plan::capacity::IncrementUnit;
use crate::settle::plan::located::Located;

/// What the lines of the source give and what those of the target receive, before they are paired.
pub(super) type Margins = [Vec<u64>; 2];

/// Writes the cells of a pairing as items.
pub(super) struct CellItems<'a> {
    /// The lines of the source, which are the rows, and those of the target, which are the columns.
    pub lines: [&'a [LineIndex]; 2],
    pub units: IncrementUnit,
    pub items: &'a mut Vec<PartItem>,
}

impl CellItems<'_> {
    /// Pairs negative shares off, and leaves the others in the margins. Without signs, the margins are done already.
    pub(super) fn net(
        &mut self,
        signed: Option<[Vec<i64>; 2]>,
        margins: &mut Margins,
    ) -> Option<()> {
        let Some([mut rows, mut columns]) = signed else {
            return Some(());
        };

        let [given, received] = margins;
        net_negative(&mut rows, &mut columns, &mut |row, column, count| {
            self.add(row, column, count)
        })?;
        without_signs(&rows, given)?;
        without_signs(&columns, received)
    }

    pub(super) fn add_cell(&mut self, cell: MatrixCell) -> Option<()> {
        self.add(cell.row, cell.column, i64::try_from(cell.units).ok()?)
    }

    /// Adds the item of a cell; `None` where the cell has no line, or the amount is out of range.
    fn add(&mut self, row: usize, column: usize, count: i64) -> Option<()> {
        let [from, to] = self.lines;
        let (source, target) = (*from.get(row)?, *to.get(column)?);
        let amount = self.units.try_amount(count)?;
        self.items.push(PartItem {
            source,
            target,
            amount,
        });
        Some(())
    }
}

/// Pairs two margins off in order.
pub(super) fn pair_off(
    [from, to]: [&[LineIndex]; 2],
    [given, received]: &Margins,
    units: IncrementUnit,
    items: &mut Vec<PartItem>,
) -> Option<()> {
    let first = items.len();
    let rows = from.iter().copied().zip(given.iter().copied());
    let columns = to.iter().copied().zip(received.iter().copied());
    // In increments first, because a loop that asks for their unit each time would be slower.
    allocate::fill_named(rows, columns, &mut |source, target, count| {
        items.push(PartItem {
            source,
            target,
            amount: Amount::new(count.cast_signed())?,
        });
        Some(())
    })?;
    if !units.are_minor() {
        for item in items.get_mut(first..).unwrap_or_default() {
            item.amount = units.try_amount(item.amount.minor())?;
        }
    }
    Some(())
}

/// The shares without their signs; `None` if one is negative.
pub(super) fn without_signs(shares: &[i64], margin: &mut Vec<u64>) -> Option<()> {
    margin.clear();
    margin.extend(shares.iter().map(|share| share.unsigned_abs()));
    shares.iter().all(|&share| share >= 0).then_some(())
}

/// Pairs off negative lines: with the negative lines of the other side first, then with the first line there that has
/// something, which can then give more by the same amount. No line that remains is negative.
pub(in crate::settle) fn net_negative(
    rows: &mut [i64],
    columns: &mut [i64],
    pair: &mut dyn FnMut(usize, usize, i64) -> Option<()>,
) -> Option<()> {
    // A rebate meets a rebate as far as there is one, so that no other line has to make up for it.
    let mut row = 0;
    for column in 0..columns.len() {
        while columns.get(column).is_some_and(|&needed| needed < 0) {
            let mut others = row..rows.len();
            let Some(next) = others.find(|&row| rows.get(row).is_some_and(|&share| share < 0))
            else {
                break;
            };
            row = next;
            let (given, needed) = (rows.get_mut(row)?, columns.get_mut(column)?);
            // Both are negative: the greater number is the smaller amount.
            let count = (*given).max(*needed);
            *given = given.checked_sub(count)?;
            *needed = needed.checked_sub(count)?;
            pair(row, column, count)?;
        }
    }

    // Then at most one side has negative lines left.
    for column in 0..columns.len() {
        let needed = columns.get_mut(column).filter(|needed| **needed < 0);
        let Some(count) = needed.map(std::mem::take) else {
            continue;
        };
        let row = first_positive(rows)?;
        let given = rows.get_mut(row)?;
        *given = given.checked_sub(count)?;
        pair(row, column, count)?;
    }

    for row in 0..rows.len() {
        let given = rows.get_mut(row).filter(|given| **given < 0);
        let Some(count) = given.map(std::mem::take) else {
            continue;
        };
        let column = first_positive(columns)?;
        let needed = columns.get_mut(column)?;
        *needed = needed.checked_sub(count)?;
        pair(row, column, count)?;
    }
    Some(())
}

/// The first line that has something to give or to receive.
fn first_positive(side: &[i64]) -> Option<usize> {
    side.iter().position(|&share| share > 0)
}

/// What is alike on both sides, level by level: an item and its source item; the same tax; the same kind of line.
pub(in crate::settle) struct Alike {
    levels: Vec<[Vec<Option<u32>>; 2]>,
}

impl Alike {
    pub(super) fn of(
        source: &Located<'_>,
        rows: &[LineIndex],
        target: &Located<'_>,
        columns: &[LineIndex],
    ) -> Self {
        let mut levels = Vec::new();
        let links = keys(source, rows, |_, line| {
            Some(credited_line(source.document, line, target)?.0)
        });
        if links.iter().any(Option::is_some) {
            levels.push([links, keys(target, columns, |index, _| Some(index.0))]);
        }

        // Without tax items on both sides, all lines are of one kind.
        let mut known = Taxes::default();
        let taxes = keys(source, rows, |_, line| {
            line.detail.tax().map(|(_, identity)| known.key(identity))
        });
        if taxes.iter().any(Option::is_some) {
            let others = keys(target, columns, |_, line| {
                line.detail.tax().map(|(_, identity)| known.key(identity))
            });
            if others.iter().any(Option::is_some) {
                let kinds = [&taxes, &others].map(|keys| {
                    keys.iter()
                        .map(|key| Some(u32::from(key.is_some())))
                        .collect::<Vec<_>>()
                });
                levels.push([taxes, others]);
                levels.push(kinds);
            }
        }
        Self { levels }
    }

    pub(super) fn levels(&self) -> Vec<Likeness<'_>> {
        self.levels
            .iter()
            .map(|[rows, columns]| Likeness { rows, columns })
            .collect()
    }
}

/// What lines are known by at one level of likeness; `None` for a line that is like nobody.
fn keys<'a>(
    document: &Located<'a>,
    lines: &[LineIndex],
    mut key: impl FnMut(LineIndex, &'a Line) -> Option<u32>,
) -> Vec<Option<u32>> {
    lines
        .iter()
        .map(|&index| {
            let line = document.document.line(index)?;
            key(index, line)
        })
        .collect()
}

/// The taxes that occur, each once.
#[derive(Default)]
struct Taxes<'a>(Vec<&'a TaxIdentity>);

impl<'a> Taxes<'a> {
    /// The index of a tax in the list.
    fn key(&mut self, tax: &'a TaxIdentity) -> u32 {
        let known = self.0.iter().position(|known| known.is_same(tax));
        let index = known.unwrap_or_else(|| {
            self.0.push(tax);
            self.0.len().saturating_sub(1)
        });
        u32::try_from(index).unwrap_or(u32::MAX)
    }
}
