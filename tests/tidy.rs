//! The rules of the house that no compiler holds: the walls between the layers, and what must not be in the sources.

use setoff::Code;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The layers in the order of `src/lib.rs`: each may know those before it. Rooms of one layer do not know each other.
const LAYERS: [&[&str]; 14] = [
    &["words"],
    &["error"],
    &["memory", "bytes", "order", "mix", "label"],
    &["money", "calendar"],
    &["allocate", "prorate", "generate"],
    &["document"],
    &["command"],
    &["settle"],
    &["book"],
    &["query"],
    &["prelude"],
    &["wire"],
    &["rest"],
    &["bindings"],
];

/// What `src/lib.rs` passes on, and from which room.
const REEXPORTS: [(&str, &str); 3] = [("Book", "book"), ("Code", "error"), ("Error", "error")];

/// Crates that only some rooms know.
const GUESTS: [(&str, &[&str]); 6] = [
    ("js_sys", &["bindings"]),
    ("wasm_bindgen", &["bindings"]),
    ("serde_wasm_bindgen", &["bindings"]),
    ("serde", &["wire", "bindings"]),
    ("sha2", &["book", "rest"]),
    ("serde_json", &["wire", "rest"]),
];

/// Codes that the native engine does not return for a vector: JavaScript throws them, or they concern other bytes than
/// those of a command, or splits, or periods. Tests of their own meet them.
const NOT_IN_VECTORS: [&str; 22] = [
    "notInitialized",
    "engineFault",
    "bookFreed",
    "unreadableValue",
    "invalidText",
    "tooDeep",
    "tooLarge",
    "malformedRequest",
    "invalidPeriod",
    "invalidTerms",
    "invalidSnapshot",
    "invalidExport",
    "planMoved",
    "splitterFreed",
    "resultReplaced",
    "lengthMismatch",
    "allWeightsZero",
    "exceedsCaps",
    "commandIdReused",
    "versionMismatch",
    "entryNotFound",
    "entryMismatch",
];

/// Rooms where what cannot happen is a fault, not a zero or the end of a range.
const HONEST_ROOMS: [&str; 4] = ["book/", "command/", "document/", "settle/"];

/// How often files of these rooms still say `unwrap_or_default` or `saturating_…`: for what is absent by rule, for room
/// in memory, and in code that is older than this list. The numbers only fall.
const ZEROS: [(&str, usize); 13] = [
    ("book/outcome.rs", 1),
    // The open amount, which is in range because its figures are.
    ("document/figures.rs", 1),
    // The items of an application: a range of the list beside it.
    ("document/settlement.rs", 1),
    // A version that settled nothing has no entries.
    ("document/store/mod.rs", 1),
    ("settle/guard/effective_dates.rs", 1),
    ("settle/operations/payment.rs", 1),
    ("settle/plan/capacity.rs", 6),
    ("settle/plan/credit_all.rs", 1),
    ("settle/plan/pairing.rs", 2),
    ("settle/plan/source_item.rs", 8),
    ("settle/plan/spreader.rs", 5),
    ("settle/plan/tax.rs", 2),
    // What a command does not name takes no room.
    ("settle/room.rs", 3),
];

/// The most lines of a function in `src/`.
const FUNCTION_LINES: usize = 70;

/// The functions that are longer today. The list only shrinks.
const LONG_FUNCTIONS: &[(&str, &[&str])] = &[];

/// Turns of phrase that `docs/internals/STYLE.md` forbids, and how often they may still occur. The numbers only fall.
const TURNS: [(&str, usize); 10] = [
    ("what became of", 0),
    ("so many", 0),
    ("such a", 0),
    ("such an", 0),
    ("but for", 0),
    ("answers with", 0),
    ("answers `none`", 0),
    ("whatever it is", 0),
    ("the begin", 0),
    ("left out:", 0),
];

/// How much of a list or number may be out of date: several changes can be under way.
const SLACK: usize = 10;

