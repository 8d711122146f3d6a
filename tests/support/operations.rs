//! Random requests of every kind, made against a book as it is, so that most of them fit it and the others miss it by
//! one thing.

use crate::support::host::Host;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use setoff::document::{Detail, Document, DocumentIndex, Figures, Header, Kind, LineIndex, Status};
use setoff::money::{Amount, Currency};

/// SplitMix64, by its published constants.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from 0, less than `end`.
    #[allow(
        dead_code,
        reason = "not every test that makes operations needs other numbers"
    )]
    pub fn number(&mut self, end: u64) -> u64 {
        self.below(end)
    }

    /// Puts a list into a random order.
    #[allow(dead_code, reason = "not every test has lists to shuffle")]
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let end = u64::try_from(last).unwrap();
            list.swap(last, usize::try_from(self.below(end + 1)).unwrap());
        }
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn pick<T: Clone>(&mut self, among: &[T]) -> Option<T> {
        let count = u64::try_from(among.len()).unwrap();
        among
            .get(usize::try_from(self.below(count)).unwrap())
            .cloned()
    }

    fn one<'a>(&mut self, among: &[&'a str]) -> &'a str {
        self.pick(among).unwrap_or_default()
    }
}

/// The options of a random book.
pub fn book(random: &mut Random) -> Value {
    let mut options = json!({
        "currency": random.one(&["USD", "USD", "JPY", "KWD", "CHF", "SEK"]),
        "accountId": "A",
        "currencies": [
            { "code": "CHF", "increment": "0.05" },
            { "code": "SEK", "invoiceIncrement": "1.00", "invoiceRounding": random.one(&["halfUp", "up", "down"]) },
        ],
        "overCrediting": random.one(&["any", "header", "headerAndItem"]),
        "mirror": random.one(&["yes", "notZeroBalance", "no"]),
        "inclusiveRounding": random.one(&["net", "tax"]),
        "taxRounding": random.one(&["item", "group"]),
        "numberOrder": random.one(&["text", "natural"]),
        "countBillingCredits": random.percent(50),
        "keepClosedPosted": random.percent(50),
        "closedPeriods": random.one(&["documents", "documents", "documentsAndApplications", "balances"]),
    });
    if random.percent(20) {
        options["limits"] = json!({
            "prorationCells": 6, "itemsPerOperation": 12, "bulkCommands": 3, "createItems": 4 });
    }
    if random.percent(10) {
        options["reasonCodes"] = json!(["Write-off", "Invoice reversal"]);
    }
    options
}

/// A random command: documents first, then anything. The commands of a book have a day each.
pub fn command(random: &mut Random, host: &Host, place: usize) -> Value {
    command_on(random, host, place, u64::try_from(place).unwrap())
}

/// The same on one of 280 days, for a book of many commands.
pub fn command_on(random: &mut Random, host: &Host, place: usize, day: u64) -> Value {
    let mut maker = Maker {
        random,
        host,
        day,
        serial: 0,
        place,
    };
    let mut command = if place < 5 {
        maker.document()
    } else {
        maker.any()
    };
    maker.name_by_number(&mut command);
    command
}

struct Maker<'a> {
    random: &'a mut Random,
    host: &'a Host,
    day: u64,
    serial: usize,
    place: usize,
}

const SOURCES: [Kind; 2] = [Kind::CreditMemo, Kind::Payment];
const DEMANDS: [Kind; 2] = [Kind::Invoice, Kind::DebitMemo];
const WITH_ITEMS: [Kind; 3] = [Kind::Invoice, Kind::CreditMemo, Kind::DebitMemo];

/// The name of a command: a verb and a kind of document.
fn name(verb: &str, kind: Kind) -> String {
    let kind = kind.as_str();
    format!("{verb}{}{}", kind[..1].to_uppercase(), &kind[1..])
}

fn minor(amount: Amount) -> i64 {
    amount.minor()
}

impl<'a> Maker<'a> {
    fn any(&mut self) -> Value {
        match self.random.below(100) {
            0..8 => self.document(),
            8..18 => self.made_from(),
            18..23 => self.payment(),
            23..46 => self.settle("apply"),
            46..56 => self.settle("unapply"),
            56..62 => self.refund(),
            62..67 => self.counterpart("writeOff"),
            67..71 => self.counterpart("reverse"),
            71..73 => self.collect(),
            73..75 => self.apply_credits(),
            75..84 => self.life(),
            84..91 => self.undo(),
            91..94 => self.update(),
            94..96 => self.transfer(),
            96..98 => self.close(),
            _ => self.bulk(),
        }
    }

