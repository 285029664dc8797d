//! The requests of this crate that v3 has.

use super::V3Request;
use crate::requests::{Close, Precreate, Query, Refund, RefundQuery};

impl V3Request for Query {}
impl V3Request for Close {}
impl V3Request for Precreate {}
impl V3Request for Refund {}
impl V3Request for RefundQuery {}
