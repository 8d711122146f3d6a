//! Results: the serde counterparts of the domain's types, named and ordered as in `types.d.ts`.
//!
//! Money is canonical text, absent values are `null`, and nothing is a float.

use crate::Book;
use crate::book::{Group, Outcome, Settled};
use crate::calendar::Date;
use crate::document::{Detail, Document, DocumentIndex, Documents, Header, ItemText, Kind, LineIndex, PartItem};
use crate::error::Error;
use crate::money::{Amount, Currency, text};
use crate::query::{Answer, Rows, tax_items};
use crate::settle::{Application, Notice};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

/// `SetoffError`, without what JavaScript adds.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorView {
    code: &'static str,
    path: String,
    details: Details,
    message: String,
}

#[derive(Clone, Debug, Serialize)]
struct Details {
    needed: String,
    found: String,
}

impl From<&Error> for ErrorView {
    fn from(error: &Error) -> Self {
        let details = Details { needed: error.needed().to_owned(), found: error.found().to_owned() };
        Self { code: error.code().as_str(), path: error.path().to_owned(), details, message: error.to_string() }
    }
}

/// A decimal as its text.
#[derive(Clone, Copy, Debug)]
struct Text<T>(T);

impl Serialize for Text<Decimal> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text::write_decimal(self.0))
    }
}

impl Serialize for Text<Date> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// `Invoice` or `CreditMemo`: each has the fields of its kind.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    number: String,
    account_id: String,
    currency: String,
    status: &'static str,
    date: Text<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<Text<Date>>,
    amount: String,
    tax_amount: String,
    applied_amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unapplied_amount: Option<String>,
}

impl From<&Header> for DocumentView {
    fn from(header: &Header) -> Self {
        let write = |amount| header.currency.write(amount);
        let figures = &header.figures;
        let is_invoice = header.kind == Kind::Invoice;
        Self {
            kind: header.kind.as_str(),
            id: header.id.to_string(),
            number: header.number.to_string(),
            account_id: header.account_id.to_string(),
            currency: header.currency.code().to_owned(),
            status: header.status.as_str(),
            date: Text(header.date),
            due_date: is_invoice.then_some(Text(header.due_date)),
            amount: write(figures.amount()),
            tax_amount: write(header.tax),
            applied_amount: write(figures.applied()),
            balance: is_invoice.then(|| write(figures.open())),
            refund_amount: (!is_invoice).then(|| write(figures.refunded())),
            unapplied_amount: (!is_invoice).then(|| write(figures.open())),
        }
    }
}

/// `LineAmounts`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineView {
    id: String,
    amount: String,
    netted_amount: String,
    applied_amount: String,
    open_amount: String,
}

impl LineView {
    fn new(document: &Document, line: LineIndex) -> Option<Self> {
        let write = |amount| document.header().currency.write(amount);
        let figures = document.line_figures(line)?;
        Some(Self {
            id: document.lines().get(line.get())?.id.to_string(),
            amount: write(figures.amount()),
            netted_amount: write(figures.netted()),
            applied_amount: write(figures.applied()),
            open_amount: write(figures.open()),
        })
    }
}

/// `TaxItem`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaxItemView {
    #[serde(flatten)]
    line: LineView,
    name: Option<String>,
    jurisdiction: Option<String>,
    location_code: Option<String>,
    rate: Option<Text<Decimal>>,
}

impl TaxItemView {
    fn new(document: &Document, index: LineIndex) -> Option<Self> {
        let Detail::Tax { identity, .. } = &document.lines().get(index.get())?.detail else { return None };
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        Some(Self {
            line: LineView::new(document, index)?,
            name: text(&identity.name),
            jurisdiction: text(&identity.jurisdiction),
            location_code: text(&identity.location_code),
            rate: identity.rate.map(Text),
        })
    }
}

/// `Item`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ItemView {
    #[serde(flatten)]
    line: LineView,
    processing_type: &'static str,
    applied_to_item_id: Option<String>,
    description: Option<String>,
    quantity: Option<Text<Decimal>>,
    unit_price: Option<Text<Decimal>>,
    tax_items: Vec<TaxItemView>,
}

