//! Compares two books in the words of the business: which documents are closed or opened, and by how much the open
//! amounts of their lines differ.
//!
//! A document is the same in both books if it has the same kind, identifier and currency; a line, if its item and its
//! tax item have the same identifiers. Deleted documents are in neither book. Amounts are those of now, with all that
//! was carried out.

use crate::Book;
use crate::book::LineType;
use crate::document::{Document, Documents, Header, Kind, LineIndex, Status};
use crate::error::{Error, Result};
use crate::memory::Room;
use crate::money::{Amount, Currency};
use crate::query::item_and_tax;
use crate::words::closed_set;
use rustc_hash::FxHashMap;

/// What the text of a difference takes, as a rule.
const WRITTEN: usize = 320;

closed_set! {
    /// How a document differs between two books.
    DiffKind {
        /// Only the other book has it.
        New = "new",
        /// Only this book has it.
        Gone = "gone",
        /// In the other book it is posted and has something open; here it is not, or has nothing open.
        Opened = "opened",
        /// Here it is posted and has something open; in the other book it is not, or has nothing open.
        Closed = "closed",
        /// Its open amount or its status is another one.
        Moved = "moved",
    }
}

/// A document that differs.
#[derive(Clone, Copy, Debug)]
pub struct DocumentDiff<'b> {
    /// How it differs.
    pub kind: DiffKind,
    /// The document in the other book, or in this one where the other does not have it.
    pub document: &'b Document,
    /// Its header in this book.
    pub before: Option<&'b Header>,
    /// Its header in the other book.
    pub after: Option<&'b Header>,
}

/// A line whose open amount differs.
#[derive(Clone, Copy, Debug)]
pub struct LineDiff<'b> {
    /// The document that has the line.
    pub document: &'b Document,
    /// The line.
    pub line: LineIndex,
    /// What it is.
    pub kind: LineType,
    /// What the line has open in this book: nothing where it is not there.
    pub before: Amount,
    /// What it has open in the other book.
    pub after: Amount,
}

/// The lines of one kind that differ, in one currency, summed up.
#[derive(Clone, Copy, Debug)]
pub struct KindDiff<'b> {
    /// The kind of their documents.
    pub document: Kind,
    /// What the lines are.
    pub kind: LineType,
    /// The currency.
    pub currency: &'b Currency,
    /// How many lines differ.
    pub lines: usize,
    /// What they have open in this book, in minor units.
    pub before: i128,
    /// What they have open in the other book.
    pub after: i128,
}

/// How another book differs from this one.
#[derive(Clone, Debug, Default)]
pub struct BookDiff<'b> {
    /// The documents that differ: in the order of this book, then those that only the other book has.
    pub documents: Vec<DocumentDiff<'b>>,
    /// The lines that differ, in the same order.
    pub lines: Vec<LineDiff<'b>>,
    /// The sums of the lines.
    pub sums: Vec<KindDiff<'b>>,
}

impl Book {
    /// How `other` differs from this book.
    ///
    /// # Errors
    /// `tooLarge` where memory has no room for the answer.
    pub fn diff<'b>(&'b self, other: &'b Self) -> Result<BookDiff<'b>> {
        let (here, there) = (self.documents(), other.documents());
        let mut comparison = Comparison::default();

        for (_, before) in here.iter() {
            comparison.compare(Some(before), same(there, before))?;
        }
        for (_, after) in there.iter() {
            if same(here, after).is_none() {
                comparison.compare(None, Some(after))?;
            }
        }
        Ok(comparison.diff)
    }
}

/// The same document in another book.
fn same<'b>(documents: &'b Documents, document: &Document) -> Option<&'b Document> {
    let header = document.header();
    let found = documents.get(documents.find_kind(header.kind, &header.id)?)?;
    (found.header().currency == header.currency).then_some(found)
}

/// The differences that were found, and the room that their text will take.
#[derive(Default)]
struct Comparison<'b> {
    diff: BookDiff<'b>,
    room: Room,
}

impl<'b> Comparison<'b> {
    /// Adds how a document of this book differs from that of the other book; `None` is a document that is not there.
    fn compare(&mut self, before: Option<&'b Document>, after: Option<&'b Document>) -> Result<()> {
        let Some(document) = after.or(before) else {
            return Ok(());
        };

        let (was, is) = (before.map(Document::header), after.map(Document::header));
        if let Some(kind) = kind_of(was, is) {
            self.room.take::<u8>(WRITTEN)?;
            self.diff.documents.push(DocumentDiff {
                kind,
                document,
                before: was,
                after: is,
            });
        }
        self.compare_lines(before, after)
    }

