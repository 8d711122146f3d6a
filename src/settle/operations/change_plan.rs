//! Bill a change of plan: what it credits becomes a credit memo, what it charges an invoice, and the one settles the
//! other (`proration.md` 3, `settlement.md` 3.6).

use crate::calendar::{Date, Moment};
use crate::command::ChangePlan;
use crate::command::settings::OverCrediting;
use crate::command::spread::Spread;
use crate::document::{
    Document, DocumentIndex, Header, ItemRecord, Kind, LineRef, Origin, Processing, Rule,
    TaxIdentity,
};
use crate::error::{
    Code, Error, Reason, Result, Site, SiteField, SiteStep, first_refusal, refusal_of,
};
use crate::money::{Currency, text};
use crate::prorate::change::{ChangeLine, ChangePreview, LineKind, PlanTax};
use crate::prorate::{DecimalAmount, Destination, Interval, Present};
use crate::settle::guard::names::{check_names, check_new_id, currency_of};
use crate::settle::guard::{credit, effective_dates};
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::create::CheckedDraft;
use crate::settle::operations::{apply, create, refund};
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::draft::{Coverage, DraftAmount, DraftItem, DraftPlan, DraftTax};
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{find, locate};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::sync::Arc;

/// Makes, posts and settles the documents of a change. The credit settles the item that was billed, as far as that is
/// open, and then the new invoice; the rest goes where the terms send it. Returns the invoice, or the credit memo where
/// nothing is charged.
///
/// # Errors
/// `missingField` for the identifier of a document that is to be made; those of
/// [`Change::preview`](crate::prorate::change::ChangeRequest::preview), at `change`; `unknownCurrency`, `duplicateId`,
/// `documentNotFound`; those of [`create::check`]; `nothingToSettle` where nothing is to be made. Then those of
/// [`apply::apply_to`] and [`refund::refund_rest`] for what the documents settle once they are there.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ChangePlan,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let billed = billed_document(context, request);
    let known = billed.as_ref().ok().copied().flatten();
    let currency = currency_of_change(context, request, known);

    // The change itself can be wrong whatever its currency is, and that is told first. So any will do to ask it.
    let assumed = currency.as_ref().unwrap_or(&context.settings.currency);
    let preview = preview(context, request, assumed);
    let priced = match &preview {
        Ok(preview) => PricedChange::of(preview, request),
        Err(refusal) => Err(refusal.clone()),
    };
    first_refusal([
        check_ids(context, request, &priced),
        refusal_of(&priced),
        refusal_of(&currency),
        refusal_of(&billed),
    ])?;

    let billing = ChangeBilling {
        date,
        request,
        account_id: account_of_change(context, request, known),
        currency: currency?,
        billed: known.map(|billed| billed.index),
    };
    let (memo, invoice) = billing.drafts(context, priced?)?;
    let memo = memo.map(|memo| create::perform(journal, date, memo));
    let memo = memo.transpose()?;
    let invoice = invoice.map(|invoice| create::perform(journal, date, invoice));
    let invoice = invoice.transpose()?;
    if let Some(memo) = memo {
        billing.settle_memo(journal, memo, invoice)?;
    }
    invoice
        .or(memo)
        .ok_or_else(|| Error::fault("a change without documents"))
}

/// Refuses a command that lacks the identifier of a document which has to be made, and one that is taken. Where the
/// change is refused, nobody knows which documents have to be made.
///
/// # Errors
/// The first of `missingField`, `invalidId`, `duplicateId`.
fn check_ids(
    context: Context<'_>,
    request: &ChangePlan,
    priced: &Result<PricedChange<'_>>,
) -> Result<()> {
    let Ok(priced) = priced else {
        return Ok(());
    };
    let mut ids = Vec::with_capacity(2);
    if !priced.credits.is_empty() {
        let id = stated_id(&request.credit_memo_id, Kind::CreditMemo)?;
        ids.push((Kind::CreditMemo, id));
    }
    if !priced.charges.is_empty() {
        let id = stated_id(&request.invoice_id, Kind::Invoice)?;
        ids.push((Kind::Invoice, id));
    }

    for &(kind, id) in &ids {
        let site = kind.id_site();
        check_names(id, None, request.account_id.as_deref())
            .map_err(|error| error.moved(|inner| site_in_document(inner, site, site)))?;
    }
    for &(kind, id) in &ids {
        let site = Site::Command.field(kind.id_site());
        check_new_id(context, kind, id, None).map_err(|error| error.at(&site))?;
    }
    match ids.as_slice() {
        [(_, memo), (kind, invoice)] if memo == invoice => {
            let id = (*invoice).into();
            let site = Site::Command.field(kind.id_site());
            Err(Error::of(Reason::DocumentIdTaken { id }, &site))
        }
        _ => Ok(()),
    }
}

