//! Two margins paired off: what each row gives, what each column gets, and which of it goes from where to where.
//!
//! A *sparse* matrix has the fewest cells that keep the margins: every cell exhausts its row or its column, and the
//! last one both, so there are at most `rows + columns − 1` of them, however they are chosen. Which they are is
//! therefore free, and [`Filler::alike`] uses that to let like meet like. A *dense* matrix gives every column a share
//! of every row ([`Filler::dense`]). Both have the same margins, so no balance tells them apart.

use super::Splitter;

/// A share that goes from one row to one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixCell {
    /// The index of the row.
    pub row: usize,
    /// The index of the column.
    pub column: usize,
    /// How much; never zero.
    pub units: u64,
}

/// Pairs the `rows` off against the `columns` in order: each cell takes all that its row still has and its column still
/// needs. Rows and columns keep exactly their margins, in at most `rows + columns − 1` cells, none of them zero.
///
/// `None` if the margins have different sums.
///
/// ```
/// use setoff::allocate::{MatrixCell, fill};
/// let cell = |row, column, units| MatrixCell { row, column, units };
/// assert_eq!(fill(&[5, 3], &[4, 4]), Some(vec![cell(0, 0, 4), cell(0, 1, 1), cell(1, 1, 3)]));
/// assert_eq!(fill(&[5], &[4]), None);
/// ```
#[must_use]
pub fn fill(rows: &[u64], columns: &[u64]) -> Option<Vec<MatrixCell>> {
    let mut cells = Vec::with_capacity(rows.len().saturating_add(columns.len()));
    fill_with(rows, columns, &mut |cell| {
        cells.push(cell);
        Some(())
    })?;
    Some(cells)
}

/// As [`fill`], cell by cell. `None` also as soon as `pair` says so.
pub fn fill_with(
    rows: &[u64],
    columns: &[u64],
    pair: &mut impl FnMut(MatrixCell) -> Option<()>,
) -> Option<()> {
    let rows = rows.iter().copied().enumerate();
    let columns = columns.iter().copied().enumerate();
    fill_named(rows, columns, &mut |row, column, units| {
        pair(MatrixCell { row, column, units })
    })
}

/// As [`fill_with`] for rows and columns that come with what they are called.
pub(crate) fn fill_named<R: Copy, C: Copy + Default>(
    rows: impl Iterator<Item = (R, u64)>,
    mut columns: impl Iterator<Item = (C, u64)>,
    pair: &mut impl FnMut(R, C, u64) -> Option<()>,
) -> Option<()> {
    let (mut column, mut needed) = (C::default(), 0);
    for (row, mut given) in rows {
        while given > 0 {
            // A column of nothing is passed over: a cell of zero would say that two lines met.
            if needed == 0 {
                (column, needed) = columns.next()?;
                continue;
            }

            let units = given.min(needed);
            pair(row, column, units)?;
            given = given.wrapping_sub(units);
            needed = needed.wrapping_sub(units);
        }
    }

    // Columns that still need something have no row to get it from: the margins have different sums.
    (needed == 0 && columns.all(|(_, needed)| needed == 0)).then_some(())
}

/// Who is like whom, at one level: rows and columns of the same key are. A key is an index, such as that of a line or
/// of a tax in a list of taxes: memory grows with the largest. `None` is like nobody.
#[derive(Clone, Copy, Debug)]
pub struct Likeness<'a> {
    /// The key of each row.
    pub rows: &'a [Option<u32>],
    /// The key of each column.
    pub columns: &'a [Option<u32>],
}

/// No column.
const NONE: u32 = u32::MAX;

/// Fills one matrix after another in the same memory.
#[derive(Clone, Debug, Default)]
pub struct Filler {
    rows: Vec<u64>,
    columns: Vec<u64>,
    /// By key: the first column that may still need something, or `NONE`.
    first_of_key: Vec<u32>,
    /// By column: the next one of its key, or `NONE`.
    next_of_key: Vec<u32>,
    splitter: Splitter,
    shares: Vec<u64>,
}

