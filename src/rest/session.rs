//! The work on one request: what its operation asks of the host, and what it makes.

use super::needs::{Answer, RestHost, Stop};
use super::problem::{Category, Problem};
use super::request::ClientRequest;
use serde_json::{Map, Value, json};

/// How many digits of a request's seed begin the identifiers of what it makes.
const SHARED_DIGITS: usize = 24;

/// The size of a page that has all rows, for what an operation must see whole: a page that ended earlier would leave
/// something out, and nobody would notice.
pub(super) const ALL_ROWS: u32 = u32::MAX;

/// A document that the host found by its key.
#[derive(Clone, Debug)]
pub(super) struct FoundDocument {
    pub(super) id: String,
    pub(super) account: String,
}

/// The books that are open together, by their accounts.
#[derive(Debug, PartialEq, Eq)]
struct OpenBooks {
    accounts: Vec<String>,
    is_write: bool,
}

/// The work on one request.
pub(super) struct Session<'s> {
    pub(super) request: &'s ClientRequest,
    host: &'s mut dyn RestHost,
    opened: Option<OpenBooks>,
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

    /// The document of an identifier or number. One that was given to another account is in the newest of the books
    /// that it can be in: the directory is written before the books, and a fault can come in between.
    pub(super) fn find(&mut self, kinds: &[&str], key: &str) -> Answer<FoundDocument> {
        let found = self.ask(json!({ "find": { "kinds": kinds, "key": key } }))?;
        let text = |name: &str| found.get(name)?.as_str().map(str::to_owned);
        let (Some(id), Some(account)) = (text("id"), text("accountId")) else {
            return Err(Problem::not_found(key).into());
        };
        let document = FoundDocument { id, account };

        let former = found.get("formerAccountIds").and_then(Value::as_array);
        let former = former.into_iter().flatten().filter_map(Value::as_str);
        let former: Vec<_> = former.map(str::to_owned).collect();
        if former.is_empty() {
            return Ok(document);
        }

        for account in std::iter::once(document.account.clone()).chain(former) {
            self.open(&account, false)?;
            let rows = self.rows(&json!({
                "of": found.get("kind"),
                "where": { "id": document.id },
                "fields": ["id"],
            }))?;
            if !rows.is_empty() {
                return Ok(FoundDocument {
                    account,
                    ..document
                });
            }
        }
        Ok(document)
    }

    /// The account of an identifier or number.
    pub(super) fn account(&mut self, key: &str) -> Answer<Option<Value>> {
        let account = self.ask(json!({ "account": key }))?;
        Ok(Some(account).filter(|account| !account.is_null()))
    }

    /// Opens the book of an account: all that follows is about it, until another one is opened. What was carried out
    /// on the one before is then kept; of several that are open together, the session turns to that of the account.
    pub(super) fn open(&mut self, account: &str, is_write: bool) -> Answer<()> {
        if let Some(OpenBooks { accounts, .. }) = &self.opened
            && accounts.len() > 1
            && accounts.iter().any(|opened| opened == account)
        {
            self.ask(json!({ "turn": account }))?;
            return Ok(());
        }
        self.open_books(vec![account.to_owned()], is_write)
    }

    /// Opens the books of several accounts to be changed together: all that is carried out on them is kept, or nothing.
    /// What follows is about the first of them, until another one of them is opened.
    pub(super) fn open_together(&mut self, accounts: Vec<String>) -> Answer<()> {
        let mut distinct: Vec<String> = Vec::new();
        for account in accounts {
            if !distinct.contains(&account) {
                distinct.push(account);
            }
        }
        self.open_books(distinct, true)
    }

    fn open_books(&mut self, accounts: Vec<String>, is_write: bool) -> Answer<()> {
        let asked = OpenBooks { accounts, is_write };
        if self.opened.as_ref() == Some(&asked) {
            return Ok(());
        }
        self.ask(json!({ "open": { "accountIds": asked.accounts, "write": is_write } }))?;
        self.opened = Some(asked);
        Ok(())
    }

    /// The rows of a query of the open book.
    pub(super) fn rows(&mut self, query: &Value) -> Answer<Vec<Value>> {
        let page = self.ask(json!({ "query": query }))?;
        rows_of(page)
    }

    /// What the books of accounts have of a query, of all accounts where none are named. It leaves the open book: what
    /// was carried out there is kept.
    pub(super) fn list(&mut self, query: &Value, accounts: Option<&[String]>) -> Answer<Value> {
        self.opened = None;
        self.ask(json!({ "list": { "query": query, "accountIds": accounts } }))
    }

    /// The rows of a query in the books of all accounts.
    pub(super) fn rows_anywhere(&mut self, query: &Value) -> Answer<Vec<Value>> {
        let found = self.list(query, None)?;
        let pages = found.get("pages").and_then(Value::as_array);
        let mut rows = Vec::new();
        for page in pages.cloned().unwrap_or_default() {
            rows.extend(rows_of(page)?);
        }
        Ok(rows)
    }

    /// Carries a command out on the open book, and returns its outcome.
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

    /// Takes an account out of the directory.
    pub(super) fn release(&mut self, id: &str) -> Answer<()> {
        self.ask(json!({ "release": id }))?;
        Ok(())
    }

    /// Lets the directory know that a document belongs to another account from now on.
    pub(super) fn move_to(&mut self, id: &str, account: &str) -> Answer<()> {
        let moved = self.ask(json!({ "move": { "id": id, "accountId": account } }))?;
        if moved == json!(true) {
            return Ok(());
        }
        let message = "Nothing here keeps account of documents that go to another account.";
        Err(Problem::rule(message).into())
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
