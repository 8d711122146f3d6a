//! What a commit gets: a plan that may have been anywhere since its preview, in a database or in a browser.
//!
//! Of a plan only its command and its fingerprint count. The command is carried out anew, and the fingerprints must be
//! equal. So a plan proves no right: who may have a command executed may have its plan committed, and nobody else.

use super::Value;
use super::fields::{Fields, entries, text};
use super::object::{Object, object};
use super::readers::{Anything, DecimalText, Id, reader};
use crate::book::{DocumentChange, Effect, PlanFingerprint};
use crate::document::Documents;
use crate::error::{Error, Reason, Result, Site};

reader! {
    /// The fingerprint of a plan.
    Fingerprint: PlanFingerprint as "string" by fingerprint
}

object! {
    /// The fields of a plan that {@link Book.commit} reads. It ignores all others.
    export interface PlanToCommit
        as "PlanToCommit<Type extends Command[\"type\"] = Command[\"type\"]>"
    {
        /// The command to carry out.
        command: required Anything = "command" as "Command & { readonly type: Type }",
        /// A hash of what the preview showed, except the version and the application group, as 16
        /// hexadecimal digits.
        fingerprint: required Fingerprint = "fingerprint",
        /// The changes that the preview showed. If they are present, the error `planMoved` names
        /// the first figure that moved.
        documents: optional Anything = "documents" as "readonly DocumentChange[]",
    }
}

object! {
    /// What a plan shows of a document.
    form ShownChange {
        document: required Id = "documentId",
        before: required DecimalText = "before",
        after: required DecimalText = "after",
    }
}

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
        let plan = Object::<PlanToCommit>::open(value, &Site::Command)?;
        let command = plan.command()?;
        Fields::open(command, &Site::Command.field(PlanToCommit::command))?;

        let documents = plan
            .documents()?
            .and_then(|shown| entries(shown, &Site::Command).ok());

        Ok(Self {
            command,
            fingerprint: plan.fingerprint()?,
            documents: documents.unwrap_or_default(),
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

fn fingerprint(value: &Value<'_>, path: &Site<'_>) -> Result<PlanFingerprint> {
    let digits = text(value, path)?;
    PlanFingerprint::parse(digits).ok_or_else(|| {
        let fingerprint = digits.into();
        Error::of(Reason::FingerprintMalformed { fingerprint }, path)
    })
}

/// What a plan showed of a document, if that is what it is, and if the document is there.
fn read_change(value: &Value<'_>, documents: &Documents) -> Option<DocumentChange> {
    let shown = Object::<ShownChange>::open(value, &Site::Command).ok()?;
    let document = documents.find(&shown.document().ok()?)?;
    let currency = &documents.header(document)?.currency;
    Some(DocumentChange {
        document,
        before: currency.amount(shown.before().ok()?).ok()?,
        after: currency.amount(shown.after().ok()?).ok()?,
    })
}
