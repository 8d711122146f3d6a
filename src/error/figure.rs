//! The figures of a refusal: what a host may show, compare or translate.

pub use crate::words::WordFigure;

/// An amount of money with the number of decimals of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyFigure {
    /// In minor units.
    pub minor: i64,
    /// How many decimals the currency has.
    pub scale: u8,
}

/// A calendar day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayFigure(pub i32);

/// A figure as the tables of messages see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure<'f> {
    /// An amount of money.
    Money(MoneyFigure),
    /// A calendar day.
    Day(DayFigure),
    /// A whole number: a count, a limit.
    Count(u64),
    /// A word of a closed set, such as the kind or the status of a document.
    Word(&'static str),
    /// Words of a closed set, such as those that are allowed.
    Words(&'f [&'static str]),
    /// A whole number of any sign: the end of a range.
    Whole(i64),
    /// A name of the interface, as a request writes it.
    Name(&'static str),
    /// Names of the interface, such as the fields that an object can have.
    Names(&'f [&'static str]),
    /// Something that the caller wrote, or an identifier: quoted and shortened when it is shown.
    Quoted(&'f str),
    /// A text as it is, such as a decimal number.
    Text(&'f str),
    /// Texts that the host chose, such as the reason codes of a book.
    Texts(&'f [Box<str>]),
}

/// What can be a figure of a refusal.
pub trait AsFigure {
    /// The figure.
    fn as_figure(&self) -> Figure<'_>;
}

/// Something that the caller wrote, or an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedFigure(pub Box<str>);

impl From<&str> for QuotedFigure {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

/// A text as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFigure(pub Box<str>);

impl From<&str> for TextFigure {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for TextFigure {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Texts that the host chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextsFigure(pub Box<[Box<str>]>);

impl From<&[Box<str>]> for TextsFigure {
    fn from(texts: &[Box<str>]) -> Self {
        Self(texts.into())
    }
}

/// Words of a closed set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsFigure(pub Box<[&'static str]>);

/// A whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountFigure(pub u64);

impl From<usize> for CountFigure {
    fn from(count: usize) -> Self {
        Self(u64::try_from(count).unwrap_or(u64::MAX))
    }
}

impl From<u32> for CountFigure {
    fn from(count: u32) -> Self {
        Self(count.into())
    }
}

/// A whole number of any sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WholeFigure(pub i64);

/// A name of the interface, such as a field or a value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameFigure(pub &'static str);

/// Names of the interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamesFigure(pub Box<[&'static str]>);

macro_rules! figures {
    ($($type:ty => |$of:ident| $figure:expr;)*) => {$(
        impl AsFigure for $type {
            fn as_figure(&self) -> Figure<'_> {
                let $of = self;
                $figure
            }
        }
    )*};
}

figures! {
    MoneyFigure => |money| Figure::Money(*money);
    DayFigure => |day| Figure::Day(*day);
    CountFigure => |count| Figure::Count(count.0);
    WordFigure => |word| Figure::Word(word.0);
    WordsFigure => |words| Figure::Words(&words.0);
    WholeFigure => |whole| Figure::Whole(whole.0);
    NameFigure => |name| Figure::Name(name.0);
    NamesFigure => |names| Figure::Names(&names.0);
    QuotedFigure => |quoted| Figure::Quoted(&quoted.0);
    TextFigure => |text| Figure::Text(&text.0);
    TextsFigure => |texts| Figure::Texts(&texts.0);
}
