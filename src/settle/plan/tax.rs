//! Taxes of one document that are rounded together (`settlement.md` 4.3, redistribution).

use crate::command::settings::InclusiveRounding;
use crate::document::TaxIdentity;
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::order::sort_by;
use rust_decimal::Decimal;

/// A tax that follows from its rate.
pub(in crate::settle) struct Calculated<'a> {
    /// Its place among the amounts of the document.
    place: usize,
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
        place: usize,
        identity: &'a TaxIdentity,
        net: Amount,
        currency: &Currency,
    ) -> Self {
        let rate = Fraction::of(identity.rate.unwrap_or_default());
        Self {
            place,
            group: group_of(identity),
            exact: in_increments(net, currency).times(rate),
            gross: None,
        }
    }

    /// The tax `identity` within `gross`, which contains taxes of `rates` in all.
    pub(in crate::settle) fn within(
        place: usize,
        identity: &'a TaxIdentity,
        gross: Amount,
        rates: Fraction,
        currency: &Currency,
    ) -> Self {
        let gross = in_increments(gross, currency);
        let rate = Fraction::of(identity.rate.unwrap_or_default());
        Self {
            place,
            group: group_of(identity),
            exact: gross.times(rate.over(rates.plus(Fraction::ONE))),
            gross: Some(gross),
        }
    }
}

fn group_of(identity: &TaxIdentity) -> (Option<&str>, Option<&str>, Option<Decimal>) {
    let (code, name) = (identity.tax_code.as_deref(), identity.name.as_deref());
    (code, name, identity.rate)
}

fn in_increments(amount: Amount, currency: &Currency) -> Fraction {
    Fraction::whole(amount.minor().into()).over(Fraction::whole(currency.increment().into()))
}

/// Rounds the sum of each group once and writes the share of each tax in it to `amounts`: its exact tax without the
/// fraction, and one increment more for those whose fractions are the largest, ties to the earlier. A negative sum is
/// shared as the mirror of its positive. `None` if something is out of range; the amounts are useless then.
pub(in crate::settle) fn round_by_group(
    mut taxes: Vec<Calculated<'_>>,
    inclusive: InclusiveRounding,
    currency: &Currency,
    amounts: &mut [Amount],
) -> Option<()> {
    sort_by(&mut taxes, |a, b| {
        (a.group, a.place).cmp(&(b.group, b.place))
    });
    for group in taxes.chunk_by_mut(|a, b| a.group == b.group) {
        let sum = group
            .iter()
            .fold(Fraction::ZERO, |sum, tax| sum.plus(tax.exact));
        let sign: i128 = if sum.is_negative() { -1 } else { 1 };
        let mut left = rounded(group, sum, inclusive, currency.rounding())?.checked_mul(sign)?;
        let mut shares = Vec::with_capacity(group.len());
        for tax in group {
            let exact = tax.exact.times(Fraction::whole(sign));
            let whole = exact.round(Rounding::Floor)?;
            left = left.checked_sub(whole)?;
            shares.push((tax.place, whole, exact.minus(Fraction::whole(whole))));
        }
        // The largest fraction first; those that are equal keep their order, that of their places.
        sort_by(&mut shares, |a, b| b.2.exceeds(a.2).cmp(&a.2.exceeds(b.2)));
        // Rounding moves a sum by less than one: at most as many increments are left as there are fractions.
        for (place, whole, _) in shares {
            let share = whole.checked_add(i128::from(left > 0))?.checked_mul(sign)?;
            left = left.saturating_sub(1);
            *amounts.get_mut(place)? =
                Amount::try_from(share.checked_mul(currency.increment().into())?).ok()?;
        }
    }
    Some(())
}

/// The tax of a group in increments. Where every amount of the group contains its tax, the book may want what is left
/// of them to be rounded instead; a group that has taxes on top, too, has no such rest.
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
            let rest = gross.minus(sum).round(rounding)?;
            // Amounts are whole numbers of increments.
            gross.round(rounding)?.checked_sub(rest)
        }
        _ => sum.round(rounding),
    }
}
