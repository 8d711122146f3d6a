//! What a commit gets: a plan that may have been anywhere since its preview, in a database or in a browser.
//!
//! Of a plan only its command and its fingerprint count. The command is carried out anew, and the fingerprints must be
//! equal. So a plan proves no right: who may have a command executed may have its plan committed, and nobody else.

use super::Value;
use super::fields::{Fields, entries, text, wrong_type};
use crate::book::{DocumentChange, Effect, PlanFingerprint};
use crate::document::Documents;
use crate::error::{Error, Reason, Result, Site};
use crate::money::text as decimal;

/// A plan as the host gives it back.
#[derive(Debug)]
pub struct PlanRequest<'v, 'a> {
    command: &'v Value<'a>,
    fingerprint: PlanFingerprint,
    /// What the plan showed of documents, for a refusal to say which figure moved. Nothing else depends on it.
    documents: &'v [Value<'a>],
}

impl<'v, 'a> PlanRequest<'v, 'a> {
    /// Reads a plan, except what its command says.
    ///
    /// # Errors
    /// The shape of the value: the site is `command` or `fingerprint`.
    pub fn read(value: &'v Value<'a>) -> Result<Self> {
        let fields = Fields::open(value, &Site::Command)?.allow(&[&[
            "command",
            "fingerprint",
            "documents",
        ]])?;
        Ok(Self {
            command: fields.required("command", object)?,
            fingerprint: fields.required("fingerprint", fingerprint)?,
            documents: fields
                .optional("documents", entries)
                .ok()
                .flatten()
                .unwrap_or_default(),
        })
    }

    /// The command, not read yet. Its refusals name their sites as those of an execution do.
    #[must_use]
    pub const fn command(&self) -> &'v Value<'a> {
        self.command
    }

    /// Refuses a plan that showed something else than what the command does now.
    ///
    /// # Errors
    /// `planMoved` if the fingerprints differ; as [`Effect::fingerprint`].
    pub fn check(&self, effect: &Effect<'_>) -> Result<()> {
        if effect.fingerprint()? == self.fingerprint {
            return Ok(());
        }
        let documents = effect.context.documents;
        let shown = self.documents.iter();
        let shown: Vec<_> = shown
            .map_while(|change| read_change(change, documents))
            .collect();
        Err(effect.plan_moved(&shown))
    }
}

fn object<'v, 'a>(value: &'v Value<'a>, path: &Site<'_>) -> Result<&'v Value<'a>> {
    match value {
        Value::Object(_) => Ok(value),
        other => Err(wrong_type(path, "object", other)),
    }
}

fn fingerprint(value: &Value<'_>, path: &Site<'_>) -> Result<PlanFingerprint> {
    let digits = text(value, path)?;
    PlanFingerprint::parse(digits).ok_or_else(|| {
        let fingerprint = digits.into();
        Error::of(Reason::FingerprintMalformed { fingerprint }, path)
    })
}

/// A `DocumentChange`, if that is what it is, of a document that is there.
fn read_change(value: &Value<'_>, documents: &Documents) -> Option<DocumentChange> {
    let fields = Fields::open(value, &Site::Command).ok()?;
    let read = |name| fields.required(name, text).ok();
    let document = documents.find(read("documentId")?)?;
    let currency = &documents.header(document)?.currency;
    let amount = |name| currency.amount(decimal::parse(read(name)?).ok()?).ok();
    Some(DocumentChange {
        document,
        before: amount("before")?,
        after: amount("after")?,
    })
}
