//! The fields of accounts.

use crate::document::Kind;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;

/// Of accounts.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("accountId", FieldType::Text, |row| {
        Some(FieldValue::Text(&row.header.account_id))
    }),
    Field::new("currency", FieldType::Text, |row| {
        Some(FieldValue::Text(row.header.currency.code()))
    }),
    Field::new("balance", FieldType::Amount, balance),
    Field::new("invoiceBalance", FieldType::Amount, |row| {
        open(row, Kind::Invoice)
    }),
    Field::new("debitMemoBalance", FieldType::Amount, |row| {
        open(row, Kind::DebitMemo)
    }),
    Field::new("unappliedCreditMemoAmount", FieldType::Amount, |row| {
        open(row, Kind::CreditMemo)
    }),
    Field::new("unappliedPaymentAmount", FieldType::Amount, |row| {
        open(row, Kind::Payment)
    }),
    Field::new("openCreditMemos", FieldType::Whole, |row| {
        Some(FieldValue::Whole(row.account()?.open_credit_memos))
    }),
];

fn open<'s>(row: &RowReader<'s>, kind: Kind) -> Option<FieldValue<'s>> {
    row.sum(row.account()?.open(kind)?)
}

fn balance<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    row.sum(row.account()?.balance())
}
