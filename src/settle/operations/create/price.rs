//! Finds the amounts of a draft, item by item: as stated, by the price, or all that the source has left.

use crate::command::settings::TaxRounding;
use crate::document::{Kind, LineRef};
use crate::error::{Error, Reason, Result, Site, SiteField, invariant};
use crate::money::{Amount, Currency, Fraction};
use crate::settle::guard::credit::CreditLedger;
use crate::settle::journal::Context;
use crate::settle::operations::create::taxes::{self, PricedTax};
use crate::settle::operations::create::{items_site, out_of_range, rounding};
use crate::settle::plan::draft::{DraftItem, DraftPlan};
use crate::settle::plan::targets::locate;
use rust_decimal::Decimal;

/// The amounts of a draft.
pub(super) struct PricedLines {
    /// Of each line, in document order: an item, then its taxes.
    pub amounts: Vec<Amount>,
    /// Of the item that makes the total of an invoice a whole number of its increments, if it takes one.
    pub rounding: Amount,
    /// The first item that was to take all that its source has left, where that is nothing.
    pub empty_item: Option<usize>,
}

/// Finds the amounts of all lines of a draft.
///
/// # Errors
/// The first of `missingField`, `taxRateFrom1`, those of [`Currency::amount`], `outOfRange`, item by item.
pub(super) fn price(context: Context<'_>, plan: &DraftPlan<'_>) -> Result<PricedLines> {
    let list = items_site();
    let currency = &*plan.header.currency;
    let mut pricing = Pricing {
        context,
        currency,
        ledger: CreditLedger::new(context, plan.index),
        amounts: Vec::with_capacity(plan.line_count()),
    };
    let mut empty_item = None;
    for (item_index, item) in plan.items.iter().enumerate() {
        let is_empty = pricing.add_item(item, &list.entry(item_index))?;
        if is_empty && item.takes_what_is_left() && empty_item.is_none() {
            empty_item = Some(item_index);
        }
    }

    let mut amounts = pricing.amounts;
    invariant!(
        amounts.len() == plan.line_count(),
        "each line of a draft has one amount"
    );
    if context.settings.tax_rounding == TaxRounding::Group {
        rounding::round_by_group(context.settings, &plan.items, currency, &mut amounts)?;
    }
    let rounding = match plan.header.kind {
        Kind::Invoice => rounding::of_invoice(currency, &amounts)?,
        _ => Amount::ZERO,
    };
    Ok(PricedLines {
        amounts,
        rounding,
        empty_item,
    })
}

/// The amounts of a draft while they are found. What an item credits, the items behind it can no longer credit.
pub(super) struct Pricing<'a> {
    pub context: Context<'a>,
    pub currency: &'a Currency,
    pub ledger: CreditLedger<'a>,
    amounts: Vec<Amount>,
}

impl Pricing<'_> {
    /// Adds the amounts of an item and its taxes. Returns whether all of them are zero.
    fn add_item(&mut self, item: &DraftItem<'_>, site: &Site<'_>) -> Result<bool> {
        let given = self.given(item, site)?;
        let priced = self.price_taxes(item, given, site)?;
        let (net, taxes) = if item.record.tax_inclusive {
            taxes::within(given, &priced, self.context.settings, self.currency)
        } else {
            taxes::on_top(given, &priced, self.currency)
        }
        .ok_or_else(|| out_of_range(site))?;

        let mut is_empty = net.is_zero();
        self.add_line(item.source, net)?;
        for (tax, amount) in item.taxes.iter().zip(taxes) {
            is_empty &= amount.is_zero();
            self.add_line(tax.source, amount)?;
        }
        Ok(is_empty)
    }

    fn add_line(&mut self, source: Option<LineRef>, amount: Amount) -> Result<()> {
        self.amounts.push(amount);
        match source {
            Some(source) => self.ledger.record(source, amount),
            None => Ok(()),
        }
    }

    /// What an item is given as: its amount, its price, or all that its source has left.
    fn given(&mut self, item: &DraftItem<'_>, site: &Site<'_>) -> Result<Amount> {
        let price = price_of(item, self.currency, site)?;
        match (item.amount, price, item.source) {
            (Some(amount), ..) => amount.read(self.currency, site),
            (None, Some(price), _) => Ok(price),
            (None, None, Some(source)) if item.record.tax_inclusive => {
                self.available_with_taxes(source, site)
            }
            (None, None, Some(source)) => self.ledger.available(source),
            (None, None, None) => {
                let site = site.field(SiteField::Amount);
                Err(Error::of(Reason::NoItemAmount {}, &site))
            }
        }
    }

    /// What is available to credit of an item and its taxes together.
    fn available_with_taxes(&mut self, source: LineRef, site: &Site<'_>) -> Result<Amount> {
        let document = locate(self.context.documents, source.document)?.document;
        let mut available = self.ledger.available(source)?;
        for line in document.tax_items(source.line) {
            let of_tax = self.ledger.available(LineRef { line, ..source })?;
            available = available.plus(of_tax).ok_or_else(|| out_of_range(site))?;
        }
        Ok(available)
    }

    /// What is known of the taxes of an item that is given as `given`.
    fn price_taxes(
        &mut self,
        item: &DraftItem<'_>,
        given: Amount,
        site: &Site<'_>,
    ) -> Result<Vec<PricedTax>> {
        let list = site.field(SiteField::TaxItems);
        let mut priced = Vec::with_capacity(item.taxes.len());
        for (tax_index, tax) in item.taxes.iter().enumerate() {
            let entry = list.entry(tax_index);
            // A request has no place for taxes that its items take over.
            let site = if item.states_taxes { &entry } else { site };
            priced.push(self.price_tax(item, tax, given, site)?);
        }
        Ok(priced)
    }
}

/// What an item costs by its quantity and unit price, rounded once; `None` where its amount is not their product.
pub(super) fn price_of(
    item: &DraftItem<'_>,
    currency: &Currency,
    site: &Site<'_>,
) -> Result<Option<Amount>> {
    let Some((quantity, unit_price)) = item.price() else {
        return Ok(None);
    };
    match product(quantity, unit_price, currency) {
        Some(price) => Ok(Some(price)),
        None => Err(out_of_range(&site.field(SiteField::UnitPrice))),
    }
}

/// A quantity at a unit price, rounded once to the increments of the currency; `None` out of range.
fn product(quantity: Decimal, unit_price: Decimal, currency: &Currency) -> Option<Amount> {
    let minor_units = 10_i128.checked_pow(currency.scale().into())?;
    let increment = i128::from(currency.increment());
    let exact = Fraction::of(quantity)
        .times(Fraction::of(unit_price))
        .times(Fraction::whole(minor_units))
        .over(Fraction::whole(increment));
    let minor = exact.round(currency.rounding())?.checked_mul(increment)?;
    Amount::try_from(minor).ok()
}
