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
use crate::wire::json::Json;
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
    /// The terms that can differ from plan to plan: how time is counted. The defaults stated here
    /// are those of the preset `"default"`. With another preset, the defaults are the values of
    /// that preset.
    export interface PlanTerms {
        /// The preset from which these terms differ. Default: `"default"`.
        preset: optional PresetName = "preset",
        /// The unit in which time is counted. Default: `"day"`, which counts civil days, whatever
        /// daylight saving does.
        unit: optional OneOf<Unit> = "unit",
        /// How days are counted. `"between"`: the days between the ends. `"bothEnds"`: one more.
        /// `"started"`: every period of 24 hours of the local clock that has begun. Default:
        /// `"between"`.
        count: optional OneOf<Count> = "count",
        /// Whether only whole units count. If not, a unit that has begun counts in part. Default:
        /// `false`.
        whole_units: optional Boolean = "wholeUnits",
        /// How the period is cut into cells. `"period"`: it is one cell. `"month"`: it is cut into
        /// months from grid day to grid day, and each month that is served whole counts one.
        /// Default: `"period"`.
        grid: optional OneOf<Grid> = "grid",
        /// The day on which the months of the grid begin, 1 to 31. Default: the day on which the
        /// period begins or, without a period, the service.
        grid_day: optional DayOfMonth = "gridDay",
        /// The length of a cell. Default: `"actual"`.
        cell_days: optional CellLength = "cellDays",
        /// What a service or a period without length costs, and a service at least as long as its
        /// period. `"zero"`: nothing without length; a longer service counts as it is. `"full"`:
        /// the full price. `"refuse"`: without length, or with a service longer than its period,
        /// the request is refused (`invalidPeriod`). Default: `"zero"`.
        whole_cell_is_one: optional Boolean = "wholeCellIsOne",
        /// Whether time matters at all. `"full"`: the full price in any case. `"none"`: never
        /// anything. Default: `"prorate"`.
        basis: optional OneOf<Basis> = "basis",
        /// The price of a period without length. `"zero"`: nothing. `"full"`: the full price.
        /// `"refuse"`: the request is refused (`invalidPeriod`). Default: `"zero"`.
        degenerate: optional OneOf<Degenerate> = "degenerate",
        /// Whether the factor stays within 0 and 1, and changes outside the period are allowed.
        /// Without it, changes outside the period are refused. The service of `prorate` and
        /// `prorateColumns` may be longer than its period or outside it. All its time then counts,
        /// so two months of a monthly price are twice the price. Default: `false`.
        clamp: optional Boolean = "clamp",
        /// The rule for a part of a period in which something starts: before the first boundary of
        /// a schedule, for a service that ends with its period, and for a plan that starts.
        /// Default: `"prorate"`.
        leading: optional StubRule = "leading",
        /// The rule for a part of a period in which something ends: after the last boundary of a
        /// schedule, for a service that begins with its period, and for a plan that is cancelled.
        /// `"months"` bills up to the end of a month of the period. Default: `"prorate"`.
        trailing: optional StubRule = "trailing" as "StubRule | \"months\"",
        /// The number of decimals to which the factor is rounded. Default: `null`; the factor is
        /// exact.
        factor_scale: optional Scale = "factorScale",
        /// How the factor is rounded. Only with `factorScale`. Default: `"halfUp"`.
        factor_rounding: optional Rounding = "factorRounding",
        /// The number of decimals to which the price of one unit of time is rounded. Default:
        /// `null`; the price is exact.
        rate_scale: optional Scale = "rateScale",
    }
}

