CREATE TABLE sandbox_apps (
    app_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    seller_id TEXT NOT NULL UNIQUE,
    app_public_key TEXT NOT NULL,
    app_private_key TEXT,
    alipay_private_key TEXT NOT NULL,
    sign_type TEXT NOT NULL,
    profile TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sandbox_accounts (
    user_id TEXT NOT NULL PRIMARY KEY,
    logon_id TEXT NOT NULL UNIQUE,
    login_hash TEXT NOT NULL,
    pay_hash TEXT NOT NULL,
    login_wrong BIGINT NOT NULL,
    login_locked_until BIGINT,
    pay_wrong BIGINT NOT NULL,
    pay_locked_until BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE sandbox_trades (
    trade_id TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    seller_id TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    trade_no TEXT UNIQUE,
    qr_code TEXT NOT NULL UNIQUE,
    product TEXT NOT NULL,
    state TEXT NOT NULL,
    total_amount BIGINT NOT NULL CHECK (total_amount > 0),
    refunded BIGINT NOT NULL CHECK (refunded >= 0 AND refunded <= total_amount),
    subject TEXT NOT NULL,
    body TEXT,
    passback_params TEXT,
    notify_url TEXT,
    charset TEXT NOT NULL,
    timeout TEXT NOT NULL,
    qr_timeout_ms BIGINT,
    store_id TEXT,
    terminal_id TEXT,
    asked_at BIGINT NOT NULL,
    created_at BIGINT,
    expires_at BIGINT,
    buyer_user_id TEXT,
    buyer_logon_id TEXT,
    fund_channel TEXT,
    paid_at BIGINT,
    close_reason TEXT,
    ended_at BIGINT,
    version BIGINT NOT NULL,
    UNIQUE (app_id, out_trade_no)
);

CREATE INDEX sandbox_trades_by_number ON sandbox_trades (out_trade_no);
CREATE INDEX sandbox_trades_by_buyer ON sandbox_trades (buyer_user_id, trade_id);

CREATE TABLE sandbox_trade_events (
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (trade_id, version)
);

CREATE TABLE sandbox_refunds (
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    out_request_no TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reason TEXT,
    refunded_at BIGINT NOT NULL,
    refunded_total BIGINT NOT NULL,
    PRIMARY KEY (trade_id, out_request_no)
);

CREATE TABLE sandbox_notices (
    notify_id TEXT NOT NULL PRIMARY KEY,
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    app_id TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    trade_status TEXT NOT NULL,
    url TEXT NOT NULL,
    charset TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX sandbox_notices_by_trade ON sandbox_notices (trade_id);
CREATE INDEX sandbox_notices_by_number ON sandbox_notices (out_trade_no);

CREATE TABLE sandbox_deliveries (
    notify_id TEXT NOT NULL REFERENCES sandbox_notices (notify_id),
    number BIGINT NOT NULL,
    scheduled BOOLEAN NOT NULL,
    due_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    status BIGINT,
    answer TEXT NOT NULL,
    delivered BOOLEAN NOT NULL,
    PRIMARY KEY (notify_id, number)
);

CREATE TABLE sandbox_visits (
    visit_id TEXT NOT NULL PRIMARY KEY,
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    product TEXT NOT NULL,
    return_url TEXT,
    quit_url TEXT,
    charset TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
