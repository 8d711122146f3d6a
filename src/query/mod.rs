//! Questions to a book: rows of one kind, a page at a time. Nothing here changes anything.

use crate::Book;
use crate::document::{
    Application, Document, DocumentIndex, Documents, Entry, Kind, LineIndex, Part, PartItem, Status,
};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::order::sort_by;

/// Which rows, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The kind of rows, filtered.
    pub of: Of,
    /// The page.
    pub page: Page,
}

/// The kind of rows. Absent filters do not filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// Documents of a kind: by number, descending, then id.
    Document {
        /// The kind.
        kind: Kind,
        /// This one only.
        id: Option<String>,
        /// Of this account only.
        account_id: Option<String>,
        /// In this status only.
        status: Option<Status>,
    },
    /// The items of a document, each with its tax items, in document order.
    Item {
        /// The document.
        document_id: String,
    },
    /// The parts: how much of which source is applied to which target now. By source, then target, by id.
    Part(Between),
    /// The part items: the same, line by line.
    PartItem(Between),
    /// The applications, oldest first: what happened between which source and which target.
    Application(Between),
}

/// Which source and which target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Between {
    /// Of this credit memo or payment only.
    pub source_id: Option<String>,
    /// Of this invoice, debit memo or refund only.
    pub target_id: Option<String>,
}

/// A page of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Counted from 1.
    pub number: u32,
    /// Rows a page, 1 or more.
    pub size: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { number: 1, size: 20 }
    }
}

/// The answer to a query.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The rows of the page.
    pub rows: Rows<'a>,
    /// The rows of all pages.
    pub total: usize,
    /// The page.
    pub page: Page,
}

/// Rows of one kind.
#[derive(Clone, Debug)]
pub enum Rows<'a> {
    /// Documents.
    Documents(Vec<(DocumentIndex, &'a Document)>),
    /// The places of items in their document.
    Items(DocumentIndex, &'a Document, Vec<LineIndex>),
    /// Source, target, part.
    Parts(Vec<(DocumentIndex, DocumentIndex, &'a Part)>),
    /// Source, target, part item.
    PartItems(Vec<(DocumentIndex, DocumentIndex, PartItem)>),
    /// Operation, application.
    Applications(Vec<(&'a Entry, &'a Application)>),
}

impl Book {
    /// The rows of a page.
    ///
    /// # Errors
    /// `documentNotFound` for the items of a document that is not there.
    pub fn query(&self, query: &Query) -> Result<Answer<'_>> {
        let page = query.page;
        let documents = self.documents();
        let (rows, total) = match &query.of {
            Of::Document { kind, id, account_id, status } => {
                let wanted = |(_, document): &(DocumentIndex, &Document)| {
                    let header = document.header();
                    header.kind == *kind
                        && account_id.as_ref().is_none_or(|account| **account == *header.account_id)
                        && status.is_none_or(|status| status == header.status)
                };
                let mut all: Vec<_> = match id {
                    Some(id) => {
                        documents.find(id).and_then(|index| Some((index, documents.get(index)?))).into_iter().collect()
                    }
                    None => documents.iter().collect(),
                };
                all.retain(wanted);
                sort_by(&mut all, |(_, a), (_, b)| {
                    let (a, b) = (a.header(), b.header());
                    b.number.cmp(&a.number).then_with(|| a.id.cmp(&b.id))
                });
                page.cut(all, Rows::Documents)
            }
            Of::Item { document_id } => {
                let found = documents.find(document_id).and_then(|index| Some((index, documents.get(index)?)));
                let (index, document) = found.ok_or_else(|| {
                    let path = Path::Root.field("where");
                    let needed = "the identifier of a document";
                    Error::new(Code::DocumentNotFound, &path.field("documentId"), needed, quoted(document_id))
                })?;
                let lines = (0..).map(LineIndex).zip(document.lines());
                let items = lines.filter(|(_, line)| line.detail.record().is_some()).map(|(index, _)| index).collect();
                page.cut(items, |items| Rows::Items(index, document, items))
            }
            Of::Part(between) => page.cut(between.parts(documents), Rows::Parts),
            Of::PartItem(between) => {
                let items = between
                    .parts(documents)
                    .into_iter()
                    .flat_map(|(source, target, part)| part.items().iter().map(move |&item| (source, target, item)));
                page.cut(items.collect(), Rows::PartItems)
            }
            Of::Application(between) => {
                let all = documents.log().iter().flat_map(|entry| {
                    entry.settlement.applications.iter().map(move |application| (&**entry, application))
                });
                let wanted = |(entry, application): &(&Entry, &Application)| {
                    between.wants(documents, entry.settlement.source, application.target)
                };
                page.cut(all.filter(wanted).collect(), Rows::Applications)
            }
        };
        Ok(Answer { rows, total, page })
    }
}

impl Page {
    /// The rows of this page, and how many there are on all.
    fn cut<'a, T>(self, mut all: Vec<T>, rows: impl FnOnce(Vec<T>) -> Rows<'a>) -> (Rows<'a>, usize) {
        let total = all.len();
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let before = usize::try_from(self.number).unwrap_or(usize::MAX).saturating_sub(1).saturating_mul(size);
        let mut page = all.split_off(before.min(total));
        page.truncate(size);
        (rows(page), total)
    }
}

impl Between {
    fn wants(&self, documents: &Documents, source: DocumentIndex, target: DocumentIndex) -> bool {
        let is = |index, wanted: &Option<String>| {
            wanted.as_ref().is_none_or(|id| documents.header(index).is_some_and(|header| **id == *header.id))
        };
        is(source, &self.source_id) && is(target, &self.target_id)
    }

    fn parts<'a>(&self, documents: &'a Documents) -> Vec<(DocumentIndex, DocumentIndex, &'a Part)> {
        let wanted = documents.parts().filter(|&(source, target, _)| self.wants(documents, source, target));
        let mut parts: Vec<_> = wanted.collect();
        let id = |index| documents.header(index).map(|header| &header.id);
        sort_by(&mut parts, |a, b| (id(a.0), id(a.1)).cmp(&(id(b.0), id(b.1))));
        parts
    }
}
