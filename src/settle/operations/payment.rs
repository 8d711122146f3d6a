//! Payments (`settlement.md#payments`).

use crate::calendar::Date;
use crate::command::spread::Spread;
use crate::command::{DocumentRef, NewPayment, TargetAmount};
use crate::document::{
    Document, DocumentIndex, Header, Kind, LineIndex, Notes, SettledBefore, Status,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep, first_refusal, refusal_of};
use crate::label::check_label;
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::closed_days;
use crate::settle::guard::documents::check_live;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, check_positive, currency_of, date_field,
};
use crate::settle::journal::Journal;
use crate::settle::operations::apply::Wanted;
use crate::settle::operations::{apply, create, lifecycle};
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::draft::DraftPast;
use crate::settle::plan::located::{Located, find, find_key};
use crate::settle::plan::open_documents::OpenDocuments;
use std::sync::Arc;

/// Records a payment and applies it to the documents that it names.
///
/// # Errors
/// `missingField` of an amount that follows from nothing, `invalidId`, `unknownCurrency`, `duplicateId`, those of
/// [`Currency::amount`], `amountNotPositive`, those of [`apply::execute`], and `nothingToSettle` of an amount that
/// follows from documents of which nothing is open.
pub(in crate::settle) fn create(
    journal: &mut Journal<'_>,
    date: Date,
    new: &NewPayment,
) -> Result<DocumentIndex> {
    let documents = journal.context().documents;
    let named = new.targets.iter().flatten();
    let paid: Vec<_> = named
        .filter_map(|target| documents.find_key(target.document.kind, &target.document.id))
        .collect();
    record(journal, date, new, &paid)
}

/// Records a payment. It has the account and the currency of the documents that it pays, unless the command states
/// others. Where these differ among themselves, it has those of the book, so that their order does not matter.
fn record(
    journal: &mut Journal<'_>,
    date: Date,
    new: &NewPayment,
    paid: &[DocumentIndex],
) -> Result<DocumentIndex> {
    let has_targets = new.targets.is_some() || !new.all_open.is_empty();
    if new.amount.is_none() && (!has_targets || !new.settled_before.is_empty()) {
        let site = Site::Command.field(SiteField::Amount);
        return Err(Error::of(Reason::NoAmountToPay {}, &site));
    }
    let wanted = Wanted {
        source_key: None,
        stated: new.targets.as_deref().unwrap_or_default(),
        all_open: &new.all_open,
        spread: &new.spread,
    };
    if has_targets {
        wanted.check_shape()?;
    }

    create::check_words_of_line(Kind::Payment, &new.settled_before, &Site::Command)?;
    let context = journal.context();
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let open = open_documents(context, new, paid)?;
    check_new_id(context, Kind::Payment, &new.id, new.number.as_deref())?;

    // Where the payment itself is wrong, its documents can be wrong too, and a refusal of them may come first. They do
    // not depend on how much is paid, so any amount will do to ask them.
    let amount = amount_of(context, new, &open);
    let least = Amount::new(open.currency.increment());
    let least = least.ok_or_else(|| Error::fault("an increment out of range"))?;
    let header = header_of(new, date, open);
    let payment = Document::whole(header, amount.as_ref().copied().unwrap_or(least));
    let payment = payment.ok_or_else(|| Error::fault("a payment out of range"))?;

    let known = known_before(&payment, new, amount.is_ok());
    let date_field = date_field(new.date);
    let checked = first_refusal([
        closed_days::check_header(context.settings, None, payment.header(), date_field),
        check_comment(context, new.notes.comment.as_deref()),
        refusal_of(&amount),
        refusal_of(&known),
    ]);

    let payment = match known {
        Ok(known) => payment.with_settled_before(known)?,
        Err(_) => payment,
    };
    let subject = journal.create(payment, date_field)?;
    let applied = match has_targets {
        true => apply::apply_named(journal, date, subject, &wanted).map(drop),
        false => Ok(()),
    };
    first_refusal([checked, applied])?;
    Ok(subject)
}

