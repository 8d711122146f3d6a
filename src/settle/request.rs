//! The request of an apply or unapply, resolved against the documents: what both guard alike.

use super::command::{ExplicitItem, InvoiceAmount, Settle};
use super::{Context, Rule};
use crate::document::{Document, DocumentIndex, Documents, Kind, LineIndex, PartItem, Status};
use crate::error::{Code, Error, Path, Result, quoted};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

/// The document of that kind with that identifier.
pub(super) fn find(documents: &Documents, kind: Kind, id: &str, path: &Path<'_>) -> Result<DocumentIndex> {
    documents.find_kind(kind, id).ok_or_else(|| {
        let needed = format!("the identifier of {}", kind.one());
        Error::new(Code::DocumentNotFound, path, needed, quoted(id))
    })
}

/// A request whose documents, lines and amounts are known to fit together, though not yet to suffice.
pub(super) struct Request<'a> {
    /// The credit memo.
    pub source: DocumentIndex,
    /// The credit memo's lines and figures.
    pub memo: &'a Document,
    /// The invoices in document order.
    pub entries: Vec<Entry<'a>>,
}

/// One invoice of a request.
pub(super) struct Entry<'a> {
    /// The request's words, and their place in it; absent if the request named no invoices.
    stated: Option<(usize, &'a InvoiceAmount)>,
    /// The invoice.
    pub target: DocumentIndex,
    /// The invoice's lines and figures.
    pub invoice: &'a Document,
    /// The stated amount, or the sum of the stated items.
    pub amount: Option<Amount>,
    /// The stated items, by target line, then source line.
    pub items: Option<Vec<StatedItem<'a>>>,
}

/// One explicit item of a request.
pub(super) struct StatedItem<'a> {
    /// Its place in the request, for the paths of refusals.
    at: usize,
    /// The request's words.
    stated: &'a ExplicitItem,
    /// What it moves.
    pub item: PartItem,
}

impl<'a> Request<'a> {
    /// Everything that something of the memo is applied to, without amounts.
    pub(super) fn all_applied(context: Context<'a>, settle: &Settle) -> Result<Self> {
        let (source, memo) = memo(context, settle)?;
        let entry = |(target, _)| Some(Entry::new(None, target, context.documents.get(target)?));
        let entries = context.documents.parts_of(source).filter_map(entry).collect();
        let request = Self { source, memo, entries }.sorted();
        request.check_documents()?;
        Ok(request)
    }

    /// The invoices that the request names.
    ///
    /// # Errors
    /// The first of `missingField`, `documentNotFound`, `itemNotFound`, `duplicateEntry`, `invalidStatus`,
    /// `accountMismatch`, `currencyMismatch`, `kindMismatch`, those of [`Currency::amount`], `amountNotPositive`,
    /// `sumMismatch`.
    pub(super) fn resolve(context: Context<'a>, settle: &'a Settle, invoices: &'a [InvoiceAmount]) -> Result<Self> {
        // By identifier until the documents are known: a refusal must not depend on how the request was sorted.
        let mut by_id: Vec<_> = invoices.iter().enumerate().collect();
        sort_by(&mut by_id, |(_, a), (_, b)| a.invoice_id.cmp(&b.invoice_id));
        check_shape(settle, &by_id)?;
        let (source, memo) = memo(context, settle)?;
        let find = |(place, stated): (usize, &'a InvoiceAmount)| {
            let field =
                |path: &Path<'_>| find(context.documents, Kind::Invoice, &stated.invoice_id, &path.field("invoiceId"));
            let target = with_entry(Some(place), field)?;
            let invoice = context.documents.get(target).ok_or_else(|| Error::fault("a document is missing"))?;
            Ok(Entry::new(Some((place, stated)), target, invoice))
        };
        let entries = by_id.into_iter().map(find).collect::<Result<_>>()?;
        let mut request = Self { source, memo, entries }.sorted();
        request.find_items()?;
        request.check_entries_differ()?;
        request.check_documents()?;
        request.check_kinds()?;
        request.read_amounts()?;
        request.check_amounts_positive()?;
        request.check_sums()?;
        Ok(request)
    }

