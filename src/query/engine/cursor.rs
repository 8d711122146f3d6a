//! Cursors: where a page ended, so that the next one can start there although documents were added meanwhile.
//!
//! ```text
//! cursor = hexadecimal of: format, fingerprint of the query (8 bytes), origin, count, value*
//! origin = version of the book, number of its documents, fingerprint of what it had last (8 bytes)
//! ```
//!
//! The values are those by which the row is ordered. So a cursor names a place between rows, and stays right when
//! documents are added or go, even the row that it was taken from. It belongs to one query (kind, filter, order and
//! day) and to one book (`origin.rs`).

use crate::Book;
use crate::bytes::{Reader, Writer};
use crate::error::{CountFigure, Error, Reason, Result, Site, SiteField};
use crate::order::sort_by;
use crate::query::cell::{Operand, fnv};
use crate::query::engine::order::RowOrder;
use crate::query::engine::origin::CursorOrigin;
use crate::query::request::{PageStart, Query, Report};
use std::cell::OnceCell;

/// The first byte.
const FORMAT: u8 = 2;

/// A place between rows.
pub(in crate::query) struct Cursor {
    head: u128,
    position: Vec<Operand>,
}

impl Cursor {
    /// The cursor that a query starts or ends at, if it has one.
    ///
    /// # Errors
    /// `invalidCursor` for a text that is no cursor, the cursor of another query, one of a later version of the book,
    /// and that of another book.
    pub(in crate::query) fn of(
        fingerprint: &Fingerprint<'_>,
        order: &RowOrder,
        book: &Book,
    ) -> Result<Option<Self>> {
        let (text, field) = match &fingerprint.query.page.start {
            PageStart::Number(_) => return Ok(None),
            PageStart::After(text) => (text, SiteField::After),
            PageStart::Before(text) => (text, SiteField::Before),
        };

        match Self::read(text, fingerprint, order, book) {
            Ok(cursor) => Ok(Some(cursor)),
            Err(reason) => {
                let page = Site::Command.field(SiteField::Page);
                Err(Error::of(reason, &page.field(field)))
            }
        }
    }

    /// Reads a cursor of this query and book. Refuses it otherwise, with the reason that says most to the caller first.
    fn read(
        text: &str,
        fingerprint: &Fingerprint<'_>,
        order: &RowOrder,
        book: &Book,
    ) -> std::result::Result<Self, Reason> {
        let Some(fields) = CursorFields::read(text) else {
            return Err(Reason::NoCursor { text: text.into() });
        };
        if fields.fingerprint != fingerprint.get() {
            return Err(Reason::CursorOfOtherQuery { text: text.into() });
        }
        if fields.position.len() != order.len() {
            return Err(Reason::NoCursor { text: text.into() });
        }
        // What a book will have at a later version, nobody knows, so that its version is compared first.
        if fields.origin.version() > book.version() {
            return Err(Reason::CursorOfLaterVersion {
                version: CountFigure(book.version()),
                text: text.into(),
            });
        }
        if !fields.origin.is_of(book) {
            return Err(Reason::CursorOfOtherBook { text: text.into() });
        }

        let head = match fields.position.first() {
            Some(first) => order.head(&first.cell()),
            None => 0,
        };
        Ok(Self {
            head,
            position: fields.position,
        })
    }

    /// The cursor of a place.
    pub(in crate::query) fn write(
        fingerprint: &Fingerprint<'_>,
        origin: CursorOrigin,
        position: &[Operand],
    ) -> String {
        let mut writer = Writer::default();
        writer.byte(FORMAT);
        writer.raw(&fingerprint.get().to_le_bytes());
        origin.write(&mut writer);
        writer.count(position.len());
        position.iter().for_each(|value| value.write(&mut writer));
        write_hexadecimal(&writer.into_bytes())
    }

    pub(in crate::query) const fn head(&self) -> u128 {
        self.head
    }

    pub(in crate::query) fn position(&self) -> &[Operand] {
        &self.position
    }
}

struct CursorFields {
    fingerprint: u64,
    origin: CursorOrigin,
    position: Vec<Operand>,
}

impl CursorFields {
    fn read(text: &str) -> Option<Self> {
        let bytes = read_hexadecimal(text)?;
        let mut reader = Reader::new(&bytes);
        if reader.byte()? != FORMAT {
            return None;
        }

        let fingerprint = u64::from_le_bytes(*reader.raw(8)?.first_chunk()?);
        let origin = CursorOrigin::read(&mut reader)?;
        let position = (0..reader.count()?)
            .map(|_| Operand::read(&mut reader))
            .collect::<Option<_>>()?;
        reader.is_empty().then_some(Self {
            fingerprint,
            origin,
            position,
        })
    }
}

/// Writes two digits for each byte.
fn write_hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn read_hexadecimal(text: &str) -> Option<Vec<u8>> {
    text.as_bytes().chunks(2).map(read_byte).collect()
}

fn read_byte(digits: &[u8]) -> Option<u8> {
    let [high, low] = *digits else {
        return None;
    };
    let byte = read_digit(high)?
        .checked_mul(16)?
        .checked_add(read_digit(low)?)?;
    u8::try_from(byte).ok()
}

/// The number of a digit. A cursor has no capital letters.
fn read_digit(digit: u8) -> Option<u32> {
    if digit.is_ascii_uppercase() {
        return None;
    }
    char::from(digit).to_digit(16)
}

/// A number that tells queries apart whose rows or order differ. It is made once, when it is first asked for: a filter
/// can have a million values.
pub(in crate::query) struct Fingerprint<'q> {
    query: &'q Query,
    number: OnceCell<u64>,
}

impl<'q> Fingerprint<'q> {
    pub(in crate::query) const fn of(query: &'q Query) -> Self {
        Self {
            query,
            number: OnceCell::new(),
        }
    }

    pub(in crate::query) const fn query(&self) -> &'q Query {
        self.query
    }

    fn get(&self) -> u64 {
        *self.number.get_or_init(|| number_of(self.query))
    }
}

/// The number of a query. The order of its conditions does not matter.
fn number_of(query: &Query) -> u64 {
    // Two callers who build a filter from the same object need not list its fields in one order.
    let mut conditions = Vec::with_capacity(query.filter.len());
    for condition in &query.filter {
        let mut writer = Writer::default();
        condition.write(&mut writer);
        conditions.push(writer.into_bytes());
    }
    sort_by(&mut conditions, Ord::cmp);

    // What a page shows, sums and counts is not part of it: a cursor may go on with other fields.
    let mut writer = Writer::default();
    writer.text(query.of.as_str());
    writer.optional(query.as_of, |writer, day| Operand::Date(day).write(writer));
    write_report(&mut writer, query.report.as_ref());
    conditions
        .iter()
        .for_each(|condition| writer.raw(condition));
    writer.byte(u8::MAX);
    query.sort.iter().for_each(|key| key.write(&mut writer));
    fnv(&writer.into_bytes())
}

fn write_report(writer: &mut Writer, report: Option<&Report>) {
    match report {
        None => {}
        Some(Report::Ageing { day, days }) => {
            Operand::Date(*day).write(writer);
            writer.count(days.len());
            days.iter().for_each(|&days| writer.unsigned(days.into()));
        }
        Some(Report::Statement { from, to }) => {
            Operand::Date(*from).write(writer);
            Operand::Date(*to).write(writer);
        }
    }
}
