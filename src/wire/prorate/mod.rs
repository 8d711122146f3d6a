//! Proration: terms and columns in, results out as the text of JSON. The other requests are tables (`requests.rs`).

pub(super) mod requests;

pub(super) use requests::change_of_book;
pub use requests::{billing_period_request, change, request, schedule};

use super::Value;
use super::allocate::{column, float_bits};
use super::fields::{Fields, boolean, not_among, place_of, text, whole};
use super::json::Json;
use crate::calendar::Moment;
use crate::error::{Error, NamesFigure, Reason, Result, Site};
use crate::money::{Fraction, Rounding, text::write_decimal};
use crate::prorate::change::{
    ChangeLine, ChangePreview, Cost, CreditDestinations, RunningPlanSummary,
};
use crate::prorate::{
    Basis, BillingPeriod, CellDays, ChangeDayOwner, Count, CreditBase, CreditFormula, CreditFrom,
    DecimalAmount, Degenerate, Destination, DiscountCredit, FirstBoundary, Grid, GridCell,
    Interval, PRESETS, Period, Present, ProrateColumns, Prorated, Reached, Schedule, ServiceTimes,
    Share, Stage, Stub, StubPeriod, Terms, Unit, preset,
};

/// The words of terms: the field, its choices, and the one at a place being chosen.
type Choice = (&'static str, &'static [&'static str], fn(&mut Terms, usize));
const CHOICES: [Choice; 17] = [
    ("interval", Interval::NAMES, |terms, place| {
        choose(&mut terms.interval, Interval::ALL, place)
    }),
    ("unit", Unit::NAMES, |terms, place| {
        choose(&mut terms.unit, Unit::ALL, place)
    }),
    ("count", Count::NAMES, |terms, place| {
        choose(&mut terms.count, Count::ALL, place)
    }),
    ("changeDay", ChangeDayOwner::NAMES, |terms, place| {
        choose(&mut terms.change_day, ChangeDayOwner::ALL, place)
    }),
    ("grid", Grid::NAMES, |terms, place| {
        choose(&mut terms.grid, Grid::ALL, place)
    }),
    ("basis", Basis::NAMES, |terms, place| {
        choose(&mut terms.basis, Basis::ALL, place)
    }),
    ("degenerate", Degenerate::NAMES, |terms, place| {
        choose(&mut terms.degenerate, Degenerate::ALL, place)
    }),
    ("firstBoundary", FirstBoundary::NAMES, |terms, place| {
        choose(&mut terms.first_boundary, FirstBoundary::ALL, place);
    }),
    ("stubPeriod", StubPeriod::NAMES, |terms, place| {
        choose(&mut terms.stub_period, StubPeriod::ALL, place)
    }),
    ("factorRounding", Rounding::NAMES, |terms, place| {
        choose(&mut terms.factor_rounding, Rounding::ALL, place)
    }),
    ("rounding", Rounding::NAMES, |terms, place| {
        choose(&mut terms.rounding, Rounding::ALL, place)
    }),
    ("stage", Stage::NAMES, |terms, place| {
        choose(&mut terms.stage, Stage::ALL, place)
    }),
    ("creditFormula", CreditFormula::NAMES, |terms, place| {
        choose(&mut terms.credit_formula, CreditFormula::ALL, place);
    }),
    ("creditBase", CreditBase::NAMES, |terms, place| {
        choose(&mut terms.credit_base, CreditBase::ALL, place)
    }),
    ("creditFrom", CreditFrom::NAMES, |terms, place| {
        choose(&mut terms.credit_from, CreditFrom::ALL, place)
    }),
    ("present", Present::NAMES, |terms, place| {
        choose(&mut terms.present, Present::ALL, place)
    }),
    ("destination", Destination::NAMES, |terms, place| {
        choose(&mut terms.destination, Destination::ALL, place)
    }),
];

/// The fields that say of a plan how its time is counted. All others are those of the whole request.
const OF_A_PLAN: &[&str] = &[
    "preset",
    "unit",
    "count",
    "wholeUnits",
    "grid",
    "gridDay",
    "cellDays",
    "wholeCellIsOne",
    "basis",
    "degenerate",
    "clamp",
    "leading",
    "trailing",
    "factorScale",
    "factorRounding",
    "rateScale",
];

/// The rest that is chosen from two words or is yes or no.
type TermsFlag = (&'static str, fn(&mut Terms) -> &mut bool);
const FLAGS: [TermsFlag; 4] = [
    ("wholeUnits", |terms| &mut terms.whole_units),
    ("wholeCellIsOne", |terms| &mut terms.whole_cell_is_one),
    ("clamp", |terms| &mut terms.clamp),
    ("cap", |terms| &mut terms.cap),
];

fn choose<T: Copy>(slot: &mut T, all: &[T], place: usize) {
    *slot = all.get(place).copied().unwrap_or(*slot);
}

/// `TermsRequest`: the name of a preset, or what differs from one.
fn terms(value: &Value<'_>, path: &Site<'_>) -> Result<Terms> {
    const OTHERS: &[&str] = &[
        "preset",
        "endShiftSeconds",
        "gridDay",
        "cellDays",
        "leading",
        "trailing",
        "factorScale",
        "rateScale",
        "discount",
    ];
    if let Value::Text(_) = value {
        return named(value, path);
    }
    let (choices, flags) = (CHOICES.map(|(name, ..)| name), FLAGS.map(|(name, _)| name));
    let fields = Fields::open(value, path)?.allow(&[&choices, &flags, OTHERS])?;
    let base = fields.optional("preset", named)?.unwrap_or_default();
    let mut terms = base;
    for (name, names, choose) in CHOICES {
        if let Some(value) = fields.optional(name, |value, _| Ok(value))? {
            choose(&mut terms, place_of(names, value, &path.field(name))?);
        }
    }
    for (name, flag) in FLAGS {
        if let Some(value) = fields.optional(name, boolean)? {
            *flag(&mut terms) = value;
        }
    }
    let shift = fields.optional("endShiftSeconds", |value, path| {
        whole(-86_400, 86_400, value, path)
    })?;
    terms.end_shift_seconds = shift.unwrap_or(terms.end_shift_seconds);
    terms.grid_day = fields.optional("gridDay", day_of_month)?.or(terms.grid_day);
    terms.cell_days = fields
        .optional("cellDays", cell_days)?
        .unwrap_or(terms.cell_days);
    terms.leading = fields.optional("leading", stub)?.unwrap_or(terms.leading);
    terms.trailing = fields.optional("trailing", stub)?.unwrap_or(terms.trailing);
    terms.factor_scale = fields
        .optional("factorScale", scale)?
        .unwrap_or(terms.factor_scale);
    terms.rate_scale = fields
        .optional("rateScale", scale)?
        .unwrap_or(terms.rate_scale);
    if let Some(value) = fields.optional("discount", |value, _| Ok(value))? {
        let place = place_of(DiscountCredit::NAMES, value, &path.field("discount"))?;
        choose(&mut terms.discount, DiscountCredit::ALL, place);
    }
    terms
        .check_read(&base)
        .map_err(|error| error.within(path))?;
    Ok(terms)
}

/// The terms of a plan: a preset, or how its time is counted.
fn terms_of_plan(value: &Value<'_>, path: &Site<'_>) -> Result<Terms> {
    if !matches!(value, Value::Text(_)) {
        Fields::open(value, path)?.allow(&[OF_A_PLAN])?;
    }
    terms(value, path)
}

fn named(value: &Value<'_>, path: &Site<'_>) -> Result<Terms> {
    let name = text(value, path)?;
    preset(name).map(|preset| preset.terms).ok_or_else(|| {
        let names = PRESETS.iter().map(|preset| preset.name).collect();
        not_among(names, name, path)
    })
}

fn day_of_month(value: &Value<'_>, path: &Site<'_>) -> Result<u8> {
    whole(1, 31, value, path)
}

fn count(value: &Value<'_>, path: &Site<'_>) -> Result<u32> {
    whole(1, 1_000_000, value, path)
}

fn some_days(value: &Value<'_>, path: &Site<'_>) -> Result<u16> {
    whole(1, 10_000, value, path)
}

/// A number of decimals, or `null` for exact.
fn scale(value: &Value<'_>, path: &Site<'_>) -> Result<Option<u8>> {
    if matches!(value, Value::Null) {
        Ok(None)
    } else {
        whole(0, 18, value, path).map(Some)
    }
}

fn fraction(value: &Value<'_>, path: &Site<'_>) -> Result<Fraction> {
    Fraction::parse(text(value, path)?).map_err(|error| error.at(path))
}

fn moment(value: &Value<'_>, path: &Site<'_>) -> Result<Moment> {
    Moment::parse(text(value, path)?).map_err(|error| error.at(path))
}

/// The one field of an object that has several forms, each with one, and `others` beside it.
fn only<'v, 'a>(
    value: &'v Value<'a>,
    names: &[&'static str],
    others: &[&'static str],
    path: &'v Site<'v>,
) -> Result<(usize, Fields<'v, 'a>)> {
    let fields = Fields::open(value, path)?.allow(&[names, others])?;
    let mut places =
        (0..names.len()).filter(|&place| names.get(place).is_some_and(|name| fields.has(name)));
    match (places.next(), places.next()) {
        (Some(place), None) => Ok((place, fields)),
        (None, _) => {
            let fields = NamesFigure(names.into());
            Err(Error::of(Reason::OneFieldMissing { fields }, path))
        }
        (Some(one), Some(another)) => {
            let [one, another] = [one, another].map(|place| names.get(place).copied());
            Err(fields.either(another.unwrap_or_default(), one.unwrap_or_default()))
        }
    }
}

/// `"actual"`, `"strict30"`, `{ fixed }`, `{ fixedStartMonth }` or `{ nominal }`.
fn cell_days(value: &Value<'_>, path: &Site<'_>) -> Result<CellDays> {
    if let Value::Text(_) = value {
        let place = place_of(&["actual", "strict30"], value, path)?;
        return Ok(if place == 0 {
            CellDays::Actual
        } else {
            CellDays::Strict30
        });
    }
    let (place, fields) = only(value, &["fixed", "fixedStartMonth", "nominal"], &[], path)?;
    Ok(match place {
        0 => CellDays::Fixed(fields.required("fixed", some_days)?),
        1 => CellDays::FixedStartMonth(fields.required("fixedStartMonth", some_days)?),
        _ => CellDays::Nominal(fields.required("nominal", some_days)?),
    })
}

/// `"prorate"`, `"full"`, `"skip"`, `"months"`, `{ fromDays, then }`, `{ fromShare, then }` or `{ wholeMonths }`.
fn stub(value: &Value<'_>, path: &Site<'_>) -> Result<Stub> {
    if let Value::Text(_) = value {
        return Ok(
            match place_of(&["prorate", "full", "skip", "months"], value, path)? {
                0 => Stub::Prorate,
                1 => Stub::Full,
                2 => Stub::Skip,
                _ => Stub::Months,
            },
        );
    }
    let (place, fields) = only(
        value,
        &["fromDays", "fromShare", "wholeMonths"],
        &["then"],
        path,
    )?;
    let then = fields.optional("then", |value, path| place_of(Reached::NAMES, value, path))?;
    let mut reached = Reached::default();
    choose(&mut reached, Reached::ALL, then.unwrap_or_default());
    Ok(match place {
        0 => Stub::FromDays(fields.required("fromDays", some_days)?, reached),
        1 => Stub::FromShare(fields.required("fromShare", fraction)?, reached),
        _ if then.is_some() => {
            return Err(fields.refused("then", Reason::NothingFollows {}));
        }
        _ => Stub::WholeMonths(fields.required("wholeMonths", some_days)?),
    })
}

/// `BillingPeriod`.
#[must_use]
pub fn billing_period(period: &BillingPeriod) -> String {
    let mut json = Json::default();
    json.open('{');
    json.plain("number", &period.number);
    json.shown("from", &period.from);
    json.shown("to", &period.to);
    json.plain("days", &period.days());
    json.close('}');
    json.into_text()
}

/// `ProrateColumnsRequest`: an array is named here by its class, and the bits of its elements come beside it, in the
/// order of the fields. Answers whether the prices are floats, too.
///
/// # Errors
/// The shape of the value, and of the arrays.
pub fn columns(value: &Value<'_>, arrays: [Vec<u64>; 5]) -> Result<(ProrateColumns, bool)> {
    const ARRAYS: [&str; 5] = [
        "prices",
        "serviceFrom",
        "serviceTo",
        "periodFrom",
        "periodTo",
    ];
    let fields = Fields::open(value, &Site::Command)?
        .allow(&[&["terms", "months", "increment"], &ARRAYS])?;
    let terms = fields.optional("terms", terms)?.unwrap_or_default();
    let [prices, service_from, service_to, period_from, period_to] = arrays;
    let is_float = fields.required("prices", is_float_array)?;
    let columns = ProrateColumns {
        terms,
        months: fields.optional("months", count)?,
        prices: column("prices", prices, is_float)?,
        increment: fields
            .optional("increment", |value, path| whole(1, i64::MAX, value, path))?
            .unwrap_or(1),
        service: [
            times(fields, "serviceFrom", service_from, &terms)?,
            times(fields, "serviceTo", service_to, &terms)?,
        ],
        period: [
            times(fields, "periodFrom", period_from, &terms)?,
            times(fields, "periodTo", period_to, &terms)?,
        ],
    };
    Ok((columns, is_float))
}

/// Whether an array, named by its class, has floats.
fn is_float_array(value: &Value<'_>, path: &Site<'_>) -> Result<bool> {
    place_of(&["Float64Array", "BigInt64Array"], value, path).map(|class| class == 0)
}

/// A column of times, or one time for all charges.
fn times(
    fields: Fields<'_, '_>,
    name: &'static str,
    bits: Vec<u64>,
    terms: &Terms,
) -> Result<ServiceTimes> {
    let value = fields.required(name, |value, _| Ok(value))?;
    let site = Site::Command.field(name);
    match value {
        Value::Text(text) if text.starts_with(|letter: char| letter.is_ascii_digit()) => terms
            .column_time(moment(value, &site)?)
            .map(ServiceTimes::One),
        value => column(name, bits, is_float_array(value, &site)?).map(ServiceTimes::Each),
    }
}

/// The bits of the amounts, for an array of the class of the prices.
///
/// # Errors
/// `outOfRange` beyond what its elements hold.
pub fn amount_bits(amounts: Vec<i64>, floats: bool) -> Result<Vec<u64>> {
    let bits: Vec<_> = amounts.into_iter().map(i64::cast_unsigned).collect();
    if floats { float_bits(&bits) } else { Ok(bits) }
}

#[inline(never)]
fn put_period(json: &mut Json, name: &'static str, period: Option<Period>) {
    match period {
        Some(Period { from, to }) => {
            json.name(name).open('{');
            json.shown("from", &from);
            json.shown("to", &to);
            json.close('}');
        }
        None => json.null(name),
    }
}

fn put_share(json: &mut Json, share: Share) {
    json.shown("factor", &share.factor);
    json.shown("covered", &share.covered);
    json.shown("length", &share.length);
}

/// `Prorated`.
#[must_use]
pub fn prorated(prorated: &Prorated) -> String {
    let mut json = Json::default();
    json.open('{');
    json.shown("amount", &prorated.amount);
    json.shown("exact", &prorated.exact);
    put_share(&mut json, prorated.share);
    json.optional("rate", prorated.rate.as_ref());
    put_cells(&mut json, &prorated.cells);
    json.text("sentence", &prorated.sentence());
    json.close('}');
    json.into_text()
}

fn put_cells(json: &mut Json, cells: &[GridCell]) {
    json.name("cells").open('[');
    for cell in cells {
        json.open('{');
        put_period(json, "cell", cell.cell.map(period_between));
        put_period(json, "served", Some(period_between(cell.served)));
        json.shown("covered", &cell.covered);
        json.shown("length", &cell.length);
        json.close('}');
    }
    json.close(']');
}

const fn period_between((from, to): (Moment, Moment)) -> Period {
    Period { from, to }
}

/// `Schedule`.
#[must_use]
pub fn scheduled(scheduled: &Schedule) -> String {
    let mut json = Json::default();
    json.open('{');
    json.shown("firstBoundary", &scheduled.first_boundary);
    json.optional("lastBoundary", scheduled.last_boundary.as_ref());
    json.shown("effectiveEnd", &scheduled.effective_end);
    json.shown("factor", &scheduled.factor);
    json.optional("amount", scheduled.amount.as_ref());
    json.name("segments").open('[');
    for segment in &scheduled.segments {
        json.open('{');
        json.text("type", segment.kind.as_str());
        put_period(&mut json, "service", Some(segment.service));
        put_period(&mut json, "period", Some(segment.period));
        json.shown("factor", &segment.share.factor);
        json.optional("amount", segment.amount.as_ref());
        json.close('}');
    }
    json.close(']');
    json.close('}');
    json.into_text()
}

fn put_amounts(json: &mut Json, amounts: &[(&'static str, DecimalAmount)]) {
    for (name, amount) in amounts {
        json.shown(name, amount);
    }
}

/// `ChangePreview`.
#[must_use]
pub fn preview(preview: &ChangePreview) -> String {
    let mut json = Json::default();
    json.open('{');
    let sums = [
        ("credit", preview.credit),
        ("charge", preview.charge),
        ("net", preview.net),
        ("tax", preview.tax),
        ("total", preview.total),
        ("due", preview.due),
    ];
    put_amounts(&mut json, &sums);
    put_destinations(&mut json, &preview.credits);
    json.name("lines").open('[');
    for line in &preview.lines {
        put_change_line(&mut json, line);
    }
    json.close(']');
    put_running(&mut json, preview.running.as_ref());
    json.close('}');
    json.into_text()
}

fn put_destinations(json: &mut Json, credits: &CreditDestinations) {
    json.name("credits").open('{');
    let destinations = [
        ("billed", credits.billed),
        ("charges", credits.charges),
        ("refund", credits.refund),
        ("account", credits.account),
    ];
    put_amounts(json, &destinations);
    json.close('}');
}

fn put_change_line(json: &mut Json, line: &ChangeLine) {
    json.open('{');
    json.text("type", line.kind.as_str());
    json.optional_plain("change", line.change);
    json.optional_plain("of", line.charged_by);
    put_period(json, "service", line.service);
    let price = line.plan.as_ref().map(|plan| write_decimal(plan.price));
    json.optional("price", price.as_ref());
    let quantity = line.plan.as_ref().map(|plan| write_decimal(plan.quantity));
    json.optional("quantity", quantity.as_ref());

    json.shown("gross", &line.gross);
    json.shown("discount", &line.discount);
    json.shown("amount", &line.amount);
    json.shown("exact", &line.exact);
    put_share(json, line.share);
    put_cells(json, &line.cells);
    put_taxes(json, line);

    json.optional("cap", line.cap.as_ref());
    put_cost(json, line.cost.as_ref());
    match line.sides {
        Some([credit, charge]) => {
            json.name("sides").open('{');
            put_amounts(json, &[("credit", credit), ("charge", charge)]);
            json.close('}');
        }
        None => json.null("sides"),
    }
    json.text("sentence", &line.sentence);
    json.close('}');
}

/// The taxes of a line, by those of its plan.
fn put_taxes(json: &mut Json, line: &ChangeLine) {
    let taxes = line.plan.iter().flat_map(|plan| &plan.taxes);
    json.name("taxes").open('[');
    for (tax, amount) in taxes.zip(&line.taxes) {
        json.open('{');
        json.optional_text("name", tax.name.as_deref());
        json.shown("rate", &write_decimal(tax.rate));
        json.shown("amount", &amount);
        json.close('}');
    }
    json.close(']');
}

/// What the time served costs, and which time that is.
fn put_cost(json: &mut Json, cost: Option<&Cost>) {
    json.optional("cost", cost.map(|cost| cost.amount).as_ref());
    let Some(cost) = cost else {
        json.null("used");
        return;
    };
    json.name("used").open('{');
    put_share(json, cost.share);
    put_cells(json, &cost.cells);
    json.close('}');
}

fn put_running(json: &mut Json, running: Option<&RunningPlanSummary>) {
    let Some(running) = running else {
        json.null("running");
        return;
    };
    json.name("running").open('{');
    json.shown("price", &write_decimal(running.plan.price));
    json.shown("quantity", &write_decimal(running.plan.quantity));
    json.optional("since", running.since.as_ref());
    json.shown("billed", &running.billed);
    json.shown("credited", &running.credited);
    json.close('}');
}

/// The names of all presets, and what each was checked against.
#[must_use]
pub fn presets() -> String {
    let mut json = Json::default();
    json.open('[');
    for preset in PRESETS {
        json.open('{');
        json.text("name", preset.name);
        json.text("checked", preset.checked);
        json.close('}');
    }
    json.close(']');
    json.into_text()
}
