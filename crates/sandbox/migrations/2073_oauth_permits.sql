-- What somebody allowed applications to know, and took back.
ALTER TABLE sandbox_oauth_tokens ADD COLUMN revoked_at BIGINT;
CREATE INDEX sandbox_oauth_tokens_by_user ON sandbox_oauth_tokens (user_id, app_id);
CREATE INDEX sandbox_oauth_codes_by_user ON sandbox_oauth_codes (user_id, app_id);
