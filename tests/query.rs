//! Queries against a naive reference: all rows of a kind as data, filtered, sorted and cut one by one.

#[path = "support/mod.rs"]
mod support;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use support::host::Host;
use support::property;

/// Numbers from a linear congruential generator.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(limit).unwrap()).unwrap()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn day(&mut self) -> String {
        format!("2026-{:02}-{:02}", self.below(3) + 1, self.below(5) + 1)
    }
}

const KINDS: [&str; 4] = ["Invoice", "CreditMemo", "DebitMemo", "Payment"];

/// Executes what is possible of some random commands.
fn grow(host: &mut Host, dice: &mut Dice, documents: usize, from: usize) {
    for place in from..from + documents {
        let kind = *dice.one_of(&KINDS);
        let currency = *dice.one_of(&["USD", "USD", "JPY", "KWD"]);
        let amount = match currency {
            "USD" => format!("{}.{:02}", dice.below(30), dice.below(3) * 25 + 1),
            "KWD" => format!("{}.{:03}", dice.below(30), dice.below(3) * 250),
            _ => format!("{}", dice.below(30) + 1),
        };
        let mut new = json!({
            "type": format!("create{kind}"),
            "id": format!("{}{place}", dice.one_of(&["D-", "d", "X-0", "äöü", "sixteen-bytes-id", "sixteen-bytes-i"])),
            "at": dice.day(),
            "currency": currency,
            "accountId": *dice.one_of(&["", "A-1", "A-10", "A-2"]),
        });
        let fields = new.as_object_mut().unwrap();
        if dice.chance(60) {
            let number = format!(
                "{}{}",
                dice.one_of(&["INV-", "INV-0", "CM-000000", ""]),
                dice.below(40)
            );
            fields.insert("number".into(), json!(number));
        }
        if dice.chance(40) {
            fields.insert(
                "comment".into(),
                json!(*dice.one_of(&["", "Late", "late fee", "ÄB", "a\u{0}b"])),
            );
        }
        if dice.chance(50) {
            let value = [
                json!(null),
                json!(true),
                json!(-3),
                json!(12),
                json!("12"),
                json!("EU"),
            ];
            fields.insert(
                "customFields".into(),
                json!({ "Region": dice.one_of(&value), "other": 1 }),
            );
        }
        if kind == "Payment" {
            fields.insert("amount".into(), json!(amount));
        } else {
            let mut items = vec![
                json!({ "id": "1", "amount": amount, "sku": dice.one_of(&["S1", "S2"]),
                "taxItems": [{ "id": "1-T", "amount": "2", "name": dice.one_of(&["VAT", "GST"]), "rate": "0.10" }] }),
            ];
            items.extend(
                (0..dice.below(3))
                    .map(|n| json!({ "id": format!("i{n}"), "amount": "3", "quantity": "1.50" })),
            );
            fields.insert("items".into(), json!(items));
            fields.insert("autoPost".into(), json!(dice.chance(80)));
        }
        let _ = host.execute(&new);
    }
    let ids = |host: &Host, of: &str| -> Vec<Value> {
        let page = host
            .query(&json!({ "of": of, "where": { "status": "posted" }, "page": { "size": 1000 } }));
        page.unwrap().value()["rows"].as_array().unwrap().clone()
    };
    let demands = ids(host, "invoice");
    for (of, verb, id) in [
        ("creditMemo", "applyCreditMemo", "creditMemoId"),
        ("payment", "applyPayment", "paymentId"),
    ] {
        for source in ids(host, of) {
            let Some(target) = (!demands.is_empty()).then(|| dice.one_of(&demands)) else {
                continue;
            };
            let at = dice.day();
            let _ = host.execute(&json!({ "type": verb, "at": at, id: source["id"],
                "invoices": [{ "invoiceId": target["id"] }] }));
            if dice.chance(30) {
                let verb = verb.replace("apply", "unapply");
                let _ =
                    host.execute(&json!({ "type": verb, "at": "2026-04-01", id: source["id"] }));
            }
        }
    }
}

