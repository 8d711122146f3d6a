//! The fields of parts, part items and applications: what is settled between documents.

use crate::document::{Detail, Document, Header, LineIndex, LineRef, Rule};
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;

const RULES: FieldType = FieldType::Word(Rule::NAMES);

/// The fields of both sides, as they are called in rows.
const SOURCE_TYPE: Field = Field::new("sourceType", FieldType::KIND, |row| {
    Some(FieldValue::Text(row.header.kind.as_str()))
});
const SOURCE_ID: Field = Field::new("sourceId", FieldType::Text, |row| {
    Some(FieldValue::Text(&row.header.id))
});
const TARGET_TYPE: Field = Field::new("targetType", FieldType::KIND, |row| {
    Some(FieldValue::Text(row.part()?.0.kind.as_str()))
});
const TARGET_ID: Field = Field::new("targetId", FieldType::Text, |row| {
    Some(FieldValue::Text(&row.part()?.0.id))
});
const ACCOUNT_ID: Field = Field::new("accountId", FieldType::Text, |row| {
    Some(FieldValue::Text(&row.header.account_id))
})
.asked();
const CURRENCY: Field = Field::new("currency", FieldType::Text, |row| {
    Some(FieldValue::Text(row.header.currency.code()))
})
.asked();

/// Of parts.
pub(in crate::query) const PART: &[Field] = &[
    SOURCE_TYPE,
    SOURCE_ID,
    TARGET_TYPE,
    TARGET_ID,
    Field::new("amount", FieldType::Decimal, |row| {
        Some(row.amount(row.part()?.1.amount().ok()?))
    }),
    ACCOUNT_ID,
    CURRENCY,
];

/// Of part items.
pub(in crate::query) const PART_ITEM: &[Field] = &[
    Field::new("source", FieldType::Nested, |row| {
        source_line(row).map(FieldValue::Line)
    }),
    Field::new("target", FieldType::Nested, |row| {
        target_line(row).map(FieldValue::Line)
    }),
    Field::new("amount", FieldType::Decimal, |row| {
        Some(row.amount(row.part_item()?.amount))
    }),
    SOURCE_TYPE.asked(),
    SOURCE_ID.asked(),
    Field::new("sourceItemId", FieldType::Text, |row| {
        item_id(row, source_line(row)?)
    })
    .asked(),
    Field::new("sourceTaxItemId", FieldType::Text, |row| {
        tax_item_id(row, source_line(row)?)
    })
    .asked(),
    Field::new("sourcePosition", FieldType::Whole, |row| {
        position(source_line(row)?)
    })
    .asked(),
    TARGET_TYPE.asked(),
    TARGET_ID.asked(),
    Field::new("targetItemId", FieldType::Text, |row| {
        item_id(row, target_line(row)?)
    })
    .asked(),
    Field::new("targetTaxItemId", FieldType::Text, |row| {
        tax_item_id(row, target_line(row)?)
    })
    .asked(),
    Field::new("targetPosition", FieldType::Whole, |row| {
        position(target_line(row)?)
    })
    .asked(),
    ACCOUNT_ID,
    CURRENCY,
];

/// Of applications.
pub(in crate::query) const APPLICATION: &[Field] = &[
    Field::new("applicationGroupId", FieldType::Group, |row| {
        Some(FieldValue::Group(row.entry()?.version))
    }),
    Field::new("at", FieldType::Date, |row| {
        Some(FieldValue::Date(row.entry()?.settlement.at))
    }),
    SOURCE_TYPE,
    SOURCE_ID,
    Field::new("targetType", FieldType::KIND, |row| {
        Some(FieldValue::Text(applied_to(row)?.kind.as_str()))
    }),
    Field::new("targetId", FieldType::Text, |row| {
        Some(FieldValue::Text(&applied_to(row)?.id))
    }),
    Field::new("amount", FieldType::Decimal, |row| {
        Some(row.amount(row.application()?.amount))
    }),
    Field::new("ruleUsed", RULES, |row| {
        Some(FieldValue::Text(row.application()?.rule.as_str()))
    }),
    Field::new("settlement", FieldType::Whole, |row| {
        Some(counted(row.index.inner))
    })
    .asked(),
    Field::new("position", FieldType::Whole, |row| {
        Some(counted(row.index.item))
    })
    .asked(),
    ACCOUNT_ID,
    CURRENCY,
];

fn applied_to<'s>(row: &RowReader<'s>) -> Option<&'s Header> {
    row.documents().header(row.application()?.target)
}

/// An index as people count.
fn counted(index: u32) -> FieldValue<'static> {
    FieldValue::Whole(i64::from(index).saturating_add(1))
}

fn source_line(row: &RowReader<'_>) -> Option<LineRef> {
    Some(LineRef {
        document: row.index.document,
        line: row.part_item()?.source,
    })
}

fn target_line(row: &RowReader<'_>) -> Option<LineRef> {
    Some(LineRef {
        document: row.part_target(),
        line: row.part_item()?.target,
    })
}

fn position(line: LineRef) -> Option<FieldValue<'static>> {
    Some(counted(line.line.0))
}

/// The item that a line is or is a tax of; none for the whole of a payment or refund.
fn item_id<'s>(row: &RowReader<'s>, line: LineRef) -> Option<FieldValue<'s>> {
    let (document, line) = row.line_at(line)?;
    item_and_tax(document, line)?.0.map(FieldValue::Text)
}

fn tax_item_id<'s>(row: &RowReader<'s>, line: LineRef) -> Option<FieldValue<'s>> {
    let (document, line) = row.line_at(line)?;
    item_and_tax(document, line)?.1.map(FieldValue::Text)
}

/// The identifiers of a line: of its item, and of the tax item if it is one.
pub fn item_and_tax(document: &Document, line: LineIndex) -> Option<(Option<&str>, Option<&str>)> {
    let line = document.line(line)?;
    Some(match &line.detail {
        Detail::Tax { of: item, .. } => (Some(&document.line(*item)?.id), Some(&line.id)),
        Detail::Item { .. } | Detail::Discount { .. } => (Some(&line.id), None),
        Detail::Whole => (None, None),
    })
}
