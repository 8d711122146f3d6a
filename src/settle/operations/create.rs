//! Create an invoice, credit memo or debit memo (`settlement.md` 3.1, 3.2, 3.16).

use crate::calendar::Date;
use crate::command::DocumentRef;
use crate::command::settings::{InclusiveRounding, Limit, Settings, TaxRounding};
use crate::document::{
    Detail, Document, DocumentIndex, Draft, Figures, Header, Kind, LineIndex, LineRef, NewDocument,
    NewItem, NewTaxItem, Origin, Processing, ROUNDING, Record, Status, TaxIdentity,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep};
use crate::money::text::write_decimal;
use crate::money::{Amount, Currency, Fraction};
use crate::settle::guard::credit;
use crate::settle::guard::credit::CreditLedger;
use crate::settle::guard::names::{
    check_comment, check_names, check_new_id, check_positive, currency_of, date_field,
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
        lifecycle::post(journal, at, subject, &Site::Command.field(SiteField::Id))?;
    }
    Ok(subject)
}

/// Makes the draft of a document. `index` is its own, if it has one already and is only changed.
///
/// # Errors
/// As [`run`].
pub(in crate::settle) fn draft(
    context: Context<'_>,
    at: Date,
    new: &NewDocument,
    index: Option<DocumentIndex>,
) -> Result<Document> {
    draft_of(context, at, new, index)
        .map_err(|error| error.moved(|inner| site_in_create(inner, new)))
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
    index: Option<DocumentIndex>,
) -> Result<Document> {
    let list = Site::Command.field(SiteField::Items);
    let currency = check_command(context, new, index, &list)?;

    // The document and the source items are refused where it is their turn: what is wrong with the lines' own
    // identifiers comes first.
    let from = find_from(context, new);
    let (items, something_left) = items_of(context, new, &from)?;
    let sources = find_sources(
        context,
        from.as_ref().ok().copied().flatten(),
        &items,
        &list,
    );
    let lines = stated_items(context, &items, &sources);
    let mut draft = Draft::default();
    for (item_index, line) in lines.iter().enumerate() {
        line.add(&mut draft, &list.entry(item_index))?;
    }
    let from = from?;
    let sources = sources.into_iter().collect::<Result<Vec<_>>>()?;
    let discounts = link(context, &mut draft, &items, &sources, &list)?;

    let mut header = header_of(context, at, new, from, currency);
    let resolved = Resolved {
        context,
        new,
        index,
        from,
        items: &items,
        sources: &sources,
        lines: &lines,
        list,
    };
    resolved.check_sources(&header)?;
    resolved.check_sizes(&header)?;
    resolved.withhold_fee(&mut header)?;
    check_exempt(&header.currency, &items, &list)?;

    let (amounts, spent) = resolved.price(&mut draft, &header)?;
    draft.price(amounts, &list)?;
    for discount in discounts {
        let entry = list.entry(discount.item_index);
        draft.net(discount.line, discount.item, &header.currency, &entry)?;
    }
    let document = resolved.rounded(draft.finish(header)?)?;
    resolved.check_amounts(&document)?;
    something_left?;
    match spent {
        Some(item_index) => Err(nothing_left(item_index, &list)),
        None => Ok(document),
    }
}

/// Refuses what is wrong with a command before any other document is read. Returns the currency that it states.
fn check_command(
    context: Context<'_>,
    new: &NewDocument,
    index: Option<DocumentIndex>,
    list: &Site<'_>,
) -> Result<Option<Arc<Currency>>> {
    let has_items = match &new.items {
        Some(items) => !items.is_empty(),
        None => new.from.is_some(),
    };
    if !has_items {
        return Err(Error::of(Reason::NoItems {}, list));
    }
    check_tax_sources(new.items.as_deref().unwrap_or_default(), list)?;
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let code = new.currency.as_deref();
    let currency = code.map(|code| currency_of(context.settings, code));
    let currency = currency.transpose()?;

    let reason_site = Site::Command.field(SiteField::ReasonCode);
    let reason = new.notes.reason_code.as_deref();
    context.settings.check_reason(reason, &reason_site)?;
    if index.is_none() {
        check_new_id(context, new.kind, &new.id, new.number.as_deref())?;
    }
    Ok(currency)
}

