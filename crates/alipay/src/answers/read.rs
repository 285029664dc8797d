//! Reading the fields of a node into types, one rule for each kind of field.

use crate::{AlipayTime, Secret};
use money::Fen;
use serde_json::{Map, Value};

/// The fields of a node, or of an object inside it.
pub(crate) type Fields = Map<String, Value>;

/// Reads one field. What has to be there and is not is an error, which names the field. What may
/// be absent is `None` when it makes no sense: one odd extra must not hide a payment.
pub(crate) trait Read: Sized {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str>;
}

/// An object inside a list or a field.
pub(crate) trait Item: Sized {
    fn item(fields: &Fields) -> Result<Self, &'static str>;
}

impl Read for Option<String> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        Ok(match fields.get(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::Bool(flag)) => Some(flag.to_string()),
            _ => None,
        })
    }
}

impl Read for String {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        Option::<Self>::read(fields, name)?.ok_or(name)
    }
}

impl Read for Option<Secret> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let text = fields.get(name).and_then(Value::as_str);
        Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
    }
}

impl Read for Secret {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        Option::<Self>::read(fields, name)?.ok_or(name)
    }
}

/// Amounts of accounts may be negative.
impl Read for Option<Fen> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let text = Option::<String>::read(fields, name)?;
        Ok(text.and_then(|text| Fen::parse_signed_yuan(&text).ok()))
    }
}

impl Read for Fen {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        Option::<Self>::read(fields, name)?.ok_or(name)
    }
}

impl Read for Option<AlipayTime> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let text = Option::<String>::read(fields, name)?;
        Ok(text.and_then(|text| AlipayTime::parse(&text).ok()))
    }
}

impl Read for AlipayTime {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        Option::<Self>::read(fields, name)?.ok_or(name)
    }
}

impl Read for Option<u64> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let text = Option::<String>::read(fields, name)?;
        Ok(text.and_then(|text| text.parse().ok()))
    }
}

/// An absent list is empty. A list with a broken item is an error: leaving out a line of an account
/// would be worse than saying nothing.
impl<T: Item> Read for Vec<T> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let parsed;
        let list = match fields.get(name) {
            None | Some(Value::Null) => return Ok(Self::new()),
            Some(Value::Array(list)) => list,
            // Some methods send their lists as JSON text.
            Some(Value::String(text)) if text.is_empty() => return Ok(Self::new()),
            Some(Value::String(text)) => {
                parsed = serde_json::from_str::<Vec<Value>>(text).map_err(|_| name)?;
                &parsed
            }
            Some(_) => return Err(name),
        };
        list.iter()
            .map(|item| T::item(item.as_object().ok_or(name)?))
            .collect()
    }
}

impl Read for Vec<String> {
    fn read(fields: &Fields, name: &'static str) -> Result<Self, &'static str> {
        let Some(Value::Array(list)) = fields.get(name) else {
            return Ok(Self::new());
        };
        list.iter()
            .map(|word| word.as_str().map(str::to_owned).ok_or(name))
            .collect()
    }
}

/// Makes the type of an answer: its fields, and the whole node behind them.
macro_rules! answer {
    (
        $(#[$doc:meta])*
        $name:ident of $request:ty {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Everything that came, fields included that this type does not know.
            pub node: $crate::answers::Answered,
        }

        impl $name {
            /// The names of the fields that this type has; any other is in `node`.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl $crate::answers::ApiMethod for $request {
            type Answer = $name;

            fn answer(node: $crate::answers::Answered) -> Result<$name, &'static str> {
                Ok($name {
                    $($field: $crate::answers::Read::read(&node.fields, stringify!($field))?,)*
                    node,
                })
            }
        }
    };
}

/// Makes the type of an object inside an answer.
macro_rules! item {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// The names of the fields that this type has.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl $crate::answers::Item for $name {
            fn item(fields: &$crate::answers::Fields) -> Result<Self, &'static str> {
                Ok(Self {
                    $($field: $crate::answers::Read::read(fields, stringify!($field))?,)*
                })
            }
        }

        impl $crate::answers::Read for Option<$name> {
            fn read(fields: &$crate::answers::Fields, name: &'static str) -> Result<Self, &'static str> {
                let object = fields.get(name).and_then(serde_json::Value::as_object);
                object.map(<$name as $crate::answers::Item>::item).transpose()
            }
        }
    };
}

pub(crate) use {answer, item};
