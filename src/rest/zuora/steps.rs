//! Steps in the life of a document: posted, made a draft again, canceled, deleted.

use super::tables::Resource;
use super::{command, jobs, key, read};
use crate::rest::needs::Answer;
use crate::rest::session::{FoundDocument, Session};
use serde_json::{Value, json};

/// Carries a step out.
pub(super) fn take(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    key: &str,
) -> Answer<FoundDocument> {
    let found = read::open(session, resource, key, true)?;
    let mut command = command(session, verb, resource);
    command.insert(resource.id_field.into(), json!(found.id));
    session.execute(&command)?;
    Ok(found)
}

/// A step whose answer is the document.
pub(super) fn step(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    keys: &[&str],
) -> Answer<Value> {
    let found = take(session, resource, verb, key(keys, 0)?)?;
    read::document(session, resource, &found)
}

/// A step whose answer is a job. It is carried out at once; the job says so when it is asked for.
pub(super) fn job(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    keys: &[&str],
) -> Answer<Value> {
    let found = take(session, resource, verb, key(keys, 0)?)?;
    jobs::done(session, resource, verb, &found.id)
}

/// `DELETE …/{key}`.
pub(super) fn delete(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    take(session, resource, "delete", key(keys, 0)?)?;
    Ok(json!({ "success": true }))
}
