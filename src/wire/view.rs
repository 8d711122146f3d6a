//! Results: the serde counterparts of the domain's types, named and ordered as in `types.d.ts`.
//!
//! Money is canonical text, absent values are `null`, and nothing is a float.

use super::rows::DocumentView;
use crate::book::{Explained, Outcome, Reason, Subject};
use crate::calendar::Date;
use crate::document::{Application, Custom, Document, DocumentIndex, Documents, Entry, LineIndex, PartItem, Scalar};
use crate::error::Error;
use crate::money::{Amount, Currency, text};
use crate::query::item_and_tax;
use crate::settle::{Context, Notice};
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
pub(super) struct Text<T>(pub T);

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
#[derive(Clone, Copy, Debug)]
pub(super) struct CustomView<'a>(pub &'a Custom);

impl Serialize for CustomView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
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

/// `LineRef`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineRef {
    document_id: String,
    item_id: Option<String>,
    tax_item_id: Option<String>,
}

impl LineRef {
    pub(super) fn new(document: &Document, line: LineIndex) -> Option<Self> {
        let (item, tax) = item_and_tax(document, line)?;
        Some(Self { document_id: document.header().id.to_string(), item_id: owned(item), tax_item_id: owned(tax) })
    }
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
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
struct ResultView<'a> {
    success: bool,
    document: Option<DocumentView<'a>>,
    error: Option<ErrorView>,
}

/// `Outcome` without its lists: what is small whatever was settled.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView<'a> {
    #[serde(rename = "type")]
    command: &'static str,
    at: Text<Date>,
    version: u64,
    document: Option<DocumentView<'a>>,
    created: Vec<DocumentView<'a>>,
    amount: Option<String>,
    application_group_id: Option<String>,
    notices: Vec<NoticeView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<ResultView<'a>>>,
}

impl<'a> SummaryView<'a> {
    /// The summary of an outcome, while the documents that it speaks of are there.
    #[must_use]
    pub fn new(context: Context<'a>, outcome: &'a Outcome) -> Self {
        let documents = context.documents;
        let view = |subject: &'a Subject| DocumentView { context, subject };
        // In the currency of what was settled: a bulk command may settle in several, and has no amount then.
        let currencies = || {
            let sources = outcome.settled.iter().map(|entry| entry.settlement.source);
            sources.filter_map(|source| documents.header(source)).map(|header| &header.currency)
        };
        let currency = currencies().next().filter(|first| currencies().all(|other| *other == **first));
        let result = |result: &'a Result<Option<Subject>, Error>| ResultView {
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
pub struct OutcomeView<'a> {
    #[serde(flatten)]
    summary: SummaryView<'a>,
    applications: Vec<ApplicationView>,
    documents: Vec<DocumentChangeView>,
    lines: Vec<LineChangeView>,
}

impl<'a> OutcomeView<'a> {
    /// The whole of an outcome, while the documents that it speaks of are there.
    #[must_use]
    pub fn new(context: Context<'a>, outcome: &'a Outcome) -> Self {
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

/// `ApplicationReason`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedView {
    source_id: String,
    target_id: String,
    amount: String,
    rule_used: &'static str,
    given: Vec<ReasonView>,
    received: Vec<ReasonView>,
}

/// `ShareReason`.
#[derive(Clone, Debug, Serialize)]
struct ReasonView {
    line: LineRef,
    open: String,
    part: String,
    exact: String,
    first: String,
    leftover: String,
    rank: Option<usize>,
    sentence: String,
}

impl ExplainedView {
    /// The reasons of an application, as long as its documents are there.
    #[must_use]
    pub fn new(documents: &Documents, explained: &Explained) -> Option<Self> {
        let (source, target) = (documents.get(explained.source)?, documents.get(explained.target)?);
        let write = |amount| source.header().currency.write(amount);
        let reason = |document: &Document, reason: &Reason| {
            Some(ReasonView {
                line: LineRef::new(document, reason.line)?,
                open: write(reason.open),
                part: write(reason.part),
                exact: reason.exact.to_string(),
                first: write(reason.first),
                leftover: write(reason.leftover),
                rank: reason.rank,
                sentence: reason.sentence.clone(),
            })
        };
        Some(Self {
            source_id: source.header().id.to_string(),
            target_id: target.header().id.to_string(),
            amount: write(explained.amount),
            rule_used: explained.rule.as_str(),
            given: explained.given.iter().map(|own| reason(source, own)).collect::<Option<_>>()?,
            received: explained.received.iter().map(|own| reason(target, own)).collect::<Option<_>>()?,
        })
    }
}
