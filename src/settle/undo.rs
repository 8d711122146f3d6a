//! Take back exactly what one operation applied (`settlement.md` 7, point 2).

use super::request::{check_live, placed};
use super::{Journal, unapply};
use crate::calendar::Date;
use crate::document::{Application, DocumentIndex, Entry, Kind, PartItem, Settlement};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::Amount;

/// The inverse of every application of a group, the last first; all or none.
///
/// # Errors
/// `groupNotFound`, `invalidStatus` (also of a group that refunded something: cancel the refund), `dateTooEarly`,
/// `exceedsApplied` if it is no longer applied as it was.
pub(super) fn run(journal: &mut Journal<'_>, at: Date, group_id: &str) -> Result<DocumentIndex> {
    let path = Path::Root.field("applicationGroupId");
    let version = Entry::version_of(group_id);
    let log = journal.context().documents.log();
    let entries: Vec<_> = log.iter().filter(|entry| Some(entry.version) == version).cloned().collect();
    let not_found =
        || Error::new(Code::GroupNotFound, &path, "the identifier of an application group", quoted(group_id));
    let subject = entries.first().ok_or_else(not_found)?.settlement.source;
    for entry in entries.iter().rev() {
        let Settlement { source, applications, .. } = &entry.settlement;
        for index in entry.settlement.documents() {
            let of = placed(journal.context().documents, index)?;
            check_live(&of, &path)?;
            if of.document.header().kind == Kind::Refund {
                return Err(Error::new(Code::InvalidStatus, &path, "an operation that refunds nothing", "a refund"));
            }
        }
        unapply::check_date(journal.context(), *source, at)?;
        let inverse = |application: &Application| {
            check(journal, *source, application, &path)?;
            let back = |item: &PartItem| PartItem { amount: item.amount.negated(), ..*item };
            let items = application.items.iter().map(back).collect();
            Ok(Application { amount: application.amount.negated(), items, ..application.clone() })
        };
        let applications = applications.iter().map(inverse).collect::<Result<Vec<_>>>()?;
        journal.settle(Settlement { at, source: *source, applications });
    }
    Ok(subject)
}

/// What is to come back must be there, line by line; what is to be applied again must have room.
fn check(journal: &Journal<'_>, source: DocumentIndex, application: &Application, path: &Path<'_>) -> Result<()> {
    let context = journal.context();
    let documents = context.documents;
    let empty = crate::document::Part::default();
    let part = documents.part(source, application.target).unwrap_or(&empty);
    for item in &application.items {
        let place = part.items().binary_search_by_key(&item.order(), PartItem::order).ok();
        let applied = place.and_then(|place| part.items().get(place)).map_or(Amount::ZERO, |item| item.amount);
        let open = |index: DocumentIndex, line| {
            documents
                .get(index)
                .and_then(|document| document.line_figures(line))
                .map_or(Amount::ZERO, |line| line.open())
        };
        let has =
            |amount: Amount, least: Amount| (Amount::ZERO.min(amount)..=Amount::ZERO.max(amount)).contains(&least);
        let again = item.amount.negated();
        let fits = has(applied, item.amount)
            || (has(open(source, item.source), again) && has(open(application.target, item.target), again));
        if !fits {
            let currency = documents.header(source).map(|header| &header.currency);
            let write = |amount| currency.map_or_else(String::new, |currency| currency.write(amount));
            let needed = format!("{} between two lines, as it was applied", write(item.amount));
            return Err(Error::new(Code::ExceedsApplied, path, needed, write(applied)));
        }
    }
    Ok(())
}
