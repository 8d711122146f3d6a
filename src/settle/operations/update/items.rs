//! The items of a draft while a command changes them.
//!
//! What the draft has is kept by index, and what the command adds is named. A change can be about either, so the names
//! are resolved once all changes are made.

use crate::command::{ItemChange, ItemWords, TaxChange};
use crate::document::{
    Detail, Document, Header, ItemRecord, Kind, Line, LineIndex, LineRef, NewItem, NewTaxItem,
    Processing, Record, SourceItem, TaxIdentity, merged,
};
use crate::error::{Error, Reason, Result, Site, SiteField, first_refusal};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::credit;
use crate::settle::operations::create::{
    LineNames, Lookups, check_service, find_tax, inherited_taxes, items_site, no_source_of_item,
};
use crate::settle::plan::draft::{DraftAmount, DraftItem, DraftPast, DraftTax};
use crate::settle::plan::located::Located;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// The items of a draft, in their order.
pub(super) struct ChangedItems<'a>(Vec<ChangedItem<'a>>);

/// An item that the draft has, or that the command adds.
struct ChangedItem<'a> {
    id: &'a str,
    /// Absent: quantity × unit price, or else all that the source has left.
    amount: Option<DraftAmount>,
    /// See [`DraftItem::is_priced`].
    is_priced: bool,
    /// The identifier of the item that it reduces.
    reduces: Option<&'a str>,
    processing: Processing,
    source: Option<ItemSource<'a>>,
    record: Cow<'a, ItemRecord>,
    /// Absent: those of the source.
    taxes: Option<Vec<ChangedTax<'a>>>,
    settled_before: Vec<DraftPast>,
    /// The last change of the command that is about it.
    change_index: Option<usize>,
}

/// What an item credits or debits.
#[derive(Clone, Copy)]
enum ItemSource<'a> {
    /// The line that it has named before.
    Kept(LineRef),
    /// What the command names.
    Named(&'a SourceItem),
}

/// A tax item that the draft has, or that the command adds.
struct ChangedTax<'a> {
    id: &'a str,
    identity: &'a TaxIdentity,
    /// Absent: the share of its source, or by the rate.
    amount: Option<DraftAmount>,
    source: Option<TaxSource<'a>>,
    settled_before: Vec<DraftPast>,
    /// The last change that is about it: of which change of its item, and which of that one's changes of taxes.
    change: Option<TaxChangeIndex>,
}

/// What a tax item credits or debits.
#[derive(Clone, Copy)]
enum TaxSource<'a> {
    /// The line that it has named before.
    Kept(LineRef),
    /// The identifier that the command names.
    Named(&'a str),
}

/// A change of a tax item among those of a command.
#[derive(Clone, Copy)]
pub(super) struct TaxChangeIndex {
    /// The index of the change of the item.
    pub item_change: usize,
    /// The index of the tax change within it.
    pub tax_change: usize,
}

/// Which changes of a command an item of the draft is from.
pub(super) struct ItemOrigin {
    /// The last change that is about the item; absent where it is as it was.
    pub change_index: Option<usize>,
    /// The same of its stated taxes.
    pub taxes: Vec<Option<TaxChangeIndex>>,
}

impl<'a> ChangedItems<'a> {
    /// The items that a draft has, without the rounding item that the engine makes anew.
    pub(super) fn of(context: Context<'_>, draft: &Located<'a>) -> Result<Self> {
        let document = draft.document;
        let is_rounded = is_rounded_anew(context, document.header());
        let mut items = Vec::with_capacity(document.lines().len());
        for (index, line, _) in document.lines_with_figures() {
            let is_made = is_rounded && line.detail.is_rounding() && line.source.is_none();
            if !line.detail.is_tax() && !is_made {
                items.push(kept_item(document, index, line)?);
            }
        }
        Ok(Self(items))
    }

    /// Makes the changes of a command, one after another. One that is about no line of the draft is left out, so that
    /// what is wrong with the others is known too.
    ///
    /// # Errors
    /// The first of `invalidPeriod`, `itemNotFound`.
    pub(super) fn apply_all(&mut self, changes: &'a [ItemChange]) -> Result<()> {
        let list = items_site();
        let by_index = changes.iter().enumerate();
        let applied = first_refusal(by_index.map(|(change_index, change)| {
            let site = list.entry(change_index);
            self.apply(change, change_index, &site)
        }));
        first_refusal([applied, self.check_services(changes)])
    }

