//! Create an invoice, credit memo or debit memo (`settlement.md` 3.1, 3.2, 3.16).

use crate::calendar::Date;
use crate::command::settings::{InclusiveRounding, Limit, Settings, TaxRounding};
use crate::document::{
    Detail, Document, DocumentIndex, Draft, Figures, Header, Kind, LineIndex, LineRef, NewDocument,
    NewItem, NewTaxItem, Origin, Processing, ROUNDING, Record, Status, TaxIdentity,
};
use crate::error::{Code, Error, Path, Result, SiteField, SiteStep, quoted};
use crate::money::{Amount, Currency, Fraction};
use crate::settle::guard::credit;
use crate::settle::guard::credit::CreditLedger;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, currency_of, date_field,
};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::lifecycle;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{Lookup, check_live, find, placed};
use crate::settle::plan::{credit_all, tax};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// # Errors
/// The first of `missingField` without items, `unknownCurrency`, `unknownReasonCode`, `duplicateId`,
/// `documentNotFound`, `itemNotFound`, `invalidStatus`, `accountMismatch`, `currencyMismatch`, `invalidItem`,
/// `periodClosed`, `dateTooEarly`, `limitExceeded`, those of [`Currency::amount`], `outOfRange`, `invalidDiscount`,
/// `amountNotPositive` of a memo below zero that is posted, `exceedsAvailableToCredit`; `nothingToSettle` of a whole
/// document of which nothing is available to credit.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    new: &NewDocument,
) -> Result<DocumentIndex> {
    let draft = draft(journal.context(), at, new, None)?;
    let subject = journal.create(draft)?;
    if new.auto_post {
        lifecycle::post(journal, at, subject, &Path::Root.field(SiteField::Id))?;
    }
    Ok(subject)
}

/// The draft of a document; `own` is its place, if it has one already and is only changed.
///
/// # Errors
/// As [`run`].
pub(in crate::settle) fn draft(
    context: Context<'_>,
    at: Date,
    new: &NewDocument,
    own: Option<DocumentIndex>,
) -> Result<Document> {
    draft_of(context, at, new, own).map_err(|error| error.moved(|inner| site_in_create(inner, new)))
}

/// Where a command has what is wrong with a draft: what it left out is not in it.
fn site_in_create(inner: &[SiteStep], new: &NewDocument) -> Vec<SiteStep> {
    match (inner, &new.from) {
        ([SiteStep::Field(SiteField::Date)], _) => vec![SiteStep::Field(date_field(new.date))],
        ([SiteStep::Field(SiteField::Items), ..], Some((kind, _))) if new.items.is_none() => {
            vec![SiteStep::Field(kind.id_site())]
        }
        _ => inner.to_vec(),
    }
}

