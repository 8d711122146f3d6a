//! What a field of a row holds, and how two of them compare.

use crate::bytes::{Reader, Writer};
use crate::calendar::Date;
use crate::document::{Custom, LineRef, Scalar};
use crate::money::Amount;
use crate::order::{compare_naturally, first_bytes, natural_bytes};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// What a field of a row holds.
#[derive(Clone, Copy, Debug)]
pub enum FieldValue<'a> {
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Whole(i64),
    /// A text, or one of a closed set of words.
    Text(&'a str),
    /// Money in minor units, and how many decimals these have.
    Amount(Amount, u8),
    /// A quantity, price or rate as it was given.
    Decimal(Decimal),
    /// A calendar day.
    Date(Date),
    /// The version that names an application group.
    Group(u64),
    /// All custom fields.
    Custom(&'a Custom),
    /// A line of a document.
    Line(LineRef),
    /// The tax items of an item.
    TaxItems(LineRef),
    /// What was settled of a line before its document came into the book.
    SettledBefore(LineRef),
    /// Money bucket by bucket, in minor units.
    Buckets(&'a [i128]),
}

/// A value that belongs to a query: what fields of rows are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing.
    Null,
    /// Yes or no.
    Boolean(bool),
    /// A whole number.
    Whole(i64),
    /// A text, or one of a closed set of words.
    Text(Box<str>),
    /// Money in minor units, and how many decimals these have.
    Amount(Amount, u8),
    /// Any decimal.
    Decimal(Decimal),
    /// A calendar day.
    Date(Date),
    /// The version that names an application group.
    Group(u64),
}

impl<'a> FieldValue<'a> {
    /// The value of a custom field; nothing if there is none of that name.
    pub(in crate::query) fn of_custom(custom: &'a Custom, name: &str) -> Self {
        let Some((_, value)) = custom.iter().find(|(known, _)| **known == *name) else {
            return FieldValue::Null;
        };
        match value {
            Scalar::Null => FieldValue::Null,
            Scalar::Boolean(value) => FieldValue::Boolean(*value),
            Scalar::Whole(number) => FieldValue::Whole(*number),
            Scalar::Decimal(number) => FieldValue::Decimal(*number),
            Scalar::Text(text) => FieldValue::Text(text),
        }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, FieldValue::Null)
    }

    /// The order of values: numbers by value with any decimals, days by time, texts by their bytes. Of different sorts:
    /// nothing, booleans, numbers, days, groups, texts.
    #[inline]
    pub(in crate::query) fn compare(&self, other: &FieldValue<'_>) -> Ordering {
        match (self, other) {
            (FieldValue::Text(a), FieldValue::Text(b)) => a.cmp(b),
            // Amounts of one scale are compared by their minor units alone.
            (FieldValue::Amount(a, scale_a), FieldValue::Amount(b, scale_b))
                if scale_a == scale_b =>
            {
                a.cmp(b)
            }
            (FieldValue::Date(a), FieldValue::Date(b)) => a.cmp(b),
            (FieldValue::Boolean(a), FieldValue::Boolean(b)) => a.cmp(b),
            (FieldValue::Whole(a), FieldValue::Whole(b)) => a.cmp(b),
            (FieldValue::Group(a), FieldValue::Group(b)) => a.cmp(b),
            _ => self.compare_slowly(other),
        }
    }

    /// Compares values that are not both of one sort, or are amounts of currencies with different decimals.
    #[cold]
    #[inline(never)]
    fn compare_slowly(&self, other: &FieldValue<'_>) -> Ordering {
        match (self.decimal(), other.decimal()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// Returns a number as a decimal, of whatever sort it is.
    fn decimal(&self) -> Option<Decimal> {
        match *self {
            FieldValue::Amount(amount, scale) => Some(Decimal::new(amount.minor(), scale.into())),
            FieldValue::Decimal(decimal) => Some(decimal),
            // Custom fields have both.
            FieldValue::Whole(number) => Some(Decimal::from(number)),
            _ => None,
        }
    }

    /// Returns the place of its sort among all sorts. Those in the last place cannot be compared.
    const fn rank(&self) -> u8 {
        match self {
            FieldValue::Null => 0,
            FieldValue::Boolean(_) => 1,
            FieldValue::Whole(_) => 2,
            FieldValue::Amount(..) | FieldValue::Decimal(_) => 3,
            FieldValue::Date(_) => 4,
            FieldValue::Group(_) => 5,
            FieldValue::Text(_) => 6,
            FieldValue::Custom(_)
            | FieldValue::Line(_)
            | FieldValue::TaxItems(_)
            | FieldValue::SettledBefore(_)
            | FieldValue::Buckets(_) => 7,
        }
    }

    /// [`FieldValue::compare`], but digits in texts count by the number that they write: `INV-9` comes before `INV-10`.
    pub(in crate::query) fn compare_naturally(&self, other: &FieldValue<'_>) -> Ordering {
        match (self, other) {
            (FieldValue::Text(a), FieldValue::Text(b)) => compare_naturally(a, b),
            _ => self.compare(other),
        }
    }

    /// A number that is not larger than the number of any value that comes later in the order of the field, so that
    /// most comparisons are of two numbers. Values with the same number must still be compared.
    #[inline]
    pub(in crate::query) fn head(&self, natural_order: bool) -> u128 {
        match *self {
            // Zero is for nothing, which comes first.
            FieldValue::Boolean(value) => u128::from(value).saturating_add(1),
            FieldValue::Text(text) if natural_order => first_bytes(natural_bytes(text)),
            FieldValue::Text(text) => match text.as_bytes().first_chunk() {
                Some(first) => u128::from_be_bytes(*first),
                None => first_bytes(text.bytes()),
            },
            FieldValue::Amount(amount, scale) => {
                in_smallest_units(amount.minor().into(), scale.into())
            }
            FieldValue::Decimal(decimal) => in_smallest_units(decimal.mantissa(), decimal.scale()),
            FieldValue::Date(date) => date.packed().into(),
            FieldValue::Group(version) => version.into(),
            FieldValue::Null
            | FieldValue::Whole(_)
            | FieldValue::Custom(_)
            | FieldValue::Line(_)
            | FieldValue::TaxItems(_)
            | FieldValue::SettledBefore(_)
            | FieldValue::Buckets(_) => 0,
        }
    }

    /// A number that equal values have in common, and hardly ever two others: FNV-1a, 64 bits.
    pub(in crate::query) fn hash(&self) -> u128 {
        if let FieldValue::Text(text) = self {
            fnv(text.as_bytes()).into()
        } else {
            self.head(false)
        }
    }

    /// The same as an operand; nothing for a value that cannot be compared.
    pub(in crate::query) fn to_operand(self) -> Operand {
        match self {
            FieldValue::Boolean(value) => Operand::Boolean(value),
            FieldValue::Whole(number) => Operand::Whole(number),
            FieldValue::Text(text) => Operand::Text(text.into()),
            FieldValue::Amount(amount, scale) => Operand::Amount(amount, scale),
            FieldValue::Decimal(decimal) => Operand::Decimal(decimal),
            FieldValue::Date(date) => Operand::Date(date),
            FieldValue::Group(version) => Operand::Group(version),
            FieldValue::Null
            | FieldValue::Custom(_)
            | FieldValue::Line(_)
            | FieldValue::TaxItems(_)
            | FieldValue::SettledBefore(_)
            | FieldValue::Buckets(_) => Operand::Null,
        }
    }
}

impl Operand {
    /// Whether it is this text.
    pub(in crate::query) fn is_text(&self, text: &str) -> bool {
        matches!(self, Operand::Text(known) if **known == *text)
    }

    /// The value to be compared.
    #[must_use]
    #[inline]
    pub fn cell(&self) -> FieldValue<'_> {
        match self {
            Operand::Null => FieldValue::Null,
            Operand::Boolean(value) => FieldValue::Boolean(*value),
            Operand::Whole(number) => FieldValue::Whole(*number),
            Operand::Text(text) => FieldValue::Text(text),
            Operand::Amount(amount, scale) => FieldValue::Amount(*amount, *scale),
            Operand::Decimal(decimal) => FieldValue::Decimal(*decimal),
            Operand::Date(date) => FieldValue::Date(*date),
            Operand::Group(version) => FieldValue::Group(*version),
        }
    }

    /// A decimal as an amount of `scale` decimals, where it is one: these compare in a step.
    pub(in crate::query) fn scaled(&self, scale: u8) -> Option<FieldValue<'static>> {
        let Operand::Decimal(decimal) = self else {
            return None;
        };

        // Without the zeros at its end: 1.50 is one of one decimal, too.
        let decimal = decimal.normalize();
        let power = 10_i128.checked_pow(u32::from(scale).checked_sub(decimal.scale())?)?;
        let minor = decimal.mantissa().checked_mul(power)?;
        Some(FieldValue::Amount(Amount::try_from(minor).ok()?, scale))
    }

    /// Writes it with the number of its sort.
    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        match self {
            Operand::Null => writer.byte(0),
            Operand::Boolean(value) => writer.raw(&[1, u8::from(*value)]),
            Operand::Whole(number) => {
                writer.byte(2);
                writer.signed(i128::from(*number));
            }
            Operand::Text(text) => {
                writer.byte(3);
                writer.text(text);
            }
            Operand::Amount(amount, scale) => {
                writer.raw(&[4, *scale]);
                writer.signed(amount.minor().into());
            }
            Operand::Decimal(decimal) => {
                writer.byte(5);
                writer.unsigned(decimal.scale().into());
                writer.signed(decimal.mantissa());
            }
            Operand::Date(date) => {
                let (year, month, day) = date.parts();
                let [high, low] = year.to_be_bytes();
                writer.raw(&[6, high, low, month, day]);
            }
            Operand::Group(version) => {
                writer.byte(7);
                writer.unsigned(u128::from(*version));
            }
        }
    }

    /// What [`Operand::write`] wrote.
    pub(in crate::query) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(match reader.byte()? {
            0 => Operand::Null,
            1 => Operand::Boolean(reader.byte()? != 0),
            2 => Operand::Whole(reader.number()?),
            3 => Operand::Text(reader.text()?.into()),
            // A cursor is a text of the host, so that nothing in it can be trusted to be in range.
            4 => {
                let scale = reader.byte().filter(|&scale| scale <= 8)?;
                Operand::Amount(Amount::try_from(reader.signed()?).ok()?, scale)
            }
            5 => {
                let scale = reader.index()?;
                Operand::Decimal(Decimal::try_from_i128_with_scale(reader.signed()?, scale).ok()?)
            }
            6 => {
                let [high, low, month, day] = *reader.raw(4)?.first_chunk()?;
                Operand::Date(Date::new(u16::from_be_bytes([high, low]), month, day)?)
            }
            7 => Operand::Group(u64::try_from(reader.unsigned()?).ok()?),
            _ => return None,
        })
    }
}

