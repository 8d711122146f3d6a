//! Guards that several operations share, in the order of the codes: limits, names, states, closed periods.
//!
//! Rules: `settlement.md#states`, `settlement.md#limits`.

use super::*;

impl Model {
    // Guards that many share.

    pub(super) fn limit(&self, name: &str, count: usize) -> Result<()> {
        if self.allows(name, count) {
            Ok(())
        } else {
            Err("limitExceeded")
        }
    }

    pub(super) fn allows(&self, name: &str, count: usize) -> bool {
        self.options["limits"][name]
            .as_u64()
            .is_none_or(|most| count as u64 <= most)
    }

    pub(super) fn check_reason(&self, command: &Value) -> Result<()> {
        let known = list(&self.options["reasonCodes"]);
        let fits = command
            .get("reasonCode")
            .is_none_or(|reason| reason.is_null() || known.is_empty() || known.contains(reason));
        if fits {
            Ok(())
        } else {
            Err("unknownReasonCode")
        }
    }

    /// An identifier is unique in the book, a number among the documents of a kind.
    pub(super) fn check_new(&self, command: &Value, kind: &str) -> Result<()> {
        let number = command.get("number").unwrap_or(&command["id"]);
        let is_taken = self.documents.iter().any(|document| {
            let has_number = document.kind == kind && document.number == *number;
            !document.deleted && (document.id == command["id"] || has_number)
        });
        if is_taken { Err("duplicateId") } else { Ok(()) }
    }

    pub(super) fn currency_of(&self, command: &Value) -> Result<Currency> {
        match command["currency"].as_str() {
            None => Ok(self.currency),
            Some(code) => CURRENCIES
                .into_iter()
                .find(|known| known.code == code)
                .ok_or("unknownCurrency"),
        }
    }

    /// By the identifier, or else by the number.
    pub fn find(&self, kind: &str, id: &Value) -> Result<usize> {
        let is_there = |document: &Document| !document.deleted && document.kind == kind;
        let has_id = |document: &Document| is_there(document) && document.id == *id;
        let has_number = |document: &Document| is_there(document) && document.number == *id;
        let by_id = self.documents.iter().position(has_id);
        let found = by_id.or_else(|| self.documents.iter().position(has_number));
        found.ok_or("documentNotFound")
    }

    pub(super) fn check_live(&self, document: usize) -> Result<()> {
        let Document {
            status, reversed, ..
        } = self.documents[document];
        if status == "posted" && !reversed {
            Ok(())
        } else {
            Err("invalidStatus")
        }
    }

    pub(super) fn check_open(&self, day: &str) -> Result<()> {
        if self.closed.as_deref().is_some_and(|closed| day <= closed) {
            Err("periodClosed")
        } else {
            Ok(())
        }
    }

    /// Where applications are closed too, nothing is settled on a day of a closed period.
    pub(super) fn check_settling(&self, day: &str) -> Result<()> {
        if self.closes_applications {
            self.check_open(day)
        } else {
            Ok(())
        }
    }

    pub(super) fn check_status(&self, document: usize, status: &str) -> Result<()> {
        if self.documents[document].status == status {
            Ok(())
        } else {
            Err("invalidStatus")
        }
    }

    /// Nothing is settled of it, and no document that was made from it still counts.
    pub(super) fn check_unsettled(&self, document: usize) -> Result<()> {
        self.check_unapplied(document)?;
        self.check_unmade(document)
    }

    pub(super) fn check_unapplied(&self, document: usize) -> Result<()> {
        if self.documents[document].reversed {
            return Err("invalidStatus");
        }
        self.check_no_past(document)?;
        let is_used = self
            .applied
            .iter()
            .any(|applied| applied.source == document || applied.target == document);
        if is_used {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    /// What the book does not have is not taken back in it, as long as the document counts.
    pub(super) fn check_no_past(&self, document: usize) -> Result<()> {
        let document = &self.documents[document];
        if document.status == "posted" && document.has_past() {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    pub(super) fn check_unmade(&self, document: usize) -> Result<()> {
        let live = |made: &Document| {
            !made.deleted && made.status != "canceled" && self.is_made(made, document)
        };
        if self.documents.iter().any(live) {
            Err("alreadySettled")
        } else {
            Ok(())
        }
    }

    /// Whether a document was made from another or from a line of it.
    pub(super) fn is_made(&self, made: &Document, of: usize) -> bool {
        made.refers_to == Some(of)
            || made
                .lines
                .iter()
                .any(|line| line.source.is_some_and(|(source, _)| source == of))
    }
}
