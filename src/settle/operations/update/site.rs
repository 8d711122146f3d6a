//! Where an update has what is wrong with the draft that it makes: at the last change of that item or tax item.

use crate::command::{ItemChange, TaxChange, Update};
use crate::error::{SiteField, SiteStep};
use crate::settle::operations::update::items::{ItemOrigin, TaxChangeIndex};

/// Where an update has what is wrong with the whole draft, whose items are from the changes in `origins`.
pub(super) fn site_in_update(
    inner: &[SiteStep],
    update: &Update,
    origins: &[ItemOrigin],
) -> Vec<SiteStep> {
    match inner {
        // The draft keeps the date that it has, so the document is what does not fit.
        [SiteStep::Field(SiteField::Date)] if update.draft.date.is_none() => {
            vec![SiteStep::Field(update.document.kind.id_site())]
        }
        [
            SiteStep::Field(SiteField::Items),
            SiteStep::Entry(item_index),
            of_item @ ..,
        ] => match origins.get(*item_index) {
            Some(origin) => site_of_item(of_item, update, origin),
            None => inner.to_vec(),
        },
        _ => inner.to_vec(),
    }
}

/// Where an update has what is wrong with an item of the draft: at the last change of it.
fn site_of_item(of_item: &[SiteStep], update: &Update, origin: &ItemOrigin) -> Vec<SiteStep> {
    let change = origin
        .change_index
        .and_then(|index| Some((index, update.draft.items.get(index)?)));
    let Some((change_index, change)) = change else {
        // The item is as it was: another change or the new date makes it wrong.
        let whole = match update.draft.items.as_slice() {
            [] => update.document.kind.id_site(),
            _ => SiteField::Items,
        };
        return vec![SiteStep::Field(whole)];
    };

    let mut site = vec![
        SiteStep::Field(SiteField::Items),
        SiteStep::Entry(change_index),
    ];
    let ItemChange::Change { taxes, .. } = change else {
        site.push(SiteStep::Field(SiteField::Add));
        site.extend_from_slice(of_item);
        return site;
    };
    match of_item {
        [SiteStep::Field(SiteField::SettledBefore), ..] if !states_settled_before(change) => {}
        [
            SiteStep::Field(SiteField::Amount | SiteField::UnitPrice | SiteField::SettledBefore),
            ..,
        ] => {
            site.extend_from_slice(of_item);
        }
        [
            SiteStep::Field(SiteField::TaxItems),
            SiteStep::Entry(tax_index),
            of_tax @ ..,
        ] => {
            let change = origin.taxes.get(*tax_index).copied().flatten();
            push_site_of_tax(&mut site, of_tax, taxes, change, change_index);
        }
        _ => {}
    }
    site
}

/// Whether a change says what was settled of an item before.
const fn states_settled_before(change: &ItemChange) -> bool {
    matches!(
        change,
        ItemChange::Change {
            settled_before: Some(_),
            ..
        }
    )
}

/// Adds the way from the last change of an item to the change of one of its tax items, if that is a part of it.
fn push_site_of_tax(
    site: &mut Vec<SiteStep>,
    of_tax: &[SiteStep],
    changes: &[TaxChange],
    change: Option<TaxChangeIndex>,
    item_change: usize,
) {
    let Some(index) = change.filter(|change| change.item_change == item_change) else {
        return;
    };

    site.push(SiteStep::Field(SiteField::TaxItems));
    site.push(SiteStep::Entry(index.tax_change));
    if matches!(changes.get(index.tax_change), Some(TaxChange::Add(_))) {
        site.push(SiteStep::Field(SiteField::Add));
    }
    site.extend_from_slice(of_tax);
}
