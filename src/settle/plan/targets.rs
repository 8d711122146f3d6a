//! The request of an apply or unapply, resolved against the documents: what both guard alike.

use crate::command::settings::Limit;
use crate::command::spread::Spread;
use crate::command::{ApplyRequest, DocumentRef, ExplicitItem, TargetAmount};
use crate::document::{
    Document, DocumentIndex, Documents, Kind, LineIndex, PartItem, Rule, Status,
};
use crate::error::{Code, Error, Path, Result, SiteField, quoted};
use crate::money::{Amount, Currency};
use crate::order::{places_by_head, sort_by};
use crate::settle::journal::Context;
use crate::settle::plan::located::Located;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// The document of that kind with that identifier.
pub(in crate::settle) fn find<'a>(
    documents: &'a Documents,
    named: &DocumentRef,
    path: &Path<'_>,
) -> Result<Located<'a>> {
    let index = documents.find_kind(named.kind, &named.id).ok_or_else(|| {
        let needed = format!("the identifier of {}", named.kind.one());
        Error::new(Code::DocumentNotFound, path, needed, quoted(&named.id))
    })?;
    placed(documents, index)
}

/// The document at `index`.
pub(in crate::settle) fn placed(
    documents: &Documents,
    index: DocumentIndex,
) -> Result<Located<'_>> {
    let document = documents
        .get(index)
        .ok_or_else(|| Error::fault("a document is missing"))?;
    Ok(Located { index, document })
}

/// Refuses a document that is not posted, or that was reversed.
pub(in crate::settle) fn check_live(of: &Located<'_>, path: &Path<'_>) -> Result<()> {
    let header = of.document.header();
    let found = match header.status {
        Status::Posted if !header.reversed => return Ok(()),
        Status::Posted => "reversed",
        status => status.as_str(),
    };
    Err(Error::new(
        Code::InvalidStatus,
        path,
        format!("a posted {}", header.kind.name()),
        found,
    ))
}

/// How many lines of a document have an amount.
fn nonzero_line_count(document: &Document) -> usize {
    let figures = document.figures().iter();
    figures.filter(|line| !line.amount().is_zero()).count()
}

/// How many different lines there are.
fn distinct_line_count(lines: impl Iterator<Item = LineIndex>) -> usize {
    let mut lines: Vec<_> = lines.collect();
    sort_by(&mut lines, LineIndex::cmp);
    lines.dedup();
    lines.len()
}

/// A request whose documents, lines and amounts are known to fit together, though not yet to suffice.
pub(in crate::settle) struct ApplyPlan<'a> {
    /// The credit memo or payment.
    pub source: Located<'a>,
    /// The invoices and debit memos in the order in which they settle.
    pub entries: Vec<Target<'a>>,
}

/// One target of a request.
pub(in crate::settle) struct Target<'a> {
    /// The request's words; absent if the request named no targets.
    stated: Option<&'a TargetAmount>,
    /// The invoice or debit memo.
    pub target: Located<'a>,
    /// The stated amount, or the sum of the stated items.
    pub amount: Option<Amount>,
    /// The stated items, by target line, then source line.
    pub items: Option<Vec<StatedPart<'a>>>,
}

/// One explicit item of a request.
pub(in crate::settle) struct StatedPart<'a> {
    /// Its place in the request, for the paths of refusals.
    at: usize,
    /// The request's words.
    stated: &'a ExplicitItem,
    /// What it moves.
    pub item: PartItem,
}

impl<'a> ApplyPlan<'a> {
    /// Everything that something of the source is applied to, without amounts.
    pub(in crate::settle) fn all_applied(
        context: Context<'a>,
        settle: &ApplyRequest,
    ) -> Result<Self> {
        let path = Path::Root.field(settle.source.kind.id_field());
        let source = find(context.documents, &settle.source, &path)?;
        let is_refund = |target: &Located<'_>| target.document.header().kind == Kind::Refund;
        let mut entries = Vec::new();
        for (target, _) in context.documents.parts_of(source.index) {
            let target = placed(context.documents, target)?;
            if !is_refund(&target) {
                entries.push(Target::new(None, target));
            }
        }
        let request = Self { source, entries }.sorted(&settle.spread);
        // None of them is in the request.
        request.check_documents().map_err(|error| error.at(&path))?;
        Ok(request)
    }

    /// Refuses to take back more part items at once than the book's limit.
    pub(in crate::settle) fn check_part_items(&self, context: Context<'_>) -> Result<()> {
        let path = Path::Root.field(self.source.document.header().kind.id_field());
        let parts = context.documents.parts_of(self.source.index);
        let items = parts
            .map(|(_, part)| part.items().len())
            .fold(0, usize::saturating_add);
        let limits = &context.settings.limits;
        limits.check(Limit::PartItems, items, &path)
    }

