//! The methods of the gateway: a line for each, a list for each family.

use super::{Call, agreement, bill, fund, oauth, open, preauth, royalty, trade};
use crate::gateway::errors::Fault;
use crate::gateway::explain::Explain;
use crate::store::visits::Visit;
use futures::future::BoxFuture;
use serde_json::{Map, Value};

/// The families. A family, a line.
const FAMILIES: &[&[Method]] = &[
    trade::METHODS,
    bill::METHODS,
    fund::METHODS,
    open::METHODS,
    royalty::METHODS,
    oauth::METHODS,
    preauth::METHODS,
    agreement::METHODS,
];

/// The fields of a node and what to remark about the call. `code` and `msg` are added where the
/// fields do not bring their own.
pub(in crate::gateway) type Answered = Result<(Map<String, Value>, Explain), Fault>;

/// Where a link leads, and what to remark about it.
pub(in crate::gateway) type Led = Result<(Landing, Explain), Fault>;

/// A page of the sandbox's at which an opened link ends.
#[derive(Clone, Debug)]
pub enum Landing {
    /// The cashier.
    Cashier(Visit),
    /// Another page, by its path and query.
    Page(String),
}

impl Landing {
    /// The path to send a browser to.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Cashier(visit) => format!("/cashier/{}", visit.visit_id),
            Self::Page(path) => path.clone(),
        }
    }
}

/// How a method is run.
#[derive(Clone, Copy)]
pub(in crate::gateway) enum Run {
    /// A link that a browser opens; errors are pages.
    Page(for<'a> fn(Call<'a>) -> BoxFuture<'a, Led>),
    /// A text that only a wallet opens.
    OrderString(for<'a> fn(Call<'a>) -> BoxFuture<'a, Led>),
    /// A call from server to server, answered in JSON.
    Answer(for<'a> fn(Call<'a>) -> BoxFuture<'a, Answered>),
}

/// Where a method's fields stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::gateway) enum Fields {
    /// In `biz_content`.
    BizContent,
    /// Among the common parameters.
    TopLevel,
}

/// The verb of a method in the third version of the protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verb {
    /// Fields in the query.
    Get,
    /// Fields in a JSON body.
    Post,
}

/// A method of the gateway.
#[derive(Clone, Copy)]
pub(in crate::gateway) struct Method {
    pub(in crate::gateway) name: &'static str,
    pub(in crate::gateway) run: Run,
    pub(in crate::gateway) fields: Fields,
    /// Whether a good answer has `code` and `msg`.
    pub(in crate::gateway) coded: bool,
    /// How it is called over v3; none where it has no path there.
    pub(in crate::gateway) v3: Option<Verb>,
}

impl Method {
    const fn new(name: &'static str, run: Run) -> Self {
        Self {
            name,
            run,
            fields: Fields::BizContent,
            coded: true,
            v3: None,
        }
    }

    /// A method that answers JSON.
    pub(super) const fn answer(
        name: &'static str,
        run: for<'a> fn(Call<'a>) -> BoxFuture<'a, Answered>,
    ) -> Self {
        Self::new(name, Run::Answer(run))
    }

    /// A link for a browser.
    pub(super) const fn page(
        name: &'static str,
        run: for<'a> fn(Call<'a>) -> BoxFuture<'a, Led>,
    ) -> Self {
        Self::new(name, Run::Page(run))
    }

    /// A text for the wallet.
    pub(super) const fn order_string(
        name: &'static str,
        run: for<'a> fn(Call<'a>) -> BoxFuture<'a, Led>,
    ) -> Self {
        Self::new(name, Run::OrderString(run))
    }

    /// It is there in v3 too, under [`Method::v3_path`].
    pub(super) const fn v3(mut self, verb: Verb) -> Self {
        self.v3 = Some(verb);
        self
    }

    /// Its fields stand among the common parameters.
    pub(super) const fn top_level(mut self) -> Self {
        self.fields = Fields::TopLevel;
        self
    }

    /// Its good answer has neither `code` nor `msg`.
    pub(super) const fn uncoded(mut self) -> Self {
        self.coded = false;
        self
    }

    /// The method of that name.
    pub(in crate::gateway) fn parse(name: &str) -> Option<&'static Self> {
        Self::all().find(|method| method.name == name)
    }

    /// Every method.
    pub(in crate::gateway) fn all() -> impl Iterator<Item = &'static Self> {
        FAMILIES.iter().copied().flatten()
    }

    /// Whether errors are shown to a browser.
    pub(in crate::gateway) const fn is_page(&self) -> bool {
        matches!(self.run, Run::Page(_))
    }

    /// Its path in v3: `/v3/alipay/trade/query`.
    #[must_use]
    pub(in crate::gateway) fn v3_path(&self) -> String {
        format!("/v3/{}", self.name.replace('.', "/"))
    }
}

/// One line of the list of methods, for documents and tests.
#[derive(Clone, Debug)]
pub struct MethodLine {
    /// `alipay.trade.query`.
    pub name: &'static str,
    /// `page`, `order string` or `answer`.
    pub kind: &'static str,
    /// Verb and path in v3.
    pub v3: Option<(Verb, String)>,
}

/// Every method that the gateway has.
pub fn method_lines() -> impl Iterator<Item = MethodLine> {
    Method::all().map(|method| MethodLine {
        name: method.name,
        kind: match method.run {
            Run::Page(_) => "page",
            Run::OrderString(_) => "order string",
            Run::Answer(_) => "answer",
        },
        v3: method.v3.map(|verb| (verb, method.v3_path())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_method_stands_once() {
        let names: HashSet<_> = Method::all().map(|method| method.name).collect();
        assert_eq!(names.len(), Method::all().count());
        let query = Method::parse("alipay.trade.query").expect("a method");
        assert_eq!(query.v3_path(), "/v3/alipay/trade/query");
        assert!(Method::parse("alipay.trade").is_none());
    }
}
