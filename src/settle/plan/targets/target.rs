//! One target of a plan: what a command states of it, found, read and checked.

use crate::command::{DocumentRef, ExplicitItem, TargetAmount};
use crate::document::{Documents, Header, Kind, LineIndex, PartItem};
use crate::error::{Error, Reason, Result, Site, SiteField};
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::plan::located::{Located, locate, no_such_document};
use crate::settle::plan::targets::Lookup;

/// One target of a plan.
#[derive(Clone)]
pub(in crate::settle) struct Target<'a> {
    /// The words of the command; absent if it does not list the document.
    pub(super) stated: Option<&'a TargetAmount>,
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
    pub(super) item_index: usize,
    /// The words of the command.
    pub(super) stated: &'a ExplicitItem,
    /// What it moves.
    pub item: PartItem,
}

/// Finds the documents that a command names.
pub(super) fn find_targets<'a>(
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
    pub(super) const fn of(document: Located<'a>, stated: Option<&'a TargetAmount>) -> Self {
        Self {
            stated,
            document,
            amount: None,
            items: None,
        }
    }

    pub(super) fn header(&self) -> &'a Header {
        self.document.document.header()
    }

    /// The kind of the document.
    pub(in crate::settle) fn kind(&self) -> Kind {
        self.header().kind
    }

    pub(super) fn stated_items(&self) -> Option<&'a [ExplicitItem]> {
        self.stated.and_then(|stated| stated.items.as_deref())
    }

    /// What the explicit items move.
    pub(in crate::settle) fn part_items(&self) -> impl Iterator<Item = PartItem> {
        self.items.iter().flatten().map(|stated| stated.item)
    }

    /// Finds the lines that the explicit items name.
    pub(super) fn find_items(&mut self, source_lines: &Lookup<'_>) -> Result<()> {
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
    pub(super) fn check_items_differ(&self) -> Result<()> {
        let Some(items) = &self.items else {
            return Ok(());
        };
        // They are in order of their lines.
        for pair in items.windows(2) {
            if let [first, again] = pair
                && first.item.source == again.item.source
                && first.item.target == again.item.target
            {
                let error = Error::of(named_twice(again.stated), &Site::Command);
                return Err(self.place_item(again.item_index, error));
            }
        }
        Ok(())
    }

    /// Refuses a line that an item names in a field for lines of the other kind.
    pub(super) fn check_kind(
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
    pub(super) fn read_amounts(&mut self, currency: &Currency) -> Result<()> {
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
    pub(super) fn check_sign(&self, stated: &StatedPart<'_>, currency: &Currency) -> Result<()> {
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
    pub(super) fn checked_sum(&self, currency: &Currency) -> Result<Option<Amount>> {
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
    pub(super) fn place(&self, error: Error) -> Error {
        let list = Site::Command.field(self.kind().list_site());
        match self.stated {
            Some(stated) => error.within(&list.entry(stated.place)),
            None => error.within(&list),
        }
    }

    /// The same refusal, of a field of an explicit item of this target.
    #[cold]
    pub(super) fn place_item(&self, item_index: usize, error: Error) -> Error {
        let items = Site::Command.field(SiteField::Items);
        self.place(error.within(&items.entry(item_index)))
    }
}

/// Why a pair of lines cannot be named again. A payment has no line that could be told.
fn named_twice(item: &ExplicitItem) -> Reason {
    let target = item.target.as_str().into();
    match item.source.as_deref() {
        Some(source) => Reason::LinesTwice {
            source: source.into(),
            target,
        },
        None => Reason::LineTwice { line: target },
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