/// The account and the currency of a payment, whose open documents it can settle: the stated ones, those of all
/// documents that it pays, or those of the book.
///
/// # Errors
/// `unknownCurrency`.
fn open_documents(
    context: Context<'_>,
    new: &NewPayment,
    paid: &[DocumentIndex],
) -> Result<OpenDocuments> {
    let settings = context.settings;
    let paid = paid
        .iter()
        .filter_map(|paid| context.documents.header(*paid));

    let currency = match &new.currency {
        Some(code) => currency_of(settings, code)?,
        None => match only_one(paid.clone().map(|paid| &paid.currency)) {
            Some(currency) => Arc::clone(currency),
            None => Arc::clone(&settings.currency),
        },
    };
    let account_id = match &new.account_id {
        Some(account_id) => account_id.as_str().into(),
        None => match only_one(paid.map(|paid| &paid.account_id)) {
            Some(account_id) => Arc::clone(account_id),
            None => Arc::clone(&settings.account_id),
        },
    };
    Ok(OpenDocuments {
        account_id,
        currency,
    })
}

/// What all have, if there are any and all have the same.
fn only_one<'a, T: PartialEq>(mut all: impl Iterator<Item = &'a T>) -> Option<&'a T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

/// The header of the payment of a command, of the account and in the currency of what it pays.
fn header_of(new: &NewPayment, date: Date, open: OpenDocuments) -> Header {
    let date = new.date.unwrap_or(date);
    let (account_id, currency) = (open.account_id, open.currency);
    let draft = Header::draft(Kind::Payment, &new.id, account_id, currency, date);
    in_force(draft, new.number.as_deref(), new.notes.clone())
}

/// What was settled of a payment before it came into the book. Whether that is more than its amount is asked only where
/// the amount is right.
///
/// # Errors
/// `dateTooEarly`, those of [`Currency::amount`], `amountNotPositive`, `exceedsItem`.
fn known_before(
    payment: &Document,
    new: &NewPayment,
    has_amount: bool,
) -> Result<Vec<SettledBefore>> {
    let header = payment.header();
    let (line, site) = (LineIndex(0), Site::Command);
    let stated: Vec<_> = new.settled_before.iter().map(DraftPast::from).collect();
    create::check_dates_of_line(header, &stated, &site)?;

    let mut known = Vec::new();
    create::read_line(&header.currency, line, &stated, &site, &mut known)?;
    create::check_signs_of_line(payment, line, &known, &site)?;

    match payment.misfit_of(&known) {
        Some(misfit) if has_amount => {
            let reason = create::reason_of(misfit, payment);
            Err(Error::of(reason, &site.field(SiteField::SettledBefore)))
        }
        Some(_) => Ok(Vec::new()),
        None => Ok(known),
    }
}

/// The amount that a payment states, or what its documents take together; more than zero.
fn amount_of(context: Context<'_>, new: &NewPayment, open: &OpenDocuments) -> Result<Amount> {
    let currency = &open.currency;
    let Some(stated) = new.amount else {
        let amount = amount_of_targets(context, new, open)?;
        check_something_open(amount, new)?;
        return Ok(amount);
    };

    let site = Site::Command.field(SiteField::Amount);
    let amount = currency.amount(stated).map_err(|error| error.at(&site))?;
    check_positive(amount, currency, &site)?;
    Ok(amount)
}

/// Refuses to pay documents that take nothing. No amount is stated that could be too small.
///
/// # Errors
/// `nothingToSettle` at the list of the documents.
fn check_something_open(amount: Amount, new: &NewPayment) -> Result<()> {
    if amount.is_positive() {
        return Ok(());
    }

    let mut targets = new.targets.iter().flatten();
    let kind = targets.next().map(|target| target.document.kind);
    let kind = kind.or(new.all_open.first().copied());
    let list = kind.map_or(SiteField::Invoices, Kind::list_site);
    let site = Site::Command.field(list);
    Err(Error::of(Reason::NothingOpen {}, &site))
}

/// Records a payment of one document: of its account and in its currency, unless the command states others.
///
/// # Errors
/// As [`create`].
pub(in crate::settle) fn pay(
    journal: &mut Journal<'_>,
    date: Date,
    new: &NewPayment,
    document: &DocumentRef,
) -> Result<DocumentIndex> {
    let documents = journal.context().documents;
    let paid = documents.find_key(document.kind, &document.id);
    record(journal, date, new, paid.as_slice())
        .map_err(|error| error.moved(|inner| site_in_pay(inner, document.kind)))
}