/// Voids, cancels, deletes and changes documents, and previews it before.
fn shake(host: &mut Host, dice: &mut Dice) {
    let page = host
        .query(&json!({ "of": "creditMemo", "page": { "size": 1000 } }))
        .unwrap()
        .value();
    for memo in page["rows"].as_array().unwrap() {
        let verb = *dice.one_of(&[
            "void", "cancel", "delete", "unpost", "post", "update", "none",
        ]);
        let mut command = json!({
            "type": format!("{verb}CreditMemo"), "at": "2026-05-01", "creditMemoId": memo["id"] });
        if verb == "update" {
            command["comment"] = json!("Late");
            command["date"] = json!(dice.day());
        }
        let _ = host.preview(&command);
        if dice.chance(50) {
            let _ = host.execute(&command);
        }
    }
}

/// The kinds of rows with fields to compare by: text, decimal, day, boolean or custom.
type Table = (
    &'static str,
    &'static [(&'static str, char)],
    &'static [(&'static str, bool)],
);

const TABLES: [Table; 8] = [
    ("creditMemo", DOCUMENT, &[("number", true), ("id", false)]),
    ("invoice", DEMAND, &[("number", true), ("id", false)]),
    ("document", DOCUMENT, &[("number", true), ("id", false)]),
    (
        "item",
        ITEM,
        &[
            ("documentNumber", true),
            ("documentId", false),
            ("position", false),
        ],
    ),
    (
        "taxItem",
        TAX,
        &[
            ("documentNumber", true),
            ("documentId", false),
            ("position", false),
        ],
    ),
    (
        "partItem",
        PART,
        &[
            ("sourceId", false),
            ("targetId", false),
            ("targetPosition", false),
            ("sourcePosition", false),
        ],
    ),
    (
        "application",
        APPLICATION,
        &[("settlement", false), ("position", false)],
    ),
    (
        "account",
        ACCOUNT,
        &[("accountId", false), ("currency", false)],
    ),
];
const DOCUMENT: &[(&str, char)] = &[
    ("id", 't'),
    ("number", 't'),
    ("accountId", 't'),
    ("currency", 't'),
    ("status", 'w'),
    ("date", 'd'),
    ("amount", 'n'),
    ("appliedAmount", 'n'),
    ("remainingBalance", 'n'),
    ("comment", 't'),
    ("customFields.Region", 'c'),
    ("hasApplications", 'b'),
    ("canBeVoided", 'b'),
    ("lastAppliedOn", 'd'),
    ("zuoraStatus", 'w'),
];
const DEMAND: &[(&str, char)] = &[
    ("number", 't'),
    ("dueDate", 'd'),
    ("balance", 'n'),
    ("canBePaid", 'b'),
    ("status", 'w'),
];
const ITEM: &[(&str, char)] = &[
    ("id", 't'),
    ("documentId", 't'),
    ("documentNumber", 't'),
    ("documentType", 'w'),
    ("sku", 't'),
    ("amount", 'n'),
    ("openAmount", 'n'),
    ("quantity", 'n'),
    ("position", 'i'),
];
const TAX: &[(&str, char)] = &[
    ("itemId", 't'),
    ("name", 't'),
    ("rate", 'n'),
    ("amount", 'n'),
    ("currency", 't'),
];
const PART: &[(&str, char)] = &[
    ("sourceId", 't'),
    ("targetItemId", 't'),
    ("targetTaxItemId", 't'),
    ("amount", 'n'),
];
const APPLICATION: &[(&str, char)] = &[
    ("sourceId", 't'),
    ("targetId", 't'),
    ("at", 'd'),
    ("amount", 'n'),
    ("ruleUsed", 'w'),
];
const ACCOUNT: &[(&str, char)] = &[
    ("accountId", 't'),
    ("currency", 't'),
    ("balance", 'n'),
    ("openCreditMemos", 'i'),
];

/// The number that a decimal writes, times 10²⁸ and the sign apart.
fn number(text: &str) -> i128 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = format!("{}{fraction:0<12}", whole.trim_start_matches('-'));
    digits.parse::<i128>().unwrap() * sign
}

/// Digits count as the number that they write.
fn natural(text: &str) -> Vec<(bool, u128, String)> {
    let mut parts: Vec<(bool, String)> = Vec::new();
    for character in text.chars() {
        match parts.last_mut() {
            Some((true, digits)) if character.is_ascii_digit() => digits.push(character),
            _ => parts.push((character.is_ascii_digit(), character.into())),
        }
    }
    parts
        .into_iter()
        .map(|(is_number, text)| {
            (
                !is_number,
                if is_number { text.parse().unwrap() } else { 0 },
                if is_number { "0".into() } else { text },
            )
        })
        .collect()
}