fn draft_of(
    context: Context<'_>,
    at: Date,
    new: &NewDocument,
    own: Option<DocumentIndex>,
) -> Result<Document> {
    let list = Path::Root.field(SiteField::Items);
    if new.items.as_ref().map_or(new.from.is_none(), Vec::is_empty) {
        return Err(Error::new(
            Code::MissingField,
            &list,
            "at least one item",
            "none",
        ));
    }
    check_tax_sources(new.items.as_deref().unwrap_or_default(), &list)?;
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let stated = new
        .currency
        .as_deref()
        .map(|code| currency_of(context.settings, code))
        .transpose()?;
    context.settings.check_reason(
        new.notes.reason_code.as_deref(),
        &Path::Root.field(SiteField::ReasonCode),
    )?;
    if own.is_none() {
        check_new_id(context, new.kind, &new.id, new.number.as_deref())?;
    }
    let from = new.from.as_ref().map(|(kind, id)| {
        let named = crate::command::DocumentRef {
            kind: *kind,
            id: id.clone(),
        };
        find(context.documents, &named, &Path::Root.field(kind.id_site()))
    });
    // Refused where it is due: what is wrong with the lines' own identifiers comes first.
    let (from, missing) = match from.transpose() {
        Ok(from) => (from, None),
        Err(error) => (None, Some(error)),
    };
    let owned;
    // Refused last: whether the document is in force, of the account and so on comes first.
    let mut nothing_left = Ok(());
    let items = match (&new.items, &from) {
        (Some(items), _) => items,
        (None, Some(from)) => {
            owned = all_items(context, from).unwrap_or_else(|refusal| {
                nothing_left = Err(refusal);
                Vec::new()
            });
            &owned
        }
        (None, None) => {
            return Err(missing.unwrap_or_else(|| Error::fault("a document is missing")));
        }
    };
    // Only for look-ups, never iterated: its order means nothing.
    let mut lookups = FxHashMap::default();
    let source_of = |(place, item)| source(context, from, &mut lookups, item, &list.index(place));
    let sources: Vec<_> = items.iter().enumerate().map(source_of).collect();
    let lines = sources.iter().zip(items).map(|(source, item)| {
        StatedItem::new(context, item, source.as_ref().ok().copied().flatten())
    });
    let lines: Vec<_> = lines.collect();
    let mut draft = Draft::default();
    for (place, line) in lines.iter().enumerate() {
        line.add(&mut draft, &list.index(place))?;
    }
    if let Some(error) = missing {
        return Err(error);
    }
    let sources = sources.into_iter().collect::<Result<Vec<_>>>()?;
    let discounts = link(context, &mut draft, items, &sources, &list)?;

    let default = from.map_or(&context.settings.account_id, |from| {
        &from.document.header().account_id
    });
    let id: Arc<str> = new.id.as_str().into();
    let inherited = from.map(|from| Arc::clone(&from.document.header().currency));
    let mut header = Header {
        kind: new.kind,
        number: new
            .number
            .as_deref()
            .map_or_else(|| Arc::clone(&id), Into::into),
        id,
        account_id: new
            .account_id
            .as_deref()
            .map_or_else(|| Arc::clone(default), Into::into),
        currency: stated
            .or(inherited)
            .unwrap_or_else(|| Arc::clone(&context.settings.currency)),
        status: Status::Draft,
        date: new.date.unwrap_or(at),
        due_date: new.due_date.or(new.date).unwrap_or(at),
        tax: Amount::ZERO,
        figures: Figures::default(),
        origin: if from.is_some() && new.origin == Origin::Standalone {
            Origin::Document
        } else {
            new.origin
        },
        refers_to: from.map(|from| from.index),
        reversed: false,
        deleted: false,
        notes: Arc::new(new.notes.clone()),
    };
    check_sources(context, &header, from, items, &sources, &list)?;
    let limits = &context.settings.limits;
    limits.check(
        Limit::CreateItems,
        if header.kind == Kind::Invoice {
            0
        } else {
            items.len()
        },
        &list,
    )?;
    check_comment(context, header.notes.comment.as_deref())?;
    if let Some(fee) = new.restocking_fee {
        let path = Path::Root.field(SiteField::RestockingFee);
        let fee = header
            .currency
            .amount(fee)
            .map_err(|error| error.at(&path))?;
        crate::settle::guard::names::check_positive(fee, &header.currency, &path)?;
        Arc::make_mut(&mut header.notes).restocking_fee = fee;
    }
    check_exempt(&header.currency, items, &list)?;

    let mut ledger = CreditLedger::new(context, own);
    let mut amounts = Vec::with_capacity(draft.lines().len());
    let mut spent = None;
    for (place, line) in lines.iter().enumerate() {
        let first = amounts.len();
        line.price(
            &mut ledger,
            context,
            &header.currency,
            &list.index(place),
            &mut amounts,
        )?;
        let own = amounts.get(first..).unwrap_or_default();
        let takes_what_is_left = new.items.is_some() && line.takes_what_is_left();
        if takes_what_is_left && own.iter().all(|amount| amount.is_zero()) {
            spent = spent.or(Some(place));
        }
        let priced = draft.lines().iter().zip(&amounts).skip(first);
        for (line, amount) in priced {
            if let Some(source) = line.source {
                ledger.record(source, *amount)?;
            }
        }
    }
    if context.settings.tax_rounding == TaxRounding::Group {
        round_by_group(context.settings, &lines, &header.currency, &mut amounts)
            .ok_or_else(|| out_of_range(&list))?;
    }
    if header.kind == Kind::Invoice {
        add_rounding(&mut draft, items, &header.currency, &mut amounts, &list)?;
    }
    draft.price(amounts, &list)?;
    for (place, own, of) in discounts {
        draft.net(own, of, &header.currency, &list.index(place))?;
    }
    let whole_of = from.filter(|_| new.items.is_none());
    let document = rounded(context, draft.finish(header)?, whole_of, own, &list)?;
    if new.auto_post {
        lifecycle::check_sign(document.header(), &list)?;
    }
    check_prices(items, &document.header().currency, &list)?;
    credit::check(context, &document, own, &list)?;
    nothing_left?;

    match spent {
        // Nothing is credited by default: who means nothing says so.
        Some(place) => {
            let item = list.index(place);
            let path = item.field(SiteField::SourceItemId);
            let needed = "an item of which something is available to credit, or a stated amount";
            Err(Error::new(Code::NothingToSettle, &path, needed, "nothing"))
        }
        None => Ok(document),
    }
}

