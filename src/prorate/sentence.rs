//! Why a prorated amount is what it is, as a sentence that a customer understands.

use super::request::{Prorated, ServiceTime};
use super::share::{GridCell, Share};
use super::terms::{Basis, Grid, Reached, Stub, StubPosition, Terms};
use super::text::{FractionText, Sentence, UnitsText};
use crate::money::{Fraction, text};
use std::fmt;

impl Prorated {
    /// Why the amount is what it is, as a sentence that a customer understands.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentence = Sentence::default();
        self.say_time(&mut sentence);
        self.say_price(&mut sentence);
        let rule = StubText(&self.request.terms, &self.share);
        sentence.say(format_args!("{rule}"));
        self.say_rounding(&mut sentence);
        sentence.say(format_args!(": {}.", self.amount));
        sentence.finish()
    }

    /// Says which time the price is for.
    fn say_time(&self, sentence: &mut Sentence) {
        let terms = &self.request.terms;
        let Share {
            factor,
            covered,
            length,
            ..
        } = self.share;
        let is_service = matches!(self.request.time, ServiceTime::Service { .. });

        // What the caller stated goes first, then what the terms say of any time, then the time that was counted.
        match (self.request.time, terms.basis) {
            (ServiceTime::Factor(_), _) => sentence.say(format_args!("{factor} of ")),
            (_, Basis::Full) => sentence.say(format_args!("Not prorated: the full price of ")),
            (_, Basis::Nothing) => sentence.say(format_args!("Not prorated: nothing of ")),
            _ if terms.grid == Grid::Month && !self.cells.is_empty() => self.say_months(sentence),
            _ if is_service && self.cells.is_empty() => sentence.say(format_args!(
                "Time without length, or of the whole period: the full price of "
            )),
            _ => {
                let covered = FractionText(covered);
                let length = UnitsText(length, terms.unit.as_str());
                sentence.say(format_args!("{covered} of {length} of "));
            }
        }
    }

    /// Says how many months: the whole ones are counted, the others say their days.
    fn say_months(&self, sentence: &mut Sentence) {
        let covered = FractionText(self.share.covered);
        let length = UnitsText(self.share.length, "month");
        sentence.say(format_args!("{covered} of {length} ("));

        let whole = self.cells.iter().filter(|cell| is_whole(cell)).count();
        if whole > 0 {
            sentence.say(format_args!("{whole} whole"));
        }

        let parts = self.cells.iter().filter(|cell| !is_whole(cell));
        for (index, cell) in parts.enumerate() {
            if index > 0 || whole > 0 {
                sentence.say(format_args!(" + "));
            }
            let length = UnitsText(cell.length, "day");
            sentence.say(format_args!("{} of {length}", cell.covered));
        }

        sentence.say(format_args!(") at "));
    }

    /// Says the price, and the rate or the factor that the terms round.
    fn say_price(&self, sentence: &mut Sentence) {
        let request = &self.request;
        if request.quantity.mantissa() != 1 {
            let quantity = text::write_decimal(request.quantity);
            sentence.say(format_args!("{quantity} × "));
        }
        sentence.say(format_args!("{}", text::write_decimal(request.price)));

        let Share {
            factor,
            covered,
            length,
            part,
        } = self.share;

        // A factor that a rule for a part of a period decided is said with that rule.
        let is_rounded = request.terms.factor_scale.is_some() && factor != covered.over(length);
        if let Some(rate) = self.rate {
            let (rate, unit) = (FractionText(rate), request.terms.unit.as_str());
            sentence.say(format_args!(", at {rate} a {unit}"));
        } else if is_rounded && part == StubPosition::Any {
            sentence.say(format_args!(", a factor of {}", FractionText(factor)));
        }
    }

    /// Says the exact amount, where it is rounded.
    fn say_rounding(&self, sentence: &mut Sentence) {
        if self.exact == self.amount.exact() {
            return;
        }

        let exact = FractionText(self.exact);
        let rounding = self
            .request
            .terms
            .rounding
            .sentence(self.exact.is_negative());
        sentence.say(format_args!(": {exact}, rounded {rounding}"));
    }
}

fn is_whole(cell: &GridCell) -> bool {
    cell.covered == cell.length
}

/// What the rule for a part of a period made of a share, within a sentence; nothing where it is prorated.
pub(super) struct StubText<'a>(pub &'a Terms, pub &'a Share);

impl fmt::Display for StubText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Share { factor, part, .. } = *self.1;
        match self.0.rule_for(part) {
            Stub::Prorate => Ok(()),
            Stub::Full => f.write_str(", a part that is billed in full"),
            Stub::Skip => f.write_str(", a part that is not billed"),
            Stub::Months => f.write_str(", a part that is billed to the end of its month"),
            Stub::FromDays(least, reached) => {
                let least = UnitsText(Fraction::whole(least.into()), "day");
                threshold(f, factor, reached, format_args!("{least}"))
            }
            Stub::FromShare(least, reached) => {
                let least = FractionText(least);
                threshold(f, factor, reached, format_args!("{least} of the period"))
            }
            Stub::WholeMonths(least) => {
                let count = if least == 1 { "counts" } else { "count" };
                let least = UnitsText(Fraction::whole(least.into()), "remaining day");
                let factor = FractionText(factor);

                f.write_str(", a part billed by whole months, ")?;
                write!(
                    f,
                    "where {least} {count} as one more: {factor} of the period"
                )
            }
        }
    }
}

/// Says whether a part reaches the threshold from which it is billed.
fn threshold(
    f: &mut fmt::Formatter<'_>,
    factor: Fraction,
    reached: Reached,
    least: fmt::Arguments<'_>,
) -> fmt::Result {
    match reached {
        _ if factor.is_zero() => write!(f, ", a part below {least}, which is not billed"),
        Reached::Full => write!(f, ", a part that is billed in full from {least} on"),
        Reached::Prorate => write!(f, ", a part that is billed from {least} on"),
    }
}