    /// The currency of all documents of the request.
    pub(super) fn currency(&self) -> &'a Currency {
        &self.memo.header().currency
    }

    fn sorted(mut self) -> Self {
        sort_by(&mut self.entries, |a, b| a.invoice.header().order().cmp(&b.invoice.header().order()));
        self
    }

    /// Finds the lines that explicit items name; their amounts come later.
    fn find_items(&mut self) -> Result<()> {
        if self.entries.iter().all(|entry| entry.stated_items().is_none()) {
            return Ok(());
        }
        let memo = Lookup::of(self.memo);
        for entry in &mut self.entries {
            let Some(stated) = entry.stated_items() else { continue };
            let invoice = Lookup::of(entry.invoice);
            let find = |(at, stated): (usize, &'a ExplicitItem)| {
                let (from, to) = stated.fields();
                with_item(entry.place(), at, |path| {
                    let source = memo.find(&stated.source, &path.field(from))?;
                    let target = invoice.find(&stated.target, &path.field(to))?;
                    Ok(StatedItem { at, stated, item: PartItem { source, target, amount: Amount::ZERO } })
                })
            };
            // By identifiers, so that a refusal does not depend on how the request was sorted.
            let mut by_id: Vec<_> = stated.iter().enumerate().collect();
            sort_by(&mut by_id, |(_, a), (_, b)| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
            let mut items = by_id.into_iter().map(find).collect::<Result<Vec<_>>>()?;
            sort_by(&mut items, |a, b| a.item.order().cmp(&b.item.order()));
            entry.items = Some(items);
        }
        Ok(())
    }

    fn check_entries_differ(&self) -> Result<()> {
        for pair in self.entries.windows(2) {
            if let [first, second] = pair
                && first.target == second.target
            {
                let id = || quoted(&second.invoice.header().id);
                return second.refuse(Code::DuplicateEntry, "invoiceId", "each invoice once", id);
            }
        }
        self.entries.iter().try_for_each(|entry| {
            let items = entry.items.as_deref().unwrap_or_default();
            let lines = |stated: &StatedItem<'_>| (stated.item.source, stated.item.target);
            let same = |pair: &&[StatedItem<'_>]| matches!(pair, [first, second] if lines(first) == lines(second));
            match items.windows(2).find(same) {
                Some([_, again]) => with_item(entry.place(), again.at, |path| {
                    let found = format!("{} to {} twice", quoted(&again.stated.source), quoted(&again.stated.target));
                    Err(Error::new(Code::DuplicateEntry, path, "each pair of lines once", found))
                }),
                _ => Ok(()),
            }
        })
    }

    fn check_documents(&self) -> Result<()> {
        let memo = self.memo.header();
        if memo.status != Status::Posted {
            let path = Path::Root.field("creditMemoId");
            return Err(Error::new(Code::InvalidStatus, &path, "a posted credit memo", memo.status.as_str()));
        }
        let refuse = |entry: &Entry<'_>, code, needed: &str, found: &str| {
            entry.refuse(code, "invoiceId", needed, || found.to_owned())
        };
        let each = |check: &dyn Fn(&Entry<'_>) -> Result<()>| self.entries.iter().try_for_each(check);
        each(&|entry| match entry.invoice.header().status {
            Status::Posted => Ok(()),
            status @ Status::Draft => refuse(entry, Code::InvalidStatus, "a posted invoice", status.as_str()),
        })?;
        each(&|entry| {
            let account = &entry.invoice.header().account_id;
            if *account == memo.account_id {
                return Ok(());
            }
            let needed = format!("an invoice of account {}", quoted(&memo.account_id));
            refuse(entry, Code::AccountMismatch, &needed, &quoted(account))
        })?;
        each(&|entry| {
            let currency = &entry.invoice.header().currency;
            if *currency == memo.currency {
                return Ok(());
            }
            refuse(entry, Code::CurrencyMismatch, &format!("an invoice in {}", memo.currency.code()), currency.code())
        })
    }

    fn check_kinds(&self) -> Result<()> {
        self.each_item(|entry, stated, path| {
            let (from, to) = stated.stated.fields();
            let PartItem { source, target, .. } = stated.item;
            for (document, line, field) in [(self.memo, source, from), (entry.invoice, target, to)] {
                let is_tax = document.lines().get(line.get()).is_some_and(|line| line.detail.is_tax());
                if is_tax != stated.stated.tax {
                    let kind = |tax| if tax { "a tax item" } else { "an item" };
                    let needed = kind(stated.stated.tax);
                    return Err(Error::new(Code::KindMismatch, &path.field(field), needed, kind(is_tax)));
                }
            }
            Ok(())
        })
    }

    /// Reads the amounts in the memo's currency.
    fn read_amounts(&mut self) -> Result<()> {
        let currency = self.currency();
        let read = |decimal: Decimal, path: &Path<'_>| {
            currency.amount(decimal).map_err(|error| error.at(&path.field("amount")))
        };
        for entry in &mut self.entries {
            let place = entry.place();
            let amount = entry.stated.and_then(|(_, stated)| stated.amount);
            entry.amount = amount.map(|decimal| with_entry(place, |path| read(decimal, path))).transpose()?;
            for stated in entry.items.iter_mut().flatten() {
                stated.item.amount = with_item(place, stated.at, |path| read(stated.stated.amount, path))?;
            }
        }
        Ok(())
    }

    fn check_amounts_positive(&self) -> Result<()> {
        let positive = |amount: Amount, path: &Path<'_>| {
            if amount.is_positive() {
                return Ok(());
            }
            let found = self.currency().write(amount);
            Err(Error::new(Code::AmountNotPositive, &path.field("amount"), "more than zero", found))
        };
        self.entries.iter().try_for_each(|entry| match entry.amount {
            Some(amount) => with_entry(entry.place(), |path| positive(amount, path)),
            None => Ok(()),
        })?;
        self.each_item(|_, stated, path| positive(stated.item.amount, path))
    }

    /// The sum of the items is the amount, whether it was stated or not.
    fn check_sums(&mut self) -> Result<()> {
        let currency = self.currency();
        for entry in &mut self.entries {
            let Some(items) = &entry.items else { continue };
            let sum = Amount::sum(items.iter().map(|stated| stated.item.amount));
            if sum.is_none() || entry.amount.is_some_and(|amount| Some(amount) != sum) {
                let write =
                    |amount: Option<Amount>| amount.map_or("out of range".to_owned(), |sum| currency.write(sum));
                let needed = format!("the sum of the items, {}", write(sum));
                return entry.refuse(Code::SumMismatch, "amount", &needed, || write(entry.amount));
            }
            entry.amount = sum;
        }
        Ok(())
    }

    /// Runs `check` over every explicit item.
    fn each_item(&self, check: impl Fn(&Entry<'_>, &StatedItem<'_>, &Path<'_>) -> Result<()>) -> Result<()> {
        self.entries.iter().try_for_each(|entry| {
            let mut items = entry.items.iter().flatten();
            items.try_for_each(|stated| with_item(entry.place(), stated.at, |path| check(entry, stated, path)))
        })
    }
}

