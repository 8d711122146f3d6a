//! A case: a book, and steps with what each must answer or how it must be refused.

use super::covers::{covers, has};
use super::host::{Answer, Host, Json, Plan};
use super::{invariants, reasons};
use serde::Deserialize;
use serde_json::{Map, Value};
use setoff::Error;
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    /// What it shows, and the reasoning behind the figures.
    why: String,
    /// An address, or `by hand`.
    source: String,
    /// Of a report: what it is about, in the words of its table.
    pub kind: Option<String>,
    /// Of a report: what happened there.
    pub report: Option<String>,
    book: Value,
    /// How the book itself is refused; there are no steps then.
    error: Option<Refusal>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "Map<String, Value>")]
struct Step {
    action: Action,
    /// Of an explanation: the document or line that it is about.
    about: Option<Value>,
    expect: Option<Value>,
    /// What must be somewhere in the answer.
    has: Option<Value>,
    /// Of a commit: the answer is the very same as that of the preview.
    is_same: bool,
    error: Option<Refusal>,
}

/// Why a case does not hold, and at which step.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub step: Option<usize>,
    pub problem: String,
}

impl<P: Into<String>> From<P> for Failure {
    fn from(problem: P) -> Self {
        Self {
            step: None,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            Some(step) => write!(f, "step {step}: {}", self.problem),
            None => f.write_str(&self.problem),
        }
    }
}

/// What a step does. Commands and queries are any JSON at all: `null` too can be refused.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Action {
    Execute(Value),
    Preview(Value),
    /// The place of the step that previewed it.
    Commit(usize),
    Query(Value),
    /// Why a command would settle what it would settle.
    Explain(Value),
    /// An amount, beside the book.
    Prorate(Value),
    /// The periods of a subscription, beside the book.
    Schedule(Value),
    /// A bill run, beside the book.
    Generate(Value),
    /// A change of plan, beside the book.
    PreviewChange(Value),
    Restore(bool),
    /// A label: the first time it remembers the state hash, then it demands the same.
    Hash(String),
}

impl Case {
    /// The cases of a file, in their order.
    pub fn read(file: &Path) -> Vec<Self> {
        serde_json::from_str(&fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// Whether it says why, and where its figures come from.
    pub fn is_explained(&self) -> bool {
        let has_source = self.source == "by hand" || self.source.starts_with("https://");
        has_source && !self.why.is_empty()
    }

    /// The transcript, if everything went as it should.
    ///
    /// # Errors
    /// The first step that went otherwise.
    pub fn play(&self) -> Result<String, Failure> {
        Run::case(self)
    }
}

impl TryFrom<Map<String, Value>> for Step {
    type Error = serde_json::Error;

    /// Beside what is expected there is exactly one field, which says what is done.
    fn try_from(mut fields: Map<String, Value>) -> Result<Self, Self::Error> {
        let about = fields.remove("about");
        let expect = fields.remove("expect");
        let has = fields.remove("has");
        let is_same = fields.remove("same").is_some();
        let error = fields
            .remove("error")
            .map(serde_json::from_value)
            .transpose()?;
        Ok(Self {
            action: serde_json::from_value(Value::Object(fields))?,
            about,
            expect,
            has,
            is_same,
            error,
        })
    }
}

/// Only `code` must be given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    code: String,
    path: Option<String>,
    sentence: Option<String>,
    /// A part of the sentence.
    says: Option<String>,
}

/// One case under way.
struct Run {
    host: Host,
    plans: BTreeMap<usize, Plan>,
    hashes: BTreeMap<String, String>,
    transcript: String,
}

impl Run {
    /// The transcript of a case that went as it should.
    fn case(case: &Case) -> Result<String, Failure> {
        let host = match (Host::open(&case.book), &case.error) {
            (Ok(host), None) => host,
            (Err(error), Some(refusal)) if case.steps.is_empty() => {
                refusal.check(&error)?;
                return Ok(format!("{}\n", Json::of_error(&error).0));
            }
            (Err(error), _) => return Err(format!("the book was refused: {error}").into()),
            (Ok(_), Some(refusal)) => {
                return Err(format!("the book was not refused by {}", refusal.code).into());
            }
        };
        let transcript = String::new();
        let mut run = Self {
            host,
            plans: BTreeMap::new(),
            hashes: BTreeMap::new(),
            transcript,
        };
        for (place, step) in case.steps.iter().enumerate() {
            // An invariant that does not hold panics.
            let played = panic::catch_unwind(AssertUnwindSafe(|| run.step(place, step)));
            let played = played.unwrap_or_else(|_| Err("see the panic above".into()));
            played.map_err(|problem| Failure {
                step: Some(place),
                problem,
            })?;
        }
        let snapshot: String = run
            .host
            .book
            .snapshot()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        writeln!(
            run.transcript,
            "hash {}\nsnapshot {snapshot}",
            run.host.book.hash()
        )
        .map_err(|e| e.to_string())?;
        Ok(run.transcript)
    }