    /// Adds the lines of a document whose open amounts differ.
    fn compare_lines(
        &mut self,
        before: Option<&'b Document>,
        after: Option<&'b Document>,
    ) -> Result<()> {
        if let (Some(before), Some(after)) = (before, after)
            && before.line_names() == after.line_names()
        {
            // The usual case: the lines are the same, one by one.
            for (line, _, is) in after.lines_with_figures() {
                let was = before.figures_at(line)?.open();
                self.add(after, line, was, is.open())?;
            }
            return Ok(());
        }

        // A draft can have other lines, in another order: they are told apart by their names.
        let open_before = open_by_line(before);
        let open_after = open_by_line(after);
        for (document, line, was) in lines_of(before) {
            let name = item_and_tax(document, line);
            let is = open_after.get(&name).copied();
            self.add(document, line, was, is.unwrap_or(Amount::ZERO))?;
        }
        for (document, line, is) in lines_of(after) {
            if !open_before.contains_key(&item_and_tax(document, line)) {
                self.add(document, line, Amount::ZERO, is)?;
            }
        }
        Ok(())
    }

    /// Adds a line, if its open amount differs.
    fn add(
        &mut self,
        document: &'b Document,
        line: LineIndex,
        before: Amount,
        after: Amount,
    ) -> Result<()> {
        if before == after {
            return Ok(());
        }

        self.room.take::<u8>(WRITTEN)?;
        let found = LineDiff {
            document,
            line,
            kind: LineType::of(&document.line_at(line)?.detail),
            before,
            after,
        };
        self.diff.lines.push(found);
        self.add_to_sum(&found)
    }

    /// Adds a line to the sum of its kind and currency. There are few kinds, so that looking through them is enough.
    fn add_to_sum(&mut self, found: &LineDiff<'b>) -> Result<()> {
        let header = found.document.header();
        let sum = KindDiff {
            document: header.kind,
            kind: found.kind,
            currency: &header.currency,
            lines: 1,
            before: found.before.minor().into(),
            after: found.after.minor().into(),
        };

        let known = self.diff.sums.iter_mut().find(|known| {
            known.document == sum.document
                && known.kind == sum.kind
                && known.currency == sum.currency
        });

        match known {
            Some(known) => {
                let added = known.plus(&sum);
                *known = added.ok_or_else(|| Error::fault("a sum of lines is out of range"))?;
            }
            None => self.diff.sums.push(sum),
        }
        Ok(())
    }
}

impl KindDiff<'_> {
    /// The same with the lines of another sum.
    fn plus(self, other: &Self) -> Option<Self> {
        Some(Self {
            lines: self.lines.checked_add(other.lines)?,
            before: self.before.checked_add(other.before)?,
            after: self.after.checked_add(other.after)?,
            ..self
        })
    }
}

/// How a document differs; `None` if it does not.
fn kind_of(before: Option<&Header>, after: Option<&Header>) -> Option<DiffKind> {
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, _) => return Some(DiffKind::New),
        (_, None) => return Some(DiffKind::Gone),
    };

    match (is_open(before), is_open(after)) {
        (false, true) => Some(DiffKind::Opened),
        (true, false) => Some(DiffKind::Closed),
        _ if before.status != after.status || before.figures.open() != after.figures.open() => {
            Some(DiffKind::Moved)
        }
        _ => None,
    }
}

/// Whether a document can still be settled: it is posted and has something open.
fn is_open(header: &Header) -> bool {
    header.status == Status::Posted && !header.figures.open().is_zero()
}

/// By what a line is known: the identifiers of its item and its tax item.
type LineName<'b> = Option<(Option<&'b str>, Option<&'b str>)>;

/// The lines of a document and what each has open.
fn lines_of(document: Option<&Document>) -> impl Iterator<Item = (&Document, LineIndex, Amount)> {
    document.into_iter().flat_map(|document| {
        let lines = document.lines_with_figures();
        lines.map(move |(line, _, figures)| (document, line, figures.open()))
    })
}

/// The open amounts of the lines of a document by their names. Only for look-ups: its order means nothing.
fn open_by_line(document: Option<&Document>) -> FxHashMap<LineName<'_>, Amount> {
    lines_of(document)
        .map(|(document, line, open)| (item_and_tax(document, line), open))
        .collect()
}
