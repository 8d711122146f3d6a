//! Why something was refused, with the figures that decided. One variant for each thing that can be wrong.
//!
//! No variant holds a sentence: `wire` words them in English from one table, and JavaScript words them in other
//! languages from the same fields.

use super::Code;
use super::figure::{AsFigure, Figure, MoneyFigure};

macro_rules! reasons {
    ($($code:ident {
        $($(#[$doc:meta])* $reason:ident { $($figure:ident: $type:ty),* $(,)? },)*
    })*) => {
        /// Why something was refused, and the figures that decided.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "figures are named in the table of messages")]
        pub enum Reason {
            $($($(#[$doc])* $reason { $($figure: $type),* },)*)*
        }

        impl Reason {
            /// The names of all reasons, with their codes and the names of their figures.
            pub const ALL: &'static [(&'static str, Code, &'static [&'static str])] =
                &[$($((stringify!($reason), Code::$code, &[$(stringify!($figure)),*]),)*)*];

            /// The stable code.
            #[must_use]
            pub const fn code(&self) -> Code {
                match self { $($(Self::$reason { .. } => Code::$code,)*)* }
            }

            /// The name of the reason, by which tables of messages word it.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $($(Self::$reason { .. } => stringify!($reason),)*)* }
            }

            /// Calls `each` with the name and value of each figure.
            pub fn figures(&self, each: &mut dyn FnMut(&'static str, Figure<'_>)) {
                match self {
                    $($(Self::$reason { $($figure),* } => {
                        $(each(stringify!($figure), $figure.as_figure());)*
                    })*)*
                }
            }
        }
    };
}

reasons! {
    // ---- Operations: `src/settle/operations`, `src/settle/plan/targets.rs`.

    ExceedsUnapplied {
        /// More is stated than the source has left.
        MoreThanUnapplied { most: MoneyFigure, unapplied: MoneyFigure, amount: MoneyFigure },
    }
    ExceedsBalance {
        /// More is stated than the document has open.
        MoreThanBalance { most: MoneyFigure, amount: MoneyFigure },
    }

    // ---- Guards, plans, documents and books: `src/settle/guard`, `src/settle/plan`, `src/command`, `src/document`,
    // ---- `src/book`.

    // ---- Money, calendar, splits, proration, bill runs, queries and the shape of requests.
}
