//! Which page of the rows.

use crate::error::{Result, Site};
use crate::query;
use crate::query::PageStart;
use crate::wire::Value;
use crate::wire::fields::Fields;
use crate::wire::object::{Object, Shape, object, union};
use crate::wire::readers::{Text, ValueReader, Whole};

/// A number of rows, or of a page.
type RowNumber = Whole<u32, 1, 4_294_967_295>;

object! {
    /// A page by its number.
    export interface NumberedPage {
        /// The number of the page, from 1. Default: 1.
        number: optional RowNumber = "number",
        /// The number of rows on a page. There is no upper limit. Default: 20.
        size: optional RowNumber = "size",
    } without PageAfter::after, PageBefore::before
}

object! {
    /// The page after a cursor.
    export interface PageAfter {
        /// A cursor: the `next` of another page.
        after: required Text = "after",
        /// The number of rows on a page. There is no upper limit. Default: 20.
        size: optional RowNumber = "size",
    } without NumberedPage::number, PageBefore::before
}

object! {
    /// The page before a cursor.
    export interface PageBefore {
        /// A cursor: the `previous` of another page.
        before: required Text = "before",
        /// The number of rows on a page. There is no upper limit. Default: 20.
        size: optional RowNumber = "size",
    } without NumberedPage::number, PageAfter::after
}

union! {
    /// The page to return. A cursor (`next` or `previous` of another page) marks a place between
    /// two rows. It stays right when documents are added, changed or deleted meanwhile, while the
    /// number of a page does not. A cursor belongs to its book and its query: `of`, `where`, `sort`
    /// and `asOf` must be the same, and size, fields and total may differ. With another query, with
    /// another book, or at an earlier version of the book, it throws `invalidCursor`.
    export type PageRequest = NumberedPage | PageAfter | PageBefore;
}

impl<'v, 'a> ValueReader<'v, 'a> for PageRequest {
    type Output = query::PageRequest;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<query::PageRequest> {
        let fields = Fields::open(value, path)?;

        let (start, size) = if fields.has(PageAfter::after) {
            let page = Object::<PageAfter>::allow(fields)?;
            (PageStart::After(page.after()?.into()), page.size()?)
        } else if fields.has(PageBefore::before) {
            let page = Object::<PageBefore>::allow(fields)?;
            (PageStart::Before(page.before()?.into()), page.size()?)
        } else {
            // Cursors are named as well where a field is misspelt.
            const CURSORS: [&str; 3] = [NumberedPage::number, PageAfter::after, PageBefore::before];
            let fields = fields.allow_beside(&[&CURSORS], &[NumberedPage::KNOWN])?;
            let page = Object::<NumberedPage>::known(fields);
            (PageStart::Number(page.number()?.unwrap_or(1)), page.size()?)
        };

        Ok(query::PageRequest {
            start,
            size: size.unwrap_or(query::PageRequest::SIZE),
        })
    }
}
