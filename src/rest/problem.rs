//! Refusals: what is wrong with a request, and why. Each dialect writes them in its own way.
//!
//! The categories and their numbers are those of <https://developer.zuora.com/v1-api-reference/api/api-upgrades>.

use crate::words::closed_set;
use serde_json::Value;

closed_set! {
    /// What is wrong with a request.
    Category {
        /// A value of a wrong form.
        InvalidValue = "20",
        /// A field that the operation does not have.
        UnknownField = "21",
        /// A field is not there.
        MissingField = "22",
        /// A parameter of the query is not there.
        MissingParameter = "23",
        /// A rule does not allow it.
        Rule = "30",
        /// There is nothing of that name.
        NotFound = "40",
        /// The operation does not exist.
        Unsupported = "45",
        /// Another request was faster.
        Contention = "50",
        /// The engine failed.
        Internal = "60",
        /// The body is no JSON.
        Malformed = "90",
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    category: Category,
    message: String,
    /// The code of the engine, where it refused.
    code: Option<String>,
    /// The field of the request, where it is known.
    path: Option<String>,
    /// It is about the state in which a document is.
    is_about_state: bool,
}

/// Codes of the engine for documents that are in another state than an operation needs.
const STATE_CODES: [&str; 4] = [
    "invalidStatus",
    "alreadySettled",
    "nothingToSettle",
    "dateTooEarly",
];

impl Problem {
    pub(super) const fn new(category: Category, message: String) -> Self {
        Self {
            category,
            message,
            code: None,
            path: None,
            is_about_state: false,
        }
    }

    /// A document is in another state than the operation needs.
    pub(super) fn state(message: &str) -> Self {
        Self {
            is_about_state: true,
            ..Self::rule(message)
        }
    }

    /// The same, about a field.
    pub(super) fn at(self, path: &str) -> Self {
        Self {
            path: Some(path.into()),
            ..self
        }
    }

    pub(super) fn invalid(field: &str, why: &str) -> Self {
        Self::new(
            Category::InvalidValue,
            format!("'{field}' is invalid: {why}"),
        )
        .at(field)
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::new(Category::MissingField, format!("'{field}' is required.")).at(field)
    }

    pub(super) fn rule(message: &str) -> Self {
        Self::new(Category::Rule, message.into())
    }

    pub(super) fn not_found(key: &str) -> Self {
        Self::new(
            Category::NotFound,
            format!("Cannot find entity by key: '{key}'."),
        )
    }

    pub(super) fn no_address() -> Self {
        Self::new(Category::NotFound, "No operation has this address.".into())
    }

    pub(super) fn no_method(method: &str) -> Self {
        let message = format!("This address does not know the method {method}.");
        Self::new(Category::Unsupported, message)
    }

    /// A body has a field that the operation does not have.
    pub(super) fn no_field(path: &str) -> Self {
        let message = format!("'{path}' is no field of this operation.");
        Self::new(Category::UnknownField, message).at(path)
    }

    /// The same with what to do instead.
    pub(super) fn advised(self, advice: &str) -> Self {
        Self {
            message: format!("{} {advice}", self.message),
            ..self
        }
    }

    /// A refusal of the engine, by its facts.
    pub(super) fn of_engine(facts: &Value) -> Self {
        let text = |name: &str| facts.get(name).and_then(Value::as_str).unwrap_or_default();
        let code = text("code");

        // A message begins with a path of the engine, which clients do not know. A sentence stands alone.
        let sentence = facts.pointer("/details/sentence").and_then(Value::as_str);
        let message = sentence.unwrap_or(text("message"));

        let problem = Self {
            code: Some(code.to_owned()),
            is_about_state: STATE_CODES.contains(&code),
            ..Self::new(category_of(code), message.to_owned())
        };

        match text("path") {
            "" => problem,
            path => problem.at(path),
        }
    }

    /// What is wrong.
    pub(super) const fn category(&self) -> Category {
        self.category
    }

    /// The code by which the engine refused, if it did.
    #[must_use]
    pub fn engine_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The field of the request that is wrong: of a refusal of the engine, that of the command.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    pub(super) const fn is_about_state(&self) -> bool {
        self.is_about_state
    }

    /// Why, in words.
    pub(super) fn message(&self) -> &str {
        &self.message
    }
}

/// The category of a code of the engine.
fn category_of(code: &str) -> Category {
    match code {
        "documentNotFound" | "itemNotFound" | "groupNotFound" => Category::NotFound,
        "unknownField" => Category::UnknownField,
        "missingField" => Category::MissingField,
        "conflict" | "planMoved" | "versionMismatch" => Category::Contention,
        "engineFault" | "notInitialized" | "bookFreed" => Category::Internal,
        // A status is no value of the request, although the code begins like those of values.
        "invalidStatus" => Category::Rule,
        "tooManyDecimals" | "outOfRange" | "offIncrement" | "unknownCurrency"
        | "unknownReasonCode" | "tooDeep" | "tooLarge" => Category::InvalidValue,
        code if code.starts_with("invalid") => Category::InvalidValue,
        _ => Category::Rule,
    }
}
