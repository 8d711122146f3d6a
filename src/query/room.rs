//! The memory that a query may take, which is made ready before it starts.

use crate::document::{Documents, HistoryEntry};
use crate::memory::capped_sum;
use crate::query::engine::history::wanted_versions;
use crate::query::of_accounts::DocumentsOfAccounts;
use crate::query::request::Query;
use crate::settle::Context;

/// What a number that is kept of each document takes at most.
const KEPT: usize = 32;

/// What a row up to the end of the page may take to be put in its place.
const RANKED: usize = 128;

/// What an entry of the history may take where all of them are looked at.
const ENTRY: usize = 256;

/// What a row of the page may take as text, while the text grows.
const WRITTEN: usize = 3072;

/// For pages of more rows than this, those of the book are counted.
const SMALL_PAGE: usize = 1000;

/// The rows of a page where all rows are read and there are few.
const LEAST_PAGE: usize = 500;

/// The most pages where all rows are read. More pages would take less memory and more time.
const MOST_PAGES: usize = 32;

/// The rows of a page where all rows of a query are read, page by page.
pub(in crate::query) fn page_size_for_all(query: &Query, documents: &Documents) -> u32 {
    page_size_for(rows_at_most(query, documents))
}

/// The rows of a page, so that this many rows are on few pages.
fn page_size_for(rows: usize) -> u32 {
    let size = rows.div_ceil(MOST_PAGES).max(LEAST_PAGE);
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// What a query may take, in bytes: numbers kept of each document, and the rows up to the end of the page.
pub(in crate::query) fn room(query: &Query, context: Context<'_>) -> usize {
    let documents = context.documents.count();
    let fields = query.sort.len().saturating_add(query.filter.len());
    let kept = fields.saturating_add(2).saturating_mul(KEPT);

    let size = query.page.row_count();
    let rows = query.page.rows_before().saturating_add(size);
    let reads_history = query.as_of.is_some() || query.report.is_some();

    // Counting the rows of the book takes time with the book, which a small page is not to pay for.
    let is_large = rows > SMALL_PAGE || reads_history;
    let all = if is_large {
        rows_at_most(query, context.documents)
    } else {
        rows
    };

    // Figures of the past and reports are made before the first row is asked for.
    let past = if reads_history {
        all.saturating_mul(KEPT.saturating_add(ENTRY))
    } else {
        0
    };

    documents
        .saturating_mul(kept)
        .saturating_add(rows.min(all).saturating_mul(RANKED))
        .saturating_add(size.min(all).saturating_mul(WRITTEN))
        .saturating_add(past)
}

/// How many rows there can be at most.
fn rows_at_most(query: &Query, documents: &Documents) -> usize {
    // Figures of a day, and reports, are made of the accounts that the filter names.
    let account_ids = query.account_ids();
    if query.of.is_of_history() && account_ids.is_none() {
        let entries = documents.entries_of_versions(&wanted_versions(query));
        return rows_of_entries(entries.iter().map(|entry| &**entry));
    }

    let documents_read = DocumentsOfAccounts::of(documents, account_ids.as_deref());
    rows_of_documents(&documents_read)
}

/// How many rows of any kind there can be of these documents.
fn rows_of_documents(documents: &DocumentsOfAccounts<'_>) -> usize {
    let mut rows = 0_usize;
    for (index, document) in documents.iter() {
        // The document itself, its lines, and what is applied of each.
        rows = capped_sum([rows, 1, document.lines().len()]);
        for (_, part) in documents.all().parts_of(index) {
            rows = capped_sum([rows, part.items().len()]);
        }
    }
    capped_sum([rows, rows_of_entries(documents.settlements())])
}

/// How many applications and items of applications some entries of the history have.
fn rows_of_entries<'e>(entries: impl IntoIterator<Item = &'e HistoryEntry>) -> usize {
    let mut rows = 0_usize;
    for entry in entries {
        for application in entry.settlement.applications() {
            rows = capped_sum([rows, 1, application.items.len()]);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each page can take time with all rows, as those of a statement do. So all rows take time with their number only
    /// where they are on as many pages, however many rows there are.
    #[test]
    fn the_pages_of_all_rows_grow_with_the_rows() {
        for rows in [0, 1, 500, 501, 40_000, 1_000_000, 20_000_000] {
            let size = usize::try_from(page_size_for(rows)).unwrap();
            assert!(rows.div_ceil(size) <= MOST_PAGES, "{rows} rows");
            assert!(size >= LEAST_PAGE);
        }
        // Memory for a page is made ready ahead, so few rows stay on small pages.
        assert_eq!(page_size_for(10_000), 500);
    }
}
