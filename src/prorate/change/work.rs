//! The work on one request: change after change, line after line.

use super::{
    ChangeLine, ChangePreview, ChangeRequest, ChangeTime, Cost, Discount, LineKind, PlanChange,
    PlanEvent, PlanTax, PlanUpdate, PricePlan, RunningPlanSummary,
};
use crate::calendar::{Anchor, Every, Moment};
use crate::error::{Error, Path, Reason, Result, Site};
use crate::money::Fraction;
use crate::money::text::write_decimal;
use crate::prorate::amount::{AmountText, DecimalAmount, FractionText, UnitsText, check_increment};
use crate::prorate::share::{GridCell, Period, Share, Span, fits, months_unread};
use crate::prorate::stub::StubText;
use crate::prorate::terms::{
    ChangeDayOwner, CreditBase, CreditFormula, CreditFrom, Destination, DiscountCredit, Grid,
    Interval, Stage, Stub, StubPosition, Terms,
};
use rust_decimal::Decimal;
use std::fmt::{self, Write};
use std::rc::Rc;

/// A plan that runs.
pub(super) struct RunningPlan {
    pub plan: Rc<PricePlan>,
    /// The change that it began with; absent for one that ran before.
    pub place: Option<usize>,
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
    span: Option<Span>,
    share: Share,
    credited: Fraction,
    discount: Fraction,
}

/// What was credited for all pauses of a plan, and the discount that went back with it.
struct Paused {
    credited: Fraction,
    discount: Fraction,
}

impl RunningPlan {
    fn paused(&self) -> Paused {
        let none = Paused {
            credited: Fraction::ZERO,
            discount: Fraction::ZERO,
        };
        self.pauses.iter().fold(none, |sum, pause| Paused {
            credited: sum.credited.plus(pause.credited),
            discount: sum.discount.plus(pause.discount),
        })
    }
}

/// A share of the period, and of which cells it consists.
#[derive(Clone)]
pub(super) struct TimedShare {
    pub share: Share,
    pub cells: Vec<GridCell>,
}

/// What a line is worth before it is rounded.
pub(super) struct UnroundedLine {
    pub timed: TimedShare,
    /// Before the discount. Each of the two is rounded, and the discount is their difference.
    pub gross: Fraction,
    pub net: Fraction,
    cap: Option<Fraction>,
    cost: Option<Cost>,
}

impl PricePlan {
    fn changed(&self, changed: &PlanUpdate) -> Self {
        let PlanUpdate {
            price,
            quantity,
            discount,
            taxes,
            terms,
        } = changed;
        Self {
            price: price.unwrap_or(self.price),
            quantity: quantity.unwrap_or(self.quantity),
            discount: discount.unwrap_or(self.discount),
            taxes: taxes.as_ref().unwrap_or(&self.taxes).clone(),
            terms: terms.or(self.terms),
        }
    }

    /// For the whole period, before the discount.
    #[inline(never)]
    fn gross(&self) -> Fraction {
        Fraction::of(self.price).times(Fraction::of(self.quantity))
    }

    /// What comes off that.
    #[inline(never)]
    fn discount(&self) -> Fraction {
        match self.discount {
            Discount::None => Fraction::ZERO,
            Discount::Amount(amount) => Fraction::of(amount),
            Discount::Rate(rate) => self.gross().times(Fraction::of(rate)),
        }
    }

    /// Refuses what nobody subscribes to: fewer than no units, and a discount that takes more than there is, or adds.
    /// Refuses taxes of 100 % and more as well, unless they are allowed: 19 for 19 % is the commonest slip.
    fn check(&self, request: &ChangeRequest) -> Result<()> {
        self.check_taxes(request)?;
        self.check_amounts()
    }

    fn check_taxes(&self, request: &ChangeRequest) -> Result<()> {
        let is_slip = |tax: &PlanTax| tax.rate >= Decimal::ONE && !request.allow_tax_rate_from_1;
        let Some((place, tax)) = self.taxes.iter().enumerate().find(|(_, tax)| is_slip(tax)) else {
            return Ok(());
        };
        let taxes = Path::Root.field("taxes");
        let tax_path = taxes.index(place);
        let rate = write_decimal(tax.rate).into();
        Err(Error::of(
            Reason::TaxRateTooHigh { rate },
            &tax_path.field("rate"),
        ))
    }

    fn check_amounts(&self) -> Result<()> {
        if self.quantity.is_sign_negative() && !self.quantity.is_zero() {
            let quantity = write_decimal(self.quantity).into();
            let reason = Reason::QuantityNegative { quantity };
            return Err(Error::of(reason, &Path::Root.field("quantity")));
        }
        let stated = match self.discount {
            Discount::None => return Ok(()),
            Discount::Amount(stated) | Discount::Rate(stated) => stated,
        };
        let off = self.discount();
        if within(off, self.gross()) == off {
            return Ok(());
        }
        let discount = write_decimal(stated).into();
        let reason = Reason::DiscountBeyondPlan { discount };
        Err(Error::of(reason, &Path::Root.field("discount")))
    }

