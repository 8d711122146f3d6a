//! Bytes of a snapshot as JSON, and JSON as bytes of a snapshot, by the tables of `shape.rs`.

use super::shape::{FieldShape, Row};
use crate::book::EntryHash;
use crate::bytes::{Reader, Writer};
use crate::calendar::Date;
use crate::document::DocumentIndex;
use crate::error::{Error, Reason, Result, Site};
use crate::money::text;
use crate::wire::Value;
use crate::wire::fields::{
    Fields, TYPE, boolean, decimal, entries, nullable, place_of, text as read_text, whole,
    wrong_type,
};
use crate::wire::json::Json;
use rust_decimal::Decimal;

/// The largest whole number that every reader of JSON keeps.
const WHOLE: i64 = (1 << 53) - 1;

/// The kinds of custom values, by their bytes in a snapshot.
mod scalar {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const WHOLE: u8 = 3;
    pub(super) const TEXT: u8 = 4;
    pub(super) const DECIMAL: u8 = 5;
}

/// The field of a custom number that is no whole number, or too large for readers of JSON.
const DECIMAL: &str = "decimal";

/// What amounts are read and written by.
#[derive(Debug, Default)]
pub(super) struct Scales {
    /// The decimals of the currency that was met last.
    now: u8,
    /// The decimals of each document's currency.
    documents: Vec<u8>,
}

impl Scales {
    /// Keeps the decimals of the document that was just met.
    pub(super) fn keep(&mut self) {
        self.documents.push(self.now);
    }

    /// Goes on with the decimals of a document.
    fn choose(&mut self, index: u32) -> Option<()> {
        self.now = *self.documents.get(DocumentIndex(index).get())?;
        Some(())
    }
}

/// Writes the fields of a record as JSON. `None` for bytes that no snapshot has.
pub(super) fn write_rows(
    json: &mut Json,
    reader: &mut Reader<'_>,
    rows: &[Row],
    scales: &mut Scales,
) -> Option<()> {
    for (name, shape) in rows {
        write(json.name(name), reader, shape, scales)?;
    }
    Some(())
}

/// Writes a value as JSON. `None` for bytes that no snapshot has.
fn write(
    json: &mut Json,
    reader: &mut Reader<'_>,
    shape: &FieldShape,
    scales: &mut Scales,
) -> Option<()> {
    match shape {
        FieldShape::Flag => json.truth(reader.byte()? == 1),
        FieldShape::Whole => json.number(i64::try_from(reader.unsigned()?).ok()?),
        FieldShape::Scale => {
            scales.now = reader.byte()?;
            json.number(scales.now.into());
        }
        FieldShape::Source => {
            let index = reader.index()?;
            scales.choose(index)?;
            json.number(index.into());
        }

        FieldShape::Text => json.quote(reader.text()?),
        FieldShape::Day => json.quote(&day_text(reader)?),
        FieldShape::Amount => json.quote(&text::write(reader.signed()?, scales.now.into())),
        FieldShape::Decimal => json.quote(&decimal_text(reader)?),
        FieldShape::Fingerprint => json.quote(&fingerprint_text(reader)?),
        FieldShape::Hash => json.quote(&hash_text(reader)?),
        FieldShape::Scalar => write_scalar(json, reader)?,
        FieldShape::Word(words) => json.quote(words.get(usize::from(reader.byte()?))?),

        FieldShape::Optional(shape) => match reader.byte()? {
            0 => json.nothing(),
            _ => write(json, reader, shape, scales)?,
        },
        FieldShape::List(shape) => write_list(json, reader, shape, scales)?,
        FieldShape::Object(rows) => {
            json.open('{');
            write_rows(json, reader, rows, scales)?;
            json.close('}');
        }
        FieldShape::Union(forms) => {
            let (name, rows) = forms.get(usize::from(reader.byte()?))?;
            json.open('{');
            json.text(TYPE, name);
            write_rows(json, reader, rows, scales)?;
            json.close('}');
        }
    }
    Some(())
}

fn write_list(
    json: &mut Json,
    reader: &mut Reader<'_>,
    entry: &FieldShape,
    scales: &mut Scales,
) -> Option<()> {
    json.open('[');
    for _ in 0..reader.count()? {
        match entry {
            // An opening bracket writes the comma before it by itself.
            FieldShape::Object(_) => write(json, reader, entry, scales)?,
            _ => write(json.item(), reader, entry, scales)?,
        }
    }
    json.close(']');
    Some(())
}