/// FNV-1a of 64 bits: public domain, by Fowler, Noll and Vo.
pub(in crate::query) fn fnv(bytes: &[u8]) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    bytes.iter().fold(BASIS, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(PRIME)
    })
}

/// A decimal in whole smallest units of any currency, so that decimals of different scales compare; smaller parts are
/// cut off downwards. 2⁹⁶ × 10⁸ is far from 2¹²⁷.
#[inline]
fn in_smallest_units(mantissa: i128, scale: u32) -> u128 {
    let units = match 8_u32.checked_sub(scale) {
        Some(more) => mantissa.saturating_mul(10_i128.saturating_pow(more)),
        None => {
            let power = 10_i128.saturating_pow(scale.saturating_sub(8));
            mantissa.checked_div_euclid(power).unwrap_or_default()
        }
    };
    from_signed(units)
}

/// A number in the order of signed ones.
#[inline]
const fn from_signed(number: i128) -> u128 {
    number.cast_unsigned() ^ (1 << 127)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::text;

    fn amount(minor: i64, scale: u8) -> FieldValue<'static> {
        FieldValue::Amount(Amount::new(minor).unwrap(), scale)
    }

    fn decimal(number: &str) -> FieldValue<'static> {
        FieldValue::Decimal(text::parse(number).unwrap())
    }

    #[test]
    fn numbers_compare_by_value() {
        let ascending = [
            amount(i64::MIN + 1, 0),
            amount(-1, 2),
            amount(0, 8),
            decimal("0.009"),
            amount(1, 2),
        ];
        let more = [
            amount(100, 2),
            decimal("1.001"),
            amount(11, 1),
            amount(2, 0),
            amount(i64::MAX, 2),
            amount(i64::MAX, 0),
        ];
        let all: Vec<_> = ascending.into_iter().chain(more).collect();
        for (place, a) in all.iter().enumerate() {
            for (other, b) in all.iter().enumerate() {
                assert_eq!(a.compare(b), place.cmp(&other), "{a:?} {b:?}");
            }
        }
        for (a, b) in [
            (amount(10000, 2), amount(100, 0)),
            (decimal("100.000"), amount(100, 0)),
        ] {
            assert_eq!(a.compare(&b), Ordering::Equal);
        }
    }

    #[test]
    fn natural_order_reads_numbers() {
        let ascending = [
            "", "-", "0", "00", "1", "01", "9", "10", "INV", "INV-", "INV-9", "INV-09", "INV-10",
            "INV-9a", "a1b9", "a1b10", "a02",
        ];
        // "INV-9a" begins with 9, which is less than 10; what differs in zeros alone compares as text.
        let mut sorted = ascending.map(FieldValue::Text);
        sorted.sort_by(FieldValue::compare_naturally);
        let sorted = sorted.map(|cell| {
            if let FieldValue::Text(text) = cell {
                text
            } else {
                ""
            }
        });
        assert_eq!(
            sorted,
            [
                "", "-", "0", "00", "01", "1", "9", "10", "INV", "INV-", "INV-09", "INV-9",
                "INV-9a", "INV-10", "a1b9", "a1b10", "a02"
            ]
        );
    }

    #[test]
    fn heads_are_in_order() {
        let texts = [
            "",
            "a",
            "a\u{1}",
            "ab",
            "abcdefgh",
            "abcdefghi",
            "abcdefgz",
            "é",
            "9",
            "10",
            "INV-9",
            "INV-10",
            "INV-100000",
            "INV-1b",
            "INV-2a",
        ];
        let texts = texts.map(FieldValue::Text);
        let decimal = |text| FieldValue::Decimal(text::parse(text).unwrap());
        let numbers = [
            FieldValue::Null,
            decimal("-79228162514264337593543950335"),
            amount(-5, 2),
            decimal("-0.0000000150"),
            decimal("-0.0000000101"),
            amount(-1, 8),
            amount(0, 0),
            decimal("0.0000000000000000000000000001"),
            amount(1, 8),
            amount(3, 2),
            decimal("0.030000001"),
            amount(i64::MAX, 0),
            decimal("9223372036854775808"),
            decimal("79228162514264337593543950335"),
        ];
        let day = |text: &str| FieldValue::Date(Date::parse(text).unwrap());
        let days = [
            FieldValue::Null,
            day("0001-01-01"),
            day("2025-12-31"),
            day("2026-01-01"),
            day("2026-02-01"),
        ];
        for cells in [&texts[..], &numbers, &days] {
            for a in cells {
                for b in cells {
                    let heads = |natural| a.head(natural).cmp(&b.head(natural));
                    assert!(
                        heads(false) == Ordering::Equal || heads(false) == a.compare(b),
                        "{a:?} {b:?}"
                    );
                    assert!(
                        heads(true) == Ordering::Equal || heads(true) == a.compare_naturally(b),
                        "{a:?} {b:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn values_are_written_and_read() {
        for value in [
            Operand::Null,
            Operand::Boolean(true),
            Operand::Whole(-7),
            Operand::Text("é".into()),
            Operand::Amount(Amount::new(-5).unwrap(), 2),
            Operand::Decimal(text::parse("1.250").unwrap()),
            Operand::Date(Date::parse("2026-03-02").unwrap()),
            Operand::Group(12),
        ] {
            let mut writer = Writer::default();
            value.write(&mut writer);
            let bytes = writer.into_bytes();
            let mut reader = Reader::new(&bytes);
            assert_eq!(Operand::read(&mut reader), Some(value));
            assert!(reader.is_empty());
        }
    }

    /// The published values of 64-bit FNV-1a (<http://www.isthe.com/chongo/src/fnv/test_fnv.c>).
    #[test]
    fn the_hash_is_the_published_one() {
        for (text, hash) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(fnv(text.as_bytes()), hash, "{text}");
            assert_eq!(FieldValue::Text(text).hash(), hash.into(), "{text}");
        }
        // What is no text has the number that it is compared by.
        assert_eq!(
            FieldValue::Boolean(true).hash(),
            FieldValue::Boolean(true).head(false)
        );
    }
}
