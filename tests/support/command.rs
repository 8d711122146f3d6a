//! Commands as plain data, and as the JSON of a request.

use serde::Serialize;
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
    DebitMemo,
    Memo,
    Payment,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Invoice, Self::DebitMemo, Self::Memo, Self::Payment];

    /// As it crosses the boundary.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Invoice => "invoice",
            Kind::DebitMemo => "debitMemo",
            Kind::Memo => "creditMemo",
            Kind::Payment => "payment",
        }
    }

    pub const fn is_source(self) -> bool {
        matches!(self, Kind::Memo | Kind::Payment)
    }

    fn field(self) -> String {
        format!("{}Id", self.name())
    }

    /// The name of a command about it.
    fn command(self, verb: &str) -> String {
        format!("{verb}{}{}", self.name()[..1].to_uppercase(), &self.name()[1..])
    }
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
    /// Which tax it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// An apply, or (`back`) an unapply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settle {
    pub back: bool,
    pub kind: Kind,
    pub source: String,
    pub rule: Option<Rule>,
    /// Lines that are not positive take no part.
    pub skips_negative: bool,
    pub targets: Option<Vec<Wanted>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    Proration,
    Fifo,
    Lifo,
    Explicit,
}

/// What one invoice or debit memo is to receive or give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub kind: Kind,
    pub target: String,
    pub amount: Option<String>,
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

impl Pair {
    fn json(&self, from: Kind, to: Kind) -> Value {
        let Self { tax, source, target, amount } = self;
        let mut fields = json!({ "amount": amount });
        fields[if *tax { "taxItemId".to_owned() } else { format!("{}ItemId", to.name()) }] = json!(target);
        if from == Kind::Memo {
            fields[if *tax { "creditTaxItemId" } else { "creditMemoItemId" }] = json!(source);
        }
        fields
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
    pub fn all(kind: Kind, target: &str) -> Self {
        Self { kind, target: target.to_owned(), amount: None, items: None }
    }

    fn json(&self, from: Kind) -> Value {
        let mut fields = json!({ self.kind.field(): self.target });
        if let Some(amount) = &self.amount {
            fields["amount"] = json!(amount);
        }
        if let Some(items) = &self.items {
            fields["items"] = items.iter().map(|pair| pair.json(from, self.kind)).collect();
        }
        fields
    }
}

impl Settle {
    fn json(&self) -> Value {
        let mut request = json!({ self.kind.field(): self.source });
        if let Some(rule) = self.rule {
            request["rule"] = json!(rule);
        }
        if self.skips_negative {
            request["signs"] = "skipNonPositive".into();
        }
        if let Some(targets) = &self.targets {
            let of = |kind| targets.iter().filter(move |wanted| wanted.kind == kind);
            for (kind, list) in [(Kind::Invoice, "invoices"), (Kind::DebitMemo, "debitMemos")] {
                // An empty list says as much as a missing one.
                if of(kind).next().is_some() || (targets.is_empty() && kind == Kind::Invoice) {
                    request[list] = of(kind).map(|wanted| wanted.json(self.kind)).collect();
                }
            }
        }
        request
    }
}

impl Command {
    pub fn name(&self) -> String {
        match self {
            Command::Create(new) => new.kind.command("create"),
            Command::Post { kind, .. } => kind.command("post"),
            Command::Settle(settle) => settle.kind.command(if settle.back { "unapply" } else { "apply" }),
        }
    }

    /// The request of this command on the day `at`.
    pub fn json(&self, at: &str) -> Value {
        let mut request = match self {
            // A payment has an amount and no items.
            Command::Create(document) if document.kind == Kind::Payment => {
                let mut request = json!(document);
                let fields = request.as_object_mut().unwrap();
                fields.remove("items");
                fields.remove("autoPost");
                request["amount"] = json!(document.items[0].amount);
                request
            }
            Command::Create(document) => json!(document),
            Command::Post { kind, id } => json!({ kind.field(): id }),
            Command::Settle(settle) => settle.json(),
        };
        request["type"] = self.name().into();
        request["at"] = at.into();
        request
    }
}
