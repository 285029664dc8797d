-- Who is logged in, by the hash of the cookie's token.
CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    site TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_subject ON sessions (site, subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Secrets that the service made for itself, 64 hex digits.
CREATE TABLE service_secrets (
    name TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
);