struct Source {
    /// From the root of the repository, with slashes.
    path: String,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder whose names end with one of `endings`.
fn sources(folder: &str, endings: &[&str]) -> Vec<Source> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files)
            } else {
                files.push(path)
            }
        }
    }
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    let path = |file: &Path| {
        file.strip_prefix(root())
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    let is_wanted = |path: &String| endings.iter().any(|ending| path.ends_with(ending));
    let paths = files.iter().map(|file| path(file)).filter(is_wanted);
    let found: Vec<_> = paths
        .map(|path| Source {
            text: fs::read_to_string(root().join(&path)).unwrap(),
            path,
        })
        .collect();
    assert!(!found.is_empty(), "nothing to check in {folder}");
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// Panics with all problems, each with its file and line.
fn assert_none(problems: impl Iterator<Item = String>) {
    let problems: Vec<_> = problems.collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Panics once [`SLACK`] entries of a list are not needed any more.
fn assert_few(stale: Vec<String>) {
    let is_fresh = stale.len() < SLACK;
    assert!(is_fresh, "\ntake out:\n{}\n", stale.join("\n"));
}

/// The lines of `sources` in which `find` sees a problem.
fn problems<'a, P: std::fmt::Display>(
    sources: &'a [Source],
    find: impl Fn(&'a Source, &'a str) -> Option<P>,
) -> impl Iterator<Item = String> {
    sources.iter().flat_map(move |source| {
        let lines = source.text.lines().enumerate();
        let found = lines.filter_map(|(place, line)| Some((place + 1, find(source, line)?)));
        found
            .map(|(line, problem)| format!("{}:{line}: {problem}", source.path))
            .collect::<Vec<_>>()
    })
}

const fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// What follows each occurrence of `word` as a whole word.
fn after_word<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(word).filter_map(move |(start, _)| {
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        (!before.ends_with(is_word) && !after.starts_with(is_word)).then_some(after)
    })
}

fn has_word(text: &str, word: &str) -> bool {
    after_word(text, word).next().is_some()
}

