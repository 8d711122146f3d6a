//! A plan that runs within the period, with the days on which it rested.

use super::plan::PricePlan;
use super::request::ChangeTime;
use crate::money::Fraction;
use crate::prorate::period::Span;
use crate::prorate::share::Share;
use crate::prorate::terms::StubPosition;
use std::rc::Rc;

/// A plan that runs.
pub(super) struct RunningPlan {
    pub plan: Rc<PricePlan>,
    /// The change that it began with; absent for one that ran before.
    pub change: Option<usize>,
    pub since: ChangeTime,
    /// Of which part of the period the rule said what it was billed.
    pub part: StubPosition,
    pub billed: Fraction,
    pub credited: Fraction,
    /// The days that it rested and was credited for.
    pub pauses: Vec<Pause>,
}

/// Days on which a plan rested, and what was credited for them.
#[derive(Clone)]
pub(super) struct Pause {
    /// Absent where the time was not said.
    pub span: Option<Span>,
    pub share: Share,
    pub credited: Fraction,
    pub discount: Fraction,
}

/// What was credited for all pauses of a plan, and the discount that went back with it.
pub(super) struct CreditedPauses {
    pub credited: Fraction,
    pub discount: Fraction,
}

impl RunningPlan {
    /// Sums what was credited for all pauses.
    pub(super) fn credited_pauses(&self) -> CreditedPauses {
        let mut sum = CreditedPauses {
            credited: Fraction::ZERO,
            discount: Fraction::ZERO,
        };

        for pause in &self.pauses {
            sum.credited = sum.credited.plus(pause.credited);
            sum.discount = sum.discount.plus(pause.discount);
        }

        sum
    }

    /// What was billed and has not been credited.
    pub(super) fn creditable(&self) -> Fraction {
        self.billed.minus(self.credited)
    }
}
