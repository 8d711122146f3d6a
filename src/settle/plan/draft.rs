//! A draft of which every document and line is found: what create, update, a change of plan and a whole credit build,
//! each from what it has.
//!
//! A request names documents and lines by identifier, and a draft that is changed has them already. From here on a plan
//! knows indices, so no operation makes up a request for another. Amounts that a request states stay decimals until the
//! guards before them have passed; what another operation knows enters as an amount.

use crate::calendar::Date;
use crate::document::{
    DocumentIndex, Header, ItemRecord, LineIndex, LineRef, NewSettledBefore, Processing,
    SettledBefore, SettledBy, TaxIdentity,
};
use crate::error::{Error, Result, Site, SiteField};
use crate::memory::capped_sum;
use crate::money::{Amount, Currency, Rounding};
use crate::settle::plan::located::Located;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// A draft that is to be made, or that gets other lines.
pub(in crate::settle) struct DraftPlan<'a> {
    /// All that the draft says, without the figures of its lines.
    pub header: Header,
    /// The index of the draft, if it is in the book and gets other lines.
    pub index: Option<DocumentIndex>,
    /// The document that it is made from.
    pub from: Option<Located<'a>>,
    /// Its items, in document order.
    pub items: Vec<DraftItem<'a>>,
    /// How much of the document that it is made from it takes.
    pub coverage: Coverage,
    /// What a credit memo withholds, as its request states it.
    pub restocking_fee: Option<Decimal>,
    /// The day on which it is posted in the same step, if it is.
    pub posted_on: Option<Date>,
}

/// How much a draft takes of the document that it is made from.
pub(in crate::settle) enum Coverage {
    /// What its items say.
    Stated,
    /// All that is left.
    Whole,
    /// All that is left, which is nothing. That is refused last, because whether the document is in force, of the same
    /// account and so on comes first.
    Nothing(Error),
}

/// An item of a draft.
pub(in crate::settle) struct DraftItem<'a> {
    /// Unique in the draft.
    pub id: Cow<'a, str>,
    /// Without tax, unless the record says that it is inclusive. Absent: quantity × unit price, or else all that the
    /// source has left.
    pub amount: Option<DraftAmount>,
    /// Where the record has a quantity and a unit price, the amount is their product.
    pub is_priced: bool,
    /// The item that it reduces, if it is a discount.
    pub reduces: Option<LineIndex>,
    /// What it bills.
    pub processing: Processing,
    /// The item of another document that it credits or debits.
    pub source: Option<LineRef>,
    /// What it says next to its amount.
    pub record: Cow<'a, ItemRecord>,
    /// Its taxes, stated or those of its source.
    pub taxes: Vec<DraftTax<'a>>,
    /// Its taxes are stated, even if that is none.
    pub states_taxes: bool,
    /// How the shares of the taxes that it credits are rounded; absent: as the currency says.
    pub tax_rounding: Option<Rounding>,
    /// What was settled of it before it came into the book.
    pub settled_before: Vec<DraftPast>,
}

/// A tax item of a draft.
pub(in crate::settle) struct DraftTax<'a> {
    /// Unique in the draft.
    pub id: Cow<'a, str>,
    /// Which tax.
    pub identity: Cow<'a, TaxIdentity>,
    /// The tax; absent: the share of its source, or by the rate.
    pub amount: Option<DraftAmount>,
    /// The tax item that it credits or debits.
    pub source: Option<LineRef>,
    /// What was settled of it before it came into the book.
    pub settled_before: Vec<DraftPast>,
}

/// What was settled of a line of a draft before it came into the book.
#[derive(Clone, Copy)]
pub(in crate::settle) struct DraftPast {
    /// The day.
    pub date: Date,
    /// The amount, with the sign of the line.
    pub amount: DraftAmount,
    /// What settled it.
    pub by: SettledBy,
}

impl From<&NewSettledBefore> for DraftPast {
    fn from(new: &NewSettledBefore) -> Self {
        Self {
            date: new.date,
            amount: DraftAmount::Stated(new.amount),
            by: new.by,
        }
    }
}

impl From<&SettledBefore> for DraftPast {
    fn from(known: &SettledBefore) -> Self {
        Self {
            date: known.date,
            amount: DraftAmount::Known(known.amount),
            by: known.by,
        }
    }
}

/// An amount of a draft.
#[derive(Clone, Copy)]
pub(in crate::settle) enum DraftAmount {
    /// As a request states it: read when it is its turn.
    Stated(Decimal),
    /// As the operation knows it.
    Known(Amount),
}

impl<'a> DraftPlan<'a> {
    /// How many lines it has, without a rounding item.
    pub(in crate::settle) fn line_count(&self) -> usize {
        capped_sum(self.items.iter().map(DraftItem::line_count))
    }

    /// The item at a line, and its index among the items.
    pub(in crate::settle) fn item_at(&self, line: LineIndex) -> Option<(usize, &DraftItem<'a>)> {
        let mut first_line = 0_usize;
        for (item_index, item) in self.items.iter().enumerate() {
            if first_line == line.get() {
                return Some((item_index, item));
            }
            first_line = first_line.checked_add(item.line_count())?;
        }
        None
    }
}

impl DraftAmount {
    /// The amount in a currency.
    ///
    /// # Errors
    /// Those of [`Currency::amount`], at the amount of `site`.
    pub(in crate::settle) fn read(self, currency: &Currency, site: &Site<'_>) -> Result<Amount> {
        match self {
            DraftAmount::Known(amount) => Ok(amount),
            DraftAmount::Stated(decimal) => currency
                .amount(decimal)
                .map_err(|error| error.at(&site.field(SiteField::Amount))),
        }
    }
}

impl DraftItem<'_> {
    /// How many lines it and its taxes have.
    pub(in crate::settle) fn line_count(&self) -> usize {
        capped_sum([1, self.taxes.len()])
    }

    /// The quantity and the unit price that its amount is the product of.
    pub(in crate::settle) fn price(&self) -> Option<(Decimal, Decimal)> {
        match (self.record.quantity, self.record.unit_price) {
            (Some(quantity), Some(unit_price)) if self.is_priced => Some((quantity, unit_price)),
            _ => None,
        }
    }

    /// Whether its amount is all that its source has left.
    pub(in crate::settle) fn takes_what_is_left(&self) -> bool {
        self.amount.is_none() && self.source.is_some() && self.price().is_none()
    }
}

impl DraftTax<'_> {
    /// Whether it is calculated by its rate.
    pub(in crate::settle) const fn follows_from_rate(&self) -> bool {
        self.amount.is_none() && self.source.is_none()
    }

    /// The rate of a tax that is calculated by it.
    ///
    /// # Errors
    /// A fault if it has none: that was refused before.
    pub(in crate::settle) fn rate(&self) -> Result<Decimal> {
        self.identity
            .rate
            .ok_or_else(|| Error::broken("a tax by rate has no rate"))
    }
}