fn compare(holds: char, natural_order: bool, a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        _ => 3,
    };
    match (a, b) {
        (Value::String(a), Value::String(b)) if holds == 'n' => number(a).cmp(&number(b)),
        (Value::String(a), Value::String(b)) if natural_order => compare_naturally(a, b),
        (Value::String(a), Value::String(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.as_i64().cmp(&b.as_i64()),
        _ => rank(a).cmp(&rank(b)),
    }
}

/// Part by part; a number stands where the character `0` does. Level ones by their text.
fn compare_naturally(a: &str, b: &str) -> Ordering {
    let (parts_a, parts_b) = (natural(a), natural(b));
    for (a, b) in parts_a.iter().zip(&parts_b) {
        let order =
            a.2.as_bytes()
                .cmp(b.2.as_bytes())
                .then(b.0.cmp(&a.0))
                .then(a.1.cmp(&b.1));
        if order.is_ne() {
            return order;
        }
    }
    parts_a.len().cmp(&parts_b.len()).then_with(|| a.cmp(b))
}

fn meets(holds: char, op: &str, cell: &Value, with: &Value) -> bool {
    let order = || compare(holds, false, cell, with);
    let has = !cell.is_null() && !with.is_null();
    match op {
        "eq" => order().is_eq(),
        "ne" => order().is_ne(),
        "in" => with
            .as_array()
            .unwrap()
            .iter()
            .any(|with| compare(holds, false, cell, with).is_eq()),
        "lt" => has && order().is_lt(),
        "lte" => has && order().is_le(),
        "gt" => has && order().is_gt(),
        "gte" => has && order().is_ge(),
        "startsWith" => {
            has && cell
                .as_str()
                .is_some_and(|text| text.starts_with(with.as_str().unwrap()))
        }
        "contains" => {
            let lower = |value: &Value| value.as_str().map(str::to_ascii_lowercase);
            has && lower(cell).is_some_and(|text| text.contains(&lower(with).unwrap()))
        }
        _ => unreachable!(),
    }
}

/// A field of a row of all fields.
fn cell<'r>(row: &'r Value, field: &str) -> &'r Value {
    match field.split_once('.') {
        Some((custom, name)) => row[custom].get(name).unwrap_or(&Value::Null),
        None => &row[field],
    }
}

/// A random query of a table and, row by row, what the naive reference says it has.
fn random_query(dice: &mut Dice, table: usize, all: &[Value]) -> (Map<String, Value>, Vec<Value>) {
    let (of, fields, default) = TABLES[table];
    let mut rows: Vec<Value> = all.to_vec();
    let mut filter = Map::new();
    for _ in 0..dice.below(3) {
        let &(field, holds) = dice.one_of(fields);
        if filter.contains_key(field) {
            continue;
        }
        let sample = |dice: &mut Dice| {
            if all.is_empty() || dice.chance(25) {
                Value::Null
            } else {
                cell(dice.one_of(all), field).clone()
            }
        };
        let ops: &[&str] = match holds {
            't' => &["eq", "ne", "in", "lt", "gte", "startsWith", "contains"],
            _ => &["eq", "ne", "in", "lt", "lte", "gt", "gte"],
        };
        let mut conditions = Map::new();
        for _ in 0..=dice.below(2) {
            let op = *dice.one_of(ops);
            let with = match op {
                "in" => Value::Array((0..dice.below(3)).map(|_| sample(dice)).collect()),
                "startsWith" | "contains" => {
                    json!(*dice.one_of(&["", "I", "NV-1", "cm", "late", "0", "Ä"]))
                }
                _ => sample(dice),
            };
            // The same number with more decimals is the same.
            let with = match (&with, holds) {
                (Value::String(text), 'n') if text.contains('.') && dice.chance(50) => {
                    json!(format!("{text}00"))
                }
                _ => with,
            };
            rows.retain(|row| {
                !conditions.is_empty() && conditions.contains_key(op)
                    || meets(holds, op, cell(row, field), &with)
            });
            conditions.entry(op).or_insert(with);
        }
        let plain = conditions.len() == 1 && conditions.contains_key("eq") && dice.chance(50);
        filter.insert(
            field.into(),
            if plain {
                conditions["eq"].clone()
            } else {
                Value::Object(conditions)
            },
        );
    }
    let mut keys: Vec<(&str, char, bool, bool)> = Vec::new();
    let mut sort = Vec::new();
    for _ in 0..dice.below(3) {
        let &(field, holds) = dice.one_of(fields);
        if keys.iter().all(|key| key.0 != field) {
            let (down, natural) = (dice.chance(50), dice.chance(30));
            keys.push((field, holds, down, natural));
            let mut key = json!({ "by": field, "dir": if down { "desc" } else { "asc" } });
            if natural {
                key["natural"] = json!(true);
            }
            sort.push(key);
        }
    }
    for &(field, down) in default {
        if keys.iter().all(|key| key.0 != field) {
            keys.push((field, 't', down, false));
        }
    }
    rows.sort_by(|a, b| {
        let orders = keys.iter().map(|&(field, holds, down, natural)| {
            let order = compare(holds, natural, cell(a, field), cell(b, field));
            if down { order.reverse() } else { order }
        });
        orders
            .into_iter()
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    });
    let mut query = Map::new();
    query.insert("of".into(), json!(of));
    query.insert("where".into(), Value::Object(filter));
    query.insert("sort".into(), Value::Array(sort));
    (query, rows)
}

