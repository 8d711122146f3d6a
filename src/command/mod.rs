//! The commands that a book carries out, as plain data.

pub mod build;
mod named;
pub mod settings;
pub mod spread;

pub use named::{
    AnyName, CreditMemoName, DebitMemoName, DemandName, DraftName, InvoiceName, PaymentName,
    RefundName, SourceName, VoidableName, WriteOffName, credit_memo, debit_memo, invoice, payment,
    refund,
};

use crate::calendar::Date;
use crate::command::settings::ClosedPeriods;
use crate::command::spread::{DocumentKey, Spread};
use crate::document::{Custom, Kind, NewDocument, NewItem, NewSettledBefore, NewTaxItem, Notes};
use crate::error::{Result, SiteField};
use rust_decimal::Decimal;

/// A command and its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The day of the command: the effective date of what it settles.
    pub at: Date,
    /// What to do.
    pub action: Action,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Creates an invoice, credit memo or debit memo, as a draft or posted.
    Create(NewDocument),
    /// Records a payment, and applies it if it names documents.
    CreatePayment(NewPayment),
    /// Records a payment and applies it to one document.
    Pay(NewPayment, DocumentRef),
    /// Changes a draft, or the fields of any document that are not figures.
    Update(Update),
    /// Moves a document from one status to another. A void can give a reason.
    Step(LifecycleStep, DocumentRef, VoidReason),
    /// Applies a credit memo or payment.
    Apply(ApplyRequest),
    /// Applies many credit memos and payments to many demands.
    ApplyCredits(ApplyCredits),
    /// Takes back what a credit memo or payment was applied to.
    Unapply(ApplyRequest),
    /// Pays out a part of a credit memo or payment.
    Refund(NewRefund),
    /// Settles the open amount of a document with a counterpart, which the command makes.
    WriteOff(Counterpart),
    /// Settles a document that is fully open with a counterpart, which the command makes.
    Reverse(Counterpart),
    /// Settles a demand with the credit memos of its account, then with the payments.
    Collect(CollectRequest),
    /// Bills a change of plan.
    ChangePlan(Box<ChangePlan>),
    /// Gives a payment to another account.
    Transfer {
        /// The identifier or the number of the payment.
        payment_id: String,
        /// The account; empty: of none.
        account_id: String,
    },
    /// Takes back what one operation applied, or applies again what it took back.
    Undo(UndoRequest),
    /// Closes the accounting periods up to a day, or (absent) opens all.
    ClosePeriods {
        /// The last day of the last closed period.
        through: Option<Date>,
        /// Which commands a closed period refuses; absent: the same as before.
        closed_periods: Option<ClosedPeriods>,
    },
    /// Carries several commands out, one after another.
    Bulk {
        /// The commands. A command that could not be read is here with the reason, if each is carried out by itself.
        commands: Vec<Result<Command>>,
        /// All or none; otherwise each by itself.
        atomic: bool,
    },
}

impl Command {
    /// The name of the command as it crosses the boundary.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let (verb, kind) = self.action.verb();
        TYPES
            .iter()
            .find(|(_, known, of)| *known == verb && *of == kind)
            .map_or("", |(name, ..)| name)
    }
}

impl Action {
    /// How it spreads what it settles, if it says so.
    pub(crate) const fn spread(&self) -> Option<&Spread> {
        match self {
            Action::CreatePayment(new) | Action::Pay(new, _) => Some(&new.spread),
            Action::Apply(request) | Action::Unapply(request) => Some(&request.spread),
            Action::ApplyCredits(request) => Some(&request.spread),
            Action::Refund(new) => Some(&new.spread),
            Action::WriteOff(request) | Action::Reverse(request) => Some(&request.spread),
            Action::Collect(request) => Some(&request.spread),
            _ => None,
        }
    }

