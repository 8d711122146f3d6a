//! The lines that items of a draft credit or debit, and the taxes that come with them.

use crate::document::{DocumentIndex, Documents, LineRef, Processing, SourceItem, TaxIdentity};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::settle::context::Context;
use crate::settle::operations::create::items_site;
use crate::settle::plan::draft::DraftTax;
use crate::settle::plan::located::{Located, locate};
use crate::settle::plan::targets::Lookup;
use rustc_hash::FxHashMap;
use std::borrow::Cow;

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
        if let Some(line) = document.line(index)
            && let Some((_, identity)) = line.detail.tax()
        {
            let source = LineRef {
                line: index,
                ..source
            };
            taxes.push(inherited_tax(
                format!("{item_id}/{}", line.id),
                identity,
                source,
            ));
        }
    }
    taxes
}

/// A tax item that has its tax and its amount from the one that it credits.
fn inherited_tax(id: String, identity: &TaxIdentity, source: LineRef) -> DraftTax<'static> {
    DraftTax {
        id: Cow::Owned(id),
        // Whoever calculated an exemption knows how much of it comes back, and nobody else.
        identity: Cow::Owned(TaxIdentity {
            exempt: None,
            ..identity.clone()
        }),
        amount: None,
        source: Some(source),
        settled_before: Vec::new(),
    }
}
