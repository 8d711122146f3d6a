//! What a field is compared with.

use crate::document::HistoryEntry;
use crate::error::{Error, NamesFigure, Reason, Result, Site};
use crate::query;
use crate::query::{Condition, FieldType, Op, Selector};
use crate::wire::Value;
use crate::wire::fields::{
    Fields, boolean, date, decimal, entries, place_of, printed, text, whole, wrong_type,
};

/// The comparison with several values, of which one must be equal.
const IN: &str = "in";

/// The comparisons of a field: `{ gte, lt }`, `{ in }` and the like.
pub(super) fn compared(
    by: Selector,
    value: &Value<'_>,
    path: &Site<'_>,
    conditions: &mut Vec<Condition>,
) -> Result<()> {
    let holds = by.field.holds;
    let names = comparisons(holds);
    let fields = Fields::open(value, path)?.allow(&[&names])?.all()?;
    if fields.is_empty() {
        let fields = NamesFigure(names.into());
        return Err(Error::of(Reason::OneFieldMissing { fields }, path));
    }

    for (name, value) in fields {
        let op = Op::ALL.iter().copied().find(|op| op.as_str() == *name);
        conditions.push(Condition {
            by: by.clone(),
            op: op.unwrap_or(Op::Is),
            values: operands(holds, op, value, &path.field(name))?,
        });
    }
    Ok(())
}

/// The names of the comparisons that there are for a type of field. Only texts begin with something.
fn comparisons(holds: FieldType) -> Vec<&'static str> {
    let is_text = matches!(
        holds,
        FieldType::Text | FieldType::Label | FieldType::Word(_) | FieldType::Custom
    );

    let mut names = Vec::new();
    for op in Op::ALL {
        if is_text || !matches!(op, Op::StartsWith | Op::Contains) {
            names.push(op.as_str());
        }
    }
    names.push(IN);
    names
}

/// The values of one comparison; without an operator, those of [`IN`].
fn operands(
    holds: FieldType,
    op: Option<Op>,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<Vec<query::Operand>> {
    match op {
        None => {
            let entries = entries(value, path)?.iter().enumerate();
            entries
                .map(|(index, entry)| operand(holds, entry, &path.entry(index)))
                .collect()
        }
        Some(Op::StartsWith | Op::Contains) => {
            Ok(vec![query::Operand::Text(text(value, path)?.into())])
        }
        Some(_) => Ok(vec![operand(holds, value, path)?]),
    }
}

/// A value to compare a field with: `null`, or what the field holds.
pub(super) fn operand(
    holds: FieldType,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<query::Operand> {
    const WIDEST: i64 = (1 << 53) - 1;
    if *value == Value::Null {
        return Ok(query::Operand::Null);
    }

    Ok(match holds {
        FieldType::Text | FieldType::Label => query::Operand::Text(text(value, path)?.into()),
        FieldType::Word(words) => {
            let place = place_of(words, value, path)?;
            query::Operand::Text((*words.get(place).unwrap_or(&"")).into())
        }
        FieldType::Amount | FieldType::Decimal => query::Operand::Decimal(decimal(value, path)?),
        FieldType::Date => query::Operand::Date(date(value, path)?),
        FieldType::Boolean => query::Operand::Boolean(boolean(value, path)?),
        FieldType::Whole => query::Operand::Whole(whole(-WIDEST, WIDEST, value, path)?),
        // No group has the version zero.
        FieldType::Group => {
            query::Operand::Group(HistoryEntry::version_of(text(value, path)?).unwrap_or_default())
        }
        FieldType::Custom => {
            custom_operand(value).ok_or_else(|| wrong_type(path, "scalar", value))?
        }
        FieldType::Buckets | FieldType::Nested => {
            return Err(Error::fault("a nested field that is compared"));
        }
    })
}

/// Returns the value to compare a custom field with; `None` of one that no custom field can have.
fn custom_operand(value: &Value<'_>) -> Option<query::Operand> {
    match value {
        Value::Null => Some(query::Operand::Null),
        Value::Boolean(value) => Some(query::Operand::Boolean(*value)),
        Value::Whole(number) => Some(query::Operand::Whole(*number)),
        Value::Text(text) => Some(query::Operand::Text((*text).into())),
        Value::Number(number) => printed(number).map(query::Operand::Decimal),
        Value::List(_) | Value::Object(_) | Value::Foreign(_) => None,
    }
}
