//! Dates, amounts, texts and choices in a snapshot.

use crate::book::attempt::VERSIONS;
use crate::bytes::{Reader, Writer};
use crate::calendar::Date;
use crate::document::{DocumentIndex, LineIndex};
use crate::error::Site;
use crate::label::check_id;
use crate::money::{Amount, Currency};
use rust_decimal::Decimal;

/// Writes which document is meant, by its index.
pub(super) fn write_index(writer: &mut Writer, index: DocumentIndex) {
    writer.unsigned(index.0.into());
}

/// The index of one of `document_count` documents.
pub(super) fn read_index(reader: &mut Reader<'_>, document_count: usize) -> Option<DocumentIndex> {
    let index = DocumentIndex(reader.index()?);
    (index.get() < document_count).then_some(index)
}

/// The index of one of the lines of the same document.
pub(super) fn read_line_index(reader: &mut Reader<'_>, line_count: usize) -> Option<LineIndex> {
    let index = LineIndex(reader.index()?);
    (index.get() < line_count).then_some(index)
}

pub(super) fn write_flag(writer: &mut Writer, flag: bool) {
    writer.byte(flag.into());
}

pub(super) fn read_flag(reader: &mut Reader<'_>) -> Option<bool> {
    match reader.byte()? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

pub(super) fn read_optional_text(reader: &mut Reader<'_>) -> Option<Option<Box<str>>> {
    reader.optional(|reader| reader.text().map(Into::into))
}

pub(super) fn write_date(writer: &mut Writer, date: Date) {
    let (year, month, day) = date.parts();
    writer.unsigned(year.into());
    writer.byte(month);
    writer.byte(day);
}

pub(super) fn read_date(reader: &mut Reader<'_>) -> Option<Date> {
    Date::new(
        u16::try_from(reader.unsigned()?).ok()?,
        reader.byte()?,
        reader.byte()?,
    )
}

pub(super) fn write_amount(writer: &mut Writer, amount: Amount) {
    writer.signed(amount.minor().into());
}

pub(super) fn read_amount(reader: &mut Reader<'_>) -> Option<Amount> {
    Amount::try_from(reader.signed()?).ok()
}

/// An amount that its currency has.
pub(super) fn read_amount_of(reader: &mut Reader<'_>, currency: &Currency) -> Option<Amount> {
    read_amount(reader).filter(|amount| amount.minor().checked_rem(currency.increment()) == Some(0))
}

pub(super) fn read_version(reader: &mut Reader<'_>) -> Option<u64> {
    u64::try_from(reader.unsigned()?)
        .ok()
        .filter(|&version| version < VERSIONS)
}

pub(super) fn read_id<'a, T: From<&'a str>>(reader: &mut Reader<'a>) -> Option<T> {
    reader
        .text()
        .filter(|text| check_id(text, &Site::Command).is_ok())
        .map(Into::into)
}

pub(super) fn write_decimal(writer: &mut Writer, decimal: Decimal) {
    writer.signed(decimal.mantissa());
    writer.unsigned(decimal.scale().into());
}

pub(super) fn read_decimal(reader: &mut Reader<'_>) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(reader.signed()?, reader.index()?).ok()
}

/// The index of `choice` in a closed set.
pub(super) fn write_choice<T: PartialEq>(choices: &[T], choice: T) -> u8 {
    choices
        .iter()
        .position(|listed| *listed == choice)
        .and_then(|index| u8::try_from(index).ok())
        .unwrap_or(u8::MAX)
}

pub(super) fn read_choice<T: Copy>(reader: &mut Reader<'_>, choices: &[T]) -> Option<T> {
    choices.get(usize::from(reader.byte()?)).copied()
}

pub(super) fn read_list<'a, T>(
    reader: &mut Reader<'a>,
    mut read: impl FnMut(&mut Reader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let count = reader.count()?;
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(read(reader)?);
    }
    Some(list)
}