/// The document that billed the plan, if the command names it.
fn billed_document<'a>(
    context: Context<'a>,
    request: &'a ChangePlan,
) -> Result<Option<Located<'a>>> {
    let Some(source) = &request.source else {
        return Ok(None);
    };
    let billed = Site::Command.field(SiteField::BilledBy);
    let site = billed.field(source.document.kind.id_site());
    find(context.documents, &source.document, &site).map(Some)
}

/// The currency of the change: the stated one, that of the document that billed the plan, or that of the book.
fn currency_of_change(
    context: Context<'_>,
    request: &ChangePlan,
    billed: Option<Located<'_>>,
) -> Result<Arc<Currency>> {
    match (&request.currency, billed) {
        (Some(code), _) => currency_of(context.settings, code),
        (None, Some(billed)) => Ok(Arc::clone(&billed.document.header().currency)),
        (None, None) => Ok(Arc::clone(&context.settings.currency)),
    }
}

/// The account of the change: the stated one, that of the document that billed the plan, or that of the book.
fn account_of_change(
    context: Context<'_>,
    request: &ChangePlan,
    billed: Option<Located<'_>>,
) -> Arc<str> {
    match (&request.account_id, billed) {
        (Some(account_id), _) => account_id.as_str().into(),
        (None, Some(billed)) => Arc::clone(&billed.document.header().account_id),
        (None, None) => Arc::clone(&context.settings.account_id),
    }
}

/// Prices the change.
fn preview(
    context: Context<'_>,
    request: &ChangePlan,
    currency: &Currency,
) -> Result<ChangePreview> {
    let mut change = request.change.clone();
    // Documents have credits and charges, however a preview shows them.
    change.terms.present = Present::Gross;
    change.allow_tax_rate_from_1 = context.settings.allow_tax_rate_from_1;
    if change.increment.is_zero() {
        change.increment = currency.increment_decimal();
    }
    let site = Site::Command.field(SiteField::Change);
    change.preview().map_err(|error| error.within(&site))
}

/// What a change comes to: the items of the documents that it makes.
struct PricedChange<'p> {
    credits: Vec<ChangeItem<'p>>,
    charges: Vec<ChangeItem<'p>>,
    /// Whether all that is credited is credited of the bill. A memo is then made from it; what else a memo has, the
    /// bill did not bill.
    credits_bill_alone: bool,
}

impl<'p> PricedChange<'p> {
    fn of(preview: &'p ChangePreview, request: &ChangePlan) -> Result<Self> {
        let (credits, charges) = items(preview, request.change.terms.interval)?;
        let mut credited = preview.lines.iter().filter(|line| line.is_credited);
        Ok(Self {
            credits,
            charges,
            credits_bill_alone: credited
                .all(|line| line.credits_bill() || line.kind == LineKind::Rounding),
        })
    }
}

/// An item of a document of a change.
struct ChangeItem<'p> {
    item: DraftItem<'p>,
    /// It credits the item that the plan was billed by.
    credits_bill: bool,
}

/// The documents of a change that are to be made and settled.
struct ChangeBilling<'a> {
    date: Date,
    request: &'a ChangePlan,
    account_id: Arc<str>,
    currency: Arc<Currency>,
    /// The document that billed the plan.
    billed: Option<DocumentIndex>,
}

