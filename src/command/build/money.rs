//! Payments, refunds, and what settles a document with a counterpart.

use super::{Made, Unnamed, made_document, on, spread_amounts, with_reason};
use crate::calendar::Date;
use crate::command::named::{DemandName, DraftName, PaymentName, SourceName, WriteOffName};
use crate::command::spread::Spread;
use crate::command::{
    Action, Command, Counterpart, DocumentRef, NewPayment, NewRefund, RefundItem, TargetAmount,
};
use crate::document::{Kind, NewSettledBefore, Notes, Rule, Scalar, SettledBy};
use rust_decimal::Decimal;

/// A payment that is recorded and applied to one document.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
/// book.execute(&Command::pay("INV-1").named("PAY-1").amount(30).on(day))?;
/// assert_eq!(book.open_amount("INV-1"), Some(decimal("60.00")?));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pay {
    payment: NewPayment,
    target: TargetAmount,
}

/// What settles the rest of a document with a counterpart that is made for it.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
/// book.execute(&Command::write_off(invoice("INV-1")).named("WO-1").on(day))?;
/// assert_eq!(book.open_amount("INV-1"), Some(decimal("0.00")?));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct WriteOff(Counterpart);

/// What settles a whole document with a counterpart of the same lines.
///
/// ```
/// use setoff::prelude::*;
///
/// let mut book = Book::in_currency("USD")?;
/// let day = "2026-03-02".parse()?;
/// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
/// book.execute(&Command::reverse(invoice("INV-1")).named("CM-1").on(day))?;
/// assert_eq!(book.open_amount("INV-1"), Some(decimal("0.00")?));
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Reverse(Counterpart);

/// A payment that changes its account.
///
/// ```
/// use setoff::prelude::*;
///
/// let command = Command::transfer(payment("PAY-1")).to_account("B").on("2026-03-02".parse()?);
/// assert_eq!(command.name(), "transferPayment");
/// # Ok::<(), setoff::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transfer {
    payment_id: String,
    account_id: String,
}

made_document! {
    NewPayment;
    Pay: payment;
    NewRefund;
    WriteOff: 0;
    Reverse: 0;
}

with_reason! {
    NewRefund;
    WriteOff: 0;
    Reverse: 0;
}

spread_amounts! {
    NewPayment;
    Pay: payment;
    NewRefund;
    WriteOff: 0;
}

impl Made for Pay {
    fn made_mut(&mut self) -> &mut String {
        &mut self.payment.id
    }
}

impl Made for NewRefund {
    fn made_mut(&mut self) -> &mut String {
        &mut self.id
    }
}

impl Made for WriteOff {
    fn made_mut(&mut self) -> &mut String {
        &mut self.0.id
    }
}

impl Made for Reverse {
    fn made_mut(&mut self) -> &mut String {
        &mut self.0.id
    }
}

impl Command {
    /// Records a payment, and applies it to the documents that it names.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::payment("PAY-1", 100).to("INV-1").on(day))?;
    /// assert_eq!(book.open_amount("PAY-1"), Some(decimal("10.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn payment(id: impl Into<String>, amount: impl Into<Decimal>) -> NewPayment {
        NewPayment {
            id: id.into(),
            amount: Some(amount.into()),
            ..NewPayment::unnamed()
        }
    }

    /// Records a payment and applies it to one invoice or debit memo: all that is open, or a stated amount.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::pay("INV-1").named("PAY-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "payInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn pay(demand: impl DemandName) -> Unnamed<Pay> {
        Unnamed(Pay {
            payment: NewPayment::unnamed(),
            target: TargetAmount::of(demand),
        })
    }

    /// Pays something of a credit memo or payment out.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::payment("PAY-1", 100).on(day))?;
    /// book.execute(&Command::refund(payment("PAY-1")).named("R-1").amount(30).on(day))?;
    /// assert_eq!(book.open_amount("PAY-1"), Some(decimal("70.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn refund(source: impl SourceName) -> Unnamed<NewRefund> {
        Unnamed(NewRefund {
            source: source.into_document(),
            id: String::new(),
            number: None,
            date: None,
            amount: None,
            items: None,
            unapply: None,
            auto_unapply: false,
            notes: Notes::default(),
            spread: Spread::default(),
        })
    }

    /// Settles the rest of a document with a counterpart: what will not be paid.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::write_off(payment("PAY-1")).named("WO-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "writeOffPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn write_off(document: impl WriteOffName) -> Unnamed<WriteOff> {
        Unnamed(WriteOff(counterpart(document.into_document())))
    }

    /// Settles a whole document, of which nothing was settled, with a counterpart of the same lines.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::reverse(credit_memo("CM-1")).named("DM-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "reverseCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn reverse(document: impl DraftName) -> Unnamed<Reverse> {
        Unnamed(Reverse(counterpart(document.into_document())))
    }

    /// Gives a payment of which nothing is settled to [another account](Transfer::to_account), or to none.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::payment("PAY-1", 100).on(day))?;
    /// book.execute(&Command::transfer(payment("PAY-1")).to_account("B").on(day))?;
    /// assert_eq!(&*book.document("PAY-1").unwrap().header().account_id, "B");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn transfer(payment: PaymentName) -> Transfer {
        Transfer {
            payment_id: DocumentRef::from(payment).id,
            account_id: String::new(),
        }
    }
}

