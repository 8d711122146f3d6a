//! How an exact number becomes a whole one.

use crate::words::closed_set;
use std::cmp::Ordering;

closed_set! {
    /// A rounding rule. All but [`Rounding::Floor`] and [`Rounding::Ceiling`] treat a number and its negative alike, so
    /// that a credit is the mirror of its charge.
    #[derive(Default)]
    Rounding {
        /// To the nearest, halves away from zero.
        #[default]
        HalfUp = "halfUp",
        /// To the nearest, halves to the even neighbour.
        HalfEven = "halfEven",
        /// To the nearest, halves toward zero.
        HalfDown = "halfDown",
        /// Away from zero.
        Up = "up",
        /// Toward zero.
        Down = "down",
        /// Toward minus infinity.
        Floor = "floor",
        /// Toward plus infinity.
        Ceiling = "ceiling",
    }
}

impl Rounding {
    /// The rule, for people. Below zero, what goes up in a charge goes down, so the direction is told from zero.
    #[must_use]
    pub const fn sentence(self, is_negative: bool) -> &'static str {
        match self {
            Self::HalfUp if is_negative => "to the nearest, halves away from zero",
            Self::HalfUp => "to the nearest, halves up",
            Self::HalfEven => "to the nearest, halves to even",
            Self::HalfDown if is_negative => "to the nearest, halves toward zero",
            Self::HalfDown => "to the nearest, halves down",
            Self::Up if is_negative => "away from zero",
            Self::Up => "up",
            Self::Down if is_negative => "toward zero",
            Self::Down => "down",
            Self::Floor => "toward minus infinity",
            Self::Ceiling => "toward plus infinity",
        }
    }

    /// What is added to a quotient cut toward zero: 1, −1 or 0. It may have a rest, which compares with a half as
    /// `half` says.
    #[inline]
    pub(super) const fn step(
        self,
        is_negative: bool,
        has_rest: bool,
        is_odd: bool,
        half: Ordering,
    ) -> i8 {
        let grows = has_rest
            && match self {
                Self::HalfUp => !matches!(half, Ordering::Less),
                Self::HalfEven => {
                    matches!(half, Ordering::Greater) || (matches!(half, Ordering::Equal) && is_odd)
                }
                Self::HalfDown => matches!(half, Ordering::Greater),
                Self::Up => true,
                Self::Down => false,
                Self::Floor => is_negative,
                Self::Ceiling => !is_negative,
            };

        match (grows, is_negative) {
            (false, _) => 0,
            (true, true) => -1,
            (true, false) => 1,
        }
    }
}
