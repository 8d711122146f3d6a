//! Why something was refused, with the figures that decided. One variant for each thing that can be wrong.
//!
//! No variant holds a sentence: `wire` words them in English from one table, and JavaScript words them in other
//! languages from the same fields.

use super::Code;
use super::figure::{
    AsFigure, CountFigure, DayFigure, Figure, MoneyFigure, QuotedFigure, TextsFigure, WordFigure,
    WordsFigure,
};

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

    TooLarge {
        /// A document with more lines than can be numbered.
        TooManyLines {},
        /// A book with more documents than can be numbered.
        TooManyDocuments {},
        /// A book that has carried out more commands than can be numbered.
        TooManyCommands {},
    }
    InvalidChoice {
        /// A rule that pairs lines, where the lines of one document alone are divided.
        RulePairsLines { allowed: WordsFigure, rule: WordFigure },
    }
    InvalidId {
        /// An identifier that is empty, too long, or holds a control character.
        IdMalformed { id: QuotedFigure },
        /// A name that is too long or holds a control character; it may be empty.
        NameMalformed { name: QuotedFigure },
    }
    UnknownCurrency {
        /// A currency that neither ISO 4217 nor the book knows.
        CurrencyNotDefined { currency: QuotedFigure },
    }
    UnknownReasonCode {
        /// A reason code that the book does not list.
        ReasonCodeNotListed { listed: TextsFigure, reason_code: QuotedFigure },
    }
    DuplicateId {
        /// Another document of the book has the identifier.
        DocumentIdTaken { id: QuotedFigure },
        /// Another document of the same kind has the number.
        NumberTaken { kind: WordFigure, number: QuotedFigure },
        /// Another line of the document has the identifier.
        LineIdTaken { id: QuotedFigure },
        /// The book defines the currency twice.
        CurrencyDefinedTwice { currency: QuotedFigure },
    }
    PeriodClosed {
        /// The date lies in a closed accounting period.
        DateInClosedPeriod { closed_through: DayFigure, date: DayFigure },
    }
    DateTooEarly {
        /// The document was a draft on that date: it was posted again later.
        BeforePostedAgain { posted: DayFigure, kind: WordFigure, date: DayFigure },
        /// On a day before `earliest`, later operations leave less open than is settled here.
        LessOpenEarlier { earliest: DayFigure, date: DayFigure },
    }
    LimitExceeded {
        /// More than a limit of the book allows.
        AboveLimit { limit: WordFigure, most: CountFigure, count: CountFigure },
    }
    OutOfRange {
        /// The lines of a document sum to more than an amount can hold.
        LinesOutOfRange {},
        /// Credit memos together sum to more than an amount can hold.
        CreditsOutOfRange {},
    }
    InvalidDiscount {
        /// The item that a discount reduces is itself a discount.
        DiscountOfDiscount { item: QuotedFigure },
        /// A discount that takes more than is left of its item, or adds to it.
        DiscountAboveItem { most: MoneyFigure, amount: MoneyFigure },
    }
    AmountNotPositive {
        /// An amount of zero or less.
        AmountNotAboveZero { amount: MoneyFigure },
    }
    ExceedsAvailableToCredit {
        /// A memo credits more of a document than is available.
        MoreThanDocument {
            available: MoneyFigure,
            kind: WordFigure,
            document: QuotedFigure,
            amount: MoneyFigure,
        },
        /// A memo credits more of a line than is available.
        MoreThanLine { available: MoneyFigure, line: QuotedFigure, amount: MoneyFigure },
        /// A memo credits more of an item than its discounts have left of it.
        MoreThanDiscountedItem { available: MoneyFigure, item: QuotedFigure, amount: MoneyFigure },
        /// A memo credits more of an item's taxes than is available.
        MoreThanTaxes { available: MoneyFigure, item: QuotedFigure, amount: MoneyFigure },
        /// Without this negative memo, the other memos would credit more than the document has.
        OthersExceedDocument {
            most: MoneyFigure,
            kind: WordFigure,
            document: QuotedFigure,
            others: MoneyFigure,
        },
        /// Without this negative memo, the other memos would credit more than the line has.
        OthersExceedLine { most: MoneyFigure, line: QuotedFigure, others: MoneyFigure },
        /// Without this negative memo, the other memos would credit more than the item has after its discounts.
        OthersExceedDiscountedItem { most: MoneyFigure, item: QuotedFigure, others: MoneyFigure },
        /// Without this negative memo, the other memos would credit more than the item has taxes.
        OthersExceedTaxes { most: MoneyFigure, item: QuotedFigure, others: MoneyFigure },
    }
    InvalidSnapshot {
        /// The bytes do not start as a snapshot does.
        SnapshotForeign {},
        /// The bytes end too early.
        SnapshotTruncated {},
        /// A format that this version does not read.
        SnapshotFormatUnknown { readable: CountFigure, format: CountFigure },
        /// The bytes do not match their checksum.
        SnapshotDamaged {},
        /// The checksum is right, but no book can be in this state.
        SnapshotInconsistent {},
    }

    // ---- Money, calendar, splits, proration, bill runs, queries and the shape of requests.
}
