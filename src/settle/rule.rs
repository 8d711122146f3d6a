//! Spreading an amount over the lines of a source and of a target.

use super::Rule;
use super::credit::credited_line;
use super::spread::{Matrix, Placed, Signs, Spread};
use crate::allocate::{self, Cell, Filler, Likeness, Splitter, Total};
use crate::document::{Document, Line, LineIndex, PartItem, TaxIdentity};
use crate::error::{Error, Result};
use crate::money::{Amount, Currency};
use crate::order::sort_by;

/// Whole increments of a currency: what rules count in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Units(i64);

impl Default for Units {
    /// Minor units.
    fn default() -> Self {
        Self(1)
    }
}

impl Units {
    pub(super) const fn of(currency: &Currency) -> Self {
        Self(currency.increment())
    }

    /// Whether an increment is a minor unit.
    const fn are_minor(self) -> bool {
        self.0 == 1
    }

    /// The increments of an amount.
    pub(super) fn count(self, amount: Amount) -> i64 {
        // Dividing by a divisor that is one most of the time would cost more than asking.
        if self.are_minor() {
            amount.minor()
        } else {
            amount.minor().checked_div(self.0).unwrap_or_default()
        }
    }

    /// The increments of an amount of zero or more; 0 for a negative one.
    pub(super) fn whole(self, amount: Amount) -> u64 {
        u64::try_from(self.count(amount)).unwrap_or_default()
    }

    /// The amount of a number of increments.
    pub(super) fn amount(self, count: i64) -> Result<Amount> {
        self.try_amount(count)
            .ok_or_else(|| Error::fault("a share out of range"))
    }

    #[inline]
    fn try_amount(self, count: i64) -> Option<Amount> {
        // Likewise: WebAssembly has no product that says whether it went out of range.
        Amount::new(if self.are_minor() {
            count
        } else {
            count.checked_mul(self.0)?
        })
    }
}

/// The lines of a document that can settle something, in the order in which they do, and how many increments each has
/// left while an operation is planned. Negative lines have less than nothing, if they take part.
#[derive(Clone, Debug, Default)]
pub(super) struct Capacity {
    /// Which lines they are, and maybe more behind them.
    lines: Vec<LineIndex>,
    order: Order,
    /// Two's complements: where no line is negative, the kernel splits over them as they are.
    left: Vec<u64>,
    has_negative: bool,
}

/// In which order lines are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Order {
    /// All lines of a document as it has them: those of the next document are called the same.
    #[default]
    Whole,
    /// Some of them, as the document has them.
    Document,
    /// Another.
    Other,
}

impl Capacity {
    /// What the lines of `document` have open.
    pub(super) fn of(document: &Document, spread: &Spread, units: Units) -> Self {
        let mut capacity = Self::default();
        capacity.load(document, spread, units);
        capacity
    }

    /// The same for another document, in the same memory.
    pub(super) fn load(&mut self, document: &Document, spread: &Spread, units: Units) {
        let Self {
            lines,
            order,
            left,
            has_negative,
        } = self;
        let mut least = i64::MAX;
        left.clear();
        left.extend(document.figures().iter().map(|figures| {
            let open = units.count(figures.open());
            least = least.min(open);
            open.cast_unsigned()
        }));
        if *order != Order::Whole {
            lines.clear();
            *order = Order::Whole;
        }
        if lines.len() < left.len() {
            lines.clear();
            lines.extend((0..).map(LineIndex).take(left.len()));
        }
        *has_negative = false;
        if least <= 0 {
            let skips = spread.signs == Signs::SkipNonPositive;
            let takes_part =
                |left: u64| left.cast_signed() > 0 || (left.cast_signed() < 0 && !skips);
            let mut each = left.iter();
            lines.retain(|_| each.next().is_some_and(|&left| takes_part(left)));
            left.retain(|&left| takes_part(left));
            *has_negative = left.iter().any(|&left| left.cast_signed() < 0);
            *order = Order::Document;
        }
        if !spread.lines.is_empty() || spread.rule == Some(Rule::Lifo) {
            let mut both: Vec<_> = lines
                .iter()
                .copied()
                .zip(left.iter().map(|left| left.cast_signed()))
                .collect();
            spread.sort(document, &mut both, |&both| both);
            *lines = both.iter().map(|(line, _)| *line).collect();
            *left = both.iter().map(|(_, left)| left.cast_unsigned()).collect();
            *order = Order::Other;
        }
    }

    /// Which lines they are.
    fn lines(&self) -> &[LineIndex] {
        self.lines.get(..self.left.len()).unwrap_or_default()
    }

