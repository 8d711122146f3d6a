//! Requests: plain values to options, commands and queries.
//!
//! One function for each object of `types.d.ts`, in its order. What is checked here is the shape alone; whether it may
//! be done, and whether an amount fits its currency, `settle` says.

use super::Value;
use super::fields::{
    Fields, boolean, choice, date, decimal, entries, id, label, list, nullable, printed, text,
    whole, wrong_type,
};
use crate::book::BookOptions;
use crate::command::Action;
use crate::command::ApplyRequest;
use crate::command::BilledBy;
use crate::command::ChangePlan;
use crate::command::CollectRequest;
use crate::command::Command;
use crate::command::Counterpart;
use crate::command::DocumentRef;
use crate::command::ExplicitItem;
use crate::command::ItemChange;
use crate::command::LifecycleStep;
use crate::command::NewPayment;
use crate::command::NewRefund;
use crate::command::NotesChange;
use crate::command::RefundItem;
use crate::command::TYPES;
use crate::command::TargetAmount;
use crate::command::TaxChange;
use crate::command::Update;
use crate::command::Verb;
use crate::command::settings::InclusiveRounding;
use crate::command::settings::Limit;
use crate::command::settings::Limits;
use crate::command::settings::Mirror;
use crate::command::settings::OverCrediting;
use crate::command::settings::TaxRounding;
use crate::command::spread::DocumentKey;
use crate::command::spread::LineKey;
use crate::command::spread::Matrix;
use crate::command::spread::Signs;
use crate::command::spread::Spread;
use crate::document::{
    Custom, ItemRecord, Kind, NewDocument, NewItem, NewTaxItem, Notes, Origin, Processing, Rule,
    Scalar, SourceItem, TaxIdentity,
};
use crate::error::{Error, NameFigure, Path, Reason, Result};
use crate::money::{Amount, CurrencyDefinition, Rounding};

/// `BookOptions`.
///
/// # Errors
/// The shape of the value.
pub fn options(value: &Value<'_>) -> Result<BookOptions> {
    const KNOWN: &[&str] = &[
        "currency",
        "accountId",
        "currencies",
        "overCrediting",
        "countBillingCredits",
        "mirror",
        "inclusiveRounding",
        "taxRounding",
        "allowTaxRateFrom1",
        "limits",
        "closedThrough",
        "keepClosedPosted",
        "reasonCodes",
    ];
    let fields = Fields::open(value, &Path::Root)?.allow(&[KNOWN])?;
    Ok(BookOptions {
        currency: fields.required("currency", id)?,
        account_id: fields.optional("accountId", label)?.unwrap_or_default(),
        currencies: fields
            .optional("currencies", |value, path| list(value, path, currency))?
            .unwrap_or_default(),
        over_crediting: fields.optional("overCrediting", |value, path| {
            choice(OverCrediting::ALL, OverCrediting::as_str, value, path)
        })?,
        count_billing_credits: fields.optional("countBillingCredits", boolean)?,
        mirror: fields.optional("mirror", |value, path| {
            choice(Mirror::ALL, Mirror::as_str, value, path)
        })?,
        inclusive_rounding: fields.optional("inclusiveRounding", |value, path| {
            choice(
                InclusiveRounding::ALL,
                InclusiveRounding::as_str,
                value,
                path,
            )
        })?,
        tax_rounding: fields.optional("taxRounding", |value, path| {
            choice(TaxRounding::ALL, TaxRounding::as_str, value, path)
        })?,
        allow_tax_rate_from_1: fields
            .optional("allowTaxRateFrom1", boolean)?
            .unwrap_or(false),
        limits: fields.optional("limits", limits)?.unwrap_or_default(),
        closed_through: fields.optional("closedThrough", date)?,
        keep_closed_posted: fields
            .optional("keepClosedPosted", boolean)?
            .unwrap_or(false),
        reason_codes: fields
            .optional("reasonCodes", |value, path| list(value, path, word))?
            .unwrap_or_default(),
    })
}