    /// For the whole period, after the discount.
    pub(super) fn net(&self) -> Fraction {
        self.gross().minus(self.discount())
    }
}

impl TimedShare {
    pub(super) const fn stated(share: Share) -> Self {
        Self {
            share,
            cells: Vec::new(),
        }
    }
}

impl UnroundedLine {
    const fn of(timed: TimedShare, net: Fraction) -> Self {
        Self {
            timed,
            gross: net,
            net,
            cap: None,
            cost: None,
        }
    }

    /// At most what is open of a line that was billed `billed`.
    #[inline(never)]
    fn capped(self, billed: Fraction, open: Fraction) -> Self {
        // More than was billed has been credited already: then nothing is left.
        let is_over = open.is_negative() != billed.is_negative();
        let net = within(self.net, if is_over { Fraction::ZERO } else { open });
        if net == self.net {
            self
        } else {
            Self {
                net,
                gross: net,
                cap: Some(open),
                ..self
            }
        }
    }

    #[inline(never)]
    fn negated(self) -> Self {
        Self {
            net: self.net.negated(),
            gross: self.gross.negated(),
            ..self
        }
    }
}

/// From zero to `most`, on the side of zero where `most` is.
fn within(value: Fraction, most: Fraction) -> Fraction {
    if most.is_negative() {
        within(value.negated(), most.negated()).negated()
    } else {
        value.at_least(Fraction::ZERO).at_most(most)
    }
}

/// The work on one request.
pub(super) struct Timeline<'a> {
    pub request: &'a ChangeRequest,
    /// The period, half-open.
    span: Option<Span>,
    months: u32,
    pub lines: Vec<ChangeLine>,
    /// The period has another end now: nothing more can change in it.
    pub is_over: bool,
}

impl ChangeRequest {
    /// Says what comes of the changes.
    ///
    /// # Errors
    /// `invalidTerms`; `amountNotPositive` for facts of another sign than the price; `missingField` for a change
    /// without a period that does not say what is left of it; `invalidPeriod` for changes out of order or outside the
    /// period; `invalidStatus` for one that does not fit what runs; `outOfRange`; those of [`Terms::share`].
    pub fn preview(&self) -> Result<ChangePreview> {
        self.terms.check()?;
        check_increment(self.increment)?;
        let period = self
            .period
            .map(|reference| reference.period(&self.terms))
            .transpose()?;
        let span = period
            .map(|period| self.terms.span(period, "period"))
            .transpose()?;
        if self.months.is_some() && !self.reads_months() {
            return Err(months_unread());
        }
        let months = self.terms.months(self.period, self.months)?;
        let mut work = Timeline {
            request: self,
            span,
            months,
            lines: Vec::new(),
            is_over: false,
        };
        if let Some(plan) = &self.plan {
            self.check_signs(plan)?;
        }
        let begin = span.map(|span| ChangeTime::At(span.from));
        let since = work.since()?;
        let mut running = self
            .plan
            .as_ref()
            .map(|plan| work.first(plan, since.or(begin)))
            .transpose()?;
        let mut resting = None;
        let mut last = since.or(begin);
        // Until when the plan rests, where that is known.
        let mut rests = None;
        for (place, event) in self.events.iter().enumerate() {
            let changes = Path::Root.field("changes");
            let path = changes.index(place);
            if let (ChangeTime::Unused(unused), Some(_)) = (event.when, self.terms.rate_scale) {
                let unused = unused.to_string().into();
                let reason = Reason::UnusedAndRoundedRate { unused };
                return Err(Error::of(reason, &path.field("unused")));
            }
            let when = work.moved(event.when, &event.kind)?;
            work.check_order(last, when, &path)?;
            work.check_can_change(rests, event.when, &path)?;
            last = Some(when);
            if let PlanEvent::Pause(until) = event.kind {
                rests = until;
            }
            let plan_at = |error: Error| {
                if error.path().is_empty() {
                    error.at(&path)
                } else {
                    error
                }
            };
            let next = work
                .happens(place, &path, event, when, running.take(), &mut resting)
                .map_err(plan_at)?;
            running = next;
        }
        work.finish(running)
    }

    /// Whether the terms of any plan ask for how many months the prices are.
    fn reads_months(&self) -> bool {
        let changed = self.events.iter().filter_map(|event| match &event.kind {
            PlanEvent::Start(plan) => Some(plan.terms),
            PlanEvent::Switch(changed) => changed.terms.map(Some),
            PlanEvent::Cancel | PlanEvent::Pause(_) | PlanEvent::Resume => None,
        });
        let mut all = self.plan.iter().map(|plan| plan.terms).chain(changed);
        all.any(|terms| terms.unwrap_or(self.terms).reads_months())
    }

