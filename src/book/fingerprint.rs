//! The fingerprint of what a command does: a hash over all that it changes and all that its result shows, except the
//! version and the application group, which move on with every command.
//!
//! Plans and the entries of a log have it. Everything counts that a command wrote down, also what no preview shows line
//! by line: the words of items, their custom fields, the days of what was settled before.
//!
//! - Documents are named by their place in the book. Those that the command itself creates have numbers of their own,
//!   so other documents may be created between a plan and its commit.
//! - Lines that something is settled of are named by their identifiers, hashed once for a document
//!   ([`Document::line_names`]), and by their place in it. A draft whose lines were replaced by others of the same
//!   amounts is therefore another draft.

use super::{Effect, PlanFingerprint, Subject, Summary};
use crate::calendar::Date;
use crate::command::settings::Settings;
use crate::document::{
    Custom, Detail, Document, DocumentIndex, Documents, Figures, Header, HistoryEntry, ItemRecord,
    Line, LineRef, Notes, Record, Scalar, SettledBefore, TaxIdentity,
};
use crate::error::{Error, Result};
use crate::mix::Mixer;
use crate::money::Amount;
use crate::settle::Notice;
use rust_decimal::Decimal;
use std::sync::Arc;

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
        mixer.created(created, subject.as_ref())?;
        mixer.replaced(self.replaced)?;
        mixer.changed(self.changed)?;
        let settings = self.has_set.then_some(self.context.settings);
        mixer.mixer.optional(settings, mix_settings);
        mixer.settled(settled)?;
        mixer.notices(notices);
        mixer.results(results);
        Ok(PlanFingerprint::new(mixer.mixer.value()))
    }
}

/// Mixes an effect, part by part.
struct EffectMixer<'a> {
    mixer: Mixer,
    documents: &'a Documents,
    first_created: Option<DocumentIndex>,
}

impl<'a> EffectMixer<'a> {
    /// The documents that the command makes, with their lines. The one that it is about has been mixed already.
    fn created(&mut self, created: &[Subject], about: Option<&Subject>) -> Result<()> {
        let about = about.map(|subject| subject.index);
        self.mixer.count(created.len());
        for subject in created {
            if Some(subject.index) != about {
                self.subject(subject);
            }
            self.contents(subject.index)?;
        }

        Ok(())
    }

    /// The drafts that the command makes anew, with their lines.
    fn replaced(&mut self, replaced: &[(DocumentIndex, Document)]) -> Result<()> {
        self.mixer.count(replaced.len());
        for (index, _) in replaced {
            self.contents(*index)?;
        }
        Ok(())
    }

    /// The documents of which the command changes what they say.
    fn changed(&mut self, changed: &[DocumentIndex]) -> Result<()> {
        self.mixer.count(changed.len());
        for index in changed {
            let document = self.document(*index)?;
            self.header(*index, document.header());
        }
        Ok(())
    }

    /// Mixes what the command settles, operation by operation.
    fn settled(&mut self, settled: &[Arc<HistoryEntry>]) -> Result<()> {
        self.mixer.count(settled.len());
        for entry in settled {
            self.entry(entry)?;
        }
        Ok(())
    }

    /// Mixes the notices, and the document of each that is about one.
    fn notices(&mut self, notices: &[Notice]) {
        self.mixer.count(notices.len());
        for notice in notices {
            let (code, document) = notice.parts();
            self.mixer.text(code);
            self.flags([document.is_some()]);
            if let Some(document) = document {
                self.index(document);
            }
        }
    }

    fn results(&mut self, results: &[Result<Option<Subject>>]) {
        self.mixer.count(results.len());
        for result in results {
            self.result(result);
        }
    }

    /// Mixes which document is meant: its place in the book, or its place among those that the command creates.
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

    /// Mixes flags as the bits of one word, behind a bit that says how many there are.
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

    /// A document as it is shown, without its lines.
    fn subject(&mut self, subject: &Subject) {
        self.header(subject.index, &subject.header);
        self.amount(subject.available_to_credit);
        self.day(subject.updated_on);
    }

    /// What a document says, without its lines. Every field is named, so a new one does not compile until somebody
    /// decides whether a plan depends on it.
    fn header(&mut self, index: DocumentIndex, header: &Header) {
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
        } = header;

        self.index(index);
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

