//! Results: the counterparts of the domain's types, named and ordered as in `types/`.
//!
//! Money is canonical text, absent values are `null`, and nothing is a float.

use super::json::Json;
use super::line::put_line;
use super::refusal::put_error;
use super::rows::put_document;
use crate::book::{ApplicationReason, Effect, PlanFingerprint, ShareReason, Subject};
use crate::document::{Document, Documents, HistoryEntry};
use crate::error::Error;
use crate::money::Currency;
use crate::settle::Context;
use crate::settle::Notice;

/// `Outcome` without its lists, what is small whatever was settled, while the documents that it speaks of are there;
/// with the fingerprint of a plan.
///
/// ```text
/// day version amount group fingerprint type notices       a tab behind each but the last; nothing where it is absent
/// document                                                all that follows is JSON, as are the notices
/// created
/// counts                                                  of a bulk alone
/// results                                                 of a bulk alone
/// ```
///
/// The first line is cut apart at once: that takes less time than to read JSON. The others are read when a caller first
/// looks at them; they are the longest by far.
#[must_use]
pub fn summary(effect: &Effect<'_>, fingerprint: Option<PlanFingerprint>) -> String {
    let Effect {
        context, summary, ..
    } = *effect;

    let mut json = Json::default();
    put_head(&mut json, effect, fingerprint);
    json.line();
    put_documents(&mut json, effect);

    if summary.command == "bulk" {
        json.line();
        put_counts(&mut json, &summary.results);
        json.line();
        json.entries(&summary.results, |json, result| {
            put_result(json, context, result)
        });
    }
    json.into_text()
}

/// What was asked, what was settled in all, and what the caller should know about it.
fn put_head(json: &mut Json, effect: &Effect<'_>, fingerprint: Option<PlanFingerprint>) {
    let Effect {
        context, summary, ..
    } = *effect;

    json.bare_date(summary.at);
    json.tab();
    // Fewer than 2⁵³.
    json.number(summary.version.cast_signed());
    json.tab();
    if let Some((currency, total)) = common_currency(effect).zip(summary.total()) {
        json.bare_amount(total, currency);
    }
    json.tab();
    if !summary.settled.is_empty() {
        json.bare(&HistoryEntry::group_id(summary.version));
    }
    json.tab();
    if let Some(fingerprint) = fingerprint {
        json.bare(&fingerprint.to_string());
    }
    json.tab();
    json.bare(summary.command);
    json.tab();
    json.entries(&summary.notices, |json, notice| {
        put_notice(json, context.documents, notice)
    });
}

/// The currency of all that was settled. A bulk command may settle in several, and has no amount then.
fn common_currency<'a>(effect: &Effect<'a>) -> Option<&'a Currency> {
    let Effect {
        context, summary, ..
    } = *effect;
    let mut common: Option<&Currency> = None;
    for entry in &summary.settled {
        let header = context.documents.header(entry.settlement.source)?;
        if common.is_some_and(|currency| *currency != *header.currency) {
            return None;
        }
        common = Some(&header.currency);
    }

    common
}

/// The documents that the command is about. What it creates is most often what it is about: written once and copied,
/// the two take half the time.
fn put_documents(json: &mut Json, effect: &Effect<'_>) {
    let Effect {
        context, summary, ..
    } = *effect;
    match &summary.subject {
        Some(subject) if summary.creates(subject.index) => {
            let mut document = Json::default();
            put_document(&mut document, context, subject);
            json.written(&document);
            json.line();

            json.entries(&summary.created, |json, created| {
                if created.index == subject.index {
                    json.written(&document);
                } else {
                    put_document(json, context, created);
                }
            });
        }

        subject => {
            put_subject(json, context, subject.as_ref());
            json.line();
            json.entries(&summary.created, |json, created| {
                put_document(json, context, created)
            });
        }
    }
}

fn put_subject(json: &mut Json, context: Context<'_>, subject: Option<&Subject>) {
    match subject {
        Some(subject) => put_document(json, context, subject),
        None => json.nothing(),
    }
}

/// `Notice`.
fn put_notice(json: &mut Json, documents: &Documents, notice: &Notice) {
    let (code, document) = notice.parts();
    json.open('{');
    json.text("code", code);
    json.optional_text(
        "documentId",
        document
            .and_then(|document| documents.header(document))
            .map(|header| &*header.id),
    );
    json.close('}');
}

/// How many commands of a bulk were carried out, and how many were refused.
fn put_counts(json: &mut Json, results: &[Result<Option<Subject>, Error>]) {
    let done = results.iter().filter(|result| result.is_ok());
    let refused = results.iter().filter(|result| result.is_err());
    json.open('{');
    json.plain("done", &done.count());
    json.plain("refused", &refused.count());
    json.close('}');
}

/// `BulkResult`.
fn put_result(json: &mut Json, context: Context<'_>, result: &Result<Option<Subject>, Error>) {
    json.open('{');
    json.boolean("success", result.is_ok());
    let document = result.as_ref().ok().and_then(Option::as_ref);
    put_subject(json.name("document"), context, document);
    match result {
        Ok(_) => json.null("error"),
        Err(error) => put_error(json.name("error"), error),
    }
    json.close('}');
}

/// A list of `ApplicationReason`s, while their documents are there.
#[must_use]
pub fn explained(context: Context<'_>, explained: &[ApplicationReason]) -> String {
    let mut json = Json::default();
    json.open('[');
    for reason in explained {
        let documents = context.documents;
        let source = documents.get(reason.source);
        let Some((source, target)) = source.zip(documents.get(reason.target)) else {
            continue;
        };

        let currency = &source.header().currency;
        json.open('{');
        json.text("sourceId", &source.header().id);
        json.text("targetId", &target.header().id);
        json.amount("amount", reason.amount, currency);
        json.text("ruleUsed", reason.rule.as_str());

        json.list("given", &reason.given, |json, share| {
            put_share(json, source, share, currency)
        });
        json.list("received", &reason.received, |json, share| {
            put_share(json, target, share, currency)
        });

        json.close('}');
    }
    json.close(']');
    json.into_text()
}

/// `ShareReason`.
pub(super) fn put_share(
    json: &mut Json,
    document: &Document,
    reason: &ShareReason,
    currency: &Currency,
) {
    json.open('{');
    put_line(json, "line", Some((document, reason.line)));
    json.amount("open", reason.open, currency);
    json.amount("part", reason.part, currency);
    json.shown("exact", &reason.exact);
    json.amount("first", reason.first_pass, currency);
    json.amount("leftover", reason.leftover, currency);
    json.optional_plain("rank", reason.rank);
    json.text("sentence", &reason.sentence);
    json.close('}');
}
