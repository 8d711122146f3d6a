//! What must hold of the result of a command, whoever calculated it: sums, bounds, fair shares and orders. Each is a
//! property of the result, which its rule in `docs/rules/settlement.md` states. None says how an engine gets there, so
//! none can share a mistake with one.

use serde_json::Value;
use setoff::Book;
use setoff::document::{Document, LineIndex};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A line as results name it: its document, its item, its tax item.
type LineName = [String; 3];

/// Panics if a result is not what the rules allow, in a book that was as `before`.
pub fn check(before: &Book, command: &Value, outcome: &Value) {
    check_sums(outcome);
    check_conservation(outcome);
    if moves_toward_zero(command) {
        check_caps(outcome);
    }
    if is_spread_by_rule(command) {
        let mut shares = Shares::new(before, command);
        for application in list(outcome, "applications") {
            shares.check(application);
        }
        check_order_of_targets(before, command, outcome);
    }
}

/// An application is the sum of its items, none of which is zero, and no pair of lines comes twice.
fn check_sums(outcome: &Value) {
    for application in list(outcome, "applications") {
        let items = list(application, "items");
        let total: i128 = items.iter().map(|item| minor(&item["amount"])).sum();
        assert_eq!(
            total,
            minor(&application["amount"]),
            "the sum of {application}"
        );
        let mut pairs = BTreeSet::new();
        for item in items {
            assert_ne!(minor(&item["amount"]), 0, "nothing goes between {item}");
            let pair = (name(&item["source"]), name(&item["target"]));
            assert!(pairs.insert(pair), "twice between {item}");
        }
    }
}

/// What a source gives, its targets receive: each line and each document changes by what the items move, and by nothing
/// else. A command that makes documents anew changes them in addition.
fn check_conservation(outcome: &Value) {
    let remakes = list(outcome, "notices")
        .iter()
        .any(|notice| notice["code"] == "roundedAnew");
    if remakes || text(outcome, "type").starts_with("update") || outcome["type"] == "bulk" {
        return;
    }

    let mut lines = BTreeMap::<LineName, i128>::new();
    let mut documents = BTreeMap::<String, i128>::new();
    for application in list(outcome, "applications") {
        for item in list(application, "items") {
            for side in ["source", "target"] {
                let line = name(&item[side]);
                *documents.entry(line[0].clone()).or_default() += minor(&item["amount"]);
                *lines.entry(line).or_default() += minor(&item["amount"]);
            }
        }
    }

    for change in list(outcome, "lines") {
        let moved = lines.remove(&name(&change["line"])).unwrap_or(0);
        assert_eq!(fall(change), moved, "{change}: what its items move");
    }
    for change in list(outcome, "documents") {
        let moved = documents.remove(text(change, "documentId")).unwrap_or(0);
        assert_eq!(fall(change), moved, "{change}: what its items move");
    }
    lines.retain(|_, moved| *moved != 0);
    documents.retain(|_, moved| *moved != 0);
    assert!(lines.is_empty(), "lines that have moved: {lines:?}");
    assert!(
        documents.is_empty(),
        "documents that have moved: {documents:?}"
    );
}

/// How much less a line or document has open.
fn fall(change: &Value) -> i128 {
    minor(&change["before"]) - minor(&change["after"])
}

/// Whether a command only uses up what is open. One that takes something back first can do both on a line.
fn moves_toward_zero(command: &Value) -> bool {
    let kind = text(command, "type");
    let settles = ["apply", "pay", "collect", "writeOff", "reverse"];
    // A refund can take back what it pays out: from all documents, or from those that it names.
    let names_documents = ["invoices", "debitMemos"]
        .iter()
        .any(|list| !command[*list].is_null());
    let takes_back = command["autoUnapply"] == true || names_documents;
    settles.iter().any(|verb| kind.starts_with(verb)) || kind.starts_with("refund") && !takes_back
}