    // What there is.

    fn headers(&self) -> impl Iterator<Item = (DocumentIndex, &'a Header)> {
        self.host
            .book
            .documents()
            .iter()
            .map(|(index, document)| (index, document.header()))
    }

    fn get(&self, id: &str) -> Option<(DocumentIndex, &'a Document)> {
        let documents = self.host.book.documents();
        let index = documents.find(id)?;
        Some((index, documents.get(index)?))
    }

    /// The identifier of a document of one of those kinds, mostly one that fits.
    fn id_of(&mut self, kinds: &[Kind], fits: impl Fn(&Header) -> bool) -> String {
        let all: Vec<_> = self
            .headers()
            .map(|(_, header)| header)
            .filter(|header| kinds.contains(&header.kind))
            .collect();
        let fitting: Vec<_> = all.iter().copied().filter(|header| fits(header)).collect();
        let among = if fitting.is_empty() || self.random.percent(6) {
            &all
        } else {
            &fitting
        };
        let found = self.random.pick(among).map(|header| header.id.to_string());
        found
            .filter(|_| !self.random.percent(1))
            .unwrap_or_else(|| "none".to_owned())
    }

    fn kind(&self, id: &str, default: Kind) -> Kind {
        self.get(id)
            .map_or(default, |(_, document)| document.header().kind)
    }

