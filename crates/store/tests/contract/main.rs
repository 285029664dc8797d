//! What the store promises, on both engines: the door, the values, the rows it keeps itself.

mod counters;
mod door;
mod idempotency;
mod inspect;
mod jobs;
mod leaving;
mod migrations;
mod only_postgres;
mod only_sqlite;
mod outbox;
mod values;
mod whole;
