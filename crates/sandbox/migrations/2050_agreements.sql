-- What a wallet's owner signed: an application may take money again and again, by a plan or without one.
CREATE TABLE sandbox_agreements (
    agreement_no TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    seller_id TEXT NOT NULL,
    product_code TEXT NOT NULL,
    personal_product_code TEXT NOT NULL,
    sign_scene TEXT NOT NULL,
    external_agreement_no TEXT,
    external_logon_id TEXT,
    third_party_type TEXT,
    channel TEXT NOT NULL,
    validity TEXT,
    notify_url TEXT,
    return_url TEXT,
    charset TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    signer_user_id TEXT,
    signer_logon_id TEXT,
    period_type TEXT,
    period BIGINT,
    first_day TEXT,
    single_amount BIGINT CHECK (single_amount > 0),
    total_amount BIGINT CHECK (total_amount > 0),
    total_payments BIGINT CHECK (total_payments > 0),
    next_day TEXT,
    last_day TEXT,
    paid BIGINT NOT NULL CHECK (paid >= 0),
    taken BIGINT NOT NULL CHECK (taken >= 0),
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    signed_at BIGINT,
    invalid_at BIGINT,
    ended_at BIGINT,
    UNIQUE (app_id, external_agreement_no)
);

CREATE INDEX sandbox_agreements_by_signer ON sandbox_agreements (signer_user_id, agreement_no);

CREATE TABLE sandbox_deductions (
    trade_id TEXT NOT NULL PRIMARY KEY,
    agreement_no TEXT NOT NULL REFERENCES sandbox_agreements (agreement_no),
    planned_day TEXT,
    amount BIGINT NOT NULL CHECK (amount > 0),
    taken_at BIGINT NOT NULL
);

CREATE INDEX sandbox_deductions_by_agreement ON sandbox_deductions (agreement_no, taken_at);
