//! How a line of a change came about, as a sentence that a customer understands.

use super::line::{ChangeLine, LineKind};
use super::plan::PricePlan;
use super::timeline::Timeline;
use crate::money::Fraction;
use crate::prorate::period::Period;
use crate::prorate::sentence::StubText;
use crate::prorate::share::Share;
use crate::prorate::terms::{Grid, Interval, StubPosition, Terms};
use crate::prorate::text::{AmountText, FractionText, Sentence, UnitsText};

impl Timeline<'_> {
    /// How a line came about.
    #[inline(never)]
    pub(super) fn sentence(&self, line: &ChangeLine) -> String {
        let plan = line.plan.as_deref();
        let terms = plan.map_or(self.terms(), |plan| self.terms_of(plan));

        // What for, how much of the period, and how the amount follows.
        let mut sentence = Sentence::default();
        say_kind(&mut sentence, line);
        say_share(&mut sentence, line, terms);
        self.say_service(&mut sentence, line.service);
        let rule = StubText(terms, &line.share);
        sentence.say(format_args!("{rule}: "));
        self.say_cost(&mut sentence, line);
        self.say_rounding(&mut sentence, line);
        sentence.say(format_args!("{}.", line.amount));

        // What one would not expect of that comes behind.
        if let Some(cap) = line.cap {
            let cap = self.amount_text(cap);
            sentence.say(format_args!(" At most {cap} was left to credit."));
        }
        if let Some(discount) = plan.and_then(PricePlan::capped_discount) {
            let [stated, taken] = discount.map(|amount| self.amount_text(amount));
            sentence.say(format_args!(
                " Of the discount of {stated}, {taken} is taken off: a price stops at zero."
            ));
        }
        sentence.finish()
    }

    const fn amount_text(&self, amount: Fraction) -> AmountText {
        AmountText(amount, self.request.increment)
    }

    /// Says from when to when a line is served, where that is known.
    pub(super) fn say_service(&self, sentence: &mut Sentence, service: Option<Period>) {
        let Some(Period { from, to }) = service else {
            return;
        };
        let end = match self.terms().interval {
            Interval::HalfOpen => " (not included)",
            Interval::Closed => "",
        };
        sentence.say(format_args!(", from {from} to {to}{end}"));
    }

    /// Says what was billed and what of it was used, where the credit is what is left of the bill.
    fn say_cost(&self, sentence: &mut Sentence, line: &ChangeLine) {
        let (Some(cost), None) = (&line.cost, line.cap) else {
            return;
        };
        let billed = self.amount_text(cost.billed);
        sentence.say(format_args!("of {billed} billed, "));

        if !cost.paused.is_zero() {
            sentence.say(format_args!("{} was credited for pauses and ", cost.paused));
        }
        sentence.say(format_args!("{} was used: ", cost.amount));
    }

    /// Says what the amount was before it was rounded, if that is another.
    fn say_rounding(&self, sentence: &mut Sentence, line: &ChangeLine) {
        if line.exact == line.amount.exact() {
            return;
        }

        let exact = FractionText(line.exact);
        if let Some([credit, charge]) = line.sides {
            let credit = credit.negated();
            sentence.say(format_args!("{exact}, as {charge} less {credit}: "));
        } else {
            let rounding = self.terms().rounding.sentence(line.exact.is_negative());
            sentence.say(format_args!("{exact}, rounded {rounding}: "));
        }
    }
}

/// Says whether a line credits or charges, and, where it is of units that come or go, how many.
fn say_kind(sentence: &mut Sentence, line: &ChangeLine) {
    let (kind, more) = match line.kind {
        LineKind::Credit => ("Credit", "fewer"),
        _ => ("Charge", "more"),
    };
    sentence.say(format_args!("{kind} for "));

    if let (Some(plan), Some(_)) = (&line.plan, line.sides) {
        let units = UnitsText(Fraction::of(plan.quantity), "unit");
        sentence.say(format_args!("{units} {more}, for "));
    }
}

/// Says which share of the period a line is for.
fn say_share(sentence: &mut Sentence, line: &ChangeLine, terms: &Terms) {
    let Share {
        factor,
        covered,
        length,
        part,
    } = line.share;

    // Days say more than a factor, where they were counted.
    if factor == Fraction::ONE && part == StubPosition::Any {
        sentence.say(format_args!("the whole period"));
    } else if line.service.is_some() && !line.cells.is_empty() {
        let unit = match terms.grid {
            Grid::Month => "month",
            Grid::Period => terms.unit.as_str(),
        };
        let (covered, length) = (FractionText(covered), UnitsText(length, unit));
        sentence.say(format_args!("{covered} of {length}"));
    } else {
        sentence.say(format_args!("{factor} of the period"));
    }
}
