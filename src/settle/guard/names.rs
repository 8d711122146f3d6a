//! Guards on identifiers, numbers, comments and currencies that a command states.

use crate::calendar::Date;
use crate::command::settings::{Limit, Settings};
use crate::document::{Kind, check_id, check_label};
use crate::error::{Code, Error, Path, Result, SiteField, quoted};
use crate::money::{Amount, Currency};
use crate::settle::journal::Context;
use std::sync::Arc;

/// The field that a document has its date from: its own, or the day of the command.
pub(in crate::settle) const fn date_field(stated: Option<Date>) -> &'static str {
    if stated.is_some() { "date" } else { "at" }
}

/// Refuses an identifier that another document has, and a number that another of its kind has. Without a number, the
/// identifier is the number.
pub(in crate::settle) fn check_new_id(
    context: Context<'_>,
    kind: Kind,
    id: &str,
    number: Option<&str>,
) -> Result<()> {
    let path = Path::Root.field(SiteField::Id);
    if context.documents.find(id).is_some() {
        let needed = "an identifier that no other document of the book has";
        return Err(Error::new(Code::DuplicateId, &path, needed, quoted(id)));
    }

    let path = number.map_or(path, |_| Path::Root.field(SiteField::Number));
    let number = number.unwrap_or(id);
    match context.documents.find_number(kind, number) {
        Some(_) => {
            let needed = format!("a number that no other {} of the book has", kind.name());
            Err(Error::new(Code::DuplicateId, &path, needed, quoted(number)))
        }
        None => Ok(()),
    }
}

/// Refuses a comment that is longer than the book's limit.
pub(in crate::settle) fn check_comment(context: Context<'_>, comment: Option<&str>) -> Result<()> {
    let length = comment.map_or(0, |comment| comment.chars().count());
    context.settings.limits.check(
        Limit::CommentLength,
        length,
        &Path::Root.field(SiteField::Comment),
    )
}

/// Refuses names that are none.
pub(in crate::settle) fn check_names(
    id: &str,
    number: Option<&str>,
    account_id: Option<&str>,
) -> Result<()> {
    check_id(id, &Path::Root.field(SiteField::Id))?;
    number.map_or(Ok(()), |number| {
        check_id(number, &Path::Root.field(SiteField::Number))
    })?;
    account_id.map_or(Ok(()), |account| {
        check_label(account, &Path::Root.field(SiteField::AccountId))
    })
}

/// The currency with that code: one that the book defines, or one of ISO 4217.
///
/// # Errors
/// `unknownCurrency`.
pub(in crate::settle) fn currency_of(settings: &Settings, code: &str) -> Result<Arc<Currency>> {
    if code == settings.currency.code() {
        return Ok(Arc::clone(&settings.currency));
    }
    currency(
        &settings.currencies,
        code,
        &Path::Root.field(SiteField::Currency),
    )
}

/// The currency with that code: one of `defined`, or one of ISO 4217.
///
/// # Errors
/// `unknownCurrency` at `path`.
pub fn currency(defined: &[Arc<Currency>], code: &str, path: &Path<'_>) -> Result<Arc<Currency>> {
    let known = defined
        .iter()
        .find(|currency| currency.code() == code)
        .map(Arc::clone);
    known
        .or_else(|| Currency::iso(code).map(Arc::new))
        .ok_or_else(|| {
            let needed = "a code of ISO 4217, or one that the book defines";
            Error::new(Code::UnknownCurrency, path, needed, quoted(code))
        })
}

/// Refuses an amount of zero or less.
pub(in crate::settle) fn check_positive(
    amount: Amount,
    currency: &Currency,
    path: &Path<'_>,
) -> Result<()> {
    if amount.is_positive() {
        return Ok(());
    }
    Err(Error::new(
        Code::AmountNotPositive,
        path,
        "more than zero",
        currency.write(amount),
    ))
}