/// All fields of all rows, in the default order.
fn everything(host: &Host, table: usize, whole: &[&'static str]) -> Vec<Value> {
    let (of, ..) = TABLES[table];
    let page = host
        .query(&json!({ "of": of, "fields": whole, "page": { "size": 100_000 } }))
        .unwrap();
    page.value()["rows"].as_array().unwrap().clone()
}

fn names(table: usize) -> Vec<&'static str> {
    let of = setoff::query::Of::ALL
        .into_iter()
        .find(|of| of.as_str() == TABLES[table].0)
        .unwrap();
    of.fields(false).map(|field| field.name).collect()
}

fn page(
    host: &Host,
    query: &Map<String, Value>,
    page: Value,
    fields: &[&str],
    total: bool,
) -> Value {
    let mut query = query.clone();
    query.insert("page".into(), page);
    query.insert("fields".into(), json!(fields));
    query.insert("total".into(), json!(total));
    host.query(&Value::Object(query))
        .unwrap_or_else(|error| panic!("{error}"))
        .value()
}

fn check(seed: u64) -> Result<(), TestCaseError> {
    let mut dice = Dice(seed);
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let count = dice.below(30);
    grow(&mut host, &mut dice, count, 0);
    for round in 1..=6 {
        if dice.chance(60) {
            // What queries keep of documents has to follow them.
            let count = dice.below(4);
            grow(&mut host, &mut dice, count, round * 100);
            shake(&mut host, &mut dice);
        }
        let table = dice.below(TABLES.len());
        let fields = names(table);
        let all = everything(&host, table, &fields);
        let (query, expected) = random_query(&mut dice, table, &all);
        let size = dice.below(5) + 1;
        let pages = expected.len().div_ceil(size);

        // Page by number, one beyond the last too.
        for number in 1..=pages + 1 {
            let counted = dice.chance(50);
            let found = page(
                &host,
                &query,
                json!({ "number": number, "size": size }),
                &fields,
                counted,
            );
            let start = ((number - 1) * size).min(expected.len());
            let end = (start + size).min(expected.len());
            prop_assert_eq!(
                &found["rows"],
                &json!(expected[start..end]),
                "{:?} page {}",
                query,
                number
            );
            prop_assert_eq!(
                &found["total"],
                &if counted {
                    json!(expected.len())
                } else {
                    Value::Null
                }
            );
            prop_assert_eq!(
                found["next"].is_null(),
                end == expected.len(),
                "{:?} page {}",
                query,
                number
            );
            prop_assert_eq!(found["previous"].is_null(), start == 0 || start == end);
        }

        // Forwards by cursor, and from the last page backwards.
        let mut found = page(&host, &query, json!({ "size": size }), &fields, false);
        let mut rows = found["rows"].as_array().unwrap().clone();
        while let Some(next) = found["next"].as_str() {
            let counted = dice.chance(50);
            found = page(
                &host,
                &query,
                json!({ "after": next, "size": size }),
                &fields,
                counted,
            );
            prop_assert_eq!(
                &found["total"],
                &if counted {
                    json!(expected.len())
                } else {
                    Value::Null
                }
            );
            prop_assert!(!found["previous"].is_null());
            rows.extend(found["rows"].as_array().unwrap().iter().cloned());
        }
        prop_assert_eq!(&json!(rows), &json!(expected), "{:?} forwards", query);
        let mut rows = found["rows"].as_array().unwrap().clone();
        while let Some(previous) = found["previous"].as_str() {
            found = page(
                &host,
                &query,
                json!({ "before": previous, "size": size }),
                &fields,
                false,
            );
            prop_assert!(!found["next"].is_null());
            rows.splice(0..0, found["rows"].as_array().unwrap().iter().cloned());
        }
        prop_assert_eq!(&json!(rows), &json!(expected), "{:?} backwards", query);
    }

    // A cursor stays right when documents are added: what follows is what the reference has behind that row.
    let fields = names(0);
    let all = everything(&host, 0, &fields);
    let (query, before) = random_query(&mut dice, 0, &all);
    let moving = [
        "appliedAmount",
        "remainingBalance",
        "hasApplications",
        "canBeVoided",
        "lastAppliedOn",
    ];
    let text = serde_json::to_string(&query).unwrap();
    let first = page(&host, &query, json!({ "size": 3 }), &fields, false);
    if let (Some(next), false) = (
        first["next"].as_str(),
        moving.iter().any(|field| text.contains(field)),
    ) {
        grow(&mut host, &mut dice, 8, 1000);
        let found = page(
            &host,
            &query,
            json!({ "after": next, "size": 1000 }),
            &["id"],
            false,
        );
        let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        let after: Vec<_> = ids(found["rows"].as_array().unwrap());
        let old: Vec<_> = ids(&before);
        prop_assert_eq!(
            after
                .iter()
                .filter(|id| old.contains(id))
                .cloned()
                .collect::<Vec<_>>(),
            old[3..].to_vec()
        );
        let again = page(&host, &query, json!({ "size": 1000 }), &["id"], false);
        let all = ids(again["rows"].as_array().unwrap());
        prop_assert_eq!(&all[all.len() - after.len()..], &after[..]);
        prop_assert_eq!(&all[all.len() - after.len() - 1], &old[2]);
    }
    Ok(())
}

