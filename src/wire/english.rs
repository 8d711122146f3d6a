//! The English of refusals: one table of sentences over their figures, and the spelling of their sites.
//!
//! Nothing in the engine below this file holds a sentence or a path. JavaScript words the same fields in other
//! languages: whoever adds a reason here words it in `src/js/locale/` too, or a test names the one that is missing.

use crate::calendar::Date;
use crate::error::{Code, Error, Figure, Reason, Site, SiteStep, quoted};
use std::fmt;

/// The problem that a code stands for, in a few words.
#[must_use]
pub const fn problem(code: Code) -> &'static str {
    match code {
        Code::NotInitialized => "the engine is not ready",
        Code::EngineFault => "the engine stopped at an internal fault",
        Code::BookFreed => "the book has been freed",
        Code::SplitterFreed => "the splitter has been freed",
        Code::ResultReplaced => "the result has been replaced by a later split",
        Code::UnreadableValue => "the value cannot be read",
        Code::InvalidType => "the value has the wrong type",
        Code::InvalidNumber => "the number is not a whole number in range",
        Code::InvalidText => "the text is not well-formed Unicode",
        Code::TooDeep => "the value is nested too deeply",
        Code::TooLarge => "the request is too large",
        Code::MalformedRequest => "the request is malformed",
        Code::UnknownField => "the field is unknown",
        Code::MissingField => "a field is missing",
        Code::LengthMismatch => "the lists differ in length",
        Code::InvalidChoice => "the value is not one of those allowed",
        Code::InvalidId => "the identifier is not valid",
        Code::InvalidDate => "the date is not a calendar day",
        Code::InvalidDecimal => "the text is not a decimal number",
        Code::InvalidCurrency => "the currency's definition is not valid",
        Code::InvalidPeriod => "the period is not valid",
        Code::InvalidTerms => "the terms do not fit together",
        Code::UnknownCurrency => "the currency is unknown",
        Code::UnknownReasonCode => "the reason code is unknown",
        Code::DuplicateId => "the identifier is already taken",
        Code::DocumentNotFound => "there is no such document",
        Code::GroupNotFound => "there is no such application group",
        Code::ItemNotFound => "there is no such item",
        Code::DuplicateEntry => "the same entry is named twice",
        Code::InvalidStatus => "the document's status does not allow this",
        Code::AlreadySettled => "something of the document is settled or depends on it",
        Code::AccountMismatch => "the documents belong to different accounts",
        Code::CurrencyMismatch => "the documents are in different currencies",
        Code::KindMismatch => "charges settle charges and taxes settle taxes",
        Code::InvalidItem => "the item cannot be used here",
        Code::PeriodClosed => "the accounting period is closed",
        Code::DateTooEarly => "the date is too early",
        Code::LimitExceeded => "a limit of the book is exceeded",
        Code::TooManyDecimals => "the amount has more decimals than its currency",
        Code::OutOfRange => "the value is out of range",
        Code::OffIncrement => {
            "the amount is not a whole number of the currency's rounding increment"
        }
        Code::InvalidDiscount => "the discount does not fit its item",
        Code::AmountNotPositive => "the amount is not positive",
        Code::SumMismatch => "the items do not add up to the amount",
        Code::AllWeightsZero => "all weights are zero",
        Code::ExceedsCaps => "the amount is more than the caps allow",
        Code::ExceedsItem => "the amount is more than the item has open",
        Code::ExceedsUnapplied => "the amount is more than is unapplied",
        Code::ExceedsBalance => "the amount is more than the balance",
        Code::ExceedsApplied => "the amount is more than is applied",
        Code::ExceedsAvailableToCredit => "the amount is more than is available to credit",
        Code::NoSourceItem => "the amount is more than source items can take",
        Code::NothingToSettle => "there is nothing to settle",
        Code::InvalidCursor => "the cursor does not belong here",
        Code::InvalidSnapshot => "the snapshot cannot be read",
        Code::PlanMoved => "the book has moved since the plan was made",
    }
}

