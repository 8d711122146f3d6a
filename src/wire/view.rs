//! Results: the serde counterparts of the domain's types, named and ordered as in `types.d.ts`.
//!
//! Money is canonical text, absent values are `null`, and nothing is a float.

use crate::Book;
use crate::book::{Outcome, Subject};
use crate::calendar::Date;
use crate::document::{
    Application, Custom, Detail, Document, DocumentIndex, Documents, Entry, Header, LineIndex, LinePlace, PartItem,
    Processing, Record, Scalar,
};
use crate::error::Error;
use crate::money::{Amount, Currency, text};
use crate::query::{Answer, Rows};
use crate::settle::{self, Context, Notice};
use rust_decimal::Decimal;
use serde::ser::SerializeMap;
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

/// Custom fields as they came.
#[derive(Clone, Debug)]
struct CustomView(Custom);

impl CustomView {
    /// Absent where there are none.
    fn new(custom: &Custom) -> Option<Self> {
        (!custom.is_empty()).then(|| Self(custom.clone()))
    }
}

impl Serialize for CustomView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            match value {
                Scalar::Null => map.serialize_entry(name, &())?,
                Scalar::Boolean(value) => map.serialize_entry(name, value)?,
                Scalar::Whole(number) => map.serialize_entry(name, number)?,
                Scalar::Text(text) => map.serialize_entry(name, text)?,
            }
        }
        map.end()
    }
}

/// `Invoice`, `CreditMemo`, `DebitMemo`, `Payment` or `Refund`: each has the fields of its kind.
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
    available_to_credit_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unapplied_amount: Option<String>,
    origin: &'static str,
    reversed: bool,
    #[serde(flatten)]
    notes: NotesView,
}

/// What a document says beside; absent where it says nothing.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct NotesView {
    #[serde(skip_serializing_if = "Option::is_none")]
    referred_document_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted_on: Option<Text<Date>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canceled_on: Option<Text<Date>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_date: Option<Text<Date>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<String>,
    #[serde(skip_serializing_if = "is_false")]
    electronic: bool,
    #[serde(skip_serializing_if = "is_false")]
    auto_apply: bool,
    #[serde(skip_serializing_if = "is_false")]
    exclude_from_auto_apply: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_fields: Option<CustomView>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

impl DocumentView {
    /// The document with this header in `documents`, of which so much is available to credit.
    #[must_use]
    pub fn new(documents: &Documents, header: &Header, available_to_credit: Amount) -> Self {
        let write = |amount| header.currency.write(amount);
        let figures = &header.figures;
        let (is_demand, is_source) = (header.kind.is_demand(), header.kind.is_source());
        let notes = &header.notes;
        let notes = NotesView {
            referred_document_id: header.refers_to.and_then(|of| Some(documents.header(of)?.id.to_string())),
            posted_on: notes.posted_on.map(Text),
            canceled_on: notes.canceled_on.map(Text),
            target_date: notes.target_date.map(Text),
            reason_code: owned(notes.reason_code.as_deref()),
            comment: owned(notes.comment.as_deref()),
            method: owned(notes.method.as_deref()),
            electronic: notes.electronic,
            auto_apply: notes.auto_apply,
            exclude_from_auto_apply: notes.exclude_from_auto_apply,
            custom_fields: CustomView::new(&notes.custom),
        };
        Self {
            kind: header.kind.as_str(),
            id: header.id.to_string(),
            number: header.number.to_string(),
            account_id: header.account_id.to_string(),
            currency: header.currency.code().to_owned(),
            status: header.status.as_str(),
            date: Text(header.date),
            due_date: is_demand.then_some(Text(header.due_date)),
            amount: write(figures.amount()),
            tax_amount: write(header.tax),
            applied_amount: write(figures.applied()),
            balance: is_demand.then(|| write(figures.open())),
            available_to_credit_amount: is_demand.then(|| write(available_to_credit)),
            refund_amount: is_source.then(|| write(figures.refunded())),
            unapplied_amount: is_source.then(|| write(figures.open())),
            origin: header.origin.as_str(),
            reversed: header.reversed,
            notes,
        }
    }

