//! Bill a change of plan: what it credits becomes a credit memo, what it charges an invoice, and the one settles the
//! other (`proration.md` 3, `settlement.md` 3.6).

use crate::calendar::{Date, Moment};
use crate::command::settings::OverCrediting;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, ChangePlan, DocumentRef, NewRefund, TargetAmount};
use crate::document::{
    DocumentIndex, ItemRecord, Kind, NewDocument, NewItem, NewTaxItem, Notes, Origin, Processing,
    Rule, SourceItem, TaxIdentity,
};
use crate::error::{Code, Error, Path, Result, SiteField};
use crate::money::text;
use crate::prorate::change::{ChangeLine, ChangePreview, LineKind, PlanTax};
use crate::prorate::{Destination, Interval, Present};
use crate::settle::guard::credit;
use crate::settle::journal::Journal;
use crate::settle::operations::{apply, create, refund};
use crate::settle::plan::capacity::settleable;
use crate::settle::plan::located::Located;
use crate::settle::plan::targets::{find, placed};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Makes, posts and settles the documents of a change. The credit settles the item that was billed, as far as that is
/// open, and then the new invoice; the rest goes where the terms send it. Answers with the invoice, or the credit memo
/// where nothing is charged.
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
    let billed = Path::Root.field(SiteField::BilledBy);
    let source = request.source.as_ref().map(|source| {
        let path = billed.field(source.document.kind.id_field());
        find(context.documents, &source.document, &path)
    });
    let source = source.transpose()?;
    let currency = match (&request.currency, source) {
        (Some(code), _) => crate::settle::guard::names::currency_of(context.settings, code)?,
        (None, Some(source)) => Arc::clone(&source.document.header().currency),
        (None, None) => Arc::clone(&context.settings.currency),
    };
    let mut change = request.change.clone();
    // Documents have credits and charges, however a preview shows them.
    change.terms.present = Present::Gross;
    change.allow_tax_rate_from_1 = context.settings.allow_tax_rate_from_1;
    if change.increment.is_zero() {
        change.increment = Decimal::new(currency.increment(), currency.scale().into());
    }
    let preview = change
        .preview()
        .map_err(|error| error.within(&Path::Root.field(SiteField::Change)))?;
    let (credits, charges) = items(&preview, request)?;
    if credits.is_empty() && charges.is_empty() {
        let needed = "a change that credits or charges something";
        return Err(Error::new(
            Code::NothingToSettle,
            &Path::Root.field(SiteField::Change),
            needed,
            "neither",
        ));
    }
    let account_of = |source: Located<'_>| source.document.header().account_id.to_string();
    let account_id = request
        .account_id
        .clone()
        .or_else(|| source.map(account_of));
    let document =
        |kind: Kind, id: &Option<String>, items: Vec<NewItem>, from: Option<(Kind, String)>| {
            let missing = || {
                Error::new(
                    Code::MissingField,
                    &Path::Root.field(kind.id_field()),
                    "its identifier",
                    "none",
                )
            };
            Ok::<_, Error>(NewDocument {
                kind,
                id: id.clone().ok_or_else(missing)?,
                number: None,
                account_id: account_id.clone(),
                currency: Some(currency.code().to_owned()),
                date: None,
                due_date: None,
                origin: Origin::Standalone,
                from,
                restocking_fee: None,
                items: Some(items),
                notes: Notes::default(),
                auto_post: !request.draft,
            })
        };
    // A memo of which all is credited of the bill is made from it. What else is on it is none of the bill's.
    let is_of_bill = |line: &ChangeLine| line.credits_bill() || line.kind == LineKind::Rounding;
    let mut credited = preview.lines.iter().filter(|line| line.is_credited);
    let from = source
        .filter(|_| credited.all(is_of_bill))
        .map(|source| source.document.header())
        .map(|header| (header.kind, header.id.to_string()));
    let (mut memo, mut invoice) = (None, None);
    if !credits.is_empty() {
        let new = document(Kind::CreditMemo, &request.credit_memo_id, credits, from)?;
        let of = new.from.as_ref().map_or("change", |_| "billedBy");
        let index = create::run(journal, at, &new).map_err(|error| {
            let from = new.from.as_ref().map(|(kind, _)| kind.id_field());
            error.found_at(&|path| match from {
                Some(field) if path == field => Some(billed.field(field).to_string()),
                _ if path.ends_with(".sourceItemId") => {
                    Some(billed.field(SiteField::ItemId).to_string())
                }
                _ => own_path(path, "creditMemoId", of),
            })
        })?;
        let context = journal.context();
        if request.source.is_some() && context.settings.over_crediting != OverCrediting::Any {
            // What is billed is known item by item: others of the same bill are not there to be credited.
            let memo = placed(context.documents, index)?.document;
            credit::check_by(
                OverCrediting::HeaderAndItem,
                context,
                memo,
                Some(index),
                &billed,
            )?;
        }
        memo = Some(index);
    }
    if !charges.is_empty() {
        let new = document(Kind::Invoice, &request.invoice_id, charges, None)?;
        let index = create::run(journal, at, &new);
        invoice = Some(
            index.map_err(|error| error.found_at(&|path| own_path(path, "invoiceId", "change")))?,
        );
    }
    if let Some(memo) = memo.filter(|_| !request.draft) {
        let destination = request.change.terms.destination;
        if destination != Destination::Account {
            let billed = request
                .source
                .as_ref()
                .map(|source| source.document.clone());
            settle(journal, at, memo, billed, Rule::SourceItem, "billedBy")?;
        }
        if let Some(invoice) = invoice.filter(|_| destination != Destination::Account) {
            let invoice = named(journal, invoice)?;
            settle(
                journal,
                at,
                memo,
                Some(invoice),
                Rule::Proration,
                "invoiceId",
            )?;
        }
        if destination == Destination::Refund {
            give_back(journal, at, memo, request)?;
        }
    }
    invoice
        .or(memo)
        .ok_or_else(|| Error::fault("a change without documents"))
}

