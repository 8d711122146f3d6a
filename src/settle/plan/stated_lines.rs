//! The lines of one document that a refund or write-off states, each with an amount.
//!
//! The command names items and tax items in fields of their own. They are resolved once, into lines and amounts.

use crate::command::RefundItem;
use crate::document::{Figures, LineIndex};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{Lookup, wrong_kind};
use rust_decimal::Decimal;

/// The lines that a command states, each once.
pub(in crate::settle) struct StatedLines<'a> {
    lines: Vec<StatedLine<'a>>,
    /// The sum of them: the amount, if one is stated in addition.
    pub sum: Amount,
}

/// The fields that name a line: that of an item, and that of a tax item.
#[derive(Clone, Copy)]
pub(in crate::settle) struct LineFields {
    /// The field of an item.
    pub item: SiteField,
    /// The field of a tax item.
    pub tax_item: SiteField,
}

impl LineFields {
    const fn of(self, stated: &RefundItem) -> SiteField {
        if stated.tax { self.tax_item } else { self.item }
    }
}

struct StatedLine<'a> {
    /// Its index among the items of the command.
    item_index: usize,
    item: &'a RefundItem,
    line: LineIndex,
    amount: Amount,
}

impl<'a> StatedLines<'a> {
    /// Finds the lines and reads their amounts. [`StatedLines::check_open`] asks how much they have open.
    ///
    /// # Errors
    /// The first of `itemNotFound`, `duplicateEntry`, `kindMismatch`, those of [`Currency::amount`],
    /// `amountNotPositive`, `sumMismatch`.
    pub(in crate::settle) fn read(
        document: &Located<'_>,
        items: &'a [RefundItem],
        fields: LineFields,
        amount: Option<Decimal>,
    ) -> Result<Self> {
        let currency = &document.document.header().currency;
        let mut lines = find_lines(document, items, fields)?;
        check_lines_differ(&lines)?;
        check_kinds(document, &lines, fields)?;

        let site = Site::Command.field(SiteField::Amount);
        let amount = amount.map(|decimal| currency.amount(decimal)).transpose();
        let amount = amount.map_err(|error| error.at(&site))?;
        for stated in &mut lines {
            let amount = currency.amount(stated.item.amount);
            stated.amount = amount.map_err(|error| stated.place(error.at(&site)))?;
        }

        for stated in &lines {
            stated.check_sign(document, currency)?;
        }
        let sum = sum_of(&lines, amount, currency)?;
        Ok(Self { lines, sum })
    }

    /// Refuses more of a line than it has open.
    ///
    /// # Errors
    /// `exceedsItem`.
    pub(in crate::settle) fn check_open(&self, document: &Located<'_>) -> Result<()> {
        let currency = &document.document.header().currency;
        for stated in &self.lines {
            let open = stated.figures(document)?.open();
            if !open.covers(stated.amount) {
                return Err(stated.refuse(Reason::BeyondLine {
                    open: currency.figure(open),
                    amount: currency.figure(stated.amount),
                }));
            }
        }
        Ok(())
    }

    /// The lines with their amounts, in the order of the document.
    pub(in crate::settle) fn into_lines(self) -> Vec<(LineIndex, Amount)> {
        let lines = self.lines.into_iter();
        lines.map(|stated| (stated.line, stated.amount)).collect()
    }
}

/// Finds the lines by identifier, so that a refusal does not depend on how the command was sorted, and puts them into
/// the order of the document.
fn find_lines<'a>(
    document: &Located<'_>,
    items: &'a [RefundItem],
    fields: LineFields,
) -> Result<Vec<StatedLine<'a>>> {
    let lookup = Lookup::of(*document);
    let list = Site::Command.field(SiteField::Items);
    let mut by_id: Vec<_> = items.iter().enumerate().collect();
    sort_by(&mut by_id, |(_, a), (_, b)| a.id.cmp(&b.id));

    let mut lines = Vec::with_capacity(items.len());
    for (item_index, item) in by_id {
        let entry = list.entry(item_index);
        let line = lookup.find(&item.id, &entry.field(fields.of(item)))?;
        lines.push(StatedLine {
            item_index,
            item,
            line,
            amount: Amount::ZERO,
        });
    }
    sort_by(&mut lines, |a, b| a.line.cmp(&b.line));
    Ok(lines)
}

/// Refuses a line that is named twice.
fn check_lines_differ(lines: &[StatedLine<'_>]) -> Result<()> {
    for pair in lines.windows(2) {
        if let [first, again] = pair
            && first.line == again.line
        {
            let line = again.item.id.as_str().into();
            let error = Error::of(Reason::LineTwice { line }, &Site::Command);
            return Err(again.place(error));
        }
    }
    Ok(())
}

/// Refuses an item where a tax item is named, and a tax item where an item is.
fn check_kinds(document: &Located<'_>, lines: &[StatedLine<'_>], fields: LineFields) -> Result<()> {
    for stated in lines {
        if document.is_tax(stated.line) != stated.item.tax {
            let site = Site::Command.field(fields.of(stated.item));
            let error = Error::of(wrong_kind(stated.item.tax), &site);
            return Err(stated.place(error));
        }
    }
    Ok(())
}

/// The sum of the lines. Refuses one that is another than the stated amount.
fn sum_of(lines: &[StatedLine<'_>], amount: Option<Amount>, currency: &Currency) -> Result<Amount> {
    let site = Site::Command.field(SiteField::Amount);
    let Some(sum) = Amount::sum(lines.iter().map(|stated| stated.amount)) else {
        return Err(Error::of(Reason::ItemsOutOfRange {}, &site));
    };

    let Some(amount) = amount.filter(|&amount| amount != sum) else {
        return Ok(sum);
    };
    let reason = Reason::NotSumOfItems {
        sum: currency.figure(sum),
        amount: currency.figure(amount),
    };
    Err(Error::of(reason, &site))
}

impl StatedLine<'_> {
    fn figures<'d>(&self, document: &Located<'d>) -> Result<&'d Figures> {
        let figures = document.document.line_figures(self.line);
        figures.ok_or_else(|| Error::fault("a line is missing"))
    }

    /// Refuses zero, and less than zero of a line that is not negative.
    fn check_sign(&self, document: &Located<'_>, currency: &Currency) -> Result<()> {
        let figures = self.figures(document)?;
        let net = figures.amount().plus(figures.netted());
        let net = net.ok_or_else(|| Error::fault("a line out of range"))?;
        let is_negative = net < Amount::ZERO;
        if self.amount.is_positive() || (is_negative && !self.amount.is_zero()) {
            return Ok(());
        }
        let amount = currency.figure(self.amount);
        Err(self.refuse(Reason::AmountNotAboveZero { amount }))
    }

    /// A refusal of the amount.
    #[cold]
    fn refuse(&self, reason: Reason) -> Error {
        self.place(Error::of(reason, &Site::Command.field(SiteField::Amount)))
    }

    /// The same refusal, of a field of this item in the command.
    #[cold]
    fn place(&self, error: Error) -> Error {
        let list = Site::Command.field(SiteField::Items);
        error.within(&list.entry(self.item_index))
    }
}
