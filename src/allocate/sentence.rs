//! Says in English how a portion came about. `why` of a split and `explain` of a book both have their sentences here.

use super::apportion::{PortionTrace, Rank, Steps, sum};
use super::method::{FirstPass, Leftover, Method};
use crate::money::{Fraction, text};
use rust_decimal::Decimal;

/// Writes a sentence for each portion of a split.
#[derive(Debug)]
pub(crate) struct Narrator<'a> {
    method: &'a Method,
    steps: &'a Steps,
    ranks: Vec<Option<Rank>>,
    /// What a portion is called.
    noun: &'static str,
    /// The unit of all figures of the steps.
    increment: Decimal,
    /// Whether the first pass gave more than the amount.
    is_too_much: bool,
}

impl<'a> Narrator<'a> {
    /// Of the `steps` of a split by `method`, in units of `increment`. `None` if they are not those of a split.
    pub(crate) fn new(
        method: &'a Method,
        steps: &'a Steps,
        noun: &'static str,
        increment: Decimal,
    ) -> Option<Self> {
        let given: Vec<_> = steps
            .portions
            .iter()
            .map(|portion| portion.first_pass)
            .collect();
        let amount = sum(&given).checked_add(steps.leftover.into())?;

        Some(Self {
            method,
            steps,
            ranks: steps.ranks(method)?,
            noun,
            increment,
            is_too_much: amount.signum() != i128::from(steps.leftover.signum()),
        })
    }

    /// How the portion at `index` came to its `part`. `formula` shows what the share is made of, if that helps.
    pub(crate) fn sentence(
        &self,
        index: usize,
        part: i64,
        formula: Option<&str>,
    ) -> Option<String> {
        let portion = self.steps.portions.get(index)?;
        if portion.is_capped {
            let cap = self.amount(portion.first_pass);
            let start = "Its share is more than its cap, so it gets its cap of ";
            return Some([start, &cap, "."].concat());
        }

        let mut sentence = self.exact_share(portion, formula);
        let extra = part.checked_sub(portion.first_pass)?;
        let is_concerned = extra != 0 || !portion.is_exact();
        if self.steps.leftover != 0
            && is_concerned
            && let Some(leftover) = self.fate_of_leftover(index, portion, extra.unsigned_abs())
        {
            sentence.push(' ');
            sentence.push_str(&leftover);
        }

        Some(sentence)
    }

    /// Who got the units left over, as far as the portion at `index` is concerned: it got `got` of them.
    fn fate_of_leftover(&self, index: usize, portion: &PortionTrace, got: u64) -> Option<String> {
        if let Some(rank) = self.ranks.get(index).copied().flatten() {
            return Some(self.leftover(portion, rank, got));
        }
        if self.method.is_separate() {
            return Some(self.unallocated());
        }
        let is_abandoned = self.method.abandon_if_nothing;
        let words = "No share comes to a whole unit, so the whole amount stays unallocated.";
        is_abandoned.then(|| words.to_owned())
    }

    /// That nobody gets the units left over.
    fn unallocated(&self) -> String {
        let (units, were) = self.units(self.steps.leftover.unsigned_abs());
        let stay = if were == "was" { "stays" } else { "stay" };
        let units = capitalized(&units);
        [&*units, " ", were, " left over and ", stay, " unallocated."].concat()
    }

    /// The share before and after the first pass.
    fn exact_share(&self, portion: &PortionTrace, formula: Option<&str>) -> String {
        let subject = if self.method.from_back {
            "Its exact share of what the later ones left"
        } else {
            "Its exact share"
        };

        let mut sentence = subject.to_owned();
        if let Some(formula) = formula {
            [", ", formula, ","]
                .iter()
                .for_each(|text| sentence.push_str(text));
        }
        sentence.push_str(" is ");
        sentence.push_str(&self.share(portion));

        if !portion.is_exact() {
            let first = self.amount(portion.first_pass);
            let rounding = self.rounding(portion.numerator < 0);
            ["; ", rounding, ", ", &first]
                .iter()
                .for_each(|text| sentence.push_str(text));
        }
        sentence.push('.');
        sentence
    }

