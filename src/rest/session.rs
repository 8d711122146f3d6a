//! The work on one request: what its operation asks of the host, and what it makes.

use super::needs::{Answer, RestHost, Stop};
use super::problem::{Category, Problem};
use super::request::ClientRequest;
use serde_json::{Map, Value, json};

/// How many digits of a request's seed begin the identifiers of what it makes.
const SHARED_DIGITS: usize = 24;

/// A document that the host found by its key.
#[derive(Clone, Debug)]
pub(super) struct FoundDocument {
    pub(super) id: String,
    pub(super) account: String,
}

/// The work on one request.
pub(super) struct Session<'s> {
    pub(super) request: &'s ClientRequest,
    host: &'s mut dyn RestHost,
    /// The account whose book is open, and whether to be changed.
    opened: Option<(String, bool)>,
    /// How many identifiers were made.
    made: u32,
    pub(super) effects: Vec<Value>,
}

impl<'s> Session<'s> {
    pub(super) fn new(request: &'s ClientRequest, host: &'s mut dyn RestHost) -> Self {
        Self {
            request,
            host,
            opened: None,
            made: 0,
            effects: Vec::new(),
        }
    }

    pub(super) fn ask(&mut self, need: Value) -> Answer<Value> {
        let answers = self.host.ask(vec![need])?;
        Ok(answers.into_iter().next().unwrap_or_default())
    }

    /// The body as an object.
    pub(super) fn body(&self) -> Answer<Map<String, Value>> {
        let object = self.request.object();
        object.ok_or_else(|| {
            let message = "The request is malformed: its body is no JSON object.";
            Problem::new(Category::Malformed, message.into()).into()
        })
    }

    /// An identifier that nothing else has: the seed of the request, counted on.
    pub(super) fn new_id(&mut self) -> String {
        self.made = self.made.saturating_add(1);
        let shared: String = self.request.seed.chars().take(SHARED_DIGITS).collect();
        format!("{shared}{:08x}", self.made)
    }

    /// The document of an identifier or number.
    pub(super) fn find(&mut self, kinds: &[&str], key: &str) -> Answer<FoundDocument> {
        let found = self.ask(json!({ "find": { "kinds": kinds, "key": key } }))?;
        let text = |name: &str| found.get(name)?.as_str().map(str::to_owned);
        let document = || {
            Some(FoundDocument {
                id: text("id")?,
                account: text("accountId")?,
            })
        };
        document().ok_or_else(|| Problem::not_found(key).into())
    }

    /// The account of an identifier or number.
    pub(super) fn account(&mut self, key: &str) -> Answer<Option<Value>> {
        let account = self.ask(json!({ "account": key }))?;
        Ok(Some(account).filter(|account| !account.is_null()))
    }

    /// Turns to the book of an account: all that follows is about it, until another one is opened. What was carried out
    /// on the one before is then kept.
    pub(super) fn open(&mut self, account: &str, is_write: bool) -> Answer<()> {
        let asked = (account.to_owned(), is_write);
        if self.opened.as_ref() == Some(&asked) {
            return Ok(());
        }
        self.ask(json!({ "open": { "accountId": account, "write": is_write } }))?;
        self.opened = Some(asked);
        Ok(())
    }

    /// The rows of a query of the open book.
    pub(super) fn rows(&mut self, query: &Value) -> Answer<Vec<Value>> {
        let page = self.ask(json!({ "query": query }))?;
        rows_of(page)
    }

    /// The rows of a query in the books of all accounts.
    pub(super) fn rows_anywhere(&mut self, query: &Value) -> Answer<Vec<Value>> {
        let found = self.ask(json!({ "list": { "query": query, "accountIds": null } }))?;
        let pages = found.get("pages").and_then(Value::as_array);
        let mut rows = Vec::new();
        for page in pages.cloned().unwrap_or_default() {
            rows.extend(rows_of(page)?);
        }
        Ok(rows)
    }

    /// Carries a command out on the open book.
    ///
    /// What it settled has one name, which is returned.
    pub(super) fn execute(&mut self, command: &Map<String, Value>) -> Answer<Value> {
        let outcome = self.ask(json!({ "execute": command }))?;
        match outcome.get("error") {
            Some(error) => Err(Problem::of_engine(error).into()),
            None => Ok(outcome),
        }
    }

    /// Enters a new document or account in the directory, and returns its number: the stated one, or the next.
    pub(super) fn reserve(&mut self, entry: Value) -> Answer<String> {
        match self.ask(json!({ "reserve": entry }))? {
            Value::String(number) => Ok(number),
            _ => Err(Problem::rule("The number is in use.").into()),
        }
    }

    /// Lets the host keep something under a name.
    pub(super) fn keep(&mut self, kind: &str, id: &str, data: &Value) -> Answer<()> {
        self.ask(json!({ "keep": { "kind": kind, "id": id, "data": data } }))?;
        Ok(())
    }

    /// What the host kept under a name.
    pub(super) fn kept(&mut self, kind: &str, id: &str) -> Answer<Option<Value>> {
        let data = self.ask(json!({ "kept": { "kind": kind, "id": id } }))?;
        Ok(Some(data).filter(|data| !data.is_null()))
    }

    /// Runs a part of the request that may be refused without refusing the others.
    pub(super) fn attempt<T>(
        &mut self,
        part: impl FnOnce(&mut Self) -> Answer<T>,
    ) -> Answer<Result<T, Problem>> {
        match part(self) {
            Ok(done) => Ok(Ok(done)),
            Err(Stop::Refused(problem)) => Ok(Err(problem)),
            Err(needs) => Err(needs),
        }
    }
}

/// The rows of a page, or its refusal.
pub(super) fn rows_of(page: Value) -> Answer<Vec<Value>> {
    if let Some(error) = page.get("error") {
        return Err(Problem::of_engine(error).into());
    }
    match page {
        Value::Object(mut page) => match page.remove("rows") {
            Some(Value::Array(rows)) => Ok(rows),
            _ => Ok(Vec::new()),
        },
        _ => Ok(Vec::new()),
    }
}