    fn verb(&self) -> (Verb, Option<Kind>) {
        match self {
            Action::Create(new) => (Verb::Create, Some(new.kind)),
            Action::CreatePayment(_) => (Verb::Create, Some(Kind::Payment)),
            Action::Pay(_, DocumentRef { kind, .. }) => (Verb::Pay, Some(*kind)),
            Action::Update(update) => (Verb::Update, Some(update.document.kind)),
            Action::Step(step, named, _) => (step.verb(), Some(named.kind)),
            Action::Apply(settle) => (Verb::Apply, Some(settle.source.kind)),
            Action::ApplyCredits(_) => (Verb::ApplyCredits, None),
            Action::Unapply(settle) => (Verb::Unapply, Some(settle.source.kind)),
            Action::Refund(refund) => (Verb::Refund, Some(refund.source.kind)),
            Action::WriteOff(counterpart) => (Verb::WriteOff, Some(counterpart.document.kind)),
            Action::Reverse(counterpart) => (Verb::Reverse, Some(counterpart.document.kind)),
            Action::Collect(collect) => (Verb::Collect, Some(collect.document.kind)),
            Action::ChangePlan(_) => (Verb::ChangePlan, None),
            Action::Transfer { .. } => (Verb::Transfer, Some(Kind::Payment)),
            Action::Undo(_) => (Verb::Undo, None),
            Action::ClosePeriods { .. } => (Verb::ClosePeriods, None),
            Action::Bulk { .. } => (Verb::Bulk, None),
        }
    }
}

impl LifecycleStep {
    const fn verb(self) -> Verb {
        match self {
            LifecycleStep::Post => Verb::Post,
            LifecycleStep::Unpost => Verb::Unpost,
            LifecycleStep::Cancel => Verb::Cancel,
            LifecycleStep::Delete => Verb::Delete,
            LifecycleStep::Void => Verb::Void,
        }
    }
}

/// Which operation is undone, or which part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndoRequest {
    /// The application group of the operation.
    pub group_id: String,
    /// The identifier or the number of the credit memo or payment; absent: all of the group.
    pub source: Option<String>,
    /// The identifier or the number of the document that it settled; absent: all of the group.
    pub target: Option<String>,
    /// The lines between these two; absent: all of them.
    pub items: Option<Vec<UndoItem>>,
}

/// The lines between which an operation is undone: a line of the source, of the target, or both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoItem {
    /// The line that gave.
    pub source: Option<UndoLine>,
    /// The line that received.
    pub target: Option<UndoLine>,
}

/// A line as a command names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoLine {
    /// Whether it is a tax item.
    pub tax: bool,
    /// Its identifier.
    pub id: String,
}

/// A document of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRef {
    /// What kind of document it is.
    pub kind: Kind,
    /// Its identifier or its number. Where one document has the identifier and another the number, the first is meant.
    pub id: String,
}

/// A step in the life of a document (`settlement.md#states`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifecycleStep {
    /// Draft to posted.
    Post,
    /// Posted to draft.
    Unpost,
    /// Draft (payments and refunds: posted) to canceled.
    Cancel,
    /// Canceled to gone.
    Delete,
    /// Unapplied, unposted and canceled in one.
    Void,
}

/// Why a document is voided. No other step reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VoidReason {
    /// See [`Notes::cancel_reason_code`].
    pub code: Option<Box<str>>,
    /// See [`Notes::cancel_comment`].
    pub comment: Option<Box<str>>,
}

/// What an apply or unapply moves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplyRequest {
    /// The credit memo or payment.
    pub source: DocumentRef,
    /// The invoices and debit memos; absent (unapply only): all that something is applied to.
    pub targets: Option<Vec<TargetAmount>>,
    /// Apply only: the kinds of which all open documents are settled, of the same account and currency.
    pub all_open: Vec<Kind>,
    /// How amounts are spread.
    pub spread: Spread,
}

/// Many credit memos and payments that are applied to many demands, all of one account and in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplyCredits {
    /// Absent: that of the documents that are named, or of the book.
    pub account_id: Option<String>,
    /// Absent: that of the documents that are named, or of the book.
    pub currency: Option<String>,
    /// The credit memos and payments.
    pub sources: DocumentChoice,
    /// The invoices.
    pub invoices: DocumentChoice,
    /// The debit memos.
    pub debit_memos: DocumentChoice,
    /// The order of the sources, most important key first; empty: date, number.
    pub order: Vec<DocumentKey>,
    /// How amounts are spread.
    pub spread: Spread,
}

/// Documents that a command names by identifier or number, or all that are open.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentChoice {
    /// These, also where they are excluded from automatic application.
    Named(Vec<String>),
    /// All that have something open, without those that are excluded from automatic application.
    AllOpen,
}

impl Default for DocumentChoice {
    /// None.
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

impl DocumentChoice {
    /// Whether no document is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Named(ids) if ids.is_empty())
    }
}

