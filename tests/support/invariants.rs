//! What holds of every book at every moment (`settlement.md#figures-of-a-document`), checked in plain sums over its
//! documents.

use setoff::Book;
use setoff::command::settings::OverCrediting;
use setoff::document::{
    Detail, Document, DocumentIndex, Figures, Kind, LineIndex, Origin, PartItem, SettledBefore,
    SettledBy, Status,
};
use setoff::settle;
use std::collections::{BTreeMap, BTreeSet};

/// The sums of a document's figures, or one line's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    amount: i128,
    netted: i128,
    applied: i128,
    refunded: i128,
    open: i128,
}

impl Sums {
    fn of(figures: &Figures) -> Self {
        let [amount, netted, applied, refunded, open] = [
            figures.amount(),
            figures.netted(),
            figures.applied(),
            figures.refunded(),
            figures.open(),
        ]
        .map(|amount| i128::from(amount.minor()));
        Self {
            amount,
            netted,
            applied,
            refunded,
            open,
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            amount: self.amount + other.amount,
            netted: self.netted + other.netted,
            applied: self.applied + other.applied,
            refunded: self.refunded + other.refunded,
            open: self.open + other.open,
        }
    }

    /// `open = amount + netted − applied − refunded`, and what is used lies between nothing and all there is.
    fn check(self, what: &str) {
        let net = self.amount + self.netted;
        assert_eq!(
            self.open,
            net - self.applied - self.refunded,
            "{what}: the open amount follows from the others"
        );
        for (used, name) in [
            (self.applied, "applied"),
            (self.refunded, "refunded"),
            (self.open, "open"),
        ] {
            assert!(
                (net.min(0)..=net.max(0)).contains(&used),
                "{what}: {name} {used} does not lie in {net}"
            );
        }
    }
}

/// Panics at the first thing that does not hold.
pub fn check(book: &Book) {
    check_state(book);
    check_history(book);
    book.documents()
        .iter()
        .for_each(|(index, document)| check_bound(book, index, document));
}

/// The same of a book that need not have grown by commands: without the history, and without what a command would have
/// refused.
pub fn check_state(book: &Book) {
    // What the parts say is applied or (last) refunded, line by line, by document and line.
    let mut moved = BTreeMap::<_, i128>::new();
    for (source, target, part) in book.documents().parts() {
        let (from, to) = (document(book, source), document(book, target));
        check_pair(from, to);
        let name = format!("part {} to {}", from.header().id, to.header().id);
        assert!(!part.items().is_empty(), "{name}: an empty part is none");
        assert!(
            part.items().is_sorted_by(|a, b| a.order() < b.order()),
            "{name}: each pair of lines once, in order"
        );
        let refunds = to.header().kind == Kind::Refund;
        for item in part.items() {
            assert!(!item.amount.is_zero(), "{name}: {item:?}");
            *moved.entry((source, item.source, refunds)).or_default() += minor(item);
            *moved.entry((target, item.target, false)).or_default() += minor(item);
        }
        assert_eq!(
            i128::from(part.amount().unwrap().minor()),
            part.items().iter().map(minor).sum(),
            "{name}"
        );
        // So that each part can be taken back by itself.
        check_signs(from, part.items(), |item| item.source, &name);
        check_signs(to, part.items(), |item| item.target, &name);
    }
    for (index, document) in book.documents().all() {
        for entry in document.settled_before() {
            let refunds = entry.by == SettledBy::Refund;
            let minor = i128::from(entry.amount.minor());
            *moved.entry((index, entry.line, refunds)).or_default() += minor;
            check_entry(document, entry);
        }
        check_document(document);
        check_memo(document);
        for (line, figures) in document.figures().iter().enumerate() {
            let line = LineIndex::new(line).unwrap();
            for (refunds, figure) in [(false, figures.applied()), (true, figures.refunded())] {
                let sum = moved.get(&(index, line, refunds)).copied().unwrap_or(0);
                assert_eq!(
                    sum,
                    i128::from(figure.minor()),
                    "{} {line:?}: the parts and what was settled before",
                    document.header().id
                );
            }
        }
        check_status(book, index, document);
    }
}

