//! The lines of a counterpart, made from those of its document.
//!
//! With [`Mirror::Yes`], every line comes back, a discount as a discount: its item then comes back with what the
//! discount takes off on top. Otherwise lines of nothing are left out, except an item whose taxes need it.
//!
//! A payment has no items: one item stands for what is unapplied of it. No line of a payment has a name, so the item
//! names no source.

use crate::command::settings::Mirror;
use crate::document::{
    Detail, Document, Draft, Figures, Line, LineIndex, LineRef, Lines, Processing, Record,
    TaxIdentity,
};
use crate::error::{Error, Result, invariant};
use crate::money::Amount;
use crate::settle::plan::located::Located;

/// The identifier of the item that stands for what is unapplied of a payment.
const UNAPPLIED: &str = "unapplied";

/// The lines of a counterpart.
pub(super) struct Mirrored {
    pub draft: Draft,
    /// Which of its lines stands for which line of the document.
    pub pairs: Vec<LinePair>,
}

/// A line of a counterpart and the line of the document that it stands for.
pub(super) struct LinePair {
    pub counterpart: LineIndex,
    pub line: LineIndex,
}

/// Makes the lines of a counterpart that settles `amounts` of the lines of a document.
pub(super) fn mirror(
    document: &Located<'_>,
    amounts: &Lines<Amount>,
    mirror: Mirror,
) -> Result<Mirrored> {
    invariant!(
        amounts.count() == document.document.lines().len(),
        "each line of a document is settled by an amount, or by nothing"
    );

    let mirroring = Mirroring::new(document.document, amounts, mirror)?;
    let mut draft = Draft::with_room(amounts.count());
    let mut pairs = Vec::with_capacity(amounts.count());
    for (index, line, figures) in document.document.lines_with_figures() {
        if mirroring.counterparts.at(index)?.is_none() {
            continue;
        }

        let (detail, amount) = mirroring.mirrored(index, line, figures)?;
        let counterpart = match line.detail {
            Detail::Whole => Line {
                id: UNAPPLIED.into(),
                source: None,
                detail,
            },
            _ => Line {
                id: line.id.clone(),
                source: Some(LineRef {
                    document: document.index,
                    line: index,
                }),
                detail,
            },
        };

        pairs.push(LinePair {
            counterpart: draft.add(counterpart, amount)?,
            line: index,
        });
    }
    Ok(Mirrored { draft, pairs })
}

/// What a counterpart is made of, line by line of its document.
struct Mirroring<'a> {
    document: &'a Document,
    amounts: &'a Lines<Amount>,
    mirror: Mirror,
    /// The line of the counterpart for each line of the document that comes back.
    counterparts: Lines<Option<LineIndex>>,
    /// What discounts that come back as such take off each item again.
    discounted: Lines<Amount>,
}

impl<'a> Mirroring<'a> {
    fn new(document: &'a Document, amounts: &'a Lines<Amount>, mirror: Mirror) -> Result<Self> {
        let line_count = document.lines().len();
        let mut mirroring = Self {
            document,
            amounts,
            mirror,
            counterparts: Lines::filled(None, line_count),
            discounted: Lines::filled(Amount::ZERO, line_count),
        };

        // A pass of its own, because an item can stand before the discounts that its amount depends on.
        let mut next_line = LineIndex::all();
        for (index, line, figures) in document.lines_with_figures() {
            if !mirroring.comes_back(index, &line.detail)? {
                continue;
            }

            *mirroring.counterparts.at_mut(index)? = next_line.next();
            if let Detail::Discount { of: item, .. } = &line.detail
                && mirroring.keeps_discounts()
            {
                let discounted = mirroring.discounted.at_mut(*item)?;
                *discounted = discounted.plus(figures.amount()).ok_or_else(out_of_range)?;
            }
        }
        Ok(mirroring)
    }

    /// Whether discounts come back as discounts.
    fn keeps_discounts(&self) -> bool {
        self.mirror != Mirror::No
    }

    /// Whether a line of the document has a line of the counterpart.
    fn comes_back(&self, line: LineIndex, detail: &Detail) -> Result<bool> {
        if self.mirror == Mirror::Yes || !self.amounts.at(line)?.is_zero() {
            return Ok(true);
        }
        if detail.is_tax() {
            return Ok(false);
        }

        // A tax has no line of its own without its item.
        for tax in self.document.tax_items(line) {
            if !self.amounts.at(tax)?.is_zero() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The line of the counterpart for a line of the document: what it says and its amount.
    fn mirrored(
        &self,
        index: LineIndex,
        line: &Line,
        figures: &Figures,
    ) -> Result<(Detail, Amount)> {
        let amount = *self.amounts.at(index)?;
        match &line.detail {
            // On top of what is settled of the item comes what its discounts take off it again.
            Detail::Item { processing, record } => {
                let discounted = *self.discounted.at(index)?;
                let amount = amount.minus(discounted).ok_or_else(out_of_range)?;
                Ok((self.item(*processing, record), amount))
            }

            // A discount whose item does not come back is a plain charge of the other sign.
            Detail::Discount { of: item, record } => match *self.counterparts.at(*item)? {
                Some(of) if self.keeps_discounts() => {
                    let record = self.record(record);
                    Ok((Detail::Discount { of, record }, figures.amount()))
                }
                _ => Ok((self.item(Processing::Charge, record), amount)),
            },

            Detail::Tax {
                of: item, identity, ..
            } => {
                let is_whole = amount == figures.amount();
                Ok((self.tax(*item, identity, is_whole)?, amount))
            }

            Detail::Whole => Ok((self.item(Processing::Charge, &Record::default()), amount)),
        }
    }

    fn item(&self, processing: Processing, record: &Record) -> Detail {
        Detail::Item {
            processing,
            record: self.record(record),
        }
    }

    /// A tax item of the counterpart. It has the exemption of a whole tax; how much of an exemption a part has, nobody
    /// has stated.
    fn tax(&self, item: LineIndex, identity: &TaxIdentity, is_whole: bool) -> Result<Detail> {
        let counterpart = *self.counterparts.at(item)?;
        Ok(Detail::Tax {
            of: counterpart.ok_or_else(|| Error::broken("a tax comes back without its item"))?,
            by_rate: false,
            identity: Box::new(TaxIdentity {
                exempt: identity.exempt.filter(|_| is_whole),
                ..identity.clone()
            }),
        })
    }

    /// The record of an item for its counterpart: a credit memo has the unit price of its invoice with the other sign
    /// (`settlement.md#quantity-of-a-write-off`).
    fn record(&self, record: &Record) -> Record {
        let is_demand = self.document.header().kind.is_demand();
        let Some(item) = record.get().filter(|_| is_demand) else {
            return record.clone();
        };

        let mut item = item.clone();
        if let Some(price) = &mut item.unit_price {
            price.set_sign_negative(!price.is_sign_negative());
        }
        Record::new(item)
    }
}

#[cold]
fn out_of_range() -> Error {
    Error::broken("a counterpart out of range")
}
