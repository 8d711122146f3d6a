//! Resolves what a request for a draft names: the document that it is made from, the lines that its items credit or
//! debit, and the items that its discounts reduce.

use crate::calendar::Date;
use crate::document::{
    DocumentIndex, Documents, Header, Kind, LineIndex, LineRef, NewDocument, NewItem, NewTaxItem,
    Origin, Processing, ROUNDING, SourceItem, TaxIdentity, check_id,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Currency;
use crate::settle::guard::credit;
use crate::settle::guard::names::{check_names, check_new_id, currency_of};
use crate::settle::journal::Context;
use crate::settle::operations::create::items_site;
use crate::settle::plan::credit_all;
use crate::settle::plan::draft::{Coverage, DraftAmount, DraftItem, DraftPlan, DraftTax};
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{Lookup, find_key, locate};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// Resolves a request.
///
/// # Errors
/// The first of `missingField`, `invalidId`, `unknownCurrency`, `unknownReasonCode`, `duplicateId`,
/// `documentNotFound`, `itemNotFound`.
pub(super) fn resolve<'a>(
    context: Context<'a>,
    date: Date,
    new: &'a NewDocument,
) -> Result<DraftPlan<'a>> {
    check_shape(new)?;
    check_names(&new.id, new.number.as_deref(), new.account_id.as_deref())?;
    let currency = stated_currency(context, new);

    // The document and the source items are refused where it is their turn: what is wrong with the names and words of
    // the request comes first.
    let stated = currency.as_ref().ok().and_then(Option::as_ref);
    let mut names = LineNames::of(new.kind, stated.unwrap_or(&context.settings.currency));
    let from = names.note_from(find_from(context, new));
    let items = match &new.items {
        Some(stated) => resolve_items(context, from, stated, &mut names),
        None => Vec::new(),
    };
    names.check_ids()?;
    let currency = currency?;
    check_reason(context, new)?;
    check_new_id(context, new.kind, &new.id, new.number.as_deref())?;
    names.check()?;

    let plan = DraftPlan {
        header: header_of(context, date, new, from, currency),
        index: None,
        from,
        items,
        coverage: Coverage::Stated,
        restocking_fee: new.restocking_fee,
        auto_post: new.auto_post,
    };
    match (&new.items, from) {
        (None, Some(from)) => Ok(take_whole(context, plan, &from)),
        _ => Ok(plan),
    }
}

/// Refuses a request without items, and what its items lack. No document is read for that.
///
/// # Errors
/// `missingField`.
fn check_shape(new: &NewDocument) -> Result<()> {
    let list = items_site();
    let Some(items) = &new.items else {
        return match new.from {
            Some(_) => Ok(()),
            None => Err(Error::of(Reason::NoItems {}, &list)),
        };
    };
    if items.is_empty() {
        return Err(Error::of(Reason::NoItems {}, &list));
    }

    for (item_index, item) in items.iter().enumerate() {
        check_item_shape(item, new.from.is_some(), &list.entry(item_index))?;
    }
    Ok(())
}

/// Refuses what an item lacks: a source of its tax items, a document for its source, an amount. `is_made_from` says
/// whether its document is made from another, which has the source items that name none.
///
/// # Errors
/// `missingField`.
pub(in crate::settle) fn check_item_shape(
    item: &NewItem,
    is_made_from: bool,
    site: &Site<'_>,
) -> Result<()> {
    let taxes = item.tax_items.as_deref().unwrap_or(&[]);
    match &item.source {
        Some(source) if source.document_id.is_none() && !is_made_from => {
            let site = site.field(SiteField::SourceDocumentId);
            return Err(Error::of(Reason::NoSourceDocument {}, &site));
        }
        None if taxes.iter().any(|tax| tax.source.is_some()) => {
            return Err(no_source_of_item(site));
        }
        None if item.amount.is_none() && !item.has_price() => {
            let site = site.field(SiteField::Amount);
            return Err(Error::of(Reason::NoItemAmount {}, &site));
        }
        _ => {}
    }
    let list = site.field(SiteField::TaxItems);
    for (tax_index, tax) in taxes.iter().enumerate() {
        if tax.amount.is_none() && tax.source.is_none() && tax.identity.rate.is_none() {
            let entry = list.entry(tax_index);
            let site = entry.field(SiteField::Amount);
            return Err(Error::of(Reason::NoTaxAmount {}, &site));
        }
    }
    Ok(())
}

