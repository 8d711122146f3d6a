//! Bodies of Quickstart as bodies of v1.

use super::names::{Means, NamePair, TAX};
use super::{Memo, text};
use crate::rest::body::{objects, stated};
use crate::rest::needs::Answer;
use crate::rest::problem::Problem;
use serde_json::{Map, Value, json};

/// The most entries of a list.
const MOST: usize = 1000;

/// A new memo.
pub(super) struct CreatedMemo {
    /// The invoice that it is made from.
    pub(super) invoice: Option<String>,
    pub(super) body: Map<String, Value>,
}

/// What a memo says of itself: Quickstart, v1.
const NOTES: &[(&str, &str)] = &[
    ("description", "comment"),
    ("document_date", "effectiveDate"),
    ("due_date", "dueDate"),
    ("reason_code", "reasonCode"),
    ("exclude_from_auto_apply_rules", "excludeFromAutoApplyRules"),
    ("pay", "autoPay"),
];

/// What an item says: Quickstart, v1.
const ITEM: &[(&str, &str)] = &[
    ("amount", "amount"),
    ("quantity", "quantity"),
    ("unit_amount", "unitPrice"),
    ("name", "skuName"),
    ("sku", "sku"),
    ("description", "description"),
    ("unit_of_measure", "unitOfMeasure"),
    ("service_start", "serviceStartDate"),
    ("service_end", "serviceEndDate"),
];

/// `POST …`.
pub(super) fn created(body: &Map<String, Value>, memo: &Memo) -> Answer<CreatedMemo> {
    let invoice = stated(body, "invoice_id").map(str::to_owned);

    let mut created = Translation::new(body, "");
    created.rename(NOTES);
    created.rename(&[("post", "autoPost")]);
    created.custom_fields()?;
    created.transferred()?;

    if invoice.is_some() {
        created.rename(&[("apply", "autoApplyToInvoiceUponPosting")]);
        // The invoice says these.
        created.know(&["invoice_id", "account_id", "account_number", "currency"]);
    } else {
        created.rename(&[
            ("account_id", "accountId"),
            ("account_number", "accountNumber"),
            ("currency", "currency"),
        ]);
        created.know(&["invoice_id", "apply"]);
    }

    let mut items = Vec::new();
    for (at, item) in objects(body, "items", MOST)? {
        items.push(item_of(item, &at, invoice.is_some(), memo)?);
    }
    created.know(&["items"]);

    let list = if invoice.is_some() {
        "items"
    } else {
        "charges"
    };
    if !items.is_empty() {
        created.v1.insert(list.into(), Value::Array(items));
    }
    Ok(CreatedMemo {
        invoice,
        body: created.done()?,
    })
}

/// An item of a new memo.
fn item_of(item: &Map<String, Value>, at: &str, of_invoice: bool, memo: &Memo) -> Answer<Value> {
    let mut translated = Translation::new(item, at);
    translated.rename(ITEM);
    translated.custom_fields()?;
    translated.finance(memo.item_names);
    // When an item takes effect is the date of its document.
    translated.know(&[
        "document_item_date",
        "price_id",
        "invoice_item_id",
        "tax_inclusive",
    ]);

    if of_invoice {
        translated.rename(&[("invoice_item_id", "invoiceItemId")]);
        if item.get("tax_inclusive").and_then(Value::as_bool) == Some(true) {
            translated
                .v1
                .insert("taxMode".into(), json!("TaxInclusive"));
        }
    } else {
        translated.rename(&[("price_id", "productRatePlanChargeId")]);
    }

    let mut taxes = Vec::new();
    for (path, tax) in objects(item, "taxation_items", MOST)? {
        taxes.push(tax_of(tax, &format!("{at}{path}"))?);
    }
    translated.know(&["taxation_items"]);
    if !taxes.is_empty() {
        translated.v1.insert("taxItems".into(), Value::Array(taxes));
    }
    Ok(Value::Object(translated.done()?))
}

