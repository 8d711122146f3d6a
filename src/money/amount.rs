//! A whole number of minor units.

use super::AmountOutOfRange;

/// An exact amount in the minor units of its document's currency, from −(2⁶³ − 1) to 2⁶³ − 1.
///
/// The range is symmetric, so that every amount has a mirror. There are no operators: what can go out of range
/// returns `None`.
///
/// ```
/// use setoff::money::Amount;
/// let cents = Amount::new(1230).unwrap();
/// assert_eq!(cents.plus(cents.negated()), Some(Amount::ZERO));
/// assert_eq!(Amount::MAX.plus(cents), None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount.
    pub const MAX: Self = Self(i64::MAX);

    /// The amount of `minor` units; `None` for −2⁶³, which has no mirror.
    #[must_use]
    pub const fn new(minor: i64) -> Option<Self> {
        if minor == i64::MIN {
            None
        } else {
            Some(Self(minor))
        }
    }

    /// The minor units.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// The same amount with the other sign.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(self.0.saturating_neg())
    }

    /// The amount without its sign.
    #[must_use]
    pub const fn absolute(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// More than zero.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Neither more nor less than zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether an amount lies between zero and this one, both included: it takes nothing away
    /// that is not there, and does not turn the sign.
    ///
    /// ```
    /// use setoff::money::Amount;
    /// let credit = Amount::new(-500).unwrap();
    /// assert!(credit.covers(Amount::new(-200).unwrap()) && credit.covers(Amount::ZERO));
    /// assert!(!credit.covers(Amount::new(200).unwrap()));
    /// ```
    #[must_use]
    pub fn covers(self, part: Self) -> bool {
        (self.min(Self::ZERO)..=self.max(Self::ZERO)).contains(&part)
    }

    /// The sum, unless it is out of range.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(Self::new)
    }

    /// The difference, unless it is out of range.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::new)
    }

    /// The sum of all, unless it is out of range. Parts may be out of order: only the total has to fit.
    #[must_use]
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        // At most 2⁶³ per amount: an i128 holds the sum of more amounts than memory can.
        let total = amounts
            .into_iter()
            .try_fold(0_i128, |sum, amount| sum.checked_add(i128::from(amount.0)))?;
        i64::try_from(total).ok().and_then(Self::new)
    }
}

impl TryFrom<i128> for Amount {
    type Error = AmountOutOfRange;

    fn try_from(minor: i128) -> Result<Self, AmountOutOfRange> {
        i64::try_from(minor)
            .ok()
            .and_then(Self::new)
            .ok_or(AmountOutOfRange)
    }
}