    /// Refuses changes by which the service of an item ends before it starts.
    ///
    /// # Errors
    /// `invalidPeriod`.
    fn check_services(&self, changes: &[ItemChange]) -> Result<()> {
        let list = items_site();
        for (change_index, change) in changes.iter().enumerate() {
            let entry = list.entry(change_index);
            let ItemChange::Change { id, words, .. } = change else {
                continue;
            };
            let field = match (words.service_start, words.service_end) {
                (_, Some(_)) => SiteField::ServiceEnd,
                (Some(_), None) => SiteField::ServiceStart,
                (None, None) => continue,
            };

            // Of the item as it is after all changes: another one can have moved the other end.
            if let Some(item) = self.0.iter().find(|item| item.id == id.as_str()) {
                check_service(&item.record, field, &entry)?;
            }
        }
        Ok(())
    }

    /// Makes one change.
    fn apply(
        &mut self,
        change: &'a ItemChange,
        change_index: usize,
        site: &Site<'_>,
    ) -> Result<()> {
        match change {
            ItemChange::Add(item) => {
                self.0.push(added_item(item, change_index));
                Ok(())
            }
            ItemChange::Delete(id) => self.delete(id, site),

            ItemChange::Change {
                id,
                amount,
                quantity,
                unit_price,
                tax_inclusive,
                words,
                taxes,
                settled_before,
            } => {
                let item = self.find(id, site)?;
                item.change_index = Some(change_index);
                if let Some(stated) = settled_before {
                    item.settled_before = stated.iter().map(DraftPast::from).collect();
                }

                // The taxes last: another amount forgets those that follow from it, and stated ones stay.
                item.change_amount(*amount, *quantity, *unit_price);
                item.change_tax_mode(*tax_inclusive);
                item.change_words(words);
                item.change_taxes(taxes, change_index, site)
            }
        }
    }

    /// Takes an item away, with the discounts on it.
    fn delete(&mut self, id: &str, site: &Site<'_>) -> Result<()> {
        self.find(id, site)?;
        self.0
            .retain(|item| item.id != id && item.reduces != Some(id));
        Ok(())
    }

    fn find(&mut self, id: &str, site: &Site<'_>) -> Result<&mut ChangedItem<'a>> {
        let item = self.0.iter_mut().find(|item| item.id == id);
        item.ok_or_else(|| no_line_of_draft(id, site))
    }

    /// Which changes each item is from.
    pub(super) fn origins(&self) -> Vec<ItemOrigin> {
        let mut origins = Vec::with_capacity(self.0.len());
        for item in &self.0 {
            let taxes = item.taxes.as_deref().unwrap_or(&[]);
            origins.push(ItemOrigin {
                change_index: item.change_index,
                taxes: taxes.iter().map(|tax| tax.change).collect(),
            });
        }
        origins
    }

    /// Resolves the names of what was added.
    ///
    /// # Errors
    /// The first of `missingField` without items, or of a tax item that credits one while its item credits none;
    /// `invalidId`, `duplicateId`, `documentNotFound`, `itemNotFound`.
    pub(super) fn resolve(
        self,
        context: Context<'a>,
        header: &Header,
        from: Option<Located<'a>>,
    ) -> Result<Vec<DraftItem<'a>>> {
        self.check_shape()?;

        let list = items_site();
        let mut names = LineNames::of(header.kind, &header.currency);
        let mut lookups = Lookups::default();
        let mut reduced = Vec::with_capacity(self.0.len());
        let mut items = Vec::with_capacity(self.0.len());
        for (item_index, item) in self.0.into_iter().enumerate() {
            let source = match item.source {
                None => None,
                Some(ItemSource::Kept(source)) => Some(source),
                Some(ItemSource::Named(source)) => {
                    let found = lookups.find(context, from, source, &list.entry(item_index));
                    names.note_source(found)
                }
            };
            reduced.push(item.reduces);
            items.push(item.resolve(context, source, item_index, &mut names));
        }

        // A discount can stand before its item, so discounts are linked once all items are there.
        names.link(&mut items, reduced.into_iter());
        names.check()?;
        Ok(items)
    }

    /// Refuses a draft without items, and tax items that credit one of no item.
    fn check_shape(&self) -> Result<()> {
        let list = items_site();
        if self.0.is_empty() {
            return Err(Error::of(Reason::NoItems {}, &list));
        }

        for (item_index, item) in self.0.iter().enumerate() {
            let mut taxes = item.taxes.iter().flatten();
            if item.source.is_none() && taxes.any(|tax| tax.source.is_some()) {
                return Err(no_source_of_item(&list.entry(item_index)));
            }
        }
        Ok(())
    }
}

/// Whether the engine gives a draft under this header its rounding item.
fn is_rounded_anew(context: Context<'_>, header: &Header) -> bool {
    match header.kind {
        Kind::Invoice => header.currency.invoice_increment().is_some(),
        _ => credit::rounded_source(context, header).is_some(),
    }
}

