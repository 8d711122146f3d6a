//! The lines that changes leave behind, before and after they are rounded.

use super::plan::PricePlan;
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::period::Period;
use crate::prorate::share::{GridCell, Share};
use crate::words::closed_set;
use std::rc::Rc;

closed_set! {
    /// What a line is.
    LineKind {
        /// What is left of a plan goes back: zero, or an amount with the other sign than the price.
        Credit = "credit",
        /// A plan for the rest of the period.
        Charge = "charge",
        /// The difference of the two.
        Net = "net",
        /// A plan for the time that a credit pays for: of no amount.
        Time = "time",
        /// The difference between the rounded sum and the sum of rounded lines.
        Rounding = "rounding",
    }
}

/// A line of a memo or an invoice to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    /// What it is.
    pub kind: LineKind,
    /// The change that it comes from; absent for a line of rounding.
    pub change: Option<usize>,
    /// The change that charged what it credits; absent for what was billed before, and for what credits nothing.
    pub charged_by: Option<usize>,
    /// It belongs on a credit memo; else on an invoice.
    pub is_credited: bool,
    /// The time it is for, as the terms write it; absent where that was not said.
    pub service: Option<Period>,
    /// The plan that it is for; absent for a line of rounding.
    pub plan: Option<Rc<PricePlan>>,
    /// Which share of the period it is.
    pub share: Share,
    /// The parts of the grid that this consists of; none where the time was not asked.
    pub cells: Vec<GridCell>,
    /// Before its discount.
    pub gross: DecimalAmount,
    /// Its discount, with the opposite sign of `gross`.
    pub discount: DecimalAmount,
    /// The sum of both, without tax.
    pub amount: DecimalAmount,
    /// The amount before it was rounded.
    pub exact: Fraction,
    /// Its taxes, in the order of the plan's.
    pub taxes: Vec<DecimalAmount>,
    /// The most that could be credited, if that was less than the share.
    pub cap: Option<Fraction>,
    /// What the time served costs, if the credit is what is left of the bill.
    pub cost: Option<Cost>,
    /// The credit and the charge of which it is the sum, each rounded, of a line that has both.
    pub sides: Option<[DecimalAmount; 2]>,
    /// How it came about, for people.
    pub sentence: String,
}

/// What the time served costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What was billed, of which this is taken.
    pub billed: Fraction,
    /// The amount.
    pub amount: DecimalAmount,
    /// What was credited before for days on which the plan rested: these were not served.
    pub paused: DecimalAmount,
    /// Which share of the period that is.
    pub share: Share,
    /// The parts of the grid that it consists of.
    pub cells: Vec<GridCell>,
}

impl ChangeLine {
    /// With its taxes.
    pub(super) fn total(&self) -> Fraction {
        let taxes = self.taxes.iter().map(|tax| tax.exact());
        taxes.fold(self.amount.exact(), Fraction::plus)
    }

    /// Whether it gives back what was billed before the changes.
    #[must_use]
    pub fn credits_bill(&self) -> bool {
        let is_credit = self.kind == LineKind::Credit && self.charged_by.is_none();
        is_credit && self.total().is_negative()
    }

    /// Whether it has anything to write on a document: an amount or a tax.
    #[must_use]
    pub fn has_amount(&self) -> bool {
        !self.amount.is_zero() || self.taxes.iter().any(|tax| !tax.is_zero())
    }

    /// Whether this and `charge` are what one change credits and charges.
    pub(super) fn is_credit_beside(&self, charge: &Self) -> bool {
        let kinds = (self.kind, charge.kind);
        kinds == (LineKind::Credit, LineKind::Charge) && self.change == charge.change
    }
}

/// A share of the period, and of which cells it consists.
#[derive(Clone)]
pub(super) struct TimedShare {
    pub share: Share,
    pub cells: Vec<GridCell>,
}

impl TimedShare {
    pub(super) const fn stated(share: Share) -> Self {
        Self {
            share,
            cells: Vec::new(),
        }
    }
}

/// What a line is worth before it is rounded.
pub(super) struct UnroundedLine {
    pub timed: TimedShare,
    /// Before the discount. Each of the two is rounded, and the discount is their difference.
    pub gross: Fraction,
    pub net: Fraction,
    pub cap: Option<Fraction>,
    pub cost: Option<Cost>,
}

impl UnroundedLine {
    pub(super) const fn new(timed: TimedShare, gross: Fraction, net: Fraction) -> Self {
        Self {
            timed,
            gross,
            net,
            cap: None,
            cost: None,
        }
    }

    /// The discount, before anything is rounded.
    pub(super) fn discount(&self) -> Fraction {
        self.gross.minus(self.net)
    }

    /// At most what is open of a line that was billed `billed`.
    #[inline(never)]
    pub(super) fn capped(self, billed: Fraction, open: Fraction) -> Self {
        // More than was billed has been credited already: then nothing is left.
        let is_over = open.is_negative() != billed.is_negative();
        let net = self.net.within(if is_over { Fraction::ZERO } else { open });

        if net == self.net {
            return self;
        }
        Self {
            net,
            gross: net,
            cap: Some(open),
            ..self
        }
    }

    /// The same time, of no amount.
    pub(super) fn of_nothing(self) -> Self {
        Self {
            net: Fraction::ZERO,
            gross: Fraction::ZERO,
            ..self
        }
    }

    #[inline(never)]
    pub(super) fn negated(self) -> Self {
        Self {
            net: self.net.negated(),
            gross: self.gross.negated(),
            ..self
        }
    }
}
