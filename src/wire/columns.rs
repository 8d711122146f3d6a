//! What a command settles, as columns of 32-bit words: one copy across the boundary, read when it is looked at.
//!
//! ```text
//! head        widths settlements applications items documents lines   counts of the rows below
//! settlement  source applications                                     so many of the applications below are its own
//! application target rule items amount                                so many of the items below are its own
//! item        source target amount                                    lines of the source and of the target
//! document    document lines before after                             so many of the lines below are its own
//! line        line before after
//! ```
//!
//! Documents are counted in the order of creation, lines in their document's; [`names`] tells what they are called. An
//! amount is two words, the lower first, of its two's complement, in minor units of the document's currency.
//!
//! Items and lines are many, and nearly always small: where every item's lines fit 16 bits and its amount 32, its lines
//! share a word, the target's in the upper half, and its amount is one; so are the amounts of lines where all of them
//! fit. The widths say so: 1 for items and 2 for lines that are narrow, added up.

use crate::book::{DocumentChange, LineChange, Outcome};
use crate::document::{Detail, Document, DocumentIndex, Documents, Kind, PartItem, Rule, Settlement};
use crate::error::Error;
use crate::money::Amount;

/// The words before the first row.
const HEAD: usize = 6;

/// An item is two words instead of four.
const NARROW_ITEMS: u32 = 1;

/// A line is three words instead of five.
const NARROW_LINES: u32 = 2;

/// The words of a row.
const SETTLEMENT: usize = 2;
const APPLICATION: usize = 5;
const DOCUMENT: usize = 6;

/// The columns of what was settled; none if nothing was.
#[must_use]
pub fn write(outcome: &Outcome) -> Option<Vec<u32>> {
    let Outcome { settled, documents, lines, .. } = outcome;
    if settled.is_empty() {
        return None;
    }
    let settlements = || settled.iter().map(|entry| &entry.settlement);
    let sum = |count: fn(&Settlement) -> usize| settlements().map(count).fold(0, usize::saturating_add);
    let (applications, items) = (sum(|own| own.applications().len()), sum(|own| own.items().len()));
    let rows = [
        (settled.len(), SETTLEMENT),
        (applications, APPLICATION),
        (items, 2),
        (documents.len(), DOCUMENT),
        (lines.len(), 3),
    ];
    // One allocation for all of them, if they are narrow.
    let mut words = Words(Vec::with_capacity(size(&rows)));
    words.0.push(0);
    rows.iter().for_each(|&(count, _)| words.count(count));
    for own in settlements() {
        words.0.push(own.source.0);
        words.count(own.applications().len());
    }
    for application in settlements().flat_map(Settlement::applications) {
        words.0.push(application.target.0);
        words.count(Rule::ALL.iter().position(|&rule| rule == application.rule).unwrap_or_default());
        words.count(application.items.len());
        words.amount(application.amount);
    }
    let mut widths = words.either(
        NARROW_ITEMS,
        &mut |words| settlements().fold(0, |excess, own| excess | words.narrow_items(own.items())),
        &mut |words| settlements().for_each(|own| words.wide_items(own.items())),
    );
    let mut own = lines.chunk_by(|a, b| a.document == b.document).peekable();
    for change in documents {
        let is_own = |run: &&[LineChange]| run.iter().take(1).all(|line| line.document == change.document);
        words.0.push(change.document.0);
        words.count(own.next_if(is_own).map_or(0, <[_]>::len));
        words.amount(change.before);
        words.amount(change.after);
    }
    widths |= words.either(NARROW_LINES, &mut |words| words.narrow_lines(lines), &mut |words| words.wide_lines(lines));
    words.0.iter_mut().take(1).for_each(|first| *first = widths);
    Some(words.0)
}

/// The words of the head and of so many rows of such widths.
fn size(rows: &[(usize, usize)]) -> usize {
    rows.iter().fold(HEAD, |sum, &(rows, width)| sum.saturating_add(rows.saturating_mul(width)))
}

/// The refusal of a plan whose words are not those of `outcome`.
#[must_use]
pub fn moved(documents: &Documents, plan: Option<&[u32]>, outcome: &Outcome) -> Error {
    let then = plan.and_then(read_documents).unwrap_or_default();
    Outcome::moved(documents, &then, &outcome.documents)
}