    fn place(&self, line: LineIndex) -> Option<usize> {
        // In document order, most of the time.
        let place = self.lines().binary_search(&line).ok();
        place.or_else(|| self.lines().iter().position(|&known| known == line))
    }

    /// How many increments one line has left.
    pub(super) fn left(&self, line: LineIndex) -> i64 {
        self.place(line)
            .and_then(|place| self.left.get(place))
            .map_or(0, |left| left.cast_signed())
    }

    /// Takes increments from a line that has that many left.
    pub(super) fn take(&mut self, line: LineIndex, count: i64) {
        if let Some(left) = self.place(line).and_then(|place| self.left.get_mut(place)) {
            *left = left.cast_signed().saturating_sub(count).cast_unsigned();
        }
    }

    /// Takes increments from each line, none of which has less.
    fn take_all(&mut self, counts: impl Iterator<Item = i64>) {
        self.left.iter_mut().zip(counts).for_each(|(left, count)| {
            *left = left.cast_signed().saturating_sub(count).cast_unsigned()
        });
    }

    /// Turns the order of the lines round.
    pub(super) fn reverse(&mut self) {
        self.lines.truncate(self.left.len());
        self.lines.reverse();
        self.left.reverse();
        self.order = Order::Other;
    }

    /// The lines, and what each has left.
    fn each(&self) -> impl Iterator<Item = (LineIndex, i64)> {
        self.lines
            .iter()
            .copied()
            .zip(self.left.iter().map(|left| left.cast_signed()))
    }

    /// The lines that have something left, more than nothing or less.
    pub(super) fn open(&self) -> impl Iterator<Item = (LineIndex, i64)> {
        self.each().filter(|(_, left)| *left != 0)
    }

    /// The lines that have something left although all of them together have nothing: they cancel out.
    pub(super) fn unbalanced(&self) -> (Vec<LineIndex>, Vec<i64>) {
        if !self.has_negative {
            return (Vec::new(), Vec::new());
        }
        let total = self
            .open()
            .fold(0_i64, |sum, (_, left)| sum.saturating_add(left));
        self.open().filter(|_| total == 0).unzip()
    }

    /// The lines, and what each has left.
    pub(super) fn into_parts(self) -> (Vec<LineIndex>, Vec<i64>) {
        self.each().unzip()
    }
}

/// How much of a document can be settled: not more than it has open, nor more than the lines that take part have.
pub(super) fn settleable(document: &Document, spread: &Spread) -> Amount {
    let open = document.header().figures.open().max(Amount::ZERO);
    match spread.signs {
        // The lines with their signs sum to what the document has open.
        Signs::Aware => open,
        Signs::SkipNonPositive => {
            let lines = document
                .figures()
                .iter()
                .map(|figures| figures.open().max(Amount::ZERO));
            // In range: at most the sum of the document's absolute amounts.
            Amount::sum(lines).unwrap_or_default().min(open)
        }
    }
}

/// The memory in which applications are planned, used again for the next one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Workspace {
    pub(super) spreader: Spreader,
    pub(super) source: Capacity,
    pub(super) target: Capacity,
}

impl Workspace {
    /// The most lines for which room is kept: those of a few documents with many lines.
    const KEPT: usize = 1024;

    /// Gives memory back that few will need again.
    pub(super) fn trim(&mut self) {
        if [&self.source, &self.target]
            .iter()
            .any(|side| side.left.capacity() > Self::KEPT)
        {
            *self = Self::default();
        }
    }
}

/// Spreads amounts of a currency by rule, in memory that is used again for the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Spreader {
    units: Units,
    splitter: Splitter,
    filler: Filler,
    margins: [Vec<u64>; 2],
}

/// One side of a settlement while it is spread.
pub(super) struct Side<'a> {
    /// The document.
    pub of: Placed<'a>,
    /// What its lines have left.
    pub capacity: &'a mut Capacity,
}

impl Spreader {
    /// For amounts that are counted in such units.
    pub(super) fn new(units: Units) -> Self {
        Self {
            units,
            ..Self::default()
        }
    }

    /// Counts amounts in other units from now on.
    pub(super) const fn count_in(&mut self, units: Units) {
        self.units = units;
    }

    /// What amounts are counted in.
    pub(super) const fn units(&self) -> Units {
        self.units
    }

