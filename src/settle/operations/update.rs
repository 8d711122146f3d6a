//! Change a draft, or what any document says beside its figures (`settlement.md` 3.5, 3.14).

use crate::calendar::Date;
use crate::command::{ItemChange, TaxChange, Update};
use crate::document::{
    Detail, Document, DocumentIndex, Header, Kind, Line, LineIndex, NewDocument, NewItem,
    NewTaxItem, Notes, Processing, Record, SourceItem, Status,
};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep, first_refusal};
use crate::money::Amount;
use crate::settle::guard::credit;
use crate::settle::guard::names::check_comment;
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::create;
use crate::settle::operations::lifecycle::made_from;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::find;
use std::sync::Arc;

/// Changes what any document says next to its figures, and of a draft also its dates and items.
///
/// # Errors
/// `unknownField` of `autoApply` where nothing can be settled; `documentNotFound`; `invalidStatus` where only a draft
/// can change, or of a reversed document; `itemNotFound`; and those of [`create::run`] for the draft as it is then.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    update: &Update,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let site = Site::Command.field(update.document.kind.id_site());
    let found = find(context.documents, &update.document, &site);
    first_refusal([
        check_auto_apply(found.as_ref().ok(), update),
        check_reason(context, update),
    ])?;
    let document = found?;
    let changes_draft =
        !update.items.is_empty() || update.date.is_some() || update.due_date.is_some();
    check_status(&document, update, changes_draft, &site)?;
    if changes_draft {
        check_unnamed(context, &document, &site)?;
    }

    let index = document.index;
    let changed = change_notes(document.document.header(), update);
    if changes_draft {
        let draft = changed_draft(context, at, &document, &changed, update)?;
        journal.replace(index, draft.with_header(changed));
    } else {
        check_comment(context, changed.notes.comment.as_deref())?;
        journal.change(index, |header| *header = changed)?;
    }
    Ok(index)
}

/// Refuses to say whether a memo settles what it was made from where it was made from nothing.
///
/// # Errors
/// `unknownField`.
fn check_auto_apply(document: Option<&Located<'_>>, update: &Update) -> Result<()> {
    let is_read = document.is_none_or(|document| document.document.header().refers_to.is_some());
    if is_read || update.notes.auto_apply.is_none() {
        return Ok(());
    }
    let site = Site::Command.field(SiteField::AutoApply);
    Err(Error::of(Reason::AutoApplyOfStandalone {}, &site))
}

/// Refuses a reason code that the book does not list.
fn check_reason(context: Context<'_>, update: &Update) -> Result<()> {
    let reason = update.notes.reason_code.as_ref().and_then(Option::as_deref);
    let site = Site::Command.field(SiteField::ReasonCode);
    context.settings.check_reason(reason, &site)
}