/// What was settled before has the sign of its line and a word of its kind, on a day on which the document was there.
fn check_entry(document: &Document, entry: &SettledBefore) {
    let id = &document.header().id;
    let figures = Sums::of(document.line_figures(entry.line).unwrap());
    let net = figures.amount + figures.netted;
    assert_eq!(
        net.signum(),
        i128::from(entry.amount.minor().signum()),
        "{id}: {entry:?}"
    );
    assert!(entry.by.is_of(document.header().kind), "{id}: {entry:?}");
    assert!(entry.date >= document.header().date, "{id}: {entry:?}");
}

/// No memo in force is below zero: it would do the reverse of what it says.
fn check_memo(document: &Document) {
    let header = document.header();
    let is_memo = matches!(header.kind, Kind::CreditMemo | Kind::DebitMemo);
    if is_memo && header.status == Status::Posted {
        let total = header.figures.amount().minor();
        assert!(total >= 0, "{} is posted with {total}", header.id);
    }
}

/// What a part has of each line has the line's sign.
fn check_signs(of: &Document, items: &[PartItem], line: fn(&PartItem) -> LineIndex, name: &str) {
    let mut sums = BTreeMap::<_, i128>::new();
    items
        .iter()
        .for_each(|item| *sums.entry(line(item)).or_default() += minor(item));
    for (line, sum) in sums {
        let figures = Sums::of(of.line_figures(line).unwrap());
        let net = figures.amount + figures.netted;
        assert!(
            (net.min(0)..=net.max(0)).contains(&sum),
            "{name}: {sum} on line {line:?} of {net}"
        );
    }
}

fn check_pair(from: &Document, to: &Document) {
    let (from, to) = (from.header(), to.header());
    assert!(from.kind.is_source() && !to.kind.is_source());
    assert_eq!((from.status, to.status), (Status::Posted, Status::Posted));
    assert_eq!(from.account_id, to.account_id);
    assert_eq!(from.currency, to.currency);
}

/// What is not posted settles nothing; what is gone was canceled.
fn check_status(book: &Book, index: DocumentIndex, document: &Document) {
    let header = document.header();
    if header.status != Status::Posted && document.settled_before().is_empty() {
        let used = document
            .figures()
            .iter()
            .any(|line| !line.applied().is_zero() || !line.refunded().is_zero());
        assert!(!used, "{}: only what is posted is settled", header.id);
    }
    assert!(
        !header.deleted || header.status == Status::Canceled,
        "{}: only what is canceled is deleted",
        header.id
    );
    let found = book.documents().find(&header.id);
    assert!(
        header.deleted || found == Some(index),
        "{}: an identifier leads to its document",
        header.id
    );
    if header.kind.is_demand() {
        check_available(book, index, document);
    }
    if header.reversed {
        assert!(
            document.figures().iter().all(|line| line.open().is_zero()),
            "{}: reversed is closed",
            header.id
        );
    }
}

/// What posted credit memos made from a document have credited.
struct Credited {
    total: i128,
    by_line: Vec<i128>,
    /// All amounts are positive, and all memos made by hand.
    is_plain: bool,
}

