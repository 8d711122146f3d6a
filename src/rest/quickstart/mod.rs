//! Zuora Quickstart: credit memos and debit memos with their items, under `/v2`.
//!
//! It speaks of the same objects as Zuora v1 in other words. So a request becomes one of v1, and the answer of v1 is
//! written in the words of Quickstart (`names.rs`): both see what the other made. Lists alone have a grammar of their
//! own.

mod items;
mod list;
mod names;
mod refusal;
mod rows;
mod shape;
mod show;
mod write;

use super::needs::{Answer, RestHost};
use super::problem::Problem;
use super::request::ClientRequest;
use super::session::Session;
use super::zuora::{self, CREDIT_MEMO, DEBIT_MEMO, Resource};
use super::{ClientReply, Dialect};
use serde_json::{Map, Value};

pub(super) const DIALECT: Dialect = Dialect {
    prefix: &["v2"],
    answer,
    refuse: refusal::reply,
};

/// The version of v1 whose names `names.rs` translates.
const VERSION: &str = "2025-08-12";

/// A kind of memos in both interfaces.
struct Memo {
    /// As paths of Quickstart call it.
    path: &'static str,
    /// As paths call its items.
    items_path: &'static str,
    /// As paths of v1 call it.
    v1_path: &'static str,
    resource: &'static Resource,
    /// The names of its fields, of Quickstart and of v1.
    names: &'static [names::NamePair],
    item_names: &'static [names::NamePair],
}

const MEMOS: [&Memo; 2] = [
    &Memo {
        path: "credit_memos",
        items_path: "credit_memo_items",
        v1_path: "credit-memos",
        resource: &CREDIT_MEMO,
        names: names::CREDIT_MEMO,
        item_names: names::CREDIT_MEMO_ITEM,
    },
    &Memo {
        path: "debit_memos",
        items_path: "debit_memo_items",
        v1_path: "debit-memos",
        resource: &DEBIT_MEMO,
        names: names::DEBIT_MEMO,
        item_names: names::DEBIT_MEMO_ITEM,
    },
];

/// The work on one request.
struct Work<'w> {
    request: &'w ClientRequest,
    host: &'w mut dyn RestHost,
    effects: Vec<Value>,
}

impl Work<'_> {
    /// What v1 answers to a request of its own.
    fn v1(
        &mut self,
        method: &str,
        steps: &[&str],
        body: Option<Map<String, Value>>,
    ) -> Answer<Value> {
        let mut headers = self.request.headers.clone();
        headers.retain(|(name, _)| name != "zuora-version");
        headers.push(("zuora-version".into(), VERSION.into()));

        let request = ClientRequest {
            method: method.into(),
            query: String::new(),
            headers,
            body: body.map_or_else(String::new, |body| Value::Object(body).to_string()),
            ..self.request.clone()
        };

        let reply = (zuora::DIALECT.answer)(&request, steps, self.host)?;
        self.effects.extend(reply.effects);
        Ok(reply.body)
    }

    fn session(&mut self) -> Session<'_> {
        Session::new(self.request, self.host)
    }

    /// The body of the request.
    fn body(&mut self) -> Answer<Map<String, Value>> {
        self.session().body()
    }
}

fn answer(request: &ClientRequest, steps: &[&str], host: &mut dyn RestHost) -> Answer<ClientReply> {
    let mut work = Work {
        request,
        host,
        effects: Vec::new(),
    };
    let (status, body) = carry_out(&mut work, steps)?;
    Ok(ClientReply {
        status,
        body,
        is_refused: false,
        effects: work.effects,
    })
}

/// Carries out the operation of an address. Returns its status and body.
fn carry_out(work: &mut Work<'_>, steps: &[&str]) -> Answer<(u16, Value)> {
    let method = work.request.method.as_str();
    let Some((first, below)) = steps.split_first() else {
        return Err(Problem::no_address().into());
    };
    if let Some(memo) = MEMOS.into_iter().find(|memo| memo.items_path == *first) {
        return match (method, below) {
            ("GET", []) => Ok((200, rows::items(work, memo)?)),
            (_, []) => Err(Problem::no_method(method).into()),
            _ => Err(Problem::no_address().into()),
        };
    }
    let memo = MEMOS.into_iter().find(|memo| memo.path == *first);
    let memo = memo.ok_or_else(Problem::no_address)?;

    match (method, below) {
        ("GET", []) => Ok((200, rows::memos(work, memo)?)),
        ("POST", []) => Ok((201, create(work, memo)?)),
        ("GET", [key]) => Ok((200, show::one(work, memo, key)?)),
        ("PATCH", [key]) => Ok((200, update(work, memo, key)?)),
        ("DELETE", [key]) => {
            work.v1("DELETE", &[memo.v1_path, key], None)?;
            Ok((204, Value::Null))
        }
        ("POST", [key, step @ ("post" | "unpost" | "cancel")]) => {
            let answer = work.v1("PUT", &[memo.v1_path, key, step], None)?;
            Ok((200, show::memo(work, memo, &answer)?))
        }
        ("POST", [key, step @ ("apply" | "unapply")]) if memo.resource.kind == CREDIT_MEMO.kind => {
            let body = write::settled(&work.body()?)?;
            let answer = work.v1("PUT", &[memo.v1_path, key, step], Some(body))?;
            Ok((200, show::memo(work, memo, &answer)?))
        }
        ("POST", [key, "pay"]) if memo.resource.kind == DEBIT_MEMO.kind => {
            Ok((200, pay(work, memo, key)?))
        }
        (_, [] | [_]) => Err(Problem::no_method(method).into()),
        _ => Err(Problem::no_address().into()),
    }
}

/// `POST …`: from an invoice, where one is named, or for prices.
fn create(work: &mut Work<'_>, memo: &Memo) -> Answer<Value> {
    let body = work.body()?;
    let translated = write::created(&body, memo)?;
    let answer = match translated.invoice {
        Some(invoice) => {
            let steps = [memo.v1_path, "invoice", invoice.as_str()];
            work.v1("POST", &steps, Some(translated.body))?
        }
        None => work.v1("POST", &[memo.v1_path], Some(translated.body))?,
    };
    show::memo(work, memo, &answer)
}

/// `PATCH …/{key}`.
fn update(work: &mut Work<'_>, memo: &Memo, key: &str) -> Answer<Value> {
    let body = write::updated(&work.body()?)?;
    let answer = work.v1("PUT", &[memo.v1_path, key], Some(body))?;
    show::memo(work, memo, &answer)
}

/// `POST …/{key}/pay`: a payment that is applied to the memo. Its answer is the payment, as samples have it.
fn pay(work: &mut Work<'_>, memo: &Memo, key: &str) -> Answer<Value> {
    let body = work.body()?;
    let paid = work.v1("GET", &[memo.v1_path, key], None)?;
    let payment = write::payment(&body, &paid)?;
    let answer = work.v1("POST", &["payments"], Some(payment))?;
    Ok(Value::Object(names::shown(&answer, names::PAYMENT)))
}

/// A field of an answer as a text.
fn text<'v>(answer: &'v Value, name: &str) -> Option<&'v str> {
    answer.get(name).and_then(Value::as_str)
}

/// What an answer has under a name; nothing is `null`.
fn field(answer: &Value, name: &str) -> Value {
    answer.get(name).cloned().unwrap_or_default()
}