impl ItemView {
    fn new(document: &Document, index: LineIndex) -> Option<Self> {
        let of = |of: LineIndex| document.lines().get(of.get()).map(|line| line.id.to_string());
        let (processing_type, applied_to_item_id, text) = match &document.lines().get(index.get())?.detail {
            Detail::Charge(text) => ("charge", None, text),
            Detail::Discount { of: parent, text } => ("discount", of(*parent), text),
            Detail::Tax { .. } => return None,
        };
        let ItemText { description, quantity, unit_price } = text;
        Some(Self {
            line: LineView::new(document, index)?,
            processing_type,
            applied_to_item_id,
            description: description.as_deref().map(str::to_owned),
            quantity: quantity.map(Text),
            unit_price: unit_price.map(Text),
            tax_items: tax_items(document, index).filter_map(|tax| TaxItemView::new(document, tax)).collect(),
        })
    }
}

/// `LineRef`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineRef {
    document_id: String,
    item_id: String,
    tax_item_id: Option<String>,
}

impl LineRef {
    fn new(document: &Document, index: LineIndex) -> Option<Self> {
        let line = document.lines().get(index.get())?;
        let (item, tax) = match &line.detail {
            Detail::Tax { of, .. } => (document.lines().get(of.get())?, Some(line)),
            _ => (line, None),
        };
        Some(Self {
            document_id: document.header().id.to_string(),
            item_id: item.id.to_string(),
            tax_item_id: tax.map(|tax| tax.id.to_string()),
        })
    }
}

/// `ApplicationItem`.
#[derive(Clone, Debug, Serialize)]
struct ApplicationItemView {
    source: LineRef,
    target: LineRef,
    amount: String,
}

impl ApplicationItemView {
    fn new(memo: &Document, invoice: &Document, item: PartItem) -> Option<Self> {
        Some(Self {
            source: LineRef::new(memo, item.source)?,
            target: LineRef::new(invoice, item.target)?,
            amount: memo.header().currency.write(item.amount),
        })
    }
}

/// `Part`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PartView {
    credit_memo_id: String,
    invoice_id: String,
    amount: String,
}

impl PartView {
    fn new(documents: &Documents, source: DocumentIndex, target: DocumentIndex, amount: Amount) -> Option<Self> {
        let memo = documents.header(source)?;
        Some(Self {
            credit_memo_id: memo.id.to_string(),
            invoice_id: documents.header(target)?.id.to_string(),
            amount: memo.currency.write(amount),
        })
    }
}

/// `Application` of a query.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AppliedView {
    application_group_id: String,
    at: Text<Date>,
    #[serde(flatten)]
    part: PartView,
    rule_used: &'static str,
}

impl AppliedView {
    fn new(documents: &Documents, group: &Group, application: &Application) -> Option<Self> {
        Some(Self {
            application_group_id: Group::id(group.version),
            at: Text(group.settlement.at),
            part: PartView::new(documents, group.settlement.source, application.target, application.amount)?,
            rule_used: application.rule.as_str(),
        })
    }
}

/// `Application` of an outcome.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ApplicationView {
    #[serde(flatten)]
    part: PartView,
    rule_used: &'static str,
    items: Vec<ApplicationItemView>,
}

impl ApplicationView {
    fn new(documents: &Documents, source: DocumentIndex, application: &Application) -> Option<Self> {
        let (memo, invoice) = (documents.get(source)?, documents.get(application.target)?);
        let item = |&item| ApplicationItemView::new(memo, invoice, item);
        Some(Self {
            part: PartView::new(documents, source, application.target, application.amount)?,
            rule_used: application.rule.as_str(),
            items: application.items.iter().map(item).collect::<Option<_>>()?,
        })
    }
}

/// `Notice`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NoticeView {
    code: &'static str,
    document_id: String,
}

impl NoticeView {
    fn new(documents: &Documents, notice: &Notice) -> Option<Self> {
        let Notice::NothingApplied { target } = notice;
        Some(Self { code: "nothingApplied", document_id: documents.header(*target)?.id.to_string() })
    }
}

/// `Outcome` without its lists: what is small whatever was settled.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    #[serde(rename = "type")]
    command: &'static str,
    at: Text<Date>,
    version: u64,
    document: DocumentView,
    amount: Option<String>,
    application_group_id: Option<String>,
    notices: Vec<NoticeView>,
}

