//! The names in a draft: identifiers of its lines, and the items that its discounts reduce.
//!
//! A draft can have many names that are wrong. Which of them is refused must not depend on the order in which they are
//! looked up, so each refusal is kept until it is the turn of its kind.

use crate::document::{Kind, LineIndex, LineRef, ROUNDING};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::label::check_id;
use crate::money::Currency;
use crate::settle::operations::create::items_site;
use crate::settle::plan::draft::DraftItem;
use crate::settle::plan::located::Located;
use rustc_hash::{FxBuildHasher, FxHashMap};

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

    /// The document that the draft is made from, if it was found.
    pub(super) fn note_from<'a>(
        &mut self,
        from: Result<Option<Located<'a>>>,
    ) -> Option<Located<'a>> {
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

        // Found first and set afterwards, because the map holds the items by their identifiers.
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

        // In the order of the table of codes.
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
    let mut by_id = FxHashMap::with_capacity_and_hasher(items.len(), FxBuildHasher);
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
