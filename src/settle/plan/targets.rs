//! Resolves what an apply or unapply names into indices and amounts, and refuses what neither of them can settle.
//!
//! A command names documents and lines by identifier. [`ApplyPlan::resolve`] finds each of them once; from there on a
//! plan knows indices. An operation that settles documents which it already has enters with
//! [`ApplyPlan::of_documents`], so that it passes the same guards without making up a request.

use crate::command::settings::{Limit, Limits, NumberOrder, Settings};
use crate::command::spread::Spread;
use crate::command::{DocumentRef, ExplicitItem, TargetAmount};
use crate::document::{
    Document, DocumentIndex, Documents, Header, Kind, LineIndex, PartItem, Rule,
};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::order::{places_by_head, sort_by};
use crate::settle::guard::documents::{check_account, check_currency, check_live};
use crate::settle::journal::Context;
use crate::settle::plan::located::Located;
use crate::settle::plan::open_documents::OpenDocuments;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// Finds the document that a command names, by its identifier or its number.
///
/// # Errors
/// `documentNotFound` at `site`.
pub(in crate::settle) fn find<'a>(
    documents: &'a Documents,
    named: &'a DocumentRef,
    site: &Site<'_>,
) -> Result<Located<'a>> {
    find_key(documents, named.kind, &named.id, site)
}

/// Finds the document of that kind with that identifier or that number.
///
/// # Errors
/// `documentNotFound` at `site`.
pub(in crate::settle) fn find_key<'a>(
    documents: &'a Documents,
    kind: Kind,
    key: &'a str,
    site: &Site<'_>,
) -> Result<Located<'a>> {
    match documents.find_key(kind, key) {
        Some(index) => Ok(Located {
            key,
            ..locate(documents, index)?
        }),
        None => Err(no_such_document(kind, key, site)),
    }
}

/// The refusal of an identifier that no document of the kind has.
#[cold]
pub(in crate::settle) fn no_such_document(kind: Kind, key: &str, site: &Site<'_>) -> Error {
    let reason = Reason::NoSuchDocument {
        kind: kind.into(),
        id: key.into(),
    };
    Error::of(reason, site)
}

/// The document at `index`.
pub(in crate::settle) fn locate(
    documents: &Documents,
    index: DocumentIndex,
) -> Result<Located<'_>> {
    let document = documents
        .get(index)
        .ok_or_else(|| Error::fault("a document is missing"))?;
    let key = &document.header().id;
    Ok(Located {
        index,
        document,
        key,
    })
}

/// Counts the lines of a document that have an amount.
fn nonzero_line_count(document: &Document) -> usize {
    let figures = document.figures().iter();
    figures.filter(|line| !line.amount().is_zero()).count()
}

/// Counts different lines.
fn distinct_line_count(lines: impl Iterator<Item = LineIndex>) -> usize {
    let mut lines: Vec<_> = lines.collect();
    sort_by(&mut lines, LineIndex::cmp);
    lines.dedup();
    lines.len()
}

/// One source and its targets, by index: known to fit together, though not yet to suffice.
pub(in crate::settle) struct ApplyPlan<'a> {
    /// The credit memo or payment.
    pub source: Located<'a>,
    /// The invoices and debit memos in the order in which they settle.
    pub targets: Vec<Target<'a>>,
}

/// One target of a plan.
#[derive(Clone)]
pub(in crate::settle) struct Target<'a> {
    /// The words of the command; absent if it does not list the document.
    stated: Option<&'a TargetAmount>,
    /// The invoice or debit memo.
    pub document: Located<'a>,
    /// The stated amount, or the sum of the stated items.
    pub amount: Option<Amount>,
    /// The stated items, by target line, then source line.
    pub items: Option<Vec<StatedPart<'a>>>,
}

