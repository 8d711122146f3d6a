//! What a change within a period costs: the lines that a start, an upgrade, a cancellation or a pause leaves behind.
//!
//! A plan that runs is a *line*: from a moment to the end of the period, billed for an amount, of which some may have
//! been credited. A change ends it, which credits what is left of it, and begins another, which is charged for the rest
//! of the period. So several changes in one period are one after another, and each credit knows what its own line was
//! billed.

use super::amount::{Amount, Plain, check_increment};
use super::share::{Period, Reference, Share, Span, fits};
use super::terms::{
    CreditBase, CreditFormula, CreditFrom, DiscountCredit, Interval, Present, Side, Stage, Terms, Unit,
};
use crate::calendar::{Anchor, Every, Moment};
use crate::error::{Code, Error, Path, Result};
use crate::money::Fraction;
use rust_decimal::Decimal;
use std::fmt::{self, Write};
use std::rc::Rc;

/// What is subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// For one unit, over the whole period.
    pub price: Decimal,
    /// How many units.
    pub quantity: Decimal,
    /// What comes off that.
    pub discount: Discount,
    /// What comes on top of it.
    pub taxes: Vec<Tax>,
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
    /// Such a share off, as a fraction: 0.1 for 10 %.
    Rate(Decimal),
}

/// What becomes different of a plan; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Another price.
    pub price: Option<Decimal>,
    /// Another quantity.
    pub quantity: Option<Decimal>,
    /// Another discount, or none.
    pub discount: Option<Discount>,
    /// Other taxes.
    pub taxes: Option<Vec<Tax>>,
    /// Other terms.
    pub terms: Option<Terms>,
}

/// A tax of a plan, on top of its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tax {
    /// What it is called.
    pub name: Option<Box<str>>,
    /// As a fraction: 0.19 for 19 %.
    pub rate: Decimal,
}

/// When something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Then.
    At(Moment),
    /// When such a share of the period is left.
    Unused(Fraction),
}

/// What changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A plan begins where none runs.
    Start(Plan),
    /// Another plan takes the place of the one that runs: an upgrade, a downgrade, another quantity or price.
    Switch(Changed),
    /// The plan ends.
    Cancel,
    /// The plan rests; until a moment, if that is known already.
    Pause(Option<Moment>),
    /// The plan that rests goes on.
    Resume,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub when: When,
    /// What.
    pub kind: Kind,
}

/// Changes within one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// How parts of the period are priced.
    pub terms: Terms,
    /// The least step between two amounts.
    pub increment: Decimal,
    /// The period. It may be absent if all changes say what is left of it.
    pub period: Option<Reference>,
    /// How many months it has. Absent: as many as it shows.
    pub months: Option<u32>,
    /// The plan that runs before the first change.
    pub plan: Option<Plan>,
    /// Since when it does. Absent: the begin of the period.
    pub since: Option<Moment>,
    /// What it was billed for, without tax. Absent: what the terms charge for it.
    pub billed: Option<Decimal>,
    /// What of that was credited before.
    pub credited: Decimal,
    /// The changes, the earlier first.
    pub events: Vec<Event>,
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
    /// The difference between the rounded sum and the sum of rounded lines.
    Rounding,
}

/// A line of a memo or an invoice to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: LineKind,
    /// The change that it comes from; absent for a line of rounding.
    pub change: Option<usize>,
    /// The time it is for, as the terms write it; absent where that was not said.
    pub service: Option<Period>,
    /// The plan that it is for; absent for a line of rounding.
    pub plan: Option<Rc<Plan>>,
    /// Which share of the period it is.
    pub share: Share,
    /// Before its discount.
    pub gross: Amount,
    /// Its discount, of the other sign.
    pub discount: Amount,
    /// The sum of both, without tax.
    pub amount: Amount,
    /// That before it was rounded.
    pub exact: Fraction,
    /// Its taxes, in the order of the plan's.
    pub taxes: Vec<Amount>,
    /// The most that could be credited, if that was less than the share.
    pub cap: Option<Fraction>,
    /// What the time served costs, if the credit is what is left of the bill.
    pub cost: Option<Amount>,
    /// How it came about, for people.
    pub sentence: String,
}

/// What runs after the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The plan.
    pub plan: Rc<Plan>,
    /// Since when; absent where that was not said.
    pub since: Option<Moment>,
    /// What it was billed for, without tax.
    pub billed: Amount,
    /// What of that has been credited.
    pub credited: Amount,
}

