//! Reading objects strictly: every field is known, and each refusal says where it was and what was needed.

use super::Value;
use crate::calendar::Date;
use crate::document::{check_id, check_label};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::text;
use crate::order::sort_by;
use rust_decimal::Decimal;

/// How a value of the request becomes a `T`. A plain function, not a closure: one copy of the readers below serves all
/// fields of a type, and there are many fields.
pub(super) type FieldReader<'v, 'a, T> = fn(&'v Value<'a>, &Path<'_>) -> Result<T>;

/// The fields of an object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'v, 'a> {
    fields: &'v [(&'a str, Value<'a>)],
    path: &'v Path<'v>,
}

impl<'v, 'a> Fields<'v, 'a> {
    /// Opens an object.
    pub(super) fn open(value: &'v Value<'a>, path: &'v Path<'v>) -> Result<Self> {
        match value {
            Value::Object(fields) => Ok(Self { fields, path }),
            other => Err(invalid_type(path, "an object", other)),
        }
    }

    /// Refuses every field that is not `known`, and every field that is there twice.
    pub(super) fn allow(self, known: &[&[&str]]) -> Result<Self> {
        self.allow_beside(&[], known)
    }

    /// The same where there are fields that all objects of a sort have.
    pub(super) fn allow_beside(self, common: &[&str], known: &[&[&str]]) -> Result<Self> {
        for (place, (name, _)) in self.fields.iter().enumerate() {
            let is_known = |names: &[&str]| names.iter().any(|known| is_same(known, name));
            if !is_known(common) && !known.iter().any(|names| is_known(names)) {
                let all = common
                    .iter()
                    .chain(known.iter().flat_map(|names| names.iter()));
                let needed = all.copied().collect::<Vec<_>>().join(", ");
                // A name of any length may come in; a path is for people.
                let path = if name.len() > 80 {
                    *self.path
                } else {
                    self.path.field(name)
                };
                return Err(Error::new(
                    Code::UnknownField,
                    &path,
                    format!("one of {needed}"),
                    quoted(name),
                ));
            }
            if self
                .fields
                .iter()
                .take(place)
                .any(|(earlier, _)| is_same(earlier, name))
            {
                return Err(self.twice(name));
            }
        }
        Ok(self)
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
    pub(super) fn required<T>(self, name: &str, read: FieldReader<'v, 'a, T>) -> Result<T> {
        match self.get(name) {
            Some(value) => read(value, &self.path.field(name)),
            None => Err(self.missing(name)),
        }
    }

    /// The path of a field.
    pub(super) fn field(self, name: &'v str) -> Path<'v> {
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
        let needed = "each field once";
        Error::new(Code::MalformedRequest, self.path, needed, quoted(name))
    }

    /// The refusal of a field that does not go with another.
    #[cold]
    pub(super) fn unknown(self, name: &str, needed: &str) -> Error {
        Error::new(
            Code::UnknownField,
            &self.path.field(name),
            needed,
            quoted(name),
        )
    }

    /// Refuses fields that nothing would read here.
    pub(super) fn none_of(self, names: &[&str], needed: &str) -> Result<()> {
        match names.iter().find(|name| self.has(name)) {
            Some(name) => Err(self.unknown(name, needed)),
            None => Ok(()),
        }
    }

    /// The refusal of an object that lacks a field.
    #[cold]
    pub(super) fn missing(self, name: &str) -> Error {
        Error::new(
            Code::MissingField,
            &self.path.field(name),
            format!("the field `{name}`"),
            "none",
        )
    }
}

/// Whether two words are the same. From eight to sixteen letters are two numbers to compare, and fewer are compared one
/// by one: either takes less time than calling for a comparison of memory.
#[inline]
fn is_same(a: &str, b: &str) -> bool {
    let ends = |word: &str| {
        Some((
            *word.as_bytes().first_chunk::<8>()?,
            *word.as_bytes().last_chunk::<8>()?,
        ))
    };
    a.len() == b.len()
        && match (ends(a), ends(b)) {
            (Some(a_ends), Some(b_ends)) => a_ends == b_ends && (a.len() <= 16 || a == b),
            _ => a.bytes().eq(b.bytes()),
        }
}

fn invalid_type(path: &Path<'_>, needed: &str, found: &Value<'_>) -> Error {
    Error::new(Code::InvalidType, path, needed, found.describe())
}

/// Any text.
pub(super) fn text<'a>(value: &Value<'a>, path: &Path<'_>) -> Result<&'a str> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(invalid_type(path, "a text", other)),
    }
}

/// An identifier or number.
pub(super) fn id(value: &Value<'_>, path: &Path<'_>) -> Result<String> {
    let id = text(value, path)?;
    check_id(id, path).map(|()| id.to_owned())
}

