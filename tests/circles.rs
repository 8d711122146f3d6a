//! No files of the engine import each other in a circle: who reads one reads only what lies below it.
//!
//! A `mod.rs` is the face of its folder and passes names on, so it is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module by its path in the crate, such as `["settle", "plan", "tax"]`.
type Module = Vec<String>;

/// The modules below a folder, with their texts and whether each is the face of a folder.
fn modules(folder: &Path, path: &Module, found: &mut BTreeMap<Module, (String, bool)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let inner = [path.clone(), vec![name.clone()]].concat();
        if file.is_dir() {
            modules(&file, &inner, found);
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            let is_face = matches!(&*name, "mod" | "lib");
            let module = if is_face { path.clone() } else { inner };
            found.insert(module, (fs::read_to_string(&file).unwrap(), is_face));
        }
    }
}

/// The paths of a `use`, with its braces multiplied out.
fn paths(tree: &str) -> Vec<String> {
    let Some((head, group)) = tree.split_once('{') else {
        return vec![tree.trim().to_owned()];
    };
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let mut paths_of_entries = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (place, character) in group.char_indices().chain([(group.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let entry = group[start..place].trim();
                if !entry.is_empty() {
                    paths_of_entries.extend(paths(&format!("{}{entry}", head.trim())));
                }
                start = place + 1;
            }
            _ => {}
        }
    }
    paths_of_entries
}

/// The modules whose names a module imports. Tests within the file may know anything.
fn imports(module: &Module, text: &str, known: &BTreeSet<Module>) -> BTreeSet<Module> {
    let code = text
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let code = code.collect::<Vec<_>>().join("\n");

    let mut imported = BTreeSet::new();
    for (place, _) in code.match_indices("use ") {
        let is_word = code[..place].ends_with(|character: char| !character.is_whitespace());
        let tree = code[place + 4..].split(';').next().unwrap_or_default();
        if is_word {
            continue;
        }
        for path in paths(tree) {
            let mut names: Vec<_> = path
                .split("::")
                .map(|name| name.trim().to_owned())
                .collect();
            let base = match &*names[0] {
                "crate" => Vec::new(),
                "super" => module[..module.len() - 1].to_vec(),
                "self" => module.clone(),
                _ => continue,
            };
            let full = [base, names.split_off(1)].concat();
            let lengths = (1..=full.len()).rev();
            let mut prefixes = lengths.map(|length| full[..length].to_vec());
            imported.extend(prefixes.find(|prefix| known.contains(prefix)));
        }
    }
    imported.remove(module);
    imported
}

/// The modules that can be reached from one.
fn reached(from: &Module, graph: &BTreeMap<Module, BTreeSet<Module>>) -> BTreeSet<Module> {
    let mut found = BTreeSet::new();
    let mut next: Vec<_> = graph[from].iter().collect();
    while let Some(module) = next.pop() {
        if let Some(imported) = graph.get(module)
            && found.insert(module.clone())
        {
            next.extend(imported);
        }
    }
    found
}

fn circles(files: &BTreeMap<Module, (String, bool)>) -> Vec<String> {
    let known: BTreeSet<_> = files.keys().cloned().collect();
    let graph: BTreeMap<_, _> = files
        .iter()
        .filter(|(_, (_, is_face))| !is_face)
        .map(|(module, (text, _))| (module.clone(), imports(module, text, &known)))
        .collect();
    let in_circle = graph.keys().filter(|of| reached(of, &graph).contains(*of));
    in_circle.map(|module| module.join("/")).collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut files = BTreeMap::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    modules(&source, &Vec::new(), &mut files);

    assert!(files.len() > 200);
    assert_eq!(circles(&files), Vec::<String>::new());
}

#[test]
fn a_circle_is_found_in_every_form_of_import() {
    let name = |path: &str| path.split('/').map(str::to_owned).collect::<Module>();
    let circle = |other: &str| {
        let files = BTreeMap::from([
            (name("a"), (other.to_owned(), false)),
            (name("b/c"), ("use crate::a::One;".to_owned(), false)),
            (name("b"), (String::new(), true)),
        ]);
        circles(&files)
    };

    let found = ["a".to_owned(), "b/c".to_owned()];
    assert_eq!(circle("use crate::b::c::Two;"), found);
    assert_eq!(circle("use crate::{d, b::{c::{self, Two}, e}};"), found);
    assert_eq!(circle("use super::b::c;"), found);
    assert_eq!(circle("/// use crate::b::c;\nuse crate::b::Two;"), [""; 0]);
    assert_eq!(
        circle("#[cfg(test)]\nmod tests {\nuse crate::b::c;"),
        [""; 0]
    );
}
