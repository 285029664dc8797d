//! What the families share: a parameter that is wrong has its family's code.

use super::Answered;
use crate::gateway::errors::{Fault, SubCode, trade};
use serde_json::{Map, Value};

/// An answer whose wrong parameters are called as that family of methods calls them.
pub(in crate::gateway) async fn of_family(
    invalid: SubCode,
    answered: impl Future<Output = Answered>,
) -> Answered {
    answered.await.map_err(|fault| in_family(fault, invalid))
}

/// A fault that says of a parameter what that family says.
pub(in crate::gateway) fn in_family(mut fault: Fault, invalid: SubCode) -> Fault {
    if fault.what == trade::INVALID_PARAMETER {
        fault.what = invalid;
        invalid.sub_msg.clone_into(&mut fault.sub_msg);
    }
    fault
}

/// Adds a field to a node.
pub(in crate::gateway) fn put(node: &mut Map<String, Value>, name: &str, value: impl Into<String>) {
    node.insert(name.to_owned(), Value::String(value.into()));
}

/// Adds a field to a node, if there is something to say.
pub(in crate::gateway) fn put_some(
    node: &mut Map<String, Value>,
    name: &str,
    value: Option<&String>,
) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        put(node, name, value.clone());
    }
}
