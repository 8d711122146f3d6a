//! What a refusal says: a stable code, the path to the field, what was needed and what was found.

use std::fmt;

/// The result of everything that can be refused.
pub type Result<T> = std::result::Result<T, Error>;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $problem:literal;)*) => {
        /// Why something was refused. The order is the order of precedence: if several apply, the first is returned.
        /// (The shape of a request is read field by field, and so are its amounts: there the first field decides.)
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// All codes in order of precedence.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as it crosses the boundary.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// The problem in a few words for people.
            #[must_use]
            pub const fn problem(self) -> &'static str {
                match self { $(Code::$name => $problem,)* }
            }
        }
    };
}

codes! {
    /// Thrown by the JavaScript package: `init()` has not finished.
    NotInitialized = "notInitialized", "the engine is not ready";
    /// Thrown by the JavaScript package: the module stopped at an internal fault; books of before are lost.
    EngineFault = "engineFault", "the engine stopped at an internal fault";
    /// The book was freed.
    BookFreed = "bookFreed", "the book has been freed";
    /// The splitter was freed.
    SplitterFreed = "splitterFreed", "the splitter has been freed";
    /// Thrown by the JavaScript package: the splitter has split something else since.
    ResultReplaced = "resultReplaced", "the result has been replaced by a later split";
    /// Thrown by the JavaScript package: reading the value threw.
    UnreadableValue = "unreadableValue", "the value cannot be read";
    /// A value of another type was needed.
    InvalidType = "invalidType", "the value has the wrong type";
    /// Not a whole number that JavaScript holds exactly.
    InvalidNumber = "invalidNumber", "the number is not a whole number in range";
    /// Not well-formed Unicode.
    InvalidText = "invalidText", "the text is not well-formed Unicode";
    /// Nested deeper than any command is.
    TooDeep = "tooDeep", "the value is nested too deeply";
    /// Larger than one request can be.
    TooLarge = "tooLarge", "the request is too large";
    /// The bytes of a request are not what the package writes.
    MalformedRequest = "malformedRequest", "the request is malformed";
    /// A field that does not exist here.
    UnknownField = "unknownField", "the field is unknown";
    /// A field that must be there.
    MissingField = "missingField", "a field is missing";
    /// Lists that must be equally long are not.
    LengthMismatch = "lengthMismatch", "the lists differ in length";
    /// Not one of a closed set of values.
    InvalidChoice = "invalidChoice", "the value is not one of those allowed";
    /// Not an identifier.
    InvalidId = "invalidId", "the identifier is not valid";
    /// Not a calendar day.
    InvalidDate = "invalidDate", "the date is not a calendar day";
    /// Not a decimal number.
    InvalidDecimal = "invalidDecimal", "the text is not a decimal number";
    /// A definition of a currency that cannot be.
    InvalidCurrency = "invalidCurrency", "the currency's definition is not valid";
    /// A period that ends before it begins, has no length where it needs one, or does not hold what it must.
    InvalidPeriod = "invalidPeriod", "the period is not valid";
    /// Terms of proration that contradict each other or the request.
    InvalidTerms = "invalidTerms", "the terms do not fit together";
    /// A currency that neither ISO 4217 nor the book lists.
    UnknownCurrency = "unknownCurrency", "the currency is unknown";
    /// A reason code that the book does not list.
    UnknownReasonCode = "unknownReasonCode", "the reason code is unknown";
    /// An identifier that is taken.
    DuplicateId = "duplicateId", "the identifier is already taken";
    /// No such document.
    DocumentNotFound = "documentNotFound", "there is no such document";
    /// No such application group.
    GroupNotFound = "groupNotFound", "there is no such application group";
    /// No such item or tax item.
    ItemNotFound = "itemNotFound", "there is no such item";
    /// The same thing named twice in one request.
    DuplicateEntry = "duplicateEntry", "the same entry is named twice";
    /// The document's status does not allow it.
    InvalidStatus = "invalidStatus", "the document's status does not allow this";
    /// Something is settled of the document that must not be.
    AlreadySettled = "alreadySettled", "something of the document is settled or depends on it";
    /// The documents belong to different accounts.
    AccountMismatch = "accountMismatch", "the documents belong to different accounts";
    /// The documents are in different currencies.
    CurrencyMismatch = "currencyMismatch", "the documents are in different currencies";
    /// A charge against a tax.
    KindMismatch = "kindMismatch", "charges settle charges and taxes settle taxes";
    /// A kind of item that cannot be used here.
    InvalidItem = "invalidItem", "the item cannot be used here";
    /// A day in a closed accounting period.
    PeriodClosed = "periodClosed", "the accounting period is closed";
    /// Earlier than something that it must follow.
    DateTooEarly = "dateTooEarly", "the date is too early";
    /// Larger than a limit of the book.
    LimitExceeded = "limitExceeded", "a limit of the book is exceeded";
    /// More decimals than the currency has.
    TooManyDecimals = "tooManyDecimals", "the amount has more decimals than its currency";
    /// Beyond what the engine counts exactly.
    OutOfRange = "outOfRange", "the value is out of range";
    /// Not a whole number of the currency's rounding increment.
    OffIncrement = "offIncrement", "the amount is not a whole number of the currency's rounding increment";
    /// A discount that reduces nothing, another discount, or more than there is.
    InvalidDiscount = "invalidDiscount", "the discount does not fit its item";
    /// Below zero, or zero where more than zero is needed.
    AmountNotPositive = "amountNotPositive", "the amount is not positive";
    /// The lines do not add up to the amount.
    SumMismatch = "sumMismatch", "the items do not add up to the amount";
    /// Something to split, and nobody to get it.
    AllWeightsZero = "allWeightsZero", "all weights are zero";
    /// More than all caps of a split together.
    ExceedsCaps = "exceedsCaps", "the amount is more than the caps allow";
    /// More than the item or tax item has open.
    ExceedsItem = "exceedsItem", "the amount is more than the item has open";
    /// More than the credit memo or payment has unapplied.
    ExceedsUnapplied = "exceedsUnapplied", "the amount is more than is unapplied";
    /// More than the document's balance.
    ExceedsBalance = "exceedsBalance", "the amount is more than the balance";
    /// More than is applied.
    ExceedsApplied = "exceedsApplied", "the amount is more than is applied";
    /// More than is available to credit.
    ExceedsAvailableToCredit = "exceedsAvailableToCredit", "the amount is more than is available to credit";
    /// An amount that source items cannot take.
    NoSourceItem = "noSourceItem", "the amount is more than source items can take";
    /// There is nothing to apply or unapply.
    NothingToSettle = "nothingToSettle", "there is nothing to settle";
    /// The cursor is of another query or book, or none at all.
    InvalidCursor = "invalidCursor", "the cursor does not belong here";
    /// The bytes are not a snapshot, or a damaged one.
    InvalidSnapshot = "invalidSnapshot", "the snapshot cannot be read";
    /// The book no longer gives the figures of the plan.
    PlanMoved = "planMoved", "the book has moved since the plan was made";
}

