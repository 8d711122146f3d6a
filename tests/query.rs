//! Queries against a naive reference: all rows of a kind as data, filtered, sorted and cut one by one.

#[path = "support/mod.rs"]
mod support;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use setoff::book::EntryOptions;
use setoff::error::Code;
use setoff::query;
use setoff::query::Condition;
use setoff::query::Op;
use setoff::query::Query;
use setoff::query::RowKind;
use setoff::query::Selector;
use setoff::wire::{entry, export};
use std::cmp::Ordering;
use std::collections::BTreeMap;
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
        if kind == "CreditMemo" {
            add_notes(fields, dice);
        }
        if kind != "CreditMemo" && kind != "Payment" && dice.chance(50) {
            fields.insert("dueDate".into(), json!(dice.day()));
        }
        if kind == "Payment" {
            fields.insert("amount".into(), json!(amount));
        } else {
            let tax = json!({
                "id": "1-T",
                "amount": dice.one_of(&["0", "1", "2"]),
                "name": dice.one_of(&["VAT", "GST"]),
                "rate": "0.10",
                "exemptAmount": dice.one_of(&["0", "1", "2"]),
            });
            let sku = dice.one_of(&["S1", "S2"]);
            let mut items =
                vec![json!({ "id": "1", "amount": amount, "sku": sku, "taxItems": [tax] })];
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
            if dice.chance(30) {
                let verb = verb.replace("apply", "refund");
                let refund = format!("R-{}", source["id"].as_str().unwrap());
                let _ = host.execute(&json!({ "type": verb, "at": "2026-04-01", id: source["id"],
                    "id": refund, "amount": dice.one_of(&["1", "2", "3"]) }));
            }
        }
    }
}

/// What a credit memo may say beside its items, each by chance.
fn add_notes(fields: &mut Map<String, Value>, dice: &mut Dice) {
    let notes = [
        ("targetDate", json!(dice.day())),
        ("reasonCode", json!(dice.one_of(&["Goodwill", "Error", ""]))),
        ("autoApply", json!(true)),
        ("excludeFromAutoApply", json!(true)),
    ];
    for (name, value) in notes {
        if dice.chance(40) {
            fields.insert(name.into(), value);
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

/// The kinds of rows with fields to compare by: text, decimal, day, boolean, custom or group.
type Table = (
    &'static str,
    &'static [(&'static str, char)],
    &'static [(&'static str, bool)],
);

