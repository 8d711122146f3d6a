//! Changes of a price plan that a book bills.

use super::on;
use crate::calendar::Date;
use crate::command::named::DemandName;
use crate::command::{Action, BilledBy, ChangePlan, Command};
use crate::prorate::change::ChangeRequest;

impl Command {
    /// Bills a change of plan: an invoice of what is charged, a credit memo of what is credited.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let first: Date = "2026-06-01".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("plan", 30).on(first))?;
    ///
    /// // From 30.00 to 60.00 a month, on the 16th of a month with 30 days.
    /// let change = ChangeRequest::of(PricePlan::new(30))
    ///     .from_day(first, Every::Months(1))
    ///     .switch("2026-06-16".parse::<Date>()?, PlanUpdate::price(60));
    /// let command = Command::change_plan(change)
    ///     .billed_by("INV-1", "plan")
    ///     .invoice("INV-2")
    ///     .credit_memo("CM-1");
    /// book.execute(&command.on("2026-06-16".parse()?))?;
    ///
    /// // The credit of 15.00 settles the bill that is still open; half a month of the new plan is billed.
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("15.00")?));
    /// assert_eq!(book.open_amount("INV-2"), Some(decimal("30.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn change_plan(change: ChangeRequest) -> ChangePlan {
        ChangePlan {
            change,
            source: None,
            invoice_id: None,
            credit_memo_id: None,
            refund_id: None,
            account_id: None,
            currency: None,
            draft: false,
        }
    }
}

impl ChangePlan {
    /// The item that the plan was billed by, and its invoice or debit memo.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).billed_by("INV-1", "plan");
    /// assert_eq!(command.source.map(|billed| billed.item_id), Some("plan".into()));
    /// ```
    #[must_use]
    pub fn billed_by(mut self, document: impl DemandName, item: impl Into<String>) -> Self {
        self.source = Some(BilledBy {
            document: document.into_document(),
            item_id: item.into(),
        });
        self
    }

    /// The identifier of the invoice for what is charged.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).invoice("INV-2");
    /// assert_eq!(command.invoice_id.as_deref(), Some("INV-2"));
    /// ```
    #[must_use]
    pub fn invoice(mut self, id: impl Into<String>) -> Self {
        self.invoice_id = Some(id.into());
        self
    }

    /// The identifier of the credit memo for what is credited.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).credit_memo("CM-1");
    /// assert_eq!(command.credit_memo_id.as_deref(), Some("CM-1"));
    /// ```
    #[must_use]
    pub fn credit_memo(mut self, id: impl Into<String>) -> Self {
        self.credit_memo_id = Some(id.into());
        self
    }

    /// The identifier of the refund of what was paid, where the terms say that it goes back.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).refund("R-1");
    /// assert_eq!(command.refund_id.as_deref(), Some("R-1"));
    /// ```
    #[must_use]
    pub fn refund(mut self, id: impl Into<String>) -> Self {
        self.refund_id = Some(id.into());
        self
    }

    /// Whose plan it is. Otherwise the account is that of the document that billed the plan, or of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).account("A");
    /// assert_eq!(command.account_id.as_deref(), Some("A"));
    /// ```
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account_id = Some(account.into());
        self
    }

    /// Both documents stay drafts, and nothing is settled.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert!(Command::change_plan(ChangeRequest::of(PricePlan::new(30))).as_draft().draft);
    /// ```
    #[must_use]
    pub const fn as_draft(mut self) -> Self {
        self.draft = true;
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-06-16".parse()?;
    /// let command = Command::change_plan(ChangeRequest::of(PricePlan::new(30))).on(day);
    /// assert_eq!(command.name(), "changePlan");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        on(day, Action::ChangePlan(Box::new(self)))
    }
}
