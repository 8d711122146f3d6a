//! How a change from one plan to another is shown. All money follows from credits and charges before that: what is due,
//! credited, taxed and put on documents is the same, however it is shown.

use super::work::{TimedShare, Timeline};
use super::{ChangeLine, Discount, LineKind, PricePlan};
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
                Some(credit) if is_pair(credit, &line) => self.joined(credit, &line)?,
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
        let sum = |of: fn(&ChangeLine) -> DecimalAmount| {
            self.round(of(credit).exact().plus(of(charge).exact()))
        };
        let taxes = credit.taxes.iter().zip(&charge.taxes);
        let taxes = taxes.map(|(back, tax)| self.round(back.exact().plus(tax.exact())));
        let mut line = ChangeLine {
            kind: LineKind::Net,
            of: credit.of,
            gross: sum(|line| line.gross)?,
            discount: sum(|line| line.discount)?,
            amount: sum(|line| line.amount)?,
            exact: credit.exact.plus(charge.exact),
            taxes: taxes.collect::<Result<_>>()?,
            cap: None,
            cost: None,
            sides: Some([credit.amount, charge.amount]),
            ..charge.clone()
        };
        if self.terms().present == Present::Quantity {
            let Some(units) = self.units(old, new, &line)? else {
                return Ok(None);
            };
            line.kind = units.kind;
            line.plan = Some(Rc::new(units.plan));
            line.exact = units.exact;
            line.sentence = self.sentence(&line);
        } else {
            let (credit, charge, amount) = (&credit.sentence, &charge.sentence, line.amount);
            line.sentence = format!("{credit} {charge} Together: {amount}.");
        }
        Ok(Some(line))
    }

    /// The units alone that a plan has more or fewer than another, if nothing else is different and their share is what
    /// the difference is worth, to the step: it is not where a bill was for something else, or a credit for less.
    #[inline(never)]
    fn units(
        &self,
        old: &PricePlan,
        new: &PricePlan,
        together: &ChangeLine,
    ) -> Result<Option<UnitDifference>> {
        let is_same = (old.price, old.discount) == (new.price, new.discount);
        let more = difference(new.quantity, old.quantity).filter(|more| !more.is_zero());
        let Some(more) = more.filter(|_| is_same && old.terms == new.terms) else {
            return Ok(None);
        };
        // A fixed discount is that of the units before, too.
        let discount = match new.discount {
            Discount::Amount(_) => Discount::None,
            discount => discount,
        };
        let mut plan = PricePlan {
            quantity: more,
            discount,
            ..new.clone()
        };
        let exact = self.worth(&plan, TimedShare::stated(together.share))?.net;
        let apart = exact.minus(together.exact);
        let apart = apart.at_least(apart.negated());
        if !Fraction::of(self.request.increment).exceeds(apart) {
            return Ok(None);
        }
        plan.quantity = more.abs();
        let kind = if more.is_sign_negative() {
            LineKind::Credit
        } else {
            LineKind::Charge
        };
        Ok(Some(UnitDifference { plan, kind, exact }))
    }
}

/// Whether two lines are what one change credits and charges.
fn is_pair(credit: &ChangeLine, charge: &ChangeLine) -> bool {
    (credit.kind, charge.kind) == (LineKind::Credit, LineKind::Charge)
        && credit.change == charge.change
}

/// The difference of two decimals. (Their own operator brings ten times as much code.)
fn difference(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let units = |decimal: Decimal| {
        let power = 10_i128.checked_pow(scale.checked_sub(decimal.scale())?)?;
        decimal.mantissa().checked_mul(power)
    };
    Decimal::try_from_i128_with_scale(units(a)?.checked_sub(units(b)?)?, scale).ok()
}
