//! What can be credited of a document and its lines, and what was.
//!
//! Rules: `settlement.md#available-to-credit`, `settlement.md#taxes-of-partial-credits`.

use super::*;

impl Model {
    /// What the items `priced` of a draft credit of a line, and their taxes.
    pub(super) fn credited_here(draft: &Document, priced: &[usize], place: (usize, usize)) -> i128 {
        let is_priced = |line: &usize| {
            priced.contains(line)
                || draft.lines[*line]
                    .tax_of
                    .is_some_and(|of| priced.contains(&of))
        };
        (0..draft.lines.len())
            .filter(is_priced)
            .filter(|&line| draft.lines[line].source == Some(place))
            .map(|line| draft.lines[line].amount)
            .sum()
    }

    /// The line that a discount takes off, or a tax of a discount: that of the same tax.
    pub(super) fn reduces(&self, document: usize, line: usize) -> Option<usize> {
        let lines = &self.documents[document].lines;
        if let Some(item) = lines[line].discount_of {
            return Some(item);
        }
        let discount = lines[line].tax_of?;
        let item = lines[discount].discount_of?;
        let alike = |of: usize| -> Vec<usize> {
            (0..lines.len())
                .filter(|&tax| {
                    lines[tax].tax_of == Some(of) && lines[tax].identity == lines[line].identity
                })
                .collect()
        };
        // The second of one tax comes off the second of the item, if there is one.
        let place = alike(discount).iter().position(|&tax| tax == line)?;
        let taxes = alike(item);
        taxes.get(place).or(taxes.first()).copied()
    }

    /// What a draft takes of a line where nobody says how much: what is left of it and of what reduces it. What reduces
    /// a line has something left only if the draft credits that line as well, or if only the engine credits it.
    pub(super) fn left_for(
        &self,
        draft: &Document,
        priced: &[usize],
        (document, line): (usize, usize),
        own: Option<usize>,
    ) -> i128 {
        let lines = &self.documents[document].lines;
        let left = |line: usize| {
            lines[line].amount
                - self.credited(document, line, own, true)
                - Self::credited_here(draft, priced, (document, line))
        };
        if let Some(reduced) = self.reduces(document, line) {
            let item = lines[reduced].tax_of.unwrap_or(reduced);
            let is_credited = draft
                .lines
                .iter()
                .any(|line| line.source == Some((document, item)));
            if !is_credited && lines[item].processing != "rounding" {
                return 0;
            }
        }
        (0..lines.len())
            .filter(|&other| other == line || self.reduces(document, other) == Some(line))
            .map(left)
            .sum()
    }

    // What is available to credit.

    pub(super) fn counts(&self, memo: &Document, posted: bool) -> bool {
        let billed = memo.origin != "billing" || self.options["countBillingCredits"] != false;
        let status = if posted {
            memo.status == "posted" && billed
        } else {
            memo.status != "canceled"
        };
        memo.kind == "creditMemo" && !memo.deleted && status
    }

    /// What credit memos other than `but` have credited of a line.
    pub(super) fn credited(
        &self,
        document: usize,
        line: usize,
        but: Option<usize>,
        posted: bool,
    ) -> i128 {
        let memos = self.documents.iter().enumerate();
        let memos = memos.filter(|(index, memo)| Some(*index) != but && self.counts(memo, posted));
        let lines = memos.flat_map(|(_, memo)| memo.lines.iter().map(move |own| (memo, own)));
        let here: i128 = lines
            .filter(|(memo, own)| self.credited_line(memo, own, document) == Some(line))
            .map(|(_, own)| own.amount)
            .sum();
        here + self.documents[document].credited_before(line)
    }

    /// The line of a document that a line of a memo credits: the one that it names. A rounding item of a memo that was
    /// made from the document names none, and credits the first of its own.
    pub(super) fn credited_line(&self, memo: &Document, line: &Line, of: usize) -> Option<usize> {
        let lines = &self.documents[of].lines;
        match line.source {
            Some((document, line)) => (document == of).then_some(line),
            None if line.processing == "rounding" && memo.refers_to == Some(of) => {
                lines.iter().position(|line| line.processing == "rounding")
            }
            None => None,
        }
    }

    /// What is available to credit of a line: net of what reduces it, which has nothing of its own.
    pub fn available(&self, document: usize, line: usize) -> i128 {
        let lines = &self.documents[document].lines;
        if self.reduces(document, line).is_some() {
            return 0;
        }
        (0..lines.len())
            .filter(|&other| other == line || self.reduces(document, other) == Some(line))
            .map(|line| self.uncredited(document, line))
            .sum()
    }

    /// What is left of a line by itself.
    pub fn uncredited(&self, document: usize, line: usize) -> i128 {
        self.documents[document].lines[line].amount - self.credited(document, line, None, true)
    }

    /// What a memo credits of a document: lines of lines of it, and if it was made from it, lines of nothing.
    pub(super) fn credits(memo: &Document, of: usize) -> i128 {
        let source = |line: &Line| line.source.or_else(|| memo.lines[line.tax_of?].source);
        let is_of = |line: &&Line| {
            source(line).map_or(memo.refers_to == Some(of), |(document, _)| document == of)
        };
        memo.lines
            .iter()
            .filter(is_of)
            .map(|line| line.amount)
            .sum()
    }

    pub(super) fn total(&self, document: usize) -> i128 {
        self.documents[document]
            .lines
            .iter()
            .map(|line| line.amount)
            .sum()
    }

