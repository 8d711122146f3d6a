//! Take back exactly what one operation applied (`settlement.md` 7, point 2).

use super::request::{check_live, placed};
use super::{Context, Journal, unapply};
use crate::calendar::Date;
use crate::document::{Application, DocumentIndex, Entry, Kind, PartItem, Settlement, negated};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::Amount;

/// The inverse of every application of a group, the last first; all or none. Once something of what it applied came
/// back in another way, which operation's it was is nobody's to say: it cannot be undone then, nor a second time.
///
/// # Errors
/// `groupNotFound`, `invalidStatus` (also of an operation that refunded or took something back), `dateTooEarly`,
/// `exceedsApplied` if it is no longer applied as it was.
pub(super) fn run(journal: &mut Journal<'_>, at: Date, group_id: &str) -> Result<DocumentIndex> {
    let path = Path::Root.field("applicationGroupId");
    let version = Entry::version_of(group_id);
    let log = journal.context().documents.log();
    let entries: Vec<_> = log
        .iter()
        .filter(|entry| Some(entry.version) == version)
        .cloned()
        .collect();
    let not_found = || {
        Error::new(
            Code::GroupNotFound,
            &path,
            "the identifier of an application group",
            quoted(group_id),
        )
    };
    let subject = entries.first().ok_or_else(not_found)?.settlement.source;
    for entry in entries.iter().rev() {
        let own = &entry.settlement;
        for index in entry.settlement.documents() {
            let of = placed(journal.context().documents, index)?;
            check_live(&of, &path)?;
            if of.document.header().kind == Kind::Refund {
                return Err(Error::new(
                    Code::InvalidStatus,
                    &path,
                    "an operation that refunds nothing",
                    "a refund",
                ));
            }
        }
        if own
            .applications()
            .any(|application| application.amount < Amount::ZERO)
        {
            let needed = "an operation that applied something";
            return Err(Error::new(
                Code::InvalidStatus,
                &path,
                needed,
                "one that took something back",
            ));
        }
        unapply::check_date(journal.context(), own.source, at)?;
        let context = journal.context();
        check_whole(context, entry, &path)?;
        let mut inverse = Settlement::new(at, own.source);
        for application in own.applications() {
            let items = negated(application.items);
            check(context, own.source, application, &items, &path)?;
            inverse.add(Application {
                amount: application.amount.negated(),
                items: &items,
                ..application
            });
        }
        journal.undo(inverse, entry.version)?;
    }
    Ok(subject)
}

/// Refuses an operation of which something may have come back since: undone, or unapplied between the same documents.
fn check_whole(context: Context<'_>, entry: &Entry, path: &Path<'_>) -> Result<()> {
    let own = &entry.settlement;
    let is_same = |back: Application<'_>| {
        own.applications()
            .any(|application| application.target == back.target)
    };
    let takes_back = |later: &&std::sync::Arc<Entry>| {
        later.version > entry.version
            && later.settlement.source == own.source
            && later.undoes.is_none_or(|undone| undone == entry.version)
            && later
                .settlement
                .applications()
                .any(|back| back.amount < Amount::ZERO && is_same(back))
    };
    match context.documents.log().iter().find(takes_back) {
        Some(later) => {
            let needed = "an operation of which nothing came back since";
            let found = ["one followed by ", &Entry::group_id(later.version)].concat();
            Err(Error::new(Code::ExceedsApplied, path, needed, found))
        }
        None => Ok(()),
    }
}

/// What is to come back must be there, line by line.
fn check(
    context: Context<'_>,
    source: DocumentIndex,
    application: Application<'_>,
    back: &[PartItem],
    path: &Path<'_>,
) -> Result<()> {
    let documents = context.documents;
    let empty = crate::document::Part::default();
    let part = documents.part(source, application.target).unwrap_or(&empty);
    for item in application.items {
        let place = part
            .items()
            .binary_search_by_key(&item.order(), PartItem::order)
            .ok();
        let applied = place
            .and_then(|place| part.items().get(place))
            .map_or(Amount::ZERO, |item| item.amount);
        let between = Amount::ZERO.min(applied)..=Amount::ZERO.max(applied);
        let fits = between.contains(&item.amount);
        if !fits {
            let currency = documents.header(source).map(|header| &header.currency);
            let write =
                |amount| currency.map_or_else(String::new, |currency| currency.write(amount));
            let needed = format!(
                "{} between two lines, as it was applied",
                write(item.amount)
            );
            return Err(Error::new(
                Code::ExceedsApplied,
                path,
                needed,
                write(applied),
            ));
        }
    }
    if !unapply::keeps_signs(part, back) {
        let needed = "no more of each line than is applied of it";
        return Err(Error::new(
            Code::ExceedsApplied,
            path,
            needed,
            "lines of both signs",
        ));
    }
    Ok(())
}
