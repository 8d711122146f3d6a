//! Spreading an amount over the lines of a source and of a target.

use crate::allocate::{self, Filler, MatrixCell, Splitter, Total, apportion};
use crate::command::spread::Matrix;
use crate::document::{PartItem, Rule};
use crate::error::{Error, Result};
use crate::order::sort_by;
use crate::settle::plan::capacity::{Capacity, IncrementUnit, LineOrder};
use crate::settle::plan::located::Located;
use crate::settle::plan::pairing::{
    Alike, CellItems, Margins, net_negative, pair_off, without_signs,
};
use crate::settle::plan::trace::{AskedDocument, Recorder, SideTrace, SpreadTrace};

/// The memory in which applications are planned, used again for the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub(in crate::settle) spreader: Spreader,
    pub(in crate::settle) source: Capacity,
    pub(in crate::settle) target: Capacity,
}

impl Workspace {
    /// The most lines for which room is kept: those of a few documents with many lines.
    const KEPT: usize = 1024;

    /// Gives memory back that few will need again.
    pub(in crate::settle) fn trim(&mut self) {
        if [&self.source, &self.target]
            .iter()
            .any(|side| side.left.capacity() > Self::KEPT)
        {
            let recorder = std::mem::take(&mut self.spreader.recorder);
            *self = Self::default();
            self.spreader.recorder = recorder;
        }
    }

    /// Starts or stops keeping how amounts are apportioned, and what is found out about documents.
    pub(crate) fn trace(&mut self, is_on: bool, asked: Option<AskedDocument>) {
        self.spreader.recorder.turn(is_on, asked);
    }
}

/// Spreads amounts of a currency by rule, in memory that is used again for the next one.
#[derive(Clone, Debug, Default)]
pub(in crate::settle) struct Spreader {
    units: IncrementUnit,
    splitter: Splitter,
    filler: Filler,
    margins: Margins,
    pub(in crate::settle) recorder: Recorder,
}

/// One side of a settlement while it is spread.
pub(in crate::settle) struct SpreadSide<'a> {
    /// The document.
    pub of: Located<'a>,
    /// What its lines have left.
    pub capacity: &'a mut Capacity,
}

impl Spreader {
    /// For amounts that are counted in such units.
    pub(in crate::settle) fn new(units: IncrementUnit) -> Self {
        Self {
            units,
            ..Self::default()
        }
    }

    /// Counts amounts in other units from now on.
    pub(in crate::settle) const fn count_in(&mut self, units: IncrementUnit) {
        self.units = units;
    }

    /// What amounts are counted in.
    pub(in crate::settle) const fn units(&self) -> IncrementUnit {
        self.units
    }

    /// Spreads `count` increments over both sides and pairs the shares off; takes them from the source (the
    /// target is done with). Adds the items behind `items`, by target line, then source line.
    ///
    /// # Errors
    /// A fault if a side has less, which the guards have excluded.
    pub(in crate::settle) fn spread(
        &mut self,
        rule: Rule,
        count: u64,
        source: &mut SpreadSide<'_>,
        target: &SpreadSide<'_>,
        matrix: Matrix,
        items: &mut Vec<PartItem>,
    ) -> Result<()> {
        let mut margins = std::mem::take(&mut self.margins);
        let has_negative = source.capacity.has_negative || target.capacity.has_negative;
        let signed = if has_negative {
            Some(self.split_signed(rule, count, source, target)?)
        } else {
            self.split_unsigned(rule, count, source, target, &mut margins)?;
            None
        };

        let (from, to) = (source.capacity.lines(), target.capacity.lines());
        let first_new = items.len();
        items.reserve(from.len().saturating_add(to.len()).saturating_sub(1));

        // Where nothing has a choice, like meets like by itself, and two sides in document order leave items in theirs.
        let has_choice = from.len() > 1 && to.len() > 1 && source.of.document.has_alike();
        let is_straight = matrix == Matrix::Sparse && !has_choice && signed.is_none();
        let paired = if is_straight {
            pair_off([from, to], &margins, self.units, items)
        } else {
            let alike = (matrix == Matrix::Sparse && has_choice)
                .then(|| Alike::of(&source.of, from, &target.of, to));
            let mut cells = CellItems {
                lines: [from, to],
                units: self.units,
                items,
            };
            cells
                .net(signed, &mut margins)
                .and_then(|()| self.fill(matrix, alike.as_ref(), &margins, &mut cells))
        };
        paired.ok_or_else(unequal_margins)?;
        self.margins = margins;

        if !is_straight || source.capacity.order.max(target.capacity.order) == LineOrder::Other {
            let new_items = items.get_mut(first_new..).unwrap_or_default();
            sort_by(new_items, |a, b| a.order().cmp(&b.order()));
        }
        Ok(())
    }