object! {
    /// How a part of a period is priced: a preset, and what differs from it.
    ///
    /// The default terms count civil days over the period as it is, with an end that does not
    /// belong to it. They calculate exactly and round once, half up. A credit is the billed amount
    /// less the cost of the time served, and at most what is left of the bill.
    export interface ProrationTerms extends PlanTerms {
        /// How the end of a period is written. `"closed"`: as its last day. `"halfOpen"`: as the
        /// first day after it. Default: `"halfOpen"`.
        interval: optional OneOf<Interval> = "interval",
        /// The seconds by which the end of every period moves that ends with an instant. Default:
        /// 0.
        end_shift_seconds: optional Whole<i32, -86_400, 86_400> = "endShiftSeconds",
        /// The plan that pays for the day of a change: the one that begins or the one that ends.
        /// Default: `"new"`.
        change_day: optional OneOf<ChangeDayOwner> = "changeDay",
        /// Where the first whole period of a schedule begins. `"period"`: on the billing day of the
        /// month of the start, or one period later if that day is past. `"month"`: on the next
        /// billing day. Default: `"period"`.
        first_boundary: optional OneOf<FirstBoundary> = "firstBoundary",
        /// The period that a stub is a part of. `"anchored"`: the period of the rhythm, which
        /// remembers the billing day. `"shifted"`: the period from the boundary, which does not.
        /// Default: `"anchored"`.
        stub_period: optional OneOf<StubPeriod> = "stubPeriod",
        /// How amounts are rounded. Default: `"halfUp"`.
        rounding: optional Rounding = "rounding",
        /// What is rounded. `"line"`: each line. `"invoice"`: also the sum, and an additional line
        /// has the difference between the rounded sum and the sum of the rounded lines. Default:
        /// `"line"`.
        stage: optional OneOf<Stage> = "stage",
        /// How a credit is calculated. `"residual"`: the billed amount less the cost of the time
        /// served. `"direct"`: the cost of the time not served. Default: `"residual"`.
        credit_formula: optional OneOf<CreditFormula> = "creditFormula",
        /// The amount of which a credit is a share. `"list"`: the plan's price over its period.
        /// `"billed"`: the billed amount over the time that it was billed for. Default: `"list"`.
        credit_base: optional OneOf<CreditBase> = "creditBase",
        /// The day from which time is credited. `"change"`: the change. `"nextMonth"`: the next
        /// whole month of the period. `"never"`: nothing is credited. Default: `"change"`.
        credit_from: optional OneOf<CreditFrom> = "creditFrom",
        /// Whether a credit is at most the billed amount less earlier credits. Default: `true`.
        cap: optional Boolean = "cap",
        /// What happens to a fixed discount when a plan ends early. `"prorate"`: it goes back in
        /// proportion. `"keep"`: the charge for the time served keeps it. Default: `"prorate"`.
        discount: optional OneOf<DiscountCredit> = "discount",
        /// How the `lines` show a change from one plan to another. Nothing else depends on this.
        /// All amounts, and the documents of a book, are those of the credit and the charge, each
        /// rounded. For a difference that is rounded once, see `stage`. Default: `"gross"`.
        ///
        /// - `"gross"`: as a credit and a charge.
        /// - `"net"`: as their sum, if both plans have the same taxes.
        /// - `"quantity"`: as the units that come or go, if only the quantity changes. Any other
        ///   change is shown as `"gross"`, and so is one whose difference is not the cost of these
        ///   units.
        present: optional OneOf<Present> = "present",
        /// Where a credit goes. Default: `"settle"`.
        ///
        /// - `"settle"`: it settles the open amount of the bill that it credits, then the new
        ///   charges. The rest stays on account.
        /// - `"account"`: all of it stays on account, as in a wallet.
        /// - `"refund"`: it settles the same as with `"settle"`, and the rest is paid back.
        /// - `"time"`: when a plan changes, no money flows. The credit pays for days of the plan
        ///   that begins, and a day that has begun counts whole. If no plan begins, this is
        ///   `"settle"`.
        destination: optional OneOf<Destination> = "destination",
    }
}

union! {
    /// The name of a preset, or the differences from one. Default of `preset`: `"default"`.
    export type TermsRequest = PresetName | ProrationTerms;
}

union! {
    /// The name of a preset, or the differences in how the time of one plan is counted.
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

    // A field that nothing reads with these terms would look as if it had an effect.
    terms
        .check_read(&base)
        .map_err(|error| error.within(path))?;
    Ok(terms)
}

