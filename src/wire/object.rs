//! Objects of requests, each written once, as a table.
//!
//! A table has a row for each field: its name in Rust, whether it must be there, what reads its value, and its name in
//! requests. Three things follow from it, so that they cannot disagree:
//!
//! - which fields an object may have ([`Object::open`] refuses any other),
//! - a method for each field, which reads it ([`Object`]),
//! - the name of each field, for rules between fields: `tax.has(PlanTax::rate)`,
//! - its interface in TypeScript, with the comments of the table. A test writes it into the files of `types/`
//!   (`typescript.rs`).
//!
//! ```text
//! object! {
//!     /// A tax on top of a plan's price.
//!     export interface PlanTax {
//!         /// What the invoice calls it.
//!         name: optional Text = "name",
//!         /// As a fraction: `"0.19"` is 19 %.
//!         rate: required DecimalText = "rate",
//!     }
//! }
//!
//! impl Build for PlanTax {
//!     type Output = change::PlanTax;
//!
//!     fn build(tax: Object<'_, '_, Self>) -> Result<change::PlanTax> {
//!         Ok(change::PlanTax { name: tax.name()?, rate: tax.rate()? })
//!     }
//! }
//! ```
//!
//! `required` fields are refused where they are missing. `optional` ones are an `Option`, and `defaulted` ones have
//! the default of what is read. What reads a value is a type, such as [`DecimalText`] or `ListOf<PlanTax>`: a
//! [`ValueReader`] knows how the value is written in TypeScript. Where TypeScript says more than the reader knows,
//! the row says it: `items: optional Entries = "items" as "readonly Item[]"`.
//!
//! Where the struct of the engine has the same fields, the table makes it: `interface PlanTax => change::PlanTax
//! {`. An interface can extend others, and `object.part::<Spread>()` is the same object seen as one of these. A
//! `form` is an object without a name in TypeScript: one of those of a [`union!`]. Where one form of a union has what
//! another lacks, the table of the other says so behind its rows, `} without PageAfter::after`: TypeScript then tells
//! the two apart. Forms that are told apart by a word are `typed "start"`: that is their `type`, which whoever opens
//! them reads, and no row. Rules between fields are ordinary functions, in `build`. Fields are read in the order in
//! which `build` asks, and the first that is wrong is refused. A field cannot be called `open`, `allow`, `known` or
//! `part` in Rust, as these are methods of [`Object`].
//!
//! **To add a field,** add its row, read it in `build`, and run `cargo test --lib typescript`, which writes the
//! interface. The compiler warns of a row that nothing reads. **A new table** goes into `declarations` as well, unless
//! it is a `command`, which `table_of` has. Its name goes into a file of `types/`, where its interface shall stand:
//! `export interface NAME {}`, with an empty line before and after it.
//!
//! [`DecimalText`]: super::readers::DecimalText

use super::Value;
use super::fields::{Fields, KnownFields};
use super::readers::{Typed, ValueReader};
use crate::error::{Result, Site};
use std::marker::PhantomData;
use std::ops::Deref;

/// What a table says of an object.
pub(super) trait Shape {
    /// Its fields.
    const KNOWN: &'static KnownFields;
}

/// An object of a request that has no other fields than those of the table `S`.
pub(super) struct Object<'v, 'a, S> {
    fields: Fields<'v, 'a>,
    shape: PhantomData<S>,
}

impl<S> Clone for Object<'_, '_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Object<'_, '_, S> {}

impl<'v, 'a, S: Shape> Object<'v, 'a, S> {
    /// Opens an object, and refuses any field that its table does not have.
    #[inline]
    pub(super) fn open(value: &'v Value<'a>, path: &'v Site<'v>) -> Result<Self> {
        Self::allow(Fields::open(value, path)?)
    }

    /// Refuses any field that the table does not have.
    #[inline]
    pub(super) fn allow(fields: Fields<'v, 'a>) -> Result<Self> {
        fields.allow_tables(&[S::KNOWN]).map(Self::known)
    }

