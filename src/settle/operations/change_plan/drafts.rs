//! The drafts of the credit memo and of the invoice of a change of plan.

use crate::calendar::Date;
use crate::command::ChangePlan;
use crate::command::settings::OverCrediting;
use crate::document::{
    Document, DocumentIndex, Header, Kind, LineIndex, LineRef, Origin, TaxIdentity,
};
use crate::error::{Error, Reason, Result, Site, SiteField, first_refusal, refusal_of};
use crate::money::{Currency, text};
use crate::prorate::Destination;
use crate::prorate::change::ChangePreview;
use crate::settle::context::Context;
use crate::settle::guard::{credit, effective_dates};
use crate::settle::operations::change_plan::priced::{ChangeItem, PricedChange};
use crate::settle::operations::change_plan::site::{site_in_document, site_in_memo};
use crate::settle::operations::change_plan::stated_id;
use crate::settle::operations::create::{self, CheckedDraft};
use crate::settle::plan::draft::{Coverage, DraftItem, DraftPlan, DraftTax};
use crate::settle::plan::located::{Located, locate};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The documents of a change that are to be made and settled.
pub(super) struct ChangeBilling<'a> {
    /// The day of the command.
    pub date: Date,
    /// The command.
    pub request: &'a ChangePlan,
    /// The account of both documents.
    pub account_id: Arc<str>,
    /// The currency of both documents.
    pub currency: Arc<Currency>,
    /// The document that billed the plan.
    pub billed: Option<DocumentIndex>,
}