/// Where a command that pays one document has what is wrong with a payment of a list: the entry of the list is the
/// command itself.
fn site_in_pay(inner: &[SiteStep], paid: Kind) -> Vec<SiteStep> {
    match inner {
        [
            SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos),
            SiteStep::Entry(_),
            of_entry @ ..,
        ] => of_entry.to_vec(),
        [SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos)] => {
            vec![SiteStep::Field(paid.id_site())]
        }
        _ => inner.to_vec(),
    }
}

/// The header of a payment or refund. Money that has moved is never a draft: it is in force from its date.
pub(in crate::settle) fn in_force(draft: Header, number: Option<&str>, notes: Notes) -> Header {
    let statuses = vec![(draft.date, Status::Posted)];
    Header {
        number: number.map_or_else(|| Arc::clone(&draft.number), Into::into),
        status: Status::Posted,
        notes: Arc::new(Notes { statuses, ..notes }),
        ..draft
    }
}

/// What the targets of a payment take together. Whether they may is asked when they are applied.
fn amount_of_targets(
    context: Context<'_>,
    new: &NewPayment,
    open: &OpenDocuments,
) -> Result<Amount> {
    // By key, so that a refusal does not depend on how the command was sorted.
    let (spread, currency) = (&new.spread, &open.currency);
    let mut by_key: Vec<_> = new.targets.iter().flatten().collect();
    sort_by(&mut by_key, |a, b| a.document.id.cmp(&b.document.id));

    let mut targets = Vec::with_capacity(by_key.len());
    for target in by_key {
        let list = Site::Command.field(target.document.kind.list_site());
        let entry = list.entry(target.place);
        let site = entry.field(target.document.kind.id_site());
        let document = find(context.documents, &target.document, &site)?;
        targets.push((target, document));
    }

    // All of them are found before the first amount is read: what is not there comes first in the table of codes.
    let mut amounts = Vec::with_capacity(targets.len());
    for (target, document) in &targets {
        let list = Site::Command.field(target.document.kind.list_site());
        push_amounts(target, document, spread, currency, &mut amounts)
            .map_err(|error| error.within(&list.entry(target.place)))?;
    }

    for &kind in &new.all_open {
        let found = open.of_kind(context, kind);
        amounts.extend(found.map(|document| settleable(document.document, spread)));
    }

    let sum = Amount::sum(amounts);
    sum.ok_or_else(|| Error::of(Reason::PaymentOutOfRange {}, &Site::Command))
}

/// Adds what one target of a payment takes: the amount that is stated of it, or its items, or all that is open.
fn push_amounts(
    target: &TargetAmount,
    document: &Located<'_>,
    spread: &Spread,
    currency: &Currency,
    amounts: &mut Vec<Amount>,
) -> Result<()> {
    let site = Site::Command.field(SiteField::Amount);
    if let Some(amount) = target.amount {
        amounts.push(currency.amount(amount).map_err(|error| error.at(&site))?);
        return Ok(());
    }

    let Some(stated) = &target.items else {
        amounts.push(settleable(document.document, spread));
        return Ok(());
    };

    let items = Site::Command.field(SiteField::Items);
    for (item_index, item) in stated.iter().enumerate() {
        let entry = items.entry(item_index);
        let amount = currency.amount(item.amount);
        amounts.push(amount.map_err(|error| error.at(&entry.field(SiteField::Amount)))?);
    }
    Ok(())
}

/// Gives a payment of which nothing is settled to another account.
///
/// # Errors
/// `documentNotFound`, `invalidId`, `invalidStatus`, `alreadySettled`, `periodClosed`.
pub(in crate::settle) fn transfer(
    journal: &mut Journal<'_>,
    payment_id: &str,
    account_id: &str,
) -> Result<DocumentIndex> {
    check_label(account_id, &Site::Command.field(SiteField::AccountId))?;
    let site = Site::Command.field(SiteField::PaymentId);
    let context = journal.context();
    let payment = find_key(context.documents, Kind::Payment, payment_id, &site)?;
    check_live(&payment, &site)?;
    lifecycle::check_unsettled(context, payment.index, &site)?;

    // The journal refuses it if a closed day counts the payment: the balances of both accounts would change there.
    let index = payment.index;
    journal.change(index, |header| header.account_id = account_id.into())?;
    Ok(index)
}