/// A tax item of a new item.
fn tax_of(tax: &Map<String, Value>, at: &str) -> Answer<Value> {
    let mut translated = Translation::new(tax, at);
    for (name, of_v1, means) in TAX {
        let Some(value) = tax.get(*name).filter(|value| !value.is_null()) else {
            continue;
        };

        let value = match (means, value.as_str()) {
            (Means::RateType, Some("amount")) => json!("FlatFee"),
            (Means::RateType, _) => json!("Percentage"),
            _ => value.clone(),
        };
        // A new tax has other names in v1 than one that is shown.
        let of_v1 = match *of_v1 {
            "name" => "taxName",
            "taxAmount" => "amount",
            "exemptAmount" => "taxExemptAmount",
            other => other,
        };

        translated.v1.insert(of_v1.into(), value);
        translated.know(&[name]);
    }
    translated.know(&["tax_inclusive", "invoice_item_id", "on_account_account"]);
    Ok(Value::Object(translated.done()?))
}

/// `PATCH …/{key}`.
pub(super) fn updated(body: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let mut updated = Translation::new(body, "");
    updated.rename(NOTES);
    updated.rename(&[("apply", "autoApplyUponPosting")]);
    updated.custom_fields()?;
    updated.transferred()?;
    updated.done()
}

/// `POST …/{key}/apply` and `unapply`.
pub(super) fn settled(body: &Map<String, Value>) -> Answer<Map<String, Value>> {
    let mut settled = Translation::new(body, "");
    settled.rename(&[("effective_date", "effectiveDate")]);
    settled.know(&["billing_documents"]);

    let documents = objects(body, "billing_documents", MOST)?;
    if documents.is_empty() {
        return Err(Problem::missing("billing_documents").into());
    }

    let (mut invoices, mut debit_memos) = (Vec::new(), Vec::new());
    for (at, document) in documents {
        match stated(document, "type") {
            Some("invoice") => invoices.push(target_of(document, &at, "invoiceId")?),
            Some("debit_memo") => debit_memos.push(target_of(document, &at, "debitMemoId")?),
            Some(_) => {
                let why = "it is `invoice` or `debit_memo`.";
                return Err(Problem::invalid(&format!("{at}type"), why).into());
            }
            None => return Err(Problem::missing(&format!("{at}type")).into()),
        }
    }

    for (list, targets) in [("invoices", invoices), ("debitMemos", debit_memos)] {
        if !targets.is_empty() {
            settled.v1.insert(list.into(), Value::Array(targets));
        }
    }
    settled.done()
}

/// A document that a memo is applied to.
fn target_of(document: &Map<String, Value>, at: &str, id: &'static str) -> Answer<Value> {
    let mut target = Translation::new(document, at);
    target.rename(&[("id", id), ("amount", "amount")]);
    target.know(&["type", "items"]);

    let item = if id == "invoiceId" {
        "invoiceItemId"
    } else {
        "debitMemoItemId"
    };

    let mut lines = Vec::new();
    for (path, line) in objects(document, "items", MOST)? {
        let mut translated = Translation::new(line, &format!("{at}{path}"));
        translated.rename(&[
            ("amount", "amount"),
            ("credit_memo_item_id", "creditMemoItemId"),
            ("credit_memo_taxation_item_id", "creditTaxItemId"),
            ("taxation_item_id", "taxItemId"),
            ("id", item),
        ]);
        lines.push(Value::Object(translated.done()?));
    }

    if !lines.is_empty() {
        target.v1.insert("items".into(), Value::Array(lines));
    }
    Ok(Value::Object(target.done()?))
}

