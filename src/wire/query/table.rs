//! The fields that a query names: those of its kind of rows ([`crate::query`] has a table for each).

use super::condition::{compared, operand};
use crate::error::{Error, NameFigure, NamesFigure, Reason, Result, Site};
use crate::order::sort_by;
use crate::query;
use crate::query::{Condition, Field, FieldType, Op, RowKind, Selector};
use crate::wire::Value;
use crate::wire::fields::{Fields, entries, is_overlong, likeliest, list, text};
use crate::wire::object::{Object, object};
use crate::wire::readers::{Anything, Boolean, OneOf};
use crate::words::closed_set;

object! {
    /// A field that orders rows. `null` comes first.
    export interface SortKey as "SortKey<By extends string = string>" {
        /// The field.
        by: required Anything = "by" as "By",
        /// The direction. Default: `"asc"`.
        direction: defaulted OneOf<Direction> = "dir",
        /// Whether digits in a text count as a number, so that `INV-9` comes before `INV-10`.
        /// Default: for the numbers of documents, the order of the book (`numberOrder`); for other
        /// texts, the order of their UTF-8 bytes.
        natural: optional Boolean = "natural",
    }
}

closed_set! {
    /// In which direction rows are ordered.
    #[derive(Default)]
    Direction {
        /// The least first.
        #[default]
        Ascending = "asc",
        /// The greatest first.
        Descending = "desc",
    }
}

/// The fields that a query can speak of.
#[derive(Clone, Copy)]
pub(super) struct FieldTable {
    pub(super) of: RowKind,
    /// Whether the rows are those of a day.
    pub(super) past: bool,
}

impl FieldTable {
    /// The field of that name, or custom field `customFields.NAME`.
    fn selector(self, name: &str, path: &Site<'_>) -> Result<Selector> {
        let (field, custom) = match name.split_once('.') {
            Some((field, custom)) => (field, Some(custom)),
            None => (name, None),
        };

        let field = self
            .of
            .field(field, self.past)
            .filter(|field| match field.holds {
                FieldType::Custom => custom.is_some(),
                holds => holds.is_comparable() && custom.is_none(),
            });

        let Some(field) = field else {
            return Err(self.unknown(name, is_comparable, "customFields.NAME", path));
        };

        Ok(Selector {
            field,
            custom: custom.map(Into::into),
        })
    }

    /// The refusal of a field that these rows do not have; `custom` is what custom fields are called there.
    #[cold]
    fn unknown(
        self,
        name: &str,
        which: fn(&&Field) -> bool,
        custom: &'static str,
        path: &Site<'_>,
    ) -> Error {
        let fields = self.of.fields(self.past).filter(which);
        let known: Box<[_]> = fields
            .map(|field| match field.holds {
                FieldType::Custom => custom,
                _ => field.name,
            })
            .collect();

        let meant = likeliest(name, &known).map(NameFigure);
        let (name, known) = (name.into(), NamesFigure(known));
        let reason = match meant {
            None => Reason::UnknownRowField { name, known },
            Some(meant) => Reason::MisspeltRowField { name, meant, known },
        };
        Error::of(reason, path)
    }

    /// `Where`.
    pub(super) fn conditions(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (name, value) in Fields::open(value, path)?.all()? {
            // A name of any length may come in; a path is for people.
            let own = if is_overlong(name) {
                *path
            } else {
                path.field(name)
            };

            let by = self.selector(name, &own)?;

            match value {
                Value::Object(_) => compared(by, value, &own, &mut conditions)?,
                _ => {
                    let values = vec![operand(by.field.holds, value, &own)?];
                    conditions.push(Condition {
                        by,
                        op: Op::Is,
                        values,
                    });
                }
            }
        }
        Ok(conditions)
    }

    /// `SortKey`s.
    pub(super) fn sort(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<query::SortKey>> {
        let mut keys: Vec<query::SortKey> = Vec::new();
        for (place, entry) in entries(value, path)?.iter().enumerate() {
            let path = path.entry(place);
            let key = Object::<SortKey>::open(entry, &path)?;
            let by_path = path.field(SortKey::by);
            let by = self.selector(text(key.by()?, &by_path)?, &by_path)?;
            keys.push(query::SortKey {
                by,
                descending: key.direction()? == Direction::Descending,
                natural: key.natural()?,
            });
        }

        match first_repeated(&keys) {
            None => Ok(keys),
            Some((place, key)) => {
                let field = key.by.field.name.into();
                let key = path.entry(place);
                Err(Error::of(
                    Reason::RepeatedRowField { field },
                    &key.field(SortKey::by),
                ))
            }
        }
    }

    /// The fields to be summed.
    pub(super) fn summed(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<&'static Field>> {
        let mut summed: Vec<&'static Field> = Vec::new();
        if entries(value, path)?.is_empty() {
            return Err(Error::of(Reason::NoFieldsToSum {}, path));
        }

        let names = list(value, path, |name, path| text(name, path))?;
        for (index, name) in names.into_iter().enumerate() {
            let path = path.entry(index);
            let field = self.of.field(name, self.past).filter(is_summable);
            let field = field.ok_or_else(|| self.unknown(name, is_summable, "", &path))?;

            if has_field(&summed, field) {
                let field = name.into();
                return Err(Error::of(Reason::RepeatedRowField { field }, &path));
            }

            summed.push(field);
        }
        Ok(summed)
    }

    /// The fields of a projection; `*` is those that rows show by themselves.
    pub(super) fn shown(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<&'static Field>> {
        let mut shown: Vec<&'static Field> = Vec::new();
        let names = list(value, path, |name, path| text(name, path))?;
        for (index, name) in names.into_iter().enumerate() {
            let path = path.entry(index);
            let named = self.shown_by(name, &path)?;

            if named.iter().any(|field| has_field(&shown, field)) {
                let field = name.into();
                return Err(Error::of(Reason::RepeatedRowField { field }, &path));
            }

            shown.extend(named);
        }
        Ok(shown)
    }

    /// The fields for which a name of a projection stands.
    fn shown_by(self, name: &str, path: &Site<'_>) -> Result<Vec<&'static Field>> {
        if name == "*" {
            return Ok(self.of.shown(self.past).collect());
        }
        match self.of.field(name, self.past) {
            Some(field) => Ok(vec![field]),
            None => Err(self.unknown(name, |_| true, "customFields", path)),
        }
    }
}

/// The first key whose field an earlier one has. There can be any number of custom fields, so the keys are sorted
/// instead of being compared each with each.
fn first_repeated(keys: &[query::SortKey]) -> Option<(usize, &query::SortKey)> {
    let mut sorted: Vec<_> = keys.iter().enumerate().collect();
    sort_by(&mut sorted, |(_, a), (_, b)| {
        let order = a.by.field.name.cmp(b.by.field.name);
        order.then_with(|| a.by.custom.cmp(&b.by.custom))
    });

    let mut first = None;
    for (earlier, later) in sorted.iter().zip(sorted.iter().skip(1)) {
        let (index, key) = *later;
        let is_first = first.is_none_or(|(first, _)| index < first);
        if earlier.1.by.is(&key.by) && is_first {
            first = Some((index, key));
        }
    }
    first
}

fn has_field(fields: &[&Field], field: &Field) -> bool {
    fields.iter().any(|known| known.name == field.name)
}

fn is_comparable(field: &&Field) -> bool {
    field.holds.is_comparable()
}

fn is_summable(field: &&Field) -> bool {
    field.is_summable()
}
