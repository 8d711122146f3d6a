//! What a command settles, as columns of 32-bit words: one copy across the boundary, read when it is looked at.
//!
//! ```text
//! head        widths settlements applications items documents         counts of the rows below
//! settlement  source applications                                     this number of applications below are its own
//! application target rule items amount                                this number of the items below are its own
//! item        source target amount                                    lines of the source and of the target
//! document    document lines before after                             each followed by its lines
//! line        line before after
//! ```
//!
//! Documents are counted in the order of creation, those that the command creates by themselves, with the highest bit
//! set; lines in their document's. [`names`] tells what they are called. An
//! amount is two words, the lower first, of its two's complement, in minor units of the document's currency.
//!
//! Items and lines are many, and nearly always small: where every item's lines fit 16 bits and its amount 32, its lines
//! share a word, the target's in the upper half, and its amount is one; so are the amounts of lines where all of them
//! fit. The widths say so: 1 for items and 2 for lines that are narrow, added up.

use super::contract::{
    APPLICATION, DOCUMENT, HEAD, ITEM, KINDS, LINE, NARROW_ITEM, NARROW_ITEMS, NARROW_LINE,
    NARROW_LINES, PLANNED, RULES, SETTLEMENT,
};
use crate::book::{DocumentChange, Effect, LineMovements, PlanFingerprint};
use crate::document::{Detail, Document, DocumentIndex, Documents, PartItem, Settlement};
use crate::error::{Error, Result};
use crate::money::Amount;

/// The columns of what is settled and of the balances that it changes; none if nothing is.
///
/// # Errors
/// As [`Effect::changes`].
pub fn write(effect: &Effect<'_>) -> Result<Option<Vec<u32>>> {
    let settled = &effect.summary.settled;
    if settled.is_empty() {
        return Ok(None);
    }
    let settlements = || settled.iter().map(|entry| &entry.settlement);
    let sum =
        |count: fn(&Settlement) -> usize| settlements().map(count).fold(0, usize::saturating_add);
    let (applications, items) = (
        sum(|own| own.applications().len()),
        sum(|own| own.items().len()),
    );
    // Each document is a source or a target, and each line that changes has an item, on the one side or the other.
    let documents = settled.len().saturating_add(applications);
    let lines = items.saturating_mul(2);
    let rows = [
        (settled.len(), SETTLEMENT),
        (applications, APPLICATION),
        (items, NARROW_ITEM),
        (documents, DOCUMENT),
        (lines, NARROW_LINE),
    ];
    // All at once, if they are narrow.
    let mut words = Words::new(size(&rows));
    words.put([[
        0,
        number(settled.len()),
        number(applications),
        number(items),
        0,
    ]]);
    let first = effect.summary.first_created();
    words.put(
        settlements().map(|own| [own.source.since(first).0, number(own.applications().len())]),
    );
    words.put(settlements().flat_map(Settlement::applications).map(|own| {
        let rule = RULES
            .iter()
            .position(|&rule| rule == own.rule)
            .unwrap_or_default();
        let [low, high] = halves(own.amount);
        [
            own.target.since(first).0,
            number(rule),
            number(own.items.len()),
            low,
            high,
        ]
    }));
    let mut widths = words.either(
        NARROW_ITEMS,
        items.saturating_mul(ITEM),
        &mut |words, is_narrow| {
            let mut excess = 0;
            if is_narrow {
                settlements().for_each(|own| excess |= put_narrow_items(words, own.items()));
            } else {
                words.put(settlements().flat_map(Settlement::items).map(|item| {
                    let [low, high] = halves(item.amount);
                    [item.source.0, item.target.0, low, high]
                }));
            }
            Ok(excess)
        },
    )?;
    let more = size(&[(documents, DOCUMENT), (lines, LINE)]);
    let mut changed = 0;
    widths |= words.either(NARROW_LINES, more, &mut |words, is_narrow| {
        let mut excess = 0;
        changed = 0_u32;
        effect.changes(&mut |change, moved| {
            changed = changed.saturating_add(1);
            let head = words.used;
            let [[a, b], [c, d]] = [change.before, change.after].map(halves);
            words.put([[change.document.since(first).0, 0, a, b, c, d]]);
            let count = if is_narrow {
                let (count, more) = put_narrow_lines(words, moved);
                excess |= more;
                count
            } else {
                words.put(moved.changes().map(|change| {
                    let ([a, b], [c, d]) = (halves(change.before), halves(change.after));
                    [change.line.0, a, b, c, d]
                }))
            };
            words.set(head.saturating_add(1), number(count));
        })?;
        Ok(excess)
    })?;
    words.set(0, widths);
    words.set(HEAD.saturating_sub(1), changed);
    words.into_list().map(Some)
}