impl Filler {
    /// Pairs the `rows` off against the `columns`, those of equal keys first: level by level, at each the rows in order
    /// and for each row the columns of its key in order; then what is left as [`fill_with`] does, in order and across.
    /// Every cell exhausts its row or its column, so no two meet twice and the cells are at most
    /// `rows + columns − 1`. Takes time in proportion to levels × (rows + columns), plus the largest key.
    ///
    /// `None` if the margins have different sums, if a level has not one key each, or as soon as `pair` says so.
    ///
    /// ```
    /// use setoff::allocate::{MatrixCell, Filler, Likeness};
    /// // A charge of 10 and its tax of 2 against a tax of 3 and a charge of 9: tax meets tax, charge meets charge, and
    /// // only what is left of the charge goes to the tax.
    /// let (charge, tax) = (Some(0), Some(1));
    /// let kinds = Likeness { rows: &[charge, tax], columns: &[tax, charge] };
    /// let mut cells = Vec::new();
    /// let mut pair = |cell: MatrixCell| {
    ///     cells.push((cell.row, cell.column, cell.units));
    ///     Some(())
    /// };
    /// Filler::default().alike(&[10, 2], &[3, 9], &[kinds], &mut pair).unwrap();
    /// assert_eq!(cells, [(0, 1, 9), (1, 0, 2), (0, 0, 1)]);
    /// ```
    pub fn alike(
        &mut self,
        rows: &[u64],
        columns: &[u64],
        levels: &[Likeness<'_>],
        pair: &mut impl FnMut(MatrixCell) -> Option<()>,
    ) -> Option<()> {
        replace(&mut self.rows, rows);
        replace(&mut self.columns, columns);
        for level in levels {
            self.meet(level, pair)?;
        }
        fill_with(&self.rows, &self.columns, pair)
    }

    /// Lets the rows and columns of equal keys meet, and takes what they settle from both.
    fn meet(
        &mut self,
        level: &Likeness<'_>,
        pair: &mut impl FnMut(MatrixCell) -> Option<()>,
    ) -> Option<()> {
        if level.rows.len() != self.rows.len() || level.columns.len() != self.columns.len() {
            return None;
        }
        self.thread_columns(level)?;

        for (row, (key, given)) in level.rows.iter().zip(&mut self.rows).enumerate() {
            let Some(first) = index(*key).and_then(|key| self.first_of_key.get_mut(key)) else {
                continue;
            };

            while *given > 0 && *first != NONE {
                let column = index(Some(*first))?;
                let needed = self.columns.get_mut(column)?;
                let units = (*given).min(*needed);
                pair(MatrixCell { row, column, units })?;

                *given = given.saturating_sub(units);
                *needed = needed.saturating_sub(units);
                // No row looks at a full column again, or a level would take time with rows × columns.
                if *needed == 0 {
                    *first = *self.next_of_key.get(column)?;
                }
            }
        }
        Some(())
    }

    /// Makes a list of the columns that need something for each key, threaded from the last to the first.
    #[inline]
    fn thread_columns(&mut self, level: &Likeness<'_>) -> Option<()> {
        let count = u32::try_from(self.columns.len()).ok()?;
        if count == NONE {
            return None;
        }

        self.first_of_key.clear();
        self.next_of_key.resize(self.columns.len(), NONE);

        let columns = level.columns.iter().zip(&self.columns);
        let columns = columns.zip(&mut self.next_of_key).rev();
        for (column, ((key, needed), next)) in (0..count).rev().zip(columns) {
            let Some(key) = index(*key).filter(|_| *needed > 0) else {
                continue;
            };
            if key >= self.first_of_key.len() {
                self.first_of_key.resize(key.checked_add(1)?, NONE);
            }
            *next = std::mem::replace(self.first_of_key.get_mut(key)?, column);
        }
        Some(())
    }

    /// Gives every column a share of every row: row by row in proportion to what the columns still need, by largest
    /// remainder, so that the margins are kept exactly and no cell exceeds its column. Cells of zero are left out, all
    /// others come by row and column. The last row gets what is left.
    ///
    /// (Splitting each row over the *whole* columns would keep the rows alone: applied in full, most documents would
    /// then have an item that gets more than it needs.)
    ///
    /// `None` if the margins have different sums or sum to 2⁶³ or more, or as soon as `pair` says so.
    ///
    /// ```
    /// use setoff::allocate::{MatrixCell, Filler};
    /// let mut cells = Vec::new();
    /// let mut pair = |cell: MatrixCell| {
    ///     cells.push((cell.row, cell.column, cell.units));
    ///     Some(())
    /// };
    /// // 5 over 4, 4: 2.5 each, the odd one to the first. What is left is 1 and 2.
    /// Filler::default().dense(&[5, 3], &[4, 4], &mut pair).unwrap();
    /// assert_eq!(cells, [(0, 0, 3), (0, 1, 2), (1, 0, 1), (1, 1, 2)]);
    /// ```
    pub fn dense(
        &mut self,
        rows: &[u64],
        columns: &[u64],
        pair: &mut dyn FnMut(MatrixCell) -> Option<()>,
    ) -> Option<()> {
        replace(&mut self.columns, columns);

        for (row, &given) in rows.iter().enumerate() {
            self.splitter
                .proportional(given, &self.columns, &mut self.shares)?;

            let columns = self.shares.iter().zip(&mut self.columns);
            for (column, (&units, needed)) in columns.enumerate() {
                *needed = needed.checked_sub(units)?;
                if units > 0 {
                    pair(MatrixCell { row, column, units })?;
                }
            }
        }

        self.columns.iter().all(|&needed| needed == 0).then_some(())
    }
}

/// A key as an index.
fn index(key: Option<u32>) -> Option<usize> {
    key.and_then(|key| usize::try_from(key).ok())
}

fn replace(list: &mut Vec<u64>, by: &[u64]) {
    list.clear();
    list.extend_from_slice(by);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells, or `None`.
    fn collect(
        fill: impl FnOnce(&mut Filler, &mut dyn FnMut(MatrixCell) -> Option<()>) -> Option<()>,
    ) -> Option<Vec<(usize, usize, u64)>> {
        let mut cells = Vec::new();
        fill(&mut Filler::default(), &mut |cell| {
            cells.push((cell.row, cell.column, cell.units));
            Some(())
        })?;
        Some(cells)
    }

    #[test]
    fn the_closest_likeness_goes_first() {
        // Rows: an item that credits line 1, a VAT, a city tax. Columns: line 0, line 1, the city tax, the VAT.
        let source = Likeness {
            rows: &[Some(1), None, None],
            columns: &[Some(0), Some(1), Some(2), Some(3)],
        };
        let taxes = Likeness {
            rows: &[None, Some(0), Some(7)],
            columns: &[None, None, Some(7), Some(0)],
        };
        let kinds = Likeness {
            rows: &[Some(0), Some(1), Some(1)],
            columns: &[Some(0), Some(0), Some(1), Some(1)],
        };
        let cells = collect(|f, pair| {
            f.alike(
                &[50, 9, 4],
                &[20, 30, 8, 5],
                &[source, taxes, kinds],
                &mut |cell| pair(cell),
            )
        });
        // Line 1 takes 30 of the item; the VAT its 5, the city tax its 4; then the item's other 20 go to line 0 and the
        // VAT's other 4 to the city tax.
        assert_eq!(
            cells,
            Some(vec![
                (0, 1, 30),
                (1, 3, 5),
                (2, 2, 4),
                (0, 0, 20),
                (1, 2, 4)
            ])
        );
    }

    #[test]
    fn a_level_without_a_key_each_is_refused() {
        let level = Likeness {
            rows: &[None],
            columns: &[],
        };
        assert_eq!(
            collect(|f, pair| f.alike(&[1], &[1], &[level], &mut |cell| pair(cell))),
            None
        );
        let level = Likeness {
            rows: &[],
            columns: &[None],
        };
        assert_eq!(
            collect(|f, pair| f.alike(&[1], &[1], &[level], &mut |cell| pair(cell))),
            None
        );
    }

    #[test]
    fn dense_works_on_what_is_left() {
        // Three rows of 1 over columns of 1, 2: alone each row would give its unit to the second column, 3 of 2.
        let cells = collect(|f, pair| f.dense(&[1, 1, 1], &[1, 2], pair));
        assert_eq!(cells, Some(vec![(0, 1, 1), (1, 0, 1), (2, 1, 1)]));
        assert_eq!(
            collect(|f, pair| f.dense(&[1], &[2], pair)),
            None,
            "different sums"
        );
        assert_eq!(
            collect(|f, pair| f.dense(&[2], &[1], pair)),
            None,
            "different sums"
        );
        assert_eq!(
            collect(|f, pair| f.dense(&[0, 0], &[0], pair)),
            Some(vec![])
        );
    }

    #[test]
    fn zero_margins_have_no_cells() {
        assert_eq!(fill(&[], &[]), Some(vec![]));
        assert_eq!(fill(&[0, 0], &[0]), Some(vec![]));
    }

    #[test]
    fn zeros_between_are_passed_over() {
        let cell = |row, column, units| MatrixCell { row, column, units };
        assert_eq!(
            fill(&[0, 2, 0, 3], &[0, 4, 0, 1, 0]),
            Some(vec![cell(1, 1, 2), cell(3, 1, 2), cell(3, 3, 1)])
        );
    }

    #[test]
    fn unequal_margins_are_refused() {
        assert_eq!(fill(&[1], &[]), None);
        assert_eq!(fill(&[], &[1]), None);
        assert_eq!(fill(&[3], &[2, 2]), None);
    }
}
