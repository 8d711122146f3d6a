//! The taxes of an item: as stated, by their rates on top of a net amount or within a gross one, or the share of the
//! taxes that it credits.

use crate::command::settings::{InclusiveRounding, Settings};
use crate::document::{LineRef, TaxIdentity};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::text::{write_decimal, write_per_cent};
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::settle::context::Context;
use crate::settle::guard::credit::Portion;
use crate::settle::operations::create::pricing::Pricing;
use crate::settle::operations::create::{out_of_range, taxes_beyond_digits};
use crate::settle::plan::draft::{DraftItem, DraftTax};
use crate::settle::plan::located::locate;
use rust_decimal::Decimal;

/// What is known of a tax before the amount of its item is split.
pub(super) enum PricedTax {
    /// Its amount.
    Known(Amount),
    /// Its rate, by which it follows from that amount.
    ByRate(Fraction),
}

/// What a credit takes of an item, of whose taxes it takes a share.
struct CreditedShare {
    item: LineRef,
    /// How much it takes of the item.
    given: Amount,
    /// Whether that is with taxes.
    includes_taxes: bool,
    /// How its shares of the taxes are rounded.
    rounding: Rounding,
}

impl Pricing<'_> {
    /// What is known of a tax of an item that is given as `given`.
    ///
    /// # Errors
    /// `taxRateFrom1`, those of [`Currency::amount`], `missingField`, `outOfRange`.
    pub(super) fn price_tax(
        &mut self,
        item: &DraftItem<'_>,
        tax: &DraftTax<'_>,
        given: Amount,
        site: &Site<'_>,
    ) -> Result<PricedTax> {
        check_rate(self.context.settings, &tax.identity, site)?;
        let amount = match (tax.amount, tax.source, item.source) {
            (Some(amount), ..) => amount.read(self.currency, site)?,
            (None, None, _) => return by_rate(tax, site),
            // All that is left of an item has all that is left of its taxes.
            (None, Some(source), _) if item.takes_what_is_left() => {
                self.ledger.available(source)?
            }
            (None, Some(source), Some(item_source)) => {
                let share = CreditedShare {
                    item: item_source,
                    given,
                    includes_taxes: item.record.tax_inclusive,
                    rounding: item.tax_rounding.unwrap_or(self.currency.rounding()),
                };
                self.share_of_tax(source, share, site)?
            }
            (None, Some(_), None) => return Err(Error::broken("a tax credits one of no item")),
        };
        Ok(PricedTax::Known(amount))
    }

    /// The tax of a credit of `given` of an item: as much as takes the credits so far and this one together to
    /// `round(tax × credited ÷ amount)`. However an item is credited bit by bit, its taxes come out exactly
    /// (`settlement.md#taxes-of-partial-credits`). Discounts count as well, because a whole credit of what they leave
    /// of the item credits what they leave of its tax.
    fn share_of_tax(
        &mut self,
        tax: LineRef,
        credit: CreditedShare,
        site: &Site<'_>,
    ) -> Result<Amount> {
        let CreditedShare {
            item,
            given,
            includes_taxes,
            rounding,
        } = credit;
        let out_of_range = || out_of_range(site);
        let of_item = self.portion(item, includes_taxes, site)?;
        // An item of nothing has no share of anything.
        if of_item.whole.is_zero() {
            return Ok(Amount::ZERO);
        }
        let net_of_item = self.net_portion(item, includes_taxes, site)?;
        let of_tax = self.ledger.portion(tax)?;
        let net_of_tax = self.ledger.net_portion(tax)?.ok_or_else(out_of_range)?;

        let net_credited = net_of_item.credited.plus(given).ok_or_else(out_of_range)?;
        let share = if net_credited == net_of_item.whole {
            net_of_tax.whole.minus(net_of_tax.credited)
        } else if is_within(net_credited, net_of_item.whole) {
            self.telescoped(net_of_tax, net_credited, net_of_item.whole, rounding)
        } else {
            // More than the discounts leave of the item: its own tax then, until the discounts are credited as well.
            let credited = of_item.credited.plus(given).ok_or_else(out_of_range)?;
            self.telescoped(of_tax, credited, of_item.whole, rounding)
        }
        .ok_or_else(out_of_range)?;

        // Where more of the tax is credited already (by itself, say), there is nothing to follow; it is not taken back.
        let follows = [of_tax, net_of_tax].into_iter().any(|tax| {
            sign_of_product([of_item.whole, given, tax.whole]) == share.minor().signum()
        });
        Ok(if follows { share } else { Amount::ZERO })
    }

    /// As much as takes what is credited of a tax to its share for `credited` of `whole`; `None` out of range.
    fn telescoped(
        &self,
        tax: Portion,
        credited: Amount,
        whole: Amount,
        rounding: Rounding,
    ) -> Option<Amount> {
        let part = fraction(credited, whole)?;
        let share = self.currency.share_rounded(tax.whole, part, rounding)?;
        share.minus(tax.credited)
    }

    /// How much an item is, and how much of it is credited. Both count as the credit is given: with taxes, or without.
    fn portion(&mut self, item: LineRef, includes_taxes: bool, site: &Site<'_>) -> Result<Portion> {
        let mut portion = self.ledger.portion(item)?;
        if includes_taxes {
            for tax in taxes_of(self.context, item)? {
                let of_tax = self.ledger.portion(tax)?;
                portion = portion.plus(of_tax).ok_or_else(|| out_of_range(site))?;
            }
        }
        Ok(portion)
    }

    /// The same net of the discounts on the item and of their taxes.
    fn net_portion(
        &mut self,
        item: LineRef,
        includes_taxes: bool,
        site: &Site<'_>,
    ) -> Result<Portion> {
        let out_of_range = || out_of_range(site);

        let mut portion = self.ledger.net_portion(item)?.ok_or_else(out_of_range)?;
        if includes_taxes {
            for tax in taxes_of(self.context, item)? {
                let of_tax = self.ledger.net_portion(tax)?.ok_or_else(out_of_range)?;
                portion = portion.plus(of_tax).ok_or_else(out_of_range)?;
            }
        }
        Ok(portion)
    }
}

