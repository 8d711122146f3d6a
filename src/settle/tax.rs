//! Taxes of one document that are rounded together (`settlement.md` 4.3, redistribution).

use crate::document::TaxIdentity;
use crate::money::{Amount, Currency, Fraction, Rounding};
use crate::order::sort_by;
use rust_decimal::Decimal;

/// A tax that follows from its rate.
pub(super) struct Calculated<'a> {
    /// Its place among the amounts of the document.
    place: usize,
    /// The tax code, name and rate: what taxes of one group have in common.
    group: (Option<&'a str>, Option<&'a str>, Option<Decimal>),
    /// What it is before it is rounded, in increments of the currency.
    exact: Fraction,
}

impl<'a> Calculated<'a> {
    /// The tax `identity` on `net`.
    pub(super) fn new(
        place: usize,
        identity: &'a TaxIdentity,
        net: Amount,
        currency: &Currency,
    ) -> Self {
        let exact = Fraction::whole(net.minor().into())
            .times(Fraction::of(identity.rate.unwrap_or_default()));
        Self {
            place,
            group: (
                identity.tax_code.as_deref(),
                identity.name.as_deref(),
                identity.rate,
            ),
            exact: exact.over(Fraction::whole(currency.increment().into())),
        }
    }
}

/// Rounds the sum of each group once and writes the share of each tax in it to `amounts`: its exact tax without the
/// fraction, and one increment more for those whose fractions are the largest, ties to the earlier. A negative sum is
/// shared as the mirror of its positive. `None` if something is out of range; the amounts are useless then.
pub(super) fn round_by_group(
    mut taxes: Vec<Calculated<'_>>,
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
        let mut left = sum.round(currency.rounding())?.checked_mul(sign)?;
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
