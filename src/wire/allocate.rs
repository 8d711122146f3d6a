//! Splits: requests in, parts out as words.
//!
//! ```text
//! words      head part*            a part is two words, the lower first, of its two's complement
//! head       scale, reason, whether it is even, method×4, unallocated
//! method     first pass, leftover, all zero, flags
//! ```
//!
//! A word of a closed set is its number in the set, from 1; 0 is none. JavaScript has the sets from
//! [`contract`](super::contract).

use super::Value;
use super::contract::SPLIT_HEAD;
use super::currency::CurrencyOrCode;
use super::faults::with_issues;
use super::fields::{Fields, boolean, text};
use super::object::{Object, Shape, alias, object};
use super::readers::{DecimalText, ListOf, OneOf, Typed, ValueReader, reader};
use crate::allocate;
use crate::allocate::{
    AllZero, FirstPass, Leftover, Method, PRESETS, PortionReason, Split, Splitter,
    UnallocatedReason,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::memory;
use crate::words::WordSet;

alias! {
    /// The methods of published libraries and systems, by name. Each gives the figures that its
    /// library or system publishes.
    export type AllocationPreset = OneOf<Presets>;
}

object! {
    /// The amount to split, the weights, and the method.
    export interface AllocateRequest {
        /// The amount: zero, positive or negative.
        amount: required DecimalText = "amount",
        /// The weights. Only their proportions matter: `["1", "2"]` splits like `["0.5", "1.00"]`.
        weights: required ListOf<DecimalText> = "weights",
        /// The largest part of each weight: zero or more, one cap for each weight. Of a negative
        /// amount they limit the size of each part. If the method does not mirror it, they are refused
        /// (`unknownField`). Default: no limit.
        caps: optional ListOf<DecimalText> = "caps",
        /// Texts that decide ties, one for each weight: the lesser text comes first. Default: the
        /// order of the weights.
        keys: optional ListOf<TextOfRequest> = "keys",
        /// The currency of the amount. It sets the smallest step of a part, so `"10"` dollars are
        /// split into cents.
        currency: optional CurrencyOrCode = "currency",
        /// The smallest step of a part, such as `"0.05"`. You cannot state it together with a
        /// currency. Default, without a currency: one unit of the last decimal of the amount, which
        /// is `"0.01"` for `"5.00"` but `"1"` for `"5"`.
        increment: optional DecimalText = "increment",
        /// The name of a preset, or the differences from one. Default: the leftover units go to the
        /// largest remainders, and ties to the earlier weight. A negative amount is split as the
        /// mirror of the positive one. A weight of zero never gets a unit, and if all weights are
        /// zero, the split is refused.
        method: defaulted PresetOrMethod = "method",
    }
}

object! {
    /// The options of a splitter that are not columns.
    form SplitterMethod {
        method: defaulted PresetOrMethod = "method",
    }
}

object! {
    /// What differs from a preset, without the flags.
    form MethodChanges {
        preset: optional AllocationPreset = "preset",
        first_pass: optional OneOf<FirstPass> = "firstPass",
        leftover: optional OneOf<Leftover> = "leftover",
        all_zero: optional OneOf<AllZero> = "allZero",
    }
}

/// The presets, as words with what they stand for.
pub(super) struct Presets;

impl WordSet for Presets {
    type Word = (&'static str, Method);
    const WORDS: &'static [Self::Word] = PRESETS;

    fn name((name, _): Self::Word) -> &'static str {
        name
    }
}

reader! {
    /// The name of a preset, or what differs from one.
    PresetOrMethod: Method
        as "AllocationPreset | (Partial<AllocationMethod> & { readonly preset?: AllocationPreset })"
        by method
}

/// A text as it stands in the request.
pub(super) struct TextOfRequest;

impl Typed for TextOfRequest {
    #[cfg(test)]
    fn type_text() -> String {
        "string".to_owned()
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for TextOfRequest {
    type Output = &'a str;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<&'a str> {
        text(value, path)
    }
}

/// The blocks of `types/` that follow from the tables above, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    let tables = [
        AllocationPreset::declaration(),
        AllocateRequest::declaration(),
    ];
    let blocks = tables.iter().map(|table| (table.name, table.text()));
    blocks.collect()
}

/// `AllocateRequest`.
///
/// # Errors
/// The shape of the value.
pub fn request<'a>(value: &Value<'a>) -> Result<allocate::AllocateRequest<'a>> {
    read_request(value)
        .map_err(|first| with_issues(first, value, &mut |value| read_request(value).err()))
}

