//! All that is available to credit of a document, as the items of one memo (`settlement.md#available-to-credit`).
//!
//! Each line comes with what is left of it, below zero where more of it was credited than it has. Memos may also have
//! credited the document without naming its lines; what they have comes off again in an item of its own. So the items
//! always sum to what is available to credit, except the rounding item, which the engine adds to the finished memo.

use crate::document::{
    Detail, Document, DocumentIndex, ItemRecord, Line, LineIndex, LineRef, Lines, Processing,
    Record, TaxIdentity, discounted, free_id,
};
use crate::error::{Error, Reason, Result, Site};
use crate::money::Amount;
use crate::settle::context::Context;
use crate::settle::guard::credit;
use crate::settle::plan::draft::{DraftAmount, DraftItem, DraftTax};
use crate::settle::plan::located::Located;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// The items that credit all that is left of a document, under the identifiers of its own lines.
///
/// # Errors
/// `outOfRange` at `site`.
pub(in crate::settle) fn items<'a>(
    context: Context<'a>,
    from: &Located<'a>,
    site: &Site<'_>,
) -> Result<Vec<DraftItem<'a>>> {
    let items = Uncredited::of(context, from).and_then(|uncredited| uncredited.items());
    items.map_err(|error| error.at(site))
}

/// Memos without lines can credit more than amounts can hold. They are refused where they are read.
fn out_of_range() -> Error {
    Error::of(Reason::CreditsOutOfRange {}, &Site::Command)
}

/// What is left of a document.
struct Uncredited<'a> {
    index: DocumentIndex,
    document: &'a Document,
    /// Of each line.
    lines: Vec<Amount>,
    /// Of each line: taxes of it that were credited without naming one of the document.
    unnamed_taxes: Vec<UnnamedTaxes<'a>>,
    /// What was credited without naming an item.
    unnamed: Amount,
    /// The taxes of that.
    taxes_of_unnamed: UnnamedTaxes<'a>,
}

/// Taxes that were credited without naming one of the document, each tax once.
#[derive(Clone, Default)]
struct UnnamedTaxes<'a>(Vec<(&'a TaxIdentity, Amount)>);

impl<'a> UnnamedTaxes<'a> {
    fn add(&mut self, identity: &'a TaxIdentity, amount: Amount) -> Result<()> {
        let mut taxes = self.0.iter_mut();
        match taxes.find(|(known, _)| known.is_same(identity)) {
            Some((_, credited)) => add(credited, amount)?,
            None => self.0.push((identity, amount)),
        }
        Ok(())
    }

    /// Those that came to something.
    fn each(&self) -> impl Iterator<Item = (&'a TaxIdentity, Amount)> {
        self.0
            .iter()
            .copied()
            .filter(|(_, amount)| !amount.is_zero())
    }
}

/// Adds to a sum of credits.
fn add(sum: &mut Amount, amount: Amount) -> Result<()> {
    *sum = sum.plus(amount).ok_or_else(out_of_range)?;
    Ok(())
}

impl<'a> Uncredited<'a> {
    fn of(context: Context<'a>, from: &Located<'a>) -> Result<Self> {
        let lines = credit::lines_uncredited(context, from.index)?;
        let mut uncredited = Self {
            index: from.index,
            document: from.document,
            unnamed_taxes: vec![UnnamedTaxes::default(); lines.len()],
            lines,
            unnamed: Amount::ZERO,
            taxes_of_unnamed: UnnamedTaxes::default(),
        };

        for memo in credit::posted(context, from.index) {
            uncredited.take_unnamed(memo, from)?;
        }
        uncredited.take_same_taxes()?;
        Ok(uncredited)
    }

