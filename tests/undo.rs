//! Undo in any order over random histories: when everything is undone, in any order, the book is what it was before;
//! and what was undone can be undone in turn.
//!
//! `SETOFF_HISTORIES=100000 cargo test --test undo` tries that number; `SETOFF_SEED` repeats a run.

#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use operations::{Random, book, command};
use serde_json::{Value, json};
use setoff::document::{Documents, Figures, HistoryEntry, Kind, SettledBy};
use setoff::error::Figure;
use setoff::{Code, Error};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};
use support::host::Host;
use support::invariants;

/// The commands that make the documents of a book, and those that settle them.
const DOCUMENTS: usize = 14;
const SETTLEMENTS: usize = 24;

/// What settles documents and makes none.
const SETTLING: [&str; 5] = ["apply", "unapply", "collect", "undo", "bulk"];

fn settles(command: &Value) -> bool {
    let name = command["type"].as_str().unwrap_or_default();
    let is_settling = SETTLING.iter().any(|verb| name.starts_with(verb));
    let commands = command["commands"].as_array();
    is_settling && commands.is_none_or(|commands| commands.iter().all(settles))
}

/// A book with documents, and a random history of what was settled between them.
struct History {
    host: Host,
    /// The book before anything of the history.
    beginning: Host,
    /// The application groups of the history.
    groups: Vec<u64>,
}

impl History {
    fn new(random: &mut Random) -> Self {
        let mut options = book(random);
        options["closedPeriods"] = "documents".into();
        let mut host = Host::open(&options).expect("the options are valid");
        let mut place = 0;
        for _ in 0..DOCUMENTS {
            let made = command(random, &host, place.min(4));
            place += 1;
            let at = made["at"].as_str().unwrap_or_default();
            if at < "2026-02-20" && (made["type"] != "bulk") {
                drop(host.execute(&numbered(made, place)));
            }
        }
        for number in 0..3 {
            let pay = json!({ "type": "createPayment", "at": "2026-02-20", "id": format!("P{number}"),
                "amount": host.book.settings().currency.write(
                    setoff::money::Amount::new(300 * (number + 1)).unwrap()) });
            host.execute(&pay).expect("a payment comes in");
        }

        let beginning = host.clone();
        for step in 0..SETTLEMENTS {
            // Some ten of a hundred random commands settle documents and nothing else.
            let found = (0..200)
                .map(|_| command(random, &host, 20 + step))
                .find(settles);
            if let Some(found) = found {
                drop(host.execute(&found));
                check(&host);
            }
        }
        let log = host.book.documents().log().iter();
        let versions = log.map(|entry| entry.version);
        let since = beginning.book.version();
        let groups: BTreeSet<_> = versions.filter(|version| *version > since).collect();
        Self {
            host,
            beginning,
            groups: groups.into_iter().collect(),
        }
    }
}

/// The random documents of one place have the same names.
fn numbered(mut made: Value, place: usize) -> Value {
    let id = made["id"].as_str().map(|id| format!("{id}-{place}"));
    if let Some(id) = id {
        made["id"] = id.clone().into();
        made["number"] = id.into();
    }
    made
}

fn undo(group: u64) -> Value {
    let group = HistoryEntry::group_id(group);
    json!({ "type": "undo", "at": "2026-12-31", "applicationGroupId": group })
}

/// Undoes operations in a random order, again and again, until none can be undone any more; what is barred as a whole,
/// application by application. Returns how many undos that took.
fn undo_all(host: &mut Host, groups: &[u64], random: &mut Random) -> usize {
    let mut undone_count = 0;
    loop {
        let mut order = groups.to_vec();
        random.shuffle(&mut order);
        let before = undone_count;
        for group in &order {
            undone_count += usize::from(is_undone(host, *group, &undo(*group)));
        }
        if undone_count == before {
            for group in order {
                for part in parts(host, group) {
                    undone_count += usize::from(is_undone(host, group, &part));
                }
            }
        }
        if undone_count == before {
            return undone_count;
        }
    }
}

/// Tries an undo.
fn is_undone(host: &mut Host, group: u64, command: &Value) -> bool {
    match host.execute(command) {
        Ok(_) => {
            check(host);
            true
        }
        Err(error) => {
            check_refusal(host, group, &error);
            false
        }
    }
}

