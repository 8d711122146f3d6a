//! What is applied to what, how amounts are spread, and collections.

use super::document_ref;
use crate::command;
use crate::command::spread::{DocumentKey, LineKey, Matrix, Signs};
use crate::command::{
    Action, ApplyRequest, CollectRequest, DocumentChoice, DocumentRef, TargetAmount,
};
use crate::document;
use crate::document::Kind;
use crate::error::{Error, Reason, Result, Site};
use crate::wire::Value;
use crate::wire::fields::{Fields, choice};
use crate::wire::object::{Object, alias, object, union};
use crate::wire::readers::{
    DecimalText, Entries, Id, Label, ListOf, OneOf, Typed, ValueReader, reader,
};
use crate::words::WordSet;
use rust_decimal::Decimal;

/// The rules that a request can state.
pub(in crate::wire) struct StatedRule;

impl WordSet for StatedRule {
    type Word = document::Rule;
    const WORDS: &'static [document::Rule] = &document::Rule::CHOICES;

    fn name(rule: document::Rule) -> &'static str {
        rule.as_str()
    }
}

/// The rules for what finds no source item.
pub(in crate::wire) struct FallbackRule;

impl WordSet for FallbackRule {
    type Word = document::Rule;
    const WORDS: &'static [document::Rule] = &[
        document::Rule::Proration,
        document::Rule::Fifo,
        document::Rule::Lifo,
    ];

    fn name(rule: document::Rule) -> &'static str {
        rule.as_str()
    }
}

/// The kinds of documents that a collection takes from.
pub(in crate::wire) struct SourceKind;

impl WordSet for SourceKind {
    type Word = Kind;
    const WORDS: &'static [Kind] = &[Kind::CreditMemo, Kind::Payment];

    fn name(kind: Kind) -> &'static str {
        kind.as_str()
    }
}

alias! {
    /// How the amount between two documents is spread over their items and tax items.
    ///
    /// - `"proration"`: in proportion to what each line has open, by largest remainder.
    /// - `"fifo"`: one line after another, from the front. Negative lines settle first and in full,
    ///   wherever they stand: they are there to be set off against the others.
    /// - `"lifo"`: the same from the back, in both orders: that of documents and that of lines,
    ///   also where these are stated.
    /// - `"sourceItem"`: each line with the line that it credits (`sourceItemId`), its taxes with
    ///   the same taxes; over any number of documents. What finds no place stays unapplied, goes by
    ///   the `fallback`, or (of a stated amount) is refused. A part of the amount is split over
    ///   these pairs in proportion, negative ones with their sign.
    /// - `"explicit"`: as stated line by line.
    export type Rule = OneOf<StatedRule>;
}

object! {
    /// How amounts are spread: over documents whose amount is left out, and over lines that are not
    /// stated.
    export interface Spread {
        /// Left out: `"proration"`; to take back or refund, `"fifo"`. The lines of a refund or
        /// write-off meet no others: where no items are stated, it is one of `"proration"`,
        /// `"fifo"` and `"lifo"`.
        rule: optional Rule = "rule",
        /// For `"sourceItem"` alone: the rule for what finds no source item. `"lifo"` here turns
        /// the lines round, not the documents.
        fallback: optional OneOf<FallbackRule> = "fallback",
        /// The order of documents, most important key first; it always ends in the id. Left out:
        /// due date, date, number. The rule `"lifo"` goes through it from the back. It may be
        /// stated where there is only one document, too: how many there are often comes from data.
        document_order: defaulted ListOf<OneOf<DocumentKey>> = "documentOrder",
        /// The order of lines, most important key first; it always ends in document order. The rule
        /// `"lifo"` goes through it from the back.
        item_order: defaulted ListOf<OneOf<LineKey>> = "itemOrder",
        /// `"aware"`: negative lines count with their sign, so that what settles a document in full
        /// closes every line of it. `"skipNonPositive"`: they are passed over, as Zuora does. Left
        /// out: `"aware"`.
        signs: defaulted OneOf<Signs> = "signs",
    }
}

/// The fields of [`Spread`] that say how an amount is spread over the lines of one document.
pub(super) const LINE_SPREAD: &[&str] = &[
    Spread::rule,
    Spread::fallback,
    Spread::item_order,
    Spread::signs,
];

