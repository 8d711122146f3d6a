//! What the lines of a new document come to: stated or priced amounts, taxes, and the rounding of a total.
//!
//! Rules: `settlement.md#rounding-of-taxes`, `settlement.md#rounded-totals`.

use super::*;

impl Model {
    /// The document whose total was rounded that a credit memo was made from.
    pub(super) fn rounded_source(&self, memo: &Document) -> Option<usize> {
        let is_rounded = |of: &usize| {
            let Document { kind, lines, .. } = &self.documents[*of];
            is_demand(kind) && lines.iter().any(|line| line.processing == "rounding")
        };
        let is_counterpart = matches!(memo.origin, "reversal" | "writeOff");
        memo.refers_to
            .filter(|_| memo.kind == "creditMemo" && !is_counterpart)
            .filter(is_rounded)
    }

    /// What is left of the rounding items of a document.
    pub(super) fn rounding_left(&self, of: usize, but: Option<usize>) -> i128 {
        let lines = &self.documents[of].lines;
        let rounding = (0..lines.len()).filter(|&line| lines[line].processing == "rounding");
        rounding
            .map(|line| lines[line].amount - self.credited(of, line, but, true))
            .sum()
    }

    /// The memo that leaves nothing but the rounding of its document has that, too.
    pub(super) fn round_credit(&self, memo: &mut Document, own: Option<usize>) {
        let Some(of) = self.rounded_source(memo) else {
            return;
        };
        memo.round(0);
        let left = self.rounding_left(of, own);
        let is_last = self.available_of(of, own) - Self::credits(memo, of) == left;
        memo.round(if is_last { left } else { 0 });
    }

    /// Everything of a document that is left to be credited, line by line: a rounding item is no line of a request.
    pub(super) fn all_items(&self, from: usize) -> Vec<Value> {
        let Document {
            lines, currency, ..
        } = &self.documents[from];
        // What memos have credited without naming a line: items, and taxes by the item that they belong to.
        let mut unnamed = 0;
        let mut taxes: Vec<(Option<usize>, &Line, i128)> = Vec::new();
        for memo in self.documents.iter().filter(|memo| self.counts(memo, true)) {
            let is_own = memo.refers_to == Some(from);
            let is_rounded = self.rounded_source(memo) == Some(from);
            for line in memo.lines.iter().filter(|line| line.source.is_none()) {
                let of = line.tax_of.and_then(|of| memo.lines[of].source);
                match (line.tax_of, of) {
                    (None, _) if is_own && !(is_rounded && line.processing == "rounding") => {
                        unnamed += line.amount;
                    }
                    (Some(_), Some((document, item))) if document == from => {
                        add_tax(&mut taxes, Some(item), line);
                    }
                    (Some(_), None) if is_own => add_tax(&mut taxes, None, line),
                    _ => {}
                }
            }
        }
        // One that is the same as a tax of its item stands for that.
        let mut left: Vec<i128> = (0..lines.len())
            .map(|line| self.uncredited(from, line))
            .collect();
        taxes.retain(|(item, tax, amount)| {
            let same = item.and_then(|item| {
                (0..lines.len()).find(|&line| {
                    lines[line].tax_of == Some(item) && lines[line].identity == tax.identity
                })
            });
            same.iter().for_each(|&line| left[line] -= amount);
            same.is_none() && *amount != 0
        });

        let stated = |id: String, tax: &Line, amount: i128| {
            let [name, location, jurisdiction, rate] = &tax.identity;
            json!({
                "id": id, "amount": currency.write(amount),
                "name": name, "locationCode": location, "jurisdiction": jurisdiction, "rate": rate,
            })
        };
        let taxes_on =
            |item: usize| (0..lines.len()).filter(move |&tax| lines[tax].tax_of == Some(item));
        let is_left = |item: usize| {
            left[item] != 0
                || taxes_on(item).any(|tax| left[tax] != 0)
                || taxes.iter().any(|(of, ..)| *of == Some(item))
        };
        let mut room = left.clone();
        let mut items: Vec<Value> = Vec::new();
        for (place, line) in lines.iter().enumerate() {
            if line.tax_of.is_some() || line.processing == "rounding" || !is_left(place) {
                continue;
            }
            let mut own: Vec<Value> = Vec::new();
            let mut gross = left[place];
            for tax in taxes_on(place) {
                let id = format!("{}/{}", line.id, lines[tax].id);
                let mut of = stated(id, &lines[tax], left[tax]);
                of["sourceTaxItemId"] = lines[tax].id.clone().into();
                own.push(of);
                gross += left[tax];
            }
            for (_, tax, amount) in taxes.iter().filter(|(of, ..)| *of == Some(place)) {
                let id = numbered(&format!("{}/credited", line.id), &own);
                own.push(stated(id, tax, -amount));
                gross -= amount;
            }
            let amount = if line.inclusive { gross } else { left[place] };
            let mut item = json!({
                "id": line.id, "sourceItemId": line.id, "amount": currency.write(amount), "taxItems": own,
                "told": true });
            let taxes: i128 = taxes_on(place).map(|tax| lines[tax].amount).sum();
            // The quantity and price of the whole do not come to a part of it.
            if amount == line.amount + if line.inclusive { taxes } else { 0 } {
                tell_price(&mut item, line);
            }
            if line.inclusive {
                item["taxMode"] = "inclusive".into();
            }
            // A discount without its item is a plain negative line.
            let comes_back = |of: &usize| is_left(*of) && lines[*of].processing != "rounding";
            if let Some(of) = line.discount_of.filter(comes_back)
                && within(room[of] + left[place], room[of])
            {
                room[of] += left[place];
                item["appliedToItemId"] = lines[of].id.clone().into();
            }
            items.push(item);
        }
        let others: Vec<_> = taxes.iter().filter(|(of, ..)| of.is_none()).collect();
        if unnamed != 0 || !others.is_empty() {
            let mut own: Vec<Value> = Vec::new();
            for (_, tax, amount) in others {
                own.push(stated(numbered("credited/tax", &own), tax, -amount));
            }
            items.push(
                json!({ "id": "credited", "amount": currency.write(-unnamed), "taxItems": own }),
            );
        }
        items
    }

