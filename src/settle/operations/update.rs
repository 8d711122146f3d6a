//! Change a draft, or what any document says beside its figures (`settlement.md` 3.5, 3.14).

use crate::calendar::Date;
use crate::command::{ItemChange, TaxChange, Update};
use crate::document::{
    Detail, Document, DocumentIndex, Header, Kind, Line, LineIndex, NewDocument, NewItem,
    NewTaxItem, Notes, Processing, Record, SourceItem, Status,
};
use crate::error::{Code, Error, Path, Result, SiteField, first_refusal, quoted};
use crate::money::Amount;
use crate::settle::guard::credit;
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::create;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::find;
use std::sync::Arc;

/// # Errors
/// `unknownField` of `autoApply` where nothing can be settled; `documentNotFound`; `invalidStatus` where only a draft
/// can change, or of a reversed document; `itemNotFound`; and
/// those of [`create::run`] for the draft as it comes to be.
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    update: &Update,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let reason = update.notes.reason_code.as_ref().and_then(Option::as_deref);
    let path = Path::Root.field(update.document.kind.id_field());
    let of = find(context.documents, &update.document, &path);
    first_refusal([
        check_auto_apply(of.as_ref().ok(), update),
        context
            .settings
            .check_reason(reason, &Path::Root.field(SiteField::ReasonCode)),
    ])?;
    let of = of?;
    let (index, header) = (of.index, of.document.header());
    let is_draft = header.status == Status::Draft;
    let figures = !update.items.is_empty() || update.date.is_some() || update.due_date.is_some();
    // Once it is posted, nothing asks whether it settles anything then.
    let for_draft = figures || update.notes.auto_apply.is_some();
    if header.reversed || (for_draft && !is_draft) {
        let needed = if for_draft { "a draft" } else { "a live" };
        let found = if header.reversed {
            "reversed"
        } else {
            header.status.as_str()
        };
        return Err(Error::new(
            Code::InvalidStatus,
            &path,
            format!("{needed} {}", header.kind.name()),
            found,
        ));
    }
    if figures && context.documents.entries_of(index).next().is_some() {
        // The history speaks of the lines that it had.
        let needed = format!("{} that was never settled", header.kind.one());
        return Err(Error::new(
            Code::AlreadySettled,
            &path,
            needed,
            "one with a history",
        ));
    }
    // Others name its lines by their places, canceled ones too.
    let made = context
        .documents
        .made_from(index)
        .map(|(_, made)| made.header())
        .find(|made| !made.deleted);
    if let Some(made) = made.filter(|_| figures) {
        let needed = format!("{} that no document was made from", header.kind.one());
        let found = format!("{} {}", made.kind.name(), quoted(&made.id));
        return Err(Error::new(Code::AlreadySettled, &path, needed, found));
    }
    let changed = change_notes(header, update);
    if figures {
        let mut new = as_new(context, &of);
        new.date = Some(changed.date);
        new.due_date = Some(changed.due_date);
        new.notes = Notes::clone(&changed.notes);
        let items = new.items.get_or_insert_default();
        let list = Path::Root.field(SiteField::Items);
        update
            .items
            .iter()
            .enumerate()
            .try_for_each(|(place, change)| apply(items, change, &list.index(place)))?;
        let draft = create::draft(context, at, &new, Some(index));
        let own = |path: &str| own_path(update, new.items.as_deref().unwrap_or_default(), path);
        let draft = draft.map_err(|error| error.found_at(&own))?;
        journal.replace(index, draft.with_header(changed));
    } else {
        crate::settle::guard::names::check_comment(context, changed.notes.comment.as_deref())?;
        journal.change(index, |header| *header = changed)?;
    }
    Ok(index)
}

