//! A book as bytes: compact, versioned, checksummed, and the same in every runtime.
//!
//! ```text
//! "SETOFF" format(1) body checksum(8)      checksum = the first bytes of SHA-256 over everything before it
//! ```
//!
//! The state hash is SHA-256 over the documents and parts alone, sorted by identifier: it knows neither history nor the
//! order of creation, so that what is undone is as if it had never been.

use super::{Book, Group, VERSIONS};
use crate::bytes::{Reader, Writer};
use crate::calendar::Date;
use crate::document::{
    Detail, Document, DocumentIndex, Documents, Figures, Header, ItemText, Kind, Line, LineIndex, PartItem, Status,
    TaxIdentity, check_id, check_label,
};
use crate::error::{Code, Error, Path, Result};
use crate::money::{Amount, Currency, Definition};
use crate::order::sort_by;
use crate::settle::{Application, Rule, Settlement};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const MAGIC: &[u8] = b"SETOFF";
const FORMAT: u8 = 1;
const CHECKSUM: usize = 8;

impl Book {
    /// The whole book as bytes.
    #[must_use]
    pub fn snapshot(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.raw(MAGIC);
        writer.byte(FORMAT);
        write_book(&mut writer, self);
        let mut bytes = writer.into_bytes();
        let checksum = checksum(&bytes);
        bytes.extend(checksum);
        bytes
    }

    /// The book that [`Book::snapshot`] wrote.
    ///
    /// # Errors
    /// `invalidSnapshot` for bytes that are damaged, of another format, or not a snapshot.
    pub fn restore(bytes: &[u8]) -> Result<Self> {
        let invalid = |found: &str| Error::general(Code::InvalidSnapshot, "the bytes of a snapshot", found);
        let body = bytes.strip_prefix(MAGIC).ok_or_else(|| invalid("bytes of something else"))?;
        let (&format, body) = body.split_first().ok_or_else(|| invalid("no bytes behind the first"))?;
        if format != FORMAT {
            return Err(invalid(&format!("format {format}; this version reads format {FORMAT}")));
        }
        let end = bytes.len().checked_sub(CHECKSUM).ok_or_else(|| invalid("too few bytes"))?;
        let (content, sum) = bytes.split_at_checked(end).ok_or_else(|| invalid("too few bytes"))?;
        if checksum(content) != sum {
            return Err(invalid("bytes that do not match their checksum"));
        }
        let length = body.len().saturating_sub(CHECKSUM);
        let mut reader = Reader::new(body.get(..length).unwrap_or_default());
        let book = read_book(&mut reader).filter(|_| reader.is_empty());
        book.filter(|book| book.documents.is_consistent()).ok_or_else(|| invalid("figures that cannot be"))
    }

    /// The state hash, as 64 hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut documents: Vec<_> = self.documents.iter().map(|(_, document)| document).collect();
        sort_by(&mut documents, |a, b| a.header().id.cmp(&b.header().id));
        let id = |index| self.documents.header(index).map(|header| &*header.id);
        let mut parts: Vec<_> =
            self.documents.parts().map(|(source, target, part)| (id(source), id(target), part)).collect();
        sort_by(&mut parts, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));

        let mut writer = Writer::default();
        writer.count(documents.len());
        documents.iter().for_each(|document| write_document(&mut writer, document));
        writer.count(parts.len());
        for (source, target, part) in parts {
            writer.text(source.unwrap_or_default());
            writer.text(target.unwrap_or_default());
            write_items(&mut writer, part.items());
        }
        let digest = Sha256::digest(writer.into_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    [a, b, c, d, e, f, g, h]
}

fn write_book(writer: &mut Writer, book: &Book) {
    writer.text(&book.account_id);
    write_currency(writer, &book.currency);
    writer.count(book.currencies.len());
    book.currencies.iter().for_each(|currency| write_currency(writer, currency));
    writer.unsigned(book.version.into());
    writer.count(book.documents.iter().count());
    book.documents.iter().for_each(|(_, document)| write_document(writer, document));
    writer.count(book.documents.parts().count());
    for (source, target, part) in book.documents.parts() {
        writer.unsigned(source.0.into());
        writer.unsigned(target.0.into());
        write_items(writer, part.items());
    }
    writer.count(book.history.len());
    for Group { version, settlement } in &book.history {
        writer.unsigned((*version).into());
        write_date(writer, settlement.at);
        writer.unsigned(settlement.source.0.into());
        writer.count(settlement.applications.len());
        for application in &settlement.applications {
            writer.unsigned(application.target.0.into());
            writer.byte(write_choice(&Rule::ALL, application.rule));
            write_amount(writer, application.amount);
            write_items(writer, &application.items);
        }
    }
}

