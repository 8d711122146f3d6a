//! Random operations of every kind on random books. Whatever is asked, in whatever order: all invariants hold after it,
//! a refusal changes nothing, a preview, its commit and the execution are one, what a result says moved has moved and
//! nothing else has, and a restored book is the same book.
//!
//! `SETOFF_COMMANDS=1000000 cargo test --test operations` carries out that number; `SETOFF_SEED` repeats a run.
//! What fails is printed as the shortest list of commands, found by leaving out one after another, that still fails.

#[path = "support/operations.rs"]
mod operations;
#[path = "support/mod.rs"]
mod support;

use operations::{Random, book, command};
use serde_json::{Value, json};
use setoff::command::TYPES;
use setoff::document::{Documents, Kind};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{self, AssertUnwindSafe};
use std::time::{SystemTime, UNIX_EPOCH};
use support::host::{Host, Json};
use support::{invariants, oracles, reasons};

/// The commands of one book.
const LENGTH: usize = 40;

/// What is open on every line of every document, by identifier and line.
type Open = BTreeMap<(String, usize), i64>;

fn open(documents: &Documents) -> Open {
    let lines = documents.iter().flat_map(|(_, document)| {
        let id = document.header().id.to_string();
        document
            .figures()
            .iter()
            .enumerate()
            .map(move |(line, figures)| ((id.clone(), line), figures.open().minor()))
    });
    lines.collect()
}

/// By document.
fn totals(open: &Open) -> BTreeMap<&str, i64> {
    let mut totals = BTreeMap::new();
    for ((id, _), amount) in open {
        *totals.entry(&**id).or_default() += amount;
    }
    totals
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

/// Carries a command out in every way there is and returns the code of its refusal, if it was refused.
fn step(host: &mut Host, request: &Value) -> Option<&'static str> {
    let before = (host.book.hash(), host.book.snapshot());
    let then = host.clone();
    let plan = host.preview(request);
    assert_eq!(
        (host.book.hash(), host.book.snapshot()),
        before,
        "a preview changes nothing"
    );
    let committed = plan.as_ref().ok().map(|plan| {
        let mut host = host.clone();
        let json = host
            .commit(plan)
            .expect("what was planned a moment ago can be done");
        (json, host.book.snapshot())
    });
    reasons::check(host, request);
    let answer = host.execute(request);
    assert_eq!(
        plan.as_ref().map(|plan| &plan.json),
        answer.as_ref(),
        "a preview is what follows"
    );
    invariants::check(&host.book);
    let restored = host.restored().expect("a book comes back");
    assert_eq!(
        restored.book.hash(),
        host.book.hash(),
        "a restored book has the same state"
    );
    assert_eq!(
        restored.book.snapshot(),
        host.book.snapshot(),
        "a restored book has the same snapshot"
    );
    match answer {
        Ok(json) => {
            assert_eq!(
                Some((json.clone(), host.book.snapshot())),
                committed,
                "a commit is the execution"
            );
            oracles::check(&then.book, request, &json.value());
            check_outcome(&then, host, request, &json);
            None
        }
        Err(error) => {
            assert_eq!(
                (host.book.hash(), host.book.snapshot()),
                before,
                "a refusal changes nothing: {error}"
            );
            assert_ne!(error.code().as_str(), "engineFault", "{error}");
            check_first_day(then, request, &error);
            Some(error.code().as_str())
        }
    }
}

/// The day that the refusal of a day names suits the whole command.
fn check_first_day(mut host: Host, request: &Value, error: &setoff::Error) {
    let Some(day) = support::first_day(error) else {
        return;
    };
    let mut again = request.clone();
    let path = format!(
        "/{}",
        error.path().replace(['[', '.'], "/").replace(']', "")
    );
    let date = again.pointer_mut(&path).expect("a day of the request");
    *date = day.as_str().into();
    // A command is not before the document that it makes.
    if let Some(command) = path.strip_suffix("/date")
        && let Some(at) = again.pointer_mut(&format!("{command}/at"))
        && at.as_str().is_some_and(|at| at < day.as_str())
    {
        *at = day.as_str().into();
    }
    if let Err(later) = host.execute(&again) {
        let is_same = later.code() == error.code() && later.path() == error.path();
        assert!(!is_same, "{request}: {error}, then {later}");
    }
}

