//! Every published way to split an amount, as values of one small vocabulary.
//!
//! A split has a first pass, which gives each weight a whole share, and a rule for the units that the first pass leaves
//! over. Signs, zero weights and caps are parameters of their own, so that each library and system
//! (`allocation.md#splits-by-name`) is one [`Method`], and the default is a choice that can be named. `share.rs`
//! carries a method out.

use crate::words::closed_set;

/// How to split. [`Method::default`] is largest remainder, ties to the earlier, mirrored for negative amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// What each weight gets at first.
    pub first_pass: FirstPass,
    /// Whether the first pass goes one after another from the back: each gets its share of what is left by the weights
    /// that are left, and the first gets the rest. Nothing is left over then, and no caps are known.
    pub from_back: bool,
    /// Who gets the units that are left over then.
    pub leftover: Leftover,
    /// Whether a negative amount is split as the mirror of its positive, or by the same steps as it is.
    pub mirror: bool,
    /// Whether a zero weight may receive one of the units left over.
    pub zero_may_receive: bool,
    /// What happens when all weights are zero.
    pub all_zero: AllZero,
    /// Whether there may be no weights at all; everything stays unallocated then.
    pub allow_empty: bool,
    /// Whether negative weights are allowed.
    pub allow_negative: bool,
    /// Whether an amount larger than the sum of the weights is reduced to it; the rest stays unallocated.
    pub cap_total: bool,
    /// Whether what exceeds all caps together stays unallocated instead of being refused.
    pub allow_unallocated: bool,
    /// Whether nothing is split when the first pass gives nothing at all.
    pub abandon_if_nothing: bool,
}

closed_set! {
    /// How the first pass makes an exact share whole.
    FirstPass {
        /// Toward zero.
        Down = "down",
        /// Away from zero.
        Up = "up",
        /// Toward minus infinity.
        Floor = "floor",
        /// Toward plus infinity.
        Ceiling = "ceiling",
        /// To the nearest, halves away from zero.
        HalfUp = "halfUp",
        /// To the nearest, halves toward zero.
        HalfDown = "halfDown",
        /// To the nearest, halves to the even one.
        HalfEven = "halfEven",
    }
}

closed_set! {
    /// Who gets the units left over: one each, in this order, again from the start if there are more.
    Leftover {
        /// By what the first pass took from the exact share, the most first.
        LargestRemainder = "largestRemainder",
        /// By weight, the largest first.
        LargestWeight = "largestWeight",
        /// The first in order.
        First = "first",
        /// The last in order.
        Last = "last",
        /// Nobody: they stay unallocated.
        Separate = "separate",
        /// Nobody, and the first pass gives whole multiples of the weights alone, so that all shares are in exact
        /// proportion.
        SeparateBlocks = "separateBlocks",
    }
}

closed_set! {
    /// What happens when all weights are zero.
    AllZero {
        /// It is refused.
        Refuse = "refuse",
        /// Everybody gets nothing, and the amount stays unallocated.
        Zeros = "zeros",
        /// The amount is split evenly.
        Even = "even",
    }
}

impl Default for Method {
    fn default() -> Self {
        DEFAULT
    }
}

/// The methods of published libraries and systems, by name (`allocation.md#splits-by-name` and
/// `tests/vectors/presets.json`).
pub const PRESETS: &[(&str, Method)] = &[
    ("default", DEFAULT),
    ("openMeter", DEFAULT),
    (
        "polarFixedDiscount",
        Method {
            cap_total: true,
            ..DEFAULT
        },
    ),
    (
        "dinero",
        Method {
            leftover: Leftover::LargestWeight,
            mirror: false,
            ..DEFAULT
        },
    ),
    (
        "moneyPhp",
        Method {
            first_pass: FirstPass::Floor,
            mirror: false,
            zero_may_receive: true,
            ..DEFAULT
        },
    ),
    (
        "rubyMoney",
        Method {
            from_back: true,
            mirror: false,
            all_zero: AllZero::Even,
            ..DEFAULT
        },
    ),
    (
        "goMoney",
        Method {
            all_zero: AllZero::Zeros,
            ..FIRST
        },
    ),
    (
        "rustyMoney",
        Method {
            first_pass: FirstPass::Floor,
            ..FIRST
        },
    ),
    (
        "vendure",
        Method {
            first_pass: FirstPass::Floor,
            mirror: false,
            zero_may_receive: true,
            all_zero: AllZero::Even,
            ..DEFAULT
        },
    ),
    (
        "syliusProportional",
        Method {
            first_pass: FirstPass::HalfDown,
            all_zero: AllZero::Zeros,
            abandon_if_nothing: true,
            ..FIRST
        },
    ),
    ("fowler", FIRST),
    (
        "numscript",
        Method {
            zero_may_receive: false,
            ..FIRST
        },
    ),
    (
        "brickFloorToFirst",
        Method {
            zero_may_receive: false,
            ..FIRST
        },
    ),
    (
        "brickFloorToLargestRatio",
        Method {
            leftover: Leftover::LargestWeight,
            mirror: false,
            ..DEFAULT
        },
    ),
    (
        "brickFloorSeparate",
        Method {
            leftover: Leftover::Separate,
            ..DEFAULT
        },
    ),
    (
        "brickBlockSeparate",
        Method {
            leftover: Leftover::SeparateBlocks,
            ..DEFAULT
        },
    ),
];

impl Method {
    /// Largest remainder, ties to the earlier, mirrored for negative amounts.
    pub(super) const DEFAULT: Self = DEFAULT;

    /// The method of that name in [`PRESETS`].
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, method)| *method)
    }
}

const DEFAULT: Method = Method {
    first_pass: FirstPass::Down,
    from_back: false,
    leftover: Leftover::LargestRemainder,
    mirror: true,
    zero_may_receive: false,
    all_zero: AllZero::Refuse,
    allow_empty: false,
    allow_negative: false,
    cap_total: false,
    allow_unallocated: false,
    abandon_if_nothing: false,
};

const FIRST: Method = Method {
    leftover: Leftover::First,
    mirror: false,
    zero_may_receive: true,
    ..DEFAULT
};
