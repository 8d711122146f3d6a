//! Finds the amounts of a draft, item by item: as stated, by the price, or all that the source has left.

use crate::command::settings::TaxRounding;
use crate::document::{Kind, LineRef};
use crate::error::{Error, Reason, Result, Site, SiteField, TextFigure};
use crate::memory::capped_sum;
use crate::money::text::write_decimal;
use crate::money::{Amount, Currency, Fraction};
use crate::settle::context::Context;
use crate::settle::guard::credit::CreditLedger;
use crate::settle::operations::create::pricing::Pricing;
use crate::settle::operations::create::taxes::{self, PricedTax};
use crate::settle::operations::create::{items_site, out_of_range, rounding};
use crate::settle::plan::draft::{DraftItem, DraftPlan};
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
    let currency = &*plan.header.currency;
    let sources = plan.items.iter().filter_map(|item| item.source);
    let mut pricing = Pricing {
        context,
        currency,
        ledger: CreditLedger::new(context, plan.index, sources),
        amounts: vec![Amount::ZERO; plan.line_count()],
    };
    let empty_item = pricing.add_items(&plan.items)?;

    let mut amounts = pricing.amounts;
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

/// The first item that was to take all that its source has left, where that is nothing; or the first that is refused,
/// with its index.
type FirstEmpty = std::result::Result<Option<usize>, (usize, Error)>;

impl Pricing<'_> {
    /// Adds the amounts of all items and their taxes. Returns the first item that was to take all that its source has
    /// left, where that is nothing.
    fn add_items(&mut self, items: &[DraftItem<'_>]) -> Result<Option<usize>> {
        // What a memo credits of discounts, the items that these reduce get in addition. So discounts come first, in
        // any order of the request, and what is refused is still the first of the request.
        let of_discounts = self.add_those(items, Self::credits_discount);
        let of_others = self.add_those(items, |pricing, item| !pricing.credits_discount(item));
        match (of_discounts, of_others) {
            (Err((first, error)), Err((second, _))) if first < second => Err(error),
            (_, Err((_, error))) | (Err((_, error)), _) => Err(error),
            (Ok(first), Ok(second)) => Ok(match (first, second) {
                (Some(first), Some(second)) => Some(first.min(second)),
                _ => first.or(second),
            }),
        }
    }

    /// Adds the items that meet a condition.
    fn add_those(
        &mut self,
        items: &[DraftItem<'_>],
        condition: impl Fn(&Self, &DraftItem<'_>) -> bool,
    ) -> FirstEmpty {
        let list = items_site();
        let mut first_line = 0_usize;
        let mut first_empty = None;
        for (item_index, item) in items.iter().enumerate() {
            if condition(self, item) {
                let is_empty = self
                    .add_item(item, first_line, &list.entry(item_index))
                    .map_err(|error| (item_index, error))?;
                if is_empty && item.takes_what_is_left() && first_empty.is_none() {
                    first_empty = Some(item_index);
                }
            }

            // Items that are left out keep their place: each line has one amount, whichever pass finds it.
            first_line = capped_sum([first_line, item.line_count()]);
        }
        Ok(first_empty)
    }

    /// Whether an item credits a discount of another document.
    fn credits_discount(&self, item: &DraftItem<'_>) -> bool {
        let Some(source) = item.source else {
            return false;
        };

        let document = self.context.documents.get(source.document);
        let line = document.and_then(|document| document.line(source.line));
        line.is_some_and(|line| line.detail.is_discount())
    }

    /// Adds the amounts of an item and its taxes, from `first_line` on. Returns whether it and all of them credit
    /// nothing.
    fn add_item(
        &mut self,
        item: &DraftItem<'_>,
        first_line: usize,
        site: &Site<'_>,
    ) -> Result<bool> {
        let given = self.given(item, site)?;
        let priced = self.price_taxes(item, given, site)?;
        let (net, taxes) = if item.record.tax_inclusive {
            taxes::within(given, &priced, self.context.settings, self.currency)
        } else {
            taxes::on_top(given, &priced, self.currency)
        }
        .ok_or_else(|| taxes::refuse_taxes(given, &priced, item.record.tax_inclusive, site))?;

        let sources = item.taxes.iter().map(|tax| tax.source);
        let lines = std::iter::once((item.source, net)).chain(sources.zip(taxes));
        let mut is_empty = true;
        for (line, (source, amount)) in (first_line..).zip(lines) {
            is_empty &= self.add_line(line, source, amount)?;
        }
        Ok(is_empty)
    }

    /// Adds the amount of a line. Returns whether it credits nothing, net of what the memo credits of discounts.
    fn add_line(&mut self, line: usize, source: Option<LineRef>, amount: Amount) -> Result<bool> {
        let slot = self.amounts.get_mut(line);
        *slot.ok_or_else(|| Error::broken("each line of a draft has one amount"))? = amount;

        match source {
            Some(source) => {
                self.ledger.record(source, amount)?;
                Ok(self.ledger.is_nothing(source, amount))
            }
            None => Ok(amount.is_zero()),
        }
    }

    /// What an item is given as: its amount, its price, or all that its source has left.
    fn given(&mut self, item: &DraftItem<'_>, site: &Site<'_>) -> Result<Amount> {
        let price = price_of(item, self.currency, site)?;

        // A stated amount counts, and whether it is the product is asked later, in the order of the table of codes.
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
        let mut available = self.ledger.available(source)?;
        for tax in taxes::taxes_of(self.context, source)? {
            let of_tax = self.ledger.available(tax)?;
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

    let product = Fraction::of(quantity).times(Fraction::of(unit_price));
    match round_price(product, currency) {
        Some(price) => Ok(Some(price)),
        None => Err(refuse_price(
            [quantity, unit_price],
            product,
            currency,
            site,
        )),
    }
}

/// Rounds the product of a quantity and a unit price once, to the increments of the currency; `None` out of range.
fn round_price(product: Fraction, currency: &Currency) -> Option<Amount> {
    let increments = in_increments(product, currency)?;
    let minor = increments
        .round(currency.rounding())?
        .checked_mul(currency.increment().into())?;
    Amount::try_from(minor).ok()
}

/// A number of major units in increments of the currency, unless 128 bits do not hold it.
fn in_increments(number: Fraction, currency: &Currency) -> Option<Fraction> {
    let minor_units = 10_i128.checked_pow(currency.scale().into())?;
    let increment = Fraction::whole(currency.increment().into());
    number
        .times(Fraction::whole(minor_units))
        .over(increment)
        .known()
}

/// The refusal of a quantity at a unit price whose product is no amount.
#[cold]
fn refuse_price(
    [quantity, unit_price]: [Decimal; 2],
    product: Fraction,
    currency: &Currency,
    site: &Site<'_>,
) -> Error {
    let [quantity, unit_price] =
        [quantity, unit_price].map(|factor| TextFigure::from(write_decimal(factor)));

    // A whole number that does not fit in minor units has no decimals too many: it is too large.
    let is_too_large = product.denominator() == 1 || in_increments(product, currency).is_some();
    let reason = if is_too_large {
        Reason::PriceOutOfRange {
            quantity,
            unit_price,
        }
    } else {
        Reason::PriceBeyondDigits {
            most: Fraction::DIGITS.into(),
            quantity,
            unit_price,
        }
    };
    Error::of(reason, &site.field(SiteField::UnitPrice))
}
