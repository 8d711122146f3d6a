//! How another book differs: what is asked, and what is answered.

use super::Value;
use super::entry;
use super::json::Json;
use super::query;
use super::rows::put_row;
use crate::Book;
use crate::document::Header;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Amount;
use crate::query::{DocumentDiff, KindDiff, LineDiff, Report, RowKind, Scope, item_and_tax};
use rustc_hash::FxHashMap;

/// Reads `AgeingReport`, the options of a comparison. Its refusal of a missing day says what the day is for, because
/// the documents and lines of the books are compared without one.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<Report> {
    let options = Site::Command.field(entry::OPTIONS);
    query::ageing(value, &options).map_err(|error| match error.reason() {
        Reason::FieldMissing { .. } => {
            Error::of(Reason::ComparedDayMissing {}, &options.field(SiteField::At))
        }
        _ => error,
    })
}

/// `BookDiff`: how `other` differs from `book`, and what accounts owe in both by the age of a report.
///
/// # Errors
/// As [`Book::diff`] and [`Book::report`].
pub fn diff(book: &Book, other: &Book, report: &Report) -> Result<String> {
    let diff = book.diff(other)?;
    let (here, there) = (book.report(report)?, other.report(report)?);

    let mut json = Json::default();
    json.open('{');
    json.list("documents", &diff.documents, put_document);
    json.list("lines", &diff.lines, put_line);
    json.list("sums", &diff.sums, put_sum);
    put_accounts(&mut json, &here, &there);
    json.close('}');
    Ok(json.into_text())
}

fn put_document(json: &mut Json, diff: &DocumentDiff<'_>) {
    let header = diff.document.header();
    json.open('{');
    json.text("kind", diff.kind.as_str());
    put_owner(json, header);
    json.text("currency", header.currency.code());
    put_state(json, "before", diff.before);
    put_state(json, "after", diff.after);
    json.close('}');
}

/// What a document is in one of the books; `null` where it is not there.
fn put_state(json: &mut Json, name: &'static str, header: Option<&Header>) {
    let Some(header) = header else {
        return json.null(name);
    };
    json.name(name).open('{');
    json.text("status", header.status.as_str());
    json.amount("openAmount", header.figures.open(), &header.currency);
    json.close('}');
}

fn put_owner(json: &mut Json, header: &Header) {
    json.text("documentType", header.kind.as_str());
    json.text("documentId", &header.id);
}

fn put_line(json: &mut Json, diff: &LineDiff<'_>) {
    let header = diff.document.header();
    let (item, tax) = item_and_tax(diff.document, diff.line).unwrap_or_default();

    json.open('{');
    put_owner(json, header);
    json.optional_text("itemId", item);
    json.optional_text("taxItemId", tax);
    json.text("lineType", diff.kind.as_str());
    json.text("currency", header.currency.code());

    let [before, after] = [diff.before, diff.after].map(Amount::minor).map(i128::from);
    put_figures(json, [before, after], header.currency.scale());
    json.close('}');
}

fn put_sum(json: &mut Json, sum: &KindDiff<'_>) {
    json.open('{');
    json.text("documentType", sum.document.as_str());
    json.text("lineType", sum.kind.as_str());
    json.text("currency", sum.currency.code());
    json.plain("lines", &sum.lines);
    put_figures(json, [sum.before, sum.after], sum.currency.scale());
    json.close('}');
}

/// Amounts of minor units in both books, and by how much the other has more.
fn put_figures(json: &mut Json, [before, after]: [i128; 2], scale: u8) {
    let scale = scale.into();
    json.units("before", before, scale);
    json.units("after", after, scale);
    // Sums of fewer than 2³² amounts of 64 bits do not wrap.
    json.units("difference", after.wrapping_sub(before), scale);
}

/// Writes the accounts that owe or have something else in the other book, currency by currency.
fn put_accounts(json: &mut Json, here: &Scope<'_>, there: &Scope<'_>) {
    let (before, after) = (rows_of(here), rows_of(there));
    // Only for look-ups: their order means nothing.
    let was: FxHashMap<_, _> = before.iter().map(|row| (row.owner(), row)).collect();
    let is: FxHashMap<_, _> = after.iter().map(|row| (row.owner(), row)).collect();

    json.name("accounts").open('[');
    for row in &before {
        let after = is.get(&row.owner()).copied();
        if after.is_none_or(|after| after.text != row.text) {
            put_account(json, row, Some(row), after);
        }
    }
    for row in &after {
        if !was.contains_key(&row.owner()) {
            put_account(json, row, None, Some(row));
        }
    }
    json.close(']');
}

/// A row of a report by age, and its text.
struct AgeingRow<'s> {
    header: &'s Header,
    text: Json,
}

impl<'s> AgeingRow<'s> {
    /// The account and the currency.
    fn owner(&self) -> (&'s str, &'s str) {
        (&self.header.account_id, self.header.currency.code())
    }
}

fn rows_of<'s>(scope: &'s Scope<'s>) -> Vec<AgeingRow<'s>> {
    let rows = scope.derived_rows().filter_map(|row| scope.row(row));

    let written = rows.map(|row| {
        let mut text = Json::default();
        put_row(&mut text, &row, RowKind::Ageing.shown(false), false);
        AgeingRow {
            header: row.header(),
            text,
        }
    });
    written.collect()
}

fn put_account(
    json: &mut Json,
    row: &AgeingRow<'_>,
    before: Option<&AgeingRow<'_>>,
    after: Option<&AgeingRow<'_>>,
) {
    let (account_id, currency) = row.owner();

    json.open('{');
    json.text("accountId", account_id);
    json.text("currency", currency);

    for (name, row) in [("before", before), ("after", after)] {
        match row {
            Some(row) => json.name(name).written(&row.text),
            None => json.null(name),
        }
    }
    json.close('}');
}