fn read_book(reader: &mut Reader<'_>) -> Option<Book> {
    let account_id = read_label(reader)?;
    let currency = Arc::new(read_currency(reader)?);
    let currencies = read_list(reader, |reader| read_currency(reader).map(Arc::new))?;
    let version = read_version(reader)?;
    let mut documents = Documents::default();
    for _ in 0..reader.count()? {
        let document = read_document(reader)?;
        if documents.find(&document.header().id).is_some() {
            return None;
        }
        documents.insert(document);
    }
    for _ in 0..reader.count()? {
        let (source, target) = (DocumentIndex(reader.index()?), DocumentIndex(reader.index()?));
        let (memo, _) = sides(&documents, source, target)?;
        let currency = &memo.header().currency;
        let items = read_list(reader, |reader| read_item(reader, |reader| read_amount_of(reader, currency)))?;
        let in_order = items.is_sorted_by(|a, b| a.order() < b.order());
        if items.is_empty() || !in_order || items.iter().any(|item| !item.amount.is_positive()) {
            return None;
        }
        documents.link(source, target, &items)?;
    }
    let history = read_list(reader, |reader| read_group(reader, &documents))?;
    let ascending = history.is_sorted_by(|a, b| a.version < b.version);
    if !ascending || history.last().is_some_and(|last| last.version > version) {
        return None;
    }
    Some(Book { account_id, currency, currencies, documents, history, version })
}

fn read_group(reader: &mut Reader<'_>, documents: &Documents) -> Option<Group> {
    let version = read_version(reader)?;
    let at = read_date(reader)?;
    let source = DocumentIndex(reader.index()?);
    let applications = read_list(reader, |reader| {
        let target = DocumentIndex(reader.index()?);
        let (memo, invoice) = sides(documents, source, target)?;
        let rule = read_choice(reader, &Rule::ALL)?;
        let application = Application { target, rule, amount: read_amount(reader)?, items: read_items(reader)? };
        let sum = Amount::sum(application.items.iter().map(|item| item.amount));
        let on_lines = application
            .items
            .iter()
            .all(|item| memo.line_figures(item.source).is_some() && invoice.line_figures(item.target).is_some());
        (sum == Some(application.amount) && on_lines).then_some(application)
    })?;
    Some(Group { version, settlement: Arc::new(Settlement { at, source, applications }) })
}

/// The memo and the invoice that something is or was settled between, if they can be.
fn sides(documents: &Documents, source: DocumentIndex, target: DocumentIndex) -> Option<(&Document, &Document)> {
    let (source, target) = (documents.get(source)?, documents.get(target)?);
    let (memo, invoice) = (source.header(), target.header());
    let fits = memo.kind == Kind::CreditMemo
        && invoice.kind == Kind::Invoice
        && memo.status == Status::Posted
        && invoice.status == Status::Posted
        && memo.currency == invoice.currency
        && memo.account_id == invoice.account_id;
    fits.then_some((source, target))
}

fn write_document(writer: &mut Writer, document: &Document) {
    let header = document.header();
    writer.byte(write_choice(&Kind::ALL, header.kind));
    writer.text(&header.id);
    writer.text(&header.number);
    writer.text(&header.account_id);
    write_currency(writer, &header.currency);
    writer.byte(write_choice(&Status::ALL, header.status));
    write_date(writer, header.date);
    write_date(writer, header.due_date);
    writer.count(document.lines().len());
    for (line, figures) in document.lines().iter().zip(document.figures()) {
        writer.text(&line.id);
        write_detail(writer, &line.detail);
        for amount in [figures.amount(), figures.applied(), figures.refunded()] {
            write_amount(writer, amount);
        }
    }
}

/// What follows from the lines is not stored: [`Document::restore`] forms it anew.
fn read_document(reader: &mut Reader<'_>) -> Option<Document> {
    let header = Header {
        kind: read_choice(reader, &Kind::ALL)?,
        id: read_id(reader)?,
        number: read_id(reader)?,
        account_id: read_label(reader)?,
        currency: Arc::new(read_currency(reader)?),
        status: read_choice(reader, &Status::ALL)?,
        date: read_date(reader)?,
        due_date: read_date(reader)?,
        tax: Amount::ZERO,
        figures: Figures::default(),
    };
    let count = reader.count().filter(|&count| count > 0)?;
    let (mut lines, mut amounts) = (Vec::new(), Vec::new());
    for _ in 0..count {
        lines.push(Line { id: read_id(reader)?, detail: read_detail(reader, count)? });
        let [amount, applied, refunded] = [(); 3].map(|()| read_amount_of(reader, &header.currency));
        amounts.push([amount?, applied?, refunded?]);
    }
    Document::restore(header, lines, &amounts)
}

