//! Changes within one period, and what is known of it before the first of them.

use super::plan::{PlanUpdate, PricePlan};
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;
use crate::money::text::write_decimal;
use crate::prorate::period::Reference;
use crate::prorate::terms::Terms;
use crate::words::closed_set;
use rust_decimal::Decimal;

/// When something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeTime {
    /// At this moment.
    At(Moment),
    /// When this share of the period is left.
    Unused(Fraction),
}

closed_set! {
    /// The kind of a change.
    PlanEventKind {
        /// A plan begins where none runs.
        Start = "start",
        /// Another plan takes the place of the one that runs.
        Switch = "change",
        /// The plan ends.
        Cancel = "cancel",
        /// The plan rests.
        Pause = "pause",
        /// The plan that rests goes on.
        Resume = "resume",
    }
}

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanEvent {
    /// A plan begins where none runs.
    Start(PricePlan),
    /// Another plan takes the place of the one that runs: an upgrade, a downgrade, another quantity or price.
    Switch(PlanUpdate),
    /// The plan ends.
    Cancel,
    /// The plan rests; until a moment, if that is known already.
    Pause(Option<Moment>),
    /// The plan that rests goes on.
    Resume,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanChange {
    /// When it happens.
    pub when: ChangeTime,
    /// What happens.
    pub kind: PlanEvent,
}

/// Changes within one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// How parts of the period are priced.
    pub terms: Terms,
    /// The least step between two amounts.
    pub increment: Decimal,
    /// The period. It may be absent if all changes say what is left of it.
    pub period: Option<Reference>,
    /// How many months it has. Absent: as many as it shows.
    pub months: Option<u32>,
    /// The plan that runs before the first change.
    pub plan: Option<PricePlan>,
    /// Since when that plan runs. Absent: the start of the period.
    pub since: Option<Moment>,
    /// What it was billed for, without tax. Absent: what the terms charge for it.
    pub billed: Option<Decimal>,
    /// How much of that was credited before.
    pub credited: Decimal,
    /// How much of its bill, with tax, is still to be paid.
    pub open: Decimal,
    /// Whether tax rates of 1 (100 %) and more are allowed. Mostly they are slips: 19 for 19 %.
    pub allow_tax_rate_from_1: bool,
    /// The changes, the earlier first.
    pub events: Vec<PlanChange>,
}

impl ChangeRequest {
    /// Whether the terms of any plan ask for how many months the prices are.
    pub(super) fn reads_months(&self) -> bool {
        let terms_of_plan = self.plan.as_ref().and_then(|plan| plan.terms);
        let mut terms = vec![terms_of_plan.unwrap_or(self.terms)];

        for change in &self.events {
            match &change.kind {
                PlanEvent::Start(plan) => terms.push(plan.terms.unwrap_or(self.terms)),
                PlanEvent::Switch(update) => terms.extend(update.terms),
                PlanEvent::Cancel | PlanEvent::Pause(_) | PlanEvent::Resume => {}
            }
        }

        terms.iter().any(Terms::reads_months)
    }

    /// Refuses facts of a bill that have another sign than its price: they are slips.
    pub(super) fn check_signs(&self, plan: &PricePlan) -> Result<()> {
        let facts = [
            (SiteField::Billed, self.billed.unwrap_or(Decimal::ZERO)),
            (SiteField::Credited, self.credited),
            (SiteField::Open, self.open),
        ];
        // A decimal can be a negative zero, which is no price below zero.
        let is_owed = !plan.price.is_sign_negative() || plan.price.is_zero();

        for (field, fact) in facts {
            if !fact.is_zero() && fact.is_sign_negative() == is_owed {
                let amount = write_decimal(fact).into();
                let reason = if is_owed {
                    Reason::BelowZeroUnlikePrice { amount }
                } else {
                    Reason::AboveZeroUnlikePrice { amount }
                };
                return Err(Error::of(reason, &Site::Command.field(field)));
            }
        }
        Ok(())
    }
}