/// What a result says is what happened.
fn check_outcome(then: &Host, now: &Host, request: &Value, json: &Json) {
    let outcome = json.value();
    let (before, after) = (open(then.book.documents()), open(now.book.documents()));
    let write = |id: &str, minor: i64| {
        let documents = now.book.documents();
        let header = documents
            .header(documents.find(id).expect("it is there"))
            .expect("it is there");
        header
            .currency
            .write(setoff::money::Amount::new(minor).expect("it is in range"))
    };
    // An update moves nothing: it makes a draft anew. A document that is deleted has nothing open.
    let is_new = |id: &str| {
        list(&outcome, "created")
            .iter()
            .any(|created| text(created, "id") == id)
    };
    let remade: Vec<_> = match request["commands"].as_array() {
        Some(commands) => commands
            .iter()
            .filter(|command| text(command, "type").starts_with("update"))
            .collect(),
        None => Vec::new(),
    };
    let names = |command: &Value, id: &str| {
        let documents = now.book.documents();
        let header = documents.find(id).and_then(|index| documents.header(index));
        let number = header.map_or(id, |header| &header.number);
        command.as_object().is_some_and(|fields| {
            fields
                .iter()
                .any(|(name, value)| name.ends_with("Id") && (value == id || value == number))
        })
    };
    // A draft that is posted may get another rounding item, and a notice says so.
    let is_rounded_anew = |id: &str| {
        list(&outcome, "notices")
            .iter()
            .any(|notice| text(notice, "code") == "roundedAnew" && text(notice, "documentId") == id)
    };
    let is_remade =
        |id: &str| is_rounded_anew(id) || remade.iter().any(|command| names(command, id));
    let kind = text(&outcome, "type");
    let (was, is) = (totals(&before), totals(&after));
    let listed: BTreeSet<_> = list(&outcome, "documents")
        .iter()
        .map(|change| text(change, "documentId"))
        .collect();
    assert_eq!(
        listed.len(),
        list(&outcome, "documents").len(),
        "each document once"
    );
    for change in list(&outcome, "documents") {
        let id = text(change, "documentId");
        // What one command of a bulk command moved, a later one may have deleted.
        let Some(&left) = is.get(id) else {
            assert_eq!(kind, "bulk", "{id} is there");
            continue;
        };
        // What was made by the command, or made anew by one of a bulk command, has its whole amount before anything is
        // settled.
        let amount = was
            .get(id)
            .copied()
            .filter(|_| !is_new(id) && !is_remade(id));
        if let Some(amount) = amount {
            assert_eq!(
                text(change, "before"),
                write(id, amount),
                "{id}: before, by {request}"
            );
        }
        assert_eq!(text(change, "after"), write(id, left), "{id}: after");
    }
    let updates = kind.starts_with("update") || kind == "bulk" || kind.starts_with("delete");
    for (id, amount) in was.iter().filter(|_| !updates) {
        if !listed.contains(id) {
            assert_eq!(
                is.get(id) != Some(amount),
                is_rounded_anew(id),
                "{id} has moved if, and only if, somebody says so: {amount} before, {:?} after",
                is.get(id)
            );
        }
    }
    let mut lines = BTreeSet::new();
    for change in list(&outcome, "lines") {
        lines.insert((
            text(&change["line"], "documentId").to_owned(),
            change["line"].clone().to_string(),
        ));
        assert_ne!(
            change["before"], change["after"],
            "a line that has not moved is not listed"
        );
    }
    assert_eq!(lines.len(), list(&outcome, "lines").len(), "each line once");
    let id = ["invoiceId", "creditMemoId", "debitMemoId", "paymentId"]
        .map(|field| text(request, field))
        .join("");
    let all = request["amount"].is_null() && request["items"].is_null();
    if kind.starts_with("reverse") || kind.starts_with("writeOff") && all {
        let is_closed = after
            .iter()
            .filter(|((of, _), _)| *of == id)
            .all(|(_, open)| *open == 0);
        assert!(is_closed, "{kind} settles every line of {id}");
    }
    if kind.starts_with("apply") || kind.starts_with("unapply") || kind == "undo" {
        check_undo(then, now, text(&outcome, "applicationGroupId"));
    }
    check_direction(then, now, &outcome);
    if kind.starts_with("refund")
        && request["unapply"].is_null()
        && list(&outcome, "documents").len() == 2
    {
        let mut again = now.clone();
        let refund = text(&outcome["document"], "id");
        let cancel = json!({ "type": "cancelRefund", "at": "2026-12-31", "refundId": refund });
        again.execute(&cancel).expect("a refund can be canceled");
        let mut back = open(again.book.documents());
        back.retain(|(id, _), _| id != refund);
        assert_eq!(
            back, before,
            "a canceled refund gives back what it paid out"
        );
    }
}