/// The room that a source file belongs to; none for the crate's root.
fn room(path: &str) -> Option<&str> {
    let path = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let room = path.split('/').next()?;
    (room != "lib").then_some(room)
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// The rooms that a text names after `crate::`, alone or in braces.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let first_word = |path: &str| {
        path.trim_start()
            .chars()
            .take_while(|&character| is_word(character))
            .collect()
    };
    let mut names = BTreeSet::<String>::new();
    for after in after_word(text, "crate").filter_map(|after| after.strip_prefix("::")) {
        let Some(group) = after.strip_prefix('{') else {
            names.insert(first_word(after));
            continue;
        };
        // The entries of the outermost braces.
        let mut depth = 0_usize;
        let mut start = true;
        for (place, character) in group.char_indices() {
            match character {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ if start && is_word(character) => {
                    names.insert(first_word(&group[place..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    let passed_on = |name: String| {
        REEXPORTS
            .iter()
            .find(|(item, _)| *item == name)
            .map_or(name, |(_, room)| (*room).into())
    };
    names.into_iter().map(passed_on).collect()
}

#[test]
fn the_rooms_a_text_names_are_found() {
    let text = "use crate::money::{Amount, text};\nuse crate::{Book, settle::{Command, Rule}, bytes};\n\
                /// [plan](crate::wire::view) and subcrate::query and crate::order::sort_by()";
    let found = rooms_named(text);
    assert_eq!(
        found.iter().collect::<Vec<_>>(),
        ["book", "bytes", "money", "order", "settle", "wire"]
    );
}

#[test]
fn a_layer_knows_only_those_before_it() {
    let sources = sources("src", &[".rs"]);
    let check = |source: &Source| {
        let room = room(&source.path)?.to_owned();
        let own =
            layer(&room).unwrap_or_else(|| panic!("{}: `{room}` is in no layer", source.path));
        let known = rooms_named(&source.text)
            .into_iter()
            .filter(|named| *named != room);
        let beyond = known
            .filter(|named| layer(named).is_none_or(|layer| layer >= own))
            .collect::<Vec<_>>();
        let problem = format!(
            "{}: `{room}` must not know {}",
            source.path,
            beyond.join(", ")
        );
        (!beyond.is_empty()).then_some(problem)
    };
    assert_none(sources.iter().filter_map(check));
    // A way around `crate::`.
    assert_none(problems(&sources, |_, line| {
        line.contains("super::super")
            .then_some("says `super::super`")
    }));
}

#[test]
fn only_some_rooms_know_other_crates() {
    let sources = sources("src", &[".rs"]);
    assert_none(problems(&sources, |source, line| {
        let room = room(&source.path)?;
        let uses = |guest: &str| after_word(line, guest).any(|after| after.starts_with("::"));
        let (guest, _) = GUESTS
            .iter()
            .find(|(guest, rooms)| uses(guest) && !rooms.contains(&room))?;
        Some(format!("`{room}` must not know {guest}"))
    }));
}

#[test]
fn there_are_no_floats() {
    let sources = sources("src", &[".rs"]);
    assert_none(problems(&sources, |_, line| {
        ["f32", "f64"]
            .into_iter()
            .find(|float| has_word(line, float))
    }));
}

/// What reads a field of a request, or a rule about one.
const FIELD_CALLS: [&str; 8] = [
    "has", "missing", "refused", "either", "none_of", "optional", "required", "field",
];

#[test]
fn fields_of_requests_are_named_by_their_tables() {
    let sources = sources("src/wire", &[".rs"]);
    assert_none(problems(&sources, |_, line| {
        // What is written has no table.
        let is_read = !line.contains("json.");
        let call = FIELD_CALLS.into_iter().find(|call| {
            let starts = ["(\"", "(&[\""].map(|start| format!(".{call}{start}"));
            starts.iter().any(|start| line.contains(start.as_str()))
        });
        call.filter(|_| is_read)
            .map(|call| format!("`{call}` of a name that no table has"))
    }));
}

#[test]
fn lines_have_at_most_120_columns() {
    let folders = [
        ("src", &[".rs", ".js"][..]),
        ("scripts", &[".mjs"]),
        ("www", &[".js", ".jsx", ".html", ".css"]),
        ("tests", &[".rs", ".mjs", ".txt"]),
    ];
    let sources: Vec<_> = folders
        .iter()
        .flat_map(|(folder, endings)| sources(folder, endings))
        .collect();
    assert_none(problems(&sources, |source, line| {
        // A catalogue has a sentence a line, as it is. Of a scenario, an address and a row of a table are not cut.
        let is_whole = line.starts_with("source: https://") || line.starts_with('>');
        let is_catalogue = source.path.starts_with("src/js/locale/")
            || source.path.starts_with("tests/scenarios/") && is_whole;
        let columns = line.chars().count();
        (columns > 120 && !is_catalogue).then(|| format!("{columns} columns"))
    }));
}

/// The names that a file gives to hash maps and sets.
fn hashed(text: &str) -> BTreeSet<&str> {
    let names = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("use "))
        .flat_map(|line| {
            ["FxHashMap", "FxHashSet"]
                .into_iter()
                .filter_map(move |container| {
                    let (before, _) = line.split_once(container)?;
                    // `name: FxHashMap<…>`, or `let mut name = FxHashMap::default()`.
                    before
                        .split(|character| !is_word(character))
                        .rfind(|word| !word.is_empty())
                })
        });
    names.collect()
}

#[test]
fn hash_maps_are_never_iterated() {
    const ITERATING: [&str; 11] = [
        "iter",
        "iter_mut",
        "keys",
        "values",
        "values_mut",
        "into_iter",
        "into_keys",
        "into_values",
        "drain",
        "retain",
        "extract_if",
    ];
    let sources = sources("src", &[".rs"]);
    assert!(
        sources
            .iter()
            .any(|source| !hashed(&source.text).is_empty()),
        "the check finds what it is about"
    );
    assert_none(problems(&sources, |source, line| {
        let names = hashed(&source.text);
        let iterates = |name: &&str| {
            let called = |after: &str| {
                let method: String = after
                    .strip_prefix('.')?
                    .chars()
                    .take_while(|&c| is_word(c))
                    .collect();
                ITERATING.contains(&method.as_str()).then_some(())
            };
            let looped = ["in ", "in &", "in self.", "in &self.", "in &mut self."];
            after_word(line, name).any(|after| called(after).is_some())
                || looped
                    .iter()
                    .any(|looped| has_word(line, &format!("{looped}{name} {{")))
        };
        let random = ["HashMap", "HashSet"]
            .into_iter()
            .find(|container| has_word(line, container));
        let iterated = names
            .iter()
            .find(|name| iterates(name))
            .map(|name| format!("iterates over `{name}`"));
        random
            .map(|container| format!("a {container} has a random order"))
            .or(iterated)
    }));
}

#[test]
fn the_error_codes_are_those_of_the_types() {
    let types = read("src/wire/types/errors.d.ts");
    let (_, union) = types.split_once("export type ErrorCode =").unwrap();
    let (union, _) = union.split_once(';').unwrap();
    let listed: Vec<_> = union
        .split('|')
        .map(|code| code.trim().trim_matches('"'))
        .filter(|code| !code.is_empty())
        .collect();
    let all: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(listed, all);
}

#[test]
fn every_error_code_is_met() {
    let vectors = read("tests/golden/errors.json");
    let expected: BTreeSet<_> = vectors
        .split("\"code\":")
        .skip(1)
        .filter_map(|after| after.split('"').nth(1))
        .collect();
    let missing: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !expected.contains(code) && !NOT_IN_VECTORS.contains(code))
        .collect();
    assert!(
        missing.is_empty(),
        "tests/golden/errors.json does not meet {missing:?}"
    );
    // The others are named by some other test.
    let tests = sources("tests", &[".rs", ".mjs", ".json"]);
    let own = format!("tests/{}.rs", module_path!());
    let others: String = tests
        .iter()
        .filter(|test| test.path != own)
        .map(|test| &*test.text)
        .collect();
    for code in NOT_IN_VECTORS {
        let variant: String = code[..1].to_uppercase() + &code[1..];
        assert!(
            has_word(&others, code) || has_word(&others, &variant),
            "no test meets {code}"
        );
    }
}

/// Names of hosts from which packages come, in pieces, so that this file does not hold them either.
const REGISTRIES: [&[&str]; 10] = [
    &["registry", "npmjs", "org"],
    &["registry", "yarnpkg", "com"],
    &["index", "crates", "io"],
    &["static", "crates", "io"],
    &["deb", "debian", "org"],
    &["security", "debian", "org"],
    &["archive", "ubuntu", "com"],
    &["unpkg", "com"],
    &["jsdelivr", "net"],
    &["pypi", "org"],
];

/// Any mirror must do: no file says where packages come from but the lock files of cargo, which name its index as such.
#[test]
fn no_file_names_a_registry() {
    let git = Command::new("git")
        .args([
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            "-z",
        ])
        .current_dir(root())
        .output()
        .expect("git lists the files of the repository");
    assert!(
        git.status.success(),
        "{}",
        String::from_utf8_lossy(&git.stderr)
    );
    let paths = String::from_utf8(git.stdout).unwrap();
    let read = |path: &str| {
        fs::read_to_string(root().join(path))
            .ok()
            .map(|text| Source {
                path: path.to_owned(),
                text,
            })
    };
    let files: Vec<_> = paths.split_terminator('\0').filter_map(read).collect();
    assert!(files.len() > 50);
    let hosts = REGISTRIES.map(|pieces| pieces.join("."));
    assert_none(problems(&files, |_, line| {
        hosts.iter().find(|host| line.contains(host.as_str()))
    }));
    assert_none(problems(&files, |source, line| {
        let line = line.trim();
        match source.path.rsplit('/').next()? {
            "Cargo.lock" => (line.starts_with("source = ")
                && !line.ends_with("/rust-lang/crates.io-index\""))
            .then_some(line),
            // A workspace is a folder here.
            "package-lock.json" => {
                (line.starts_with("\"resolved\"") && line.contains("://")).then_some(line)
            }
            ".npmrc" => line.starts_with("registry").then_some(line),
            _ => None,
        }
    }));
}

/// The functions of a file outside its tests: name and number of lines. As rustfmt writes them, a function ends at the
/// first brace below its first letter.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let code = text
        .split("\n#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let lines: Vec<_> = code.lines().collect();

    let mut functions = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let end = format!("{indent}}}");
        // A function on one line, or one that a trait only declares.
        let is_short = line.ends_with('}') || line.ends_with(';');
        let length = match lines[start..].iter().position(|line| **line == end) {
            Some(last) if !is_short => last + 1,
            _ => 1,
        };
        functions.push((name, length));
    }
    functions
}

/// The name of the function that a line begins.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = before.split_whitespace();
    let is_declaration = qualifiers.clone().all(|word| {
        word.starts_with("pub") || ["const", "async", "extern", "\"C\""].contains(&word)
    });
    let name = after.split(|letter| !is_word(letter)).next()?;
    (is_declaration && !name.is_empty()).then_some(name)
}

#[test]
fn functions_are_measured() {
    let text = "pub(crate) const fn a() {\n    1\n}\n\n\
                impl B {\n    fn c(\n        d: E,\n    ) {\n    }\n\n    fn f() {}\n}\n\
                // a fn of text\n#[cfg(test)]\nmod tests {\n    fn g() {\n    }\n}\n";
    assert_eq!(functions(text), [("a", 3), ("c", 4), ("f", 1)]);
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    let mut stale = Vec::new();
    for source in sources("src", &[".rs"]) {
        let known = LONG_FUNCTIONS
            .iter()
            .find(|(path, _)| source.path == format!("src/{path}"));
        let known = known.map_or(&[][..], |(_, names)| *names);

        let long: BTreeSet<_> = functions(&source.text)
            .into_iter()
            .filter(|(_, lines)| *lines > FUNCTION_LINES)
            .map(|(name, _)| name)
            .collect();
        for name in long.iter().filter(|name| !known.contains(name)) {
            problems.push(format!("{}: `{name}` is too long", source.path));
        }
        for name in known.iter().filter(|name| !long.contains(*name)) {
            stale.push(format!("{}: `{name}` is short now", source.path));
        }
    }
    assert_none(problems.into_iter());
    assert_few(stale);
}

#[test]
fn what_cannot_happen_is_not_made_a_zero() {
    let mut problems = Vec::new();
    let mut stale = Vec::new();
    for source in sources("src", &[".rs"]) {
        let path = source.path.trim_start_matches("src/");
        if !HONEST_ROOMS.iter().any(|room| path.starts_with(room)) {
            continue;
        }
        let code = source.text.split("\n#[cfg(test)]\nmod ").next();
        let code = code.unwrap_or_default();
        let found: usize = ["unwrap_or_default(", "saturating_"]
            .iter()
            .map(|zero| code.matches(zero).count())
            .sum();

        let known = ZEROS.iter().find(|(known, _)| *known == path);
        let known = known.map_or(0, |(_, count)| *count);
        if found > known {
            problems.push(format!("src/{path}: {found} zeros, more than {known}"));
        }
        if found < known {
            stale.push(format!("src/{path}: {found} zeros now"));
        }
    }
    assert_none(problems.into_iter());
    assert_few(stale);
}

/// A text as one line in lower case, without the signs of comments.
fn prose(text: &str) -> String {
    let signs = |letter: char| letter.is_whitespace() || "/!*".contains(letter);
    let lines: Vec<_> = text.lines().map(|line| line.trim_matches(signs)).collect();
    lines.join(" ").to_lowercase()
}

#[test]
fn prose_is_plain() {
    let mut all = sources("src", &[".rs", ".js", ".ts"]);
    all.extend(sources("docs", &[".md"]));
    for path in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        all.push(Source {
            path: path.to_owned(),
            text: read(path),
        });
    }
    // The page that lists them.
    all.retain(|source| source.path != "docs/internals/STYLE.md");
    let texts: Vec<_> = all.iter().map(|source| prose(&source.text)).collect();

    let check = |(turn, known): (&str, usize)| {
        let found: usize = texts.iter().map(|text| occurrences(text, turn)).sum();
        if found > known {
            return Some(format!(
                "\"{turn}\" occurs {found} times, more than {known}"
            ));
        }
        let is_stale = found + SLACK <= known;
        is_stale.then(|| format!("\"{turn}\" occurs {found} times now: lower the number"))
    };
    assert_none(TURNS.into_iter().filter_map(check));
}

/// How often whole words occur in a text.
fn occurrences(text: &str, words: &str) -> usize {
    after_word(text, words).count()
}

/// The pages of rules.
const RULES: [&str; 3] = ["settlement", "proration", "allocation"];

/// The anchor of a heading, as Git hosts make it.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => Some(letter.to_ascii_lowercase()).filter(char::is_ascii_alphanumeric),
    });
    kept.collect()
}

