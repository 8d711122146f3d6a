//! Makes a document: the data that it takes, and the invariants that it keeps.

use super::{
    Detail, Document, Figures, Header, ItemRecord, Kind, Line, LineIndex, LineRef, Notes, Origin,
    Processing, Record, TaxIdentity, check_id,
};
use crate::calendar::Date;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::mix::Mixer;
use crate::money::{Amount, Currency};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// The identifier of the item that the engine adds to round a total.
pub(crate) const ROUNDING: &str = "rounding";

/// The identifier `wanted` if it is free and not too long, or else one that begins like it.
pub(crate) fn free_id(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let fits = |id: &str| check_id(id, &Site::Command).is_ok() && !is_taken(id);
    if fits(wanted) {
        return wanted.to_owned();
    }
    let stem: String = wanted.chars().take(200).collect();
    (2_u64..)
        .map(|number| format!("{stem}/{number}"))
        .find(|id| fits(id))
        .unwrap_or(stem)
}

/// A document to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
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
pub struct NewTaxItem {
    /// Unique in the document.
    pub id: String,
    /// The tax; absent: the share of its source, or by the rate.
    pub amount: Option<Decimal>,
    /// The tax item of the source item's document that it credits or debits.
    pub source: Option<String>,
    /// Which tax.
    pub identity: TaxIdentity,
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
    pub fn charge(id: &str, amount: Decimal) -> Self {
        Self {
            id: id.into(),
            amount: Some(amount),
            is_priced: true,
            applied_to_item_id: None,
            processing: Processing::Charge,
            source: None,
            record: ItemRecord::default(),
            tax_items: None,
        }
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
        let plain: Vec<_> = amounts.iter().map(|[amount, ..]| *amount).collect();
        let mut netted = vec![Amount::ZERO; lines.len()];
        // Only for look-ups, as in `Draft`.
        let mut ids = FxHashMap::default();
        let mut item = None;
        for (index, line) in (0..).map(LineIndex).zip(&lines) {
            let is_new = ids.insert(&*line.id, index).is_none();
            let fits = match &line.detail {
                Detail::Item { .. } => header.kind.has_items(),
                Detail::Whole => !header.kind.has_items() && lines.len() == 1,
                Detail::Tax { of, .. } => item == Some(*of),
                Detail::Discount { of, .. } => {
                    let is_item = |line: &Line| matches!(line.detail, Detail::Item { .. });
                    net(&plain, &mut netted, index, *of).is_ok()
                        && lines.get(of.get()).is_some_and(is_item)
                }
            };
            if !is_new || !fits {
                return None;
            }
            if !line.detail.is_tax() {
                item = Some(index);
            }
        }
        let restore = |([amount, applied, refunded], netted): (&[Amount; 3], Amount)| {
            Figures::restore(*amount, netted, *applied, *refunded)
        };
        let figures = amounts
            .iter()
            .zip(netted)
            .map(restore)
            .collect::<Option<Vec<_>>>()?;
        if figures.len() != lines.len() || !fit_together(&plain) {
            return None;
        }
        Self::assemble(header, lines, figures)
    }

    /// The document with `amount` in a rounding item that names no source, behind its other lines and in the place of
    /// the one that it had; without one where `amount` is zero. Nothing of it may be settled. `None` if it would be out
    /// of range.
    pub(crate) fn with_rounding(&self, amount: Amount) -> Option<Self> {
        let is_own = |line: &Line| line.detail.is_rounding() && line.source.is_none();
        let kept = || {
            let lines = self.lines.iter().zip(&self.figures);
            lines.filter(|(line, _)| !is_own(line))
        };
        let mut lines: Vec<_> = kept().map(|(line, _)| line.clone()).collect();
        let mut figures: Vec<_> = kept().map(|(_, figures)| *figures).collect();
        if !amount.is_zero() {
            LineIndex::new(lines.len())?;
            lines.push(Line {
                id: free_id(ROUNDING, |id| lines.iter().any(|line| *line.id == *id)).into(),
                source: None,
                detail: Detail::Item {
                    processing: Processing::Rounding,
                    record: Record::default(),
                },
            });
            figures.push(Figures::new(amount, Amount::ZERO)?);
        }
        let plain: Vec<_> = figures.iter().map(Figures::amount).collect();
        fit_together(&plain)
            .then(|| Self::assemble(self.header.clone(), lines, figures))
            .flatten()
    }

