//! New documents with items, their items and taxes, and changes of what documents say.

use super::{made_document, on, with_reason};
use crate::calendar::Date;
use crate::command::named::{AnyName, DraftName};
use crate::command::{Action, Command, ItemChange, Update};
use crate::document::{
    Kind, NewDocument, NewItem, NewSettledBefore, NewTaxItem, Origin, Scalar, SettledBy,
    SourceItem, TaxIdentity,
};
use rust_decimal::Decimal;

made_document! { NewDocument; }
with_reason! { NewDocument; }

impl Command {
    /// Creates an invoice. It is posted at once, unless it [stays a draft](NewDocument::as_draft).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day: Date = "2026-03-02".parse()?;
    /// let invoice = Command::invoice("INV-1").item("seats", 90).item("setup", 10).due(day);
    /// book.execute(&invoice.on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("100.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn invoice(id: impl Into<String>) -> NewDocument {
        NewDocument::begun(Kind::Invoice, id.into())
    }

    /// Creates a credit memo. It is posted at once, unless it [stays a draft](NewDocument::as_draft).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// // All that is available to credit of the invoice.
    /// book.execute(&Command::credit_memo("CM-1").made_from(invoice("INV-1")).on(day))?;
    /// assert_eq!(book.open_amount("CM-1"), Some(decimal("90.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn credit_memo(id: impl Into<String>) -> NewDocument {
        NewDocument::begun(Kind::CreditMemo, id.into())
    }

    /// Creates a debit memo. It is posted at once, unless it [stays a draft](NewDocument::as_draft).
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::debit_memo("DM-1").item("late fee", 5).on(day))?;
    /// assert_eq!(book.open_amount("DM-1"), Some(decimal("5.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn debit_memo(id: impl Into<String>) -> NewDocument {
        NewDocument::begun(Kind::DebitMemo, id.into())
    }

    /// Changes what a document says: of a draft also its number, dates and items.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).as_draft().on(day))?;
    /// let command = Command::update(invoice("INV-1")).add_item(NewItem::charge("setup", 10)).on(day);
    /// book.execute(&command)?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("100.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn update(document: impl AnyName) -> Update {
        Update {
            document: document.into_document(),
            notes: Default::default(),
            draft: Default::default(),
        }
    }
}

impl NewDocument {
    /// A document without lines yet.
    fn begun(kind: Kind, id: String) -> Self {
        Self {
            items: None,
            ..Self::posted(kind, &id, Vec::new())
        }
    }

    /// Adds a charge: what is billed, or credited, without tax.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let new = Command::invoice("INV-1").item("seats", 90).item("setup", decimal("9.50")?);
    /// assert_eq!(new.items.map(|items| items.len()), Some(2));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn item(self, id: impl AsRef<str>, amount: impl Into<Decimal>) -> Self {
        self.line(NewItem::charge(id.as_ref(), amount))
    }

    /// Adds an item with all that it says: its taxes, its source, its price.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let seats = NewItem::charge("seats", 100).tax("vat", 19);
    /// let mut book = Book::in_currency("EUR")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").line(seats).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("119.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn line(mut self, item: NewItem) -> Self {
        self.items.get_or_insert_default().push(item);
        self
    }

    /// Whose document it is. Otherwise it belongs to the account of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::invoice("INV-1").account("A").account_id.as_deref(), Some("A"));
    /// ```
    #[must_use]
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account_id = Some(account.into());
        self
    }

    /// The currency of its amounts. Otherwise it is that of the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::invoice("INV-1").currency("JPY").currency.as_deref(), Some("JPY"));
    /// ```
    #[must_use]
    pub fn currency(mut self, code: impl Into<String>) -> Self {
        self.currency = Some(code.into());
        self
    }

    /// When it is due. Otherwise it is due on its date.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let due = "2026-04-01".parse()?;
    /// assert_eq!(Command::invoice("INV-1").due(due).due_date, Some(due));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn due(mut self, date: Date) -> Self {
        self.due_date = Some(date);
        self
    }

    /// It stays a draft, which settles nothing and can change, until it is posted.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).as_draft().on(day))?;
    /// assert_eq!(book.document("INV-1").unwrap().header().status, Status::Draft);
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn as_draft(mut self) -> Self {
        self.auto_post = false;
        self
    }

    /// The document that a memo credits or debits. Without items of its own, the memo takes all that is left of it.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let memo = Command::credit_memo("CM-1").made_from(invoice("INV-1"));
    /// assert_eq!(memo.from, Some((Kind::Invoice, "INV-1".into())));
    /// ```
    #[must_use]
    pub fn made_from(mut self, document: impl DraftName) -> Self {
        let document = document.into_document();
        self.from = Some((document.kind, document.id));
        self
    }

    /// When the memo is posted, it settles the document that it is made from.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on(day))?;
    /// let memo = Command::credit_memo("CM-1").made_from(invoice("INV-1")).applied_when_posted();
    /// book.execute(&memo.on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("0.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn applied_when_posted(mut self) -> Self {
        self.notes.auto_apply = true;
        self
    }

    /// The billing engine makes it: what it credits is not checked against what is available.
    ///
    /// ```
    /// use setoff::document::Origin;
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Command::credit_memo("CM-1").by_billing().origin, Origin::Billing);
    /// ```
    #[must_use]
    pub const fn by_billing(mut self) -> Self {
        self.origin = Origin::Billing;
        self
    }

    /// The command that creates it, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::invoice("INV-1").item("seats", 90).on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "createInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Create(self))
    }
}

