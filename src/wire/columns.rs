//! What a command settles, as columns of 32-bit words: one copy across the boundary, read when it is looked at.
//!
//! ```text
//! head       scale source applications items documents lines        counts of the rows below
//! application target rule items amount                              `items` of the items below belong to it
//! item        source target amount                                  lines of the memo and of the invoice
//! document    document before after
//! line        document line before after
//! ```
//!
//! Documents are counted in the order of creation, lines in their document's; [`names`] tells what they are called. An
//! amount is two words, the lower first, of its two's complement.

use crate::book::{DocumentChange, LineChange, Settled};
use crate::calendar::Date;
use crate::document::{Detail, Document, DocumentIndex, Documents, LineIndex, PartItem};
use crate::error::{Code, Error, Result};
use crate::money::Amount;
use crate::settle::{Application, Rule, Settlement};
use std::sync::Arc;

/// The words before the first row.
const HEAD: usize = 6;

/// The columns of what was settled in a currency of `scale` decimals.
#[must_use]
pub fn write(settled: &Settled, scale: u8) -> Vec<u32> {
    let Settled { settlement, documents, lines } = settled;
    let items: usize = settlement.applications.iter().map(|application| application.items.len()).sum();
    // The widths of the rows; one allocation for all of them.
    let rows = [(settlement.applications.len(), 5), (items, 4), (documents.len(), 5), (lines.len(), 6)];
    let body = rows.iter().fold(HEAD, |sum: usize, &(rows, width)| sum.saturating_add(rows.saturating_mul(width)));
    let mut words = Words(Vec::with_capacity(body));
    words.0.push(u32::from(scale));
    words.0.push(settlement.source.0);
    rows.iter().for_each(|&(count, _)| words.count(count));
    for application in &settlement.applications {
        words.0.push(application.target.0);
        words.count(Rule::ALL.iter().position(|&rule| rule == application.rule).unwrap_or_default());
        words.count(application.items.len());
        words.amount(application.amount);
    }
    for item in settlement.applications.iter().flat_map(|application| &application.items) {
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
    words.0
}

/// What [`write()`] wrote, of an operation on the day `at`.
///
/// # Errors
/// `malformedRequest` for other words.
pub fn read(words: &[u32], at: Date) -> Result<Settled> {
    let mut rest = Rest(words);
    let settled = read_settled(&mut rest, at).filter(|_| rest.0.is_empty());
    settled.ok_or_else(|| Error::general(Code::MalformedRequest, "the columns of a plan", "other words"))
}

fn read_settled(rest: &mut Rest<'_>, at: Date) -> Option<Settled> {
    let _scale = rest.word()?;
    let source = DocumentIndex(rest.word()?);
    let [applications, items, documents, lines] = [rest.count()?, rest.count()?, rest.count()?, rest.count()?];
    let heads: Vec<_> = (0..applications)
        .map(|_| {
            let target = DocumentIndex(rest.word()?);
            let rule = *Rule::ALL.get(rest.count()?)?;
            let items = rest.count()?;
            Some((Application { target, rule, amount: rest.amount()?, items: Vec::new() }, items))
        })
        .collect::<Option<_>>()?;
    let mut items = (0..items)
        .map(|_| {
            let (source, target) = (LineIndex(rest.word()?), LineIndex(rest.word()?));
            Some(PartItem { source, target, amount: rest.amount()? })
        })
        .collect::<Option<Vec<_>>>()?
        .into_iter();
    let applications =
        heads.into_iter().map(|(head, count)| Application { items: items.by_ref().take(count).collect(), ..head });
    let settlement = Arc::new(Settlement { at, source, applications: applications.collect() });
    if items.next().is_some() {
        return None;
    }
    let documents = (0..documents)
        .map(|_| {
            let document = DocumentIndex(rest.word()?);
            Some(DocumentChange { document, before: rest.amount()?, after: rest.amount()? })
        })
        .collect::<Option<_>>()?;
    let lines = (0..lines)
        .map(|_| {
            let (document, line) = (DocumentIndex(rest.word()?), LineIndex(rest.word()?));
            Some(LineChange { document, line, before: rest.amount()?, after: rest.amount()? })
        })
        .collect::<Option<_>>()?;
    Some(Settled { settlement, documents, lines })
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

struct Rest<'a>(&'a [u32]);

impl Rest<'_> {
    fn word(&mut self) -> Option<u32> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// A count of rows of which each takes words that must still be there.
    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.word()?).ok().filter(|&count| count <= self.0.len())
    }

    fn amount(&mut self) -> Option<Amount> {
        let [low, high] = [self.word()?, self.word()?];
        let bits = u64::from(high).checked_shl(u32::BITS)? | u64::from(low);
        Amount::new(bits.cast_signed())
    }
}

/// The identifiers of all documents from the one at `from` on, and of their lines: a text of rows, each ended by a line
/// feed, that begin with `D` (document), `I` (item) or `T` (tax item of the item before).
#[must_use]
pub fn names(documents: &Documents, from: usize) -> String {
    let mut text = String::new();
    for (_, document) in documents.iter().skip(from) {
        push_names(&mut text, document);
    }
    text
}

fn push_names(text: &mut String, document: &Document) {
    let mut row = |kind: char, id: &str| {
        text.push(kind);
        text.push_str(id);
        text.push('\n');
    };
    row('D', &document.header().id);
    for line in document.lines() {
        row(if matches!(line.detail, Detail::Tax { .. }) { 'T' } else { 'I' }, &line.id);
    }
}
