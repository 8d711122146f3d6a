//! Create an invoice or a credit memo.

use super::{Context, Event, Plan};
use crate::calendar::Date;
use crate::document::{Defaults, Document, NewDocument};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::Currency;
use std::sync::Arc;

/// # Errors
/// `missingField` without items, `unknownCurrency`, `duplicateId`, and those of [`Document::draft`].
pub(super) fn plan(context: Context<'_>, at: Date, new: &NewDocument) -> Result<Plan> {
    if new.items.is_empty() {
        return Err(Error::new(Code::MissingField, &Path::Root.field("items"), "at least one item", "none"));
    }
    let currency = match &new.currency {
        Some(code) if code != context.currency.code() => {
            currency(context.currencies, code, &Path::Root.field("currency"))?
        }
        _ => Arc::clone(context.currency),
    };
    if context.documents.find(&new.id).is_some() {
        let needed = "an identifier that no other document of the book has";
        return Err(Error::new(Code::DuplicateId, &Path::Root.field("id"), needed, quoted(&new.id)));
    }
    let defaults = Defaults { account_id: context.account_id, at };
    let draft = Document::draft(new, currency, &defaults)?;
    let subject = context
        .documents
        .next_index()
        .ok_or_else(|| Error::general(Code::TooLarge, "fewer than 2³² documents", "more"))?;
    let mut events = vec![Event::Created(Box::new(draft))];
    if new.auto_post {
        events.push(Event::Posted(subject));
    }
    Ok(Plan { subject, events, notices: Vec::new() })
}

/// The currency with that code: one that the book defines, or one of ISO 4217.
///
/// # Errors
/// `unknownCurrency` at `path`.
pub fn currency(defined: &[Arc<Currency>], code: &str, path: &Path<'_>) -> Result<Arc<Currency>> {
    let known = defined.iter().find(|currency| currency.code() == code).map(Arc::clone);
    known.or_else(|| Currency::iso(code).map(Arc::new)).ok_or_else(|| {
        let needed = "a code of ISO 4217, or one that the book defines";
        Error::new(Code::UnknownCurrency, path, needed, quoted(code))
    })
}