/// `POST …/{key}/pay` of a debit memo: without an amount, all that it owes.
pub(super) fn payment(body: &Map<String, Value>, memo: &Value) -> Answer<Map<String, Value>> {
    if stated(body, "currency").is_none() {
        return Err(Problem::missing("currency").into());
    }

    let mut payment = Translation::new(body, "");
    payment.rename(&[
        ("currency", "currency"),
        ("description", "comment"),
        ("payment_date", "effectiveDate"),
        ("payment_method_id", "paymentMethodId"),
        ("gateway_id", "gatewayId"),
        ("gateway_order_id", "gatewayOrderId"),
        ("gateway_options", "gatewayOptions"),
        ("reference_id", "referenceId"),
        ("authorization_id", "authTransactionId"),
        ("statement_descriptor", "softDescriptor"),
        ("statement_descriptor_phone", "softDescriptorPhone"),
    ]);

    payment.custom_fields()?;
    payment.know(&[
        "amount",
        "account_id",
        "account_number",
        "bank_account_account",
        "external",
    ]);

    let is_external = body.get("external").and_then(Value::as_bool) == Some(true);
    let has_method = stated(body, "payment_method_id").is_some();
    let kind = if is_external || !has_method {
        "External"
    } else {
        "Electronic"
    };
    payment.v1.insert("type".into(), json!(kind));

    // v1 wants the method of money that moves outside of a gateway, and the body has none.
    if !has_method {
        payment
            .v1
            .insert("paymentMethodType".into(), json!("Other"));
    }

    let stated_amount = body.get("amount").filter(|amount| !amount.is_null());
    let amount = stated_amount.or_else(|| memo.get("balance"));
    let amount = amount.cloned().unwrap_or_default();
    let target = json!({ "debitMemoId": text(memo, "id"), "amount": amount });
    payment
        .v1
        .insert("accountId".into(), json!(text(memo, "accountId")));
    payment.v1.insert("debitMemos".into(), json!([target]));
    payment.v1.insert("amount".into(), amount);
    payment.done()
}

/// An object of Quickstart that becomes one of v1.
struct Translation<'b> {
    body: &'b Map<String, Value>,
    /// Where it is.
    at: String,
    /// The fields that the operation has.
    known: Vec<&'static str>,
    v1: Map<String, Value>,
}

impl<'b> Translation<'b> {
    fn new(body: &'b Map<String, Value>, at: &str) -> Self {
        Self {
            body,
            at: at.to_owned(),
            known: Vec::new(),
            v1: Map::new(),
        }
    }

    fn know(&mut self, names: &[&'static str]) {
        self.known.extend(names);
    }

    /// Takes fields over under their names of v1.
    fn rename(&mut self, names: &[(&'static str, &'static str)]) {
        for (name, of_v1) in names {
            self.known.push(name);
            if let Some(value) = self.body.get(*name) {
                self.v1.insert((*of_v1).into(), value.clone());
            }
        }
    }

    /// What a tenant keeps: an object here, fields of their own in v1.
    fn custom_fields(&mut self) -> Answer<()> {
        self.known.push("custom_fields");
        match self.body.get("custom_fields") {
            None | Some(Value::Null) => Ok(()),
            Some(Value::Object(fields)) => {
                self.v1.extend(fields.clone());
                Ok(())
            }
            Some(_) => {
                let path = format!("{}custom_fields", self.at);
                Err(Problem::invalid(&path, "it is no object.").into())
            }
        }
    }

    fn transferred(&mut self) -> Answer<()> {
        self.known.push("transfer_to_accounting");
        match self.body.get("transfer_to_accounting") {
            None | Some(Value::Null) => {}
            Some(Value::Bool(is_transferred)) => {
                let word = if *is_transferred { "Yes" } else { "No" };
                self.v1
                    .insert("transferredToAccounting".into(), json!(word));
            }
            Some(_) => {
                let why = "it is neither true nor false.";
                return Err(Problem::invalid("transfer_to_accounting", why).into());
            }
        }
        Ok(())
    }

    /// Codes of accounting, which v1 has in an object of their own.
    fn finance(&mut self, names: &[NamePair]) {
        let mut finance = Map::new();
        for (name, of_v1, means) in names {
            if *means == Means::Finance {
                self.known.push(name);
                if let Some(value) = self.body.get(*name).filter(|value| !value.is_null()) {
                    finance.insert((*of_v1).into(), value.clone());
                }
            }
        }

        if !finance.is_empty() {
            self.v1
                .insert("financeInformation".into(), Value::Object(finance));
        }
    }

    /// The object of v1.
    ///
    /// # Errors
    /// A refusal of a field that the operation does not have.
    fn done(self) -> Answer<Map<String, Value>> {
        let is_known = |name: &&String| self.known.contains(&name.as_str());
        match self.body.keys().find(|name| !is_known(name)) {
            None => Ok(self.v1),
            Some(name) => {
                let path = format!("{}{name}", self.at);
                Err(Problem::no_field(&path).into())
            }
        }
    }
}
