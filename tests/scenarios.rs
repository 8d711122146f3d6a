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
//! - `invoice`, `draft invoice`: date; `due` date; lines: `id amount`, `id amount on item` (its tax),
//!   `id amount off item` (a discount). Expected: `balance` of the invoice.
//! - `memo`, `draft memo`: the same without `due`. Expected: `unapplied` of the memo.
//! - `post`: date. Nothing is expected but that it works.
//! - `apply`, `unapply`: date; `by` rule; `past negative lines`, which then take no part; invoices: `id`, `id amount`, or
//!   line by line `id: line to line amount`, `id: tax line to line amount`. Expected: every invoice with its amount;
//!   `nothing for` the others; `unapplied` of the memo where it is of interest.
//! - `balance`, `unapplied`: nothing, or a line. Expected: the open amount.
//! - `applied` (of a memo): an invoice. Expected: how much, or `nothing`.
//! - `state`: a name. Expected: `new`, which remembers the state, or `same`, as it was then.
//!
//! Any operation can be expected to be `refused` by a code; nothing may have changed then. What is not in this list is
//! an error, so that a misspelt word cannot pass for a check.

#[path = "support/mod.rs"]
mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use support::command::{Command, Kind, NewDocument, NewItem, NewTaxItem, Pair, Rule, Settle, Wanted};
use support::host::Host;
use support::invariants;

type Result<T> = std::result::Result<T, String>;

/// A scenario under way.
struct Scenario {
    host: Host,
    states: BTreeMap<String, String>,
}

/// A row of the table, cut into cells and clauses.
struct Row<'a> {
    operation: &'a str,
    document: &'a str,
    details: Vec<&'a str>,
    expected: Vec<&'a str>,
}

