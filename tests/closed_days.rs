//! What closed periods promise with `closedPeriods: "balances"`: whatever a book is told afterwards, no balance, ageing
//! or statement of a closed day changes.
//!
//! `SETOFF_BOOKS=10000 cargo test --test closed_days` tries that number; `SETOFF_SEED` repeats a run.

#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use operations::{Random, book, command, command_on};
use serde_json::{Value, json};
use setoff::Code;
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};
use support::host::Host;

/// The commands before the periods are closed, one a day, and those after it, on days before and after.
const BEFORE: usize = 30;
const AFTER: usize = 60;

/// The last closed day, and days up to it.
const THROUGH: &str = "2026-03-01";
const CLOSED_DAYS: [&str; 4] = ["2026-01-20", "2026-02-16", "2026-02-24", THROUGH];

/// What the book says of closed days.
fn reports(host: &Host) -> Vec<Value> {
    let mut queries = Vec::new();
    for day in CLOSED_DAYS {
        queries.push(json!({ "of": "account", "asOf": day }));
        queries.push(json!({ "of": "ageing", "at": day, "days": [5, 10] }));
        queries.push(
            json!({ "of": "document", "asOf": day, "where": { "status": "posted" },
            "fields": ["id", "accountId", "currency", "amount", "balance", "unappliedAmount"] }),
        );
    }
    queries.push(json!({ "of": "statement", "from": "2026-01-01", "to": THROUGH }));

    let mut reports = Vec::new();
    for mut query in queries {
        query["page"] = json!({ "size": 10_000 });
        let mut answer = host.query(&query).expect("the query is valid").value();
        // A list of documents is in the order of their numbers, and the number of a draft can change.
        if query["of"] == "document"
            && let Some(rows) = answer["rows"].as_array_mut()
        {
            rows.sort_by_key(|row| row["id"].to_string());
        }
        reports.push(json!({ "query": query, "rows": answer["rows"] }));
    }
    reports
}

/// Whether a command opens or closes periods: the host alone decides that.
fn closes(command: &Value) -> bool {
    let commands = command["commands"].as_array();
    command["type"] == "closePeriods" || commands.is_some_and(|all| all.iter().any(closes))
}

/// A random book with a past, closed through a day in the midst of it.
fn closed_book(random: &mut Random) -> Host {
    let mut options = book(random);
    options["closedPeriods"] = "documents".into();
    let mut host = Host::open(&options).expect("the options are valid");
    for place in 0..BEFORE {
        let made = command(random, &host, place);
        if !closes(&made) {
            drop(host.execute(&made));
        }
    }
    let close = json!({ "type": "closePeriods", "at": "2026-03-20", "through": THROUGH,
        "closedPeriods": "balances" });
    host.execute(&close).expect("periods can be closed");
    host
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_report_of_a_closed_day_changes() {
    let wanted = number("SETOFF_BOOKS").unwrap_or(60);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let first = number("SETOFF_SEED").unwrap_or(now);
    println!("SETOFF_SEED={first}");

    let mut done: BTreeMap<String, u64> = BTreeMap::new();
    let mut refused: BTreeMap<String, u64> = BTreeMap::new();
    for seed in first..first + wanted {
        println!("seed {seed}");
        let mut random = Random(seed);
        let mut host = closed_book(&mut random);
        let reported = reports(&host);
        for place in BEFORE..BEFORE + AFTER {
            let day = random.number(40);
            let command = command_on(&mut random, &host, place, day);
            if closes(&command) {
                continue;
            }
            let name = command["type"].as_str().unwrap_or_default().to_owned();
            match host.execute(&command) {
                Ok(_) => {
                    *done.entry(name).or_default() += 1;
                    for (reported, again) in reported.iter().zip(reports(&host)) {
                        assert_eq!(*reported, again, "after {command}");
                    }
                }
                Err(error) if error.code() == Code::PeriodClosed => {
                    *refused.entry(name).or_default() += 1;
                }
                Err(_) => {}
            }
        }
    }

    println!("done {done:?}, refused {refused:?}");
    assert!(
        done.values().sum::<u64>() > wanted * 5 && refused.values().sum::<u64>() > wanted,
        "commands are carried out, and others are refused for a closed day"
    );
}
