//! The fields of accounts by age.

use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};

/// Of accounts by age.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("accountId", FieldType::Text, |row| {
        Some(FieldValue::Text(&row.header.account_id))
    }),
    Field::new("currency", FieldType::Text, |row| {
        Some(FieldValue::Text(row.header.currency.code()))
    }),
    Field::new("balance", FieldType::Amount, |row| {
        row.sum(row.ageing()?.balance())
    }),
    Field::new("notDueAmount", FieldType::Amount, |row| {
        row.sum(row.ageing()?.not_due)
    }),
    Field::new("overdueAmount", FieldType::Amount, |row| {
        row.sum(row.ageing()?.overdue())
    }),
    Field::new("buckets", FieldType::Buckets, |row| {
        Some(FieldValue::Buckets(&row.ageing()?.buckets))
    }),
    Field::new("unappliedAmount", FieldType::Amount, |row| {
        row.sum(row.ageing()?.unapplied)
    }),
];