fn read_request<'a>(value: &Value<'a>) -> Result<allocate::AllocateRequest<'a>> {
    let request: Object<'_, 'a, AllocateRequest> = Object::open(value, &Site::Command)?;
    let currency = request.currency()?;
    if currency.is_some() && request.has(AllocateRequest::increment) {
        return Err(request.either(AllocateRequest::increment, AllocateRequest::currency));
    }

    // Of a currency, an amount with too many decimals is refused here: its parts could not be paid.
    let amount = request.amount()?;
    if let Some(currency) = &currency {
        let site = Site::Command.field(SiteField::Amount);
        currency.amount(amount).map_err(|error| error.at(&site))?;
    }

    Ok(allocate::AllocateRequest {
        method: request.method()?,
        amount,
        weights: request.weights()?,
        caps: request.caps()?,
        keys: request.keys()?,
        increment: match currency {
            Some(currency) => Some(currency.increment_decimal()),
            None => request.increment()?,
        },
    })
}

/// How a splitter splits: its options without its columns.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<Method> {
    let options: Object<'_, '_, SplitterMethod> = Object::open(value, &Site::Command)?;
    options.method()
}

/// The whole numbers of a column, given as the 64 bits of each element: of a whole number in two's complement, or of a
/// float (IEEE 754, binary64) that is whole and at most 2⁵³.
///
/// # Errors
/// `invalidNumber` for another float.
pub fn column(name: &str, bits: Vec<u64>, floats: bool) -> Result<Vec<i64>> {
    if !floats {
        return Ok(bits.into_iter().map(u64::cast_signed).collect());
    }

    // Collected in the same memory. Zero stands for a wrong number until the column is refused.
    let mut first_wrong = None;
    let numbers = bits.into_iter().enumerate().map(|(index, bits)| {
        whole_of(bits).unwrap_or_else(|| {
            first_wrong.get_or_insert(index);
            0
        })
    });
    let numbers = numbers.collect();

    match first_wrong {
        None => Ok(numbers),
        Some(index) => {
            let column = Site::Command.field(name);
            Err(Error::of(Reason::NoWholeFloat {}, &column.entry(index)))
        }
    }
}

/// What [`column()`] reads as floats.
///
/// # Errors
/// `outOfRange` beyond 2⁵³.
pub fn float_bits(values: &[u64]) -> Result<Vec<u64>> {
    memory::reserve(size_of_val(values))?;
    let mut bits = Vec::with_capacity(values.len());
    for &value in values {
        let float = float_of(value.cast_signed());
        bits.push(float.ok_or_else(|| Error::of(Reason::BeyondFloats {}, &Site::Command))?);
    }
    Ok(bits)
}

// A float has a sign, 11 bits of exponent and 52 of fraction, before which a 1 is understood.
const FRACTION: u32 = 52;
const HIDDEN: u64 = 1 << FRACTION;
/// The exponent whose last bit of fraction is worth 1.
const UNIT: u64 = 1075;

/// The whole number that the bits of a float stand for.
fn whole_of(bits: u64) -> Option<i64> {
    if bits == 0 {
        return Some(0);
    }

    let exponent = (bits >> FRACTION) & 0x7ff;
    let digits = (bits & (HIDDEN - 1)) | HIDDEN;

    // The last digit of 2⁵³ counts two, and of all smaller numbers one or less.
    let magnitude = if exponent == UNIT + 1 && digits == HIDDEN {
        HIDDEN << 1
    } else {
        let shift = u32::try_from(UNIT.checked_sub(exponent)?).ok()?;
        let magnitude = digits.checked_shr(shift)?;
        (magnitude > 0 && magnitude << shift == digits).then_some(magnitude)?
    };

    let magnitude = magnitude.cast_signed();
    Some(if bits >> 63 == 1 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    })
}

/// The bits of the float that is this whole number, if it is at most 2⁵³.
fn float_of(value: i64) -> Option<u64> {
    let magnitude = value.unsigned_abs();
    if magnitude == 0 {
        return Some(0);
    }
    if magnitude > HIDDEN << 1 {
        return None;
    }
    let top = 63_u32.wrapping_sub(magnitude.leading_zeros());
    // 2⁵³ alone has a bit too many; it is zero.
    let digits = (magnitude << (63_u32.wrapping_sub(top))) >> 11;
    let exponent = u64::from(top).wrapping_add(1023);
    Some((value.cast_unsigned() >> 63 << 63) | (exponent << FRACTION) | (digits & (HIDDEN - 1)))
}