/// Finds the document that this one is made from, if the command names one.
fn find_from<'a>(context: Context<'a>, new: &NewDocument) -> Result<Option<Located<'a>>> {
    let Some((kind, id)) = &new.from else {
        return Ok(None);
    };
    let named = DocumentRef {
        kind: *kind,
        id: id.clone(),
    };
    let site = Site::Command.field(kind.id_site());
    find(context.documents, &named, &site).map(Some)
}

/// The items of the command, or those that credit or debit all that is left of the document. Also says whether anything
/// is left: that is refused last, because whether the document is in force, of the account and so on comes first.
fn items_of<'a>(
    context: Context<'_>,
    new: &'a NewDocument,
    from: &Result<Option<Located<'_>>>,
) -> Result<(Cow<'a, [NewItem]>, Result<()>)> {
    match (&new.items, from) {
        (Some(items), _) => Ok((Cow::Borrowed(items), Ok(()))),
        (None, Ok(Some(from))) => Ok(match all_items(context, from) {
            Ok(items) => (Cow::Owned(items), Ok(())),
            Err(nothing_left) => (Cow::Owned(Vec::new()), Err(nothing_left)),
        }),
        (None, Ok(None)) => Err(Error::fault("a document is missing")),
        (None, Err(error)) => Err(error.clone()),
    }
}

/// Finds the line that each item credits or debits.
fn find_sources<'a>(
    context: Context<'a>,
    from: Option<Located<'a>>,
    items: &[NewItem],
    list: &Site<'_>,
) -> Vec<Result<Option<LineRef>>> {
    // Only for look-ups, never iterated: its order means nothing.
    let mut lookups = FxHashMap::default();
    let mut sources = Vec::with_capacity(items.len());
    for (item_index, item) in items.iter().enumerate() {
        let entry = list.entry(item_index);
        sources.push(source(context, from, &mut lookups, item, &entry));
    }
    sources
}

/// The items with their taxes. Where a source is refused, that is told later.
fn stated_items<'a>(
    context: Context<'_>,
    items: &'a [NewItem],
    sources: &[Result<Option<LineRef>>],
) -> Vec<StatedItem<'a>> {
    let mut lines = Vec::with_capacity(items.len());
    for (item, source) in items.iter().zip(sources) {
        let source = source.as_ref().ok().copied().flatten();
        lines.push(StatedItem::new(context, item, source));
    }
    lines
}

/// The header of the draft. What the command leaves out, it has from the document that it is made from, or from the
/// book.
fn header_of(
    context: Context<'_>,
    at: Date,
    new: &NewDocument,
    from: Option<Located<'_>>,
    currency: Option<Arc<Currency>>,
) -> Header {
    let from_header = from.map(|from| from.document.header());
    let account_id = match (&new.account_id, from_header) {
        (Some(account_id), _) => account_id.as_str().into(),
        (None, Some(from)) => from.account_id.clone(),
        (None, None) => context.settings.account_id.clone(),
    };
    let currency = match (currency, from_header) {
        (Some(currency), _) => currency,
        (None, Some(from)) => Arc::clone(&from.currency),
        (None, None) => Arc::clone(&context.settings.currency),
    };
    let origin = match new.origin {
        Origin::Standalone if from.is_some() => Origin::Document,
        origin => origin,
    };
    Header {
        kind: new.kind,
        id: new.id.as_str().into(),
        number: new.number.as_deref().unwrap_or(&new.id).into(),
        account_id,
        currency,
        status: Status::Draft,
        date: new.date.unwrap_or(at),
        due_date: new.due_date.or(new.date).unwrap_or(at),
        tax: Amount::ZERO,
        figures: Figures::default(),
        origin,
        refers_to: from.map(|from| from.index),
        reversed: false,
        deleted: false,
        notes: Arc::new(new.notes.clone()),
    }
}

/// The refusal of an item that was to credit all that is left of its source item. Nothing is credited only where that
/// is stated.
#[cold]
fn nothing_left(item_index: usize, list: &Site<'_>) -> Error {
    let entry = list.entry(item_index);
    let site = entry.field(SiteField::SourceItemId);
    Error::of(Reason::NothingOfItemToCredit {}, &site)
}