/// A name that may be empty.
pub(super) fn label(value: &Value<'_>, path: &Path<'_>) -> Result<String> {
    let label = text(value, path)?;
    check_label(label, path).map(|()| label.to_owned())
}

/// An exact decimal as text.
pub(super) fn decimal(value: &Value<'_>, path: &Path<'_>) -> Result<Decimal> {
    match value {
        Value::Text(decimal) => text::parse(decimal).map_err(|error| error.at(path)),
        other => Err(invalid_type(
            path,
            "a decimal number as text, such as \"12.30\"",
            other,
        )),
    }
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

    let scale = i64::from(decimal.scale()).checked_sub(exponent)?;
    let zeros = 10_i128.checked_pow(u32::try_from(scale.min(0).checked_neg()?).ok()?)?;
    let mantissa = decimal.mantissa().checked_mul(zeros)?;
    Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()
}

/// A calendar day.
pub(super) fn date(value: &Value<'_>, path: &Path<'_>) -> Result<Date> {
    match value {
        Value::Text(date) => Date::parse(date).map_err(|error| error.at(path)),
        other => Err(invalid_type(
            path,
            "a calendar day as text, such as \"2026-03-31\"",
            other,
        )),
    }
}

/// `null`, or a value.
pub(super) fn nullable<'v, 'a, T>(
    value: &'v Value<'a>,
    path: &Path<'_>,
    read: FieldReader<'v, 'a, T>,
) -> Result<Option<T>> {
    match value {
        Value::Null => Ok(None),
        other => read(other, path).map(Some),
    }
}

/// `true` or `false`.
pub(super) fn boolean(value: &Value<'_>, path: &Path<'_>) -> Result<bool> {
    match value {
        Value::Boolean(boolean) => Ok(*boolean),
        other => Err(invalid_type(path, "true or false", other)),
    }
}

/// A whole number from `least` to `most`.
pub(super) fn whole<T: TryFrom<i64>>(
    least: i64,
    most: i64,
    value: &Value<'_>,
    path: &Path<'_>,
) -> Result<T> {
    let invalid = |found: &Value<'_>| {
        let needed = format!("a whole number from {least} to {most}");
        Error::new(Code::InvalidNumber, path, needed, found.describe())
    };
    match value {
        &Value::Whole(number) if (least..=most).contains(&number) => {
            T::try_from(number).map_err(|_| invalid(value))
        }
        Value::Whole(_) | Value::Number(_) => Err(invalid(value)),
        other => Err(invalid_type(path, "a whole number", other)),
    }
}

/// One of a closed set of words.
pub(super) fn choice<T: Copy>(
    choices: &[T],
    name: fn(T) -> &'static str,
    value: &Value<'_>,
    path: &Path<'_>,
) -> Result<T> {
    let word = text(value, path)?;
    choices
        .iter()
        .find(|&&choice| is_same(name(choice), word))
        .copied()
        .ok_or_else(|| {
            let words: Vec<_> = choices.iter().map(|&choice| name(choice)).collect();
            not_among(&words, word, path)
        })
}

/// The place of one of a closed set of words.
pub(super) fn place_of(
    words: &[&'static str],
    value: &Value<'_>,
    path: &Path<'_>,
) -> Result<usize> {
    let word = text(value, path)?;
    words
        .iter()
        .position(|&choice| is_same(choice, word))
        .ok_or_else(|| not_among(words, word, path))
}

/// The refusal of a word that is not one of `words`.
#[cold]
fn not_among(words: &[&'static str], word: &str, path: &Path<'_>) -> Error {
    /// How many words an error names; a longer list is for the types.
    const TOLD: usize = 12;
    let told = words.get(..TOLD).unwrap_or(words).join(", ");
    let more = words.len().saturating_sub(TOLD);
    let needed = if more == 0 {
        format!("one of {told}")
    } else {
        format!("one of {told} and {more} more")
    };
    Error::new(Code::InvalidChoice, path, needed, quoted(word))
}

/// The entries of a list as they are.
pub(super) fn entries<'v, 'a>(value: &'v Value<'a>, path: &Path<'_>) -> Result<&'v [Value<'a>]> {
    match value {
        Value::List(entries) => Ok(entries),
        other => Err(invalid_type(path, "a list", other)),
    }
}

/// A list, each entry read alike.
#[inline(never)]
pub(super) fn list<'v, 'a, T>(
    value: &'v Value<'a>,
    path: &Path<'_>,
    read: FieldReader<'v, 'a, T>,
) -> Result<Vec<T>> {
    let entries = entries(value, path)?;
    let mut list = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let entry = read(entry, &path.index(index))?;
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
