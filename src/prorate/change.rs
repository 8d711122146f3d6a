//! What a change within a period costs: the lines that a start, an upgrade, a cancellation or a pause leaves behind.
//!
//! A plan that runs is a *line*: from a moment to the end of the period, billed for an amount, of which some may have
//! been credited. A change ends it, which credits what is left of it, and begins another, which is charged for the rest
//! of the period. So several changes in one period are one after another, and each credit knows what its own line was
//! billed.

use super::amount::{Amount, check_increment, decimal};
use super::share::{Period, Reference, Share, Span, fits};
use super::terms::{
    CreditBase, CreditFormula, CreditFrom, DiscountCredit, Interval, Present, Side, Stage, Terms, Unit,
};
use crate::calendar::{Anchor, Every, Moment};
use crate::error::{Code, Error, Path, Result};
use crate::money::Fraction;
use rust_decimal::Decimal;

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
    /// The plan that it is for.
    pub plan: Option<Plan>,
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
    /// How it came about, for people.
    pub sentence: String,
}

/// What runs after the last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The plan.
    pub plan: Plan,
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
#[derive(Clone, Debug)]
struct Active {
    plan: Plan,
    since: When,
    billed: Fraction,
    credited: Fraction,
}

/// A price that is not rounded yet.
#[derive(Clone, Copy)]
struct Priced {
    share: Share,
    discount: Fraction,
    net: Fraction,
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

    fn gross(&self) -> Result<Fraction> {
        fits(Fraction::of(self.price).times(Fraction::of(self.quantity)))
    }

    fn discount(&self) -> Result<Fraction> {
        match self.discount {
            Discount::None => Ok(Fraction::ZERO),
            Discount::Amount(amount) => Ok(Fraction::of(amount)),
            Discount::Rate(rate) => fits(self.gross()?.times(Fraction::of(rate))),
        }
    }

    /// The plan for such a share of its period.
    fn priced(&self, share: Share) -> Result<Priced> {
        let discount = fits(self.discount()?.times(share.factor))?;
        let gross = fits(self.gross()?.times(share.factor))?;
        Ok(Priced { share, discount, net: fits(gross.minus(discount))? })
    }
}

fn lesser(a: Fraction, b: Fraction) -> Fraction {
    if a.cmp(&b).is_gt() { b } else { a }
}

/// From zero to `most`, on the side of zero where `most` is.
fn within(value: Fraction, most: Fraction) -> Fraction {
    if most.is_negative() {
        lesser(value.negated().max(Fraction::ZERO), most.negated()).negated()
    } else {
        lesser(value.max(Fraction::ZERO), most)
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
        let mut running = self.plan.clone().map(|plan| work.first(plan)).transpose()?;
        let mut resting = None;
        let mut last = work.begin();
        for (place, event) in self.events.iter().enumerate() {
            let changes = Path::Root.field("changes");
            let path = changes.index(place);
            let when = work.moved(event.when, &event.kind);
            let when = when.and_then(|when| work.check_order(last, when, &path).map(|()| when));
            let when = when.map_err(|error| if error.path().is_empty() { error.at(&path) } else { error })?;
            last = Some(when);
            let refuse = |needed: &str, found: &str| Err(Error::new(Code::InvalidStatus, &path, needed, found));
            match (&event.kind, running.take()) {
                (Kind::Start(plan), None) => running = Some(work.begins(place, plan.clone(), when)?),
                (Kind::Start(_), Some(_)) => return refuse("no plan that runs", "one"),
                (Kind::Switch(changed), Some(active)) => {
                    let plan = active.plan.changed(changed);
                    work.ends(place, active, when, None)?;
                    let active = work.begins(place, plan, when)?;
                    work.present(place)?;
                    running = Some(active);
                }
                (Kind::Cancel, Some(active)) => _ = work.ends(place, active, when, None)?,
                (Kind::Pause(until), Some(active)) => {
                    let active = work.ends(place, active, when, *until)?;
                    if until.is_some() { running = Some(active) } else { resting = Some(active.plan) }
                }
                (Kind::Resume, None) => match resting.take() {
                    Some(plan) => running = Some(work.begins(place, plan, when)?),
                    None => return refuse("a plan that rests", "none"),
                },
                (Kind::Resume, Some(_)) => return refuse("a plan that rests", "one that runs"),
                (Kind::Switch(_) | Kind::Cancel | Kind::Pause(_), None) => return refuse("a plan that runs", "none"),
            }
        }
        work.finish(running)
    }
}

