-- Service providers: an application that acts for other merchants' applications.
ALTER TABLE sandbox_apps ADD COLUMN third_party BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE sandbox_app_auths (
    auth_id TEXT NOT NULL PRIMARY KEY,
    by_app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    code TEXT NOT NULL UNIQUE,
    granted_at BIGINT NOT NULL,
    token TEXT UNIQUE,
    refresh_token TEXT UNIQUE,
    token_at BIGINT,
    cancelled_at BIGINT
);

CREATE INDEX sandbox_app_auths_by_apps ON sandbox_app_auths (by_app_id, app_id);
