//! A book as bytes: compact, versioned, checksummed, and the same in every runtime.
//!
//! ```text
//! "SETOFF" format(1) body checksum(8)      checksum = the first bytes of SHA-256 over everything before it
//! ```

mod common;
mod document;
mod history;
mod line;
mod log;
mod settings;
mod value;

pub(super) use document::{write_document, write_settled_before};
pub(super) use history::write_items;

use super::digest::{Digest, hash_pieces, sha256};
use super::{Book, CommandLog};
use crate::bytes::{Reader, Writer};
use crate::document::Documents;
use crate::error::{Error, Reason, Result, Site};
use crate::memory::{self, Room};
use crate::settle::Workspace;
use common::Common;
use document::{read_documents, write_whole};
use history::{read_history, read_parts, write_entry, write_part};
use log::{read_log, write_log, write_receipt};
use settings::{read_settings, write_settings};
use sha2::{Digest as _, Sha256};
use value::read_version;

const MAGIC: &[u8] = b"SETOFF";
/// The format that is written. Every earlier one from [`FIRST_FORMAT`] on is read as well.
const FORMAT: u8 = 4;

/// The first format that is read: those before it were never released. It does not have the days of creation and of
/// changes.
const FIRST_FORMAT: u8 = 3;

const CHECKSUM: usize = 8;

/// How many times the bytes of its snapshot a book takes, as a rule.
const RESTORED: usize = 8;

/// What a document, a part or an entry of the history may take besides, however few bytes it has there.
const KEPT: usize = 1024;

impl Book {
    /// The whole book as bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.snapshot_in_pieces(Writer::room(), &mut |piece| bytes.extend_from_slice(piece));
        bytes
    }

    /// Hands on the bytes of [`Book::snapshot`] piece by piece: it needs no memory but `room`, of [`Writer::room`],
    /// which it gives back. So a book can be saved where the memory has no room for its bytes.
    pub fn snapshot_in_pieces(&self, room: Vec<u8>, take: &mut dyn FnMut(&[u8])) -> Vec<u8> {
        let mut hasher = Sha256::new();
        let mut take_and_hash = |piece: &[u8]| {
            hash_pieces(&mut hasher, piece);
            take(piece);
        };
        let mut writer = Writer::in_pieces(room, &mut take_and_hash);
        writer.raw(MAGIC);
        writer.byte(FORMAT);
        write_book(&mut writer, self);
        let room = writer.end();

        take(&first_of(hasher.finalize().into()));
        room
    }

    /// The book that [`Book::snapshot`] wrote.
    ///
    /// # Errors
    /// `invalidSnapshot` for bytes that are damaged, of another format, or not a snapshot.
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        let (format, body) = body_of(bytes)?;
        restored(format, body).map_err(|why| match why {
            Unrestorable::NoRoom(error) => error,
            Unrestorable::At(_) | Unrestorable::Inconsistent => {
                invalid(Reason::SnapshotInconsistent {})
            }
        })
    }

    /// The book of what stands between the head and the checksum of a snapshot of today's format.
    pub(crate) fn of_body(body: &[u8]) -> std::result::Result<Self, Unrestorable> {
        restored(FORMAT, body)
    }

    /// Hands on the parts of the body that are records, in their order. Between them stand only counts, the version and
    /// the hash of the last entry.
    pub(crate) fn records(&self, take: &mut dyn FnMut(SnapshotRecord, &[u8])) {
        let mut writer = Writer::default();
        let mut hand_on = |record: SnapshotRecord, write: &dyn Fn(&mut Writer<'_>)| {
            write(&mut writer);
            take(record, writer.bytes());
            writer.clear();
        };

        // The order of `write_book`, which an import puts together again.
        hand_on(SnapshotRecord::Settings, &|writer| {
            write_settings(writer, &self.settings);
        });
        for (_, document) in self.documents.all() {
            hand_on(SnapshotRecord::Document, &|writer| {
                write_whole(writer, document)
            });
        }
        for (source, target, part) in self.documents.parts() {
            hand_on(SnapshotRecord::Part, &|writer| {
                write_part(writer, source, target, part);
            });
        }
        for entry in self.documents.log() {
            hand_on(SnapshotRecord::Operation, &|writer| {
                write_entry(writer, entry)
            });
        }
        for receipt in self.log.iter().flat_map(CommandLog::receipts) {
            hand_on(SnapshotRecord::Receipt, &|writer| {
                write_receipt(writer, receipt)
            });
        }
    }
}