impl Scenario {
    fn run(text: &str) -> Result<()> {
        let lines = text.lines().enumerate().map(|(place, line)| (place + 1, line.trim()));
        let mut lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        let at = |place: usize, problem: String| format!("line {place}: {problem}");
        let (place, line) = lines.next().ok_or("an empty file")?;
        let host = book(line).map_err(|problem| at(place, problem))?;
        let mut scenario = Self { host, states: BTreeMap::new() };
        let (place, header) = lines.next().ok_or("no table")?;
        if header.split('|').map(str::trim).ne(["operation", "document", "details", "expected"]) {
            return Err(at(place, format!("not the header of the table: {header}")));
        }
        let mut rows: Vec<(usize, Row<'_>)> = Vec::new();
        for (place, line) in lines {
            let row = Row::read(line).map_err(|problem| at(place, problem))?;
            match rows.last_mut() {
                Some((_, above)) if row.operation.is_empty() && row.document.is_empty() => above.append(row),
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
        let Row { document, details, .. } = row;
        match row.operation {
            "invoice" | "draft invoice" | "memo" | "draft memo" => self.create(row),
            "post" => {
                let kind = if self.is_memo(document)? { Kind::Memo } else { Kind::Invoice };
                let [date] = details[..] else { return Err("a post has a date".into()) };
                let id = (*document).to_owned();
                self.execute(row, &Command::Post { kind, id }, date, |_, expected| only(expected, &[]))
            }
            "apply" => self.settle(row, false),
            "unapply" => self.settle(row, true),
            "balance" | "unapplied" => {
                if self.is_memo(document)? != (row.operation == "unapplied") {
                    return Err("an invoice has a balance, a memo an unapplied amount".into());
                }
                let found = match details[..] {
                    [] => self.open(document)?,
                    [line] => self.line_open(document, line)?,
                    _ => return Err("one line at a time".into()),
                };
                only(&row.expected, &[&found])
            }
            "applied" => {
                let [invoice] = details[..] else { return Err("applied to which invoice?".into()) };
                let between = json!({ "sourceId": document, "targetId": invoice });
                let parts = self.rows(&json!({ "of": "part", "where": between }))?;
                let found = parts.first().map_or("nothing", |part| part["amount"].as_str().unwrap_or_default());
                only(&row.expected, &[found])
            }
            "state" => {
                let ([name], "") = (&details[..], *document) else { return Err("a state has a name alone".into()) };
                let hash = self.host.book.hash();
                let is_new = !self.states.contains_key(*name);
                let remembered = self.states.entry((*name).to_owned()).or_insert_with(|| hash.clone());
                only(&row.expected, &[if is_new { "new" } else { "same" }])?;
                if *remembered == hash { Ok(()) } else { Err(format!("the state is not that of `{name}`")) }
            }
            other => Err(format!("no such operation: {other}")),
        }
    }

    fn create(&mut self, row: &Row<'_>) -> Result<()> {
        let (draft, name) = match row.operation.strip_prefix("draft ") {
            Some(name) => (true, name),
            None => (false, row.operation),
        };
        let (kind, open) = if name == "memo" { (Kind::Memo, "unappliedAmount") } else { (Kind::Invoice, "balance") };
        let (date, clauses) = row.details.split_first().ok_or("a document has a date")?;
        let mut new = NewDocument {
            kind,
            id: row.document.to_owned(),
            number: None,
            account_id: None,
            currency: None,
            date: None,
            due_date: None,
            items: Vec::new(),
            auto_post: !draft,
        };
        for clause in clauses {
            let words: Vec<_> = clause.split_whitespace().collect();
            match words[..] {
                ["due", date] if kind == Kind::Invoice => new.due_date = Some(date.to_owned()),
                [id, amount, "on", item] => {
                    let item = new.items.iter_mut().find(|known| known.id == item).ok_or("a tax on which item?")?;
                    item.tax_items.push(NewTaxItem { id: id.to_owned(), amount: amount.to_owned() });
                }
                [id, amount] => new.items.push(NewItem::plain(id, amount)),
                [id, amount, "off", item] => {
                    let applied_to_item_id = Some(item.to_owned());
                    new.items.push(NewItem { applied_to_item_id, ..NewItem::plain(id, amount) });
                }
                _ => return Err(format!("not a line: {clause}")),
            }
        }
        self.execute(row, &Command::Create(new), date, |outcome, expected| {
            let amount = outcome["document"][open].as_str().unwrap_or_default();
            let word = if kind == Kind::Memo { "unapplied" } else { "balance" };
            only(expected, &[&format!("{word} {amount}")])
        })
    }

    fn settle(&mut self, row: &Row<'_>, back: bool) -> Result<()> {
        let (date, clauses) = row.details.split_first().ok_or("it has a date")?;
        let mut settle =
            Settle { back, memo: row.document.to_owned(), rule: None, skips_negative: false, invoices: None };
        for clause in clauses {
            if let Some(rule) = clause.strip_prefix("by ") {
                settle.rule = Some(read_rule(rule)?);
                continue;
            }
            if *clause == "past negative lines" {
                settle.skips_negative = true;
                continue;
            }
            let invoices = settle.invoices.get_or_insert_default();
            let Some((invoice, pair)) = clause.split_once(':') else {
                let words: Vec<_> = clause.split_whitespace().collect();
                let (invoice, amount) = match words[..] {
                    [invoice] => (invoice, None),
                    [invoice, amount] => (invoice, Some(amount.to_owned())),
                    _ => return Err(format!("not an invoice with its amount: {clause}")),
                };
                invoices.push(Wanted { amount, ..Wanted::all(invoice) });
                continue;
            };
            let pair = read_pair(pair.trim())?;
            match invoices.iter_mut().find(|wanted| wanted.invoice == invoice && wanted.items.is_some()) {
                Some(Wanted { items: Some(items), .. }) => items.push(pair),
                _ => invoices.push(Wanted { items: Some(vec![pair]), ..Wanted::all(invoice) }),
            }
        }
        self.execute(row, &Command::Settle(settle), date, |outcome, expected| {
            let mut found = Vec::new();
            let list = |name: &str| outcome[name].as_array().cloned().unwrap_or_default();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            for application in list("applications") {
                found.push(format!("{} {}", text(&application["targetId"]), text(&application["amount"])));
            }
            for notice in list("notices") {
                found.push(format!("nothing for {}", text(&notice["documentId"])));
            }
            // What the memo has left is said where it matters.
            if expected.iter().any(|clause| clause.starts_with("unapplied ")) {
                found.push(format!("unapplied {}", text(&outcome["document"]["unappliedAmount"])));
            }
            only(expected, &found.iter().map(String::as_str).collect::<Vec<_>>())
        })
    }

    /// Carries a command out and checks what it answers; a refusal must have left everything as it was.
    fn execute(
        &mut self,
        row: &Row<'_>,
        command: &Command,
        date: &str,
        check: impl Fn(&Value, &[&str]) -> Result<()>,
    ) -> Result<()> {
        let before = self.host.book.snapshot();
        let refusal = row.expected.first().and_then(|clause| clause.strip_prefix("refused "));
        match (self.host.execute(&command.json(date)), refusal) {
            (Ok(json), None) => check(&json.value(), &row.expected),
            (Ok(json), Some(code)) => Err(format!("not refused by {code}: {}", json.0)),
            (Err(error), Some(code)) if error.code().as_str() == code && row.expected.len() == 1 => {
                if self.host.book.snapshot() == before { Ok(()) } else { Err("a refusal has changed the book".into()) }
            }
            (Err(error), _) => Err(format!("refused by {}: {error}", error.code().as_str())),
        }
    }

    fn rows(&self, query: &Value) -> Result<Vec<Value>> {
        let page = self.host.query(query).map_err(|error| error.to_string())?;
        Ok(page.value()["rows"].as_array().cloned().unwrap_or_default())
    }

    fn find(&self, of: &str, id: &str) -> Result<Option<Value>> {
        Ok(self.rows(&json!({ "of": of, "where": { "id": id } }))?.into_iter().next())
    }

    fn is_memo(&self, id: &str) -> Result<bool> {
        Ok(self.find("creditMemo", id)?.is_some())
    }

    fn open(&self, id: &str) -> Result<String> {
        let (invoice, memo) = (self.find("invoice", id)?, self.find("creditMemo", id)?);
        let open = invoice.map(|row| row["balance"].clone()).or(memo.map(|row| row["unappliedAmount"].clone()));
        open.and_then(|open| open.as_str().map(str::to_owned)).ok_or_else(|| format!("no document {id}"))
    }

    fn line_open(&self, document: &str, line: &str) -> Result<String> {
        let items =
            self.rows(&json!({ "of": "item", "where": { "documentId": document }, "page": { "size": 1000 } }))?;
        let taxes = items.iter().flat_map(|item| item["taxItems"].as_array().into_iter().flatten());
        let found = items.iter().chain(taxes).find(|row| row["id"] == *line);
        let open = found.and_then(|row| row["openAmount"].as_str());
        open.map(str::to_owned).ok_or_else(|| format!("{document} has no line {line}"))
    }
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
        Ok(Self { operation, document, details: clauses(details), expected: clauses(expected) })
    }

    /// Goes on with the row below.
    fn append(&mut self, below: Self) {
        self.details.extend(below.details);
        self.expected.extend(below.expected);
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

fn read_rule(name: &str) -> Result<Rule> {
    match name {
        "proration" => Ok(Rule::Proration),
        "fifo" => Ok(Rule::Fifo),
        "explicit" => Ok(Rule::Explicit),
        other => Err(format!("no such rule: {other}")),
    }
}

/// `line to line amount`, with `tax` before it for tax items.
fn read_pair(clause: &str) -> Result<Pair> {
    let words: Vec<_> = clause.split_whitespace().collect();
    let (tax, [source, "to", target, amount]) = (match words[..] {
        ["tax", ref rest @ ..] => (true, rest),
        ref rest => (false, rest),
    }) else {
        return Err(format!("not an explicit item: {clause}"));
    };
    let [source, target, amount] = [source, target, amount].map(|word| (*word).to_owned());
    Ok(Pair { tax, source, target, amount })
}

/// Exactly these clauses, in any order.
fn only(expected: &[&str], found: &[&str]) -> Result<()> {
    let sorted = |clauses: &[&str]| {
        let mut clauses: Vec<_> = clauses.iter().map(|clause| (*clause).to_owned()).collect();
        clauses.sort_unstable();
        clauses.join("; ")
    };
    let (expected, found) = (sorted(expected), sorted(found));
    if expected == found { Ok(()) } else { Err(format!("expected `{expected}`, found `{found}`")) }
}

#[test]
fn the_scenarios_come_out_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 6);
    let run = |file: &Path| Scenario::run(&std::fs::read_to_string(file).unwrap());
    let problems: Vec<_> = files
        .iter()
        .filter_map(|file| run(file).err().map(|problem| format!("{}, {problem}", file.display())))
        .collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn what_the_format_does_not_know_is_an_error() {
    const HEAD: &str = "book USD\noperation | document | details | expected\n";
    let good = "invoice | I | 2026-01-01; x 1.00; t 0.10 on x | balance 1.10\nbalance | I | t | 0.10";
    assert_eq!(Scenario::run(&format!("{HEAD}{good}")), Ok(()));
    for (bad, problem) in [
        ("", "without rows"),
        ("invoce | I | 2026-01-01; x 1.00 | balance 1.00", "no such operation"),
        ("invoice | I | 2026-01-01; x 1.00", "four cells"),
        ("invoice | I | 2026-01-01; x 1.00 | balance 1.01", "found `balance 1.00`"),
        ("invoice | I | 2026-01-01; x 1.00 | balnce 1.00", "found `balance 1.00`"),
        ("invoice | I | 2026-01-01; x 1.00 | ", "found `balance 1.00`"),
        ("invoice | I | 2026-01-01; x 1.00 of y | balance 1.00", "not a line"),
        ("invoice | I | 2026-01-01; x 1.00 | refused duplicateId", "not refused"),
        ("memo | M | 2026-01-01; due 2026-01-02; x 1.00 | unapplied 1.00", "refused by"),
        ("apply | M | 2026-01-01; by magic; I | I 1.00", "no such rule"),
        ("apply | M | 2026-01-01; I | refused nothingToSettle", "refused by documentNotFound"),
        ("balance | I | | 1.00", "no document"),
    ] {
        let error = Scenario::run(&format!("{HEAD}{bad}")).unwrap_err();
        assert!(error.contains(problem), "{bad}: {error}");
    }
}
