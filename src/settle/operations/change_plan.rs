//! Bill a change of plan: what it credits becomes a credit memo, what it charges an invoice, and the one settles the
//! other (`proration.md` 3, `settlement.md` 3.6).

use crate::calendar::{Date, Moment};
use crate::command::ChangePlan;
use crate::command::settings::OverCrediting;
use crate::command::spread::Spread;
use crate::document::{
    DocumentIndex, ItemRecord, Kind, NewDocument, NewItem, NewTaxItem, Notes, Origin, Processing,
    Rule, SourceItem, TaxIdentity,
};
use crate::error::{Code, Error, Reason, Result, Site, SiteField, SiteStep};
use crate::money::{Currency, text};
use crate::prorate::change::{ChangeLine, ChangePreview, LineKind, PlanTax};
use crate::prorate::{Destination, Interval, Present};
use crate::settle::guard::credit;
use crate::settle::guard::names::currency_of;
use crate::settle::journal::{Context, Journal};
use crate::settle::operations::{apply, create, refund};
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{find, placed};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Makes, posts and settles the documents of a change. The credit settles the item that was billed, as far as that is
/// open, and then the new invoice; the rest goes where the terms send it. Returns the invoice, or the credit memo where
/// nothing is charged.
///
/// # Errors
/// Those of [`Change::preview`](crate::prorate::change::ChangeRequest::preview), at `change`; `missingField` for the
/// identifier of a document that is to be made; `nothingToSettle` where neither is; those of [`create::run`] and
/// [`apply::run`].
pub(in crate::settle) fn run(
    journal: &mut Journal<'_>,
    at: Date,
    request: &ChangePlan,
) -> Result<DocumentIndex> {
    let context = journal.context();
    let billed = billed_document(context, request)?;
    let currency = currency_of_change(context, request, billed)?;
    let preview = preview(context, request, &currency)?;
    let (credits, charges) = items(&preview, request)?;
    if credits.is_empty() && charges.is_empty() {
        let site = Site::Command.field(SiteField::Change);
        return Err(Error::of(Reason::NothingChanges {}, &site));
    }

    let billing = ChangeBilling {
        at,
        request,
        account_id: account_of_change(request, billed),
        currency,
        billed: billed.map(|billed| billed.index),
    };
    let memo = billing.create_memo(journal, credits, credits_bill_alone(&preview))?;
    let invoice = billing.create_invoice(journal, charges)?;
    if let Some(memo) = memo.filter(|_| !request.draft) {
        billing.settle_memo(journal, memo, invoice)?;
    }
    invoice
        .or(memo)
        .ok_or_else(|| Error::fault("a change without documents"))
}

/// The document that billed the plan, if the command names it.
fn billed_document<'a>(context: Context<'a>, request: &ChangePlan) -> Result<Option<Located<'a>>> {
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

/// The account of the change, if it has another than that of the book.
fn account_of_change(request: &ChangePlan, billed: Option<Located<'_>>) -> Option<String> {
    match (&request.account_id, billed) {
        (Some(account_id), _) => Some(account_id.clone()),
        (None, billed) => billed.map(|billed| billed.document.header().account_id.to_string()),
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
        change.increment = Decimal::new(currency.increment(), currency.scale().into());
    }
    let site = Site::Command.field(SiteField::Change);
    change.preview().map_err(|error| error.within(&site))
}

/// Whether all that is credited is credited of the bill. A memo is then made from it; what else a memo has, the bill
/// did not bill.
fn credits_bill_alone(preview: &ChangePreview) -> bool {
    let mut credited = preview.lines.iter().filter(|line| line.is_credited);
    credited.all(|line| line.credits_bill() || line.kind == LineKind::Rounding)
}

/// The documents of a change that are to be made and settled.
struct ChangeBilling<'a> {
    at: Date,
    request: &'a ChangePlan,
    account_id: Option<String>,
    currency: Arc<Currency>,
    /// The document that billed the plan.
    billed: Option<DocumentIndex>,
}