/// A command of which every document and line is found.
struct Resolved<'a> {
    context: Context<'a>,
    new: &'a NewDocument,
    /// The index of the document, if it has one already and is only changed.
    index: Option<DocumentIndex>,
    /// The document that it is made from.
    from: Option<Located<'a>>,
    items: &'a [NewItem],
    /// The line that each item credits or debits.
    sources: &'a [Option<LineRef>],
    lines: &'a [StatedItem<'a>],
    /// The list of items in the command.
    list: Site<'a>,
}

impl Resolved<'_> {
    /// Refuses to make a document from what is not in force, of another account, in another currency, or later: each
    /// guard over all sources before the next.
    fn check_sources(&self, header: &Header) -> Result<()> {
        self.each_source(check_live)?;
        self.each_source(|document, site| check_account(document, header, site))?;
        self.each_source(|document, site| check_currency(document, header, site))?;
        for (item_index, (item, source)) in self.items.iter().zip(self.sources).enumerate() {
            let entry = self.list.entry(item_index);
            check_rounding_item(self.context, header, item, *source, &entry)?;
            check_source_line(self.context, *source, &entry)?;
        }
        if header.kind != Kind::Invoice {
            let site = Site::Command.field(SiteField::Date);
            self.context.settings.check_open(header.date, &site)?;
        }
        self.each_source(|document, _| check_date(document, header))
    }

    /// Runs a guard over the document that this one is made from, and over each other document that an item names.
    fn each_source(&self, guard: impl Fn(&Located<'_>, &Site<'_>) -> Result<()>) -> Result<()> {
        if let Some(from) = &self.from {
            let site = Site::Command.field(from.document.header().kind.id_site());
            guard(from, &site)?;
        }
        let from_index = self.from.map(|from| from.index);
        for (item_index, source) in self.sources.iter().enumerate() {
            let Some(source) = source.filter(|source| Some(source.document) != from_index) else {
                continue;
            };
            let document = placed(self.context.documents, source.document)?;
            let entry = self.list.entry(item_index);
            guard(&document, &entry.field(SiteField::SourceDocumentId))?;
        }
        Ok(())
    }

    /// Refuses more items of a memo and a longer comment than the book allows.
    fn check_sizes(&self, header: &Header) -> Result<()> {
        if header.kind != Kind::Invoice {
            let limits = &self.context.settings.limits;
            limits.check(Limit::CreateItems, self.items.len(), &self.list)?;
        }
        check_comment(self.context, header.notes.comment.as_deref())
    }

    /// Reads the fee that a credit memo withholds.
    fn withhold_fee(&self, header: &mut Header) -> Result<()> {
        let Some(fee) = self.new.restocking_fee else {
            return Ok(());
        };
        let site = Site::Command.field(SiteField::RestockingFee);
        let fee = header
            .currency
            .amount(fee)
            .map_err(|error| error.at(&site))?;
        check_positive(fee, &header.currency, &site)?;
        Arc::make_mut(&mut header.notes).restocking_fee = fee;
        Ok(())
    }

    /// Finds the amounts of all lines, in their order. Also returns the first item that was to credit all that is left
    /// of its source item, where that is nothing.
    fn price<'d>(
        &self,
        draft: &mut Draft<'d>,
        header: &Header,
    ) -> Result<(Vec<Amount>, Option<usize>)> {
        let (context, currency) = (self.context, &*header.currency);
        let mut ledger = CreditLedger::new(context, self.index);
        let mut amounts = Vec::with_capacity(draft.lines().len());
        let mut spent = None;
        for (item_index, line) in self.lines.iter().enumerate() {
            let first_line = amounts.len();
            let entry = self.list.entry(item_index);
            line.price(&mut ledger, context, currency, &entry, &mut amounts)?;

            let of_item = amounts.get(first_line..).unwrap_or_default();
            let takes_what_is_left = self.new.items.is_some() && line.takes_what_is_left();
            if takes_what_is_left && of_item.iter().all(|amount| amount.is_zero()) {
                spent = spent.or(Some(item_index));
            }
            for (line, amount) in draft.lines().iter().zip(&amounts).skip(first_line) {
                if let Some(source) = line.source {
                    ledger.record(source, *amount)?;
                }
            }
        }

        if context.settings.tax_rounding == TaxRounding::Group {
            round_by_group(context.settings, self.lines, currency, &mut amounts)
                .ok_or_else(|| out_of_range(&self.list))?;
        }
        if header.kind == Kind::Invoice {
            add_rounding(draft, self.items, currency, &mut amounts, &self.list)?;
        }
        Ok((amounts, spent))
    }

    /// The document with the rounding item that it needs for the sake of the one that it was made from.
    fn rounded(&self, document: Document) -> Result<Document> {
        if document.header().kind == Kind::CreditMemo {
            return credit::rounded(self.context, document, self.index, &self.list);
        }
        // What a debit memo charges of a document is known only where it charges the whole.
        let Some(from) = self.from.filter(|_| self.new.items.is_none()) else {
            return Ok(document);
        };
        document
            .with_rounding(credit::rounding_left(self.context, &from)?)
            .ok_or_else(|| out_of_range(&self.list))
    }

    /// Refuses a memo below zero that is posted, amounts that are not their price, and more than is available to
    /// credit.
    fn check_amounts(&self, document: &Document) -> Result<()> {
        if self.new.auto_post {
            lifecycle::check_sign(document.header(), &self.list)?;
        }
        check_prices(self.items, &document.header().currency, &self.list)?;
        credit::check(self.context, document, self.index, &self.list)
    }
}

