-- Money of a buyer that is held for a seller. What is held lies in the ledger as a pending transfer, the one of the number `hold`.
CREATE TABLE sandbox_freezes (
    auth_no TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    seller_id TEXT NOT NULL,
    out_order_no TEXT NOT NULL,
    product_code TEXT NOT NULL,
    title TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    notify_url TEXT,
    charset TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    payer_user_id TEXT,
    payer_logon_id TEXT,
    rest BIGINT NOT NULL CHECK (rest >= 0),
    unfrozen BIGINT NOT NULL CHECK (unfrozen >= 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    hold BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    frozen_at BIGINT,
    ended_at BIGINT,
    UNIQUE (app_id, out_order_no)
);

CREATE TABLE sandbox_freeze_operations (
    operation_id TEXT NOT NULL PRIMARY KEY,
    auth_no TEXT NOT NULL REFERENCES sandbox_freezes (auth_no),
    out_request_no TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    status TEXT NOT NULL,
    remark TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT,
    UNIQUE (auth_no, out_request_no)
);
