//! The fields of the bodies that Zuora v1 reads, with the longest texts that its reference allows.

use crate::rest::body::BodyField as F;

/// What is kept of an item: the engine does not know it.
macro_rules! with_item_notes {
    ($($field:expr),* $(,)?) => {
        &[
            $($field,)*
            F::kept("financeInformation"),
            F::kept("excludeItemBillingFromRevenueAccounting"),
            F::kept("skuName"),
            F::kept("unitOfMeasure"),
            F::words("comment", "description", 255),
            F::words("description", "description", 255),
            F::exact("quantity", "quantity"),
            F::day("serviceStartDate", "serviceStart"),
            F::day("serviceEndDate", "serviceEnd"),
        ]
    };
}

/// What is kept of a tax item.
macro_rules! with_tax_notes {
    ($($field:expr),* $(,)?) => {
        &[
            $($field,)*
            F::kept("financeInformation"),
            F::kept("taxCodeDescription"),
            F::kept("taxDate"),
            F::kept("taxRateDescription"),
            F::kept("taxRateType"),
            F::kept("country"),
            F::kept("applicableTaxUnRounded"),
            F::words("jurisdiction", "jurisdiction", 255),
            F::words("locationCode", "locationCode", 32),
            F::words("taxCode", "taxCode", 64),
            F::exact("taxRate", "rate"),
        ]
    };
}

/// A memo for charges of the catalogue.
pub(super) const FROM_CHARGES: &[F] = &[
    F::apart("accountId"),
    F::apart("accountNumber"),
    F::apart("number"),
    F::apart("charges"),
    F::flag("autoPost", "autoPost"),
    F::words("comment", "comment", 255),
    F::kept("customRates"),
    F::kept("autoPay"),
    F::day("effectiveDate", "date"),
    F::day("dueDate", "dueDate"),
    F::flag("excludeFromAutoApplyRules", "excludeFromAutoApply"),
    F::words("reasonCode", "reasonCode", 255),
    F::words("currency", "currency", 8),
];

/// A charge of a memo.
pub(super) const CHARGE: &[F] = with_item_notes![
    F::apart("taxItems"),
    F::words("sku", "sku", 255),
    F::exact("unitPrice", "unitPrice"),
    F::exact("amount", "amount"),
    F::exact("memoItemAmount", "amount"),
    F::apart("chargeId"),
    F::apart("productRatePlanChargeId"),
];

/// A memo from an invoice.
pub(super) const FROM_INVOICE: &[F] = &[
    F::apart("invoiceId"),
    F::apart("items"),
    F::apart("taxAutoCalculation"),
    F::flag("autoApplyToInvoiceUponPosting", "autoApply"),
    F::flag("autoPost", "autoPost"),
    F::words("comment", "comment", 255),
    F::kept("autoPay"),
    F::kept("billToContactId"),
    F::day("effectiveDate", "date"),
    F::flag("excludeFromAutoApplyRules", "excludeFromAutoApply"),
    F::words("reasonCode", "reasonCode", 255),
];

/// An item of a memo from an invoice.
pub(super) const FROM_INVOICE_ITEM: &[F] = with_item_notes![
    F::words("sku", "sku", 255),
    F::exact("unitPrice", "unitPrice"),
    F::exact("amount", "amount").required(),
    F::words("invoiceItemId", "sourceItemId", 255).required(),
    F::kept("contributeToCommitment"),
    F::apart("taxItems"),
    F::tax_mode(),
];

/// A tax of an item of a memo from an invoice.
pub(super) const FROM_INVOICE_TAX: &[F] = with_tax_notes![
    F::exact("amount", "amount"),
    F::words("sourceTaxItemId", "sourceTaxItemId", 255),
    F::words("taxName", "name", 128),
    F::exact("taxExemptAmount", "exemptAmount"),
];