object! {
    /// How amounts are spread where lines of both sides meet.
    export interface SpreadOverPairs extends Spread {
        /// For `"proration"` alone, as the rule or the fallback. Which lines meet: as few pairs as
        /// can be, like with like first, or a share of each on each, row by row of what is left of
        /// the others (so a pair can be a unit or two beside its own exact share). Every line has
        /// the same balance either way. What is negative is set off first, in whole lines. Left
        /// out: `"sparse"`.
        matrix: defaulted OneOf<Matrix> = "matrix",
    }
}

/// Reads how amounts are spread. What the command does not have is absent.
pub(super) fn spread(fields: Fields<'_, '_>) -> Result<command::spread::Spread> {
    let spread = Object::<Spread>::known(fields);
    let rule = spread.rule()?;
    if fields.has(Spread::fallback) && rule != Some(document::Rule::SourceItem) {
        return Err(fields.refused(Spread::fallback, Reason::FallbackUnread {}));
    }
    let fallback = spread.fallback()?;
    // In order or by source item, which lines meet is settled by the rule.
    let is_prorated = rule.is_none_or(|rule| rule == document::Rule::Proration)
        || fallback == Some(document::Rule::Proration);
    if !is_prorated {
        fields.none_of(&[SpreadOverPairs::matrix], |_| {
            Reason::MatrixWithoutProration {}
        })?;
    }

    Ok(command::spread::Spread {
        rule,
        fallback,
        documents: spread.document_order()?,
        lines: spread.item_order()?,
        signs: spread.signs()?,
        matrix: Object::<SpreadOverPairs>::known(fields).matrix()?,
    })
}

union! {
    /// One explicit line of a credit memo: charge to charge, or tax to tax.
    export type ExplicitItem = ChargeToInvoice | ChargeToDebitMemo | TaxToTax;
}

object! {
    form ChargeToInvoice {
        source: required Id = "creditMemoItemId",
        target: required Id = "invoiceItemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form ChargeToDebitMemo {
        source: required Id = "creditMemoItemId",
        target: required Id = "debitMemoItemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form TaxToTax {
        source: required Id = "creditTaxItemId",
        target: required Id = "taxItemId",
        amount: required DecimalText = "amount",
    }
}

union! {
    /// One line that a payment settles.
    export type PaidItem = PaidInvoiceItem | PaidDebitMemoItem | PaidTaxItem;
}

object! {
    form PaidInvoiceItem {
        target: required Id = "invoiceItemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form PaidDebitMemoItem {
        target: required Id = "debitMemoItemId",
        amount: required DecimalText = "amount",
    }
}

object! {
    form PaidTaxItem {
        target: required Id = "taxItemId",
        amount: required DecimalText = "amount",
    }
}

