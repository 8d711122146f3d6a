//! Queries: which fields, conditions and orders there are, the tables of [`crate::query`] say.

use super::Value;
use super::fields::{
    Fields, boolean, choice, date, decimal, entries, is_overlong, likeliest, list, place_of,
    printed, text, whole, wrong_type,
};
use crate::document::HistoryEntry;
use crate::error::{Error, NameFigure, NamesFigure, Reason, Result, Site};
use crate::order::sort_by;
use crate::query;
use crate::query::Condition;
use crate::query::Field;
use crate::query::FieldType;
use crate::query::Op;
use crate::query::PageRequest;
use crate::query::PageStart;
use crate::query::Query;
use crate::query::Report;
use crate::query::RowKind;
use crate::query::Selector;
use crate::query::SortKey;

/// Rows at a time where all of them are wanted.
const ALL_SIZE: u32 = 500;

/// The fields of any query, and those of a query for one page.
const ROWS: &[&str] = &["of", "where", "sort", "fields", "asOf"];
const PAGE: &[&str] = &["page", "total", "sum"];

/// `Query`.
///
/// # Errors
/// The shape of the value.
pub fn query(value: &Value<'_>) -> Result<Query> {
    read_query(Fields::open(value, &Site::Command)?.allow(&[ROWS, PAGE, report_fields(value)])?)
}

/// A query for all rows: from the first on, or behind a cursor.
///
/// # Errors
/// The shape of the value.
pub fn all(value: &Value<'_>, after: Option<String>) -> Result<Query> {
    let mut query =
        read_query(Fields::open(value, &Site::Command)?.allow(&[ROWS, report_fields(value)])?)?;
    query.page.size = ALL_SIZE;
    if let Some(cursor) = after {
        query.page.start = PageStart::After(cursor);
    }
    Ok(query)
}

