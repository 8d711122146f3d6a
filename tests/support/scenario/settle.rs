//! Commands on a document: what is applied, taken back, paid, refunded, written off and reversed, and its steps from
//! draft to gone.

use super::command::Command;
use super::create;
use super::grammar::{Clause, Row};
use super::names::Names;
use super::place::Result;
use serde_json::{Value, json};
use setoff::document::Kind;

/// The fields that name a line: an item, and a tax item.
type LineFields = [&'static str; 2];

pub fn command(
    verb: &'static str,
    kind: Option<Kind>,
    row: &Row,
    names: &mut Names,
) -> Result<Value> {
    let known = kind.or_else(|| names.kind(&row.document.text));
    match verb {
        "apply" | "unapply" => {
            let source = known.filter(|known| kind.is_some() || known.is_source());
            let mut command = Command::on(verb, source.unwrap_or(Kind::CreditMemo), row)?;
            if let Some(clause) = targets(&mut command, names, source == Some(Kind::Payment))?
                .into_iter()
                .next()
            {
                return Err(clause.problem("not a document with its amount"));
            }
            Ok(command.finish())
        }
        "refund" => refund(known.unwrap_or(Kind::CreditMemo), row, names),
        "write off" | "writeOff" | "reverse" => counterpart(verb, known, row, names),
        "pay" => pay(known.unwrap_or(Kind::Invoice), row, names),
        "collect" => collect(known.unwrap_or(Kind::Invoice), row),
        "update" => create::update(known.unwrap_or(Kind::Invoice), row),
        "transfer" => transfer(row),
        _ => {
            let mut command = Command::on(verb, known.unwrap_or(Kind::Invoice), row)?;
            command.header_alone()?;
            Ok(command.finish())
        }
    }
}

/// A payment that is recorded, with what it settles at once.
pub fn payment(command: &mut Command<'_>, names: &Names) -> Result<()> {
    for clause in targets(command, names, true)? {
        match clause.texts()[..] {
            [amount] if !command.fields.contains_key("amount") => command.set("amount", amount),
            ["before", day, amount, "by", by] => {
                let entry = json!({ "at": day, "amount": amount, "by": by });
                command.push("settledBefore", entry);
            }
            _ => return Err(clause.problem("not a document with its amount")),
        }
    }
    Ok(())
}

/// Reads the demands that a command names, each with an amount or line by line. Returns the clauses that say something
/// else.
fn targets<'r>(
    command: &mut Command<'r>,
    names: &Names,
    is_payment: bool,
) -> Result<Vec<&'r Clause>> {
    let mut others = Vec::new();
    for clause in command.clauses {
        let texts = clause.texts();
        match texts[..] {
            ["before", ..] if is_payment => others.push(clause),
            _ if command.set_header(clause)? => {}
            [head, ref line @ ..] if head.ends_with(':') => {
                clause.without_group()?;
                let target = (head.trim_end_matches(':'), None);
                add_stated_line(command, names, target, line, is_payment, clause)?;
            }
            [document, amount, ref line @ ..] if amount.ends_with(':') => {
                clause.without_group()?;
                let target = (document, Some(amount.trim_end_matches(':')));
                add_stated_line(command, names, target, line, is_payment, clause)?;
            }
            ["all", "open", ref kind @ ..] => all_open(command, kind, clause)?,
            [document, ref amount @ ..] if amount.len() < 2 && !is_amount(document) => {
                clause.without_group()?;
                let (list, field) = demand(names, document);
                let mut entry = json!({ field: document });
                if let [amount] = amount {
                    entry["amount"] = (*amount).into();
                }
                command.push(list, entry);
            }
            _ => others.push(clause),
        }
    }
    Ok(others)
}

/// `all open invoices`, `all open debit memos`.
fn all_open(command: &mut Command<'_>, kind: &[&str], clause: &Clause) -> Result<()> {
    let list = match kind {
        ["invoices"] => Kind::Invoice.list_site().as_str(),
        ["debit", "memos"] => Kind::DebitMemo.list_site().as_str(),
        _ => return Err(clause.problem("open invoices or debit memos")),
    };
    command.set(list, "allOpen");
    Ok(())
}

/// Many credit memos and payments over many demands: `from CM-1`, `from all open`; `INV-1`, `all open invoices`.
pub fn apply_credits(row: &Row, names: &Names) -> Result<Value> {
    let mut command = Command::begin("applyCredits".into(), row)?;
    for clause in command.clauses {
        match clause.texts()[..] {
            ["from", "all", "open"] => command.set("sources", "allOpen"),
            ["from", source] => command.push("sources", source.into()),
            ["all", "open", ref kind @ ..] => all_open(&mut command, kind, clause)?,
            _ if command.set_header(clause)? => {}
            [document] => command.push(demand(names, document).0, document.into()),
            _ => return Err(clause.problem("not a document")),
        }
    }
    Ok(command.finish())
}

fn is_amount(text: &str) -> bool {
    text.starts_with(|mark: char| mark.is_ascii_digit() || mark == '-')
}

/// The list of a command that a demand stands in, and the field that names it there. What is no demand stands among the
/// invoices, where the engine refuses it.
fn demand(names: &Names, document: &str) -> (&'static str, &'static str) {
    match names.kind(document) {
        Some(Kind::DebitMemo) => (
            Kind::DebitMemo.list_site().as_str(),
            Kind::DebitMemo.id_site().as_str(),
        ),
        _ => (
            Kind::Invoice.list_site().as_str(),
            Kind::Invoice.id_site().as_str(),
        ),
    }
}

