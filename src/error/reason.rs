//! Why something was refused, with the figures that decided. One variant for each thing that can be wrong.
//!
//! No variant holds a sentence: `wire` words them in English from one table, and JavaScript words them in other
//! languages from the same fields.

use super::Code;
use super::figure::{
    AsFigure, CountFigure, DayFigure, Figure, MoneyFigure, NameFigure, NamesFigure, QuotedFigure,
    TextFigure, TextsFigure, WholeFigure, WordFigure, WordsFigure,
};

/// Calls `each` with each name and the value next to it.
#[inline(never)]
fn each_figure(
    names: &[&'static str],
    values: &[&dyn AsFigure],
    each: &mut dyn FnMut(&'static str, Figure<'_>),
) {
    for (name, value) in names.iter().zip(values) {
        each(name, value.as_figure());
    }
}

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
            /// The names of all reasons, with their codes and the names and types of their figures.
            pub const ALL: &'static [(&'static str, Code, &'static [(&'static str, &'static str)])] = &[
                $($((
                    stringify!($reason),
                    Code::$code,
                    &[$((stringify!($figure), stringify!($type))),*],
                ),)*)*
            ];

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
                // Names and values apart: reasons with figures of the same types are then the same code.
                let names = self.figure_names();
                match self {
                    $($(Self::$reason { $($figure),* } => each_figure(names, &[$($figure),*], each),)*)*
                }
            }

            const fn figure_names(&self) -> &'static [&'static str] {
                match self { $($(Self::$reason { .. } => &[$(stringify!($figure)),*],)*)* }
            }
        }
    };
}

impl Reason {
    /// Of a refusal of a day: the first day that would do.
    pub(super) const fn first_day(&self) -> Option<DayFigure> {
        match self {
            Self::BeforeLastChange { earliest, .. }
            | Self::BeforeLastSettled { earliest, .. }
            | Self::BeforeDocument { earliest, .. }
            | Self::BeforeSource { earliest, .. }
            | Self::BeforeCounterpart { earliest, .. }
            | Self::LessOpenEarlier { earliest, .. }
            | Self::BeforeUndone { earliest, .. }
            | Self::BeforePostedAgain {
                posted: earliest, ..
            } => Some(*earliest),
            _ => None,
        }
    }

    /// Of a refusal of a day: the same refusal of another day.
    pub(super) fn of_day(&self, date: DayFigure) -> Option<Self> {
        // Reason by reason, because code that copies any reason is long.
        Some(match self {
            Self::BeforeLastChange { earliest, .. } => Self::BeforeLastChange {
                earliest: *earliest,
                date,
            },
            Self::BeforeLastSettled { earliest, .. } => Self::BeforeLastSettled {
                earliest: *earliest,
                date,
            },
            Self::BeforeDocument { earliest, kind, .. } => Self::BeforeDocument {
                earliest: *earliest,
                kind: *kind,
                date,
            },
            Self::BeforeSource {
                earliest, source, ..
            } => Self::BeforeSource {
                earliest: *earliest,
                source: source.clone(),
                date,
            },
            Self::BeforeCounterpart { earliest, .. } => Self::BeforeCounterpart {
                earliest: *earliest,
                date,
            },
            Self::LessOpenEarlier { earliest, .. } => Self::LessOpenEarlier {
                earliest: *earliest,
                date,
            },
            Self::BeforeUndone { earliest, .. } => Self::BeforeUndone {
                earliest: *earliest,
                date,
            },
            Self::BeforePostedAgain { posted, kind, .. } => Self::BeforePostedAgain {
                posted: *posted,
                kind: *kind,
                date,
            },
            _ => return None,
        })
    }
}

