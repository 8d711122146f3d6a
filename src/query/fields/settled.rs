//! The fields of parts, part items and applications: what is settled between documents.

use crate::document::{
    Detail, Document, DocumentIndex, Header, LineIndex, LineRef, PartItem, Rule,
};
use crate::money::Amount;
use crate::query::cell::FieldValue;
use crate::query::field::{Field, FieldType};
use crate::query::scope::RowReader;

const RULES: FieldType = FieldType::Word(Rule::NAMES);

/// The fields of the source, and of the account that it belongs to.
const SOURCE_TYPE: Field = Field::new("sourceType", FieldType::KIND, |row| {
    Some(FieldValue::Text(row.header.kind.as_str()))
});
const SOURCE_ID: Field = Field::new("sourceId", FieldType::Text, |row| {
    Some(FieldValue::Text(&row.header.id))
});
const ACCOUNT_ID: Field = Field::new("accountId", FieldType::Text, |row| {
    Some(FieldValue::Text(&row.header.account_id))
})
.asked();
const CURRENCY: Field = Field::new("currency", FieldType::Text, |row| {
    Some(FieldValue::Text(row.header.currency.code()))
})
.asked();

/// The fields of an entry of the history.
const GROUP_ID: Field = Field::new("applicationGroupId", FieldType::Group, |row| {
    Some(FieldValue::Group(row.entry()?.version))
});
const UNDOES: Field = Field::new("undoes", FieldType::Group, |row| {
    row.entry()?.undoes.map(FieldValue::Group)
})
.if_set();
const SETTLEMENT: Field = Field::new("settlement", FieldType::Whole, |row| {
    Some(counted(row.index.inner))
})
.asked();
const POSITION: Field = Field::new("position", FieldType::Whole, |row| {
    Some(counted(row.index.item))
})
.asked();

/// The fields of the entry of the log; nothing in a book without one.
const VERSION: Field = Field::new("version", FieldType::Whole, |row| {
    row.receipt()?;
    Some(FieldValue::Whole(row.entry()?.version.cast_signed()))
})
.if_set();
const COMMAND_ID: Field = Field::new("commandId", FieldType::Text, |row| {
    let (id, _) = row.receipt()?.id.as_ref()?;
    Some(FieldValue::Text(id))
})
.if_set();
const ACTOR: Field = Field::new("actor", FieldType::Text, |row| {
    row.receipt()?.actor.as_deref().map(FieldValue::Text)
})
.if_set();
const NOTE: Field = Field::new("note", FieldType::Text, |row| {
    row.receipt()?.note.as_deref().map(FieldValue::Text)
})
.if_set();
const RECORDED_AT: Field = Field::new("recordedAt", FieldType::Text, |row| {
    row.receipt()?.recorded_at.as_deref().map(FieldValue::Text)
})
.if_set();

/// The fields of the target that `$target` reads.
macro_rules! target_type {
    ($target:path) => {
        Field::new("targetType", FieldType::KIND, |row| {
            Some(FieldValue::Text($target(row)?.kind.as_str()))
        })
    };
}
macro_rules! target_id {
    ($target:path) => {
        Field::new("targetId", FieldType::Text, |row| {
            Some(FieldValue::Text(&$target(row)?.id))
        })
    };
}

/// The fields of what `$item` reads: an amount between two lines. `$first` come before it, `$after` right behind,
/// `$last` at the end.
macro_rules! between_lines {
    ($item:path; first $($first:expr),*; after $($after:expr),*; last $($last:expr),*) => {
        &[
            $($first,)*
            Field::new("source", FieldType::Nested, |row| Some(FieldValue::Line($item(row)?.source))),
            Field::new("target", FieldType::Nested, |row| Some(FieldValue::Line($item(row)?.target))),
            Field::new("amount", FieldType::Amount, |row| Some(row.amount($item(row)?.amount))),
            $($after,)*
            SOURCE_TYPE.asked(),
            SOURCE_ID.asked(),
            Field::new("sourceItemId", FieldType::Text, |row| item_id(row, $item(row)?.source)).asked(),
            Field::new("sourceTaxItemId", FieldType::Text, |row| tax_item_id(row, $item(row)?.source)).asked(),
            Field::new("sourcePosition", FieldType::Whole, |row| position($item(row)?.source)).asked(),
            Field::new("targetType", FieldType::KIND, |row| {
                Some(FieldValue::Text(document(row, $item(row)?.target)?.kind.as_str()))
            }).asked(),
            Field::new("targetId", FieldType::Text, |row| {
                Some(FieldValue::Text(&document(row, $item(row)?.target)?.id))
            }).asked(),
            Field::new("targetItemId", FieldType::Text, |row| item_id(row, $item(row)?.target)).asked(),
            Field::new("targetTaxItemId", FieldType::Text, |row| tax_item_id(row, $item(row)?.target)).asked(),
            Field::new("targetPosition", FieldType::Whole, |row| position($item(row)?.target)).asked(),
            $($last,)*
            ACCOUNT_ID,
            CURRENCY,
        ]
    };
}

