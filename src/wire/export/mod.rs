//! A whole book as lines of JSON, to be kept, looked at and taken elsewhere, and the book of such lines.
//!
//! ```text
//! header                    the format, the book's version, how many lines of each kind follow, and the hash of the
//!                           last entry of its log
//! settings
//! document*                 in the order of creation
//! part*                     what is applied of one document to another now
//! operation*                the history, oldest first
//! receipt*                  what the book keeps of the entries of its log
//! end                       the SHA-256 of all bytes before this line
//! ```
//!
//! An export is a snapshot that people and other programs can read. The lines are made of its bytes, and an import
//! makes its bytes of the lines. So what a snapshot keeps is kept, and what makes a snapshot impossible makes an export
//! impossible.

mod shape;
mod transcode;

use super::Value;
use super::fields::{Fields, TYPE, nullable, place_of, text, whole};
use super::json::Json;
use crate::Book;
use crate::book::{CommandLog, EntryHash, RunningHash, SnapshotRecord, Unrestorable};
use crate::bytes::{Reader, Writer};
use crate::error::{CountFigure, Error, NameFigure, Reason, Result, Site};
use crate::memory::{self, capped_product, capped_sum};
use crate::words::closed_set;
use shape::{DOCUMENT, OPERATION, PART, RECEIPT, Row, SETTINGS};
use transcode::{Scales, read_hash, read_rows, write_rows};

/// What an export says that it is.
const FORMAT: &str = "setoff export";

/// The format that is written, and the only one so far.
const FORMAT_VERSION: u32 = 1;

/// A piece is handed on once it has that many bytes.
const PIECE: usize = 0x8000;

/// What the text of a line of a document takes, as a rule.
const LINE: usize = 512;

/// How paths name the lines of an export.
const LINES: &str = "lines";

/// The largest version, and the largest number of lines.
const MOST: i64 = (1 << 53) - 1;

mod field {
    pub(super) const FORMAT: &str = "format";
    pub(super) const FORMAT_VERSION: &str = "formatVersion";
    pub(super) const VERSION: &str = "version";
    /// How many lines there are of each kind, in their order.
    pub(super) const COUNTS: [&str; 4] = ["documents", "parts", "operations", "receipts"];
    pub(super) const HASH: &str = "hash";
    pub(super) const CHECKSUM: &str = "checksum";
}

closed_set! {
    /// What a line is, in the order in which they come.
    ExportLine {
        /// The format, the version and the counts.
        Header = "header",
        /// The settings of the book.
        Settings = "settings",
        /// A document.
        Document = "document",
        /// What is applied of one document to another.
        Part = "part",
        /// What a command settled.
        Operation = "operation",
        /// What the book keeps of an entry of its log.
        Receipt = "receipt",
        /// The end.
        End = "end",
    }
}

impl ExportLine {
    const fn of(record: SnapshotRecord) -> Self {
        match record {
            SnapshotRecord::Settings => Self::Settings,
            SnapshotRecord::Document => Self::Document,
            SnapshotRecord::Part => Self::Part,
            SnapshotRecord::Operation => Self::Operation,
            SnapshotRecord::Receipt => Self::Receipt,
        }
    }

    /// The fields of a line that is a record of a snapshot.
    const fn rows(self) -> &'static [Row] {
        match self {
            Self::Header | Self::End => &[],
            Self::Settings => SETTINGS,
            Self::Document => DOCUMENT,
            Self::Part => PART,
            Self::Operation => OPERATION,
            Self::Receipt => RECEIPT,
        }
    }

    /// The kind that comes after all lines of this one.
    const fn next(self) -> Self {
        match self {
            Self::Header => Self::Settings,
            Self::Settings => Self::Document,
            Self::Document => Self::Part,
            Self::Part => Self::Operation,
            Self::Operation => Self::Receipt,
            Self::Receipt | Self::End => Self::End,
        }
    }
}

/// Hands on the lines of a book, in pieces of whole lines.
///
/// # Errors
/// `tooLarge` where memory has no room for a line.
pub fn export(book: &Book, take: &mut dyn FnMut(&str)) -> Result<()> {
    let documents = book.documents();
    let line_counts = documents.all().map(|(_, document)| document.lines().len());
    let item_counts = documents
        .log()
        .iter()
        .map(|entry| entry.settlement.items().len());
    let longest = line_counts.chain(item_counts).max().unwrap_or(0);

    // What is held at once is a piece and the line that fills it.
    memory::reserve(capped_sum([capped_product(longest, LINE), PIECE, PIECE]))?;

    let mut lines = LineWriter {
        text: Json::default(),
        hasher: RunningHash::default(),
        scales: Scales::default(),
        take,
    };
    lines.header(book);
    let mut is_written = true;
    book.records(&mut |record, bytes| {
        is_written &= lines.record(ExportLine::of(record), bytes).is_some();
    });
    lines.end();

    if is_written {
        return Ok(());
    }
    Err(Error::fault("a record of a snapshot that has no line"))
}

/// Writes the lines of an export, and hands them on.
struct LineWriter<'t> {
    text: Json,
    hasher: RunningHash,
    scales: Scales,
    take: &'t mut dyn FnMut(&str),
}

