//! The numbers and lists that both halves of the boundary know: how a request is written (`value`),
//! how columns are laid out ([`columns`](super::columns)), and how a split is ([`allocate`](super::allocate)).
//!
//! They are stated here. A test writes `src/js/contract.js` from them, and the committed file must equal it.

#[cfg(feature = "book")]
use crate::document::{DocumentIndex, Kind, Rule};

/// The byte before each kind of value of a request.
pub(super) mod tag {
    pub(in crate::wire) const NULL: u8 = 0;
    pub(in crate::wire) const FALSE: u8 = 1;
    pub(in crate::wire) const TRUE: u8 = 2;
    pub(in crate::wire) const WHOLE: u8 = 3;
    pub(in crate::wire) const TEXT: u8 = 4;
    pub(in crate::wire) const LIST: u8 = 5;
    pub(in crate::wire) const OBJECT: u8 = 6;
    pub(in crate::wire) const NUMBER: u8 = 7;
    pub(in crate::wire) const FOREIGN: u8 = 8;
}

/// The deepest nesting of a request.
pub(super) const DEPTH: u32 = 32;

/// How many names are written as their number when they come again: as many as a byte can hold.
pub(super) const NAMES: usize = 63;

/// The words of columns before the first row.
pub const HEAD: usize = 5;

/// In the first word of columns: an item takes [`NARROW_ITEM`] words instead of [`ITEM`].
pub const NARROW_ITEMS: u32 = 1;

/// In the first word of columns: a line takes [`NARROW_LINE`] words instead of [`LINE`].
pub const NARROW_LINES: u32 = 2;

/// The words of a settlement.
pub const SETTLEMENT: usize = 2;

/// The words of an application.
pub const APPLICATION: usize = 5;

/// The words of an item.
pub const ITEM: usize = 4;

/// The words of an item whose lines fit 16 bits and whose amount fits 32.
pub const NARROW_ITEM: usize = 2;

/// The words of a document before its lines.
pub const DOCUMENT: usize = 6;

/// The words of a line.
pub const LINE: usize = 5;

/// The words of a line whose amounts fit 32 bits.
pub const NARROW_LINE: usize = 3;

/// The words of a split before its parts.
pub const SPLIT_HEAD: usize = 9;

/// The bit in the number of a document that the command itself creates.
#[cfg(feature = "book")]
pub const CREATED: u32 = DocumentIndex::CREATED;

/// The kinds of documents, by their number in [`names`](super::columns::names).
#[cfg(feature = "book")]
pub const KINDS: &[Kind] = Kind::ALL;

/// The rules, by their number in the row of an application.
#[cfg(feature = "book")]
pub const RULES: &[Rule] = Rule::ALL;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate::{AllZero, FirstPass, Leftover, UnallocatedReason};
    use crate::wire::allocate::FLAGS;
    use std::fmt::Display;
    use std::fs;
    use std::path::Path;

    fn constant(name: &str, value: impl Display) -> String {
        format!("export const {name} = {value};\n")
    }

    fn list(name: &str, words: impl Iterator<Item = &'static str>) -> String {
        const WIDTH: usize = 100;
        let words: Vec<_> = words.map(|word| format!("\"{word}\"")).collect();
        let line = constant(name, format!("[{}]", words.join(", ")));
        if line.trim_end().len() <= WIDTH {
            return line;
        }
        let lines: String = words.iter().map(|word| format!("  {word},\n")).collect();
        constant(name, format!("[\n{lines}]"))
    }

    fn javascript() -> String {
        let tags = [
            ("NULL", tag::NULL),
            ("FALSE", tag::FALSE),
            ("TRUE", tag::TRUE),
            ("WHOLE", tag::WHOLE),
            ("TEXT", tag::TEXT),
            ("LIST", tag::LIST),
            ("OBJECT", tag::OBJECT),
            ("NUMBER", tag::NUMBER),
            ("FOREIGN", tag::FOREIGN),
        ];
        let limits = [
            ("DEPTH", u64::from(DEPTH)),
            ("NAMES", u64::try_from(NAMES).unwrap()),
        ];
        let words = [
            ("HEAD", HEAD),
            ("SETTLEMENT", SETTLEMENT),
            ("APPLICATION", APPLICATION),
            ("ITEM", ITEM),
            ("NARROW_ITEM", NARROW_ITEM),
            ("DOCUMENT", DOCUMENT),
            ("LINE", LINE),
            ("NARROW_LINE", NARROW_LINE),
            ("SPLIT_HEAD", SPLIT_HEAD),
        ];
        let bits = [
            ("NARROW_ITEMS", NARROW_ITEMS),
            ("NARROW_LINES", NARROW_LINES),
            ("CREATED", CREATED),
        ];
        [
            "// What both halves of the boundary know. A test writes it from `src/wire/contract.rs`: change that.\n"
                .to_owned(),
            tags.map(|(name, value)| constant(name, value)).concat(),
            limits.map(|(name, value)| constant(name, value)).concat(),
            words.map(|(name, value)| constant(name, value)).concat(),
            bits.map(|(name, value)| constant(name, value)).concat(),
            list("KINDS", KINDS.iter().map(|kind| kind.as_str())),
            list("RULES", RULES.iter().map(|rule| rule.as_str())),
            list("UNALLOCATED_REASONS", UnallocatedReason::NAMES.iter().copied()),
            list("FIRST_PASSES", FirstPass::NAMES.iter().copied()),
            list("LEFTOVERS", Leftover::NAMES.iter().copied()),
            list("ALL_ZEROS", AllZero::NAMES.iter().copied()),
            list("METHOD_FLAGS", FLAGS.iter().map(|flag| flag.name)),
        ]
        .concat()
    }

    #[test]
    fn javascript_has_the_same_contract() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/js/contract.js");
        let written = javascript();

        let committed = fs::read_to_string(&file).unwrap_or_default();

        if committed != written {
            fs::write(&file, &written).unwrap();
        }
        assert_eq!(
            committed, written,
            "it has been written anew; look at it and commit it"
        );
    }
}
