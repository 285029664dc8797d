//! The words in which the tables of fields are written.

use crate::gateway::errors::SubCode;

/// What the documents say of one method's fields.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document {
    /// `alipay.trade.create`.
    pub(super) method: &'static str,
    /// The code of a field that is wrong.
    pub(super) invalid: SubCode,
    /// Its fields, in parts that methods share.
    pub(super) parts: &'static [&'static [Field]],
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) required: bool,
}

/// What a field may hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// The method reads it itself, and refuses it itself.
    Own,
    /// A text of at most so many characters, or a number as its digits.
    Text(usize),
    /// An amount in yuan.
    Price,
    /// A whole number.
    Whole { least: i64, most: i64 },
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// `true` or `false`, bare or as a text.
    Truth,
    /// A span of whole days, `30d`.
    Days { most: i64 },
    /// Names of payment channels with commas between.
    Channels,
    /// An array of texts.
    Words,
    /// An object whose fields no document lists, or its text.
    AnyObject,
    /// An object of these fields, or its text.
    Object(&'static [Field]),
    /// An array of such objects, or its text.
    Each {
        most: usize,
        fields: &'static [Field],
    },
}

/// The length of a text to which the documents give none.
pub(super) const ANY: usize = 4_096;
/// The length of an array to which the documents give none.
pub(super) const MANY: usize = 1_000;

impl Field {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
        }
    }

    /// It must be there.
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

pub(super) const fn own(name: &'static str) -> Field {
    Field::new(name, Kind::Own)
}

pub(super) const fn text(name: &'static str, most: usize) -> Field {
    Field::new(name, Kind::Text(most))
}

pub(super) const fn price(name: &'static str) -> Field {
    Field::new(name, Kind::Price)
}

pub(super) const fn whole(name: &'static str, least: i64, most: i64) -> Field {
    Field::new(name, Kind::Whole { least, most })
}

pub(super) const fn one_of(name: &'static str, words: &'static [&'static str]) -> Field {
    Field::new(name, Kind::OneOf(words))
}

pub(super) const fn truth(name: &'static str) -> Field {
    Field::new(name, Kind::Truth)
}

pub(super) const fn days(name: &'static str, most: i64) -> Field {
    Field::new(name, Kind::Days { most })
}

pub(super) const fn channels(name: &'static str) -> Field {
    Field::new(name, Kind::Channels)
}

pub(super) const fn words(name: &'static str) -> Field {
    Field::new(name, Kind::Words)
}

pub(super) const fn any_object(name: &'static str) -> Field {
    Field::new(name, Kind::AnyObject)
}

pub(super) const fn object(name: &'static str, fields: &'static [Field]) -> Field {
    Field::new(name, Kind::Object(fields))
}

pub(super) const fn each(name: &'static str, most: usize, fields: &'static [Field]) -> Field {
    Field::new(name, Kind::Each { most, fields })
}