    /// Splits `count` increments over the lines of both sides, none of which is negative, into the margins, and takes
    /// what the source gives from its lines.
    fn split_unsigned(
        &mut self,
        rule: Rule,
        count: u64,
        source: &mut SpreadSide<'_>,
        target: &SpreadSide<'_>,
        [given, received]: &mut Margins,
    ) -> Result<()> {
        // The target first: it mostly has more lines, and memory is made once.
        self.unsigned(rule, count, &target.capacity.left, received)?;
        let received_trace = self.recorder.side(count, target.capacity.lines());
        self.unsigned(rule, count, &source.capacity.left, given)?;
        self.record(source, target, count, received_trace);

        let shares = given.iter().map(|share| share.cast_signed());
        source.capacity.take_all(shares);
        Ok(())
    }

    /// Does the same for lines of any sign, and returns the shares of the source and of the target.
    fn split_signed(
        &mut self,
        rule: Rule,
        count: u64,
        source: &mut SpreadSide<'_>,
        target: &SpreadSide<'_>,
    ) -> Result<[Vec<i64>; 2]> {
        let received = self.signed(rule, count, target.capacity)?;
        let received_trace = self.recorder.side(count, target.capacity.lines());
        let given = self.signed(rule, count, source.capacity)?;
        self.record(source, target, count, received_trace);

        source.capacity.take_all(given.iter().copied());
        Ok([given, received])
    }

    /// Pairs the margins as the matrix wants it, what is alike first. `None` if they have different sums.
    fn fill(
        &mut self,
        matrix: Matrix,
        alike: Option<&Alike>,
        [given, received]: &Margins,
        cells: &mut CellItems<'_>,
    ) -> Option<()> {
        let mut pair = |cell: MatrixCell| cells.add_cell(cell);

        // A dense matrix gives each line a share of each, so there is nothing to choose between lines.
        match (matrix, alike) {
            (Matrix::Dense, _) => self.filler.dense(given, received, &mut pair),
            (Matrix::Sparse, None) => allocate::fill_with(given, received, &mut pair),
            (Matrix::Sparse, Some(alike)) => {
                self.filler
                    .alike(given, received, &alike.levels(), &mut pair)
            }
        }
    }

    /// Records what was received of `count` increments, and the last split as what was given.
    fn record(
        &mut self,
        source: &SpreadSide<'_>,
        target: &SpreadSide<'_>,
        count: u64,
        received: Option<SideTrace>,
    ) {
        let given = self.recorder.side(count, source.capacity.lines());
        if let Some(given) = given {
            self.recorder.record(SpreadTrace {
                source: source.of.index,
                target: target.of.index,
                given,
                received,
            });
        }
    }

    /// The shares of `count` increments over lines that have `left`.
    ///
    /// # Errors
    /// As [`Spreader::spread`].
    pub(in crate::settle) fn shares(
        &mut self,
        rule: Rule,
        count: u64,
        left: Vec<i64>,
    ) -> Result<Vec<i64>> {
        let has_negative = left.iter().any(|&left| left < 0);
        let left = left.into_iter().map(i64::cast_unsigned).collect();

        // Which lines they are does not matter to a split.
        self.signed(
            rule,
            count,
            &Capacity {
                left,
                has_negative,
                ..Capacity::default()
            },
        )
    }