/// Refuses a stated amount that is not the product of the quantity and the unit price beside it.
///
/// # Errors
/// `sumMismatch`; `outOfRange` of a product that is no amount.
fn check_prices(items: &[NewItem], currency: &Currency, list: &Path<'_>) -> Result<()> {
    for (place, item) in items.iter().enumerate() {
        let path = list.index(place);
        let (Some(price), Some(stated)) = (price_of(item, currency, &path)?, item.amount) else {
            continue;
        };
        let path = path.field(SiteField::Amount);
        let stated = currency.amount(stated).map_err(|error| error.at(&path))?;
        if price != stated {
            let needed = format!("{}, the quantity × the unit price", currency.write(price));
            let found = currency.write(stated);
            return Err(Error::new(Code::SumMismatch, &path, needed, found));
        }
    }
    Ok(())
}

/// What an item costs by its quantity and unit price, rounded once; `None` where it has not both.
fn price_of(item: &NewItem, currency: &Currency, path: &Path<'_>) -> Result<Option<Amount>> {
    let (Some(quantity), Some(price)) = (item.record.quantity, item.record.unit_price) else {
        return Ok(None);
    };
    if !item.is_priced {
        return Ok(None);
    }
    let minor = Fraction::whole(10_i128.saturating_pow(currency.scale().into()));
    let exact = Fraction::of(quantity)
        .times(Fraction::of(price))
        .times(minor)
        .over(Fraction::whole(currency.increment().into()));
    let amount = exact
        .round(currency.rounding())
        .and_then(|increments| increments.checked_mul(currency.increment().into()))
        .and_then(|minor| Amount::try_from(minor).ok());
    let out_of_range = || out_of_range(&path.field(SiteField::UnitPrice));
    amount.ok_or_else(out_of_range).map(Some)
}

/// The items that credit or debit all that is left of a document.
///
/// # Errors
/// `nothingToSettle` if that is nothing.
fn all_items(context: Context<'_>, from: &Located<'_>) -> Result<Vec<NewItem>> {
    let path = Path::Root.field(from.document.header().kind.id_site());
    let items = credit_all::items(context, from, &path)?;

    // Where documents alone are guarded, what is too much of one item is too little of the others.
    let amount = from.document.header().figures.amount();
    let is_spent = !amount.is_zero() && credit::available_to_credit(context, from.index)?.is_zero();
    let is_empty = items.is_empty() && credit::rounding_left(context, from)?.is_zero();
    if is_empty || is_spent {
        let needed = "a document of which something is available to credit";
        return Err(Error::new(Code::NothingToSettle, &path, needed, "nothing"));
    }
    Ok(items)
}

/// The document with the rounding item that it needs for the sake of the one that it was made from.
fn rounded(
    context: Context<'_>,
    document: Document,
    whole_of: Option<Located<'_>>,
    own: Option<DocumentIndex>,
    list: &Path<'_>,
) -> Result<Document> {
    if document.header().kind == Kind::CreditMemo {
        return credit::rounded(context, document, own, list);
    }
    // What a debit memo charges of a document is known of the whole alone.
    let Some(from) = whole_of else {
        return Ok(document);
    };
    document
        .with_rounding(credit::rounding_left(context, &from)?)
        .ok_or_else(|| out_of_range(list))
}

/// Refuses an exemption that is no amount of the currency.
fn check_exempt(currency: &Currency, items: &[NewItem], list: &Path<'_>) -> Result<()> {
    for (place, item) in items.iter().enumerate() {
        let path = list.index(place);
        let taxes = path.field(SiteField::TaxItems);
        for (place, tax) in item.tax_items.iter().flatten().enumerate() {
            if let Some(exempt) = tax.identity.exempt {
                currency.amount(exempt).map_err(|error| {
                    error.at(&taxes.index(place).field(SiteField::ExemptAmount))
                })?;
            }
        }
    }
    Ok(())
}

/// Refuses a tax item that credits one of no item.
fn check_tax_sources(items: &[NewItem], list: &Path<'_>) -> Result<()> {
    let is_alone = |item: &NewItem| {
        item.source.is_none()
            && item
                .tax_items
                .iter()
                .flatten()
                .any(|tax| tax.source.is_some())
    };
    match items.iter().position(is_alone) {
        Some(place) => {
            let needed = "the item of the tax item that is named";
            Err(Error::new(
                Code::MissingField,
                &list.index(place).field(SiteField::SourceItemId),
                needed,
                "none",
            ))
        }
        None => Ok(()),
    }
}

