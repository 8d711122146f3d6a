//! Documents in a snapshot: what each says, its lines, and what was settled of them before.

use super::FIRST_FORMAT;
use super::KEPT;
use super::common::{Common, write_currency};
use super::line::{read_custom, read_detail, write_custom, write_detail};
use super::value::{
    read_amount_of, read_choice, read_date, read_flag, read_id, read_index, read_line_index,
    read_list, read_optional_text, write_amount, write_choice, write_date, write_flag, write_index,
};
use crate::bytes::{Reader, Writer};
use crate::document::{
    Document, DocumentIndex, Documents, Figures, Header, HeaderChange, Kind, Line, LineIndex,
    LineRef, Notes, Origin, SettledBefore, SettledBy, Status,
};
use crate::error::Site;
use crate::label::check_id;
use crate::memory::Room;
use crate::money::Amount;
use std::sync::Arc;

/// Writes a document with what only a snapshot knows.
pub(super) fn write_whole(writer: &mut Writer<'_>, document: &Document) {
    write_document(writer, document, &write_index);
    write_days(writer, document.header());
    write_settled_before(writer, document.settled_before());
}

pub(super) fn read_documents<'a>(
    reader: &mut Reader<'a>,
    format: u8,
    room: &mut Room,
    common: &mut Common<'a>,
    documents: &mut Documents,
) -> Option<()> {
    let count = reader.count()?;
    for _ in 0..count {
        room.take::<u8>(documents.growth()).ok()?;
        room.take::<u8>(KEPT).ok()?;

        let document = read_document(reader, format, count, common)?;
        if !can_be(&document) || is_taken(documents, document.header()) {
            return None;
        }
        documents.insert(documents.next_index()?, document);
    }

    // Last, because a draft can have been made from a document that comes after it.
    documents.relate_all()
}

/// Whether a command can leave a document like this.
fn can_be(document: &Document) -> bool {
    let header = document.header();
    // Only a canceled document can be deleted.
    if header.deleted && header.status != Status::Canceled {
        return false;
    }
    // A reversal settles every line, and it cannot be undone (`settlement.md#write-off-and-reversal`).
    let mut lines = document.figures().iter();
    if header.reversed && lines.any(|line| !line.open().is_zero()) {
        return false;
    }
    // A memo in force is not below zero: it would do the opposite of its name.
    header.status != Status::Posted || !header.is_memo_below_zero()
}

/// Whether another document has the identifier or the number already. Deleted documents keep neither.
fn is_taken(documents: &Documents, header: &Header) -> bool {
    !header.deleted
        && (documents.find(&header.id).is_some()
            || documents.find_number(header.kind, &header.number).is_some())
}

/// Writes a document; `write_other` writes which other documents it names.
pub(in crate::book) fn write_document(
    writer: &mut Writer,
    document: &Document,
    write_other: &dyn Fn(&mut Writer, DocumentIndex),
) {
    let header = document.header();
    writer.byte(write_choice(Kind::ALL, header.kind));
    writer.text(&header.id);
    writer.text(&header.number);
    writer.text(&header.account_id);
    write_currency(writer, &header.currency);

    writer.byte(write_choice(Status::ALL, header.status));
    write_date(writer, header.date);
    write_date(writer, header.due_date);
    writer.byte(write_choice(Origin::ALL, header.origin));
    writer.optional(header.refers_to, write_other);
    write_flag(writer, header.reversed);
    write_flag(writer, header.deleted);
    write_notes(writer, &header.notes);

    writer.count(document.lines().len());
    for (line, figures) in document.lines().iter().zip(document.figures()) {
        writer.text(&line.id);
        writer.optional(line.source, |writer, source| {
            write_other(writer, source.document);
            writer.unsigned(source.line.0.into());
        });
        write_detail(writer, &line.detail);
        for amount in [figures.amount(), figures.applied(), figures.refunded()] {
            write_amount(writer, amount);
        }
    }
}

