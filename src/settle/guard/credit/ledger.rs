//! What a new memo may still credit, while its items are priced one after another.

use crate::document::{Detail, Document, DocumentIndex, LineIndex, LineRef};
use crate::error::Result;
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::credit::credited::{
    CreditScope, CreditSum, CreditedAmounts, add_credit, nearest_amount, sum_fault,
};
use crate::settle::guard::credit::reductions::{Reductions, reduced_line};
use crate::settle::plan::located::locate;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;

/// What has been credited of the documents that a new memo credits, and what the memo itself has so far.
// The maps are only for look-ups, never iterated: their order means nothing.
pub(in crate::settle) struct CreditLedger<'a> {
    context: Context<'a>,
    /// The index of the memo, if it is in the book.
    memo: Option<DocumentIndex>,
    /// The items that the memo credits.
    items: FxHashSet<LineRef>,
    documents: FxHashMap<DocumentIndex, DocumentCredits<'a>>,
    /// Of lines that are reduced: what the memo itself credits of those that reduce them.
    reductions_here: FxHashMap<LineRef, CreditSum>,
}

/// What is credited of one document.
struct DocumentCredits<'a> {
    document: &'a Document,
    /// By posted memos.
    posted: CreditedAmounts,
    /// By memos that are not canceled: what they take of a tax, no other can.
    live: CreditedAmounts,
    reductions: Reductions,
}

/// How much there is of something, and how much of it is credited.
#[derive(Clone, Copy)]
pub(in crate::settle) struct Portion {
    pub whole: Amount,
    pub credited: Amount,
}

impl Portion {
    /// Both together; `None` out of range.
    pub(in crate::settle) fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            whole: self.whole.plus(other.whole)?,
            credited: self.credited.plus(other.credited)?,
        })
    }
}

impl<'a> CreditLedger<'a> {
    /// The ledger of a memo that credits `items`. `memo` is its index, if it is in the book.
    pub(in crate::settle) fn new(
        context: Context<'a>,
        memo: Option<DocumentIndex>,
        items: impl Iterator<Item = LineRef>,
    ) -> Self {
        Self {
            context,
            memo,
            items: items.collect(),
            documents: FxHashMap::default(),
            reductions_here: FxHashMap::default(),
        }
    }

    /// What is credited of a document, read when the memo first credits it.
    fn credits(&mut self, index: DocumentIndex) -> Result<&mut DocumentCredits<'a>> {
        let (context, memo) = (self.context, self.memo);
        Ok(match self.documents.entry(index) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let document = locate(context.documents, index)?.document;
                unknown.insert(DocumentCredits {
                    document,
                    posted: CreditedAmounts::by_memos(context, index, CreditScope::Posted, memo)?,
                    live: CreditedAmounts::by_memos(context, index, CreditScope::Live, memo)?,
                    reductions: Reductions::of(document)?,
                })
            }
        })
    }

    /// What is available to credit of a line, less what this memo has credited: net of what reduces it. A line that
    /// reduces another has something by itself only where the memo credits both.
    pub(in crate::settle) fn available(&mut self, line: LineRef) -> Result<Amount> {
        if self.comes_with_another(line)? {
            return Ok(Amount::ZERO);
        }

        let credits = self.credits(line.document)?;
        let mut uncredited = credits.uncredited(line.line)?;
        for reduction in credits.reductions.of_line(line.line) {
            let more = credits.uncredited(reduction)?;
            uncredited = uncredited.checked_add(more).ok_or_else(sum_fault)?;
        }
        Ok(nearest_amount(uncredited))
    }

    /// Whether a line reduces one that the memo does not credit: then what is left of it comes with that line.
    fn comes_with_another(&mut self, line: LineRef) -> Result<bool> {
        let document = self.credits(line.document)?.document;
        let Some(reduced) = reduced_line(document, line.line)? else {
            return Ok(false);
        };
        let item = match document.line_at(reduced)?.detail {
            Detail::Tax { of: item, .. } => item,
            _ => reduced,
        };

        // The engine credits a rounding item, so no item of the memo names it.
        let is_rounding = document.line_at(item)?.detail.is_rounding();
        Ok(!is_rounding && !self.items.contains(&LineRef { line: item, ..line }))
    }

    /// How much a line is by itself, and what memos that are not canceled have credited of it.
    pub(in crate::settle) fn portion(&mut self, line: LineRef) -> Result<Portion> {
        self.credits(line.document)?.portion(line.line)
    }

    /// The same net of what reduces the line; `None` out of range.
    pub(in crate::settle) fn net_portion(&mut self, line: LineRef) -> Result<Option<Portion>> {
        let credits = self.credits(line.document)?;
        let mut net = credits.portion(line.line)?;
        for reduction in credits.reductions.of_line(line.line) {
            match net.plus(credits.portion(reduction)?) {
                Some(sum) => net = sum,
                None => return Ok(None),
            }
        }
        Ok(Some(net))
    }

    /// Adds what the memo itself credits of a line.
    pub(in crate::settle) fn record(&mut self, line: LineRef, amount: Amount) -> Result<()> {
        let credits = self.credits(line.document)?;
        add_credit(credits.posted.lines.at_mut(line.line)?, amount)?;
        add_credit(credits.live.lines.at_mut(line.line)?, amount)?;

        let document = credits.document;
        if let Some(reduced) = reduced_line(document, line.line)? {
            let reduced = LineRef {
                line: reduced,
                ..line
            };
            add_credit(self.reductions_here.entry(reduced).or_default(), amount)?;
        }
        Ok(())
    }

    /// Whether the memo credits nothing of a line if it credits `amount` of it, net of what it credits of those that
    /// reduce it.
    pub(in crate::settle) fn is_nothing(&self, line: LineRef, amount: Amount) -> bool {
        let reductions = self.reductions_here.get(&line).copied().unwrap_or(0);
        reductions.checked_add(amount.minor().into()) == Some(0)
    }
}

impl DocumentCredits<'_> {
    /// What posted memos leave of a line by itself.
    fn uncredited(&self, line: LineIndex) -> Result<CreditSum> {
        let amount = CreditSum::from(self.document.figures_at(line)?.amount().minor());
        let uncredited = amount.checked_sub(*self.posted.lines.at(line)?);
        uncredited.ok_or_else(sum_fault)
    }

    /// How much a line is, and what memos that are not canceled have credited of it.
    fn portion(&self, line: LineIndex) -> Result<Portion> {
        Ok(Portion {
            whole: self.document.figures_at(line)?.amount(),
            credited: nearest_amount(*self.live.lines.at(line)?),
        })
    }
}
