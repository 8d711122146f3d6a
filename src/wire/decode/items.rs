//! Items and tax items, new and changed.

use crate::command;
use crate::document;
use crate::document::{
    Custom, ItemRecord, Processing, Scalar, SettledBy, SourceItem, TaxIdentity, sort_custom,
};
use crate::error::{Error, NameFigure, Reason, Result, Site};
use crate::wire::Value;
use crate::wire::fields::{Fields, printed, wrong_type};
use crate::wire::object::{Build, Object, object, union};
use crate::wire::readers::{
    Day, DecimalText, Id, ListOf, Nullable, OneOf, Text, ValueReader, reader,
};
use crate::words::WordSet;

object! {
    /// What was settled of a line before its document came into the book, by documents that the
    /// book does not have. It counts in balances from the start and in those of the past from its
    /// day on, and nothing takes it back once the document is posted.
    export interface SettledBefore {
        /// The day, which is not before the date of the document.
        at: required Day = "at",
        /// The amount, with the sign of the line. All entries of a line together are not more than
        /// the line has, after discounts.
        amount: required DecimalText = "amount",
        /// What settled it. Of an invoice or debit memo: `"payment"`, or `"creditMemo"`, so that less
        /// is available to credit. Of a credit memo or payment: `"application"`, or `"refund"`.
        by: required OneOf<SettledBy> = "by",
    }
}

impl Build for SettledBefore {
    type Output = document::NewSettledBefore;

    fn build(entry: Object<'_, '_, Self>) -> Result<document::NewSettledBefore> {
        Ok(document::NewSettledBefore {
            date: entry.at()?,
            amount: entry.amount()?,
            by: entry.by()?,
        })
    }
}

object! {
    /// A tax item to be created. It settles by itself, beside its item.
    export interface NewTaxItem {
        /// Unique among the items and tax items of its document.
        id: required Id = "id",
        /// The tax in the currency of the document; may be negative (the tax of a discount). Left
        /// out: of the tax item that `sourceTaxItemId` names the share that is credited of its
        /// item, else by the `rate`. A stated amount is taken as it is, whatever the rate says: who
        /// calculated it knows of exemptions and thresholds.
        amount: optional DecimalText = "amount",
        /// The name of the tax, such as `"VAT"`. Name, jurisdiction, location and rate together say
        /// which tax it is.
        name: optional Text = "name",
        jurisdiction: optional Text = "jurisdiction",
        location_code: optional Text = "locationCode",
        tax_code: optional Text = "taxCode",
        /// The rate as a fraction: `"0.19"` is 19 %. Less than 1, unless the book has
        /// `allowTaxRateFrom1`.
        rate: optional DecimalText = "rate",
        /// What an exemption took off the tax: told by who calculated it, and carried as it is, not
        /// checked against the tax. Only a reversal, or a write-off of the whole tax, copies it.
        exempt_amount: optional DecimalText = "exemptAmount",
        /// The tax item of the source item that this credits or debits.
        source_tax_item_id: optional Id = "sourceTaxItemId",
        /// Of the tax alone: what was settled of its item is stated there.
        settled_before: defaulted ListOf<SettledBefore> = "settledBefore",
    }
}

impl Build for NewTaxItem {
    type Output = document::NewTaxItem;

    fn build(new: Object<'_, '_, Self>) -> Result<document::NewTaxItem> {
        let rate = new.rate()?;
        let source = new.source_tax_item_id()?;
        let id = new.id()?;
        let amount = new.amount()?;
        if amount.is_none() && rate.is_none() && source.is_none() {
            return Err(new.missing(NewTaxItem::amount));
        }

        Ok(document::NewTaxItem {
            id,
            amount,
            source,
            identity: TaxIdentity {
                name: new.name()?,
                jurisdiction: new.jurisdiction()?,
                location_code: new.location_code()?,
                tax_code: new.tax_code()?,
                rate,
                exempt: new.exempt_amount()?,
            },
            settled_before: new.settled_before()?,
        })
    }
}

