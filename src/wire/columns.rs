//! What a command settles, as columns of 32-bit words: one copy across the boundary, read when it is looked at.
//!
//! ```text
//! head        widths settlements applications items documents         counts of the rows below
//! settlement  source applications                                     the count of the applications below that it has
//! application target rule items amount                                the count of the items below that it has
//! item        source target amount                                    lines of the source and of the target
//! document    document lines before after                             each followed by its lines
//! line        line before after
//! ```
//!
//! Documents are counted in the order of creation, those that the command creates by themselves, with the highest bit
//! set; lines in the order of their document. [`names`] tells what they are called. An amount is two words, the lower
//! first, of its two's complement, in minor units of the document's currency.
//!
//! Items and lines are many, and nearly always small: where every item's lines fit 16 bits and its amount 32, its lines
//! share a word, the target's in the upper half, and its amount is one; so are the amounts of lines where all of them
//! fit. The widths say so: 1 for items and 2 for lines that are narrow, added up.

use super::contract::{
    APPLICATION, DOCUMENT, HEAD, ITEM, KINDS, LINE, NARROW_ITEM, NARROW_ITEMS, NARROW_LINE,
    NARROW_LINES, RULES, SETTLEMENT,
};
use crate::book::{DocumentChange, Effect, LineMovements};
use crate::document::{
    Detail, Document, DocumentIndex, Documents, Kind, PartItem, Rule, Settlement,
};
use crate::error::{Error, Result};
use crate::money::Amount;

/// The columns of what is settled and of the balances that it changes; none if nothing is.
///
/// # Errors
/// As [`Effect::changes`].
pub fn write(effect: &Effect<'_>) -> Result<Option<Vec<u32>>> {
    if effect.summary.settled.is_empty() {
        return Ok(None);
    }
    let counts = RowCounts::of(effect);

    // Room for all at once, if they are narrow.
    let mut words = Words::new(counts.narrow_size());
    words.put([[
        0,
        number(counts.settlements),
        number(counts.applications),
        number(counts.items),
        0,
    ]]);
    put_settlements(&mut words, effect);
    put_applications(&mut words, effect);
    let item_width = put_items(&mut words, effect, &counts)?;
    let (line_width, documents) = put_changes(&mut words, effect, &counts)?;

    // Only now it is known how wide the rows are, and how many documents changed.
    words.set(0, item_width | line_width);
    words.set(HEAD.saturating_sub(1), documents);
    words.into_list().map(Some)
}

/// How many rows of each sort there are; of documents and lines, how many there can be.
struct RowCounts {
    settlements: usize,
    applications: usize,
    items: usize,
    documents: usize,
    lines: usize,
}

impl RowCounts {
    fn of(effect: &Effect<'_>) -> Self {
        let (mut applications, mut items) = (0_usize, 0_usize);
        for settlement in settlements(effect) {
            applications = applications.saturating_add(settlement.applications().len());
            items = items.saturating_add(settlement.items().len());
        }

        let settlements = effect.summary.settled.len();
        Self {
            settlements,
            applications,
            items,
            // Each is a source or a target.
            documents: settlements.saturating_add(applications),
            // Each line that changes has an item, on the one side or the other.
            lines: items.saturating_mul(2),
        }
    }

    /// The words of all rows, if they are narrow.
    fn narrow_size(&self) -> usize {
        size(&[
            (self.settlements, SETTLEMENT),
            (self.applications, APPLICATION),
            (self.items, NARROW_ITEM),
            (self.documents, DOCUMENT),
            (self.lines, NARROW_LINE),
        ])
    }
}

fn settlements<'a>(effect: &Effect<'a>) -> impl Iterator<Item = &'a Settlement> {
    let settled = effect.summary.settled.iter();
    settled.map(|entry| &entry.settlement)
}

fn put_settlements(words: &mut Words, effect: &Effect<'_>) {
    let first_created = effect.summary.first_created();
    words.put(settlements(effect).map(|settlement| {
        let source = settlement.source.since(first_created).0;
        [source, number(settlement.applications().len())]
    }));
}

fn put_applications(words: &mut Words, effect: &Effect<'_>) {
    let first_created = effect.summary.first_created();
    let applications = settlements(effect).flat_map(Settlement::applications);
    words.put(applications.map(|application| {
        let [low, high] = halves(application.amount);
        [
            application.target.since(first_created).0,
            rule_number(application.rule),
            number(application.items.len()),
            low,
            high,
        ]
    }));
}