/// `ExplicitItem` or `PaidItem`: which of its forms it is, the kind of the target and the identifiers say.
fn explicit_item(
    kind: Kind,
    is_payment: bool,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<command::ExplicitItem> {
    let fields = Fields::open(value, path)?;
    let is_tax = fields.has(TaxToTax::source) || fields.has(TaxToTax::target);
    let (source, target, amount) = match (is_payment, is_tax, kind) {
        (false, true, _) => {
            let item = Object::<TaxToTax>::allow(fields)?;
            (Some(item.source()?), item.target()?, item.amount()?)
        }
        (false, false, Kind::DebitMemo) => {
            let item = Object::<ChargeToDebitMemo>::allow(fields)?;
            (Some(item.source()?), item.target()?, item.amount()?)
        }
        (false, false, _) => {
            let item = Object::<ChargeToInvoice>::allow(fields)?;
            (Some(item.source()?), item.target()?, item.amount()?)
        }
        (true, true, _) => {
            let item = Object::<PaidTaxItem>::allow(fields)?;
            (None, item.target()?, item.amount()?)
        }
        (true, false, Kind::DebitMemo) => {
            let item = Object::<PaidDebitMemoItem>::allow(fields)?;
            (None, item.target()?, item.amount()?)
        }
        (true, false, _) => {
            let item = Object::<PaidInvoiceItem>::allow(fields)?;
            (None, item.target()?, item.amount()?)
        }
    };
    Ok(command::ExplicitItem {
        tax: is_tax,
        source,
        target,
        amount,
    })
}

object! {
    /// How much a document of an apply or unapply is to receive or give back.
    interface Wanted as "Wanted<Item>" {
        /// Left out: with `items` their sum; else all that is possible (apply: the lesser of the
        /// balance and what the other documents leave, in their order; unapply: all that is
        /// applied).
        amount: optional DecimalText = "amount",
        /// The lines, stated one by one; their sum is the amount. The `rule` does not touch this
        /// document then.
        items: optional Entries = "items" as "readonly Item[]",
    }
}

/// The lines of a document that are stated one by one.
pub(super) fn explicit_items(
    kind: Kind,
    is_payment: bool,
    fields: Fields<'_, '_>,
) -> Result<Option<Vec<command::ExplicitItem>>> {
    let Some(entries) = Object::<Wanted>::known(fields).items()? else {
        return Ok(None);
    };
    let path = fields.field(Wanted::items);
    let entries = entries.iter().enumerate();
    entries
        .map(|(place, entry)| explicit_item(kind, is_payment, entry, &path.entry(place)))
        .collect::<Result<_>>()
        .map(Some)
}

/// How much a document is to receive or give back.
pub(super) fn wanted_amount(fields: Fields<'_, '_>) -> Result<Option<Decimal>> {
    Object::<Wanted>::known(fields).amount()
}

object! {
    /// What one invoice is to receive or give back.
    export interface InvoiceAmount as "InvoiceAmount<Item = ExplicitItem>" extends Wanted as "Wanted<Item>" {
        invoice_id: required Id = "invoiceId",
    }
}

object! {
    /// What one debit memo is to receive or give back.
    export interface DebitMemoAmount as "DebitMemoAmount<Item = ExplicitItem>" extends Wanted as "Wanted<Item>" {
        debit_memo_id: required Id = "debitMemoId",
    }
}

object! {
    /// The documents that an operation settles; their order in the request does not matter.
    export interface Targets as "Targets<Item = ExplicitItem>" {
        invoices: optional Entries = "invoices" as "readonly InvoiceAmount<Item>[]",
        debit_memos: optional Entries = "debitMemos" as "readonly DebitMemoAmount<Item>[]",
    }
}

/// The entries of a list that say which documents and how much, or all that are open.
pub(in crate::wire) struct EntriesOrAllOpen;

/// What [`EntriesOrAllOpen`] reads.
pub(in crate::wire) enum Listed<'v, 'a> {
    Entries(&'v [Value<'a>]),
    AllOpen,
}

/// Reads the word for all documents that are open.
fn all_open(value: &Value<'_>, path: &Site<'_>) -> Result<()> {
    choice(&["allOpen"], |word| word, value, path).map(drop)
}

impl Typed for EntriesOrAllOpen {
    #[cfg(test)]
    fn type_text() -> String {
        "readonly unknown[] | \"allOpen\"".to_owned()
    }
}

impl<'v, 'a: 'v> ValueReader<'v, 'a> for EntriesOrAllOpen {
    type Output = Listed<'v, 'a>;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<Self::Output> {
        match value {
            Value::Text(_) => all_open(value, path).map(|()| Listed::AllOpen),
            _ => Entries::read(value, path).map(Listed::Entries),
        }
    }
}

reader! {
    /// Identifiers of documents, or all that are open.
    IdsOrAllOpen: DocumentChoice as "readonly string[] | \"allOpen\"" by document_choice
}

fn document_choice(value: &Value<'_>, path: &Site<'_>) -> Result<DocumentChoice> {
    match value {
        Value::Text(_) => all_open(value, path).map(|()| DocumentChoice::AllOpen),
        _ => ListOf::<Id>::read(value, path).map(DocumentChoice::Named),
    }
}

