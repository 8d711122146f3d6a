//! A book as bytes: compact, versioned, checksummed, and the same in every runtime.
//!
//! ```text
//! "SETOFF" format(1) body checksum(8)      checksum = the first bytes of SHA-256 over everything before it
//! ```

use super::attempt::VERSIONS;
use super::hash::{Digest, Hashes, hash_pieces, sha256};
use super::{Book, CommandLog, EntryHash, PlanFingerprint, Receipt};
use crate::bytes::{Reader, Writer};
use crate::calendar::Date;
use crate::command::settings::ClosedPeriods;
use crate::command::settings::InclusiveRounding;
use crate::command::settings::Limit;
use crate::command::settings::Limits;
use crate::command::settings::Mirror;
use crate::command::settings::NumberOrder;
use crate::command::settings::OverCrediting;
use crate::command::settings::Settings;
use crate::command::settings::TaxRounding;
use crate::document::{
    Application, Custom, Detail, Document, DocumentIndex, Documents, Figures, Header, HeaderChange,
    HistoryEntry, ItemRecord, Kind, Line, LineIndex, LineRef, Notes, Origin, Part, PartItem,
    Processing, Record, Rule, Scalar, SettledBefore, SettledBy, Settlement, Status, TaxIdentity,
};
use crate::error::{Error, Reason, Result, Site};
use crate::label::{check_id, check_label};
use crate::memory::{self, Room};
use crate::money::{Amount, Currency, CurrencyDefinition, Rounding};
use crate::settle::Workspace;
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

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

fn restored(format: u8, body: &[u8]) -> std::result::Result<Book, Unrestorable> {
    memory::reserve_many(body.len(), RESTORED).map_err(Unrestorable::NoRoom)?;

    let start = Reader::new(body);
    let mut reader = start;
    let mut room = Room::default();
    let book = read_book(&mut reader, format, &mut room);
    room.check().map_err(Unrestorable::NoRoom)?;
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

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    first_of(sha256(bytes))
}

const fn first_of(digest: Digest) -> [u8; CHECKSUM] {
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

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

/// Writes a document with what only a snapshot knows.
fn write_whole(writer: &mut Writer<'_>, document: &Document) {
    write_document(writer, document, &write_index);
    write_days(writer, document.header());
    write_settled_before(writer, document.settled_before());
}

fn write_part(writer: &mut Writer<'_>, source: DocumentIndex, target: DocumentIndex, part: &Part) {
    write_index(writer, source);
    write_index(writer, target);
    write_items(writer, part.items());
}

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
        hashes: Hashes::default(),
        version,
        log,
    })
}

fn read_documents<'a>(
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
    documents.relate_all()
}

/// Whether a command can leave a document like this.
fn can_be(document: &Document) -> bool {
    let header = document.header();
    // Only what was canceled can be deleted; what was reversed is settled; no memo in force is below zero.
    let is_gone = !header.deleted || header.status == Status::Canceled;
    let is_closed = !header.reversed || document.figures().iter().all(|line| line.open().is_zero());
    let is_reverse = header.status == Status::Posted && header.is_memo_below_zero();
    is_gone && is_closed && !is_reverse
}

/// Whether another document has the identifier or the number already. Deleted documents keep neither.
fn is_taken(documents: &Documents, header: &Header) -> bool {
    !header.deleted
        && (documents.find(&header.id).is_some()
            || documents.find_number(header.kind, &header.number).is_some())
}

fn read_parts(reader: &mut Reader<'_>, room: &mut Room, documents: &mut Documents) -> Option<()> {
    for _ in 0..reader.count()? {
        room.take::<u8>(KEPT).ok()?;
        let source = DocumentIndex(reader.index()?);
        let target = DocumentIndex(reader.index()?);
        let (from, to) = sides(documents, source, target)?;
        if !can_be_applied(from.header(), to.header()) {
            return None;
        }

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

fn read_history(
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
        let entry = read_entry(reader, format, documents)?;
        if entry.version < earlier || entry.version > book_version {
            return None;
        }
        earlier = entry.version;
        documents.remember(Arc::new(entry)).ok()?;
    }
    Some(())
}

/// The log, if the book keeps one.
fn read_log(
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
        let is_in_order = (earlier..=documents.number()).contains(&receipt.documents);
        earlier = receipt.documents;
        // The hashes between the first and the last are in the entries, which the host keeps.
        log.push(receipt, EntryHash::NONE)
            .filter(|()| is_in_order)?;
    }
    log.end(EntryHash::new(read_digest(reader)?));

    let is_whole = u64::try_from(log.receipts().len()).ok()? == version.checked_add(1)?;
    (is_whole && earlier == documents.number()).then_some(Some(log))
}

