//! What the lines of an export hold: the records of a snapshot, each field under its name.
//!
//! One table for each kind of line says its fields in the order of the snapshot. `transcode.rs` goes by it in both
//! directions, so what an export says and what an import reads cannot disagree. A field that a later format adds to
//! snapshots gets its row here.

use crate::command::settings::{
    ClosedPeriods, InclusiveRounding, Limit, Mirror, NumberOrder, OverCrediting, TaxRounding,
};
use crate::document::{Kind, Origin, Processing, Rule, SettledBy, Status};
use crate::money::Rounding;

/// How a value of a snapshot is written as JSON.
#[derive(Clone, Copy)]
pub(super) enum FieldShape {
    /// `true` or `false`.
    Flag,
    /// A whole number from 0: an index, a count, a version.
    Whole,
    /// The decimals of the currency of the amounts that follow.
    Scale,
    /// The index of the document in whose currency the amounts that follow are.
    Source,
    /// A text.
    Text,
    /// A calendar day.
    Day,
    /// An amount, with all decimals of its currency.
    Amount,
    /// A decimal number, as text.
    Decimal,
    /// The fingerprint of what a command did.
    Fingerprint,
    /// A SHA-256.
    Hash,
    /// The value of a custom field.
    Scalar,
    /// One of a closed set of words.
    Word(&'static [&'static str]),
    /// A value or `null`.
    Optional(&'static FieldShape),
    /// A list.
    List(&'static FieldShape),
    /// An object.
    Object(&'static [Row]),
    /// An object of one of several types; its field `type` says which.
    Union(&'static [(&'static str, &'static [Row])]),
}

/// A field of an object.
pub(super) type Row = (&'static str, FieldShape);

const OPTIONAL_TEXT: FieldShape = FieldShape::Optional(&FieldShape::Text);
const OPTIONAL_DAY: FieldShape = FieldShape::Optional(&FieldShape::Day);
const OPTIONAL_WHOLE: FieldShape = FieldShape::Optional(&FieldShape::Whole);
const OPTIONAL_DECIMAL: FieldShape = FieldShape::Optional(&FieldShape::Decimal);
const ROUNDING: FieldShape = FieldShape::Word(Rounding::NAMES);

const CURRENCY: FieldShape = FieldShape::Object(&[
    ("code", FieldShape::Text),
    ("scale", FieldShape::Scale),
    ("increment", FieldShape::Amount),
    ("rounding", ROUNDING),
    ("invoices", FieldShape::Optional(&INVOICE_ROUNDING)),
]);

const INVOICE_ROUNDING: FieldShape =
    FieldShape::Object(&[("increment", FieldShape::Amount), ("rounding", ROUNDING)]);

const CUSTOM: FieldShape = FieldShape::List(&FieldShape::Object(&[
    ("name", FieldShape::Text),
    ("value", FieldShape::Scalar),
]));

/// The settings of the book.
pub(super) const SETTINGS: &[Row] = &[
    ("accountId", FieldShape::Text),
    ("currency", CURRENCY),
    ("currencies", FieldShape::List(&CURRENCY)),
    ("overCrediting", FieldShape::Word(OverCrediting::NAMES)),
    ("countBillingCredits", FieldShape::Flag),
    ("mirror", FieldShape::Word(Mirror::NAMES)),
    (
        "inclusiveRounding",
        FieldShape::Word(InclusiveRounding::NAMES),
    ),
    ("taxRounding", FieldShape::Word(TaxRounding::NAMES)),
    ("numberOrder", FieldShape::Word(NumberOrder::NAMES)),
    ("allowTaxRateFrom1", FieldShape::Flag),
    ("limits", FieldShape::List(&LIMIT)),
    ("closedThrough", OPTIONAL_DAY),
    ("closedPeriods", FieldShape::Word(ClosedPeriods::NAMES)),
    ("keepClosedPosted", FieldShape::Flag),
    ("reasonCodes", FieldShape::List(&FieldShape::Text)),
];

const LIMIT: FieldShape = FieldShape::Object(&[
    ("limit", FieldShape::Word(Limit::NAMES)),
    ("most", FieldShape::Whole),
]);

/// A document. Its lines name others by their index among the documents, from 0.
pub(super) const DOCUMENT: &[Row] = &[
    ("documentType", FieldShape::Word(Kind::NAMES)),
    ("id", FieldShape::Text),
    ("number", FieldShape::Text),
    ("accountId", FieldShape::Text),
    ("currency", CURRENCY),
    ("status", FieldShape::Word(Status::NAMES)),
    ("date", FieldShape::Day),
    ("dueDate", FieldShape::Day),
    ("origin", FieldShape::Word(Origin::NAMES)),
    ("madeFrom", OPTIONAL_WHOLE),
    ("reversed", FieldShape::Flag),
    ("deleted", FieldShape::Flag),
    ("notes", FieldShape::Object(NOTES)),
    ("lines", FieldShape::List(&FieldShape::Object(LINE))),
    ("createdOn", OPTIONAL_DAY),
    ("changed", FieldShape::Optional(&CHANGE)),
    ("settledBefore", FieldShape::List(&SETTLED_BEFORE)),
];

const NOTES: &[Row] = &[
    ("statuses", FieldShape::List(&STATUS)),
    ("targetDate", OPTIONAL_DAY),
    ("reasonCode", OPTIONAL_TEXT),
    ("comment", OPTIONAL_TEXT),
    ("cancelReasonCode", OPTIONAL_TEXT),
    ("cancelComment", OPTIONAL_TEXT),
    ("method", OPTIONAL_TEXT),
    ("electronic", FieldShape::Flag),
    ("autoApply", FieldShape::Flag),
    ("excludeFromAutoApply", FieldShape::Flag),
    ("excludeFromRevenue", FieldShape::Flag),
    ("restockingFee", FieldShape::Amount),
    ("customFields", CUSTOM),
];

const STATUS: FieldShape = FieldShape::Object(&[
    ("on", FieldShape::Day),
    ("status", FieldShape::Word(Status::NAMES)),
]);

const LINE: &[Row] = &[
    ("id", FieldShape::Text),
    ("source", FieldShape::Optional(&LINE_REF)),
    ("detail", FieldShape::Union(DETAILS)),
    ("amount", FieldShape::Amount),
    ("applied", FieldShape::Amount),
    ("refunded", FieldShape::Amount),
];

const LINE_REF: FieldShape =
    FieldShape::Object(&[("document", FieldShape::Whole), ("line", FieldShape::Whole)]);

const DETAILS: &[(&str, &[Row])] = &[
    (
        "item",
        &[
            ("processing", FieldShape::Word(Processing::NAMES)),
            ("record", FieldShape::Optional(&RECORD)),
        ],
    ),
    (
        "discount",
        &[
            ("item", FieldShape::Whole),
            ("record", FieldShape::Optional(&RECORD)),
        ],
    ),
    (
        "tax",
        &[
            ("item", FieldShape::Whole),
            ("byRate", FieldShape::Flag),
            ("name", OPTIONAL_TEXT),
            ("jurisdiction", OPTIONAL_TEXT),
            ("locationCode", OPTIONAL_TEXT),
            ("taxCode", OPTIONAL_TEXT),
            ("rate", OPTIONAL_DECIMAL),
            ("exemptAmount", OPTIONAL_DECIMAL),
        ],
    ),
    ("whole", &[]),
];

const RECORD: FieldShape = FieldShape::Object(&[
    ("description", OPTIONAL_TEXT),
    ("sku", OPTIONAL_TEXT),
    ("quantity", OPTIONAL_DECIMAL),
    ("unitPrice", OPTIONAL_DECIMAL),
    ("serviceStart", OPTIONAL_DAY),
    ("serviceEnd", OPTIONAL_DAY),
    ("taxInclusive", FieldShape::Flag),
    ("customFields", CUSTOM),
]);

const CHANGE: FieldShape =
    FieldShape::Object(&[("on", FieldShape::Day), ("operations", FieldShape::Whole)]);

const SETTLED_BEFORE: FieldShape = FieldShape::Object(&[
    ("line", FieldShape::Whole),
    ("at", FieldShape::Day),
    ("amount", FieldShape::Amount),
    ("by", FieldShape::Word(SettledBy::NAMES)),
]);

/// What is applied of one document to another now.
pub(super) const PART: &[Row] = &[
    ("source", FieldShape::Source),
    ("target", FieldShape::Whole),
    ("items", ITEMS),
];

const ITEMS: FieldShape = FieldShape::List(&FieldShape::Object(&[
    ("source", FieldShape::Whole),
    ("target", FieldShape::Whole),
    ("amount", FieldShape::Amount),
]));

/// What one command settled of one source, or took back.
pub(super) const OPERATION: &[Row] = &[
    ("version", FieldShape::Whole),
    ("at", FieldShape::Day),
    ("source", FieldShape::Source),
    ("applications", FieldShape::List(&APPLICATION)),
    ("undoes", OPTIONAL_WHOLE),
    ("enteredOn", OPTIONAL_DAY),
];

const APPLICATION: FieldShape = FieldShape::Object(&[
    ("target", FieldShape::Whole),
    ("rule", FieldShape::Word(Rule::NAMES)),
    ("amount", FieldShape::Amount),
    ("items", ITEMS),
]);

/// What the book keeps of an entry of its log.
pub(super) const RECEIPT: &[Row] = &[
    ("command", FieldShape::Optional(&NAMED_COMMAND)),
    ("actor", OPTIONAL_TEXT),
    ("note", OPTIONAL_TEXT),
    ("recordedAt", OPTIONAL_TEXT),
    ("effect", FieldShape::Optional(&FieldShape::Fingerprint)),
    ("documents", FieldShape::Whole),
];

const NAMED_COMMAND: FieldShape =
    FieldShape::Object(&[("id", FieldShape::Text), ("hash", FieldShape::Hash)]);