/// What follows from the lines is not stored: [`Document::restore`] forms it anew. The documents that it names are
/// among all of the book; a draft that was changed can name some that came after it.
fn read_document<'a>(
    reader: &mut Reader<'a>,
    format: u8,
    document_count: usize,
    common: &mut Common<'a>,
) -> Option<Document> {
    let header = read_header(reader, document_count, common)?;
    // The last change of the status made it what it is.
    let statuses = &header.notes.statuses;
    let last = statuses.last().map_or(Status::Draft, |(_, status)| *status);
    if last != header.status {
        return None;
    }

    // A document has a line at least: a payment or refund its whole amount, all others their items.
    let line_count = reader.count().filter(|&count| count > 0)?;
    let (mut lines, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..line_count {
        lines.push(read_line(reader, document_count, line_count)?);
        let [amount, applied, refunded] =
            [(); 3].map(|()| read_amount_of(reader, &header.currency));
        amounts.push([amount?, applied?, refunded?]);
    }

    if format == FIRST_FORMAT {
        return Document::restore(header, lines, &amounts);
    }

    let header = read_days(reader, header)?;
    let entries = read_list(reader, |reader| {
        read_settled_before(reader, &header, line_count)
    })?;
    restore_with(header, lines, &amounts, entries)
}

/// What a document says of itself. Its sums follow from its lines.
fn read_header<'a>(
    reader: &mut Reader<'a>,
    document_count: usize,
    common: &mut Common<'a>,
) -> Option<Header> {
    let kind = read_choice(reader, Kind::ALL)?;
    let id = read_id(reader)?;
    Some(Header {
        kind,
        number: read_number(reader, &id)?,
        id,
        account_id: common.read_account_id(reader)?,
        currency: common.read_currency(reader)?,
        status: read_choice(reader, Status::ALL)?,
        date: read_date(reader)?,
        due_date: read_date(reader)?,
        tax: Amount::ZERO,
        figures: Figures::default(),
        origin: read_choice(reader, Origin::ALL)?,
        refers_to: reader.optional(|reader| read_index(reader, document_count))?,
        reversed: read_flag(reader)?,
        deleted: read_flag(reader)?,
        created_on: None,
        changed: None,
        notes: Arc::new(read_notes(reader)?),
    })
}

/// A line without its amounts. The line that it was made from can be of a document that comes later.
fn read_line(reader: &mut Reader<'_>, document_count: usize, line_count: usize) -> Option<Line> {
    Some(Line {
        id: read_id(reader)?,
        source: reader.optional(|reader| {
            Some(LineRef {
                document: read_index(reader, document_count)?,
                line: LineIndex(reader.index()?),
            })
        })?,
        detail: read_detail(reader, line_count)?,
    })
}

/// The document of a header, lines and amounts, with what was settled of them before. `None` if it cannot have been.
fn restore_with(
    header: Header,
    lines: Vec<Line>,
    amounts: &[[Amount; 3]],
    entries: Vec<SettledBefore>,
) -> Option<Document> {
    if entries.is_empty() {
        return Document::restore(header, lines, amounts);
    }

    let unsettled: Vec<_> = amounts
        .iter()
        .map(|[amount, ..]| [*amount, Amount::ZERO, Amount::ZERO])
        .collect();

    // It was settled before it came into the book, so it must fit the document without anything settled since.
    let draft = Document::restore(header.clone(), lines.clone(), &unsettled)?;
    can_have_settled(&draft, &entries).then_some(())?;
    Some(Document::restore(header, lines, amounts)?.knowing(entries))
}

/// Whether that can have been settled of a document before: line by line, with the sign of the line, and on no day more
/// than there is.
fn can_have_settled(draft: &Document, entries: &[SettledBefore]) -> bool {
    let has_sign_of_line = |entry: &SettledBefore| {
        let line = draft.line_figures(entry.line);
        line.is_some_and(|line| entry.amount.minor().signum() == line.open().minor().signum())
    };
    entries.is_sorted_by_key(|entry| entry.line)
        && entries.iter().all(has_sign_of_line)
        && draft.misfit_of(entries).is_none()
}

