//! Making a document: what it takes, and what it must keep.

use super::{
    Detail, Document, Figures, Header, ItemText, Kind, Line, LineIndex, Status, TaxIdentity, check_id, check_label,
};
use crate::calendar::Date;
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::{Amount, Currency};
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A document to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// What kind of document it is.
    pub kind: Kind,
    /// Unique in the book.
    pub id: String,
    /// Absent: the identifier.
    pub number: Option<String>,
    /// Absent: the account of the book.
    pub account_id: Option<String>,
    /// Absent: the currency of the book.
    pub currency: Option<String>,
    /// Absent: the day of the command.
    pub date: Option<Date>,
    /// Absent: the date of the document.
    pub due_date: Option<Date>,
    /// At least one.
    pub items: Vec<NewItem>,
    /// Posts the document in the same step.
    pub auto_post: bool,
}

/// An item to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Unique in the document.
    pub id: String,
    /// Without tax.
    pub amount: Decimal,
    /// Makes it a discount on that item.
    pub applied_to_item_id: Option<String>,
    /// What it records beside its amount.
    pub text: ItemText,
    /// Its taxes.
    pub tax_items: Vec<NewTaxItem>,
}

/// A tax item to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTaxItem {
    /// Unique in the document.
    pub id: String,
    /// The tax.
    pub amount: Decimal,
    /// Which tax.
    pub identity: TaxIdentity,
}

impl NewDocument {
    /// A document that is posted at once, with the account, currency and dates of its book and command.
    #[must_use]
    pub fn posted(kind: Kind, id: &str, items: Vec<NewItem>) -> Self {
        Self {
            kind,
            id: id.into(),
            number: None,
            account_id: None,
            currency: None,
            date: None,
            due_date: None,
            items,
            auto_post: true,
        }
    }
}

impl NewItem {
    /// A charge without tax.
    #[must_use]
    pub fn charge(id: &str, amount: Decimal) -> Self {
        Self { id: id.into(), amount, applied_to_item_id: None, text: ItemText::default(), tax_items: Vec::new() }
    }
}

/// What a document takes over from its book and its command.
#[derive(Clone, Debug)]
pub struct Defaults<'a> {
    /// The account of the book.
    pub account_id: &'a str,
    /// The day of the command.
    pub at: Date,
}

impl Document {
    /// The draft of a new document.
    ///
    /// # Errors
    /// The first of: `invalidId` and `duplicateId` within the document; `itemNotFound` for discounts; those of
    /// [`Currency::amount`], and `outOfRange` if the absolute amounts together are; `invalidDiscount`.
    pub fn draft(new: &NewDocument, currency: Arc<Currency>, defaults: &Defaults<'_>) -> Result<Self> {
        let items = Path::Root.field("items");
        let path = Path::Root;
        check_id(&new.id, &path.field("id"))?;
        new.number.as_ref().map_or(Ok(()), |number| check_id(number, &path.field("number")))?;
        new.account_id.as_ref().map_or(Ok(()), |account| check_label(account, &path.field("accountId")))?;
        let mut lines = Lines::default();
        let all = || new.items.iter().enumerate();
        all().try_for_each(|(index, item)| lines.push(item, &items.index(index)))?;
        let discounts = all()
            .filter_map(|(index, item)| Some((index, item, item.applied_to_item_id.as_deref()?)))
            .map(|(index, item, of)| lines.discount(item, of, &items.index(index)).map(|lines| (index, lines)))
            .collect::<Result<Vec<_>>>()?;
        all().try_for_each(|(index, item)| lines.price(item, &currency, &items.index(index)))?;
        lines.check_range(&items)?;
        discounts.iter().try_for_each(|&(index, pair)| lines.net(pair, &currency, &items.index(index)))?;
        let figures = lines.figures()?;
        let date = new.date.unwrap_or(defaults.at);
        let header = Header {
            kind: new.kind,
            id: new.id.as_str().into(),
            number: new.number.as_deref().unwrap_or(&new.id).into(),
            account_id: new.account_id.as_deref().unwrap_or(defaults.account_id).into(),
            currency,
            status: Status::Draft,
            date,
            due_date: new.due_date.unwrap_or(date),
            tax: Amount::ZERO,
            figures: Figures::default(),
        };
        Self::assemble(header, lines.lines, figures).ok_or_else(|| Error::fault("totals out of range"))
    }