impl LineWriter<'_> {
    fn header(&mut self, book: &Book) {
        let documents = book.documents();
        let counts = [
            Some(documents.all().count()),
            Some(documents.parts().count()),
            Some(documents.log().len()),
            book.log().map(|log| log.receipts().len()),
        ];

        self.open(ExportLine::Header);
        self.text.text(field::FORMAT, FORMAT);
        self.text.plain(field::FORMAT_VERSION, &FORMAT_VERSION);
        self.text.plain(field::VERSION, &book.version());
        for (name, count) in field::COUNTS.into_iter().zip(counts) {
            self.text.optional_plain(name, count);
        }

        let last = book.log().map(CommandLog::last);
        self.text.optional(field::HASH, last.as_ref());
        self.close();
    }

    /// Writes the line of a record; `None` for bytes that are none.
    fn record(&mut self, kind: ExportLine, bytes: &[u8]) -> Option<()> {
        let mut reader = Reader::new(bytes);
        self.open(kind);
        write_rows(&mut self.text, &mut reader, kind.rows(), &mut self.scales)?;
        if kind == ExportLine::Document {
            self.scales.keep();
        }
        self.close();
        reader.is_empty().then_some(())
    }

    fn end(&mut self) {
        self.hand_on();
        let checksum = self.hasher.finish();
        self.open(ExportLine::End);
        self.text.shown(field::CHECKSUM, &checksum);
        self.close();
        self.hand_on();
    }

    fn open(&mut self, kind: ExportLine) {
        self.text.open('{');
        self.text.text(TYPE, kind.as_str());
    }

    fn close(&mut self) {
        self.text.close('}');
        self.text.line();
        if self.text.length() >= PIECE {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let text = std::mem::take(&mut self.text).into_text();
        self.hasher.add(&text);
        (self.take)(&text);
    }
}

/// A book in the making, line by line.
#[derive(Debug)]
pub struct Import {
    /// The body of its snapshot, as far as the lines go.
    body: Writer<'static>,
    /// Where the record of each line begins in it.
    starts: Vec<usize>,
    hasher: RunningHash,
    scales: Scales,
    header: ExportHeader,
    /// The kind of the next line, and how many lines of that kind came.
    kind: ExportLine,
    came: u64,
    is_complete: bool,
}

/// What the header says.
#[derive(Debug, Default)]
struct ExportHeader {
    version: u64,
    documents: u64,
    parts: u64,
    operations: u64,
    /// A book without a log has no receipts, which is not zero of them.
    receipts: Option<u64>,
    /// The hash of the last entry.
    last: Option<[u8; 32]>,
}

impl Default for Import {
    fn default() -> Self {
        Self {
            body: Writer::default(),
            starts: Vec::new(),
            hasher: RunningHash::default(),
            scales: Scales::default(),
            header: ExportHeader::default(),
            kind: ExportLine::Header,
            came: 0,
            is_complete: false,
        }
    }
}

impl Import {
    /// Takes the next line: its value, and its text without the line break.
    ///
    /// # Errors
    /// The shape of the line; `invalidExport` for a line that cannot come here. The site names the line.
    pub fn take(&mut self, value: &Value<'_>, line: &str) -> Result<()> {
        let lines = Site::Command.field(LINES);
        let site = lines.entry(self.starts.len());

        // A record is no longer than its line. The bytes grow by doubling, so there must be room
        // for twice as many before one is added.
        let grown = capped_product(self.body.length(), 2);
        memory::reserve(capped_sum([grown, line.len()]))?;

        let kind = self.kind_of(value, &site)?;
        self.starts.push(self.body.length());
        let fields = Fields::open(value, &site)?;
        match kind {
            ExportLine::Header => self.header = header(fields)?,
            ExportLine::End => self.end(fields)?,
            _ => {
                read_rows(
                    &mut self.body,
                    fields,
                    kind.rows(),
                    &[TYPE],
                    &mut self.scales,
                )?;
            }
        }
        if kind == ExportLine::Document {
            self.scales.keep();
        }

        self.hasher.add(line);
        self.hasher.add("\n");
        self.advance();
        Ok(())
    }

    /// The kind of a line, which must be the one that comes next.
    fn kind_of(&self, value: &Value<'_>, site: &Site<'_>) -> Result<ExportLine> {
        let kind = stated_kind(value, site);
        if kind == Some(self.kind) && !self.is_complete {
            return Ok(self.kind);
        }

        // What does not begin with a header is another file, and not an export with a wrong line.
        if self.kind == ExportLine::Header {
            return Err(Error::of(Reason::ExportForeign {}, site));
        }

        let expected = NameFigure(self.kind.as_str());
        let line = self.line_number(self.starts.len());
        let reason = Reason::ExportLineUnexpected { expected, line };
        Err(Error::of(reason, site))
    }

