//! What the native tests share.

#![allow(
    dead_code,
    reason = "every test file is a program of its own and uses a part of this"
)]

pub mod case;
pub mod covers;
pub mod host;
pub mod invariants;
pub mod naive;
pub mod outcome;
pub mod property;
pub mod reasons;
pub mod scenario;
pub mod wire;
