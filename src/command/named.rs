//! Documents as a command that is written in Rust names them: by identifier or number, each with its kind.
//!
//! A text alone is a credit memo where something is taken from it, and an invoice where something goes to it, because
//! those are the usual ones. The kind of any other document is said: `payment("PAY-1")`, `debit_memo("DM-1")`. Where a
//! kind cannot stand, a name of it does not compile.

use super::{DocumentRef, ExplicitItem, TargetAmount};
use crate::document::Kind;
use rust_decimal::Decimal;

/// Declares a name of documents of one kind, and the function that makes it.
macro_rules! names {
    ($($kind:ident $name:ident $function:ident $text:literal $example:literal;)*) => {$(
        #[doc = concat!("The identifier or the number of ", $text, ".")]
        ///
        /// ```
        #[doc = concat!("use setoff::prelude::*;\n\nlet name = ", stringify!($function), "(\"", $example, "\");")]
        #[doc = concat!("assert_eq!(DocumentRef::from(name).kind, Kind::", stringify!($kind), ");")]
        /// ```
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(String);

        #[doc = concat!("Names ", $text, ".")]
        ///
        /// ```
        #[doc = concat!("use setoff::prelude::*;\n\nlet name = ", stringify!($function), "(\"", $example, "\");")]
        #[doc = concat!("assert_eq!(DocumentRef::from(name).id, \"", $example, "\");")]
        /// ```
        #[must_use]
        pub fn $function(id: impl Into<String>) -> $name {
            $name(id.into())
        }

        impl From<$name> for DocumentRef {
            fn from(name: $name) -> Self {
                Self { kind: Kind::$kind, id: name.0 }
            }
        }
    )*};
}

names! {
    Invoice InvoiceName invoice "an invoice" "INV-1";
    CreditMemo CreditMemoName credit_memo "a credit memo" "CM-1";
    DebitMemo DebitMemoName debit_memo "a debit memo" "DM-1";
    Payment PaymentName payment "a payment" "PAY-1";
    Refund RefundName refund "a refund" "R-1";
}

mod sealed {
    /// What only the names of this module are.
    pub trait Sealed {}

    impl Sealed for &str {}
    impl Sealed for String {}
    impl Sealed for super::InvoiceName {}
    impl Sealed for super::CreditMemoName {}
    impl Sealed for super::DebitMemoName {}
    impl Sealed for super::PaymentName {}
    impl Sealed for super::RefundName {}
}