    /// The targets that the request names, without amounts.
    ///
    /// # Errors
    /// The first of `missingField`, `documentNotFound`, `itemNotFound`, `duplicateEntry`, `invalidStatus`,
    /// `accountMismatch`, `currencyMismatch`, `kindMismatch`.
    pub(in crate::settle) fn resolve(
        context: Context<'a>,
        settle: &'a ApplyRequest,
        targets: &'a [TargetAmount],
    ) -> Result<Self> {
        let mut request = Self::find(context, settle, targets.iter()).or_else(|_| {
            // A refusal must not depend on how the request was sorted.
            let mut targets: Vec<_> = targets.iter().collect();
            sort_by(&mut targets, |a, b| a.document.id.cmp(&b.document.id));
            Self::find(context, settle, targets.into_iter())
        })?;
        request.find_items()?;
        request.check_entries_differ()?;
        request.check_documents()?;
        request.check_kinds()?;
        Ok(request)
    }

    /// Reads the amounts, once the day is known to be right: those who settle differ in that.
    ///
    /// # Errors
    /// The first of `limitExceeded`, those of [`Currency::amount`], `amountNotPositive`, `sumMismatch`.
    pub(in crate::settle) fn measure(&mut self, context: Context<'_>) -> Result<()> {
        self.check_size(context)?;
        self.read_amounts()?;
        self.check_amounts_positive()?;
        self.check_sums()
    }

