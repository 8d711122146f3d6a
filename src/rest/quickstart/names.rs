//! The words of Quickstart and of v1 for the same fields. The field lists of Quickstart are those of
//! <https://developer.zuora.com/other-api/quickstart-api/operation/getCreditMemos/>.

use super::{field, text};
use crate::rest::columns::tenant_fields;
use serde_json::{Map, Value, json};

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// As it is.
    Same,
    /// A moment: `2026-03-02 10:11:12` of v1 is `2026-03-02T10:11:12+00:00`.
    Time,
    /// A status in small letters.
    State,
    /// `TaxInclusive` is true.
    TaxInclusive,
    /// `Discount` is true.
    Discount,
    /// `Yes` is true.
    Yes,
    /// `Percentage` is `percent`, and `FlatFee` is `amount`.
    RateType,
    /// A field of the object `financeInformation`.
    Finance,
}

/// A field: its name in Quickstart, its name in v1, and how its value is written.
pub(super) type NamePair = (&'static str, &'static str, Means);

use Means::{Discount, Finance, RateType, Same, State, TaxInclusive, Time, Yes};

/// Credit memos.
pub(super) const CREDIT_MEMO: &[NamePair] = &[
    ("id", "id", Same),
    ("credit_memo_number", "number", Same),
    ("state", "status", State),
    ("account_id", "accountId", Same),
    ("account_number", "accountNumber", Same),
    ("currency", "currency", Same),
    ("description", "comment", Same),
    ("document_date", "creditMemoDate", Same),
    ("reason_code", "reasonCode", Same),
    ("invoice_id", "referredInvoiceId", Same),
    ("transfer_to_accounting", "transferredToAccounting", Yes),
    (
        "exclude_from_auto_apply_rules",
        "excludeFromAutoApplyRules",
        Same,
    ),
    ("total", "amount", Same),
    ("tax", "taxAmount", Same),
    ("remaining_balance", "unappliedAmount", Same),
    ("balance", "unappliedAmount", Same),
    ("amount_refunded", "refundAmount", Same),
    ("bill_to_id", "billToContactId", Same),
    ("posted_by_id", "postedById", Same),
    ("created_by_id", "createdById", Same),
    ("created_time", "createdDate", Time),
    ("updated_by_id", "updatedById", Same),
    ("updated_time", "updatedDate", Time),
];

/// Debit memos.
pub(super) const DEBIT_MEMO: &[NamePair] = &[
    ("id", "id", Same),
    ("debit_memo_number", "number", Same),
    ("state", "status", State),
    ("account_id", "accountId", Same),
    ("account_number", "accountNumber", Same),
    ("currency", "currency", Same),
    ("description", "comment", Same),
    ("due_date", "dueDate", Same),
    ("document_date", "debitMemoDate", Same),
    ("reason_code", "reasonCode", Same),
    ("invoice_id", "referredInvoiceId", Same),
    ("transfer_to_accounting", "transferredToAccounting", Yes),
    ("pay", "autoPay", Same),
    ("total", "amount", Same),
    ("tax", "taxAmount", Same),
    ("remaining_balance", "balance", Same),
    ("balance", "balance", Same),
    ("amount_paid", "beAppliedAmount", Same),
    ("bill_to_id", "billToContactId", Same),
    ("posted_by_id", "postedById", Same),
    ("created_by_id", "createdById", Same),
    ("created_time", "createdDate", Time),
    ("updated_by_id", "updatedById", Same),
    ("updated_time", "updatedDate", Time),
];