reasons! {
    // ---- Operations: `src/settle/operations`, `src/settle/plan/targets/`.

    InvalidStatus {
        /// The document has another status than the operation needs.
        WrongStatus { kind: WordFigure, needed: WordFigure, status: WordFigure },
        /// The document was reversed.
        Reversed { kind: WordFigure },
        /// The document was canceled.
        Canceled { kind: WordFigure },
        /// The document is settled with one that was reversed.
        SettledWithReversed { kind: WordFigure },
        /// The document does not count as revenue.
        NotRevenue { kind: WordFigure },
        /// The operation to be undone refunded something.
        UndoOfRefund { refund: QuotedFigure },
        /// The operation to undo wrote something off. Its memo would stay.
        UndoOfWriteOff { kind: WordFigure, document: QuotedFigure },
        /// Lines of an operation that took something back. It can only be undone as a whole.
        UndoOfUnapplyInPart {},
    }
    AlreadySettled {
        /// Something of the document is settled.
        Settled { kind: WordFigure, settled: MoneyFigure },
        /// A write-off without `rest` of a credit memo that is settled in part.
        SettledWithoutRest { settled: MoneyFigure },
        /// Something of the document is settled, with amounts that sum to zero.
        SettledToZero { kind: WordFigure },
        /// The document was settled before.
        HasHistory { kind: WordFigure },
        /// Something of the document was settled before it came into the book. The book cannot take that back.
        SettledElsewhere { kind: WordFigure, settled: MoneyFigure },
        /// Something of the document was refunded.
        Refunded { kind: WordFigure, refunded: MoneyFigure },
        /// Another document was made from this one.
        MadeFrom { kind: WordFigure, made_kind: WordFigure, made: QuotedFigure },
    }
    UnknownField {
        /// Nothing reads `autoApply` of a memo that was made from no document.
        AutoApplyOfStandalone {},
    }
    InvalidChoice {
        /// A rule that needs stated items, where none can be stated.
        RuleNeedsItems { rule: QuotedFigure },
        /// Documents of this kind are settled by others than that.
        SettledByOther { kind: WordFigure, allowed: WordsFigure, by: WordFigure },
    }
    MissingField {
        /// No invoice or debit memo is named.
        NoTargets {},
        /// No credit memo or payment is named.
        NoSources {},
        /// Neither the documents nor their items are named, which the rule needs.
        NoTargetsWithItems {},
        /// No items are stated.
        NoItems {},
        /// Neither an amount nor documents are stated.
        NoAmountToPay {},
        /// The identifier of a document that has to be made is absent.
        NoIdentifier { kind: WordFigure },
        /// A tax item names a source, and its item does not.
        NoSourceOfItem {},
        /// An item names a source item, and no document is named.
        NoSourceDocument {},
        /// An item has neither an amount nor anything that it follows from.
        NoItemAmount {},
        /// A tax item has neither an amount nor a rate.
        NoTaxAmount {},
    }
    DocumentNotFound {
        /// No document of that kind has the identifier.
        NoSuchDocument { kind: WordFigure, id: QuotedFigure },
        /// No credit memo or payment has the identifier.
        NoSuchSource { id: QuotedFigure },
        /// No document has the identifier.
        NoDocument { id: QuotedFigure },
        /// Documents of several kinds have the number, and the field does not say which kind is meant.
        NumberOfSeveral { number: QuotedFigure },
    }
    GroupNotFound {
        /// No application group has the identifier.
        NoSuchGroup { group: QuotedFigure },
        /// The application group moved nothing of the document.
        NoSuchApplication { group: QuotedFigure, document: QuotedFigure },
    }
    ItemNotFound {
        /// The document has no line with the identifier.
        NoSuchLine { kind: WordFigure, document: QuotedFigure, line: QuotedFigure },
        /// The application group moved nothing of the line.
        NotOfOperation { group: QuotedFigure, line: QuotedFigure },
        /// The document has no item with the identifier.
        NoSuchItem { document: QuotedFigure, item: QuotedFigure },
        /// The source item has no tax item with the identifier.
        NoSuchTaxItem { tax_item: QuotedFigure },
        /// The document that is made has no item with the identifier.
        NoItemOfSame { item: QuotedFigure },
        /// The draft has no line with the identifier.
        NoLineOfDraft { line: QuotedFigure },
    }
    DuplicateEntry {
        /// A document is named twice.
        DocumentTwice { id: QuotedFigure },
        /// A pair of lines is named twice.
        LinesTwice { source: QuotedFigure, target: QuotedFigure },
        /// A line is named twice.
        LineTwice { line: QuotedFigure },
    }
    AccountMismatch {
        /// The document belongs to another account.
        OtherAccount { needed: QuotedFigure, account: QuotedFigure },
    }
    CurrencyMismatch {
        /// The document is in another currency.
        OtherCurrency { needed: TextFigure, currency: TextFigure },
    }
    KindMismatch {
        /// A tax item is needed where an item is named.
        ItemForTaxItem {},
        /// An item is needed where a tax item is named.
        TaxItemForItem {},
    }
    InvalidItem {
        /// A rounding item has taxes.
        TaxOnRounding {},
        /// A rounding item is stated where the engine adds it.
        RoundingIsAdded {},
        /// A rounding item is named as a source.
        RoundingAsSource {},
    }
    DateTooEarly {
        /// Before the last change of the document.
        BeforeLastChange { earliest: DayFigure, date: DayFigure },
        /// Before the last application or refund of the source.
        BeforeLastSettled { earliest: DayFigure, date: DayFigure },
        /// Before the operation that is undone.
        BeforeUndone { earliest: DayFigure, date: DayFigure },
        /// Before the date of the document.
        BeforeDocument { earliest: DayFigure, kind: WordFigure, date: DayFigure },
        /// Before the date of a document that is named by its identifier.
        BeforeSource { earliest: DayFigure, source: QuotedFigure, date: DayFigure },
        /// Before the date of the counterpart.
        BeforeCounterpart { earliest: DayFigure, date: DayFigure },
    }
    OutOfRange {
        /// What a payment settles sums to more than an amount can be.
        PaymentOutOfRange {},
        /// A tax rate of 100 % or more.
        RateFrom1 { rate: TextFigure, meant: TextFigure },
    }
    AmountNotPositive {
        /// An amount of zero or more of a negative line.
        NotBelowZero { amount: MoneyFigure },
        /// A memo below zero.
        MemoBelowZero { kind: WordFigure, amount: MoneyFigure },
    }
    SumMismatch {
        /// The items sum to another amount than is stated.
        NotSumOfItems { sum: MoneyFigure, amount: MoneyFigure },
        /// The items sum to more than an amount can be.
        ItemsOutOfRange {},
        /// The items sum to zero or less.
        ItemsNotAboveZero { sum: MoneyFigure },
        /// The amount is not the quantity times the unit price.
        NotPriced { price: MoneyFigure, amount: MoneyFigure },
    }
    ExceedsItem {
        /// More is stated of a line than it has open.
        MoreThanLineOpen { most: MoneyFigure, kind: WordFigure, amount: MoneyFigure },
        /// What is stated of a line together is not between zero and what it has open.
        SumBeyondLine { open: MoneyFigure, kind: WordFigure, sum: MoneyFigure },
        /// What is stated of a line is not between zero and what it has open.
        BeyondLine { open: MoneyFigure, amount: MoneyFigure },
        /// More was settled of a line before than it has.
        SettledBeforeBeyondLine { most: MoneyFigure, sum: MoneyFigure },
        /// What was settled of all lines up to a day is not between zero and what the document has.
        SettledBeforeBeyondDocument {
            kind: WordFigure,
            total: MoneyFigure,
            date: DayFigure,
            sum: MoneyFigure,
        },
    }
    ExceedsUnapplied {
        /// More is stated than the source has left.
        MoreThanUnapplied { most: MoneyFigure, unapplied: MoneyFigure, amount: MoneyFigure },
        /// More is refunded than is unapplied.
        MoreThanRefundable { most: MoneyFigure, amount: MoneyFigure },
        /// What an undo would apply again is no longer unapplied.
        UsedSince {
            kind: WordFigure,
            document: QuotedFigure,
            needed: MoneyFigure,
            open: MoneyFigure,
            later: TextsFigure,
            others: TextsFigure,
        },
    }
    ExceedsBalance {
        /// What an undo would apply again is settled by others.
        SettledSince {
            kind: WordFigure,
            document: QuotedFigure,
            needed: MoneyFigure,
            open: MoneyFigure,
            later: TextsFigure,
            others: TextsFigure,
        },
        /// More is stated than the document has open.
        MoreThanBalance {
            kind: WordFigure,
            document: QuotedFigure,
            most: MoneyFigure,
            amount: MoneyFigure,
        },
        /// The items sum to an amount that is not between zero and what the document has open.
        ItemsBeyondBalance { open: MoneyFigure, sum: MoneyFigure },
    }
    ExceedsApplied {
        /// More is taken back than is applied.
        MoreThanApplied { most: MoneyFigure, amount: MoneyFigure },
        /// What is taken back between two lines is not between zero and what is applied.
        MoreThanAppliedBetween { applied: MoneyFigure, amount: MoneyFigure },
        /// Lines of both signs were paired, and more would come back of a line than is applied of it.
        MoreThanAppliedOfLine {},
        /// The operation was undone already.
        UndoneAlready { later: TextsFigure },
        /// All that the operation applied came back since.
        TakenBackSince { later: TextsFigure },
        /// An unapplication paired anew what it left applied of the operation, because lines are below zero.
        PairedAnew { later: TextsFigure },
        /// The operation took back what others had applied that were undone since.
        AppliedNoMore { later: TextsFigure },
        /// Something was taken back since of what the operation left applied or applied again.
        BuiltOn { later: TextsFigure },
    }
    NoSourceItem {
        /// More is stated than source items have open.
        MoreThanSourceItems { most: MoneyFigure, amount: MoneyFigure },
        /// More is taken back than is applied between source items.
        MoreThanAppliedBySource { most: MoneyFigure, amount: MoneyFigure },
    }
    NothingToSettle {
        /// No line of the source finds a partner.
        NoLinesPair {},
        /// The source has nothing unapplied, or no target has a balance.
        NothingToApply {},
        /// Nothing is applied.
        NothingApplied {},
        /// Nothing is unapplied.
        NothingToRefund {},
        /// The account has nothing unapplied, or the document no balance.
        NothingToCollect {},
        /// The document has nothing open.
        NothingOpen {},
        /// Nothing of the document is available to credit.
        NothingToCredit {},
        /// Nothing of the source item is available to credit.
        NothingOfItemToCredit {},
        /// The change neither credits nor charges anything.
        NothingChanges {},
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
        /// A fingerprint of a plan that no preview gives.
        FingerprintMalformed { fingerprint: QuotedFigure },
        /// A name that is too long or holds a control character; it may be empty.
        NameMalformed { name: QuotedFigure },
    }
    UnknownCurrency {
        /// A currency that neither ISO 4217 nor the book knows.
        CurrencyNotDefined { currency: QuotedFigure },
        /// The code of a currency in small letters.
        CurrencyInSmallLetters { currency: QuotedFigure, meant: TextFigure },
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
        /// The document was in force on a day that is closed by now, so balances of closed days count it.
        CountsOnClosedDay { kind: WordFigure, in_force_from: DayFigure, closed_through: DayFigure },
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
        /// A quantity times its unit price is more than an amount can hold.
        PriceOutOfRange { quantity: TextFigure, unit_price: TextFigure },
        /// A quantity times its unit price has more digits than are counted exactly.
        PriceBeyondDigits { most: CountFigure, quantity: TextFigure, unit_price: TextFigure },
        /// Taxes have more digits than are counted exactly, before they are rounded.
        TaxesBeyondDigits { most: CountFigure },
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
        /// A change of plan credits days of an item that an earlier memo has credited.
        DaysCredited { memo: QuotedFigure, from: DayFigure, to: DayFigure },
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
    UnknownField {
        /// Something to be kept with a command, in a book without a log.
        FieldNeedsLog { field: NameFigure },
    }
    MissingField {
        /// A command without an entry, in a book with a log.
        NoEntry {},
    }
    EntryNotFound {
        /// A log was asked for, of a book without one.
        NoLog {},
    }
    InvalidChoice {
        /// A first entry that does not open a book with a log.
        EntryOpensNothing {},
    }
    CommandIdReused {
        /// Another command of the log has the name.
        CommandIdReused { version: CountFigure, id: QuotedFigure },
    }
    VersionMismatch {
        /// Other commands have been carried out since.
        BookMovedOn { expected: CountFigure, version: CountFigure },
    }
    EntryMismatch {
        /// The entry is not the next one.
        EntryOutOfOrder { expected: CountFigure, version: CountFigure },
        /// The entry follows another one than the one before it.
        EntryChainBroken { version: CountFigure },
        /// The entry has another shape than the book writes.
        EntryMalformed { because: NameFigure, version: CountFigure },
        /// The entry has another hash than its contents.
        EntryAltered { version: CountFigure },
        /// The command does something else now.
        EntryEffectMoved { recorded: TextFigure, now: TextFigure, version: CountFigure },
        /// The command is refused now.
        EntryRefused { because: NameFigure, version: CountFigure },
    }
    InvalidSnapshot {
        /// The bytes do not start as a snapshot does.
        SnapshotForeign {},
        /// The bytes end too early.
        SnapshotTruncated {},
        /// A format that this version does not read.
        SnapshotFormatUnknown { oldest: CountFigure, newest: CountFigure, format: CountFigure },
        /// The bytes do not match their checksum.
        SnapshotDamaged {},
        /// The checksum is right, but no book can be in this state.
        SnapshotInconsistent {},
    }
    InvalidExport {
        /// The first line is not that of an export.
        ExportForeign {},
        /// A format that this version does not read.
        ExportFormatUnknown { newest: CountFigure, format: CountFigure },
        /// The lines end too early.
        ExportTruncated { expected: NameFigure },
        /// The lines do not match their checksum.
        ExportDamaged {},
        /// Another line comes than the header announces.
        ExportLineUnexpected { expected: NameFigure, line: CountFigure },
        /// A line says what no book can have.
        ExportLineInconsistent { line: CountFigure },
        /// Each line could be, but not all together.
        ExportInconsistent {},
        /// A line names a document that did not come before it.
        ExportDocumentMissing {},
        /// An amount has another number of decimals than its currency.
        ExportDecimals { scale: CountFigure },
        /// A hash or a fingerprint has other characters.
        NoHexadecimalDigits { count: CountFigure },
    }

    // ---- Money, calendar, splits, proration, bill runs, queries and the shape of requests.

    EngineFault {
        /// An internal fault, described in English for a report to the project.
        InternalFault { what: TextFigure },
    }
    BookFreed {
        /// The book was freed.
        FreedBook {},
    }
    SplitterFreed {
        /// The splitter was freed.
        FreedSplitter {},
    }
    InvalidType {
        /// A number where a decimal number is written as text.
        NumberForDecimal { number: TextFigure },
        /// A word for the length of a period.
        WordForLength { text: QuotedFigure },
        /// A value of the wrong type.
        WrongType { expected: WordFigure, actual: WordFigure },
        /// A number where something else is needed.
        NumberOfWrongType { expected: WordFigure, number: TextFigure },
        /// A text where something else is needed.
        TextOfWrongType { expected: WordFigure, text: QuotedFigure },
        /// An object of a class, which no request has.
        ObjectOfClass { expected: WordFigure, class: TextFigure },
    }
    InvalidNumber {
        /// A bucket after the last that there can be.
        NothingAfterDays { most: WholeFigure },
        /// Not a whole number of a range.
        NoWholeNumber { least: WholeFigure, most: WholeFigure, number: TextFigure },
        /// A number of a column that is not whole, minus zero, or not exact.
        NoWholeFloat {},
    }
    TooLarge {
        /// A request that memory has no room for.
        RequestTooLarge {},
        /// A schedule of more periods than are made.
        TooManyPeriods { most: CountFigure, periods: CountFigure },
    }
    MalformedRequest {
        /// Bytes that are no value.
        MalformedBytes {},
        /// A field that an object has twice.
        RepeatedField { field: QuotedFigure },
    }
    UnknownField {
        /// A field that an object cannot have.
        UnknownField { name: QuotedFigure, known: NamesFigure },
        /// A field that an object cannot have, and one like it that it can.
        MisspeltField { name: QuotedFigure, meant: NameFigure, known: NamesFigure },
        /// A field that a command of that type does not have.
        UnknownFieldOfCommand { command: TextFigure, name: QuotedFigure, known: NamesFigure },
        /// A field that a command of that type does not have, and one like it that it has.
        MisspeltFieldOfCommand {
            command: TextFigure,
            name: QuotedFigure,
            meant: NameFigure,
            known: NamesFigure,
        },
        /// A field with a name that no path should hold.
        OverlongField { name: QuotedFigure, known: NamesFigure },
        /// A field that these rows do not have, or that cannot be compared.
        UnknownRowField { name: QuotedFigure, known: NamesFigure },
        /// A field that these rows do not have, and one like it that they have.
        MisspeltRowField { name: QuotedFigure, meant: NameFigure, known: NamesFigure },
        /// Two fields that say the same thing.
        TwoFieldsForOne { field: NameFigure, other: NameFigure },
        /// A period with its length and both its ends.
        EndBesideEvery {},
        /// Another document that a document is made from.
        SecondOrigin { field: NameFigure },
        /// A `fallback` beside a rule that has none.
        FallbackUnread {},
        /// `autoUnapply` beside named documents.
        AutoUnapplyBesideDocuments {},
        /// An amount or lines beside `rest`, which writes off everything.
        PartBesideRest {},
        /// An option for spreading over lines, where every line has its amount or the rule has no line.
        NothingSpreadOverLines {},
        /// `autoApply` for a memo that is made from no document.
        AutoApplyWithoutOrigin {},
        /// A type beside `appliedToItemId`: a discount has no other type.
        TypeOfDiscount {},
        /// A pairing of lines beside a rule that decides it.
        MatrixWithoutProration {},
        /// An option for spreading an amount, where nothing is settled.
        SpreadWithoutDocuments {},
        /// An option for spreading over lines, where each line states its amount.
        SpreadBesideItems {},
        /// The method of an electronic refund, which its gateway knows.
        MethodOfElectronic {},
        /// `asOf` for rows without a past.
        AsOfUnread {},
        /// `count` in terms that do not read it.
        CountUnread {},
        /// `gridDay` in terms that do not read it.
        GridDayUnread {},
        /// `wholeCellIsOne` in terms that do not read it.
        WholeCellUnread {},
        /// `wholeUnits` in terms that do not read it.
        WholeUnitsUnread {},
        /// A rounding of the factor in terms that do not round it.
        FactorRoundingUnread {},
        /// `discount` in terms that do not read it.
        DiscountUnread {},
        /// A number of months that the terms do not read.
        MonthsUnread {},
        /// A currency or increment without a price.
        AmountsWithoutPrice { field: NameFigure },
        /// A fact of a bill without a plan that was billed.
        BillWithoutPlan { field: NameFigure },
        /// The end of a pause that has no start.
        UntilWithoutMoment {},
        /// A billing day for periods of days.
        BillingDayOfDays {},
        /// A weekday for periods of months.
        WeekdayOfMonths {},
        /// `then` beside a rule that has none.
        NothingFollows {},
    }
    MissingField {
        /// A quantity without a price, or the other way round, and no amount.
        PriceIncomplete { field: NameFigure, stated: NameFigure },
        /// An empty list of fields to sum.
        NoFieldsToSum {},
        /// A required field is missing.
        FieldMissing { field: NameFigure },
        /// One of several fields is required, and none is there.
        OneFieldMissing { fields: NamesFigure },
        /// An empty list of kinds.
        NoKinds {},
        /// A condition without a value.
        NothingToCompare {},
        /// A price without its number of months, for a period that does not show it.
        MonthsMissing {},
        /// A service without a period.
        PeriodMissing {},
        /// A change at a moment, without a period.
        MomentWithoutPeriod { at: TextFigure },
        /// A schedule without an end.
        EndMissing {},
        /// Two books to compare, without the day for their accounts.
        ComparedDayMissing {},
    }
    LengthMismatch {
        /// A column of another length than the prices.
        ColumnLength { expected: CountFigure, count: CountFigure },
    }
    InvalidChoice {
        /// Not one of a closed set of words.
        NoChoice { choices: NamesFigure, word: QuotedFigure },
        /// Not one of a closed set of words, but like one of them.
        MisspeltChoice { choices: NamesFigure, word: QuotedFigure, meant: NameFigure },
        /// A bulk command in another.
        NestedBulk {},
    }
    InvalidDate {
        /// Not a day of the calendar.
        NoDate { text: QuotedFigure },
        /// A day that is written as elsewhere.
        MisspeltDate { text: QuotedFigure, meant: DayFigure },
        /// A day that its month does not have.
        NoSuchDay { text: QuotedFigure, last: DayFigure },
        /// An instant in UTC where a day of a place is needed.
        NoCivilDay { text: QuotedFigure },
        /// Neither a day nor an instant.
        NoMoment { text: QuotedFigure },
    }
    InvalidDecimal {
        /// A decimal number that is written as elsewhere.
        MisspeltDecimal { text: QuotedFigure, meant: TextFigure },
        /// Not a decimal number in its one form.
        NoDecimal { text: QuotedFigure },
        /// A decimal number of more digits than are counted.
        TooManyDigits { most: CountFigure, text: QuotedFigure },
        /// Neither a decimal nor a fraction.
        NoFraction { text: QuotedFigure },
    }
    InvalidCurrency {
        /// A code that no currency can have.
        NoCurrencyCode { code: QuotedFigure },
        /// A currency of the host without its number of decimals.
        ScaleMissing { most: CountFigure, code: TextFigure },
        /// A currency with too many decimals.
        ScaleTooLarge { most: CountFigure, scale: CountFigure },
        /// A rounding of totals without an increment.
        InvoiceRoundingAlone { rounding: NameFigure },
        /// An increment of a currency that is zero or less.
        CurrencyIncrementNotPositive { increment: TextFigure },
    }
    InvalidPeriod {
        /// A period that ends before it starts.
        PeriodReversed { from: TextFigure, to: TextFigure },
        /// A service without length, or of more than its period.
        ServiceDegenerate {},
        /// A moment outside the period.
        OutsidePeriod { from: TextFigure, to: TextFigure, moment: TextFigure },
        /// A change before the one that it follows, or before the period.
        ChangeTooEarly { last: TextFigure, at: TextFigure },
        /// A change after the period.
        ChangeTooLate { end: TextFigure, at: TextFigure },
        /// A larger unused share than at the change before.
        UnusedGrows { last: TextFigure, unused: TextFigure },
        /// A plan that is resumed before its pause ends.
        ChangeDuringPause { until: TextFigure, at: TextFigure },
        /// A pause that ends before it starts.
        PauseReversed { at: TextFigure, until: TextFigure },
        /// A pause of a plan that pauses already for longer.
        PauseShortened { pause_end: TextFigure, until: TextFigure },
        /// A schedule that ends before it starts.
        EndsBeforeStart { start: DayFigure, date: DayFigure },
        /// Periods of no months or days.
        PeriodWithoutLength {},
    }
    InvalidTerms {
        /// A factor, where a daily rate is rounded.
        FactorAndRoundedRate {},
        /// A share of the period, where a daily rate is rounded.
        UnusedAndRoundedRate { unused: TextFigure },
        /// A rounded rate, which columns do not have.
        RoundedRateInColumns {},
        /// Cells of no days.
        NoCellDays {},
        /// Days of cells that a grid of months does not have.
        CellDaysOfMonths {},
        /// Time not counted in days, where months decide.
        UnitWithMonths { unit: NameFigure },
        /// Days counted in a way that other units do not have.
        CountOfUnits { count: NameFigure },
        /// A rounded rate with a grid of months.
        RoundedRateOfMonths {},
        /// Both the rate and the factor rounded.
        RateAndFactorRounded {},
        /// A first part that is billed by whole months.
        LeadingMonths {},
        /// A credit paid with time, with a grid of months.
        TimeWithMonths {},
    }
    UnknownCurrency {
        /// A code that ISO 4217 does not list.
        NotIsoCurrency { code: QuotedFigure },
    }
    DuplicateId {
        /// The identifier of another charge.
        ChargeIdTaken { id: QuotedFigure },
    }
    ItemNotFound {
        /// A discount on a charge that is not there.
        DiscountOnNothing { id: QuotedFigure },
    }
    DuplicateEntry {
        /// A field that a query lists twice.
        RepeatedRowField { field: QuotedFigure },
    }
    InvalidStatus {
        /// A change after one that moved the end of the period.
        ChangeAfterTime {},
        /// No plan to resume.
        NothingPauses {},
        /// A plan runs already.
        PlanRuns {},
        /// No plan to change.
        NoPlanRuns {},
        /// A pause without an end of a plan that rests without one.
        PlanRestsAlready {},
    }
    CurrencyMismatch {
        /// A change of plan in another currency than its command.
        ChangeInOtherCurrency { stated: QuotedFigure, currency: QuotedFigure },
    }
    TooManyDecimals {
        /// More decimals than the currency has.
        MoreDecimals { most: CountFigure, currency: TextFigure, amount: TextFigure },
    }
    OutOfRange {
        /// An amount beyond what is counted.
        AmountTooLarge { most: MoneyFigure, amount: TextFigure },
        /// Results that the floats of a column do not hold exactly.
        BeyondFloats {},
        /// A fraction with the denominator zero.
        ZeroDenominator { text: QuotedFigure },
        /// An amount of more increments than are counted.
        TooManyIncrements {},
        /// An increment that is zero or less.
        IncrementNotPositive { increment: TextFigure },
        /// A period of no days.
        PeriodDaysNotPositive { days: TextFigure },
        /// Time and prices whose product has more digits than are counted exactly.
        BeyondFractions {},
        /// A tax rate of 100 % or more, mostly a percentage.
        TaxRateTooHigh { rate: TextFigure, meant: TextFigure },
        /// A quantity below zero.
        QuantityNegative { quantity: TextFigure },
        /// An unused share below 0 or above 1.
        UnusedOutOfRange { unused: TextFigure },
        /// Charges that sum to more than is counted.
        BillRunOutOfRange {},
        /// A day whose applications sum to more than is counted.
        DayOutOfRange { day: DayFigure },
        /// A period outside the calendar.
        PeriodOutsideCalendar {},
    }
    OffIncrement {
        /// Not a whole number of increments.
        OffIncrement { increment: MoneyFigure, currency: TextFigure, amount: TextFigure },
    }
    InvalidDiscount {
        /// A discount as a share that is not from 0 to 1.
        DiscountNoShare { discount: TextFigure },
        /// A discount on another discount of a bill run.
        DiscountOnDiscount {},
        /// A discount of another sign than the price, or of more than the whole price as a share.
        DiscountBeyondPlan { discount: TextFigure },
    }
    AmountNotPositive {
        /// A credit that is to pay for time of a plan that costs nothing, or that has the other sign.
        NoTimeForCredit { price: TextFigure },
        /// A fact of a bill below zero, though the price is not.
        BelowZeroUnlikePrice { amount: TextFigure },
        /// A fact of a bill above zero, though the price is below.
        AboveZeroUnlikePrice { amount: TextFigure },
    }
    InvalidCursor {
        /// Not a cursor.
        NoCursor { text: QuotedFigure },
        /// A cursor of another query.
        CursorOfOtherQuery { text: QuotedFigure },
        /// A cursor that this book has not reached.
        CursorOfLaterVersion { version: CountFigure, text: QuotedFigure },
        /// A cursor of another book.
        CursorOfOtherBook { text: QuotedFigure },
    }

    // ---- Splits and plans.

    MissingField {
        /// A split without weights.
        NoWeights {},
    }
    LengthMismatch {
        /// Another number of caps than of weights.
        CapsCount { weights: CountFigure, count: CountFigure },
        /// Another number of keys than of weights.
        KeysCount { weights: CountFigure, count: CountFigure },
        /// Another number of amounts than of splits.
        AmountsCount { splits: CountFigure, count: CountFigure },
    }
    UnknownField {
        /// Caps beside a first pass from the back.
        CapsFromBack {},
        /// Caps of an amount below zero that is not mirrored.
        CapsWithoutMirror { amount: TextFigure },
        /// A share above its cap, with a negative weight.
        CapsWithNegativeWeights {},
    }
    OutOfRange {
        /// A weight or cap below zero.
        NegativeNumber { number: TextFigure },
        /// An amount, weight or cap of more increments than are counted.
        NumberOfTooManyIncrements { number: TextFigure },
        /// A part of more units than are counted.
        PartOutOfRange { amount: TextFigure },
        /// A part that is not there.
        NoSuchPart { count: CountFigure, index: CountFigure },
        /// A split that ends before the one that it follows.
        EndsDescend { before: CountFigure, end: CountFigure },
        /// The last split does not end where the weights do.
        EndsElsewhere { weights: CountFigure, last: CountFigure },
    }
    OffIncrement {
        /// A number of a split that is not a whole number of increments.
        NotOfIncrement { increment: TextFigure, number: TextFigure },
    }
    AllWeightsZero {
        /// An amount to split over weights that are all zero.
        AllWeightsZero {},
    }
    ExceedsCaps {
        /// An amount above the sum of the caps.
        MoreThanCaps { most: TextFigure, amount: TextFigure },
    }
    PlanMoved {
        /// The open amount of a document is no longer what the plan showed.
        BalanceMoved {
            kind: WordFigure,
            document: QuotedFigure,
            planned_before: MoneyFigure,
            planned_after: MoneyFigure,
            before: MoneyFigure,
            after: MoneyFigure,
        },
        /// Something of the plan other than a balance is no longer as the plan showed it.
        LinesMoved {},
    }
}