/// What was applied, taken back or undone can be undone, and is then as if it had never been.
fn check_undo(then: &Host, now: &Host, group: &str) {
    // Who means all that is open may find nothing.
    if group.is_empty() {
        assert_eq!(now.book.hash(), then.book.hash(), "nothing was applied");
        return;
    }
    let mut again = now.clone();
    let undo = json!({ "type": "undo", "at": "2026-12-31", "applicationGroupId": group });
    again
        .execute(&undo)
        .expect("what was just done can be undone");
    assert_eq!(
        again.book.hash(),
        then.book.hash(),
        "undone is as never done"
    );
}

/// A write-off is not undone, whatever its sign: its counterpart is voided instead.
fn check_direction(then: &Host, now: &Host, outcome: &Value) {
    let kind = text(outcome, "type");
    let group = text(outcome, "applicationGroupId");
    let mut again = now.clone();
    let undo = json!({ "type": "undo", "at": "2026-12-31", "applicationGroupId": group });
    if kind.starts_with("writeOff") && !group.is_empty() {
        let refusal = again
            .execute(&undo)
            .expect_err("its counterpart would stay");
        assert_eq!(refusal.code().as_str(), "invalidStatus", "{refusal}");
        let (_, counterpart) = now.book.documents().iter().last().expect("it was made");
        let header = counterpart.header();
        let void = match header.kind {
            Kind::CreditMemo => {
                json!({ "type": "voidCreditMemo", "at": "2026-12-31", "creditMemoId": *header.id })
            }
            _ => json!({ "type": "voidDebitMemo", "at": "2026-12-31", "debitMemoId": *header.id }),
        };
        again.execute(&void).expect("a counterpart can be voided");
        let mut back = open(again.book.documents());
        let before = open(then.book.documents());
        back.retain(|line, _| before.contains_key(line));
        assert_eq!(back, before, "all that was written off is open again");
    }
}

/// When everything is taken back, nothing is applied but what reversals keep.
fn check_end(host: &mut Host) {
    let sources: Vec<_> = host
        .book
        .documents()
        .iter()
        .map(|(_, document)| document.header())
        .filter(|header| header.kind.is_source())
        .map(|header| (header.kind, header.id.to_string()))
        .collect();
    for (kind, id) in sources {
        let (name, field) = if kind == Kind::Payment {
            ("unapplyPayment", "paymentId")
        } else {
            ("unapplyCreditMemo", "creditMemoId")
        };
        step(
            host,
            &json!({ "type": name, "at": "2026-12-31", field: id }),
        );
    }
    let documents = host.book.documents();
    let reversed = |index| {
        documents
            .header(index)
            .is_some_and(|header| header.reversed)
    };
    for (source, target, _) in documents.parts() {
        let is_refund = documents
            .header(target)
            .is_some_and(|header| header.kind == Kind::Refund);
        // What is reversed stays settled, and so does the whole of a source one of whose targets is.
        let stays = reversed(source)
            || documents
                .parts_of(source)
                .any(|(target, _)| reversed(target));
        assert!(is_refund || stays, "everything else can be taken back");
    }
}

/// The commands of a book, one after another; what fails panics.
fn replay(options: &Value, commands: &[Value]) {
    let mut host = Host::open(options).expect("the options are valid");
    for command in commands {
        step(&mut host, command);
    }
    check_end(&mut host);
}

/// Leaves out whatever can be left out so that it still fails.
fn shortest(options: &Value, commands: Vec<Value>) -> Vec<Value> {
    let fails = |commands: &[Value]| {
        panic::catch_unwind(AssertUnwindSafe(|| replay(options, commands))).is_err()
    };
    let mut commands = commands;
    let mut place = commands.len();
    while place > 0 {
        place -= 1;
        let mut fewer = commands.clone();
        fewer.remove(place);
        if fails(&fewer) {
            commands = fewer;
        }
    }
    commands
}

