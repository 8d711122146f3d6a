//! Refusals as a client of Zuora v1 reads them: a code of eight digits, six of the resource and two of the category,
//! and the status of HTTP that follows from the category and from the version that the client states.
//!
//! Categories and statuses: <https://developer.zuora.com/v1-api-reference/api/api-upgrades>.

use crate::rest::ClientReply;
use crate::rest::problem::{Category, Problem};
use crate::rest::request::ClientRequest;
use serde_json::{Value, json};

/// The resource of requests without a body, and of fields that no resource has.
const NO_RESOURCE: &str = "500000";
/// The resource of all others. Those of Zuora are not public.
const RESOURCE: &str = "590000";

/// The number that a client reads.
fn code(problem: &Problem, request: &ClientRequest) -> u64 {
    let category = problem.category();
    let has_resource = request.has_body()
        && !matches!(
            category,
            Category::NotFound | Category::UnknownField | Category::Malformed
        );
    let resource = if has_resource { RESOURCE } else { NO_RESOURCE };
    let code = format!("{resource}{}", category.as_str());
    code.parse().unwrap_or_default()
}

/// What stands in the answer, alone or in its place of a bulk.
pub(super) fn body(problem: &Problem, request: &ClientRequest) -> Value {
    json!({
        "success": false,
        "processId": request.process_id(),
        "requestId": request.id(),
        "reasons": [{ "code": code(problem, request), "message": problem.message() }],
    })
}

const fn status(category: Category) -> u16 {
    match category {
        Category::NotFound => 404,
        Category::Unsupported => 405,
        Category::Contention => 409,
        Category::Internal => 500,
        _ => 400,
    }
}

/// The answer.
pub(super) fn reply(problem: &Problem, request: &ClientRequest) -> ClientReply {
    // A method that an address does not know was always refused before the application.
    let category = problem.category();
    let has_status = request.has_statuses() || category == Category::Unsupported;
    ClientReply {
        status: if has_status { status(category) } else { 200 },
        body: body(problem, request),
        is_refused: true,
        effects: Vec::new(),
    }
}
