//! Credits the time that a plan is not served, because it ends or pauses: what was billed less the cost of the time
//! served, or the cost of the time not served.

use super::line::{Cost, LineKind, TimedShare, UnroundedLine};
use super::plan::{Discount, PricePlan};
use super::request::ChangeTime;
use super::running::{Pause, RunningPlan};
use super::timeline::Timeline;
use crate::calendar::{Anchor, Every, Moment};
use crate::error::Result;
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::period::{Span, fits};
use crate::prorate::share::Share;
use crate::prorate::terms::{
    CreditBase, CreditFormula, CreditFrom, Degenerate, DiscountCredit, Stub, StubPosition,
};

/// How a running plan ends or pauses.
#[derive(Clone, Copy)]
pub(super) struct Ending {
    /// The first moment that is not served.
    pub from: ChangeTime,
    /// The end of the pause; absent if the plan does not go on.
    pub until: Option<Moment>,
    /// Which rule prices the part of the period before it.
    pub part: StubPosition,
}

impl Ending {
    /// The end of a plan that does not go on.
    pub(super) const fn at(from: ChangeTime, part: StubPosition) -> Self {
        Self {
            from,
            until: None,
            part,
        }
    }
}

/// What was kept of a charge, and of the discount that was billed with it, before anything is rounded.
struct KeptCharge {
    timed: TimedShare,
    gross: Fraction,
    discount: Fraction,
    billed_gross: Fraction,
    billed_discount: Fraction,
}

