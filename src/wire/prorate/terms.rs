//! How parts of periods are priced: the terms of a request, as tables.

use super::fraction;
use crate::error::{Reason, Result, Site};
use crate::money::Fraction;
use crate::prorate::{
    Basis, CellDays, ChangeDayOwner, Count, CreditBase, CreditFormula, CreditFrom, Degenerate,
    Destination, DiscountCredit, FirstBoundary, Grid, Interval, PRESETS, Present, Reached, Stage,
    Stub, StubPeriod, Terms, Unit, preset,
};
use crate::wire::Value;
use crate::wire::currency::Rounding;
use crate::wire::fields::{Fields, not_among, only, place_of, text};
use crate::wire::object::{Object, object, union};
use crate::wire::readers::{Boolean, Nullable, OneOf, ValueReader, Whole, reader};

/// A number of days of a month or a period.
type DayNumber = Whole<u16, 1, 10_000>;

/// A number of decimals; `null` for exact.
type Scale = Nullable<Whole<u8, 0, 18>>;

/// A day of the month.
pub(super) type DayOfMonth = Whole<u8, 1, 31>;

reader! {
    /// An exact number.
    FractionText: Fraction as "FractionInput" by fraction
}

reader! {
    /// The name of a preset.
    PresetName: Terms as "ProrationPreset" by named
}

fn named(value: &Value<'_>, path: &Site<'_>) -> Result<Terms> {
    let name = text(value, path)?;
    preset(name).map(|preset| preset.terms).ok_or_else(|| {
        let names = PRESETS.iter().map(|preset| preset.name).collect();
        not_among(names, name, path)
    })
}

object! {
    /// What terms say of one plan: how its time is counted. All else is said of the whole request.
    export interface PlanTerms {
        /// What these terms differ from. Left out: `"default"`.
        preset: optional PresetName = "preset",
        /// In what time is counted. Default `day`: civil days, whatever daylight saving does.
        unit: optional OneOf<Unit> = "unit",
        /// Days `between` (default), one more (`bothEnds`), or every begun 24 hours of the local
        /// clock (`started`).
        count: optional OneOf<Count> = "count",
        /// Whether begun units do not count. Default: they count in part.
        whole_units: optional Boolean = "wholeUnits",
        /// One cell (`period`, the default), or months from grid day to grid day, of which whole
        /// ones count one.
        grid: optional OneOf<Grid> = "grid",
        /// The day on which the months of the grid begin, 1 to 31. Left out: that of the period,
        /// else of the service.
        grid_day: optional DayOfMonth = "gridDay",
        /// How long a cell is: as the calendar says (`actual`, the default); a stated number of
        /// days a month (`fixed`), or a period (`nominal`); 30 days a month, with time served
        /// counted in the same way (`strict30`); or a stated number of days for the month in which
        /// the service begins (`fixedStartMonth`).
        cell_days: optional CellLength = "cellDays",
        /// Whether a month that is served whole counts one, however its days are counted. Default
        /// true.
        whole_cell_is_one: optional Boolean = "wholeCellIsOne",
        /// Whether time matters at all. Default `prorate`.
        basis: optional OneOf<Basis> = "basis",
        /// What comes of a period without length: nothing (`zero`, the default), the full price, or
        /// a refusal.
        degenerate: optional OneOf<Degenerate> = "degenerate",
        /// Keeps the factor from 0 to 1, and allows changes outside the period. Default false: they
        /// are refused. The service of `prorate` and `prorateColumns` may be longer than its period
        /// or elsewhere: all its time counts, two months of a monthly price twice.
        clamp: optional Boolean = "clamp",
        /// What comes of the part of a period in which something starts: before the first boundary
        /// of a schedule, a service that ends with its period, a plan that starts. Default
        /// `prorate`.
        leading: optional StubRule = "leading",
        /// What comes of the part in which something ends: after the last boundary of a schedule, a
        /// service that begins with its period, a plan that is cancelled. `months`: up to the end
        /// of a month of it. Default `prorate`.
        trailing: optional StubRule = "trailing" as "StubRule | \"months\"",
        /// The decimals to which the factor is rounded; `null`, the default: exact.
        factor_scale: optional Scale = "factorScale",
        factor_rounding: optional Rounding = "factorRounding",
        /// The decimals to which the price of a unit of time is rounded; `null`, the default:
        /// exact.
        rate_scale: optional Scale = "rateScale",
    }
}