impl ChangeBilling<'_> {
    /// Creates the credit memo, if something is credited.
    fn create_memo(
        &self,
        journal: &mut Journal<'_>,
        credits: Vec<NewItem>,
        credits_bill_alone: bool,
    ) -> Result<Option<DocumentIndex>> {
        if credits.is_empty() {
            return Ok(None);
        }
        let id = stated_id(&self.request.credit_memo_id, Kind::CreditMemo)?;
        let billed_by = self.request.source.as_ref();
        let billed_by = billed_by.filter(|_| credits_bill_alone);
        let new = NewDocument {
            from: billed_by.map(|billed_by| {
                let billed = &billed_by.document;
                (billed.kind, billed.id.clone())
            }),
            ..self.document(Kind::CreditMemo, id, credits)
        };
        let items_field = match new.from {
            Some(_) => SiteField::BilledBy,
            None => SiteField::Change,
        };
        let memo = create::run(journal, self.at, &new)
            .map_err(|error| error.moved(|inner| site_in_memo(inner, items_field)))?;
        self.check_credited(journal.context(), memo)?;
        Ok(Some(memo))
    }

    /// Refuses to credit more of the billed item than it has available. What is billed is known item by item: others of
    /// the same bill are not there to be credited.
    fn check_credited(&self, context: Context<'_>, memo: DocumentIndex) -> Result<()> {
        if self.billed.is_none() || context.settings.over_crediting == OverCrediting::Any {
            return Ok(());
        }
        let site = Site::Command.field(SiteField::BilledBy);
        let document = placed(context.documents, memo)?.document;
        let rule = OverCrediting::HeaderAndItem;
        credit::check_by(rule, context, document, Some(memo), &site)
    }

    /// Creates the invoice, if something is charged.
    fn create_invoice(
        &self,
        journal: &mut Journal<'_>,
        charges: Vec<NewItem>,
    ) -> Result<Option<DocumentIndex>> {
        if charges.is_empty() {
            return Ok(None);
        }
        let id = stated_id(&self.request.invoice_id, Kind::Invoice)?;
        let new = self.document(Kind::Invoice, id, charges);
        let (id, items) = (SiteField::InvoiceId, SiteField::Change);
        create::run(journal, self.at, &new)
            .map(Some)
            .map_err(|error| error.moved(|inner| site_in_document(inner, id, items)))
    }

    /// A document of the change, made from no other.
    fn document(&self, kind: Kind, id: &str, items: Vec<NewItem>) -> NewDocument {
        NewDocument {
            kind,
            id: id.to_owned(),
            number: None,
            account_id: self.account_id.clone(),
            currency: Some(self.currency.code().to_owned()),
            date: None,
            due_date: None,
            origin: Origin::Standalone,
            from: None,
            restocking_fee: None,
            items: Some(items),
            notes: Notes::default(),
            auto_post: !self.request.draft,
        }
    }

    /// Settles what the change credits: with the bill, with the new invoice, and the rest where the terms send it.
    fn settle_memo(
        &self,
        journal: &mut Journal<'_>,
        memo: DocumentIndex,
        invoice: Option<DocumentIndex>,
    ) -> Result<()> {
        let destination = self.request.change.terms.destination;
        if destination == Destination::Account {
            return Ok(());
        }
        if let Some(billed) = self.billed {
            let field = SiteField::BilledBy;
            settle(journal, self.at, memo, billed, Rule::SourceItem, field)?;
        }
        if let Some(invoice) = invoice {
            let field = SiteField::InvoiceId;
            settle(journal, self.at, memo, invoice, Rule::Proration, field)?;
        }
        if destination == Destination::Refund {
            give_back(journal, self.at, memo, self.request)?;
        }
        Ok(())
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
    at: Date,
    memo: DocumentIndex,
    request: &ChangePlan,
) -> Result<()> {
    let document = placed(journal.context().documents, memo)?.document;
    if settleable(document, &Spread::default()).is_zero() {
        return Ok(());
    }
    let id = stated_id(&request.refund_id, Kind::Refund)?;
    refund::refund_rest(journal, at, memo, id)
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
    at: Date,
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
    match apply::apply_to(journal, at, memo, target, &spread) {
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
fn items(preview: &ChangePreview, request: &ChangePlan) -> Result<(Vec<NewItem>, Vec<NewItem>)> {
    let (mut credits, mut charges) = (Vec::new(), Vec::new());
    for (place, line) in (1_usize..).zip(&preview.lines) {
        if !line.has_amount() {
            continue;
        }
        let item = item(line, place, request)?;
        if line.is_credited {
            credits.push(item)
        } else {
            charges.push(item)
        }
    }
    Ok((credits, charges))
}

fn item(line: &ChangeLine, place: usize, request: &ChangePlan) -> Result<NewItem> {
    let id = format!("{}-{place}", line.kind.as_str());
    let plan = line.plan.as_ref();
    let taxes = plan.map(|plan| plan.taxes.as_slice()).unwrap_or_default();
    let tax_items = (1_usize..)
        .zip(taxes.iter().zip(&line.taxes))
        .map(|(number, (tax, amount))| {
            tax_item(format!("{id}/{number}"), tax, shown(line, amount)?)
        })
        .collect::<Result<_>>()?;

    let day = |moment: Moment| match moment {
        Moment::Day(day) => Some(day),
        Moment::Instant(_) => None,
    };
    // Items name the last day of service, whatever the terms do.
    let back = if request.change.terms.interval == Interval::HalfOpen {
        -1
    } else {
        0
    };
    let last = |moment: Moment| day(moment).and_then(|day| day.plus_days(back));

    let source = request.source.as_ref().filter(|_| line.credits_bill());
    Ok(NewItem {
        amount: Some(shown(line, &line.amount)?),
        // A part of the period.
        is_priced: false,
        applied_to_item_id: None,
        processing: if line.kind == LineKind::Rounding {
            Processing::Rounding
        } else {
            Processing::Charge
        },
        source: source.map(|source| SourceItem {
            document_id: Some(source.document.id.clone()),
            item_id: source.item_id.clone(),
        }),
        record: ItemRecord {
            description: Some(line.sentence.as_str().into()),
            quantity: plan.map(|plan| plan.quantity),
            unit_price: plan.map(|plan| plan.price),
            service_start: line.service.and_then(|service| day(service.from)),
            service_end: line.service.and_then(|service| last(service.to)),
            ..ItemRecord::default()
        },
        tax_items: Some(tax_items),
        id,
    })
}

fn tax_item(id: String, tax: &PlanTax, amount: Decimal) -> Result<NewTaxItem> {
    Ok(NewTaxItem {
        id,
        amount: Some(amount),
        source: None,
        identity: TaxIdentity {
            name: tax.name.clone(),
            rate: Some(tax.rate),
            ..TaxIdentity::default()
        },
    })
}

/// An amount of a line with the sign that it has on its document: what a memo gives back is positive there.
fn shown(line: &ChangeLine, amount: &crate::prorate::DecimalAmount) -> Result<Decimal> {
    if line.is_credited {
        decimal(&amount.negated())
    } else {
        decimal(amount)
    }
}

fn decimal(amount: &crate::prorate::DecimalAmount) -> Result<Decimal> {
    text::parse(&amount.to_string())
}
