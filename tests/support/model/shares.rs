//! What requests say, and how amounts are shared among lines: pairs, splits, the order of numbers.

use super::*;

impl Spread {
    pub(super) fn of(command: &Value) -> Self {
        let rule = |field: &str| {
            command[field]
                .as_str()
                .and_then(|rule| RULES.into_iter().find(|known| *known == rule))
        };
        let keys = |field: &str| list(&command[field]).iter().filter_map(text).collect();
        Self {
            rule: rule("rule"),
            fallback: rule("fallback"),
            documents: keys("documentOrder"),
            lines: keys("itemOrder"),
            skips: command["signs"] == "skipNonPositive",
            dense: command["matrix"] == "dense",
        }
    }
}

/// The targets that a request names, each with its kind.
pub(super) fn targets(command: &Value) -> Vec<(&'static str, &Value)> {
    let each = |kind: &'static str| {
        list(&command[list_field(kind)])
            .iter()
            .map(move |target| (kind, target))
    };
    each("invoice").chain(each("debitMemo")).collect()
}

/// Documents are named, and their items where the rule needs them.
pub(super) fn check_shape(command: &Value) -> Result<()> {
    let lacks_items = |(_, target): &(&str, &Value)| {
        let items = target["items"].as_array();
        items.map_or(command["rule"] == "explicit", Vec::is_empty)
    };
    let targets = targets(command);
    let means_all_open = means_all_open(command);
    if targets.is_empty() && !means_all_open || targets.iter().any(lacks_items) {
        return Err("missingField");
    }
    if means_all_open && command["rule"] == "explicit" {
        return Err("invalidChoice");
    }
    Ok(())
}

/// Whether a request means all open invoices or debit memos.
pub(super) fn means_all_open(command: &Value) -> bool {
    ["invoices", "debitMemos"]
        .iter()
        .any(|list| command[*list] == "allOpen")
}

/// Whether a tax item names a source, and its item does not.
pub(super) fn lacks_source(item: &Value) -> bool {
    let names = |tax: &Value| tax["sourceTaxItemId"].is_string();
    item["sourceItemId"].is_null() && list(&item["taxItems"]).iter().any(names)
}

/// An item says the quantity and unit price of a line.
pub(super) fn tell_price(item: &mut Value, line: &Line) {
    for (field, value) in ["quantity", "unitPrice"].into_iter().zip(&line.price) {
        value
            .iter()
            .for_each(|value| item[field] = value.clone().into());
    }
}

/// The same text of a decimal with the other sign.
pub(super) fn negated(decimal: &str) -> String {
    decimal
        .strip_prefix('-')
        .map_or_else(|| format!("-{decimal}"), str::to_owned)
}

/// Whether all that a change says of what was settled before fits the kind of document.
pub(super) fn has_words(change: &Value, kind: &str) -> bool {
    let item = change.get("add").unwrap_or(change);
    let taxes = list(&item["taxItems"]).iter();
    let lines = taxes.map(|tax| tax.get("add").unwrap_or(tax)).chain([item]);
    let mut stated = lines.map(|line| &line["settledBefore"]);
    stated.all(|stated| Before::is_of(stated, kind))
}

/// One change of the items of a draft.
pub(super) fn change_items(items: &mut Vec<Value>, change: &Value) -> Result<()> {
    if let Some(item) = change.get("add") {
        items.push(item.clone());
        return Ok(());
    }
    if let Some(id) = change.get("delete") {
        if items.iter().all(|item| item["id"] != *id) {
            return Err("itemNotFound");
        }
        items.retain(|item| item["id"] != *id && item["appliedToItemId"] != *id);
        return Ok(());
    }
    let item = items
        .iter_mut()
        .find(|item| item["id"] == change["id"])
        .ok_or("itemNotFound")?;
    let mut is_priced = false;
    for field in ["quantity", "unitPrice"] {
        if let Some(value) = change.get(field) {
            item[field] = value.clone();
            is_priced = true;
        }
    }
    if let Some(before) = change.get("settledBefore") {
        item["settledBefore"] = before.clone();
    }
    is_priced &= item["quantity"].is_string() && item["unitPrice"].is_string();
    if change.get("amount").is_some() || is_priced {
        item["amount"] = change["amount"].clone();
        item["told"] = false.into();
        forget_taxes(item);
    }
    if let Some(mode) = change.get("taxMode") {
        let was = item["taxMode"].as_str().unwrap_or("exclusive");
        if mode != was {
            item["taxMode"] = mode.clone();
            forget_taxes(item);
        }
    }
    for change in list(&change["taxItems"]) {
        let taxes = item
            .as_object_mut()
            .unwrap()
            .entry("taxItems")
            .or_insert(json!([]))
            .as_array_mut()
            .unwrap();
        if let Some(tax) = change.get("add") {
            taxes.push(tax.clone());
        } else if let Some(id) = change.get("delete") {
            let place = taxes
                .iter()
                .position(|tax| tax["id"] == *id)
                .ok_or("itemNotFound")?;
            taxes.remove(place);
        } else {
            *taxes
                .iter_mut()
                .find(|tax| tax["id"] == change["id"])
                .ok_or("itemNotFound")? = change.clone();
        }
    }
    Ok(())
}