/// How English says a reason, with the names of figures in braces.
///
/// `{most}` stands for a figure, `{most:period|periods}` for the word that goes with it, `{choices:few}` for the first
/// of a long list, `{path}` for the field.
#[derive(Clone, Copy, Debug)]
pub struct Sentences {
    /// What would have been right.
    pub needed: &'static str,
    /// What was there instead.
    pub found: &'static str,
    /// The whole in one sentence, where that says it better than the two; else empty.
    pub message: &'static str,
}

macro_rules! english {
    ($($reason:ident: $needed:literal, $found:literal $(, $message:literal)?;)*) => {
        /// All reasons that have sentences, by name.
        pub const TABLE: &[(&str, Sentences)] = &[$((stringify!($reason), Sentences {
            needed: $needed,
            found: $found,
            message: concat!("" $(, $message)?),
        }),)*];

        const fn sentences(reason: &Reason) -> Sentences {
            match reason {
                $(Reason::$reason { .. } => Sentences {
                    needed: $needed,
                    found: $found,
                    message: concat!("" $(, $message)?),
                },)*
            }
        }
    };
}

english! {
    // ---- Operations.

    WrongStatus: "a {needed} {kind}", "a {status} {kind}";
    Reversed: "{kind:a} that was not reversed", "a reversed one";
    Canceled: "{kind:a} that was not canceled", "a canceled one";
    SettledWithReversed: "{kind:a} that is not settled with a reversed document", "one that is";
    NotRevenue: "{kind:a} that counts as revenue", "one that a write-off made and that does not";
    UndoOfRefund: "an operation that refunded nothing", "one that made a refund";
    UndoOfUnapply: "an operation that applied something", "one that took something back";
    Settled: "{kind:a} of which nothing is settled", "{settled} settled";
    SettledToZero: "{kind:a} of which nothing is settled", "amounts that cancel each other out";
    HasHistory: "{kind:a} that was never settled, because its history names its lines", "one with a history";
    Refunded: "{kind:a} of which nothing is refunded", "{refunded} refunded";
    MadeFrom: "{kind:a} that no document was made from", "{made_kind} {made}, which was made from it";
    AutoApplyOfStandalone: "a credit memo that was made from another document", "one that was not";
    RuleNeedsItems: "a rule that needs no stated items", "{rule}";
    NoTargets: "at least one invoice or debit memo", "none";
    NoTargetsWithItems: "the documents with their items, because the rule needs them", "none";
    NoItems: "at least one item", "none";
    NoAmountToPay: "the amount, or the documents that are paid", "neither";
    NoIdentifier: "an identifier for the {kind} that is made", "none";
    NoSourceOfItem: "the source item of the item, because its tax item names a source", "none";
    NoSourceDocument: "the document of the source item, here or for the whole command", "none";
    NoItemAmount: "an amount, because the item has neither a source item nor a price", "none";
    NoTaxAmount: "an amount, because the tax item has no rate", "none";
    NoSuchDocument: "the identifier of {kind:a} of the book", "{id}";
    NoDocument: "the identifier of a document of the book", "{id}";
    NoSuchGroup: "the identifier of an application group of the book", "{group}";
    NoSuchLine: "the identifier of a line of {kind} {document}", "{line}";
    NoSuchItem: "the identifier of an item of {document}", "{item}";
    NoSuchTaxItem: "the identifier of a tax item of the source item", "{tax_item}";
    NoItemOfSame: "the identifier of an item of the same document", "{item}";
    NoLineOfDraft: "the identifier of a line of the draft", "{line}";
    DocumentTwice: "each document once", "{id} twice";
    LinesTwice: "each pair of lines once", "{source} to {target} twice";
    LineTwice: "each line once", "{line} twice";
    OtherAccount: "a document of account {needed}", "one of account {account}";
    OtherCurrency: "a document in {needed}", "one in {currency}";
    ItemForTaxItem: "a tax item", "an item";
    TaxItemForItem: "an item", "a tax item";
    TaxOnRounding: "no taxes, because this is a rounding item", "some";
    RoundingIsAdded: "another type, because the rounding item of this document is added by itself", "rounding";
    RoundingAsSource: "an item that is not a rounding item", "a rounding item";
    BeforeLastChange: "a date on or after {earliest}, the date of this document's last change", "{date}";
    BeforeLastSettled: "a date on or after {earliest}, the date of the last application or refund", "{date}";
    BeforeDocument: "a date on or after {earliest}, the date of the {kind}", "{date}";
    BeforeSource: "a date on or after {earliest}, the date of {source}", "{date}";
    BeforeCounterpart: "a date on or after {earliest}, the date of the document that is made", "{date}";
    PaymentOutOfRange: "amounts that sum to an amount in range", "more";
    RateFrom1: "less than 1, because 0.19 is 19 %, or a book with allowTaxRateFrom1", "{rate}";
    NotBelowZero: "less than zero, because the line is negative", "{amount}";
    MemoBelowZero: "{kind:a} of zero or more", "{amount}";
    NotSumOfItems: "{sum}, the sum of the items", "{amount}";
    ItemsOutOfRange: "items that sum to an amount in range", "more";
    ItemsNotAboveZero: "items that sum to more than zero", "{sum}";
    NotPriced: "{price}, the quantity times the unit price", "{amount}";
    MoreThanLineOpen: "at most {most}, which the line of the {kind} has open", "{amount}";
    SumBeyondLine: "between zero and {open} of the line of the {kind}, all items together", "{sum}";
    BeyondLine: "between zero and {open}, which the line has open", "{amount}";
    MoreThanUnapplied: "at most {most} of the {unapplied} unapplied", "{amount}";
    MoreThanRefundable: "at most {most}, which is unapplied", "{amount}";
    MoreThanBalance: "at most {most}", "{amount}";
    ItemsBeyondBalance: "items that sum to between zero and {open}", "{sum}";
    MoreThanApplied: "at most {most}, which is applied", "{amount}";
    MoreThanAppliedBetween: "between zero and {applied}, which is applied between these lines", "{amount}";
    MoreThanAppliedOfLine: "no more of each line than is applied of it", "lines of both signs";
    TakenBackSince: "an operation of which nothing was taken back since", "one followed by {later}";
    NoLongerApplied: "{needed} between two lines, as it was applied", "{applied}";
    MoreThanSourceItems: "at most {most}, which source items have open, or a fallback", "{amount}";
    MoreThanAppliedBySource: "at most {most}, which is applied between source items, or a fallback", "{amount}";
    NoLinesPair: "open lines of which one was made from the other, or a fallback", "none";
    NothingToApply: "something unapplied, and a document with a balance", "only one of them, or neither";
    NothingApplied: "an amount that is applied", "none";
    NothingToRefund: "an amount that is unapplied", "none";
    NothingToCollect: "a balance, and something unapplied on its account", "only one of them, or neither";
    NothingOpen: "a document that has something open", "nothing";
    NothingToCredit: "a document of which something is available to credit", "nothing";
    NothingOfItemToCredit: "an item of which something is available to credit, or a stated amount", "nothing";
    NothingChanges: "a change that credits or charges something", "neither";

    // ---- Guards, plans, documents and books.

    TooManyLines: "fewer than 2³² lines", "more";
    TooManyDocuments: "fewer than 2³² documents", "more";
    TooManyCommands: "fewer than 2⁵³ commands", "more";

    RulePairsLines: "one of {allowed}, because the lines here meet no other lines", "\"{rule}\"";

    IdMalformed: "1 to 255 characters, none of them a control character", "{id}";
    NameMalformed: "at most 255 characters, none of them a control character", "{name}";
    CurrencyNotDefined: "a code of ISO 4217, or one that the book defines", "{currency}";
    ReasonCodeNotListed: "one of the book's reason codes: {listed}", "{reason_code}";
    DocumentIdTaken: "an identifier that no other document of the book has", "{id}";
    NumberTaken: "a number that no other {kind} of the book has", "{number}";
    LineIdTaken: "an identifier that no other item or tax item of the document has", "{id}";
    CurrencyDefinedTwice: "each currency once", "{currency} again";

    DateInClosedPeriod: "a date after {closed_through}, the end of the closed periods", "{date}";
    BeforePostedAgain: "a date on or after {posted}, when the {kind} was posted again", "{date}";
    LessOpenEarlier:
        "a date on or after {earliest}, because less than this is open on a day before it", "{date}";
    AboveLimit: "at most {most}, the book's limit `{limit}`", "{count}";

    LinesOutOfRange: "amounts whose absolute values sum to less than 2⁶³ minor units", "more";
    CreditsOutOfRange: "credits that sum to less than 2⁶³ minor units", "more";
    DiscountOfDiscount: "an item that is not a discount", "the discount {item}";
    DiscountAboveItem: "an amount between zero and {most}, which leaves nothing of its item", "{amount}";
    AmountNotAboveZero: "more than zero", "{amount}";

    MoreThanDocument: "at most {available}, which is available to credit of {kind} {document}", "{amount}";
    MoreThanLine: "at most {available}, which is available to credit of line {line}", "{amount}";
    MoreThanDiscountedItem:
        "at most {available}, which is available to credit of item {item} after its discounts", "{amount}";
    MoreThanTaxes: "at most {available}, which is available to credit of the taxes of item {item}", "{amount}";
    OthersExceedDocument:
        "at most {most} credited by the other memos of {kind} {document}", "{others} without this memo";
    OthersExceedLine: "at most {most} credited by the other memos of line {line}", "{others} without this memo";
    OthersExceedDiscountedItem:
        "at most {most} credited by the other memos of item {item} after its discounts",
        "{others} without this memo";
    OthersExceedTaxes:
        "at most {most} credited by the other memos of the taxes of item {item}", "{others} without this memo";

    SnapshotForeign: "the bytes of a snapshot", "other bytes";
    SnapshotTruncated: "the bytes of a snapshot", "too few bytes";
    SnapshotFormatUnknown: "a snapshot of format {readable}", "format {format}";
    SnapshotDamaged: "the bytes of a snapshot", "bytes that do not match their checksum";
    SnapshotInconsistent: "the bytes of a snapshot", "figures that no book can have";

    // ---- Money, calendar, splits, proration, bill runs, queries and the shape of requests.

    InternalFault: "a consistent book", "{what}";
    FreedBook: "a book in use", "a freed one";
    FreedSplitter: "a splitter in use", "a freed one";
    WrongType: "{expected}", "{actual}";
    NumberOfWrongType: "{expected}", "the number {number}";
    TextOfWrongType: "{expected}", "the text {text}";
    ObjectOfClass: "{expected}", "an object of class {class}, not a plain one";
    NoWholeNumber: "a whole number from {least} to {most}", "the number {number}";
    NoWholeFloat: "a whole number within ±2⁵³, not minus zero", "another number";
    RequestTooLarge: "a request that the memory has room for", "a larger one";
    TooManyPeriods: "at most {most} {most:period|periods}", "{periods}";
    MalformedBytes: "the bytes of one value", "other bytes";
    RepeatedField: "each field once", "{field} twice";
    UnknownField: "one of {known}", "{name}", "`{path}` is not a field here. Known here: {known}";
    MisspeltField:
        "one of {known}",
        "{name}",
        "`{path}` is not a field here. Did you mean `{meant}`?";
    UnknownFieldOfCommand:
        "one of {known}",
        "{name}",
        "`{path}` is not a field of {command}. Its fields: {known}";
    MisspeltFieldOfCommand:
        "one of {known}",
        "{name}",
        "`{path}` is not a field of {command}. Did you mean `{meant}`?";
    OverlongField: "one of {known}", "{name}";
    UnknownRowField: "one of {known}", "{name}";
    MisspeltRowField:
        "one of {known}",
        "{name}",
        "`{path}`: {name} is not a field of these rows. Did you mean `{meant}`?";
    TwoFieldsForOne: "`{other}` or `{field}`, not both", "both";
    EndBesideEvery: "one end, because `every` gives the other", "both ends";
    SecondOrigin: "one document that this is made from", "another in `{field}`";
    FallbackUnread: "the rule sourceItem beside it", "another rule";
    AutoUnapplyBesideDocuments:
        "no documents beside it, because they say what is unapplied",
        "both";
    NothingSpreadOverLines: "an amount beside it, and no items, because nothing is spread over lines", "none";
    AutoApplyWithoutOrigin: "the document that this is made from beside it", "none";
    TypeOfDiscount: "no appliedToItemId beside it, because a discount has no other type", "both";
    MatrixWithoutProration: "proration as the rule or the fallback", "another rule";
    SpreadWithoutDocuments: "documents beside it, because nothing is settled", "none";
    SpreadBesideItems: "no items beside it, because nothing is spread over the others", "items";
    AsOfUnread: "nothing, because these rows are not kept by day", "a day";
    CountUnread: "one cell, of days that are counted as they are", "other terms";
    GridDayUnread: "terms that count months", "other terms";
    WholeCellUnread: "a grid of months that do not have their actual days", "other terms";
    WholeUnitsUnread: "another unit than days, which are whole", "days";
    FactorRoundingUnread: "factorScale, which says to how many decimals", "none";
    DiscountUnread: "creditBase list, because a share of what was billed has no discount of its own", "another base";
    MonthsUnread:
        "terms that read it: a grid of months, days of a month, or whole months",
        "other terms";
    AmountsWithoutPrice: "`price` beside `{field}`, because only a price has amounts", "no price";
    BillWithoutPlan: "a plan that runs before the first change", "`{field}` without one";
    UntilWithoutMoment: "`at`, from which to `until` the plan pauses", "`until` alone";
    BillingDayOfDays: "a period of months", "a period of days";
    WeekdayOfMonths: "a period of days", "a period of months";
    NothingFollows: "fromDays or fromShare, which something can follow", "wholeMonths";
    FieldMissing: "the field `{field}`", "none", "`{path}` is missing";
    OneFieldMissing: "one of {fields}", "none";
    NoKinds: "a kind of documents, or no list", "an empty list";
    NothingToCompare: "a value to compare with", "none";
    MonthsMissing:
        "for how many months the price is, because the period is not a whole number of months",
        "none";
    PeriodMissing: "the period of the service", "none";
    MomentWithoutPeriod: "a period, or what is unused of it", "only the moment {at}";
    EndMissing: "`end` or `until`", "neither";
    ColumnLength: "{expected} {expected:entry|entries}, as many as `prices` has", "{count}";
    NoChoice: "one of {choices:few}", "{word}";
    MisspeltChoice:
        "one of {choices:few}",
        "{word}",
        "`{path}`: {word} is not a choice here. Did you mean `{meant}`?";
    NestedBulk: "any command except bulk", "bulk";
    NoDate: "a calendar day as YYYY-MM-DD", "{text}";
    NoMoment:
        "a day as YYYY-MM-DD, or an instant as YYYY-MM-DDThh:mm:ssZ or with an offset such as +02:00",
        "{text}";
    NoDecimal:
        "digits, with one minus sign and one point at most, no leading zeros, no minus zero",
        "{text}";
    TooManyDigits: "at most {most} digits", "{text}";
    NoFraction: "a decimal, or two with a slash between them, such as \"15/31\"", "{text}";
    NoCurrencyCode: "3 to 8 capital letters or digits", "{code}";
    ScaleMissing: "0 to {most} decimals", "no scale for {code}, which ISO 4217 does not list";
    ScaleTooLarge: "0 to {most} decimals", "{scale}";
    InvoiceRoundingAlone: "an invoiceIncrement, to which it rounds", "{rounding}";
    CurrencyIncrementNotPositive: "more than zero", "{increment}";
    PeriodReversed:
        "an end that is not before the start, {from}",
        "{to}",
        "`{path}`: the end ({to}) is before the start ({from})";
    ServiceDegenerate: "a service that has a length and does not exceed its period", "another";
    OutsidePeriod: "a moment from {from} to {to}", "{moment}";
    ChangeTooEarly: "a moment that is not before {last}", "{at}";
    ChangeTooLate: "a moment that is not after {end}, the end of the period", "{at}";
    UnusedGrows: "at most {last}, what was unused before", "{unused}";
    ChangeDuringPause:
        "a moment that is not before {until}, because the plan pauses until then",
        "{at}";
    PauseReversed:
        "a moment that is not before {at}, the start of the pause",
        "{until}",
        "`{path}` ({until}) is before the start of the pause ({at})";
    EndsBeforeStart:
        "a day that is not before the start, {start}",
        "{date}",
        "`{path}` ({date}) is before `start` ({start})";
    PeriodWithoutLength: "one or more", "0";
    FactorAndRoundedRate: "days, because the terms round a daily rate", "a factor";
    UnusedAndRoundedRate: "a moment, because the terms round a daily rate", "{unused}";
    RoundedRateInColumns: "none in columns", "a rounded rate";
    NoCellDays: "one day or more", "0";
    CellDaysOfMonths: "actual, fixed or strict30 with a grid of months", "another";
    UnitWithMonths: "day, where months decide", "{unit}";
    CountOfUnits: "between, where time is not counted in days", "{count}";
    RoundedRateOfMonths: "none with a grid of months", "a rounded rate";
    RateAndFactorRounded: "none where the factor is rounded", "both";
    LeadingMonths: "a rule for the part before the first boundary", "months";
    TimeWithMonths: "another than time with a grid of months", "time";
    NotIsoCurrency: "a code of ISO 4217", "{code}";
    ChargeIdTaken: "an identifier that no other charge has", "{id}";
    DiscountOnNothing: "another charge", "{id}";
    RepeatedRowField: "each field once", "{field} again";
    ChangeAfterTime:
        "no change after one that is paid with time, because that moves the end of the period",
        "one more";
    NothingPauses: "a plan that pauses", "none";
    PlanRuns: "no plan that runs", "one that runs";
    NoPlanRuns: "a plan that runs", "none";
    ChangeInOtherCurrency: "{stated}", "{currency}";
    MoreDecimals: "at most {most} {most:decimal|decimals} for {currency}", "{amount}";
    AmountTooLarge: "at most {most}", "{amount}";
    BeyondFloats: "numbers within ±2⁵³, or columns of bigints", "more";
    ZeroDenominator: "a denominator that is not zero", "{text}";
    TooManyIncrements: "an amount of less than 2⁶³ increments", "more";
    IncrementNotPositive: "more than zero", "{increment}";
    PeriodDaysNotPositive: "more than zero", "{days}";
    BeyondFractions: "time and prices that 128 bits hold exactly", "more";
    TaxRateTooHigh: "less than 1, because 0.19 is 19 %, or allowTaxRateFrom1", "{rate}";
    QuantityNegative: "zero or more", "{quantity}";
    UnusedOutOfRange: "a share from 0 to 1", "{unused}";
    BillRunOutOfRange: "amounts in range", "more";
    DayOutOfRange: "a day whose applications can be summed", "{day}";
    PeriodOutsideCalendar: "a period from the year 1 to 9999", "another";
    OffIncrement: "a multiple of {increment} {currency}", "{amount}";
    DiscountOnDiscount: "a charge that is no discount", "a discount";
    DiscountBeyondPlan:
        "at most what the plan costs, and of its sign: a share from 0 to 1, or an amount up to that",
        "{discount}";
    BelowZeroUnlikePrice: "zero or more, as the price", "{amount}";
    AboveZeroUnlikePrice: "zero or less, as the price", "{amount}";
    NoCursor: "a cursor of a page", "{text}";
    CursorOfOtherQuery: "a cursor of this very query: of, where, sort and asOf", "{text}";
    CursorOfLaterVersion: "a cursor of this book, which is at version {version}", "{text}";
}