/// A refusal. Nothing has changed when one is returned.
///
/// One pointer wide: results are moved far more often than they are errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Facts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Facts {
    code: Code,
    path: String,
    needed: String,
    found: String,
}

impl Error {
    /// A refusal at `path`.
    #[must_use]
    pub fn new(
        code: Code,
        path: &Path<'_>,
        needed: impl AsRef<str>,
        found: impl AsRef<str>,
    ) -> Self {
        Self::build(code, path, needed.as_ref(), found.as_ref())
    }

    #[cold]
    #[inline(never)]
    fn build(code: Code, path: &Path<'_>, needed: &str, found: &str) -> Self {
        let (path, needed, found) = (path.to_string(), needed.to_owned(), found.to_owned());
        Self(Box::new(Facts {
            code,
            path,
            needed,
            found,
        }))
    }

    /// A refusal without a field.
    #[must_use]
    pub fn general(code: Code, needed: impl AsRef<str>, found: impl AsRef<str>) -> Self {
        Self::new(code, &Path::Root, needed, found)
    }

    /// Something that cannot happen did: reported, never a panic.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn fault(what: &str) -> Self {
        Self::general(Code::EngineFault, "a consistent book", what)
    }

    /// The same refusal, at the field `path` instead of the request as a whole.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn at(mut self, path: &Path<'_>) -> Self {
        self.0.path = path.to_string();
        self
    }

    /// The same refusal, of an entry at `prefix` of a larger request.
    #[must_use]
    pub fn within(mut self, prefix: &Path<'_>) -> Self {
        let separator = if self.0.path.is_empty() { "" } else { "." };
        self.0.path = format!("{prefix}{separator}{}", self.0.path);
        self
    }

    /// The same refusal, of a request that was made of another one: at the place there that `place` finds for this one.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub(crate) fn found_at(mut self, place: &dyn Fn(&str) -> Option<String>) -> Self {
        if let Some(path) = place(&self.0.path) {
            self.0.path = path;
        }
        self
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.code
    }

    /// The field, such as `invoices[1].amount`; empty for the request as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What would have been right.
    #[must_use]
    pub fn needed(&self) -> &str {
        &self.0.needed
    }

    /// What was there instead.
    #[must_use]
    pub fn found(&self) -> &str {
        &self.0.found
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts {
            code,
            path,
            needed,
            found,
        } = &*self.0;
        if !path.is_empty() {
            write!(f, "`{path}`: ")?;
        }
        write!(f, "{}; needed {needed}, found {found}", code.problem())
    }
}

impl std::error::Error for Error {}

/// The way to a field, kept on the stack and written out only when something is refused.
///
/// ```
/// use setoff::error::Path;
/// let invoices = Path::Root.field("invoices");
/// let second = invoices.index(1);
/// assert_eq!(second.field("amount").to_string(), "invoices[1].amount");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Path<'p> {
    /// The request itself.
    Root,
    /// A field of an object.
    Field(&'p Path<'p>, &'p str),
    /// An entry of a list, counted from 0.
    Index(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    /// The field `name` of this object.
    #[must_use]
    pub const fn field(&'p self, name: &'p str) -> Path<'p> {
        Path::Field(self, name)
    }

    /// The entry `index` of this list.
    #[must_use]
    pub const fn index(&'p self, index: usize) -> Path<'p> {
        Path::Index(self, index)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(Path::Root, name) => f.write_str(name),
            Path::Field(parent, name) => write!(f, "{parent}.{name}"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// A text for people, shortened when it is long.
#[must_use]
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!(
            "\"{}…\" ({} characters)",
            text.get(..end).unwrap_or_default(),
            text.chars().count()
        ),
        None => format!("\"{text}\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_shortened() {
        assert_eq!(quoted("abc"), "\"abc\"");
        assert_eq!(
            quoted(&"é".repeat(41)),
            format!("\"{}…\" (41 characters)", "é".repeat(40))
        );
    }

    #[test]
    fn a_message_is_for_people() {
        let error = Error::new(
            Code::ExceedsBalance,
            &Path::Root.field("amount"),
            "at most 40.00",
            "50.00",
        );
        let message =
            "`amount`: the amount is more than the balance; needed at most 40.00, found 50.00";
        assert_eq!(error.to_string(), message);
    }
}
