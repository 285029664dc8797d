-- Who may get a share of an application's trades.
CREATE TABLE sandbox_royalty_relations (
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    user_id TEXT NOT NULL,
    type TEXT NOT NULL,
    account TEXT NOT NULL,
    name TEXT,
    memo TEXT,
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (app_id, user_id)
);

-- A request to share out a trade.
CREATE TABLE sandbox_settlements (
    settle_no TEXT NOT NULL PRIMARY KEY,
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    out_request_no TEXT NOT NULL,
    request TEXT NOT NULL,
    finishes BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (trade_id, out_request_no)
);

-- What a settlement, or a refund that takes a share back, moves.
CREATE TABLE sandbox_royalty_lines (
    detail_id TEXT NOT NULL PRIMARY KEY,
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    settle_no TEXT,
    place BIGINT NOT NULL,
    operation TEXT NOT NULL,
    trans_out TEXT NOT NULL,
    trans_in TEXT NOT NULL,
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    description TEXT,
    state TEXT NOT NULL,
    error_code TEXT,
    error_desc TEXT,
    executed_at BIGINT
);

CREATE INDEX sandbox_royalty_lines_by_trade ON sandbox_royalty_lines (trade_id);
CREATE INDEX sandbox_royalty_lines_by_settlement ON sandbox_royalty_lines (settle_no);

-- What a merchant reported about an order.
CREATE TABLE sandbox_order_reports (
    trade_id TEXT NOT NULL REFERENCES sandbox_trades (trade_id),
    out_request_no TEXT NOT NULL,
    biz_type TEXT NOT NULL,
    order_biz_info TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (trade_id, out_request_no)
);
