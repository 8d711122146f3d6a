//! Guards on identifiers, numbers, comments and currencies that a command states.

use crate::calendar::Date;
use crate::command::settings::{Limit, Settings};
use crate::document::Kind;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::label::{check_id, check_label};
use crate::money::{Amount, Currency};
use crate::settle::context::Context;
use std::sync::Arc;

/// The field that a document has its date from: its own, or the day of the command.
pub(in crate::settle) const fn date_field(stated: Option<Date>) -> SiteField {
    match stated {
        Some(_) => SiteField::Date,
        None => SiteField::At,
    }
}

/// Refuses an identifier that another document has, and a number that another of its kind has. Without a number, the
/// identifier is the number.
pub(in crate::settle) fn check_new_id(
    context: Context<'_>,
    kind: Kind,
    id: &str,
    number: Option<&str>,
) -> Result<()> {
    if context.documents.find(id).is_some() {
        let reason = Reason::DocumentIdTaken { id: id.into() };
        return Err(Error::of(reason, &Site::Command.field(SiteField::Id)));
    }

    let (number, field) = match number {
        Some(number) => (number, SiteField::Number),
        None => (id, SiteField::Id),
    };
    if context.documents.find_number(kind, number).is_some() {
        let reason = Reason::NumberTaken {
            kind: kind.into(),
            number: number.into(),
        };
        return Err(Error::of(reason, &Site::Command.field(field)));
    }
    Ok(())
}

/// Refuses a comment that is longer than the book's limit.
pub(in crate::settle) fn check_comment(context: Context<'_>, comment: Option<&str>) -> Result<()> {
    let length = comment.map_or(0, |comment| comment.chars().count());
    context.settings.limits.check(
        Limit::CommentLength,
        length,
        &Site::Command.field(SiteField::Comment),
    )
}

/// Refuses an identifier, a number or an account that cannot name anything.
pub(in crate::settle) fn check_names(
    id: &str,
    number: Option<&str>,
    account_id: Option<&str>,
) -> Result<()> {
    check_id(id, &Site::Command.field(SiteField::Id))?;
    if let Some(number) = number {
        check_id(number, &Site::Command.field(SiteField::Number))?;
    }
    if let Some(account_id) = account_id {
        check_label(account_id, &Site::Command.field(SiteField::AccountId))?;
    }
    Ok(())
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
        &Site::Command.field(SiteField::Currency),
    )
}

/// The currency with that code: one of `defined`, or one of ISO 4217.
///
/// # Errors
/// `unknownCurrency` at `site`.
pub fn currency(defined: &[Arc<Currency>], code: &str, site: &Site<'_>) -> Result<Arc<Currency>> {
    // A book may give a currency of ISO 4217 another increment, so its own definitions come first.
    if let Some(currency) = defined.iter().find(|currency| currency.code() == code) {
        return Ok(Arc::clone(currency));
    }
    if let Some(currency) = Currency::iso(code) {
        return Ok(Arc::new(currency));
    }

    let currency = code.into();
    let capitals = code.to_ascii_uppercase();
    let mut defined = defined.iter();
    let is_defined = defined.any(|currency| currency.code() == capitals);
    let reason = if is_defined || Currency::iso(&capitals).is_some() {
        let meant = capitals.into();
        Reason::CurrencyInSmallLetters { currency, meant }
    } else {
        Reason::CurrencyNotDefined { currency }
    };
    Err(Error::of(reason, site))
}

/// Refuses an amount of zero or less.
pub(in crate::settle) fn check_positive(
    amount: Amount,
    currency: &Currency,
    site: &Site<'_>,
) -> Result<()> {
    if amount.is_positive() {
        return Ok(());
    }
    let amount = currency.figure(amount);
    Err(Error::of(Reason::AmountNotAboveZero { amount }, site))
}