/// The line that an item credits or debits.
fn source<'a>(
    context: Context<'a>,
    from: Option<Located<'a>>,
    lookups: &mut FxHashMap<DocumentIndex, Lookup<'a>>,
    item: &NewItem,
    path: &Path<'_>,
) -> Result<Option<LineRef>> {
    let Some(source) = &item.source else {
        return Ok(None);
    };
    let named = match &source.document_id {
        Some(id) => {
            let index = context.documents.find(id).ok_or_else(|| {
                let path = path.field(SiteField::SourceDocumentId);
                Error::new(
                    Code::DocumentNotFound,
                    &path,
                    "the identifier of a document",
                    quoted(id),
                )
            })?;
            Some(placed(context.documents, index)?)
        }
        None => from,
    };
    let of = named.ok_or_else(|| {
        let needed = "the document of the item, here or for the whole request";
        Error::new(
            Code::MissingField,
            &path.field(SiteField::SourceDocumentId),
            needed,
            "none",
        )
    })?;
    let lookup = lookups
        .entry(of.index)
        .or_insert_with(|| Lookup::of(of.document));
    let is_item = |line: LineIndex| {
        of.document
            .line(line)
            .is_some_and(|line| !line.detail.is_tax())
    };
    let line = lookup
        .get(&source.item_id)
        .filter(|&line| is_item(line))
        .ok_or_else(|| {
            let needed = format!("an item of {}", quoted(&of.document.header().id));
            Error::new(
                Code::ItemNotFound,
                &path.field(SiteField::SourceItemId),
                needed,
                quoted(&source.item_id),
            )
        })?;
    Ok(Some(LineRef {
        document: of.index,
        line,
    }))
}

/// Names the sources of all lines, and finds what discounts reduce: the place of each in the request, its line, and the
/// line of the item.
fn link(
    context: Context<'_>,
    draft: &mut Draft<'_>,
    items: &[NewItem],
    sources: &[Option<LineRef>],
    list: &Path<'_>,
) -> Result<Vec<(usize, LineIndex, LineIndex)>> {
    let mut discounts = Vec::new();
    for (place, (item, source)) in items.iter().zip(sources).enumerate() {
        let path = list.index(place);
        let own = draft
            .find_item(&item.id)
            .ok_or_else(|| Error::fault("a line is missing"))?;
        draft.link(own, *source);
        if let Some(source) = source {
            let taxes = tax_sources(context, item, *source, &path)?;
            let first = own.get().saturating_add(1);
            for (line, source) in (first..).filter_map(LineIndex::new).zip(taxes) {
                draft.link(line, source);
            }
        }
        if let Some(of) = &item.applied_to_item_id {
            let of = draft.find_item(of).ok_or_else(|| {
                let path = path.field(SiteField::AppliedToItemId);
                Error::new(
                    Code::ItemNotFound,
                    &path,
                    "an item of the same document",
                    quoted(of),
                )
            })?;
            discounts.push((place, own, of));
        }
    }
    // Once all are found: an item that is reduced may be a discount itself, which is refused later.
    discounts
        .iter()
        .for_each(|&(_, own, of)| draft.discount(own, of));
    Ok(discounts)
}

/// The tax items that the taxes of an item credit or debit: those that are named, or else the same tax of the item.
fn tax_sources(
    context: Context<'_>,
    item: &NewItem,
    source: LineRef,
    path: &Path<'_>,
) -> Result<Vec<Option<LineRef>>> {
    let of = placed(context.documents, source.document)?;
    let taxes: Vec<_> = of.document.tax_items(source.line).collect();
    let at = |line| LineRef {
        document: source.document,
        line,
    };
    let Some(stated) = &item.tax_items else {
        return Ok(taxes.into_iter().map(|line| Some(at(line))).collect());
    };
    let path = path.field(SiteField::TaxItems);
    let find = |(place, tax): (usize, &NewTaxItem)| match &tax.source {
        None => Ok(None),
        Some(id) => {
            let is_named =
                |line: &LineIndex| of.document.line(*line).is_some_and(|line| *line.id == **id);
            let line = taxes.iter().copied().find(is_named).ok_or_else(|| {
                let path = path.index(place);
                Error::new(
                    Code::ItemNotFound,
                    &path.field(SiteField::SourceTaxItemId),
                    "a tax item of the source item",
                    quoted(id),
                )
            })?;
            Ok(Some(at(line)))
        }
    };
    stated.iter().enumerate().map(find).collect()
}