fn counterpart(document: DocumentRef) -> Counterpart {
    Counterpart {
        document,
        id: String::new(),
        number: None,
        date: None,
        amount: None,
        items: None,
        rest: false,
        notes: Notes::default(),
        spread: Spread::default(),
    }
}

impl NewPayment {
    fn unnamed() -> Self {
        Self {
            id: String::new(),
            number: None,
            account_id: None,
            currency: None,
            date: None,
            amount: None,
            settled_before: Vec::new(),
            notes: Notes::default(),
            targets: None,
            all_open: Vec::new(),
            spread: Spread::default(),
        }
    }

    /// Whose payment it is. Otherwise it belongs to the account of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::payment("PAY-1", 90).account("A").account_id.as_deref(), Some("A"));
    /// ```
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account_id = Some(account.into());
        self
    }

    /// The currency of its amount. Otherwise it is that of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::payment("PAY-1", 90).currency("JPY").currency.as_deref(), Some("JPY"));
    /// ```
    #[must_use]
    pub fn currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Some(code.into());
        self
    }

    /// How the money moves, such as `"Check"`.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::payment("PAY-1", 90).method("Check").notes.method.as_deref(), Some("Check"));
    /// ```
    #[must_use]
    pub fn method(mut self, method: impl Into<Box<str>>) -> Self {
        self.notes.method = Some(method.into());
        self
    }

    /// A document that it settles at once: all that is possible of it, or an amount or lines that are stated.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let payment = Command::payment("PAY-1", 90).to(invoice("INV-1").amount(50)).to("INV-2");
    /// assert_eq!(payment.targets.map(|targets| targets.len()), Some(2));
    /// ```
    #[must_use]
    pub fn to(mut self, target: impl Into<TargetAmount>) -> Self {
        target.into().push_to(self.targets.get_or_insert_default());
        self
    }

    /// Settles all open invoices of the account and currency at once.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let payment = Command::payment("PAY-1", 90).to_all_open_invoices();
    /// assert_eq!(payment.all_open, [Kind::Invoice]);
    /// ```
    #[must_use]
    pub fn to_all_open_invoices(mut self) -> Self {
        self.targets.get_or_insert_default();
        self.all_open.push(Kind::Invoice);
        self
    }

    /// What was settled of it before it came into the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let date = "2026-02-10".parse()?;
    /// let payment = Command::payment("PAY-1", 90).settled_before(date, 30, SettledBy::Refund);
    /// assert_eq!(payment.settled_before.len(), 1);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn settled_before(mut self, date: Date, amount: impl Into<Decimal>, by: SettledBy) -> Self {
        self.settled_before.push(NewSettledBefore {
            date,
            amount: amount.into(),
            by,
        });
        self
    }

    /// The command that records it, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::payment("PAY-1", 90).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "createPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::CreatePayment(self))
    }
}