fn day_text(reader: &mut Reader<'_>) -> Option<String> {
    let year = u16::try_from(reader.unsigned()?).ok()?;
    let date = Date::new(year, reader.byte()?, reader.byte()?)?;
    Some(date.to_string())
}

fn fingerprint_text(reader: &mut Reader<'_>) -> Option<String> {
    let bytes = reader.raw(size_of::<u64>())?.try_into().ok()?;
    Some(format!("{:016x}", u64::from_le_bytes(bytes)))
}

/// The bytes of a SHA-256.
const HASH: usize = 32;

fn hash_text(reader: &mut Reader<'_>) -> Option<String> {
    let hash = EntryHash::new(reader.raw(HASH)?.try_into().ok()?);
    Some(hash.to_string())
}

fn decimal_text(reader: &mut Reader<'_>) -> Option<String> {
    let mantissa = reader.signed()?;
    Some(text::write(mantissa, reader.index()?))
}

fn write_scalar(json: &mut Json, reader: &mut Reader<'_>) -> Option<()> {
    match reader.byte()? {
        scalar::NULL => json.nothing(),
        kind @ (scalar::FALSE | scalar::TRUE) => json.truth(kind == scalar::TRUE),
        scalar::WHOLE => json.number(reader.number()?),
        scalar::TEXT => json.quote(reader.text()?),
        scalar::DECIMAL => {
            let decimal = decimal_text(reader)?;
            json.open('{');
            json.text(DECIMAL, &decimal);
            json.close('}');
        }
        _ => return None,
    }
    Some(())
}