/// What comes of the changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The lines, in the order of the changes, each credit before its charge.
    pub lines: Vec<Line>,
    /// The sum of credits, without tax.
    pub credit: Amount,
    /// The sum of charges, without tax.
    pub charge: Amount,
    /// The sum of all lines, without tax.
    pub net: Amount,
    /// The sum of all taxes.
    pub tax: Amount,
    /// Both together.
    pub total: Amount,
    /// What runs then.
    pub running: Option<Running>,
}

impl Kind {
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
            Self::Rounding => "rounding",
        }
    }
}

/// A plan that runs.
struct Active {
    plan: Rc<Plan>,
    since: When,
    billed: Fraction,
    credited: Fraction,
}

/// What a line is worth before it is rounded.
struct Worth {
    share: Share,
    discount: Fraction,
    net: Fraction,
    cap: Option<Fraction>,
    cost: Option<Amount>,
}

impl Plan {
    fn changed(&self, changed: &Changed) -> Self {
        let Changed { price, quantity, discount, taxes, terms } = changed;
        Self {
            price: price.unwrap_or(self.price),
            quantity: quantity.unwrap_or(self.quantity),
            discount: discount.unwrap_or(self.discount),
            taxes: taxes.as_ref().unwrap_or(&self.taxes).clone(),
            terms: terms.or(self.terms),
        }
    }

    /// For the whole period, before the discount.
    fn gross(&self) -> Fraction {
        Fraction::of(self.price).times(Fraction::of(self.quantity))
    }

    /// What comes off that.
    fn discount(&self) -> Fraction {
        match self.discount {
            Discount::None => Fraction::ZERO,
            Discount::Amount(amount) => Fraction::of(amount),
            Discount::Rate(rate) => self.gross().times(Fraction::of(rate)),
        }
    }

    /// The plan for such a share of its period.
    fn worth(&self, share: Share) -> Worth {
        let discount = self.discount().times(share.factor);
        let net = self.gross().times(share.factor).minus(discount);
        Worth { share, discount, net, cap: None, cost: None }
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
struct Work<'a> {
    request: &'a Change,
    /// The period, half-open.
    span: Option<Span>,
    months: u32,
    lines: Vec<Line>,
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
        let period = self.period.map(|reference| reference.period(&self.terms)).transpose()?;
        let span = period.map(|period| self.terms.span(period, "period")).transpose()?;
        let months = self.terms.months(self.period, self.months)?;
        let mut work = Work { request: self, span, months, lines: Vec::new() };
        let begin = span.map(|span| When::At(span.from));
        let mut running = self.plan.as_ref().map(|plan| work.first(plan, begin)).transpose()?;
        let mut resting = None;
        let mut last = begin;
        for (place, event) in self.events.iter().enumerate() {
            let changes = Path::Root.field("changes");
            let path = changes.index(place);
            let when = work.moved(event.when, &event.kind)?;
            work.check_order(last, when, &path)?;
            last = Some(when);
            let plan_at = |error: Error| if error.path().is_empty() { error.at(&path) } else { error };
            let next = work.happens(place, event, when, running.take(), &mut resting).map_err(plan_at)?;
            running = next;
        }
        work.finish(running)
    }
}

