//! What a change within a period costs: the lines that a start, an upgrade, a cancellation or a pause leaves behind.
//!
//! A plan that runs is a *line*: from a moment to the end of the period, billed for an amount, of which some may have
//! been credited. A change ends it, which credits what is left of it, and begins another, which is charged for the rest
//! of the period. So several changes in one period are one after another, and each credit knows what its own line was
//! billed.

mod destination;
mod present;
mod work;

use super::amount::DecimalAmount;
use super::share::{GridCell, Period, Reference, Share};
use super::terms::Terms;
use crate::calendar::Moment;
use crate::money::Fraction;
use rust_decimal::Decimal;
use std::rc::Rc;

/// What is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricePlan {
    /// For one unit, over the whole period.
    pub price: Decimal,
    /// How many units.
    pub quantity: Decimal,
    /// What comes off that.
    pub discount: Discount,
    /// What comes on top of it.
    pub taxes: Vec<PlanTax>,
    /// Terms of its own.
    pub terms: Option<Terms>,
}

/// A discount of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Discount {
    /// None.
    #[default]
    None,
    /// So much off the whole period.
    Amount(Decimal),
    /// This share off, as a fraction: 0.1 for 10 %.
    Rate(Decimal),
}

/// What becomes different of a plan; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanUpdate {
    /// Another price.
    pub price: Option<Decimal>,
    /// Another quantity.
    pub quantity: Option<Decimal>,
    /// Another discount, or none.
    pub discount: Option<Discount>,
    /// Other taxes.
    pub taxes: Option<Vec<PlanTax>>,
    /// Other terms.
    pub terms: Option<Terms>,
}

/// A tax of a plan, on top of its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTax {
    /// What it is called.
    pub name: Option<Box<str>>,
    /// As a fraction: 0.19 for 19 %.
    pub rate: Decimal,
}

/// When something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeTime {
    /// Then.
    At(Moment),
    /// When this share of the period is left.
    Unused(Fraction),
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
    /// When.
    pub when: ChangeTime,
    /// What.
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
    /// Since when it does. Absent: the start of the period.
    pub since: Option<Moment>,
    /// What it was billed for, without tax. Absent: what the terms charge for it.
    pub billed: Option<Decimal>,
    /// What of that was credited before.
    pub credited: Decimal,
    /// What of its bill, with tax, is still to be paid.
    pub open: Decimal,
    /// Tax rates of 1 (100 %) and more are no mistakes.
    pub allow_tax_rate_from_1: bool,
    /// The changes, the earlier first.
    pub events: Vec<PlanChange>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// What is left of a plan goes back; negative.
    Credit,
    /// A plan for the rest of the period.
    Charge,
    /// The difference of the two.
    Net,
    /// A plan for the time that a credit pays for: of no amount.
    Time,
    /// The difference between the rounded sum and the sum of rounded lines.
    Rounding,
}

/// A line of a memo or an invoice to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    /// What it is.
    pub kind: LineKind,
    /// The change that it comes from; absent for a line of rounding.
    pub change: Option<usize>,
    /// The change that charged what it credits; absent for what was billed before, and for what credits nothing.
    pub of: Option<usize>,
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
    /// Its discount, of the other sign.
    pub discount: DecimalAmount,
    /// The sum of both, without tax.
    pub amount: DecimalAmount,
    /// That before it was rounded.
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
    /// The amount.
    pub amount: DecimalAmount,
    /// What was credited before for days on which the plan rested: these were not served.
    pub paused: DecimalAmount,
    /// Which share of the period that is.
    pub share: Share,
    /// The parts of the grid that it consists of.
    pub cells: Vec<GridCell>,
}

/// Where the credits of what was billed before go, with their taxes. What takes back a charge of the same changes makes
/// that less; where more is taken back than charged, the rest is a credit, too, but none of the bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CreditDestinations {
    /// They settle the bill that they credit.
    pub billed: DecimalAmount,
    /// They settle what is charged.
    pub charges: DecimalAmount,
    /// They go back to who paid.
    pub refund: DecimalAmount,
    /// They stay on account.
    pub account: DecimalAmount,
}

/// What runs after the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningPlanSummary {
    /// The plan.
    pub plan: Rc<PricePlan>,
    /// Since when; absent where that was not said.
    pub since: Option<Moment>,
    /// What it was billed for, without tax.
    pub billed: DecimalAmount,
    /// What of that has been credited.
    pub credited: DecimalAmount,
}

/// What comes of the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePreview {
    /// The lines, in the order of the changes, each credit before its charge, as the terms show them. All other figures
    /// are the same however these are shown.
    pub lines: Vec<ChangeLine>,
    /// The sum of credits, without tax; also of those that lines of a difference have in them.
    pub credit: DecimalAmount,
    /// The sum of charges, so too.
    pub charge: DecimalAmount,
    /// The sum of all lines, without tax.
    pub net: DecimalAmount,
    /// The sum of all taxes.
    pub tax: DecimalAmount,
    /// Both together.
    pub total: DecimalAmount,
    /// Where the credits go.
    pub credits: CreditDestinations,
    /// What is left to be paid of the charges, with tax and less what is taken back of them; never below zero.
    pub due: DecimalAmount,
    /// What runs then.
    pub running: Option<RunningPlanSummary>,
}

impl PlanEvent {
    /// The names of all kinds, as they cross the boundary.
    pub const NAMES: &[&str] = &["start", "change", "cancel", "pause", "resume"];
}

impl LineKind {
    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Charge => "charge",
            Self::Net => "net",
            Self::Time => "time",
            Self::Rounding => "rounding",
        }
    }
}
