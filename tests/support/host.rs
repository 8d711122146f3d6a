//! A book as the JavaScript package has it: requests go in as bytes, results come out as JSON.

use super::wire::encode;
use serde::Serialize;
use serde_json::Value;
use setoff::book::Outcome;
use setoff::settle::Command;
use setoff::wire::view::{ErrorView, OutcomeView, PageView};
use setoff::wire::{columns, decode, read};
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
    fn of(value: &impl Serialize) -> Self {
        Self(serde_json::to_string(value).expect("results are plain data"))
    }

    /// An error as the package shows it.
    pub fn of_error(error: &Error) -> Self {
        Self::of(&ErrorView::from(error))
    }

    pub fn value(&self) -> Value {
        serde_json::from_str(&self.0).expect("JSON comes back")
    }
}

/// What the package keeps of a preview: its request, and the columns of what is to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    request: Vec<u8>,
    columns: Option<Vec<u32>>,
    pub json: Json,
}

impl Host {
    pub fn open(options: &Value) -> Answer<Self> {
        let book = Book::new(&decode::options(&read(&encode(options))?)?)?;
        Ok(Self { book })
    }

    pub fn execute(&mut self, command: &Value) -> Answer {
        let outcome = self.book.execute(&decode_command(&encode(command))?)?;
        Ok(self.show(&outcome))
    }

    pub fn preview(&self, command: &Value) -> Answer<Plan> {
        let request = encode(command);
        let outcome = self.book.preview(&decode_command(&request)?)?;
        let columns = outcome.settled.as_ref().map(|settled| columns::write(settled, outcome.subject.currency.scale()));
        Ok(Plan { request, columns, json: self.show(&outcome) })
    }

    pub fn commit(&mut self, plan: &Plan) -> Answer {
        let command = decode_command(&plan.request)?;
        let planned = plan.columns.as_deref().map(|words| columns::read(words, command.at())).transpose()?;
        let outcome = self.book.commit(&command, planned.as_ref())?;
        Ok(self.show(&outcome))
    }

    pub fn query(&self, query: &Value) -> Answer {
        let query = decode::query(&read(&encode(query))?)?;
        Ok(Json::of(&PageView::new(&self.book, &self.book.query(&query)?)))
    }

    pub fn restored(&self) -> Answer<Self> {
        Ok(Self { book: Book::restore(&self.book.snapshot())? })
    }

    fn show(&self, outcome: &Outcome) -> Json {
        Json::of(&OutcomeView::new(&self.book, outcome))
    }
}

fn decode_command(request: &[u8]) -> Answer<Command> {
    decode::command(&read(request)?)
}