impl ChangeBilling<'_> {
    /// The drafts of the credit memo and of the invoice, each if it has items. What is wrong with either is asked
    /// before one of them is made.
    fn drafts(
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
    fn settles(&self) -> bool {
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
            auto_post: !self.request.draft,
        };
        create::check(context, plan)
    }

    /// Names the billed item as the source of the items that credit it.
    fn link_to_bill<'p>(
        &self,
        context: Context<'_>,
        items: Vec<ChangeItem<'p>>,
    ) -> Result<Vec<DraftItem<'p>>> {
        let mut linked = Vec::with_capacity(items.len());
        for ChangeItem { item, credits_bill } in items {
            let source = match credits_bill {
                true => self.billed_item(context)?,
                false => None,
            };
            linked.push(DraftItem { source, ..item });
        }
        Ok(linked)
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
        for (line_index, line, _) in billed.document.lines_with_figures() {
            if *line.id == *source.item_id && !line.detail.is_tax() {
                return Ok(Some(LineRef {
                    document: index,
                    line: line_index,
                }));
            }
        }
        let site = Site::Command.field(SiteField::BilledBy);
        let site = site.field(SiteField::ItemId);
        Err(create::no_such_item(&billed, &source.item_id, &site))
    }

    /// Settles what the change credits: with the bill, with the new invoice, and the rest where the terms send it.
    fn settle_memo(
        &self,
        journal: &mut Journal<'_>,
        memo: DocumentIndex,
        invoice: Option<DocumentIndex>,
    ) -> Result<()> {
        if !self.settles() {
            return Ok(());
        }
        if let Some(billed) = self.billed {
            let field = SiteField::BilledBy;
            settle(journal, self.date, memo, billed, Rule::SourceItem, field)?;
        }
        if let Some(invoice) = invoice {
            let field = SiteField::InvoiceId;
            settle(journal, self.date, memo, invoice, Rule::Proration, field)?;
        }
        if self.request.change.terms.destination == Destination::Refund {
            give_back(journal, self.date, memo, self.request)?;
        }
        Ok(())
    }
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

/// Where a change of plan has what is wrong with the credit memo that it makes.
fn site_in_memo(inner: &[SiteStep], items: SiteField) -> Vec<SiteStep> {
    match inner {
        // The document that the memo is made from is the one that billed the plan.
        [document @ SiteStep::Field(SiteField::InvoiceId | SiteField::DebitMemoId)] => {
            vec![SiteStep::Field(SiteField::BilledBy), document.clone()]
        }
        [.., SiteStep::Field(SiteField::SourceItemId)] => vec![
            SiteStep::Field(SiteField::BilledBy),
            SiteStep::Field(SiteField::ItemId),
        ],
        _ => site_in_document(inner, SiteField::CreditMemoId, items),
    }
}

/// Where a change of plan has what is wrong with a document that it makes: at the field of its identifier, at its own
/// date, or at what its items follow from.
fn site_in_document(inner: &[SiteStep], id: SiteField, items: SiteField) -> Vec<SiteStep> {
    match inner {
        [SiteStep::Field(SiteField::Id)] => vec![SiteStep::Field(id)],
        [SiteStep::Field(SiteField::Date)] => vec![SiteStep::Field(SiteField::At)],
        [SiteStep::Field(SiteField::Items), ..] => vec![SiteStep::Field(items)],
        _ => inner.to_vec(),
    }
}

/// Refunds what a memo has left, if anything.
fn give_back(
    journal: &mut Journal<'_>,
    date: Date,
    memo: DocumentIndex,
    request: &ChangePlan,
) -> Result<()> {
    let document = locate(journal.context().documents, memo)?.document;
    if settleable(document, &Spread::default()).is_zero() {
        return Ok(());
    }
    let id = stated_id(&request.refund_id, Kind::Refund)?;
    refund::refund_rest(journal, date, memo, id)
        .map(drop)
        .map_err(|error| {
            error.moved(|inner| {
                site_in_document(inner, SiteField::RefundId, SiteField::CreditMemoId)
            })
        })
}

/// The identifier that a command states for a document that has to be made.
fn stated_id(id: &Option<String>, kind: Kind) -> Result<&str> {
    id.as_deref().ok_or_else(|| {
        let site = Site::Command.field(kind.id_site());
        Error::of(Reason::NoIdentifier { kind: kind.into() }, &site)
    })
}

/// Applies what a memo has left to a document by `rule`, as far as there is anything to apply. The command names that
/// document in `field`.
fn settle(
    journal: &mut Journal<'_>,
    date: Date,
    memo: DocumentIndex,
    target: DocumentIndex,
    rule: Rule,
    field: SiteField,
) -> Result<()> {
    let spread = Spread {
        rule: Some(rule),
        ..Spread::default()
    };
    let mark = journal.mark();
    match apply::apply_to(journal, date, memo, target, &spread) {
        // Paid already, or nothing left: there is nothing wrong with that.
        Err(error) if error.code() == Code::NothingToSettle => {
            journal.back_to(mark);
            Ok(())
        }
        result => result
            .map(drop)
            .map_err(|error| error.moved(|inner| site_in_settlement(inner, field))),
    }
}

