//! The documents that a command means which names none: all that have something open, of one account and in one
//! currency, without those that are excluded from automatic application.

use crate::document::{Header, Kind, Status};
use crate::money::Currency;
use crate::settle::context::Context;
use crate::settle::plan::located::Located;
use crate::settle::plan::trace::{LeftOut, PlanStep, Recorder};
use std::sync::Arc;

/// What the documents have in common.
pub(in crate::settle) struct OpenDocuments {
    /// The account that they belong to.
    pub account_id: Arc<str>,
    /// The currency that they are in.
    pub currency: Arc<Currency>,
}

impl OpenDocuments {
    /// Those that can meet a document.
    pub(in crate::settle) fn beside(header: &Header) -> Self {
        Self {
            account_id: Arc::clone(&header.account_id),
            currency: Arc::clone(&header.currency),
        }
    }

    /// All of a kind, as they were made.
    pub(in crate::settle) fn of_kind<'d>(
        &self,
        context: Context<'d>,
        kind: Kind,
    ) -> impl Iterator<Item = Located<'d>> {
        let candidates = self.candidates(context, kind);
        candidates.filter(move |located| self.leaves_out(located.document.header()).is_none())
    }

    /// The same; records why others of the kind are left out.
    pub(in crate::settle) fn of_kind_recorded<'d>(
        &self,
        context: Context<'d>,
        kind: Kind,
        recorder: &mut Recorder,
    ) -> Vec<Located<'d>> {
        let mut found = Vec::new();
        for located in self.candidates(context, kind) {
            match self.leaves_out(located.document.header()) {
                None => found.push(located),
                Some(why) => recorder.note(located.index, PlanStep::LeftOut(why)),
            }
        }
        found
    }

    /// All documents of a kind that the account has.
    fn candidates<'d>(
        &self,
        context: Context<'d>,
        kind: Kind,
    ) -> impl Iterator<Item = Located<'d>> + use<'d> {
        let documents = context.documents;
        let of_account = documents.of_account(&self.account_id).iter();
        of_account.filter_map(move |&index| {
            let document = documents.get(index)?;
            let header = document.header();
            let key = &*header.id;

            (header.kind == kind).then_some(Located {
                index,
                document,
                key,
            })
        })
    }

    /// Why a document is none of them, if it is none: the first of several reasons.
    fn leaves_out(&self, header: &Header) -> Option<LeftOut> {
        // Of several reasons the first is told: from what the document is to what it has left.
        if header.deleted {
            Some(LeftOut::Deleted)
        } else if header.status != Status::Posted {
            Some(LeftOut::NotPosted(header.status))
        } else if header.reversed {
            Some(LeftOut::Reversed)
        } else if header.notes.exclude_from_auto_apply {
            Some(LeftOut::Excluded)
        } else if header.currency != self.currency {
            Some(LeftOut::OtherCurrency)
        } else if header.figures.open().is_positive() {
            None
        } else {
            Some(LeftOut::NothingOpen)
        }
    }
}