impl Pay {
    /// This amount. Otherwise it is all that is open.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::pay(debit_memo("DM-1")).named("PAY-1").amount(5).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "payDebitMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Decimal>) -> Self {
        self.target = self.target.amount(amount);
        self
    }

    /// This amount of an item.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).item("setup", 10).on(day))?;
    /// book.execute(&Command::pay("INV-1").named("PAY-1").item("setup", 10).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("90.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn item(mut self, item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        self.target = self.target.item(item, amount);
        self
    }

    /// How the money moves, such as `"Check"`.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::pay("INV-1").named("PAY-1").method("Check").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "payInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn method(mut self, method: impl Into<Box<str>>) -> Self {
        self.payment.notes.method = Some(method.into());
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::pay("INV-1").named("PAY-1").on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        let Self {
            mut payment,
            target,
        } = self;
        let document = target.document.clone();
        payment.targets = Some(vec![target]);
        on(day, Action::Pay(payment, document))
    }
}

impl NewRefund {
    /// This amount. Otherwise it is the sum of the items, or all that is unapplied.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let refund = Command::refund("CM-1").named("R-1").amount(20);
    /// assert_eq!(refund.amount, Some(Decimal::from(20)));
    /// ```
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Decimal>) -> Self {
        self.amount = Some(amount.into());
        self
    }

    /// This amount of an item of the credit memo.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let refund = Command::refund("CM-1").named("R-1").item("returned", 20);
    /// assert_eq!(refund.items.map(|items| items.len()), Some(1));
    /// ```
    #[must_use]
    pub fn item(mut self, item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        push_item(&mut self.items, item.into(), amount.into());
        self
    }

    /// Unapplies this first.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::payment("PAY-1", 90).to("INV-1").on(day))?;
    /// let refund = Command::refund(payment("PAY-1")).named("R-1").amount(20);
    /// book.execute(&refund.unapplying(invoice("INV-1").amount(20)).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("20.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn unapplying(mut self, target: impl Into<TargetAmount>) -> Self {
        target.into().push_to(self.unapply.get_or_insert_default());
        self
    }

    /// Unapplies as much as is needed, the last settled first.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert!(Command::refund("CM-1").named("R-1").unapplying_as_needed().auto_unapply);
    /// ```
    #[must_use]
    pub const fn unapplying_as_needed(mut self) -> Self {
        self.auto_unapply = true;
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::refund("CM-1").named("R-1").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "refundCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Refund(self))
    }
}

impl WriteOff {
    /// This amount. Otherwise it is the sum of the items, or all that is left.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// book.execute(&Command::write_off(invoice("INV-1")).named("WO-1").amount(30).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("60.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Decimal>) -> Self {
        self.0.amount = Some(amount.into());
        self
    }

    /// This amount of an item.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).item("setup", 10).on(day))?;
    /// book.execute(&Command::write_off(invoice("INV-1")).named("WO-1").item("setup", 10).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("90.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn item(mut self, item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        push_item(&mut self.0.items, item.into(), amount.into());
        self
    }

    /// Of a credit memo: what is left of it, although something of it is applied.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::write_off(credit_memo("CM-1")).named("WO-1").of_the_rest();
    /// assert_eq!(command.on("2026-03-02".parse()?).name(), "writeOffCreditMemo");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn of_the_rest(mut self) -> Self {
        self.0.rest = true;
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::write_off(invoice("INV-1")).named("WO-1").on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        on(day, Action::WriteOff(self.0))
    }
}

impl Reverse {
    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::reverse(invoice("INV-1")).named("CM-1").on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        on(day, Action::Reverse(self.0))
    }
}

impl Transfer {
    /// The account that it goes to. Otherwise it goes to none.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::transfer(payment("PAY-1")).to_account("B").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "transferPayment");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn to_account(mut self, account: impl Into<String>) -> Self {
        self.account_id = account.into();
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let day = "2026-03-02".parse()?;
    /// assert_eq!(Command::transfer(payment("PAY-1")).on(day).at, day);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn on(self, day: Date) -> Command {
        let Self {
            payment_id,
            account_id,
        } = self;
        let action = Action::Transfer {
            payment_id,
            account_id,
        };
        on(day, action)
    }
}

fn push_item(items: &mut Option<Vec<RefundItem>>, id: String, amount: Decimal) {
    items.get_or_insert_default().push(RefundItem {
        tax: false,
        id,
        amount,
    });
}
