//! How a change from one plan to another is shown. All money follows from the credits and charges themselves: what is
//! due, credited, taxed and put on documents is the same, however it is shown.

use super::line::{ChangeLine, LineKind, TimedShare};
use super::plan::{Discount, PricePlan};
use super::timeline::Timeline;
use crate::error::Result;
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::terms::Present;
use rust_decimal::Decimal;
use std::rc::Rc;

/// The units alone that a plan has more or fewer than another.
struct UnitDifference {
    plan: PricePlan,
    kind: LineKind,
    /// What they cost.
    exact: Fraction,
}

impl Timeline<'_> {
    /// Makes one line of each credit and charge that a change left, where the terms ask for it.
    pub(super) fn present(&self, lines: Vec<ChangeLine>) -> Result<Vec<ChangeLine>> {
        if self.terms().present == Present::Gross {
            return Ok(lines);
        }

        let mut shown: Vec<ChangeLine> = Vec::with_capacity(lines.len());
        for line in lines {
            let joined = match shown.last() {
                Some(credit) if credit.is_credit_beside(&line) => self.joined(credit, &line)?,
                _ => None,
            };
            match joined {
                Some(joined) => {
                    shown.pop();
                    shown.push(joined);
                }
                None => shown.push(line),
            }
        }
        Ok(shown)
    }

    /// A credit and a charge as one line; `None` where the terms leave them as they are. A line has one set of taxes,
    /// so plans of different taxes stay apart.
    #[inline(never)]
    fn joined(&self, credit: &ChangeLine, charge: &ChangeLine) -> Result<Option<ChangeLine>> {
        let (Some(old), Some(new)) = (&credit.plan, &charge.plan) else {
            return Ok(None);
        };
        if old.taxes != new.taxes {
            return Ok(None);
        }

        let sum = self.sum_of_pair(credit, charge)?;

        if self.terms().present != Present::Quantity {
            return Ok(Some(sum));
        }
        match self.unit_difference(old, new, &sum)? {
            Some(units) => Ok(Some(self.line_of_units(units, sum))),
            None => Ok(None),
        }
    }

    /// The sum of a credit and a charge, each as it is rounded: that is what the documents of the change have.
    fn sum_of_pair(&self, credit: &ChangeLine, charge: &ChangeLine) -> Result<ChangeLine> {
        let taxes = credit.taxes.iter().zip(&charge.taxes);
        let amount = self.sum(credit.amount, charge.amount)?;

        Ok(ChangeLine {
            kind: LineKind::Net,
            charged_by: credit.charged_by,
            gross: self.sum(credit.gross, charge.gross)?,
            discount: self.sum(credit.discount, charge.discount)?,
            amount,
            exact: credit.exact.plus(charge.exact),
            taxes: taxes
                .map(|(back, tax)| self.sum(*back, *tax))
                .collect::<Result<_>>()?,
            cap: None,
            cost: None,
            sides: Some([credit.amount, charge.amount]),
            sentence: format!(
                "{} {} Together: {amount}.",
                credit.sentence, charge.sentence
            ),
            ..charge.clone()
        })
    }

    fn sum(&self, credit: DecimalAmount, charge: DecimalAmount) -> Result<DecimalAmount> {
        self.round(credit.exact().plus(charge.exact()))
    }

    /// A credit and a charge as the units that come or go.
    fn line_of_units(&self, units: UnitDifference, sum: ChangeLine) -> ChangeLine {
        let mut line = ChangeLine {
            kind: units.kind,
            plan: Some(Rc::new(units.plan)),
            exact: units.exact,
            ..sum
        };

        line.sentence = self.sentence(&line);
        line
    }

    /// The units alone that a plan has more or fewer than another. `None` if something else is different, too, or if
    /// these units do not cost what the credit and the charge sum to, to the increment: a bill can have been for
    /// something else, and a credit can be capped.
    #[inline(never)]
    fn unit_difference(
        &self,
        old: &PricePlan,
        new: &PricePlan,
        sum: &ChangeLine,
    ) -> Result<Option<UnitDifference>> {
        let is_same = (old.price, old.discount) == (new.price, new.discount);
        if !is_same || old.terms != new.terms {
            return Ok(None);
        }

        let added = difference(new.quantity, old.quantity);
        let Some(added) = added.filter(|added| !added.is_zero()) else {
            return Ok(None);
        };

        let mut plan = PricePlan {
            quantity: added,
            discount: match new.discount {
                // A fixed discount was on the units before, too, and is not given again for those that come.
                Discount::Amount(_) => Discount::None,
                discount => discount,
            },
            ..new.clone()
        };
        let exact = self.worth(&plan, TimedShare::stated(sum.share)).net;
        if !self.rounds_to(exact, sum.exact) {
            return Ok(None);
        }
        // A credit of more than was billed gives no tax back, while its charge is taxed. Together they would be units
        // that go and a tax that comes.
        let is_other_tax = |tax: &DecimalAmount| {
            !tax.is_zero() && tax.exact().is_negative() != exact.is_negative()
        };
        if sum.taxes.iter().any(is_other_tax) {
            return Ok(None);
        }

        // The line says how many units, and its kind says whether they come or go.
        plan.quantity = added.abs();
        let kind = if added.is_sign_negative() {
            LineKind::Credit
        } else {
            LineKind::Charge
        };
        Ok(Some(UnitDifference { plan, kind, exact }))
    }
}

/// The difference of two decimals. (Their own operator brings ten times as much code.)
fn difference(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let units = units_at(a, scale)?.checked_sub(units_at(b, scale)?)?;
    Decimal::try_from_i128_with_scale(units, scale).ok()
}

/// A decimal in units of 10⁻ˢᶜᵃˡᵉ.
fn units_at(decimal: Decimal, scale: u32) -> Option<i128> {
    let power = 10_i128.checked_pow(scale.checked_sub(decimal.scale())?)?;
    decimal.mantissa().checked_mul(power)
}