    /// Pairs two margins of the same sum off as it is done without likeness: row, column, count.
    ///
    /// # Errors
    /// As [`Spreader::spread`].
    pub(in crate::settle) fn pair(
        &mut self,
        mut rows: Vec<i64>,
        mut columns: Vec<i64>,
    ) -> Result<Vec<(usize, usize, i64)>> {
        let mut cells = Vec::new();
        let mut pair = |row, column, count| {
            cells.push((row, column, count));
            Some(())
        };
        let [given, received] = &mut self.margins;

        // The fill knows no signs: it gets what is left once negative lines are paired off.
        let done = net_negative(&mut rows, &mut columns, &mut pair).and_then(|()| {
            without_signs(&rows, given)?;
            without_signs(&columns, received)?;
            allocate::fill_with(given, received, &mut |cell| {
                pair(cell.row, cell.column, i64::try_from(cell.units).ok()?)
            })
        });
        done.ok_or_else(unequal_margins)?;
        Ok(cells)
    }

    /// Splits `count` over what lines have left, none of them less than nothing: in proportion, or in their order.
    fn unsigned(
        &mut self,
        rule: Rule,
        count: u64,
        left: &[u64],
        shares: &mut Vec<u64>,
    ) -> Result<()> {
        let split = match rule {
            Rule::Proration if self.recorder.is_on() => {
                let weights: Vec<_> = left.iter().map(|left| left.cast_signed()).collect();
                self.with_steps(count, &weights).map(|parts| {
                    shares.clear();
                    shares.extend(parts.into_iter().map(i64::cast_unsigned));
                })
            }
            Rule::Proration => {
                shares.resize(left.len(), 0);
                // Nobody gets more than it has if all together do not.
                let total = Total::of(left).filter(|total| count <= total.sum());
                total.and_then(|total| self.splitter.proportional_of(count, left, total, shares))
            }
            _ => self.splitter.in_order(count, left, shares),
        };
        split.ok_or_else(misfit)
    }

    /// The same over lines of any sign.
    fn signed(&mut self, rule: Rule, count: u64, capacity: &Capacity) -> Result<Vec<i64>> {
        if !capacity.has_negative {
            let mut shares = Vec::new();
            self.unsigned(rule, count, &capacity.left, &mut shares)?;
            return Ok(shares.into_iter().map(u64::cast_signed).collect());
        }

        let left: Vec<_> = capacity
            .left
            .iter()
            .map(|left| left.cast_signed())
            .collect();
        let shares = if rule == Rule::Proration && self.recorder.is_on() {
            self.with_steps(count, &left)
        } else if rule == Rule::Proration {
            allocate::proportional_signed(count, &left)
        } else {
            // What is negative settles first, in full: it is there to be set off against the rest.
            self.in_order_signed(count, &left)
        };

        // Between zero and what the line has, whatever its sign. The guards have excluded anything else.
        let fits = |(share, cap): (&i64, &i64)| (0.min(*cap)..=0.max(*cap)).contains(share);
        let shares = shares.filter(|shares: &Vec<i64>| {
            shares.len() == left.len() && shares.iter().zip(&left).all(fits)
        });
        shares.ok_or_else(misfit)
    }

    /// Splits in proportion as the kernel does, and keeps the steps. Nobody gets more than it has if all together do
    /// not.
    fn with_steps(&mut self, count: u64, left: &[i64]) -> Option<Vec<i64>> {
        let total = left
            .iter()
            .try_fold(0_i64, |sum, left| sum.checked_add(*left))?;
        if i128::from(count) > i128::from(total) {
            return None;
        }

        let split = apportion(count, left)?;
        let parts = split.parts.clone();
        self.recorder.keep(split);
        Some(parts)
    }

    /// Splits `count` in order over lines of any sign: the negative ones in full, the others as far as it goes.
    fn in_order_signed(&mut self, count: u64, left: &[i64]) -> Option<Vec<i64>> {
        if count == 0 {
            return Some(vec![0; left.len()]);
        }

        // What the negative lines take off is there to be settled on the others as well.
        let negative = left.iter().filter(|&&left| left < 0);
        let pool = negative.fold(count, |sum, left| sum.saturating_add(left.unsigned_abs()));
        let caps: Vec<_> = left
            .iter()
            .map(|&left| u64::try_from(left).unwrap_or_default())
            .collect();
        let shares = allocate::in_order(pool, &caps)?;

        let signed =
            |(&left, share): (&i64, u64)| if left < 0 { left } else { share.cast_signed() };
        Some(left.iter().zip(shares).map(signed).collect())
    }
}

#[cold]
fn misfit() -> Error {
    Error::fault("an amount that does not fit its lines")
}

#[cold]
fn unequal_margins() -> Error {
    Error::fault("margins that do not meet")
}