/// One explicit item of a target.
#[derive(Clone)]
pub(in crate::settle) struct StatedPart<'a> {
    /// Its index among the items of the target, as the command lists them.
    item_index: usize,
    /// The words of the command.
    stated: &'a ExplicitItem,
    /// What it moves.
    pub item: PartItem,
}

impl<'a> ApplyPlan<'a> {
    /// Resolves the targets that a command names, and those that it means by `all_open`: all open demands of these
    /// kinds. Their amounts come later, with [`ApplyPlan::measure`].
    ///
    /// # Errors
    /// The first of `documentNotFound`, `itemNotFound`, `duplicateEntry`, `invalidStatus`, `accountMismatch`,
    /// `currencyMismatch`, `kindMismatch`.
    pub(in crate::settle) fn resolve(
        context: Context<'a>,
        source: Located<'a>,
        stated: &'a [TargetAmount],
        all_open: &[Kind],
        spread: &Spread,
    ) -> Result<Self> {
        let mut targets = find_targets(context.documents, stated)?;
        let open = OpenDocuments::beside(source.document.header());
        for &kind in all_open {
            let found = open.of_kind(context, kind);
            targets.extend(found.map(|document| Target::of(document, None)));
        }
        let mut plan = Self { source, targets }.sorted(spread, context.settings.number_order);

        plan.find_items()?;
        plan.check_targets_differ()?;
        plan.check_documents()?;
        plan.check_kinds()?;
        Ok(plan)
    }

    /// Enters documents that another operation knows by index, each with an amount, or without one where as much is
    /// settled as can be.
    ///
    /// # Errors
    /// `missingField` of a rule that needs stated items, then the first of `invalidStatus`, `accountMismatch`,
    /// `currencyMismatch`.
    pub(in crate::settle) fn of_documents(
        context: Context<'a>,
        source: DocumentIndex,
        amounts: &[(DocumentIndex, Option<Amount>)],
        spread: &Spread,
    ) -> Result<Self> {
        let source = locate(context.documents, source)?;
        let mut targets = Vec::with_capacity(amounts.len());
        for &(target, amount) in amounts {
            let document = locate(context.documents, target)?;
            targets.push(Target {
                amount,
                ..Target::of(document, None)
            });
        }
        if let (Some(target), Some(Rule::Explicit)) = (targets.first(), spread.rule) {
            return Err(target.refuse(Reason::NoItems {}, SiteField::Items));
        }

        let plan = Self { source, targets }.sorted(spread, context.settings.number_order);
        plan.check_documents()?;
        Ok(plan)
    }

    /// Enters all documents that something of the source is applied to, without amounts.
    ///
    /// # Errors
    /// `invalidStatus`, `accountMismatch`, `currencyMismatch`, all at the source: the command names nothing else.
    pub(in crate::settle) fn all_applied(
        context: Context<'a>,
        source: Located<'a>,
        spread: &Spread,
    ) -> Result<Self> {
        let mut targets = Vec::new();
        for (target, _) in context.documents.parts_of(source.index) {
            let document = locate(context.documents, target)?;
            if document.document.header().kind != Kind::Refund {
                targets.push(Target::of(document, None));
            }
        }

        let plan = Self { source, targets }.sorted(spread, context.settings.number_order);
        let site = Site::Command.field(plan.source_field());
        plan.check_documents().map_err(|error| error.at(&site))?;
        Ok(plan)
    }

    /// The source and its targets.
    pub(in crate::settle) fn documents(&self) -> impl Iterator<Item = DocumentIndex> {
        let targets = self.targets.iter().map(|target| target.document.index);
        std::iter::once(self.source.index).chain(targets)
    }

    /// Whether the command names a document, so that it is told if nothing is applied to it.
    pub(in crate::settle) fn names(&self, index: DocumentIndex) -> bool {
        let mut targets = self.targets.iter();
        targets.any(|target| target.document.index == index && target.stated.is_some())
    }