    /// Counts what a memo credits of the document without naming its lines.
    fn take_unnamed(&mut self, memo: &'a Document, from: &Located<'_>) -> Result<()> {
        let is_made_from_it = memo.header().refers_to == Some(from.index);
        if is_made_from_it {
            add(&mut self.unnamed, memo.header().notes.restocking_fee)?;
        }

        for (_, line, figures) in memo.lines_with_figures() {
            if line.source.is_some() || credit::credited_line(memo, line, from).is_some() {
                continue;
            }

            let amount = figures.amount();
            let Some((item, identity)) = line.detail.tax() else {
                if is_made_from_it {
                    add(&mut self.unnamed, amount)?;
                }
                continue;
            };

            // A tax goes with its item: it comes off the item that this one credits, or off what names no item.
            match memo.line_at(item)?.source {
                Some(source) if source.document == from.index => {
                    let taxes = self.unnamed_taxes.get_mut(source.line.get());
                    taxes.ok_or_else(missing_line)?.add(identity, amount)?;
                }
                None if is_made_from_it => self.taxes_of_unnamed.add(identity, amount)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A tax that named none of an item is the same tax of it, if it has that.
    fn take_same_taxes(&mut self) -> Result<()> {
        let all = std::mem::take(&mut self.unnamed_taxes);
        for (item, taxes) in (0..).map(LineIndex).zip(all) {
            let mut others = UnnamedTaxes::default();
            for (identity, credited) in taxes.each() {
                let Some(tax) = self.document.same_taxes(item, identity).next() else {
                    others.add(identity, credited)?;
                    continue;
                };

                let left = self.lines.get_mut(tax.get()).ok_or_else(missing_line)?;
                add(left, credited.negated())?;
            }
            self.unnamed_taxes.push(others);
        }
        Ok(())
    }

    fn left(&self, line: LineIndex) -> Result<Amount> {
        self.lines.get(line.get()).copied().ok_or_else(missing_line)
    }

    /// The taxes of an item that were credited without naming one that it has.
    fn others(&self, item: LineIndex) -> impl Iterator<Item = (&'a TaxIdentity, Amount)> {
        let taxes = self.unnamed_taxes.get(item.get());
        taxes.into_iter().flat_map(UnnamedTaxes::each)
    }

    /// Whether something of an item or its taxes is left.
    fn has_left(&self, item: LineIndex) -> Result<bool> {
        if !self.left(item)?.is_zero() || self.others(item).next().is_some() {
            return Ok(true);
        }
        for tax in self.document.tax_items(item) {
            if !self.left(tax)?.is_zero() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The items of the memo that credits all of it.
    fn items(&self) -> Result<Vec<DraftItem<'a>>> {
        let mut credited = Vec::new();
        for (index, line, _) in self.document.lines_with_figures() {
            let is_item = !line.detail.is_tax() && !line.detail.is_rounding();
            if is_item && self.has_left(index)? {
                credited.push((index, line));
            }
        }

        let mut names = Names::of(credited.iter().map(|(_, line)| &*line.id));
        let mut discounts = Discounts::of(self);
        let mut items = Vec::with_capacity(credited.len());
        for &(index, line) in &credited {
            let reduces = discounts.item_of(index, &line.detail)?;
            items.push(self.item(index, line, reduces, &mut names)?);
        }
        let origins = credited.iter().map(|(index, ..)| *index);
        self.find_reduced(&mut items, origins)?;

        if !self.unnamed.is_zero() || self.taxes_of_unnamed.each().next().is_some() {
            items.push(self.unnamed_item(&mut names));
        }
        Ok(items)
    }

    /// Turns the items of the document that discounts reduce into those that come back for them.
    fn find_reduced(
        &self,
        items: &mut [DraftItem<'_>],
        origins: impl Iterator<Item = LineIndex>,
    ) -> Result<()> {
        if items.iter().all(|item| item.reduces.is_none()) {
            return Ok(());
        }

        // The lines of the memo count its taxes, too, and those are not the taxes of the document.
        let mut lines = Lines::filled(None, self.document.lines().len());
        let mut first_line = 0_usize;
        for (item, origin) in items.iter().zip(origins) {
            *lines.at_mut(origin)? = LineIndex::new(first_line);
            let next = first_line.checked_add(item.line_count());
            first_line = next.ok_or_else(missing_line)?;
        }

        for item in items {
            if let Some(reduced) = item.reduces {
                item.reduces = *lines.at(reduced)?;
            }
        }
        Ok(())
    }

    /// What is left of an item and its taxes; `reduces` makes it a discount on that item of the document.
    fn item(
        &self,
        index: LineIndex,
        line: &'a Line,
        reduces: Option<LineIndex>,
        names: &mut Names,
    ) -> Result<DraftItem<'a>> {
        let record = line.detail.record().and_then(Record::get).cloned();
        let mut record = record.unwrap_or_default();

        let mut amounts = vec![self.left(index)?];
        let mut taxes = Vec::new();
        for tax in self.document.tax_items(index) {
            let tax_line = self.document.line_at(tax)?;
            let Some((_, identity)) = tax_line.detail.tax() else {
                return Err(Error::fault("a tax item without a tax"));
            };
            let id = names.take(&format!("{}/{}", line.id, tax_line.id));
            let left = self.left(tax)?;
            taxes.push(draft_tax(id, left, Some(self.line_ref(tax)), identity));
            amounts.push(left);
        }
        for (identity, credited) in self.others(index) {
            let id = names.take(&format!("{}/credited", line.id));
            taxes.push(draft_tax(id, credited.negated(), None, identity));
            amounts.push(credited.negated());
        }

        if !record.tax_inclusive {
            amounts.truncate(1);
        }
        let amount = Amount::sum(amounts).ok_or_else(out_of_range)?;
        if amount != self.billed(index, record.tax_inclusive)? {
            // They are the quantity and price of the whole item, and do not come to what is left of it.
            (record.quantity, record.unit_price) = (None, None);
        }
        Ok(DraftItem {
            id: Cow::Borrowed(&line.id),
            amount: Some(DraftAmount::Known(amount)),
            is_priced: false,
            reduces,
            processing: Processing::Charge,
            source: Some(self.line_ref(index)),
            record: Cow::Owned(record),
            taxes,
            states_taxes: true,
            tax_rounding: None,
            settled_before: Vec::new(),
        })
    }

    /// The amount of an item as it was billed: with its taxes if it contains them.
    fn billed(&self, item: LineIndex, is_tax_inclusive: bool) -> Result<Amount> {
        let mut amounts = vec![self.document.figures_at(item)?.amount()];
        if is_tax_inclusive {
            for tax in self.document.tax_items(item) {
                amounts.push(self.document.figures_at(tax)?.amount());
            }
        }
        Amount::sum(amounts).ok_or_else(out_of_range)
    }

    fn line_ref(&self, line: LineIndex) -> LineRef {
        LineRef {
            document: self.index,
            line,
        }
    }

    /// What was credited without naming an item, taken off again.
    fn unnamed_item(&self, names: &mut Names) -> DraftItem<'a> {
        let id = names.take("credited");
        let mut taxes = Vec::new();
        for (identity, credited) in self.taxes_of_unnamed.each() {
            let tax_id = names.take(&format!("{id}/tax"));
            taxes.push(draft_tax(tax_id, credited.negated(), None, identity));
        }

        DraftItem {
            id: Cow::Owned(id),
            amount: Some(DraftAmount::Known(self.unnamed.negated())),
            is_priced: false,
            reduces: None,
            processing: Processing::Charge,
            source: None,
            record: Cow::Owned(ItemRecord {
                description: Some("Credited before, without an item".into()),
                ..ItemRecord::default()
            }),
            taxes,
            states_taxes: true,
            tax_rounding: None,
            settled_before: Vec::new(),
        }
    }
}

/// A tax item of a memo that credits all that is left.
fn draft_tax<'a>(
    id: String,
    amount: Amount,
    source: Option<LineRef>,
    identity: &TaxIdentity,
) -> DraftTax<'a> {
    DraftTax {
        id: Cow::Owned(id),
        amount: Some(DraftAmount::Known(amount)),
        source,
        // Whoever calculated an exemption knows how much of it comes back, and nobody else.
        identity: Cow::Owned(TaxIdentity {
            exempt: None,
            ..identity.clone()
        }),
        settled_before: Vec::new(),
    }
}

/// What discounts leave of their items, while they come back one after another.
struct Discounts<'a> {
    uncredited: &'a Uncredited<'a>,
    /// Of each line.
    room: Vec<Amount>,
}