/// What a document is made from must be in force, and of the same account and currency.
fn check_sources(
    context: Context<'_>,
    header: &Header,
    from: Option<Located<'_>>,
    items: &[NewItem],
    sources: &[Option<LineRef>],
    list: &Path<'_>,
) -> Result<()> {
    let each = |check: &dyn Fn(&Located<'_>, &Path<'_>) -> Result<()>| {
        if let Some(from) = from {
            check(
                &from,
                &Path::Root.field(from.document.header().kind.id_site()),
            )?;
        }
        sources
            .iter()
            .enumerate()
            .try_for_each(|(place, source)| match source {
                Some(source) if Some(source.document) != from.map(|from| from.index) => check(
                    &placed(context.documents, source.document)?,
                    &list.index(place).field(SiteField::SourceDocumentId),
                ),
                _ => Ok(()),
            })
    };
    each(&check_live)?;
    each(&|of, path| {
        let account = &of.document.header().account_id;
        // What the billing engine credits may have another owner by then (`settlement.md` 6, AS-2).
        if *account == header.account_id || header.origin == Origin::Billing {
            return Ok(());
        }
        let needed = format!("a document of account {}", quoted(&header.account_id));
        Err(Error::new(
            Code::AccountMismatch,
            path,
            needed,
            quoted(account),
        ))
    })?;
    each(&|of, path| {
        let currency = &of.document.header().currency;
        if *currency == header.currency {
            return Ok(());
        }
        let needed = format!("a document in {}", header.currency.code());
        Err(Error::new(
            Code::CurrencyMismatch,
            path,
            needed,
            currency.code(),
        ))
    })?;
    for (place, (item, source)) in items.iter().zip(sources).enumerate() {
        if item.processing == Processing::Rounding {
            let path = list.index(place);
            if item
                .tax_items
                .as_ref()
                .is_some_and(|taxes| !taxes.is_empty())
            {
                return Err(Error::new(
                    Code::InvalidItem,
                    &path.field(SiteField::TaxItems),
                    "none on a rounding item",
                    "some",
                ));
            }
            let is_made = match header.kind {
                Kind::Invoice => header.currency.invoice_increment().is_some(),
                _ => source.is_none() && credit::rounded_source(context, header).is_some(),
            };
            if is_made {
                return Err(Error::new(
                    Code::InvalidItem,
                    &path.field(SiteField::ProcessingType),
                    "another type: the engine adds the rounding item here",
                    "rounding",
                ));
            }
        }
        let of = source.and_then(|place| context.documents.get(place.document)?.line(place.line));
        if of.is_some_and(|line| line.detail.is_rounding()) {
            let path = list.index(place);
            let needed = "an item that is not a rounding item";
            return Err(Error::new(
                Code::InvalidItem,
                &path.field(SiteField::SourceItemId),
                needed,
                "a rounding item",
            ));
        }
    }
    if header.kind != Kind::Invoice {
        context
            .settings
            .check_open(header.date, &Path::Root.field(SiteField::Date))?;
    }
    each(&|of, _| {
        let date = of.document.header().date;
        if header.date >= date {
            return Ok(());
        }
        let needed = format!(
            "{date}, the date of {}, or later",
            quoted(&of.document.header().id)
        );
        Err(Error::new(
            Code::DateTooEarly,
            &Path::Root.field(SiteField::Date),
            needed,
            header.date.to_string(),
        ))
    })
}

fn out_of_range(path: &Path<'_>) -> Error {
    Error::new(Code::OutOfRange, path, "amounts in range", "more")
}

