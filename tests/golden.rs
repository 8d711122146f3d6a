//! The golden vectors: what only the shape of a request can show, the same for every runtime. What a billing person can
//! read stands in `tests/scenarios/`, which is written out as such cases and run by the same code.
//!
//! `tests/golden/*.json` hold lists of cases: a book, and steps with what each must answer (every field that is given,
//! lists with their full length) or how it must be refused. Beside checking that, a runner writes what was answered,
//! byte for byte, as the *transcript* of the case (`target/golden/`): the JavaScript runners must arrive at the same
//! bytes.

#[path = "support/mod.rs"]
mod support;

use setoff::wire;
use std::fs;
use std::path::Path;
use support::case::Case;
use support::wire::encode;

#[test]
fn the_golden_figures_are_right() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("tmp lies in the target folder")
        .join("golden");
    let mut files: Vec<_> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let mut problems = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let transcripts = target.join(&name);
        if transcripts.exists() {
            fs::remove_dir_all(&transcripts).unwrap();
        }
        fs::create_dir_all(&transcripts).unwrap();
        for (index, case) in Case::read(&file).iter().enumerate() {
            let outcome = if case.is_explained() {
                case.play()
            } else {
                Err("a case says why, and where its figures come from".into())
            };
            match outcome {
                Ok(transcript) => {
                    fs::write(transcripts.join(format!("{index}.txt")), transcript).unwrap()
                }
                Err(problem) => problems.push(format!(
                    "{name}.json, case {index}, {:?}: {problem}",
                    case.name
                )),
            }
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn numbers_are_those_of_javascript() {
    for (json, number) in [
        (
            "9007199254740991",
            wire::Value::Whole(9_007_199_254_740_991),
        ),
        ("-3", wire::Value::Whole(-3)),
        ("1.0", wire::Value::Whole(1)),
        ("1e2", wire::Value::Whole(100)),
        ("9007199254740993", wire::Value::Number("9007199254740992")),
        ("0.5", wire::Value::Number("0.5")),
        ("-0", wire::Value::Number("-0")),
        ("0.0000001", wire::Value::Number("1e-7")),
        ("1e21", wire::Value::Number("1e+21")),
        ("1e20", wire::Value::Number("100000000000000000000")),
    ] {
        let request = encode(&serde_json::from_str(json).unwrap());
        assert_eq!(wire::read(&request).unwrap(), number, "{json}");
    }
}
