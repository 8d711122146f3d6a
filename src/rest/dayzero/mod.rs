//! DayZero: credit memos under `/api/v1`, in whole cents.
//!
//! Where its public pages are silent, this is what is done, and `docs/internals/rest.md` says so: to void a memo takes
//! its applications back; what a memo has on an invoice is one application, whatever the steps in which it came there;
//! a search finds a part of a number, whatever the case of its letters.

mod amounts;
mod changes;
mod list;
mod show;

use super::needs::{Answer, RestHost};
use super::problem::{Category, Problem};
use super::request::{ClientRequest, keys_of};
use super::session::Session;
use super::{ClientReply, Dialect};
use serde_json::{Map, Value, json};

/// The header that names the business of a request.
const BUSINESS: &str = "x-business-id";

pub(super) const DIALECT: Dialect = Dialect {
    prefix: &["api", "v1"],
    answer,
    refuse: refusal,
};

/// What answers at an address: it is given the keys that stand in the path, and returns a status and a body.
type MemoOperation = fn(&mut Session<'_>, &[&str]) -> Answer<(u16, Value)>;

/// The addresses below `/api/v1/credit-memos`: method, path with `{}` for a key, and what answers there.
const ROUTES: [(&str, &str, MemoOperation); 11] = [
    ("GET", "", |s, _| ok(list::memos(s)?)),
    ("POST", "", |s, _| created(changes::create(s)?)),
    ("GET", "customers/{}/credits", |s, k| {
        ok(list::credits_of(s, first(k))?)
    }),
    ("GET", "{}", |s, k| ok(show::one(s, first(k))?)),
    ("PUT", "{}", |s, k| ok(changes::update(s, first(k))?)),
    ("PATCH", "{}", |s, k| ok(changes::update(s, first(k))?)),
    ("DELETE", "{}", |s, k| {
        changes::delete(s, first(k))?;
        Ok((204, Value::Null))
    }),
    ("POST", "{}/issue", |s, k| {
        created(changes::issue(s, first(k))?)
    }),
    ("POST", "{}/apply", |s, k| {
        created(changes::apply(s, first(k))?)
    }),
    ("POST", "{}/unapply", |s, k| {
        created(changes::unapply(s, first(k))?)
    }),
    ("POST", "{}/void", |s, k| {
        created(changes::void(s, first(k))?)
    }),
];

fn ok(body: Value) -> Answer<(u16, Value)> {
    Ok((200, body))
}

fn created(body: Value) -> Answer<(u16, Value)> {
    Ok((201, body))
}

/// The key of a path that has one.
fn first<'k>(keys: &[&'k str]) -> &'k str {
    keys.first().copied().unwrap_or_default()
}

fn answer(request: &ClientRequest, steps: &[&str], host: &mut dyn RestHost) -> Answer<ClientReply> {
    let mut session = Session::new(request, host);
    let (operation, keys) = route(&request.method, steps)?;

    if request.header(BUSINESS).is_none_or(str::is_empty) {
        return Err(Problem::missing(BUSINESS).into());
    }

    let (status, body) = operation(&mut session, &keys)?;
    Ok(ClientReply {
        status,
        body,
        is_refused: false,
        effects: session.effects,
    })
}

/// The operation of an address, and the keys in it.
fn route<'p>(method: &str, steps: &[&'p str]) -> Answer<(MemoOperation, Vec<&'p str>)> {
    let Some(below) = steps.strip_prefix(&["credit-memos"]) else {
        return Err(Problem::no_address().into());
    };

    let mut is_known = false;
    for (verb, path, operation) in ROUTES {
        let Some(keys) = keys_of(path, below, &[]) else {
            continue;
        };
        if verb == method {
            return Ok((operation, keys));
        }
        is_known = true;
    }

    if is_known {
        return Err(Problem::new(Category::Unsupported, "Method Not Allowed".into()).into());
    }
    Err(Problem::no_address().into())
}

/// A refusal as DayZero gives it: `{ detail }` with a text, or, where a field of the request is wrong, with a list of
/// what is wrong where.
fn refusal(problem: &Problem, request: &ClientRequest) -> ClientReply {
    let (status, kind) = match problem.category() {
        Category::NotFound => (404, ""),
        Category::Unsupported => (405, ""),
        Category::Contention => (409, ""),
        Category::Internal => (500, ""),
        Category::Rule if problem.is_about_state() => (409, ""),
        Category::Rule => (400, ""),
        Category::MissingField | Category::MissingParameter => (422, "missing"),
        Category::UnknownField => (422, "extra_forbidden"),
        Category::Malformed => (422, "json_invalid"),
        Category::InvalidValue => (422, "value_error"),
    };

    let detail = if status == 422 {
        json!([{ "loc": location(problem, request), "msg": problem.message(), "type": kind }])
    } else {
        json!(problem.message())
    };

    ClientReply {
        status,
        body: json!({ "detail": detail }),
        is_refused: true,
        effects: Vec::new(),
    }
}

/// Where the fault is: in the body or the query, then field by field.
fn location(problem: &Problem, request: &ClientRequest) -> Vec<Value> {
    let place = match problem.path() {
        Some(BUSINESS) => "header",
        _ if request.method == "GET" => "query",
        _ => "body",
    };

    let field = problem.path().unwrap_or_default();
    let steps = field.split(['.', '[', ']']).filter(|step| !step.is_empty());
    let steps = steps.map(|step| match step.parse::<u32>() {
        Ok(index) => json!(index),
        Err(_) => json!(step),
    });
    std::iter::once(json!(place)).chain(steps).collect()
}

/// A command of a verb on credit memos, as of today.
fn command(session: &Session<'_>, verb: &str) -> Map<String, Value> {
    let mut command = Map::new();
    command.insert("type".into(), json!(format!("{verb}CreditMemo")));
    command.insert("at".into(), json!(session.request.today()));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_an_address_comes_before_a_key() {
        let keys = |method: &str, steps: &[&str]| {
            let route = route(method, steps).ok();
            route.map(|(_, keys)| keys.len())
        };
        let below = |steps: &[&'static str]| [&["credit-memos"], steps].concat();
        assert_eq!(keys("GET", &below(&[])), Some(0));
        assert_eq!(keys("GET", &below(&["customers", "C", "credits"])), Some(1));
        assert_eq!(keys("POST", &below(&["M", "issue"])), Some(1));
        assert_eq!(keys("GET", &below(&["M", "issue"])), None);
        assert_eq!(keys("GET", &["customers"]), None);
    }
}
