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
        let comparable = |field: &&Field| field.holds.is_comparable();
        field
            .map(|field| Selector {
                field,
                custom: custom.map(Into::into),
            })
            .ok_or_else(|| self.unknown(name, comparable, "customFields.NAME", path))
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
        let summable = |field: &&Field| field.is_summable();
        let mut summed: Vec<&'static Field> = Vec::new();
        if entries(value, path)?.is_empty() {
            return Err(Error::of(Reason::NoFieldsToSum {}, path));
        }
        for (index, name) in list(value, path, |name, path| text(name, path))?
            .into_iter()
            .enumerate()
        {
            let path = path.entry(index);
            let field = self.of.field(name, self.past).filter(summable);
            let field = field.ok_or_else(|| self.unknown(name, summable, "", &path))?;
            if summed.iter().any(|known| known.name == field.name) {
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
        for (place, name) in list(value, path, |name, path| text(name, path))?
            .into_iter()
            .enumerate()
        {
            let path = path.entry(place);
            let before = shown.len();
            if name == "*" {
                shown.extend(self.of.shown(self.past));
            } else {
                let field = self.of.field(name, self.past);
                shown.push(
                    field.ok_or_else(|| self.unknown(name, |_| true, "customFields", &path))?,
                );
            }
            let (earlier, own) = shown.split_at_checked(before).unwrap_or_default();
            if own
                .iter()
                .any(|field| earlier.iter().any(|other| other.name == field.name))
            {
                let field = name.into();
                return Err(Error::of(Reason::RepeatedRowField { field }, &path));
            }
        }
        Ok(shown)
    }
}

/// The first key whose field an earlier one has. Custom fields are any number, so keys are not compared each with each.
fn first_repeated(keys: &[query::SortKey]) -> Option<(usize, &query::SortKey)> {
    let mut places: Vec<_> = keys.iter().enumerate().collect();
    sort_by(&mut places, |(_, a), (_, b)| {
        let order = a.by.field.name.cmp(b.by.field.name);
        order.then_with(|| a.by.custom.cmp(&b.by.custom))
    });
    let pairs = places.iter().zip(places.iter().skip(1));
    pairs
        .filter(|((_, key), (_, next))| key.by.is(&next.by))
        .map(|(_, repeated)| *repeated)
        .min_by_key(|(place, _)| *place)
}