/// Returns the part of the widths that is about items.
fn put_items(words: &mut Words, effect: &Effect<'_>, counts: &RowCounts) -> Result<u32> {
    let wide_size = counts.items.saturating_mul(ITEM);
    words.either(NARROW_ITEMS, wide_size, &mut |words, is_narrow| {
        let mut excess = 0;
        for settlement in settlements(effect) {
            if is_narrow {
                excess |= put_narrow_items(words, settlement.items());
            } else {
                put_wide_items(words, settlement.items());
            }
        }
        Ok(excess)
    })
}

/// Returns what narrow rows leave out, zero if that is nothing: it is seen when all is written, which is faster
/// than asking of each.
fn put_narrow_items(words: &mut Words, items: &[PartItem]) -> u32 {
    let mut excess = 0;
    words.put(items.iter().map(|item| {
        let (source, target) = (item.source.0, item.target.0);
        let [low, high] = halves(item.amount);
        excess |= (source | target) >> 16 | beyond(low, high);
        [source | target << 16, low]
    }));
    excess
}

fn put_wide_items(words: &mut Words, items: &[PartItem]) {
    words.put(items.iter().map(|item| {
        let [low, high] = halves(item.amount);
        [item.source.0, item.target.0, low, high]
    }));
}

/// Returns the part of the widths that is about lines, and the number of documents.
fn put_changes(words: &mut Words, effect: &Effect<'_>, counts: &RowCounts) -> Result<(u32, u32)> {
    let first_created = effect.summary.first_created();
    let wide_size = size(&[(counts.documents, DOCUMENT), (counts.lines, LINE)]);

    let mut documents = 0_u32;
    let width = words.either(NARROW_LINES, wide_size, &mut |words, is_narrow| {
        let mut excess = 0;
        documents = 0;
        effect.changes(&mut |change, moved| {
            documents = documents.saturating_add(1);

            let start = words.used;
            put_document(words, change, first_created);
            let lines = if is_narrow {
                let (lines, more) = put_narrow_lines(words, moved);
                excess |= more;
                lines
            } else {
                put_wide_lines(words, moved)
            };

            words.set(start.saturating_add(1), number(lines));
        })?;
        Ok(excess)
    })?;
    Ok((width, documents))
}

/// Leaves the number of lines open: they are counted as they are written.
fn put_document(words: &mut Words, change: DocumentChange, first_created: Option<DocumentIndex>) {
    let [before, before_high] = halves(change.before);
    let [after, after_high] = halves(change.after);
    let document = change.document.since(first_created).0;
    words.put([[document, 0, before, before_high, after, after_high]]);
}

/// Returns the number of rows, and what they leave out as [`put_narrow_items`] does.
fn put_narrow_lines(words: &mut Words, moved: LineMovements<'_>) -> (usize, u32) {
    let mut excess = 0;
    let count = words.put(moved.changes().map(|change| {
        let [before, before_high] = halves(change.before);
        let [after, after_high] = halves(change.after);
        excess |= beyond(before, before_high) | beyond(after, after_high);
        [change.line.0, before, after]
    }));
    (count, excess)
}

/// Returns the number of rows.
fn put_wide_lines(words: &mut Words, moved: LineMovements<'_>) -> usize {
    words.put(moved.changes().map(|change| {
        let [before, before_high] = halves(change.before);
        let [after, after_high] = halves(change.after);
        [change.line.0, before, before_high, after, after_high]
    }))
}

/// The number of a rule in [`RULES`]; one that no reader knows for a rule that is not there.
fn rule_number(rule: Rule) -> u32 {
    let mut rules = RULES.iter().zip(0..);
    rules
        .find(|(known, _)| **known == rule)
        .map_or(u32::MAX, |(_, number)| number)
}

/// The words of the head and of rows, given as numbers of rows and their widths.
fn size(rows: &[(usize, usize)]) -> usize {
    rows.iter().fold(HEAD, |sum, &(rows, width)| {
        sum.saturating_add(rows.saturating_mul(width))
    })
}