object! {
    /// An item to be created: a charge, or (with `appliedToItemId`) a discount.
    export interface NewItem {
        /// Unique among the items and tax items of its document.
        id: required Id = "id",
        /// In the currency of the document; without tax, unless `taxMode` is `"inclusive"`. A
        /// discount has the opposite sign of the item that it reduces. Beside `quantity` and
        /// `unitPrice` it must be their product, rounded once as the currency says; left out, it
        /// is. Else left out (with a source item): all that is available to credit of that, if
        /// anything is, and of its taxes. Discounts on the source item come off that, as far as
        /// no other item credits them. A discount alone has nothing; beside its item it has what
        /// is left of it.
        amount: optional DecimalText = "amount",
        /// Makes this item a discount on that item of the same document; it is netted into that
        /// item's balance.
        applied_to_item_id: optional Id = "appliedToItemId",
        /// A rounding item has no taxes, and is no source of other items. The engine makes those of
        /// invoices with an `invoiceIncrement`, and of credit memos of a document that has one;
        /// none can be stated there. Left out: `"charge"`, or a discount beside `appliedToItemId`,
        /// where no type can be stated.
        processing_type: defaulted OneOf<Processing> = "processingType",
        /// The item of another document that this one credits or debits.
        source_item_id: optional Id = "sourceItemId",
        /// The document of the source item, by its `id` or by its `number`, which only one document
        /// with items may have then. Left out: the one that the whole document is made from.
        source_document_id: optional Id = "sourceDocumentId",
        description: optional Text = "description",
        sku: optional Text = "sku",
        /// Up to 28 digits behind the point, and 96 bits in all (28 digits, and the lesser ones of
        /// 29).
        quantity: optional DecimalText = "quantity",
        /// As long as a quantity; with tax where the amount is.
        unit_price: optional DecimalText = "unitPrice",
        /// The first and the last day of service; the last is not before the first.
        service_start: optional Day = "serviceStart",
        service_end: optional Day = "serviceEnd",
        /// `"inclusive"`: the amount contains its taxes and is split into net and tax. Left out:
        /// `"exclusive"`.
        tax_mode: defaulted OneOf<StatedTaxMode> = "taxMode",
        /// Left out: none, or with a source item its taxes, in proportion to what is credited of
        /// it. However an item is credited bit by bit, its taxes then sum exactly to those of the
        /// invoice.
        tax_items: optional ListOf<NewTaxItem> = "taxItems",
        /// What was settled of the item before, for a host that moves an account in. Its tax items
        /// have their own, because they settle by themselves. A document counts from the day of
        /// its command, so the command's `at` is best the document's own day.
        settled_before: defaulted ListOf<SettledBefore> = "settledBefore",
        custom_fields: defaulted CustomFields = "customFields",
    }
}

impl Build for NewItem {
    type Output = document::NewItem;

    fn build(new: Object<'_, '_, Self>) -> Result<document::NewItem> {
        let source = new.source_item_id()?;
        let document_id = new.source_document_id()?;
        if source.is_none() && document_id.is_some() {
            return Err(new.missing(NewItem::source_item_id));
        }
        if new.has(NewItem::applied_to_item_id) {
            new.none_of(&[NewItem::processing_type], |_| Reason::TypeOfDiscount {})?;
        }
        let id = new.id()?;
        let amount = new.amount()?;
        let is_priced = new.has(NewItem::quantity) && new.has(NewItem::unit_price);
        let follows = source.is_some() || is_priced;
        if amount.is_none() && !follows {
            return Err(no_amount(new));
        }

        Ok(document::NewItem {
            id,
            amount,
            is_priced: true,
            applied_to_item_id: new.applied_to_item_id()?,
            processing: new.processing_type()?,
            source: source.map(|item_id| SourceItem {
                document_id,
                item_id,
            }),
            record: ItemRecord {
                description: new.description()?,
                sku: new.sku()?,
                quantity: new.quantity()?,
                unit_price: new.unit_price()?,
                service_start: new.service_start()?,
                service_end: new.service_end()?,
                tax_inclusive: new.tax_mode()?,
                custom: new.custom_fields()?,
            },
            tax_items: new.tax_items()?,
            settled_before: new.settled_before()?,
        })
    }
}

/// The refusal of an item that has nothing from which its amount follows.
#[cold]
fn no_amount(new: Object<'_, '_, NewItem>) -> Error {
    let (field, stated) = match (new.has(NewItem::quantity), new.has(NewItem::unit_price)) {
        (true, false) => (NewItem::unit_price, NewItem::quantity),
        (false, true) => (NewItem::quantity, NewItem::unit_price),
        _ => return new.missing(NewItem::amount),
    };
    let (name, stated) = (NameFigure(field), NameFigure(stated));
    new.refused(
        field,
        Reason::PriceIncomplete {
            field: name,
            stated,
        },
    )
}

/// Whether an amount is stated with its tax.
pub(in crate::wire) struct StatedTaxMode;

impl WordSet for StatedTaxMode {
    type Word = bool;
    const WORDS: &'static [bool] = &[false, true];

