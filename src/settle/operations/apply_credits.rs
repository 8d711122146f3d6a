//! Apply many credit memos and payments to many invoices and debit memos (`settlement.md#apply`): one operation, and
//! one undo.
//!
//! Each source in turn is applied to all that is still open, as if it alone had been applied to them. All guards that
//! need no amounts run over all documents before.

use crate::calendar::Date;
use crate::command::ApplyCredits;
use crate::command::DocumentChoice;
use crate::command::spread::{DocumentKey, Spread};
use crate::document::{DocumentIndex, Header, Kind, Rule};
use crate::error::{Error, Reason, Result, Site, SiteField, SiteStep};
use crate::label::check_label;
use crate::money::{Amount, Currency};
use crate::order::sort_by;
use crate::settle::context::Context;
use crate::settle::guard::documents::{check_account, check_currency, check_live};
use crate::settle::guard::effective_dates;
use crate::settle::guard::names::currency_of;
use crate::settle::journal::{Journal, Notice};
use crate::settle::operations::apply;
use crate::settle::plan::located::{Located, find_key, locate};
use crate::settle::plan::open_documents::OpenDocuments;
use crate::settle::plan::trace::{LeftOut, PlanStep, Recorder};
use crate::settle::room;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// Applies the sources one after another, the oldest first, until nothing is left of them or of the demands. What is
/// not named is left alone where it is excluded from automatic application.
///
/// # Errors
/// `missingField`, `invalidChoice` of a rule that needs stated items, `invalidId`, `unknownCurrency`, then over all
/// documents the first of `documentNotFound`, `duplicateEntry`, `invalidStatus`, `accountMismatch`, `currencyMismatch`,
/// `periodClosed`, `dateTooEarly`; those of [`apply::plan_over`] for the first source that is refused.
pub(in crate::settle) fn execute(
    journal: &mut Journal<'_>,
    date: Date,
    request: &ApplyCredits,
) -> Result<()> {
    check_shape(request)?;
    let mut run = journal.plan(|context, workspace| {
        Run::resolve(context, &mut workspace.spreader.recorder, date, request)
    })?;
    run.apply_sources(journal)?;
    run.tell_what_is_left(journal);
    Ok(())
}

/// Refuses a command that says of nothing what to settle, or that has a rule which needs stated items.
fn check_shape(request: &ApplyCredits) -> Result<()> {
    if request.sources.is_empty() {
        let site = Site::Command.field(SiteField::Sources);
        return Err(Error::of(Reason::NoSources {}, &site));
    }
    if request.invoices.is_empty() && request.debit_memos.is_empty() {
        let site = Site::Command.field(SiteField::Invoices);
        return Err(Error::of(Reason::NoTargets {}, &site));
    }

    // Stated items are of one source, and this command has many.
    if request.spread.rule == Some(Rule::Explicit) {
        let rule = Rule::Explicit.as_str().into();
        let site = Site::Command.field(SiteField::Rule);
        return Err(Error::of(Reason::RuleNeedsItems { rule }, &site));
    }

    match &request.account_id {
        Some(account_id) => check_label(account_id, &Site::Command.field(SiteField::AccountId)),
        None => Ok(()),
    }
}

/// A document that the command names, or means by `allOpen`.
#[derive(Clone, Copy)]
struct Participant {
    index: DocumentIndex,
    /// The list that it belongs to.
    list: SiteField,
    /// Its entry of the list, if it is named.
    entry: Option<usize>,
}

impl Participant {
    /// The same refusal, where the command names the document, or at the list.
    fn place(self, error: Error) -> Error {
        let list = Site::Command.field(self.list);
        match self.entry {
            Some(entry) => error.at(&list.entry(entry)),
            None => error.at(&list),
        }
    }

    fn refuse(self, reason: Reason) -> Error {
        self.place(Error::of(reason, &Site::Command))
    }
}

/// All documents that take part.
struct Run<'a> {
    date: Date,
    spread: &'a Spread,
    /// The credit memos and payments, in the order in which they are applied.
    sources: Vec<Participant>,
    /// The invoices and debit memos.
    targets: Vec<Participant>,
    /// The documents of both lists between which something has been applied.
    applied: FxHashSet<DocumentIndex>,
    /// What is to be told once.
    notices: Vec<Notice>,
}