    /// Finds the documents.
    fn find(
        context: Context<'a>,
        settle: &'a ApplyRequest,
        targets: impl ExactSizeIterator<Item = &'a TargetAmount> + Clone,
    ) -> Result<Self> {
        check_shape(&settle.spread, targets.clone())?;
        let path = Path::Root.field(settle.source.kind.id_field());
        let source = find(context.documents, &settle.source, &path)?;
        let find = |stated: &'a TargetAmount| {
            let named = &stated.document;
            let field = |path: &Path<'_>| {
                find(context.documents, named, &path.field(named.kind.id_field()))
            };
            with_entry(named.kind, Some(stated.place), field)
                .map(|target| Target::new(Some(stated), target))
        };
        let mut entries = Vec::with_capacity(targets.len());
        for stated in targets {
            entries.push(find(stated)?);
        }
        Ok(Self { source, entries }.sorted(&settle.spread))
    }

    /// How many lines the targets have together.
    pub(in crate::settle) fn lines(&self) -> usize {
        self.entries
            .iter()
            .map(|entry| entry.target.document.lines().len())
            .fold(0, usize::saturating_add)
    }

    /// The currency of all documents of the request.
    pub(in crate::settle) fn currency(&self) -> &'a Currency {
        &self.source.document.header().currency
    }

    /// In the order in which they settle; that is done before anything else is known of them.
    fn sorted(mut self, spread: &Spread) -> Self {
        if self.entries.len() < 2 {
            return self;
        }
        let amount = self.source.document.header().figures.open();
        let headers: Vec<_> = self
            .entries
            .iter()
            .map(|entry| entry.target.document.header())
            .collect();
        // Headers lie scattered in memory: what tells most of them apart is brought together first.
        let heads: Vec<_> = headers.iter().map(|header| spread.head(header)).collect();
        let places = places_by_head(&heads, &|a, b| match (headers.get(a), headers.get(b)) {
            (Some(first), Some(second)) => spread.compare(first, second, amount),
            _ => Ordering::Equal,
        });
        let sorted = places.iter().filter_map(|&place| self.entries.get(place));
        self.entries = sorted
            .map(|entry| Target::new(entry.stated, entry.target))
            .collect();
        self
    }

    /// Refuses an operation that is larger than the book's limits.
    fn check_size(&self, context: Context<'_>) -> Result<()> {
        let limits = &context.settings.limits;
        let path = Path::Root;
        for kind in [Kind::Invoice, Kind::DebitMemo] {
            let documents = self
                .entries
                .iter()
                .filter(|entry| entry.kind() == kind)
                .count();
            limits.check(
                Limit::DocumentsPerOperation,
                documents,
                &path.field(kind.list_field()),
            )?;
        }
        for entry in &self.entries {
            let stated = entry.items.as_ref().map_or(0, Vec::len);
            with_entry(entry.kind(), entry.place(), |path| {
                limits.check(Limit::StatedItems, stated, path)
            })?;
        }
        if limits.get(Limit::ItemsPerOperation).is_none() {
            return Ok(());
        }
        limits.check(Limit::ItemsPerOperation, self.settled_line_count(), &path)
    }

    /// How many lines can take part: the stated lines of a document that is settled line by line, and of any other
    /// document all lines that are not zero. So what is too large as a whole can still be settled in pieces.
    fn settled_line_count(&self) -> usize {
        let stated = self.entries.iter().filter_map(|entry| entry.items.as_ref());
        let source = if self.entries.iter().all(|entry| entry.items.is_some()) {
            distinct_line_count(stated.flatten().map(|stated| stated.item.source))
        } else {
            nonzero_line_count(self.source.document)
        };
        let targets = self.entries.iter().map(|entry| match &entry.items {
            Some(items) => distinct_line_count(items.iter().map(|stated| stated.item.target)),
            None => nonzero_line_count(entry.target.document),
        });
        targets.fold(source, usize::saturating_add)
    }

    /// Finds the lines that explicit items name; their amounts come later.
    fn find_items(&mut self) -> Result<()> {
        if self
            .entries
            .iter()
            .all(|entry| entry.stated_items().is_none())
        {
            return Ok(());
        }
        let source = Lookup::of(self.source.document);
        for entry in &mut self.entries {
            let Some(stated) = entry.stated_items() else {
                continue;
            };
            let (kind, place) = (entry.kind(), entry.place());
            let target = Lookup::of(entry.target.document);
            let find = |(at, stated): (usize, &'a ExplicitItem)| {
                with_item(kind, place, at, |path| {
                    // A payment has one line.
                    let from = |id: &String| source.find(id, &path.field(stated.source_field()));
                    let source = stated.source.as_ref().map_or(Ok(LineIndex(0)), from)?;
                    let target =
                        target.find(&stated.target, &path.field(stated.target_field(kind)))?;
                    Ok(StatedPart {
                        at,
                        stated,
                        item: PartItem {
                            source,
                            target,
                            amount: Amount::ZERO,
                        },
                    })
                })
            };
            // By identifiers, so that a refusal does not depend on how the request was sorted.
            let mut by_id: Vec<_> = stated.iter().enumerate().collect();
            sort_by(&mut by_id, |(_, a), (_, b)| {
                (&a.source, &a.target).cmp(&(&b.source, &b.target))
            });
            let mut items = by_id.into_iter().map(find).collect::<Result<Vec<_>>>()?;
            sort_by(&mut items, |a, b| a.item.order().cmp(&b.item.order()));
            entry.items = Some(items);
        }
        Ok(())
    }

    fn check_entries_differ(&self) -> Result<()> {
        for pair in self.entries.windows(2) {
            if let [first, second] = pair
                && first.target.index == second.target.index
            {
                let id = || quoted(&second.target.document.header().id);
                return second.refuse(
                    Code::DuplicateEntry,
                    second.kind().id_field(),
                    "each document once",
                    id,
                );
            }
        }
        self.entries.iter().try_for_each(|entry| {
            let items = entry.items.as_deref().unwrap_or_default();
            let lines = |stated: &StatedPart<'_>| (stated.item.source, stated.item.target);
            let same = |pair: &&[StatedPart<'_>]| matches!(pair, [first, second] if lines(first) == lines(second));
            match items.windows(2).find(same) {
                Some([_, again]) => with_item(entry.kind(), entry.place(), again.at, |path| {
                    let ExplicitItem { source, target, .. } = again.stated;
                    let from = source.as_deref().map_or_else(|| "the payment".to_owned(), quoted);
                    let found = format!("{from} to {} twice", quoted(target));
                    Err(Error::new(Code::DuplicateEntry, path, "each pair of lines once", found))
                }),
                _ => Ok(()),
            }
        })
    }

    fn check_documents(&self) -> Result<()> {
        let source = self.source.document.header();
        check_live(&self.source, &Path::Root.field(source.kind.id_field()))?;
        let refuse = |entry: &Target<'_>, code, needed: &str, found: &str| {
            entry.refuse(code, entry.kind().id_field(), needed, || found.to_owned())
        };
        let each =
            |check: &dyn Fn(&Target<'_>) -> Result<()>| self.entries.iter().try_for_each(check);
        each(&|entry| {
            with_entry(entry.kind(), entry.place(), |path| {
                check_live(&entry.target, &path.field(entry.kind().id_field()))
            })
        })?;
        each(&|entry| {
            let account = &entry.target.document.header().account_id;
            if *account == source.account_id {
                return Ok(());
            }
            let needed = format!(
                "{} of account {}",
                entry.kind().one(),
                quoted(&source.account_id)
            );
            refuse(entry, Code::AccountMismatch, &needed, &quoted(account))
        })?;
        each(&|entry| {
            let currency = &entry.target.document.header().currency;
            if *currency == source.currency {
                return Ok(());
            }
            let needed = format!("{} in {}", entry.kind().one(), source.currency.code());
            refuse(entry, Code::CurrencyMismatch, &needed, currency.code())
        })
    }

    fn check_kinds(&self) -> Result<()> {
        let is_tax = |of: &Located<'_>, line| {
            of.document
                .line(line)
                .is_some_and(|line| line.detail.is_tax())
        };
        let kind = |tax| if tax { "a tax item" } else { "an item" };
        self.each_item(|entry, stated, path| {
            let ExplicitItem { tax, source, .. } = stated.stated;
            let target = (
                &entry.target,
                stated.item.target,
                stated.stated.target_field(entry.kind()),
            );
            let source = source.as_ref().map(|_| {
                (
                    &self.source,
                    stated.item.source,
                    stated.stated.source_field(),
                )
            });
            let wrong = source
                .into_iter()
                .chain([target])
                .find(|(of, line, _)| is_tax(of, *line) != *tax);
            wrong.map_or(Ok(()), |(.., field)| {
                Err(Error::new(
                    Code::KindMismatch,
                    &path.field(field),
                    kind(*tax),
                    kind(!*tax),
                ))
            })
        })
    }

    /// Reads the amounts in the memo's currency.
    fn read_amounts(&mut self) -> Result<()> {
        let currency = self.currency();
        let read = |decimal: Decimal, path: &Path<'_>| {
            currency
                .amount(decimal)
                .map_err(|error| error.at(&path.field(SiteField::Amount)))
        };
        for entry in &mut self.entries {
            let (kind, place) = (entry.kind(), entry.place());
            let amount = entry.stated.and_then(|stated| stated.amount);
            entry.amount = amount
                .map(|decimal| with_entry(kind, place, |path| read(decimal, path)))
                .transpose()?;
            for stated in entry.items.iter_mut().flatten() {
                stated.item.amount = with_item(kind, place, stated.at, |path| {
                    read(stated.stated.amount, path)
                })?;
            }
        }
        Ok(())
    }

    /// Amounts are more than zero; those of negative lines less.
    fn check_amounts_positive(&self) -> Result<()> {
        let fits = |fits: bool, needed: &str, amount: Amount, path: &Path<'_>| {
            let found = || self.currency().write(amount);
            if fits {
                Ok(())
            } else {
                Err(Error::new(
                    Code::AmountNotPositive,
                    &path.field(SiteField::Amount),
                    needed,
                    found(),
                ))
            }
        };
        self.entries
            .iter()
            .try_for_each(|entry| match entry.amount {
                Some(amount) => with_entry(entry.kind(), entry.place(), |path| {
                    fits(amount.is_positive(), "more than zero", amount, path)
                }),
                None => Ok(()),
            })?;
        self.each_item(|entry, stated, path| {
            let PartItem { target, amount, .. } = stated.item;
            let figures = entry.target.document.line_figures(target);
            let net = figures.and_then(|figures| figures.amount().plus(figures.netted()));
            if net.is_some_and(|net| net < Amount::ZERO) {
                fits(
                    amount < Amount::ZERO,
                    "less than zero, as the line is",
                    amount,
                    path,
                )
            } else {
                fits(amount.is_positive(), "more than zero", amount, path)
            }
        })
    }

    /// The sum of the items is the amount, whether it was stated or not.
    fn check_sums(&mut self) -> Result<()> {
        let currency = self.currency();
        for entry in &mut self.entries {
            let Some(items) = &entry.items else { continue };
            let sum = Amount::sum(items.iter().map(|stated| stated.item.amount));
            let write = |amount: Option<Amount>| {
                amount.map_or("out of range".to_owned(), |sum| currency.write(sum))
            };
            if sum.is_none() || entry.amount.is_some_and(|amount| Some(amount) != sum) {
                let needed = format!("the sum of the items, {}", write(sum));
                return entry.refuse(Code::SumMismatch, "amount", &needed, || write(entry.amount));
            }
            if !sum.is_some_and(Amount::is_positive) {
                return entry.refuse(
                    Code::SumMismatch,
                    "items",
                    "items that sum to more than zero",
                    || write(sum),
                );
            }
            entry.amount = sum;
        }
        Ok(())
    }

    /// Runs `check` over every explicit item.
    fn each_item(
        &self,
        check: impl Fn(&Target<'_>, &StatedPart<'_>, &Path<'_>) -> Result<()>,
    ) -> Result<()> {
        self.entries.iter().try_for_each(|entry| {
            let mut items = entry.items.iter().flatten();
            let (kind, place) = (entry.kind(), entry.place());
            items.try_for_each(|stated| {
                with_item(kind, place, stated.at, |path| check(entry, stated, path))
            })
        })
    }
}

