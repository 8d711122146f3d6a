//! Reading objects strictly: every field is known, and each refusal has the path of its field.

use super::Value;
use crate::calendar::{Date, Moment};
use crate::error::{
    Error, NameFigure, NamesFigure, Reason, Result, Site, TextFigure, WholeFigure, WordFigure,
};
use crate::label::{check_id, check_label};
use crate::money::{Currency, text};
use crate::order::sort_by;
use rust_decimal::Decimal;

/// How a value of the request becomes a `T`. A plain function, not a closure: one copy of the readers below serves all
/// fields of a type, and there are many fields.
pub(super) type FieldReader<'v, 'a, T> = fn(&'v Value<'a>, &Site<'_>) -> Result<T>;

/// The field that says of which type a command or a change of a plan is.
pub(super) const TYPE: &str = "type";

/// The field with the day of a command.
pub(super) const AT: &str = "at";

/// The names of the fields that an object can have: its own, and those of the objects that it extends.
pub(super) struct KnownFields {
    pub(super) own: &'static [&'static str],
    pub(super) extended: &'static [&'static KnownFields],
}

impl KnownFields {
    fn has(&self, name: &str) -> bool {
        self.own.iter().any(|known| is_same(known, name))
            || self.extended.iter().any(|known| known.has(name))
    }

    /// Adds all of them to a list.
    #[cold]
    fn list(&self, all: &mut Vec<&'static str>) {
        self.extended.iter().for_each(|known| known.list(all));
        for name in self.own {
            if !all.contains(name) {
                all.push(name);
            }
        }
    }
}

/// The fields of an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'v, 'a> {
    fields: &'v [(&'a str, Value<'a>)],
    path: &'v Site<'v>,
}

