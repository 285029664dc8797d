//! SQL texts as constants, one for both engines.

/// One statement. `$1, $2, …` stand for its values on both engines.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Statement {
    /// What the code calls it, for spans and errors.
    pub name: &'static str,
    /// The text that SQLite runs.
    pub sqlite: &'static str,
    /// The text that PostgreSQL runs: the same, or the same with a lock at its end.
    pub postgres: &'static str,
}

/// Where a text lies. The texts are constants, so this tells them apart, and is quicker to hash
/// than the text itself.
pub(crate) type Place = (usize, usize);

pub(crate) fn place(text: &'static str) -> Place {
    (text.as_ptr().addr(), text.len())
}

/// Declares statements as constants, and `ALL`, the list by which a test prepares each of them on
/// both engines.
///
/// ```
/// store::statements! {
///     /// One order, locked until the transaction ends.
///     LOCK_ORDER = "SELECT order_id, amount FROM orders WHERE order_id = $1", pg " FOR UPDATE";
///     /// Every job that is due. The PostgreSQL text stands alone where a suffix does not do.
///     DUE = "SELECT job_id FROM jobs WHERE due_at <= $1",
///         only_pg "SELECT job_id FROM jobs WHERE due_at <= $1 FOR UPDATE SKIP LOCKED";
/// }
/// assert_eq!(ALL.len(), 2);
/// assert!(LOCK_ORDER.postgres.ends_with("FOR UPDATE"));
/// ```
#[macro_export]
macro_rules! statements {
    (@pg $text:literal) => { $text };
    (@pg $text:literal, pg $suffix:literal) => { concat!($text, $suffix) };
    (@pg $text:literal, only_pg $other:literal) => { $other };
    ($($(#[$doc:meta])* $name:ident = $text:literal $(, pg $suffix:literal)? $(, only_pg $other:literal)?;)+) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::Statement = $crate::Statement {
                name: stringify!($name),
                sqlite: $text,
                postgres: $crate::statements!(@pg $text $(, pg $suffix)? $(, only_pg $other)?),
            };
        )+
        /// Every statement of this module, for the test that prepares each on both engines.
        pub const ALL: &[$crate::Statement] = &[$($name),+];
    };
}
