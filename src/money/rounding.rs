//! How an exact number becomes a whole one.

use std::cmp::Ordering;

/// A rounding rule. All but [`Rounding::Floor`] and [`Rounding::Ceiling`] treat a number and its negative alike, so
/// that a credit is the mirror of its charge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rounding {
    /// To the nearest, halves away from zero.
    #[default]
    HalfUp,
    /// To the nearest, halves to the even neighbour.
    HalfEven,
    /// To the nearest, halves toward zero.
    HalfDown,
    /// Away from zero.
    Up,
    /// Toward zero.
    Down,
    /// Toward minus infinity.
    Floor,
    /// Toward plus infinity.
    Ceiling,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::HalfUp,
        Self::HalfEven,
        Self::HalfDown,
        Self::Up,
        Self::Down,
        Self::Floor,
        Self::Ceiling,
    ];

    /// Their names as they cross the boundary, in the same order.
    pub const NAMES: [&str; 7] = {
        let [half_up, half_even, half_down, up, down, floor, ceiling] = Self::ALL;
        [
            half_up.as_str(),
            half_even.as_str(),
            half_down.as_str(),
            up.as_str(),
            down.as_str(),
            floor.as_str(),
            ceiling.as_str(),
        ]
    };

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HalfUp => "halfUp",
            Self::HalfEven => "halfEven",
            Self::HalfDown => "halfDown",
            Self::Up => "up",
            Self::Down => "down",
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
        }
    }

    /// The rule, for people.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::HalfUp => "to the nearest, halves up",
            Self::HalfEven => "to the nearest, halves to even",
            Self::HalfDown => "to the nearest, halves down",
            Self::Up => "up",
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
