//! What a part of a period costs: one formula, and the parameters that make it each published system's own.
//!
//! ```text
//! amount = round( price × quantity × Σ over the cells of the grid: time served in the cell ÷ length of the cell )
//! ```
//!
//! [`Terms`] say what a cell is, how time is counted in it, what is rounded and how; [`PRESETS`] has the terms of the
//! published systems by name. A [`ProrateRequest`] asks for one amount, a
//! [`ChangeRequest`](change::ChangeRequest) for the lines that a change of plan makes, a [`ScheduleRequest`] for the
//! periods from a start to an end. All is exact until it is rounded, once, unless the terms say that a system rounds
//! earlier.
//!
//! ```
//! use setoff::calendar::Moment;
//! use setoff::money::text;
//! use setoff::prorate::{Period, Reference, ProrateRequest, Terms, ServiceTime};
//! // From the 17th to the end of January: 15 of 31 days of 100.00, which is 48.387…
//! let service = Period { from: Moment::parse("2025-01-17")?, to: Moment::parse("2025-02-01")? };
//! let period = Period { from: Moment::parse("2025-01-01")?, to: Moment::parse("2025-02-01")? };
//! let request = ProrateRequest {
//!     terms: Terms::default(),
//!     price: text::parse("100.00")?,
//!     quantity: text::parse("1")?,
//!     increment: text::parse("0.01")?,
//!     time: ServiceTime::Service { service, reference: Some(Reference::Given(period)), months: None },
//! };
//! let prorated = request.prorate()?;
//! assert_eq!((prorated.amount.to_string(), prorated.share.factor.to_string()), ("48.39".into(), "15/31".into()));
//! # Ok::<(), setoff::Error>(())
//! ```
//!
//! `proration.md#the-formula` says what the parameters are and what no system may break.

mod amount;
mod billing_period;
pub mod change;
mod columns;
mod period;
mod preset;
mod reads;
mod request;
mod schedule;
mod segments;
mod sentence;
mod share;
mod stub;
mod terms;
mod text;

pub use amount::DecimalAmount;
pub use billing_period::{BillingPeriod, BillingPeriodRequest, PeriodChoice};
pub use columns::{ProrateColumns, ServiceTimes};
pub use period::{Period, Reference};
pub use preset::{PRESETS, Preset, preset};
pub use request::{ProrateRequest, Prorated, ServiceTime};
pub use schedule::{Schedule, ScheduleRequest};
pub use segments::{ScheduleSegment, SegmentKind};
pub use share::{GridCell, Share};
pub use terms::{
    Basis, CellDays, ChangeDayOwner, Count, CreditBase, CreditFormula, CreditFrom, Degenerate,
    Destination, DiscountCredit, FirstBoundary, Grid, Interval, Present, Reached, Stage, Stub,
    StubPeriod, StubPosition, Terms, Unit,
};