const TABLES: [Table; 8] = [
    (
        "creditMemo",
        CREDIT_MEMO,
        &[("number", true), ("id", false)],
    ),
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
/// Every field by which Zuora and DayZero filter or order credit memos, and a few more.
const CREDIT_MEMO: &[(&str, char)] = &[
    ("id", 't'),
    ("number", 't'),
    ("accountId", 't'),
    ("currency", 't'),
    ("status", 'w'),
    ("date", 'd'),
    ("targetDate", 'd'),
    ("postedOn", 'd'),
    ("lastAppliedOn", 'd'),
    ("amount", 'n'),
    ("taxAmount", 'n'),
    ("taxExemptAmount", 'n'),
    ("appliedAmount", 'n'),
    ("refundAmount", 'n'),
    ("unappliedAmount", 'n'),
    ("remainingBalance", 'n'),
    ("referredDocumentId", 't'),
    ("reasonCode", 't'),
    ("comment", 't'),
    ("customFields.Region", 'c'),
    ("autoApply", 'b'),
    ("excludeFromAutoApply", 'b'),
    ("hasApplications", 'b'),
    ("canBeApplied", 'b'),
    ("canBeVoided", 'b'),
    ("canBeDeleted", 'b'),
    ("zuoraStatus", 'w'),
    ("quickstartStatus", 'w'),
    ("dayZeroStatus", 'w'),
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
    ("targetId", 't'),
    ("targetItemId", 't'),
    ("targetTaxItemId", 't'),
    ("amount", 'n'),
];
const APPLICATION: &[(&str, char)] = &[
    ("applicationGroupId", 'g'),
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

/// The version that names an application group.
fn version(group: &str) -> u64 {
    group.strip_prefix("AG-").unwrap().parse().unwrap()
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
        (Value::String(a), Value::String(b)) if holds == 'g' => version(a).cmp(&version(b)),
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

/// The same number with more decimals, which is the same; or as it is.
fn with_more_decimals(dice: &mut Dice, number: Value) -> Value {
    match number.as_str() {
        Some(text) if text.contains('.') && dice.chance(50) => json!(format!("{text}00")),
        _ => number,
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
                "in" => {
                    // Few are looked through one by one, many by halves.
                    let count = *dice.one_of(&[0, 1, 2, 3, 30]);
                    Value::Array((0..count).map(|_| sample(dice)).collect())
                }
                "startsWith" | "contains" => {
                    json!(*dice.one_of(&["", "I", "NV-1", "cm", "late", "0", "Ä"]))
                }
                _ => sample(dice),
            };
            let with = match with {
                Value::Array(values) if holds == 'n' => {
                    let alike = |value| with_more_decimals(dice, value);
                    Value::Array(values.into_iter().map(alike).collect())
                }
                with if holds == 'n' => with_more_decimals(dice, with),
                with => with,
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
    let of = RowKind::ALL
        .iter()
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

/// The sums of every field that can be summed are those of the rows that the naive reference has, currency by currency.
fn check_sums(
    host: &Host,
    table: usize,
    query: &Map<String, Value>,
    rows: &[Value],
) -> Result<(), TestCaseError> {
    let of = RowKind::ALL
        .iter()
        .find(|of| of.as_str() == TABLES[table].0)
        .unwrap();
    let summable = of.fields(false).filter(|field| field.is_summable());
    let fields: Vec<_> = summable.map(|field| field.name).collect();
    let mut expected: BTreeMap<String, Vec<i128>> = BTreeMap::new();
    for row in rows {
        let currency = row["currency"].as_str().unwrap().to_owned();
        let sums = expected
            .entry(currency)
            .or_insert_with(|| vec![0; fields.len()]);
        for (sum, field) in sums.iter_mut().zip(&fields) {
            *sum += row[*field].as_str().map_or(0, number);
        }
    }

    let mut query = query.clone();
    query.insert("sum".into(), json!(fields));
    query.insert("page".into(), json!({ "size": 1 }));
    let found = host.query(&Value::Object(query)).unwrap().value();
    let found = found["sums"].as_array().unwrap().iter().map(|sums| {
        let amounts = fields
            .iter()
            .map(|field| number(sums[*field].as_str().unwrap()));
        let currency = sums["currency"].as_str().unwrap().to_owned();
        (currency, amounts.collect::<Vec<_>>())
    });
    prop_assert_eq!(
        found.collect::<Vec<_>>(),
        expected.into_iter().collect::<Vec<_>>()
    );
    Ok(())
}

/// Balances by account and currency; those of nothing are left out.
type Balances = BTreeMap<(String, String), i128>;

fn add_balance(balances: &mut Balances, row: &Value, amount: i128) {
    let text = |field: &str| row[field].as_str().unwrap().to_owned();
    let balance = balances
        .entry((text("accountId"), text("currency")))
        .or_default();
    *balance += amount;
}

fn amount(row: &Value, field: &str) -> i128 {
    row[field].as_str().map_or(0, number)
}

fn rows_of(host: &Host, query: Value) -> Vec<Value> {
    let mut query = query;
    query["page"] = json!({ "size": 100_000 });
    let page = host.query(&query).unwrap().value();
    page["rows"].as_array().unwrap().clone()
}

/// The balances of accounts on a day.
fn balances_on(host: &Host, day: &str) -> Balances {
    let mut balances = Balances::new();
    for row in rows_of(host, json!({ "of": "account", "asOf": day })) {
        add_balance(&mut balances, &row, amount(&row, "balance"));
    }
    balances.retain(|_, balance| *balance != 0);
    balances
}

/// Accounts by age and statements agree with the documents of their days, and with the balances of accounts.
fn check_balances(host: &Host, dice: &mut Dice) -> Result<(), TestCaseError> {
    let days: Vec<_> = (1..=5)
        .flat_map(|month| (1..=28).map(move |day| format!("2026-{month:02}-{day:02}")))
        .collect();
    let first = dice.below(days.len() - 1) + 1;
    let last = first + dice.below(days.len() - first);
    let (from, to) = (&days[first], &days[last]);

    // By age: from the documents as they were on the day, one by one.
    let mut ages: BTreeMap<(String, String), [i128; 5]> = BTreeMap::new();
    for row in rows_of(
        host,
        json!({ "of": "document", "asOf": to, "where": { "status": "posted" } }),
    ) {
        let place = match row["dueDate"].as_str() {
            None => 4,
            Some(due) => match day_number(to) - day_number(due) {
                ..=0 => 0,
                1..=10 => 1,
                11..=30 => 2,
                _ => 3,
            },
        };
        let open = amount(&row, "balance") + amount(&row, "unappliedAmount");
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        ages.entry((text("accountId"), text("currency")))
            .or_default()[place] += open;
    }
    ages.retain(|_, age| *age != [0; 5]);
    let mut found: BTreeMap<(String, String), [i128; 5]> = BTreeMap::new();
    for row in rows_of(host, json!({ "of": "ageing", "at": to, "days": [10, 30] })) {
        let bucket = |place: usize| amount(&row["buckets"][place], "amount");
        let age = [
            amount(&row, "notDueAmount"),
            bucket(0),
            bucket(1),
            bucket(2),
            amount(&row, "unappliedAmount"),
        ];
        prop_assert_eq!(amount(&row, "overdueAmount"), age[1] + age[2] + age[3]);
        prop_assert_eq!(
            amount(&row, "balance"),
            age[0] + age[1] + age[2] + age[3] - age[4]
        );
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        found.insert((text("accountId"), text("currency")), age);
    }
    found.retain(|_, age| *age != [0; 5]);
    prop_assert_eq!(found, ages, "on {}", to);

    // Statements: they go from the balance of the day before to that of the last day, entry by entry.
    let mut running = balances_on(host, &days[first - 1]);
    let mut opened = Balances::new();
    for row in rows_of(host, json!({ "of": "statement", "from": from, "to": to })) {
        if row["entry"] == "opening" {
            add_balance(&mut opened, &row, amount(&row, "balance"));
        }
        add_balance(&mut running, &row, amount(&row, "amount"));
        let text = |field: &str| row[field].as_str().unwrap().to_owned();
        let balance = running[&(text("accountId"), text("currency"))];
        prop_assert_eq!(amount(&row, "balance"), balance, "{:?}", row);
    }
    opened.retain(|_, balance| *balance != 0);
    running.retain(|_, balance| *balance != 0);
    prop_assert_eq!(
        opened,
        balances_on(host, &days[first - 1]),
        "before {}",
        from
    );
    prop_assert_eq!(running, balances_on(host, to), "on {}", to);
    Ok(())
}

/// The number of a day of 2026.
fn day_number(day: &str) -> i64 {
    let parts: Vec<i64> = day.split('-').map(|part| part.parse().unwrap()).collect();
    let before = [0, 31, 59, 90, 120, 151];
    before[usize::try_from(parts[1]).unwrap() - 1] + parts[2]
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
        check_sums(&host, table, &query, &expected)?;

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

    check_balances(&host, &mut dice)?;

    // A cursor stays right when documents are added: what follows is what the reference has behind that row.
    let fields = names(0);
    let all = everything(&host, 0, &fields);
    let (query, before) = random_query(&mut dice, 0, &all);
    let moving = [
        "appliedAmount",
        "unappliedAmount",
        "refundAmount",
        "remainingBalance",
        "hasApplications",
        "canBeApplied",
        "canBeVoided",
        "dayZeroStatus",
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

/// Invoices made one after another, more than are looked through at once: (id, number, account, amount) of each.
fn many(host: &mut Host, numbers: impl Iterator<Item = usize>) -> Vec<[String; 4]> {
    let make = |(place, number): (usize, usize)| {
        let id = format!(
            "an-identifier-with-much-in-common-{:05}",
            place * 7919 % 30_011
        );
        let number = format!("INV-{number:05}");
        let (account, amount) = (format!("A-{}", place % 3), format!("{}.00", 1 + place % 2));
        let items = json!([{ "id": "1", "amount": amount }]);
        let command = json!({ "type": "createInvoice", "id": id, "number": number, "at": "2026-01-01",
            "accountId": account, "items": items });
        host.carry_out(&command).unwrap();
        [id, number, account, amount]
    };
    (0..).zip(numbers).map(make).collect()
}

/// The identifiers of a page, and its cursors.
fn ids(host: &Host, query: &Value) -> (Vec<Value>, [Value; 2]) {
    let page = host.query(query).unwrap().value();
    let rows = page["rows"].as_array().unwrap();
    let ids = rows.iter().map(|row| row["id"].clone()).collect();
    (ids, [page["previous"].clone(), page["next"].clone()])
}

/// In whatever order documents were made, and however many are level in the first fields of an order, a page has the
/// rows that sorting all of them gives.
#[test]
fn pages_are_the_same_however_documents_were_made() {
    const COUNT: usize = 9_000;
    // The fields of an order by their place in what `many` tells, and whether each descends.
    let orders: [&[(usize, bool)]; 8] = [
        &[(1, true), (0, false)],
        &[(1, false)],
        &[(3, false), (1, true)],
        &[(3, true), (1, false)],
        &[(2, true), (3, false), (1, false)],
        &[(2, false), (3, true), (0, true)],
        &[(0, true)],
        &[(3, true), (0, false)],
    ];
    let names = ["id", "number", "accountId", "amount"];
    // Rising, falling, to the middle from both ends, and in no order.
    let makes: [fn(usize) -> usize; 4] = [
        |place| place,
        |place| COUNT - 1 - place,
        |place| {
            if place % 2 == 0 {
                place / 2
            } else {
                COUNT - 1 - place / 2
            }
        },
        |place| place * 7_919 % COUNT,
    ];
    for make in makes {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        let mut all = many(&mut host, (0..COUNT).map(make));
        for keys in orders {
            all.sort_by(|a, b| {
                let orders = keys.iter().map(|&(field, down)| {
                    let order = a[field].cmp(&b[field]);
                    if down { order.reverse() } else { order }
                });
                orders.fold(Ordering::Equal, Ordering::then)
            });
            let sort: Vec<_> = keys
                .iter()
                .map(|&(field, down)| json!({ "by": names[field], "dir": if down { "desc" } else { "asc" } }))
                .collect();
            let expected = |from: usize| -> Vec<Value> {
                all.iter()
                    .skip(from)
                    .take(20)
                    .map(|document| json!(document[0]))
                    .collect()
            };
            for number in [1, 7, COUNT / 20] {
                let from = (number - 1) * 20;
                let query = json!({ "of": "invoice", "sort": sort, "page": { "number": number } });
                let (found, [previous, next]) = ids(&host, &query);
                assert_eq!(found, expected(from), "{query}");
                for (name, cursor, from) in [
                    ("before", previous, from.saturating_sub(20)),
                    ("after", next, from + 20),
                ] {
                    if !cursor.is_null() {
                        let query =
                            json!({ "of": "invoice", "sort": sort, "page": { name: cursor } });
                        assert_eq!(ids(&host, &query).0, expected(from), "{query}");
                    }
                }
            }
        }
    }
}

/// A comparison with several values holds for each of them, with kept numbers and without; one with none is refused.
#[test]
fn every_value_of_a_comparison_counts() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    many(&mut host, 0..6);
    let of = RowKind::Invoice;
    for (field, op, values, rows) in [
        ("amount", Op::AtLeast, &["1", "2"][..], 3),
        ("amount", Op::AtLeast, &["2", "1"], 3),
        ("amount", Op::AtMost, &["1", "2"], 3),
        ("amount", Op::Is, &["1", "2"], 6),
        ("amount", Op::Is, &[], 0),
        ("amount", Op::IsNot, &["1", "2"], 0),
        ("amount", Op::IsNot, &[], 6),
        ("number", Op::More, &["INV-00001", "INV-00003"], 2),
        ("number", Op::StartsWith, &["INV", "INV-0"], 6),
        ("number", Op::Contains, &["INV", "3"], 1),
    ] {
        let value = |text: &&str| match field {
            "amount" => query::Operand::Decimal(setoff::money::text::parse(text).unwrap()),
            _ => query::Operand::Text((*text).into()),
        };
        let by = Selector {
            field: of.field(field, false).unwrap(),
            custom: None,
        };
        let condition = Condition {
            by,
            op,
            values: values.iter().map(value).collect(),
        };
        let mut query = Query::all(of);
        query.filter = vec![condition];
        let answer = host.book.query(&query).unwrap();
        assert_eq!(answer.rows.len(), rows, "{field} {op:?} {values:?}");
    }
    for &op in Op::ALL {
        let by = Selector {
            field: of.field("number", false).unwrap(),
            custom: None,
        };
        let filter = vec![Condition {
            by,
            op,
            values: Vec::new(),
        }];
        let mut query = Query::all(of);
        query.filter = filter;
        let answer = host.book.query(&query);
        if !matches!(op, Op::Is | Op::IsNot) {
            let error = answer.unwrap_err();
            assert_eq!(
                (error.code(), error.path().as_str()),
                (Code::MissingField, "where.number"),
                "{op:?}"
            );
        }
    }
}

/// A cursor that was taken from a document goes on with the lines of the next one when that document is gone since,
/// also where only one of those that are named is left, or another has its identifier now.
#[test]
fn cursors_outlive_the_document_that_they_were_taken_from() {
    let create = |id: &str, number: &str| {
        let items: Vec<_> = (1..=4)
            .map(|n| json!({ "id": format!("{number}-{n}"), "amount": "1.00" }))
            .collect();
        json!({ "type": "createInvoice", "id": id, "number": number, "at": "2026-01-01", "items": items })
    };
    for (filter, then, expected) in [
        (
            json!({ "in": ["A", "B", "never"] }),
            None,
            ["1-1", "1-2", "1-3", "1-4"].as_slice(),
        ),
        (
            json!({ "in": ["A", "B"] }),
            Some(create("A", "0")),
            &["1-1", "1-2", "1-3", "1-4", "0-1", "0-2", "0-3", "0-4"],
        ),
        (
            json!("A"),
            Some(create("A", "0")),
            &["0-1", "0-2", "0-3", "0-4"],
        ),
        (json!("A"), Some(create("A", "9")), &[]),
        (json!("A"), None, &[]),
    ] {
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        host.execute(&create("A", "2")).unwrap();
        host.execute(&create("B", "1")).unwrap();
        let mut query =
            json!({ "of": "item", "where": { "documentId": filter }, "page": { "size": 3 } });
        let (first, [_, next]) = ids(&host, &query);
        assert_eq!(first, [json!("2-1"), json!("2-2"), json!("2-3")]);
        for verb in ["cancel", "delete"] {
            let command =
                json!({ "type": format!("{verb}Invoice"), "at": "2026-01-01", "invoiceId": "A" });
            host.execute(&command).unwrap();
        }
        then.iter()
            .for_each(|command| drop(host.execute(command).unwrap()));
        query["page"] = json!({ "size": 100, "after": next });
        assert_eq!(ids(&host, &query).0, expected, "{query}");
    }
}

/// A list of values is sorted once and looked up by halves. A search of the whole list for each row would take minutes
/// here; `npm run bench -- --only grows` measures it.
#[test]
fn a_long_list_of_values_is_no_search_a_row() {
    const COUNT: usize = 30_000;
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    let all = many(&mut host, 0..COUNT);
    let lists: [(&str, &str, Vec<Value>); 6] = [
        (
            "invoice",
            "id",
            all.iter().map(|row| json!(row[0])).collect(),
        ),
        (
            "invoice",
            "number",
            all.iter().map(|row| json!(row[1])).collect(),
        ),
        (
            "invoice",
            "amount",
            (0..COUNT)
                .map(|cents| json!(format!("{}.{:02}", cents / 100, cents % 100)))
                .collect(),
        ),
        (
            "invoice",
            "customFields.none",
            (0..COUNT)
                .map(|number| json!(number))
                .chain([Value::Null])
                .collect(),
        ),
        (
            "item",
            "documentId",
            all.iter().map(|row| json!(row[0])).collect(),
        ),
        (
            "item",
            "documentNumber",
            all.iter().map(|row| json!(row[1])).collect(),
        ),
    ];
    for (of, field, mut values) in lists {
        // In no order, some twice.
        let count = values.len();
        values.sort_by_key(|value| {
            value
                .to_string()
                .bytes()
                .fold(7_u32, |hash, byte| hash.wrapping_mul(31) ^ u32::from(byte))
        });
        values.extend_from_within(..count / 10);

        let filter = json!({ field: { "in": values } });
        let query = json!({ "of": of, "where": filter, "total": true, "page": { "size": 1 } });
        let request = support::wire::encode(&query);
        let query = setoff::wire::query::query(&setoff::wire::read(&request).unwrap()).unwrap();
        assert_eq!(
            host.book.query(&query).unwrap().total,
            Some(COUNT),
            "{query:?}"
        );
    }
}

/// Conditions and orders by custom fields are any number: they are read in a few steps each. To compare each with each
/// would take minutes here. A field that is named twice is found all the same.
#[test]
fn many_conditions_and_orders_are_read_at_once() {
    const COUNT: usize = 100_000;
    let fields: Vec<_> = (0..COUNT)
        .map(|place| format!("customFields.{}", place * 7_919 % COUNT))
        .collect();
    let filter: Map<_, _> = fields
        .iter()
        .map(|field| (field.clone(), Value::Null))
        .collect();
    let mut sort: Vec<_> = fields.iter().map(|field| json!({ "by": field })).collect();
    let read = |sort: &[Value]| {
        let request =
            support::wire::encode(&json!({ "of": "invoice", "where": filter, "sort": sort }));
        setoff::wire::query::query(&setoff::wire::read(&request).unwrap())
    };
    let query = read(&sort).unwrap();
    assert_eq!([query.filter.len(), query.sort.len()], [COUNT; 2]);

    sort[COUNT - 1] = sort[70].clone();
    sort[COUNT - 2] = sort[80].clone();
    let error = read(&sort).unwrap_err();
    let path = format!("sort[{}].by", COUNT - 2);
    assert_eq!((error.code(), error.path()), (Code::DuplicateEntry, path));
}

/// Zuora has seven words for the status of a memo. No memo of a book is ever in the last four states, so a filter by
/// them finds nothing; a word that Zuora does not have is refused.
#[test]
fn a_filter_takes_all_words_of_zuora_for_a_status() {
    let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
    many(&mut host, 0..3);
    let found = |word: &str| {
        let filter = json!({ "zuoraStatus": word });
        let page = host.query(&json!({ "of": "invoice", "where": filter, "total": true }));
        page.map(|page| page.value()["total"].clone())
    };

    let words = [
        "Error",
        "PendingForTax",
        "Generating",
        "CancelInProgress",
        "Posted",
        "Canceled",
    ];
    for word in words {
        assert_eq!(found(word).unwrap(), json!(0), "{word}");
    }
    assert_eq!(found("Draft").unwrap(), json!(3));
    assert_eq!(found("Pending").unwrap_err().code(), Code::InvalidChoice);
}

/// Lists about one account, one source or one target are found from it, and have the rows that a filter over all has:
/// also after documents went to another account, and where an identifier was that of a deleted document.
#[test]
fn what_is_found_from_an_account_is_what_a_filter_over_all_finds() {
    for seed in 0..20 {
        let mut dice = Dice(seed);
        let mut host = Host::open(&json!({ "currency": "USD" })).unwrap();
        for round in 0..3 {
            grow(&mut host, &mut dice, 40, round * 100);
            shake(&mut host, &mut dice);
            for row in rows_of(&host, json!({ "of": "payment" })) {
                let _ = host.execute(&json!({ "type": "transferPayment", "at": "2026-06-01",
                    "paymentId": row["id"], "accountId": *dice.one_of(&["A-1", "A-3"]) }));
            }
        }
        for of in [
            "invoice",
            "document",
            "item",
            "taxItem",
            "part",
            "partItem",
            "application",
            "applicationItem",
            "account",
        ] {
            let kind = RowKind::ALL
                .iter()
                .find(|kind| kind.as_str() == of)
                .unwrap();
            let fields: Vec<_> = kind.fields(false).map(|field| field.name).collect();
            let all = rows_of(&host, json!({ "of": of, "fields": fields }));
            for field in ["accountId", "sourceId", "targetId", "documentId", "id"] {
                if !fields.contains(&field) {
                    continue;
                }
                let values: Vec<_> = all.iter().map(|row| row[field].clone()).take(12).collect();
                for value in values {
                    let query = json!({ "of": of, "fields": fields, "where": { field: value } });
                    let expected: Vec<_> = all.iter().filter(|row| row[field] == value).collect();
                    assert_eq!(
                        json!(rows_of(&host, query)),
                        json!(expected),
                        "{of} {field} {value}"
                    );
                }
            }
        }
    }
}

/// Carries a command out in a book with a log.
fn enter(host: &mut Host, command: &Value) {
    let request = support::wire::encode(command);
    let request = setoff::wire::read(&request).unwrap();
    entry::execute(
        &mut host.book,
        &request,
        &EntryOptions::default(),
        |_, _| Ok(()),
    )
    .unwrap();
}

/// The command that applies 3.00 of a memo to each of some invoices.
fn apply(memo: &str, invoices: &[&str]) -> Value {
    let invoices = invoices.iter();
    let invoices: Vec<_> = invoices
        .map(|id| json!({ "invoiceId": id, "amount": "3" }))
        .collect();
    json!({ "type": "applyCreditMemo", "at": "2026-01-01", "creditMemoId": memo,
        "invoices": invoices })
}

/// A history in which a version has no application, one or several, and some were taken back, undone and applied again.
fn history() -> Host {
    let options = support::wire::encode(&json!({ "currency": "USD", "log": true }));
    let (book, _) = entry::open(&setoff::wire::read(&options).unwrap()).unwrap();
    let mut host = Host { book };
    let at = "2026-01-01";
    for id in ["I-1", "I-2"] {
        let items = json!([{ "id": "a", "amount": "50" }, { "id": "b", "amount": "50" }]);
        enter(
            &mut host,
            &json!({ "type": "createInvoice", "at": at, "id": id, "items": items, "autoPost": true }),
        );
    }
    for id in ["C-1", "C-2"] {
        enter(
            &mut host,
            &json!({ "type": "createCreditMemo", "at": at, "id": id, "autoPost": true,
                "items": [{ "id": "a", "amount": "100" }] }),
        );
    }
    for command in [
        apply("C-1", &["I-1"]),
        apply("C-2", &["I-2", "I-1"]),
        json!({ "type": "updateCreditMemo", "at": at, "creditMemoId": "C-1", "comment": "none" }),
        json!({ "type": "bulk", "at": at,
            "commands": [apply("C-1", &["I-2"]), apply("C-2", &["I-2"]), apply("C-1", &["I-1"])] }),
        json!({ "type": "undo", "at": at, "applicationGroupId": "AG-5" }),
        json!({ "type": "unapplyCreditMemo", "at": at, "creditMemoId": "C-2" }),
        json!({ "type": "undo", "at": at, "applicationGroupId": "AG-9" }),
        apply("C-1", &["I-1", "I-2"]),
    ] {
        enter(&mut host, &command);
    }
    host
}

/// The book of its own export.
fn imported(host: &Host) -> Host {
    let mut lines = String::new();
    export::export(&host.book, &mut |piece| lines.push_str(piece)).unwrap();
    let mut import = export::Import::default();
    for line in lines.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let request = support::wire::encode(&value);
        import
            .take(&setoff::wire::read(&request).unwrap(), line)
            .unwrap();
    }
    Host {
        book: import.finish().unwrap(),
    }
}

/// Applications are found by their versions without a look at the others. What is found is what the reference has:
/// with each comparison and each bound, from one source or from all, in a book that was restored or imported, too.
#[test]
fn applications_of_some_versions_are_those_of_a_naive_reference() {
    let host = history();
    let last = host.book.version();
    let bounds: Vec<_> = (0..=last + 2).collect();
    for host in [&host, &host.restored().unwrap(), &imported(&host)] {
        for of in ["application", "applicationItem"] {
            let fields = ["applicationGroupId", "sourceId", "targetId", "amount"];
            let all = rows_of(host, json!({ "of": of, "fields": fields }));
            assert!(all.len() >= 12, "{of}");
            for op in ["eq", "ne", "lt", "lte", "gt", "gte"] {
                for bound in &bounds {
                    check_versions(host, of, &all, &[(op, json!([bound]))]);
                    let above = ("gt", json!([bound.saturating_sub(3)]));
                    check_versions(host, of, &all, &[above, (op, json!([bound]))]);
                }
            }
            for several in [json!([]), json!([5, last]), json!([last, 8, 6, 8])] {
                check_versions(host, of, &all, &[("in", several)]);
            }
        }
    }
}

/// Whether the version of a row meets a condition.
fn has_version(row: &Value, (op, versions): &(&str, Value)) -> bool {
    let versions = versions.as_array().unwrap();
    let version = json!(version(row["applicationGroupId"].as_str().unwrap()));
    match *op {
        "in" => versions.contains(&version),
        op => meets('i', op, &version, &versions[0]),
    }
}

/// Checks what the conditions find in one field or the other, from one source and from all.
fn check_versions(host: &Host, of: &str, all: &[Value], conditions: &[(&str, Value)]) {
    let expected: Vec<_> = all
        .iter()
        .filter(|row| {
            conditions
                .iter()
                .all(|condition| has_version(row, condition))
        })
        .collect();
    let of_first: Vec<_> = expected
        .iter()
        .filter(|row| row["sourceId"] == "C-1")
        .collect();

    let fields = ["applicationGroupId", "sourceId", "targetId", "amount"];
    for field in ["applicationGroupId", "version"] {
        let mut filter = Map::new();
        for (op, versions) in conditions {
            let versions = versions.as_array().unwrap().iter();
            let mut values: Vec<_> = versions
                .map(|version| match field {
                    "version" => version.clone(),
                    _ => json!(format!("AG-{version}")),
                })
                .collect();
            let value = match *op {
                "in" => json!(values),
                _ => values.remove(0),
            };
            filter.insert((*op).into(), value);
        }
        let filter = json!({ field: filter });
        let found = rows_of(host, json!({ "of": of, "fields": fields, "where": filter }));
        assert_eq!(json!(found), json!(expected), "{of} {filter}");

        let mut filter = filter;
        filter["sourceId"] = json!("C-1");
        let found = rows_of(host, json!({ "of": of, "fields": fields, "where": filter }));
        assert_eq!(json!(found), json!(of_first), "{of} {filter}");
    }
}

proptest! {
    #![proptest_config(property::config(200))]

    #[test]
    fn pages_are_those_of_a_naive_reference(seed in any::<u64>()) {
        check(seed)?;
    }
}

/// A field that the types do not have, nobody finds: neither who writes TypeScript nor who writes a scenario.
#[test]
fn the_types_have_every_field_of_every_row() {
    const TYPES: [&str; 3] = [
        include_str!("../src/wire/types/values.d.ts"),
        include_str!("../src/wire/types/outcome.d.ts"),
        include_str!("../src/wire/types/query.d.ts"),
    ];
    let is_declared = |name: &str| {
        let forms = [format!("readonly {name}:"), format!("readonly {name}?:")];
        let has = |types: &&str| forms.iter().any(|form| types.contains(form.as_str()));
        TYPES.iter().any(has)
    };
    for &kind in RowKind::ALL {
        for field in kind.fields(false).chain(kind.fields(true)) {
            assert!(
                is_declared(field.name),
                "`{}` of {kind} has no type: it goes into `src/wire/types/outcome.d.ts` if rows show it by themselves, \
                 into `query.d.ts` if it is asked for",
                field.name
            );
        }
    }
}

/// The declaration of a type of queries, from its name to the semicolon.
fn declaration(name: &str) -> &'static str {
    let types = include_str!("../src/wire/types/query.d.ts");
    let (_, text) = types
        .split_once(name)
        .unwrap_or_else(|| panic!("src/wire/types/query.d.ts has no `{name}`"));
    text.split(';').next().unwrap()
}

/// Whether a union of names has a name, as TypeScript reads it: `"amount"`, `${string}Amount` or `canBe${string}`.
fn has_name(union: &str, name: &str) -> bool {
    union.split('|').any(|member| {
        let member = member.trim().trim_matches(['"', '`']);
        match member.split_once("${string}") {
            Some((start, end)) => name.starts_with(start) && name.ends_with(end),
            None => member == name,
        }
    })
}

/// TypeScript takes out of a list as of a day what the engine would refuse there, and nothing else.
#[test]
fn the_types_name_the_fields_that_speak_of_now() {
    let of_now = declaration("type NowField =");
    for &kind in RowKind::ALL.iter().filter(|kind| kind.has_past()) {
        for field in kind.fields(false) {
            let has_past = kind.fields(true).any(|known| known.name == field.name);
            assert_eq!(
                has_name(of_now, field.name),
                !has_past,
                "`{}` of {kind}: `NowField` (query.d.ts) against `now_only` (src/query/fields)",
                field.name
            );
        }
    }
}

/// TypeScript offers for `sum` what the engine sums, and nothing else.
#[test]
fn the_types_name_the_fields_that_are_summed() {
    let summable = declaration("type SummableField<Of extends RowKind> = Extract<");
    let (fields, union) = summable.split_once(">,\n").unwrap();
    let union = union.trim_end().strip_suffix('>').unwrap();
    // Of all rows, and of one kind of them: `(Of extends "statement" ? "balance" : never)`.
    let (_, excluded) = fields.split_once("FieldName<Of>,").unwrap();
    let is_excluded = |kind: RowKind, name: &str| {
        excluded
            .split('|')
            .any(|member| match member.split_once('?') {
                Some((condition, excluded)) => {
                    condition.contains(&format!("\"{kind}\""))
                        && excluded.contains(&format!("\"{name}\""))
                }
                None => has_name(member, name),
            })
    };
    for &kind in RowKind::ALL {
        for field in kind.fields(false) {
            let is_named = has_name(union, field.name) && !is_excluded(kind, field.name);
            assert_eq!(
                is_named,
                field.is_summable(),
                "`{}` of {kind}: `SummableField` (query.d.ts) against `is_summable` (src/query/field.rs)",
                field.name
            );
        }
    }
}
