//! Proration: requests in (`terms.rs`, `periods.rs`, `requests.rs`, `changes.rs`, `columns.rs`), results out as the
//! text of JSON.

pub(super) mod changes;
pub(super) mod columns;
pub(super) mod periods;
pub(super) mod requests;
pub(super) mod terms;

pub(super) use changes::change_of_book;
pub use changes::{change, change_preview};
pub use columns::{amount_bits, columns};
pub use periods::billing_period_request;
pub use requests::{request, schedule};

use super::Value;
use super::fields::text;
use super::json::Json;
use crate::calendar::Moment;
use crate::error::{Result, Site};
use crate::money::{Fraction, text::write_decimal};
use crate::prorate::change::{
    ChangeLine, ChangePreview, Cost, CreditDestinations, RunningPlanSummary,
};
use crate::prorate::{
    BillingPeriod, DecimalAmount, GridCell, PRESETS, Period, Prorated, Schedule, Share,
};

fn fraction(value: &Value<'_>, path: &Site<'_>) -> Result<Fraction> {
    Fraction::parse(text(value, path)?).map_err(|error| error.at(path))
}

fn moment(value: &Value<'_>, path: &Site<'_>) -> Result<Moment> {
    Moment::parse(text(value, path)?).map_err(|error| error.at(path))
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

/// All presets: the name, the terms and what each was checked against.
#[must_use]
pub fn presets() -> String {
    let mut json = Json::default();
    json.open('[');
    for preset in PRESETS {
        json.open('{');
        json.text("name", preset.name);
        json.text("checked", preset.checked);
        terms::put_terms(&mut json, "terms", &preset.terms);
        json.close('}');
    }
    json.close(']');
    json.into_text()
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use crate::wire::readers::Typed;

    let tables = [
        terms::PlanTerms::declaration(),
        terms::ProrationTerms::declaration(),
        terms::TermsRequest::declaration(),
        terms::PlanTermsRequest::declaration(),
        terms::CellLength::declaration(),
        terms::StubRule::declaration(),
        periods::Every::declaration(),
        periods::PeriodInput::declaration(),
        periods::PeriodRequest::declaration(),
        requests::PricedRequest::declaration(),
        requests::ProrateRequest::declaration(),
        requests::ScheduleRequest::declaration(),
        changes::PlanChanges::declaration(),
        changes::ChangeRequest::declaration(),
        changes::PricePlan::declaration(),
        changes::PlanDiscount::declaration(),
        changes::PlanTax::declaration(),
        changes::ChangeTime::declaration(),
        changes::StartPlan::declaration(),
        changes::SwitchPlan::declaration(),
        changes::CancelPlan::declaration(),
        changes::PausePlan::declaration(),
        changes::ResumePlan::declaration(),
        changes::PlanChange::declaration(),
        periods::Rhythm::declaration(),
        periods::BillingPeriodRequest::declaration(),
        columns::ProrateColumnsRequest::declaration(),
    ];
    tables
        .iter()
        .map(|table| (table.name, table.text()))
        .collect()
}
