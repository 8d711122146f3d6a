//! The work on one request: change after change, line after line.

use super::{
    Change, Changed, Cost, Discount, Event, Kind, Line, LineKind, Plan, Preview, Running, When,
};
use crate::calendar::{Anchor, Every, Moment};
use crate::error::{Code, Error, Path, Result};
use crate::money::Fraction;
use crate::money::text::write_decimal;
use crate::prorate::amount::{Amount, Money, Plain, Units, check_increment};
use crate::prorate::share::{Cell, Period, Share, Span, fits};
use crate::prorate::stub::Rule;
use crate::prorate::terms::{
    CreditBase, CreditFormula, CreditFrom, Destination, DiscountCredit, Grid, Interval, Part,
    Present, Side, Stage, Stub, Terms,
};
use rust_decimal::Decimal;
use std::fmt::{self, Write};
use std::rc::Rc;

/// A plan that runs.
pub(super) struct Active {
    pub plan: Rc<Plan>,
    /// The change that it began with; absent for one that ran before.
    pub place: Option<usize>,
    pub since: When,
    /// Of which part of the period the rule said what it was billed.
    pub part: Part,
    pub billed: Fraction,
    pub credited: Fraction,
}

/// A share of the period, and of which cells it consists.
#[derive(Clone)]
struct Timed {
    share: Share,
    cells: Vec<Cell>,
}

/// What a line is worth before it is rounded.
struct Worth {
    timed: Timed,
    discount: Fraction,
    net: Fraction,
    cap: Option<Fraction>,
    cost: Option<Cost>,
    /// The credit and the charge in it.
    sides: Option<[Amount; 2]>,
    /// It is for so many units more or fewer than before.
    is_difference: bool,
}

