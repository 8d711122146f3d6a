//! What a row has: one table of fields for each kind of rows, which filters, orders and projections share.

use crate::document::{Kind, Kinds};
use crate::query::cell::FieldValue;
use crate::query::fields::{account, document, line, settled};
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
    /// Of which kinds of documents it is, where it is a document's.
    of: Kinds,
    /// It speaks of now: no day of the past has it.
    now: bool,
    /// It follows from the header of a document and what is settled with it, so that numbers made of it can be kept.
    pub(in crate::query) own: bool,
    get: Get,
}

/// How a field is read. `None` is nothing.
type Get = for<'s> fn(&RowReader<'s>) -> Option<FieldValue<'s>>;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A text.
    Text,
    /// A text without control characters: an identifier, a number or a name.
    Label,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A decimal: money, a quantity or a rate.
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
    /// Something with fields of its own. It can be shown, not compared.
    Nested,
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
    pub(in crate::query) const fn new(name: &'static str, holds: FieldType, get: Get) -> Self {
        Self {
            name,
            holds,
            shown: Visibility::Always,
            of: Kinds::ALL,
            now: false,
            own: false,
            get,
        }
    }

    pub(in crate::query) const fn if_set(self) -> Self {
        Self {
            shown: Visibility::IfSet,
            ..self
        }
    }

    pub(in crate::query) const fn asked(self) -> Self {
        Self {
            shown: Visibility::Asked,
            ..self
        }
    }

    pub(in crate::query) const fn of(self, of: Kinds) -> Self {
        Self { of, ..self }
    }

    pub(in crate::query) const fn now(self) -> Self {
        Self { now: true, ..self }
    }

    pub(in crate::query) const fn own(self) -> Self {
        Self { own: true, ..self }
    }

    /// What a row holds in it.
    #[must_use]
    #[inline]
    pub fn get<'s>(&self, at: &RowReader<'s>) -> FieldValue<'s> {
        self.read(at).unwrap_or(FieldValue::Null)
    }

    /// The same, or `None` for nothing: it is looked at where it was made, which is faster than moving it.
    #[inline]
    pub(crate) fn read<'s>(&self, at: &RowReader<'s>) -> Option<FieldValue<'s>> {
        (self.get)(at)
    }
}

/// A kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Documents of a kind, or of all.
    Document(Option<Kind>),
    /// Items.
    Item,
    /// Tax items.
    TaxItem,
    /// The parts: how much of which source is applied to which target now.
    Part,
    /// The part items: the same, line by line.
    PartItem,
    /// The applications: what happened between which source and which target.
    Application,
    /// What accounts owe and have, currency by currency.
    Account,
}

impl RowKind {
    /// All kinds of rows.
    pub const ALL: [Self; 12] = [
        Self::Document(Some(Kind::Invoice)),
        Self::Document(Some(Kind::CreditMemo)),
        Self::Document(Some(Kind::DebitMemo)),
        Self::Document(Some(Kind::Payment)),
        Self::Document(Some(Kind::Refund)),
        Self::Document(None),
        Self::Item,
        Self::TaxItem,
        Self::Part,
        Self::PartItem,
        Self::Application,
        Self::Account,
    ];

    /// The name as it crosses the boundary.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            RowKind::Document(Some(kind)) => kind.as_str(),
            RowKind::Document(None) => "document",
            RowKind::Item => "item",
            RowKind::TaxItem => "taxItem",
            RowKind::Part => "part",
            RowKind::PartItem => "partItem",
            RowKind::Application => "application",
            RowKind::Account => "account",
        }
    }

    /// Whether it can be asked how it was on a day.
    #[must_use]
    pub const fn has_past(self) -> bool {
        matches!(
            self,
            RowKind::Document(_) | RowKind::Item | RowKind::TaxItem | RowKind::Account
        )
    }

    fn table(self) -> &'static [Field] {
        match self {
            RowKind::Document(_) => document::FIELDS,
            RowKind::Item => line::ITEM,
            RowKind::TaxItem => line::TAX_ITEM,
            RowKind::Part => settled::PART,
            RowKind::PartItem => settled::PART_ITEM,
            RowKind::Application => settled::APPLICATION,
            RowKind::Account => account::FIELDS,
        }
    }

    /// The fields in their order; those of the past alone if `past`.
    pub fn fields(self, past: bool) -> impl Iterator<Item = &'static Field> {
        self.table()
            .iter()
            .filter(move |field| self.has(field, past))
    }

    /// Those that rows show by themselves.
    pub(crate) fn shown(self, past: bool) -> impl Iterator<Item = &'static Field> {
        self.table()
            .iter()
            .filter(move |field| field.shown != Visibility::Asked && self.has(field, past))
    }

    fn has(self, field: &Field, past: bool) -> bool {
        let is_of = match self {
            RowKind::Document(Some(kind)) => field.of.has(kind),
            _ => true,
        };
        is_of && !(past && field.now)
    }

    /// The field of that name.
    #[must_use]
    pub fn field(self, name: &str, past: bool) -> Option<&'static Field> {
        self.fields(past).find(|field| field.name == name)
    }

    /// The order of rows that ask for none: fields, and whether descending. No two rows are level in it.
    pub(in crate::query) const fn default_order(self) -> &'static [(&'static str, bool)] {
        match self {
            RowKind::Document(_) => &[("number", true), ("id", false)],
            RowKind::Item | RowKind::TaxItem => &[
                ("documentNumber", true),
                ("documentId", false),
                ("position", false),
            ],
            RowKind::Part => &[("sourceId", false), ("targetId", false)],
            RowKind::PartItem => &[
                ("sourceId", false),
                ("targetId", false),
                ("targetPosition", false),
                ("sourcePosition", false),
            ],
            RowKind::Application => &[("settlement", false), ("position", false)],
            RowKind::Account => &[("accountId", false), ("currency", false)],
        }
    }
}
