//! Rows: what the tables of [`crate::query`] read, written field by field.

use super::json::Json;
use super::line::{put_custom, put_line};
use crate::book::Subject;
use crate::document::HistoryEntry;
use crate::query::{
    CurrencySums, Field, FieldValue, Page, RowKind, RowReader, Scope, Sum, Visibility,
};
use crate::settle::Context;

/// `Page`: the text of an answer.
#[must_use]
pub fn page(answer: &Page<'_>) -> String {
    let mut json = Json::default();
    json.open('{');

    let rows = answer.rows.iter().filter_map(|&row| answer.scope.row(row));
    json.list("rows", rows, |json, row| {
        let fields = answer.fields.iter().copied();
        put_row(json, &row, fields, answer.is_projected)
    });

    json.optional_plain("total", answer.total);
    put_sums(&mut json, answer);

    json.name("page").open('{');
    json.optional_plain("number", answer.number);
    json.whole("size", answer.size.into());
    json.close('}');

    json.optional_text("next", answer.next.as_deref());
    json.optional_text("previous", answer.previous.as_deref());
    json.close('}');
    json.into_text()
}

/// The sums of a page by currency; `null` where none was asked for.
fn put_sums(json: &mut Json, answer: &Page<'_>) {
    let (fields, sums) = &answer.sums;
    if fields.is_empty() {
        json.null("sums");
        return;
    }

    json.list("sums", sums, |json, CurrencySums { currency, sums }| {
        let scale = currency.scale().into();
        json.open('{');
        json.text("currency", currency.code());
        for (field, sum) in fields.iter().zip(sums) {
            match sum {
                Sum::Amount(minor) => json.units(field.name, *minor, scale),
                Sum::Buckets(minor) => {
                    put_buckets(json, field.name, minor, answer.scope.bucket_days(), scale);
                }
            }
        }
        json.close('}');
    });
}

/// Amounts of minor units, each with the days that it is overdue.
fn put_buckets(json: &mut Json, name: &'static str, amounts: &[i128], days: &[u32], scale: u32) {
    let first_days =
        std::iter::once(1).chain(days.iter().map(|day| i64::from(*day).saturating_add(1)));
    let last_days = days.iter().map(Some).chain([None]);
    let buckets = amounts.iter().zip(first_days.zip(last_days));

    json.list(name, buckets, |json, (minor, (first, last))| {
        json.open('{');
        json.whole("from", first);
        json.optional_plain("to", last);
        json.units("amount", *minor, scale);
        json.close('}');
    });
}

/// A row with these fields; where it is not whole, without those that are not set and may be left out.
pub(super) fn put_row(
    json: &mut Json,
    row: &RowReader<'_>,
    fields: impl Iterator<Item = &'static Field>,
    is_whole: bool,
) {
    json.open('{');
    for field in fields {
        let cell = field.read(row);
        if is_whole || field.shown == Visibility::Always || is_set(cell.as_ref()) {
            put_cell(json, field.name, row, cell.as_ref());
        }
    }
    json.close('}');
}

fn is_set(cell: Option<&FieldValue<'_>>) -> bool {
    match cell {
        None | Some(FieldValue::Null | FieldValue::Boolean(false)) => false,
        Some(FieldValue::Custom(custom)) => !custom.is_empty(),
        Some(_) => true,
    }
}

fn put_cell(
    json: &mut Json,
    name: &'static str,
    row: &RowReader<'_>,
    cell: Option<&FieldValue<'_>>,
) {
    match cell {
        None | Some(FieldValue::Null) => json.null(name),
        Some(FieldValue::Boolean(value)) => json.boolean(name, *value),
        Some(FieldValue::Whole(number)) => json.whole(name, *number),
        Some(FieldValue::Text(text)) => json.text(name, text),
        Some(FieldValue::Amount(amount, scale)) => {
            json.units(name, amount.minor().into(), (*scale).into())
        }
        Some(FieldValue::Decimal(decimal)) => json.units(name, decimal.mantissa(), decimal.scale()),
        Some(FieldValue::Date(date)) => json.date(name, *date),

        Some(FieldValue::Group(version)) => json.text(name, &HistoryEntry::group_id(*version)),
        Some(FieldValue::Custom(custom)) => put_custom(json, name, custom),
        Some(FieldValue::Line(line)) => put_line(json, name, row.line_at(*line)),

        Some(FieldValue::Buckets(amounts)) => {
            let (days, scale) = (row.scope().bucket_days(), row.scale());
            put_buckets(json, name, amounts, days, scale);
        }
        Some(FieldValue::SettledBefore(line)) => {
            let scale = row.scale();
            json.list(name, row.settled_before(*line), |json, entry| {
                json.open('{');
                json.date("at", entry.date);
                json.units("amount", entry.amount.minor().into(), scale);
                json.text("by", entry.by.as_str());
                json.close('}');
            });
        }
        Some(FieldValue::TaxItems(item)) => {
            let is_past = row.is_past();
            json.list(name, row.tax_items(*item), |json, tax_item| {
                put_row(json, &tax_item, RowKind::TaxItem.shown(is_past), false);
            });
        }
    }
}

/// `Invoice`, `CreditMemo`, `DebitMemo`, `Payment` or `Refund`, as it stands after a command; what its name announced.
pub(super) fn put_document(json: &mut Json, context: Context<'_>, subject: &Subject) {
    let scope = Scope::now(context);
    let fields = RowKind::from(subject.header.kind).shown(false);
    put_row(json, &RowReader::after(&scope, subject), fields, false);
}