    /// What the first pass does to a share of that sign.
    const fn rounding(&self, is_negative: bool) -> &'static str {
        match (self.method.leftover, self.method.first_pass) {
            (Leftover::SeparateBlocks, _) => "in whole blocks of the weights",
            (_, FirstPass::Down) if is_negative => "rounded toward zero",
            (_, FirstPass::Up) if is_negative => "rounded away from zero",
            (_, FirstPass::Down | FirstPass::Floor) => "rounded down",
            (_, FirstPass::Up | FirstPass::Ceiling) => "rounded up",
            _ => "rounded to the nearest",
        }
    }

    /// Who got the units left over, and why. `got` of them are those of the portion.
    fn leftover(&self, portion: &PortionTrace, rank: Rank, got: u64) -> String {
        let story = if self.is_too_much {
            self.taken_back(got)
        } else {
            self.handed_out(got)
        };
        let reason = if portion.is_full && got == 0 {
            "at its cap".to_owned()
        } else {
            self.reason(rank)
        };
        [&*story, self.noun, " (", &reason, ")."].concat()
    }

    /// That units were left over, and that `got` of them went to a portion, which is named next.
    fn handed_out(&self, got: u64) -> String {
        let count = self.steps.leftover.unsigned_abs();
        let (units, were) = self.units(count);
        let units = capitalized(&units);

        // One unit went or did not go, and nobody asks how many.
        match (count, got) {
            (1, 0) => [&*units, " was left over and did not go to this "].concat(),
            (1, _) => [&*units, " was left over and went to this "].concat(),
            _ => {
                let got = number_or_none(got);
                [
                    &*units,
                    " ",
                    were,
                    " left over, and ",
                    &got,
                    " went to this ",
                ]
                .concat()
            }
        }
    }

    /// That the first pass gave units too many, and that `got` of them were taken back from a portion, which is named
    /// next.
    fn taken_back(&self, got: u64) -> String {
        let count = self.steps.leftover.unsigned_abs();
        let (units, _) = self.units(count);
        let start = ["Rounding gave ", &*units, " too many, "].concat();

        match (count, got) {
            (1, 0) => [&*start, "which was not taken back from this "].concat(),
            (1, _) => [&*start, "which was taken back from this "].concat(),
            _ => {
                let were = if got < 2 { "was" } else { "were" };
                let got = number_or_none(got);
                [&*start, "and ", &got, " ", were, " taken back from this "].concat()
            }
        }
    }

    /// Where a portion stands among those who may receive units left over.
    fn reason(&self, rank: Rank) -> String {
        let quality = match self.method.leftover {
            Leftover::LargestWeight => "largest weight",
            Leftover::LargestRemainder => "largest remainder",
            Leftover::Last if rank.first == 0 => return "last in order".to_owned(),
            Leftover::Last => return [&*ordinal(rank.first), " last in order"].concat(),
            _ => return [&*ordinal(rank.first), " in order"].concat(),
        };
        let mut reason = if rank.first == 0 {
            quality.to_owned()
        } else {
            [&*ordinal(rank.first), " ", quality].concat()
        };

        // Among equals their order decides, which is part of the reason.
        if rank.count > 1 {
            let count = number(u64::try_from(rank.count).unwrap_or(u64::MAX));
            [", ", &*ordinal(rank.index), " of ", &count, " equal ones"]
                .iter()
                .for_each(|text| reason.push_str(text));
        }
        reason
    }

    /// A number of units as words, and its verb: "one unit of 0.01", "was".
    fn units(&self, count: u64) -> (String, &'static str) {
        let (noun, verb) = if count == 1 {
            (" unit", "was")
        } else {
            (" units", "were")
        };

        let mut units = [&*number(count), noun].concat();
        if self.increment != Decimal::ONE {
            units.push_str(" of ");
            units.push_str(&text::write_decimal(self.increment));
        }

        (units, verb)
    }

    /// A number of increments.
    fn amount(&self, count: i64) -> String {
        match i128::from(count).checked_mul(self.increment.mantissa()) {
            Some(units) => text::write(units, self.increment.scale()),
            None => [
                &*text::write(count.into(), 0),
                " × ",
                &text::write_decimal(self.increment),
            ]
            .concat(),
        }
    }

    /// The exact share as a decimal; as a fraction if that has too many digits to be calculated.
    fn share(&self, portion: &PortionTrace) -> String {
        let share = Fraction::new(portion.numerator, portion.denominator);
        let value = share.times(Fraction::of(self.increment));
        decimal(value, self.increment.scale()).unwrap_or_else(|| {
            [
                &*share.to_string(),
                " × ",
                &text::write_decimal(self.increment),
            ]
            .concat()
        })
    }
}

