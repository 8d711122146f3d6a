//! Published figures of time proration (`tests/vectors/`), each by its own parameters and by the preset of its source.

#[path = "support/zone.rs"]
mod zone;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use setoff::calendar::{Anchor, Date, Every, Moment};
use setoff::money::{Fraction, Rounding, text};
use setoff::prorate::change::{
    ChangePreview, ChangeRequest, ChangeTime, Discount, LineKind, PlanChange, PlanEvent,
    PlanUpdate, PricePlan,
};
use setoff::prorate::{
    Basis, CellDays, Count, CreditBase, CreditFormula, CreditFrom, Degenerate, Destination,
    DiscountCredit, FirstBoundary, Grid, Interval, Period, Present, ProrateRequest, Prorated,
    Reached, Reference, ScheduleRequest, ServiceTime, Stage, Stub, StubPeriod, Terms, Unit, preset,
};
use std::collections::BTreeMap;
use std::path::Path;
use zone::local;

/// Vectors that a source prints and that we do not follow, and why.
const DEVIATIONS: &[(&str, &str)] = &[
    (
        "zu-pm-002",
        "100 × (2 + 16/31) = 251.6129…, which half up is 251.61; the page prints 251.62",
    ),
    (
        "st-005",
        "the page takes 1 to 15 May as half a month; 17 of 31 days remain",
    ),
    (
        "mx-002",
        "the page counts 30 days from 15 January to 15 February; they are 31",
    ),
    (
        "or-002",
        "the page divides by 28 days in February 2020, which has 29",
    ),
    (
        "bc-003",
        "the figure is the reported bug: it divides by 31 in February",
    ),
    (
        "fp-dst-009",
        "the helper takes the days of the instants as passed; in Los Angeles they are 1 and 2 August",
    ),
    (
        "lg-cn-022",
        "binary floating point: 999 / 30 × 15 comes out below 499.5 and is cut",
    ),
];

type Params = Map<String, Value>;

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The text of a number or a text.
fn word(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn decimal(value: &Value) -> Decimal {
    text::parse(&word(value)).unwrap()
}

fn fraction(value: &Value) -> Fraction {
    Fraction::parse(&word(value)).unwrap()
}

/// A field of an object, a number, else `default`.
fn number(object: &Value, name: &str, default: i64) -> Fraction {
    if object[name].is_null() {
        Fraction::whole(default.into())
    } else {
        fraction(&object[name])
    }
}

fn day(value: &Value) -> Date {
    Date::parse(value.as_str().unwrap()).unwrap()
}

fn small<T: TryFrom<i64, Error: std::fmt::Debug>>(value: &Value) -> T {
    T::try_from(value.as_i64().unwrap()).unwrap()
}

fn every(period: &Value) -> Every {
    match (&period["months"], &period["days"]) {
        (Value::Null, days) => Every::Days(small(days)),
        (months, _) => Every::Months(small(months)),
    }
}

fn rounding(name: &str) -> Rounding {
    match name {
        "half_up" => Rounding::HalfUp,
        "half_even" => Rounding::HalfEven,
        "half_down" => Rounding::HalfDown,
        "up" => Rounding::Up,
        "down" => Rounding::Down,
        "floor" => Rounding::Floor,
        "ceil" => Rounding::Ceiling,
        other => panic!("no rounding {other}"),
    }
}

/// The parameters of `proration.md#the-formula` as terms. Unknown ones are an error, so that none is passed over.
/// A rule for a part of a period.
fn stub(rule: &Value) -> Stub {
    let then = if rule["then"] == "prorate" {
        Reached::Prorate
    } else {
        Reached::Full
    };
    match (
        rule.as_str(),
        &rule["from_days"],
        &rule["from_share"],
        &rule["whole_months"],
    ) {
        (Some("full"), ..) => Stub::Full,
        (Some("skip"), ..) => Stub::Skip,
        (None, days @ Value::Number(_), ..) => Stub::FromDays(small(days), then),
        (None, _, share @ Value::String(_), _) => Stub::FromShare(fraction(share), then),
        (None, _, _, days @ Value::Number(_)) => Stub::WholeMonths(small(days)),
        other => panic!("unknown rule {other:?}"),
    }
}

fn terms(params: &Params) -> Terms {
    let mut terms = Terms {
        credit_formula: CreditFormula::Direct,
        cap: false,
        ..Terms::default()
    };
    let fixed = params.get("fixed_days").map_or(30, small);
    for (name, value) in params {
        let text = value.as_str();
        match (name.as_str(), text, value.as_bool()) {
            ("interval", Some("closed"), _) => terms.interval = Interval::Closed,
            ("unit", Some("hour"), _) => terms.unit = Unit::Hour,
            ("unit", Some("minute"), _) => terms.unit = Unit::Minute,
            ("unit", Some("second"), _) => terms.unit = Unit::Second,
            ("unit", Some("ms"), _) => terms.unit = Unit::Millisecond,
            ("quantize", Some("floor"), _) => terms.whole_units = true,
            ("count", Some("inclusive"), _) => terms.count = Count::BothEnds,
            ("rule", Some("ceil_elapsed_local"), _) => terms.count = Count::Started,
            ("rule", Some("kb_fixed"), _) => terms.cell_days = CellDays::FixedStartMonth(fixed),
            ("end_shift_seconds", ..) => terms.end_shift_seconds = small(value),
            ("grid", Some("month"), _) => terms.grid = Grid::Month,
            ("grid_day", ..) => terms.grid_day = Some(small(value)),
            ("cell_days", Some("fixed"), _) => terms.cell_days = CellDays::Fixed(fixed),
            ("cell_days", Some("strict30"), _) => terms.cell_days = CellDays::Strict30,
            ("cell_days", Some("kb_fixed"), _) => terms.cell_days = CellDays::FixedStartMonth(fixed),
            ("cell_days", Some("nominal"), _) => terms.cell_days = CellDays::Nominal(small(&params["nominal_days"])),
            ("full_cell", Some("raw"), _) => terms.whole_cell_is_one = false,
            ("basis", Some("full"), _) => terms.basis = Basis::Full,
            ("basis", Some("none"), _) => terms.basis = Basis::Nothing,
            ("degenerate", Some("full"), _) => terms.degenerate = Degenerate::Full,
            ("clamp", _, Some(clamp)) => terms.clamp = clamp,
            ("factor_scale", ..) => terms.factor_scale = Some(small(value)),
            ("factor_rounding", Some(name), _) => terms.factor_rounding = rounding(name),
            ("rate_scale", ..) => terms.rate_scale = Some(small(value)),
            ("rounding", Some(name), _) => terms.rounding = rounding(name),
            ("leading", ..) => terms.leading = stub(value),
            ("trailing", ..) => terms.trailing = stub(value),
            ("present", Some("net_delta"), _) => terms.present = Present::Net,
            ("credit_formula", Some("residual"), _) => terms.credit_formula = CreditFormula::Residual,
            ("prorate_discount", _, Some(prorates)) if !prorates => terms.discount = DiscountCredit::Keep,
            ("interval", Some("half_open"), _)
            | ("unit", Some("day"), _)
            | ("grid", Some("period"), _)
            | ("cell_days", Some("actual"), _)
            | ("full_cell", Some("one"), _)
            | ("credit_formula", Some("direct"), _)
            | ("present", Some("gross" | "quantity"), _)
            | ("arithmetic", Some("exact"), _)
            // Read where they are needed.
            | ("increment" | "timezone" | "fixed_days" | "nominal_days" | "prorate_discount" | "round", ..)
            | ("bill_partial_month" | "prorate_partial_period", ..)
            // Of splits; a file sets them for all of its kinds.
            | ("base" | "leftover" | "all_zero", ..) => {}
            other => panic!("unknown parameter {other:?}"),
        }
    }
    terms
}

/// One vector: its parameters, and what it is about.
struct Case<'a> {
    inputs: &'a Value,
    params: &'a Params,
    /// By which it is calculated: those of its parameters, or of a preset.
    terms: Terms,
}

