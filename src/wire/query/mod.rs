//! Queries: which fields, conditions and orders there are, the tables of [`crate::query`] say.

mod condition;
mod page;
mod table;

use super::Value;
use super::faults::read_all;
use super::fields::{Fields, KnownFields, entries, whole};
use super::object::{Object, Shape, object};
use super::readers::{Anything, Boolean, Day, OneOf, reader};
use crate::error::{Error, Reason, Result, Site, WholeFigure};
use crate::query;
use crate::query::{PageStart, Query, Report, RowKind};
use page::PageRequest;
use table::FieldTable;

/// Rows at a time where all of them are wanted.
const ALL_SIZE: u32 = 500;

object! {
    /// What all questions for rows of one kind have in common.
    interface RowQuery as "RowQuery<Of extends RowKind>" {
        of: required OneOf<RowKind> = "of" as "Of",
        /// Left out: all rows.
        filter: optional Anything = "where" as "Where<Of>",
        /// Any number of fields, the first counts most. Left out, and for rows that are level:
        /// documents by number, descending, then id; items and tax items by the number of their
        /// document, descending, its id, then in document order; parts by source, then target, by
        /// id; applications as they happened; accounts by id, then currency; entries of statements
        /// by account, currency and day.
        sort: optional Anything = "sort" as "readonly SortKey<ComparableField<Of>>[]",
        /// The fields of a row, in this order; each is there then, `null` where there is nothing.
        /// `"*"` stands for those that rows show by themselves. Left out: those, without what
        /// documents do not say.
        shown: optional Anything = "fields" as "readonly (FieldName<Of> | \"*\")[]",
        /// How it was on that day: documents dated on that day or before, settled by the
        /// applications with an effective date up to it, posted or canceled if they were by then.
        /// The effective date of an application is its `at` or, if that is later, the day from
        /// which on both of its documents are there: dated and posted. What speaks of now
        /// ({@link Invoice} `reversed`, `availableToCreditAmount`, what can be done) is not there
        /// then. Changes of drafts, and payments given to other accounts, are not remembered.
        as_of: optional Day = "asOf" as "Of extends PastRowKind ? DateInput : never",
    }
}

object! {
    /// A question for one page of rows.
    interface PageQuery as "PageQuery<Of extends RowKind>" extends RowQuery as "RowQuery<Of>" {
        /// Left out: the first.
        page: optional PageRequest = "page",
        /// Counts the rows of all pages. Left out: `total` is `null`, and lists that come in the
        /// order of the book (the items of one document, the history) are read no farther than the
        /// page.
        total: defaulted Boolean = "total",
        /// Sums these fields over the rows of all pages, currency by currency. Left out: `sums` is
        /// `null`.
        sum: optional Anything = "sum" as "readonly SummableField<Of>[]",
    }
}

object! {
    /// The day of a report by age.
    export interface AgeingReport {
        /// The day: documents and what is settled of them as they were then.
        day: required Day = "at",
        /// The last days of the buckets, ascending: `[30, 60]` is 1 to 30 days overdue, 31 to 60,
        /// and more. Left out: `[30, 60, 90]`.
        days: optional BucketDays = "days",
    }
}

object! {
    /// The days of a statement.
    export interface StatementReport {
        /// The first day.
        from: required Day = "from",
        /// The last day.
        to: required Day = "to",
    }
}

/// `Query`.
///
/// # Errors
/// The shape of the value.
pub fn query(value: &Value<'_>) -> Result<Query> {
    read_all(value, |value| {
        let fields = Fields::open(value, &Site::Command)?;
        read_query(fields.allow_tables(&[PageQuery::KNOWN, report_fields(fields)])?)
    })
}

/// A query for all rows: from the first on, or behind a cursor.
///
/// # Errors
/// The shape of the value.
pub fn all(value: &Value<'_>, after: Option<String>) -> Result<Query> {
    let fields = Fields::open(value, &Site::Command)?;
    let mut query = read_query(fields.allow_tables(&[RowQuery::KNOWN, report_fields(fields)])?)?;
    query.page.size = ALL_SIZE;
    if let Some(cursor) = after {
        query.page.start = PageStart::After(cursor);
    }
    Ok(query)
}