object! {
    /// How a part of a period is priced: what differs from a preset.
    ///
    /// The defaults count civil days over the period as it is, with an end that is not part of it,
    /// exactly, and round once, half up; a credit is what was billed less what the time served
    /// costs, and at most what is left of the bill.
    export interface ProrationTerms extends PlanTerms {
        /// How the end of a period is written: `closed` names its last day. Default `halfOpen`.
        interval: optional OneOf<Interval> = "interval",
        /// Moves the end of every period that ends with an instant. Default 0.
        end_shift_seconds: optional Whole<i32, -86_400, 86_400> = "endShiftSeconds",
        /// Whom the day of a change belongs to. Default `new`: the plan that begins.
        change_day: optional OneOf<ChangeDayOwner> = "changeDay",
        /// Where the first whole period begins: a period after the billing day that is past, or on
        /// the next billing day.
        first_boundary: optional OneOf<FirstBoundary> = "firstBoundary",
        /// Whether the period of a stub remembers the billing day (`anchored`, the default).
        stub_period: optional OneOf<StubPeriod> = "stubPeriod",
        rounding: optional Rounding = "rounding",
        /// `invoice`: a line more has the difference between the rounded sum and the sum of rounded
        /// lines.
        stage: optional OneOf<Stage> = "stage",
        /// What was billed less what the time served costs (`residual`), or what the time not
        /// served costs.
        credit_formula: optional OneOf<CreditFormula> = "creditFormula",
        /// Of what a credit is a share: of the plan's price over its period (`list`), or of what
        /// was billed over its time.
        credit_base: optional OneOf<CreditBase> = "creditBase",
        /// From when on is credited.
        credit_from: optional OneOf<CreditFrom> = "creditFrom",
        /// Whether a credit is at most what was billed less earlier credits. Default true.
        cap: optional Boolean = "cap",
        /// Whether a fixed discount goes back in proportion, or what is kept of the charge keeps
        /// it. Default `prorate`.
        discount: optional OneOf<DiscountCredit> = "discount",
        /// How the `lines` show a change from plan to plan: as credit and charge (`gross`, the
        /// default); as their sum (`net`, where both have the same taxes); or, where nothing
        /// changes but the quantity, as the units that come or go (`quantity`; any other change,
        /// and one whose difference is not what these units cost, as `gross`). Nothing else depends
        /// on it: all amounts are those of credit and charge, each rounded, and so are the
        /// documents of a book. For a difference that is rounded once, see `stage`.
        present: optional OneOf<Present> = "present",
        /// Where a credit goes. `settle`, the default: it settles the bill that it credits as far
        /// as that is open, then what is charged; the rest stays on account. `account`: all stays
        /// on account, as in a wallet. `refund`: it settles the same, and the rest goes back.
        /// `time`: where a plan changes, no money flows; the credit pays for days of the plan that
        /// begins, and days that have begun are whole. Where none begins it is `settle`.
        destination: optional OneOf<Destination> = "destination",
    }
}

union! {
    /// The name of a preset, or what differs from one (left out: `"default"`).
    export type TermsRequest = PresetName | ProrationTerms;
}

union! {
    /// The name of a preset, or how the time of one plan differs from one.
    export type PlanTermsRequest = PresetName | PlanTerms;
}