/// No line gives or receives more than it has open, and none passes zero.
fn check_caps(outcome: &Value) {
    for change in list(outcome, "lines") {
        let (before, after) = (minor(&change["before"]), minor(&change["after"]));
        assert!(within(after, before), "{change}: more than there was");
    }
}

/// Whether a rule alone says which line gets what: no lines are stated, for any target.
fn is_spread_by_rule(command: &Value) -> bool {
    let states_lines = |list: &str| {
        let targets = command[list].as_array();
        targets.is_some_and(|targets| targets.iter().any(|target| !target["items"].is_null()))
    };
    matches!(text(command, "type"), "applyCreditMemo" | "applyPayment")
        && !states_lines("invoices")
        && !states_lines("debitMemos")
}

/// The lines of both sides as they are while one application after another is checked.
struct Shares<'b> {
    book: &'b Book,
    command: &'b Value,
    open: BTreeMap<LineName, i128>,
}

impl<'b> Shares<'b> {
    const fn new(book: &'b Book, command: &'b Value) -> Self {
        Self {
            book,
            command,
            open: BTreeMap::new(),
        }
    }

    /// Checks the shares of one application, and takes them off.
    fn check(&mut self, application: &Value) {
        for side in ["source", "target"] {
            let id = text(application, &format!("{side}Id"));
            let mut received = BTreeMap::<LineName, i128>::new();
            for item in list(application, "items") {
                *received.entry(name(&item[side])).or_default() += minor(&item["amount"]);
            }
            self.check_side(id, application, &received);
            for (line, amount) in received {
                let open = self.open_of(id, &line);
                self.open.insert(line, open - amount);
            }
        }
    }

    /// What the lines of one document have open before an application, and what each gives or gets by it.
    fn check_side(&self, id: &str, application: &Value, received: &BTreeMap<LineName, i128>) {
        let skips = self.command["signs"] == "skipNonPositive";
        let document = document(self.book, id);
        let step = i128::from(document.header().currency.increment());
        let lines: Vec<_> = names_of(document)
            .into_iter()
            .map(|line| {
                let received = received.get(&line).copied().unwrap_or(0);
                (self.open_of(id, &line) / step, received / step)
            })
            .filter(|(open, _)| *open > 0 || *open < 0 && !skips)
            .collect();
        let all = received.values().sum::<i128>() / step;
        let of_lines: i128 = lines.iter().map(|(_, received)| received).sum();
        assert_eq!(all, of_lines, "{id}: only open lines take part");

        // The command can state another order of lines, which decides between equals.
        let states_order = !self.command["itemOrder"].is_null();
        match text(application, "ruleUsed") {
            "proration" => check_proportion(&lines, states_order, application),
            "fifo" if !states_order => check_sequence(lines.iter().copied(), application),
            "lifo" if !states_order => check_sequence(lines.iter().rev().copied(), application),
            _ => {}
        }
        let left = || lines.iter().map(|(open, received)| open - received);
        assert!(
            skips || left().sum::<i128>() != 0 || left().all(|open| open == 0),
            "{id}: closed in all, and so in each line"
        );
    }

    fn open_of(&self, id: &str, line: &LineName) -> i128 {
        let known = self.open.get(line).copied();
        known.unwrap_or_else(|| {
            let document = document(self.book, id);
            let place = names_of(document).iter().position(|name| name == line);
            let line = LineIndex::new(place.expect("a line of the document")).unwrap();
            i128::from(document.line_figures(line).unwrap().open().minor())
        })
    }
}

/// `settlement.md#apply`: each share is the exact one, rounded down or up to a step. Shares are rounded up where the
/// remainders are largest, and between equal ones at the first lines.
fn check_proportion(lines: &[(i128, i128)], states_order: bool, application: &Value) {
    let amount: i128 = lines.iter().map(|(_, share)| share).sum();
    let total: i128 = lines.iter().map(|(open, _)| open).sum();

    let mut least_up = None;
    let mut largest_down = None;
    for (place, (open, share)) in lines.iter().enumerate() {
        let exact = amount * open;
        let away = share * total - exact;
        assert!(
            away.abs() < total,
            "{share} of {open} in {total}: {application}"
        );
        let rank = (exact.rem_euclid(total), Reverse(place));
        if away > 0 {
            least_up = least_up.min(Some(rank)).or(Some(rank));
        } else if away < 0 {
            largest_down = largest_down.max(Some(rank));
        }
    }
    let (Some(up), Some(down)) = (least_up, largest_down) else {
        return;
    };
    let is_fair = if states_order {
        up.0 >= down.0
    } else {
        up > down
    };
    assert!(
        is_fair,
        "the largest remainders are rounded up: {application}"
    );
}