impl<'v, 'a> Fields<'v, 'a> {
    /// Opens an object.
    pub(super) fn open(value: &'v Value<'a>, path: &'v Site<'v>) -> Result<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, path }),
            other => Err(wrong_type(path, "object", other)),
        }
    }

    /// Refuses every field that is not `known`, and every field that is there twice.
    pub(super) fn allow(self, known: &[&[&'static str]]) -> Result<Self> {
        self.allow_beside(known, &[])
    }

    /// Refuses every field that none of the tables has, and every field that is there twice.
    pub(super) fn allow_tables(self, tables: &[&KnownFields]) -> Result<Self> {
        self.allow_beside(&[], tables)
    }

    /// The same where some fields are of no table.
    pub(super) fn allow_beside(
        self,
        others: &[&[&'static str]],
        tables: &[&KnownFields],
    ) -> Result<Self> {
        // An unknown name ends this, and so does one that is there twice. So no more names are compared
        // with each other than the tables have, whatever a caller sends.
        for (place, (name, _)) in self.fields.iter().enumerate() {
            let mut others_known = others.iter().copied().flatten();
            let is_listed = others_known.any(|known| is_same(known, name));
            if !is_listed && !tables.iter().any(|table| table.has(name)) {
                let mut all = others.concat();
                tables.iter().for_each(|table| table.list(&mut all));
                return Err(self.not_among(name, all.into()));
            }

            let mut earlier = self.fields.iter().take(place);
            if earlier.any(|(earlier, _)| is_same(earlier, name)) {
                return Err(self.twice(name));
            }
        }
        Ok(self)
    }

    /// The refusal of a field that is none of `known`.
    #[cold]
    fn not_among(self, name: &str, known: Box<[&'static str]>) -> Error {
        let meant = likeliest(name, &known).map(NameFigure);
        let known = NamesFigure(known);
        // A name of any length may come in; a path is for people.
        if is_overlong(name) {
            let name = name.into();
            return Error::of(Reason::OverlongField { name, known }, self.path);
        }

        // Only commands have a type at the top, and it has been read by now.
        let has_type = known.0.contains(&TYPE);
        let command = match (self.path, self.get(TYPE)) {
            (Site::Command, Some(Value::Text(command))) if has_type => Some((*command).into()),
            _ => None,
        };
        let site = self.path.field(name);
        let name = name.into();
        let reason = match (command, meant) {
            (None, None) => Reason::UnknownField { name, known },
            (None, Some(meant)) => Reason::MisspeltField { name, meant, known },
            (Some(command), None) => Reason::UnknownFieldOfCommand {
                command,
                name,
                known,
            },
            (Some(command), Some(meant)) => Reason::MisspeltFieldOfCommand {
                command,
                name,
                meant,
                known,
            },
        };
        Error::of(reason, &site)
    }

    /// Whether a field is there.
    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn get(self, name: &str) -> Option<&'v Value<'a>> {
        self.fields
            .iter()
            .find(|(field, _)| is_same(field, name))
            .map(|(_, value)| value)
    }

    /// A field that may be left out.
    #[inline(never)]
    pub(super) fn optional<T>(self, name: &str, read: FieldReader<'v, 'a, T>) -> Result<Option<T>> {
        match self.get(name) {
            Some(value) => read(value, &self.path.field(name)).map(Some),
            None => Ok(None),
        }
    }

    /// A field that must be there.
    #[inline(never)]
    pub(super) fn required<T>(self, name: &'static str, read: FieldReader<'v, 'a, T>) -> Result<T> {
        match self.get(name) {
            Some(value) => read(value, &self.path.field(name)),
            None => Err(self.missing(name)),
        }
    }

    /// The path of a field.
    pub(super) fn field(self, name: &'v str) -> Site<'v> {
        self.path.field(name)
    }

    /// All fields, each once. There can be any number of them, so they are not compared each with each.
    pub(super) fn all(self) -> Result<&'v [(&'a str, Value<'a>)]> {
        let mut names: Vec<_> = self.fields.iter().map(|(name, _)| *name).collect();
        sort_by(&mut names, Ord::cmp);
        let twice = names.iter().zip(names.iter().skip(1));
        match twice.into_iter().find(|(name, next)| name == next) {
            None => Ok(self.fields),
            Some((name, _)) => Err(self.twice(name)),
        }
    }

    /// The refusal of a field that is there twice.
    #[cold]
    fn twice(self, name: &str) -> Error {
        let field = name.into();
        Error::of(Reason::RepeatedField { field }, self.path)
    }

    /// The refusal of a field, for a reason.
    #[cold]
    pub(super) fn refused(self, name: &str, reason: Reason) -> Error {
        Error::of(reason, &self.path.field(name))
    }

    /// The refusal of a field that says the same thing as another.
    #[cold]
    pub(super) fn either(self, name: &'static str, other: &'static str) -> Error {
        let (field, other) = (NameFigure(name), NameFigure(other));
        self.refused(name, Reason::TwoFieldsForOne { field, other })
    }

    /// Refuses fields that nothing would read here.
    pub(super) fn none_of(
        self,
        names: &[&'static str],
        reason: fn(NameFigure) -> Reason,
    ) -> Result<()> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(self.refused(name, reason(NameFigure(name)))),
            None => Ok(()),
        }
    }

    /// The refusal of an object that lacks a field.
    #[cold]
    pub(super) fn missing(self, name: &'static str) -> Error {
        let field = NameFigure(name);
        self.refused(name, Reason::FieldMissing { field })
    }
}

/// Whether two words are the same. From eight to sixteen letters are two numbers to compare, and fewer are compared one
/// by one: either takes less time than calling for a comparison of memory.
#[inline]
pub(super) fn is_same(a: &str, b: &str) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match (ends_of(a), ends_of(b)) {
        (Some(a_ends), Some(b_ends)) => a_ends == b_ends && (a.len() <= 16 || a == b),
        _ => a.bytes().eq(b.bytes()),
    }
}

/// The first and the last eight letters; `None` of a shorter word.
#[inline]
fn ends_of(word: &str) -> Option<[[u8; 8]; 2]> {
    let bytes = word.as_bytes();
    Some([*bytes.first_chunk()?, *bytes.last_chunk()?])
}

/// Whether a name is too long to be part of a path.
pub(super) const fn is_overlong(name: &str) -> bool {
    name.len() > 80
}

/// The one of `known` that `name` is likely to mean: the one with the fewest letters to change, two at most, and fewer
/// than half of them.
#[cold]
pub(super) fn likeliest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    if is_overlong(name) {
        return None;
    }

    let most = name.len().saturating_sub(1).wrapping_div(2).min(2);
    let distances = known.iter().map(|known| (distance(name, known), *known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= most).then_some(known)
}

/// How like a name is to what was written, by words: its verb, which comes before the first capital, counts more than
/// what follows. Who writes `reversePayment` wants to reverse something.
#[cold]
fn likeness(written: &str, name: &str) -> usize {
    let capital = written.find(is_capital);
    let Some((verb, noun)) = capital.and_then(|capital| written.split_at_checked(capital)) else {
        return 0;
    };
    let rest = name.strip_prefix(verb);
    let has_verb = rest.is_some_and(|rest| rest.starts_with(is_capital));
    let like = [has_verb, has_verb, name.ends_with(noun)];
    like.into_iter().filter(|is_like| *is_like).count()
}

const fn is_capital(letter: char) -> bool {
    letter.is_ascii_uppercase()
}

/// How many letters must be changed, added or left out to make one name of the other; capitals count as small letters.
///
/// This is Levenshtein's distance (<https://en.wikipedia.org/wiki/Levenshtein_distance>). One row of its table is kept,
/// and each letter of `from` writes the next row over it.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (written, letter) in from.bytes().enumerate() {
        let mut left = written.saturating_add(1);
        let mut above_left = written;
        for (cell, other) in row.iter_mut().skip(1).zip(to.bytes()) {
            let changed = usize::from(!letter.eq_ignore_ascii_case(&other));
            let least = (*cell).min(left).saturating_add(1);
            left = least.min(above_left.saturating_add(changed));
            above_left = std::mem::replace(cell, left);
        }

        if let Some(first) = row.first_mut() {
            *first = written.saturating_add(1);
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

/// The refusal of a value of another type than `expected`, a word of the tables of messages.
#[cold]
pub(super) fn wrong_type(site: &Site<'_>, expected: &'static str, found: &Value<'_>) -> Error {
    let expected = WordFigure(expected);
    let reason = match found {
        Value::Whole(number) => Reason::NumberOfWrongType {
            expected,
            number: number.to_string().into(),
        },
        Value::Number(number) => Reason::NumberOfWrongType {
            expected,
            number: (*number).into(),
        },
        Value::Text(text) => Reason::TextOfWrongType {
            expected,
            text: (*text).into(),
        },
        Value::Foreign(what) => match what.strip_prefix("class ") {
            Some(class) => Reason::ObjectOfClass {
                expected,
                class: class.into(),
            },
            None => Reason::WrongType {
                expected,
                actual: WordFigure(foreign(what)),
            },
        },

        Value::Null => plain(expected, "null"),
        Value::Boolean(true) => plain(expected, "true"),
        Value::Boolean(false) => plain(expected, "false"),
        Value::List(_) => plain(expected, "list"),
        Value::Object(_) => plain(expected, "object"),
    };
    Error::of(reason, site)
}

const fn plain(expected: WordFigure, actual: &'static str) -> Reason {
    let actual = WordFigure(actual);
    Reason::WrongType { expected, actual }
}

/// The types of JavaScript that no request has.
fn foreign(what: &str) -> &'static str {
    const TYPES: [&str; 4] = ["undefined", "function", "symbol", "bigint"];
    TYPES
        .into_iter()
        .find(|known| *known == what)
        .unwrap_or("undefined")
}

/// The one field of an object that has several forms, each with one, and `others` beside it.
pub(super) fn only<'v, 'a>(
    value: &'v Value<'a>,
    names: &[&'static str],
    others: &[&'static str],
    path: &'v Site<'v>,
) -> Result<(usize, Fields<'v, 'a>)> {
    let fields = Fields::open(value, path)?.allow(&[names, others])?;
    let mut stated = names
        .iter()
        .enumerate()
        .filter(|(_, name)| fields.has(name));
    match (stated.next(), stated.next()) {
        (Some((form, _)), None) => Ok((form, fields)),
        (Some((_, first)), Some((_, second))) => Err(fields.either(second, first)),
        (None, _) => {
            let fields = NamesFigure(names.into());
            Err(Error::of(Reason::OneFieldMissing { fields }, path))
        }
    }
}

/// Any text.
pub(super) fn text<'a>(value: &Value<'a>, path: &Site<'_>) -> Result<&'a str> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(wrong_type(path, "text", other)),
    }
}

/// An identifier or number.
pub(super) fn id(value: &Value<'_>, path: &Site<'_>) -> Result<String> {
    let id = text(value, path)?;
    check_id(id, path).map(|()| id.to_owned())
}

/// A name that may be empty.
pub(super) fn label(value: &Value<'_>, path: &Site<'_>) -> Result<String> {
    let label = text(value, path)?;
    check_label(label, path).map(|()| label.to_owned())
}

/// An exact decimal as text.
pub(super) fn decimal(value: &Value<'_>, path: &Site<'_>) -> Result<Decimal> {
    match value {
        Value::Text(decimal) => text::parse(decimal).map_err(|error| error.at(path)),
        other => Err(no_decimal(other, path)),
    }
}

/// The refusal of a value that is no decimal number as text. Of a number, it says the text.
#[cold]
fn no_decimal(value: &Value<'_>, path: &Site<'_>) -> Error {
    let number = match value {
        Value::Whole(number) => number.to_string(),
        Value::Number(number) if text::parse(number).is_ok() => (*number).to_owned(),
        other => return wrong_type(path, "decimalText", other),
    };
    let number = number.into();
    Error::of(Reason::NumberForDecimal { number }, path)
}

/// The refusal of a code that ISO 4217 does not list.
#[cold]
pub(super) fn not_iso(code: &str, path: &Site<'_>) -> Error {
    let reason = match Currency::in_capitals(code) {
        Some(meant) => Reason::CurrencyInSmallLetters {
            currency: code.into(),
            meant: meant.code().into(),
        },
        None => Reason::NotIsoCurrency { code: code.into() },
    };
    Error::of(reason, path)
}

/// The decimal that JavaScript prints of a number, such as `1.5` or `2.5e-7`: what it reads of the digits is that
/// number again. `None` for what has no digits (−0 has a sign beside), and beyond 28 decimals.
pub(super) fn printed(number: &str) -> Option<Decimal> {
    let (digits, exponent) = number.split_once('e').unwrap_or((number, "0"));
    let decimal = text::parse(digits)
        .ok()
        .filter(|decimal| !decimal.is_zero())?;
    let exponent: i64 = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .ok()?;

    // An exponent moves the point. Beyond the last digit, it adds zeros.
    let scale = i64::from(decimal.scale()).checked_sub(exponent)?;
    let zeros = 10_i128.checked_pow(u32::try_from(scale.min(0).checked_neg()?).ok()?)?;
    let mantissa = decimal.mantissa().checked_mul(zeros)?;
    Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()
}

/// A calendar day, or the civil day of an instant.
pub(super) fn date(value: &Value<'_>, path: &Site<'_>) -> Result<Date> {
    match value {
        Value::Text(text) => Date::parse(text)
            .or_else(|_| Moment::parse_day(text))
            .map_err(|error| error.at(path)),
        other => Err(wrong_type(path, "dateText", other)),
    }
}

/// `null`, or a value.
pub(super) fn nullable<'v, 'a, T>(
    value: &'v Value<'a>,
    path: &Site<'_>,
    read: FieldReader<'v, 'a, T>,
) -> Result<Option<T>> {
    match value {
        Value::Null => Ok(None),
        other => read(other, path).map(Some),
    }
}

/// `true` or `false`.
pub(super) fn boolean(value: &Value<'_>, path: &Site<'_>) -> Result<bool> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        other => Err(wrong_type(path, "boolean", other)),
    }
}