/// A change of a memo.
pub(super) const UPDATE_MEMO: &[F] = &[
    F::apart("id"),
    F::apart("items"),
    F::flag("autoApplyUponPosting", "autoApply"),
    F::kept("autoPay"),
    F::words("comment", "comment", 255),
    F::day("effectiveDate", "date"),
    F::day("dueDate", "dueDate"),
    F::flag("excludeFromAutoApplyRules", "excludeFromAutoApply"),
    F::words("reasonCode", "reasonCode", 255),
    F::kept("transferredToAccounting"),
];

/// A change of an item of a memo; without `id`, a new one.
pub(super) const UPDATE_ITEM: &[F] = with_item_notes![
    F::apart("id"),
    F::apart("delete"),
    F::apart("taxItems"),
    F::kept("productRatePlanChargeId"),
    F::exact("amount", "amount"),
];

/// A change of a tax item.
pub(super) const UPDATE_TAX: &[F] = with_tax_notes![
    F::words("id", "id", 255).required(),
    F::exact("amount", "amount"),
    F::words("taxName", "name", 128),
    F::exact("taxExemptAmount", "exemptAmount"),
];

/// A tax item that is created beside its item.
pub(super) const NEW_TAX: &[F] = with_tax_notes![
    F::apart("memoItemId"),
    F::apart("invoiceItemId"),
    F::apart("taxMode"),
    F::words("name", "name", 128).required(),
    F::words("sourceTaxItemId", "sourceTaxItemId", 255),
    F::exact("taxAmount", "amount").required(),
    F::exact("exemptAmount", "exemptAmount"),
];

/// A change of a tax item that is named by itself.
pub(super) const CHANGED_TAX: &[F] = with_tax_notes![
    F::words("name", "name", 128),
    F::exact("taxAmount", "amount"),
    F::exact("exemptAmount", "exemptAmount"),
];

/// A tax item as the older interface of single objects creates it.
pub(super) const OBJECT_TAX: &[F] = &[
    F::apart("InvoiceItemId"),
    F::kept("AccountingCode"),
    F::exact("ExemptAmount", "exemptAmount"),
    F::words("Jurisdiction", "jurisdiction", 255).required(),
    F::words("LocationCode", "locationCode", 32),
    F::words("Name", "name", 128).required(),
    F::exact("TaxAmount", "amount").required(),
    F::words("TaxCode", "taxCode", 64),
    F::kept("TaxCodeDescription"),
    F::kept("TaxDate"),
    F::exact("TaxRate", "rate"),
    F::kept("TaxRateDescription"),
    F::kept("TaxRateType"),
];

/// What is applied or taken back.
pub(super) const SETTLE: &[F] = &[
    F::apart("invoices"),
    F::apart("debitMemos"),
    F::apart("applicationRule"),
    F::day("effectiveDate", "at"),
];

/// A document that something is applied to.
pub(super) const SETTLED_DOCUMENT: &[F] = &[
    F::apart("items"),
    F::apart("invoiceId"),
    F::apart("invoiceNumber"),
    F::apart("debitMemoId"),
    F::apart("debitMemoNumber"),
    F::exact("amount", "amount").required(),
];

/// A line that something is applied to, or that is refunded.
pub(super) const SETTLED_LINE: &[F] = &[
    F::exact("amount", "amount").required(),
    F::words("creditMemoItemId", "creditMemoItemId", 255),
    F::words("creditTaxItemId", "creditTaxItemId", 255),
    F::words("invoiceItemId", "invoiceItemId", 255),
    F::words("debitMemoItemId", "debitMemoItemId", 255),
    F::words("taxItemId", "taxItemId", 255),
];