/// An item as the draft has it.
fn kept_item<'a>(
    document: &'a Document,
    index: LineIndex,
    line: &'a Line,
) -> Result<ChangedItem<'a>> {
    let (processing, reduces) = match &line.detail {
        Detail::Item { processing, .. } => (*processing, None),
        Detail::Discount { of: item, .. } => {
            let item = document.line_at(*item)?;
            (Processing::Charge, Some(&*item.id))
        }
        Detail::Tax { .. } | Detail::Whole => return Err(Error::broken("a draft without items")),
    };

    let record = match line.detail.record().and_then(Record::get) {
        Some(record) => Cow::Borrowed(record),
        None => Cow::Owned(ItemRecord::default()),
    };
    let mut taxes = Vec::new();
    for tax in document.tax_items(index) {
        taxes.push(kept_tax(document, tax)?);
    }

    Ok(ChangedItem {
        id: &line.id,
        amount: Some(DraftAmount::Known(given(document, index, &record)?)),
        // As it is: an operation may have made it of a part of its price.
        is_priced: false,
        reduces,
        processing,
        source: line.source.map(ItemSource::Kept),
        record,
        taxes: Some(taxes),
        settled_before: known_before(document, index),
        change_index: None,
    })
}

/// What was settled of a line before it came into the book.
fn known_before(document: &Document, line: LineIndex) -> Vec<DraftPast> {
    let known = document.settled_before().iter();
    let of_line = known.filter(|entry| entry.line == line);
    of_line.map(DraftPast::from).collect()
}

/// What an item was given as: with its taxes, where it was given so.
fn given(document: &Document, item: LineIndex, record: &ItemRecord) -> Result<Amount> {
    let mut given = document.figures_at(item)?.amount();
    if record.tax_inclusive {
        for tax in document.tax_items(item) {
            given = given
                .plus(document.figures_at(tax)?.amount())
                .ok_or_else(|| Error::broken("amounts of a draft out of range"))?;
        }
    }
    Ok(given)
}

/// A tax item as the draft has it.
fn kept_tax(document: &Document, index: LineIndex) -> Result<ChangedTax<'_>> {
    let line = document.line_at(index)?;
    let Detail::Tax {
        by_rate, identity, ..
    } = &line.detail
    else {
        return Err(Error::broken("a tax item without a tax"));
    };

    // What follows from a rate does so anew, as in a draft that is made at once: its group, or the other taxes within
    // the same amount, may be others by now.
    let amount = if *by_rate {
        None
    } else {
        Some(DraftAmount::Known(document.figures_at(index)?.amount()))
    };

    Ok(ChangedTax {
        id: &line.id,
        identity,
        amount,
        source: line.source.map(TaxSource::Kept),
        settled_before: known_before(document, index),
        change: None,
    })
}

/// An item that a command adds.
fn added_item(item: &NewItem, change_index: usize) -> ChangedItem<'_> {
    let taxes = item.tax_items.as_ref();
    ChangedItem {
        id: &item.id,
        amount: item.amount.map(DraftAmount::Stated),
        is_priced: item.is_priced,
        reduces: item.applied_to_item_id.as_deref(),
        processing: item.processing,
        source: item.source.as_ref().map(ItemSource::Named),
        record: Cow::Borrowed(&item.record),
        taxes: taxes.map(|taxes| taxes.iter().map(|tax| stated_tax(tax, None)).collect()),
        settled_before: item.settled_before.iter().map(DraftPast::from).collect(),
        change_index: Some(change_index),
    }
}

/// A tax item as a command states it.
fn stated_tax(tax: &NewTaxItem, change: Option<TaxChangeIndex>) -> ChangedTax<'_> {
    ChangedTax {
        id: &tax.id,
        identity: &tax.identity,
        amount: tax.amount.map(DraftAmount::Stated),
        source: tax.source.as_deref().map(TaxSource::Named),
        settled_before: tax.settled_before.iter().map(DraftPast::from).collect(),
        change,
    }
}

#[cold]
fn no_line_of_draft(id: &str, change: &Site<'_>) -> Error {
    let reason = Reason::NoLineOfDraft { line: id.into() };
    Error::of(reason, &change.field(SiteField::Id))
}

impl<'a> ChangedItem<'a> {
    /// Gives the item another amount, quantity or unit price; `Some(None)` takes one of these away.
    fn change_amount(
        &mut self,
        amount: Option<Decimal>,
        quantity: Option<Option<Decimal>>,
        unit_price: Option<Option<Decimal>>,
    ) {
        if let Some(quantity) = quantity {
            self.record.to_mut().quantity = quantity;
        }
        if let Some(unit_price) = unit_price {
            self.record.to_mut().unit_price = unit_price;
        }

        // The product is asked anew only where the command touches it: an operation may have kept quantity and price
        // with the amount of a part (`docs/internals/decisions/amounts-taxes-and-rounding.md#quantity--unit-price`).
        let has_price = self.record.quantity.is_some() && self.record.unit_price.is_some();
        let is_priced_anew = has_price && (quantity.is_some() || unit_price.is_some());
        if amount.is_some() || is_priced_anew {
            self.amount = amount.map(DraftAmount::Stated);
            self.is_priced = true;
            self.forget_taxes();
        }
    }

