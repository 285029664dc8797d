-- Who an account's owner is: transfers check the name, and an application may be told with consent.
CREATE TABLE sandbox_people (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES sandbox_accounts (user_id),
    real_name TEXT NOT NULL,
    nick_name TEXT NOT NULL,
    gender TEXT NOT NULL,
    province TEXT NOT NULL,
    city TEXT NOT NULL
);

CREATE TABLE sandbox_transfers (
    order_id TEXT NOT NULL PRIMARY KEY,
    pay_fund_order_id TEXT NOT NULL UNIQUE,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    out_biz_no TEXT NOT NULL,
    product_code TEXT NOT NULL,
    biz_scene TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    payee_type TEXT NOT NULL,
    payee TEXT NOT NULL,
    payee_name TEXT NOT NULL,
    payee_account TEXT NOT NULL,
    payee_user_id TEXT,
    title TEXT NOT NULL,
    remark TEXT NOT NULL,
    passback_params TEXT,
    state TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (app_id, out_biz_no)
);

CREATE INDEX sandbox_transfers_by_time ON sandbox_transfers (app_id, made_at);
