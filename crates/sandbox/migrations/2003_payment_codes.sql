-- Codes that a buyer shows: once, for a minute.
CREATE TABLE sandbox_payment_codes (
    code TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES sandbox_accounts (user_id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    trade_id TEXT
);

CREATE INDEX sandbox_payment_codes_by_time ON sandbox_payment_codes (expires_at);

-- Whom a trade waits for, when it waits for one buyer only.
ALTER TABLE sandbox_trades ADD COLUMN payer_user_id TEXT;
ALTER TABLE sandbox_trades ADD COLUMN payer_logon_id TEXT;

CREATE INDEX sandbox_trades_by_payer ON sandbox_trades (payer_user_id, state);