    fn of(documents: &Documents, subject: &Subject) -> Self {
        Self::new(documents, &subject.header, subject.available_to_credit)
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
    #[serde(skip_serializing_if = "Option::is_none")]
    refund_amount: Option<String>,
    open_amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    available_to_credit_amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<LineRef>,
}

impl LineView {
    fn new(context: Context<'_>, index: DocumentIndex, document: &Document, line: LineIndex) -> Option<Self> {
        let header = document.header();
        let write = |amount| header.currency.write(amount);
        let figures = document.line_figures(line)?;
        let own = document.line(line)?;
        let available = || write(settle::line_available_to_credit(context, index, line));
        let source = |LinePlace { document, line }| LineRef::new(context.documents.get(document)?, line);
        Some(Self {
            id: own.id.to_string(),
            amount: write(figures.amount()),
            netted_amount: write(figures.netted()),
            applied_amount: write(figures.applied()),
            refund_amount: header.kind.is_source().then(|| write(figures.refunded())),
            open_amount: write(figures.open()),
            available_to_credit_amount: header.kind.is_demand().then(available),
            source: own.source.and_then(source),
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
    tax_code: Option<String>,
    rate: Option<Text<Decimal>>,
}

impl TaxItemView {
    fn new(context: Context<'_>, index: DocumentIndex, document: &Document, line: LineIndex) -> Option<Self> {
        let (_, identity) = document.line(line)?.detail.tax()?;
        Some(Self {
            line: LineView::new(context, index, document, line)?,
            name: owned(identity.name.as_deref()),
            jurisdiction: owned(identity.jurisdiction.as_deref()),
            location_code: owned(identity.location_code.as_deref()),
            tax_code: owned(identity.tax_code.as_deref()),
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
    sku: Option<String>,
    quantity: Option<Text<Decimal>>,
    unit_price: Option<Text<Decimal>>,
    service_start: Option<Text<Date>>,
    service_end: Option<Text<Date>>,
    tax_mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_fields: Option<CustomView>,
    tax_items: Vec<TaxItemView>,
}

impl ItemView {
    fn new(context: Context<'_>, index: DocumentIndex, document: &Document, line: LineIndex) -> Option<Self> {
        let of = |of: LineIndex| document.line(of).map(|line| line.id.to_string());
        let detail = &document.line(line)?.detail;
        let (processing_type, applied_to_item_id) = match detail {
            Detail::Item { processing, .. } => (Processing::as_str(*processing), None),
            Detail::Discount { of: parent, .. } => ("discount", of(*parent)),
            Detail::Tax { .. } | Detail::Whole => return None,
        };
        let empty = crate::document::ItemRecord::default();
        let record = detail.record().and_then(Record::get).unwrap_or(&empty);
        let tax = |tax| TaxItemView::new(context, index, document, tax);
        Some(Self {
            line: LineView::new(context, index, document, line)?,
            processing_type,
            applied_to_item_id,
            description: owned(record.description.as_deref()),
            sku: owned(record.sku.as_deref()),
            quantity: record.quantity.map(Text),
            unit_price: record.unit_price.map(Text),
            service_start: record.service_start.map(Text),
            service_end: record.service_end.map(Text),
            tax_mode: if record.tax_inclusive { "inclusive" } else { "exclusive" },
            custom_fields: CustomView::new(&record.custom),
            tax_items: document.tax_items(line).filter_map(tax).collect(),
        })
    }
}

/// `LineRef`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LineRef {
    document_id: String,
    item_id: Option<String>,
    tax_item_id: Option<String>,
}

impl LineRef {
    fn new(document: &Document, index: LineIndex) -> Option<Self> {
        let line = document.line(index)?;
        let (item, tax) = match &line.detail {
            Detail::Tax { of, .. } => (Some(document.line(*of)?), Some(line)),
            Detail::Whole => (None, None),
            Detail::Item { .. } | Detail::Discount { .. } => (Some(line), None),
        };
        Some(Self {
            document_id: document.header().id.to_string(),
            item_id: item.map(|item| item.id.to_string()),
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
    fn new(source: &Document, target: &Document, item: PartItem) -> Option<Self> {
        Some(Self {
            source: LineRef::new(source, item.source)?,
            target: LineRef::new(target, item.target)?,
            amount: source.header().currency.write(item.amount),
        })
    }
}

/// `Part`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PartView {
    source_type: &'static str,
    source_id: String,
    target_type: &'static str,
    target_id: String,
    amount: String,
}

impl PartView {
    fn new(documents: &Documents, source: DocumentIndex, target: DocumentIndex, amount: Amount) -> Option<Self> {
        let (source, target) = (documents.header(source)?, documents.header(target)?);
        Some(Self {
            source_type: source.kind.as_str(),
            source_id: source.id.to_string(),
            target_type: target.kind.as_str(),
            target_id: target.id.to_string(),
            amount: source.currency.write(amount),
        })
    }
}

/// `PastApplication`.
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
    fn new(documents: &Documents, entry: &Entry, application: &Application) -> Option<Self> {
        Some(Self {
            application_group_id: Entry::group_id(entry.version),
            at: Text(entry.settlement.at),
            part: PartView::new(documents, entry.settlement.source, application.target, application.amount)?,
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
        let (from, to) = (documents.get(source)?, documents.get(application.target)?);
        let item = |&item| ApplicationItemView::new(from, to, item);
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
        let (code, document) = notice.parts();
        Some(Self { code, document_id: documents.header(document)?.id.to_string() })
    }
}

/// `BulkResult`.
#[derive(Clone, Debug, Serialize)]
struct ResultView {
    success: bool,
    document: Option<DocumentView>,
    error: Option<ErrorView>,
}

/// `Outcome` without its lists: what is small whatever was settled.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    #[serde(rename = "type")]
    command: &'static str,
    at: Text<Date>,
    version: u64,
    document: Option<DocumentView>,
    created: Vec<DocumentView>,
    amount: Option<String>,
    application_group_id: Option<String>,
    notices: Vec<NoticeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<ResultView>>,
}

impl SummaryView {
    /// The summary of an outcome, while the documents that it speaks of are there.
    #[must_use]
    pub fn new(context: Context<'_>, outcome: &Outcome) -> Self {
        let documents = context.documents;
        let view = |subject: &Subject| DocumentView::of(documents, subject);
        // In the currency of what was settled: a bulk command may settle in several, and has no amount then.
        let currencies = || {
            let sources = outcome.settled.iter().map(|entry| entry.settlement.source);
            sources.filter_map(|source| documents.header(source)).map(|header| &header.currency)
        };
        let currency = currencies().next().filter(|first| currencies().all(|other| *other == **first));
        let result = |result: &Result<Option<Subject>, Error>| ResultView {
            success: result.is_ok(),
            document: result.as_ref().ok().and_then(Option::as_ref).map(view),
            error: result.as_ref().err().map(ErrorView::from),
        };
        Self {
            command: outcome.command,
            at: Text(outcome.at),
            version: outcome.version,
            document: outcome.subject.as_ref().map(view),
            created: outcome.created.iter().map(view).collect(),
            amount: currency.and_then(|currency| Some(currency.write(outcome.total()?))),
            application_group_id: (!outcome.settled.is_empty()).then(|| Entry::group_id(outcome.version)),
            notices: outcome.notices.iter().filter_map(|notice| NoticeView::new(documents, notice)).collect(),
            results: (!outcome.results.is_empty()).then(|| outcome.results.iter().map(result).collect()),
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
    /// The whole of an outcome, while the documents that it speaks of are there.
    #[must_use]
    pub fn new(context: Context<'_>, outcome: &Outcome) -> Self {
        let documents = context.documents;
        let settlements = outcome.settled.iter().map(|entry| &entry.settlement);
        let applications = settlements.flat_map(|settlement| {
            settlement
                .applications
                .iter()
                .filter_map(|application| ApplicationView::new(documents, settlement.source, application))
        });
        let document = |change: &crate::book::DocumentChange| {
            let header = documents.header(change.document)?;
            let (before, after) = write_both(&header.currency, change.before, change.after);
            Some(DocumentChangeView { document_id: header.id.to_string(), before, after })
        };
        let line = |change: &crate::book::LineChange| {
            let document = documents.get(change.document)?;
            let (before, after) = write_both(&document.header().currency, change.before, change.after);
            Some(LineChangeView { line: LineRef::new(document, change.line)?, before, after })
        };
        Self {
            summary: SummaryView::new(context, outcome),
            applications: applications.collect(),
            documents: outcome.documents.iter().filter_map(document).collect(),
            lines: outcome.lines.iter().filter_map(line).collect(),
        }
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
        let context = book.context();
        let documents = context.documents;
        let rows = match &answer.rows {
            Rows::Documents(rows) => rows
                .iter()
                .map(|(index, document)| {
                    let available = settle::available_to_credit(context, *index);
                    RowView::Document(DocumentView::new(documents, document.header(), available))
                })
                .collect(),
            Rows::Items(index, document, rows) => rows
                .iter()
                .filter_map(|&item| ItemView::new(context, *index, document, item).map(RowView::Item))
                .collect(),
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
                .filter_map(|&(entry, application)| AppliedView::new(documents, entry, application))
                .map(RowView::Application)
                .collect(),
        };
        let page = PageNumber { number: answer.page.number, size: answer.page.size };
        Self { rows, total: answer.total, page }
    }
}
