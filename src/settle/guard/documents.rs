//! Guards on documents that are to settle each other, or that another is made from.

use crate::document::{Header, Status};
use crate::error::{Error, Reason, Result, Site};
use crate::money::Currency;
use crate::settle::plan::located::Located;
use std::sync::Arc;

/// Refuses a document that is not posted, or that was reversed.
///
/// # Errors
/// `invalidStatus` at `site`.
pub(in crate::settle) fn check_live(document: &Located<'_>, site: &Site<'_>) -> Result<()> {
    let header = document.document.header();
    let kind = header.kind.into();
    if header.status != Status::Posted {
        let reason = Reason::WrongStatus {
            kind,
            needed: Status::Posted.into(),
            status: header.status.into(),
        };
        return Err(Error::of(reason, site));
    }

    // A reversed document stays posted, so its status does not say it.
    if header.reversed {
        return Err(Error::of(Reason::Reversed { kind }, site));
    }
    Ok(())
}

/// Refuses a document of another account than the others.
///
/// # Errors
/// `accountMismatch` at `site`.
pub(in crate::settle) fn check_account(
    header: &Header,
    needed: &Arc<str>,
    site: &Site<'_>,
) -> Result<()> {
    if header.account_id == *needed {
        return Ok(());
    }
    let reason = Reason::OtherAccount {
        needed: (&**needed).into(),
        account: (&*header.account_id).into(),
    };
    Err(Error::of(reason, site))
}

/// Refuses a document in another currency than the others.
///
/// # Errors
/// `currencyMismatch` at `site`.
pub(in crate::settle) fn check_currency(
    header: &Header,
    needed: &Arc<Currency>,
    site: &Site<'_>,
) -> Result<()> {
    if header.currency == *needed {
        return Ok(());
    }
    let reason = Reason::OtherCurrency {
        needed: needed.code().into(),
        currency: header.currency.code().into(),
    };
    Err(Error::of(reason, site))
}