/// Returns what narrow rows leave out, zero if that is nothing: it is seen when all is written, which is faster
/// than asking of each.
fn put_narrow_items(words: &mut Words, items: &[PartItem]) -> u32 {
    let mut excess = 0;
    words.put(items.iter().map(
        |&PartItem {
             source,
             target,
             amount,
         }| {
            let [low, high] = halves(amount);
            excess |= (source.0 | target.0) >> 16 | beyond(low, high);
            [source.0 | target.0 << 16, low]
        },
    ));
    excess
}

/// As [`put_narrow_items`]; returns the number of rows, too.
fn put_narrow_lines(words: &mut Words, moved: LineMovements<'_>) -> (usize, u32) {
    let mut excess = 0;
    let count = words.put(moved.changes().map(|change| {
        let ([before, high_before], [after, high_after]) =
            (halves(change.before), halves(change.after));
        excess |= beyond(before, high_before) | beyond(after, high_after);
        [change.line.0, before, after]
    }));
    (count, excess)
}

/// The words of the head and of rows, given as numbers of rows and their widths.
fn size(rows: &[(usize, usize)]) -> usize {
    rows.iter().fold(HEAD, |sum, &(rows, width)| {
        sum.saturating_add(rows.saturating_mul(width))
    })
}

/// Refuses a plan that showed something else than what the command does now.
///
/// `planned` is what the plan showed of documents, for the refusal to say which figure moved: of each its number and
/// the amounts before and after, in five words like those of a document's row.
///
/// # Errors
/// `planMoved` if the fingerprints differ; as [`Effect::fingerprint`].
pub fn check_plan(
    effect: &Effect<'_>,
    fingerprint: PlanFingerprint,
    planned: &[u32],
) -> Result<()> {
    if effect.fingerprint()? == fingerprint {
        return Ok(());
    }
    let first_created = effect.summary.first_created();
    let (rows, _) = planned.as_chunks();
    let planned: Vec<_> = rows
        .iter()
        .map_while(|row| read_change(*row, first_created))
        .collect();
    Err(effect.plan_moved(&planned))
}

fn read_change(
    [document, a, b, c, d]: [u32; PLANNED],
    first_created: Option<DocumentIndex>,
) -> Option<DocumentChange> {
    let amount = |low: u32, high: u32| {
        let bits = u64::from(high).checked_shl(u32::BITS)? | u64::from(low);
        Amount::new(bits.cast_signed())
    };
    Some(DocumentChange {
        document: DocumentIndex(document).at(first_created),
        before: amount(a, b)?,
        after: amount(c, d)?,
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
        let mut places = self
            .words
            .get_mut(self.used..)
            .unwrap_or_default()
            .as_chunks_mut()
            .0
            .iter_mut();
        let mut count = 0_usize;
        rows.into_iter().for_each(|row| match places.next() {
            Some(place) => {
                *place = row;
                count = count.wrapping_add(1);
            }
            None => self.is_short = true,
        });
        self.used = self.used.saturating_add(count.saturating_mul(N));
        count
    }

    /// Writes one word again.
    fn set(&mut self, place: usize, word: u32) {
        if let Some(known) = self.words.get_mut(place) {
            *known = word;
        }
    }

    /// Rows that are written narrow or, should that turn out to leave something out, wide, as at most `most` words.
    /// Returns `width` or 0.
    fn either(
        &mut self,
        width: u32,
        most: usize,
        write: &mut dyn FnMut(&mut Self, bool) -> Result<u32>,
    ) -> Result<u32> {
        let start = self.used;
        if write(self, true)? == 0 {
            return Ok(width);
        }
        self.used = start;
        let room = self.words.len();
        self.words.resize(room.saturating_add(most), 0);
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
/// feed. A document's begins with `D`, the decimals of its currency and the place of its kind in [`KINDS`]; a
/// line's with `I` (item), `T` (tax item of the item before) or `W` (the whole of a payment or refund).
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
    let first = effect.summary.first_created();
    let drafts = effect
        .replaced
        .iter()
        .filter(|(index, _)| first.is_none_or(|first| *index < first));
    let mut text = String::new();
    for (index, before) in drafts {
        text.push_str(&format!("R{}\n", index.number()));
        push_names(&mut text, before);
        effect
            .context
            .documents
            .get(*index)
            .into_iter()
            .for_each(|now| push_names(&mut text, now));
    }
    (!text.is_empty()).then_some(text)
}

fn push_names(text: &mut String, document: &Document) {
    let header = document.header();
    let digit = |number: u8| char::from(b'0'.saturating_add(number));
    text.push('D');
    text.push(digit(header.currency.scale()));
    let kind = KINDS
        .iter()
        .position(|&kind| kind == header.kind)
        .unwrap_or_default();
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
