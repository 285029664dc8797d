-- How an application speaks: by key or certificate, encrypted or not, in which charset.
ALTER TABLE sandbox_apps ADD COLUMN mode TEXT NOT NULL DEFAULT 'both';
ALTER TABLE sandbox_apps ADD COLUMN aes_key TEXT;
ALTER TABLE sandbox_apps ADD COLUMN lenient_charset BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sandbox_apps ADD COLUMN app_gateway_url TEXT;
-- Which statuses its trades tell, joined by commas; what the product tells when there is none.
ALTER TABLE sandbox_apps ADD COLUMN notify_statuses TEXT;

CREATE TABLE sandbox_authority (
    authority_id TEXT NOT NULL PRIMARY KEY,
    bundle TEXT NOT NULL,
    issuer_cert TEXT NOT NULL,
    issuer_key TEXT NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE TABLE sandbox_certs (
    sn TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    owner TEXT NOT NULL,
    pem TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    superseded_at BIGINT
);

CREATE INDEX sandbox_certs_by_app ON sandbox_certs (app_id, issued_at);