/// Writes terms as a request states them: every field, except a grid day that follows from the period.
pub(super) fn put_terms(json: &mut Json, name: &'static str, terms: &Terms) {
    let words = [
        (PlanTerms::unit, terms.unit.as_str()),
        (PlanTerms::count, terms.count.as_str()),
        (PlanTerms::grid, terms.grid.as_str()),
        (PlanTerms::basis, terms.basis.as_str()),
        (PlanTerms::degenerate, terms.degenerate.as_str()),
        (PlanTerms::factor_rounding, terms.factor_rounding.as_str()),
        (ProrationTerms::interval, terms.interval.as_str()),
        (ProrationTerms::change_day, terms.change_day.as_str()),
        (
            ProrationTerms::first_boundary,
            terms.first_boundary.as_str(),
        ),
        (ProrationTerms::stub_period, terms.stub_period.as_str()),
        (ProrationTerms::rounding, terms.rounding.as_str()),
        (ProrationTerms::stage, terms.stage.as_str()),
        (
            ProrationTerms::credit_formula,
            terms.credit_formula.as_str(),
        ),
        (ProrationTerms::credit_base, terms.credit_base.as_str()),
        (ProrationTerms::credit_from, terms.credit_from.as_str()),
        (ProrationTerms::discount, terms.discount.as_str()),
        (ProrationTerms::present, terms.present.as_str()),
        (ProrationTerms::destination, terms.destination.as_str()),
    ];
    let flags = [
        (PlanTerms::whole_units, terms.whole_units),
        (PlanTerms::whole_cell_is_one, terms.whole_cell_is_one),
        (PlanTerms::clamp, terms.clamp),
        (ProrationTerms::cap, terms.cap),
    ];
    let scales = [
        (PlanTerms::factor_scale, terms.factor_scale),
        (PlanTerms::rate_scale, terms.rate_scale),
    ];

    json.name(name).open('{');
    for (field, word) in words {
        json.text(field, word);
    }
    for (field, flag) in flags {
        json.boolean(field, flag);
    }
    for (field, scale) in scales {
        json.optional_plain(field, scale);
    }
    json.whole(
        ProrationTerms::end_shift_seconds,
        terms.end_shift_seconds.into(),
    );
    if let Some(day) = terms.grid_day {
        json.whole(PlanTerms::grid_day, day.into());
    }
    put_cell_days(json, terms.cell_days);
    put_stub(json, PlanTerms::leading, terms.leading);
    put_stub(json, PlanTerms::trailing, terms.trailing);
    json.close('}');
}

fn put_cell_days(json: &mut Json, cell_days: CellDays) {
    let (form, days) = match cell_days {
        CellDays::Actual => return json.text(PlanTerms::cell_days, "actual"),
        CellDays::Strict30 => return json.text(PlanTerms::cell_days, "strict30"),
        CellDays::Fixed(days) => (FixedDays::days, days),
        CellDays::FixedStartMonth(days) => (FixedStartMonth::days, days),
        CellDays::Nominal(days) => (NominalDays::days, days),
    };
    json.name(PlanTerms::cell_days).open('{');
    json.whole(form, days.into());
    json.close('}');
}

fn put_stub(json: &mut Json, field: &'static str, stub: Stub) {
    let word = match stub {
        Stub::Prorate => "prorate",
        Stub::Full => "full",
        Stub::Skip => "skip",
        Stub::Months => "months",
        Stub::FromDays(..) | Stub::FromShare(..) | Stub::WholeMonths(_) => {
            return put_stub_form(json, field, stub);
        }
    };
    json.text(field, word);
}

fn put_stub_form(json: &mut Json, field: &'static str, stub: Stub) {
    json.name(field).open('{');
    match stub {
        Stub::FromDays(days, then) => {
            json.whole(FromDays::days, days.into());
            json.text(FromDays::then, then.as_str());
        }
        Stub::FromShare(share, then) => {
            json.shown(FromShare::share, &share);
            json.text(FromShare::then, then.as_str());
        }
        Stub::WholeMonths(least_days) => json.whole(WholeMonths::least_days, least_days.into()),
        Stub::Prorate | Stub::Full | Stub::Skip | Stub::Months => {}
    }
    json.close('}');
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
    /// The length of a cell.
    ///
    /// - `"actual"`: its days by the calendar.
    /// - `"strict30"`: 30 days a month, and the time served is counted in the same way.
    /// - `fixed`: this number of days a month.
    /// - `fixedStartMonth`: this number of days for every period. If the service crosses into
    ///   another month, the month in which it begins has this number of days, too.
    /// - `nominal`: this number of days for every period.
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
    /// The rule for a part of a period at either end.
    ///
    /// - `"prorate"`: its share of the price.
    /// - `"full"`: the full price.
    /// - `"skip"`: nothing.
    /// - `fromDays`, `fromShare`: from this number of days or this share of the period on, the full
    ///   price or (`then`) its share; less than that, nothing. Default of `then`: `"full"`.
    /// - `wholeMonths`: whole months of 30.4 days, and one more if at least this number of days
    ///   remains. Certinia uses 16.
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