    /// The line that an item credits or debits.
    pub(super) fn source_of(
        &self,
        item: &Value,
        from: Option<usize>,
    ) -> Result<Option<(usize, usize)>> {
        let Some(id) = item["sourceItemId"].as_str() else {
            return Ok(None);
        };
        let of = match item["sourceDocumentId"].as_str() {
            Some(id) => {
                let is = |document: &Document| !document.deleted && document.id == id;
                match self.documents.iter().position(is) {
                    Some(of) => of,
                    None => self.only_of_number(id)?,
                }
            }
            None => from.ok_or("missingField")?,
        };
        let line = self.documents[of]
            .lines
            .iter()
            .position(|line| line.tax_of.is_none() && line.id == id);
        Ok(Some((of, line.ok_or("itemNotFound")?)))
    }

    /// The one document with items that has a number; two of different kinds can have it.
    pub(super) fn only_of_number(&self, number: &str) -> Result<usize> {
        let has_number = |&index: &usize| {
            let document = &self.documents[index];
            let has_items = !matches!(document.kind, "payment" | "refund");
            !document.deleted && has_items && document.number == number
        };
        let all: Vec<_> = (0..self.documents.len()).filter(has_number).collect();
        match all[..] {
            [only] => Ok(only),
            _ => Err("documentNotFound"),
        }
    }