/// What one invoice or debit memo is to receive or give back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetAmount {
    /// The document.
    pub document: DocumentRef,
    /// Its place in the request's list of its kind.
    pub place: usize,
    /// Absent: the sum of the items, or else all that is possible.
    pub amount: Option<Decimal>,
    /// The lines, stated one by one.
    pub items: Option<Vec<ExplicitItem>>,
}

/// One explicit line: charge to charge, or tax to tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplicitItem {
    /// Whether the two lines are tax items.
    pub tax: bool,
    /// The item or tax item of the source; absent for payments.
    pub source: Option<String>,
    /// The item or tax item of the target.
    pub target: String,
    /// How much.
    pub amount: Decimal,
}

impl ExplicitItem {
    /// The field that names the line of the source.
    #[must_use]
    pub const fn source_site(&self) -> SiteField {
        if self.tax {
            SiteField::CreditTaxItemId
        } else {
            SiteField::CreditMemoItemId
        }
    }

    /// The field that names the line of a target of `kind`.
    #[must_use]
    pub const fn target_site(&self, kind: Kind) -> SiteField {
        match (self.tax, kind) {
            (true, _) => SiteField::TaxItemId,
            (false, Kind::DebitMemo) => SiteField::DebitMemoItemId,
            (false, _) => SiteField::InvoiceItemId,
        }
    }
}

/// A payment to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewPayment {
    /// Unique in the book.
    pub id: String,
    /// Absent: the identifier.
    pub number: Option<String>,
    /// Absent: the account of the documents that it names, if they agree, or else of the book.
    pub account_id: Option<String>,
    /// Absent: the currency of the documents that it names, if they agree, or else of the book.
    pub currency: Option<String>,
    /// Absent: the day of the command.
    pub date: Option<Date>,
    /// Absent: what its targets take.
    pub amount: Option<Decimal>,
    /// What was settled of it before it came into the book.
    pub settled_before: Vec<NewSettledBefore>,
    /// What it says beside.
    pub notes: Notes,
    /// What it settles at once.
    pub targets: Option<Vec<TargetAmount>>,
    /// The kinds of which it settles all open documents, of its account and currency.
    pub all_open: Vec<Kind>,
    /// How that is spread.
    pub spread: Spread,
}

/// A refund to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRefund {
    /// What is paid out of.
    pub source: DocumentRef,
    /// Unique in the book.
    pub id: String,
    /// Absent: the identifier.
    pub number: Option<String>,
    /// Absent: the day of the command.
    pub date: Option<Date>,
    /// Absent: the sum of the items, or all that is unapplied.
    pub amount: Option<Decimal>,
    /// The lines of the credit memo, stated one by one.
    pub items: Option<Vec<RefundItem>>,
    /// What is unapplied first, if the unapplied amount is not enough.
    pub unapply: Option<Vec<TargetAmount>>,
    /// Unapplies as much as is needed, from wherever it is applied.
    pub auto_unapply: bool,
    /// What it says beside.
    pub notes: Notes,
    /// How the amount is spread over the lines of the credit memo.
    pub spread: Spread,
}

/// A line of a credit memo to be refunded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundItem {
    /// Whether it is a tax item.
    pub tax: bool,
    /// The item or tax item.
    pub id: String,
    /// How much.
    pub amount: Decimal,
}

/// A write-off or reversal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counterpart {
    /// The document to be settled.
    pub document: DocumentRef,
    /// The identifier of the counterpart: unique in the book.
    pub id: String,
    /// Absent: the identifier.
    pub number: Option<String>,
    /// The date of the counterpart; absent: the day of the command.
    pub date: Option<Date>,
    /// Write-off only; absent: the sum of the items, or all that is left.
    pub amount: Option<Decimal>,
    /// Write-off only: the lines, stated one by one.
    pub items: Option<Vec<RefundItem>>,
    /// Write-off of a credit memo only: it need not be fully unapplied.
    pub rest: bool,
    /// What the counterpart says beside.
    pub notes: Notes,
    /// How an amount without items is spread over the lines.
    pub spread: Spread,
}

/// A collection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectRequest {
    /// The invoice or debit memo to be settled.
    pub document: DocumentRef,
    /// Of which kinds the sources are, in their order; empty: credit memos, then payments.
    pub kinds: Vec<Kind>,
    /// The order of the sources and how amounts are spread.
    pub spread: Spread,
}

