//! What a new memo may still credit, while its items are priced one after another.

use crate::document::{DocumentIndex, LineRef};
use crate::error::Result;
use crate::money::Amount;
use crate::settle::guard::credit::credited::{
    CreditScope, CreditedAmounts, add_credit, less_credits, nearest_amount,
};
use crate::settle::guard::credit::line_amount;
use crate::settle::journal::Context;
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// What has been credited of the documents that a new memo credits, and what the memo itself has so far.
pub(in crate::settle) struct CreditLedger<'a> {
    context: Context<'a>,
    /// The index of the memo, if it is in the book.
    memo: Option<DocumentIndex>,
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<DocumentIndex, [CreditedAmounts; 2]>,
}

impl<'a> CreditLedger<'a> {
    pub(in crate::settle) fn new(context: Context<'a>, memo: Option<DocumentIndex>) -> Self {
        Self {
            context,
            memo,
            documents: FxHashMap::default(),
        }
    }

    fn credits(&mut self, index: DocumentIndex) -> Result<&mut [CreditedAmounts; 2]> {
        let (context, memo) = (self.context, self.memo);
        Ok(match self.documents.entry(index) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let posted = CreditedAmounts::by_memos(context, index, CreditScope::Posted, memo)?;
                let live = CreditedAmounts::by_memos(context, index, CreditScope::Live, memo)?;
                unknown.insert([posted, live])
            }
        })
    }

    /// What is available to credit of a line: its amount less what posted memos and this one have credited of it.
    pub(in crate::settle) fn available(&mut self, line: LineRef) -> Result<Amount> {
        let amount = line_amount(self.context, line)?;
        let [posted, _] = self.credits(line.document)?;
        less_credits(amount, *posted.lines.at(line.line)?)
    }

    /// What memos that are not canceled have credited of a line: what they take of a tax, no other can.
    pub(in crate::settle) fn credited(&mut self, line: LineRef) -> Result<Amount> {
        let [_, live] = self.credits(line.document)?;
        Ok(nearest_amount(*live.lines.at(line.line)?))
    }

    /// Adds what the memo itself credits of a line.
    pub(in crate::settle) fn record(&mut self, line: LineRef, amount: Amount) -> Result<()> {
        for credits in self.credits(line.document)? {
            add_credit(credits.lines.at_mut(line.line)?, amount)?;
        }
        Ok(())
    }
}
