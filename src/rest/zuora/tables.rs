//! What Zuora v1 calls the fields of documents, lines and parts, and what a list of them is filtered and ordered by.
//! The names are those of its reference: <https://developer.zuora.com/v1-api-reference/introduction/>.

use crate::rest::columns::{AnswerColumn as Column, Shows};

/// What a list of documents asks of a query beside what rows show by themselves.
pub(in crate::rest) const MEMO_EXTRA: &[&str] = &["zuoraStatus", "taxExemptAmount"];
/// The same of payments and refunds, which have no taxes.
pub(in crate::rest) const MONEY_EXTRA: &[&str] = &["zuoraStatus"];
/// The same of items.
pub(in crate::rest) const ITEM_EXTRA: &[&str] =
    &["sourceDocumentId", "sourceLineId", "documentType"];

/// A kind of documents as the dialect speaks of it.
pub(in crate::rest) struct Resource {
    /// The kind in the engine.
    pub(in crate::rest) kind: &'static str,
    /// How commands call it, as in `postCreditMemo`.
    pub(in crate::rest) command_name: &'static str,
    /// The field of commands and conditions that names one.
    pub(in crate::rest) id_field: &'static str,
    /// The field that holds the rows of a list.
    pub(in crate::rest) list_key: &'static str,
    /// What its numbers begin with.
    pub(in crate::rest) prefix: &'static str,
    /// What it is called in jobs.
    pub(in crate::rest) object_type: &'static str,
    pub(in crate::rest) columns: &'static [Column],
    pub(in crate::rest) item_columns: &'static [Column],
    pub(in crate::rest) tax_columns: &'static [Column],
    /// What a query asks for beside what rows show by themselves.
    pub(in crate::rest) extra: &'static [&'static str],
}

const fn text(name: &'static str, field: &'static str) -> Column {
    Column::of(name, Shows::Text(field))
}

const fn exact(name: &'static str, field: &'static str) -> Column {
    Column::of(name, Shows::Exact(field))
}

const fn flag(name: &'static str, field: &'static str) -> Column {
    Column::of(name, Shows::Flag(field))
}

const fn midnight(name: &'static str, field: &'static str) -> Column {
    Column::of(name, Shows::Midnight(field))
}

const fn referred(name: &'static str, kind: &'static str) -> Column {
    Column::of(name, Shows::Referred(kind))
}

const fn kept(name: &'static str) -> Column {
    Column::of(name, Shows::Kept(name, None))
}

const fn usually(name: &'static str, value: &'static str) -> Column {
    Column::of(name, Shows::Kept(name, Some(value)))
}

const fn object(name: &'static str) -> Column {
    Column::of(name, Shows::KeptObject(name))
}

const fn always(name: &'static str, value: &'static str) -> Column {
    Column::of(name, Shows::Always(Some(value)))
}

const fn nothing(name: &'static str) -> Column {
    Column::of(name, Shows::Always(None))
}

const ACCOUNT_NUMBER: Column = Column::of("accountNumber", Shows::AccountNumber);