impl<'a> Target<'a> {
    const fn new(stated: Option<&'a TargetAmount>, target: Located<'a>) -> Self {
        Self {
            stated,
            target,
            amount: None,
            items: None,
        }
    }

    /// The field of the request that lists documents of this kind.
    pub(in crate::settle) fn list_field(&self) -> &'static str {
        self.kind().list_field()
    }

    fn kind(&self) -> Kind {
        self.target.document.header().kind
    }

    fn place(&self) -> Option<usize> {
        self.stated.map(|stated| stated.place)
    }

    fn stated_items(&self) -> Option<&'a [ExplicitItem]> {
        self.stated.and_then(|stated| stated.items.as_deref())
    }

    /// What the explicit items move.
    pub(in crate::settle) fn part_items(&self) -> impl Iterator<Item = PartItem> {
        self.items.iter().flatten().map(|stated| stated.item)
    }

    /// Refuses this target at one of its fields.
    #[cold]
    pub(in crate::settle) fn refuse<T>(
        &self,
        code: Code,
        field: &str,
        needed: &str,
        found: impl FnOnce() -> String,
    ) -> Result<T> {
        with_entry(self.kind(), self.place(), |path| {
            Err(Error::new(code, &path.field(field), needed, found()))
        })
    }

    /// Refuses the amount of an explicit item of this target.
    #[cold]
    pub(in crate::settle) fn refuse_item<T>(
        &self,
        stated: &StatedPart<'_>,
        code: Code,
        needed: &str,
        found: String,
    ) -> Result<T> {
        with_item(self.kind(), self.place(), stated.at, |path| {
            Err(Error::new(
                code,
                &path.field(SiteField::Amount),
                needed,
                found,
            ))
        })
    }
}

