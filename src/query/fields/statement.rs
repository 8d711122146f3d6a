//! The fields of the entries of statements.

use crate::document::{DocumentIndex, Header};
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;
use crate::query::statement::StatementEntryKind;

const ENTRY_KINDS: FieldType = FieldType::Word(StatementEntryKind::NAMES);

/// Of entries of statements.
pub(in crate::query) const FIELDS: &[Field] = &[
    Field::new("accountId", FieldType::Text, |row| {
        Some(FieldValue::Text(&row.header.account_id))
    }),
    Field::new("currency", FieldType::Text, |row| {
        Some(FieldValue::Text(row.header.currency.code()))
    }),
    Field::new("date", FieldType::Date, |row| {
        Some(FieldValue::Date(row.statement_entry()?.date))
    }),
    Field::new("entry", ENTRY_KINDS, |row| {
        Some(FieldValue::Text(row.statement_entry()?.kind.as_str()))
    }),
    Field::new("documentType", FieldType::KIND, |row| {
        Some(FieldValue::Text(document(row)?.kind.as_str()))
    }),
    Field::new("documentId", FieldType::Text, |row| {
        Some(FieldValue::Text(&document(row)?.id))
    }),
    Field::new("documentNumber", FieldType::Text, |row| {
        Some(FieldValue::Text(&document(row)?.number))
    })
    .number(),
    Field::new("targetType", FieldType::KIND, |row| {
        Some(FieldValue::Text(target(row)?.kind.as_str()))
    }),
    Field::new("targetId", FieldType::Text, |row| {
        Some(FieldValue::Text(&target(row)?.id))
    }),
    Field::new("targetNumber", FieldType::Text, |row| {
        Some(FieldValue::Text(&target(row)?.number))
    })
    .number(),
    Field::new("settledAmount", FieldType::Amount, |row| {
        Some(row.amount(row.statement_entry()?.settled?))
    }),
    Field::new("amount", FieldType::Amount, |row| {
        row.sum(row.statement_entry()?.amount()?)
    }),
    Field::new("balance", FieldType::Amount, |row| {
        row.sum(row.statement_entry()?.balance)
    })
    .running(),
    Field::new("position", FieldType::Whole, |row| {
        Some(FieldValue::Whole(row.statement_entry()?.position))
    })
    .asked(),
];

fn document<'s>(row: &RowReader<'s>) -> Option<&'s Header> {
    header(row, row.statement_entry()?.document?)
}

fn target<'s>(row: &RowReader<'s>) -> Option<&'s Header> {
    header(row, row.statement_entry()?.target?)
}

fn header<'s>(row: &RowReader<'s>, document: DocumentIndex) -> Option<&'s Header> {
    row.documents().header(document)
}
