//! Closed sets of words: an enum whose variants each have one name outside.

use std::fmt;

/// A word of a closed set, as a figure of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordFigure(pub &'static str);

/// A set of words from which a request chooses one.
pub trait WordSet {
    /// What a word stands for.
    type Word: Copy + 'static;

    /// What can be chosen, in the order in which refusals and types list it.
    const WORDS: &'static [Self::Word];

    /// The names of all of them outside, in the same order, if they are listed: one reader then serves all sets.
    const NAMES: &'static [&'static str] = &[];

    /// The name of one of them outside.
    fn name(word: Self::Word) -> &'static str;
}

/// A word that is none of its set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// What was written.
    pub word: Box<str>,
    /// The words of the set.
    pub choices: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { word, choices } = self;
        write!(f, "{word:?} is none of {}", choices.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

/// Declares an enum with the list of its variants (`ALL`), the name of each outside (`as_str`) and all names (`NAMES`).
/// It is written (`Display`) and read (`FromStr`) by these names.
/// Any of its words can be a figure of a refusal. A set with a default derives `Default` and marks a word `#[default]`.
macro_rules! closed_set {
    ($(#[$doc:meta])* $set:ident { $($(#[$word_doc:meta])* $word:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $set { $($(#[$word_doc])* $word,)* }

        impl $set {
            /// All of them, in the order in which they are declared.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The names of all of them outside, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name,)*];

            /// The name outside.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $name,)* }
            }
        }

        impl crate::words::WordSet for $set {
            type Word = Self;
            const WORDS: &'static [Self] = Self::ALL;
            const NAMES: &'static [&'static str] = Self::NAMES;

            fn name(word: Self) -> &'static str {
                word.as_str()
            }
        }

        impl std::fmt::Display for $set {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $set {
            type Err = crate::words::UnknownWord;

            fn from_str(name: &str) -> std::result::Result<Self, Self::Err> {
                let known = Self::ALL.iter().copied().find(|word| word.as_str() == name);
                known.ok_or_else(|| crate::words::UnknownWord {
                    word: name.into(),
                    choices: Self::NAMES,
                })
            }
        }

        impl From<$set> for crate::words::WordFigure {
            fn from(word: $set) -> Self {
                Self(word.as_str())
            }
        }
    };
}

pub(crate) use closed_set;