/// A count; nothing here comes near 2³².
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Words that are written row by row into memory that is there already: that takes half the time of adding to a list.
struct Words {
    words: Vec<u32>,
    used: usize,
    is_short: bool,
}

impl Words {
    /// With room for `room` words.
    fn new(room: usize) -> Self {
        Self {
            words: vec![0; room],
            used: 0,
            is_short: false,
        }
    }

    /// What was written. A fault if there was too little room for it.
    fn into_list(mut self) -> Result<Vec<u32>> {
        if self.is_short {
            return Err(Error::fault("more rows than were counted"));
        }
        self.words.truncate(self.used);
        Ok(self.words)
    }

    /// Adds rows, and returns their number.
    #[inline]
    fn put<const N: usize>(&mut self, rows: impl IntoIterator<Item = [u32; N]>) -> usize {
        let unused = self.words.get_mut(self.used..).unwrap_or_default();
        let mut chunks = unused.as_chunks_mut().0.iter_mut();
        let mut count = 0_usize;
        rows.into_iter().for_each(|row| match chunks.next() {
            Some(chunk) => {
                *chunk = row;
                count = count.wrapping_add(1);
            }
            None => self.is_short = true,
        });
        self.used = self.used.saturating_add(count.saturating_mul(N));
        count
    }

    /// Writes one word again.
    fn set(&mut self, index: usize, word: u32) {
        match self.words.get_mut(index) {
            Some(known) => *known = word,
            None => self.is_short = true,
        }
    }

    /// Writes rows narrow or, should that turn out to leave something out, wide, as at most `wide_size` words. Returns
    /// `width` or 0.
    fn either(
        &mut self,
        width: u32,
        wide_size: usize,
        write: &mut dyn FnMut(&mut Self, bool) -> Result<u32>,
    ) -> Result<u32> {
        let start = self.used;
        if write(self, true)? == 0 {
            return Ok(width);
        }

        // Something was left out. The same again with wide rows, which take more words.
        self.used = start;
        let room = self.words.len();
        self.words.resize(room.saturating_add(wide_size), 0);
        write(self, false).map(|_| 0)
    }
}

/// The two words of an amount.
const fn halves(amount: Amount) -> [u32; 2] {
    let [a, b, c, d, e, f, g, h] = amount.minor().to_le_bytes();
    [
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    ]
}

/// Zero if the lower word alone says all, sign included.
const fn beyond(low: u32, high: u32) -> u32 {
    high ^ (low.cast_signed() >> 31).cast_unsigned()
}

/// The identifiers of all documents from the one at `from` on, and of their lines: a text of rows, each ended by a line
/// feed. That of a document begins with `D`, the decimals of its currency and the number of its kind in [`KINDS`]; that
/// of a line with `I` (item), `T` (tax item of the item before) or `W` (the whole of a payment or refund).
#[must_use]
pub fn names(documents: &Documents, from: usize) -> String {
    let mut text = String::new();
    documents
        .all()
        .skip(from)
        .for_each(|(_, document)| push_names(&mut text, document));
    text
}

/// What the lines of drafts are called that were there before a command and got others by it: for each a row of `R` and
/// its number, the names as they were, and the names as they are. None if there are none.
#[must_use]
pub fn renamed(effect: &Effect<'_>) -> Option<String> {
    let first_created = effect.summary.first_created();
    let mut text = String::new();
    for (index, before) in effect.replaced {
        // A caller has no rows yet of what the command created, so none of them is named anew.
        if first_created.is_some_and(|first| *index >= first) {
            continue;
        }

        text.push_str(&format!("R{}\n", index.number()));
        push_names(&mut text, before);
        if let Some(now) = effect.context.documents.get(*index) {
            push_names(&mut text, now);
        }
    }
    (!text.is_empty()).then_some(text)
}

fn push_names(text: &mut String, document: &Document) {
    let header = document.header();
    text.push('D');
    text.push(char::from(b'0'.saturating_add(header.currency.scale())));
    text.push(kind_digit(header.kind));
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

/// The number of a kind in [`KINDS`], as a digit; no digit for a kind that is not there.
fn kind_digit(kind: Kind) -> char {
    let mut kinds = KINDS.iter().zip('0'..='9');
    kinds
        .find(|(known, _)| **known == kind)
        .map_or('?', |(_, digit)| digit)
}