/// A whole number from `least` to `most`.
pub(super) fn whole<T: TryFrom<i64>>(
    least: i64,
    most: i64,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<T> {
    let found = match value {
        Value::Whole(number) => match T::try_from(*number) {
            Ok(whole) if (least..=most).contains(number) => return Ok(whole),
            _ => number.to_string().into(),
        },
        Value::Number(number) => (*number).into(),
        other => return Err(wrong_type(path, "wholeNumber", other)),
    };
    Err(outside(least, most, found, path))
}

/// The refusal of a number that is not whole, or not from `least` to `most`.
#[cold]
fn outside(least: i64, most: i64, number: TextFigure, site: &Site<'_>) -> Error {
    let (least, most) = (WholeFigure(least), WholeFigure(most));
    let reason = Reason::NoWholeNumber {
        least,
        most,
        number,
    };
    Error::of(reason, site)
}

/// One of a closed set of words.
pub(super) fn choice<T: Copy>(
    choices: &[T],
    name: fn(T) -> &'static str,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<T> {
    let word = text(value, path)?;
    let mut known = choices.iter().copied();
    match known.find(|&choice| is_same(name(choice), word)) {
        Some(choice) => Ok(choice),
        None => {
            let words = choices.iter().map(|&choice| name(choice)).collect();
            Err(not_among(words, word, path))
        }
    }
}

/// The place of one of a closed set of words.
pub(super) fn place_of(
    words: &[&'static str],
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<usize> {
    let word = text(value, path)?;
    words
        .iter()
        .position(|&choice| is_same(choice, word))
        .ok_or_else(|| not_among(words.into(), word, path))
}

/// The refusal of a word that is not one of `words`.
#[cold]
pub(super) fn not_among(mut choices: Box<[&'static str]>, word: &str, site: &Site<'_>) -> Error {
    let meant = likeliest(word, &choices).map(NameFigure);
    if meant.is_none() {
        // Of a long list only the first are shown.
        sort_by(&mut choices, |a, b| {
            likeness(word, b).cmp(&likeness(word, a))
        });
    }
    let (choices, word) = (NamesFigure(choices), word.into());
    let reason = match meant {
        None => Reason::NoChoice { choices, word },
        Some(meant) => Reason::MisspeltChoice {
            choices,
            word,
            meant,
        },
    };
    Error::of(reason, site)
}

/// The entries of a list as they are.
pub(super) fn entries<'v, 'a>(value: &'v Value<'a>, path: &Site<'_>) -> Result<&'v [Value<'a>]> {
    match value {
        Value::List(entries) => Ok(entries),
        other => Err(wrong_type(path, "list", other)),
    }
}

/// A list, each entry read alike.
#[inline(never)]
pub(super) fn list<'v, 'a, T>(
    value: &'v Value<'a>,
    path: &Site<'_>,
    read: FieldReader<'v, 'a, T>,
) -> Result<Vec<T>> {
    let entries = entries(value, path)?;
    let mut list = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let entry = read(entry, &path.entry(index))?;
        // Not before: most long lists that are wrong are so from the start.
        if list.is_empty() {
            list.reserve_exact(entries.len());
        }
        list.push(entry);
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn words_are_the_same_letter_by_letter() {
        for length in 0..=24 {
            let word: String = ('a'..='z').take(length).collect();
            assert!(is_same(&word, &word.clone()), "{word}");
            for place in 0..length {
                let mut other = word.clone();
                other.replace_range(place..=place, "-");
                assert!(
                    !is_same(&word, &other) && !is_same(&other, &word),
                    "{word} and {other}"
                );
                other.truncate(place);
                assert!(
                    !is_same(&word, &other) && !is_same(&other, &word),
                    "{word} and its beginning"
                );
                let same = |length| "a".repeat(length);
                assert!(
                    !is_same(&same(length), &same(place)),
                    "{length} and {place} times the same letter"
                );
            }
        }
    }
}