impl Method {
    /// Whether nobody gets the units left over.
    const fn is_separate(&self) -> bool {
        matches!(self.leftover, Leftover::Separate | Leftover::SeparateBlocks)
    }
}

/// The decimals, more than the scale, in which a share is written out. A longer one is cut after the first of them.
const MORE_DIGITS: u32 = 4;

/// A fraction with `scale` decimals or some more; three dots stand for those that are cut. `None` if out of range.
fn decimal(value: Fraction, scale: u32) -> Option<String> {
    let value = value.known()?;
    let quotient = |digits: u32| {
        let scaled = value
            .numerator()
            .checked_mul(10_i128.checked_pow(digits)?)?;
        let is_whole = scaled.checked_rem(value.denominator())? == 0;
        Some((
            text::write(scaled.checked_div(value.denominator())?, digits),
            is_whole,
        ))
    };

    for digits in scale..=scale.checked_add(MORE_DIGITS)? {
        let (written, is_whole) = quotient(digits)?;
        if is_whole {
            return Some(written);
        }
    }

    let (written, _) = quotient(scale.checked_add(1)?)?;
    Some([&*written, "…"].concat())
}

/// A number as a word, if people would write one.
fn number(number: u64) -> String {
    const WORDS: [&str; 11] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ];
    let word = usize::try_from(number)
        .ok()
        .and_then(|number| WORDS.get(number));
    word.map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// A number as a word that stands alone.
fn number_or_none(count: u64) -> String {
    match count {
        0 => "none".to_owned(),
        _ => number(count),
    }
}

/// The ordinal number of an index: "first" for 0.
fn ordinal(index: usize) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    if let Some(word) = WORDS.get(index) {
        return (*word).to_owned();
    }

    // 11, 12 and 13 end as no other numbers with these last digits do.
    let number = u128::try_from(index).map_or(0, |index| index.wrapping_add(1));
    let suffix = match (number % 10, number % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };

    [&*number.to_string(), suffix].concat()
}

