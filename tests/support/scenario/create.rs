//! New documents and changes of drafts: their items, discounts and tax items.

use super::command::Command;
use super::grammar::{Clause, Row};
use super::names::{Names, command_name};
use super::place::Result;
use super::settle;
use super::words;
use serde_json::{Map, Value, json};
use setoff::document::Kind;

/// A document that is created, posted at once unless it stays a draft.
pub fn command(draft: bool, kind: Kind, row: &Row, names: &mut Names) -> Result<Value> {
    let mut command = Command::begin(command_name("create", kind), row)?;
    let id = &row.document.text;
    command.set("id", &**id);
    if kind == Kind::Payment {
        settle::payment(&mut command, names)?;
        names.add(id, kind);
        return Ok(command.finish());
    }

    if !draft {
        command.set("autoPost", true);
    }
    let mut items = Vec::new();
    let mut is_made_from_another = false;
    for clause in command.clauses {
        match clause.texts()[..] {
            ["due", day] => command.set("dueDate", day),
            ["apply", "when", "posted"] => command.set("autoApply", true),
            ["of", document] => {
                is_made_from_another = true;
                command.set(names.kind_or_invoice(document).id_site().as_str(), document);
            }
            ["before", day, amount, "of", line, "by", by] => {
                let entry = json!({ "at": day, "amount": amount, "by": by });
                add_past(&mut items, line, entry, clause)?;
            }
            _ if command.set_header(clause)? => {}
            _ => add_line(&mut items, clause)?,
        }
    }
    // A memo without lines that is made from another document is for the whole of it.
    let is_left_out = items.is_empty() && is_made_from_another;
    let has_items = command.fields.contains_key("items");
    if !is_left_out && !has_items {
        command.set("items", items);
    }
    names.add(id, kind);
    Ok(command.finish())
}

/// A line: an item, a discount on one, or a tax item of one.
fn add_line(items: &mut Vec<Value>, clause: &Clause) -> Result<()> {
    let texts = clause.texts();
    let line = match texts[..] {
        [id, "at", rate, "on", item] => {
            return add_tax(
                items,
                item,
                json!({ "id": id, "name": id, "rate": rate }),
                clause,
            );
        }
        [id, "on", item] => return add_tax(items, item, json!({ "id": id }), clause),
        [id, amount, "on", item] => {
            return add_tax(items, item, json!({ "id": id, "amount": amount }), clause);
        }
        _ => item(clause)?,
    };
    items.push(line);
    Ok(())
}

/// A new item of any document.
fn item(clause: &Clause) -> Result<Value> {
    let item = match clause.texts()[..] {
        [id] if clause.group.is_some() => json!({ "id": id }),
        [id, amount] => json!({ "id": id, "amount": amount }),
        [id, amount, "off", item] => json!({ "id": id, "amount": amount, "appliedToItemId": item }),
        [id, "of", item] => json!({ "id": id, "sourceItemId": item }),
        [id, amount, "of", item] => json!({ "id": id, "amount": amount, "sourceItemId": item }),
        [id, amount, "with", "tax"] => {
            json!({ "id": id, "amount": amount, "taxMode": "inclusive" })
        }
        [id, amount, "of", item, "with", "tax"] => {
            json!({ "id": id, "amount": amount, "sourceItemId": item, "taxMode": "inclusive" })
        }
        _ => return Err(clause.problem("not a line")),
    };
    with_group(item, clause)
}

/// Adds what stands in parentheses behind a line.
fn with_group(line: Value, clause: &Clause) -> Result<Value> {
    let Value::Object(mut fields) = line else {
        return Ok(line);
    };
    for inner in clause.inner() {
        words::set(&mut fields, inner)?;
    }
    Ok(fields.into())
}

fn add_tax(items: &mut [Value], item: &str, tax: Value, clause: &Clause) -> Result<()> {
    let known = items.iter_mut().find(|known| known["id"] == item);
    let Some(Value::Object(item)) = known else {
        return Err(clause.problem("a tax on which item?"));
    };
    let taxes = item.entry("taxItems").or_insert(json!([]));
    if let Some(taxes) = taxes.as_array_mut() {
        taxes.push(with_group(tax, clause)?);
    }
    Ok(())
}