/// Where the request has what stands at `path` of the one for a document that it makes: at `id`, `at`, or `rest`.
fn own_path(path: &str, id: &str, rest: &str) -> Option<String> {
    let place = match path {
        "id" => id,
        "date" => "at",
        _ if path.starts_with("items") => rest,
        _ => return None,
    };
    Some(place.to_owned())
}

fn named(journal: &mut Journal<'_>, document: DocumentIndex) -> Result<DocumentRef> {
    let header = placed(journal.context().documents, document)?
        .document
        .header();
    Ok(DocumentRef {
        kind: header.kind,
        id: header.id.to_string(),
    })
}

/// Refunds what a memo has left, if anything.
fn give_back(
    journal: &mut Journal<'_>,
    at: Date,
    memo: DocumentIndex,
    request: &ChangePlan,
) -> Result<()> {
    let spread = Spread::default();
    if settleable(placed(journal.context().documents, memo)?.document, &spread).is_zero() {
        return Ok(());
    }
    let missing = || {
        Error::new(
            Code::MissingField,
            &Path::Root.field(SiteField::RefundId),
            "its identifier",
            "none",
        )
    };
    let refund = NewRefund {
        source: named(journal, memo)?,
        id: request.refund_id.clone().ok_or_else(missing)?,
        number: None,
        date: None,
        amount: None,
        items: None,
        unapply: None,
        auto_unapply: false,
        notes: Notes::default(),
        spread,
    };
    let own = |path: &str| own_path(path, "refundId", "creditMemoId");
    refund::run(journal, at, &refund)
        .map(drop)
        .map_err(|error| error.found_at(&own))
}

/// Applies what a memo has left to a document by `rule`, as far as there is anything to apply. The request names that
/// document in `field`.
fn settle(
    journal: &mut Journal<'_>,
    at: Date,
    memo: DocumentIndex,
    target: Option<DocumentRef>,
    rule: Rule,
    field: &str,
) -> Result<()> {
    let Some(document) = target else {
        return Ok(());
    };
    let source = named(journal, memo)?;
    let list = document.kind.list_field();
    let targets = vec![TargetAmount {
        document,
        place: 0,
        amount: None,
        items: None,
    }];
    let settle = ApplyRequest {
        source,
        targets: Some(targets),
        spread: Spread {
            rule: Some(rule),
            ..Spread::default()
        },
    };
    let mark = journal.mark();
    match apply::run(journal, at, &settle) {
        // Paid already, or nothing left: there is nothing wrong with that.
        Err(error) if error.code() == Code::NothingToSettle => {
            journal.back_to(mark);
            Ok(())
        }
        // It is an entry of a list there.
        result => {
            let own = |path: &str| path.starts_with(list).then(|| field.to_owned());
            result.map(drop).map_err(|error| error.found_at(&own))
        }
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
