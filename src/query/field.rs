//! Fields of rows: how a table of fields names, types and reads one of them.
//!
//! Each kind of rows has one table of fields, which filters, orders, projections and views share. The tables are in
//! `query/fields/`, and [`crate::query::RowKind`] says which kind has which.

use crate::document::{Kind, Kinds, Status};
use crate::query::cell::FieldValue;
use crate::query::scope::RowReader;

/// A field of a kind of rows.
#[derive(Debug)]
pub struct Field {
    /// The name as it crosses the boundary.
    pub name: &'static str,
    /// What it holds.
    pub holds: FieldType,
    /// When it is in a row.
    pub shown: Visibility,
    /// The kinds of documents that have it.
    kinds: Kinds,
    /// It is the number of a document.
    pub(in crate::query) is_number: bool,
    /// It speaks of now: no day of the past has it.
    is_now_only: bool,
    /// It is a balance after the row, to which the rows before have added up already.
    is_running: bool,
    /// It follows from the header of a document and what is settled with it, so that numbers made of it can be kept
    /// until the document changes. A field that reads another document, the log or a day is not cacheable.
    pub(in crate::query) is_cacheable: bool,
    read: ReadField,
}

/// How a field is read. `None` is nothing.
type ReadField = for<'s> fn(&RowReader<'s>) -> Option<FieldValue<'s>>;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A text.
    Text,
    /// A text without control characters: an identifier, a number or a name.
    Label,
    /// One of these words.
    Word(&'static [&'static str]),
    /// Money in the currency of the row.
    Amount,
    /// A decimal: a quantity, a price or a rate.
    Decimal,
    /// A calendar day.
    Date,
    /// Yes or no.
    Boolean,
    /// A whole number.
    Whole,
    /// The identifier of an application group.
    Group,
    /// The custom fields, each by its name.
    Custom,
    /// Money bucket by bucket. It can be shown and summed, not compared.
    Buckets,
    /// Something with fields of its own. It can be shown, not compared.
    Nested,
}

impl FieldType {
    /// Whether rows can be filtered and ordered by it.
    #[must_use]
    pub const fn is_comparable(self) -> bool {
        !matches!(self, FieldType::Buckets | FieldType::Nested)
    }

    /// A kind of document.
    pub(in crate::query) const KIND: Self = Self::Word(Kind::NAMES);

    /// The status of a document.
    pub(in crate::query) const STATUS: Self = Self::Word(Status::NAMES);
}

/// When a field is in a row that does not say which fields it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Always.
    Always,
    /// Where it is neither nothing nor `false`.
    IfSet,
    /// Never: only where it is asked for.
    Asked,
}

impl Field {
    /// A field that is always shown.
    pub(in crate::query) const fn new(
        name: &'static str,
        holds: FieldType,
        read: ReadField,
    ) -> Self {
        Self {
            name,
            holds,
            shown: Visibility::Always,
            kinds: Kinds::ALL,
            is_number: false,
            is_now_only: false,
            is_running: false,
            is_cacheable: false,
            read,
        }
    }

    /// The same, shown where it is set.
    pub(in crate::query) const fn if_set(self) -> Self {
        Self {
            shown: Visibility::IfSet,
            ..self
        }
    }

    /// The same, shown where it is asked for.
    pub(in crate::query) const fn asked(self) -> Self {
        Self {
            shown: Visibility::Asked,
            ..self
        }
    }

    /// The same, of these kinds of documents alone. Rows of all kinds have it too, and nothing in it for other kinds.
    pub(in crate::query) const fn only_of(self, kinds: Kinds) -> Self {
        Self { kinds, ..self }
    }

    /// The same, as the number of a document: the book says how numbers are compared.
    pub(in crate::query) const fn number(self) -> Self {
        Self {
            is_number: true,
            ..self
        }
    }

    /// The same, without a past: a query with `asOf` refuses it.
    pub(in crate::query) const fn now_only(self) -> Self {
        Self {
            is_now_only: true,
            ..self
        }
    }

    /// The same, as the balance after each row.
    pub(in crate::query) const fn running(self) -> Self {
        Self {
            is_running: true,
            ..self
        }
    }

    /// The same, with numbers that can be kept: see `is_cacheable`.
    pub(in crate::query) const fn cacheable(self) -> Self {
        Self {
            is_cacheable: true,
            ..self
        }
    }

    /// Whether a query can sum it: money of which each row has its own.
    #[must_use]
    pub const fn is_summable(&self) -> bool {
        !self.is_running && matches!(self.holds, FieldType::Amount | FieldType::Buckets)
    }

    /// Whether rows of documents of `kind` have the field; `past`: on a day of the past.
    pub(in crate::query) const fn is_of(&self, kind: Option<Kind>, past: bool) -> bool {
        let has_kind = match kind {
            Some(kind) => self.kinds.has(kind),
            None => true,
        };
        has_kind && !(past && self.is_now_only)
    }

    /// The value that a row has in it.
    #[must_use]
    #[inline]
    pub fn get<'s>(&self, row: &RowReader<'s>) -> FieldValue<'s> {
        self.read(row).unwrap_or(FieldValue::Null)
    }

    /// The same, or `None` for nothing: the caller looks at it where it was made, which is faster than moving it.
    #[inline]
    pub(crate) fn read<'s>(&self, row: &RowReader<'s>) -> Option<FieldValue<'s>> {
        if !self.kinds.has(row.header().kind) {
            return None;
        }
        (self.read)(row)
    }
}