impl<'a> Run<'a> {
    /// Finds all documents, and refuses those that cannot settle each other.
    fn resolve(
        context: Context<'_>,
        recorder: &mut Recorder,
        date: Date,
        request: &'a ApplyCredits,
    ) -> Result<Self> {
        let stated_currency = request.currency.as_deref();
        let stated_currency = stated_currency.map(|code| currency_of(context.settings, code));
        let stated_currency = stated_currency.transpose()?;

        let mut sources = find_sources(context, &request.sources)?;
        let mut targets = find_targets(context, Kind::Invoice, &request.invoices)?;
        targets.extend(find_targets(
            context,
            Kind::DebitMemo,
            &request.debit_memos,
        )?);
        check_differ(context, &sources)?;
        check_differ(context, &targets)?;

        // Each guard over all named documents before the next, as in the table of codes. What is meant by all that is
        // open comes after them: it is chosen to pass.
        let named = [&sources[..], &targets[..]].concat();
        for member in &named {
            let document = locate(context.documents, member.index)?;
            check_live(&document, &Site::Command).map_err(|error| member.place(error))?;
        }
        let open = open_documents(context, request, stated_currency, &named)?;
        check_accounts(context, &named, &open)?;
        check_currencies(context, &named, &open)?;

        if let DocumentChoice::AllOpen = request.sources {
            for kind in [Kind::CreditMemo, Kind::Payment] {
                sources.extend(all_open(context, &open, kind, SiteField::Sources, recorder));
            }
        }
        for (kind, choice) in [
            (Kind::Invoice, &request.invoices),
            (Kind::DebitMemo, &request.debit_memos),
        ] {
            if let DocumentChoice::AllOpen = choice {
                targets.extend(all_open(context, &open, kind, kind.list_site(), recorder));
            }
        }
        let members = sources.iter().chain(&targets);
        effective_dates::check_day(context, members.map(|member| member.index), date)?;

        sort_sources(context, &mut sources, &targets, &request.order)?;
        Ok(Self {
            date,
            spread: &request.spread,
            sources,
            targets,
            applied: FxHashSet::default(),
            notices: Vec::new(),
        })
    }

    /// Applies each source to what the sources before it left open.
    fn apply_sources(&mut self, journal: &mut Journal<'_>) -> Result<()> {
        let sources = self.sources.clone();
        for (rank, &source) in sources.iter().enumerate() {
            // Asked anew for each source, because those before it have settled some of the demands.
            let open = self.still_open(journal)?;
            if open.is_empty() {
                for never in sources.iter().skip(rank) {
                    journal.note_step(never.index, PlanStep::NeverReached);
                }
                break;
            }

            if !open_amount(journal.context(), source.index)?.is_positive() {
                journal.note_step(source.index, PlanStep::LeftOut(LeftOut::NothingOpen));
                continue;
            }

            let context = journal.context();
            for &target in &open {
                room::reserve_application(context, source.index, target, self.spread.matrix)?;
            }
            self.apply_source(journal, source, &open)
                .map_err(|error| error.moved(|inner| site_of(inner, source)))?;
        }
        Ok(())
    }

    /// The demands that still have something open.
    fn still_open(&self, journal: &mut Journal<'_>) -> Result<Vec<DocumentIndex>> {
        let mut open = Vec::with_capacity(self.targets.len());
        for target in &self.targets {
            if open_amount(journal.context(), target.index)?.is_positive() {
                open.push(target.index);
            } else if !self.applied.contains(&target.index) {
                journal.note_step(target.index, PlanStep::LeftOut(LeftOut::NothingOpen));
            }
        }
        Ok(open)
    }