    /// Refuses to take back more part items at once than the book's limit.
    ///
    /// # Errors
    /// `limitExceeded` at the source.
    pub(in crate::settle) fn check_part_items(&self, context: Context<'_>) -> Result<()> {
        let site = Site::Command.field(self.source_field());
        let parts = context.documents.parts_of(self.source.index);
        let item_count = parts
            .map(|(_, part)| part.items().len())
            .fold(0, usize::saturating_add);
        let limits = &context.settings.limits;
        limits.check(Limit::PartItems, item_count, &site)
    }

    /// Reads the amounts. The caller checks its day before, because apply and unapply differ in that.
    ///
    /// # Errors
    /// The first of `limitExceeded`, those of [`Currency::amount`], `amountNotPositive`, `sumMismatch`.
    pub(in crate::settle) fn measure(&mut self, settings: &Settings) -> Result<()> {
        self.check_size(&settings.limits)?;
        self.read_amounts()?;
        self.check_amounts_positive()?;
        self.check_sums()
    }

    /// Counts the lines of all targets together.
    pub(in crate::settle) fn line_count(&self) -> usize {
        self.targets
            .iter()
            .map(|target| target.document.document.lines().len())
            .fold(0, usize::saturating_add)
    }

    /// The currency of all documents of the plan.
    pub(in crate::settle) fn currency(&self) -> &'a Currency {
        &self.source.document.header().currency
    }

    /// The kind of the source.
    pub(in crate::settle) fn source_kind(&self) -> Kind {
        self.source.document.header().kind
    }

    /// The field of the command that names the source.
    pub(in crate::settle) fn source_field(&self) -> SiteField {
        self.source_kind().id_site()
    }

    /// Puts the targets into the order in which they settle. No guard runs before, so that the first refusal does not
    /// depend on how a command was sorted.
    fn sorted(mut self, spread: &Spread, numbers: NumberOrder) -> Self {
        if self.targets.len() < 2 {
            return self;
        }
        let amount = self.source.document.header().figures.open();
        let headers: Vec<_> = self.targets.iter().map(Target::header).collect();

        // Headers lie scattered in memory: what tells most of them apart is brought together first.
        let heads: Vec<_> = headers
            .iter()
            .map(|header| spread.head(header, numbers))
            .collect();
        let places = places_by_head(&heads, &|a, b| match (headers.get(a), headers.get(b)) {
            (Some(first), Some(second)) => spread.compare(first, second, amount, numbers),
            _ => Ordering::Equal,
        });
        let sorted = places.iter().filter_map(|&place| self.targets.get(place));
        self.targets = sorted.cloned().collect();
        self
    }

    /// Refuses an operation that is larger than the book's limits.
    fn check_size(&self, limits: &Limits) -> Result<()> {
        for kind in [Kind::Invoice, Kind::DebitMemo] {
            let of_kind = self.targets.iter().filter(|target| target.kind() == kind);
            let list = Site::Command.field(kind.list_site());
            limits.check(Limit::DocumentsPerOperation, of_kind.count(), &list)?;
        }
        for target in &self.targets {
            let stated_count = target.items.as_ref().map_or(0, Vec::len);
            limits
                .check(Limit::StatedItems, stated_count, &Site::Command)
                .map_err(|error| target.place(error))?;
        }

        // Lines are counted only where that is asked for.
        if limits.get(Limit::ItemsPerOperation).is_none() {
            return Ok(());
        }
        let line_count = self.settled_line_count();
        limits.check(Limit::ItemsPerOperation, line_count, &Site::Command)
    }

    /// Counts the lines that can take part: the stated lines of a document that is settled line by line, and of any
    /// other document all lines that are not zero. So what is too large as a whole can still be settled in pieces.
    fn settled_line_count(&self) -> usize {
        let is_explicit = self.targets.iter().all(|target| target.items.is_some());
        let source_count = if is_explicit {
            let stated = self
                .targets
                .iter()
                .filter_map(|target| target.items.as_ref());
            distinct_line_count(stated.flatten().map(|stated| stated.item.source))
        } else {
            nonzero_line_count(self.source.document)
        };

        let target_counts = self.targets.iter().map(|target| match &target.items {
            Some(items) => distinct_line_count(items.iter().map(|stated| stated.item.target)),
            None => nonzero_line_count(target.document.document),
        });
        target_counts.fold(source_count, usize::saturating_add)
    }

    /// Finds the lines that explicit items name.
    fn find_items(&mut self) -> Result<()> {
        let has_items = |target: &Target<'_>| target.stated_items().is_some();
        if !self.targets.iter().any(has_items) {
            return Ok(());
        }
        let source_lines = Lookup::of(self.source);
        for target in &mut self.targets {
            target.find_items(&source_lines)?;
        }
        Ok(())
    }

    /// Refuses a document, or a pair of lines of one document, that is named twice.
    fn check_targets_differ(&self) -> Result<()> {
        for pair in self.targets.windows(2) {
            if let [first, again] = pair
                && first.document.index == again.document.index
            {
                // The command can name it by identifier and by number: the first of both, so that the refusal does not
                // depend on how the command was sorted.
                let key = first.document.key.min(again.document.key);
                let reason = Reason::DocumentTwice { id: key.into() };
                return Err(again.refuse(reason, again.kind().id_site()));
            }
        }
        self.targets.iter().try_for_each(Target::check_items_differ)
    }

    /// Refuses documents that cannot settle each other: each guard over all of them before the next.
    fn check_documents(&self) -> Result<()> {
        let source = self.source.document.header();
        check_live(&self.source, &Site::Command.field(self.source_field()))?;
        self.for_each_target(check_live)?;
        self.for_each_target(|target, site| {
            check_account(target.document.header(), &source.account_id, site)
        })?;
        self.for_each_target(|target, site| {
            check_currency(target.document.header(), &source.currency, site)
        })
    }

    /// Runs a guard over all targets, each at the field that names it.
    fn for_each_target(&self, guard: impl Fn(&Located<'_>, &Site<'_>) -> Result<()>) -> Result<()> {
        for target in &self.targets {
            let site = Site::Command.field(target.kind().id_site());
            guard(&target.document, &site).map_err(|error| target.place(error))?;
        }
        Ok(())
    }

    /// Refuses a tax item where an item is named, and an item where a tax item is.
    fn check_kinds(&self) -> Result<()> {
        for target in &self.targets {
            for stated in target.items.iter().flatten() {
                // A payment has no lines that could be named.
                if stated.stated.source.is_some() {
                    let field = stated.stated.source_site();
                    target.check_kind(stated, &self.source, stated.item.source, field)?;
                }
                let field = stated.stated.target_site(target.kind());
                target.check_kind(stated, &target.document, stated.item.target, field)?;
            }
        }
        Ok(())
    }

    /// Reads the stated amounts in the currency of the source.
    fn read_amounts(&mut self) -> Result<()> {
        let currency = self.currency();
        self.targets
            .iter_mut()
            .try_for_each(|target| target.read_amounts(currency))
    }

    /// Refuses amounts of zero or less, and of negative lines those of zero or more.
    fn check_amounts_positive(&self) -> Result<()> {
        for target in &self.targets {
            let is_positive = target.amount.is_none_or(Amount::is_positive);
            if let (Some(amount), false) = (target.amount, is_positive) {
                let amount = self.currency().figure(amount);
                return Err(target.refuse(Reason::AmountNotAboveZero { amount }, SiteField::Amount));
            }
        }
        for target in &self.targets {
            for stated in target.items.iter().flatten() {
                target.check_sign(stated, self.currency())?;
            }
        }
        Ok(())
    }

    /// Refuses items that do not sum to the amount, and takes their sum where no amount is stated.
    fn check_sums(&mut self) -> Result<()> {
        let currency = self.currency();
        for target in &mut self.targets {
            if let Some(sum) = target.checked_sum(currency)? {
                target.amount = Some(sum);
            }
        }
        Ok(())
    }
}

