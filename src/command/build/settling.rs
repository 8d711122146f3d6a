//! What is applied to what, taken back, collected and undone.

use super::{on, spread_amounts};
use crate::calendar::Date;
use crate::command::named::{DemandName, SourceName};
use crate::command::spread::{DocumentKey, Spread};
use crate::command::{
    Action, ApplyCredits, ApplyRequest, CollectRequest, Command, DocumentChoice, TargetAmount,
    UndoItem, UndoRequest,
};
use crate::document::{Kind, Rule};

/// What is taken back of a credit memo or payment.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
/// book.execute(&Command::payment("PAY-1", 90).to("INV-1").on(day))?;
/// book.execute(&Command::unapply(payment("PAY-1")).from(invoice("INV-1").amount(30)).on(day))?;
/// assert_eq!(book.open_amount("INV-1"), Some(decimal("30.00")?));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Unapply(ApplyRequest);

spread_amounts! {
    ApplyRequest;
    Unapply: 0;
    ApplyCredits;
    CollectRequest;
}

impl Command {
    /// Applies a credit memo or payment to demands.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::credit_memo("CM-1").item("returned", 40).on(day))?;
    /// book.execute(&Command::apply("CM-1").to("INV-1").on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("50.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn apply(source: impl SourceName) -> ApplyRequest {
        ApplyRequest {
            source: source.into_document(),
            targets: Some(Vec::new()),
            all_open: Vec::new(),
            spread: Spread::default(),
        }
    }

    /// Takes applications of a credit memo or payment back: all, unless some are [named](Unapply::from).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::unapply("CM-1").from("INV-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "unapplyCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn unapply(source: impl SourceName) -> Unapply {
        Unapply(ApplyRequest {
            targets: None,
            ..Self::apply(source)
        })
    }

    /// Applies many credit memos and payments to many demands, all of one account and currency.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::credit_memo("CM-1").item("returned", 40).on(day))?;
    /// book.execute(&Command::payment("PAY-1", 20).on(day))?;
    /// let command = Command::apply_credits().from_all_open().to_all_open_invoices();
    /// book.execute(&command.on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("30.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn apply_credits() -> ApplyCredits {
        ApplyCredits {
            account_id: None,
            currency: None,
            sources: DocumentChoice::default(),
            invoices: DocumentChoice::default(),
            debit_memos: DocumentChoice::default(),
            order: Vec::new(),
            spread: Spread::default(),
        }
    }

    /// Settles an invoice or debit memo with what its account has: credit memos, then payments.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::payment("PAY-1", 100).on(day))?;
    /// book.execute(&Command::collect("INV-1").on(day))?;
    /// assert_eq!(book.open_amount("PAY-1"), Some(decimal("10.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn collect(demand: impl DemandName) -> CollectRequest {
        CollectRequest {
            document: demand.into_document(),
            kinds: Vec::new(),
            spread: Spread::default(),
        }
    }

    /// Takes back what stands of an operation, or applies again what it took back. An operation is named by its
    /// application group: `AG-` and the version of the book after it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// let outcome = book.execute(&Command::payment("PAY-1", 90).to("INV-1").on(day))?;
    /// let group = format!("AG-{}", outcome.summary.version);
    /// book.execute(&Command::undo(group).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("90.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn undo(application_group: impl Into<String>) -> UndoRequest {
        UndoRequest {
            group_id: application_group.into(),
            source: None,
            target: None,
            items: None,
        }
    }
}

impl ApplyRequest {
    /// A document that it settles: all that is possible of it, or an amount or lines that are stated.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let request = Command::apply("CM-1").to("INV-1").to(debit_memo("DM-1").amount(5));
    /// assert_eq!(request.targets.map(|targets| targets.len()), Some(2));
    /// ```
    #[must_use]
    pub fn to(mut self, target: impl Into<TargetAmount>) -> Self {
        target.into().push_to(self.targets.get_or_insert_default());
        self
    }

    /// Settles all open invoices of the account and currency.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::apply("CM-1").to_all_open_invoices().all_open, [Kind::Invoice]);
    /// ```
    #[must_use]
    pub fn to_all_open_invoices(mut self) -> Self {
        self.all_open.push(Kind::Invoice);
        self
    }

    /// Settles all open debit memos of the account and currency.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::apply("CM-1").to_all_open_debit_memos().all_open, [Kind::DebitMemo]);
    /// ```
    #[must_use]
    pub fn to_all_open_debit_memos(mut self) -> Self {
        self.all_open.push(Kind::DebitMemo);
        self
    }

    /// The command that applies it, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply("CM-1").to("INV-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "applyCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Apply(self))
    }
}