impl Timeline<'_> {
    /// Ends or pauses a plan: the change with this index credits the rest of it. Returns the plan with that credit.
    pub(super) fn end_plan(
        &mut self,
        index: usize,
        mut active: RunningPlan,
        ending: Ending,
    ) -> Result<RunningPlan> {
        let Some(from) = self.credited_from(ending.from)? else {
            return Ok(active);
        };
        if self.goes_on_before(ending.until, from) {
            return Ok(active);
        }

        let ending = Ending { from, ..ending };
        let mut worth = self.unserved(&active, ending)?;
        // Where more was used than was billed (a free start, a special price), the customer owes nothing for it: the
        // terms billed what they ask for. So a credit gives nothing back then, and never charges. (Flexprice cuts it at
        // zero, too: internal/domain/proration/calculator_test.go, negative_potential_credit.)
        if active.plan.is_opposite(worth.net) {
            worth = worth.of_nothing();
        }
        // A credit without this limit can be more than was billed, if the terms say so.
        if self.terms().cap {
            worth = worth.capped(active.billed, active.creditable());
        }

        let span = self.service(from, ending.until);
        let mut line = self.line(LineKind::Credit, &active.plan, span, worth.negated())?;
        let credited = active.credited.minus(line.amount.exact());
        line.taxes = self.taxes_back(&active, credited)?;
        line.change = Some(index);
        line.charged_by = active.change;

        active.credited = credited;
        // A later credit must not give these days back again, nor count them as served.
        if ending.until.is_some() {
            active.pauses.push(Pause {
                span,
                share: line.share,
                credited: line.amount.exact().negated(),
                discount: line.discount.exact(),
            });
        }
        self.lines.push(line);
        Ok(active)
    }

    /// Whether a plan that pauses goes on before anything of it would be credited.
    fn goes_on_before(&self, until: Option<Moment>, from: ChangeTime) -> bool {
        match (until, from) {
            (Some(until), ChangeTime::At(from)) => self.terms().is_before(until, from),
            _ => false,
        }
    }

    /// The moment from which the plan is credited; `None` for never.
    #[inline(never)]
    fn credited_from(&self, when: ChangeTime) -> Result<Option<ChangeTime>> {
        match (self.terms().credit_from, when, self.span) {
            (CreditFrom::Never, ..) => Ok(None),
            // Zuora, where a tenant does not bill a part of a month: a quarter from 1 October that is cancelled on the
            // 15th is credited from 1 November on (Proration credit, "bill partial month").
            (CreditFrom::NextMonth, ChangeTime::At(at), Some(span)) => {
                let anchor = Anchor::new(span.from.day());
                let next_month = anchor.boundary_from(Every::Months(1), at.day());
                let next_month = Moment::Day(fits(next_month)?);

                let is_beyond_end = span.to.is_before(next_month);
                let from = if is_beyond_end { span.to } else { next_month };
                Ok(Some(ChangeTime::At(from)))
            }
            _ => Ok(Some(when)),
        }
    }

    /// The worth of the time not served.
    #[inline(never)]
    fn unserved(&self, active: &RunningPlan, ending: Ending) -> Result<UnroundedLine> {
        match self.terms().credit_base {
            CreditBase::List => self.unserved_at_price(active, ending),
            CreditBase::Billed => self.unserved_of_bill(active, ending),
        }
    }

    /// The worth of the time not served, at the price of the plan.
    fn unserved_at_price(&self, active: &RunningPlan, ending: Ending) -> Result<UnroundedLine> {
        let plan = &*active.plan;
        let billed = self.remaining_share(plan, active.since, active.part)?.share;
        let mut unserved = self.unserved_time(plan, ending)?;
        let served =
            self.served_time(active, ending, billed.factor.minus(unserved.share.factor))?;
        // A rule can price the part before the end as all of the period, or as nothing of it. What the rule leaves of
        // the bill is the worth then, or the two would not sum to the bill.
        if served.share.part != StubPosition::Any {
            unserved.share.factor = billed.factor.minus(served.share.factor);
            unserved.share.part = served.share.part;
        }

        let served = self.without_pauses(active, ending.from, served)?;
        let kept = self.kept_charge(plan, served, billed);
        let mut credit = self.worth(plan, unserved);
        // The bill took the whole discount off. What is kept of the charge keeps it, so that the credit takes back only
        // what does not fit there, less what pauses took back before (Zuora, *Credit for prorated discounts*).
        if self.keeps_discount(plan) {
            let credited_before = active.credited_pauses().discount;
            let not_kept = kept.billed_discount.minus(kept.discount);
            credit.net = credit.gross.minus(not_kept.minus(credited_before));
        }

        match self.terms().credit_formula {
            CreditFormula::Direct if self.is_rest_of_bill(active, &kept, &credit) => {
                let rest = self.residual(active, kept, credit)?;
                Ok(UnroundedLine { cost: None, ..rest })
            }
            CreditFormula::Direct => Ok(credit),
            CreditFormula::Residual => self.residual(active, kept, credit),
        }
    }

    /// Whether a credit of the time not served is all that is left of the bill, rounded otherwise: nothing was served,
    /// and what was billed is less than an increment away. Rounded by itself, this credit could be an increment more or
    /// less than the bill, which another program may have rounded.
    fn is_rest_of_bill(
        &self,
        active: &RunningPlan,
        kept: &KeptCharge,
        credit: &UnroundedLine,
    ) -> bool {
        let not_credited = active.billed.minus(active.credited_pauses().credited);
        kept.timed.share.factor.is_zero() && self.rounds_to(credit.net, not_credited)
    }

    /// The share of the period that is not served: up to the end of the pause, or of the period.
    fn unserved_time(&self, plan: &PricePlan, ending: Ending) -> Result<TimedShare> {
        let service = self.service(ending.from, ending.until);
        match (ending.until, service, self.span) {
            (Some(_), Some(service), Some(span)) => {
                self.timed(plan, service, span, StubPosition::Any)
            }
            _ => self.remaining_share(plan, ending.from, StubPosition::Any),
        }
    }

    /// The share of the period that was served. A time is counted by itself, because it can differ from what the other
    /// shares leave where terms round factors or count both ends. Without a time, the share is `rest`.
    ///
    /// A plan that ends as it starts served nothing. Terms that count both ends would count a day of it, and those that
    /// charge the full price for time without length would keep the whole bill.
    fn served_time(
        &self,
        active: &RunningPlan,
        ending: Ending,
        rest: Fraction,
    ) -> Result<TimedShare> {
        match (ending.until, active.since, ending.from, self.span) {
            (None, ChangeTime::At(from), ChangeTime::At(to), _)
                if !from.is_before(to) && self.terms().degenerate != Degenerate::Refuse =>
            {
                Ok(TimedShare::stated(Share::stated(Fraction::ZERO)))
            }
            (None, ChangeTime::At(from), ChangeTime::At(to), Some(span)) => {
                self.timed(&active.plan, Span { from, to }, span, ending.part)
            }
            _ => Ok(TimedShare::stated(Share::stated(rest))),
        }
    }

    /// Whether a plan has a fixed discount that stays with what is kept of its charge.
    fn keeps_discount(&self, plan: &PricePlan) -> bool {
        self.terms().discount == DiscountCredit::Keep
            && matches!(plan.discount, Discount::Amount(_))
    }

    /// What is kept of a charge that was billed for a share of the period.
    fn kept_charge(&self, plan: &PricePlan, served: TimedShare, billed: Share) -> KeptCharge {
        let kept = self.worth(plan, served);
        let billed = self.worth(plan, TimedShare::stated(billed));

        let billed_discount = billed.discount();
        let discount = if self.keeps_discount(plan) {
            kept.gross.within(billed_discount)
        } else {
            kept.discount()
        };

        KeptCharge {
            timed: kept.timed,
            gross: kept.gross,
            discount,
            billed_gross: billed.gross,
            billed_discount,
        }
    }

    /// What is left of a bill after the rounded cost of the time served.
    fn residual(
        &self,
        active: &RunningPlan,
        kept: KeptCharge,
        credit: UnroundedLine,
    ) -> Result<UnroundedLine> {
        // What pauses gave back is neither billed any more nor used (changes-of-plan.md, "Days paused before a later
        // credit"). The cost of what was used is rounded as a charge, so that charge and credit sum to the bill.
        let paused = active.credited_pauses();
        let used = self.round(kept.gross.minus(kept.discount))?;
        let net = active.billed.minus(paused.credited).minus(used.exact());

        let billed_discount = self.rounded_discount(kept.billed_gross, kept.billed_discount)?;
        let used_discount = self.rounded_discount(kept.gross, kept.discount)?;
        let discount = billed_discount.minus(used_discount).minus(paused.discount);
        // Three roundings can leave an increment of it with the wrong sign. That is no discount.
        let has_sign_of_price = discount.is_negative() == active.plan.gross().is_negative();
        let gross = if has_sign_of_price {
            net.plus(discount)
        } else {
            net
        };

        Ok(UnroundedLine {
            net,
            gross,
            cost: Some(Cost {
                billed: active.billed,
                amount: used,
                paused: self.round(paused.credited)?,
                share: kept.timed.share,
                cells: kept.timed.cells,
            }),
            ..credit
        })
    }

    /// The discount of a line: gross and net are each rounded, and it is their difference.
    fn rounded_discount(&self, gross: Fraction, discount: Fraction) -> Result<Fraction> {
        let net = self.round(gross.minus(discount))?;
        Ok(self.round(gross)?.exact().minus(net.exact()))
    }

    /// The worth of the time not served, as a share of the amount that was billed.
    #[inline(never)]
    fn unserved_of_bill(&self, active: &RunningPlan, ending: Ending) -> Result<UnroundedLine> {
        let timed = self.share_of_bill(active, ending)?;
        let factor = timed.share.factor;
        let net = active.billed.times(factor);
        let credit = UnroundedLine::new(timed, net, net);
        if self.terms().credit_formula == CreditFormula::Direct {
            return Ok(credit);
        }

        // Each pause is a share of the same bill. Where shares are rounded, pauses side by side can be a little more
        // than all of it.
        let mut served = Fraction::ONE.minus(factor);
        for pause in &active.pauses {
            served = served.minus(pause.share.factor);
        }
        let share = Share::stated(served.at_least(Fraction::ZERO));

        let used = self.round(active.billed.times(share.factor))?;
        let paused = self.round(active.credited_pauses().credited)?;
        let net = active.billed.minus(paused.exact()).minus(used.exact());
        Ok(UnroundedLine {
            net,
            gross: net,
            cost: Some(Cost {
                billed: active.billed,
                amount: used,
                paused,
                share,
                cells: Vec::new(),
            }),
            ..credit
        })
    }

    /// Which share of the time that was billed is not served.
    fn share_of_bill(&self, active: &RunningPlan, ending: Ending) -> Result<TimedShare> {
        let plan = &*active.plan;
        let service = self.service(ending.from, ending.until);
        let (Some(service), Some(billed)) = (service, self.service(active.since, None)) else {
            return self.stated_share_of_bill(active, ending.from);
        };

        let mut timed = self.timed(plan, service, billed, StubPosition::Any)?;
        // The whole time is the whole bill, however its days are counted.
        if (service.from, service.to) == (billed.from, billed.to) {
            timed.share.factor = Fraction::ONE;
        }

        // Where a rule prices the part that was served, the rest of the bill is not served.
        if ending.until.is_none() && self.terms_of(plan).rule_for(ending.part) != Stub::Prorate {
            let served = Span {
                from: billed.from,
                to: service.from,
            };
            let served = self.timed(plan, served, billed, ending.part)?.share;
            if served.part != StubPosition::Any {
                timed.share.factor = Fraction::ONE.minus(served.factor);
                timed.share.part = served.part;
            }
        }
        Ok(timed)
    }

    /// The same where no time is stated, from the share of the period that was billed.
    fn stated_share_of_bill(&self, active: &RunningPlan, from: ChangeTime) -> Result<TimedShare> {
        let plan = &*active.plan;
        let billed = self
            .remaining_share(plan, active.since, active.part)?
            .share
            .factor;
        let mut unserved = self.remaining_share(plan, from, StubPosition::Any)?;

        // A bill of no time has no share to give back.
        unserved.share.factor = if billed.is_zero() {
            Fraction::ZERO
        } else {
            unserved.share.factor.over(billed)
        };
        Ok(unserved)
    }

    /// The taxes that are credited: the tax on all that is credited by now, less the tax on what was credited before.
    /// So a line that is credited whole, in any number of steps, credits its whole tax.
    #[inline(never)]
    fn taxes_back(&self, active: &RunningPlan, credited: Fraction) -> Result<Vec<DecimalAmount>> {
        let mut taxes = Vec::new();
        for tax in &active.plan.taxes {
            let billed_tax = active.billed.times(Fraction::of(tax.rate));
            let billed_tax = self.round(billed_tax)?.exact();

            let before = self.tax_up_to(active.credited, active.billed, billed_tax)?;
            let now = self.tax_up_to(credited, active.billed, billed_tax)?;
            taxes.push(self.round(before.minus(now))?);
        }
        Ok(taxes)
    }

    /// The tax on what is credited of a bill in all.
    fn tax_up_to(
        &self,
        credited: Fraction,
        billed: Fraction,
        billed_tax: Fraction,
    ) -> Result<Fraction> {
        if billed.is_zero() {
            return Ok(Fraction::ZERO);
        }

        let tax = credited.over(billed).times(billed_tax);
        self.round(tax).map(DecimalAmount::exact)
    }
}
