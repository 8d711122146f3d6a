//! What credit memos credit of one document, line by line.

use crate::command::settings::Settings;
use crate::document::{
    Document, DocumentIndex, Header, Kind, Line, LineIndex, Lines, Origin, SettledBy, Status,
};
use crate::error::{Error, Result};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::plan::located::{Located, locate};

/// Which credit memos count.
#[derive(Clone, Copy)]
pub(super) enum CreditScope {
    /// Those that are posted, as long as the book counts them. One that was reversed stays posted, and what it credited
    /// can be credited of the debit memo of its reversal.
    Posted,
    /// Drafts as well: what they take of a tax, no other memo can take.
    Live,
}

impl CreditScope {
    /// Whether a document is a credit memo that counts.
    fn has(self, header: &Header, settings: &Settings) -> bool {
        if header.kind != Kind::CreditMemo || header.deleted {
            return false;
        }

        let is_counted = header.origin != Origin::Billing || settings.count_billing_credits;
        match self {
            CreditScope::Posted => header.status == Status::Posted && is_counted,
            CreditScope::Live => header.status != Status::Canceled,
        }
    }
}

/// A sum of what credit memos credit. It is wider than an amount: where a book allows any credit, memos can credit a
/// document many times over, beyond the range of amounts.
pub(super) type CreditSum = i128;

/// Adds to a sum of credits.
pub(super) fn add_credit(sum: &mut CreditSum, amount: Amount) -> Result<()> {
    let wider = sum.checked_add(amount.minor().into());
    *sum = wider.ok_or_else(sum_fault)?;
    Ok(())
}

/// What credits leave of an amount. What lies beyond the range of amounts is shown as its end.
pub(super) fn less_credits(amount: Amount, credited: CreditSum) -> Result<Amount> {
    let uncredited = i128::from(amount.minor()).checked_sub(credited);
    uncredited.map(nearest_amount).ok_or_else(sum_fault)
}

/// The amount that is nearest to a sum of credits.
pub(super) fn nearest_amount(sum: CreditSum) -> Amount {
    let end = if sum < 0 {
        Amount::MAX.negated()
    } else {
        Amount::MAX
    };
    Amount::try_from(sum).unwrap_or(end)
}

#[cold]
pub(super) fn sum_fault() -> Error {
    Error::fault("credits out of range")
}

/// What is credited of one document.
#[derive(Clone, Debug)]
pub(super) struct CreditedAmounts {
    /// Of each line.
    pub lines: Lines<CreditSum>,
    /// Of the taxes of each item, also by tax items that name none of them.
    pub taxes: Lines<CreditSum>,
    /// Of the whole, also by lines that name none of its own.
    pub total: CreditSum,
}

impl CreditedAmounts {
    /// Nothing yet, of a document with `line_count` lines.
    pub(super) fn none(line_count: usize) -> Self {
        Self {
            lines: Lines::filled(0, line_count),
            taxes: Lines::filled(0, line_count),
            total: 0,
        }
    }

    /// What the credit memos of a scope, other than `excluded`, have credited of a document. Memos that the book does
    /// not have always count.
    pub(super) fn by_memos(
        context: Context<'_>,
        index: DocumentIndex,
        scope: CreditScope,
        excluded: Option<DocumentIndex>,
    ) -> Result<Self> {
        let credited = locate(context.documents, index)?;
        let mut credits = Self::none(credited.document.lines().len());

        credits.add_settled_before(credited.document)?;
        for memo in memos(context, index, scope, excluded) {
            credits.add(&credited, memo)?;
        }
        Ok(credits)
    }

    /// Adds what was credited of the document before it came into the book.
    fn add_settled_before(&mut self, document: &Document) -> Result<()> {
        for entry in document.settled_before() {
            if entry.by != SettledBy::CreditMemo {
                continue;
            }

            add_credit(&mut self.total, entry.amount)?;
            add_credit(self.lines.at_mut(entry.line)?, entry.amount)?;
            if let Some((item, _)) = document.line_at(entry.line)?.detail.tax() {
                add_credit(self.taxes.at_mut(item)?, entry.amount)?;
            }
        }
        Ok(())
    }

    /// Adds what a memo credits of the document: its lines that name a line of it, and if it was made from the
    /// document, those that name none.
    pub(super) fn add(&mut self, credited: &Located<'_>, memo: &Document) -> Result<()> {
        let is_made_from_it = memo.header().refers_to == Some(credited.index);
        if is_made_from_it {
            // What a fee withholds came back as well.
            add_credit(&mut self.total, memo.header().notes.restocking_fee)?;
        }

        for (_, line, figures) in memo.lines_with_figures() {
            let amount = figures.amount();

            // A tax item that names no line credits the document that its item credits.
            let taxed_source = match line.detail.tax() {
                Some((item, _)) => memo.line_at(item)?.source,
                None => None,
            };
            let names_it = match line.source.or(taxed_source) {
                Some(source) => source.document == credited.index,
                None => is_made_from_it,
            };
            if names_it {
                add_credit(&mut self.total, amount)?;
            }

            if let Some(line) = credited_line(memo, line, credited) {
                add_credit(self.lines.at_mut(line)?, amount)?;
            }
            let taxed_source = taxed_source.filter(|source| source.document == credited.index);
            if let Some(item) = taxed_source {
                add_credit(self.taxes.at_mut(item.line)?, amount)?;
            }
        }
        Ok(())
    }

    /// What is left of the document's rounding items.
    pub(super) fn rounding_left(&self, document: &Document) -> Result<CreditSum> {
        let mut uncredited: CreditSum = 0;
        for line in rounding_lines(document) {
            add_credit(&mut uncredited, document.figures_at(line)?.amount())?;
            let less = uncredited.checked_sub(*self.lines.at(line)?);
            uncredited = less.ok_or_else(sum_fault)?;
        }
        Ok(uncredited)
    }
}

/// The credit memos of a scope, other than `excluded`, that credit a document.
fn memos(
    context: Context<'_>,
    index: DocumentIndex,
    scope: CreditScope,
    excluded: Option<DocumentIndex>,
) -> impl Iterator<Item = &Document> {
    let made = context.documents.made_from(index);
    made.filter(move |(memo_index, memo)| {
        Some(*memo_index) != excluded && scope.has(memo.header(), context.settings)
    })
    .map(|(_, memo)| memo)
}

/// The posted credit memos that credit a document, as long as the book counts them.
pub(in crate::settle) fn posted(
    context: Context<'_>,
    index: DocumentIndex,
) -> impl Iterator<Item = &Document> {
    memos(context, index, CreditScope::Posted, None)
}

/// The line of a document that a line of a memo credits: the one that it names. A rounding item names none, and credits
/// that of the document which its memo was made from.
pub(in crate::settle) fn credited_line(
    memo: &Document,
    line: &Line,
    credited: &Located<'_>,
) -> Option<LineIndex> {
    match line.source {
        Some(source) if source.document == credited.index => Some(source.line),
        Some(_) => None,
        None if line.detail.is_rounding() && memo.header().refers_to == Some(credited.index) => {
            rounding_lines(credited.document).next()
        }
        None => None,
    }
}

/// The lines of a document that bring its total to whole steps.
pub(super) fn rounding_lines(document: &Document) -> impl Iterator<Item = LineIndex> {
    let lines = document.lines_with_figures();
    lines
        .filter(|(_, line, _)| line.detail.is_rounding())
        .map(|(index, ..)| index)
}
