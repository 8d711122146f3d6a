//! What rows must meet.

use super::cell::{Cell, Value};
use super::field::{Field, Type};
use super::scope::At;
use crate::bytes::Writer;
use std::cmp::Ordering;

/// A field, or one of the custom fields.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The field.
    pub field: &'static Field,
    /// The name of the custom field, if the field holds those.
    pub custom: Option<Box<str>>,
}

impl Selector {
    /// What a row holds there.
    #[inline]
    pub(super) fn get<'s>(&self, at: &At<'s>) -> Cell<'s> {
        let cell = self.field.get(at);
        match (&self.custom, cell) {
            (None, cell) => cell,
            (Some(name), Cell::Custom(custom)) => Cell::of_custom(custom, name),
            (Some(_), _) => Cell::Null,
        }
    }

    /// Whether both are the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.custom == other.custom
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(self.field.name);
        writer.optional(self.custom.as_deref(), Writer::text);
    }
}

/// One thing that rows must meet.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The field.
    pub by: Selector,
    /// How it is compared.
    pub op: Op,
    /// With what: one value; for [`Op::Is`] any number, of which one has to be met.
    pub values: Vec<Value>,
}

/// How a field is compared. Nothing (`null`) is nothing, and neither less nor more than anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Equal by value to one of them.
    Is,
    /// Not equal.
    IsNot,
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// More.
    More,
    /// More or equal.
    AtLeast,
    /// A text that begins so.
    StartsWith,
    /// A text in which it occurs, whatever the case of ASCII letters.
    Contains,
}

impl Op {
    /// All of them with the name that they have outside.
    pub const ALL: [(&'static str, Self); 8] = [
        ("eq", Op::Is),
        ("ne", Op::IsNot),
        ("lt", Op::Less),
        ("lte", Op::AtMost),
        ("gt", Op::More),
        ("gte", Op::AtLeast),
        ("startsWith", Op::StartsWith),
        ("contains", Op::Contains),
    ];
}

impl Condition {
    pub(super) fn write(&self, writer: &mut Writer) {
        self.by.write(writer);
        writer.count(Op::ALL.iter().position(|(_, op)| *op == self.op).unwrap_or_default());
        writer.count(self.values.len());
        self.values.iter().for_each(|value| value.write(writer));
    }

    /// The only text that a field may hold.
    pub(super) fn only_text(&self, name: &str) -> Option<&str> {
        match &*self.values {
            [Value::Text(text)] if self.op == Op::Is && self.by.field.name == name => Some(text),
            _ => None,
        }
    }
}

/// The conditions of a query, ready to be asked of many rows.
pub(super) struct Filter<'q>(Vec<(&'q Condition, Vec<Value>)>);

impl<'q> Filter<'q> {
    /// `scale`: the decimals that most amounts have. Comparing with these is quick.
    pub(super) fn new(conditions: &'q [Condition], scale: u8) -> Self {
        let prepare = |condition: &'q Condition| {
            let is_decimal = condition.by.field.holds == Type::Decimal;
            let scaled = |value: &Value| value.scaled(scale).filter(|_| is_decimal);
            (condition, condition.values.iter().map(|value| scaled(value).unwrap_or_else(|| value.clone())).collect())
        };
        Self(conditions.iter().map(prepare).collect())
    }

    #[inline]
    pub(super) fn meets(&self, at: &At<'_>) -> bool {
        self.0.iter().all(|(condition, values)| {
            let cell = condition.by.get(at);
            let is = |value: &Value| cell.compare(&value.cell()) == Ordering::Equal;
            match condition.op {
                Op::Is => values.iter().any(is),
                Op::IsNot => !values.iter().any(is),
                op => values.iter().all(|value| compares(op, &cell, &value.cell())),
            }
        })
    }
}

fn compares(op: Op, cell: &Cell<'_>, with: &Cell<'_>) -> bool {
    if cell.is_null() || with.is_null() {
        return false;
    }
    match (op, cell, with) {
        (Op::StartsWith, Cell::Text(text), Cell::Text(start)) => text.starts_with(start),
        (Op::Contains, Cell::Text(text), Cell::Text(part)) => contains(text.as_bytes(), part.as_bytes()),
        (Op::StartsWith | Op::Contains, ..) => false,
        _ => {
            let order = cell.compare(with);
            match op {
                Op::Less => order.is_lt(),
                Op::AtMost => order.is_le(),
                Op::More => order.is_gt(),
                _ => order.is_ge(),
            }
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}
