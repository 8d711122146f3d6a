//! Payments (`settlement.md` 1.5, 3.17).

use crate::calendar::Date;
use crate::command::{ApplyRequest, DocumentRef, NewPayment, TargetAmount};
use crate::document::{
    Document, DocumentIndex, Figures, Header, Kind, Notes, Origin, Status, check_label,
};
use crate::error::{Code, Error, Path, Result, SiteField, first_refusal};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, check_positive, currency_of,
};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::apply;
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::targets::{find, placed};
use std::sync::Arc;

/// Records a payment and applies it to the documents that it names.
///
/// # Errors
/// `unknownCurrency`, `duplicateId`, `missingField` of an amount that follows from nothing, those of
/// [`Currency::amount`], `amountNotPositive`, and those of [`apply::run`].
pub(in crate::settle) fn create(
    journal: &mut Journal<'_>,
    at: Date,
    new: &NewPayment,
) -> Result<DocumentIndex> {
    let path = Path::Root.field(SiteField::Amount);
    if new.amount.is_none() && new.targets.is_none() {
        let needed = "the amount, or documents to be paid";
        return Err(Error::new(Code::MissingField, &path, needed, "none"));
    }
    let context = journal.context();
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let currency = match &new.currency {
        Some(code) => currency_of(context.settings, code)?,
        None => Arc::clone(&context.settings.currency),
    };
    check_new_id(context, Kind::Payment, &new.id, new.number.as_deref())?;
    let amount = amount_of(context, new, &currency);
    let own = first_refusal([
        check_comment(context, new.notes.comment.as_deref()),
        amount.as_ref().map(drop).map_err(Error::clone),
    ]);
    // Where the payment itself is wrong, its documents can be wrong too, which stands before it: they do not depend on
    // how much is paid, so any amount will do to ask them.
    let amount = match amount {
        Ok(amount) => amount,
        Err(_) => Amount::new(currency.increment())
            .ok_or_else(|| Error::fault("an increment out of range"))?,
    };
    let date = new.date.unwrap_or(at);
    let header = Header {
        account_id: new
            .account_id
            .as_deref()
            .unwrap_or(&context.settings.account_id)
            .into(),
        ..header(
            Kind::Payment,
            &new.id,
            new.number.as_deref(),
            currency,
            date,
            new.notes.clone(),
        )
    };
    let payment =
        Document::whole(header, amount).ok_or_else(|| Error::fault("a payment out of range"))?;
    let subject = journal.create(payment)?;
    if new.targets.is_some() {
        let source = DocumentRef {
            kind: Kind::Payment,
            id: new.id.clone(),
        };
        let settle = ApplyRequest {
            source,
            targets: new.targets.clone(),
            spread: new.spread.clone(),
        };
        let applied = apply::run(journal, at, &settle).map(drop);
        first_refusal([own, applied])?;
    } else {
        own?;
    }
    Ok(subject)
}

/// What a payment says that it is, or what its documents take together; more than zero.
fn amount_of(context: Context<'_>, new: &NewPayment, currency: &Currency) -> Result<Amount> {
    let path = Path::Root.field(SiteField::Amount);
    let amount = match new.amount {
        Some(amount) => currency.amount(amount).map_err(|error| error.at(&path))?,
        None => {
            let targets = new.targets.as_deref().unwrap_or_default();
            wanted(context, targets, new, currency)?
        }
    };
    check_positive(amount, currency, &path)?;
    Ok(amount)
}