fn write_log(writer: &mut Writer, log: &CommandLog) {
    writer.count(log.receipts().len());
    for receipt in log.receipts() {
        write_receipt(writer, receipt);
    }
    writer.raw(log.last().digest());
}

fn write_receipt(writer: &mut Writer<'_>, receipt: &Receipt) {
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

/// Writes which document is meant, by its index.
fn write_index(writer: &mut Writer, index: DocumentIndex) {
    writer.unsigned(index.0.into());
}

fn write_entry(writer: &mut Writer, entry: &HistoryEntry) {
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

fn write_settings(writer: &mut Writer, settings: &Settings) {
    writer.text(&settings.account_id);
    write_currency(writer, &settings.currency);
    writer.count(settings.currencies.len());
    settings
        .currencies
        .iter()
        .for_each(|currency| write_currency(writer, currency));
    writer.byte(write_choice(OverCrediting::ALL, settings.over_crediting));
    write_flag(writer, settings.count_billing_credits);
    writer.byte(write_choice(Mirror::ALL, settings.mirror));
    writer.byte(write_choice(
        InclusiveRounding::ALL,
        settings.inclusive_rounding,
    ));
    writer.byte(write_choice(TaxRounding::ALL, settings.tax_rounding));
    writer.byte(write_choice(NumberOrder::ALL, settings.number_order));
    write_flag(writer, settings.allow_tax_rate_from_1);
    let limits = settings.limits.all();
    writer.count(limits.len());
    for (limit, most) in limits {
        writer.byte(write_choice(Limit::ALL, *limit));
        writer.unsigned((*most).into());
    }
    writer.optional(settings.closed_through, write_date);
    writer.byte(write_choice(ClosedPeriods::ALL, settings.closed_periods));
    write_flag(writer, settings.keep_closed_posted);
    writer.count(settings.reason_codes.len());
    settings
        .reason_codes
        .iter()
        .for_each(|code| writer.text(code));
}

fn read_settings<'a>(reader: &mut Reader<'a>, common: &mut Common<'a>) -> Option<Settings> {
    let account_id = common.read_account_id(reader)?;
    let currency = common.read_currency(reader)?;
    let currencies = read_list(reader, |reader| common.read_currency(reader))?;
    let over_crediting = read_choice(reader, OverCrediting::ALL)?;
    let count_billing_credits = read_flag(reader)?;
    let mirror = read_choice(reader, Mirror::ALL)?;
    let inclusive_rounding = read_choice(reader, InclusiveRounding::ALL)?;
    let tax_rounding = read_choice(reader, TaxRounding::ALL)?;
    let number_order = read_choice(reader, NumberOrder::ALL)?;
    let allow_tax_rate_from_1 = read_flag(reader)?;
    let mut limits = Limits::default();
    for _ in 0..reader.count()? {
        limits.set(read_choice(reader, Limit::ALL)?, reader.index()?);
    }
    Some(Settings {
        account_id,
        currency,
        currencies,
        over_crediting,
        count_billing_credits,
        mirror,
        inclusive_rounding,
        tax_rounding,
        number_order,
        allow_tax_rate_from_1,
        limits,
        closed_through: reader.optional(read_date)?,
        closed_periods: read_choice(reader, ClosedPeriods::ALL)?,
        keep_closed_posted: read_flag(reader)?,
        reason_codes: read_list(reader, |reader| reader.text().map(Into::into))?,
    })
}

fn read_entry(reader: &mut Reader<'_>, format: u8, documents: &Documents) -> Option<HistoryEntry> {
    let version = read_version(reader)?;
    let at = read_date(reader)?;
    let source = DocumentIndex(reader.index()?);
    let mut settlement = Settlement::new(at, source);
    for _ in 0..reader.count()? {
        let target = DocumentIndex(reader.index()?);
        let (from, to) = sides(documents, source, target)?;
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

/// Writes a document; `write_other` writes which other documents it names.
pub(super) fn write_document(
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

/// What most documents of a book have in common. They share it, as those do that commands made.
#[derive(Default)]
struct Common<'a> {
    account_id: Arc<str>,
    /// Each currency, and how it is written.
    currencies: Vec<(&'a [u8], Arc<Currency>)>,
}

impl<'a> Common<'a> {
    fn read_account_id(&mut self, reader: &mut Reader<'_>) -> Option<Arc<str>> {
        let text = reader.text()?;
        if *text != *self.account_id {
            check_label(text, &Site::Command).ok()?;
            self.account_id = text.into();
        }
        Some(Arc::clone(&self.account_id))
    }

    fn read_currency(&mut self, reader: &mut Reader<'a>) -> Option<Arc<Currency>> {
        if let Some((_, known)) = self
            .currencies
            .iter()
            .find(|(as_written, _)| reader.pass(as_written))
        {
            return Some(Arc::clone(known));
        }
        let start = *reader;
        let currency = Arc::new(read_currency(reader)?);
        self.currencies
            .push((start.until(reader), Arc::clone(&currency)));
        Some(currency)
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
    let kind = read_choice(reader, Kind::ALL)?;
    let id = read_id(reader)?;
    let header = Header {
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
    };
    // The last change of the status made it what it is.
    let statuses = &header.notes.statuses;
    let last = statuses.last().map_or(Status::Draft, |(_, status)| *status);
    if last != header.status {
        return None;
    }

    let count = reader.count().filter(|&count| count > 0)?;
    let (mut lines, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let id = read_id(reader)?;
        let source = reader.optional(|reader| {
            Some(LineRef {
                document: read_index(reader, document_count)?,
                line: LineIndex(reader.index()?),
            })
        })?;
        lines.push(Line {
            id,
            source,
            detail: read_detail(reader, count)?,
        });
        let [amount, applied, refunded] =
            [(); 3].map(|()| read_amount_of(reader, &header.currency));
        amounts.push([amount?, applied?, refunded?]);
    }
    if format == FIRST_FORMAT {
        return Document::restore(header, lines, &amounts);
    }
    let header = read_days(reader, header)?;
    let entries = read_list(reader, |reader| read_settled_before(reader, &header, count))?;
    restore_with(header, lines, &amounts, entries)
}

/// The document of a header, lines and amounts, with what was settled of them before. `None` if it cannot have been.
fn restore_with(
    header: Header,
    lines: Vec<Line>,
    amounts: &[[Amount; 3]],
    entries: Vec<SettledBefore>,
) -> Option<Document> {
    if !entries.is_empty() {
        // Each entry has the sign of its line, and on no day was more settled than there is.
        let unsettled: Vec<_> = amounts
            .iter()
            .map(|[amount, ..]| [*amount, Amount::ZERO, Amount::ZERO])
            .collect();
        let draft = Document::restore(header.clone(), lines.clone(), &unsettled)?;
        let mut signs = entries.iter().map(|entry| {
            let open = draft.line_figures(entry.line)?.open();
            Some(entry.amount.minor().signum() == open.minor().signum())
        });
        let has_signs = signs.all(|has_sign| has_sign == Some(true));
        let is_by_line = entries.is_sorted_by_key(|entry| entry.line);
        if !has_signs || !is_by_line || draft.misfit_of(&entries).is_some() {
            return None;
        }
    }
    Some(Document::restore(header, lines, amounts)?.knowing(entries))
}

/// Writes what was settled of the lines of a document before it came into the book.
pub(super) fn write_settled_before(writer: &mut Writer, entries: &[SettledBefore]) {
    writer.count(entries.len());
    for entry in entries {
        writer.unsigned(entry.line.0.into());
        write_date(writer, entry.date);
        write_amount(writer, entry.amount);
        writer.byte(write_choice(SettledBy::ALL, entry.by));
    }
}

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

/// The index of one of `document_count` documents.
fn read_index(reader: &mut Reader<'_>, document_count: usize) -> Option<DocumentIndex> {
    let index = DocumentIndex(reader.index()?);
    (index.get() < document_count).then_some(index)
}

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

fn write_custom(writer: &mut Writer, custom: &Custom) {
    writer.count(custom.len());
    for (name, value) in custom {
        writer.text(name);
        match value {
            Scalar::Null => writer.byte(0),
            Scalar::Boolean(value) => writer.byte(if *value { 2 } else { 1 }),
            Scalar::Whole(number) => {
                writer.byte(3);
                writer.signed((*number).into());
            }
            Scalar::Decimal(number) => {
                writer.byte(5);
                write_decimal(writer, *number);
            }
            Scalar::Text(text) => {
                writer.byte(4);
                writer.text(text);
            }
        }
    }
}

fn read_custom(reader: &mut Reader<'_>) -> Option<Custom> {
    read_list(reader, |reader| {
        let name = reader.text()?.into();
        let value = match reader.byte()? {
            0 => Scalar::Null,
            1 => Scalar::Boolean(false),
            2 => Scalar::Boolean(true),
            3 => Scalar::Whole(reader.number()?),
            4 => Scalar::Text(reader.text()?.into()),
            5 => Scalar::Decimal(read_decimal(reader)?),
            _ => return None,
        };
        Some((name, value))
    })
}

fn write_flag(writer: &mut Writer, flag: bool) {
    writer.byte(flag.into());
}

fn read_flag(reader: &mut Reader<'_>) -> Option<bool> {
    match reader.byte()? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

fn write_detail(writer: &mut Writer, detail: &Detail) {
    match detail {
        Detail::Item { processing, record } => {
            writer.byte(0);
            writer.byte(write_choice(Processing::ALL, *processing));
            write_record(writer, record);
        }
        Detail::Discount { of, record } => {
            writer.byte(1);
            writer.unsigned(of.0.into());
            write_record(writer, record);
        }
        Detail::Tax {
            of,
            by_rate,
            identity,
        } => {
            writer.byte(2);
            writer.unsigned(of.0.into());
            write_flag(writer, *by_rate);
            for text in [
                &identity.name,
                &identity.jurisdiction,
                &identity.location_code,
                &identity.tax_code,
            ] {
                writer.optional(text.as_deref(), Writer::text);
            }
            writer.optional(identity.rate, write_decimal);
            writer.optional(identity.exempt, write_decimal);
        }
        Detail::Whole => writer.byte(3),
    }
}

fn read_detail(reader: &mut Reader<'_>, line_count: usize) -> Option<Detail> {
    Some(match reader.byte()? {
        0 => Detail::Item {
            processing: read_choice(reader, Processing::ALL)?,
            record: read_record(reader)?,
        },
        1 => Detail::Discount {
            of: read_line_index(reader, line_count)?,
            record: read_record(reader)?,
        },
        2 => {
            let of = read_line_index(reader, line_count)?;
            let by_rate = read_flag(reader)?;
            let identity = read_tax_identity(reader)?;
            if by_rate && identity.rate.is_none() {
                return None;
            }
            Detail::Tax {
                of,
                by_rate,
                identity: Box::new(identity),
            }
        }
        3 => Detail::Whole,
        _ => return None,
    })
}

/// The index of one of the lines of the same document.
fn read_line_index(reader: &mut Reader<'_>, line_count: usize) -> Option<LineIndex> {
    let index = LineIndex(reader.index()?);
    (index.get() < line_count).then_some(index)
}

fn read_tax_identity(reader: &mut Reader<'_>) -> Option<TaxIdentity> {
    Some(TaxIdentity {
        name: read_optional_text(reader)?,
        jurisdiction: read_optional_text(reader)?,
        location_code: read_optional_text(reader)?,
        tax_code: read_optional_text(reader)?,
        rate: reader.optional(read_decimal)?,
        exempt: reader.optional(read_decimal)?,
    })
}

fn write_record(writer: &mut Writer, record: &Record) {
    writer.optional(record.get(), |writer, record| {
        for text in [&record.description, &record.sku] {
            writer.optional(text.as_deref(), Writer::text);
        }
        for decimal in [record.quantity, record.unit_price] {
            writer.optional(decimal, write_decimal);
        }
        for date in [record.service_start, record.service_end] {
            writer.optional(date, write_date);
        }
        write_flag(writer, record.tax_inclusive);
        write_custom(writer, &record.custom);
    });
}

fn read_record(reader: &mut Reader<'_>) -> Option<Record> {
    let record = reader.optional(read_item_record)?;
    // Most items have none of it.
    Some(record.map_or_else(Record::default, Record::new))
}

fn read_item_record(reader: &mut Reader<'_>) -> Option<ItemRecord> {
    Some(ItemRecord {
        description: read_optional_text(reader)?,
        sku: read_optional_text(reader)?,
        quantity: reader.optional(read_decimal)?,
        unit_price: reader.optional(read_decimal)?,
        service_start: reader.optional(read_date)?,
        service_end: reader.optional(read_date)?,
        tax_inclusive: read_flag(reader)?,
        custom: read_custom(reader)?,
    })
}

fn read_optional_text(reader: &mut Reader<'_>) -> Option<Option<Box<str>>> {
    reader.optional(|reader| reader.text().map(Into::into))
}

pub(super) fn write_items(writer: &mut Writer, items: &[PartItem]) {
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

fn write_currency(writer: &mut Writer, currency: &Currency) {
    writer.text(currency.code());
    writer.byte(currency.scale());
    writer.signed(currency.increment().into());
    writer.byte(write_choice(Rounding::ALL, currency.rounding()));
    writer.optional(currency.invoice_increment(), |writer, step| {
        writer.signed(step.into());
        writer.byte(write_choice(Rounding::ALL, currency.invoice_rounding()));
    });
}

fn read_currency(reader: &mut Reader<'_>) -> Option<Currency> {
    let code = reader.text()?.to_owned();
    let scale = reader.byte()?;
    let increment = Some(read_increment(reader, scale)?);
    let rounding = Some(read_choice(reader, Rounding::ALL)?);
    let of_invoices = reader.optional(|reader| {
        let increment = read_increment(reader, scale)?;
        Some((increment, read_choice(reader, Rounding::ALL)?))
    })?;
    let (invoice_increment, invoice_rounding) = of_invoices.unzip();
    let definition = CurrencyDefinition {
        code,
        scale: Some(scale),
        increment,
        rounding,
        invoice_increment,
        invoice_rounding,
    };
    Currency::define(&definition, &Site::Command).ok()
}

/// An increment in minor units of `scale` decimals.
fn read_increment(reader: &mut Reader<'_>, scale: u8) -> Option<Decimal> {
    let minor = reader.number::<i64>()?;
    Decimal::try_from_i128_with_scale(minor.into(), scale.into()).ok()
}

fn write_date(writer: &mut Writer, date: Date) {
    let (year, month, day) = date.parts();
    writer.unsigned(year.into());
    writer.byte(month);
    writer.byte(day);
}

fn read_date(reader: &mut Reader<'_>) -> Option<Date> {
    Date::new(
        u16::try_from(reader.unsigned()?).ok()?,
        reader.byte()?,
        reader.byte()?,
    )
}

fn write_amount(writer: &mut Writer, amount: Amount) {
    writer.signed(amount.minor().into());
}

fn read_amount(reader: &mut Reader<'_>) -> Option<Amount> {
    Amount::try_from(reader.signed()?).ok()
}

fn read_version(reader: &mut Reader<'_>) -> Option<u64> {
    u64::try_from(reader.unsigned()?)
        .ok()
        .filter(|&version| version < VERSIONS)
}

fn read_id<'a, T: From<&'a str>>(reader: &mut Reader<'a>) -> Option<T> {
    reader
        .text()
        .filter(|text| check_id(text, &Site::Command).is_ok())
        .map(Into::into)
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

/// An amount that its currency has.
fn read_amount_of(reader: &mut Reader<'_>, currency: &Currency) -> Option<Amount> {
    read_amount(reader).filter(|amount| amount.minor().checked_rem(currency.increment()) == Some(0))
}

fn write_decimal(writer: &mut Writer, decimal: Decimal) {
    writer.signed(decimal.mantissa());
    writer.unsigned(decimal.scale().into());
}

fn read_decimal(reader: &mut Reader<'_>) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(reader.signed()?, reader.index()?).ok()
}

/// The index of `choice` in a closed set.
fn write_choice<T: PartialEq>(choices: &[T], choice: T) -> u8 {
    choices
        .iter()
        .position(|listed| *listed == choice)
        .and_then(|place| u8::try_from(place).ok())
        .unwrap_or(u8::MAX)
}

fn read_choice<T: Copy>(reader: &mut Reader<'_>, choices: &[T]) -> Option<T> {
    choices.get(usize::from(reader.byte()?)).copied()
}

fn read_list<'a, T>(
    reader: &mut Reader<'a>,
    mut read: impl FnMut(&mut Reader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    let count = reader.count()?;
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(read(reader)?);
    }
    Some(list)
}