/// The refusal of a tax item that credits one, while its item credits none.
#[cold]
pub(in crate::settle) fn no_source_of_item(item: &Site<'_>) -> Error {
    Error::of(
        Reason::NoSourceOfItem {},
        &item.field(SiteField::SourceItemId),
    )
}

/// The currency that a request states.
///
/// # Errors
/// `unknownCurrency`.
fn stated_currency(context: Context<'_>, new: &NewDocument) -> Result<Option<Arc<Currency>>> {
    match &new.currency {
        Some(code) => currency_of(context.settings, code).map(Some),
        None => Ok(None),
    }
}

/// Refuses a reason code that the book does not list.
fn check_reason(context: Context<'_>, new: &NewDocument) -> Result<()> {
    let site = Site::Command.field(SiteField::ReasonCode);
    let reason = new.notes.reason_code.as_deref();
    context.settings.check_reason(reason, &site)
}

/// Finds the document that this one is made from, if the request names one.
pub(super) fn find_from<'a>(
    context: Context<'a>,
    new: &'a NewDocument,
) -> Result<Option<Located<'a>>> {
    let Some((kind, key)) = &new.from else {
        return Ok(None);
    };
    let site = Site::Command.field(kind.id_site());
    find_key(context.documents, *kind, key, &site).map(Some)
}

/// The header of the draft. What the request leaves out, it has from the document that it is made from, or from the
/// book.
fn header_of(
    context: Context<'_>,
    date: Date,
    new: &NewDocument,
    from: Option<Located<'_>>,
    currency: Option<Arc<Currency>>,
) -> Header {
    let from_header = from.map(|from| from.document.header());
    let account_id = match (&new.account_id, from_header) {
        (Some(account_id), _) => account_id.as_str().into(),
        (None, Some(from)) => Arc::clone(&from.account_id),
        (None, None) => Arc::clone(&context.settings.account_id),
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
        number: new.number.as_deref().unwrap_or(&new.id).into(),
        date: new.date.unwrap_or(date),
        due_date: new.due_date.or(new.date).unwrap_or(date),
        origin,
        refers_to: from.map(|from| from.index),
        notes: Arc::new(new.notes.clone()),
        ..Header::draft(new.kind, &new.id, account_id, currency, date)
    }
}

/// Gives a plan the items that credit or debit all that is left of a document.
fn take_whole<'a>(context: Context<'a>, plan: DraftPlan<'a>, from: &Located<'a>) -> DraftPlan<'a> {
    match all_items(context, from) {
        Ok(items) => DraftPlan {
            items,
            coverage: Coverage::Whole,
            ..plan
        },
        Err(nothing_left) => DraftPlan {
            coverage: Coverage::Nothing(nothing_left),
            ..plan
        },
    }
}

/// The items that credit or debit all that is left of a document.
///
/// # Errors
/// `nothingToSettle` if that is nothing.
fn all_items<'a>(context: Context<'a>, from: &Located<'a>) -> Result<Vec<DraftItem<'a>>> {
    let site = Site::Command.field(from.document.header().kind.id_site());
    let items = credit_all::items(context, from, &site)?;

    // Where documents alone are guarded, an item can have been credited more than it has. The sum of all items may be
    // nothing then, while some of them still look available.
    let amount = from.document.header().figures.amount();
    let is_spent = !amount.is_zero() && credit::available_to_credit(context, from.index)?.is_zero();
    let is_empty = items.is_empty() && credit::rounding_left(context, from)?.is_zero();
    if is_empty || is_spent {
        return Err(Error::of(Reason::NothingToCredit {}, &site));
    }
    Ok(items)
}

