//! Where something stands in a scenario file, and what is wrong there.

use std::fmt;
use std::rc::Rc;

/// The text of a file, with the name that problems call it by.
#[derive(Debug)]
pub struct File {
    pub name: String,
    pub text: String,
}

/// A place in a file; lines and columns count from 1.
#[derive(Clone, Debug)]
pub struct Place {
    pub file: Rc<File>,
    pub line: usize,
    pub column: usize,
}

/// What is wrong at a place. It shows the line, and a mark below the column.
#[derive(Debug)]
pub struct Problem {
    place: Place,
    sentence: String,
}

pub type Result<T> = std::result::Result<T, Problem>;

impl Place {
    /// The place of a character of the same line; `offset` counts characters from the start of the line.
    pub fn at_offset(&self, offset: usize) -> Self {
        Self {
            column: offset + 1,
            ..self.clone()
        }
    }

    pub fn problem(&self, sentence: impl Into<String>) -> Problem {
        Problem {
            place: self.clone(),
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, column } = &self.place;
        let shown = file.text.lines().nth(line - 1).unwrap_or_default();
        let margin = line.to_string();

        writeln!(f, "{}:{line}:{column}: {}", file.name, self.sentence)?;
        writeln!(f, "{margin} | {shown}")?;
        let indent = margin.len() + 3 + column - 1;
        write!(f, "{:indent$}^", "")
    }
}
