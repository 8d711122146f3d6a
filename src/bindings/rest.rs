//! The only room that knows JavaScript, as the module of `setoff/rest` has it: one function, texts in and out.

use crate::rest;
use wasm_bindgen::prelude::*;

/// One step towards the answer of a request: the text of JSON, in and out.
#[wasm_bindgen(js_name = restStep, skip_typescript)]
#[must_use]
pub fn rest_step(text: &str) -> String {
    rest::step(text)
}
