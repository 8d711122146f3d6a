//! Steps in the life of a document, closed periods, and several commands in one.

use super::on;
use crate::calendar::Date;
use crate::command::named::{AnyName, DraftName, VoidableName};
use crate::command::settings;
use crate::command::{Action, Command, DocumentRef, LifecycleStep, VoidReason};

/// A step in the life of a document: posted, unposted, canceled, deleted.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).as_draft().on(day))?;
/// book.execute(&Command::post(invoice("INV-1")).on(day))?;
/// assert_eq!(book.document("INV-1").unwrap().header().status, Status::Posted);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Step {
    step: LifecycleStep,
    document: DocumentRef,
}

/// Unapplies, unposts and cancels a document, as far as each is to be done.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
/// book.execute(&Command::void(invoice("INV-1")).comment("billed twice").on(day))?;
/// assert_eq!(book.document("INV-1").unwrap().header().status, Status::Canceled);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Void {
    document: DocumentRef,
    reason: VoidReason,
}

/// Closes accounting periods, or opens all.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let last = "2026-02-28".parse()?;
/// book.execute(&Command::close_periods(last).on("2026-03-02".parse()?))?;
/// assert_eq!(book.settings().closed_through, Some(last));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ClosePeriods {
    through: Option<Date>,
    closed_periods: Option<settings::ClosedPeriods>,
}

/// Several commands, carried out one after another.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// let commands = [
///     Command::invoice("INV-1").item("seats", 90).on(day),
///     Command::payment("PAY-1", 90).to("INV-1").on(day),
/// ];
/// let outcome = book.execute(&Command::bulk(commands).atomic().on(day))?;
/// assert_eq!(outcome.summary.results.len(), 2);
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bulk {
    commands: Vec<Command>,
    atomic: bool,
}

impl Command {
    /// Posts a draft. A credit memo is checked again against what is available to credit.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::post(invoice("INV-1")).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "postInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn post(document: impl DraftName) -> Step {
        step(LifecycleStep::Post, document.into_document())
    }

    /// Makes a posted document a draft again, if nothing is settled of it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::unpost(credit_memo("CM-1")).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "unpostCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn unpost(document: impl DraftName) -> Step {
        step(LifecycleStep::Unpost, document.into_document())
    }

    /// Cancels a draft; a payment that nothing is settled of; or a refund, which gives back what it paid out.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::cancel(refund("R-1")).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "cancelRefund");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn cancel(document: impl AnyName) -> Step {
        step(LifecycleStep::Cancel, document.into_document())
    }

    /// Deletes a canceled document: only the history still knows it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::delete(invoice("INV-1")).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "deleteInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn delete(document: impl AnyName) -> Step {
        step(LifecycleStep::Delete, document.into_document())
    }

    /// Unapplies, unposts and cancels a document, as far as each is to be done.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::void(payment("PAY-1")).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "voidPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn void(document: impl VoidableName) -> Void {
        Void {
            document: document.into_document(),
            reason: VoidReason::default(),
        }
    }

    /// Closes the accounting periods up to and including a day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::close_periods("2026-02-28".parse()?).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "closePeriods");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn close_periods(through: Date) -> ClosePeriods {
        ClosePeriods {
            through: Some(through),
            closed_periods: None,
        }
    }

    /// Opens all accounting periods.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::open_periods().on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "closePeriods");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn open_periods() -> ClosePeriods {
        ClosePeriods {
            through: None,
            closed_periods: None,
        }
    }

    /// Carries several commands out, one after another; each by itself, unless they are [atomic](Bulk::atomic).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// let command = Command::bulk([Command::post(invoice("INV-1")).on(day)]).on(day);
    /// assert_eq!(command.name(), "bulk");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn bulk(commands: impl IntoIterator<Item = Command>) -> Bulk {
        Bulk {
            commands: commands.into_iter().collect(),
            atomic: false,
        }
    }
}

const fn step(step: LifecycleStep, document: DocumentRef) -> Step {
    Step { step, document }
}

impl Step {
    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::post(invoice("INV-1")).on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        let Self { step, document } = self;
        on(day, Action::Step(step, document, VoidReason::default()))
    }
}

impl Void {
    /// Why: one of the book's reason codes, if it lists any.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::void(invoice("INV-1")).reason_code("duplicate").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "voidInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn reason_code(mut self, code: impl Into<Box<str>>) -> Self {
        self.reason.code = Some(code.into());
        self
    }

    /// Why, for people.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::void(invoice("INV-1")).comment("billed twice").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "voidInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn comment(mut self, comment: impl Into<Box<str>>) -> Self {
        self.reason.comment = Some(comment.into());
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::void(invoice("INV-1")).on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        on(
            day,
            Action::Step(LifecycleStep::Void, self.document, self.reason),
        )
    }
}

impl ClosePeriods {
    /// What no day of a closed period can have. Otherwise it is as before.
    ///
    /// ```
    /// use setoff::command::settings::ClosedPeriods;
    /// use setoff::prelude::*;
    ///
    /// let close = Command::close_periods("2026-02-28".parse()?).for_all(ClosedPeriods::DocumentsAndApplications);
    /// assert_eq!(close.on("2026-03-02".parse()?).name(), "closePeriods");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn for_all(mut self, closed: settings::ClosedPeriods) -> Self {
        self.closed_periods = Some(closed);
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::open_periods().on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        let Self {
            through,
            closed_periods,
        } = self;
        let action = Action::ClosePeriods {
            through,
            closed_periods,
        };
        on(day, action)
    }
}

impl Bulk {
    /// All or none.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// let commands = [
    ///     Command::invoice("INV-1").item("seats", 90).on(day),
    ///     Command::post(invoice("INV-2")).on(day),
    /// ];
    /// assert!(book.execute(&Command::bulk(commands).atomic().on(day)).is_err());
    /// assert!(book.document("INV-1").is_none());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn atomic(mut self) -> Self {
        self.atomic = true;
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::bulk([]).on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        let action = Action::Bulk {
            commands: self.commands.into_iter().map(Ok).collect(),
            atomic: self.atomic,
        };
        on(day, action)
    }
}