/// Rounds the taxes that follow from their rates anew, by group. An amount that contains its taxes stays what it is:
/// what its taxes gain or lose, its net loses or gains.
fn round_by_group(
    settings: &Settings,
    lines: &[StatedItem<'_>],
    currency: &Currency,
    amounts: &mut [Amount],
) -> Option<()> {
    let mut taxes = Vec::new();
    let mut inclusive = Vec::new();
    let mut place = 0_usize;
    for line in lines {
        let own = place..place.checked_add(line.taxes.len())?.checked_add(1)?;
        let calculated = (place.checked_add(1)?..)
            .zip(&line.taxes)
            .filter(|(_, tax)| tax.follows_from_rate());
        if line.item.record.tax_inclusive {
            let given = Amount::sum(amounts.get(own.clone())?.iter().copied())?;
            let stated = (place.checked_add(1)?..)
                .zip(&line.taxes)
                .filter(|(_, tax)| !tax.follows_from_rate())
                .filter_map(|(place, _)| amounts.get(place).copied());
            let gross = given.minus(Amount::sum(stated)?)?;
            let rates = calculated.clone().fold(Fraction::ZERO, |sum, (_, tax)| {
                sum.plus(Fraction::of(tax.identity.rate.unwrap_or_default()))
            });
            taxes.extend(calculated.map(|(place, tax)| {
                tax::Calculated::within(place, &tax.identity, gross, rates, currency)
            }));
            inclusive.push((own.clone(), given));
        } else {
            let net = amounts.get(place).copied()?;
            taxes.extend(
                calculated.map(|(place, tax)| {
                    tax::Calculated::on_top(place, &tax.identity, net, currency)
                }),
            );
        }
        place = own.end;
    }
    tax::round_by_group(taxes, settings.inclusive_rounding, currency, amounts)?;

    for (own, given) in inclusive {
        let (net, taxes) = amounts.get_mut(own)?.split_first_mut()?;
        *net = given.minus(Amount::sum(taxes.iter().copied())?)?;
    }
    Some(())
}

/// Adds the item that makes the total of an invoice a whole number of its steps, where that takes one.
///
/// # Errors
/// `duplicateId` if another line has its identifier; `outOfRange`.
fn add_rounding<'a>(
    draft: &mut Draft<'a>,
    items: &[NewItem],
    currency: &Currency,
    amounts: &mut Vec<Amount>,
    list: &Path<'_>,
) -> Result<()> {
    // Without a sum, the amounts are refused together.
    let Some(total) = Amount::sum(amounts.iter().copied()) else {
        return Ok(());
    };
    let rest = currency
        .to_invoice_step(total)
        .ok_or_else(|| out_of_range(list))?;
    if !rest.is_zero() {
        let detail = Detail::Item {
            processing: Processing::Rounding,
            record: Record::default(),
        };
        let has_taken = |item: &NewItem| {
            item.id == ROUNDING
                || item
                    .tax_items
                    .iter()
                    .flatten()
                    .any(|tax| tax.id == ROUNDING)
        };
        let place = items.iter().position(has_taken).unwrap_or_default();
        draft.add(ROUNDING, detail, &list.index(place))?;
        amounts.push(rest);
    }
    Ok(())
}

/// An item of a request with all its taxes.
struct StatedItem<'a> {
    item: &'a NewItem,
    source: Option<LineRef>,
    taxes: Vec<StatedTax<'a>>,
}

struct StatedTax<'a> {
    id: Cow<'a, str>,
    identity: Cow<'a, TaxIdentity>,
    amount: TaxAmount,
}

impl StatedTax<'_> {
    /// Whether it is calculated by its rate.
    const fn follows_from_rate(&self) -> bool {
        matches!(self.amount, TaxAmount::Rate)
    }
}

/// How much a tax is.
enum TaxAmount {
    /// As stated.
    Stated(Decimal),
    /// By its rate.
    Rate,
    /// The source's tax, in proportion to what is credited of its item.
    Share(LineRef),
}