    fn assemble(header: Header, lines: Vec<Line>, figures: Vec<Figures>) -> Option<Self> {
        let total = |of: fn(&Figures) -> Amount| Amount::sum(figures.iter().map(of));
        let taxes = lines
            .iter()
            .zip(&figures)
            .filter(|(line, _)| line.detail.is_tax());
        let tax = Amount::sum(taxes.map(|(_, figures)| figures.amount()))?;
        let totals = Figures::restore(
            total(Figures::amount)?,
            total(Figures::netted)?,
            total(Figures::applied)?,
            total(Figures::refunded)?,
        )?;
        let has_alike = lines
            .iter()
            .any(|line| line.source.is_some() || line.detail.is_tax());
        let line_names = names_of(&lines);
        let header = Header {
            tax,
            figures: totals,
            ..header
        };
        Some(Self {
            header,
            lines: lines.into(),
            figures: figures.into(),
            has_alike,
            line_names,
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

/// Nets the discount `own` into the item `of` (`settlement.md` 1.7): the item's balance shrinks, the discount's own is
/// zero; its tax items are not netted. A discount takes no more than others left of the item, whatever the item's sign;
/// else the answer is what they left.
fn net(
    amounts: &[Amount],
    netted: &mut [Amount],
    own: LineIndex,
    of: LineIndex,
) -> std::result::Result<(), Option<Amount>> {
    let amount = |line: LineIndex| amounts.get(line.get()).copied();
    let (discount, whole) = amount(own).zip(amount(of)).ok_or(None)?;
    let taken = netted.get(of.get()).copied().ok_or(None)?;
    let left = whole.plus(taken).ok_or(None)?;
    if discounted(left, discount).is_none() {
        return Err(Some(left));
    }
    for (line, amount) in [
        (of, taken.plus(discount).ok_or(None)?),
        (own, discount.negated()),
    ] {
        *netted.get_mut(line.get()).ok_or(None)? = amount;
    }
    Ok(())
}

/// What a discount leaves of what others left of its item; `None` if it takes more than that, or adds to it.
pub(crate) fn discounted(left: Amount, discount: Amount) -> Option<Amount> {
    let range = left.min(Amount::ZERO)..=left.max(Amount::ZERO);
    left.plus(discount).filter(|after| range.contains(after))
}

/// The lines of a document while it is being made: first all lines, then their amounts, then the discounts.
#[derive(Default)]
pub(crate) struct Draft<'a> {
    lines: Vec<Line>,
    amounts: Vec<Amount>,
    netted: Vec<Amount>,
    // Only for look-ups, never iterated: its order means nothing.
    by_id: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Draft<'a> {
    /// Adds a line, as yet without amount.
    ///
    /// # Errors
    /// `invalidId`, `duplicateId`, and `tooLarge` beyond 2³² lines.
    pub(crate) fn add(
        &mut self,
        id: &'a str,
        detail: Detail,
        site: &Site<'_>,
    ) -> Result<LineIndex> {
        let index = LineIndex::new(self.lines.len())
            .ok_or_else(|| Error::of(Reason::TooManyLines {}, site))?;
        let id_site = site.field(SiteField::Id);
        check_id(id, &id_site)?;
        if self.by_id.insert(id, index).is_some() {
            return Err(Error::of(Reason::LineIdTaken { id: id.into() }, &id_site));
        }

        self.lines.push(Line {
            id: id.into(),
            source: None,
            detail,
        });
        Ok(index)
    }

    /// Says which line of another document a line credits or debits.
    pub(crate) fn link(&mut self, line: LineIndex, source: Option<LineRef>) {
        if let Some(line) = self.lines.get_mut(line.get()) {
            line.source = source;
        }
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The item with that identifier, of those added so far.
    pub(crate) fn find_item(&self, id: &str) -> Option<LineIndex> {
        let is_item = |line: LineIndex| {
            self.lines
                .get(line.get())
                .is_some_and(|line| !line.detail.is_tax())
        };
        self.by_id.get(id).copied().filter(|&line| is_item(line))
    }

    /// Makes an item a discount on the item `of`.
    pub(crate) fn discount(&mut self, own: LineIndex, of: LineIndex) {
        if let Some(line) = self.lines.get_mut(own.get())
            && let Detail::Item { record, .. } = &line.detail
        {
            line.detail = Detail::Discount {
                of,
                record: record.clone(),
            };
        }
    }

    /// Gives all lines their amounts.
    ///
    /// # Errors
    /// `outOfRange` at `site` if the absolute amounts together are.
    pub(crate) fn price(&mut self, amounts: Vec<Amount>, site: &Site<'_>) -> Result<()> {
        if !fit_together(&amounts) {
            return Err(Error::of(Reason::LinesOutOfRange {}, site));
        }
        self.netted = vec![Amount::ZERO; amounts.len()];
        self.amounts = amounts;
        Ok(())
    }

    /// Nets a discount into the item that it reduces.
    ///
    /// # Errors
    /// `invalidDiscount`.
    pub(crate) fn net(
        &mut self,
        discount: LineIndex,
        item: LineIndex,
        currency: &Currency,
        site: &Site<'_>,
    ) -> Result<()> {
        let Some(reduced) = self.lines.get(item.get()) else {
            return Err(Error::fault("a discount on a line that is missing"));
        };
        if reduced.detail.is_discount() {
            let reason = Reason::DiscountOfDiscount {
                item: (*reduced.id).into(),
            };
            return Err(Error::of(reason, &site.field(SiteField::AppliedToItemId)));
        }

        let amount = self.amounts.get(discount.get()).copied();
        net(&self.amounts, &mut self.netted, discount, item).map_err(|left| {
            let Some((left, amount)) = left.zip(amount) else {
                return Error::fault("a discount without an amount");
            };
            let reason = Reason::DiscountAboveItem {
                most: currency.figure(left.negated()),
                amount: currency.figure(amount),
            };
            Error::of(reason, &site.field(SiteField::Amount))
        })
    }

    /// The document of these lines.
    ///
    /// # Errors
    /// A fault if totals go out of range, which [`Draft::price`] has excluded.
    pub(crate) fn finish(self, header: Header) -> Result<Document> {
        let figures = self
            .amounts
            .iter()
            .zip(&self.netted)
            .map(|(&amount, &netted)| Figures::new(amount, netted));
        let figures: Option<Vec<_>> = figures.collect();
        figures
            .filter(|figures| figures.len() == self.lines.len())
            .and_then(|figures| Document::assemble(header, self.lines, figures))
            .ok_or_else(|| Error::fault("totals out of range"))
    }
}