impl Credited {
    fn of(book: &Book, index: DocumentIndex, document: &Document) -> Self {
        let counts = |memo: &Document| {
            let header = memo.header();
            let counts = header.origin != Origin::Billing || book.settings().count_billing_credits;
            header.kind == Kind::CreditMemo
                && header.status == Status::Posted
                && !header.deleted
                && counts
        };
        // A negative memo that is unposted, canceled or gone leaves more credited than it let through.
        let is_negative =
            |memo: &Document| memo.figures().iter().any(|line| line.amount().minor() < 0);
        let is_plain = !is_negative(document)
            && !book
                .documents()
                .made_from(index)
                .any(|(_, memo)| is_negative(memo));
        let mut credited = Self {
            total: 0,
            by_line: vec![0; document.lines().len()],
            is_plain,
        };
        for entry in document.settled_before() {
            if entry.by == SettledBy::CreditMemo {
                let amount = i128::from(entry.amount.minor());
                credited.by_line[entry.line.get()] += amount;
                credited.total += amount;
            }
        }
        for (_, memo) in book.documents().iter().filter(|(_, memo)| counts(memo)) {
            if memo.header().refers_to == Some(index) {
                credited.total += i128::from(memo.header().notes.restocking_fee.minor());
            }
            for (line, figures) in memo.lines().iter().zip(memo.figures()) {
                let amount = i128::from(figures.amount().minor());
                if let Some(place) = line.source.filter(|place| place.document == index) {
                    credited.by_line[place.line.get()] += amount;
                }
                // A rounding item that names nothing stands for that of the document.
                let is_own = memo.header().refers_to == Some(index);
                if is_own && line.source.is_none() && line.detail.is_rounding() {
                    let place = document
                        .lines()
                        .iter()
                        .position(|line| line.detail.is_rounding());
                    place
                        .into_iter()
                        .for_each(|place| credited.by_line[place] += amount);
                }
                // A tax that names no tax item goes with its item; a line that names nothing with its memo.
                let item = line
                    .detail
                    .tax()
                    .and_then(|(of, _)| memo.lines()[of.get()].source);
                let of = line
                    .source
                    .or(item)
                    .map(|place| place.document)
                    .or(memo.header().refers_to);
                if of == Some(index) {
                    credited.total += amount;
                    credited.is_plain &= amount >= 0
                        && matches!(memo.header().origin, Origin::Standalone | Origin::Document);
                }
            }
        }
        credited
    }
}

/// What is left, or the end of the range of amounts that is nearest to it.
fn in_range(left: i128) -> i128 {
    let most = i128::from(i64::MAX);
    left.clamp(-most, most)
}

/// What is available to credit is the amount less what is credited, in all and line by line.
fn check_available(book: &Book, index: DocumentIndex, document: &Document) {
    let id = &document.header().id;
    let credited = Credited::of(book, index, document);
    let total = i128::from(document.header().figures.amount().minor());
    let available = settle::available_to_credit(book.context(), index).unwrap();
    assert_eq!(
        i128::from(available.minor()),
        in_range(total - credited.total),
        "{id}: available to credit"
    );
    let mut left: Vec<_> = document
        .figures()
        .iter()
        .zip(&credited.by_line)
        .map(|(figures, credited)| i128::from(figures.amount().minor()) - credited)
        .collect();
    // A discount and its taxes come off what they reduce.
    for line in 0..left.len() {
        if let Some(reduced) = reduced(document, line) {
            left[reduced] += std::mem::take(&mut left[line]);
        }
    }
    for (line, left) in left.into_iter().enumerate() {
        let available =
            settle::line_available_to_credit(book.context(), index, LineIndex::new(line).unwrap())
                .unwrap();
        assert_eq!(
            i128::from(available.minor()),
            in_range(left),
            "{id} {line}: available to credit"
        );
    }
}

/// The item of a discount, or the same tax of that item.
fn reduced(document: &Document, line: usize) -> Option<usize> {
    let lines = document.lines();
    let identity = match &lines[line].detail {
        Detail::Discount { of, .. } => return Some(of.get()),
        Detail::Tax { identity, .. } => identity,
        _ => return None,
    };
    let (discount, _) = lines[line].detail.tax()?;
    let Detail::Discount { of: item, .. } = lines[discount.get()].detail else {
        return None;
    };
    let same = |of: LineIndex| {
        let lines = lines.iter().enumerate().filter(move |(_, line)| {
            let tax = line.detail.tax();
            tax.is_some_and(|(item, tax)| item == of && tax.is_same(identity))
        });
        lines.map(|(place, _)| place)
    };
    let place = same(discount).position(|tax| tax == line)?;
    same(item).nth(place).or_else(|| same(item).next())
}

/// Where the book says so, memos by hand never credit more of a demand than there is.
fn check_bound(book: &Book, index: DocumentIndex, document: &Document) {
    let header = document.header();
    if !header.kind.is_demand() || book.settings().over_crediting == OverCrediting::Any {
        return;
    }
    let (credited, total) = (
        Credited::of(book, index, document),
        i128::from(header.figures.amount().minor()),
    );
    let is_bound = credited.is_plain && credited.total > 0;
    assert!(
        !is_bound || credited.total <= total,
        "{}: {} of {total} credited by hand",
        header.id,
        credited.total
    );
}