    fn currency(&self) -> &'a Currency {
        &self.host.book.settings().currency
    }

    fn write(&self, minor: i64) -> String {
        self.currency()
            .write(Amount::new(minor).unwrap_or_default())
    }

    fn id(&mut self, prefix: &str) -> String {
        self.serial += 1;
        if self.random.percent(1) {
            "I0".to_owned()
        } else {
            format!("{prefix}{}.{}", self.place, self.serial)
        }
    }

    /// The days of the commands rise, but for a few.
    fn at(&mut self) -> String {
        let day = if self.random.percent(4) {
            self.random.below(40)
        } else {
            40 + self.day
        };
        format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28)
    }

    /// An amount up to what is open, or (seldom) beyond.
    fn share(&mut self, open: i64) -> String {
        let step = self.currency().increment();
        let units = open / step;
        let count = units.unsigned_abs();
        let some = 1 + i64::try_from(self.random.below(count.max(1))).unwrap();
        let signed = if units < 0 { -some } else { some };
        match self.random.below(40) {
            0 => self.write((units + 1) * step),
            1 => self.write(0),
            2 => "0.00000001".to_owned(),
            3..16 if units != 0 => self.write(units * step),
            _ => self.write(signed * step),
        }
    }

    fn units(&mut self) -> i64 {
        let step = self.currency().increment();
        let units = match self.random.below(20) {
            0..8 => 1 + self.random.below(9),
            8..15 => 10 + self.random.below(400),
            15 => 0,
            _ => 1 + self.random.below(100_000),
        };
        i64::try_from(units).unwrap() * step
    }

    fn request(&mut self, name: &str, mut fields: Value) -> Value {
        fields["type"] = name.into();
        fields["at"] = self.at().into();
        fields
    }

    /// Names some documents of a command by their numbers.
    fn name_by_number(&mut self, command: &mut Value) {
        match command {
            Value::Array(entries) => {
                entries
                    .iter_mut()
                    .for_each(|entry| self.name_by_number(entry));
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    let names_document =
                        Kind::ALL.iter().any(|kind| kind.id_site().as_str() == name);
                    let document = value.as_str().and_then(|id| self.get(id));
                    match document {
                        Some((_, document)) if names_document && self.random.percent(30) => {
                            *value = (*document.header().number).into();
                        }
                        _ => self.name_by_number(value),
                    }
                }
            }
            _ => {}
        }
    }

    // Making documents.

    fn document(&mut self) -> Value {
        let kind = self
            .random
            .pick(&[
                Kind::Invoice,
                Kind::Invoice,
                Kind::CreditMemo,
                Kind::DebitMemo,
            ])
            .unwrap();
        let prefix = match kind {
            Kind::Invoice => "I",
            Kind::CreditMemo => "C",
            _ => "D",
        };
        let mut items = Vec::new();
        let count = 1 + self.random.below(4);
        for place in 0..count {
            let negative = self.random.percent(20);
            let amount = self.units() * if negative { -1 } else { 1 };
            let mut item = json!({ "id": format!("{place}"), "amount": self.write(amount) });
            let inclusive = self.random.percent(10);
            let taxes: Vec<_> = (0..self.random.below(3))
                .map(|tax| self.tax(&format!("{place}t{tax}"), amount, inclusive))
                .collect();
            if inclusive {
                item["taxMode"] = "inclusive".into();
            }
            if !taxes.is_empty() {
                item["taxItems"] = taxes.into();
            }
            if self.random.percent(3) {
                item["processingType"] = "rounding".into();
            }
            items.push((item, amount));
        }
        if self.random.percent(25) {
            let (parent, amount) = self.random.pick(&items).unwrap();
            let off = -amount / self.currency().increment() / 3 * self.currency().increment();
            let mut item =
                json!({ "id": "off", "amount": self.write(off), "appliedToItemId": parent["id"] });
            if self.random.percent(50) {
                item["taxItems"] = json!([self.tax("offt", off, false)]);
            }
            items.push((item, off));
        }
        let items: Vec<_> = items.into_iter().map(|(item, _)| item).collect();
        let mut request =
            json!({ "id": self.id(prefix), "items": items, "autoPost": self.random.percent(90) });
        if self.random.percent(4) {
            request["accountId"] = "B".into();
        }
        if self.random.percent(40) {
            request["number"] = format!("N{}", self.place).into();
        }
        if kind == Kind::CreditMemo && self.random.percent(5) {
            request["excludeFromAutoApply"] = true.into();
        }
        let mut request = self.request(&name("create", kind), request);
        if self.random.percent(20) {
            self.move_in(&mut request, kind);
        }
        request
    }

    /// Says of some lines of a new document what was settled of them before.
    fn move_in(&mut self, request: &mut Value, kind: Kind) {
        let at = request["at"].clone();
        let items = request.get_mut("items").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            if item["amount"].is_string() && self.random.percent(50) {
                item["settledBefore"] = self.past(&item["amount"].clone(), &at, kind);
            }
            let taxes = item.get_mut("taxItems").and_then(Value::as_array_mut);
            for tax in taxes.into_iter().flatten() {
                if tax["amount"].is_string() && self.random.percent(50) {
                    tax["settledBefore"] = self.past(&tax["amount"].clone(), &at, kind);
                }
            }
        }
    }

    /// What was settled of a line before: on its day or a later one, seldom an earlier one, and seldom too much.
    fn past(&mut self, amount: &Value, at: &Value, kind: Kind) -> Value {
        let words: &[&str] = if DEMANDS.contains(&kind) {
            &["payment", "creditMemo"]
        } else {
            &["application", "refund"]
        };
        let stated: Decimal = amount.as_str().unwrap_or("0").parse().unwrap_or_default();
        let all = self.currency().amount(stated).map_or(0, minor);
        let mut entries = Vec::new();
        for _ in 0..=self.random.below(2) {
            let date = if self.random.percent(70) {
                at.clone()
            } else {
                self.at().into()
            };
            entries.push(json!({
                "at": date, "amount": self.share(all / 3), "by": self.random.one(words) }));
        }
        entries.into()
    }

    fn tax(&mut self, id: &str, amount: i64, by_rate: bool) -> Value {
        let mut tax = json!({ "id": id, "name": self.random.one(&["VAT", "GST"]) });
        if by_rate || self.random.percent(30) {
            tax["rate"] = self.random.one(&["0.2", "0.075", "0.1"]).into();
        } else {
            let step = self.currency().increment();
            tax["amount"] = self
                .write(amount / step / 7 * step + if amount < 0 { -step } else { step })
                .into();
        }
        tax
    }

    /// A memo from another document: the whole of it, or some items, with the taxes that go with them or without.
    fn made_from(&mut self) -> Value {
        let (kind, of) = self
            .random
            .pick(&[
                (Kind::CreditMemo, Kind::Invoice),
                (Kind::CreditMemo, Kind::Invoice),
                (Kind::CreditMemo, Kind::DebitMemo),
                (Kind::DebitMemo, Kind::Invoice),
                (Kind::DebitMemo, Kind::CreditMemo),
            ])
            .unwrap();
        let id = self.id_of(&[of], |header| {
            header.status == Status::Posted && !header.reversed
        });
        let mut request = json!({ "id": self.id("F"), of.id_site().as_str(): id, "autoPost": self.random.percent(70) });
        if self.random.percent(75) {
            let document = self.get(&id).map(|(_, document)| document);
            let lines: Vec<_> = document
                .into_iter()
                .flat_map(Document::lines_with_figures)
                .filter(|(_, line, _)| !line.detail.is_tax())
                .map(|(_, line, figures)| (line.id.to_string(), *figures))
                .collect();
            let mut items = Vec::new();
            for place in 0..=self.random.below(2) {
                let Some((line, figures)) = self.random.pick(&lines) else {
                    break;
                };
                items.push(self.credit(&format!("{place}"), &line, &figures));
            }
            if !items.is_empty() {
                request["items"] = items.into();
            }
        }
        if kind == Kind::CreditMemo && self.random.percent(30) {
            request["autoApply"] = true.into();
        }
        if self.random.percent(15) {
            request["billing"] = true.into();
        }
        self.request(&name("create", kind), request)
    }

    fn credit(&mut self, id: &str, line: &str, figures: &Figures) -> Value {
        let mut item = json!({ "id": id, "sourceItemId": line });
        if self.random.percent(80) {
            item["amount"] = self.share(minor(figures.amount())).into();
        }
        match self.random.below(10) {
            0 => item["taxItems"] = json!([]),
            1 => {
                item["taxItems"] = json!([
                    { "id": format!("{id}t"), "amount": self.share(minor(figures.amount()) / 5) }])
            }
            2 => item["taxMode"] = "inclusive".into(),
            _ => {}
        }
        item
    }

    fn payment(&mut self) -> Value {
        if self.random.percent(30) {
            let id = self.id_of(&DEMANDS, |header| header.figures.open().is_positive());
            let kind = self.kind(&id, Kind::Invoice);
            let mut request = json!({ "id": self.id("P"), kind.id_site().as_str(): id });
            if self.random.percent(60) {
                let open = self
                    .get(&id)
                    .map_or(100, |(_, document)| minor(document.header().figures.open()));
                request["amount"] = self.share(open).into();
            }
            self.spread(&mut request, false);
            self.matrix(&mut request);
            return self.request(&name("pay", kind), request);
        }
        let mut request = json!({ "id": self.id("P") });
        if self.random.percent(50) {
            self.targets(&mut request, None, Kind::Payment, false);
            self.spread(&mut request, false);
            self.matrix(&mut request);
        }
        if self.random.percent(80)
            || request["invoices"].is_null() && request["debitMemos"].is_null()
        {
            request["amount"] = self.write_units().into();
        }
        let mut request = self.request("createPayment", request);
        if request["amount"].is_string() && self.random.percent(20) {
            let (amount, at) = (request["amount"].clone(), request["at"].clone());
            request["settledBefore"] = self.past(&amount, &at, Kind::Payment);
        }
        request
    }

    fn write_units(&mut self) -> String {
        let units = self.units();
        self.write(units)
    }

    // Settling.

    fn settle(&mut self, verb: &str) -> Value {
        let back = verb == "unapply";
        let id = self.id_of(&SOURCES, |header| {
            let figures = &header.figures;
            let has = if back {
                figures.applied().is_positive()
            } else {
                figures.open().is_positive()
            };
            header.status == Status::Posted && has
        });
        let kind = self.kind(&id, Kind::CreditMemo);
        let mut request = json!({ kind.id_site().as_str(): id });
        self.spread(&mut request, true);
        if !back {
            self.matrix(&mut request);
        }
        if !back || self.random.percent(60) {
            self.targets(&mut request, Some(&id), kind, back);
        }
        if !back && self.random.percent(8) {
            request[self.random.one(&["invoices", "debitMemos"])] = "allOpen".into();
        }
        self.request(&name(verb, kind), request)
    }

    fn spread(&mut self, request: &mut Value, with_documents: bool) {
        if self.random.percent(70) {
            request["rule"] = self
                .random
                .one(&[
                    "proration",
                    "proration",
                    "fifo",
                    "fifo",
                    "lifo",
                    "sourceItem",
                ])
                .into();
        }
        if request["rule"] == "sourceItem" && self.random.percent(40) {
            request["fallback"] = self.random.one(&["proration", "fifo", "lifo"]).into();
        }
        if self.random.percent(25) {
            request["signs"] = "skipNonPositive".into();
        }
        if self.random.percent(20) {
            request["itemOrder"] = json!([self.random.one(&[
                "document",
                "taxFirst",
                "chargeFirst",
                "largest",
                "smallest"
            ])]);
        }
        if with_documents && self.random.percent(20) {
            let keys = [
                "dueDate",
                "date",
                "number",
                "largest",
                "smallest",
                "exactMatch",
            ];
            request["documentOrder"] = json!([self.random.one(&keys), self.random.one(&keys)]);
        }
    }

    /// Which lines meet, where the rule leaves that open.
    fn matrix(&mut self, request: &mut Value) {
        let rules = [&request["rule"], &request["fallback"]];
        let prorates = rules[0].is_null() || rules.iter().any(|rule| *rule == "proration");
        if prorates && self.random.percent(30) {
            request["matrix"] = "dense".into();
        }
    }

    /// Some invoices and debit memos that something can be applied to, or is.
    fn targets(&mut self, request: &mut Value, source: Option<&str>, kind: Kind, back: bool) {
        let source = source.and_then(|id| self.get(id));
        let part = |target| self.host.book.documents().part(source?.0, target);
        let fits: Vec<_> = self
            .headers()
            .filter(|(index, header)| {
                let has = if back {
                    part(*index).is_some()
                } else {
                    header.figures.open().is_positive()
                };
                header.kind.is_demand()
                    && header.status == Status::Posted
                    && !header.reversed
                    && has
            })
            .map(|(_, header)| header.id.to_string())
            .collect();
        let mut ids = Vec::new();
        for _ in 0..=self.random.below(3) {
            let id = self.random.pick(&fits).filter(|_| !self.random.percent(4));
            let id = id.unwrap_or_else(|| self.id_of(&DEMANDS, |_| true));
            if !ids.contains(&id) || self.random.percent(3) {
                ids.push(id);
            }
        }
        let count = i64::try_from(ids.len()).unwrap();
        for id in ids {
            let kind_of_target = self.kind(&id, Kind::Invoice);
            let mut entry = json!({ kind_of_target.id_site().as_str(): id });
            let target = self.get(&id);
            let applied = target
                .and_then(|(index, _)| part(index))
                .map_or(0, |part| minor(part.amount().unwrap()));
            let open = target.map_or(1, |(_, document)| minor(document.header().figures.open()));
            let left = source.map_or(open, |(_, document)| {
                minor(document.header().figures.open()) / count
            });
            let possible = if back { applied } else { open.min(left) };
            if self.random.percent(20) {
                let items = self.items(
                    source.map(|(_, document)| document),
                    target,
                    kind,
                    back,
                    count,
                );
                if !items.is_empty() {
                    entry["items"] = items.into();
                }
            } else if self.random.percent(60) {
                entry["amount"] = self.share(possible).into();
            }
            let list = kind_of_target.list_site().as_str();
            match request[list].as_array_mut() {
                Some(entries) => entries.push(entry),
                None => request[list] = json!([entry]),
            }
        }
    }

    /// Explicit lines: charge to charge, tax to tax, with whatever sign the target's line has.
    fn items(
        &mut self,
        source: Option<&'a Document>,
        target: Option<(DocumentIndex, &'a Document)>,
        kind: Kind,
        back: bool,
        count: i64,
    ) -> Vec<Value> {
        let Some((index, target)) = target else {
            return Vec::new();
        };
        let documents = self.host.book.documents();
        let part =
            source.and_then(|source| documents.part(documents.find(&source.header().id)?, index));
        let mut cells: Vec<(LineIndex, LineIndex, i64)> = Vec::new();
        if back {
            cells.extend(
                part.iter()
                    .flat_map(|part| part.items())
                    .map(|item| (item.source, item.target, minor(item.amount))),
            );
        } else if let Some(source) = source {
            for (from, line, figures) in source.lines_with_figures() {
                for (to, other, open) in target.lines_with_figures() {
                    let alike = line.detail.is_tax() == other.detail.is_tax()
                        || matches!(line.detail, Detail::Whole);
                    let (given, needed) = (minor(figures.open()), minor(open.open()));
                    if alike && needed != 0 {
                        cells.push((
                            from,
                            to,
                            if needed < 0 {
                                needed
                            } else {
                                needed.min(given) / count
                            },
                        ));
                    }
                }
            }
        }
        let mut items = Vec::new();
        for _ in 0..=self.random.below(3) {
            let Some(cell @ (from, to, amount)) = self.random.pick(&cells) else {
                break;
            };
            if !self.random.percent(3) {
                cells.retain(|known| *known != cell);
            }
            let line = |document: &Document, line| {
                document
                    .line(line)
                    .map(|line| line.id.to_string())
                    .unwrap_or_default()
            };
            let is_tax = target.line(to).is_some_and(|line| line.detail.is_tax());
            let of_target = target.header().kind;
            let to_field = match (is_tax, of_target) {
                (true, _) => "taxItemId",
                (false, Kind::DebitMemo) => "debitMemoItemId",
                (false, _) => "invoiceItemId",
            };
            let mut item = json!({ to_field: line(target, to), "amount": self.share(amount) });
            if kind == Kind::CreditMemo
                && let Some(source) = source
            {
                item[if is_tax {
                    "creditTaxItemId"
                } else {
                    "creditMemoItemId"
                }] = line(source, from).into();
            }
            items.push(item);
        }
        items
    }

    fn refund(&mut self) -> Value {
        let id = self.id_of(&SOURCES, |header| {
            header.status == Status::Posted
                && (header.figures.open().is_positive() || header.figures.applied().is_positive())
        });
        let kind = self.kind(&id, Kind::CreditMemo);
        let mut request = json!({ kind.id_site().as_str(): id, "id": self.id("R") });
        let document = self.get(&id).map(|(_, document)| document);
        let (open, applied) = document.map_or((1, 0), |document| {
            (
                minor(document.header().figures.open()),
                minor(document.header().figures.applied()),
            )
        });
        match self.random.below(10) {
            0..2 => {
                request["autoUnapply"] = true.into();
                if self.random.percent(60) {
                    request["amount"] = self.share(open + applied).into();
                }
            }
            2 if applied > 0 => {
                self.targets(&mut request, Some(&id), kind, true);
                self.spread(&mut request, true);
                if request["rule"] == "sourceItem" {
                    request["rule"] = "fifo".into();
                }
                return self.request(&name("refund", kind), request);
            }
            3..5 if kind == Kind::CreditMemo => {
                let items = self.lines(document, "creditMemoItemId", "creditTaxItemId");
                if !items.is_empty() {
                    request["items"] = items.into();
                }
            }
            _ if self.random.percent(70) => request["amount"] = self.share(open).into(),
            _ => {}
        }
        if request["items"].is_null() && self.random.percent(30) {
            request["rule"] = self.random.one(&["proration", "fifo", "lifo"]).into();
        }
        if self.random.percent(10) {
            request["electronic"] = true.into();
        }
        if self.random.percent(10) {
            request["method"] = "Check".into();
        }
        self.request(&name("refund", kind), request)
    }

    /// Some lines that have something open.
    fn lines(&mut self, document: Option<&Document>, item: &str, tax: &str) -> Vec<Value> {
        let open = document.into_iter().flat_map(Document::lines_with_figures);
        let mut open: Vec<_> = open
            .filter(|(.., figures)| !figures.open().is_zero())
            .map(|(_, line, figures)| {
                (
                    line.id.to_string(),
                    line.detail.is_tax(),
                    minor(figures.open()),
                )
            })
            .collect();
        let mut items = Vec::new();
        for _ in 0..=self.random.below(2) {
            let Some(line) = self.random.pick(&open) else {
                break;
            };
            open.retain(|known| *known != line);
            let (id, is_tax, amount) = line;
            items
                .push(json!({ if is_tax { tax } else { item }: id, "amount": self.share(amount) }));
        }
        items
    }

    /// What is left of a payment or credit memo, however much of it is settled.
    fn write_off_rest(&mut self) -> Value {
        let id = self.id_of(&SOURCES, |header| {
            header.status == Status::Posted && header.figures.open().is_positive()
        });
        let kind = self.kind(&id, Kind::Payment);
        let mut request = json!({ kind.id_site().as_str(): id, "id": self.id("W") });
        if kind == Kind::CreditMemo {
            request["rest"] = true.into();
        }
        if self.random.percent(20) {
            request["excludeFromRevenue"] = true.into();
        }
        self.request(&name("writeOff", kind), request)
    }

    fn counterpart(&mut self, verb: &str) -> Value {
        if verb == "writeOff" && self.random.percent(30) {
            return self.write_off_rest();
        }
        let reverse = verb == "reverse";
        let id = self.id_of(&WITH_ITEMS, |header| {
            let figures = &header.figures;
            let fits = if reverse || header.kind == Kind::CreditMemo {
                figures.applied().is_zero() && figures.refunded().is_zero()
            } else {
                !figures.open().is_zero()
            };
            header.status == Status::Posted && fits
        });
        let kind = self.kind(&id, Kind::Invoice);
        let mut request = json!({ kind.id_site().as_str(): id, "id": self.id("W") });
        if !reverse && self.random.percent(40) {
            let document = self.get(&id).map(|(_, document)| document);
            if self.random.percent(50) {
                let items = self.lines(document, "itemId", "taxItemId");
                if !items.is_empty() {
                    request["items"] = items.into();
                }
            } else {
                let open = document.map_or(1, |document| minor(document.header().figures.open()));
                request["amount"] = self.share(open).into();
                if self.random.percent(40) {
                    request["rule"] = self.random.one(&["proration", "fifo", "lifo"]).into();
                }
            }
        }
        self.request(&name(verb, kind), request)
    }

    fn collect(&mut self) -> Value {
        let id = self.id_of(&DEMANDS, |header| {
            header.figures.open().is_positive() && header.status == Status::Posted
        });
        let kind = self.kind(&id, Kind::Invoice);
        let mut request = json!({ kind.id_site().as_str(): id });
        if self.random.percent(30) {
            request["sources"] = json!([self.random.one(&["creditMemo", "payment"])]);
        }
        self.spread(&mut request, true);
        self.matrix(&mut request);
        self.request(&name("collect", kind), request)
    }

    /// Many sources over many demands: some that are named, or all that are open.
    fn apply_credits(&mut self) -> Value {
        let lists: [(&str, &[Kind]); 3] = [
            ("sources", &SOURCES),
            ("invoices", &[Kind::Invoice]),
            ("debitMemos", &[Kind::DebitMemo]),
        ];
        let mut request = json!({});
        for (list, kinds) in lists {
            if self.random.percent(60) {
                request[list] = "allOpen".into();
            } else if list != "debitMemos" || self.random.percent(50) {
                let mut ids = Vec::new();
                for _ in 0..=self.random.below(2) {
                    let id = self.id_of(kinds, |header| {
                        header.figures.open().is_positive() && header.status == Status::Posted
                    });
                    if !ids.contains(&id) {
                        ids.push(id);
                    }
                }
                request[list] = ids.into();
            }
        }
        if self.random.percent(20) {
            let keys = [
                "date",
                "number",
                "largest",
                "smallest",
                "exactMatch",
                "dueDate",
            ];
            request["order"] = json!([self.random.one(&keys)]);
        }
        self.spread(&mut request, true);
        self.matrix(&mut request);
        self.request("applyCredits", request)
    }

    // The life of documents, and the rest.

    fn life(&mut self) -> Value {
        let (verb, kinds, status) = self
            .random
            .pick(&[
                ("post", &WITH_ITEMS[..], Status::Draft),
                ("unpost", &WITH_ITEMS[..], Status::Posted),
                ("cancel", &WITH_ITEMS[..], Status::Draft),
                ("cancel", &[Kind::Refund][..], Status::Posted),
                ("cancel", &[Kind::Payment][..], Status::Posted),
                ("delete", &WITH_ITEMS[..], Status::Canceled),
                ("delete", &[Kind::Payment][..], Status::Canceled),
                ("delete", &[Kind::Refund][..], Status::Canceled),
                (
                    "void",
                    &[
                        Kind::Invoice,
                        Kind::CreditMemo,
                        Kind::DebitMemo,
                        Kind::Payment,
                    ][..],
                    Status::Posted,
                ),
            ])
            .unwrap();
        let id = self.id_of(kinds, |header| header.status == status);
        let kind = self.kind(&id, kinds[0]);
        let mut request = json!({ kind.id_site().as_str(): id });
        if verb == "void" && self.random.percent(40) {
            request["reasonCode"] = self.random.one(&["Write-off", "Duplicate"]).into();
            request["comment"] = "x".into();
        }
        self.request(&name(verb, kind), request)
    }

    /// Undoes any operation, mostly the whole of it, else an application or lines of one.
    fn undo(&mut self) -> Value {
        let documents = self.host.book.documents();
        let Some(entry) = self.random.pick(documents.log()) else {
            return self.request("undo", json!({ "applicationGroupId": "AG-7" }));
        };
        let mut undo = json!({ "applicationGroupId": format!("AG-{}", entry.version) });
        let applications: Vec<_> = entry.settlement.applications().collect();
        let application = self.random.pick(&applications).unwrap();
        let [source, target] =
            [entry.settlement.source, application.target].map(|index| documents.get(index));
        let (Some(source), Some(target)) = (source, target) else {
            return self.request("undo", undo);
        };
        let parts = self.random.below(10);
        if matches!(parts, 5 | 7..) {
            undo["sourceId"] = (*source.header().id).into();
        }
        if parts > 5 {
            undo["targetId"] = (*target.header().id).into();
        }
        if parts == 9 {
            let item = self.random.pick(application.items).unwrap();
            let line = target.line(item.target).unwrap();
            let names = match (line.detail.is_tax(), target.header().kind) {
                (true, _) => ["targetTaxItemId", "sourceTaxItemId"],
                _ => ["targetItemId", "sourceItemId"],
            };
            let mut named = json!({ names[0]: *line.id });
            if self.random.percent(20)
                && let Some(line) = source.line(item.source)
            {
                named[names[1]] = (*line.id).into();
            }
            undo["items"] = json!([named]);
        }
        self.request("undo", undo)
    }

    fn update(&mut self) -> Value {
        if self.random.percent(40) {
            let kind = self.random.pick(Kind::ALL).unwrap();
            let id = self.id_of(&[kind], |header| !header.reversed);
            return self.request(
                &name("update", kind),
                json!({ kind.id_site().as_str(): id, "comment": "x" }),
            );
        }
        let id = self.id_of(&WITH_ITEMS, |header| header.status == Status::Draft);
        let kind = self.kind(&id, Kind::Invoice);
        let mut request = json!({ kind.id_site().as_str(): id });
        let document = self.get(&id).map(|(_, document)| document);
        let items: Vec<_> = document
            .into_iter()
            .flat_map(Document::lines_with_figures)
            .filter(|(_, line, _)| !line.detail.is_tax())
            .map(|(_, line, figures)| (line.id.to_string(), minor(figures.amount())))
            .collect();
        match self.random.below(8) {
            0 => request["comment"] = "x".into(),
            7 => {
                if let Some((item, amount)) = self.random.pick(&items) {
                    let (amount, at) = (self.write(amount).into(), self.at().into());
                    let before = self.past(&amount, &at, kind);
                    request["items"] = json!([{ "id": item, "settledBefore": before }]);
                }
            }
            4 => request["number"] = format!("U{}", self.place).into(),
            5 => {
                let value = self.random.one(&["x", "y", ""]);
                let value = Some(value).filter(|value| !value.is_empty());
                request["customFields"] = json!({ "a": value, "b": self.place });
                request["targetDate"] = json!(value.map(|_| "2026-03-01"));
            }
            6 => {
                if let Some((item, _)) = self.random.pick(&items) {
                    let value = self.random.one(&["x", "y", ""]);
                    let value = Some(value).filter(|value| !value.is_empty());
                    request["items"] = json!([{ "id": item, "description": value, "sku": value,
                        "serviceStart": value.map(|_| "2026-03-01"), "customFields": { "a": value } }]);
                }
            }
            1 => {
                request["items"] =
                    json!([{ "add": { "id": self.id("n"), "amount": self.write_units() } }])
            }
            2 => {
                if let Some((item, _)) = self.random.pick(&items) {
                    request["items"] = json!([{ "delete": item }]);
                }
            }
            _ => {
                if let Some((item, amount)) = self.random.pick(&items) {
                    let mut change = json!({ "id": item, "amount": self.share(amount) });
                    if self.random.percent(30) {
                        change["taxMode"] = self.random.one(&["exclusive", "inclusive"]).into();
                    }
                    request["items"] = json!([change]);
                }
            }
        }
        self.request(&name("update", kind), request)
    }

    fn transfer(&mut self) -> Value {
        let id = self.id_of(&[Kind::Payment], |header| {
            header.figures.applied().is_zero()
        });
        let account = self.random.one(&["A", "B", ""]);
        self.request(
            "transferPayment",
            json!({ "paymentId": id, "accountId": account }),
        )
    }

    fn close(&mut self) -> Value {
        let mut request = if self.random.percent(60) {
            json!({})
        } else {
            json!({ "through": "2026-02-14" })
        };
        if self.random.percent(30) {
            let closed = ["documents", "documentsAndApplications", "balances"];
            request["closedPeriods"] = self.random.one(&closed).into();
        }
        self.request("closePeriods", request)
    }

    fn bulk(&mut self) -> Value {
        let mut commands = Vec::new();
        while commands.len() < 4 {
            let mut command = self.any();
            if command["type"] != "bulk" {
                match self.random.below(40) {
                    0 => command["at"] = "2026-02-30".into(),
                    1 => command["id"] = 7.into(),
                    2 => command = Value::Null,
                    _ => {}
                }
                commands.push(command);
            }
            if self.random.percent(30) {
                break;
            }
        }
        let atomic = self.random.percent(50);
        self.request("bulk", json!({ "commands": commands, "atomic": atomic }))
    }
}