    /// Refuses facts of a bill that have another sign than its price: they are slips.
    fn check_signs(&self, plan: &PricePlan) -> Result<()> {
        let facts = [
            ("billed", self.billed.unwrap_or_default()),
            ("credited", self.credited),
            ("open", self.open),
        ];
        let is_owed = !plan.price.is_sign_negative() || plan.price.is_zero();
        for (field, fact) in facts {
            if !fact.is_zero() && fact.is_sign_negative() == is_owed {
                let amount = write_decimal(fact).into();
                let reason = if is_owed {
                    Reason::BelowZeroUnlikePrice { amount }
                } else {
                    Reason::AboveZeroUnlikePrice { amount }
                };
                return Err(Error::of(reason, &Path::Root.field(field)));
            }
        }
        Ok(())
    }
}

impl Timeline<'_> {
    pub(super) const fn terms(&self) -> &Terms {
        &self.request.terms
    }

    #[inline(never)]
    pub(super) fn round(&self, exact: Fraction) -> Result<DecimalAmount> {
        DecimalAmount::round(exact, self.request.increment, self.terms())
    }

    /// Since when the plan runs that does before the first change, if that is said: within the period.
    fn since(&self) -> Result<Option<ChangeTime>> {
        let Some(since) = self.request.since else {
            return Ok(None);
        };
        let Some(span) = self.span else {
            return Err(self.no_period(since));
        };
        let (is_early, is_late) = (
            self.terms().is_before(since, span.from),
            self.terms().is_before(span.to, since),
        );
        if (is_early || is_late) && !self.terms().clamp {
            let [from, to, moment] =
                [span.from, span.to, since].map(|moment| moment.to_string().into());
            let reason = Reason::OutsidePeriod { from, to, moment };
            return Err(Error::of(reason, &Path::Root.field("since")));
        }
        Ok(Some(ChangeTime::At(if is_early {
            span.from
        } else {
            since
        })))
    }

    /// The plan that runs before the first change, and what it was billed for.
    #[inline(never)]
    fn first(&self, plan: &PricePlan, since: Option<ChangeTime>) -> Result<RunningPlan> {
        plan.check(self.request)
            .map_err(|error| error.within(&Path::Root.field("plan")))?;
        let since = since.unwrap_or(ChangeTime::Unused(Fraction::ONE));
        let part = StubPosition::Leading;
        let billed = match self.request.billed {
            Some(billed) => Fraction::of(billed),
            None => self
                .round(self.worth(plan, self.left(plan, since, part)?)?.net)?
                .exact(),
        };
        let (plan, credited) = (Rc::new(plan.clone()), Fraction::of(self.request.credited));
        Ok(RunningPlan {
            plan,
            place: None,
            since,
            part,
            billed,
            credited,
            pauses: Vec::new(),
        })
    }

    /// The moment from which a change counts: the day after it, if its own belongs to the old plan.
    fn moved(&self, when: ChangeTime, kind: &PlanEvent) -> Result<ChangeTime> {
        match when {
            ChangeTime::At(Moment::Day(day))
                if self.terms().change_day == ChangeDayOwner::Old
                    && !matches!(kind, PlanEvent::Start(_)) =>
            {
                fits(day.plus_days(1)).map(|next| ChangeTime::At(Moment::Day(next)))
            }
            when => Ok(when),
        }
    }

    /// A moment says nothing of a period that nobody knows.
    #[cold]
    fn no_period(&self, at: Moment) -> Error {
        let at = at.to_string().into();
        let period = Path::Root.field("period");
        Error::of(Reason::MomentWithoutPeriod { at }, &period)
    }

    /// Changes come in their order, and within the period.
    #[inline(never)]
    fn check_order(
        &self,
        last: Option<ChangeTime>,
        when: ChangeTime,
        path: &Path<'_>,
    ) -> Result<()> {
        if let ChangeTime::Unused(unused) = when
            && (unused.is_negative() || unused.exceeds(Fraction::ONE))
        {
            let path = path.field("unused");
            let unused = unused.to_string().into();
            return Err(Error::of(Reason::UnusedOutOfRange { unused }, &path));
        }
        let reason = match (last, when, self.span) {
            (_, ChangeTime::At(at), None) => return Err(self.no_period(at)),
            _ if self.terms().clamp => return Ok(()),
            (Some(ChangeTime::At(last)), ChangeTime::At(at), _)
                if self.terms().is_before(at, last) =>
            {
                let [last, at] = [last, at].map(|moment| moment.to_string().into());
                Reason::ChangeTooEarly { last, at }
            }
            (_, ChangeTime::At(at), Some(span)) if self.terms().is_before(span.to, at) => {
                let [end, at] = [span.to, at].map(|moment| moment.to_string().into());
                Reason::ChangeTooLate { end, at }
            }
            (Some(ChangeTime::Unused(last)), ChangeTime::Unused(unused), _)
                if unused.exceeds(last) =>
            {
                let [last, unused] = [last, unused].map(|share| share.to_string().into());
                Reason::UnusedGrows { last, unused }
            }
            _ => return Ok(()),
        };
        Err(Error::of(reason, &path.field("at")))
    }

    /// Nothing changes while a plan rests until a moment that is known, or once the period has another end.
    fn check_can_change(
        &self,
        rests: Option<Moment>,
        when: ChangeTime,
        path: &Path<'_>,
    ) -> Result<()> {
        if let (Some(until), ChangeTime::At(at)) = (rests, when)
            && self.terms().is_before(at, until)
        {
            let [until, at] = [until, at].map(|moment| moment.to_string().into());
            let reason = Reason::ChangeDuringPause { until, at };
            return Err(Error::of(reason, &path.field("at")));
        }
        if self.is_over {
            return Err(Error::of(Reason::ChangeAfterTime {}, path));
        }
        Ok(())
    }

    /// What a change, at `change` of the request, makes of the plan that runs.
    fn happens(
        &mut self,
        place: usize,
        change: &Path<'_>,
        event: &PlanChange,
        when: ChangeTime,
        running: Option<RunningPlan>,
        resting: &mut Option<Rc<PricePlan>>,
    ) -> Result<Option<RunningPlan>> {
        let reason = match (&event.kind, running) {
            (PlanEvent::Start(plan), None) => {
                let path = change.field("plan");
                plan.check(self.request)
                    .map_err(|error| error.within(&path))?;
                return self
                    .begins(place, Rc::new(plan.clone()), when, StubPosition::Leading)
                    .map(Some);
            }
            (PlanEvent::Switch(changed), Some(active)) => {
                let plan = Rc::new(active.plan.changed(changed));
                plan.check(self.request)
                    .map_err(|error| error.within(change))?;
                self.ends(place, active, when, None, StubPosition::Any)?;
                let active = self.begins(place, plan, when, StubPosition::Any)?;
                return match self.terms().destination {
                    Destination::Time if self.is_pair(place) => self.extend(active).map(Some),
                    _ => Ok(Some(active)),
                };
            }
            (PlanEvent::Cancel, Some(active)) => {
                return self
                    .ends(place, active, when, None, StubPosition::Trailing)
                    .map(|_| None);
            }
            (PlanEvent::Pause(until), Some(active)) => {
                let active = self.pauses(place, change, active, when, *until)?;
                if until.is_none() {
                    *resting = Some(active.plan);
                    return Ok(None);
                }
                return Ok(Some(active));
            }
            (PlanEvent::Resume, None) => match resting.take() {
                Some(plan) => return self.begins(place, plan, when, StubPosition::Any).map(Some),
                None => Reason::NothingPauses {},
            },
            (PlanEvent::Start(_), Some(_)) => Reason::PlanRuns {},
            (PlanEvent::Resume, Some(_)) => Reason::NothingPauses {},
            (PlanEvent::Switch(_) | PlanEvent::Cancel | PlanEvent::Pause(_), None) => {
                Reason::NoPlanRuns {}
            }
        };
        Err(Error::of(reason, &Site::Command))
    }

    /// Whether the last two lines are what one change credits and charges.
    fn is_pair(&self, change: usize) -> bool {
        matches!(&self.lines[..], [.., credit, _] if credit.change == Some(change))
    }

    /// A plan rests, until a moment if that is known; what comes after the period was not billed in it.
    fn pauses(
        &mut self,
        place: usize,
        change: &Path<'_>,
        active: RunningPlan,
        when: ChangeTime,
        until: Option<Moment>,
    ) -> Result<RunningPlan> {
        if let (Some(until), ChangeTime::At(at)) = (until, when)
            && self.terms().is_before(until, at)
        {
            let [at, until] = [at, until].map(|moment| moment.to_string().into());
            let reason = Reason::PauseReversed { at, until };
            return Err(Error::of(reason, &change.field("until")));
        }
        let end = self.span.map(|span| span.to);
        let in_period = until.map(|until| {
            end.filter(|end| self.terms().is_before(*end, until))
                .unwrap_or(until)
        });
        self.ends(place, active, when, in_period, StubPosition::Any)
    }

    /// The word before an end, as the terms write it.
    pub(super) const fn before(&self) -> &'static str {
        if matches!(self.terms().interval, Interval::Closed) {
            ""
        } else {
            "before "
        }
    }

    /// A half-open span as the terms write it.
    pub(super) fn shown(&self, span: Option<Span>) -> Result<Option<Period>> {
        let Some(Span { from, to }) = span else {
            return Ok(None);
        };
        let to = match to {
            Moment::Day(day) if self.terms().interval == Interval::Closed => {
                Moment::Day(fits(day.plus_days(-1))?)
            }
            to => to,
        };
        Ok(Some(Period { from, to }))
    }

    /// The terms of a plan.
    fn own_terms<'a>(&'a self, plan: &'a PricePlan) -> &'a Terms {
        plan.terms.as_ref().unwrap_or_else(|| self.terms())
    }

    /// Which share of `whole` a service is, by the terms of a plan, of which the rule for one part alone counts.
    #[inline(never)]
    fn timed(
        &self,
        plan: &PricePlan,
        service: Span,
        whole: Span,
        part: StubPosition,
    ) -> Result<TimedShare> {
        // Half-open already: the terms must not move the ends again.
        let own = *self.own_terms(plan);
        let terms = Terms {
            interval: Interval::HalfOpen,
            end_shift_seconds: 0,
            ..own.with_rule_for(part)
        };
        let period = |Span { from, to }: Span| Period { from, to };
        let mut cells = Vec::new();
        let share = terms.share(
            period(service),
            Some(period(whole)),
            self.months,
            Some(&mut cells),
        )?;
        Ok(TimedShare { share, cells })
    }

    /// Which share of the period is left from `when` on.
    #[inline(never)]
    fn left(&self, plan: &PricePlan, when: ChangeTime, part: StubPosition) -> Result<TimedShare> {
        match (when, self.span) {
            (ChangeTime::At(from), Some(span)) => {
                self.timed(plan, Span { from, to: span.to }, span, part)
            }
            (ChangeTime::Unused(unused), _) => Ok(TimedShare::stated(Share::stated(unused))),
            (ChangeTime::At(_), None) => Ok(TimedShare::stated(Share::WHOLE)),
        }
    }

    /// What a plan costs for a part of its period.
    #[inline(never)]
    pub(super) fn worth(&self, plan: &PricePlan, timed: TimedShare) -> Result<UnroundedLine> {
        let terms = self.own_terms(plan);
        let gross = terms.part_of(plan.gross(), &timed.share)?;
        let net = terms.part_of(plan.net(), &timed.share)?;
        Ok(UnroundedLine {
            gross,
            ..UnroundedLine::of(timed, net)
        })
    }

    /// The time from `from` to `to`, or to the end of the period.
    fn service(&self, from: ChangeTime, to: Option<Moment>) -> Option<Span> {
        match (from, self.span) {
            (ChangeTime::At(from), Some(span)) => Some(Span {
                from,
                to: to.unwrap_or(span.to),
            }),
            _ => None,
        }
    }

    /// A plan begins: it is charged for the rest of the period.
    #[inline(never)]
    fn begins(
        &mut self,
        place: usize,
        plan: Rc<PricePlan>,
        when: ChangeTime,
        part: StubPosition,
    ) -> Result<RunningPlan> {
        let worth = self.worth(&plan, self.left(&plan, when, part)?)?;
        let service = self.shown(self.service(when, None))?;
        let billed = self.push(LineKind::Charge, place, &plan, service, worth)?;
        Ok(RunningPlan {
            plan,
            place: Some(place),
            since: when,
            part,
            billed,
            credited: Fraction::ZERO,
            pauses: Vec::new(),
        })
    }

    /// A plan ends, or pauses until `until`: what is left of it is credited, where its rule says what the `part` of
    /// the period up to there costs. Answers the line with that credited.
    fn ends(
        &mut self,
        place: usize,
        mut active: RunningPlan,
        when: ChangeTime,
        until: Option<Moment>,
        part: StubPosition,
    ) -> Result<RunningPlan> {
        let Some(from) = self.credit_from(when)? else {
            return Ok(active);
        };
        if let (ChangeTime::At(from), Some(until)) = (from, until)
            && self.terms().is_before(until, from)
        {
            // The plan goes on before anything of it is credited.
            return Ok(active);
        }

        let mut worth = self.unserved(&active, from, until, part)?;
        if self.terms().cap {
            worth = worth.capped(active.billed, active.billed.minus(active.credited));
        }
        let (span, share) = (self.service(from, until), worth.timed.share);
        let amount = self.push(
            LineKind::Credit,
            place,
            &active.plan,
            self.shown(span)?,
            worth.negated(),
        )?;
        let credited = active.credited.minus(amount);
        let discount = self.credit_taxes(&active, credited)?;

        active.credited = credited;
        if until.is_some() {
            active.pauses.push(Pause {
                span,
                share,
                credited: amount.negated(),
                discount,
            });
        }
        Ok(active)
    }

    /// From when on is credited; `None` for never.
    #[inline(never)]
    fn credit_from(&self, when: ChangeTime) -> Result<Option<ChangeTime>> {
        match (self.terms().credit_from, when, self.span) {
            (CreditFrom::Never, ..) => Ok(None),
            (CreditFrom::NextMonth, ChangeTime::At(at), Some(span)) => {
                let (anchor, month) = (Anchor::new(span.from.day()), Every::Months(1));
                let next = anchor
                    .number_from(month, at.day())
                    .and_then(|number| anchor.boundary(month, number));
                let next = Moment::Day(fits(next)?);
                Ok(Some(ChangeTime::At(if span.to.is_before(next) {
                    span.to
                } else {
                    next
                })))
            }
            _ => Ok(Some(when)),
        }
    }

    /// What the time not served is worth.
    #[inline(never)]
    fn unserved(
        &self,
        active: &RunningPlan,
        from: ChangeTime,
        until: Option<Moment>,
        part: StubPosition,
    ) -> Result<UnroundedLine> {
        let plan = &*active.plan;
        let service = self.service(from, until);
        if self.terms().credit_base == CreditBase::Billed {
            return self.unserved_of_bill(active, from, until, part);
        }
        let all = self.left(plan, active.since, active.part)?.share;
        let mut left = match (until, service, self.span) {
            (Some(_), Some(service), Some(span)) => {
                self.timed(plan, service, span, StubPosition::Any)?
            }
            _ => self.left(plan, from, StubPosition::Any)?,
        };
        // The share served. Where it is a time, it is counted, and not what the others leave: where terms round factors
        // or count both ends, these differ.
        let served = match (until, active.since, from, self.span) {
            (None, ChangeTime::At(from), ChangeTime::At(to), Some(span)) => {
                self.timed(plan, Span { from, to }, span, part)?
            }
            _ => TimedShare::stated(Share::stated(all.factor.minus(left.share.factor))),
        };
        if served.share.part != StubPosition::Any {
            left.share = Share {
                factor: all.factor.minus(served.share.factor),
                part: served.share.part,
                ..left.share
            };
        }
        let served = self.without_pauses(active, from, served)?;
        let mut worth = self.worth(plan, left)?;

        // What is kept of the charge, and of its discount.
        let kept = self.worth(plan, served)?;
        let all = self.worth(plan, TimedShare::stated(all))?;
        let paused = active.paused();
        let mut kept_discount = kept.gross.minus(kept.net);
        let all_discount = all.gross.minus(all.net);
        if self.terms().discount == DiscountCredit::Keep
            && matches!(plan.discount, Discount::Amount(_))
        {
            kept_discount = within(kept.gross, all_discount);
            let given_back = all_discount.minus(kept_discount).minus(paused.discount);
            worth.net = worth.gross.minus(given_back);
        }
        if self.terms().credit_formula == CreditFormula::Residual {
            let amount = self.round(kept.gross.minus(kept_discount))?;
            worth.net = active.billed.minus(paused.credited).minus(amount.exact());
            let billed_discount = self.discount_of(all.gross, all_discount)?;
            let used_discount = self.discount_of(kept.gross, kept_discount)?;
            let discount = billed_discount.minus(used_discount).minus(paused.discount);
            // Three roundings can leave a step of it on the wrong side, where no discount is.
            let is_of_its_sign = discount.is_negative() == plan.gross().is_negative();
            worth.gross = if is_of_its_sign {
                worth.net.plus(discount)
            } else {
                worth.net
            };
            let TimedShare { share, cells } = kept.timed;
            worth.cost = Some(Cost {
                amount,
                paused: self.round(paused.credited)?,
                share,
                cells,
            });
        }
        Ok(worth)
    }

    /// What the time not served is worth as a share of what was billed.
    #[inline(never)]
    fn unserved_of_bill(
        &self,
        active: &RunningPlan,
        from: ChangeTime,
        until: Option<Moment>,
        part: StubPosition,
    ) -> Result<UnroundedLine> {
        let timed = self.share_of_bill(active, from, until, part)?;
        let net = active.billed.times(timed.share.factor);
        let mut worth = UnroundedLine::of(timed, net);
        if self.terms().credit_formula == CreditFormula::Residual {
            let paused = active
                .pauses
                .iter()
                .fold(Fraction::ZERO, |sum, pause| sum.plus(pause.share.factor));
            let served = Fraction::ONE.minus(worth.timed.share.factor).minus(paused);
            let share = Share::stated(served.at_least(Fraction::ZERO));
            let (amount, paused) = (active.billed.times(share.factor), active.paused().credited);
            let (amount, paused) = (self.round(amount)?, self.round(paused)?);
            let net = active.billed.minus(paused.exact()).minus(amount.exact());
            (worth.net, worth.gross) = (net, net);
            worth.cost = Some(Cost {
                amount,
                paused,
                share,
                cells: Vec::new(),
            });
        }
        Ok(worth)
    }

    /// Which share of the time that was billed is not served.
    fn share_of_bill(
        &self,
        active: &RunningPlan,
        from: ChangeTime,
        until: Option<Moment>,
        part: StubPosition,
    ) -> Result<TimedShare> {
        let plan = &*active.plan;
        let (Some(service), Some(line)) =
            (self.service(from, until), self.service(active.since, None))
        else {
            // Where the time was not said, of the share of the period that was billed.
            let all = self.left(plan, active.since, active.part)?.share.factor;
            let mut left = self.left(plan, from, StubPosition::Any)?;
            left.share.factor = if all.is_zero() {
                Fraction::ZERO
            } else {
                left.share.factor.over(all)
            };
            return Ok(left);
        };
        let mut timed = self.timed(plan, service, line, StubPosition::Any)?;
        // All of it is all that was billed, however its days are counted.
        if (service.from, service.to) == (line.from, line.to) {
            timed.share.factor = Fraction::ONE;
        }
        if until.is_none() && self.own_terms(plan).rule_for(part) != Stub::Prorate {
            let served = Span {
                from: line.from,
                to: service.from,
            };
            let served = self.timed(plan, served, line, part)?.share;
            if served.part != StubPosition::Any {
                timed.share.factor = Fraction::ONE.minus(served.factor);
                timed.share.part = served.part;
            }
        }
        Ok(timed)
    }

    /// The discount of a line: each of the two is rounded, and it is their difference.
    fn discount_of(&self, gross: Fraction, discount: Fraction) -> Result<Fraction> {
        let net = self.round(gross.minus(discount))?;
        Ok(self.round(gross)?.exact().minus(net.exact()))
    }

    /// The time served up to `to`, without the days that were credited because the plan rested: these were not served.
    #[inline(never)]
    fn without_pauses(
        &self,
        active: &RunningPlan,
        to: ChangeTime,
        served: TimedShare,
    ) -> Result<TimedShare> {
        if active.pauses.is_empty() {
            return Ok(served);
        }
        let (plan, TimedShare { mut share, cells }) = (&*active.plan, served);
        let length = share.length;
        let is_alike = active
            .pauses
            .iter()
            .all(|pause| pause.share.length == length);
        let [mut covered, mut factor] = [share.covered, share.factor];
        for pause in &active.pauses {
            covered = covered.minus(pause.share.covered);
            factor = factor.minus(pause.share.factor);
        }
        if is_alike {
            share.covered = covered;
        }
        share.factor = if is_alike && share.part == StubPosition::Any {
            // All that was served is rounded as one, where the terms round factors.
            self.own_terms(plan).finish(covered, length)?.factor
        } else {
            factor.at_least(Fraction::ZERO)
        };

        let cells = match (active.since, to, self.span) {
            (ChangeTime::At(from), ChangeTime::At(to), Some(whole)) if !cells.is_empty() => {
                self.cells_between(active, Span { from, to }, whole)?
            }
            _ => cells,
        };
        Ok(TimedShare { share, cells })
    }

    /// The cells of the stretches between pauses.
    fn cells_between(
        &self,
        active: &RunningPlan,
        served: Span,
        whole: Span,
    ) -> Result<Vec<GridCell>> {
        let (mut cells, mut from) = (Vec::new(), served.from);
        let pauses = active.pauses.iter().filter_map(|pause| pause.span);
        let end = Span {
            from: served.to,
            to: served.to,
        };
        for pause in pauses.chain([end]) {
            if self.terms().is_before(from, pause.from) {
                let stretch = Span {
                    from,
                    to: pause.from,
                };
                let timed = self.timed(&active.plan, stretch, whole, StubPosition::Any)?;
                cells.extend(timed.cells);
            }
            from = pause.to;
        }
        Ok(cells)
    }

    /// Adds a line, and answers its amount.
    #[inline(never)]
    fn push(
        &mut self,
        kind: LineKind,
        place: usize,
        plan: &Rc<PricePlan>,
        service: Option<Period>,
        worth: UnroundedLine,
    ) -> Result<Fraction> {
        let UnroundedLine {
            timed: TimedShare { share, cells },
            gross,
            net: exact,
            cap,
            cost,
        } = worth;
        let (amount, gross) = (self.round(exact)?, self.round(gross)?);
        let discount = self.round(amount.exact().minus(gross.exact()))?;
        let mut taxes = Vec::new();
        for tax in &plan.taxes {
            taxes.push(self.round(amount.exact().times(Fraction::of(tax.rate)))?);
        }
        let mut line = ChangeLine {
            kind,
            change: Some(place),
            of: None,
            is_credited: false,
            service,
            plan: Some(Rc::clone(plan)),
            share,
            cells,
            gross,
            discount,
            amount,
            exact,
            taxes,
            cap,
            cost,
            sides: None,
            sentence: String::new(),
        };
        line.sentence = self.sentence(&line);
        self.lines.push(line);
        Ok(amount.exact())
    }

    /// Taxes of the credit that was added: of each, what its tax on all that is credited now exceeds that on what was
    /// credited before. So a line that is credited whole, in however many steps, gives its whole tax back. Answers the
    /// discount that goes back with it.
    #[inline(never)]
    fn credit_taxes(&mut self, active: &RunningPlan, credited: Fraction) -> Result<Fraction> {
        let mut taxes = Vec::new();
        for tax in &active.plan.taxes {
            let billed = self
                .round(active.billed.times(Fraction::of(tax.rate)))?
                .exact();
            let upto = |credited: Fraction| {
                let share = if active.billed.is_zero() {
                    Fraction::ZERO
                } else {
                    credited.over(active.billed)
                };
                self.round(share.times(billed)).map(DecimalAmount::exact)
            };
            taxes.push(self.round(upto(active.credited)?.minus(upto(credited)?))?);
        }
        let Some(line) = self.lines.last_mut() else {
            return Ok(Fraction::ZERO);
        };
        line.taxes = taxes;
        line.of = active.place;
        Ok(line.discount.exact())
    }

    fn finish(mut self, running: Option<RunningPlan>) -> Result<ChangePreview> {
        let [mut credit, mut charge, mut net, mut exact, mut tax] = [Fraction::ZERO; 5];
        let add = |sum: &mut Fraction, amount: Fraction| *sum = sum.plus(amount);
        for line in &self.lines {
            let amount = line.amount.exact();
            add(&mut net, amount);
            add(&mut exact, line.exact);
            line.taxes
                .iter()
                .for_each(|amount| add(&mut tax, amount.exact()));
            match line.kind {
                LineKind::Credit => add(&mut credit, amount),
                LineKind::Charge => add(&mut charge, amount),
                LineKind::Net | LineKind::Time | LineKind::Rounding => {}
            }
        }
        if self.terms().stage == Stage::Invoice {
            let rounded = self.round(exact)?;
            self.push_rounding(rounded.exact().minus(net), exact.minus(net))?;
            net = rounded.exact();
        }

        let (credits, due) = self.settle_credits()?;
        let running = running.map(|active| self.running(active)).transpose()?;
        let lines = std::mem::take(&mut self.lines);
        Ok(ChangePreview {
            credits,
            due,
            credit: self.round(credit)?,
            charge: self.round(charge)?,
            net: self.round(net)?,
            tax: self.round(tax)?,
            total: self.round(net.plus(tax))?,
            running,
            lines: self.present(lines)?,
        })
    }

    /// Adds the difference between the rounded sum and the sum of rounded lines, if there is one.
    fn push_rounding(&mut self, amount: Fraction, exact: Fraction) -> Result<()> {
        if amount.is_zero() {
            return Ok(());
        }
        let amount = self.round(amount)?;
        self.lines.push(ChangeLine {
            kind: LineKind::Rounding,
            change: None,
            of: None,
            is_credited: false,
            service: None,
            plan: None,
            share: Share::stated(Fraction::ZERO),
            cells: Vec::new(),
            gross: amount,
            discount: self.round(Fraction::ZERO)?,
            amount,
            exact,
            taxes: Vec::new(),
            cap: None,
            cost: None,
            sides: None,
            sentence: format!("The sum is rounded as a whole: {amount}."),
        });
        Ok(())
    }

    /// The plan that runs after the last change.
    fn running(&self, active: RunningPlan) -> Result<RunningPlanSummary> {
        let since = match active.since {
            ChangeTime::At(moment) => Some(moment),
            ChangeTime::Unused(_) => None,
        };
        Ok(RunningPlanSummary {
            plan: active.plan,
            since,
            billed: self.round(active.billed)?,
            credited: self.round(active.credited)?,
        })
    }

    /// How a line came about, for people.
    #[inline(never)]
    pub(super) fn sentence(&self, line: &ChangeLine) -> String {
        let Share {
            covered,
            length,
            factor,
            ..
        } = line.share;
        let terms = line
            .plan
            .as_deref()
            .map_or(self.terms(), |plan| self.own_terms(plan));
        let money = |amount: Fraction| AmountText(amount, self.request.increment);
        let mut sentence = String::new();
        // Writing to a text cannot fail.
        let mut say = |text: fmt::Arguments<'_>| _ = sentence.write_fmt(text);
        let is_credit = line.kind == LineKind::Credit;
        say(format_args!(
            "{} for ",
            if is_credit { "Credit" } else { "Charge" }
        ));
        if let (Some(plan), Some(_)) = (&line.plan, line.sides) {
            let more = if is_credit { "fewer" } else { "more" };
            say(format_args!(
                "{} {more}, for ",
                UnitsText(Fraction::of(plan.quantity), "unit")
            ));
        }
        match line.service {
            _ if factor == Fraction::ONE && line.share.part == StubPosition::Any => {
                say(format_args!("the whole period"));
            }
            Some(_) if !line.cells.is_empty() => {
                let unit = if terms.grid == Grid::Month {
                    "month"
                } else {
                    terms.unit.as_str()
                };
                say(format_args!(
                    "{} of {}",
                    FractionText(covered),
                    UnitsText(length, unit)
                ));
            }
            _ => say(format_args!("{factor} of the period")),
        }
        if let Some(Period { from, to }) = line.service {
            say(format_args!(", from {from} to {}{to}", self.before()));
        }
        say(format_args!("{}: ", StubText(terms, &line.share)));
        if let (Some(cost), None) = (&line.cost, line.cap) {
            let kept = cost.amount.exact().plus(cost.paused.exact());
            let billed = line.exact.negated().plus(kept);
            say(format_args!("of {} billed, ", money(billed)));
            if cost.paused.steps() != 0 {
                say(format_args!("{} was credited for pauses and ", cost.paused));
            }
            say(format_args!("{} was used: ", cost.amount));
        }
        if let (Some([credit, charge]), true) = (line.sides, line.exact != line.amount.exact()) {
            say(format_args!(
                "{}, as {charge} less {}: ",
                FractionText(line.exact),
                credit.negated()
            ));
        } else if line.exact != line.amount.exact() {
            say(format_args!(
                "{}, rounded {}: ",
                FractionText(line.exact),
                self.terms().rounding.sentence()
            ));
        }
        say(format_args!("{}.", line.amount));
        if let Some(cap) = line.cap {
            say(format_args!(
                " No more than {} was left to be credited.",
                money(cap)
            ));
        }
        sentence
    }
}
