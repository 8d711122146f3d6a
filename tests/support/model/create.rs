//! A new document: what it is made from, what its lines are, and what refuses it.
//!
//! Rules: `settlement.md#memos-of-a-document`, `settlement.md#items`, `settlement.md#discounts`.

use super::*;

impl Model {
    // Creating.

    pub(super) fn create(&mut self, new: &Value, kind: &'static str, at: &str) -> Result<usize> {
        let document = match self.draft(new, kind, at, None) {
            Ok(document) => document,
            // What it would settle can be wrong too: at least the day is known.
            Err(refusal) => {
                let of = |kind: &&str| self.find(kind, &new[id_field(kind)]).ok();
                let target = ["invoice", "debitMemo"].iter().find_map(of);
                let settles = |target: &usize| {
                    let is_automatic = new["autoPost"] == true && new["autoApply"] == true;
                    let is_posted = self.documents[*target].status == "posted";
                    kind == "creditMemo" && is_automatic && is_posted && self.open(*target) > 0
                };
                let target = target.filter(settles);
                let again = target.map_or(Ok(()), |target| self.check_posted_again(target, at));
                let closed = target.map_or(Ok(()), |_| self.check_settling(at));
                first([Err(refusal), closed, again])?;
                return Err(refusal);
            }
        };
        let index = self.add(document);
        if new["autoPost"] == true {
            self.post(index, at)?;
        }
        Ok(index)
    }

    pub(super) fn add(&mut self, document: Document) -> usize {
        // One that was made like another is new all the same.
        let created_on = String::new();
        self.documents.push(Document {
            created_on,
            ..document
        });
        self.run.created.push(self.documents.len() - 1);
        self.run.touched.push(self.documents.len() - 1);
        self.documents.len() - 1
    }

    /// The draft that a request makes, in four steps: what it says, whether that can be, what its lines come to, and
    /// whether they can be.
    pub(super) fn draft(
        &self,
        new: &Value,
        kind: &'static str,
        at: &str,
        own: Option<usize>,
    ) -> Result<Document> {
        let draft = self.read_draft(new, kind, at, own)?;
        self.check_draft(new, &draft)?;

        let mut document = draft.document.clone();
        self.price(&mut document, &draft.items, own)?;
        read_past(&mut document, &draft)?;
        round_invoice(&mut document);
        check_range(&document)?;
        net_discounts(&mut document)?;
        self.round_credit(&mut document, own);
        if let Some(from) = draft
            .from
            .filter(|_| kind == "debitMemo" && new["items"].is_null())
        {
            document.round(self.rounding_left(from, None));
        }

        self.check_priced(new, &draft, &document, own)?;
        Ok(document)
    }

    /// What a request says of a draft, with its lines and their sources.
    fn read_draft(
        &self,
        new: &Value,
        kind: &'static str,
        at: &str,
        own: Option<usize>,
    ) -> Result<Draft> {
        let from = origin_of(new, kind);
        check_items(new, kind, from)?;
        let currency = self.currency_of(new)?;
        self.check_reason(new)?;
        if own.is_none() {
            self.check_new(new, kind)?;
        }

        let from = from.map(|kind| self.find(kind, &new[id_field(kind)]));
        let is_missing = matches!(from, Some(Err(_)));
        let from = from.and_then(Result::ok);
        let (items, has_nothing_left) = self.items_of_draft(new, from);
        let (mut lines, found) = self.lines_of_draft(&items, from);
        let is_named_by_engine = |line: &Line| line.id == "rounding";
        let is_rounded = kind == "invoice" && currency.total_step != 1;
        refuse(&[
            ("duplicateId", has_equal_names(&lines)),
            (
                "duplicateId",
                is_rounded && lines.iter().any(is_named_by_engine),
            ),
            ("documentNotFound", is_missing),
        ])?;
        first(found.iter().map(|(_, source)| source.map(drop)))?;
        self.link(&items, &found, &mut lines)?;

        let sources = found.iter().filter_map(|(_, source)| source.ok().flatten());
        Ok(Draft {
            document: self.header_of_draft(new, kind, at, from, currency, lines),
            items,
            found: found.iter().map(|(of, _)| *of).collect(),
            sources: sources.collect(),
            from,
            has_nothing_left,
        })
    }

