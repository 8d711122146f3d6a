//! The kinds of rows, and the table of fields of each.

use crate::document::{Kind, Kinds};
use crate::query::field::{Field, Visibility};
use crate::query::fields::{account, ageing, document, line, settled, statement};
use crate::words::closed_set;

closed_set! {
    /// A kind of rows.
    #[non_exhaustive]
    RowKind {
        /// Invoices.
        Invoice = "invoice",
        /// Credit memos.
        CreditMemo = "creditMemo",
        /// Debit memos.
        DebitMemo = "debitMemo",
        /// Payments.
        Payment = "payment",
        /// Refunds.
        Refund = "refund",
        /// Documents of all kinds.
        Document = "document",
        /// Items.
        Item = "item",
        /// Tax items.
        TaxItem = "taxItem",
        /// Parts: how much of which source is applied to which target now.
        Part = "part",
        /// Part items: the same, line by line.
        PartItem = "partItem",
        /// Applications: what happened between which source and which target.
        Application = "application",
        /// Application items: the same, line by line.
        ApplicationItem = "applicationItem",
        /// The balances of accounts, currency by currency.
        Account = "account",
        /// What accounts owe on a day, by how long it is overdue.
        Ageing = "ageing",
        /// What moved the balances of accounts between two days.
        Statement = "statement",
    }
}

impl From<Kind> for RowKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Invoice => RowKind::Invoice,
            Kind::CreditMemo => RowKind::CreditMemo,
            Kind::DebitMemo => RowKind::DebitMemo,
            Kind::Payment => RowKind::Payment,
            Kind::Refund => RowKind::Refund,
        }
    }
}

impl RowKind {
    /// The kinds of documents that rows are; `None` for rows that are no documents.
    #[must_use]
    pub const fn documents(self) -> Option<Kinds> {
        match self.document() {
            Some(kind) => Some(Kinds::of(&[kind])),
            None if matches!(self, RowKind::Document) => Some(Kinds::ALL),
            None => None,
        }
    }

    /// The one kind of documents that rows are.
    const fn document(self) -> Option<Kind> {
        match self {
            RowKind::Invoice => Some(Kind::Invoice),
            RowKind::CreditMemo => Some(Kind::CreditMemo),
            RowKind::DebitMemo => Some(Kind::DebitMemo),
            RowKind::Payment => Some(Kind::Payment),
            RowKind::Refund => Some(Kind::Refund),
            RowKind::Document
            | RowKind::Item
            | RowKind::TaxItem
            | RowKind::Part
            | RowKind::PartItem
            | RowKind::Application
            | RowKind::ApplicationItem
            | RowKind::Account
            | RowKind::Ageing
            | RowKind::Statement => None,
        }
    }

    /// Whether the rows are those of entries of the history.
    pub(in crate::query) const fn is_of_history(self) -> bool {
        matches!(self, RowKind::Application | RowKind::ApplicationItem)
    }

    /// Whether a query can ask how these rows were on a day.
    #[must_use]
    pub const fn has_past(self) -> bool {
        matches!(self, RowKind::Item | RowKind::TaxItem | RowKind::Account)
            || self.documents().is_some()
    }

    const fn table(self) -> &'static [Field] {
        match self {
            RowKind::Invoice
            | RowKind::CreditMemo
            | RowKind::DebitMemo
            | RowKind::Payment
            | RowKind::Refund
            | RowKind::Document => document::FIELDS,
            RowKind::Item => line::ITEM,
            RowKind::TaxItem => line::TAX_ITEM,
            RowKind::Part => settled::PART,
            RowKind::PartItem => settled::PART_ITEM,
            RowKind::Application => settled::APPLICATION,
            RowKind::ApplicationItem => settled::APPLICATION_ITEM,
            RowKind::Account => account::FIELDS,
            RowKind::Ageing => ageing::FIELDS,
            RowKind::Statement => statement::FIELDS,
        }
    }

    /// The fields in their order; `past`: those that a day of the past has.
    pub fn fields(self, past: bool) -> impl Iterator<Item = &'static Field> {
        let kind = self.document();
        self.table()
            .iter()
            .filter(move |field| field.is_of(kind, past))
    }

    /// The fields that rows show by themselves.
    pub(crate) fn shown(self, past: bool) -> impl Iterator<Item = &'static Field> {
        self.fields(past)
            .filter(|field| field.shown != Visibility::Asked)
    }

    /// The field of that name.
    #[must_use]
    pub fn field(self, name: &str, past: bool) -> Option<&'static Field> {
        self.fields(past).find(|field| field.name == name)
    }

    /// The order of rows that ask for none: fields, and whether each descends. No two rows are level in it.
    pub(in crate::query) const fn default_order(self) -> &'static [(&'static str, bool)] {
        match self {
            RowKind::Invoice
            | RowKind::CreditMemo
            | RowKind::DebitMemo
            | RowKind::Payment
            | RowKind::Refund
            | RowKind::Document => &[("number", true), ("id", false)],
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
            RowKind::Application | RowKind::ApplicationItem => {
                &[("settlement", false), ("position", false)]
            }
            RowKind::Account | RowKind::Ageing => &[("accountId", false), ("currency", false)],
            RowKind::Statement => &[
                ("accountId", false),
                ("currency", false),
                ("position", false),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RowKind;

    #[test]
    fn a_name_stands_for_one_field() {
        for of in RowKind::ALL {
            let mut names: Vec<_> = of.fields(false).map(|field| field.name).collect();
            let count = names.len();

            names.sort_unstable();
            names.dedup();

            assert_eq!(names.len(), count, "{of:?}");
        }
    }

    #[test]
    fn every_default_order_is_by_fields_of_its_rows() {
        for of in RowKind::ALL {
            for (name, _) in of.default_order() {
                assert!(of.field(name, of.has_past()).is_some(), "{of:?} {name}");
            }
        }
    }
}