    /// Spreads `count` increments over both sides and pairs the shares off; takes them from the source (the
    /// target is done with). Adds the items behind `items`, by target line, then source line.
    ///
    /// # Errors
    /// A fault if a side has less, which the guards have excluded.
    pub(super) fn spread(
        &mut self,
        rule: Rule,
        count: u64,
        source: &mut Side<'_>,
        target: &Side<'_>,
        matrix: Matrix,
        items: &mut Vec<PartItem>,
    ) -> Result<()> {
        let mut margins = std::mem::take(&mut self.margins);
        let [given, needed] = &mut margins;
        let has_negative = source.capacity.has_negative || target.capacity.has_negative;
        let signed = if has_negative {
            let rows = self.signed(rule, count, source.capacity)?;
            let columns = self.signed(rule, count, target.capacity)?;
            source.capacity.take_all(rows.iter().copied());
            Some([rows, columns])
        } else {
            // The target first: it mostly has more lines, and memory is made once.
            self.unsigned(rule, count, &target.capacity.left, needed)?;
            self.unsigned(rule, count, &source.capacity.left, given)?;
            source
                .capacity
                .take_all(given.iter().map(|share| share.cast_signed()));
            None
        };
        let (units, from, to) = (self.units, source.capacity.lines(), target.capacity.lines());
        let first = items.len();
        items.reserve(from.len().saturating_add(to.len()).saturating_sub(1));
        // Where nothing has a choice, like meets like by itself, and two sides in document order leave items in theirs.
        let has_choice = from.len() > 1 && to.len() > 1 && source.of.document.has_alike();
        let is_straight = matrix == Matrix::Sparse && !has_choice && signed.is_none();
        let filled = if is_straight {
            pair_off([from, to], [given, needed], units, items)
        } else {
            let mut pair = |row: usize, column: usize, count: i64| {
                let (source, target) = (*from.get(row)?, *to.get(column)?);
                items.push(PartItem {
                    source,
                    target,
                    amount: units.try_amount(count)?,
                });
                Some(())
            };
            let netted = signed.map_or(Some(()), |[mut rows, mut columns]| {
                net_negative(&mut rows, &mut columns, &mut pair)?;
                without_signs(&rows, given)?;
                without_signs(&columns, needed)
            });
            let mut pair =
                |cell: Cell| pair(cell.row, cell.column, i64::try_from(cell.units).ok()?);
            netted.and_then(|()| match matrix {
                Matrix::Dense => self.filler.dense(given, needed, &mut pair),
                Matrix::Sparse if !has_choice => allocate::fill_with(given, needed, &mut pair),
                Matrix::Sparse => {
                    let alike = Alike::of(&source.of, from, &target.of, to);
                    self.filler.alike(given, needed, &alike.levels(), &mut pair)
                }
            })
        };
        filled.ok_or_else(|| Error::fault("margins that do not meet"))?;
        self.margins = margins;
        if !is_straight || source.capacity.order.max(target.capacity.order) == Order::Other {
            sort_by(items.get_mut(first..).unwrap_or_default(), |a, b| {
                a.order().cmp(&b.order())
            });
        }
        Ok(())
    }

