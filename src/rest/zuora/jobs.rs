//! Operations that are asked for as jobs. Each is carried out at once, because no operation of a book takes long; its
//! answer says that it waits, as clients expect, and the job that they ask for later says what it came to.

use super::key;
use super::tables::Resource;
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use crate::rest::session::Session;
use serde_json::{Value, json};

/// Under which names jobs are kept.
const SETTLEMENT_JOB: &str = "settlementJob";
const OPERATION_JOB: &str = "operationJob";

/// The answer of a step that was carried out, as of a job that waits.
pub(super) fn done(
    session: &mut Session<'_>,
    resource: &Resource,
    verb: &str,
    id: &str,
) -> Answer<Value> {
    let job = keep_done(session, resource.object_type, verb, id)?;
    Ok(json!({ "id": id, "jobId": job, "jobStatus": "Pending" }))
}

/// Keeps the job of a settlement that was carried out or refused, and answers as of one that waits.
pub(super) fn settled(
    session: &mut Session<'_>,
    operation: &str,
    resource: &Resource,
    id: &str,
    done: &Result<(), Problem>,
) -> Answer<Value> {
    let job = session.new_id();
    let state = |status: &str, error: Option<&str>| {
        json!({
            "id": job,
            "status": status,
            "operationType": operation,
            "referenceId": id,
            "referenceType": resource.object_type,
            "error": error,
        })
    };

    let result = match done {
        Ok(()) => state("Processed", None),
        Err(problem) => state("Error", Some(problem.message())),
    };
    session.keep(SETTLEMENT_JOB, &job, &result)?;
    Ok(state("Pending", None))
}

/// Keeps a job that is done, and returns its identifier.
pub(super) fn keep_done(
    session: &mut Session<'_>,
    object_type: &str,
    verb: &str,
    id: &str,
) -> Answer<String> {
    let mut letters = verb.chars();
    let first = letters.next().unwrap_or_default().to_ascii_uppercase();
    let operation = format!("{first}{}", letters.as_str());

    let job = session.new_id();
    let data = json!({
        "id": job,
        "objectId": id,
        "objectType": object_type,
        "operationType": operation,
        "status": "Completed",
    });
    session.keep(OPERATION_JOB, &job, &data)?;
    Ok(job)
}

/// `GET /operations/jobs/{job}`.
pub(super) fn operation(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    kept(session, OPERATION_JOB, key(keys, 0)?)
}

/// `GET …-async-jobs/{job}`.
pub(super) fn settlement(session: &mut Session<'_>, keys: &[&str]) -> Answer<Value> {
    kept(session, SETTLEMENT_JOB, key(keys, 0)?)
}

fn kept(session: &mut Session<'_>, kind: &str, job: &str) -> Answer<Value> {
    let kept = session.kept(kind, job)?;
    kept.ok_or_else(|| Problem::not_found(job).into())
}
