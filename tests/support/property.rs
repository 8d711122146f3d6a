//! How properties are tried.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::FileFailurePersistence;

/// How many random cases are tried, or as many as `PROPTEST_CASES` says. A failure prints the smallest case that shows
/// it, and keeps its seed next to the test, in `tests/NAME.regressions`, which the next run tries first.
pub fn config(cases: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .map_or(cases, |cases| cases.parse().expect("a number of cases"));
    let persistence = FileFailurePersistence::WithSource("regressions");
    ProptestConfig {
        cases,
        failure_persistence: Some(Box::new(persistence)),
        ..ProptestConfig::default()
    }
}