        self.flags([refers_to.is_some(), *reversed, *deleted]);
        if let Some(index) = refers_to {
            self.index(*index);
        }
        self.day(*created_on);
        self.notes(notes);
    }

    /// Mixes a day that may be absent.
    fn day(&mut self, day: Option<Date>) {
        let day = day.map(|day| i64::from(day.number()).cast_unsigned());
        self.mixer.optional(day, Mixer::word);
    }

    /// Mixes what a document says beside its figures. Every field is named here, too.
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
        self.custom(custom);
    }

    /// Mixes custom fields, which are in the order of their names.
    fn custom(&mut self, custom: &Custom) {
        self.mixer.count(custom.len());
        for (name, value) in custom {
            self.mixer.text(name);
            self.scalar(value);
        }
    }

    /// Mixes a value with its type: `1` and `"1"` are different fields.
    fn scalar(&mut self, value: &Scalar) {
        let (kind, [low, high]) = match value {
            Scalar::Null => (0, [0, 0]),
            Scalar::Boolean(truth) => (1, [u64::from(*truth), 0]),
            Scalar::Whole(number) => (2, [number.cast_unsigned(), 0]),
            Scalar::Decimal(number) => (3, words_of(*number)),
            Scalar::Text(text) => {
                self.mixer.text(text);
                (4, [0, 0])
            }
        };
        self.mixer.row([kind, low, high, 0]);
    }

    /// A decimal that may be absent.
    fn decimal(&mut self, number: Option<Decimal>) {
        self.mixer.optional(number, |mixer, number| {
            words_of(number)
                .into_iter()
                .for_each(|word| mixer.word(word));
        });
    }

    /// The lines of a document that the command makes.
    fn contents(&mut self, index: DocumentIndex) -> Result<()> {
        let document = self.document(index)?;
        self.index(index);
        self.mixer.word(document.line_names());
        self.mixer.count(document.figures().len());
        for (_, line, figures) in document.lines_with_figures() {
            self.line(line);
            self.figures(figures);
        }

        self.mixer.count(document.settled_before().len());
        for entry in document.settled_before() {
            self.settled_before(entry);
        }
        Ok(())
    }

    /// What a line says, except its identifier. Every field is named here, too.
    fn line(&mut self, line: &Line) {
        let Line {
            // Of all lines together: see `Document::line_names`.
            id: _,
            source,
            detail,
        } = line;

        self.flags([source.is_some()]);
        if let Some(LineRef { document, line }) = source {
            self.index(*document);
            self.mixer.word(line.0.into());
        }

        match detail {
            Detail::Item { processing, record } => {
                self.mixer.text(processing.as_str());
                self.record(record);
            }
            Detail::Discount { of, record } => {
                self.mixer.word(of.0.into());
                self.record(record);
            }
            Detail::Tax {
                of,
                by_rate,
                identity,
            } => {
                self.mixer.word(of.0.into());
                self.flags([*by_rate]);
                self.tax(identity);
            }
            Detail::Whole => {}
        }
    }

    /// Mixes what an item says beside its amount. Every field is named here, too.
    fn record(&mut self, record: &Record) {
        self.flags([record.get().is_some()]);
        let Some(record) = record.get() else {
            return;
        };

        let ItemRecord {
            description,
            sku,
            quantity,
            unit_price,
            service_start,
            service_end,
            tax_inclusive,
            custom,
        } = record;

        for text in [description, sku] {
            self.mixer.optional(text.as_deref(), Mixer::text);
        }
        self.decimal(*quantity);
        self.decimal(*unit_price);
        self.day(*service_start);
        self.day(*service_end);
        self.flags([*tax_inclusive]);
        self.custom(custom);
    }

    /// Mixes what a tax item says beside its amount. Every field is named here, too.
    fn tax(&mut self, tax: &TaxIdentity) {
        let TaxIdentity {
            name,
            jurisdiction,
            location_code,
            tax_code,
            rate,
            exempt,
        } = tax;

        for text in [name, jurisdiction, location_code, tax_code] {
            self.mixer.optional(text.as_deref(), Mixer::text);
        }
        self.decimal(*rate);
        self.decimal(*exempt);
    }

    /// Mixes what was settled of a line before its document came into the book.
    fn settled_before(&mut self, entry: &SettledBefore) {
        let SettledBefore {
            line,
            date,
            amount,
            by,
        } = entry;
        self.mixer.word(line.0.into());
        self.date(*date);
        self.amount(*amount);
        self.mixer.text(by.as_str());
    }

    /// What was settled, line by line, and what the lines have open. A pending settlement has not moved anything, so
    /// that is what they have open before it; else it is what they have after it. The one follows from the other.
    fn entry(&mut self, entry: &HistoryEntry) -> Result<()> {
        let HistoryEntry {
            // It moves on with every command.
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

                // One row for an item, and not a word for each figure: large plans are mostly items.
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

    /// Mixes what one command of a bulk command came to.
    fn result(&mut self, result: &Result<Option<Subject>>) {
        self.flags([result.is_ok()]);
        match result {
            Ok(subject) => self.optional_subject(subject.as_ref()),
            // A better sentence, or a path that says more, is no other effect: an old log must still replay.
            Err(error) => self.mixer.text(error.code().as_str()),
        }
    }

    fn document(&self, index: DocumentIndex) -> Result<&'a Document> {
        self.documents
            .get(index)
            .ok_or_else(|| Error::fault("a document is missing"))
    }
}

/// The bits of a decimal, in two words.
fn words_of(number: Decimal) -> [u64; 2] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = number.serialize();
    [[a, b, c, d, e, f, g, h], [i, j, k, l, m, n, o, p]].map(u64::from_le_bytes)
}

/// What a command can change of the settings: which periods are closed, and for what.
fn mix_settings(mixer: &mut Mixer, settings: &Settings) {
    let closed_through = settings.closed_through.map(Date::packed);
    mixer.optional(closed_through, |mixer, day| mixer.word(day.into()));
    mixer.text(settings.closed_periods.as_str());
}