/// What was settled of an item or tax item before.
fn add_past(items: &mut [Value], id: &str, entry: Value, clause: &Clause) -> Result<()> {
    let is_line = |line: &&mut Value| line["id"] == id;
    let in_item = |item: &&mut Value| {
        let taxes = item["taxItems"].as_array();
        item["id"] == id || taxes.is_some_and(|taxes| taxes.iter().any(|tax| tax["id"] == id))
    };
    let Some(item) = items.iter_mut().find(in_item) else {
        return Err(clause.problem("settled of which line?"));
    };
    let line = if item["id"] == id {
        Some(item)
    } else {
        let taxes = item["taxItems"].as_array_mut();
        taxes.and_then(|taxes| taxes.iter_mut().find(is_line))
    };
    let Some(Value::Object(line)) = line else {
        return Err(clause.problem("settled of which line?"));
    };
    let entries = line.entry("settledBefore").or_insert(json!([]));
    if let Some(entries) = entries.as_array_mut() {
        entries.push(entry);
    }
    Ok(())
}

/// Changes of a document: its header, and of a draft its lines.
pub fn update(kind: Kind, row: &Row) -> Result<Value> {
    let mut command = Command::on("update", kind, row)?;
    for clause in command.clauses {
        match clause.texts()[..] {
            ["due", day] => command.set("dueDate", day),
            ["change" | "add" | "delete", ..] => {
                let change = item_change(clause)?;
                command.push("items", change);
            }
            _ if command.set_header(clause)? => {}
            _ => return Err(clause.problem("not a change")),
        }
    }
    Ok(command.finish())
}

/// `change a 5.00`, `add b 3.00`, `delete c`; in parentheses, changes of tax items too.
fn item_change(clause: &Clause) -> Result<Value> {
    let verb = &*clause.words[0].text;
    let line = Clause {
        words: clause.words[1..].to_vec(),
        group: None,
        place: clause.place.clone(),
    };
    match (verb, &line.texts()[..]) {
        ("delete", [id]) => Ok(json!({ "delete": id })),
        ("add", _) => {
            let added = item(&line).or_else(|problem| match &line.texts()[..] {
                [id] => Ok(json!({ "id": id })),
                _ => Err(problem),
            })?;
            Ok(json!({ "add": with_group(added, clause)? }))
        }
        ("change", [id]) => changed(json!({ "id": id }), clause),
        ("change", [id, amount]) => changed(json!({ "id": id, "amount": amount }), clause),
        _ => Err(clause.problem("not a change of a line")),
    }
}

/// A changed item; what is said of its tax items begins with `change tax`, `add tax` or `delete tax`.
fn changed(item: Value, clause: &Clause) -> Result<Value> {
    let mut fields = item.as_object().cloned().unwrap_or_default();
    let mut taxes = Vec::new();
    for inner in clause.inner() {
        match inner.texts()[..] {
            ["delete", "tax", id] => taxes.push(json!({ "delete": id })),
            ["add", "tax", id, ref amount @ ..] => {
                taxes.push(json!({ "add": tax(id, amount, inner)? }))
            }
            ["change", "tax", id, ref amount @ ..] => taxes.push(tax(id, amount, inner)?.into()),
            _ => words::set(&mut fields, inner)?,
        }
    }
    if !taxes.is_empty() {
        fields.insert("taxItems".into(), taxes.into());
    }
    Ok(fields.into())
}

fn tax(id: &str, amount: &[&str], clause: &Clause) -> Result<Map<String, Value>> {
    let mut fields = words::object(clause.inner())?;
    fields.insert("id".into(), id.into());
    match amount {
        [] => {}
        [amount] => {
            fields.insert("amount".into(), (*amount).into());
        }
        _ => return Err(clause.problem("not a tax")),
    }
    Ok(fields)
}
