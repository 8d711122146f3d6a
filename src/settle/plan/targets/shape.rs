//! What a command must name so that anything can be settled. No document is read for that.

use crate::command::TargetAmount;
use crate::command::spread::Spread;
use crate::document::{Kind, Rule};
use crate::error::{Error, Reason, Result, Site, SiteField};

/// Refuses a command that names no targets, or no items where its rule needs them: no document is read for that.
///
/// # Errors
/// `missingField`, `invalidChoice`.
pub(in crate::settle) fn check_shape(
    stated: &[TargetAmount],
    all_open: &[Kind],
    spread: &Spread,
) -> Result<()> {
    if stated.is_empty() && all_open.is_empty() {
        let site = Site::Command.field(SiteField::Invoices);
        return Err(Error::of(Reason::NoTargets {}, &site));
    }

    let lacks_items = |target: &&TargetAmount| match &target.items {
        Some(items) => items.is_empty(),
        None => spread.rule == Some(Rule::Explicit),
    };

    // By key, so that the refusal does not depend on how the command was sorted.
    let lacking = stated.iter().filter(lacks_items);
    let Some(target) = lacking.min_by(|a, b| a.document.id.cmp(&b.document.id)) else {
        return check_rule_of_open(all_open, spread);
    };

    let list = Site::Command.field(target.document.kind.list_site());
    let entry = list.entry(target.place);
    Err(Error::of(
        Reason::NoItems {},
        &entry.field(SiteField::Items),
    ))
}

/// Refuses a rule that needs stated items where documents are settled that nobody names.
fn check_rule_of_open(all_open: &[Kind], spread: &Spread) -> Result<()> {
    if all_open.is_empty() || spread.rule != Some(Rule::Explicit) {
        return Ok(());
    }
    let rule = Rule::Explicit.as_str().into();
    let site = Site::Command.field(SiteField::Rule);
    Err(Error::of(Reason::RuleNeedsItems { rule }, &site))
}
