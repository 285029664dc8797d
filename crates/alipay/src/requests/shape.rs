//! The one shape of the newer requests: fields with their limits, and how they become JSON.

use super::{
    check::{self, RequestError},
    prune::pruned,
};
use crate::{Secret, response::parse_strict};
use money::Fen;
use serde::Serialize;
use serde_json::{Map, Value};

/// A field of a request that knows its own rule. `max` is Alipay's limit, if there is one:
/// characters of a text, entries of a list.
pub(crate) trait Field {
    fn check(&self, name: &'static str, max: &[usize]) -> Result<(), RequestError>;
}

impl Field for String {
    fn check(&self, name: &'static str, max: &[usize]) -> Result<(), RequestError> {
        check::required(name, self, max.first().copied().unwrap_or(usize::MAX))
    }
}

impl Field for Secret {
    fn check(&self, name: &'static str, max: &[usize]) -> Result<(), RequestError> {
        let max = max.first().copied().unwrap_or(usize::MAX);
        check::required(name, self.expose(), max)
    }
}

impl Field for Fen {
    fn check(&self, name: &'static str, _: &[usize]) -> Result<(), RequestError> {
        check::payable(name, *self)
    }
}

impl Field for u32 {
    fn check(&self, _: &'static str, _: &[usize]) -> Result<(), RequestError> {
        Ok(())
    }
}

impl Field for bool {
    fn check(&self, _: &'static str, _: &[usize]) -> Result<(), RequestError> {
        Ok(())
    }
}

impl<T: Field> Field for Option<T> {
    fn check(&self, name: &'static str, max: &[usize]) -> Result<(), RequestError> {
        self.as_ref().map_or(Ok(()), |field| field.check(name, max))
    }
}

impl<T: Field> Field for Vec<T> {
    fn check(&self, name: &'static str, max: &[usize]) -> Result<(), RequestError> {
        if let Some(&max) = max.first()
            && self.len() > max
        {
            return Err(RequestError::TooMany { name, max });
        }
        self.iter().try_for_each(|item| item.check(name, &[]))
    }
}

/// The JSON of a request without the fields that are not given, with `extra` behind them.
pub(crate) fn content<T: Serialize>(
    request: &T,
    extra: &Map<String, Value>,
) -> Result<String, RequestError> {
    // Our own types hold strings, whole numbers and lists of them, which JSON always has. As text
    // and not as a map, whose order depends on how somebody else compiled `serde_json`.
    let whole = serde_json::to_string(request).expect("a request is JSON");
    let mut text = pruned(&whole);
    if extra.is_empty() {
        return Ok(text);
    }
    let own = parse_strict(&text).unwrap_or_default();
    text.pop();
    for (name, value) in extra {
        if own.contains_key(name) {
            return Err(RequestError::Repeated(name.clone()));
        }
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        text.push_str(&value.to_string());
    }
    text.push('}');
    Ok(text)
}

/// Makes the type of a request. `[64]` behind a field is its limit. `also` states rules between
/// fields; `echoes` names the fields that the answer has to repeat.
macro_rules! request {
    (
        $(#[$doc:meta])*
        $name:ident: $method:literal {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $([$max:expr])?,)*
        }
        $(also($also_of:ident) $also:block)?
        $(echoes($echoes_of:ident) $echoes:block)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Where notices about it go, for the methods that have any.
            #[serde(skip)]
            pub notify_url: Option<String>,
            /// Further fields of `biz_content`.
            #[serde(skip)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// The names of the fields that this type has; any other goes into `extra`.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl $crate::requests::Method for $name {
            const METHOD: &'static str = $method;

            fn biz_content(&self) -> Result<String, $crate::requests::RequestError> {
                $($crate::requests::Field::check(&self.$field, stringify!($field), &[$($max)?])?;)*
                $(let $also_of = self; $also)?
                $crate::requests::content(self, &self.extra)
            }

            fn notify_url(&self) -> Option<&str> {
                self.notify_url.as_deref()
            }

            $(fn echoes(&self) -> Vec<(&'static str, &str)> {
                let $echoes_of = self;
                $echoes
            })?
        }
    };
}

/// Makes the type of an object inside a request.
macro_rules! object {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $([$max:expr])?,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// Further fields of this object.
            #[serde(flatten)]
            pub extra: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// The names of the fields that this type has; any other goes into `extra`.
            pub const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }

        impl $crate::requests::Field for $name {
            fn check(&self, _: &'static str, _: &[usize]) -> Result<(), $crate::requests::RequestError> {
                $($crate::requests::Field::check(&self.$field, stringify!($field), &[$($max)?])?;)*
                Ok(())
            }
        }
    };
}

pub(crate) use {object, request};