/// The fields that a query for rows that the book does not keep has besides.
fn report_fields(value: &Value<'_>) -> &'static [&'static str] {
    let Value::Object(fields) = value else {
        return &[];
    };
    let of = fields.iter().find(|(name, _)| *name == "of");
    match of {
        Some((_, Value::Text(of))) if *of == RowKind::Ageing.as_str() => &["at", "days"],
        Some((_, Value::Text(of))) if *of == RowKind::Statement.as_str() => &["from", "to"],
        _ => &[],
    }
}

/// What rows are made for, where the book does not keep them.
fn report(of: RowKind, fields: Fields<'_, '_>) -> Result<Option<Report>> {
    match of {
        RowKind::Ageing => Ok(Some(Report::Ageing {
            day: fields.required("at", date)?,
            days: match fields.optional("days", days)? {
                Some(days) => days,
                None => Report::DAYS.into(),
            },
        })),
        RowKind::Statement => {
            let (from, to) = (fields.required("from", date)?, fields.required("to", date)?);
            if to < from {
                let (from, to) = (from.to_string().into(), to.to_string().into());
                return Err(fields.refused("to", Reason::PeriodReversed { from, to }));
            }
            Ok(Some(Report::Statement { from, to }))
        }
        _ => Ok(None),
    }
}

/// The last days of buckets: each later than the one before.
fn days(value: &Value<'_>, path: &Site<'_>) -> Result<Box<[u32]>> {
    const MOST: i64 = 36_500;
    let mut days = Vec::new();
    let mut least = 1;
    for (index, entry) in entries(value, path)?.iter().enumerate() {
        let last: u32 = whole(least, MOST, entry, &path.entry(index))?;
        least = i64::from(last).saturating_add(1);
        days.push(last);
    }
    Ok(days.into())
}

fn read_query(fields: Fields<'_, '_>) -> Result<Query> {
    let of = fields.required("of", |value, path| {
        choice(RowKind::ALL, RowKind::as_str, value, path)
    })?;
    let as_of = fields.optional("asOf", date)?;
    if as_of.is_some() && !of.has_past() {
        return Err(fields.refused("asOf", Reason::AsOfUnread {}));
    }
    let table = FieldTable {
        of,
        past: as_of.is_some(),
    };
    let any = |value, _: &Site<'_>| Ok(value);
    let filter = fields
        .optional("where", any)?
        .map(|filter| table.conditions(filter, &fields.field("where")));
    let sort = fields
        .optional("sort", any)?
        .map(|sort| table.sort(sort, &fields.field("sort")));
    let shown = fields
        .optional("fields", any)?
        .map(|shown| table.shown(shown, &fields.field("fields")));
    let sum = fields
        .optional("sum", any)?
        .map(|sum| table.summed(sum, &fields.field("sum")));
    Ok(Query {
        of,
        filter: filter.transpose()?.unwrap_or_default(),
        sort: sort.transpose()?.unwrap_or_default(),
        page: fields.optional("page", page)?.unwrap_or(PageRequest {
            start: PageStart::Number(1),
            size: PageRequest::SIZE,
        }),
        fields: shown.transpose()?,
        total: fields.optional("total", boolean)?.unwrap_or(false),
        sum: sum.transpose()?.unwrap_or_default(),
        as_of,
        report: report(of, fields)?,
    })
}

/// `PageRequest`.
fn page(value: &Value<'_>, path: &Site<'_>) -> Result<PageRequest> {
    let fields = Fields::open(value, path)?;
    let fields = match ["after", "before"]
        .into_iter()
        .find(|name| fields.has(name))
    {
        Some(cursor) => fields.allow(&[&[cursor, "size"]])?,
        None => fields.allow(&[&["number", "after", "before", "size"]])?,
    };
    let count = |name| fields.optional(name, |value, path| whole(1, u32::MAX.into(), value, path));
    let cursor = |value: &Value<'_>, path: &Site<'_>| text(value, path).map(str::to_owned);
    let start = match (
        fields.optional("after", cursor)?,
        fields.optional("before", cursor)?,
    ) {
        (Some(cursor), _) => PageStart::After(cursor),
        (None, Some(cursor)) => PageStart::Before(cursor),
        (None, None) => PageStart::Number(count("number")?.unwrap_or(1)),
    };
    Ok(PageRequest {
        start,
        size: count("size")?.unwrap_or(PageRequest::SIZE),
    })
}

/// The fields that a query can speak of.
#[derive(Clone, Copy)]
struct FieldTable {
    of: RowKind,
    past: bool,
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
    fn conditions(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<Condition>> {
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
    fn sort(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<SortKey>> {
        let mut keys: Vec<SortKey> = Vec::new();
        for (place, entry) in entries(value, path)?.iter().enumerate() {
            let path = path.entry(place);
            let fields = Fields::open(entry, &path)?.allow(&[&["by", "dir", "natural"]])?;
            let by_path = path.field("by");
            let by = self.selector(
                fields.required("by", |value, path| text(value, path))?,
                &by_path,
            )?;
            let descending = fields.optional("dir", |value, path| {
                choice(
                    &[false, true],
                    |down| if down { "desc" } else { "asc" },
                    value,
                    path,
                )
            })?;
            let natural = fields.optional("natural", boolean)?;
            keys.push(SortKey {
                by,
                descending: descending.unwrap_or(false),
                natural,
            });
        }
        match first_repeated(&keys) {
            None => Ok(keys),
            Some((place, key)) => {
                let field = key.by.field.name.into();
                let key = path.entry(place);
                Err(Error::of(
                    Reason::RepeatedRowField { field },
                    &key.field("by"),
                ))
            }
        }
    }

    /// The fields to be summed.
    fn summed(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<&'static Field>> {
        let summable = |field: &&Field| field.holds.is_summable();
        let mut summed: Vec<&'static Field> = Vec::new();
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
    fn shown(self, value: &Value<'_>, path: &Site<'_>) -> Result<Vec<&'static Field>> {
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
fn first_repeated(keys: &[SortKey]) -> Option<(usize, &SortKey)> {
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

/// The comparisons of a field: `{ gte, lt }`, `{ in }` and the like.
fn compared(
    by: Selector,
    value: &Value<'_>,
    path: &Site<'_>,
    conditions: &mut Vec<Condition>,
) -> Result<()> {
    let holds = by.field.holds;
    let is_text = matches!(
        holds,
        FieldType::Text | FieldType::Label | FieldType::Word(_) | FieldType::Custom
    );
    let known = Op::ALL
        .iter()
        .filter(|op| is_text || !matches!(op, Op::StartsWith | Op::Contains));
    let mut names: Vec<_> = known.map(|op| op.as_str()).collect();
    names.push("in");
    let fields = Fields::open(value, path)?.allow(&[&names])?.all()?;
    if fields.is_empty() {
        let fields = NamesFigure(names.into());
        return Err(Error::of(Reason::OneFieldMissing { fields }, path));
    }
    for (name, value) in fields {
        let path = path.field(name);
        let op = Op::ALL.iter().copied().find(|op| op.as_str() == *name);
        let values = match op {
            None => {
                let each = entries(value, &path)?.iter().enumerate();
                each.map(|(place, entry)| operand(holds, entry, &path.entry(place)))
                    .collect::<Result<_>>()?
            }
            Some(Op::StartsWith | Op::Contains) => {
                vec![query::Operand::Text(text(value, &path)?.into())]
            }
            Some(_) => vec![operand(holds, value, &path)?],
        };
        conditions.push(Condition {
            by: by.clone(),
            op: op.unwrap_or(Op::Is),
            values,
        });
    }
    Ok(())
}

/// A value to compare a field with: `null`, or what the field holds.
fn operand(holds: FieldType, value: &Value<'_>, path: &Site<'_>) -> Result<query::Operand> {
    const WIDEST: i64 = (1 << 53) - 1;
    if *value == Value::Null {
        return Ok(query::Operand::Null);
    }
    Ok(match holds {
        FieldType::Text | FieldType::Label => query::Operand::Text(text(value, path)?.into()),
        FieldType::Word(words) => {
            let place = place_of(words, value, path)?;
            query::Operand::Text((*words.get(place).unwrap_or(&"")).into())
        }
        FieldType::Amount | FieldType::Decimal => query::Operand::Decimal(decimal(value, path)?),
        FieldType::Date => query::Operand::Date(date(value, path)?),
        FieldType::Boolean => query::Operand::Boolean(boolean(value, path)?),
        FieldType::Whole => query::Operand::Whole(whole(-WIDEST, WIDEST, value, path)?),
        // No group has the version zero.
        FieldType::Group => {
            query::Operand::Group(HistoryEntry::version_of(text(value, path)?).unwrap_or_default())
        }
        FieldType::Custom => match value {
            Value::Boolean(value) => query::Operand::Boolean(*value),
            Value::Whole(number) => query::Operand::Whole(*number),
            Value::Text(text) => query::Operand::Text((*text).into()),
            other => {
                if let Value::Number(number) = other
                    && let Some(decimal) = printed(number)
                {
                    return Ok(query::Operand::Decimal(decimal));
                }
                return Err(wrong_type(path, "scalar", other));
            }
        },
        FieldType::Buckets | FieldType::Nested => {
            return Err(Error::fault("a nested field that is compared"));
        }
    })
}