/// With an upper letter first.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::SplitInput;

    /// The sentence of each portion.
    fn sentences(
        method: Method,
        amount: i64,
        weights: &[i64],
        caps: Option<&[i64]>,
    ) -> Vec<String> {
        let input = SplitInput {
            amount,
            weights,
            caps,
            order: None,
        };
        let (shares, steps) = method.trace(&input).unwrap();
        let narrator = Narrator::new(&method, &steps, "line", Decimal::ONE).unwrap();
        let parts = shares.parts.iter().enumerate();
        parts
            .map(|(index, &part)| narrator.sentence(index, part, None).unwrap())
            .collect()
    }

    #[test]
    fn several_units_left_over_are_counted_and_ranked() {
        // 10 × 3/7 = 4.29, 10 × 2/7 = 2.86 twice: two units are left over, one each for the larger remainders.
        let all = sentences(Method::default(), 10, &[3, 2, 2], None);
        assert_eq!(
            all,
            [
                "Its exact share is 4.2…; rounded down, 4. Two units were left over, and none went to this line \
                 (third largest remainder).",
                "Its exact share is 2.8…; rounded down, 2. Two units were left over, and one went to this line \
                 (largest remainder, first of two equal ones).",
                "Its exact share is 2.8…; rounded down, 2. Two units were left over, and one went to this line \
                 (largest remainder, second of two equal ones).",
            ]
        );
        // Five over −1, 1, 1 in whole numbers: nothing is rounded.
        let signed = Method {
            allow_negative: true,
            ..Method::default()
        };
        let all = sentences(signed, 5, &[-1, 1, 1], None);
        assert_eq!(all[0], "Its exact share is -5.");
    }

    #[test]
    fn the_rule_of_the_method_gives_the_reason() {
        let by = |leftover| {
            let method = Method {
                leftover,
                ..Method::default()
            };
            // 5 over 1, 1, 2: 1.25 twice and 2.5.
            sentences(method, 5, &[1, 1, 2], None)
        };
        let went =
            "Its exact share is 2.5; rounded down, 2. One unit was left over and went to this line";
        assert_eq!(
            by(Leftover::LargestWeight)[2],
            [went, " (largest weight)."].concat()
        );
        assert_eq!(by(Leftover::Last)[2], [went, " (last in order)."].concat());
        let others = "Its exact share is 1.25; rounded down, 1. One unit was left over and";
        assert_eq!(
            by(Leftover::LargestWeight)[1],
            [
                others,
                " did not go to this line (second largest weight, second of two equal ones)."
            ]
            .concat()
        );
        assert_eq!(
            by(Leftover::First)[1],
            [others, " did not go to this line (second in order)."].concat()
        );
        assert_eq!(
            by(Leftover::Last)[1],
            [others, " did not go to this line (second last in order)."].concat()
        );
        assert_eq!(
            by(Leftover::Separate)[1],
            [others, " stays unallocated."].concat()
        );
        // In lowest terms 1 + 1 + 2 is a block of 4: one block of it, and one unit stays.
        assert_eq!(
            by(Leftover::SeparateBlocks)[2],
            "Its exact share is 2.5; in whole blocks of the weights, 2. One unit was left over and stays unallocated."
        );
    }

    #[test]
    fn a_first_pass_that_gives_too_much_takes_back() {
        let up = Method {
            first_pass: FirstPass::Up,
            ..Method::default()
        };
        // 7 over two: 3.5 each, up to 4.
        assert_eq!(
            sentences(up, 7, &[1, 1], None),
            [
                "Its exact share is 3.5; rounded up, 4. Rounding gave one unit too many, which was taken back from \
                 this line (largest remainder, first of two equal ones).",
                "Its exact share is 3.5; rounded up, 4. Rounding gave one unit too many, which was not taken back from \
                 this line (largest remainder, second of two equal ones).",
            ]
        );
        // −2 over three, the floors of −⅔ are −1: one too many, and the mirror has none.
        let floor = Method {
            first_pass: FirstPass::Floor,
            mirror: false,
            ..Method::default()
        };
        assert_eq!(
            sentences(floor, -2, &[1, 1, 1], None)[0],
            "Its exact share is -0.6…; rounded down, -1. Rounding gave one unit too many, which was taken back from \
             this line (largest remainder, first of three equal ones)."
        );
        assert_eq!(
            sentences(Method::default(), -2, &[1, 1, 1], None)[2],
            "Its exact share is -0.6…; rounded toward zero, 0. Two units were left over, and none went to this line \
             (largest remainder, third of three equal ones)."
        );
    }

    #[test]
    fn caps_are_told() {
        // 91 by three equal weights, 10 at most for the first: 40.5 for the others.
        let all = sentences(Method::default(), 91, &[1, 1, 1], Some(&[10, 100, 100]));
        assert_eq!(
            all[0],
            "Its share is more than its cap, so it gets its cap of 10."
        );
        assert_eq!(
            all[1],
            "Its exact share is 40.5; rounded down, 40. One unit was left over and went to this line (largest \
             remainder, first of two equal ones)."
        );
    }

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let all = [0, 9, 10, 11, 12, 20, 21, 22, 110, 111].map(ordinal);
        assert_eq!(
            all,
            [
                "first", "tenth", "11th", "12th", "13th", "21st", "22nd", "23rd", "111th", "112th"
            ]
        );
    }
}