/// The undo of each application of a group.
fn parts(host: &Host, group: u64) -> Vec<Value> {
    let documents = host.book.documents();
    let id = |index| documents.header(index).map(|header| header.id.to_string());
    let mut parts = Vec::new();
    for entry in documents.entries_of_version(group) {
        for application in entry.settlement.applications() {
            let mut part = undo(group);
            part["sourceId"] = id(entry.settlement.source).into();
            part["targetId"] = id(application.target).into();
            parts.push(part);
        }
    }
    parts
}

/// What bars the undo of each operation of a history, for a failure.
fn bars(host: &Host, groups: &[u64]) -> String {
    let refusals = groups.iter().map(|group| {
        let refusal = host.clone().execute(&undo(*group)).map(drop);
        let entries = host.book.documents().entries_of_version(*group);
        let undone: Vec<_> = entries.iter().map(|entry| entry.undoes).collect();
        let refusal = refusal.map_err(|error| error.sentence());
        format!("AG-{group}, which undid {undone:?}: {refusal:?}\n")
    });
    refusals.collect()
}

/// A refusal says which other operations bar the undo, and they are there.
fn check_refusal(host: &Host, group: u64, error: &Error) {
    let codes = [
        Code::ExceedsApplied,
        Code::ExceedsUnapplied,
        Code::ExceedsBalance,
    ];
    assert!(codes.contains(&error.code()), "AG-{group}: {error}");
    let mut named = 0;
    error.reason().figures(&mut |name, figure| {
        if let (Figure::Texts(texts), "later") = (figure, name) {
            for text in texts {
                let version = HistoryEntry::version_of(text).expect("a group");
                let entries = host.book.documents().entries_of_version(version);
                assert!(!entries.is_empty(), "AG-{group}: {error}");
                named += 1;
            }
        }
    });
    assert!(named > 0, "AG-{group} names no operation: {error}");
}

/// Everything that must hold, on every day.
fn check(host: &Host) {
    invariants::check(&host.book);
    check_days(host.book.documents());
}

/// On every day, what is applied and refunded of every line and document lies between nothing and all there is.
fn check_days(documents: &Documents) {
    type Line = (setoff::document::DocumentIndex, Option<usize>);
    let mut moves: BTreeMap<Line, BTreeMap<_, [i64; 2]>> = BTreeMap::new();
    for (index, document) in documents.all() {
        for entry in document.settled_before() {
            let column = usize::from(entry.by == SettledBy::Refund);
            for line in [None, Some(entry.line.get())] {
                let day = moves.entry((index, line)).or_default();
                day.entry(entry.date).or_default()[column] += entry.amount.minor();
            }
        }
    }
    for entry in documents.log() {
        let source = entry.settlement.source;
        for application in entry.settlement.applications() {
            let target = application.target;
            let day = documents.counts_from(entry.settlement.at, source, target);
            let refunds = documents.header(target).map(|header| header.kind) == Some(Kind::Refund);
            for item in application.items {
                for (line, column) in [
                    ((source, None), usize::from(refunds)),
                    ((source, Some(item.source.get())), usize::from(refunds)),
                    ((target, None), 0),
                    ((target, Some(item.target.get())), 0),
                ] {
                    let of_line = moves.entry(line).or_default();
                    of_line.entry(day).or_default()[column] += item.amount.minor();
                }
            }
        }
    }
    for ((index, line), days) in moves {
        let document = documents.get(index).expect("it is there");
        let figures = match line {
            Some(line) => &document.figures()[line],
            None => &document.header().figures,
        };
        let mut sums = [0, 0];
        for (day, more) in days {
            sums = [sums[0] + more[0], sums[1] + more[1]];
            let [applied, refunded] = sums.map(|sum| setoff::money::Amount::new(sum).unwrap());
            let possible =
                Figures::restore(figures.amount(), figures.netted(), applied, refunded).is_some();
            let id = &document.header().id;
            assert!(
                possible,
                "{id} {line:?} on {day:?}: {sums:?} of {figures:?}"
            );
        }
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().expect("a number"))
}