    /// The document of a header, lines, and what of each is amount, applied and refunded. What discounts net, the tax
    /// and the totals follow from the lines. `None` if it cannot have been.
    pub(crate) fn restore(header: Header, lines: Vec<Line>, amounts: &[[Amount; 3]]) -> Option<Self> {
        let mut netted = vec![Amount::ZERO; lines.len()];
        // Only for look-ups, as in `Lines`.
        let mut ids = FxHashMap::default();
        let mut item = None;
        for (index, (line, [amount, ..])) in (0..).map(LineIndex).zip(lines.iter().zip(amounts)) {
            let is_new = ids.insert(&*line.id, index).is_none();
            let fits = match &line.detail {
                Detail::Charge(_) => true,
                Detail::Tax { of, .. } => item == Some(*of),
                Detail::Discount { of, .. } => {
                    let net = netted.get_mut(of.get())?;
                    *net = net.plus(*amount)?;
                    *netted.get_mut(index.get())? = amount.negated();
                    lines.get(of.get()).is_some_and(|line| matches!(line.detail, Detail::Charge(_)))
                }
            };
            if !is_new || !fits {
                return None;
            }
            if !line.detail.is_tax() {
                item = Some(index);
            }
        }
        let restore = |([amount, applied, refunded], netted): (&[Amount; 3], Amount)| {
            let net = amount.plus(netted)?;
            // A discount never turns the sign of its item.
            let keeps_sign = (Amount::ZERO.min(*amount)..=Amount::ZERO.max(*amount)).contains(&net);
            keeps_sign.then(|| Figures::restore(*amount, netted, *applied, *refunded)).flatten()
        };
        let figures = amounts.iter().zip(netted).map(restore).collect::<Option<Vec<_>>>()?;
        if figures.len() != lines.len() || !fit_together(figures.iter().map(Figures::amount)) {
            return None;
        }
        Self::assemble(header, lines, figures)
    }

    fn assemble(header: Header, lines: Vec<Line>, figures: Vec<Figures>) -> Option<Self> {
        let total = |of: fn(&Figures) -> Amount| Amount::sum(figures.iter().map(of));
        let taxes = lines.iter().zip(&figures).filter(|(line, _)| line.detail.is_tax());
        let tax = Amount::sum(taxes.map(|(_, figures)| figures.amount()))?;
        let totals = Figures::restore(
            total(Figures::amount)?,
            total(Figures::netted)?,
            total(Figures::applied)?,
            total(Figures::refunded)?,
        )?;
        Some(Self { header: Header { tax, figures: totals, ..header }, lines, figures })
    }
}

/// Whether the absolute amounts fit one amount together: then every sum that can ever be formed of them does.
fn fit_together(amounts: impl Iterator<Item = Amount>) -> bool {
    Amount::sum(amounts.map(|amount| amount.max(amount.negated()))).is_some()
}

/// A discount, and the item that it reduces.
#[derive(Clone, Copy)]
struct Discount {
    own: LineIndex,
    of: LineIndex,
}