    /// The items of a draft: those that are stated, or all that is left of the document that it is made from. And
    /// whether nothing is left there.
    fn items_of_draft(&self, new: &Value, from: Option<usize>) -> (Vec<Value>, bool) {
        match (new["items"].as_array(), from) {
            (Some(items), _) => (items.clone(), false),
            (None, None) => (Vec::new(), false),
            (None, Some(from)) => {
                let all = self.all_items(from);
                let is_spent = self.total(from) != 0 && self.available_of(from, None) == 0;
                let has_rounding = self.rounding_left(from, None) != 0;
                if is_spent || (all.is_empty() && !has_rounding) {
                    return (Vec::new(), true);
                }
                (all, false)
            }
        }
    }

    /// The lines of a draft, each item followed by its tax items, and of each item the index of its line and its
    /// source.
    fn lines_of_draft(&self, items: &[Value], from: Option<usize>) -> (Vec<Line>, Vec<Found>) {
        let mut lines: Vec<Line> = Vec::new();
        let mut found = Vec::new();
        for item in items {
            let source = self.source_of(item, from);
            let of = lines.len();
            lines.push(line_of_item(item, source.unwrap_or_default()));
            for tax in self.taxes_of(item, source.unwrap_or_default()) {
                let identity =
                    ["name", "locationCode", "jurisdiction", "rate"].map(|field| text(&tax[field]));
                lines.push(Line {
                    id: text(&tax["id"]).unwrap(),
                    tax_of: Some(of),
                    source: None,
                    identity,
                    by_rate: tax["amount"].is_null() && tax["sourceTaxItemId"].is_null(),
                    ..lines[of].clone()
                });
            }
            found.push((of, source));
        }
        (lines, found)
    }

    /// Links tax items with the tax items that they credit, and discounts with the items that they reduce.
    fn link(&self, items: &[Value], found: &[Found], lines: &mut [Line]) -> Result<()> {
        for (item, (of, source)) in items.iter().zip(found) {
            if let Ok(Some((document, line))) = source {
                let named = self.taxes_of(item, Some((*document, *line)));
                for (place, tax) in named.iter().enumerate() {
                    let Some(id) = tax["sourceTaxItemId"].as_str() else {
                        continue;
                    };
                    let mut of_source = self.documents[*document].lines.iter();
                    let found =
                        of_source.position(|known| known.tax_of == Some(*line) && known.id == id);
                    lines[of + 1 + place].source = Some((*document, found.ok_or("itemNotFound")?));
                }
            }
            if let Some(reduced) = item["appliedToItemId"].as_str() {
                let mut items = lines.iter();
                let place = items.position(|line| line.id == reduced && line.tax_of.is_none());
                lines[*of].discount_of = Some(place.ok_or("itemNotFound")?);
            }
        }
        Ok(())
    }

    /// The draft as it is before its lines have amounts.
    fn header_of_draft(
        &self,
        new: &Value,
        kind: &'static str,
        at: &str,
        from: Option<usize>,
        stated: Currency,
        lines: Vec<Line>,
    ) -> Document {
        let inherits = new["currency"].is_null();
        let origin = match new["origin"].as_str() {
            // Of a draft that changes: it stays what it was made as.
            Some("document") => "document",
            Some("reversal") => "reversal",
            Some("writeOff") => "writeOff",
            _ if new["billing"] == true || new["origin"] == "billing" => "billing",
            _ if from.is_some() => "document",
            _ => "standalone",
        };
        let date = text(&new["date"]).unwrap_or_else(|| at.to_owned());
        Document {
            kind,
            id: text(&new["id"]).unwrap(),
            number: text(&new["number"]).or(text(&new["id"])).unwrap(),
            account: text(&new["accountId"])
                .or(from.map(|from| self.documents[from].account.clone()))
                .unwrap_or_else(|| "A".into()),
            currency: from
                .filter(|_| inherits)
                .map_or(stated, |from| self.documents[from].currency),
            status: "draft",
            due_date: text(&new["dueDate"]).unwrap_or_else(|| date.clone()),
            date,
            origin,
            refers_to: from,
            reversed: false,
            deleted: false,
            auto_apply: new["autoApply"] == true,
            exclude: new["excludeFromAutoApply"] == true,
            reason: text(&new["reasonCode"]),
            posted_on: None,
            first_posted_on: None,
            posted_again_on: None,
            changed_on: None,
            canceled_on: None,
            created_on: String::new(),
            updated_on: String::new(),
            lines,
        }
    }

