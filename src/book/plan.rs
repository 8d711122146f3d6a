//! Plans: what a preview showed, and whether a command still does it.
//!
//! A plan is compared by its fingerprint, a hash over everything that the preview showed except the version and the
//! application group, which move on with every command. Rust and JavaScript callers give back the same fingerprint, so
//! there is one comparison.
//!
//! - Documents are named by their place in the book. Those that the command itself creates have numbers of their own,
//!   so other documents may be created between a plan and its commit.
//! - Lines are named by their identifiers, hashed once for a document ([`Document::line_names`]), and by their place in
//!   it. A draft whose lines were replaced by others of the same amounts is therefore another draft.

use super::{DocumentChange, Effect, Outcome, Subject, Summary};
use crate::calendar::Date;
use crate::document::{
    Document, DocumentIndex, Documents, Figures, Header, HistoryEntry, Notes, Scalar,
};
use crate::error::{Error, Reason, Result, Site};
use crate::mix::Mixer;
use crate::money::Amount;
use std::fmt;

/// What [`Book::preview`](super::Book::preview) showed. [`Book::commit`](super::Book::commit) does that or
/// refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What the command would do.
    pub outcome: Outcome,
    /// What tells it apart from what the command may do later.
    pub fingerprint: PlanFingerprint,
}

/// A hash over all that a plan shows. Equal figures of the same documents and lines have equal fingerprints, natively
/// and in WebAssembly, in the book of the preview and in one that is restored from a snapshot of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlanFingerprint(u64);

impl PlanFingerprint {
    /// The fingerprint of that number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number, for a host that keeps the fingerprint.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads what [`Display`](fmt::Display) writes: 16 hexadecimal digits, in small letters.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 16 || !text.bytes().all(is_digit) {
            return None;
        }
        u64::from_str_radix(text, 16).ok().map(Self)
    }
}

impl fmt::Display for PlanFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Effect<'_> {
    /// The fingerprint of what the command does.
    ///
    /// # Errors
    /// A fault if what is settled does not fit the documents.
    pub fn fingerprint(&self) -> Result<PlanFingerprint> {
        let Summary {
            command,
            at,
            version: _,
            subject,
            created,
            settled,
            notices,
            results,
        } = self.summary;
        let mut mixer = EffectMixer {
            mixer: Mixer::default(),
            documents: self.context.documents,
            first_created: self.summary.first_created(),
        };

        mixer.mixer.text(command);
        mixer.date(*at);
        mixer.optional_subject(subject.as_ref());

        mixer.mixer.count(created.len());
        let subject_index = subject.as_ref().map(|subject| subject.index);
        for created in created {
            // The document that the command is about has been mixed already.
            if Some(created.index) != subject_index {
                mixer.subject(created);
            }
            mixer.contents(created.index)?;
        }
        mixer.mixer.count(self.replaced.len());
        for (index, _) in self.replaced {
            mixer.contents(*index)?;
        }

        mixer.mixer.count(settled.len());
        for entry in settled {
            mixer.entry(entry)?;
        }
        mixer.mixer.count(notices.len());
        for (code, document) in notices.iter().map(|notice| notice.parts()) {
            mixer.mixer.text(code);
            mixer.flags([document.is_some()]);
            if let Some(document) = document {
                mixer.index(document);
            }
        }
        mixer.mixer.count(results.len());
        for result in results {
            mixer.result(result);
        }
        Ok(PlanFingerprint(mixer.mixer.value()))
    }

    /// The refusal of a plan that showed something else. It names the first document whose open amount moved since, of
    /// those that the plan changes (`planned`); a fault if what is settled does not fit the documents.
    #[must_use]
    pub fn plan_moved(&self, planned: &[DocumentChange]) -> Error {
        let now = match self.balances() {
            Ok((now, _)) => now,
            Err(fault) => return fault,
        };
        let moved = planned.iter().zip(&now).find(|(then, now)| then != now);
        let reason = moved.and_then(|(then, now)| self.balance_moved(then, now));
        Error::of(reason.unwrap_or(Reason::LinesMoved {}), &Site::Command)
    }

    /// That the open amount of a document moved, if the plan shows the same document there.
    fn balance_moved(&self, planned: &DocumentChange, now: &DocumentChange) -> Option<Reason> {
        if planned.document != now.document {
            return None;
        }
        let header = self.context.documents.header(now.document)?;
        let currency = &header.currency;
        Some(Reason::BalanceMoved {
            kind: header.kind.into(),
            document: (*header.id).into(),
            planned_before: currency.figure(planned.before),
            planned_after: currency.figure(planned.after),
            before: currency.figure(now.before),
            after: currency.figure(now.after),
        })
    }
}

/// Mixes an effect, part by part.
struct EffectMixer<'a> {
    mixer: Mixer,
    documents: &'a Documents,
    first_created: Option<DocumentIndex>,
}

impl<'a> EffectMixer<'a> {
    fn index(&mut self, index: DocumentIndex) {
        self.mixer
            .word(index.since(self.first_created).number().into());
    }

    fn date(&mut self, date: Date) {
        self.mixer.word(date.packed().into());
    }

    fn amount(&mut self, amount: Amount) {
        self.mixer.word(amount.minor().cast_unsigned());
    }

    fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        let word = flags
            .iter()
            .fold(1, |word, &flag| word << 1 | u64::from(flag));
        self.mixer.word(word);
    }

    fn figures(&mut self, figures: &Figures) {
        let figures = [
            figures.amount(),
            figures.netted(),
            figures.applied(),
            figures.refunded(),
        ];
        self.mixer
            .row(figures.map(|amount| amount.minor().cast_unsigned()));
    }

    fn optional_subject(&mut self, subject: Option<&Subject>) {
        self.mixer.word(u64::from(subject.is_some()));
        if let Some(subject) = subject {
            self.subject(subject);
        }
    }

    /// A document as it is shown, without its lines. Every field is named, so a new one does not compile until somebody
    /// decides whether a plan depends on it.
    fn subject(&mut self, subject: &Subject) {
        let Header {
            kind,
            id,
            number,
            account_id,
            currency,
            status,
            date,
            due_date,
            tax,
            figures,
            origin,
            refers_to,
            reversed,
            deleted,
            created_on,
            // What else changed is the business of its own command; the day of the change is shown.
            changed: _,
            notes,
        } = &subject.header;
        self.index(subject.index);
        for text in [
            kind.as_str(),
            id,
            number,
            account_id,
            currency.code(),
            status.as_str(),
            origin.as_str(),
        ] {
            self.mixer.text(text);
        }
        self.date(*date);
        self.date(*due_date);
        self.figures(figures);
        self.amount(*tax);
        self.amount(subject.available_to_credit);
        self.flags([refers_to.is_some(), *reversed, *deleted]);
        if let Some(index) = refers_to {
            self.index(*index);
        }
        for day in [created_on, &subject.updated_on] {
            let day = day.map(|day| i64::from(day.number()).cast_unsigned());
            self.mixer.optional(day, Mixer::word);
        }
        self.notes(notes);
    }

    fn notes(&mut self, notes: &Notes) {
        let Notes {
            statuses,
            target_date,
            reason_code,
            comment,
            cancel_reason_code,
            cancel_comment,
            method,
            electronic,
            auto_apply,
            exclude_from_auto_apply,
            exclude_from_revenue,
            restocking_fee,
            custom,
        } = notes;
        self.mixer.count(statuses.len());
        for (date, status) in statuses {
            self.date(*date);
            self.mixer.text(status.as_str());
        }
        for text in [
            reason_code,
            comment,
            cancel_reason_code,
            cancel_comment,
            method,
        ] {
            self.mixer.optional(text.as_deref(), Mixer::text);
        }
        self.flags([
            target_date.is_some(),
            *electronic,
            *auto_apply,
            *exclude_from_auto_apply,
            *exclude_from_revenue,
        ]);
        if let Some(date) = target_date {
            self.date(*date);
        }
        self.amount(*restocking_fee);
        self.mixer.count(custom.len());
        for (name, value) in custom {
            self.mixer.text(name);
            self.scalar(value);
        }
    }

    fn scalar(&mut self, value: &Scalar) {
        let (kind, [low, high]) = match value {
            Scalar::Null => (0, [0, 0]),
            Scalar::Boolean(truth) => (1, [u64::from(*truth), 0]),
            Scalar::Whole(number) => (2, [number.cast_unsigned(), 0]),
            Scalar::Decimal(number) => {
                let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = number.serialize();
                let low = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
                (3, [low, u64::from_le_bytes([i, j, k, l, m, n, o, p])])
            }
            Scalar::Text(text) => {
                self.mixer.text(text);
                (4, [0, 0])
            }
        };
        self.mixer.row([kind, low, high, 0]);
    }

    /// The lines of a document that the command makes.
    fn contents(&mut self, index: DocumentIndex) -> Result<()> {
        let document = self.document(index)?;
        self.index(index);
        self.mixer.word(document.line_names());
        self.mixer.count(document.figures().len());
        for figures in document.figures() {
            self.figures(figures);
        }
        Ok(())
    }

    /// What was settled, line by line, and what the lines have open. A pending settlement has not moved anything, so
    /// that is what they have open before it; else it is what they have after it. The one follows from the other.
    fn entry(&mut self, entry: &HistoryEntry) -> Result<()> {
        let HistoryEntry {
            version: _,
            settlement,
            undoes,
            // That of the command.
            entered_on: _,
        } = entry;
        self.date(settlement.at);
        self.mixer.optional(*undoes, Mixer::word);
        let source = self.settled_document(settlement.source)?;
        self.mixer.count(settlement.applications().len());
        for application in settlement.applications() {
            let target = self.settled_document(application.target)?;
            self.mixer.text(application.rule.as_str());
            self.amount(application.amount);
            self.mixer.count(application.items.len());
            for item in application.items {
                let lines = source
                    .get(item.source.get())
                    .zip(target.get(item.target.get()));
                let Some((given, received)) = lines else {
                    return Err(Error::fault("a line that was settled is missing"));
                };
                let between = u64::from(item.source.0) << 32 | u64::from(item.target.0);
                let amounts = [item.amount, given.open(), received.open()];
                let [amount, given, received] =
                    amounts.map(|amount| amount.minor().cast_unsigned());
                self.mixer.row([between, amount, given, received]);
            }
        }
        Ok(())
    }

    /// A document of which or to which something is settled; returns the figures of its lines.
    fn settled_document(&mut self, index: DocumentIndex) -> Result<&'a [Figures]> {
        let document = self.document(index)?;
        self.index(index);
        self.mixer.word(document.line_names());
        self.amount(document.header().figures.open());
        Ok(document.figures())
    }

    fn result(&mut self, result: &Result<Option<Subject>>) {
        self.flags([result.is_ok()]);
        match result {
            Ok(subject) => self.optional_subject(subject.as_ref()),
            Err(error) => {
                self.mixer.text(error.code().as_str());
                for text in [error.path(), error.sentence()] {
                    self.mixer.text(&text);
                }
            }
        }
    }

    fn document(&self, index: DocumentIndex) -> Result<&'a Document> {
        self.documents
            .get(index)
            .ok_or_else(|| Error::fault("a document is missing"))
    }
}
