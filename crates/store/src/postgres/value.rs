//! Values on their way to PostgreSQL and back, by the type of the column.

use crate::Value;
use bytes::BytesMut;
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

type BoxError = Box<dyn Error + Send + Sync>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME) => {
                text.as_str().to_sql(ty, out)
            }
            (Self::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Self::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Self::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            (Self::Bool(truth), &Type::BOOL) => truth.to_sql(ty, out),
            (Self::Bytes(bytes), &Type::BYTEA) => bytes.as_slice().to_sql(ty, out),
            (Self::Text(_), _) => Err(mismatch("text", ty)),
            (Self::Int(_), _) => Err(mismatch("an integer", ty)),
            (Self::Bool(_), _) => Err(mismatch("a boolean", ty)),
            (Self::Bytes(_), _) => Err(mismatch("bytes", ty)),
        }
    }

    /// Every pair is looked at in `to_sql`, whose error says more.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn mismatch(what: &str, ty: &Type) -> BoxError {
    format!("{what} was given where the statement takes {ty}").into()
}

/// Reads one column of a row.
pub(super) fn value_of(row: &tokio_postgres::Row, index: usize) -> Result<Value, BoxError> {
    let column = &row.columns()[index];
    let ty = column.type_();
    let value = match *ty {
        Type::INT8 => row.try_get::<_, Option<i64>>(index)?.map(Value::Int),
        Type::INT4 => row
            .try_get::<_, Option<i32>>(index)?
            .map(|number| Value::Int(i64::from(number))),
        Type::INT2 => row
            .try_get::<_, Option<i16>>(index)?
            .map(|number| Value::Int(i64::from(number))),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => {
            row.try_get::<_, Option<String>>(index)?.map(Value::Text)
        }
        Type::BOOL => row.try_get::<_, Option<bool>>(index)?.map(Value::Bool),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index)?.map(Value::Bytes),
        _ => {
            return Err(format!(
                "column `{}` is of type {ty}; CAST it to BIGINT, TEXT, BOOLEAN or BYTEA",
                column.name()
            )
            .into());
        }
    };
    Ok(value.unwrap_or(Value::Null))
}