    /// An object whose fields are known to be those of the table.
    #[inline]
    pub(super) const fn known(fields: Fields<'v, 'a>) -> Self {
        Self {
            fields,
            shape: PhantomData,
        }
    }

    /// The same object, seen as one that it extends.
    #[inline]
    pub(super) const fn part<P: Shape>(self) -> Object<'v, 'a, P> {
        Object::known(self.fields)
    }
}

impl<'v, 'a, S> Deref for Object<'v, 'a, S> {
    type Target = Fields<'v, 'a>;

    fn deref(&self) -> &Fields<'v, 'a> {
        &self.fields
    }
}

/// An object that stands for something of the engine.
pub(super) trait Build: Shape + Typed + Sized {
    /// What it stands for.
    type Output;

    /// Makes it of the fields.
    fn build(object: Object<'_, '_, Self>) -> Result<Self::Output>;
}

impl<'v, 'a, S: Build> ValueReader<'v, 'a> for S {
    type Output = S::Output;

    fn read(value: &'v Value<'a>, path: &Site<'_>) -> Result<S::Output> {
        S::build(Object::open(value, path)?)
    }
}

/// Declares an object of requests; the module says how.
macro_rules! object {
    ($(#[doc = $doc:literal])* export interface $($table:tt)*) => {
        object!(@table "export interface", [$($doc)*], $($table)*);
    };
    ($(#[doc = $doc:literal])* interface $($table:tt)*) => {
        object!(@table "interface", [$($doc)*], $($table)*);
    };
    ($(#[doc = $doc:literal])* form $($table:tt)*) => {
        object!(@table "form", [$($doc)*], $($table)*);
    };
    ($(#[doc = $doc:literal])* command $($table:tt)*) => {
        object!(@table "command", [$($doc)*], $($table)*);
    };

    (@table $keyword:literal, [$($doc:literal)*],
        $name:ident $(as $header:literal)?
        $(extends $($base:ident $(as $base_type:literal)?),+)?
        $(=> $($output:ident)::+)?
        $(typed $tag:literal)?
        {
            $(
                $(#[doc = $field_doc:literal])*
                $field:ident: $presence:ident $reader:ty = $key:literal $(as $type:literal)?,
            )*
        }
        $(without $($absent:path),+)?
    ) => {
        pub(in crate::wire) struct $name;

        #[allow(dead_code, non_upper_case_globals, reason = "names of fields, for rules between them")]
        impl $name {
            $(pub(in crate::wire) const $field: &'static str = $key;)*
        }

        impl $crate::wire::object::Shape for $name {
            const KNOWN: &'static $crate::wire::fields::KnownFields =
                &$crate::wire::fields::KnownFields {
                    own: &[$($key),*],
                    extended: &[$($(<$base as $crate::wire::object::Shape>::KNOWN),+)?],
                };
        }

        impl<'v, 'a> $crate::wire::object::Object<'v, 'a, $name> {
            $(object!(@field $field, $presence, $reader, $key);)*
        }

        object!(@build [$($($output)::+)?] $name $($field)*);

        impl $crate::wire::readers::Typed for $name {
            #[cfg(test)]
            fn type_text() -> String {
                Self::declaration().reference()
            }

            #[cfg(test)]
            fn declaration() -> $crate::wire::typescript::Declaration {
                $crate::wire::typescript::Declaration {
                    keyword: $keyword,
                    name: stringify!($name),
                    header: [$($header,)? stringify!($name)][0],
                    doc: &[$($doc),*],
                    extends: vec![$($([$($base_type,)? stringify!($base)][0]),+)?],
                    fields: vec![$($crate::wire::typescript::Member {
                        doc: &[$($field_doc),*],
                        name: $key,
                        is_optional: stringify!($presence) != "required",
                        text: object!(@type $reader $(, $type)?),
                    }),*],
                    tag: [$(Some($tag),)? None][0],
                    absent: &[$($($absent),+)?],
                    common: None,
                    forms: Vec::new(),
                }
            }
        }
    };

    (@field $field:ident, required, $reader:ty, $key:literal) => {
        #[inline]
        pub(in crate::wire) fn $field(
            self,
        ) -> $crate::error::Result<<$reader as $crate::wire::readers::ValueReader<'v, 'a>>::Output> {
            self.required($key, <$reader as $crate::wire::readers::ValueReader<'v, 'a>>::read)
        }
    };
    (@field $field:ident, optional, $reader:ty, $key:literal) => {
        #[inline]
        pub(in crate::wire) fn $field(
            self,
        ) -> $crate::error::Result<
            Option<<$reader as $crate::wire::readers::ValueReader<'v, 'a>>::Output>,
        > {
            self.optional($key, <$reader as $crate::wire::readers::ValueReader<'v, 'a>>::read)
        }
    };
    (@field $field:ident, defaulted, $reader:ty, $key:literal) => {
        #[inline]
        pub(in crate::wire) fn $field(
            self,
        ) -> $crate::error::Result<<$reader as $crate::wire::readers::ValueReader<'v, 'a>>::Output> {
            self.optional($key, <$reader as $crate::wire::readers::ValueReader<'v, 'a>>::read)
                .map(Option::unwrap_or_default)
        }
    };

    (@build [] $name:ident $($field:ident)*) => {};
    (@build [$($output:ident)::+] $name:ident $($field:ident)*) => {
        impl $crate::wire::object::Build for $name {
            type Output = $($output)::+;

            fn build(object: $crate::wire::object::Object<'_, '_, Self>) -> $crate::error::Result<Self::Output> {
                Ok($($output)::+ { $($field: object.$field()?),* })
            }
        }
    };

    (@type $reader:ty) => {
        <$reader as $crate::wire::readers::Typed>::type_text()
    };
    (@type $reader:ty, $type:literal) => {
        $type.to_owned()
    };
}

/// Declares what is one of several objects; which one, its reader says, a [`ValueReader`] for the name.
/// `Base & (A | B)` is one of several and has the fields of `Base` as well.
macro_rules! union {
    ($(#[doc = $doc:literal])* export type $name:ident = $common:ident & ($($form:ty)|+);) => {
        $crate::wire::object::union!(@union [$($doc)*], $name, [$common], $($form)|+);
    };
    ($(#[doc = $doc:literal])* export type $name:ident = $($form:ty)|+;) => {
        $crate::wire::object::union!(@union [$($doc)*], $name, [], $($form)|+);
    };
    (@union [$($doc:literal)*], $name:ident, [$($common:ident)?], $($form:ty)|+) => {
        #[allow(dead_code, reason = "some are names in TypeScript alone")]
        pub(in crate::wire) struct $name;

        impl $crate::wire::readers::Typed for $name {
            #[cfg(test)]
            fn type_text() -> String {
                stringify!($name).to_owned()
            }

            #[cfg(test)]
            fn declaration() -> $crate::wire::typescript::Declaration {
                $crate::wire::typescript::Declaration {
                    keyword: "export type",
                    name: stringify!($name),
                    header: stringify!($name),
                    doc: &[$($doc),*],
                    extends: Vec::new(),
                    fields: Vec::new(),
                    tag: None,
                    absent: &[],
                    common: [$(Some(stringify!($common)),)? None][0],
                    forms: vec![$(<$form as $crate::wire::readers::Typed>::type_text()),+],
                }
            }
        }
    };
}

/// Declares a name for what a reader reads.
macro_rules! alias {
    ($(#[doc = $doc:literal])* export type $name:ident = $reader:ty;) => {
        $crate::wire::object::union! {
            $(#[doc = $doc])*
            export type $name = $reader;
        }

        impl<'v, 'a> $crate::wire::readers::ValueReader<'v, 'a> for $name {
            type Output = <$reader as $crate::wire::readers::ValueReader<'v, 'a>>::Output;

            fn read(
                value: &'v $crate::wire::Value<'a>,
                path: &$crate::error::Site<'_>,
            ) -> $crate::error::Result<Self::Output> {
                <$reader as $crate::wire::readers::ValueReader<'v, 'a>>::read(value, path)
            }
        }
    };
}

pub(super) use {alias, object, union};