/// A yes-or-no field of a method.
#[derive(Clone, Copy)]
pub(super) struct MethodFlag {
    pub(super) name: &'static str,
    of: fn(&mut Method) -> &mut bool,
}

/// All flags, by their bit in the words of a split.
pub(super) const FLAGS: &[MethodFlag] = &[
    MethodFlag {
        name: "fromBack",
        of: |method| &mut method.from_back,
    },
    MethodFlag {
        name: "mirror",
        of: |method| &mut method.mirror,
    },
    MethodFlag {
        name: "zeroMayReceive",
        of: |method| &mut method.zero_may_receive,
    },
    MethodFlag {
        name: "allowEmpty",
        of: |method| &mut method.allow_empty,
    },
    MethodFlag {
        name: "allowNegative",
        of: |method| &mut method.allow_negative,
    },
    MethodFlag {
        name: "capTotal",
        of: |method| &mut method.cap_total,
    },
    MethodFlag {
        name: "allowUnallocated",
        of: |method| &mut method.allow_unallocated,
    },
    MethodFlag {
        name: "abandonIfNothing",
        of: |method| &mut method.abandon_if_nothing,
    },
];

/// The name of a preset, or what differs from one.
fn method(value: &Value<'_>, path: &Site<'_>) -> Result<Method> {
    if let Value::Text(_) = value {
        let (_, method) = AllocationPreset::read(value, path)?;
        return Ok(method);
    }

    let flags: Vec<_> = FLAGS.iter().map(|flag| flag.name).collect();
    let fields = Fields::open(value, path)?.allow_beside(&[&flags], &[MethodChanges::KNOWN])?;
    let changes: Object<'_, '_, MethodChanges> = Object::known(fields);

    let preset = changes.preset()?;
    let mut method = preset.map_or_else(Method::default, |(_, method)| method);
    method.first_pass = changes.first_pass()?.unwrap_or(method.first_pass);
    method.leftover = changes.leftover()?.unwrap_or(method.leftover);
    method.all_zero = changes.all_zero()?.unwrap_or(method.all_zero);
    for flag in FLAGS {
        if let Some(is_set) = fields.optional(flag.name, boolean)? {
            *(flag.of)(&mut method) = is_set;
        }
    }
    Ok(method)
}

/// The words of a split by `method`.
#[must_use]
pub fn write(split: &Split, mut method: Method) -> Vec<u32> {
    let mut flags = 0;
    for flag in FLAGS.iter().rev() {
        flags = (flags << 1) | u32::from(*(flag.of)(&mut method));
    }
    let reason = match split.reason {
        Some(reason) => number(UnallocatedReason::ALL, reason),
        None => 0,
    };

    let room = split.parts.len().saturating_mul(2);
    let mut words = Vec::with_capacity(room.saturating_add(SPLIT_HEAD));
    words.extend([
        split.scale,
        reason,
        u32::from(split.is_even),
        number(FirstPass::ALL, method.first_pass),
        number(Leftover::ALL, method.leftover),
        number(AllZero::ALL, method.all_zero),
        flags,
    ]);
    push_units(&mut words, split.unallocated);
    for &part in &split.parts {
        push_units(&mut words, part);
    }
    words
}

/// The number of a word of a closed set, from 1.
fn number<T: Copy + PartialEq>(set: &[T], word: T) -> u32 {
    let mut words = set.iter().zip(1..);
    words
        .find(|(known, _)| **known == word)
        .map_or(0, |(_, number)| number)
}

#[inline]
fn push_units(words: &mut Vec<u32>, units: i64) {
    let [a, b, c, d, e, f, g, h] = units.to_le_bytes();
    words.extend([
        u32::from_le_bytes([a, b, c, d]),
        u32::from_le_bytes([e, f, g, h]),
    ]);
}

/// The words of a split by the default method: of the first number, in units of `scale` decimals, over the others.
/// `None` for what is refused, or out of the ordinary: [`request`] says what comes of it.
#[must_use]
pub fn plain(scale: u32, units: &[u64]) -> Option<Vec<u32>> {
    let (&amount, weights) = units.split_first()?;
    if amount == 0 {
        return None;
    }

    let mut shares = Vec::new();
    Splitter::default().proportional(amount, weights, &mut shares)?;

    let split = Split {
        parts: shares.into_iter().map(u64::cast_signed).collect(),
        unallocated: 0,
        reason: None,
        is_even: false,
        scale,
    };
    Some(write(&split, Method::default()))
}