    pub(super) fn available_of(&self, document: usize, but: Option<usize>) -> i128 {
        let memos = self.documents.iter().enumerate();
        let memos = memos.filter(|(index, memo)| Some(*index) != but && self.counts(memo, true));
        let here: i128 = memos.map(|(_, memo)| Self::credits(memo, document)).sum();
        let of = &self.documents[document];
        self.total(document) - here - self.sum(document, |line| of.credited_before(line))
    }

    pub(super) fn check_credit(&self, memo: &Document, own: Option<usize>) -> Result<()> {
        let exceeds = |[amount, others, found]: [i128; 3]| found > 0 && found > amount - others;
        if self.credits_of(memo, own).into_iter().any(exceeds) {
            Err("exceedsAvailableToCredit")
        } else {
            Ok(())
        }
    }

    /// A negative memo makes room for others.
    pub(super) fn check_without(&self, index: usize) -> Result<()> {
        let exceeds = |[amount, others, found]: [i128; 3]| found < 0 && others > amount.max(0);
        let all = self.credits_of(&self.documents[index], Some(index));
        if all.into_iter().any(exceeds) {
            Err("exceedsAvailableToCredit")
        } else {
            Ok(())
        }
    }

    /// Of all that a memo credits and the book guards: how much there is, what others have of it, and what it has.
    pub(super) fn credits_of(&self, memo: &Document, own: Option<usize>) -> Vec<[i128; 3]> {
        let rule = self.options["overCrediting"].as_str().unwrap_or("header");
        if memo.kind != "creditMemo"
            || !matches!(memo.origin, "standalone" | "document")
            || rule == "any"
        {
            return Vec::new();
        }
        let mut all = Vec::new();
        for of in (0..self.documents.len())
            .filter(|&of| is_demand(self.documents[of].kind) && self.is_made(memo, of))
        {
            let total = self.total(of);
            all.push([
                total,
                total - self.available_of(of, own),
                Self::credits(memo, of),
            ]);
        }
        if rule == "header" {
            return all;
        }
        for (document, line) in memo.lines.iter().filter_map(|line| line.source) {
            let demand = &self.documents[document];
            if !is_demand(demand.kind) {
                continue;
            }
            let own_lines = memo
                .lines
                .iter()
                .filter(|own| own.source == Some((document, line)));
            let found: i128 = own_lines.map(|own| own.amount).sum();
            all.push([
                demand.lines[line].amount,
                self.credited(document, line, own, true),
                found,
            ]);
            all.extend(self.net_credit(memo, document, line, own));
            // The taxes of an item together, and with those of its discounts.
            let item = demand.lines[line].discount_of.unwrap_or(line);
            let discounts = (0..demand.lines.len())
                .filter(|&line| demand.lines[line].discount_of == Some(item));
            if demand.lines[line].tax_of.is_none() {
                all.push(self.taxes_credit(memo, document, &[line], own));
                let together: Vec<_> = discounts.chain([item]).collect();
                all.push(self.taxes_credit(memo, document, &together, own));
            }
        }
        all
    }

    /// Of the taxes of items together: how much there is, and what of that others and the memo have.
    pub(super) fn taxes_credit(
        &self,
        memo: &Document,
        document: usize,
        items: &[usize],
        own: Option<usize>,
    ) -> [i128; 3] {
        let taxes_on = |memo: &Document| -> i128 {
            let is_on = |tax: &&Line| {
                let source = tax.tax_of.and_then(|of| memo.lines[of].source);
                source.is_some_and(|(of, line)| of == document && items.contains(&line))
            };
            memo.lines.iter().filter(is_on).map(|tax| tax.amount).sum()
        };
        let demand = &self.documents[document];
        let is_tax = |tax: &&Line| tax.tax_of.is_some_and(|of| items.contains(&of));
        let taxes = demand.lines.iter().filter(is_tax);
        let others = self.documents.iter().enumerate();
        let others =
            others.filter(|(index, other)| Some(*index) != own && self.counts(other, true));
        let here: i128 = others.map(|(_, other)| taxes_on(other)).sum();
        let all = (0..demand.lines.len()).filter(|&tax| is_tax(&&demand.lines[tax]));
        let before: i128 = all.map(|tax| demand.credited_before(tax)).sum();
        [
            taxes.map(|tax| tax.amount).sum(),
            here + before,
            taxes_on(memo),
        ]
    }

    /// Of a line with what reduces it, or of a line that reduces another: what it is net, and what of that others and
    /// the memo have.
    pub(super) fn net_credit(
        &self,
        memo: &Document,
        document: usize,
        line: usize,
        own: Option<usize>,
    ) -> Option<[i128; 3]> {
        let lines = &self.documents[document].lines;
        let reduced = self.reduces(document, line).unwrap_or(line);
        let all: Vec<_> = (0..lines.len())
            .filter(|&other| other == reduced || self.reduces(document, other) == Some(reduced))
            .collect();
        if all.len() == 1 || lines[reduced].processing == "rounding" {
            return None;
        }
        let credited = |memo: &Document, line: usize| -> i128 {
            let own = memo.lines.iter();
            own.filter(|own| own.source == Some((document, line)))
                .map(|own| own.amount)
                .sum()
        };
        let sum = |amount: &dyn Fn(usize) -> i128| all.iter().map(|&line| amount(line)).sum();
        Some([
            sum(&|line| lines[line].amount),
            sum(&|line| self.credited(document, line, own, true)),
            sum(&|line| credited(memo, line)),
        ])
    }
}