/// A part of a snapshot that stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SnapshotRecord {
    Settings,
    Document,
    Part,
    Operation,
    Receipt,
}

/// Why a body is that of no book.
#[derive(Debug)]
pub(crate) enum Unrestorable {
    /// The memory has no room for it.
    NoRoom(Error),
    /// What ends behind that many bytes cannot be.
    At(usize),
    /// Each record could be, but not all together.
    Inconsistent,
}

/// Reads a body, and refuses what no command can have left behind.
fn restored(format: u8, body: &[u8]) -> std::result::Result<Book, Unrestorable> {
    memory::reserve_many(body.len(), RESTORED).map_err(Unrestorable::NoRoom)?;

    let start = Reader::new(body);
    let mut reader = start;
    let mut room = Room::default();
    let book = read_book(&mut reader, format, &mut room);

    // A full memory ends the reading, too. It says nothing about the bytes, so it is told apart first.
    room.check().map_err(Unrestorable::NoRoom)?;

    // A right checksum only says that the bytes are those that were written, not that an engine wrote them.
    match book {
        Some(book)
            if reader.is_empty()
                && book.documents.is_consistent()
                && book.documents.has_its_history() =>
        {
            Ok(book)
        }
        Some(_) => Err(Unrestorable::Inconsistent),
        None => Err(Unrestorable::At(start.until(&reader).len())),
    }
}

/// The format of a snapshot, and what stands between its head and its checksum, if both are right.
fn body_of(bytes: &[u8]) -> Result<(u8, &[u8])> {
    let Some(after_magic) = bytes.strip_prefix(MAGIC) else {
        return Err(invalid(Reason::SnapshotForeign {}));
    };
    let Some((&format, _)) = after_magic.split_first() else {
        return Err(invalid(Reason::SnapshotTruncated {}));
    };
    if !(FIRST_FORMAT..=FORMAT).contains(&format) {
        return Err(invalid(Reason::SnapshotFormatUnknown {
            oldest: u32::from(FIRST_FORMAT).into(),
            newest: u32::from(FORMAT).into(),
            format: u32::from(format).into(),
        }));
    }

    let Some((content, sum)) = bytes.split_last_chunk() else {
        return Err(invalid(Reason::SnapshotTruncated {}));
    };
    if checksum(content) != *sum {
        return Err(invalid(Reason::SnapshotDamaged {}));
    }

    let head_length = MAGIC.len().wrapping_add(1);
    let body = content
        .get(head_length..)
        .ok_or_else(|| invalid(Reason::SnapshotTruncated {}))?;
    Ok((format, body))
}

/// The refusal of bytes that are no snapshot of a book.
fn invalid(reason: Reason) -> Error {
    Error::of(reason, &Site::Command)
}

/// Returns the checksum of a snapshot: short, because it stands against accidents alone.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    first_of(sha256(bytes))
}

/// Returns the bytes of a digest that a snapshot keeps.
const fn first_of(digest: Digest) -> [u8; CHECKSUM] {
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

/// Writes the body of a snapshot.
fn write_book(writer: &mut Writer, book: &Book) {
    write_settings(writer, &book.settings);
    writer.unsigned(book.version.into());
    let documents = &book.documents;

    writer.count(documents.all().count());
    for (_, document) in documents.all() {
        write_whole(writer, document);
    }

    writer.count(documents.parts().count());
    for (source, target, part) in documents.parts() {
        write_part(writer, source, target, part);
    }

    writer.count(documents.log().len());
    for entry in documents.log() {
        write_entry(writer, entry);
    }
    writer.optional(book.log.as_ref(), write_log);
}

/// Reads a body. `None` where bytes cannot be what they stand for, or where memory has no room.
fn read_book(reader: &mut Reader<'_>, format: u8, room: &mut Room) -> Option<Book> {
    let mut common = Common::default();
    let settings = read_settings(reader, &mut common)?;
    let version = read_version(reader)?;

    let mut documents = Documents::default();
    read_documents(reader, format, room, &mut common, &mut documents)?;
    read_parts(reader, room, &mut documents)?;
    read_history(reader, format, room, version, &mut documents)?;
    if !documents.has_its_changes() {
        return None;
    }

    // Books of the first format keep no log.
    let log = match format {
        FIRST_FORMAT => None,
        _ => read_log(reader, room, version, &documents)?,
    };
    Some(Book {
        settings,
        documents,
        workspace: Workspace::default(),
        hashes: Default::default(),
        version,
        log,
    })
}