impl NewItem {
    /// An item whose amount is a quantity times a unit price.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// let seats = NewItem::priced("seats", 3, decimal("12.50")?);
    /// book.execute(&Command::invoice("INV-1").line(seats).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("37.50")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn priced(
        id: impl AsRef<str>,
        quantity: impl Into<Decimal>,
        unit_price: impl Into<Decimal>,
    ) -> Self {
        let mut item = Self::charge(id.as_ref(), Decimal::ZERO);
        item.amount = None;
        item.record.quantity = Some(quantity.into());
        item.record.unit_price = Some(unit_price.into());
        item
    }

    /// An item that credits or debits all that is left of an item of another document.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).item("setup", 10).on(day))?;
    /// let memo = Command::credit_memo("CM-1").made_from(invoice("INV-1"));
    /// book.execute(&memo.line(NewItem::all_of("returned", "seats")).on(day))?;
    /// assert_eq!(book.open_amount("CM-1"), Some(decimal("90.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn all_of(id: impl AsRef<str>, source_item: impl Into<String>) -> Self {
        let mut item = Self::charge(id.as_ref(), Decimal::ZERO).of(source_item);
        item.amount = None;
        item
    }

    /// The item of another document that it credits or debits.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let item = NewItem::charge("returned", 40).of("seats");
    /// assert_eq!(item.source.map(|source| source.item_id), Some("seats".into()));
    /// ```
    #[must_use]
    pub fn of(mut self, source_item: impl Into<String>) -> Self {
        self.source = Some(SourceItem {
            document_id: None,
            item_id: source_item.into(),
        });
        self
    }

    /// Adds a tax of this amount.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let item = NewItem::charge("seats", 100).tax("vat", 19);
    /// assert_eq!(item.tax_items.map(|taxes| taxes.len()), Some(1));
    /// ```
    #[must_use]
    pub fn tax(self, id: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        let amount = Some(amount.into());
        self.taxed(id.into(), amount, TaxIdentity::default())
    }

    /// Adds a tax by its rate, as a fraction: 0.19 for 19 %. Its identifier is also its name.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("EUR")?;
    /// let day = "2026-03-02".parse()?;
    /// let seats = NewItem::charge("seats", 100).tax_at("vat", decimal("0.19")?);
    /// book.execute(&Command::invoice("INV-1").line(seats).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("119.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn tax_at(self, id: impl Into<String>, rate: impl Into<Decimal>) -> Self {
        let id = id.into();
        let identity = TaxIdentity {
            name: Some(id.as_str().into()),
            rate: Some(rate.into()),
            ..TaxIdentity::default()
        };
        self.taxed(id, None, identity)
    }

    fn taxed(mut self, id: String, amount: Option<Decimal>, identity: TaxIdentity) -> Self {
        self.tax_items.get_or_insert_default().push(NewTaxItem {
            id,
            amount,
            source: None,
            identity,
            settled_before: Vec::new(),
        });
        self
    }

    /// The amount contains its taxes.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("EUR")?;
    /// let day = "2026-03-02".parse()?;
    /// let seats = NewItem::charge("seats", 119).with_tax().tax_at("vat", decimal("0.19")?);
    /// book.execute(&Command::invoice("INV-1").line(seats).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("119.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn with_tax(mut self) -> Self {
        self.record.tax_inclusive = true;
        self
    }

    /// It is a discount of another item of its document. Its amount has the other sign.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// let discount = NewItem::charge("loyalty", -9).off("seats");
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).line(discount).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("81.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn off(mut self, item: impl Into<String>) -> Self {
        self.applied_to_item_id = Some(item.into());
        self
    }

    /// A description for people.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let item = NewItem::charge("seats", 90).description("Three seats");
    /// assert_eq!(item.record.description.as_deref(), Some("Three seats"));
    /// ```
    #[must_use]
    pub fn description(mut self, description: impl Into<Box<str>>) -> Self {
        self.record.description = Some(description.into());
        self
    }

    /// The first and the last day of the service that it bills.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let (first, last) = ("2026-03-01".parse()?, "2026-03-31".parse()?);
    /// let item = NewItem::charge("seats", 90).serving(first, last);
    /// assert_eq!(item.record.service_end, Some(last));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn serving(mut self, first_day: Date, last_day: Date) -> Self {
        self.record.service_start = Some(first_day);
        self.record.service_end = Some(last_day);
        self
    }

    /// What was settled of it before its document came into the book.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// let seats = NewItem::charge("seats", 90).settled_before("2026-02-10".parse()?, 30, SettledBy::Payment);
    /// book.execute(&Command::invoice("INV-1").dated("2026-02-01".parse()?).line(seats).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("60.00")?));
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
}