/// A refund of a credit memo or payment.
pub(super) const REFUND: &[F] = &[
    F::apart("type"),
    F::apart("items"),
    F::apart("invoices"),
    F::apart("debitMemos"),
    F::exact("totalAmount", "amount").required(),
    F::words("comment", "comment", 255),
    F::words("methodType", "method", 255),
    F::words("reasonCode", "reasonCode", 255),
    F::day("refundDate", "date"),
    F::kept("customRates"),
    F::kept("financeInformation"),
    F::kept("gatewayId"),
    F::kept("gatewayOptions"),
    F::kept("paymentGatewayNumber"),
    F::kept("paymentMethodId"),
    F::kept("referenceId"),
    F::kept("refundTransactionType"),
    F::kept("secondRefundReferenceId"),
    F::kept("softDescriptor"),
    F::kept("softDescriptorPhone"),
    F::apart("writeOff"),
];

/// A write-off of a credit memo, or a reversal.
pub(super) const COUNTERPART: &[F] = &[
    F::apart("applyEffectiveDate"),
    F::words("comment", "comment", 255),
    F::day("memoDate", "date"),
    F::words("reasonCode", "reasonCode", 255),
];

/// A write-off of an invoice or debit memo.
pub(super) const WRITE_OFF: &[F] = &[
    F::exact("amount", "amount"),
    F::apart("items"),
    F::apart("revenueImpacting"),
    F::apart("taxAutoCalculation"),
    F::kept("nonRevenueWriteOffAccountingCode"),
    F::words("comment", "comment", 255),
    F::day("memoDate", "date"),
    F::words("reasonCode", "reasonCode", 255),
];

/// A standalone invoice.
pub(super) const INVOICE: &[F] = &[
    F::apart("accountId"),
    F::apart("accountNumber"),
    F::apart("invoiceNumber"),
    F::apart("invoiceItems"),
    F::apart("status"),
    F::kept("autoPay"),
    F::words("comments", "comment", 255),
    F::words("currency", "currency", 8),
    F::kept("customRates"),
    F::day("invoiceDate", "date").required(),
    F::day("dueDate", "dueDate"),
    F::kept("billToContactId"),
    F::kept("billToContact"),
    F::kept("soldToContactId"),
    F::kept("soldToContact"),
    F::kept("soldToSameAsBillTo"),
    F::kept("shipToContactId"),
    F::kept("shipToContact"),
    F::kept("shipToSameAsBillTo"),
    F::kept("paymentTerm"),
    F::kept("sequenceSet"),
    F::kept("communicationProfileId"),
    F::kept("templateId"),
    F::kept("transferredToAccounting"),
];

/// An item of an invoice, or a discount on one.
pub(super) const INVOICE_ITEM: &[F] = &[
    F::exact("amount", "amount").required(),
    F::apart("discountItems"),
    F::apart("taxItems"),
    F::kept("accountingCode"),
    F::kept("accountsReceivableAccountingCode"),
    F::kept("adjustmentLiabilityAccountingCode"),
    F::kept("adjustmentRevenueAccountingCode"),
    F::kept("bookingReference"),
    F::kept("chargeDate"),
    F::kept("chargeName"),
    F::kept("contractAssetAccountingCode"),
    F::kept("contractLiabilityAccountingCode"),
    F::kept("contractRecognizedRevenueAccountingCode"),
    F::kept("deferredRevenueAccountingCode"),
    F::words("description", "description", 500),
    F::kept("excludeItemBillingFromRevenueAccounting"),
    F::kept("itemType"),
    F::kept("productRatePlanChargeId"),
    F::kept("purchaseOrderNumber"),
    F::exact("quantity", "quantity"),
    F::kept("recognizedRevenueAccountingCode"),
    F::kept("revRecCode"),
    F::kept("revRecTriggerCondition"),
    F::kept("revRecStartDate"),
    F::kept("revenueRecognitionRuleName"),
    F::day("serviceStartDate", "serviceStart"),
    F::day("serviceEndDate", "serviceEnd"),
    F::words("sku", "sku", 255),
    F::kept("taxCode"),
    F::tax_mode(),
    F::kept("unbilledReceivablesAccountingCode"),
    F::exact("unitPrice", "unitPrice"),
    F::kept("uom"),
];

