CREATE TABLE sandbox_resets (
    reset_id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    up_to_seq BIGINT NOT NULL
);

ALTER TABLE sandbox_accounts ADD COLUMN began_with BIGINT NOT NULL DEFAULT 0;
