//! Cursors: where a page ended, so that the next one can begin there whatever was added meanwhile.
//!
//! ```text
//! cursor = hexadecimal of: format, fingerprint of the query (8 bytes), version of the book, count, value*
//! ```
//!
//! The values are those by which the row is ordered; so a cursor names a place between rows, and stays right when
//! documents are added or go, even the row that it was taken from. It belongs to one query: kind, filter, order and
//! day.

use crate::bytes::{Reader, Writer};
use crate::error::{CountFigure, Error, Path, Reason, Result};
use crate::order::sort_by;
use crate::query::cell::{Operand, fnv};
use crate::query::engine::order::RowOrder;
use crate::query::{PageStart, Query};
use std::cell::OnceCell;
use std::fmt::Write as _;

/// The first byte.
const FORMAT: u8 = 1;

/// A place between rows.
pub(in crate::query) struct Cursor {
    head: u128,
    position: Vec<Operand>,
}

impl Cursor {
    /// The cursor that a query begins or ends at, if it has one.
    ///
    /// # Errors
    /// `invalidCursor` for a text that is no cursor, that of another query, and one of a later version of the book.
    pub(in crate::query) fn of(
        query: &Fingerprint<'_>,
        order: &RowOrder,
        version: u64,
    ) -> Result<Option<Self>> {
        let (text, name) = match &query.query.page.at {
            PageStart::Number(_) => return Ok(None),
            PageStart::After(text) => (text, "after"),
            PageStart::Before(text) => (text, "before"),
        };
        let page = Path::Root.field("page");
        let site = page.field(name);
        let no_cursor = || {
            let text = text.as_str().into();
            Error::of(Reason::NoCursor { text }, &site)
        };
        let bytes = read_hexadecimal(text).ok_or_else(no_cursor)?;
        let read = read(&bytes).filter(|cursor| {
            cursor.position.len() == order.len() || cursor.fingerprint != query.get()
        });
        let CursorFields {
            fingerprint: own,
            version: then,
            position,
        } = read.ok_or_else(no_cursor)?;
        if own != query.get() {
            let text = text.as_str().into();
            return Err(Error::of(Reason::CursorOfOtherQuery { text }, &site));
        }
        if then > version {
            let (version, text) = (CountFigure(version), text.as_str().into());
            let reason = Reason::CursorOfLaterVersion { version, text };
            return Err(Error::of(reason, &site));
        }
        let head = position
            .first()
            .map_or(0, |first| order.head(&first.cell()));
        Ok(Some(Self { head, position }))
    }

    /// The cursor of a place.
    pub(in crate::query) fn write(
        query: &Fingerprint<'_>,
        version: u64,
        position: &[Operand],
    ) -> String {
        let mut writer = Writer::default();
        writer.byte(FORMAT);
        writer.raw(&query.get().to_le_bytes());
        writer.unsigned(version.into());
        writer.count(position.len());
        position.iter().for_each(|value| value.write(&mut writer));
        let mut text = String::new();
        for byte in writer.into_bytes() {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
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
    version: u64,
    position: Vec<Operand>,
}

fn read(bytes: &[u8]) -> Option<CursorFields> {
    let mut reader = Reader::new(bytes);
    if reader.byte()? != FORMAT {
        return None;
    }
    let fingerprint = u64::from_le_bytes(*reader.raw(8)?.first_chunk()?);
    let version = u64::try_from(reader.unsigned()?).ok()?;
    let position = (0..reader.count()?)
        .map(|_| Operand::read(&mut reader))
        .collect::<Option<_>>()?;
    reader.is_empty().then_some(CursorFields {
        fingerprint,
        version,
        position,
    })
}

fn read_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .filter(|_| !byte.is_ascii_uppercase())
    };
    let byte = |pair: &[u8]| match *pair {
        [high, low] => u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok(),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect()
}

/// What tells queries apart whose rows or order differ. It is made once, when it is first asked for: a filter can have
/// a million values.
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

    fn get(&self) -> u64 {
        *self.number.get_or_init(|| fingerprint(self.query))
    }
}

/// The order of conditions does not matter.
fn fingerprint(query: &Query) -> u64 {
    let mut conditions: Vec<_> = query
        .filter
        .iter()
        .map(|condition| {
            let mut writer = Writer::default();
            condition.write(&mut writer);
            writer.into_bytes()
        })
        .collect();
    sort_by(&mut conditions, Ord::cmp);
    let mut writer = Writer::default();
    writer.text(query.of.as_str());
    writer.optional(query.as_of, |writer, day| Operand::Date(day).write(writer));
    conditions
        .iter()
        .for_each(|condition| writer.raw(condition));
    writer.byte(u8::MAX);
    query.sort.iter().for_each(|key| key.write(&mut writer));
    fnv(&writer.into_bytes())
}
