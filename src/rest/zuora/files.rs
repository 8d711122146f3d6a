//! Mail and files of documents. They are the host's: an answer names what is to be done as an effect, and the directory
//! keeps what was asked for.

use super::tables::Resource;
use super::{key, read};
use crate::rest::needs::Answer;
use crate::rest::problem::{Category, Problem};
use crate::rest::session::Session;
use serde_json::{Value, json};

/// Under which names files are kept, by document.
const PDF: &str = "pdf";
const FILES: &str = "files";
/// The most documents that a request asks for the files of.
const MOST_KEYS: usize = 50;
/// The largest file, and the most files of a document.
const MOST_BYTES: u64 = 4 << 20;
const MOST_FILES: usize = 50;

/// `POST …/{key}/emails`.
pub(super) fn email(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let body = session.body()?;
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let row = read::row(session, resource, &found.id)?;

    if row.get("status").and_then(Value::as_str) != Some("posted") {
        return Err(Problem::rule("Only posted documents are sent by mail.").into());
    }

    let effect = json!({
        "type": "email",
        "documentType": resource.kind,
        "documentId": found.id,
        "accountId": found.account,
        "request": body,
    });
    session.effects.push(effect);
    Ok(json!({}))
}

/// `POST …/{key}/pdfs`.
pub(super) fn make_pdf(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let row = read::row(session, resource, &found.id)?;

    let file = session.new_id();
    let now = session.request.now.clone();
    let state = json!({ "fileId": file, "status": "Pending", "createdOn": now, "updatedOn": now });
    session.keep(PDF, &found.id, &state)?;

    let effect = json!({
        "type": "pdf",
        "documentType": resource.kind,
        "documentId": found.id,
        "accountId": found.account,
        "fileId": file,
        "document": row,
    });
    session.effects.push(effect);
    Ok(json!({}))
}

/// `GET …/pdf-status`.
pub(super) fn pdf_status(session: &mut Session<'_>, resource: &Resource) -> Answer<Value> {
    let parameter = format!("{}Keys", resource.kind);
    let parameters = session.request.parameters().unwrap_or_default();
    let stated = parameters.into_iter().find(|(name, _)| *name == parameter);
    let Some((_, stated)) = stated.filter(|(_, keys)| !keys.is_empty()) else {
        let message = format!("'{parameter}' is required.");
        return Err(Problem::new(Category::MissingParameter, message).into());
    };
    let keys: Vec<&str> = stated.split(',').map(str::trim).collect();
    if keys.len() > MOST_KEYS {
        return Err(Problem::rule("At most 50 documents can be asked for.").into());
    }

    let mut files = Vec::new();
    for key in keys {
        let found = read::open(session, resource, key, false)?;
        let row = read::row(session, resource, &found.id)?;
        let state = session.kept(PDF, &found.id)?.unwrap_or_default();
        let text = |name: &str| state.get(name).cloned().unwrap_or_default();

        let status = match text("status") {
            Value::Null => json!("None"),
            status => status,
        };
        files.push(json!({
            (format!("{}Id", resource.kind)): found.id,
            (format!("{}Number", resource.kind)): row.get("number"),
            "pdfGenerationStatus": status,
            "pdfFileUrl": text("url"),
            "createdOn": text("createdOn"),
            "updatedOn": text("updatedOn"),
            "errorCategory": null,
            "errorMessage": null,
        }));
    }
    Ok(json!({ (format!("{}Files", resource.kind)): files }))
}

/// `POST …/{key}/files`: the host keeps the bytes.
pub(super) fn upload(
    session: &mut Session<'_>,
    resource: &Resource,
    keys: &[&str],
) -> Answer<Value> {
    let uploaded = session
        .request
        .file
        .ok_or_else(|| Problem::missing("file"))?;
    if !uploaded.is_pdf {
        return Err(Problem::invalid("file", "it is no PDF.").into());
    }
    if uploaded.size > MOST_BYTES {
        return Err(Problem::invalid("file", "it has more than 4 MB.").into());
    }

    let found = read::open(session, resource, key(keys, 0)?, false)?;
    let row = read::row(session, resource, &found.id)?;
    if row.get("status").and_then(Value::as_str) == Some("canceled") {
        return Err(Problem::rule("A canceled document takes no files.").into());
    }

    let file = session.new_id();
    let mut files = session.kept(FILES, &found.id)?.unwrap_or_else(|| json!([]));
    if let Some(files) = files.as_array_mut() {
        if files.len() >= MOST_FILES {
            return Err(Problem::rule("A document has at most 50 files.").into());
        }
        let version = files.len().saturating_add(1);
        // The newest stands first.
        files.insert(
            0,
            json!({ "id": file, "pdfFileUrl": null, "versionNumber": version }),
        );
    }

    session.keep(FILES, &found.id, &files)?;

    let effect = json!({
        "type": "file",
        "documentType": resource.kind,
        "documentId": found.id,
        "accountId": found.account,
        "fileId": file,
    });
    session.effects.push(effect);
    Ok(json!({ "fileId": file }))
}

/// `GET …/{key}/files`.
pub(super) fn list(session: &mut Session<'_>, resource: &Resource, keys: &[&str]) -> Answer<Value> {
    let found = read::open(session, resource, key(keys, 0)?, false)?;
    read::row(session, resource, &found.id)?;
    let files = session.kept(FILES, &found.id)?.unwrap_or_else(|| json!([]));
    Ok(json!({ (format!("{}Files", resource.kind)): files }))
}