/// Refuses a reversed document, and changes of a draft to a document that is none.
fn check_status(
    document: &Located<'_>,
    update: &Update,
    changes_draft: bool,
    site: &Site<'_>,
) -> Result<()> {
    let header = document.document.header();
    let kind = header.kind.into();
    if header.reversed {
        return Err(Error::of(Reason::Reversed { kind }, site));
    }
    // Once a memo is posted, nothing asks whether it settles anything then.
    let needs_draft = changes_draft || update.notes.auto_apply.is_some();
    if !needs_draft || header.status == Status::Draft {
        return Ok(());
    }
    let reason = Reason::WrongStatus {
        kind,
        needed: Status::Draft.into(),
        status: header.status.into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses a draft whose lines something names by their indices: its history, or another document, canceled ones too.
fn check_unnamed(context: Context<'_>, document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    if context
        .documents
        .entries_of(document.index)
        .next()
        .is_some()
    {
        let kind = document.document.header().kind.into();
        return Err(Error::of(Reason::HasHistory { kind }, site));
    }
    let made = context.documents.made_from(document.index);
    let mut made = made.map(|(_, made)| made.header());
    match made.find(|made| !made.deleted) {
        Some(made) => Err(Error::of(made_from(document, made), site)),
        None => Ok(()),
    }
}

/// The draft with its changed items, under the header that it will have.
fn changed_draft(
    context: Context<'_>,
    at: Date,
    document: &Located<'_>,
    changed: &Header,
    update: &Update,
) -> Result<Document> {
    let mut new = as_new(context, document);
    new.date = Some(changed.date);
    new.due_date = Some(changed.due_date);
    new.notes = Notes::clone(&changed.notes);

    let items = new.items.get_or_insert_default();
    let list = Site::Command.field(SiteField::Items);
    for (change_index, change) in update.items.iter().enumerate() {
        apply(items, change, &list.entry(change_index))?;
    }
    let draft = create::draft(context, at, &new, Some(document.index));
    let items = new.items.as_deref().unwrap_or_default();
    draft.map_err(|error| error.moved(|inner| site_in_update(inner, update, items)))
}

/// The header with its new words and dates.
fn change_notes(header: &Header, update: &Update) -> Header {
    let mut header = header.clone();
    let (notes, change) = (Arc::make_mut(&mut header.notes), &update.notes);
    if let Some(reason) = &change.reason_code {
        notes.reason_code.clone_from(reason);
    }
    if let Some(comment) = &change.comment {
        notes.comment.clone_from(comment);
    }
    if let Some(auto_apply) = change.auto_apply {
        notes.auto_apply = auto_apply;
    }
    if let Some(exclude) = change.exclude_from_auto_apply {
        notes.exclude_from_auto_apply = exclude;
    }
    if let Some(custom) = &change.custom {
        notes.custom.clone_from(custom);
    }
    header.date = update.date.unwrap_or(header.date);
    header.due_date = update.due_date.unwrap_or(header.due_date);
    header
}

/// The request that would make a draft as it is.
fn as_new(context: Context<'_>, of: &Located<'_>) -> NewDocument {
    let header = of.document.header();
    let id = |index: DocumentIndex| {
        context
            .documents
            .header(index)
            .map(|header| header.id.to_string())
    };
    let from = header
        .refers_to
        .and_then(|index| Some((context.documents.header(index)?.kind, id(index)?)));
    // The engine makes its rounding item anew.
    let rounds = match header.kind {
        Kind::Invoice => header.currency.invoice_increment().is_some(),
        _ => credit::rounded_source(context, header).is_some(),
    };
    let is_made = |line: &Line| {
        let is_rounding = line.detail.is_rounding() && line.source.is_none();
        line.detail.is_tax() || (rounds && is_rounding)
    };
    let items = of
        .document
        .lines_with_figures()
        .filter(|(_, line, _)| !is_made(line));
    let items = items
        .map(|(index, ..)| as_new_item(context, of, index))
        .collect();
    NewDocument {
        kind: header.kind,
        id: header.id.to_string(),
        number: Some(header.number.to_string()),
        account_id: Some(header.account_id.to_string()),
        currency: Some(header.currency.code().to_owned()),
        date: Some(header.date),
        due_date: Some(header.due_date),
        origin: header.origin,
        from,
        restocking_fee: None,
        items: Some(items),
        notes: Notes::clone(&header.notes),
        auto_post: false,
    }
}

fn as_new_item(context: Context<'_>, of: &Located<'_>, index: LineIndex) -> NewItem {
    let document = of.document;
    let detail = document.line(index).map(|line| &line.detail);
    let record = detail
        .and_then(Detail::record)
        .and_then(Record::get)
        .cloned()
        .unwrap_or_default();
    let taxes: Vec<_> = document.tax_items(index).collect();

    // With its taxes, where it was given so.
    let included = if record.tax_inclusive {
        &taxes[..]
    } else {
        &[]
    };
    let stated = included.iter().chain([&index]);
    let gross = Amount::sum(stated.map(|&line| line_amount(document, line))).unwrap_or_default();

    NewItem {
        id: line_id(document, index),
        amount: Some(document.header().currency.decimal(gross)),
        // As it is: an operation may have made it of a part of its price.
        is_priced: false,
        applied_to_item_id: match detail {
            Some(Detail::Discount { of, .. }) => Some(line_id(document, *of)),
            _ => None,
        },
        processing: match detail {
            Some(Detail::Item { processing, .. }) => *processing,
            _ => Processing::Charge,
        },
        source: source_ids(context, document, index).map(|(document, item_id)| SourceItem {
            document_id: Some(document),
            item_id,
        }),
        record,
        tax_items: Some(
            taxes
                .iter()
                .map(|&tax| as_new_tax(context, document, tax))
                .collect(),
        ),
    }
}

/// A tax item as it would be stated to be created anew.
fn as_new_tax(context: Context<'_>, document: &Document, line: LineIndex) -> NewTaxItem {
    let detail = document.line(line).map(|line| &line.detail);

    // What follows from a rate does so anew, as in a draft that is made at once: its group, or the other taxes within
    // the same amount, may be others by now.
    let by_rate = matches!(detail, Some(Detail::Tax { by_rate: true, .. }));
    let stated = (!by_rate).then(|| line_amount(document, line));

    NewTaxItem {
        id: line_id(document, line),
        amount: stated.map(|amount| document.header().currency.decimal(amount)),
        source: source_ids(context, document, line).map(|(_, line)| line),
        identity: detail
            .and_then(Detail::tax)
            .map(|(_, tax)| tax.clone())
            .unwrap_or_default(),
    }
}

/// The identifiers of the document and the line that a line credits or debits.
fn source_ids(
    context: Context<'_>,
    document: &Document,
    line: LineIndex,
) -> Option<(String, String)> {
    let source = document.line(line)?.source?;
    let credited = context.documents.get(source.document)?;
    let id = credited.line(source.line)?.id.to_string();
    Some((credited.header().id.to_string(), id))
}

fn line_id(document: &Document, line: LineIndex) -> String {
    let line = document.line(line);
    line.map(|line| line.id.to_string()).unwrap_or_default()
}

fn line_amount(document: &Document, line: LineIndex) -> Amount {
    let figures = document.line_figures(line);
    figures.map_or(Amount::ZERO, |figures| figures.amount())
}

/// Where an update has what is wrong with the whole draft, whose items are `items`.
fn site_in_update(inner: &[SiteStep], update: &Update, items: &[NewItem]) -> Vec<SiteStep> {
    match inner {
        [SiteStep::Field(SiteField::Date)] if update.date.is_none() => {
            vec![SiteStep::Field(update.document.kind.id_site())]
        }
        [
            SiteStep::Field(SiteField::Items),
            SiteStep::Entry(item_index),
            of_item @ ..,
        ] => match items.get(*item_index) {
            Some(item) => site_of_item(of_item, update, item),
            None => inner.to_vec(),
        },
        _ => inner.to_vec(),
    }
}

/// Where an update has what is wrong with an item of the draft: at the last change of it.
fn site_of_item(of_item: &[SiteStep], update: &Update, item: &NewItem) -> Vec<SiteStep> {
    let change_index = update
        .items
        .iter()
        .rposition(|change| is_change_of(change, item));
    let Some((change_index, change)) =
        change_index.and_then(|index| Some((index, update.items.get(index)?)))
    else {
        // The item is as it was: another change or the new date makes it wrong.
        let whole = match update.items.as_slice() {
            [] => update.document.kind.id_site(),
            _ => SiteField::Items,
        };
        return vec![SiteStep::Field(whole)];
    };

    let mut site = vec![
        SiteStep::Field(SiteField::Items),
        SiteStep::Entry(change_index),
    ];
    let ItemChange::Change { taxes, .. } = change else {
        site.push(SiteStep::Field(SiteField::Add));
        site.extend_from_slice(of_item);
        return site;
    };
    match of_item {
        [SiteStep::Field(SiteField::Amount | SiteField::UnitPrice)] => {
            site.extend_from_slice(of_item);
        }
        [
            SiteStep::Field(SiteField::TaxItems),
            SiteStep::Entry(tax_index),
            of_tax @ ..,
        ] => push_site_of_tax(&mut site, of_tax, taxes, item, *tax_index),
        _ => {}
    }
    site
}

/// Adds the way from an item's change to the last change of one of its tax items, if there is one.
fn push_site_of_tax(
    site: &mut Vec<SiteStep>,
    of_tax: &[SiteStep],
    changes: &[TaxChange],
    item: &NewItem,
    tax_index: usize,
) {
    let tax = item
        .tax_items
        .as_ref()
        .and_then(|taxes| taxes.get(tax_index));
    let change_index = tax.and_then(|tax| {
        changes
            .iter()
            .rposition(|change| is_tax_change_of(change, tax))
    });
    let Some((change_index, change)) =
        change_index.and_then(|index| Some((index, changes.get(index)?)))
    else {
        return;
    };

    site.push(SiteStep::Field(SiteField::TaxItems));
    site.push(SiteStep::Entry(change_index));
    if matches!(change, TaxChange::Add(_)) {
        site.push(SiteStep::Field(SiteField::Add));
    }
    site.extend_from_slice(of_tax);
}

fn is_change_of(change: &ItemChange, item: &NewItem) -> bool {
    match change {
        ItemChange::Add(added) => added.id == item.id,
        ItemChange::Change { id, .. } => *id == item.id,
        ItemChange::Delete(_) => false,
    }
}

fn is_tax_change_of(change: &TaxChange, tax: &NewTaxItem) -> bool {
    match change {
        TaxChange::Add(new) | TaxChange::Change(new) => new.id == tax.id,
        TaxChange::Delete(_) => false,
    }
}

fn not_found(id: &str, site: &Site<'_>) -> Error {
    let reason = Reason::NoLineOfDraft { line: id.into() };
    Error::of(reason, &site.field(SiteField::Id))
}

fn apply(items: &mut Vec<NewItem>, change: &ItemChange, site: &Site<'_>) -> Result<()> {
    match change {
        ItemChange::Add(item) => items.push(item.clone()),
        ItemChange::Delete(id) => {
            let before = items.len();
            items.retain(|item| item.id != *id && item.applied_to_item_id.as_deref() != Some(id));
            if items.len() == before {
                return Err(not_found(id, site));
            }
        }
        ItemChange::Change {
            id,
            amount,
            quantity,
            unit_price,
            taxes,
        } => {
            let item = items
                .iter_mut()
                .find(|item| item.id == *id)
                .ok_or_else(|| not_found(id, site))?;
            if let Some(quantity) = quantity {
                item.record.quantity = *quantity;
            }
            if let Some(price) = unit_price {
                item.record.unit_price = *price;
            }
            let has_price = item.record.quantity.is_some() && item.record.unit_price.is_some();
            let is_priced = has_price && (quantity.is_some() || unit_price.is_some());
            if amount.is_some() || is_priced {
                item.amount = *amount;
                item.is_priced = true;
                recalculate(item);
            }
            let list = site.field(SiteField::TaxItems);
            for (change_index, change) in taxes.iter().enumerate() {
                apply_tax(item, change, &list.entry(change_index))?;
            }
        }
    }
    Ok(())
}

/// A new amount has new taxes, where they follow from it: by a source item, or by their rates.
fn recalculate(item: &mut NewItem) {
    let taxes = item.tax_items.iter_mut().flatten();
    taxes
        .filter(|tax| tax.source.is_some() || tax.identity.rate.is_some())
        .for_each(|tax| tax.amount = None);
}

fn apply_tax(item: &mut NewItem, change: &TaxChange, site: &Site<'_>) -> Result<()> {
    let taxes = item.tax_items.get_or_insert_default();
    match change {
        TaxChange::Add(tax) => taxes.push(tax.clone()),
        TaxChange::Delete(id) => {
            let before = taxes.len();
            taxes.retain(|tax| tax.id != *id);
            if taxes.len() == before {
                return Err(not_found(id, site));
            }
        }
        TaxChange::Change(new) => {
            let tax = taxes
                .iter_mut()
                .find(|tax| tax.id == new.id)
                .ok_or_else(|| not_found(&new.id, site))?;
            *tax = new.clone();
        }
    }
    Ok(())
}