/// Finds the documents that a command names.
fn find_targets<'a>(
    documents: &'a Documents,
    stated: &'a [TargetAmount],
) -> Result<Vec<Target<'a>>> {
    let mut targets = Vec::with_capacity(stated.len());
    let mut missing: Option<&TargetAmount> = None;
    for target in stated {
        let named = &target.document;
        match documents.find_key(named.kind, &named.id) {
            Some(index) => {
                let document = Located {
                    key: &named.id,
                    ..locate(documents, index)?
                };
                targets.push(Target::of(document, Some(target)));
            }
            // By key, so that the refusal does not depend on how the command was sorted.
            None if missing.is_none_or(|first| named.id < first.document.id) => {
                missing = Some(target);
            }
            None => {}
        }
    }

    match missing {
        Some(target) => {
            let DocumentRef { kind, id } = &target.document;
            let list = Site::Command.field(kind.list_site());
            let entry = list.entry(target.place);
            let site = entry.field(kind.id_site());
            Err(no_such_document(*kind, id, &site))
        }
        None => Ok(targets),
    }
}

impl<'a> Target<'a> {
    const fn of(document: Located<'a>, stated: Option<&'a TargetAmount>) -> Self {
        Self {
            stated,
            document,
            amount: None,
            items: None,
        }
    }

