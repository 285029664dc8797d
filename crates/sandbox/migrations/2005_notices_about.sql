-- A notice may be about more than a trade. SQLite cannot take NOT NULL off a column, so both tables are made anew.
CREATE TABLE sandbox_notices_next (
    notify_id TEXT NOT NULL PRIMARY KEY,
    about TEXT NOT NULL,
    about_id TEXT NOT NULL,
    notify_type TEXT NOT NULL,
    app_id TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    status TEXT NOT NULL,
    url TEXT NOT NULL,
    charset TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

INSERT INTO sandbox_notices_next (notify_id, about, about_id, notify_type, app_id, out_trade_no, status, url, charset, fields, state, created_at)
SELECT notify_id, 'trade', trade_id, 'trade_status_sync', app_id, out_trade_no, trade_status, url, charset, fields, state, created_at
FROM sandbox_notices;

CREATE TABLE sandbox_deliveries_next (
    notify_id TEXT NOT NULL REFERENCES sandbox_notices_next (notify_id),
    number BIGINT NOT NULL,
    scheduled BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    status BIGINT,
    answer TEXT NOT NULL,
    delivered BOOLEAN NOT NULL,
    PRIMARY KEY (notify_id, number)
);

INSERT INTO sandbox_deliveries_next (notify_id, number, scheduled, due_at, sent_at, status, answer, delivered)
SELECT notify_id, number, scheduled, due_at, sent_at, status, answer, delivered FROM sandbox_deliveries;

DROP TABLE sandbox_deliveries;
DROP TABLE sandbox_notices;
ALTER TABLE sandbox_notices_next RENAME TO sandbox_notices;
ALTER TABLE sandbox_deliveries_next RENAME TO sandbox_deliveries;

CREATE INDEX sandbox_notices_by_about ON sandbox_notices (about, about_id);
CREATE INDEX sandbox_notices_by_number ON sandbox_notices (out_trade_no);
