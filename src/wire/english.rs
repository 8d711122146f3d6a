//! The English of refusals: one table of sentences over their figures, and the spelling of their sites.
//!
//! Nothing in the engine below this file holds a sentence or a path. JavaScript words the same fields in other
//! languages.

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

macro_rules! english {
    ($($reason:ident: $needed:literal, $found:literal;)*) => {
        /// What a reason needed and what was found, with the names of figures in braces.
        const fn sentences(reason: &Reason) -> [&'static str; 2] {
            match reason { $(Reason::$reason { .. } => [$needed, $found],)* }
        }
    };
}

english! {
    // ---- Operations.

    MoreThanUnapplied: "at most {most} of the {unapplied} unapplied", "{amount}";
    MoreThanBalance: "at most {most}", "{amount}";

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
}

/// The English of a word of a closed set.
fn word(word: &'static str) -> &'static str {
    match word {
        "creditMemo" => "credit memo",
        "debitMemo" => "debit memo",
        other => other,
    }
}

/// Writes a figure as English shows it.
fn show(figure: &Figure<'_>) -> String {
    match figure {
        Figure::Money(money) => {
            crate::money::text::write(i128::from(money.minor), money.scale.into())
        }
        Figure::Day(day) => {
            Date::from_number(day.0).map_or_else(String::new, |date| date.to_string())
        }
        Figure::Count(count) => count.to_string(),
        Figure::Word(name) => word(name).to_owned(),
        Figure::Words(names) => names
            .iter()
            .map(|name| word(name))
            .collect::<Vec<_>>()
            .join(", "),
        Figure::Quoted(text) => quoted(text),
        Figure::Text(text) => (*text).to_owned(),
        Figure::Texts(texts) => texts.join(", "),
    }
}

/// A sentence with its figures.
fn filled(reason: &Reason, sentence: &str) -> String {
    let mut text = sentence.to_owned();
    reason.figures(&mut |name, figure| {
        let gap = format!("{{{name}}}");
        if text.contains(&gap) {
            text = text.replace(&gap, &show(&figure));
        }
    });
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
            |reason| filled(reason, sentences(reason)[0]),
        )
    }

    /// What was there instead.
    #[must_use]
    pub fn found(&self) -> String {
        self.reason().map_or_else(
            || self.said()[1].to_owned(),
            |reason| filled(reason, sentences(reason)[1]),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
