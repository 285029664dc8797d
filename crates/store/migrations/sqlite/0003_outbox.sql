-- Rows are never deleted, so their numbers only rise.
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX outbox_by_owner ON outbox (owner, seq);
CREATE INDEX outbox_by_subject ON outbox (subject, seq);
CREATE TRIGGER outbox_keeps_its_rows BEFORE UPDATE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'an event is never changed');
END;
CREATE TRIGGER outbox_loses_no_rows BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'an event is never removed');
END;