object! {
    /// The documents that something is applied to; their order in the request does not matter.
    export interface OpenTargets as "OpenTargets<Item = ExplicitItem>" {
        /// `"allOpen"`: all that have something open, of the same account and currency, without
        /// those that are excluded from automatic application. Nothing to settle is a notice
        /// then, and no refusal.
        invoices: optional EntriesOrAllOpen = "invoices" as "readonly InvoiceAmount<Item>[] | \"allOpen\"",
        /// As `invoices`.
        debit_memos: optional EntriesOrAllOpen = "debitMemos" as "readonly DebitMemoAmount<Item>[] | \"allOpen\"",
    }
}

/// What an application settles.
pub(super) struct Demands {
    /// The documents that it names.
    pub named: Vec<TargetAmount>,
    /// The kinds of which it means all that are open.
    pub all_open: Vec<Kind>,
}

/// The invoices and debit memos of an application, if either list is there.
pub(super) fn open_targets(source: Kind, fields: Fields<'_, '_>) -> Result<Option<Demands>> {
    let targets = Object::<OpenTargets>::known(fields);
    let (invoices, debit_memos) = (targets.invoices()?, targets.debit_memos()?);
    if invoices.is_none() && debit_memos.is_none() {
        return Ok(None);
    }

    let mut demands = Demands {
        named: Vec::new(),
        all_open: Vec::new(),
    };
    for (kind, list) in [(Kind::Invoice, invoices), (Kind::DebitMemo, debit_memos)] {
        match list {
            Some(Listed::AllOpen) => demands.all_open.push(kind),
            Some(Listed::Entries(list)) => {
                push_targets(kind, source, list, fields, &mut demands.named)?;
            }
            None => {}
        }
    }
    Ok(Some(demands))
}

/// The invoices and debit memos, if either list is there.
pub(super) fn targets(source: Kind, fields: Fields<'_, '_>) -> Result<Option<Vec<TargetAmount>>> {
    let targets = Object::<Targets>::known(fields);
    let (invoices, debit_memos) = (targets.invoices()?, targets.debit_memos()?);
    if invoices.is_none() && debit_memos.is_none() {
        return Ok(None);
    }

    let mut targets = Vec::new();
    for (kind, list) in [(Kind::Invoice, invoices), (Kind::DebitMemo, debit_memos)] {
        push_targets(kind, source, list.unwrap_or_default(), fields, &mut targets)?;
    }
    Ok(Some(targets))
}

