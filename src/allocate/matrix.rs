//! Two margins paired off.

/// A share that goes from one row to one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
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
/// use setoff::allocate::{Cell, fill};
/// let cell = |row, column, units| Cell { row, column, units };
/// assert_eq!(fill(&[5, 3], &[4, 4]), Some(vec![cell(0, 0, 4), cell(0, 1, 1), cell(1, 1, 3)]));
/// assert_eq!(fill(&[5], &[4]), None);
/// ```
#[must_use]
pub fn fill(rows: &[u64], columns: &[u64]) -> Option<Vec<Cell>> {
    let mut cells = Vec::with_capacity(rows.len().saturating_add(columns.len()));
    fill_with(rows, columns, &mut |cell| {
        cells.push(cell);
        Some(())
    })?;
    Some(cells)
}

/// As [`fill`], cell by cell. `None` also as soon as `pair` says so.
pub fn fill_with(rows: &[u64], columns: &[u64], pair: &mut impl FnMut(Cell) -> Option<()>) -> Option<()> {
    let mut columns = columns.iter().copied().enumerate();
    let (mut column, mut needed) = (0, 0);
    for (row, &units) in rows.iter().enumerate() {
        let mut left = units;
        while left > 0 {
            while needed == 0 {
                (column, needed) = columns.next()?;
            }
            let units = left.min(needed);
            pair(Cell { row, column, units })?;
            left = left.saturating_sub(units);
            needed = needed.saturating_sub(units);
        }
    }
    (needed == 0 && columns.all(|(_, needed)| needed == 0)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_margins_have_no_cells() {
        assert_eq!(fill(&[], &[]), Some(vec![]));
        assert_eq!(fill(&[0, 0], &[0]), Some(vec![]));
    }

    #[test]
    fn zeros_between_are_passed_over() {
        let cell = |row, column, units| Cell { row, column, units };
        assert_eq!(fill(&[0, 2, 0, 3], &[0, 4, 0, 1, 0]), Some(vec![cell(1, 1, 2), cell(3, 1, 2), cell(3, 3, 1)]));
    }

    #[test]
    fn unequal_margins_are_refused() {
        assert_eq!(fill(&[1], &[]), None);
        assert_eq!(fill(&[], &[1]), None);
        assert_eq!(fill(&[3], &[2, 2]), None);
    }
}