/// First in first out, or last in first out: no line gets anything before the lines in front of it have all they can
/// get. What is below zero goes in full, because it makes room.
fn check_sequence(lines: impl Iterator<Item = (i128, i128)>, application: &Value) {
    let mut is_used_up = false;
    for (open, share) in lines {
        if open < 0 {
            assert_eq!(share, open, "a line below zero: {application}");
            continue;
        }
        assert!(
            share == 0 || !is_used_up,
            "a line before it is still open: {application}"
        );
        is_used_up |= share != open;
    }
}

/// Where no amounts are stated, the documents that are due first are settled first (last in first out: those that are
/// due last), as far as they can be. What one of them has left means that nothing was left for those behind it.
fn check_order_of_targets(before: &Book, command: &Value, outcome: &Value) {
    let states_amount = |of: &str| {
        let mut targets = list(command, of).iter();
        targets.any(|target| !target["amount"].is_null())
    };
    let states_order = !command["documentOrder"].is_null();
    if states_order || states_amount("invoices") || states_amount("debitMemos") {
        return;
    }

    let targets = list(outcome, "applications")
        .iter()
        .map(|application| text(application, "targetId"));
    let mut days: Vec<_> = targets
        .clone()
        .map(|id| {
            let header = document(before, id).header();
            (header.due_date, header.date)
        })
        .collect();
    if command["rule"] == "lifo" {
        days.reverse();
    }
    assert!(days.is_sorted(), "in the order of their days: {outcome}");

    // A source item settles its own lines alone, and lines that are passed over stay open.
    if command["rule"] == "sourceItem" || command["signs"] == "skipNonPositive" {
        return;
    }
    let is_open = |id: &str| {
        let mut changes = list(outcome, "documents").iter();
        changes.any(|change| change["documentId"] == id && minor(&change["after"]) > 0)
    };
    let open = targets.clone().position(is_open);
    assert!(
        open.is_none_or(|place| place + 1 == targets.len()),
        "one behind the other: {outcome}"
    );
}

/// The document of an identifier.
fn document<'b>(book: &'b Book, id: &str) -> &'b Document {
    let documents = book.documents();
    let index = documents.find(id).expect("a document of the book");
    documents.get(index).expect("a document of the book")
}

/// The names of all lines, in their order.
fn names_of(document: &Document) -> Vec<LineName> {
    let id = &document.header().id;
    let lines = document.lines();
    let own = |line: usize| lines[line].id.to_string();
    let named = |(place, line): (usize, &setoff::document::Line)| {
        let (item, tax) = match line.detail.tax() {
            Some((item, _)) => (own(item.get()), own(place)),
            None if matches!(line.detail, setoff::document::Detail::Whole) => Default::default(),
            None => (own(place), String::new()),
        };
        [id.to_string(), item, tax]
    };
    lines.iter().enumerate().map(named).collect()
}

fn name(line: &Value) -> LineName {
    ["documentId", "itemId", "taxItemId"].map(|field| text(line, field).to_owned())
}

/// Whether an amount lies between nothing and all there is.
fn within(amount: i128, all: i128) -> bool {
    (all.min(0)..=all.max(0)).contains(&amount)
}

/// An amount in minor units: all amounts of a result are of one currency, with the same decimals.
fn minor(amount: &Value) -> i128 {
    let text = amount.as_str().expect("an amount");
    text.replace('.', "").parse().expect("a decimal")
}

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value[field].as_str().unwrap_or_default()
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}