/// The tax items of an item of the book.
pub(super) fn taxes_of(
    context: Context<'_>,
    item: LineRef,
) -> Result<impl Iterator<Item = LineRef>> {
    let document = locate(context.documents, item.document)?.document;
    let taxes = document.tax_items(item.line);
    Ok(taxes.map(move |line| LineRef { line, ..item }))
}

/// Whether a part of an amount, also one below zero, is no more than all of it.
fn is_within(part: Amount, whole: Amount) -> bool {
    let (part, whole) = (part.minor(), whole.minor());
    let is_opposite = whole != 0 && part.signum() != whole.signum();
    is_opposite || part.unsigned_abs() <= whole.unsigned_abs()
}

/// An amount divided by another that is not zero; `None` out of range.
fn fraction(part: Amount, whole: Amount) -> Option<Fraction> {
    // A fraction has its sign above.
    let sign = whole.minor().signum();
    let numerator = part.minor().checked_mul(sign)?;
    let denominator = whole.minor().checked_mul(sign)?;
    Some(Fraction::new(numerator.into(), denominator.into()))
}

/// The sign that the product of amounts has.
fn sign_of_product(amounts: [Amount; 3]) -> i64 {
    let [a, b, c] = amounts.map(|amount| amount.minor().signum());
    // Cannot overflow: each is −1, 0 or 1.
    a.wrapping_mul(b).wrapping_mul(c)
}

/// Refuses a tax of 100 % or more, unless the book allows it: 19 for 19 % is the commonest slip.
fn check_rate(settings: &Settings, tax: &TaxIdentity, site: &Site<'_>) -> Result<()> {
    let Some(rate) = tax.rate.filter(|&rate| rate >= Decimal::ONE) else {
        return Ok(());
    };
    if settings.allow_tax_rate_from_1 {
        return Ok(());
    }
    let (rate, meant) = (write_decimal(rate).into(), write_per_cent(rate).into());
    let reason = Reason::RateFrom1 { rate, meant };
    Err(Error::of(reason, &site.field(SiteField::Rate)))
}

/// A tax that follows from its rate. Refuses one that has neither rate nor amount.
fn by_rate(tax: &DraftTax<'_>, site: &Site<'_>) -> Result<PricedTax> {
    match tax.identity.rate {
        Some(rate) => Ok(PricedTax::ByRate(Fraction::of(rate))),
        None => Err(Error::of(
            Reason::NoTaxAmount {},
            &site.field(SiteField::Amount),
        )),
    }
}

