//! The fields of accounts.

use crate::document::Kind;
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use rust_decimal::Decimal;

/// Of accounts.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("accountId", FieldType::Text, |row| {
        Some(FieldValue::Text(&row.header.account_id))
    }),
    Field::new("currency", FieldType::Text, |row| {
        Some(FieldValue::Text(row.header.currency.code()))
    }),
    Field::new("balance", FieldType::Decimal, balance),
    Field::new("invoiceBalance", FieldType::Decimal, |row| {
        open(row, Kind::Invoice)
    }),
    Field::new("debitMemoBalance", FieldType::Decimal, |row| {
        open(row, Kind::DebitMemo)
    }),
    Field::new("unappliedCreditMemoAmount", FieldType::Decimal, |row| {
        open(row, Kind::CreditMemo)
    }),
    Field::new("unappliedPaymentAmount", FieldType::Decimal, |row| {
        open(row, Kind::Payment)
    }),
    Field::new("openCreditMemos", FieldType::Whole, |row| {
        Some(FieldValue::Whole(row.account()?.open_credit_memos))
    }),
];

fn open<'s>(row: &RowReader<'s>, kind: Kind) -> Option<FieldValue<'s>> {
    sum(row, row.account()?.open(kind)?)
}

fn balance<'s>(row: &RowReader<'s>) -> Option<FieldValue<'s>> {
    sum(row, row.account()?.balance())
}

/// A number of minor units. No book has enough documents for a sum that 96 bits do not hold.
fn sum<'s>(row: &RowReader<'s>, minor: i128) -> Option<FieldValue<'s>> {
    if let Ok(amount) = Amount::try_from(minor) {
        return Some(row.amount(amount));
    }
    let scale = row.header.currency.scale().into();
    let decimal = Decimal::try_from_i128_with_scale(minor, scale).ok()?;
    Some(FieldValue::Decimal(decimal))
}