impl<'a> Discounts<'a> {
    fn of(uncredited: &'a Uncredited<'a>) -> Self {
        Self {
            uncredited,
            room: uncredited.lines.clone(),
        }
    }

    /// The item that a line reduces, if that still comes back and has room for it: a discount without its item is a
    /// plain negative line.
    fn item_of(&mut self, index: LineIndex, detail: &Detail) -> Result<Option<LineIndex>> {
        let Detail::Discount { of: item, .. } = *detail else {
            return Ok(None);
        };
        if !self.uncredited.has_left(item)? {
            return Ok(None);
        }

        let room = self.room.get_mut(item.get()).ok_or_else(missing_line)?;
        let Some(left) = discounted(*room, self.uncredited.left(index)?) else {
            return Ok(None);
        };
        *room = left;
        Ok(Some(item))
    }
}

fn missing_line() -> Error {
    Error::fault("a credited line is missing")
}

/// Identifiers of the lines of one memo.
struct Names {
    // Only for look-ups, never iterated: its order means nothing.
    taken: FxHashSet<String>,
}

impl Names {
    fn of<'a>(items: impl Iterator<Item = &'a str>) -> Self {
        Self {
            taken: items.map(str::to_owned).collect(),
        }
    }

    /// The identifier `wanted`, or one that begins like it.
    fn take(&mut self, wanted: &str) -> String {
        let id = free_id(wanted, |id| self.taken.contains(id));
        self.taken.insert(id.clone());
        id
    }
}