    fn header(&self) -> &'a Header {
        self.document.document.header()
    }

    /// The kind of the document.
    pub(in crate::settle) fn kind(&self) -> Kind {
        self.header().kind
    }

    fn stated_items(&self) -> Option<&'a [ExplicitItem]> {
        self.stated.and_then(|stated| stated.items.as_deref())
    }

    /// What the explicit items move.
    pub(in crate::settle) fn part_items(&self) -> impl Iterator<Item = PartItem> {
        self.items.iter().flatten().map(|stated| stated.item)
    }

    /// Finds the lines that the explicit items name.
    fn find_items(&mut self, source_lines: &Lookup<'_>) -> Result<()> {
        let Some(stated) = self.stated_items() else {
            return Ok(());
        };
        let target_lines = Lookup::of(self.document);

        // By identifiers, so that a refusal does not depend on how the command was sorted.
        let mut by_id: Vec<_> = stated.iter().enumerate().collect();
        sort_by(&mut by_id, |(_, a), (_, b)| {
            (&a.source, &a.target).cmp(&(&b.source, &b.target))
        });
        let mut items = Vec::with_capacity(by_id.len());
        for (item_index, stated) in by_id {
            let item = find_lines(stated, self.kind(), source_lines, &target_lines)
                .map_err(|error| self.place_item(item_index, error))?;
            items.push(StatedPart {
                item_index,
                stated,
                item,
            });
        }
        sort_by(&mut items, |a, b| a.item.order().cmp(&b.item.order()));
        self.items = Some(items);
        Ok(())
    }

    /// Refuses a pair of lines that is named twice.
    fn check_items_differ(&self) -> Result<()> {
        let items = self.items.as_deref().unwrap_or_default();
        for pair in items.windows(2) {
            if let [first, again] = pair
                && first.item.source == again.item.source
                && first.item.target == again.item.target
            {
                let target = again.stated.target.as_str().into();
                let reason = match again.stated.source.as_deref() {
                    Some(source) => Reason::LinesTwice {
                        source: source.into(),
                        target,
                    },
                    None => Reason::LineTwice { line: target },
                };
                let error = Error::of(reason, &Site::Command);
                return Err(self.place_item(again.item_index, error));
            }
        }
        Ok(())
    }

    /// Refuses a line that an item names in a field for lines of the other kind.
    fn check_kind(
        &self,
        stated: &StatedPart<'_>,
        document: &Located<'_>,
        line: LineIndex,
        field: SiteField,
    ) -> Result<()> {
        if document.is_tax(line) == stated.stated.tax {
            return Ok(());
        }
        let reason = wrong_kind(stated.stated.tax);
        let error = Error::of(reason, &Site::Command.field(field));
        Err(self.place_item(stated.item_index, error))
    }

    /// Reads the stated amounts, that of the document and those of its items.
    fn read_amounts(&mut self, currency: &Currency) -> Result<()> {
        let site = Site::Command.field(SiteField::Amount);
        let amount = self.stated.and_then(|stated| stated.amount);
        if let Some(decimal) = amount {
            let amount = currency.amount(decimal);
            self.amount = Some(amount.map_err(|error| self.place(error.at(&site)))?);
        }

        let mut items = self.items.take();
        for stated in items.iter_mut().flatten() {
            let amount = currency.amount(stated.stated.amount);
            let place = |error: Error| self.place_item(stated.item_index, error.at(&site));
            stated.item.amount = amount.map_err(place)?;
        }
        self.items = items;
        Ok(())
    }

    /// Refuses an amount of an item that has not the sign of its line.
    fn check_sign(&self, stated: &StatedPart<'_>, currency: &Currency) -> Result<()> {
        let PartItem { target, amount, .. } = stated.item;
        let figures = self.document.document.line_figures(target);
        let net = figures.and_then(|figures| figures.amount().plus(figures.netted()));
        let is_negative = net.is_some_and(|net| net < Amount::ZERO);

        let figure = currency.figure(amount);
        if is_negative && amount >= Amount::ZERO {
            let reason = Reason::NotBelowZero { amount: figure };
            return Err(self.refuse_item(stated, reason));
        }
        if !is_negative && !amount.is_positive() {
            let reason = Reason::AmountNotAboveZero { amount: figure };
            return Err(self.refuse_item(stated, reason));
        }
        Ok(())
    }

    /// The sum of the items, if there are any. Refuses one that is another than the stated amount, or not more than
    /// zero.
    fn checked_sum(&self, currency: &Currency) -> Result<Option<Amount>> {
        let Some(items) = &self.items else {
            return Ok(None);
        };
        let Some(sum) = Amount::sum(items.iter().map(|stated| stated.item.amount)) else {
            return Err(self.refuse(Reason::ItemsOutOfRange {}, SiteField::Amount));
        };

        let sum_figure = currency.figure(sum);
        if let Some(amount) = self.amount.filter(|&amount| amount != sum) {
            let reason = Reason::NotSumOfItems {
                sum: sum_figure,
                amount: currency.figure(amount),
            };
            return Err(self.refuse(reason, SiteField::Amount));
        }
        if !sum.is_positive() {
            let reason = Reason::ItemsNotAboveZero { sum: sum_figure };
            return Err(self.refuse(reason, SiteField::Items));
        }
        Ok(Some(sum))
    }

    /// A refusal of this target at one of its fields.
    #[cold]
    pub(in crate::settle) fn refuse(&self, reason: Reason, field: SiteField) -> Error {
        self.place(Error::of(reason, &Site::Command.field(field)))
    }

    /// A refusal of the amount of an explicit item.
    #[cold]
    pub(in crate::settle) fn refuse_item(&self, stated: &StatedPart<'_>, reason: Reason) -> Error {
        let error = Error::of(reason, &Site::Command.field(SiteField::Amount));
        self.place_item(stated.item_index, error)
    }

    /// The same refusal, of a field of this target in the command: of an entry of the list of its kind, or of the list
    /// where the command does not name the document.
    #[cold]
    fn place(&self, error: Error) -> Error {
        let list = Site::Command.field(self.kind().list_site());
        match self.stated {
            Some(stated) => error.within(&list.entry(stated.place)),
            None => error.within(&list),
        }
    }

    /// The same refusal, of a field of an explicit item of this target.
    #[cold]
    fn place_item(&self, item_index: usize, error: Error) -> Error {
        let items = Site::Command.field(SiteField::Items);
        self.place(error.within(&items.entry(item_index)))
    }
}