fn check_document(document: &Document) {
    let header = document.header();
    let id = &header.id;
    let mut total = Sums::default();
    let mut tax = 0;
    let mut netted = vec![0; document.lines().len()];
    for (index, (line, figures)) in document.lines().iter().zip(document.figures()).enumerate() {
        let sums = Sums::of(figures);
        let name = format!("{id} {}", line.id);
        sums.check(&name);
        for units in [sums.amount, sums.netted, sums.applied, sums.refunded] {
            assert_eq!(
                units % i128::from(header.currency.increment()),
                0,
                "{name}: whole increments"
            );
        }
        match &line.detail {
            Detail::Discount { of, .. } => {
                netted[of.get()] += sums.amount;
                netted[index] -= sums.amount;
                assert_eq!(sums.open, 0, "{name}: a discount is netted into its item");
            }
            Detail::Tax { of, .. } => {
                tax += sums.amount;
                assert!(
                    of.get() < index && !document.lines()[of.get()].detail.is_tax(),
                    "{name}: follows its item"
                );
            }
            Detail::Item { .. } | Detail::Whole => {}
        }
        total = total.plus(sums);
    }
    for (figures, netted) in document.figures().iter().zip(netted) {
        assert_eq!(
            i128::from(figures.netted().minor()),
            netted,
            "{id}: discounts and what they take off are equal"
        );
    }
    total.check(id);
    assert_eq!(
        total,
        Sums::of(&header.figures),
        "{id}: the header is the sum of the lines"
    );
    assert_eq!(
        tax,
        i128::from(header.tax.minor()),
        "{id}: the tax is the sum of the tax items"
    );
}

/// The history adds up to the parts, in total and line by line.
fn check_history(book: &Book) {
    let mut sums = BTreeMap::<_, i128>::new();
    let mut version = 0;
    for entry in book.documents().log() {
        assert!(
            version <= entry.version && entry.version <= book.version(),
            "versions rise"
        );
        version = entry.version;
        for application in entry.settlement.applications() {
            let total: i128 = application.items.iter().map(minor).sum();
            assert_eq!(
                i128::from(application.amount.minor()),
                total,
                "an application is the sum of its items"
            );
            for item in application.items {
                *sums
                    .entry((entry.settlement.source, application.target, item.order()))
                    .or_default() += minor(item);
            }
        }
    }
    sums.retain(|_, sum| *sum != 0);
    let parts: BTreeMap<_, _> = book
        .documents()
        .parts()
        .flat_map(|(source, target, part)| {
            part.items()
                .iter()
                .map(move |item| ((source, target, item.order()), minor(item)))
        })
        .collect();
    assert_eq!(sums, parts, "the history adds up to the parts");
    check_standing(book);
}

/// What stands of each operation can be taken back by itself, and all of it is the parts.
fn check_standing(book: &Book) {
    let mut standing = BTreeMap::<_, i128>::new();
    let mut parts = BTreeMap::<_, i128>::new();
    let entries = book.documents().log().iter();
    let pairs = entries.flat_map(|entry| {
        let source = entry.settlement.source;
        let applications = entry.settlement.applications();
        applications.map(move |application| (source, application.target))
    });
    let pairs: BTreeSet<_> = pairs.collect();
    for (source, target) in pairs {
        let between = book.documents().standing(source, &[target]).unwrap();
        for (version, items) in between[0].operations() {
            let name = format!("AG-{version}");
            check_signs(document(book, source), items, |item| item.source, &name);
            check_signs(document(book, target), items, |item| item.target, &name);
            let total: i128 = items.iter().map(minor).sum();
            assert!(total >= 0, "{name}: what stands is less than nothing");
            for item in items {
                *standing.entry((source, target, item.order())).or_default() += minor(item);
            }
        }
        let part = book.documents().part(source, target).into_iter();
        for item in part.flat_map(|part| part.items()) {
            *parts.entry((source, target, item.order())).or_default() += minor(item);
        }
    }
    standing.retain(|_, sum| *sum != 0);
    assert_eq!(
        standing, parts,
        "what stands of all operations is what is applied"
    );
}

fn document(book: &Book, index: DocumentIndex) -> &Document {
    book.documents()
        .get(index)
        .expect("parts lead to documents")
}

fn minor(item: &PartItem) -> i128 {
    item.amount.minor().into()
}