/// Credit memos.
pub(in crate::rest) const CREDIT_MEMO: Resource = Resource {
    kind: "creditMemo",
    command_name: "CreditMemo",
    id_field: "creditMemoId",
    list_key: "creditmemos",
    prefix: "CM",
    object_type: "CreditMemo",
    columns: &[
        text("accountId", "accountId").sorted(),
        ACCOUNT_NUMBER.filtered(),
        exact("amount", "amount").sorted(),
        exact("appliedAmount", "appliedAmount").sorted(),
        flag("autoApplyUponPosting", "autoApply").filtered(),
        kept("billToContactId"),
        nothing("billToContactSnapshotId"),
        nothing("cancelledById"),
        midnight("cancelledOn", "canceledOn"),
        text("comment", "comment"),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        text("creditMemoDate", "date").sorted(),
        text("currency", "currency").filtered(),
        object("customRates"),
        nothing("einvoiceErrorCode"),
        nothing("einvoiceErrorMessage"),
        nothing("einvoiceFileId"),
        nothing("einvoiceStatus"),
        flag("excludeFromAutoApplyRules", "excludeFromAutoApply").filtered(),
        text("id", "id"),
        nothing("invoiceGroupNumber"),
        nothing("latestPDFFileId"),
        text("number", "number").sorted(),
        nothing("organizationLabel"),
        nothing("postedById"),
        midnight("postedOn", "postedOn"),
        text("reasonCode", "reasonCode"),
        referred("referredInvoiceId", "Invoice").sorted(),
        exact("refundAmount", "refundAmount").sorted(),
        usually("revenueImpacting", "Yes"),
        flag("reversed", "reversed"),
        nothing("sequenceSetId"),
        usually("source", "API"),
        kept("sourceId").filtered(),
        usually("sourceType", "Standalone"),
        text("status", "zuoraStatus").sorted(),
        text("targetDate", "targetDate").sorted(),
        exact("taxAmount", "taxAmount").sorted(),
        kept("taxAutoCalculation"),
        nothing("taxMessage"),
        always("taxStatus", "Complete"),
        exact("totalTaxExemptAmount", "taxExemptAmount").sorted(),
        usually("transferredToAccounting", "No").sorted(),
        exact("unappliedAmount", "unappliedAmount").sorted(),
        kept("updatedById").filtered(),
        midnight("updatedDate", "updatedOn").sorted(),
    ],
    item_columns: &[
        exact("amount", "amount").sorted(),
        exact("amountWithoutTax", "amountWithoutTax"),
        exact("appliedAmount", "appliedAmount").sorted(),
        text("appliedToItemId", "appliedToItemId"),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        text("creditFromItemId", "sourceLineId"),
        text("creditFromItemSource", "creditFromItemSource"),
        text("description", "description"),
        kept("excludeItemBillingFromRevenueAccounting"),
        object("financeInformation"),
        text("id", "id").sorted(),
        text("processingType", "processingType"),
        exact("quantity", "quantity"),
        exact("refundAmount", "refundAmount").sorted(),
        text("serviceEndDate", "serviceEnd").sorted(),
        text("serviceStartDate", "serviceStart").sorted(),
        text("sku", "sku").sorted(),
        kept("skuName").sorted(),
        text("sourceItemId", "sourceItemId").sorted(),
        text("sourceItemType", "sourceItemType"),
        kept("subscriptionId").sorted(),
        text("taxMode", "taxMode"),
        exact("unappliedAmount", "openAmount"),
        kept("unitOfMeasure"),
        exact("unitPrice", "unitPrice"),
        kept("updatedById").sorted(),
        kept("updatedDate").sorted(),
    ],
    tax_columns: &[
        exact("appliedAmount", "appliedAmount"),
        exact("exemptAmount", "exemptAmount"),
        object("financeInformation"),
        text("id", "id"),
        text("jurisdiction", "jurisdiction"),
        text("locationCode", "locationCode"),
        text("name", "name"),
        exact("refundAmount", "refundAmount"),
        text("sourceTaxItemId", "sourceTaxItemId"),
        exact("taxAmount", "amount"),
        text("taxCode", "taxCode"),
        kept("taxCodeDescription"),
        kept("taxDate"),
        exact("taxRate", "rate"),
        kept("taxRateDescription"),
        usually("taxRateType", "Percentage"),
        exact("unappliedAmount", "openAmount"),
    ],
    extra: MEMO_EXTRA,
};