fn write_detail(writer: &mut Writer, detail: &Detail) {
    match detail {
        Detail::Charge(text) => {
            writer.byte(0);
            write_item_text(writer, text);
        }
        Detail::Discount { of, text } => {
            writer.byte(1);
            writer.unsigned(of.0.into());
            write_item_text(writer, text);
        }
        Detail::Tax { of, identity } => {
            writer.byte(2);
            writer.unsigned(of.0.into());
            for text in [&identity.name, &identity.jurisdiction, &identity.location_code] {
                writer.optional(text.as_deref(), Writer::text);
            }
            writer.optional(identity.rate, write_decimal);
        }
    }
}

fn read_detail(reader: &mut Reader<'_>, lines: usize) -> Option<Detail> {
    let tag = reader.byte()?;
    if tag == 0 {
        return read_item_text(reader).map(Detail::Charge);
    }
    let of = LineIndex(reader.index()?);
    if of.get() >= lines {
        return None;
    }
    match tag {
        1 => Some(Detail::Discount { of, text: read_item_text(reader)? }),
        2 => {
            let [name, jurisdiction, location_code] = [(); 3].map(|()| read_optional_text(reader));
            let rate = reader.optional(read_decimal)?;
            let identity =
                TaxIdentity { name: name?, jurisdiction: jurisdiction?, location_code: location_code?, rate };
            Some(Detail::Tax { of, identity })
        }
        _ => None,
    }
}

fn write_item_text(writer: &mut Writer, text: &ItemText) {
    writer.optional(text.description.as_deref(), Writer::text);
    writer.optional(text.quantity, write_decimal);
    writer.optional(text.unit_price, write_decimal);
}

fn read_item_text(reader: &mut Reader<'_>) -> Option<ItemText> {
    let description = read_optional_text(reader)?;
    Some(ItemText { description, quantity: reader.optional(read_decimal)?, unit_price: reader.optional(read_decimal)? })
}

fn read_optional_text(reader: &mut Reader<'_>) -> Option<Option<Box<str>>> {
    reader.optional(|reader| reader.text().map(Into::into))
}

fn write_items(writer: &mut Writer, items: &[PartItem]) {
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

fn read_item(reader: &mut Reader<'_>, amount: impl Fn(&mut Reader<'_>) -> Option<Amount>) -> Option<PartItem> {
    let (source, target) = (LineIndex(reader.index()?), LineIndex(reader.index()?));
    Some(PartItem { source, target, amount: amount(reader)? })
}

fn write_currency(writer: &mut Writer, currency: &Currency) {
    writer.text(currency.code());
    writer.byte(currency.scale());
    writer.signed(currency.increment().into());
}

fn read_currency(reader: &mut Reader<'_>) -> Option<Currency> {
    let code = reader.text()?.to_owned();
    let scale = reader.byte()?;
    let increment = Decimal::try_from_i128_with_scale(reader.number::<i64>()?.into(), scale.into()).ok()?;
    let definition = Definition { code, scale: Some(scale), increment: Some(increment) };
    Currency::define(&definition, &Path::Root).ok()
}

fn write_date(writer: &mut Writer, date: Date) {
    let (year, month, day) = date.parts();
    writer.unsigned(year.into());
    writer.byte(month);
    writer.byte(day);
}

fn read_date(reader: &mut Reader<'_>) -> Option<Date> {
    Date::new(u16::try_from(reader.unsigned()?).ok()?, reader.byte()?, reader.byte()?)
}

fn write_amount(writer: &mut Writer, amount: Amount) {
    writer.signed(amount.minor().into());
}

fn read_amount(reader: &mut Reader<'_>) -> Option<Amount> {
    Amount::try_from(reader.signed()?).ok()
}

fn read_version(reader: &mut Reader<'_>) -> Option<u64> {
    u64::try_from(reader.unsigned()?).ok().filter(|&version| version < VERSIONS)
}

fn read_id(reader: &mut Reader<'_>) -> Option<Box<str>> {
    reader.text().filter(|text| check_id(text, &Path::Root).is_ok()).map(Into::into)
}

fn read_label(reader: &mut Reader<'_>) -> Option<Box<str>> {
    reader.text().filter(|text| check_label(text, &Path::Root).is_ok()).map(Into::into)
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

/// The place of `choice` in a closed list.
fn write_choice<T: PartialEq>(choices: &[T], choice: T) -> u8 {
    choices.iter().position(|listed| *listed == choice).and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

fn read_choice<T: Copy>(reader: &mut Reader<'_>, choices: &[T]) -> Option<T> {
    choices.get(usize::from(reader.byte()?)).copied()
}

fn read_list<T>(reader: &mut Reader<'_>, mut read: impl FnMut(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let count = reader.count()?;
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(read(reader)?);
    }
    Some(list)
}