/// The English of a word of a closed set.
fn word(word: &'static str) -> &'static str {
    match word {
        "creditMemo" => "credit memo",
        "debitMemo" => "debit memo",

        // What a value is, or should be.
        "object" => "an object",
        "text" => "a text",
        "decimalText" => "a decimal number as text, such as \"12.30\"",
        "dateText" => "a calendar day as text, such as \"2026-03-31\"",
        "boolean" => "true or false",
        "wholeNumber" => "a whole number",
        "list" => "a list",
        "scalar" => "a text, a number of at most 28 decimals, true, false or null",
        "function" => "a function",
        "symbol" => "a symbol",
        "bigint" => "a bigint",

        other => other,
    }
}

/// How many entries of a long list are shown.
const FEW: usize = 12;

/// Writes a figure as English shows it, in the way that a sentence asks for.
fn show(figure: &Figure<'_>, way: &str) -> String {
    match figure {
        Figure::Count(count) => match way.split_once('|') {
            Some((one, many)) => if *count == 1 { one } else { many }.to_owned(),
            None => count.to_string(),
        },
        Figure::Whole(number) => number.to_string(),
        Figure::Word(name) if way == "a" => with_article(word(name)),
        Figure::Word(name) => word(name).to_owned(),
        Figure::Words(names) => {
            let words: Vec<_> = names.iter().map(|name| word(name)).collect();
            words.join(", ")
        }
        Figure::Name(name) => (*name).to_owned(),
        Figure::Names(names) if way == "few" && names.len() > FEW => {
            let first = names.get(..FEW).unwrap_or_default().join(", ");
            format!("{first} and {} more", names.len().saturating_sub(FEW))
        }
        Figure::Names(names) => names.join(", "),
        Figure::Texts(texts) => texts.join(", "),
        Figure::Quoted(text) => quoted(text),
        Figure::Money(_) | Figure::Day(_) | Figure::Text(_) => plain(figure),
    }
}

/// An amount, a day or a text as it is in every language.
pub(super) fn plain(figure: &Figure<'_>) -> String {
    match figure {
        Figure::Money(money) => {
            crate::money::text::write(i128::from(money.minor), money.scale.into())
        }
        Figure::Day(day) => {
            Date::from_number(day.0).map_or_else(String::new, |date| date.to_string())
        }
        Figure::Text(text) => (*text).to_owned(),
        _ => String::new(),
    }
}

/// A noun with its article: "an invoice", "a refund".
fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// A sentence with its figures.
fn filled(error: &Error, reason: &Reason, sentence: &str) -> String {
    let mut text = String::new();
    let mut rest = sentence;
    while let Some((before, (gap, after))) = rest
        .split_once('{')
        .and_then(|(before, gap)| Some((before, gap.split_once('}')?)))
    {
        text.push_str(before);
        let (name, way) = gap.split_once(':').unwrap_or((gap, ""));
        if name == "path" {
            text.push_str(&error.path());
        }
        reason.figures(&mut |figure_name, figure| {
            if figure_name == name {
                text.push_str(&show(&figure, way));
            }
        });
        rest = after;
    }
    text.push_str(rest);
    text
}

/// A site as the path of a request.
fn spelled(site: &[SiteStep]) -> String {
    let mut path = String::new();
    for step in site {
        match step {
            SiteStep::Field(field) => push_field(&mut path, field.as_str()),
            SiteStep::Written(name) => push_field(&mut path, name),
            SiteStep::Entry(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

fn push_field(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

impl fmt::Display for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelled(&self.steps()))
    }
}

impl Error {
    /// The field as a path of the request, such as `invoices[1].amount`; empty for the request as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        spelled(self.site())
    }

    /// What would have been right.
    #[must_use]
    pub fn needed(&self) -> String {
        self.reason().map_or_else(
            || self.said()[0].to_owned(),
            |reason| filled(self, reason, sentences(reason).needed),
        )
    }

    /// What was there instead.
    #[must_use]
    pub fn found(&self) -> String {
        self.reason().map_or_else(
            || self.said()[1].to_owned(),
            |reason| filled(self, reason, sentences(reason).found),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(reason) = self.reason() {
            let message = sentences(reason).message;
            if !message.is_empty() {
                return f.write_str(&filled(self, reason, message));
            }
        }

        let path = self.path();
        if !path.is_empty() {
            write!(f, "`{path}`: ")?;
        }
        write!(
            f,
            "{}; needed {}, found {}",
            problem(self.code()),
            self.needed(),
            self.found()
        )
    }
}
