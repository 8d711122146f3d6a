//! Makes a document: the data that it takes, and the invariants that it keeps.

use super::{
    Detail, Document, Figures, Header, ItemRecord, Kind, Line, LineIndex, Lines, Notes, Origin,
    Processing, SettledBy, TaxIdentity,
};
use crate::calendar::Date;
use crate::error::{Error, Result, Site};
use crate::label::check_id;
use crate::mix::Mixer;
use crate::money::Amount;
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;

/// The identifier of the item that the engine adds to round a total.
pub(crate) const ROUNDING: &str = "rounding";

/// The identifier `wanted` if it is free and not too long, or else one that begins like it.
pub(crate) fn free_id(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    if is_free(wanted, &is_taken) {
        return wanted.to_owned();
    }

    // An identifier has at most 255 characters: the rest is for the number.
    let stem: String = wanted.chars().take(200).collect();
    (2_u64..)
        .map(|number| format!("{stem}/{number}"))
        .find(|id| is_free(id, &is_taken))
        .unwrap_or(stem)
}

fn is_free(id: &str, is_taken: impl Fn(&str) -> bool) -> bool {
    check_id(id, &Site::Command).is_ok() && !is_taken(id)
}

/// A document to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewDocument {
    /// What kind of document it is.
    pub kind: Kind,
    /// Unique in the book.
    pub id: String,
    /// Absent: the identifier.
    pub number: Option<String>,
    /// Absent: the account of the book.
    pub account_id: Option<String>,
    /// Absent: the currency of the book.
    pub currency: Option<String>,
    /// Absent: the day of the command.
    pub date: Option<Date>,
    /// Absent: the date of the document.
    pub due_date: Option<Date>,
    /// How it comes to be.
    pub origin: Origin,
    /// Of a credit memo: what is withheld of what comes back, as a decimal.
    pub restocking_fee: Option<Decimal>,
    /// The document that it is made from.
    pub from: Option<(Kind, String)>,
    /// At least one; absent: those of the document that it is made from.
    pub items: Option<Vec<NewItem>>,
    /// What it says beside.
    pub notes: Notes,
    /// Posts the document in the same step.
    pub auto_post: bool,
}

/// An item to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewItem {
    /// Unique in the document.
    pub id: String,
    /// Without tax, unless the record says that it is inclusive. Absent: quantity × unit price, or else all that the
    /// source item has left.
    pub amount: Option<Decimal>,
    /// Where the record has a quantity and a unit price, the amount is their product. Not so of what is a part of
    /// that: of a period, or what is left of a source item.
    pub is_priced: bool,
    /// Makes it a discount on that item.
    pub applied_to_item_id: Option<String>,
    /// What it bills.
    pub processing: Processing,
    /// The item of another document that it credits or debits.
    pub source: Option<SourceItem>,
    /// What it says beside its amount.
    pub record: ItemRecord,
    /// Its taxes; absent: those of the source item, in proportion.
    pub tax_items: Option<Vec<NewTaxItem>>,
    /// What was settled of it before it came into the book.
    pub settled_before: Vec<NewSettledBefore>,
}

/// What was settled of a line of a new document before it came into the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSettledBefore {
    /// The day.
    pub date: Date,
    /// The amount, with the sign of the line.
    pub amount: Decimal,
    /// What settled it.
    pub by: SettledBy,
}

/// An item of another document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceItem {
    /// Absent: the document that the new one is made from.
    pub document_id: Option<String>,
    /// The item.
    pub item_id: String,
}

/// A tax item to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewTaxItem {
    /// Unique in the document.
    pub id: String,
    /// The tax; absent: the share of its source, or by the rate.
    pub amount: Option<Decimal>,
    /// The tax item of the source item's document that it credits or debits.
    pub source: Option<String>,
    /// Which tax.
    pub identity: TaxIdentity,
    /// What was settled of it before it came into the book.
    pub settled_before: Vec<NewSettledBefore>,
}

impl NewDocument {
    /// A document that is posted at once, with the account, currency and dates of its book and command.
    #[must_use]
    pub fn posted(kind: Kind, id: &str, items: Vec<NewItem>) -> Self {
        Self {
            kind,
            id: id.into(),
            number: None,
            account_id: None,
            currency: None,
            date: None,
            due_date: None,
            origin: Origin::Standalone,
            from: None,
            restocking_fee: None,
            items: Some(items),
            notes: Notes::default(),
            auto_post: true,
        }
    }
}

impl NewItem {
    /// A charge without tax.
    #[must_use]
    pub fn charge(id: &str, amount: impl Into<Decimal>) -> Self {
        Self {
            id: id.into(),
            amount: Some(amount.into()),
            is_priced: true,
            applied_to_item_id: None,
            processing: Processing::Charge,
            source: None,
            record: ItemRecord::default(),
            tax_items: None,
            settled_before: Vec::new(),
        }
    }

