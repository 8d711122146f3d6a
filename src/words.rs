//! Closed sets of words: an enum whose variants each have one name outside.

/// Declares an enum with the list of its variants (`ALL`) and the name of each outside (`as_str`).
macro_rules! closed_set {
    ($(#[$doc:meta])* $set:ident { $($(#[$word_doc:meta])* $word:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $set { $($(#[$word_doc])* $word,)* }

        impl $set {
            /// All of them, in the order in which they are declared.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The name outside.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $name,)* }
            }
        }
    };
}

pub(crate) use closed_set;
