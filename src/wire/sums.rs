//! The sums of a command: what is asked, and what is answered.

use super::Value;
use super::entry;
use super::json::Json;
use super::object::object;
use super::readers::{OneOf, ValueReader as _, Whole};
use crate::book::{ChangeSum, Effect, SumBy};
use crate::document::Header;
use crate::error::{Result, Site};
use crate::query::item_and_tax;

/// The most rows that can be asked for.
const ROWS: i64 = 100_000;

object! {
    /// How {@link Book.sums} groups what it adds up, and how many sums it returns.
    export interface SumOptions => SumRequest {
        /// The groups: one sum for each document, for each item and tax item, or for each kind of
        /// line of each kind of document.
        by: required OneOf<SumBy> = "by",
        /// The number of sums to return for each currency, the largest first. The other sums are
        /// added up in `others`. Default: all.
        top: optional Whole<usize, 1, ROWS> = "top",
    }
}

/// What sums are asked for.
#[derive(Clone, Copy, Debug)]
pub struct SumRequest {
    by: SumBy,
    top: Option<usize>,
}

/// `SumOptions`.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<SumRequest> {
    SumOptions::read(value, &Site::Command.field(entry::OPTIONS))
}

/// `ChangeSums`.
///
/// # Errors
/// As [`Effect::sums`].
pub fn sums(effect: &Effect<'_>, request: SumRequest) -> Result<String> {
    let sums = effect.sums(request.by)?;

    // Amounts of two currencies are not compared, so each currency has its own largest sums.
    let (mut shown, mut others) = (Vec::new(), Vec::new());
    for of_currency in sums.chunk_by(|a, b| effect.currency_of(a) == effect.currency_of(b)) {
        let top = request.top.unwrap_or(of_currency.len());
        shown.extend(of_currency.iter().take(top));
        others.extend(of_currency.iter().skip(top).copied());
    }

    let mut json = Json::default();
    json.open('{');
    json.list("rows", shown, |json, sum| {
        put_sum(json, effect, sum, request.by);
    });
    json.list("others", added_up(effect, &others), |json, (count, sum)| {
        put_others(json, effect, count, &sum);
    });
    json.close('}');
    Ok(json.into_text())
}

/// The sums that are not shown, added up by currency: how many there are, and their sum.
fn added_up(effect: &Effect<'_>, others: &[ChangeSum]) -> Vec<(usize, ChangeSum)> {
    let mut sums: Vec<(usize, ChangeSum)> = Vec::new();
    for sum in others {
        let known = sums
            .iter_mut()
            .find(|(_, known)| effect.currency_of(known) == effect.currency_of(sum));

        match known {
            Some((count, known)) => {
                *count = count.saturating_add(1);
                *known = known.with(sum);
            }
            None => sums.push((1, *sum)),
        }
    }
    sums
}

fn header<'e>(effect: &Effect<'e>, sum: &ChangeSum) -> Option<&'e Header> {
    effect.context.documents.header(sum.document)
}

fn put_sum(json: &mut Json, effect: &Effect<'_>, sum: &ChangeSum, by: SumBy) {
    let documents = effect.context.documents;
    let Some(document) = documents.get(sum.document) else {
        return;
    };
    json.open('{');
    json.text("documentType", document.header().kind.as_str());

    if by != SumBy::Kind {
        json.text("documentId", &document.header().id);
    }

    if let Some(line) = sum.line {
        let (item, tax) = item_and_tax(document, line).unwrap_or_default();
        json.optional_text("itemId", item);
        json.optional_text("taxItemId", tax);
    }
    if let Some(kind) = sum.kind {
        json.text("lineType", kind.as_str());
    }

    put_figures(json, effect, sum);
    json.close('}');
}

fn put_others(json: &mut Json, effect: &Effect<'_>, count: usize, sum: &ChangeSum) {
    json.open('{');
    json.plain("rows", &count);
    put_figures(json, effect, sum);
    json.close('}');
}

fn put_figures(json: &mut Json, effect: &Effect<'_>, sum: &ChangeSum) {
    let Some(header) = header(effect, sum) else {
        return;
    };
    let scale = header.currency.scale().into();
    json.text("currency", header.currency.code());
    json.plain("lines", &sum.lines);
    json.units("before", sum.before, scale);
    json.units("after", sum.after, scale);
    json.units("change", sum.change(), scale);
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use super::readers::Typed;

    let table = SumOptions::declaration();
    vec![(table.name, table.text())]
}