impl<'a> StatedItem<'a> {
    fn new(context: Context<'_>, item: &'a NewItem, source: Option<LineRef>) -> Self {
        let of_source = |id: &str| {
            let item = source?;
            let document = context.documents.get(item.document)?;
            let line = document
                .tax_items(item.line)
                .find(|&tax| document.line(tax).is_some_and(|line| *line.id == *id))?;
            Some(LineRef { line, ..item })
        };
        let stated = |tax: &'a NewTaxItem| StatedTax {
            id: Cow::Borrowed(&tax.id),
            identity: Cow::Borrowed(&tax.identity),
            amount: match (tax.amount, tax.source.as_deref().and_then(of_source)) {
                (Some(amount), _) => TaxAmount::Stated(amount),
                (None, Some(source)) => TaxAmount::Share(source),
                (None, None) => TaxAmount::Rate,
            },
        };
        let taxes = match (&item.tax_items, source) {
            (Some(taxes), _) => taxes.iter().map(stated).collect(),
            (None, Some(source)) => inherited_taxes(context, item, source),
            (None, None) => Vec::new(),
        };
        Self {
            item,
            source,
            taxes,
        }
    }

    /// Whether its amount is all that its source item has left.
    const fn takes_what_is_left(&self) -> bool {
        let record = &self.item.record;
        let has_price = record.quantity.is_some() && record.unit_price.is_some();
        self.item.amount.is_none() && self.source.is_some() && !(self.item.is_priced && has_price)
    }

    /// Adds the item and its taxes to the draft.
    fn add<'b>(&'b self, draft: &mut Draft<'b>, path: &Path<'_>) -> Result<()> {
        let record = Record::new(self.item.record.clone());
        let of = draft.add(
            &self.item.id,
            Detail::Item {
                processing: self.item.processing,
                record,
            },
            path,
        )?;
        let list = path.field(SiteField::TaxItems);
        for (place, tax) in self.taxes.iter().enumerate() {
            let detail = Detail::Tax {
                of,
                by_rate: tax.follows_from_rate(),
                identity: Box::new(tax.identity.clone().into_owned()),
            };
            draft.add(&tax.id, detail, &list.index(place))?;
        }
        Ok(())
    }

    /// Adds the amounts of the item and its taxes to `amounts`, in their order.
    fn price(
        &self,
        ledger: &mut CreditLedger<'_>,
        context: Context<'_>,
        currency: &Currency,
        path: &Path<'_>,
        amounts: &mut Vec<Amount>,
    ) -> Result<()> {
        let read = |decimal: Decimal, path: &Path<'_>| {
            currency
                .amount(decimal)
                .map_err(|error| error.at(&path.field(SiteField::Amount)))
        };
        let inclusive = self.item.record.tax_inclusive;
        let given = match (
            self.item.amount,
            price_of(self.item, currency, path)?,
            self.source,
        ) {
            (Some(amount), ..) => read(amount, path)?,
            (None, Some(price), _) => price,
            (None, None, Some(source)) if inclusive => available_with_tax(ledger, context, source)?,
            (None, None, Some(source)) => ledger.available(source)?,
            (None, None, None) => {
                let needed = "the amount of an item without a source item or a price";
                return Err(Error::new(
                    Code::MissingField,
                    &path.field(SiteField::Amount),
                    needed,
                    "none",
                ));
            }
        };
        let list = path.field(SiteField::TaxItems);
        let mut taxes = Vec::with_capacity(self.taxes.len());
        for (place, tax) in self.taxes.iter().enumerate() {
            let path = list.index(place);
            if self.item.tax_items.is_some() {
                check_rate(context.settings, &tax.identity, &path)?;
            }
            taxes.push(match &tax.amount {
                TaxAmount::Stated(amount) => Some(read(*amount, &path)?),
                TaxAmount::Rate if tax.identity.rate.is_none() => {
                    let needed = "the amount of a tax item that has no rate";
                    return Err(Error::new(
                        Code::MissingField,
                        &path.field(SiteField::Amount),
                        needed,
                        "none",
                    ));
                }
                TaxAmount::Rate => None,
                // All that is left of an item has all that is left of its taxes.
                TaxAmount::Share(source) if self.takes_what_is_left() => {
                    Some(ledger.available(*source)?)
                }
                TaxAmount::Share(source) => {
                    let item = self
                        .source
                        .ok_or_else(|| Error::fault("a line is missing"))?;
                    Some(self.share_of_tax(ledger, context, *source, item, given, currency)?)
                }
            });
        }
        let out_of_range = || out_of_range(path);
        let net = if inclusive {
            let rates: Vec<_> = self
                .taxes
                .iter()
                .map(|tax| tax.identity.rate.unwrap_or_default())
                .collect();
            let stated = Amount::sum(taxes.iter().flatten().copied()).ok_or_else(out_of_range)?;
            let gross = given.minus(stated).ok_or_else(out_of_range)?;
            split_inclusive(context.settings, gross, &rates, &mut taxes, currency)
                .ok_or_else(out_of_range)?
        } else {
            for (tax, amount) in self
                .taxes
                .iter()
                .zip(&mut taxes)
                .filter(|(_, amount)| amount.is_none())
            {
                let rate = Fraction::of(tax.identity.rate.unwrap_or_default());
                *amount = Some(currency.share(given, rate).ok_or_else(out_of_range)?);
            }
            given
        };
        amounts.push(net);
        amounts.extend(taxes.into_iter().flatten());
        Ok(())
    }

    /// The tax of a credit of `given` of an item: so much that the credits so far, and this one, have together credited
    /// `round(tax × credited ÷ amount)`. However an item is credited bit by bit, its taxes come out exactly
    /// (telescoping, `peers.md` 3).
    fn share_of_tax(
        &self,
        ledger: &mut CreditLedger<'_>,
        context: Context<'_>,
        tax: LineRef,
        item: LineRef,
        given: Amount,
        currency: &Currency,
    ) -> Result<Amount> {
        let of = placed(context.documents, item.document)?;
        let figures = |place: LineRef| {
            of.document
                .line_figures(place.line)
                .map_or(Amount::ZERO, |line| line.amount())
        };
        // What is credited counts as it was given: with its taxes, or without.
        let taxes = of
            .document
            .tax_items(item.line)
            .filter(|_| self.item.record.tax_inclusive);
        let counted: Vec<_> = taxes
            .map(|line| LineRef { line, ..item })
            .chain([item])
            .collect();
        let whole = Amount::sum(counted.iter().map(|place| figures(*place)));
        let credited = counted.iter().map(|&line| ledger.credited(line));
        let so_far = Amount::sum(credited.collect::<Result<Vec<_>>>()?);
        let so_far = so_far.and_then(|before| before.plus(given));
        let before = ledger.credited(tax)?;
        let share = whole.zip(so_far).and_then(|(whole, so_far)| {
            // A fraction has its sign above.
            let sign = whole.minor().signum();
            let [above, below] = [so_far, whole].map(|amount| amount.minor().checked_mul(sign));
            let part = Fraction::new(above?.into(), below?.into());
            currency.share(figures(tax), part)?.minus(before)
        });
        // Where more of the tax is credited already (by itself, say), there is nothing to follow; it is not taken back.
        // An item of nothing has no share of anything.
        let direction =
            [whole.unwrap_or_default(), given, figures(tax)].map(|amount| amount.minor().signum());
        let direction = direction.into_iter().fold(1, i64::saturating_mul);
        Ok(share
            .filter(|share| share.minor().signum() == direction)
            .unwrap_or_default())
    }
}

