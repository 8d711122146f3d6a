//! Scenarios that a billing person can read and check: plain tables, one row an operation or a look-up.
//!
//! ```text
//! book USD                                         or: book CHF in steps of 0.05
//!
//! operation | document | details                                               | expected
//! invoice   | INV-1    | 2026-01-05; due 2026-02-04; seats 80; vat 8 on seats  | balance 88.00
//! apply     | CM-1     | 2026-01-31; by fifo; INV-1 40.00; INV-2               | INV-1 40.00; INV-2 5.00
//! balance   | INV-1    | seats                                                 | 40.00
//! ```
//!
//! Details and expectations are clauses with semicolons between them. A row whose first two cells are empty goes on
//! with the row above. Lines that begin with `#` are comments. The operations, with their details and what is expected:
//!
//! - `invoice`, `draft invoice`, `debit memo`, `draft debit memo`: date; `due` date; lines: `id amount`,
//!   `id amount on item` (its tax), `id at rate on item` (its tax by a rate), `id amount off item` (a discount).
//!   Expected: `balance`, and `tax` where it is of interest.
//! - `memo`, `draft memo`: the same without `due`. It can be made `of` another document: then `id amount of item`
//!   credits an item with the tax that goes with it, `id of item` all that is left, `… with tax` an amount with its
//!   tax, and no line at all the whole document. `apply when posted` does so. Expected: `unapplied`.
//! - `payment`: date; amount; what it settles, as for `apply`. Expected as there.
//! - `apply`, `unapply` (of a memo or payment): date; `by` rule; `else` rule, where source items end;
//!   `skip non-positive`; invoices and debit memos: `id`, `id amount`, or line by line `id: line to line amount`,
//!   `id: tax line to line amount` (of a payment `id: line amount`, `id: tax line amount`). Expected: each with its
//!   amount; `nothing for` the others; `unapplied` of the source where it is of interest.
//! - `refund` (of a memo or payment): date; `as` its identifier; amount or lines: `line amount`, `tax line amount`;
//!   `unapply` takes applications back as far as it needs to. Expected: the refund and whatever came back.
//! - `write off`, `reverse`: date; `as` the identifier of the counterpart; of a write-off amount or lines as above.
//!   Expected: the counterpart with the amount that was settled.
//! - `collect` (of an invoice or debit memo): date; `from` kind of sources. Expected: each source with its amount; the
//!   `balance` where it is of interest.
//! - `post`, `unpost`, `cancel`, `delete`, `void`: date. Expected: whatever was settled or came back.
//! - `undo`: date. Takes back what the last row with this document settled.
//! - `balance`, `unapplied`, `creditable` (what is available to credit): nothing, or a line. Expected: the amount.
//! - `applied` (of a source): a target. Expected: how much, or `nothing`.
//! - `status`. Expected: `draft`, `posted`, `canceled`, `reversed` or `gone`.
//! - `state`: a name. Expected: `new`, which remembers the state, or `same`, as it was then.
//!
//! Any operation can be expected to be `refused` by a code; nothing may have changed then. What is not in this list is
//! an error, so that a misspelt word cannot pass for a check.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use support::host::Host;
use support::invariants;

type Result<T> = std::result::Result<T, String>;

/// A scenario under way.
struct Scenario {
    host: Host,
    states: BTreeMap<String, String>,
    /// By document: the application group of the last row about it that settled something.
    groups: BTreeMap<String, Value>,
}

/// A row of the table, cut into cells and clauses.
struct Row<'a> {
    operation: &'a str,
    document: &'a str,
    details: Vec<&'a str>,
    expected: Vec<&'a str>,
}

const KINDS: [(&str, &str, &str); 3] = [
    ("invoice", "createInvoice", "balance"),
    ("memo", "createCreditMemo", "unapplied"),
    ("debit memo", "createDebitMemo", "balance"),
];