/// Debit memos.
pub(in crate::rest) const DEBIT_MEMO: Resource = Resource {
    kind: "debitMemo",
    command_name: "DebitMemo",
    id_field: "debitMemoId",
    list_key: "debitmemos",
    prefix: "DM",
    object_type: "DebitMemo",
    columns: &[
        text("accountId", "accountId").sorted(),
        ACCOUNT_NUMBER.filtered(),
        exact("amount", "amount").sorted(),
        kept("autoPay"),
        exact("balance", "balance").sorted(),
        exact("beAppliedAmount", "appliedAmount").sorted(),
        kept("billToContactId"),
        nothing("billToContactSnapshotId"),
        nothing("cancelledById"),
        midnight("cancelledOn", "canceledOn"),
        text("comment", "comment"),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        text("currency", "currency").filtered(),
        text("debitMemoDate", "date").sorted(),
        text("dueDate", "dueDate").sorted(),
        nothing("einvoiceErrorCode"),
        nothing("einvoiceErrorMessage"),
        nothing("einvoiceFileId"),
        nothing("einvoiceStatus"),
        text("id", "id"),
        nothing("latestPDFFileId"),
        text("number", "number").sorted(),
        nothing("organizationLabel"),
        nothing("postedById"),
        midnight("postedOn", "postedOn"),
        text("reasonCode", "reasonCode"),
        referred("referredCreditMemoId", "CreditMemo"),
        referred("referredInvoiceId", "Invoice").sorted(),
        nothing("sequenceSetId"),
        usually("sourceType", "Standalone"),
        text("status", "zuoraStatus").sorted(),
        text("targetDate", "targetDate").sorted(),
        exact("taxAmount", "taxAmount").sorted(),
        nothing("taxMessage"),
        always("taxStatus", "Complete"),
        exact("totalTaxExemptAmount", "taxExemptAmount").sorted(),
        usually("transferredToAccounting", "No"),
        kept("updatedById").filtered(),
        midnight("updatedDate", "updatedOn").sorted(),
    ],
    item_columns: &[
        exact("amount", "amount").sorted(),
        exact("amountWithoutTax", "amountWithoutTax"),
        text("appliedToItemId", "appliedToItemId"),
        exact("balance", "openAmount"),
        exact("beAppliedAmount", "appliedAmount").sorted(),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        text("description", "description"),
        object("financeInformation"),
        text("id", "id").sorted(),
        text("processingType", "processingType"),
        exact("quantity", "quantity"),
        text("serviceEndDate", "serviceEnd").sorted(),
        text("serviceStartDate", "serviceStart").sorted(),
        text("sku", "sku").sorted(),
        kept("skuName").sorted(),
        text("sourceItemId", "sourceItemId").sorted(),
        text("sourceItemType", "sourceItemType"),
        kept("subscriptionId").sorted(),
        text("taxMode", "taxMode"),
        kept("unitOfMeasure"),
        exact("unitPrice", "unitPrice"),
        kept("updatedById").sorted(),
        kept("updatedDate").sorted(),
    ],
    tax_columns: DEMAND_TAXES,
    extra: MEMO_EXTRA,
};

/// Tax items of invoices and debit memos.
const DEMAND_TAXES: &[Column] = &[
    exact("availableToCreditAmount", "availableToCreditAmount"),
    exact("balance", "openAmount"),
    exact("exemptAmount", "exemptAmount"),
    object("financeInformation"),
    text("id", "id"),
    text("jurisdiction", "jurisdiction"),
    text("locationCode", "locationCode"),
    text("name", "name"),
    text("sourceTaxItemId", "sourceTaxItemId"),
    exact("taxAmount", "amount"),
    text("taxCode", "taxCode"),
    kept("taxCodeDescription"),
    kept("taxDate"),
    exact("taxRate", "rate"),
    kept("taxRateDescription"),
    usually("taxRateType", "Percentage"),
];

/// Invoices.
pub(in crate::rest) const INVOICE: Resource = Resource {
    kind: "invoice",
    command_name: "Invoice",
    id_field: "invoiceId",
    list_key: "invoices",
    prefix: "INV",
    object_type: "Invoice",
    columns: &[
        text("accountId", "accountId"),
        ACCOUNT_NUMBER,
        always("adjustmentAmount", "0"),
        exact("amount", "amount"),
        exact("amountWithoutTax", "amountWithoutTax"),
        kept("autoPay"),
        exact("balance", "balance"),
        nothing("billRunId"),
        kept("billToContactId"),
        text("comments", "comment"),
        kept("createdById"),
        kept("createdDate"),
        exact("creditMemoAmount", "creditMemoAmount"),
        text("currency", "currency"),
        text("dueDate", "dueDate"),
        text("id", "id"),
        text("invoiceDate", "date"),
        text("invoiceNumber", "number"),
        nothing("organizationLabel"),
        exact("paymentAmount", "paymentAmount"),
        kept("paymentTerm"),
        nothing("postedBy"),
        text("postedDate", "postedOn"),
        text("reasonCode", "reasonCode"),
        flag("reversed", "reversed"),
        usually("source", "API"),
        usually("sourceType", "Standalone"),
        text("status", "zuoraStatus"),
        text("targetDate", "targetDate"),
        exact("taxAmount", "taxAmount"),
        exact("taxExemptAmount", "taxExemptAmount"),
        nothing("taxMessage"),
        always("taxStatus", "Complete"),
        kept("templateId"),
        usually("transferredToAccounting", "No"),
        kept("updatedById"),
        midnight("updatedDate", "updatedOn"),
    ],
    item_columns: &[
        text("appliedToItemId", "appliedToItemId"),
        exact("availableToCreditAmount", "availableToCreditAmount"),
        exact("balance", "openAmount"),
        exact("chargeAmount", "amount"),
        kept("chargeDate"),
        kept("chargeName"),
        text("description", "description"),
        text("id", "id"),
        text("processingType", "processingType"),
        kept("productRatePlanChargeId"),
        kept("purchaseOrderNumber"),
        exact("quantity", "quantity"),
        text("serviceEndDate", "serviceEnd"),
        text("serviceStartDate", "serviceStart"),
        text("sku", "sku"),
        exact("taxAmount", "taxAmount"),
        kept("taxCode"),
        text("taxMode", "taxMode"),
        kept("unitOfMeasure"),
        exact("unitPrice", "unitPrice"),
    ],
    tax_columns: DEMAND_TAXES,
    extra: MEMO_EXTRA,
};

