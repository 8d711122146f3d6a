//! Rows: what the tables of [`crate::query`] read, written field by field.
//!
//! A row is written as a struct whose field names are known when the engine is built: JavaScript then makes each name
//! once for all rows.

use super::view::{CustomView, LineRef, Text};
use crate::document::Entry;
use crate::money::text;
use crate::query::{Answer, At, Cell, Field, Of, Scope, Shown};
use crate::settle::Context;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// `Page`.
#[derive(Clone, Debug, Serialize)]
pub struct PageView<'s> {
    rows: Vec<RowView<'s>>,
    total: Option<usize>,
    page: PageNumber,
    next: Option<&'s str>,
    previous: Option<&'s str>,
}

#[derive(Clone, Debug, Serialize)]
struct PageNumber {
    number: Option<u32>,
    size: u32,
}

impl<'s> PageView<'s> {
    /// The page of an answer.
    #[must_use]
    pub fn new(answer: &'s Answer<'_>) -> Self {
        let row =
            |&row| Some(RowView { at: answer.scope.at(row)?, fields: &answer.fields, is_whole: answer.is_projected });
        Self {
            rows: answer.rows.iter().filter_map(row).collect(),
            total: answer.total,
            page: PageNumber { number: answer.number, size: answer.size },
            next: answer.next.as_deref(),
            previous: answer.previous.as_deref(),
        }
    }
}

/// A row with these fields; where it is not whole, without those that are not set and may be left out.
#[derive(Clone, Debug)]
pub(super) struct RowView<'s> {
    at: At<'s>,
    fields: &'s [&'static Field],
    is_whole: bool,
}

impl Serialize for RowView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cells = self.fields.iter().map(|field| (*field, field.get(&self.at)));
        let cells: Vec<_> =
            cells.filter(|(field, cell)| self.is_whole || field.shown == Shown::Always || is_set(cell)).collect();
        let mut row = serializer.serialize_struct("Row", cells.len())?;
        for (field, cell) in cells {
            row.serialize_field(field.name, &CellView { at: &self.at, cell })?;
        }
        row.end()
    }
}

fn is_set(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Null | Cell::Boolean(false) => false,
        Cell::Custom(custom) => !custom.is_empty(),
        _ => true,
    }
}

struct CellView<'s> {
    at: &'s At<'s>,
    cell: Cell<'s>,
}

impl Serialize for CellView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.cell {
            Cell::Null => serializer.serialize_none(),
            Cell::Boolean(value) => serializer.serialize_bool(value),
            Cell::Whole(number) => serializer.serialize_i64(number),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Amount(amount, scale) => serializer.serialize_str(&text::write(amount.minor().into(), scale.into())),
            Cell::Decimal(decimal) => Text(decimal).serialize(serializer),
            Cell::Date(date) => Text(date).serialize(serializer),
            Cell::Group(version) => serializer.serialize_str(&Entry::group_id(version)),
            Cell::Custom(custom) => CustomView(custom).serialize(serializer),
            Cell::Line(place) => {
                self.at.line_at(place).and_then(|(document, line)| LineRef::new(document, line)).serialize(serializer)
            }
            Cell::TaxItems(item) => {
                let fields = shown(Of::TaxItem, self.at.is_past());
                let rows =
                    self.at.tax_items(item).into_iter().map(|at| RowView { at, fields: &fields, is_whole: false });
                serializer.collect_seq(rows)
            }
        }
    }
}

/// The fields that rows show by themselves.
fn shown(of: Of, past: bool) -> Vec<&'static Field> {
    of.fields(past).filter(|field| field.shown != Shown::Asked).collect()
}

/// `Invoice`, `CreditMemo`, `DebitMemo`, `Payment` or `Refund`, as it stands after a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct DocumentView<'s> {
    pub context: Context<'s>,
    pub subject: &'s crate::book::Subject,
}

impl Serialize for DocumentView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scope = Scope::now(self.context);
        let fields = shown(Of::Document(Some(self.subject.header.kind)), false);
        RowView { at: At::after(&scope, self.subject), fields: &fields, is_whole: false }.serialize(serializer)
    }
}
