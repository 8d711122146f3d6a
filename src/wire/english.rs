//! The English of refusals: one table of sentences over their figures, and the spelling of their sites.
//!
//! Nothing in the engine below this file holds a sentence or a path. JavaScript words the same fields in other
//! languages: whoever adds a reason here words it in `src/js/locale/` too, or a test names the one that is missing.

use crate::calendar::Date;
use crate::error::{Error, Figure, Reason, Site, SiteStep, quoted};
use std::fmt;

macro_rules! english {
    ($($reason:ident: $sentence:literal;)*) => {
        /// The sentence of every reason, by its name, with the names of figures in braces.
        ///
        /// `{most}` stands for a figure, `{most:period|periods}` for the word that goes with a count, `{choices:few}`
        /// for the first of a long list, `{path}` for the way to the field.
        pub const TABLE: &[(&str, &str)] = &[$((stringify!($reason), $sentence),)*];

        const fn sentence_of(reason: &Reason) -> &'static str {
            match reason { $(Reason::$reason { .. } => $sentence,)* }
        }
    };
}

english! {
    // ---- Operations.

    WrongStatus: "The status of this {kind} is {status}. It has to be {needed} for this.";
    Reversed: "This {kind} was reversed, so this is no longer possible.";
    Canceled: "This {kind} was canceled, so this is no longer possible.";
    SettledWithReversed: "This {kind} is settled with a reversed document. That settlement has to stay.";
    NotRevenue: "This {kind} was made by a write-off and does not count as revenue, so it cannot be written off.";
    UndoOfRefund: "This operation made refund {refund}, so it cannot be undone. Cancel the refund instead.";
    UndoOfWriteOff:
        "This operation wrote something off, so it cannot be undone. Void {kind} {document} instead.";
    UndoOfUnapplyInPart: "This operation took something back, so it is undone as a whole, without items.";
    Settled: "{settled} of this {kind} is already settled.";
    SettledWithoutRest:
        "{settled} of this credit memo is settled. To write off what is left of it, add `rest: true`.";
    SettledToZero: "Lines of this {kind} are already settled, by amounts that cancel each other out.";
    HasHistory: "This {kind} was settled before. Its dates and lines have to stay, because its history builds on them.";
    SettledElsewhere:
        "{settled} of this {kind} was settled before it came into the book, and that cannot be taken back here.";
    Refunded: "{refunded} of this {kind} was already refunded.";
    MadeFrom: "Cancel or delete {made_kind} {made} first, because it was made from this {kind}.";
    AutoApplyOfStandalone: "This credit memo was not made from another document, so there is nothing to apply it to.";
    RuleNeedsItems: "The rule {rule} needs stated items, and none can be stated here.";
    SettledByOther: "This {kind} can have been settled by one of these before: {allowed}. It says \"{by}\".";
    NoTargets: "At least one invoice or debit memo has to be named.";
    NoSources: "At least one credit memo or payment has to be named.";
    NoTargetsWithItems: "The rule `explicit` needs the documents with their items, and none are named.";
    NoItems: "At least one item is required.";
    NoAmountToPay: "Either the amount or the documents to pay have to be stated.";
    NoIdentifier: "An identifier is required for the {kind} that this command makes.";
    NoSourceOfItem: "The tax item names a source, so its item has to name a source item, too.";
    NoSourceDocument: "The item names a source item, so its document has to be named: here or for the whole command.";
    NoItemAmount: "An amount is required, because the item has neither a source item nor a price.";
    NoTaxAmount: "An amount is required, because the tax item has no rate.";
    NoSuchDocument: "The book has no {kind} {id}.";
    NoSuchSource: "The book has no credit memo or payment {id}.";
    NoDocument: "The book has no document {id}.";
    NumberOfSeveral: "Documents of several kinds have the number {number}, so the identifier is required here.";
    NoSuchGroup: "The book has no application group {group}.";
    NoSuchApplication: "Application group {group} moved nothing of the document {document}.";
    NoSuchLine: "The {kind} {document} has no line {line}.";
    NotOfOperation: "Application group {group} moved nothing of the line {line}.";
    NoSuchItem: "The document {document} has no item {item}.";
    NoSuchTaxItem: "The source item has no tax item {tax_item}.";
    NoItemOfSame: "This document has no item {item}.";
    NoLineOfDraft: "The draft has no line {line}.";
    DocumentTwice: "The document {id} is named twice.";
    LinesTwice: "The pair of the lines {source} and {target} is named twice.";
    LineTwice: "The line {line} is named twice.";
    OtherAccount: "The document belongs to account {account}, but the others belong to account {needed}.";
    OtherCurrency: "The document is in {currency}, but the others are in {needed}.";
    ItemForTaxItem: "This is an item, but a tax item is needed: taxes settle taxes, and items settle items.";
    TaxItemForItem: "This is a tax item, but an item is needed: taxes settle taxes, and items settle items.";
    TaxOnRounding: "A rounding item has no taxes.";
    RoundingIsAdded: "The rounding item of this document is added automatically and cannot be stated.";
    RoundingAsSource: "A rounding item cannot be the source of another item.";
    BeforeLastChange: "The date must be on or after {earliest}, the date of this document's last change. It is {date}.";
    BeforeLastSettled:
        "The date must be on or after {earliest}, the date of the last application or refund. It is {date}.";
    BeforeUndone: "The date must be on or after {earliest}, the date of the operation to be undone. It is {date}.";
    BeforeDocument: "The date must be on or after {earliest}, the date of the {kind}. It is {date}.";
    BeforeSource: "The date must be on or after {earliest}, the date of {source}. It is {date}.";
    BeforeCounterpart:
        "The date must be on or after {earliest}, the date of the document that is made. It is {date}.";
    PaymentOutOfRange: "The amounts to pay sum to more than an amount can be.";
    RateFrom1:
        "A tax rate of {rate} would be 100 % or more. Write {rate} % as {meant}, or set the option \
         `allowTaxRateFrom1` of the book.";
    NotBelowZero: "The amount ({amount}) must be below zero, because the line is negative.";
    MemoBelowZero: "This {kind} is {amount}, and it must not be below zero for this.";
    NotSumOfItems: "The amount ({amount}) is not the sum of the items ({sum}).";
    ItemsOutOfRange: "The items sum to more than an amount can be.";
    ItemsNotAboveZero: "The items sum to {sum}, and they must sum to more than zero.";
    NotPriced: "The amount ({amount}) is not the quantity times the unit price ({price}).";
    MoreThanLineOpen: "The amount ({amount}) is more than this line of the {kind} has open ({most}).";
    SumBeyondLine:
        "The items state {sum} of this line of the {kind} together. It must be between zero and the {open} that the \
         line has open.";
    BeyondLine: "The amount ({amount}) must be between zero and the {open} that the line has open.";
    SettledBeforeBeyondLine:
        "The amounts that were settled of this line before sum to {sum}, which is more than the line has ({most}).";
    SettledBeforeBeyondDocument:
        "On {date}, the amounts that were settled of the lines before sum to {sum}. That must be between zero and the \
         {total} of the {kind}.";
    MoreThanUnapplied: "The amount ({amount}) is more than is left unapplied ({most} of {unapplied}).";
    MoreThanRefundable: "The amount ({amount}) is more than is unapplied ({most}).";
    UsedSince:
        "The undo would apply {needed} of {kind} {document} again, which has only {open} unapplied there. The rest \
         went to {others}, by {later}.";
    SettledSince:
        "The undo would apply {needed} to {kind} {document} again, which has only {open} open there. The rest is \
         settled by {others}, in {later}.";
    MoreThanBalance: "The amount ({amount}) is more than {kind} {document} has open ({most}).";
    ItemsBeyondBalance:
        "The items sum to {sum}. It must be between zero and the {open} that the document has open.";
    MoreThanApplied: "The amount ({amount}) is more than is applied ({most}).";
    MoreThanAppliedBetween:
        "The amount ({amount}) must be between zero and the {applied} that is applied between these lines.";
    MoreThanAppliedOfLine:
        "The items would take back more of a line than is applied of it, because they pair lines of both signs.";
    UndoneAlready: "This operation was undone already, by {later}.";
    TakenBackSince: "Nothing of this operation is left to undo, because {later} took it back.";
    PairedAnew:
        "{later} took back some of this operation and paired its lines in another way, because there are lines below \
         zero. Undo {later} first.";
    AppliedNoMore:
        "This operation took back what another one had applied, and {later} has undone that one. Undo {later} first.";
    BuiltOn: "{later} took back some of what this operation left applied. Undo {later} first.";
    MoreThanSourceItems:
        "The amount ({amount}) is more than the source items have open ({most}). State a `fallback` for the rest.";
    MoreThanAppliedBySource:
        "The amount ({amount}) is more than is applied between source items ({most}). State a `fallback` for the \
         rest.";
    NoLinesPair: "No open line was made from another one here, so nothing can be settled. State a `fallback`.";
    NothingToApply: "There is nothing to apply: the source is used up, or no document has a balance.";
    NothingApplied: "Nothing is applied here that could be taken back.";
    NothingToRefund: "Nothing is unapplied here that could be refunded.";
    NothingToCollect: "There is nothing to collect: the document has no balance, or its account has nothing unapplied.";
    NothingOpen: "The document has nothing open.";
    NothingToCredit: "Nothing of this document is available to credit.";
    NothingOfItemToCredit:
        "Nothing of the source item is available to credit. State an amount to credit it anyway, even 0.00.";
    NothingChanges: "The change neither credits nor charges anything.";

    // ---- Guards, plans, documents and books.

    TooManyLines: "A document must have fewer than 2³² lines.";
    TooManyDocuments: "A book must have fewer than 2³² documents.";
    TooManyCommands: "The book has carried out as many commands as can be numbered, 2⁵³.";

    RulePairsLines:
        "The rule \"{rule}\" pairs lines, but the lines here meet no others. Use one of these: {allowed}.";

    FingerprintMalformed:
        "{fingerprint} is not the fingerprint of a plan, which has 16 digits from 0 to f.";
    IdMalformed: "{id} is not an identifier, which has 1 to 255 characters and no control characters.";
    NameMalformed: "{name} is not a name, which has at most 255 characters and no control characters.";
    CurrencyNotDefined: "The currency {currency} is neither in ISO 4217 nor defined by the book.";
    CurrencyInSmallLetters: "The currency {currency} is not known. Did you mean \"{meant}\"?";
    ReasonCodeNotListed: "{reason_code} is not one of the book's reason codes, which are: {listed}.";
    DocumentIdTaken: "Another document of the book already has the identifier {id}.";
    NumberTaken: "Another {kind} of the book already has the number {number}.";
    LineIdTaken: "Another line of the document already has the identifier {id}.";
    CurrencyDefinedTwice: "The currency {currency} is defined twice.";

    DateInClosedPeriod: "The date must be after {closed_through}, the end of the closed periods. It is {date}.";
    CountsOnClosedDay:
        "This {kind} counts from {in_force_from}, and periods are closed through {closed_through}. \
         What counts on a closed day is neither changed nor deleted.";
    BeforePostedAgain: "The date must be on or after {posted}, when the {kind} was posted again. It is {date}.";
    LessOpenEarlier:
        "The date must be on or after {earliest}, because less was open on a day before that. It is {date}.";
    AboveLimit: "The book's limit `{limit}` is {most}, and this would be {count}.";

    LinesOutOfRange: "The lines of the document sum to more than an amount can be.";
    CreditsOutOfRange: "The credits together sum to more than an amount can be.";
    PriceOutOfRange: "{quantity} times {unit_price} is more than an amount can be.";
    PriceBeyondDigits:
        "{quantity} times {unit_price} has more than {most} digits, which is more than the engine counts exactly. \
         State fewer decimals, or an `amount` without a price.";
    TaxesBeyondDigits:
        "The taxes here have more than {most} digits before they are rounded, which is more than the engine counts \
         exactly. State their rates with fewer decimals.";
    DiscountOfDiscount: "{item} is a discount, and a discount cannot reduce another one.";
    DiscountAboveItem: "The discount ({amount}) must be between zero and {most}. No more is left of its item.";
    AmountNotAboveZero: "The amount ({amount}) must be more than zero.";

    MoreThanDocument:
        "The credit ({amount}) is more than is available to credit of {kind} {document} ({available}).";
    MoreThanLine: "The credit ({amount}) is more than is available to credit of line {line} ({available}).";
    MoreThanDiscountedItem:
        "The credit ({amount}) is more than is available to credit of item {item} after its discounts ({available}).";
    MoreThanTaxes:
        "The credit ({amount}) is more than is available to credit of the taxes of item {item} ({available}).";
    DaysCredited:
        "Credit memo {memo} has credited {from} to {to} of this item already. State only the changes after that.";
    OthersExceedDocument:
        "Without this memo, the others would credit {others} of {kind} {document}, which is only {most}.";
    OthersExceedLine: "Without this memo, the others would credit {others} of line {line}, which is only {most}.";
    OthersExceedDiscountedItem:
        "Without this memo, the others would credit {others} of item {item}, which is only {most} after its discounts.";
    OthersExceedTaxes:
        "Without this memo, the others would credit {others} of the taxes of item {item}, which are only {most}.";

    FieldNeedsLog: "This book cannot keep `{field}`, because it has no log. Open it with `log: true`.";
    NoEntry: "This book keeps a log, so every command needs an entry in it.";
    NoLog: "This book keeps no log. Only a book that was opened with `log: true` has one.";
    EntryOpensNothing: "The first entry must open a book: its type is `open`, and its options say `log: true`.";
    CommandIdReused: "Another command already has the identifier {id}. It made version {version}.";
    BookMovedOn: "The book has version {version}, not {expected}: other commands were carried out since.";
    EntryOutOfOrder: "The next entry must have version {expected}. This one has {version}.";
    EntryChainBroken: "Entry {version} does not follow the entry before it: `previous` is another hash.";
    EntryMalformed: "Entry {version} was altered: this field has another shape than the book writes (`{because}`).";
    EntryAltered: "Entry {version} was altered: its hash is not that of its contents.";
    EntryEffectMoved:
        "Carried out again, the command of entry {version} does something else: {now} instead of {recorded}.";
    EntryRefused: "Carried out again, the command of entry {version} is refused (`{because}`).";

    SnapshotForeign: "These bytes are not a snapshot of a book.";
    SnapshotTruncated: "The snapshot ends too early.";
    SnapshotFormatUnknown: "The snapshot has format {format}, and this version reads formats {oldest} to {newest}.";
    SnapshotDamaged: "The snapshot is damaged: its bytes do not match their checksum.";
    SnapshotInconsistent: "The snapshot holds figures that no book can have.";

    ExportForeign: "These lines are not an export of a book: the first must be its header.";
    ExportFormatUnknown: "The export has format {format}, and this version reads formats up to {newest}.";
    ExportTruncated: "The export ends too early: the next line must be `{expected}`.";
    ExportDamaged: "The export is damaged: its lines do not match their checksum.";
    ExportLineUnexpected: "Line {line} must be `{expected}`.";
    ExportLineInconsistent: "Line {line} says something that no book can have.";
    ExportInconsistent: "The lines of the export do not go together: no book can have all of them.";
    ExportDocumentMissing: "No earlier line has this document.";
    ExportDecimals: "The amount needs as many decimals as its currency has, {scale}.";
    NoHexadecimalDigits: "This must be {count} hexadecimal digits in small letters.";

    // ---- Money, calendar, splits, proration, bill runs, queries and the shape of requests.

    InternalFault: "The engine met an internal fault: {what}. Nothing has changed.";
    FreedBook: "The book was freed.";
    FreedSplitter: "The splitter was freed.";
    WrongType: "This must be {expected}, not {actual}.";
    NumberOfWrongType: "This must be {expected}, not the number {number}.";
    NumberForDecimal: "Write \"{number}\", a text, in place of the number {number}: texts keep every digit.";
    WordForLength:
        "A length is an object with `months` or `days`, not the text {text}. `months: 1` is a month, `months: 12` a \
         year, `days: 7` a week.";
    TextOfWrongType: "This must be {expected}, not the text {text}.";
    ObjectOfClass: "This must be {expected}, not an object of class {class}: only plain objects are read.";
    NoWholeNumber: "This must be a whole number from {least} to {most}, not {number}.";
    NothingAfterDays:
        "Nothing can follow the bucket up to day {most}, because that is the last day that can be stated.";
    NoWholeFloat: "This must be a whole number within ±2⁵³, and not minus zero.";
    RequestTooLarge: "The request needs more memory than there is.";
    TooManyPeriods: "The schedule would have {periods} {periods:period|periods}, and at most {most} are made.";
    MalformedBytes: "These bytes are not one value.";
    RepeatedField: "The field {field} occurs twice.";
    UnknownField: "`{path}` is not a field here. The fields are: {known}.";
    MisspeltField: "`{path}` is not a field here. Did you mean `{meant}`?";
    UnknownFieldOfCommand: "`{path}` is not a field of {command}. Its fields are: {known}.";
    MisspeltFieldOfCommand: "`{path}` is not a field of {command}. Did you mean `{meant}`?";
    OverlongField: "{name} is not a field here. The fields are: {known}.";
    UnknownRowField: "{name} is not a field of these rows that can be used here. Those are: {known}.";
    MisspeltRowField: "{name} is not a field of these rows. Did you mean `{meant}`?";
    TwoFieldsForOne: "Only one of `{other}` and `{field}` can be stated.";
    EndBesideEvery: "Only one end can be stated, because `every` gives the other.";
    SecondOrigin: "A document is made from one other, but `{field}` names a second one.";
    FallbackUnread: "Only the rule `sourceItem` has a fallback.";
    AutoUnapplyBesideDocuments:
        "`autoUnapply` cannot be combined with named documents, because they say what is unapplied.";
    PartBesideRest: "`rest` writes off all that each line has left, so no part of it can be stated as well.";
    NothingSpreadOverLines: "This has no effect here, because no amount is left for the rule to spread over lines.";
    AutoApplyWithoutOrigin: "The memo is not made from another document, so there is nothing to apply it to.";
    TypeOfDiscount: "An item with `appliedToItemId` is a discount and has no other type.";
    MatrixWithoutProration: "`matrix` has an effect only if `proration` is the rule or the fallback.";
    SpreadWithoutDocuments: "This has no effect here, because no documents are named and so nothing is settled.";
    SpreadBesideItems: "This has no effect here, because every item states its own amount.";
    MethodOfElectronic: "A refund through a gateway states no method, because the gateway knows how the money moves.";
    AsOfUnread: "The book does not keep the past of these rows, so `asOf` cannot be used.";
    CountUnread: "This has no effect with these terms: it needs the grid `period` with cells of days.";
    GridDayUnread: "This has no effect with these terms: it needs terms that count months.";
    WholeCellUnread:
        "This has no effect with these terms: it needs the grid `month`, without the actual days of each month.";
    WholeUnitsUnread: "This has no effect with these terms: days are whole in any case.";
    FactorRoundingUnread: "This has no effect with these terms: without `factorScale`, the factor is not rounded.";
    DiscountUnread:
        "This has no effect with these terms: only `creditBase` `list` needs it, because the billed amount already \
         contains the discount.";
    MonthsUnread:
        "This has no effect with these terms: it needs a grid of months, days of a month, or a part billed by whole \
         months.";
    AmountsWithoutPrice: "`{field}` needs a `price`, because only prices have amounts.";
    BillWithoutPlan: "`{field}` needs a `plan` that runs before the first change.";
    UntilWithoutMoment: "`until` needs `at`, the moment from which the plan pauses.";
    BillingDayOfDays: "A billing day needs periods of months, but these are of days.";
    WeekdayOfMonths: "A weekday needs periods of days, but these are of months.";
    NothingFollows: "`wholeMonths` has no `then`. Only `fromDays` and `fromShare` have one.";
    FieldMissing: "The field `{field}` is required.";
    OneFieldMissing: "One of these fields is required: {fields}.";
    PriceIncomplete: "`{stated}` needs a `{field}`. State that as well, or an `amount`.";
    NoFieldsToSum: "The list is empty. Name at least one field, or leave the list out.";
    NoKinds: "The list is empty. Name at least one kind of document, or leave the list out.";
    NothingToCompare: "The condition has no value to compare with.";
    MonthsMissing:
        "State for how many months the price is, because the period is not a whole number of months.";
    PeriodMissing: "The period of the service is required.";
    MomentWithoutPeriod:
        "The change at {at} needs a period. State the `period`, or the share of it that is `unused`.";
    EndMissing: "Either `end` or `until` is required.";
    ComparedDayMissing:
        "State the day, such as `at: \"2026-03-31\"`, on which the open amounts of the accounts are compared.";
    ColumnLength:
        "This column has {count} {count:entry|entries}, but `prices` has {expected}. They must have the same length.";
    NoChoice: "{word} is not a choice here. The choices are: {choices:few}.";
    MisspeltChoice: "{word} is not a choice here. Did you mean `{meant}`?";
    NestedBulk: "A bulk command cannot hold another one.";
    NoDate: "{text} is not a calendar day. Write it as YYYY-MM-DD.";
    MisspeltDate: "{text} is not how a day is written here. Write \"{meant}\".";
    NoSuchDay: "{text} is not a calendar day. The last day of that month is {last}.";
    NoCivilDay:
        "{text} is an instant in UTC, which can be another day where you are. Write the day as YYYY-MM-DD, or the \
         instant with the offset of the place.";
    NoMoment:
        "{text} is neither a day nor an instant. Write YYYY-MM-DD, or YYYY-MM-DDThh:mm:ss with Z or an offset such as \
         +02:00.";
    NoDecimal:
        "{text} is not a decimal number. Write digits with at most one minus sign and one point, without leading \
         zeros, and not minus zero.";
    MisspeltDecimal: "{text} is not how a decimal number is written here. Write \"{meant}\".";
    TooManyDigits: "{text} has more than {most} {most:digit|digits}.";
    NoFraction: "{text} is neither a decimal number nor a fraction such as \"15/31\".";
    NoCurrencyCode: "{code} is not a currency code, which has 3 to 8 capital letters or digits.";
    ScaleMissing: "State how many decimals {code} has, 0 to {most}, because ISO 4217 does not list it.";
    ScaleTooLarge: "A currency has at most {most} {most:decimal|decimals}, not {scale}.";
    InvoiceRoundingAlone: "The rounding `{rounding}` needs an `invoiceIncrement` to round to.";
    CurrencyIncrementNotPositive: "The increment ({increment}) must be more than zero.";
    PeriodReversed: "The end ({to}) is before the start ({from}).";
    ServiceDegenerate: "The service must have a length, and it must not exceed its period.";
    OutsidePeriod: "{moment} is outside the period from {from} to {to}.";
    ChangeTooEarly: "The change at {at} is before {last}, which it has to follow.";
    ChangeTooLate: "The change at {at} is after {end}, the end of the period.";
    UnusedGrows: "The unused share ({unused}) must not be larger than at the change before ({last}).";
    ChangeDuringPause:
        "The plan is paused until {until} and goes on by itself, so it cannot be resumed at {at}.";
    PauseReversed: "The pause ends at {until}, before it starts at {at}.";
    PauseShortened:
        "The plan is paused until {pause_end} already. The pause can become longer, but cannot end at {until}.";
    EndsBeforeStart: "The end ({date}) is before `start` ({start}).";
    PeriodWithoutLength: "A period has at least one month or day, not 0.";
    FactorAndRoundedRate: "A factor cannot be combined with a rounded daily rate, which needs days.";
    UnusedAndRoundedRate:
        "A share of the period ({unused}) cannot be combined with a rounded daily rate, which needs a moment.";
    RoundedRateInColumns: "A daily rate cannot be rounded in columns. Use `prorate` instead.";
    NoCellDays: "A cell has at least one day, not 0.";
    CellDaysOfMonths: "With a grid of months, `cellDays` has to be `actual`, `fixed` or `strict30`.";
    UnitWithMonths: "Where months decide, time is counted by `day`, not by `{unit}`.";
    CountOfUnits: "Where time is not counted by day, `count` has to be `between`, not `{count}`.";
    RoundedRateOfMonths: "With a grid of months, the daily rate cannot be rounded.";
    RateAndFactorRounded: "Either the daily rate or the factor can be rounded, not both.";
    LeadingMonths: "The part before the first boundary cannot be billed by whole months.";
    TimeWithMonths: "With a grid of months, a credit cannot be paid with time.";
    NotIsoCurrency: "The currency {code} is not in ISO 4217.";
    ChargeIdTaken: "Another charge already has the identifier {id}.";
    DiscountOnNothing: "There is no charge {id} that this discount could reduce.";
    RepeatedRowField: "The field {field} is listed twice.";
    ChangeAfterTime:
        "Nothing can change after a credit that is paid with time, because that moves the end of the period.";
    NothingPauses: "No plan is paused.";
    PlanRuns: "A plan is running already.";
    NoPlanRuns: "No plan is running.";
    PlanRestsAlready: "The plan is paused already. State the end of the pause (`until`), or resume it first.";
    ChangeInOtherCurrency: "The change is in {currency}, but the command is in {stated}.";
    MoreDecimals: "{currency} has {most} {most:decimal|decimals}, but {amount} has more.";
    AmountTooLarge: "{amount} is out of range: an amount is at most {most}.";
    BeyondFloats: "The results are beyond ±2⁵³, which floats do not hold exactly. Use columns of bigints.";
    ZeroDenominator: "The denominator of {text} must not be zero.";
    TooManyIncrements: "The amount would be 2⁶³ increments or more.";
    IncrementNotPositive: "The increment ({increment}) must be more than zero.";
    PeriodDaysNotPositive: "The period must have more than zero days, not {days}.";
    BeyondFractions:
        "Time and prices multiplied have more than 38 digits, which is more than the engine counts exactly.";
    TaxRateTooHigh:
        "A tax rate of {rate} would be 100 % or more. Write {rate} % as {meant}, or set `allowTaxRateFrom1`.";
    QuantityNegative: "The quantity ({quantity}) must not be below zero.";
    UnusedOutOfRange: "The unused share ({unused}) must be from 0 to 1.";
    BillRunOutOfRange: "The charges sum to more than an amount can be.";
    DayOutOfRange: "The applications of {day} sum to more than an amount can be.";
    PeriodOutsideCalendar: "The period is outside the years 1 to 9999.";
    OffIncrement: "{amount} is not a multiple of {increment} {currency}.";
    DiscountOnDiscount: "A discount cannot reduce another discount.";
    DiscountNoShare: "The discount ({discount}) must be a share from 0 to 1. Write 10 % as 0.1.";
    DiscountBeyondPlan:
        "The discount ({discount}) has another sign than the price, or is more than the whole price. State a share \
         from 0 to 1, or an amount of the sign of the price.";
    NoTimeForCredit:
        "The credit cannot pay for time, because the plan that begins costs {price}. State another `destination`.";
    BelowZeroUnlikePrice: "The amount ({amount}) must not be below zero, because the price is not.";
    AboveZeroUnlikePrice: "The amount ({amount}) must not be above zero, because the price is below zero.";
    NoCursor: "{text} is not a cursor of a page.";
    CursorOfOtherQuery: "The cursor {text} belongs to a query with another `of`, `where`, `sort` or `asOf`.";
    CursorOfLaterVersion: "The cursor {text} was made at a later version of this book, which is at version {version}.";
    CursorOfOtherBook: "The cursor {text} belongs to another book.";

    // ---- Splits and plans.

    NoWeights: "At least one weight is needed to split an amount.";
    CapsCount: "The caps ({count}) must be as many as the weights ({weights}).";
    KeysCount: "The keys ({count}) must be as many as the weights ({weights}).";
    AmountsCount: "The amounts ({count}) must be as many as the splits ({splits}).";
    CapsFromBack: "A first pass from the back cannot have caps.";
    CapsWithoutMirror: "Caps limit an amount below zero ({amount}) only if the method mirrors it (`mirror`).";
    CapsWithNegativeWeights: "A share exceeds its cap, which cannot be where a weight is negative.";
    NegativeNumber: "The number ({number}) must not be below zero.";
    NumberOfTooManyIncrements: "{number} is 2⁶³ increments or more.";
    PartOutOfRange: "A part of {amount} would be 2⁶³ units or more.";
    NoSuchPart: "There is no part {index}: there are {count}, counted from 0.";
    EndsDescend: "The end {end} follows {before}, and ends must not descend.";
    EndsElsewhere: "The last end ({last}) must be the number of weights ({weights}).";
    NotOfIncrement: "{number} is not a multiple of {increment}.";
    AllWeightsZero: "All weights are zero, so nobody can get the amount.";
    MoreThanCaps: "The amount ({amount}) is more than all caps together ({most}).";
    BalanceMoved:
        "The plan took {kind} {document} from {planned_before} to {planned_after}. Now the command would take it from \
         {before} to {after}.";
    LinesMoved: "The command would now move other lines or documents than the plan shows.";
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

/// A sentence with its figures.
fn filled(error: &Error, sentence: &str) -> String {
    let mut text = String::new();
    let mut unwritten = sentence;
    while let Some((before, gap, after)) = split_at_gap(unwritten) {
        text.push_str(before);

        // A gap is written as `{name}`, or as `{name:way}` where its figure has several forms.
        let (name, way) = gap.split_once(':').unwrap_or((gap, ""));
        if name == "path" {
            text.push_str(&error.path());
        }
        error.reason().figures(&mut |figure_name, figure| {
            if figure_name == name {
                text.push_str(&show(&figure, way));
            }
        });
        unwritten = after;
    }
    text.push_str(unwritten);
    text
}

/// Returns what is before the first gap of a sentence, in its braces, and after it.
fn split_at_gap(sentence: &str) -> Option<(&str, &str, &str)> {
    let (before, gap) = sentence.split_once('{')?;
    let (gap, after) = gap.split_once('}')?;
    Some((before, gap, after))
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

    /// What is wrong, with the figures that decided: one or two sentences, without the path of the field.
    #[must_use]
    pub fn sentence(&self) -> String {
        filled(self, sentence_of(self.reason()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let has_path = sentence_of(self.reason()).contains("{path}");
        if !path.is_empty() && !has_path {
            write!(f, "`{path}`: ")?;
        }
        f.write_str(&self.sentence())
    }
}
