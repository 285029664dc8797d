-- Orders, their attempts, their refunds. Money is fen, times are milliseconds.
-- A list of words is written with OR: for IN, SQLite builds a table each time it checks a row.
-- WITHOUT ROWID, which only SQLite reads, keeps a row in its key's tree instead of two.

CREATE TABLE orders (
    order_id TEXT PRIMARY KEY,
    merchant TEXT NOT NULL,
    merchant_order_no TEXT NOT NULL,
    app_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL
        CHECK (state = 'open' OR state = 'paying' OR state = 'paid' OR state = 'closed'
            OR state = 'late_paid' OR state = 'attention'),
    expires_at BIGINT NOT NULL,
    closing_since BIGINT,
    paid_attempt TEXT,
    trade_no TEXT,
    paid_at BIGINT,
    closed_at BIGINT,
    paid BIGINT NOT NULL CHECK (paid >= 0),
    refunded BIGINT NOT NULL CHECK (refunded >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    attempts BIGINT NOT NULL CHECK (attempts > 0),
    return_url TEXT,
    notify_url TEXT,
    success_url TEXT,
    failure_url TEXT,
    metadata TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (merchant, merchant_order_no),
    CHECK (refunded + reserved <= paid),
    CHECK ((state = 'paid' OR state = 'late_paid' OR state = 'attention') = (paid > 0))
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX orders_of_merchant ON orders (merchant, order_id);

CREATE TABLE attempts (
    attempt_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    app_id TEXT NOT NULL,
    out_trade_no TEXT NOT NULL,
    place BIGINT NOT NULL,
    channel TEXT NOT NULL,
    product TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state = 'created' OR state = 'sent' OR state = 'waiting' OR state = 'succeeded'
            OR state = 'closed' OR state = 'failed' OR state = 'unknown'),
    trade_no TEXT,
    qr_code TEXT,
    return_url TEXT,
    notify_url TEXT,
    paid BIGINT NOT NULL CHECK (paid >= 0),
    refunded BIGINT NOT NULL CHECK (refunded >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    next_check BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (out_trade_no, app_id),
    UNIQUE (order_id, place),
    CHECK (refunded + reserved <= paid),
    CHECK ((state = 'succeeded') = (paid > 0)),
    -- What has not ended is always asked for again.
    CHECK ((next_check IS NULL) = (state = 'succeeded' OR state = 'closed' OR state = 'failed'))
) /*sqlite WITHOUT ROWID*/;

CREATE TABLE refunds (
    refund_id TEXT PRIMARY KEY,
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    merchant TEXT NOT NULL,
    merchant_refund_no TEXT NOT NULL,
    out_request_no TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    reason TEXT,
    origin TEXT NOT NULL
        CHECK (origin = 'merchant' OR origin = 'second_payment' OR origin = 'late_payment'),
    state TEXT NOT NULL
        CHECK (state = 'reserved' OR state = 'sent' OR state = 'succeeded' OR state = 'failed'
            OR state = 'unknown'),
    failure TEXT,
    tries BIGINT NOT NULL,
    next_check BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (merchant, merchant_refund_no),
    UNIQUE (attempt_id, out_request_no),
    CHECK ((next_check IS NULL) = (state = 'succeeded' OR state = 'failed'))
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX refunds_of_order ON refunds (order_id, refund_id);

-- What happened to an order, in its order. Rows are only ever added.
CREATE TABLE transitions (
    order_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    transition_id TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    cause TEXT NOT NULL,
    reference TEXT,
    PRIMARY KEY (order_id, at, transition_id)
) /*sqlite WITHOUT ROWID*/;

-- What somebody has to look at: one row for one cause, however often it comes.
CREATE TABLE cases (
    case_id TEXT PRIMARY KEY,
    dedup TEXT NOT NULL UNIQUE,
    merchant TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT,
    app_id TEXT NOT NULL,
    notify_id TEXT,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done')),
    opened_at BIGINT NOT NULL
);
CREATE INDEX cases_of_merchant ON cases (merchant, case_id);
CREATE INDEX cases_of_order ON cases (order_id);

-- Messages that nobody of ours signed: counted, nothing else of them is kept.
CREATE TABLE forged_notices (
    digest TEXT PRIMARY KEY,
    reason TEXT NOT NULL,
    times BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);

-- Which event a subscriber of this process has taken.
CREATE TABLE deliveries (
    event_id TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    delivered_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, subscriber)
) /*sqlite WITHOUT ROWID*/;
