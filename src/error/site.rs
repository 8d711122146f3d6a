//! Where in a command a refusal points: at a field of it, at an entry of one of its lists, or at the whole.
//!
//! The engine names fields by [`SiteField`], never by text. A field needs a variant as soon as a refusal points at it.

use crate::words::closed_set;

closed_set! {
    /// A field of a command, a request or an option, as the engine knows it.
    SiteField {
        /// The account that a document belongs to.
        AccountId = "accountId",
        /// Items that are added to a draft.
        Add = "add",
        /// The cursor that a page comes after.
        After = "after",
        /// An amount of money.
        Amount = "amount",
        /// Amounts that are split.
        Amounts = "amounts",
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
        /// What a plan was billed for.
        Billed = "billed",
        /// What the plan was billed by.
        BilledBy = "billedBy",
        /// What settled a line before its document came into the book.
        By = "by",
        /// The day of the month on which periods begin.
        BillingDay = "billingDay",
        /// How long the cells of a grid are.
        CellDays = "cellDays",
        /// The most that each weight may get.
        Caps = "caps",
        /// What changes in a change of plan.
        Change = "change",
        /// The changes of a plan.
        Changes = "changes",
        /// The charges of a bill run.
        Charges = "charges",
        /// The code of a currency that a book defines.
        Code = "code",
        /// The commands of a bulk command.
        Commands = "commands",
        /// A remark.
        Comment = "comment",
        /// How days are counted.
        Count = "count",
        /// The credit memo that a command is about.
        CreditMemoId = "creditMemoId",
        /// An item of a credit memo.
        CreditMemoItemId = "creditMemoItemId",
        /// The credit memos that a command lists.
        CreditMemos = "creditMemos",
        /// A tax item of a credit memo.
        CreditTaxItemId = "creditTaxItemId",
        /// What of a bill was credited before.
        Credited = "credited",
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
        /// Where credits go.
        Destination = "destination",
        /// A discount, or what becomes of it.
        Discount = "discount",
        /// The end of a schedule.
        End = "end",
        /// How long periods are.
        Every = "every",
        /// Where the weights of each split end.
        Ends = "ends",
        /// What an exemption takes off a tax.
        ExemptAmount = "exemptAmount",
        /// A factor that is stated.
        Factor = "factor",
        /// How a factor is rounded.
        FactorRounding = "factorRounding",
        /// The day on which the months of a grid begin.
        GridDay = "gridDay",
        /// An identifier of what is made.
        Id = "id",
        /// The least step between two amounts.
        Increment = "increment",
        /// The invoice that a command is about.
        InvoiceId = "invoiceId",
        /// The least step between two totals of invoices.
        InvoiceIncrement = "invoiceIncrement",
        /// An item of an invoice.
        InvoiceItemId = "invoiceItemId",
        /// How totals of invoices are rounded.
        InvoiceRounding = "invoiceRounding",
        /// The invoices that a command lists.
        Invoices = "invoices",
        /// An item.
        ItemId = "itemId",
        /// The items of a document.
        Items = "items",
        /// The rule for a part at the start of a period.
        Leading = "leading",
        /// How many months a price is for.
        Months = "months",
        /// What decides among equal weights.
        Keys = "keys",
        /// The number of a document.
        Number = "number",
        /// What of a bill is still to be paid.
        Open = "open",
        /// The page of a query.
        Page = "page",
        /// The payment that a command is about.
        PaymentId = "paymentId",
        /// The payments that a command lists.
        Payments = "payments",
        /// The period that a price is for.
        Period = "period",
        /// How many days a period has.
        PeriodDays = "periodDays",
        /// When the periods of a column begin.
        PeriodFrom = "periodFrom",
        /// When the periods of a column end.
        PeriodTo = "periodTo",
        /// A price plan.
        Plan = "plan",
        /// The prices of a column.
        Prices = "prices",
        /// The index of a part.
        Place = "place",
        /// How an item takes part in billing.
        ProcessingType = "processingType",
        /// A number of units.
        Quantity = "quantity",
        /// The rate of a tax.
        Rate = "rate",
        /// The decimals of the price of one unit of time.
        RateScale = "rateScale",
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
        /// The decimals of a currency.
        Scale = "scale",
        /// The time that is served.
        Service = "service",
        /// The last day of service of an item.
        ServiceEnd = "serviceEnd",
        /// What was settled of a line before its document came into the book.
        SettledBefore = "settledBefore",
        /// When the services of a column begin.
        ServiceFrom = "serviceFrom",
        /// The first day of service of an item.
        ServiceStart = "serviceStart",
        /// When the services of a column end.
        ServiceTo = "serviceTo",
        /// Since when a plan runs.
        Since = "since",
        /// The document that an item credits.
        SourceDocumentId = "sourceDocumentId",
        /// The item that an item credits.
        SourceItemId = "sourceItemId",
        /// The tax item that a tax item credits.
        SourceTaxItemId = "sourceTaxItemId",
        /// The credit memo or payment of an application.
        SourceId = "sourceId",
        /// The credit memos and payments that a command lists.
        Sources = "sources",
        /// The document that an application settled.
        TargetId = "targetId",
        /// An item of the document that an application settled.
        TargetItemId = "targetItemId",
        /// A tax item of that document.
        TargetTaxItemId = "targetTaxItemId",
        /// The amount of tax.
        TaxAmount = "taxAmount",
        /// A tax item.
        TaxItemId = "taxItemId",
        /// The tax items of an item.
        TaxItems = "taxItems",
        /// The taxes of a plan.
        Taxes = "taxes",
        /// How parts of periods are priced.
        Terms = "terms",
        /// In what time is counted.
        Unit = "unit",
        /// The price of one unit.
        UnitPrice = "unitPrice",
        /// Up to when something lasts.
        Until = "until",
        /// The share of a period that is left.
        Unused = "unused",
        /// The day of the week on which periods begin.
        Weekday = "weekday",
        /// What the shares of a split are proportional to.
        Weights = "weights",
        /// The conditions of a query.
        Where = "where",
        /// Whether a whole cell counts one.
        WholeCellIsOne = "wholeCellIsOne",
        /// Whether begun units of time count.
        WholeUnits = "wholeUnits",
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