/// Declares which names can stand in a place, and which kind a text alone is there.
macro_rules! places {
    ($($(#[$doc:meta])* $place:ident: $($name:ident)* $(, text is $default:ident)?;)*) => {$(
        $(#[$doc])*
        pub trait $place: sealed::Sealed {
            /// The document that is named.
            fn into_document(self) -> DocumentRef;
        }

        $(impl $place for $name {
            fn into_document(self) -> DocumentRef {
                self.into()
            }
        })*

        $(impl $place for &str {
            fn into_document(self) -> DocumentRef {
                DocumentRef { kind: Kind::$default, id: self.into() }
            }
        }

        impl $place for String {
            fn into_document(self) -> DocumentRef {
                DocumentRef { kind: Kind::$default, id: self }
            }
        })?
    )*};
}

places! {
    /// A credit memo or a payment; a text alone names a credit memo.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// assert_eq!(Command::apply("CM-1").to("INV-1").on(day).name(), "applyCreditMemo");
    /// assert_eq!(Command::apply(payment("PAY-1")).to("INV-1").on(day).name(), "applyPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    ///
    /// Nothing else gives:
    ///
    /// ```compile_fail
    /// use setoff::prelude::*;
    ///
    /// Command::apply(invoice("INV-1"));
    /// ```
    SourceName: CreditMemoName PaymentName, text is CreditMemo;

    /// An invoice or a debit memo; a text alone names an invoice.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// assert_eq!(Command::collect("INV-1").on(day).name(), "collectInvoice");
    /// assert_eq!(Command::collect(debit_memo("DM-1")).on(day).name(), "collectDebitMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    DemandName: InvoiceName DebitMemoName, text is Invoice;

    /// A document with items: an invoice, a credit memo or a debit memo. It can be a draft.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// assert_eq!(Command::post(debit_memo("DM-1")).on(day).name(), "postDebitMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    DraftName: InvoiceName CreditMemoName DebitMemoName;

    /// Any document that can be voided: all except refunds.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// assert_eq!(Command::void(payment("PAY-1")).on(day).name(), "voidPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    VoidableName: InvoiceName CreditMemoName DebitMemoName PaymentName;

    /// Any document that can be written off: all except refunds.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// let command = Command::write_off(invoice("INV-1")).named("WO-1").on(day);
    /// assert_eq!(command.name(), "writeOffInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    WriteOffName: InvoiceName CreditMemoName DebitMemoName PaymentName;

    /// Any document.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-31".parse()?;
    /// assert_eq!(Command::cancel(refund("R-1")).on(day).name(), "cancelRefund");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    AnyName: InvoiceName CreditMemoName DebitMemoName PaymentName RefundName;
}

/// Declares what can be said of a target.
macro_rules! targets {
    ($($name:ident)*) => {$(
        impl From<$name> for TargetAmount {
            fn from(name: $name) -> Self {
                Self::of(name)
            }
        }

        impl $name {
            /// The document with the amount that it is to receive or give back.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let day = "2026-03-31".parse()?;
            /// let command = Command::apply("CM-1").to(invoice("INV-1").amount(20)).on(day);
            /// assert_eq!(command.name(), "applyCreditMemo");
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn amount(self, amount: impl Into<Decimal>) -> TargetAmount {
                TargetAmount::of(self).amount(amount)
            }

            /// The document with an item of it that a payment settles, or is taken back from.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let day = "2026-03-31".parse()?;
            /// let seats = invoice("INV-1").item("seats", 20);
            /// assert_eq!(Command::apply(payment("PAY-1")).to(seats).on(day).name(), "applyPayment");
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn item(self, item: impl Into<String>, amount: impl Into<Decimal>) -> TargetAmount {
                TargetAmount::of(self).item(item, amount)
            }

            /// The document with an item of it that an item of a credit memo settles, or is taken back from.
            ///
            /// ```
            /// use setoff::prelude::*;
            ///
            /// let day = "2026-03-31".parse()?;
            /// let seats = invoice("INV-1").pair("returned", "seats", 20);
            /// assert_eq!(Command::apply("CM-1").to(seats).on(day).name(), "applyCreditMemo");
            /// # Ok::<(), setoff::Error>(())
            /// ```
            #[must_use]
            pub fn pair(
                self,
                source_item: impl Into<String>,
                item: impl Into<String>,
                amount: impl Into<Decimal>,
            ) -> TargetAmount {
                TargetAmount::of(self).pair(source_item, item, amount)
            }
        }
    )*};
}

targets! { InvoiceName DebitMemoName }

impl From<&str> for TargetAmount {
    fn from(invoice: &str) -> Self {
        Self::of(invoice)
    }
}

impl From<String> for TargetAmount {
    fn from(invoice: String) -> Self {
        Self::of(invoice)
    }
}

impl TargetAmount {
    /// All that is possible of a document.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let target = TargetAmount::of("INV-1");
    /// assert_eq!(target.document, DocumentRef::from(invoice("INV-1")));
    /// assert_eq!(target.amount, None);
    /// ```
    #[must_use]
    pub fn of(document: impl DemandName) -> Self {
        Self {
            document: document.into_document(),
            place: 0,
            amount: None,
            items: None,
        }
    }

    /// This amount of it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(TargetAmount::of("INV-1").amount(20).amount, Some(Decimal::from(20)));
    /// ```
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Decimal>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// This amount of an item, which a payment settles.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let target = TargetAmount::of("INV-1").item("seats", 20).item("setup", 5);
    /// assert_eq!(target.items.map(|items| items.len()), Some(2));
    /// ```
    #[must_use]
    pub fn item(self, item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        self.explicit(false, None, item.into(), amount.into())
    }

    /// This amount of a tax item, which a payment settles.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let target = TargetAmount::of("INV-1").tax_item("vat", 4);
    /// assert!(target.items.is_some_and(|items| items[0].tax));
    /// ```
    #[must_use]
    pub fn tax_item(self, tax_item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        self.explicit(true, None, tax_item.into(), amount.into())
    }

    /// This amount of an item, which an item of a credit memo settles.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let target = TargetAmount::of("INV-1").pair("returned", "seats", 20);
    /// assert_eq!(target.items.unwrap()[0].source.as_deref(), Some("returned"));
    /// ```
    #[must_use]
    pub fn pair(
        self,
        source_item: impl Into<String>,
        item: impl Into<String>,
        amount: impl Into<Decimal>,
    ) -> Self {
        self.explicit(false, Some(source_item.into()), item.into(), amount.into())
    }

    /// This amount of a tax item, which a tax item of a credit memo settles.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let target = TargetAmount::of("INV-1").tax_pair("returned/vat", "vat", 4);
    /// assert!(target.items.is_some_and(|items| items[0].tax));
    /// ```
    #[must_use]
    pub fn tax_pair(
        self,
        source_tax_item: impl Into<String>,
        tax_item: impl Into<String>,
        amount: impl Into<Decimal>,
    ) -> Self {
        let source = Some(source_tax_item.into());
        self.explicit(true, source, tax_item.into(), amount.into())
    }

    fn explicit(
        mut self,
        tax: bool,
        source: Option<String>,
        target: String,
        amount: Decimal,
    ) -> Self {
        self.items.get_or_insert_default().push(ExplicitItem {
            tax,
            source,
            target,
            amount,
        });
        self
    }

    /// Adds a target to a list, with its place among those of its kind.
    pub(super) fn push_to(mut self, targets: &mut Vec<Self>) {
        let kind = self.document.kind;
        let is_of_kind = |target: &&Self| target.document.kind == kind;
        self.place = targets.iter().filter(is_of_kind).count();
        targets.push(self);
    }
}
