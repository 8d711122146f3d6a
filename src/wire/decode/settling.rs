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
    /// - `"proration"`: in proportion to the open amount of each line, by largest remainder.
    /// - `"fifo"`: one line after another, from the first. Negative lines settle first and in full,
    ///   wherever they stand, because they are meant to be set off against the others.
    /// - `"lifo"`: the same from the last. This reverses the order of documents and the order of
    ///   lines, even if these orders are stated.
    /// - `"sourceItem"`: each line settles the line that it credits (`sourceItemId`), and its taxes
    ///   settle the same taxes, over any number of documents. An amount that finds no source item
    ///   stays unapplied or goes by the `fallback`. If the amount is stated, it is refused without
    ///   a `fallback` (`noSourceItem`). A part of the whole amount is split over these pairs in
    ///   proportion, with negative pairs by their sign.
    /// - `"explicit"`: as stated, line by line.
    export type Rule = OneOf<StatedRule>;
}

object! {
    /// How a command spreads an amount over documents without a stated amount, and over lines that
    /// are not stated.
    export interface Spread {
        /// The rule. A refund or write-off does not pair lines, so it has `"proration"`, `"fifo"`
        /// or `"lifo"` unless it states items. Default: `"proration"`; to unapply or refund,
        /// `"fifo"`.
        rule: optional Rule = "rule",
        /// With `"sourceItem"` only: the rule for an amount that finds no source item. `"lifo"`
        /// then reverses the order of lines, not of documents. Default: none; see {@link Rule}.
        fallback: optional OneOf<FallbackRule> = "fallback",
        /// The order of documents, most important key first. Documents that are equal by every key
        /// are in the order of their `id`. `"exactMatch"` puts documents first whose open amount is
        /// exactly the amount to settle. The rule `"lifo"` uses the reverse order. You may state an
        /// order even for a single document, because the number of documents often comes from data.
        /// Default: due date, date, number.
        document_order: defaulted ListOf<OneOf<DocumentKey>> = "documentOrder",
        /// The order of lines, most important key first. Lines that are equal by every key are in
        /// document order. The rule `"lifo"` uses the reverse order. Default: document order.
        item_order: defaulted ListOf<OneOf<LineKey>> = "itemOrder",
        /// How negative lines count. `"aware"`: with their sign, so that settling a document in
        /// full closes every line of it. `"skipNonPositive"`: the rule skips lines that are not
        /// positive, as Zuora does. Default: `"aware"`.
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
    /// How a command spreads an amount if it pairs lines of two documents.
    export interface SpreadOverPairs extends Spread {
        /// With `"proration"` only, as the rule or the fallback: which lines are paired. Every line
        /// has the same balance either way. Negative lines are set off first, as whole lines.
        /// Default: `"sparse"`.
        ///
        /// - `"sparse"`: as few pairs as possible. An item goes to its source item first, a tax to
        ///   the same tax, and lines of one kind to each other.
        /// - `"dense"`: every line of one side gives a share to every line of the other. The shares
        ///   are calculated row by row from what the other rows leave, so a pair can differ from
        ///   its exact share by a minor unit or two.
        matrix: defaulted OneOf<Matrix> = "matrix",
    }
}

/// Reads how amounts are spread. What the command does not have is absent.
pub(super) fn spread(fields: Fields<'_, '_>) -> Result<command::spread::Spread> {
    let spread = Object::<Spread>::known(fields);
    let rule = spread.rule()?;

    // A rule that pairs nothing leaves nothing over for a fallback.
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
    /// An amount between two stated lines of a credit memo and a demand: item to item, or tax item
    /// to tax item.
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
    /// The amount that a payment settles of one stated line.
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

    // One tax item is enough, so an item next to it is refused as a field that a pair of taxes does not have.
    let is_tax = fields.has(TaxToTax::source) || fields.has(TaxToTax::target);
    if is_payment {
        paid_line(kind, is_tax, fields)
    } else {
        pair_of_lines(kind, is_tax, fields)
    }
}

/// Reads a line of a document, and how much a payment settles of it. A payment has no lines.
fn paid_line(kind: Kind, is_tax: bool, fields: Fields<'_, '_>) -> Result<command::ExplicitItem> {
    let (target, amount) = match (is_tax, kind) {
        (true, _) => {
            let item = Object::<PaidTaxItem>::allow(fields)?;
            (item.target()?, item.amount()?)
        }
        (false, Kind::DebitMemo) => {
            let item = Object::<PaidDebitMemoItem>::allow(fields)?;
            (item.target()?, item.amount()?)
        }
        (false, _) => {
            let item = Object::<PaidInvoiceItem>::allow(fields)?;
            (item.target()?, item.amount()?)
        }
    };
    Ok(command::ExplicitItem {
        tax: is_tax,
        source: None,
        target,
        amount,
    })
}

/// Reads a line of a credit memo, a line of a document, and the amount between the two.
fn pair_of_lines(
    kind: Kind,
    is_tax: bool,
    fields: Fields<'_, '_>,
) -> Result<command::ExplicitItem> {
    let (source, target, amount) = match (is_tax, kind) {
        (true, _) => {
            let item = Object::<TaxToTax>::allow(fields)?;
            (item.source()?, item.target()?, item.amount()?)
        }
        (false, Kind::DebitMemo) => {
            let item = Object::<ChargeToDebitMemo>::allow(fields)?;
            (item.source()?, item.target()?, item.amount()?)
        }
        (false, _) => {
            let item = Object::<ChargeToInvoice>::allow(fields)?;
            (item.source()?, item.target()?, item.amount()?)
        }
    };
    Ok(command::ExplicitItem {
        tax: is_tax,
        source: Some(source),
        target,
        amount,
    })
}

object! {
    /// The amount that one document receives (apply) or gives back (unapply).
    interface Wanted as "Wanted<Item>" {
        /// The amount. Default: the sum of the `items`. Without items, an apply takes as much as
        /// possible: the balance, or what the documents before this one leave. An unapply takes
        /// back all that is applied.
        amount: optional DecimalText = "amount",
        /// The lines, stated one by one. They sum to the amount. The `rule` does not concern this
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
    /// The amount that one invoice receives or gives back.
    export interface InvoiceAmount as "InvoiceAmount<Item = ExplicitItem>" extends Wanted as "Wanted<Item>" {
        /// The invoice, by its `id` or `number`.
        invoice_id: required Id = "invoiceId",
    }
}

object! {
    /// The amount that one debit memo receives or gives back.
    export interface DebitMemoAmount as "DebitMemoAmount<Item = ExplicitItem>" extends Wanted as "Wanted<Item>" {
        /// The debit memo, by its `id` or `number`.
        debit_memo_id: required Id = "debitMemoId",
    }
}

object! {
    /// The documents that an operation settles. Their order in the request does not matter.
    export interface Targets as "Targets<Item = ExplicitItem>" {
        /// The invoices. Default: none. An unapply without `invoices` and `debitMemos` takes back all
        /// applications, and a refund without them takes back none.
        invoices: optional Entries = "invoices" as "readonly InvoiceAmount<Item>[]",
        /// The debit memos; see `invoices`.
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
    /// The documents to apply to. Their order in the request does not matter.
    export interface OpenTargets as "OpenTargets<Item = ExplicitItem>" {
        /// The invoices. `"allOpen"` means all that have something open in this account and
        /// currency, except those that are excluded from automatic application. If there is nothing
        /// to settle, `"allOpen"` leads to a notice and not to a refusal.
        invoices: optional EntriesOrAllOpen = "invoices" as "readonly InvoiceAmount<Item>[] | \"allOpen\"",
        /// The debit memos; see `invoices`.
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
    /// currency. The command is carried out as a whole or refused.
    ///
    /// `at` may be before the days of earlier commands. The amount must then have been open on that
    /// day and on all days since, else `dateTooEarly` names the first day that is possible. The
    /// application counts from `at` or, if that is later, from the day on which all its documents
    /// are dated and posted, because nothing can settle a document that is not there yet.
    ///
    /// ```js
    /// book.execute({
    ///   type: "applyCreditMemo", at: "2026-02-01", creditMemoId: "CM-1",
    ///   invoices: [{ invoiceId: "INV-1", amount: "40.00" }],
    /// });
    /// ```
    command ApplyCreditMemo extends SpreadOverPairs, OpenTargets {}
}

object! {
    /// Takes back applications of a credit memo: all of them, or the stated amounts. `at` cannot be
    /// before the last application or refund of the memo (`dateTooEarly`).
    command UnapplyCreditMemo extends Spread, Targets {}
}

object! {
    /// Applies a payment to posted invoices and debit memos of the same account and currency. The
    /// command is carried out as a whole or refused. {@link ApplyCreditMemo} says what `at` can be.
    command ApplyPayment extends SpreadOverPairs, OpenTargets as "OpenTargets<PaidItem>" {}
}

object! {
    /// Takes back applications of a payment: all of them, or the stated amounts.
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
    /// Applies credit memos and payments to invoices and debit memos of one account and currency.
    /// The sources come one after another, and each is applied to what the sources before it left
    /// open. This is one operation with one application group, so one {@link Undo} takes all of it
    /// back. If there is nothing to apply, the outcome has the notice `nothingApplied`, and the
    /// command is not refused. The rule cannot be `"explicit"`.
    command ApplyCredits extends SpreadOverPairs {
        /// The account of all the documents. Default: the account of the named documents, else of
        /// the book.
        account_id: optional Label = "accountId",
        /// The currency of all the documents. Default: the currency of the named documents, else of
        /// the book.
        currency: optional Id = "currency",
        /// Credit memos and payments, by `id` or `number`. `"allOpen"` means all that have
        /// something unapplied, except those that are excluded from automatic application.
        sources: required IdsOrAllOpen = "sources",
        /// Invoices, by `id` or `number`. `"allOpen"` means all that have something open, except
        /// those that are excluded from automatic application.
        invoices: optional IdsOrAllOpen = "invoices",
        /// Debit memos; see `invoices`.
        debit_memos: optional IdsOrAllOpen = "debitMemos",
        /// The order of the sources, most important key first. Sources that are equal by every key
        /// are in the order of their `id`. `"exactMatch"` compares a source with what all the
        /// invoices and debit memos together have open. The rule does not reverse this order.
        /// Default: date, number.
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
    /// The sources of a collection, and how it spreads them.
    interface Collect extends SpreadOverPairs {
        /// The kinds of sources, in the order in which they are used. Default: credit memos, then
        /// payments.
        sources: optional ListOf<OneOf<SourceKind>> = "sources",
    }
}

object! {
    /// Settles an invoice or debit memo with the unapplied credit memos and payments of its
    /// account. The oldest come first; of the same date, the largest.
    command CollectCommand extends Collect {}
}

/// `collectInvoice`, `collectDebitMemo`.
pub(super) fn collect(kind: Kind, fields: Fields<'_, '_>) -> Result<Action> {
    let kinds = Object::<Collect>::known(fields).sources()?;
    let spread = spread(fields)?;

    // An empty list would mean the same as none, which is both kinds.
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