    /// Refuses a draft that cannot be, whatever its amounts are.
    fn check_draft(&self, new: &Value, draft: &Draft) -> Result<()> {
        let document = &draft.document;
        let kind = document.kind;
        let of_lines = draft.sources.iter().map(|(source, _)| *source);
        let sources: Vec<usize> = draft.from.into_iter().chain(of_lines).collect();
        for &source in &sources {
            self.check_live(source)?;
        }

        let is_of_sources = |is_so: &dyn Fn(&Document) -> bool| {
            sources.iter().any(|&of| is_so(&self.documents[of]))
        };
        let is_of_items = |is_so: &dyn Fn(&Value) -> bool| draft.items.iter().any(is_so);
        let is_rounding = |item: &Value| item["processingType"] == "rounding";
        // Where the engine makes rounding items, nobody else does.
        let is_made_by_engine = match kind {
            "invoice" => document.currency.total_step != 1,
            _ => self.rounded_source(document).is_some(),
        };
        let credits_rounding =
            |&(of, line): &(usize, usize)| self.documents[of].lines[line].processing == "rounding";
        let past: Vec<_> = entries_of(new).into_iter().flatten().collect();
        refuse(&[
            (
                "accountMismatch",
                document.origin != "billing"
                    && is_of_sources(&|source| source.account != document.account),
            ),
            (
                "currencyMismatch",
                is_of_sources(&|source| source.currency != document.currency),
            ),
            (
                "invalidItem",
                is_of_items(&|item| is_rounding(item) && !list(&item["taxItems"]).is_empty()),
            ),
            (
                "invalidItem",
                is_made_by_engine
                    && is_of_items(&|item| {
                        is_rounding(item) && (kind == "invoice" || item["sourceItemId"].is_null())
                    }),
            ),
            ("invalidItem", draft.sources.iter().any(credits_rounding)),
            (
                "periodClosed",
                kind != "invoice" && self.check_open(&document.date).is_err(),
            ),
            (
                "dateTooEarly",
                is_of_sources(&|source| document.date < source.date),
            ),
            (
                "dateTooEarly",
                !past.iter().all(|of| Before::is_since(of, &document.date)),
            ),
        ])?;
        match kind {
            "invoice" => Ok(()),
            _ => self.limit("createItems", draft.items.len()),
        }
    }

    /// Refuses a draft whose amounts cannot be.
    fn check_priced(
        &self,
        new: &Value,
        draft: &Draft,
        document: &Document,
        own: Option<usize>,
    ) -> Result<()> {
        if new["autoPost"] == true {
            Self::check_sign(document)?;
        }
        document.check_signs_of_past()?;
        for item in &draft.items {
            let priced = Self::price_of(item, document.currency)?;
            let stated = item.get("amount").filter(|amount| !amount.is_null());
            if let (Some(price), Some(stated)) = (priced, stated)
                && document.currency.read(stated)? != price
            {
                return Err("sumMismatch");
            }
        }
        document.check_sums_of_past()?;
        self.check_credit(document, own)?;

        let mut items = draft.items.iter().zip(&draft.found);
        let is_spent = |(item, of): (&Value, &usize)| self.is_spent(item, *of, document);
        let is_line_spent = new["items"].is_array() && items.any(is_spent);
        refuse(&[("nothingToSettle", draft.has_nothing_left || is_line_spent)])
    }

    /// Whether nothing is left of the source of an item, where nobody says how much it is.
    fn is_spent(&self, item: &Value, of: usize, document: &Document) -> bool {
        let lines = &document.lines;
        let is_own = |place: &usize| *place == of || lines[*place].tax_of == Some(of);
        // Net of what the draft credits of the discounts: they would only cancel out.
        let credits = |place: usize| -> i128 {
            let line = &lines[place];
            let reductions = lines.iter().filter(|other| {
                let source = other.source;
                let reduced = source.and_then(|(of, line)| Some((of, self.reduces(of, line)?)));
                reduced.is_some() && reduced == line.source
            });
            line.amount + reductions.map(|line| line.amount).sum::<i128>()
        };
        item["amount"].is_null()
            && item["sourceItemId"].is_string()
            && Self::price_of(item, document.currency) == Ok(None)
            && (0..lines.len())
                .filter(is_own)
                .all(|place| credits(place) == 0)
    }
}

/// The index of the line of an item, and the line that it credits or debits, if it names one.
type Found = (usize, Result<Option<(usize, usize)>>);

/// A draft under way.
struct Draft {
    document: Document,
    items: Vec<Value>,
    /// Of each item the index of its line.
    found: Vec<usize>,
    /// The lines of other documents that items credit or debit.
    sources: Vec<(usize, usize)>,
    from: Option<usize>,
    /// It is to have all that is left of a document of which nothing is left. That is refused last.
    has_nothing_left: bool,
}