#[test]
fn what_is_undone_in_any_order_is_as_if_it_had_never_been() {
    let is_ci = std::env::var_os("CI").is_some();
    let wanted = number("SETOFF_HISTORIES").unwrap_or(if is_ci { 600 } else { 300 });
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let first = number("SETOFF_SEED").unwrap_or(now);
    println!("SETOFF_SEED={first}");
    let [mut undone_count, mut redone_count] = [0, 0];
    let mut stuck_count = 0_u64;
    for seed in first..first + wanted {
        println!("seed {seed}");
        let mut random = Random(seed);
        let history = History::new(&mut random);
        let [mut host, mut other] = [history.host.clone(), history.host.clone()];

        undone_count += undo_all(&mut host, &history.groups, &mut random);
        undo_all(&mut other, &history.groups, &mut random);

        let beginning = history.beginning.book.hash();
        for undone in [&host, &other] {
            if undone.book.hash() != beginning {
                let bars = bars(undone, &history.groups);
                assert!(
                    bars.contains("paired its lines in another way"),
                    "everything is undone: {bars}"
                );
                stuck_count += 1;
            }
        }
        undo_backwards(&history);

        redone_count += check_redo(&history, &mut random);
    }
    println!(
        "{undone_count} operations undone, {redone_count} undone and done again, {stuck_count} histories of which \
         something had been paired anew"
    );
    assert!(
        stuck_count * 100 <= wanted,
        "nearly everything can be undone in any order"
    );
}

/// The last first, everything can be undone, whatever was paired anew.
fn undo_backwards(history: &History) {
    let mut host = history.host.clone();
    for group in history.groups.iter().rev() {
        if let Err(error) = host.execute(&undo(*group)) {
            check_refusal(&host, *group, &error);
        }
    }
    let beginning = history.beginning.book.hash();
    assert_eq!(
        host.book.hash(),
        beginning,
        "everything is undone, the last first"
    );
}

/// Some operations are undone, and then these undos, the last first: each brings back what was before it. In another
/// order, something else may have used meanwhile what would be applied again.
fn check_redo(history: &History, random: &mut Random) -> usize {
    let mut some = history.groups.clone();
    random.shuffle(&mut some);
    some.truncate(some.len() / 2);
    let mut host = history.host.clone();
    let mut undone = Vec::new();
    for group in some {
        let before = host.book.hash();
        if host.execute(&undo(group)).is_ok() {
            undone.push((host.book.version(), before));
        }
    }
    let restored = host.restored().expect("a book comes back");
    assert_eq!(restored.book.snapshot(), host.book.snapshot());

    let count = undone.len();
    for (group, before) in undone.into_iter().rev() {
        let redone = host.execute(&undo(group));
        redone.unwrap_or_else(|error| panic!("AG-{group} is undone: {error}"));
        check(&host);
        assert_eq!(host.book.hash(), before, "what was undone is done again");
    }
    count
}

/// An unapplication that pairs lines below zero anew takes what an earlier undo left, so it can be undone all the same.
#[test]
fn an_undo_before_an_unapplication_does_not_bar_it() {
    let mut host = Host::open(&json!({ "currency": "JPY", "overCrediting": "header" })).unwrap();
    let tax = |id: &str, amount: &str| json!({ "id": id, "name": "VAT", "amount": amount });
    let commands = [
        // The tax of the discount stays below zero, so it is set off against the other lines.
        json!({ "type": "createInvoice", "at": "2026-02-22", "id": "I", "autoPost": true, "items": [
            { "id": "1", "amount": "122", "taxItems": [tax("1t", "18")] },
            { "id": "2", "amount": "615", "taxItems": [tax("2t", "87")] },
            { "id": "off", "amount": "-205", "appliedToItemId": "2", "taxItems": [tax("offt", "-29")] },
        ] }),
        // More than item 1 can take, so that the rest goes to all other lines.
        json!({ "type": "createCreditMemo", "at": "2026-02-23", "id": "C", "invoiceId": "I",
            "autoPost": true, "autoApply": true, "items": [
                { "id": "1", "sourceItemId": "1" },
                { "id": "2", "sourceItemId": "1", "amount": "32" },
        ] }),
        json!({ "type": "undo", "at": "2026-02-24", "applicationGroupId": "AG-2", "sourceId": "C",
            "targetId": "I", "items": [{ "targetItemId": "1" }] }),
    ];
    for command in commands {
        host.execute(&command).unwrap();
    }
    let before = host.book.hash();
    let back = json!({ "type": "unapplyCreditMemo", "at": "2026-02-25", "creditMemoId": "C" });
    let outcome = host.execute(&back).unwrap().value();
    let group = &outcome["applicationGroupId"];
    host.execute(&json!({ "type": "undo", "at": "2026-02-26", "applicationGroupId": group }))
        .unwrap();
    assert_eq!(host.book.hash(), before);
}