/// The rules of all pages, as citations name them: `settlement.md#undo`.
fn rules() -> BTreeSet<String> {
    let mut rules = BTreeSet::new();
    for page in RULES {
        let text = read(&format!("docs/rules/{page}.md"));
        let headings = text.lines().filter_map(|line| line.strip_prefix("### "));
        rules.extend(headings.map(|heading| format!("{page}.md#{}", anchor(heading))));
    }
    rules
}

/// The rules that a text cites.
fn cited(text: &str) -> BTreeSet<String> {
    let is_of_anchor = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let mut cited = BTreeSet::new();
    for page in RULES {
        let page = format!("{page}.md#");
        for (_, rest) in text
            .match_indices(&page)
            .map(|(at, _)| text.split_at(at + page.len()))
        {
            let end = rest
                .find(|letter| !is_of_anchor(letter))
                .unwrap_or(rest.len());
            cited.insert(format!("{page}{}", &rest[..end]));
        }
    }
    cited
}

#[test]
fn every_citation_has_its_rule_and_every_rule_its_citation() {
    let folders = ["src", "tests", "scripts", "benches"];
    let endings = ["rs", "mjs", "js", "json", "ts", "txt"];
    let texts = folders.iter().flat_map(|folder| sources(folder, &endings));
    let mut all = BTreeSet::new();
    let rules = rules();
    let mut unknown = Vec::new();
    for source in texts.filter(|source| source.path != "tests/tidy.rs") {
        let cited = cited(&source.text);
        let strange = cited.difference(&rules);
        unknown.extend(strange.map(|rule| format!("{}: there is no rule {rule}", source.path)));
        all.extend(cited);
    }
    let uncited = rules.difference(&all);
    assert_none(
        unknown
            .into_iter()
            .chain(uncited.map(|rule| format!("nothing cites docs/rules/{rule}"))),
    );
}