/// The net amount of an item and its taxes, which come on top of it; `None` out of range.
pub(super) fn on_top(
    net: Amount,
    taxes: &[PricedTax],
    currency: &Currency,
) -> Option<(Amount, Vec<Amount>)> {
    let mut amounts = Vec::with_capacity(taxes.len());
    for tax in taxes {
        amounts.push(match *tax {
            PricedTax::Known(amount) => amount,
            PricedTax::ByRate(rate) => currency.share(net, rate)?,
        });
    }
    Some((net, amounts))
}

/// The net amount of an item that is given with its taxes, and those taxes; `None` out of range. What rounding leaves
/// goes to the side that is not rounded.
pub(super) fn within(
    given: Amount,
    taxes: &[PricedTax],
    settings: &Settings,
    currency: &Currency,
) -> Option<(Amount, Vec<Amount>)> {
    // A stated tax is taken out as it is. The rates divide the rest.
    let mut gross = given;
    let mut rates = Fraction::ZERO;
    for tax in taxes {
        match *tax {
            PricedTax::Known(amount) => gross = gross.minus(amount)?,
            PricedTax::ByRate(rate) => rates = rates.plus(rate),
        }
    }
    match settings.inclusive_rounding {
        InclusiveRounding::Tax => round_taxes(gross, rates, taxes, currency),
        InclusiveRounding::Net => round_net(gross, rates, taxes, currency),
    }
}

/// The refusal of an item whose taxes are no amounts: they are too large, or have too many digits before they are
/// rounded.
#[cold]
pub(super) fn refuse_taxes(
    given: Amount,
    taxes: &[PricedTax],
    is_inclusive: bool,
    site: &Site<'_>,
) -> Error {
    let rates = taxes.iter().filter_map(|tax| match *tax {
        PricedTax::ByRate(rate) => Some(rate),
        PricedTax::Known(_) => None,
    });
    // An amount that contains its taxes is divided by one and all their rates together.
    let divisor = if is_inclusive {
        rates.clone().fold(Fraction::ONE, Fraction::plus)
    } else {
        Fraction::ONE
    };

    let given = Fraction::whole(given.minor().into());
    let mut shares = rates.map(|rate| given.times(rate.over(divisor)));
    if shares.any(|share| share.known().is_none()) {
        return taxes_beyond_digits(site);
    }
    out_of_range(site)
}

/// Rounds each tax within a gross amount. The net amount is what they leave.
fn round_taxes(
    gross: Amount,
    rates: Fraction,
    taxes: &[PricedTax],
    currency: &Currency,
) -> Option<(Amount, Vec<Amount>)> {
    let divisor = rates.plus(Fraction::ONE);

    let mut net = gross;
    let mut amounts = Vec::with_capacity(taxes.len());
    for tax in taxes {
        amounts.push(match *tax {
            PricedTax::Known(amount) => amount,
            PricedTax::ByRate(rate) => {
                let amount = currency.share(gross, rate.over(divisor))?;
                net = net.minus(amount)?;
                amount
            }
        });
    }
    Some((net, amounts))
}

/// Rounds the net amount within a gross one. Its taxes share what it leaves by their rates, each of what those before
/// it left, so the last takes all the rest.
fn round_net(
    gross: Amount,
    rates: Fraction,
    taxes: &[PricedTax],
    currency: &Currency,
) -> Option<(Amount, Vec<Amount>)> {
    let divisor = rates.plus(Fraction::ONE);
    let net = currency.share(gross, Fraction::ONE.over(divisor))?;
    let mut unshared = gross.minus(net)?;
    let mut unshared_rates = rates;

    let mut amounts = Vec::with_capacity(taxes.len());
    for tax in taxes {
        amounts.push(match *tax {
            PricedTax::Known(amount) => amount,
            PricedTax::ByRate(_) if unshared_rates.is_zero() => Amount::ZERO,
            PricedTax::ByRate(rate) => {
                let amount = currency.share(unshared, rate.over(unshared_rates))?;
                unshared = unshared.minus(amount)?;
                unshared_rates = unshared_rates.minus(rate);
                amount
            }
        });
    }
    Some((net.plus(unshared)?, amounts))
}