/// Resolves the items of a request. What is not found is noted in `names`.
fn resolve_items<'a>(
    context: Context<'a>,
    from: Option<Located<'a>>,
    stated: &'a [NewItem],
    names: &mut LineNames,
) -> Vec<DraftItem<'a>> {
    let list = items_site();
    let mut lookups = Lookups::default();
    let mut items = Vec::with_capacity(stated.len());
    for (item_index, item) in stated.iter().enumerate() {
        let entry = list.entry(item_index);
        let source = match &item.source {
            Some(source) => names.note_source(lookups.find(context, from, source, &entry)),
            None => None,
        };
        let taxes = match (&item.tax_items, source) {
            (Some(taxes), _) => resolve_taxes(context, taxes, source, item_index, names),
            (None, _) => inherited_taxes(context, &item.id, item.processing, source),
        };
        items.push(DraftItem {
            id: Cow::Borrowed(&item.id),
            amount: item.amount.map(DraftAmount::Stated),
            is_priced: item.is_priced,
            reduces: None,
            processing: item.processing,
            source,
            record: Cow::Borrowed(&item.record),
            taxes,
            states_taxes: item.tax_items.is_some(),
        });
    }

    let reduced = stated.iter().map(|item| item.applied_to_item_id.as_deref());
    names.link(&mut items, reduced);
    items
}

/// Resolves the stated tax items of an item that credits or debits `source`.
fn resolve_taxes<'a>(
    context: Context<'_>,
    stated: &'a [NewTaxItem],
    source: Option<LineRef>,
    item_index: usize,
    names: &mut LineNames,
) -> Vec<DraftTax<'a>> {
    let mut taxes = Vec::with_capacity(stated.len());
    for (tax_index, tax) in stated.iter().enumerate() {
        let source = match (&tax.source, source) {
            (Some(id), Some(item)) => names.note_tax(
                item_index,
                find_tax(context, item, id, item_index, tax_index),
            ),
            _ => None,
        };
        taxes.push(DraftTax {
            id: Cow::Borrowed(&tax.id),
            identity: Cow::Borrowed(&tax.identity),
            amount: tax.amount.map(DraftAmount::Stated),
            source,
        });
    }
    taxes
}

/// The lines of each document that items name, by identifier.
#[derive(Default)]
pub(in crate::settle) struct Lookups<'a> {
    // Only for look-ups, never iterated: its order means nothing.
    documents: FxHashMap<DocumentIndex, Lookup<'a>>,
}

impl<'a> Lookups<'a> {
    /// Finds the item that an item at `site` credits or debits: of the document that it names, or of the one that its
    /// own is made from.
    ///
    /// # Errors
    /// `documentNotFound`, `missingField`, `itemNotFound`.
    pub(in crate::settle) fn find(
        &mut self,
        context: Context<'a>,
        from: Option<Located<'a>>,
        source: &'a SourceItem,
        site: &Site<'_>,
    ) -> Result<LineRef> {
        let document_site = site.field(SiteField::SourceDocumentId);
        let document = match (&source.document_id, from) {
            (Some(key), _) => find_source(context.documents, key, &document_site)?,
            (None, Some(from)) => from,
            (None, None) => return Err(Error::of(Reason::NoSourceDocument {}, &document_site)),
        };

        let lookup = self
            .documents
            .entry(document.index)
            .or_insert_with(|| Lookup::of(document));
        match lookup.get(&source.item_id) {
            Some(line) if !document.is_tax(line) => Ok(LineRef {
                document: document.index,
                line,
            }),
            _ => Err(no_such_item(
                &document,
                &source.item_id,
                &site.field(SiteField::SourceItemId),
            )),
        }
    }
}

/// Finds the document of a source item, which can be of any kind with items. A number that documents of several kinds
/// have names none of them.
///
/// # Errors
/// `documentNotFound` at `site`.
fn find_source<'a>(documents: &'a Documents, key: &'a str, site: &Site<'_>) -> Result<Located<'a>> {
    let mut found = documents.find_keys_of_items(key);
    let reason = match (found.next(), found.next()) {
        (Some(index), None) => {
            return Ok(Located {
                key,
                ..locate(documents, index)?
            });
        }
        (None, _) => Reason::NoDocument { id: key.into() },
        (Some(_), Some(_)) => Reason::NumberOfSeveral { number: key.into() },
    };
    Err(Error::of(reason, site))
}

/// The refusal of an item that a document does not have.
#[cold]
pub(in crate::settle) fn no_such_item(
    document: &Located<'_>,
    item: &str,
    site: &Site<'_>,
) -> Error {
    let reason = Reason::NoSuchItem {
        document: document.key.into(),
        item: item.into(),
    };
    Error::of(reason, site)
}