/// The changes of documents in what [`write()`] wrote.
fn read_documents(words: &[u32]) -> Option<Vec<DocumentChange>> {
    let count = |place: usize| usize::try_from(*words.get(place)?).ok();
    let [settlements, applications, items, documents] = [count(1)?, count(2)?, count(3)?, count(4)?];
    let item = if words.first()? & NARROW_ITEMS == 0 { 4 } else { 2 };
    let start = size(&[(settlements, SETTLEMENT), (applications, APPLICATION), (items, item)]);
    let rows = words.get(start..)?.as_chunks::<DOCUMENT>().0.iter().take(documents);
    rows.map(|&[document, _, a, b, c, d]| {
        let amount = |low: u32, high: u32| {
            let bits = u64::from(high).checked_shl(u32::BITS)? | u64::from(low);
            Amount::new(bits.cast_signed())
        };
        Some(DocumentChange { document: DocumentIndex(document), before: amount(a, b)?, after: amount(c, d)? })
    })
    .collect()
}

struct Words(Vec<u32>);

impl Words {
    fn count(&mut self, count: usize) {
        self.0.push(u32::try_from(count).unwrap_or(u32::MAX));
    }

    fn amount(&mut self, amount: Amount) {
        let [low, high] = halves(amount);
        self.0.extend([low, high]);
    }

    /// Rows that are written narrow or, should that turn out not to do, wide. Answers `width` or 0.
    fn either(&mut self, width: u32, narrow: &mut dyn FnMut(&mut Self) -> u32, wide: &mut dyn FnMut(&mut Self)) -> u32 {
        let start = self.0.len();
        if narrow(self) == 0 {
            return width;
        }
        self.0.truncate(start);
        wide(self);
        0
    }

    /// So many more rows, to be filled in: that takes half the time of adding word by word.
    fn rows<const N: usize>(&mut self, count: usize) -> &mut [[u32; N]] {
        let start = self.0.len();
        self.0.resize(start.saturating_add(count.saturating_mul(N)), 0);
        self.0.get_mut(start..).unwrap_or_default().as_chunks_mut().0
    }

    /// What is too wide is zero if nothing is: it is seen when all is written, which is faster than asking of each.
    fn narrow_items(&mut self, items: &[PartItem]) -> u32 {
        let mut excess = 0;
        for (row, &PartItem { source, target, amount }) in self.rows(items.len()).iter_mut().zip(items) {
            let [low, high] = halves(amount);
            excess |= (source.0 | target.0) >> 16 | beyond(low, high);
            *row = [source.0 | target.0 << 16, low];
        }
        excess
    }

    fn wide_items(&mut self, items: &[PartItem]) {
        for (row, &PartItem { source, target, amount }) in self.rows(items.len()).iter_mut().zip(items) {
            let [low, high] = halves(amount);
            *row = [source.0, target.0, low, high];
        }
    }

    /// As [`Words::narrow_items`].
    fn narrow_lines(&mut self, lines: &[LineChange]) -> u32 {
        let mut excess = 0;
        for (row, change) in self.rows(lines.len()).iter_mut().zip(lines) {
            let ([before, high_before], [after, high_after]) = (halves(change.before), halves(change.after));
            excess |= beyond(before, high_before) | beyond(after, high_after);
            *row = [change.line.0, before, after];
        }
        excess
    }

    fn wide_lines(&mut self, lines: &[LineChange]) {
        for (row, change) in self.rows(lines.len()).iter_mut().zip(lines) {
            let ([before, high_before], [after, high_after]) = (halves(change.before), halves(change.after));
            *row = [change.line.0, before, high_before, after, high_after];
        }
    }
}

/// The two words of an amount.
const fn halves(amount: Amount) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = amount.minor().to_le_bytes();
    [u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h])]
}

/// Zero if the lower word alone says all, sign included.
const fn beyond(low: u32, high: u32) -> u32 {
    high ^ (low.cast_signed() >> 31).cast_unsigned()
}

/// The identifiers of all documents from the one at `from` on, and of their lines: a text of rows, each ended by a line
/// feed. A document's begins with `D`, the decimals of its currency and the place of its kind in [`Kind::ALL`]; a
/// line's with `I` (item), `T` (tax item of the item before) or `W` (the whole of a payment or refund).
#[must_use]
pub fn names(documents: &Documents, from: usize) -> String {
    let mut text = String::new();
    documents.all().skip(from).for_each(|(_, document)| push_names(&mut text, document));
    text
}

fn push_names(text: &mut String, document: &Document) {
    let header = document.header();
    let digit = |number: u8| char::from(b'0'.saturating_add(number));
    text.push('D');
    text.push(digit(header.currency.scale()));
    let kind = Kind::ALL.iter().position(|&kind| kind == header.kind).unwrap_or_default();
    text.push(digit(u8::try_from(kind).unwrap_or_default()));
    text.push_str(&header.id);
    text.push('\n');
    for line in document.lines() {
        text.push(match line.detail {
            Detail::Item { .. } | Detail::Discount { .. } => 'I',
            Detail::Tax { .. } => 'T',
            Detail::Whole => 'W',
        });
        text.push_str(&line.id);
        text.push('\n');
    }
}