#[test]
fn the_examples_of_rules_exist() {
    let scenarios: String = sources("tests/scenarios", &["txt"])
        .iter()
        .map(|source| source.text.as_str())
        .collect();
    let mut missing = Vec::new();
    for page in RULES {
        for line in read(&format!("docs/rules/{page}.md")).lines() {
            let Some(example) = line.strip_prefix("- Example: ") else {
                continue;
            };
            let is_there = match (example.split('"').nth(1), example.split('`').nth(1)) {
                (Some(name), _) => scenarios.contains(&format!("scenario: {name}\n")),
                (None, Some(file)) => root().join(file).is_file(),
                (None, None) => false,
            };
            if !is_there {
                missing.push(format!("docs/rules/{page}.md: {example}"));
            }
        }
    }
    assert_none(missing.into_iter());
}

/// The types that a file declares, also those of the macros that declare closed sets of words.
fn declared_types(text: &str) -> BTreeSet<&str> {
    let code = text
        .split("\n#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default();
    let mut types = BTreeSet::new();
    let mut in_macro = false;

    for line in code.lines() {
        in_macro = (in_macro || line.ends_with("! {")) && line != "}";
        let declared = ["struct ", "enum ", "trait ", "type "]
            .into_iter()
            .find_map(|keyword| {
                let (before, after) = line.split_once(keyword)?;
                // What a trait demands is no type of ours.
                let is_own = before.is_empty() || before.starts_with("pub");
                is_own.then_some(after)
            });
        let word = line
            .strip_prefix("    ")
            .filter(|line| in_macro && line.ends_with(" {"));
        let name = declared.or(word).unwrap_or_default();
        let name = name
            .split(|letter| !is_word(letter))
            .next()
            .unwrap_or_default();
        if name.starts_with(char::is_uppercase) {
            types.insert(name);
        }
    }
    types
}

/// The names in a column of the tables of the glossary before its rename plan, without their paths.
fn glossary_names(column: usize) -> Vec<String> {
    let glossary = read("docs/concepts/glossary.md");
    let (terms, _) = glossary.split_once("## Rename plan").unwrap();
    let cells = terms.lines().filter(|line| line.starts_with('|'));

    let quoted = cells.flat_map(|line| {
        let cell = line.split('|').nth(column).unwrap_or_default();
        cell.split('`').skip(1).step_by(2)
    });
    quoted
        .flat_map(|quoted| quoted.split(|letter| !is_word(letter)))
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_names_of_the_glossary_exist() {
    let rust: Vec<_> = sources("src", &[".rs"])
        .into_iter()
        .map(|source| source.text)
        .collect();
    let types: Vec<_> = sources("src/wire/types", &[".ts"])
        .into_iter()
        .map(|source| source.text)
        .collect();

    for (column, texts) in [(3, &rust[..]), (4, &types)] {
        let names = glossary_names(column);
        assert!(names.len() > 40, "the tables are read");
        assert_none(names.into_iter().filter_map(|name| {
            let is_there = texts.iter().any(|text| has_word(text, &name));
            (!is_there).then(|| format!("docs/concepts/glossary.md: there is no `{name}`"))
        }));
    }
}

/// Each name that stands for several types, and in which file of `src/`.
fn overloaded_types() -> BTreeSet<(String, String)> {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources("src", &[".rs"]) {
        for name in declared_types(&source.text) {
            let path = source.path.trim_start_matches("src/").to_owned();
            files.entry(name.to_owned()).or_default().insert(path);
        }
    }
    files.retain(|_, paths| paths.len() > 1);

    files
        .into_iter()
        .flat_map(|(name, paths)| paths.into_iter().map(move |path| (name.clone(), path)))
        .collect()
}

#[test]
fn a_type_name_stands_for_one_type() {
    let overloaded = overloaded_types().into_iter();
    assert_none(
        overloaded.map(|(name, path)| format!("src/{path}: `{name}` is another type elsewhere")),
    );
}
