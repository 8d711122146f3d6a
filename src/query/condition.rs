//! What the rows of a query must meet, and by what they are ordered: the vocabulary of a query.

use crate::bytes::Writer;
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::query::cell::{FieldValue, Operand};
use crate::query::field::Field;
use crate::query::scope::RowReader;
use crate::words::closed_set;
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
    /// The value that a row has there.
    #[inline]
    pub(in crate::query) fn get<'s>(&self, row: &RowReader<'s>) -> FieldValue<'s> {
        let value = self.field.get(row);
        match (&self.custom, value) {
            (None, value) => value,
            (Some(name), FieldValue::Custom(custom)) => FieldValue::of_custom(custom, name),
            (Some(_), _) => FieldValue::Null,
        }
    }

    /// Whether both are the same.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.custom == other.custom
    }

    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        writer.text(self.field.name);
        writer.optional(self.custom.as_deref(), Writer::text);
    }
}

closed_set! {
    /// How a field is compared. Nothing (`null`) is nothing, and neither less nor more than anything.
    Op {
        /// Equal by value to one of them.
        Is = "eq",
        /// Not equal.
        IsNot = "ne",
        /// Less.
        Less = "lt",
        /// Less or equal.
        AtMost = "lte",
        /// More.
        More = "gt",
        /// More or equal.
        AtLeast = "gte",
        /// A text that starts with it.
        StartsWith = "startsWith",
        /// A text in which it occurs, in any case of ASCII letters.
        Contains = "contains",
    }
}

impl Op {
    /// Whether a field is compared with any number of values.
    pub(in crate::query) const fn is_list(self) -> bool {
        matches!(self, Op::Is | Op::IsNot)
    }

    /// Whether a value meets the comparison with another one.
    pub(in crate::query) fn is_met(self, value: &FieldValue<'_>, other: &FieldValue<'_>) -> bool {
        // Nothing is neither less nor more than anything, though it comes first in an order.
        if value.is_null() || other.is_null() {
            return false;
        }

        match (self, value, other) {
            (Op::StartsWith, FieldValue::Text(text), FieldValue::Text(start)) => {
                text.starts_with(start)
            }
            (Op::Contains, FieldValue::Text(text), FieldValue::Text(part)) => {
                contains(text.as_bytes(), part.as_bytes())
            }
            (Op::StartsWith | Op::Contains, ..) => false,
            _ => self.holds(value.compare(other)),
        }
    }

    /// Whether a value that compares like this is in the range.
    const fn holds(self, order: Ordering) -> bool {
        match self {
            Op::Less => order.is_lt(),
            Op::AtMost => order.is_le(),
            Op::More => order.is_gt(),
            _ => order.is_ge(),
        }
    }
}

/// Whether a part occurs in a text, in any case of ASCII letters.
fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty()
        || text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

/// One thing that rows must meet.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The field.
    pub by: Selector,
    /// How it is compared.
    pub op: Op,
    /// With what. [`Op::Is`]: any number of values, of which the field must equal one. [`Op::IsNot`]: any number, none
    /// of which it may equal. All others: one; of several, each has to hold.
    pub values: Vec<Operand>,
}

impl Condition {
    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        let op = Op::ALL.iter().position(|op| *op == self.op);
        self.by.write(writer);
        writer.count(op.unwrap_or_default());
        writer.count(self.values.len());
        self.values.iter().for_each(|value| value.write(writer));
    }

    /// Refuses a comparison with nothing: all rows would meet it.
    ///
    /// # Errors
    /// `missingField`.
    pub(in crate::query) fn check(&self) -> Result<()> {
        if self.op.is_list() || !self.values.is_empty() {
            return Ok(());
        }

        let filter = Site::Command.field(SiteField::Where);
        let site = filter.field(self.by.field.name);
        Err(Error::of(Reason::NothingToCompare {}, &site))
    }

    /// The texts of which a field must hold one; `None` if the condition does not ask for that.
    pub(in crate::query) fn texts(&self, name: &str) -> Option<impl Iterator<Item = &str>> {
        if self.op != Op::Is || self.by.field.name != name {
            return None;
        }

        // A field of texts equals no value of another sort, so that leaving these out leaves no row out.
        Some(self.values.iter().filter_map(|value| match value {
            Operand::Text(text) => Some(&**text),
            _ => None,
        }))
    }
}

/// A field by which rows are ordered.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The field. Nothing comes before anything.
    pub by: Selector,
    /// From the last to the first.
    pub descending: bool,
    /// Whether digits in texts count by the number that they write. Absent: numbers of documents are in the order of
    /// the book, other texts in the order of their bytes.
    pub natural: Option<bool>,
}

impl SortKey {
    pub(in crate::query) fn write(&self, writer: &mut Writer) {
        self.by.write(writer);
        writer.byte(u8::from(self.descending));
        writer.optional(self.natural, |writer, natural| {
            writer.byte(u8::from(natural))
        });
    }
}