impl Work<'_> {
    const fn terms(&self) -> &Terms {
        &self.request.terms
    }

    fn begin(&self) -> Option<When> {
        self.span.map(|span| When::At(span.from))
    }

    /// The plan that runs before the first change, and what it was billed for.
    fn first(&self, plan: Plan) -> Result<Active> {
        let since = self.request.since.map(When::At).or_else(|| self.begin()).unwrap_or(When::Unused(Fraction::ONE));
        let billed = match self.request.billed {
            Some(billed) => Fraction::of(billed),
            None => {
                let exact = plan.priced(self.left(&plan, since)?)?.net;
                Amount::round(exact, self.request.increment, self.terms())?.exact()
            }
        };
        Ok(Active { plan, since, billed, credited: Fraction::of(self.request.credited) })
    }

    /// The moment from which a change counts: the day after it, if its own belongs to the old plan.
    fn moved(&self, when: When, kind: &Kind) -> Result<When> {
        match when {
            When::At(Moment::Day(day)) if self.terms().change_day == Side::Old && !matches!(kind, Kind::Start(_)) => {
                Ok(When::At(Moment::Day(fits(day.plus_days(1))?)))
            }
            when => Ok(when),
        }
    }

    fn check_order(&self, last: Option<When>, when: When, path: &Path<'_>) -> Result<()> {
        let is_by_day = self.terms().unit == Unit::Day;
        let is_before = |a: Moment, b: Moment| if is_by_day { a.day() < b.day() } else { a.is_before(b) };
        let refuse =
            |needed: String, found: String| Err(Error::new(Code::InvalidPeriod, &path.field("at"), needed, found));
        if let (When::At(moment), None) = (when, self.span) {
            return Err(Error::new(Code::MissingField, &Path::Root.field("period"), "a period", moment.to_string()));
        }
        match (last, when) {
            (Some(When::At(last)), When::At(at)) if is_before(at, last) && !self.terms().clamp => {
                return refuse(format!("a moment that is not before {last}"), at.to_string());
            }
            (Some(When::Unused(last)), When::Unused(unused)) if unused.cmp(&last).is_gt() => {
                return refuse(format!("at most what was left before, {last}"), unused.to_string());
            }
            _ => {}
        }
        match (when, self.span) {
            (When::At(at), Some(span)) if is_before(span.to, at) && !self.terms().clamp => {
                refuse(format!("a moment within the period, which ends at {}", span.to), at.to_string())
            }
            _ => Ok(()),
        }
    }

    /// A half-open span as the terms write it.
    fn shown(&self, Span { from, to }: Span) -> Result<Period> {
        let to = match to {
            Moment::Day(day) if self.terms().interval == Interval::Closed => Moment::Day(fits(day.plus_days(-1))?),
            to => to,
        };
        Ok(Period { from, to })
    }

    /// Which share of `whole` the time from `from` to `to` is, by the terms of a plan.
    fn share(&self, plan: &Plan, service: Span, whole: Span) -> Result<Share> {
        // Half-open already: the terms must not move the ends again.
        let terms = Terms {
            interval: Interval::HalfOpen,
            end_shift_seconds: 0,
            ..*plan.terms.as_ref().unwrap_or(self.terms())
        };
        let period = |Span { from, to }: Span| Period { from, to };
        terms.share(period(service), Some(period(whole)), self.months, None)
    }

    /// Which share of the period is left from `when` on.
    fn left(&self, plan: &Plan, when: When) -> Result<Share> {
        match (when, self.span) {
            (When::At(from), Some(span)) => self.share(plan, Span { from, to: span.to }, span),
            (When::Unused(unused), _) => Ok(Share::stated(unused, Fraction::ONE, unused)),
            (When::At(_), None) => Ok(Share::stated(Fraction::ONE, Fraction::ONE, Fraction::ONE)),
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
    fn begins(&mut self, place: usize, plan: Plan, when: When) -> Result<Active> {
        let share = self.left(&plan, when)?;
        let priced = plan.priced(share)?;
        let amount = self.push(LineKind::Charge, place, &plan, self.service(when, None), priced, None)?;
        Ok(Active { plan, since: when, billed: amount, credited: Fraction::ZERO })
    }

    /// A plan ends, or pauses until `until`: what is left of it is credited. Answers the line with that credited.
    fn ends(&mut self, place: usize, active: Active, when: When, until: Option<Moment>) -> Result<Active> {
        let from = match self.credit_from(when)? {
            Some(from) => from,
            None => return Ok(active),
        };
        let mut priced = self.unserved(&active, from, until)?;
        let open = fits(active.billed.minus(active.credited))?;
        let mut cap = None;
        if self.terms().cap {
            let capped = within(priced.net, if same_side(open, active.billed) { open } else { Fraction::ZERO });
            if capped != priced.net {
                cap = Some(open);
                priced.discount = Fraction::ZERO;
                priced.net = capped;
            }
        }
        let credit = Priced { net: priced.net.negated(), discount: priced.discount.negated(), share: priced.share };
        let before = active.credited;
        let service = self.service(from, until);
        let amount = self.push(LineKind::Credit, place, &active.plan, service, credit, cap)?;
        let credited = fits(before.minus(amount))?;
        self.credit_taxes(&active, before, credited)?;
        Ok(Active { credited, ..active })
    }

    /// From when on is credited; `None` for never.
    fn credit_from(&self, when: When) -> Result<Option<When>> {
        match (self.terms().credit_from, when, self.span) {
            (CreditFrom::Change, ..)
            | (CreditFrom::NextMonth, When::Unused(_), _)
            | (CreditFrom::NextMonth, _, None) => Ok(Some(when)),
            (CreditFrom::Never, ..) => Ok(None),
            (CreditFrom::NextMonth, When::At(at), Some(span)) => {
                let (anchor, month) = (Anchor::new(span.from.day()), Every::Months(1));
                let next = fits(anchor.number_from(month, at.day()).and_then(|number| anchor.boundary(month, number)))?;
                let next = Moment::Day(next);
                Ok(Some(When::At(if span.to.is_before(next) { span.to } else { next })))
            }
        }
    }

    /// What the time not served is worth.
    fn unserved(&self, active: &Active, from: When, until: Option<Moment>) -> Result<Priced> {
        let plan = &active.plan;
        let (service, line) = (self.service(from, until), self.service(active.since, None));
        if let (CreditBase::Billed, Some(service), Some(line)) = (self.terms().credit_base, service, line) {
            // All of it is all that was billed, however its days are counted.
            let is_whole = (service.from, service.to) == (line.from, line.to);
            let share = if is_whole {
                Share::stated(Fraction::ONE, Fraction::ONE, Fraction::ONE)
            } else {
                self.share(plan, service, line)?
            };
            return Ok(Priced { share, discount: Fraction::ZERO, net: fits(active.billed.times(share.factor))? });
        }
        let all = self.left(plan, active.since)?;
        let left = match (until, service, self.span) {
            (Some(_), Some(service), Some(span)) => self.share(plan, service, span)?,
            _ => self.left(plan, from)?,
        };
        // The share served. Where it is a time, it is counted, not what the others leave: by terms that round factors
        // or count both ends these differ.
        let served = match (until, active.since, from, self.span) {
            (None, When::At(since), When::At(to), Some(span)) => {
                self.share(plan, Span { from: since, to }, span)?.factor
            }
            _ => fits(all.factor.minus(left.factor))?,
        };
        let priced = plan.priced(left)?;
        let total_discount = fits(plan.discount()?.times(all.factor))?;
        let kept = fits(plan.gross()?.times(served))?;
        let discount = match (self.terms().discount, plan.discount) {
            (DiscountCredit::Keep, Discount::Amount(_)) => fits(total_discount.minus(within(kept, total_discount)))?,
            _ => priced.discount,
        };
        let net = match self.terms().credit_formula {
            CreditFormula::Direct => fits(priced.net.plus(priced.discount).and_then(|gross| gross.minus(discount)))?,
            CreditFormula::Residual => {
                let kept_discount = match (self.terms().discount, plan.discount) {
                    (DiscountCredit::Keep, Discount::Amount(_)) => within(kept, total_discount),
                    _ => fits(plan.discount()?.times(served))?,
                };
                let cost = Amount::round(fits(kept.minus(kept_discount))?, self.request.increment, self.terms())?;
                fits(active.billed.minus(cost.exact()))?
            }
        };
        Ok(Priced { share: left, discount, net })
    }

    /// Adds a line, and answers its amount.
    fn push(
        &mut self,
        kind: LineKind,
        place: usize,
        plan: &Plan,
        service: Option<Span>,
        priced: Priced,
        cap: Option<Fraction>,
    ) -> Result<Fraction> {
        let round = |exact: Fraction| Amount::round(exact, self.request.increment, self.terms());
        let (amount, discount) = (round(priced.net)?, round(priced.discount)?.negated());
        let gross = round(fits(amount.exact().minus(discount.exact()))?)?;
        let taxes = plan.taxes.iter().map(|tax| round(fits(amount.exact().times(Fraction::of(tax.rate)))?));
        let taxes = taxes.collect::<Result<_>>()?;
        let service = service.map(|span| self.shown(span)).transpose()?;
        let mut line = Line {
            kind,
            change: Some(place),
            service,
            plan: Some(plan.clone()),
            share: priced.share,
            gross,
            discount,
            amount,
            exact: priced.net,
            taxes,
            cap,
            sentence: String::new(),
        };
        line.sentence = self.sentence(&line);
        self.lines.push(line);
        Ok(amount.exact())
    }

    /// Taxes of a credit: of each, what its tax on all that is credited now exceeds that on what was credited before. So
    /// a line that is credited whole, in however many steps, gives its whole tax back.
    fn credit_taxes(&mut self, active: &Active, before: Fraction, after: Fraction) -> Result<()> {
        let Some(line) = self.lines.last_mut() else { return Ok(()) };
        let Change { increment, terms, .. } = self.request;
        let round = |exact: Fraction| Amount::round(exact, *increment, terms);
        if active.billed.is_zero() {
            return Ok(());
        }
        for (amount, tax) in line.taxes.iter_mut().zip(&active.plan.taxes) {
            let billed = round(fits(active.billed.times(Fraction::of(tax.rate)))?)?.exact();
            let upto = |credited: Fraction| {
                round(fits(credited.over(active.billed).and_then(|share| share.times(billed)))?).map(Amount::exact)
            };
            *amount = round(fits(upto(before)?.minus(upto(after)?))?)?;
        }
        Ok(())
    }

    /// Makes one line of a credit and a charge, where the terms ask for it.
    fn present(&mut self, place: usize) -> Result<()> {
        if self.terms().present != Present::Net {
            return Ok(());
        }
        let is_of = |line: &&Line| line.change == Some(place);
        let mut pair = self.lines.iter().filter(is_of);
        let (Some(credit), Some(charge)) = (pair.next(), pair.next()) else { return Ok(()) };
        let round = |exact: Fraction| Amount::round(exact, self.request.increment, self.terms());
        let exact = fits(credit.exact.plus(charge.exact))?;
        let amount = round(exact)?;
        let discount = round(fits(credit.discount.exact().plus(charge.discount.exact()))?)?;
        let gross = round(fits(amount.exact().minus(discount.exact()))?)?;
        let plan = charge.plan.clone();
        let taxes = plan.iter().flat_map(|plan| &plan.taxes);
        let taxes =
            taxes.map(|tax| round(fits(amount.exact().times(Fraction::of(tax.rate)))?)).collect::<Result<_>>()?;
        let sentence = format!("{} {}", credit.sentence, charge.sentence);
        let (share, service) = (charge.share, charge.service);
        let change = Some(place);
        self.lines.retain(|line| line.change != change);
        let kind = LineKind::Net;
        let cap = None;
        self.lines.push(Line {
            kind,
            change,
            service,
            plan,
            share,
            gross,
            discount,
            amount,
            exact,
            taxes,
            cap,
            sentence,
        });
        Ok(())
    }

    fn finish(mut self, running: Option<Active>) -> Result<Preview> {
        let Change { increment, terms, .. } = self.request;
        let round = |exact: Fraction| Amount::round(exact, *increment, terms);
        let sum = |lines: &[Line], of: &dyn Fn(&Line) -> Fraction| {
            lines.iter().try_fold(Fraction::ZERO, |sum, line| fits(sum.plus(of(line))))
        };
        if terms.stage == Stage::Invoice {
            let exact = sum(&self.lines, &|line| line.exact)?;
            let rounded = sum(&self.lines, &|line| line.amount.exact())?;
            let amount = round(fits(round(exact)?.exact().minus(rounded))?)?;
            if !amount.exact().is_zero() {
                self.lines.push(Line {
                    kind: LineKind::Rounding,
                    change: None,
                    service: None,
                    plan: None,
                    share: Share::stated(Fraction::ZERO, Fraction::ONE, Fraction::ZERO),
                    gross: amount,
                    discount: round(Fraction::ZERO)?,
                    amount,
                    exact: fits(exact.minus(rounded))?,
                    taxes: Vec::new(),
                    cap: None,
                    sentence: format!("The sum is rounded as a whole: {}.", amount.text()),
                });
            }
        }
        let lines = self.lines;
        let of =
            |kind: LineKind| move |line: &Line| if line.kind == kind { line.amount.exact() } else { Fraction::ZERO };
        let net = sum(&lines, &|line| line.amount.exact())?;
        let tax = lines.iter().flat_map(|line| &line.taxes);
        let tax = tax.clone().try_fold(Fraction::ZERO, |sum, tax| fits(sum.plus(tax.exact())))?;
        let credit = round(sum(&lines, &of(LineKind::Credit))?)?;
        let charge = round(sum(&lines, &of(LineKind::Charge))?)?;
        let running = running.map(|Active { plan, since, billed, credited }| {
            let since = if let When::At(moment) = since { Some(moment) } else { None };
            Ok(Running { plan, since, billed: round(billed)?, credited: round(credited)? })
        });
        let running = running.transpose()?;
        let (total, net, tax) = (round(fits(net.plus(tax))?)?, round(net)?, round(tax)?);
        Ok(Preview { credit, charge, net, tax, total, running, lines })
    }

    /// How a line came about, for people.
    fn sentence(&self, line: &Line) -> String {
        let Share { covered, length, factor, .. } = line.share;
        let what = match line.kind {
            LineKind::Credit => "Credit for",
            _ => "Charge for",
        };
        let unit = self.terms().unit.as_str();
        let share = match line.service {
            _ if factor == Fraction::ONE => "the whole period".to_owned(),
            Some(_) if length != Fraction::ONE => format!("{} of {} {unit}s", decimal(covered), decimal(length)),
            _ => format!("{factor} of the period"),
        };
        let when = line.service.map(|service| match self.terms().interval {
            Interval::HalfOpen => format!(", from {} to before {}", service.from, service.to),
            Interval::Closed => format!(", from {} to {}", service.from, service.to),
        });
        let amount = line.amount.text();
        let rounded = if line.exact == line.amount.exact() {
            String::new()
        } else {
            format!("{}, rounded {}: ", decimal(line.exact), self.terms().rounding.sentence())
        };
        let cap = line.cap.map(|cap| format!(" No more than {} was left to be credited.", decimal(cap)));
        format!("{what} {share}{}: {rounded}{amount}.{}", when.unwrap_or_default(), cap.unwrap_or_default())
    }
}

/// Whether an amount lies on the same side of zero as another, or is zero.
const fn same_side(amount: Fraction, other: Fraction) -> bool {
    amount.is_zero() || amount.is_negative() == other.is_negative()
}