/// The lines of one document by identifier.
pub(in crate::settle) struct Lookup<'a> {
    document: &'a Document,
    // Only for look-ups, never iterated: its order means nothing.
    lines: FxHashMap<&'a str, LineIndex>,
}

impl<'a> Lookup<'a> {
    pub(in crate::settle) fn of(document: &'a Document) -> Self {
        let lines = (0..)
            .map(LineIndex)
            .zip(document.lines())
            .map(|(index, line)| (&*line.id, index))
            .collect();
        Self { document, lines }
    }

    /// The line with that identifier.
    pub(in crate::settle) fn get(&self, id: &str) -> Option<LineIndex> {
        self.lines.get(id).copied()
    }

    pub(in crate::settle) fn find(&self, id: &str, path: &Path<'_>) -> Result<LineIndex> {
        self.get(id).ok_or_else(|| {
            let header = self.document.header();
            let needed = format!("a line of {} {}", header.kind.name(), quoted(&header.id));
            Error::new(Code::ItemNotFound, path, needed, quoted(id))
        })
    }
}

/// What can be told to be wrong before any document is looked at.
fn check_shape<'a>(
    spread: &Spread,
    mut targets: impl ExactSizeIterator<Item = &'a TargetAmount>,
) -> Result<()> {
    let missing = |path: &Path<'_>, field, needed| {
        Err(Error::new(
            Code::MissingField,
            &path.field(field),
            needed,
            "none",
        ))
    };
    if targets.len() == 0 {
        return missing(
            &Path::Root,
            Kind::Invoice.list_field(),
            "at least one invoice or debit memo",
        );
    }
    targets.try_for_each(|stated| {
        let lacks_items = match &stated.items {
            Some(items) => items.is_empty(),
            None => spread.rule == Some(Rule::Explicit),
        };
        if !lacks_items {
            return Ok(());
        }
        with_entry(stated.document.kind, Some(stated.place), |path| {
            missing(path, "items", "at least one item")
        })
    })
}

/// Calls `f` with the path of the document of `kind` at `place` of the request.
fn with_entry<T>(kind: Kind, place: Option<usize>, f: impl FnOnce(&Path<'_>) -> T) -> T {
    let list = Path::Root.field(kind.list_field());
    match place {
        Some(place) => f(&list.index(place)),
        None => f(&list),
    }
}

/// Calls `f` with the path of the explicit item at `at` of that document.
fn with_item<T>(kind: Kind, place: Option<usize>, at: usize, f: impl FnOnce(&Path<'_>) -> T) -> T {
    with_entry(kind, place, |path| {
        f(&path.field(SiteField::Items).index(at))
    })
}
