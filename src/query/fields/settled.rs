//! The fields of parts, part items and applications: what is settled between documents.

use crate::document::{Detail, Document, DocumentIndex, Header, LineIndex, LineRef, Rule};
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::fields::document::KINDS;
use crate::query::scope::RowReader;

const RULES: FieldType = FieldType::Word(&[
    Rule::Proration.as_str(),
    Rule::Fifo.as_str(),
    Rule::Lifo.as_str(),
    Rule::SourceItem.as_str(),
    Rule::Explicit.as_str(),
    Rule::Mirror.as_str(),
]);

/// The fields of both sides, as they are called in rows.
const SOURCE_TYPE: Field = Field::new("sourceType", KINDS, |at| {
    Some(FieldValue::Text(at.header.kind.as_str()))
});
const SOURCE_ID: Field = Field::new("sourceId", FieldType::Text, |at| {
    Some(FieldValue::Text(&at.header.id))
});
const TARGET_TYPE: Field = Field::new("targetType", KINDS, |at| {
    Some(FieldValue::Text(at.part()?.0.kind.as_str()))
});
const TARGET_ID: Field = Field::new("targetId", FieldType::Text, |at| {
    Some(FieldValue::Text(&at.part()?.0.id))
});
const ACCOUNT_ID: Field = Field::new("accountId", FieldType::Text, |at| {
    Some(FieldValue::Text(&at.header.account_id))
})
.asked();
const CURRENCY: Field = Field::new("currency", FieldType::Text, |at| {
    Some(FieldValue::Text(at.header.currency.code()))
})
.asked();

/// Of parts.
pub(in crate::query) const PART: &[Field] = &[
    SOURCE_TYPE,
    SOURCE_ID,
    TARGET_TYPE,
    TARGET_ID,
    Field::new("amount", FieldType::Decimal, |at| {
        Some(at.amount(at.part()?.1.amount()))
    }),
    ACCOUNT_ID,
    CURRENCY,
];

/// Of part items.
pub(in crate::query) const PART_ITEM: &[Field] = &[
    Field::new("source", FieldType::Nested, |at| {
        source_line(at).map(FieldValue::Line)
    }),
    Field::new("target", FieldType::Nested, |at| {
        target_line(at).map(FieldValue::Line)
    }),
    Field::new("amount", FieldType::Decimal, |at| {
        Some(at.amount(at.part_item()?.amount))
    }),
    SOURCE_TYPE.asked(),
    SOURCE_ID.asked(),
    Field::new("sourceItemId", FieldType::Text, |at| {
        item_id(at, source_line(at)?)
    })
    .asked(),
    Field::new("sourceTaxItemId", FieldType::Text, |at| {
        tax_item_id(at, source_line(at)?)
    })
    .asked(),
    Field::new("sourcePosition", FieldType::Whole, |at| {
        position(source_line(at)?)
    })
    .asked(),
    TARGET_TYPE.asked(),
    TARGET_ID.asked(),
    Field::new("targetItemId", FieldType::Text, |at| {
        item_id(at, target_line(at)?)
    })
    .asked(),
    Field::new("targetTaxItemId", FieldType::Text, |at| {
        tax_item_id(at, target_line(at)?)
    })
    .asked(),
    Field::new("targetPosition", FieldType::Whole, |at| {
        position(target_line(at)?)
    })
    .asked(),
    ACCOUNT_ID,
    CURRENCY,
];

/// Of applications.
pub(in crate::query) const APPLICATION: &[Field] = &[
    Field::new("applicationGroupId", FieldType::Group, |at| {
        Some(FieldValue::Group(at.application()?.0.version))
    }),
    Field::new("at", FieldType::Date, |at| {
        Some(FieldValue::Date(at.application()?.0.settlement.at))
    }),
    SOURCE_TYPE,
    SOURCE_ID,
    Field::new("targetType", KINDS, |at| {
        Some(FieldValue::Text(applied_to(at)?.kind.as_str()))
    }),
    Field::new("targetId", FieldType::Text, |at| {
        Some(FieldValue::Text(&applied_to(at)?.id))
    }),
    Field::new("amount", FieldType::Decimal, |at| {
        Some(at.amount(at.application()?.1.amount))
    }),
    Field::new("ruleUsed", RULES, |at| {
        Some(FieldValue::Text(at.application()?.1.rule.as_str()))
    }),
    Field::new("settlement", FieldType::Whole, |at| {
        Some(counted(at.row.place))
    })
    .asked(),
    Field::new("position", FieldType::Whole, |at| {
        Some(counted(at.row.item))
    })
    .asked(),
    ACCOUNT_ID,
    CURRENCY,
];

fn applied_to<'s>(at: &RowReader<'s>) -> Option<&'s Header> {
    at.documents().header(at.application()?.1.target)
}

/// A place as people count.
fn counted(place: u32) -> FieldValue<'static> {
    FieldValue::Whole(i64::from(place).saturating_add(1))
}

fn source_line(at: &RowReader<'_>) -> Option<LineRef> {
    Some(LineRef {
        document: at.row.document,
        line: at.part_item()?.source,
    })
}

fn target_line(at: &RowReader<'_>) -> Option<LineRef> {
    Some(LineRef {
        document: DocumentIndex(at.row.place),
        line: at.part_item()?.target,
    })
}

fn position(line: LineRef) -> Option<FieldValue<'static>> {
    Some(counted(line.line.0))
}

/// The item that a line is or is a tax of; none for the whole of a payment or refund.
fn item_id<'s>(at: &RowReader<'s>, line: LineRef) -> Option<FieldValue<'s>> {
    let (document, line) = at.line_at(line)?;
    item_and_tax(document, line)?.0.map(FieldValue::Text)
}

fn tax_item_id<'s>(at: &RowReader<'s>, line: LineRef) -> Option<FieldValue<'s>> {
    let (document, line) = at.line_at(line)?;
    item_and_tax(document, line)?.1.map(FieldValue::Text)
}

/// What a line is called: its item, and the tax item if it is one.
pub fn item_and_tax(document: &Document, line: LineIndex) -> Option<(Option<&str>, Option<&str>)> {
    let own = document.line(line)?;
    Some(match &own.detail {
        Detail::Tax { of, .. } => (Some(&document.line(*of)?.id), Some(&own.id)),
        Detail::Item { .. } | Detail::Discount { .. } => (Some(&own.id), None),
        Detail::Whole => (None, None),
    })
}
