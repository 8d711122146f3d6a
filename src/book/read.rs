//! What Rust asks a book for most: a document, and what it has open.

use super::{Book, BookOptions};
use crate::document::Document;
use crate::error::Result;
use rust_decimal::Decimal;

impl BookOptions {
    /// The options of a book in a currency of ISO 4217, all others at their defaults.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut options = BookOptions::in_currency("USD");
    /// options.account_id = "A".into();
    /// let book = Book::new(&options)?;
    /// assert_eq!(&*book.settings().account_id, "A");
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn in_currency(code: impl Into<String>) -> Self {
        Self {
            currency: code.into(),
            ..Self::default()
        }
    }
}

impl Book {
    /// An empty book in a currency of ISO 4217.
    ///
    /// # Errors
    /// `unknownCurrency`.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// assert_eq!(Book::in_currency("USD")?.version(), 0);
    /// assert!(Book::in_currency("XYZ").is_err());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    pub fn in_currency(code: impl Into<String>) -> Result<Self> {
        Self::new(&BookOptions::in_currency(code))
    }

    /// The document with this identifier; `None` if there is none, or it was deleted.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("USD")?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 90).on("2026-03-02".parse()?))?;
    /// assert_eq!(book.document("INV-1").map(|invoice| invoice.header().kind), Some(Kind::Invoice));
    /// assert!(book.document("INV-2").is_none());
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.get(self.documents.find(id)?)
    }

    /// What the document with this identifier has open: the balance of a demand, the unapplied amount of a credit memo
    /// or payment. `None` if there is no such document.
    ///
    /// ```
    /// use setoff::prelude::*;
    ///
    /// let mut book = Book::in_currency("JPY")?;
    /// let day = "2026-03-02".parse()?;
    /// book.execute(&Command::invoice("INV-1").item("seats", 9000).on(day))?;
    /// book.execute(&Command::payment("PAY-1", 4000).to("INV-1").on(day))?;
    /// assert_eq!(book.open_amount("INV-1"), Some(Decimal::from(5000)));
    /// # Ok::<(), setoff::Error>(())
    /// ```
    #[must_use]
    pub fn open_amount(&self, id: &str) -> Option<Decimal> {
        let header = self.document(id)?.header();
        Some(header.currency.decimal(header.figures.open()))
    }
}