impl Update {
    /// Another comment for people.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let update = Command::update(invoice("INV-1")).comment("as agreed");
    /// assert_eq!(update.notes.comment, Some(Some("as agreed".into())));
    /// ```
    #[must_use]
    pub fn comment(mut self, comment: impl Into<Box<str>>) -> Self {
        self.notes.comment = Some(Some(comment.into()));
        self
    }

    /// Another value of a field of the host's; [`Scalar::Null`] takes it away.
    ///
    /// ```
    /// use setoff::document::Scalar;
    /// use setoff::prelude::*;
    ///
    /// let update = Command::update(invoice("INV-1")).custom("region", Scalar::Null);
    /// assert_eq!(update.notes.custom.len(), 1);
    /// ```
    #[must_use]
    pub fn custom(mut self, name: impl Into<Box<str>>, value: Scalar) -> Self {
        super::set_custom(&mut self.notes.custom, name.into(), value);
        self
    }

    /// Another date of a draft.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let date = "2026-03-05".parse()?;
    /// assert_eq!(Command::update(invoice("INV-1")).dated(date).draft.date, Some(date));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn dated(mut self, date: Date) -> Self {
        self.draft.date = Some(date);
        self
    }

    /// Another day on which the draft of an invoice or debit memo is due.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let due = "2026-04-05".parse()?;
    /// assert_eq!(Command::update(invoice("INV-1")).due(due).draft.due_date, Some(due));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn due(mut self, date: Date) -> Self {
        self.draft.due_date = Some(date);
        self
    }

    /// Adds an item to a draft.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let update = Command::update(invoice("INV-1")).add_item(NewItem::charge("setup", 10));
    /// assert_eq!(update.draft.items.len(), 1);
    /// ```
    #[must_use]
    pub fn add_item(mut self, item: NewItem) -> Self {
        self.draft.items.push(ItemChange::Add(item));
        self
    }

    /// Takes an item of a draft away, with its taxes and discounts.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let update = Command::update(invoice("INV-1")).delete_item("setup");
    /// assert_eq!(update.draft.items.len(), 1);
    /// ```
    #[must_use]
    pub fn delete_item(mut self, item: impl Into<String>) -> Self {
        self.draft.items.push(ItemChange::Delete(item.into()));
        self
    }

    /// Gives an item of a draft another amount.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).as_draft().on(day))?;
    /// book.execute(&Command::update(invoice("INV-1")).item_amount("seats", 80).on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(decimal("80.00")?));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn item_amount(mut self, item: impl Into<String>, amount: impl Into<Decimal>) -> Self {
        self.draft.items.push(ItemChange::Change {
            id: item.into(),
            amount: Some(amount.into()),
            quantity: None,
            unit_price: None,
            tax_inclusive: None,
            words: Default::default(),
            taxes: Vec::new(),
            settled_before: None,
        });
        self
    }

    /// The command, on its day.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let command = Command::update(invoice("INV-1")).comment("as agreed").on("2026-03-02".parse()?);
    /// assert_eq!(command.name(), "updateInvoice");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub const fn on(self, day: Date) -> Command {
        on(day, Action::Update(self))
    }
}