impl ChangeBilling<'_> {
    /// The drafts of the credit memo and of the invoice, each if it has items. What is wrong with either is asked
    /// before one of them is made.
    pub(super) fn drafts(
        &self,
        context: Context<'_>,
        priced: PricedChange<'_>,
    ) -> Result<(Option<CheckedDraft>, Option<CheckedDraft>)> {
        let memo = self.memo(context, priced.credits, priced.credits_bill_alone);
        let invoice = self.invoice(context, priced.charges);

        let settled_day = match &memo {
            Ok(None) => Ok(()),
            _ => self.check_settled_day(context),
        };
        first_refusal([refusal_of(&memo), settled_day, refusal_of(&invoice)])?;

        match (memo?, invoice?) {
            (None, None) => {
                let site = Site::Command.field(SiteField::Change);
                Err(Error::of(Reason::NothingChanges {}, &site))
            }
            drafts => Ok(drafts),
        }
    }

    /// The draft of the credit memo, if something is credited.
    fn memo(
        &self,
        context: Context<'_>,
        credits: Vec<ChangeItem<'_>>,
        credits_bill_alone: bool,
    ) -> Result<Option<CheckedDraft>> {
        if credits.is_empty() {
            return Ok(None);
        }

        // A memo that also credits what the bill did not bill is made from nothing.
        let id = stated_id(&self.request.credit_memo_id, Kind::CreditMemo)?;
        let from = self.billed.filter(|_| credits_bill_alone);
        let items_field = match from {
            Some(_) => SiteField::BilledBy,
            None => SiteField::Change,
        };

        let memo = self
            .draft(context, Kind::CreditMemo, id, from, credits)
            .map_err(|error| error.moved(|inner| site_in_memo(inner, items_field)))?;
        self.check_credited(context, &memo.document)?;
        Ok(Some(memo))
    }

    /// Refuses to credit more of the billed item than it has available. What is billed is known item by item: others of
    /// the same bill are not there to be credited.
    fn check_credited(&self, context: Context<'_>, memo: &Document) -> Result<()> {
        if self.billed.is_none() || context.settings.over_crediting == OverCrediting::Any {
            return Ok(());
        }

        let site = Site::Command.field(SiteField::BilledBy);
        self.check_days(context, memo, &site)?;
        let rule = OverCrediting::HeaderAndItem;
        credit::check_by(rule, context, memo, None, &site)
    }

    /// Refuses to credit days of the billed item that an earlier memo has credited: amounts alone would allow that, as
    /// long as enough of the item is left.
    fn check_days(&self, context: Context<'_>, memo: &Document, site: &Site<'_>) -> Result<()> {
        let Some(billed) = self.billed else {
            return Ok(());
        };

        // What a reversed memo credited is billed again by its debit memo.
        let earlier = credit::posted(context, billed).filter(|earlier| !earlier.header().reversed);
        for earlier in earlier {
            for days in CreditedDays::all_of(earlier) {
                if CreditedDays::all_of(memo).any(|new| new.overlaps(&days)) {
                    let memo = (*earlier.header().id).into();
                    let (from, to) = (days.from.into(), days.to.into());
                    return Err(Error::of(Reason::DaysCredited { memo, from, to }, site));
                }
            }
        }
        Ok(())
    }

    /// Refuses to settle the bill on a day on which it was a draft, because it was posted again later.
    fn check_settled_day(&self, context: Context<'_>) -> Result<()> {
        match self.billed {
            Some(billed) if self.settles() => effective_dates::check_posted_again(
                context.documents,
                [billed],
                self.date,
                SiteField::At,
            ),
            _ => Ok(()),
        }
    }

    /// Whether the credit memo settles anything.
    pub(super) fn settles(&self) -> bool {
        let destination = self.request.change.terms.destination;
        !self.request.draft && destination != Destination::Account
    }

    /// The draft of the invoice, if something is charged.
    fn invoice(
        &self,
        context: Context<'_>,
        charges: Vec<ChangeItem<'_>>,
    ) -> Result<Option<CheckedDraft>> {
        if charges.is_empty() {
            return Ok(None);
        }

        let id = stated_id(&self.request.invoice_id, Kind::Invoice)?;
        let (id_field, items_field) = (SiteField::InvoiceId, SiteField::Change);
        self.draft(context, Kind::Invoice, id, None, charges)
            .map(Some)
            .map_err(|error| error.moved(|inner| site_in_document(inner, id_field, items_field)))
    }

    /// The draft of a document of the change, made from `from` or from nothing.
    fn draft(
        &self,
        context: Context<'_>,
        kind: Kind,
        id: &str,
        from: Option<DocumentIndex>,
        items: Vec<ChangeItem<'_>>,
    ) -> Result<CheckedDraft> {
        let (account_id, currency) = (Arc::clone(&self.account_id), Arc::clone(&self.currency));
        let header = Header {
            origin: match from {
                Some(_) => Origin::Document,
                None => Origin::Standalone,
            },
            refers_to: from,
            ..Header::draft(kind, id, account_id, currency, self.date)
        };

        let from = match from {
            Some(from) => Some(locate(context.documents, from)?),
            None => None,
        };

        let plan = DraftPlan {
            header,
            index: None,
            from,
            items: self.link_to_bill(context, items)?,
            coverage: Coverage::Stated,
            restocking_fee: None,
            posted_on: match self.request.draft {
                true => None,
                false => Some(self.date),
            },
        };
        create::check(context, plan)
    }

    /// Names the billed item as the source of the items that credit it, and each of its taxes as that of the same tax:
    /// later credits of the item then know what was credited of its taxes.
    ///
    /// The credit of a tax of the bill is a share of what was billed, as in any other credit of an item
    /// (`settlement.md#taxes-of-partial-credits`), and not the rate on what is credited: a bill can round its taxes
    /// otherwise than the terms, by group, or state them. So all of an item gives all of its taxes back.
    fn link_to_bill<'p>(
        &self,
        context: Context<'_>,
        items: Vec<ChangeItem<'p>>,
    ) -> Result<Vec<DraftItem<'p>>> {
        let mut linked = Vec::with_capacity(items.len());
        for ChangeItem {
            mut item,
            credits_bill,
        } in items
        {
            item.source = match credits_bill {
                true => self.billed_item(context)?,
                false => None,
            };

            // The bill says what it billed. The sentence of a calculation is no text for a memo.
            if let Some(source) = item.source {
                let billed = locate(context.documents, source.document)?.document;
                link_taxes(billed, source, &mut item.taxes);
                item.tax_rounding = Some(self.request.change.terms.rounding);
                if item.record.description.is_none() {
                    item.record.to_mut().description = description_of(billed, source.line);
                }
            }
            linked.push(item);
        }
        Ok(linked)
    }

    /// Whether the item that the plan was billed by has taxes, while no plan of the change states any.
    pub(super) fn lacks_taxes(&self, context: Context<'_>, preview: &ChangePreview) -> bool {
        let Ok(Some(item)) = self.billed_item(context) else {
            return false;
        };
        let Ok(billed) = locate(context.documents, item.document) else {
            return false;
        };

        let has_taxes = billed.document.tax_items(item.line).next().is_some();
        has_taxes && preview.lines.iter().all(|line| line.taxes.is_empty())
    }

    /// The item that the plan was billed by, if the command names one.
    ///
    /// # Errors
    /// `itemNotFound`.
    fn billed_item(&self, context: Context<'_>) -> Result<Option<LineRef>> {
        let (Some(index), Some(source)) = (self.billed, &self.request.source) else {
            return Ok(None);
        };
        let billed = Located {
            key: &source.document.id,
            ..locate(context.documents, index)?
        };

        match find_item(billed.document, &source.item_id) {
            Some(line) => Ok(Some(LineRef {
                document: index,
                line,
            })),
            None => {
                let site = Site::Command.field(SiteField::BilledBy);
                let site = site.field(SiteField::ItemId);
                Err(create::no_such_item(&billed, &source.item_id, &site))
            }
        }
    }
}