impl Plan {
    fn changed(&self, changed: &Changed) -> Self {
        let Changed {
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
    fn check(&self) -> Result<()> {
        let refuse = |code, field, needed: &str, found: Decimal| {
            Err(Error::new(
                code,
                &Path::Root.field(field),
                needed,
                write_decimal(found),
            ))
        };
        if self.quantity.is_sign_negative() && !self.quantity.is_zero() {
            return refuse(Code::OutOfRange, "quantity", "zero or more", self.quantity);
        }
        let stated = match self.discount {
            Discount::None => return Ok(()),
            Discount::Amount(stated) | Discount::Rate(stated) => stated,
        };
        let off = self.discount();
        if within(off, self.gross()) == off {
            return Ok(());
        }
        let needed = "at most what the plan costs, and of its sign: a share from 0 to 1, or an amount up to that";
        refuse(Code::InvalidDiscount, "discount", needed, stated)
    }

    /// For the whole period, after the discount.
    pub(super) fn net(&self) -> Fraction {
        self.gross().minus(self.discount())
    }

    /// What the plan costs for a part of its period.
    #[inline(never)]
    fn worth(&self, timed: Timed) -> Worth {
        let factor = timed.share.factor;
        let discount = self.discount().times(factor);
        let net = self.gross().times(factor).minus(discount);
        Worth {
            discount,
            ..Worth::of(timed, net)
        }
    }
}

impl Timed {
    const fn stated(share: Share) -> Self {
        Self {
            share,
            cells: Vec::new(),
        }
    }
}

impl Worth {
    const fn of(timed: Timed, net: Fraction) -> Self {
        Self {
            timed,
            discount: Fraction::ZERO,
            net,
            cap: None,
            cost: None,
            sides: None,
            is_difference: false,
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
                discount: Fraction::ZERO,
                cap: Some(open),
                ..self
            }
        }
    }

    #[inline(never)]
    fn negated(self) -> Self {
        Self {
            net: self.net.negated(),
            discount: self.discount.negated(),
            ..self
        }
    }
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

/// From zero to `most`, on the side of zero where `most` is.
fn within(value: Fraction, most: Fraction) -> Fraction {
    if most.is_negative() {
        within(value.negated(), most.negated()).negated()
    } else {
        value.at_least(Fraction::ZERO).at_most(most)
    }
}

/// The work on one request.
pub(super) struct Work<'a> {
    pub request: &'a Change,
    /// The period, half-open.
    span: Option<Span>,
    months: u32,
    pub lines: Vec<Line>,
    /// The period has another end now: nothing more can change in it.
    pub is_over: bool,
}

impl Change {
    /// Says what comes of the changes.
    ///
    /// # Errors
    /// `invalidTerms`; `missingField` for a change without a period that does not say what is left of it;
    /// `invalidPeriod` for changes out of order or outside the period; `invalidStatus` for one that does not fit what
    /// runs; `outOfRange`; those of [`Terms::share`].
    pub fn preview(&self) -> Result<Preview> {
        self.terms.check()?;
        check_increment(self.increment)?;
        let period = self
            .period
            .map(|reference| reference.period(&self.terms))
            .transpose()?;
        let span = period
            .map(|period| self.terms.span(period, "period"))
            .transpose()?;
        let months = self.terms.months(self.period, self.months)?;
        let mut work = Work {
            request: self,
            span,
            months,
            lines: Vec::new(),
            is_over: false,
        };
        let begin = span.map(|span| When::At(span.from));
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
            let when = work.moved(event.when, &event.kind)?;
            work.check_order(last, when, &path)?;
            if let (Some(until), When::At(at)) = (rests, event.when)
                && self.terms.is_before(at, until)
            {
                let needed =
                    format!("a moment that is not before {until}, as the plan rests until then");
                return Err(Error::new(
                    Code::InvalidPeriod,
                    &path.field("at"),
                    needed,
                    at.to_string(),
                ));
            }
            if work.is_over {
                let needed =
                    "no change after one that is paid with time, which moves the end of the period";
                return Err(Error::new(Code::InvalidStatus, &path, needed, "one more"));
            }
            last = Some(when);
            if let Kind::Pause(until) = event.kind {
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
}

impl Work<'_> {
    pub(super) const fn terms(&self) -> &Terms {
        &self.request.terms
    }

    #[inline(never)]
    pub(super) fn round(&self, exact: Fraction) -> Result<Amount> {
        Amount::round(exact, self.request.increment, self.terms())
    }

    /// Since when the plan runs that does before the first change, if that is said: within the period.
    fn since(&self) -> Result<Option<When>> {
        let (Some(since), Some(span)) = (self.request.since, self.span) else {
            return Ok(self.request.since.map(When::At));
        };
        let (is_early, is_late) = (
            self.terms().is_before(since, span.from),
            self.terms().is_before(span.to, since),
        );
        if (is_early || is_late) && !self.terms().clamp {
            let needed = format!("a moment from {} to {}", span.from, span.to);
            return Err(Error::new(
                Code::InvalidPeriod,
                &Path::Root.field("since"),
                needed,
                since.to_string(),
            ));
        }
        Ok(Some(When::At(if is_early { span.from } else { since })))
    }

    /// The plan that runs before the first change, and what it was billed for.
    #[inline(never)]
    fn first(&self, plan: &Plan, since: Option<When>) -> Result<Active> {
        plan.check()
            .map_err(|error| error.within(&Path::Root.field("plan")))?;
        let since = since.unwrap_or(When::Unused(Fraction::ONE));
        let part = Part::Leading;
        let billed = match self.request.billed {
            Some(billed) => Fraction::of(billed),
            None => self
                .round(plan.worth(self.left(plan, since, part)?).net)?
                .exact(),
        };
        let (plan, credited) = (Rc::new(plan.clone()), Fraction::of(self.request.credited));
        Ok(Active {
            plan,
            place: None,
            since,
            part,
            billed,
            credited,
        })
    }

    /// The moment from which a change counts: the day after it, if its own belongs to the old plan.
    fn moved(&self, when: When, kind: &Kind) -> Result<When> {
        match when {
            When::At(Moment::Day(day))
                if self.terms().change_day == Side::Old && !matches!(kind, Kind::Start(_)) =>
            {
                fits(day.plus_days(1)).map(|next| When::At(Moment::Day(next)))
            }
            when => Ok(when),
        }
    }

    /// Changes come in their order, and within the period.
    #[inline(never)]
    fn check_order(&self, last: Option<When>, when: When, path: &Path<'_>) -> Result<()> {
        if let When::Unused(unused) = when
            && (unused.is_negative() || unused.exceeds(Fraction::ONE))
        {
            let path = path.field("unused");
            return Err(Error::new(
                Code::OutOfRange,
                &path,
                "a share from 0 to 1",
                unused.to_string(),
            ));
        }
        let (needed, found) = match (last, when, self.span) {
            (_, When::At(at), None) => {
                let needed = "a period, or what is left of it";
                return Err(Error::new(
                    Code::MissingField,
                    &Path::Root.field("period"),
                    needed,
                    at.to_string(),
                ));
            }
            _ if self.terms().clamp => return Ok(()),
            (Some(When::At(last)), When::At(at), _) if self.terms().is_before(at, last) => (
                format!("a moment that is not before {last}"),
                at.to_string(),
            ),
            (_, When::At(at), Some(span)) if self.terms().is_before(span.to, at) => (
                format!("a moment that is not after {}", span.to),
                at.to_string(),
            ),
            (Some(When::Unused(last)), When::Unused(unused), _) if unused.exceeds(last) => {
                (format!("at most {last}"), unused.to_string())
            }
            _ => return Ok(()),
        };
        Err(Error::new(
            Code::InvalidPeriod,
            &path.field("at"),
            needed,
            found,
        ))
    }

    /// What a change, at `change` of the request, makes of the plan that runs.
    fn happens(
        &mut self,
        place: usize,
        change: &Path<'_>,
        event: &Event,
        when: When,
        running: Option<Active>,
        resting: &mut Option<Rc<Plan>>,
    ) -> Result<Option<Active>> {
        let needed = match (&event.kind, running) {
            (Kind::Start(plan), None) => {
                let path = change.field("plan");
                plan.check().map_err(|error| error.within(&path))?;
                return self
                    .begins(place, Rc::new(plan.clone()), when, Part::Leading)
                    .map(Some);
            }
            (Kind::Switch(changed), Some(active)) => {
                let plan = Rc::new(active.plan.changed(changed));
                plan.check().map_err(|error| error.within(change))?;
                let ended = self.ends(place, active, when, None, Part::Any)?;
                let active = self.begins(place, plan, when, Part::Any)?;
                return self.present(place, &ended, active, changed).map(Some);
            }
            (Kind::Cancel, Some(active)) => {
                return self
                    .ends(place, active, when, None, Part::Trailing)
                    .map(|_| None);
            }
            (Kind::Pause(until), Some(active)) => {
                if let (Some(until), When::At(at)) = (*until, when)
                    && self.terms().is_before(until, at)
                {
                    let (path, needed) = (
                        change.field("until"),
                        format!("a moment that is not before {at}"),
                    );
                    return Err(Error::new(
                        Code::InvalidPeriod,
                        &path,
                        needed,
                        until.to_string(),
                    ));
                }
                // What comes after the period was not billed in it.
                let end = self.span.map(|span| span.to);
                let in_period = until.map(|until| {
                    end.filter(|end| self.terms().is_before(*end, until))
                        .unwrap_or(until)
                });
                let active = self.ends(place, active, when, in_period, Part::Any)?;
                if until.is_none() {
                    *resting = Some(active.plan);
                    return Ok(None);
                }
                return Ok(Some(active));
            }
            (Kind::Resume, None) => match resting.take() {
                Some(plan) => return self.begins(place, plan, when, Part::Any).map(Some),
                None => "a plan that rests",
            },
            (Kind::Start(_), Some(_)) => "no plan that runs",
            (Kind::Resume, Some(_)) => "a plan that rests",
            (Kind::Switch(_) | Kind::Cancel | Kind::Pause(_), None) => "a plan that runs",
        };
        Err(Error::general(Code::InvalidStatus, needed, "another state"))
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
    fn own_terms<'a>(&'a self, plan: &'a Plan) -> &'a Terms {
        plan.terms.as_ref().unwrap_or_else(|| self.terms())
    }

    /// Which share of `whole` a service is, by the terms of a plan, of which the rule for one part alone counts.
    #[inline(never)]
    fn timed(&self, plan: &Plan, service: Span, whole: Span, part: Part) -> Result<Timed> {
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
        Ok(Timed { share, cells })
    }

    /// Which share of the period is left from `when` on.
    #[inline(never)]
    fn left(&self, plan: &Plan, when: When, part: Part) -> Result<Timed> {
        match (when, self.span) {
            (When::At(from), Some(span)) => {
                self.timed(plan, Span { from, to: span.to }, span, part)
            }
            (When::Unused(unused), _) => Ok(Timed::stated(Share::stated(unused))),
            (When::At(_), None) => Ok(Timed::stated(Share::WHOLE)),
        }
    }

    /// The time from `from` to `to`, or to the end of the period.
    fn service(&self, from: When, to: Option<Moment>) -> Option<Span> {
        match (from, self.span) {
            (When::At(from), Some(span)) => Some(Span {
                from,
                to: to.unwrap_or(span.to),
            }),
            _ => None,
        }
    }

    /// A plan begins: it is charged for the rest of the period.
    #[inline(never)]
    fn begins(&mut self, place: usize, plan: Rc<Plan>, when: When, part: Part) -> Result<Active> {
        let worth = plan.worth(self.left(&plan, when, part)?);
        let service = self.shown(self.service(when, None))?;
        let billed = self.push(LineKind::Charge, place, &plan, service, worth)?;
        Ok(Active {
            plan,
            place: Some(place),
            since: when,
            part,
            billed,
            credited: Fraction::ZERO,
        })
    }

    /// A plan ends, or pauses until `until`: what is left of it is credited, where its rule says what the `part` of
    /// the period up to there costs. Answers the line with that credited.
    fn ends(
        &mut self,
        place: usize,
        active: Active,
        when: When,
        until: Option<Moment>,
        part: Part,
    ) -> Result<Active> {
        let Some(from) = self.credit_from(when)? else {
            return Ok(active);
        };
        let mut worth = self.unserved(&active, from, until, part)?;
        if self.terms().cap {
            worth = worth.capped(active.billed, active.billed.minus(active.credited));
        }
        let service = self.shown(self.service(from, until))?;
        let amount = self.push(
            LineKind::Credit,
            place,
            &active.plan,
            service,
            worth.negated(),
        )?;
        let credited = active.credited.minus(amount);
        self.credit_taxes(&active, credited)?;
        Ok(Active { credited, ..active })
    }

    /// From when on is credited; `None` for never.
    #[inline(never)]
    fn credit_from(&self, when: When) -> Result<Option<When>> {
        match (self.terms().credit_from, when, self.span) {
            (CreditFrom::Never, ..) => Ok(None),
            (CreditFrom::NextMonth, When::At(at), Some(span)) => {
                let (anchor, month) = (Anchor::new(span.from.day()), Every::Months(1));
                let next = anchor
                    .number_from(month, at.day())
                    .and_then(|number| anchor.boundary(month, number));
                let next = Moment::Day(fits(next)?);
                Ok(Some(When::At(if span.to.is_before(next) {
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
        active: &Active,
        from: When,
        until: Option<Moment>,
        part: Part,
    ) -> Result<Worth> {
        let plan = &*active.plan;
        let service = self.service(from, until);
        if self.terms().credit_base == CreditBase::Billed
            && let (Some(service), Some(line)) = (service, self.service(active.since, None))
        {
            let mut timed = self.timed(plan, service, line, Part::Any)?;
            // All of it is all that was billed, however its days are counted.
            if (service.from, service.to) == (line.from, line.to) {
                timed.share.factor = Fraction::ONE;
            }
            if until.is_none() && self.own_terms(plan).rule_for(part) != Stub::Prorate {
                let served = self
                    .timed(
                        plan,
                        Span {
                            from: line.from,
                            to: service.from,
                        },
                        line,
                        part,
                    )?
                    .share;
                if served.part != Part::Any {
                    timed.share.factor = Fraction::ONE.minus(served.factor);
                    timed.share.part = served.part;
                }
            }
            let net = active.billed.times(timed.share.factor);
            return Ok(Worth::of(timed, net));
        }
        let all = self.left(plan, active.since, active.part)?.share.factor;
        let mut left = match (until, service, self.span) {
            (Some(_), Some(service), Some(span)) => self.timed(plan, service, span, Part::Any)?,
            _ => self.left(plan, from, Part::Any)?,
        };
        // The share served. Where it is a time, it is counted, and not what the others leave: where terms round factors
        // or count both ends, these differ.
        let served = match (until, active.since, from, self.span) {
            (None, When::At(from), When::At(to), Some(span)) => {
                self.timed(plan, Span { from, to }, span, part)?
            }
            _ => Timed::stated(Share::stated(all.minus(left.share.factor))),
        };
        if served.share.part != Part::Any {
            left.share = Share {
                factor: all.minus(served.share.factor),
                part: served.share.part,
                ..left.share
            };
        }
        let mut worth = plan.worth(left);
        // What is kept of the charge, and of its discount.
        let kept = plan.gross().times(served.share.factor);
        let mut kept_discount = plan.discount().times(served.share.factor);
        if self.terms().discount == DiscountCredit::Keep
            && matches!(plan.discount, Discount::Amount(_))
        {
            let all_discount = plan.discount().times(all);
            kept_discount = within(kept, all_discount);
            worth.net = worth.net.plus(worth.discount);
            worth.discount = all_discount.minus(kept_discount);
            worth.net = worth.net.minus(worth.discount);
        }
        if self.terms().credit_formula == CreditFormula::Residual {
            let amount = self.round(kept.minus(kept_discount))?;
            worth.net = active.billed.minus(amount.exact());
            worth.cost = Some(Cost {
                amount,
                share: served.share,
                cells: served.cells,
            });
        }
        Ok(worth)
    }

    /// Adds a line, and answers its amount.
    #[inline(never)]
    fn push(
        &mut self,
        kind: LineKind,
        place: usize,
        plan: &Rc<Plan>,
        service: Option<Period>,
        worth: Worth,
    ) -> Result<Fraction> {
        let Worth {
            timed: Timed { share, cells },
            discount,
            net: exact,
            cap,
            cost,
            sides,
            is_difference,
        } = worth;
        let (amount, discount) = (self.round(exact)?, self.round(discount)?.negated());
        let gross = self.round(amount.exact().minus(discount.exact()))?;
        let mut taxes = Vec::new();
        for tax in &plan.taxes {
            taxes.push(self.round(amount.exact().times(Fraction::of(tax.rate)))?);
        }
        let (change, plan, sentence) = (Some(place), Some(Rc::clone(plan)), String::new());
        let mut line = Line {
            kind,
            change,
            of: None,
            service,
            plan,
            share,
            cells,
            gross,
            discount,
            amount,
            exact,
            taxes,
            cap,
            cost,
            sides,
            sentence,
        };
        line.sentence = self.sentence(&line, is_difference);
        self.lines.push(line);
        Ok(amount.exact())
    }

    /// Taxes of the credit that was added: of each, what its tax on all that is credited now exceeds that on what was
    /// credited before. So a line that is credited whole, in however many steps, gives its whole tax back.
    #[inline(never)]
    fn credit_taxes(&mut self, active: &Active, credited: Fraction) -> Result<()> {
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
                self.round(share.times(billed)).map(Amount::exact)
            };
            taxes.push(self.round(upto(active.credited)?.minus(upto(credited)?))?);
        }
        if let Some(line) = self.lines.last_mut() {
            line.taxes = taxes;
            line.of = active.place;
        }
        Ok(())
    }

    /// Makes one line of a credit and a charge, where the terms ask for it. Answers the plan that begins, of which that
    /// is billed which the line and the credit in it leave: so what can be credited of it later is what was paid.
    #[inline(never)]
    fn present(
        &mut self,
        place: usize,
        ended: &Active,
        active: Active,
        changed: &Changed,
    ) -> Result<Active> {
        let [.., credit, charge] = &self.lines[..] else {
            return Ok(active);
        };
        if credit.change != Some(place) {
            return Ok(active);
        }
        let (old, new) = (&*ended.plan, &*active.plan);
        let credited = credit.amount.exact();
        let timed = Timed {
            share: charge.share,
            cells: charge.cells.clone(),
        };
        let discount = credit
            .discount
            .exact()
            .plus(charge.discount.exact())
            .negated();
        let worth = Worth {
            discount,
            ..Worth::of(timed, credit.exact.plus(charge.exact))
        };
        let (kind, plan, worth) = match (self.terms().present, self.terms().destination) {
            (_, Destination::Time) => return self.extend(active),
            (Present::Net, _) if old.taxes == new.taxes => {
                let sides = Some([credit.amount, charge.amount]);
                (
                    LineKind::Net,
                    Rc::clone(&active.plan),
                    Worth { sides, ..worth },
                )
            }
            (Present::Quantity, _) if let Some(units) = self.units(old, new, changed, &worth) => {
                let kind = if new.quantity < old.quantity {
                    LineKind::Credit
                } else {
                    LineKind::Charge
                };
                (
                    kind,
                    Rc::new(units),
                    Worth {
                        is_difference: true,
                        ..worth
                    },
                )
            }
            _ => return Ok(active),
        };
        let (Some(charge), Some(credit)) = (self.lines.pop(), self.lines.pop()) else {
            return Ok(active);
        };
        let amount = self.push(kind, place, &plan, charge.service, worth)?;
        if let Some(line) = self.lines.last_mut() {
            line.of = ended.place;
        }
        if let Some(line) = self
            .lines
            .last_mut()
            .filter(|line| line.kind == LineKind::Net)
        {
            line.sentence = [
                &*credit.sentence,
                " ",
                &charge.sentence,
                " ",
                &line.sentence,
            ]
            .concat();
        }
        Ok(Active {
            billed: amount.minus(credited),
            ..active
        })
    }

    /// The units alone that a plan has more or fewer than another, if nothing else is different and their share is what
    /// the difference is worth, to the step: it is not where a bill was for something else, or a credit for less.
    #[inline(never)]
    fn units(&self, old: &Plan, new: &Plan, changed: &Changed, worth: &Worth) -> Option<Plan> {
        let more = difference(new.quantity, old.quantity)?;
        let is_same =
            (old.price, old.discount) == (new.price, new.discount) && old.taxes == new.taxes;
        if !is_same || changed.terms.is_some() || more.is_zero() {
            return None;
        }
        // A fixed discount is that of the units before, too.
        let discount = if let Discount::Amount(_) = new.discount {
            Discount::None
        } else {
            new.discount
        };
        let units = Plan {
            quantity: more,
            discount,
            ..new.clone()
        };
        let apart = units.worth(worth.timed.clone()).net.minus(worth.net);
        let is_theirs =
            Fraction::of(self.request.increment).exceeds(apart.at_least(apart.negated()));
        is_theirs.then(|| Plan {
            quantity: more.abs(),
            ..units
        })
    }

    fn finish(mut self, running: Option<Active>) -> Result<Preview> {
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
                LineKind::Net => {
                    let [own_credit, own_charge] = line
                        .sides
                        .map_or([Fraction::ZERO; 2], |sides| sides.map(Amount::exact));
                    add(&mut credit, own_credit);
                    add(&mut charge, own_charge);
                }
                LineKind::Time | LineKind::Rounding => {}
            }
        }
        if self.terms().stage == Stage::Invoice {
            let exact = exact.minus(net);
            let rounded = self.round(net.plus(exact))?;
            let amount = self.round(rounded.exact().minus(net))?;
            net = rounded.exact();
            if amount.steps() != 0 {
                let sentence = format!("The sum is rounded as a whole: {amount}.");
                self.lines.push(Line {
                    kind: LineKind::Rounding,
                    change: None,
                    of: None,
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
                    sentence,
                });
            }
        }
        let running = match running {
            Some(Active {
                plan,
                since,
                billed,
                credited,
                ..
            }) => {
                let since = if let When::At(moment) = since {
                    Some(moment)
                } else {
                    None
                };
                Some(Running {
                    plan,
                    since,
                    billed: self.round(billed)?,
                    credited: self.round(credited)?,
                })
            }
            None => None,
        };
        let (credits, due) = self.credits()?;
        Ok(Preview {
            credits,
            due,
            credit: self.round(credit)?,
            charge: self.round(charge)?,
            net: self.round(net)?,
            tax: self.round(tax)?,
            total: self.round(net.plus(tax))?,
            running,
            lines: self.lines,
        })
    }

    /// How a line came about, for people.
    #[inline(never)]
    fn sentence(&self, line: &Line, is_difference: bool) -> String {
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
        let money = |amount: Fraction| Money(amount, self.request.increment);
        let mut sentence = String::new();
        // Writing to a text cannot fail.
        let mut say = |text: fmt::Arguments<'_>| _ = sentence.write_fmt(text);
        if line.kind == LineKind::Net {
            say(format_args!("Together: "));
        } else {
            let is_credit = line.kind == LineKind::Credit;
            say(format_args!(
                "{} for ",
                if is_credit { "Credit" } else { "Charge" }
            ));
            if let Some(plan) = line.plan.as_ref().filter(|_| is_difference) {
                let more = if is_credit { "fewer" } else { "more" };
                say(format_args!(
                    "{} {more}, for ",
                    Units(Fraction::of(plan.quantity), "unit")
                ));
            }
            match line.service {
                _ if factor == Fraction::ONE && line.share.part == Part::Any => {
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
                        Plain(covered),
                        Units(length, unit)
                    ));
                }
                _ => say(format_args!("{factor} of the period")),
            }
            if let Some(Period { from, to }) = line.service {
                say(format_args!(", from {from} to {}{to}", self.before()));
            }
            say(format_args!("{}: ", Rule(terms, &line.share)));
        }
        if let (Some(cost), None) = (&line.cost, line.cap) {
            let billed = line.exact.negated().plus(cost.amount.exact());
            say(format_args!(
                "of {} billed, {} was used: ",
                money(billed),
                cost.amount
            ));
        }
        if line.exact != line.amount.exact() {
            say(format_args!(
                "{}, rounded {}: ",
                Plain(line.exact),
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
