//! The work on one request: change after change, line after line.

use super::line::{ChangeLine, LineKind, TimedShare, UnroundedLine};
use super::plan::PricePlan;
use super::request::{ChangeRequest, ChangeTime};
use super::running::RunningPlan;
use crate::calendar::Moment;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::Fraction;
use crate::prorate::amount::DecimalAmount;
use crate::prorate::period::{Period, Span};
use crate::prorate::reads::months_unread;
use crate::prorate::share::Share;
use crate::prorate::terms::{Interval, StubPosition, Terms};
use rust_decimal::Decimal;
use std::rc::Rc;

/// The work on one request.
pub(super) struct Timeline<'a> {
    pub request: &'a ChangeRequest,
    /// The amount of the item that billed the first plan, where a book knows it.
    pub item_amount: Option<Fraction>,
    /// The period, half-open.
    pub span: Option<Span>,
    pub months: u32,
    pub lines: Vec<ChangeLine>,
    /// When the last change was, or since when the first plan runs.
    pub last: Option<ChangeTime>,
    /// When the plan stops resting, where that is known.
    pub rests_until: Option<Moment>,
    /// Whether a credit has paid for time, so that the period has another end: nothing more can change in it.
    pub is_over: bool,
}

impl<'a> Timeline<'a> {
    /// The work on a request, before its first change.
    pub(super) fn new(request: &'a ChangeRequest, item_amount: Option<Decimal>) -> Result<Self> {
        let terms = &request.terms;
        let span = match request.period {
            Some(reference) => Some(terms.span(reference.period(terms)?, SiteField::Period)?),
            None => None,
        };
        if request.months.is_some() && !request.reads_months() {
            return Err(months_unread());
        }

        Ok(Self {
            request,
            item_amount: item_amount.map(Fraction::of),
            span,
            months: terms.months(request.period, request.months)?,
            lines: Vec::new(),
            last: None,
            rests_until: None,
            is_over: false,
        })
    }

    pub(super) const fn terms(&self) -> &Terms {
        &self.request.terms
    }

    #[inline(never)]
    pub(super) fn round(&self, exact: Fraction) -> Result<DecimalAmount> {
        DecimalAmount::round(exact, self.request.increment, self.terms())
    }

    /// The refusal of a moment where no period is stated that it could lie in.
    #[cold]
    pub(super) fn no_period(at: Moment) -> Error {
        let at = at.to_string().into();
        let period = Site::Command.field(SiteField::Period);
        Error::of(Reason::MomentWithoutPeriod { at }, &period)
    }

    /// Refuses a plan that nobody subscribes to.
    pub(super) fn check_plan(&self, plan: &PricePlan) -> Result<()> {
        if !self.request.allow_tax_rate_from_1 {
            plan.check_tax_rates()?;
        }
        plan.check_amounts()
    }

    /// The plan that runs before the first change, and what it was billed for.
    #[inline(never)]
    pub(super) fn first_plan(&self, plan: &PricePlan) -> Result<RunningPlan> {
        self.check_plan(plan)
            .map_err(|error| error.within(&Site::Command.field(SiteField::Plan)))?;

        // Where no time is stated, the plan runs for all of it. One that began within the period was billed as the rule
        // for a start says.
        let since = self.last.unwrap_or(ChangeTime::Unused(Fraction::ONE));
        let part = StubPosition::Leading;
        let billed = match self.request.billed {
            Some(billed) => Fraction::of(billed),
            None => {
                let worth = self.worth(plan, self.remaining_share(plan, since, part)?);
                self.charged(worth.net)?
            }
        };

        Ok(RunningPlan {
            plan: Rc::new(plan.clone()),
            change: None,
            since,
            part,
            billed,
            credited: Fraction::of(self.request.credited),
            pauses: Vec::new(),
        })
    }

    /// What the first plan was charged for an exact amount: the amount of the item that billed it, if that is the same,
    /// rounded by a rule of its own; else as the terms round. A credit of all of it then gives back what was billed.
    fn charged(&self, exact: Fraction) -> Result<Fraction> {
        match self.item_amount {
            Some(item_amount) if self.rounds_to(exact, item_amount) => Ok(item_amount),
            _ => Ok(self.round(exact)?.exact()),
        }
    }

    /// Whether some rule rounds an exact amount to `rounded`: all of them stay within an increment of it.
    pub(super) fn rounds_to(&self, exact: Fraction, rounded: Fraction) -> bool {
        let deviation = exact.minus(rounded);
        let deviation = deviation.at_least(deviation.negated());
        Fraction::of(self.request.increment).exceeds(deviation)
    }

