//! Words of the wire as enums that survive a word they do not know.

/// Makes an enum of wire words. A word that Alipay adds later is kept as `Other`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A word that this crate does not know, as it came.
            Other(String),
        }

        impl $name {
            /// Reads the word on the wire.
            #[must_use]
            pub fn parse(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(other) => other,
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::requests::Field for $name {
            fn check(&self, name: &'static str, _: &[usize]) -> Result<(), $crate::requests::RequestError> {
                if self.as_str().is_empty() {
                    return Err($crate::requests::RequestError::Empty(name));
                }
                Ok(())
            }
        }

        impl $crate::answers::Read for $name {
            fn read(fields: &serde_json::Map<String, serde_json::Value>, name: &'static str) -> Result<Self, &'static str> {
                let word = <String as $crate::answers::Read>::read(fields, name)?;
                Ok(Self::parse(&word))
            }
        }

        impl $crate::answers::Read for Option<$name> {
            fn read(fields: &serde_json::Map<String, serde_json::Value>, name: &'static str) -> Result<Self, &'static str> {
                let word = <Option<String> as $crate::answers::Read>::read(fields, name)?;
                Ok(word.as_deref().map($name::parse))
            }
        }
    };
}

pub(crate) use words;