/// What items of both have in common, behind what is left of them.
macro_rules! item_names {
    ($($name:expr),* $(,)?) => {
        &[
            $($name,)*
            ("id", "id", Same),
            ("subtotal", "amountWithoutTax", Same),
            ("description", "description", Same),
            ("name", "skuName", Same),
            ("sku", "sku", Same),
            ("quantity", "quantity", Same),
            ("unit_amount", "unitPrice", Same),
            ("unit_of_measure", "unitOfMeasure", Same),
            ("service_start", "serviceStartDate", Same),
            ("service_end", "serviceEndDate", Same),
            ("tax_inclusive", "taxMode", TaxInclusive),
            ("discount_item", "processingType", Discount),
            ("applied_to_item_id", "appliedToItemId", Same),
            ("subscription_id", "subscriptionId", Same),
            ("accounting_code", "accountingCode", Finance),
            ("deferred_revenue_account", "deferredRevenueAccountingCode", Finance),
            ("on_account_account", "onAccountAccountingCode", Finance),
            ("recognized_revenue_account", "recognizedRevenueAccountingCode", Finance),
            ("revenue_recognition_rule_name", "revenueRecognitionRuleName", Finance),
            ("purchase_order_number", "purchaseOrderNumber", Finance),
            ("tax_code", "taxCode", Finance),
            ("created_by_id", "createdById", Same),
            ("created_time", "createdDate", Time),
            ("updated_by_id", "updatedById", Same),
            ("updated_time", "updatedDate", Time),
        ]
    };
}

/// Items of credit memos.
pub(super) const CREDIT_MEMO_ITEM: &[NamePair] =
    item_names![("remaining_balance", "unappliedAmount", Same)];

/// Items of debit memos.
pub(super) const DEBIT_MEMO_ITEM: &[NamePair] = item_names![("remaining_balance", "balance", Same)];

/// Tax items.
pub(super) const TAX: &[NamePair] = &[
    ("id", "id", Same),
    ("name", "name", Same),
    ("amount", "taxAmount", Same),
    ("jurisdiction", "jurisdiction", Same),
    ("location_code", "locationCode", Same),
    ("tax_code", "taxCode", Same),
    ("tax_code_name", "taxCodeDescription", Same),
    ("tax_date", "taxDate", Same),
    ("tax_rate", "taxRate", Same),
    ("tax_rate_name", "taxRateDescription", Same),
    ("tax_rate_type", "taxRateType", RateType),
    ("amount_exempt", "exemptAmount", Same),
    ("source_tax_item_id", "sourceTaxItemId", Same),
    ("amount_applied", "appliedAmount", Same),
    ("amount_refunded", "refundAmount", Same),
];

/// Payments.
pub(super) const PAYMENT: &[NamePair] = &[
    ("id", "id", Same),
    ("payment_number", "number", Same),
    ("state", "status", State),
    ("account_id", "accountId", Same),
    ("amount", "amount", Same),
    ("amount_applied", "appliedAmount", Same),
    ("amount_refunded", "refundAmount", Same),
    ("remaining_balance", "unappliedAmount", Same),
    ("currency", "currency", Same),
    ("description", "comment", Same),
    ("payment_date", "effectiveDate", Same),
    ("payment_method_id", "paymentMethodId", Same),
    ("gateway_id", "gatewayId", Same),
    ("reference_id", "referenceId", Same),
    ("created_by_id", "createdById", Same),
    ("created_time", "createdDate", Time),
    ("updated_by_id", "updatedById", Same),
    ("updated_time", "updatedDate", Time),
];

/// An answer of v1 in the words of Quickstart, with what a tenant keeps as `custom_fields`.
pub(super) fn shown(answer: &Value, names: &[NamePair]) -> Map<String, Value> {
    let mut shown = Map::new();
    for (name, of_v1, means) in names {
        shown.insert((*name).to_owned(), value(answer, of_v1, *means));
    }
    let kept: Map<String, Value> = tenant_fields(Some(answer)).collect();
    shown.insert("custom_fields".into(), Value::Object(kept));
    shown
}

fn value(answer: &Value, name: &str, means: Means) -> Value {
    match means {
        Same => field(answer, name),
        Time => json!(text(answer, name).map(time)),
        State => json!(text(answer, name).map(str::to_lowercase)),
        TaxInclusive => json!(text(answer, name) == Some("TaxInclusive")),
        Discount => json!(text(answer, name) == Some("Discount")),
        Yes => json!(text(answer, name) == Some("Yes")),
        RateType => json!(text(answer, name).map(|kind| match kind {
            "FlatFee" => "amount",
            _ => "percent",
        })),
        Finance => {
            let finance = answer.get("financeInformation");
            finance.map_or(Value::Null, |finance| field(finance, name))
        }
    }
}

/// A moment of v1 as ISO 8601 with an offset. The clock of a handler has none of its own, so it counts as UTC.
pub(super) fn time(moment: &str) -> String {
    format!("{}+00:00", moment.replacen(' ', "T", 1))
}