/// Refuses a document of another account. What the billing engine credits may have another owner by then
/// (`settlement.md` 6, AS-2).
fn check_account(document: &Located<'_>, header: &Header, site: &Site<'_>) -> Result<()> {
    let account = &document.document.header().account_id;
    if *account == header.account_id || header.origin == Origin::Billing {
        return Ok(());
    }
    let reason = Reason::OtherAccount {
        needed: (&*header.account_id).into(),
        account: (&**account).into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses a document in another currency.
fn check_currency(document: &Located<'_>, header: &Header, site: &Site<'_>) -> Result<()> {
    let currency = &document.document.header().currency;
    if *currency == header.currency {
        return Ok(());
    }
    let reason = Reason::OtherCurrency {
        needed: header.currency.code().into(),
        currency: currency.code().into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses a date before the document that this one is made from.
fn check_date(document: &Located<'_>, header: &Header) -> Result<()> {
    let source = document.document.header();
    if header.date >= source.date {
        return Ok(());
    }
    let reason = Reason::BeforeSource {
        earliest: source.date.into(),
        source: (&*source.id).into(),
        date: header.date.into(),
    };
    Err(Error::of(reason, &Site::Command.field(SiteField::Date)))
}

/// Refuses a rounding item with taxes, and one that is stated where the engine adds it.
fn check_rounding_item(
    context: Context<'_>,
    header: &Header,
    item: &NewItem,
    source: Option<LineRef>,
    site: &Site<'_>,
) -> Result<()> {
    if item.processing != Processing::Rounding {
        return Ok(());
    }
    if item.tax_items.iter().flatten().next().is_some() {
        let site = site.field(SiteField::TaxItems);
        return Err(Error::of(Reason::TaxOnRounding {}, &site));
    }
    let is_added = match header.kind {
        Kind::Invoice => header.currency.invoice_increment().is_some(),
        _ => source.is_none() && credit::rounded_source(context, header).is_some(),
    };
    if is_added {
        let site = site.field(SiteField::ProcessingType);
        return Err(Error::of(Reason::RoundingIsAdded {}, &site));
    }
    Ok(())
}

/// Refuses a rounding item as a source: no item that is stated credits one.
fn check_source_line(context: Context<'_>, source: Option<LineRef>, site: &Site<'_>) -> Result<()> {
    let Some(source) = source else {
        return Ok(());
    };
    let document = placed(context.documents, source.document)?.document;
    let line = document.line(source.line);
    if !line.is_some_and(|line| line.detail.is_rounding()) {
        return Ok(());
    }
    let site = site.field(SiteField::SourceItemId);
    Err(Error::of(Reason::RoundingAsSource {}, &site))
}

/// Refuses a stated amount that is not the product of the quantity and the unit price beside it.
///
/// # Errors
/// `sumMismatch`; `outOfRange` of a product that is no amount.
fn check_prices(items: &[NewItem], currency: &Currency, list: &Site<'_>) -> Result<()> {
    for (place, item) in items.iter().enumerate() {
        let site = list.entry(place);
        let (Some(price), Some(stated)) = (price_of(item, currency, &site)?, item.amount) else {
            continue;
        };
        let site = site.field(SiteField::Amount);
        let stated = currency.amount(stated).map_err(|error| error.at(&site))?;
        if price != stated {
            let reason = Reason::NotPriced {
                price: currency.figure(price),
                amount: currency.figure(stated),
            };
            return Err(Error::of(reason, &site));
        }
    }
    Ok(())
}

/// What an item costs by its quantity and unit price, rounded once; `None` where it has not both.
fn price_of(item: &NewItem, currency: &Currency, site: &Site<'_>) -> Result<Option<Amount>> {
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
    let out_of_range = || out_of_range(&site.field(SiteField::UnitPrice));
    amount.ok_or_else(out_of_range).map(Some)
}

/// The items that credit or debit all that is left of a document.
///
/// # Errors
/// `nothingToSettle` if that is nothing.
fn all_items(context: Context<'_>, from: &Located<'_>) -> Result<Vec<NewItem>> {
    let site = Site::Command.field(from.document.header().kind.id_site());
    let items = credit_all::items(context, from, &site)?;

    // Where documents alone are guarded, what is too much of one item is too little of the others.
    let amount = from.document.header().figures.amount();
    let is_spent = !amount.is_zero() && credit::available_to_credit(context, from.index)?.is_zero();
    let is_empty = items.is_empty() && credit::rounding_left(context, from)?.is_zero();
    if is_empty || is_spent {
        return Err(Error::of(Reason::NothingToCredit {}, &site));
    }
    Ok(items)
}

/// Refuses an exemption that is no amount of the currency.
fn check_exempt(currency: &Currency, items: &[NewItem], list: &Site<'_>) -> Result<()> {
    for (place, item) in items.iter().enumerate() {
        let site = list.entry(place);
        let taxes = site.field(SiteField::TaxItems);
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
fn check_tax_sources(items: &[NewItem], list: &Site<'_>) -> Result<()> {
    for (item_index, item) in items.iter().enumerate() {
        let mut taxes = item.tax_items.iter().flatten();
        if item.source.is_none() && taxes.any(|tax| tax.source.is_some()) {
            let entry = list.entry(item_index);
            let site = entry.field(SiteField::SourceItemId);
            return Err(Error::of(Reason::NoSourceOfItem {}, &site));
        }
    }
    Ok(())
}

/// The line that an item credits or debits.
fn source<'a>(
    context: Context<'a>,
    from: Option<Located<'a>>,
    lookups: &mut FxHashMap<DocumentIndex, Lookup<'a>>,
    item: &NewItem,
    site: &Site<'_>,
) -> Result<Option<LineRef>> {
    let Some(source) = &item.source else {
        return Ok(None);
    };
    let document = match &source.document_id {
        Some(id) => {
            let index = context.documents.find(id).ok_or_else(|| {
                let reason = Reason::NoDocument {
                    id: id.as_str().into(),
                };
                Error::of(reason, &site.field(SiteField::SourceDocumentId))
            })?;
            placed(context.documents, index)?
        }
        None => from.ok_or_else(|| {
            let site = site.field(SiteField::SourceDocumentId);
            Error::of(Reason::NoSourceDocument {}, &site)
        })?,
    };

    let lookup = lookups
        .entry(document.index)
        .or_insert_with(|| Lookup::of(document.document));
    let line = lookup.get(&source.item_id);
    let Some(line) = line.filter(|&line| !document.is_tax(line)) else {
        let reason = Reason::NoSuchItem {
            document: (&*document.document.header().id).into(),
            item: source.item_id.as_str().into(),
        };
        return Err(Error::of(reason, &site.field(SiteField::SourceItemId)));
    };
    Ok(Some(LineRef {
        document: document.index,
        line,
    }))
}

/// A discount and the item that it reduces.
struct DiscountLink {
    /// The index of the discount among the items of the command.
    item_index: usize,
    line: LineIndex,
    item: LineIndex,
}

/// Names the sources of all lines, and finds what discounts reduce.
fn link(
    context: Context<'_>,
    draft: &mut Draft<'_>,
    items: &[NewItem],
    sources: &[Option<LineRef>],
    list: &Site<'_>,
) -> Result<Vec<DiscountLink>> {
    let mut discounts = Vec::new();
    for (item_index, (item, source)) in items.iter().zip(sources).enumerate() {
        let entry = list.entry(item_index);
        let line = draft
            .find_item(&item.id)
            .ok_or_else(|| Error::fault("a line is missing"))?;
        draft.link(line, *source);
        if let Some(source) = source {
            let taxes = tax_sources(context, item, *source, &entry)?;
            let first_tax = line.get().saturating_add(1);
            for (tax, source) in (first_tax..).filter_map(LineIndex::new).zip(taxes) {
                draft.link(tax, source);
            }
        }
        let Some(reduced) = &item.applied_to_item_id else {
            continue;
        };
        let Some(reduced) = draft.find_item(reduced) else {
            let reason = Reason::NoItemOfSame {
                item: reduced.as_str().into(),
            };
            return Err(Error::of(reason, &entry.field(SiteField::AppliedToItemId)));
        };
        discounts.push(DiscountLink {
            item_index,
            line,
            item: reduced,
        });
    }

    // Once all are found: an item that is reduced may be a discount itself, which is refused later.
    for discount in &discounts {
        draft.discount(discount.line, discount.item);
    }
    Ok(discounts)
}

/// The tax items that the taxes of an item credit or debit: those that are named, or else the same tax of the item.
fn tax_sources(
    context: Context<'_>,
    item: &NewItem,
    source: LineRef,
    site: &Site<'_>,
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
    let list = site.field(SiteField::TaxItems);
    let mut sources = Vec::with_capacity(stated.len());
    for (tax_index, tax) in stated.iter().enumerate() {
        let Some(id) = &tax.source else {
            sources.push(None);
            continue;
        };
        let has_id =
            |line: &LineIndex| of.document.line(*line).is_some_and(|line| *line.id == **id);
        let Some(line) = taxes.iter().copied().find(has_id) else {
            let reason = Reason::NoSuchTaxItem {
                tax_item: id.as_str().into(),
            };
            let entry = list.entry(tax_index);
            return Err(Error::of(reason, &entry.field(SiteField::SourceTaxItemId)));
        };
        sources.push(Some(at(line)));
    }
    Ok(sources)
}

#[cold]
fn out_of_range(site: &Site<'_>) -> Error {
    Error::of(Reason::LinesOutOfRange {}, site)
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
    list: &Site<'_>,
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
        draft.add(ROUNDING, detail, &list.entry(place))?;
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
    fn add<'b>(&'b self, draft: &mut Draft<'b>, site: &Site<'_>) -> Result<()> {
        let record = Record::new(self.item.record.clone());
        let of = draft.add(
            &self.item.id,
            Detail::Item {
                processing: self.item.processing,
                record,
            },
            site,
        )?;
        let list = site.field(SiteField::TaxItems);
        for (place, tax) in self.taxes.iter().enumerate() {
            let detail = Detail::Tax {
                of,
                by_rate: tax.follows_from_rate(),
                identity: Box::new(tax.identity.clone().into_owned()),
            };
            draft.add(&tax.id, detail, &list.entry(place))?;
        }
        Ok(())
    }

    /// Adds the amounts of the item and its taxes to `amounts`, in their order.
    fn price(
        &self,
        ledger: &mut CreditLedger<'_>,
        context: Context<'_>,
        currency: &Currency,
        site: &Site<'_>,
        amounts: &mut Vec<Amount>,
    ) -> Result<()> {
        let given = self.given(ledger, context, currency, site)?;
        let list = site.field(SiteField::TaxItems);
        let mut taxes = Vec::with_capacity(self.taxes.len());
        for (tax_index, tax) in self.taxes.iter().enumerate() {
            let entry = list.entry(tax_index);
            if self.item.tax_items.is_some() {
                check_rate(context.settings, &tax.identity, &entry)?;
            }
            taxes.push(self.stated_tax(tax, ledger, context, given, currency, &entry)?);
        }

        let net = if self.item.record.tax_inclusive {
            self.net_of_inclusive(context.settings, given, &mut taxes, currency)
        } else {
            self.tax_by_rate(given, &mut taxes, currency)
                .map(|()| given)
        };
        amounts.push(net.ok_or_else(|| out_of_range(site))?);
        amounts.extend(taxes.into_iter().flatten());
        Ok(())
    }

    /// What the item is given as: its amount, its price, or all that its source item has left.
    fn given(
        &self,
        ledger: &mut CreditLedger<'_>,
        context: Context<'_>,
        currency: &Currency,
        site: &Site<'_>,
    ) -> Result<Amount> {
        let amount_site = site.field(SiteField::Amount);
        let price = price_of(self.item, currency, site)?;
        match (self.item.amount, price, self.source) {
            (Some(amount), ..) => currency
                .amount(amount)
                .map_err(|error| error.at(&amount_site)),
            (None, Some(price), _) => Ok(price),
            (None, None, Some(source)) if self.item.record.tax_inclusive => {
                available_with_tax(ledger, context, source)
            }
            (None, None, Some(source)) => ledger.available(source),
            (None, None, None) => Err(Error::of(Reason::NoItemAmount {}, &amount_site)),
        }
    }

    /// The amount of a tax, if it does not follow from its rate.
    fn stated_tax(
        &self,
        tax: &StatedTax<'_>,
        ledger: &mut CreditLedger<'_>,
        context: Context<'_>,
        given: Amount,
        currency: &Currency,
        site: &Site<'_>,
    ) -> Result<Option<Amount>> {
        let amount_site = site.field(SiteField::Amount);
        match &tax.amount {
            TaxAmount::Stated(amount) => currency
                .amount(*amount)
                .map(Some)
                .map_err(|error| error.at(&amount_site)),
            TaxAmount::Rate if tax.identity.rate.is_none() => {
                Err(Error::of(Reason::NoTaxAmount {}, &amount_site))
            }
            TaxAmount::Rate => Ok(None),
            // All that is left of an item has all that is left of its taxes.
            TaxAmount::Share(source) if self.takes_what_is_left() => {
                ledger.available(*source).map(Some)
            }
            TaxAmount::Share(source) => {
                let item = self
                    .source
                    .ok_or_else(|| Error::fault("a line is missing"))?;
                self.share_of_tax(ledger, context, *source, item, given, currency)
                    .map(Some)
            }
        }
    }

    /// Splits what is given with its taxes into its net and those taxes that follow from their rates; `None` out of
    /// range.
    fn net_of_inclusive(
        &self,
        settings: &Settings,
        given: Amount,
        taxes: &mut [Option<Amount>],
        currency: &Currency,
    ) -> Option<Amount> {
        let rates = self.taxes.iter().map(|tax| tax.identity.rate);
        let rates: Vec<_> = rates.map(Option::unwrap_or_default).collect();
        let stated = Amount::sum(taxes.iter().flatten().copied())?;
        let gross = given.minus(stated)?;
        split_inclusive(settings, gross, &rates, taxes, currency)
    }

    /// Calculates those taxes that follow from their rates; `None` out of range.
    fn tax_by_rate(
        &self,
        net: Amount,
        taxes: &mut [Option<Amount>],
        currency: &Currency,
    ) -> Option<()> {
        for (tax, amount) in self.taxes.iter().zip(taxes) {
            if amount.is_none() {
                let rate = Fraction::of(tax.identity.rate.unwrap_or_default());
                *amount = Some(currency.share(net, rate)?);
            }
        }
        Some(())
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
fn check_rate(settings: &Settings, tax: &TaxIdentity, site: &Site<'_>) -> Result<()> {
    let Some(rate) = tax.rate.filter(|&rate| rate >= Decimal::ONE) else {
        return Ok(());
    };
    if settings.allow_tax_rate_from_1 {
        return Ok(());
    }
    let rate = write_decimal(rate).into();
    Err(Error::of(
        Reason::RateFrom1 { rate },
        &site.field(SiteField::Rate),
    ))
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
