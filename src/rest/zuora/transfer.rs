//! A payment that goes to another account (`settlement.md#transfer-of-a-payment`).
//!
//! Each account has a book. So the payment leaves one book and enters another, by the commands of each, which are
//! written together or not at all: the one log says where it went, and the other where it came from. The payment keeps
//! its identifier, number, date and amount, and no book but the new one counts it, not even for days that have passed:
//! as where one book has both accounts.

use super::create::account_id;
use super::tables::PAYMENT;
use super::{bodies, command, key, read};
use crate::rest::body::{self, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Map, Value, json};

/// What a payment says that the command has under the same name that creates it elsewhere.
const CARRIED: [&str; 8] = [
    "id",
    "number",
    "date",
    "amount",
    "currency",
    "method",
    "comment",
    "excludeFromAutoApply",
];
/// The custom field that says which account a payment came from.
const FORMER_ACCOUNT: &str = "transferredFromAccountId";

/// `PUT /payments/{key}/transfer`.
pub(super) fn payment(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    let body = session.body()?;
    let read_body = body::read(&body, "", bodies::TRANSFER)?;
    let to = account_of(session, &body)?;
    let new_account = account_id(&to);
    let found = session.find(&[PAYMENT.kind], key(keys, 0)?)?;
    let former_account = found.account.clone();
    // A client that heard no answer asks again.
    if former_account == new_account {
        session.open(&new_account, false)?;
        return read::document(session, &PAYMENT, &found);
    }

    session.open_together(vec![former_account.clone(), new_account.clone()])?;
    let row = read::row(session, &PAYMENT, &found.id)?;
    check(&row, &to)?;
    let day = read_body.command.get("at").cloned();
    let of_day = |verb: &str, session: &Session<'_>| {
        let mut command = command(session, verb, &PAYMENT);
        if let Some(day) = &day {
            command.insert("at".into(), day.clone());
        }
        command
    };
    for verb in ["transfer", "cancel", "delete"] {
        let mut leave = of_day(verb, session);
        leave.insert(PAYMENT.id_field.into(), json!(found.id));
        if verb == "transfer" {
            leave.insert("accountId".into(), json!(new_account));
        }
        session.execute(&leave)?;
    }

    session.open(&new_account, true)?;
    let mut enter = of_day("create", session);
    enter.extend(said(&row, &former_account));
    enter.insert("accountId".into(), json!(new_account));
    session.execute(&enter)?;
    if let Some(reason) = row.get("reasonCode").filter(|reason| !reason.is_null()) {
        let mut update = of_day("update", session);
        update.insert(PAYMENT.id_field.into(), json!(found.id));
        update.insert("reasonCode".into(), reason.clone());
        session.execute(&update)?;
    }
    session.move_to(&found.id, &new_account)?;
    let found = FoundDocument {
        account: new_account,
        ..found
    };
    read::document(session, &PAYMENT, &found)
}

/// The account that a payment goes to.
fn account_of(session: &mut Session<'_>, body: &Map<String, Value>) -> Answer<Value> {
    let key = stated(body, "accountId").unwrap_or_default();
    if key.is_empty() {
        let message = "'accountId' is required: a payment always belongs to an account here.";
        return Err(Problem::rule(message).at("accountId").into());
    }
    let account = session.account(key)?;
    account.ok_or_else(|| Problem::not_found(key).into())
}

/// Refuses a payment that does not go to another account. That nothing of it is settled, the book asks.
fn check(row: &Value, to: &Value) -> Answer<()> {
    if row.get("electronic").and_then(Value::as_bool) == Some(true) {
        let message = "A payment that a gateway took is not transferred.";
        return Err(Problem::rule(message).into());
    }
    let standalone = row.pointer("/customFields/standalone");
    if standalone == Some(&Value::Bool(true)) {
        let message = "A standalone payment is not transferred.";
        return Err(Problem::rule(message).into());
    }
    let currencies = [row, to].map(|value| value.get("currency").and_then(Value::as_str));
    match currencies {
        [Some(payment), Some(account)] if payment != account => {
            let message = format!("The payment is in {payment}, and the account in {account}.");
            Err(Problem::rule(&message).at("accountId").into())
        }
        _ => Ok(()),
    }
}

/// What a payment says, as the command states it that creates it in its new book.
fn said(row: &Value, former_account: &str) -> Map<String, Value> {
    let fields = CARRIED
        .into_iter()
        .filter_map(|name| Some((name, row.get(name)?)));
    let fields = fields.filter(|(_, value)| !value.is_null());
    let mut said: Map<_, _> = fields
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    let kept = row.get("customFields").and_then(Value::as_object);
    let mut kept = kept.cloned().unwrap_or_default();
    kept.insert(FORMER_ACCOUNT.into(), json!(former_account));
    said.insert("customFields".into(), Value::Object(kept));
    said
}