impl Unapply {
    /// A document from which something comes back: all, or an amount or lines that are stated.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::unapply("CM-1").from(invoice("INV-1").amount(5)).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "unapplyCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn from(mut self, target: impl Into<TargetAmount>) -> Self {
        target
            .into()
            .push_to(self.0.targets.get_or_insert_default());
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::unapply("CM-1").on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        on(day, Action::Unapply(self.0))
    }
}

impl ApplyCredits {
    /// A credit memo or payment, by identifier or number.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from("CM-1").from("PAY-1").to("INV-1");
    /// assert!(!command.sources.is_empty());
    /// ```
    #[must_use]
    pub fn from(mut self, source: impl Into<String>) -> Self {
        add(&mut self.sources, source.into());
        self
    }

    /// All credit memos and payments of the account that have something left.
    ///
    /// ```
    /// use setoff::command::DocumentChoice;
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::apply_credits().from_all_open().sources, DocumentChoice::AllOpen);
    /// ```
    #[must_use]
    pub fn from_all_open(mut self) -> Self {
        self.sources = DocumentChoice::AllOpen;
        self
    }

    /// An invoice or debit memo that they settle.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from("CM-1").to("INV-1").to(debit_memo("DM-1"));
    /// assert!(!command.debit_memos.is_empty());
    /// ```
    #[must_use]
    pub fn to(mut self, demand: impl DemandName) -> Self {
        let demand = demand.into_document();
        let of_kind = match demand.kind {
            Kind::DebitMemo => &mut self.debit_memos,
            _ => &mut self.invoices,
        };
        add(of_kind, demand.id);
        self
    }

    /// All open invoices of the account.
    ///
    /// ```
    /// use setoff::command::DocumentChoice;
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from("CM-1").to_all_open_invoices();
    /// assert_eq!(command.invoices, DocumentChoice::AllOpen);
    /// ```
    #[must_use]
    pub fn to_all_open_invoices(mut self) -> Self {
        self.invoices = DocumentChoice::AllOpen;
        self
    }

    /// All open debit memos of the account.
    ///
    /// ```
    /// use setoff::command::DocumentChoice;
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from("CM-1").to_all_open_debit_memos();
    /// assert_eq!(command.debit_memos, DocumentChoice::AllOpen);
    /// ```
    #[must_use]
    pub fn to_all_open_debit_memos(mut self) -> Self {
        self.debit_memos = DocumentChoice::AllOpen;
        self
    }

    /// Whose documents they are. Otherwise the account is that of the documents that are named, or of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::apply_credits().account("A").account_id.as_deref(), Some("A"));
    /// ```
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account_id = Some(account.into());
        self
    }

    /// The order of the sources, most important key first. Otherwise it is date, then number.
    ///
    /// ```
    /// use setoff::command::spread::DocumentKey;
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from_all_open().in_order_of([DocumentKey::Largest]);
    /// assert_eq!(command.order, [DocumentKey::Largest]);
    /// ```
    #[must_use]
    pub fn in_order_of(mut self, keys: impl IntoIterator<Item = DocumentKey>) -> Self {
        self.order = keys.into_iter().collect();
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::apply_credits().from("CM-1").to("INV-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "applyCredits");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::ApplyCredits(self))
    }
}

/// Adds a document to those that are named, in the place of all that are open.
fn add(choice: &mut DocumentChoice, id: String) {
    match choice {
        DocumentChoice::Named(ids) => ids.push(id),
        DocumentChoice::AllOpen => *choice = DocumentChoice::Named(vec![id]),
    }
}

impl CollectRequest {
    /// Of which kinds the sources are, in their order.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::collect("INV-1").using([Kind::Payment]).kinds, [Kind::Payment]);
    /// ```
    #[must_use]
    pub fn using(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::collect("INV-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "collectInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Collect(self))
    }
}

impl UndoRequest {
    /// Only what it moved of this credit memo or payment, by identifier or number.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::undo("AG-3").from("CM-1").source.as_deref(), Some("CM-1"));
    /// ```
    #[must_use]
    pub fn from(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Only what it moved to this document, by identifier or number.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::undo("AG-3").to("INV-1").target.as_deref(), Some("INV-1"));
    /// ```
    #[must_use]
    pub fn to(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Only what it moved between these lines; the source and the target must be named, too.
    ///
    /// ```
    /// use setoff::command::{UndoItem, UndoLine};
    /// use setoff::prelude::*;
    ///
    /// let seats = UndoLine { tax: false, id: "seats".into() };
    /// let item = UndoItem { source: None, target: Some(seats) };
    /// let request = Command::undo("AG-3").from("CM-1").to("INV-1").lines([item]);
    /// assert_eq!(request.items.map(|items| items.len()), Some(1));
    /// ```
    #[must_use]
    pub fn lines(mut self, items: impl IntoIterator<Item = UndoItem>) -> Self {
        self.items = Some(items.into_iter().collect());
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::undo("AG-3").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "undo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Undo(self))
    }
}
