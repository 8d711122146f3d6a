//! A book as the JavaScript package has it: requests go in as bytes, results come out as JSON.

use super::outcome;
use super::wire::encode;
use serde_json::{Value, json};
use setoff::book::{EntryOptions, PlanFingerprint};
use setoff::wire::about::About;
use setoff::wire::entry::{self, Execution};
use setoff::wire::plan::PlanRequest;
use setoff::wire::refusal;
use setoff::wire::{columns, decode, generate, prorate, query, read, rows};
use setoff::{Book, Error};

/// What the package would throw instead.
pub type Answer<T = Json> = Result<T, Error>;

/// A book behind its boundary.
#[derive(Clone, Debug)]
pub struct Host {
    pub book: Book,
}

/// A result as its compact JSON, to be compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub String);

impl Json {
    /// An error as the package shows it.
    pub fn of_error(error: &Error) -> Self {
        Self(refusal::error(error))
    }

    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).expect("JSON comes back")
    }
}

/// A plan of the package: its command and its fingerprint, and what it showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    command: Value,
    pub columns: Option<Vec<u32>>,
    pub fingerprint: PlanFingerprint,
    pub json: Json,
}

impl Plan {
    /// The outcome, and the fingerprint, which is the same in every runtime.
    pub fn json_with_fingerprint(&self) -> Json {
        let outcome = self.json.0.strip_suffix('}').expect("an object");
        Json(format!(
            "{outcome},\"fingerprint\":\"{}\"}}",
            self.fingerprint
        ))
    }
}

impl Host {
    pub fn open(options: &Value) -> Answer<Self> {
        let book = Book::new(&decode::options(&read(&encode(options))?)?)?;
        Ok(Self { book })
    }

    pub fn execute(&mut self, command: &Value) -> Answer {
        let answer = self.try_execute(&encode(command));
        answer.inspect_err(|error| check_path(command, error))
    }

    /// The same of a command whose outcome nobody reads: to write one out takes as long as the book is large.
    pub fn carry_out(&mut self, command: &Value) -> Answer<()> {
        let command = decode::command(&read(&encode(command))?)?;
        self.book.execute(&command).map(drop)
    }

    fn try_execute(&mut self, request: &[u8]) -> Answer {
        let value = read(request)?;
        let executed = self.executed(&value);
        executed.map_err(|first| entry::with_issues(first, &mut self.book, &value))
    }

    fn executed(&mut self, request: &setoff::wire::Value<'_>) -> Answer {
        let attempt = self.book.attempt(&decode::command(request)?)?;
        let json = Json(outcome::written(&attempt.effect())?);
        attempt.keep()?;
        Ok(json)
    }

    pub fn preview(&mut self, command: &Value) -> Answer<Plan> {
        let plan = self.try_preview(command);
        plan.inspect_err(|error| check_path(command, error))
    }

    fn try_preview(&mut self, command: &Value) -> Answer<Plan> {
        entry::preview(&mut self.book, &read(&encode(command))?, |effect| {
            let columns = columns::write(effect)?;
            Ok(Plan {
                command: command.clone(),
                fingerprint: effect.fingerprint()?,
                json: Json(outcome::json(effect, columns.as_deref())),
                columns,
            })
        })
    }

    /// As `src/bindings.rs` does it.
    pub fn commit(&mut self, plan: &Plan) -> Answer {
        let request = encode(&json!({
            "command": plan.command,
            "fingerprint": plan.fingerprint.to_string(),
            "documents": plan.json.value()["documents"],
        }));
        self.try_commit(&request)
    }

    /// Commits any plan that crosses the boundary.
    pub fn try_commit(&mut self, request: &[u8]) -> Answer {
        let value = read(request)?;
        let plan = PlanRequest::read(&value)?;
        let options = EntryOptions::default();
        let executed = entry::execute(&mut self.book, plan.command(), &options, |effect, _| {
            plan.check(effect)?;
            outcome::written(effect).map(Json)
        })?;
        match executed {
            Execution::Done(json) => Ok(json),
            Execution::Repeated(receipt) => {
                panic!("a command without a name came again: {receipt}")
            }
        }
    }

    pub fn query(&self, query: &Value) -> Answer {
        let query = query::query(&read(&encode(query))?)?;
        Ok(Json(rows::page(&self.book.query(&query)?)))
    }

    /// Why a command would settle what it would settle. Nothing may have changed.
    pub fn explain(&mut self, command: &Value) -> Answer {
        let before = self.book.snapshot();
        let explained = self.try_explain(&encode(command));
        assert_eq!(
            self.book.snapshot(),
            before,
            "an explanation changed the book"
        );
        explained.inspect_err(|error| check_path(command, error))
    }

    /// What a command would do with one document or line, and why. Nothing may have changed.
    pub fn explain_about(&mut self, command: &Value, about: &Value) -> Answer {
        let before = self.book.snapshot();
        let explained = self.try_explain_about(&encode(command), &encode(about));
        assert_eq!(
            self.book.snapshot(),
            before,
            "an explanation changed the book"
        );
        explained
    }

    fn try_explain_about(&mut self, request: &[u8], about: &[u8]) -> Answer {
        let about = About::read(&read(about)?)?;
        let command = decode::command(&read(request)?)?;
        let attempt = self.book.attempt_about(&command, about.document_id())?;
        Ok(Json(about.answer(&attempt.effect(), &command)?))
    }

    fn try_explain(&mut self, request: &[u8]) -> Answer {
        let command = decode::command(&read(request)?)?;
        let attempt = self.book.attempt_with_steps(&command)?;
        let effect = attempt.effect();
        let reasons = effect.explain(&command)?;
        Ok(Json(setoff::wire::view::explained(
            effect.context,
            &reasons,
        )))
    }

    /// A prorated amount, which needs no book.
    pub fn prorate(request: &Value) -> Answer {
        let request = prorate::request(&read(&encode(request))?)?;
        Ok(Json(prorate::prorated(&request.prorate()?)))
    }

    /// The segments of a schedule, which needs no book.
    pub fn schedule(request: &Value) -> Answer {
        let request = prorate::schedule(&read(&encode(request))?)?;
        Ok(Json(prorate::scheduled(&request.make()?)))
    }

    /// The documents of a bill run, which no book needs.
    pub fn generate(run: &Value) -> Answer {
        let (run, documents) = generate::generated(&read(&encode(run))?)?;
        Ok(Json(generate::documents(&run, &documents)))
    }

    /// The lines of a change of plan, which no book needs.
    pub fn preview_change(change: &Value) -> Answer {
        let preview = prorate::change_preview(&read(&encode(change))?)?;
        Ok(Json(prorate::preview(&preview)))
    }

    pub fn restored(&self) -> Answer<Self> {
        Ok(Self {
            book: Book::restore(&self.book.snapshot())?,
        })
    }
}

/// A refusal leads to a place of the request: to a field that is there, or to one that its object lacks.
fn check_path(request: &Value, error: &Error) {
    let path = error.path().replace('[', ".[");
    let mut steps = path.split('.').filter(|step| !step.is_empty()).peekable();
    let mut at = Some(request);
    while let Some(step) = steps.next() {
        let next = at.and_then(|at| match step.strip_prefix('[') {
            Some(index) => at.get(
                index
                    .trim_end_matches(']')
                    .parse::<usize>()
                    .expect("a place"),
            ),
            None => at.get(step),
        });
        let may_lack =
            steps.peek().is_none() && at.is_some_and(Value::is_object) && !step.starts_with('[');
        assert!(
            next.is_some() || may_lack,
            "no place of the request: {error}, of {request}"
        );
        at = next;
    }
}