/// A change of plan to be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangePlan {
    /// What changes. An increment of zero stands for that of the currency.
    pub change: crate::prorate::change::ChangeRequest,
    /// What the plan was billed by.
    pub source: Option<BilledBy>,
    /// The identifier of the invoice for what is charged.
    pub invoice_id: Option<String>,
    /// The identifier of the credit memo for what is credited.
    pub credit_memo_id: Option<String>,
    /// The identifier of the refund of what was paid, where the terms say that it goes back.
    pub refund_id: Option<String>,
    /// Absent: that of the document that billed the plan, or of the book.
    pub account_id: Option<String>,
    /// Absent: that of the document that billed the plan, or of the book.
    pub currency: Option<String>,
    /// Both documents stay drafts, and nothing is settled.
    pub draft: bool,
}

/// The item that a plan was billed by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BilledBy {
    /// The invoice or debit memo.
    pub document: DocumentRef,
    /// Its item.
    pub item_id: String,
}

/// A change of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// The document.
    pub document: DocumentRef,
    /// What is to be said beside its figures: each field, if it changes.
    pub notes: NotesChange,
    /// What only a draft can change.
    pub draft: DraftChange,
}

/// New values of what only a draft can change: each field, if it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DraftChange {
    /// The printed number.
    pub number: Option<String>,
    /// The date of the document.
    pub date: Option<Date>,
    /// The date up to which it bills; `Some(None)` takes it away.
    pub target_date: Option<Option<Date>>,
    /// Of demands only.
    pub due_date: Option<Date>,
    /// Items that are changed, added or deleted.
    pub items: Vec<ItemChange>,
}

/// New values of what a document says beside its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotesChange {
    /// `Some(None)` takes it away.
    pub reason_code: Option<Option<Box<str>>>,
    /// `Some(None)` takes it away.
    pub comment: Option<Option<Box<str>>>,
    /// See [`Notes::auto_apply`].
    pub auto_apply: Option<bool>,
    /// See [`Notes::exclude_from_auto_apply`].
    pub exclude_from_auto_apply: Option<bool>,
    /// Of [`Notes::custom`], the fields that change; `null` takes one away.
    pub custom: Custom,
}

/// A change of an item of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemChange {
    /// A new item.
    Add(NewItem),
    /// New figures of an item.
    Change {
        /// The item.
        id: String,
        /// Its amount.
        amount: Option<Decimal>,
        /// How many; `Some(None)` takes it away.
        quantity: Option<Option<Decimal>>,
        /// What one costs; `Some(None)` takes it away.
        unit_price: Option<Option<Decimal>>,
        /// Whether its amount contains its taxes, if that changes.
        tax_inclusive: Option<bool>,
        /// What else it says, as far as that changes.
        words: ItemWords,
        /// Its tax items that are changed, added or deleted.
        taxes: Vec<TaxChange>,
        /// What was settled of it before it came into the book, in the place of all that it has.
        settled_before: Option<Vec<NewSettledBefore>>,
    },
    /// Takes an item away, with its taxes and discounts.
    Delete(String),
}

/// New values of what an item says beside its figures; `Some(None)` takes one away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ItemWords {
    /// See [`ItemRecord::description`](crate::document::ItemRecord::description).
    pub description: Option<Option<Box<str>>>,
    /// See [`ItemRecord::sku`](crate::document::ItemRecord::sku).
    pub sku: Option<Option<Box<str>>>,
    /// See [`ItemRecord::service_start`](crate::document::ItemRecord::service_start).
    pub service_start: Option<Option<Date>>,
    /// See [`ItemRecord::service_end`](crate::document::ItemRecord::service_end).
    pub service_end: Option<Option<Date>>,
    /// The custom fields that change; `null` takes one away.
    pub custom: Custom,
}

/// A change of a tax item of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxChange {
    /// A new tax item.
    Add(NewTaxItem),
    /// New figures of a tax item.
    Change(NewTaxItem),
    /// Takes a tax item away.
    Delete(String),
}

/// What a command does, without the kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "see Action")]
#[non_exhaustive]
pub enum Verb {
    Create,
    Update,
    Post,
    Unpost,
    Cancel,
    Delete,
    Void,
    Apply,
    ApplyCredits,
    Unapply,
    Refund,
    WriteOff,
    Reverse,
    Pay,
    Collect,
    Transfer,
    ChangePlan,
    Undo,
    ClosePeriods,
    Bulk,
}

