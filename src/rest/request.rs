//! A request of a client, as its host reads it from the wire.

use super::needs::Answer;
use super::problem::Problem;
use serde_json::{Map, Value};

/// The first version of the interface that gives failures a status of HTTP.
const STATUSES_SINCE: &str = "2024-05-20";

/// A file that came with a request: the host keeps its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// Whether it begins as a PDF does.
    pub is_pdf: bool,
    /// Its bytes.
    pub size: u64,
}

/// A request: plain data, with what the host adds because nothing here has a clock or chance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientRequest {
    /// `GET`, `POST`, `PUT` …
    pub method: String,
    /// Percent-encoded, from the slash on.
    pub path: String,
    /// Behind the question mark, percent-encoded.
    pub query: String,
    /// By name in lower case, in the order of names.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The file, where one came.
    pub file: Option<UploadedFile>,
    /// Scheme and host that the client used, such as `https://rest.example`.
    pub origin: String,
    /// The moment, as `yyyy-mm-dd hh:mm:ss` of the place of business. Its day is that of the commands.
    pub now: String,
    /// 32 hexadecimal digits that no other request has: what the request makes has identifiers that begin with them.
    pub seed: String,
    /// Who asks.
    pub user: String,
}

impl ClientRequest {
    /// The `request` of a step.
    pub(super) fn of(step: &Value) -> Option<Self> {
        let request = step.get("request")?.as_object()?;
        let text = |name: &str| {
            let value = request.get(name).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };

        let headers = request.get("headers").and_then(Value::as_object);
        let headers = headers.into_iter().flatten();

        Some(Self {
            method: text("method"),
            path: text("path"),
            query: text("query"),
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
                .collect(),
            body: text("body"),
            file: request.get("file").and_then(|file| {
                Some(UploadedFile {
                    is_pdf: file.get("isPdf")?.as_bool()?,
                    size: file.get("size")?.as_u64()?,
                })
            }),
            origin: text("origin"),
            now: text("now"),
            seed: text("seed"),
            user: text("user"),
        })
    }

    /// A header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The day of the request.
    pub(super) fn today(&self) -> &str {
        self.now.split(' ').next().unwrap_or_default()
    }

    pub(super) fn has_body(&self) -> bool {
        !self.body.trim().is_empty()
    }

    /// Names the request in an answer.
    pub(super) fn id(&self) -> &str {
        &self.seed
    }

    pub(super) fn process_id(&self) -> String {
        let process: String = self.seed.chars().take(16).collect();
        process.to_ascii_uppercase()
    }

    /// The version of the interface that the client asks for, if it is one of the dated ones.
    fn dated_version(&self) -> Option<&str> {
        let version = self.header("zuora-version").map(str::trim)?;
        let is_dated = version.len() == STATUSES_SINCE.len() && version.contains('-');
        is_dated.then_some(version)
    }

    /// Whether failures have a status of HTTP.
    pub(super) fn has_statuses(&self) -> bool {
        self.dated_version()
            .is_some_and(|version| version >= STATUSES_SINCE)
    }

    /// Whether the client reads what a version of the numbered ones renamed: dated versions are all later.
    pub(super) fn is_since(&self, version: u32) -> bool {
        if self.dated_version().is_some() {
            return true;
        }
        let stated = self.header("zuora-version").map(str::trim);
        let whole = stated.and_then(|stated| stated.split('.').next()?.parse::<u32>().ok());
        whole.is_some_and(|whole| whole >= version)
    }

    /// The path in its steps, decoded. `None` for one that cannot be decoded.
    pub(super) fn steps(&self) -> Option<Vec<String>> {
        let steps = self.path.split('/').filter(|step| !step.is_empty());
        steps.map(|step| decoded(step, false)).collect()
    }

    /// The parameters of the query, decoded.
    ///
    /// # Errors
    /// A refusal of a query that cannot be decoded.
    pub(super) fn readable_parameters(&self) -> Answer<Vec<(String, String)>> {
        let parameters = self.parameters();
        parameters.ok_or_else(|| Problem::invalid("query", "it is not UTF-8.").into())
    }

    /// The parameters of the query, decoded. `None` for one that cannot be decoded.
    pub(super) fn parameters(&self) -> Option<Vec<(String, String)>> {
        let pairs = self.query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Some((decoded(name, true)?, decoded(value, true)?))
            })
            .collect()
    }

    /// The body as an object; nothing is an empty one. `None` for one that is no object of JSON.
    pub(super) fn object(&self) -> Option<Map<String, Value>> {
        if !self.has_body() {
            return Some(Map::new());
        }
        match serde_json::from_str(&self.body) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        }
    }
}

/// The keys of a path that fits an address, which has `{}` for each. `spellings` are older names of steps, each with
/// the one that addresses have.
pub(super) fn keys_of<'p>(
    address: &str,
    steps: &[&'p str],
    spellings: &[(&str, &str)],
) -> Option<Vec<&'p str>> {
    let parts = address.split('/').filter(|part| !part.is_empty());
    let parts: Vec<_> = parts.collect();
    if parts.len() != steps.len() {
        return None;
    }

    let mut keys = Vec::new();
    for (part, step) in parts.into_iter().zip(steps) {
        if part == "{}" {
            keys.push(*step);
            continue;
        }
        let older = spellings.iter().find(|(older, _)| older == step);
        let spelt = older.map_or(*step, |(_, newer)| *newer);
        if part != spelt {
            return None;
        }
    }
    Some(keys)
}

/// A text without its percent-encoding.
fn decoded(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut encoded = text.bytes();
    while let Some(byte) = encoded.next() {
        let byte = match byte {
            b'%' => {
                let digits = [encoded.next()?, encoded.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                u8::from_str_radix(digits, 16).ok()?
            }
            b'+' if plus_is_space => b' ',
            byte => byte,
        };
        bytes.push(byte);
    }
    String::from_utf8(bytes).ok()
}

/// A text with its percent-encoding.
pub(super) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_version(version: &str) -> ClientRequest {
        let headers = vec![("zuora-version".to_owned(), version.to_owned())];
        ClientRequest {
            headers,
            ..ClientRequest::default()
        }
    }

    #[test]
    fn statuses_come_with_the_version_of_may_2024() {
        for (version, statuses) in [
            ("2025-08-12", true),
            ("2024-05-20", true),
            ("2024-05-19", false),
            ("341.0", false),
            ("", false),
        ] {
            assert_eq!(with_version(version).has_statuses(), statuses, "{version}");
        }
        assert!(!ClientRequest::default().has_statuses());
    }

    #[test]
    fn dated_versions_come_after_numbered_ones() {
        assert!(with_version("2024-01-01").is_since(257));
        assert!(with_version("257.0").is_since(257));
        assert!(!with_version("239.0").is_since(257));
        assert!(!ClientRequest::default().is_since(224));
    }

    #[test]
    fn a_text_is_decoded_as_it_was_encoded() {
        for text in ["CM 1/2", "ü+%", "sort=-number,+amount"] {
            assert_eq!(decoded(&encoded(text), true).as_deref(), Some(text));
        }
        assert_eq!(decoded("+number", true).as_deref(), Some(" number"));
        for text in ["%", "%4", "%zz", "%ff"] {
            assert_eq!(decoded(text, true), None, "{text}");
        }
    }
}
