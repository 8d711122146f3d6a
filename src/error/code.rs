//! The codes of refusals, in order of precedence.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why something was refused. The order is the order of precedence: if several things are wrong with a
        /// command, the first of them in this table is returned, no matter what else is wrong.
        ///
        /// - The shape of a request is read first, field by field, and amounts are read one by one. The first fault
        ///   decides. The codes from [`Code::TooManyDecimals`] to [`Code::OffIncrement`] have one place in the table.
        /// - Two entries of a list can have the same fault. The refusal then names the entry that the command settles
        ///   first, or that has the first identifier, however the list is sorted. Only the items of a new document and
        ///   the changes of a draft are taken in their order.
        /// - A command with several steps checks each of them. It cannot check anything that depends on a refused step,
        ///   such as the amount that is left after it, or on a document that does not exist.
        /// - The commands of a bulk are carried out one after another, once their number is allowed. So in a bulk that
        ///   is all or none, the first refused command decides.
        ///
        /// Functions without a book refuse the first thing that they meet.
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
        }
    };
}

codes! {
    /// Thrown by the JavaScript package: `init()` has not finished.
    NotInitialized = "notInitialized";
    /// Thrown by the JavaScript package: the module stopped at an internal fault, and all books are lost.
    EngineFault = "engineFault";
    /// The book was freed.
    BookFreed = "bookFreed";
    /// The splitter was freed.
    SplitterFreed = "splitterFreed";
    /// Thrown by the JavaScript package: the splitter has made another split since then.
    ResultReplaced = "resultReplaced";
    /// Thrown by the JavaScript package: reading the value threw.
    UnreadableValue = "unreadableValue";
    /// A value of the wrong type.
    InvalidType = "invalidType";
    /// Not a whole number, or outside the range of the field.
    InvalidNumber = "invalidNumber";
    /// Not well-formed Unicode.
    InvalidText = "invalidText";
    /// Nested deeper than any command can be.
    TooDeep = "tooDeep";
    /// Larger than a request can be.
    TooLarge = "tooLarge";
    /// The bytes of a request are not what the package writes.
    MalformedRequest = "malformedRequest";
    /// A field that does not exist here.
    UnknownField = "unknownField";
    /// A required field is missing.
    MissingField = "missingField";
    /// Lists that must have the same length have different ones.
    LengthMismatch = "lengthMismatch";
    /// Not one of a closed set of values.
    InvalidChoice = "invalidChoice";
    /// Not an identifier.
    InvalidId = "invalidId";
    /// Not a calendar day.
    InvalidDate = "invalidDate";
    /// Not a decimal number.
    InvalidDecimal = "invalidDecimal";
    /// An impossible definition of a currency.
    InvalidCurrency = "invalidCurrency";
    /// A period that ends before it begins, has no length where it needs one, or does not hold what it must.
    InvalidPeriod = "invalidPeriod";
    /// Terms of proration that contradict each other or the request.
    InvalidTerms = "invalidTerms";
    /// The identifier of another command of the log.
    CommandIdReused = "commandIdReused";
    /// The book has another version than the caller expects.
    VersionMismatch = "versionMismatch";
    /// A currency that neither ISO 4217 nor the book lists.
    UnknownCurrency = "unknownCurrency";
    /// A reason code that the book does not list.
    UnknownReasonCode = "unknownReasonCode";
    /// An identifier that is taken.
    DuplicateId = "duplicateId";
    /// The book keeps no log, or this object does not have the entries that are asked for.
    EntryNotFound = "entryNotFound";
    /// No such document.
    DocumentNotFound = "documentNotFound";
    /// No such application group.
    GroupNotFound = "groupNotFound";
    /// No such item or tax item.
    ItemNotFound = "itemNotFound";
    /// The same thing named twice in one request.
    DuplicateEntry = "duplicateEntry";
    /// The document's status does not allow it.
    InvalidStatus = "invalidStatus";
    /// Something of the document is settled, and nothing may be.
    AlreadySettled = "alreadySettled";
    /// The documents belong to different accounts.
    AccountMismatch = "accountMismatch";
    /// The documents are in different currencies.
    CurrencyMismatch = "currencyMismatch";
    /// An item that would settle a tax item, or the reverse.
    KindMismatch = "kindMismatch";
    /// A kind of item that cannot be used here.
    InvalidItem = "invalidItem";
    /// A day in a closed accounting period.
    PeriodClosed = "periodClosed";
    /// A day before another day that it must follow.
    DateTooEarly = "dateTooEarly";
    /// Larger than a limit of the book.
    LimitExceeded = "limitExceeded";
    /// More decimals than the currency has.
    TooManyDecimals = "tooManyDecimals";
    /// Beyond what the engine counts exactly.
    OutOfRange = "outOfRange";
    /// Not a whole number of the currency's rounding increment.
    OffIncrement = "offIncrement";
    /// A discount that reduces nothing, another discount, or more than there is.
    InvalidDiscount = "invalidDiscount";
    /// Below zero, or zero where more than zero is needed.
    AmountNotPositive = "amountNotPositive";
    /// The lines do not add up to the amount.
    SumMismatch = "sumMismatch";
    /// An amount to split over weights that are all zero.
    AllWeightsZero = "allWeightsZero";
    /// More than the sum of the caps of a split.
    ExceedsCaps = "exceedsCaps";
    /// More than the item or tax item has open.
    ExceedsItem = "exceedsItem";
    /// More than the credit memo or payment has unapplied.
    ExceedsUnapplied = "exceedsUnapplied";
    /// More than the document's balance.
    ExceedsBalance = "exceedsBalance";
    /// More than is applied.
    ExceedsApplied = "exceedsApplied";
    /// More than is available to credit.
    ExceedsAvailableToCredit = "exceedsAvailableToCredit";
    /// More than the source items have open.
    NoSourceItem = "noSourceItem";
    /// There is nothing to apply or unapply.
    NothingToSettle = "nothingToSettle";
    /// The cursor belongs to another query or book, or is not a cursor.
    InvalidCursor = "invalidCursor";
    /// The bytes are not a snapshot, or a damaged one.
    InvalidSnapshot = "invalidSnapshot";
    /// The lines are not an export, or a damaged one.
    InvalidExport = "invalidExport";
    /// An entry of a log does not follow from the entries before it, or has another effect when carried out again.
    EntryMismatch = "entryMismatch";
    /// The book no longer gives the figures of the plan.
    PlanMoved = "planMoved";
}
