//! Something of each line of one document.

use super::LineIndex;
use crate::error::{Error, Result};

/// Something of each line of one document: the lines, their figures, what is credited of them.
///
/// It is asked by [`LineIndex`] alone, and an index that has nothing here is a fault. So what was found for another
/// document is never read as a zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines<T>(Box<[T]>);

impl<T> Lines<T> {
    /// What belongs to a line.
    ///
    /// # Errors
    /// A fault if nothing does.
    #[inline]
    pub fn at(&self, line: LineIndex) -> Result<&T> {
        self.0.get(line.get()).ok_or_else(no_such_line)
    }

    /// What belongs to a line, to be changed.
    ///
    /// # Errors
    /// A fault if nothing does.
    #[inline]
    pub fn at_mut(&mut self, line: LineIndex) -> Result<&mut T> {
        self.0.get_mut(line.get()).ok_or_else(no_such_line)
    }

    /// What belongs to a line, where the line may be missing.
    #[must_use]
    pub fn get(&self, line: LineIndex) -> Option<&T> {
        self.0.get(line.get())
    }

    /// All of it, in document order.
    #[must_use]
    pub const fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// All of it, with the index of each line.
    pub fn iter(&self) -> impl Iterator<Item = (LineIndex, &T)> {
        LineIndex::all().zip(&self.0)
    }

    /// What belongs to the lines behind a line, with their indices.
    pub fn behind(&self, line: LineIndex) -> impl Iterator<Item = (LineIndex, &T)> {
        let from_line = match self.0.split_at_checked(line.get()) {
            Some((_, from_line)) => from_line,
            None => &[],
        };
        (line.0..).map(LineIndex).zip(from_line).skip(1)
    }

    /// How many lines there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.0.len()
    }
}

impl<T: Clone> Lines<T> {
    /// The same of each of `count` lines.
    #[must_use]
    pub fn filled(value: T, count: usize) -> Self {
        Self(vec![value; count].into())
    }
}

impl<T> From<Vec<T>> for Lines<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values.into())
    }
}

#[cold]
fn no_such_line() -> Error {
    Error::fault("a line is missing")
}