    fn step(&mut self, place: usize, step: &Step) -> Result<(), String> {
        let line = match &step.action {
            Action::Execute(command) => step.check(self.execute(command))?,
            Action::Preview(command) => {
                let before = self.host.book.snapshot();
                let previewed = self.host.preview(command);
                assert_eq!(
                    self.host.book.snapshot(),
                    before,
                    "a preview changed the book"
                );
                let json = previewed.map(|plan| {
                    let json = plan.json_with_fingerprint();
                    self.plans.insert(place, plan);
                    json
                });
                step.check(json)?
            }
            Action::Commit(of) => {
                let plan = self
                    .plans
                    .get(of)
                    .ok_or_else(|| format!("step {of} has left no plan"))?;
                let planned = plan.json.clone();
                let json = self.host.commit(plan);
                if step.is_same && json.as_ref().is_ok_and(|json| *json != planned) {
                    return Err("the commit is not what the preview showed".into());
                }
                step.check(json)?
            }
            Action::Query(query) => step.check(self.host.query(query))?,
            Action::Explain(command) => step.check(match &step.about {
                Some(about) => self.host.explain_about(command, about),
                None => self.host.explain(command),
            })?,
            Action::Prorate(request) => step.check(Host::prorate(request))?,
            Action::Schedule(request) => step.check(Host::schedule(request))?,
            Action::Generate(run) => step.check(Host::generate(run))?,
            Action::PreviewChange(change) => step.check(Host::preview_change(change))?,
            Action::Restore(true) if step.is_bare() => self.restore()?,
            Action::Hash(label) if step.is_bare() => self.hash(label)?,
            Action::Restore(_) | Action::Hash(_) => {
                return Err("there is nothing more to say of it".into());
            }
        };
        self.transcript.push_str(&line);
        self.transcript.push('\n');
        invariants::check(&self.host.book);
        Ok(())
    }

    /// A refusal must leave everything as it was.
    fn execute(&mut self, command: &Value) -> Answer {
        reasons::check(&mut self.host, command);
        let before = self.host.book.snapshot();
        let answer = self.host.execute(command);
        if answer.is_err() {
            assert_eq!(
                self.host.book.snapshot(),
                before,
                "a refused command changed the book"
            );
        }
        answer
    }

    fn restore(&mut self) -> Result<String, String> {
        self.host = self.host.restored().map_err(|error| error.to_string())?;
        Ok("restored".into())
    }

    fn hash(&mut self, label: &str) -> Result<String, String> {
        let hash = self.host.book.hash();
        let remembered = self
            .hashes
            .entry(label.to_owned())
            .or_insert_with(|| hash.clone());
        if *remembered == hash {
            Ok(hash)
        } else {
            Err(format!("the state is not that of `{label}`"))
        }
    }
}

impl Step {
    fn is_bare(&self) -> bool {
        self.expect.is_none() && self.has.is_none() && self.error.is_none()
    }

    /// The line of the transcript, if the answer is what it should be.
    fn check(&self, answer: Answer) -> Result<String, String> {
        match (answer, &self.error, &self.expect) {
            (Ok(json), None, expected) => {
                expected
                    .as_ref()
                    .map_or(Ok(()), |expected| covers(expected, &json.value(), "result"))?;
                if let Some(wanted) = &self.has
                    && !has(wanted, &json.value())
                {
                    return Err(format!("nowhere in the result: {wanted}"));
                }
                Ok(json.0)
            }
            (Err(error), Some(refusal), None) => {
                refusal.check(&error)?;
                Ok(Json::of_error(&error).0)
            }
            (_, Some(_), Some(_)) => Err("a step expects a result or an error, not both".into()),
            (Err(error), None, _) => Err(format!("refused by {}: {error}", error.code().as_str())),
            (Ok(json), Some(refusal), None) => Err(format!(
                "needed a refusal by {}, found {}",
                refusal.code, json.0
            )),
        }
    }
}

impl Refusal {
    fn check(&self, error: &Error) -> Result<(), String> {
        for (name, expected, actual) in [
            ("code", Some(self.code.as_str()), error.code().as_str()),
            ("path", self.path.as_deref(), &error.path()),
            ("sentence", self.sentence.as_deref(), &error.sentence()),
        ] {
            if expected.is_some_and(|expected| expected != actual) {
                return Err(format!(
                    "the error's {name}: expected {:?}, not {actual:?} ({error})",
                    expected.unwrap()
                ));
            }
        }
        match &self.says {
            Some(says) if !error.sentence().contains(says) => {
                Err(format!("the error does not say {says:?}: {error}"))
            }
            _ => Ok(()),
        }
    }
}