/// `CurrencyDefinition`.
pub(super) fn currency(value: &Value<'_>, path: &Path<'_>) -> Result<CurrencyDefinition> {
    let fields = Fields::open(value, path)?.allow(&[&[
        "code",
        "scale",
        "increment",
        "rounding",
        "invoiceIncrement",
        "invoiceRounding",
    ]])?;
    Ok(CurrencyDefinition {
        code: fields.required("code", id)?,
        scale: fields.optional("scale", |value, path| whole(0, 8, value, path))?,
        increment: fields.optional("increment", decimal)?,
        rounding: fields.optional("rounding", |value, path| {
            choice(Rounding::ALL, Rounding::as_str, value, path)
        })?,
        invoice_increment: fields.optional("invoiceIncrement", decimal)?,
        invoice_rounding: fields.optional("invoiceRounding", |value, path| {
            choice(Rounding::ALL, Rounding::as_str, value, path)
        })?,
    })
}

/// `Limits`: a profile by name, or limits one by one.
fn limits(value: &Value<'_>, path: &Path<'_>) -> Result<Limits> {
    if let Value::Text(_) = value {
        return choice(&["zuora"], |name| name, value, path).map(|_| Limits::zuora());
    }
    let fields = Fields::open(value, path)?;
    let names: Vec<_> = Limit::ALL.iter().map(|limit| limit.as_str()).collect();
    let fields = fields.allow(&[&names])?;
    let mut limits = Limits::default();
    for &limit in Limit::ALL {
        if let Some(most) = fields.optional(limit.as_str(), |value, path| {
            whole(0, u32::MAX.into(), value, path)
        })? {
            limits.set(limit, most);
        }
    }
    Ok(limits)
}

/// A text as it is.
fn word(value: &Value<'_>, path: &Path<'_>) -> Result<Box<str>> {
    text(value, path).map(Into::into)
}

/// `Command`.
///
/// # Errors
/// The shape of the value.
pub fn command(value: &Value<'_>) -> Result<Command> {
    command_at(value, &Path::Root)
}

const COMMON: &[&str] = &["type", "at"];