/// `INV-1: a to x 1.00`: one line to one line. `INV-1 5.00: a to x 1.00` states the whole amount of the document too.
fn add_stated_line(
    command: &mut Command<'_>,
    names: &Names,
    (document, amount): (&str, Option<&str>),
    line: &[&str],
    is_payment: bool,
    clause: &Clause,
) -> Result<()> {
    let (list, field) = demand(names, document);
    let item_field = match list {
        "debitMemos" => "debitMemoItemId",
        _ => "invoiceItemId",
    };
    let (tax, words) = match line {
        ["tax", words @ ..] => (true, words),
        words => (false, words),
    };
    let (source, target) = match tax {
        true => ("creditTaxItemId", "taxItemId"),
        false => ("creditMemoItemId", item_field),
    };
    let item = match (is_payment, words) {
        (false, [from, "to", to, amount]) => json!({ source: from, target: to, "amount": amount }),
        (true, [to, amount]) => json!({ target: to, "amount": amount }),
        _ => return Err(clause.problem("not an explicit item")),
    };

    // Lines of one document go together, so that each document is named once.
    let entries = command.fields.entry(list).or_insert(json!([]));
    let entries = entries.as_array_mut().expect("a list of documents");
    let known = entries
        .iter_mut()
        .find(|entry| entry[field] == document && entry.get("items").is_some());
    match known.and_then(|entry| entry["items"].as_array_mut()) {
        Some(items) => items.push(item),
        None => {
            let mut entry = json!({ field: document, "items": [item] });
            if let Some(amount) = amount {
                entry["amount"] = amount.into();
            }
            entries.push(entry);
        }
    }
    Ok(())
}

fn refund(kind: Kind, row: &Row, names: &mut Names) -> Result<Value> {
    let mut command = Command::on("refund", kind, row)?;
    let fields = ["creditMemoItemId", "creditTaxItemId"];
    for clause in amount_or_lines(&mut command, fields)? {
        match clause.texts()[..] {
            ["unapply"] => command.set("autoUnapply", true),
            ["unapply", document, ref amount @ ..] if amount.len() < 2 => {
                let (list, field) = demand(names, document);
                let mut entry = json!({ field: document });
                if let [amount] = amount {
                    entry["amount"] = (*amount).into();
                }
                command.push(list, entry);
            }
            _ => return Err(clause.problem("not a line")),
        }
    }
    add_made(&command, names, Kind::Refund);
    Ok(command.finish())
}

fn counterpart(verb: &str, kind: Option<Kind>, row: &Row, names: &mut Names) -> Result<Value> {
    let kind = kind.unwrap_or(Kind::Invoice);
    let mut command = Command::on(verb, kind, row)?;
    if let Some(clause) = amount_or_lines(&mut command, ["itemId", "taxItemId"])?
        .into_iter()
        .next()
    {
        return Err(clause.problem("not a line"));
    }
    let counterpart = match kind {
        Kind::CreditMemo | Kind::Payment => Kind::DebitMemo,
        _ => Kind::CreditMemo,
    };
    add_made(&command, names, counterpart);
    Ok(command.finish())
}

fn pay(kind: Kind, row: &Row, names: &mut Names) -> Result<Value> {
    let mut command = Command::on("pay", kind, row)?;
    let item = match kind {
        Kind::DebitMemo => "debitMemoItemId",
        _ => "invoiceItemId",
    };
    if let Some(clause) = amount_or_lines(&mut command, [item, "taxItemId"])?
        .into_iter()
        .next()
    {
        return Err(clause.problem("not a line"));
    }
    add_made(&command, names, Kind::Payment);
    Ok(command.finish())
}

fn add_made(command: &Command<'_>, names: &mut Names, kind: Kind) {
    if let Some(id) = command.fields.get("id").and_then(Value::as_str) {
        names.add(id, kind);
    }
}

/// The amount of a command or its lines, and the document that it makes. Returns the clauses that say something else.
fn amount_or_lines<'r>(command: &mut Command<'r>, fields: LineFields) -> Result<Vec<&'r Clause>> {
    let [item, tax_item] = fields;
    let mut others = Vec::new();
    for clause in command.clauses {
        match clause.texts()[..] {
            ["unapply", ..] => others.push(clause),
            ["as", id] => command.set("id", id),
            _ if command.set_header(clause)? => {}
            ["tax", line, amount] => {
                command.push("items", json!({ tax_item: line, "amount": amount }));
            }
            [line, amount] => command.push("items", json!({ item: line, "amount": amount })),
            [amount] => command.set("amount", amount),
            _ => others.push(clause),
        }
    }
    Ok(others)
}

fn collect(kind: Kind, row: &Row) -> Result<Value> {
    let mut command = Command::on("collect", kind, row)?;
    for clause in command.clauses {
        match clause.texts()[..] {
            ["from", "memos"] => command.push("sources", "creditMemo".into()),
            ["from", "payments"] => command.push("sources", "payment".into()),
            _ if command.set_header(clause)? => {}
            _ => return Err(clause.problem("not a kind of sources")),
        }
    }
    Ok(command.finish())
}

/// Gives a payment to another account; `to ""` to none.
fn transfer(row: &Row) -> Result<Value> {
    let mut command = Command::on("transfer", Kind::Payment, row)?;
    for clause in command.clauses {
        match clause.texts()[..] {
            ["to", account] => command.set("accountId", account),
            _ => return Err(clause.problem("not an account")),
        }
    }
    Ok(command.finish())
}