/// The item of a document with this identifier.
fn find_item(document: &Document, item_id: &str) -> Option<LineIndex> {
    let mut lines = document.lines_with_figures();
    let (index, ..) = lines.find(|(_, line, _)| *line.id == *item_id && !line.detail.is_tax())?;
    Some(index)
}

/// The amount of the item that billed a plan, less its discounts: that is the amount that the customer was charged.
pub(super) fn amount_of_item(billed: &Document, item_id: &str) -> Option<Decimal> {
    let figures = billed.figures().get(find_item(billed, item_id)?.get())?;
    let net = figures.amount().plus(figures.netted())?;
    text::parse(&billed.header().currency.write(net)).ok()
}

/// The description of an item.
fn description_of(document: &Document, line: LineIndex) -> Option<Box<str>> {
    let record = document.line(line)?.detail.record()?.get()?;
    record.description.clone()
}

/// Names the taxes of the billed item as the sources of the taxes that credit them: each the first of the same tax that
/// no other one credits.
fn link_taxes(billed: &Document, item: LineRef, taxes: &mut [DraftTax<'_>]) {
    let mut free: Vec<_> = billed.tax_items(item.line).collect();
    for tax in taxes {
        let is_same = |line: &LineIndex| {
            let known = billed.line(*line).and_then(|line| line.detail.tax());
            known.is_some_and(|(_, known)| bills_tax(known, &tax.identity))
        };
        let Some(place) = free.iter().position(is_same) else {
            continue;
        };

        let line = free.remove(place);
        tax.source = Some(LineRef { line, ..item });
        tax.amount = None;
    }
}

/// Whether a tax of a bill is one of a plan. A plan knows the name and rate of a tax and no more, and a bill can have a
/// tax without a rate, calculated elsewhere.
fn bills_tax(billed: &TaxIdentity, of_plan: &TaxIdentity) -> bool {
    let has_name = of_plan.name.is_none() || of_plan.name == billed.name;
    let has_rate = billed.rate.is_none() || billed.rate == of_plan.rate;
    has_name && has_rate
}

/// Days of a billed item that a memo credits, both ends included.
struct CreditedDays {
    item: LineRef,
    from: Date,
    to: Date,
}

impl CreditedDays {
    /// Those that a memo says.
    fn all_of(memo: &Document) -> impl Iterator<Item = Self> {
        memo.lines().iter().filter_map(|line| {
            let record = line.detail.record()?.get()?;
            Some(Self {
                item: line.source?,
                from: record.service_start?,
                to: record.service_end?,
            })
        })
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.item == other.item && self.from <= other.to && other.from <= self.to
    }
}