    /// Whether its amount can follow from its quantity and unit price.
    pub(crate) const fn has_price(&self) -> bool {
        let record = &self.record;
        self.is_priced && record.quantity.is_some() && record.unit_price.is_some()
    }
}

impl Document {
    /// A payment or refund of `amount`: one line that stands for the whole.
    pub(crate) fn whole(header: Header, amount: Amount) -> Option<Self> {
        let line = Line {
            id: header.id.as_ref().into(),
            source: None,
            detail: Detail::Whole,
        };
        Self::restore(header, vec![line], &[[amount, Amount::ZERO, Amount::ZERO]])
    }

    /// The document of a header, lines, and what of each is amount, applied and refunded. What discounts net, the tax
    /// and the totals follow from the lines. `None` if it cannot have been.
    pub(crate) fn restore(
        header: Header,
        lines: Vec<Line>,
        amounts: &[[Amount; 3]],
    ) -> Option<Self> {
        if amounts.len() != lines.len() || !have_their_places(&header, &lines) {
            return None;
        }
        let plain: Vec<_> = amounts.iter().map(|[amount, ..]| *amount).collect();
        if !fit_together(&plain) {
            return None;
        }

        let netted = net_discounts(&lines, &plain.into()).ok()?;
        let mut figures = Vec::with_capacity(amounts.len());
        for ([amount, applied, refunded], netted) in amounts.iter().zip(netted.as_slice()) {
            figures.push(Figures::restore(*amount, *netted, *applied, *refunded)?);
        }

        Self::assemble(header, lines, figures)
    }

    /// The document with `amount` in a rounding item that names no source, behind its other lines and in the place of
    /// the one that it had; without one where `amount` is zero. Nothing of it may be settled. `None` if it would be out
    /// of range.
    pub(crate) fn with_rounding(&self, amount: Amount) -> Option<Self> {
        let mut lines = Vec::with_capacity(self.lines().len());
        let mut figures = Vec::with_capacity(self.lines().len());
        for (_, line, line_figures) in self.lines_with_figures() {
            // A rounding item that names a source credits that of another document: it is an amount like any other.
            if !line.detail.is_rounding() || line.source.is_some() {
                lines.push(line.clone());
                figures.push(*line_figures);
            }
        }

        if !amount.is_zero() {
            LineIndex::new(lines.len())?;
            let id = free_id(ROUNDING, |id| lines.iter().any(|line| *line.id == *id));
            lines.push(Line::rounding(&id));
            figures.push(Figures::new(amount, Amount::ZERO)?);
        }

        let plain: Vec<_> = figures.iter().map(Figures::amount).collect();
        if !fit_together(&plain) {
            return None;
        }
        Self::assemble(self.header.clone(), lines, figures)
    }

    /// Makes a document of lines and their figures. Its totals are their sums, whatever the header said before.
    fn assemble(header: Header, lines: Vec<Line>, figures: Vec<Figures>) -> Option<Self> {
        let taxes = lines
            .iter()
            .zip(&figures)
            .filter(|(line, _)| line.detail.is_tax());
        let tax = Amount::sum(taxes.map(|(_, figures)| figures.amount()))?;
        let totals = Figures::restore(
            Amount::sum(figures.iter().map(Figures::amount))?,
            Amount::sum(figures.iter().map(Figures::netted))?,
            Amount::sum(figures.iter().map(Figures::applied))?,
            Amount::sum(figures.iter().map(Figures::refunded))?,
        )?;

        let has_alike = lines
            .iter()
            .any(|line| line.source.is_some() || line.detail.is_tax());
        let line_names = names_of(&lines);

        Some(Self {
            header: Header {
                tax,
                figures: totals,
                ..header
            },
            lines: lines.into(),
            figures: figures.into(),
            has_alike,
            line_names,
            settled_before: Box::default(),
        })
    }
}

/// A hash over the identifiers of lines, and over which of them are tax items: those are named with their item.
fn names_of(lines: &[Line]) -> u64 {
    let mut mixer = Mixer::default();
    for line in lines {
        mixer.text(&line.id);
        mixer.word(line.detail.is_tax().into());
    }
    mixer.value()
}

/// Whether the absolute amounts fit one amount together: then every sum that can ever be formed of them does.
fn fit_together(amounts: &[Amount]) -> bool {
    Amount::sum(amounts.iter().map(|amount| amount.absolute())).is_some()
}

/// Whether lines can stand where they do: no identifier twice, each tax behind its item, a discount on an item, and one
/// line alone where there are no items.
fn have_their_places(header: &Header, lines: &[Line]) -> bool {
    // Only for look-ups, never iterated: its order means nothing.
    let mut ids = FxHashSet::default();
    let mut last_item = None;
    for (index, line) in LineIndex::all().zip(lines) {
        let has_its_place = match &line.detail {
            Detail::Item { .. } => header.kind.has_items(),
            Detail::Whole => !header.kind.has_items() && lines.len() == 1,
            Detail::Tax { of: item, .. } => last_item == Some(*item),
            Detail::Discount { of: item, .. } => lines
                .get(item.get())
                .is_some_and(|item| matches!(item.detail, Detail::Item { .. })),
        };

        if !ids.insert(&*line.id) || !has_its_place {
            return false;
        }
        if !line.detail.is_tax() {
            last_item = Some(index);
        }
    }
    true
}