/// Adds the documents of one list.
fn push_targets(
    kind: Kind,
    source: Kind,
    list: &[Value<'_>],
    fields: Fields<'_, '_>,
    targets: &mut Vec<TargetAmount>,
) -> Result<()> {
    let all = fields.field(kind.list_site().as_str());
    targets.reserve_exact(list.len());
    for (place, entry) in list.iter().enumerate() {
        let is_payment = source == Kind::Payment;
        targets.push(target(kind, is_payment, place, entry, &all.entry(place))?);
    }
    Ok(())
}

/// `InvoiceAmount` or `DebitMemoAmount`.
fn target(
    kind: Kind,
    is_payment: bool,
    place: usize,
    value: &Value<'_>,
    path: &Site<'_>,
) -> Result<TargetAmount> {
    let fields = Fields::open(value, path)?;
    let id = match kind {
        Kind::DebitMemo => Object::<DebitMemoAmount>::allow(fields)?.debit_memo_id()?,
        _ => Object::<InvoiceAmount>::allow(fields)?.invoice_id()?,
    };
    Ok(TargetAmount {
        document: DocumentRef { kind, id },
        place,
        amount: wanted_amount(fields)?,
        items: explicit_items(kind, is_payment, fields)?,
    })
}

object! {
    /// Applies a posted credit memo to posted invoices and debit memos of the same account and
    /// currency: all, or none. `at` may be before the days of other commands, as long as every day
    /// stays possible: with what was open on that day, and on those that follow (else
    /// `dateTooEarly`, which says the first day that will do). It counts from `at` or, if that is
    /// later, from the day on which all that meets is dated and posted: nothing is settled of what
    /// is not there yet.
    command ApplyCreditMemo extends SpreadOverPairs, OpenTargets {}
}

object! {
    /// Takes applications of a credit memo back: all of them, or the stated amounts. Not before the
    /// last application or refund of the memo.
    command UnapplyCreditMemo extends Spread, Targets {}
}

object! {
    /// Applies a payment to posted invoices and debit memos of the same account and currency: all,
    /// or none. For `at`, see {@link ApplyCreditMemo}.
    command ApplyPayment extends SpreadOverPairs, OpenTargets as "OpenTargets<PaidItem>" {}
}

object! {
    /// Takes applications of a payment back: all of them, or the stated amounts.
    command UnapplyPayment extends Spread, Targets as "Targets<PaidItem>" {}
}

/// `applyCreditMemo`, `applyPayment`.
pub(super) fn apply(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let source = document_ref(kind, fields)?;
    let demands = open_targets(kind, fields)?;
    let spread = spread(fields)?;
    let Some(demands) = demands else {
        return Err(fields.missing(OpenTargets::invoices));
    };
    Ok(Action::Apply(ApplyRequest {
        source,
        targets: Some(demands.named),
        all_open: demands.all_open,
        spread,
    }))
}

/// `unapplyCreditMemo`, `unapplyPayment`.
pub(super) fn unapply(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let source = document_ref(kind, fields)?;
    Ok(Action::Unapply(ApplyRequest {
        targets: targets(kind, fields)?,
        all_open: Vec::new(),
        source,
        spread: spread(fields)?,
    }))
}

object! {
    /// Applies credit memos and payments to invoices and debit memos of one account and currency,
    /// one source after another, each to what those before it left open. All of it is one
    /// operation with one application group, so one {@link Undo} takes it back. Nothing to apply
    /// is a notice (`nothingApplied`), and no refusal. The rule is not `"explicit"`.
    command ApplyCredits extends SpreadOverPairs {
        /// Left out: that of the documents that are named, or of the book. All must have it.
        account_id: optional Label = "accountId",
        /// Left out: that of the documents that are named, or of the book. All must have it.
        currency: optional Id = "currency",
        /// Credit memos and payments, by identifier or number. `"allOpen"`: all of which something
        /// is unapplied, without those that are excluded from automatic application.
        sources: required IdsOrAllOpen = "sources",
        /// Invoices, by identifier or number. `"allOpen"`: all that have something open, without
        /// those that are excluded from automatic application.
        invoices: optional IdsOrAllOpen = "invoices",
        /// Debit memos, as invoices.
        debit_memos: optional IdsOrAllOpen = "debitMemos",
        /// The order of the sources, most important key first; it always ends in the id. Left out:
        /// date, number. The rule does not turn it round. `"exactMatch"` is what all the invoices
        /// and debit memos together have open.
        order: defaulted ListOf<OneOf<DocumentKey>> = "order",
    }
}

/// `applyCredits`.
pub(super) fn apply_credits(_: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let request = Object::<ApplyCredits>::known(fields);
    let (invoices, debit_memos) = (request.invoices()?, request.debit_memos()?);
    if invoices.is_none() && debit_memos.is_none() {
        return Err(fields.missing(ApplyCredits::invoices));
    }
    Ok(Action::ApplyCredits(command::ApplyCredits {
        account_id: request.account_id()?,
        currency: request.currency()?,
        sources: request.sources()?,
        invoices: invoices.unwrap_or_default(),
        debit_memos: debit_memos.unwrap_or_default(),
        order: request.order()?,
        spread: spread(fields)?,
    }))
}

object! {
    /// Where a collection takes from, and how.
    interface Collect extends SpreadOverPairs {
        /// Left out: credit memos, then payments.
        sources: optional ListOf<OneOf<SourceKind>> = "sources",
    }
}

object! {
    /// Settles a demand with what its account has: oldest first, of equal age the largest.
    command CollectCommand extends Collect {}
}

/// `collectInvoice`, `collectDebitMemo`.
pub(super) fn collect(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let kinds = Object::<Collect>::known(fields).sources()?;
    let spread = spread(fields)?;
    if kinds.as_ref().is_some_and(Vec::is_empty) {
        let path = fields.field(Collect::sources);
        return Err(Error::of(Reason::NoKinds {}, &path));
    }
    Ok(Action::Collect(CollectRequest {
        document: document_ref(kind, fields)?,
        kinds: kinds.unwrap_or_default(),
        spread,
    }))
}