/// Refuses to say whether a memo settles what it was made from where it was made from nothing.
///
/// # Errors
/// `unknownField`.
fn check_auto_apply(of: Option<&Located<'_>>, update: &Update) -> Result<()> {
    let is_read = of.is_none_or(|of| of.document.header().refers_to.is_some());
    if is_read || update.notes.auto_apply.is_none() {
        return Ok(());
    }
    let path = Path::Root.field(SiteField::AutoApply);
    let needed = "a credit memo that was made from another document";
    Err(Error::new(
        Code::UnknownField,
        &path,
        needed,
        quoted("autoApply"),
    ))
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

/// Where the request has what stands at `path` of the one for the whole draft, whose items are `items`.
fn own_path(update: &Update, items: &[NewItem], path: &str) -> Option<String> {
    if path == "date" && update.date.is_none() {
        return Some(update.document.kind.id_field().to_owned());
    }
    let (place, rest) = path
        .strip_prefix("items")?
        .strip_prefix('[')?
        .split_once(']')?;
    let item = items.get(place.parse::<usize>().ok()?)?;
    let is_of = |change: &ItemChange| match change {
        ItemChange::Add(added) => added.id == item.id,
        ItemChange::Change { id, .. } => *id == item.id,
        ItemChange::Delete(_) => false,
    };
    let list = Path::Root.field(SiteField::Items);
    let Some(place) = update.items.iter().rposition(is_of) else {
        // It is as it was: what is wrong with it now, another change or the new date brought about.
        let whole = if update.items.is_empty() {
            update.document.kind.id_field()
        } else {
            "items"
        };
        return Some(whole.to_owned());
    };
    let own = list.index(place);
    let ItemChange::Change { taxes, .. } = update.items.get(place)? else {
        return Some(format!("{}{rest}", own.field(SiteField::Add)));
    };
    let Some((place, rest)) = rest
        .strip_prefix(".taxItems[")
        .and_then(|rest| rest.split_once(']'))
    else {
        let is_own = matches!(rest, ".amount" | ".unitPrice");
        return Some(if is_own {
            format!("{own}{rest}")
        } else {
            own.to_string()
        });
    };
    let tax = item.tax_items.as_ref()?.get(place.parse::<usize>().ok()?)?;
    let is_of = |change: &TaxChange| match change {
        TaxChange::Add(new) | TaxChange::Change(new) => new.id == tax.id,
        TaxChange::Delete(_) => false,
    };
    let list = own.field(SiteField::TaxItems);
    let Some(place) = taxes.iter().rposition(is_of) else {
        return Some(own.to_string());
    };
    let change = list.index(place);
    match taxes.get(place)? {
        TaxChange::Add(_) => Some(format!("{}{rest}", change.field(SiteField::Add))),
        _ => Some(format!("{change}{rest}")),
    }
}

fn not_found(id: &str, path: &Path<'_>) -> Error {
    Error::new(
        Code::ItemNotFound,
        &path.field(SiteField::Id),
        "an item of the draft",
        quoted(id),
    )
}

fn apply(items: &mut Vec<NewItem>, change: &ItemChange, path: &Path<'_>) -> Result<()> {
    match change {
        ItemChange::Add(item) => items.push(item.clone()),
        ItemChange::Delete(id) => {
            let before = items.len();
            items.retain(|item| item.id != *id && item.applied_to_item_id.as_deref() != Some(id));
            if items.len() == before {
                return Err(not_found(id, path));
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
                .ok_or_else(|| not_found(id, path))?;
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
            let list = path.field(SiteField::TaxItems);
            taxes
                .iter()
                .enumerate()
                .try_for_each(|(place, change)| apply_tax(item, change, &list.index(place)))?;
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

fn apply_tax(item: &mut NewItem, change: &TaxChange, path: &Path<'_>) -> Result<()> {
    let taxes = item.tax_items.get_or_insert_default();
    match change {
        TaxChange::Add(tax) => taxes.push(tax.clone()),
        TaxChange::Delete(id) => {
            let before = taxes.len();
            taxes.retain(|tax| tax.id != *id);
            if taxes.len() == before {
                return Err(not_found(id, path));
            }
        }
        TaxChange::Change(new) => {
            let tax = taxes
                .iter_mut()
                .find(|tax| tax.id == new.id)
                .ok_or_else(|| not_found(&new.id, path))?;
            *tax = new.clone();
        }
    }
    Ok(())
}