/// Payments.
pub(in crate::rest) const PAYMENT: Resource = Resource {
    kind: "payment",
    command_name: "Payment",
    id_field: "paymentId",
    list_key: "payments",
    prefix: "P-",
    object_type: "Payment",
    columns: &[
        text("accountId", "accountId").sorted(),
        ACCOUNT_NUMBER,
        exact("amount", "amount").sorted(),
        exact("appliedAmount", "appliedAmount").sorted(),
        nothing("authTransactionId"),
        midnight("cancelledOn", "canceledOn"),
        text("comment", "comment"),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        text("currency", "currency").filtered(),
        text("effectiveDate", "date").sorted(),
        object("financeInformation"),
        kept("gatewayId"),
        kept("gatewayState"),
        text("id", "id"),
        text("number", "number").sorted(),
        kept("paymentMethodId"),
        text("paymentMethodType", "method"),
        kept("referenceId"),
        exact("refundAmount", "refundAmount").sorted(),
        kept("softDescriptor"),
        kept("softDescriptorPhone"),
        text("status", "zuoraStatus").sorted(),
        usually("type", "External").sorted(),
        exact("unappliedAmount", "unappliedAmount").sorted(),
        kept("updatedById").filtered(),
        midnight("updatedDate", "updatedOn").sorted(),
    ],
    item_columns: &[],
    tax_columns: &[],
    extra: MONEY_EXTRA,
};

/// Refunds.
pub(in crate::rest) const REFUND: Resource = Resource {
    kind: "refund",
    command_name: "Refund",
    id_field: "refundId",
    list_key: "refunds",
    prefix: "R-",
    object_type: "Refund",
    columns: &[
        text("accountId", "accountId").sorted(),
        exact("amount", "amount").sorted(),
        midnight("cancelledOn", "canceledOn"),
        text("comment", "comment"),
        kept("createdById").sorted(),
        kept("createdDate").sorted(),
        kept("creditMemoId"),
        object("financeInformation"),
        kept("gatewayId"),
        kept("gatewayState"),
        text("id", "id"),
        text("methodType", "method").filtered(),
        text("number", "number").sorted(),
        kept("paymentId").filtered(),
        kept("paymentMethodId"),
        text("reasonCode", "reasonCode"),
        kept("referenceId"),
        text("refundDate", "date").sorted(),
        kept("secondRefundReferenceId"),
        kept("softDescriptor"),
        kept("softDescriptorPhone"),
        text("status", "zuoraStatus").sorted(),
        usually("type", "External").filtered(),
        kept("updatedById").filtered(),
        midnight("updatedDate", "updatedOn").sorted(),
    ],
    item_columns: &[],
    tax_columns: &[],
    extra: MONEY_EXTRA,
};

/// All kinds of documents.
pub(in crate::rest) const RESOURCES: [&Resource; 5] =
    [&CREDIT_MEMO, &DEBIT_MEMO, &INVOICE, &PAYMENT, &REFUND];