impl Work<'_> {
    const fn terms(&self) -> &Terms {
        &self.request.terms
    }

    #[inline(never)]
    fn round(&self, exact: Fraction) -> Result<Amount> {
        Amount::round(exact, self.request.increment, self.terms())
    }

    /// The plan that runs before the first change, and what it was billed for.
    fn first(&self, plan: &Plan, begin: Option<When>) -> Result<Active> {
        let since = self.request.since.map(When::At).or(begin).unwrap_or(When::Unused(Fraction::ONE));
        let billed = match self.request.billed {
            Some(billed) => Fraction::of(billed),
            None => self.round(plan.worth(self.left(plan, since)?).net)?.exact(),
        };
        Ok(Active { plan: Rc::new(plan.clone()), since, billed, credited: Fraction::of(self.request.credited) })
    }

    /// The moment from which a change counts: the day after it, if its own belongs to the old plan.
    fn moved(&self, when: When, kind: &Kind) -> Result<When> {
        match when {
            When::At(Moment::Day(day)) if self.terms().change_day == Side::Old && !matches!(kind, Kind::Start(_)) => {
                fits(day.plus_days(1)).map(|next| When::At(Moment::Day(next)))
            }
            when => Ok(when),
        }
    }

    fn is_before(&self, a: Moment, b: Moment) -> bool {
        if self.terms().unit == Unit::Day { a.day() < b.day() } else { a.is_before(b) }
    }

    /// Changes come in their order, and within the period.
    fn check_order(&self, last: Option<When>, when: When, path: &Path<'_>) -> Result<()> {
        let (needed, found) = match (last, when, self.span) {
            (_, When::At(at), None) => {
                let needed = "a period, or what is left of it";
                return Err(Error::new(Code::MissingField, &Path::Root.field("period"), needed, at.to_string()));
            }
            _ if self.terms().clamp => return Ok(()),
            (Some(When::At(last)), When::At(at), _) if self.is_before(at, last) => {
                (format!("a moment that is not before {last}"), at.to_string())
            }
            (_, When::At(at), Some(span)) if self.is_before(span.to, at) => {
                (format!("a moment that is not after {}", span.to), at.to_string())
            }
            (Some(When::Unused(last)), When::Unused(unused), _) if unused.exceeds(last) => {
                (format!("at most {last}"), unused.to_string())
            }
            _ => return Ok(()),
        };
        Err(Error::new(Code::InvalidPeriod, &path.field("at"), needed, found))
    }

    /// What a change makes of the plan that runs.
    fn happens(
        &mut self,
        place: usize,
        event: &Event,
        when: When,
        running: Option<Active>,
        resting: &mut Option<Rc<Plan>>,
    ) -> Result<Option<Active>> {
        let needed = match (&event.kind, running) {
            (Kind::Start(plan), None) => return self.begins(place, Rc::new(plan.clone()), when).map(Some),
            (Kind::Switch(changed), Some(active)) => {
                let plan = Rc::new(active.plan.changed(changed));
                self.ends(place, active, when, None)?;
                let active = self.begins(place, plan, when)?;
                self.present(place)?;
                return Ok(Some(active));
            }
            (Kind::Cancel, Some(active)) => return self.ends(place, active, when, None).map(|_| None),
            (Kind::Pause(until), Some(active)) => {
                let active = self.ends(place, active, when, *until)?;
                if until.is_none() {
                    *resting = Some(active.plan);
                    return Ok(None);
                }
                return Ok(Some(active));
            }
            (Kind::Resume, None) => match resting.take() {
                Some(plan) => return self.begins(place, plan, when).map(Some),
                None => "a plan that rests",
            },
            (Kind::Start(_), Some(_)) => "no plan that runs",
            (Kind::Resume, Some(_)) => "a plan that rests",
            (Kind::Switch(_) | Kind::Cancel | Kind::Pause(_), None) => "a plan that runs",
        };
        Err(Error::general(Code::InvalidStatus, needed, "another state"))
    }

    /// A half-open span as the terms write it.
    fn shown(&self, Span { from, to }: Span) -> Result<Period> {
        let to = match to {
            Moment::Day(day) if self.terms().interval == Interval::Closed => Moment::Day(fits(day.plus_days(-1))?),
            to => to,
        };
        Ok(Period { from, to })
    }

    /// Which share of `whole` a service is, by the terms of a plan.
    #[inline(never)]
    fn share(&self, plan: &Plan, service: Span, whole: Span) -> Result<Share> {
        // Half-open already: the terms must not move the ends again.
        let own = *plan.terms.as_ref().unwrap_or(self.terms());
        let terms = Terms { interval: Interval::HalfOpen, end_shift_seconds: 0, ..own };
        let period = |Span { from, to }: Span| Period { from, to };
        terms.share(period(service), Some(period(whole)), self.months, None)
    }

    /// Which share of the period is left from `when` on.
    fn left(&self, plan: &Plan, when: When) -> Result<Share> {
        match (when, self.span) {
            (When::At(from), Some(span)) => self.share(plan, Span { from, to: span.to }, span),
            (When::Unused(unused), _) => Ok(Share::stated(unused)),
            (When::At(_), None) => Ok(Share::WHOLE),
        }
    }

    /// The time from `from` to `to`, or to the end of the period.
    fn service(&self, from: When, to: Option<Moment>) -> Option<Span> {
        match (from, self.span) {
            (When::At(from), Some(span)) => Some(Span { from, to: to.unwrap_or(span.to) }),
            _ => None,
        }
    }

    /// A plan begins: it is charged for the rest of the period.
    fn begins(&mut self, place: usize, plan: Rc<Plan>, when: When) -> Result<Active> {
        let worth = plan.worth(self.left(&plan, when)?);
        let billed = self.push(LineKind::Charge, place, &plan, self.service(when, None), &worth)?;
        Ok(Active { plan, since: when, billed, credited: Fraction::ZERO })
    }

    /// A plan ends, or pauses until `until`: what is left of it is credited. Answers the line with that credited.
    fn ends(&mut self, place: usize, active: Active, when: When, until: Option<Moment>) -> Result<Active> {
        let Some(from) = self.credit_from(when)? else { return Ok(active) };
        let mut worth = self.unserved(&active, from, until)?;
        let open = active.billed.minus(active.credited);
        if self.terms().cap {
            // More than was billed has been credited already: then nothing is left.
            let is_over = open.is_negative() != active.billed.is_negative();
            let capped = within(worth.net, if is_over { Fraction::ZERO } else { open });
            if capped != worth.net {
                worth = Worth { net: capped, discount: Fraction::ZERO, cap: Some(open), ..worth };
            }
        }
        worth = Worth { net: worth.net.negated(), discount: worth.discount.negated(), ..worth };
        let amount = self.push(LineKind::Credit, place, &active.plan, self.service(from, until), &worth)?;
        let credited = active.credited.minus(amount);
        self.credit_taxes(&active, credited)?;
        Ok(Active { credited, ..active })
    }

    /// From when on is credited; `None` for never.
    fn credit_from(&self, when: When) -> Result<Option<When>> {
        match (self.terms().credit_from, when, self.span) {
            (CreditFrom::Never, ..) => Ok(None),
            (CreditFrom::NextMonth, When::At(at), Some(span)) => {
                let (anchor, month) = (Anchor::new(span.from.day()), Every::Months(1));
                let next = anchor.number_from(month, at.day()).and_then(|number| anchor.boundary(month, number));
                let next = Moment::Day(fits(next)?);
                Ok(Some(When::At(if span.to.is_before(next) { span.to } else { next })))
            }
            _ => Ok(Some(when)),
        }
    }

    /// What the time not served is worth.
    fn unserved(&self, active: &Active, from: When, until: Option<Moment>) -> Result<Worth> {
        let plan = &*active.plan;
        let service = self.service(from, until);
        if self.terms().credit_base == CreditBase::Billed
            && let (Some(service), Some(line)) = (service, self.service(active.since, None))
        {
            // All of it is all that was billed, however its days are counted.
            let is_whole = (service.from, service.to) == (line.from, line.to);
            let share = if is_whole { Share::WHOLE } else { self.share(plan, service, line)? };
            let net = active.billed.times(share.factor);
            return Ok(Worth { share, discount: Fraction::ZERO, net, cap: None, cost: None });
        }
        let all = self.left(plan, active.since)?.factor;
        let left = match (until, service, self.span) {
            (Some(_), Some(service), Some(span)) => self.share(plan, service, span)?,
            _ => self.left(plan, from)?,
        };
        // The share served. Where it is a time, it is counted, and not what the others leave: where terms round factors
        // or count both ends, these differ.
        let served = match (until, active.since, from, self.span) {
            (None, When::At(from), When::At(to), Some(span)) => self.share(plan, Span { from, to }, span)?.factor,
            _ => all.minus(left.factor),
        };
        let mut worth = plan.worth(left);
        // What is kept of the charge, and of its discount.
        let kept = plan.gross().times(served);
        let mut kept_discount = plan.discount().times(served);
        if self.terms().discount == DiscountCredit::Keep && matches!(plan.discount, Discount::Amount(_)) {
            let all_discount = plan.discount().times(all);
            kept_discount = within(kept, all_discount);
            worth.net = worth.net.plus(worth.discount);
            worth.discount = all_discount.minus(kept_discount);
            worth.net = worth.net.minus(worth.discount);
        }
        if self.terms().credit_formula == CreditFormula::Residual {
            let cost = self.round(kept.minus(kept_discount))?;
            worth.net = active.billed.minus(cost.exact());
            worth.cost = Some(cost);
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
        service: Option<Span>,
        worth: &Worth,
    ) -> Result<Fraction> {
        let Worth { share, net: exact, cap, cost, .. } = *worth;
        let (amount, discount) = (self.round(exact)?, self.round(worth.discount)?.negated());
        let gross = self.round(amount.exact().minus(discount.exact()))?;
        let mut taxes = Vec::new();
        for tax in &plan.taxes {
            taxes.push(self.round(amount.exact().times(Fraction::of(tax.rate)))?);
        }
        let service = service.map(|span| self.shown(span)).transpose()?;
        let (change, plan, sentence) = (Some(place), Some(Rc::clone(plan)), String::new());
        let mut line =
            Line { kind, change, service, plan, share, gross, discount, amount, exact, taxes, cap, cost, sentence };
        line.sentence = self.sentence(&line);
        self.lines.push(line);
        Ok(amount.exact())
    }

    /// Taxes of the credit that was added: of each, what its tax on all that is credited now exceeds that on what was
    /// credited before. So a line that is credited whole, in however many steps, gives its whole tax back.
    fn credit_taxes(&mut self, active: &Active, credited: Fraction) -> Result<()> {
        let mut taxes = Vec::new();
        for tax in &active.plan.taxes {
            let billed = self.round(active.billed.times(Fraction::of(tax.rate)))?.exact();
            let upto = |credited: Fraction| {
                let share = if active.billed.is_zero() { Fraction::ZERO } else { credited.over(active.billed) };
                self.round(share.times(billed)).map(Amount::exact)
            };
            taxes.push(self.round(upto(active.credited)?.minus(upto(credited)?))?);
        }
        if let Some(line) = self.lines.last_mut() {
            line.taxes = taxes;
        }
        Ok(())
    }

    /// Makes one line of a credit and a charge, where the terms ask for it.
    fn present(&mut self, place: usize) -> Result<()> {
        let is_pair = |lines: &[Line]| matches!(lines, [.., credit, _] if credit.change == Some(place));
        if self.terms().present == Present::Gross || !is_pair(&self.lines) {
            return Ok(());
        }
        let (Some(charge), Some(credit)) = (self.lines.pop(), self.lines.pop()) else { return Ok(()) };
        let Some(plan) = &charge.plan else { return Ok(()) };
        let worth = Worth {
            share: charge.share,
            discount: credit.discount.exact().plus(charge.discount.exact()).negated(),
            net: credit.exact.plus(charge.exact),
            cap: None,
            cost: None,
        };
        self.push(LineKind::Net, place, plan, None, &worth)?;
        if let Some(line) = self.lines.last_mut() {
            line.service = charge.service;
            line.sentence = [&*credit.sentence, " ", &charge.sentence, " ", &line.sentence].concat();
        }
        Ok(())
    }

    fn finish(mut self, running: Option<Active>) -> Result<Preview> {
        let [mut credit, mut charge, mut net, mut exact, mut tax] = [Fraction::ZERO; 5];
        let add = |sum: &mut Fraction, amount: Fraction| *sum = sum.plus(amount);
        for line in &self.lines {
            let amount = line.amount.exact();
            add(&mut net, amount);
            add(&mut exact, line.exact);
            line.taxes.iter().for_each(|amount| add(&mut tax, amount.exact()));
            match line.kind {
                LineKind::Credit => add(&mut credit, amount),
                LineKind::Charge => add(&mut charge, amount),
                LineKind::Net | LineKind::Rounding => {}
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
                    service: None,
                    plan: None,
                    share: Share::stated(Fraction::ZERO),
                    gross: amount,
                    discount: self.round(Fraction::ZERO)?,
                    amount,
                    exact,
                    taxes: Vec::new(),
                    cap: None,
                    cost: None,
                    sentence,
                });
            }
        }
        let running = match running {
            Some(Active { plan, since, billed, credited }) => {
                let since = if let When::At(moment) = since { Some(moment) } else { None };
                Some(Running { plan, since, billed: self.round(billed)?, credited: self.round(credited)? })
            }
            None => None,
        };
        Ok(Preview {
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
    fn sentence(&self, line: &Line) -> String {
        let Share { covered, length, factor } = line.share;
        let mut sentence = String::new();
        // Writing to a text cannot fail.
        let mut say = |text: fmt::Arguments<'_>| _ = sentence.write_fmt(text);
        if line.kind == LineKind::Net {
            say(format_args!("Together: "));
        } else {
            say(format_args!("{} for ", if line.kind == LineKind::Credit { "Credit" } else { "Charge" }));
            match line.service {
                _ if factor == Fraction::ONE => say(format_args!("the whole period")),
                Some(_) if length != Fraction::ONE => {
                    say(format_args!("{} of {} {}s", Plain(covered), Plain(length), self.terms().unit.as_str()));
                }
                _ => say(format_args!("{factor} of the period")),
            }
            if let Some(Period { from, to }) = line.service {
                let before = if self.terms().interval == Interval::Closed { "" } else { "before " };
                say(format_args!(", from {from} to {before}{to}"));
            }
            say(format_args!(": "));
        }
        if let (Some(cost), None) = (line.cost, line.cap) {
            let billed = line.exact.negated().plus(cost.exact());
            say(format_args!("of {} billed, {cost} was used: ", Plain(billed)));
        }
        if line.exact != line.amount.exact() {
            say(format_args!("{}, rounded {}: ", Plain(line.exact), self.terms().rounding.sentence()));
        }
        say(format_args!("{}.", line.amount));
        if let Some(cap) = line.cap {
            say(format_args!(" No more than {} was left to be credited.", Plain(cap)));
        }
        sentence
    }
}