/// What kind of command it is: its name as it crosses the boundary, what it does, and to which kind of document.
pub type CommandType = (&'static str, Verb, Option<Kind>);

/// All kinds of commands.
pub const TYPES: [CommandType; 52] = {
    use Kind::{CreditMemo, DebitMemo, Invoice, Payment, Refund};
    [
        ("createInvoice", Verb::Create, Some(Invoice)),
        ("createCreditMemo", Verb::Create, Some(CreditMemo)),
        ("createDebitMemo", Verb::Create, Some(DebitMemo)),
        ("createPayment", Verb::Create, Some(Payment)),
        ("updateInvoice", Verb::Update, Some(Invoice)),
        ("updateCreditMemo", Verb::Update, Some(CreditMemo)),
        ("updateDebitMemo", Verb::Update, Some(DebitMemo)),
        ("updatePayment", Verb::Update, Some(Payment)),
        ("updateRefund", Verb::Update, Some(Refund)),
        ("postInvoice", Verb::Post, Some(Invoice)),
        ("postCreditMemo", Verb::Post, Some(CreditMemo)),
        ("postDebitMemo", Verb::Post, Some(DebitMemo)),
        ("unpostInvoice", Verb::Unpost, Some(Invoice)),
        ("unpostCreditMemo", Verb::Unpost, Some(CreditMemo)),
        ("unpostDebitMemo", Verb::Unpost, Some(DebitMemo)),
        ("cancelInvoice", Verb::Cancel, Some(Invoice)),
        ("cancelCreditMemo", Verb::Cancel, Some(CreditMemo)),
        ("cancelDebitMemo", Verb::Cancel, Some(DebitMemo)),
        ("cancelPayment", Verb::Cancel, Some(Payment)),
        ("cancelRefund", Verb::Cancel, Some(Refund)),
        ("deleteInvoice", Verb::Delete, Some(Invoice)),
        ("deleteCreditMemo", Verb::Delete, Some(CreditMemo)),
        ("deleteDebitMemo", Verb::Delete, Some(DebitMemo)),
        ("deletePayment", Verb::Delete, Some(Payment)),
        ("deleteRefund", Verb::Delete, Some(Refund)),
        ("voidInvoice", Verb::Void, Some(Invoice)),
        ("voidCreditMemo", Verb::Void, Some(CreditMemo)),
        ("voidDebitMemo", Verb::Void, Some(DebitMemo)),
        ("voidPayment", Verb::Void, Some(Payment)),
        ("applyCreditMemo", Verb::Apply, Some(CreditMemo)),
        ("applyPayment", Verb::Apply, Some(Payment)),
        ("applyCredits", Verb::ApplyCredits, None),
        ("unapplyCreditMemo", Verb::Unapply, Some(CreditMemo)),
        ("unapplyPayment", Verb::Unapply, Some(Payment)),
        ("refundCreditMemo", Verb::Refund, Some(CreditMemo)),
        ("refundPayment", Verb::Refund, Some(Payment)),
        ("writeOffInvoice", Verb::WriteOff, Some(Invoice)),
        ("writeOffCreditMemo", Verb::WriteOff, Some(CreditMemo)),
        ("writeOffDebitMemo", Verb::WriteOff, Some(DebitMemo)),
        ("writeOffPayment", Verb::WriteOff, Some(Payment)),
        ("reverseInvoice", Verb::Reverse, Some(Invoice)),
        ("reverseCreditMemo", Verb::Reverse, Some(CreditMemo)),
        ("reverseDebitMemo", Verb::Reverse, Some(DebitMemo)),
        ("payInvoice", Verb::Pay, Some(Invoice)),
        ("payDebitMemo", Verb::Pay, Some(DebitMemo)),
        ("collectInvoice", Verb::Collect, Some(Invoice)),
        ("collectDebitMemo", Verb::Collect, Some(DebitMemo)),
        ("transferPayment", Verb::Transfer, Some(Payment)),
        ("changePlan", Verb::ChangePlan, None),
        ("undo", Verb::Undo, None),
        ("closePeriods", Verb::ClosePeriods, None),
        ("bulk", Verb::Bulk, None),
    ]
};
