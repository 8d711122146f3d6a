//! Published allocations (`tests/vectors/`), each by its own parameters, and by the preset that stands for its source.

use rust_decimal::Decimal;
use serde_json::{Map, Value};
use setoff::allocate::{AllZero, AllocateRequest, FirstPass, Leftover, Method};
use setoff::money::text;
use std::path::Path;

/// Vectors that a source prints and that we do not follow, and why.
const DEVIATIONS: &[(&str, &str)] = &[(
    "fw-003",
    "the source loses a unit of a negative amount: its parts sum to -4, not -5",
)];

fn read(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn decimal(value: &Value) -> Decimal {
    match value {
        Value::String(text) => text::parse(text).unwrap(),
        Value::Number(number) => text::parse(&number.to_string()).unwrap(),
        other => panic!("not a number: {other}"),
    }
}

/// The parameters of `allocation.md#splits-by-name`, as a method. Unknown ones are an error, so that none is passed
/// over.
fn method(params: &Map<String, Value>) -> Method {
    let largest = |params: &Map<String, Value>| {
        !matches!(
            params.get("leftover").and_then(Value::as_str),
            Some("first" | "last")
        )
    };
    let mut method = Method {
        mirror: false,
        zero_may_receive: !largest(params),
        ..Method::default()
    };
    for (name, value) in params {
        match (name.as_str(), value.as_str(), value.as_bool()) {
            ("base", Some("down"), _) => method.first_pass = FirstPass::Down,
            ("base", Some("floor"), _) => method.first_pass = FirstPass::Floor,
            ("base", Some("half_down"), _) => method.first_pass = FirstPass::HalfDown,
            ("base", Some("sequential_back"), _) => method.from_back = true,
            ("split_rounding", Some("half_up"), _) => method.first_pass = FirstPass::HalfUp,
            ("leftover", Some("largest_remainder"), _) => {
                method.leftover = Leftover::LargestRemainder
            }
            ("leftover", Some("largest_weight"), _) => method.leftover = Leftover::LargestWeight,
            ("leftover", Some("first"), _) => method.leftover = Leftover::First,
            ("leftover", Some("last"), _) => method.leftover = Leftover::Last,
            ("sign", Some(sign), _) => method.mirror = sign == "mirror",
            ("skip_zero_weight", _, Some(skip)) => method.zero_may_receive = !skip,
            ("all_zero", Some("error"), _) => method.all_zero = AllZero::Refuse,
            ("all_zero", Some("zeros"), _) => method.all_zero = AllZero::Zeros,
            ("all_zero", Some("even"), _) => method.all_zero = AllZero::Even,
            ("negative_weights", Some(rule), _) => method.allow_negative = rule == "allow",
            ("cap_total", _, Some(cap)) => {
                method.cap_total = cap;
                method.allow_unallocated = cap;
            }
            ("abandon_if_nothing", _, Some(abandon)) => method.abandon_if_nothing = abandon,
            // `rounding` is of time proration; a file sets it for all of its kinds.
            ("tie", Some("index"), _) | ("increment" | "rounding", ..) => {}
            other => panic!("unknown parameter {other:?}"),
        }
    }
    method
}

/// Splits as a vector says, and compares. `Err` tells the difference.
fn check(vector: &Value, method: Method, params: &Map<String, Value>) -> Result<(), String> {
    let inputs = &vector["inputs"];
    let list = |name: &str| {
        inputs[name]
            .as_array()
            .map(|list| list.iter().map(decimal).collect::<Vec<_>>())
    };
    let keys = inputs["keys"].as_array();
    let request = AllocateRequest {
        method,
        amount: decimal(&inputs["total"]),
        weights: list("weights").unwrap(),
        caps: list("caps"),
        keys: keys.map(|keys| keys.iter().map(|key| key.as_str().unwrap()).collect()),
        increment: Some(params.get("increment").map_or(Decimal::ONE, decimal)),
    };
    let outcome = request.split();
    let expected = &vector["expected"];
    if expected["error"] == true {
        return outcome.map_or(Ok(()), |split| {
            Err(format!("not refused: {:?}", split.parts))
        });
    }
    let split = outcome.map_err(|error| error.to_string())?;
    let decimal = |units: i64| Decimal::from_i128_with_scale(units.into(), split.scale);
    let parts: Vec<_> = split.parts.iter().map(|&part| decimal(part)).collect();
    let sum: Decimal = parts.iter().sum();
    assert_eq!(sum + decimal(split.unallocated), request.amount, "{vector}");
    if let Some(expected) = expected["parts"].as_array() {
        let expected: Vec<_> = expected.iter().map(self::decimal).collect();
        if parts != expected {
            return Err(format!("{parts:?}, expected {expected:?}"));
        }
    }
    if !expected["sum"].is_null() && sum != self::decimal(&expected["sum"]) {
        return Err(format!("sum {sum}"));
    }
    Ok(())
}

#[test]
fn published_allocations_come_out_as_printed() {
    let mut checked = 0;
    let mut by_preset = 0;
    let presets = read("presets.json");
    for file in [
        "allocate_billing.json",
        "allocate_money_libs.json",
        "allocate_derived.json",
    ] {
        let file = read(file);
        let vectors = file["vectors"].as_array().unwrap();
        for vector in vectors.iter().filter(|vector| vector["kind"] == "allocate") {
            let id = vector["id"].as_str().unwrap();
            let mut params = file["params"].as_object().unwrap().clone();
            params.extend(vector["params"].as_object().cloned().unwrap_or_default());
            let outcome = check(vector, method(&params), &params);
            let deviation = DEVIATIONS.iter().find(|(known, _)| *known == id);
            match (outcome, deviation) {
                (Ok(()), None) | (Err(_), Some(_)) => checked += 1,
                (Ok(()), Some((id, _))) => panic!("{id} is no deviation any more"),
                (Err(difference), None) => panic!("{id}: {difference}"),
            }
            if deviation.is_none()
                && let Some(preset) = preset_of(&presets, id, &params)
            {
                check(vector, preset, &params)
                    .unwrap_or_else(|difference| panic!("{id} by preset: {difference}"));
                by_preset += 1;
            }
        }
    }
    // So that none is passed over. The other 14 set something that their source leaves open, or have no preset.
    assert_eq!(
        (checked, by_preset),
        (101, 87),
        "vectors checked, of them also by preset"
    );
}

/// The preset that stands for the source of a vector, unless the vector sets what its source leaves open.
fn preset_of(presets: &Value, id: &str, params: &Map<String, Value>) -> Option<Method> {
    const NAMES: &[(&str, &str)] = &[
        ("advised", "default"),
        ("openmeter", "openMeter"),
        ("polar_fixed_discount", "polarFixedDiscount"),
        ("dinero", "dinero"),
        ("moneyphp", "moneyPhp"),
        ("rubymoney", "rubyMoney"),
        ("go_money", "goMoney"),
        ("rusty_money", "rustyMoney"),
        ("vendure", "vendure"),
        ("sylius_proportional", "syliusProportional"),
        ("fowler", "fowler"),
    ];
    // A whole identifier, or what the identifiers of a source begin with.
    let verifies = |preset: &Value| {
        preset["verified_by"].as_array().unwrap().iter().any(|by| {
            let by = by.as_str().unwrap();
            by == id
                || id
                    .strip_prefix(by)
                    .is_some_and(|rest| rest.starts_with('-'))
        })
    };
    let (name, preset) = presets["allocation"]
        .as_object()
        .unwrap()
        .iter()
        .find(|(_, preset)| verifies(preset))?;
    let known = |param: &String| {
        param == "increment" || param == "rounding" || !preset["params"][param].is_null()
    };
    let (_, ours) = NAMES
        .iter()
        .find(|(theirs, _)| theirs == name)
        .filter(|_| params.keys().all(known))?;
    Method::preset(ours)
}