/// A reason as text: a line for each field of `PartReason`, in its order.
#[must_use]
pub fn why(reason: &PortionReason) -> String {
    let (numerator, denominator) = reason.share;
    let rank = reason.rank.map(|rank| rank.to_string());
    let capped = if reason.is_capped { "1" } else { "" };
    [
        &*reason.part,
        &numerator.to_string(),
        &denominator.to_string(),
        &reason.first_pass,
        &reason.leftover,
        rank.as_deref().unwrap_or(""),
        capped,
        &reason.sentence,
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_currency_says_how_fine_the_parts_are() {
        // 10 over three: whole units without a currency; 3.34, 3.33 and 3.33 in cents, 3.35, 3.35 and 3.30 in steps of
        // 0.05; whole yen again.
        let weights = || Value::List(vec![Value::Text("1"); 3]);
        let split = |more: Vec<(&'static str, Value<'static>)>| {
            let mut fields = vec![("amount", Value::Text("10")), ("weights", weights())];
            fields.extend(more);
            let split = request(&Value::Object(fields))?.split()?;
            Ok::<_, Error>((split.parts, split.scale))
        };
        let franc = || {
            let step = ("increment", Value::Text("0.05"));
            Value::Object(vec![("code", Value::Text("CHF")), step])
        };
        for (currency, parts) in [
            (None, (vec![4, 3, 3], 0)),
            (Some(Value::Text("USD")), (vec![334, 333, 333], 2)),
            (Some(Value::Text("JPY")), (vec![4, 3, 3], 0)),
            (Some(franc()), (vec![335, 335, 330], 2)),
        ] {
            let more = currency.map(|currency| ("currency", currency));
            assert_eq!(split(more.into_iter().collect()).unwrap(), parts);
        }

        let refused = |more| split(more).map_err(|error| (error.code(), error.path().to_owned()));
        let yen = ("currency", Value::Text("JPY"));
        let both = vec![yen.clone(), ("increment", Value::Text("1"))];
        let increment = (Code::UnknownField, "increment".to_owned());
        assert_eq!(refused(both), Err(increment));
        let unknown = (Code::UnknownCurrency, "currency".to_owned());
        assert_eq!(
            refused(vec![("currency", Value::Text("usd"))]),
            Err(unknown)
        );
        let cents = Value::Object(vec![
            ("amount", Value::Text("10.5")),
            ("weights", weights()),
            yen,
        ]);
        let error = request(&cents).unwrap_err();
        let facts = (error.code(), error.path().to_owned());
        assert_eq!(facts, (Code::TooManyDecimals, "amount".to_owned()));
    }

    #[test]
    fn floats_are_whole_numbers_and_back() {
        // The bits as IEEE 754 defines them: 1 is 0x3ff0…, 2⁵³ 0x4340…, −3 0xc008….
        let known = [
            (0, 0),
            (1, 0x3ff0 << 48),
            (1 << 53, 0x4340 << 48),
            (-3, 0xc008 << 48),
        ];
        for (whole, bits) in known {
            assert_eq!((whole_of(bits), float_of(whole)), (Some(whole), Some(bits)));
        }
        for power in 0..=53 {
            for whole in [(1_i64 << power) - 1, 1 << power, (1 << power) + 1]
                .into_iter()
                .filter(|&w| w <= 1 << 53)
            {
                for whole in [whole, -whole] {
                    assert_eq!(float_of(whole).and_then(whole_of), Some(whole));
                }
            }
        }
        assert_eq!(float_of((1 << 53) + 1), None);
        // −0, ½, 1 + 2⁻⁵², 2⁵³ + 2, 2⁶³, infinity, not a number, the least float.
        let others: [u64; 8] = [
            1 << 63,
            0x3fe0 << 48,
            (0x3ff0 << 48) + 1,
            (0x4340 << 48) + 1,
            0x43e0 << 48,
            0x7ff0 << 48,
            0x7ff8 << 48,
            1,
        ];
        for bits in others {
            assert_eq!(whole_of(bits), None, "{bits:x}");
        }
    }
}