impl<'a> Entry<'a> {
    const fn new(stated: Option<(usize, &'a InvoiceAmount)>, target: DocumentIndex, invoice: &'a Document) -> Self {
        Self { stated, target, invoice, amount: None, items: None }
    }

    fn place(&self) -> Option<usize> {
        self.stated.map(|(place, _)| place)
    }

    fn stated_items(&self) -> Option<&'a [ExplicitItem]> {
        self.stated.and_then(|(_, stated)| stated.items.as_deref())
    }

    /// What the explicit items move.
    pub(super) fn part_items(&self) -> impl Iterator<Item = PartItem> {
        self.items.iter().flatten().map(|stated| stated.item)
    }

    /// Refuses this invoice at one of its fields.
    #[cold]
    pub(super) fn refuse<T>(&self, code: Code, field: &str, needed: &str, found: impl FnOnce() -> String) -> Result<T> {
        with_entry(self.place(), |path| Err(Error::new(code, &path.field(field), needed, found())))
    }

    /// Refuses the amount of an explicit item of this invoice.
    #[cold]
    pub(super) fn refuse_item<T>(&self, stated: &StatedItem<'_>, code: Code, needed: &str, found: String) -> Result<T> {
        with_item(self.place(), stated.at, |path| Err(Error::new(code, &path.field("amount"), needed, found)))
    }
}

/// The lines of one document by identifier.
struct Lookup<'a> {
    document: &'a Document,
    // Only for look-ups, never iterated: its order means nothing.
    lines: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Lookup<'a> {
    fn of(document: &'a Document) -> Self {
        let lines = (0..).map(LineIndex).zip(document.lines()).map(|(index, line)| (&*line.id, index)).collect();
        Self { document, lines }
    }

    fn find(&self, id: &str, path: &Path<'_>) -> Result<LineIndex> {
        self.lines.get(id).copied().ok_or_else(|| {
            let header = self.document.header();
            let needed = format!("a line of {} {}", header.kind.name(), quoted(&header.id));
            Error::new(Code::ItemNotFound, path, needed, quoted(id))
        })
    }
}

/// What can be told to be wrong before any document is looked at.
fn check_shape(settle: &Settle, invoices: &[(usize, &InvoiceAmount)]) -> Result<()> {
    let missing =
        |path: &Path<'_>, field, needed| Err(Error::new(Code::MissingField, &path.field(field), needed, "none"));
    if invoices.is_empty() {
        return missing(&Path::Root, "invoices", "at least one invoice");
    }
    invoices.iter().try_for_each(|&(place, stated)| {
        let lacks_items = match &stated.items {
            Some(items) => items.is_empty(),
            None => settle.rule == Some(Rule::Explicit),
        };
        if lacks_items { with_entry(Some(place), |path| missing(path, "items", "at least one item")) } else { Ok(()) }
    })
}

/// The credit memo of a request.
fn memo<'a>(context: Context<'a>, settle: &Settle) -> Result<(DocumentIndex, &'a Document)> {
    let path = Path::Root.field("creditMemoId");
    let source = find(context.documents, Kind::CreditMemo, &settle.credit_memo_id, &path)?;
    let memo = context.documents.get(source).ok_or_else(|| Error::fault("a document is missing"))?;
    Ok((source, memo))
}

/// Calls `f` with the path of the invoice at `place` of the request.
fn with_entry<T>(place: Option<usize>, f: impl FnOnce(&Path<'_>) -> T) -> T {
    let invoices = Path::Root.field("invoices");
    match place {
        Some(place) => f(&invoices.index(place)),
        None => f(&invoices),
    }
}

/// Calls `f` with the path of the explicit item at `at` of the invoice at `place`.
fn with_item<T>(place: Option<usize>, at: usize, f: impl FnOnce(&Path<'_>) -> T) -> T {
    with_entry(place, |path| f(&path.field("items").index(at)))
}
