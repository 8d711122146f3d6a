//! What a snapshot keeps of the log: a receipt for each command, and the hash of the last entry.

use super::KEPT;
use super::value::read_flag;
use crate::book::digest::Digest;
use crate::book::{CommandLog, EntryHash, PlanFingerprint, Receipt};
use crate::bytes::{Reader, Writer};
use crate::document::Documents;
use crate::error::Site;
use crate::label::check_id;
use crate::memory::Room;

/// The log, if the book keeps one.
pub(super) fn read_log(
    reader: &mut Reader<'_>,
    room: &mut Room,
    version: u64,
    documents: &Documents,
) -> Option<Option<CommandLog>> {
    if !read_flag(reader)? {
        return Some(None);
    }

    let mut log = CommandLog::default();
    let mut earlier = 0;
    for _ in 0..reader.count()? {
        room.take::<u8>(KEPT).ok()?;
        let receipt = read_receipt(reader)?;

        // No command takes a document out of the list: a deleted one keeps its index.
        let is_in_order = (earlier..=documents.number()).contains(&receipt.documents);
        earlier = receipt.documents;

        // The hashes between the first and the last are in the entries, which the host keeps.
        log.push(receipt, EntryHash::NONE)
            .filter(|()| is_in_order)?;
    }
    log.end(EntryHash::new(read_digest(reader)?));

    // One entry opens the book, and each version has one. The last must have seen all documents.
    let is_whole = u64::try_from(log.receipts().len()).ok()? == version.checked_add(1)?;
    (is_whole && earlier == documents.number()).then_some(Some(log))
}

pub(super) fn write_log(writer: &mut Writer, log: &CommandLog) {
    writer.count(log.receipts().len());
    for receipt in log.receipts() {
        write_receipt(writer, receipt);
    }
    writer.raw(log.last().digest());
}

/// Writes a receipt. Every field is named, so a new one does not compile until it is written.
pub(super) fn write_receipt(writer: &mut Writer<'_>, receipt: &Receipt) {
    let Receipt {
        id,
        actor,
        note,
        recorded_at,
        effect,
        documents,
    } = receipt;

    writer.optional(id.as_ref(), |writer, (id, command)| {
        writer.text(id);
        writer.raw(command.digest());
    });
    for text in [actor, note, recorded_at] {
        writer.optional(text.as_deref(), Writer::text);
    }
    writer.optional(*effect, |writer, effect| {
        writer.raw(&effect.number().to_le_bytes());
    });
    writer.unsigned((*documents).into());
}

fn read_receipt(reader: &mut Reader<'_>) -> Option<Receipt> {
    let id = reader.optional(|reader| {
        let id = reader
            .text()
            .filter(|id| check_id(id, &Site::Command).is_ok())?;
        Some((id.into(), EntryHash::new(read_digest(reader)?)))
    })?;
    let mut text = || reader.optional(|reader| reader.text().map(Into::into));
    let (actor, note, recorded_at) = (text()?, text()?, text()?);

    let effect = reader.optional(|reader| {
        let bytes = reader.raw(size_of::<u64>())?.try_into().ok()?;
        Some(PlanFingerprint::new(u64::from_le_bytes(bytes)))
    })?;

    Some(Receipt {
        id,
        actor,
        note,
        recorded_at,
        effect,
        documents: reader.index()?,
    })
}

fn read_digest(reader: &mut Reader<'_>) -> Option<Digest> {
    reader.raw(size_of::<Digest>())?.try_into().ok()
}