/// Of parts.
pub(in crate::query) const PART: &[Field] = &[
    SOURCE_TYPE,
    SOURCE_ID,
    target_type!(part_target),
    target_id!(part_target),
    Field::new("amount", FieldType::Amount, |row| {
        Some(row.amount(row.part()?.1.amount().ok()?))
    }),
    ACCOUNT_ID,
    CURRENCY,
];

/// Of part items.
pub(in crate::query) const PART_ITEM: &[Field] = between_lines![part_item; first; after; last];

/// Of applications.
pub(in crate::query) const APPLICATION: &[Field] = &[
    GROUP_ID,
    Field::new("at", FieldType::Date, |row| {
        effective_day(row, row.application()?.target)
    }),
    SOURCE_TYPE,
    SOURCE_ID,
    target_type!(applied_to),
    target_id!(applied_to),
    Field::new("amount", FieldType::Amount, |row| {
        Some(row.amount(row.application()?.amount))
    }),
    Field::new("ruleUsed", RULES, |row| {
        Some(FieldValue::Text(row.application()?.rule.as_str()))
    }),
    UNDOES,
    VERSION,
    COMMAND_ID,
    ACTOR,
    NOTE,
    RECORDED_AT,
    SETTLEMENT,
    POSITION,
    ACCOUNT_ID,
    CURRENCY,
];

/// Of application items.
pub(in crate::query) const APPLICATION_ITEM: &[Field] = between_lines![
    application_item;
    first GROUP_ID, Field::new("at", FieldType::Date, |row| {
        let (application, _) = row.application_item()?;
        effective_day(row, application.target)
    });
    after Field::new("ruleUsed", RULES, |row| {
        let (application, _) = row.application_item()?;
        Some(FieldValue::Text(application.rule.as_str()))
    }), UNDOES, VERSION, COMMAND_ID, ACTOR, NOTE, RECORDED_AT;
    last SETTLEMENT, POSITION
];

/// An amount between two lines.
struct SettledItem {
    source: LineRef,
    target: LineRef,
    amount: Amount,
}

impl SettledItem {
    const fn new(row: &RowReader<'_>, target: DocumentIndex, item: &PartItem) -> Self {
        Self {
            source: LineRef {
                document: row.index.document,
                line: item.source,
            },
            target: LineRef {
                document: target,
                line: item.target,
            },
            amount: item.amount,
        }
    }
}

fn part_item(row: &RowReader<'_>) -> Option<SettledItem> {
    Some(SettledItem::new(row, row.part_target(), row.part_item()?))
}

fn application_item(row: &RowReader<'_>) -> Option<SettledItem> {
    let (application, item) = row.application_item()?;
    Some(SettledItem::new(row, application.target, item))
}

fn part_target<'s>(row: &RowReader<'s>) -> Option<&'s Header> {
    row.documents().header(row.part_target())
}

fn applied_to<'s>(row: &RowReader<'s>) -> Option<&'s Header> {
    row.documents().header(row.application()?.target)
}

fn document<'s>(row: &RowReader<'s>, line: LineRef) -> Option<&'s Header> {
    row.documents().header(line.document)
}

/// The day from which an application to `target` counts, on which statements and balances of the past have it too.
fn effective_day<'s>(row: &RowReader<'s>, target: DocumentIndex) -> Option<FieldValue<'s>> {
    let settlement = &row.entry()?.settlement;
    let day = row
        .documents()
        .counts_from(settlement.at, settlement.source, target);
    Some(FieldValue::Date(day))
}

/// An index as people count.
fn counted(index: u32) -> FieldValue<'static> {
    FieldValue::Whole(i64::from(index).saturating_add(1))
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
