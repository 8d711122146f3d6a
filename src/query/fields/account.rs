//! What accounts owe and have (`settlement.md` 1.6), currency by currency.

use crate::document::{DocumentIndex, Kind, Status};
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::{Row, RowReader, Scope};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// The posted documents of an account in one currency, summed up.
#[derive(Clone, Debug)]
pub(in crate::query) struct Account {
    /// A document that names the account and the currency.
    first: DocumentIndex,
    /// What is open, by kind, in minor units: no document has more than an amount holds, but all of an account can.
    open: [i128; 4],
    /// Credit memos with something to apply.
    credit_memos: i64,
}

/// Demands add to what an account owes, sources take away.
const KINDS: [(Kind, i128); 4] = [
    (Kind::Invoice, 1),
    (Kind::DebitMemo, 1),
    (Kind::CreditMemo, -1),
    (Kind::Payment, -1),
];

/// Of accounts.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("accountId", FieldType::Text, |at| {
        Some(FieldValue::Text(&at.header.account_id))
    }),
    Field::new("currency", FieldType::Text, |at| {
        Some(FieldValue::Text(at.header.currency.code()))
    }),
    Field::new("balance", FieldType::Decimal, balance),
    Field::new("invoiceBalance", FieldType::Decimal, |at| {
        open(at, Kind::Invoice)
    }),
    Field::new("debitMemoBalance", FieldType::Decimal, |at| {
        open(at, Kind::DebitMemo)
    }),
    Field::new("unappliedCreditMemoAmount", FieldType::Decimal, |at| {
        open(at, Kind::CreditMemo)
    }),
    Field::new("unappliedPaymentAmount", FieldType::Decimal, |at| {
        open(at, Kind::Payment)
    }),
    Field::new("openCreditMemos", FieldType::Whole, |at| {
        Some(FieldValue::Whole(at.account()?.credit_memos))
    }),
];

fn open<'s>(at: &RowReader<'s>, kind: Kind) -> Option<FieldValue<'s>> {
    let place = KINDS.iter().position(|(known, _)| *known == kind)?;
    sum(at, *at.account()?.open.get(place)?)
}

fn balance<'s>(at: &RowReader<'s>) -> Option<FieldValue<'s>> {
    let signed = at
        .account()?
        .open
        .iter()
        .zip(KINDS)
        .map(|(open, (_, sign))| open.saturating_mul(sign));
    sum(at, signed.fold(0_i128, i128::saturating_add))
}

/// A sum of minor units. No book has enough documents for a sum that 96 bits do not hold.
fn sum<'s>(at: &RowReader<'s>, minor: i128) -> Option<FieldValue<'s>> {
    Some(match Amount::try_from(minor) {
        Ok(amount) => at.amount(amount),
        Err(_) => FieldValue::Decimal(
            Decimal::try_from_i128_with_scale(minor, at.header.currency.scale().into()).ok()?,
        ),
    })
}

impl Scope<'_> {
    /// Sums up the accounts that posted documents have, and returns their rows.
    pub(in crate::query) fn sum_accounts(&mut self) -> Vec<Row> {
        let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        let mut accounts: Vec<Account> = Vec::new();
        for (index, document) in self.context.documents.iter() {
            let Some(at) = self
                .at(Row::of(index))
                .filter(|at| at.status() == Status::Posted && at.is_there())
            else {
                continue;
            };
            let header = document.header();
            let place = *places
                .entry((&header.account_id, header.currency.code()))
                .or_insert_with(|| {
                    accounts.push(Account {
                        first: index,
                        open: [0; 4],
                        credit_memos: 0,
                    });
                    accounts.len().saturating_sub(1)
                });
            let (Some(account), open) = (accounts.get_mut(place), at.total().open) else {
                continue;
            };
            for ((kind, _), sum) in KINDS.iter().zip(&mut account.open) {
                if *kind == header.kind {
                    *sum = sum.saturating_add(open.minor().into());
                }
            }
            if header.kind == Kind::CreditMemo && open.is_positive() {
                account.credit_memos = account.credit_memos.saturating_add(1);
            }
        }
        self.accounts = accounts;
        (0..)
            .zip(&self.accounts)
            .map(|(place, account)| Row {
                place,
                ..Row::of(account.first)
            })
            .collect()
    }
}