/// A change of an invoice.
pub(super) const UPDATE_INVOICE: &[F] = &[
    F::apart("invoiceItems"),
    F::kept("autoPay"),
    F::words("comments", "comment", 255),
    F::day("dueDate", "dueDate"),
    F::day("invoiceDate", "date"),
    F::kept("templateId"),
    F::kept("transferredToAccounting"),
];

/// A change of an item of an invoice; without `id`, a new one.
pub(super) const UPDATE_INVOICE_ITEM: &[F] = &[
    F::apart("id"),
    F::apart("delete"),
    F::apart("taxItems"),
    F::exact("amount", "amount"),
    F::kept("accountingCode"),
    F::kept("bookingReference"),
    F::kept("chargeDate"),
    F::kept("chargeName"),
    F::kept("deferredRevenueAccountingCode"),
    F::words("description", "description", 500),
    F::kept("itemType"),
    F::kept("productRatePlanChargeId"),
    F::kept("purchaseOrderNumber"),
    F::exact("quantity", "quantity"),
    F::kept("recognizedRevenueAccountingCode"),
    F::kept("revRecStartDate"),
    F::kept("revenueRecognitionRuleName"),
    F::day("serviceStartDate", "serviceStart"),
    F::day("serviceEndDate", "serviceEnd"),
    F::words("sku", "sku", 255),
    F::kept("taxCode"),
    F::exact("unitPrice", "unitPrice"),
    F::kept("uom"),
];

/// A tax of an item of an invoice.
pub(super) const INVOICE_TAX: &[F] = with_tax_notes![
    F::words("name", "name", 128).required(),
    F::exact("taxAmount", "amount").required(),
    F::exact("exemptAmount", "exemptAmount"),
    F::apart("taxMode"),
];

/// A payment.
pub(super) const PAYMENT: &[F] = &[
    F::apart("accountId"),
    F::apart("accountNumber"),
    F::apart("number"),
    F::apart("type"),
    F::apart("invoices"),
    F::apart("debitMemos"),
    F::exact("amount", "amount").required(),
    F::words("currency", "currency", 8),
    F::words("comment", "comment", 255),
    F::day("effectiveDate", "date"),
    F::words("paymentMethodType", "method", 255),
    F::kept("authTransactionId"),
    F::kept("customRates"),
    F::kept("financeInformation"),
    F::kept("gatewayId"),
    F::kept("gatewayOptions"),
    F::kept("gatewayOrderId"),
    F::kept("paymentGatewayNumber"),
    F::kept("paymentMethodId"),
    F::kept("paymentScheduleKey"),
    F::kept("prepayment"),
    F::kept("referenceId"),
    F::kept("softDescriptor"),
    F::kept("softDescriptorPhone"),
    F::kept("standalone"),
];

/// What an account owes, to be collected. Days are about what a bill run would generate.
pub(super) const INVOICE_COLLECT: &[F] = &[
    F::words("accountKey", "accountKey", 255).required(),
    F::apart("invoiceId"),
    F::apart("paymentMethodId"),
    F::words("paymentGateway", "paymentGateway", 40),
    F::day("documentDate", "documentDate"),
    F::day("invoiceDate", "invoiceDate"),
    F::day("targetDate", "targetDate"),
    F::day("invoiceTargetDate", "invoiceTargetDate"),
];

/// A payment that goes to another account.
pub(super) const TRANSFER: &[F] = &[F::apart("accountId"), F::day("effectiveDate", "at")];

/// A change of a payment or refund.
pub(super) const UPDATE_MONEY: &[F] = &[
    F::words("comment", "comment", 255),
    F::words("reasonCode", "reasonCode", 255),
    F::kept("financeInformation"),
    F::kept("gatewayState"),
    F::kept("gatewayReconciliationStatus"),
    F::kept("gatewayReconciliationReason"),
    F::kept("paymentScheduleKey"),
    F::kept("payoutId"),
    F::kept("referenceId"),
];
