//! What a method is handed.

use crate::context::{Caller, Context};
use crate::gateway::biz::Biz;
use crate::gateway::params::Read;

/// What a method is handed: a verified call.
pub(in crate::gateway) struct Call<'a> {
    pub(in crate::gateway) cx: &'a Context,
    pub(in crate::gateway) caller: &'a Caller,
    pub(in crate::gateway) read: &'a Read,
    pub(in crate::gateway) biz: Biz,
}