/// Refuses a tax of 100 % or more, unless the book allows it: 19 for 19 % is the commonest slip.
fn check_rate(settings: &Settings, tax: &TaxIdentity, path: &Path<'_>) -> Result<()> {
    match tax.rate {
        Some(rate) if rate >= Decimal::ONE && !settings.allow_tax_rate_from_1 => {
            let needed = "less than 1, as 0.19 is 19 %, or a book with allowTaxRateFrom1";
            let found = crate::money::text::write_decimal(rate);
            Err(Error::new(
                Code::OutOfRange,
                &path.field(SiteField::Rate),
                needed,
                found,
            ))
        }
        _ => Ok(()),
    }
}

/// The taxes of the source item, each under the identifier of the item and its own.
fn inherited_taxes<'a>(
    context: Context<'_>,
    item: &'a NewItem,
    source: LineRef,
) -> Vec<StatedTax<'a>> {
    let Some(document) = context.documents.get(source.document) else {
        return Vec::new();
    };
    let tax = |line: LineIndex| {
        let tax = document.line(line)?;
        Some(StatedTax {
            id: Cow::Owned(format!("{}/{}", item.id, tax.id)),
            // How much of an exemption comes back, only who calculated it knows.
            identity: Cow::Owned(TaxIdentity {
                exempt: None,
                ..tax.detail.tax()?.1.clone()
            }),
            amount: TaxAmount::Share(LineRef {
                document: source.document,
                line,
            }),
        })
    };
    document.tax_items(source.line).filter_map(tax).collect()
}

/// What is available to credit of an item and its taxes together.
fn available_with_tax(
    ledger: &mut CreditLedger<'_>,
    context: Context<'_>,
    source: LineRef,
) -> Result<Amount> {
    let of = placed(context.documents, source.document)?;
    let lines = std::iter::once(source.line).chain(of.document.tax_items(source.line));
    let each = lines.map(|line| ledger.available(LineRef { line, ..source }));
    Amount::sum(each.collect::<Result<Vec<_>>>()?)
        .ok_or_else(|| Error::fault("amounts out of range"))
}

/// Splits an amount with tax into its net and the taxes that are still open; what rounding leaves goes to the side that
/// is not rounded. Several taxes share theirs by rate, each of what those before it left.
fn split_inclusive(
    settings: &Settings,
    gross: Amount,
    rates: &[Decimal],
    taxes: &mut [Option<Amount>],
    currency: &Currency,
) -> Option<Amount> {
    let open = taxes
        .iter()
        .zip(rates)
        .enumerate()
        .filter(|(_, (tax, _))| tax.is_none());
    let places: Vec<_> = open
        .map(|(place, (_, rate))| (place, Fraction::of(*rate)))
        .collect();
    if places.is_empty() {
        return Some(gross);
    }
    let sum = places
        .iter()
        .fold(Fraction::ZERO, |sum, (_, rate)| sum.plus(*rate));
    let divisor = sum.plus(Fraction::ONE);
    if settings.inclusive_rounding == InclusiveRounding::Tax {
        let mut net = gross;
        for (place, rate) in places {
            let tax = currency.share(gross, rate.over(divisor))?;
            net = net.minus(tax)?;
            *taxes.get_mut(place)? = Some(tax);
        }
        return Some(net);
    }
    let net = currency.share(gross, Fraction::ONE.over(divisor))?;
    let mut left = gross.minus(net)?;
    let mut rest = sum;
    for (place, rate) in places {
        // Of what is left, in proportion to the rates that are left: the last takes all.
        let tax = if rest.is_zero() {
            Amount::ZERO
        } else {
            currency.share(left, rate.over(rest))?
        };
        left = left.minus(tax)?;
        rest = rest.minus(rate);
        *taxes.get_mut(place)? = Some(tax);
    }
    net.plus(left)
}
