//! What accounts owe and have (`settlement.md` 1.6), currency by currency.

use super::cell::Cell;
use super::field::{Field, Type};
use super::scope::{At, Row, Scope};
use crate::document::{DocumentIndex, Header, Kind, Status};
use crate::error::{Code, Error, Path, Result};
use crate::money::Amount;
use rustc_hash::FxHashMap;

/// The posted documents of an account in one currency, summed up.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// A document that names the account and the currency.
    first: DocumentIndex,
    /// What is open, by kind.
    open: [Amount; 4],
    balance: Amount,
    /// Credit memos with something to apply.
    credit_memos: i64,
}

/// Demands add to what an account owes, sources take away.
const KINDS: [(Kind, i128); 4] =
    [(Kind::Invoice, 1), (Kind::DebitMemo, 1), (Kind::CreditMemo, -1), (Kind::Payment, -1)];

/// Of accounts.
pub(super) const FIELDS: &[Field] = &[
    Field::new("accountId", Type::Text, |at| Some(Cell::Text(&at.header.account_id))),
    Field::new("currency", Type::Text, |at| Some(Cell::Text(at.header.currency.code()))),
    Field::new("balance", Type::Decimal, |at| Some(at.amount(at.account()?.balance))),
    Field::new("invoiceBalance", Type::Decimal, |at| open(at, Kind::Invoice)),
    Field::new("debitMemoBalance", Type::Decimal, |at| open(at, Kind::DebitMemo)),
    Field::new("unappliedCreditMemoAmount", Type::Decimal, |at| open(at, Kind::CreditMemo)),
    Field::new("unappliedPaymentAmount", Type::Decimal, |at| open(at, Kind::Payment)),
    Field::new("openCreditMemos", Type::Whole, |at| Some(Cell::Whole(at.account()?.credit_memos))),
];

fn open<'s>(at: &At<'s>, kind: Kind) -> Option<Cell<'s>> {
    let place = KINDS.iter().position(|(known, _)| *known == kind)?;
    at.account()?.open.get(place).map(|&amount| at.amount(amount))
}

/// Sums under way.
struct Sums {
    first: DocumentIndex,
    open: [i128; 4],
    credit_memos: i64,
}

impl Scope<'_> {
    /// Sums up the accounts that posted documents have, and answers with their rows.
    ///
    /// # Errors
    /// `outOfRange` where a sum is.
    pub(super) fn sum_accounts(&mut self) -> Result<Vec<Row>> {
        let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
        let mut sums: Vec<Sums> = Vec::new();
        for (index, document) in self.context.documents.iter() {
            let Some(at) = self.at(Row::of(index)).filter(|at| at.status() == Status::Posted && at.is_there()) else {
                continue;
            };
            let header = document.header();
            let place = *places.entry((&header.account_id, header.currency.code())).or_insert_with(|| {
                sums.push(Sums { first: index, open: [0; 4], credit_memos: 0 });
                sums.len().saturating_sub(1)
            });
            let (Some(sums), open) = (sums.get_mut(place), at.total().open) else { continue };
            for ((kind, _), sum) in KINDS.iter().zip(&mut sums.open) {
                if *kind == header.kind {
                    *sum = sum.saturating_add(open.minor().into());
                }
            }
            if header.kind == Kind::CreditMemo && open.is_positive() {
                sums.credit_memos = sums.credit_memos.saturating_add(1);
            }
        }
        let accounts = sums.iter().map(|sums| {
            let header = self.context.documents.header(sums.first);
            sums.account().ok_or_else(|| out_of_range(header))
        });
        self.accounts = accounts.collect::<Result<_>>()?;
        Ok((0..).zip(&self.accounts).map(|(place, account)| Row { place, ..Row::of(account.first) }).collect())
    }
}

impl Sums {
    fn account(&self) -> Option<Account> {
        let Self { first, open, credit_memos } = *self;
        let signed = open.iter().zip(KINDS).map(|(open, (_, sign))| open.checked_mul(sign));
        let balance = signed.into_iter().try_fold(0_i128, |sum, open| sum.checked_add(open?))?;
        let mut amounts = [Amount::ZERO; 4];
        for (amount, open) in amounts.iter_mut().zip(open) {
            *amount = Amount::try_from(open).ok()?;
        }
        Some(Account { first, open: amounts, balance: Amount::try_from(balance).ok()?, credit_memos })
    }
}

fn out_of_range(header: Option<&Header>) -> Error {
    let account = header.map_or("", |header| &header.account_id);
    let needed = "accounts whose balances can be summed";
    Error::new(Code::OutOfRange, &Path::Root.field("of"), needed, crate::error::quoted(account))
}
