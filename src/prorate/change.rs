//! What a change within a period costs: the lines that a start, an upgrade, a cancellation or a pause leaves behind.
//!
//! A plan that runs is a *line*: from a moment to the end of the period, billed for an amount, of which some may have
//! been credited. A change ends this line, which credits the rest of it, and begins another, which is charged for the
//! rest of the period. So several changes in one period follow one another, and each credit knows what its own line was
//! billed.
//!
//! [`ChangeRequest::preview`] works through the changes (`events`) on a `timeline`: what a plan charges when it
//! starts, what it gives back when it ends (`credit`, `pause`). Then it sums up (`summary`), says where the
//! credits go (`destination`, `time`), and shows the lines as the terms ask for (`present`).

mod build;
mod credit;
mod destination;
mod events;
mod line;
mod pause;
mod plan;
mod present;
mod request;
mod running;
mod sentence;
mod summary;
mod time;
mod timeline;

pub use destination::CreditDestinations;
pub use line::{ChangeLine, Cost, LineKind};
pub use plan::{Discount, PlanTax, PlanUpdate, PricePlan};
pub use request::{ChangeRequest, ChangeTime, PlanChange, PlanEvent, PlanEventKind};
pub use summary::{ChangePreview, RunningPlanSummary};
