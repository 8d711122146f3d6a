//! What is applied in a snapshot, and the settlements that made it so.

use super::FIRST_FORMAT;
use super::KEPT;
use super::value::{
    read_amount, read_amount_of, read_choice, read_date, read_list, read_version, write_amount,
    write_choice, write_date, write_index,
};
use crate::bytes::{Reader, Writer};
use crate::document::{
    Application, Document, DocumentIndex, Documents, Header, HistoryEntry, LineIndex, Part,
    PartItem, Rule, Settlement, Status,
};
use crate::memory::Room;
use crate::money::Amount;
use std::sync::Arc;

pub(super) fn write_part(
    writer: &mut Writer<'_>,
    source: DocumentIndex,
    target: DocumentIndex,
    part: &Part,
) {
    write_index(writer, source);
    write_index(writer, target);
    write_items(writer, part.items());
}

pub(super) fn read_parts(
    reader: &mut Reader<'_>,
    room: &mut Room,
    documents: &mut Documents,
) -> Option<()> {
    for _ in 0..reader.count()? {
        room.take::<u8>(KEPT).ok()?;
        let source = DocumentIndex(reader.index()?);
        let target = DocumentIndex(reader.index()?);
        let (from, to) = sides(documents, source, target)?;
        if !can_be_applied(from.header(), to.header()) {
            return None;
        }

        // In the order in which a part keeps its items, each pair of lines once, and no pair that nothing lies between.
        let currency = &from.header().currency;
        let items = read_list(reader, |reader| {
            read_item(reader, |reader| read_amount_of(reader, currency))
        })?;
        let is_in_order = items.is_sorted_by(|a, b| a.order() < b.order());
        if items.is_empty() || !is_in_order || items.iter().any(|item| item.amount.is_zero()) {
            return None;
        }
        documents.connect(source, target, &items)?;
    }
    Some(())
}

/// Whether something can be applied of one document to another now.
fn can_be_applied(source: &Header, target: &Header) -> bool {
    let is_posted = source.status == Status::Posted && target.status == Status::Posted;
    is_posted && source.account_id == target.account_id
}

pub(in crate::book) fn write_items(writer: &mut Writer, items: &[PartItem]) {
    writer.count(items.len());
    for item in items {
        writer.unsigned(item.source.0.into());
        writer.unsigned(item.target.0.into());
        write_amount(writer, item.amount);
    }
}

fn read_items(reader: &mut Reader<'_>) -> Option<Vec<PartItem>> {
    read_list(reader, |reader| read_item(reader, read_amount))
}

fn read_item(
    reader: &mut Reader<'_>,
    amount: impl Fn(&mut Reader<'_>) -> Option<Amount>,
) -> Option<PartItem> {
    let (source, target) = (LineIndex(reader.index()?), LineIndex(reader.index()?));
    Some(PartItem {
        source,
        target,
        amount: amount(reader)?,
    })
}

/// Reads the history, whose versions never fall: an operation is found by its version.
pub(super) fn read_history(
    reader: &mut Reader<'_>,
    format: u8,
    room: &mut Room,
    book_version: u64,
    documents: &mut Documents,
) -> Option<()> {
    let mut earlier = 0;
    for _ in 0..reader.count()? {
        room.take::<u8>(documents.growth()).ok()?;
        room.take::<u8>(KEPT).ok()?;

        // Several operations of one command have one version.
        let entry = read_entry(reader, format, documents)?;
        if entry.version < earlier || entry.version > book_version {
            return None;
        }
        earlier = entry.version;
        documents.remember(Arc::new(entry)).ok()?;
    }
    Some(())
}

/// Writes what one operation settled.
pub(super) fn write_entry(writer: &mut Writer, entry: &HistoryEntry) {
    let settlement = &entry.settlement;
    writer.unsigned(entry.version.into());
    write_date(writer, settlement.at);
    write_index(writer, settlement.source);

    writer.count(settlement.applications().len());
    for application in settlement.applications() {
        write_index(writer, application.target);
        writer.byte(write_choice(Rule::ALL, application.rule));
        write_amount(writer, application.amount);
        write_items(writer, application.items);
    }

    writer.optional(entry.undoes, |writer, version| {
        writer.unsigned(version.into())
    });
    writer.optional(entry.entered_on, write_date);
}

fn read_entry(reader: &mut Reader<'_>, format: u8, documents: &Documents) -> Option<HistoryEntry> {
    let version = read_version(reader)?;
    let date = read_date(reader)?;
    let source = DocumentIndex(reader.index()?);
    let mut settlement = Settlement::new(date, source);

    for _ in 0..reader.count()? {
        read_application(reader, documents, &mut settlement)?;
    }

    // A command of a bulk command can undo an earlier one, of the same version.
    let undoes =
        reader.optional(|reader| read_version(reader).filter(|&undone| undone <= version))?;
    let entered_on = match format {
        FIRST_FORMAT => None,
        _ => reader.optional(read_date)?,
    };

    Some(HistoryEntry {
        version,
        settlement,
        undoes,
        entered_on,
    })
}

/// Reads what one target receives, and adds it to a settlement.
fn read_application(
    reader: &mut Reader<'_>,
    documents: &Documents,
    settlement: &mut Settlement,
) -> Option<()> {
    let target = DocumentIndex(reader.index()?);
    let (from, to) = sides(documents, settlement.source, target)?;
    let rule = read_choice(reader, Rule::ALL)?;
    let amount = read_amount(reader)?;
    let items = read_items(reader)?;

    for item in &items {
        from.line(item.source)?;
        to.line(item.target)?;
    }
    if Amount::sum(items.iter().map(|item| item.amount)) != Some(amount) {
        return None;
    }

    settlement.add(Application {
        target,
        rule,
        amount,
        items: &items,
    });
    Some(())
}

/// The documents that something is or was settled between, if they can be.
fn sides(
    documents: &Documents,
    source: DocumentIndex,
    target: DocumentIndex,
) -> Option<(&Document, &Document)> {
    let (source, target) = (documents.get(source)?, documents.get(target)?);
    let (from, to) = (source.header(), target.header());
    // Of one account they need not be any more: a payment that is settled no longer can be transferred.
    let fits = from.kind.is_source() && !to.kind.is_source() && from.currency == to.currency;
    fits.then_some((source, target))
}
