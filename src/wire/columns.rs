//! What a command settles, as columns of 32-bit words: one copy across the boundary, read when it is looked at.
//!
//! ```text
//! head        settlements applications items documents lines          counts of the rows below
//! settlement  source applications                                     so many of the applications below are its own
//! application target rule items amount                                so many of the items below are its own
//! item        source target amount                                    lines of the source and of the target
//! document    document before after
//! line        document line before after
//! ```
//!
//! Documents are counted in the order of creation, lines in their document's; [`names`] tells what they are called. An
//! amount is two words, the lower first, of its two's complement, in minor units of the document's currency.

use crate::book::{DocumentChange, Outcome};
use crate::document::{Detail, Document, DocumentIndex, Documents, Kind, Rule};
use crate::error::Error;
use crate::money::Amount;

/// The words before the first row.
const HEAD: usize = 5;

/// The columns of what was settled; none if nothing was.
#[must_use]
pub fn write(outcome: &Outcome) -> Option<Vec<u32>> {
    let Outcome { settled, documents, lines, .. } = outcome;
    if settled.is_empty() {
        return None;
    }
    let applications = || settled.iter().flat_map(|entry| &entry.settlement.applications);
    let items = || applications().flat_map(|application| &application.items);
    let count = applications().fold(0, |sum: usize, application| sum.saturating_add(application.items.len()));
    // The widths of the rows; one allocation for all of them.
    let rows = [(settled.len(), 2), (applications().count(), 5), (count, 4), (documents.len(), 5), (lines.len(), 6)];
    let body = rows.iter().fold(HEAD, |sum: usize, &(rows, width)| sum.saturating_add(rows.saturating_mul(width)));
    let mut words = Words(Vec::with_capacity(body));
    rows.iter().for_each(|&(count, _)| words.count(count));
    for entry in settled {
        words.0.push(entry.settlement.source.0);
        words.count(entry.settlement.applications.len());
    }
    for application in applications() {
        words.0.push(application.target.0);
        words.count(Rule::ALL.iter().position(|&rule| rule == application.rule).unwrap_or_default());
        words.count(application.items.len());
        words.amount(application.amount);
    }
    for item in items() {
        words.0.push(item.source.0);
        words.0.push(item.target.0);
        words.amount(item.amount);
    }
    for change in documents {
        words.0.push(change.document.0);
        words.amount(change.before);
        words.amount(change.after);
    }
    for change in lines {
        words.0.push(change.document.0);
        words.0.push(change.line.0);
        words.amount(change.before);
        words.amount(change.after);
    }
    Some(words.0)
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
    let [settlements, applications, items, documents] = [count(0)?, count(1)?, count(2)?, count(3)?];
    let before = [(settlements, 2), (applications, 5), (items, 4)];
    let start = before.iter().fold(HEAD, |sum: usize, &(rows, width)| sum.saturating_add(rows.saturating_mul(width)));
    let rows = words.get(start..)?.chunks_exact(5).take(documents);
    rows.map(|row| match *row {
        [document, a, b, c, d] => {
            let amount = |low: u32, high: u32| {
                let bits = u64::from(high).checked_shl(u32::BITS)? | u64::from(low);
                Amount::new(bits.cast_signed())
            };
            Some(DocumentChange { document: DocumentIndex(document), before: amount(a, b)?, after: amount(c, d)? })
        }
        _ => None,
    })
    .collect()
}

struct Words(Vec<u32>);

impl Words {
    fn count(&mut self, count: usize) {
        self.0.push(u32::try_from(count).unwrap_or(u32::MAX));
    }

    fn amount(&mut self, amount: Amount) {
        let [a, b, c, d, e, f, g, h] = amount.minor().to_le_bytes();
        self.0.push(u32::from_le_bytes([a, b, c, d]));
        self.0.push(u32::from_le_bytes([e, f, g, h]));
    }
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