/// Reads the fields of a line as the bytes of a record. `others` are fields of the line that are read elsewhere.
pub(super) fn read_rows(
    writer: &mut Writer<'_>,
    fields: Fields<'_, '_>,
    rows: &[Row],
    others: &[&'static str],
    scales: &mut Scales,
) -> Result<()> {
    let names: Vec<_> = rows.iter().map(|(name, _)| *name).collect();
    let fields = fields.allow(&[&names, others])?;

    // The bytes of a record follow the order of the table, in any order of the fields of the line.
    for (name, shape) in rows {
        let value = fields.required(name, |value, _| Ok(value))?;
        read(writer, value, &fields.field(name), shape, scales)?;
    }
    Ok(())
}

/// Reads a value of JSON as bytes.
fn read(
    writer: &mut Writer<'_>,
    value: &Value<'_>,
    site: &Site<'_>,
    shape: &FieldShape,
    scales: &mut Scales,
) -> Result<()> {
    match shape {
        FieldShape::Flag => writer.byte(boolean(value, site)?.into()),
        FieldShape::Whole => writer.unsigned(whole::<u64>(0, WHOLE, value, site)?.into()),
        FieldShape::Scale => {
            scales.now = whole(0, 8, value, site)?;
            writer.byte(scales.now);
        }
        FieldShape::Source => {
            let index: u32 = whole(0, u32::MAX.into(), value, site)?;
            scales
                .choose(index)
                .ok_or_else(|| Error::of(Reason::ExportDocumentMissing {}, site))?;
            writer.unsigned(index.into());
        }

        FieldShape::Text => writer.text(read_text(value, site)?),
        FieldShape::Day => read_day(writer, value, site)?,
        FieldShape::Amount => writer.signed(amount(value, site, scales.now)?),
        FieldShape::Decimal => put_decimal(writer, decimal(value, site)?),
        FieldShape::Fingerprint => writer.raw(&read_fingerprint(value, site)?),
        FieldShape::Hash => writer.raw(&read_hash(value, site)?),
        FieldShape::Scalar => read_scalar(writer, value, site)?,
        FieldShape::Word(words) => put_index(writer, place_of(words, value, site)?),

        FieldShape::Optional(shape) => {
            let stated = nullable(value, site, |value, _| Ok(value))?;
            writer.byte(stated.is_some().into());
            if let Some(value) = stated {
                read(writer, value, site, shape, scales)?;
            }
        }
        FieldShape::List(shape) => {
            let entries = entries(value, site)?;
            writer.count(entries.len());
            for (index, entry) in entries.iter().enumerate() {
                read(writer, entry, &site.entry(index), shape, scales)?;
            }
        }
        FieldShape::Object(rows) => {
            read_rows(writer, Fields::open(value, site)?, rows, &[], scales)?;
        }
        FieldShape::Union(forms) => {
            read_union(writer, Fields::open(value, site)?, forms, scales)?;
        }
    }
    Ok(())
}

/// Reads the fields of one of several types of objects, after the index of its type.
fn read_union(
    writer: &mut Writer<'_>,
    fields: Fields<'_, '_>,
    forms: &[(&'static str, &'static [Row])],
    scales: &mut Scales,
) -> Result<()> {
    let names: Vec<_> = forms.iter().map(|(name, _)| *name).collect();
    let word = fields.required(TYPE, |value, _| Ok(value))?;
    let index = place_of(&names, word, &fields.field(TYPE))?;

    // The index comes first, because it tells a reader of the snapshot which fields follow.
    put_index(writer, index);
    match forms.get(index) {
        Some((_, rows)) => read_rows(writer, fields, rows, &[TYPE], scales),
        None => Ok(()),
    }
}

fn read_day(writer: &mut Writer<'_>, value: &Value<'_>, site: &Site<'_>) -> Result<()> {
    let date = Date::parse(read_text(value, site)?).map_err(|error| error.at(site))?;
    let (year, month, day) = date.parts();
    writer.unsigned(year.into());
    writer.byte(month);
    writer.byte(day);
    Ok(())
}

/// The bytes of a fingerprint. Its digits begin with the highest byte, a snapshot with the lowest.
fn read_fingerprint(value: &Value<'_>, site: &Site<'_>) -> Result<[u8; size_of::<u64>()]> {
    let mut bytes = digits(value, site)?;
    bytes.reverse();
    Ok(bytes)
}

/// Adds the index of a word or a form. There are fewer than 128 of each, so a count takes the one byte that `write`
/// reads.
fn put_index(writer: &mut Writer<'_>, index: usize) {
    writer.count(index);
}

fn put_decimal(writer: &mut Writer<'_>, decimal: Decimal) {
    writer.signed(decimal.mantissa());
    writer.unsigned(decimal.scale().into());
}

/// The minor units of an amount, which has all decimals of its currency.
fn amount(value: &Value<'_>, site: &Site<'_>, scale: u8) -> Result<i128> {
    let amount = decimal(value, site)?;
    if amount.scale() == u32::from(scale) {
        return Ok(amount.mantissa());
    }

    // `1.5` in a currency of two decimals is refused, because its digits alone would be 15 minor
    // units.
    Err(Error::of(
        Reason::ExportDecimals {
            scale: u32::from(scale).into(),
        },
        site,
    ))
}

/// A SHA-256 of hexadecimal digits.
pub(super) fn read_hash(value: &Value<'_>, site: &Site<'_>) -> Result<[u8; HASH]> {
    digits(value, site)
}

/// The bytes of hexadecimal digits, in small letters.
fn digits<const N: usize>(value: &Value<'_>, site: &Site<'_>) -> Result<[u8; N]> {
    let text = read_text(value, site)?;
    bytes_of(text).ok_or_else(|| {
        let digit_count = u32::try_from(N.saturating_mul(2)).unwrap_or(u32::MAX);
        let count = digit_count.into();
        Error::of(Reason::NoHexadecimalDigits { count }, site)
    })
}

/// The bytes of exactly two digits each.
fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let pairs: &[[u8; 2]; N] = pairs.try_into().ok()?;
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)?.checked_mul(16)?.checked_add(digit(*low)?)?;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => letter.checked_sub(b'0'),
        b'a'..=b'f' => letter.checked_sub(b'a')?.checked_add(10),
        _ => None,
    }
}

fn read_scalar(writer: &mut Writer<'_>, value: &Value<'_>, site: &Site<'_>) -> Result<()> {
    match value {
        Value::Null => writer.byte(scalar::NULL),
        Value::Boolean(truth) => writer.byte(if *truth { scalar::TRUE } else { scalar::FALSE }),
        Value::Whole(number) => {
            writer.byte(scalar::WHOLE);
            writer.signed((*number).into());
        }
        Value::Text(text) => {
            writer.byte(scalar::TEXT);
            writer.text(text);
        }
        Value::Object(_) => {
            let fields = Fields::open(value, site)?.allow(&[&[DECIMAL]])?;
            writer.byte(scalar::DECIMAL);
            put_decimal(writer, fields.required(DECIMAL, decimal)?);
        }
        other => return Err(wrong_type(site, "scalar", other)),
    }
    Ok(())
}
