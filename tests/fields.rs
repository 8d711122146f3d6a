//! Nothing silent: a field of a request for proration changes what comes of it, or is refused beside the others. Every
//! field is tried on requests of every kind; what stays without effect stands in a list with its reason.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Map, Value, json};
use setoff::Error;
use setoff::wire::{prorate, read};
use std::collections::BTreeSet;
use support::wire::encode;

/// A function on its own: from a request to the text of its answer.
type Ask = fn(&Value) -> Result<String, Error>;

/// A function, requests of every kind for it, and every field that it knows with a value.
struct Function {
    ask: Ask,
    requests: Vec<(&'static str, Value)>,
    fields: Vec<(&'static str, Value)>,
    /// Requests (`*`: any) and fields without effect, with the reason.
    quiet: Vec<(&'static str, &'static str, &'static str)>,
}

fn ask_prorate(request: &Value) -> Result<String, Error> {
    let request = prorate::request(&read(&encode(request))?)?;
    Ok(prorate::prorated(&request.prorate()?))
}

fn ask_change(request: &Value) -> Result<String, Error> {
    let request = prorate::change(&read(&encode(request))?)?;
    Ok(prorate::preview(&request.preview()?))
}

fn ask_schedule(request: &Value) -> Result<String, Error> {
    let request = prorate::schedule(&read(&encode(request))?)?;
    Ok(prorate::scheduled(&request.make()?))
}

fn ask_period(request: &Value) -> Result<String, Error> {
    let request = prorate::billing_period_request(&read(&encode(request))?)?;
    Ok(prorate::billing_period(&request.find()?))
}

/// A request with a value at a place such as `terms/grid` or `changes/0/at`.
fn with(request: &Value, place: &str, value: &Value) -> Value {
    let mut request = request.clone();
    let mut at = &mut request;
    for step in place.split('/') {
        at = match step.parse::<usize>() {
            Ok(index) => {
                if at.is_null() {
                    *at = json!([{}]);
                }
                &mut at[index]
            }
            Err(_) => {
                if at.is_null() {
                    *at = Value::Object(Map::new());
                }
                &mut at[step]
            }
        };
    }
    *at = value.clone();
    request
}

fn check(function: &Function) {
    let mut unused: BTreeSet<_> = function.quiet.iter().collect();
    let mut problems = Vec::new();
    for (name, request) in &function.requests {
        let answer = (function.ask)(request).unwrap_or_else(|error| panic!("{name}: {error}"));
        for (field, value) in &function.fields {
            let other = with(request, field, value);
            if other == *request {
                continue;
            }
            let is_silent = (function.ask)(&other).is_ok_and(|other| other == answer);
            let known = function
                .quiet
                .iter()
                .find(|(of, quiet, _)| (of == name || *of == "*") && quiet == field);
            match (is_silent, known) {
                (true, None) => problems.push(format!("{name}: {field} is not read")),
                (true, Some(known)) => _ = unused.remove(known),
                (false, _) => {}
            }
        }
    }
    problems.extend(
        unused
            .iter()
            .map(|(of, field, _)| format!("{of}: {field} is read")),
    );
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// A value of every field of terms, and a request whose answer it changes.
#[test]
fn every_term_is_read() {
    let month = json!({ "from": "2026-01-01", "to": "2026-02-01" });
    let price = |service: Value, terms: Value| {
        json!({ "currency": "USD", "price": "100.00", "service": service,
                "period": month, "terms": terms })
    };
    let change = |terms: Value, more: Value, changes: Value| {
        let mut request = json!({ "currency": "USD", "period": month, "plan": { "price": "100.00" },
                                  "terms": terms, "changes": changes });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        request
    };
    let schedule = |terms: Value| {
        json!({ "start": "2026-01-20", "end": "2026-09-10", "every": { "months": 3 },
                "billingDay": 31, "terms": terms })
    };
    let end = json!({ "from": "2026-01-17", "to": "2026-02-01" });
    let start = json!({ "from": "2026-01-01", "to": "2026-01-09" });
    let beyond = json!({ "from": "2026-01-17", "to": "2026-02-20" });
    let instants = json!({ "from": "2026-01-17T08:30:00Z", "to": "2026-02-01T00:00:00Z" });
    let nothing = json!({});
    let up = json!([{ "type": "change", "at": "2026-01-17", "price": "50.00" }]);
    let end_early = json!([{ "type": "cancel", "at": "2026-01-17" }]);
    let off = json!({ "plan": { "price": "100.00", "discount": { "amount": "30.00" } } });
    let bill = json!({ "billed": "20.00" });
    let none = || json!({});

    let tried: Vec<(&str, Value, Ask, Value)> = vec![
        (
            "interval",
            json!("closed"),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "unit",
            json!("hour"),
            ask_prorate,
            price(instants.clone(), none()),
        ),
        (
            "count",
            json!("bothEnds"),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "wholeUnits",
            json!(true),
            ask_prorate,
            price(instants.clone(), json!({ "unit": "hour" })),
        ),
        (
            "endShiftSeconds",
            json!(-1),
            ask_prorate,
            price(instants, json!({ "unit": "hour" })),
        ),
        (
            "changeDay",
            json!("old"),
            ask_change,
            change(none(), nothing.clone(), up.clone()),
        ),
        (
            "grid",
            json!("month"),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "gridDay",
            json!(7),
            ask_prorate,
            price(end.clone(), json!({ "grid": "month" })),
        ),
        (
            "cellDays",
            json!({ "nominal": 30 }),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "wholeCellIsOne",
            json!(false),
            ask_prorate,
            price(
                month.clone(),
                json!({ "grid": "month", "cellDays": { "fixed": 30 } }),
            ),
        ),
        (
            "basis",
            json!("full"),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "degenerate",
            json!("full"),
            ask_prorate,
            price(beyond.clone(), none()),
        ),
        ("clamp", json!(true), ask_prorate, price(beyond, none())),
        (
            "leading",
            json!("full"),
            ask_prorate,
            price(end.clone(), none()),
        ),
        ("trailing", json!("full"), ask_prorate, price(start, none())),
        ("firstBoundary", json!("month"), ask_schedule, {
            let mut late = schedule(none());
            late["billingDay"] = json!(7);
            late
        }),
        ("stubPeriod", json!("shifted"), ask_schedule, {
            let mut short = schedule(none());
            short["start"] = json!("2026-02-20");
            short["every"] = json!({ "months": 1 });
            short
        }),
        (
            "factorScale",
            json!(1),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "factorRounding",
            json!("down"),
            ask_prorate,
            price(end.clone(), json!({ "factorScale": 1 })),
        ),
        (
            "rateScale",
            json!(0),
            ask_prorate,
            price(end.clone(), none()),
        ),
        (
            "rateScale",
            json!(0),
            ask_change,
            change(none(), nothing.clone(), up.clone()),
        ),
        ("rounding", json!("up"), ask_prorate, price(end, none())),
        (
            "stage",
            json!("invoice"),
            ask_change,
            change(
                json!({ "creditFormula": "direct" }),
                nothing.clone(),
                up.clone(),
            ),
        ),
        (
            "creditFormula",
            json!("direct"),
            ask_change,
            change(none(), nothing.clone(), end_early.clone()),
        ),
        (
            "creditFormula",
            json!("direct"),
            ask_change,
            change(
                json!({ "creditBase": "billed" }),
                nothing.clone(),
                end_early.clone(),
            ),
        ),
        (
            "creditBase",
            json!("billed"),
            ask_change,
            change(none(), bill.clone(), up.clone()),
        ),
        (
            "creditFrom",
            json!("never"),
            ask_change,
            change(none(), nothing.clone(), up.clone()),
        ),
        (
            "cap",
            json!(false),
            ask_change,
            change(json!({ "creditFormula": "direct" }), bill, up.clone()),
        ),
        (
            "discount",
            json!("keep"),
            ask_change,
            change(none(), off, end_early),
        ),
        (
            "present",
            json!("net"),
            ask_change,
            change(none(), nothing.clone(), up.clone()),
        ),
        (
            "destination",
            json!("account"),
            ask_change,
            change(none(), nothing, up),
        ),
    ];
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (field, value, ask, request) in &tried {
        let place = format!("terms/{field}");
        let (before, after) = (ask(request).unwrap(), ask(&with(request, &place, value)));
        assert_ne!(after, Ok(before), "{field} is read");
        names.insert(field);
    }
    // No term is passed over: the refusal of an unknown one counts them.
    assert_eq!(names.len(), 29);
}

#[test]
fn terms_that_others_make_meaningless_are_refused() {
    let refused = |terms: Value| {
        let request = json!({ "currency": "USD", "price": "1", "terms": terms,
            "service": { "from": "2026-01-17", "to": "2026-02-01" },
            "period": { "from": "2026-01-01", "to": "2026-02-01" } });
        ask_prorate(&request)
            .err()
            .map(|error| (error.code().as_str(), error.path().to_owned()))
    };
    for (terms, field) in [
        (json!({ "gridDay": 7 }), "gridDay"),
        (json!({ "grid": "month", "count": "bothEnds" }), "count"),
        (json!({ "wholeUnits": true }), "wholeUnits"),
        (json!({ "wholeCellIsOne": false }), "wholeCellIsOne"),
        (
            json!({ "grid": "month", "wholeCellIsOne": false }),
            "wholeCellIsOne",
        ),
        (json!({ "factorRounding": "up" }), "factorRounding"),
        (
            json!({ "creditBase": "billed", "discount": "keep" }),
            "discount",
        ),
    ] {
        assert_eq!(
            refused(terms),
            Some(("unknownField", format!("terms.{field}")))
        );
    }
    assert_eq!(
        refused(json!({ "rateScale": 2, "factorScale": 2 })),
        Some(("invalidTerms", "terms.rateScale".into()))
    );
    // What is so anyway may be said.
    for terms in [
        json!({ "wholeUnits": false }),
        json!({ "preset": "killBill", "factorRounding": "halfUp" }),
    ] {
        assert_eq!(refused(terms), None);
    }
}

#[test]
fn every_field_of_a_price_is_read_or_refused() {
    let period = json!({ "from": "2026-01-01", "to": "2026-04-01" });
    let service = json!({ "from": "2026-01-11", "to": "2026-03-08" });
    let timed = |terms: Value| {
        json!({ "currency": "USD", "price": "100.00", "service": service,
                "period": period, "terms": terms })
    };
    let why = "where time does not matter, it is asked and not counted";
    check(&Function {
        ask: ask_prorate,
        requests: vec![
            ("days", timed(json!({}))),
            ("months", timed(json!({ "grid": "month" }))),
            ("fixed", timed(json!({ "cellDays": { "fixed": 30 } }))),
            ("rate", timed(json!({ "rateScale": 3 }))),
            (
                "factor",
                json!({ "currency": "USD", "price": "100.00", "factor": "1/7" }),
            ),
            (
                "count",
                json!({ "currency": "USD", "price": "100.00", "days": 5, "periodDays": 31 }),
            ),
            ("full", timed(json!({ "basis": "full" }))),
        ],
        fields: vec![
            ("currency", json!("JPY")),
            ("increment", json!("0.3")),
            ("months", json!(2)),
            ("price", json!("90.00")),
            ("quantity", json!("3")),
            ("service/from", json!("2026-01-12")),
            ("service/to", json!("2026-03-07")),
            ("period/from", json!("2025-12-30")),
            ("period/to", json!("2026-04-03")),
            ("days", json!(6)),
            ("periodDays", json!(30)),
            ("factor", json!("1/8")),
        ],
        quiet: vec![
            ("full", "service/from", why),
            ("full", "service/to", why),
            ("full", "period/from", why),
            ("full", "period/to", why),
        ],
    });
}

#[test]
fn every_field_of_a_change_is_read_or_refused() {
    let taxes = json!([{ "rate": "0.1" }]);
    let plan = json!({ "price": "100.00", "quantity": "3", "taxes": taxes });
    let quarter = json!({ "from": "2026-01-01", "to": "2026-04-01" });
    let up = json!({ "type": "change", "at": "2026-02-08", "price": "77.00" });
    let pause = json!({ "type": "pause", "at": "2026-02-08", "until": "2026-02-15" });
    let timed = |terms: Value, changes: Value| {
        json!({ "currency": "USD", "period": quarter, "plan": plan,
                "terms": terms, "changes": changes })
    };
    let fields = vec![
        ("currency", json!("JPY")),
        ("increment", json!("0.3")),
        ("months", json!(2)),
        ("period/from", json!("2025-12-20")),
        ("period/to", json!("2026-04-10")),
        ("plan/price", json!("90.00")),
        ("plan/quantity", json!("2")),
        ("plan/discount", json!({ "rate": "0.2" })),
        ("plan/taxes", json!([])),
        ("plan/terms", json!({ "basis": "full" })),
        ("plan/terms", json!({ "rounding": "up" })),
        ("since", json!("2026-01-20")),
        ("billed", json!("200.00")),
        ("credited", json!("290.00")),
        ("open", json!("20.00")),
        ("changes/0/at", json!("2026-02-09")),
        ("changes/0/unused", json!("1/3")),
        ("changes/0/until", json!("2026-02-14")),
        ("changes/0/price", json!("78.00")),
        ("changes/0/quantity", json!("2")),
        ("changes/0/discount", json!({ "amount": "1" })),
        ("changes/0/taxes", json!([])),
        ("changes/0/terms", json!({ "basis": "full" })),
        ("changes/0/terms", json!({ "cap": false })),
        ("changes/0/plan", json!({ "price": "1" })),
        ("plan/taxes/0/rate", json!("1")),
    ];
    let stated = "a share that is stated is used as it is, and no time is counted";
    check(&Function {
        ask: ask_change,
        requests: vec![
            ("change", timed(json!({}), json!([up]))),
            ("months", timed(json!({ "grid": "month" }), json!([up]))),
            (
                "billed",
                timed(json!({ "creditBase": "billed" }), json!([up])),
            ),
            ("pause", timed(json!({}), json!([pause]))),
            (
                "unused",
                json!({ "currency": "USD", "plan": plan, "changes": [
                    { "type": "change", "unused": "3/7", "price": "77.00" }] }),
            ),
            (
                "start",
                json!({ "currency": "USD", "period": quarter, "changes": [
                    { "type": "start", "at": "2026-02-08", "plan": plan }] }),
            ),
        ],
        fields,
        quiet: vec![
            ("unused", "plan/terms", stated),
            ("unused", "changes/0/terms", stated),
        ],
    });
}

#[test]
fn every_field_of_a_schedule_is_read_or_refused() {
    check(&Function {
        ask: ask_schedule,
        requests: vec![
            (
                "priced",
                json!({ "currency": "USD", "price": "10.00", "start": "2026-01-20", "end": "2026-04-10",
                        "every": { "months": 1 }, "billingDay": 31 }),
            ),
            (
                "open",
                json!({ "start": "2026-01-20", "until": "2026-04-10", "every": { "months": 1 } }),
            ),
            (
                "weeks",
                json!({ "start": "2026-01-20", "end": "2026-04-10", "every": { "days": 7 } }),
            ),
        ],
        fields: vec![
            ("currency", json!("JPY")),
            ("increment", json!("0.3")),
            ("price", json!("11.00")),
            ("start", json!("2026-01-19")),
            ("end", json!("2026-03-05")),
            ("until", json!("2026-02-10")),
            ("every", json!({ "months": 2 })),
            ("billingDay", json!(7)),
            ("weekday", json!(5)),
        ],
        quiet: vec![],
    });
}

#[test]
fn every_field_of_a_billing_period_is_read_or_refused() {
    check(&Function {
        ask: ask_period,
        requests: vec![
            (
                "months",
                json!({ "anchor": "2026-01-31", "every": { "months": 1 }, "number": 2 }),
            ),
            (
                "days",
                json!({ "anchor": "2026-01-31", "every": { "days": 7 }, "containing": "2026-03-01" }),
            ),
        ],
        fields: vec![
            ("anchor", json!("2026-02-03")),
            ("billingDay", json!(7)),
            ("every", json!({ "months": 2 })),
            ("every", json!({ "days": 9 })),
            ("containing", json!("2026-05-05")),
            ("number", json!(3)),
        ],
        quiet: vec![],
    });
}

#[test]
fn a_tax_of_all_or_more_is_asked_for() {
    let change = |rate: &str, more: Value| {
        let mut request = json!({ "currency": "USD", "changes": [{ "type": "cancel", "unused": "1/2" }],
            "plan": { "price": "100.00", "taxes": [{ "rate": "0.07" }, { "rate": rate }] } });
        request
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ask_change(&request).map_err(|error| (error.code().as_str(), error.path().to_owned()))
    };
    // 19 for 19 %.
    for rate in ["1", "19", "1.000"] {
        let refused = Err(("outOfRange", "plan.taxes[1].rate".to_owned()));
        assert_eq!(change(rate, json!({})), refused);
        assert_eq!(change(rate, json!({ "allowTaxRateFrom1": false })), refused);
        assert!(change(rate, json!({ "allowTaxRateFrom1": true })).is_ok());
    }
    assert!(change("0.9999", json!({})).is_ok());
}
