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

    // A client that heard no answer asks again.
    if found.account == new_account {
        session.open(&new_account, false)?;
        return read::document(session, &PAYMENT, &found);
    }

    session.open_together(vec![found.account.clone(), new_account.clone()])?;
    let row = read::row(session, &PAYMENT, &found.id)?;
    check(&row, &to)?;

    let transfer = PaymentTransfer {
        payment: &found,
        new_account: &new_account,
        day: read_body.command.get("at"),
    };
    transfer.leave(session)?;
    session.open(&new_account, true)?;
    transfer.enter(session, &row)?;
    session.move_to(&found.id, &new_account)?;

    let moved = FoundDocument {
        id: found.id.clone(),
        account: new_account.clone(),
    };
    read::document(session, &PAYMENT, &moved)
}

/// A payment on its way from its account to another one.
struct PaymentTransfer<'t> {
    payment: &'t FoundDocument,
    new_account: &'t str,
    /// The day that the body states. Without one, commands are of today.
    day: Option<&'t Value>,
}

impl PaymentTransfer<'_> {
    /// Takes the payment out of the book that is open. The log of that book says to which account it went.
    ///
    /// A payment that is transferred, canceled and deleted is in no list of the book, and its identifier is free: so it
    /// can come back one day.
    fn leave(&self, session: &mut Session<'_>) -> Answer<()> {
        let mut transfer = self.command_about(session, "transfer");
        transfer.insert("accountId".into(), json!(self.new_account));
        session.execute(&transfer)?;

        for verb in ["cancel", "delete"] {
            let step = self.command_about(session, verb);
            session.execute(&step)?;
        }
        Ok(())
    }

    /// Brings the payment into the book that is open, as its row in the former book says.
    fn enter(&self, session: &mut Session<'_>, row: &Value) -> Answer<()> {
        let mut create = self.command(session, "create");
        create.extend(said(row, &self.payment.account));
        create.insert("accountId".into(), json!(self.new_account));
        session.execute(&create)?;

        // Only an update of a payment has a reason code.
        if let Some(reason) = row.get("reasonCode").filter(|reason| !reason.is_null()) {
            let mut update = self.command_about(session, "update");
            update.insert("reasonCode".into(), reason.clone());
            session.execute(&update)?;
        }
        Ok(())
    }

    /// Starts a command of the day of the transfer.
    fn command(&self, session: &Session<'_>, verb: &str) -> Map<String, Value> {
        let mut command = command(session, verb, &PAYMENT);
        if let Some(day) = self.day {
            command.insert("at".into(), day.clone());
        }
        command
    }

    /// Starts a command of that day about the payment.
    fn command_about(&self, session: &Session<'_>, verb: &str) -> Map<String, Value> {
        let mut command = self.command(session, verb);
        command.insert(PAYMENT.id_field.into(), json!(self.payment.id));
        command
    }
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

    // Zuora's accounts have one currency each. A book would take a payment in any.
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
