//! Price plans that change, and the functions that need no book: `prorate`, `schedule`, `preview change`,
//! `generate documents`.

use super::command::Command;
use super::grammar::{Clause, Row};
use super::names::Names;
use super::place::Result;
use super::words;
use serde_json::{Map, Value, json};
use setoff::document::Kind;

/// A change of plan that a book bills. Its document is the one that billed the plan, if one did.
pub fn change_plan(row: &Row, names: &mut Names) -> Result<Value> {
    let mut command = Command::begin("changePlan".into(), row)?;
    let mut change = Map::new();
    for clause in command.clauses {
        match clause.texts()[..] {
            ["item", item] => {
                let billed = &*row.document.text;
                let field = names.kind_or_invoice(billed).id_site().as_str();
                command.set("billedBy", json!({ field: billed, "itemId": item }));
            }
            ["invoice", id] => make(&mut command, names, Kind::Invoice, id),
            ["credit", "memo", id] => make(&mut command, names, Kind::CreditMemo, id),
            ["refund", id] => make(&mut command, names, Kind::Refund, id),
            ["account", _] | ["draft"] => words::set(&mut command.fields, clause)?,
            // The currency of the documents; that of the change is `change currency`.
            ["currency", code] => command.set("currency", code),
            ["change", "currency", code] => {
                change.insert("currency".into(), code.into());
            }
            _ => set_change(&mut change, clause)?,
        }
    }
    command.set("change", change);
    Ok(command.finish())
}

fn make(command: &mut Command<'_>, names: &mut Names, kind: Kind, id: &str) {
    command.set(kind.id_site().as_str(), id);
    names.add(id, kind);
}

/// `cancel on 2026-01-16`, `change on 2026-01-16 (price 60.00)`, or a field of the request.
fn set_change(change: &mut Map<String, Value>, clause: &Clause) -> Result<()> {
    const EVENTS: [&str; 5] = ["start", "change", "cancel", "pause", "resume"];
    match clause.texts()[..] {
        [event, "on", day] if EVENTS.contains(&event) => {
            let mut fields = words::object(clause.inner())?;
            fields.insert("type".into(), event.into());
            fields.insert("at".into(), day.into());
            let changes = change.entry("changes").or_insert(json!([]));
            if let Some(changes) = changes.as_array_mut() {
                changes.push(fields.into());
            }
            Ok(())
        }
        _ => words::set(change, clause),
    }
}

/// The request of a function: `charge A -10.00` is an entry of its charges, everything else a field in words.
pub fn request(row: &Row) -> Result<Value> {
    let mut fields = Map::new();
    for clause in &row.details {
        match clause.texts()[..] {
            ["charges", "none"] => {
                fields.insert("charges".into(), json!([]));
            }
            ["charge", id, amount] => {
                let mut charge = words::object(clause.inner())?;
                charge.insert("id".into(), id.into());
                charge.insert("amount".into(), amount.into());
                let charges = fields.entry("charges").or_insert(json!([]));
                if let Some(charges) = charges.as_array_mut() {
                    charges.push(charge.into());
                }
            }
            _ => set_change(&mut fields, clause)?,
        }
    }
    Ok(fields.into())
}