    /// Goes to the next kind of lines once all of a kind came, and writes what is between them in a snapshot.
    fn advance(&mut self) {
        self.came = self.came.saturating_add(1);

        // A book may have no lines of a kind, so several kinds can be over at once.
        while self.came >= self.expected() && self.kind != ExportLine::End {
            self.came = 0;
            self.kind = self.kind.next();

            let header = &self.header;
            match self.kind {
                ExportLine::Header | ExportLine::Settings | ExportLine::End => {}
                ExportLine::Document => {
                    self.body.unsigned(header.version.into());
                    self.body.unsigned(header.documents.into());
                }
                ExportLine::Part => self.body.unsigned(header.parts.into()),
                ExportLine::Operation => self.body.unsigned(header.operations.into()),
                ExportLine::Receipt => {
                    let receipts = header.receipts;
                    self.body
                        .optional(receipts, |body, count| body.unsigned(count.into()));
                }
            }
        }
    }

    /// How many lines there are of the present kind.
    const fn expected(&self) -> u64 {
        match self.kind {
            ExportLine::Header | ExportLine::Settings | ExportLine::End => 1,
            ExportLine::Document => self.header.documents,
            ExportLine::Part => self.header.parts,
            ExportLine::Operation => self.header.operations,
            ExportLine::Receipt => match self.header.receipts {
                Some(count) => count,
                None => 0,
            },
        }
    }

    fn end(&mut self, fields: Fields<'_, '_>) -> Result<()> {
        let fields = fields.allow(&[&[TYPE, field::CHECKSUM]])?;
        let checksum = fields.required(field::CHECKSUM, read_hash)?;

        if EntryHash::new(checksum) != self.hasher.finish() {
            return Err(fields.refused(field::CHECKSUM, Reason::ExportDamaged {}));
        }

        // A snapshot ends with the hash of the last entry of its log.
        if let Some(last) = self.header.last {
            self.body.raw(&last);
        }
        self.is_complete = true;
        Ok(())
    }

    /// The book of all lines.
    ///
    /// # Errors
    /// `invalidExport` where lines are missing, and for what no book can have: the site is the line, where one alone
    /// decides.
    pub fn finish(self) -> Result<Book> {
        let lines = Site::Command.field(LINES);
        if !self.is_complete {
            let expected = NameFigure(self.kind.as_str());
            let site = lines.entry(self.starts.len());
            return Err(Error::of(Reason::ExportTruncated { expected }, &site));
        }

        match Book::of_body(self.body.bytes()) {
            Ok(book) => Ok(book),
            Err(Unrestorable::NoRoom(error)) => Err(error),
            Err(Unrestorable::Inconsistent) => {
                Err(Error::of(Reason::ExportInconsistent {}, &Site::Command))
            }

            Err(Unrestorable::At(read)) => {
                // The record that was being read is the last one that begins before what was read ends.
                let index = self
                    .starts
                    .partition_point(|start| *start < read)
                    .saturating_sub(1);
                let line = self.line_number(index);
                Err(Error::of(
                    Reason::ExportLineInconsistent { line },
                    &lines.entry(index),
                ))
            }
        }
    }

    /// How people count the line with an index.
    fn line_number(&self, index: usize) -> CountFigure {
        CountFigure(u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1))
    }
}

/// The kind that a line states, if it is a line of an export at all.
fn stated_kind(value: &Value<'_>, site: &Site<'_>) -> Option<ExportLine> {
    let fields = Fields::open(value, site).ok()?;
    let word = fields.required(TYPE, |value, site| place_of(ExportLine::NAMES, value, site));
    ExportLine::ALL.get(word.ok()?).copied()
}

fn count(value: &Value<'_>, site: &Site<'_>) -> Result<u64> {
    whole(0, MOST, value, site)
}

fn header(fields: Fields<'_, '_>) -> Result<ExportHeader> {
    if !matches!(fields.required(field::FORMAT, text), Ok(FORMAT)) {
        return Err(fields.refused(field::FORMAT, Reason::ExportForeign {}));
    }

    // A later format may have other fields, so it is refused as that before they are.
    let format = fields.required(field::FORMAT_VERSION, count)?;
    if format != u64::from(FORMAT_VERSION) {
        let reason = Reason::ExportFormatUnknown {
            newest: FORMAT_VERSION.into(),
            format: CountFigure(format),
        };
        return Err(fields.refused(field::FORMAT_VERSION, reason));
    }

    let known = [
        TYPE,
        field::FORMAT,
        field::FORMAT_VERSION,
        field::VERSION,
        field::HASH,
    ];
    let fields = fields.allow(&[&known, &field::COUNTS])?;

    let [documents, parts, operations, receipts] = field::COUNTS;
    let header = ExportHeader {
        version: fields.required(field::VERSION, count)?,
        documents: fields.required(documents, count)?,
        parts: fields.required(parts, count)?,
        operations: fields.required(operations, count)?,
        receipts: fields.required(receipts, |value, site| nullable(value, site, count))?,
        last: fields.required(field::HASH, |value, site| nullable(value, site, read_hash))?,
    };

    // A book with a log has both, and one without a log has neither.
    if header.last.is_some() == header.receipts.is_some() {
        return Ok(header);
    }
    Err(fields.refused(field::HASH, Reason::ExportInconsistent {}))
}
