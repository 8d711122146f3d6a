//! A question about one document or line of a command, and its answer.

use super::json::Json;
use super::line::put_line;
use super::object::{Object, object};
use super::readers::{Id, Nullable};
use super::value::Value;
use super::view::put_share;
use crate::book::{DocumentReason, DocumentStep, Effect};
use crate::command::Command;
use crate::document::{Document, DocumentIndex, LineIndex, LineRef};
use crate::error::{Error, Reason, Result, Site};
use crate::money::{Amount, Currency};

/// How paths name the question, which comes beside the command.
const ABOUT: &str = "about";

object! {
    /// The document, item or tax item that {@link Book.explain} is asked about. You can pass a
    /// {@link LineRef} of any result.
    export interface ExplainAbout {
        /// The document.
        document_id: required Id = "documentId",
        /// An item of the document.
        item_id: optional Nullable<Id> = "itemId",
        /// A tax item of the document.
        tax_item_id: optional Nullable<Id> = "taxItemId",
    }
}

/// A question, as it was read.
#[derive(Debug)]
pub struct About {
    document_id: String,
    /// The item, or the tax item.
    line: Option<(&'static str, String)>,
}

impl About {
    /// Reads a question.
    ///
    /// # Errors
    /// The shape of the value.
    pub fn read(value: &Value<'_>) -> Result<Self> {
        let site = Site::Command.field(ABOUT);
        let about = Object::<ExplainAbout>::open(value, &site)?;
        let item_id = about.item_id()?.flatten();
        let tax_item_id = about.tax_item_id()?.flatten();

        // A line of a result names a tax item together with its item, and means the tax item.
        let tax_item = tax_item_id.map(|id| (ExplainAbout::tax_item_id, id));
        let item = item_id.map(|id| (ExplainAbout::item_id, id));
        Ok(Self {
            document_id: about.document_id()?,
            line: tax_item.or(item),
        })
    }

    /// The document, as an attempt names it.
    #[must_use]
    pub fn document_id(&self) -> &str {
        &self.document_id
    }

    /// `DocumentReason` as text: what a command does with the document or line, and why.
    ///
    /// # Errors
    /// `documentNotFound`, `itemNotFound`; as [`Effect::explain_document`].
    pub fn answer(&self, effect: &Effect<'_>, command: &Command) -> Result<String> {
        let (index, document) = self.find(effect)?;
        let line = self.find_line(document)?;
        let reason = effect.explain_document(command, index, line)?;
        written(effect, document, &reason)
    }

    fn find<'e>(&self, effect: &Effect<'e>) -> Result<(DocumentIndex, &'e Document)> {
        let documents = effect.context.documents;
        let index = documents.find(&self.document_id);
        let found = index.and_then(|index| Some((index, documents.get(index)?)));
        found.ok_or_else(|| {
            let id = self.document_id.as_str().into();
            let site = Site::Command.field(ABOUT);
            Error::of(
                Reason::NoDocument { id },
                &site.field(ExplainAbout::document_id),
            )
        })
    }

    fn find_line(&self, document: &Document) -> Result<Option<LineIndex>> {
        let Some((field, id)) = &self.line else {
            return Ok(None);
        };

        let mut lines = LineIndex::all().zip(document.lines());
        match lines.find(|(_, line)| *line.id == **id) {
            Some((line, _)) => Ok(Some(line)),
            None => {
                let header = document.header();
                let reason = Reason::NoSuchLine {
                    kind: header.kind.into(),
                    document: (*header.id).into(),
                    line: id.as_str().into(),
                };
                Err(Error::of(reason, &Site::Command.field(ABOUT).field(field)))
            }
        }
    }
}

/// `DocumentReason`.
fn written(effect: &Effect<'_>, document: &Document, reason: &DocumentReason) -> Result<String> {
    let currency = &document.header().currency;

    let mut json = Json::default();
    json.open('{');
    json.text("documentId", &document.header().id);
    let line = reason.line.map(|line| (document, line));
    put_line(&mut json, "line", line);
    json.amount("amount", reason.amount, currency);

    json.list("steps", &reason.steps, |json, step| {
        put_step(json, effect, document, step);
    });

    json.close('}');
    Ok(json.into_text())
}

/// `DocumentStep`.
fn put_step(json: &mut Json, effect: &Effect<'_>, document: &Document, step: &DocumentStep) {
    let documents = effect.context.documents;
    let currency = &document.header().currency;

    json.open('{');
    json.text("code", step.code.as_str());

    let other = step.other.and_then(|other| documents.header(other));
    json.optional_text("otherId", other.map(|header| &*header.id));
    json.amount("amount", step.amount, currency);
    json.list("partners", &step.partners, |json, (line, amount)| {
        put_partner(json, effect, *line, *amount, currency);
    });

    match &step.share {
        Some(share) => put_share(json.name("share"), document, share, currency),
        None => json.null("share"),
    }
    json.text("sentence", &step.sentence);
    json.close('}');
}

fn put_partner(
    json: &mut Json,
    effect: &Effect<'_>,
    partner: LineRef,
    amount: Amount,
    currency: &Currency,
) {
    let document = effect.context.documents.get(partner.document);

    json.open('{');
    put_line(
        json,
        "line",
        document.map(|document| (document, partner.line)),
    );
    json.amount("amount", amount, currency);
    json.close('}');
}

/// The block of `types/` that follows from the table.
#[cfg(test)]
pub(super) fn declarations() -> Vec<(&'static str, String)> {
    use super::readers::Typed;

    let table = ExplainAbout::declaration();
    vec![(table.name, table.text())]
}
