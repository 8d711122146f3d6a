//! What reads the value of a field: types without values, so that the tables of [`object`](super::object) can name
//! them and know what they are called in TypeScript.

use super::Value;
use super::fields::{
    boolean, choice, date, decimal, entries, id, label, list, nullable, place_of, text, whole,
};
use crate::calendar::Date;
use crate::error::{Error, Result, Site};
use crate::words::WordSet;
use rust_decimal::Decimal;
use std::marker::PhantomData;

/// What has a type in TypeScript.
pub(super) trait Typed {
    /// The type, as a field names it.
    #[cfg(test)]
    fn type_text() -> String;

    /// What declares that type, if a table does.
    #[cfg(test)]
    fn declaration() -> super::typescript::Declaration {
        panic!("{} has no table", Self::type_text())
    }
}

/// Reads a value, or refuses it.
pub(super) trait ValueReader<'v, 'a>: Typed {
    /// What it makes of the value.
    type Output;

    /// Reads it.
    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Self::Output>;
}

/// Declares a reader: its name, what it makes, its type in TypeScript, and the function that reads.
macro_rules! reader {
    ($(#[$doc:meta])* $name:ident: $output:ty as $type:literal by $read:expr) => {
        $(#[$doc])*
        pub(in crate::wire) struct $name;

        impl $crate::wire::readers::Typed for $name {
            #[cfg(test)]
            fn type_text() -> String {
                $type.to_owned()
            }
        }

        impl<'v, 'a> $crate::wire::readers::ValueReader<'v, 'a> for $name {
            type Output = $output;

            fn read(
                value: &'v $crate::wire::Value<'a>,
                path: &$crate::error::Site<'_>,
            ) -> $crate::error::Result<$output> {
                $read(value, path)
            }
        }
    };
}

pub(super) use reader;

reader! {
    /// An identifier or number.
    Id: String as "string" by id
}

reader! {
    /// A name that may be empty.
    Label: String as "string" by label
}

reader! {
    /// A text as it is.
    Text: Box<str> as "string" by owned_text
}

reader! {
    /// A calendar day.
    Day: Date as "DateInput" by date
}

reader! {
    /// An exact decimal number as text.
    DecimalText: Decimal as "DecimalInput" by decimal
}

reader! {
    /// `true` or `false`.
    Boolean: bool as "boolean" by boolean
}

/// A whole number from `LEAST` to `MOST`.
pub(super) struct Whole<T, const LEAST: i64, const MOST: i64>(PhantomData<T>);

/// One of a set of words.
pub(super) struct OneOf<W>(PhantomData<W>);

/// A list, each entry read alike.
pub(super) struct ListOf<R>(PhantomData<R>);

/// The entries of a list, to be read by who knows how. The row of a table says what they are in TypeScript.
pub(super) struct Entries;

/// A value as it is, to be read by who knows how. The row of a table says what it is in TypeScript.
pub(super) struct Anything;

/// `null`, or a value.
pub(super) struct Nullable<R>(PhantomData<R>);

fn owned_text(value: &Value<'_>, path: &Site<'_>) -> Result<Box<str>> {
    text(value, path).map(Into::into)
}

impl<T, const LEAST: i64, const MOST: i64> Typed for Whole<T, LEAST, MOST> {
    #[cfg(test)]
    fn type_text() -> String {
        "number".to_owned()
    }
}

impl<'v, 'a, T: TryFrom<i64>, const LEAST: i64, const MOST: i64> ValueReader<'v, 'a>
    for Whole<T, LEAST, MOST>
{
    type Output = T;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<T> {
        whole(LEAST, MOST, value, path)
    }
}

impl<W: WordSet> Typed for OneOf<W> {
    #[cfg(test)]
    fn type_text() -> String {
        let words = W::WORDS
            .iter()
            .map(|&word| format!("\"{}\"", W::name(word)));
        words.collect::<Vec<_>>().join(" | ")
    }
}

impl<'v, 'a, W: WordSet> ValueReader<'v, 'a> for OneOf<W> {
    type Output = W::Word;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<W::Word> {
        if W::NAMES.is_empty() {
            return choice(W::WORDS, W::name, value, path);
        }
        let place = place_of(W::NAMES, value, path)?;
        let word = W::WORDS.get(place).copied();
        word.ok_or_else(|| Error::fault("a word that means nothing"))
    }
}

impl<R: Typed> Typed for ListOf<R> {
    #[cfg(test)]
    fn type_text() -> String {
        let entry = R::type_text();
        if entry.contains(" | ") {
            format!("readonly ({entry})[]")
        } else {
            format!("readonly {entry}[]")
        }
    }
}

impl<'v, 'a, R: ValueReader<'v, 'a>> ValueReader<'v, 'a> for ListOf<R> {
    type Output = Vec<R::Output>;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Self::Output> {
        list(value, path, R::read)
    }
}

impl Typed for Entries {
    #[cfg(test)]
    fn type_text() -> String {
        "readonly unknown[]".to_owned()
    }
}

impl<'v, 'a: 'v> ValueReader<'v, 'a> for Entries {
    type Output = &'v [Value<'a>];

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Self::Output> {
        entries(value, path)
    }
}

impl Typed for Anything {
    #[cfg(test)]
    fn type_text() -> String {
        "unknown".to_owned()
    }
}

impl<'v, 'a: 'v> ValueReader<'v, 'a> for Anything {
    type Output = &'v Value<'a>;

    fn read(value: &'v Value<'a>, _: &Site<'_>) -> Result<Self::Output> {
        Ok(value)
    }
}

impl<R: Typed> Typed for Nullable<R> {
    #[cfg(test)]
    fn type_text() -> String {
        format!("{} | null", R::type_text())
    }
}

impl<'v, 'a, R: ValueReader<'v, 'a>> ValueReader<'v, 'a> for Nullable<R> {
    type Output = Option<R::Output>;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Self::Output> {
        nullable(value, path, R::read)
    }
}
