//! Payments, and what payments and refunds say.

use super::create::{account_id, account_of, carry_out};
use super::settle::{add_targets, check_way, way};
use super::tables::{PAYMENT, Resource};
use super::{add_kept, bodies, command, jobs, key, read, stamp};
use crate::rest::body::{self, stated};
use crate::rest::needs::Answer;
use crate::rest::session::Session;
use serde_json::{Value, json};

/// `POST /payments`.
pub(super) fn create(session: &mut Session<'_>) -> Answer<Value> {
    let body = session.body()?;
    let mut read = body::read(&body, "", bodies::PAYMENT)?;
    let is_electronic = check_way(&body, "paymentMethodType")?;
    if is_electronic {
        read.command.insert("electronic".into(), json!(true));
    }

    let account = account_id(&account_of(session, &body)?);
    let mut command = command(session, "create", &PAYMENT);
    command.insert("accountId".into(), json!(account));
    command.extend(read.into_fields());
    add_targets(&mut command, &body)?;

    let mut kept = stamp(session);
    kept.insert("type".into(), way(is_electronic));
    add_kept(&mut command, kept);

    session.open(&account, true)?;
    let number = stated(&body, "number").map(str::to_owned);
    let made = carry_out(session, &PAYMENT, &account, number.as_deref(), command)?;
    read::document(session, &PAYMENT, &made)
}

/// `POST /payments/create-async`.
pub(super) fn create_in_job(session: &mut Session<'_>) -> Answer<Value> {
    let done = session.attempt(create)?;
    let payment = done
        .as_ref()
        .ok()
        .and_then(|payment| payment.get("id")?.as_str());
    let payment = payment.unwrap_or_default().to_owned();
    let done = done.map(drop);
    jobs::settled(session, "AsyncPaymentCreate", &PAYMENT, &payment, &done)
}

/// `PUT …/{key}` of a payment or refund.
pub(super) fn update(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    let read = body::read(&body, "", bodies::UPDATE_MONEY)?;
    let found = read::open(session, resource, key(keys, 0)?, true)?;

    let mut command = command(session, "update", resource);
    command.insert(resource.id_field.into(), json!(found.id));
    command.extend(read.into_fields());
    session.execute(&command)?;
    read::document(session, resource, &found)
}