    /// Says anew whether the amount that the item was given contains its taxes.
    fn change_tax_mode(&mut self, tax_inclusive: Option<bool>) {
        let Some(tax_inclusive) = tax_inclusive else {
            return;
        };
        if self.record.tax_inclusive != tax_inclusive {
            self.record.to_mut().tax_inclusive = tax_inclusive;
            self.forget_taxes();
        }
    }

    /// Gives the item other words.
    fn change_words(&mut self, words: &ItemWords) {
        if *words == ItemWords::default() {
            return;
        }

        let record = self.record.to_mut();
        if let Some(description) = &words.description {
            record.description.clone_from(description);
        }
        if let Some(sku) = &words.sku {
            record.sku.clone_from(sku);
        }
        if let Some(service_start) = words.service_start {
            record.service_start = service_start;
        }
        if let Some(service_end) = words.service_end {
            record.service_end = service_end;
        }
        record.custom = merged(&record.custom, &words.custom);
    }

    /// A new amount has new taxes, where they follow from it: by a source item, or by their rates.
    fn forget_taxes(&mut self) {
        for tax in self.taxes.iter_mut().flatten() {
            if tax.source.is_some() || tax.identity.rate.is_some() {
                tax.amount = None;
            }
        }
    }

    /// Makes the changes of its tax items, one after another.
    fn change_taxes(
        &mut self,
        changes: &'a [TaxChange],
        item_change: usize,
        site: &Site<'_>,
    ) -> Result<()> {
        let list = site.field(SiteField::TaxItems);
        let changes = changes.iter().enumerate();
        first_refusal(changes.map(|(tax_change, change)| {
            let index = TaxChangeIndex {
                item_change,
                tax_change,
            };
            let site = list.entry(tax_change);
            self.change_tax(change, index, &site)
        }))
    }

    /// Makes one change of a tax item.
    fn change_tax(
        &mut self,
        change: &'a TaxChange,
        index: TaxChangeIndex,
        site: &Site<'_>,
    ) -> Result<()> {
        // An item that has the taxes of its source states its own from now on.
        let taxes = self.taxes.get_or_insert_default();
        match change {
            TaxChange::Add(tax) => taxes.push(stated_tax(tax, Some(index))),
            TaxChange::Change(new) => {
                let tax = taxes.iter_mut().find(|tax| tax.id == new.id);
                let tax = tax.ok_or_else(|| no_line_of_draft(&new.id, site))?;
                *tax = stated_tax(new, Some(index));
            }
            TaxChange::Delete(id) => {
                let tax_count = taxes.len();
                taxes.retain(|tax| tax.id != *id);
                if taxes.len() == tax_count {
                    return Err(no_line_of_draft(id, site));
                }
            }
        }
        Ok(())
    }

    /// The item as it is planned, once its source is found.
    fn resolve(
        self,
        context: Context<'a>,
        source: Option<LineRef>,
        item_index: usize,
        names: &mut LineNames,
    ) -> DraftItem<'a> {
        let states_taxes = self.taxes.is_some();
        let taxes = match (self.taxes, source) {
            (Some(taxes), _) => resolve_taxes(context, taxes, source, item_index, names),
            (None, _) => inherited_taxes(context, self.id, self.processing, source),
        };

        DraftItem {
            id: Cow::Borrowed(self.id),
            amount: self.amount,
            is_priced: self.is_priced,
            reduces: None,
            processing: self.processing,
            source,
            record: self.record,
            taxes,
            states_taxes,
            tax_rounding: None,
            settled_before: self.settled_before,
        }
    }
}

/// The taxes of an item as they are planned.
fn resolve_taxes<'a>(
    context: Context<'_>,
    taxes: Vec<ChangedTax<'a>>,
    source: Option<LineRef>,
    item_index: usize,
    names: &mut LineNames,
) -> Vec<DraftTax<'a>> {
    let mut resolved = Vec::with_capacity(taxes.len());
    for (tax_index, tax) in taxes.into_iter().enumerate() {
        let source = match (tax.source, source) {
            (Some(TaxSource::Kept(source)), _) => Some(source),
            (Some(TaxSource::Named(id)), Some(item)) => names.note_tax(
                item_index,
                find_tax(context, item, id, item_index, tax_index),
            ),
            (Some(TaxSource::Named(_)), None) | (None, _) => None,
        };

        resolved.push(DraftTax {
            id: Cow::Borrowed(tax.id),
            identity: Cow::Borrowed(tax.identity),
            amount: tax.amount,
            source,
            settled_before: tax.settled_before,
        });
    }
    resolved
}