/// The lines of a document while it is being made.
#[derive(Default)]
struct Lines<'a> {
    lines: Vec<Line>,
    amounts: Vec<Amount>,
    netted: Vec<Amount>,
    // Only for look-ups, never iterated: its order means nothing.
    by_id: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Lines<'a> {
    /// Adds an item and its tax items, as yet without amounts.
    fn push(&mut self, item: &'a NewItem, path: &Path<'_>) -> Result<()> {
        let of = self.add(&item.id, Detail::Charge(item.text.clone()), path)?;
        let taxes = path.field("taxItems");
        item.tax_items.iter().enumerate().try_for_each(|(index, tax)| {
            self.add(&tax.id, Detail::Tax { of, identity: tax.identity.clone() }, &taxes.index(index)).map(drop)
        })
    }

    fn add(&mut self, id: &'a str, detail: Detail, path: &Path<'_>) -> Result<LineIndex> {
        let index = LineIndex::new(self.lines.len())
            .ok_or_else(|| Error::new(Code::TooLarge, path, "fewer than 2³² lines", "more"))?;
        check_id(id, &path.field("id"))?;
        if self.by_id.insert(id, index).is_some() {
            let needed = "an identifier that no other item or tax item of the document has";
            return Err(Error::new(Code::DuplicateId, &path.field("id"), needed, quoted(id)));
        }
        self.lines.push(Line { id: id.into(), detail });
        self.netted.push(Amount::ZERO);
        Ok(index)
    }

    /// Marks the line of `item` as a discount on the item `of`.
    fn discount(&mut self, item: &NewItem, of: &str, path: &Path<'_>) -> Result<Discount> {
        let is_item = |line: LineIndex| self.lines.get(line.get()).is_some_and(|line| !line.detail.is_tax());
        let parent = self.by_id.get(of).copied().filter(|&line| is_item(line)).ok_or_else(|| {
            let path = path.field("appliedToItemId");
            Error::new(Code::ItemNotFound, &path, "an item of the same document", quoted(of))
        })?;
        let own = self.by_id.get(item.id.as_str()).copied().ok_or_else(|| Error::fault("a line is missing"))?;
        if let Some(line) = self.lines.get_mut(own.get()) {
            line.detail = Detail::Discount { of: parent, text: item.text.clone() };
        }
        Ok(Discount { own, of: parent })
    }

    /// Adds the amounts of an item and its tax items, in the order of [`Lines::push`].
    fn price(&mut self, item: &NewItem, currency: &Currency, path: &Path<'_>) -> Result<()> {
        let amount =
            |decimal, path: &Path<'_>| currency.amount(decimal).map_err(|error| error.at(&path.field("amount")));
        self.amounts.push(amount(item.amount, path)?);
        let taxes = path.field("taxItems");
        item.tax_items.iter().enumerate().try_for_each(|(index, tax)| {
            self.amounts.push(amount(tax.amount, &taxes.index(index))?);
            Ok(())
        })
    }

    fn check_range(&self, path: &Path<'_>) -> Result<()> {
        if fit_together(self.amounts.iter().copied()) {
            return Ok(());
        }
        let needed = "amounts whose absolute values sum to less than 2⁶³ minor units";
        Err(Error::new(Code::OutOfRange, path, needed, "more"))
    }

    /// Nets a discount into the item that it reduces (`settlement.md` 1.7): the item's balance shrinks, the discount's
    /// own is zero. Its tax items are not netted.
    fn net(&mut self, discount: Discount, currency: &Currency, path: &Path<'_>) -> Result<()> {
        let of = self.lines.get(discount.of.get()).map(|line| &line.detail);
        if matches!(of, Some(Detail::Discount { .. })) {
            let path = path.field("appliedToItemId");
            return Err(Error::new(Code::InvalidDiscount, &path, "an item that is not a discount", "a discount"));
        }
        let fault = || Error::fault("a line is missing");
        let amount = |line: LineIndex| self.amounts.get(line.get()).copied().ok_or_else(fault);
        let (own, whole) = (amount(discount.own)?, amount(discount.of)?);
        let taken = self.netted.get(discount.of.get()).copied().ok_or_else(fault)?;
        let before = whole.plus(taken).ok_or_else(fault)?;
        let after = before.plus(own).ok_or_else(fault)?;
        // Between what is left of the item and zero, whatever the item's sign.
        let range = before.min(Amount::ZERO)..=before.max(Amount::ZERO);
        if !range.contains(&after) {
            let needed = format!("an amount between zero and {}", currency.write(before.negated()));
            let found = currency.write(own);
            return Err(Error::new(Code::InvalidDiscount, &path.field("amount"), needed, found));
        }
        for (line, amount) in [(discount.of, taken.plus(own).ok_or_else(fault)?), (discount.own, own.negated())] {
            *self.netted.get_mut(line.get()).ok_or_else(fault)? = amount;
        }
        Ok(())
    }

    /// The figures of all lines, none of them settled.
    fn figures(&self) -> Result<Vec<Figures>> {
        let figures = |(&amount, &netted)| Figures::new(amount, netted);
        let all: Option<_> = self.amounts.iter().zip(&self.netted).map(figures).collect();
        all.ok_or_else(|| Error::fault("figures out of range"))
    }
}
