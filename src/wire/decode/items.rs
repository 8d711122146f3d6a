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
    /// An amount that was settled of a line before its document came into the book, by documents
    /// that the book does not have. Balances count it from the start, and balances of the past
    /// count it from its day on. Once the document is posted, nothing can take it back.
    export interface SettledBefore {
        /// The day of the settlement, on or after the date of the document.
        at: required Day = "at",
        /// The amount, with the sign of the line. All entries of a line together must not exceed
        /// the line's amount after discounts.
        amount: required DecimalText = "amount",
        /// What settled the line. For an invoice or debit memo: `"payment"`, or `"creditMemo"`,
        /// which also reduces the amount that is available to credit. For a credit memo or payment:
        /// `"application"` or `"refund"`.
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
    /// A tax item to create. It settles separately from its item.
    export interface NewTaxItem {
        /// The identifier, unique among the items and tax items of its document.
        id: required Id = "id",
        /// The tax in the currency of the document. It may be negative, as the tax of a discount
        /// is. The engine takes a stated amount as it is and does not compare it with the rate,
        /// because your tax calculation knows exemptions and thresholds. Default: with
        /// `sourceTaxItemId`, the same share of that tax as is credited of its item; else the tax
        /// by the `rate`.
        amount: optional DecimalText = "amount",
        /// The name of the tax, such as `"VAT"`. Name, jurisdiction, location and rate together
        /// identify a tax.
        name: optional Text = "name",
        /// The jurisdiction that levies the tax, as your tax calculation calls it.
        jurisdiction: optional Text = "jurisdiction",
        /// The code of the location, as your tax calculation calls it.
        location_code: optional Text = "locationCode",
        /// The tax code, as your tax calculation calls it.
        tax_code: optional Text = "taxCode",
        /// The rate as a fraction: `"0.19"` is 19 %. It must be less than 1 unless the book has the
        /// option `allowTaxRateFrom1`.
        rate: optional DecimalText = "rate",
        /// The amount by which an exemption reduced the tax. The engine stores it as stated and
        /// does not compare it with the tax. Only a reversal, or a write-off of the whole tax,
        /// copies it.
        exempt_amount: optional DecimalText = "exemptAmount",
        /// The tax item of the source item that this tax item credits or debits.
        source_tax_item_id: optional Id = "sourceTaxItemId",
        /// Amounts of this tax that were settled before. State the amounts of its item at the item
        /// itself.
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
    /// An item to create: a charge, or (with `appliedToItemId`) a discount.
    export interface NewItem {
        /// The identifier, unique among the items and tax items of its document.
        id: required Id = "id",
        /// The amount in the currency of the document, without tax unless `taxMode` is
        /// `"inclusive"`. A discount has the opposite sign of the item that it reduces. If
        /// `quantity` and `unitPrice` are stated too, the amount must be their product, rounded
        /// once as the currency says.
        ///
        /// Default: the product of `quantity` and `unitPrice`. Without these, an item with a source
        /// item credits all that is available to credit of that item and its taxes; if nothing is,
        /// the command is refused (`nothingToSettle`). Discounts on the source item are subtracted,
        /// unless another item credits them. A discount has a default amount only if its item is
        /// credited too: what is left of the discount.
        amount: optional DecimalText = "amount",
        /// The item of the same document that this item discounts. The discount is netted into the
        /// balance of that item.
        applied_to_item_id: optional Id = "appliedToItemId",
        /// The type of the item. A rounding item has no taxes and cannot be the source of another
        /// item. You cannot state one on an invoice with an `invoiceIncrement`, or on a credit memo
        /// of a document that has a rounding item, because the engine adds it there. An item with
        /// `appliedToItemId` is a discount and has no other type. Default: `"charge"`.
        processing_type: defaulted OneOf<Processing> = "processingType",
        /// The item of another document that this item credits or debits.
        source_item_id: optional Id = "sourceItemId",
        /// The document of the source item, by its `id` or `number`. A number must belong to only
        /// one document with items. Default: the document that the new document is made from.
        source_document_id: optional Id = "sourceDocumentId",
        /// A description for the customer.
        description: optional Text = "description",
        /// The stock keeping unit: the code of what is sold.
        sku: optional Text = "sku",
        /// The quantity, with at most 28 decimals. All its digits without the point must be less
        /// than 2⁹⁶: any 28 digits, or 29 if the number is small enough.
        quantity: optional DecimalText = "quantity",
        /// The price of one unit, with as many digits as a quantity. It includes tax if the amount
        /// does.
        unit_price: optional DecimalText = "unitPrice",
        /// The first day of service.
        service_start: optional Day = "serviceStart",
        /// The last day of service, on or after `serviceStart`.
        service_end: optional Day = "serviceEnd",
        /// `"inclusive"`: the amount contains its taxes, and the engine splits it into net and tax.
        /// Default: `"exclusive"`.
        tax_mode: defaulted OneOf<StatedTaxMode> = "taxMode",
        /// The taxes of the item. Default: none; with a source item, the taxes of that item in
        /// proportion to the credited amount. However many credits an item gets, these taxes sum
        /// exactly to the taxes of the invoice.
        tax_items: optional ListOf<NewTaxItem> = "taxItems",
        /// Amounts that were settled of the item before its document came into the book, for a host
        /// that imports an account. Tax items have this field too, because they settle separately.
        /// A document counts from the day of its command, so use the document's own day as the
        /// command's `at`.
        settled_before: defaulted ListOf<SettledBefore> = "settledBefore",
        /// Values that the host keeps on the item.
        custom_fields: defaulted CustomFields = "customFields",
    }
}

impl Build for NewItem {
    type Output = document::NewItem;

    fn build(new: Object<'_, '_, Self>) -> Result<document::NewItem> {
        let source = new.source_item_id()?;
        let document_id = new.source_document_id()?;

        // Nothing reads a document without an item.
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
        let Some(scalar) = scalar(value) else {
            return Err(wrong_type(&path.field(name), "scalar", value));
        };
        custom.push(((*name).into(), scalar));
    }

    // The order of a request must not show: the state hash and every answer have the fields by name.
    sort_custom(&mut custom);
    Ok(custom)
}

/// Returns the value of a custom field; `None` of a list, an object, and a number that no decimal holds exactly.
fn scalar(value: &Value<'_>) -> Option<Scalar> {
    match value {
        Value::Null => Some(Scalar::Null),
        Value::Boolean(value) => Some(Scalar::Boolean(*value)),
        Value::Whole(number) => Some(Scalar::Whole(*number)),
        Value::Text(text) => Some(Scalar::Text((*text).into())),
        Value::Number(number) => printed(number).map(Scalar::Decimal),
        Value::List(_) | Value::Object(_) | Value::Foreign(_) => None,
    }
}

union! {
    /// A change of the items of a draft: adds an item, deletes the item of this `id`, or changes
    /// one.
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
    /// New values for an item of a draft. Fields that you leave out stay as they are.
    export interface ChangedItem {
        /// The item to change.
        id: required Id = "id",
        /// The new amount. Taxes that follow from a source item or a rate are calculated again.
        amount: optional DecimalText = "amount",
        /// The new quantity. If the item then has a quantity and a unit price, its amount is their
        /// product. `null` removes the quantity.
        quantity: optional Nullable<DecimalText> = "quantity",
        /// The new unit price; see `quantity`. `null` removes it.
        unit_price: optional Nullable<DecimalText> = "unitPrice",
        /// Whether the amount contains the taxes. This concerns the amount of this change or,
        /// without one, the amount with which the item was created. Taxes that follow from a source
        /// item or a rate are calculated again.
        tax_mode: optional OneOf<StatedTaxMode> = "taxMode",
        /// The new description. `null` removes it.
        description: optional Nullable<Text> = "description",
        /// The new stock keeping unit. `null` removes it.
        sku: optional Nullable<Text> = "sku",
        /// The new first day of service. `null` removes it.
        service_start: optional Nullable<Day> = "serviceStart",
        /// The new last day of service. `null` removes it.
        service_end: optional Nullable<Day> = "serviceEnd",
        /// The custom fields to change. All others stay. `null` removes a field.
        custom_fields: defaulted CustomFields = "customFields",
        /// The changes of its tax items.
        tax_items: defaulted ListOf<TaxChange> = "taxItems",
        /// The entries that replace all entries of the item.
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
    /// A change of the tax items of a draft: adds a tax item, deletes the one of this `id`, or
    /// replaces the one that has the same `id`.
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
