//! Taxes of one document that are rounded together (`settlement.md#rounding-of-taxes`).

use crate::allocate::apportion_fractions;
use crate::command::settings::InclusiveRounding;
use crate::document::TaxIdentity;
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::order::sort_by;
use rust_decimal::Decimal;

/// A tax that follows from its rate.
pub(in crate::settle) struct Calculated<'a> {
    /// Where its amount stands among those of the document.
    index: usize,
    /// The tax code, name and rate: what taxes of one group have in common.
    group: (Option<&'a str>, Option<&'a str>, Option<Decimal>),
    /// What it is before it is rounded, in increments of the currency.
    exact: Fraction,
    /// The amount that contains it, in increments of the currency; absent where it comes on top.
    gross: Option<Fraction>,
}

impl<'a> Calculated<'a> {
    /// The tax `identity` on `net`.
    pub(in crate::settle) fn on_top(
        index: usize,
        identity: &'a TaxIdentity,
        net: Amount,
        currency: &Currency,
    ) -> Self {
        let rate = Fraction::of(identity.rate.unwrap_or_default());
        Self {
            index,
            group: group_of(identity),
            exact: in_increments(net, currency).times(rate),
            gross: None,
        }
    }

    /// The tax `identity` within `gross`, which contains taxes of `rates` in all.
    pub(in crate::settle) fn within(
        index: usize,
        identity: &'a TaxIdentity,
        gross: Amount,
        rates: Fraction,
        currency: &Currency,
    ) -> Self {
        let gross = in_increments(gross, currency);
        let rate = Fraction::of(identity.rate.unwrap_or_default());
        Self {
            index,
            group: group_of(identity),
            exact: gross.times(rate.over(rates.plus(Fraction::ONE))),
            gross: Some(gross),
        }
    }
}

/// Why the taxes of a document are no amounts.
pub(in crate::settle) enum Unrounded {
    /// 128 bits do not hold the sum of a group before it is rounded: their rates have too many digits together.
    TooManyDigits,
    /// A tax is more than an amount can be.
    TooLarge,
}

fn group_of(identity: &TaxIdentity) -> (Option<&str>, Option<&str>, Option<Decimal>) {
    let (code, name) = (identity.tax_code.as_deref(), identity.name.as_deref());
    (code, name, identity.rate)
}

fn in_increments(amount: Amount, currency: &Currency) -> Fraction {
    Fraction::whole(amount.minor().into()).over(Fraction::whole(currency.increment().into()))
}

/// Rounds the sum of each group once, and splits it over the taxes in the group by largest remainder, ties to the
/// earlier. Writes the tax of each to `amounts`. Where a tax is no amount, the amounts are useless.
pub(in crate::settle) fn round_by_group(
    mut taxes: Vec<Calculated<'_>>,
    inclusive: InclusiveRounding,
    currency: &Currency,
    amounts: &mut [Amount],
) -> Result<(), Unrounded> {
    sort_by(&mut taxes, |a, b| {
        (a.group, a.index).cmp(&(b.group, b.index))
    });
    for group in taxes.chunk_by(|a, b| a.group == b.group) {
        let shares: Vec<_> = group.iter().map(|tax| tax.exact).collect();
        let exact = sum_of(&shares);
        let rounded = rounded(group, exact, inclusive, currency.rounding());
        let rounded = rounded.ok_or(Unrounded::TooManyDigits)?;

        let parts = apportion_fractions(rounded, exact, &shares).ok_or(Unrounded::TooLarge)?;
        write_parts(group, parts, currency, amounts).ok_or(Unrounded::TooLarge)?;
    }
    Ok(())
}

/// Writes the parts of a group, which are in increments, to the amounts of its taxes; `None` if one is out of range.
fn write_parts(
    group: &[Calculated<'_>],
    parts: Vec<i64>,
    currency: &Currency,
    amounts: &mut [Amount],
) -> Option<()> {
    for (tax, part) in group.iter().zip(parts) {
        let minor = i128::from(part).checked_mul(currency.increment().into())?;
        *amounts.get_mut(tax.index)? = Amount::try_from(minor).ok()?;
    }
    Some(())
}

fn sum_of(shares: &[Fraction]) -> Fraction {
    shares
        .iter()
        .fold(Fraction::ZERO, |sum, share| sum.plus(*share))
}

/// The tax of a group in increments. Where every amount of the group contains its tax, the book may round the net of
/// the group instead, and the tax is the rest. A group that also has taxes on top has no net of this kind.
fn rounded(
    group: &[Calculated<'_>],
    sum: Fraction,
    inclusive: InclusiveRounding,
    rounding: Rounding,
) -> Option<i128> {
    let gross = group
        .iter()
        .try_fold(Fraction::ZERO, |sum, tax| Some(sum.plus(tax.gross?)));
    match gross {
        Some(gross) if inclusive == InclusiveRounding::Net => {
            let net = gross.minus(sum).round(rounding)?;
            // The gross is a whole number of increments, so rounding reads it and changes nothing.
            gross.round(rounding)?.checked_sub(net)
        }
        _ => sum.round(rounding),
    }
}
