//! What a line of a document says in a snapshot.

use super::value::{
    read_choice, read_date, read_decimal, read_flag, read_line_index, read_list,
    read_optional_text, write_choice, write_date, write_decimal, write_flag,
};
use crate::bytes::{Reader, Writer};
use crate::document::{Custom, Detail, ItemRecord, Processing, Record, Scalar, TaxIdentity};

/// Writes what a line is, by the number of its kind, and what it says.
pub(super) fn write_detail(writer: &mut Writer, detail: &Detail) {
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

/// Reads what a line is. Which other line an index may name, [`Document::restore`](crate::document::Document::restore)
/// checks.
pub(super) fn read_detail(reader: &mut Reader<'_>, line_count: usize) -> Option<Detail> {
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
            // What follows from a rate is calculated anew when its item changes, so the rate must be there.
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

/// Writes custom fields, each with the number of its type.
pub(super) fn write_custom(writer: &mut Writer, custom: &Custom) {
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

pub(super) fn read_custom(reader: &mut Reader<'_>) -> Option<Custom> {
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