/// The lines that an explicit item names, with an amount of zero until it is read.
fn find_lines(
    stated: &ExplicitItem,
    target_kind: Kind,
    source_lines: &Lookup<'_>,
    target_lines: &Lookup<'_>,
) -> Result<PartItem> {
    let source = match &stated.source {
        Some(id) => source_lines.find(id, &Site::Command.field(stated.source_site()))?,
        // A payment has one line.
        None => LineIndex(0),
    };
    let target_site = Site::Command.field(stated.target_site(target_kind));
    let target = target_lines.find(&stated.target, &target_site)?;
    Ok(PartItem {
        source,
        target,
        amount: Amount::ZERO,
    })
}

/// Why a line does not fit its field, which is for tax items or for items.
pub(in crate::settle) const fn wrong_kind(needs_tax: bool) -> Reason {
    if needs_tax {
        Reason::ItemForTaxItem {}
    } else {
        Reason::TaxItemForItem {}
    }
}

/// The lines of one document by identifier.
pub(in crate::settle) struct Lookup<'a> {
    document: Located<'a>,
    // Only for look-ups, never iterated: its order means nothing.
    lines: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Lookup<'a> {
    pub(in crate::settle) fn of(document: Located<'a>) -> Self {
        let lines = (0..)
            .map(LineIndex)
            .zip(document.document.lines())
            .map(|(index, line)| (&*line.id, index))
            .collect();
        Self { document, lines }
    }

    /// The line with that identifier.
    pub(in crate::settle) fn get(&self, id: &str) -> Option<LineIndex> {
        self.lines.get(id).copied()
    }

    /// Finds the line with that identifier.
    ///
    /// # Errors
    /// `itemNotFound` at `site`.
    pub(in crate::settle) fn find(&self, id: &str, site: &Site<'_>) -> Result<LineIndex> {
        let Some(line) = self.get(id) else {
            let reason = Reason::NoSuchLine {
                kind: self.document.document.header().kind.into(),
                document: self.document.key.into(),
                line: id.into(),
            };
            return Err(Error::of(reason, site));
        };
        Ok(line)
    }
}