impl<'v, 'a> ValueReader<'v, 'a> for TermsRequest {
    type Output = Terms;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Terms> {
        if let Value::Text(_) = value {
            return PresetName::read(value, path);
        }
        let fields = Fields::open(value, path)?;
        terms_of(Object::<ProrationTerms>::allow(fields)?, path)
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for PlanTermsRequest {
    type Output = Terms;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Terms> {
        if let Value::Text(_) = value {
            return PresetName::read(value, path);
        }
        let plan = Object::<PlanTerms>::allow(Fields::open(value, path)?)?;
        // What is of the whole request is absent, so it stays as the preset has it.
        terms_of(Object::known(*plan), path)
    }
}

/// The terms that an object states: those of its preset, with what differs.
///
/// # Errors
/// The shape of a field; `invalidTerms` of one that nothing reads.
fn terms_of(stated: Object<'_, '_, ProrationTerms>, path: &Site<'_>) -> Result<Terms> {
    let plan = stated.part::<PlanTerms>();
    let base = plan.preset()?.unwrap_or_default();
    let terms = Terms {
        interval: stated.interval()?.unwrap_or(base.interval),
        unit: plan.unit()?.unwrap_or(base.unit),
        count: plan.count()?.unwrap_or(base.count),
        change_day: stated.change_day()?.unwrap_or(base.change_day),
        grid: plan.grid()?.unwrap_or(base.grid),
        basis: plan.basis()?.unwrap_or(base.basis),
        degenerate: plan.degenerate()?.unwrap_or(base.degenerate),
        first_boundary: stated.first_boundary()?.unwrap_or(base.first_boundary),
        stub_period: stated.stub_period()?.unwrap_or(base.stub_period),
        factor_rounding: plan.factor_rounding()?.unwrap_or(base.factor_rounding),
        rounding: stated.rounding()?.unwrap_or(base.rounding),
        stage: stated.stage()?.unwrap_or(base.stage),
        credit_formula: stated.credit_formula()?.unwrap_or(base.credit_formula),
        credit_base: stated.credit_base()?.unwrap_or(base.credit_base),
        credit_from: stated.credit_from()?.unwrap_or(base.credit_from),
        present: stated.present()?.unwrap_or(base.present),
        destination: stated.destination()?.unwrap_or(base.destination),
        whole_units: plan.whole_units()?.unwrap_or(base.whole_units),
        whole_cell_is_one: plan.whole_cell_is_one()?.unwrap_or(base.whole_cell_is_one),
        clamp: plan.clamp()?.unwrap_or(base.clamp),
        cap: stated.cap()?.unwrap_or(base.cap),
        end_shift_seconds: stated
            .end_shift_seconds()?
            .unwrap_or(base.end_shift_seconds),
        grid_day: plan.grid_day()?.or(base.grid_day),
        cell_days: plan.cell_days()?.unwrap_or(base.cell_days),
        leading: plan.leading()?.unwrap_or(base.leading),
        trailing: plan.trailing()?.unwrap_or(base.trailing),
        factor_scale: plan.factor_scale()?.unwrap_or(base.factor_scale),
        rate_scale: plan.rate_scale()?.unwrap_or(base.rate_scale),
        discount: stated.discount()?.unwrap_or(base.discount),
    };
    terms
        .check_read(&base)
        .map_err(|error| error.within(path))?;
    Ok(terms)
}

object! {
    form FixedDays {
        days: required DayNumber = "fixed",
    }
}

object! {
    form FixedStartMonth {
        days: required DayNumber = "fixedStartMonth",
    }
}

object! {
    form NominalDays {
        days: required DayNumber = "nominal",
    }
}

reader! {
    /// How long a cell is, in a word.
    CellWord: CellDays as "\"actual\" | \"strict30\"" by cell_word
}

union! {
    /// How long a cell is.
    export type CellLength = CellWord | FixedDays | FixedStartMonth | NominalDays;
}

fn cell_word(value: &Value<'_>, path: &Site<'_>) -> Result<CellDays> {
    match place_of(&["actual", "strict30"], value, path)? {
        0 => Ok(CellDays::Actual),
        _ => Ok(CellDays::Strict30),
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for CellLength {
    type Output = CellDays;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<CellDays> {
        const FORMS: [&str; 3] = [FixedDays::days, FixedStartMonth::days, NominalDays::days];
        if let Value::Text(_) = value {
            return CellWord::read(value, path);
        }
        let (form, fields) = only(value, &FORMS, &[], path)?;
        Ok(match form {
            0 => CellDays::Fixed(Object::<FixedDays>::known(fields).days()?),
            1 => CellDays::FixedStartMonth(Object::<FixedStartMonth>::known(fields).days()?),
            _ => CellDays::Nominal(Object::<NominalDays>::known(fields).days()?),
        })
    }
}

object! {
    form FromDays {
        days: required DayNumber = "fromDays",
        then: defaulted OneOf<Reached> = "then",
    }
}

object! {
    form FromShare {
        share: required FractionText = "fromShare",
        then: defaulted OneOf<Reached> = "then",
    }
}

object! {
    form WholeMonths {
        least_days: required DayNumber = "wholeMonths",
    }
}

reader! {
    /// What comes of a part of a period, in a word.
    StubWord: Stub as "\"prorate\" | \"full\" | \"skip\"" by stub_word
}

union! {
    /// A part of a period at an end: its share, all of it, nothing; something from a number of days
    /// or a share of the period on, else nothing (`then`: all of it, the default, or its share); or
    /// whole months of 30.4 days, and one more if at least that number of days remains
    /// (`wholeMonths`; Certinia's is 16).
    export type StubRule = StubWord | FromDays | FromShare | WholeMonths;
}

/// What comes of a part of a period. `months` is a rule of the last part of a schedule alone; which part it is, the
/// terms check.
fn stub_word(value: &Value<'_>, path: &Site<'_>) -> Result<Stub> {
    match place_of(&["prorate", "full", "skip", "months"], value, path)? {
        0 => Ok(Stub::Prorate),
        1 => Ok(Stub::Full),
        2 => Ok(Stub::Skip),
        _ => Ok(Stub::Months),
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for StubRule {
    type Output = Stub;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Stub> {
        const FORMS: [&str; 3] = [FromDays::days, FromShare::share, WholeMonths::least_days];
        if let Value::Text(_) = value {
            return StubWord::read(value, path);
        }
        let (form, fields) = only(value, &FORMS, &[FromDays::then], path)?;
        match form {
            0 => {
                let part = Object::<FromDays>::known(fields);
                let then = part.then()?;
                Ok(Stub::FromDays(part.days()?, then))
            }
            1 => {
                let part = Object::<FromShare>::known(fields);
                let then = part.then()?;
                Ok(Stub::FromShare(part.share()?, then))
            }
            _ if fields.has(FromDays::then) => {
                Err(fields.refused(FromDays::then, Reason::NothingFollows {}))
            }
            _ => {
                let part = Object::<WholeMonths>::known(fields);
                Ok(Stub::WholeMonths(part.least_days()?))
            }
        }
    }
}