/// The fields that a query for rows that the book does not keep has besides. What is wrong with the kind of rows is
/// told later.
fn report_fields(fields: Fields<'_, '_>) -> &'static KnownFields {
    const NONE: &KnownFields = &KnownFields {
        own: &[],
        extended: &[],
    };
    match Object::<RowQuery>::known(fields).of() {
        Ok(RowKind::Ageing) => AgeingReport::KNOWN,
        Ok(RowKind::Statement) => StatementReport::KNOWN,
        _ => NONE,
    }
}

/// What rows are made for, where the book does not keep them.
fn report(of: RowKind, fields: Fields<'_, '_>) -> Result<Option<Report>> {
    match of {
        RowKind::Ageing => ageing_of(Object::known(fields)).map(Some),
        RowKind::Statement => {
            let statement = Object::<StatementReport>::known(fields);
            let (from, to) = (statement.from()?, statement.to()?);
            if to < from {
                let (from, to) = (from.to_string().into(), to.to_string().into());
                let reason = Reason::PeriodReversed { from, to };
                return Err(fields.refused(StatementReport::to, reason));
            }
            Ok(Some(Report::Statement { from, to }))
        }
        _ => Ok(None),
    }
}

/// A report by age that is asked for by itself.
///
/// # Errors
/// The shape of the value.
pub(super) fn ageing(value: &Value<'_>, site: &Site<'_>) -> Result<Report> {
    ageing_of(Object::open(value, site)?)
}

fn ageing_of(ageing: Object<'_, '_, AgeingReport>) -> Result<Report> {
    Ok(Report::Ageing {
        day: ageing.day()?,
        days: ageing.days()?.unwrap_or_else(|| Report::DAYS.into()),
    })
}

reader! {
    /// The last days of buckets. As a `ReadonlyArray`, they are no list to the language of scenarios, which knows
    /// fields by their types in all files of `types/`: `days` of a proration are a number.
    BucketDays: Box<[u32]> as "ReadonlyArray<number>" by days
}

/// The last days of buckets: each later than the one before.
fn days(value: &Value<'_>, path: &Site<'_>) -> Result<Box<[u32]>> {
    const MOST: i64 = 36_500;
    let mut days = Vec::new();
    let mut least = 1;
    for (index, entry) in entries(value, path)?.iter().enumerate() {
        if least > MOST {
            let most = WholeFigure(MOST);
            return Err(Error::of(
                Reason::NothingAfterDays { most },
                &path.entry(index),
            ));
        }
        let last: u32 = whole(least, MOST, entry, &path.entry(index))?;
        least = i64::from(last).saturating_add(1);
        days.push(last);
    }
    Ok(days.into())
}

fn read_query(fields: Fields<'_, '_>) -> Result<Query> {
    let paged = Object::<PageQuery>::known(fields);
    let rows = paged.part::<RowQuery>();
    let of = rows.of()?;
    let as_of = rows.as_of()?;
    if as_of.is_some() && !of.has_past() {
        return Err(fields.refused(RowQuery::as_of, Reason::AsOfUnread {}));
    }

    let table = FieldTable {
        of,
        past: as_of.is_some(),
    };
    let filter = match rows.filter()? {
        Some(filter) => table.conditions(filter, &fields.field(RowQuery::filter))?,
        None => Vec::new(),
    };
    let sort = match rows.sort()? {
        Some(sort) => table.sort(sort, &fields.field(RowQuery::sort))?,
        None => Vec::new(),
    };
    let shown = match rows.shown()? {
        Some(shown) => Some(table.shown(shown, &fields.field(RowQuery::shown))?),
        None => None,
    };
    let sum = match paged.sum()? {
        Some(sum) => table.summed(sum, &fields.field(PageQuery::sum))?,
        None => Vec::new(),
    };
    Ok(Query {
        of,
        filter,
        sort,
        page: paged.page()?.unwrap_or(query::PageRequest {
            start: PageStart::Number(1),
            size: query::PageRequest::SIZE,
        }),
        fields: shown,
        total: paged.total()?,
        sum,
        as_of,
        report: report(of, fields)?,
    })
}

/// The blocks of `types/` that follow from tables, by name.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use crate::wire::readers::Typed;

    let tables = [
        RowQuery::declaration(),
        PageQuery::declaration(),
        AgeingReport::declaration(),
        StatementReport::declaration(),
        page::NumberedPage::declaration(),
        page::PageAfter::declaration(),
        page::PageBefore::declaration(),
        PageRequest::declaration(),
        table::SortKey::declaration(),
    ];
    tables
        .iter()
        .map(|table| (table.name, table.text()))
        .collect()
}