/// Where a change of plan has what is wrong with a target of its credit memo: in the field that names the document.
fn site_in_settlement(inner: &[SiteStep], field: SiteField) -> Vec<SiteStep> {
    match inner {
        [
            SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos),
            ..,
        ] => {
            vec![SiteStep::Field(field)]
        }
        _ => inner.to_vec(),
    }
}

/// The items of the credit memo and of the invoice. What takes back a charge of the same change is a negative item of
/// the invoice that has the charge: nothing else was billed for it.
fn items<'p>(
    preview: &'p ChangePreview,
    interval: Interval,
) -> Result<(Vec<ChangeItem<'p>>, Vec<ChangeItem<'p>>)> {
    let (mut credits, mut charges) = (Vec::new(), Vec::new());
    for (line_number, line) in (1_usize..).zip(&preview.lines) {
        if !line.has_amount() {
            continue;
        }
        let item = ChangeItem {
            item: item(line, line_number, interval)?,
            credits_bill: line.credits_bill(),
        };
        if line.is_credited {
            credits.push(item);
        } else {
            charges.push(item);
        }
    }
    Ok((credits, charges))
}

/// The item of a line of a change, as yet without source.
fn item(line: &ChangeLine, line_number: usize, interval: Interval) -> Result<DraftItem<'_>> {
    let id = format!("{}-{line_number}", line.kind.as_str());
    let amount = DraftAmount::Stated(amount_on_document(line, &line.amount)?);
    Ok(DraftItem {
        amount: Some(amount),
        // A part of the period.
        is_priced: false,
        reduces: None,
        processing: match line.kind {
            LineKind::Rounding => Processing::Rounding,
            _ => Processing::Charge,
        },
        source: None,
        record: Cow::Owned(record(line, interval)),
        taxes: taxes(line, &id)?,
        states_taxes: true,
        id: Cow::Owned(id),
    })
}

/// What the item of a line says next to its amount.
fn record(line: &ChangeLine, interval: Interval) -> ItemRecord {
    let plan = line.plan.as_ref();
    let mut record = ItemRecord {
        description: Some(line.sentence.as_str().into()),
        quantity: plan.map(|plan| plan.quantity),
        unit_price: plan.map(|plan| plan.price),
        ..ItemRecord::default()
    };
    if let Some(service) = line.service {
        record.service_start = day_of(service.from);
        record.service_end = last_day(service.to, interval);
    }
    record
}

/// The day of a moment that is one.
const fn day_of(moment: Moment) -> Option<Date> {
    match moment {
        Moment::Day(day) => Some(day),
        Moment::Instant(_) => None,
    }
}

/// The last day of a service. Items name it, even where the terms name the day after it.
fn last_day(end: Moment, interval: Interval) -> Option<Date> {
    let day = day_of(end)?;
    match interval {
        Interval::HalfOpen => day.plus_days(-1),
        Interval::Closed => Some(day),
    }
}

/// The tax items of a line, under the identifier of its item.
fn taxes<'p>(line: &'p ChangeLine, item_id: &str) -> Result<Vec<DraftTax<'p>>> {
    let Some(plan) = &line.plan else {
        return Ok(Vec::new());
    };
    let mut taxes = Vec::with_capacity(line.taxes.len());
    for (number, (tax, amount)) in (1_usize..).zip(plan.taxes.iter().zip(&line.taxes)) {
        let amount = DraftAmount::Stated(amount_on_document(line, amount)?);
        taxes.push(DraftTax {
            id: Cow::Owned(format!("{item_id}/{number}")),
            identity: Cow::Owned(identity(tax)),
            amount: Some(amount),
            source: None,
        });
    }
    Ok(taxes)
}

fn identity(tax: &PlanTax) -> TaxIdentity {
    TaxIdentity {
        name: tax.name.clone(),
        rate: Some(tax.rate),
        ..TaxIdentity::default()
    }
}

/// An amount of a line with the sign that it has on its document: what a memo gives back is positive there.
fn amount_on_document(line: &ChangeLine, amount: &DecimalAmount) -> Result<Decimal> {
    if line.is_credited {
        text::parse(&amount.negated().to_string())
    } else {
        text::parse(&amount.to_string())
    }
}