impl SummaryView {
    /// The summary of an outcome of `book`.
    #[must_use]
    pub fn new(book: &Book, outcome: &Outcome) -> Self {
        let settled = outcome.settled.as_ref();
        Self {
            command: outcome.command.as_str(),
            at: Text(outcome.at),
            version: outcome.version,
            document: DocumentView::from(&outcome.subject),
            amount: settled.map(|settled| outcome.subject.currency.write(settled.total())),
            application_group_id: settled.map(|_| Group::id(outcome.version)),
            notices: outcome.notices.iter().filter_map(|notice| NoticeView::new(book.documents(), notice)).collect(),
        }
    }
}

/// `DocumentChange`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DocumentChangeView {
    document_id: String,
    before: String,
    after: String,
}

/// `LineChange`.
#[derive(Clone, Debug, Serialize)]
struct LineChangeView {
    line: LineRef,
    before: String,
    after: String,
}

/// `OutcomeData`: an outcome with all its lists.
#[derive(Clone, Debug, Serialize)]
pub struct OutcomeView {
    #[serde(flatten)]
    summary: SummaryView,
    applications: Vec<ApplicationView>,
    documents: Vec<DocumentChangeView>,
    lines: Vec<LineChangeView>,
}

impl OutcomeView {
    /// The whole of an outcome of `book`.
    #[must_use]
    pub fn new(book: &Book, outcome: &Outcome) -> Self {
        let documents = book.documents();
        let currency = &outcome.subject.currency;
        let mut view = Self {
            summary: SummaryView::new(book, outcome),
            applications: Vec::new(),
            documents: Vec::new(),
            lines: Vec::new(),
        };
        if let Some(Settled { settlement, documents: changed, lines }) = &outcome.settled {
            let application = |application| ApplicationView::new(documents, settlement.source, application);
            view.applications = settlement.applications.iter().filter_map(application).collect();
            view.documents = changed
                .iter()
                .filter_map(|change| {
                    let document_id = documents.header(change.document)?.id.to_string();
                    let (before, after) = write_both(currency, change.before, change.after);
                    Some(DocumentChangeView { document_id, before, after })
                })
                .collect();
            view.lines = lines
                .iter()
                .filter_map(|change| {
                    let line = LineRef::new(documents.get(change.document)?, change.line)?;
                    let (before, after) = write_both(currency, change.before, change.after);
                    Some(LineChangeView { line, before, after })
                })
                .collect();
        }
        view
    }
}

fn write_both(currency: &Currency, before: Amount, after: Amount) -> (String, String) {
    (currency.write(before), currency.write(after))
}

/// `Page`.
#[derive(Clone, Debug, Serialize)]
pub struct PageView {
    rows: Vec<RowView>,
    total: usize,
    page: PageNumber,
}

#[derive(Clone, Debug, Serialize)]
struct PageNumber {
    number: u32,
    size: u32,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum RowView {
    Document(DocumentView),
    Item(ItemView),
    Part(PartView),
    PartItem(ApplicationItemView),
    Application(AppliedView),
}

impl PageView {
    /// The page of an answer of `book`.
    #[must_use]
    pub fn new(book: &Book, answer: &Answer<'_>) -> Self {
        let documents = book.documents();
        let rows = match &answer.rows {
            Rows::Documents(rows) => {
                rows.iter().map(|document| RowView::Document(DocumentView::from(document.header()))).collect()
            }
            Rows::Items(document, rows) => {
                rows.iter().filter_map(|&item| ItemView::new(document, item).map(RowView::Item)).collect()
            }
            Rows::Parts(rows) => rows
                .iter()
                .filter_map(|&(source, target, part)| PartView::new(documents, source, target, part.amount()))
                .map(RowView::Part)
                .collect(),
            Rows::PartItems(rows) => rows
                .iter()
                .filter_map(|&(source, target, item)| {
                    ApplicationItemView::new(documents.get(source)?, documents.get(target)?, item)
                })
                .map(RowView::PartItem)
                .collect(),
            Rows::Applications(rows) => rows
                .iter()
                .filter_map(|&(group, application)| AppliedView::new(documents, group, application))
                .map(RowView::Application)
                .collect(),
        };
        let page = PageNumber { number: answer.page.number, size: answer.page.size };
        Self { rows, total: answer.total, page }
    }
}