fn command_at(value: &Value<'_>, path: &Path<'_>) -> Result<Command> {
    let fields = Fields::open(value, path)?;
    let (_, verb, kind) = fields.required("type", |value, path| {
        choice(&TYPES, |(name, ..)| name, value, path)
    })?;
    let (kind, own) = kind.map_or((Kind::Invoice, ""), |kind| (kind, kind.id_field()));
    let allow = |known: &[&[&'static str]]| fields.allow_beside(COMMON, known);
    let named = |fields: Fields<'_, '_>| {
        Ok::<_, Error>(DocumentRef {
            kind,
            id: fields.required(own, id)?,
        })
    };
    let step = |step| Ok::<_, Error>(Action::Step(step, named(allow(&[&[own]])?)?));
    let action = match (verb, kind) {
        (Verb::Create, Kind::Payment) => {
            Action::CreatePayment(new_payment(allow(&[PAYMENT, SPREAD, MATRIX, TARGETS])?)?)
        }
        (Verb::Create, _) => {
            let due: &[&str] = if kind.is_demand() { &["dueDate"] } else { &[] };
            let from: &[&str] = match kind {
                Kind::CreditMemo => &["invoiceId", "debitMemoId", "autoApply", "restockingFee"],
                Kind::DebitMemo => &["invoiceId", "creditMemoId"],
                _ => &[],
            };
            Action::Create(new_document(kind, allow(&[NEW_DOCUMENT, due, from])?)?)
        }
        (Verb::Pay, _) => {
            let fields = allow(&[&[own, "items"], PAYMENT, SPREAD, MATRIX])?;
            pay(named(fields)?, fields)?
        }
        (Verb::Update, _) => {
            let of_kind: &[&str] = match kind {
                Kind::Invoice | Kind::DebitMemo => &["date", "dueDate", "items"],
                Kind::CreditMemo => &["date", "items", "autoApply"],
                Kind::Payment | Kind::Refund => &[],
            };
            Action::Update(update(named(fields)?, allow(&[&[own], UPDATE, of_kind])?)?)
        }
        (Verb::Post, _) => step(LifecycleStep::Post)?,
        (Verb::Unpost, _) => step(LifecycleStep::Unpost)?,
        (Verb::Cancel, _) => step(LifecycleStep::Cancel)?,
        (Verb::Delete, _) => step(LifecycleStep::Delete)?,
        (Verb::Void, _) => step(LifecycleStep::Void)?,
        (Verb::Apply, _) => {
            let fields = allow(&[&[own], SPREAD, MATRIX, TARGETS])?;
            let settle = settle(named(fields)?, fields)?;
            if settle.targets.is_none() {
                return Err(fields.missing("invoices"));
            }
            Action::Apply(settle)
        }
        (Verb::Unapply, _) => {
            let fields = allow(&[&[own], SPREAD, TARGETS])?;
            Action::Unapply(settle(named(fields)?, fields)?)
        }
        (Verb::Refund, _) => {
            let fields = allow(&[&[own], REFUND, SPREAD, TARGETS])?;
            Action::Refund(new_refund(named(fields)?, fields)?)
        }
        (Verb::WriteOff, _) => {
            let fields = allow(&[
                &[own, "amount", "items", "excludeFromRevenue"],
                COUNTERPART,
                SPREAD,
            ])?;
            if fields.has("items") || !fields.has("amount") {
                fields.none_of(LINE_SPREAD, |_| Reason::NothingSpreadOverLines {})?;
            }
            Action::WriteOff(counterpart(named(fields)?, fields)?)
        }
        (Verb::Reverse, _) => {
            let fields = allow(&[&[own], COUNTERPART])?;
            Action::Reverse(counterpart(named(fields)?, fields)?)
        }
        (Verb::Collect, _) => {
            let fields = allow(&[&[own, "sources"], SPREAD, MATRIX])?;
            let kinds = fields.optional("sources", |value, path| {
                list(value, path, |value, path| {
                    choice(
                        &[Kind::CreditMemo, Kind::Payment],
                        Kind::as_str,
                        value,
                        path,
                    )
                })
            })?;
            let spread = spread(fields)?;
            if kinds.as_ref().is_some_and(Vec::is_empty) {
                let path = fields.field("sources");
                return Err(Error::of(Reason::NoKinds {}, &path));
            }
            Action::Collect(CollectRequest {
                document: named(fields)?,
                kinds: kinds.unwrap_or_default(),
                spread,
            })
        }
        (Verb::Transfer, _) => {
            let fields = allow(&[&[own, "accountId"]])?;
            Action::Transfer {
                payment_id: fields.required(own, id)?,
                account_id: fields.required("accountId", label)?,
            }
        }
        (Verb::ChangePlan, _) => Action::ChangePlan(Box::new(change_plan(allow(&[CHANGE_PLAN])?)?)),
        (Verb::Undo, _) => {
            let fields = allow(&[&["applicationGroupId"]])?;
            Action::Undo {
                group_id: fields.required("applicationGroupId", id)?,
            }
        }
        (Verb::ClosePeriods, _) => {
            let fields = allow(&[&["through"]])?;
            Action::ClosePeriods {
                through: fields.optional("through", date)?,
            }
        }
        (Verb::Bulk, _) => {
            let fields = allow(&[&["commands", "atomic"]])?;
            let commands =
                fields.required("commands", |value, path| list(value, path, bulk_command))?;
            Action::Bulk {
                commands,
                atomic: fields.optional("atomic", boolean)?.unwrap_or(false),
            }
        }
    };
    Ok(Command {
        at: fields.required("at", date)?,
        action,
    })
}

/// A command of a bulk command, which is none itself.
fn bulk_command(value: &Value<'_>, path: &Path<'_>) -> Result<Command> {
    let command = command_at(value, path)?;
    if matches!(command.action, Action::Bulk { .. }) {
        return Err(Error::of(Reason::NestedBulk {}, &path.field("type")));
    }
    Ok(command)
}

/// The fields of `NewDocument`.
const NEW_DOCUMENT: &[&str] = &[
    "id",
    "number",
    "accountId",
    "currency",
    "date",
    "targetDate",
    "billing",
    "items",
    "reasonCode",
    "comment",
    "excludeFromAutoApply",
    "customFields",
    "autoPost",
];

fn new_document(kind: Kind, fields: Fields<'_, '_>) -> Result<NewDocument> {
    let mut from = None;
    if kind != Kind::Invoice {
        for kind in [Kind::Invoice, Kind::DebitMemo, Kind::CreditMemo] {
            if let Some(id) = fields.optional(kind.id_field(), id)? {
                if from.is_some() {
                    let name = kind.id_field();
                    let field = NameFigure(name);
                    return Err(fields.refused(name, Reason::SecondOrigin { field }));
                }
                from = Some((kind, id));
            }
        }
    }
    if from.is_none() {
        fields.none_of(&["autoApply"], |_| Reason::AutoApplyWithoutOrigin {})?;
    }
    let billing = fields.optional("billing", boolean)?.unwrap_or(false);
    Ok(NewDocument {
        kind,
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        account_id: fields.optional("accountId", label)?,
        currency: fields.optional("currency", id)?,
        date: fields.optional("date", date)?,
        due_date: fields.optional("dueDate", date)?,
        origin: if billing {
            Origin::Billing
        } else {
            Origin::Standalone
        },
        items: match &from {
            Some(_) => fields.optional("items", |value, path| list(value, path, new_item))?,
            None => Some(fields.required("items", |value, path| list(value, path, new_item))?),
        },
        from,
        restocking_fee: fields.optional("restockingFee", decimal)?,
        notes: notes(fields)?,
        auto_post: fields.optional("autoPost", boolean)?.unwrap_or(false),
    })
}

/// What a document says beside its figures.
fn notes(fields: Fields<'_, '_>) -> Result<Notes> {
    Ok(Notes {
        statuses: Vec::new(),
        target_date: fields.optional("targetDate", date)?,
        reason_code: fields.optional("reasonCode", word)?,
        comment: fields.optional("comment", word)?,
        method: fields.optional("method", word)?,
        electronic: fields.optional("electronic", boolean)?.unwrap_or(false),
        auto_apply: fields.optional("autoApply", boolean)?.unwrap_or(false),
        exclude_from_auto_apply: fields
            .optional("excludeFromAutoApply", boolean)?
            .unwrap_or(false),
        exclude_from_revenue: fields
            .optional("excludeFromRevenue", boolean)?
            .unwrap_or(false),
        restocking_fee: Amount::ZERO,
        custom: fields.optional("customFields", custom)?.unwrap_or_default(),
    })
}

/// `CustomFields`.
fn custom(value: &Value<'_>, path: &Path<'_>) -> Result<Custom> {
    let mut custom = Custom::new();
    for (name, value) in Fields::open(value, path)?.all()? {
        let value = match value {
            Value::Null => Scalar::Null,
            Value::Boolean(value) => Scalar::Boolean(*value),
            Value::Whole(number) => Scalar::Whole(*number),
            Value::Text(text) => Scalar::Text((*text).into()),
            other => {
                if let Value::Number(number) = other
                    && let Some(decimal) = printed(number)
                {
                    custom.push(((*name).into(), Scalar::Decimal(decimal)));
                    continue;
                }
                return Err(wrong_type(&path.field(name), "scalar", other));
            }
        };
        custom.push(((*name).into(), value));
    }
    Ok(custom)
}

/// `NewItem`.
fn new_item(value: &Value<'_>, path: &Path<'_>) -> Result<NewItem> {
    const KNOWN: &[&str] = &[
        "id",
        "amount",
        "appliedToItemId",
        "processingType",
        "sourceItemId",
        "sourceDocumentId",
        "description",
        "sku",
        "quantity",
        "unitPrice",
        "serviceStart",
        "serviceEnd",
        "taxMode",
        "taxItems",
        "customFields",
    ];
    let fields = Fields::open(value, path)?.allow(&[KNOWN])?;
    let source = fields.optional("sourceItemId", id)?;
    let document_id = fields.optional("sourceDocumentId", id)?;
    if source.is_none() && document_id.is_some() {
        return Err(fields.missing("sourceItemId"));
    }
    if fields.has("appliedToItemId") {
        fields.none_of(&["processingType"], |_| Reason::TypeOfDiscount {})?;
    }
    Ok(NewItem {
        id: fields.required("id", id)?,
        amount: if source.is_some() || (fields.has("quantity") && fields.has("unitPrice")) {
            fields.optional("amount", decimal)?
        } else {
            Some(fields.required("amount", decimal)?)
        },
        is_priced: true,
        applied_to_item_id: fields.optional("appliedToItemId", id)?,
        processing: fields
            .optional("processingType", |value, path| {
                choice(Processing::ALL, Processing::as_str, value, path)
            })?
            .unwrap_or_default(),
        source: source.map(|item_id| SourceItem {
            document_id,
            item_id,
        }),
        record: ItemRecord {
            description: fields.optional("description", word)?,
            sku: fields.optional("sku", word)?,
            quantity: fields.optional("quantity", decimal)?,
            unit_price: fields.optional("unitPrice", decimal)?,
            service_start: fields.optional("serviceStart", date)?,
            service_end: fields.optional("serviceEnd", date)?,
            tax_inclusive: fields.optional("taxMode", tax_mode)?.unwrap_or(false),
            custom: fields.optional("customFields", custom)?.unwrap_or_default(),
        },
        tax_items: fields.optional("taxItems", |value, path| list(value, path, new_tax_item))?,
    })
}

/// Whether an amount is given with its tax.
fn tax_mode(value: &Value<'_>, path: &Path<'_>) -> Result<bool> {
    choice(
        &[false, true],
        |inclusive| if inclusive { "inclusive" } else { "exclusive" },
        value,
        path,
    )
}

const TAX_ITEM: &[&str] = &[
    "id",
    "amount",
    "name",
    "jurisdiction",
    "locationCode",
    "taxCode",
    "rate",
    "exemptAmount",
    "sourceTaxItemId",
];

/// `NewTaxItem`.
fn new_tax_item(value: &Value<'_>, path: &Path<'_>) -> Result<NewTaxItem> {
    tax_item(Fields::open(value, path)?.allow(&[TAX_ITEM])?)
}

fn tax_item(fields: Fields<'_, '_>) -> Result<NewTaxItem> {
    let rate = fields.optional("rate", decimal)?;
    let source = fields.optional("sourceTaxItemId", id)?;
    Ok(NewTaxItem {
        id: fields.required("id", id)?,
        amount: if rate.is_some() || source.is_some() {
            fields.optional("amount", decimal)?
        } else {
            Some(fields.required("amount", decimal)?)
        },
        source,
        identity: TaxIdentity {
            name: fields.optional("name", word)?,
            jurisdiction: fields.optional("jurisdiction", word)?,
            location_code: fields.optional("locationCode", word)?,
            tax_code: fields.optional("taxCode", word)?,
            rate,
            exempt: fields.optional("exemptAmount", decimal)?,
        },
    })
}

/// The fields of `Spread`.
const SPREAD: &[&str] = &["rule", "fallback", "documentOrder", "itemOrder", "signs"];

/// Those of them that say how an amount is spread over the lines of one document.
const LINE_SPREAD: &[&str] = &["rule", "fallback", "itemOrder", "signs"];

/// The field of `SpreadOverPairs`, besides those of `Spread`.
const MATRIX: &[&str] = &["matrix"];

fn spread(fields: Fields<'_, '_>) -> Result<Spread> {
    let rule = fields.optional("rule", |value, path| {
        choice(&Rule::CHOICES, Rule::as_str, value, path)
    })?;
    if fields.has("fallback") && rule != Some(Rule::SourceItem) {
        return Err(fields.refused("fallback", Reason::FallbackUnread {}));
    }
    let fallback = fields.optional("fallback", |value, path| {
        choice(
            &[Rule::Proration, Rule::Fifo, Rule::Lifo],
            Rule::as_str,
            value,
            path,
        )
    })?;
    // In order or by source item, which lines meet is settled by the rule.
    if rule.is_some_and(|rule| rule != Rule::Proration) && fallback != Some(Rule::Proration) {
        fields.none_of(MATRIX, |_| Reason::MatrixWithoutProration {})?;
    }
    Ok(Spread {
        rule,
        fallback,
        documents: fields
            .optional("documentOrder", |value, path| {
                list(value, path, |value, path| {
                    choice(DocumentKey::ALL, DocumentKey::as_str, value, path)
                })
            })?
            .unwrap_or_default(),
        lines: fields
            .optional("itemOrder", |value, path| {
                list(value, path, |value, path| {
                    choice(LineKey::ALL, LineKey::as_str, value, path)
                })
            })?
            .unwrap_or_default(),
        signs: fields
            .optional("signs", |value, path| {
                choice(Signs::ALL, Signs::as_str, value, path)
            })?
            .unwrap_or_default(),
        matrix: fields
            .optional("matrix", |value, path| {
                choice(Matrix::ALL, Matrix::as_str, value, path)
            })?
            .unwrap_or_default(),
    })
}

/// The fields of `Targets`.
const TARGETS: &[&str] = &["invoices", "debitMemos"];

fn settle(source: DocumentRef, fields: Fields<'_, '_>) -> Result<ApplyRequest> {
    Ok(ApplyRequest {
        targets: targets(source.kind, fields)?,
        source,
        spread: spread(fields)?,
    })
}

/// The invoices and debit memos, if either list is there.
fn targets(source: Kind, fields: Fields<'_, '_>) -> Result<Option<Vec<TargetAmount>>> {
    let is_payment = source == Kind::Payment;
    let invoices = fields.optional("invoices", entries)?;
    let debit_memos = fields.optional("debitMemos", entries)?;
    if invoices.is_none() && debit_memos.is_none() {
        return Ok(None);
    }
    let mut targets = Vec::new();
    for (kind, list) in [(Kind::Invoice, invoices), (Kind::DebitMemo, debit_memos)] {
        let all = fields.field(kind.list_field());
        targets.reserve_exact(list.map_or(0, <[_]>::len));
        for (place, entry) in list.into_iter().flatten().enumerate() {
            targets.push(target(kind, is_payment, place, entry, &all.index(place))?);
        }
    }
    Ok(Some(targets))
}

/// `InvoiceAmount` or `DebitMemoAmount`.
fn target(
    kind: Kind,
    is_payment: bool,
    place: usize,
    value: &Value<'_>,
    path: &Path<'_>,
) -> Result<TargetAmount> {
    let fields = Fields::open(value, path)?.allow(&[&[kind.id_field(), "amount", "items"]])?;
    let document = DocumentRef {
        kind,
        id: fields.required(kind.id_field(), id)?,
    };
    let amount = fields.optional("amount", decimal)?;
    let items = explicit_items(kind, is_payment, fields)?;
    Ok(TargetAmount {
        document,
        place,
        amount,
        items,
    })
}

fn explicit_items(
    kind: Kind,
    is_payment: bool,
    fields: Fields<'_, '_>,
) -> Result<Option<Vec<ExplicitItem>>> {
    let Some(entries) = fields.optional("items", entries)? else {
        return Ok(None);
    };
    let path = fields.field("items");
    let entries = entries.iter().enumerate();
    entries
        .map(|(place, entry)| explicit_item(kind, is_payment, entry, &path.index(place)))
        .collect::<Result<_>>()
        .map(Some)
}

/// `ExplicitItem`: which of its two forms it is, the identifiers say.
fn explicit_item(
    kind: Kind,
    is_payment: bool,
    value: &Value<'_>,
    path: &Path<'_>,
) -> Result<ExplicitItem> {
    let fields = Fields::open(value, path)?;
    let item = ExplicitItem {
        tax: fields.has("creditTaxItemId") || fields.has("taxItemId"),
        source: None,
        target: String::new(),
        amount: rust_decimal::Decimal::ZERO,
    };
    let (from, to) = (item.source_site().as_str(), item.target_site(kind).as_str());
    let fields = if is_payment {
        fields.allow(&[&[to, "amount"]])?
    } else {
        fields.allow(&[&[from, to, "amount"]])?
    };
    Ok(ExplicitItem {
        source: if is_payment {
            None
        } else {
            Some(fields.required(from, id)?)
        },
        target: fields.required(to, id)?,
        amount: fields.required("amount", decimal)?,
        ..item
    })
}

/// The fields of `NewPayment`.
const PAYMENT: &[&str] = &[
    "id",
    "number",
    "accountId",
    "currency",
    "date",
    "amount",
    "method",
    "electronic",
    "comment",
    "excludeFromAutoApply",
    "customFields",
];

fn new_payment(fields: Fields<'_, '_>) -> Result<NewPayment> {
    let targets = targets(Kind::Payment, fields)?;
    if targets.is_none() {
        fields.none_of(SPREAD, |_| Reason::SpreadWithoutDocuments {})?;
        fields.none_of(MATRIX, |_| Reason::SpreadWithoutDocuments {})?;
    }
    Ok(NewPayment {
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        account_id: fields.optional("accountId", label)?,
        currency: fields.optional("currency", id)?,
        date: fields.optional("date", date)?,
        amount: if targets.is_some() {
            fields.optional("amount", decimal)?
        } else {
            Some(fields.required("amount", decimal)?)
        },
        notes: notes(fields)?,
        targets,
        spread: spread(fields)?,
    })
}

/// `PayDocument`: a payment of one document.
fn pay(document: DocumentRef, fields: Fields<'_, '_>) -> Result<Action> {
    let items = explicit_items(document.kind, true, fields)?;
    let target = TargetAmount {
        document: document.clone(),
        place: 0,
        amount: fields.optional("amount", decimal)?,
        items,
    };
    let payment = NewPayment {
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        account_id: fields.optional("accountId", label)?,
        currency: fields.optional("currency", id)?,
        date: fields.optional("date", date)?,
        amount: None,
        notes: notes(fields)?,
        targets: Some(vec![target]),
        spread: spread(fields)?,
    };
    Ok(Action::Pay(payment, document))
}

/// The fields of `NewRefund`.
const REFUND: &[&str] = &[
    "id",
    "number",
    "date",
    "amount",
    "items",
    "autoUnapply",
    "method",
    "electronic",
    "reasonCode",
    "comment",
    "customFields",
];

fn new_refund(source: DocumentRef, fields: Fields<'_, '_>) -> Result<NewRefund> {
    let unapply = targets(source.kind, fields)?;
    if unapply.is_some() && fields.has("autoUnapply") {
        return Err(fields.refused("autoUnapply", Reason::AutoUnapplyBesideDocuments {}));
    }
    let auto_unapply = fields.optional("autoUnapply", boolean)?.unwrap_or(false);
    if fields.has("items") && unapply.is_none() && !auto_unapply {
        fields.none_of(LINE_SPREAD, |_| Reason::SpreadBesideItems {})?;
    }
    Ok(NewRefund {
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        date: fields.optional("date", date)?,
        amount: fields.optional("amount", decimal)?,
        items: fields.optional("items", |value, path| list(value, path, credit_line))?,
        unapply,
        auto_unapply,
        notes: notes(fields)?,
        spread: spread(fields)?,
        source,
    })
}

/// `RefundItem`: an item or tax item of the credit memo.
fn credit_line(value: &Value<'_>, path: &Path<'_>) -> Result<RefundItem> {
    line(value, path, "creditMemoItemId", "creditTaxItemId")
}

/// `WriteOffItem`: an item or tax item of the document.
fn document_line(value: &Value<'_>, path: &Path<'_>) -> Result<RefundItem> {
    line(value, path, "itemId", "taxItemId")
}

fn line(
    value: &Value<'_>,
    path: &Path<'_>,
    item: &'static str,
    tax_item: &'static str,
) -> Result<RefundItem> {
    let fields = Fields::open(value, path)?;
    let tax = fields.has(tax_item);
    let name = if tax { tax_item } else { item };
    let fields = fields.allow(&[&[name, "amount"]])?;
    Ok(RefundItem {
        tax,
        id: fields.required(name, id)?,
        amount: fields.required("amount", decimal)?,
    })
}

/// The fields of `NewCounterpart`.
const COUNTERPART: &[&str] = &[
    "id",
    "number",
    "date",
    "reasonCode",
    "comment",
    "customFields",
];

fn counterpart(document: DocumentRef, fields: Fields<'_, '_>) -> Result<Counterpart> {
    Ok(Counterpart {
        document,
        id: fields.required("id", id)?,
        number: fields.optional("number", id)?,
        date: fields.optional("date", date)?,
        amount: fields.optional("amount", decimal)?,
        items: fields.optional("items", |value, path| list(value, path, document_line))?,
        notes: notes(fields)?,
        spread: spread(fields)?,
    })
}

/// The fields of `ChangePlan`.
const CHANGE_PLAN: &[&str] = &[
    "change",
    "billedBy",
    "invoiceId",
    "creditMemoId",
    "refundId",
    "accountId",
    "currency",
    "draft",
];

fn change_plan(fields: Fields<'_, '_>) -> Result<ChangePlan> {
    let (change, own) = fields.required("change", |value, path| {
        super::prorate::change_of_book(value).map_err(|error| error.within(path))
    })?;
    let currency = fields.optional("currency", id)?;
    if let (Some(stated), Some(own)) = (&currency, &own)
        && stated != own
    {
        let path = fields.field("change");
        let reason = Reason::ChangeInOtherCurrency {
            stated: stated.as_str().into(),
            currency: own.as_str().into(),
        };
        return Err(Error::of(reason, &path.field("currency")));
    }
    Ok(ChangePlan {
        change,
        source: fields.optional("billedBy", billed)?,
        invoice_id: fields.optional("invoiceId", id)?,
        credit_memo_id: fields.optional("creditMemoId", id)?,
        refund_id: fields.optional("refundId", id)?,
        account_id: fields.optional("accountId", label)?,
        currency: currency.or(own),
        draft: fields.optional("draft", boolean)?.unwrap_or(false),
    })
}

/// `BilledBy`.
fn billed(value: &Value<'_>, path: &Path<'_>) -> Result<BilledBy> {
    let fields = Fields::open(value, path)?;
    let kind = if fields.has("debitMemoId") {
        Kind::DebitMemo
    } else {
        Kind::Invoice
    };
    let fields = fields.allow(&[&[kind.id_field(), "itemId"]])?;
    let document = DocumentRef {
        kind,
        id: fields.required(kind.id_field(), id)?,
    };
    Ok(BilledBy {
        document,
        item_id: fields.required("itemId", id)?,
    })
}

/// The fields of `Update` that all kinds of documents have.
const UPDATE: &[&str] = &[
    "reasonCode",
    "comment",
    "excludeFromAutoApply",
    "customFields",
];

fn update(document: DocumentRef, fields: Fields<'_, '_>) -> Result<Update> {
    Ok(Update {
        document,
        notes: NotesChange {
            reason_code: fields
                .optional("reasonCode", |value, path| nullable(value, path, word))?,
            comment: fields.optional("comment", |value, path| nullable(value, path, word))?,
            auto_apply: fields.optional("autoApply", boolean)?,
            exclude_from_auto_apply: fields.optional("excludeFromAutoApply", boolean)?,
            custom: fields.optional("customFields", custom)?,
        },
        date: fields.optional("date", date)?,
        due_date: fields.optional("dueDate", date)?,
        items: fields
            .optional("items", |value, path| list(value, path, item_change))?
            .unwrap_or_default(),
    })
}

/// `ItemChange`: `{ add }`, `{ delete }` or new figures of an item.
fn item_change(value: &Value<'_>, path: &Path<'_>) -> Result<ItemChange> {
    let fields = Fields::open(value, path)?;
    if fields.has("add") {
        return fields
            .allow(&[&["add"]])?
            .required("add", new_item)
            .map(ItemChange::Add);
    }
    if fields.has("delete") {
        return fields
            .allow(&[&["delete"]])?
            .required("delete", id)
            .map(ItemChange::Delete);
    }
    let fields = fields.allow(&[&["id", "amount", "quantity", "unitPrice", "taxItems"]])?;
    let taxes = fields.optional("taxItems", |value, path| list(value, path, tax_change))?;
    Ok(ItemChange::Change {
        id: fields.required("id", id)?,
        amount: fields.optional("amount", decimal)?,
        quantity: fields.optional("quantity", |value, path| nullable(value, path, decimal))?,
        unit_price: fields.optional("unitPrice", |value, path| nullable(value, path, decimal))?,
        taxes: taxes.unwrap_or_default(),
    })
}

/// `TaxChange`: `{ add }`, `{ delete }` or a tax item in the place of that with its identifier.
fn tax_change(value: &Value<'_>, path: &Path<'_>) -> Result<TaxChange> {
    let fields = Fields::open(value, path)?;
    if fields.has("add") {
        return fields
            .allow(&[&["add"]])?
            .required("add", new_tax_item)
            .map(TaxChange::Add);
    }
    if fields.has("delete") {
        return fields
            .allow(&[&["delete"]])?
            .required("delete", id)
            .map(TaxChange::Delete);
    }
    tax_item(fields.allow(&[TAX_ITEM])?).map(TaxChange::Change)
}
