//! Where in a command a refusal points: at a field of it, at an entry of one of its lists, or at the whole.
//!
//! The engine names fields by [`SiteField`], never by text. How a field is spelled in a request is known to `wire`
//! alone.

use crate::words::closed_set;

closed_set! {
    /// A field of a command, a request or an option, as the engine knows it.
    SiteField {
        /// The account that a document belongs to.
        AccountId = "accountId",
        /// The cursor that a page comes after.
        After = "after",
        /// Items that are added to a draft.
        Add = "add",
        /// An amount of money.
        Amount = "amount",
        /// The application group that an operation made.
        ApplicationGroupId = "applicationGroupId",
        /// The item that a discount reduces.
        AppliedToItemId = "appliedToItemId",
        /// The day that a query asks about.
        AsOf = "asOf",
        /// The date of the command.
        At = "at",
        /// Whether a memo settles what it was made from.
        AutoApply = "autoApply",
        /// The cursor that a page comes before.
        Before = "before",
        /// What the plan was billed by.
        BilledBy = "billedBy",
        /// What changes in a change of plan.
        Change = "change",
        /// The commands of a bulk command.
        Commands = "commands",
        /// A remark.
        Comment = "comment",
        /// The credit memo that a command is about.
        CreditMemoId = "creditMemoId",
        /// An item of a credit memo.
        CreditMemoItemId = "creditMemoItemId",
        /// The credit memos that a command lists.
        CreditMemos = "creditMemos",
        /// A tax item of a credit memo.
        CreditTaxItemId = "creditTaxItemId",
        /// The code of a currency that a book defines.
        Code = "code",
        /// The currencies that a book defines.
        Currencies = "currencies",
        /// A currency.
        Currency = "currency",
        /// The date of a document.
        Date = "date",
        /// The debit memo that a command is about.
        DebitMemoId = "debitMemoId",
        /// An item of a debit memo.
        DebitMemoItemId = "debitMemoItemId",
        /// The debit memos that a command lists.
        DebitMemos = "debitMemos",
        /// What an exemption takes off a tax.
        ExemptAmount = "exemptAmount",
        /// An identifier of what is made.
        Id = "id",
        /// The invoice that a command is about.
        InvoiceId = "invoiceId",
        /// An item of an invoice.
        InvoiceItemId = "invoiceItemId",
        /// The invoices that a command lists.
        Invoices = "invoices",
        /// An item.
        ItemId = "itemId",
        /// The items of a document.
        Items = "items",
        /// The number of a document.
        Number = "number",
        /// The page of a query.
        Page = "page",
        /// The payment that a command is about.
        PaymentId = "paymentId",
        /// The payments that a command lists.
        Payments = "payments",
        /// How an item takes part in billing.
        ProcessingType = "processingType",
        /// The rate of a tax.
        Rate = "rate",
        /// The reason for a document.
        ReasonCode = "reasonCode",
        /// The refund that a command is about.
        RefundId = "refundId",
        /// The refunds that a command lists.
        Refunds = "refunds",
        /// A fee that is withheld from a credit.
        RestockingFee = "restockingFee",
        /// How an amount is divided.
        Rule = "rule",
        /// The document that an item credits.
        SourceDocumentId = "sourceDocumentId",
        /// The item that an item credits.
        SourceItemId = "sourceItemId",
        /// The tax item that a tax item credits.
        SourceTaxItemId = "sourceTaxItemId",
        /// A tax item.
        TaxItemId = "taxItemId",
        /// The tax items of an item.
        TaxItems = "taxItems",
        /// The price of one unit.
        UnitPrice = "unitPrice",
        /// The conditions of a query.
        Where = "where",
    }
}

/// The way to a field, kept on the stack and written down only when something is refused.
///
/// ```
/// use setoff::error::{Site, SiteField};
/// let invoices = Site::Command.field(SiteField::Invoices);
/// let second = invoices.entry(1);
/// assert_eq!(second.field(SiteField::Amount).steps().len(), 3);
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Site<'p> {
    /// The command as a whole.
    Command,
    /// A field of an object.
    Field(&'p Site<'p>, Name<'p>),
    /// An entry of a list, counted from 0.
    Entry(&'p Site<'p>, usize),
}

/// How a field is named.
#[derive(Clone, Copy, Debug)]
pub enum Name<'p> {
    /// A field that the engine knows.
    Known(SiteField),
    /// A field as the caller wrote it: one that does not exist, or a custom field.
    Written(&'p str),
}

impl From<SiteField> for Name<'_> {
    fn from(field: SiteField) -> Self {
        Self::Known(field)
    }
}

impl<'p> From<&&'p str> for Name<'p> {
    fn from(name: &&'p str) -> Self {
        Self::Written(name)
    }
}

impl<'p> From<&'p str> for Name<'p> {
    fn from(name: &'p str) -> Self {
        Self::Written(name)
    }
}

impl<'p> Site<'p> {
    /// The command as a whole.
    #[allow(non_upper_case_globals, reason = "the former name")]
    pub const Root: Site<'static> = Site::Command;

    /// The entry `index` of this list.
    #[must_use]
    pub const fn index(&'p self, index: usize) -> Site<'p> {
        Site::Entry(self, index)
    }

    /// A field of this object.
    #[must_use]
    pub fn field(&'p self, name: impl Into<Name<'p>>) -> Site<'p> {
        Site::Field(self, name.into())
    }

    /// The entry `index` of this list, counted from 0.
    #[must_use]
    pub const fn entry(&'p self, index: usize) -> Site<'p> {
        Site::Entry(self, index)
    }

    /// The way to this site, from the command down.
    #[must_use]
    pub fn steps(&self) -> Vec<SiteStep> {
        let mut steps = Vec::new();
        self.push_to(&mut steps);
        steps
    }

    fn push_to(&self, steps: &mut Vec<SiteStep>) {
        match self {
            Site::Command => {}
            Site::Field(parent, name) => {
                parent.push_to(steps);
                steps.push(match *name {
                    Name::Known(field) => SiteStep::Field(field),
                    Name::Written(name) => SiteStep::Written(name.into()),
                });
            }
            Site::Entry(parent, index) => {
                parent.push_to(steps);
                steps.push(SiteStep::Entry(*index));
            }
        }
    }
}

/// One step of the way to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SiteStep {
    /// To a field that the engine knows.
    Field(SiteField),
    /// To a field as the caller wrote it.
    Written(Box<str>),
    /// To an entry of a list, counted from 0.
    Entry(usize),
}