/// Records a payment of one document: of its account and in its currency, unless it is said otherwise.
///
/// # Errors
/// As [`create`].
pub(in crate::settle) fn pay(
    journal: &mut Journal<'_>,
    at: Date,
    new: &NewPayment,
    document: &DocumentRef,
) -> Result<DocumentIndex> {
    let documents = journal.context().documents;
    let of = documents
        .find_kind(document.kind, &document.id)
        .and_then(|index| documents.header(index));
    let mut new = new.clone();
    if let Some(of) = of {
        new.account_id
            .get_or_insert_with(|| of.account_id.to_string());
        new.currency
            .get_or_insert_with(|| of.currency.code().to_owned());
    }
    let list = Path::Root.field(document.kind.list_field());
    let entry = list.index(0).to_string();
    // The document is an entry of a list there, and the request itself here.
    let own = |path: &str| {
        path.strip_prefix(&entry)
            .map(|path| path.trim_start_matches('.').to_owned())
    };
    create(journal, at, &new).map_err(|error| error.found_at(&own))
}

/// The header of a document without items, in force from the start.
pub(in crate::settle) fn header(
    kind: Kind,
    id: &str,
    number: Option<&str>,
    currency: Arc<Currency>,
    date: Date,
    notes: Notes,
) -> Header {
    Header {
        kind,
        id: id.into(),
        number: number.unwrap_or(id).into(),
        account_id: "".into(),
        currency,
        status: Status::Posted,
        date,
        due_date: date,
        tax: Amount::ZERO,
        figures: Figures::default(),
        origin: Origin::Standalone,
        refers_to: None,
        reversed: false,
        deleted: false,
        notes: Arc::new(Notes {
            statuses: vec![(date, Status::Posted)],
            ..notes
        }),
    }
}

/// What the targets of a payment take together. Whether they may, [`apply::run`] asks.
fn wanted(
    context: Context<'_>,
    targets: &[TargetAmount],
    new: &NewPayment,
    currency: &Currency,
) -> Result<Amount> {
    // By identifier, so that a refusal does not depend on how the request was sorted.
    let mut by_id: Vec<_> = targets.iter().collect();
    sort_by(&mut by_id, |a, b| a.document.id.cmp(&b.document.id));
    let mut found = Vec::with_capacity(targets.len());
    for target in by_id {
        let list = Path::Root.field(target.document.kind.list_field());
        let path = list.index(target.place);
        found.push((
            target,
            find(
                context.documents,
                &target.document,
                &path.field(target.document.kind.id_field()),
            )?,
        ));
    }
    let mut amounts = Vec::with_capacity(targets.len());
    for (target, of) in found {
        let list = Path::Root.field(target.document.kind.list_field());
        let path = list.index(target.place);
        let read = |decimal, path: &Path<'_>| {
            currency
                .amount(decimal)
                .map_err(|error| error.at(&path.field(SiteField::Amount)))
        };
        match (target.amount, &target.items) {
            (Some(amount), _) => amounts.push(read(amount, &path)?),
            (None, Some(stated)) => {
                let items = path.field(SiteField::Items);
                for (place, item) in stated.iter().enumerate() {
                    amounts.push(read(item.amount, &items.index(place))?);
                }
            }
            (None, None) => amounts.push(settleable(of.document, &new.spread)),
        }
    }
    Amount::sum(amounts)
        .ok_or_else(|| Error::new(Code::OutOfRange, &Path::Root, "amounts in range", "more"))
}

/// Gives a payment of which nothing is settled to another account.
///
/// # Errors
/// `documentNotFound`, `invalidId`, `invalidStatus`, `alreadySettled`.
pub(in crate::settle) fn transfer(
    journal: &mut Journal<'_>,
    payment_id: &str,
    account_id: &str,
) -> Result<DocumentIndex> {
    let path = Path::Root.field(Kind::Payment.id_field());
    check_label(account_id, &Path::Root.field(SiteField::AccountId))?;
    let named = DocumentRef {
        kind: Kind::Payment,
        id: payment_id.to_owned(),
    };
    let index = find(journal.context().documents, &named, &path)?.index;
    crate::settle::plan::targets::check_live(&placed(journal.context().documents, index)?, &path)?;
    crate::settle::operations::lifecycle::check_unsettled(journal.context(), index, &path)?;
    journal.change(index, |header| header.account_id = account_id.into())?;
    Ok(index)
}