/// Refuses by the first row whose statement is true: the rows are in the order of the refusals.
fn refuse(rows: &[(Refusal, bool)]) -> Result<()> {
    let refusal = rows.iter().find(|(_, is_so)| *is_so);
    refusal.map_or(Ok(()), |(code, _)| Err(code))
}

/// The kind of document that a request makes another one from.
fn origin_of(new: &Value, kind: &str) -> Option<&'static str> {
    let mut kinds = ["invoice", "debitMemo", "creditMemo"].into_iter();
    let from = kinds.find(|kind| new.get(id_field(kind)).is_some());
    from.filter(|_| kind != "invoice")
}

/// Refuses items that lack something, or whose past is of another kind of document.
fn check_items(new: &Value, kind: &str, from: Option<&str>) -> Result<()> {
    let is_homeless = |item: &Value| {
        item["sourceItemId"].is_string() && item["sourceDocumentId"].is_null() && from.is_none()
    };
    let lacks = |item: &Value| lacks_source(item) || is_homeless(item);
    let has_none = new["items"]
        .as_array()
        .map_or(from.is_none(), Vec::is_empty);
    let is_of_kind = |of: &Value| Before::is_of(of, kind);
    refuse(&[
        ("missingField", has_none),
        ("missingField", list(&new["items"]).iter().any(lacks)),
        (
            "invalidChoice",
            !entries_of(new).iter().flatten().all(is_of_kind),
        ),
    ])
}

/// What was settled before of each item, then of its tax items, as they are stated.
fn entries_of(new: &Value) -> Vec<Vec<Value>> {
    let of_item = |item: &Value| {
        let taxes = list(&item["taxItems"]).iter();
        let lines = [item].into_iter().chain(taxes);
        lines.map(|line| line["settledBefore"].clone()).collect()
    };
    list(&new["items"]).iter().map(of_item).collect()
}

/// The line of an item, still without an amount.
fn line_of_item(item: &Value, source: Option<(usize, usize)>) -> Line {
    Line {
        id: text(&item["id"]).unwrap(),
        tax_of: None,
        discount_of: None,
        source,
        identity: Default::default(),
        by_rate: false,
        price: ["quantity", "unitPrice"].map(|field| text(&item[field])),
        processing: match item["processingType"].as_str() {
            // A discount is nothing else.
            _ if item["appliedToItemId"].is_string() => "discount",
            Some("rounding") => "rounding",
            Some("prepayment") => "prepayment",
            _ => "charge",
        },
        inclusive: item["taxMode"] == "inclusive",
        amount: 0,
        netted: 0,
        before: Vec::new(),
    }
}

fn has_equal_names(lines: &[Line]) -> bool {
    let is_again = |place: usize| lines[..place].iter().any(|line| line.id == lines[place].id);
    (0..lines.len()).any(is_again)
}

/// Reads what was settled before of each line.
fn read_past(document: &mut Document, draft: &Draft) -> Result<()> {
    let currency = document.currency;
    for (item, of) in draft.items.iter().zip(&draft.found) {
        let taxes = list(&item["taxItems"]).iter();
        for (place, stated) in [item].into_iter().chain(taxes).enumerate() {
            document.lines[of + place].before = Before::read(&stated["settledBefore"], currency)?;
        }
    }
    Ok(())
}

/// Rounds an invoice to a whole number of the steps of its currency.
fn round_invoice(document: &mut Document) {
    if document.kind == "invoice" && document.currency.total_step != 1 {
        let rest = document.currency.total_of(document.total()) - document.total();
        document.round(rest);
    }
}

fn check_range(document: &Document) -> Result<()> {
    let amounts = document.lines.iter().map(|line| line.amount.abs());
    refuse(&[("outOfRange", amounts.sum::<i128>() > LARGEST)])
}

/// A discount takes off its item what it has, up to all that is left of it; its tax items stay as they are.
fn net_discounts(document: &mut Document) -> Result<()> {
    for discount in 0..document.lines.len() {
        let Some(item) = document.lines[discount].discount_of else {
            continue;
        };
        let amount = document.lines[discount].amount;
        let reduced = &mut document.lines[item];
        let left = reduced.amount + reduced.netted;
        if reduced.discount_of.is_some() || !within(left + amount, left) {
            return Err("invalidDiscount");
        }
        reduced.netted += amount;
        document.lines[discount].netted = -amount;
    }
    Ok(())
}
