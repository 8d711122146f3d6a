//! How an exact number becomes a whole one.

use std::cmp::Ordering;

/// A rounding rule. All but [`Rounding::Floor`] and [`Rounding::Ceiling`] treat a number and its negative alike, so that
/// a credit is the mirror of its charge.
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
    pub const ALL: [Self; 7] =
        [Self::HalfUp, Self::HalfEven, Self::HalfDown, Self::Up, Self::Down, Self::Floor, Self::Ceiling];

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

    /// Whether the magnitude grows by one. It is `whole` and something more, which compares with a half as `half` says.
    pub(super) const fn grows(self, negative: bool, is_whole_odd: bool, half: Ordering) -> bool {
        match self {
            Self::HalfUp => !matches!(half, Ordering::Less),
            Self::HalfEven => matches!(half, Ordering::Greater) || (matches!(half, Ordering::Equal) && is_whole_odd),
            Self::HalfDown => matches!(half, Ordering::Greater),
            Self::Up => true,
            Self::Down => false,
            Self::Floor => negative,
            Self::Ceiling => !negative,
        }
    }
}
