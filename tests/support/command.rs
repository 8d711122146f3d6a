//! Commands as plain data, and as the JSON of a request.

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

/// A command without its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Create(NewDocument),
    Post { kind: Kind, id: String },
    Settle(Settle),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invoice,
    Memo,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewDocument {
    #[serde(skip)]
    pub kind: Kind,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    pub items: Vec<NewItem>,
    pub auto_post: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewItem {
    pub id: String,
    pub amount: String,
    /// The item that this discount reduces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applied_to_item_id: Option<String>,
    pub tax_items: Vec<NewTaxItem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewTaxItem {
    pub id: String,
    pub amount: String,
}

/// An apply, or (`back`) an unapply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settle {
    #[serde(skip)]
    pub back: bool,
    #[serde(rename = "creditMemoId")]
    pub memo: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// Lines that are not positive take no part.
    #[serde(skip)]
    pub skips_negative: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoices: Option<Vec<Wanted>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    Proration,
    Fifo,
    Explicit,
}

/// What one invoice is to receive or give back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    #[serde(rename = "invoiceId")]
    pub invoice: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<Pair>>,
}

/// An explicit item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub tax: bool,
    pub source: String,
    pub target: String,
    pub amount: String,
}

impl Serialize for Pair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { tax, source, target, amount } = self;
        let fields = if *tax {
            json!({ "creditTaxItemId": source, "taxItemId": target, "amount": amount })
        } else {
            json!({ "creditMemoItemId": source, "invoiceItemId": target, "amount": amount })
        };
        fields.serialize(serializer)
    }
}

impl NewItem {
    /// A charge without tax.
    pub fn plain(id: &str, amount: &str) -> Self {
        Self { id: id.to_owned(), amount: amount.to_owned(), applied_to_item_id: None, tax_items: Vec::new() }
    }
}

impl Wanted {
    /// All that is possible.
    pub fn all(invoice: &str) -> Self {
        Self { invoice: invoice.to_owned(), amount: None, items: None }
    }
}

impl Command {
    pub const fn name(&self) -> &'static str {
        match self {
            Command::Create(NewDocument { kind: Kind::Invoice, .. }) => "createInvoice",
            Command::Create(NewDocument { kind: Kind::Memo, .. }) => "createCreditMemo",
            Command::Post { kind: Kind::Invoice, .. } => "postInvoice",
            Command::Post { kind: Kind::Memo, .. } => "postCreditMemo",
            Command::Settle(Settle { back: false, .. }) => "applyCreditMemo",
            Command::Settle(Settle { back: true, .. }) => "unapplyCreditMemo",
        }
    }

    /// The request of this command on the day `at`.
    pub fn json(&self, at: &str) -> Value {
        let mut request = match self {
            Command::Create(document) => json!(document),
            Command::Post { kind: Kind::Invoice, id } => json!({ "invoiceId": id }),
            Command::Post { kind: Kind::Memo, id } => json!({ "creditMemoId": id }),
            Command::Settle(settle) => json!(settle),
        };
        if let Command::Settle(Settle { skips_negative: true, .. }) = self {
            request["signs"] = "skipNonPositive".into();
        }
        request["type"] = self.name().into();
        request["at"] = at.into();
        request
    }
}
