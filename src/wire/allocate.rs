//! Splits: requests in, parts out as words.
//!
//! ```text
//! words      head part*            a part is two words, the lower first, of its two's complement
//! head       scale because evenly method×4 unallocated
//! method     first pass, leftover, all zero, flags
//! ```
//!
//! Choices are their places in the lists of `allocate`, from 1, and 0 is none. `js/allocate.js` has the same lists.

use super::Value;
use super::fields::{Fields, boolean, decimal, list, not_among, place_of, text};
use crate::allocate::{
    AllZero, Because, FirstPass, Leftover, Method, PRESETS, Request, Split, Splitter, Why,
};
use crate::error::{Error, Path, Reason, Result};
use crate::memory;
use crate::money::Currency;
use rust_decimal::Decimal;

/// `AllocateRequest`.
///
/// # Errors
/// The shape of the value.
pub fn request<'a>(value: &Value<'a>) -> Result<Request<'a>> {
    const KNOWN: &[&str] = &[
        "amount",
        "weights",
        "caps",
        "keys",
        "currency",
        "increment",
        "method",
    ];
    let fields = Fields::open(value, &Path::Root)?.allow(&[KNOWN])?;
    let currency = fields.optional("currency", currency)?;
    if currency.is_some() && fields.has("increment") {
        return Err(fields.either("increment", "currency"));
    }
    let amount = fields.required("amount", decimal)?;
    if let Some(currency) = &currency {
        let path = Path::Root.field("amount");
        currency.amount(amount).map_err(|error| error.at(&path))?;
    }
    let step = |currency: Currency| Decimal::new(currency.increment(), currency.scale().into());

    Ok(Request {
        method: fields.optional("method", method)?.unwrap_or_default(),
        amount,
        weights: fields.required("weights", |value, path| list(value, path, decimal))?,
        caps: fields.optional("caps", |value, path| list(value, path, decimal))?,
        keys: fields.optional("keys", |value, path| list(value, path, text))?,
        increment: match currency {
            Some(currency) => Some(step(currency)),
            None => fields.optional("increment", decimal)?,
        },
    })
}

/// A currency: the code of one of ISO 4217, or a `CurrencyDefinition`.
fn currency(value: &Value<'_>, path: &Path<'_>) -> Result<Currency> {
    let Value::Text(code) = value else {
        return Currency::define(&super::decode::currency(value, path)?, path);
    };
    Currency::iso(code).ok_or_else(|| {
        let code = (*code).into();
        Error::of(Reason::NotIsoCurrency { code }, path)
    })
}

