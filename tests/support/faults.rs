//! What can be wrong with a command, as a table, and every way in which two of its rows can be wrong together.
//!
//! A table has a command that is right and its faults in the order of their codes. A fault is a change of the command,
//! or something that was done to the book before, or both. Faults that write the same field exclude each other; which
//! others do, the table says, and why.

use super::support::host::Host;
use serde_json::Value;
use setoff::Code;

/// One thing that is wrong with a command.
#[derive(Clone, Debug)]
pub struct Fault {
    code: Code,
    /// What is done to the book before the command.
    before: Vec<Value>,
    /// The fields of the command that are other than they should be; without a value, they are absent.
    fields: Vec<(&'static str, Option<Value>)>,
}

/// A field of the command is wrong, by its JSON pointer. One that ends with `/-` adds to a list.
pub fn field(code: Code, field: &'static str, value: Value) -> Fault {
    fields(code, [(field, value)])
}

/// Several fields of the command are wrong together.
pub fn fields<const N: usize>(code: Code, fields: [(&'static str, Value); N]) -> Fault {
    let fields = fields.into_iter();
    Fault {
        code,
        before: Vec::new(),
        fields: fields.map(|(field, value)| (field, Some(value))).collect(),
    }
}

/// The command lacks a field.
pub fn lacks(code: Code, field: &'static str) -> Fault {
    Fault {
        code,
        before: Vec::new(),
        fields: vec![(field, None)],
    }
}

/// The book is in a state that does not allow the command.
pub fn after<const N: usize>(code: Code, before: [Value; N]) -> Fault {
    Fault {
        code,
        before: before.into(),
        fields: Vec::new(),
    }
}

impl Fault {
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Puts what is added to a list into a field of an entry.
    pub fn nest(&mut self, list: &str, name: &str) {
        for (field, value) in &mut self.fields {
            if *field == list {
                let inner = value.take();
                *value = inner.map(|inner| serde_json::json!({ name: inner }));
            }
        }
    }

    /// Does to the book what this fault takes, and says whether it could be done.
    fn prepare(&self, host: &mut Host) -> bool {
        let mut before = self.before.iter();
        before.all(|command| host.execute(command).is_ok())
    }

    fn spoil(&self, command: &mut Value) {
        for (field, value) in &self.fields {
            let (of, name) = field.rsplit_once('/').expect("a pointer");
            let of = command.pointer_mut(of);
            let of = of.unwrap_or_else(|| panic!("the command has no {field}"));
            match (of, value) {
                (Value::Array(list), Some(value)) if name == "-" => list.push(value.clone()),
                (Value::Object(fields), Some(value)) => {
                    fields.insert(name.to_owned(), value.clone());
                }
                (Value::Object(fields), None) => drop(fields.remove(name)),
                _ => panic!("{field} cannot be set"),
            }
        }
    }

    /// Whether both write one field.
    fn shares_a_field_with(&self, other: &Fault) -> bool {
        self.fields.iter().any(|(field, _)| {
            let is_same = |(other, _): &(&str, _)| field == other;
            !field.ends_with("/-") && other.fields.iter().any(is_same)
        })
    }
}

/// A command that is right, and all that can be wrong with it.
pub struct Table {
    pub host: Host,
    pub command: Value,
    /// In the order of their codes.
    pub faults: Vec<Fault>,
    /// Pairs of codes whose faults cannot be there at once, and why.
    pub apart: &'static [(Code, Code, &'static str)],
}

/// The refusal of a command: its code, its reason, and the field without the places in lists.
type Refusal = (Code, &'static str, String);

impl Table {
    /// Tries the command as it is, with each fault, with each pair of faults in either order, and with as many faults
    /// at once as can be, from each of them on.
    pub fn check(&self) {
        let name = &self.command["type"];
        let right = self.refusal(&[]).expect("nothing is done to the book");
        assert_eq!(right, None, "{name} is right");
        assert!(
            self.faults.is_sorted_by_key(|fault| fault.code),
            "{name} has its faults in the order of their codes"
        );

        let alone: Vec<_> = self.faults.iter().map(|fault| self.alone(fault)).collect();
        for (place, first) in self.faults.iter().enumerate() {
            for second in &self.faults[place + 1..] {
                self.check_pair(first, second, &alone[place]);
            }
            self.check_many(place, &alone[place]);
        }
        for (first, second, why) in self.apart {
            let excludes = |one: &Fault, other: &Fault| {
                (one.code, other.code) == (*first, *second) && !one.shares_a_field_with(other)
            };
            let mut pairs = self.faults.iter().enumerate();
            let is_needed = pairs.any(|(place, one)| {
                let mut later = self.faults[place + 1..].iter();
                later.any(|other| excludes(one, other) && !self.wins(one, other, &alone[place]))
            });
            assert!(
                is_needed,
                "{name}: {first:?} and {second:?} are not apart ({why})"
            );
        }
    }

    /// What the command is refused for with these faults; `None` if the book cannot be brought to that.
    fn refusal(&self, faults: &[&Fault]) -> Option<Option<Refusal>> {
        let mut host = self.host.clone();
        if !faults.iter().all(|fault| fault.prepare(&mut host)) {
            return None;
        }
        let mut command = self.command.clone();
        faults.iter().for_each(|fault| fault.spoil(&mut command));
        let before = host.book.hash();
        let refusal = host.execute(&command).err();
        assert!(refusal.is_none() || host.book.hash() == before, "{command}");
        Some(refusal.map(|error| {
            let reason = error.reason().name();
            let path = error.path();
            let path = path.chars().filter(|letter| !letter.is_ascii_digit());
            (error.code(), reason, path.collect())
        }))
    }

    fn alone(&self, fault: &Fault) -> Refusal {
        let refusal = self
            .refusal(&[fault])
            .expect("the book can be brought to that");
        let refusal = refusal.unwrap_or_else(|| panic!("{fault:?} is accepted"));
        assert_eq!(refusal.0, fault.code, "{fault:?} at {}", refusal.2);
        refusal
    }

    fn are_apart(&self, one: &Fault, other: &Fault) -> bool {
        let codes = (one.code.min(other.code), one.code.max(other.code));
        let mut apart = self.apart.iter();
        one.shares_a_field_with(other) || apart.any(|(a, b, _)| (*a, *b) == codes)
    }

    /// Whether the command is refused for the first of two faults, with the same words as if it were alone.
    fn wins(&self, first: &Fault, second: &Fault, alone: &Refusal) -> bool {
        let both = [
            self.refusal(&[first, second]),
            self.refusal(&[second, first]),
        ];
        let mut both = both.into_iter().flatten().peekable();
        both.peek().is_some() && both.all(|refusal| is_for(refusal.as_ref(), first, second, alone))
    }

    fn check_pair(&self, first: &Fault, second: &Fault, alone: &Refusal) {
        if self.are_apart(first, second) || self.wins(first, second, alone) {
            return;
        }
        panic!(
            "{:?} and {:?} of {}: {:?} and {:?}, not {alone:?}\n{first:?}\n{second:?}",
            first.code,
            second.code,
            self.command["type"],
            self.refusal(&[first, second]),
            self.refusal(&[second, first]),
        );
    }

    /// Tries the fault at `place` with all later ones that can be there with it and with each other.
    fn check_many(&self, place: usize, alone: &Refusal) {
        let mut many: Vec<&Fault> = Vec::new();
        for fault in &self.faults[place..] {
            let fits = many.iter().all(|other| !self.are_apart(fault, other));
            let with = [&many[..], &[fault]].concat();
            if fits && self.refusal(&with).is_some() {
                many = with;
            }
        }
        let refusal = self.refusal(&many).expect("it was tried");
        let second = many.get(1).copied().unwrap_or(many[0]);
        assert!(
            is_for(refusal.as_ref(), many[0], second, alone),
            "{refusal:?}, not {alone:?}, of {many:?}"
        );
    }
}

/// Whether a refusal is that of the first of two faults. Of two amounts that cannot be read, the first in the command
/// decides; of two faults with one code, either can be named.
fn is_for(refusal: Option<&Refusal>, first: &Fault, second: &Fault, alone: &Refusal) -> bool {
    let unreadable = Code::TooManyDecimals..=Code::OffIncrement;
    refusal.is_some_and(|refusal| {
        if unreadable.contains(&first.code) && unreadable.contains(&second.code) {
            return unreadable.contains(&refusal.0);
        }
        if first.code == second.code {
            return refusal.0 == first.code;
        }
        refusal == alone
    })
}