    /// The shares of `count` increments over lines that have `left`.
    ///
    /// # Errors
    /// As [`Spreader::spread`].
    pub(super) fn shares(&mut self, rule: Rule, count: u64, left: Vec<i64>) -> Result<Vec<i64>> {
        let has_negative = left.iter().any(|&left| left < 0);
        let left = left.into_iter().map(i64::cast_unsigned).collect();
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
    pub(super) fn pair(
        &mut self,
        mut rows: Vec<i64>,
        mut columns: Vec<i64>,
    ) -> Result<Vec<(usize, usize, i64)>> {
        let mut cells = Vec::new();
        let mut pair = |row, column, count| {
            cells.push((row, column, count));
            Some(())
        };
        let [given, needed] = &mut self.margins;
        let done = net_negative(&mut rows, &mut columns, &mut pair).and_then(|()| {
            without_signs(&rows, given)?;
            without_signs(&columns, needed)?;
            allocate::fill_with(given, needed, &mut |cell| {
                pair(cell.row, cell.column, i64::try_from(cell.units).ok()?)
            })
        });
        done.ok_or_else(|| Error::fault("margins that do not meet"))?;
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
        let shares = if rule == Rule::Proration {
            allocate::proportional_signed(count, &left)
        } else {
            // What is negative settles first, in full: it is there to be set off against the rest.
            self.in_order_signed(count, &left)
        };
        let fits = |(share, cap): (&i64, &i64)| (0.min(*cap)..=0.max(*cap)).contains(share);
        let shares = shares.filter(|shares: &Vec<i64>| {
            shares.len() == left.len() && shares.iter().zip(&left).all(fits)
        });
        shares.ok_or_else(misfit)
    }

    fn in_order_signed(&mut self, count: u64, left: &[i64]) -> Option<Vec<i64>> {
        if count == 0 {
            return Some(vec![0; left.len()]);
        }
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

fn misfit() -> Error {
    Error::fault("an amount that does not fit its lines")
}

/// Pairs two margins off in order.
fn pair_off(
    [from, to]: [&[LineIndex]; 2],
    [given, needed]: [&[u64]; 2],
    units: Units,
    items: &mut Vec<PartItem>,
) -> Option<()> {
    let first = items.len();
    let rows = from.iter().copied().zip(given.iter().copied());
    let columns = to.iter().copied().zip(needed.iter().copied());
    // In increments.
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
fn without_signs(shares: &[i64], margin: &mut Vec<u64>) -> Option<()> {
    margin.clear();
    margin.extend(shares.iter().map(|share| share.unsigned_abs()));
    shares.iter().all(|&share| share >= 0).then_some(())
}

/// Pairs off what is negative: with the negative lines of the other side first, then with the first line there that has
/// something, which has that much more to give. What is left is not negative.
fn net_negative(
    rows: &mut [i64],
    columns: &mut [i64],
    pair: &mut dyn FnMut(usize, usize, i64) -> Option<()>,
) -> Option<()> {
    let mut row = 0;
    for column in 0..columns.len() {
        while columns.get(column).is_some_and(|&needed| needed < 0) {
            let Some(place) =
                (row..rows.len()).find(|&row| rows.get(row).is_some_and(|&share| share < 0))
            else {
                break;
            };
            row = place;
            let (given, needed) = (rows.get_mut(row)?, columns.get_mut(column)?);
            // The smaller of the two.
            let count = (*given).max(*needed);
            *given = given.checked_sub(count)?;
            *needed = needed.checked_sub(count)?;
            pair(row, column, count)?;
        }
    }
    let carrier = |side: &[i64]| side.iter().position(|&share| share > 0);
    for column in 0..columns.len() {
        let needed = columns.get_mut(column).filter(|needed| **needed < 0);
        let Some(count) = needed.map(std::mem::take) else {
            continue;
        };
        let row = carrier(rows)?;
        let given = rows.get_mut(row)?;
        *given = given.checked_sub(count)?;
        pair(row, column, count)?;
    }
    for row in 0..rows.len() {
        let given = rows.get_mut(row).filter(|given| **given < 0);
        let Some(count) = given.map(std::mem::take) else {
            continue;
        };
        let column = carrier(columns)?;
        let needed = columns.get_mut(column)?;
        *needed = needed.checked_sub(count)?;
        pair(row, column, count)?;
    }
    Some(())
}

/// What is alike on both sides, level by level: an item and its source item; the same tax; the same kind of line.
struct Alike {
    levels: Vec<[Vec<Option<u32>>; 2]>,
}

impl Alike {
    fn of(
        source: &Placed<'_>,
        rows: &[LineIndex],
        target: &Placed<'_>,
        columns: &[LineIndex],
    ) -> Self {
        let mut levels = Vec::new();
        fn each<'a>(
            of: &Placed<'a>,
            lines: &[LineIndex],
            mut key: impl FnMut(LineIndex, &'a Line) -> Option<u32>,
        ) -> Vec<Option<u32>> {
            lines
                .iter()
                .map(|&index| of.document.line(index).and_then(|line| key(index, line)))
                .collect()
        }
        let links = each(source, rows, |_, line| {
            Some(credited_line(source.document, line, target)?.0)
        });
        if links.iter().any(Option::is_some) {
            levels.push([links, each(target, columns, |index, _| Some(index.0))]);
        }
        // Without tax items on both sides, all lines are of one kind.
        let mut known = Taxes::default();
        let taxes = each(source, rows, |_, line| {
            line.detail.tax().map(|(_, identity)| known.key(identity))
        });
        if taxes.iter().any(Option::is_some) {
            let others = each(target, columns, |_, line| {
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

    fn levels(&self) -> Vec<Likeness<'_>> {
        self.levels
            .iter()
            .map(|[rows, columns]| Likeness { rows, columns })
            .collect()
    }
}

/// The taxes that occur, each once.
#[derive(Default)]
struct Taxes<'a>(Vec<&'a TaxIdentity>);

impl<'a> Taxes<'a> {
    /// The place of a tax in the list.
    fn key(&mut self, tax: &'a TaxIdentity) -> u32 {
        let known = self.0.iter().position(|known| known.is_same(tax));
        let place = known.unwrap_or_else(|| {
            self.0.push(tax);
            self.0.len().saturating_sub(1)
        });
        u32::try_from(place).unwrap_or(u32::MAX)
    }
}