/// What came out, by name.
type Got = BTreeMap<&'static str, Value>;

fn got<const N: usize>(values: [(&'static str, Value); N]) -> Got {
    values.into_iter().collect()
}

fn exact(value: Fraction) -> Value {
    value.to_string().into()
}

/// The end of a period as the terms write it; what is calculated is half-open.
fn shown(date: Date, closed: bool) -> Date {
    date.plus_days(if closed { -1 } else { 0 }).unwrap()
}

impl Case<'_> {
    fn increment(&self) -> Decimal {
        self.params
            .get("increment")
            .map_or_else(|| text::parse("0.01").unwrap(), decimal)
    }

    fn zone(&self) -> Option<&str> {
        self.inputs["timezone"]
            .as_str()
            .or_else(|| self.params.get("timezone").and_then(Value::as_str))
    }

    fn moment(&self, value: &Value) -> Moment {
        local(value.as_str().unwrap(), self.zone())
    }

    fn period(&self, value: &Value) -> Period {
        Period {
            from: self.moment(&value["from"]),
            to: self.moment(&value["to"]),
        }
    }

    fn reference(&self, value: &Value) -> Option<Reference> {
        (!value["from"].is_null()).then(|| Reference::Given(self.period(value)))
    }

    /// For how many months the price is, where terms read that.
    fn months(&self, terms: &Terms) -> Option<u32> {
        let months = self.inputs["period_months"].as_i64();
        let months = months.map_or(1, |months| u32::try_from(months).unwrap());
        terms.reads_months().then_some(months)
    }

    /// The service of a vector as a part of its period.
    fn time(&self, service: &Value, period: &Value) -> ServiceTime {
        let (service, reference) = (self.period(service), self.reference(period));
        ServiceTime::Service {
            service,
            reference,
            months: self.months(&self.terms),
        }
    }

    fn prorate(
        &self,
        price: Decimal,
        quantity: Decimal,
        time: ServiceTime,
    ) -> Result<Prorated, setoff::Error> {
        ProrateRequest {
            terms: self.terms,
            price,
            quantity,
            increment: self.increment(),
            time,
        }
        .prorate()
    }

    /// `value` × `factor`, rounded to increments.
    fn round(&self, value: Fraction, rounding: Rounding, increment: &str) -> Fraction {
        let terms = Terms {
            rounding,
            ..Terms::default()
        };
        let (price, increment) = (Decimal::ONE, text::parse(increment).unwrap());
        let request = ProrateRequest {
            terms,
            price,
            quantity: price,
            increment,
            time: ServiceTime::Factor(value),
        };
        request.prorate().unwrap().amount.exact()
    }

    fn run(&self, kind: &str) -> Got {
        match kind {
            "time_amount" => self.time_amount(),
            "time_ratio" => {
                let time = self.time(&self.inputs["service"], &self.inputs["period"]);
                let prorated = self.prorate(Decimal::ONE, Decimal::ONE, time).unwrap();
                got([("ratio", exact(prorated.share.factor))])
            }
            "day_count" => {
                let terms = Terms {
                    factor_scale: None,
                    ..self.terms
                };
                let time = self.time(self.inputs, self.inputs);
                let prorated = Case { terms, ..*self }
                    .prorate(Decimal::ONE, Decimal::ONE, time)
                    .unwrap();
                got([("days", exact(prorated.share.covered))])
            }
            "change" => self.change(),
            "quantity" => {
                let [old, new] =
                    ["old_quantity", "new_quantity"].map(|name| decimal(&self.inputs[name]));
                let plan = PricePlan {
                    quantity: old,
                    ..self.plan("price", "none", None)
                };
                let switch = PlanEvent::Switch(PlanUpdate {
                    quantity: Some(new),
                    ..PlanUpdate::default()
                });
                let unused = ChangeTime::Unused(fraction(&self.inputs["ratio"]));
                let terms = Terms {
                    present: Present::Quantity,
                    ..self.terms
                };
                let preview = self.preview(terms, Some(plan), vec![(unused, switch)], "none");
                let [line] = &preview.lines[..] else {
                    panic!("more than units")
                };
                let units = Fraction::of(line.plan.as_ref().unwrap().quantity);
                got([
                    ("quantity", exact(units)),
                    ("amount", exact(line.amount.exact())),
                ])
            }
            "extension" => {
                let [old, new] = ["old", "new"].map(|name| self.plan(name, "none", None));
                let switch = PlanEvent::Switch(PlanUpdate {
                    price: Some(new.price),
                    ..PlanUpdate::default()
                });
                let at = ChangeTime::At(self.moment(&self.inputs["change"]));
                let terms = Terms {
                    destination: Destination::Time,
                    ..self.terms
                };
                let preview = self.preview(terms, Some(old), vec![(at, switch)], "none");
                let [_, value] = preview.lines[0].sides.unwrap();
                got([
                    ("days", exact(preview.lines[0].share.covered)),
                    ("value", exact(value.exact())),
                ])
            }
            "credit_residual" => self.credit_residual(),
            "credit_cap" => {
                let mut running = self.plan("potential", "none", None);
                let mut terms = Terms {
                    cap: true,
                    ..self.terms
                };
                let mut unused = ChangeTime::Unused(Fraction::ONE);
                if running.price.is_sign_negative() {
                    // Less than nothing would come back where more was used than billed.
                    running.price = decimal(&self.inputs["billed"]) - running.price;
                    terms.credit_formula = CreditFormula::Residual;
                    unused = ChangeTime::Unused(Fraction::ZERO);
                }
                let preview = self.preview(
                    terms,
                    Some(running),
                    vec![(unused, PlanEvent::Cancel)],
                    "prior_credits",
                );
                got([("amount", exact(preview.credit.negated().exact()))])
            }
            "repair" => self.repair(),
            "split" => {
                let item = &self.inputs["item"];
                let time = self.time(&self.inputs["part"], item);
                let prorated = self
                    .prorate(decimal(&item["amount"]), Decimal::ONE, time)
                    .unwrap();
                got([("amount", exact(prorated.amount.exact()))])
            }
            "schedule" => self.schedule(),
            "segments" => self.segments(),
            "credit_window" => self.credit_window(),
            "discount_credit" => self.discount_credit(),
            "tax_split" => self.tax_split(),
            "inclusive_tax" => self.inclusive_tax(),
            "calendar" => self.calendar(),
            "lago_credit" => self.lago_credit(),
            "credit_line" => self.credit_line(),
            "reconcile" => {
                let [total, tax, subtotal] =
                    ["total", "tax", "subtotal"].map(|name| fraction(&self.inputs[name]));
                got([("total", exact(reconciled(total, tax, subtotal)))])
            }
            "rate_split" => self.rate_split(),
            other => panic!("unknown kind {other}"),
        }
    }

    fn time_amount(&self) -> Got {
        let inputs = self.inputs;
        let quantity = if inputs["quantity"].is_null() {
            Decimal::ONE
        } else {
            decimal(&inputs["quantity"])
        };
        let time = match (&inputs["ratio"], &inputs["days"]) {
            (Value::Null, Value::Null) => self.time(&inputs["service"], &inputs["period"]),
            (Value::Null, days) => ServiceTime::Units {
                covered: decimal(days),
                length: decimal(&inputs["period_days"]),
            },
            (ratio, _) => ServiceTime::Factor(fraction(ratio)),
        };
        let prorated = self
            .prorate(decimal(&inputs["price"]), quantity, time)
            .unwrap();
        assert!(
            prorated.sentence().contains(&prorated.amount.to_string()),
            "{}",
            prorated.sentence()
        );
        got([
            ("amount", exact(prorated.amount.exact())),
            ("precise", exact(prorated.exact)),
        ])
    }

    /// The plan of some inputs; with other parameters, by terms of its own.
    fn plan(&self, price: &str, discount: &str, params: Option<&Value>) -> PricePlan {
        let value = |name: &str| {
            let value = &self.inputs[name];
            if value.is_null() {
                Decimal::ZERO
            } else {
                decimal(value)
            }
        };
        let own = params.and_then(Value::as_object).map(|own| {
            let mut params = self.params.clone();
            params.extend(own.clone());
            terms(&params)
        });
        let discount = match value(discount) {
            discount if discount.is_zero() => Discount::None,
            discount => Discount::Amount(discount),
        };
        PricePlan {
            description: None,
            price: value(price),
            quantity: Decimal::ONE,
            discount,
            taxes: Vec::new(),
            terms: own,
        }
    }

    fn preview(
        &self,
        terms: Terms,
        plan: Option<PricePlan>,
        events: Vec<(ChangeTime, PlanEvent)>,
        credited: &str,
    ) -> ChangePreview {
        let optional =
            |name: &str| (!self.inputs[name].is_null()).then(|| decimal(&self.inputs[name]));
        let change = ChangeRequest {
            terms,
            increment: self.increment(),
            period: self.reference(&self.inputs["period"]),
            months: self.months(&terms),
            plan,
            since: None,
            billed: optional("billed"),
            credited: optional(credited).unwrap_or_default(),
            open: Decimal::ZERO,
            allow_tax_rate_from_1: false,
            events: events
                .into_iter()
                .map(|(when, kind)| PlanChange { when, kind })
                .collect(),
        };
        change.preview().unwrap()
    }

    fn change(&self) -> Got {
        let inputs = self.inputs;
        let when = match &inputs["ratio"] {
            Value::Null => ChangeTime::At(self.moment(&inputs["change"])),
            ratio => ChangeTime::Unused(fraction(ratio)),
        };
        let old = self.plan("old", "old_discount", Some(&inputs["old_params"]));
        let mut new = self.plan("new", "new_discount", Some(&inputs["new_params"]));
        // A plan of its own terms keeps them in a change that states none.
        new.terms = new.terms.or(Some(self.terms));
        if inputs["new_period_resets"] == true {
            new.terms = Some(Terms {
                basis: Basis::Full,
                ..self.terms
            });
        }
        let terms = Terms {
            cap: !inputs["billed"].is_null(),
            present: Present::Gross,
            stage: Stage::Line,
            ..self.terms
        };
        let PricePlan {
            description,
            price,
            quantity,
            discount,
            taxes,
            terms: own,
        } = new;
        let [price, quantity] = [price, quantity].map(Some);
        let new = PlanUpdate {
            description: Some(description),
            price,
            quantity,
            discount: Some(discount),
            taxes: Some(taxes),
            terms: own,
        };
        let switch = vec![(when, PlanEvent::Switch(new))];
        let preview = self.preview(terms, Some(old.clone()), switch.clone(), "prior_credits");
        let (credit, charge) = (preview.credit.exact(), preview.charge.exact());
        let mut net = preview.net.exact();
        if self.terms.present == Present::Net {
            // What comes as one line is rounded once.
            let terms = Terms {
                present: Present::Net,
                stage: Stage::Invoice,
                ..terms
            };
            net = self
                .preview(terms, Some(old), switch, "prior_credits")
                .net
                .exact();
        }
        let mut got = got([
            ("credit", exact(credit)),
            ("charge", exact(charge)),
            ("net", exact(net)),
        ]);
        for (name, input) in [
            ("next_invoice", "next_renewal"),
            ("period_total", "already_paid"),
        ] {
            if !inputs[input].is_null() {
                got.insert(name, exact(net.plus(fraction(&inputs[input]))));
            }
        }
        got
    }

    fn credit_residual(&self) -> Got {
        let (inputs, terms) = (self.inputs, self.terms);
        let plan = self.plan("price", "none", None);
        let billed = if inputs["billed"].is_null() {
            &inputs["price"]
        } else {
            &inputs["billed"]
        };
        let with_billed = json!({ "period": inputs["period"], "price": inputs["price"], "billed": billed,
            "period_months": inputs["period_months"] });
        let at = ChangeTime::At(self.moment(&inputs["cancel"]));
        let case = Case {
            inputs: &with_billed,
            ..*self
        };
        // In closed intervals the day of the change is one of those used.
        let residual = terms.credit_formula == CreditFormula::Residual;
        let change_day = if residual && terms.interval == Interval::Closed {
            setoff::prorate::ChangeDayOwner::Old
        } else {
            setoff::prorate::ChangeDayOwner::New
        };
        // A credit is negative here; the vectors print, and so round, its magnitude.
        let rounding = match terms.rounding {
            Rounding::Floor if !residual => Rounding::Ceiling,
            Rounding::Ceiling if !residual => Rounding::Floor,
            rounding => rounding,
        };
        let terms = Terms {
            change_day,
            rounding,
            ..terms
        };
        let preview = case.preview(terms, Some(plan), vec![(at, PlanEvent::Cancel)], "none");
        let credit = preview.credit.negated().exact();
        got([
            ("credit", exact(credit)),
            ("charged", exact(fraction(billed).minus(credit))),
        ])
    }

    fn repair(&self) -> Got {
        let item = &self.inputs["item"];
        let sum = number(self.inputs, "adjusted", 0).plus(number(self.inputs, "repaired", 0));
        let credited = Decimal::from(i64::try_from(sum.numerator()).unwrap())
            / Decimal::from(i64::try_from(sum.denominator()).unwrap());
        let repair = self.period(&self.inputs["repair"]);
        let closed = self.terms.interval == Interval::Closed;
        let until = if closed {
            shown(repair.to.day(), false).plus_days(1).unwrap().into()
        } else {
            repair.to
        };
        let inputs = json!({ "period": item, "price": item["amount"], "billed": item["amount"],
            "credited": credited.to_string() });
        let case = Case {
            inputs: &inputs,
            ..*self
        };
        let terms = Terms {
            cap: true,
            credit_base: CreditBase::Billed,
            ..self.terms
        };
        let pause = vec![(ChangeTime::At(repair.from), PlanEvent::Pause(Some(until)))];
        let preview = case.preview(
            terms,
            Some(case.plan("price", "none", None)),
            pause,
            "credited",
        );
        got([("amount", exact(preview.credit.exact()))])
    }

    fn schedule(&self) -> Got {
        let inputs = self.inputs;
        let fixed = self
            .params
            .get("fixed_days")
            .and_then(Value::as_i64)
            .filter(|&days| days > 0);
        let cell_days = fixed.map_or(CellDays::Actual, |days| {
            CellDays::FixedStartMonth(days.try_into().unwrap())
        });
        let factor_scale = Some(self.terms.factor_scale.unwrap_or(9));
        let schedule = ScheduleRequest {
            terms: Terms {
                cell_days,
                factor_scale,
                stub_period: StubPeriod::Shifted,
                ..self.terms
            },
            start: day(&inputs["start"]),
            end: (!inputs["end"].is_null()).then(|| day(&inputs["end"])),
            until: Some(day(&inputs["target"])),
            every: every(&inputs["period"]),
            billing_day: (!inputs["period"]["months"].is_null()).then(|| small(&inputs["bcd"])),
            weekday: None,
            price: (!inputs["rate"].is_null())
                .then(|| (decimal(&inputs["rate"]), self.increment())),
        };
        let Ok(scheduled) = schedule.make() else {
            return got([("error", true.into())]);
        };
        let text = |date: Option<Date>| date.map_or(Value::Null, |date| date.to_string().into());
        let segments = scheduled.segments.iter().map(|segment| {
            json!([
                segment.service.from.to_string(),
                segment.service.to.to_string()
            ])
        });
        let amounts = scheduled
            .segments
            .iter()
            .filter_map(|segment| segment.amount);
        got([
            ("first", text(Some(scheduled.first_boundary))),
            ("effective_end", text(Some(scheduled.effective_end))),
            ("last", text(scheduled.last_boundary)),
            ("cycles", exact(scheduled.factor)),
            ("segments", segments.collect()),
            (
                "amounts",
                amounts.map(|amount| exact(amount.exact())).collect(),
            ),
            (
                "amount",
                scheduled
                    .amount
                    .map_or(Value::Null, |amount| exact(amount.exact())),
            ),
        ])
    }

    /// Zuora's two switches.
    fn switches(&self) -> (bool, bool) {
        let is_on = |name: &str| {
            self.params
                .get(name)
                .and_then(Value::as_bool)
                .unwrap_or(true)
        };
        (is_on("bill_partial_month"), is_on("prorate_partial_period"))
    }

    fn segments(&self) -> Got {
        let inputs = self.inputs;
        let is_weekly = inputs["period"]["months"].is_null();
        let (leading, trailing) = match self.switches() {
            (true, _) => (Stub::Prorate, Stub::Prorate),
            (false, _) if is_weekly => (Stub::Skip, Stub::Skip),
            (false, true) => (Stub::Skip, Stub::Months),
            (false, false) => (Stub::Skip, Stub::Full),
        };
        let schedule = ScheduleRequest {
            terms: Terms {
                leading,
                trailing,
                first_boundary: FirstBoundary::Month,
                ..self.terms
            },
            start: day(&inputs["start"]),
            end: Some(day(&inputs["end"])),
            until: None,
            every: every(&inputs["period"]),
            billing_day: (!is_weekly).then(|| small(&inputs["bcd"])),
            weekday: is_weekly.then(|| small(&inputs["weekday"])),
            price: None,
        };
        let scheduled = schedule.make().unwrap();
        let segments = scheduled.segments.iter().map(|segment| {
            json!([
                segment.service.from.to_string(),
                segment.service.to.to_string()
            ])
        });
        got([("segments", segments.collect())])
    }

    fn credit_window(&self) -> Got {
        let credit_from = match self.switches() {
            (_, false) => CreditFrom::Never,
            (false, true) => CreditFrom::NextMonth,
            (true, true) => CreditFrom::Change,
        };
        let inputs = json!({ "period": self.inputs["period"], "price": "1" });
        let case = Case {
            inputs: &inputs,
            ..*self
        };
        let at = ChangeTime::At(self.moment(&self.inputs["cancel"]));
        let terms = Terms {
            credit_from,
            ..self.terms
        };
        let preview = case.preview(
            terms,
            Some(case.plan("price", "none", None)),
            vec![(at, PlanEvent::Cancel)],
            "none",
        );
        let window = preview.lines.first().and_then(|line| line.service);
        let window =
            window.map(|service| json!([service.from.to_string(), service.to.to_string()]));
        got([("window", window.unwrap_or_default())])
    }

    fn discount_credit(&self) -> Got {
        let inputs = self.inputs;
        let kept = fraction(&inputs["kept"]).over(fraction(&inputs["months"]));
        let unused = ChangeTime::Unused(Fraction::ONE.minus(kept));
        let plan = self.plan("regular", "discount", None);
        let preview = self.preview(
            self.terms,
            Some(plan),
            vec![(unused, PlanEvent::Cancel)],
            "none",
        );
        let line = &preview.lines[0];
        assert_eq!(line.kind, LineKind::Credit);
        got([
            ("regular_credit", exact(line.gross.exact())),
            ("discount_credit", exact(line.discount.exact())),
            ("net", exact(preview.net.exact())),
        ])
    }

    fn tax_split(&self) -> Got {
        let inputs = self.inputs;
        let taxes = inputs["slices"].as_array().unwrap().iter().map(|slice| {
            let time = self.time(slice, &inputs["period"]);
            let rate = decimal(&slice["rate"]) / Decimal::ONE_HUNDRED;
            exact(
                self.prorate(decimal(&inputs["amount"]), rate, time)
                    .unwrap()
                    .amount
                    .exact(),
            )
        });
        got([("taxes", taxes.collect())])
    }

    fn inclusive_tax(&self) -> Got {
        let (gross, rate) = (&self.inputs["gross"], fraction(&self.inputs["rate"]));
        let all = rate.plus(Fraction::whole(100));
        let is_net = self.params["round"] == "net";
        let part = if is_net { Fraction::whole(100) } else { rate };
        let time = ServiceTime::Factor(part.over(all));
        let rounded = self
            .prorate(decimal(gross), Decimal::ONE, time)
            .unwrap()
            .amount
            .exact();
        let rest = fraction(gross).minus(rounded);
        let (net, tax) = if is_net {
            (rounded, rest)
        } else {
            (rest, rounded)
        };
        got([("net", exact(net)), ("tax", exact(tax))])
    }

    fn calendar(&self) -> Got {
        let inputs = self.inputs;
        let date = |name: &str| day(&inputs[name]);
        let answer = |date: Date| got([("date", date.to_string().into())]);
        let number = |number: i32| got([("n", number.into())]);
        let month = Every::Months(1);
        let next = |anchor: Anchor, every: Every, date: Date| {
            anchor
                .boundary(every, anchor.number_from(every, date).unwrap())
                .unwrap()
        };
        match inputs["op"].as_str().unwrap() {
            "align" if inputs["period"]["months"].is_null() && !inputs["period"].is_null() => {
                answer(date("date"))
            }
            "align" => answer(date("date").with_day(small(&inputs["day"]))),
            "align_next" if inputs["period"]["months"].is_null() => {
                let (previous, every) = (Anchor::new(date("previous")), every(&inputs["period"]));
                let number = previous.number_from(every, date("date")).unwrap().max(1);
                answer(previous.boundary(every, number).unwrap())
            }
            "align_next" => answer(next(
                Anchor::on_day(date("date"), small(&inputs["day"])),
                month,
                date("date"),
            )),
            "advance" => {
                // The source steps from date to date, without an anchor.
                let (steps, every) = (small::<i32>(&inputs["n"]), every(&inputs["period"]));
                let step =
                    |date: Date, _| Anchor::new(date).boundary(every, steps.signum()).unwrap();
                answer((0..steps.abs()).fold(date("date"), step))
            }
            "first_cycle" => {
                let mut schedule = inputs.clone();
                schedule["target"] = inputs["start"].clone();
                let got = Case {
                    inputs: &schedule,
                    ..*self
                }
                .schedule();
                BTreeMap::from([("date", got["first"].clone())])
            }
            "whole_periods" => number(
                Anchor::new(date("from"))
                    .number_at(every(&inputs["period"]), date("to"))
                    .unwrap(),
            ),
            "local_day" => number(self.moment(&inputs["instant"]).day().parts().2.into()),
            "period_containing" => {
                let (anchor, every) = (
                    Anchor::new(date("anchor")),
                    Every::Months(small(&inputs["months"])),
                );
                let number = anchor.number_at(every, date("date")).unwrap();
                let [start, end] =
                    [number, number + 1].map(|number| anchor.boundary(every, number).unwrap());
                got([
                    ("start", start.to_string().into()),
                    ("last", shown(end, true).to_string().into()),
                    ("end", end.to_string().into()),
                    ("days", start.days_until(end).into()),
                ])
            }
            "anchor_step" => {
                // A day at the end of its month that the base day exceeds is that day, clamped.
                let (date, base): (_, u8) = (date("date"), small(&inputs["base_day"]));
                let is_clamped = date.parts().2 == date.days_in_month() && base > date.parts().2;
                let anchor = if is_clamped {
                    Anchor::on_day(date, base)
                } else {
                    Anchor::new(date)
                };
                answer(anchor.boundary(month, small(&inputs["n"])).unwrap())
            }
            "anchor_sequence" => {
                let (anchor, every) = (
                    Anchor::new(date("anchor")),
                    Every::Months(small(&inputs["months"])),
                );
                let dates = (1..=small(&inputs["count"]))
                    .map(|number| anchor.boundary(every, number).unwrap());
                got([(
                    "dates",
                    dates.map(|date| Value::from(date.to_string())).collect(),
                )])
            }
            "months_rounded_up" => {
                let to = shown(date("to"), false)
                    .plus_days(i64::from(self.terms.interval == Interval::Closed));
                number(
                    Anchor::new(date("from"))
                        .number_from(month, to.unwrap())
                        .unwrap(),
                )
            }
            "time_extension" => {
                let factor =
                    fraction(&inputs["unused_value"]).over(fraction(&inputs["new_daily_price"]));
                let rule = self
                    .params
                    .get("rounding")
                    .and_then(Value::as_str)
                    .unwrap_or("up");
                got([("n", exact(self.round(factor, rounding(rule), "1")))])
            }
            other => panic!("unknown operation {other}"),
        }
    }

    /// Lago's credit note on termination: unused days of the plan, at most the fee, cut to five decimals; coupon and
    /// tax follow; the total is reconciled (`proration.md#credit-notes-of-lago`).
    fn lago_credit(&self) -> Got {
        let inputs = self.inputs;
        let zone = self.zone().unwrap_or("UTC");
        let day_of = |name: &str| local(inputs[name].as_str().unwrap(), Some(zone)).day();
        let (first, last, terminated) = (
            day(&inputs["period_first"]),
            day(&inputs["period_last"]),
            day_of("terminated_at"),
        );
        let trial = (!inputs["trial_end"].is_null()).then(|| day_of("trial_end"));
        let mut used_to = terminated
            .plus_days(if inputs["upgrade"] == true { -1 } else { 0 })
            .unwrap();
        if let Some(trial) = trial.filter(|&trial| trial >= used_to) {
            used_to = if trial > last {
                last
            } else {
                trial.plus_days(-1).unwrap()
            };
        }
        let value = |name: &str| number(inputs, name, 0);
        let (fee, coupon) = (value("fee"), value("coupon"));
        let tax_rate = value("tax_rate").over(Fraction::whole(100));
        let days = Fraction::whole(i128::from(first.days_until(last)) + 1);
        let none = || got([("none", true.into())]);
        // What these days of the plan cost.
        let unit = |count: i32| {
            value("plan")
                .times(Fraction::whole(count.max(0).into()))
                .over(days)
        };
        let unused = unit(used_to.days_until(last))
            .at_most(fee)
            .minus(value("prior_items"));
        if used_to >= last || unused.is_negative() || unused.is_zero() {
            return none();
        }
        let with_tax = Fraction::ONE.plus(tax_rate);
        let after_coupon = fee.minus(coupon).over(fee);
        // Cut to five decimals, then the coupon's share off, then tax on: one rounding.
        let cut = |amount: Fraction| self.round(amount, Rounding::Down, "0.00001");
        let whole = |amount: Fraction| self.round(amount, Rounding::HalfUp, "1");
        let gross = |amount: Fraction| whole(cut(amount).times(after_coupon).times(with_tax));
        let item = cut(unused);
        let mut total = gross(unused);
        if total.is_zero() {
            return none();
        }
        let mut refund = Fraction::ZERO;
        let mode = inputs["mode"].as_str();
        if mode == Some("refund") || mode == Some("offset") {
            let used_from = trial.map_or(first, |trial| first.max(trial));
            let used = gross(unit(used_from.days_until(terminated.min(last)) + 1));
            let invoice = value("invoice_total");
            let paid = fee.minus(coupon).times(with_tax).times(value("paid"));
            let paid = if invoice.is_zero() {
                Fraction::ZERO
            } else {
                paid.over(invoice).minus(used)
            };
            refund = whole(paid.at_most(total).at_least(Fraction::ZERO));
        }
        let net = item.times(after_coupon);
        let tax = whole(net.times(tax_rate));
        if inputs["reconcile"] != false && coupon.is_zero() {
            total = reconciled(total, tax, whole(item));
        }
        let rest = total.minus(refund);
        got([
            ("item", exact(whole(item))),
            ("item_precise", exact(item)),
            ("tax", exact(tax)),
            ("total", exact(total)),
            ("refund", exact(refund)),
            (
                if mode == Some("offset") {
                    "offset"
                } else {
                    "credit"
                },
                exact(rest),
            ),
        ])
    }

    /// Meteroid's credit of a line with tax details: in proportion, the rest to the largest
    /// (`proration.md#credit-lines-of-meteroid`).
    fn credit_line(&self) -> Got {
        let inputs = self.inputs;
        let rule = self
            .params
            .get("rounding")
            .and_then(Value::as_str)
            .unwrap_or("half_even");
        let (subtotal, credit) = (fraction(&inputs["subtotal"]), fraction(&inputs["credit"]));
        let share = |value: &Value| {
            self.round(
                fraction(value).times(credit).over(subtotal),
                rounding(rule),
                "1",
            )
        };
        let (taxable, tax) = (share(&inputs["taxable"]), share(&inputs["tax"]));
        let none = Vec::new();
        let mut details: Vec<_> = inputs["details"]
            .as_array()
            .unwrap_or(&none)
            .iter()
            .map(share)
            .collect();
        let sum = details
            .iter()
            .fold(Fraction::ZERO, |sum, detail| sum.plus(*detail));
        let magnitude = |detail: &Fraction| {
            if detail.is_negative() {
                detail.negated()
            } else {
                *detail
            }
        };
        if let Some(largest) = details
            .iter_mut()
            .max_by_key(|detail| magnitude(detail).numerator())
        {
            *largest = largest.plus(tax.minus(sum));
        }
        got([
            ("taxable", exact(taxable.negated())),
            ("tax", exact(tax.negated())),
            (
                "details",
                details
                    .iter()
                    .map(|detail| exact(detail.negated()))
                    .collect(),
            ),
            ("subtotal", exact(credit.negated())),
        ])
    }

    fn rate_split(&self) -> Got {
        let rate = fraction(&self.inputs["tax_rate"]).over(Fraction::whole(100));
        let with_tax = Fraction::ONE.plus(rate);
        let taxed = |amount: Fraction| self.round(amount.times(with_tax), Rounding::HalfUp, "1");
        let sum = |list: &[Fraction]| {
            list.iter()
                .fold(Fraction::ZERO, |sum, value| sum.plus(*value))
        };
        let items: Vec<_> = self.inputs["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(fraction)
            .collect();
        let credits: Vec<_> = items.iter().map(|&item| taxed(item)).collect();
        got([
            ("invoice_total", exact(taxed(sum(&items)))),
            (
                "credit_totals",
                credits.iter().map(|&credit| exact(credit)).collect(),
            ),
            ("credits_sum", exact(sum(&credits))),
        ])
    }
}

/// A total moved by one unit toward its parts, where it does not equal them.
fn reconciled(total: Fraction, tax: Fraction, subtotal: Fraction) -> Fraction {
    let parts = tax.plus(subtotal);
    match (total == parts, total.exceeds(parts)) {
        (true, _) => total,
        (false, false) => total.plus(Fraction::ONE),
        (false, true) => total.minus(Fraction::ONE),
    }
}

/// Whether a figure is the one expected: numbers by value, within the tolerance of what a document prints.
fn agrees(expected: &Value, got: &Value, tolerance: Fraction) -> bool {
    match (expected, got) {
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .zip(got)
                    .all(|(a, b)| agrees(a, b, tolerance))
        }
        (Value::String(_) | Value::Number(_), Value::String(_) | Value::Number(_)) => {
            match (
                Fraction::parse(&word(expected)),
                Fraction::parse(&word(got)),
            ) {
                (Ok(a), Ok(b)) => {
                    let difference = a.minus(b);
                    !difference.at_least(difference.negated()).exceeds(tolerance)
                }
                _ => expected == got,
            }
        }
        _ => expected == got,
    }
}

/// What differs.
fn differences(vector: &Value, got: &Got) -> Vec<String> {
    let tolerance = number(vector, "tolerance", 0);
    let expected = vector["expected"].as_object().unwrap().iter();
    let differs = expected.filter(|(name, value)| {
        !got.get(name.as_str())
            .map_or(value.is_null(), |got| agrees(value, got, tolerance))
    });
    differs
        .map(|(name, value)| format!("{name}: expected {value}, got {:?}", got.get(name.as_str())))
        .collect()
}

/// The name of the preset that stands for the source of a vector, if there is one.
fn preset_of(presets: &Value, id: &str) -> Option<String> {
    let verifies = |preset: &Value| {
        preset["verified_by"].as_array().unwrap().iter().any(|by| {
            let by = by.as_str().unwrap();
            by == id
                || id
                    .strip_prefix(by)
                    .is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let presets = presets["time"].as_object().unwrap();
    let (name, _) = presets.iter().find(|(_, preset)| verifies(preset))?;
    Some(match name.as_str() {
        "zuora_actual_month_first" => "zuoraActualMonthFirst".into(),
        "zuora_30" => "zuora30".into(),
        "zuora_strict30" => "zuoraStrict30".into(),
        "zuora_actual_by_day" => "zuoraActualByDay".into(),
        "zuora_30_by_day" => "zuora30ByDay".into(),
        "killbill" => "killBill".into(),
        "killbill_fixed30" => "killBillFixed30".into(),
        "openmeter" => "openMeter".into(),
        "flexprice_day" => "flexpriceDay".into(),
        "flexprice_second" => "flexpriceSecond".into(),
        "oracle_actual" => "oracleActual".into(),
        "oracle_fixed30" => "oracleFixed30".into(),
        "daily_rate_3dp" => "dailyRate3".into(),
        name => name.to_owned(),
    })
}

const FILES: [&str; 13] = [
    "allocate_billing.json",
    "docs_other.json",
    "flexprice.json",
    "killbill_cycles.json",
    "killbill_dates.json",
    "killbill_repair.json",
    "lago.json",
    "meteroid.json",
    "openmeter.json",
    "polar.json",
    "time_derived.json",
    "time_parts.json",
    "zuora.json",
];

#[test]
fn published_figures_come_out_as_printed() {
    let presets = read("presets.json");
    let (mut checked, mut by_preset, mut problems) = (0, 0, Vec::new());
    for file in FILES {
        let file = read(file);
        for vector in file["vectors"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|vector| vector["kind"] != "allocate")
        {
            let id = vector["id"].as_str().unwrap();
            let kind = vector["kind"].as_str().unwrap();
            let mut params = file["params"].as_object().unwrap().clone();
            params.extend(vector["params"].as_object().cloned().unwrap_or_default());
            let case = Case {
                inputs: &vector["inputs"],
                params: &params,
                terms: terms(&params),
            };
            let differences_found = differences(vector, &case.run(kind));
            let deviates = DEVIATIONS.iter().any(|(known, _)| *known == id);
            match (differences_found.is_empty(), deviates) {
                (true, false) | (false, true) => checked += 1,
                (true, true) => problems.push(format!("{id} is no deviation any more")),
                (false, false) => problems.push(format!("{id}: {}", differences_found.join("; "))),
            }
            if deviates {
                continue;
            }
            if let Some(name) = preset_of(&presets, id) {
                let own = preset(&name)
                    .unwrap_or_else(|| panic!("no preset {name}"))
                    .terms;
                // What a tenant or a request chooses, and no system prescribes.
                let chosen = Terms {
                    grid_day: case.terms.grid_day,
                    cap: case.terms.cap,
                    credit_formula: case.terms.credit_formula,
                    basis: case.terms.basis,
                    present: case.terms.present,
                    ..own
                };
                let differences_found = differences(
                    vector,
                    &Case {
                        terms: chosen,
                        ..case
                    }
                    .run(kind),
                );
                by_preset += 1;
                if !differences_found.is_empty() {
                    problems.push(format!("{id} by {name}: {}", differences_found.join("; ")));
                }
            }
        }
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    // So that none is passed over.
    assert_eq!(
        (checked, by_preset),
        (523, 288),
        "vectors checked, of them also by preset"
    );
}