/// New taxes, where they follow from the amount: by a source item, or by their rates.
fn forget_taxes(item: &mut Value) {
    let taxes = item["taxItems"].as_array_mut().into_iter().flatten();
    let follow = taxes.filter(|tax| tax["sourceTaxItemId"].is_string() || tax["rate"].is_string());
    follow.for_each(|tax| drop(tax.as_object_mut().unwrap().remove("amount")));
}

/// What has nothing left in all has nothing left on any line.
pub(super) fn close(items: &mut Vec<Item>, given: &mut Side, taken: &mut Side) {
    let is_closed = |side: &Side| side.left.iter().sum::<i128>() == 0;
    let sum_of = |items: &[Item], is: &dyn Fn(&Item) -> bool| -> i128 {
        let own = items.iter().filter(|item| is(item));
        own.map(|item| item.amount).sum()
    };
    let rows: Vec<_> = (0..given.lines.len())
        .filter(|&row| is_closed(given) && given.left[row] != 0)
        .collect();
    let columns: Vec<_> = (0..taken.lines.len())
        .filter(|&column| is_closed(taken) && taken.left[column] != 0)
        .collect();
    let mut more = Vec::new();
    if !rows.is_empty() && !columns.is_empty() {
        let mut from: Vec<_> = rows.iter().map(|&row| given.left[row]).collect();
        let mut to: Vec<_> = columns.iter().map(|&column| taken.left[column]).collect();
        let mut cells = set_off(&mut from, &mut to);
        for row in 0..from.len() {
            for column in 0..to.len() {
                let units = from[row].min(to[column]);
                cell(&mut cells, &mut from, &mut to, row, column, units);
            }
        }
        more.extend(cells.into_iter().map(|(row, column, amount)| Item {
            source: given.lines[rows[row]],
            target: taken.lines[columns[column]],
            amount,
        }));
    } else if !rows.is_empty() {
        let target = (0..)
            .find(|&line| sum_of(items, &|item| item.target == line) > 0)
            .unwrap();
        more.extend(rows.iter().map(|&row| Item {
            source: given.lines[row],
            target,
            amount: given.left[row],
        }));
    } else if !columns.is_empty() {
        let source = (0..)
            .find(|&line| sum_of(items, &|item| item.source == line) > 0)
            .unwrap();
        more.extend(columns.iter().map(|&column| Item {
            source,
            target: taken.lines[column],
            amount: taken.left[column],
        }));
    }
    for Item {
        source,
        target,
        amount,
    } in &more
    {
        *given.left(*source).unwrap() -= amount;
        *taken.left(*target).unwrap() -= amount;
    }
    items.extend(more);
    *items = scaled(std::mem::take(items), 1);
    items.retain(|item| item.amount != 0);
}

/// Takes units from a row and a column.
pub(super) fn cell(
    cells: &mut Vec<(usize, usize, i128)>,
    rows: &mut [i128],
    columns: &mut [i128],
    row: usize,
    column: usize,
    units: i128,
) {
    if units != 0 {
        rows[row] -= units;
        columns[column] -= units;
        cells.push((row, column, units));
    }
}

/// Items in whole steps as items of amounts, one for each pair of lines, in order.
pub(super) fn scaled(items: Vec<Item>, step: i128) -> Vec<Item> {
    let mut scaled: Vec<Item> = Vec::new();
    for item in items {
        match scaled
            .iter_mut()
            .find(|known| known.order() == item.order())
        {
            Some(known) => known.amount += item.amount * step,
            None => scaled.push(Item {
                amount: item.amount * step,
                ..item
            }),
        }
    }
    scaled.sort_by_key(Item::order);
    scaled
}

/// Splits `count` over what lines have left: in proportion, or in their order, what is negative in full first.
pub(super) fn split(rule: &str, count: i128, left: &[i128]) -> Vec<i128> {
    match rule {
        _ if count == 0 => vec![0; left.len()],
        "proration" => proportional(count, left),
        _ => in_order(count, left),
    }
}

/// A text cut into single bytes and numbers. Numbers are compared by their digits: more of them is more.
pub(super) fn natural_pieces(text: &str) -> Vec<(u8, usize, String)> {
    let mut pieces: Vec<(u8, usize, String)> = Vec::new();
    let mut is_number = false;
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            pieces.push((byte, 0, String::new()));
        } else {
            if !is_number {
                pieces.push((b'0', 0, String::new()));
            }
            let (_, _, digits) = pieces.last_mut().expect("a piece");
            digits.push(char::from(byte));
        }
        is_number = byte.is_ascii_digit();
    }
    for (_, count, digits) in &mut pieces {
        *digits = digits.trim_start_matches('0').to_owned();
        *count = digits.len();
    }
    pieces
}
