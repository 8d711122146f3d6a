//! The interfaces of other billing systems, translated: requests that their clients send become commands and queries of
//! a book, and what the book answers becomes the answer that these clients expect.
//!
//! Nothing here reads or writes anything. A request is plain data ([`ClientRequest`]). What an operation must know or
//! have done (a query of a book, a command, the account of a number) it asks for as a *need*, which is plain data as
//! well. [`respond`] works on any [`RestHost`]; [`step`] works on the text of JSON: it returns the needs that it has no
//! answer to, and is called again with all answers so far, until it returns the reply. An operation is therefore
//! written as if it could call its host, and runs again from its start with each answer. That is cheap, because an
//! operation itself does little.
//!
//! A dialect is tables over this core: its routes, the fields of its bodies, the columns of its answers, its codes.
//! `docs/internals/rest.md` describes needs and tables.

mod body;
mod columns;
mod cursor;
mod dayzero;
mod exact;
mod listing;
mod needs;
mod problem;
mod quickstart;
mod request;
mod session;
mod zuora;

pub use needs::{RestHost, Stop};
pub use problem::Problem;
pub use request::{ClientRequest, UploadedFile};

use needs::{Answer, Answered};
use serde_json::{Value, json};

/// What a client gets.
#[derive(Clone, Debug)]
pub struct ClientReply {
    /// The status of HTTP.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// Whether the request was refused: then nothing that was carried out for it since a book was opened is kept.
    pub is_refused: bool,
    /// What the host is to carry out: mail to send, files to make. Plain data.
    pub effects: Vec<Value>,
}

/// A dialect: the addresses that begin with its prefix, and how it answers and refuses.
struct Dialect {
    /// The first steps of its paths.
    prefix: &'static [&'static str],
    /// Answers a request; its path is given without the prefix.
    answer: fn(&ClientRequest, &[&str], &mut dyn RestHost) -> Answer<ClientReply>,
    /// Writes a refusal.
    refuse: fn(&Problem, &ClientRequest) -> ClientReply,
}

/// The dialects, and the one that refuses what belongs to none of them.
const DIALECTS: [&Dialect; 3] = [&zuora::DIALECT, &quickstart::DIALECT, &dayzero::DIALECT];

/// Answers a request, asking `host` for what that needs.
///
/// # Errors
/// The needs that the host has no answers to.
pub fn respond(
    request: &ClientRequest,
    host: &mut dyn RestHost,
) -> Result<ClientReply, Vec<Value>> {
    let steps = request.steps().unwrap_or_default();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();

    let found = DIALECTS
        .into_iter()
        .find_map(|dialect| Some((dialect, steps.strip_prefix(dialect.prefix)?)));

    let (dialect, answer) = match found {
        Some((dialect, below)) => (dialect, (dialect.answer)(request, below, host)),
        None => (&zuora::DIALECT, Err(Problem::no_address().into())),
    };

    match answer {
        Ok(reply) => Ok(reply),
        Err(Stop::Needs(needs)) => Err(needs),
        Err(Stop::Refused(problem)) => Ok((dialect.refuse)(&problem, request)),
    }
}

/// One step towards an answer: reads `{ request, answers }` and returns `{ needs }` or `{ reply }`, as text of JSON.
/// `answers` are those to the needs of all steps before, in their order.
#[must_use]
pub fn step(text: &str) -> String {
    let read = serde_json::from_str::<Value>(text).unwrap_or_default();
    let Some(request) = ClientRequest::of(&read) else {
        return json!({ "fault": "the step is no request" }).to_string();
    };

    let answers = read.get("answers").and_then(Value::as_array).cloned();
    let mut host = Answered::new(answers.unwrap_or_default());

    let step = match respond(&request, &mut host) {
        Ok(reply) => json!({ "reply": {
            "status": reply.status,
            "body": reply.body.to_string(),
            "isRefused": reply.is_refused,
            "effects": reply.effects,
        } }),
        Err(needs) => json!({ "needs": needs }),
    };
    step.to_string()
}