/// Refuses a command that names no targets, or no items where its rule needs them: no document is read for that.
///
/// # Errors
/// `missingField`, `invalidChoice`.
pub(in crate::settle) fn check_shape(
    stated: &[TargetAmount],
    all_open: &[Kind],
    spread: &Spread,
) -> Result<()> {
    if stated.is_empty() && all_open.is_empty() {
        let site = Site::Command.field(SiteField::Invoices);
        return Err(Error::of(Reason::NoTargets {}, &site));
    }
    let lacks_items = |target: &&TargetAmount| match &target.items {
        Some(items) => items.is_empty(),
        None => spread.rule == Some(Rule::Explicit),
    };
    // By key, so that the refusal does not depend on how the command was sorted.
    let lacking = stated.iter().filter(lacks_items);
    let Some(target) = lacking.min_by(|a, b| a.document.id.cmp(&b.document.id)) else {
        return check_rule_of_open(all_open, spread);
    };
    let list = Site::Command.field(target.document.kind.list_site());
    let entry = list.entry(target.place);
    Err(Error::of(
        Reason::NoItems {},
        &entry.field(SiteField::Items),
    ))
}

/// Refuses a rule that needs stated items where documents are settled that nobody names.
fn check_rule_of_open(all_open: &[Kind], spread: &Spread) -> Result<()> {
    if all_open.is_empty() || spread.rule != Some(Rule::Explicit) {
        return Ok(());
    }
    let rule = Rule::Explicit.as_str().into();
    let site = Site::Command.field(SiteField::Rule);
    Err(Error::of(Reason::RuleNeedsItems { rule }, &site))
}