    /// A plan starts at `when`, by the change with this index: it is charged for the rest of the period.
    #[inline(never)]
    pub(super) fn start_plan(
        &mut self,
        index: usize,
        plan: Rc<PricePlan>,
        when: ChangeTime,
        part: StubPosition,
    ) -> Result<RunningPlan> {
        let worth = self.worth(&plan, self.remaining_share(&plan, when, part)?);

        let mut line = self.line(LineKind::Charge, &plan, self.service(when, None), worth)?;
        line.change = Some(index);
        line.taxes = self.taxes_on(&plan, line.amount)?;
        let billed = line.amount.exact();
        self.lines.push(line);

        // What this line charges is the bill of which a later change gives back.
        Ok(RunningPlan {
            plan,
            change: Some(index),
            since: when,
            part,
            billed,
            credited: Fraction::ZERO,
            pauses: Vec::new(),
        })
    }

    /// The terms of a plan.
    pub(super) fn terms_of<'p>(&'p self, plan: &'p PricePlan) -> &'p Terms {
        plan.terms.as_ref().unwrap_or_else(|| self.terms())
    }

    /// Which share of `whole` a service is, by the terms of a plan, of which the rule for one part alone counts.
    #[inline(never)]
    pub(super) fn timed(
        &self,
        plan: &PricePlan,
        service: Span,
        whole: Span,
        part: StubPosition,
    ) -> Result<TimedShare> {
        // Half-open already: the terms must not move the ends again.
        let terms = Terms {
            interval: Interval::HalfOpen,
            end_shift_seconds: 0,
            ..self.terms_of(plan).with_rule_for(part)
        };
        let [service, whole] = [service, whole].map(|Span { from, to }| Period { from, to });

        let mut cells = Vec::new();
        let share = terms.share(service, Some(whole), self.months, Some(&mut cells))?;
        Ok(TimedShare { share, cells })
    }

    /// Which share of the period is left from `when` on: the share of which a plan that starts then is charged.
    #[inline(never)]
    pub(super) fn remaining_share(
        &self,
        plan: &PricePlan,
        when: ChangeTime,
        part: StubPosition,
    ) -> Result<TimedShare> {
        match (when, self.span) {
            (ChangeTime::At(from), Some(span)) => {
                self.timed(plan, Span { from, to: span.to }, span, part)
            }
            (ChangeTime::Unused(unused), _) => Ok(TimedShare::stated(Share::stated(unused))),
            // Cannot be: a moment without a period is refused before.
            (ChangeTime::At(_), None) => Ok(TimedShare::stated(Share::WHOLE)),
        }
    }

    /// The time from `from` to `to`, or to the end of the period; absent where that was not said.
    pub(super) fn service(&self, from: ChangeTime, to: Option<Moment>) -> Option<Span> {
        match (from, self.span) {
            (ChangeTime::At(from), Some(span)) => Some(Span {
                from,
                to: to.unwrap_or(span.to),
            }),
            _ => None,
        }
    }

    /// A half-open span as the terms write it.
    pub(super) fn written(&self, span: Option<Span>) -> Result<Option<Period>> {
        match span {
            Some(span) => self.terms().written(span).map(Some),
            None => Ok(None),
        }
    }

    /// What a plan costs for a part of its period.
    #[inline(never)]
    pub(super) fn worth(&self, plan: &PricePlan, timed: TimedShare) -> UnroundedLine {
        let terms = self.terms_of(plan);
        let gross = terms.price_of_part(plan.gross(), &timed.share);
        let net = terms.price_of_part(plan.net(), &timed.share);
        UnroundedLine::new(timed, gross, net)
    }

    /// A line of a plan, rounded, without its taxes and the change that it comes from.
    #[inline(never)]
    pub(super) fn line(
        &self,
        kind: LineKind,
        plan: &Rc<PricePlan>,
        service: Option<Span>,
        worth: UnroundedLine,
    ) -> Result<ChangeLine> {
        // Each of the two is what `prorate` says of its price, and the discount is their difference
        // (changes-of-plan.md, "A discount of a plan").
        let (amount, gross) = (self.round(worth.net)?, self.round(worth.gross)?);
        let discount = self.round(amount.exact().minus(gross.exact()))?;

        let mut line = ChangeLine {
            kind,
            change: None,
            charged_by: None,
            is_credited: false,
            service: self.written(service)?,
            plan: Some(Rc::clone(plan)),
            share: worth.timed.share,
            cells: worth.timed.cells,
            gross,
            discount,
            amount,
            exact: worth.net,
            taxes: Vec::new(),
            cap: worth.cap,
            cost: worth.cost,
            sides: None,
            sentence: String::new(),
        };

        line.sentence = self.sentence(&line);
        Ok(line)
    }

    /// The taxes of a plan on an amount, each rounded.
    fn taxes_on(&self, plan: &PricePlan, amount: DecimalAmount) -> Result<Vec<DecimalAmount>> {
        let amount = amount.exact();
        plan.taxes
            .iter()
            .map(|tax| self.round(amount.times(Fraction::of(tax.rate))))
            .collect()
    }
}
