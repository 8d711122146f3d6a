//! The terms of published systems, by name (`tests/vectors/presets.json`, `proration.md#systems-by-name`).

use super::terms::{
    Basis, CellDays, Count, CreditBase, CreditFormula, Degenerate, FirstBoundary, Grid, Interval,
    Present, StubPeriod, Terms, Unit,
};
use crate::money::Rounding;

/// The terms of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name outside.
    pub name: &'static str,
    /// How it prorates.
    pub terms: Terms,
    /// What that was checked against.
    pub checked: &'static str,
}

const DEFAULT: Terms = Terms::DEFAULT;
/// Systems that credit the time not served, and do not reckon back from the bill.
const DIRECT: Terms = Terms {
    credit_formula: CreditFormula::Direct,
    ..DEFAULT
};
const SECONDS: Terms = Terms {
    unit: Unit::Second,
    ..DIRECT
};
const CLOSED: Terms = Terms {
    interval: Interval::Closed,
    ..DIRECT
};
/// Zuora's default for new tenants is the residual credit (`proration.md#systems-by-name`).
const ZUORA: Terms = Terms {
    grid: Grid::Month,
    first_boundary: FirstBoundary::Month,
    credit_formula: CreditFormula::Residual,
    ..CLOSED
};
const KILL_BILL: Terms = Terms {
    factor_scale: Some(9),
    credit_base: CreditBase::Billed,
    stub_period: StubPeriod::Shifted,
    ..DIRECT
};
const FLEXPRICE: Terms = Terms {
    count: Count::BothEnds,
    ..DIRECT
};

/// All presets.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "default",
        terms: DEFAULT,
        checked: "our own choice; its arithmetic against all figures",
    },
    Preset {
        name: "zuoraActualMonthFirst",
        terms: ZUORA,
        checked: "published figures: documentation",
    },
    Preset {
        name: "zuora30",
        terms: Terms {
            cell_days: CellDays::Fixed(30),
            ..ZUORA
        },
        checked: "published figures: documentation",
    },
    Preset {
        name: "zuoraStrict30",
        terms: Terms {
            cell_days: CellDays::Strict30,
            ..ZUORA
        },
        checked: "published figures: documentation",
    },
    Preset {
        name: "zuoraActualByDay",
        terms: Terms {
            grid: Grid::Period,
            ..ZUORA
        },
        checked: "published figures: documentation",
    },
    Preset {
        name: "zuora30ByDay",
        terms: Terms {
            grid: Grid::Period,
            cell_days: CellDays::Fixed(30),
            ..ZUORA
        },
        checked: "published figures: documentation",
    },
    Preset {
        name: "zuoraChargeFullPeriod",
        terms: Terms {
            basis: Basis::Full,
            ..ZUORA
        },
        checked: "documentation; no published figure",
    },
    Preset {
        name: "stripe",
        terms: SECONDS,
        checked: "one published figure; how ties are rounded is not documented",
    },
    Preset {
        name: "stripeNone",
        terms: Terms {
            basis: Basis::Nothing,
            ..SECONDS
        },
        checked: "documentation; no published figure",
    },
    Preset {
        name: "chargebeeMillisecond",
        terms: Terms {
            unit: Unit::Millisecond,
            ..SECONDS
        },
        checked: "documentation; no published figure",
    },
    Preset {
        name: "chargebeeDay",
        terms: CLOSED,
        checked: "documentation; no published figure",
    },
    Preset {
        name: "recurly",
        terms: SECONDS,
        checked: "one published figure",
    },
    Preset {
        name: "maxio",
        terms: Terms {
            present: Present::Net,
            ..SECONDS
        },
        checked: "one published figure",
    },
    Preset {
        name: "paddle",
        terms: Terms {
            unit: Unit::Minute,
            ..SECONDS
        },
        checked: "documentation; no published figure",
    },
    Preset {
        name: "killBill",
        terms: KILL_BILL,
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "killBillFixed30",
        terms: Terms {
            cell_days: CellDays::FixedStartMonth(30),
            ..KILL_BILL
        },
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "lago",
        terms: CLOSED,
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "openMeter",
        terms: Terms {
            degenerate: Degenerate::Full,
            ..SECONDS
        },
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "flexpriceDay",
        terms: FLEXPRICE,
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "flexpriceSecond",
        terms: Terms {
            end_shift_seconds: -1,
            ..SECONDS
        },
        checked: "published figures, which the end one second earlier does not change; that is from its source",
    },
    Preset {
        name: "meteroid",
        terms: DIRECT,
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "polar",
        terms: Terms {
            rounding: Rounding::HalfEven,
            ..SECONDS
        },
        checked: "published figures: tests of its source",
    },
    Preset {
        name: "oracleActual",
        terms: Terms {
            grid: Grid::Month,
            ..CLOSED
        },
        checked: "one published figure",
    },
    Preset {
        name: "oracleFixed30",
        terms: Terms {
            grid: Grid::Month,
            cell_days: CellDays::Fixed(30),
            ..CLOSED
        },
        checked: "one published figure",
    },
    Preset {
        name: "dailyRate3",
        terms: Terms {
            rate_scale: Some(3),
            ..DIRECT
        },
        checked: "one published figure (AppXite)",
    },
];

/// The preset of that name.
#[must_use]
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