/// Finds the tax item of `item` with that identifier, for a tax item of a draft.
///
/// # Errors
/// `itemNotFound`.
pub(in crate::settle) fn find_tax(
    context: Context<'_>,
    item: LineRef,
    id: &str,
    item_index: usize,
    tax_index: usize,
) -> Result<LineRef> {
    let document = locate(context.documents, item.document)?.document;
    for line in document.tax_items(item.line) {
        if *document.line_at(line)?.id == *id {
            return Ok(LineRef { line, ..item });
        }
    }

    let list = items_site();
    let entry = list.entry(item_index);
    let taxes = entry.field(SiteField::TaxItems);
    let tax = taxes.entry(tax_index);
    let reason = Reason::NoSuchTaxItem {
        tax_item: id.into(),
    };
    Err(Error::of(reason, &tax.field(SiteField::SourceTaxItemId)))
}

/// The taxes of the source item, each under the identifier of the item and its own, in proportion to what is credited.
/// A rounding item has none, whatever its source has.
pub(in crate::settle) fn inherited_taxes<'a>(
    context: Context<'_>,
    item_id: &str,
    processing: Processing,
    source: Option<LineRef>,
) -> Vec<DraftTax<'a>> {
    let Some(source) = source.filter(|_| processing != Processing::Rounding) else {
        return Vec::new();
    };
    let Some(document) = context.documents.get(source.document) else {
        return Vec::new();
    };
    let mut taxes = Vec::new();
    for index in document.tax_items(source.line) {
        let Some(line) = document.line(index) else {
            continue;
        };
        let Some((_, identity)) = line.detail.tax() else {
            continue;
        };
        taxes.push(DraftTax {
            id: Cow::Owned(format!("{item_id}/{}", line.id)),
            // Whoever calculated an exemption knows how much of it comes back, and nobody else.
            identity: Cow::Owned(TaxIdentity {
                exempt: None,
                ..identity.clone()
            }),
            amount: None,
            source: Some(LineRef {
                line: index,
                ..source
            }),
        });
    }
    taxes
}

/// What is wrong with the names in a draft, kept until it is its turn: one kind of name over all items before the next.
#[derive(Default)]
pub(in crate::settle) struct LineNames {
    /// The engine makes a rounding item, so its identifier is taken.
    has_rounding_item: bool,
    malformed_id: Option<Error>,
    line_id: Option<Error>,
    from: Option<Error>,
    source: Option<Error>,
    /// The first item that names a tax item or an item that is not there.
    link: Option<(usize, Error)>,
}

impl LineNames {
    /// The names in a draft of `kind` in `currency`.
    pub(in crate::settle) fn of(kind: Kind, currency: &Currency) -> Self {
        Self {
            has_rounding_item: kind == Kind::Invoice && currency.invoice_increment().is_some(),
            ..Self::default()
        }
    }

    fn note_from<'a>(&mut self, from: Result<Option<Located<'a>>>) -> Option<Located<'a>> {
        note(&mut self.from, from).flatten()
    }

    /// The source of an item, if it was found.
    pub(in crate::settle) fn note_source(&mut self, source: Result<LineRef>) -> Option<LineRef> {
        note(&mut self.source, source)
    }

    /// The source of a tax item of the item at `item_index`, if it was found.
    pub(in crate::settle) fn note_tax(
        &mut self,
        item_index: usize,
        source: Result<LineRef>,
    ) -> Option<LineRef> {
        match source {
            Ok(source) => Some(source),
            Err(error) => {
                self.note_link(item_index, error);
                None
            }
        }
    }

    fn note_link(&mut self, item_index: usize, error: Error) {
        let is_first = match &self.link {
            Some((first, _)) => item_index < *first,
            None => true,
        };
        if is_first {
            self.link = Some((item_index, error));
        }
    }

    /// Links discounts to the items that they name, once all items are there. Each line needs an identifier of its own.
    pub(in crate::settle) fn link<'n>(
        &mut self,
        items: &mut [DraftItem<'_>],
        reduced: impl Iterator<Item = Option<&'n str>>,
    ) {
        self.malformed_id = check_line_ids(items).err();
        let by_id = match item_lines(items, self.has_rounding_item) {
            Ok(by_id) => by_id,
            Err(error) => {
                self.line_id = Some(error);
                return;
            }
        };
        let mut links = Vec::new();
        for (item_index, id) in reduced.enumerate() {
            let Some(id) = id else {
                continue;
            };
            match by_id.get(id) {
                Some(Some(item)) => links.push((item_index, *item)),
                _ => self.note_link(item_index, no_item_of_same(item_index, id)),
            }
        }

        for (item_index, reduced) in links {
            if let Some(item) = items.get_mut(item_index) {
                item.reduces = Some(reduced);
            }
        }
    }

    /// Refuses an identifier that cannot name a line.
    ///
    /// # Errors
    /// `invalidId`.
    pub(in crate::settle) fn check_ids(&mut self) -> Result<()> {
        self.malformed_id.take().map_or(Ok(()), Err)
    }

    /// Refuses what is wrong with the names.
    ///
    /// # Errors
    /// The first of `invalidId`, `duplicateId`, `documentNotFound`, `itemNotFound`.
    pub(in crate::settle) fn check(self) -> Result<()> {
        let link = self.link.map(|(_, error)| error);
        let refusals = [
            self.malformed_id,
            self.line_id,
            self.from,
            self.source,
            link,
        ];
        match refusals.into_iter().flatten().next() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}

