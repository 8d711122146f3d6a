//! Resolves what an apply or unapply names into indices and amounts, and refuses what neither of them can settle.
//!
//! A command names documents and lines by identifier. [`ApplyPlan::resolve`] finds each of them once; from there on a
//! plan knows indices. An operation that settles documents which it already has enters with
//! [`ApplyPlan::of_documents`], so that it passes the same guards without making up a request.

mod lookup;
mod shape;
mod size;
mod target;

pub(in crate::settle) use lookup::Lookup;
pub(in crate::settle) use shape::check_shape;
pub(in crate::settle) use target::{StatedPart, Target, wrong_kind};

use crate::command::TargetAmount;
use crate::command::settings::{Limit, NumberOrder, Settings};
use crate::command::spread::Spread;
use crate::document::{DocumentIndex, Kind, Rule};
use crate::error::{Reason, Result, Site, SiteField};
use crate::memory::capped_sum;
use crate::money::{Amount, Currency};
use crate::order::places_by_head;
use crate::settle::context::Context;
use crate::settle::guard::documents::{check_account, check_currency, check_live};
use crate::settle::plan::located::{Located, locate};
use crate::settle::plan::targets::target::find_targets;
use std::cmp::Ordering;

/// One source and its targets, by index: known to fit together, though not yet to suffice.
pub(in crate::settle) struct ApplyPlan<'a> {
    /// The credit memo or payment.
    pub source: Located<'a>,
    /// The invoices and debit memos in the order in which they settle.
    pub targets: Vec<Target<'a>>,
}

impl<'a> ApplyPlan<'a> {
    /// Resolves the targets that a command names, together with the `open` ones that it means by all that is open.
    /// Their amounts come later, with [`ApplyPlan::measure`].
    ///
    /// # Errors
    /// The first of `documentNotFound`, `itemNotFound`, `duplicateEntry`, `invalidStatus`, `accountMismatch`,
    /// `currencyMismatch`, `kindMismatch`.
    pub(in crate::settle) fn resolve(
        context: Context<'a>,
        source: Located<'a>,
        stated: &'a [TargetAmount],
        open: Vec<Located<'a>>,
        spread: &Spread,
    ) -> Result<Self> {
        let mut targets = find_targets(context.documents, stated)?;
        targets.extend(open.into_iter().map(|document| Target::of(document, None)));
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

    /// The documents that the command names, so that it is told if nothing is applied to them.
    pub(in crate::settle) fn named(&self) -> impl Iterator<Item = DocumentIndex> {
        let named = self.targets.iter().filter(|target| target.stated.is_some());
        named.map(|target| target.document.index)
    }

    /// Refuses to take back more part items at once than the book's limit.
    ///
    /// # Errors
    /// `limitExceeded` at the source.
    pub(in crate::settle) fn check_part_items(&self, context: Context<'_>) -> Result<()> {
        let site = Site::Command.field(self.source_field());
        let parts = context.documents.parts_of(self.source.index);
        let item_count = capped_sum(parts.map(|(_, part)| part.items().len()));
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
        let targets = self.targets.iter();
        capped_sum(targets.map(|target| target.document.document.lines().len()))
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
