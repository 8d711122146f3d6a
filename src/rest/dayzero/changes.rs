//! Makes memos and carries them through their lives.

use super::show::{self, REASONS};
use super::{amounts, command};
use crate::rest::body;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// The one item of a memo: DayZero's lines have amounts of a form that is not public, so they are kept as they are.
const ITEM: &str = "credit";
/// The most letters of a text.
const MOST_LETTERS: usize = 10_000;
/// What numbers of memos begin with.
const PREFIX: &str = "CM-";

const FIELDS: [&str; 9] = [
    "customer_id",
    "amount_cents",
    "restocking_fee_cents",
    "reason",
    "description",
    "invoice_id",
    "issue_date",
    "line_items",
    "internal_notes",
];

/// `POST …`: a draft.
pub(super) fn create(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    check_known(&body, &FIELDS)?;
    let customer = required_text(&body, "customer_id")?;
    let amount = amounts::required(&body, "amount_cents")?;
    let fee = amounts::stated(&body, "restocking_fee_cents")?;

    let found = session.account(&customer)?;
    let found = found.ok_or_else(|| Problem::not_found(&customer))?;
    let account = text_of(&found, "id").to_owned();
    let currency = text_of(&found, "currency");
    let scale = amounts::scale_of_currency(currency)?;

    let mut command = command(session, "create");
    command.insert("accountId".into(), json!(account));
    command.insert("currency".into(), json!(currency));
    command.extend(words(&body)?);

    // The dialect shows a reason of every memo.
    command
        .entry("reasonCode")
        .or_insert_with(|| json!("other"));
    command.insert(
        "items".into(),
        json!([{ "id": ITEM, "amount": amounts::text(amount, scale) }]),
    );

    // The engine refuses a fee of nothing, by which clients say that there is none.
    if let Some(fee) = fee.filter(|fee| *fee != 0) {
        command.insert("restockingFee".into(), json!(amounts::text(fee, scale)));
    }

    if let Some(invoice) = text(&body, "invoice_id")? {
        let invoice = session.find(&["invoice"], &invoice)?;
        command.insert("invoiceId".into(), json!(invoice.id));
    }

    let mut kept = kept(&body)?;
    kept.insert("createdDate".into(), json!(session.request.now));
    kept.insert("createdById".into(), json!(session.request.user));
    command.insert("customFields".into(), Value::Object(kept));

    let made = make(session, account, command)?;
    show::memo(session, &made)
}

/// Carries out a command that creates a memo, under a new number.
fn make(
    session: &mut Session<'_>,
    account: String,
    mut command: Map<String, Value>,
) -> Answer<FoundDocument> {
    session.open(&account, true)?;

    let id = session.new_id();
    let number = session.reserve(json!({
        "kind": "creditMemo",
        "id": id,
        "accountId": account,
        "number": null,
        "prefix": PREFIX,
    }))?;

    command.insert("id".into(), json!(id));
    command.insert("number".into(), json!(number));
    session.execute(&command)?;
    Ok(FoundDocument { id, account })
}

/// `PUT …/{id}`: of a draft.
pub(super) fn update(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    let body = session.body()?;
    check_known(&body, &FIELDS)?;
    for fixed in ["customer_id", "restocking_fee_cents"] {
        if body.contains_key(fixed) {
            return Err(Problem::invalid(fixed, "it does not change. Make another memo.").into());
        }
    }
    let found = show::open(session, key, true)?;
    let row = show::row(session, &found)?;

    // A client may send the memo as a whole, with the invoice that it has.
    if let Some(invoice) = text(&body, "invoice_id")? {
        let invoice = session.find(&["invoice"], &invoice)?;
        if invoice.id != text_of(&row, "referredDocumentId") {
            let why = "the invoice of a memo does not change. Make another memo.";
            return Err(Problem::invalid("invoice_id", why).into());
        }
    }

    if text_of(&row, "status") != "draft" {
        let message = "Only a draft can be updated. Void this credit memo and make another.";
        return Err(Problem::state(message).into());
    }

    let mut command = command(session, "update");
    command.insert("creditMemoId".into(), json!(found.id));
    command.extend(words(&body)?);
    if let Some(amount) = amounts::stated(&body, "amount_cents")? {
        let amount = amounts::text(amount, amounts::scale_of(text_of(&row, "amount")));
        command.insert("items".into(), json!([{ "id": ITEM, "amount": amount }]));
    }

    let kept = kept(&body)?;
    if !kept.is_empty() {
        command.insert("customFields".into(), Value::Object(kept));
    }

    session.execute(&command)?;
    show::memo(session, &found)
}

/// `DELETE …/{id}`: of a draft. It is canceled and deleted in one step.
pub(super) fn delete(session: &mut Session<'_>, key: &str) -> Answer<()> {
    let found = show::open(session, key, true)?;
    let step = |verb: &str| {
        let mut step = command(session, verb);
        step.insert("creditMemoId".into(), json!(found.id));
        Value::Object(step)
    };

    let steps = [step("cancel"), step("delete")];
    let mut bulk = Map::new();
    bulk.insert("type".into(), json!("bulk"));
    bulk.insert("at".into(), json!(session.request.today()));
    bulk.insert("atomic".into(), json!(true));
    bulk.insert("commands".into(), json!(steps));
    session.execute(&bulk)?;
    Ok(())
}

/// `POST …/{id}/issue`.
pub(super) fn issue(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    step(session, "post", key, Map::new())
}