    /// Applies one source to the demands that are still open.
    fn apply_source(
        &mut self,
        journal: &mut Journal<'_>,
        source: Participant,
        open: &[DocumentIndex],
    ) -> Result<()> {
        let (settlement, notices) =
            apply::plan_over(journal, self.date, source.index, open, self.spread)?;
        if settlement.is_empty() {
            return Ok(());
        }

        // That a source left nothing for a demand is nothing to tell, because another source may still come.
        let settled: FxHashSet<_> = settlement.documents().collect();
        for notice in notices {
            let is_settled = notice
                .document()
                .is_some_and(|index| settled.contains(&index));
            let is_news = !matches!(notice, Notice::NothingApplied(_)) && is_settled;
            if is_news && !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        self.applied.extend(settled);
        journal.conclude(settlement, Vec::new()).map(drop)
    }

    /// Tells of which named documents nothing was applied. Where none is named, that there was nothing to apply.
    fn tell_what_is_left(self, journal: &mut Journal<'_>) {
        let mut notices = self.notices;
        let members = self.sources.iter().chain(&self.targets);
        let named = members.filter(|member| member.entry.is_some());
        let idle = named.filter(|member| !self.applied.contains(&member.index));

        notices.extend(idle.map(|member| Notice::NothingApplied(Some(member.index))));
        if notices.is_empty() && self.applied.is_empty() {
            notices.push(Notice::NothingApplied(None));
        }
        notices
            .into_iter()
            .for_each(|notice| journal.notice(notice));
    }
}

/// The credit memos and payments that a command names, by key, so that a refusal does not depend on how it was sorted.
/// A key that is an identifier is no number.
fn find_sources(context: Context<'_>, choice: &DocumentChoice) -> Result<Vec<Participant>> {
    const KINDS: [Kind; 2] = [Kind::CreditMemo, Kind::Payment];
    let documents = context.documents;
    let mut sources = Vec::new();
    for (entry, key) in by_key(choice) {
        // An identifier is unique in the book. Of one number, the credit memo comes before the payment.
        let by_id = KINDS
            .iter()
            .find_map(|&kind| documents.find_kind(kind, key));
        let mut by_number = KINDS
            .iter()
            .filter_map(|&kind| documents.find_number(kind, key));
        let Some(index) = by_id.or_else(|| by_number.next()) else {
            let site = Site::Command.field(SiteField::Sources);
            let id = key.into();
            return Err(Error::of(Reason::NoSuchSource { id }, &site.entry(entry)));
        };

        sources.push(Participant {
            index,
            list: SiteField::Sources,
            entry: Some(entry),
        });
    }
    Ok(sources)
}

/// The demands of a kind that a command names, by key.
fn find_targets(
    context: Context<'_>,
    kind: Kind,
    choice: &DocumentChoice,
) -> Result<Vec<Participant>> {
    let list = kind.list_site();
    let mut targets = Vec::new();
    for (entry, key) in by_key(choice) {
        let site = Site::Command.field(list);
        targets.push(Participant {
            index: find_key(context.documents, kind, key, &site.entry(entry))?.index,
            list,
            entry: Some(entry),
        });
    }
    Ok(targets)
}

/// The identifiers and numbers of a list, each with its entry, in their order.
fn by_key(choice: &DocumentChoice) -> Vec<(usize, &str)> {
    let DocumentChoice::Named(keys) = choice else {
        return Vec::new();
    };
    let mut by_key: Vec<_> = keys.iter().map(String::as_str).enumerate().collect();
    sort_by(&mut by_key, |(_, a), (_, b)| a.cmp(b));
    by_key
}

/// Refuses a document that is named twice, also by its identifier and by its number.
fn check_differ(context: Context<'_>, participants: &[Participant]) -> Result<()> {
    let mut by_index = participants.to_vec();
    sort_by(&mut by_index, |a, b| a.index.cmp(&b.index));
    for pair in by_index.windows(2) {
        if let [first, again] = pair
            && first.index == again.index
        {
            let document = locate(context.documents, again.index)?.document;
            let id = (&*document.header().id).into();
            return Err(again.refuse(Reason::DocumentTwice { id }));
        }
    }
    Ok(())
}

/// What all documents have in common: what the command states, or else what the first document that it names has, or
/// else what the book has.
fn open_documents(
    context: Context<'_>,
    request: &ApplyCredits,
    currency: Option<Arc<Currency>>,
    named: &[Participant],
) -> Result<OpenDocuments> {
    let first = match named.first() {
        Some(member) => Some(locate(context.documents, member.index)?.document.header()),
        None => None,
    };

    let settings = context.settings;
    let (account_id, known_currency) = match first {
        Some(header) => (&header.account_id, &header.currency),
        None => (&settings.account_id, &settings.currency),
    };

    Ok(OpenDocuments {
        account_id: match &request.account_id {
            Some(account_id) => account_id.as_str().into(),
            None => Arc::clone(account_id),
        },
        currency: currency.unwrap_or_else(|| Arc::clone(known_currency)),
    })
}

/// Refuses a named document of another account.
fn check_accounts(context: Context<'_>, named: &[Participant], open: &OpenDocuments) -> Result<()> {
    for member in named {
        let header = header_of(context, *member)?;
        check_account(header, &open.account_id, &Site::Command)
            .map_err(|error| member.place(error))?;
    }
    Ok(())
}

/// Refuses a named document in another currency.
fn check_currencies(
    context: Context<'_>,
    named: &[Participant],
    open: &OpenDocuments,
) -> Result<()> {
    for member in named {
        let header = header_of(context, *member)?;
        check_currency(header, &open.currency, &Site::Command)
            .map_err(|error| member.place(error))?;
    }
    Ok(())
}

fn header_of(context: Context<'_>, member: Participant) -> Result<&Header> {
    locate(context.documents, member.index).map(|document: Located<'_>| document.document.header())
}

fn open_amount(context: Context<'_>, index: DocumentIndex) -> Result<Amount> {
    let document = locate(context.documents, index)?.document;
    Ok(document.header().figures.open())
}

/// All open documents of a kind that nobody names.
fn all_open(
    context: Context<'_>,
    open: &OpenDocuments,
    kind: Kind,
    list: SiteField,
    recorder: &mut Recorder,
) -> impl Iterator<Item = Participant> + use<> {
    let found: Vec<_> = open
        .of_kind_recorded(context, kind, recorder)
        .iter()
        .map(|document| document.index)
        .collect();

    found.into_iter().map(move |index| Participant {
        index,
        list,
        entry: None,
    })
}

/// Puts the sources into the order in which they are applied: by date and number, unless the command says another. An
/// exact match has what all demands together have open.
fn sort_sources(
    context: Context<'_>,
    sources: &mut [Participant],
    targets: &[Participant],
    order: &[DocumentKey],
) -> Result<()> {
    let order = Spread {
        documents: match order {
            [] => vec![DocumentKey::Date, DocumentKey::Number],
            stated => stated.to_vec(),
        },
        ..Spread::default()
    };

    let mut demanded = Vec::with_capacity(targets.len());
    for target in targets {
        demanded.push(open_amount(context, target.index)?);
    }
    // More than an amount can be is what no source has.
    let demanded = Amount::sum(demanded).unwrap_or(Amount::MAX);

    let mut headers = Vec::with_capacity(sources.len());
    for source in &*sources {
        headers.push((*source, header_of(context, *source)?));
    }
    let numbers = context.settings.number_order;
    sort_by(&mut headers, |(_, a), (_, b)| {
        order.compare(a, b, demanded, numbers)
    });

    for (slot, (source, _)) in sources.iter_mut().zip(headers) {
        *slot = source;
    }
    Ok(())
}

/// Where the command has what is wrong with one of its applications: at its day, its rule or a list of demands; what is
/// wrong with the source, where it has the source.
fn site_of(inner: &[SiteStep], source: Participant) -> Vec<SiteStep> {
    match inner {
        [] | [SiteStep::Field(SiteField::At | SiteField::Rule)] => inner.to_vec(),
        [
            list @ SiteStep::Field(SiteField::Invoices | SiteField::DebitMemos),
            ..,
        ] => {
            vec![list.clone()]
        }
        _ => {
            let list = Site::Command.field(source.list);
            match source.entry {
                Some(entry) => list.entry(entry).steps(),
                None => list.steps(),
            }
        }
    }
}
