//! Queries: which fields, conditions and orders there are, the tables of [`crate::query`] say.

mod condition;
mod page;
mod table;

use super::Value;
use super::faults::read_all;
use super::fields::{Fields, KnownFields, entries, whole};
use super::object::{Object, Shape, object};
use super::readers::{Anything, Boolean, Day, OneOf, reader};
use crate::Book;
use crate::error::{Error, Reason, Result, Site, WholeFigure};
use crate::query;
use crate::query::{PageStart, Query, Report, RowKind};
use page::PageRequest;
use table::FieldTable;

object! {
    /// The fields of every query for rows of one kind.
    interface RowQuery as "RowQuery<Of extends RowKind>" {
        /// The kind of rows.
        of: required OneOf<RowKind> = "of" as "Of",
        /// The conditions that a row must meet. Default: none; all rows.
        filter: optional Anything = "where" as "Where<Of>",
        /// The fields that order the rows, the most important first. The default order also decides
        /// between rows that these fields leave equal. Default:
        ///
        /// - documents: by number, descending, then by id;
        /// - items and tax items: by the number of their document, descending, its id, then in
        ///   document order;
        /// - parts: by source, then by target, by id;
        /// - applications: in the order in which they happened;
        /// - accounts: by id, then by currency;
        /// - entries of statements: by account, currency and day.
        sort: optional Anything = "sort" as "readonly SortKey<ComparableField<Of>>[]",
        /// The fields of a row, in this order. A row then has every one of them, with `null` if
        /// there is no value. `"*"` stands for the fields that rows have by default. Default: these
        /// fields, without those for which a document has no value.
        shown: optional Anything = "fields" as "readonly (FieldName<Of> | \"*\")[]",
        /// A day, to show the rows as they were on it: documents dated up to that day, settled by
        /// the applications with an effective date up to that day, and posted or canceled if they
        /// were so by then. The effective date of an application is its `at` or, if later, the
        /// first day on which both of its documents are dated and posted. Rows then lack the fields
        /// about the present ({@link Invoice} `reversed`, `availableToCreditAmount`, `canBe…`). The
        /// book does not remember changes of drafts, or moves of payments to other accounts.
        /// Default: none; the rows are those of now.
        as_of: optional Day = "asOf" as "Of extends PastRowKind ? DateInput : never",
    }
}

object! {
    /// A query for one page of rows.
    interface PageQuery as "PageQuery<Of extends RowKind>" extends RowQuery as "RowQuery<Of>" {
        /// The page. Default: the first page, of 20 rows.
        page: optional PageRequest = "page",
        /// Whether to count the rows of all pages. Without it, `total` is `null`, and lists that
        /// come in the order of the book (the items of one document, the history) are read only as
        /// far as the page. Default: `false`.
        total: defaulted Boolean = "total",
        /// The fields to sum over the rows of all pages, currency by currency. Default: none;
        /// `sums` is `null`.
        sum: optional Anything = "sum" as "readonly SummableField<Of>[]",
    }
}

object! {
    /// The day of a report by days overdue.
    export interface AgeingReport {
        /// The day. The report shows the documents and their settlements as they were then.
        day: required Day = "at",
        /// The last day of each bucket, ascending. `[30, 60]` makes buckets of 1 to 30 days
        /// overdue, 31 to 60, and more. Default: `[30, 60, 90]`.
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

/// A query for all rows of a book: from the first on, or behind a cursor.
///
/// # Errors
/// The shape of the value.
pub fn all(value: &Value<'_>, after: Option<String>, book: &Book) -> Result<Query> {
    let fields = Fields::open(value, &Site::Command)?;
    let mut query = read_query(fields.allow_tables(&[RowQuery::KNOWN, report_fields(fields)])?)?;
    query.page.size = book.page_size_for_all(&query);
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
        // A range from 36,501 to 36,500 would be a sentence that nobody understands.
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

    // Of the past, a book does not keep all fields. So the day decides which fields there are.
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
