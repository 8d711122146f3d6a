//! The balances of accounts (`settlement.md` 1.6), currency by currency.

use crate::document::{DocumentIndex, Documents, Header, Kind, Status};
use crate::money::Amount;
use crate::query::past::AsOf;
use rustc_hash::FxHashMap;

/// The posted documents of an account in one currency, summed up.
#[derive(Clone, Debug)]
pub(in crate::query) struct AccountSums {
    /// A document that names the account and the currency.
    pub document: DocumentIndex,
    /// How many credit memos have something to apply.
    pub open_credit_memos: i64,
    /// The open amounts by kind, in minor units: no document has more than an amount holds, but all of an account can.
    open: [i128; SIDES.len()],
}

/// The kinds that a balance is made of. Demands add to what an account owes, sources reduce it.
const SIDES: [(Kind, i128); 4] = [
    (Kind::Invoice, 1),
    (Kind::DebitMemo, 1),
    (Kind::CreditMemo, -1),
    (Kind::Payment, -1),
];

impl AccountSums {
    const fn new(document: DocumentIndex) -> Self {
        Self {
            document,
            open_credit_memos: 0,
            open: [0; SIDES.len()],
        }
    }

    /// The open amount of all documents of a kind, in minor units.
    pub(in crate::query) fn open(&self, kind: Kind) -> Option<i128> {
        let side = SIDES.iter().position(|(known, _)| *known == kind)?;
        self.open.get(side).copied()
    }

    /// What the account owes less what it has, in minor units.
    pub(in crate::query) fn balance(&self) -> i128 {
        let signed = self
            .open
            .iter()
            .zip(SIDES)
            .map(|(open, (_, sign))| open.saturating_mul(sign));
        signed.fold(0, i128::saturating_add)
    }

    fn add(&mut self, kind: Kind, open: Amount) {
        for ((side, _), sum) in SIDES.iter().zip(&mut self.open) {
            if *side == kind {
                *sum = sum.saturating_add(open.minor().into());
            }
        }
        if kind == Kind::CreditMemo && open.is_positive() {
            self.open_credit_memos = self.open_credit_memos.saturating_add(1);
        }
    }
}

/// Sums up the accounts that have posted documents, in the order of their first ones.
pub(in crate::query) fn sum_accounts(documents: &Documents, as_of: &AsOf) -> Vec<AccountSums> {
    // Only for look-ups, never iterated: its order means nothing.
    let mut known: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    let mut accounts: Vec<AccountSums> = Vec::new();

    for (index, document) in documents.iter() {
        let header = document.header();
        if !is_posted(as_of, header) {
            continue;
        }
        let account = *known
            .entry((&header.account_id, header.currency.code()))
            .or_insert_with(|| {
                accounts.push(AccountSums::new(index));
                accounts.len().saturating_sub(1)
            });
        if let Some(sums) = accounts.get_mut(account) {
            sums.add(header.kind, as_of.total(index, header).open);
        }
    }
    accounts
}

fn is_posted(as_of: &AsOf, header: &Header) -> bool {
    as_of.has(header) && as_of.status(header) == Status::Posted
}