    fn name(is_inclusive: bool) -> &'static str {
        if is_inclusive {
            "inclusive"
        } else {
            "exclusive"
        }
    }
}

reader! {
    /// What the host keeps on a document or item.
    CustomFields: Custom as "CustomFields" by custom_fields
}

fn custom_fields(value: &Value<'_>, path: &Site<'_>) -> Result<Custom> {
    let mut custom = Custom::new();
    for (name, value) in Fields::open(value, path)?.all()? {
        let value = match value {
            Value::Null => Scalar::Null,
            Value::Boolean(value) => Scalar::Boolean(*value),
            Value::Whole(number) => Scalar::Whole(*number),
            Value::Text(text) => Scalar::Text((*text).into()),
            other => {
                if let Value::Number(number) = other
                    && let Some(decimal) = printed(number)
                {
                    custom.push(((*name).into(), Scalar::Decimal(decimal)));
                    continue;
                }
                return Err(wrong_type(&path.field(name), "scalar", other));
            }
        };
        custom.push(((*name).into(), value));
    }
    sort_custom(&mut custom);
    Ok(custom)
}

union! {
    /// A change of an item of a draft.
    export type ItemChange = AddedItem | DeletedLine | ChangedItem;
}

object! {
    form AddedItem {
        add: required NewItem = "add",
    }
}

object! {
    form DeletedLine {
        delete: required Id = "delete",
    }
}

object! {
    /// New figures and words of an item of a draft: what is left out stays.
    export interface ChangedItem {
        id: required Id = "id",
        /// New amounts have new taxes, where these follow from a source item or a rate.
        amount: optional DecimalText = "amount",
        /// Where the item then has both, its amount is their product; `null` takes one away.
        quantity: optional Nullable<DecimalText> = "quantity",
        unit_price: optional Nullable<DecimalText> = "unitPrice",
        /// Whether the amount contains the taxes: the one beside it, or else the one that the item
        /// was given. Taxes that follow from a source item or a rate are made anew.
        tax_mode: optional OneOf<StatedTaxMode> = "taxMode",
        /// `null` takes it away, as the following.
        description: optional Nullable<Text> = "description",
        sku: optional Nullable<Text> = "sku",
        service_start: optional Nullable<Day> = "serviceStart",
        service_end: optional Nullable<Day> = "serviceEnd",
        /// Those that are stated change; `null` takes one away.
        custom_fields: defaulted CustomFields = "customFields",
        tax_items: defaulted ListOf<TaxChange> = "taxItems",
        /// In the place of all that it has.
        settled_before: optional ListOf<SettledBefore> = "settledBefore",
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for ItemChange {
    type Output = command::ItemChange;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<command::ItemChange> {
        let fields = Fields::open(value, path)?;
        if fields.has(AddedItem::add) {
            let item = Object::<AddedItem>::allow(fields)?.add()?;
            return Ok(command::ItemChange::Add(item));
        }
        if fields.has(DeletedLine::delete) {
            let id = Object::<DeletedLine>::allow(fields)?.delete()?;
            return Ok(command::ItemChange::Delete(id));
        }
        let item = Object::<ChangedItem>::allow(fields)?;
        let taxes = item.tax_items()?;
        Ok(command::ItemChange::Change {
            id: item.id()?,
            amount: item.amount()?,
            quantity: item.quantity()?,
            unit_price: item.unit_price()?,
            tax_inclusive: item.tax_mode()?,
            words: command::ItemWords {
                description: item.description()?,
                sku: item.sku()?,
                service_start: item.service_start()?,
                service_end: item.service_end()?,
                custom: item.custom_fields()?,
            },
            taxes,
            settled_before: item.settled_before()?,
        })
    }
}

union! {
    /// A change of a tax item of a draft: one that has the identifier of another takes its place.
    export type TaxChange = AddedTaxItem | DeletedLine | NewTaxItem;
}

object! {
    form AddedTaxItem {
        add: required NewTaxItem = "add",
    }
}

impl<'v, 'a> ValueReader<'v, 'a> for TaxChange {
    type Output = command::TaxChange;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<command::TaxChange> {
        let fields = Fields::open(value, path)?;
        if fields.has(AddedTaxItem::add) {
            let item = Object::<AddedTaxItem>::allow(fields)?.add()?;
            return Ok(command::TaxChange::Add(item));
        }
        if fields.has(DeletedLine::delete) {
            let id = Object::<DeletedLine>::allow(fields)?.delete()?;
            return Ok(command::TaxChange::Delete(id));
        }
        let item = NewTaxItem::build(Object::allow(fields)?)?;
        Ok(command::TaxChange::Change(item))
    }
}