#[test]
fn random_operations_keep_everything_that_must_hold() {
    let number = |name| {
        std::env::var(name)
            .ok()
            .map(|text| text.parse().expect("a number"))
    };
    let is_ci = std::env::var_os("CI").is_some();
    let wanted = number("SETOFF_COMMANDS").unwrap_or(if is_ci { 20_000 } else { 10_000 });
    let now = || {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| time.as_secs())
    };
    let first = number("SETOFF_SEED").unwrap_or_else(now);
    println!("SETOFF_SEED={first}");
    let mut met = BTreeMap::<(String, Option<&'static str>), u64>::new();
    let mut count = 0;
    for seed in first.. {
        if count >= wanted {
            break;
        }
        let mut random = Random(seed);
        let options = book(&mut random);
        let mut host = Host::open(&options).expect("the options are valid");
        let mut commands: Vec<Value> = Vec::new();
        let lived = panic::catch_unwind(AssertUnwindSafe(|| {
            for place in 0..LENGTH {
                commands.push(command(&mut random, &host, place));
                let request = &commands[place];
                let refusal = step(&mut host, request);
                count += 1;
                *met.entry((text(request, "type").to_owned(), refusal))
                    .or_default() += 1;
            }
            check_end(&mut host);
        }));
        if lived.is_err() {
            let commands = shortest(&options, commands);
            println!("SETOFF_SEED={seed} fails: in the book {options}");
            commands.iter().for_each(|command| println!("  {command}"));
            replay(&options, &commands);
        }
    }
    // It is worth what it reaches: every command is carried out, and most refusals are met.
    let done: BTreeSet<_> = met
        .iter()
        .filter(|((_, refusal), _)| refusal.is_none())
        .map(|((name, _), _)| name)
        .collect();
    let is_done = |name: &str| done.iter().any(|done| *done == name);
    let missing: Vec<_> = TYPES
        .iter()
        .filter(|(name, ..)| *name != "changePlan" && !is_done(name))
        .collect();
    // The rarest, such as deleting a refund, come up once in some thousands. Each verb comes up with some kind.
    let may_miss = if wanted < 100_000 { 4 } else { 0 };
    let has_verb = |verb| {
        let mut types = TYPES.iter();
        types.any(|(name, known, _)| *known == verb && is_done(name))
    };
    let has_verbs = missing.iter().all(|(_, verb, _)| has_verb(*verb));
    assert!(
        (missing.len() <= may_miss && has_verbs) || wanted < 10_000,
        "tests/support/operations.rs makes no commands that are carried out of {missing:?} {met:#?}"
    );
    if std::env::var_os("SETOFF_SHOW").is_some() {
        println!("{met:#?}");
    }
}

#[test]
fn a_result_that_breaks_a_rule_is_noticed() {
    let mut host = Host::open(&json!({ "currency": "USD" })).expect("the options are valid");
    let items = json!([{ "id": "a", "amount": "10.00" }, { "id": "b", "amount": "5.00" }]);
    let documents = [
        json!({ "type": "createInvoice", "at": "2026-01-01", "id": "I", "autoPost": true, "items": items }),
        json!({ "type": "createPayment", "at": "2026-01-02", "id": "P", "amount": "6.00" }),
    ];
    for document in &documents {
        host.execute(document).expect("it can be made");
    }
    let then = host.clone();
    let apply = json!({ "type": "applyPayment", "at": "2026-01-03", "paymentId": "P",
        "invoices": [{ "invoiceId": "I" }] });
    let outcome = host.execute(&apply).expect("it can be applied").value();

    // Of 6.00, 4.00 and 2.00 are the shares of 10.00 and 5.00.
    let is_noticed = |changes: &[(&str, &str)]| {
        let mut wrong = outcome.clone();
        for (path, value) in changes {
            *wrong.pointer_mut(path).expect("a field of the outcome") = (*value).into();
        }
        let check = AssertUnwindSafe(|| oracles::check(&then.book, &apply, &wrong));
        panic::catch_unwind(check).is_err()
    };
    let [first, second] = ["0", "1"].map(|item| format!("/applications/0/items/{item}/amount"));
    let unfair = [
        (&*first, "4.01"),
        (&*second, "1.99"),
        ("/lines/1/after", "5.99"),
        ("/lines/2/after", "3.01"),
    ];

    assert!(!is_noticed(&[]));
    assert!(is_noticed(&[("/applications/0/amount", "6.01")]), "a sum");
    assert!(
        is_noticed(&[("/lines/1/after", "6.01")]),
        "a line that loses a cent"
    );
    assert!(
        is_noticed(&[("/documents/1/after", "8.99")]),
        "a document that loses a cent"
    );
    assert!(is_noticed(&unfair), "shares that are not the nearest");
}
