-- A page that asks a wallet's owner whether an application may know who they are.
CREATE TABLE sandbox_oauth_asks (
    token TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES sandbox_apps (app_id),
    scope TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);

CREATE TABLE sandbox_oauth_codes (
    code TEXT NOT NULL PRIMARY KEY,
    app_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE sandbox_oauth_tokens (
    access_token TEXT NOT NULL PRIMARY KEY,
    refresh_token TEXT NOT NULL UNIQUE,
    app_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    refresh_until BIGINT NOT NULL,
    refreshed_at BIGINT
);
