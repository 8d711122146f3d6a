//! Gives what the fuzzer makes up to one of the targets: `SETOFF_FUZZ_TARGET` names it.

#[path = "../../requests.rs"]
mod requests;
#[path = "../../targets.rs"]
mod targets;
#[path = "../../../tests/support/wire.rs"]
mod wire;

fn main() {
    let name = std::env::var("SETOFF_FUZZ_TARGET").expect("SETOFF_FUZZ_TARGET");
    let targets = targets::TARGETS;
    let (_, target) = targets
        .iter()
        .find(|(known, _)| *known == name)
        .expect("a target");
    afl::fuzz!(|bytes: &[u8]| target(bytes));
}