    /// The taxes of an item: as stated, or those of its source item.
    pub(super) fn taxes_of(&self, item: &Value, source: Option<(usize, usize)>) -> Vec<Value> {
        if let Some(stated) = item["taxItems"].as_array() {
            return stated.clone();
        }
        let Some((document, of)) = source else {
            return Vec::new();
        };
        if item["processingType"] == "rounding" {
            return Vec::new();
        }
        let taxes = self.documents[document]
            .lines
            .iter()
            .filter(|line| line.tax_of == Some(of));
        let tax = |tax: &Line| {
            let [name, location, jurisdiction, rate] = &tax.identity;
            let id = format!("{}/{}", item["id"].as_str().unwrap(), tax.id);
            json!({
                "id": id, "sourceTaxItemId": tax.id,
                "name": name, "locationCode": location, "jurisdiction": jurisdiction, "rate": rate,
            })
        };
        taxes.map(tax).collect()
    }

    /// Gives the lines of a draft their amounts. What the draft credits of discounts is known before what their items
    /// have left, but the first item that is wrong is the one that is told.
    pub(super) fn price(
        &self,
        draft: &mut Document,
        items: &[Value],
        own: Option<usize>,
    ) -> Result<()> {
        let places: Vec<_> = (0..draft.lines.len())
            .filter(|&line| draft.lines[line].tax_of.is_none())
            .collect();
        let is_discount = |of: usize| {
            let source = draft.lines[of].source;
            source.is_some_and(|(document, line)| {
                self.documents[document].lines[line].discount_of.is_some()
            })
        };
        let (first, then): (Vec<_>, Vec<_>) = places
            .into_iter()
            .zip(items)
            .partition(|(of, _)| is_discount(*of));
        let mut refused: Option<(usize, &'static str)> = None;
        let mut priced = Vec::new();
        for turn in [first, then] {
            for (of, item) in turn {
                if let Err(code) = self.price_item(draft, of, item, &priced, own) {
                    if refused.is_none_or(|(earlier, _)| of < earlier) {
                        refused = Some((of, code));
                    }
                    break;
                }
                priced.push(of);
            }
        }
        if let Some((_, code)) = refused {
            return Err(code);
        }
        if self.options["taxRounding"] == "group" {
            self.round_by_group(draft);
        }
        Ok(())
    }

    /// Gives an item of a draft and its taxes their amounts. Those of the items `priced` are known.
    pub(super) fn price_item(
        &self,
        draft: &mut Document,
        of: usize,
        item: &Value,
        priced: &[usize],
        own: Option<usize>,
    ) -> Result<()> {
        let currency = draft.currency;
        let mut place = of;
        let source = draft.lines[of].source;
        let inclusive = draft.lines[of].inclusive;
        let price = Self::price_of(item, currency)?;
        let stated = item.get("amount").filter(|amount| !amount.is_null());
        let takes_what_is_left = stated.is_none() && price.is_none();
        let given = match (stated, price, source) {
            (Some(amount), ..) => currency.read(amount)?,
            (None, Some(price), _) => price,
            (None, None, Some((document, line))) => {
                let lines = &self.documents[document].lines;
                let counted = (0..lines.len())
                    .filter(|&tax| tax == line || inclusive && lines[tax].tax_of == Some(line));
                counted
                    .map(|line| self.left_for(draft, priced, (document, line), own))
                    .sum()
            }
            (None, None, None) => return Err("missingField"),
        };
        let mut open = Vec::new();
        let mut stated = 0;
        for tax in self.taxes_of(item, source) {
            place += 1;
            let is_allowed = self.options["allowTaxRateFrom1"] == true;
            let has_rate = item["taxItems"].is_array() && tax["rate"].is_string();
            if has_rate && !is_allowed && rate(&tax["rate"]) >= WHOLE {
                return Err("outOfRange");
            }
            if let Some(amount) = tax.get("amount").filter(|amount| !amount.is_null()) {
                draft.lines[place].amount = currency.read(amount)?;
            } else if tax["sourceTaxItemId"].is_string() && takes_what_is_left {
                // All that is left of an item has all that is left of its taxes.
                let of_source = draft.lines[place].source.unwrap();
                draft.lines[place].amount = self.left_for(draft, priced, of_source, own);
            } else if tax["sourceTaxItemId"].is_string() {
                draft.lines[place].amount = self.share_of_tax(draft, of, place, given, priced, own);
            } else {
                open.push((place, rate(&tax["rate"])));
                continue;
            }
            stated += draft.lines[place].amount;
        }
        if !inclusive {
            draft.lines[of].amount = given;
            open.into_iter().for_each(|(place, rate)| {
                draft.lines[place].amount = currency.share(given, rate, WHOLE)
            });
            return Ok(());
        }
        // An amount with its taxes: one side is rounded, the other is the difference.
        let gross = given - stated;
        let rates: i128 = open.iter().map(|(_, rate)| rate).sum();
        let mut net = if open.is_empty() {
            gross
        } else {
            currency.share(gross, WHOLE, WHOLE + rates)
        };
        if self.options["inclusiveRounding"] == "tax" {
            net = gross;
            for (place, rate) in open {
                draft.lines[place].amount = currency.share(gross, rate, WHOLE + rates);
                net -= draft.lines[place].amount;
            }
        } else {
            let (mut left, mut rates) = (gross - net, rates);
            for (place, rate) in open {
                draft.lines[place].amount = if rates == 0 {
                    0
                } else {
                    currency.share(left, rate, rates)
                };
                left -= draft.lines[place].amount;
                rates -= rate;
            }
            net += left;
        }
        draft.lines[of].amount = net;
        Ok(())
    }

    /// Taxes of one name and rate: their sum is rounded once, and they share it by largest remainder. An amount that
    /// contains its taxes stays; where all amounts of a group do, what they are without the tax may be what is rounded.
    pub(super) fn round_by_group(&self, draft: &mut Document) {
        let step = draft.currency.step;
        let lines = draft.lines.clone();
        let by_rate: Vec<_> = (0..lines.len())
            .filter(|&place| lines[place].by_rate)
            .collect();
        let rate_of = |place: usize| rate(&lines[place].identity[3].clone().unwrap().into());
        // What a tax is before it is rounded, as a fraction of steps, and the amount with the tax that has it.
        let exact = |place: usize| {
            let item = lines[place].tax_of.unwrap();
            if !lines[item].inclusive {
                return (lines[item].amount * rate_of(place), WHOLE * step, None);
            }
            let taxes = || {
                by_rate
                    .iter()
                    .filter(|&&tax| lines[tax].tax_of == Some(item))
            };
            let gross = lines[item].amount + taxes().map(|&tax| lines[tax].amount).sum::<i128>();
            let rates: i128 = taxes().map(|&tax| rate_of(tax)).sum();
            (
                gross * rate_of(place),
                (WHOLE + rates) * step,
                Some(gross / step),
            )
        };
        let mut done: Vec<usize> = Vec::new();
        for &first in &by_rate {
            let of_group = |place: &usize| {
                let key = |place: usize| (lines[place].identity[0].clone(), rate_of(place));
                key(*place) == key(first)
            };
            let group: Vec<_> = by_rate.iter().copied().filter(of_group).collect();
            if done.contains(&first) {
                continue;
            }
            done.extend(&group);
            let parts: Vec<_> = group.iter().map(|&place| exact(place)).collect();
            let below = parts
                .iter()
                .fold(1, |all, (_, below, _)| least_common_multiple(all, *below));
            let above: Vec<_> = parts
                .iter()
                .map(|(above, own, _)| above * (below / own))
                .collect();
            let sum: i128 = above.iter().sum();
            let gross: Option<i128> = parts.iter().map(|(.., gross)| *gross).sum();
            let total = match gross {
                Some(gross) if self.options["inclusiveRounding"] != "tax" => {
                    gross - nearest(gross * below - sum, below)
                }
                _ => nearest(sum, below),
            };
            let sign = if sum < 0 { -1 } else { 1 };
            let mut shares: Vec<_> = above
                .iter()
                .map(|above| (above * sign).div_euclid(below))
                .collect();
            let mut order: Vec<_> = (0..group.len()).collect();
            order.sort_by_key(|&place| (-(above[place] * sign).rem_euclid(below), place));
            let left = usize::try_from(total * sign - shares.iter().sum::<i128>()).unwrap();
            order[..left].iter().for_each(|&place| shares[place] += 1);
            for (&place, share) in group.iter().zip(shares) {
                let tax = share * sign * step;
                let item = lines[place].tax_of.unwrap();
                if lines[item].inclusive {
                    draft.lines[item].amount += draft.lines[place].amount - tax;
                }
                draft.lines[place].amount = tax;
            }
        }
    }

    /// What an item costs by its quantity and unit price, if it says both and is not only a part of that.
    pub(super) fn price_of(item: &Value, currency: Currency) -> Result<Option<i128>> {
        let (Some(quantity), Some(price)) = (item["quantity"].as_str(), item["unitPrice"].as_str())
        else {
            return Ok(None);
        };
        if item["told"] == true {
            return Ok(None);
        }
        let exact = |text: &str| {
            let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
            let digits: i128 = format!("{whole}{decimals}").parse().unwrap();
            (digits, decimals.len())
        };
        let ((quantity, a), (price, b)) = (exact(quantity), exact(price));
        let tens = |count: usize| 10_i128.pow(u32::try_from(count).unwrap());
        let above = quantity * price * tens(currency.scale);
        Ok(Some(
            nearest(above, tens(a + b) * currency.step) * currency.step,
        ))
    }

    /// The tax of a credit: so much that all credits of an item so far, together with this one, have credited of its
    /// tax what they have credited of the item (`settlement.md#taxes-of-partial-credits`). Discounts and their taxes
    /// count as well, as long as no more is credited than they leave. `place` is the tax of the item `of` of the draft.
    pub(super) fn share_of_tax(
        &self,
        draft: &Document,
        of: usize,
        place: usize,
        given: i128,
        priced: &[usize],
        own: Option<usize>,
    ) -> i128 {
        let (document, item) = draft.lines[of].source.unwrap();
        let (_, tax) = draft.lines[place].source.unwrap();
        let lines = &self.documents[document].lines;
        let inclusive = draft.lines[of].inclusive;
        let all: Vec<_> = (0..lines.len())
            .filter(|&line| line == item || inclusive && lines[line].tax_of == Some(item))
            .collect();
        // By others, and by the lines of the same draft that are priced.
        let before = |line: usize| {
            self.credited(document, line, own, false)
                + Self::credited_here(draft, priced, (document, line))
        };
        let net = |line: usize, figure: &dyn Fn(usize) -> i128| -> i128 {
            (0..lines.len())
                .filter(|&other| other == line || self.reduces(document, other) == Some(line))
                .map(figure)
                .sum()
        };
        let amount = |line: usize| lines[line].amount;
        let whole: i128 = all.iter().map(|&line| amount(line)).sum();
        if whole == 0 {
            return 0;
        }
        let net_whole: i128 = all.iter().map(|&line| net(line, &amount)).sum();
        let net_after: i128 = all.iter().map(|&line| net(line, &before)).sum::<i128>() + given;
        let share = if net_after == net_whole {
            net(tax, &amount) - net(tax, &before)
        } else if net_whole != 0 && net_after * whole.signum() <= net_whole * whole.signum() {
            draft
                .currency
                .share(net(tax, &amount), net_after, net_whole)
                - net(tax, &before)
        } else {
            let after: i128 = all.iter().map(|&line| before(line)).sum::<i128>() + given;
            draft.currency.share(amount(tax), after, whole) - before(tax)
        };
        // What is credited of a tax is not taken back, even where it was more than its share.
        let direction = whole.signum() * given.signum();
        let is_as_taxed = [amount(tax), net(tax, &amount)]
            .iter()
            .any(|tax| share.signum() == direction * tax.signum());
        if is_as_taxed { share } else { 0 }
    }
}