#[test]
fn few_of_many_are_the_right_ones() {
    let mut dice = Dice(11);
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    grow(&mut host, &mut dice, 3_000, 0);
    for table in 0..TABLES.len() {
        let fields = names(table);
        let all = everything(&host, table, &fields);
        for _ in 0..4 {
            let (query, expected) = random_query(&mut dice, table, &all);
            let size = [1, 7, 300][dice.below(3)];
            for number in [1, 2, 5, expected.len() / size, expected.len() / size + 1]
                .map(|number| number.max(1))
            {
                let found = page(
                    &host,
                    &query,
                    json!({ "number": number, "size": size }),
                    &fields,
                    true,
                );
                let start = ((number - 1) * size).min(expected.len());
                let end = (start + size).min(expected.len());
                assert_eq!(
                    found["rows"],
                    json!(expected[start..end]),
                    "{query:?} page {number}"
                );
                assert_eq!(found["total"], json!(expected.len()));
                for (name, cursor, rows) in [
                    (
                        "after",
                        &found["next"],
                        end..(end + size).min(expected.len()),
                    ),
                    (
                        "before",
                        &found["previous"],
                        start.saturating_sub(size)..start,
                    ),
                ] {
                    if let Some(cursor) = cursor.as_str() {
                        let found = page(
                            &host,
                            &query,
                            json!({ name: cursor, "size": size }),
                            &fields,
                            false,
                        );
                        assert_eq!(
                            found["rows"],
                            json!(expected[rows]),
                            "{query:?} {name} page {number}"
                        );
                    }
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(property::config(200))]

    #[test]
    fn pages_are_those_of_a_naive_reference(seed in any::<u64>()) {
        check(seed)?;
    }
}