impl Scenario {
    fn run(text: &str) -> Result<()> {
        let lines = text
            .lines()
            .enumerate()
            .map(|(place, line)| (place + 1, line.trim()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let at = |place: usize, problem: String| format!("line {place}: {problem}");
        let (place, line) = lines.next().ok_or("an empty file")?;
        let host = book(line).map_err(|problem| at(place, problem))?;
        let mut scenario = Self {
            host,
            states: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        let (place, header) = lines.next().ok_or("no table")?;
        if header
            .split('|')
            .map(str::trim)
            .ne(["operation", "document", "details", "expected"])
        {
            return Err(at(place, format!("not the header of the table: {header}")));
        }
        let mut rows: Vec<(usize, Row<'_>)> = Vec::new();
        for (place, line) in lines {
            let row = Row::read(line).map_err(|problem| at(place, problem))?;
            match rows.last_mut() {
                Some((_, above)) if row.operation.is_empty() && row.document.is_empty() => {
                    above.append(row)
                }
                _ => rows.push((place, row)),
            }
        }
        if rows.is_empty() {
            return Err("a table without rows".into());
        }
        for (place, row) in rows {
            scenario.row(&row).map_err(|problem| at(place, problem))?;
            invariants::check(&scenario.host.book);
        }
        Ok(())
    }

    fn row(&mut self, row: &Row<'_>) -> Result<()> {
        let Row {
            document, details, ..
        } = row;
        match row.operation {
            "payment" => self.payment(row),
            "apply" => self.settle(row, "apply"),
            "unapply" => self.settle(row, "unapply"),
            "refund" => self.refund(row),
            "write off" => self.counterpart(row, "writeOff"),
            "reverse" => self.counterpart(row, "reverse"),
            "collect" => self.collect(row),
            "undo" => {
                let group = self
                    .groups
                    .get(*document)
                    .ok_or("nothing was settled with it")?;
                self.execute(row, json!({ "type": "undo", "applicationGroupId": group }))
            }
            "balance" | "unapplied" | "creditable" => {
                let field = match row.operation {
                    "creditable" => "availableToCreditAmount",
                    _ if details.is_empty() && row.operation == "balance" => "balance",
                    _ if details.is_empty() => "unappliedAmount",
                    _ => "openAmount",
                };
                let is_source = self.is_source(document)?;
                if is_source != (row.operation == "unapplied") {
                    return Err("a demand has a balance, a source an unapplied amount".into());
                }
                let found = match details[..] {
                    [] => self.find(document)?[field].clone(),
                    [line] => self.find_line(document, line)?[field].clone(),
                    _ => return Err("one line at a time".into()),
                };
                only(&row.expected, &[text(&found)])
            }
            "applied" => {
                let [target] = details[..] else {
                    return Err("applied to which document?".into());
                };
                let between = json!({ "sourceId": document, "targetId": target });
                let parts = self.rows(&json!({ "of": "part", "where": between }))?;
                let found = parts
                    .first()
                    .map_or("nothing", |part| text(&part["amount"]));
                only(&row.expected, &[found])
            }
            "status" => {
                let found = self.documents(document)?;
                let found = found.first().map_or("gone".to_owned(), |found| {
                    if found["reversed"] == true {
                        "reversed".to_owned()
                    } else {
                        text(&found["status"]).to_owned()
                    }
                });
                only(&row.expected, &[&found])
            }
            "state" => {
                let ([name], "") = (&details[..], *document) else {
                    return Err("a state has a name alone".into());
                };
                let hash = self.host.book.hash();
                let is_new = !self.states.contains_key(*name);
                let remembered = self
                    .states
                    .entry((*name).to_owned())
                    .or_insert_with(|| hash.clone());
                only(&row.expected, &[if is_new { "new" } else { "same" }])?;
                if *remembered == hash {
                    Ok(())
                } else {
                    Err(format!("the state is not that of `{name}`"))
                }
            }
            "post" | "unpost" | "cancel" | "delete" | "void" => {
                let kind = self.kind(document).unwrap_or("invoice".into());
                self.execute(
                    row,
                    json!({ "type": format!("{}{}", row.operation, capital(&kind)), id_field(&kind): document }),
                )
            }
            _ => self.create(row),
        }
    }

    fn create(&mut self, row: &Row<'_>) -> Result<()> {
        let (draft, name) = match row.operation.strip_prefix("draft ") {
            Some(name) => (true, name),
            None => (false, row.operation),
        };
        let known = KINDS.iter().find(|(known, ..)| *known == name);
        let (_, command, _) =
            known.ok_or_else(|| format!("no such operation: {}", row.operation))?;
        let mut new = json!({ "type": command, "id": row.document, "autoPost": !draft });
        let mut items: Vec<Value> = Vec::new();
        for clause in row.clauses()? {
            let words: Vec<_> = clause.split_whitespace().collect();
            let mut tax = |item: &str, tax: Value| {
                let item = items
                    .iter_mut()
                    .find(|known| known["id"] == item)
                    .ok_or("a tax on which item?")?;
                let taxes = item
                    .as_object_mut()
                    .and_then(|item| item.entry("taxItems").or_insert(json!([])).as_array_mut());
                taxes.map(|taxes| taxes.push(tax)).ok_or("no list of taxes")
            };
            match words[..] {
                ["due", date] => new["dueDate"] = date.into(),
                ["of", document] => new[id_field(&self.kind(document).unwrap_or("invoice".into()))] = document.into(),
                ["apply", "when", "posted"] => new["autoApply"] = true.into(),
                [id, "at", rate, "on", item] => tax(item, json!({ "id": id, "name": id, "rate": rate }))?,
                [id, amount, "on", item] => tax(item, json!({ "id": id, "amount": amount }))?,
                [id, amount] => items.push(json!({ "id": id, "amount": amount })),
                [id, amount, "off", item] => {
                    items.push(json!({ "id": id, "amount": amount, "appliedToItemId": item }));
                }
                [id, "of", item] => items.push(json!({ "id": id, "sourceItemId": item })),
                [id, amount, "of", item] => items.push(json!({ "id": id, "amount": amount, "sourceItemId": item })),
                [id, amount, "of", item, "with", "tax"] => {
                    items.push(json!({ "id": id, "amount": amount, "sourceItemId": item, "taxMode": "inclusive" }))
                }
                _ => return Err(format!("not a line: {clause}")),
            }
        }
        let is_whole = items.is_empty()
            && ["invoiceId", "debitMemoId", "creditMemoId"]
                .iter()
                .any(|of| new.get(of).is_some());
        if !is_whole {
            new["items"] = items.into();
        }
        self.execute(row, new)
    }

    /// How amounts are spread, and over what. Answers with the clauses that say something else.
    fn spread<'a>(&self, row: &Row<'a>, command: &mut Value) -> Result<Vec<&'a str>> {
        let is_payment = row.operation == "payment"
            || self.kind(row.document).is_ok_and(|kind| kind == "payment");
        let mut others = Vec::new();
        for clause in row.clauses()? {
            let (head, pair) = clause
                .split_once(':')
                .map_or((clause, None), |(head, pair)| (head, Some(pair.trim())));
            let words: Vec<_> = head.split_whitespace().collect();
            match words[..] {
                ["by", rule] => command["rule"] = rule.into(),
                ["else", rule] => command["fallback"] = rule.into(),
                ["skip", "non-positive"] => command["signs"] = "skipNonPositive".into(),
                [id] | [id, _]
                    if !id.starts_with(|first: char| first.is_ascii_digit() || first == '-') =>
                {
                    let kind = self.kind(id).unwrap_or("invoice".into());
                    let (list, field) = (
                        if kind == "debitMemo" {
                            "debitMemos"
                        } else {
                            "invoices"
                        },
                        id_field(&kind),
                    );
                    let field = if list == "invoices" {
                        "invoiceId"
                    } else {
                        field
                    };
                    let Value::Object(fields) = &mut *command else {
                        return Err("no command".into());
                    };
                    let list = fields
                        .entry(list)
                        .or_insert(json!([]))
                        .as_array_mut()
                        .ok_or("no list")?;
                    let Some(pair) = pair else {
                        list.push(json!({ field: id }));
                        if let (Some(amount), Some(entry)) = (words.get(1), list.last_mut()) {
                            entry["amount"] = (*amount).into();
                        }
                        continue;
                    };
                    let pair = read_pair(
                        pair,
                        is_payment,
                        if field == "debitMemoId" {
                            "debitMemoItemId"
                        } else {
                            "invoiceItemId"
                        },
                    )?;
                    let known = list
                        .iter_mut()
                        .find(|entry| entry[field] == id && entry.get("items").is_some());
                    match known.and_then(|entry| entry["items"].as_array_mut()) {
                        Some(items) => items.push(pair),
                        None => list.push(json!({ field: id, "items": [pair] })),
                    }
                }
                _ => others.push(clause),
            }
        }
        Ok(others)
    }

    fn settle(&mut self, row: &Row<'_>, verb: &str) -> Result<()> {
        let kind = self.kind(row.document).unwrap_or("creditMemo".into());
        let kind = if kind == "payment" {
            kind
        } else {
            "creditMemo".into()
        };
        let mut command =
            json!({ "type": format!("{verb}{}", capital(&kind)), id_field(&kind): row.document });
        match self.spread(row, &mut command)?[..] {
            [] => self.execute(row, command),
            [other, ..] => Err(format!("not a document with its amount: {other}")),
        }
    }

    fn payment(&mut self, row: &Row<'_>) -> Result<()> {
        let mut command = json!({ "type": "createPayment", "id": row.document });
        match self.spread(row, &mut command)?[..] {
            [] => {}
            [amount] => command["amount"] = amount.into(),
            [_, other, ..] => return Err(format!("not a document with its amount: {other}")),
        }
        self.execute(row, command)
    }

    fn refund(&mut self, row: &Row<'_>) -> Result<()> {
        let kind = self.kind(row.document)?;
        let mut command =
            json!({ "type": format!("refund{}", capital(&kind)), id_field(&kind): row.document });
        lines(row, &mut command, ["creditMemoItemId", "creditTaxItemId"])?;
        self.execute(row, command)
    }

    fn counterpart(&mut self, row: &Row<'_>, verb: &str) -> Result<()> {
        let kind = self.kind(row.document)?;
        let mut command =
            json!({ "type": format!("{verb}{}", capital(&kind)), id_field(&kind): row.document });
        lines(row, &mut command, ["itemId", "taxItemId"])?;
        self.execute(row, command)
    }

    fn collect(&mut self, row: &Row<'_>) -> Result<()> {
        let kind = self.kind(row.document)?;
        let mut command =
            json!({ "type": format!("collect{}", capital(&kind)), id_field(&kind): row.document });
        let mut sources = Vec::new();
        for clause in row.clauses()? {
            match clause.strip_prefix("from ") {
                Some("memos") => sources.push("creditMemo"),
                Some("payments") => sources.push("payment"),
                _ => return Err(format!("not a kind of sources: {clause}")),
            }
        }
        if !sources.is_empty() {
            command["sources"] = json!(sources);
        }
        self.execute(row, command)
    }

    /// Carries a command out and checks what it answers; a refusal must have left everything as it was.
    fn execute(&mut self, row: &Row<'_>, mut command: Value) -> Result<()> {
        let date = row.details.first().ok_or("it has a date")?;
        command["at"] = (*date).into();
        let before = self.host.book.snapshot();
        let refusal = row
            .expected
            .first()
            .and_then(|clause| clause.strip_prefix("refused "));
        match (self.host.execute(&command), refusal) {
            (Ok(json), None) => self.check(row, &json.value()),
            (Ok(json), Some(code)) => Err(format!("not refused by {code}: {}", json.0)),
            (Err(error), Some(code))
                if error.code().as_str() == code && row.expected.len() == 1 =>
            {
                if self.host.book.snapshot() == before {
                    Ok(())
                } else {
                    Err("a refusal has changed the book".into())
                }
            }
            (Err(error), _) => Err(format!("refused by {}: {error}", error.code().as_str())),
        }
    }

    /// What a row expects of an outcome: the other side of everything that was settled, and, where a document was made
    /// or where it is of interest, what the document has open.
    fn check(&mut self, row: &Row<'_>, outcome: &Value) -> Result<()> {
        let mut found = Vec::new();
        let list = |name: &str| outcome[name].as_array().cloned().unwrap_or_default();
        for application in list("applications") {
            let [source, target] =
                ["sourceId", "targetId"].map(|side| text(&application[side]).to_owned());
            let other = if target == row.document {
                source
            } else {
                target
            };
            found.push(format!("{other} {}", text(&application["amount"])));
        }
        for notice in list("notices") {
            match text(&notice["code"]) {
                "nothingApplied" => {
                    found.push(format!("nothing for {}", text(&notice["documentId"])))
                }
                "fallbackUsed" => {
                    found.push(format!("fallback for {}", text(&notice["documentId"])))
                }
                other => return Err(format!("a notice that the format does not know: {other}")),
            }
        }
        let operation = row
            .operation
            .strip_prefix("draft ")
            .unwrap_or(row.operation);
        let made = KINDS
            .iter()
            .find(|(kind, ..)| operation == *kind)
            .map(|(.., open)| *open);
        for (word, field) in [
            ("balance", "balance"),
            ("unapplied", "unappliedAmount"),
            ("tax", "taxAmount"),
        ] {
            if made == Some(word)
                || row
                    .expected
                    .iter()
                    .any(|clause| clause.split(' ').next() == Some(word))
            {
                found.push(format!("{word} {}", text(&self.find(row.document)?[field])));
            }
        }
        if !outcome["applicationGroupId"].is_null() {
            self.groups.insert(
                row.document.to_owned(),
                outcome["applicationGroupId"].clone(),
            );
        }
        only(
            &row.expected,
            &found.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    }

    fn rows(&self, query: &Value) -> Result<Vec<Value>> {
        let page = self.host.query(query).map_err(|error| error.to_string())?;
        Ok(page.value()["rows"].as_array().cloned().unwrap_or_default())
    }

    fn documents(&self, id: &str) -> Result<Vec<Value>> {
        let mut found = Vec::new();
        for of in ["invoice", "creditMemo", "debitMemo", "payment", "refund"] {
            found.extend(self.rows(&json!({ "of": of, "where": { "id": id } }))?);
        }
        Ok(found)
    }

    fn find(&self, id: &str) -> Result<Value> {
        self.documents(id)?
            .into_iter()
            .next()
            .ok_or_else(|| format!("no document {id}"))
    }

    fn kind(&self, id: &str) -> Result<String> {
        Ok(text(&self.find(id)?["type"]).to_owned())
    }

    fn is_source(&self, id: &str) -> Result<bool> {
        Ok(matches!(&*self.kind(id)?, "creditMemo" | "payment"))
    }

    fn find_line(&self, document: &str, line: &str) -> Result<Value> {
        let items = self.rows(
            &json!({ "of": "item", "where": { "documentId": document }, "page": { "size": 1000 } }),
        )?;
        let taxes = items
            .iter()
            .flat_map(|item| item["taxItems"].as_array().into_iter().flatten());
        let found = items.iter().chain(taxes).find(|row| row["id"] == *line);
        found
            .cloned()
            .ok_or_else(|| format!("{document} has no line {line}"))
    }
}

/// The lines of a refund or write-off, and what else it says.
fn lines(row: &Row<'_>, command: &mut Value, [item, tax_item]: [&str; 2]) -> Result<()> {
    let mut lines = Vec::new();
    for clause in row.clauses()? {
        let words: Vec<_> = clause.split_whitespace().collect();
        match words[..] {
            ["as", id] => command["id"] = id.into(),
            ["unapply"] => command["autoUnapply"] = true.into(),
            [amount] => command["amount"] = amount.into(),
            [line, amount] => lines.push(json!({ item: line, "amount": amount })),
            ["tax", line, amount] => lines.push(json!({ tax_item: line, "amount": amount })),
            _ => return Err(format!("not a line: {clause}")),
        }
    }
    if !lines.is_empty() {
        command["items"] = lines.into();
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The field that names a document of a kind.
fn id_field(kind: &str) -> &'static str {
    match kind {
        "invoice" => "invoiceId",
        "debitMemo" => "debitMemoId",
        "payment" => "paymentId",
        "refund" => "refundId",
        _ => "creditMemoId",
    }
}

fn capital(kind: &str) -> String {
    kind[..1].to_uppercase() + &kind[1..]
}

impl<'a> Row<'a> {
    fn read(line: &'a str) -> Result<Self> {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [operation, document, details, expected] = cells[..] else {
            return Err(format!("a row has four cells, this one {}", cells.len()));
        };
        let clauses = |cell: &'a str| match cell {
            "" => Vec::new(),
            cell => cell.split(';').map(str::trim).collect(),
        };
        Ok(Self {
            operation,
            document,
            details: clauses(details),
            expected: clauses(expected),
        })
    }

    /// Goes on with the row below.
    fn append(&mut self, below: Self) {
        self.details.extend(below.details);
        self.expected.extend(below.expected);
    }

    /// What follows the date.
    fn clauses(&self) -> Result<Vec<&'a str>> {
        self.details
            .split_first()
            .map(|(_, clauses)| clauses.to_vec())
            .ok_or_else(|| "it has a date".into())
    }
}

/// `book USD`, or `book CHF in steps of 0.05`.
fn book(line: &str) -> Result<Host> {
    let words: Vec<_> = line.split_whitespace().collect();
    let options = match words[..] {
        ["book", currency] => json!({ "currency": currency }),
        ["book", currency, "in", "steps", "of", step] => {
            json!({ "currency": currency, "currencies": [{ "code": currency, "increment": step }] })
        }
        _ => return Err(format!("not a book: {line}")),
    };
    Host::open(&options).map_err(|error| error.to_string())
}

/// `line to line amount`, of a payment `line amount`; with `tax` before it for tax items.
fn read_pair(clause: &str, is_payment: bool, item: &str) -> Result<Value> {
    let words: Vec<_> = clause.split_whitespace().collect();
    let (tax, words) = match words[..] {
        ["tax", ref rest @ ..] => (true, rest),
        ref rest => (false, rest),
    };
    let (source, target) = if tax {
        ("creditTaxItemId", "taxItemId")
    } else {
        ("creditMemoItemId", item)
    };
    match (is_payment, words) {
        (false, [from, "to", to, amount]) => {
            Ok(json!({ source: from, target: to, "amount": amount }))
        }
        (true, [to, amount]) => Ok(json!({ target: to, "amount": amount })),
        _ => Err(format!("not an explicit item: {clause}")),
    }
}

/// Exactly these clauses, in any order.
fn only(expected: &[&str], found: &[&str]) -> Result<()> {
    let sorted = |clauses: &[&str]| {
        let mut clauses: Vec<_> = clauses.iter().map(|clause| (*clause).to_owned()).collect();
        clauses.sort_unstable();
        clauses.join("; ")
    };
    let (expected, found) = (sorted(expected), sorted(found));
    if expected == found {
        Ok(())
    } else {
        Err(format!("expected `{expected}`, found `{found}`"))
    }
}

#[test]
fn the_scenarios_come_out_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 6);
    let run = |file: &Path| Scenario::run(&std::fs::read_to_string(file).unwrap());
    let problems: Vec<_> = files
        .iter()
        .filter_map(|file| {
            run(file)
                .err()
                .map(|problem| format!("{}, {problem}", file.display()))
        })
        .collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn what_the_format_does_not_know_is_an_error() {
    const HEAD: &str = "book USD\noperation | document | details | expected\n";
    let good =
        "invoice | I | 2026-01-01; x 1.00; t 0.10 on x | balance 1.10\nbalance | I | t | 0.10";
    assert_eq!(Scenario::run(&format!("{HEAD}{good}")), Ok(()));
    for (bad, problem) in [
        ("", "without rows"),
        (
            "invoce | I | 2026-01-01; x 1.00 | balance 1.00",
            "no such operation",
        ),
        ("invoice | I | 2026-01-01; x 1.00", "four cells"),
        (
            "invoice | I | 2026-01-01; x 1.00 | balance 1.01",
            "found `balance 1.00`",
        ),
        (
            "invoice | I | 2026-01-01; x 1.00 | balnce 1.00",
            "found `balance 1.00`",
        ),
        (
            "invoice | I | 2026-01-01; x 1.00 | ",
            "found `balance 1.00`",
        ),
        (
            "invoice | I | 2026-01-01; x 1.00 from y | balance 1.00",
            "not a line",
        ),
        (
            "invoice | I | 2026-01-01; x 1.00 | refused duplicateId",
            "not refused",
        ),
        (
            "memo | M | 2026-01-01; due 2026-01-02; x 1.00 | unapplied 1.00",
            "refused by",
        ),
        (
            "apply | M | 2026-01-01; by magic; I | I 1.00",
            "refused by invalidChoice",
        ),
        (
            "apply | M | 2026-01-01; I | refused nothingToSettle",
            "refused by documentNotFound",
        ),
        ("balance | I | | 1.00", "no document"),
    ] {
        let error = Scenario::run(&format!("{HEAD}{bad}")).unwrap_err();
        assert!(error.contains(problem), "{bad}: {error}");
    }
}
