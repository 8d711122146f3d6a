//! What rows and results both write of a line: its name, and custom fields.

use super::json::Json;
use crate::document::{Custom, Document, LineIndex, Scalar};
use crate::query::item_and_tax;

/// Custom fields as they came.
pub(super) fn put_custom(json: &mut Json, name: &'static str, custom: &Custom) {
    json.name(name).open('{');
    for (name, value) in custom {
        let json = json.any_name(name);
        match value {
            Scalar::Null => json.nothing(),
            Scalar::Boolean(value) => json.truth(*value),
            Scalar::Whole(number) => json.number(*number),
            Scalar::Decimal(number) => json.decimal(*number),
            Scalar::Text(text) => json.quote(text),
        }
    }
    json.close('}');
}

/// `LineRef`, or `null` where there is no such line.
pub(super) fn put_line(json: &mut Json, name: &'static str, line: Option<(&Document, LineIndex)>) {
    let named = line.and_then(|(document, line)| Some((document, item_and_tax(document, line)?)));
    let Some((document, (item, tax))) = named else {
        return json.null(name);
    };
    json.name(name).open('{');
    json.text("documentId", &document.header().id);
    json.optional_text("itemId", item);
    json.optional_text("taxItemId", tax);
    json.close('}');
}