/// The options of a splitter beside its columns.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<Method> {
    let fields = Fields::open(value, &Path::Root)?.allow(&[&["method"]])?;
    Ok(fields.optional("method", method)?.unwrap_or_default())
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
    let mut wrong = None;
    // Collected in the same memory.
    let numbers = bits.into_iter().enumerate().map(|(place, bits)| {
        whole_of(bits).unwrap_or_else(|| {
            wrong.get_or_insert(place);
            0
        })
    });
    let numbers = numbers.collect();
    match wrong {
        None => Ok(numbers),
        Some(place) => {
            let column = Path::Root.field(name);
            Err(Error::of(Reason::NoWholeFloat {}, &column.index(place)))
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
        let beyond = || Error::of(Reason::BeyondFloats {}, &Path::Root);
        bits.push(float_of(value.cast_signed()).ok_or_else(beyond)?);
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

/// The choices of a method by name, in the order of `ALL`.
const FIRST_PASS: [&str; FirstPass::ALL.len()] = [
    "down", "up", "floor", "ceiling", "halfUp", "halfDown", "halfEven",
];
const LEFTOVER: [&str; Leftover::ALL.len()] = [
    "largestRemainder",
    "largestWeight",
    "first",
    "last",
    "separate",
    "separateBlocks",
];
const ALL_ZERO: [&str; AllZero::ALL.len()] = ["refuse", "zeros", "even"];

/// The flags of a method by name.
type Flag = (&'static str, fn(&mut Method) -> &mut bool);
const FLAGS: [Flag; 8] = [
    ("fromBack", |method| &mut method.from_back),
    ("mirror", |method| &mut method.mirror),
    ("zeroMayReceive", |method| &mut method.zero_may_receive),
    ("allowEmpty", |method| &mut method.allow_empty),
    ("allowNegative", |method| &mut method.allow_negative),
    ("capTotal", |method| &mut method.cap_total),
    ("allowUnallocated", |method| &mut method.allow_unallocated),
    ("abandonIfNothing", |method| &mut method.abandon_if_nothing),
];

/// `Method`: the name of a preset, or what differs from one.
fn method(value: &Value<'_>, path: &Path<'_>) -> Result<Method> {
    if let Value::Text(_) = value {
        return preset(value, path);
    }
    let flags = FLAGS.map(|(name, _)| name);
    let fields = Fields::open(value, path)?
        .allow(&[&["preset", "firstPass", "leftover", "allZero"], &flags])?;
    let mut method = fields.optional("preset", preset)?.unwrap_or_default();
    let pass = fields.optional("firstPass", |value, path| {
        place_of(&FIRST_PASS, value, path)
    })?;
    let leftover = fields.optional("leftover", |value, path| place_of(&LEFTOVER, value, path))?;
    let all_zero = fields.optional("allZero", |value, path| place_of(&ALL_ZERO, value, path))?;
    method.first_pass = pass
        .and_then(|place| FirstPass::ALL.get(place))
        .copied()
        .unwrap_or(method.first_pass);
    method.leftover = leftover
        .and_then(|place| Leftover::ALL.get(place))
        .copied()
        .unwrap_or(method.leftover);
    method.all_zero = all_zero
        .and_then(|place| AllZero::ALL.get(place))
        .copied()
        .unwrap_or(method.all_zero);
    for (name, flag) in FLAGS {
        if let Some(value) = fields.optional(name, boolean)? {
            *flag(&mut method) = value;
        }
    }
    Ok(method)
}

fn preset(value: &Value<'_>, path: &Path<'_>) -> Result<Method> {
    let name = text(value, path)?;
    Method::preset(name).ok_or_else(|| {
        let names = PRESETS.iter().map(|(name, _)| *name).collect();
        not_among(names, name, path)
    })
}

/// The words of a split by `method`.
#[must_use]
pub fn write(split: &Split, mut method: Method) -> Vec<u32> {
    // The place from 1 on; 0 if it is not there.
    fn place<T: PartialEq>(list: &[T], value: Option<T>) -> u32 {
        list.iter()
            .zip(1..)
            .find(|(known, _)| value.as_ref() == Some(known))
            .map_or(0, |(_, place)| place)
    }
    let flags = FLAGS.iter().rev().fold(0, |bits, (_, flag)| {
        (bits << 1) | u32::from(*flag(&mut method))
    });
    let mut words = Vec::with_capacity(split.parts.len().saturating_mul(2).saturating_add(9));
    words.extend([
        split.scale,
        place(&Because::ALL, split.because),
        u32::from(split.evenly),
        place(&FirstPass::ALL, Some(method.first_pass)),
        place(&Leftover::ALL, Some(method.leftover)),
        place(&AllZero::ALL, Some(method.all_zero)),
        flags,
    ]);
    for part in [split.unallocated].iter().chain(&split.parts) {
        let [a, b, c, d, e, f, g, h] = part.to_le_bytes();
        words.extend([
            u32::from_le_bytes([a, b, c, d]),
            u32::from_le_bytes([e, f, g, h]),
        ]);
    }
    words
}

/// The words of a split by the default method: of the first number, in units of `scale` decimals, over the others.
/// `None` for what is refused, or out of the ordinary: [`request`] says what comes of it.
#[must_use]
pub fn plain(scale: u32, units: &[u64]) -> Option<Vec<u32>> {
    let (&amount, weights) = units.split_first().filter(|(amount, _)| **amount > 0)?;
    let mut shares = Vec::new();
    Splitter::default().proportional(amount, weights, &mut shares)?;
    let parts = shares.into_iter().map(u64::cast_signed).collect();
    Some(write(
        &Split {
            parts,
            unallocated: 0,
            because: None,
            evenly: false,
            scale,
        },
        Method::default(),
    ))
}

/// A reason as text: a line for each field of `Why`, in its order.
#[must_use]
pub fn why(why: &Why) -> String {
    let (numerator, denominator) = why.share;
    let rank = why.rank.map(|rank| rank.to_string()).unwrap_or_default();
    let capped = if why.capped { "1" } else { "" };
    let numbers = [numerator, denominator].map(|number| number.to_string());
    let [numerator, denominator] = &numbers;
    [
        &why.part,
        numerator,
        denominator,
        &why.first,
        &why.leftover,
        &*rank,
        capped,
        &why.sentence,
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