/// `POST …/{id}/void`. What it is applied to is open again.
pub(super) fn void(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    let body = session.body()?;
    check_known(&body, &["reason"])?;
    let reason = required_text(&body, "reason")?;
    let mut fields = Map::new();
    fields.insert("comment".into(), json!(reason));
    step(session, "void", key, fields)
}

fn step(
    session: &mut Session<'_>,
    verb: &str,
    key: &str,
    fields: Map<String, Value>,
) -> Answer<Value> {
    let found = show::open(session, key, true)?;

    let mut command = command(session, verb);
    command.insert("creditMemoId".into(), json!(found.id));
    command.extend(fields);
    session.execute(&command)?;
    show::memo(session, &found)
}

/// `POST …/{id}/apply`: to one invoice. Answers what the memo has on that invoice then.
pub(super) fn apply(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    let body = session.body()?;
    check_known(&body, &["invoice_id", "amount_cents"])?;
    let invoice = required_text(&body, "invoice_id")?;
    let amount = amounts::required(&body, "amount_cents")?;
    let invoice = session.find(&["invoice"], &invoice)?;
    let found = show::open(session, key, true)?;

    // Amounts of the memo have the decimals of its currency, so they say how many cents are one
    // unit.
    let row = show::row(session, &found)?;
    let scale = amounts::scale_of(text_of(&row, "amount"));

    let mut command = command(session, "apply");
    command.insert("creditMemoId".into(), json!(found.id));
    let target = json!({ "invoiceId": invoice.id, "amount": amounts::text(amount, scale) });
    command.insert("invoices".into(), json!([target]));
    session.execute(&command)?;

    let conditions = json!({ "sourceId": found.id, "targetId": invoice.id });
    let parts = show::applications(session, &conditions)?;
    let part = parts
        .first()
        .ok_or_else(|| Problem::not_found(&invoice.id))?;
    Ok(show::application(part))
}

/// `POST …/{id}/unapply`: all that the memo has on an invoice comes back. Answers the memo, and how much that was.
pub(super) fn unapply(session: &mut Session<'_>, key: &str) -> Answer<Value> {
    let body = session.body()?;
    check_known(&body, &["invoice_id"])?;
    let invoice = required_text(&body, "invoice_id")?;
    let invoice = session.find(&["invoice"], &invoice)?;
    let found = show::open(session, key, true)?;

    let conditions = json!({ "sourceId": found.id, "targetId": invoice.id });
    let parts = show::applications(session, &conditions)?;
    let part = parts
        .first()
        .ok_or_else(|| Problem::state("The credit memo is not applied to this invoice."))?;
    let amount = text_of(part, "amount").to_owned();

    let mut command = command(session, "unapply");
    command.insert("creditMemoId".into(), json!(found.id));
    command.insert("invoices".into(), json!([{ "invoiceId": invoice.id }]));
    session.execute(&command)?;

    let mut memo = show::memo(session, &found)?;
    if let Some(memo) = memo.as_object_mut() {
        memo.insert("unapplied_invoice_id".into(), json!(invoice.id));
        let names = ["amount_unapplied", "amount_unapplied_in_dollars"];
        amounts::put(memo, names, &amount);
    }
    Ok(memo)
}

/// Refuses a field that the operation does not have.
fn check_known(body: &Map<String, Value>, known: &[&str]) -> Answer<()> {
    match body.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(Problem::no_field(name).into()),
    }
}

/// A text of a body; nothing and `null` are none.
fn text(body: &Map<String, Value>, name: &str) -> Answer<Option<String>> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    body::words(value, name, MOST_LETTERS).map(Some)
}

/// A text that a body must state.
fn required_text(body: &Map<String, Value>, name: &str) -> Answer<String> {
    let stated = text(body, name)?;
    stated.ok_or_else(|| Problem::missing(name).into())
}

/// A text of a row or of an account; nothing where there is none.
fn text_of<'v>(row: &'v Value, name: &str) -> &'v str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What a body says of a memo in addition to its amounts, as fields of a command.
fn words(body: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let mut fields = Map::new();

    if let Some(reason) = text(body, "reason")? {
        if !REASONS.iter().any(|(code, _)| *code == reason) {
            let known: Vec<_> = REASONS.iter().map(|(code, _)| *code).collect();
            let why = format!("it is one of {}.", known.join(", "));
            return Err(Problem::invalid("reason", &why).into());
        }
        fields.insert("reasonCode".into(), json!(reason));
    }

    if let Some(description) = body.get("description") {
        let description = text(body, "description")?.filter(|_| !description.is_null());
        fields.insert("comment".into(), json!(description));
    }
    if let Some(date) = body.get("issue_date").filter(|date| !date.is_null()) {
        fields.insert("date".into(), json!(body::day(date, "issue_date")?));
    }
    Ok(fields)
}

/// What is kept of a body because the engine does not know it.
fn kept(body: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let mut kept = Map::new();

    if body.contains_key("internal_notes") {
        kept.insert("internalNotes".into(), json!(text(body, "internal_notes")?));
    }

    match body.get("line_items") {
        None => {}
        Some(Value::Null) => {
            kept.insert("lineItems".into(), Value::Null);
        }
        Some(lines @ (Value::Array(_) | Value::Object(_))) => {
            kept.insert("lineItems".into(), json!(lines.to_string()));
        }
        Some(_) => return Err(Problem::invalid("line_items", "it is no list of lines.").into()),
    }
    Ok(kept)
}
