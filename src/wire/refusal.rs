//! Refusals on their way out.

use super::english::plain;
use super::json::Json;
use crate::error::{Error, Figure, SiteStep};

/// `ErrorFacts`: what JavaScript throws, and what a bulk result holds.
#[must_use]
pub fn error(error: &Error) -> String {
    let mut json = Json::default();
    put_error(&mut json, error);
    json.into_text()
}

pub(super) fn put_error(json: &mut Json, error: &Error) {
    json.open('{');
    put_facts(json, error);
    // Most have one fault, which need not be said twice.
    if error.issues().len() > 1 {
        json.list("issues", error.issues(), |json, issue| {
            json.open('{');
            put_facts(json, issue);
            json.close('}');
        });
    }
    json.close('}');
}

/// `ErrorFacts`, without its brackets.
fn put_facts(json: &mut Json, error: &Error) {
    json.text("code", error.code().as_str());
    json.text("path", &error.path());

    json.list("segments", error.site(), |json, step| match step {
        SiteStep::Field(field) => json.entry(field.as_str()),
        SiteStep::Written(field) => json.entry(field),
        SiteStep::Entry(index) => json.index(*index),
    });

    json.name("details").open('{');
    json.text("sentence", &error.sentence());
    put_reason_of(json, error);
    json.close('}');

    json.text("message", &error.to_string());
}

/// Why something was refused, and the figures by name.
fn put_reason_of(json: &mut Json, error: &Error) {
    let reason = error.reason();
    json.text("reason", &in_camel_case(reason.name()));
    json.name("figures").open('{');
    reason.figures(&mut |name, figure| put_figure(json.any_name(&in_camel_case(name)), figure));
    json.close('}');
}

/// A name of Rust, be it of a variant or of a field, as JavaScript writes names.
fn in_camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_lowercase();
    }

    for word in words {
        let start = text.len();
        text.push_str(word);
        if let Some(first) = text.get_mut(start..start.saturating_add(1)) {
            first.make_ascii_uppercase();
        }
    }
    text
}

fn put_figure(json: &mut Json, figure: Figure<'_>) {
    match figure {
        // A count of more than 2⁵³ could not be told from its neighbours; nothing here counts as far.
        Figure::Count(count) => json.number(count.cast_signed()),
        Figure::Whole(number) => json.number(number),
        Figure::Words(words) | Figure::Names(words) => {
            json.open('[');
            for word in words {
                json.entry(word);
            }
            json.close(']');
        }
        Figure::Texts(texts) => {
            json.open('[');
            for text in texts {
                json.entry(text);
            }
            json.close(']');
        }
        Figure::Word(text) | Figure::Name(text) | Figure::Quoted(text) => json.quote(text),
        Figure::Money(_) | Figure::Day(_) | Figure::Text(_) => json.quote(&plain(&figure)),
    }
}
