//! Post a draft (`settlement.md` 2.1, 2.3).

use super::request::find;
use super::{Context, Event, Plan};
use crate::document::{Kind, Status};
use crate::error::{Code, Error, Path, Result};

/// # Errors
/// `documentNotFound`; `invalidStatus` unless it is a draft.
pub(super) fn plan(context: Context<'_>, kind: Kind, id: &str) -> Result<Plan> {
    let path = Path::Root.field(kind.id_field());
    let subject = find(context.documents, kind, id, &path)?;
    let status = context.documents.header(subject).map(|header| header.status);
    if status != Some(Status::Draft) {
        let needed = format!("a draft {}", kind.name());
        return Err(Error::new(Code::InvalidStatus, &path, needed, status.map_or("none", Status::as_str)));
    }
    Ok(Plan { subject, events: vec![Event::Posted(subject)], notices: Vec::new() })
}
