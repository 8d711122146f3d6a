//! Makes memos and carries them through their lives.

use super::show::{self, REASONS};
use super::{amounts, command};
use crate::rest::body;
use crate::rest::needs::Answer;
use crate::rest::problem::{Category, Problem};
use crate::rest::session::Session;
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
    let customer = text(&body, "customer_id")?;
    let customer = customer.ok_or_else(|| Problem::missing("customer_id"))?;
    let amount = amounts::required(&body, "amount_cents")?;
    let fee = amounts::stated(&body, "restocking_fee_cents")?;
    let account = session.account(&customer)?;
    let account = account.ok_or_else(|| Problem::not_found(&customer))?;
    let of_account = |name: &str| {
        account
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (id, currency) = (
        of_account("id").to_owned(),
        of_account("currency").to_owned(),
    );
    let scale = amounts::scale_of_currency(&currency)?;

    let mut command = command(session, "create");
    command.insert("accountId".into(), json!(id));
    command.insert("currency".into(), json!(currency));
    command.extend(words(&body)?);
    command
        .entry("reasonCode")
        .or_insert_with(|| json!("other"));
    command.insert(
        "items".into(),
        json!([{ "id": ITEM, "amount": amounts::text(amount, scale) }]),
    );
    if let Some(fee) = fee.filter(|fee| *fee != 0) {
        command.insert("restockingFee".into(), json!(amounts::text(fee, scale)));
    }
    if let Some(invoice) = text(&body, "invoice_id")? {
        let invoice = session.find(&["invoice"], &invoice)?;
        command.insert("invoiceId".into(), json!(invoice.id));
    }
    let request = session.request;
    let stamps = [
        ("createdDate", &request.now),
        ("createdById", &request.user),
    ];
    let mut kept = kept(&body)?;
    kept.extend(stamps.map(|(name, value)| (name.to_owned(), json!(value))));
    command.insert("customFields".into(), Value::Object(kept));

    session.open(&id, true)?;
    let memo = session.new_id();
    let number = session.reserve(json!({
        "kind": "creditMemo", "id": memo, "accountId": id, "number": null, "prefix": PREFIX }))?;
    command.insert("id".into(), json!(memo));
    command.insert("number".into(), json!(number));
    session.execute(&command)?;
    let found = crate::rest::session::FoundDocument {
        id: memo,
        account: id,
    };
    show::memo(session, &found)
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
    let text_of = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    if let Some(invoice) = text(&body, "invoice_id")? {
        let invoice = session.find(&["invoice"], &invoice)?;
        if invoice.id != text_of("referredDocumentId") {
            let why = "the invoice of a memo does not change. Make another memo.";
            return Err(Problem::invalid("invoice_id", why).into());
        }
    }
    if text_of("status") != "draft" {
        let message = "Only a draft can be updated. Void this credit memo and make another.";
        return Err(Problem::state(message).into());
    }

    let mut command = command(session, "update");
    command.insert("creditMemoId".into(), json!(found.id));
    command.extend(words(&body)?);
    if let Some(amount) = amounts::stated(&body, "amount_cents")? {
        let amount = amounts::text(amount, amounts::scale_of(text_of("amount")));
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
    let reason = text(&body, "reason")?;
    let reason = reason.ok_or_else(|| Problem::missing("reason"))?;
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
    let invoice = text(&body, "invoice_id")?;
    let invoice = invoice.ok_or_else(|| Problem::missing("invoice_id"))?;
    let amount = amounts::required(&body, "amount_cents")?;
    let invoice = session.find(&["invoice"], &invoice)?;
    let found = show::open(session, key, true)?;
    let row = show::row(session, &found)?;
    let scale = amounts::scale_of(
        row.get("amount")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    );

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
    let invoice = text(&body, "invoice_id")?;
    let invoice = invoice.ok_or_else(|| Problem::missing("invoice_id"))?;
    let invoice = session.find(&["invoice"], &invoice)?;
    let found = show::open(session, key, true)?;
    let conditions = json!({ "sourceId": found.id, "targetId": invoice.id });
    let parts = show::applications(session, &conditions)?;
    let part = parts
        .first()
        .ok_or_else(|| Problem::state("The credit memo is not applied to this invoice."))?;
    let amount = part
        .get("amount")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();

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
        Some(name) => {
            let message = format!("'{name}' is no field of this operation.");
            Err(Problem::new(Category::UnknownField, message)
                .at(name)
                .into())
        }
    }
}

/// A text of a body; nothing and `null` are none.
fn text(body: &Map<String, Value>, name: &str) -> Answer<Option<String>> {
    let Some(value) = body.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    body::words(value, name, MOST_LETTERS).map(Some)
}

/// What a body says of a memo beside its amounts, as fields of a command.
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