/// Writes what was settled of the lines of a document before it came into the book.
pub(in crate::book) fn write_settled_before(writer: &mut Writer, entries: &[SettledBefore]) {
    writer.count(entries.len());
    for entry in entries {
        writer.unsigned(entry.line.0.into());
        write_date(writer, entry.date);
        write_amount(writer, entry.amount);
        writer.byte(write_choice(SettledBy::ALL, entry.by));
    }
}

/// Reads what was settled of a line before, on a day and by something that its document can have had.
fn read_settled_before(
    reader: &mut Reader<'_>,
    header: &Header,
    line_count: usize,
) -> Option<SettledBefore> {
    let entry = SettledBefore {
        line: read_line_index(reader, line_count)?,
        date: read_date(reader)?,
        amount: read_amount_of(reader, &header.currency)?,
        by: read_choice(reader, SettledBy::ALL)?,
    };
    let can_be = entry.by.is_of(header.kind) && entry.date >= header.date;
    can_be.then_some(entry)
}

/// Writes when a document was created and changed. The state hash does not know: what is undone is as if it had never
/// been.
fn write_days(writer: &mut Writer, header: &Header) {
    writer.optional(header.created_on, write_date);
    writer.optional(header.changed, |writer, change| {
        write_date(writer, change.on);
        writer.unsigned(change.entry_count.into());
    });
}

fn read_days(reader: &mut Reader<'_>, header: Header) -> Option<Header> {
    Some(Header {
        created_on: reader.optional(read_date)?,
        changed: reader.optional(|reader| {
            Some(HeaderChange {
                on: read_date(reader)?,
                entry_count: reader.index()?,
            })
        })?,
        ..header
    })
}

/// Writes what a document says beside its figures.
fn write_notes(writer: &mut Writer, notes: &Notes) {
    writer.count(notes.statuses.len());
    for (on, status) in &notes.statuses {
        write_date(writer, *on);
        writer.byte(write_choice(Status::ALL, *status));
    }

    writer.optional(notes.target_date, write_date);
    for text in [
        &notes.reason_code,
        &notes.comment,
        &notes.cancel_reason_code,
        &notes.cancel_comment,
        &notes.method,
    ] {
        writer.optional(text.as_deref(), Writer::text);
    }
    for flag in [
        notes.electronic,
        notes.auto_apply,
        notes.exclude_from_auto_apply,
        notes.exclude_from_revenue,
    ] {
        write_flag(writer, flag);
    }

    writer.signed(notes.restocking_fee.minor().into());
    write_custom(writer, &notes.custom);
}

fn read_notes(reader: &mut Reader<'_>) -> Option<Notes> {
    Some(Notes {
        statuses: read_list(reader, |reader| {
            Some((read_date(reader)?, read_choice(reader, Status::ALL)?))
        })?,
        target_date: reader.optional(read_date)?,
        reason_code: read_optional_text(reader)?,
        comment: read_optional_text(reader)?,
        cancel_reason_code: read_optional_text(reader)?,
        cancel_comment: read_optional_text(reader)?,
        method: read_optional_text(reader)?,
        electronic: read_flag(reader)?,
        auto_apply: read_flag(reader)?,
        exclude_from_auto_apply: read_flag(reader)?,
        exclude_from_revenue: read_flag(reader)?,
        restocking_fee: read_fee(reader)?,
        custom: read_custom(reader)?,
    })
}

/// A fee of zero or more.
fn read_fee(reader: &mut Reader<'_>) -> Option<Amount> {
    let fee = Amount::new(reader.number()?)?;
    (fee >= Amount::ZERO).then_some(fee)
}

/// The number of a document, which most share with their identifier.
fn read_number(reader: &mut Reader<'_>, id: &Arc<str>) -> Option<Arc<str>> {
    let text = reader.text()?;
    if *text == **id {
        return Some(Arc::clone(id));
    }
    check_id(text, &Site::Command).ok()?;
    Some(text.into())
}
