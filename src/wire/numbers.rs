//! Columns of whole numbers from typed arrays. Numbers of JavaScript are read and written by their bits: there are no
//! floats in the engine.

use crate::error::{Code, Error, Path, Result};

/// What the elements of an array are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elements {
    /// `Int32Array`.
    Small,
    /// `BigInt64Array`.
    Large,
    /// `Float64Array`, of whole numbers in ±2⁵³.
    Number,
}

/// The bits of a fraction behind the leading one.
const FRACTION: u32 = 52;
/// The exponent of 1 as it is stored.
const BIAS: u32 = 1023;
const FRACTION_BITS: u64 = (1 << FRACTION) - 1;

impl Elements {
    /// The classes of arrays, in the order of the variants.
    pub const NAMES: &[&str] = &["Int32Array", "BigInt64Array", "Float64Array"];
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Small, Self::Large, Self::Number];

    const fn width(self) -> usize {
        match self {
            Self::Small => 4,
            Self::Large | Self::Number => 8,
        }
    }

    /// The numbers of an array's bytes.
    ///
    /// # Errors
    /// `invalidNumber` for the first that is not a whole number in ±2⁵³.
    pub fn read(self, bytes: &[u8], path: &Path<'_>) -> Result<Vec<i64>> {
        let mut numbers = Vec::with_capacity(bytes.len().checked_div(self.width()).unwrap_or_default());
        for (place, element) in bytes.chunks_exact(self.width()).enumerate() {
            let number = match (self, element) {
                (Self::Small, &[a, b, c, d]) => Some(i32::from_le_bytes([a, b, c, d]).into()),
                (Self::Large, &[a, b, c, d, e, f, g, h]) => Some(i64::from_le_bytes([a, b, c, d, e, f, g, h])),
                (Self::Number, &[a, b, c, d, e, f, g, h]) => whole(u64::from_le_bytes([a, b, c, d, e, f, g, h])),
                _ => None,
            };
            let number = number.ok_or_else(|| {
                let needed = "a whole number from −2⁵³ to 2⁵³";
                Error::new(Code::InvalidNumber, &path.index(place), needed, "another number")
            })?;
            numbers.push(number);
        }
        Ok(numbers)
    }

    /// The bytes of an array of such elements.
    ///
    /// # Errors
    /// `outOfRange` for the first number that they do not hold.
    pub fn write(self, numbers: &[i64]) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(numbers.len().saturating_mul(self.width()));
        for (place, &number) in numbers.iter().enumerate() {
            let out_of_range = || {
                let needed = "amounts that the elements of the array hold exactly";
                Error::new(Code::OutOfRange, &Path::Root.field("prices").index(place), needed, number.to_string())
            };
            match self {
                Self::Small => {
                    bytes.extend_from_slice(&i32::try_from(number).map_err(|_| out_of_range())?.to_le_bytes());
                }
                Self::Large => bytes.extend_from_slice(&number.to_le_bytes()),
                Self::Number => bytes.extend_from_slice(&bits(number).ok_or_else(out_of_range)?.to_le_bytes()),
            }
        }
        Ok(bytes)
    }
}

/// The whole number in ±2⁵³ that these bits are.
fn whole(bits: u64) -> Option<i64> {
    let magnitude = bits << 1 >> 1;
    if magnitude == 0 {
        return Some(0);
    }
    let exponent = u32::try_from(magnitude >> FRACTION).ok()?.checked_sub(BIAS)?;
    if exponent > FRACTION && magnitude != u64::from(BIAS.saturating_add(53)) << FRACTION {
        return None;
    }
    let mantissa = (magnitude & FRACTION_BITS) | (1 << FRACTION);
    let number = match FRACTION.checked_sub(exponent) {
        Some(shift) if mantissa.trailing_zeros() >= shift => mantissa >> shift,
        Some(_) => return None,
        None => mantissa << 1,
    };
    let number = i64::try_from(number).ok()?;
    if bits >> 63 == 0 { Some(number) } else { number.checked_neg() }
}

/// The bits of a whole number in ±2⁵³.
fn bits(number: i64) -> Option<u64> {
    let magnitude = number.unsigned_abs();
    if magnitude == 0 {
        return Some(0);
    }
    if magnitude > 1 << 53 {
        return None;
    }
    let exponent = 63_u32.checked_sub(magnitude.leading_zeros())?;
    let mantissa = if exponent > FRACTION { magnitude >> 1 } else { magnitude << FRACTION.checked_sub(exponent)? };
    let sign = u64::from(number < 0) << 63;
    Some(sign | (u64::from(exponent.saturating_add(BIAS)) << FRACTION) | (mantissa & FRACTION_BITS))
}

#[cfg(test)]
#[allow(clippy::disallowed_types, reason = "JavaScript's numbers are what this is about")]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written_by_their_bits() {
        // The bits are those of IEEE 754: 1 is 3ff0…, 2 is 4000…, 3 is 4008…, 2⁵³ is 4340….
        let pairs = [
            (0, 0),
            (1, 0x3ff0_0000_0000_0000),
            (-2, 0xc000_0000_0000_0000),
            (3, 0x4008_0000_0000_0000),
            (1 << 53, 0x4340_0000_0000_0000),
            ((1 << 53) - 1, 0x433f_ffff_ffff_ffff),
            (-(1 << 53), 0xc340_0000_0000_0000),
        ];
        for (number, expected) in pairs {
            assert_eq!((bits(number), whole(expected)), (Some(expected), Some(number)), "{number}");
        }
        assert_eq!(whole(1 << 63), Some(0), "minus zero");
        assert_eq!((bits((1 << 53) + 1), bits(i64::MIN)), (None, None));
        // 0.5, 1.5, 2⁵³ + 2, 2⁵⁴, the smallest, infinity, no number.
        let half = 0x3fe0_0000_0000_0000;
        for other in [half, 0x3ff8 << 48, 0x4340_0000_0000_0001, 0x4350 << 48, 1, 0x7ff0 << 48, 0x7ff8 << 48] {
            assert_eq!(whole(other), None, "{other:x}");
        }
        for number in (-1000..1000).chain([1 << 40, (1 << 52) + 1, -(1 << 52) - 1]) {
            assert_eq!(whole(bits(number).unwrap()), Some(number));
        }
    }

    #[test]
    fn columns_keep_their_elements() {
        let numbers = [0, -1, 2_147_483_647, -2_147_483_648];
        for elements in Elements::ALL {
            let bytes = elements.write(&numbers).unwrap();
            assert_eq!(elements.read(&bytes, &Path::Root).unwrap(), numbers);
        }
        assert_eq!(Elements::Small.write(&[1 << 31]).unwrap_err().code(), Code::OutOfRange);
        let path = Path::Root.field("prices");
        let error = Elements::Number.read(&(0x3fe0_u64 << 48).to_le_bytes(), &path).unwrap_err();
        assert_eq!((error.code(), error.path()), (Code::InvalidNumber, "prices[0]"));
    }
}