/// What was found; the first refusal of the table is kept in `refusal`.
fn note<T>(refusal: &mut Option<Error>, found: Result<T>) -> Option<T> {
    match found {
        Ok(found) => Some(found),
        Err(error) => {
            *refusal = Some(match refusal.take() {
                Some(first) => first.or_earlier(error),
                None => error,
            });
            None
        }
    }
}

/// Refuses an identifier that names nothing.
///
/// # Errors
/// `invalidId`.
fn check_line_ids(items: &[DraftItem<'_>]) -> Result<()> {
    let list = items_site();
    for (item_index, item) in items.iter().enumerate() {
        let entry = list.entry(item_index);
        check_id(&item.id, &entry.field(SiteField::Id))?;
        let taxes = entry.field(SiteField::TaxItems);
        for (tax_index, tax) in item.taxes.iter().enumerate() {
            check_id(&tax.id, &taxes.entry(tax_index).field(SiteField::Id))?;
        }
    }
    Ok(())
}

/// The line of every item by its identifier, and nothing for the identifiers of tax items and of the rounding item.
///
/// # Errors
/// `duplicateId`, `tooLarge` beyond 2³² lines.
fn item_lines<'i>(
    items: &'i [DraftItem<'_>],
    has_rounding_item: bool,
) -> Result<FxHashMap<&'i str, Option<LineIndex>>> {
    let list = items_site();
    // Only for look-ups, never iterated: its order means nothing.
    let mut by_id = FxHashMap::default();
    if has_rounding_item {
        by_id.insert(ROUNDING, None);
    }
    let mut lines = LineIndex::all();
    for (item_index, item) in items.iter().enumerate() {
        let entry = list.entry(item_index);
        let line = next_line(&mut lines, &entry)?;
        check_line_id(&item.id, by_id.insert(&*item.id, Some(line)), &entry)?;

        let taxes = entry.field(SiteField::TaxItems);
        for (tax_index, tax) in item.taxes.iter().enumerate() {
            let entry = taxes.entry(tax_index);
            next_line(&mut lines, &entry)?;
            check_line_id(&tax.id, by_id.insert(&*tax.id, None), &entry)?;
        }
    }
    Ok(by_id)
}

/// The index of the next line.
fn next_line(lines: &mut impl Iterator<Item = LineIndex>, site: &Site<'_>) -> Result<LineIndex> {
    let line = lines.next();
    line.ok_or_else(|| Error::of(Reason::TooManyLines {}, site))
}

/// Refuses an identifier that an earlier line has.
fn check_line_id(id: &str, earlier: Option<Option<LineIndex>>, site: &Site<'_>) -> Result<()> {
    match earlier {
        Some(_) => {
            let site = site.field(SiteField::Id);
            Err(Error::of(Reason::LineIdTaken { id: id.into() }, &site))
        }
        None => Ok(()),
    }
}

/// The refusal of a discount on an item that its document does not have.
#[cold]
fn no_item_of_same(item_index: usize, item: &str) -> Error {
    let list = items_site();
    let entry = list.entry(item_index);
    let reason = Reason::NoItemOfSame { item: item.into() };
    Error::of(reason, &entry.field(SiteField::AppliedToItemId))
}
