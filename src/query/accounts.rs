//! The balances of accounts (`settlement.md#balance-of-an-account`), currency by currency.

use crate::document::{DocumentIndex, Header, Kind, Status};
use crate::money::Amount;
use crate::query::of_accounts::DocumentsOfAccounts;
use crate::query::past::AsOf;
use rustc_hash::FxHashMap;

/// Sums of accounts, one for each account and currency, in the order of their first documents.
pub(in crate::query) struct AccountList<'d, T> {
    sums: Vec<T>,
    // Only for look-ups, never iterated: its order means nothing.
    known: FxHashMap<(&'d str, &'d str), usize>,
}

impl<T> Default for AccountList<'_, T> {
    fn default() -> Self {
        Self {
            sums: Vec::new(),
            known: FxHashMap::default(),
        }
    }
}

impl<'d, T> AccountList<'d, T> {
    /// Calls `add` with the sums of the account and currency of a document.
    pub(in crate::query) fn add(
        &mut self,
        header: &'d Header,
        new: impl FnOnce() -> T,
        add: impl FnOnce(&mut T),
    ) {
        let key = (&*header.account_id, header.currency.code());
        let sums = &mut self.sums;
        let account = *self.known.entry(key).or_insert_with(|| {
            sums.push(new());
            sums.len().saturating_sub(1)
        });

        if let Some(sums) = sums.get_mut(account) {
            add(sums);
        }
    }

    pub(in crate::query) fn into_sums(self) -> Vec<T> {
        self.sums
    }
}

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

    /// Adds the open amount of a posted document. A refund is in no balance: its money has left the account.
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

/// Sums up the accounts that have posted documents.
pub(in crate::query) fn sum_accounts(
    documents: &DocumentsOfAccounts<'_>,
    as_of: &AsOf,
) -> Vec<AccountSums> {
    let mut accounts = AccountList::default();
    for (index, document) in documents.iter() {
        let header = document.header();
        if !is_posted(as_of, header) {
            continue;
        }

        let open = as_of.total(index, header).open;
        accounts.add(
            header,
            || AccountSums::new(index),
            |sums| sums.add(header.kind, open),
        );
    }
    accounts.into_sums()
}

/// Whether a document counts.
pub(in crate::query) fn is_posted(as_of: &AsOf, header: &Header) -> bool {
    as_of.has(header) && as_of.status(header) == Status::Posted
}