/// Nets every discount into the item that it reduces (`settlement.md#discounts`): the item's balance shrinks, the
/// discount's own is zero; its tax items are not netted. A discount takes no more than others left of the item,
/// whatever the sign of the item is. Returns what is netted of each line.
fn net_discounts(
    lines: &[Line],
    amounts: &Lines<Amount>,
) -> std::result::Result<Lines<Amount>, Misfit> {
    let mut netted = Lines::filled(Amount::ZERO, lines.len());
    for (discount, line) in LineIndex::all().zip(lines) {
        let Detail::Discount { of: item, .. } = line.detail else {
            continue;
        };

        let reduced = lines.get(item.get());
        if reduced.is_some_and(|item| item.detail.is_discount()) {
            return Err(Misfit::DiscountOfDiscount { discount, item });
        }
        net(discount, item, amounts, &mut netted)?;
    }
    Ok(netted)
}

/// Nets one discount: its item has less open by it, and it has nothing open itself.
fn net(
    discount: LineIndex,
    item: LineIndex,
    amounts: &Lines<Amount>,
    netted: &mut Lines<Amount>,
) -> std::result::Result<(), Misfit> {
    let amount = *amounts.at(discount)?;
    let taken = netted.at_mut(item)?;

    // In the order of lines: the discounts before it have taken theirs.
    let left = amounts.at(item)?.plus(*taken).ok_or_else(net_fault)?;
    if discounted(left, amount).is_none() {
        return Err(Misfit::DiscountAboveItem {
            discount,
            left,
            amount,
        });
    }

    *taken = taken.plus(amount).ok_or_else(net_fault)?;
    *netted.at_mut(discount)? = amount.negated();
    Ok(())
}

#[cold]
fn net_fault() -> Error {
    Error::fault("a discount out of range")
}

/// What a discount leaves of what others left of its item; `None` if it takes more than that, or adds to it.
pub(crate) fn discounted(left: Amount, discount: Amount) -> Option<Amount> {
    left.plus(discount).filter(|after| left.covers(*after))
}

/// The lines of a document while it is being made, each with its amount.
#[derive(Default)]
pub(crate) struct Draft {
    lines: Vec<Line>,
    amounts: Vec<Amount>,
}

/// Why lines and their amounts make no document.
#[derive(Debug)]
pub(crate) enum Misfit {
    /// Their absolute amounts together are out of range.
    OutOfRange,
    /// A discount reduces another one.
    DiscountOfDiscount {
        /// The discount.
        discount: LineIndex,
        /// The other one.
        item: LineIndex,
    },
    /// A discount takes more than others left of its item, or adds to it.
    DiscountAboveItem {
        /// The discount.
        discount: LineIndex,
        /// What others left of the item.
        left: Amount,
        /// The amount of the discount.
        amount: Amount,
    },
    /// What cannot happen.
    Fault(Error),
}

impl From<Error> for Misfit {
    fn from(fault: Error) -> Self {
        Misfit::Fault(fault)
    }
}

impl Draft {
    /// A draft with room for `line_count` lines.
    pub(crate) fn with_room(line_count: usize) -> Self {
        Self {
            lines: Vec::with_capacity(line_count),
            amounts: Vec::with_capacity(line_count),
        }
    }

    /// Adds a line with its amount, and returns its index.
    ///
    /// # Errors
    /// A fault beyond 2³² lines.
    pub(crate) fn add(&mut self, line: Line, amount: Amount) -> Result<LineIndex> {
        let index = LineIndex::new(self.lines.len());
        let index = index.ok_or_else(|| Error::fault("more lines than a document has"))?;
        self.lines.push(line);
        self.amounts.push(amount);
        Ok(index)
    }

    /// The document of these lines. First their amounts must lie in range together: then no sum of them can go out of
    /// range.
    pub(crate) fn finish(self, header: Header) -> std::result::Result<Document, Misfit> {
        if !fit_together(&self.amounts) {
            return Err(Misfit::OutOfRange);
        }

        let amounts = Lines::from(self.amounts);
        let netted = net_discounts(&self.lines, &amounts)?;
        let mut figures = Vec::with_capacity(self.lines.len());
        for (amount, netted) in amounts.as_slice().iter().zip(netted.as_slice()) {
            let of_line = Figures::new(*amount, *netted);
            figures.push(of_line.ok_or_else(|| Error::fault("figures out of range"))?);
        }

        let document = Document::assemble(header, self.lines, figures);
        Ok(document.ok_or_else(|| Error::fault("totals out of range"))?)
    }
}
