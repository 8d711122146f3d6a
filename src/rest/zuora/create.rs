//! Creates memos: for charges of a catalogue, or from an invoice; one, or several in a request.

use super::tables::{INVOICE, Resource};
use super::{add_kept, bodies, command, key, read, refusal, stamp};
use crate::rest::body::{self, objects, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{ALL_ROWS, FoundDocument, Session};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most items of a memo, and the most memos of a request.
const MOST_ITEMS: usize = 1000;
pub(super) const MOST_MEMOS: usize = 50;

/// The account that a body names by its identifier, its number or both.
pub(super) fn account_of(session: &mut Session<'_>, body: &Map<String, Value>) -> Answer<Value> {
    let names = ["accountId", "accountNumber"];
    let mut found: Option<Value> = None;

    for name in names {
        let Some(key) = stated(body, name) else {
            continue;
        };

        let account = session.account(key)?;
        let account = account.ok_or_else(|| Problem::not_found(key))?;
        if found.as_ref().is_some_and(|found| *found != account) {
            let message = "'accountId' and 'accountNumber' name two accounts.";
            return Err(Problem::rule(message).into());
        }

        found = Some(account);
    }
    found.ok_or_else(|| Problem::missing("accountId").into())
}

/// The identifier of an account that the directory knows.
pub(super) fn account_id(account: &Value) -> String {
    let id = account.get("id").and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}

/// Carries a command out that creates a document, under a number of its kind.
pub(super) fn carry_out(
    session: &mut Session<'_>,
    resource: &Resource,
    account: &str,
    number: Option<&str>,
    mut command: Map<String, Value>,
) -> Answer<FoundDocument> {
    // The directory is written before the book. After a fault in between there is a number without a
    // document, which nobody finds; the other way round, two documents could have one number.
    let id = session.new_id();
    let number = session.reserve(json!({
        "kind": resource.kind,
        "id": id,
        "accountId": account,
        "number": number,
        "prefix": resource.prefix,
    }))?;

    command.insert("id".into(), json!(id));
    command.insert("number".into(), json!(number));
    session.execute(&command)?;
    Ok(FoundDocument {
        id,
        account: account.into(),
    })
}

/// `POST …`: a memo for charges.
pub(super) fn from_charges(session: &mut Session<'_>, resource: &Resource) -> Answer<Value> {
    let body = session.body()?;
    charges_memo(session, resource, &body)
}

fn charges_memo(
    session: &mut Session<'_>,
    resource: &Resource,
    body: &Map<String, Value>,
) -> Answer<Value> {
    let read = body::read(body, "", bodies::FROM_CHARGES)?;
    let account = account_id(&account_of(session, body)?);
    let mut command = command(session, "create", resource);
    command.insert("accountId".into(), json!(account));
    command.extend(read.into_fields());

    let charges = objects(body, "charges", MOST_ITEMS)?;
    if charges.is_empty() {
        return Err(Problem::missing("charges").into());
    }

    let mut items = Vec::new();
    for (at, charge) in charges {
        items.push(Value::Object(charge_item(session, charge, &at)?));
    }
    command.insert("items".into(), Value::Array(items));

    let mut kept = stamp(session);
    kept.insert("source".into(), json!("AdhocFromPrpc"));
    add_kept(&mut command, kept);

    session.open(&account, true)?;
    let number = stated(body, "number").map(str::to_owned);
    let made = carry_out(session, resource, &account, number.as_deref(), command)?;
    read::document(session, resource, &made)
}

/// An item for a charge. Whether the catalogue has it, only the client knows: it is kept as a text.
fn charge_item(
    session: &mut Session<'_>,
    charge_body: &Map<String, Value>,
    at: &str,
) -> Answer<Map<String, Value>> {
    let mut read = body::read(charge_body, at, bodies::CHARGE)?;
    let names = ["productRatePlanChargeId", "chargeId"];
    let charge = names.into_iter().find_map(|name| charge_body.get(name));
    let Some(charge) = charge.filter(|charge| !charge.is_null()) else {
        return Err(Problem::missing(&format!("{at}productRatePlanChargeId")).into());
    };
    let path = format!("{at}productRatePlanChargeId");
    let charge = body::words(charge, &path, 255)?;
    read.kept.insert("chargeId".into(), json!(charge));

    let has = |name: &str| read.command.contains_key(name);
    let is_priced = has("quantity") && has("unitPrice");
    if !has("amount") && !is_priced {
        // Only a catalogue could say what the charge costs.
        return Err(Problem::missing(&format!("{at}amount")).into());
    }

    let taxes = tax_items(
        session,
        charge_body,
        "taxItems",
        at,
        bodies::FROM_INVOICE_TAX,
    )?;

    if !taxes.items.is_empty() {
        // A memo from an invoice can mend a tax that alone was wrong.
        if read.command.get("amount") == Some(&json!("0")) {
            let why = "an item of nothing has taxes only in a memo from an invoice.";
            return Err(Problem::invalid(&format!("{at}amount"), why).into());
        }
        let items = Value::Array(taxes.items);
        read.command.insert("taxItems".into(), items);
    }
    keep_details(&mut read.kept, taxes.details);

    let mut item = read.into_fields();
    item.insert("id".into(), json!(session.new_id()));
    Ok(item)
}

/// `POST …/invoice/{key}`: a memo from an invoice.
pub(super) fn from_invoice(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    invoice_memo(session, resource, key(keys, 0)?, &body)
}

fn invoice_memo(
    session: &mut Session<'_>,
    resource: &Resource,
    invoice: &str,
    body: &Map<String, Value>,
) -> Answer<Value> {
    let read = body::read(body, "", bodies::FROM_INVOICE)?;
    let found = session.find(&[INVOICE.kind], invoice)?;

    if let Some(stated) = stated(body, "invoiceId")
        && session.find(&[INVOICE.kind], stated)?.id != found.id
    {
        let message = "The invoice of the address is not the one of the body.";
        return Err(Problem::rule(message).into());
    }

    let mut command = command(session, "create", resource);
    command.insert("invoiceId".into(), json!(found.id));
    command.extend(read.into_fields());

    session.open(&found.account, true)?;
    let is_calculated = body.get("taxAutoCalculation").and_then(Value::as_bool);
    let sources = match is_calculated {
        Some(false) => None,
        _ => Some(source_taxes(session, &found.id)?),
    };

    let mut items = Vec::new();
    for (at, item) in objects(body, "items", MOST_ITEMS)? {
        let item = source_item(session, item, &at, sources.as_ref())?;
        items.push(Value::Object(item));
    }
    // Without items: all that can be credited.
    if !items.is_empty() {
        command.insert("items".into(), Value::Array(items));
    }

    let mut kept = stamp(session);
    kept.insert("source".into(), json!("AdhocFromInvoice"));
    kept.insert("sourceType".into(), json!("Invoice"));
    add_kept(&mut command, kept);

    let made = carry_out(session, resource, &found.account, None, command)?;
    read::document(session, resource, &made)
}

/// What a tax says that follows from another one. Its amount, the engine says.
const FOLLOWING: [&str; 5] = ["name", "jurisdiction", "locationCode", "taxCode", "rate"];

/// Taxes by the item that has them.
type TaxesByItem = BTreeMap<String, Vec<Map<String, Value>>>;

/// The taxes that follow from those of an invoice, by its items.
fn source_taxes(session: &mut Session<'_>, invoice: &str) -> Answer<TaxesByItem> {
    let rows = session.rows(&json!({
        "of": "taxItem",
        "where": { "documentId": invoice },
        "fields": ["*", "itemId"],
        "page": { "size": ALL_ROWS },
    }))?;

    let mut taxes = TaxesByItem::new();
    for row in rows {
        let said = FOLLOWING
            .into_iter()
            .filter_map(|name| Some((name, row.get(name).filter(|value| !value.is_null())?)));
        let mut tax: Map<_, _> = said
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .collect();

        let id = row.get("id").cloned().unwrap_or_default();
        tax.insert("sourceTaxItemId".into(), id);
        let item = row.get("itemId").and_then(Value::as_str);
        let of_item = taxes.entry(item.unwrap_or_default().to_owned());
        of_item.or_default().push(tax);
    }
    Ok(taxes)
}

/// An item that credits or debits one of an invoice. Without taxes of its own it has those that follow from `sources`,
/// by the engine, under identifiers as all others have them; `None`: none are to be calculated.
fn source_item(
    session: &mut Session<'_>,
    item: &Map<String, Value>,
    at: &str,
    sources: Option<&TaxesByItem>,
) -> Answer<Map<String, Value>> {
    let mut read = body::read(item, at, bodies::FROM_INVOICE_ITEM)?;

    let id = session.new_id();
    let mut taxes = tax_items(session, item, "taxItems", at, bodies::FROM_INVOICE_TAX)?;

    let source = stated(item, "invoiceItemId").unwrap_or_default();
    let follow = sources.and_then(|sources| sources.get(source));
    if let (true, Some(follow)) = (taxes.items.is_empty(), follow) {
        for tax in follow {
            let mut tax = tax.clone();
            tax.insert("id".into(), json!(session.new_id()));
            taxes.items.push(Value::Object(tax));
        }
    }

    // An empty list says that there are no taxes. Without it, the engine takes over those of the source.
    if !taxes.items.is_empty() || sources.is_none() {
        read.command
            .insert("taxItems".into(), Value::Array(taxes.items));
    }

    keep_details(&mut read.kept, taxes.details);
    let mut item = read.into_fields();
    item.insert("id".into(), json!(id));
    Ok(item)
}

/// Tax items of a body, and what the engine does not know of them, by their identifiers.
pub(super) struct ReadTaxes {
    pub(super) items: Vec<Value>,
    pub(super) details: Map<String, Value>,
}

/// The new tax items of an item.
pub(super) fn tax_items(
    session: &mut Session<'_>,
    item: &Map<String, Value>,
    name: &str,
    at: &str,
    table: &[body::BodyField],
) -> Answer<ReadTaxes> {
    let mut taxes = ReadTaxes {
        items: Vec::new(),
        details: Map::new(),
    };

    for (path, tax) in objects(item, name, MOST_ITEMS)? {
        let mut read = body::read(tax, &format!("{at}{path}"), table)?;
        let id = session.new_id();
        read.command.insert("id".into(), json!(id));

        if !read.kept.is_empty() {
            taxes.details.insert(id, Value::Object(read.kept));
        }
        taxes.items.push(Value::Object(read.command));
    }
    Ok(taxes)
}

/// Keeps details of tax items on their item: tax items have no custom fields.
pub(super) fn keep_details(kept: &mut Map<String, Value>, details: Map<String, Value>) {
    if !details.is_empty() {
        let text = Value::Object(details).to_string();
        kept.insert("taxDetails".into(), json!(text));
    }
}

/// `POST …/bulk`: each memo by itself.
pub(super) fn bulk(session: &mut Session<'_>, resource: &Resource) -> Answer<Value> {
    let body = session.body()?;
    let is_from_invoices = match stated(&body, "sourceType") {
        Some("Invoice") => true,
        Some("Standalone") => false,
        Some(_) => {
            return Err(Problem::invalid("sourceType", "it is `Invoice` or `Standalone`.").into());
        }
        None => return Err(Problem::missing("sourceType").into()),
    };
    let memos = objects(&body, "memos", MOST_MEMOS)?;

    let mut results = Vec::new();
    for (place, (_, memo)) in memos.into_iter().enumerate() {
        let done = session.attempt(|session| {
            if !is_from_invoices {
                return charges_memo(session, resource, memo);
            }
            let invoice = stated(memo, "invoiceId").map(str::to_owned);
            let invoice = invoice.ok_or_else(|| Problem::missing("invoiceId"))?;
            invoice_memo(session, resource, &invoice, memo)
        })?;
        results.push(result(session, done, place, None));
    }
    Ok(json!({ "memos": results }))
}

/// What stands in the place of one memo in the answer of a bulk.
pub(super) fn result(
    session: &Session<'_>,
    done: Result<Value, Problem>,
    place: usize,
    id: Option<&str>,
) -> Value {
    match done {
        Ok(mut memo) => {
            // A bulk is answered by 200, so each memo says by itself whether it was made.
            if let Some(memo) = memo.as_object_mut() {
                memo.insert("success".into(), json!(true));
            }
            memo
        }

        Err(problem) => {
            let mut entry = refusal::body(&problem, session.request);
            if let Some(entry) = entry.as_object_mut() {
                entry.insert("objectIndex".into(), json!(place));
                if let Some(id) = id {
                    entry.insert("id".into(), json!(id));
                }
            }
            entry
        }
    }
}
