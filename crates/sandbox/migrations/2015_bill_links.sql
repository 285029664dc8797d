-- The address of a bill works for a short while; what stands in the bill is written when it is fetched.
CREATE TABLE sandbox_bill_links (
    token TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    bill_type TEXT NOT NULL,
    bill_date TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX sandbox_trades_by_payment ON sandbox_trades (app_id, paid_at);
